"""Rows of a CSV file, however a spreadsheet saved it.

Codings are UTF-8 with commas. A person who corrects one in a spreadsheet gets back semicolons, tabs (Excel's
'Unicode text'), Windows-1252 or UTF-16, a byte order mark, a line `sep=;`, decimal commas, or an empty column at the
end, and has changed nothing by it. What cannot be told apart from changed data is not guessed at but told.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from compare.documents.text import decode
from compare.problems import Told, told

DELIMITERS = (",", ";", "\t")
SEPARATOR_LINE = re.compile(r"\ufeff?sep=(.)\r?\n?", re.IGNORECASE)  # Excel's own first line, not one of the table
LONGEST_CELL = 2**31 - 1  # the most that every system takes
DAMAGED = re.compile("[\x00\ufffd]")


class NoRows(ValueError):
    """A file that has no rows to give; `what` is wrong, `action` says what to do."""

    def __init__(self, what: Told, action: Told, row: int | None = None) -> None:
        super().__init__(what)
        self.what, self.action, self.row = what, action, row


@dataclass(frozen=True, slots=True)
class Rows:
    """The header and the rows below it, each with the number of the line that it begins at.

    `decimal_comma` says that the file writes numbers as Swedish spreadsheets do: its commas part no cells.
    """

    header: list[str]
    body: list[tuple[int, list[str]]]
    decimal_comma: bool


def read(path: Path) -> Rows:
    """The file's rows without blank ones and without blank columns at its right edge.

    Raises `NoRows` for a file that is empty or no text, and `OSError` where it cannot be read.
    """
    text, _ = decode(path.read_bytes())
    delimiter, text, skipped = _delimiter(text)
    lines = [(number + skipped, cells) for number, cells in _cells(text, delimiter)]
    if not lines:
        raise NoRows(told("the file is empty"), told("give it the header row, see `plancompare template`"))
    (_, header), *body = lines
    if damaged := DAMAGED.search(text):
        row = skipped + text.count("\n", 0, damaged.start()) + 1
        raise NoRows(told("holds damaged characters"), told("save the table as CSV in UTF-8 again"), row)
    kept = len(header)
    while kept and not header[kept - 1].strip() and not any(_filled(cells, kept - 1) for _, cells in body):
        kept -= 1
    if kept < len(header):
        body = [(number, [*cells[:kept], *cells[len(header) :]]) for number, cells in body]
    return Rows([name.strip() for name in header[:kept]], body, decimal_comma=delimiter != ",")


def _delimiter(text: str) -> tuple[str, str, int]:
    """What parts the cells, the text without a line that says so, and how many lines that takes away."""
    if said := SEPARATOR_LINE.match(text):
        return said[1], text[said.end() :], 1
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    return max(DELIMITERS, key=first.count), text, 0


def _cells(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)  # a quote that is never closed makes one cell of the rest: told as a short row
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begin = 1
    for cells in reader:
        if any(map(str.strip, cells)):
            yield begin, cells
        begin = reader.line_num + 1


def _filled(cells: list[str], column: int) -> bool:
    return column < len(cells) and bool(cells[column].strip())
