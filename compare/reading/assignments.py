"""Assignments and initiatives: labelled paragraphs, lists under a heading, annexes of unfinished work."""

from __future__ import annotations

import re
from dataclasses import replace

from compare.documents.model import Place, Text
from compare.reading import follow_up, run_in, titles, values
from compare.reading.context import Context
from compare.reading.headings import AssignmentHeading, Section
from compare.reading.records import Records

LONGEST_MEMBER = 400
_CARRIED = re.compile(
    r"\b(?:uppdraget|initiativet|arbetet)\s+(?:kvarstår|är\s+kvarstående|överförs|är\s+överfört|återstår)\b.{0,20}\bfrån\b",
    re.IGNORECASE,
)
# What a list of parts is announced by: 'följande projekt', 'i listan nedan'.
_ANNOUNCES = re.compile(r"\b(?:följande|nedanstående|nedan)\b", re.IGNORECASE)


def labelled(records: Records, context: Context, heading: AssignmentHeading, place: Place) -> str:
    """An assignment named behind its label; it opens a new group when a table has closed the last one."""
    if context.actions_seen:
        context.leave_assignments()
    name = titles.naming(heading.text)
    return add(
        records,
        context,
        name,
        place,
        kind=heading.kind,
        given_by=heading.given_by,
        office=heading.owner if heading.owner and not _is_board(records, heading.owner) else context.office,
        carried_over=heading.carried_over,
        contributes=heading.contributes,
        confidence=0.95 if len(name.text) < LONGEST_MEMBER else 0.7,
    )


def listed(records: Records, context: Context, section: Section, name: titles.Title, place: Place) -> str:
    """An assignment that stands in a list under a heading; what the heading says of all is its status in a report."""
    assignment = add(
        records,
        context,
        name,
        place,
        kind=section.kind or "assignment",
        given_by=section.given_by,
        office=section.owner if section.owner and not _is_board(records, section.owner) else context.office,
        carried_over=section.carried_over,
        confidence=0.85,
    )
    if section.state and records.facts.reports:
        follow_up.add_status(records, place, section.state, assignment_id=assignment, confidence=0.8)
    return assignment


def add(
    records: Records,
    context: Context,
    name: titles.Title,
    place: Place,
    *,
    kind: str,
    given_by: str | None = None,
    office: str | None = None,
    carried_over: bool = False,
    contributes: bool = False,
    parent: str | None = None,
    from_plan_year: int | None = None,
    goal: str | None = None,
    confidence: float = 0.9,
) -> str:
    """Keeps an assignment and makes it the one that what follows is about."""
    name, found = _without_fields(name)
    assignment = records.add(
        "assignments",
        place,
        confidence=confidence,
        goal_id=goal or context.goal,
        parent_assignment_id=parent,
        kind=kind,
        title=name.text,
        description=name.rest or None,
        given_by=given_by,
        office=office,
        committees=list(name.committees) if name.committees else None,
        carried_over=carried_over or name.carried_over or bool(_CARRIED.search(name.rest)),
        contributes=contributes or name.contributes,
        from_plan_year=from_plan_year,
    )
    if records.facts.reports and (state := follow_up.run_in(name.rest)):
        records[assignment]["description"] = None
        follow_up.add_status(records, place, state[0], state[1] or None, assignment_id=assignment)
    if parent is None:
        context.assignments.append(assignment)
    context.described = assignment
    context.subject, context.subject_table, context.status = assignment, "assignments", None
    run_in.keep(records, place, found, "assignment_id", assignment)
    return assignment


def _without_fields(name: titles.Title) -> tuple[titles.Title, tuple[run_in.Field, ...]]:
    """An assignment's name without the fields that run in behind it, and these."""
    before, found = run_in.fields(f"{name.text} {name.rest}".strip())
    if not found or not before:
        return name, ()
    plain = titles.naming(before)
    committees = name.committees or plain.committees
    return replace(name, text=plain.text, rest=plain.rest, committees=committees), found


def describe(records: Records, assignment: str, text: str) -> None:
    """Adds a paragraph to an assignment's description; what it says of the assignment's origin is taken up."""
    row = records[assignment]
    row["description"] = f"{row['description']}\n{text}" if row.get("description") else text
    if _CARRIED.search(text):
        row["carried_over"] = True


def part(records: Records, context: Context, block: Text) -> str | None:
    """A bold or announced list item below an assignment as a part of it; None where the item is no part."""
    whole = context.assignments[-1] if context.assignments else None
    if whole is None or context.actions_seen or block.kind != "list_item":
        return None
    row = records[whole]
    announced = _ANNOUNCES.search(row["title"]) or (_ANNOUNCES.search(row.get("description") or "") and block.bold)
    if not announced or not titles.commands(block.text):
        return None
    name = titles.naming(block.text)
    return add(
        records,
        context,
        name,
        block.place,
        kind="sub_assignment",
        given_by=row.get("given_by"),
        office=row.get("office"),
        contributes=bool(row.get("contributes")),
        parent=whole,
        goal=row.get("goal_id"),
        confidence=0.85 if block.bold else 0.75,
    )


def year_of_origin(text: str) -> int | None:
    """The plan year that an annex of unfinished work names ('MoB 2021', 'VP 2020')."""
    match = re.fullmatch(r"\W*(?:[A-ZÅÄÖa-zåäö &]+\s+)?(?:år\s+)?((?:19|20)\d\d)(?:\s*[–-]\s*(?:20)?\d\d)?\W*", text)
    return int(match[1]) if match else None


def funding(records: Records, text: str, place: Place, assignment: str) -> str | None:
    """Money that a line gives to an assignment ('Ramökning 2024 KS: 250 tkr'); None for other lines."""
    match = re.fullmatch(
        r"(?P<nature>[A-ZÅÄÖ][a-zåäöA-ZÅÄÖ\- ]*?)(?:\s+(?P<year>20\d\d))?(?:\s+(?P<who>[A-ZÅÄÖ][\w/,åäöÅÄÖ ]{0,40}?))?"
        r"(?:\s+(?P<later>20\d\d))?\s*:\s*(?P<amount>[^:]+)",
        text.strip(),
    )
    if match is None or not re.search(
        r"(?i)ram|tillskott|medel|anslag|finansiering|budget|satsning|justering", match["nature"]
    ):
        return None
    stated = values.amount(match["amount"])
    if stated.sek is None:
        return None
    year = match["year"] or match["later"]
    codes = titles.codes_in(match["who"] or "") or titles.committee_names(match["who"] or "") or ()
    return records.add(
        "funding",
        place,
        prefix="funding",
        confidence=0.95,
        assignment_id=assignment,
        committee=", ".join(codes) or None,
        amount_sek=stated.sek,
        nature=match["nature"].strip().casefold(),
        unit=stated.unit,
        text=match["amount"].strip(),
        year=int(year) if year else None,
    )


def _is_board(records: Records, owner: str) -> bool:
    """Whether an owner is the committee whose document it is: then the office around it says more."""
    return owner == (records.facts.board or "")


def leave_unsaid_open(records: Records) -> None:
    """Where a document calls no assignment carried over, it does not speak of it: then nothing is known of any."""
    rows = records.rows["assignments"]
    if not any(row["carried_over"] for row in rows):
        for row in rows:
            row["carried_over"] = None
