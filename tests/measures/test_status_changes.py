"""What changed between two periods, on plans of a few rows."""

import pytest

from compare.measures import status_changes
from tests.measures.follow_ups import T1, TWO_FOLLOW_UPS, plans_of, the


def test_transitions_are_the_matrix_from_t1_to_t3():
    found = status_changes.transitions(TWO_FOLLOW_UPS)
    held = the(found, from_status="expected", to_status="completed")
    assert held[["n", "total"]].tolist() == [5, 7]
    assert held["share"] == pytest.approx(5 / 7)
    assert len(held["record_ids"]) == 10
    assert the(found, from_status="expected", to_status="not_completed")["n"] == 2
    assert the(found, from_status="completed", to_status="completed")["n"] == 1


def test_transitions_show_what_was_dropped_and_what_came_later():
    plans = plans_of(("0001", 2022, "T1", ["expected", "expected"]), ("0001", 2022, "T3", ["completed"]))
    lost = status_changes.transitions(plans)
    assert lost[lost["to_status"].isna()]["n"].tolist() == [1]
    plans = plans_of(("0001", 2022, "T1", ["expected"]), ("0001", 2022, "T3", ["completed", "completed"]))
    new = status_changes.transitions(plans)
    assert new[new["from_status"].isna()]["n"].tolist() == [1]


def test_transitions_need_both_periods():
    assert status_changes.transitions(plans_of(("0001", 2022, "T1", T1))).empty


def test_change_compares_the_same_assignments():
    found = status_changes.change(TWO_FOLLOW_UPS).iloc[0]
    assert found[["n", "both", "gained", "lost", "neither", "late"]].tolist() == [8, 1, 5, 0, 2, 0]
    assert found["difference"] == pytest.approx(5 / 8)
    assert found["low"] > 0


def test_a_completed_assignment_can_be_lost_and_an_unlikely_one_won():
    plans = plans_of(
        ("0001", 2022, "T2", ["completed", "not_expected"]), ("0001", 2022, "T3", ["in_progress", "completed"])
    )
    found = status_changes.change(plans, start="T2").iloc[0]
    assert found[["gained", "lost", "late"]].tolist() == [1, 1, 1]


def test_news_get_worse_or_turn_good_from_one_follow_up_to_the_next():
    plans = plans_of(
        ("0001", 2022, "T1", ["expected", "expected", "at_risk", "in_progress", "expected"]),
        ("0001", 2022, "T2", ["partly_expected", "expected", "not_expected", "expected", "cancelled"]),
        ("0001", 2022, "T3", ["completed", "not_completed", "completed", "completed", "cancelled"]),
    )
    found = status_changes.turns(plans)
    assert found[["from_period", "to_period"]].to_numpy().tolist() == [["T1", "T2"], ["T2", "year"]]
    assert found[["n", "better", "same", "worse", "unknown"]].to_numpy().tolist() == [[3, 0, 1, 2, 2], [4, 2, 1, 1, 1]]
    # At T2 two were doubted, and both were completed when the year ended.
    assert found[["doubted", "turned"]].to_numpy().tolist() == [[1, 0], [2, 2]]
    assert found["rate"].tolist() == pytest.approx([2 / 3, 1 / 4])
    assert [len(ids) for ids in found["record_ids"]] == [4, 6]


def test_follow_ups_that_do_not_stand_next_to_each_other_are_not_compared():
    plans = plans_of(
        ("0001", 2022, "T1", ["expected"]),
        ("0001", 2022, "T2", ["expected"]),
        ("0001", 2022, "T3", ["completed"]),
        ("0002", 2022, "T1", ["at_risk"]),
        ("0002", 2022, "year", ["completed"]),
    )
    found = status_changes.turns(plans)
    assert found[["municipality_code", "from_period", "to_period"]].to_numpy().tolist() == [
        ["0001", "T1", "T2"],
        ["0001", "T2", "year"],
        ["0002", "T1", "year"],
    ]


def test_one_follow_up_leaves_nothing_to_turn():
    assert status_changes.turns(plans_of(("0001", 2022, "T1", T1))).empty
