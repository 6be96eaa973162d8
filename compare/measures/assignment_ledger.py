"""The life of each assignment across plans and follow-ups: where it comes from, when it is due, and what became of it.

One line per assignment and year, as in an account book: nothing is counted away, so a reader can look up every
assignment that a rate rests on. How old assignments grow before they are done is told by `ages`.

**Where it comes from.** The year an assignment was born is the earliest that any of its rows states it to come from,
or the earliest plan year that holds it, whichever is before. A tie that was not found, or an older plan that was not
read, makes an assignment look younger than it is: ages are what is known at least.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.carry_over import fates
from compare.measures.counting import (
    MUNICIPALITY_YEAR,
    By,
    Groups,
    brought,
    check_by,
    groups,
    listed,
    matches,
    of_whole,
    positions,
)
from compare.measures.status_history import INTERIM, YEAR_END, at, history, latest, per_committee
from compare.measures.time_to_completion import ENDS
from compare.measures.units import UNFINISHED, flags, lasting_ids, whole

COLUMNS = (
    *("unit_id", "municipality_code", "year", "title", "kind", "office", "committees", "born_year", "born_stated"),
    *("age", "from_before", "due", *INTERIM, "year_end", "closed", "fate", "record_id", "record_ids"),
)


def ledger(plans: Tables) -> pd.DataFrame:
    """Each assignment in each year that a plan or a follow-up holds it: one row per assignment and year.

    Rows that state the same or are tied by 'same_assignment' or 'continues' are one assignment. Columns: `unit_id`,
    `municipality_code`, `year`, `title`, `kind`, `office`, `committees` (of its first row of the year), `born_year`
    (see the module), `born_stated` (a document says so), `age` = year - born_year, in years (null where documents say
    that it comes from before but not from when), `from_before` (it comes from an older plan: its documents say so or
    hold it in an earlier year; null where neither is known), `due` (the latest end of its actions; null where none
    states one), its latest status by follow-up: `T1`, `half-year`, `T2`, `year_end` (null where none speaks of it),
    `closed` (the first period that calls it completed or cancelled), `fate` (see `carry_over.fates`; null for what is
    only listed as unfinished), `record_id` (its first row of the year), `record_ids` (all its rows and statuses of the
    year).
    """
    rows, of_year = _rows(plans)
    first = _lines(rows, of_year)
    said = history(plans, unit=rows["unit_id"])
    # The line of each status, -1 for one about no assignment of the plans.
    said = said.assign(_line=matches(said, first, ["unit_id", "year"]))
    said = said[(said["_line"] >= 0).to_numpy()].reset_index(drop=True)
    periods = {name: [name] for name in INTERIM} | {"year_end": list(YEAR_END)}
    status = {
        name: _at_line(latest(at(said, names), ["_line"]), "status", len(first)) for name, names in periods.items()
    }
    ended = said[said["status"].isin(ENDS)].sort_values("month", ascending=False, kind="stable")
    fate = fates(plans)
    ids = np.concatenate([column.to_numpy(dtype=object) for column in (rows["assignment_id"], said["status_id"])])
    result = first.assign(
        due=_due(plans, rows["unit_id"], first),
        **status,
        closed=_at_line(ended, "period_name", len(first)),
        fate=brought(fate["fate"], matches(first, fate, ["unit_id", "year"])),
        record_ids=listed(ids, np.r_[of_year.codes, said["_line"]], len(first)),
    )
    return result.sort_values(["municipality_code", "year"], kind="stable").reset_index(drop=True)[list(COLUMNS)]


def _rows(plans: Tables) -> tuple[pd.DataFrame, Groups]:
    """The rows of assignments with the unit they state, and the line of the ledger that each belongs to."""
    rows = plans.assignments.assign(
        unit_id=lasting_ids(plans, "assignments", ["same_assignment", "continues"]),
        record_id=plans.assignments["assignment_id"],
    )
    return rows, groups(rows, ["unit_id", "year"], ordered=False)


def _lines(rows: pd.DataFrame, of_year: Groups) -> pd.DataFrame:
    """The first row of each assignment and year, with where it comes from."""
    first = rows.iloc[np.unique(of_year.codes, return_index=True)[1]].reset_index(drop=True)
    return first.assign(**_born(rows, first, of_year))


def _at_line(said: pd.DataFrame, column: str, size: int) -> pd.Series:
    """A column of statuses at the lines they are about, missing where there is none; of several the last."""
    row = np.full(size, -1)
    row[said["_line"].to_numpy()] = np.arange(len(said))
    return brought(said[column].reset_index(drop=True), row)


def _born(rows: pd.DataFrame, first: pd.DataFrame, of_year: Groups) -> dict[str, pd.Series]:
    """`born_year`, `born_stated`, `age` and `from_before` of each assignment and year."""
    found = groups(rows, ["unit_id"], ordered=False)
    years = rows["year"].astype("float64").groupby(found.codes).min()
    stated = rows["from_plan_year"].astype("float64").groupby(found.codes).min()
    place = positions(first["unit_id"], found.keys["unit_id"])
    seen, said = (values.reindex(place).to_numpy(dtype=float) for values in (years, stated))
    year = first["year"].to_numpy(dtype=float, na_value=np.nan)
    old = rows["carried_over"].fillna(False).to_numpy(bool) | (rows["kind"] == UNFINISHED).fillna(False).to_numpy(bool)
    called_old = of_year.count(old) > 0
    denied = (of_year.count(rows["carried_over"].notna()) > 0) & ~called_old
    born = np.fmin(seen, said)
    # Called old, with nothing that tells from when: the first year that holds it is not the year it was born.
    unknown = called_old & ~(born < year)
    return {
        "born_year": pd.Series(whole(np.where(unknown, np.nan, born)), index=first.index),
        "born_stated": pd.Series(flags(said <= seen), index=first.index),
        "age": pd.Series(whole(np.where(unknown, np.nan, year - born)), index=first.index),
        "from_before": pd.Series(flags(called_old | (born < year)), index=first.index).mask(
            ~called_old & ~(born < year) & ~denied
        ),
    }


def _due(plans: Tables, unit: pd.Series, first: pd.DataFrame) -> pd.Series:
    """The latest end of the actions of each assignment and year."""
    actions = plans.actions[plans.actions["end"].notna()].reset_index(drop=True)
    of_unit = brought(unit, positions(actions["assignment_id"], plans.assignments["assignment_id"]))
    ends = actions[["year", "end"]].assign(unit_id=of_unit).sort_values("end", ascending=False, kind="stable")
    ends = ends[ends["unit_id"].notna()].reset_index(drop=True)
    return brought(ends["end"], matches(first, ends, ["unit_id", "year"]))


def ages(plans: Tables, by: By = MUNICIPALITY_YEAR, *, level: float = stat.LEVEL) -> pd.DataFrame:
    """How old the assignments are that come from earlier plans: one row per group and age that occurs.

    Counted are the assignments of a year that documents call carried over, list as unfinished, or hold in an earlier
    year too (see `ledger`). Grouped by `committee` one counts in each of its committees. Columns: `by`, `age` (years;
    null: not known), `n`, `total` (of the group whose age is known), `share` = n / total with `low`, `high` (Wilson;
    null for the unknown), `record_ids`. Pitfall: an age is what is known at least, so old ones are too few.
    """
    rows = _lines(*_rows(plans))
    rows = rows[rows["from_before"].fillna(False).to_numpy(bool)].reset_index(drop=True)
    if "committee" in by:
        rows = per_committee(rows, shared=False)
    groups_of = groups(rows, check_by(by, rows.columns))
    parts = groups(rows, [*by, "age"])
    known = parts.keys["age"].notna()
    n, total = parts.count(), of_whole(groups_of.count(rows["age"].notna()), groups_of, parts)
    of = np.where(known, total, 0)
    return parts.keys.assign(
        n=n,
        total=total,
        **stat.share(np.where(known, n, 0), of, level, name="share"),
        record_ids=parts.lists(rows["record_id"]),
    )
