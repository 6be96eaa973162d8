"""What the report on themes found: what goals are about, where municipalities differ, and who has a goal like whose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from compare.contract import Tables
from compare.measures import goal_outcomes
from compare.measures.similarity import ALIKE
from compare.measures.theme_contrast import PAIRS_DEALT
from compare.presentation import labels, sentences
from compare.presentation.figures.grids import ROWS_WITH_WORDS
from compare.presentation.names import with_english
from compare.presentation.page import Page
from compare.presentation.places import CODES
from compare.presentation.sentences import TOO_FEW, Finding, each
from compare.presentation.wording import is_missing
from compare.reference import reviewed

TOLD_APART = 6
LARGEST = 3
ACROSS = 8  # so many municipalities stand as columns of a heat map; more are its rows
PERHAPS = 0.4  # titles at least so alike are shown to be judged by a person
BY_CHANCE = 0.05
WORDS_SHOWN = 12
BY_PERSON = "decided"  # stands in place of words where a person gave the theme

METHOD = (
    "Counted are the goals that stand now: of each municipality, sort of document and committee those of the latest "
    "plan year. A goal that several documents state counts once.",
    "A goal has the themes whose words stand in its title: whole words in any inflection, and parts of compound words. "
    "It may have several; where shares sum to one whole, each counts a part.",
    "The words that decided stand beside every goal, so that each decision can be judged. A goal without a known word "
    "has no theme: it is unknown, not 'other', and is left out of the shares.",
    "Themes that a person decided, each with who, when and why, go before the words.",
    "Intervals of shares are Wilson's at 95%. Differences are judged all together (Newcombe's intervals with "
    "Bonferroni's level), since of many themes one always looks different; those that rest on fewer than ten are not "
    "judged.",
    "The effective number of themes is e to the power of the entropy: how many equal themes would be as varied. It "
    "grows with the number of goals, so it is also given for draws of equal size.",
    "HHI is the sum of the squared shares: 1 where all goals have the same theme, and the smaller the more they are "
    "spread. The entropy is corrected for the number of goals, since few goals make the observed one too low (Miller "
    "and Madow).",
    "Divergence is Jensen and Shannon's, from 0 (divided alike) to 1 (nothing in common). Beside it stands what it "
    "would be on average if the two municipalities' goals were dealt out to them at random.",
    "Likeness of wording compares pieces of three to five letters, weighted by how rare they are, from 0 to 1. From "
    "0.6 two goals are taken as alike; between 0.4 and 0.6 a person has to judge.",
    "Of two municipalities each goal is matched with at most one of the other, so that the sum of likeness is the "
    "largest (Hungarian method); the share is twice the pairs over the goals of both.",
    "The targets of a goal are those of the indicators on it and on the goals under it. It reached them where all that "
    "can be judged were reached: by an outcome that was read, and a direction that is stated or decided by a person.",
)
LIMITS = (
    "The codings that come with the project hold short labels written for them in place of the goals' own words. "
    "Themes and likeness are read from these labels, and an original wording may say more.",
    "A word can mislead: 'environment' may be a place and not nature. A person has labelled nine goals of one "
    "municipality only: how far the words agree with a person is known for these, and hardly for others.",
    "What a goal is about does not tell how much is done or spent on it.",
    "A document of one committee or one programme draws the goals towards its own field; that is the document's, not "
    "the municipality's, weight.",
    "Likeness finds goals that are worded alike. Goals that mean the same in other words are mostly not found.",
)


def findings(
    page: Page,
    *,
    rates: pd.DataFrame,
    contrasts: pd.DataFrame,
    against_assignments: pd.DataFrame,
    spread: pd.DataFrame,
    likeness: pd.DataFrame,
    pairs: pd.DataFrame,
    unassigned: pd.DataFrame,
) -> list[Finding | None]:
    """The findings of the report, in the order a reader needs them.

    `rates`, `contrasts`, `against_assignments` and `likeness` are results of `named`, `against_others`,
    `between_things` and `likeness` of `compare.measures.theme_contrast`; `spread` of `concentration`, it and `likeness`
    with the goals that `with_goals` gives; `pairs` and `unassigned` of the functions below.
    """
    return [
        *_against_assignments(page, against_assignments),
        *_largest(page, rates),
        *_contrasts(page, contrasts, rates),
        *_counterparts(page, pairs, rates),
        *_likeness(page, likeness),
        *_spread(page, spread),
        _unassigned(page, unassigned, rates),
    ]


def _theme(page: Page, code: Any) -> str:
    return labels.code("theme", code, page.say)


def _name(page: Page, code: Any) -> str:
    return labels.municipality(code, page.say)


def _largest(page: Page, rates: pd.DataFrame) -> Iterator[Finding]:
    """What most goals of each municipality are about; of many municipalities what is the usual first theme."""
    ordered = rates.sort_values("rate", ascending=False, kind="stable")
    tops = ordered[ordered["rate"] > 0].drop_duplicates("municipality_code").sort_values("municipality_code")
    if len(tops) > TOLD_APART:
        usual = tops["theme"].value_counts()
        yield Finding(
            page.say(
                "In {n} of {all} municipalities goals are more often about {theme} than about anything else.",
                n=int(usual.iloc[0]),
                all=len(tops),
                theme=_theme(page, usual.index[0]),
            )
        )
        return
    if tops.empty:
        return
    told = [
        page.say(
            "{theme} in {group} ({count} of {n}: {rate:percent}, {interval})",
            theme=_theme(page, row.theme),
            group=_name(page, row.municipality_code),
            count=row.count_,
            n=row.n,
            rate=row.rate,
            interval=page.say.interval(row.low, row.high),
        )
        for row in each(tops.rename(columns={"count": "count_"}))
    ]
    text = page.say(
        "Goals are most often about {each}; shares of the goals that have a theme, with 95% intervals.",
        each=page.say.listed(told),
    )
    doubt = _too_few(page, tops)
    yield Finding(f"{text} {doubt}".strip(), page.places(sentences.flat(tops["record_ids"])))


def _too_few(page: Page, rows: pd.DataFrame) -> str:
    """The reservation about municipalities whose goals are too few to be compared; empty where there is none."""
    few = [_name(page, code) for code in rows.loc[(rows["n"] < TOO_FEW).fillna(False), "municipality_code"]]
    return page.say("Too few to compare: {groups}.", groups=page.say.listed(few)) if few else ""


def _contrasts(page: Page, contrasts: pd.DataFrame, rates: pd.DataFrame) -> Iterator[Finding]:
    """The themes in which a municipality stands apart from the others, or that none does, and what is everywhere."""
    if contrasts.empty:
        return
    yield from _clear(page, contrasts)
    yield from _everywhere(page, rates)


def _clear(page: Page, contrasts: pd.DataFrame) -> Iterator[Finding]:
    clear = contrasts[contrasts["verdict"].isin(["higher", "lower"])]
    if len(clear) > LARGEST:
        yield Finding(
            page.say(
                "In {n} cases a municipality has more or fewer goals about a theme than the others together, more than "
                "chance would give. The largest differences are these {largest}:",
                n=len(clear),
                largest=LARGEST,
            )
        )
    for row in each(clear.head(LARGEST)):
        yield Finding(
            page.say(
                "{group} has more goals about {theme} than the others together: {own:percent} against {other:percent} "
                "({points} percentage points, more than chance)."
                if row.difference > 0
                else "{group} has fewer goals about {theme} than the others together: {own:percent} against "
                "{other:percent} ({points} percentage points, more than chance).",
                group=_name(page, row.municipality_code),
                theme=_theme(page, row.theme),
                own=row.rate_first,
                other=row.rate_second,
                points=page.say.number(round(abs(row.difference) * 100)),
            ),
            page.places(row.record_ids),
        )
    judged = contrasts[contrasts["verdict"] != "too_few"]
    if judged.empty:
        yield Finding(page.say("The municipalities have too few goals with a theme to tell whether they differ."))
    elif clear.empty:
        row = next(each(judged))
        yield Finding(
            page.say(
                "No municipality clearly stands apart in any theme. The largest difference is {theme}: {own:percent} "
                "of the {n} goals in {group} against {other:percent} of the {others} elsewhere; with {compared} "
                "comparisons chance alone can give that much.",
                theme=_theme(page, row.theme),
                own=row.rate_first,
                n=row.n_first,
                group=_name(page, row.municipality_code),
                other=row.rate_second,
                others=row.n_second,
                compared=len(judged),
            ),
            page.places(row.record_ids),
        )


def _everywhere(page: Page, rates: pd.DataFrame) -> Iterator[Finding]:
    """How many themes every municipality has goals about; of few municipalities what each of them has none about."""
    municipalities = rates["municipality_code"].nunique()
    if municipalities < 2:
        return
    common = rates.groupby("theme")["count"].min()
    text = page.say(
        "{everywhere} of {all} policy areas are among the goals of all {n} municipalities.",
        everywhere=int((common > 0).sum()),
        all=len(common),
        n=municipalities,
    )
    absent = rates[rates["count"] == 0].groupby("municipality_code")["theme"]
    told = [
        page.say("{group} about {themes}", group=_name(page, code), themes=_themes(page, themes))
        for code, themes in absent
    ]
    if told and municipalities <= TOLD_APART:
        text += " " + page.say("No goal that was read: {each}.", each="; ".join(told))
    yield Finding(text, page.places(sentences.flat(rates["record_ids"])))


def _themes(page: Page, themes: Iterable[Any]) -> str:
    """Themes in a row; since their names hold an 'and', the last is joined by another word."""
    *first, last = [_theme(page, theme) for theme in themes]
    return page.say("{several}, and {last}", several=", ".join(first), last=last) if first else last


def _against_assignments(page: Page, rows: pd.DataFrame) -> Iterator[Finding]:
    """Where what is ordered is about something else than what is aimed at."""
    clear = rows[rows["verdict"].isin(["higher", "lower"])]
    for row in each(clear.head(TOLD_APART)):
        yield Finding(
            page.say(
                "{group} aims at {theme} more than it gives assignments about it: {goals:percent} of its {n_goals} "
                "goals with a theme but {assignments:percent} of its {n_assignments} assignments with one ({low} to "
                "{high} points, more than chance)."
                if row.difference > 0
                else "{group} gives more assignments about {theme} than it has goals for: {assignments:percent} of its "
                "{n_assignments} assignments with a theme but {goals:percent} of its {n_goals} goals with one ({low} "
                "to {high} points, more than chance).",
                group=_name(page, row.municipality_code),
                theme=_theme(page, row.theme),
                goals=row.rate_first,
                n_goals=row.n_first,
                assignments=row.rate_second,
                n_assignments=row.n_second,
                low=page.say.points(row.low),
                high=page.say.points(row.high),
            )
            + _if_unknown(page, row),
            page.places(row.record_ids),
        )


def _if_unknown(page: Page, row: Any) -> str:
    """The reservation that what has no known word could undo the difference; empty where it could not."""
    if row.holds:
        return ""
    things = [
        page.say.plural("{n} goal", "{n} goals", int(row.unknown_first)) if row.unknown_first else "",
        page.say.plural("{n} assignment", "{n} assignments", int(row.unknown_second)) if row.unknown_second else "",
    ]
    told = page.say(
        "Without a known word are {things}: if all of these were against it, the difference would not be clear.",
        things=page.say.listed(list(filter(None, things))),
    )
    return f" {told}"


def _spread(page: Page, spread: pd.DataFrame) -> Iterator[Finding | None]:
    if len(spread) > TOLD_APART:
        yield sentences.extremes(
            page,
            "In draws of equal size the goals spread most in {high_name} ({high} themes to be expected) and least in "
            "{low_name} ({low}).",
            spread,
            value="rarefied",
            n="n",
        )
        return
    told = [
        page.say(
            "{group} {effective} ({n} goals)",
            group=_name(page, row.municipality_code),
            effective=page.say.number(row.effective, 1),
            n=round(row.n),
        )
        for row in each(spread)
    ]
    if told:
        text = page.say(
            "The goals are spread as over so many themes of equal size: {each}.", each=page.say.listed(told)
        )
        places = page.places(sentences.flat(spread["record_ids"]))
        yield Finding(f"{text} {_too_few(page, spread)}".strip(), places)


def _likeness(page: Page, likeness: pd.DataFrame) -> Iterator[Finding]:
    """Which two municipalities are the most alike and the least, and whether chance would do the same."""
    judged = likeness[likeness["as_large"].notna()]
    if judged.empty:
        return
    unlike = judged[judged["as_large"] < BY_CHANCE]
    for row in each(unlike.tail(TOLD_APART)):
        yield Finding(
            page.say(
                "{first} and {second} divide their goals differently: divergence {divergence}, where goals dealt out "
                "at random give {chance} on average and as much in {share:percent} of the deals.",
                **_pair(page, row),
            ),
            page.places(row.record_ids),
        )
    if unlike.empty:
        row = next(each(judged.sort_values("as_large", kind="stable")))
        yield Finding(
            page.say(
                "No two municipalities divide their goals among themes more differently than chance would. The least "
                "like chance is the difference between {first} and {second}: divergence {divergence}, where goals "
                "dealt out at random give {chance} on average and as much in {share:percent} of the deals.",
                **_pair(page, row),
            ),
            page.places(row.record_ids),
        )


def _pair(page: Page, row: Any) -> dict[str, Any]:
    return {
        "first": _name(page, row.municipality_code_1),
        "second": _name(page, row.municipality_code_2),
        "divergence": page.say.number(row.divergence, 2),
        "chance": page.say.number(row.by_chance, 2),
        "share": row.as_large,
    }


def _counterparts(page: Page, pairs: pd.DataFrame, rates: pd.DataFrame) -> Iterator[Finding]:
    if rates["municipality_code"].nunique() < 2:
        return
    alike = pairs[pairs["likely"] == "alike"]
    if alike.empty:
        yield _closest(page, pairs)
        return
    yield Finding(
        page.say.plural(
            "{n} pair of goals of different municipalities is worded alike.",
            "{n} pairs of goals of different municipalities are worded alike.",
            len(alike),
        ),
        page.places(sentences.flat(alike["record_ids"])),
    )
    for row in each(alike.head(3)):
        text = page.say(
            "“{first_title}” ({first}) and “{second_title}” ({second}) are alike, likeness {score}.",
            **_both(page, row),
        )
        yield Finding(f"{text} {_fared(page, row)}".strip(), page.places(row.record_ids))


def _fared(page: Page, row: Any) -> str:
    """Whether the two goals of a pair were reached, as far as it can be told; empty where it cannot for either."""
    told = [
        page.say(
            "{group} reached {met} of {judged}",
            group=_name(page, getattr(row, f"municipality_code_{side}")),
            met=getattr(row, f"met_{side}"),
            judged=getattr(row, f"judged_{side}"),
        )
        for side in (1, 2)
        if not is_missing(getattr(row, f"judged_{side}")) and getattr(row, f"judged_{side}") > 0
    ]
    if not told:
        return ""
    return page.say("Of the targets that can be judged {each}.", each=page.say.listed(told))


def _closest(page: Page, pairs: pd.DataFrame) -> Finding:
    """That no two goals are worded alike, and which come the closest."""
    none = page.say(
        "No two goals of different municipalities are worded alike (likeness of at least {threshold}).",
        threshold=page.say.number(ALIKE, 1),
    )
    if pairs.empty:
        return Finding(none)
    row = next(each(pairs))
    closest = page.say(
        "The closest are “{first_title}” ({first}) and “{second_title}” ({second}), likeness {score}; whether they "
        "mean the same, a person has to judge.",
        **_both(page, row),
    )
    return Finding(f"{none} {closest}", page.places(row.record_ids))


def _both(page: Page, row: Any) -> dict[str, Any]:
    return {
        "first_title": _title(page, row, 1),
        "second_title": _title(page, row, 2),
        "first": _name(page, row.municipality_code_1),
        "second": _name(page, row.municipality_code_2),
        "score": page.say.number(row.score, 2),
    }


def _title(page: Page, row: Any, side: int) -> str:
    """The goal's title in the page's language where the coding has it."""
    own = getattr(row, f"title_{side}_{page.say.language}", None)
    return str(getattr(row, f"title_{side}") if is_missing(own) else own)


def _unassigned(page: Page, unassigned: pd.DataFrame, rates: pd.DataFrame) -> Finding | None:
    if unassigned.empty:
        return None
    known = int(rates.drop_duplicates("municipality_code")["n"].sum())
    counts = unassigned["municipality_code"].value_counts().sort_index()
    told = [f"{_name(page, code)} {page.say.number(n)}" for code, n in counts.items()]
    text = page.say.plural(
        "{n} of {all} goals has no known word and so no theme ({each}).",
        "{n} of {all} goals have no known word and so no theme ({each}).",
        len(unassigned),
        all=known + len(unassigned),
        each=page.say.listed(told, at_most=TOLD_APART),
    )
    return Finding(text, page.places(list(unassigned["record_id"])))


def sides(rates: pd.DataFrame, theme: str = "theme") -> dict[str, Any]:
    """How a heat map is turned: few municipalities are its columns, so that long themes can be read; many its rows."""
    if rates["municipality_code"].nunique() <= ACROSS:
        return {"rows": theme, "columns": "municipality_code"}
    return {"rows": "municipality_code", "columns": theme}


def shown(rates: pd.DataFrame, theme: str = "theme") -> pd.DataFrame:
    """The shares for a heat map, the most frequent theme first; where no goal names a theme there is no row.

    Where municipalities are so many that the map gives way to how they spread, those rows stay: their share is 0.

    `theme` is what the column of themes is called in it, after whose codes they are labelled.
    """
    order = rates.groupby("theme")["count"].sum().sort_values(ascending=False, kind="stable")
    place = {name: number for number, name in enumerate(order.index)}
    rows = rates.assign(_place=rates["theme"].map(place)).sort_values(["_place", "municipality_code"], kind="stable")
    if rates["municipality_code"].nunique() <= ROWS_WITH_WORDS:
        rows = rows[rows["count"] > 0]
    return _with_person(rows.drop(columns=["_place", "share"], errors="ignore").rename(columns={"theme": theme}))


def _with_person(rows: pd.DataFrame, theme: str = "count") -> pd.DataFrame:
    """The rows with a code in place of words where a person gave the theme and no word shows it.

    `theme` is the column that says whether a row has the theme at all: a count, or the theme itself.
    """
    has = rows[theme].notna() & (rows[theme] != 0)
    decided = [
        [BY_PERSON] if known and not len(words) else words for known, words in zip(has, rows["evidence"], strict=True)
    ]
    return rows.assign(evidence=pd.Series(decided, index=rows.index, dtype=object))


def words(rates: pd.DataFrame, page: Page) -> tuple[pd.DataFrame, dict[str, str]]:
    """The words that showed each theme, the most frequent theme first, and the heads of the columns.

    A column per municipality; of many municipalities one column with the most frequent words of all.
    """
    rows = shown(rates[rates["count"] > 0])
    themes = rows["theme"].drop_duplicates()
    codes = sorted(rates["municipality_code"].unique())
    ids = rows.groupby("theme")["record_ids"].agg(sentences.flat).reindex(themes).to_numpy()
    if len(codes) > ACROSS:
        found = [_first_words(rows[rows["theme"] == theme]["evidence"], page) for theme in themes]
        heads = {"theme": "Theme", "evidence": "Words that show it"}
        return pd.DataFrame({"theme": themes, "evidence": found, "record_ids": ids}), heads
    said = rows.set_index(["theme", "municipality_code"])["evidence"]
    none = page.say("no word")
    columns = {code: [_first_words([said.get((theme, code), [])], page) or none for theme in themes] for code in codes}
    heads = {"theme": "Theme", **{code: _name(page, code) for code in codes}}
    return pd.DataFrame({"theme": themes, **columns, "record_ids": ids}), heads


def _first_words(lists: Any, page: Page) -> str | None:
    """The words of several lists, the most frequent first; None where there are none."""
    counts = pd.Series(sentences.flat(lists), dtype="str").value_counts()
    return ", ".join(labels.code("evidence", word, page.say) for word in counts.index[:WORDS_SHOWN]) or None


def side_by_side(goals: pd.DataFrame, assignments: pd.DataFrame) -> pd.DataFrame:
    """The rates of goals and of assignments as one frame for a figure, `things` telling which; large enough ones only.

    Municipalities with fewer than ten of either are left out: their intervals would fill the figure and tell nothing.
    """
    rows = pd.concat([goals.assign(things="goals"), assignments.assign(things="assignments")], ignore_index=True)
    least = (
        rows.groupby(["municipality_code", "things"])["n"].first().unstack().reindex(columns=["goals", "assignments"])
    )
    enough = least.index[(least >= TOO_FEW).fillna(False).all(axis=1)]
    rows = rows[rows["municipality_code"].isin(enough)]
    size = rows.groupby(["municipality_code", "theme"])["rate"].transform("max")
    order = ["municipality_code", "_size", "theme"]
    rows = rows.assign(_size=size).sort_values(order, ascending=[True, False, True], kind="stable")
    return _with_person(rows.drop(columns=["_size", "share"], errors="ignore").reset_index(drop=True))


def names(page: Page, rows: pd.DataFrame) -> str:
    """The municipalities of some rows in words; 'none' where there are none."""
    codes = rows["municipality_code"].drop_duplicates()
    return (
        page.say.listed([_name(page, code) for code in codes], at_most=TOLD_APART) if len(codes) else page.say("none")
    )


def numbered(rates: pd.DataFrame) -> pd.DataFrame:
    """The rates in the order of the themes' numbers, for the goals of the 2030 Agenda."""
    return (
        rates.assign(_number=rates["theme"].astype(int))
        .sort_values(["_number", "municipality_code"], kind="stable", ignore_index=True)
        .drop(columns="_number")
    )


def coded(rates: pd.DataFrame) -> pd.DataFrame:
    """The rates in the order of the themes' codes, for the functions of government."""
    return rates.sort_values(["theme", "municipality_code"], kind="stable", ignore_index=True)


def agreement_in_words(page: Page) -> pd.DataFrame:
    """How far words agree with a person's labels, with what was counted in words (`reviewed.theme_agreement`)."""
    rows = reviewed.theme_agreement()
    words = {"all": page.say("all"), "elsewhere": page.say("only those that other texts hold too")}
    labelled = {"primary": page.say("the main one of each goal"), "all": page.say("all, with the plan at hand")}
    return rows.assign(
        words=rows["words"].map(words).astype("str"),
        labels=rows["labels"].map(labelled).astype("str"),
        **rows[["alpha", "low", "high"]].round(2),
    )


def with_goals(rows: pd.DataFrame, goals: pd.DataFrame) -> pd.DataFrame:
    """The municipalities' rows, or those of two, with the goals they rest on (`record_ids`): those that have a theme.

    Of very many pairs the goals are left out, and a row leads to the documents.
    """
    codes = [name for name in CODES if name in rows]
    own = goals[goals["theme"].notna()].groupby("municipality_code")["record_id"].unique().map(list).to_dict()
    told = len(codes) == 1 or len(rows) <= PAIRS_DEALT
    ids = [
        [goal for code in row for goal in own.get(code, [])] if told else []
        for row in rows[codes].itertuples(index=False, name=None)
    ]
    return rows.assign(record_ids=pd.Series(ids, index=rows.index, dtype=object))


def titles(assigned: pd.DataFrame, plans: Tables) -> pd.DataFrame:
    """What was assigned to each goal, by theme, with the goal's title in English too and its place."""
    goals = plans.goals[["goal_id", "title_en", "page", "line"]].rename(columns={"goal_id": "record_id"})
    rows = _with_person(assigned.merge(goals, on="record_id", how="left"), "theme")
    return rows.sort_values(["theme", "municipality_code"], kind="stable", ignore_index=True)


def counterparts(lookalikes: pd.DataFrame, plans: Tables, directions: pd.DataFrame | None = None) -> pd.DataFrame:
    """The look-alike goals, each pair once and the most alike first, with `likely` {alike, perhaps} and English titles.

    `lookalikes` is a result of `similarity.lookalikes`, where a pair stands once from each side. What became of the
    targets of each of the two goals comes along as `goal_outcomes.of_pairs` gives it; `directions` decides there which
    way is better.
    """
    once = lookalikes[lookalikes["goal_id_1"] < lookalikes["goal_id_2"]]
    turned = lookalikes[lookalikes["goal_id_1"] > lookalikes["goal_id_2"]]
    # A pair that is among the best of only one of the two goals stands from that side alone.
    known = set(zip(once["goal_id_1"], once["goal_id_2"], strict=True))
    left = [pair not in known for pair in zip(turned["goal_id_2"], turned["goal_id_1"], strict=True)]
    rows = pd.concat([once, turned[left]]).sort_values("score", ascending=False, kind="stable", ignore_index=True)
    english = plans.goals.drop_duplicates("goal_id").set_index("goal_id")["title_en"]
    rows = goal_outcomes.of_pairs(rows, goal_outcomes.of_goals(plans, directions))
    likely = pd.Series(["alike" if score >= ALIKE else "perhaps" for score in rows["score"]], dtype="str")
    return rows.assign(
        likely=likely,
        title_1_en=rows["goal_id_1"].map(english).astype("str"),
        title_2_en=rows["goal_id_2"].map(english).astype("str"),
    )


def targets_of(pairs: pd.DataFrame, plans: Tables, directions: pd.DataFrame | None = None) -> pd.DataFrame:
    """The targets of the goals that are alike, in the order of the pairs, with what became of each.

    Columns of `goal_outcomes.targets` and `goal_title`, `goal_title_en`, `name_en`, `record_ids` (target and outcome).
    """
    goals = pd.concat([pairs["goal_id_1"], pairs["goal_id_2"]]).sort_index(kind="stable").drop_duplicates()
    titles = plans.goals.drop_duplicates("goal_id").set_index("goal_id")
    rows = goal_outcomes.targets(plans, directions)
    rows = rows[rows["goal_id"].isin(goals)].reset_index(drop=True)
    place = {goal: number for number, goal in enumerate(goals)}
    rows = rows.assign(
        goal_title=titles["title"].reindex(rows["goal_id"]).array,
        goal_title_en=titles["title_en"].reindex(rows["goal_id"]).array,
        record_ids=pd.Series(
            [
                [record for record in ids if not is_missing(record)]
                for ids in zip(rows["target_id"], rows["outcome_id"], strict=True)
            ],
            index=rows.index,
            dtype=object,
        ),
        _place=rows["goal_id"].map(place),
    )
    rows = with_english(rows, plans, "indicators", key="indicator_id")
    return rows.sort_values(["_place", "name", "year"], kind="stable", ignore_index=True).drop(columns="_place")
