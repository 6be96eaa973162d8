"""What budgets by service area say: how much of each can be placed, and where municipalities divide theirs unlike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from compare.measures import budgets
from compare.measures.service_areas import JOINT
from compare.presentation import labels, sentences
from compare.presentation.amounts import WHOSE
from compare.presentation.page import Page
from compare.presentation.sentences import Finding, each
from compare.presentation.wording import Wording, is_missing

BUDGETS_TOLD_APART = 5
AREAS_TOLD = 3
SMALL_SHARE = 0.005  # is written as 0%
PAIRS_WITH_PLACES = 400  # of more pairs a row leads to the documents
FEWEST = 2  # budgets of whole municipalities, from which on there is something to compare

METHOD = (
    "Which service area a unit belongs to is read from its name by a list of words, shown beside it, or decided by a "
    "person; a unit of two areas is not divided, what serves all areas stands apart, and what the name does not tell "
    "stays unknown.",
    "Municipalities are compared on an area only where the budget of each shows it by itself: an area that one budget "
    "shows only together with another is compared together with it.",
)


def in_words(rows: pd.DataFrame, say: Wording) -> pd.DataFrame:
    """The rows with `service_area` in words; what has none gets what it is: common to all, financing, unknown."""
    names = [
        labels.code("role", role, say) if is_missing(area) else area_name(area, say)
        for area, role in zip(rows["service_area"], rows.get("role", rows["service_area"]), strict=True)
    ]
    return rows.assign(service_area=pd.Series(names, index=rows.index, dtype="str"))


def area_name(area: str, say: Wording) -> str:
    """The name of an area, or of several joined."""
    return " + ".join(labels.code("service_area", code, say) for code in str(area).split(JOINT))


def own_year(rows: pd.DataFrame) -> pd.DataFrame:
    """The budget and plan figures for the year that each plan is for."""
    own = (rows["year"] == rows["plan_year"]).fillna(False).to_numpy(bool)
    return rows[own & rows["kind"].isin(["budget", "plan"]).to_numpy(bool)].reset_index(drop=True)


def compared(costs: pd.DataFrame) -> pd.DataFrame:
    """Of the budgets of whole municipalities the latest of each, for the areas that at least two of them show."""
    rows = own_year(costs[costs["board"].isna()])
    rows = rows.sort_values("plan_year", kind="stable")
    latest = rows.groupby("municipality_code")["document_id"].transform("last")
    rows = rows[rows["document_id"] == latest].drop_duplicates(["municipality_code", "service_area"], keep="last")
    several = rows.groupby("service_area")["municipality_code"].transform("nunique") >= FEWEST
    return rows[several].reset_index(drop=True)


def distances(compared: pd.DataFrame) -> pd.DataFrame:
    """How differently each two municipalities divide their money between single areas, the most unlike first.

    `compared` is a result of the function of that name. Columns of `budgets.composition_distances` and `record_ids` (of
    both budgets); pairs with fewer than two areas in common are left out.
    """
    single = compared[~compared["service_area"].str.contains(JOINT, regex=False).fillna(True).astype(bool)]
    rows = budgets.composition_distances(single, part="service_area", over="each")
    rows = rows[rows["distance"].notna()].sort_values("distance", ascending=False, kind="stable", ignore_index=True)
    own = {code: sentences.flat(ids) for code, ids in single.groupby("municipality_code")["record_ids"]}
    pairs = zip(rows["municipality_code_1"], rows["municipality_code_2"], strict=True)
    told = len(rows) <= PAIRS_WITH_PLACES
    return rows.assign(
        record_ids=pd.Series([own[a] + own[b] if told else [] for a, b in pairs], index=rows.index, dtype=object)
    )


def findings(page: Page, known: pd.DataFrame, costs: pd.DataFrame) -> list[Finding | None]:
    """The findings on service areas; `known` is a result of `known_shares` with `budget_of`, `costs` of `costs`."""
    return [*_placed(page, own_year(known), own_year(costs)), *_compared(page, compared(costs))]


def _placed(page: Page, known: pd.DataFrame, costs: pd.DataFrame) -> Iterator[Finding | None]:
    """What each budget mostly goes to, or of many how much can be placed in areas."""
    if known["document_id"].nunique() > BUDGETS_TOLD_APART:
        yield Finding(_placed_in_many(page.say, known), page.documents_of(known))
        return
    for row in each(known[known["in_one_area"].notna()]):
        own = costs[(costs["document_id"] == row.document_id) & (costs["year"] == row.year)]
        text = page.say(
            "{budget}: of the net cost for {year} {parts}.",
            budget=getattr(row, WHOSE),
            year=row.year,
            parts=page.say.listed(_parts(page.say, row, own)),
        )
        yield Finding(text, page.places(row.record_ids))


def _placed_in_many(say: Wording, known: pd.DataFrame) -> str:
    """Between what the shares that can be placed in areas lie; said once where they are written alike."""
    shares = known["in_one_area"] + known["in_joint_areas"]
    low, high, budgets = float(shares.min()), float(shares.max()), known["document_id"].nunique()
    if say.percent(low) == say.percent(high):
        return say(
            "In {budgets} budgets the share of the net cost that can be placed in service areas is {share:percent}.",
            budgets=budgets,
            share=low,
        )
    return say(
        "In {budgets} budgets the share of the net cost that can be placed in service areas is {median:percent} in "
        "the middle case, from {low:percent} to {high:percent}.",
        budgets=budgets,
        median=float(shares.median()),
        low=low,
        high=high,
    )


def _parts(say: Wording, row: Any, costs: pd.DataFrame) -> list[str]:
    """What a budget goes to, in words: its largest areas, the other areas together, what is common, what is unknown."""
    single = costs[~costs["service_area"].str.contains(JOINT, regex=False)].nlargest(AREAS_TOLD, "share")
    areas = [(one.share, area_name(one.service_area, say)) for one in each(single)]
    told = sum(share for share, _ in areas)
    parts = [say("{share:percent} goes to {area}", share=share, area=area) for share, area in areas]
    rest = {
        say(
            "{share:percent} goes to other areas", share=(others := row.in_one_area + row.in_joint_areas - told)
        ): others,
        say("{share:percent} goes to what serves all areas", share=row.common): row.common,
        say("{share:percent} goes to units whose area is unknown", share=row.unknown): row.unknown,
    }
    return [*parts, *(words for words, share in rest.items() if share >= SMALL_SHARE)]


def _compared(page: Page, rows: pd.DataFrame) -> Iterator[Finding | None]:
    """Between what the shares of the area lie in which the municipalities differ most."""
    spread = rows.groupby("service_area")["share"].agg(lambda shares: shares.max() - shares.min())
    if spread.empty:
        return
    area = str(spread.idxmax())
    own = rows[rows["service_area"] == area]
    yield sentences.extremes(
        page,
        "Of the areas that several whole budgets show by themselves the shares differ most in {area}: from {low} in "
        "{low_name} to {high} in {high_name}.",
        own,
        value="share",
        form="percent",
        places=page.places(sentences.flat(own["record_ids"])),
        area=area_name(area, page.say),
    )
