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
from compare.reading.headings import NUMBER, defines, level_of, office_name
from compare.reading.records import Records, shortened
from compare.reading.table_roles import Column, Layout, labelled_column
from compare.reading.tables import GoalColumns, action_beside, add_statuses, body, place_of, text_in, with_years
from compare.reading.words import any_of
from compare.vocabulary import terms

# What a line states behind a label is a value only when it is as short as a cell.
LONGEST_STATED = 40
SHORTEST_NAME = 6
# What a line below a goal can state of it.
KINDS_OF_GOALS = ("outcome", "forecast", "target")
KINDS = {"outcome": "outcome", "forecast": "forecast", "target": "target", "budget": "target", "plan": "target"}
_UNIT_IN_BRACKETS = re.compile(r"\((%|procent|tkr|mnkr|kr|antal|dagar|månader|år|kr/inv[^)]*)\)")
_UNIT_AT_END = re.compile(r"[,;]\s*(%|andel %|antal|procent|kr(?:onor)? per invånare|månader|dagar)\.?$")
_OTHER_YEAR = re.compile(r"\(?\bavser\s+(?:mät)?år(?:et)?\s+((?:19|20)\d\d)\)?", re.IGNORECASE)
_FIGURE = r"\d+(?:[ \u00a0]\d{3})*(?:[.,]\d+)?"
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
# 'minst 85 procent': a limit in a sentence of what shall be.
_COMPARED = re.compile(
    rf"\b(?:minst|lägst|högst|max|maximalt|åtminstone)\s+{_FIGURE}(?:\s?(?:%|procent(?:enheter)?\b|dagar\b|timmar\b))?",
    re.IGNORECASE,
)
# 'elever som ska minska sin frånvaro': what stands behind 'som' tells whom a target is about, not the target.
_SHALL = r"(?<!\bsom\s)\bska(?:ll)?\s+"
_REACH = r"(?:vara|bli|uppgå\s+till|ligga\s+på|uppnå|nå)"
_DIRECTED = re.compile(rf"{_SHALL}((?:öka|minska)s?)\b(?!\s+(?:med|till|från)\b)")
_SHALL_BE = re.compile(rf"{_SHALL}{_REACH}\s+({_FIGURE}(?:\s?(?:%|procent))?)(?![\w,])")
# What may stand before a limit that is the target.
_BEFORE_LIMIT = re.compile(rf"(?:^\W*|:\s*|{_SHALL}(?:(?:{_REACH}|{any_of('comparisons', 'to')})\s+)?)$")
_SHARE_OF = re.compile(rf"^({_FIGURE}\s?(?:%|procent))\s+av\b")
_SHARE_FIRST = re.compile(rf"{_FIGURE}\s?(?:%|procent\b)")
# '84 % 2020', '84 % (2020)': a value and the year it is of.
_YEAR_BEHIND = re.compile(r"(?P<value>\S.*?)\s*[,(]?\s*\(?(?:år\s+)?(?P<year>20\d\d)\)?")
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
    indicator = named(records, context, name, place, confidence)
    for match, column in found:
        _add_stated(records, indicator, place, column, values.values(match["value"].strip().rstrip(".")))
    if not any(column.role == "target" for _, column in found):
        _add_target_of_name(records, indicator, name, place)
    return indicator


def named(records: Records, context: Context, name: str, place: Place, confidence: float) -> str:
    """An indicator of the goal above by its name alone."""
    return records.add(
        "indicators",
        place,
        confidence=confidence,
        goal_id=context.goal,
        name=titles.without_footnotes(name),
        unit=_unit_of_name(name),
        office=context.office,
    )


def _add_target_of_name(records: Records, indicator: str, name: str, place: Place) -> None:
    """The target that a name itself states in words ('Minst 85 procent av brukarna ska vara nöjda')."""
    stated = target_in_words(name)
    if stated is not None:
        column = Column(0, "target", year=records.facts.year, assumed=True)
        _add_stated(records, indicator, place, column, values.values(stated))


def target_in_words(text: str) -> str | None:
    """The words in which a sentence of what shall be states a target; None where it states none, or several.

    >>> target_in_words("Minst 85 procent av barnen ska trivas"), target_in_words("Meritvärdet ska vara lägst 230")
    ('Minst 85 procent', 'lägst 230')
    >>> target_in_words("Andelen trygga ska öka"), target_in_words("Andel elever som läser minst 3 språk")
    ('öka', None)
    >>> target_in_words("85 procent av patienterna ska få vård inom högst 90 dagar") is None
    True
    """
    if not re.search(r"\bska(?:ll)?\b", text):
        return None
    # What stands in brackets tells of the measuring.
    text = re.sub(r"\([^()]*\)", " ", text)
    plain = [match[1] for match in _SHALL_BE.finditer(text)] or [match[1] for match in _SHARE_OF.finditer(text)]
    limits = list(_COMPARED.finditer(text))
    directions = [match[1] for match in _DIRECTED.finditer(text)]
    if len(plain) + len(limits) + len(directions) != 1:
        return None
    return next((limit[0] for limit in limits if _is_target(limit)), None) if limits else (plain + directions)[0]


def _is_target(limit: re.Match[str]) -> bool:
    """Whether a limit is what shall be, and not a part of telling what is measured ('som har minst 3 betyg')."""
    return limit[0][0].isupper() or _BEFORE_LIMIT.search(limit.string[: limit.start()]) is not None


def is_label(text: str) -> bool:
    """Whether a line is nothing but the word for an indicator and its number.

    >>> is_label("Indikator BM.4.2.1"), is_label("Indikator 2: Andel nöjda"), is_label("Indikatorer 2024")
    (True, False, False)
    """
    match = re.fullmatch(rf"([A-ZÅÄÖ][a-zåäö]+)\s+(?:nr\.?\s*)?{NUMBER}\s*[.:]?", text.strip())
    found = terms("table_headers").match(match[1]) if match else None
    return found is not None and found.term == "indicator"


def share_below(records: Records, context: Context, label: str, text: str, place: Place) -> bool:
    """Whether a label alone on its line heads a share of the indicator above, which is then kept.

    Only a share that the words below begin with is sure to be the value; its year is a report's own.
    """
    found = terms("table_headers").match(label.strip(" :"))
    share = _SHARE_FIRST.match(text.strip())
    year = records.facts.year if records.facts.reports else None
    if found is None or found.term != "outcome" or context.indicator is None or not share or year is None:
        return False
    column = Column(0, "outcome", year=year, assumed=True)
    _add_stated(records, context.indicator, place, column, values.values(share[0]))
    return True


def _column_stated(match: re.Match[str], year: int) -> Column | None:
    """The column that a label in a line stands for; a target without a year is one of the document's own."""
    stated = match["year"] or match["before"] or match["later"]
    label = match["label"] or ("utfall" if stated and int(stated) < year else "")
    column = labelled_column(f"{label.capitalize()} {stated or ''}".strip()) if label else None
    if column is None or column.has_values:
        return column
    return replace(column, role="target", year=year, assumed=True) if column.role == "goal" else None


def line(records: Records, context: Context, goals: Goals, text: str, place: Place) -> str | None:
    """An indicator, or a value of the last one, that a line states behind its label ('Målvärde 2024: 75 %').

    A value below a goal that names no indicator measures the goal, and is kept under its name.
    """
    match = re.fullmatch(r"(?P<label>[^:.]{3,45}):\s+(?P<stated>\S.{0,250})", text)
    if match is None:
        return None
    column = labelled_column(match["label"])
    if column.role == "indicator" and defines(match["label"], match["stated"]):
        return None
    measured = column.role == "measured_by" and len(match["stated"].split()) > 1 and context.goal is not None
    if (column.role == "indicator" and column.year is None) or (measured and context.indicator is None):
        context.indicator = named(records, context, match["stated"], place, 0.75)
        _add_target_of_name(records, context.indicator, match["stated"], place)
        return "indicator behind its label"
    column, stated = _with_year(records, column, match["stated"].strip().rstrip("."))
    if not column.has_values or column.year is None or len(stated) > LONGEST_STATED:
        return None
    if (word := terms("table_headers").first(match["label"], damaged=False)) is not None and word.start:
        # The label is the name of something with a value in it.
        return None
    if values.is_missing(stated) or _not_available(stated):
        return None
    found = values.values(stated)
    if context.indicator is None:
        context.indicator = _of_goal_above(records, context, goals, column, found, place)
    if context.indicator is None:
        return None
    _add_stated(records, context.indicator, place, column, found)
    return f"{column.role} of the indicator above"


def _with_year(records: Records, column: Column, stated: str) -> tuple[Column, str]:
    """The column of a labelled value with the year that stands behind the value, else the one it can only be of."""
    if column.year is not None or column.role not in ("outcome", "forecast", "target"):
        return column, stated
    if match := _YEAR_BEHIND.fullmatch(stated):
        return replace(column, year=int(match["year"])), match["value"]
    if column.role != "target" and not records.facts.reports:
        return column, stated
    return replace(column, year=records.facts.year, assumed=True), stated


def _of_goal_above(
    records: Records, context: Context, goals: Goals, column: Column, found: list[values.Value], place: Place
) -> str | None:
    """The indicator that a goal itself is, when a line below it states its value; None where no goal stands above."""
    says = any(value.value is not None or value.direction is not None for value in found)
    if context.goal is None or context.subject != context.goal or not says or column.role not in KINDS_OF_GOALS:
        return None
    return named(records, context, goals[context.goal].title or "", place, 0.7)


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


def _add_stated(records: Records, indicator: str, place: Place, column: Column, found: Sequence[values.Value]) -> None:
    """The values that a line states, with a remark where their year is the document's for want of one of their own."""
    for value in found:
        _add(records, indicator, place, column, column.year, value)
    if column.assumed and found:
        text = shortened(found[0].text)
        records.finding(
            "year_assumed",
            "note",
            f"The value '{text}' has no year; it is taken for {column.year}.",
            f"Värdet ”{text}” saknar årtal; det antas gälla {column.year}.",
            place,
            "indicators",
            indicator,
        )


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
