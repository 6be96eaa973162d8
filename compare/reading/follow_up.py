"""Follow-ups in running text: a title, a sentence that says how far it has come, and a comment."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from compare.documents.model import Place
from compare.reading.records import Records
from compare.reading.statuses import classify, qualify

LONGEST_STATUS = 140
# What status sentences begin with; other sentences that hold a status word tell a story.
_SUBJECT = re.compile(
    r"(?:uppdrag(?:et)?|initiativ(?:et)?|mål(?:et)?|åtgärd(?:en)?|aktivitet(?:en)?|indikator(?:n)?|arbetet|nämndmål(?:et)?|"
    r"delmål(?:et)?|inriktningsmål(?:et)?|insats(?:en)?)\s+(?:är|bedöms|har|beräknas|kommer|uppnås|uppfylls|förväntas|anses|nås|"
    r"genomförs|pågår|kan|blir|avslutas|kvarstår|avser|inte|ej|delvis)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?P<label>status|måluppfyllelse|bedömning|uppfyllt|uppfylld|uppnått|prognos|läge|lägesbedömning|statusbedömning|utfall)"
    r"\s*[:–-]?\s+(?P<status>\S.{0,90})$",
    re.IGNORECASE,
)
_YES = re.compile(r"ja\b[.!]?$", re.IGNORECASE)
_NO = re.compile(r"nej\b[.!]?$", re.IGNORECASE)


def status_line(text: str) -> str | None:
    """The status that a short paragraph states; None for a paragraph that states none.

    >>> status_line("Uppdraget bedöms bli genomfört under året."), status_line("Status: Pågår")
    ('Uppdraget bedöms bli genomfört under året.', 'Pågår')
    """
    text = re.sub(r"\s+", " ", text).strip()
    if len(text) > LONGEST_STATUS:
        return None
    if match := _LABEL.match(text):
        answer = answered(match["label"], match["status"])
        return answer if classify(answer) is not None or ":" in text[: match.start("status")] else None
    if _SUBJECT.match(text) and classify(text) is not None:
        return text
    return None


def bare_status(text: str) -> str | None:
    """A paragraph that is nothing but a status word ('Avslutad', 'Pågår'); None for other paragraphs."""
    text = re.sub(r"\s+", " ", text).strip().rstrip(".")
    if not text or len(text.split()) > 3 or not re.match(r"[A-ZÅÄÖ●■▲]", text):
        return None
    return text if classify(text) is not None else None


def answered(question: str, answer: str) -> str:
    """A yes or no with the question it answers: 'Uppfyllt Nej' is 'inte uppfyllt'."""
    word = question.casefold() if question.casefold().startswith(("uppf", "uppn")) else "uppfyllt"
    if _YES.match(answer.strip()):
        return word
    if _NO.match(answer.strip()):
        return f"inte {word}"
    return answer.strip()


def add_status(
    records: Records,
    place: Place,
    text: str,
    comment: str | None = None,
    *,
    status_date: date | None = None,
    confidence: float = 0.95,
    **about: Any,
) -> str:
    """Keeps a status with its comment; one that the text does not say is unknown, with a remark.

    `about` names the record the status is of: `assignment_id`, `goal_id`, `action_id` or `indicator_id`.
    """
    found = classify(text) if text else None
    row = records.add(
        "statuses",
        place,
        prefix="status",
        confidence=confidence if found and found.status != "unknown" else 0.5,
        period=records.facts.reporting_period,
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


def add_comment(records: Records, status: str, text: str) -> None:
    """Adds a paragraph to a status's comment."""
    row = records[status]
    row["comment"] = f"{row['comment']}\n{text}" if row.get("comment") else text


def settle(records: Records) -> None:
    """Says of each status in what way its comment limits or contradicts it, once the comments are whole."""
    for row in records.rows["statuses"]:
        found = qualify(row["comment"], row["status"]) if row.get("comment") else []
        row["qualification"] = found or None
        row["qualified"] = bool(found)
