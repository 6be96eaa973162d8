"""Labels that a document repeats above paragraphs of one sort: 'Verksamhetsmål', a goal, 'Nyckeltal', a measure.

A form filled in for each committee prints its labels again and again. A short paragraph that recurs is such a label,
and its words tell what stands below it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from compare.documents.model import Block, Text
from compare.reading import titles
from compare.reading.words import any_of, plurals_of_goals
from compare.vocabulary import fold, terms

LEAST_REPEATED = 3
LONGEST_LABEL = 90
# A paragraph under a label that is longer than this explains rather than names.
LONGEST = 350
LONGEST_TITLE = 160


@dataclass(frozen=True, slots=True)
class Label:
    """A repeated label: what stands below it, and of goals their level."""

    lists: Literal["goal", "measures", "assignment", "other"]
    term: str | None = None


def key(text: str) -> str:
    """A label as it is compared."""
    return fold(text).strip(" :")


def is_field(text: str) -> bool:
    """Whether a line is a label and its answer.

    >>> is_field("Mäts genom: enkät"), is_field("Barnen ska må bra")
    (True, False)
    """
    return re.match(r"[A-ZÅÄÖ][^:.]{2,40}:\s+\S", text) is not None


def repeated(blocks: Sequence[Block]) -> dict[str, Label]:
    """The labels of a document; empty unless it repeats one above goals, measures or assignments."""
    short = [b.text for b in blocks if isinstance(b, Text) and titles.looks_like_heading(b.text, LONGEST_LABEL)]
    counted = Counter(key(text) for text in short if re.search(r"[^\W\d_]{3}", text) and not is_field(text))
    # Two are enough where each has a short paragraph below it, as a form's labels of goals have.
    least = (
        2 if any(_label(text).lists == "goal" and _heads_titles(blocks, text) for text in counted) else LEAST_REPEATED
    )
    found = {text: _label(text) for text, times in counted.items() if times >= least}
    return found if any(label.lists != "other" for label in found.values()) else {}


def _heads_titles(blocks: Sequence[Block], label: str) -> bool:
    """Whether a label stands twice or more, each time with a single line below it that can be a title."""
    places = [index for index, b in enumerate(blocks) if isinstance(b, Text) and key(b.text) == label]
    below = [blocks[index + 1] for index in places if index + 1 < len(blocks)]
    return len(places) == len(below) > 1 and all(
        isinstance(block, Text) and block.kind == "paragraph" and len(block.text) <= LONGEST_TITLE for block in below
    )


def _label(text: str) -> Label:
    goal = re.match(
        rf"(?:(?P<many>{plurals_of_goals()})|(?P<one>{any_of('goal_levels')}))(?:\s+(?:med|för|inom)\b.*)?$", text
    )
    if goal:
        match = terms("goal_levels").match(goal["one"] or goal["many"])
        return Label("goal", match.term if match else "mål")
    found = terms("section_words").match(text)
    if found and found.term == "measures":
        return Label("measures")
    work = terms("assignment_kinds").match(text)
    return Label("assignment") if work else Label("other")
