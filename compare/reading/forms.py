"""Forms: a goal or assignment with its fields, all in one paragraph or in a table of two columns.

'Nämndmål: Skolan är trygg. Indikator: Andel trygga elever. Målvärde 2024: 92 %' says the same as three lines, and so
does a table with the labels to the left. Both are taken apart into a paragraph for each field, read like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from compare.documents.model import Block, Cell, Table, Text
from compare.reading import headings, titles
from compare.reading.table_roles import header_word
from compare.reading.tables import place_of
from compare.reading.words import any_of
from compare.vocabulary import terms

LONGEST_LABEL = 40
LONGEST_PARAGRAPH = 800
# What may stand behind a goal or an assignment, by the roles of columns that say the same.
ROLES = (
    "indicator", "target", "outcome", "forecast", "status", "comment", "responsible", "committee", "description",
    "start", "end", "period", "source", "interval", "goal", "assignment",
)  # fmt: skip
_LABEL = re.compile(
    r"(?:(?<=[.;|]\s)|(?<=\n))(?P<label>[A-ZÅÄÖ][A-Za-zÅÄÖåäö]+(?: [A-Za-zåäö]+){0,2}(?: 20\d\d)?):\s+(?=\S)"
)
# A field of these in a goal's paragraph tells that it is a form; 'Status' and the like may stand in prose.
_OF_GOALS = ("indicator", "target", "outcome")


def parted(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with forms taken apart into paragraphs; other blocks stay as they are."""
    return tuple(part for block in blocks for part in (_rows(block) if isinstance(block, Table) else _pieces(block)))


def _pieces(block: Text) -> Iterator[Text]:
    """A goal's paragraph with fields behind it, one paragraph for each; any other is one."""
    if len(block.text) > LONGEST_PARAGRAPH or headings.goal_heading(block.text.strip()) is None:
        yield block
        return
    labels = [match for match in _LABEL.finditer(block.text) if header_word(match["label"]) in ROLES]
    if not any(header_word(match["label"]) in _OF_GOALS for match in labels):
        yield block
        return
    starts = [0, *(match.start() for match in labels), len(block.text)]
    for number, (first, last) in enumerate(pairwise(starts)):
        piece = block.text[first:last].strip(" |;\n")
        yield replace(block, text=piece) if number == 0 else replace(block, text=piece, kind="paragraph", level=None)


def _rows(table: Table) -> Iterator[Block]:
    """A table of labels and answers that begins with a goal or an assignment, one paragraph for each row."""
    pairs = [_pair(row) for row in table.rows]
    labels = [pair[0] for pair in pairs if pair]
    if len(pairs) < 2 or not all(pairs) or not _begins_form(labels[0]) or not all(map(_is_label, labels)):
        yield table
        return
    for row, pair in zip(table.rows, pairs, strict=True):
        if pair and pair[1]:
            yield Text(f"{pair[0]}: {pair[1]}", place_of(row))


def _pair(row: Sequence[Cell]) -> tuple[str, str] | None:
    """The label and the answer of a row of two cells; None for a row of more, or without a label."""
    texts = [titles.plain(cell.text) for cell in row]
    filled = [text for text in texts[1:] if text]
    return (texts[0].strip(" :"), " ".join(dict.fromkeys(filled))) if texts[0] and len(set(filled)) <= 1 else None


def _begins_form(label: str) -> bool:
    word = rf"(?:{any_of('goal_levels')}|{any_of('assignment_kinds')})"
    return re.fullmatch(rf"(?i)(?:nämndens\s+)?{word}(?:\s+\d[\d.:]*)?", label) is not None


def _is_label(label: str) -> bool:
    if len(label) > LONGEST_LABEL or label.endswith("."):
        return False
    found = terms("table_headers").match(re.sub(r"\s+20\d\d$", "", label))
    return _begins_form(label) or (found is not None and found.term in ROLES)
