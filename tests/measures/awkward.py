"""Plans as nobody wishes them: small tables drawn at random that obey the contract's types and little else.

Municipality codes begin with 0, a municipality has plans of several years and boards with years missing between, rows
repeat each other and refer to rows that do not exist, and every value that may be missing often is. Amounts are
negative, zero and equal; totals have parts that do not sum to them.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from typing import Any

from compare.contract import TABLES, Column, Tables, frame

CODES = ("0114", "0188", "2380", "0000")
YEARS = (2018, 2021, 2022, 2023)
PERIODS = ("T1", "T2", "T3", "half-year", "year")
BOARDS = (None, None, "Kommunstyrelsen", "Tekniska nämnden")
TITLES = (
    "Minska utsläppen från transporter till 2025",
    "Minska utsläpp från transporter till år 2025",
    "En trygg skola för alla elever",
    "God ekonomisk hushållning",
    "!?",
    "012",
    "",
)
OFFICES = ("Kommunstyrelsen", "Barn- och utbildningsnämnden", "Kultur- och fritidsnämnden", "Summa", "")
CELLS = ("minst 35 %", "< 20", "Öka", "topp 25 %", "5-10", "-", "större än 2019", "", "8,2")
AMOUNTS = (0, 0, 1_000, -1_000, 2_000, -3_000, 500_000, -500_000, 10**12)
NUMBERS = (0.0, 0.0, 1.0, -1.0, 35.0, 34.999, 100.0, 1e9)
OF_COLUMN: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("title", "name", "description", "completion_criterion"), TITLES),
    **dict.fromkeys(("office", "label", "responsible"), OFFICES),
    **dict.fromkeys(("table_title",), ("Driftbudget 2022", "Driftbudget 2023", "Investeringar")),
    **dict.fromkeys(("unit",), ("tkr", "mnkr", "%", "procent", "")),
    **dict.fromkeys(("text",), CELLS),
    **dict.fromkeys(("group",), ("women", "men", "girls", "boys", "åk 9")),
    **dict.fromkeys(("number",), ("1", "1.1", "10", "01", "A")),
    **dict.fromkeys(("level",), (1, 1, 2, 3, 7)),
    **dict.fromkeys(("page", "line", "line_end", "mentions"), (1, 1, 2, 40, 400)),
    **dict.fromkeys(("amount_sek",), AMOUNTS),
    **dict.fromkeys(("value", "computed"), NUMBERS),
    **dict.fromkeys(("committees",), ([], ["KS"], ["KS", "TN"], ["KS", "KS"])),
    **dict.fromkeys(("committee",), ("KS", "TN", "")),
    **dict.fromkeys(("confidence",), (0.0, 0.5, 1.0)),
}
_UNFILLED = 0.3  # how often a value that may be missing is


def plans(seed: int, rows: int = 6) -> Tables:
    """Tables of at most so many rows each; the same seed gives the same."""
    draw = random.Random(seed)
    documents = [_document(draw, i) for i in range(draw.randint(0, 2 * rows))]
    records: dict[str, list[dict[str, Any]]] = {"documents": documents}
    size = {name: draw.choice((0, 1, 2, rows, 2 * rows)) if documents else 0 for name in TABLES if name != "documents"}
    ids = {name: [f"{name}-{i}" for i in range(size[name])] for name in size}
    dull = draw.random() < 0.15  # nothing is stated that need not be
    for name, count in size.items():
        if name != "links":
            records[name] = [_record(draw, name, i, ids, documents, 1.0 if dull else _UNFILLED) for i in range(count)]
    records["links"] = [_link(draw, ids) for _ in range(size["links"])]
    return Tables(**{name: frame(name, some) for name, some in records.items()})


def _document(draw: random.Random, number: int) -> dict[str, Any]:
    kind = TABLES["documents"].column("kind").codes
    return {
        "document_id": f"document-{number}",
        "municipality_code": draw.choice(CODES),
        "title": draw.choice(TITLES),
        "kind": draw.choice((*kind[:4], *kind[:4], *kind)),
        "board": draw.choice(BOARDS),
        "year": draw.choice(YEARS),
        "period": draw.choice((None, *PERIODS)),
        "decided_on": draw.choice((None, datetime.date(2021, 12, 31), datetime.date(2022, 2, 28))),
        "reading": draw.choice(("machine", "reviewed", "hand_coded")),
    }


def _record(
    draw: random.Random, table: str, number: int, ids: dict[str, list[str]], documents: list[Any], unfilled: float
) -> dict[str, Any]:
    of = draw.choice(documents)
    record = {str(TABLES[table].key): ids[table][number]}
    record |= {name: of[name] for name in ("document_id", "municipality_code")}
    record["plan_year" if "plan_year" in TABLES[table].names else "year"] = of["year"]
    for column in TABLES[table].columns:
        if column.name in record:
            continue
        if column.required or draw.random() >= unfilled:
            record[column.name] = _value(draw, column, number, ids)
    return record


def _value(draw: random.Random, column: Column, number: int, ids: dict[str, list[str]]) -> Any:
    if column.references:
        table = column.references.split(".")[0]
        # A row refers to one above it (a tree), to none that exists, or where another table is meant to any.
        above = ids[table][:number] if column.name.startswith("parent") else ids[table]
        return draw.choice([*above, "nowhere"])
    if column.name == "period":
        return f"{draw.choice(YEARS)}" + draw.choice(("", *(f"-{period}" for period in PERIODS)))
    if column.name in OF_COLUMN:
        return draw.choice(OF_COLUMN[column.name])
    if column.type == "list":
        return draw.sample(column.codes or ("x", "y"), 2)
    return draw.choice(column.codes or _OF_TYPE[column.type])


_OF_TYPE: dict[str, tuple[Any, ...]] = {
    "string": ("x", "y", ""),
    "integer": YEARS,
    "number": NUMBERS,
    "boolean": (True, False),
    "date": (datetime.date(2021, 12, 31), datetime.date(2022, 6, 30), datetime.date(2024, 1, 1)),
}


def _link(draw: random.Random, ids: dict[str, list[str]]) -> dict[str, Any]:
    table = draw.choice([*ids])
    ends = [*ids[table], "nowhere"]
    return {
        "from_table": table,
        "from_id": draw.choice(ends),
        "to_table": table,
        "to_id": draw.choice(ends),
        "relation": draw.choice(TABLES["links"].column("relation").codes),
    }


def every_id(tables: Tables) -> Iterator[str]:
    """The ids of all rows."""
    for name, table in TABLES.items():
        if table.key:
            yield from tables[name][table.key]
