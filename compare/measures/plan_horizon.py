"""How far a plan means to go: its own year against the last year that it looks ahead to, nominal and in real terms."""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures.budgets import growth

_KEYS = ["municipality_code", "board", "document_id", "table_id", "unit", "office"]


def over_plan(
    plans: Tables,
    price_index: pd.DataFrame | None = None,
    index_name: str | None = None,
    level: int = 0,
    scope: str = "operating",
) -> pd.DataFrame:
    """The change of each unit's cost from the plan's own year to the last year of the same table.

    Columns: `municipality_code`, `board`, `document_id`, `table_id`, `unit`, `office`, `from_year` (the plan year),
    `year` (the last), `from_kind`, `kind`, `from_cost`, `cost`, `growth`, `price_change`, `real_growth`, `index_name`,
    `record_ids`; as `compare.measures.budgets.growth` defines them, its steps multiplied: 1 + g = product of 1 + g_t.

    No row where the table ends with the plan's own year or lacks it; null where a step is. The prices are those that
    came to be, not those the plan expected, and null where they are not known yet.
    """
    steps = growth(plans, price_index, index_name, level=level, scope=scope)
    plan_year = plans.documents.set_index("document_id")["year"]
    own = steps["document_id"].map(plan_year).astype("Int64")
    steps = steps[(steps["from_year"] >= own).fillna(False).to_numpy(bool)].sort_values("year", kind="stable")
    starts = steps["from_year"] == steps["document_id"].map(plan_year)
    steps = steps.assign(own=starts.to_numpy(bool))
    by_unit = steps.groupby(_KEYS, dropna=False, sort=False)
    steps = steps[by_unit["own"].transform("any").to_numpy(bool)]
    by_unit = steps.groupby(_KEYS, dropna=False, sort=False)
    first, last = by_unit.head(1), by_unit.tail(1)
    order = by_unit.ngroup()
    result = first[[*_KEYS, "from_year"]].reset_index(drop=True)
    ends = last.set_index(order.loc[last.index]).sort_index().reset_index(drop=True)
    result = result.assign(year=ends["year"], from_kind=first["from_kind"].array, kind=ends["kind"].array)
    result = result.assign(from_cost=first["from_cost"].array, cost=ends["cost"].array)
    for name in ("growth", "price_change", "real_growth"):
        logs = np.log1p(steps[name]).groupby(order).sum(min_count=1)
        whole = steps[name].notna().groupby(order).all()
        result[name] = np.expm1(logs.where(whole)).to_numpy()
    ids = steps["record_ids"].groupby(order).agg(lambda lists: list(dict.fromkeys(i for one in lists for i in one)))
    return result.assign(index_name=index_name, record_ids=ids.array)
