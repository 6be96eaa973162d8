from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.presentation.data_files import safe_cell, write_data


@pytest.mark.parametrize("text", ["=1+1", "+46 8", "-x", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_neutralised(text: str):
    assert safe_cell(text) == f"'{text}"


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none()))
def test_no_cell_begins_like_a_formula_and_numbers_stay_numbers(value: object):
    safe = safe_cell(value)
    if isinstance(value, str):
        assert not safe.startswith(("=", "+", "-", "@"))
    else:
        assert safe is value


def test_the_three_files_hold_the_same_rows(tmp_path: Path):
    rows = pd.DataFrame({"title": ["=2+3", "Å"], "amount_sek": [-5, 7], "committees": [["KS", "TN"], None]})
    written = write_data(rows, tmp_path, "t")
    assert [file.suffix for file in written] == [".csv", ".xlsx", ".parquet"]
    assert pd.read_csv(written[0])["title"].tolist() == ["'=2+3", "Å"]
    assert pd.read_csv(written[0])["amount_sek"].tolist() == [-5, 7]
    sheet = openpyxl.load_workbook(written[1]).active
    assert sheet is not None
    cell = sheet["A2"]
    assert (cell.value, cell.data_type) == ("=2+3", "s")
    assert sheet["C2"].value == "KS; TN"
    assert pd.read_parquet(written[2])["committees"][0].tolist() == ["KS", "TN"]


def test_equal_rows_give_equal_bytes(tmp_path: Path):
    rows = pd.DataFrame({"a": [1, 2], "day": pd.to_datetime(["2022-01-01", None])})
    first = [file.read_bytes() for file in write_data(rows, tmp_path / "1", "t")]
    second = [file.read_bytes() for file in write_data(rows, tmp_path / "2", "t")]
    assert first == second


def test_mixed_objects_can_be_stored(tmp_path: Path):
    rows = pd.DataFrame({"x": pd.Series([1, "a", None], dtype=object)})
    assert pd.read_parquet(write_data(rows, tmp_path, "t")[2])["x"].tolist()[:2] == ["1", "a"]


def test_control_characters_do_not_stop_a_workbook(tmp_path: Path):
    written = write_data(pd.DataFrame({"title": ["a\x00b\x0bc"]}), tmp_path, "t")
    sheet = openpyxl.load_workbook(written[1]).active
    assert sheet is not None
    assert sheet["A2"].value == "abc"


def test_a_workbook_keeps_numbers_days_truths_and_words_as_what_they_are(tmp_path: Path):
    rows = pd.DataFrame(
        {
            "day": pd.to_datetime(["2022-01-31", None]),
            "n": pd.array([3, None], dtype="Int64"),
            "rate": [0.125, float("inf")],
            "known": pd.array([True, None], dtype="boolean"),
            "title": [' <b> & "så"\nvidare', "007"],
        }
    )
    sheet = openpyxl.load_workbook(write_data(rows, tmp_path, "t")[1]).active
    assert sheet is not None
    head, first, second = sheet.iter_rows(values_only=True)
    assert head == ("day", "n", "rate", "known", "title")
    assert first == (datetime.datetime(2022, 1, 31), 3, 0.125, True, ' <b> & "så"\nvidare')
    assert second == (None, None, "inf", None, "007")
    assert (sheet.dimensions, sheet.freeze_panes) == ("A1:E3", "A2")


def test_a_workbook_of_no_rows_has_its_head(tmp_path: Path):
    sheet = openpyxl.load_workbook(write_data(pd.DataFrame({"n": [], "title": []}), tmp_path, "t")[1]).active
    assert sheet is not None
    assert list(sheet.values) == [("n", "title")]
