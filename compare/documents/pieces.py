"""Words with positions: the pieces a page is made of, and the lines they stand on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from statistics import median

# Words of one line closer than this, in type sizes, are one piece; closer than the second, one word.
SAME_PIECE = 0.55
SAME_WORD = 0.12
# A list marker stands further from its text.
MARKER_GAP = 3.5
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


def overlaps(start: float, end: float, other_start: float, other_end: float, slack: float = 0.0) -> bool:
    return (end if end < other_end else other_end) - (start if start > other_start else other_start) > slack


def height_of(rows: Sequence[Row]) -> float:
    """The usual height of these lines."""
    return median(row.bottom - row.top for row in rows)
