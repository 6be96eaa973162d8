"""Arithmetic that proves what was read: sums, nets, changes, and one thing stated in two places.

The checks are functions on `Tables`, so that readings and codings are proved alike. What fails is a remark that a
careful auditor would write; what holds raises confidence. A sum is given the slack that rounding of its parts allows,
and where no column of a table adds up, the rows are not all of its parts and only one remark says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from compare.contract import TABLES, Tables, frame
from compare.vocabulary import fold, terms

PROVED = 0.99
DOUBTED = 0.6


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that does not hold, in the words of an auditor, and the row it is about."""

    rule: str
    severity: str
    message: str
    message_sv: str
    table: str
    record_id: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What the checks found: remarks, and the ids of budget lines whose sums hold or fail."""

    remarks: tuple[Remark, ...]
    holds: frozenset[str]
    fails: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Line:
    """A budget line as the checks see it; missing texts are ''."""

    id: str
    document: str
    place: int
    title: str
    label: str
    parent: str
    category: str
    office: str
    year: int | None
    kind: str
    sek: int
    unit: str
    text: str

    @property
    def factor(self) -> int:
        """Whole kronor per printed unit."""
        units = terms("units")
        return int(units.fact(self.unit, "factor", 1)) if self.unit in units else 1

    @property
    def last_digit(self) -> float:
        """What the last printed digit is worth in kronor; 0 for amounts in kronor, which must add up exactly."""
        decimals = re.search(r"\d[.,](\d{1,2})\D*$", self.text)
        if decimals:
            return self.factor / 10 ** len(decimals[1])
        return self.factor if self.factor > 1 else 0


_Outcome = tuple[bool, list[str], Remark | None]


def as_findings(remarks: Iterable[Remark], tables: Tables) -> pd.DataFrame:
    """The remarks as rows of `findings`, each at the place of the row it is about."""
    return frame("findings", [_finding(remark, tables[remark.table]) for remark in remarks])


def _finding(remark: Remark, rows: pd.DataFrame) -> dict[str, Any]:
    about = rows[rows[TABLES[remark.table].key] == remark.record_id].iloc[0]
    year = "plan_year" if "plan_year" in about else "year"
    rule = remark.rule.replace("_", "-")
    place = {name: about[name] for name in ("document_id", "municipality_code", "page", "line", "line_end")}
    said = {name: getattr(remark, name) for name in ("rule", "severity", "message", "message_sv", "table", "record_id")}
    return {**place, **said, "finding_id": f"{remark.record_id}/finding-{rule}", "year": about[year]}


def prove(tables: Tables) -> Proof:
    """All checks on the budget lines and indicator values of some documents."""
    lines = _lines(tables.budget_lines)
    remarks: list[Remark] = []
    holds: set[str] = set()
    fails: set[str] = set()
    for held, ids, remark in [*_sums(lines), *_changes(lines)]:
        (holds if held else fails).update(ids)
        remarks += [remark] if remark else []
    remarks += [*_two_figures(lines), *_shares(tables)]
    return Proof(tuple(remarks), frozenset(holds - fails), frozenset(fails))


def _lines(rows: pd.DataFrame) -> list[_Line]:
    """The budget lines with an amount."""

    def text(row: dict[Any, Any], column: str) -> str:
        return row[column] if isinstance(row[column], str) else ""

    return [
        _Line(
            id=text(row, "budget_line_id"),
            document=text(row, "document_id"),
            place=0 if pd.isna(row["line"]) else int(row["line"]),
            title=text(row, "table_title"),
            label=text(row, "label"),
            parent=text(row, "parent_budget_line_id"),
            category=text(row, "category"),
            office=text(row, "office"),
            year=None if pd.isna(row["year"]) else int(row["year"]),
            kind=text(row, "kind"),
            sek=int(row["amount_sek"]),
            unit=text(row, "unit"),
            text=text(row, "text"),
        )
        for row in rows[rows["amount_sek"].notna()].to_dict("records")
    ]


def _sums(lines: list[_Line]) -> Iterator[_Outcome]:
    """Each printed total against the rows that add up to it, column by column."""
    wholes = {line.id: line for line in lines}
    parts: dict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        if line.parent in wholes:
            parts[line.parent].append(line)
    rows: dict[tuple[str, int, str], list[tuple[_Line, list[_Line]]]] = defaultdict(list)
    for parent, group in parts.items():
        whole = wholes[parent]
        rows[whole.document, whole.place, whole.label].append((whole, group))
    for columns in rows.values():
        yield from _sums_of_row(columns)


def _sums_of_row(columns: list[tuple[_Line, list[_Line]]]) -> Iterator[_Outcome]:
    results = [(whole, group, _difference(whole, group)) for whole, group in columns]
    most = max(len(group) for _, group, _ in results)
    held = [(whole, group) for whole, group, difference in results if difference == 0]
    failed = [result for result in results if result[2] != 0]
    for whole, group in held:
        yield True, [whole.id, *(part.id for part in group)], None
    if not failed or most == 1 or all(part.category == "capital_cost" for part in failed[0][1]):
        # A lone 'of which' row is a share of its whole, not all of it.
        return
    if not held:
        if _is_total(failed[0][0].label):
            yield True, [], _no_column_adds_up(failed[0][0])
        return
    for whole, group, difference in failed:
        # Blank cells among the parts leave a column open, not wrong.
        if len(group) == most:
            yield False, [whole.id, *(part.id for part in group)], _does_not_add_up(whole, group, difference)


def _is_total(label: str) -> bool:
    """Whether a row claims to add up others; rows marked 'of which' may be only some of their whole."""
    found = terms("budget_rows").first(label, damaged=False)
    return found is not None and found.term == "total" and found.start == 0


def _difference(whole: _Line, group: list[_Line]) -> int:
    """What the printed total has more than its parts; 0 within what rounding allows, and for a net of either sign."""
    slack = whole.last_digit * len(group) / 2
    candidates = [sum(part.sek for part in group)]
    if {"revenue", "cost"} <= {part.category for part in group}:
        revenue = sum(part.sek for part in group if part.category == "revenue")
        cost = sum(part.sek for part in group if part.category != "revenue")
        candidates += [abs(revenue) - abs(cost), abs(cost) - abs(revenue)]
    nearest = min(candidates, key=lambda candidate: abs(whole.sek - candidate))
    return 0 if abs(whole.sek - nearest) <= slack else whole.sek - nearest


def _does_not_add_up(whole: _Line, group: list[_Line], difference: int) -> Remark:
    unit, factor = whole.unit or "kr", whole.factor
    year = f" {whole.year}" if whole.year else ""
    stated, summed = figure(whole.sek, factor), figure(whole.sek - difference, factor)
    over = figure(difference, factor)
    return Remark(
        "sum_differs",
        "warning",
        f"'{whole.label}'{year} in '{whole.title}' is printed as {stated} {unit}, but its {len(group)} rows add up to "
        f"{summed} {unit}; the difference is {over} {unit}.",
        f"”{whole.label}”{year} i ”{whole.title}” är tryckt som {stated} {unit}, men dess {len(group)} rader summerar "
        f"till {summed} {unit}; skillnaden är {over} {unit}.",
        "budget_lines",
        whole.id,
    )


def _no_column_adds_up(whole: _Line) -> Remark:
    return Remark(
        "sum_not_of_rows",
        "note",
        f"'{whole.label}' in '{whole.title}' is not the sum of the rows above it in any column; the table does not "
        "list all its parts, or they were not all read.",
        f"”{whole.label}” i ”{whole.title}” är inte summan av raderna ovanför i någon kolumn; tabellen redovisar inte "
        "alla delar, eller så lästes inte alla.",
        "budget_lines",
        whole.id,
    )


def figure(sek: int, factor: int) -> str:
    """An amount in its unit, with a space between thousands and a decimal comma.

    >>> figure(-1_234_500, 1000), figure(40_400_000, 1_000_000)
    ('-1 234,5', '40,4')
    """
    text = f"{sek / factor:,.3f}".rstrip("0").rstrip(".")
    return text.replace(",", " ").replace(".", ",")


def _changes(lines: list[_Line]) -> Iterator[_Outcome]:
    """Rows of changes against the difference between the years of the row above them."""
    tables: dict[tuple[str, str, str], list[_Line]] = defaultdict(list)
    for line in lines:
        tables[line.document, line.title, line.office].append(line)
    for table in tables.values():
        changes = {line.place for line in table if line.category == "change" and _is_change(line.label)}
        for place in sorted(changes):
            above = [line for line in table if line.place < place and line.category != "change"]
            nearest = max((line.place for line in above), default=None)
            by_year = {line.year: line for line in above if line.place == nearest}
            yield from _changes_of([line for line in table if line.place == place], by_year)


def _is_change(label: str) -> bool:
    found = terms("budget_rows").first(label, damaged=False)
    return found is not None and found.term == "change" and found.start == 0


def _changes_of(row: list[_Line], above: dict[int | None, _Line]) -> Iterator[_Outcome]:
    results = []
    for cell in row:
        now, before = above.get(cell.year), above.get(cell.year - 1) if cell.year else None
        if now and before:
            expected = now.sek - before.sek
            results.append((cell, expected, abs(abs(cell.sek) - abs(expected)) <= cell.last_digit))
    for cell, expected, held in results:
        if held:
            yield True, [cell.id], None
        elif any(other[2] for other in results):
            yield False, [cell.id], _wrong_change(cell, expected)


def _wrong_change(cell: _Line, expected: int) -> Remark:
    unit, before = cell.unit or "kr", (cell.year or 0) - 1
    printed, computed = figure(cell.sek, cell.factor), figure(expected, cell.factor)
    return Remark(
        "change_differs",
        "warning",
        f"'{cell.label}' {cell.year} in '{cell.title}' is printed as {printed} {unit}, but the row above it changes by "
        f"{computed} {unit} from {before}.",
        f"”{cell.label}” {cell.year} i ”{cell.title}” är tryckt som {printed} {unit}, men raden ovanför ändras med "
        f"{computed} {unit} från {before}.",
        "budget_lines",
        cell.id,
    )


def _two_figures(lines: list[_Line]) -> Iterator[Remark]:
    """One unit with two amounts for one year and kind in two tables of a document, told once per row."""
    units: dict[tuple[str, str, int, str], list[_Line]] = defaultdict(list)
    for line in lines:
        if line.kind and line.year and _names_a_unit(line.label):
            units[line.document, _unit_key(line.label), line.year, line.kind].append(line)
    told: set[tuple[str, int]] = set()
    for group in units.values():
        first = group[0]
        for other in group[1:]:
            same_sort = {first.category, other.category} <= {"net", "other"} or first.category == other.category
            if other.title == first.title or not same_sort or _office(first) != _office(other):
                continue
            if abs(first.sek) != abs(other.sek) and (other.document, other.place) not in told:
                told.add((other.document, other.place))
                yield _has_two_figures(first, other)


def _office(line: _Line) -> str:
    """The office a row stands under; a unit's own name is none."""
    return "" if _unit_key(line.office) == _unit_key(line.label) else line.office


def _names_a_unit(label: str) -> bool:
    return len(label) > 3 and terms("budget_rows").first(label, damaged=False) is None


def _unit_key(label: str) -> str:
    """A unit's label as it is compared between tables: 'Planavdelningen' and 'planavdelning' are one."""
    return re.sub(r"(?:en|et|n|t)$", "", fold(label))


def _has_two_figures(one: _Line, other: _Line) -> Remark:
    return Remark(
        "two_figures",
        "warning",
        f"'{one.label}' has two figures for {one.year} ({one.kind}): {one.text} {one.unit} in '{one.title}' "
        f"(line {one.place}) and {other.text} {other.unit} in '{other.title}' (line {other.place}).",
        f"”{one.label}” har två belopp för {one.year}: {one.text} {one.unit} i ”{one.title}” (rad {one.place}) och "
        f"{other.text} {other.unit} i ”{other.title}” (rad {other.place}).",
        "budget_lines",
        other.id,
    )


def _shares(tables: Tables) -> Iterator[Remark]:
    """Shares of a whole outside 0 to 100 per cent."""
    names = dict(zip(tables.indicators["indicator_id"], tables.indicators["name"], strict=True))
    for row in tables.indicator_values.to_dict("records"):
        name = names.get(row["indicator_id"])
        if not isinstance(name, str) or not re.match(r"(?i)\s*andel(?:en)?\b", name) or "avvik" in name.casefold():
            continue
        if row["unit"] == "%" and not pd.isna(row["value"]) and not 0 <= row["value"] <= 100:
            yield Remark(
                "share_out_of_bounds",
                "warning",
                f"The share '{name}' is printed as '{row['text']}', which no share can be.",
                f"Andelen ”{name}” är tryckt som ”{row['text']}”, vilket ingen andel kan vara.",
                "indicator_values",
                row["indicator_value_id"],
            )
