"""How a plan's assignments divide among its offices, beside how its money does.

Neither tells what the other should be: assignments differ in size, and running work takes money without any assignment.
But a unit with far more of one than of the other is where a reader should ask what the assignments are to be done with.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.budgets import unit_costs
from compare.measures.counting import groups, matches
from compare.measures.units import normalised, standing, unit_numbers

BUDGETED = ("budget", "plan")
_OF = ("document_id", "office_name")


def by_unit(plans: Tables) -> pd.DataFrame:
    """The assignments of each unit beside its net cost in the plan's own year: one row per unit of plans with both.

    Columns: `municipality_code`, `board`, `document_id`, `plan_year`, `year`, `unit`, `cost` (kronor), `cost_share`
    (of the net cost of all units of the table), `assignments` (given to the office of that name, each once; one given
    to two offices counts at both), `n` (assignments of the plan that name an office), `assignment_share` = assignments
    / n, `difference` = assignment_share - cost_share, `record_ids` (the budget line, then the assignments). A unit
    without assignments has 0. No row for plans in which fewer than two units are given assignments: their names then do
    not tell offices apart, or the table divides by something else. Parts of other assignments and lists of unfinished
    ones are left out. Of a table that has both a budget and a plan for that year the budget is taken.
    """
    units = unit_costs(plans)
    own = (units["year"] == units["plan_year"]) & units["kind"].isin(BUDGETED) & units["share"].notna()
    units = _one_kind(units[own.fillna(False).to_numpy(dtype=bool)]).reset_index(drop=True)
    units = units.assign(office_name=normalised(units["unit"]))
    tasks = _by_office(plans)
    found = groups(tasks, list(_OF))
    place = matches(units, found.keys, list(_OF))
    counts, ids = found.count(), found.lists(tasks["assignment_id"]).tolist()
    of_plan = tasks.drop_duplicates(["document_id", "number"]).groupby("document_id").size()
    n = units["document_id"].map(of_plan).fillna(0).to_numpy(dtype=np.int64)
    given = np.where(place >= 0, counts[place] if len(counts) else 0, 0)
    share = stat.rate(given, n)
    result = units[["municipality_code", "board", "document_id", "plan_year", "year", "unit", "cost"]].assign(
        cost_share=units["share"],
        assignments=pd.array(given, dtype="Int64"),
        n=pd.array(n, dtype="Int64"),
        assignment_share=share,
        difference=share - units["share"].to_numpy(dtype=float),
        record_ids=pd.Series(
            [line + (ids[at] if at >= 0 else []) for line, at in zip(units["record_ids"], place.tolist(), strict=True)],
            index=units.index,
            dtype=object,
        ),
    )
    with_some = units["office_name"].where(given > 0).groupby(units["document_id"]).transform("nunique")
    return result[(with_some >= 2).to_numpy(dtype=bool)].reset_index(drop=True)


def _one_kind(units: pd.DataFrame) -> pd.DataFrame:
    """The units as budgeted; as planned in the documents that budget none."""
    budgeted = units["kind"] == "budget"
    return units[budgeted | ~budgeted.groupby(units["document_id"]).transform("any").astype(bool)]


def _by_office(plans: Tables) -> pd.DataFrame:
    """Each assignment once per document and office that it is given to: `number`, `assignment_id`, `office_name`."""
    plans = standing(plans)
    rows = plans.assignments.assign(number=unit_numbers(plans, "assignments"))
    rows = rows.assign(office_name=normalised(rows["office"]))
    rows = rows[rows["office_name"].notna() & (rows["kind"] != "sub_assignment").fillna(True)]
    return rows.drop_duplicates(["document_id", "number", "office_name"]).reset_index(drop=True)
