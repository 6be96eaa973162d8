"""CSV files: one table, or several where empty lines part them, with the file's own lines as places.

The delimiter is the one that parts the lines most evenly; Swedish programs write semicolons, others commas or tabs.
Cells stay the text they are: a code such as 0114 keeps its zero.
"""

from __future__ import annotations

import csv
import re
from collections import Counter

from compare.documents.markup import plain
from compare.documents.model import Block, Cell, Document, Place, Table, Text
from compare.documents.recognition import Source
from compare.documents.text import MAX_LINES, decode, from_text, split_lines
from compare.problems import PlanError

DELIMITERS = (";", "\t", ",", "|")
MAX_FIELD = 1_000_000
# The first line by which a file tells Excel its delimiter.
SEPARATOR = re.compile(r"sep=.?", re.IGNORECASE)


def read(source: Source) -> Document:
    """The CSV file as a `Document`; raises `PlanError` for one without text or with far too many lines."""
    text, notes = decode(source.data)
    lines = split_lines(text)
    if len(lines) > MAX_LINES:
        raise PlanError(f"{source.path}: has {len(lines):,} lines; at most {MAX_LINES:,} are read; split the file")
    delimiter = delimiter_of(lines)
    if delimiter is None:
        return from_text(text, source, notes)
    csv.field_size_limit(MAX_FIELD)
    try:
        blocks = gathered(lines, delimiter)
    except csv.Error as error:
        raise PlanError(f"{source.path}: is a damaged CSV file ({error}); export it again") from error
    return Document(source.name, source.media_type, source.sha256, tuple(blocks), tuple(lines), notes=notes)


def delimiter_of(lines: list[str]) -> str | None:
    """The character that parts most lines into the same number of cells; None where none does."""
    sample = [line for line in lines[:200] if line.strip()]
    best, most = None, 0
    for delimiter in DELIMITERS:
        counts = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if len(row) > 1)
        agreeing = max(counts.values(), default=0)
        if agreeing > most:
            best, most = delimiter, agreeing
    return best


def gathered(lines: list[str], delimiter: str) -> list[Block]:
    """The rows of the file as tables and, where a line holds one cell, as text above or below them."""
    blocks: list[Block] = []
    rows: list[tuple[list[str], int, int]] = []
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter)
    done = 0
    for row in reader:
        start, done = done + 1, reader.line_num
        cells = [plain(cell) for cell in row]
        filled = [cell for cell in cells if cell]
        if not filled or (done == 1 and SEPARATOR.fullmatch(lines[0].strip('"'))):
            close(blocks, rows)
        elif len(filled) == 1 and not rows:
            blocks.append(Text(filled[0].replace("\n", " "), Place(start, done)))
        else:
            rows.append((cells, start, done))
    close(blocks, rows)
    return blocks


def close(blocks: list[Block], rows: list[tuple[list[str], int, int]]) -> None:
    """Add the rows gathered so far as a table, padded to one width."""
    if not rows:
        return
    width = max(len(cells) for cells, _, _ in rows)
    placed = tuple(
        tuple(Cell(cell, Place(start, end)) for cell in [*cells, *[""] * (width - len(cells))])
        for cells, start, end in rows
    )
    blocks.append(Table(placed, Place(rows[0][1], rows[-1][2])))
    rows.clear()
