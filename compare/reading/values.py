"""Printed values to numbers: amounts of money, shares, counts, limits, durations, and the parts they are for.

Nothing is invented: every number returned stands in the text (only a duration '10:52 min' is converted, to its unit),
and what a cell says in words stays words, with the value null. The rules where a text can be read in two ways:

- A comma is the decimal mark, a point followed by exactly three digits parts thousands; but of kronor and thousands of
  kronor nobody prints three decimals, so there either mark parts thousands ('376.443' tkr, '20,068' tkr), while of
  millions, milliards and per cent either mark is decimal ('20,068' mnkr). A point in an amount of millions, and a comma
  taken for a thousands mark, are flagged `ambiguous`, as is a point with three digits and no unit.
- A minus sign of any kind before or after the digits, or parentheses around an amount, make it negative.
- Signs are kept as printed; whether costs are negative is for the analyses.
- A dash, asterisk or point alone, or nothing, is a missing value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from typing import Literal

from compare.vocabulary import Match, fold, terms

Comparison = Literal["at_least", "more_than", "at_most", "less_than", "top", "about", "between", "to"]
Direction = Literal["increase", "decrease", "keep"]

# The longest wording around a number, in words, for which the number still is what the cell states.
WORDS_BESIDE_A_NUMBER = 4
WORDS_BESIDE_A_STATED_LIMIT = 15
# A longer run of digits is an account or a case number, and no float holds it exactly.
MOST_DIGITS = 15
# Years stand in cells as what a value is compared with; figures of this size with a unit or alone are values.
FIRST_YEAR, LAST_YEAR = 1990, 2100

_SPACES = "\u0020\u00a0\u2007\u2008\u2009\u202f\u2002\u2003\u2005\u2006"
_DASHES = "-\u2010\u2011\u2012–—−"
_MINUS = re.escape(_DASHES)
_RAISED = re.compile(r"\s?[¹²³⁰⁴-⁹]+")
# The digits around a raised one are two numbers, and get a mark between them.
_RAISED_BETWEEN = re.compile(r"\s?[¹²³⁰⁴-⁹]+(?=[\s.,'’]?[0-9])")
_BLANK = re.compile(rf"[\s{_MINUS}*.…·_/\u200b]*")
_FOOTNOTE = re.compile(r"(?<=[\d%])(?:\s?\*+|\s\d{1,2}\))\s*$")
_THOUSANDS = rf"[0-9]{{1,3}}(?:[{_SPACES}'’][0-9]{{3}})+(?![0-9])(?:,[0-9]+)?"
_POINTED = r"[0-9]{1,3}(?:\.[0-9]{3}){2,}(?![0-9])(?:,[0-9]+)?|[0-9]{1,3}\.[0-9]{3},[0-9]+"
_ENGLISH = r"[0-9]{1,3}(?:,[0-9]{3}){2,}(?![0-9])(?:\.[0-9]+)?"
_PLAIN = r"[0-9]+(?:[.,][0-9]+)?"
_DIGITS = rf"(?:{_THOUSANDS}|{_POINTED}|{_ENGLISH}|{_PLAIN})"
_NUMBER = re.compile(rf"(?<![\w.,])(?P<sign>[+±{_MINUS}]\s?)?(?P<digits>{_DIGITS})(?P<after>:[ae]\b)?(?!\d|[.,]\d)")
_TRAILING_MINUS = re.compile(rf"(?<=\d)\s?[{_MINUS}]\s*$")
_PARENTHESES = re.compile(r"\([^()]*\)")
_CLOCK = re.compile(r"(?<![\d:])(?P<whole>\d{1,3}):(?P<part>[0-5]\d)(?![\d:])\s*(?P<unit>[a-zåäö]+)?", re.IGNORECASE)
_HOURS_AND_MINUTES = re.compile(
    r"(?P<hours>\d{1,3})\s?(?P<unit>h|tim|timmar|timme)\.?\s(?:och\s)?(?P<minutes>[0-5]?\d)\s?min\w*", re.IGNORECASE
)
_OF_HOW_MANY = re.compile(r"\s+av\s+(?:de\s+|totalt\s+)?$", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}(?:-\d{2})?(?!\d)|(?<!\d)\d{1,2}/\d{1,2}(?:[ -]\d{2,4})?(?!\d)")
_YEAR_WORDS = re.compile(
    r"(?:\b(?:än|mätning(?:en)?|mätår(?:et)?|år|åren|med|från|sedan|i|jämfört|under|senast|utfall|mot|nivå|"
    r"budget|våren|hösten)|[,;:])\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed amount of money.

    `sek` is whole kronor with the sign as printed, None for a missing amount, for words, for a percentage and where
    neither the cell nor the caller states a unit; `number` is the printed number before the unit is applied; `unit` the
    unit it was read in (kr, tkr, mnkr, mdkr, or another printed one); `text` the printed cell.
    """

    sek: int | None
    unit: str | None
    text: str
    number: Decimal | None = None
    ambiguous: bool = False
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A printed value of an indicator.

    `value` is the number (of a limit 'minst 35 %' its number, of a range its lower end with `upper` beside it), None
    for words; `unit` is the printed unit and `unit_term` its standard term; `group` the part it is for (girls, boys,
    women, men, or the printed label of another part; None for all); `words` what the text says beside the number, or
    all of it where it holds none; `comparison` how a limit is to be taken; `direction` where words say it is to go;
    `text` the printed cell; `missing` tells that nothing is stated ('', '-', '*'): such a cell is no row.
    """

    value: float | None
    unit: str | None = None
    text: str = ""
    group: str | None = None
    words: str | None = None
    comparison: Comparison | None = None
    upper: float | None = None
    direction: Direction | None = None
    ambiguous: bool = False
    missing: bool = False
    unit_term: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """A number in a cell: where it stands, what it says, and the unit printed after it."""

    start: int
    digits: int
    end: int
    value: float
    ambiguous: bool
    unit: str | None = None
    term: str | None = None
    upper: float | None = None
    comparison: Comparison | None = None
    changes: bool = False


@dataclass(frozen=True, slots=True)
class _Label:
    """The printed label of a part, and the group it names (None for the whole)."""

    start: int
    end: int
    group: str | None


def is_missing(text: str) -> bool:
    """Whether a cell states nothing: blank, dashes, asterisks or points only.

    >>> is_missing("– –"), is_missing("**"), is_missing("0")
    (True, True, False)
    """
    return _BLANK.fullmatch(text) is not None


def amount(text: str, unit: str | None = None) -> Amount:
    """The one amount a cell states; the unit printed in the cell goes before the given one.

    >>> amount("- 6 406", "tkr").sek, amount("(614)", "tkr").sek, amount("107,9 miljoner").sek
    (-6406000, -614000, 107900000)
    >>> amount("376.443", "tkr")
    Amount(sek=376443000, unit='tkr', text='376.443', number=Decimal('376443'), ambiguous=False, missing=False)
    """
    if is_missing(text):
        return Amount(None, _money_unit(unit), text, missing=True)
    cell = re.sub(r"\s+", " ", _plain(text))
    found = _numbers(cell)
    with_unit = [(m, u) for m in found if (u := _unit_after(cell, m.end())) and _factor(u.term)]
    if _in_a_range(cell, found):
        return Amount(None, _money_unit(unit), text)
    if len(with_unit) == 1:
        match, stated = with_unit[0]
        return _amount_of(cell, match, stated.term, text)
    if len(found) != 1 or _words_beside(cell, found[0]) > WORDS_BESIDE_A_NUMBER:
        return Amount(None, _money_unit(unit), text)
    other = _unit_after(cell, found[0].end())
    stated_unit = other.term if other else money_unit(cell) or _money_unit(unit)
    return _amount_of(cell, found[0], stated_unit, text)


def amounts(text: str) -> list[Amount]:
    """All amounts of money that running text states with their units, in order; `text` is the printed words of each.

    >>> [a.sek for a in amounts("Nettobudgeten är 281,6 miljoner kronor, varav 1 200 tkr för kultur.")]
    [281600000, 1200000]
    """
    cell = _plain(text)
    found = _numbers(cell)
    return [
        _amount_of(cell, match, unit.term, cell[match.start() : unit.end].strip())
        for index, match in enumerate(found)
        if (unit := _unit_after(cell, match.end()))
        and _factor(unit.term)
        and not _in_a_range(cell, found[max(index - 1, 0) : index + 1])
    ]


def money_unit(text: str) -> str | None:
    """The unit of money (kr, tkr, mnkr, mdkr) that a header, caption or sentence states; None for none or several.

    >>> money_unit("Belopp i tkr"), money_unit("Driftbudget, mnkr"), money_unit("Andel i %")
    ('tkr', 'mnkr', None)
    """
    stated = {match.term for match in terms("units").find(text, damaged=False) if _factor(match.term)}
    return stated.pop() if len(stated) == 1 else None


def number(text: str) -> Value:
    """The one value a cell states; a cell of several values gives words (read those with `values`).

    >>> number("minst 35 %").value, number("8,2 (nollmätning)").words, number("Öka").direction
    (35.0, 'nollmätning', 'increase')
    """
    found = values(text)
    if not found:
        return Value(None, text=text, missing=True)
    return found[0] if len(found) == 1 else Value(None, text=text, words=text.strip())


def values(text: str) -> list[Value]:
    """All values a cell states, with the part each is for; none for a missing one, one without number for words.

    >>> [(v.value, v.unit, v.group) for v in values("F 54 % P 61 %")]
    [(54.0, '%', 'girls'), (61.0, '%', 'boys')]
    >>> [v.value for v in values("34 %35 %38 %")]
    [34.0, 35.0, 38.0]
    """
    if is_missing(text):
        return []
    cell = _plain(text)
    if timed := _clock(cell):
        return [replace(timed, text=text)]
    labels = _labels(cell)
    found = _with_ranges(cell, [_found(cell, match, labels) for match in _value_numbers(cell, labels)])
    found = _without_years_beside(found)
    words = _rest(cell, found, labels)
    if not found or not _is_value(cell, found, words):
        return [Value(None, text=text, words=text.strip(), direction=_direction(cell))]
    groups = _groups(cell, found, labels)
    if len(found) > 1 and any(groups):
        words = None
    return [_value(one, group, words, text, cell) for one, group in zip(found, groups, strict=True)]


def repeated(text: str, groups: Sequence[str | None]) -> list[Value]:
    """The values of a cell whose row has these parts: its own parts, or one word or number repeated for each part.

    >>> [(v.words, v.group) for v in repeated("Minskat Minskat", ["girls", "boys"])]
    [('Minskat', 'girls'), ('Minskat', 'boys')]
    """
    found = values(text)
    if len(found) == len(groups) > 1:
        return [v if v.group else replace(v, group=g) for v, g in zip(found, groups, strict=True)]
    words = text.split()
    size, over = divmod(len(words), len(groups)) if groups else (0, 1)
    if len(found) != 1 or found[0].value is not None or over or not size:
        return found
    pieces = [" ".join(words[i : i + size]) for i in range(0, len(words), size)]
    if len(groups) < 2 or len({fold(piece) for piece in pieces}) > 1:
        return found
    return [replace(found[0], words=piece, group=g) for piece, g in zip(pieces, groups, strict=True)]


def _plain(text: str) -> str:
    """The cell with spaces of all kinds as plain ones, and without raised digits and footnote marks at its end."""
    plain = re.sub(rf"[{_SPACES}]|\s", " ", text)
    plain = _RAISED.sub("", _RAISED_BETWEEN.sub(" | ", plain))
    plain = re.sub(r"(?<!\d)\u00ad", "", plain)
    plain = _FOOTNOTE.sub("", plain.strip()).strip()
    return _glued_letters().sub(r"\1 ", plain)


@cache
def _glued_letters() -> re.Pattern[str]:
    """The letters of the sexes that stand glued to a share ('F54% P61%')."""
    letters = "|".join(letter for name in terms("groups") for letter in terms("groups").fact(name, "letters", []))
    return re.compile(rf"(?<!\w)({letters})(?=\d+(?:,\d+)?\s?%)")


def _numbers(cell: str) -> list[re.Match[str]]:
    return [m for m in _NUMBER.finditer(cell) if sum(map(str.isdigit, m["digits"])) <= MOST_DIGITS]


def _decimal(digits: str, unit: str | None) -> tuple[Decimal, bool]:
    """The number that printed digits mean with this unit, and whether another reading was possible."""
    packed = re.sub(rf"[{_SPACES}'’]", "", digits)
    grouped = packed != digits
    one_mark = re.fullmatch(r"([1-9]\d{0,2})([.,])(\d{3})", packed)
    if one_mark and not grouped:
        parts_thousands, ambiguous = _thousands_mark(one_mark[2], unit)
        return Decimal(one_mark[1] + ("" if parts_thousands else ".") + one_mark[3]), ambiguous
    if packed.count(".") > 1 or re.fullmatch(r"\d{1,3}\.\d{3},\d+", packed):
        packed = packed.replace(".", "")
    elif packed.count(",") > 1:
        packed = packed.replace(",", "")
    return Decimal(packed.replace(",", ".")), False


def _thousands_mark(mark: str, unit: str | None) -> tuple[bool, bool]:
    """Whether a mark before exactly three digits parts thousands, and whether that is ambiguous: the stated rule."""
    factor = _factor(unit)
    if factor and factor <= 1000:
        return True, mark == ","
    if factor or unit in ("%", "‰"):
        return False, mark == "."
    return mark == ".", True


def _amount_of(cell: str, match: re.Match[str], unit: str | None, text: str) -> Amount:
    size, ambiguous = _decimal(match["digits"], unit)
    signed = -size if _is_negative(cell, match) else size
    factor = _factor(unit)
    sek = int((signed * factor).to_integral_value(ROUND_HALF_UP)) if factor else None
    return Amount(sek, unit, text, signed, ambiguous)


def _is_negative(cell: str, match: re.Match[str]) -> bool:
    in_parentheses = cell.startswith("(") and cell.endswith(")") and cell.count("(") == 1
    trailing = _TRAILING_MINUS.search(cell) and not _numbers(cell[match.end() :])
    return _has_minus(cell, match) or in_parentheses or bool(trailing)


def _has_minus(cell: str, match: re.Match[str]) -> bool:
    """Whether a minus sign stands before the digits; a dash between words and a number is none ('Kultur - 250')."""
    sign = match["sign"] or ""
    spaced = sign != sign.strip()
    return sign.strip() in tuple(_DASHES) and not (spaced and re.search(r"\w\s*$", cell[: match.start()]))


@cache
def _factor(unit: str | None) -> int | None:
    """Whole kronor per unit of money; None for other units and none."""
    units = terms("units")
    return units.fact(unit, "factor") if unit and unit in units else None


def _money_unit(unit: str | None) -> str | None:
    """The standard term of a unit given by the caller; the caller's word where the vocabulary does not know it."""
    match = terms("units").match(unit) if unit else None
    return match.term if match else unit


@dataclass(frozen=True, slots=True)
class _Unit:
    term: str
    printed: str
    end: int


@cache
def _unit_pattern() -> re.Pattern[str]:
    printed = sorted((v for t in terms("units").terms.values() for v in t.variants), key=len, reverse=True)
    # Units of one letter are told from the letters of the sexes by their case.
    alternatives = "|".join(
        re.escape(v).replace(r"\ ", r"\s+") if len(v) > 1 else f"(?-i:{re.escape(v)})" for v in printed
    )
    return re.compile(rf"\s*(?:\(\s*)?({alternatives})(?![a-zåäöA-ZÅÄÖ])", re.IGNORECASE)


def _unit_after(cell: str, end: int) -> _Unit | None:
    match = _unit_pattern().match(cell, end)
    if not match:
        return None
    known = terms("units").match(match[1])
    return _Unit(known.term, match[1], match.end()) if known else None


def _in_a_range(cell: str, found: Sequence[re.Match[str]]) -> bool:
    """Whether two of the numbers are the ends of a range ('2-3 mnkr'), of which no one amount can be told."""
    return any(
        re.fullmatch(rf"\s*[{_MINUS}]\s*", cell[low.end("digits") : high.start("digits")])
        and _decimal(low["digits"], None)[0] <= _decimal(high["digits"], None)[0]
        for low, high in pairwise(found)
    )


def _words_beside(cell: str, match: re.Match[str]) -> int:
    return len(re.findall(r"[^\W\d_]{2,}", cell[: match.start()] + " " + cell[match.end() :]))


def _clock(cell: str) -> Value | None:
    """A duration such as '10:52 min' as a value in its unit; a bare clock time is not one."""
    if composed := _HOURS_AND_MINUTES.fullmatch(cell):
        return Value(
            round(int(composed["hours"]) + int(composed["minutes"]) / 60, 2),
            composed["unit"],
            words=cell,
            unit_term="hours",
        )
    match = _CLOCK.fullmatch(cell) or (m if (m := _CLOCK.search(cell)) and len(cell.split()) <= 3 else None)
    unit = terms("units").match(match["unit"]) if match and match["unit"] else None
    if not match or not unit or unit.term not in ("minutes", "hours"):
        return None
    value = round(int(match["whole"]) + int(match["part"]) / 60, 2)
    return Value(value, match["unit"], words=f"{match['whole']}:{match['part']}", unit_term=unit.term)


@cache
def _label_patterns() -> list[tuple[re.Pattern[str], str | None]]:
    """Patterns of labels with the group they name ('' for the printed label itself, None for the whole)."""
    groups, parts = terms("groups"), terms("parts")
    patterns: list[tuple[re.Pattern[str], str | None]] = []
    for name in groups:
        patterns.append((_any_word(groups.variants(name)), name))
        letters = "|".join(groups.fact(name, "letters", []))
        if letters:
            patterns.append((re.compile(rf"(?<!\w)(?:{letters})(?=\s*:?\s*[\d<>≥≤{_MINUS}]|\)|$)"), name))
    school, age = _alternatives(parts.variants("school_year")), _alternatives(parts.variants("age"))
    span = rf"\d{{1,2}}(?:\s*[{_MINUS}]\s*(?:åk\s*)?\d{{1,2}})?"
    patterns.append((re.compile(rf"(?<!\w)(?:{school})\.?\s*{span}(?!\d)", re.IGNORECASE), ""))
    patterns.append(
        (re.compile(rf"(?<![\w,.])\d{{1,2}}\s*[{_MINUS}]\s*\d{{1,2}}\s*(?:{age})(?!\w)", re.IGNORECASE), "")
    )
    patterns.append(
        (re.compile(r"(?<![\w,.])\d{2}\s*(?:\+|år och äldre|år eller äldre|år och över)", re.IGNORECASE), "")
    )
    patterns.append((re.compile(r"(?<!\w)år\s*[1-9](?![\d,.])", re.IGNORECASE), ""))
    patterns.append((_any_word(parts.variants("all")), None))
    return patterns


def _alternatives(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _any_word(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_alternatives(words)})(?!\w)", re.IGNORECASE)


def _labels(cell: str) -> list[_Label]:
    """The labels of parts in a cell, in order, where numbers stand outside them as well."""
    found: list[_Label] = []
    for pattern, group in _label_patterns():
        for match in pattern.finditer(cell):
            if all(match.end() <= label.start or match.start() >= label.end for label in found):
                found.append(_Label(match.start(), match.end(), match[0].strip() if group == "" else group))
    found.sort(key=lambda label: label.start)
    outside = [m for m in _numbers(cell) if not _within(m.start("digits"), found)]
    return found if outside else []


def _within(position: int, labels: Sequence[_Label]) -> bool:
    return any(label.start <= position < label.end for label in labels)


def _value_numbers(cell: str, labels: Sequence[_Label]) -> list[re.Match[str]]:
    """The numbers of a cell that are values: not those of labels, dates, notes in parentheses or years spoken of."""
    dates = [m.span() for m in _DATE.finditer(cell)]
    found = [
        match
        for match in _numbers(cell)
        if not _within(match.start("digits"), labels)
        and not any(first <= match.start("digits") < last for first, last in dates)
    ]
    notes = [m.span() for m in _PARENTHESES.finditer(cell) if not any(m.start() < x.start < m.end() for x in labels)]
    outside = [m for m in found if not any(first < m.start("digits") < last for first, last in notes)]
    found = outside or found
    counted = [m for m in found if not _is_year_spoken_of(cell, m, alone=len(cell.split()) == 1)]
    if len(counted) == 2 and _OF_HOW_MANY.fullmatch(cell[counted[0].end() : counted[1].start()]):
        return counted[:1]
    return counted


def _without_years_beside(found: list[_Found]) -> list[_Found]:
    """The numbers without bare years beside values with a unit ('73 % 2021')."""
    with_unit = [one for one in found if one.unit]
    years = [one for one in found if not one.unit and one.value in range(FIRST_YEAR, LAST_YEAR + 1)]
    return with_unit if with_unit and len(with_unit) + len(years) == len(found) else found


def _is_year_spoken_of(cell: str, match: re.Match[str], *, alone: bool) -> bool:
    digits = match["digits"]
    if alone or not re.fullmatch(r"\d{4}", digits) or not FIRST_YEAR <= int(digits) <= LAST_YEAR:
        return False
    if _unit_after(cell, match.end()) and not re.match(r"\s*års?\b", cell[match.end() :]):
        return False
    return bool(_YEAR_WORDS.search(cell[: match.start("digits")]) or re.match(r"\s*års?\b|:", cell[match.end() :]))


def _found(cell: str, match: re.Match[str], labels: Sequence[_Label]) -> _Found:
    unit = _unit_after(cell, match.end())
    if unit and _within(unit.end - 1, labels):
        unit = None
    term = unit.term if unit else None
    size, ambiguous = _decimal(match["digits"], term)
    negative = _has_minus(cell, match)
    compared = _comparison_before(cell[: match.start()])
    return _Found(
        compared.start if compared else match.start(),
        match.start("digits"),
        unit.end if unit else match.end(),
        float(-size if negative else size),
        ambiguous,
        unit.printed if unit else None,
        term,
        comparison=_comparison(compared),
        changes=compared is not None and compared.term == "change",
    )


def _comparison_before(before: str) -> Match | None:
    """The word that ends what stands before a number and tells how the number is to be taken."""
    found = terms("comparisons").find(before, damaged=False)
    return found[-1] if found and not before[found[-1].end :].strip(" .:=") else None


def _comparison(match: Match | None) -> Comparison | None:
    known: dict[str, Comparison] = {
        "at_least": "at_least",
        "more_than": "more_than",
        "at_most": "at_most",
        "less_than": "less_than",
        "top": "top",
        "about": "about",
        "to": "to",
    }
    return known.get(match.term) if match else None


def _with_ranges(cell: str, found: list[_Found]) -> list[_Found]:
    """The numbers with each pair '3-5' made one value with an upper end."""
    joined: list[_Found] = []
    for one in found:
        before = joined[-1] if joined else None
        if before and before.upper is None and _is_range(cell, before, one):
            joined[-1] = replace(
                before,
                end=one.end,
                upper=one.value
                if len(re.findall(rf"[{_MINUS}]", cell[before.end : one.digits])) > 1
                else abs(one.value),
                unit=one.unit or before.unit,
                term=one.term or before.term,
                comparison="between",
            )
        else:
            joined.append(one)
    return joined


def _is_range(cell: str, low: _Found, high: _Found) -> bool:
    between = cell[low.end : high.digits]
    dash = rf"[{_MINUS}]"
    if high.unit is None and low.unit is not None:
        return False
    if re.fullmatch(rf"{dash}|\s+{dash}\s+|\s*{dash}\s*{dash}", between):
        upper = high.value if len(re.findall(dash, between)) > 1 else abs(high.value)
        return low.value <= upper
    spoken = re.search(r"\b(?:mellan|från)\s*$", cell[: low.start], re.IGNORECASE)
    return bool(spoken and re.fullmatch(r"\s+(?:till|och)\s+", between)) and low.value <= high.value


def _rest(cell: str, found: Sequence[_Found], labels: Sequence[_Label]) -> str | None:
    """What a cell says beside its numbers, units and labels; None where it says nothing more."""
    taken = sorted([*((f.start, f.end) for f in found), *((label.start, label.end) for label in labels)])
    pieces, position = [], 0
    for first, last in taken:
        pieces.append(cell[position : max(first, position)])
        position = max(last, position)
    rest = " ".join([*pieces, cell[position:]])
    rest = re.sub(r"\s+", " ", rest).strip(" .,;:/*|()" + _DASHES)
    return rest if re.search(r"\w", rest) else None


def _is_value(cell: str, found: Sequence[_Found], words: str | None) -> bool:
    """Whether a cell states its numbers, or is a sentence in which numbers merely occur."""
    if any(one.changes for one in found):
        return False
    beside = len(re.findall(r"[^\W\d_]{2,}", _PARENTHESES.sub(" ", words or "")))
    stated_limit = len(found) == 1 and (found[0].comparison or found[0].term == "%")
    return beside <= (WORDS_BESIDE_A_STATED_LIMIT if stated_limit else WORDS_BESIDE_A_NUMBER * len(found))


def _groups(cell: str, found: Sequence[_Found], labels: Sequence[_Label]) -> list[str | None]:
    """The part each number is for, by the label before it, or after it where labels follow their numbers."""
    if not labels:
        return _groups_by_words(cell, found)
    leads = labels[-1].end <= found[-1].start + 1
    groups: list[str | None] = []
    for index, one in enumerate(found):
        if leads:
            before = [label for label in labels if label.end <= one.start + 1]
            groups.append(before[-1].group if before else None)
        else:
            until = found[index + 1].start if index + 1 < len(found) else len(cell)
            after = [label for label in labels if one.end <= label.start < until]
            groups.append(after[0].group if after else None)
    return groups


def _groups_by_words(cell: str, found: Sequence[_Found]) -> list[str | None]:
    """Labels that no vocabulary knows: two or more numbers, each with its own word or three before it."""
    ends = [0, *(one.end for one in found[:-1])]
    labels = [cell[end : one.start].strip(" :,;/|()" + _DASHES) for end, one in zip(ends, found, strict=True)]
    distinct = len(labels) > 1 and len(set(map(fold, labels))) == len(labels)
    if not distinct or not all(re.fullmatch(r"[^\W\d_][^\d]*", label) and len(label.split()) <= 3 for label in labels):
        return [None] * len(found)
    return list(labels)


def _direction(cell: str) -> Direction | None:
    known: dict[str, Direction] = {"increase": "increase", "decrease": "decrease", "keep": "keep"}
    found = {match.term for match in terms("directions").find(cell)}
    return known.get(found.pop()) if len(found) == 1 else None


def _value(one: _Found, group: str | None, words: str | None, text: str, cell: str) -> Value:
    return Value(
        one.value,
        one.unit,
        text,
        group,
        words,
        one.comparison,
        one.upper,
        _direction(cell),
        one.ambiguous,
        unit_term=one.term,
    )
