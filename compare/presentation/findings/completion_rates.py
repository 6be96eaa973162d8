"""What the report on completion found: rates at the year's end, forecasts that held, reservations, carried over."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from compare.presentation import labels, sentences
from compare.presentation.page import Page
from compare.presentation.sentences import Finding

METHOD = (
    "The strict rate is the share of assignments reported as completed among all that have a known status and are not "
    "cancelled; the lenient rate counts partly completed ones too.",
    "Intervals are 95% Wilson intervals: they show how much the rate of comparable assignments could vary by chance.",
    "The bounds show what the rate would be if all with unknown status had failed, and if all had been completed.",
    "An assignment that several committees share counts once in its municipality and once in each committee.",
    "A forecast held if the assignment that was expected to be completed was reported as completed at the year's end.",
    "The status follows the status sentence; what the comment beside it limits or contradicts is shown for itself.",
)
LIMITS = (
    "Statuses are the municipalities' own assessments; no evidence was checked.",
    "Assignments differ in size: a rate counts them, it does not weigh them.",
    "A committee can act on a forecast, so a forecast that failed need not have been a bad one.",
)


def findings(
    page: Page, rates: pd.DataFrame, hits: pd.DataFrame, qualified: pd.DataFrame, carried: pd.DataFrame
) -> list[Finding]:
    """The findings of the report, in the order a reader needs them.

    `rates` per municipality, year and period, `hits` of forecasts, `qualified` statuses, `carried` over assignments:
    as the measures of the same names give them.
    """
    return [
        *_completed(page, rates),
        *_held(page, hits),
        *_qualified(page, qualified),
        *_carried_over(page, carried),
    ]


def _completed(page: Page, rates: pd.DataFrame) -> Iterator[Finding]:
    at_end = rates[(rates["measure"] == "strict") & (rates["interim"] == 0) & (rates["n"] > 0)]
    for row in sentences.each(at_end):
        yield sentences.rate(
            page.say,
            "{group} completed {count} of {n} assignments in {year} ({rate:percent}).",
            n=row.n,
            rate=row.rate,
            low=row.low,
            high=row.high,
            places=page.places(row.record_ids),
            group=labels.municipality(row.municipality_code, page.say),
            year=int(row.year),
        )


def _held(page: Page, hits: pd.DataFrame) -> Iterator[Finding]:
    for row in sentences.each(hits[hits["n"] > 0]):
        yield sentences.rate(
            page.say,
            "Of {n} assignments that {group} expected to complete in {year}, {count} were completed ({rate:percent}).",
            n=row.n,
            rate=row.rate,
            low=row.low,
            high=row.high,
            places=page.places(row.record_ids),
            group=labels.municipality(row.municipality_code, page.say),
            year=int(row.year),
        )


def _qualified(page: Page, qualified: pd.DataFrame) -> Iterator[Finding]:
    completed = qualified[(qualified["status"] == "completed") & (qualified["qualified"] > 0)]
    for row in sentences.each(completed):
        text = page.say(
            "{count} of {n} assignments that {group} reports as completed at {period} carry a comment that limits it.",
            count=row.qualified,
            n=row.n,
            group=labels.municipality(row.municipality_code, page.say),
            period=labels.period(row.period, page.say),
        )
        yield Finding(text, page.places(row.record_ids))


def _carried_over(page: Page, carried: pd.DataFrame) -> Iterator[Finding]:
    for row in sentences.each(carried[(carried["n"] > 0) & (carried["rate"] > 0)]):
        yield sentences.rate(
            page.say,
            "{group}, plan for {year}: {count} of {n} assignments are carried over from before ({rate:percent}).",
            n=row.n,
            rate=row.rate,
            low=row.low,
            high=row.high,
            places=page.places(row.record_ids),
            group=labels.municipality(row.municipality_code, page.say),
            year=int(row.year),
        )
