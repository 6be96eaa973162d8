"""What a read file looks like to the rest of plancompare: blocks of text and tables, each with its place.

A `Document` knows nothing of plans. Format readers make it, `compare.reading` understands it. Every block and every
cell carries the place it stands at, so that each figure can lead back to its document, page and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["heading", "paragraph", "list_item"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: 1-based lines in the document's text, and the page where the format has pages."""

    line: int
    line_end: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A heading, paragraph or list item.

    `level` is the heading level that the file itself declares (1 = top; None where it declares none): plain text
    declares no headings, so there every block is a paragraph or list item and `compare.reading` finds the headings by
    their words. `marker` is the bullet or number of a list item as printed ('-', '1.', 'A'). `bold` tells that the
    whole block is set in bold.
    """

    text: str
    place: Place
    kind: BlockKind = "paragraph"
    level: int | None = None
    marker: str | None = None
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; an empty one has the text ''. A merged cell is repeated with `spans` telling how many columns.

    Paragraphs and list items within a cell stand on lines of their own, the latter behind their bullet.
    """

    text: str
    place: Place
    spans: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows of cells, all of one width. `caption` is the caption the file itself attaches (None if none).

    `header_rows` is the number of header rows the file itself declares (None where it declares none).
    """

    rows: tuple[tuple[Cell, ...], ...]
    place: Place
    caption: str | None = None
    header_rows: int | None = None

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


Block = Text | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A file as blocks in reading order.

    `lines` is the document's text, one entry per line that places refer to; `pages` is None where the format has no
    pages. `notes` are remarks on the reading itself (an encoding that was guessed, a scanned page without text), each
    a plain sentence; they become findings.
    """

    file_name: str
    media_type: str
    sha256: str
    blocks: tuple[Block, ...]
    lines: tuple[str, ...]
    pages: int | None = None
    title: str | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def texts(self) -> Iterator[Text]:
        return (block for block in self.blocks if isinstance(block, Text))

    @property
    def tables(self) -> Iterator[Table]:
        return (block for block in self.blocks if isinstance(block, Table))
