"""Groups, positions and matches: what all measures count with."""

import gc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.contract import Tables
from compare.measures.counting import brought, groups, listed, mapped, matches, positions, remembered
from compare.problems import PlanError

LETTERS = st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 2)), max_size=30)


@given(LETTERS)
def test_groups_agree_with_pandas(rows):
    frame = pd.DataFrame(rows, columns=["letter", "number"]).astype({"letter": "str", "number": "Int64"})
    found = groups(frame, ["letter", "number"])
    expected = frame.groupby(["letter", "number"], dropna=False).size()
    assert found.count().tolist() == expected.tolist()
    pd.testing.assert_frame_equal(
        found.keys.iloc[found.codes].reset_index(drop=True), frame, check_dtype=False, check_index_type=False
    )


def test_without_columns_all_rows_are_one_group_and_no_rows_none():
    assert groups(pd.DataFrame({"a": [1, 2]}), []).count().tolist() == [2]
    assert groups(pd.DataFrame({"a": []}), []).count().tolist() == []


def test_lists_keep_the_order_of_rows_and_are_empty_where_nothing_is_meant():
    frame = pd.DataFrame({"key": ["b", "a", "b"], "value": ["1", "2", "3"]})
    found = groups(frame, ["key"])
    assert found.lists(frame["value"]).tolist() == [["2"], ["1", "3"]]
    assert found.lists(frame["value"], [True, False, False]).tolist() == [[], ["1"]]


def test_counts_take_a_mask_and_weights():
    frame = pd.DataFrame({"key": ["b", "a", "b"]})
    found = groups(frame, ["key"])
    assert found.count([True, True, False]).tolist() == [1, 1]
    assert found.count([True, False, True], [0.5, 9, 0.25]).tolist() == [0, 0.75]


@given(LETTERS, LETTERS)
def test_matches_find_the_first_equal_row(rows, among):
    columns = ["letter", "number"]
    first, second = (
        pd.DataFrame(x, columns=columns).astype({"letter": "str", "number": "Int64"}) for x in (rows, among)
    )
    expected = [among.index(row) if row in among else -1 for row in rows]
    assert matches(first, second, columns).tolist() == expected


def test_what_is_brought_from_nowhere_is_missing():
    column = pd.Series(["x", "y"], dtype="str")
    assert brought(column, np.array([1, -1])).isna().tolist() == [False, True]
    assert brought(column.head(0), np.array([-1])).isna().tolist() == [True]
    assert positions(column, column.head(0)).tolist() == [-1, -1]


def test_mapped_asks_once_per_value_and_keeps_the_index():
    asked = []
    column = pd.Series(["x", None, "x"], index=[5, 6, 7], dtype="str")
    found = mapped(column, lambda value: asked.append(value) or value.upper(), "str")
    assert asked == ["x"]
    assert found.to_dict()[7] == "X"
    assert pd.isna(found[6])


def test_a_column_named_twice_counts_once():
    assert list(groups(pd.DataFrame({"a": [1]}), ["a", "a"]).keys.columns) == ["a"]


def test_an_unknown_column_is_told():
    with pytest.raises(PlanError, match="cannot group by mayor"):
        groups(pd.DataFrame({"a": [1]}), ["mayor"])


def test_a_default_that_is_given_is_remembered_as_one_that_is_left_out():
    times = []

    @remembered
    def measure(plans, level=1):
        times.append(level)
        return pd.DataFrame({"level": [level]})

    plans = Tables()
    for found in (measure(plans), measure(plans, 1), measure(plans, level=1), measure(plans, 2)):
        found["level"] = 0
    assert times == [1, 2]
    assert measure(plans)["level"].tolist() == [1]


def test_lists_are_built_while_nothing_is_collected_and_collecting_goes_on_after_an_error():
    assert gc.isenabled()
    with pytest.raises(IndexError):
        listed(np.array(["a"], dtype=object), np.array([0, 1]), 2)
    assert gc.isenabled()
