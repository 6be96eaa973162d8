"""What a document is: whose, of which year, of what kind and period, told from its text where it states them.

What a source card states goes before the text; what neither states and cannot be done without is asked for.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path

import compare.vocabulary
from compare.documents.model import Document
from compare.problems import PlanError, told
from compare.reading.boards import board_of
from compare.source_cards import SourceCard
from compare.vocabulary import terms

YEAR = r"(?:19[9]\d|20\d\d)"
# Titles stand at the beginning; what is said of the document further in is said in passing.
OPENING_LINES = 60
HEADING_LENGTH = 150
# A longer text of the opening is prose, which speaks of other documents and periods too.
LONGEST_OPENING = 200
TITLE_LENGTHS = range(6, 121)
# A text of more words that ends in a stop is a sentence.
LONGEST_TITLE_WORDS = 8
_TERM = r"tertial(?:rapport|uppföljning)?\s*"
PERIODS = {
    "T1": rf"\bT1\b|{_TERM}1|första tertialet|januari\s*[–-]\s*april|(?:delår\w*|\bper\b)[^.]*\bapril\b",
    "T2": rf"\bT2\b|{_TERM}2|andra tertialet|januari\s*[–-]\s*augusti|(?:delår\w*|\bper\b)[^.]*\baugusti\b",
    "T3": rf"\bT3\b|{_TERM}3|tredje tertialet",
    "half-year": r"halvår|januari\s*[–-]\s*juni|per\s+(?:den\s+)?30\s+juni",
    "year": r"helår|årsredovisning|årsbokslut|verksamhetsberättelse|januari\s*[–-]\s*december",
}
FOLLOWING = ("follow_up", "interim_report", "annual_report")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document as a whole; `assumed` names the facts that were told from weak signs."""

    document_id: str
    municipality_code: str
    title: str
    kind: str
    board: str | None
    year: int
    first_year: int | None
    last_year: int | None
    period: str | None
    decided_on: date | None
    source_url: str | None
    licence: str | None
    assumed: tuple[str, ...] = ()

    @property
    def reporting_period(self) -> str:
        """The period that statuses are of: '2022-T1', or the year alone."""
        return f"{self.year}-{self.period}" if self.period in ("T1", "T2", "T3", "half-year") else str(self.year)

    @property
    def reports(self) -> bool:
        """Whether the document tells how things went, rather than what is planned."""
        return self.kind in FOLLOWING


def facts(document: Document, card: SourceCard) -> Facts:
    """The facts of a document; raises `PlanError` where municipality or year is stated nowhere."""
    opening = _opening(document)
    assumed: list[str] = []
    code = card.municipality_code or _municipality(document)
    if code is None:
        raise PlanError(
            told(
                "{file}: does not state its municipality; it must be known before the document is read; "
                "give --municipality CODE or a source card beside the file",
                file=document.file_name,
            )
        )
    year = card.year or _year(document, opening)
    if year is None:
        raise PlanError(
            told(
                "{file}: does not state its plan year; it must be known before the document is read; "
                "give --year YEAR or a source card beside the file",
                file=document.file_name,
            )
        )
    kind = card.kind or _kind(document, opening)
    if kind is None:
        kind = "other"
        assumed.append("kind")
    period = card.period or (_period(opening) if kind in FOLLOWING else None)
    first, last = _planning_period(opening, document.title)
    title = card.title or document.title or _title(opening, kind) or document.file_name
    board = card.board or board_of([*filter(None, [document.title]), *opening], document.lines, kind)
    if card.first_year is None and first is not None and not (first <= year <= (last or first)):
        first = last = None
    return Facts(
        document_id=card.document_id or _document_id(code, kind, year, period, board),
        municipality_code=code,
        title=title,
        kind=kind,
        board=board,
        year=year,
        first_year=card.first_year or first,
        last_year=card.last_year or last,
        period=period,
        decided_on=card.decided_on,
        source_url=card.source_url,
        licence=card.licence,
        assumed=tuple(assumed),
    )


def _opening(document: Document) -> list[str]:
    """The first paragraphs, without what a file format adds to them; of a document of tables alone, its first lines."""
    texts = [text.text.strip() for text in islice(document.texts, OPENING_LINES) if text.text.strip()]
    return texts or [line.strip() for line in document.lines if line.strip()][:OPENING_LINES]


@cache
def municipality_names() -> dict[str, str]:
    """The code of each municipality by its name ('Norrtälje')."""
    path = Path(compare.vocabulary.__file__).parent / "municipalities.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["name"]: row["code"] for row in csv.DictReader(lines)}


def _municipality(document: Document) -> str | None:
    """The municipality that title and text name most often as 'X kommun'; None when two are as frequent."""
    names = municipality_names()
    known = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    text = "\n".join((document.title or "", *document.lines))
    named = Counter(match[1] for match in re.finditer(rf"\b({known})s?\s+(?:kommun|stad)\b", text))
    for match in re.finditer(r"(?:www\.|@)([a-z\-]+)\.se\b", text):
        by_address = {_ascii(name): name for name in names}
        if match[1] in by_address:
            named[by_address[match[1]]] += 1
    if not named:
        return None
    (first, times), *others = named.most_common(2)
    return None if others and others[0][1] == times else names[first]


def _year(document: Document, opening: list[str]) -> int | None:
    """The plan year: of the file's title, else the first that a short text of the opening sets beside its own name.

    Long texts are prose, whose years are those of visions and other plans; they count only where headings are silent.
    """
    own = r"(?:plan|budget|mål|uppföljning|rapport|redovisning|analys|T[123]|uppdrag|bokslut|tertial|år|verksamhet)"
    for text in (text for text in [document.title or "", *opening] if len(text) <= HEADING_LENGTH):
        if match := re.search(rf"\b\w*{own}\w*\b[^.\d§]{{0,60}}?\b({YEAR})\b(?!\s*:|-\d\d-\d\d)", text, re.IGNORECASE):
            return int(match[1])
    counted = Counter(int(year) for text in opening for year in re.findall(rf"\b{YEAR}\b", text))
    if not counted:
        return None
    (year, times), *others = counted.most_common(2)
    return None if others and others[0][1] == times else year


def _kind(document: Document, opening: list[str]) -> str | None:
    """The kind whose words weigh most, words near the beginning weighing more."""
    vocabulary = terms("document_kinds")
    weights: Counter[str] = Counter()
    for position, text in enumerate([document.title or "", *opening]):
        if len(text) > LONGEST_OPENING or "\t" in text:
            continue
        for match in vocabulary.find(text, damaged=False):
            # A sentence speaks of documents; a title names its own.
            nearness = 1 if _is_sentence(text) else max(1, 24 - 2 * position)
            weights[match.term] += int(vocabulary.fact(match.term, "weight", 1)) * nearness
    if not weights:
        short = (text for text in document.lines if len(text) <= LONGEST_OPENING)
        found = (vocabulary.first(text, damaged=False) for text in short)
        return next((match.term for match in found if match and match.term == "goal_page"), None)
    return weights.most_common(1)[0][0]


def _is_sentence(text: str) -> bool:
    return text.endswith(".") and len(text.split()) > LONGEST_TITLE_WORDS


def _period(opening: Iterable[str]) -> str | None:
    for text in opening:
        for period, pattern in PERIODS.items():
            if len(text) <= LONGEST_OPENING and re.search(pattern, text, re.IGNORECASE):
                return period
    return None


def _planning_period(opening: list[str], title: str | None) -> tuple[int | None, int | None]:
    for text in [title or "", *opening]:
        if match := re.search(rf"\b({YEAR})\s*[–—-]\s*((?:20)?\d\d)\b(?!\s*[–—-])", text):
            first = int(match[1])
            last = int(match[2]) if len(match[2]) == 4 else first // 100 * 100 + int(match[2])
            if first < last <= first + 10:
                return first, last
    return None, None


def _title(opening: list[str], kind: str) -> str | None:
    vocabulary = terms("document_kinds")
    if kind == "goal_page":
        return next((text for text in opening if len(text) in TITLE_LENGTHS), None)
    for text in opening:
        if len(text) in TITLE_LENGTHS and (found := vocabulary.first(text, damaged=False)) and found.term == kind:
            return text
    return next((text for text in opening if len(text) in TITLE_LENGTHS), None)


def _document_id(code: str, kind: str, year: int, period: str | None, board: str | None) -> str:
    parts = [code, kind.replace("_", "-"), str(year), (period or "").lower(), _ascii(board or "").strip("-")]
    return "-".join(part for part in parts if part)


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
