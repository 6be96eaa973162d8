"""What the loading of plans found: what went in, what an auditor would remark on, and what keeps it from going in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from compare.contract import TABLES, Tables
from compare.presentation import labels
from compare.presentation.page import Page
from compare.presentation.places import merged, places_of
from compare.presentation.remarks import SEVERITIES, by_gravity, counted, in_language
from compare.presentation.sentences import Finding, each
from compare.presentation.wording import NO_BREAK_SPACE, Wording, is_missing
from compare.problems import PlanError, ProblemsFound, as_frame

TOLD_APART = 6
NAMED_AT_MOST = 10
METHOD = (
    "Every coding is a folder with a source card and one table file per kind of row; all are checked against the data "
    "contract before anything is written.",
    "The checks cover types, code lists, unique ids, references between tables, and impossible years.",
    "A snapshot is written whole or not at all, and its id follows from its content: equal plans give the equal id.",
    "Remarks come from reading (dates that cannot be, columns that are shifted) and from arithmetic (sums that do not "
    "add up, one unit with two figures).",
    "A claim is what a document states about itself; it is compared with an own count or sum.",
    "Rows of one assignment in several follow-ups are tied by their words and dates.",
)
LIMITS = (
    "A document that has not been coded is not here, and what is not here is not zero.",
    "A remark is a reason to look at the place, not a verdict on the municipality.",
    "What was read by machine and has not been reviewed can be wrong although nothing is remarked.",
)


def findings(page: Page, *, snapshot: str, failure: PlanError | None) -> list[Finding]:
    """The findings of the page: what was loaded (or not), the gravest remarks, and the claims that do not hold.

    `snapshot` is the id of the snapshot that the page shows ('' where there is none); `failure` is what kept the plans
    from being loaded.
    """
    plans = page.plans
    return [
        *_loaded(page, snapshot, failure),
        *_counts(page, plans.findings),
        *_claims(page, plans.claims),
        *_gravest(page, plans.findings),
        *_differing(page, plans.claims),
        *_ties(page, plans.links),
    ]


def _loaded(page: Page, snapshot: str, failure: PlanError | None) -> Iterator[Finding]:
    if failure is not None:
        yield Finding(_not_loaded(page.say, failure), source=page.say("Found in the files of the codings."))
        kept = (
            page.say("The snapshot {snapshot} stays as it was and is what this page shows.", snapshot=snapshot)
            if snapshot
            else page.say("There is no earlier snapshot, so there is nothing to show.")
        )
        yield Finding(kept)
        return
    documents = page.plans.documents
    names = [labels.municipality(code, page.say) for code in sorted(documents["municipality_code"].unique())]
    count = page.say.plural(
        "{n} document of {municipalities} is loaded",
        "{n} documents of {municipalities} are loaded",
        len(documents),
        municipalities=page.say.listed(names)
        if len(names) <= NAMED_AT_MOST
        else page.say.plural("{n} municipality", "{n} municipalities", len(names)),
    )
    yield Finding(page.say("{count} as the snapshot {snapshot}.", count=count, snapshot=snapshot))


def _not_loaded(say: Wording, failure: PlanError) -> str:
    if not isinstance(failure, ProblemsFound):
        return say("The plans could not be loaded: {reason}.", reason=failure.sentence(say.told))
    return say.plural(
        "{n} problem keeps the plans from being loaded; it stands below.",
        "{n} problems keep the plans from being loaded; all of them stand below.",
        len(failure.problems),
    )


def _counts(page: Page, remarks: pd.DataFrame) -> Iterator[Finding]:
    counts = remarks["severity"].value_counts()
    if counts.empty:
        return
    told = page.say.listed([counted(name, int(counts[name]), page.say) for name in SEVERITIES if counts.get(name, 0)])
    yield Finding(page.say("The documents give reason for {remarks}.", remarks=told), tuple(merged(places_of(remarks))))


def _gravest(page: Page, remarks: pd.DataFrame) -> Iterator[Finding]:
    """The errors and then the warnings, as they are written, at most six of them."""
    grave = in_language(_grave(remarks), page.say)
    for text, place in zip(grave["message"], places_of(grave), strict=True):
        yield Finding(text, (place,))


def _grave(remarks: pd.DataFrame) -> pd.DataFrame:
    return by_gravity(remarks[remarks["severity"].isin(SEVERITIES[:2])]).head(TOLD_APART)


def _claims(page: Page, claims: pd.DataFrame) -> Iterator[Finding]:
    if claims.empty:
        return
    verdicts = claims["verdict"].value_counts()
    yield Finding(
        page.say(
            "Of {n} claims that documents make about themselves {agreeing} agree with what was read, {differing} "
            "differ and {unchecked} cannot be checked.",
            n=len(claims),
            agreeing=int(verdicts.get("agrees", 0)),
            differing=int(verdicts.get("differs", 0)),
            unchecked=int(verdicts.get("cannot_check", 0)),
        ),
        tuple(merged(places_of(claims))),
    )


def _differing(page: Page, claims: pd.DataFrame) -> Iterator[Finding]:
    """The claims that differ, those apart that a remark told above tells of."""
    told = set(_grave(page.plans.findings)["record_id"].dropna())
    differing = claims[(claims["verdict"] == "differs") & ~claims["claim_id"].isin(told)].head(TOLD_APART)
    for row, place in zip(each(differing), places_of(differing), strict=True):
        text = page.say(
            "The document says “{said}”; own count or sum: {computed}.",
            said=_said(row, page.say),
            computed=_amount(row.computed, row.unit, page.say),
        )
        yield Finding(text, (place,))


def _said(row: Any, say: Wording) -> str:
    """The claim in its own words, else its number and unit."""
    return _amount(row.value, row.unit, say) if is_missing(row.text) else str(row.text)


def _amount(value: Any, unit: Any, say: Wording) -> str:
    return say.number(value) if is_missing(unit) else f"{say.number(value)} {unit}"


def _ties(page: Page, links: pd.DataFrame) -> Iterator[Finding]:
    same = links[links["relation"] == "same_assignment"]
    if len(same):
        yield Finding(
            page.say.plural(
                "{n} assignment is followed from one follow-up to the next.",
                "{n} assignments are followed from one follow-up to the next.",
                len(same),
            ),
            page.places([*same["from_id"], *same["to_id"]]),
        )


def claims(plans: Tables, say: Wording) -> pd.DataFrame:
    """The claims, what each is about in words: of 'goal: focus areas' the words that the document uses."""
    subjects = [labels.code("subject", str(subject).split(": ")[-1], say) for subject in plans.claims["subject"]]
    return plans.claims.assign(subject=pd.Series(subjects, index=plans.claims.index, dtype="str"))


def rows_by_document(plans: Tables, say: Wording) -> tuple[pd.DataFrame, dict[str, str]]:
    """How many rows each document has in each table, and the heads of the columns that a page has room for.

    A column `rows_…` per table; one in which no document has rows is left out. A document without rows in a table has
    null there, not 0: what was not read may still be stated somewhere. Only remarks are counted from 0, since they are
    the reader's own. `rows_in_words` has them all in one cell: 'goals 39, assignments 98'; null where nothing was read.
    """
    counts = {
        name: plans[name].groupby("document_id").size()
        for name in TABLES
        if name not in ("documents", "links") and len(plans[name])
    }
    documents = plans.documents[["document_id"]]
    counts = {name: documents["document_id"].map(size).astype("Int64") for name, size in counts.items()}
    if "findings" in counts:
        counts["findings"] = counts["findings"].fillna(0)
    rows = documents.assign(
        **{f"rows_{name}": count for name, count in counts.items()},
    )
    heads = {f"rows_{name}": labels.code("table", name, say) for name in counts}
    words = [
        ", ".join(
            f"{head}{NO_BREAK_SPACE}{say.number(int(n))}"
            for head, n in zip(heads.values(), numbers, strict=True)
            if not is_missing(n) and n
        )
        for numbers in rows[list(heads)].itertuples(index=False, name=None)
    ]
    rows = rows.assign(rows_in_words=pd.Series([text or None for text in words], index=rows.index, dtype="str"))
    return rows, {"document_id": say("Document"), "rows_in_words": say("How many were read")}


def problems(failure: PlanError, say: Wording) -> pd.DataFrame:
    """Every problem that kept the plans from being loaded, a row each, in the reader's language.

    Empty where it was no list of problems.
    """
    return as_frame([one.spoken(say.told) for one in failure.problems] if isinstance(failure, ProblemsFound) else ())
