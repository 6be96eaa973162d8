"""The remarks of a snapshot as a reader meets them: the gravest first, in the reader's language."""

from __future__ import annotations

import pandas as pd

from compare.presentation.wording import Wording, is_missing

SEVERITIES = ("error", "warning", "note")


def by_gravity(remarks: pd.DataFrame) -> pd.DataFrame:
    """The remarks with errors first, then warnings, then notes; within each in the order of the documents."""
    rank = remarks["severity"].map({name: place for place, name in enumerate(SEVERITIES)})
    return remarks.assign(rank=rank).sort_values("rank", kind="stable").drop(columns="rank").reset_index(drop=True)


def in_language(remarks: pd.DataFrame, say: Wording) -> pd.DataFrame:
    """The remarks by gravity, their words in the language in `message`; English where there are no Swedish ones."""
    ordered = by_gravity(remarks)
    pairs = zip(ordered["message"], ordered["message_sv"], strict=True)
    swedish = say.language == "sv"
    words = [str(sv) if swedish and not is_missing(sv) else str(en) for en, sv in pairs]
    return ordered.assign(message=pd.Series(words, dtype="str")).drop(columns="message_sv")
