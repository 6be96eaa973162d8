"""Words with positions: the pieces a page is made of, and the lines they stand on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from statistics import median

# Words of one line closer than this, in type sizes, are one piece; closer than the second, one word.
SAME_PIECE = 0.55
SAME_WORD = 0.12
# A list marker stands further from its text.
MARKER_GAP = 3.5
# Words of a line spread to the margin stand equally far apart, to within so many points.
EQUAL_GAPS = 0.6
SPREAD_GAP = 2.2
SPREAD_WORDS, MAX_SPREAD_WORDS = 4, 100
BULLET = re.compile(r"[-–•▪■□●○◦‣➢►✓✔\uf0b7\uf0a7o]")
NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-zåäö])[.)]")


@dataclass(slots=True)
class Piece:
    """Words that stand together on one line; positions grow to the right and downwards."""

    x0: float
    x1: float
    top: float
    bottom: float
    text: str
    size: float
    bold: bool = False
    tag: int | None = None
    colour: tuple[int, int, int] | None = None


class Row:
    """The pieces of one line from left to right; `number` is the line's own number where it has one."""

    __slots__ = ("bold", "bottom", "middle", "number", "pieces", "size", "top", "x0", "x1")

    def __init__(self, pieces: list[Piece], number: int = 0) -> None:
        self.pieces = pieces
        self.number = number
        if len(pieces) == 1:
            # Most lines are one piece, and long files have very many lines.
            piece = pieces[0]
            self.top, self.bottom, self.x0, self.x1 = piece.top, piece.bottom, piece.x0, piece.x1
            self.size, self.bold, self.middle = piece.size, piece.bold, (piece.top + piece.bottom) / 2
            return
        self.top = min([piece.top for piece in pieces])
        self.bottom = max([piece.bottom for piece in pieces])
        self.middle = (self.top + self.bottom) / 2
        self.x0 = pieces[0].x0
        self.x1 = max([piece.x1 for piece in pieces])
        self.size = max([piece.size for piece in pieces])
        self.bold = all(piece.bold for piece in pieces)

    @property
    def text(self) -> str:
        if len(self.pieces) == 1:
            return self.pieces[0].text.strip()
        return " ".join(piece.text.strip() for piece in self.pieces)

    @property
    def open_end(self) -> bool:
        """Whether the line ends without the space that lines of running text end with."""
        return not self.pieces[-1].text.endswith(" ")


def lined_up(pieces: Iterable[Piece]) -> list[Row]:
    """Pieces as lines from the top: those that share most of their height, words that stand close made one piece."""
    pieces = list(pieces)
    if len(pieces) == 1:
        return [Row(pieces)]
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=attrgetter("bottom", "x0")):
        bottom, size = piece.bottom, piece.size
        for line in lines[-1:-5:-1]:
            other = line[0]
            if bottom - other.bottom < 0.35 * (size if size < other.size else other.size):
                line.append(piece)
                break
        else:
            lines.append([piece])
    rows = [Row(line if len(line) == 1 else merged(sorted(line, key=attrgetter("x0")))) for line in lines]
    return sorted(rows, key=lambda row: (row.pieces[0].bottom, row.x0)) if len(rows) > 1 else rows


def merged(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of a line with neighbours that stand no further apart than words do made one."""
    if len(pieces) == 1:
        return list(pieces)
    whole: list[Piece] = []
    for piece in pieces:
        last = whole[-1] if whole else None
        gap = piece.x0 - last.x1 if last else 0.0
        if last is None or gap > (MARKER_GAP if bare_marker(whole, pieces) else SAME_PIECE) * max(
            last.size, piece.size
        ):
            whole.append(piece)
            continue
        close = piece.x0 - last.x1 <= SAME_WORD * piece.size
        space = "" if close and not last.text.endswith(" ") and not piece.text.startswith(" ") else " "
        text = last.text.rstrip(" ") + space + piece.text.lstrip(" ") if space else last.text + piece.text
        tag = last.tag if last.tag is not None else piece.tag
        whole[-1] = Piece(
            last.x0,
            max(last.x1, piece.x1),
            min(last.top, piece.top),
            max(last.bottom, piece.bottom),
            text,
            max(last.size, piece.size),
            last.bold and piece.bold,
            tag,
            last.colour,
        )
    return whole


def bare_marker(whole: Sequence[Piece], pieces: Sequence[Piece]) -> bool:
    """Whether a line begins with a list marker that stands apart from its text: a bullet, or '1.' before one text."""
    if len(whole) != 1:
        return False
    text = whole[0].text.strip()
    return BULLET.fullmatch(text) is not None or (len(pieces) == 2 and NUMBER.fullmatch(text) is not None)


def spread_together(rows: list[Row]) -> list[Row]:
    """Lines with words that were spread to reach the margin made one piece again.

    Such a line reaches from edge to edge of a line near it, with equal gaps; the cells of a table never do both.
    """
    runs = [spread_runs(row) for row in rows]
    if not any(end - start > 1 for found in runs for start, end in found):
        return rows
    whole: list[Row] = []
    for index, row in enumerate(rows):
        pieces: list[Piece] = []
        near = [
            (rows[other].pieces[start].x0, rows[other].pieces[end - 1].x1)
            for other in range(max(0, index - 3), min(len(rows), index + 4))
            if other != index and abs(rows[other].bottom - row.bottom) < 2.5 * row.size
            for start, end in runs[other]
        ]
        for start, end in runs[index]:
            x0, x1 = row.pieces[start].x0, row.pieces[end - 1].x1
            if end - start > 1 and any(abs(x0 - one) < 1.5 and abs(x1 - two) < 1.5 for one, two in near):
                pieces.append(one_piece(row.pieces[start:end]))
            else:
                pieces.extend(row.pieces[start:end])
        whole.append(row if len(pieces) == len(row.pieces) else Row(pieces, row.number))
    return whole


def spread_runs(row: Row) -> list[tuple[int, int]]:
    """The pieces of a line in runs whose gaps are equal, as from and to; other pieces stand by themselves."""
    pieces = row.pieces
    if not SPREAD_WORDS <= len(pieces) <= MAX_SPREAD_WORDS:
        return [(index, index + 1) for index in range(len(pieces))]
    gaps = [right.x0 - left.x1 for left, right in pairwise(pieces)]
    runs: list[tuple[int, int]] = []
    start = 0
    for end in range(1, len(pieces) + 1):
        if (
            end < len(pieces)
            and gaps[end - 1] < SPREAD_GAP * row.size
            and abs(gaps[end - 1] - gaps[start]) < EQUAL_GAPS
        ):
            continue
        worded = sum(any(map(str.isalpha, piece.text)) for piece in pieces[start:end])
        if worded >= SPREAD_WORDS and 4 * worded >= 3 * (end - start):
            runs.append((start, end))
        else:
            runs.extend((index, index + 1) for index in range(start, end))
        start = end
    return runs


def one_piece(pieces: Sequence[Piece]) -> Piece:
    """Words of one line as one piece."""
    first = pieces[0]
    return Piece(
        first.x0,
        pieces[-1].x1,
        min(piece.top for piece in pieces),
        max(piece.bottom for piece in pieces),
        " ".join(piece.text.strip() for piece in pieces) + (" " if pieces[-1].text.endswith(" ") else ""),
        max(piece.size for piece in pieces),
        all(piece.bold for piece in pieces),
        next((piece.tag for piece in pieces if piece.tag is not None), None),
        first.colour,
    )


def overlaps(start: float, end: float, other_start: float, other_end: float, slack: float = 0.0) -> bool:
    return (end if end < other_end else other_end) - (start if start > other_start else other_start) > slack


def height_of(rows: Sequence[Row]) -> float:
    """The usual height of these lines."""
    return median(row.bottom - row.top for row in rows)
