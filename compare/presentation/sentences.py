"""Findings as sentences: what was found, on how many it rests, how sure it is, and where it stands.

The caller gives the sentence as a message with fields; these functions add number, interval and the reservation that
the number calls for, the same way in every report and both languages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from compare.measures.statistics import SMALLEST_N, wilson
from compare.presentation import labels
from compare.presentation.places import Place
from compare.presentation.wording import Wording, is_missing

if TYPE_CHECKING:
    from compare.presentation.page import Page

TOO_FEW = SMALLEST_N
TOLD_APART = 5  # groups that have a sentence each; more are told together


@dataclass(frozen=True)
class Finding:
    """A sentence of a report and the places in the documents that it rests on.

    One without places rests on all documents of the page, as a count over them does, or on what `source` names.
    """

    text: str
    places: tuple[Place, ...] = ()
    source: str = ""


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame, each with its cells by column name; what a cell holds only the frame's measure knows."""
    return iter(frame.itertuples())


def about(say: Wording, row: Any) -> dict[str, Any]:
    """The fields that say whose a row is: `group`, its municipality, and `year`, its plan year where it has one."""
    fields = {"group": labels.municipality(row.municipality_code, say)}
    year: Any = getattr(row, "plan_year", getattr(row, "year", None))
    return fields if is_missing(year) else {**fields, "year": int(year)}


def rates(
    page: Page,
    message: str | Callable[[Any], str],
    rows: pd.DataFrame,
    *,
    ids: str = "record_ids",
    fields: Callable[[Any], Mapping[str, Any]] | None = None,
    several: str = "",
) -> Iterator[Finding]:
    """A finding for each row of a measure that gives rates: columns `municipality_code`, `n`, `rate`, `low`, `high`.

    The message may use {group}, {year}, {count}, {n}, {rate:percent}, {unknown} where the rows have these columns, and
    what `fields` gives for a row; a function chooses it by the row. `ids` is the column with the records that the
    finding leads to. A row that rests on nothing (n of 0 or null) gives no finding. More than five rows are one finding
    where `several` is given: a message that may use {groups} (how many rows), {count}, {n} and {rate:percent} of all.
    """
    rows = rows[(rows["n"] > 0).fillna(False).to_numpy(bool)]
    if several and many(rows):
        yield over_many(page, several, rows)
        return
    for row in each(rows):
        yield rate(
            page.say,
            message if isinstance(message, str) else message(row),
            n=row.n,
            rate=row.rate,
            low=row.low,
            high=row.high,
            places=page.places(getattr(row, ids)) or page.documents_of(rows.loc[[row.Index]]),
            **about(page.say, row),
            **({"unknown": row.unknown} if "unknown" in rows else {}),
            **(fields(row) if fields else {}),
        )


def many(rows: pd.DataFrame) -> bool:
    """Whether rows are so many that a sentence for each is no finding."""
    return len(rows) > TOLD_APART


def enough(rows: pd.DataFrame, n: str = "n") -> pd.DataFrame:
    """The rows that rest on at least ten; all of them where none does, since then they are all there is to tell."""
    large = rows[(rows[n] >= TOO_FEW).fillna(False).to_numpy(bool)]
    return large if len(large) else rows


def told_of(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    """Of few rows those with more than 0 as `value`, of many all that rest on anything.

    One by one those with 0 are nothing to tell; left out of a total of many they would choose it by its outcome.
    """
    known = rows[(rows["n"] > 0).fillna(False).to_numpy(bool)]
    return known if many(known) else known[(known[value] > 0).fillna(False).to_numpy(bool)]


def over_many(page: Page, message: str, rows: pd.DataFrame, **fields: Any) -> Finding:
    """The rates of many groups as one finding: all together, and between what the middle half of them lie.

    It leads to the documents that the rows are about.

    `rows` has the columns `n` and `rate`; those that rest on fewer than ten have no part in the middle half, unless all
    do. The message may use {groups}, {count}, {n} and {rate:percent}.
    """
    say, places = page.say, page.documents_of(rows)
    n = int(rows["n"].sum())
    count = round(float((rows["rate"] * rows["n"]).sum()))
    text = say(message, groups=len(rows), n=n, count=count, rate=count / n, **fields)
    low, high = (float(end) for end in enough(rows)["rate"].astype("float64").quantile([0.25, 0.75]))
    if say.percent(low) == say.percent(high):
        return Finding(f"{text} {say('In the middle half of them it is {rate:percent}.', rate=low)}", places)
    middle = say("In the middle half of them it is {interval}.", interval=say.interval(low, high))
    return Finding(f"{text} {middle}", places)


def together(
    page: Page, message: str, rows: pd.DataFrame, *, ids: str | None = None, **fields: Any
) -> Iterator[Finding]:
    """The rows of a measure (columns `count`, `n`) as one rate with Wilson's interval; nothing where all n are 0.

    The message may use what `rate` gives it. `ids` is the column with the records that the finding leads to, if any.
    """
    n, count = int(rows["n"].sum()), int(rows["count"].sum())
    if not n:
        return
    low, high = (float(end) for end in wilson(count, n))
    places = page.places(flat(rows[ids])) if ids else ()
    yield rate(page.say, message, n=n, rate=count / n, low=low, high=high, places=places, **fields)


def flat(lists: pd.Series) -> list[Any]:
    """What a column of lists holds, as one list: the ids of the records that several rows rest on."""
    return [item for one in lists for item in one]


def rate(
    say: Wording,
    message: str,
    *,
    n: Any,
    rate: Any,
    low: Any = None,
    high: Any = None,
    places: Sequence[Place] = (),
    **fields: Any,
) -> Finding:
    """A rate: the message may use {count}, {n} and {rate:percent}; the interval and a reservation for few follow.

    >>> say = Wording("en")
    >>> rate(say, "{count} of {n} assignments were completed ({rate:percent}).", n=8, rate=0.5, low=0.2, high=0.8).text
    '4 of 8 assignments were completed (50%). 95% interval 20–80%; too few to compare.'
    """
    if is_missing(rate) or is_missing(n) or int(n) == 0:
        return Finding(say("{group}: no data.", group=fields.get("group", say("This question"))), tuple(places))
    number = int(n)
    text = say(message, n=number, count=round(rate * number), rate=rate, **fields)
    return Finding(" ".join(part for part in (text, _reservation(say, number, low, high)) if part), tuple(places))


def _reservation(say: Wording, n: int, low: Any, high: Any) -> str:
    has_interval = not is_missing(low) and not is_missing(high)
    if has_interval and n < TOO_FEW:
        return say("95% interval {interval}; too few to compare.", interval=say.interval(low, high))
    if has_interval:
        return say("95% interval {interval}.", interval=say.interval(low, high))
    return say("Too few to compare.") if n < TOO_FEW else ""


def between(
    say: Wording,
    rows: pd.DataFrame,
    value: str,
    *,
    one: Callable[[Any], str],
    several: str,
    middle: str,
    form: Literal["percent", "number"] = "number",
) -> str:
    """A title that says between which ends the values of rows per municipality and year lie; empty where none has one.

    The message `several` may use {low}, {low_name}, {high} and {high_name}; where only one row has a value, `one` says
    it. Of more than five rows the ends are mostly chance, so `middle` says between what the middle half of them lies:
    it may use {span} and {groups}, the ends of the span written in `form`.
    """
    known = rows[rows[value].notna()].sort_values(value, kind="stable")
    if known.empty:
        return ""
    least, most = next(each(known.head(1))), next(each(known.tail(1)))
    if len(known) == 1:
        return one(most)
    if many(known):
        low, high = (say.writer(form)(float(end)) for end in known[value].astype("float64").quantile([0.25, 0.75]))
        return say(middle, span=say.span(low, high), groups=len(known))
    return say(
        several,
        low=getattr(least, value),
        low_name=whose(say, least),
        high=getattr(most, value),
        high_name=whose(say, most),
    )


def whose(say: Wording, row: Any) -> str:
    """The municipality and plan year of a row, as titles name it: 'Exempelstad 2024'."""
    return say("{group} {year}", group=labels.municipality(row.municipality_code, say), year=int(row.year))


def whose_all(say: Wording, rows: pd.DataFrame, at_most: int = 4) -> str:
    """The municipalities and plan years of rows, for a caption, 'Exempelstad 2024 and Provby 2023', or how many."""
    pairs = rows.drop_duplicates(["municipality_code", "year"])
    if len(pairs) > at_most:
        return say("{n} municipalities and years", n=len(pairs))
    return say.listed([whose(say, row) for row in each(pairs)])


def difference(
    say: Wording,
    message: str,
    *,
    difference: Any,
    low: Any = None,
    high: Any = None,
    places: Sequence[Place] = (),
    **fields: Any,
) -> Finding:
    """A difference between two rates, in percentage points: the message may use {points}.

    Where the interval includes zero, the sentence says that chance may be all there is to it.
    """
    points = say.number(round(abs(difference) * 100))
    text = say(message, points=points, **fields)
    if is_missing(low) or is_missing(high):
        return Finding(text, tuple(places))
    reach = say(
        "95% interval {low} to {high} points",
        low=say.points(low),
        high=say.points(high),
    )
    doubt = say("the difference may be chance") if float(low or 0) <= 0 <= float(high or 0) else say("more than chance")
    return Finding(f"{text} {reach}: {doubt}.", tuple(places))


def change(
    say: Wording,
    message: str,
    *,
    before: Any,
    after: Any,
    form: Literal["money", "percent", "number"] = "number",
    places: Sequence[Place] = (),
    **fields: Any,
) -> Finding:
    """A change: the message may use {before}, {after} and {change} (relative, or percentage points for shares)."""
    if is_missing(before) or is_missing(after):
        return Finding(say("{group}: no data.", group=fields.get("group", say("This question"))), tuple(places))
    first, last = float(before or 0), float(after or 0)
    written = _in_one_unit(say, first, last) if form == "money" else say.writer(form)
    if form == "percent":
        moved = say("{points} percentage points", points=say.signed(round((last - first) * 100)))
    elif first:
        moved = say.percent((last - first) / abs(first), 1, signed=True)
    else:
        moved = say("from nothing")
    text = say(message, before=written(first), after=written(last), change=moved, **fields)
    return Finding(text, tuple(places))


def _in_one_unit(say: Wording, *amounts: float) -> Callable[[float], str]:
    """How amounts that a sentence sets against each other are written: all in the unit that suits the largest."""
    unit = say.money_unit(amounts)
    return lambda amount: say.money(amount, unit.symbol)


def extremes(
    page: Page,
    message: str,
    frame: pd.DataFrame,
    *,
    value: str,
    group: str = "municipality_code",
    form: Literal["money", "percent", "share", "number"] = "number",
    n: str | None = None,
    places: Sequence[Place] = (),
    **fields: Any,
) -> Finding | None:
    """The largest and the smallest: the message may use {high_name}, {high}, {low_name}, {low}.

    Groups that rest on fewer than ten (column `n`, if given) are left out; None if fewer than two remain, or if the two
    are written alike. Of more than five the two ends say little, so between what the middle half lies follows. Without
    `places` it leads to the records of the two (`record_ids`), else to their documents.
    """
    say = page.say
    known = frame[frame[value].notna()]
    if n is not None:
        known = known[known[n].fillna(0) >= TOO_FEW]
    if len(known) < 2:
        return None
    ordered = known.sort_values(value, kind="stable")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    written = _in_one_unit(say, low[value], high[value]) if form == "money" else say.writer(form)
    if written(low[value]) == written(high[value]):
        return None
    text = say(
        message,
        high_name=labels.value(group, high[group], say),
        high=written(high[value]),
        low_name=labels.value(group, low[group], say),
        low=written(low[value]),
        **fields,
    )
    if many(known):
        half = (written(float(end)) for end in known[value].astype("float64").quantile([0.25, 0.75]))
        text = f"{text} {say('The middle half of them have {span}.', span=say.span(*half))}"
    ends = ordered.iloc[[0, -1]]
    own = page.places(flat(ends["record_ids"])) if "record_ids" in ends else ()
    return Finding(text, tuple(places) or own or page.documents_of(ends))
