"""What the report on goals found: how many and how deep, what hangs on them, and where the chain is broken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from compare.presentation import labels, sentences
from compare.presentation.page import Page
from compare.presentation.sentences import Finding

METHOD = (
    "A goal that a plan repeats for several offices, or that several documents of a municipality and year state, "
    "counts once.",
    "Goals per divided goal is the mean number of goals directly under a goal that has any.",
    "An assignment, action or indicator belongs to the goal that it is printed under; what stands under no goal is "
    "counted as unattached.",
    "A goal has an indicator where at least one is printed under it; an indicator has a target where one is printed in "
    "figures or in words, for any year.",
    "Responsibility is shared where several committees are named, where another body leads, or where several offices "
    "are given the same assignment.",
    "Whether a goal has indicators or assignments is unknown, and not no, where none of the documents that state the "
    "goal gives any to a goal.",
)
LIMITS = (
    "More goals are neither better nor worse: few wide goals and many narrow ones may say the same.",
    "A goal without indicators may be followed up in a document that was not read.",
)


def findings(
    page: Page,
    structure: pd.DataFrame,
    *,
    indicators: pd.DataFrame,
    indicators_below: pd.DataFrame,
    attached: pd.DataFrame,
    unattached: pd.DataFrame,
    shared: pd.DataFrame,
) -> list[Finding]:
    """The findings of the report, in the order a reader needs them.

    `structure` per municipality and year, `indicators` coverage, the same with those of the goals below, what is
    `attached` to goals and `unattached` to any, and `shared` responsibility: as the measures of these names give them.
    """
    return [
        *_sizes(page, structure),
        *_spread(page, attached),
        *_covered(page, indicators, indicators_below),
        *_divided(page, structure),
        *_shared(page, shared),
        *_loose(page, unattached),
    ]


def _sizes(page: Page, structure: pd.DataFrame) -> Iterator[Finding]:
    """How many goals there are in how many levels, in one sentence."""
    rows = structure[structure["goals"] > 0]
    if sentences.many(rows):
        low, high = (page.say.number(round(end)) for end in rows["goals"].astype("float64").quantile([0.25, 0.75]))
        text = page.say(
            "{groups} plans have {goals} goals in all, in at most {depth} levels; the middle half of them have {span} "
            "goals each.",
            groups=len(rows),
            goals=int(rows["goals"].sum()),
            depth=int(rows["depth"].max()),
            span=page.say.span(low, high),
        )
        yield Finding(text, page.documents_of(rows))
        return
    if len(rows):
        told = page.say.listed([_size(page, row) for row in sentences.each(rows)])
        yield Finding(f"{told}.", page.places(sentences.flat(rows["goal_ids"])))


def _divided(page: Page, structure: pd.DataFrame) -> Iterator[Finding]:
    """How many of the goals above the lowest level are divided, of few plans each."""
    rows = structure[structure["goals"] > 0]
    if sentences.many(rows):
        return
    for row in sentences.each(rows[rows["span"].notna() & (rows["childless"] > 0)]):
        above, whole = round(row.childless / row.childless_rate), int(row.childless)
        text = page.say.plural(
            "Of {above} goals of {of} that stand above the lowest level {divided} are divided, on average into "
            "{span}; {n} has no goals below it.",
            "Of {above} goals of {of} that stand above the lowest level {divided} are divided, on average into "
            "{span}; {n} have no goals below them.",
            whole,
            of=sentences.whose(page.say, row),
            above=above,
            divided=above - whole,
            span=round(float(row.span), 1),
        )
        yield Finding(text, page.places(row.childless_ids))


def _size(page: Page, row: Any) -> str:
    """How many goals one plan has, in how many levels: 'Exempelstad 2024 has 39 goals in 3 levels'."""
    of = sentences.whose(page.say, row)
    count = page.say.plural("{of} has {n} goal", "{of} has {n} goals", int(row.goals), of=of)
    return f"{count} {page.say.plural('in {n} level', 'in {n} levels', int(row.depth))}"


def _covered(page: Page, indicators: pd.DataFrame, below: pd.DataFrame) -> Iterator[Finding]:
    """The goals with an indicator, and how many more they are with those of the goals under them."""
    with_below = dict(zip(_keys(below), below["count"], strict=True))
    yield from sentences.rates(
        page,
        lambda row: (
            "{count} of {n} goals in {group} {year} have at least one indicator ({rate:percent}); of {unknown} more it "
            "cannot be told, since the documents that state them give no goal an indicator."
            if row.unknown and with_below[row.municipality_code, row.year] == row.count
            else "{count} of {n} goals in {group} {year} have at least one indicator ({rate:percent})."
            if with_below[row.municipality_code, row.year] == row.count
            else "{count} of {n} goals in {group} {year} have at least one indicator of their own ({rate:percent}); "
            "with the indicators of the goals below them it is {below}."
        ),
        indicators,
        fields=lambda row: {"below": with_below[row.municipality_code, row.year]},
        several="In {groups} plans {count} of {n} goals have at least one indicator of their own ({rate:percent}).",
    )


def _keys(rows: pd.DataFrame) -> list[tuple[str, int]]:
    return list(zip(rows["municipality_code"], rows["year"], strict=True))


def _spread(page: Page, attached: pd.DataFrame) -> Iterator[Finding]:
    """How unevenly the assignments stand: most on which goal, how many of them parts of others, none on how many."""
    rows = attached[(attached["attached"] == "assignments") & (attached["on_goals"] > 0)]
    if sentences.many(rows):
        yield sentences.over_many(
            page,
            "In {groups} plans {count} of {n} goals have no assignment, nor do the goals below them ({rate:percent}).",
            rows.assign(n=rows["known"], rate=rows["without"] / rows["known"]),
        )
        return
    for row in sentences.each(sentences.enough(rows, "on_goals")):
        parts = [_most(page, row)]
        if row.without:
            parts.append(
                page.say(
                    "{without} of {goals} goals have none, nor do the goals below them, in the documents that were "
                    "read.",
                    without=int(row.without),
                    goals=int(row.known),
                )
            )
        yield Finding(" ".join(parts), page.places([*row.most_ids, *row.goal_ids]))


def _most(page: Page, row: Any) -> str:
    """On which goal most assignments stand, named where it is one, and how many of them are parts of others."""
    fields = {"most": int(row.largest), "n": int(row.on_goals), **sentences.about(page.say, row)}
    goals = page.plans.goals[page.plans.goals["goal_id"].isin(row.most_ids)]
    if len(goals) != 1:
        return page.say("The most assignments on one goal in {group} {year} are {most} of {n}.", **fields)
    tasks = page.plans.assignments
    parts = tasks.loc[tasks["goal_id"].isin(row.most_ids) & (tasks["kind"] == "sub_assignment"), "title"].nunique()
    title = labels.in_language(goals, "title", page.say)[0][0]
    return page.say(
        "{most} of {n} assignments in {group} {year} stand under one goal, “{goal}”; {parts} of them are parts of "
        "another assignment."
        if parts
        else "{most} of {n} assignments in {group} {year} stand under one goal, “{goal}”.",
        goal=title,
        parts=parts,
        **fields,
    )


def _shared(page: Page, shared: pd.DataFrame) -> Iterator[Finding]:
    rows = sentences.told_of(shared, "rate")
    return sentences.rates(
        page,
        "{count} of {n} assignments in {group} {year} are shared by several bodies ({rate:percent}).",
        rows if sentences.many(rows) else sentences.enough(rows),
        several="In {groups} plans {count} of {n} assignments are shared by several bodies ({rate:percent}).",
    )


def _loose(page: Page, unattached: pd.DataFrame) -> Iterator[Finding]:
    loose = sentences.told_of(unattached[unattached["attached"] == "assignments"], "count")
    if sentences.many(loose):
        yield sentences.over_many(
            page,
            "In {groups} plans {count} of {n} assignments stand under no goal in the documents that were read "
            "({rate:percent}).",
            loose,
        )
        return
    for row in sentences.each(loose):
        text = page.say(
            "The documents of {group} {year} that were read do not say which goals their {n} assignments serve."
            if row.count == row.n
            else "{count} of {n} assignments in {group} {year} stand under no goal in the documents that were read.",
            count=int(row.count),
            n=int(row.n),
            **sentences.about(page.say, row),
        )
        yield Finding(text, page.places(row.record_ids))


def title_of_trees(page: Page, structure: pd.DataFrame) -> str:
    """How many goals and levels there are, between which ends; empty where there are no goals."""
    return sentences.between(
        page.say,
        structure[structure["goals"] > 0],
        "goals",
        one=lambda row: page.say(
            "{group}: {goals} goals {depth}",
            group=sentences.whose(page.say, row),
            goals=int(row.goals),
            depth=page.say.plural("in {n} level", "in {n} levels", int(row.depth)),
        ),
        several="From {low} goals in {low_name} to {high} in {high_name}",
        middle="The middle half of {groups} plans have {span} goals",
    )


def title_of_attachments(page: Page, attached: pd.DataFrame) -> str:
    """How many assignments there are per goal, between which ends; empty where no document states any."""
    assignments = attached[attached["attached"] == "assignments"]
    return sentences.between(
        page.say,
        assignments.assign(per_goal=assignments["per_goal"].astype("float64").round(1)),
        "per_goal",
        one=lambda row: page.say(
            "{number} assignments per goal in {group}", number=row.per_goal, group=sentences.whose(page.say, row)
        ),
        several="From {low} assignments per goal in {low_name} to {high} in {high_name}",
        middle="The middle half of {groups} plans have {span} assignments per goal",
    )


def title_of_coverage(page: Page, indicators: pd.DataFrame) -> str:
    """Which share of the goals has an indicator, between which ends; empty where it is unknown of all."""
    return sentences.between(
        page.say,
        indicators,
        "rate",
        one=lambda row: page.say(
            "{rate:percent} of the goals in {group} have an indicator",
            rate=row.rate,
            group=sentences.whose(page.say, row),
        ),
        several="From {low:percent} of the goals in {low_name} to {high:percent} in {high_name} have an indicator",
        middle="In the middle half of {groups} plans {span} of the goals have an indicator",
        form="percent",
    )


def with_both_places(changes: pd.DataFrame) -> pd.DataFrame:
    """The changes of goals with `record_ids`, the goal before and the goal after as far as there are both."""
    ends = zip(changes["from_id"], changes["to_id"], strict=True)
    ids = [[goal for goal in pair if pd.notna(goal)] for pair in ends]
    return changes.assign(record_ids=pd.Series(ids, index=changes.index, dtype=object))
