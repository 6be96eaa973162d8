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
from compare.documents.composing import MAX_CELLS, Composer, Slot
from compare.documents.model import Document
from compare.documents.recognition import Source, part, unpacked
from compare.documents.xml import Element, attribute, child, name, parsed
from compare.problems import PlanError

MAX_SHEETS = 500
PLAIN_NAMES = re.compile(r"(?:sheet|blad|ark|tabell|table)\s*\d*", re.IGNORECASE)
PERCENT_FORMATS = {9, 10}
REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def read(source: Source) -> Document:
    """The workbook as a `Document`; raises `PlanError` for a damaged, protected or absurdly large one."""
    composer = Composer(source)
    sheets = ods_sheets(source) if source.format == "ods" else excel_sheets(source)
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
        if start < end:
            composer.table(stretch[start:end])
        for row in stretch[end:]:
            composer.text(only_text(row))


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


def shown(value: object, look: str | None = None) -> str:
    """A cell's value as text: whole numbers without decimals, dates as ISO dates.

    >>> shown(12.0), shown(0.784, "%"), shown(114, "0000"), shown("0114")
    ('12', '78,4 %', '0114', '0114')
    """
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, int | float):
        if look == "%":
            return f"{number_text(value * 100)} %"
        if look and float(value).is_integer() and value >= 0:
            return f"{int(value):0{len(look)}d}"
        return number_text(value)
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
    """What a sheet's XML says beside its values: how far it reaches, which looks cells have, which are merged."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    looks: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def excel_sheets(source: Source) -> Iterator[tuple[str, list[list[Slot]]]]:
    """The visible sheets of an XLSX or XLS file with their rows."""
    import python_calamine

    surveys = surveyed(source) if source.format == "xlsx" else {}
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(source.data))
        for sheet in book.sheets_metadata[:MAX_SHEETS]:
            if sheet.visible != python_calamine.SheetVisibleEnum.Visible:
                continue
            if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            values: list[list[Any]] = [*book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)]
            yield sheet.name, sheet_rows(values, surveys.get(sheet.name, Survey()))
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise PlanError(f"{source.path}: is a damaged workbook ({error}); open and save the file again") from error


def sheet_rows(values: list[list[Any]], survey: Survey) -> list[list[Slot]]:
    """A sheet's values as slots; a merged cell covers its columns and is repeated in its rows."""
    rows: list[list[Slot]] = []
    for number, line in enumerate(values):
        row: list[Slot] = []
        column = 0
        while column < len(line):
            at = (number, column)
            text = shown(line[column], survey.looks.get(at))
            height, width = survey.merged.get(at, (1, 1))
            width = max(1, min(width, len(line) - column))
            row.append(Slot(text, width))
            # The rows below hold nothing in a merged area: they show what it says.
            for below in range(number + 1, min(number + height, len(values), number + 200)):
                values[below][column] = text
                if width > 1:
                    survey.merged[(below, column)] = (1, width)
            column += width
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


def cell_looks(archive: ZipFile, path: Path) -> dict[int, str]:
    """The cell styles that change what a number looks like: '%' for percentages, '0000' for codes."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    root = parsed(part(archive, "xl/styles.xml", path), path, "the styles")
    codes = {
        attribute(one, "numFmtId"): attribute(one, "formatCode") or "" for one in root.iter() if name(one) == "numFmt"
    }
    looks = {}
    formats = child(root, "cellXfs")
    for index, one in enumerate(formats if formats is not None else ()):
        identity = attribute(one, "numFmtId") or "0"
        code = codes.get(identity, "")
        if (identity.isdigit() and int(identity) in PERCENT_FORMATS) or "%" in re.sub(r'"[^"]*"', "", code):
            looks[index] = "%"
        elif re.fullmatch(r"0{2,12}", code):
            looks[index] = code
    return looks


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


def survey_sheet(content: bytes, looks: dict[int, str], path: Path) -> Survey:
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
            elif kind == "mergeCell":
                add_merged(survey, node.get("ref") or "")
            if kind in {"c", "row"}:
                node.clear(keep_tail=True)
            if survey.cells > MAX_CELLS:
                break
    except etree.XMLSyntaxError as error:
        raise PlanError(f"{path}: a sheet is damaged ({error}); open and save the file again") from error
    return survey


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
