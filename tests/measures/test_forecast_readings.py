"""The Brier score of words under several readings: by hand, and never below the base rate where all say the same."""

import pytest
from sklearn.metrics import brier_score_loss

from compare.measures import forecast_readings

STATUSES = {"a": ("expected", "completed"), "b": ("expected", "completed"), "c": ("expected", "not_completed")}


@pytest.fixture
def plans(given):
    """Assignments with a forecast at T1 and a status at T3."""

    def build(statuses):
        rows = [
            {"assignment_id": name, "period": f"2022-{period}", "status": status, "basis": basis}
            for name, pair in statuses.items()
            for period, status, basis in zip(("T1", "T3"), pair, ("forecast", "outcome"), strict=True)
        ]
        return given.plans(assignments=[given.assignment(name) for name in statuses], statuses=rows)

    return build


def test_scores_are_those_worked_out_by_hand(plans):
    rows = forecast_readings.readings(plans(STATUSES), certainties=(1.0, 0.9)).set_index("certainty")
    assert rows.loc[1.0, "brier"] == pytest.approx(1 / 3)
    assert rows.loc[0.9, "brier"] == pytest.approx((2 * 0.01 + 0.81) / 3)
    assert rows["brier_base"].tolist() == pytest.approx([2 / 9, 2 / 9])


def test_each_word_has_its_chance_under_a_reading(plans):
    three = {
        "a": ("expected", "completed"),
        "b": ("partly_expected", "completed"),
        "c": ("not_expected", "not_completed"),
        "d": ("partly_expected", "not_completed"),
    }
    found = forecast_readings.readings(plans(three), certainties=(0.8,))
    assert found["brier"][0] == pytest.approx(brier_score_loss([True, True, False, False], [0.8, 0.5, 0.2, 0.5]))
    assert found["base_rate"][0] == 1 / 2
    assert "rps" not in found


def test_the_words_of_an_office_that_is_not_named_are_listed_too(plans):
    (row,) = forecast_readings.words_used(plans(STATUSES), by=["office"]).to_dict("records")
    assert (row["n"], row["same"]) == (3, True)


@pytest.mark.parametrize("certainty", [0.05, 0.5, 2 / 3, 0.95])
def test_forecasts_that_say_the_same_never_beat_the_base_rate(plans, certainty):
    (row,) = forecast_readings.readings(plans(STATUSES), certainties=(certainty,)).to_dict("records")
    assert row["brier"] >= row["brier_base"] - 1e-12


def test_the_words_that_were_used_are_listed(plans):
    (row,) = forecast_readings.words_used(plans(STATUSES)).to_dict("records")
    assert (row["n"], row["words"], row["same"]) == (3, ["expected"], True)
    mixed = plans(STATUSES | {"d": ("not_expected", "not_completed")})
    assert not forecast_readings.words_used(mixed)["same"].any()


def test_no_forecasts_give_no_rows(given):
    assert forecast_readings.readings(given.plans()).empty
    assert forecast_readings.words_used(given.plans()).empty
