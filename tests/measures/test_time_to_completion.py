"""When things are completed or cancelled, on plans of a few rows."""

import numpy as np
import pytest

from compare.measures import time_to_completion
from tests.measures.follow_ups import plans_of


def test_the_hazard_follows_a_life_table():
    plans = plans_of(
        ("0001", 2022, "T1", ["completed", "expected", "expected", "in_progress", "cancelled"]),
        ("0001", 2022, "T2", ["completed", "completed", "in_progress", "in_progress", "cancelled"]),
        ("0001", 2022, "T3", ["completed", "completed", "completed", "not_completed", "cancelled"]),
    )
    found = time_to_completion.hazard(plans)
    assert found["month"].tolist() == [4, 8, 12]
    assert found["at_risk"].tolist() == [5, 3, 2]
    assert found["completed"].tolist() == [1, 1, 1]
    assert found["cancelled"].tolist() == [1, 0, 0]
    assert found["open"].tolist() == pytest.approx([4 / 5, 4 / 5 * 2 / 3, 4 / 5 * 2 / 3 / 2])


def test_the_survival_interval_agrees_with_statsmodels():
    from statsmodels.duration.survfunc import SurvfuncRight

    plans = plans_of(
        ("0001", 2022, "T1", ["completed"] * 3 + ["in_progress"] * 17),
        ("0001", 2022, "T2", ["completed"] * 9 + ["in_progress"] * 11),
        ("0001", 2022, "T3", ["completed"] * 12 + ["in_progress"] * 8),
    )
    found = time_to_completion.hazard(plans)
    times, done = [4] * 3 + [8] * 6 + [12] * 11, [1] * 12 + [0] * 8
    known = SurvfuncRight(times, done)
    assert found["open"].tolist() == pytest.approx(known.surv_prob.tolist())
    greenwood = known.surv_prob_se / known.surv_prob / np.abs(np.log(known.surv_prob))
    expected = known.surv_prob ** np.exp(1.959964 * greenwood)
    assert found["open_low"].tolist() == pytest.approx(expected.tolist(), rel=1e-5)


def test_where_nothing_or_everything_was_completed_so_far_there_is_no_interval():
    found = time_to_completion.hazard(
        plans_of(
            ("0001", 2022, "T1", ["in_progress"] * 3),
            ("0001", 2022, "T2", ["completed", "in_progress", "in_progress"]),
            ("0001", 2022, "T3", ["completed"] * 3),
        )
    )
    assert found["open"].tolist() == pytest.approx([1, 2 / 3, 0])
    assert found["open_low"].isna().tolist() == found["open_high"].isna().tolist() == [True, False, True]


WITH_CANCELLED = plans_of(
    ("0001", 2022, "T1", ["completed"] * 3 + ["cancelled"] * 2 + ["in_progress"] * 20),
    ("0001", 2022, "T2", ["completed"] * 3 + ["cancelled"] * 2 + ["completed"] * 5 + ["cancelled"] + ["expected"] * 14),
    # Two are not reported at the end: what became of them is not known.
    ("0001", 2022, "T3", ["completed"] * 16 + ["not_completed"] * 7),
)


def test_what_was_completed_is_not_what_would_have_been_had_nothing_been_cancelled():
    plans = plans_of(
        ("0001", 2022, "T1", ["completed", "cancelled", "cancelled", "in_progress", "in_progress"]),
        ("0001", 2022, "T3", ["completed", "cancelled", "cancelled", "completed", "not_completed"]),
    )
    found = time_to_completion.incidence(plans)
    assert found["at_risk"].tolist() == [5, 2]
    assert found["share"].tolist() == pytest.approx([0.2, 0.4])
    assert found["cancelled_share"].tolist() == pytest.approx([0.4, 0.4])
    assert found["open_share"].tolist() == pytest.approx([0.4, 0.2])
    # The hazard's answer is another one: four fifths times a half are open, had none been cancelled.
    assert time_to_completion.hazard(plans)["open"].tolist() == pytest.approx([0.8, 0.4])


def test_the_incidence_and_its_error_agree_with_statsmodels():
    from statsmodels.duration.survfunc import CumIncidenceRight

    found = time_to_completion.incidence(WITH_CANCELLED)
    completed, cancelled = [4] * 3 + [8] * 5 + [12] * 5, [4] * 2 + [8] * 1
    open_ = [8] * 2 + [12] * 7
    times = np.array(completed + cancelled + open_)
    ends = np.array([1] * len(completed) + [2] * len(cancelled) + [0] * len(open_))
    known = CumIncidenceRight(times, ends)
    for number, (share, low, high) in enumerate(
        (("share", "low", "high"), ("cancelled_share", "cancelled_low", "cancelled_high"))
    ):
        assert found[share].tolist() == pytest.approx(known.cinc[number].tolist())
        scaled = 1.959964 * known.cinc_se[number] / (known.cinc[number] * np.log(known.cinc[number]))
        assert found[low].tolist() == pytest.approx((known.cinc[number] ** np.exp(-scaled)).tolist(), rel=1e-5)
        assert found[high].tolist() == pytest.approx((known.cinc[number] ** np.exp(scaled)).tolist(), rel=1e-5)


def test_where_all_came_to_an_end_there_is_no_interval():
    found = time_to_completion.incidence(plans_of(("0001", 2022, "T3", ["completed"] * 4)))
    assert found["share"].tolist() == [1.0]
    assert found[["low", "high", "cancelled_low"]].isna().all(axis=None)


def test_groups_are_counted_apart():
    plans = plans_of(
        ("0001", 2022, "T1", ["completed", "in_progress"]),
        ("0001", 2022, "T3", ["completed", "cancelled"]),
        ("0002", 2022, "T1", ["cancelled", "in_progress", "in_progress"]),
        ("0002", 2022, "T3", ["cancelled", "completed", "completed"]),
    )
    found = time_to_completion.incidence(plans, by=["municipality_code"])
    assert found["share"].tolist() == pytest.approx([0.5, 0.5, 0.0, 2 / 3])
    assert found["open_share"].tolist() == pytest.approx([0.5, 0.0, 2 / 3, 0.0])
