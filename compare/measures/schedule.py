"""Whether work keeps to its own dates: what was due when a status was given, and what should have begun.

A status tells what somebody claims, the targets of a goal what the figures show (`compare.measures.goal_outcomes`), the
dates of a plan what should have been so by then. The three may disagree, and none stands in for another. What is not
due yet is neither done nor late: a rate of what is done among all that is planned punishes long work, so the rate here
is of what was due.

**The day that counts** is the status's own; else the last day of the period that the follow-up is about; of a status
that a plan prints the day it was decided, else the day before its year begins.

Pitfalls: ends are often given as a year or a season, whose last day counts; a date that a later plan moved is not seen
in an earlier one; what bears no date may go on for ever or lack one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.counting import MUNICIPALITY_YEAR, By, brought, check_by, groups, positions, worded
from compare.measures.status_history import history, latest
from compare.measures.timeliness import FOLLOW_UPS, month_ends
from compare.measures.units import lasting_ids, texts
from compare.problems import PlanError

DONE, OVERDUE, NOT_BEGUN, NOT_DUE, NO_DATE = "done", "overdue", "not_begun", "not_due", "no_date"
SUBJECTS = ("action", "assignment")
COLUMNS = (
    *("unit_id", "record_id", "municipality_code", "year", "period", "title", "office", "start", "due", "day", "basis"),
    *("status", "schedule", "status_id", "record_ids"),
)


def standing(plans: Tables, subject: str = "action") -> pd.DataFrame:
    """Each status beside the dates of what it is about: one row per action (or assignment), year and period.

    `subject` is action, with its own dates, or assignment, with the first start and the latest end of its actions.
    Columns: `unit_id`, `record_id`, `municipality_code`, `year`, `period`, `title`, `office`, `start`, `due` (null
    where none is stated), `day` (that counts), `basis` of it {status_date, period, decided, plan_year}, `status`,
    `schedule`, `status_id`, `record_ids` (the status and what it is about).

    `schedule`: done (completed); of what is not: overdue (the end lies on or before the day), not_begun (its start lies
    on or before the day and the status says that it has not begun), not_due (the end is to come), no_date (no end is
    stated); null for cancelled and unknown. Raises `PlanError` for another subject.
    """
    if subject not in SUBJECTS:
        raise PlanError(f"no dates of a {subject}; dates are those of {', '.join(SUBJECTS)}; choose one of these")
    rows = latest(history(plans, subject), ("unit_id", "year", "period")).reset_index(drop=True)
    rows = rows.assign(**_days(plans, rows), **_dates(plans, rows, subject))
    begun, over = (rows[name] <= rows["day"] for name in ("start", "due"))
    schedule = worded(
        [
            rows["status"] == "completed",
            rows["status"].isin(["cancelled", "unknown"]),
            over.fillna(False),
            (begun & (rows["status"] == "not_started")).fillna(False),
            rows["due"].notna(),
        ],
        [DONE, "", OVERDUE, NOT_BEGUN, NOT_DUE],
        NO_DATE,
    )
    ids = [list(pair) for pair in zip(rows["status_id"], rows["record_id"], strict=True)]
    return rows.assign(
        schedule=schedule.mask(schedule == ""), record_ids=pd.Series(ids, index=rows.index, dtype=object)
    )[list(COLUMNS)]


def _days(plans: Tables, rows: pd.DataFrame) -> dict[str, pd.Series]:
    """The day that counts for each status, and what it is."""
    document = positions(rows["document_id"], plans.documents["document_id"])
    kind = brought(plans.documents["kind"], document)
    decided = brought(plans.documents["decided_on"], document)
    follows = kind.isin(FOLLOW_UPS).to_numpy(dtype=bool)
    of_period = month_ends(rows["year"], rows["month"])
    eve = month_ends(rows["year"], rows["month"] * 0)
    stated = rows["status_date"].notna()
    day = rows["status_date"].fillna(of_period.where(follows, decided.fillna(eve)))
    basis = np.select([stated, follows, decided.notna()], ["status_date", "period", "decided"], "plan_year")
    return {"day": day, "basis": texts(basis)}


def _dates(plans: Tables, rows: pd.DataFrame, subject: str) -> dict[str, pd.Series]:
    """The first start and the latest end of each, as its documents of that year state them."""
    actions = plans.actions.reset_index(drop=True)
    if subject == "action":
        unit = lasting_ids(plans, "actions")
    else:
        of_task = positions(actions["assignment_id"], plans.assignments["assignment_id"])
        unit = brought(lasting_ids(plans, "assignments"), of_task)
    known = actions.assign(unit_id=unit)[unit.notna().to_numpy()].groupby(["unit_id", "year"])
    dates = known.agg(start=("start", "min"), due=("end", "max"))
    wanted = pd.MultiIndex.from_arrays([rows["unit_id"], rows["year"]])
    return {
        name: pd.Series(dates[name].reindex(wanted).to_numpy(), index=rows.index).astype("datetime64[s]")
        for name in ("start", "due")
    }


def rates(
    plans: Tables,
    by: By = (*MUNICIPALITY_YEAR, "period"),
    *,
    subject: str = "action",
    level: float = stat.LEVEL,
) -> pd.DataFrame:
    """How much of what was due was done: one row per group.

    Columns: `by`, `n` (due by the day that counts, and neither cancelled nor unknown), `done`, `rate` = done / n with
    `low`, `high` (Wilson), `done_early` (done before they were due), `done_no_date` (done, and with no end), `not_due`
    (not done, and the end is to come), `no_date` (neither done nor with an end), `not_begun` (of these two, those whose
    start has passed without their being begun), `unknown` (cancelled or unknown), `bound_low`, `bound_high` (the rate
    if of what has no end only what is not done had been due, and if only what is done), `too_few`, `record_ids` (all
    with a status), `late_ids` (the overdue and those not begun). Each with a status is in one of `n`, `done_early`,
    `done_no_date`, `not_due`, `no_date` and `unknown`. For the rest see `standing`.
    """
    rows = standing(plans, subject)
    found = groups(rows, check_by(by, rows.columns))
    due = (rows["due"] <= rows["day"]).to_numpy(dtype=bool)
    is_ = {name: (rows["schedule"] == name).fillna(False).to_numpy(dtype=bool) for name in _ALL}
    judged = rows["schedule"].notna().to_numpy()
    n, done = found.count(due & judged), found.count(due & is_[DONE])
    open_end = rows["due"].isna().to_numpy()
    left = judged & ~is_[DONE]
    done_no_date, no_date = found.count(open_end & is_[DONE]), found.count(open_end & left)
    return found.keys.assign(
        n=n,
        done=done,
        **stat.share(done, n, level),
        done_early=found.count(~due & ~open_end & is_[DONE]),
        done_no_date=done_no_date,
        not_due=found.count(~due & ~open_end & left),
        no_date=no_date,
        not_begun=found.count(is_[NOT_BEGUN]),
        unknown=found.count(~judged),
        bound_low=stat.rate(done, n + no_date),
        bound_high=stat.rate(done + done_no_date, n + done_no_date),
        too_few=stat.too_few(n),
        record_ids=found.lists(rows["record_id"]),
        late_ids=found.lists(rows["record_id"], is_[OVERDUE] | is_[NOT_BEGUN]),
    )


_ALL = (DONE, OVERDUE, NOT_BEGUN, NOT_DUE, NO_DATE)
