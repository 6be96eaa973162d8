"""What a budget is made of: cost, revenue and capital cost of each office, from the tables that print them apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures.budget_lines import lines
from compare.measures.counting import groups
from compare.measures.units import whole

_PARTS = {"cost": "cost", "revenue": "revenue", "net": "net_cost", "capital_cost": "capital_cost"}
_OF_COLUMN = ["municipality_code", "board", "document_id", "plan_year", "table_id", "table_title", "office"]


def cost_structure(plans: Tables) -> pd.DataFrame:
    """Cost, revenue, net cost and capital cost by office, year and kind, of each table that prints costs or revenue.

    Columns: `municipality_code`, `board`, `document_id`, `plan_year`, `table_id`, `table_title`, `office`, `year`,
    `kind`, `cost`, `revenue`, `net_cost`, `capital_cost` (kronor, all positive), `revenue_share` = revenue / cost,
    `capital_share` = capital_cost / cost, `record_ids`.

    Several rows of one sort (staff, premises) are added; a row that is part of another of its sort is not. What a table
    does not print is null, never 0, and so are the shares that rest on it or where the cost is not above 0. Capital
    cost is a part of the cost. Pitfall: revenue includes what other units of the municipality pay.
    """
    rows = lines(plans)
    rows = rows[(rows["scope"] == "operating") & rows["amount"].notna()]
    sort = rows["category"].fillna("net")
    above = pd.Series(sort.to_numpy(object), index=rows["budget_line_id"]).reindex(rows["parent_id"]).to_numpy()
    rows = rows[(sort.isin(list(_PARTS)) & (sort.to_numpy(object) != above)).to_numpy(bool)]
    found = groups(rows, [*_OF_COLUMN, "year", "kind"], ordered=False)
    sort, amount = rows["category"].fillna("net"), rows["amount"].astype("float64")
    values = {}
    for category, name in _PARTS.items():
        of_sort = (sort == category).to_numpy(bool)
        values[name] = np.where(found.count(of_sort) > 0, found.count(of_sort, amount), np.nan)
    cost = np.where(values["cost"] > 0, values["cost"], np.nan)
    result = found.keys.assign(
        **{name: whole(value) for name, value in values.items()},
        revenue_share=values["revenue"] / cost,
        capital_share=values["capital_cost"] / cost,
        record_ids=found.lists(rows["budget_line_id"]),
    )
    return result[result["cost"].notna() | result["revenue"].notna()].reset_index(drop=True)
