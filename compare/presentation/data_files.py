"""The data behind a figure or table as files that people open in other programs.

CSV for everyone, Parquet for those who compute further, XLSX for those who use a spreadsheet. Text that a spreadsheet
would run as a formula gets an apostrophe in front in CSV and is stored as text in XLSX. Equal data give equal bytes.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from compare.presentation.wording import is_missing

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_ROWS_OF_A_SHEET = 1_048_576


def write_data(frame: pd.DataFrame, folder: Path, stem: str) -> list[Path]:
    """Write the frame as `<stem>.csv`, `<stem>.xlsx` and `<stem>.parquet` into the folder; the files written.

    Column names are the frame's. A frame with more rows than a sheet holds has no XLSX.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{stem}.csv"]
    _flat(frame).map(safe_cell).to_csv(files[0], index=False, lineterminator="\n")
    if len(frame) < _ROWS_OF_A_SHEET:
        files.append(folder / f"{stem}.xlsx")
        files[-1].write_bytes(_workbook(_flat(frame)))
    files.append(folder / f"{stem}.parquet")
    _storable(frame).to_parquet(files[-1], index=False, compression="zstd")
    return files


def safe_cell(value: Any) -> Any:
    """The value, with an apostrophe before text that a spreadsheet would take for a formula.

    >>> safe_cell("=1+1"), safe_cell(-3)
    ("'=1+1", -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Lists as text joined with semicolons, since a cell holds one value."""
    return frame.map(lambda cell: "; ".join(map(str, cell)) if isinstance(cell, (list, tuple, set)) else cell)


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
    book = Workbook(write_only=False)
    book.properties.created = book.properties.modified = datetime.datetime(1980, 1, 1)
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has no sheet")
    sheet.append([str(name) for name in frame])
    for row_number, cells in enumerate(frame.itertuples(index=False, name=None), start=2):
        for column_number, cell in enumerate(cells, start=1):
            _put(sheet.cell(row_number, column_number), cell)
    sheet.freeze_panes = "A2"
    written = io.BytesIO()
    book.save(written)
    return _without_times(written.getvalue())


def _put(cell: Any, value: Any) -> None:
    if is_missing(value):
        return
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.value = value.to_pydatetime() if isinstance(value, pd.Timestamp) else getattr(value, "item", lambda: value)()
    if isinstance(value, str):
        cell.data_type = "s"


def _without_times(archive: bytes) -> bytes:
    """The same archive with one fixed time in it: openpyxl writes the time of saving."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _fixed_core(content)
            new.writestr(zipfile.ZipInfo(name, _FIXED_TIME), content, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def _fixed_core(content: bytes) -> bytes:
    start, end = content.find(b"<dcterms:modified"), content.find(b"</dcterms:modified>")
    if start < 0 or end < 0:
        return content
    opened = content.find(b">", start) + 1
    return content[:opened] + b"1980-01-01T00:00:00Z" + content[end:]
