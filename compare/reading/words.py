"""Vocabularies as patterns: where a phrase's shape matters, not only its words, headings are recognised by these."""

from __future__ import annotations

import re
from functools import cache

from compare.vocabulary import terms


@cache
def any_of(vocabulary: str, *names: str) -> str:
    """A pattern for every word of a vocabulary (or of some of its terms), the longest first.

    >>> import re
    >>> bool(re.fullmatch(any_of("goal_levels", "inriktningsmål"), "inriktningsmål"))
    True
    """
    listed = terms(vocabulary)
    words = {word for name in names or tuple(listed) for word in listed.variants(name)}
    return alternatives(words)


@cache
def plurals_of_goals() -> str:
    """A pattern for the words that head a list of goals ('Nämndens mål')."""
    listed = terms("goal_levels")
    return alternatives({word for name in listed for word in listed.fact(name, "plural", [])})


def alternatives(words: set[str]) -> str:
    """Words as one pattern: the longest first, spaces of any width."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) + ")"
