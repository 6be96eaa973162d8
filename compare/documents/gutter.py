"""Pages set in columns of prose: where the strip between two columns lies, and which lines respect it.

The lines of two columns need not stand level: a column's words begin on one edge, and words stand beside them that all
end before it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from statistics import median

from compare.documents.pieces import Piece, Row

# Prose in columns: at least so many lines beside others.
COLUMN_LINES = 8
MIN_FILL = 0.6
MIN_WORDS = 3.0
# Edges closer than this are one edge.
SAME_EDGE = 2.0
MOST_EDGES = 12
# A heading below columns: its lines at most, and its distance from the line above it at least, in type sizes.
HEADING_LINES = 3
SET_OFF = 1.5


def page_gutter(rows: Sequence[Row]) -> float | None:
    """Where the strip between two columns of prose lies; None for a page without columns."""
    pieces = [piece for row in rows for piece in row.pieces]
    if len(pieces) < 2 * COLUMN_LINES:
        return None
    best, most = None, 0
    for edge in common_edges(pieces):
        left, right = beside(pieces, edge)
        lines = min(len(left), len(right))
        crossing = sum(piece.x0 < edge - SAME_EDGE and piece.x1 > edge for piece in pieces)
        enough = lines >= COLUMN_LINES // 2 and len(right) >= COLUMN_LINES and lines + len(right) > most
        if enough and crossing <= len(right) and prose(left) and prose(right):
            best, most = edge - SAME_EDGE, lines + len(right)
    return best


def common_edges(pieces: Sequence[Piece]) -> list[float]:
    """The left edges, but for the page's own, on which the lines of a column may begin."""
    counts = Counter(round(piece.x0 / SAME_EDGE) for piece in pieces)
    first = min(counts)
    near = {at: counts[at - 1] + counts[at] + counts[at + 1] for at in list(counts) if at > first + 10}
    common = sorted((at for at in near if near[at] >= COLUMN_LINES), key=lambda at: -near[at])
    return [at * SAME_EDGE for at in sorted(common[:MOST_EDGES])]


def beside(pieces: Sequence[Piece], edge: float) -> tuple[list[Piece], list[Piece]]:
    """The pieces that end before an edge and those that begin on or behind it, as far as they stand beside others."""
    left = [piece for piece in pieces if piece.x1 <= edge - SAME_EDGE]
    right = [piece for piece in pieces if piece.x0 >= edge - SAME_EDGE]
    return level_with(left, right), level_with(right, left)


def level_with(pieces: Sequence[Piece], others: Sequence[Piece]) -> list[Piece]:
    """The pieces that stand level with one of the others."""
    heights = sorted(piece.bottom for piece in others)
    found = []
    for piece in pieces:
        at = bisect_left(heights, piece.bottom - piece.size)
        if at < len(heights) and heights[at] <= piece.bottom + piece.size:
            found.append(piece)
    return found


def prose(pieces: Sequence[Piece]) -> bool:
    """Whether these pieces are the lines of running prose."""
    width = max(piece.x1 for piece in pieces) - min(piece.x0 for piece in pieces)
    return (
        median(piece.x1 - piece.x0 for piece in pieces) >= MIN_FILL * width
        and median(len(piece.text.split()) for piece in pieces) >= MIN_WORDS
    )


def bands(rows: Sequence[Row], gutter: float, cuts: Sequence[float] = ()) -> list[tuple[list[Row], bool]]:
    """The page's lines in bands that respect the gutter and bands that cross it.

    `cuts` are the heights of what stands across the gutter without being a line, as wide tables do.
    """
    found: list[tuple[list[Row], bool]] = []
    for row in rows:
        free = not any(piece.x0 < gutter < piece.x1 for piece in row.pieces)
        if found and found[-1][1] == free and not any(found[-1][0][-1].top < at < row.bottom for at in cuts):
            found[-1][0].append(row)
        else:
            found.append(([row], free))
    parts: list[tuple[list[Row], bool]] = []
    for index, (band, free) in enumerate(found):
        tail = heading_below(band, gutter) if free and index + 1 < len(found) else 0
        parts.append((band[: len(band) - tail], free))
        if tail:
            parts.append((band[-tail:], False))
    return parts


def heading_below(band: Sequence[Row], gutter: float) -> int:
    """How many lines at the end of a band in columns are the heading of what stands across the page below it."""
    for count in range(1, min(HEADING_LINES, len(band) - 1) + 1):
        above, row = band[-count - 1], band[-count]
        if row.x1 > gutter:
            break
        set_apart = row.size > 1.05 * above.size or (row.bold and not above.bold)
        if set_apart and row.bottom - above.bottom > SET_OFF * row.size:
            return count
    return 0
