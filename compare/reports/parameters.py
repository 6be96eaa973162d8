"""Typed, strict parameters: what a report may be given, checked before any kernel starts.

The declared type decides how a text is read, never its looks: `0180` is a municipality code where codes are declared
and a number nowhere. A code that comes as a number is refused, since its leading zero is already lost or soon will be.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, cast, get_args

from compare.contract import FIRST_YEAR, LAST_YEAR
from compare.problems import PlanError, Problem, ProblemsFound, Told, told

ParameterType = Literal[
    "municipalities",
    "municipality",
    "years",
    "year",
    "language",
    "snapshot",
    "text",
    "integer",
    "number",
    "boolean",
    "date",
    "choice",
]
TYPES: tuple[str, ...] = get_args(ParameterType)
LISTS = ("municipalities", "years")
LANGUAGES = ("sv", "en")
TRUE_WORDS = ("true", "yes", "ja")
FALSE_WORDS = ("false", "no", "nej")
SHOWN_CODES = 8

Value = str | int | float | bool | list[str] | list[int] | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a report: its type, what it means in both languages, and what it is when nothing is said."""

    name: str
    type: ParameterType
    help: Mapping[str, str] = field(default_factory=dict)
    label: Mapping[str, str] = field(default_factory=dict)
    default: Value = None
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    @property
    def expected(self) -> Told:
        """What a value must look like, in words for an error message."""
        if self.type == "choice":
            return told("one of {all}", all=", ".join(self.choices))
        what = _EXPECTED[self.type]
        if self.minimum is not None:
            what = told("{what} at least {low:g}", what=what, low=self.minimum)
        if self.maximum is not None:
            what = told("{what} at most {high:g}", what=what, high=self.maximum)
        return what


_EXPECTED: dict[str, Told] = {
    "municipalities": told("municipality codes of four digits, between commas"),
    "municipality": told("a municipality code of four digits"),
    "years": told("years between {first} and {last}, between commas", first=FIRST_YEAR, last=LAST_YEAR),
    "year": told("a year between {first} and {last}", first=FIRST_YEAR, last=LAST_YEAR),
    "language": told("one of {all}", all=", ".join(LANGUAGES)),
    "snapshot": told("the id or the folder of a snapshot"),
    "text": told("a text"),
    "integer": told("a whole number"),
    "number": told("a number"),
    "boolean": told("true or false"),
    "date": told("a date as YYYY-MM-DD"),
}


class _Refused(ValueError):
    """A value that is not of its type; the text says what else to do, if anything."""


def assignments(words: Iterable[str]) -> dict[str, str]:
    """`key=value` words as a mapping; only the first equals sign divides, and a key may come once.

    >>> assignments(["municipalities=0180,2380", "note=a=b"])
    {'municipalities': '0180,2380', 'note': 'a=b'}
    """
    given: dict[str, str] = {}
    for word in words:
        key, sign, value = word.partition("=")
        if not sign or not key.strip():
            raise PlanError(
                told(
                    "parameter {word!r} has no name and value; expected name=value, for example language=en", word=word
                )
            )
        if key.strip() in given:
            raise PlanError(told("parameter {name} is given twice; give it once, lists with commas", name=key.strip()))
        given[key.strip()] = value
    return given


def resolve(
    declared: Sequence[Parameter],
    given: Mapping[str, Any],
    *,
    of: str,
    known_codes: Iterable[str] | None = None,
) -> dict[str, Value]:
    """All parameters of a report, the given ones checked, the others at their defaults.

    `given` holds texts from a command line or typed values from Python or TOML; `known_codes` are the codes of the
    register of municipalities (None: only the form of a code is checked).

    Returns a value per declared parameter, in declared order: codes and texts as `str`, years and integers as `int`,
    dates as ISO text (what a notebook's parameters can hold), lists as `list`, nothing said as None.

    Raises `ProblemsFound` with every unknown name and every value that is not of its type.
    """
    by_name = {parameter.name: parameter for parameter in declared}
    codes = None if known_codes is None else frozenset(known_codes)
    problems = [_unknown(name, of, by_name) for name in given if name not in by_name]
    values: dict[str, Value] = {}
    for parameter in declared:
        try:
            value = given.get(parameter.name, parameter.default)
            values[parameter.name] = None if value is None else read(parameter, value, known_codes=codes)
        except _Refused as error:
            problems.append(
                Problem(
                    _unusable(of, parameter),
                    value=str(given.get(parameter.name, parameter.default)),
                    expected=told("expected {what}", what=parameter.expected),
                    action=error.args[0],
                )
            )
    if problems:
        raise ProblemsFound(told("The parameters cannot be used; nothing has been started."), problems)
    return values


def read(parameter: Parameter, value: Any, *, known_codes: frozenset[str] | None = None) -> Value:
    """One value by the declared type. Raises `ValueError` where it is not of that type."""
    if parameter.type in ("municipality", "municipalities"):
        return _codes(parameter, value, known_codes)
    if parameter.type in ("year", "years"):
        return _years(parameter, value)
    read_one = _READERS[parameter.type]
    return read_one(parameter, value)


def _unknown(name: str, of: str, known: Mapping[str, Parameter]) -> Problem:
    return Problem(
        told("{of} has no parameter {name}", of=of, name=name),
        action=told("its parameters are {all}", all=", ".join(known) or told("none")),
    )


def _unusable(of: str, parameter: Parameter) -> Told:
    if parameter.type in ("text", "snapshot"):
        return told("{of}: parameter {name} is not usable", of=of, name=parameter.name)
    return told("{of}: parameter {name} is not of type {type}", of=of, name=parameter.name, type=parameter.type)


def _items(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [part.strip() for part in re.split(r"[,;\s]+", value.strip().strip("[]")) if part.strip()]
    return list(value) if isinstance(value, Sequence) else [value]


def _codes(parameter: Parameter, value: Any, known: frozenset[str] | None) -> Value:
    codes: list[str] = [_code(item, known) for item in _items(value)]
    if parameter.type == "municipalities":
        return sorted(set(codes)) or None
    if len(codes) != 1:
        raise _Refused(told("give one code"))
    return codes[0]


def _code(item: Any, known: frozenset[str] | None) -> str:
    if isinstance(item, (int, float)):
        raise _Refused(told('quote it: "{item:04.0f}" is a code, {item:g} a number that has lost its zeros', item=item))
    text = str(item).strip().strip("'\"")
    if not re.fullmatch(r"[0-9]{4}", text):
        raise _Refused(told("{text!r} is not four digits", text=text))
    if known is not None and text not in known:
        near = ", ".join(_near(text, known))
        raise _Refused(told("{code} is no municipality; codes like it are {near}", code=text, near=near))
    return text


def _near(code: str, known: frozenset[str]) -> list[str]:
    """Codes of the same county first, then those that share most digits at their places."""
    agreeing = {other: sum(a == b for a, b in zip(code, other, strict=True)) for other in known}
    ranked = sorted(known, key=lambda other: (other[:2] != code[:2], -agreeing[other], other))
    return ranked[:SHOWN_CODES]


def _years(parameter: Parameter, value: Any) -> Value:
    years = [_year(item) for item in _items(value)]
    if parameter.type == "years":
        return sorted(set(years)) or None
    if len(years) != 1:
        raise _Refused(told("give one year"))
    return years[0]


def _year(item: Any) -> int:
    year = _whole(item)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _Refused(told("{year} is outside {first}-{last}", year=year, first=FIRST_YEAR, last=LAST_YEAR))
    return year


def _whole(item: Any) -> int:
    if isinstance(item, bool) or not isinstance(item, (int, str)):
        raise _Refused(told("{item!r} is not a whole number", item=item))
    if isinstance(item, str) and not re.fullmatch(r"[+-]?[0-9]+", item.strip()):
        raise _Refused(told("{item!r} is not a whole number", item=item))
    return int(item)


def _within(parameter: Parameter, number: float) -> None:
    if parameter.minimum is not None and number < parameter.minimum:
        raise _Refused(told("{number:g} is too small", number=number))
    if parameter.maximum is not None and number > parameter.maximum:
        raise _Refused(told("{number:g} is too large", number=number))


def _integer(parameter: Parameter, value: Any) -> Value:
    number = _whole(value)
    _within(parameter, number)
    return number


def _number(parameter: Parameter, value: Any) -> Value:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise _Refused(told("{value!r} is not a number", value=value))
    try:
        number = float(value)
    except ValueError as error:
        raise _Refused(told("write it with a decimal point and without spaces")) from error
    if not math.isfinite(number):
        raise _Refused(told("{value} is not finite", value=value))
    _within(parameter, number)
    return number


def _boolean(_: Parameter, value: Any) -> Value:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise _Refused(told("write true or false"))


def _date(_: Parameter, value: Any) -> Value:
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError as error:
        raise _Refused(told("write year, month and day")) from error


def _text(_: Parameter, value: Any) -> Value:
    if not isinstance(value, str):
        raise _Refused(told("quote it"))
    return value


def _snapshot(parameter: Parameter, value: Any) -> Value:
    text = str(value).strip() if not isinstance(value, (int, float)) else cast("str", _text(parameter, value))
    return text or None


def _language(_: Parameter, value: Any) -> Value:
    if value not in LANGUAGES:
        raise _Refused("")
    return str(value)


def _choice(parameter: Parameter, value: Any) -> Value:
    if value not in parameter.choices:
        raise _Refused("")
    return str(value)


_READERS: dict[str, Callable[[Parameter, Any], Value]] = {
    "language": _language,
    "snapshot": _snapshot,
    "text": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "choice": _choice,
}
