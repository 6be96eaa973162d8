"""Codings: the plan tables of one document as files that people review, correct and keep in git.

A coding is a folder `data/plans/<document_id>/` with `document.toml` (the row of the `documents` table) and one CSV
file per table of the contract. What the card states for every row (document, municipality, plan year) stands only
there. Machine drafts and hand coding have the same form. CSV files are UTF-8 with commas; files that a Swedish
spreadsheet saved are read too, see `compare.csv_rows`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from compare import csv_rows
from compare.checks import IllTyped, described, format_cell, format_column, parse_column
from compare.contract import TABLES, Column, Table, Tables, conform, frame
from compare.problems import PlanError, Problem, ProblemsFound, told, unusable
from compare.source_cards import parsed, wrong_value
from compare.whole_files import written_whole

CARD = "document.toml"
STATED_ONCE = {"document_id": "document_id", "municipality_code": "municipality_code"}
OF_ONE_DOCUMENT = tuple(name for name in TABLES if name not in ("documents", "links"))
FILES = tuple(f"{name}.csv" for name in OF_ONE_DOCUMENT)


@dataclass(frozen=True, slots=True)
class Coding:
    """One loaded coding: its tables, the file row behind each frame row, and what was wrong while loading."""

    folder: Path
    tables: Tables
    rows: dict[str, list[int]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def origin(self, table: str, position: int) -> tuple[str, int | None]:
        """The file and row that a row of `tables` comes from, for messages."""
        if table == "documents":
            return f"{self.folder.name}/{CARD}", None
        return f"{self.folder.name}/{table}.csv", self.rows[table][position]


def columns_in_file(table: Table) -> list[Column]:
    """The columns of a coding's CSV file: the contract's without those that the card states for every row."""
    return [column for column in table.columns if column.name not in _stated_by_card(table)]


def _stated_by_card(table: Table) -> dict[str, str]:
    year = "plan_year" if "plan_year" in table.names else "year"
    return {**STATED_ONCE, year: "year"}


def write(tables: Tables, folder: Path) -> None:
    """Write the tables of one document as a coding; what stood there under the same names is replaced.

    Raises `PlanError` unless the tables hold exactly one document, and where they cannot be written; a coding that
    stood there is then as it was.
    """
    if len(tables.documents) != 1:
        raise PlanError(f"{folder}: a coding holds one document, not {len(tables.documents)}; write each to its own")
    with written_whole(folder) as draft:
        _write_files(draft, _card_text(tables.documents.iloc[0]), tables)


def _write_files(folder: Path, card: str, tables: Tables) -> None:
    (folder / CARD).write_text(card, encoding="utf-8", newline="\n")
    for name in OF_ONE_DOCUMENT:
        (folder / f"{name}.csv").write_text(csv_text(name, tables[name]), encoding="utf-8", newline="\n")


def csv_text(table: str, rows: pd.DataFrame, *, whole: bool = False) -> str:
    """The rows as the text of a coding's CSV file; equal rows give equal text.

    `whole` adds the columns that a coding's card states for every row.
    """
    columns = TABLES[table].columns if whole else columns_in_file(TABLES[table])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    cells = [format_column(column, rows[column.name]) for column in columns]
    writer.writerows(zip(*cells, strict=True))
    return out.getvalue()


def template(folder: Path) -> None:
    """Write a blank coding: every file with its header, and a card that tells what to fill in.

    What the folder's name states, if it has the form of a document's id (municipality, kind, year, period), is filled
    in. Raises `PlanError` where the folder exists and is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise PlanError(f"{folder}: the folder is not empty; name a new one for the blank coding")
    known = _stated_by(folder.name)
    stated = [line for column in _card_columns() for line in (_help(column), _blank(column, known), "")]
    with written_whole(folder) as draft:
        _write_files(draft, "\n".join(stated), Tables())


def _help(column: Column) -> str:
    codes = f" One of: {', '.join(column.codes)}." if column.codes else ""
    return f"# {column.name}: {column.en}{codes}"


def _blank(column: Column, known: dict[str, Any]) -> str:
    if column.name in known:
        return f"{column.name} = {_toml(known[column.name])}"
    value = {"document_id": '""', "municipality_code": '""', "reading": '"hand_coded"'}.get(column.name)
    if value is None and column.required:
        value = '""' if column.type == "string" else "2026"
    return f"{'' if column.required else '# '}{column.name} = {value or ''}".rstrip()


def _stated_by(document_id: str) -> dict[str, Any]:
    """What an id of the usual form states of its document; nothing where it has another form.

    >>> _stated_by("0114-follow-up-2025-t1")["period"], _stated_by("notes")
    ('T1', {})
    """
    codes = {name: TABLES["documents"].column(name).codes for name in ("kind", "period")}
    slugs = {name: {code.casefold().replace("_", "-"): code for code in of} for name, of in codes.items()}
    kinds, periods = ("|".join(map(re.escape, slugs[name])) for name in ("kind", "period"))
    found = re.fullmatch(rf"(\d{{4}})-({kinds})-(\d{{4}})(?:-({periods}))?(?:-[a-z0-9-]+)?", document_id)
    if found is None:
        return {}
    code, kind, year, period = found.groups()
    stated = {"document_id": document_id, "municipality_code": code, "kind": slugs["kind"][kind], "year": int(year)}
    return stated | ({"period": slugs["period"][period]} if period else {})


def _card_columns() -> tuple[Column, ...]:
    return TABLES["documents"].columns


def _card_text(row: pd.Series) -> str:
    stated = ((column.name, _plain(column, row[column.name])) for column in _card_columns())
    lines = (f"{name} = {_toml(value)}" for name, value in stated if value is not None)
    return "\n".join(lines) + "\n"


def _plain(column: Column, value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    match column.type:
        case "date":
            return pd.Timestamp(value).date()
        case "integer":
            return int(value)
        case _:
            return value


def _toml(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def load(folder: Path) -> Tables:
    """The tables of a coding. Raises `ProblemsFound` with everything that cannot be loaded."""
    coding = load_coding(folder)
    if coding.problems:
        raise ProblemsFound(f"{folder}: the coding cannot be loaded", coding.problems)
    return coding.tables


def load_coding(folder: Path) -> Coding:
    """The coding in this folder with all problems of its files; cells that cannot be understood are null in it."""
    card, problems = _load_card(folder)
    tables: dict[str, pd.DataFrame] = {"documents": frame("documents", [card] if card else [])}
    rows: dict[str, list[int]] = {}
    for name in OF_ONE_DOCUMENT:
        tables[name], rows[name], found = _load_csv(folder / f"{name}.csv", TABLES[name], card)
        problems += found
    return Coding(folder, Tables(**tables), rows, (*problems, *_stray_files(folder)))


def _stray_files(folder: Path) -> Iterator[Problem]:
    """Files that are no table but look like one: under such a name, rows would be passed over in silence."""
    files = [path for path in sorted(folder.glob("*")) if path.suffix != ".toml" and path.is_file()]
    for path in files:
        if path.name in FILES or not (path.suffix.lower() == ".csv" or path.stem.lower() in OF_ONE_DOCUMENT):
            continue
        is_table = path.stem.lower() in OF_ONE_DOCUMENT
        yield Problem(
            told("is not read: a table is a CSV file") if is_table else told("no table is called so"),
            f"{folder.name}/{path.name}",
            expected=told("expected: {expected}", expected=f"{path.stem.lower()}.csv")
            if is_table
            else told("one of {all}", all=", ".join(FILES)),
            action=told("save it as CSV under that name") if is_table else told("rename the file"),
        )


def _load_card(folder: Path) -> tuple[dict[str, Any], list[Problem]]:
    origin = f"{folder.name}/{CARD}"
    try:
        stated = parsed((folder / CARD).read_bytes())
    except FileNotFoundError:
        action = told("add document.toml, see `plancompare template`")
        return {}, [Problem(told("the source card is missing"), origin, action=action)]
    except OSError as error:
        return {}, [Problem(unusable(error), origin)]
    except ValueError as error:
        return {}, [Problem(told("is not TOML: {error}", error=error.args[0]), origin, action=told("correct the file"))]
    known = {column.name: column for column in _card_columns()}
    problems = [
        Problem(
            told("unknown key"),
            origin,
            column=key,
            expected=told("one of {all}", all=", ".join(known)),
            action=told("rename or remove it"),
        )
        for key in stated
        if key not in known
    ]
    wrong = {k: p for k, v in stated.items() if k in known and (p := wrong_value(known[k], v, origin))}
    problems += wrong.values()
    problems += [
        Problem(
            told("required key is missing"),
            origin,
            column=name,
            expected=described(column),
            action=told("add it to the card"),
        )
        for name, column in known.items()
        if column.required and name not in stated
    ]
    return {k: v for k, v in stated.items() if k in known and k not in wrong}, problems


def _load_csv(path: Path, table: Table, card: dict[str, Any]) -> tuple[pd.DataFrame, list[int], list[Problem]]:
    """The rows of a CSV file, the line of each, and all that is wrong with the file."""
    origin = f"{path.parent.name}/{path.name}"
    nothing: tuple[pd.DataFrame, list[int]] = frame(table.name), []
    try:
        lines = csv_rows.read(path)
    except FileNotFoundError:
        return *nothing, []  # a coding without, say, budget tables simply has no such file
    except OSError as error:
        return *nothing, [Problem(unusable(error), origin)]
    except csv_rows.NoRows as error:
        return *nothing, [Problem(error.what, origin, error.row, action=error.action)]
    problems = _wrong_header(lines.header, table, origin)
    whole = [(number, cells) for number, cells in lines.body if len(cells) == len(lines.header)]
    if whole or not problems:  # where no row fits a wrong header, it is the header that is wrong
        problems += [_wrong_width(origin, row, lines.header) for row in lines.body if len(row[1]) != len(lines.header)]
    rows = [number for number, _ in whole]
    columns = {name: [value] * len(rows) for name, value in _fixed(table, card).items()}
    ill_typed: list[Problem] = []
    for column in columns_in_file(table):
        if column.name not in lines.header:
            continue
        place = lines.header.index(column.name)
        texts = [cells[place] for _, cells in whole]
        columns[column.name], wrong = parse_column(column, texts, decimal_comma=lines.decimal_comma)
        ill_typed += [_ill_typed(origin, rows[at], column, texts[at], expected) for at, expected in wrong.items()]
    problems += sorted(ill_typed, key=lambda problem: problem.row or 0)
    return conform(table.name, pd.DataFrame(columns, index=range(len(rows)))), rows, problems


def _fixed(table: Table, card: dict[str, Any]) -> dict[str, Any]:
    return {name: card.get(key) for name, key in _stated_by_card(table).items()}


def _wrong_width(origin: str, row: tuple[int, list[str]], header: list[str]) -> Problem:
    number, cells = row
    what = told("the row has {cells} cells, the header {heads}", cells=len(cells), heads=len(header))
    return Problem(what, origin, number, action=told("quote cells that hold a comma"))


def _ill_typed(origin: str, row: int, column: Column, text: str, expected: IllTyped) -> Problem:
    expectation = told("expected: {expected}", expected=expected.args[0])
    return Problem(told("ill-typed value"), origin, row, column.name, text, expectation)


def _wrong_header(header: list[str], table: Table, origin: str) -> list[Problem]:
    expected = [column.name for column in columns_in_file(table)]
    if not set(expected) & set(header):
        return [
            Problem(
                told("the first row names no column of the table"),
                origin,
                1,
                expected=told("expected: {expected}", expected=", ".join(expected)),
                action=told("give it the header row, see `plancompare template`"),
            )
        ]
    missing = [
        Problem(
            told("column is missing"),
            origin,
            1,
            name,
            expected=described(table.column(name)),
            action=told("add it, empty if unknown"),
        )
        for name in expected
        if name not in header
    ]
    unknown = [
        Problem(
            told("unknown column"),
            origin,
            1,
            name,
            action=told("remove or rename it; the card states {all}", all=", ".join(STATED_ONCE)),
        )
        for name in header
        if name not in expected
    ]
    what = told("column stands twice")
    twice = [Problem(what, origin, 1, n) for n in sorted({n for n in header if header.count(n) > 1})]
    return missing + unknown + twice


DIFFERENCES = ["table", "record_id", "change", "column", "coding", "reading", "page", "line"]


def differences(coding: Tables, reading: Tables) -> pd.DataFrame:
    """What a new reading of the document says otherwise than its coding, one row per differing row or cell.

    Columns: table, record_id, change (only_in_coding, only_in_reading, changed), column, coding, reading (as text),
    page, line. Rows are tied by key. Phrasing is not compared where the coding carries labels instead of the source's
    words, nor are words that the coding leaves out.
    """
    labelled = _labelled(coding)
    rows = [row for name in OF_ONE_DOCUMENT for row in _table_differences(TABLES[name], coding, reading, labelled)]
    return pd.DataFrame(rows, columns=DIFFERENCES)


def _labelled(coding: Tables) -> bool:
    return bool((coding.documents["wording"] == "labels").any())


def _table_differences(table: Table, coding: Tables, reading: Tables, labelled: bool) -> Iterator[list[Any]]:
    ours = coding[table.name].set_index(table.key)
    theirs = reading[table.name].set_index(table.key)
    for change, here, there in (("only_in_coding", ours, theirs), ("only_in_reading", theirs, ours)):
        for key in here.index.difference(there.index, sort=False):
            yield [table.name, key, change, None, None, None, *_place(here, key)]
    both = ours.index.intersection(theirs.index, sort=False)
    for column in table.columns:
        if column.name in (table.key, "confidence") or (labelled and column.wording):
            continue
        for key in both:
            old, new = (format_cell(column, rows.at[key, column.name]) for rows in (ours, theirs))
            left_out = labelled and old == "" and _may_be_left_out(column)
            if old != new and not left_out:
                yield [table.name, key, "changed", column.name, old, new, *_place(theirs, key)]


def _may_be_left_out(column: Column) -> bool:
    """Whether a coding may leave a cell of the column empty because it holds a phrase rather than a fact."""
    return column.name.endswith("text") or column.name in ("responsible", "interval", "source_name")


def _place(rows: pd.DataFrame, key: str) -> tuple[Any, Any]:
    return rows.at[key, "page"], rows.at[key, "line"]


def refuse_reviewed(coding: Tables, folder: Path) -> None:
    """Raises `PlanError` for a coding that a person has reviewed or made: an update would replace their work."""
    if coding.documents["reading"].iloc[0] != "machine":
        raise PlanError(
            told(
                "{folder}: has been reviewed by a person, and --update would replace that by what the machine reads; "
                "nothing was changed; read into another folder with --to, compare and carry over by hand, or set "
                'reading = "machine" in {card} to let it be replaced',
                folder=folder,
                card=CARD,
            )
        )


def updated(coding: Tables, reading: Tables) -> Tables:
    """The reading with the coding's phrasing: figures are new, labels stay where the row is still there.

    A row that is new keeps the reading's words, for a person to label before the coding is shared.
    """
    if not _labelled(coding):
        return reading
    frames = {name: _relabelled(TABLES[name], coding[name], reading[name]) for name in OF_ONE_DOCUMENT}
    documents = reading.documents.assign(
        **{c: coding.documents[c] for c in ("title", "wording", "licence", "source_url", "published")}
    )
    return Tables(documents=documents, **frames)


def _relabelled(table: Table, coding: pd.DataFrame, reading: pd.DataFrame) -> pd.DataFrame:
    known = reading[table.key].isin(coding[table.key])
    old = coding.set_index(table.key).reindex(reading.loc[known, table.key])
    out = reading.copy()
    for column in table.columns:
        if column.wording:
            out.loc[known, column.name] = old[column.name].to_numpy()
        elif _may_be_left_out(column):
            left_out = old[column.name].isna().to_numpy()
            out.loc[known, column.name] = out.loc[known, column.name].mask(left_out)
    return out
