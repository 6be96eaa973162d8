"""Heads of narrow columns whose words run up or down the page, as pieces that stand above their columns.

Tables of many figures turn their heads by a quarter to save width. Two or more such words side by side are the heads of
columns; a single one is a mark in the margin or across the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from compare.documents.pieces import Piece, overlaps

# Lines of one head stand closer than this, in type sizes; the heads of columns stand further apart.
SAME_HEAD = 0.6
LONGEST_HEAD = 60
LARGEST_TYPE = 16.0
LEAST_HEADS = 2


def heads(items: Iterable[Any], height: float, level: Sequence[Piece]) -> tuple[list[Piece], list[Any]]:
    """Quarter-turned text items as pieces on one line above their columns, and the items that are no heads.

    `level` are the upright pieces of the page: where one stands beside the heads, as that of the first column does,
    they stand on its line.
    """
    turned, other = list[Any](), list[Any]()
    for item in items:
        (turned if _quarter(item) and item.font_size <= LARGEST_TYPE else other).append(item)
    found: list[Piece] = []
    for row in _rows([(_head(lines, height), lines) for lines in _strips(turned)]):
        pieces = [piece for piece, _ in row]
        if len(row) < LEAST_HEADS or any(len(piece.text) > LONGEST_HEAD for piece in pieces):
            other += [item for _, lines in row for item in lines]
        else:
            found += _on_one_line(pieces, level)
    return found, other


def _quarter(item: Any) -> bool:
    """Whether an item's words run straight up or straight down."""
    return min(abs(item.rotation % 360 - 90), abs(item.rotation % 360 - 270)) < 5


def _strips(items: Sequence[Any]) -> list[list[Any]]:
    """The items in heads: lines turned alike that stand close, from the left."""
    found: list[list[Any]] = []
    for item in sorted(items, key=lambda one: one.x):
        last = next((strips[-1] for strips in reversed(found) if _goes_on(strips[-1], item)), None)
        if last is None:
            found.append([item])
        else:
            next(strips for strips in found if strips[-1] is last).append(item)
    return found


def _goes_on(item: Any, after: Any) -> bool:
    near = after.x - (item.x + item.width) < SAME_HEAD * item.font_size
    beside = overlaps(item.y, item.y + item.height, after.y, after.y + after.height)
    return near and beside and abs(item.rotation - after.rotation) < 5


def _head(strips: Sequence[Any], height: float) -> Piece:
    """A head of one or more lines as one piece, as high as it is printed."""
    upwards = strips[0].rotation % 360 < 180
    words = [strip.text.strip() for strip in (strips if upwards else reversed(strips))]
    return Piece(
        strips[0].x,
        strips[-1].x + strips[-1].width,
        height - max(strip.y + strip.height for strip in strips),
        height - min(strip.y for strip in strips),
        " ".join(words),
        strips[0].font_size,
        strips[0].is_bold,
        strips[0].mcid,
        strips[0].fill_color,
    )


def _rows(found: Sequence[tuple[Piece, list[Any]]]) -> list[list[tuple[Piece, list[Any]]]]:
    """Heads that stand beside each other, row by row, each with its lines."""
    rows: list[list[tuple[Piece, list[Any]]]] = []
    for head, lines in found:
        row = next((row for row in rows if overlaps(head.top, head.bottom, row[-1][0].top, row[-1][0].bottom)), None)
        if row is None:
            rows.append([(head, lines)])
        else:
            row.append((head, lines))
    return rows


def _on_one_line(row: Sequence[Piece], level: Sequence[Piece]) -> list[Piece]:
    """The heads as they would stand unturned: on the line of the piece beside them, else where the lowest ends."""
    top, bottom = min(piece.top for piece in row), max(piece.bottom for piece in row)
    size, left = row[0].size, min(piece.x0 for piece in row)
    beside = [one for one in level if top - size < one.top and one.bottom < bottom + size and one.x1 <= left]
    line = max(beside, key=lambda one: one.bottom, default=None)
    line_top, line_bottom = (line.top, line.bottom) if line else (bottom - size, bottom)
    return [
        Piece(one.x0, one.x1, line_top, line_bottom, one.text, one.size, one.bold, one.tag, one.colour) for one in row
    ]
