"""Rows of tables as records: actions, unfinished or followed-up assignments, goals with indicators, project cards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from compare.documents.model import Cell, Place
from compare.reading import assignments, titles, values
from compare.reading.context import Context
from compare.reading.dates import Day, date_span, end_of, start_of
from compare.reading.follow_up import add_status, opening
from compare.reading.goals import Goals
from compare.reading.headings import goal_heading, level_of, office_name
from compare.reading.records import Records, shortened
from compare.reading.table_roles import CATEGORY_ROLES, Column, Layout, cells
from compare.vocabulary import terms

# A cell longer than this holds a title and its explanation.
LONGEST_CELL = 300


def place_of(row: Sequence[Cell]) -> Place:
    """The lines that a row stands on."""
    return Place(min(c.place.line for c in row), max(c.place.line_end for c in row), row[0].place.page)


def text_in(row: list[str], layout: Layout, *roles: str) -> str | None:
    """What a row states in the first column of these roles; None for a blank cell."""
    for role in roles:
        for column in layout.of_role(role):
            if column.index < len(row) and not values.is_missing(row[column.index]):
                return row[column.index].strip()
    return None


def body(layout: Layout) -> list[tuple[Sequence[Cell], list[str]]]:
    """The rows under the header, with their texts; repeated header rows and empty rows are left out."""
    header = [cells(row) for row in layout.rows[: layout.header_rows]]
    rows = [(row, _unmerged(row)) for row in layout.rows[layout.header_rows :]]
    return [(row, texts) for row, texts in rows if any(texts) and texts not in header and not _is_page_foot(texts)]


def _is_page_foot(texts: Sequence[str]) -> bool:
    """Whether a row is the foot of a page that a table goes on over ('Verksamhetsplan 2024 | 4 (9)')."""
    filled = [text for text in texts if text]
    return len(filled) == 2 and re.fullmatch(r"(?:sidan?\s+)?\d{1,3}\s?\(\d{1,3}\)", filled[-1].casefold()) is not None


def with_years(records: Records, layout: Layout, table: str) -> Layout:
    """The layout with the document's year in columns that state none but can only be of it, and a remark on them.

    Those are a plan's targets and budgets, and a report's outcomes and forecasts; other columns keep no year.
    """
    own = ("target", "budget", "outcome", "forecast") if records.facts.reports else ("target", "budget")
    undated = [c for c in layout.value_columns if c.year is None and c.role not in CATEGORY_ROLES]
    taken = [c for c in undated if c.role in own and not re.search(r"\d{4}", c.text)]
    for columns, rule in ((taken, "year_assumed"), ([c for c in undated if c not in taken], "year_missing")):
        if columns and not layout.inherited:
            _undated(records, layout, columns, rule, table)
    year = records.facts.year
    return replace(
        layout, columns=tuple(replace(c, year=year, assumed=True) if c in taken else c for c in layout.columns)
    )


def _undated(records: Records, layout: Layout, columns: Sequence[Column], rule: str, table: str) -> None:
    named = ", ".join(f"'{column.text}'" for column in columns)
    year = records.facts.year
    means, means_sv = (
        (f"they are taken for {year}", f"de antas gälla {year}")
        if rule == "year_assumed"
        else ("their values have none", "deras värden saknar år")
    )
    records.finding(
        rule,
        "note",
        f"The columns {named} state no single year; {means}.",
        f"Kolumnerna {named} anger inget enskilt år; {means_sv}.",
        place_of(layout.rows[0]),
        table,
    )


def _unmerged(row: Sequence[Cell]) -> list[str]:
    """A row's texts; a merged cell states its words once, in its first column."""
    texts = cells(row)
    index = 0
    while index < len(row):
        end = index + row[index].spans
        for repeated in range(index + 1, min(end, len(row))):
            texts[repeated] = "" if texts[repeated] == texts[index] else texts[repeated]
        index = max(end, index + 1)
    return texts


def statuses_in(row: list[str], layout: Layout) -> list[tuple[str, str | None]]:
    """A row's statuses, each with the header it answers; of columns to tick, the ticked one's header is the status."""
    columns = [c for c in layout.of_role("status") if c.index < len(row) and not values.is_missing(row[c.index])]
    ticked = [c for c in columns if re.fullmatch(r"[xX×✓✔●•]", row[c.index].strip())]
    if len(layout.of_role("status")) > 1 and len(columns) == 1 and ticked:
        words = ticked[0].text.split()
        return [(words[-1], " ".join(words[:-1]) or None)]
    return [(row[c.index].strip(), c.text) for c in columns]


def add_statuses(
    records: Records, place: Place, row: list[str], layout: Layout, comment: str | None = None, **about: Any
) -> str | None:
    """Keeps the statuses of a row, the comment beside the first, and returns that one; None for a row without any."""
    kept = [
        add_status(records, place, text, comment if number == 0 else None, question=question, **about)
        for number, (text, question) in enumerate(statuses_in(row, layout))
    ]
    return kept[0] if kept else None


def actions(records: Records, context: Context, goals: Goals, layout: Layout) -> None:
    """One action per row of a table of actions; goals and assignments in columns of their own hold for rows below."""
    label = layout.label
    assignment = context.assignment
    above = GoalColumns(goals, context, layout, label)
    year = context.year_of_rows if layout.inherited else None
    for row, texts in body(layout):
        title = texts[label.index] if label and label.index < len(texts) else ""
        if _heads_rows(context, goals, above, texts, title, place_of(row)):
            continue
        goal = above.of_row(texts, place_of(row))
        assignment = _assignment_named(records, context, row, layout, goal) or assignment
        if values.is_missing(title):
            year = assignments.year_of_origin(" ".join(filter(None, texts))) or year
            context.year_of_rows = year
            continue
        start_cell, end_cell = text_in(texts, layout, "start"), text_in(texts, layout, "end", "date")
        period = text_in(texts, layout, "period")
        start, end = _days(year or records.facts.year, start_cell, end_cell, period)
        place = place_of(row)
        action = records.add(
            "actions",
            place,
            confidence=0.95 if not layout.inherited else 0.8,
            assignment_id=assignment,
            goal_id=goal,
            title=titles.without_footnotes(title),
            completion_criterion=text_in(texts, layout, "criterion"),
            responsible=text_in(texts, layout, "responsible", "committee"),
            start=start.day,
            start_precision=start.precision,
            start_text=start_cell or period,
            end=end.day,
            end_precision=end.precision,
            end_text=end_cell or period,
            office=context.office,
        )
        _date_findings(records, action, place, (start, end), year)
        add_statuses(records, place, texts, layout, text_in(texts, layout, "comment"), action_id=action)
    context.actions_seen = True


def action_beside(
    records: Records, context: Context, texts: list[str], layout: Layout, goal: str | None, place: Place
) -> None:
    """The action that a row of something else states in a column of its own."""
    title = text_in(texts, layout, "action")
    if title is None:
        return
    end_cell = text_in(texts, layout, "end", "date")
    end = end_of(end_cell, records.facts.year) if end_cell else Day(None, None, "")
    records.add(
        "actions", place, confidence=0.75, goal_id=goal, title=titles.without_footnotes(title),
        responsible=text_in(texts, layout, "responsible", "committee"), end=end.day, end_precision=end.precision,
        end_text=end_cell, office=context.office,
    )  # fmt: skip


def _assignment_named(
    records: Records, context: Context, row: Sequence[Cell], layout: Layout, goal: str | None
) -> str | None:
    """The assignment that a row itself names in a column of its own, kept where it is new."""
    column = layout.first("assignment")
    named = text_in(cells(row), layout, "assignment")
    if column is None or column is layout.label or named is None:
        return None
    name = name_in_cell(named)
    wanted = titles.key(name.text)
    known = next((r["assignment_id"] for r in records.rows["assignments"] if titles.key(r["title"]) == wanted), None)
    if known is not None:
        return str(known)
    kind = _kind_of_column(column.text)
    return assignments.add(
        records, context, name, place_of(row), kind=kind, office=context.office, goal=goal, confidence=0.75
    )


def _days(year: int, start: str | None, end: str | None, period: str | None) -> tuple[Day, Day]:
    if start is None and end is None and period is not None:
        span = date_span(period, year)
        return (
            Day(span.start, span.start_precision, period, span.problem, span.assumed_year),
            Day(span.end, span.end_precision, period, span.problem, span.assumed_year),
        )
    nothing = Day(None, None, "")
    return (start_of(start, year) if start else nothing), (end_of(end, year) if end else nothing)


def _date_findings(
    records: Records, action: str, place: Place, days: Sequence[Day], year_of_rows: int | None = None
) -> None:
    for day in days:
        if day.problem in ("impossible_year", "impossible_date"):
            records.finding(
                day.problem,
                "warning",
                f"The date '{shortened(day.text)}' cannot be right; it is left empty.",
                f"Datumet ”{shortened(day.text)}” kan inte stämma; det lämnas tomt.",
                place,
                "actions",
                action,
            )
        elif (day.problem == "year_missing" or day.assumed_year) and year_of_rows is None:
            records.finding(
                "year_assumed",
                "note",
                f"The date '{shortened(day.text)}' has no year; the plan year {records.facts.year} is taken.",
                f"Datumet ”{shortened(day.text)}” saknar årtal; planåret {records.facts.year} används.",
                place,
                "actions",
                action,
            )
    first, last = (day.day for day in days)
    if first and last and first > last:
        records.finding(
            "end_before_start",
            "warning",
            f"The action ends ({last}) before it starts ({first}).",
            f"Åtgärden slutar ({last}) innan den börjar ({first}).",
            place,
            "actions",
            action,
        )


def assigned(records: Records, context: Context, goals: Goals, layout: Layout) -> None:
    """Assignments of a table; rows that only name a goal or a plan year hold for the rows below them."""
    column, goal_column = layout.first("assignment"), layout.first("goal")
    if column is None:
        return
    goal = context.goal_of_rows if layout.inherited else context.goal
    for row, texts in body(layout):
        place = place_of(row)
        title = texts[column.index] if column.index < len(texts) else ""
        beside = texts[goal_column.index] if goal_column and goal_column.index < len(texts) else ""
        if beside:
            year = assignments.year_of_origin(beside)
            if year:
                context.plan_year = year
            else:
                goal = goal_in_cell(goals, goal_column.text if goal_column else "", beside, place, context) or goal
        if values.is_missing(title):
            continue
        if office := office_name(title):
            context.office = office
            continue
        stated_year = text_in(texts, layout, "value", "budget")
        assignments.add(
            records,
            context,
            name_in_cell(title),
            place,
            kind="unfinished_assignment" if context.unfinished else _kind_of_column(column.text),
            given_by=context.given_by,
            office=context.office,
            carried_over=context.unfinished,
            from_plan_year=context.plan_year if context.unfinished else assignments.year_of_origin(stated_year or ""),
            goal=goal,
            confidence=0.85 if not layout.inherited else 0.75,
        )
        added = records.rows["assignments"][-1]
        _beside_assignment(records, added, row, layout)
    context.goal_of_rows = goal
    context.leave_assignments()


def name_in_cell(text: str) -> titles.Title:
    """A cell's title: all of it while it is short, since a cell seldom runs on into an explanation."""
    # The number of a table's row is no part of what the row names.
    name = titles.naming(re.sub(r"^\d{1,2}[.)]\s+(?=[A-ZÅÄÖ])", "", text))
    if not name.rest or len(name.text) + len(name.rest) > LONGEST_CELL:
        return name
    return replace(name, text=f"{name.text} {name.rest}", rest="")


def _beside_assignment(records: Records, added: dict[str, object], row: Sequence[Cell], layout: Layout) -> None:
    """What stands in the other cells of an assignment's row: who does it, its explanation, money that comes with it."""
    texts = cells(row)
    who = text_in(texts, layout, "committee", "responsible")
    if who and not added.get("committees"):
        codes = titles.committee_names(who)
        added["committees"] = list(codes) if codes else None
    column = layout.first("description")
    if column is None or column.index >= len(row):
        return
    assignment = str(added["assignment_id"])
    for piece in filter(str.strip, row[column.index].text.split("\n")):
        if assignments.funding(records, piece.strip(), place_of(row), assignment) is None:
            assignments.describe(records, assignment, titles.plain(piece))


def _kind_of_column(text: str) -> str:
    vocabulary = terms("assignment_kinds")
    found = vocabulary.first(text)
    return str(vocabulary.fact(found.term, "kind")) if found else "assignment"


class GoalColumns:
    """The goals that the columns of a table name: each below the one to its left, and holding for the rows below it."""

    def __init__(self, goals: Goals, context: Context, layout: Layout, besides: Column | None) -> None:
        self._goals, self._context = goals, context
        self.columns = [column for column in layout.of_role("goal") if column is not besides]
        self._current: dict[int, str] = {}
        self.deepest = context.goal_of_rows if layout.inherited and self.columns else context.goal

    def names(self, texts: list[str]) -> list[str]:
        """What a row prints in the columns of goals."""
        return [texts[column.index] for column in self.columns if column.index < len(texts)]

    def of_row(self, texts: list[str], place: Place) -> str | None:
        """The deepest goal that holds for a row."""
        under = self._context.goal
        for position, column in enumerate(self.columns):
            text = texts[column.index] if column.index < len(texts) else ""
            if not values.is_missing(text):
                found = goal_in_cell(self._goals, column.text, text, place, self._context, under)
                self._current = {at: goal for at, goal in self._current.items() if at < position}
                if found is not None:
                    self._current[position] = found
            under = self._current.get(position, under)
        if self._current:
            self.deepest = self._current[max(self._current)]
            self._context.goal_of_rows = self.deepest
        return self.deepest


def goal_in_cell(
    goals: Goals, header: str, text: str, place: Place, context: Context, under: str | None = None
) -> str | None:
    """The goal that a cell names by number, by words, or by its level's word and both."""
    stated = goal_heading(text)
    term = stated.term if stated else level_of(header) or "mål"
    number, title = (stated.number, stated.title) if stated else _numbered(text)
    known = goals.find(term, number, title) or (goals.find(None, number, title) if number else None)
    if known is not None:
        return goals.mention(known.term, known.number, title, place)
    if not re.search(r"[a-zåäö]{3}", title):
        return None
    above = under or context.goal
    return goals.state(term, number, title, place, office=context.office, under=above, confidence=0.75)


def _numbered(text: str) -> tuple[str | None, str]:
    match = re.match(r"(\d{1,2}(?:\.\d{1,2})*)[.)]?\s+(?=\S)", text)
    return (match[1], text[match.end() :].strip()) if match else (None, text.strip())


def followed_up(records: Records, context: Context, goals: Goals, layout: Layout) -> None:
    """One status per row of a table that sets a status beside assignments, goals or other things."""
    label = layout.label
    if label is None:
        return
    above = GoalColumns(goals, context, layout, None if label.role == "goal" else label)
    for row, texts in body(layout):
        place = place_of(row)
        named = above.names(texts) if label.role == "goal" else texts[label.index : label.index + 1]
        comment = text_in(texts, layout, "comment", "description")
        if all(values.is_missing(text) for text in named):
            _goes_on(records, context, comment)
            continue
        if label.role != "goal" and _heads_rows(context, goals, above, texts, named[0], place):
            continue
        goal = above.of_row(texts, place)
        if label.role == "goal":
            about: dict[str, Any] = {"goal_id": goal} if goal else {}
        else:
            about = _about(records, context, layout, row, named[0], goal)
        date_cell = text_in(texts, layout, "status_date", "date")
        day = end_of(date_cell, records.facts.year).day if date_cell else None
        context.status = add_statuses(records, place, texts, layout, comment, status_date=day, **about)
        if context.status is None and not records.facts.reports and layout.first("status") is None:
            # A plan tells when and how its assignments are reported on; that is no status.
            if comment and "assignment_id" in about:
                assignments.describe(records, about["assignment_id"], comment)
        elif context.status is None and (comment is not None or layout.first("status") is not None):
            status = ""
            if comment is not None and layout.first("status") is None:
                status, comment = opening(comment)
            context.status = add_status(records, place, status, comment, status_date=day, **about)
    context.leave_assignments()
    context.subject = context.status = None


def _heads_rows(context: Context, goals: Goals, above: GoalColumns, texts: list[str], title: str, place: Place) -> bool:
    """Whether a row holds nothing but a goal or an office, which then holds for the rows below it."""
    if [text for text in texts if not values.is_missing(text)] != [title]:
        return False
    if office := office_name(title):
        context.office = office
        return True
    if goal_heading(title) is None:
        return False
    above.deepest = goal_in_cell(goals, "", title, place, context) or above.deepest
    return True


def _goes_on(records: Records, context: Context, comment: str | None) -> None:
    """A row without a name goes on with the comment of the row above."""
    if comment and context.status:
        row = records[context.status]
        row["comment"] = f"{row['comment']}\n{comment}" if row.get("comment") else comment


def _about(
    records: Records, context: Context, layout: Layout, row: Sequence[Cell], title: str, goal: str | None
) -> dict[str, Any]:
    """The assignment that a followed-up row is about, kept where it is new."""
    label = layout.label
    name = name_in_cell(title)
    known = next((r for r in records.rows["assignments"] if titles.key(r["title"]) == titles.key(name.text)), None)
    if known is None:
        assignment = assignments.add(
            records,
            context,
            name,
            place_of(row),
            kind=_kind_of_column(label.text if label else ""),
            given_by=context.given_by,
            office=context.office,
            goal=goal,
            confidence=0.85,
        )
        _beside_assignment(records, records[assignment], row, layout)
        return {"assignment_id": assignment}
    return {"assignment_id": known["assignment_id"]}


def stated_goals(records: Records, context: Context, goals: Goals, layout: Layout) -> None:
    """Goals of a table without values: each cell under the word of a level a goal, below the one to its left."""
    if layout.first("goal") is None:
        return
    columns = GoalColumns(goals, context, layout, None)
    under = context.goal
    for row, texts in body(layout):
        first = texts[columns.columns[0].index] if columns.columns[0].index < len(texts) else ""
        if office := office_name(first):
            context.office = office
        else:
            columns.of_row(texts, place_of(row))
    # The goals of a table do not rule what stands below it.
    context.goal = under
