"""Budget tables: one row per printed amount, with the row it adds up to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from compare.documents.model import Block, Place, Table
from compare.reading import categories, titles, values
from compare.reading.context import Context
from compare.reading.headings import office_name
from compare.reading.records import Records
from compare.reading.table_roles import CATEGORY_ROLES, YEAR, Column, Layout, is_year
from compare.reading.tables import body, place_of, text_in, with_years
from compare.vocabulary import terms

_BUDGETED = r"budget|(?<!prog)ram(?:ar|arna|en)?\b|kommunbidrag|kommunersättning|anslag"
# A table's title that names one year and one kind of figure states them for columns that do not.
_TITLE_KINDS = (("outcome", r"utfall|bokslut|resultat(?!budget)"), ("forecast", r"prognos"), ("budget", _BUDGETED))
# A text longer than this tells of amounts; a shorter one without figures may state the unit of a table.
LONGEST_CAPTION = 120
# How sure an amount can be whose category no word of the document states.
INFERRED = 0.85
# No amount of a municipality is as large as this, in kronor: such figures are several that were run together.
IMPLAUSIBLE = 10**12
# Columns of what parts two others: amounts that state no figure of a year themselves.
DEVIATION_ROLES = ("deviation", "change")
_PART_OF_YEAR = re.compile(r"\bT[12]\b|\bjan\w*\s*[–-]\s*\w+|\bper\s+\d|\bkvartal\b|\back\b|\b\d{6}\b", re.IGNORECASE)
KINDS = {"outcome": "outcome", "forecast": "forecast", "budget": "budget", "plan": "plan", "target": "budget"}
# What begins so is counted or a rate, and no amount of a budget.
_NO_MONEY = re.compile(
    r"(?:antal(?:et)?|andel(?:en)?|soliditet|(?:kommunal\s+|total\s+)?(?:skattesats|utdebitering))\b(?!.*\b(?:tkr|mnkr|mkr)\b)",
    re.IGNORECASE,
)
_PART = re.compile(r"^\s*[-–•*]?\s*(?:varav|därav|härav)\b:?\s*", re.IGNORECASE)
_DASHED = re.compile(r"^\s*[-–•*]\s+(?=\w)")


@dataclass
class _Row:
    """A row of the table while its sums are sought: its label, what it is, and its amounts and their ids by column."""

    label: str
    part: bool
    place: Place
    office: str | None
    cells: list[tuple[Column, values.Amount]]
    sort: categories.Sort = categories.OTHER
    ids: dict[int, str] = field(default_factory=dict)

    @property
    def total(self) -> bool:
        return categories.is_total(self.label)

    @property
    def category(self) -> str:
        return self.sort.category

    @property
    def amounts(self) -> dict[int, values.Amount]:
        return {column.index: amount for column, amount in self.cells}


@dataclass(frozen=True)
class _About:
    """What holds for all rows of a table: its title, the words above it, its unit and whether that is stated."""

    title: str | None
    subject: str
    unit: str | None
    stated: bool
    inherited: bool

    @property
    def sure(self) -> bool:
        return self.stated and not self.inherited


def read(records: Records, context: Context, layout: Layout, caption: str | None) -> None:
    """The amounts of a table; percentages and blank cells are none."""
    if layout.label is None:
        return
    caption = layout.title or caption
    title = table_title(layout, caption)
    stated_unit = _unit(layout, caption, context)
    stated = _stated_by(caption, title)
    layout = replace(layout, columns=tuple(_with_stated(c, stated) if c.has_values else c for c in layout.columns))
    layout = with_years(records, _with_year_led_to(layout), "budget_lines")
    layout = _with_deviations(_with_changes(layout))
    layout = _with_kinds(layout)
    about = _About(
        title,
        f"{title or ''} | {caption or ''} | {layout.columns[0].text}",
        stated_unit or records.money_unit,
        stated_unit is not None,
        layout.inherited,
    )
    owner = group_of_companies(caption) or owner_of(title)
    rows = _rows(layout, about, owner or context.office)
    if context.office and not owner and _is_of_the_whole(rows):
        rows = _rows(layout, about, None)
    rows = _with_sorts(rows, layout, about)
    for row in rows:
        for column, amount in row.cells:
            row.ids[column.index] = _add(records, row, column, amount, about)
    _tie(records, rows)
    _part_of_year(records, layout, title)
    if rows and any(row.sort.inferred for row in rows):
        _net_assumed(records, layout, title)
    if stated_unit is None and rows:
        _no_unit(records, layout, title, about.unit)


def _rows(layout: Layout, about: _About, section_office: str | None) -> list[_Row]:
    """The rows with amounts, each with the office it stands under: one named on a row of its own rules those below."""
    column = layout.label
    rows: list[_Row] = []
    row_office, under_heading = section_office, False
    for row, texts in body(layout):
        label = texts[column.index] if column and column.index < len(texts) else ""
        label = label or text_in(texts, layout, "project", "label") or ""
        amounts = _amounts(texts, layout, about.unit, label)
        plain, part = label_of(label)
        if not amounts:
            if plain and not any(texts[c.index] for c in layout.value_columns if c.index < len(texts)):
                row_office = owner_of(plain) or section_office
                under_heading = row_office is not section_office
            continue
        if not plain:
            continue
        if not part:
            named = office_name(plain)
            row_office = named or row_office if named or under_heading else section_office
        office = section_office if categories.is_total(plain) else row_office
        rows.append(_Row(plain, part, place_of(row), office, amounts))
    return rows


def _is_of_the_whole(rows: Sequence[_Row]) -> bool:
    """Whether a table is the whole municipality's: it lists several committees, or has a row that no part can have."""
    committees = {row.label.casefold() for row in rows if categories.is_committee(row.label)}
    return len(committees) > 1 or any(categories.is_of_all(row.label) for row in rows)


def _with_sorts(rows: list[_Row], layout: Layout, about: _About) -> list[_Row]:
    """The rows with the category of each, a part of another row taking that row's unless its own words say another."""
    columns = [column for column in layout.value_columns if column.role not in CATEGORY_ROLES]
    whole = [row for row in rows if not row.part]
    amounts = [[amount.number if (amount := row.amounts.get(c.index)) else None for c in columns] for row in whole]
    sorts = iter(categories.of_rows([row.label for row in whole], amounts, about.subject, layout))
    found: list[_Row] = []
    above = categories.OTHER
    for row in rows:
        above = above if row.part else next(sorts)
        own = categories.of_label(row.label) if row.part else None
        found.append(replace(row, sort=categories.Sort(own) if own else above))
    return found


def _with_changes(layout: Layout) -> Layout:
    """The layout with columns of unknown heads taken for changes where they lead from one figure to the next.

    That is proved by arithmetic: of most rows, the figure to the left and all between it and the next make up the next.
    """
    unknown = {c.index for c in layout.columns[1:] if c.role is None or (c.role == "value" and not is_year(c.text))}
    figures = [c for c in layout.value_columns if c.role not in CATEGORY_ROLES and c.index not in unknown]
    proved: set[int] = set()
    for left, right in pairwise(figures):
        between = range(left.index + 1, right.index)
        if unknown & set(between) and _leads_to(layout, left.index, between, right.index):
            proved |= unknown & set(between)
    return replace(layout, columns=tuple(replace(c, role="change") if c.index in proved else c for c in layout.columns))


def _leads_to(layout: Layout, left: int, between: range, right: int) -> bool:
    """Whether the figures of a column and of those behind it add up to a later column's in most rows."""
    held = rows = 0
    for _, texts in body(layout):
        read = [values.amount(texts[i] if i < len(texts) else "").number for i in (left, *between, right)]
        first, *changes, last = read
        if first is not None and last is not None and any(changes):
            rows += 1
            found = first + sum((change for change in changes if change is not None), Decimal(0))
            held += abs(found - last) <= Decimal(len(changes) + 1) / 2 * Decimal(1).scaleb(_exponent(last))
    return rows > 1 and held * 4 >= rows * 3


def _exponent(number: Decimal) -> int:
    return int(number.as_tuple().exponent)


def _with_deviations(layout: Layout) -> Layout:
    """The layout with the year of columns of differences: their own, else that of the figures they explain.

    A deviation is one of the figures to its left. Changes lead to the figures to their right where those close the
    table ('Ram 2023 | Tillskott | Ram 2024'), else they sum up those to their left.
    """
    figures = [column for column in layout.columns if column.has_values and column.year is not None]
    changes = layout.of_role("change")
    leads = bool(figures and changes) and changes[-1].index < figures[-1].index
    return replace(
        layout,
        columns=tuple(
            replace(column, year=_year_beside(column, figures, leads and column.role == "change"))
            if column.role in DEVIATION_ROLES and column.year is None
            else column
            for column in layout.columns
        ),
    )


def _year_beside(column: Column, figures: Sequence[Column], to_the_right: bool) -> int | None:
    if to_the_right:
        return next((figure.year for figure in figures if figure.index > column.index), None)
    return next((figure.year for figure in reversed(figures) if figure.index < column.index), None)


def table_title(layout: Layout, caption: str | None) -> str | None:
    """The words above a table, or those of its first header cell where they say more."""
    header = next((c.text for c in layout.columns if c.index == 0 and c.text), "")
    header = titles.without_footnotes(header) if not layout.inherited else ""
    above = titles.without_footnotes(caption).rstrip(":") if caption and titles.looks_like_heading(caption) else ""
    if not above or (header and titles.key(header).startswith(titles.key(above))):
        return header or above or None
    if _says_nothing(header):
        return above
    general = terms("section_words").match(above)
    if header and general is not None and general.term == "resets":
        return header
    return above if len(above) > len(header) or len(header) < 12 else header


def _says_nothing(header: str) -> bool:
    """Whether a table's first cell only heads its rows ('Projekt', 'Verksamhet, tkr', 'Belopp i mnkr')."""
    words = [match.term for match in terms("table_headers").find(header)]
    return all(word in ("label", "project", "committee") for word in words) and len(header.split()) <= 4


def label_of(text: str) -> tuple[str, bool]:
    """A row's label without 'varav' marks, and whether it is a part of the row above.

    >>> label_of("- varav kommundirektör"), label_of("Netto")
    (('kommundirektör', True), ('Netto', False))
    """
    text = titles.without_footnotes(titles.plain(text))
    without = _PART.sub("", text)
    if without != text:
        return without.strip(), True
    return _DASHED.sub("", text).strip(), False


def group_of_companies(text: str | None) -> str | None:
    """The name of the municipality with its companies, where a head or title says that figures are theirs together.

    >>> group_of_companies("Koncernen 2023"), group_of_companies("Resultaträkning för kommunen och koncernen")
    ('kommunkoncernen', None)
    """
    found = {match.term for match in terms("scopes").find(text or "", damaged=False)}
    if "group_of_companies" not in found or "municipality_alone" in found:
        return None
    return str(terms("scopes").fact("group_of_companies", "name"))


def _of_municipality(head: str) -> bool:
    """Whether the head of a column says that its figures are the municipality's without its companies."""
    return any(match.term == "municipality_alone" for match in terms("scopes").find(head, damaged=False))


def owner_of(text: str | None) -> str | None:
    """The office or committee that a table's title or a row between rows names."""
    if not text:
        return None
    for piece in re.split(r"\s*[–—,(]\s*|(?<=\w)–\s", text):
        if office := office_name(piece.strip(" )")):
            return office
    match = re.match(r"([A-ZÅÄÖ][\wåäö\-]*(?:\s+och\s+[\wåäö\-]+|-\s+och\s+[\wåäö\-]+)?s)\s", text)
    return titles.genitive_owner(match[1]) if match else None


def _unit(layout: Layout, caption: str | None, context: Context) -> str | None:
    header = " ".join(column.text for column in layout.columns)
    # A table right below another one is in its unit, unless it states one itself.
    context.unit_above = (
        values.money_unit(header) or values.money_unit(caption or "") or context.prose_unit or context.unit_above
    )
    return context.unit_above


def _amounts(texts: list[str], layout: Layout, unit: str | None, label: str) -> list[tuple[Column, values.Amount]]:
    """The amounts of a row with their columns; a row or cell of percentages or of what is counted has none."""
    if _states_no_money(label):
        return []
    # 'Projekt under 5 mnkr' tells how large projects are, not what their amounts are printed in.
    label_unit = values.money_unit(re.sub(r"\d\s?(?:tkr|mnkr|mkr|kr|kronor|miljoner)\b", "", label))
    found = []
    for column in (*layout.value_columns, *layout.of_role(*DEVIATION_ROLES)):
        text = texts[column.index] if column.index < len(texts) else ""
        if values.is_missing(text) or "%" in text or re.search(r"%|\bprocent\b", column.text):
            continue
        amount = values.amount(text, column.unit or label_unit or unit)
        if amount.number is not None and abs(amount.sek or 0) < IMPLAUSIBLE:
            found.append((column, amount))
    return found


def _states_no_money(label: str) -> bool:
    """Whether a row's label says that its figures are shares, rates or counts; a share within it explains amounts.

    >>> _states_no_money("Soliditet, %"), _states_no_money("Uppräkning 2,5 %"), _states_no_money("Antal invånare")
    (True, False, True)
    """
    without_shares = re.sub(r"\d\s?(?:%|procent)", "", label)
    return re.search(r"%|\bprocent\b", without_shares) is not None or _NO_MONEY.match(label) is not None


def _add(records: Records, row: _Row, column: Column, amount: values.Amount, about: _About) -> str:
    office = group_of_companies(column.text) or (None if _of_municipality(column.text) else row.office)
    by_column = column.group if column.role in CATEGORY_ROLES else None
    differs = column.role in DEVIATION_ROLES
    kind = KINDS.get(by_column or column.role or "")
    year = column.year if column.text else _year_of_label(row.label) or column.year
    category = column.role if column.role in CATEGORY_ROLES else "change" if differs else row.category
    inferred = row.sort.inferred and category == row.category
    confidence = 0.95 if amount.sek is not None and not amount.ambiguous else 0.5
    parts = (year or "undated", kind, category if by_column or differs else None)
    line = records.add(
        "budget_lines",
        row.place,
        prefix="budget",
        suffix="".join(f"-{part}" for part in parts if part),
        confidence=min(confidence, 1.0 if about.sure else 0.8, INFERRED if inferred else 1.0),
        table_title=about.title,
        label=row.label,
        category=category,
        office=office if column.text else row.office,
        kind=kind,
        amount_sek=amount.sek,
        unit=amount.unit,
        text=amount.text,
        year=year,
    )
    if amount.ambiguous:
        records.finding(
            "ambiguous_number",
            "warning",
            f"'{amount.text}' can be read in two ways; it is taken for {amount.number} {amount.unit}.",
            f"”{amount.text}” kan läsas på två sätt; det tas för {amount.number} {amount.unit}.",
            row.place,
            "budget_lines",
            line,
        )
    return line


def _with_year_led_to(layout: Layout) -> Layout:
    """The layout of a list of changes with the year that they lead to: that of its last row, a frame as the first is.

    'Kommunbidrag 2024', what is added and saved, 'Kommunbidrag 2025': the changes are those of 2025.
    """
    if not any(column.has_values and not column.text and column.year is None for column in layout.columns):
        return layout
    labels = [_year_of_label(texts[0]) for _, texts in body(layout)]
    first, last = (labels[0], labels[-1]) if labels else (None, None)
    if first is None or last is None or last <= first:
        return layout
    columns = (replace(c, year=last) if c.has_values and not c.text else c for c in layout.columns)
    return replace(layout, columns=tuple(columns))


def _year_of_label(label: str) -> int | None:
    """The year that a row's own label ends with ('Kommunbidrag 2024'), where no head of a column states one."""
    match = re.search(rf"\s({YEAR})$", label)
    return int(match[1]) if match else None


def _tie(records: Records, rows: list[_Row]) -> None:
    """Points each amount at the row it adds up to: parts at the row above them, the others at their total."""
    whole: _Row | None = None
    for row in rows:
        if row.part and whole is not None:
            _point(records, row, whole)
        elif not row.part:
            whole = row
    own = [row for row in rows if not row.part]
    for index, row in enumerate(own):
        if row.total or _is_net(row):
            for part in _parts_of(own, index):
                _point(records, part, row)


def _point(records: Records, part: _Row, whole: _Row) -> None:
    for column, line in part.ids.items():
        if column in whole.ids:
            records[line]["parent_budget_line_id"] = whole.ids[column]


def _parts_of(rows: list[_Row], index: int) -> list[_Row]:
    """The rows above a total that it adds up: of the readings that its place allows, the one whose sums hold.

    A total may close the rows since the last total, take that total in, or close the whole table.
    """
    above = [row for row in rows[:index] if row.category != "change" or rows[index].category == "change"]
    last = max((i for i, row in enumerate(above) if row.total or _is_net(row)), default=-1)
    since = above[last + 1 :]
    readings = [since]
    if last >= 0:
        readings.append([above[last], *since])
        readings.append([row for row in above if not row.total and not _is_net(row)])
        readings.append([row for row in above if row.total or _is_net(row)])
    for nested in readings[1:2]:
        if _columns_that_hold(nested, rows[index]) * 2 >= len(rows[index].amounts):
            return nested
    best = max(readings, key=lambda parts: _columns_that_hold(parts, rows[index]))
    return best if _columns_that_hold(best, rows[index]) or not _is_net(rows[index]) or best is since else since


def _columns_that_hold(parts: list[_Row], whole: _Row) -> int:
    """In how many columns the parts add up to the whole, a net being revenue and cost of either sign."""
    if not parts:
        return 0
    held = 0
    for column, total in whole.amounts.items():
        amounts = [part.amounts[column].number for part in parts if column in part.amounts]
        numbers = [number for number in amounts if number is not None]
        if total.number is None or not numbers:
            continue
        slack = Decimal(len(numbers)) / 2 * Decimal(1).scaleb(_exponent(total.number))
        held += abs(sum(numbers) - total.number) <= slack
    return held


def _is_net(row: _Row) -> bool:
    """Whether a row is the net of the revenue and cost above it, whatever it is called."""
    if row.part or row.category != "net":
        return False
    found = terms("budget_rows").first(row.label, damaged=False)
    return found is not None and found.term == "net" and found.start <= 14


def _stated_by(caption: str | None, title: str | None) -> tuple[int | None, str | None]:
    """The one year and kind of figure that a table's words above it state."""
    text = f"{caption or ''} {title or ''}"
    years = set(re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", text))
    kinds = [kind for kind, words in _TITLE_KINDS if re.search(words, text, re.IGNORECASE)]
    return (int(years.pop()) if len(years) == 1 else None), (kinds[0] if len(kinds) == 1 else None)


def _with_stated(column: Column, stated: tuple[int | None, str | None]) -> Column:
    """A column with the year and kind that the words above its table state, where its own head states none."""
    year, kind = stated
    if column.year is None and not re.search(r"\d{4}", column.text):
        column = replace(column, year=year)
    if column.role in CATEGORY_ROLES:
        column = replace(column, group=column.group or kind)
    return column


def _with_kinds(layout: Layout) -> Layout:
    """The layout with revenue and cost that state no kind of figure taken for that of the net beside them."""
    return replace(layout, columns=tuple(_with_kind(column, layout) for column in layout.columns))


def _with_kind(column: Column, layout: Layout) -> Column:
    if column.year is None or column.group in KINDS or column.role not in CATEGORY_ROLES:
        return column
    same_year = [c for c in layout.columns if c.year == column.year]
    sorts = {c.group for c in same_year if c.role in CATEGORY_ROLES and c.group in KINDS}
    beside = sorts or {c.role for c in same_year if c.role in KINDS}
    return replace(column, group=beside.pop()) if len(beside) == 1 else column


def _part_of_year(records: Records, layout: Layout, title: str | None) -> None:
    """Remarks on columns of a part of a year, which are not to be set beside whole years."""
    parts = [column.text for column in layout.value_columns if _PART_OF_YEAR.search(column.text)]
    if parts and not layout.inherited:
        named = ", ".join(f"'{text}'" for text in dict.fromkeys(parts))
        records.finding(
            "part_of_year",
            "note",
            f"The columns {named} of '{title}' are for a part of the year; they are not a whole year's amounts.",
            f"Kolumnerna {named} i ”{title}” gäller en del av året; deras belopp är inte ett helt års.",
            place_of(layout.rows[0]),
            "budget_lines",
        )


def _net_assumed(records: Records, layout: Layout, title: str | None) -> None:
    records.finding(
        "net_assumed",
        "note",
        f"The table '{title}' does not say whether its amounts are net costs; the budget of a committee or unit is "
        "taken for its net cost.",
        f"Tabellen ”{title}” säger inte om beloppen är nettokostnader; en nämnds eller enhets budget tas för dess "
        "nettokostnad.",
        place_of(layout.rows[0]),
        "budget_lines",
    )


def _no_unit(records: Records, layout: Layout, title: str | None, taken: str | None) -> None:
    does, does_sv = "its amounts are left empty", "dess belopp lämnas tomma"
    if taken is not None:
        does = f"{taken} is taken, the unit of all other tables of the document"
        does_sv = f"{taken} antas, enheten i dokumentets alla andra tabeller"
    records.finding(
        "unit_missing",
        "warning" if taken is None else "note",
        f"The table '{title}' states no unit of money; {does}.",
        f"Tabellen ”{title}” anger ingen valutaenhet; {does_sv}.",
        place_of(layout.rows[0]),
        "budget_lines",
    )


def unit_of_document(blocks: Iterable[Block]) -> str | None:
    """The unit of money that all headers and captions agree on; None where none or several are stated."""
    stated = set()
    for block in blocks:
        if isinstance(block, Table):
            heads = [cell.text for row in block.rows[:2] for cell in row] + [block.caption or ""]
        else:
            heads = [block.text] if len(block.text) <= LONGEST_CAPTION and not re.search(r"\d", block.text) else []
        stated |= {unit for head in heads if (unit := values.money_unit(head))}
    return stated.pop() if len(stated) == 1 else None
