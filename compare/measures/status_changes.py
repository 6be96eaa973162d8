"""What changed between two periods of a year: from which status to which the units moved, and what the rate gained.

Only units of municipalities and years with statuses at both periods are compared, and each with itself: for groups
of different units see `compare.measures.completion.differences`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

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
from compare.measures.status_history import YEAR_END, at, history, latest

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


def _both_ids(rows: pd.DataFrame, found: Groups) -> pd.Series:
    starts, ends = (
        found.lists(rows[f"status_id_{side}"], rows[f"status_id_{side}"].notna()) for side in ("start", "end")
    )
    return pd.Series([a + b for a, b in zip(starts, ends, strict=True)], index=found.keys.index, dtype=object)
