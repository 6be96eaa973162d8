"""Tables as the page showed them: two tables that were taken for one are parted, columns run together are parted.

Extraction merges tables that stand close, and columns that stand close. Header words tell both: a header in the middle
of a table begins another one, and a head of several years over cells of as many figures is several columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from rapidfuzz import fuzz

from compare.documents.model import Cell, Place, Table
from compare.reading import headings, titles, values
from compare.reading.table_roles import VALUE_ROLES, YEAR, cells, header_pieces, header_word
from compare.vocabulary import terms

_FIGURE = re.compile(r"[<>≥≤]?\s?[+\-–−]?\s?\d+(?:[.,]\d+)?\s?%?|(?<!\S)[-–−*](?!\S)")
# What the rows of a table may be about.
_SUBJECTS = ("action", "indicator", "assignment", "goal", "project")
# Heads of two lists side by side are alike by so many of a hundred.
SAME_HEADS = 75
# Years from one to another are one column's ('Period 2022-2025', 'Diff 2023-2024').
_PERIOD = re.compile(rf"{YEAR}\s*[-–—/]\s*{YEAR}")
_THOUSANDS = re.compile(r"[+\-–−]?\s?\d{1,3}(?: \d{3})+(?:,\d+)?")


def repaired(table: Table) -> list[Table]:
    """The table, or the tables that it really is, with columns run together parted."""
    return [_parted(_by_groups(part)) for half in _side_by_side(table) for part in _split(half)]


def _by_groups(table: Table) -> Table:
    """The table with heads that name several parts of a population ('2022 Kvinnor Män') parted, a column for each.

    Narrow columns run together and drift; a row's figures are dealt out in their order when they are as many as the
    heads then are, and are left out otherwise.
    """
    head = cells(table.rows[0]) if table.rows else []
    heads = [piece for text in head[1:] if text for piece in _of_groups(text)]
    if len(heads) <= sum(1 for text in head[1:] if text) or len(table.rows) < 2:
        return table
    rows = [_with(table.rows[0][:1], 0, [head[0], *heads])]
    for row in table.rows[1:]:
        figures = [token for cell in row[1:] for token in cell.text.split()]
        fits = len(figures) == len(heads) and all(_FIGURE.fullmatch(figure) for figure in figures)
        rows.append(_with(row[:1], 0, [row[0].text, *(figures if fits else [""] * len(heads))]))
    return replace(table, rows=tuple(rows), header_rows=None)


def _of_groups(head: str) -> list[str]:
    """A head as one for each part of a population that it names behind each other; one for other heads.

    >>> _of_groups("2022 Kvinnor Män"), _of_groups("Mål 2024")
    (['2022 Kvinnor', '2022 Män'], ['Mål 2024'])
    """
    words = head.split()
    parts = list(takewhile(lambda word: terms("groups").match(word) is not None, reversed(words)))[::-1]
    above = " ".join(words[: len(words) - len(parts)])
    return [f"{above} {part}" for part in parts] if len(parts) > 1 and re.search(YEAR, above) else [head]


def _side_by_side(table: Table) -> list[Table]:
    """The table, or the two lists of names and amounts that stand beside each other in it.

    Their first row holds a head for each, in nearly the same words, with nothing over the amounts but a unit.
    """
    half = table.width // 2
    if table.width % 2 or half < 2 or len(table.rows) < 3:
        return [table]
    # A head wider than the names below it may stand over their figures.
    heads = [[text for text in cells(table.rows[0][start : start + half]) if text] for start in (0, half)]
    if not all(heads) or any(values.money_unit(text) is None for texts in heads for text in texts[1:]):
        return [table]
    same = fuzz.ratio(heads[0][0], heads[1][0]) >= SAME_HEADS
    if not same or not all(_is_list(table, start, half) for start in (0, half)):
        return [table]
    halves = []
    for start, texts in zip((0, half), heads, strict=True):
        rows = [row[start : start + half] for row in table.rows]
        rows[0] = _with(rows[0][:1], 0, [*texts, *[""] * (half - len(texts))])
        halves.append([row for row in rows if any(cell.text.strip() for cell in row)])
    return [replace(table, rows=tuple(rows), header_rows=None) for rows in halves]


def _is_list(table: Table, start: int, width: int) -> bool:
    """Whether some columns of a table are names and figures."""
    rows = [[cell.text.strip() for cell in row[start : start + width]] for row in table.rows[1:]]
    filled = [row for row in rows if any(row)]
    fitting = [row for row in filled if re.search(r"[^\W\d_]{2}", row[0]) and not any(map(_holds_words, row[1:]))]
    return len(filled) > 1 and len(fitting) == len(filled) and any(any(row[1:]) for row in filled)


def _holds_words(text: str) -> bool:
    return re.search(r"[^\W\d_]{2}", text) is not None


def _split(table: Table) -> list[Table]:
    """The table cut before each header row in its middle; a heading alone above the header is the part's caption."""
    starts = [0]
    for index in range(2, len(table.rows)):
        above = header_word(cells(table.rows[index - 1])[0]) if table.rows[index - 1] else None
        if _heads_another(table.rows[index]) and above != "label":
            headed = index - 1 > starts[-1] and not any(cells(table.rows[index - 1])[1:])
            starts.append(index - 1 if headed else index)
    if len(starts) == 1:
        return [table]
    ends = [*starts[1:], len(table.rows)]
    return [_captioned(_rows(table, start, end)) for start, end in zip(starts, ends, strict=True)]


def _captioned(table: Table) -> Table:
    """The table with a first row of one cell above its header row taken for its caption."""
    if len(table.rows) < 3 or any(cells(table.rows[0])[1:]) or not _heads_another(table.rows[1]):
        return table
    caption = headings.without_section_number(titles.plain(table.rows[0][0].text))
    return replace(_rows(table, 1, len(table.rows)), caption=caption)


def _heads_another(row: Sequence[Cell]) -> bool:
    """Whether a row in the middle of a table is a header: header words with years, and no figures."""
    texts = [text for text in cells(row) if text]
    if _names_columns(texts):
        return True
    years = [text for text in texts[1:] if re.search(rf"\b{YEAR}\b", text)]
    if len(years) < 2 and not any(header_word(text) in VALUE_ROLES for text in years):
        return False
    known = [text for text in texts if header_word(text)]
    figures = [text for text in texts[1:] if re.search(r"\d", re.sub(rf"\b{YEAR}\b", "", text))]
    return len(known) * 2 > len(texts) and header_word(texts[0]) is not None and not figures


def _names_columns(texts: Sequence[str]) -> bool:
    """Whether the cells of a row are header words and nothing else, of as many columns, what rows are about first."""
    found = [terms("table_headers").match(text) for text in texts]
    roles = [match.term for match in found if match is not None and match.how != "damaged"]
    return len(roles) == len(texts) > 2 and len(set(roles)) == len(roles) and roles[0] in _SUBJECTS


def _rows(table: Table, start: int, end: int) -> Table:
    rows = table.rows[start:end]
    places = [cell.place for row in rows for cell in row]
    place = Place(min(p.line for p in places), max(p.line_end for p in places), places[0].page)
    return replace(table, rows=rows, place=place, header_rows=None, caption=table.caption if start == 0 else None)


def _parted(table: Table) -> Table:
    """The table with each column whose head names several years parted into as many, when its cells fit."""
    if len(table.rows) < 2:
        return table
    for index in range(1, table.width):
        head = titles.plain(table.rows[0][index].text)
        pieces = header_pieces(f"Mått {head}")[1:]
        if len(pieces) < 2 or _PERIOD.search(head):
            continue
        if _head_is_short(table, len(pieces) - 1):
            return _parted(replace(table, rows=(_with(table.rows[0], index, pieces)[: table.width], *table.rows[1:])))
        body = [_figures(titles.plain(row[index].text), len(pieces)) for row in table.rows[1:]]
        stated = [figures for figures in body if figures is not None]
        if not stated or len(stated) * 2 < len(body):
            continue
        rows = [_with(table.rows[0], index, pieces)]
        for row, figures in zip(table.rows[1:], body, strict=True):
            rows.append(_with(row, index, figures or [row[index].text, *[""] * (len(pieces) - 1)]))
        return _parted(replace(table, rows=tuple(rows)))
    return table


def _head_is_short(table: Table, by: int) -> bool:
    """Whether the head ends so many columns before the rows: its words are run together, the figures below are not."""
    beyond = [[cell.text.strip() for cell in row[-by:]] for row in table.rows]
    filled = sum(all(texts) for texts in beyond[1:])
    return not any(beyond[0]) and filled * 2 > len(table.rows) - 1


def _with(row: Sequence[Cell], index: int, texts: Sequence[str]) -> tuple[Cell, ...]:
    parted = (replace(row[index], text=text, spans=1) for text in texts)
    return (*row[:index], *parted, *row[index + 1 :])


def _figures(text: str, count: int) -> list[str] | None:
    """The figures of a cell when they are as many as its columns; groups of thousands are dealt out evenly.

    >>> _figures("5,3 5,2 5,0", 3), _figures("98 200 101 300", 2), _figures("7 8 9", 2)
    (['5,3', '5,2', '5,0'], ['98 200', '101 300'], None)
    >>> _figures("2 250", 2)
    """
    if values.is_missing(text):
        return [""] * count
    found = [match.strip() for match in _FIGURE.findall(text)]
    if not found or re.sub(r"\s", "", "".join(found)) != re.sub(r"\s", "", text):
        return None
    if len(found) == count:
        # '2 250' is one figure sooner than two.
        return None if _THOUSANDS.fullmatch(text) else found
    size, over = divmod(len(found), count)
    if over or size < 2:
        return None
    groups = [found[i : i + size] for i in range(0, len(found), size)]
    if all(re.fullmatch(r"\d{3}(?:,\d+)?", part) for group in groups for part in group[1:]):
        return [" ".join(group) for group in groups]
    return None
