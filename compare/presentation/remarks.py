"""The remarks of a snapshot as a reader meets them: the gravest first, in the reader's language."""

from __future__ import annotations

import re

import pandas as pd

from compare.presentation.wording import MINUS, NO_BREAK_SPACE, Wording, is_missing

SEVERITIES = ("error", "warning", "note")


def by_gravity(remarks: pd.DataFrame) -> pd.DataFrame:
    """The remarks with errors first, then warnings, then notes; within each in the order of the documents."""
    rank = remarks["severity"].map({name: place for place, name in enumerate(SEVERITIES)})
    return remarks.assign(rank=rank).sort_values("rank", kind="stable").drop(columns="rank").reset_index(drop=True)


def counted(severity: str, n: int, say: Wording) -> str:
    """How many remarks of a severity there are, in words: '2 warnings'."""
    return {
        "error": say.plural("{n} error", "{n} errors", n),
        "warning": say.plural("{n} warning", "{n} warnings", n),
        "note": say.plural("{n} note", "{n} notes", n),
    }[severity]


def in_language(remarks: pd.DataFrame, say: Wording) -> pd.DataFrame:
    """The remarks by gravity, their words in the language in `message`; English where there are no Swedish ones."""
    ordered = by_gravity(remarks)
    pairs = zip(ordered["message"], ordered["message_sv"], strict=True)
    swedish = say.language == "sv"
    words = [typeset(str(sv) if swedish and not is_missing(sv) else str(en)) for en, sv in pairs]
    return ordered.assign(message=pd.Series(words, dtype="str")).drop(columns="message_sv")


def typeset(text: str) -> str:
    """A remark with proper minus signs and with amounts and places that no line break parts; dates keep their hyphens.

    >>> typeset("2202-12-31 is -6 976 tkr").replace(NO_BREAK_SPACE, "_")
    '2202-12-31 is −6_976_tkr'
    """
    text = re.sub(r"(?<![\w-])-(?=\d)", MINUS, text)
    text = re.sub(r"(?<=\d) (?=\d{3}\b|tkr\b|mnkr\b|kr\b|%)", NO_BREAK_SPACE, text)
    return re.sub(r"\b(rad|s\.|line|p\.) (?=\d)", f"\\1{NO_BREAK_SPACE}", text)
