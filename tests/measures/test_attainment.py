"""Whether targets were reached, on values of a few rows."""

import numpy as np
import pandas as pd
import pytest

from compare.contract import Tables
from compare.measures import attainment, indicators
from compare.problems import PlanError
from tests.measures.printed_values import limit, plans_of


def verdicts(plans, **more):
    return attainment.verdicts(plans, **more)["verdict"].tolist()


@pytest.mark.parametrize(
    ("target", "outcome", "verdict"),
    [
        (limit("minst 35", 35.0), 35, "met"),
        (limit("minst 35", 35.0), 34, "not_met"),
        (limit("> 35", 35.0), 35, "not_met"),
        (limit("högst 35", 35.0), 35, "met"),
        (limit("< 35", 35.0), 36, "not_met"),
        (limit("5-10", 5.0), 10, "met"),
        (limit("5-10", 5.0), 11, "not_met"),
        (limit("5-10", 5.0), 5, "met"),
        (limit("5-10", 5.0), 4, "not_met"),
        (limit("35", 35.0), 36, "direction_unknown"),
        (limit("35", 35.0), 35, "equal"),
        (limit("topp 25 %", 25.0), 20, "rank"),
        (limit("ökad", None), 20, "no_baseline"),
        (limit("oförändrad", None), 20, "unclear"),
        (limit("Ett program", None), 20, "unclear"),
    ],
)
def test_a_target_is_judged_only_by_a_stated_direction(target, outcome, verdict):
    assert verdicts(plans_of(("x", "target", 2022, 0, target), ("x", "outcome", 2022, outcome))) == [verdict]


def test_without_an_outcome_nothing_is_judged():
    plans = plans_of(("x", "target", 2022, 0, limit("minst 35", 35.0)), ("x", "outcome", 2021, 50))
    assert verdicts(plans) == ["no_outcome"]
    found = attainment.rates(plans).iloc[0]
    assert found[["n", "unknown", "no_outcome"]].tolist() == [0, 1, 1]
    assert np.isnan(found["rate"])


@pytest.mark.parametrize(
    ("words", "outcome", "verdict"),
    [
        ("Minskat", 7, "met"),
        ("Minskat", 8, "not_met"),
        ("ska inte öka", 8, "met"),
        ("större eller lika", 8, "met"),
        ("bibehålla eller öka", 8, "met"),
        ("bibehålla eller öka", 7, "not_met"),
        ("Ökad", 8, "not_met"),
        ("Ökad", 9, "met"),
        ("större än 2021", 9, "met"),
        ("större än 2019", 9, "no_baseline"),
    ],
)
def test_words_are_judged_against_the_baseline(words, outcome, verdict):
    plans = plans_of(("x", "outcome", 2021, 8), ("x", "target", 2022, words), ("x", "outcome", 2022, outcome))
    assert verdicts(plans) == [verdict]


def test_a_change_can_be_too_small_to_count():
    plans = plans_of(("x", "outcome", 2021, 8), ("x", "target", 2022, "Ökad"), ("x", "outcome", 2022, 8.1))
    assert verdicts(plans) == ["met"]
    assert verdicts(plans, smallest_change=0.5) == ["not_met"]


def test_the_direction_of_one_cell_holds_for_the_indicators_other_targets():
    values = [("x", "target", 2022, 0, limit("minst 35", 35.0)), ("x", "target", 2023, 40), ("x", "outcome", 2023, 41)]
    found = attainment.verdicts(plans_of(*values)).set_index("year")
    assert found.loc[2023, ["direction", "basis", "verdict"]].tolist() == ["higher", "stated", "met"]
    against = plans_of(*values, ("x", "target", 2024, 0, limit("högst 30", 30.0)))
    assert attainment.verdicts(against).set_index("year").loc[2023, "basis"] == "unknown"


@pytest.mark.parametrize(
    "table",
    [
        {"indicator_id": ["0001-2022/Väntetid"], "direction": ["lower"]},
        {"name": ["väntetid "], "direction": ["lower"]},
        {"name": ["Väntetid"], "municipality_code": ["0001"], "direction": ["lower"]},
    ],
)
def test_a_reviewed_table_gives_directions(table):
    plans = plans_of(("Väntetid", "target", 2022, 10), ("Väntetid", "outcome", 2022, 8))
    found = attainment.verdicts(plans, pd.DataFrame(table)).iloc[0]
    assert found[["direction", "basis", "verdict"]].tolist() == ["lower", "reviewed", "met"]
    assert verdicts(plans) == ["direction_unknown"]
    elsewhere = pd.DataFrame({"name": ["Väntetid"], "municipality_code": ["0002"], "direction": ["lower"]})
    assert attainment.verdicts(plans, elsewhere)["basis"].tolist() == ["unknown"]


@pytest.mark.parametrize(
    "wrong", [{"name": ["x"], "way": ["up"]}, {"direction": ["lower"]}, {"name": ["x"], "direction": ["up"]}]
)
def test_a_wrong_reviewed_table_is_refused(wrong):
    with pytest.raises(PlanError, match="reviewed directions"):
        indicators.targets(plans_of(("x", "target", 2022, 1)), pd.DataFrame(wrong))


def test_the_outcome_of_a_later_plan_meets_the_target_of_an_earlier_one():
    plans = plans_of(
        ("x", "target", 2022, 0, limit("minst 10", 10.0)),
        ("x", "outcome", 2022, 9, {"plan_year": 2023}),
        ("x", "outcome", 2022, 11, {"plan_year": 2024}),
        linked=[("0001-2022/x", "0001-2023/x"), ("0001-2023/x", "0001-2024/x")],
    )
    found = attainment.verdicts(plans).iloc[0]
    assert (found["outcome"], found["outcome_id"], found["verdict"]) == (11, "v2", "met")


def test_the_target_is_that_of_the_plan_for_the_year():
    plans = plans_of(
        ("x", "target", 2023, 10, {"plan_year": 2021}),
        ("x", "target", 2023, 20, {"plan_year": 2023}),
        ("x", "target", 2023, 30, {"plan_year": 2024}),
        linked=[("0001-2021/x", "0001-2023/x"), ("0001-2023/x", "0001-2024/x")],
    )
    assert attainment.verdicts(plans)["target"].tolist() == [20]


def test_different_units_are_not_compared():
    plans = plans_of(
        ("x", "target", 2022, 0, {**limit("minst 10 %", 10.0), "unit": "%"}),
        ("x", "outcome", 2022, 50, {"unit": "antal"}),
    )
    found = attainment.verdicts(plans).iloc[0]
    assert found["verdict"] == "not_comparable"
    assert np.isnan([found["progress"], found["gap"]]).all()


@pytest.mark.parametrize(("of_target", "of_outcome"), [("%", None), (None, "%"), (None, None), ("ANTAL", "antal")])
def test_a_unit_that_is_left_out_or_in_capitals_contradicts_none(of_target, of_outcome):
    plans = plans_of(
        ("x", "target", 2022, 0, {**limit("minst 10", 10.0), "unit": of_target}),
        ("x", "outcome", 2022, 50, {"unit": of_outcome}),
    )
    assert verdicts(plans) == ["met"]


def test_progress_and_gap_say_how_far_it_is():
    plans = plans_of(
        ("x", "outcome", 2021, 50), ("x", "target", 2022, 0, limit("minst 70", 70.0)), ("x", "outcome", 2022, 60)
    )
    found = attainment.verdicts(plans).iloc[0]
    assert (found["progress"], found["gap"]) == pytest.approx((0.5, -1 / 7))
    equal = plans_of(("x", "outcome", 2021, 70), ("x", "target", 2022, 70), ("x", "outcome", 2022, 60))
    assert np.isnan(attainment.verdicts(equal)["progress"][0])


def test_attainment_rates_show_what_cannot_be_judged():
    plans = plans_of(
        ("a", "target", 2022, 0, limit("minst 1", 1.0)),
        ("a", "outcome", 2022, 2),
        ("b", "target", 2022, 0, limit("minst 5", 5.0)),
        ("b", "outcome", 2022, 2),
        ("c", "target", 2022, 9),
        ("c", "outcome", 2022, 2),
    )
    found = attainment.rates(plans).iloc[0]
    assert found[["n", "met", "unknown", "direction_unknown", "stated", "reviewed"]].tolist() == [2, 1, 1, 1, 2, 0]
    assert (found["rate"], found["bound_low"], found["bound_high"]) == pytest.approx((1 / 2, 1 / 3, 2 / 3))
    assert found["record_ids"] == ["v0", "v2", "v1", "v3"]


def test_exactly_reached_targets_without_direction_do_not_raise_the_rate():
    plans = plans_of(
        ("a", "target", 2022, 0, limit("minst 5", 5.0)),
        ("a", "outcome", 2022, 2),
        ("b", "target", 2022, 9),
        ("b", "outcome", 2022, 9),
    )
    found = attainment.rates(plans).iloc[0]
    assert found[["n", "met", "equal", "unknown"]].tolist() == [1, 0, 1, 1]
    assert found[["rate", "bound_low", "bound_high"]].tolist() == [0, 0.5, 0.5]


def test_forecasts_can_be_held_against_targets():
    plans = plans_of(("x", "target", 2022, 0, limit("minst 1", 1.0)), ("x", "forecast", 2022, 2))
    assert verdicts(plans) == ["no_outcome"]
    assert verdicts(plans, against="forecast") == ["met"]


def test_goals_called_fulfilled_against_their_own_indicators():
    goal = {"document_id": "d", "municipality_code": "0001", "year": 2022}
    own = {"goal_id": "g"}
    values = [
        ("a", "target", 2022, 0, {**limit("minst 5", 5.0), **own}),
        ("a", "outcome", 2022, 4, own),
        ("b", "target", 2022, 0, {**limit("minst 5", 5.0), **own}),
        ("b", "outcome", 2022, 3, own),
    ]
    status = {**goal, "status_id": "s", "goal_id": "g", "period": "2022"}
    plans = plans_of(
        *values, goals=[{**goal, "goal_id": "g", "title": "G"}], statuses=[{**status, "status": "completed"}]
    )
    found = attainment.self_assessment(plans).iloc[0]
    assert found[["n", "fulfilled", "overstated", "understated", "record_ids"]].tolist() == [1, 1, 1, 0, ["s"]]
    assert found["too_few"]


def test_self_assessment_without_goals_is_empty():
    assert attainment.self_assessment(Tables()).empty
    assert attainment.self_assessment(plans_of(("x", "target", 2022, 70), ("x", "outcome", 2022, 71))).empty


def a_way(name, baseline, target, outcome, **more):
    """A target with the outcome of the year before and of its own year."""
    cell = limit(f"minst {target}", float(target))
    return (
        (name, "outcome", 2021, baseline, more),
        (name, "target", 2022, 0, cell | more),
        (name, "outcome", 2022, outcome, more),
    )


def test_progress_is_clipped_before_it_is_averaged():
    plans = plans_of(*a_way("half", 10, 20, 15), *a_way("beyond", 10, 20, 90), *a_way("away", 10, 20, 0))
    found = attainment.progress(plans).iloc[0]
    assert found[["n", "mean", "median", "away", "beyond"]].tolist() == [3, 0.5, 0.5, 1, 1]
    # Student's t with two degrees of freedom reaches 4.3 standard errors: beyond the scale on both sides.
    assert found[["low", "high"]].tolist() == [0, 1]


def test_the_interval_of_the_mean_progress_agrees_with_scipy():
    from scipy import stats

    ways = [0.1, 0.3, 0.4, 0.5, 0.6]
    plans = plans_of(*(row for i, way in enumerate(ways) for row in a_way(f"x{i}", 0, 10, 10 * way)))
    found = attainment.progress(plans).iloc[0]
    known = stats.t.interval(0.95, len(ways) - 1, loc=np.mean(ways), scale=stats.sem(ways))
    assert found[["low", "high"]].tolist() == pytest.approx(list(known))


def test_a_target_that_was_met_already_has_no_way_to_go():
    plans = plans_of(
        *a_way("floor", 50, 35, 40), ("y", "outcome", 2021, 3), ("y", "target", 2022, 9), ("y", "outcome", 2022, 5)
    )
    found = attainment.progress(plans).iloc[0]
    assert found[["n", "unknown"]].tolist() == [0, 2]
    assert np.isnan(found["mean"])
