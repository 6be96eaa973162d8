"""Whether plan data keeps the data contract: types of text cells, code lists, bounds, keys and references.

Everything here is derived from `compare.contract`; a rule for one table stands there, not here. Checks collect all
problems instead of stopping at the first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from compare.contract import TABLES, Column, Table, Tables
from compare.problems import Problem, Told, told

LIST_SEPARATOR = "; "
GREATEST_WHOLE = 2**63 - 1  # what an int64 column holds

DANGLING = told("dangling reference")
MISSING = told("required value is missing")

# Where a row of a table stands in files: (table, position in the frame) -> (file, row of that file).
Origin = Callable[[str, int], tuple[str, int | None]]


class IllTyped(ValueError):
    """A text cell that is not of its column's type; the message tells what was expected."""


def parse_cell(column: Column, text: str, *, decimal_comma: bool = False) -> Any:
    """The value of a text cell; '' is null. Raises `IllTyped` with what was expected instead.

    `decimal_comma` reads '8,2' as a number, for files in which a comma parts no cells.

    >>> parse_cell(TABLES["goals"].column("level"), "2")
    2
    """
    if text.strip() == "":
        return None
    match column.type:
        case "integer":
            return _whole_number(text)
        case "number":
            return _number(text.replace(",", ".") if decimal_comma else text)
        case "boolean":
            return _yes_or_no(text)
        case "date":
            return _day(text)
        case "list":
            return [part.strip() for part in text.split(LIST_SEPARATOR.strip()) if part.strip()]
        case _:
            return text


def parse_column(
    column: Column, texts: Sequence[str], *, decimal_comma: bool = False
) -> tuple[list[Any], dict[int, IllTyped]]:
    """The values of a column's text cells, null where ill-typed, and by position what was expected instead.

    Each text is parsed once, however often it stands there.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, IllTyped] = {}
    for text in set(texts):
        try:
            values[text] = parse_cell(column, text, decimal_comma=decimal_comma)
        except IllTyped as error:
            wrong[text] = error
    ill_typed = {at: wrong[text] for at, text in enumerate(texts) if text in wrong} if wrong else {}
    return [values.get(text) for text in texts], ill_typed


def format_cell(column: Column, value: Any) -> str:
    """The value as the text of a CSV cell, so that `parse_cell` gives the same value back; null is ''."""
    if column.type == "list":
        return "" if value is None else LIST_SEPARATOR.join(value)
    if pd.isna(value):
        return ""
    match column.type:
        case "boolean":
            return "true" if value else "false"
        case "date":
            return pd.Timestamp(value).date().isoformat()
        case "number":
            return f"{value:.12g}"
        case _:
            return str(value)


def format_column(column: Column, values: pd.Series) -> list[str]:
    """`format_cell` of each value; texts, of which there are most, at once."""
    if column.type == "string":
        return values.fillna("").tolist()
    return [format_cell(column, value) for value in values]


def _whole_number(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d+", text.strip()):
        raise IllTyped(told("a whole number without spaces or decimals"))
    if abs(int(text)) > GREATEST_WHOLE:
        raise IllTyped(told("a whole number of at most {most}", most=GREATEST_WHOLE))
    return int(text)


def _number(text: str) -> float:
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", text.strip()):
        raise IllTyped(told("a number with a decimal point and no spaces"))
    if math.isinf(float(text)):
        raise IllTyped(told("a number that is not too large"))
    return float(text)


def _yes_or_no(text: str) -> bool:
    answers = {
        "true": True,
        "false": False,
        "sant": True,
        "falskt": False,
    }  # as spreadsheets write them, also in Swedish
    if text.strip().casefold() not in answers:
        raise IllTyped(told("true or false"))
    return answers[text.strip().casefold()]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise IllTyped(told("a day that exists, as YYYY-MM-DD")) from error


def unknown_place(table: str, position: int) -> tuple[str, int | None]:
    """The origin of rows that come from no file: the table's name and the row counted from 1."""
    return table, position + 1


def broken_rules(tables: Tables, origin: Origin = unknown_place) -> list[Problem]:
    """All that breaks the contract: required values, code lists, patterns, bounds, order of dates, keys, references.

    `origin` tells the file and row of a frame's row for the message.
    """
    return [
        problem
        for name, table in TABLES.items()
        for problem in (
            *_broken_columns(table, tables[name], origin),
            *_broken_dates(table, tables[name], origin),
            *_repeated_keys(table, tables[name], origin),
            *_dangling(table, tables, origin),
            *_circles(table, tables[name], origin),
        )
    ]


def _broken_columns(table: Table, rows: pd.DataFrame, origin: Origin) -> Iterator[Problem]:
    for column in table.columns:
        values = rows[column.name]
        if column.required:
            for position in values.index[values.isna()]:
                yield _problem(MISSING, table, column, position, None, origin, described(column))
        if column.codes:
            yield from _unknown_codes(table, column, values, origin)
        if column.pattern:
            good = values.isna() | values.astype("str").str.fullmatch(column.pattern)
            for position in values.index[~good.fillna(False).astype(bool)]:
                yield _problem(
                    told("value of the wrong form"),
                    table,
                    column,
                    position,
                    values[position],
                    origin,
                    described(column),
                )
        if column.minimum is not None:
            yield from _out_of_bounds(table, column, values, origin)


def _unknown_codes(table: Table, column: Column, values: pd.Series, origin: Origin) -> Iterator[Problem]:
    expected = told("one of {all}", all=", ".join(column.codes))
    single = values.explode() if column.type == "list" else values
    for position, value in single[single.notna() & ~single.isin(column.codes)].items():
        yield _problem(told("unknown {name}", name=column.name), table, column, position, value, origin, expected)


def _out_of_bounds(table: Table, column: Column, values: pd.Series, origin: Origin) -> Iterator[Problem]:
    low, high = column.minimum, column.maximum
    outside = (values < low) if high is None else (values < low) | (values > high)
    expected = told("at least {low:g}", low=low)
    if high is not None:
        expected = told("between {low:g} and {high:g}", low=low, high=high)
    for position in values.index[outside.fillna(False).astype(bool)]:
        yield _problem(told("impossible value"), table, column, position, values[position], origin, expected)


def _broken_dates(table: Table, rows: pd.DataFrame, origin: Origin) -> Iterator[Problem]:
    dates = [column for column in table.columns if column.type == "date"]
    for column in dates:
        years = rows[column.name].dt.year
        for position in rows.index[years.notna() & ~years.between(1990, 2100)]:
            value = rows[column.name][position].date()
            expected = told("a year from 1990 to 2100")
            yield _problem(told("impossible date"), table, column, position, value, origin, expected)
    if {"start", "end"} <= set(rows.columns):
        for position in rows.index[rows["end"] < rows["start"]]:
            value = f"{rows['start'][position].date()} to {rows['end'][position].date()}"
            column = table.column("end")
            expected = told("an end after the start")
            yield _problem(told("ends before it starts"), table, column, position, value, origin, expected)


def _repeated_keys(table: Table, rows: pd.DataFrame, origin: Origin) -> Iterator[Problem]:
    if table.key is None:
        return
    keys = rows[table.key]
    for position in keys.index[keys.notna() & keys.duplicated()]:
        first = keys.index[keys == keys[position]][0]
        file, row = origin(table.name, first)
        expected = (
            told("each {key} once; it stands first in {file}", key=table.key, file=file)
            if row is None
            else told("each {key} once; it stands first in {file}, row {row}", key=table.key, file=file, row=row)
        )
        what = told("key stands twice")
        yield _problem(what, table, table.column(table.key), position, keys[position], origin, expected)


def _dangling(table: Table, tables: Tables, origin: Origin) -> Iterator[Problem]:
    for column in table.columns:
        if column.references is None:
            continue
        target, key = column.references.split(".")
        values = tables[table.name][column.name]
        for position in values.index[values.notna() & ~values.isin(tables[target][key])]:
            expected = told("an id that stands in {target}, or an empty cell", target=target)
            yield _problem(DANGLING, table, column, position, values[position], origin, expected)


def _circles(table: Table, rows: pd.DataFrame, origin: Origin) -> Iterator[Problem]:
    """Rows that stand under themselves, directly or through others."""
    for column in table.columns:
        if column.references != f"{table.name}.{table.key}":
            continue
        stated = rows[rows[column.name].notna()]
        above = dict(zip(stated[table.key], stated[column.name], strict=True))
        for position, key in stated[table.key].items():
            if _comes_back(key, above):
                what, expected = told("row stands under itself"), told("a tree of rows")
                yield _problem(what, table, column, position, above[key], origin, expected)


def _comes_back(key: str, above: Mapping[str, str]) -> bool:
    seen: set[str] = set()
    place = above.get(key)
    while place is not None and place != key and place not in seen:
        seen.add(place)
        place = above.get(place)
    return place == key


def _problem(
    what: Told, table: Table, column: Column, position: Any, value: object, origin: Origin, expected: Told
) -> Problem:
    file, row = origin(table.name, position)
    return Problem(
        what,
        file,
        row,
        column.name,
        "" if value is None else str(value),
        told("expected: {expected}", expected=expected),
        told("correct the cell"),
    )


def described(column: Column) -> Told:
    """What a column holds, as the contract describes it, as a part of a sentence."""
    return told(_within_sentence(column.en), swedish=_within_sentence(column.sv))


def _within_sentence(text: str) -> str:
    is_name = text[1:2].isupper() or text.startswith("English")
    return (text if is_name else f"{text[:1].lower()}{text[1:]}").rstrip(".")
