"""What the report on indicators found: how far they can be followed, where targets lead, and what cannot be judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from compare.contract import Tables
from compare.measures import attainment
from compare.presentation import labels, sentences
from compare.presentation.page import Page
from compare.presentation.sentences import Finding, about, each
from compare.presentation.wording import NO_BREAK_SPACE, is_missing

TOLD_APART = 6
JUDGED = ("met", "not_met")

METHOD = (
    "An indicator counts once per plan year, however often it is printed; girls and boys, or school years, are "
    "followed each for themselves.",
    "A target is a number for a stated year, or words for it; a baseline is the latest outcome of a year before both "
    "the plan's and the target's.",
    "Whether more or less is better is read only from the target's own words ('at least', 'reduced'), or from a table "
    "that a person reviewed. It is never guessed, however plain it may seem.",
    "The table of decided directions says who decided, when and why; the report can be run with another table, or "
    "without any.",
    "A target is reached where the outcome of its year is on the right side of it; without a direction only an outcome "
    "that equals the target is told, as such.",
    "Distance is (outcome − baseline) / (target − baseline): 0 at the start, 1 at the target. In a mean it counts at "
    "least 0 and at most 1, so that one runaway does not decide; its interval is Student's.",
    "A target that equals its baseline asks that a level be kept; one that is the same in all years asks for nothing "
    "more with time. Neither needs a direction.",
    "A trend is the change from the first to the last outcome, with the number of outcomes; a slope has an interval "
    "only from three outcomes on.",
)
LIMITS = (
    "A target that asks only that a level be kept can be harder than one that asks for more.",
    "Outcomes for the years of a plan stand in later plans and annual reports; where these were not read, targets "
    "cannot be judged.",
    "What an indicator is called can stay while what it measures changes.",
    "An indicator that is easy to reach says little of the goal it stands for.",
)


def findings(
    page: Page,
    *,
    coverage: pd.DataFrame,
    attained: pd.DataFrame,
    forecast: pd.DataFrame,
    directions: pd.DataFrame,
    decided: pd.DataFrame,
    ambition: pd.DataFrame,
    paths: pd.DataFrame,
    trends: pd.DataFrame,
    sexes: pd.DataFrame,
) -> list[Finding | None]:
    """The findings of the report, in the order a reader needs them.

    `attained` (`verdicts`) and `forecast` (the same against forecasts) as `compare.measures.attainment` gives them,
    `coverage`, `ambition`, `trends` and `sexes` (`by_sex`) as `compare.measures.indicators` does; `directions`
    (`directions_known`), `decided` (the same with the reviewed directions) and `paths` (`path_rates`) as
    `compare.measures.target_paths` does.
    """
    reached = list(_attained(page, attained))
    judged = bool(attained["verdict"].isin(JUDGED).any()) if len(attained) else False
    return [
        *(reached if judged else []),
        *_forecast(page, forecast),
        *_ambition(page, ambition),
        *_covered(page, coverage),
        *([] if judged else reached),
        *_paths(page, paths),
        *_directions(page, directions),
        *_decided(page, directions, decided),
        *_trends(page, trends),
        *_sexes(page, sexes),
    ]


def without_values(coverage: pd.DataFrame) -> pd.DataFrame:
    """The rows of coverage where the documents name indicators but print no value for any of them."""
    nothing = (coverage["measure"] == "any_value") & (coverage["n"] == 0) & (coverage["unknown"] > 0)
    return coverage[nothing]


def shown_coverage(coverage: pd.DataFrame) -> pd.DataFrame:
    """Coverage for a figure: where no value is printed for any indicator, one row without a share says so.

    Its places are those of all its indicators, since nothing is known of any.
    """
    rows = coverage[(coverage["n"] > 0) | (coverage["measure"] == "any_value")].reset_index(drop=True)
    silent = (rows["n"] == 0).fillna(True)
    lacking = {name: rows[name].where(~silent, rows["unknown_ids"]) for name in ("record_ids", "missing_ids")}
    return rows.assign(k=rows["k"].mask(silent), **lacking)


def are_many(coverage: pd.DataFrame) -> bool:
    """Whether the plans are too many for a row of a figure for each part that the indicators of each come with."""
    return len(coverage.drop_duplicates(["municipality_code", "year"])) > TOLD_APART


def with_targets(reached: pd.DataFrame, attained: pd.DataFrame) -> pd.DataFrame:
    """The targets by year with all of them as `record_ids`, whether they could be judged or not."""
    keys = ["municipality_code", "year"]
    ids = attained.groupby(keys)["target_id"].agg(list).to_dict()
    cells = [ids.get(key, []) for key in zip(*(reached[name] for name in keys), strict=True)]
    return reached.assign(
        met=reached["met"].where(reached["n"] > 0), record_ids=pd.Series(cells, index=reached.index, dtype=object)
    )


def with_direction(ambition: pd.DataFrame) -> pd.DataFrame:
    """The targets that can be set beside what was reached before: those that ask for less first, then for the same."""
    order = {"lowers": 0, "holds": 1, "raises": 2}
    rows = ambition[ambition["direction"].isin(["higher", "lower"]) & ambition["baseline"].notna()]
    place = rows["ambition"].map(order).sort_values(kind="stable").index
    return rows.loc[place].reset_index(drop=True)


def rates_shown(reached: pd.DataFrame) -> tuple[str, ...]:
    """The columns of a table of targets reached by year: no rate where none of them can be judged."""
    rates = ("n", "met", "rate", "low", "high") if (reached["n"] > 0).any() else ()
    return ("municipality_code", "year", *rates, "no_outcome", "direction_unknown", "equal", "reviewed")


def _covered(page: Page, coverage: pd.DataFrame) -> Iterator[Finding | None]:
    silent = without_values(coverage)
    yield from _complete(page, coverage)
    yield from _silent(page, silent)


def _complete(page: Page, coverage: pd.DataFrame) -> Iterator[Finding | None]:
    """How many indicators come with all that following them takes, where the documents print values at all."""
    told = coverage[(coverage["measure"] == "complete") & (coverage["n"] > 0)]
    yield from sentences.rates(
        page,
        "{group}, plan for {year}: {count} of {n} indicators come with baseline, target and year ({rate:percent}).",
        told,
        ids="missing_ids",
        several="In {groups} plans {count} of {n} indicators come with baseline, target and year ({rate:percent}).",
    )


def _silent(page: Page, silent: pd.DataFrame) -> Iterator[Finding]:
    if len(silent) > TOLD_APART:
        text = page.say(
            "{plans} plans name indicators ({n}) without an outcome or target for any of them: they do not say when "
            "they are good enough.",
            plans=len(silent),
            n=int(silent["unknown"].sum()),
        )
        yield Finding(text, page.documents_of(silent))
        return
    for row in each(silent):
        text = page.say(
            "{group}, plan for {year}: {n} indicators are named, but no outcome or target is printed for any of them: "
            "the documents do not say when they are good enough.",
            n=row.unknown,
            **about(page.say, row),
        )
        yield Finding(text, page.places(row.unknown_ids))


def _attained(page: Page, attained: pd.DataFrame) -> Iterator[Finding]:
    """What could be judged, or that nothing could and why: the outcomes that are missing, the years they are of."""
    if attained.empty:
        return
    judged = attained[attained["verdict"].isin(JUDGED)]
    if judged["municipality_code"].nunique() > TOLD_APART:
        text = page.say(
            "Of all {all} targets {n} can be judged, and {met} of these were reached.",
            all=len(attained),
            n=len(judged),
            met=int((judged["verdict"] == "met").sum()),
        )
        yield Finding(text, page.documents_of(attained))
        return
    for code, rows in judged.groupby("municipality_code", sort=False):
        met = rows["verdict"] == "met"
        text = page.say(
            "{group}: of {all} targets {n} can be judged, and {met} of these were reached.",
            group=labels.municipality(code, page.say),
            all=int((attained["municipality_code"] == code).sum()),
            n=len(rows),
            met=int(met.sum()),
        )
        yield Finding(text, page.places([*rows["target_id"], *rows["outcome_id"]]))
    if judged.empty:
        yield Finding(_not_judged(page, attained), page.places(list(attained["target_id"])))


def _not_judged(page: Page, attained: pd.DataFrame) -> str:
    """Why no target can be judged: the verdicts that each of them has instead."""
    reasons = attained["verdict"].value_counts()
    if reasons.index[0] == "no_outcome" and len(reasons) == 1:
        return page.say(
            "None of {n} targets for {years} can be judged yet: no document that was read prints an outcome for the "
            "year of a target.",
            n=len(attained),
            years=page.say.years(attained["year"]),
        )
    words = [
        f"{page.say.number(int(count))} {labels.code('verdict', verdict, page.say)}"
        for verdict, count in reasons.items()
    ]
    return page.say(
        "None of {n} targets for {years} can be judged: {reasons}.",
        n=len(attained),
        years=page.say.years(attained["year"]),
        reasons=page.say.listed(words),
    )


def _forecast(page: Page, forecast: pd.DataFrame) -> Iterator[Finding]:
    """Targets beside the plan's own forecast of the same year: all that can be said before outcomes are in."""
    known = forecast[forecast["verdict"].isin([*JUDGED, "equal", "direction_unknown"])]
    if known["municipality_code"].nunique() > TOLD_APART:
        text = page.say(
            "For {n} targets the plans print a forecast of the same year; the forecast equals the target for {same}.",
            n=len(known),
            same=int((known["outcome"] == known["target"]).sum()),
        )
        yield Finding(text, page.documents_of(known))
        return
    for code, rows in known.groupby("municipality_code", sort=False):
        judged = rows["verdict"].isin(JUDGED)
        undirected = rows[~judged]
        told = page.say(
            "{group}: for {n} targets for {years} the plan prints a forecast of the same year.",
            group=labels.municipality(code, page.say),
            n=len(rows),
            years=page.say.years(rows["year"]),
        )
        parts = [told]
        if judged.any():
            parts.append(
                page.say(
                    "Of the {n} whose direction is known the forecast reaches {met} and misses {missed}.",
                    n=int(judged.sum()),
                    met=int((rows["verdict"] == "met").sum()),
                    missed=int((rows["verdict"] == "not_met").sum()),
                )
            )
            parts.append(_missed(page, rows[rows["verdict"] == "not_met"]))
        if len(undirected):
            same = int((undirected["outcome"] == undirected["target"]).sum())
            parts.append(
                page.say(
                    "Of the {n} without a direction it equals the target for {same} and differs for {other}.",
                    n=len(undirected),
                    same=same,
                    other=len(undirected) - same,
                )
            )
        yield Finding(" ".join(filter(None, parts)), page.places([*rows["target_id"], *rows["outcome_id"]]))


def _missed(page: Page, rows: pd.DataFrame) -> str:
    """Which targets the plan itself forecasts to miss; empty where it misses none."""
    if rows.empty:
        return ""
    names = [str(name) for name, _ in labels.in_language(rows, "name", page.say)]
    told = []
    for name, row in zip(names, each(rows), strict=True):
        target, forecast = _with_unit(page, row.target, row.outcome, row.unit)
        told.append(
            page.say(
                "{name} (target {target}, forecast {forecast})",
                name=name.removesuffix(" (%)"),
                target=target,
                forecast=forecast,
            )
        )
    return page.say("Those it misses are {names}.", names=page.say.listed(told, at_most=TOLD_APART))


def _directions(page: Page, directions: pd.DataFrame) -> Iterator[Finding]:
    directions = directions[directions["n"] > 0]
    if len(directions) > TOLD_APART:
        yield _together(
            page,
            directions,
            page.say(
                "In {plans} plans, of all indicators with a target, {count} of {n} say which way is better",
                plans=len(directions),
                count=int(directions["count"].sum()),
                n=int(directions["n"].sum()),
            ),
        )
        return
    yield from sentences.rates(
        page,
        "{group}, plan for {year}: of {n} indicators with a target {count} say which way is better "
        "({rate:percent}); the others print a bare number.",
        directions,
    )


def _decided(page: Page, stated: pd.DataFrame, decided: pd.DataFrame) -> Iterator[Finding]:
    """How many more indicators get a direction from a person, and how many still have none."""
    more, n = int(decided["count"].sum() - stated["count"].sum()), int(decided["n"].sum())
    if more:
        text = page.say(
            "Of {n} indicators with a target a person has decided the direction of {more} more; {left} stay without "
            "one.",
            n=n,
            more=more,
            left=n - int(decided["count"].sum()),
        )
        yield Finding(text, page.places(sentences.flat(decided["record_ids"])))


def _ambition(page: Page, ambition: pd.DataFrame) -> Iterator[Finding]:
    """How many targets ask for more than was reached already, and how many for less, where the direction is known."""
    known = with_direction(ambition)
    if known["municipality_code"].nunique() > TOLD_APART:
        parts = [("", known)]
    else:
        parts = [(labels.municipality(code, page.say), rows) for code, rows in known.groupby("municipality_code")]
    for group, rows in parts:
        count = rows["ambition"].value_counts()
        fields = {name: int(count.get(name, 0)) for name in ("raises", "holds", "lowers")}
        lowered = rows[rows["ambition"] == "lowers"]
        text = page.say(
            "{group}: of {n} targets with a known direction and a baseline {raises} ask for more than was reached, "
            "{holds} for the same and {lowers} for less."
            if group
            else "Of {n} targets with a known direction and a baseline {raises} ask for more than was reached, {holds} "
            "for the same and {lowers} for less.",
            group=group,
            n=len(rows),
            **fields,
        )
        if fields["lowers"] and group:
            less = page.say("Less than was reached is asked for in {names}.", names=_lowered(page, lowered))
            text = f"{text} {less}"
        shown = lowered if fields["lowers"] else rows
        yield Finding(text, page.places([*shown["target_id"], *shown["baseline_id"]]))


def _lowered(page: Page, rows: pd.DataFrame) -> str:
    """The indicators whose targets ask for less than was reached, each with both numbers, of its latest such target."""
    once = rows.sort_values("year", kind="stable").drop_duplicates("unit_id", keep="last").sort_index()
    names = [str(name) for name, _ in labels.in_language(once, "name", page.say)]
    told = [
        page.say(
            "{name} ({baseline} reached in {from_year}, {target} asked for in {year})",
            name=name,
            baseline=page.say.number(row.baseline),
            from_year=int(row.baseline_year),
            target=page.say.number(row.target),
            year=int(row.year),
        )
        for name, row in zip(names, each(once), strict=True)
    ]
    return page.say.listed(told, at_most=4)


def _together(page: Page, rows: pd.DataFrame, lead: str) -> Finding:
    """A sentence on many plans at once: the whole, and between what their shares lie; no plan is told for itself."""
    low, high = float(rows["rate"].min()), float(rows["rate"].max())
    words = page.say(
        "{lead} ({rate:percent}); the shares of single plans go from {low:percent} to {high:percent}."
        if low < high
        else "{lead} ({rate:percent}), in every one of them the same share.",
        lead=lead,
        rate=float(rows["count"].sum() / rows["n"].sum()),
        low=low,
        high=high,
    )
    return Finding(words, page.documents_of(rows))


def _paths(page: Page, paths: pd.DataFrame) -> Iterator[Finding]:
    known = paths[paths["n"] > 0]
    for measure, rows in known.groupby("measure", sort=False):
        if len(rows) > TOLD_APART:
            yield _paths_together(page, str(measure), rows)
            continue
        yield from sentences.rates(
            page,
            "{group}, plan for {year}: {count} of {n} indicators with targets for several years have the same target "
            "in all of them ({rate:percent})."
            if measure == "flat"
            else "{group}, plan for {year}: {count} of {n} indicators with a baseline ask only that the level already "
            "reached be kept ({rate:percent}).",
            rows,
        )


def _paths_together(page: Page, measure: str, rows: pd.DataFrame) -> Finding:
    """The indicators of many plans whose targets stand still, or stay at what is reached, as one finding."""
    return _together(
        page,
        rows,
        page.say(
            "In {plans} plans {count} of {n} indicators with targets for several years have the same target in all of "
            "them"
            if measure == "flat"
            else "In {plans} plans {count} of {n} indicators with a baseline ask only that the level already "
            "reached be kept",
            plans=len(rows),
            count=int(rows["count"].sum()),
            n=int(rows["n"].sum()),
        ),
    )


def _trends(page: Page, trends: pd.DataFrame) -> Iterator[Finding]:
    if trends.empty:
        return
    several = int((trends["points"] >= 2).sum())
    longer = int((trends["points"] >= 3).sum())
    text = page.say(
        "Of {n} indicators with an outcome, girls and boys counted apart, {several} have outcomes of at least two "
        "years and {longer} of three or more, which a trend needs."
        if trends["group"].notna().any()
        else "Of {n} indicators with an outcome {several} have outcomes of at least two years and {longer} of three or "
        "more, which a trend needs.",
        n=len(trends),
        several=several,
        longer=longer,
    )
    yield Finding(text, page.places(sentences.flat(trends["record_ids"])))
    known = trends[trends["moved"].isin(["better", "worse"])]
    if known.empty:
        return
    text = page.say(
        "Of indicators with outcomes of several years and a known direction {better} moved the better way and {worse} "
        "the worse, from the first outcome to the last.",
        better=int((known["moved"] == "better").sum()),
        worse=int((known["moved"] == "worse").sum()),
    )
    doubt = f" {page.say('Too few to compare.')}" if len(known) < sentences.TOO_FEW else ""
    yield Finding(f"{text}{doubt}", page.places(sentences.flat(known["record_ids"])))


def _sexes(page: Page, sexes: pd.DataFrame) -> Iterator[Finding]:
    if sexes.empty:
        return
    outcomes = sexes[sexes["kind"] == "outcome"]
    rows = outcomes if len(outcomes) else sexes
    text = page.say.plural(
        "{n} indicator has values for both sexes: {names}.",
        "{n} indicators have values for both sexes: {names}.",
        rows["unit_id"].nunique(),
        names=page.say.listed(_names(page, rows), at_most=TOLD_APART),
    )
    yield Finding(text, page.places(sentences.flat(rows["record_ids"])))


def _names(page: Page, rows: pd.DataFrame) -> list[str]:
    """Each indicator once with its latest two values, in the page's language where the rows have its name in it."""
    once = rows.sort_values("year", ascending=False, kind="stable").drop_duplicates("unit_id").sort_index()
    names = [str(name) for name, _ in labels.in_language(once, "name", page.say)]
    told = []
    for name, row in zip(names, each(once), strict=True):
        female, male = _with_unit(page, row.female, row.male, row.unit)
        told.append(
            page.say(
                "{name} ({pair} {year}: {female} and {male})",
                name=name.removesuffix(" (%)"),
                pair=labels.code("pair", row.pair, page.say),
                year=int(row.year),
                female=female,
                male=male,
            )
        )
    return told


def _with_unit(page: Page, first: Any, second: Any, unit: Any) -> tuple[str, str]:
    """Two numbers of one unit: a percent sign stands at both, the word for any other unit after the second."""
    numbers = page.say.number(first), page.say.number(second)
    if is_missing(unit):
        return numbers
    if unit == "%":
        return numbers[0] + page.say.percent_sign, numbers[1] + page.say.percent_sign
    return numbers[0], f"{numbers[1]}{NO_BREAK_SPACE}{labels.code('unit', unit, page.say)}"


def ways(plans: Tables, directions: pd.DataFrame | None) -> pd.DataFrame:
    """How far on the way targets are, by outcomes and by the plans' own forecasts (`kind`); only what has a way to go.

    Columns of `attainment.progress` and `kind` {outcome, forecast}.
    """
    outcome = attainment.progress(plans, directions=directions).assign(kind="outcome")
    forecast = attainment.progress(plans, directions=directions, against="forecast").assign(kind="forecast")
    rows = pd.concat([outcome, forecast], ignore_index=True)
    rows = rows[rows["n"] > 0].sort_values(["municipality_code", "year"], kind="stable")
    return rows.astype({"kind": "str"}).reset_index(drop=True)
