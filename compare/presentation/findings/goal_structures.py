"""What the report on goals found: how many and how deep, what hangs on them, and where the chain is broken."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from compare.presentation import labels, sentences
from compare.presentation.page import Page
from compare.presentation.sentences import Finding
from compare.presentation.wording import is_missing

METHOD = (
    "A goal that a plan repeats for several offices, or that several documents of a municipality and year state, "
    "counts once.",
    "The span is the mean number of goals directly under a goal that has any.",
    "An assignment, action or indicator belongs to the goal that it is printed under; what stands under no goal is "
    "counted as unattached.",
    "Indicator coverage is the share of goals with at least one indicator; target coverage is the share of indicators "
    "with a target for a stated year.",
    "Responsibility is shared where several committees are named, where another body leads, or where several offices "
    "are given the same assignment.",
    "Where a municipality's documents state no indicators at all, coverage is unknown and not zero.",
)
LIMITS = (
    "More goals are neither better nor worse: few wide goals and many narrow ones may say the same.",
    "A goal without indicators may be followed up in a document that was not read.",
)


def findings(
    page: Page, structure: pd.DataFrame, indicators: pd.DataFrame, shared: pd.DataFrame, unattached: pd.DataFrame
) -> list[Finding]:
    """The findings of the report, in the order a reader needs them.

    `structure` per municipality and year, `indicators` coverage, `shared` responsibility and `unattached` rows: as the
    measures of these names give them.
    """
    return [
        *_structures(page, structure),
        *_covered(page, indicators),
        *_shared(page, shared),
        *_loose(page, unattached),
    ]


def _structures(page: Page, structure: pd.DataFrame) -> Iterator[Finding]:
    for row in sentences.each(structure[structure["goals"] > 0]):
        of = page.say("{group} {year}", group=labels.municipality(row.municipality_code, page.say), year=int(row.year))
        count = page.say.plural("{of} has {n} goal", "{of} has {n} goals", int(row.goals), of=of)
        depth = page.say.plural("in {n} level", "in {n} levels", int(row.depth))
        if is_missing(row.span):
            yield Finding(f"{count} {depth}.", page.places(row.goal_ids))
        else:
            span = page.say("on average {span} under each goal that is divided", span=round(float(row.span), 1))
            yield Finding(f"{count} {depth}, {span}.", page.places(row.goal_ids))


def _covered(page: Page, indicators: pd.DataFrame) -> Iterator[Finding]:
    for row in sentences.each(indicators[indicators["n"] > 0]):
        yield sentences.rate(
            page.say,
            "{count} of {n} goals in {group} {year} have at least one indicator ({rate:percent}).",
            n=int(row.n),
            rate=row.rate,
            low=row.low,
            high=row.high,
            places=page.places(row.record_ids),
            group=labels.municipality(row.municipality_code, page.say),
            year=int(row.year),
        )


def _shared(page: Page, shared: pd.DataFrame) -> Iterator[Finding]:
    for row in sentences.each(shared[(shared["n"] > 0) & (shared["rate"] > 0)]):
        yield sentences.rate(
            page.say,
            "{count} of {n} assignments in {group} {year} are shared by several bodies ({rate:percent}).",
            n=int(row.n),
            rate=row.rate,
            low=row.low,
            high=row.high,
            places=page.places(row.record_ids),
            group=labels.municipality(row.municipality_code, page.say),
            year=int(row.year),
        )


def _loose(page: Page, unattached: pd.DataFrame) -> Iterator[Finding]:
    loose = unattached[(unattached["attached"] == "assignments") & (unattached["count"] > 0)]
    for row in sentences.each(loose):
        text = page.say(
            "{count} of {n} assignments in {group} {year} stand under no goal in the documents that were read.",
            count=int(row.count),
            n=int(row.n),
            group=labels.municipality(row.municipality_code, page.say),
            year=int(row.year),
        )
        yield Finding(text, page.places(row.record_ids))
