"""What changed between two periods, on plans of a few rows."""

import pytest

from compare.measures import status_changes
from compare.problems import PlanError
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


def test_each_municipality_has_a_matrix_of_its_own():
    plans = plans_of(
        *(("0001", 2022, period, ["expected", status]) for period, status in (("T1", "expected"), ("T3", "completed"))),
        *(("0002", 2022, period, ["expected"]) for period in ("T1", "T3")),
    )
    found = status_changes.transitions(plans)
    assert found[["municipality_code", "from_status", "to_status", "n", "total"]].to_numpy().tolist() == [
        ["0001", "expected", "completed", 1, 2],
        ["0001", "expected", "expected", 1, 2],
        ["0002", "expected", "expected", 1, 1],
    ]


def test_only_what_is_assessed_at_both_periods_changes():
    plans = plans_of(
        ("0001", 2022, "T1", ["completed", "unknown", "cancelled", "expected", "completed", "completed"]),
        ("0001", 2022, "T3", ["completed", "completed", "completed", "cancelled", "unknown"]),
    )
    found = status_changes.change(plans).iloc[0]
    assert found[["n", "both", "gained", "lost", "neither"]].tolist() == [1, 1, 0, 0, 0]


def test_change_has_rates_of_the_same_assignments_at_both_ends():
    plans = plans_of(
        ("0001", 2022, "T1", ["completed"] * 3 + ["expected"] * 7),
        ("0001", 2022, "T3", ["completed"] * 2 + ["in_progress"] + ["completed"] * 4 + ["not_completed"] * 3),
    )
    found = status_changes.change(plans).iloc[0]
    assert found[["n", "both", "gained", "lost", "neither"]].tolist() == [10, 2, 4, 1, 3]
    assert found[["rate_start", "rate_end", "difference"]].tolist() == pytest.approx([0.3, 0.6, 0.3])
    # In the sample the correlation is negative, 2 * 3 - 4 * 1 = 2 less 5 being none: the plain interval.
    assert found["low"] < 0 < found["difference"] < found["high"]
    assert len(found["record_ids"]) == 20


def test_nothing_can_be_grouped_by_the_period_itself():
    with pytest.raises(PlanError, match="period"):
        status_changes.transitions(TWO_FOLLOW_UPS, by=["period"])
    with pytest.raises(PlanError, match="status"):
        status_changes.transitions(TWO_FOLLOW_UPS, by=["status"])


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
