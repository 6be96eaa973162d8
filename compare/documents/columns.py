"""Tables that only their alignment shows: cells found by the gaps between words, without any drawn line.

Works on pieces of text with positions, so that a PDF page and a text file whose columns are kept with spaces are read
by the same rules. A column is what stands between two gutters that hardly any line crosses; a row is a line, or
several where cells are wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile
from statistics import median

from compare.documents.characters import joined, list_marker, unfinished
from compare.documents.pieces import Piece, Row, height_of, overlaps

FIGURE = re.compile(
    r"[(<>≤≥±+\-–−]?\s*\d[\d\s.,:/\-–]*\s*(?:%|‰|tkr|kr|mnkr|mkr|mdkr|st|år|dagar|p|°)?\s*\)?[*¹²³⁴⁵]*|[-–−*.]{1,3}|\.\.",
    re.IGNORECASE,
)
# Years, dates and days of months, as heads of columns name them.
WRITTEN_TIME = re.compile(
    r"\b(?:19|20)\d\d(?:-\d\d){0,2}\b|\b\d{1,2}(?=\s+(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec))",
    re.IGNORECASE,
)
LEADERS = re.compile(r"\.{4,}|…{2,}")
# Rows further apart than this, in type sizes, belong to different tables.
TABLE_GAP = 4.5
CROSSED_SHARE = 0.08
# Type no larger than this is not measured in points: the lines of a text, a character one unit wide.
CHARACTERS = 2.5
# Lines closer than this, in type sizes, stand beside each other: cells centred in rows of two lines.
SHIFTED = 0.8
# Lines further apart than this, in type sizes, are hardly lines of one cell.
AIRY = 1.45
# A line of a table holds at least so many pieces.
LEAST_PIECES = 2
# A head of columns takes no more lines than these.
MOST_HEAD_LINES = 2
# How many lines back a table's columns are told from while it is being followed.
WINDOW = 40


@dataclass(slots=True)
class Aligned:
    """A table found by alignment: which rows of the page it takes, its columns, and its cells as text."""

    first: int
    end: int
    columns: list[tuple[float, float]]
    cells: list[list[tuple[str, int]]] = field(default_factory=list)
    tops: list[float] = field(default_factory=list)
    bold_first: bool = False
    numbers: list[list[int]] = field(default_factory=list)


def figure(text: str) -> bool:
    return FIGURE.fullmatch(text.strip()) is not None


def states_figures(text: str) -> bool:
    """Whether a text states more figures than the year or date that a head of a column names; a date alone is one.

    >>> states_figures("Utfall 2031-08-31"), states_figures("2031"), states_figures("2031-08-31"), states_figures("12")
    (False, False, True, True)
    """
    alone = WRITTEN_TIME.fullmatch(text.strip()) is not None and len(text.strip()) > 4
    return alone or re.search(r"\d", WRITTEN_TIME.sub("", text)) is not None


Rule = tuple[float, float, float]


def find_aligned(rows: Sequence[Row], rules: Sequence[Rule] = ()) -> list[Aligned]:
    """The tables among the lines of a page or text, from the top.

    `rules` are the horizontal lines drawn on the page: their height and their two ends.
    """
    found: list[Aligned] = []
    index = 0
    while index < len(rows):
        table = aligned_at(rows, index, rules) if several(rows[index]) else None
        if table is None:
            index += 1
        else:
            # A header line of one cell above the columns: 'Budget' over three years.
            table = with_header_above(rows, table, found[-1].end if found else 0)
            found.append(table)
            index = table.end
    return found


def several(row: Row) -> bool:
    """Whether a line holds pieces that stand clearly apart."""
    if len(row.pieces) < 2:
        return False
    return not any(LEADERS.search(piece.text) for piece in row.pieces if ".." in piece.text or "…" in piece.text)


def aligned_at(rows: Sequence[Row], first: int, rules: Sequence[Rule]) -> Aligned | None:
    """The table that begins at a line, or None where what follows is no table."""
    end = first + 1
    last_several = first
    columns = gutters(rows[first:end])
    while end < len(rows):
        if rows[end].top - rows[end - 1].bottom > TABLE_GAP * rows[end].size:
            break
        if several(rows[end]):
            apart = parted_by_empty_line(rows, last_several, end)
            if apart and (before_columns(columns, rows[end]) or heads_another(rows[first:end], columns, rows[end])):
                break
            if apart and heads_figures_anew(rows[first:end], rows[end : end + 2]):
                break
            columns = widened(columns, rows[end]) or gutters(rows[max(first, end - WINDOW) : end + 1])
            if len(columns) < 2 and end - first > 1:
                break
            last_several = end
        elif end - last_several > 6 or stands_alone(rows, end) or not fits_a_column(columns, rows[end]):
            break
        end += 1
    end = max(
        with_wrapped_end(rows, first, last_several + 1, end), above_last_rule(rows, first, last_several, end, rules)
    )
    region = list(rows[first:end])
    columns = gutters(region)
    drawn = len(separators(region, rules)) >= max(2, len(region) / 6)
    if len(columns) < 2 or not (drawn or is_table(region, columns)):
        return None
    return Aligned(first, end, columns)


def before_columns(columns: Sequence[tuple[float, float]], row: Row) -> bool:
    """Whether pieces that stand apart all end before the second of several columns, as those of another table would."""
    return len(columns) > 2 and row.pieces[-1].x1 < columns[1][0] - row.size


def heads_another(above: Sequence[Row], columns: Sequence[tuple[float, float]], row: Row) -> bool:
    """Whether a line of words alone does not keep to the columns of the lines above, as the head of another table."""
    if any(figure(piece.text) for piece in row.pieces):
        return False
    most = max(len(line.pieces) for line in above)
    if most == LEAST_PIECES and len(row.pieces) > most + 1:
        # Titles behind their numbers, above a table.
        return all(line.pieces[0].x0 <= row.pieces[0].x1 for line in above)
    return sum(map(several, above)) > MOST_HEAD_LINES and len(gutters([*above[-WINDOW:], row])) < len(columns)


def heads_figures_anew(above: Sequence[Row], heads: Sequence[Row]) -> bool:
    """Whether lines that state years but no figures, or the first of two, head another table below rows of figures."""
    without = list(takewhile(lambda row: not any(states_figures(piece.text) for piece in row.pieces), heads))
    if not any(WRITTEN_TIME.search(piece.text) for row in without for piece in row.pieces[1:]):
        return False
    return any(sum(figure(piece.text) for piece in one.pieces[1:]) > 1 for one in above[1:])


def parted_by_empty_line(rows: Sequence[Row], above: int, below: int) -> bool:
    """Whether an empty line of a text stands between two lines."""
    return any(b.number - a.number > 1 for a, b in pairwise(rows[above : below + 1])) and rows[below].size <= CHARACTERS


def stands_alone(rows: Sequence[Row], index: int) -> bool:
    """Whether a line of one piece is set off above and below, as headings between tables are."""
    row = rows[index]
    height = row.bottom - row.top
    above = row.top - rows[index - 1].bottom if index else height * 2
    below = rows[index + 1].top - row.bottom if index + 1 < len(rows) else height * 2
    return above > height and below > height and not row.pieces[0].text[:1].islower()


def widened(columns: list[tuple[float, float]], row: Row) -> list[tuple[float, float]] | None:
    """The columns with a line's pieces in them; None where a piece reaches over more or less than one column."""
    wider = list(columns)
    for piece in row.pieces:
        covered = [index for index, column in enumerate(columns) if overlaps(piece.x0, piece.x1, *column)]
        if len(covered) != 1:
            return None
        start, end = wider[covered[0]]
        wider[covered[0]] = (min(start, piece.x0), max(end, piece.x1))
    return wider if all(one[1] < two[0] for one, two in pairwise(wider)) else None


def fits_a_column(columns: Sequence[tuple[float, float]], row: Row) -> bool:
    """Whether a line of one piece stays inside one column, as a wrapped cell or a label above its rows does."""
    if len(columns) < 2:
        return False
    piece = row.pieces[0]
    covered = [column for column in columns if overlaps(piece.x0, piece.x1, *column)]
    if len(covered) > 1:
        return False
    # The gutter before the next column must stay free.
    following = [column for column in columns if column[0] > piece.x0 + 1]
    return not following or piece.x1 < following[0][0] - 0.3 * row.size


def with_wrapped_end(rows: Sequence[Row], first: int, after: int, limit: int) -> int:
    """The region's end with the lines behind its last full line that only finish wrapped cells."""
    steps = [b.top - a.top for a, b in pairwise(rows[first:after])]
    least = SHIFTED * rows[first].size if rows[first].size > CHARACTERS else 0.0
    pitch = min((step for step in steps if step > least), default=None)
    end = after
    while end < limit:
        row = rows[end]
        close = row.top - rows[end - 1].top <= 1.15 * (pitch or 1.4 * row.size)
        text = row.pieces[0].text
        if (
            not close
            or row.bold
            or list_marker(text)
            or not (text[:1].islower() or row.pieces[0].x0 > rows[first].x0 + 3 * row.size)
        ):
            break
        end += 1
    return end


def above_last_rule(rows: Sequence[Row], first: int, last: int, limit: int, rules: Sequence[Rule]) -> int:
    """The region's end with the lines behind its last full line that a rule as wide as one above closes off."""
    parting = [rule for rule in rules if rows[first].middle < rule[0] < rows[last].middle]
    end = last + 1
    for index in range(last + 1, limit):
        below = rows[index + 1].middle if index + 1 < len(rows) else rows[index].bottom + 2 * rows[index].size
        closing = [rule for rule in rules if rows[index].middle < rule[0] < below]
        if any(abs(one[1] - two[1]) < 3 and abs(one[2] - two[2]) < 3 for one in closing for two in parting):
            end = index + 1
    return end


def with_header_above(rows: Sequence[Row], table: Aligned, bound: int) -> Aligned:
    """The table with lines of one piece right above it that stand over its later columns."""
    first = table.first
    while first > bound:
        row = rows[first - 1]
        inside = row.pieces[0].x0 >= table.columns[1][0] - row.size and row.x1 <= table.columns[-1][1] + 2 * row.size
        # In text an empty line parts a heading from the columns below it.
        far = 1.2 * row.size if row.size > CHARACTERS else 0.5
        if several(row) or not inside or rows[first].top - row.bottom > far:
            break
        first -= 1
    table.first = first
    return table


def gutters(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """The columns as extents: what stands between strips that hardly any line of several pieces crosses."""
    pieces = [piece for row in rows if several(row) for piece in row.pieces]
    if not pieces:
        return []
    size = median(piece.size for piece in pieces)
    allowed = int(CROSSED_SHARE * sum(1 for row in rows if several(row)))
    events = sorted([(piece.x0, 1) for piece in pieces] + [(piece.x1, -1) for piece in pieces])
    columns: list[tuple[float, float]] = []
    depth, start = 0, None
    for at, change in events:
        before, depth = depth, depth + change
        if before <= allowed < depth and start is None:
            start = at
        elif depth <= allowed < before and start is not None:
            columns.append((start, at))
            start = None
    if allowed:
        columns = [column for column in columns if sum(overlaps(p.x0, p.x1, *column) for p in pieces) > allowed]
    return merged_columns(columns, 0.25 * size)


def merged_columns(columns: list[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    """Columns with the gutters that are too narrow to be one closed."""
    merged: list[tuple[float, float]] = []
    for start, end in columns:
        if merged and start - merged[-1][1] < gap:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def is_table(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> bool:
    """Whether aligned lines are a table and not prose in columns, a table of contents or a signature block."""
    full = [row for row in rows if several(row)]
    if len(full) < 2:
        return False
    later = [piece for row in full for piece in row.pieces if piece.x0 >= columns[1][0] - 1]
    figures = sum(figure(piece.text) or bool(re.search(r"\d\s*%|^\d{4}$|^\d", piece.text)) for piece in later)
    if later and figures >= 0.4 * len(later):
        return True
    if prose_columns(rows, columns):
        return False
    if len(columns) >= 3:
        return True
    # Two columns of words: enough lines whose second cells start on one edge.
    starts = [row.pieces[-1].x0 for row in full]
    edge = median(starts)
    return len(full) >= 3 and sum(abs(start - edge) < 2 for start in starts) >= 0.8 * len(starts)


def prose_columns(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> bool:
    """Whether columns hold running prose: nearly every line fills its column with several words."""
    if len(columns) > 3:
        return False
    filled = words = count = 0.0
    for row in rows:
        for piece in row.pieces:
            own = [column for column in columns if overlaps(piece.x0, piece.x1, *column)]
            if len(own) == 1:
                filled += (piece.x1 - piece.x0) / max(1.0, own[0][1] - own[0][0])
                words += len(piece.text.split())
                count += 1
    return count >= 8 and filled / count > 0.8 and words / count > 3.5


# --- rows ------------------------------------------------------------------------------------------------------------


def fill(table: Aligned, rows: Sequence[Row], rules: Sequence[Rule] = ()) -> Aligned:
    """The table with its cells: lines gathered to rows, pieces to columns."""
    region = list(rows[table.first : table.end])
    groups = row_groups(region, table.columns, separators(region, rules))
    for group in groups:
        table.cells.append(cells_of([region[index] for index in group], table.columns))
        table.tops.append(region[group[0]].top)
        table.numbers.append([region[index].number for index in group])
    first = [region[index] for index in groups[0]]
    table.bold_first = all(row.bold for row in first)
    return table


def separators(rows: Sequence[Row], rules: Sequence[Rule]) -> list[float]:
    """The heights at which drawn rules part these lines."""
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    top, bottom = rows[0].middle, rows[-1].middle
    return [
        at
        for at, start, end in rules
        if top < at < bottom and min(end, right) - max(start, left) > 0.6 * (right - left)
    ]


def row_groups(
    rows: Sequence[Row], columns: Sequence[tuple[float, float]], parting: Sequence[float] = ()
) -> list[list[int]]:
    """Which lines make up each row: told by drawn rules, by larger gaps, or by the cells themselves."""
    bands = grouped(rows, lambda above, row: any(above.middle < at < row.middle for at in parting))
    bands = [one for band in bands for one in evenly_parted(rows, band, bands, columns)]
    # Rules between all rows leave few lines in each band; a rule under the header alone leaves the rows together.
    if (
        len(bands) > 2
        and len(rows) <= 3.5 * len(bands)
        and not any(clashes(part(rows, band), columns) for band in bands)
    ):
        return bands
    groups = []
    for band in bands:
        groups += [[band[index] for index in group] for group in undrawn_groups(part(rows, band), columns)]
    return groups


def evenly_parted(
    rows: Sequence[Row], band: list[int], bands: Sequence[list[int]], columns: Sequence[tuple[float, float]]
) -> list[list[int]]:
    """A band of lines parted where they stand as far apart as rows do, as where every other row is shaded.

    Without much air between rows their lines must look like rows as well.
    """
    if len(band) == 1 or sum(len(one) == 1 for one in bands) < max(2, len(bands) / 2):
        return [band]
    least = min(rows[below[0]].bottom - rows[above[-1]].bottom for above, below in pairwise(bands))
    groups = [[band[0]]]
    for index in band[1:]:
        row = rows[index]
        step = row.bottom - rows[index - 1].bottom
        if step >= 0.97 * least and (step > AIRY * row.size or begins_row(row, columns)):
            groups.append([index])
        else:
            groups[-1].append(index)
    return groups


def begins_row(row: Row, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether a line looks like a row of its own: a label, and half of the other cells filled."""
    filled = {column_of(piece, columns) for piece in row.pieces}
    return 0 in filled and 2 * len(filled) > len(columns) and not row.pieces[0].text[:1].islower()


def part(rows: Sequence[Row], indices: Sequence[int]) -> list[Row]:
    return [rows[index] for index in indices]


def undrawn_groups(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> list[list[int]]:
    """Which lines make up each row where no rule tells."""
    by_gap = gap_groups(rows)
    if by_gap and not any(clashes(part(rows, group), columns) for group in by_gap):
        return by_gap
    return content_groups(rows, columns)


def grouped(rows: Sequence[Row], apart: Callable[[Row, Row], bool]) -> list[list[int]]:
    """Consecutive lines in groups, a new one wherever `apart(previous, next)` says so."""
    groups: list[list[int]] = []
    for index, row in enumerate(rows):
        if groups and not apart(rows[index - 1], row):
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def gap_groups(rows: Sequence[Row]) -> list[list[int]] | None:
    """Rows by their distance, where wrapped lines stand visibly closer than rows do; None where all are alike."""
    pitches = [b.top - a.top for a, b in pairwise(rows)]
    if not pitches:
        return None
    height = height_of(rows)
    tight = min((pitch for pitch in pitches if pitch > 0.7 * height), default=min(pitches))
    if max(pitches) < 1.2 * tight:
        return None
    return grouped(rows, lambda a, b: b.top - a.top > 1.18 * tight)


def clashes(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> bool:
    """Whether lines taken as one row hold two figures in one column, so that they are several rows."""
    seen: set[int] = set()
    for row in rows:
        here = {
            column_of(piece, columns) for piece in row.pieces if figure(piece.text) and re.search(r"\d", piece.text)
        }
        here.discard(0)
        if here & seen:
            return True
        seen |= here
    return False


def content_groups(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> list[list[int]]:
    """Rows told by their cells: a line with figures or with most cells filled begins one, the rest continues."""
    filled = [{column_of(piece, columns) for piece in row.pieces} for row in rows]
    figures = [any(figure(piece.text) for piece in row.pieces[1:] or row.pieces) for row in rows]
    anchored = any(figures)
    groups: list[list[int]] = []
    for index, row in enumerate(rows):
        if not groups:
            groups.append([index])
            continue
        previous = rows[index - 1]
        near = row.top - previous.top <= 1.3 * row.size * 1.2
        first_text = row.pieces[0].text
        label_goes_on = first_text[:1].islower() or (
            0 in filled[index] and 0 in filled[index - 1] and unfinished(previous.pieces[0].text)
        )
        if row.top - previous.top < SHIFTED * row.size and row.size > CHARACTERS:
            groups[-1].append(index)
        elif figures[index] and (figures[index - 1] or 0 not in filled[index - 1]):
            groups.append([index])
        elif figures[index]:
            # The line above may be this row's label begun: it has no figures and this label goes on in lower case.
            goes_on = 0 not in filled[index] or label_goes_on
            alone = len(groups[-1]) == 1 or not any(figures[i] for i in groups[-1])
            (groups[-1].append(index) if goes_on and alone and near else groups.append([index]))
        elif not near and row.size > CHARACTERS:
            groups.append([index])
        elif (
            (0 not in filled[index] and not begins_anew(row, len(columns)))
            or label_goes_on
            or (not anchored and len(filled[index]) < max(2, len(columns) // 2 + 1))
        ):
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def begins_anew(row: Row, columns: int) -> bool:
    """Whether a line that leaves only its first column blank is a row, whose first cell is that of the row above.

    In a wrapped line hardly ever all cells begin with a capital letter.
    """
    return columns > 2 and len(row.pieces) == columns - 1 and all(piece.text[:1].isupper() for piece in row.pieces)


def column_of(piece: Piece, columns: Sequence[tuple[float, float]]) -> int:
    """The column a piece stands in: the one it shares most with, else the nearest."""
    shared = [min(piece.x1, end) - max(piece.x0, start) for start, end in columns]
    return max(range(len(columns)), key=lambda index: shared[index])


def parted(piece: Piece, columns: Sequence[tuple[float, float]]) -> list[Piece]:
    """Figures of several columns that were read as one piece, parted at the gutters between them."""
    if " " not in piece.text.strip() or not re.fullmatch(r"[-–−+\d\s.,%()*]+", piece.text):
        return [piece]
    covered = [column for column in columns if overlaps(piece.x0, piece.x1, *column, 0.4)]
    if len(covered) < 2:
        return [piece]
    return cut_at(piece, (covered[0][1] + covered[1][0]) / 2, columns)


def cut_at(piece: Piece, at: float, columns: Sequence[tuple[float, float]]) -> list[Piece]:
    """A piece cut at the space nearest to a position, and its rest parted further."""
    text = piece.text.rstrip()
    width = (piece.x1 - piece.x0) / max(1, len(text))
    spaces = [match.start() for match in re.finditer(r"(?<=\S) (?=\S)", text)]
    if not spaces:
        return [piece]
    cut = min(spaces, key=lambda i: abs(piece.x0 + (i + 0.5) * width - at))
    middle = piece.x0 + (cut + 0.5) * width
    left = replace(piece, x1=min(middle, at), text=text[:cut])
    right = replace(piece, x0=max(middle, at), text=text[cut + 1 :])
    return [left, *parted(right, columns)]


def cells_of(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> list[tuple[str, int]]:
    """One row's cells from left to right: text and how many columns it covers."""
    texts = [""] * len(columns)
    spans = [1] * len(columns)
    for row in rows:
        for piece in (part for one in row.pieces for part in parted(one, columns)):
            covered = [i for i, (start, end) in enumerate(columns) if overlaps(piece.x0, piece.x1, start, end, 0.4)]
            home = covered[0] if len(covered) > 1 else column_of(piece, columns)
            texts[home] = joined(texts[home], piece.text.strip())
            if len(covered) > 1:
                spans[home] = max(spans[home], covered[-1] - covered[0] + 1)
    cells: list[tuple[str, int]] = []
    index = 0
    while index < len(columns):
        span = spans[index]
        # A wide piece covers only columns that hold nothing of their own.
        while span > 1 and any(texts[index + 1 : index + span]):
            span -= 1
        cells.append((texts[index], span))
        index += span
    return cells
