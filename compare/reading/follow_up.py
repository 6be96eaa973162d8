"""Follow-ups in running text: a title, a sentence that says how far it has come, and a comment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from compare.documents.model import Place
from compare.reading import titles
from compare.reading.dates import date_span
from compare.reading.records import Records
from compare.reading.statuses import Basis, Status, classify, foretells, legend, qualify
from compare.vocabulary import terms

LONGEST_STATUS = 140
# A status longer than this may speak of days that are not its own.
LONGEST_DATED = 40
LONGEST_LEGEND = 300
# So many words may follow a label that no sign parts from them.
LONGEST_ANSWER = 4
_DEFINES = re.compile(r"^\W{0,3}\s*=|^[^\w\s]|\b(?:grön|gul|röd|orange|blå|grå)\w*\b|\S\s*=\s*\S", re.IGNORECASE)
# What status sentences begin with; other sentences that hold a status word tell a story.
_SUBJECT = re.compile(
    r"(?:uppdrag|initiativ|mål|åtgärd|aktivitet|indikator|arbete|nämndmål|nämndsmål|delmål|inriktningsmål|insats)"
    r"(?:et|en|n)?\s+(?:är|bedöms|har|beräknas|kommer|uppnås|uppfylls|förväntas|anses|nås|genomförs|pågår|kan|blir|"
    r"avslutas|kvarstår|avser|inte|ej|delvis)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?P<label>(?:(?:sammantagen|samlad|sammanvägd|övergripande|slutlig|nämndens|aktuell)\s+)?(?:status|bedömning|prognos)"
    r"(?:\s+(?:av\s+)?(?:måluppfyllelsen?|målet|helår|för\s+helåret))?|status|måluppfyllelse|bedömning|uppfyllt|uppfylld|uppnått|prognos|läge|lägesbedömning|statusbedömning|utfall)"
    r"\s*[:–-]?\s+(?P<status>\S.{0,90})$",
    re.IGNORECASE,
)
# 'Målet bedöms nås under året: Ja' answers the words before the sign.
_QUESTION = re.compile(
    r"(?P<label>(?:mål|delmål|uppdrag|indikator|aktivitet|åtgärd)(?:et|en|n)\s[^:.?]{4,60})[:?]\s+"
    r"(?P<status>ja|nej|delvis|helt|inte|ej)\.?$",
    re.IGNORECASE,
)
# A header that lists its possible answers asks with the words before them.
_ANSWERS = re.compile(r"\(?\bja\s*/\s*nej\b.*", re.IGNORECASE)
_COMMENT_LABEL = re.compile(r"^(?:kommentar(?:er)?|analys|uppföljning|motivering)\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A status in running text: the words as printed, and the label that they answer ('Uppfyllt' before 'Nej')."""

    text: str
    question: str | None = None


def status_line(text: str) -> StatusLine | None:
    """The status that a short paragraph states; None for a paragraph that states none.

    >>> status_line("Uppdraget bedöms bli genomfört under året.").text, status_line("Status: Pågår").text
    ('Uppdraget bedöms bli genomfört under året.', 'Pågår')
    """
    text = re.sub(r"\s+", " ", text).strip()
    if len(text) > LONGEST_STATUS:
        return None
    if match := _LABEL.match(text):
        line = StatusLine(match["status"].strip(), match["label"])
        parted = re.search(r"[:–-]", text[: match.start("status")])
        stated = ":" in text[: match.start("status")] or classify(line.text, question=line.question) is not None
        # Without a sign behind it, the label may as well begin a sentence ('Bedömning görs om ...').
        return line if stated and (parted or len(line.text.split()) <= LONGEST_ANSWER) else None
    if (match := _QUESTION.match(text)) and classify(match["status"], question=match["label"]) is not None:
        return StatusLine(match["status"].strip(" ."), match["label"])
    return StatusLine(text) if _SUBJECT.match(text) and classify(text) is not None else None


def bare_status(text: str) -> StatusLine | None:
    """A paragraph that is nothing but a status word ('Avslutad', 'Pågår'); None for other paragraphs."""
    text = re.sub(r"\s+", " ", text).strip()
    word = text.rstrip(".")
    if not word or len(word.split()) > 3 or not re.match(r"[A-ZÅÄÖ●■▲]", word):
        return None
    return StatusLine(text) if classify(word) is not None else None


def is_date(text: str) -> bool:
    """Whether a paragraph is nothing but a date."""
    # The paragraph of a decision ('KF 2022-11-24 § 112') begins something new.
    return len(text) < 30 and "§" not in text and bool(re.search(r"\d", text)) and date_span(text).precision == "day"


def is_legend(text: str) -> bool:
    """Whether a line tells what a colour means ('Grönt: målet uppnås'), and nothing of the plan.

    >>> is_legend("Grönt: målet uppnås"), is_legend("Fler gröna ytor: parker och skog")
    (True, False)
    """
    match = re.match(r"\W*([^:=–-]{2,20}?)\s*[:=–-]", text)
    return match is not None and terms("colours").match(match[1]) is not None


def add_status(
    records: Records,
    place: Place,
    text: str,
    comment: str | None = None,
    *,
    question: str | None = None,
    status_date: date | None = None,
    confidence: float = 0.95,
    **about: Any,
) -> str:
    """Keeps a status with its comment; one that the text does not say is unknown, with a remark.

    `question` is the label or header that the text answers; `about` names the record the status is of:
     `assignment_id`, `goal_id`, `action_id` or `indicator_id`.
    """
    asked = _ANSWERS.sub("", question).strip() if question else None
    found = _classified(text, asked, records.legend)
    if status_date is None and len(text) <= LONGEST_DATED:
        status_date = _day_in(text)
    row = records.add(
        "statuses",
        place,
        prefix="status",
        confidence=confidence if found and found.status != "unknown" else 0.5,
        period=_period(records, asked),
        basis=found.basis if found else None,
        status=found.status if found else "unknown",
        status_text=text or None,
        status_date=status_date,
        comment=comment,
        **about,
    )
    if found is None or found.status == "unknown":
        _unknown(records, place, text, row)
    return row


def _period(records: Records, question: str | None) -> str:
    """The period that a status is of: the document's, unless its header names another ('Status T1')."""
    named = re.search(r"\bT([123])\b|\btertial\s*([123])\b", question or "", re.IGNORECASE)
    return f"{records.facts.year}-T{named[1] or named[2]}" if named else records.facts.reporting_period


def _day_in(text: str) -> date | None:
    """The day that a status is dated by ('Avslutad 2024-05-12')."""
    stated = date_span(text) if re.search(r"\d", text) else None
    return stated.end if stated and stated.precision == "day" else None


def run_in(text: str) -> tuple[str, str] | None:
    """A status that runs in behind a title, and the comment behind it ('Avslutad 2024-05-12. Planen är antagen.')."""
    match = re.match(r"\W*([^.!?\n]{3,40})(?:[.!?]\s+|$)(.*)", text, re.DOTALL)
    if match is None:
        return None
    words = re.sub(r"\d{4}-\d\d-\d\d", "", match[1]).split()
    return (match[1].strip(), match[2].strip()) if len(words) <= 3 and classify(" ".join(words)) is not None else None


def status_behind(title: str) -> tuple[str, str | None]:
    """A title without the status in brackets or behind a dash at its end, and that status.

    >>> status_behind("Goda uppväxtvillkor (delvis uppfyllt)"), status_behind("Skola (förskola)")
    (('Goda uppväxtvillkor', 'delvis uppfyllt'), ('Skola (förskola)', None))
    """
    match = re.fullmatch(r"(.{3,}?)\s*(?:\(([^()]{2,40})\)|\s[–—-]\s([^–—()]{2,40}))\.?", title)
    words = (match[2] or match[3]).strip() if match else ""
    return (match[1], words) if match and bare_status(words[:1].upper() + words[1:]) else (title, None)


def opening(comment: str) -> tuple[str, str | None]:
    """The status that a comment begins with, and the rest; a comment that begins with none is all rest.

    >>> opening("Uppdraget är genomfört. Planen antogs i maj."), opening("Samråd har hållits.")
    (('Uppdraget är genomfört', 'Planen antogs i maj.'), ('', 'Samråd har hållits.'))
    """
    if state := run_in(comment):
        return state[0], state[1] or None
    first, _, rest = comment.partition(",")
    if len(first.split()) <= 3 and bare_status(first):
        return first, rest.strip() or None
    first, rest = titles.first_sentence(comment)
    return (first, rest or None) if status_line(first) else ("", comment)


def _classified(text: str, question: str | None, known: Mapping[str, Status]) -> Status | None:
    """The status of a printed text; words before a first comma decide ('Pågår, klart 2024')."""
    basis: Basis | None = "forecast" if foretells(question) else None
    first = text.split(",")[0]
    if first != text and len(first.split()) <= 3:
        found = classify(first, question=question, legend=known, basis=basis)
        if found is not None:
            return found
    return classify(text, question=question, legend=known, basis=basis) if text else None


def _unknown(records: Records, place: Place, text: str, row: str) -> None:
    if text and re.search(r"\w", text):
        records.finding(
            "unknown_status",
            "warning",
            f"The status '{text}' is not known; add the words to vocabulary/statuses.toml under the status they mean.",
            f"Statusen ”{text}” är okänd; lägg till orden i vocabulary/statuses.toml under den status de betyder.",
            place,
            "statuses",
            row,
        )
    else:
        shown = f" ('{text}')" if text else ""
        records.finding(
            "status_without_words",
            "warning",
            f"The status is shown by a symbol or colour that the text does not hold{shown}; it is left unknown.",
            f"Statusen visas med en symbol eller färg som texten inte innehåller{shown}; den lämnas okänd.",
            place,
            "statuses",
            row,
        )


def goes_on(records: Records, status: str, text: str) -> str:
    """Adds a paragraph below a status: the day it was set, or its comment."""
    row = records[status]
    if is_date(text) and row.get("status_date") is None and not row.get("comment"):
        row["status_date"] = date_span(text).end
        return "day of the status"
    text = _COMMENT_LABEL.sub("", text)
    row["comment"] = f"{row['comment']}\n{text}" if row.get("comment") else text
    return "comment"


def legend_of(texts: Iterable[str]) -> dict[str, Status]:
    """What the colours, symbols and codes of a document mean by its own legend, be it one line or one for each."""
    short = [text for text in texts if len(text) <= LONGEST_LEGEND and _DEFINES.search(text) and not _answers(text)]
    found: dict[str, Status] = {}
    for text in [*short, "\n".join(short)]:
        for key, status in legend(text).items():
            found.setdefault(key, status)
    return found


def _answers(text: str) -> bool:
    """Whether a line uses a colour as the status of something ('Status: Grön') rather than explaining it."""
    label = terms("table_headers").match(text.partition(":")[0]) if ":" in text else None
    return label is not None and label.term == "status"


def settle(records: Records) -> None:
    """Says of each status in what way its comment limits or contradicts it, once the comments are whole."""
    for row in records.rows["statuses"]:
        found = qualify(row.get("comment"), row["status"], records.facts.year)
        row["qualification"] = found or None
        row["qualified"] = bool(found)
