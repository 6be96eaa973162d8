"""Tables whose cells stand as paragraphs, one below the other, each row ended by its verdict.

Pages of municipalities print 'Mål Kommentarer Uppfyllt Ja/Nej' on one line, then a goal, as many paragraphs of comment
as it takes, and 'Ja'. The words of the header tell what a row begins with, the verdict where it ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from compare.documents.model import Block, Cell, Place, Table, Text
from compare.reading import follow_up, headings, titles
from compare.reading.statuses import classify
from compare.vocabulary import terms

# What a row of such a table may be about.
SUBJECTS = ("goal", "assignment", "action", "indicator")
BESIDE = ("comment", "description", "responsible", "committee")
LONGEST_HEADER = 90
MOST_COLUMNS = 4
# So many paragraphs may stand between a row's title and its verdict.
MOST_BETWEEN = 15
LONGEST_VERDICT = 40
MOST_VERDICT_WORDS = 4
_ANSWERS = re.compile(r"(?i)\(?\bja\s*/\s*(?:delvis\s*/\s*)?nej\b\)?")


def table_at(blocks: Sequence[Block], first: int) -> tuple[Table, int] | None:
    """The table whose header begins at a block, and the index behind its last row; None where none begins."""
    header, index = _header(blocks, first)
    if not header:
        return None
    rows: list[tuple[Cell, ...]] = []
    while (row := _row(blocks, index, header)) is not None:
        cells, index = row
        rows.append(cells)
    if not rows:
        return None
    place = blocks[first].place
    head = tuple(Cell(text, place) for text in header)
    return Table((head, *rows), Place(place.line, rows[-1][-1].place.line_end, place.page)), index


def _header(blocks: Sequence[Block], first: int) -> tuple[list[str], int]:
    """The columns of a header on one line or on a line for each, and the index behind it; no columns without one."""
    block = blocks[first]
    if not isinstance(block, Text) or len(block.text) > LONGEST_HEADER:
        return [], first
    if columns := header_columns(block.text):
        return columns, first + 1
    run = [b.text for b in takewhile(lambda b: isinstance(b, Text), blocks[first : first + MOST_COLUMNS])]  # type: ignore[union-attr]
    for count in range(len(run), 1, -1):
        if all(len(header_columns(text, alone=True)) == 1 for text in run[:count]) and (
            columns := header_columns(" ".join(run[:count]))
        ):
            return columns, first + count
    return [], first


def header_columns(text: str, *, alone: bool = False) -> list[str]:
    """The header words that a line consists of, from what rows are about to their verdict; empty for other lines.

    >>> header_columns("Mål Kommentarer Uppfyllt  Ja/Nej"), header_columns("Mål och budget")
    (['Mål', 'Kommentarer', 'Uppfyllt Ja/Nej'], [])
    """
    answers = _ANSWERS.search(text)
    plain = _ANSWERS.sub(" ", text).rstrip()
    found = terms("table_headers").find(plain, damaged=False)
    between = "".join(
        plain[end:start]
        for end, start in zip([0, *(m.end for m in found)], [*(m.start for m in found), len(plain)], strict=True)
    )
    if not found or between.strip(" /:") or not plain[:1].isupper():
        return []
    pieces = [plain[match.start : match.end] for match in found]
    roles = [match.term for match in found]
    if answers and roles[-1] == "status":
        pieces[-1] = f"{pieces[-1]} {answers[0].strip()}"
    if alone:
        return pieces if len(pieces) == 1 else []
    cased = all(piece[0].isupper() for piece in pieces)
    listed = roles[0] in SUBJECTS and roles[-1] == "status" and set(roles[1:-1]) <= set(BESIDE)
    return pieces if listed and cased and 1 < len(roles) <= MOST_COLUMNS and len(set(roles)) == len(roles) else []


def _row(blocks: Sequence[Block], first: int, header: list[str]) -> tuple[tuple[Cell, ...], int] | None:
    """The cells of a row that begins at a block, and the index behind its verdict; None where none begins."""
    title = blocks[first] if first < len(blocks) else None
    if (
        not isinstance(title, Text)
        or _ends(title)
        or len(title.text) > headings.LONGEST_GOAL
        or header_columns(title.text)
    ):
        return None
    for index in range(first + 1, min(first + 2 + MOST_BETWEEN, len(blocks))):
        block = blocks[index]
        if not isinstance(block, Text) or _ends(block) or header_columns(block.text):
            return None
        if not _is_verdict(block.text, header[-1]):
            continue
        between = [other for other in blocks[first + 1 : index] if isinstance(other, Text)]
        return tuple(_cells(title, between, block, len(header))), index + 1
    return None


def _cells(title: Text, between: Sequence[Text], verdict: Text, width: int) -> list[Cell]:
    """The title, the paragraphs between in the columns that there are for them, and the verdict."""
    cells = [Cell(title.text, title.place)]
    for column in range(width - 2):
        last = column == width - 3
        texts = between[column:] if last else between[column : column + 1]
        place = Place(texts[0].place.line, texts[-1].place.line_end, texts[0].place.page) if texts else title.place
        cells.append(Cell("\n".join(text.text for text in texts), place))
    return [*cells, Cell(verdict.text, verdict.place)]


def _ends(block: Text) -> bool:
    """Whether a paragraph heads something else, so that no row goes on over it."""
    text = block.text.strip()
    numbered = headings.without_section_number(text) != text and titles.looks_like_heading(text)
    return block.kind == "heading" or numbered or headings.goal_heading(text) is not None


def _is_verdict(text: str, question: str) -> bool:
    """Whether a paragraph answers the header of the last column and says nothing else."""
    text = text.strip()
    if len(text) > LONGEST_VERDICT or len(text.split()) > MOST_VERDICT_WORDS or not text[:1].isupper():
        return False
    asked = _ANSWERS.sub("", question).strip()
    return follow_up.bare_status(text) is not None or classify(text, question=asked) is not None
