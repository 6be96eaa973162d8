"""Single spaces that part columns in text whose columns are kept with spaces, where a page has no room for wider ones.

A single space stands within names and within amounts ('1 452'), but also between two full columns. The rows around it
tell: figures are set flush right, so that where one ends in many rows a column ends. Three digits after a space may go
on an amount; only the end of a column then parts them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product, takewhile

from compare.documents.columns import figure, gutters, states_figures
from compare.documents.pieces import Piece, Row

_TOKEN = re.compile(r"\S+")
_FIGURE = re.compile(r"[(<>≥≤+\-–−]?\d+(?:[.,]\d+)*[\-–−)]?(?:%|‰)?[*¹²³⁴⁵]*|%")
_DASH = re.compile(r"[-–−*]|\.\.?")
_YEAR = re.compile(r"(?:19|20)\d\d[*¹²³⁴⁵]*")
_BEGINS_AMOUNT = re.compile(r"[(<>≥≤+\-–−]?\d{1,3}")
_GOES_ON = re.compile(r"\d{3}(?:,\d+)?[\-–−)]?(?:%|[*¹²³⁴⁵]*)")
_DATE = re.compile(r"\d{4}-\d\d(?:-\d\d)?|\d{1,2}/\d{1,2}")
_UNIT = re.compile(r"(?i)t?kr|mn?kr|procent\w*|st|dagar|år|tim(?:mar)?|min|h|p|poäng|personer|platser")
_BEGINS_NAME = re.compile(r"[A-ZÅÄÖ(]")
# Rows in which figures end at one place for it to be the end of a column, at least and as a share of all rows.
LEAST_ROWS = 2
SHARE = 0.4
# Programs that lay text out round the places of words to whole characters.
ROUNDED = 1
MOST_HEADS = 4
# A figure has at most so many words: a sign, groups of thousands, a sign of percent.
MOST_GROUPS = 4
# Half the space between columns set right.
GAP = 1
# A row with more spaces than these that may stand within amounts is left as it is.
MOST_DOUBTS = 9
# Columns of figures are wider than this.
NARROWEST = 2
# What speaks against a way to part figures, in characters away from the ends of columns, at most so many for each: one
# group of thousands more or less than others, a figure less than rows hold (its cell may be blank), one more.
FAR = 2
UNLIKE = 1.5
LACKING = 0.5
MISCOUNTED = 3
# More words than these in a row without wider gaps are no figures of a table.
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int

    @property
    def figure(self) -> bool:
        return _FIGURE.fullmatch(self.text) is not None

    @property
    def dash(self) -> bool:
        return _DASH.fullmatch(self.text) is not None


def parting_spaces(lines: Sequence[str]) -> list[frozenset[int]]:
    """The places of the single spaces of each line that part columns; none in prose."""
    words = [[_Word(m[0], *m.span()) for m in _TOKEN.finditer(line)] for line in lines]
    found: list[frozenset[int]] = [frozenset()] * len(lines)
    for first, end in _zones(words):
        rows = [line for line in words[first:end] if _is_row(line)]
        lines_above = takewhile(lambda i: bool(words[i]), range(first - 1, max(0, first - MOST_HEADS) - 1, -1))
        above = first - len(list(lines_above))
        ends = _column_ends(rows, [line for line in words[above:first] if _heads_years(line)])
        most = _most_figures(rows)
        if len(ends) < LEAST_ROWS:
            continue
        for index in range(above, end):
            if _is_row(words[index]):
                found[index] = frozenset(_within_row(words[index], ends, most))
            elif index < first:
                found[index] = frozenset(_within_head(words[index], ends))
    return found


def _zones(lines: Sequence[Sequence[_Word]]) -> Iterator[tuple[int, int]]:
    """Stretches of lines with rows of figures under one header, from the first of them to behind the last."""
    first = last = None
    for index, line in enumerate(lines):
        if not _is_row(line):
            continue
        if first is not None and last is not None and _another_begins(lines[last + 1 : index]):
            yield first, last + 1
            first = None
        first = index if first is None else first
        last = index
    if first is not None and last is not None:
        yield first, last + 1


def _another_begins(between: Sequence[Sequence[_Word]]) -> bool:
    """Whether lines between two rows head another table: they state years, or follow an empty line."""
    filled = [line for line in between if line]
    years = any(_YEAR.fullmatch(word.text) for line in filled for word in line)
    return years or len(filled) > MOST_HEADS or (len(filled) < len(between) and bool(filled))


def _is_row(line: Sequence[_Word]) -> bool:
    """Whether a line holds at least two figures behind a name, or figures alone; years alone are heads."""
    figures = [word for word in line[1:] if word.figure or word.dash]
    if len(figures) < 2 or all(_YEAR.fullmatch(word.text) or word.dash for word in figures):
        return False
    behind = [word for word in line if word.start > figures[0].start and not word.figure and not word.dash]
    # What goes on in words behind its figures without any wider gap is prose.
    return not behind or any(after.start - word.end > 1 for word, after in pairwise(line))


def _heads_years(line: Sequence[_Word]) -> bool:
    return sum(_YEAR.fullmatch(word.text) is not None for word in line) > 1


def _column_ends(rows: Sequence[Sequence[_Word]], heads: Sequence[Sequence[_Word]]) -> list[int]:
    """The places at which the figures of several rows end for sure, and the years above them."""
    counts: Counter[int] = Counter()
    for row in rows:
        name = _end_of_name(row)
        sure = (word.end for word, after in _with_next(row) if word.figure and _ends_for_sure(word, after))
        counts.update(end for end in sure if end > name)
    if len(rows) < LEAST_ROWS:
        counts.update(word.end for line in heads for word in line if _YEAR.fullmatch(word.text))
    least = max(LEAST_ROWS, SHARE * len(rows))
    near = {at: sum(counts[at + step] for step in range(-ROUNDED, ROUNDED + 1)) for at in counts}
    ends: list[int] = []
    for at in sorted(near, key=lambda one: (-counts[one], one)):
        if near[at] >= least and all(abs(at - other) > NARROWEST for other in ends):
            ends.append(at)
    return sorted(ends)


def _end_of_name(row: Sequence[_Word]) -> int:
    """Where the name that a row begins with ends, with any figure in it; 0 where no wider gap stands behind it."""
    for word, after in pairwise(row):
        if after.start - word.end > 1:
            return 0 if row[0].figure else word.end
    return 0


def _with_next(line: Sequence[_Word]) -> Iterator[tuple[_Word, _Word | None]]:
    return zip(line, [*line[1:], None], strict=True)


def _ends_for_sure(word: _Word, after: _Word | None) -> bool:
    """Whether no figure goes on behind a word: a wide gap follows, or what cannot be its next three digits."""
    return after is None or after.start - word.end > 1 or not _joins(word, after)


def _joins(word: _Word, after: _Word) -> bool:
    return bool(_BEGINS_AMOUNT.fullmatch(word.text) and _GOES_ON.fullmatch(after.text)) or after.text == "%"


def _at_end(place: int, ends: Sequence[int]) -> bool:
    return any(abs(place - end) <= ROUNDED for end in ends)


def _most_figures(rows: Sequence[Sequence[_Word]]) -> int:
    """How many figures the fullest row holds at least."""
    return max(sum(_fewest(run) for run in _runs(row) if run[0].start >= _end_of_name(row)) for row in rows)


def _runs(line: Sequence[_Word]) -> list[list[_Word]]:
    """All runs of figures of a row that single spaces part."""
    found: list[list[_Word]] = []
    index = 0
    while index < len(line):
        run = _run_of_figures(line, index)
        found += [run] if run else []
        index += max(1, len(run))
    return found


def _within_row(line: Sequence[_Word], ends: Sequence[int], most: int) -> Iterator[int]:
    """The spaces of a row that part its figures from each other, from the name before and from words behind them.

    `most` is the number of figures that such rows hold.
    """
    name = _end_of_name(line)
    runs = [run for run in _runs(line) if run[0].start >= name or run[-1].end == name]
    for run, figures in zip(runs, _best_parts(runs, ends, most), strict=False):
        index = line.index(run[0])
        before = line[index - 1] if index else None
        after = line[index + len(run)] if index + len(run) < len(line) else None
        aligned = [_at_end(figure[-1].end, ends) for figure in figures]
        # 'minst 75' is one cell; only a name at the beginning of the line may run up to its figures.
        named = all(two.start - one.end == 1 for one, two in pairwise(line[: index + 1]))
        if before is not None and named and aligned[0]:
            yield before.end
        yield from (figure[-1].end for figure in figures[:-1])
        near = after is not None and after.start - run[-1].end == 1
        if near and aligned[-1] and after is not None and not _UNIT.fullmatch(after.text):
            yield run[-1].end


def _run_of_figures(line: Sequence[_Word], first: int) -> list[_Word]:
    """The figures from a word on that single spaces part."""
    run: list[_Word] = []
    for word in line[first:]:
        if not (word.figure or word.dash) or (run and word.start - run[-1].end > 1):
            break
        run.append(word)
    return run if len(run) <= MOST_WORDS else []


def _best_parts(runs: Sequence[Sequence[_Word]], ends: Sequence[int], most: int) -> list[list[list[_Word]]]:
    """The figures of each run of a row: as many in all as rows hold, each best at the end of a column, all alike."""

    def cost(ways: Iterable[list[list[_Word]]]) -> float:
        figures = [figure for way in ways for figure in way]
        sizes = [sum(word.figure for word in figure) for figure in figures]
        away = sum(min([FAR, *(abs(figure[-1].end - end) for end in ends)]) for figure in figures)
        miscounted = LACKING * (most - len(figures)) if len(figures) < most else MISCOUNTED * (len(figures) - most)
        return away + UNLIKE * (max(sizes) - min(sizes)) + miscounted

    if not runs or sum(_joins(one, two) for run in runs for one, two in pairwise(run)) > MOST_DOUBTS:
        return []
    return list(min(product(*(_ways(run) for run in runs)), key=cost))


def _fewest(run: Sequence[_Word]) -> int:
    """How many figures a run holds at least, with all words joined that can be."""
    count, size = 1, 1
    for word, after in pairwise(run):
        joins = size < MOST_GROUPS and _may_join(word, after, size == 1)
        count, size = (count, size + 1) if joins else (count + 1, 1)
    return count


def _ways(run: Sequence[_Word]) -> Iterator[list[list[_Word]]]:
    """All ways to join the words of a run to figures."""
    if not run:
        yield []
        return
    for size in range(1, min(len(run), MOST_GROUPS) + 1):
        if size < len(run) and run[size].text == "%":
            continue
        if size > 1 and not _may_join(run[size - 2], run[size - 1], size == 2):
            break
        for rest in _ways(run[size:]):
            yield [list(run[:size]), *rest]


def _may_join(word: _Word, after: _Word, first: bool) -> bool:
    sign = first and re.fullmatch(r"[+\-–−]", word.text) and after.figure
    return bool(sign) or _joins(word, after)


def _within_head(line: Sequence[_Word], ends: Sequence[int]) -> Iterator[int]:
    """The spaces of a line of heads behind years and the ends of columns, where it falls in several parts."""
    spaces = []
    for word, after in pairwise(line):
        year, begins = _YEAR.fullmatch(word.text), _BEGINS_NAME.match(after.text)
        behind = bool(year) or (_at_end(word.end, ends) and begins)
        if after.start - word.end == 1 and behind and (begins or _YEAR.fullmatch(after.text)):
            spaces.append(word.end)
    wide = sum(after.start - word.end > 1 for word, after in pairwise(line))
    if wide + len(spaces) >= 2:
        yield from spaces


# --- columns that drift ----------------------------------------------------------------------------------------------


def straightened(rows: Sequence[Row]) -> list[Row]:
    """The lines with the pieces of a table's rows under each other, where programs have let its columns drift.

    Text laid out line by line shifts what follows a long cell. Rows of as many pieces hold the same columns all the
    same; rows of fewer take the places of the full row nearest to them.
    """
    straight = list(rows)
    for first, end in _tables(rows):
        part = rows[first:end]
        counts = Counter(len(row.pieces) for row in part if _figures_of(row) > max(1, len(row.pieces) - 3))
        if not counts:
            continue
        most, held = counts.most_common(1)[0]
        lined_up = len(gutters(part)) >= most
        if most <= LEAST_ROWS or lined_up or held * 2 < counts.total() or max(counts) > most:
            continue
        straight[first:end] = _straight(part, most)
    return straight


def _figures_of(row: Row) -> int:
    """How many figures stand behind the name of a row; dates are none."""
    return sum(figure(piece.text) and not _DATE.fullmatch(piece.text) for piece in row.pieces[1:])


def _tables(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Stretches of lines from a header, or a first row of figures, to the last row of figures before another header."""
    first = last = None
    for index, row in enumerate(rows):
        if len(row.pieces) > 1 and _is_heading(row) and (last is not None or first is None):
            if first is not None and last is not None:
                yield first, last + 1
            first, last = index, None
        elif _figures_of(row) > 1:
            first = index if first is None else first
            last = index
    if first is not None and last is not None:
        yield first, last + 1


def _is_heading(row: Row) -> bool:
    return not any(states_figures(piece.text) for piece in row.pieces)


def _straight(rows: Sequence[Row], most: int) -> list[Row]:
    """Rows with their pieces set flush right in as many columns as the full rows have; as they are where some fit none.

    Lines of one piece are wrapped names, or head the rows below them.
    """
    rows = [_with_heads_parted(row, most) if _is_heading(row) else row for row in rows]
    full = [index for index, row in enumerate(rows) if len(row.pieces) == most]
    places = [_columns_of(row, rows[min(full, key=lambda i: abs(i - index))]) for index, row in enumerate(rows)]
    if any(len(row.pieces) > 1 and not columns for row, columns in zip(rows, places, strict=True)):
        return list(rows)
    widths = [0.0] * most
    for row, columns in zip(rows, places, strict=True):
        for piece, column in zip(row.pieces, columns, strict=False):
            widths[column] = max(widths[column], piece.x1 - (piece.x0 if column else 0))
    ends = [sum(widths[: c + 1]) + 2 * GAP * c for c in range(most)]
    return [
        Row([_set(p, ends, c) for p, c in zip(row.pieces, columns, strict=True)], row.number) if columns else row
        for row, columns in zip(rows, places, strict=True)
    ]


def _with_heads_parted(row: Row, most: int) -> Row:
    """A line of heads parted before its capital letters too, where that makes as many heads as there are columns."""
    missing = most - len(row.pieces)
    cuts = [(piece, at.start()) for piece in row.pieces[1:] for at in re.finditer(r" (?=[A-ZÅÄÖ])", piece.text)]
    if len(row.pieces) < 2 or not missing or missing != len(cuts):
        return row
    pieces = []
    for piece in row.pieces:
        at = [0, *(cut + 1 for whole, cut in cuts if whole is piece), len(piece.text) + 1]
        for begin, end in pairwise(at):
            text = piece.text[begin : end - 1]
            pieces.append(replace(piece, text=text, x0=piece.x0 + begin, x1=piece.x0 + begin + len(text)))
    return Row(pieces, row.number)


def _set(piece: Piece, ends: Sequence[float], column: int) -> Piece:
    if column == 0:
        return piece
    return replace(piece, x0=ends[column] - (piece.x1 - piece.x0), x1=ends[column])


def _columns_of(row: Row, full: Row) -> list[int]:
    """The column of each piece of a row: in order where it is full, else that of the full row's nearest piece."""
    most = len(full.pieces)
    if len(row.pieces) == most:
        return list(range(most))
    if len(row.pieces) == 1:
        return []
    if len(row.pieces) == most - 1 and _is_heading(row) and row.x0 > full.pieces[0].x1:
        # The names have no head.
        return list(range(1, most))
    columns: list[int] = []
    for piece in row.pieces:
        near = min(range(len(full.pieces)), key=lambda c: _apart(piece, full.pieces[c], first=c == 0))
        columns.append(near)
    return columns if all(one < two for one, two in pairwise(columns)) else []


def _apart(piece: Piece, other: Piece, *, first: bool) -> float:
    return abs(piece.x0 - other.x0) if first else abs(piece.x1 - other.x1)
