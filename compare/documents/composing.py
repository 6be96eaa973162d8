"""Blocks as they come from formats without lines of their own, put together into a `Document`.

A web page, a sheet or a PDF page has no lines that everyone counts alike. Here every text block is one line and every
table row is one, its cells set apart by tabs, so that a place names the same words in every format.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from compare.documents.characters import tidy
from compare.documents.model import Block, BlockKind, Cell, Document, Place, Table, Text
from compare.documents.recognition import Source
from compare.problems import PlanError

MAX_BLOCKS = 400_000
MAX_CELLS = 5_000_000


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell before it has its place: its text and how many columns it covers."""

    text: str
    spans: int = 1


@dataclass
class Composer:
    """Collects blocks in reading order and gives them their lines."""

    source: Source
    blocks: list[Block] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cells: int = 0

    def text(
        self,
        text: str,
        kind: BlockKind = "paragraph",
        *,
        level: int | None = None,
        marker: str | None = None,
        bold: bool = False,
        page: int | None = None,
    ) -> None:
        """Add a heading, paragraph or list item; one without words is left out."""
        text = tidy(text).replace("\n", " ")
        if not text:
            return
        self.lines.append(f"{marker} {text}" if marker else text)
        place = Place(len(self.lines), len(self.lines), page)
        self.add(Text(text, place, kind, level, marker, bold))

    def table(
        self,
        rows: Sequence[Sequence[Slot | str]],
        *,
        caption: str | None = None,
        header_rows: int | None = None,
        page: int | None = None,
        pages: Sequence[int] | None = None,
    ) -> None:
        """Add a table; its rows are padded on the right, and empty rows and columns at its edges are left out.

        A slot that covers several columns is repeated in each of them. `pages` gives each row its own page.
        """
        numbers = list(pages) if pages is not None else [page] * len(rows)
        widest = max((sum(item.spans if isinstance(item, Slot) else 1 for item in row) for row in rows), default=0)
        self.cells += widest * len(rows)
        if self.cells > MAX_CELLS:
            raise PlanError(
                f"{self.source.path}: has more than {MAX_CELLS:,} table cells; that is no plan; split the document"
            )
        spread = [spread_slots(row) for row in rows]
        numbers = [number for number, row in zip(numbers, spread, strict=True) if any(slot.text for slot in row)]
        spread = [row for row in spread if any(slot.text for slot in row)]
        if not spread:
            return
        width = max(len(row) for row in spread)
        spread = [[*row, *[Slot("")] * (width - len(row))] for row in spread]
        kept = [column for column in range(width) if any(row[column].text for row in spread)]
        first = len(self.lines) + 1
        placed = []
        for row, number in zip(spread, numbers, strict=True):
            row = without_columns(row, kept)
            self.lines.append("\t".join(slot.text.replace("\n", " ") for slot in row))
            place = Place(len(self.lines), len(self.lines), number)
            placed.append(tuple(Cell(slot.text, place, slot.spans) for slot in row))
        place = Place(first, len(self.lines), numbers[0])
        caption = tidy(caption) or None if caption else None
        self.add(Table(tuple(placed), place, caption, header_rows))

    def add(self, block: Block) -> None:
        """Take one block more; raises `PlanError` where they are too many."""
        if len(self.blocks) >= MAX_BLOCKS:
            raise PlanError(
                f"{self.source.path}: has more than {MAX_BLOCKS:,} paragraphs and tables; split the document"
            )
        self.blocks.append(block)

    def document(self, *, pages: int | None = None, title: str | None = None) -> Document:
        """What was collected; raises `PlanError` where nothing was."""
        if not self.blocks and not self.notes:
            raise PlanError(f"{self.source.path}: holds no text; a document with text was expected; check the file")
        return Document(
            file_name=self.source.name,
            media_type=self.source.media_type,
            sha256=self.source.sha256,
            blocks=tuple(self.blocks),
            lines=tuple(self.lines),
            pages=pages,
            title=tidy(title) or None if title else None,
            notes=tuple(dict.fromkeys(self.notes)),
        )


def spread_slots(row: Sequence[Slot | str]) -> list[Slot]:
    """A row with one slot per column: texts tidied, a merged one repeated."""
    spread: list[Slot] = []
    for item in row:
        slot = item if isinstance(item, Slot) else Slot(item)
        text = "\n".join(line for line in tidy(slot.text).split("\n") if line)
        spread.extend([Slot(text, slot.spans)] * slot.spans)
    return spread


def without_columns(row: Sequence[Slot], kept: Sequence[int]) -> list[Slot]:
    """A row with these columns only; a merged slot spans what is left of it."""
    if len(kept) == len(row):
        return list(row)
    left: list[Slot] = []
    start = 0
    while start < len(row):
        spans = max(1, row[start].spans)
        columns = [column for column in range(start, start + spans) if column in set(kept)]
        left.extend([replace(row[start], spans=len(columns))] * len(columns))
        start += spans
    return left
