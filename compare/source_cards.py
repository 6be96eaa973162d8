"""The source card: what a person states about a document that its text does not say.

It lies beside the document with the same name and the ending `.toml`, or as `document.toml` in a coding. Its keys
are columns of the contract's `documents` table; every one is optional, since the reader recognises the rest.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from compare.contract import TABLES, Column
from compare.problems import PlanError, Problem, ProblemsFound, told, unusable

ENDING = ".toml"
# What people write that is no TOML, and what it must be instead.
HABITS = {
    r"(?m)^\s*\w+\s*=\s*0\d": told("a code that begins with 0 stands in quotes"),
    "[\u201c\u201d\u00ab\u00bb]": told("quotes are straight"),
}


@dataclass(frozen=True, slots=True)
class SourceCard:
    """What is stated about a document; None is 'not stated', to be recognised from the text or asked for."""

    document_id: str | None = None
    municipality_code: str | None = None
    title: str | None = None
    kind: str | None = None
    board: str | None = None
    year: int | None = None
    first_year: int | None = None
    last_year: int | None = None
    period: str | None = None
    decided_on: date | None = None
    source_url: str | None = None
    published: str | None = None
    licence: str | None = None

    def over(self, other: SourceCard) -> SourceCard:
        """This card, with what it leaves open taken from `other`."""
        stated = {name: value for name, value in asdict(self).items() if value is not None}
        return replace(other, **stated)


def beside(path: Path) -> SourceCard:
    """The card that lies beside a document; an empty card where there is none.

    Raises `ProblemsFound` for a card with unknown keys or ill-typed values, `PlanError` for one that is not TOML.
    """
    card = path.with_suffix(ENDING)
    return load(card) if card.is_file() and card != path else SourceCard()


def load(path: Path) -> SourceCard:
    """The card in this TOML file; raises as `beside` does."""
    try:
        stated = parsed(path.read_bytes())
    except ValueError as error:
        raise PlanError(
            told("{path}: is not a source card in TOML ({error}); correct the file", path=path, error=error.args[0])
        ) from error
    except OSError as error:
        raise PlanError(unusable(error)) from error
    return from_mapping(stated, path.name)


def parsed(raw: bytes) -> dict[str, Any]:
    """What a card's bytes state. Raises `ValueError` that tells what is wrong, with what people most often mean."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(told("it is not encoded as UTF-8")) from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        hint = next((hint for habit, hint in HABITS.items() if re.search(habit, text)), "")
        raise ValueError(told("{error}; {hint}", error=error, hint=hint) if hint else str(error)) from error


def from_mapping(stated: dict[str, Any], origin: str) -> SourceCard:
    """The card with these keys and values; `origin` names the file in what goes wrong."""
    known = [field.name for field in fields(SourceCard)]
    problems = [
        Problem(
            told("unknown key in the source card"),
            origin,
            column=key,
            action=told("use one of {all}", all=", ".join(known)),
        )
        for key in stated
        if key not in known
    ]
    columns = TABLES["documents"]
    problems += [
        problem
        for key, value in stated.items()
        if key in known and (problem := wrong_value(columns.column(key), value, origin))
    ]
    if problems:
        raise ProblemsFound(told("{origin}: the source card cannot be used", origin=origin), problems)
    return SourceCard(**stated)


def wrong_value(column: Column, value: object, origin: str) -> Problem | None:
    """What is wrong with a stated value, or None: type, code list, four-digit codes, years within bounds."""
    expected = {"string": str, "integer": int, "date": date}[column.type]
    if not isinstance(value, expected) or isinstance(value, bool):
        hint = told("put it in quotes") if column.type == "string" else told("write it as {type}", type=column.type)
        return Problem(told("ill-typed value"), origin, column=column.name, value=str(value), action=hint)
    if value == "":
        action = told("fill it in, or leave the key out if unknown")
        return Problem(told("is empty"), origin, column=column.name, action=action)
    if column.codes and value not in column.codes:
        codes = told("one of {all}", all=", ".join(column.codes))
        return Problem(told("unknown code"), origin, None, column.name, str(value), codes)
    if column.pattern and isinstance(value, str) and not re.fullmatch(column.pattern, value):
        form = told("four digits in quotes")
        return Problem(told("not a municipality code"), origin, None, column.name, value, form)
    if isinstance(value, int) and not (column.minimum or value) <= value <= (column.maximum or value):
        bounds = told("between {low:g} and {high:g}", low=column.minimum, high=column.maximum)
        return Problem(told("impossible year"), origin, None, column.name, str(value), bounds)
    return None
