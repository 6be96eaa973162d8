"""How sure a reading is of each row: signs of damage lower it, and what was measured turns it into a share right.

The readers state how safe the way is by which they understood a row; arithmetic raises or lowers that for amounts
(`findings`). Each sign that a row is not what it should be (letters among its digits, a cell that holds what its column
never holds, a field that it lacks and its like have) lowers it further. The score that comes of this only orders rows;
`confidence.toml` beside this module holds the share of rows that were right at each score, measured on documents
damaged at random whose truth is known (`tests/benchmarks/calibration.py`). That share is the confidence of the row.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from rapidfuzz import fuzz

from compare.contract import TABLES, Tables
from compare.reading.records import Records
from compare.vocabulary import terms

MEASURED = Path(__file__).with_suffix(".toml")
# What one sign leaves of a score. Any factor below 1 would order rows alike; the measured shares give the level.
LEFT = 0.8
MOST_SIGNS = 6
# Signs that say nearly for sure that something is wrong.
STRONG = {"no year": 4, "no amount": 4, "far year": 3, "far date": 3, "no date": 2, "number for a unit": 3}
STRONG |= {"cut off": 2, "goal of another level": 2, "period for a unit": 3, "far from the others": 2}
# Fields that a share of rows this large has are missed in the others, where there are enough rows to tell.
USUAL, ENOUGH = 0.8, 5
# Years further from the plan's than this are misread more often than meant.
YEARS_BACK, YEARS_AHEAD = 12, 12
# A value so many times the middle one of its indicator is hardly of the same kind.
FAR = 8
# Names longer than this that are so much alike (per cent) are one name misspelt.
SHORT, TYPO = 8, 80
JUDGED = ("goals", "assignments", "actions", "indicators", "indicator_values", "budget_lines", "statuses", "funding")
_EXPECTED = {
    "assignments": ("office", "given_by"),
    "actions": ("assignment_id", "completion_criterion", "responsible", "start_text", "end_text"),
    "indicators": ("responsible", "interval"),
    "budget_lines": ("year", "unit"),
}
_CELLS = {
    "goals": ("title",),
    "assignments": ("title", "office"),
    "actions": ("title", "responsible", "start_text", "end_text", "office"),
    "indicators": ("name", "responsible", "source_name", "interval", "office"),
    "indicator_values": ("text",),
    "budget_lines": ("label", "text", "table_title", "office"),
    "statuses": ("status_text",),
    "funding": ("text", "committee"),
}
# A letter within digits, a digit within letters, or digits right behind a word: 'l49', 'k0mmun', 'Pågår2022-11-30'.
_MIXED = re.compile(
    r"[^\W\d_]\d+[^\W\d_]|\d[^\W\d_A-Z]\d|[^\W\d_]{3,}\d{2,}|\b\d[^\W\d_]{4,}|\d[lOoISB]\b|\b[lOoISB]\d"
)
_BROKEN_NUMBER = re.compile(r"\d \d(?:\D|$)|\d \d\d(?:\D|$)|\d \d{4}")

Row = dict[Any, Any]


def settle(records: Records) -> None:
    """Gives every row the confidence that was measured for rows with its score."""
    signs = signs_of(records.tables())
    for table in JUDGED:
        key = str(TABLES[table].key)
        for row in records.rows[table]:
            weight = sum(STRONG.get(sign, 1) for sign in signs.get(row[key], ()))
            score = row["confidence"] * LEFT ** min(weight, MOST_SIGNS)
            row["confidence"] = calibrated(table, round(score, 3))


def calibrated(table: str, score: float) -> float:
    """The share of rows of this table that were right at this score, as measured; the score itself where none was."""
    steps = _measured().get(table)
    if not steps:
        return score
    return next((right for least, right in reversed(steps) if score >= least), steps[0][1])


@cache
def _measured() -> dict[str, list[tuple[float, float]]]:
    if not MEASURED.is_file():
        return {}
    stated = tomllib.loads(MEASURED.read_text(encoding="utf-8"))["tables"]
    return {table: [(step["from"], step["right"]) for step in steps] for table, steps in stated.items()}


def signs_of(tables: Tables) -> dict[str, list[str]]:
    """The signs of damage of each row that has any, by the row's id."""
    signs: dict[str, list[str]] = defaultdict(list)
    numbers = dict(zip(tables.goals["goal_id"], tables.goals["number"], strict=True))
    for table in JUDGED:
        rows = tables[table].to_dict("records")
        key = str(TABLES[table].key)
        for row in _of_another_level(rows, numbers) if table in ("assignments", "indicators") else ():
            signs[row[key]].append("goal of another level")
        for look in (_mixed, _missing, *_LOOKS.get(table, ())):
            for row, sign in look(table, rows):
                signs[row[key]].append(sign)
    _of_lines(tables, signs)
    return signs


def _text(row: Row, column: str) -> str:
    return row[column] if isinstance(row[column], str) else ""


def _mixed(table: str, rows: list[Row]) -> Iterator[tuple[Row, str]]:
    """Letters and digits that stand in one word."""
    for row in rows:
        if any(_MIXED.search(_text(row, column)) for column in _CELLS[table]):
            yield row, "mixed"


def _missing(table: str, rows: list[Row]) -> Iterator[tuple[Row, str]]:
    """Fields that most rows of the table have and this one lacks."""
    for column in _EXPECTED.get(table, ()):
        by_sort = defaultdict(list)
        for row in rows:
            by_sort[row.get("kind") if table == "assignments" else row.get("table_title")].append(row)
        for alike in by_sort.values():
            without = [row for row in alike if pd.isna(row[column])]
            if len(alike) >= ENOUGH and len(without) <= (1 - USUAL) * len(alike):
                yield from ((row, "missing") for row in without)


def _of_another_level(rows: list[Row], numbers: dict[str, object]) -> Iterator[Row]:
    """Rows under a goal of another level than nearly all of their sort: a heading between may be lost."""
    by_sort: dict[Any, list[tuple[Row, int]]] = defaultdict(list)
    for row in rows:
        number = numbers.get(row["goal_id"])
        depth = number.count(".") if isinstance(number, str) else -1
        by_sort[row.get("kind")].append((row, depth))
    for alike in by_sort.values():
        depth, times = Counter(depth for _, depth in alike).most_common(1)[0]
        if times >= max(ENOUGH, USUAL * len(alike)) and depth >= 0:
            yield from (row for row, own in alike if own != depth)


def _misspelt(table: str, rows: list[Row]) -> Iterator[tuple[Row, str]]:
    """Rows under an office whose name is nearly, and more seldom, another's."""
    counts = Counter(_text(row, "office").casefold() for row in rows if _text(row, "office"))
    odd = {
        name
        for name, times in counts.items()
        for other, often in counts.items()
        if often >= 3 * times and len(name) > SHORT and TYPO < fuzz.ratio(name, other) < 100
    }
    yield from ((row, "misspelt") for row in rows if _text(row, "office").casefold() in odd)


def _titles(table: str, rows: list[Row]) -> Iterator[tuple[Row, str]]:
    """Titles that begin or end as no title does, or are words of a table's head."""
    column = next(iter(_CELLS[table]))
    for row in rows:
        title = _text(row, column)
        if not re.match(r"[\"”(\dA-ZÅÄÖ]", title) or title.endswith(("-", ",", " och", " i", " av")):
            yield row, "cut off"
        if (len(title) < SHORT and not title.isupper()) or terms("table_headers").match(title):
            yield row, "no title"
        if re.search(r"\t|\s{2,}", title):
            yield row, "cells in a title"


def _unlike(table: str, rows: list[Row]) -> Iterator[tuple[Row, str]]:
    """A unit or source with a date, a number or a period where units and sources stand."""
    for row in rows:
        if re.search(r"\d", _text(row, "responsible")):
            yield row, "number for a unit"
        if table == "indicators" and re.search(r"(?i)\b(?:hel|del|halv)?år|månad|kvartal", _text(row, "responsible")):
            yield row, "period for a unit"


def _dates(table: str, rows: list[Row]) -> Iterator[tuple[Row, str]]:
    """Dates that were not understood, lie far from the plan, or end before they start."""
    for row in rows:
        for column in ("start", "end"):
            text, day = _text(row, f"{column}_text"), row[column]
            if pd.isna(day) and re.search(r"\d", text):
                yield row, "no date"
            if _BROKEN_NUMBER.search(text) and not re.search(r"\d [^\W\d_]", text):
                yield row, "broken date"
            if not pd.isna(day) and not -YEARS_BACK <= day.year - row["year"] <= YEARS_AHEAD:
                yield row, "far date"
            if re.search(r"[^\W\d_]", text) and not terms("dates").find(text) and pd.isna(day) and column == "end":
                yield row, "words for a date"
        if not pd.isna(row["start"]) and not pd.isna(row["end"]) and row["end"] < row["start"]:
            yield row, "ends before it starts"


def _values(table: str, rows: list[Row]) -> Iterator[tuple[Row, str]]:
    """Values in words that name no direction, of far years, or far from the others of their indicator."""
    by_indicator: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        by_indicator[row["indicator_id"]].append(row)
        if pd.isna(row["value"]) and not _names_a_direction(_text(row, "text")):
            yield row, "words for a value"
        if not pd.isna(row["year"]) and not -YEARS_BACK <= row["year"] - row["plan_year"] <= YEARS_AHEAD:
            yield row, "far year"
    for alike in by_indicator.values():
        sizes = sorted(abs(row["value"]) for row in alike if not pd.isna(row["value"]) and row["value"])
        middle = sizes[len(sizes) // 2] if len(sizes) > 2 else None
        if middle and (sizes[-1] > FAR * middle or sizes[0] * FAR < middle):
            yield from ((row, "far from the others") for row in alike)


def _names_a_direction(text: str) -> bool:
    return any(terms(name).first(text) for name in ("directions", "comparisons", "target_words"))


def _amounts(table: str, rows: list[Row]) -> Iterator[tuple[Row, str]]:
    """Amounts without a year, and such as were not understood whole."""
    for row in rows:
        if pd.isna(row["year"]):
            yield row, "no year"
        if pd.isna(row["amount_sek"]) or re.search(r"[^\W\d_]", re.sub(r"(?i)\b[tm]?n?kr\b", "", _text(row, "text"))):
            yield row, "no amount"


_LOOKS: dict[str, tuple[Callable[[str, list[Row]], Iterator[tuple[Row, str]]], ...]] = {
    "goals": (_titles,),
    "assignments": (_titles, _misspelt),
    "actions": (_titles, _unlike, _dates),
    "indicators": (_titles, _unlike),
    "indicator_values": (_values,),
    "budget_lines": (_amounts,),
}


def _of_lines(tables: Tables, signs: dict[str, list[str]]) -> None:
    """Signs of one cell speak of its whole line: what stands beside it may have been moved as well."""
    lines = tables.budget_lines
    keys = list(zip(lines["document_id"], lines["page"].fillna(0), lines["line"].fillna(0), strict=True))
    doubtful = {key for key, record in zip(keys, lines["budget_line_id"], strict=True) if signs.get(record)}
    for key, record in zip(keys, lines["budget_line_id"], strict=True):
        if key in doubtful and not signs.get(record):
            signs[record].append("beside a doubtful one")
    values = tables.indicator_values
    pairs = list(zip(values["indicator_value_id"], values["indicator_id"], strict=True))
    for indicator in {indicator for value, indicator in pairs if signs.get(value)}:
        signs[indicator].append("doubtful values")
    for value, indicator in pairs:
        if signs.get(indicator) and not signs.get(value):
            signs[value].append("doubtful indicator")
