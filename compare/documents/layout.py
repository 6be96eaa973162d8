"""A page's words as blocks in reading order: columns one after the other, tables, paragraphs, headings, list items.

What tags declare is taken before what lines draw, and that before what alignment suggests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from compare.documents.characters import divided, ends_sentence, joined, list_marker, tidy
from compare.documents.columns import LEADERS, fill, find_aligned
from compare.documents.composing import Slot
from compare.documents.frames import rows_of_frames
from compare.documents.grid import Grid, GridRow, box_across, goes_beyond, grid_rows, grids, rules
from compare.documents.gutter import bands, page_gutter
from compare.documents.pdf_page import Page
from compare.documents.pieces import Piece, Row, lined_up, spread_together
from compare.documents.tags import Role, TaggedTable, extent, roles, tagged_tables


@dataclass(slots=True)
class LaidText:
    """A text block on a page."""

    text: str
    page: int
    rows: list[Row]
    role: Role | None = None
    size: float = 0.0
    bold: bool = False

    def settle(self) -> None:
        """Keep what is needed of the lines and let them go, so that long files need little memory."""
        self.size = max(row.size for row in self.rows)
        self.bold = all(row.bold for row in self.rows)
        self.rows = []


@dataclass(slots=True)
class LaidTable:
    """A table on a page: rows of slots, their pages, the extents of its columns, and what is known of its head."""

    rows: list[list[Slot]]
    pages: list[int]
    top: float
    bottom: float
    extents: list[tuple[float, float] | None]
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
    parts = around_frames(rest, tables, page)
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
    extents = column_extents(table)
    below: dict[int, tuple[str, int, int]] = {}
    rows: list[list[Slot]] = []
    starts = table.starts
    for cells, columns in zip(table.rows, starts, strict=True):
        line: dict[int, Slot] = {column: Slot(text, span) for column, (text, span, left) in below.items() if left > 0}
        below = {column: (text, span, left - 1) for column, (text, span, left) in below.items() if left > 1}
        for cell, column in zip(cells, columns, strict=True):
            known = extents[column] if cell.columns == 1 else None
            right = known[1] if known else 0.0
            text = "\n".join(lines_as_text(lined_up(paragraph), glued, right) for paragraph in cell.paragraphs)
            line[column] = Slot(text, cell.columns)
            if cell.rows > 1:
                below[column] = (text, cell.columns, cell.rows - 1)
        rows.append(in_columns(line))
    top, bottom = min(piece.top for piece in pieces), max(piece.bottom for piece in pieces)
    return LaidTable(rows, [number] * len(rows), top, bottom, extents, table.header_rows, table.first_is_header)


def in_columns(line: dict[int, Slot]) -> list[Slot]:
    """Cells by column as a row, columns without one left empty."""
    row: list[Slot] = []
    at = 0
    for column in sorted(line):
        row.extend([Slot("")] * (column - at))
        row.append(line[column])
        at = max(at, column) + line[column].spans
    return row


def column_extents(table: TaggedTable) -> list[tuple[float, float] | None]:
    """How far the words of each column of a tagged table reach; None for a column without words."""
    width = max(columns[-1] + cells[-1].columns for cells, columns in zip(table.rows, table.starts, strict=True))
    found: list[tuple[float, float] | None] = [None] * width
    for cells, columns in zip(table.rows, table.starts, strict=True):
        for cell, column in zip(cells, columns, strict=True):
            if cell.pieces and cell.columns == 1:
                x0, x1 = extent(cell.pieces)
                known = found[column]
                found[column] = (min(x0, known[0]), max(x1, known[1])) if known else (x0, x1)
    return found


def drawn_tables(page: Page, pieces: list[Piece]) -> tuple[list[LaidTable], list[Piece]]:
    """The tables that lines or shading draw, and the pieces that stand in none of them."""
    found: list[LaidTable] = []
    left = pieces
    lines = lined_up(pieces)
    for grid in grids(page):
        grid.pieces = [piece for piece in left if grid.holds(piece)]
        if not grid.pieces or goes_beyond(grid, lines):
            continue
        rows = grid_rows(grid)
        if rows is None or max(len(row.cells) for row in rows) < 2:
            continue
        used = {id(piece) for piece in grid.pieces}
        left = [piece for piece in left if id(piece) not in used]
        slots = [drawn_slots(row, grid, page.glued) for row in rows]
        extents: list[tuple[float, float] | None] = list(pairwise(grid.xs))
        slots, extents = without_slivers(slots, extents)
        pages = [page.number] * len(rows)
        found.append(LaidTable(slots, pages, grid.ys[0], grid.ys[-1], extents, None, rows[0].bold))
    return found, left


def drawn_slots(row: GridRow, grid: Grid, glued: bool) -> list[Slot]:
    """One row of a drawn table as slots; a cell's text may reach to its right edge."""
    slots: list[Slot] = []
    column = 0
    for lines, span in row.cells:
        slots.append(Slot(lines_as_text(lines, glued, grid.xs[column + span] - 6), span))
        column += span
    return slots


def without_slivers(
    rows: list[list[Slot]], extents: list[tuple[float, float] | None]
) -> tuple[list[list[Slot]], list[tuple[float, float] | None]]:
    """The table without columns that no row has for itself: they come from edges that do not quite meet."""
    column = 0
    while column < len(extents) and len(extents) > 2:
        covering = [slot_at(row, column) for row in rows]
        if all(row[position].spans > 1 for row, position in zip(rows, covering, strict=True)):
            for row, position in zip(rows, covering, strict=True):
                row[position] = Slot(row[position].text, row[position].spans - 1)
            del extents[column]
        else:
            column += 1
    return rows, extents


def slot_at(row: Sequence[Slot], column: int) -> int:
    """The position of the slot that covers a column."""
    at = 0
    for position, slot in enumerate(row):
        at += slot.spans
        if column < at:
            return position
    return len(row) - 1


def lines_as_text(rows: Sequence[Row], glued: bool = False, right: float = 0.0) -> str:
    """The lines of a cell as its text; items, and lines that end early, stand on lines of their own."""
    if len(rows) == 1:
        return tidy(rows[0].text)
    whole: list[str] = []
    right = max([right, *(row.x1 for row in rows)])
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


def around_frames(pieces: list[Piece], tables: list[LaidTable], page: Page) -> list[Stretch]:
    """The page in the order it is read: frames side by side one after the other, one beside text behind the text."""
    parts: list[Stretch] = []
    beside: list[Stretch] = []
    for row in rows_of_frames(page.frames, pieces):
        framed = {id(piece) for inside in row for piece in inside}
        if len(row) == 1:
            beside.append(Stretch(lined_up(row[0])))
            pieces = [piece for piece in pieces if id(piece) not in framed]
            continue
        top = min(piece.top for inside in row for piece in inside)
        above = [piece for piece in pieces if piece.bottom <= top and id(piece) not in framed]
        higher = [table for table in tables if table.top < top]
        parts.extend(stretches(above, higher, page) if above else [Stretch([], higher)])
        parts.extend(Stretch(lined_up(inside)) for inside in row)
        pieces = [piece for piece in pieces if piece.bottom > top and id(piece) not in framed]
        tables = [table for table in tables if table.top >= top]
    rest = stretches(pieces, tables, page) if pieces or not parts else [Stretch([], tables)]
    return [*parts, *rest, *beside]


def stretches(pieces: list[Piece], tables: list[LaidTable], page: Page) -> list[Stretch]:
    """The page in the order it is read: across where lines run across, column by column where they do not."""
    rows = spread_together(lined_up(pieces))
    gutter = page_gutter(rows)
    if gutter is None:
        return [Stretch(rows, sorted(tables, key=lambda table: table.top))]
    parts: list[Stretch] = []
    for band, both in bands(rows, gutter, [table.top for table in tables if left_of(table) < gutter < right_of(table)]):
        top, bottom = band[0].top, band[-1].bottom
        if not both:
            parts.append(Stretch(band))
            continue
        left = [piece for row in band for piece in row.pieces if (piece.x0 + piece.x1) / 2 < gutter]
        right = [piece for row in band for piece in row.pieces if (piece.x0 + piece.x1) / 2 >= gutter]
        for side, inside in ((left, True), (right, False)):
            beside = [t for t in tables if top <= t.top <= bottom and (left_of(t) < gutter) == inside]
            tables = [t for t in tables if t not in beside]
            parts.extend(stretches(side, beside, page) if side else [Stretch([], beside)])
    for table in tables:
        home = next((part for part in parts if part.rows and part.rows[-1].bottom > table.top), parts[-1])
        home.tables.append(table)
    return parts


def left_of(table: LaidTable) -> float:
    return min((extent[0] for extent in table.extents if extent), default=0.0)


def right_of(table: LaidTable) -> float:
    return max((extent[1] for extent in table.extents if extent), default=0.0)


# --- text ------------------------------------------------------------------------------------------------------------


def stretch_blocks(stretch: Stretch, page: Page, found_roles: dict[int, Role], least: float) -> list[LaidBlock]:
    """Lines and tables of one stretch as blocks from the top."""
    parting = [(line.at, line.start, line.end) for line in rules(page)]
    aligned = find_aligned(stretch.rows, parting)
    right = max([least, *(row.x1 for row in stretch.rows)])
    placed: list[tuple[float, LaidBlock]] = [(table.top, table) for table in stretch.tables]
    start = 0
    for table in aligned:
        placed += [
            (b.rows[0].top, b)
            for b in paragraphs(stretch.rows[start : table.first], page, found_roles, stretch.tables, right)
        ]
        filled = fill(table, stretch.rows, parting)
        rows = [[Slot(text, span) for text, span in row] for row in filled.cells]
        extents: list[tuple[float, float] | None] = list(table.columns)
        bottom = stretch.rows[table.end - 1].bottom
        top = stretch.rows[table.first].top
        placed.append((top, LaidTable(rows, [page.number] * len(rows), top, bottom, extents, None, filled.bold_first)))
        start = table.end
    placed += [(b.rows[0].top, b) for b in paragraphs(stretch.rows[start:], page, found_roles, stretch.tables, right)]
    blocks = [block for _, block in sorted(placed, key=lambda pair: pair[0])]
    for block in blocks:
        if isinstance(block, LaidText):
            block.settle()
    return blocks


def paragraphs(
    rows: Sequence[Row], page: Page, found_roles: dict[int, Role], tables: Sequence[LaidTable], right: float
) -> list[LaidText]:
    """Lines as paragraphs, headings and list items."""
    found: list[LaidText] = []
    pitches = usual_pitches(rows)
    shading = [line for box in page.boxes for line in box_across(box)]
    above: Row | None = None
    for row in rows:
        tag = row.pieces[0].tag
        role = found_roles.get(tag) if tag is not None else None
        text = tidy(row.text)
        if not text:
            continue
        parted = above is not None and (
            parted_by_table(above, row, tables)
            or any(
                above.middle < line.at < row.middle and line.start < row.x1 and line.end > row.x0 for line in shading
            )
        )
        pitch = pitches.get(round(row.size))
        if found and above is not None and not parted and goes_on(found[-1], above, row, role, right, pitch):
            found[-1].text = continued(found[-1].text, above, text, page.glued)
            found[-1].rows.append(row)
        else:
            found.append(LaidText(text, page.number, [row], role))
        above = row
    return found


def parted_by_table(above: Row, row: Row, tables: Sequence[LaidTable]) -> bool:
    return any(above.top < table.top < row.top for table in tables)


def usual_pitches(rows: Sequence[Row]) -> dict[int, float]:
    """The usual distance of lines in prose for each size of type."""
    steps: dict[int, list[float]] = {}
    for above, row in pairwise(rows):
        step = row.bottom - above.bottom
        if 0.8 * row.size < step < 2.2 * row.size and abs(row.size - above.size) < 0.6:
            steps.setdefault(round(row.size), []).append(step)
    return {size: sorted(found)[len(found) // 3] for size, found in steps.items()}


def goes_on(block: LaidText, above: Row, row: Row, role: Role | None, right: float, pitch: float | None) -> bool:
    """Whether a line goes on with the block above it."""
    text = row.text.strip()
    if role is not None and block.role is not None:
        if role.block == block.role.block:
            return not ended_early(above, row, right)
        # Some programs tag every line as a paragraph of its own.
        if role.heading or role.item or block.role.heading or not text[:1].islower():
            return False
    if list_marker(text) or abs(row.size - above.size) > 0.6 or row.bold != above.bold or LEADERS.search(above.text):
        return False
    step = row.bottom - above.bottom
    usual = pitch if pitch is not None else 1.4 * row.size
    # Lines set further apart than elsewhere on the page are one paragraph when they keep their own distance.
    own = above.bottom - block.rows[-2].bottom if len(block.rows) > 1 else usual
    if step > 1.17 * max(usual, own) or step < 0.5 * row.size or row.pieces[0].colour != above.pieces[0].colour:
        return False
    if divided(above.text) or (text[:1].islower() and not ends_sentence(above.text)):
        return True
    item = list_marker(block.rows[0].text.strip()) is not None
    if item and row.x0 < block.rows[0].x0 - 1:
        return False
    first_word = text.split(" ", 1)[0]
    full = right - above.x1 < len(first_word) * row.size * 0.5 + 1.5 * row.size
    reach = (above.x1 - above.x0) / max(1.0, right - above.x0)
    # A heading of two lines rarely reaches the margin, nor does a line before words that must not be parted.
    unfinished = not ends_sentence(above.text) and (row.bold or not text[:1].isupper()) and reach > 0.5
    return full or unfinished
