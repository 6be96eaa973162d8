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
