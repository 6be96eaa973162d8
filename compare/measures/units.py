"""What counts as one goal, one assignment, one indicator: the rule that every count rests on.

A municipality states a goal in its plan, again in a committee's plan and again in each follow-up. How such repeats are
counted decides every number that follows, so the rule is a parameter with a name (`UnitRule`) and is written into
each result. What is followed from period to period and year to year (`lasting_ids`) rests on the same rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from compare.contract import TABLES, Tables
from compare.measures.counting import By, brought, groups, listed, positions, remembered
from compare.problems import PlanError

UnitRule = Literal["stated_once", "per_document", "mentions"]

UNFINISHED = "unfinished_assignment"
_SAME = {
    "goals": "same_goal",
    "assignments": "same_assignment",
    "actions": "same_assignment",
    "indicators": "same_indicator",
}
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


@remembered
def standing(plans: Tables) -> Tables:
    """The plans without their lists of unfinished assignments of earlier years.

    These lists repeat assignments of the plan or name some that it no longer holds; they are counted for themselves
    (`carry_over.unfinished`).
    """
    unfinished = (plans.assignments["kind"] == UNFINISHED).fillna(False)
    return plans.only("assignments", ~unfinished) if unfinished.any() else plans


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
    missing = [name for name in dict.fromkeys(by) if name not in rows]
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


@remembered
def unit_numbers(plans: Tables, table: str, unit_rule: UnitRule = "stated_once") -> np.ndarray:
    """For each row of the table the number of the thing it states, counted from 0 by first row.

    `stated_once`: rows of one municipality and plan year in different documents are one thing where their words are
    equal (case, punctuation and spacing aside; goals also of one level, assignments of one kind) or where `links` ties
    them. Two goals, indicators or actions of one document are always two; an assignment that one document gives several
    offices is one. `per_document` and `mentions`: each row is its own thing.

    Pitfall: the plan year is the document's. A goal of a mandate period stands in every year's plan and counts in each.
    """
    check_unit_rule(unit_rule)
    rows = plans[table]
    if unit_rule != "stated_once" or rows.empty:
        return np.arange(len(rows))
    place = groups(rows, ["municipality_code", "year"], ordered=False).codes
    if table != "assignments" and _one_document_each(rows, place):
        return np.arange(len(rows))
    same = pd.DataFrame({"place": place, "words": normalised(rows[_WORDS[table]])})
    if table in _APART:
        same["apart"] = rows[_APART[table]]
    if table != "assignments":
        own = groups(same.assign(document_id=rows["document_id"]), [*same.columns, "document_id"], ordered=False)
        same["nth"] = pd.Series(own.codes).groupby(own.codes).cumcount()
    group = groups(same, list(same.columns), ordered=False).codes
    group = np.where(same["words"].isna(), group.max() + 1 + np.arange(len(rows)), group)
    ends = _ends(plans, table, [_SAME[table]])
    return np.asarray(pd.factorize(_joined(group, ends[:, place[ends[0]] == place[ends[1]]]))[0])


def _one_document_each(rows: pd.DataFrame, place: np.ndarray) -> bool:
    """Whether no municipality and year has two documents, so that nothing can be stated twice."""
    pairs = pd.DataFrame({"place": place, "document": pd.factorize(rows["document_id"])[0]}).drop_duplicates()
    return bool(pairs["place"].is_unique)


@remembered
def _ends(plans: Tables, table: str, relations: Sequence[str]) -> np.ndarray:
    """The rows of the table that links of these relations tie, a column per link; ties to absent rows left out."""
    links = plans.links
    of_table = (links["from_table"] == table) & (links["to_table"] == table)
    links = links[of_table & links["relation"].isin(list(relations))]
    ids = plans[table][str(TABLES[table].key)]
    ends = np.stack([positions(links["from_id"], ids), positions(links["to_id"], ids)])
    return np.asarray(ends[:, (ends >= 0).all(axis=0)])


def _joined(group: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The groups, those that are tied directly or through others made one."""
    if not ends.size:
        return group
    size = int(group.max()) + 1
    ties = coo_array((np.ones(ends.shape[1]), (group[ends[0]], group[ends[1]])), shape=(size, size))
    return np.asarray(connected_components(ties, directed=False)[1])[group]


@remembered
def lasting_ids(plans: Tables, table: str, relations: Sequence[str] | None = None) -> pd.Series:
    """For each row of the table the id of the thing it states, the same in every period and year that states it.

    What one year states once (`unit_numbers`) is one thing, and so are things of different years that `links` ties with
    these relations (default: the table's own, such as 'same_goal'), directly or through others. The id is that of the
    thing's first row. An index of 0 to n, as of `plans[table]`.
    """
    number = unit_numbers(plans, table)
    joined = _joined(number, _ends(plans, table, [_SAME[table]] if relations is None else relations))
    return _named_by_first(plans, table, np.asarray(pd.factorize(joined)[0]))


def unit_ids(plans: Tables, table: str, unit_rule: UnitRule = "stated_once") -> pd.Series:
    """For each row of the table the id of the thing it states: of the first row that states it (see `unit_numbers`)."""
    return _named_by_first(plans, table, unit_numbers(plans, table, unit_rule))


def _named_by_first(plans: Tables, table: str, number: np.ndarray) -> pd.Series:
    ids = plans[table][str(TABLES[table].key)]
    return brought(ids, _first_rows(number)[number]).rename("unit_id")


def _first_rows(number: np.ndarray) -> np.ndarray:
    return np.unique(number, return_index=True)[1]


@remembered
def units(plans: Tables, table: str, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """One row per thing that is counted, by number, with the table's columns, `unit_id` and `rows` (ids of all its
    rows).

    Of each column the first stated value is kept. `weight` is 1; with `mentions` it is a goal's `mentions` (1 where not
    recorded).
    """
    rows, key = plans[table], str(TABLES[table].key)
    number = unit_numbers(plans, table, unit_rule)
    first = _first_rows(number)
    result = rows.iloc[first].reset_index(drop=True)
    if len(first) < len(rows):
        repeated = (np.bincount(number) > 1)[number]
        stated = rows[repeated].groupby(number[repeated], sort=True).first()
        for name in stated:
            gap = result[name].isna()
            if gap.any():
                result[name] = result[name].mask(gap, stated[name].reindex(result.index))
    result = result.assign(unit_id=result[key], rows=listed(rows[key].to_numpy(dtype=object), number, len(first)))
    weight = result["mentions"].fillna(1) if unit_rule == "mentions" and "mentions" in result else 1
    return result.assign(weight=whole(np.full(len(result), weight)))
