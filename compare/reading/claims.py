"""What a document states about itself in prose: so many assignments, such a budget; each checked against what was read.

A claim agrees or differs only where the reading can tell: counts against the rows of a table, amounts against budget
lines of the stated year. An amount that no line has, but one a thousand times larger or smaller has, is a slip of the
unit. Everything else cannot be checked, which is no fault of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from compare.documents.model import Document, Place, Text
from compare.reading import titles, values
from compare.reading.records import Record, Records
from compare.reading.words import any_of
from compare.vocabulary import terms

_NUMERALS = tuple(terms("numerals"))
FACTORS = {"kr": 1, "tkr": 1_000, "mnkr": 1_000_000, "mdkr": 1_000_000_000}
# Fewer things than these are counted in passing ('två av målen').
LEAST_COUNTED = 3
_SPOKEN_OF_PARTS = re.compile(
    r"\b(?:av|utav|per|cirka|ca|minst|högst|över|drygt|knappt|ytterligare|varav)\s*(?:de\s+)?$", re.I
)
_DIFFERENCE = re.compile(r"\s*(?:mer|mindre|högre|lägre|fler|färre|bättre|sämre)\b", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:ökar|minskar|höjs|sänks|ökat|minskat|ökning|minskning|utökas?|utökning)\w*\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A claim as found: its subject, its number and unit, the printed words, its place, and the year it is for."""

    subject: str
    value: float
    unit: str | None
    text: str
    place: Place
    year: int | None = None
    checkable: bool = True
    sek: int | None = None


def check(document: Document, records: Records) -> None:
    """Keeps the document's claims with their verdicts; a claim made again in the same words is kept once."""
    seen: set[tuple[str, float, str | None]] = set()
    for block in document.texts:
        if titles.is_footnote(block.text):
            continue
        for claim in [*_counts(block), *_amounts(block)]:
            key = (claim.subject, claim.value, claim.unit)
            if key not in seen:
                seen.add(key)
                _judge(records, claim)


def _counts(block: Text) -> Iterator[_Claim]:
    numeral = "|".join(_NUMERALS[LEAST_COUNTED:])
    pattern = re.compile(
        rf"(?<![\w.,/-])(?P<number>\d{{1,3}}|{numeral})\s+(?:[a-zåäö]+(?:a|de|na)\s+){{0,2}}(?P<noun>{any_of('claims')})\b"
        rf"(?!\s*(?:%|procent))",
        re.IGNORECASE,
    )
    text = block.text
    for match in pattern.finditer(text):
        found = terms("claims").match(match["noun"])
        table = terms("claims").fact(found.term, "table") if found else None
        if found is None or table is None or _SPOKEN_OF_PARTS.search(text[: match.start()]):
            continue
        if re.match(r"\d+\s+[A-ZÅÄÖ]", match[0]):
            # '3 Uppdrag', '3 Politiska uppdrag' are the heads of sections.
            continue
        number = _number(match["number"])
        if number < LEAST_COUNTED or _is_goal_number(text, match):
            continue
        yield _Claim(
            subject=found.term if found.term != "goal" else f"goal: {match['noun'].casefold()}",
            value=float(number),
            unit=None,
            text=match[0],
            place=block.place,
            checkable=not _of_another_document(_sentence(text, match.start())),
        )


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMERALS.index(text.casefold())


def _is_goal_number(text: str, match: re.Match[str]) -> bool:
    """Whether the number counts no goals but is one's own ('mål 3 nyckeltal')."""
    return bool(re.search(rf"{any_of('goal_levels')}\s*$", text[: match.start()], re.IGNORECASE))


def _of_another_document(sentence: str) -> bool:
    """Whether a sentence speaks of what another steering document holds."""
    return bool(
        re.search(rf"\w*{any_of('offices', 'document')}(?:n|en|t|et)?\s+(?:innehåller|omfattar|har|består)", sentence)
    )


def _sentence(text: str, position: int) -> str:
    start = max(text.rfind(". ", 0, position), text.rfind("! ", 0, position)) + 1
    end = text.find(". ", position)
    return text[start : end if end > 0 else len(text)].strip()


def _amounts(block: Text) -> Iterator[_Claim]:
    text = block.text
    if not values.money_unit(text) and not re.search(r"\b(?:tkr|mnkr|mkr|miljoner|kr)\b", text):
        return
    for sentence in re.split(r"(?<=[a-zåäö)])[.!]\s+(?=[A-ZÅÄÖ])", text):
        found = next((m for m in terms("claims").find(sentence, damaged=False) if _amount_words(m.term)), None)
        if found is None or _CHANGE.search(sentence):
            continue
        years = [int(year) for year in re.findall(r"(?<![\d-])(20\d\d)(?![\d:-])", sentence)]
        for amount in values.amounts(sentence):
            behind = sentence[sentence.find(amount.text) + len(amount.text) :]
            if amount.sek is None or amount.number is None or _DIFFERENCE.match(behind):
                continue
            yield _Claim(
                subject=found.term,
                value=float(amount.number),
                unit=amount.unit,
                text=amount.text,
                place=block.place,
                year=years[0] if len(set(years)) == 1 else None,
                sek=amount.sek,
            )


def _amount_words(term: str) -> bool:
    return terms("claims").fact(term, "amounts") is not None


def _judge(records: Records, claim: _Claim) -> None:
    computed, verdict = _amount_verdict(records, claim) if claim.sek is not None else _count_verdict(records, claim)
    row = records.add(
        "claims",
        claim.place,
        prefix="claim",
        confidence=0.9 if verdict != "cannot_check" else 0.6,
        subject=claim.subject,
        value=claim.value,
        unit=claim.unit,
        text=claim.text,
        computed=computed,
        verdict=verdict,
    )
    if verdict == "differs":
        _differs(records, claim, computed, row)


def _count_verdict(records: Records, claim: _Claim) -> tuple[float | None, str]:
    counted = _count(records, claim)
    if not claim.checkable or not counted:
        return (float(counted) if counted else None), "cannot_check"
    return float(counted), "agrees" if counted == claim.value else "differs"


def _count(records: Records, claim: _Claim) -> int:
    """How many different things of the claim's sort were read; the same title in two places is one."""
    if claim.subject.startswith("goal"):
        noun = claim.subject.split(": ")[1]
        level = terms("goal_levels").first(noun)
        return sum(1 for row in records.rows["goals"] if level is not None and row["level_term"] == level.term)
    if claim.subject in ("assignment", "initiative"):
        kept = [row for row in records.rows["assignments"] if row["kind"] == claim.subject]
        return len({titles.key(row["title"]) for row in kept})
    return len(records.rows[str(terms("claims").fact(claim.subject, "table"))])


def _amount_verdict(records: Records, claim: _Claim) -> tuple[float | None, str]:
    """Whether a budget line has the claimed amount, within the rounding it is printed with."""
    factor = FACTORS.get(claim.unit or "", 1)
    lines = [row for row in records.rows["budget_lines"] if row.get("amount_sek") is not None]
    of_year = [row for row in lines if row.get("year") == claim.year] if claim.year is not None else []
    for some in (of_year, lines):
        if line := _line_of(some, claim.sek or 0, _slack(claim, factor)):
            return abs(line["amount_sek"]) / factor, "agrees"
    for slip in (1_000, 1_000_000):
        line = _line_of(lines, (claim.sek or 0) * slip, _slack(claim, factor) * slip)
        if line and abs(claim.sek or 0) < 10_000_000:
            return abs(line["amount_sek"]) / factor, "differs"
    return None, "cannot_check"


def _slack(claim: _Claim, factor: int) -> float:
    decimals = re.search(r"\d[.,](\d+)", claim.text)
    return factor / 10 ** len(decimals[1]) if decimals else factor / (2 if factor > 1 else 1)


def _line_of(lines: list[Record], sek: int, slack: float) -> Record | None:
    near = [row for row in lines if abs(abs(row["amount_sek"]) - abs(sek)) < slack]
    return min(near, key=lambda row: abs(abs(row["amount_sek"]) - abs(sek)), default=None)


def _differs(records: Records, claim: _Claim, computed: float | None, row: str) -> None:
    if claim.sek is not None and computed is not None:
        ratio = round(computed * FACTORS.get(claim.unit or "", 1) / max(abs(claim.sek), 1))
        size = "a thousand" if ratio < 10_000 else "a million"
        size_sv = "tusen" if ratio < 10_000 else "en miljon"
        records.finding(
            "unit_slip",
            "warning",
            f"The text says '{claim.text}', but the tables have the same digits {size} times larger; the unit in the "
            "text is a slip. The tables are kept.",
            f"Texten säger ”{claim.text}”, men tabellerna har samma siffror {size_sv} gånger större; enheten i "
            "texten är en felskrivning. Tabellernas belopp behålls.",
            claim.place,
            "claims",
            row,
        )
        return
    records.finding(
        "count_differs",
        "warning",
        f"The document says '{claim.text}', but {computed:g} were read.",
        f"Dokumentet säger ”{claim.text}”, men {computed:g} lästes.",
        claim.place,
        "claims",
        row,
    )
