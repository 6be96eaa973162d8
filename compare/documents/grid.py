"""Tables that lines or shading draw: the grid of a page's rules, its cells, and what stands in them.

Lines that meet form one grid, whose cells are exactly those of the drawing. A table whose columns no line separates is
left to alignment (`compare.documents.columns`), with the rules between its rows as a hint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from compare.documents.columns import clashes, column_of, content_groups, figure, row_groups
from compare.documents.pdf_page import Box, Line, Page
from compare.documents.pieces import Piece, Row, lined_up

# Lines closer than this are one line; lines that miss each other by less meet.
SAME_LINE = 2.5
MEETING = 4.0
MAX_LINES = 6_000
COVERED = 0.6
FILLED_SHARE = 0.2
BEGUN_AMOUNT = re.compile(r"[(+\-–−]?\s?\d{1,3}(?:\s\d{3})*")
MORE_AMOUNT = re.compile(r"\d{3}(?:\s\d{3})*\)?")


@dataclass(slots=True)
class Grid:
    """A drawn table: the edges of its columns and rows, and the lines that separate them."""

    xs: list[float]
    ys: list[float]
    across: list[Line]
    down: list[Line]
    pieces: list[Piece] = field(default_factory=list)

    def holds(self, piece: Piece) -> bool:
        """Whether the middle of a piece lies on the grid, and no end of it far outside."""
        x, y = (piece.x0 + piece.x1) / 2, (piece.top + piece.bottom) / 2
        inside = self.xs[0] - 2 <= x <= self.xs[-1] + 2 and self.ys[0] - 2 <= y <= self.ys[-1] + 2
        return inside and piece.x0 >= self.xs[0] - 12 and piece.x1 <= self.xs[-1] + 12


@dataclass(slots=True)
class GridRow:
    """One row of a drawn table: its cells as lines of pieces, where it begins, and whether all of it is bold."""

    cells: list[tuple[list[Row], int]]
    top: float
    bold: bool


def grids(page: Page) -> list[Grid]:
    """The drawn grids of a page, from the top; keeps the page's single frames with it."""
    across = joined_lines([*page.across, *(edge for box in page.boxes for edge in box_across(box))])
    down = joined_lines([*page.down, *(edge for box in page.boxes for edge in box_down(box))])
    if len(across) + len(down) > MAX_LINES:
        return []
    found = []
    for part_across, part_down in components(across, down):
        ys = positions(
            [line.at for line in part_across] + [end for line in part_down for end in (line.start, line.end)]
        )
        xs = positions(
            [line.at for line in part_down] + [end for line in part_across for end in (line.start, line.end)]
        )
        # A single drawn row is the header or the shading of a table that alignment shows.
        if len(ys) >= 3 and len(xs) >= 3 and xs[-1] - xs[0] > 40 and ys[-1] - ys[0] > 8:
            found.append(Grid(xs, ys, part_across, part_down))
        elif len(ys) == len(xs) == 2:
            page.frames.append(Box(xs[0], ys[0], xs[1], ys[1], (0, 0, 0)))
    return sorted(found, key=lambda grid: grid.ys[0])


def goes_beyond(grid: Grid, rows: Sequence[Row]) -> bool:
    """Whether rows of the same columns stand right above or below the drawing, as where every other row is shaded."""
    for row in rows:
        above = 0 < grid.ys[0] - row.middle < 1.6 * row.size
        below = 0 < row.middle - grid.ys[-1] < 1.6 * row.size
        if (above or below) and len(row.pieces) > 1:
            slots = {slot_of(piece.x0 + 1, grid.xs) for piece in row.pieces}
            crossing = any(piece.x0 + 2 < x < piece.x1 - 2 for piece in row.pieces for x in grid.xs[1:-1])
            inside = row.x0 > grid.xs[0] - 3 and row.x1 < grid.xs[-1] + 3
            if len(slots) > 1 and inside and not crossing:
                return True
    return False


def box_across(box: Box) -> tuple[Line, Line]:
    return Line(box.top, box.x0, box.x1), Line(box.bottom, box.x0, box.x1)


def box_down(box: Box) -> tuple[Line, Line]:
    return Line(box.x0, box.top, box.bottom), Line(box.x1, box.top, box.bottom)


def joined_lines(lines: Sequence[Line]) -> list[Line]:
    """Lines with the pieces they are drawn in put together."""
    merged: list[Line] = []
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.at):
        if groups and line.at - groups[-1][0].at <= SAME_LINE:
            groups[-1].append(line)
        else:
            groups.append([line])
    for group in groups:
        at = sum(line.at for line in group) / len(group)
        ordered = sorted(group, key=lambda one: one.start)
        start, end = ordered[0].start, ordered[0].end
        for line in ordered[1:]:
            if line.start <= end + MEETING:
                end = max(end, line.end)
            else:
                merged.append(Line(at, start, end))
                start, end = line.start, line.end
        merged.append(Line(at, start, end))
    return merged


def components(across: list[Line], down: list[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Lines that hang together because they meet."""
    count = len(across) + len(down)
    parent = list(range(count))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for i, flat in enumerate(across):
        for j, steep in enumerate(down):
            if (
                steep.start - MEETING <= flat.at <= steep.end + MEETING
                and flat.start - MEETING <= steep.at <= flat.end + MEETING
            ):
                parent[root(i)] = root(len(across) + j)
    parts: dict[int, tuple[list[Line], list[Line]]] = {}
    for i, line in enumerate(across):
        parts.setdefault(root(i), ([], []))[0].append(line)
    for j, line in enumerate(down):
        parts.setdefault(root(len(across) + j), ([], []))[1].append(line)
    return [part for part in parts.values() if len(part[0]) + len(part[1]) >= 2]


def positions(values: Sequence[float]) -> list[float]:
    """Distinct positions, those within the thickness of a line taken as one."""
    distinct: list[list[float]] = []
    for value in sorted(values):
        if distinct and value - distinct[-1][-1] <= SAME_LINE:
            distinct[-1].append(value)
        else:
            distinct.append([value])
    return [sum(group) / len(group) for group in distinct]


def grid_rows(grid: Grid) -> list[GridRow] | None:
    """The rows of a drawn table with its pieces; None where the drawing is no table (a frame, a chart)."""
    rows = lined_up(grid.pieces)
    if not rows:
        return None
    # Without lines between its columns a table is told by alignment, its rules parting the rows.
    if not separating(grid.down, grid.xs, grid.ys):
        return None
    cells = drawn_cells(grid)
    filled = sum(1 for row in cells for pieces, _ in row if pieces)
    total = sum(1 for row in cells for _ in row)
    # No row of a chart's bars has words in two of its cells.
    widest = max(sum(1 for pieces, _ in row if pieces) for row in cells)
    if filled < max(2, FILLED_SHARE * total) or widest < 2:
        return None
    result: list[GridRow] = []
    for index, row in enumerate(cells):
        result.extend(split_band(row, grid.ys[index]))
    return [row for row in result if any(lines for lines, _ in row.cells)]


def separating(lines: Sequence[Line], edges: Sequence[float], others: Sequence[float]) -> list[float]:
    """The inner positions that lines really separate something at."""
    length = others[-1] - others[0]
    inner = []
    for edge in edges[1:-1]:
        covered = sum(line.end - line.start for line in lines if abs(line.at - edge) <= SAME_LINE + 0.5)
        if covered >= 0.15 * length:
            inner.append(edge)
    return inner


def drawn_cells(grid: Grid) -> list[list[tuple[list[Piece], int]]]:
    """The grid's cells row by row with their pieces; a cell over several rows is repeated in each."""
    width, height = len(grid.xs) - 1, len(grid.ys) - 1
    owner = [[(row, column) for column in range(width)] for row in range(height)]
    for row in range(height):
        for column in range(width):
            if column and not walled(grid.down, grid.xs[column], grid.ys[row], grid.ys[row + 1]):
                owner[row][column] = owner[row][column - 1]
            elif row and not walled(grid.across, grid.ys[row], grid.xs[column], grid.xs[column + 1]):
                owner[row][column] = owner[row - 1][column]
    pieces: dict[tuple[int, int], list[Piece]] = {}
    for piece in grid.pieces:
        for part in split_at_walls(piece, grid):
            row = slot_of((part.top + part.bottom) / 2, grid.ys)
            column = slot_of((part.x0 + part.x1) / 2, grid.xs)
            pieces.setdefault(owner[row][column], []).append(part)
    cells = []
    for row in range(height):
        line: list[tuple[list[Piece], int]] = []
        column = 0
        while column < width:
            span = 1
            while column + span < width and owner[row][column + span] == owner[row][column]:
                span += 1
            line.append((pieces.get(owner[row][column], []), span))
            column += span
        cells.append(line)
    return cells


def walled(lines: Sequence[Line], at: float, start: float, end: float) -> bool:
    """Whether a line is drawn along most of a cell's side."""
    covered = sum(
        max(0.0, min(line.end, end) - max(line.start, start)) for line in lines if abs(line.at - at) <= SAME_LINE + 0.5
    )
    return covered >= COVERED * (end - start)


def slot_of(value: float, edges: Sequence[float]) -> int:
    """Between which two edges, in their order, a place lies; before the first: between the first two."""
    for index in range(len(edges) - 2, -1, -1):
        if value >= edges[index]:
            return index
    return 0


def split_at_walls(piece: Piece, grid: Grid) -> list[Piece]:
    """A piece that a drawn line cuts, parted at the space nearest to the line."""
    for at in grid.xs[1:-1]:
        if piece.x0 + 4 < at < piece.x1 - 4 and walled(grid.down, at, piece.top, piece.bottom):
            spaces = [i for i, character in enumerate(piece.text) if character == " " and 0 < i < len(piece.text) - 1]
            if not spaces:
                return [piece]
            width = (piece.x1 - piece.x0) / len(piece.text)
            cut = min(spaces, key=lambda i: abs(piece.x0 + (i + 0.5) * width - at))
            left = Piece(piece.x0, at - 1, piece.top, piece.bottom, piece.text[:cut], piece.size, piece.bold, piece.tag)
            rest = Piece(
                at + 1, piece.x1, piece.top, piece.bottom, piece.text[cut + 1 :], piece.size, piece.bold, piece.tag
            )
            return [left, *split_at_walls(rest, grid)]
    return [piece]


def split_band(row: list[tuple[list[Piece], int]], top: float) -> list[GridRow]:
    """One band between two rules as the rows it holds: usually one, several where only columns are ruled."""
    lines = lined_up([piece for pieces, _ in row for piece in pieces])
    if not lines:
        return [GridRow([([], span) for _, span in row], top, False)]
    edges = band_columns(row, lines)
    if len(lines) < 2 or edges is None or not clashes(lines, edges) or wrapped_amounts(lines, edges):
        cells = [(lined_up(pieces), span) for pieces, span in row]
        return [GridRow(cells, top, all(line.bold for line in lines))]
    parts = row_groups(lines, edges) if len(lines) > 2 else content_groups(lines, edges)
    result = []
    for part in parts:
        tops = [lines[index] for index in part]
        inside = (tops[0].top - 1, tops[-1].bottom + 1)
        cells = [
            (lined_up([p for p in pieces if inside[0] <= (p.top + p.bottom) / 2 <= inside[1]]), span)
            for pieces, span in row
        ]
        result.append(GridRow(cells, tops[0].top, all(line.bold for line in tops)))
    return result


def wrapped_amounts(lines: Sequence[Row], edges: Sequence[tuple[float, float]]) -> bool:
    """Whether lines under each other are one row whose amounts a narrow column has wrapped: '-12' over '480'.

    Each further line must go on with the amount above it, and begin no label.
    """
    above: dict[int, str] = {}
    for index, line in enumerate(lines):
        figures = {column_of(piece, edges): piece.text.strip() for piece in line.pieces if figure(piece.text)}
        labels = [piece.text.strip() for piece in line.pieces if not figure(piece.text)]
        if index and any(not label[:1].islower() for label in labels):
            return False
        for column, text in figures.items():
            if column in above and not (BEGUN_AMOUNT.fullmatch(above[column]) and MORE_AMOUNT.fullmatch(text)):
                return False
            above[column] = f"{above[column]} {text}" if column in above else text
    return True


def band_columns(row: list[tuple[list[Piece], int]], lines: Sequence[Row]) -> list[tuple[float, float]] | None:
    """The extents of a band's filled cells; None where fewer than two are filled."""
    extents = [(min(p.x0 for p in pieces), max(p.x1 for p in pieces)) for pieces, _ in row if pieces]
    return extents if len(extents) >= 2 else None


def rules(page: Page) -> list[Line]:
    """The page's horizontal rules and edges of shading, which part rows."""
    if len(page.across) + 2 * len(page.boxes) > MAX_LINES:
        return []
    return joined_lines([*page.across, *(edge for box in page.boxes for edge in box_across(box))])
