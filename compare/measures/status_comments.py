"""What comments make of statuses: how many they limit or contradict, in what way, and how far rates depend on it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.completion import NOT_ASSESSED, latest_statuses
from compare.measures.counting import MUNICIPALITY_YEAR, By, groups


def qualified(
    plans: Tables,
    by: By = MUNICIPALITY_YEAR,
    *,
    subject: str = "assignment",
    periods: Sequence[str] | None = None,
) -> pd.DataFrame:
    """How often a status is limited or contradicted by its own comment: one row per group and status.

    Columns: `by`, `status`, `n` (statuses whose coding says whether they are qualified), `qualified`, `rate` with
    `low`, `high` (Wilson), `unknown` (coding does not say), `bound_low`, `bound_high`, `record_ids` (the qualified).
    """
    rows = latest_statuses(plans, by, subject=subject, periods=periods)
    found = groups(rows, [*by, "status"])
    yes, known = rows["qualified"].fillna(False).astype(bool), rows["qualified"].notna()
    n, k, unknown = found.count(known), found.count(yes), found.count(~known)
    return found.keys.assign(
        n=n,
        qualified=k,
        **stat.known_share(k, n, unknown),
        record_ids=found.lists(rows["status_id"], yes),
    )


def qualifications(
    plans: Tables,
    by: By = MUNICIPALITY_YEAR,
    *,
    subject: str = "assignment",
    periods: Sequence[str] | None = None,
) -> pd.DataFrame:
    """In what way statuses are qualified: one row per group, status and qualification; one status may have several.

    Columns: `by`, `status`, `qualification`, `n`, `total` (statuses of the group), `share` = n / total, `record_ids`.
    """
    rows = latest_statuses(plans, by, subject=subject, periods=periods)
    whole = groups(rows, [*by, "status"])
    named = rows.assign(_whole=whole.count()[whole.codes])
    named = named[named["qualification"].notna()].explode("qualification").dropna(subset="qualification")
    named["qualification"] = named["qualification"].astype("str")
    parts = groups(named, [*by, "status", "qualification"])
    n = parts.count()
    total = np.zeros(len(n), dtype=np.int64)
    total[parts.codes] = named["_whole"].to_numpy()
    return parts.keys.assign(n=n, total=total, share=stat.rate(n, total), record_ids=parts.lists(named["status_id"]))


def sensitivity(
    plans: Tables,
    by: By = MUNICIPALITY_YEAR,
    *,
    subject: str = "assignment",
    periods: Sequence[str] | None = None,
    limiting: Sequence[str] | None = None,
) -> pd.DataFrame:
    """How the rate depends on choices: what a partly completed and a qualified completed unit count for.

    One row per group and choice: `partly` and `qualified` each in {0, ½, 1} (a completed unit whose comment limits or
    contradicts it counts for `qualified`; with `limiting` only if the comment does so in one of these ways), with
    `rate`, `low`, `high`, `n`, `moved` (completed units that the choice about comments concerns), the difference to the
    strict rate as stated, `from_strict`, and `record_ids` (the assessed statuses).
    """
    rows = latest_statuses(plans, by, subject=subject, periods=periods)
    found = groups(rows, by)
    assessed = ~rows["status"].isin(NOT_ASSESSED)
    partly = found.count(rows["status"] == "partly_completed")
    completed = rows["status"] == "completed"
    doubtful = completed & _limited(rows, limiting)
    n, sure, moved = found.count(assessed), found.count(completed & ~doubtful), found.count(doubtful)
    record_ids = found.lists(rows["status_id"], assessed)
    parts = []
    for of_partly, of_qualified in product((0.0, 0.5, 1.0), (1.0, 0.5, 0.0)):
        score = sure + of_partly * partly + of_qualified * moved
        share = stat.share(score, n)
        parts.append(
            found.keys.assign(
                partly=of_partly,
                qualified=of_qualified,
                **share,
                n=n,
                moved=moved,
                from_strict=share["rate"] - stat.rate(sure + moved, n),
                record_ids=record_ids,
            )
        )
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def _limited(rows: pd.DataFrame, limiting: Sequence[str] | None) -> pd.Series:
    limited = rows["qualified"].fillna(False).astype(bool)
    if limiting is None:
        return limited
    named = rows.loc[limited, "qualification"].explode()
    within = named[named.isin(list(limiting))].index
    return limited & rows.index.isin(within)
