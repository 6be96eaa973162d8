"""The data contract: every table and column of plan data, declared once.

Schemas, type checks, coding templates, `datapackage.json` and the data dictionary are derived from this declaration
and from nothing else. A column may be added here; the names and meanings that stand here are what people's notebooks
rely on. Missing is null: never 0, an empty text or a dash.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast

import pandas as pd
import pyarrow as pa

Type = Literal["string", "integer", "number", "boolean", "date", "list"]

PANDAS_TYPES: dict[str, str] = {
    "string": "str",
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
    "list": "object",
}
ARROW_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "list": pa.list_(pa.string()),
}
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, what it means in English and Swedish, and what its values must satisfy."""

    name: str
    type: Type
    en: str
    sv: str
    required: bool = False
    codes: tuple[str, ...] = ()
    references: str | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    wording: bool = False  # holds the source's own phrasing, which a coding may replace by labels or leave out


@dataclass(frozen=True, slots=True)
class Table:
    """One table: one row is one statement of one document; `key` names the column that identifies it."""

    name: str
    en: str
    sv: str
    columns: tuple[Column, ...]
    key: str | None = None

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _year(name: str, en: str, sv: str, *, required: bool = False) -> Column:
    return Column(name, "integer", en, sv, required, minimum=FIRST_YEAR, maximum=LAST_YEAR)


def _reference(name: str, table: str, en: str, sv: str, *, required: bool = False) -> Column:
    target = f"{table}.{table.removesuffix('s')}_id"
    return Column(name, "string", en, sv, required, references=target)


def _english(name: str) -> Column:
    return Column(
        f"{name}_en",
        "string",
        f"English label for the {name}; null where nobody has written one.",
        "Engelsk etikett; tomt där ingen har skrivit någon.",
        wording=True,
    )


def _key(name: str) -> Column:
    return Column(
        name,
        "string",
        "Identifier of the row: readable, stable when the document is read again, unique in a snapshot.",
        "Radens identitet: läsbar, oförändrad när dokumentet läses om, unik i en ögonblicksbild.",
        required=True,
    )


_OFFICE = Column(
    "office",
    "string",
    "Committee or office the row stands under; null if common.",
    "Nämnd eller kontor som raden står under; tomt om gemensam.",
)
_MUNICIPALITY = Column(
    "municipality_code",
    "string",
    "Municipality code of Statistics Sweden: four digits, as text.",
    "SCB:s kommunkod: fyra siffror, som text.",
    required=True,
    pattern=r"\d{4}",
)
_PLACE = (
    Column(
        "page",
        "integer",
        "Page in the document, from 1; null where the format has no pages.",
        "Sida i dokumentet, från 1; tomt där formatet saknar sidor.",
        minimum=1,
    ),
    Column(
        "line",
        "integer",
        "First line in the document's text, from 1.",
        "Första raden i dokumentets text, från 1.",
        minimum=1,
    ),
    Column(
        "line_end",
        "integer",
        "Last line in the document's text.",
        "Sista raden i dokumentets text.",
        minimum=1,
    ),
    Column(
        "source_text",
        "string",
        "The words of the source, verbatim; null where they may not be passed on.",
        "Källans ordalydelse; tomt där den inte får spridas.",
        wording=True,
    ),
    Column(
        "confidence",
        "number",
        "How sure the reading is that the row is right, from 0 to 1; null for hand coding.",
        "Hur säker läsningen är på att raden är rätt, från 0 till 1; tomt för handkodning.",
        minimum=0,
        maximum=1,
    ),
)
_OF_DOCUMENT = (
    Column(
        "document_id",
        "string",
        "Document the row comes from.",
        "Dokumentet som raden kommer från.",
        required=True,
        references="documents.document_id",
    ),
    _MUNICIPALITY,
)
_PLAN_YEAR = _year("year", "The plan year of the document.", "Dokumentets planår.", required=True)
_VALUE_YEAR = (
    _year("plan_year", "The plan year of the document.", "Dokumentets planår.", required=True),
    _year("year", "The year the figure is for.", "Året som siffran gäller."),
)


def _rows_of(name: str, en: str, sv: str, *columns: Column, key: str, years: Sequence[Column] = (_PLAN_YEAR,)) -> Table:
    """A table whose rows come from documents: the columns of every row around its own."""
    return Table(name, en, sv, (_key(key), *_OF_DOCUMENT, *years, *columns, *_PLACE), key)


def _span(prefix: Literal["start", "end"], en: str, sv: str) -> tuple[Column, ...]:
    return (
        Column(prefix, "date", en, sv),
        Column(
            f"{prefix}_precision",
            "string",
            "How exactly the date is stated.",
            "Hur noga datumet anges.",
            codes=("day", "month", "quarter", "season", "year"),
        ),
        Column(f"{prefix}_text", "string", "The printed cell.", "Cellen som den är tryckt."),
    )


_DOCUMENTS = Table(
    "documents",
    "The documents that were read.",
    "Dokumenten som har lästs.",
    (
        _key("document_id"),
        _MUNICIPALITY,
        Column("title", "string", "Title of the document.", "Dokumentets titel.", required=True),
        Column(
            "kind",
            "string",
            "What sort of document it is.",
            "Vilket slags dokument det är.",
            required=True,
            codes=(
                "goals_and_budget",
                "operational_plan",
                "goal_page",
                "follow_up",
                "interim_report",
                "annual_report",
                "environment_analysis",
                "other",
            ),
        ),
        Column(
            "board",
            "string",
            "Committee whose document it is; null if the council's or common.",
            "Nämnden vars dokument det är; tomt om fullmäktiges eller gemensamt.",
        ),
        _year("year", "The plan year.", "Planåret.", required=True),
        _year("first_year", "First year of the planning period.", "Planperiodens första år."),
        _year("last_year", "Last year of the planning period.", "Planperiodens sista år."),
        Column(
            "period",
            "string",
            "Reporting period of a follow-up; null for a plan.",
            "Uppföljningens period; tomt för en plan.",
            codes=("T1", "T2", "T3", "half-year", "year"),
        ),
        Column("decided_on", "date", "Day of the decision.", "Beslutsdag."),
        Column("file_name", "string", "Name of the file that was read.", "Namnet på filen som lästes."),
        Column("media_type", "string", "Media type of the file.", "Filens medietyp."),
        Column("sha256", "string", "Check sum of the file.", "Filens kontrollsumma."),
        Column(
            "pages",
            "integer",
            "Number of pages; null where the format has none.",
            "Antal sidor; tomt där formatet saknar sidor.",
        ),
        Column("lines", "integer", "Number of lines in the document's text.", "Antal rader i dokumentets text."),
        Column(
            "reading",
            "string",
            "How the rows came about: read by machine, reviewed by a person, or coded by hand.",
            "Hur raderna kom till: lästa maskinellt, granskade av en person eller kodade för hand.",
            required=True,
            codes=("machine", "reviewed", "hand_coded"),
        ),
        Column(
            "wording",
            "string",
            "Whether titles are the words of the source, labels written for the coding, or made up for tests.",
            "Om titlar är källans ord, etiketter skrivna för kodningen eller påhittade för prov.",
            codes=("source", "labels", "synthetic"),
        ),
        Column("reader_version", "string", "Version of the reader.", "Läsarens version."),
        Column(
            "source_url", "string", "Address where the document is published.", "Adress där dokumentet är publicerat."
        ),
        Column(
            "published",
            "string",
            "Who published the document and where, in words.",
            "Vem som publicerat dokumentet och var, i ord.",
        ),
        Column(
            "licence",
            "string",
            "What may be done with the document's words.",
            "Vad man får göra med dokumentets ordalydelse.",
        ),
    ),
    "document_id",
)

_GOALS = _rows_of(
    "goals",
    "Goals; one that a document repeats for several offices is one row.",
    "Mål; ett mål som dokumentet upprepar för flera kontor är en rad.",
    _reference("parent_goal_id", "goals", "The goal this one belongs to.", "Målet som detta hör till."),
    Column("level", "integer", "Level in the goal tree, 1 = top.", "Nivå i målträdet, 1 = överst.", minimum=1),
    Column(
        "level_term",
        "string",
        "What the document calls the level (målområde, inriktningsmål, perspektiv ...).",
        "Vad dokumentet kallar nivån (målområde, inriktningsmål, perspektiv ...).",
    ),
    Column("number", "string", "Printed number ('1.1').", "Tryckt nummer ('1.1')."),
    Column("title", "string", "The goal itself.", "Målet självt.", required=True, wording=True),
    _english("title"),
    _OFFICE,
    Column(
        "mentions",
        "integer",
        "Number of places that state the goal.",
        "Antal ställen som anger målet.",
        minimum=1,
    ),
    key="goal_id",
)

_ASSIGNMENTS = _rows_of(
    "assignments",
    "Assignments and initiatives.",
    "Uppdrag och initiativ.",
    _reference("goal_id", "goals", "Goal it serves.", "Målet det tjänar."),
    _reference("parent_assignment_id", "assignments", "Assignment it is part of.", "Uppdraget det är en del av."),
    Column(
        "kind",
        "string",
        "Kind of assignment.",
        "Slag av uppdrag.",
        required=True,
        codes=("assignment", "initiative", "sub_assignment", "unfinished_assignment"),
    ),
    Column(
        "title",
        "string",
        "The naming sentence alone.",
        "Enbart den namngivande meningen.",
        required=True,
        wording=True,
    ),
    _english("title"),
    Column("description", "string", "Explanation beside the title.", "Förklaring vid sidan av titeln.", wording=True),
    Column(
        "given_by",
        "string",
        "Who gave it: council or committee; null if not stated.",
        "Vem som gett det: fullmäktige eller nämnd; tomt om det inte anges.",
        codes=("council", "board"),
    ),
    _OFFICE,
    Column(
        "committees",
        "list",
        "Committee codes as printed (KS, TN ...).",
        "Nämndkoder som de är tryckta (KS, TN ...).",
    ),
    Column(
        "carried_over",
        "boolean",
        "Carried over from an earlier plan, as the document says.",
        "Överfört från en tidigare plan, enligt dokumentet.",
    ),
    Column("contributes", "boolean", "Another body leads.", "Någon annan leder arbetet."),
    _year("from_plan_year", "The older plan it comes from.", "Den äldre plan det kommer från."),
    key="assignment_id",
)

_ACTIONS = _rows_of(
    "actions",
    "Actions: what is to be done for an assignment or goal.",
    "Åtgärder: vad som ska göras för ett uppdrag eller mål.",
    _reference("assignment_id", "assignments", "Assignment it serves.", "Uppdraget den tjänar."),
    _reference("goal_id", "goals", "Goal it serves.", "Målet den tjänar."),
    Column("title", "string", "The action itself.", "Åtgärden själv.", required=True, wording=True),
    _english("title"),
    Column(
        "completion_criterion",
        "string",
        "What must have happened for the action to count as done.",
        "Vad som ska ha skett för att åtgärden ska anses slutförd.",
        wording=True,
    ),
    Column("responsible", "string", "Responsible unit or role.", "Ansvarig enhet eller roll."),
    *_span("start", "First day of the stated start.", "Första dagen av angiven start."),
    *_span("end", "Last day of the stated end.", "Sista dagen av angivet slut."),
    _OFFICE,
    key="action_id",
)

_INDICATORS = _rows_of(
    "indicators",
    "Indicators.",
    "Indikatorer.",
    _reference("goal_id", "goals", "Goal it measures.", "Målet den mäter."),
    Column("name", "string", "The indicator's name.", "Indikatorns namn.", required=True, wording=True),
    _english("name"),
    Column("unit", "string", "Unit of measurement.", "Måttenhet."),
    Column("responsible", "string", "Responsible unit or role.", "Ansvarig enhet eller roll."),
    Column("source_name", "string", "Where the values come from.", "Varifrån värdena kommer."),
    Column("interval", "string", "How often it is measured.", "Hur ofta den mäts."),
    _OFFICE,
    key="indicator_id",
)

_INDICATOR_VALUES = _rows_of(
    "indicator_values",
    "Outcomes, forecasts and targets of indicators, one row per printed value.",
    "Utfall, prognoser och målvärden för indikatorer, en rad per tryckt värde.",
    _reference("indicator_id", "indicators", "The indicator.", "Indikatorn.", required=True),
    Column(
        "kind",
        "string",
        "What sort of value it is.",
        "Vilket slags värde det är.",
        required=True,
        codes=("outcome", "forecast", "target"),
    ),
    Column(
        "group",
        "string",
        "Part the value is for (women, men, girls, boys, or the printed label); null for all.",
        "Del som värdet gäller (women, men, girls, boys eller tryckt etikett); tomt för alla.",
    ),
    Column(
        "value",
        "number",
        "The value; of a threshold ('at least 35 %') the number; null for words.",
        "Värdet; för en gräns ('minst 35 %') talet; tomt för ord.",
    ),
    Column("unit", "string", "Printed unit.", "Tryckt enhet."),
    Column("text", "string", "The printed cell.", "Cellen som den är tryckt."),
    key="indicator_value_id",
    years=_VALUE_YEAR,
)

_AMOUNT = Column(
    "amount_sek",
    "integer",
    "Amount in whole kronor, with the sign as printed (costs are often negative).",
    "Belopp i hela kronor, med tecknet som det är tryckt (kostnader är ofta negativa).",
)
_PRINTED_UNIT = Column("unit", "string", "Printed unit (tkr, mnkr).", "Tryckt enhet (tkr, mnkr).")
_PRINTED_CELL = Column("text", "string", "The printed cell.", "Cellen som den är tryckt.")

_BUDGET_LINES = _rows_of(
    "budget_lines",
    "Amounts of budget tables, one row per printed cell; percentages are left out.",
    "Belopp i budgettabeller, en rad per tryckt cell; procenttal är utelämnade.",
    Column(
        "table_title",
        "string",
        "Title of the table: a label means nothing without it.",
        "Tabellens titel: en etikett säger inget utan den.",
    ),
    Column("label", "string", "Row label, without 'of which'.", "Radens etikett, utan 'varav'.", required=True),
    _reference("parent_budget_line_id", "budget_lines", "Row it adds up to.", "Raden den summeras till."),
    Column(
        "category",
        "string",
        "Kind of amount.",
        "Slag av belopp.",
        codes=("net", "revenue", "cost", "capital_cost", "investment", "change", "other"),
    ),
    _OFFICE,
    Column(
        "kind",
        "string",
        "Outcome, budget, plan or forecast; null if the header does not say.",
        "Utfall, budget, plan eller prognos; tomt om tabellhuvudet inte säger det.",
        codes=("outcome", "budget", "plan", "forecast"),
    ),
    _AMOUNT,
    _PRINTED_UNIT,
    _PRINTED_CELL,
    key="budget_line_id",
    years=_VALUE_YEAR,
)

_FUNDING = _rows_of(
    "funding",
    "Money that comes with an assignment.",
    "Pengar som följer med ett uppdrag.",
    _reference("assignment_id", "assignments", "The assignment.", "Uppdraget.", required=True),
    Column("committee", "string", "Committee code as printed.", "Nämndkod som den är tryckt."),
    _AMOUNT,
    Column(
        "nature",
        "string",
        "What sort of funding, as printed.",
        "Slag av tilldelning, som det är tryckt.",
    ),
    _PRINTED_UNIT,
    _PRINTED_CELL,
    key="funding_id",
    years=_VALUE_YEAR,
)

FORECASTS = ("expected", "partly_expected", "not_expected")
FINAL_STATUSES = ("completed", "partly_completed", "not_completed", "cancelled")
STATUSES = ("not_started", "in_progress", "at_risk", *FORECASTS, *FINAL_STATUSES, "unknown")
QUALIFICATIONS = (
    "limited_by_resources",
    "delayed",
    "partly_done",
    "continues_next_year",
    "goal_not_reached",
    "contradicts",
    "double_negation",
)

_STATUSES = _rows_of(
    "statuses",
    "How far assignments, goals, actions and indicators have come.",
    "Hur långt uppdrag, mål, åtgärder och indikatorer har kommit.",
    _reference("assignment_id", "assignments", "Assignment it is about.", "Uppdraget den gäller."),
    _reference("goal_id", "goals", "Goal it is about.", "Målet den gäller."),
    _reference("action_id", "actions", "Action it is about.", "Åtgärden den gäller."),
    _reference("indicator_id", "indicators", "Indicator it is about.", "Indikatorn den gäller."),
    Column(
        "period",
        "string",
        "Year and reporting period ('2022-T1', '2022').",
        "År och rapportperiod ('2022-T1', '2022').",
        required=True,
        pattern=r"\d{4}(-(T[123]|half-year|year))?",
    ),
    Column(
        "basis",
        "string",
        "Whether it tells what is or what is expected at the end.",
        "Om den säger vad som är eller vad som väntas vid slutet.",
        codes=("outcome", "forecast"),
    ),
    Column("status", "string", "Standard status.", "Standardstatus.", required=True, codes=STATUSES),
    Column("status_text", "string", "The status sentence.", "Statusmeningen.", wording=True),
    Column("status_date", "date", "Day of the status.", "Dag för statusen."),
    Column("comment", "string", "The comment beside it.", "Kommentaren bredvid.", wording=True),
    Column(
        "qualified",
        "boolean",
        "The comment limits or contradicts the status.",
        "Kommentaren begränsar eller motsäger statusen.",
    ),
    Column(
        "qualification",
        "list",
        "In what way the comment does so.",
        "På vilket sätt kommentaren gör det.",
        codes=QUALIFICATIONS,
    ),
    key="status_id",
)

_CLAIMS = _rows_of(
    "claims",
    "What a document states about itself, checked against what was read.",
    "Vad ett dokument säger om sig självt, prövat mot det som lästes.",
    Column("subject", "string", "What the claim is about.", "Vad påståendet gäller.", required=True),
    Column("value", "number", "The claimed number.", "Talet som påstås."),
    _PRINTED_UNIT,
    Column("text", "string", "The printed words.", "De tryckta orden."),
    Column("computed", "number", "Own count or sum.", "Egen räkning eller summa."),
    Column(
        "verdict",
        "string",
        "Whether the two agree.",
        "Om de två stämmer.",
        codes=("agrees", "differs", "cannot_check"),
    ),
    key="claim_id",
)

_FINDINGS = _rows_of(
    "findings",
    "What a careful auditor would remark on.",
    "Vad en noggrann granskare skulle anmärka på.",
    Column("rule", "string", "The rule that was applied.", "Regeln som tillämpades.", required=True),
    Column(
        "severity",
        "string",
        "How grave it is.",
        "Hur allvarligt det är.",
        required=True,
        codes=("error", "warning", "note"),
    ),
    Column("message", "string", "The remark in plain words.", "Anmärkningen i klartext.", required=True, wording=True),
    Column("message_sv", "string", "The remark in Swedish.", "Anmärkningen på svenska.", wording=True),
    Column("table", "string", "Table it is about.", "Tabellen den gäller."),
    Column("record_id", "string", "Row it is about.", "Raden den gäller."),
    key="finding_id",
)

_LINKS = Table(
    "links",
    "Ties one thing across follow-ups, years and municipalities.",
    "Knyter samman samma sak mellan uppföljningar, år och kommuner.",
    (
        Column("from_table", "string", "Table of the first row.", "Den första radens tabell.", required=True),
        Column("from_id", "string", "The first row.", "Den första raden.", required=True),
        Column("to_table", "string", "Table of the second row.", "Den andra radens tabell.", required=True),
        Column("to_id", "string", "The second row.", "Den andra raden.", required=True),
        Column(
            "relation",
            "string",
            "What the two are to each other.",
            "Vad de två är för varandra.",
            required=True,
            codes=("same_assignment", "continues", "same_goal", "same_indicator", "counterpart"),
        ),
        Column("method", "string", "How the tie was found.", "Hur kopplingen hittades."),
        Column("score", "number", "How alike they are, from 0 to 1.", "Hur lika de är, från 0 till 1."),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _DOCUMENTS,
        _GOALS,
        _ASSIGNMENTS,
        _ACTIONS,
        _INDICATORS,
        _INDICATOR_VALUES,
        _BUDGET_LINES,
        _FUNDING,
        _STATUSES,
        _CLAIMS,
        _FINDINGS,
        _LINKS,
    )
}


@cache
def arrow_schema(table: str) -> pa.Schema:
    """The Parquet schema of a table; column descriptions travel with it."""
    return pa.schema(
        pa.field(c.name, ARROW_TYPES[c.type], not c.required, {"description": c.en}) for c in TABLES[table].columns
    )


def frame(table: str, records: Iterable[Mapping[str, Any]] = ()) -> pd.DataFrame:
    """Records as a frame with the contract's columns, order and types; what a record leaves out is null.

    >>> frame("funding", [{"funding_id": "x", "amount_sek": 250_000}])["amount_sek"].dtype
    Int64Dtype()
    """
    return conform(table, pd.DataFrame.from_records(list(records)))


def conform(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the contract's columns, order and types; columns of other names are refused.

    Raises `KeyError` for a column that the contract does not know, `ValueError` or `TypeError` for a value that is
    not of its column's type: text from people is checked by `compare.plan_files` before it comes here.
    """
    unknown = sorted(set(rows.columns) - set(TABLES[table].names))
    if unknown:
        raise KeyError(f"{table} has no column {', '.join(unknown)}; its columns are {TABLES[table].names}")
    columns = {c.name: _typed(rows.get(c.name), c.type, rows.index) for c in TABLES[table].columns}
    return pd.DataFrame(columns, index=rows.index).reset_index(drop=True)


def _typed(values: pd.Series | None, kind: str, index: pd.Index) -> pd.Series:
    if values is None:
        values = pd.Series([None] * len(index), index=index, dtype=object)
    if kind == "list":
        return pd.Series([_as_list(value) for value in values], index=index, dtype=object)
    if kind == "date":
        return pd.to_datetime(values).astype("datetime64[s]")
    return values.astype(cast("Any", PANDAS_TYPES[kind]))


def _as_list(value: Any) -> list[str] | None:
    if type(value) is list and len(value) == 1 and type(value[0]) is str:  # as most are: nothing to look for
        return value[:]
    if value is None or (not isinstance(value, Iterable) and pd.isna(value)):
        return None
    return list(dict.fromkeys(str(item) for item in value))  # a committee named twice is one committee


class Tables(Mapping[str, pd.DataFrame]):
    """Plan data as frames, one per table of the contract; a table that is not given is empty, never missing.

    Frames are reached by name as item or attribute: `tables.goals`. They conform to the contract.

    >>> Tables(goals=frame("goals")).assignments.empty
    True
    """

    def __init__(self, **frames: pd.DataFrame) -> None:
        unknown = sorted(set(frames) - set(TABLES))
        if unknown:
            raise KeyError(f"no table {', '.join(unknown)} in the data contract; it has {', '.join(TABLES)}")
        self._frames = {name: conform(name, rows) for name, rows in frames.items()}

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table not in TABLES:
            raise KeyError(table)
        if table not in self._frames:
            self._frames[table] = frame(table)
        return self._frames[table]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name not in TABLES:
            raise AttributeError(f"{type(self).__name__} has no table {name!r}; it has {', '.join(TABLES)}")
        return self[name]

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *TABLES})

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    def replace(self, **frames: pd.DataFrame) -> Tables:
        """These tables with others in the place of the named ones; frames are shared, not copied."""
        return self._with({**{name: self[name] for name in TABLES}, **Tables(**frames)._frames})

    def only(self, table: str, kept: pd.Series) -> Tables:
        """These tables with, of the named one, only the rows that the flag holds for."""
        return self._with({**{name: self[name] for name in TABLES}, table: self[table][kept].reset_index(drop=True)})

    @staticmethod
    def _with(frames: dict[str, pd.DataFrame]) -> Tables:
        """Tables of frames that conform already, as rows of such frames do."""
        tables = Tables()
        tables._frames = frames
        return tables

    def select(self, municipalities: Sequence[str] | None = None, years: Sequence[int] | None = None) -> Tables:
        """The rows of these municipalities and plan years (None: of all); links with both ends among them.

        These tables themselves where all are asked for, so that no table is read before something needs it.
        """
        if municipalities is None and years is None:
            return self
        documents = self.documents
        if municipalities is not None:
            documents = documents[documents["municipality_code"].isin(list(municipalities))]
        if years is not None:
            documents = documents[documents["year"].isin(list(years))]
        kept = {
            name: self[name][self[name]["document_id"].isin(documents["document_id"])]
            for name in TABLES
            if name not in ("documents", "links")
        }
        rows = {"documents": documents, "links": _links_among(self.links, kept), **kept}
        return self._with({name: found.reset_index(drop=True) for name, found in rows.items()})


def _links_among(links: pd.DataFrame, kept: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    both = pd.Series(True, index=links.index)
    for end in ("from", "to"):
        is_kept = pd.Series(False, index=links.index)
        for name in links[f"{end}_table"].dropna().unique():
            of_table = links[f"{end}_table"] == name
            if name in kept:
                is_kept |= of_table & links[f"{end}_id"].isin(kept[name][TABLES[name].key])
        both &= is_kept
    return links[both]


def together(parts: Iterable[Tables]) -> Tables:
    """Several sets of tables as one, rows in the order given."""
    parts = list(parts)
    return Tables(
        **{
            name: pd.concat([part[name] for part in parts], ignore_index=True) if parts else frame(name)
            for name in TABLES
        }
    )
