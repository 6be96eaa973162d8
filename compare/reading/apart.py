"""Tables whose names stand together and whose figures stand together, column by column or row by row, further down.

Text taken out of a page in the order in which it was drawn keeps the cells and loses the rows. Where a head stands over
the names, and the figures are exactly as many as names times heads, the table is put together again. In which order
its figures stand is told by the gaps between them, by sums, or by figures of a row being alike; where nothing tells it,
they are left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise, takewhile

from compare.documents.characters import unfinished
from compare.documents.model import Block, Cell, Place, Table, Text
from compare.reading import categories, spaced, titles, values
from compare.reading.table_roles import YEAR, header_word
from compare.vocabulary import terms

LEAST_NAMES = 2
# A list of names and figures without heads has so many at least.
LEAST_LISTED = 3
MOST_LINES = 240
LONGEST_NAME = 120
LONGEST_HEAD = 100
# So many times less alike must figures be in the other order, where only their sizes tell.
CLEARLY = 5.0
# And no figure of a row may be further from the others than this, in powers of ten.
MOST_UNLIKE = 0.2
# What a head over names alone may be.
_ROLES = ("committee", "label", "indicator", "project")
_TITLE_OF_LIST = re.compile(r"[A-ZÅÄÖ][^\d.:]{3,80}(?:\s20\d\d)?[\s,(]+(?:i\s+)?(?:tkr|mnkr|mkr|kr)\)?", re.IGNORECASE)


_Columns = list[list[tuple[str, Place]]]


@dataclass(frozen=True, slots=True)
class _Part:
    """Heads of columns, the lines of figures below them in groups that gaps part, and how many lines end with them."""

    heads: list[str]
    groups: list[list[Text]]
    end: int

    @property
    def lines(self) -> list[Text]:
        return [line for group in self.groups for line in group]


@dataclass(frozen=True, slots=True)
class _Whole:
    """A table put together: its names, its heads and columns of figures, and how many lines these take."""

    names: list[list[Text]]
    heads: list[str]
    columns: _Columns
    lines: int


def table_at(blocks: Sequence[Block], first: int) -> tuple[Table, int] | None:
    """The table whose head over the names stands at a block, and the index behind it; None where none begins."""
    head = blocks[first]
    if not isinstance(head, Text) or not _heads_names(head.text):
        return None
    lines = [block for block in blocks[first + 1 : first + MOST_LINES] if isinstance(block, Text)]
    if len(lines) < len(blocks[first + 1 : first + MOST_LINES]):
        end = next(i for i, block in enumerate(blocks[first + 1 :]) if not isinstance(block, Text))
        lines = lines[:end]
    behind = next((i for i, line in enumerate(lines) if _is_figures(line.text)), 0)
    found = [whole for split in _splits(lines[:behind], head) if (whole := _whole(*split, lines[behind:]))]
    if not found or (len(found) > 1 and len(found[0].columns) == len(found[1].columns)):
        return None
    best = max(found, key=lambda whole: len(whole.columns))
    rows = [_row(name, [column[index] for column in best.columns]) for index, name in enumerate(best.names)]
    place = Place(head.place.line, lines[behind + best.lines - 1].place.line_end, head.place.page)
    header = tuple(Cell(text, head.place) for text in [head.text, *best.heads])
    return Table((header, *rows), place), first + 1 + behind + best.lines


def figures_left(blocks: Sequence[Block], least: int) -> Iterator[tuple[Place, int]]:
    """Runs of at least so many lines of nothing but figures: columns that no names stand beside."""
    for alone, run in groupby(blocks, key=lambda block: isinstance(block, Text) and _is_figures(block.text)):
        found = list(run)
        if alone and len(found) >= least:
            place = found[0].place
            yield Place(place.line, found[-1].place.line_end, place.page), len(found)


def _heads_names(text: str) -> bool:
    """Whether a line is nothing but the head over the names of rows ('Nämnd, mnkr', 'Mått', 'Tkr').

    So is the title of a list that states the unit of its amounts ('Förändring av ramen 2024, tkr').
    """
    if len(text) > LONGEST_HEAD:
        return False
    if _TITLE_OF_LIST.fullmatch(text) and values.money_unit(text):
        return True
    plain = re.sub(r"[\s,(]*\b(?:i\s+)?(?:tkr|mnkr|mkr|kr)\)?$", "", text, flags=re.IGNORECASE).strip()
    if not plain or re.fullmatch(r"(?i)belopp(?:\s+i)?", plain):
        return values.money_unit(text) is not None
    found = terms("table_headers").match(plain)
    return found is not None and found.term in _ROLES and found.how != "damaged"


def _splits(lines: Sequence[Text], head: Text) -> Iterator[tuple[list[list[Text]], list[str]]]:
    """The ways to part lines above figures into names and heads of columns, which stand above or below the names.

    A list without heads states what its amounts are in its own head ('Förändring av ramen 2024, tkr').
    """
    before = list(lines)
    if _TITLE_OF_LIST.fullmatch(head.text) and len(before) >= LEAST_LISTED:
        yield _joined(before), [""]
    above = list(takewhile(lambda line: _is_head(line.text), before))
    below = list(takewhile(lambda line: _is_head(line.text), reversed(before[len(above) :])))[::-1]
    rest = before[len(above) : len(before) - len(below)]
    if any(len(line.text) > LONGEST_NAME or line.kind != "paragraph" for line in rest):
        return
    for count in range(len(below) + 1):
        names = _joined([*rest, *below[:count]])
        heads = [*_heads(above), *_heads(below[count:])]
        if len(names) >= LEAST_NAMES and heads:
            yield names, heads


def _whole(names: list[list[Text]], heads: list[str], lines: Sequence[Text]) -> _Whole | None:
    """The table that names, heads and the lines behind them make; None where their numbers do not fit."""
    texts: list[str] = []
    columns: _Columns = []
    taken = 0
    for part in _parts(heads, lines):
        found = _columns(part, names)
        if not found or (part.heads == [""] and len(part.groups) > 1):
            break
        texts += part.heads
        columns += found
        taken = part.end
    return _Whole(names, texts, columns, taken) if columns else None


def _joined(lines: Sequence[Text]) -> list[list[Text]]:
    """Lines as names: one that begins with a small letter, or follows a word that goes on, belongs to the one above."""
    names: list[list[Text]] = []
    for line in lines:
        goes_on = line.text[:1].islower() and not titles_of_parts(line.text)
        if names and (goes_on or unfinished(names[-1][-1].text)):
            names[-1].append(line)
        else:
            names.append([line])
    return names


def titles_of_parts(text: str) -> bool:
    """Whether a line names a part of the row above ('varav inventarier')."""
    found = terms("budget_rows").first(text, damaged=False)
    return found is not None and found.term == "part" and found.start == 0


def _is_head(text: str) -> bool:
    """Whether a line heads columns of figures, and nothing else: years, or words for figures with their years."""
    if len(text) > LONGEST_NAME or _is_figures(text):
        return False
    if re.fullmatch(rf"(?:{YEAR}\s*)+", text.strip()):
        return True
    pieces = spaced.heads_of(text)
    return bool(pieces) and all(map(spaced.heads_figures, pieces)) and header_word(pieces[0]) != "total"


def _heads(lines: Sequence[Text]) -> list[str]:
    """The heads of columns that lines hold, those that go on over lines made whole."""
    return spaced.heads_of(" ".join(line.text for line in lines)) if lines else []


def _parts(heads: list[str], lines: Sequence[Text]) -> Iterator[_Part]:
    """The figures with the heads they stand below, one part behind the other."""
    index = 0
    while index < len(lines) and heads:
        figures = list(takewhile(lambda line: _is_figures(line.text), lines[index:]))
        if not figures:
            return
        index += len(figures)
        yield _Part(heads, _groups(figures), index)
        below = list(takewhile(lambda line: _is_head(line.text), lines[index:]))
        heads, index = _heads(below), index + len(below)


def _groups(figures: Sequence[Text]) -> list[list[Text]]:
    """Lines of figures in groups, as empty lines or the ends of pages part them."""
    groups: list[list[Text]] = [[figures[0]]]
    for above, line in pairwise(figures):
        if line.place.line - above.place.line_end > 1:
            groups.append([])
        groups[-1].append(line)
    return groups


def _columns(part: _Part, names: Sequence[Sequence[Text]]) -> _Columns:
    """The figures of a part by column; none where they are not as many as there are names and heads."""
    width, height = len(part.heads), len(names)
    lines = part.lines
    if len(lines) == height and width > 1:
        rows = [spaced.likeliest_figures(line.text, width) for line in lines]
        if any(row is None for row in rows):
            return []
        return [
            [(row[column] if row else "", line.place) for row, line in zip(rows, lines, strict=True)]
            for column in range(width)
        ]
    if len(lines) != width * height or any(spaced.likeliest_figures(line.text, 1) is None for line in lines):
        return []
    cells = [(line.text, line.place) for line in lines]
    down = [cells[start : start + height] for start in range(0, len(cells), height)]
    across = [cells[start::width] for start in range(width)]
    if width == 1:
        return down
    # Gaps part whole columns or whole rows; of those that part neither, the order is not known.
    possible = [
        columns
        for columns, size in ((down, height), (across, width))
        if all(len(group) % size == 0 for group in part.groups)
    ]
    if len(part.groups) > 1 and len(possible) == 1:
        return possible[0]
    return _likelier(possible, [" ".join(line.text for line in name) for name in names])


def _likelier(orders: Sequence[_Columns], names: Sequence[str]) -> _Columns:
    """Of two orders the one in which totals add up, else in which the figures of a row are clearly more alike."""
    if len(orders) < 2:
        return []
    one, other = sorted(orders, key=lambda columns: (-_sums_that_hold(columns, names), _spread(columns)))
    if _sums_that_hold(one, names) > _sums_that_hold(other, names):
        return one
    alike = all(spaced.spread(row) <= MOST_UNLIKE * len(row) and _of_one_unit(row) for row in _rows(one))
    return one if alike and _spread(one) * CLEARLY < _spread(other) else []


def _rows(columns: _Columns) -> Iterator[list[str]]:
    return ([text for text, _ in row] for row in zip(*columns, strict=True))


def _of_one_unit(row: Sequence[str]) -> bool:
    return len({"%" in text for text in row if re.search(r"\d", text)}) < 2


def _sums_that_hold(columns: _Columns, names: Sequence[str]) -> int:
    """In how many columns the last row is the sum of those above it, where its name says that it adds them up."""
    if not categories.is_total(names[-1]):
        return 0
    parts = [index for index, name in enumerate(names[:-1]) if not titles_of_parts(name)]
    held = 0
    for column in columns:
        numbers = [values.amount(text).number for text, _ in column]
        added = sum((numbers[index] or Decimal(0) for index in parts), Decimal(0))
        held += numbers[-1] is not None and abs(added - numbers[-1]) <= abs(numbers[-1]) / 1000
    return held


def _spread(columns: _Columns) -> float:
    """How unlike in size the figures of the rows are."""
    return sum(map(spaced.spread, _rows(columns)))


def _row(name: Sequence[Text], figures: Sequence[tuple[str, Place]]) -> tuple[Cell, ...]:
    place = Place(name[0].place.line, name[-1].place.line_end, name[0].place.page)
    text = titles.plain(" ".join(line.text for line in name))
    return (Cell(text, place), *(Cell(figure, place) for figure, place in figures))


def _is_figures(text: str) -> bool:
    """Whether a line holds figures or the signs of missing ones, and nothing else."""
    return spaced.only_figures(text) or re.fullmatch(r"(?:[-–−*]\s*)+", text.strip()) is not None
