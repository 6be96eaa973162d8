"""Tables whose cells nothing but single spaces part: a name and its figures on each line, under a header of words.

Text copied from a page or a web site loses its columns, and its header breaks into lines. What is left tells the table
all the same: as many words and years in the header as there are figures behind each name. Amounts hold spaces
themselves ('1 452,8 1 628,8'); of the ways to part a line's figures, the one with figures of like size is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log10

from compare.documents.model import Block, Cell, Place, Table, Text
from compare.reading import titles, values
from compare.reading.table_roles import CATEGORY_ROLES, VALUE_ROLES, YEAR, header_pieces, header_word
from compare.vocabulary import terms

MOST_HEADER_LINES = 16
LONGEST_HEADER_LINE = 120
LONGEST_RECORD = 200
LEAST_RECORDS = 2
LEAST_FIGURES = 2
# What heads the names is no title of a document.
LONGEST_NAME = 60
MOST_FIGURES = 12
# More pieces than these are no line of a table.
MOST_TOKENS = 24
_TOKEN = re.compile(r"\S+")
_LONE = re.compile(r"[-–−*]|\.\.?")
_WHOLE = re.compile(r"[(<>≥≤+\-–−]?\d+(?:[.,]\d+)*\)?(?:%|tkr)?[*¹²³]?")
_FIRST = re.compile(r"[+\-–−]?\d{1,3}")
_THOUSANDS = re.compile(r"\d{3}(?:[.,]\d+)?%?")
_SIGN = re.compile(r"[+\-–−<>≥≤]")
_NOTE = re.compile(r"(?:Not|Noter|Nr)\.?")
# A figure left to the name costs this much evenness: 'Etapp 2' before its amounts.
LEFT_TO_NAME = 0.4
# And so much a dash by itself, which may be the sign of the figure behind it.
LONE_DASH = 0.3
_DASHES = ("-", "–", "−")


def table_at(blocks: Sequence[Block], first: int) -> tuple[Table, int] | None:
    """The table whose header begins at a block, and the index behind it; None where none begins."""
    header: list[Text] = []
    for block in blocks[first : first + MOST_HEADER_LINES]:
        if not isinstance(block, Text) or len(block.text) > LONGEST_HEADER_LINE or block.kind == "list_item":
            break
        if header and _figures_at_end(block.text) and not _is_years(block.text):
            break
        header.append(block)
    while header and not _ends_header(header[-1].text):
        header.pop()
    if not header or not (re.search(YEAR, header[-1].text) or _names_columns(header[-1].text)):
        return None
    found = [
        (pieces, skipped, _rows(blocks, first + len(header), len(pieces) - 1, noted))
        for skipped in range(len(header))
        for pieces, noted in _headers(" ".join(block.text for block in header[skipped:]))
    ]
    fitting = [one for one in found if one[2].records >= LEAST_RECORDS]
    if not fitting:
        return None
    # Where a line begins with the word for what the rows are, the header begins there.
    pieces, skipped, body = max(
        fitting, key=lambda one: (one[2].records, -one[2].cost, _names_rows(one[0][0]), -one[1])
    )
    if skipped:
        # The header begins further down; what stands above it heads something else.
        return None
    place = Place(header[0].place.line, header[-1].place.line_end, header[0].place.page)
    return _as_table([[(piece, place) for piece in pieces], *body.rows], place), body.end


def _ends_header(text: str) -> bool:
    """Whether a line may close a header: it ends in a year or a word that heads figures."""
    return any(_heads_figures(" ".join(text.split()[-count:])) for count in (1, 2, 3)) and not text.endswith(".")


def _is_years(text: str) -> bool:
    return re.fullmatch(rf"(?:{YEAR}\s*)+", text.strip()) is not None


def _figures_at_end(text: str) -> bool:
    """Whether a line names something and ends in at least two figures, as the lines of a table do."""
    return re.search(r"[^\W\d_]{2}.*(?:\s[+\-–−]?\s?\d[\d.,]*\s?%?){2,}$", text) is not None


def _headers(head: str) -> Iterator[tuple[list[str], bool]]:
    """The ways to read a header line as the heads of names and figures; each with whether it has a column of notes."""
    head = re.sub(rf"({YEAR})(?=[A-ZÅÄÖ])", r"\1 ", head)
    together = header_pieces(head)
    if together and _are_heads(together) and not _heads_figures(together[0]) and not re.search(YEAR, together[0]):
        yield together, False
    columns = _columns(head)
    pieces = [piece for piece in columns if not _NOTE.fullmatch(piece)]
    if pieces and _heads_figures(pieces[0]):
        pieces = ["", *pieces]
    figures = [piece for piece in pieces[1:] if _heads_figures(piece)]
    if (
        _are_heads(pieces)
        and 2 <= len(pieces) - 1 <= MOST_FIGURES
        and len(figures) * 2 >= len(pieces) - 1
        and pieces != together
    ):
        yield pieces, len(pieces) < len(columns)


def _names_columns(text: str) -> bool:
    """Whether a line without years is a header all the same: the word for its rows, then at least two of figures."""
    pieces = _columns(text)
    return len(pieces) > LEAST_FIGURES and _names_rows(pieces[0]) and all(map(_heads_figures, pieces[1:]))


def _names_rows(piece: str) -> bool:
    """Whether a piece is nothing but the word for what the rows of a table are ('Nämnd', 'Nyckeltal')."""
    return terms("table_headers").match(piece) is not None


def _are_heads(pieces: Sequence[str]) -> bool:
    """Whether pieces are as short as the heads of columns; what is longer has prose in it."""
    return bool(pieces) and all(len(piece) <= LONGEST_NAME for piece in pieces)


def _heads_figures(piece: str) -> bool:
    return header_word(piece) in (*VALUE_ROLES, *CATEGORY_ROLES, "value", "deviation", "change", "total") or bool(
        re.search(rf"\b{YEAR}$", piece)
    )


def _columns(head: str) -> list[str]:
    """A header line cut behind each year, and before each new word where a word of headers is complete."""
    pieces: list[str] = []
    current: list[str] = []
    for token in head.split():
        whole = " ".join(current)
        begins = re.match(r"[(A-ZÅÄÖ]", token) and not re.match(r"\(", token)
        if current and begins and (header_word(whole.strip("()")) or _NOTE.fullmatch(whole)):
            pieces.append(whole)
            current = []
        current.append(token)
        if re.fullmatch(rf"{YEAR}\*?", token):
            pieces.append(" ".join(current))
            current = []
    return [*pieces, " ".join(current)] if current else pieces


_Rows = list[list[tuple[str, Place]]]


@dataclass(frozen=True, slots=True)
class _Body:
    """The rows under a header: how many hold figures, where they end, and how unlike in size their figures are."""

    rows: _Rows
    records: int
    end: int
    cost: float


def _rows(blocks: Sequence[Block], first: int, width: int, noted: bool) -> _Body:
    """The rows of names and figures from a block on, with the lines between that only name a part.

    `noted` tells that numbers of notes may stand before the figures, or on lines of their own.
    """
    rows: _Rows = []
    waiting: list[Text] = []
    end = first
    records, cost = 0, 0.0
    for index, block in enumerate(blocks[first:], first):
        if not isinstance(block, Text) or len(block.text) > LONGEST_RECORD:
            break
        text = f"{block.marker} {block.text}" if block.marker in ("-", "–") else block.text
        record = _record(text, width, noted)
        if noted and re.fullmatch(r"\d{1,2}", text):
            continue
        if record is None and _figures_at_end(text):
            # A row with blank cells does not tell which ones.
            waiting = []
        elif record is None:
            # One line may name a part, or what the figures on the next line are of.
            if waiting or not _names_part(text):
                break
            waiting = [block]
        else:
            name, figures, unlike = record
            if waiting and not name:
                name = waiting[0].text
            elif waiting:
                rows.append([(waiting[0].text, waiting[0].place)])
            if not name:
                break
            waiting = []
            rows.append([(name, block.place), *((figure, block.place) for figure in figures)])
            end = index + 1
            records, cost = records + 1, cost + unlike
    return _Body(rows, records, end, cost)


def _names_part(text: str) -> bool:
    return titles.looks_like_heading(text, 80) and re.match(r"[A-ZÅÄÖ]", text) is not None and not text.endswith(":")


def _record(text: str, width: int, noted: bool = False) -> tuple[str, list[str], float] | None:
    """A line's name, its figures when they can be as many as the columns, and how unlike they are.

    The name is '' where it stands on the line above.
    """
    tokens = _TOKEN.findall(text)
    if len(tokens) > MOST_TOKENS:
        return None
    start = len(tokens)
    while start > 0 and _is_figure(tokens[start - 1]):
        start -= 1
    best: tuple[float, int, list[str]] | None = None
    for left in (0, 1):
        if start + left > len(tokens):
            break
        is_note = noted and left > 0 and re.fullmatch(r"\d{1,2}", tokens[start]) is not None
        for figures in _ways(tokens[start + left :], width):
            cost = _spread(figures) + (left and not is_note) * LEFT_TO_NAME
            if best is None or cost < best[0]:
                best = cost, start + left, figures
    if best is None:
        return None
    name = " ".join(tokens[: best[1]])
    # A note's number stands between the name and its figures.
    name = re.sub(r"(?<=[^\W\d_])\s+\d{1,2}$", "", name) if noted and best[1] > start else name
    return (name if re.search(r"[^\W\d_]{2}", name) else ""), best[2], best[0]


def _is_figure(token: str) -> bool:
    return bool(_WHOLE.fullmatch(token) or _LONE.fullmatch(token) or _SIGN.fullmatch(token)) or token == "%"


def _ways(tokens: Sequence[str], count: int) -> Iterator[list[str]]:
    """All ways to read pieces as so many figures."""
    if count == 0:
        if not tokens:
            yield []
        return
    if len(tokens) < count:
        return
    for size in _sizes(tokens):
        cell = " ".join(tokens[:size])
        for rest in _ways(tokens[size:], count - 1):
            yield [cell, *rest]


def _sizes(tokens: Sequence[str]) -> Iterator[int]:
    """How many pieces the first figure can take: a sign, groups of thousands, a sign of percent."""
    if _LONE.fullmatch(tokens[0]):
        yield 1
    signed = 1 if _SIGN.fullmatch(tokens[0]) else 0
    # '000,0' is the end of a figure, not one.
    if signed >= len(tokens) or not _WHOLE.fullmatch(tokens[signed]) or re.match(r"\D?0\d", tokens[signed]):
        return
    last = signed + 1
    if last < len(tokens) and tokens[last] == "%":
        yield last + 1
        return
    yield last
    if _FIRST.fullmatch(tokens[signed]):
        while last < len(tokens) and _THOUSANDS.fullmatch(tokens[last]):
            last += 1
            yield last
            if re.search(r"[.,]", tokens[last - 1]):
                break


def _spread(figures: Sequence[str]) -> float:
    """How unlike in size figures are: the powers of ten between the smallest and the largest, figure by figure."""
    stated = [abs(value) for figure in figures if (value := values.number(figure.replace(" ", "")).value)]
    sizes = [log10(value) for value in stated if value]
    if not sizes:
        return 0.0
    middle = sorted(sizes)[len(sizes) // 2]
    return sum(abs(size - middle) for size in sizes) + sum(figure in _DASHES for figure in figures) * LONE_DASH


def _as_table(rows: _Rows, head: Place) -> Table:
    width = max(len(row) for row in rows)
    cells = tuple(
        (*(Cell(text, place) for text, place in row), *[Cell("", row[0][1])] * (width - len(row))) for row in rows
    )
    return Table(cells, replace(head, line_end=rows[-1][0][1].line_end))
