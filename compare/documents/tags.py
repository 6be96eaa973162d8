"""Tables, headings and lists that a PDF's own tags declare.

Office programs write into their PDF files what they know: this is a table, these are its rows. Tags are trusted only
as far as the page agrees: words tagged as one column must stand under each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from compare.documents.pdf_page import Element
from compare.documents.pieces import Piece

HEADING = re.compile(r"H([1-6])$")
MISPLACED_SHARE = 0.06


@dataclass(slots=True)
class TaggedCell:
    """A cell: the pieces of each of its paragraphs, and the columns and rows it covers."""

    paragraphs: list[list[Piece]]
    columns: int
    rows: int
    header: bool
    pieces: list[Piece] = field(init=False)

    def __post_init__(self) -> None:
        self.pieces = [piece for paragraph in self.paragraphs for piece in paragraph]


@dataclass(slots=True)
class TaggedTable:
    """A table as tagged: rows of cells, each covering its columns; `header_rows` are those tagged as head."""

    rows: list[list[TaggedCell]]
    header_rows: int | None
    first_is_header: bool
    node: Element
    starts: list[list[int]]

    @property
    def pieces(self) -> list[Piece]:
        return [piece for row in self.rows for cell in row for piece in cell.pieces]


@dataclass(slots=True)
class Role:
    """What the tags say of a stretch of content: which block it belongs to and what that block is."""

    block: int
    heading: int | None = None
    item: bool = False


def outer_tables(tree: Sequence[Element]) -> Iterator[Element]:
    """The table elements of a page that stand in no other table."""
    for node in tree:
        if node.role == "Table":
            yield node
        else:
            yield from outer_tables(node.children)


def tagged_tables(tree: Sequence[Element], pieces: Sequence[Piece]) -> list[TaggedTable]:
    """The tables that tags declare and the positions of their words confirm."""
    by_tag: dict[int, list[Piece]] = {}
    for piece in pieces:
        if piece.tag is not None:
            by_tag.setdefault(piece.tag, []).append(piece)
    found = []
    for node in outer_tables(tree):
        table = tagged_table(node, by_tag)
        # A table of one column is a frame around text.
        if table is not None and max(map(len, table.rows)) > 1 and in_order(table):
            found.append(table)
    return found


def tagged_table(node: Element, by_tag: dict[int, list[Piece]]) -> TaggedTable | None:
    """A table as its tags tell it; None where no cell has words."""
    rows: list[list[TaggedCell]] = []
    header_rows = 0
    for row, in_head in table_rows(node, False):
        cells = [
            TaggedCell(paragraphs(cell, by_tag), cell.columns, cell.rows, cell.role == "TH")
            for cell in row.children
            if cell.role in {"TD", "TH"}
        ]
        if cells:
            header_rows += in_head and header_rows == len(rows)
            rows.append(cells)
    if not any(cell.pieces for row in rows for cell in row):
        return None
    first = bool(rows) and all(cell.header for cell in rows[0]) and len(rows[0]) > 1
    return TaggedTable(rows, header_rows or None, first or header_rows > 0, node, column_starts(rows))


def table_rows(node: Element, in_head: bool) -> Iterator[tuple[Element, bool]]:
    """The rows of a table with whether they stand in its head; rows of tables inside cells are not its own."""
    for child in node.children:
        if child.role == "TR":
            yield child, in_head
        elif child.role not in {"Table", "TD", "TH", "Caption"}:
            yield from table_rows(child, child.role == "THead")


def paragraphs(cell: Element, by_tag: dict[int, list[Piece]]) -> list[list[Piece]]:
    """The pieces of a cell's paragraphs, list items and headings, each by itself."""
    found: list[list[Piece]] = []
    own = [piece for content in cell.content for piece in by_tag.get(content, ())]
    if own:
        found.append(own)
    for child in cell.children:
        if child.role in {"L", "Table", "TBody", "TR", "TD", "TH", "Div", "Sect", "LI", "THead"}:
            inner = paragraphs(child, by_tag)
            if child.role == "LI":
                inner = [[piece for part in inner for piece in part]] if inner else []
            found.extend(inner)
        elif child.role in {"P", "Lbl", "LBody", "BlockQuote", "Caption"} or HEADING.match(child.role):
            pieces = [piece for content in child.all_content() for piece in by_tag.get(content, ())]
            if pieces:
                found.append(pieces)
        else:
            pieces = [piece for content in child.all_content() for piece in by_tag.get(content, ())]
            if pieces and found and not own:
                found.append(pieces)
            elif pieces:
                found = [[*found[0], *pieces]] if found else [pieces]
    return [part for part in found if part]


def in_order(table: TaggedTable) -> bool:
    """Whether the words stand where the tags put them: rows below each other, columns beside each other."""
    extents: dict[int, list[tuple[float, float]]] = {}
    tops: list[float] = []
    for row, starts in zip(table.rows, table.starts, strict=True):
        pieces = [piece for cell in row for piece in cell.pieces]
        if pieces:
            tops.append(min(piece.top for piece in pieces))
        for cell, start in zip(row, starts, strict=True):
            if cell.pieces and cell.columns == 1:
                extents.setdefault(start, []).append(extent(cell.pieces))
    if sum(after < before - 2 for before, after in pairwise(tops)) > MISPLACED_SHARE * len(tops):
        return False
    middles = {column: median((x0 + x1) / 2 for x0, x1 in cells) for column, cells in extents.items()}
    ordered = [middles[column] for column in sorted(middles)]
    if ordered != sorted(ordered):
        return False
    misplaced = total = 0
    for column, cells in extents.items():
        others = [middle for other, middle in middles.items() if other != column]
        for x0, x1 in cells:
            total += 1
            misplaced += any(x0 <= middle <= x1 for middle in others) and not x0 <= middles[column] <= x1
    return misplaced <= MISPLACED_SHARE * total


def extent(pieces: Sequence[Piece]) -> tuple[float, float]:
    """From where to where pieces reach across the page."""
    if len(pieces) == 1:
        # Most cells are one piece, and long files have very many cells.
        return pieces[0].x0, pieces[0].x1
    return min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)


def column_starts(rows: Sequence[Sequence[TaggedCell]]) -> list[list[int]]:
    """The column each cell begins in.

    Cells that reach down from rows above are counted. Where a page's end has taken cells out of a row, those left are
    put under the columns that full rows show.
    """
    counted = counted_starts(rows)
    width = max((starts[-1] + row[-1].columns for row, starts in zip(rows, counted, strict=True)), default=0)
    edges: dict[int, tuple[float, float]] = {}
    for row, starts in zip(rows, counted, strict=True):
        if starts[-1] + row[-1].columns == width:
            for cell, start in zip(row, starts, strict=True):
                if cell.pieces and cell.columns == 1:
                    x0, x1 = extent(cell.pieces)
                    known = edges.get(start, (x0, x1))
                    edges[start] = (min(x0, known[0]), max(x1, known[1]))
    result = []
    for row, starts in zip(rows, counted, strict=True):
        short = starts[-1] + row[-1].columns < width and all(cell.rows == 1 for cell in row)
        result.append(placed_by_edge(row, starts, edges, width) if short and edges else starts)
    return result


def placed_by_edge(
    row: Sequence[TaggedCell], starts: list[int], edges: dict[int, tuple[float, float]], width: int
) -> list[int]:
    """The columns of a row that lacks cells, told by where the words of all its cells stand.

    Of all ways to place the cells in their order, the one is taken where their words stand best in their columns.
    """
    ways: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for cell, counted in zip(row, starts, strict=True):
        found: dict[int, tuple[float, list[int]]] = {}
        for least, (cost, placed) in ways.items():
            for column in range(least, width - cell.columns + 1):
                aside = 0.01 * abs(column - counted)
                way = (cost + misfit(cell, column, edges) + aside, [*placed, column])
                end = column + cell.columns
                found[end] = min(way, found.get(end, way))
        ways = found
    return min(ways.values())[1] if ways else starts


def misfit(cell: TaggedCell, first: int, edges: dict[int, tuple[float, float]]) -> float:
    """How far a cell's words stand from filling, or being centred in, the columns from the first on."""
    known = [edges[one] for one in range(first, first + cell.columns) if one in edges]
    if not cell.pieces or not known:
        return 0.0
    (x0, x1), (left, right) = extent(cell.pieces), (known[0][0], known[-1][1])
    outside = (x1 - x0) - max(0.0, min(x1, right) - max(x0, left))
    # What heads several columns of a row that lacks cells hardly heads the names of the rows as well.
    outside += (x1 - x0) * (first == 0 and cell.columns > 1)
    return outside + min(abs(x0 - left), abs(x1 - right), abs(x0 + x1 - left - right) / 2)


def counted_starts(rows: Sequence[Sequence[TaggedCell]]) -> list[list[int]]:
    """The column each cell begins in, counted with the cells that reach down from rows above."""
    taken: dict[int, int] = {}
    starts = []
    for row in rows:
        column, line = 0, []
        for cell in row:
            while taken.get(column, 0) > 0:
                column += 1
            line.append(column)
            for covered in range(column, column + cell.columns):
                taken[covered] = cell.rows
            column += cell.columns
        taken = {covered: left - 1 for covered, left in taken.items()}
        starts.append(line)
    return starts


def roles(tree: Sequence[Element], tables: Sequence[TaggedTable] = ()) -> dict[int, Role]:
    """What the tags say of each stretch of marked content outside these tables."""
    found: dict[int, Role] = {}
    counter = [0]
    taken = {id(table.node) for table in tables}
    for node in tree:
        if id(node) in taken:
            continue
        add_roles(node, None, False, found, counter, None, taken)
    return found


def add_roles(
    node: Element,
    heading: int | None,
    item: bool,
    found: dict[int, Role],
    counter: list[int],
    block: int | None,
    taken: set[int],
) -> None:
    """Note the role of each stretch of marked content in an element and below it.

    `heading`, `item` and `block` are what the elements above say; `counter` numbers blocks.
    """
    match = HEADING.match(node.role)
    if match:
        heading = int(match[1])
    item = item or node.role == "LI"
    if match or node.role in {"P", "LI", "Title", "Caption", "TOCI", "Note", "BlockQuote"}:
        counter[0] += 1
        # A paragraph inside a list item is the item's own text.
        block = block if item and block is not None and node.role != "LI" else counter[0]
    for content in node.content:
        if block is None:
            counter[0] += 1
        found[content] = Role(block if block is not None else counter[0], heading, item)
    for child in node.children:
        if id(child) not in taken:
            add_roles(child, heading, item, found, counter, block, taken)
