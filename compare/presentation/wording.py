"""Words, numbers and dates in the reader's language.

In code every message is its English sentence. The Swedish one stands in a gettext catalogue
(`locale/sv/LC_MESSAGES/*.po`: one file for what all pages share, one per report), read at run time, so that a changed
word needs no compile step. Which number forms a language uses is Babel's knowledge, not ours.
"""

from __future__ import annotations

import datetime
import io
import math
import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from babel import dates, lists, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from compare.problems import PlanError, Told

LANGUAGES = ("sv", "en")
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
EN_DASH = "\u2013"
_TOO_LARGE = 1e15  # beyond this a number has no digits that mean anything, and is written with a power of ten
# The pages' English is British, and so are its dates; for all else English is English.
_DATES = {"en": "en_GB"}
_LOCALE_FOLDER = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class MoneyUnit:
    """A unit that amounts are written in: how many kronor it stands for and how many decimals it is given."""

    symbol: str
    kronor: int
    decimals: int


KRONOR = MoneyUnit("kr", 1, 0)
THOUSANDS = MoneyUnit("tkr", 1_000, 0)
MILLIONS = MoneyUnit("mnkr", 1_000_000, 1)
MONEY_UNITS = {unit.symbol: unit for unit in (KRONOR, THOUSANDS, MILLIONS)}


def catalogue_paths(language: str) -> list[Path]:
    """Where the catalogues of a language lie: one file for what all pages share and one per report."""
    return sorted((_LOCALE_FOLDER / language / "LC_MESSAGES").glob("*.po"))


@cache
def _translations(language: str) -> NullTranslations:
    """The catalogues of a language as one; English needs none, as the message ids are English."""
    merged = NullTranslations()
    for path in catalogue_paths(language):
        with path.open("rb") as source:
            catalogue = read_po(source, locale=language)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        translations = Translations(compiled)
        merged = merged.merge(translations) if isinstance(merged, Translations) else translations
    return merged


def is_missing(value: Any) -> bool:
    """Whether a value is null: None, NaN, NaT or pandas' NA; a list never is."""
    if value is None:
        return True
    if isinstance(value, (str, bool, list, tuple, dict)):
        return False
    return bool(pd.isna(value))


class Wording:
    """Messages and numbers in one language; notebooks call it `say`.

    Fields of a message are written in the language too: whole numbers and decimals with its separators, lists with its
    'and'. A format word chooses another form: `{share:percent}`, `{cost:money}`, `{day:date}`, `{code:plain}`. Fields
    called `year`, or ending in `_year`, are written without separators.

    Raises `PlanError` for a language that has no catalogue.

    >>> say = Wording("en")
    >>> say("{n} of {all} ({share:percent})", n=1200, all=2400, share=0.5).replace(NO_BREAK_SPACE, " ")
    '1,200 of 2,400 (50%)'
    >>> Wording("sv").number(1234.5).replace(NO_BREAK_SPACE, " ")
    '1 234,5'
    """

    def __init__(self, language: str = "sv") -> None:
        if language not in LANGUAGES:
            raise PlanError(
                f"Unknown language {language!r}; the languages are {', '.join(LANGUAGES)}; give one of them"
            )
        self.language = language
        self._translations = _translations(language)
        self._formatter = _Formatter(self)

    def __call__(self, message: str, /, **fields: Any) -> str:
        """The message in the language, fields filled in; without fields the text is left as it is, braces and all."""
        translated = self._translations.gettext(message) if message else message
        return self._formatter.vformat(translated, (), fields) if fields else translated

    def told(self, text: str) -> str:
        """A sentence of `compare.problems.told` in the language; any other text as it is."""
        if self.language == "en" or not isinstance(text, Told):
            return str(text)
        values = {name: self.told(value) if isinstance(value, str) else value for name, value in text.values.items()}
        template = text.swedish or self._translations.gettext(text.template)
        return template.format(**values) if values else template

    def plural(self, one: str, many: str, n: int, /, **fields: Any) -> str:
        """The form of a message that suits the number `n`, which is also the field `{n}`."""
        return self._formatter.vformat(self._translations.ngettext(one, many, n), (), {"n": n, **fields})

    def number(self, value: Any, decimals: int | None = None) -> str:
        """A number with the language's separators; decimals as given, else at most two; null is `missing`."""
        if is_missing(value):
            return self.missing
        value = float(value) if not isinstance(value, int) else value
        if isinstance(value, float) and not math.isfinite(value):
            return self.missing
        if abs(value) >= _TOO_LARGE:
            return _proper_minus(numbers.format_scientific(value, locale=self.language))
        places = "0" * decimals if decimals is not None else ("" if float(value).is_integer() else "##")
        pattern = "#,##0" + (f".{places}" if places else "")
        exact = _rounded(value, 2 if decimals is None else decimals)
        return _proper_minus(numbers.format_decimal(exact, format=pattern, locale=self.language))

    def signed(self, value: Any, decimals: int | None = None) -> str:
        """A change: the number with its sign, '+' where it grew."""
        text = self.number(value, decimals)
        grew = not is_missing(value) and 0 < float(value) < math.inf
        return f"+{text}" if grew and text.strip("0,.") else text

    def points(self, difference: Any) -> str:
        """A difference of two shares in percentage points, signed; one of at least 0.05 points is not written as 0.

        >>> [Wording("en").points(difference) for difference in (0.124, -0.004, 0.0)]
        ['+12', '−0.4', '0']
        """
        points = 100 * float(difference)
        return self.signed(round(points)) if round(points) or abs(points) < 0.05 else self.signed(round(points, 1), 1)

    def percent(self, share: Any, decimals: int = 0, *, signed: bool = False) -> str:
        """A share from 0 to 1 as percent; null is `missing`."""
        if is_missing(share) or not math.isfinite(share):
            return self.missing
        if abs(share) >= _TOO_LARGE:
            return f"{self.number(float(share) * 100)}{self.percent_sign}"
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + self.percent_sign
        exact = _rounded(float(share), decimals + 2)
        text = _proper_minus(numbers.format_percent(exact, format=pattern, locale=self.language))
        return f"+{text}" if signed and exact > 0 else text

    @property
    def percent_sign(self) -> str:
        """The sign as it stands after a number, with the space that the language wants before it."""
        return f"{NO_BREAK_SPACE}%" if self.language == "sv" else "%"

    def money_unit(self, amounts: Iterable[Any]) -> MoneyUnit:
        """The unit in which amounts (in kronor) that stand together read best: chosen by the largest of them."""
        largest = max((abs(float(amount)) for amount in amounts if not is_missing(amount)), default=0.0)
        if largest >= 10_000_000:
            return MILLIONS
        return THOUSANDS if largest >= 100_000 else KRONOR

    def unit_name(self, unit: MoneyUnit) -> str:
        """The unit as the language writes it: tkr, or SEK thousand."""
        names = {"kr": self("SEK"), "tkr": self("SEK thousand"), "mnkr": self("SEK million")}
        return names[unit.symbol]

    def amount(self, amount_sek: Any, unit: MoneyUnit) -> str:
        """An amount in kronor written in the unit, without the unit's name (for cells and axes)."""
        if is_missing(amount_sek):
            return self.missing
        return self.number(float(amount_sek) / unit.kronor, unit.decimals)

    def money(self, amount_sek: Any, unit: str | None = None) -> str:
        """An amount in kronor with its unit: kr, tkr or mnkr, chosen by size unless given.

        >>> Wording("sv").money(281_600_000).replace(NO_BREAK_SPACE, " ")
        '281,6 mnkr'
        """
        if is_missing(amount_sek):
            return self.missing
        chosen = MONEY_UNITS[unit] if unit else self.money_unit([amount_sek])
        amount = self.amount(amount_sek, chosen)
        if self.language == "sv":
            return f"{amount}{NO_BREAK_SPACE}{self.unit_name(chosen)}"
        words = self.unit_name(chosen).split(" ")
        return NO_BREAK_SPACE.join([words[0], amount, *words[1:]])

    def interval(self, low: Any, high: Any, decimals: int = 0) -> str:
        """Two shares as one interval in percent: '39–78 %'."""
        if is_missing(low) or is_missing(high):
            return self.missing
        first = self.percent(low, decimals).removesuffix("%").rstrip(NO_BREAK_SPACE)
        return f"{first}{EN_DASH}{self.percent(high, decimals)}"

    def span(self, low: str, high: str) -> str:
        """Two written values as a span, '24 to 30'; one where they are written alike."""
        return low if low == high else self("{low} to {high}", low=low, high=high)

    def date(self, day: Any) -> str:
        """A date as the language writes it in running text."""
        if is_missing(day):
            return self.missing
        moment = day if isinstance(day, datetime.date) else pd.Timestamp(day).date()
        return dates.format_date(moment, format="long", locale=_DATES.get(self.language, self.language))

    def listed(self, items: Sequence[Any], at_most: int | None = None) -> str:
        """Items joined with the language's 'and'; beyond `at_most` only their number is said."""
        texts = [str(item) for item in items]
        if at_most is not None and len(texts) > at_most:
            more = len(texts) - at_most
            texts = [*texts[:at_most], self.plural("{n} more", "{n} more", more)]
        return lists.format_list(texts, locale=self.language)

    def years(self, years: Iterable[Any]) -> str:
        """Years as a span where they follow each other, else listed.

        >>> Wording("en").years([2022, 2023, 2024, 2026])
        '2022–2024 and 2026'
        """
        ordered = sorted({int(year) for year in years if not is_missing(year)})
        spans: list[list[int]] = []
        for year in ordered:
            if spans and year == spans[-1][-1] + 1:
                spans[-1].append(year)
            else:
                spans.append([year])
        return self.listed([f"{s[0]}{EN_DASH}{s[-1]}" if len(s) > 1 else str(s[0]) for s in spans])

    @property
    def missing(self) -> str:
        """What stands where there is no value: never 0, never a dash."""
        return self("no data")

    def writer(self, form: Literal["money", "percent", "share", "number"]) -> Callable[[float], str]:
        """How values of a kind are written: amounts, percent, percent with a decimal, or numbers of at most two."""
        writers: dict[str, Callable[[float], str]] = {
            "money": self.money,
            "percent": self.percent,
            "share": lambda value: self.percent(value, 1),
        }
        return writers.get(form) or (lambda value: self.number(round(float(value), 2)))

    def field(self, name: str, value: Any, form: str) -> str:
        """One field of a message, in the form that its format word asks for."""
        forms: dict[str, Callable[[Any], str]] = {
            "percent": self.percent,
            "money": self.money,
            "date": self.date,
            "plain": str,
            "signed": self.signed,
        }
        if form in forms:
            return forms[form](value)
        if form:
            raise PlanError(
                f"Unknown format word {form!r} for field {name!r}; the words are {', '.join(forms)}; use one of them"
            )
        if name == "year" or name.endswith("_year"):
            return self.missing if is_missing(value) else str(int(value))
        return self.text(value)

    def text(self, value: Any) -> str:
        """Any value as words of the language: numbers, dates, yes and no, lists; null is `missing`."""
        if is_missing(value):
            return self.missing
        if isinstance(value, str):
            return value
        if isinstance(value, (list, tuple, set, frozenset)):
            return self.listed([self.text(item) for item in value])
        if pd.api.types.is_bool(value):
            return self("yes") if value else self("no")
        if pd.api.types.is_integer(value):
            return self.number(int(value))
        if pd.api.types.is_float(value):
            return self.number(float(value))
        return self.date(value) if isinstance(value, datetime.date | pd.Timestamp) else str(value)


class _Formatter(string.Formatter):
    """`str.format` whose fields are written in the language; a field that is not given is an error of the message."""

    def __init__(self, say: Wording) -> None:
        self._say = say
        self._name = ""

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """The value of a field and its name, which tells later how it is written; `PlanError` for one not given."""
        if not re.fullmatch(r"\w+", field_name):
            raise PlanError(f"Unusable field {field_name!r} in a message; a field is a plain name; reword the message")
        if field_name not in kwargs:
            raise PlanError(f"Field {field_name!r} of a message has no value; it has {sorted(kwargs)}; give it")
        self._name = field_name
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        """The value in the language, in the form that its format word asks for."""
        return self._say.field(self._name, value, format_spec)


def _rounded(value: float, decimals: int) -> Decimal:
    """The number rounded as it is done by hand: 12.5 is 13, not the nearest even number."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded  # what is rounded to nothing has no sign


def _proper_minus(text: str) -> str:
    """A minus sign that is as wide as a digit and not broken from its number, instead of a hyphen."""
    return text.replace("-", MINUS)
