"""What the report on completion found: rates at the year's end, forecasts that held, reservations, carried over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from compare.contract import Tables
from compare.measures import completion
from compare.presentation import labels, sentences
from compare.presentation.page import Page
from compare.presentation.sentences import Finding, each, flat

BY = ["municipality_code", "year", "period"]

METHOD = (
    "The rate is the share of assignments reported as completed among all that have a known status and are not "
    "cancelled; a second rate counts partly completed ones too.",
    "Intervals are 95% Wilson intervals: they show how much the rate of comparable assignments could vary by chance.",
    "The possible range goes from the rate if all with unknown status had failed to the rate if all were completed.",
    "An assignment that several committees share counts once in its municipality and once in each committee.",
    "To be completed and to be cancelled are two ends of which each assignment can come to one: their shares by each "
    "follow-up are Aalen and Johansen's estimates, with 95% intervals.",
    "A forecast held if the assignment that was expected to be completed was reported as completed at the year's end.",
    "The status follows the status sentence; a comment that limits or contradicts it is shown apart.",
    "Statuses of goals, actions and indicators are shown for themselves; they count in no rate of assignments.",
)
LIMITS = (
    "Statuses are the municipalities' own assessments; no evidence was checked.",
    "Assignments differ in size: a rate counts them, it does not weigh them.",
    "A committee can act on a forecast, so a forecast that failed need not have been a bad one.",
)


def findings(
    page: Page,
    *,
    rates: pd.DataFrame,
    hits: pd.DataFrame,
    qualified: pd.DataFrame,
    sensitivity: pd.DataFrame,
    carried: pd.DataFrame,
    unfinished: pd.DataFrame,
    again: pd.DataFrame,
    others: pd.DataFrame,
) -> list[Finding]:
    """The findings of the report, in the order a reader needs them.

    `rates` per municipality, year and period, `hits` of forecasts, `qualified` statuses and the
    `sensitivity` of the rates to them, `carried` over and `unfinished` assignments, those that stand `again` among the
    plan's own (`listed_again`): as the measures of the same names give them; `others` of the function below.
    """
    return [
        *_completed(page, rates),
        *_qualified(page, qualified),
        *_sensitive(page, sensitivity),
        *_held(page, hits),
        *_carried_over(page, carried),
        *_unfinished(page, unfinished, again),
        *_others(page, others),
    ]


def _completed(page: Page, rates: pd.DataFrame) -> Iterator[Finding]:
    at_end = rates[(rates["measure"] == "strict") & (rates["interim"] == 0)]
    return sentences.rates(
        page,
        "{group} completed {count} of {n} assignments in {year} ({rate:percent}).",
        at_end,
        several="In {groups} municipalities and years {count} of {n} assignments were completed by the end of the year "
        "({rate:percent}).",
    )


def _held(page: Page, hits: pd.DataFrame) -> Iterator[Finding]:
    return sentences.rates(
        page,
        "Of {n} assignments that {group} expected to complete in {year}, {count} were completed ({rate:percent}).",
        hits,
        several="In {groups} municipalities and years {count} of {n} forecasts made during the year held "
        "({rate:percent}).",
    )


def _qualified(page: Page, qualified: pd.DataFrame) -> Iterator[Finding]:
    completed = sentences.told_of(qualified[qualified["status"] == "completed"], "qualified")
    if sentences.many(completed):
        yield sentences.over_many(
            page,
            "In {groups} follow-ups {count} of {n} assignments reported as completed carry a comment that limits "
            "what was done ({rate:percent}).",
            completed,
        )
        return
    for row in each(completed):
        text = page.say(
            "{count} of {n} assignments that {group} reports as completed at {period} carry a comment that limits what "
            "was done.",
            count=row.qualified,
            n=row.n,
            period=labels.period(row.period, page.say),
            **sentences.about(page.say, row),
        )
        yield Finding(text, page.places(row.record_ids))


def _sensitive(page: Page, sensitivity: pd.DataFrame) -> Iterator[Finding]:
    """What becomes of the rate at the year's end where a comment that limits a status counts."""
    keys = ["municipality_code", "year"]
    ways = sensitivity[(sensitivity["partly"] == 0) & sensitivity["rate"].notna()]
    ways = ways[ways.groupby(keys)["rate"].transform("nunique") > 1]
    groups = ways.drop_duplicates(keys)
    if sentences.many(groups):
        of_all = (ways["rate"] * ways["n"]).groupby(ways["qualified"]).sum() / groups["n"].sum()
        text = page.say(
            "In {groups} municipalities and years how much was completed depends on the comments: {full:percent} of "
            "{n} assignments if they are left aside, {half:percent} if one that a comment limits counts half, "
            "{none:percent} if it does not count.",
            groups=len(groups),
            full=of_all[1.0],
            half=of_all[0.5],
            none=of_all[0.0],
            n=int(groups["n"].sum()),
        )
        yield Finding(text, page.documents_of(groups))
        return
    for _, rows in ways.groupby(keys, sort=False):
        rate = rows.set_index("qualified")["rate"]
        first = next(each(rows))
        text = page.say(
            "How much {group} completed in {year} depends on the comments: {full:percent} of {n} assignments if they "
            "are left aside, {half:percent} if one that a comment limits counts half, {none:percent} if it does not "
            "count.",
            full=rate[1.0],
            half=rate[0.5],
            none=rate[0.0],
            n=int(first.n),
            **sentences.about(page.say, first),
        )
        yield Finding(text, page.places(first.record_ids))


def _carried_over(page: Page, carried: pd.DataFrame) -> Iterator[Finding]:
    return sentences.rates(
        page,
        "{group}, plan for {year}: {count} of {n} assignments are called carried over from before ({rate:percent}).",
        sentences.told_of(carried, "rate"),
        several="In {groups} plans {count} of {n} assignments are called carried over from before ({rate:percent}).",
    )


def _unfinished(page: Page, unfinished: pd.DataFrame, again: pd.DataFrame) -> Iterator[Finding]:
    """How many assignments of earlier plans each plan lists as unfinished, from which years, how many stand again."""
    plans = unfinished.drop_duplicates(["municipality_code", "year"])
    if sentences.many(plans):
        text = page.say(
            "{groups} plans list {n} assignments from earlier plans as unfinished.",
            groups=len(plans),
            n=int(unfinished["n"].sum()),
        )
        yield Finding(text, page.documents_of(plans))
        return
    for (code, year), rows in unfinished.groupby(["municipality_code", "year"], sort=False):
        by_year = rows.groupby("from_plan_year")["n"].sum()
        text = page.say(
            "{group}, plan for {year}: {n} assignments from earlier plans are listed as unfinished ({parts}).",
            n=int(rows["n"].sum()),
            parts=page.say.listed([page.say("{n} from {year}", n=int(n), year=year) for year, n in by_year.items()]),
            **sentences.about(page.say, next(each(rows))),
        )
        own = again[(again["municipality_code"] == code) & (again["year"] == year) & (again["again"] > 0)]
        told = [text, *(_again(page, row) for row in each(own))]
        yield Finding(" ".join(told), page.places([*flat(rows["record_ids"]), *flat(own["record_ids"])]))


def _again(page: Page, row: Any) -> str:
    """How many of the unfinished assignments stand again among the plan's own, and how many of these without a word."""
    return page.say(
        "At least {again} of them stand again, in like words, among the plan's own assignments, {unmarked} of these "
        "without being called carried over."
        if row.unmarked
        else "At least {again} of them stand again, in like words, among the plan's own assignments, all of these "
        "called carried over.",
        again=row.again,
        unmarked=row.unmarked,
    )


def _others(page: Page, others: pd.DataFrame) -> Iterator[Finding]:
    """How goals, actions and indicators stand, of each municipality by what its documents say."""
    if sentences.many(others.drop_duplicates([*BY, "table"])):
        for subject, rows in others.groupby("table", sort=False):
            by_status = rows.groupby("status", sort=False)["n"].sum()
            text = page.say(
                "The documents of {groups} municipalities say how {n} {things} stand ({counts}); these count in no "
                "rate of assignments.",
                groups=rows["municipality_code"].nunique(),
                n=int(by_status.sum()),
                things=labels.code("table", str(subject), page.say),
                counts=page.say.listed(
                    [
                        page.say("{n} {status}", n=int(n), status=labels.code("status", status, page.say))
                        for status, n in by_status.items()
                    ]
                ),
            )
            yield Finding(text, page.documents_of(rows))
        return
    for (table, _, _, _), rows in others.groupby(["table", *BY], sort=False):
        counts = [
            page.say("{n} {status}", n=row.n, status=labels.code("status", row.status, page.say)) for row in each(rows)
        ]
        first = next(each(rows))
        text = page.say(
            "{group}, {period}: the documents say how {n} {things} stand ({counts}); these count in no rate of "
            "assignments.",
            n=first.total,
            things=labels.code("table", table, page.say),
            counts=page.say.listed(counts),
            period=labels.period(first.period, page.say),
            **sentences.about(page.say, first),
        )
        yield Finding(text, page.places(flat(rows["record_ids"])))


def others(plans: Tables) -> pd.DataFrame:
    """How many goals, actions and indicators have which status, by municipality, year and period.

    Columns of `completion.distribution` and `table`; without rows where documents state no such status.
    """
    subjects = {"goals": "goal", "actions": "action", "indicators": "indicator"}
    parts = [
        completion.distribution(plans, by=BY, subject=subject).assign(table=table)
        for table, subject in subjects.items()
    ]
    known = [part for part in parts if len(part)]
    return pd.concat(known, ignore_index=True) if known else parts[0]


def with_goals(unfinished: pd.DataFrame) -> pd.DataFrame:
    """The unfinished assignments with `goal_title` as the plan prints it, its number before its title."""
    number = unfinished["goal_number"].fillna("").astype("str")
    titles = (number + " " + unfinished["goal_title"].fillna("").astype("str")).str.strip()
    return unfinished.assign(goal_title=titles.mask(titles == ""))


def ways_that_differ(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """The rates without ways of counting that come to the same: how the partly completed count where there are none."""
    ways = sensitivity.groupby(["municipality_code", "year", "qualified"], sort=False)["rate"]
    return sensitivity[(ways.transform("nunique") > 1) | (sensitivity["partly"] == 0)]


def title_of_others(page: Page, others: pd.DataFrame) -> str:
    """Of how many goals, actions and indicators there is a status; empty where there is none."""
    groups = others.drop_duplicates([*BY, "table"])
    counts = groups.groupby("table", sort=False)["total"].sum()
    if counts.empty:
        return ""
    words = [f"{page.say.number(n)} {labels.code('table', table, page.say)}" for table, n in counts.items()]
    return page.say("The documents state a status of {things}", things=page.say.listed(words))


def title_of_statuses(page: Page, statuses: pd.DataFrame) -> str:
    """How many assignments are completed at the latest follow-up; empty where there is none.

    `statuses` has a row per municipality, year, period and status, with `n`.
    """
    latest = _latest(statuses, ["municipality_code", "year"])
    if latest.empty:
        return ""
    done = int(latest.loc[latest["status"] == "completed", "n"].sum())
    periods = latest["period"].unique()
    if len(periods) > 1:
        return page.say(
            "{count} of {n} assignments completed at the latest follow-up", count=done, n=int(latest["n"].sum())
        )
    return page.say(
        "{count} of {n} assignments completed at {period}",
        count=done,
        n=int(latest["n"].sum()),
        period=labels.period(periods[0], page.say),
    )


def title_of_rates(page: Page, rates: pd.DataFrame) -> str:
    """Which share was completed at the year's end, between which ends; empty where nothing is known."""
    return sentences.between(
        page.say,
        rates[(rates["measure"] == "strict") & (rates["interim"] == 0)],
        "rate",
        one=lambda row: page.say(
            "{group}: {rate:percent} completed at the end of the year, on {n} assignments",
            group=sentences.whose(page.say, row),
            rate=row.rate,
            n=int(row.n),
        ),
        several="From {low:percent} completed in {low_name} to {high:percent} in {high_name}",
        middle="{span} completed in the middle half of {groups} municipalities and years",
        form="percent",
    )


def title_of_committees(page: Page, statuses: pd.DataFrame) -> str:
    """How many committees have all their assignments completed at their latest follow-up; empty where there are none.

    `statuses` has a row per municipality, committee, period and status, with `n`.
    """
    keys = ["municipality_code", "committee"]
    latest = _latest(statuses, keys)
    if latest.empty:
        return ""
    unfinished = latest[(latest["status"] != "completed") & (latest["n"] > 0)]
    n = len(latest.drop_duplicates(keys))
    return page.say.plural(
        "{count} of {n} committee has completed all its assignments",
        "{count} of {n} committees have completed all their assignments",
        n,
        count=n - len(unfinished.drop_duplicates(keys)),
    )


def title_of_moves(page: Page, hits: pd.DataFrame) -> str:
    """How many of the assignments expected to be completed were; empty where nothing was forecast."""
    n = int(hits["n"].sum())
    if n == 0:
        return ""
    return page.say("{count} of {n} forecasts during the year held", count=int(hits["held"].sum()), n=n)


def _latest(statuses: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The rows of each group's last period."""
    rows = statuses[statuses["n"] > 0]
    return rows[rows["period"] == rows.groupby(keys, dropna=False)["period"].transform("max")]
