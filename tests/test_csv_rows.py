"""A CSV file that a spreadsheet saved says the same as before; what is damaged is told."""

import pytest

from compare.csv_rows import NoRows, read

TEXT = "name,value\nbro,8\ntåg,\n"


@pytest.fixture
def saved(tmp_path):
    def save(content):
        path = tmp_path / "table.csv"
        path.write_bytes(content)
        return path

    return save


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace(",", ";").encode("cp1252"),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace("\n", ",,\n").encode(),
        "name,value\n\nbro,8\n,\ntåg,\n".encode(),
        'name ,value\n"bro","8"\ntåg,\n'.encode(),
    ],
    ids=["plain", "BOM", "CRLF", "CR", "semicolons", "tabs", "empty columns", "empty rows", "quotes"],
)
def test_the_ways_of_spreadsheets_change_nothing(saved, content):
    rows = read(saved(content))
    assert rows.header == ["name", "value"]
    assert [cells for _, cells in rows.body] == [["bro", "8"], ["tåg", ""]]


def test_rows_are_numbered_as_an_editor_numbers_lines(saved):
    rows = read(saved(b'name,value\n\n"two\nlines",1\nlast,2\n'))
    assert [number for number, _ in rows.body] == [3, 5]


def test_excels_line_about_the_separator_is_no_header_and_counts_as_a_line(saved):
    rows = read(saved(b"sep=;\r\nname;value\r\nbro;8\r\n"))
    assert (rows.header, rows.body) == (["name", "value"], [(3, ["bro", "8"])])


def test_commas_are_decimal_only_where_they_part_no_cells(saved):
    assert read(saved(b"name;value\nbro;8,5\n")).decimal_comma
    assert not read(saved(TEXT.encode())).decimal_comma


def test_a_column_without_a_name_is_left_out_only_where_it_is_empty(saved):
    assert read(saved(b"name,value,\nbro,8,note\n")).header == ["name", "value", ""]


def test_a_quote_that_is_never_closed_makes_one_long_cell(saved):
    rows = read(saved(b'name,value\n"bro,8\n' + b"x,1\n" * 100_000))
    assert [(number, len(cells)) for number, cells in rows.body] == [(2, 1)]


@pytest.mark.parametrize(
    ("content", "row"), [(b"", None), (b"\n\n", None), (b"name,value\n" + b"x,1\n" * 2000 + b"y,\x00\n", 2002)]
)
def test_a_file_that_is_empty_or_damaged_is_told_with_its_row(saved, content, row):
    with pytest.raises(NoRows) as told:
        read(saved(content))
    assert told.value.row == row
