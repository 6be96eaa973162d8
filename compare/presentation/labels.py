"""Short labels of columns, codes and municipalities: what stands in table heads, legends and axes.

The contract describes its columns in a sentence; a table head needs a word. The words are data (`labels.toml`).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from compare import reference, vocabulary
from compare.presentation.wording import NO_BREAK_SPACE, Wording, is_missing

# Columns that hold words of the documents, which stay in the documents' language whatever language the page has.
SOURCE_LANGUAGE = "sv"
SOURCE_COLUMNS = frozenset(
    {
        "board",
        "comment",
        "committee",
        "completion_criterion",
        "county",
        "description",
        "end_text",
        "goal_title",
        "interval",
        "licence",
        "label",
        "level_term",
        "name",
        "most_down",
        "most_up",
        "nature",
        "office",
        "published",
        "responsible",
        "skr_group_name",
        "source_name",
        "source_text",
        "start_text",
        "status_text",
        "table_title",
        "text",
        "title",
        "title_1",
        "title_2",
        "unit",
    }
)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "labels.toml").read_text(encoding="utf-8"))


def messages() -> list[str]:
    """The English labels: message ids that the catalogues must know."""
    codes = [label for column in _data()["codes"].values() for label in column.values()]
    return list(dict.fromkeys([*_data()["columns"].values(), *codes, *_data()["empty"].values()]))


def column(name: str, say: Wording) -> str:
    """A column's short label; a table with a column per status has its label too.

    >>> column("municipality_code", Wording("en"))
    'Municipality'
    >>> column("partly_completed", Wording("en"))
    'Partly completed'
    """
    label = _data()["columns"].get(name)
    status = _data()["codes"]["status"].get(name)
    return say(label) if label else _capital(say(status)) if status else say(_in_words(name))


def has_codes(name: str) -> bool:
    """Whether the column's values are codes with labels."""
    return name in _data()["codes"] or name in _data()["codes_of"]


def code(name: str, value: Any, say: Wording) -> str:
    """A code's label; codes are those of the column `name`. A value that is no code is shown as it is.

    >>> code("status", "not_expected", Wording("en"))
    'not expected to be completed'
    >>> code("unit", "arbetsdag", Wording("en"))
    'working days'
    """
    if is_missing(value):
        return say.missing
    if _data()["codes_of"].get(name, name) == "period":
        return period(value, say)
    label = _label(name, value)
    return say(label) if label else str(value)


def _label(name: str, value: Any) -> str:
    """The English label of a code, or of a printed unit by the unit that it stands for; empty where there is none."""
    of = _data()["codes_of"].get(name, name)
    known = _units().get(str(value).casefold(), value) if of == "unit" else value
    return str(_data()["codes"].get(of, {}).get(str(known), ""))


@cache
def _units() -> dict[str, str]:
    units = vocabulary.terms("units")
    return {variant.casefold(): term for term in units for variant in units.variants(term)}


def period(value: Any, say: Wording) -> str:
    """A reporting period, with or without its year: '2022-T1' reads 'T1 2022'."""
    match = re.fullmatch(r"(?:(\d{4})-?)?(T[123]|half-year|year)?", str(value))
    if match is None:
        return str(value)
    year, part = match.groups()
    label = say(_data()["codes"]["period"][part]) if part else ""
    return NO_BREAK_SPACE.join(word for word in (label, year) if word) or str(value)


@cache
def _names() -> dict[str, str]:
    return reference.names()


def municipality(value: Any, say: Wording) -> str:
    """A municipality's name by its code; a code that the register does not know is shown as it is."""
    if is_missing(value):
        return say.missing
    return _names().get(str(value), str(value))


def value(name: str, cell: Any, say: Wording) -> str:
    """A cell of the column `name` in words: a municipality's name, a code's label, else number, date or text."""
    if name == "municipality" or name.startswith("municipality_code"):
        return municipality(cell, say)
    if isinstance(cell, (list, tuple)):
        return ", ".join(value(name, item, say) for item in cell) or say.missing
    if has_codes(name) and isinstance(cell, str):
        return code(name, cell, say)
    if is_year(name) and not is_missing(cell):
        return str(int(cell))
    return say.text(cell)


def empty(name: str, say: Wording) -> str:
    """What stands in a cell of the column that is null: what null means there, else that there is no data.

    Columns that count the rows of a table (`rows_goals`) share a meaning.
    """
    meaning = _data()["empty"].get("rows" if name.startswith("rows_") else name)
    return say(meaning) if meaning else say.missing


def without_variants(names: list[str]) -> list[str]:
    """The columns without those that hold the words of another in one language (`title_en` beside `title`)."""
    return [name for name in names if not (name.endswith(("_en", "_sv")) and name[:-3] in names)]


def in_language(frame: pd.DataFrame, name: str, say: Wording) -> list[tuple[Any, str]]:
    """The column's cells with the language of each: the words in the page's language where the frame has them.

    They stand in a column whose name ends with the language (`title_en`, `message_sv`); a code is written in it.
    """
    own = SOURCE_LANGUAGE if name in SOURCE_COLUMNS else "en" if f"{name}_sv" in frame else say.language
    variant = f"{name}_{say.language}"
    if variant not in frame:
        return [(cell, say.language if has_codes(name) and _label(name, cell) else own) for cell in frame[name]]
    return [
        (cell, own) if is_missing(better) else (better, say.language)
        for cell, better in zip(frame[name], frame[variant], strict=True)
    ]


def is_year(name: str) -> bool:
    """Whether the column holds years, which are written without thousands separators."""
    return name == "year" or name.endswith("_year") or name.startswith("year_")


def heading(names: list[str], cells: tuple[Any, ...], say: Wording) -> str:
    """The cells of several columns as one label for a row of a figure: 'Exempelstad, T1 2022'."""
    return ", ".join(value(name, cell, say) for name, cell in zip(names, cells, strict=True))


def _in_words(name: str) -> str:
    return _capital(name.replace("_", " ").strip())


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
