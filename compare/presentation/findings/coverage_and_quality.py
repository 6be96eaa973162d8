"""What the report on coverage found: what was read and how surely, what is remarked on it, and what it can answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from compare.contract import Tables
from compare.presentation import labels, sentences
from compare.presentation.page import Page
from compare.presentation.remarks import SEVERITIES, counted
from compare.presentation.sentences import Finding, each, flat

TOLD_APART = 6
RULES_TOLD = 6

METHOD = (
    "A question counts as answered (yes) where at least nine in ten of the records that could carry the answer do, as "
    "partly where fewer do, and as no data where none does. How many of how many stands beside it.",
    "Confidence is what the reading says of each row, from 0 to 1; rows below 0.8 count as read with doubt. It rises "
    "where sums prove the figures and falls where they contradict them.",
    "A claim is what a document states about itself; it is compared with an own count or sum. Claims that cannot be "
    "checked are left out of the rate.",
    "A goal's chain is complete where a goal below, an indicator, an assignment and money are tied to it. Only goals "
    "of the highest level are asked for that, and a part that a municipality's documents tie to no goal at all is "
    "unknown.",
    "A measure is listed as not computed where the records that it rests on are missing; what it would take stands "
    "beside it.",
)
LIMITS = (
    "No data means that it was not in what was read. It may stand in documents that nobody has read.",
    "That a question can be answered says nothing of whether the answer is good.",
    "A broken chain may be broken in the reading and not in the plan: a reference in running text is easily missed.",
    "Confidence is the reader's own; how often it is right shows only when a person has coded the same document.",
    "A document without remarks is not proved to be right: only what states sums, counts or dates twice can be "
    "checked.",
)


def findings(
    page: Page,
    *,
    questions: pd.DataFrame,
    confidence: pd.DataFrame,
    remarks: pd.DataFrame,
    verdicts: pd.DataFrame,
    chains: pd.DataFrame,
    tops: pd.DataFrame,
    loose: pd.DataFrame,
    lacking: pd.DataFrame,
) -> list[Finding | None]:
    """The findings of the report, in the order a reader needs them.

    `questions`, `confidence`, `remarks`, `verdicts`, `loose` (`loose_ends`) and `lacking` (`not_computed`) are results
    of `compare.measures.coverage`; `chains` of `goal_chain.completeness` by municipality, `tops` of its `chains`.
    """
    return [
        _read(page),
        *_answers(page, questions),
        *_unanswered(page, questions),
        *_remarks(page, remarks),
        *_claims(page, verdicts),
        *_confidence(page, confidence),
        _lacking(page, lacking),
        *_chains(page, chains, tops),
        *_loose(page, loose),
    ]


def _name(page: Page, code: Any) -> str:
    return labels.municipality(code, page.say)


def _read(page: Page) -> Finding:
    say, documents = page.say, page.plans.documents
    machine = int((documents["reading"] == "machine").sum())
    read = say.plural(
        "{n} document of {groups} was read",
        "{n} documents of {groups} were read",
        len(documents),
        groups=say.plural("{n} municipality", "{n} municipalities", documents["municipality_code"].nunique()),
    )
    if machine == len(documents):
        return Finding(say("{read}, all by machine and without a person's review.", read=read))
    return Finding(
        say("{read}, {machine} of them by machine and without a person's review.", read=read, machine=machine)
    )


def _confidence(page: Page, confidence: pd.DataFrame) -> Iterator[Finding]:
    total = confidence[["rows", "with_confidence", "doubtful"]].sum()
    if not total["with_confidence"]:
        return
    rows, stated, doubtful = (int(total[name]) for name in ("rows", "with_confidence", "doubtful"))
    which = (
        page.say("All {rows} rows", rows=rows) if stated == rows else page.say("{n} of {all} rows", n=stated, all=rows)
    )
    worst = confidence.sort_values("doubtful", ascending=False, kind="stable").iloc[0]
    text = (
        page.say(
            "{which} say how sure the reading is; {doubtful} of them ({share:percent}) were read with doubt, most "
            "often {table} ({most}).",
            which=which,
            doubtful=doubtful,
            share=doubtful / stated,
            table=labels.code("table", worst["table"], page.say),
            most=int(worst["doubtful"]),
        )
        if doubtful
        else page.say("{which} say how sure the reading is, and none was read with doubt.", which=which)
    )
    yield Finding(text, page.places(flat(confidence["record_ids"])))


def _answers(page: Page, questions: pd.DataFrame) -> Iterator[Finding]:
    """How many questions each municipality's plans answer; of many municipalities the middle and the ends."""
    wide = pd.crosstab(questions["municipality_code"], questions["answer"]).reindex(
        columns=["yes", "partly", "no_data"], fill_value=0
    )
    asked = questions["question"].nunique()
    if len(wide) > TOLD_APART and wide["yes"].nunique() == 1:
        same = int(wide["yes"].iloc[0])
        yield Finding(page.say("The plans of every municipality answer {n} of {asked} questions.", n=same, asked=asked))
        return
    if len(wide) > TOLD_APART:
        yield Finding(
            page.say(
                "Of {asked} questions the plans of a municipality answer {median} in the middle case, from {low} to "
                "{high}.",
                asked=asked,
                median=page.say.number(wide["yes"].median(), 0),
                low=int(wide["yes"].min()),
                high=int(wide["yes"].max()),
            )
        )
        return
    told = [
        page.say(
            "{yes} in {group} (and {partly} in part)",
            group=_name(page, row.Index),
            yes=int(row.yes),
            partly=int(row.partly),
        )
        for row in each(wide)
    ]
    yield Finding(
        page.say(
            "Of {asked} questions the plans that were read answer {each}. On the others they have no data.",
            asked=asked,
            each=page.say.listed(told),
        )
    )


def _unanswered(page: Page, questions: pd.DataFrame) -> Iterator[Finding]:
    """The questions on which municipalities can be compared, and those that nobody's plans answer."""
    say = page.say
    answers = questions.groupby("question", sort=False)["answer"]
    none = [labels.code("question", q, say) for q, given in answers if (given == "no_data").all()]
    comparable = [labels.code("question", q, say) for q, given in answers if (given != "no_data").sum() > 1]
    if comparable and len(comparable) == len(answers):
        yield Finding(say("All {n} questions can be compared between at least two municipalities.", n=len(comparable)))
    elif questions["municipality_code"].nunique() > 1:
        yield Finding(
            say(
                "{n} of {all} questions can be compared between at least two municipalities: {questions}",
                n=len(comparable),
                all=len(answers),
                questions=" ".join(comparable),
            )
            if comparable
            else say("No question can be compared between two municipalities.")
        )
    if none:
        yield Finding(say("No plan that was read answers: {questions}", questions=" ".join(none)))


def _remarks(page: Page, remarks: pd.DataFrame) -> Iterator[Finding]:
    """Per severity how many remarks, and the rule that most of them are about."""
    for severity in SEVERITIES:
        rows = remarks[remarks["severity"] == severity]
        if rows.empty:
            continue
        total = int(rows["remarks"].sum())
        rules = rows.groupby("rule")["remarks"].sum().sort_values(ascending=False, kind="stable")
        told = [
            f"{labels.code('rule', rule, page.say)} ({page.say.number(n)})"
            for rule, n in rules.head(RULES_TOLD).items()
        ]
        words = counted(severity, total, page.say)
        yield Finding(
            page.say("{words}: {rules}.", words=words, rules=page.say.listed(told))
            if len(rules) <= len(told)
            else page.say("{words}, most often {rules}.", words=words, rules=page.say.listed(told)),
            page.places(flat(rows["record_ids"])),
        )


def _claims(page: Page, verdicts: pd.DataFrame) -> Iterator[Finding]:
    """Of all claims that can be checked how many hold; the places are of those that do not."""
    return sentences.together(
        page,
        "{count} of {n} claims that documents make about themselves and that can be checked agree with what was read "
        "({rate:percent}); {unchecked} more cannot be checked.",
        verdicts,
        ids="record_ids",
        unchecked=int(verdicts["unknown"].sum()),
    )


def _chains(page: Page, chains: pd.DataFrame, tops: pd.DataFrame) -> Iterator[Finding]:
    """How many top goals have the whole chain: a rate where it is known of all, else what is sure of how many.

    Where a part is unknown the goals that lack another part are known to be broken and the others are not known, so a
    rate of the known ones would tell of nothing but that.
    """
    whole = chains[(chains["part"] == "complete") & (chains["n"] > 0).fillna(False)]
    if len(whole) > TOLD_APART:
        yield from _chains_together(page, whole)
        return
    known = whole["unknown"] == 0
    for row in each(whole[known]):
        own = tops[tops["municipality_code"] == row.municipality_code]
        told = [_by_name(page, row, own), _money_of_offices(page, own)]
        yield Finding(" ".join(filter(None, told)), page.places([*row.record_ids, *row.other_ids]))
    for row in each(whole[~known]):
        words = _unsure(page, row.count, row.n, row.unknown, group=_name(page, row.municipality_code))
        yield Finding(words, page.places(row.other_ids))


def _by_name(page: Page, row: Any, tops: pd.DataFrame) -> str:
    """How many top goals have the whole chain; where it goes by what the plan calls them, of which sort all or none.

    Such a split tells of two sorts of goals and of no chance, so it has no rate and no interval.
    """
    say, group = page.say, _name(page, row.municipality_code)
    sorts = tops.groupby("level_term", sort=False, dropna=False).agg(
        whole=("complete", "sum"), goals=("goal_id", "size")
    )
    sorts = sorts.sort_values("whole", ascending=False, kind="stable")
    all_or_none = ((sorts["whole"] == 0) | (sorts["whole"] == sorts["goals"])).all()
    if len(sorts) > 1 and all_or_none and sorts.index.notna().all() and sorts["whole"].any():
        told = [
            say(
                "all {n} called “{sort}”" if one.whole else "none of the {n} called “{sort}”",
                n=int(one.goals),
                sort=one.Index,
            )
            for one in each(sorts)
        ]
        return say(
            "{group}, goals of the highest level with a whole chain of goal below, indicator, assignment and money: "
            "{sorts}.",
            group=group,
            sorts=say.listed(told),
        )
    return sentences.rate(
        say,
        "{group}: {count} of {n} goals of the highest level have a whole chain of goal below, indicator, assignment "
        "and money ({rate:percent}).",
        n=row.n,
        rate=row.rate,
        low=row.low,
        high=row.high,
        group=group,
    ).text


def _money_of_offices(page: Page, tops: pd.DataFrame) -> str:
    """The reservation about whole chains whose money is not the goal's own; empty where there is none."""
    whole = tops["complete"].fillna(False).astype(bool)
    of_offices = int((whole & (tops["budget_basis"] == "office")).sum())
    if not of_offices:
        return ""
    return page.say(
        "For {n} of {whole} the money is the budget of an office that works on the goal, not money set aside for it.",
        n=of_offices,
        whole=int(whole.sum()),
    )


def _chains_together(page: Page, whole: pd.DataFrame) -> Iterator[Finding]:
    count, n, unknown = (int(whole[name].sum()) for name in ("count", "n", "unknown"))
    if unknown:
        group = page.say.plural("{n} municipality", "{n} municipalities", len(whole))
        yield Finding(_unsure(page, count, n, unknown, group=group))
        return
    none = int((whole["count"] == 0).sum())
    yield from sentences.together(
        page,
        "{count} of {n} goals of the highest level in {all} municipalities have a whole chain of goal below, "
        "indicator, assignment and money ({rate:percent}); in {none} municipalities none has."
        if none
        else "{count} of {n} goals of the highest level in {all} municipalities have a whole chain of goal below, "
        "indicator, assignment and money ({rate:percent}).",
        whole,
        all=len(whole),
        none=none,
    )


def _unsure(page: Page, count: int, n: int, unknown: int, group: str) -> str:
    """What is sure of the chains, and between which ends the share that are whole lies."""
    return page.say(
        "{group}: of {goals} goals of the highest level {count} have a whole chain of goal below, indicator, "
        "assignment and money and {broken} lack a part of it. Of {unknown} it cannot be told, so the share with a "
        "whole chain lies between {low:percent} and {high:percent}.",
        group=group,
        goals=int(n + unknown),
        count=int(count),
        broken=int(n - count),
        unknown=int(unknown),
        low=count / (n + unknown),
        high=(count + unknown) / (n + unknown),
    )


def _loose(page: Page, loose: pd.DataFrame) -> Iterator[Finding]:
    """Per municipality what most of its goals, assignments and indicators lack."""
    found = loose.explode("lacks").groupby(["municipality_code", "table", "lacks"])["record_id"].agg(list).reset_index()
    found = found.assign(n=found["record_id"].map(len)).sort_values("n", ascending=False, kind="stable")
    most = found.drop_duplicates(["municipality_code", "table"])
    if most["municipality_code"].nunique() > TOLD_APART:
        several = found.groupby(["table", "lacks"])["n"].sum().reset_index()
        several = several.sort_values("n", ascending=False, kind="stable").head(4)
        parts = [_lack(page, row.table, row.lacks, row.n) for row in each(several)]
        yield Finding(page.say("What is missing most: {parts}.", parts="; ".join(parts)))
        return
    for code, rows in most.groupby("municipality_code"):
        parts = [_lack(page, row.table, row.lacks, row.n) for row in each(rows)]
        text = page.say("{group}, what is missing most: {parts}.", group=_name(page, code), parts="; ".join(parts))
        yield Finding(text, page.places(flat(rows["record_id"])))


def _lack(page: Page, table: Any, part: Any, n: Any) -> str:
    return page.say(
        "{n} {things} lack: {part}",
        n=n,
        things=labels.code("table", table, page.say),
        part=labels.code("part", part, page.say),
    )


def _lacking(page: Page, lacking: pd.DataFrame) -> Finding | None:
    nowhere = lacking[lacking["computed_for"].map(len) == 0]
    if nowhere.empty:
        return None
    names = [labels.code("measure", name, page.say) for name in nowhere["measure"]]
    return Finding(
        page.say(
            "{n} measures could not be computed for any municipality, among them {measures}; what each would take "
            "stands below.",
            n=len(names),
            measures=page.say.listed(names[:3]),
        )
    )


def loose_titles(loose: pd.DataFrame, plans: Tables) -> pd.DataFrame:
    """The loose ends with their titles in English too."""
    goals = plans.goals.set_index("goal_id")["title_en"]
    assignments = plans.assignments.set_index("assignment_id")["title_en"]
    indicators = plans.indicators.set_index("indicator_id")["name_en"]
    english = pd.concat([goals, assignments, indicators])
    return loose.assign(title_en=loose["record_id"].map(english[~english.index.duplicated()]).astype("str"))


def shown_measures(lacking: pd.DataFrame, page: Page) -> pd.DataFrame:
    """The measures with the municipalities in words: 'none' where no municipality has it."""
    none, every = page.say("none"), page.say("all")
    municipalities = page.plans.documents["municipality_code"].nunique()
    names = {
        column: [
            none if not codes else every if len(codes) == municipalities else _listed(page, codes)
            for codes in lacking[column]
        ]
        for column in ("computed_for", "without")
    }
    return lacking.assign(**names).astype(dict.fromkeys(names, "str"))


def _listed(page: Page, codes: list[str]) -> str:
    return page.say.listed([_name(page, code) for code in codes], at_most=TOLD_APART)


def shown_remarks(remarks: pd.DataFrame) -> pd.DataFrame:
    """The counts of remarks with the gravest first."""
    rank = remarks["severity"].map({name: place for place, name in enumerate(SEVERITIES)})
    rows = remarks.assign(_rank=rank).sort_values(["_rank", "remarks"], ascending=[True, False], kind="stable")
    return rows.drop(columns="_rank").reset_index(drop=True)


def shown_chains(chains: pd.DataFrame) -> pd.DataFrame:
    """The parts of the chain by municipality; where nothing is known of a part its numbers are null and not 0."""
    unknown = (chains["n"] == 0).fillna(False)
    rows = chains.assign(count=chains["count"].mask(unknown), n=chains["n"].mask(unknown))
    return rows.sort_values("municipality_code", kind="stable", ignore_index=True)


def quiet(page: Page, table: pd.DataFrame, *, note: str) -> None:
    """Say of the municipalities without a row in the table what `note`, a message with {groups}, says."""
    silent = sorted(set(page.plans.documents["municipality_code"]) - set(table["municipality_code"].dropna()))
    if silent:
        page.paragraph(note, groups=_listed(page, silent))
