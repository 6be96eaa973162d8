"""The hazard of being completed, on plans of a few rows."""

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
