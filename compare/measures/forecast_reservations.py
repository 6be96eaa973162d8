"""What the comments beside forecasts and outcomes add to the hit rate: reservations about what held, early warnings.

A forecast of completion holds where the status sentence at the year's end says 'completed', also where the comment
beside it tells that money ran out or the goal was not reached. And a forecast may carry its own warning: a comment that
already limits it. Only forecasts of completion count: what was expected to fail or to be done in part has a limiting
comment beside its outcome by its nature, and failure cannot come out worse.

Which comments limit a status is in the tables (`qualified`); nothing is read here. Where the coding does not say
whether a comment does, it is unknown and not 'no'.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.counting import MUNICIPALITY_YEAR, By, brought, check_by, groups, positions
from compare.measures.forecast_accuracy import forecasts
from compare.measures.status_history import INTERIM, per_committee


def reservations(
    plans: Tables,
    by: By = MUNICIPALITY_YEAR,
    *,
    made_at: str | Sequence[str] = INTERIM,
    subject: str = "assignment",
    level: float = stat.LEVEL,
) -> pd.DataFrame:
    """How many promises held without a reservation, and whether those that warned fell short: one row per group.

    Columns: `by`, `n` (forecasts of completion with a known outcome), `held`, `clean` (held, and no comment limits the
    outcome), `reserved` (held, and a comment limits or contradicts it), `unknown` (held, and the coding does not say),
    `rate` = clean / (n - unknown) with `low`, `high` (Wilson), `bound_low`, `bound_high` (Manski); `warned` (forecasts
    whose own comment limits them) and `warned_short` (of these, came out worse), `silent` and `silent_short` (the same
    of those whose comment does not), `too_few`, `record_ids` (forecasts and outcomes of what held with a reservation),
    `warning_ids` (of what warned).
    """
    rows = forecasts(plans, made_at=made_at, subject=subject)
    promised = (rows["forecast"] == "expected") & rows["result"].isin(["held", "worse"])
    rows = rows[promised].reset_index(drop=True)
    for name in ("forecast", "outcome"):
        place = positions(rows[f"{name}_id"], plans.statuses["status_id"])
        rows[f"{name}_limited"] = brought(plans.statuses["qualified"], place).astype("boolean")
    if "committee" in by:
        rows = per_committee(rows, shared=False)
    found = groups(rows, check_by(by, rows.columns))
    held, short = rows["result"] == "held", rows["result"] == "worse"
    limited, warned = (rows[f"{name}_limited"].fillna(False).astype(bool) for name in ("outcome", "forecast"))
    unsaid, silent = held & rows["outcome_limited"].isna(), (~rows["forecast_limited"]).fillna(False).astype(bool)
    clean, unknown = found.count(held & ~limited & ~unsaid), found.count(unsaid)
    n = found.count()
    ids = [found.lists(rows[name], held & limited) for name in ("forecast_id", "outcome_id")]
    warnings = [found.lists(rows[name], warned) for name in ("forecast_id", "outcome_id")]
    return found.keys.assign(
        n=n,
        held=found.count(held),
        clean=clean,
        reserved=found.count(held & limited),
        **stat.known_share(clean, n - unknown, unknown, level),
        warned=found.count(warned),
        warned_short=found.count(warned & short),
        silent=found.count(silent),
        silent_short=found.count(silent & short),
        too_few=stat.too_few(n),
        record_ids=pd.Series([a + b for a, b in zip(*ids, strict=True)], index=found.keys.index, dtype=object),
        warning_ids=pd.Series([a + b for a, b in zip(*warnings, strict=True)], index=found.keys.index, dtype=object),
    )
