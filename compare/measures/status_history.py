"""What was said about each assignment (goal, action, indicator) and when: the ground of all completion measures.

A plan and its follow-ups each have their own row for one assignment. Rows that state the same thing
(`compare.measures.units.lasting_ids`) are one *unit*, counted once a year however many documents repeat it.

**Which status is the latest** where several speak of one unit: the later period (T1, half-year, T2, T3, whole year);
within a period an outcome before a forecast; then the coding that a person has seen (hand coded, reviewed, machine);
then the later `status_date`; then the later line in the document; then the later row of the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from compare.contract import FORECASTS, TABLES, Tables
from compare.measures.counting import brought, mapped, positions, remembered
from compare.measures.units import lasting_ids
from compare.problems import PlanError

INTERIM = ("T1", "half-year", "T2")
YEAR_END = ("T3", "year")
PERIODS = (*INTERIM, *YEAR_END)
MONTHS = {"T1": 4, "half-year": 6, "T2": 8, "T3": 12, "year": 12}
_READINGS = {"machine": 0, "reviewed": 1, "hand_coded": 2}


@dataclass(frozen=True, slots=True)
class Subject:
    """What statuses can be about: its table and the columns that come along."""

    table: str
    columns: tuple[str, ...]

    @property
    def key(self) -> str:
        """The column of the table's own ids."""
        return str(TABLES[self.table].key)


SUBJECTS = {
    "assignment": Subject(
        "assignments",
        ("title", "kind", "office", "committees", "goal_id", "carried_over", "from_plan_year"),
    ),
    "goal": Subject("goals", ("title", "level", "level_term", "number", "office")),
    "action": Subject("actions", ("title", "office", "goal_id", "end")),
    "indicator": Subject("indicators", ("name", "office", "goal_id")),
}
# A status that names several things is about the finest of them: an action's status often names its assignment too.
_FINEST_FIRST = ("action", "indicator", "assignment", "goal")

COLUMNS = [
    "status_id",
    "unit_id",
    "record_id",
    "municipality_code",
    "document_id",
    "board",
    "year",
    "period",
    "period_name",
    "month",
    "basis",
    "status",
    "qualified",
    "qualification",
]


def subject_of(name: str) -> Subject:
    """The subject of this name; raises `PlanError` for one that statuses cannot be about."""
    if name not in SUBJECTS:
        raise PlanError(f"no statuses about {name!r}; statuses are about {', '.join(SUBJECTS)}; choose one of these")
    return SUBJECTS[name]


def history(plans: Tables, subject: str = "assignment", *, unit: pd.Series | None = None) -> pd.DataFrame:
    """Every status about this subject with what it is about: one row per row of `statuses`, in their order.

    `unit` are the units of the subject's rows where others than `lasting_ids` gives by itself are meant.

    Columns: `status_id`; `unit_id` (see the module) and `record_id`, the row it names; `municipality_code`,
    `document_id`, its `board`, `year` (plan year), `period`, `period_name` (T1, half-year, T2, T3, year; a bare year
    is 'year'), `month` (months of the year that had passed); `basis` (where the coding leaves it out: a forecast for
    'expected', 'partly_expected', 'not_expected', else an outcome); `status` ('unknown' where it is null),
    `qualified`, `qualification`; and what is known of the subject (title, kind, office, committees, goal ...).
    """
    about = subject_of(subject)
    rows = _said(plans, subject)
    if unit is None:
        return rows
    place = positions(rows["record_id"], plans[about.table][about.key])
    return rows.assign(unit_id=brought(unit, place).fillna(rows["record_id"]))


@remembered
def _said(plans: Tables, subject: str) -> pd.DataFrame:
    """The rows of `history` with the units that `lasting_ids` gives."""
    about = subject_of(subject)
    rows = _about(plans.statuses, subject).reset_index(drop=True)
    record = rows[about.key]
    known = plans[about.table]
    unit = lasting_ids(plans, about.table)
    place = positions(record, known[about.key])
    document = positions(rows["document_id"], plans.documents["document_id"])
    status = rows["status"].fillna("unknown")
    columns = {
        # A status about a row that is not among the plans still counts, as a unit of its own.
        "unit_id": brought(unit, place).fillna(record),
        "record_id": record,
        "period_name": mapped(rows["period"], lambda period: period[5:] or "year", "str"),
        "month": mapped(rows["period"], lambda period: MONTHS.get(period[5:] or "year"), "Int64"),
        "basis": rows["basis"].fillna(mapped(status, lambda s: "forecast" if s in FORECASTS else "outcome", "str")),
        "status": status,
        "reading": brought(plans.documents["reading"], document),
        "board": brought(plans.documents["board"], document),
        **{name: brought(known[name], place) for name in about.columns},
    }
    kept = [name for name in (*COLUMNS, "status_date", "page", "line") if name not in columns]
    result = pd.DataFrame({**{name: rows[name] for name in kept}, **columns})
    return result[[*COLUMNS, *about.columns, "reading", "status_date", "page", "line"]]


def _about(statuses: pd.DataFrame, subject: str) -> pd.DataFrame:
    finer = _FINEST_FIRST[: _FINEST_FIRST.index(subject)]
    about = statuses[SUBJECTS[subject].key].notna()
    for name in finer:
        about &= statuses[SUBJECTS[name].key].isna()
    return statuses[about]


def at(rows: pd.DataFrame, periods: Sequence[str] | None = None) -> pd.DataFrame:
    """The rows of these periods (names such as 'T1'; None: all); raises `PlanError` for an unknown name."""
    if periods is None:
        return rows
    names = [periods] if isinstance(periods, str) else list(periods)
    unknown = [name for name in names if name not in PERIODS]
    if unknown:
        raise PlanError(
            f"no period {', '.join(map(repr, unknown))}; periods are {', '.join(PERIODS)}; choose among these"
        )
    return rows[rows["period_name"].isin(names)]


def latest(rows: pd.DataFrame, within: Sequence[str] = ("unit_id", "year")) -> pd.DataFrame:
    """One row per unit and year (or other columns): the latest status by the rule of the module, in stable order."""
    if rows.empty:
        return rows
    codes = [pd.factorize(rows[name], use_na_sentinel=False)[0] for name in within]
    order = np.lexsort((*reversed(_rank(rows)), *reversed(codes)))
    last = np.zeros(len(rows), dtype=bool)
    for code in codes:
        ordered = code[order]
        last[:-1] |= ordered[1:] != ordered[:-1]
    last[-1] = True
    return rows.iloc[np.sort(order[last])]


def _rank(rows: pd.DataFrame) -> list[np.ndarray]:
    """What makes one status later than another, the weightiest first."""

    def when(period: str) -> int:
        return int(period[:4]) * 10 + PERIODS.index(period[5:] or "year")

    return [
        mapped(rows["period"], when, float).to_numpy(),
        (rows["basis"] == "outcome").to_numpy(dtype=float),
        mapped(rows["reading"], _READINGS.get, float).fillna(-1).to_numpy(),
        rows["status_date"].astype("int64").to_numpy(dtype=float),
        rows["line"].to_numpy(dtype=float, na_value=-1),
        np.arange(len(rows), dtype=float),
    ]


def per_committee(rows: pd.DataFrame, shared: bool) -> pd.DataFrame:
    """One row per assignment and committee, with `committee` and `weight`.

    A row with two committees becomes two, each of weight 1 (it counts in both, so that committees do not add up to
    the municipality) or, if `shared`, of weight ½ (they do). A row that names none keeps weight 1 and a null
    `committee`.
    """
    lists = [value if value else [None] for value in rows["committees"]]
    sizes = np.array([len(value) for value in lists], dtype=np.int64)
    repeated = rows.iloc[np.repeat(np.arange(len(rows)), sizes)].reset_index(drop=True)
    weight = 1 / np.repeat(sizes, sizes) if shared else np.ones(int(sizes.sum()))
    committee = pd.Series([code for value in lists for code in value], index=repeated.index, dtype="str")
    return repeated.assign(committee=committee, weight=weight)
