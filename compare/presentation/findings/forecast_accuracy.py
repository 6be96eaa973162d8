"""What the report on forecasts found: how many held, which way they erred, and whether they beat a guess."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from compare.presentation import labels, sentences
from compare.presentation.page import Page
from compare.presentation.sentences import TOO_FEW, Finding, about, each
from compare.presentation.wording import Wording, is_missing

TOLD_APART = 6

METHOD = (
    "A forecast is what a follow-up during the year says of how an assignment will stand at the end; of several in one "
    "year the latest counts.",
    "A forecast held if the status at the end of the year was on the level forecast: completed, partly completed, or "
    "neither. An assignment still in progress at the end of the year counts as not completed.",
    "Cancelled assignments and those without a known status at the end are left out and counted for themselves; they "
    "are never counted as misses.",
    "Optimism is the share of forecasts that came out worse less the share that came out better, with the interval of "
    "Bonett and Price.",
    "Brier score: mean of (p − o)², where o is 1 for what was completed and else 0, and p the chance that the words "
    "are taken for. Skill is 1 less the score divided by that of the base rate.",
    "The base rate is the share completed in the same group and year, which nobody knew beforehand: it is a hard "
    "guess to beat.",
    "What comments add is counted of forecasts that the assignment would be completed: a forecast of failure, or of "
    "part, has such a comment beside its outcome by its nature.",
    "A comment limits a status where it tells of a delay, of money that was lacking, of a goal not reached, or where "
    "it contradicts the status. The status itself follows the status sentence.",
    "Amounts are compared where the same label in the same table has both a forecast and an outcome for the same year.",
)
LIMITS = (
    "A committee can act on its forecast. A forecast of failure that was averted was useful, though it counts as a "
    "miss, and a high hit rate can mean that nothing was done.",
    "Words are not probabilities: 'is expected to be completed' can be a plan, a hope or a calculation.",
    "Both the forecast and the status at the end are the municipality's own assessment, often by the same person.",
    "A forecast of April looks further ahead than one of August; the table says when each was made.",
    "Follow-ups that were not read may hold other forecasts.",
)


def findings(
    page: Page,
    *,
    hits: pd.DataFrame,
    reserved: pd.DataFrame,
    scores: pd.DataFrame,
    used: pd.DataFrame,
    interim: pd.DataFrame,
    money: pd.DataFrame,
) -> list[Finding | None]:
    """The findings of the report, in the order a reader needs them.

    `hits`, `scores` and `money` as `forecast_accuracy` gives them per municipality and year, `reserved` of
    `forecast_reservations.reservations`, `used` the words of
    `forecast_readings.words_used`, `interim` the statuses of the follow-ups during the year
    (`completion.distribution` by municipality, year and period).
    """
    known = hits[hits["n"] > 0]
    return [
        *_held(page, known),
        *_reserved(page, reserved),
        *_warned(page, reserved),
        *_small(page, known),
        *_optimism(page, known),
        *_said_the_same(page, used, known),
        *_against_base_rate(page, scores),
        *_forecast_at_all(page, interim),
        *_money(page, money),
    ]


def with_both_places(forecasts: pd.DataFrame) -> pd.DataFrame:
    """The forecasts with the ids of both statuses, the forecast and what it turned into, as `record_ids`."""
    pairs = zip(forecasts["forecast_id"], forecasts["outcome_id"], strict=True)
    ids = [[one for one in pair if not is_missing(one)] for pair in pairs]
    return forecasts.assign(record_ids=pd.Series(ids, index=forecasts.index, dtype=object))


def with_comments(page: Page, forecasts: pd.DataFrame) -> pd.DataFrame:
    """The forecasts with what the comment beside the outcome says, in words, as `outcome_comment`; null if unknown."""
    statuses = page.plans.statuses.set_index("status_id")[["qualified", "qualification"]].to_dict("index")
    said = [statuses.get(one, {}) for one in forecasts["outcome_id"]]
    words = [
        None
        if is_missing(status.get("qualified"))
        else labels.value("qualification", status["qualification"] or [], page.say)
        if status["qualified"]
        else page.say("nothing that limits it")
        for status in said
    ]
    return forecasts.assign(outcome_comment=pd.Series(words, index=forecasts.index, dtype="str"))


def _held(page: Page, hits: pd.DataFrame) -> Iterator[Finding]:
    """How many forecasts held; of many groups all together, since their ends are mostly chance."""
    yield from sentences.rates(
        page,
        "{group} {year}: {count} of {n} forecasts about assignments held ({rate:percent}).",
        hits,
        several="In {groups} municipalities and years {count} of {n} forecasts about assignments held "
        "({rate:percent}).",
    )


def _reserved(page: Page, reserved: pd.DataFrame) -> Iterator[Finding]:
    """How many of the forecasts that held did so with a comment that limits what was done."""
    known = reserved[(reserved["n"] > 0) & (reserved["unknown"] == 0)]
    if len(known) > TOLD_APART:
        text = page.say(
            "In {groups} municipalities and years {reserved} of {held} forecasts of completion that held did so with a "
            "comment that limits or contradicts what was done; {clean} of {n} such forecasts held without one.",
            groups=len(known),
            **{name: int(known[name].sum()) for name in ("reserved", "held", "clean", "n")},
        )
        yield Finding(text, page.documents_of(known))
        return
    for row in each(known[known["reserved"] > 0]):
        yield sentences.rate(
            page.say,
            "{group} {year}: {reserved} of the {held} forecasts of completion that held did so with a comment that "
            "limits or contradicts what was done; {count} of {n} such forecasts held without one ({rate:percent}).",
            n=row.n,
            rate=row.rate,
            low=row.low,
            high=row.high,
            places=page.places(row.record_ids),
            reserved=row.reserved,
            held=row.held,
            **about(page.say, row),
        )


def _warned(page: Page, reserved: pd.DataFrame) -> Iterator[Finding]:
    """Whether forecasts whose own comment limits them came out worse than the others did."""
    known = reserved[(reserved["warned"] > 0) & (reserved["silent"] > 0)]
    if known.empty:
        return
    warned, short, silent, silent_short = (
        int(known[name].sum()) for name in ("warned", "warned_short", "silent", "silent_short")
    )
    groups = known["municipality_code"].nunique()
    whose = (
        sentences.whose(page.say, next(each(known)))
        if len(known) == 1
        else page.say.plural("{n} municipality", "{n} municipalities", groups)
    )
    text = page.say.plural(
        "{whose}: of {n} forecast of completion with a comment that already limits it {short} came out worse, of "
        "{silent} without such a comment {silent_short}.",
        "{whose}: of {n} forecasts of completion with a comment that already limits them {short} came out worse, "
        "of {silent} without such a comment {silent_short}.",
        warned,
        whose=whose,
        short=short,
        silent=silent,
        silent_short=silent_short,
    )
    doubt = f" {page.say('Too few to compare.')}" if min(warned, silent) < TOO_FEW else ""
    yield Finding(f"{text}{doubt}", page.places(sentences.flat(known["warning_ids"])))


def _small(page: Page, hits: pd.DataFrame) -> Iterator[Finding]:
    """The frank sentence: how few forecasts there are in all."""
    total = int(hits["n"].sum())
    if not 0 < total < 3 * TOO_FEW:
        return
    text = page.say.plural(
        "All of this rests on {n} forecast in {groups}: it tells what happened there, not how well municipalities "
        "forecast.",
        "All of this rests on {n} forecasts in {groups}: it tells what happened there, not how well municipalities "
        "forecast.",
        total,
        groups=page.say.plural("{n} municipality", "{n} municipalities", hits["municipality_code"].nunique()),
    )
    yield Finding(text, page.places(sentences.flat(hits["record_ids"])))


def _optimism(page: Page, hits: pd.DataFrame) -> Iterator[Finding]:
    if len(hits) > TOLD_APART:
        text = page.say(
            "In {worse} of {n} municipalities and years more forecasts came out worse than better, in {better} more "
            "came out better than worse.",
            n=len(hits),
            worse=int((hits["worse"] > hits["better"]).sum()),
            better=int((hits["worse"] < hits["better"]).sum()),
        )
        yield Finding(text, page.documents_of(hits))
        return
    for row in each(hits[hits["worse"] + hits["better"] > 0]):
        yield sentences.difference(
            page.say,
            "{group} {year}: of {n} forecasts {worse} came out worse and {better} better than said; that is {points} "
            "percentage points towards optimism."
            if row.optimism >= 0
            else "{group} {year}: of {n} forecasts {worse} came out worse and {better} better than said; that is "
            "{points} percentage points towards pessimism.",
            difference=row.optimism,
            low=row.optimism_low,
            high=row.optimism_high,
            places=page.places(row.record_ids),
            n=row.n,
            worse=row.worse,
            better=row.better,
            **about(page.say, row),
        )


def _said_the_same(page: Page, used: pd.DataFrame, hits: pd.DataFrame) -> Iterator[Finding]:
    """Forecasts that are all alike tell nothing apart, which a reader of a hit rate would not see."""
    several = used[used["same"] & (used["n"] > 1)]
    several = several[several["municipality_code"].isin(hits["municipality_code"])]
    if len(several) > TOLD_APART:
        text = page.say(
            "In {n} of {all} municipalities and years all forecasts say the same. They cannot tell the assignments "
            "that would fall short from the others, however often they hold.",
            n=len(several),
            all=len(used),
        )
        yield Finding(text, page.documents_of(several))
        return
    for row in each(several):
        text = page.say(
            "{group} {year}: all {n} forecasts say the same, '{word}'. They cannot tell the assignments that would "
            "fall short from the others, however often they hold.",
            n=row.n,
            word=labels.code("status", row.words[0], page.say),
            **about(page.say, row),
        )
        own = hits[(hits["municipality_code"] == row.municipality_code) & (hits["year"] == row.year)]
        yield Finding(text, page.places(sentences.flat(own["record_ids"])))


def _against_base_rate(page: Page, scores: pd.DataFrame) -> Iterator[Finding]:
    scores = scores[scores["skill"].notna()]
    if len(scores) > TOLD_APART:
        text = page.say(
            "In {worse} of {n} municipalities and years the forecasts, taken at their word, erred more than always "
            "saying the share that was completed would have (Brier score).",
            worse=int((scores["skill"] < 0).sum()),
            n=len(scores),
        )
        yield Finding(text, page.documents_of(scores))
        return
    for row in each(scores):
        say = page.say
        text = say(
            "{group} {year}: taken at their word the forecasts erred more (Brier score {brier}) than always saying the "
            "share that was completed would have ({base})."
            if row.skill < 0
            else "{group} {year}: taken at their word the forecasts erred less (Brier score {brier}) than always "
            "saying the share that was completed would have ({base}).",
            brier=say.number(row.brier, 2),
            base=say.number(row.brier_base, 2),
            **about(page.say, row),
        )
        doubt = f" {say('Too few to compare.')}" if row.n < TOO_FEW else ""
        yield Finding(f"{text}{doubt}", page.places(row.record_ids))


def _forecast_at_all(page: Page, interim: pd.DataFrame) -> Iterator[Finding]:
    """What the follow-ups during the year say of the rest: settled already, or nothing forecast."""
    if interim["municipality_code"].nunique() > TOLD_APART:
        n, total = int(interim.loc[interim["status"].str.contains("expected"), "n"].sum()), int(interim["n"].sum())
        text = page.say(
            "Of {total} statuses reported during the year {n} are forecasts; the others tell how things stand.",
            n=n,
            total=total,
        )
        if 0 < n < total:
            yield Finding(text, page.documents_of(interim))
        return
    for (code, year, period), rows in interim.groupby(["municipality_code", "year", "period"], sort=False):
        forecast = rows[rows["status"].str.contains("expected")]
        total, n = int(rows["total"].iloc[0]), int(forecast["n"].sum())
        if not 0 < n < total:
            continue
        others = rows[~rows.index.isin(forecast.index)]
        words = page.say.listed(
            [f"{page.say.number(r.n)} {labels.code('status', r.status, page.say)}" for r in each(others)]
        )
        text = page.say(
            "{group}, {period}: {n} of {total} assignments have a forecast; the others are reported as they stand "
            "({others}).",
            group=labels.municipality(code, page.say),
            period=labels.period(period, page.say),
            n=n,
            total=total,
            others=words,
            year=year,
        )
        yield Finding(text, page.places(sentences.flat(others["record_ids"])))


def _money(page: Page, money: pd.DataFrame) -> Iterator[Finding]:
    paired = money[money["state"] == "paired"]
    if paired.empty:
        return
    above = int((paired["error"] > 0).sum())
    text = page.say(
        "{n} forecast amounts have an outcome; {above} outcomes are above the forecast, and half of the errors are "
        "below {median:percent} of the outcome.",
        n=len(paired),
        above=above,
        median=float(paired["relative"].abs().median()),
    )
    yield Finding(text, page.places([*paired["forecast_id"], *paired["outcome_id"]]))


def money_in_words(page: Page, budget_lines: pd.DataFrame, money: pd.DataFrame) -> str:
    """What there is to compare of amounts, in a paragraph: never a table of zeros where no forecast was printed.

    `budget_lines` is the plans' table, `money` the result of `forecast_accuracy.money`.
    """
    say = page.say
    paired = int((money["state"] == "paired").sum())
    if paired:
        return say(
            "Of {n} forecast amounts {paired} meet an outcome of the same year, table and label; the others are left "
            "out because there is no outcome, the label stands twice, or signs differ.",
            n=len(money),
            paired=paired,
        )
    if len(money):
        return say(
            "Forecasts of amounts are printed ({n}), but none meets an outcome of the same year, table and label in "
            "the documents that were read.",
            n=len(money),
        )
    kinds = budget_lines.loc[budget_lines["amount_sek"].notna(), "kind"].dropna().drop_duplicates()
    if kinds.empty:
        return say("The documents that were read print no amounts, so forecasts of money cannot be judged.")
    return say(
        "The documents that were read print amounts as {kinds}, but no forecasts of money, so these cannot be judged. "
        "Interim reports with forecasts of the year's result would answer this.",
        kinds=say.listed([labels.code("kind", kind, say) for kind in kinds]),
    )


def with_totals(hits: pd.DataFrame, by_committee: pd.DataFrame, say: Wording) -> pd.DataFrame:
    """The hit rates of each municipality and year followed by those of its committees, for one figure.

    In `committee` the whole is named as such; a forecast that names no committee says so. Of many municipalities and
    years there are only the wholes: beside their own parts they would count twice.
    """
    if len(hits) > TOLD_APART:
        by_committee = by_committee.head(0)
    named = by_committee.assign(
        committee=[say("no committee named") if is_missing(c) else c for c in by_committee["committee"]]
    )
    rows = pd.concat([hits.assign(committee=say("all committees"), _whole=0), named.assign(_whole=1)])
    rows = rows.sort_values(["municipality_code", "year", "_whole"], kind="stable")
    rows = rows.drop(columns=["_whole", "too_few"])
    return rows.astype({"committee": "str"}).reset_index(drop=True)
