"""A page's words as blocks in reading order: columns one after the other, tables, paragraphs, headings, list items.

What tags declare is taken before what lines draw, and that before what alignment suggests.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from compare.documents.characters import divided, ends_sentence, joined, list_marker, tidy
from compare.documents.columns import fill, find_aligned
from compare.documents.composing import Slot
from compare.documents.grid import grid_rows, grids
from compare.documents.pdf_page import Page
from compare.documents.pieces import Piece, Row, lined_up
from compare.documents.tags import Role, TaggedTable, roles, tagged_tables

# Prose in columns: at least so many lines with both sides filled.
COLUMN_LINES = 8
MIN_FILL = 0.6
MIN_WORDS = 3.0


@dataclass(slots=True)
class LaidText:
    """A text block on a page."""

    text: str
    page: int
    rows: list[Row]
    role: Role | None = None
    marker: str | None = None

    @property
    def size(self) -> float:
        return max(row.size for row in self.rows)

    @property
    def bold(self) -> bool:
        return all(row.bold for row in self.rows)


@dataclass(slots=True)
class LaidTable:
    """A table on a page: rows of slots, their pages, the left edges of its columns, and what is known of its head."""

    rows: list[list[Slot]]
    pages: list[int]
    top: float
    bottom: float
    edges: list[float | None]
    header_rows: int | None = None
    headed: bool = False


LaidBlock = LaidText | LaidTable


@dataclass(slots=True)
class Stretch:
    """Part of a page that is read from top to bottom: lines and the drawn tables between them."""

    rows: list[Row]
    tables: list[LaidTable] = field(default_factory=list)


def laid_out(page: Page, hidden: set[int]) -> list[LaidBlock]:
    """The page's blocks in reading order; `hidden` holds the ids of pieces that are no content."""
    pieces = [piece for piece in page.pieces if id(piece) not in hidden]
    declared = tagged_tables(page.tree, pieces)
    tables, rest = declared_tables(page, pieces, declared)
    drawn, rest = drawn_tables(page, rest)
    tables += drawn
    found_roles = roles(page.tree, declared)
    blocks: list[LaidBlock] = []
    parts = stretches(rest, tables, page)
    # A page that is not set in columns has its right margin where lines usually end, however short these are.
    least = 0.8 * page.width if len(parts) == 1 else 0.0
    for stretch in parts:
        blocks.extend(stretch_blocks(stretch, page, found_roles, least))
    return blocks


# --- tables ----------------------------------------------------------------------------------------------------------


def declared_tables(
    page: Page, pieces: list[Piece], tables: Sequence[TaggedTable]
) -> tuple[list[LaidTable], list[Piece]]:
    """The tables that tags declare, and the pieces that stand in none of them."""
    found: list[LaidTable] = []
    used: set[int] = set()
    for table in tables:
        inside = table.pieces
        used.update(id(piece) for piece in inside)
        found.append(from_tags(table, page.number, inside, page.glued))
    return found, [piece for piece in pieces if id(piece) not in used]


def from_tags(table: TaggedTable, number: int, pieces: Sequence[Piece], glued: bool) -> LaidTable:
    """A tagged table; a cell that reaches over rows is repeated in each."""
    below: dict[int, tuple[str, int, int]] = {}
    rows: list[list[Slot]] = []
    starts = table.starts
    for cells, columns in zip(table.rows, starts, strict=True):
        line: dict[int, Slot] = {column: Slot(text, span) for column, (text, span, left) in below.items() if left > 0}
        below = {column: (text, span, left - 1) for column, (text, span, left) in below.items() if left > 1}
        for cell, column in zip(cells, columns, strict=True):
            text = "\n".join(lines_as_text(lined_up(paragraph), glued) for paragraph in cell.paragraphs)
            line[column] = Slot(text, cell.columns)
            if cell.rows > 1:
                below[column] = (text, cell.columns, cell.rows - 1)
        rows.append(in_columns(line))
    edges = left_edges(table, starts)
    top, bottom = min(piece.top for piece in pieces), max(piece.bottom for piece in pieces)
    return LaidTable(rows, [number] * len(rows), top, bottom, edges, table.header_rows, table.first_is_header)


def in_columns(line: dict[int, Slot]) -> list[Slot]:
    """Cells by column as a row, columns without one left empty."""
    row: list[Slot] = []
    at = 0
    for column in sorted(line):
        row.extend([Slot("")] * (column - at))
        row.append(line[column])
        at = max(at, column) + line[column].spans
    return row


def left_edges(table: TaggedTable, starts: list[list[int]]) -> list[float | None]:
    """Where the columns of a tagged table begin; None for one without words."""
    lefts: dict[int, float] = {}
    for cells, columns in zip(table.rows, starts, strict=True):
        for cell, column in zip(cells, columns, strict=True):
            if cell.pieces:
                x0 = min(piece.x0 for piece in cell.pieces)
                lefts[column] = min(x0, lefts.get(column, x0))
    width = max(columns[-1] + cells[-1].columns for cells, columns in zip(table.rows, starts, strict=True))
    return [lefts.get(column) for column in range(width)]


def drawn_tables(page: Page, pieces: list[Piece]) -> tuple[list[LaidTable], list[Piece]]:
    """The tables that lines or shading draw, and the pieces that stand in none of them."""
    found: list[LaidTable] = []
    left = pieces
    for grid in grids(page):
        grid.pieces = [piece for piece in left if grid.holds(piece)]
        if not grid.pieces:
            continue
        rows = grid_rows(grid)
        if rows is None or max(len(row.cells) for row in rows) < 2:
            continue
        used = {id(piece) for piece in grid.pieces}
        left = [piece for piece in left if id(piece) not in used]
        slots = [[Slot(lines_as_text(lines, page.glued), span) for lines, span in row.cells] for row in rows]
        found.append(
            LaidTable(slots, [page.number] * len(rows), grid.ys[0], grid.ys[-1], list(grid.xs[:-1]), None, rows[0].bold)
        )
    return found, left


def lines_as_text(rows: Sequence[Row], glued: bool = False) -> str:
    """The lines of a cell as its text; items, and lines that end early, stand on lines of their own."""
    whole: list[str] = []
    right = max((row.x1 for row in rows), default=0.0)
    for index, row in enumerate(rows):
        text = row.text.strip()
        if not whole or list_marker(text) or ended_early(rows[index - 1], row, right):
            whole.append(text)
        else:
            whole[-1] = continued(whole[-1], rows[index - 1], text, glued)
    return tidy("\n".join(whole))


def continued(whole: str, above: Row, text: str, glued: bool) -> str:
    """Text with its next line; `glued` tells that lines end with a space unless a word goes on."""
    if glued and above.open_end and text[:1].islower() and whole[-1:].isalpha():
        return whole + text
    return joined(whole, text)


def ended_early(above: Row, row: Row, right: float) -> bool:
    """Whether a line was left although the next word would have fitted, and something new begins."""
    first_word = row.pieces[0].text.strip().split(" ", 1)[0]
    needed = len(first_word) * row.size * 0.55 + 2.5 * row.size
    return right - above.x1 > needed and first_word[:1].isupper() and not divided(above.text)


# --- order -----------------------------------------------------------------------------------------------------------


def stretches(pieces: list[Piece], tables: list[LaidTable], page: Page) -> list[Stretch]:
    """The page in the order it is read: across where lines run across, column by column where they do not."""
    rows = lined_up(pieces)
    gutter = page_gutter(rows)
    if gutter is None:
        return [Stretch(rows, sorted(tables, key=lambda table: table.top))]
    parts: list[Stretch] = []
    for band, both in bands(rows, gutter):
        top, bottom = band[0].top, band[-1].bottom
        if not both:
            parts.append(Stretch(band))
            continue
        left = [piece for row in band for piece in row.pieces if (piece.x0 + piece.x1) / 2 < gutter]
        right = [piece for row in band for piece in row.pieces if (piece.x0 + piece.x1) / 2 >= gutter]
        for side, inside in ((left, True), (right, False)):
            beside = [t for t in tables if top <= t.top <= bottom and ((t.edges[0] or 0.0) < gutter) == inside]
            tables = [t for t in tables if t not in beside]
            parts.extend(stretches(side, beside, page) if side else [Stretch([], beside)])
    for table in tables:
        home = next((part for part in parts if part.rows and part.rows[-1].bottom > table.top), parts[-1])
        home.tables.append(table)
    return parts


def page_gutter(rows: Sequence[Row]) -> float | None:
    """Where the strip between two columns of prose lies; None for a page without columns."""
    split = [row for row in rows if len(row.pieces) > 1]
    if len(split) < COLUMN_LINES:
        return None
    gaps = [
        (left.x1, right.x0)
        for row in split
        for left, right in zip(row.pieces, row.pieces[1:], strict=False)
        if right.x0 - left.x1 > row.size
    ]
    best, most = None, 0
    for at in {round((start + end) / 2 / 4) * 4 for start, end in gaps}:
        free = sum(start < at < end for start, end in gaps)
        if free > most:
            best, most = float(at), free
    if best is None or most < COLUMN_LINES:
        return None
    crossing = sum(any(piece.x0 < best < piece.x1 for piece in row.pieces) for row in rows)
    return best if crossing <= most and prose_beside(split, best) else None


def prose_beside(rows: Sequence[Row], gutter: float) -> bool:
    """Whether running prose stands on both sides of a gutter."""
    for side in (True, False):
        pieces = [p for row in rows for p in row.pieces if ((p.x0 + p.x1) / 2 < gutter) == side]
        if len(pieces) < COLUMN_LINES // 2:
            return False
        width = max(p.x1 for p in pieces) - min(p.x0 for p in pieces)
        if (
            median(p.x1 - p.x0 for p in pieces) < MIN_FILL * width
            or median(len(p.text.split()) for p in pieces) < MIN_WORDS
        ):
            return False
    return True


def bands(rows: Sequence[Row], gutter: float) -> list[tuple[list[Row], bool]]:
    """The page's lines in bands that respect the gutter and bands that cross it."""
    found: list[tuple[list[Row], bool]] = []
    for row in rows:
        free = not any(piece.x0 < gutter < piece.x1 for piece in row.pieces)
        if found and found[-1][1] == free:
            found[-1][0].append(row)
        else:
            found.append(([row], free))
    return found


# --- text ------------------------------------------------------------------------------------------------------------


def stretch_blocks(stretch: Stretch, page: Page, found_roles: dict[int, Role], least: float) -> list[LaidBlock]:
    """Lines and tables of one stretch as blocks from the top."""
    aligned = find_aligned(stretch.rows)
    right = max([least, *(row.x1 for row in stretch.rows)])
    placed: list[tuple[float, LaidBlock]] = [(table.top, table) for table in stretch.tables]
    start = 0
    for table in aligned:
        placed += [
            (b.rows[0].top, b)
            for b in paragraphs(stretch.rows[start : table.first], page, found_roles, stretch.tables, right)
        ]
        filled = fill(table, stretch.rows)
        rows = [[Slot(text, span) for text, span in row] for row in filled.cells]
        edges: list[float | None] = [column[0] for column in table.columns]
        bottom = stretch.rows[table.end - 1].bottom
        top = stretch.rows[table.first].top
        placed.append((top, LaidTable(rows, [page.number] * len(rows), top, bottom, edges, None, filled.bold_first)))
        start = table.end
    placed += [(b.rows[0].top, b) for b in paragraphs(stretch.rows[start:], page, found_roles, stretch.tables, right)]
    return [block for _, block in sorted(placed, key=lambda pair: pair[0])]


def paragraphs(
    rows: Sequence[Row], page: Page, found_roles: dict[int, Role], tables: Sequence[LaidTable], right: float
) -> list[LaidText]:
    """Lines as paragraphs, headings and list items."""
    found: list[LaidText] = []
    pitch = usual_pitch(rows)
    above: Row | None = None
    for row in rows:
        tag = row.pieces[0].tag
        role = found_roles.get(tag) if tag is not None else None
        text = tidy(row.text)
        if not text:
            continue
        if (
            found
            and above is not None
            and not parted_by_table(above, row, tables)
            and goes_on(found[-1], above, row, role, right, pitch)
        ):
            found[-1].text = continued(found[-1].text, above, text, page.glued)
            found[-1].rows.append(row)
        else:
            found.append(LaidText(text, page.number, [row], role))
        above = row
    return found


def parted_by_table(above: Row, row: Row, tables: Sequence[LaidTable]) -> bool:
    return any(above.top < table.top < row.top for table in tables)


def usual_pitch(rows: Sequence[Row]) -> float:
    """The usual distance of lines in prose, in type sizes."""
    steps = [
        (row.bottom - above.bottom) / row.size
        for above, row in pairwise(rows)
        if 0.8 * row.size < row.bottom - above.bottom < 2.2 * row.size and abs(row.size - above.size) < 0.6
    ]
    return sorted(steps)[len(steps) // 3] if steps else 1.4


def goes_on(block: LaidText, above: Row, row: Row, role: Role | None, right: float, pitch: float) -> bool:
    """Whether a line goes on with the block above it."""
    text = row.text.strip()
    if role is not None and block.role is not None:
        if role.block == block.role.block:
            return not ended_early(above, row, right)
        # Some programs tag every line as a paragraph of its own.
        if role.heading or role.item or block.role.heading or not text[:1].islower():
            return False
    if list_marker(text) or abs(row.size - above.size) > 0.6 or row.bold != above.bold:
        return False
    if row.bottom - above.bottom > 1.17 * pitch * row.size or row.bottom - above.bottom < 0.5 * row.size:
        return False
    if divided(above.text) or (text[:1].islower() and not ends_sentence(above.text)):
        return True
    first_word = text.split(" ", 1)[0]
    full = right - above.x1 < len(first_word) * row.size * 0.5 + 1.5 * row.size
    item = list_marker(block.rows[0].text.strip()) is not None
    if item and row.x0 < block.rows[0].x0 - 1:
        return False
    # A heading of two lines rarely reaches the margin.
    return (
        full
        or (row.bold and not ends_sentence(above.text) and above.x1 - above.x0 > 0.5 * (right - above.x0))
        or (re.match(r"[(\[]", text) is not None and not ends_sentence(above.text))
    )
