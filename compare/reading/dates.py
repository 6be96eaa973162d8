"""Printed dates and periods to their first and last day, with how exactly they are stated.

A day, month, quarter, season or year that a text names becomes the first and the last day of it: '2022-04' is 1 to 30
April. Half-years, terms and four-month periods (tertial) have the precision 'season', a week has 'month', since the
contract knows no finer word for them. The seasons are those of the calendar (spring is March to May; the school terms
are January to June and August to December); `vocabulary/dates.toml` holds them. A date without a year takes the plan
year, and says so. Nothing is guessed: 'pågår' has no date, and neither has one that cannot be (31 April, the year
2202), which `problem` tells.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Literal

from compare.contract import FIRST_YEAR, LAST_YEAR
from compare.vocabulary import fold, terms

Precision = Literal["day", "month", "quarter", "season", "year"]
DateProblem = Literal["impossible_year", "impossible_date", "year_missing"]
State = Literal["ongoing", "recurring"]

_DASH = "[-‐‑‒–—−]"
_DASHES_AND_SLASH = "[-‐‑‒–—−/]"
# What may stand between the two ends of a period: its first end takes the year of its second.
_CONNECTION = re.compile(rf"\s*(?:{_DASH}+|/|till(?: och med)?|t\.?\s?o\.?\s?m\.?|och|,|eller)\s*", re.IGNORECASE)
_PARENTHESES = re.compile(r"\([^()]*\)?")


@dataclass(frozen=True, slots=True)
class DateSpan:
    """What a text states about time.

    `start` is the first day of the stated start and `end` the last day of the stated end, each with its precision;
    None where the text states none. `text` is the printed text. `problem` tells why a date that is printed could not
    be used: 'impossible_year', 'impossible_date', 'year_missing'. `assumed_year` tells that the plan year was filled
    in. `state` is 'ongoing' or 'recurring' where words say so.
    """

    start: date | None
    start_precision: Precision | None
    end: date | None
    end_precision: Precision | None
    text: str
    problem: DateProblem | None = None
    assumed_year: bool = False
    state: State | None = None

    @property
    def precision(self) -> Precision | None:
        """The precision of the only date there is, or of the end."""
        return self.end_precision or self.start_precision


@dataclass(frozen=True, slots=True)
class Day:
    """One date of a column: the day (None where none is stated), its precision, the cell and what is wrong with it."""

    day: date | None
    precision: Precision | None
    text: str
    problem: DateProblem | None = None
    assumed_year: bool = False


@dataclass(frozen=True, slots=True)
class _Mention:
    """A date or period named in a text, still without a year where none is printed."""

    place: int
    after: int
    precision: Precision
    first: tuple[int, int]
    last: tuple[int, int]
    year: int | None = None
    last_year: int | None = None
    problem: DateProblem | None = None
    assumed: bool = False
    weeks: tuple[int, int] | None = None

    def start(self) -> date:
        return date(self.year or FIRST_YEAR, *self.first)

    def end(self) -> date:
        year = self.last_year or self.year or FIRST_YEAR
        month, day = self.last
        return date(year, month, min(day, monthrange(year, month)[1]))


def date_span(text: str, year: int | None = None) -> DateSpan:
    """The dates a text states; `year` is the plan year, for dates printed without one.

    >>> span = date_span("20 juni 2022 (KF)")
    >>> str(span.start), str(span.end), span.precision
    ('2022-06-20', '2022-06-20', 'day')
    >>> str(date_span("Q1 2022").end), date_span("Pågår").end, date_span("2202-12-31").problem
    ('2022-03-31', None, 'impossible_year')
    """
    plain = " ".join(text.replace("\u00ad", "").replace("\u00a0", " ").split())
    mentions = _outside_parentheses(plain, _mentions(plain))
    dated = _with_years(plain, mentions, year)
    problem = next((m.problem for m in dated if m.problem), None)
    usable = [m for m in dated if not m.problem]
    starts, ends = _bounds(plain, usable)
    first = min(starts, key=lambda end: end[0], default=None)
    last = max(ends, key=lambda end: end[0], default=None)
    return DateSpan(
        first[0] if first else None,
        first[1] if first else None,
        last[0] if last else None,
        last[1] if last else None,
        text,
        problem,
        any(m.assumed for m in usable),
        _state(plain),
    )


def start_of(text: str, year: int | None = None) -> Day:
    """The first day that a cell in a column of starts states ('senast 1 mars' is there the stated start)."""
    span = date_span(text, year)
    if span.start is None and span.end is not None and span.end_precision == "day":
        return Day(span.end, "day", text, span.problem, span.assumed_year)
    return Day(span.start, span.start_precision, text, span.problem, span.assumed_year)


def end_of(text: str, year: int | None = None) -> Day:
    """The last day that a cell in a column of ends states."""
    span = date_span(text, year)
    return Day(span.end, span.end_precision, text, span.problem, span.assumed_year)


def _bounds(
    text: str, mentions: Sequence[_Mention]
) -> tuple[list[tuple[date, Precision]], list[tuple[date, Precision]]]:
    """The possible starts and ends: words before a date tell which end it bounds; others bound both."""
    starts, ends, both = [], [], []
    for mention in mentions:
        word = _word_before(text, mention)
        if word in ("until", "before"):
            ends.append((_before(mention) if word == "before" else mention.end(), mention.precision))
        elif word in ("since", "after"):
            starts.append((_after(mention) if word == "after" else mention.start(), mention.precision))
        else:
            both.append(mention)
    bounded_start, bounded_end = bool(starts), bool(ends)
    if not bounded_start or bounded_end:
        starts += [(m.start(), m.precision) for m in both if not bounded_start]
    if not bounded_end:
        ends += [(m.end(), m.precision) for m in both]
    return starts, ends


def _before(mention: _Mention) -> date:
    """The last day before a period; of a day itself, that day, unless it begins a month."""
    start = mention.start()
    return start if mention.precision == "day" and start.day != 1 else start - timedelta(days=1)


def _after(mention: _Mention) -> date:
    """The first day after a period; of a day itself, that day."""
    return mention.start() if mention.precision == "day" else mention.end() + timedelta(days=1)


def _word_before(text: str, mention: _Mention) -> str | None:
    """The term (until, before, since, after) that stands right before a date."""
    before = re.sub(r"\b(?:den|det|i|under|år|åren|mot)\s*$", "", text[: mention.place].rstrip(), flags=re.IGNORECASE)
    found = [m for m in terms("dates").find(before, damaged=False) if m.term in ("until", "before", "since", "after")]
    return found[-1].term if found and not before[found[-1].end :].strip(" .:") else None


def _state(text: str) -> State | None:
    known: dict[str, State] = {"ongoing": "ongoing", "recurring": "recurring"}
    return next((known[m.term] for m in terms("dates").find(text) if m.term in known), None)


def _outside_parentheses(text: str, mentions: list[_Mention]) -> list[_Mention]:
    """The mentions outside remarks in parentheses, if there are any."""
    remarks = [m.span() for m in _PARENTHESES.finditer(text)]
    outside = [m for m in mentions if not any(first <= m.place < last for first, last in remarks)]
    return outside or mentions


def _with_years(text: str, mentions: Sequence[_Mention], year: int | None) -> list[_Mention]:
    """The mentions with their years: the printed one, that of the other end of the period, or the plan year."""
    dated: list[_Mention] = []
    following: _Mention | None = None
    for mention in reversed(mentions):
        given = mention
        if mention.year is None and not mention.problem:
            connected = following and _CONNECTION.fullmatch(text[mention.after : following.place])
            taken = following.year if following and (connected or year is None) else None
            given = _in_year(mention, taken, assumed=False) if taken else _in_year(mention, year, assumed=True)
        dated.append(_checked(given))
        following = dated[-1] if dated[-1].year else following
    return _years_filled_forward(dated[::-1])


def _years_filled_forward(mentions: list[_Mention]) -> list[_Mention]:
    """Mentions that are still without a year take that of the one before ('2022 januari, mars')."""
    filled: list[_Mention] = []
    for mention in mentions:
        known = next((m.year for m in reversed(filled) if m.year and not m.problem), None)
        if mention.problem == "year_missing" and known:
            mention = _checked(_in_year(replace(mention, problem=None), known, assumed=False))
        filled.append(mention)
    return filled


def _in_year(mention: _Mention, year: int | None, *, assumed: bool) -> _Mention:
    if year is None:
        return replace(mention, problem="year_missing")
    if mention.weeks:
        return _in_weeks(mention, year, assumed=assumed)
    crosses = mention.last < mention.first
    return replace(mention, year=year, last_year=year + 1 if crosses else None, assumed=assumed)


def _in_weeks(mention: _Mention, year: int, *, assumed: bool) -> _Mention:
    """The mention of ISO weeks as its Monday and Sunday; impossible where the year has no such week."""
    first_week, last_week = mention.weeks or (0, 0)
    try:
        monday, sunday = date.fromisocalendar(year, first_week, 1), date.fromisocalendar(year, last_week, 7)
    except ValueError:
        return replace(mention, problem="impossible_date")
    first, last = (monday.month, monday.day), (sunday.month, sunday.day)
    return replace(mention, first=first, last=last, year=monday.year, last_year=sunday.year, assumed=assumed)


def _checked(mention: _Mention) -> _Mention:
    """The mention, with what makes it impossible."""
    if mention.problem or mention.year is None:
        return mention
    years = (mention.year, mention.last_year or mention.year)
    if not all(FIRST_YEAR <= year <= LAST_YEAR for year in years):
        return replace(mention, problem="impossible_year")
    month, day = mention.first
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(mention.year, month)[1]:
        return replace(mention, problem="impossible_date")
    return mention


def _mentions(text: str) -> list[_Mention]:
    """All dates and periods named in a text, in order; what an earlier pattern has read is not read again."""
    found: list[_Mention] = []
    for pattern, make in _patterns():
        for match in pattern.finditer(text):
            if all(match.end() <= m.place or match.start() >= m.after for m in found):
                found += make(match)
    return sorted(found, key=lambda m: m.place)


_Make = Callable[[re.Match[str]], Iterable[_Mention]]


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], _Make], ...]:
    """The ways dates are printed, the most exact first."""
    month = _words_with("month")
    season = _words_with("first_month")
    period = _words_with("months")
    letters = "|".join(letter for letter, _ in _lettered())
    ordinal = _words_with("ordinal")
    week = _alternatives(terms("dates").variants("week"))
    turn = _alternatives(terms("dates").variants("turn_of_year"))
    year = rf"(?:\s*,?\s*(?:år\s+|{_DASHES_AND_SLASH}\s?|['’])?(?P<year>\d{{4}}(?!\d)|(?<=['’/-])\d{{2}}(?![\d-])))?"
    year_glued = rf"(?:\s?{_DASH}?\s?(?P<year>\d{{4}}|\d{{2}})(?!\d))?"
    before = rf"(?:(?<!\d)(?P<before>\d{{4}})\s?{_DASH}?\s?)?"
    sources: tuple[tuple[str, _Make], ...] = (
        (r"(?<!\d)(\d{4})\s?([-‐‑–./])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)", _iso_day),
        (rf"(?<!\d)(\d\d)({_DASH})(\d\d){_DASH}(\d\d)(?!\d)", _iso_day),
        (r"(?<!\d)((?:19|20)\d\d)()(0[1-9]|1[0-2])([0-3]\d)(?!\d)", _iso_day),
        (r"^(\d\d)()(0[1-9]|1[0-2])([0-3]\d)$", _iso_day),
        (rf"(?<!\d)(?P<day>\d{{1,2}})\s?{_DASH}\s?(?P<to>\d{{1,2}})\s(?P<month>{month})\b\.?{year}", _day_and_month),
        (rf"(?<!\d)(?P<day>\d{{1,2}})(?::?[ae])?\s?(?:i\s)?(?P<month>{month})\b\.?{year}", _day_and_month),
        (r"(?<![\d/])(?P<day>\d{1,2})/(?P<number>\d{1,2})(?![\d/])(?:\s?[-–\s]\s?(?P<year>\d{4}|\d{2})(?![\d/]))?",
         _day_and_month),
        (rf"\b{before}(?P<letter>(?-i:{letters}))\s?(?P<ordinal>[1-4])(?!\d){year}", _period),
        (rf"\b{before}(?P<period>{period})\.?\s?(?P<ordinal>[1-4])(?!\d){year}", _period),
        (rf"\b(?P<word>{ordinal})\s(?P<period>{period})\b{year}", _period),
        (r"(?<!\d)(?P<before>\d{4})\s?[-‐‑–]\s?(?P<number>0?[1-9]|1[0-2])(?!\d)", _month),
        (rf"\b(?P<before>\d{{4}})\s(?P<month>{month})\b", _month),
        (rf"\b(?P<month>{month})\b\.?(?:\smånad)?{year}", _month),
        (rf"\b(?P<turn>{turn})\b(?:\s(?P<year>\d{{4}}))?(?:\s?{_DASHES_AND_SLASH}\s?(?P<next>\d{{4}}|\d{{2}}))?",
         _turn_of_year),
        (rf"\b(?P<season>{season})(?:(?=\d)|\b){year_glued}(?:\s?/\s?(?P<next>\d{{4}}|\d{{2}})(?!\d))?", _season),
        (rf"\b(?:{week})\.?\s?(?P<week>\d{{1,2}})(?!\d)(?:\s?{_DASH}\s?(?P<to>\d{{1,2}})(?!\d))?{year}", _week),
        (rf"(?<![\d,.])(?P<year>\d{{4}})\s?{_DASHES_AND_SLASH}\s?(?P<next>\d\d)(?!\d)", _years),
        (r"(?<![\d.])(?P<year>(?:19|2\d)\d\d)(?![\d%]|[,.]\d{1,3}(?!\d))", _years),
    )  # fmt: skip
    return tuple((re.compile(source, re.IGNORECASE), make) for source, make in sources)


def _lettered() -> list[tuple[str, int]]:
    """The letters that stand before the number of a period, with its length in months ('Q', 3)."""
    periods = [term for term in terms("dates").terms.values() if "letters" in term.facts]
    return [(letter, term.facts["months"]) for term in periods for letter in term.facts["letters"]]


def _words_with(key: str) -> str:
    return _alternatives(v for term in terms("dates").terms.values() if key in term.facts for v in term.variants)


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _fact(word: str, key: str) -> int:
    """The number that the vocabulary states about a word of dates."""
    stating = [term for term in terms("dates").terms.values() if key in term.facts]
    return next(int(term.facts[key]) for term in stating if fold(word) in map(fold, term.variants))


def _full_year(printed: str | None) -> int | None:
    if not printed:
        return None
    return int(printed) + 2000 if len(printed) == 2 else int(printed)


def _printed_year(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    return _full_year(groups.get("year") or groups.get("before"))


def _iso_day(match: re.Match[str]) -> Iterator[_Mention]:
    day = int(match[3]), int(match[4])
    yield _Mention(match.start(), match.end(), "day", day, day, _full_year(match[1]))


def _day_and_month(match: re.Match[str]) -> Iterator[_Mention]:
    groups = match.groupdict()
    month = int(groups["number"]) if groups.get("number") else _fact(match["month"], "month")
    first = month, int(match["day"])
    last = month, int(groups.get("to") or match["day"])
    yield _Mention(match.start(), match.end(), "day", first, last, _printed_year(match))


def _month(match: re.Match[str]) -> Iterator[_Mention]:
    groups = match.groupdict()
    month = int(groups["number"]) if groups.get("number") else _fact(match["month"], "month")
    yield _Mention(match.start(), match.end(), "month", (month, 1), (month, 31), _printed_year(match))


def _period(match: re.Match[str]) -> Iterator[_Mention]:
    groups = match.groupdict()
    months = dict(_lettered())[match["letter"]] if groups.get("letter") else _fact(match["period"], "months")
    index = int(groups["ordinal"]) if groups.get("ordinal") else _fact(match["word"], "ordinal")
    first, last = months * (index - 1) + 1, months * index
    precision: Precision = "quarter" if months == 3 else "season"
    if last <= 12:
        yield _Mention(match.start(), match.end(), precision, (first, 1), (last, 31), _printed_year(match))


def _season(match: re.Match[str]) -> Iterator[_Mention]:
    first, last = _fact(match["season"], "first_month"), _fact(match["season"], "last_month")
    year = _full_year(match["year"])
    last_year = year + 1 if year and last < first else None
    precision: Precision = "year" if (last - first) % 12 == 11 else "season"
    yield _Mention(match.start(), match.end(), precision, (first, 1), (last, 31), year, last_year)


def _turn_of_year(match: re.Match[str]) -> Iterator[_Mention]:
    year = _full_year(match["year"])
    yield _Mention(match.start(), match.end(), "month", (12, 1), (12, 31), year)


def _week(match: re.Match[str]) -> Iterator[_Mention]:
    weeks = int(match["week"]), int(match["to"] or match["week"])
    mention = _Mention(match.start(), match.end(), "month", (1, 1), (12, 31), weeks=weeks)
    year = _printed_year(match)
    yield _in_year(mention, year, assumed=False) if year else mention


def _years(match: re.Match[str]) -> Iterator[_Mention]:
    first = int(match["year"])
    ending = match.groupdict().get("next")
    last = first // 100 * 100 + int(ending) if ending else first
    if last == first - 99:
        last += 100
    problem: DateProblem | None = "impossible_date" if last < first else None
    yield _Mention(match.start(), match.end(), "year", (1, 1), (12, 31), first, last, problem)
