"""What the words of a target cell state: which way is better, whether the number is enough, and where a range ends.

The direction is never guessed: 'minst 35 %', '< 20' and 'Minskat' state one, 'inte öka' is a limit the other way.
'Bättre' or 'förbättras' praises without naming one; 'topp 25 %' is a rank, which needs everybody's figures of the year.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from compare import vocabulary
from compare.measures.counting import brought, mapped
from compare.measures.directions import HIGHER, LOWER
from compare.reading.values import values as printed_values

BETWEEN, KEEP, RANK = "between", "keep", "rank"
_OF_COMPARISON = {
    "at_least": HIGHER,
    "more_than": HIGHER,
    "at_most": LOWER,
    "less_than": LOWER,
    "between": BETWEEN,
    "top": RANK,
}
_OF_DIRECTION = {"increase": HIGHER, "decrease": LOWER, "keep": KEEP}
_TURNED = {HIGHER: LOWER, LOWER: HIGHER}
_WITHOUT_EQUAL = ("more_than", "less_than")
_DIGITS = re.compile(r"\d+")


def stated_direction(text: str) -> str | None:
    """The direction that the words of a target cell state, or None: higher, lower, between, keep, rank.

    >>> [stated_direction(t) for t in ("minst 35 %", "< 20", "Minskat", "inte öka", "5-10", "Förbättras", "8,2")]
    ['higher', 'lower', 'lower', 'lower', 'between', None, None]
    """
    return _reading(text)[0]


def _reading(text: str) -> tuple[str | None, bool]:
    """The direction a cell states and whether reaching the number exactly is enough."""
    found = printed_values(_without(text, "or_equal"))
    comparisons = {_OF_COMPARISON.get(value.comparison or "") for value in found} - {None}
    if comparisons:
        exact = not any(value.comparison in _WITHOUT_EQUAL for value in found)
        spoken = _spoken(text, found[0].direction)
        agree = len(comparisons) == 1 and (
            spoken is None or not comparisons & {HIGHER, LOWER} or {spoken} == comparisons
        )
        return (comparisons.pop() if agree else None), exact
    return _spoken(text, found[0].direction if found else None), keeping_will_do(text)


def _spoken(text: str, direction: str | None) -> str | None:
    """The direction of a cell's words: turned by a denial, none for mere praise."""
    said = _OF_DIRECTION.get(direction or "")
    if said is None or _says("praise", text):
        return None
    return _TURNED.get(said, said) if denied(text) else said


def denied(text: str) -> bool:
    """Whether a cell turns what it names into the other way ('inte öka')."""
    return _says("denial", text)


def keeping_will_do(text: str) -> bool:
    """Whether staying where one is satisfies the words: they deny the other way or say 'or equal'.

    >>> [keeping_will_do(text) for text in ("inte öka", "större eller lika", "öka")]
    [True, True, False]
    """
    return denied(text) or _says("or_equal", text)


def _without(text: str, term: str) -> str:
    """The text without the words of a term: 'bibehålla eller öka' goes one way once 'or equal' is taken out."""
    for match in reversed(vocabulary.terms("target_words").find(text)):
        if match.term == term:
            text = f"{text[: match.start]} {text[match.end :]}"
    return text


def _says(term: str, text: str) -> bool:
    return any(match.term == term for match in vocabulary.terms("target_words").find(text))


def is_stated(rows: pd.DataFrame) -> np.ndarray:
    """Which target cells state a target: a number, or words that do not say that there is none yet ('Saknas').

    >>> cells = pd.DataFrame({"value": [5.0, None, None, None], "text": ["5", "Minskat", "Ny indikator", None]})
    >>> is_stated(cells).tolist()
    [True, True, False, False]
    """
    stated = rows["value"].notna().to_numpy(dtype=bool).copy()
    words = rows.loc[~stated, "text"]
    none_yet = mapped(words, lambda text: vocabulary.terms("no_target").match(text) is not None, bool)
    stated[~stated] = (words.notna() & ~none_yet.fillna(False).astype(bool)).to_numpy(dtype=bool)
    return stated


def readings(rows: pd.DataFrame) -> pd.DataFrame:
    """What each target cell states: `way`, `exact` (reaching the number is enough), `upper` end of a range."""
    codes, texts = pd.factorize(rows["text"])
    # Cells differ mostly in their numbers, which do not change the direction: each wording is read once.
    shapes = pd.Series([_DIGITS.sub("1", text) for text in texts], dtype="str")
    readings = {shape: _reading(shape) for shape in shapes.unique()}
    way = pd.Series([readings[shape][0] for shape in shapes], dtype="str")
    exact = pd.Series([readings[shape][1] for shape in shapes], dtype=bool)
    upper = [_upper(text) if stated == BETWEEN else np.nan for text, stated in zip(texts, way, strict=True)]
    return pd.DataFrame(
        {
            "way": brought(way, codes),
            "exact": brought(exact, codes).fillna(True).astype(bool),
            "upper": brought(pd.Series(upper, dtype=float), codes),
        }
    )


def _upper(text: str) -> float:
    ends = [value.upper for value in printed_values(text) if value.upper is not None]
    return ends[0] if len(ends) == 1 else np.nan
