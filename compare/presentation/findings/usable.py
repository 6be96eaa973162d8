"""Whether what was read can be used: what values state of themselves, and when documents came and actions are due."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from compare.measures import statistics as stat
from compare.presentation import labels, sentences
from compare.presentation.page import Page
from compare.presentation.sentences import Finding, each

TOLD_APART = 6
RARE = 0.5  # what fewer than half of the rows state is told

METHOD = (
    "An indicator states its unit where its row or any of its values does; its outcome is recent where it is of at "
    "most two years before the plan.",
    "A plan is held against the first day of its year, a follow-up against two months from the end of its period. Days "
    "are those of the decision, or of the statuses where a follow-up prints them.",
)


def answered(questions: pd.DataFrame) -> pd.DataFrame:
    """The share of questions that each municipality's plans answer, wholly or partly: `rate`, `n`."""
    yes = (questions["answer"] != "no_data").groupby(questions["municipality_code"]).agg(["mean", "size"])
    return yes.rename(columns={"mean": "rate", "size": "n"}).reset_index()


def findings(page: Page, *, hygiene: pd.DataFrame, days: pd.DataFrame, ends: pd.DataFrame) -> list[Finding | None]:
    """The findings: `hygiene` by municipality (`value_hygiene.stated`), `days` and `ends` of `timeliness`."""
    return [*_stated(page, hygiene), *_days(page, days), *_ends(page, ends)]


def _stated(page: Page, hygiene: pd.DataFrame) -> Iterator[Finding | None]:
    """What indicators rarely state, of few municipalities each, of many all together."""
    rows = hygiene[(hygiene["table"] == "indicators") & (hygiene["n"] > 0).fillna(False)]
    if rows["municipality_code"].nunique() > TOLD_APART:
        total = rows.groupby("quality", sort=False)[["count", "n"]].sum().reset_index()
        total = total.assign(rate=stat.rate(total["count"], total["n"]))
        rare = total[total["rate"] < RARE].sort_values("rate", kind="stable")
        if len(rare):
            yield Finding(page.say("Fewer than half of all indicators state: {parts}.", parts=_parts(page, rare)))
        return
    for code, own in rows.groupby("municipality_code"):
        rare = own[own["rate"] < RARE].sort_values("rate", kind="stable")
        if rare.empty:
            continue
        text = page.say(
            "{group}: fewer than half of the indicators state: {parts}.",
            group=labels.municipality(code, page.say),
            parts=_parts(page, rare),
        )
        yield Finding(text, page.places(sentences.flat(rare["record_ids"])))


def _parts(page: Page, rows: pd.DataFrame) -> str:
    return page.say.listed(
        [
            page.say(
                "{quality} ({count} of {n})",
                quality=labels.code("quality", row.quality, page.say),
                count=row.count,
                n=row.n,
            )
            for row in each(rows)
        ]
    )


def _days(page: Page, days: pd.DataFrame) -> Iterator[Finding]:
    """How many documents state when they were decided, and how many of these came in time."""
    if days.empty:
        return
    dated = days[days["timing"] != "no_day"]
    if dated.empty:
        yield Finding(
            page.say(
                "None of {n} plans and follow-ups states the day on which it was decided, so whether they came in time "
                "cannot be told.",
                n=len(days),
            ),
            page.documents_of(days),
        )
        return
    in_time = dated["timing"].isin(["before_the_year", "before_the_end", "within_two_months"])
    text = page.say(
        "Of {n} plans and follow-ups {dated} state a day; {in_time} of these were decided before their year began or "
        "within two months of their period's end.",
        n=len(days),
        dated=len(dated),
        in_time=int(in_time.sum()),
    )
    yield Finding(text, page.places(sentences.flat(dated["record_ids"])))


def _ends(page: Page, ends: pd.DataFrame) -> Iterator[Finding | None]:
    """By when actions are due, where they state it."""
    known = ends[(ends["n"] > 0).fillna(False).to_numpy(bool)]
    index = ["municipality_code", "year", "n"]
    wide = known.pivot_table(index=index, columns="due", values="count", aggfunc="sum").reset_index()
    if len(wide) > TOLD_APART:
        yield Finding(
            page.say(
                "Of {n} actions with a stated end in {plans} plans {within} are due in the plan year, {before} before "
                "it and {later} after.",
                n=int(wide["n"].sum()),
                plans=len(wide),
                within=int(wide["within_the_year"].sum()),
                before=int(wide["before_the_year"].sum()),
                later=int(wide["later"].sum()),
            ),
            page.documents_of(wide),
        )
        return
    for row in each(wide):
        own = known[(known["municipality_code"] == row.municipality_code) & (known["year"] == row.year)]
        text = page.say(
            "{group}, plan for {year}: of {n} actions with a stated end {within} are due in the plan year, {before} "
            "before it and {later} after.",
            **sentences.about(page.say, row),
            n=row.n,
            within=row.within_the_year,
            before=row.before_the_year,
            later=row.later,
        )
        words = [text, _steps_of_the_plan(page, own)]
        yield Finding(" ".join(filter(None, words)), page.places(sentences.flat(own["record_ids"])))


def _steps_of_the_plan(page: Page, ends: pd.DataFrame) -> str:
    """How many actions that are due before the plan year stand on nothing, as the steps of a timetable do."""
    early = sentences.flat(ends.loc[ends["due"] == "before_the_year", "record_ids"])
    actions = page.plans.actions
    actions = actions[actions["action_id"].isin(early)]
    loose = int((actions["goal_id"].isna() & actions["assignment_id"].isna()).sum())
    if not loose:
        return ""
    return page.say.plural(
        "{n} of those before it belongs to no goal or assignment: it can be a step of the work on the plan itself.",
        "{n} of those before it belong to no goal or assignment: they can be steps of the work on the plan itself.",
        loose,
    )
