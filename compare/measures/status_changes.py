"""What changed between two periods of a year: from which status to which the units moved, and what the rate gained.

Only units of municipalities and years with statuses at both periods are compared, and each with itself: for groups
of different units see `compare.measures.completion.differences`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.completion import NOT_ASSESSED, scores_of
from compare.measures.counting import (
    MUNICIPALITY_YEAR,
    By,
    Groups,
    brought,
    check_by,
    groups,
    matches,
    of_whole,
    remembered,
)
from compare.measures.status_history import INTERIM, YEAR_END, at, history, latest

# How good the news of a status is: what only says that something has or has not begun is no news either way.
LIGHTS = {
    "completed": 2,
    "expected": 2,
    "partly_completed": 1,
    "partly_expected": 1,
    "at_risk": 1,
    "not_completed": 0,
    "not_expected": 0,
}
AT_RISK = ("not_expected", "at_risk", "partly_expected", "not_started")


@remembered
def transitions(
    plans: Tables,
    start: str | Sequence[str] = "T1",
    end: str | Sequence[str] = YEAR_END,
    by: By = MUNICIPALITY_YEAR,
    *,
    subject: str = "assignment",
) -> pd.DataFrame:
    """From which status at `start` to which at `end` the units of one year moved: the matrix, one row per cell.

    Columns: `by`, `from_status` (null: not reported at the start), `to_status` (null: no longer reported at the end),
    `n`, `total` (units with that `from_status`), `share` = n / total with `low`, `high` (Wilson), `record_ids` (both
    status rows of each unit). Only municipalities and years with statuses at both periods are counted: elsewhere
    there is nothing to move to.
    """
    rows = _seen_twice(plans, start, end, subject, by)
    whole = groups(rows, [*by, "status_start"])
    parts = groups(rows, [*by, "status_start", "status_end"])
    n, total = parts.count(), of_whole(whole.count(), whole, parts)
    keys = parts.keys.rename(columns={"status_start": "from_status", "status_end": "to_status"})
    return keys.assign(n=n, total=total, **stat.share(n, total, name="share"), record_ids=_both_ids(rows, parts))


def change(
    plans: Tables,
    start: str | Sequence[str] = "T1",
    end: str | Sequence[str] = YEAR_END,
    by: By = MUNICIPALITY_YEAR,
    *,
    measure: Literal["strict", "lenient"] = "strict",
    subject: str = "assignment",
    level: float = stat.LEVEL,
) -> pd.DataFrame:
    """How the completion rate changed between two periods among the units assessed at both (a paired difference).

    Columns: `by`, `n`, `both`, `gained` (completed only at the end), `lost` (only at the start: a regress),
    `neither`, `late` (completed at the end though not started, at risk or not fully expected at the start),
    `rate_start`, `rate_end`, `difference` with Newcombe's paired `low`, `high`, `too_few`, `record_ids`.
    """
    rows = _seen_twice(plans, start, end, subject, by)
    known = rows["status_start"].notna() & rows["status_end"].notna()
    rows = rows[known & ~rows["status_start"].isin(NOT_ASSESSED) & ~rows["status_end"].isin(NOT_ASSESSED)]
    full = list(scores_of(measure))
    before, after = rows["status_start"].isin(full), rows["status_end"].isin(full)
    found = groups(rows, by)
    both, gained = found.count(before & after), found.count(~before & after)
    lost, neither = found.count(before & ~after), found.count(~before & ~after)
    delta = stat.paired_difference(both, gained, lost, neither, level)
    n = found.count()
    return found.keys.assign(
        n=n,
        both=both,
        gained=gained,
        lost=lost,
        neither=neither,
        late=found.count(after & rows["status_start"].isin(AT_RISK)),
        rate_start=stat.rate(both + lost, n),
        rate_end=stat.rate(both + gained, n),
        difference=delta.difference,
        low=delta.low,
        high=delta.high,
        too_few=stat.too_few(n),
        record_ids=_both_ids(rows, found),
    )


def turns(
    plans: Tables, by: By = MUNICIPALITY_YEAR, *, subject: str = "assignment", level: float = stat.LEVEL
) -> pd.DataFrame:
    """How often the news got worse from one follow-up to the next, and how often bad news turned good at last.

    Compared are the follow-ups that stand next to each other in a year (T1 and T2, T2 and the year's end, or T1 and the
    year's end where no T2 was read), each unit with itself. News are good (completed, expected to be), doubtful (partly
    completed or expected to be, at risk) or bad (not completed, not expected to be); 'not started' and 'in progress'
    are no news. Columns: `by`, `from_period`, `to_period` (year: the end of the year, T3 too), `n` (units with news at
    both), `better`, `same`, `worse`, the regress share `rate` = worse / n with `low`, `high` (Wilson), `doubted` (of n,
    those with doubtful or bad news at the first), `turned` (of these, completed at the second: late in the year a
    miracle, or a doubt that was too strong), `turned_rate` = turned / doubted with `turned_low`, `turned_high`,
    `unknown` (units seen at either without news at both; cancelled ones too), `too_few`, `record_ids` (both statuses of
    those that turned or got worse). A group and step without any unit at both has no row.
    """
    rows = history(plans, subject)
    check_by(by, [name for name in rows.columns if name not in ("status", "period", "period_name")])
    parts = [_turned(plans, start, end, subject, by, level) for start, end in _steps(rows)]
    if not parts:
        return _turned(plans, "T1", "year", subject, by, level)
    found = pd.concat(parts, ignore_index=True)
    return found.sort_values(list(by), kind="stable", ignore_index=True) if by else found


def _steps(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """The pairs of periods that stand next to each other in the year of any municipality."""
    seen = rows[["municipality_code", "year"]].assign(place=rows["period_name"].map(_PLACES))
    seen = seen.drop_duplicates().sort_values("place", kind="stable")
    after = seen.groupby(["municipality_code", "year"])["place"].shift(-1)
    pairs = (
        pd.DataFrame({"start": seen["place"], "end": after}).dropna().drop_duplicates().sort_values(["start", "end"])
    )
    return [(_STEPS[int(start)], _STEPS[int(end)]) for start, end in pairs.itertuples(index=False)]


def _turned(plans: Tables, start: str, end: str, subject: str, by: By, level: float) -> pd.DataFrame:
    """One step of the year, of the municipalities and years in which nothing stands between its two periods."""
    rows = _seen_twice(plans, start, list(_PERIODS_OF[end]), subject, by)
    rows = rows[_next_to_each_other(plans, rows, start, end, subject)]
    before, after = (rows[f"status_{side}"].map(LIGHTS).to_numpy(dtype=float) for side in ("start", "end"))
    found = groups(rows, by)
    moved = np.sign(after - before)
    better, same, worse = found.count(moved > 0), found.count(moved == 0), found.count(moved < 0)
    doubted, done = before < LIGHTS["completed"], (rows["status_end"] == "completed").to_numpy(bool)
    known = ~np.isnan(after)
    n, of, turned = better + same + worse, found.count(doubted & known), found.count(doubted & done)
    miracle = stat.wilson(turned, of, level)
    ids = _both_ids(rows, found, (moved < 0) | (doubted & done))
    return found.keys.assign(
        from_period=pd.Series(start, index=found.keys.index, dtype="str"),
        to_period=pd.Series(end, index=found.keys.index, dtype="str"),
        n=n,
        better=better,
        same=same,
        worse=worse,
        **stat.share(worse, n, level),
        doubted=of,
        turned=turned,
        turned_rate=stat.rate(turned, of),
        turned_low=miracle.low,
        turned_high=miracle.high,
        unknown=found.count() - n,
        too_few=stat.too_few(n),
        record_ids=ids,
    )


def _next_to_each_other(plans: Tables, rows: pd.DataFrame, start: str, end: str, subject: str) -> np.ndarray:
    """Whether no period between the two was reported in the municipality and year of each row."""
    between = _STEPS[_STEPS.index(start) + 1 : _STEPS.index(end)]
    seen = at(history(plans, subject), [name for step in between for name in _PERIODS_OF[step]])
    return matches(rows, seen, MUNICIPALITY_YEAR) < 0


_PERIODS_OF = {**{name: (name,) for name in INTERIM}, "year": YEAR_END}
_STEPS = list(_PERIODS_OF)
_PLACES = {name: place for place, step in enumerate(_STEPS) for name in _PERIODS_OF[step]}


def _seen_twice(
    plans: Tables, start: str | Sequence[str], end: str | Sequence[str], subject: str, by: By
) -> pd.DataFrame:
    """One row per unit and year with its latest status at the two periods, where the year has statuses at both."""
    rows = history(plans, subject)
    check_by(by, [name for name in rows.columns if name not in ("status", "period", "period_name")])
    first, second = (latest(at(rows, [p] if isinstance(p, str) else list(p))) for p in (start, end))
    seen = matches(first, second, MUNICIPALITY_YEAR) >= 0, matches(second, first, MUNICIPALITY_YEAR) >= 0
    first, second = first[seen[0]], second[seen[1]]
    unit = ["unit_id", "year"]
    place = matches(first, second, unit)
    first, second = first.reset_index(drop=True), second.reset_index(drop=True)
    said = ["status", "status_id"]
    both = first.rename(columns={name: f"{name}_start" for name in said})
    both = both.assign(**{f"{name}_end": brought(second[name], place) for name in said})
    new = second[matches(second, first, unit) < 0].rename(columns={name: f"{name}_end" for name in said})
    return pd.concat([both, new], ignore_index=True)


def _both_ids(rows: pd.DataFrame, found: Groups, mask: np.ndarray | None = None) -> pd.Series:
    shown = np.ones(len(rows), dtype=bool) if mask is None else mask
    starts, ends = (
        found.lists(rows[f"status_id_{side}"], shown & rows[f"status_id_{side}"].notna().to_numpy())
        for side in ("start", "end")
    )
    return pd.Series([a + b for a, b in zip(starts, ends, strict=True)], index=found.keys.index, dtype=object)
