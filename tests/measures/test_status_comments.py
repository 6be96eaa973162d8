"""What comments make of statuses, on plans of a few rows."""

import numpy as np

from compare.measures import status_comments
from tests.measures.follow_ups import TWO_FOLLOW_UPS, the


def test_qualified_statuses_are_counted_with_their_reasons():
    found = the(status_comments.qualified(TWO_FOLLOW_UPS, periods=["T3"]), status="completed")
    assert found[["n", "qualified", "unknown"]].tolist() == [6, 3, 0]
    assert len(found["record_ids"]) == 3
    why = status_comments.qualifications(TWO_FOLLOW_UPS, periods=["T3"])
    assert the(why, qualification="limited_by_resources")[["n", "total"]].tolist() == [2, 6]
    unsaid = the(status_comments.qualified(TWO_FOLLOW_UPS, periods=["T1"]), status="expected")
    assert unsaid[["n", "unknown"]].tolist() == [0, 7]
    assert np.isnan(unsaid["rate"])


def test_sensitivity_shows_what_the_choices_move():
    found = status_comments.sensitivity(TWO_FOLLOW_UPS)
    assert the(found, partly=0.0, qualified=1.0)["rate"] == 6 / 8
    assert the(found, partly=0.0, qualified=0.0)[["rate", "from_strict", "moved"]].tolist() == [3 / 8, -3 / 8, 3]
    only = status_comments.sensitivity(TWO_FOLLOW_UPS, limiting=["delayed"])
    assert the(only, partly=0.0, qualified=0.0)["rate"] == 5 / 8
