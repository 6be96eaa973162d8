"""What a table is, told by the words of its headers: the role of each column, and the year and kind of its values.

No two municipalities head their tables alike, and none of them says where its header ends. Header rows are those whose
cells are header words or years; two levels of them are read column by column, a blank cell continuing the one to its
left. A table without a header of its own goes on where the one before it ended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations
from typing import Literal

from compare.contract import FIRST_YEAR, LAST_YEAR
from compare.documents.model import Cell, Table
from compare.reading import statuses, titles, values
from compare.reading.words import any_of, plurals_of_goals
from compare.vocabulary import Match, terms

Kind = Literal["actions", "indicators", "budget", "assignments", "follow_up", "goals", "card"]

YEAR = r"(?:19[9]\d|20\d\d|2100)"
VALUE_ROLES = ("outcome", "forecast", "target", "budget", "plan")
# Columns of amounts by what they are rather than by year; their `group` is the kind of figure, where it is stated.
CATEGORY_ROLES = ("revenue", "cost", "net")
MOST_HEADER_ROWS = 4
# Letters that stand for a kind of figures, with their year.
_SHORT_HEAD = re.compile(rf"([^\W\d_]{{1,4}})\.?\s?[-–']?\s?({YEAR}|\d\d)")
# A merged cell above columns of this many words names the table, not the columns.
LEAST_TITLE_WORDS = 3
# How far below a row its columns are looked at, and which share of what stands there are figures.
ROWS_LOOKED_AT = 12
MOSTLY = 0.7
# Roles of names, which no column behind the first can have whose cells are figures ('Volymer' between two frames).
ROLES_OF_NAMES = ("indicator", "action", "assignment", "project", "committee", "label")
# Units of what is counted and not paid.
COUNTED = ("count", "people", "full_time_equivalents", "places", "points", "index", "square_metres", "hectares")
# A goal is said in so many words at least.
LEAST_STATED = 4
_AMOUNT_HEAD = re.compile(r"\bbelopp\b", re.IGNORECASE)
_WRITTEN_YEAR = re.compile(rf"{YEAR}|(?<=[-–'])\d\d\b|(?<=[A-ZÅÄÖ])\s?\d\d\b")
# More columns than these do not vanish from a page by being empty.
MOST_LOST = 3
# A cell longer than this is prose, whatever words it holds.
LONGEST_HEADER = 110
LONGEST_HEAD_WORDS = 7
# Roles that the first column of a table cannot have: there it names the rows.
NEVER_FIRST = ("total", "value", "change", "unit", "deviation", "share", "trend")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its role, and of a column of values the year, the part and the unit they are in.

    `assumed` tells that the year is the document's own, since the column states none.
    """

    index: int
    role: str | None
    text: str = ""
    year: int | None = None
    group: str | None = None
    unit: str | None = None
    assumed: bool = False

    @property
    def has_values(self) -> bool:
        return self.role in (*VALUE_ROLES, *CATEGORY_ROLES, "value")


@dataclass(frozen=True, slots=True)
class Layout:
    """A table understood: its kind, its columns, the number of header rows, and the signs it was told by.

    `title` is a row above the header that names the whole table, which `rows` leave out.
    """

    kind: Kind | None
    columns: tuple[Column, ...]
    header_rows: int
    signs: str = ""
    inherited: bool = False
    rows: tuple[tuple[Cell, ...], ...] = field(default=())
    title: str | None = None

    def of_role(self, *roles: str) -> list[Column]:
        return [column for column in self.columns if column.role in roles]

    def first(self, *roles: str) -> Column | None:
        return next(iter(self.of_role(*roles)), None)

    @property
    def value_columns(self) -> list[Column]:
        return [column for column in self.columns if column.has_values]

    @property
    def label(self) -> Column | None:
        """The column that names what each row is about."""
        wanted = {
            "actions": ("action",),
            "indicators": ("indicator", "label"),
            "budget": ("project", "label", "indicator", "action"),
            "assignments": ("assignment",),
            "follow_up": ("assignment", "action", "indicator", "goal", "project"),
            "goals": ("goal",),
        }.get(self.kind or "", ())
        found = next((column for role in wanted if (column := self.first(role))), None)
        return found or (self.columns[0] if self.columns else None)


def cells(row: Sequence[Cell]) -> list[str]:
    """A row's texts without leftovers of markup; a dash with a footnote mark is a dash."""
    texts = [titles.plain(cell.text) for cell in row]
    return ["" if values.is_missing(titles.without_footnotes(text)) else text for text in texts]


def layout(table: Table, caption: str | None = None, before: Layout | None = None) -> Layout:
    """How a table is built; `before` is the layout of the table it may go on from, `caption` the words above it."""
    rows, title = _without_title(_unfolded(table))
    caption = title or caption
    header = _header_rows(rows)
    columns = _answered(_of_amounts(_columns(rows[:header], _width(rows)), rows[header:], caption), rows[header:])
    own = Layout(None, columns, header, rows=rows, title=title)
    if _is_card(rows):
        return Layout("card", columns, 0, "keys of a project card", rows=rows)
    kind, signs = _kind(own, rows[header:], caption or "")
    if kind is None and before is not None and before.kind and _goes_on(rows[header:], columns, before):
        kept = columns_kept(rows, before)
        signs = f"goes on as {before.kind}" + (", empty columns lost" if len(kept) < len(before.columns) else "")
        return replace(before, columns=kept, header_rows=0, inherited=True, signs=signs, rows=rows)
    return replace(own, kind=kind, signs=signs, columns=_settled(columns, kind))


def _width(rows: Sequence[Sequence[Cell]]) -> int:
    return max((len(row) for row in rows), default=0)


def _unfolded(table: Table) -> tuple[tuple[Cell, ...], ...]:
    """The rows, with a header kept in one first cell dealt out over the columns it heads."""
    rows = table.rows
    if len(rows) < 2 or not rows[0] or any(cell.text.strip() for cell in rows[0][1:]):
        return rows
    pieces = header_pieces(titles.plain(rows[0][0].text))
    filled = max(sum(1 for cell in row[1:] if cell.text.strip()) for row in rows[1:])
    if len(pieces) < 3 or len(pieces) - 1 < filled or len(pieces) > len(rows[0]):
        return rows
    dealt = [replace(rows[0][0], text=piece) for piece in pieces]
    return ((*dealt, *rows[0][len(dealt) :]), *rows[1:])


def _without_title(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[tuple[Cell, ...], ...], str | None]:
    """The rows below a first one that is nothing but the table's title, and that title."""
    if len(rows) < 3 or len(rows[0]) < 3:
        return rows, None
    texts = list(dict.fromkeys(text for text in cells(rows[0]) if text))
    if len(texts) != 1 or len(texts[0].split()) < LEAST_TITLE_WORDS or len(texts[0]) > LONGEST_HEADER:
        return rows, None
    below = [text for text in cells(rows[1]) if text]
    heads = _is_header(below, cells(rows[1]), 0) or _stands_over_figures(rows, 1)
    return (rows[1:], texts[0]) if heads and len(below) > 1 else (rows, None)


def header_pieces(text: str) -> list[str]:
    """The header words that one cell holds, each with its year: 'Nyckeltal Utfall 2021 Mål 2022' are three.

    Kinds and years may also stand apart, in the order in which they belong together: 'Mått Utfall Mål 2023 2024'.

    >>> header_pieces("Nämnd Budget Utfall Avvikelse 2024 aug 2024")
    ['Nämnd', 'Budget 2024', 'Utfall aug 2024', 'Avvikelse']
    """
    found = terms("table_headers").find(text, damaged=False)
    years = list(re.finditer(rf"\b{YEAR}\b", text))
    if len(years) < 2 or not found or found[0].start > 3:
        return []
    kinds = [m for m in found if m.term in (*VALUE_ROLES, "goal") and m.start > 0]
    behind = [m for m in kinds if m.start > years[0].start()]
    if len(kinds) == len(years) and not behind:
        return _years_apart(text, found, kinds, years)
    starts = [max((m.start for m in kinds if m.end <= y.start()), default=y.start()) for y in years]
    previous = 0
    pieces = [text[: min(starts[0], years[0].start())].strip()]
    for start, year in zip(starts, years, strict=True):
        # A year without a word of its own stands alone.
        begin = start if start >= previous else year.start()
        pieces.append(text[begin : year.end()])
        previous = year.end()
    return pieces


def _years_apart(
    text: str, found: Sequence[Match], kinds: Sequence[Match], years: Sequence[re.Match[str]]
) -> list[str]:
    """Heads whose years stand behind them all, in order: what stands before a year is of it ('aug 2024').

    Differences among the kinds have no year of their own.
    """
    ends = [years[0].start(), *(year.end() for year in years)]
    dated = {m.start: f"{text[end : y.end()].strip()}" for m, end, y in zip(kinds, ends, years, strict=False)}
    heads = [m for m in found if m.start in dated or (m.term in ("deviation", "change") and 0 < m.start < ends[0])]
    named = [f"{text[m.start : m.end]} {dated.get(m.start, '')}".strip() for m in heads]
    return [text[: heads[0].start].strip(), *named]


def _header_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows from the top are header rows; words decide, since files take the first row of a page for one."""
    count = 0
    for row in rows[:MOST_HEADER_ROWS]:
        own = cells(row)
        if count and own and own[0] == cells(rows[0][:1])[0]:
            # A head over several rows is printed once.
            own[0] = ""
        texts = [text for text in own if text]
        # A row merged into one cell below a header names a part of the table.
        across = count > 0 and row[0].spans >= len(row) > 1
        heads = _is_header(texts, own, count) or _stands_over_figures(rows, count)
        heads = heads or _heads_a_header(rows, count)
        if across or not heads or (count and _names_another(rows[0], row)):
            break
        count += 1
    return min(count, len(rows) - 1) if len(rows) > 1 else count


def _heads_a_header(rows: Sequence[Sequence[Cell]], index: int) -> bool:
    """Whether a row of names without figures stands over a header, none of them over its first column.

    'Kommunen' and 'Koncernen' head the years below them, though no such word heads figures.
    """
    first, *rest = cells(rows[index])
    filled = [text for text in rest if text]
    if first or not filled or index + 2 >= len(rows) or any(re.search(r"\d", text) for text in filled):
        return False
    below = cells(rows[index + 1])
    heads = [text for text in below[1:] if _names_figures(text)]
    return len(heads) > len(set(filled)) and _is_header([text for text in below if text], below, index)


def _names_another(header: Sequence[Cell], row: Sequence[Cell]) -> bool:
    """Whether a row below the header begins with something that is called as the first column is.

    'Eleverna ska nå sina mål' below 'Mål' is a goal, though its words could head a column.
    """
    head, first = cells(header[:1]), cells(row[:1])
    return head != first and header_word(head[0]) is not None and header_word(head[0]) == header_word(first[0])


def _is_header(texts: list[str], row: list[str], above: int) -> bool:
    if not texts or any(len(text) > LONGEST_HEADER for text in texts):
        return False
    rest = [text for text in row[1:] if text]
    if rest and all(is_year(text) for text in rest) and (above or len(rest) > 1 or not values.is_missing(row[0])):
        return len(rest) > 1 or above > 0 or header_word(row[0]) is not None
    known = [text for text in texts if header_word(text) or _names_part_of_year(text, bool(above) and not row[0])]
    if len(texts) == 1:
        return above == 0 and bool(row[0]) and len(row) > 1 and values.money_unit(texts[0]) is not None
    figures = [text for text in rest if _holds_figures([text]) and not re.search(r"[^\W\d_]{3}", text)]
    if above and row[0] and len(known) < len(texts):
        # Under a header, a row that names something is no header, whatever its status cell says.
        return False
    if above and row[0] and all(header_word(text) == "status" for text in rest):
        # What a header asks is answered below it ('Ja', 'Uppnås').
        return False
    return len(known) * 2 >= len(texts) and not figures


def _names_part_of_year(text: str, alone: bool) -> bool:
    """Whether a text heads the figures of a part of a population, for a year or, where it may, `alone`."""
    without = re.sub(rf"\b{YEAR}\b", "", text).strip()
    return _names_part(without) if without != text or alone else False


def _names_part(text: str) -> bool:
    """Whether a text is the word for a part of a population and nothing else ('Kvinnor')."""
    return terms("groups").match(text) is not None


def _stands_over_figures(rows: Sequence[Sequence[Cell]], index: int) -> bool:
    """Whether a row names columns of figures, most of its words unknown: words over figures, a known one among them."""
    first, *rest = cells(rows[index])
    heads = {column: text for column, text in enumerate(rest, 1) if text}
    if len(heads) < 2 or not any(_names_figures(text) for text in heads.values()):
        return False
    if index and first and header_word(first) is None:
        return False
    if any(len(text) > LONGEST_HEADER or re.search(r"\d", _WRITTEN_YEAR.sub("", text)) for text in heads.values()):
        return False
    below = [cells(row) for row in rows[index + 1 : index + 1 + ROWS_LOOKED_AT]]
    under = [row[column] for row in below for column in heads if column < len(row) and row[column]]
    figures = [text for text in under if _is_figure(text)]
    return len(below) > 1 and len(figures) >= max(len(heads), MOSTLY * len(under))


def _names_figures(text: str) -> bool:
    return header_word(text) in (*VALUE_ROLES, *CATEGORY_ROLES, "value", "deviation", "change")


def _is_figure(text: str) -> bool:
    """Whether a cell is a figure and no year."""
    return re.search(r"\d", text) is not None and not re.search(r"[^\W\d_]{3}", text) and not is_year(text)


def is_year(text: str) -> bool:
    return re.fullmatch(rf"(?:år\s+)?{YEAR}\s*\*?", titles.without_footnotes(text), re.IGNORECASE) is not None


@lru_cache(maxsize=20_000)
def header_word(text: str) -> str | None:
    """The role that a header cell's words give its column; a long cell's words must stand at its beginning."""
    text = titles.without_footnotes(text)
    if text.endswith(".") and len(text.split()) > 4:
        return None
    if (short := _SHORT_HEAD.fullmatch(text)) and (role := _short_role(short[1])) and text[0].isupper():
        return role
    if _names_goals(text):
        return "goal"
    found = terms("table_headers").first(text) if re.search(r"[^\W\d_]", text) or text == "%" else None
    if found is None:
        return "value" if is_year(text) else None
    words, matched = len(text.split()), len(found.variant.split())
    # In a sentence a header word is only a word.
    if re.search(r"[a-zåäö]\.\s+[A-ZÅÄÖ]", text) or (words > LONGEST_HEAD_WORDS and matched < 3 and found.start > 0):
        return None
    if found.start > 45 or (words > 2 * LONGEST_HEAD_WORDS and matched < 3):
        return None
    return found.term


@lru_cache(maxsize=200)
def _short_role(letters: str) -> str | None:
    """The kind of figures that letters before a year stand for ('BU 2024', 'Prog 24')."""
    vocabulary = terms("table_headers")
    return next((term for term in vocabulary if letters.casefold() in vocabulary.fact(term, "letters", [])), None)


def _names_goals(text: str) -> bool:
    """Whether a header cell is a level's word ('Effektmål', 'Nämndens mål'), with its owner and year at most."""
    return re.fullmatch(rf"(?:[A-ZÅÄÖ]\S*s\s+)?(?i:{_goal_words()})(?:\s+{YEAR})?", text) is not None


@lru_cache(maxsize=1)
def _goal_words() -> str:
    return f"(?:{any_of('goal_levels')}|{plurals_of_goals()})"


def _holds_figures(texts: Sequence[str]) -> bool:
    return any(re.search(r"\d", text) and not re.search(rf"\b{YEAR}\b", text) for text in texts)


def _columns(header: Sequence[Sequence[Cell]], width: int) -> tuple[Column, ...]:
    """The columns with what their header cells say, from all header rows."""
    levels = [cells(row) + [""] * (width - len(row)) for row in header]
    for number, level in enumerate(levels[:-1]):
        levels[number] = _continued(level, levels[number + 1 :])
    columns = []
    for index in range(width):
        parts = list(dict.fromkeys(level[index] for level in levels if level[index]))
        columns.append(_column(index, " ".join(parts)))
    return _with_measures(columns)


def _with_measures(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns, with 'Mäts genom' for the indicators where no other column names them, else for their source."""
    role = "source" if any(column.role == "indicator" for column in columns) else "indicator"
    return tuple(replace(column, role=role) if column.role == "measured_by" else column for column in columns)


def _continued(level: list[str], below: Sequence[list[str]]) -> list[str]:
    """An upper header row with its blank cells filled from the left, where a lower row heads the column.

    The first cell is the table's own head: it goes on over bare years, not over cells with words of their own.
    """
    if dealt := _dealt_over(level, below[0]):
        return dealt
    filled, current, own = [], "", False
    for index, text in enumerate(level):
        heads = [row[index] for row in below if row[index]]
        own = own or bool(index and text)
        current = text or (current if index and heads and (own or all(map(is_year, heads))) else "")
        filled.append(current if index else text)
    return filled


def _dealt_over(level: list[str], below: list[str]) -> list[str]:
    """Heads of two or more columns that stand over the middle of theirs, dealt out over all of them; empty where not.

    So they do where the first column of figures has none above it. Those below repeat for each, or are as many on
    either side of it.
    """
    heads = [index for index, text in enumerate(level) if index and text]
    width = len(level)
    if not heads or heads[0] == 1 or len(below) < 2 or not below[1] or _year(below[1]):
        return []
    share, over = divmod(width - 1, len(heads))
    if len(heads) > 1 and not over and below[1:] == below[1 : share + 1] * len(heads):
        spans = [share] * len(heads)
    else:
        spans, start = [], 1
        for index in heads:
            spans.append(2 * (index - start) + 1)
            start += spans[-1]
    if min(spans) < 1 or sum(spans) != width - 1:
        return []
    return [level[0], *(level[index] for index, span in zip(heads, spans, strict=True) for _ in range(span))]


def labelled_column(label: str) -> Column:
    """What a label in running text would head as a column ('Utfall 2023')."""
    return _column(1, label)


def _column(index: int, text: str) -> Column:
    text = titles.without_footnotes(text)
    role = header_word(text) if text else None
    year = _year(text)
    if index == 0 and role in (*VALUE_ROLES, *CATEGORY_ROLES, *NEVER_FIRST) and year is None:
        role = "label"
    if role == "goal" and year is not None and index > 0 and not re.match(r"(?i)\w+mål\b|nämndens\b", text):
        role = "target"
    if role in (None, "label") and year is not None and index > 0:
        role = "plan" if re.match(r"(?:prel\.?\s+)?VP\b", text, re.IGNORECASE) else "value"
    group = terms("groups").first(text, damaged=False) if text else None
    part = group.term if group else None
    if role in VALUE_ROLES and (sort := _sort_beside(text)):
        role, part = sort, role
    return Column(index, role, text, year, part, values.money_unit(text) if text else None)


def _sort_beside(text: str) -> str | None:
    """Revenue, cost or net where a head of figures names it beside their kind ('Budget 2024 Intäkter')."""
    found = {match.term for match in terms("table_headers").find(text, damaged=False)} & set(CATEGORY_ROLES)
    return found.pop() if len(found) == 1 and not re.search(r"\bper\b|/", text) else None


def _of_amounts(columns: tuple[Column, ...], body: Sequence[Sequence[Cell]], caption: str | None) -> tuple[Column, ...]:
    """The columns of a list of names and amounts under one head or caption, which says what the second column holds."""
    head = columns[0].text or caption or "" if columns else ""
    if len(columns) != 2 or columns[1].text or not values.money_unit(head):
        return columns
    if not _holds_only_figures(columns[1], body) or _holds_figures([cells(row[:1])[0] for row in body[:1]]):
        return columns
    return (columns[0], replace(columns[1], role="value"))


def _answered(columns: tuple[Column, ...], body: Sequence[Sequence[Cell]]) -> tuple[Column, ...]:
    """The columns, with roles that what stands in them does not bear out put right.

    Those headed as outcomes or forecasts that hold words or symbols of status are statuses; those headed as goals of a
    year ('Strategiska mål 2024') that hold no targets are goals; those headed as names that hold figures are amounts
    where their head says so ('Belopp, tkr'), else of no known role.
    """
    return tuple(_answered_column(column, body) for column in columns)


def _answered_column(column: Column, body: Sequence[Sequence[Cell]]) -> Column:
    if column.role in ("outcome", "forecast", "value") and _answers(column, body):
        return replace(column, role="status")
    if column.role == "target" and _names_goals(column.text) and _holds_statements(column, body):
        return replace(column, role="goal", year=None)
    if column.index and column.role in ROLES_OF_NAMES and _holds_only_figures(column, body):
        return replace(column, role="value" if column.unit or _AMOUNT_HEAD.search(column.text) else None)
    return column


def _holds_only_figures(column: Column, body: Sequence[Sequence[Cell]]) -> bool:
    texts = [cells(row)[column.index] for row in body if column.index < len(row)]
    filled = [text for text in texts if not values.is_missing(text)]
    return bool(filled) and sum(map(_is_figure, filled)) >= MOSTLY * len(filled)


def _holds_statements(column: Column, body: Sequence[Sequence[Cell]]) -> bool:
    """Whether cells say in whole sentences how it shall be, where targets are figures or words that compare."""
    texts = [cells(row)[column.index] for row in body if column.index < len(row)]
    filled = [text for text in texts if not values.is_missing(text)]
    return bool(filled) and all(map(_states, filled))


def _states(text: str) -> bool:
    sentence = re.search(rf"\b{any_of('goal_signs', 'verb')}\b", text) and len(text.split()) >= LEAST_STATED
    begins = re.match(rf"(?i:ska|skall|{any_of('comparisons')})\b", text)
    return bool(sentence) and begins is None and not re.search(r"\d", text)


def _answers(column: Column, body: Sequence[Sequence[Cell]]) -> bool:
    texts = [cells(row)[column.index] for row in body if column.index < len(row)]
    filled = [text for text in texts if not values.is_missing(text)]
    # A year's column that is mostly empty holds remarks on its values ('ny mätning').
    whole = len(filled) * 2 > len(texts) if column.year is not None else bool(filled)
    return whole and all(statuses.is_answer(text) for text in filled)


def _year(text: str) -> int | None:
    """The year a header cell states; of several the first, since the others explain it."""
    found = [int(y) for y in re.findall(rf"(?<!\d){YEAR}(?!\d)", text)]
    if re.search(rf"{YEAR}\s*[–—/-]\s*(?:20)?\d\d(?!\d|-)", text):
        return None
    if not found:
        short = re.search(r"\b(?:budget|utfall|plan|bokslut|mål|prognos)\s*-?'?(\d\d)\b", text, re.IGNORECASE)
        letters = _SHORT_HEAD.fullmatch(text)
        found = [2000 + int(short[1])] if short else found
        found = [2000 + int(letters[2])] if letters and _short_role(letters[1]) else found
    return found[0] if found and FIRST_YEAR <= found[0] <= LAST_YEAR else None


def _kind(own: Layout, body: Sequence[Sequence[Cell]], caption: str) -> tuple[Kind | None, str]:
    """The kind of a table by the roles of its columns, and the signs that told it."""
    roles = {column.role for column in own.columns}
    figures = own.value_columns
    money = _speaks_of_money(own, body, caption)
    if "action" in roles and roles & {"criterion", "responsible", "start", "end", "status", "comment", "period"}:
        return "actions", "columns of actions"
    if "assignment" in roles and roles & {"status", "comment"} and not figures:
        return "follow_up", "assignments with a status or comment"
    if "indicator" in roles and (figures or roles & {"responsible", "source", "interval", "goal", "status"}):
        return "indicators", "a column of indicators"
    if {"goal", "status"} <= roles:
        return "follow_up", "goals with a status"
    if "assignment" in roles and not figures:
        return "assignments", "a column of assignments"
    if figures and money and _numeric(body, figures):
        return "budget", f"columns of years or kinds, amounts in {money}"
    if figures and any(c.role == "target" for c in figures):
        return "indicators", "columns of target values"
    if figures and _numeric(body, figures) and _of_budgets(own, body, caption):
        return "budget", "rows of a budget, no unit stated"
    if "action" in roles and "date" in roles:
        return "actions", "actions with dates"
    known = [column for column in own.columns if column.role is not None]
    if "goal" in roles and own.header_rows and body and len(known) > 1 and not _numeric(body, figures):
        return "goals", "a column of goals"
    return None, "no header words"


def _speaks_of_money(own: Layout, body: Sequence[Sequence[Cell]], caption: str) -> str | None:
    header = " ".join(column.text for column in own.columns)
    for text in (header, caption):
        if unit := values.money_unit(text):
            return unit
    labels = [cells(row)[0] for row in body if row]
    # Where rows state units of their own, those of other things tell a table of key figures.
    if 2 * sum(map(_counts_things, labels)) >= len(labels):
        return None
    return values.money_unit(" ".join(labels)) if _budget_words(body) else None


def _numeric(body: Sequence[Sequence[Cell]], columns: Sequence[Column]) -> bool:
    """Whether most filled cells of these columns are figures."""
    filled = [cells(row)[c.index] for row in body for c in columns if c.index < len(row)]
    filled = [text for text in filled if not values.is_missing(text)]
    return bool(filled) and sum(bool(re.search(r"\d", text)) and len(text) < 30 for text in filled) * 2 > len(filled)


def _budget_words(body: Sequence[Sequence[Cell]]) -> bool:
    """Whether a row's own words are those of a budget; a total alone may be one of anything."""
    vocabulary = terms("budget_rows")
    labels = [label for row in body if row and len(label := cells(row)[0]) < 60]
    return any(
        vocabulary.fact(match.term, "category") and (match.start == 0 or not vocabulary.fact(match.term, "alone"))
        for label in labels
        for match in vocabulary.find(label, damaged=False)
    )


def _of_budgets(own: Layout, body: Sequence[Sequence[Cell]], caption: str) -> bool:
    """Whether a table without a unit is of money: words of budgets head it or its rows, and it counts nothing else."""
    header = " ".join(column.text for column in own.columns)
    if any(_counts_things(text) for text in (caption, header)):
        return False
    labels = [cells(row)[0] for row in body if row]
    if sum(map(_counts_things, labels)) * 2 >= max(1, len(labels)):
        return False
    heads = {column.role for column in own.value_columns} & {"budget", *CATEGORY_ROLES}
    titled = terms("budget_rows").first(caption, damaged=False) is not None
    return _budget_words(body) or bool(heads) or titled


def _counts_things(text: str) -> bool:
    """Whether a text states a unit of people, places or other things that are counted."""
    found = terms("units").find(text, damaged=False)
    # A short word is too easily another one's form: 'per' in 'budget per nämnd' is not 'pers.'.
    return any(match.term in COUNTED and (match.how == "exact" or len(match.variant) > 4) for match in found)


def _goes_on(body: Sequence[Sequence[Cell]], columns: Sequence[Column], before: Layout) -> bool:
    """Whether rows without a header fit under the columns of the table before."""
    if not body or any(column.role for column in columns):
        return False
    width = _width(body)
    if width == len(before.columns):
        return True
    return before.kind != "card" and 1 < width < len(before.columns) and width >= len(before.columns) - MOST_LOST


def columns_kept(rows: Sequence[Sequence[Cell]], before: Layout) -> tuple[Column, ...]:
    """The columns of the table before that rows with fewer cells still have: those that fit their cells best.

    Columns that are empty on a page vanish from it; figures must then not slide under the heads of their neighbours.
    """
    lost = len(before.columns) - _width(rows)
    if lost <= 0:
        return before.columns
    texts = [cells(row) for row in rows]
    choices = [
        [column for column in before.columns if column.index not in gone]
        for gone in combinations(range(len(before.columns)), lost)
    ]
    best = max(choices, key=lambda kept: (_fit(texts, kept), -sum(column.index for column in kept)))
    return tuple(replace(column, index=index) for index, column in enumerate(best))


def _fit(rows: Sequence[list[str]], columns: Sequence[Column]) -> int:
    """How well cells fit columns: figures under heads of values, words under heads of names."""
    fit = 0
    for row in rows:
        for text, column in zip(row, columns, strict=False):
            if values.is_missing(text):
                continue
            figures = bool(re.search(r"\d", text)) and len(re.findall(r"[^\W\d_]", text)) < 6
            if column.has_values:
                fit += 2 if figures else -3
            elif column.role is not None and column.role not in ("total", "project_number", "date", "start", "end"):
                fit += -2 if figures else 2
            elif column.role in ("total", "project_number"):
                fit += 1 if figures else -2
    return fit


def cell_fits(text: str, column: Column) -> bool:
    """Whether a cell can stand under a column's head: figures or short words under values, dates under dates."""
    if values.is_missing(text):
        return True
    figures = bool(re.search(r"\d", text))
    if column.role in ("deviation", "change", "share", "total"):
        return len(text) < 30 and figures
    if column.has_values:
        return len(text) < 30 and (figures or len(text.split()) <= 3)
    if column.role in ("start", "end", "date", "status_date"):
        return figures or len(text.split()) <= 4
    if column.role in ("responsible", "committee", "interval", "source", "status", "unit"):
        return len(text) < 80 and not re.fullmatch(r"[\d\s.,:/%-]+", text)
    return bool(re.search(r"[^\W\d_]{2}", text))


def _is_card(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether most rows begin with a key that project cards have."""
    if not 2 <= _width(rows) <= 4 or len(rows) < 3:
        return False
    keys = [cells(row)[0] for row in rows if row and cells(row)[0]]
    known = {found.term for key in keys if (found := card_key(key))}
    return len(known - {"name", "goal_title", "assignment"}) >= 2 and len(known) * 2 >= min(len(keys), 8)


def card_key(text: str) -> Match | None:
    """The key of a project card that a text is: all of it, or what a longer question begins with."""
    text = titles.without_footnotes(text).strip(" :?.")
    if len(text) > 110:
        return None
    vocabulary = terms("card_keys")
    if found := vocabulary.match(text):
        return found
    first = vocabulary.first(text)
    return first if first and first.start == 0 and len(first.variant.split()) >= 3 else None


def _settled(columns: tuple[Column, ...], kind: Kind | None) -> tuple[Column, ...]:
    """The columns with roles that depend on what the table is."""
    settled = []
    named = next((column.index for column in columns if column.role == "indicator"), 0)
    for column in columns:
        role = column.role
        # Goals stand before what measures them, the values to reach behind it.
        if kind == "indicators" and role == "goal" and column.index > named:
            role = "target"
        # Beside its parts, the whole of a year is a value as they are.
        if kind == "indicators" and role == "total" and any(c.group and c.year == column.year for c in columns):
            role = "value" if column.year is not None else role
        if kind == "budget" and column.index == 0 and role not in ("project_number",):
            role = "project" if role == "project" else "label"
        settled.append(replace(column, role=role))
    return tuple(settled)
