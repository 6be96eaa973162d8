"""Indicators and their values from tables: one row per indicator, one per printed value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from compare.documents.model import Cell, Place
from compare.reading import titles, values
from compare.reading.context import Context
from compare.reading.goals import Goals
from compare.reading.headings import defines, level_of, office_name
from compare.reading.records import Records
from compare.reading.table_roles import Column, Layout, labelled_column
from compare.reading.tables import GoalColumns, action_beside, add_statuses, body, place_of, text_in, with_years
from compare.vocabulary import terms

# What a line states behind a label is a value only when it is as short as a cell.
LONGEST_STATED = 40
SHORTEST_NAME = 6
KINDS = {"outcome": "outcome", "forecast": "forecast", "target": "target", "budget": "target", "plan": "target"}
_UNIT_IN_BRACKETS = re.compile(r"\((%|procent|tkr|mnkr|kr|antal|dagar|månader|år|kr/inv[^)]*)\)")
_UNIT_AT_END = re.compile(r"[,;]\s*(%|andel %|antal|procent|kr(?:onor)? per invånare|månader|dagar)\.?$")
_OTHER_YEAR = re.compile(r"\(?\bavser\s+(?:mät)?år(?:et)?\s+((?:19|20)\d\d)\)?", re.IGNORECASE)
_AMOUNT = r"(?:(?:minst|högst|max|[<>≥≤])\s*)?[+\-–−]?\d+(?:[ \u00a0]\d{3})*(?:[.,]\d+)?"
_AMOUNT += r"(?:\s*(?:%|procent(?:enheter)?|dagar|timmar|tkr|kr)(?!\w))?"
# A year with a value behind it is no value.
_AMOUNT = rf"(?!20\d\d\s*:)(?:{_AMOUNT}|topp\s+\d+)"
_STATED = re.compile(
    rf"(?:\b(?P<label>nuläge|utfall|resultat|basvärde|utgångsvärde|prognos|målvärde|målnivå|mål)\s*(?P<year>20\d\d)?\s*[:=]?\s*"
    rf"|(?<=[(;,])\s*(?P<before>20\d\d)\s*:\s*|\()"
    rf"(?P<value>{_AMOUNT}|öka\w*|minska\w*)(?:\s*,?\s*\(?(?:år\s+)?(?P<later>20\d\d)\)?)?(?=\W|$)",
    re.IGNORECASE,
)
_GLUED_VALUES = re.compile(r"^(?P<name>.*?[^\W\d].*?)\s+(?P<values>(?:[+\-–−]?\d[\d ,.]*\s?%?\s*){2,})$")


def read(records: Records, context: Context, goals: Goals, layout: Layout, caption: str | None = None) -> None:
    """The indicators of a table with their values; a goal in a column of its own holds for its row and those below.

    So does a goal on a row of its own, across the table; its level is told from the `caption`.
    """
    name_column = layout.label
    if name_column is None:
        return
    layout = with_years(records, layout, "indicator_values")
    shift = _shift(records, layout)
    above = GoalColumns(goals, context, layout, name_column)
    last: str | None = None
    for row, texts in body(layout):
        place = place_of(row)
        goal = above.of_row(texts, place)
        action_beside(records, context, texts, layout, goal, place)
        name = texts[name_column.index] if name_column.index < len(texts) else ""
        if values.is_missing(name) or _is_heading_row(texts, name_column):
            if office := office_name(name):
                context.office = office
            continue
        if layout.value_columns and _stands_alone(row, name_column):
            if _reads_as_goal(name, caption):
                level = level_of(caption or "") or "mål"
                above.deepest = goals.state(
                    level, None, titles.without_footnotes(name), place, office=context.office, under=context.goal,
                    confidence=0.75,
                )  # fmt: skip
                continue
            if row[name_column.index].spans > 1:
                continue
        group = terms("groups").match(name)
        if group and last is not None:
            # A row named by a part alone states the values of the indicator above for that part.
            _values(records, layout, texts, last, place, shift, group.term)
            continue
        name, texts = _values_in_name(name, texts, layout)
        responsible = text_in(texts, layout, "responsible")
        if shift:
            responsible = texts[layout.value_columns[0].index].strip() or None
        indicator = records.add(
            "indicators",
            place,
            confidence=0.6 if shift else (0.95 if not layout.inherited else 0.8),
            goal_id=goal,
            name=titles.without_footnotes(name),
            unit=text_in(texts, layout, "unit") or _unit_of_name(name),
            responsible=responsible,
            source_name=text_in(texts, layout, "source"),
            interval=_without_marks(text_in(texts, layout, "interval")),
            office=context.office,
        )
        _values(records, layout, texts, indicator, place, shift)
        add_statuses(records, place, texts, layout, text_in(texts, layout, "comment"), indicator_id=indicator)
        last = indicator


def of_goals(records: Records, context: Context, goals: Goals, layout: Layout) -> None:
    """The measures of goals whose rows state their figures beside them: each is named by its goal, for want of another.

    'Andelen fossilfria fordon ska öka' with the outcomes of two years and a target is a goal and what measures it.
    """
    label = layout.label
    if label is None or label.role != "goal" or not layout.value_columns:
        return
    layout = with_years(records, layout, "indicator_values")
    above = GoalColumns(goals, context, layout, None)
    for row, texts in body(layout):
        cells = [texts[column.index] for column in layout.value_columns if column.index < len(texts)]
        name = texts[label.index] if label.index < len(texts) else ""
        if values.is_missing(name) or not any(re.search(r"\d", cell) for cell in cells):
            continue
        goal = above.of_row(texts, place_of(row))
        indicator = records.add(
            "indicators",
            place_of(row),
            confidence=0.7,
            goal_id=goal,
            name=titles.without_footnotes(name),
            unit=text_in(texts, layout, "unit") or _unit_of_name(name),
            office=context.office,
        )
        _values(records, layout, texts, indicator, place_of(row), shift=False)


def listed(records: Records, context: Context, text: str, place: Place, confidence: float) -> str:
    """An indicator of a list, with the values that its line states behind its name ('Nuläge: 310. Mål 2024: 280')."""
    stated = [(match, _column_stated(match, records.facts.year)) for match in _STATED.finditer(text)]
    found = [(match, column) for match, column in stated if column is not None]
    name = text[: found[0][0].start()].strip(" .:;,(–-") if found else text
    if len(name) < SHORTEST_NAME:
        name, found = text, []
    indicator = records.add(
        "indicators",
        place,
        confidence=confidence,
        goal_id=context.goal,
        name=titles.without_footnotes(name),
        unit=_unit_of_name(name),
        office=context.office,
    )
    for match, column in found:
        for value in values.values(match["value"].strip().rstrip(".")):
            _add(records, indicator, place, column, column.year, value)
    return indicator


def _column_stated(match: re.Match[str], year: int) -> Column | None:
    """The column that a label in a line stands for; a target without a year is one of the document's own."""
    stated = match["year"] or match["before"] or match["later"]
    label = match["label"] or ("utfall" if stated and int(stated) < year else "")
    column = labelled_column(f"{label.capitalize()} {stated or ''}".strip()) if label else None
    if column is None or column.has_values:
        return column
    return replace(column, role="target", year=year, assumed=True) if column.role == "goal" else None


def line(records: Records, context: Context, text: str, place: Place) -> str | None:
    """An indicator, or a value of the last one, that a line states behind its label ('Målvärde 2024: 75 %')."""
    match = re.fullmatch(r"(?P<label>[^:.]{3,45}):\s+(?P<stated>\S.{0,250})", text)
    if match is None:
        return None
    column = labelled_column(match["label"])
    if column.role == "indicator" and defines(match["label"], match["stated"]):
        return None
    if column.role == "indicator" and column.year is None:
        context.indicator = records.add(
            "indicators",
            place,
            confidence=0.75,
            goal_id=context.goal,
            name=titles.without_footnotes(match["stated"]),
            unit=_unit_of_name(match["stated"]),
            office=context.office,
        )
        return "indicator behind its label"
    stated = match["stated"].strip().rstrip(".")
    if context.indicator is None or not column.has_values or column.year is None or len(stated) > LONGEST_STATED:
        return None
    if values.is_missing(stated) or _not_available(stated):
        return None
    for value in values.values(stated):
        _add(records, context.indicator, place, column, column.year, value)
    return f"{column.role} of the indicator above"


def _is_heading_row(texts: list[str], name: Column) -> bool:
    """Whether a row holds nothing but the name of an office or a repeated word."""
    rest = [text for index, text in enumerate(texts) if index != name.index and not values.is_missing(text)]
    return not rest and office_name(texts[name.index]) is not None


def _stands_alone(row: Sequence[Cell], name: Column) -> bool:
    """Whether a row holds nothing but its name, not even the dashes of values that are missing."""
    return all(not cell.text.strip() or i == name.index or _repeats(row, i) for i, cell in enumerate(row))


def _repeats(row: Sequence[Cell], index: int) -> bool:
    """Whether a cell is part of a merged one to its left."""
    return any(row[left].spans > index - left for left in range(index))


def _reads_as_goal(name: str, caption: str | None) -> bool:
    """Whether a row's words state what shall be, rather than what is measured."""
    if re.match(r"(?:andel|antal|genomsnitt|kostnad|nöjd)", name, re.IGNORECASE) or len(name.split()) < 3:
        return False
    return re.search(r"\b(?:ska|skall)\b", name) is not None or (level_of(caption or "") is not None and len(name) > 25)


def _values_in_name(name: str, texts: list[str], layout: Layout) -> tuple[str, list[str]]:
    """Values that slipped into the name's cell dealt back to the columns they belong to, when they fit them."""
    columns = layout.value_columns
    if not columns or any(not values.is_missing(texts[c.index]) for c in columns if c.index < len(texts)):
        return name, texts
    match = _GLUED_VALUES.match(name)
    if match is None:
        return name, texts
    found = values.values(match["values"].strip())
    pieces = re.findall(r"[+\-–−]?\d+(?:[ \u00a0]\d{3})*(?:[.,]\d+)?\s?%?", match["values"])
    if len(pieces) != len(columns) or len(found) > len(columns):
        return name, texts
    dealt = list(texts)
    for column, piece in zip(columns, pieces, strict=True):
        dealt[column.index] = piece.strip()
    return match["name"].strip(), dealt


def _shift(records: Records, layout: Layout) -> bool:
    """Whether the first column of values holds names instead: a header cell is missing and the columns have shifted."""
    columns = layout.value_columns
    if not columns or layout.first("responsible") is not None:
        return False
    first = [texts[columns[0].index] for _, texts in body(layout) if columns[0].index < len(texts)]
    filled = [text for text in first if not values.is_missing(text)]
    known = Counter(titles.key(row["responsible"]) for row in records.rows["indicators"] if row.get("responsible"))
    shifted = bool(filled) and all(
        not re.search(r"\d", text) and (titles.key(text) in known or office_name(text)) for text in filled
    )
    if shifted:
        place = place_of(layout.rows[0])
        records.finding(
            "shifted_columns",
            "warning",
            f"The column '{columns[0].text}' holds names of units, not values: a header cell is missing, and the "
            "columns behind it are shifted. Its values are not read.",
            f"Kolumnen ”{columns[0].text}” innehåller namn på enheter, inte värden: en rubrikcell saknas och "
            "kolumnerna efter den är förskjutna. Dess värden läses inte.",
            place,
            "indicators",
        )
    return shifted


def _values(
    records: Records,
    layout: Layout,
    texts: list[str],
    indicator: str,
    place: Place,
    shift: bool,
    part: str | None = None,
) -> None:
    columns = layout.value_columns
    if shift:
        columns = []
    texts = _unglued(texts, columns)
    groups = _groups_of_row(texts, columns)
    if _states_none(texts, columns):
        _note_finding(records, indicator, place)
        return
    for column in columns:
        text = texts[column.index] if column.index < len(texts) else ""
        year, text = _year_in_cell(text, column.year)
        if values.is_missing(text) or _not_available(text):
            continue
        for value in values.repeated(text, groups):
            _add(records, indicator, place, column, year, replace(value, group=value.group or part))


def _add(records: Records, indicator: str, place: Place, column: Column, year: int | None, value: values.Value) -> None:
    kind = KINDS.get(column.role or "", "outcome")
    reports = records.facts.reports
    group = value.group or column.group
    confidence = 0.6 if value.ambiguous or column.assumed or year is None else 0.95
    if column.role == "value":
        # Under a year alone, a plan's figures of its own and later years are targets, a report's of later years.
        kind = "outcome" if year is not None and year < records.facts.year + reports else "target"
        confidence = 0.7
    row = records.add(
        "indicator_values",
        place,
        prefix="value",
        suffix=f"-{year or 'undated'}-{kind}{'-' + _slug(group) if group else ''}",
        confidence=confidence,
        indicator_id=indicator,
        kind=kind,
        group=group,
        value=value.value,
        unit=value.unit or column.unit,
        text=value.text,
        year=year,
    )
    if value.ambiguous:
        records.finding(
            "ambiguous_number",
            "warning",
            f"'{value.text}' can be read in two ways; it is taken for {value.value:g}.",
            f"”{value.text}” kan läsas på två sätt; det tas för {value.value:g}.",
            place,
            "indicator_values",
            row,
        )


def _slug(group: str) -> str:
    return re.sub(r"[^a-z0-9åäö]+", "-", group.casefold()).strip("-")


def _unglued(texts: list[str], columns: list[Column]) -> list[str]:
    """A row whose values all stand in its first cell of values, dealt out over the columns when they are as many."""
    if len(columns) < 2 or columns[0].index >= len(texts):
        return texts
    rest = [texts[c.index] for c in columns[1:] if c.index < len(texts)]
    if any(not values.is_missing(text) for text in rest):
        return texts
    pieces = re.findall(r"[+\-–−]?\d+(?:[ \u00a0]\d{3})*(?:[.,]\d+)?\s?%?", texts[columns[0].index])
    if len(pieces) != len(columns):
        return texts
    dealt = list(texts)
    for column, piece in zip(columns, pieces, strict=True):
        dealt[column.index] = piece.strip()
    return dealt


def _groups_of_row(texts: list[str], columns: list[Column]) -> list[str | None]:
    """The parts that some cell of a row names ('F 54 % P 61 %'), for cells of the row that state as many values."""
    for column in columns:
        if column.index < len(texts):
            found = values.values(texts[column.index])
            if len(found) > 1 and all(value.group for value in found):
                return [value.group for value in found]
    return []


def _states_none(texts: list[str], columns: list[Column]) -> bool:
    """Whether a row states no values but tells why, across its columns."""
    filled = [texts[c.index] for c in columns if c.index < len(texts) and not values.is_missing(texts[c.index])]
    return len(filled) == 1 and _not_available(filled[0])


def _not_available(text: str) -> bool:
    return terms("unavailable").first(text, damaged=False) is not None and len(text.split()) > 2


def _note_finding(records: Records, indicator: str, place: Place) -> None:
    records.finding(
        "values_not_available",
        "note",
        "No values are stated for this indicator; the document says that they were not available.",
        "Inga värden anges för indikatorn; dokumentet säger att de inte var tillgängliga.",
        place,
        "indicators",
        indicator,
    )


def _year_in_cell(text: str, year: int | None) -> tuple[int | None, str]:
    """The year that a cell itself says its value is of, before the column's, and the cell without the remark."""
    match = _OTHER_YEAR.search(text)
    if match is None:
        return year, text
    return int(match[1]), (text[: match.start()] + text[match.end() :]).strip()


def _unit_of_name(name: str) -> str | None:
    """The unit that an indicator's name ends with ('andel (%)', 'kr per invånare'); None where it names none."""
    match = _UNIT_IN_BRACKETS.search(name) or _UNIT_AT_END.search(name)
    return match[1].strip() if match else None


def _without_marks(text: str | None) -> str | None:
    return titles.without_footnotes(text) if text else None
