"""What the report on budgets found: how much, how it changes in real terms, what drives it, and whether it adds up."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from compare.presentation import amounts, labels, sentences
from compare.presentation.amounts import WHOSE
from compare.presentation.page import Page
from compare.presentation.sentences import Finding, each
from compare.presentation.wording import is_missing

BUDGETS_TOLD_APART = 5
DRIVES = 0.25
UNITS_TOLD = 4  # so many units are told of each for itself

METHOD = (
    "Costs are positive amounts whatever sign the source prints; the rule that decided the sign of each table is "
    "shown.",
    "Of a document's budget tables the one with the largest total that divides by unit is used; the others show the "
    "same money in another way and are not added to it.",
    "A row whose parts sum to it is a subtotal and is never added to its parts.",
    "A share is the unit's net cost over the sum of all units of the same table and year with a net cost of zero or "
    "more.",
    "Growth is the amount over the amount of the year before in the same table; real growth divides by the change of "
    "the consumer price index (KPI, annual mean, Statistics Sweden).",
    "The change is divided by logarithms, which add up: ln(amount) = ln(prices) + ln(inhabitants) + ln(real amount per "
    "inhabitant).",
    "Inhabitants are those of 31 December the year before (Statistics Sweden).",
    "How far a division moved is the Aitchison distance: 0 where all units grew alike, whatever the total did.",
    "A printed total agrees with its parts where the difference is no more than rounding can make.",
    "Investments are kept apart from operating costs everywhere.",
    "A unit's share of the assignments counts those given to the office of the same name; one given to two offices "
    "counts at both.",
)
LIMITS = (
    "A committee's budget is not a municipality's: what one committee answers for, another municipality spreads over "
    "several.",
    "Municipalities spread common costs over their units in different ways, so that equal services can have unequal "
    "net costs.",
    "A step from outcome to budget, or from budget to plan, is partly a change of concept and not of money.",
    "Consumer prices are not the prices that a municipality pays; wages weigh more for it.",
    "Assignments differ in size, and running work takes money without any assignment: that a unit has more of one than "
    "of the other is a question and no fault.",
    "Years for which the price index or the number of inhabitants is not known yet have no real figures; nothing is "
    "carried forward.",
)
PARTS = {
    "log_price": "Prices",
    "log_population": "Inhabitants",
    "log_real_per_inhabitant": "Real change per inhabitant",
}


def findings(
    page: Page,
    *,
    totals: pd.DataFrame,
    horizon: pd.DataFrame,
    units: pd.DataFrame,
    changes: pd.DataFrame,
    divisions: pd.DataFrame,
    inhabitants: pd.DataFrame,
    variance: pd.DataFrame,
    investments: pd.DataFrame,
    projects: pd.DataFrame,
    checks: pd.DataFrame,
    money: pd.DataFrame,
    work: pd.DataFrame,
    areas: Sequence[Finding | None] = (),
) -> list[Finding | None]:
    """The findings of the report, in the order a reader needs them.

    All but `checks`, `variance`, `money` and `work` name their budget in `budget_of`. `totals` is the growth of the
    total rows, `changes` that of the finest units, `horizon` the change over each plan, `units` the costs of units,
    `inhabitants` the totals per inhabitant, `investments` the total investments, `projects` what they are made
    of, `areas` the findings on service areas; `work` is a result of `work_and_money.by_unit`.
    """
    own = [_of_plan_year(page, frame) for frame in (totals, units, changes, inhabitants)]
    return [
        *_totals(page, own[0]),
        *_horizon(page, horizon),
        *_drivers(page, own[2], own[0]),
        *_work(page, work),
        *areas,
        *_variance(page, variance),
        *_investments(page, investments, projects),
        *_checked(page, checks),
        *_largest(page, own[1]),
        *_divisions(page, divisions),
        *_money(page, money),
        *_per_inhabitant(page, own[3]),
    ]


def _of_plan_year(page: Page, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows for the year that their plan is for."""
    own = page.plans.documents.set_index("document_id")["year"]
    return rows[(rows["year"] == rows["document_id"].map(own)).fillna(False).to_numpy(bool)]


def _few(rows: pd.DataFrame) -> bool:
    """Whether there are so few budgets that each is told for itself."""
    return rows["document_id"].nunique() <= BUDGETS_TOLD_APART


def _percent(page: Page, share: float) -> str:
    return page.say.percent(share, 1, signed=True)


def _totals(page: Page, rows: pd.DataFrame) -> Iterator[Finding | None]:
    rows = rows[rows["growth"].notna()]
    if not _few(rows):
        yield sentences.extremes(
            page,
            "Of {budgets} budgets that of {high_name} grows most, by {high}, and that of {low_name} least, by {low}, "
            "in the prices of each year.",
            rows,
            value="growth",
            group=WHOSE,
            form="share",
            budgets=len(rows),
        )
        return
    for row in each(rows):
        told = page.say(
            "{of}: {cost:money} net is budgeted for {year}, {growth} against the {before} of {from_year}",
            of=row.budget_of,
            cost=row.cost,
            year=row.year,
            growth=_percent(page, row.growth),
            before=labels.code("kind", row.from_kind, page.say),
            from_year=row.from_year,
        )
        real = (
            page.say("the real change is unknown, since the price index lacks a year")
            if is_missing(row.real_growth)
            else page.say("in real terms {real} ({index})", real=_percent(page, row.real_growth), index=row.index_name)
        )
        yield Finding(f"{told}; {real}.", page.places(row.record_ids))


def _horizon(page: Page, rows: pd.DataFrame) -> Iterator[Finding | None]:
    rows = rows[rows["real_growth"].notna()]
    if not _few(rows):
        yield sentences.extremes(
            page,
            "Over the years that {budgets} plans look ahead, the real change is largest in {high_name} ({high}) and "
            "smallest in {low_name} ({low}).",
            rows,
            value="real_growth",
            group=WHOSE,
            form="share",
            budgets=len(rows),
        )
        return
    for row in each(rows):
        text = page.say(
            "{of}: from {from_year} to {year} the plan changes the net cost by {growth} in the prices of each year; "
            "with the prices that came to be ({index}) that is {real} in real terms.",
            of=row.budget_of,
            from_year=row.from_year,
            year=row.year,
            growth=_percent(page, row.growth),
            real=_percent(page, row.real_growth),
            index=row.index_name,
        )
        yield Finding(text, page.places(row.record_ids))


def _drivers(page: Page, changes: pd.DataFrame, totals: pd.DataFrame) -> Iterator[Finding]:
    """The unit that a total's change mostly comes from, where one accounts for a quarter of it or more."""
    if not _few(totals):
        return
    for total in each(totals):
        if is_missing(total.change) or total.change == 0:
            continue
        rows = changes[(changes["document_id"] == total.document_id) & (changes["year"] == total.year)]
        share = rows["change"].astype("float64") / total.change
        if rows.empty or not share.max() >= DRIVES:
            continue
        row = rows.loc[share.idxmax()]
        moved = {"change": row["change"], "total": total.change, "before": row["from_cost"], "after": row["cost"]}
        unit = page.say.money_unit(moved.values()).symbol
        text = page.say(
            "{of}: {unit} accounts for {change} of the change of {total} from {from_year} to {year}, from {before} to "
            "{after}.",
            of=total.budget_of,
            unit=row["unit"],
            from_year=total.from_year,
            year=total.year,
            **{name: page.say.money(amount, unit) for name, amount in moved.items()},
        )
        yield Finding(text, page.places(row["record_ids"]))


def _work(page: Page, work: pd.DataFrame) -> Iterator[Finding]:
    """What share of the money and of the assignments the units have; of many units the two that lie furthest apart."""
    if not _few(work):
        return
    for _, rows in work.groupby("document_id", sort=False):
        given = rows[rows["assignments"] > 0]
        if len(given) > UNITS_TOLD:
            given = given.sort_values("difference", kind="stable").iloc[[0, -1]]
        told = [
            page.say(
                "{unit} {cost:percent} of the money and {share:percent} of the assignments",
                unit=row.unit,
                cost=row.cost_share,
                share=row.assignment_share,
            )
            for row in each(given)
        ]
        text = page.say(
            "{of}: how the net cost for {year} and the {n} assignments that name an office divide: {units}.",
            of=amounts.whose(rows, page.plans.documents, page.say).iloc[0],
            year=int(rows["year"].iloc[0]),
            n=int(rows["n"].iloc[0]),
            units="; ".join(told),
        )
        yield Finding(text, page.places(sentences.flat(given["record_ids"])))


def _largest(page: Page, units: pd.DataFrame) -> Iterator[Finding]:
    units = units[units["share"].notna() & units["kind"].isin(["budget", "plan"])]
    if not _few(units):
        return
    for whose, rows in units.groupby(WHOSE, sort=False):
        if len(rows) < 3:
            continue
        first, second = rows.sort_values("share", ascending=False, kind="stable").head(2).to_dict("records")
        text = page.say(
            "{of}: {first} has {share:percent} of the net cost, and together with {second} {both:percent}.",
            of=whose,
            first=first["unit"],
            share=first["share"],
            second=second["unit"],
            both=first["share"] + second["share"],
        )
        yield Finding(text, page.places([*first["record_ids"], *second["record_ids"]]))


def title_of_units(page: Page, units: pd.DataFrame) -> str:
    """Which unit's net cost changes most up to the plan year; what the figure shows where there are several budgets."""
    own = _of_plan_year(page, units)
    before = units.assign(year=units["year"] + 1)[["document_id", "unit", "year", "cost"]]
    both = own.merge(before, on=["document_id", "unit", "year"], suffixes=("", "_before"))
    both = both.assign(change=both["cost"] - both["cost_before"])
    if both.empty or both[WHOSE].nunique() > 1 or both.duplicated("unit").any() or not both["change"].any():
        return page.say("Net cost by unit: what was, what is decided, what is planned")
    row = next(each(both.loc[both["change"].abs().nlargest(1).index]))
    unit = page.say.money_unit([row.cost_before, row.cost]).symbol
    return page.say(
        "{unit} changes most, from {before} in {from_year} to {after} in {year}",
        unit=row.unit,
        before=page.say.money(row.cost_before, unit),
        after=page.say.money(row.cost, unit),
        from_year=row.year - 1,
        year=row.year,
    )


def title_of_shares(page: Page, own_year: pd.DataFrame) -> str:
    """Which unit has most of the net cost; what the figure shows where there are several budgets."""
    known = own_year[own_year["share"].notna()]
    if known.empty or known[WHOSE].nunique() > 1:
        return page.say("What each unit has of the net cost")
    row = next(each(known.loc[known["share"].nlargest(1).index]))
    return page.say("{unit} has {share:percent} of the net cost", unit=row.unit, share=row.share)


def title_of_parts(page: Page, totals: pd.DataFrame) -> str:
    """How much of the change up to the plan year is prices and inhabitants; else what the figure shows.

    Else is where there are several budgets, or where a part goes against the whole.
    """
    own = _of_plan_year(page, totals)
    own = own[own["log_change"].notna() & own[list(PARTS)].notna().all(axis="columns")]
    shares = own[list(PARTS)].astype("float64").div(own["log_change"].astype("float64"), axis="index")
    if len(own) != 1 or not (shares >= 0).to_numpy().all():
        return page.say("What is prices, what is inhabitants, and what is left")
    row = next(each(own))
    prices, people, _ = shares.iloc[0]
    return page.say(
        "Of the change of {growth} from {from_year} to {year}, {prices:percent} is prices and {people:percent} more "
        "inhabitants"
        if row.log_change > 0
        else "Of the change of {growth} from {from_year} to {year}, {prices:percent} is prices and {people:percent} "
        "fewer inhabitants",
        growth=_percent(page, row.growth),
        from_year=row.from_year,
        year=row.year,
        prices=prices,
        people=people,
    )


def title_of_investments(page: Page, investments: pd.DataFrame) -> str:
    """In how many plans the investments fall over their years; what the figure shows where no plan has two years."""
    known = investments[investments["cost"].notna() & investments["year"].notna()].sort_values("year", kind="stable")
    ends = known.groupby(WHOSE, sort=False).agg(
        first=("cost", "first"), last=("cost", "last"), years=("year", "nunique")
    )
    ends = ends[ends["years"] > 1]
    if ends.empty:
        return page.say("Total investments by year")
    falling = int((ends["last"] < ends["first"]).sum())
    if falling == len(ends):
        return page.say("Investments fall over the years of every plan that states them")
    return page.say.plural(
        "Investments fall over the years of {count} of {n} plan",
        "Investments fall over the years of {count} of {n} plans",
        len(ends),
        count=falling,
    )


def _divisions(page: Page, divisions: pd.DataFrame) -> Iterator[Finding]:
    known = divisions[divisions["distance"].notna()]
    if not _few(known):
        return
    for whose, rows in known.groupby(WHOSE, sort=False):
        if len(rows) < 2:
            continue
        row = rows.sort_values("distance", kind="stable").iloc[-1]
        text = page.say(
            "{of}: the division between units moves most from {from_year} to {year}; in proportion to its size {up} "
            "gains most and {down} loses most.",
            of=whose,
            from_year=row["from_year"],
            year=row["year"],
            up=row["most_up"],
            down=row["most_down"],
        )
        yield Finding(text, page.places(row["record_ids"]))


def _per_inhabitant(page: Page, rows: pd.DataFrame) -> Iterator[Finding | None]:
    rows = rows[rows["per_inhabitant"].notna() & rows["kind"].isin(["budget", "plan"])]
    if not _few(rows):
        # A committee's budget is small beside a whole municipality's, which says nothing of either.
        rows = rows[rows["board"].isna()]
        yield sentences.extremes(
            page,
            "Per inhabitant the net cost is largest in {high_name} ({high}) and smallest in {low_name} ({low}).",
            rows,
            value="per_inhabitant",
            group=WHOSE,
            form="money",
        )
        return
    for row in each(rows):
        text = page.say(
            "{of}: the net cost of {year} is {amount:money} per inhabitant ({population} inhabitants on 31 December "
            "{population_year}).",
            of=row.budget_of,
            year=row.year,
            amount=round(row.per_inhabitant),
            population=row.population,
            population_year=row.population_year,
        )
        yield Finding(text, page.places(row.record_ids))


def _variance(page: Page, variance: pd.DataFrame) -> Iterator[Finding]:
    """The three units and years where outcome and budget lie furthest apart."""
    known = variance[variance["variance"].notna()]
    furthest = known["difference"].astype("float64").abs().nlargest(3).index
    for row in each(known.loc[furthest]):
        text = page.say(
            "{municipality}, {unit} {year}: the outcome was {outcome:money} against a budget of {budget:money} "
            "({variance}).",
            municipality=labels.municipality(row.municipality_code, page.say),
            unit=row.unit,
            year=row.year,
            outcome=row.outcome,
            budget=row.budget,
            variance=_percent(page, row.variance),
        )
        yield Finding(text, page.places(row.record_ids))


def investments_of_others(page: Page, investments: pd.DataFrame, projects: pd.DataFrame) -> str:
    """Whose investments plans count in beside those of their own body, as a sentence; empty where none does."""
    ends = investments.sort_values("year", kind="stable").drop_duplicates("document_id").to_dict("records")
    told = [
        page.say("{of} counts in investments of {offices}.", of=first[WHOSE], offices=page.say.listed(offices))
        for first in ends
        if (offices := list(_of_others(first, projects)["office"].unique()))
    ]
    return " ".join(told[:BUDGETS_TOLD_APART])


def _of_others(total: Any, projects: pd.DataFrame) -> pd.DataFrame:
    """The investments of a total's document and year that are another body's than the total's."""
    if is_missing(total["office"]):
        return projects.head(0)
    same = (projects["document_id"] == total["document_id"]) & (projects["year"] == total["year"])
    others = projects["office"].notna() & (projects["office"] != total["office"])
    return projects[(same & others).fillna(False).to_numpy(bool)]


def _counted_in(page: Page, total: Any, projects: pd.DataFrame) -> str:
    others = _of_others(total, projects)
    if others.empty:
        return ""
    return page.say(
        "Of those of {year} {cost:money} are for {offices}.",
        year=total["year"],
        cost=others["cost"].sum(),
        offices=page.say.listed(list(others["office"].unique())),
    )


def _investments(page: Page, investments: pd.DataFrame, projects: pd.DataFrame) -> Iterator[Finding]:
    known = investments[investments["cost"].notna() & investments["year"].notna()]
    if not _few(known):
        return
    for whose, rows in known.groupby(WHOSE, sort=False):
        ordered = rows.sort_values("year", kind="stable").drop_duplicates("year").to_dict("records")
        first, last = ordered[0], ordered[-1]
        if first is last:
            text = page.say(
                "{of}: the table “{table}” states investments of {cost:money} in {year}.",
                of=whose,
                table=_table(page, first),
                cost=first["cost"],
                year=first["year"],
            )
            told = Finding(text, page.places(first["record_ids"]))
        else:
            told = sentences.change(
                page.say,
                "{of}: the table “{table}” states investments of {before} in {from_year} and {after} in {year} "
                "({change}).",
                before=first["cost"],
                after=last["cost"],
                form="money",
                places=page.places([*first["record_ids"], *last["record_ids"]]),
                of=whose,
                table=_table(page, first),
                from_year=first["year"],
                year=last["year"],
            )
        counted_in = _counted_in(page, first, projects)
        yield replace(told, text=" ".join(filter(None, [told.text, counted_in])))


def _table(page: Page, row: Mapping[Hashable, Any]) -> str:
    """The table that an amount stands in, by which a reader sees whether it is asked for or decided."""
    return page.say("Budget") if is_missing(row["table_title"]) else str(row["table_title"])


def _checked(page: Page, checks: pd.DataFrame) -> Iterator[Finding]:
    settled = checks[checks["verdict"] != "cannot_check"]
    differing = settled[settled["verdict"] == "differs"]
    if settled.empty:
        return
    if differing.empty:
        text = page.say.plural(
            "The {n} printed total that can be checked agrees with the sum of its parts.",
            "All {n} printed totals that can be checked agree with the sums of their parts.",
            len(settled),
        )
        yield Finding(text, page.places(settled["record_id"].tolist()))
        return
    text = page.say(
        "{count} of {n} printed totals differ from the sums of their parts, at most by {difference:money}.",
        count=len(differing),
        n=len(settled),
        difference=differing["difference"].abs().max(),
    )
    yield Finding(text, page.places(differing["record_id"].tolist()))


def _money(page: Page, money: pd.DataFrame) -> Iterator[Finding]:
    known = money[money["amount"].notna() & money["share"].notna()]
    if sentences.many(known):
        text = page.say(
            "In {groups} plans and follow-ups {count} of {n} assignments come with money, together {amount:money}.",
            groups=len(known),
            count=int(known["with_money"].sum()),
            n=int(known["assignments"].sum()),
            amount=int(known["amount"].sum()),
        )
        yield Finding(text, page.documents_of(known))
        return
    for row in each(known):
        sorts = _sorts(page, row.record_ids)
        text = page.say(
            "{municipality} {year}: {count} of {n} assignments come with money: {sorts}."
            if sorts
            else "{municipality} {year}: {count} of {n} assignments come with money, together {amount:money}.",
            sorts=sorts,
            municipality=labels.municipality(row.municipality_code, page.say),
            year=row.plan_year,
            count=row.with_money,
            n=row.assignments,
            amount=row.amount,
        )
        yield Finding(text, page.places(row.record_ids))


def _sorts(page: Page, funding_ids: Sequence[str]) -> str:
    """The amounts by sort of funding, where there are several: money for one year and for ever is no sum."""
    rows = page.plans.funding[page.plans.funding["funding_id"].isin(funding_ids)]
    if rows["nature"].nunique(dropna=False) < 2:
        return ""
    by_sort = rows.groupby("nature", sort=False, dropna=False)["amount_sek"].sum()
    return page.say.listed(
        [
            page.say(
                "{amount:money} as {sort}",
                amount=int(amount),
                sort=page.say("funding of no stated sort") if is_missing(sort) else sort,
            )
            for sort, amount in by_sort.items()
        ]
    )


def unknown_years(page: Page, changes: pd.DataFrame, inhabitants: pd.DataFrame) -> str:
    """The years whose real change or number of inhabitants is not known, in words; empty where all are.

    `changes` is a result of `growth`, `inhabitants` one of `per_inhabitant`.
    """
    prices = changes.loc[changes["growth"].notna() & changes["real_growth"].isna(), "year"]
    people = inhabitants.loc[inhabitants["population"].isna(), "population_year"]
    parts = []
    if len(prices):
        parts.append(page.say("The price index has no figure for {years} yet.", years=page.say.years(prices)))
    if len(people):
        parts.append(
            page.say("The number of inhabitants at the end of {years} is not known.", years=page.say.years(people))
        )
    return " ".join(parts)
