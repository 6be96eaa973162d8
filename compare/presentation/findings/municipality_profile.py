"""What a municipality's profile found: what is known of it, who it is held against, and where it stands apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from compare import reference
from compare.measures import profile
from compare.measures.profile import Circle
from compare.presentation import labels, sentences
from compare.presentation.figures.rates import ROWS_WITH_LABELS
from compare.presentation.page import Page
from compare.presentation.sentences import Finding, each
from compare.presentation.wording import EN_DASH, Wording, is_missing

NAMES_AT_MOST = 6
NO_PLACE = ("too_few", "few_peers")

METHOD = (
    "Of each measure the municipality's latest plan year that has it is used; the tables say which year that is.",
    "Peers that have plans are compared with where there are at least three of them, or where they were chosen by "
    "name; else all other municipalities with plans are.",
    "Rates are held against each other in pairs: 'clearly higher' or 'clearly lower' is said only where the interval "
    "of the difference (Newcombe) leaves zero out and neither rests on fewer than {smallest}. The intervals are so "
    "wide that all of them hold at once with 95% (Bonferroni), since of many pairs some always look different.",
    "An assignment that the plans repeat counts once, as does a goal.",
    "A place among others is an interval: after those that are surely higher and before those that are surely lower, "
    "all judged together (Newcombe's intervals with Bonferroni's level). It holds the true place with at least 95%, "
    "and is not given among fewer than three others or where the rate rests on fewer than {smallest}.",
    "Inhabitants are those of 31 December of the latest year in the reference data; a cost per inhabitant divides by "
    "those of 31 December the year before.",
)
LIMITS = (
    "A municipality without plans here has plans: they have not been read.",
    "Being much alike in inhabitants and structure does not make plans alike: each municipality has a form of its own.",
    "Where much is compared, a difference must be large to be called clear: one that is not told may still be there.",
    "More goals, more indicators or more assignments are neither better nor worse.",
)


def findings(
    page: Page,
    around: Circle,
    *,
    facts: pd.DataFrame,
    rates: pd.DataFrame,
    positions: pd.DataFrame,
    counts: pd.DataFrame,
    budgets: pd.DataFrame,
) -> list[Finding | None]:
    """The findings of the profile, in the order a reader needs them.

    `facts`, `rates` and `counts` as `compare.measures.profile` gives them, `positions` (of the municipality among those
    it is compared with) as `compare.measures.peer_position` does, `budgets` the change of the net cost over each plan
    (`plan_horizon.over_plan`).
    """
    code = around.code
    return [
        *_budgets(page, budgets, code),
        _counts(page, counts, code),
        *_rates(page, rates, positions, code),
        _lacking(page, rates, code),
        _known(page, facts, code),
    ]


def basis(page: Page, around: Circle, facts: pd.DataFrame) -> str:
    """What was read and who there is to compare with, in a paragraph: what a reader must know before any finding."""
    return f"{_read(page, around.code)} {_circle(page, around, facts)}"


def title_of_rates(page: Page, rates: pd.DataFrame, code: str) -> str:
    """In how many comparisons that can be made the rates differ; what the figure shows where none can be made."""
    pairs = profile.against(rates, code)
    n = int((pairs["verdict"] != "too_few").sum())
    if not n:
        return page.say("Rates of the municipality and of those it is compared with")
    clear = int(pairs["verdict"].isin(["higher", "lower"]).sum())
    if not clear:
        if n == 1:
            return page.say("The only comparison of rates that can be made shows no clear difference")
        return page.say("None of {n} comparisons of rates shows a clear difference", n=n)
    return page.say("Comparisons of rates that show a clear difference: {clear} of {n}", n=n, clear=clear)


def has_places(positions: pd.DataFrame) -> bool:
    """Whether of any rate a place among the others can be told."""
    return not positions["verdict"].isin(NO_PLACE).all()


def _name(page: Page, code: str) -> str:
    return labels.municipality(code, page.say)


def _known(page: Page, facts: pd.DataFrame, code: str) -> Finding | None:
    row = facts[facts["municipality_code"] == code].iloc[0]
    smaller, others = profile.larger_than(code)
    text = page.say(
        "{name} in {county} had {population} inhabitants on 31 December {population_year}, more than {smaller} of the "
        "{others} other municipalities, and belongs to SKR group {group} ({group_name}).",
        name=_name(page, code),
        county=row["county"],
        population=row["population"],
        population_year=row["population_year"],
        smaller=smaller,
        others=others,
        group=row["skr_group"],
        group_name=labels.code("skr_group_name", row["skr_group_name"], page.say),
    )
    return Finding(text, source=sources_of_facts(page.say))


def _circle(page: Page, around: Circle, facts: pd.DataFrame) -> str:
    say = page.say
    names = {code: _name(page, code) for code in facts["municipality_code"]}
    peers = say.number(len(around.peers))
    have = say("None of its {peers} peers has plans in this snapshot", peers=peers)
    if around.with_plans:
        have = say.plural(
            "{n} of its {peers} peers has plans in this snapshot",
            "{n} of its {peers} peers have plans in this snapshot",
            len(around.with_plans),
            peers=peers,
        )
    listed = say.listed([names.get(code, code) for code in around.compared], at_most=NAMES_AT_MOST)
    if not around.compared:
        return say("{have}, and no other municipality has: nothing can be compared.", have=have)
    if around.widened:
        others = say.plural(
            "the {n} other municipality that has ({names})",
            "the {n} other municipalities that have ({names})",
            len(around.compared),
            names=listed,
        )
        return say(
            "{have}, too few to compare with: the comparison is with {others}."
            if around.with_plans
            else "{have}: the comparison is with {others}, which are not its peers.",
            have=have,
            others=others,
        )
    return say("{have}: {names}.", have=have, names=listed)


def _read(page: Page, code: str) -> str:
    documents = page.plans.documents
    own = documents[documents["municipality_code"] == code]
    if own.empty:
        return page.say(
            "No plan of {name} has been read, so the page shows the others only; that does not mean that there is "
            "none.",
            name=_name(page, code),
        )
    kinds = [labels.code("kind", kind, page.say) for kind in own["kind"].dropna().drop_duplicates()]
    text = page.say.plural(
        "{n} document of {name} has been read ({kinds}; {years}).",
        "{n} documents of {name} have been read ({kinds}; {years}).",
        len(own),
        name=_name(page, code),
        kinds=page.say.listed(kinds),
        years=page.say.years(own["year"]),
    )
    boards = own["board"].dropna().drop_duplicates().tolist()
    if own["board"].notna().all():
        whose = page.say.plural(
            "It is of {boards}, not of the whole municipality.",
            "All are of {boards}, not of the whole municipality.",
            len(own),
            boards=page.say.listed(boards),
        )
        text = f"{text} {whose}"
    return text


def _rates(page: Page, rates: pd.DataFrame, positions: pd.DataFrame, code: str) -> Iterator[Finding]:
    against = profile.against(rates, code)
    rows = rates[(rates["municipality_code"] == code) & (rates["n"] > 0)]
    clear = against.loc[against["verdict"].isin(["higher", "lower"]), "measure"]
    rows = rows.iloc[_by_weight(rows["measure"], clear, against["measure"]).argsort(kind="stable")]
    own = sentences.rates(
        page,
        "{name} {year}, {measure}: {count} of {n} ({rate:percent}).",
        rows,
        fields=lambda row: {
            "name": _name(page, code),
            "measure": labels.code("measure", row.measure, page.say),
        },
    )
    for measure, finding in zip(rows["measure"], own, strict=True):
        others = _against(page, against[against["measure"] == measure])
        place = _place(page, positions[positions["measure"] == measure])
        yield Finding(" ".join(part for part in (finding.text, others, place) if part), finding.places)


def _by_weight(measures: pd.Series, clear: pd.Series, compared: pd.Series) -> np.ndarray:
    """What the rates are told by: those that differ clearly from another's, those that can be compared, the others."""
    return np.select([measures.isin(clear), measures.isin(compared)], [0, 1], 2)


def _place(page: Page, position: pd.DataFrame) -> str:
    """Between which places the rate lies, where there are enough to compare with and it rests on enough."""
    row = next(each(position), None)
    if row is None or row.verdict in NO_PLACE or (row.rank_from, row.rank_to) == (1, row.peers + 1):
        return ""
    fields = {"low": row.rank_from, "high": row.rank_to, "all": row.peers + 1}
    if row.verdict == "upper_half":
        return page.say("Its place is in the upper half: {low} to {high} of {all}, 1 being the highest.", **fields)
    if row.verdict == "lower_half":
        return page.say("Its place is in the lower half: {low} to {high} of {all}, 1 being the highest.", **fields)
    return page.say("Its place is between {low} and {high} of {all}, 1 being the highest.", **fields)


def _against(page: Page, pairs: pd.DataFrame) -> str:
    """How the own rate stands to the others': by name those that differ clearly, and all of them where they are few."""
    say = page.say
    if pairs.empty:
        return say("No other that is compared with has this figure.")
    parts = []
    for verdict in ("higher", "lower", "not_distinguishable", "too_few"):
        rows = pairs[pairs["verdict"] == verdict]
        if rows.empty:
            continue
        telling = len(pairs) <= NAMES_AT_MOST or len(rows) == 1 or verdict in ("higher", "lower")
        whom = _whom(page, rows, by_name=telling and len(rows) <= NAMES_AT_MOST)
        parts.append(
            {
                "higher": say("clearly higher than {whom}", whom=whom),
                "lower": say("clearly lower than {whom}", whom=whom),
                "not_distinguishable": say("not to be told apart from {whom}", whom=whom),
                "too_few": say("too few to compare with {whom}", whom=whom),
            }[verdict]
        )
    sentence = say.listed(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _whom(page: Page, rows: pd.DataFrame, *, by_name: bool) -> str:
    """The others in a sentence: each with its rate, or how many and between what."""
    say = page.say
    if by_name:
        return say.listed(
            [
                say(
                    "{name} ({rate:percent} of {n}, {year})",
                    name=_name(page, row.municipality_code),
                    rate=row.rate,
                    n=row.n,
                    year=row.year,
                )
                for row in each(rows)
            ]
        )
    ends = (say.percent(end) for end in (rows["rate"].min(), rows["rate"].max()))
    return say("{n} others ({span})", n=len(rows), span=say.span(*ends))


def _counts(page: Page, counts: pd.DataFrame, code: str) -> Finding | None:
    own = counts[counts["municipality_code"] == code]
    others = counts[counts["municipality_code"] != code]
    if own.empty:
        return None
    row = own.iloc[0]
    goals = page.say.plural("{n} goal", "{n} goals", int(row["goals"]))
    depth = page.say.plural("in {n} level", "in {n} levels", int(row["depth"]))
    text = page.say(
        "{name} states {goals} {depth} in its plan for {year}.",
        name=_name(page, code),
        goals=goals,
        depth=depth,
        year=row["year"],
    )
    if len(others) and len(others) <= NAMES_AT_MOST:
        listed = [f"{_name(page, r.municipality_code)} {page.say.number(r.goals)} ({r.year})" for r in each(others)]
        text = f"{text} {page.say('The others: {listed}.', listed=page.say.listed(listed))}"
    elif len(others):
        more = int((others["goals"] < row["goals"]).sum())
        text = f"{text} {page.say('That is more than {more} of the {n} others.', more=more, n=len(others))}"
    return Finding(text, page.places(row["goal_ids"]))


def _budgets(page: Page, horizon: pd.DataFrame, code: str) -> Iterator[Finding]:
    own = horizon[(horizon["municipality_code"] == code) & horizon["growth"].notna()]
    own = own[own["from_year"] == own["from_year"].max()]
    for row in each(own):
        whose = _name(page, code) if is_missing(row.board) else f"{_name(page, code)}, {row.board}"
        text = page.say(
            "{whose}: the net cost goes from {before:money} in {from_year} to {after:money} in {year} ({growth}).",
            whose=whose,
            before=row.from_cost,
            after=row.cost,
            from_year=row.from_year,
            year=row.year,
            growth=page.say.percent(row.growth, 1, signed=True),
        )
        if not is_missing(row.real_growth):
            real = page.say.percent(row.real_growth, 1, signed=True)
            told = page.say(
                "With the prices that came to be ({index}) that is {real} in real terms.",
                real=real,
                index=row.index_name,
            )
            text = f"{text} {told}"
        yield Finding(text, page.places(row.record_ids))


def _lacking(page: Page, rates: pd.DataFrame, code: str) -> Finding | None:
    """What others have a figure for and the municipality has not: said once, with all of it."""
    own = set(rates.loc[rates["municipality_code"] == code, "measure"])
    lacking = [name for name in profile.MEASURES if name in set(rates["measure"]) - own]
    if not own or not lacking:
        return None
    words = [labels.code("measure", name, page.say) for name in lacking]
    text = page.say(
        "The documents of {name} that were read have no figures on {measures}.",
        name=_name(page, code),
        measures=page.say.listed(words),
    )
    return Finding(text, page.documents_of(page.plans.documents[page.plans.documents["municipality_code"] == code]))


def peers_in_words(page: Page, around: Circle, peers: str | Sequence[str]) -> str:
    """How the peers were chosen and who they are, in a paragraph."""
    say = page.say
    names = say.listed([_name(page, code) for code in around.peers], at_most=12)
    ways = {
        "similar": say("Peers are the municipalities that Kolada's model finds most like it: {names}.", names=names),
        "group": say("Peers are the other municipalities of its SKR group: {names}.", names=names),
        "county": say("Peers are the other municipalities of its county: {names}.", names=names),
    }
    chosen = ways.get(peers) if isinstance(peers, str) else None
    return chosen or say("Peers were chosen by name: {names}.", names=names)


def fact_codes(around: Circle) -> list[str]:
    """Whom the table of facts shows: the municipality, its peers, and the others that it is compared with."""
    return list(dict.fromkeys([around.code, *around.peers, *around.compared]))


def sources_of_facts(say: Wording, peers: str | Sequence[str] = ()) -> str:
    """The source lines that facts about municipalities carry; Kolada's only where its list of similar ones is shown."""
    tables = ["municipalities", "population", *(["similar"] if peers == "similar" else [])]
    card = reference.sources().set_index("table")[f"label_{say.language}"]
    heads: dict[str, str] = {
        "municipalities": say("County and group"),
        "population": say("Inhabitants"),
        "similar": say("Who is similar"),
    }
    return " ".join(f"{heads[table]} {EN_DASH} {card[table]}." for table in tables)


def facts_in_words(facts: pd.DataFrame, say: Wording) -> pd.DataFrame:
    """The facts with the plan years as words; null where none was read."""
    years = [None if is_missing(one) else say.years(one) for one in facts["plan_years"]]
    return facts.assign(plan_years=pd.Series(years, index=facts.index, dtype="str"))


def in_points(pairs: pd.DataFrame) -> pd.DataFrame:
    """The differences and their intervals in percentage points, which a percent sign would not say.

    What is the other's is named so beside what is the municipality's own.
    """
    points = pairs.assign(**{name: (100 * pairs[name]).round(1) for name in ("difference", "low", "high")})
    return points.rename(columns={"rate": "other_rate", "n": "other_n"})


def named(rows: pd.DataFrame, say: Wording) -> pd.DataFrame:
    """The rows with `label`, whose and of which year each is; without the year where there is no figure."""
    names = [
        labels.municipality(row.municipality_code, say)
        if is_missing(row.year)
        else f"{labels.municipality(row.municipality_code, say)} {row.year}"
        for row in each(rows)
    ]
    return rows.assign(label=pd.Series(names, index=rows.index, dtype="str"))


def side_by_side(page: Page, rates: pd.DataFrame, around: Circle) -> pd.DataFrame:
    """The rates as a figure shows them, with `label` and `role`: each of the others, or all as one where too many."""
    code = around.code
    rows = profile.with_gaps(rates, code)
    if len(rows) <= ROWS_WITH_LABELS:
        return named(profile.roles(rows, around), page.say)
    own = named(rows[rows["municipality_code"] == code].assign(role=profile.OWN), page.say)
    others = profile.others_together(rates, code).assign(role=profile.PEER if not around.widened else profile.OTHER)
    labelled = [page.say("the {n} others together", n=n) for n in others["municipalities"]]
    shown = pd.concat([own, others.assign(label=pd.Series(labelled, index=others.index, dtype="str"))])
    place = shown["measure"].map({name: place for place, name in enumerate(profile.MEASURES)})
    return shown.assign(_place=place).sort_values("_place", kind="stable").drop(columns="_place").reset_index(drop=True)
