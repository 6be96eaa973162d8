"""Sentences that a document numbers through: goals where its text calls them so, sections elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence

from compare.documents.model import Block, Table, Text
from compare.reading import headings
from compare.vocabulary import terms

# Numbered sentences are goals only where the text speaks of them as such soon after.
_SPEAKS_OF_GOAL = re.compile(r"\b(?:[Uu]nder|[Ii]nom|[Ff]ör)?\s*mål(?:område)?(?:et)?\s+(\w+)\b", re.IGNORECASE)


def goals(blocks: Sequence[Block]) -> dict[int, tuple[int, str]]:
    """Paragraphs 'N sentence' that count up from 1 through the document and that the text calls goals.

    The text does so when it says 'mål N' soon after at least half of them; otherwise they number sections.
    """
    found: dict[int, tuple[int, str]] = {}
    wanted = 1
    confirmed = 0
    for index, block in enumerate(blocks):
        if isinstance(block, Table):
            continue
        numbered = headings.numbered_sentence(f"{block.marker or ''} {block.text}".strip())
        if numbered is None or numbered[0] != wanted:
            continue
        found[index] = numbered
        confirmed += _called_goal(blocks[index + 1 : index + 5], wanted)
        wanted += 1
    return found if len(found) >= 3 and confirmed * 2 >= len(found) else {}


def _called_goal(blocks: Sequence[Block], number: int) -> bool:
    words = tuple(terms("numerals"))
    numeral = words[number] if number < len(words) else ""
    return any(
        match[1].casefold() in (str(number), numeral)
        for block in blocks
        if isinstance(block, Text)
        for match in _SPEAKS_OF_GOAL.finditer(block.text)
    )
