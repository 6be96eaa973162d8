"""Budget tables: one row per printed amount, with the row it adds up to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from compare.reading import titles, values
from compare.reading.context import Context
from compare.reading.headings import office_name
from compare.reading.records import Records
from compare.reading.table_roles import Column, Layout
from compare.reading.tables import body, place_of, text_in
from compare.vocabulary import terms

KINDS = {"outcome": "outcome", "forecast": "forecast", "budget": "budget", "plan": "plan", "target": "budget"}
_PART = re.compile(r"^\s*[-–•*]?\s*(?:varav|därav|härav)\b:?\s*", re.IGNORECASE)
_DASHED = re.compile(r"^\s*[-–•*]\s+(?=\w)")


@dataclass
class _Row:
    """A row of the table while its sums are sought: its label, what it is, and its amounts' ids by column."""

    label: str
    part: bool
    total: bool
    category: str | None
    ids: dict[int, str] = field(default_factory=dict)


def read(records: Records, context: Context, layout: Layout, caption: str | None) -> None:
    """The amounts of a table; percentages and blank cells are none."""
    title = table_title(layout, caption)
    unit = _unit(layout, caption, context)
    column = layout.label
    if column is None:
        return
    section_office = owner_of(title) or context.office
    rows: list[_Row] = []
    row_office = section_office
    for row, texts in body(layout):
        label = texts[column.index] if column.index < len(texts) else ""
        label = label or text_in(texts, layout, "project", "label") or ""
        amounts = _amounts(texts, layout, unit, label)
        plain, part = label_of(label)
        if not amounts:
            if plain and not any(texts[c.index] for c in layout.value_columns if c.index < len(texts)):
                row_office = owner_of(plain) or section_office
            continue
        if not plain:
            continue
        named = office_name(plain)
        if named and not part:
            row_office = named
        kept = _Row(plain, part, is_total(plain), category(plain, title))
        for value_column, amount in amounts:
            kept.ids[value_column.index] = _add(
                records, row, kept, value_column, amount, title, section_office if kept.total else row_office, layout
            )
        rows.append(kept)
    _tie(records, rows)
    if unit is None and rows:
        _no_unit(records, layout, title)


def table_title(layout: Layout, caption: str | None) -> str | None:
    """The words above a table, or those of its first header cell where they say more."""
    header = next((c.text for c in layout.columns if c.index == 0 and c.text), "")
    header = titles.without_footnotes(header) if not layout.inherited else ""
    above = titles.without_footnotes(caption).rstrip(":") if caption else ""
    if not above or (header and titles.key(header).startswith(titles.key(above))):
        return header or above or None
    return above if len(above) > len(header) or len(header) < 12 else header


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


def is_total(label: str) -> bool:
    """Whether a row adds up the others: its label begins with a word for a sum."""
    found = terms("budget_rows").first(label, damaged=False)
    return found is not None and found.term == "total" and found.start == 0


def category(label: str, title: str | None) -> str:
    """What sort of amount a row states: by its own words, else by its table's."""
    vocabulary = terms("budget_rows")
    for text in (label, title or ""):
        found = [m for m in vocabulary.find(text, damaged=False) if vocabulary.fact(m.term, "category")]
        if found:
            wanted = [m for m in found if m.term in ("investment", "change")] or found
            return str(vocabulary.fact(wanted[0].term, "category"))
    return "other"


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
    return values.money_unit(header) or values.money_unit(caption or "") or context.prose_unit


def _amounts(texts: list[str], layout: Layout, unit: str | None, label: str) -> list[tuple[Column, values.Amount]]:
    """The amounts of a row with their columns; a row or cell of percentages has none."""
    if re.search(r"%|\bprocent\b", label):
        return []
    label_unit = values.money_unit(label)
    found = []
    for column in layout.value_columns:
        text = texts[column.index] if column.index < len(texts) else ""
        if values.is_missing(text) or "%" in text or "%" in column.text:
            continue
        amount = values.amount(text, column.unit or label_unit or unit)
        if amount.number is not None:
            found.append((column, amount))
    return found


def _add(
    records: Records,
    row: object,
    kept: _Row,
    column: Column,
    amount: values.Amount,
    title: str | None,
    office: str | None,
    layout: Layout,
) -> str:
    kind = KINDS.get(column.role or "")
    place = place_of(row)  # type: ignore[arg-type]
    confidence = 0.95 if amount.sek is not None and not amount.ambiguous else 0.5
    line = records.add(
        "budget_lines",
        place,
        prefix="budget",
        suffix=f"-{column.year or 'undated'}{'-' + kind if kind else ''}",
        confidence=min(confidence, 0.8 if layout.inherited else 1.0),
        table_title=title,
        label=kept.label,
        category=kept.category,
        office=office,
        kind=kind,
        amount_sek=amount.sek,
        unit=amount.unit,
        text=amount.text,
        year=column.year,
        _column=column.index,
        _total=kept.total,
        _part=kept.part,
    )
    if amount.ambiguous:
        records.finding(
            "ambiguous_number",
            "warning",
            f"'{amount.text}' can be read in two ways; it is taken for {amount.number} {amount.unit}.",
            f"”{amount.text}” kan läsas på två sätt; det tas för {amount.number} {amount.unit}.",
            place,
            "budget_lines",
            line,
        )
    return line


def _tie(records: Records, rows: list[_Row]) -> None:
    """Points each amount at the row it adds up to: parts at the row above them, rows at their total, costs at the net."""
    whole: _Row | None = None
    for index, row in enumerate(rows):
        if row.part:
            target = whole
        else:
            whole = row
            target = _total_of(rows, index)
        for column, line in row.ids.items():
            if target is not None and target is not row and column in target.ids:
                records[line]["parent_budget_line_id"] = target.ids[column]


def _total_of(rows: list[_Row], index: int) -> _Row | None:
    """The row that a row adds up to: the net for revenue and cost, else the nearest total below."""
    row = rows[index]
    if row.category == "change" and not row.total:
        totals = [other for other in rows[index + 1 :] if other.total]
        return totals[0] if totals and totals[0].category == "change" else None
    if row.category in ("revenue", "cost"):
        net = next((other for other in rows[index + 1 :] if other.category == "net" and not other.part), None)
        if net is not None and _is_plain_net(net.label):
            return net
    if row.total:
        return next((o for o in rows[index + 1 :] if o.total and _wider(o.label, row.label)), None)
    return next((other for other in rows[index + 1 :] if other.total), None)


def _is_plain_net(label: str) -> bool:
    found = terms("budget_rows").first(label, damaged=False)
    return found is not None and found.term == "net" and found.start <= 12


def _wider(label: str, other: str) -> bool:
    """Whether a total further down takes in the one before: it says so ('totalt'), or names less."""
    return (
        bool(re.match(r"(?:total|summa total|sammanlagt|summa$|summa invest)", label, re.IGNORECASE)) and label != other
    )


def _no_unit(records: Records, layout: Layout, title: str | None) -> None:
    records.finding(
        "unit_missing",
        "warning",
        f"The table '{title}' states no unit of money; its amounts are left empty.",
        f"Tabellen ”{title}” anger ingen valutaenhet; dess belopp lämnas tomma.",
        place_of(layout.rows[0]),
        "budget_lines",
    )
