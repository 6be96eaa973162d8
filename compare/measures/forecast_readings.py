"""What a forecast in words is worth under different readings of how sure it meant to be.

'Expected to be completed' is not a number. Taken as certainty it is punished hard for every miss; taken as nine chances
in ten, less. Where the result of the comparison with the base rate hangs on the reading, a report must say so.

Forecasts that all say the same cannot beat the base rate under any reading: with share completed q and reading p the
Brier score is (p - q)² + q (1 - q), of which the second part is that of the base rate itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from compare.contract import Tables
from compare.measures.forecast_accuracy import MUNICIPALITY_YEAR, confusion, scores
from compare.measures.status_history import INTERIM

CERTAINTIES = (1.0, 0.9, 0.8, 0.7)


def readings(
    plans: Tables,
    by: Sequence[str] = MUNICIPALITY_YEAR,
    *,
    certainties: Sequence[float] = CERTAINTIES,
    made_at: str | Sequence[str] = INTERIM,
    subject: str = "assignment",
) -> pd.DataFrame:
    """The Brier score of forecasts under each reading: one row per group and `certainty`.

    With certainty c the chance of being completed is c for 'expected', 1 - c for 'not expected' and one half for
    'partly expected'. Columns: `by`, `certainty`, `n`, `base_rate`, `brier`, `brier_base`, `skill`, `record_ids` (see
    `forecast_accuracy.scores`).
    """
    parts = []
    for certainty in certainties:
        chances = {"expected": certainty, "partly_expected": 0.5, "not_expected": 1 - certainty}
        rows = scores(plans, by, made_at=made_at, subject=subject, chances=chances)
        columns = [*by, "n", "base_rate", "brier", "brier_base", "skill", "record_ids"]
        parts.append(rows[columns].assign(certainty=certainty))
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def words_used(
    plans: Tables,
    by: Sequence[str] = MUNICIPALITY_YEAR,
    *,
    made_at: str | Sequence[str] = INTERIM,
    subject: str = "assignment",
) -> pd.DataFrame:
    """Which forecasts were made at all: one row per group.

    Columns: `by`, `n` (forecasts), `words` (a list of the forecasts used), `same` (all say the same).
    """
    rows = confusion(plans, by, made_at=made_at, subject=subject)
    found = rows.groupby(list(by), dropna=False, sort=False)
    result = found.agg(n=("n", "sum"), words=("forecast", lambda words: list(dict.fromkeys(words)))).reset_index()
    return result.assign(same=[len(words) == 1 for words in result["words"]])
