"""Frames on a page that stand side by side, as goals are often set, or beside the text: each is read by itself.

Only frames whose text has a title of its own count; cells of a table have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from compare.documents.pdf_page import Box
from compare.documents.pieces import Piece, Row, lined_up, overlaps

LEAST_WIDTH, LEAST_HEIGHT = 60.0, 30.0
# A title is larger than the text below it by so much, or bold above text that is not.
LARGER = 1.1
LEVEL_SHARE = 0.6
MAX_FRAMES = 60


def rows_of_frames(frames: Sequence[Box], pieces: Sequence[Piece]) -> list[list[list[Piece]]]:
    """The frames that stand beside others or beside text, row by row from the top, each as the pieces within it."""
    wide = [box for box in frames if box.x1 - box.x0 > LEAST_WIDTH and box.bottom - box.top > LEAST_HEIGHT]
    if not 0 < len(wide) <= MAX_FRAMES:
        return []
    titled = [(box, inside) for box in wide if has_title(inside := within(box, pieces))]
    found: list[list[tuple[Box, list[Piece]]]] = []
    for box, inside in sorted(titled, key=lambda pair: pair[0].top):
        row = next((row for row in found if all(level(box, other) for other, _ in row)), None)
        if row is None:
            found.append([(box, inside)])
        else:
            row.append((box, inside))
    return [
        [inside for _, inside in sorted(row, key=lambda pair: pair[0].x0)]
        for row in found
        if (len(row) > 1 and apart(sorted((box for box, _ in row), key=lambda box: box.x0)))
        or (len(row) == 1 and beside_text(row[0][0], pieces))
    ]


def beside_text(box: Box, pieces: Sequence[Piece]) -> bool:
    """Whether lines of text stand beside a frame."""
    lines = {
        round(piece.bottom)
        for piece in pieces
        if box.top < piece.bottom < box.bottom and not overlaps(piece.x0, piece.x1, box.x0, box.x1, -2)
    }
    return len(lines) > 1


def within(box: Box, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces in a frame; none where one reaches out of it."""
    inside = [
        piece
        for piece in pieces
        if overlaps(piece.x0, piece.x1, box.x0, box.x1, 1) and box.top < (piece.top + piece.bottom) / 2 < box.bottom
    ]
    return inside if all(box.x0 - 2 < piece.x0 and piece.x1 < box.x1 + 2 for piece in inside) else []


def has_title(pieces: Sequence[Piece]) -> bool:
    """Whether text begins with a line that is set as its title."""
    rows = lined_up(pieces)
    rest = [row for row in rows if not like(row, rows[0])]
    return len(rest) > 0 and (
        rows[0].size > LARGER * median(row.size for row in rest) or (rows[0].bold and not rest[0].bold)
    )


def like(row: Row, other: Row) -> bool:
    return row.bold == other.bold and abs(row.size - other.size) < 0.3


def level(box: Box, other: Box) -> bool:
    """Whether frames share most of their height."""
    shared = min(box.bottom, other.bottom) - max(box.top, other.top)
    return shared > LEVEL_SHARE * min(box.bottom - box.top, other.bottom - other.top)


def apart(boxes: Sequence[Box]) -> bool:
    return all(left.x1 <= right.x0 + 1 for left, right in pairwise(boxes))
