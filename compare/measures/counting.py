"""Counting rows of a frame by groups, fast and with one rule for missing keys: shared by all measures.

A group key that is missing stays a group of its own (its key is null), so that no row is dropped silently. With no
columns to group by, all rows are one group; without rows there is no group, so that nothing is shown as zero.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from compare.contract import Tables
from compare.problems import PlanError

# The columns that a measure is grouped by, and what most are grouped by unless asked otherwise.
By = Sequence[str]
MUNICIPALITY_YEAR = ("municipality_code", "year")


@dataclass(frozen=True)
class Groups:
    """The groups of some rows: `keys` has one row per group, in order; `codes` names the group of each row."""

    keys: pd.DataFrame
    codes: np.ndarray

    def count(self, mask: Any = None, weights: Any = None) -> np.ndarray:
        """Rows (or weights) per group, of the rows where `mask` holds; floats only with weights."""
        codes = self.codes
        if mask is not None:
            mask = np.asarray(mask, dtype=bool)
            codes = codes[mask]
        if weights is None:
            return np.bincount(codes, minlength=len(self.keys))
        weights = np.asarray(weights, dtype=float)
        summed = np.bincount(codes, weights=weights if mask is None else weights[mask], minlength=len(self.keys))
        return summed.astype(float)  # of no rows numpy makes whole numbers

    def lists(self, values: pd.Series, mask: Any = None) -> pd.Series:
        """The values of each group as a list, in the order of the rows; an empty list where there is none."""
        codes, items = self.codes, values.to_numpy(dtype=object)
        if mask is not None:
            mask = np.asarray(mask, dtype=bool)
            codes, items = codes[mask], items[mask]
        return listed(items, codes, len(self.keys)).set_axis(self.keys.index)


def listed(items: np.ndarray, codes: np.ndarray, size: int) -> pd.Series:
    """The items of each group (numbered from 0 to size) as a list, in their order; an empty list where there is none.

    >>> listed(np.array(["a", "b", "c"], dtype=object), np.array([2, 0, 2]), 3).tolist()
    [['b'], [], ['a', 'c']]
    """
    ordered = items[np.argsort(codes, kind="stable")].tolist()
    ends = np.cumsum(np.bincount(codes, minlength=size)).tolist()
    # So many new lists make the collector of garbage walk through all that there are, again and again.
    collects = gc.isenabled()
    gc.disable()
    try:
        return pd.Series([ordered[a:b] for a, b in zip([0, *ends], ends, strict=False)], dtype=object)
    finally:
        if collects:
            gc.enable()


_P = ParamSpec("_P")
_Found = TypeVar("_Found")


def remembered(measure: Callable[Concatenate[Tables, _P], _Found]) -> Callable[Concatenate[Tables, _P], _Found]:
    """Compute a measure that many others rest on once for the same plans and arguments.

    What was found is kept as long as the plans are, and handed out so that changing it changes nothing that is kept.
    Plans never change: their rows are replaced by making other plans. For measures whose arguments are words and
    numbers; an argument that is left out is the same as its default that is given.
    """
    form = signature(measure)

    @wraps(measure)
    def once(plans: Tables, *args: _P.args, **kwargs: _P.kwargs) -> _Found:
        memory = plans.__dict__.setdefault("_remembered", {})
        given = form.bind(plans, *args, **kwargs)
        given.apply_defaults()
        key = (measure, repr(list(given.arguments.items())[1:]))
        if key not in memory:
            memory[key] = measure(plans, *args, **kwargs)
        return cast("_Found", _handed_out(memory[key]))

    return once


def _handed_out(found: Any) -> Any:
    if isinstance(found, tuple):
        return tuple(_handed_out(part) for part in found)
    if isinstance(found, Tables):  # plans never change
        return found
    # Copy-on-write makes the shallow copy both cheap and safe to change.
    return found.copy(deep=False) if isinstance(found, (pd.DataFrame, pd.Series)) else found.copy()


def groups(rows: pd.DataFrame, by: Sequence[str], *, ordered: bool = True) -> Groups:
    """The groups of these rows by these columns, sorted by key with missing keys last (or by first appearance).

    >>> rows = pd.DataFrame({"office": ["B", "A", "B"]})
    >>> found = groups(rows, ["office"])
    >>> found.keys["office"].tolist(), found.count().tolist()
    (['A', 'B'], [1, 2])
    """
    by = check_by(by, rows.columns)
    codes = np.zeros(len(rows), dtype=np.int64)
    for name in by:
        part, values = pd.factorize(rows[name], use_na_sentinel=False)
        codes = codes * max(len(values), 1) + part
        codes = pd.factorize(codes)[0]
    first = _first_rows(codes)
    keys = rows.iloc[first][by].reset_index(drop=True)
    if by and ordered:
        keys = keys.sort_values(by, kind="stable", na_position="last")
    rank = np.empty(len(keys), dtype=np.int64)
    rank[keys.index.to_numpy()] = np.arange(len(keys))
    return Groups(keys.reset_index(drop=True), rank[codes] if len(codes) else codes)


def check_by(by: Sequence[str], columns: Sequence[str] | pd.Index) -> list[str]:
    """The columns to group by as a list, each once; raises `PlanError` for one that the rows do not have."""
    names = [by] if isinstance(by, str) else list(dict.fromkeys(by))
    unknown = [name for name in names if name not in columns]
    if unknown:
        raise PlanError(
            f"cannot group by {', '.join(unknown)}; the rows have {', '.join(map(str, columns))}; choose among these"
        )
    return names


def positions(wanted: pd.Series, among: pd.Series) -> np.ndarray:
    """At which row of `among` each wanted id first stands; -1 where it does not, or is missing.

    >>> positions(pd.Series(["b", "x", None]), pd.Series(["a", "b", "b"])).tolist()
    [1, -1, -1]
    """
    known = pa.array(among, type=pa.large_string(), from_pandas=True)
    found = pc.index_in(pa.array(wanted, type=pa.large_string(), from_pandas=True), value_set=known, skip_nulls=True)
    return found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def brought(column: pd.Series, rows: np.ndarray) -> pd.Series:
    """The values of a column at these rows, missing where the row is -1: a left join by position."""
    missing = rows < 0
    if len(column) == 0:
        return pd.Series([None] * len(rows), dtype=column.dtype)
    values = column.take(np.where(missing, 0, rows)).reset_index(drop=True)
    return values.mask(missing) if missing.any() else values


def matches(rows: pd.DataFrame, among: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """At which row of `among` each of the rows finds its values of these columns first; -1 where it does not."""
    codes = groups(
        pd.concat([rows[list(columns)], among[list(columns)]], ignore_index=True), columns, ordered=False
    ).codes
    here, there = codes[: len(rows)], codes[len(rows) :]
    place = np.full(int(codes.max(initial=-1)) + 1, -1, dtype=np.int64)
    place[there[::-1]] = np.arange(len(there))[::-1]
    return place[here]


def mapped(column: pd.Series, value: Callable[[Any], Any], dtype: Any = None) -> pd.Series:
    """Each value replaced by what `value` gives for it, asked once per distinct value; missing stays missing."""
    codes, distinct = pd.factorize(column)
    answers = pd.Series([value(item) for item in distinct], dtype=dtype)
    return brought(answers, codes).set_axis(column.index)


def worded(conditions: Sequence[Any], words: Sequence[str], otherwise: str | None) -> pd.Series:
    """For each row the word of the first condition that holds, else `otherwise` (None: missing).

    >>> worded([[True, False], [True, True]], ["low", "high"], None).tolist()
    ['low', 'high']
    """
    held = [np.asarray(condition, dtype=bool) for condition in conditions]
    choice = np.select(held, list(range(len(words))), len(words))
    return pd.Series([*words, otherwise], dtype="str").take(choice).reset_index(drop=True)


def of_whole(values: np.ndarray, whole: Groups, parts: Groups) -> np.ndarray:
    """The value of the whole that each part belongs to; both are groups of the same rows."""
    result = np.zeros(len(parts.keys), dtype=values.dtype)
    result[parts.codes] = values[whole.codes]
    return result


def _first_rows(codes: np.ndarray) -> np.ndarray:
    """The first row of each group, groups numbered from 0 by first appearance."""
    return np.unique(codes, return_index=True)[1]
