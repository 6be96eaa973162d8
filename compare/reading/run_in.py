"""Fields that run in behind a title, each behind its label: 'Utred taxan. Ansvarig: kommunchef. Status: Pågår.'

What a form prints in cells of their own, other documents print in one paragraph, or on lines right below the title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from compare.documents.model import Place
from compare.reading import follow_up, titles
from compare.reading.dates import date_span
from compare.reading.records import Records
from compare.vocabulary import terms

# Labels that may stand within a paragraph, by the roles of columns that say the same.
ROLES = ("responsible", "committee", "status", "comment", "end", "start", "period", "description")
# What runs on to the next label, be it several sentences.
_LONG = ("comment", "description")
_LABEL = re.compile(r"(?:(?<=^)|(?<=[\s(;|]))(?P<label>[A-ZÅÄÖa-zåäö][A-Za-zÅÄÖåäö]+(?:[ /][a-zåäö]+){0,3}):\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its role, its label as printed, and what stands behind it."""

    role: str
    label: str
    text: str


def fields(text: str) -> tuple[str, tuple[Field, ...]]:
    """A paragraph without the fields that run in, and these.

    >>> before, found = fields("Utred taxan. Ansvarig: kommunchef. Status: Pågår.")
    >>> before, [(field.role, field.text) for field in found]
    ('Utred taxan.', [('responsible', 'kommunchef'), ('status', 'Pågår')])
    >>> fields("Mål 1: Trygghet")
    ('Mål 1: Trygghet', ())
    """
    labels = [(match, role) for match in _LABEL.finditer(text) if (role := _role(text, match))]
    if not labels:
        return text, ()
    found, rest = list[Field](), [text[: labels[0][0].start()]]
    for (match, role), following in zip(labels, [*labels[1:], None], strict=True):
        answer = text[match.end() : following[0].start() if following else len(text)].strip()
        behind = ""
        if role not in _LONG:
            answer, behind = titles.first_sentence(answer)
        found.append(Field(role, match["label"], answer.strip(" .,;|)")))
        rest.append(behind)
    before = " ".join(part for piece in rest if (part := piece.strip()))
    return re.sub(r"[\s(,;|]+$", "", before), tuple(found)


def _role(text: str, match: re.Match[str]) -> str | None:
    """The role of a label; within a text one with a capital, or that a sign parts from what is before it."""
    found = terms("table_headers").match(match["label"])
    if found is None or found.how == "damaged" or found.term not in ROLES:
        return None
    before = text[: match.start()].rstrip(" ")
    apart = not before or before[-1] in ".;,(|\n!?)" or match["label"][0].isupper()
    return found.term if apart else None


def keep(records: Records, place: Place, found: tuple[Field, ...], about: str, record: str) -> str | None:
    """Keeps the fields of a record (`about` names its table's id) and returns its status, None where none is stated."""
    row = records[record]
    said = {field.role: field for field in found}
    comment = said["comment"].text if "comment" in said else None
    status = said.get("status")
    for field in found:
        if field.role != "status" and (field.role != "comment" or status is None):
            _keep(row, field, about, records.facts.year)
    if status is None:
        return None
    identity: dict[str, Any] = {about: record}
    return follow_up.add_status(records, place, status.text, comment, question=status.label, **identity)


def _keep(row: dict[str, Any], field: Field, about: str, year: int) -> None:
    """One field in its column; what the table has no column for stays in the description."""
    if field.role in ("responsible", "committee") and about == "action_id":
        row["responsible"] = field.text
    elif field.role in ("start", "end", "period") and about == "action_id":
        span = date_span(field.text, year)
        if field.role in ("start", "period"):
            row.update(start=span.start, start_precision=span.start_precision, start_text=field.text)
        if field.role in ("end", "period"):
            row.update(end=span.end, end_precision=span.end_precision, end_text=field.text)
    elif about == "assignment_id":
        codes = titles.committee_names(field.text) if field.role in ("responsible", "committee") else None
        if codes:
            row["committees"] = list(codes)
            return
        said = field.text if field.role in _LONG else f"{field.label}: {field.text}"
        row["description"] = f"{row['description']}\n{said}" if row.get("description") else said
