"""What becomes of assignments at the turn of the year: carried over, unfinished, ended, or silently dropped.

Three views of one matter. `carried_over` is what plans say of their own assignments; `unfinished` is what they list as
left from older plans; `fates` follows each assignment by the links into the next year's documents. None of them
gives a row for a municipality that has nothing to count, and none shows 0 where nothing is known.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
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
    remembered,
    worded,
)
from compare.measures.status_history import history, latest, per_committee
from compare.measures.units import UNFINISHED, lasting_ids, standing, unit_ids

COMPLETED, CANCELLED, CONTINUED, ENDED, DROPPED, UNSEEN = (
    "completed",
    "cancelled",
    "continued",
    "ended_unfinished",
    "silently_dropped",
    "cannot_tell",
)
FATES = (COMPLETED, CANCELLED, CONTINUED, ENDED, DROPPED, UNSEEN)


def carried_over(plans: Tables, by: By = MUNICIPALITY_YEAR, *, level: float = stat.LEVEL) -> pd.DataFrame:
    """The share of a year's assignments that its documents call carried over from an earlier plan.

    Lists of unfinished assignments are left out (see `unfinished`): they are old by definition. An assignment that
    several documents of the year repeat is one; it is carried over if any of them says so. Grouped by `committee` it
    counts in each of its committees. Columns: `by`, `carried_over`, `n` (assignments of which a document says it or
    denies it), `rate`, `low`, `high` (Wilson), `unknown`, `bound_low`, `bound_high`, `too_few`, `record_ids` (those
    carried over).
    """
    plans = standing(plans)
    rows = plans.assignments.assign(unit_id=unit_ids(plans, "assignments"))
    said = rows["carried_over"].astype("Int8").fillna(-1).to_numpy(dtype=int)
    # The row that says most comes first: yes, then no, then nothing.
    order = np.argsort(-said, kind="stable")
    rows = rows.iloc[order[~rows[["unit_id", "year"]].iloc[order].duplicated().to_numpy()]]
    if "committee" in by:
        rows = per_committee(rows, shared=False)
    found = groups(rows, check_by(by, rows.columns))
    known, yes = rows["carried_over"].notna(), rows["carried_over"].fillna(False).astype(bool)
    n, k, unknown = found.count(known), found.count(yes), found.count(~known)
    return found.keys.assign(
        carried_over=k,
        n=n,
        **stat.known_share(k, n, unknown, level),
        too_few=stat.too_few(n),
        record_ids=found.lists(rows["assignment_id"], yes),
    )


def unfinished(plans: Tables, by: By = (*MUNICIPALITY_YEAR, "from_plan_year", "goal_id")) -> pd.DataFrame:
    """What plans list as unfinished from older plans, by the plan year it comes from and its goal.

    Columns: `by`, `n`, `total` (unfinished assignments of the municipality and year, or all if not grouped by these),
    `share` = n / total, `age` in years (plan year minus `from_plan_year`; the mean of those that state it, missing
    where none does), `goal_number` and `goal_title` if grouped by goal, `record_ids`.
    """
    rows = plans.assignments[(plans.assignments["kind"] == UNFINISHED).fillna(False)].reset_index(drop=True)
    found = groups(rows, check_by(by, rows.columns))
    whole = groups(rows, [name for name in MUNICIPALITY_YEAR if name in by])
    n, total = found.count(), of_whole(whole.count(), whole, found)
    age = (rows["year"] - rows["from_plan_year"]).to_numpy(dtype=float, na_value=np.nan)
    stated = ~np.isnan(age)
    result = found.keys.assign(
        n=n,
        total=total,
        share=stat.rate(n, total),
        age=stat.rate(found.count(stated, np.nan_to_num(age)), found.count(stated)),
    )
    if "goal_id" in by:
        place = positions(result["goal_id"], plans.goals["goal_id"])
        result["goal_number"] = brought(plans.goals["number"], place)
        result["goal_title"] = brought(plans.goals["title"], place)
    return result.assign(record_ids=found.lists(rows["assignment_id"]))


def listed_again(plans: Tables, by: By = MUNICIPALITY_YEAR) -> pd.DataFrame:
    """How many assignments that a plan lists as unfinished stand again among its own: one row per group with a list.

    Columns: `by`, `listed`, `again` (tied by 'continues' or 'same_assignment' to an assignment of the same municipality
    and year that is no entry of such a list), `unmarked` (of these, those of which no such assignment says that it is
    carried over), `record_ids` (the rows of the list that stand again, then all that they are tied to). A lower bound:
    links find what is worded alike, and an assignment that is put in other words looks as if it stood in the list
    alone.
    """
    rows = plans.assignments.reset_index(drop=True)
    old = (rows["kind"] == UNFINISHED).fillna(False).to_numpy(dtype=bool)
    links = plans.links[plans.links["relation"].isin(["same_assignment", "continues"])]
    ends = [positions(links[name], rows["assignment_id"]) for name in ("from_id", "to_id")]
    pairs = np.vstack([np.column_stack(ends), np.column_stack(ends[::-1])])
    pairs = pairs[(pairs >= 0).all(axis=1)]
    place = groups(rows, MUNICIPALITY_YEAR, ordered=False).codes
    listed_in, stands_in = pairs[:, 0], pairs[:, 1]
    tied = old[listed_in] & ~old[stands_in] & (place[listed_in] == place[stands_in])
    listed_in, stands_in = listed_in[tied], stands_in[tied]
    carried = rows["carried_over"].fillna(False).to_numpy(dtype=bool)
    again = np.isin(np.arange(len(rows)), listed_in)[old]
    says = np.isin(np.arange(len(rows)), listed_in[carried[stands_in]])[old]
    entries = rows[old].reset_index(drop=True)
    found = groups(entries, check_by(by, entries.columns))
    group = found.codes[np.cumsum(old)[listed_in] - 1]
    own = pd.DataFrame({"group": group, "row": stands_in}).drop_duplicates().sort_values("row", kind="stable")
    own_ids = rows["assignment_id"].to_numpy(dtype=object)[own["row"].to_numpy(dtype=np.int64)]
    ids = [
        found.lists(entries["assignment_id"], again),
        listed(own_ids, own["group"].to_numpy(dtype=np.int64), len(found.keys)),
    ]
    return found.keys.assign(
        listed=found.count(),
        again=found.count(again),
        unmarked=found.count(again & ~says),
        record_ids=pd.Series([a + b for a, b in zip(*ids, strict=True)], index=found.keys.index, dtype=object),
    )


@remembered
def fates(plans: Tables) -> pd.DataFrame:
    """What became of each assignment after its year: one row per assignment and year.

    Rows that state the same or are tied by 'same_assignment' or 'continues' are one assignment. Its `fate`, the first
    that applies: `completed` or `cancelled` by its latest status of the year; `continued`: the next year's documents
    hold it; `cannot_tell`: no document of the same municipality and board for the next year was read;
    `ended_unfinished`: a final status says not or partly completed, and the next year does not hold it;
    `silently_dropped`: no final status was ever given, and the next year does not hold it. A link that was missed makes
    a continued assignment look dropped: read the list before accusing. Columns: `unit_id`, `municipality_code`,
    `year`, `office`, `kind`, `committees`, `title`, `status` (null if never reported), `fate`, `record_id` (its first
    row of the year),
    `status_id`.
    """
    rows = plans.assignments
    unit = lasting_ids(plans, "assignments", ["same_assignment", "continues"])
    rows = rows.assign(unit_id=unit)
    rows["board"] = brought(plans.documents["board"], positions(rows["document_id"], plans.documents["document_id"]))
    said = latest(history(plans, unit=unit)).reset_index(drop=True)
    own = rows[(rows["kind"] != UNFINISHED).fillna(True)].drop_duplicates(["unit_id", "year"]).reset_index(drop=True)
    next_year = own.assign(year=own["year"] + 1)
    lives_on = matches(next_year, rows, ["unit_id", "year"]) >= 0
    readable = matches(next_year, rows, ["municipality_code", "board", "year"]) >= 0
    place = matches(own, said, ["unit_id", "year"])
    status = brought(said["status"], place)
    fate = worded(
        [
            status == "completed",
            status == "cancelled",
            lives_on,
            ~readable,
            status.isin(["not_completed", "partly_completed"]),
        ],
        [COMPLETED, CANCELLED, CONTINUED, UNSEEN, ENDED],
        DROPPED,
    )
    columns = ["unit_id", *MUNICIPALITY_YEAR, "office", "kind", "committees", "title"]
    return own[columns].assign(
        status=status,
        fate=fate,
        record_id=own["assignment_id"],
        status_id=brought(said["status_id"], place),
    )


def fate_rates(plans: Tables, by: By = MUNICIPALITY_YEAR, *, level: float = stat.LEVEL) -> pd.DataFrame:
    """How many assignments were carried on, ended or silently dropped, of those open at the year's end.

    Columns: `by`, one count per fate (`completed`, `cancelled`, `continued`, `ended_unfinished`, `silently_dropped`,
    `cannot_tell`), `n` (open at the year's end with a next year to look into), the carry-over `rate` = continued / n
    with `low`, `high`, `dropped_rate` = silently dropped / n with `dropped_low`, `dropped_high`, `unknown` (cannot
    tell), `bound_low`, `bound_high` (of the carry-over rate), `too_few`, `record_ids` (the silently dropped).
    """
    rows = fates(plans)
    if "committee" in by:
        rows = per_committee(rows, shared=False)
    found = groups(rows, check_by(by, rows.columns))
    counts = {name: found.count(rows["fate"] == name) for name in FATES}
    n = counts[CONTINUED] + counts[ENDED] + counts[DROPPED]
    dropped = stat.wilson(counts[DROPPED], n, level)
    bounds = stat.manski_bounds(counts[CONTINUED], n, counts[UNSEEN])
    return found.keys.assign(
        **counts,
        n=n,
        **stat.share(counts[CONTINUED], n, level),
        dropped_rate=stat.rate(counts[DROPPED], n),
        dropped_low=dropped.low,
        dropped_high=dropped.high,
        unknown=counts[UNSEEN],
        bound_low=bounds.low,
        bound_high=bounds.high,
        too_few=stat.too_few(n),
        record_ids=_ids(found, rows, DROPPED),
    )


def silently_dropped(plans: Tables) -> pd.DataFrame:
    """The assignments that no document ended and the next year no longer holds: the rows of `fates` to look up."""
    rows = fates(plans)
    return rows[rows["fate"] == DROPPED].reset_index(drop=True)


def _ids(found: Groups, rows: pd.DataFrame, fate: str) -> pd.Series:
    return found.lists(rows["record_id"], rows["fate"] == fate)
