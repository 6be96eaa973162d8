"""What comments make of statuses, on plans of a few rows."""

import numpy as np

from compare.measures import status_comments
from tests.measures.follow_ups import TWO_FOLLOW_UPS, plans_of, the


def test_qualified_statuses_are_counted_with_their_reasons():
    found = the(status_comments.qualified(TWO_FOLLOW_UPS, periods=["T3"]), status="completed")
    assert found[["n", "qualified", "unknown"]].tolist() == [6, 3, 0]
    assert len(found["record_ids"]) == 3
    why = status_comments.qualifications(TWO_FOLLOW_UPS, periods=["T3"])
    assert the(why, qualification="limited_by_resources")[["n", "total"]].tolist() == [2, 6]
    unsaid = the(status_comments.qualified(TWO_FOLLOW_UPS, periods=["T1"]), status="expected")
    assert unsaid[["n", "unknown"]].tolist() == [0, 7]
    assert np.isnan(unsaid["rate"])


def test_sensitivity_has_every_choice_of_halves_worked_out():
    plans = plans_of(
        ("0001", 2022, "T3", [
            *["completed"] * 3, {"status": "completed", "qualified": True}, "partly_completed", "partly_completed",
            "not_completed", "unknown", "cancelled",
        ]),
    )  # fmt: skip
    found = status_comments.sensitivity(plans)
    assert found.index.tolist() == list(range(9))
    expected = {(p, q): (3 + 2 * p + q) / 7 for p in (0.0, 0.5, 1.0) for q in (0.0, 0.5, 1.0)}
    assert dict(zip(zip(found["partly"], found["qualified"], strict=True), found["rate"], strict=True)) == expected
    assert found[["n", "moved"]].drop_duplicates().to_numpy().tolist() == [[7, 1]]
    assert found["from_strict"].tolist() == [rate - 4 / 7 for rate in found["rate"]]
    assert {len(ids) for ids in found["record_ids"]} == {7}


def test_sensitivity_shows_what_the_choices_move():
    found = status_comments.sensitivity(TWO_FOLLOW_UPS)
    assert the(found, partly=0.0, qualified=1.0)["rate"] == 6 / 8
    assert the(found, partly=0.0, qualified=0.0)[["rate", "from_strict", "moved"]].tolist() == [3 / 8, -3 / 8, 3]
    only = status_comments.sensitivity(TWO_FOLLOW_UPS, limiting=["delayed"])
    assert the(only, partly=0.0, qualified=0.0)["rate"] == 5 / 8
