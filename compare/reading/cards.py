"""Project cards: tables of two columns that describe one project each, keys on the left and answers on the right."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from compare.documents.model import Place
from compare.reading import follow_up, headings, titles, values
from compare.reading.context import Context
from compare.reading.dates import date_span
from compare.reading.goals import Goals
from compare.reading.records import Record, Records
from compare.reading.table_roles import Layout, card_key, cells
from compare.reading.tables import goal_in_cell, place_of
from compare.vocabulary import terms

_PROJECT = re.compile(r"^projekt\s*\(?\d+\)?\s*(?:[–:-]\s*)?", re.IGNORECASE)
_NUMBER_BEHIND = re.compile(r"\s*\(\d{2,8}\)\s*$")
_YEAR_AMOUNT = re.compile(
    r"(?P<year>20\d\d)\s*:?\s+(?P<amount>\d[\d  .,]*?)\s*(?P<unit>tkr|mnkr|mkr|kr)\b", re.IGNORECASE
)
_AMOUNT_YEAR = re.compile(
    r"(?P<amount>\d[\d  .,]*?)\s*(?P<unit>tkr|mnkr|mkr|kr)\s+(?:år\s+)?(?P<year>20\d\d)\b", re.IGNORECASE
)
ALIKE = 85


def read(records: Records, context: Context, goals: Goals, layout: Layout) -> None:
    """The projects of a card table, each as an action with its period, status, goals and amounts."""
    for place, pairs in _projects(layout):
        title = _title(pairs)
        # A form that was left blank names nothing but itself.
        if title is None or card_key(title):
            continue
        context.card = records.add(
            "actions",
            place,
            confidence=0.85,
            goal_id=context.goal,
            title=title,
            office=context.office or records.facts.board,
        )
        for key, answer, where in pairs:
            _answer(records, context, goals, key, answer, where)


def line(records: Records, context: Context, goals: Goals, text: str, place: Place) -> str | None:
    """A line of text that goes on with the last card: its key and answer; None for other text."""
    vocabulary = terms("card_keys")
    found = vocabulary.first(text)
    if found is None or found.start != 0 or len(text) > 200 or found.term not in ("period", "status", "start", "end"):
        return None
    answer = text[found.end :].strip(" :–-")
    if not answer:
        return None
    _answer(records, context, goals, text[: found.end], answer, place)
    return f"goes on with a project card ({found.term})"


def _projects(layout: Layout) -> Iterable[tuple[Place, list[tuple[str, str, Place]]]]:
    """The cards of a table: a new one begins where the key of a name comes again."""
    pairs: list[tuple[str, str, Place]] = []
    for row in layout.rows:
        texts = cells(row)
        key, answer = texts[0], next((text for text in texts[1:] if text), "")
        found = card_key(key)
        named_before = any((k := card_key(old)) and k.term in ("name", "assignment") for old, _, _ in pairs)
        if found and found.term in ("name", "assignment") and named_before:
            yield _place(pairs), pairs
            pairs = []
        pairs.append((key, answer, place_of(row)))
    if pairs:
        yield _place(pairs), pairs


def _place(pairs: list[tuple[str, str, Place]]) -> Place:
    first, last = pairs[0][2], pairs[-1][2]
    return Place(first.line, last.line_end, first.page)


def _title(pairs: list[tuple[str, str, Place]]) -> str | None:
    """The project's name: the answer to its key, a row that names it on both sides, or the card's own head."""
    for key, answer, _ in pairs:
        found = card_key(key)
        if found and found.term in ("name", "assignment", "goal_title") and answer and not _PROJECT.match(key):
            return _named(answer)
    for key, answer, _ in pairs[:3]:
        if answer and fuzz.ratio(_named(key).casefold(), _named(answer).casefold()) >= ALIKE:
            return _named(answer)
    head = _PROJECT.sub("", pairs[0][0]).strip()
    return _named(head) if _PROJECT.match(pairs[0][0]) and len(head) > 3 else None


def _named(text: str) -> str:
    return titles.without_footnotes(_NUMBER_BEHIND.sub("", titles.plain(text)))


def _answer(records: Records, context: Context, goals: Goals, key: str, answer: str, place: Place) -> None:
    found = card_key(key)
    if found is None or context.card is None or values.is_missing(answer):
        return
    row = records[context.card]
    if found.term == "period":
        span = date_span(answer, records.facts.year)
        row.update(start=span.start, start_precision=span.start_precision, start_text=answer)
        row.update(end=span.end, end_precision=span.end_precision, end_text=answer)
    elif found.term in ("start", "end"):
        span = date_span(answer, records.facts.year)
        day, precision = (span.start, span.start_precision) if found.term == "start" else (span.end, span.end_precision)
        row.update({found.term: day, f"{found.term}_precision": precision, f"{found.term}_text": answer})
    elif found.term == "status":
        follow_up.add_status(records, place, answer, question=key, action_id=context.card)
    elif found.term == "responsible":
        row["responsible"] = answer
    elif found.term == "goal":
        for piece in headings.goals_run_together(answer):
            if headings.goal_heading(piece):
                goal_in_cell(goals, "", piece, place, context)
    elif found.term == "amount":
        _amounts(records, row, answer, place)


def yearly_amounts(text: str) -> dict[int, values.Amount]:
    """The amounts that a sentence states year by year ('2027 1 000 tkr. 2028 500 tkr.').

    >>> {year: amount.sek for year, amount in yearly_amounts("1450 tkr 2027, 750 tkr 2028").items()}
    {2027: 1450000, 2028: 750000}
    """
    for pattern in (_AMOUNT_YEAR, _YEAR_AMOUNT):
        found = {int(m["year"]): values.amount(m["amount"].strip(), m["unit"]) for m in pattern.finditer(text)}
        # A year read as part of an amount gives absurd figures; the other order then fits better.
        if found and all(
            amount.sek is not None and not re.search(r"\b20\d\d\b", amount.text) for amount in found.values()
        ):
            return found
    return {}


def _amounts(records: Records, action: Record, answer: str, place: Place) -> None:
    """The amounts of a card: compared with the table that holds the project already, else kept."""
    stated = yearly_amounts(answer)
    in_tables = _lines_of(records, action["title"])
    for year, amount in stated.items():
        known = next((row for row in in_tables if row.get("year") == year), None)
        if known is None and not in_tables:
            records.add(
                "budget_lines",
                place,
                prefix="budget",
                suffix=f"-{year}",
                confidence=0.8,
                table_title=action["title"],
                label=action["title"],
                category="investment",
                office=action.get("office"),
                amount_sek=amount.sek,
                unit=amount.unit,
                text=amount.text,
                year=year,
            )
        elif known is not None and known["amount_sek"] != amount.sek:
            records.finding(
                "two_figures",
                "warning",
                f"The project '{action['title']}' has {known['text']} {known['unit']} for {year} in the table "
                f"'{known['table_title']}' (line {known['line']}) but {amount.text} {amount.unit} in its description.",
                f"Projektet ”{action['title']}” har {known['text']} {known['unit']} för {year} i tabellen "
                f"”{known['table_title']}” (rad {known['line']}) men {amount.text} {amount.unit} i sin beskrivning.",
                place,
                "budget_lines",
                known["budget_line_id"],
            )


def _lines_of(records: Records, title: str) -> list[Record]:
    wanted = titles.key(title)
    return [row for row in records.rows["budget_lines"] if fuzz.ratio(titles.key(row["label"]), wanted) >= ALIKE]
