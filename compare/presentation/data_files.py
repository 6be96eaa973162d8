"""The data behind a figure or table as files that people open in other programs.

CSV for everyone, Parquet for those who compute further, XLSX for those who use a spreadsheet. Text that a spreadsheet
would run as a formula gets an apostrophe in front in CSV and is stored as text in XLSX. Equal data give equal bytes.

openpyxl writes the workbook and what belongs to it; the rows are put into its sheet as one text, since workbooks of a
hundred thousand rows otherwise take longer than all the rest of a report.
"""

from __future__ import annotations

import datetime
import io
import math
import re
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from compare.presentation.wording import is_missing

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_ROWS_OF_A_SHEET = 1_048_576
_QUICK = 3  # of 9: a tenth larger in half the time
_SHEET = "xl/worksheets/sheet1.xml"


def write_data(frame: pd.DataFrame, folder: Path, stem: str) -> list[Path]:
    """Write the frame as `<stem>.csv`, `<stem>.xlsx` and `<stem>.parquet` into the folder; the files written.

    Column names are the frame's. A frame with more rows than a sheet holds has no XLSX.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{stem}.csv"]
    flat = _flat(frame)
    _safe(flat).to_csv(files[0], index=False, lineterminator="\n")
    if len(frame) < _ROWS_OF_A_SHEET:
        files.append(folder / f"{stem}.xlsx")
        files[-1].write_bytes(_workbook(flat))
    files.append(folder / f"{stem}.parquet")
    _storable(frame).to_parquet(files[-1], index=False, compression="zstd")
    return files


def safe_cell(value: Any) -> Any:
    """The value, with an apostrophe before text that a spreadsheet would take for a formula.

    >>> safe_cell("=1+1"), safe_cell(-3)
    ("'=1+1", -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _safe(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of `_flat` with no text in them that a spreadsheet would take for a formula."""
    rows = frame.copy()
    for place, dtype in enumerate(frame.dtypes):
        cells = frame.iloc[:, place]
        if isinstance(dtype, pd.StringDtype) and not cells.str.startswith(_FORMULA_STARTS).any():
            continue
        if _may_be_text(dtype):
            rows.isetitem(place, _changed(cells, safe_cell))
    return rows


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Lists as text joined with semicolons, since a cell holds one value."""
    rows = frame.copy()
    for place, dtype in enumerate(frame.dtypes):
        if pd.api.types.is_object_dtype(dtype):
            rows.isetitem(place, _changed(frame.iloc[:, place], _joined))
    return rows


def _joined(cell: Any) -> Any:
    return "; ".join(map(str, cell)) if isinstance(cell, (list, tuple, set)) else cell


def _may_be_text(dtype: Any) -> bool:
    return pd.api.types.is_object_dtype(dtype) or isinstance(dtype, (pd.StringDtype, pd.CategoricalDtype))


def _changed(cells: pd.Series, change: Callable[[Any], Any]) -> np.ndarray:
    """Each of the cells changed."""
    return pd.Series([change(cell) for cell in cells.astype(object)], dtype=object).to_numpy()


def _storable(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of mixed objects as text, so that Parquet can give each column one type; lists of text stay lists."""
    rows = frame.copy()
    rows.columns = [str(name) for name in rows.columns]
    for name in rows.columns[[pd.api.types.is_object_dtype(dtype) for dtype in rows.dtypes]]:
        cells = rows[name]
        if not cells.map(lambda cell: is_missing(cell) or isinstance(cell, list)).all():
            rows[name] = cells.map(lambda cell: None if is_missing(cell) else str(cell))
    return rows


def _workbook(frame: pd.DataFrame) -> bytes:
    """The frame as the only sheet of a workbook, its head kept in sight."""
    book = Workbook(write_only=False)
    book.properties.created = book.properties.modified = datetime.datetime(1980, 1, 1)
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has no sheet")
    sheet.freeze_panes = "A2"
    sheet["A1"] = datetime.datetime(1980, 1, 1)  # so that the workbook knows how days are shown; the rows replace it
    days = sheet["A1"].style_id
    written = io.BytesIO()
    book.save(written)
    last = get_column_letter(max(len(frame.columns), 1))
    return _filled(written.getvalue(), _sheet_rows(frame, days), f"A1:{last}{len(frame) + 1}")


def _sheet_rows(frame: pd.DataFrame, days: int) -> str:
    """The head and the rows as a sheet holds them; missing cells are left out."""
    columns = [_cells(frame.iloc[:, place], get_column_letter(place + 1), days) for place in range(len(frame.columns))]
    rows = zip(*columns, strict=True)
    return "".join(f'<row r="{number}">{"".join(cells)}</row>' for number, cells in enumerate(rows, start=1))


def _cells(column: pd.Series, letters: str, days: int) -> list[str]:
    """A column's cells as a sheet holds them, the head first."""
    cells = [""] * (len(column) + 1)
    cells[0] = _cell(f"{letters}1", str(column.name), days)
    known = np.flatnonzero(column.notna().to_numpy())
    values = column.iloc[known].astype(object).tolist()
    if pd.api.types.is_integer_dtype(column.dtype):
        written = [
            f'<c r="{letters}{place + 2}"><v>{value}</v></c>' for place, value in zip(known, values, strict=True)
        ]
    else:
        written = [_cell(f"{letters}{place + 2}", value, days) for place, value in zip(known, values, strict=True)]
    for place, cell in zip(known.tolist(), written, strict=True):
        cells[place + 1] = cell
    return cells


def _cell(where: str, value: Any, days: int) -> str:
    if isinstance(value, str):
        words = escape(ILLEGAL_CHARACTERS_RE.sub("", value), quote=False)
        return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'
    value = getattr(value, "item", lambda: value)()
    if isinstance(value, bool):
        return f'<c r="{where}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, datetime.date):
        return f'<c r="{where}" s="{days}"><v>{to_excel(value)}</v></c>'
    if isinstance(value, (int, float)) and math.isfinite(value):
        return f'<c r="{where}"><v>{value!r}</v></c>'
    return _cell(where, str(value), days)


def _filled(archive: bytes, rows: str, dimension: str) -> bytes:
    """The workbook with these rows in its sheet and one fixed time in it: openpyxl writes the time of saving."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _fixed_core(content)
            elif name == _SHEET:
                content = _fixed_sheet(content.decode("utf-8"), rows, dimension).encode("utf-8")
            new.writestr(zipfile.ZipInfo(name, _FIXED_TIME), content, zipfile.ZIP_DEFLATED, _QUICK)
    return result.getvalue()


def _fixed_sheet(content: str, rows: str, dimension: str) -> str:
    before, _, rest = content.partition("<sheetData>")
    _, _, after = rest.partition("</sheetData>")
    before = re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="{dimension}"', before)
    return f"{before}<sheetData>{rows}</sheetData>{after}"


def _fixed_core(content: bytes) -> bytes:
    start, end = content.find(b"<dcterms:modified"), content.find(b"</dcterms:modified>")
    if start < 0 or end < 0:
        return content
    opened = content.find(b">", start) + 1
    return content[:opened] + b"1980-01-01T00:00:00Z" + content[end:]
