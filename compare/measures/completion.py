"""How much of what was decided got done: statuses, completion rates, and how far the rates of groups lie apart.

**What is counted.** Units (`status_history`: an assignment is counted once a year, however many follow-ups repeat
it) with their latest status. A rate is about what follow-ups speak of. A municipality without follow-ups gives no
row, never 0; `coverage` says what is known of it.

**Denominator.** `n` is the number of *assessed* units: all but 'cancelled' (which is reported beside) and 'unknown'
(which gives the bounds). 'Not started', 'in progress', 'at risk' and forecasts of the end count as assessed and not
completed: a rate at an interim period says what was completed by then. The contract has no status for 'not due yet';
such units are open.

**Rates.** strict = completed / n; lenient = (completed + partly completed) / n; weighted counts partly completed by
half; expected = (completed + expected to be) / n, for interim periods. Each has its Wilson interval (as if
comparable assignments were drawn: they are a census) and its Manski bounds over the unknown.

**Committees.** Grouped by `committee`, an assignment with two committees counts in both (`committees="each"`), so
committees do not add up to the municipality; `committees="shared"` gives each an equal part of it, so they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.counting import MUNICIPALITY_YEAR, By, Groups, check_by, groups, matches, of_whole, worded
from compare.measures.status_history import (
    INTERIM,
    YEAR_END,
    at,
    history,
    latest,
    per_committee,
    subject_of,
)
from compare.measures.units import UNFINISHED, lasting_ids
from compare.problems import PlanError

Committees = Literal["each", "shared"]

# How much of a completed unit each status is, by measure.
MEASURES: dict[str, dict[str, float]] = {
    "strict": {"completed": 1.0},
    "lenient": {"completed": 1.0, "partly_completed": 1.0},
    "weighted": {"completed": 1.0, "partly_completed": 0.5},
    "expected": {"completed": 1.0, "expected": 1.0},
}
NOT_ASSESSED = ("unknown", "cancelled")


def latest_statuses(
    plans: Tables,
    by: By = MUNICIPALITY_YEAR,
    *,
    subject: str = "assignment",
    periods: Sequence[str] | None = None,
    committees: Committees = "each",
    unreported: bool = False,
) -> pd.DataFrame:
    """The rows that the rates count: one per unit and year with its latest status (per period if `by` has a period).

    `periods` keeps only statuses of these periods (('T3', 'year') for the year's end). `unreported` adds, with status
    'unknown', what a plan of the municipality and year holds and no follow-up speaks of, where some follow-up was
    read; whether a follow-up speaks of it depends on the links. Columns of `status_history.history`, `weight`, and
    `committee` if grouped by it. Raises `PlanError` for an unknown column, subject or period.
    """
    rows = at(history(plans, subject), periods)
    split = [name for name in ("period", "period_name", "month") if name in by]
    rows = latest(rows, ("unit_id", "year", *split))
    if unreported and not split:
        rows = pd.concat([rows, _unreported(plans, rows, subject)], ignore_index=True)
    if "committee" in by:
        if "committees" not in rows:
            raise PlanError(f"statuses about a {subject} name no committees; group by office or municipality_code")
        rows = per_committee(rows, committees == "shared")
    else:
        rows = rows.assign(weight=1.0).reset_index(drop=True)
    check_by(by, rows.columns)
    return rows


def _unreported(plans: Tables, reported: pd.DataFrame, subject: str) -> pd.DataFrame:
    about = subject_of(subject)
    rows = plans[about.table].rename(columns={about.key: "record_id"})
    rows = rows.assign(unit_id=lasting_ids(plans, about.table), status="unknown")
    if "kind" in rows:
        rows = rows[rows["kind"] != UNFINISHED]
    place = ["municipality_code", "year"]
    rows = rows[matches(rows, reported, place) >= 0].drop_duplicates(["unit_id", "year"])
    rows = rows[matches(rows, reported, ["unit_id", "year"]) < 0]
    shared = [name for name in reported.columns if name in rows.columns]
    return rows[shared]


def distribution(
    plans: Tables,
    by: By = MUNICIPALITY_YEAR,
    *,
    subject: str = "assignment",
    periods: Sequence[str] | None = None,
    committees: Committees = "each",
) -> pd.DataFrame:
    """How many units have which status, per group: one row per group and status that occurs.

    Columns: `by`, `status`, `n` (units; parts of units if committees share), `total` (units of the group),
    `share` = n / total with the ends of its Wilson interval `low`, `high`, and `record_ids` (the status rows).
    """
    rows = latest_statuses(plans, by, subject=subject, periods=periods, committees=committees)
    by = [name for name in check_by(by, rows.columns) if name != "status"]
    whole, parts = groups(rows, by), groups(rows, [*by, "status"])
    n = parts.count(weights=rows["weight"])
    total = of_whole(whole.count(weights=rows["weight"]), whole, parts)
    return parts.keys.assign(
        n=_whole_numbers(n),
        total=_whole_numbers(total),
        **stat.share(n, total, name="share"),
        record_ids=parts.lists(rows["status_id"]),
    )


def rates(
    plans: Tables,
    by: By = MUNICIPALITY_YEAR,
    *,
    measures: Sequence[str] = ("strict", "lenient", "weighted"),
    subject: str = "assignment",
    periods: Sequence[str] | None = None,
    committees: Committees = "each",
    unreported: bool = False,
    level: float = stat.LEVEL,
) -> pd.DataFrame:
    """Completion rates per group: one row per group and measure.

    Columns: `by`, `measure`, `rate`, `low`, `high` (Wilson), `n` (assessed), `counted` (what the rate divides by n),
    `completed`, `partly_completed`, `other` (assessed, neither of the two), `unknown`, `cancelled`, `bound_low`,
    `bound_high` (Manski), `interim` (assessed units whose latest status is from before the year's end: where it is
    above 0 the rate is what was done by then), `too_few` (n below `statistics.SMALLEST_N`: do not
    compare), `record_ids` (status rows).
    A group whose units are all unknown or cancelled has n = 0 and a missing rate. For the other arguments see
    `latest_statuses`. Raises `PlanError` for an unknown measure, column, subject or period.
    """
    rows = latest_statuses(plans, by, subject=subject, periods=periods, committees=committees, unreported=unreported)
    found = groups(rows, by)
    counts = _counts(rows, found)
    parts = [_rate(rows, found, counts, name, scores_of(name), level) for name in measures]
    if not parts:
        raise PlanError(f"no measure asked for; measures are {', '.join(MEASURES)}; name at least one")
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def scores_of(measure: str) -> dict[str, float]:
    """How much of a completed unit each status is by this measure; raises `PlanError` for an unknown one."""
    if measure not in MEASURES:
        raise PlanError(f"no measure {measure!r}; measures are {', '.join(MEASURES)}; choose among these")
    return MEASURES[measure]


def _counts(rows: pd.DataFrame, found: Groups) -> pd.DataFrame:
    """What each group consists of, the same for all measures."""
    status, weight = rows["status"], rows["weight"]
    assessed = ~status.isin(NOT_ASSESSED)
    interim = assessed & rows["period_name"].isin(INTERIM)
    n = found.count(assessed, weight)
    one = {name: found.count(status == name, weight) for name in ("completed", "partly_completed", *NOT_ASSESSED)}
    counts = {
        "n": n,
        "completed": one["completed"],
        "partly_completed": one["partly_completed"],
        "other": n - one["completed"] - one["partly_completed"],
        "unknown": one["unknown"],
        "cancelled": one["cancelled"],
        "interim": found.count(interim, weight),
    }
    return pd.DataFrame({name: _whole_numbers(count) for name, count in counts.items()})


def _rate(
    rows: pd.DataFrame, found: Groups, counts: pd.DataFrame, name: str, scores: dict[str, float], level: float
) -> pd.DataFrame:
    score = found.count(
        weights=rows["weight"].to_numpy() * rows["status"].map(scores).fillna(0.0).to_numpy(dtype=float)
    )
    n = counts["n"].to_numpy(dtype=float)
    bounds = stat.manski_bounds(score, n, counts["unknown"])
    return found.keys.assign(
        measure=pd.Series(name, index=found.keys.index, dtype="str"),
        **stat.share(score, n, level),
        n=counts["n"],
        counted=score,
        **{column: counts[column] for column in counts.columns[1:6]},
        bound_low=bounds.low,
        bound_high=bounds.high,
        interim=counts["interim"],
        too_few=stat.too_few(n),
        record_ids=found.lists(rows["status_id"]),
    )


def differences(
    plans: Tables,
    between: str = "municipality_code",
    by: By = ("year",),
    *,
    measure: str = "strict",
    against: str | int | None = None,
    rest: bool = False,
    subject: str = "assignment",
    periods: Sequence[str] | None = YEAR_END,
    level: float = stat.LEVEL,
) -> pd.DataFrame:
    """How far the rates of two groups lie apart, with an interval: municipalities, committees, years.

    All pairs of values of `between` within each group of `by`; with `against` only the pairs with that value first;
    with `rest` each value against all the others of its group taken together. For the same assignments at two
    periods use `change`, which knows that they are the same.

    Columns: `by`, `first`, `second` (null with `rest`: the others are first), `rate_first`, `rate_second`, `n_first`,
    `n_second`, `difference` (second minus first; with `rest` the value minus the others), `low`, `high` (Newcombe, so
    wide that all pairs of a group of `by` hold at once: see `statistics.differences_together`), `verdict` (higher,
    lower, not_distinguishable, too_few), `record_ids_first`, `record_ids_second` (none for the others).
    """
    by = check_by(by, [*by])
    if between in by:
        raise PlanError(
            f"cannot compare by {between} within each {between}; leave it out of `by`, or compare by another"
        )
    found = rates(plans, [*by, between], measures=[measure], subject=subject, periods=periods, level=level)
    found = found[[*by, between, "counted", "n", "record_ids"]]
    pairs = _against_rest(found, by, between) if rest else _pairs(found, by, between, against)
    first, second = ((pairs[f"counted_{side}"], pairs[f"n_{side}"]) for side in ("first", "second"))
    delta = stat.differences_together(*first, *second, level, family=groups(pairs, by).codes)
    return pairs[[*by, "first", "second"]].assign(
        rate_first=stat.rate(*first),
        rate_second=stat.rate(*second),
        n_first=pairs["n_first"],
        n_second=pairs["n_second"],
        difference=delta.difference,
        low=delta.low,
        high=delta.high,
        verdict=pd.Series(stat.verdict(delta.low, delta.high, first[1], second[1]), index=pairs.index, dtype="str"),
        record_ids_first=pairs["record_ids_first"],
        record_ids_second=pairs["record_ids_second"],
    )


def _pairs(found: pd.DataFrame, by: list[str], between: str, against: str | int | None) -> pd.DataFrame:
    found = found.assign(_place=np.arange(len(found)))
    pairs = found.merge(found, how="inner" if by else "cross", on=by or None, suffixes=("_first", "_second"))
    if against is None:
        pairs = pairs[pairs["_place_first"] < pairs["_place_second"]]
    else:
        pairs = pairs[(pairs[f"{between}_first"] == against) & (pairs["_place_first"] != pairs["_place_second"])]
    return pairs.rename(columns={f"{between}_first": "first", f"{between}_second": "second"}).reset_index(drop=True)


def _against_rest(found: pd.DataFrame, by: list[str], between: str) -> pd.DataFrame:
    whole = groups(found, by)
    totals = {name: whole.count(weights=found[name].astype(float))[whole.codes] for name in ("counted", "n")}
    second = {between: "second", "counted": "counted_second", "n": "n_second", "record_ids": "record_ids_second"}
    return found.rename(columns=second).assign(
        first=pd.Series(np.nan, index=found.index, dtype="str"),
        counted_first=totals["counted"] - found["counted"].to_numpy(dtype=float),
        n_first=_whole_numbers(totals["n"] - found["n"].to_numpy(dtype=float)),
        record_ids_first=None,
    )


def funnel(
    plans: Tables,
    by: By = ("municipality_code",),
    *,
    measure: str = "strict",
    subject: str = "assignment",
    periods: Sequence[str] | None = YEAR_END,
) -> pd.DataFrame:
    """Each group's rate against what chance allows around the common rate: for funnel plots, in place of a ranking.

    Columns: those of `rates`, `centre` (all groups together), `limit_low`, `limit_high` (95 % limits at this n),
    `outer_low`, `outer_high` (99.8 %), `chance` (how likely so large a distance is, judged together with all other
    groups), `overdispersion` (1 where groups vary as chance lets them; both: `statistics.beyond_chance`), `outside`
    (above or below where `chance` is below 5 %, within, too_few), and the rate drawn towards the mean by the
    beta-binomial model: `shrunk`, `shrunk_low`, `shrunk_high`. Of many groups one in twenty lies beyond the 95 % limits
    by chance alone and is 'within' all the same. Limits do not hold for weighted rates with fractional scores exactly;
    they are then on the wide side.
    """
    found = rates(plans, by, measures=[measure], subject=subject, periods=periods)
    score, n = found["counted"].to_numpy(dtype=float), found["n"].to_numpy(dtype=float)
    centre = float(stat.rate(score.sum(), n.sum()))
    inner, outer = stat.funnel_limits(n, centre, 0.95), stat.funnel_limits(n, centre, 0.998)
    shrunk, enough = stat.shrink(score, n), ~found["too_few"].to_numpy(bool)
    far = stat.beyond_chance(np.where(enough, score, np.nan), np.where(enough, n, np.nan), centre)
    rare = far.adjusted < 1 - stat.LEVEL
    where = worded(
        [~enough, rare & (found["rate"] > centre).to_numpy(), rare], [stat.TOO_FEW, "above", "below"], "within"
    )
    return found.assign(
        centre=centre,
        limit_low=inner.low,
        limit_high=inner.high,
        outer_low=outer.low,
        outer_high=outer.high,
        chance=far.adjusted,
        overdispersion=far.overdispersion,
        outside=where,
        shrunk=shrunk.rate,
        shrunk_low=shrunk.low,
        shrunk_high=shrunk.high,
    )


def coverage(plans: Tables, *, subject: str = "assignment") -> pd.DataFrame:
    """What can be said at all: one row per municipality and year of which some document was read.

    Columns: `municipality_code`, `year`, `documents`, `units` (of plans and follow-ups together), `reported` (with
    any status), `reported_at_end` (with one of the year's end), `state`: 'followed_up' (statuses of the year's end),
    'interim_only', 'no_follow_up' (units but no status), 'nothing' (no such units). Reports say these in words.
    """
    about = subject_of(subject)
    place = ["municipality_code", "year"]
    records = plans[about.table][[about.key, *place]]
    records = records.assign(unit_id=lasting_ids(plans, about.table))
    if subject == "assignment":
        records = records[(plans.assignments["kind"] != UNFINISHED).fillna(True).to_numpy()]
    said = history(plans, subject)
    counts = {
        "documents": plans.documents.groupby(place)["document_id"].nunique(),
        "units": records.drop_duplicates(["unit_id", *place]).groupby(place)["unit_id"].size(),
        "reported": said.drop_duplicates(["unit_id", *place]).groupby(place)["unit_id"].size(),
        "reported_at_end": at(said, YEAR_END).drop_duplicates(["unit_id", *place]).groupby(place)["unit_id"].size(),
    }
    table = pd.DataFrame(counts).fillna(0).astype("int64").reset_index()
    state = worded(
        [table["reported_at_end"] > 0, table["reported"] > 0, table["units"] > 0],
        ["followed_up", "interim_only", "no_follow_up"],
        "nothing",
    )
    return table.assign(state=state)


def _whole_numbers(values: np.ndarray) -> np.ndarray:
    """Counts as integers where they are whole (they are not where committees share an assignment)."""
    rounded = np.rint(values)
    return rounded.astype(np.int64) if np.allclose(values, rounded, atol=1e-9) else values
