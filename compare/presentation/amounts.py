"""Amounts laid out as budgets are read: whose they are in words, and a column per year and kind.

Measures give one row per unit, year and kind, which suits arithmetic; a person reads units down and years across.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

import pandas as pd

from compare.presentation import labels
from compare.presentation.tables import Form
from compare.presentation.wording import NO_BREAK_SPACE, Wording, is_missing

_ORDER = {"outcome": 0, "forecast": 1, "budget": 2, "plan": 3}
WHOSE = "budget_of"
TABLES_AT_MOST = 6
NAMED_AT_MOST = 4


class ByYear(NamedTuple):
    """A frame with a column per year and kind, how `Page.table` is to show it, and whose budgets it holds."""

    frame: pd.DataFrame
    whose: str
    columns: dict[str, str]
    forms: dict[str, Form]


def whose(rows: pd.DataFrame, documents: pd.DataFrame, say: Wording) -> pd.Series:
    """Whose budget each row is, by its document: 'Exempelstad, tekniska nämnden, 2022'."""
    known = documents[documents["document_id"].isin(rows["document_id"])].drop_duplicates("document_id")
    records = cast("list[dict[str, Any]]", known.to_dict("records"))
    names = {str(record["document_id"]): _whose(record, say) for record in records}
    return rows["document_id"].map(names).astype("str")


def _whose(document: Mapping[str, Any], say: Wording) -> str:
    words = [labels.municipality(document["municipality_code"], say)]
    if not is_missing(document.get("board")):
        words.append(str(document["board"]))
    words.append(str(int(document["year"])))
    if not is_missing(document.get("period")):
        words.append(labels.period(document["period"], say))
    return ", ".join(words)


def steps(changes: pd.DataFrame, say: Wording) -> pd.Series:
    """From what to what each change goes: '2020 outcome → 2021 budget'."""
    ends = zip(changes["from_kind"], changes["from_year"], changes["kind"], changes["year"], strict=True)
    words = [f"{_column(kind, year, say)} → {_column(to_kind, to_year, say)}" for kind, year, to_kind, to_year in ends]
    return pd.Series(words, index=changes.index, dtype="str")


def _column(kind: object, year: object, say: Wording) -> str:
    number = say.missing if is_missing(year) else str(year)
    return number if is_missing(kind) else f"{number}{NO_BREAK_SPACE}{labels.code('kind', kind, say)}"


def named(rows: pd.DataFrame, say: Wording) -> str:
    """Whose budgets the rows are, for a caption: up to four by name, more by their number."""
    names = list(rows[WHOSE].dropna().unique())
    return say.listed(names) if len(names) <= NAMED_AT_MOST else say("{n} budgets", n=len(names))


def shown(rows: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """The columns without `budget_of` where all rows are of one budget, which the caption then names."""
    return [name for name in columns if name != WHOSE or rows[WHOSE].nunique() > 1]


def by_year(
    rows: pd.DataFrame,
    say: Wording,
    *,
    value: str = "cost",
    unit: str = "unit",
    form: Form = "thousands",
) -> list[ByYear]:
    """The values with a column per year and kind (outcome before budget before plan), a row per unit.

    `rows` has the columns `budget_of` (see `whose`), `document_id`, `office`, `unit`, `year`, `kind`, `record_ids` and
    `value`. Up to six budgets have a table each, since they print different years; more share one, with `budget_of`.
    `office` is shown where units of one name differ by it; `record_ids` are those of all cells of a row. No two figures
    share a cell.
    """
    rows = rows[rows[value].notna()]
    if rows[WHOSE].nunique() > TABLES_AT_MOST:
        return [_wide(rows, say, value, unit, form)]
    return [_wide(part, say, value, unit, form) for _, part in rows.groupby(WHOSE, sort=False)]


def _wide(rows: pd.DataFrame, say: Wording, value: str, unit: str, form: Form) -> ByYear:
    keys = ["document_id", WHOSE, "office", unit]
    cells = [*keys, "year", "kind"]
    rows = rows.assign(
        nth=rows.groupby(cells, dropna=False).cumcount(),
        column=[_name(year, kind) for year, kind in zip(rows["year"], rows["kind"], strict=True)],
        order=rows["kind"].map(_ORDER).fillna(len(_ORDER)),
    )
    ordered = rows.drop_duplicates("column").sort_values(["year", "order"], kind="stable")
    heads = {
        str(column): _column(kind, year, say)
        for column, kind, year in ordered[["column", "kind", "year"]].itertuples(index=False, name=None)
    }
    by_row = rows.groupby([*keys, "nth"], dropna=False, sort=False)
    ids = by_row["record_ids"].agg(lambda lists: [i for one in lists for i in one])
    values = rows.assign(row=by_row.ngroup()).pivot(index="row", columns="column", values=value)
    wide = ids.reset_index().drop(columns="nth").join(values[list(heads)])
    names = [WHOSE] if wide[WHOSE].nunique() > 1 else []
    if wide.duplicated(["document_id", unit]).any():
        names.append("office")
    columns = {name: labels.column(name, say) for name in [*names, unit]}
    return ByYear(wide, named(rows, say), {**columns, **heads}, dict.fromkeys(heads, form))


def _name(year: object, kind: object) -> str:
    number = "" if is_missing(year) else str(year)
    return number if is_missing(kind) else f"{number}_{kind}"
