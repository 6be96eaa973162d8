"""When plans were decided, when follow-ups came, and when what they plan is to be done, as far as documents state it.

A plan that is decided after its year began cannot have steered it from the start. A follow-up that comes late leaves
less of the year to act in. The law asks that an interim report cover at least half and at most two thirds of the year
(kommunal bokföring och redovisning, LKBR 13 kap. 1 §), so one after four months is never that report, and that it
reach the council and the auditors within two months of its period's end (kommunallagen 11 kap. 16 §). A day of decision
says when it was decided and not when it was handed over: what was decided within two months came in time, what was
decided later may have come in time.

Pitfalls: the day is that of the decision, where the document or its source card states one; the days of statuses, where
a follow-up prints them, only say when work was looked at. No day is no data.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.counting import MUNICIPALITY_YEAR, By, groups, mapped, worded
from compare.measures.status_history import MONTHS
from compare.measures.units import flags, whole, with_columns

PLANS = ("goals_and_budget", "operational_plan", "goal_page")
FOLLOW_UPS = ("follow_up", "interim_report", "annual_report")
STATUTORY_MONTHS = (6, 8)  # at least half and at most two thirds of the year
MONTHS_TO_REPORT = 2
COLUMNS = [
    *("document_id", "municipality_code", "kind", "board", "year", "period", "day", "basis", "measured_from", "days"),
    *("timing", "statutory", "record_ids"),
]


def documents(plans: Tables) -> pd.DataFrame:
    """When each plan and follow-up was decided, against the year it is for or the period it is about: a row each.

    Columns: `document_id`, `municipality_code`, `kind`, `board`, `year`, `period`, `day` (null where none is stated),
    `basis` {decided, statuses: the latest day that a status of it bears}, `measured_from` (1 January of a plan's year;
    the last day of a follow-up's period), `days` = day - measured_from (below 0: before), `timing`, `statutory`
    (whether its period can be that of the interim report that the law asks for; null for plans and whole years),
    `record_ids` (the document).

    `timing`: of a plan before_the_year, during_the_year, after_the_year; of a follow-up before_the_end (of its period),
    within_two_months, later; no_day where no day is stated. Documents without a year, and follow-ups without a known
    period, are left out.
    """
    rows = plans.documents[plans.documents["kind"].isin([*PLANS, *FOLLOW_UPS]) & plans.documents["year"].notna()]
    is_plan = rows["kind"].isin(PLANS).to_numpy(dtype=bool)
    whole_year = (rows["kind"] == "annual_report") & rows["period"].isna()
    months = mapped(rows["period"].mask(whole_year, "year"), MONTHS.get, "Int64")
    rows, months = rows[is_plan | months.notna().to_numpy()], months[is_plan | months.notna().to_numpy()]
    is_plan = rows["kind"].isin(PLANS).to_numpy(dtype=bool)
    day, basis = _days(plans, rows)
    start = pd.to_datetime(rows["year"].astype("str") + "-01-01").astype("datetime64[s]")
    end = month_ends(rows["year"], months)
    measured_from = start.where(is_plan, end)
    days = (day - measured_from).dt.days
    deadline = month_ends(rows["year"], months + MONTHS_TO_REPORT)
    timing = worded(
        [
            day.isna(),
            is_plan & (day < start).to_numpy(),
            is_plan & (day.dt.year == rows["year"]).fillna(False).to_numpy(dtype=bool),
            is_plan,
            day < end,
            day <= deadline,
        ],
        ["no_day", "before_the_year", "during_the_year", "after_the_year", "before_the_end", "within_two_months"],
        "later",
    )
    low, high = STATUTORY_MONTHS
    statutory = months.between(low, high).astype("boolean").mask(pd.Series(is_plan, rows.index) | (months == 12))
    result = rows.assign(
        day=day,
        basis=basis,
        measured_from=measured_from,
        days=days.astype("Int64"),
        timing=timing.array,
        statutory=flags(statutory),
        record_ids=pd.Series([[i] for i in rows["document_id"]], index=rows.index, dtype=object),
    )
    return result[COLUMNS].reset_index(drop=True)


def _days(plans: Tables, rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The stated day of each document and what it is; the day of decision before those of its statuses."""
    latest = plans.statuses.groupby("document_id")["status_date"].max()
    of_statuses = pd.Series(latest.reindex(rows["document_id"]).array, index=rows.index).astype("datetime64[s]")
    of_statuses = of_statuses.where(rows["kind"].isin(FOLLOW_UPS))
    day = rows["decided_on"].fillna(of_statuses)
    basis = worded([rows["decided_on"].notna(), of_statuses.notna()], ["decided", "statuses"], None)
    return day, basis.set_axis(rows.index)


def month_ends(years: pd.Series, months: pd.Series) -> pd.Series:
    """The last day of the month (above 12: of the next year)."""
    known = months.notna()
    count = (years.astype("Int64") - 1970) * 12 + months.fillna(12).astype("Int64")
    first_of_next = pd.Series(count.to_numpy(dtype="datetime64[M]"), index=years.index)
    return (first_of_next.astype("datetime64[s]") - pd.Timedelta(days=1)).astype("datetime64[s]").where(known)


def in_time(plans: Tables, by: By = ("municipality_code",)) -> pd.DataFrame:
    """How many plans were decided before their year, and how many follow-ups within two months: a row per group and
    `measure`.

    `measure`: plan_before_its_year, follow_up_within_two_months. Columns: those of `by`, `measure`, `count`, `n` (with
    a day), `rate`, `low`, `high` (Wilson), `unknown` (without a day), `bound_low`, `bound_high` (Manski),
    `record_ids` (documents with a day). A group without such documents has no row.
    """
    rows = documents(plans)
    measure = np.where(rows["kind"].isin(PLANS), "plan_before_its_year", "follow_up_within_two_months")
    rows = rows.assign(measure=pd.Series(measure, index=rows.index, dtype="str"))
    found = groups(rows, [*by, "measure"])
    known = (rows["timing"] != "no_day").to_numpy(dtype=bool)
    yes = rows["timing"].isin(["before_the_year", "before_the_end", "within_two_months"]).to_numpy(dtype=bool)
    return _rates(found.keys, found.count(yes), found.count(known), found.count(~known)).assign(
        record_ids=found.lists(rows["document_id"], known)
    )


def planned_ends(plans: Tables, by: By = MUNICIPALITY_YEAR) -> pd.DataFrame:
    """By when the actions of plans are to be done: a row per group and `due`.

    `due`: before_the_year (of the plan; while it is prepared, or late), within_the_year, later. Columns: those of `by`,
    `due`, `count`, `n` (actions with a stated end), `rate`, `low`, `high` (Wilson), `unknown` (without one),
    `bound_low`, `bound_high` (Manski), `record_ids` (the actions of `count`). Pitfall: an action that has no end may go
    on for ever or lack a date.
    """
    rows = with_columns(plans, plans.actions, by)
    found = groups(rows, by)
    end, year = rows["end"].dt.year, rows["year"].astype("float64")
    known = (end.notna() & year.notna()).to_numpy(dtype=bool)
    n, unknown = found.count(known), found.count(~known)
    parts = []
    for due, mask in (("before_the_year", end < year), ("within_the_year", end == year), ("later", end > year)):
        yes = mask.fillna(False).to_numpy(dtype=bool) & known
        keys = found.keys.assign(due=pd.Series(due, index=found.keys.index, dtype="str"))
        part = _rates(keys, found.count(yes), n, unknown).assign(record_ids=found.lists(rows["action_id"], yes))
        parts.append(part)
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def _rates(keys: pd.DataFrame, count: np.ndarray, n: np.ndarray, unknown: np.ndarray) -> pd.DataFrame:
    return keys.assign(count=whole(count), n=whole(n), **stat.known_share(count, n, whole(unknown)))
