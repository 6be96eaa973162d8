"""Reviewed directions: which of several decisions about one indicator counts."""

import pandas as pd
import pytest

from compare.measures import attainment
from compare.measures.directions import decided
from compare.problems import PlanError


def way(name, *decisions, code="0001", source=None, record="i1"):
    """What the decisions, as dictionaries with a direction, say of an indicator."""
    asked = {"indicator_id": record, "municipality_code": code, "name": name, "source_name": source}
    found = decided(pd.DataFrame([asked]), pd.DataFrame(list(decisions)))
    return None if found.isna().iloc[0] else found.iloc[0]


LOWER, HIGHER = {"direction": "lower"}, {"direction": "higher"}


def test_a_name_is_matched_without_case_and_spaces():
    assert way("Lång  Väntetid", {"name": "lång väntetid", **LOWER}) == "lower"
    assert way("Väntetid", {"name": "Lång väntetid", **LOWER}) is None


def test_a_star_stands_for_any_letters():
    assert way("Andel sjöar med god status", {"name": "andel * med god status", **HIGHER}) == "higher"
    assert way("Andel sjöar", {"name": "andel * med god status", **HIGHER}) is None
    assert way("Antal (per 1 000)", {"name": "antal (per*", **LOWER}) == "lower"


def test_a_kolada_id_is_found_in_the_name_and_in_the_source():
    assert way("Resultat, N15001", {"kpi": "N15001", **HIGHER}) == "higher"
    assert way("Resultat", {"kpi": "N15001", **HIGHER}, source="Kolada N15001") == "higher"
    assert way("Resultat N150012", {"kpi": "N15001", **HIGHER}) is None


def test_the_narrowest_decision_counts():
    everywhere, here = {"name": "Kö", **LOWER}, {"name": "Kö", "municipality_code": "0001", **HIGHER}
    assert way("Kö", everywhere, here) == "higher"
    assert way("Kö", everywhere, here, code="0002") == "lower"
    assert way("Kö", {"name": "k*", **HIGHER}, everywhere) == "lower"
    assert way("Kö", everywhere, {"indicator_id": "i1", **HIGHER}) == "higher"
    assert way("Kö", {"name": "k*", **LOWER}, {"name": "k*", "municipality_code": "0001", **HIGHER}) == "higher"


def test_of_equals_the_first_counts_and_an_empty_one_decides_nothing():
    assert way("Kö", {"name": "Kö", **LOWER}, {"name": "Kö", **HIGHER}) == "lower"
    assert way("Kö", {"name": "Kö", "direction": None}, {"name": "Kö", **HIGHER}) == "higher"


def test_without_decisions_nothing_is_decided():
    assert way("Kö") is None
    asked = pd.DataFrame([{"indicator_id": "i", "municipality_code": "0001", "name": "Kö", "source_name": None}] * 2)
    assert decided(asked, None).isna().tolist() == [True, True]


def test_each_row_gets_its_own_answer_in_order():
    rows = [
        ("a", "0001", "Kö", None),
        ("b", "0001", "Nöjdhet", None),
        ("c", "0002", "Kö", None),
        ("d", "1", None, None),
    ]
    asked = pd.DataFrame(rows, columns=["indicator_id", "municipality_code", "name", "source_name"])
    table = pd.DataFrame([{"name": "kö*", **LOWER}, {"name": "nöjd*", **HIGHER}])
    assert decided(asked, table).fillna("none").tolist() == ["lower", "higher", "lower", "none"]


@pytest.mark.parametrize("wrong", [[{"name": "x", "direction": "up"}], [{"unit": "x", "direction": "lower"}]])
def test_a_table_that_says_something_else_is_refused(wrong):
    with pytest.raises(PlanError, match="reviewed directions"):
        way("x", *wrong)


def test_a_pattern_decides_what_becomes_of_a_target(given):
    plans = given.plans(
        indicators=[given.indicator("i", name="Handläggningstid, månader")],
        indicator_values=[given.value("i", 2022, "target", 10.0), given.value("i", 2022, "outcome", 8.0)],
    )
    table = pd.DataFrame([{"name": "handläggningstid*", **LOWER}])
    assert attainment.verdicts(plans, table)[["basis", "verdict"]].to_numpy().tolist() == [["reviewed", "met"]]
