"""Amounts laid out as budgets are read: whose they are in words, and a column per year and kind.

Measures give one row per unit, year and kind, which suits arithmetic; a person reads units down and years across.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from compare.presentation import labels
from compare.presentation.tables import Form
from compare.presentation.wording import Wording, is_missing

_ORDER = {"outcome": 0, "forecast": 1, "budget": 2, "plan": 3}
WHOSE = "budget_of"


class ByYear(NamedTuple):
    """A frame with a column per year and kind, and how `Page.table` is to show it."""

    frame: pd.DataFrame
    columns: dict[str, str]
    forms: dict[str, Form]


def whose(rows: pd.DataFrame, documents: pd.DataFrame, say: Wording) -> pd.Series:
    """Whose budget each row is, by its document: 'Exempelstad, tekniska nämnden, 2022'."""
    known = documents.drop_duplicates("document_id").set_index("document_id")
    names = {str(key): _whose(record, say) for key, record in known.iterrows()}
    return rows["document_id"].map(names).astype("str")


def _whose(document: pd.Series, say: Wording) -> str:
    words = [labels.municipality(document["municipality_code"], say)]
    if not is_missing(document.get("board")):
        words.append(str(document["board"]))
    words.append(str(int(document["year"])))
    if not is_missing(document.get("period")):
        words.append(labels.period(document["period"], say))
    return ", ".join(words)


def steps(changes: pd.DataFrame, say: Wording) -> pd.Series:
    """From what to what each change goes: 'outcome 2020 → budget 2021'."""
    ends = zip(changes["from_kind"], changes["from_year"], changes["kind"], changes["year"], strict=True)
    words = [f"{_column(kind, year, say)} → {_column(to_kind, to_year, say)}" for kind, year, to_kind, to_year in ends]
    return pd.Series(words, index=changes.index, dtype="str")


def _column(kind: object, year: object, say: Wording) -> str:
    number = say.missing if is_missing(year) else str(year)
    return number if is_missing(kind) else f"{labels.code('kind', kind, say)} {number}"


def by_year(
    rows: pd.DataFrame,
    say: Wording,
    *,
    value: str = "cost",
    unit: str = "unit",
    form: Form = "thousands",
) -> ByYear:
    """The values with a column per year and kind (outcome before budget before plan), a row per budget and unit.

    `rows` has the columns `budget_of` (see `whose`), `document_id`, `unit`, `year`, `kind`, `record_ids` and `value`.
    The result has `budget_of` (not shown where there is one budget only), `unit`, the columns and `record_ids`, the ids
    of all records of a row.
    """
    rows = rows[rows[value].notna()]
    order = rows["kind"].map(_ORDER).fillna(len(_ORDER))
    columns = (
        rows.assign(order=order)[["year", "kind", "order"]].drop_duplicates().sort_values(["year", "order"]).index
    )
    heads = {
        _name(rows.at[i, "year"], rows.at[i, "kind"]): _column(rows.at[i, "kind"], rows.at[i, "year"], say)
        for i in columns
    }
    keys = ["document_id", WHOSE, unit]
    names = [_name(year, kind) for year, kind in zip(rows["year"], rows["kind"], strict=True)]
    by_row = rows.assign(column=names).groupby(keys, dropna=False, sort=False)
    ids = by_row["record_ids"].agg(lambda lists: [i for one in lists for i in one])
    cells = rows.assign(column=names).groupby([*keys, "column"], dropna=False, sort=False)[value].first().unstack()
    wide = cells.reindex(index=ids.index, columns=list(heads)).assign(record_ids=ids).reset_index()
    shown = {unit: labels.column(unit, say)}
    if wide[WHOSE].nunique() > 1:
        shown = {WHOSE: labels.column(WHOSE, say), **shown}
    return ByYear(wide, {**shown, **heads}, dict.fromkeys(heads, form))


def _name(year: object, kind: object) -> str:
    number = "" if is_missing(year) else str(year)
    return number if is_missing(kind) else f"{number}_{kind}"
