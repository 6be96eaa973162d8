"""Workbooks (XLSX, ODS, XLS): each sheet's titles as text and its cells as tables, as the cells are shown.

Formulas are never evaluated: what the file keeps as their last value is read. Codes with leading zeros and
percentages are kept as the sheet shows them; other numbers come with a decimal comma.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree

from compare.documents.characters import tidy
from compare.documents.composing import MAX_CELLS, Composer, Slot, spread_slots
from compare.documents.model import Document
from compare.documents.recognition import Source, part, unpacked
from compare.documents.xml import Element, attribute, child, name, parsed
from compare.problems import PlanError

MAX_SHEETS = 500
MAX_COLUMNS = 16_384
PLAIN_NAMES = re.compile(r"(?:sheet|blad|ark|tabell|table)\s*\d*", re.IGNORECASE)
PERCENT_FORMATS = {9, 10}
# The sign of a currency is also shown where a title says that amounts are in thousands.
CURRENCIES = {"kr", "sek", "kronor", "€", "$", "eur", "usd"}
FIGURES = re.compile(r"[#0?][#0?,. ]*")
LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def read(source: Source) -> Document:
    """The workbook as a `Document`; raises `PlanError` for a damaged, protected or absurdly large one."""
    composer = Composer(source)
    sheets = ods_sheets(source) if source.format == "ods" else excel_sheets(source, composer.notes)
    found = [(title, list(rows)) for title, rows in sheets]
    for title, rows in found:
        add_sheet(composer, title, rows, named=len(found) > 1 or PLAIN_NAMES.fullmatch(title) is None)
    return composer.document()


def add_sheet(composer: Composer, title: str, rows: list[list[Slot]], *, named: bool) -> None:
    """Write a sheet: its name, then its stretches of rows as titles and tables."""
    stretches = list(filled_stretches(rows))
    if named and stretches:
        composer.text(title, "heading", level=1)
    for stretch in stretches:
        start, end = 0, len(stretch)
        while start < end and filled(stretch[start]) == 1:
            start += 1
        if start == end:
            start = end if end == 1 or all(len(only_text(row)) > 40 for row in stretch) else 0
        while end > start and filled(stretch[end - 1]) == 1 and len(only_text(stretch[end - 1])) > 40:
            end -= 1
        for row in stretch[:start]:
            composer.text(only_text(row))
        for table in side_by_side(stretch[start:end]) if start < end else ():
            composer.table(table)
        for row in stretch[end:]:
            composer.text(only_text(row))


def side_by_side(rows: list[list[Slot]]) -> list[list[list[Slot]]]:
    """The tables that stand beside each other in these rows, parted by an empty column.

    Two tables repeat a head ('2031'), and the second begins with labels; a table with an empty column does neither.
    """
    grid = [spread_slots(row) for row in rows]
    width = max(len(row) for row in grid)
    grid = [[*row, *[Slot("")] * (width - len(row))] for row in grid]
    for gap in range(2, width - 2):
        left, right = [row[:gap] for row in grid], [row[gap + 1 :] for row in grid]
        heads = {slot.text for slot in left[0][1:] if slot.text} & {slot.text for slot in right[0][1:]}
        labels = sum(bool(re.match(r"[^\W\d_]{2}", row[0].text)) for row in right)
        if heads and labels > 1 and not any(row[gap].text for row in grid):
            first = left[0][0].text and right[0][0].text
            if first:
                return [collapsed(left), *side_by_side(collapsed(right))]
    return [rows]


def collapsed(rows: list[list[Slot]]) -> list[list[Slot]]:
    """Rows of single columns with the repeated slots of merged cells made one again."""
    return [[slot for at, slot in enumerate(row) if at == 0 or row[at - 1] is not slot] for row in rows]


def filled_stretches(rows: list[list[Slot]]) -> Iterator[list[list[Slot]]]:
    """Consecutive rows with content."""
    stretch: list[list[Slot]] = []
    for row in rows:
        if filled(row):
            stretch.append(row)
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def filled(row: list[Slot]) -> int:
    return sum(1 for slot in row if slot.text.strip())


def only_text(row: list[Slot]) -> str:
    return " ".join(slot.text for slot in row if slot.text.strip())


@dataclass(frozen=True, slots=True)
class Look:
    """What a number's format changes: percentages, leading zeros, thousands that are not shown, a unit behind it."""

    percent: bool = False
    digits: int = 0
    thousands: int = 0
    unit: str = ""


PLAIN = Look()


def shown(value: object, look: Look = PLAIN) -> str:
    """A cell's value as text: whole numbers without decimals, dates as ISO dates.

    >>> shown(12.0), shown(0.784, Look(percent=True)), shown(114, Look(digits=4)), shown("0114")
    ('12', '78,4 %', '0114', '0114')
    >>> shown(12_480_500, Look(thousands=1, unit="tkr"))
    '12480,5 tkr'
    """
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, int | float):
        if look.percent:
            return f"{number_text(value * 100)} %"
        if look.digits and float(value).is_integer() and value >= 0:
            return f"{int(value):0{look.digits}d}"
        text = number_text(value / 1000**look.thousands if look.thousands else value)
        return f"{text} {look.unit}" if look.unit else text
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    return tidy(str(value))


def number_text(value: float) -> str:
    """A number as a Swedish reader would write it, without the dust of binary fractions."""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.10g}".replace(".", ",")
    return str(int(value)) if abs(value) < 1e15 else f"{value:.10g}"


# --- Excel -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Survey:
    """What a sheet's XML says beside its values: how far it reaches, how cells look, which are hidden or merged."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    looks: dict[tuple[int, int], Look] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def excel_sheets(source: Source, notes: list[str]) -> Iterator[tuple[str, list[list[Slot]]]]:
    """The visible sheets of an XLSX or XLS file with their visible rows; adds notes on what rows and columns hide."""
    import python_calamine

    surveys = surveyed(source) if source.format == "xlsx" else {}
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(source.data))
        for sheet in book.sheets_metadata[:MAX_SHEETS]:
            if sheet.visible != python_calamine.SheetVisibleEnum.Visible:
                continue
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            survey = surveys.get(sheet.name, Survey())
            values: list[list[Any]] = [*book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)]
            notes.extend(hidden_note(sheet.name, values, survey))
            yield sheet.name, sheet_rows(values, survey)
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise PlanError(f"{source.path}: is a damaged workbook ({error}); open and save the file again") from error


def hidden_note(title: str, values: list[list[Any]], survey: Survey) -> Iterator[str]:
    """Says how many hidden rows and columns of a sheet hold something."""
    rows = sum(1 for at in survey.hidden_rows if at < len(values) and any(shown(value) for value in values[at]))
    columns = sum(1 for at in survey.hidden_columns if any(shown(line[at]) for line in values if at < len(line)))
    if rows or columns:
        yield f"The sheet {title!r} has content that is hidden (rows: {rows:,}, columns: {columns:,}); it was not read."


def sheet_rows(values: list[list[Any]], survey: Survey) -> list[list[Slot]]:
    """A sheet's values as slots; a merged cell covers its columns and is repeated in its rows."""
    rows: list[list[Slot]] = []
    for number, line in enumerate(values):
        row: list[Slot] = []
        column = 0
        while column < len(line):
            at = (number, column)
            text = shown(line[column], survey.looks.get(at, PLAIN))
            height, width = survey.merged.get(at, (1, 1))
            width = max(1, min(width, len(line) - column))
            visible = sum(one not in survey.hidden_columns for one in range(column, column + width))
            if visible:
                row.append(Slot(text, visible))
            # The rows below hold nothing in a merged area: they show what it says.
            for below in range(number + 1, min(number + height, len(values), number + 200)):
                values[below][column] = text
                if width > 1:
                    survey.merged[(below, column)] = (1, width)
            column += width
        if number not in survey.hidden_rows:
            rows.append(row)
    return rows


def surveyed(source: Source) -> dict[str, Survey]:
    """A survey of each sheet of an XLSX file; raises `PlanError` where cells are spread over an absurd area."""
    with unpacked(source.data, source.path) as archive:
        looks = cell_looks(archive, source.path)
        found = {}
        for title, target in sheet_parts(archive, source.path):
            survey = survey_sheet(part(archive, target, source.path), looks, source.path)
            if survey.rows * survey.columns > MAX_CELLS or survey.cells > MAX_CELLS:
                raise PlanError(
                    f"{source.path}: the sheet {title!r} reaches over {survey.rows:,} rows and {survey.columns:,} "
                    "columns; that is no plan; delete what lies far outside the table"
                )
            found[title] = survey
    return found


def cell_looks(archive: ZipFile, path: Path) -> dict[int, Look]:
    """The cell styles that change what a number looks like."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    root = parsed(part(archive, "xl/styles.xml", path), path, "the styles")
    codes = {
        attribute(one, "numFmtId"): attribute(one, "formatCode") or "" for one in root.iter() if name(one) == "numFmt"
    }
    formats = child(root, "cellXfs")
    looks = {}
    for index, one in enumerate(formats if formats is not None else ()):
        identity = attribute(one, "numFmtId") or "0"
        percent = identity.isdigit() and int(identity) in PERCENT_FORMATS
        look = Look(percent=True) if percent else look_of(codes.get(identity, ""))
        if look != PLAIN:
            looks[index] = look
    return looks


def look_of(code: str) -> Look:
    """What a number format changes.

    >>> look_of('#,##0,,"  mnkr"'), look_of("0.0%").percent, look_of("0000").digits
    (Look(percent=False, digits=0, thousands=2, unit='mnkr'), True, 4)
    """
    code = code.split(";", 1)[0]
    bare = LITERAL.sub("", code)
    if "%" in bare:
        return Look(percent=True)
    if re.fullmatch(r"0{2,12}", code):
        return Look(digits=len(code))
    figures = FIGURES.search(bare)
    if figures is None:
        return PLAIN
    digits = figures[0].rstrip()
    behind = LITERAL.sub(lambda match: match[1] or match[2] or "", code[code.rindex(digits[-1]) + 1 :]).strip()
    known = behind if re.fullmatch(r"[^\W\d_]{1,6}[²³]?|[%‰]", behind) and behind.lower() not in CURRENCIES else ""
    return Look(thousands=len(digits) - len(digits.rstrip(",")), unit=known)


def sheet_parts(archive: ZipFile, path: Path) -> Iterator[tuple[str, str]]:
    """The sheets' names with the parts that hold them."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return
    relations = parsed(part(archive, "xl/_rels/workbook.xml.rels", path), path, "the relations")
    targets = {attribute(one, "Id"): attribute(one, "Target") or "" for one in relations}
    root = parsed(part(archive, "xl/workbook.xml", path), path, "the workbook")
    for one in root.iter():
        if name(one) == "sheet":
            relation = next((str(value) for key, value in one.attrib.items() if str(key).endswith("}id")), "")
            target = targets.get(relation, "")
            target = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if target in names:
                yield attribute(one, "name") or "", target


def survey_sheet(content: bytes, looks: dict[int, Look], path: Path) -> Survey:
    """How far a sheet reaches and what its cells look like, read as a stream."""
    survey = Survey()
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content:
        raise PlanError(f"{path}: a sheet declares entities, which no office program writes; check where it comes from")
    try:
        events = etree.iterparse(io.BytesIO(content), resolve_entities=False, no_network=True, huge_tree=True)
        row = column = -1
        for _, node in events:
            kind = name(node)
            if kind == "c":
                match = REFERENCE.fullmatch(attribute(node, "r") or "")
                if match:
                    row, column = int(match[2]) - 1, column_number(match[1])
                else:
                    column += 1
                survey.cells += 1
                survey.rows, survey.columns = max(survey.rows, row + 1), max(survey.columns, column + 1)
                style = node.get("s")
                if style is not None and style.isdigit() and int(style) in looks:
                    survey.looks[(row, column)] = looks[int(style)]
            elif kind == "row" and switched(node.get("hidden")):
                survey.hidden_rows.add(int(number) - 1 if (number := node.get("r") or "").isdigit() else row)
            elif kind == "col" and switched(node.get("hidden")):
                first, last = (int(value) if (value := node.get(key) or "").isdigit() else 0 for key in ("min", "max"))
                survey.hidden_columns.update(range(first - 1, min(last, MAX_COLUMNS)))
            elif kind == "mergeCell":
                add_merged(survey, node.get("ref") or "")
            if kind in {"c", "row"}:
                node.clear(keep_tail=True)
            if survey.cells > MAX_CELLS:
                break
    except etree.XMLSyntaxError as error:
        raise PlanError(f"{path}: a sheet is damaged ({error}); open and save the file again") from error
    return survey


def switched(value: str | None) -> bool:
    return value in {"1", "true"}


def add_merged(survey: Survey, reference: str) -> None:
    """Note a merged range of cells ('B2:D3') by its upper left cell: how many rows and columns it covers."""
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", reference)
    if match and len(survey.merged) < 100_000:
        top, left = int(match[2]) - 1, column_number(match[1])
        survey.merged[(top, left)] = (int(match[4]) - top, column_number(match[3]) - left + 1)


def column_number(letters: str) -> int:
    """The number of a column from its letters, from 0: 'AA' is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


# --- OpenDocument ----------------------------------------------------------------------------------------------------


def ods_sheets(source: Source) -> Iterator[tuple[str, list[list[Slot]]]]:
    """The sheets of an ODS file with their rows, cells as the program last showed them."""
    with unpacked(source.data, source.path) as archive:
        manifest = "META-INF/manifest.xml"
        if manifest in archive.namelist() and b"encryption-data" in part(archive, manifest, source.path):
            raise PlanError(
                f"{source.path}: is protected by a password; save it without the password and read that file"
            )
        root = parsed(part(archive, "content.xml", source.path), source.path, "the content")
    sheets = child(root, "body", "spreadsheet")
    cells = 0
    for node in sheets if sheets is not None else ():
        if name(node) == "table":
            rows: list[list[Slot]] = []
            empty = 0
            for row in ods_rows(node):
                line = ods_cells(row)
                if not filled(line):
                    empty += 1
                    continue
                # Long runs of empty rows separate as one does.
                rows.extend([[]] * min(empty, 1))
                empty = 0
                times = min(repeated(row, "number-rows-repeated"), 10_000)
                cells += sum(slot.spans for slot in line) * times
                if cells > MAX_CELLS:
                    raise PlanError(
                        f"{source.path}: has more than {MAX_CELLS:,} table cells; that is no plan; split the workbook"
                    )
                rows.extend([line] * times)
            yield attribute(node, "name") or "", rows


def ods_rows(table: Element) -> Iterator[Element]:
    """The rows of a table, in groups or not."""
    for node in table:
        if name(node) == "table-row":
            yield node
        elif name(node) in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from ods_rows(node)


def ods_cells(row: Element) -> list[Slot]:
    """A row's cells; the empty ones that fill the sheet to its right edge are left out."""
    line: list[Slot] = []
    waiting = 0
    for node in row:
        if name(node) not in {"table-cell", "covered-table-cell"}:
            continue
        times = repeated(node, "number-columns-repeated")
        text = "\n".join(
            tidy("".join(one.itertext())) for one in node if name(one) == "p" and tidy("".join(one.itertext()))
        )
        if not text:
            # What a merged cell covers is counted by its span.
            waiting += times if name(node) == "table-cell" else 0
            continue
        line.extend([Slot("")] * min(waiting, 1_000))
        waiting = 0
        spans = min(repeated(node, "number-columns-spanned"), 1_000)
        line.extend([Slot(text, spans)] * min(times, 1_000))
    return line


def repeated(node: Element, key: str) -> int:
    value = attribute(node, key) or "1"
    return max(1, int(value)) if re.fullmatch(r"\d{1,9}", value) else 1
