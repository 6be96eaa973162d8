"""Tables that lost their shape: one cell per line, or all of the table on one line.

A run of short paragraphs that are header words of different columns is the header of such a table; the paragraphs
behind it are its cells, row by row, as long as they fit the columns they fall under. A paragraph that begins with a
header and goes on with names, each followed by as many values as the header has years, is a table on one line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from compare.documents.model import Block, Cell, Table, Text
from compare.reading import apart, headings, spaced, stacked, titles, values, verdicts
from compare.reading.table_roles import YEAR, Column, Layout, cell_fits, header_pieces, header_word, layout
from compare.vocabulary import terms

LEAST_COLUMNS = 2
# Of rows of two cells so many must be a name and a figure.
LEAST_PAIRS = 2
LONGEST_FIGURE = 25
MOST_HEAD_WORDS = 5
MOST_COLUMNS = 10
LONGEST_HEADER = 60
# What the rows of such a table may be about.
FIRST_ROLES = ("action", "indicator", "assignment", "goal", "project", "label")
LONGEST_CELL = 400
LONGEST_LINE = 3_000


def restored(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with such runs of paragraphs put back together as tables; other blocks stay as they are."""
    whole: list[Block] = []
    index = 0
    while index < len(blocks):
        found = (
            verdicts.table_at(blocks, index)
            or apart.table_at(blocks, index)
            or _on_one_line(blocks[index], index)
            or _table_at(blocks, index)
            or stacked.table_at(blocks, index)
            or spaced.table_at(blocks, index)
        )
        if found is None:
            whole.append(blocks[index])
            index += 1
        else:
            table, index = found
            whole.append(table)
    return tuple(whole)


def _on_one_line(block: Block, index: int) -> tuple[Table, int] | None:
    """The table that one paragraph holds: a header of words and years, then names with their values."""
    if not isinstance(block, Text) or len(block.text) > LONGEST_LINE:
        return None
    years = list(re.finditer(r"(?<!\d)(?:19|20)\d\d(?!\d)", block.text))
    for count in range(min(len(years), MOST_COLUMNS), 1, -1):
        head = block.text[: years[count - 1].end()]
        pieces = header_pieces(head)
        if len(pieces) != count + 1 or not _is_head(pieces[0]):
            continue
        rows = _records(block.text[len(head) :], count)
        if rows:
            cells = tuple(tuple(Cell(text, block.place) for text in row) for row in [pieces, *rows])
            return Table(cells, block.place), index + 1
    return None


def _records(text: str, count: int) -> list[list[str]]:
    """Names with their values, when a text consists of nothing else; empty otherwise."""
    value = r"(?:[<>≥≤]?\s?[-–−]?\d+(?:[.,]\d+)?\s?%?|[-–](?=\s|$))"
    figures = rf"{value}(?:(?:\s+|(?<=%)){value}){{{count - 1}}}"
    record = re.compile(rf"\s*(?P<name>[A-ZÅÄÖ][^\d%]*?(?:\(%\))?,?)\s+(?P<values>{figures})(?=\s+[A-ZÅÄÖ]|\s*$)")
    rows: list[list[str]] = []
    position = 0
    while match := record.match(text, position):
        rows.append([match["name"].strip(), *re.findall(value, match["values"])])
        position = match.end()
    return rows if not text[position:].strip() else []


def _table_at(blocks: Sequence[Block], first: int) -> tuple[Table, int] | None:
    """The table whose first header cell stands at a block, and the index behind it; None where none begins."""
    begins = blocks[first]
    if not isinstance(begins, Text) or not _is_head(begins.text) or header_word(begins.text) not in FIRST_ROLES:
        return None
    above = blocks[first - 1] if first else None
    if isinstance(above, Text) and spaced.heads_figures(above.text) and _is_head(above.text):
        # A header does not begin behind a head of figures.
        return None
    run = _texts(blocks[first : first + MOST_COLUMNS], LONGEST_HEADER)
    header = list(takewhile(lambda text: _is_head(text.text), run))
    for width in range(len(header), LEAST_COLUMNS - 1, -1):
        head = layout(_as_table([header[:width], header[:width]], width))
        roles = [column.role for column in head.columns]
        names = [column.role for column in head.columns if not column.has_values]
        distinct = len({(c.role, c.year) for c in head.columns}) == width and len(set(names)) == len(names)
        if not _is_header(roles) or not distinct:
            continue
        rows = _rows(blocks, first + width, head, width)
        if rows and (width > LEAST_COLUMNS or _are_pairs(rows)):
            return _as_table([header[:width], *rows], width), first + width + sum(map(_size, rows))
    return None


def _size(row: Sequence[Text]) -> int:
    """How many paragraphs a row is made of: the first cell of a goal that goes on is none."""
    return sum(1 for cell in row if cell.text)


def _are_pairs(rows: Sequence[Sequence[Text]]) -> bool:
    """Whether rows of two cells are names with figures behind them, and not paragraphs that follow a header."""
    return len(rows) >= LEAST_PAIRS and all(
        re.search(r"\d", row[-1].text) and len(row[-1].text) <= LONGEST_FIGURE and len(row[0].text) > len(row[-1].text)
        for row in rows
    )


def _is_header(roles: Sequence[str | None]) -> bool:
    """Whether every cell of a run is a header word, the first one naming what the rows are about."""
    return all(roles) and roles[0] in FIRST_ROLES


def _is_head(text: str) -> bool:
    """Whether a text is a header cell and nothing else: header words alone or a long phrase, with its year."""
    plain = re.sub(r"\b(?:19|20)\d\d\b|[()]", " ", text).strip()
    if ":" in text or not plain or len(text) > LONGEST_HEADER:
        return False
    vocabulary = terms("table_headers")
    if vocabulary.match(plain):
        return True
    found = vocabulary.first(plain, damaged=False)
    # A year behind it tells a header cell of more words ('Avvikelse mot budget 2021').
    dated = plain != text.strip() and re.search(rf"{YEAR}$", text.strip()) and len(plain.split()) <= MOST_HEAD_WORDS
    return found is not None and found.start == 0 and (len(found.variant.split()) >= 3 or bool(dated))


def _texts(blocks: Sequence[Block], longest: int) -> list[Text]:
    """The plain paragraphs at the beginning of some blocks."""
    found: list[Text] = []
    for block in blocks:
        if not isinstance(block, Text) or len(block.text) > longest or block.kind != "paragraph":
            break
        found.append(block)
    return found


def _rows(blocks: Sequence[Block], first: int, head: Layout, width: int) -> list[list[Text]]:
    """The rows of cells from a block on, up to the first that does not fit the columns."""
    rows: list[list[Text]] = []
    index = first
    while len(row := _texts(blocks[index : index + width], LONGEST_CELL)) == width:
        if any(_ends_table(cell.text) for cell in row) or (_is_head(row[0].text) and re.search(YEAR, row[0].text)):
            break
        if any(c.has_values and _is_head(cell.text) for cell, c in zip(row, head.columns, strict=True)):
            # The header of another table.
            break
        if _heads_part(row, head.columns):
            rows.append([row[0], *(replace(cell, text="") for cell in row[1:])])
            index += 1
            continue
        if not _fits(row, head.columns):
            # A goal that goes on from the row above is not printed again.
            goes_on = [replace(row[0], text=""), *row[:-1]]
            if not rows or not _goal_first(head) or not _fits(goes_on[1:], head.columns[1:]):
                break
            row = goes_on
        rows.append(row)
        index += _size(row)
    return rows


def _heads_part(row: Sequence[Text], columns: Sequence[Column]) -> bool:
    """Whether a first cell names a part of the table: a name stands where figures should, and figures behind it."""
    if len(row) < LEAST_COLUMNS + 1 or not all(column.has_values for column in columns[1:]):
        return False
    second, *others = (cell.text for cell in row[1:])
    plain = not re.search(r"\d", second) and values.number(second).direction is None and not values.is_missing(second)
    return plain and all(spaced.only_figures(text) for text in others)


def _fits(row: Sequence[Text], columns: Sequence[Column]) -> bool:
    return all(cell_fits(cell.text, column) for cell, column in zip(row, columns, strict=True))


def _goal_first(head: Layout) -> bool:
    """Whether the first column names goals and the second what stands under them."""
    return head.columns[0].role == "goal" and head.columns[1].role in ("indicator", "assignment", "action")


def _ends_table(text: str) -> bool:
    return (
        headings.goal_heading(text) is not None
        or headings.assignment_heading(text) is not None
        or titles.is_footnote(text)
    )


def _as_table(rows: Sequence[Sequence[Text]], width: int) -> Table:
    first, last = rows[0][0].place, rows[-1][-1].place
    place = replace(first, line_end=max(first.line_end, last.line_end))
    return Table(tuple(tuple(Cell(text.text, text.place) for text in row[:width]) for row in rows), place)
