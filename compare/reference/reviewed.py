"""What a person decided where the words of plans leave it open: directions of indicators, themes, service areas.

The files lie in `data/reviewed/`; each row says who decided, when and why. Every function takes a path to another file
in place of the shipped one, or 'none' for no decisions at all, so that a report can be run with and without them. A
data folder of one's own (PLANCOMPARE_DATA) need not have any.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from compare.contract import Tables
from compare.problems import PlanError, Problem, ProblemsFound, told
from compare.reference.register import data_folder

SHIPPED, NOTHING = "shipped", "none"
_WHO = ("reason", "reviewed_by", "reviewed_on")
_FILES = {
    "directions": ("name", "kpi", "municipality_code", "direction"),
    "themes": ("record_id", "scheme", "theme", "weight", "title"),
    "service_areas": ("unit", "municipality_code", "service_area"),
}
_NEEDED = {
    "directions": ("direction",),
    "themes": ("record_id", "scheme", "theme"),
    "service_areas": ("unit", "service_area"),
}


def directions(path: str | Path = SHIPPED) -> pd.DataFrame:
    """Whether higher or lower is better, as `compare.measures.directions` takes it.

    Columns: name (of the indicator, `*` for any letters; missing where the id decides), kpi (a Kolada id; missing where
    the name decides), direction (higher, lower), municipality_code (missing: everywhere), reason, reviewed_by,
    reviewed_on. Raises `PlanError` for a file that cannot be read and `ProblemsFound` for rows that say nothing or do
    not say who decided.
    """
    return _table("directions", path)


def themes(plans: Tables, path: str | Path = SHIPPED, of: str = "goals") -> pd.DataFrame:
    """The themes decided for goals (or `of` assignments) of documents among the plans, as `themes.assign` takes it.

    Columns: record_id, scheme, theme, weight (missing: equal shares), title, reason, reviewed_by, reviewed_on. Rows
    about other documents and about the other of the two tables are left out; errors as for `directions`.
    """
    rows = _table("themes", path)
    read = rows["record_id"].str.replace("/.*", "", regex=True).isin(plans.documents["document_id"])
    others = plans.assignments["assignment_id"] if of == "goals" else plans.goals["goal_id"]
    return rows[read & ~rows["record_id"].isin(others)].astype({"weight": "float64"}).reset_index(drop=True)


def service_areas(path: str | Path = SHIPPED) -> pd.DataFrame:
    """What units of budgets do, as `compare.measures.service_areas` takes it.

    Columns: unit, municipality_code (missing: everywhere), service_area, reason, reviewed_by, reviewed_on; errors as
    for `directions`.
    """
    return _table("service_areas", path)


def theme_agreement() -> pd.DataFrame:
    """How far the words of themes agree with a person's labels, as `tests/benchmarks/theme_labels.py` measured it.

    Columns: words (all; elsewhere: only those that other texts hold too), labels (primary; all), goals (labelled),
    both, words_only, labels_only (themes named by both or one), alpha (Krippendorff's) with low, high (bootstrap).
    Empty where the folder of decisions is another than the project's and has no such file.
    """
    file = _shipped("theme_agreement")
    columns = ["words", "labels", "goals", "both", "words_only", "labels_only", "alpha", "low", "high"]
    return pd.read_csv(file) if file is not None and file.is_file() else pd.DataFrame(columns=columns)


def _shipped(name: str) -> Path | None:
    """The file among the project's data; None in a data folder without any decisions."""
    try:
        return data_folder("reviewed") / f"{name}.csv"
    except PlanError:
        return None


def _table(name: str, path: str | Path) -> pd.DataFrame:
    columns = [*_FILES[name], *_WHO]
    if str(path) == NOTHING:
        return pd.DataFrame(columns=columns, dtype="str")
    file = _shipped(name) if str(path) == SHIPPED else Path(path)
    if file is None:
        return pd.DataFrame(columns=columns, dtype="str")
    try:
        rows = pd.read_csv(file, dtype="str", encoding="utf-8", keep_default_na=False, na_values=[""])
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise PlanError(
            f"the reviewed {name} in {file} cannot be read ({error}); name a CSV file, '{SHIPPED}' or '{NOTHING}'"
        ) from error
    missing = [column for column in (*_NEEDED[name], *_WHO[1:]) if column not in rows]
    if missing:
        raise PlanError(f"{file} lacks the column {', '.join(missing)}; it needs {', '.join(columns)}; add it")
    rows = rows.reindex(columns=columns).astype("str")
    _refuse_incomplete(rows, name, file)
    return rows


def _refuse_incomplete(rows: pd.DataFrame, name: str, file: Path) -> None:
    problems = [
        Problem(
            told("a decision is not complete"), file.name, row, column, expected=expected, action=told("fill it in")
        )
        for column, expected in [
            *((column, told("a value")) for column in _NEEDED[name]),
            ("reviewed_by", told("a role or organisation")),
            ("reviewed_on", told("a day, as in 2026-11-22")),
        ]
        for row, value in enumerate(rows[column], start=2)
        if pd.isna(value) or (column == "reviewed_on" and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value))
    ]
    if problems:
        raise ProblemsFound(f"{file}: the reviewed {name} cannot be used", problems)
