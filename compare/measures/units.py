"""What counts as one goal, one assignment, one indicator: the rule that every count rests on.

A municipality states a goal in its plan, again in a committee's plan and again in each follow-up. How such repeats are
counted decides every number that follows, so the rule is a parameter with a name (`UnitRule`) and is written into
each result.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from compare.contract import TABLES, Tables
from compare.problems import PlanError

UnitRule = Literal["stated_once", "per_document", "mentions"]
By = Sequence[str]

_SAME = {"goals": "same_goal", "assignments": "same_assignment", "indicators": "same_indicator"}
_WORDS = {"goals": "title", "assignments": "title", "actions": "title", "indicators": "name"}
_APART = {"goals": "level", "assignments": "kind"}


def whole(values: Any) -> Any:
    """Whole numbers with null for what is missing."""
    return pd.array(values, dtype="Int64")


def flags(values: Any) -> Any:
    """True, false or null."""
    return pd.array(values, dtype="boolean")


def texts(values: Any) -> Any:
    """Texts with null for what is missing."""
    return pd.array(values, dtype="str")


def check_unit_rule(unit_rule: str) -> None:
    """Raise `PlanError` for a counting rule that does not exist."""
    if unit_rule not in get_args(UnitRule):
        raise PlanError(f"no unit rule {unit_rule!r}; use one of {', '.join(get_args(UnitRule))}")


def with_columns(plans: Tables, rows: pd.DataFrame, by: By) -> pd.DataFrame:
    """The rows with every column of `by`: their own, else their document's (`kind`, `board`, `period` ...).

    `committee` gives a row per committee that an assignment names, so that the row counts once under each. Raises
    `PlanError` for a column that neither the rows nor the documents have.
    """
    if "committee" in by and "committee" not in rows and "committees" in rows:
        rows = rows.explode("committees", ignore_index=True).rename(columns={"committees": "committee"})
        rows["committee"] = rows["committee"].astype("str")
    missing = [name for name in by if name not in rows]
    unknown = [name for name in missing if name not in plans.documents]
    if unknown:
        known = sorted({*rows.columns, *plans.documents.columns})
        raise PlanError(f"cannot group by {', '.join(unknown)}; use columns among {', '.join(known)}")
    if not missing:
        return rows.reset_index(drop=True)
    return rows.merge(plans.documents[["document_id", *missing]], on="document_id", how="left")


def normalised(texts: pd.Series) -> pd.Series:
    """Titles as they are compared: lower case, letters and digits only, single spaces; missing stays missing.

    >>> normalised(pd.Series(["En ekonomi i balans.", "En  ekonomi - i balans"])).nunique()
    1
    """
    codes, distinct = pd.factorize(texts)
    plain = pd.Series(distinct, dtype="str").str.lower().str.replace(r"[\W_]+", " ", regex=True).str.strip()
    # Code -1 is a missing title: it points at the last, missing, entry.
    plain = pd.concat([plain, pd.Series([None], dtype="str")], ignore_index=True)
    return plain.take(codes).set_axis(texts.index)


def unit_ids(plans: Tables, table: str, unit_rule: UnitRule = "stated_once") -> pd.Series:
    """For each row of the table the id of the thing it states, indexed by the row's own id.

    `stated_once`: rows of one municipality and plan year in different documents are one thing where their words are
    equal (case, punctuation and spacing aside; goals also of one level, assignments of one kind) or where `links` ties
    them; the first row's id stands for it. Two goals, indicators or actions of one document are always two; an
    assignment that one document gives several offices is one. `per_document` and `mentions`: each row is its own thing.

    Pitfall: the plan year is the document's. A goal of a mandate period stands in every year's plan and counts in each.
    """
    check_unit_rule(unit_rule)
    rows, key = plans[table], str(TABLES[table].key)
    ids = rows[key]
    if unit_rule != "stated_once" or rows.empty:
        return pd.Series(ids.to_numpy(), index=pd.Index(ids, name=key), dtype="str", name="unit_id")
    same = rows[["municipality_code", "year"]].assign(words=normalised(rows[_WORDS[table]]))
    if table in _APART:
        same["apart"] = rows[_APART[table]]
    if table != "assignments":
        own = same.assign(document_id=rows["document_id"])
        same["nth"] = own.groupby(list(own.columns), dropna=False, sort=False).cumcount()
    group = same.groupby(list(same.columns), dropna=False, sort=False).ngroup().to_numpy()
    group = np.where(same["words"].isna(), group.max() + 1 + np.arange(len(rows)), group)
    group = _joined_by_links(plans, table, group)
    first = pd.Series(ids.to_numpy()).groupby(group).transform("first")
    return pd.Series(first.to_numpy(), index=pd.Index(ids, name=key), dtype="str", name="unit_id")


def _joined_by_links(plans: Tables, table: str, group: np.ndarray) -> np.ndarray:
    """The groups, those that a link ties within one municipality and year made one."""
    links = plans.links
    of_table = (links["from_table"] == table) & (links["to_table"] == table)
    links = links[of_table & (links["relation"] == _SAME.get(table))]
    if links.empty:
        return group
    rows = plans[table]
    ids = pd.Index(rows[str(TABLES[table].key)])
    ends = np.stack([ids.get_indexer(links["from_id"]), ids.get_indexer(links["to_id"])])
    ends = ends[:, (ends >= 0).all(axis=0)]
    place = rows.groupby(["municipality_code", "year"], sort=False).ngroup().to_numpy()
    ends = ends[:, place[ends[0]] == place[ends[1]]]
    size = int(group.max()) + 1
    ties = coo_matrix((np.ones(ends.shape[1]), (group[ends[0]], group[ends[1]])), shape=(size, size))
    return np.asarray(connected_components(ties, directed=False)[1])[group]


def units(plans: Tables, table: str, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """One row per thing that is counted, with the table's columns, `unit_id` and `rows` (the ids of all its rows).

    Of each column the first stated value is kept. `weight` is 1; with `mentions` it is a goal's `mentions` (1 where not
    recorded).
    """
    rows, key = plans[table], str(TABLES[table].key)
    unit = unit_ids(plans, table, unit_rule).to_numpy()
    rows = rows.assign(unit_id=texts(unit))
    repeated = rows["unit_id"].duplicated(keep=False)
    single, several = rows[~repeated], rows[repeated]
    single = single.assign(rows=pd.Series([[i] for i in single[key]], index=single.index, dtype=object))
    if len(several):
        by_unit = several.groupby("unit_id", sort=False)
        first = by_unit.first().reset_index()
        first["rows"] = by_unit[key].agg(list).to_numpy()
        first.index = several.index[~several["unit_id"].duplicated()]
        single = pd.concat([single, first[single.columns]]).sort_index()
    weight = single["mentions"].fillna(1) if unit_rule == "mentions" and "mentions" in single else 1
    return single.assign(weight=whole(np.full(len(single), weight))).reset_index(drop=True)
