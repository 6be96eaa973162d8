"""Indicators on values of a few rows: coverage, direction, attainment, ambition, trend, parts."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from compare.contract import Tables, frame
from compare.measures import goal_structure, indicators
from compare.problems import PlanError

NO_PLANS = Tables()


def plans_of(*values, goals=(), statuses=(), linked=()):
    """Values as (indicator, kind, year, text or number, {column: value}); the plan year is 2022 unless told."""
    rows, own = [], {}
    for number, (name, kind, year, cell, *more) in enumerate(values):
        more = dict(more[0]) if more else {}
        plan_year = more.pop("plan_year", 2022)
        code = more.pop("municipality_code", "0001")
        of_document = {"document_id": f"{code}-{plan_year}", "municipality_code": code}
        key = f"{code}-{plan_year}/{name}"
        goal = {"goal_id": more.pop("goal_id")} if "goal_id" in more else {}
        own[key] = {"indicator_id": key, **of_document, "year": plan_year, "name": name, **goal}
        value, text = (None, cell) if isinstance(cell, str) else (cell, str(cell))
        rows.append(
            {
                "indicator_value_id": f"v{number}",
                "indicator_id": key,
                **of_document,
                "plan_year": plan_year,
                "year": year,
                "kind": kind,
                "value": value,
                "text": text,
                **more,
            }
        )
    links = [
        {"from_table": "indicators", "from_id": a, "to_table": "indicators", "to_id": b, "relation": "same_indicator"}
        for a, b in linked
    ]
    return Tables(
        indicators=frame("indicators", own.values()),
        indicator_values=frame("indicator_values", rows),
        links=frame("links", links),
        goals=frame("goals", goals),
        statuses=frame("statuses", statuses),
    )


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("minst 35 %", "higher"),
        ("> 90", "higher"),
        ("≥ 95 %", "higher"),
        ("Ökad", "higher"),
        ("öka till 80 %", "higher"),
        ("inte under 80", "higher"),
        ("inte minska", "higher"),
        ("< 20", "lower"),
        ("högst 5", "lower"),
        ("Minskat", "lower"),
        ("Minskat Minskat", "lower"),
        ("ska inte öka", "lower"),
        ("5-10", "between"),
        ("oförändrad", "keep"),
        ("topp 25 %", "rank"),
        ("8,2", None),
        ("8,2 (nollmätning)", None),
        ("Förbättras", None),
        ("bättre än mätning 2022", None),
        ("Basvärde tas fram", None),
        ("100 %", None),
    ],
)
def test_a_direction_is_read_from_words_and_never_from_numbers(text, direction):
    assert indicators.stated_direction(text) == direction


def verdicts(plans, **more):
    return indicators.attainment(plans, **more)["verdict"].tolist()


def limit(text, value):
    return {"text": text, "value": value}


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
        (limit("35", 35.0), 36, "direction_unknown"),
        (limit("35", 35.0), 35, "equal"),
        (limit("topp 25 %", 25.0), 20, "rank"),
        (limit("ökad", None), 20, "no_baseline"),
        (limit("oförändrad", None), 20, "unclear"),
        (limit("Ny indikator", None), 20, "unclear"),
    ],
)
def test_a_target_is_judged_only_by_a_stated_direction(target, outcome, verdict):
    assert verdicts(plans_of(("x", "target", 2022, 0, target), ("x", "outcome", 2022, outcome))) == [verdict]


def test_without_an_outcome_nothing_is_judged():
    plans = plans_of(("x", "target", 2022, 0, limit("minst 35", 35.0)), ("x", "outcome", 2021, 50))
    assert verdicts(plans) == ["no_outcome"]
    found = indicators.attainment_rates(plans).iloc[0]
    assert found[["n", "unknown", "no_outcome"]].tolist() == [0, 1, 1]
    assert np.isnan(found["rate"])


@pytest.mark.parametrize(
    ("words", "outcome", "verdict"),
    [
        ("Minskat", 7, "met"),
        ("Minskat", 8, "not_met"),
        ("ska inte öka", 8, "met"),
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
    found = indicators.attainment(plans_of(*values)).set_index("year")
    assert found.loc[2023, ["direction", "basis", "verdict"]].tolist() == ["higher", "stated", "met"]
    against = plans_of(*values, ("x", "target", 2024, 0, limit("högst 30", 30.0)))
    assert indicators.attainment(against).set_index("year").loc[2023, "basis"] == "unknown"


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
    found = indicators.attainment(plans, pd.DataFrame(table)).iloc[0]
    assert found[["direction", "basis", "verdict"]].tolist() == ["lower", "reviewed", "met"]
    assert verdicts(plans) == ["direction_unknown"]
    elsewhere = pd.DataFrame({"name": ["Väntetid"], "municipality_code": ["0002"], "direction": ["lower"]})
    assert indicators.attainment(plans, elsewhere)["basis"].tolist() == ["unknown"]


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
    found = indicators.attainment(plans).iloc[0]
    assert (found["outcome"], found["outcome_id"], found["verdict"]) == (11, "v2", "met")


def test_the_target_is_that_of_the_plan_for_the_year():
    plans = plans_of(
        ("x", "target", 2023, 10, {"plan_year": 2021}),
        ("x", "target", 2023, 20, {"plan_year": 2023}),
        ("x", "target", 2023, 30, {"plan_year": 2024}),
        linked=[("0001-2021/x", "0001-2023/x"), ("0001-2023/x", "0001-2024/x")],
    )
    assert indicators.attainment(plans)["target"].tolist() == [20]


def test_different_units_are_not_compared():
    plans = plans_of(
        ("x", "target", 2022, 0, {**limit("minst 10 %", 10.0), "unit": "%"}),
        ("x", "outcome", 2022, 50, {"unit": "antal"}),
    )
    found = indicators.attainment(plans).iloc[0]
    assert found["verdict"] == "not_comparable"
    assert np.isnan([found["progress"], found["gap"]]).all()


def test_progress_and_gap_say_how_far_it_is():
    plans = plans_of(
        ("x", "outcome", 2021, 50), ("x", "target", 2022, 0, limit("minst 70", 70.0)), ("x", "outcome", 2022, 60)
    )
    found = indicators.attainment(plans).iloc[0]
    assert (found["progress"], found["gap"]) == pytest.approx((0.5, -1 / 7))
    equal = plans_of(("x", "outcome", 2021, 70), ("x", "target", 2022, 70), ("x", "outcome", 2022, 60))
    assert np.isnan(indicators.attainment(equal)["progress"][0])


def test_attainment_rates_show_what_cannot_be_judged():
    plans = plans_of(
        ("a", "target", 2022, 0, limit("minst 1", 1.0)),
        ("a", "outcome", 2022, 2),
        ("b", "target", 2022, 0, limit("minst 5", 5.0)),
        ("b", "outcome", 2022, 2),
        ("c", "target", 2022, 9),
        ("c", "outcome", 2022, 2),
    )
    found = indicators.attainment_rates(plans).iloc[0]
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
    found = indicators.attainment_rates(plans).iloc[0]
    assert found[["n", "met", "equal", "unknown"]].tolist() == [1, 0, 1, 1]
    assert found[["rate", "bound_low", "bound_high"]].tolist() == [0, 0.5, 0.5]


def test_forecasts_can_be_held_against_targets():
    plans = plans_of(("x", "target", 2022, 0, limit("minst 1", 1.0)), ("x", "forecast", 2022, 2))
    assert verdicts(plans) == ["no_outcome"]
    assert verdicts(plans, against="forecast") == ["met"]


def test_ambition_compares_the_target_with_what_was_reached():
    plans = plans_of(
        ("up", "outcome", 2021, 40),
        ("up", "target", 2023, 0, limit("minst 50", 50.0)),
        ("down", "outcome", 2021, 60),
        ("down", "target", 2023, 0, limit("minst 50", 50.0)),
        ("same", "outcome", 2021, 5),
        ("same", "target", 2022, 5),
        ("which", "outcome", 2021, 12),
        ("which", "target", 2022, 24),
        ("new", "target", 2022, 24),
    )
    found = indicators.ambition(plans).set_index("name")
    assert found["ambition"].to_dict() == {
        "up": "raises",
        "down": "lowers",
        "same": "holds",
        "which": "direction_unknown",
        "new": "no_baseline",
    }
    assert found.loc["up", ["change", "relative", "per_year"]].tolist() == [10, 0.25, 5]


def test_a_baseline_is_from_before_the_plan_and_the_target():
    values = [("x", "outcome", 2020, 1), ("x", "outcome", 2021, 2), ("x", "outcome", 2022, 3, {"plan_year": 2024})]
    plans = plans_of(
        *values,
        ("x", "target", 2021, 9),
        ("x", "target", 2025, 9),
        ("y", "outcome", 2024, 7),
        linked=[("0001-2022/x", "0001-2024/x")],
    )
    found = indicators.targets(plans).set_index("year")
    assert found["baseline"].to_dict() == {2021: 1, 2025: 2}
    assert found["baseline_id"].to_dict() == {2021: "v0", 2025: "v1"}


def test_trends_agree_with_scipy():
    years, values = [2018, 2019, 2021, 2022], [10, 14, 13, 19]
    plans = plans_of(
        *[("x", "outcome", year, value) for year, value in zip(years, values, strict=True)],
        ("x", "target", 2023, "Ökad"),
        ("two", "outcome", 2021, 1),
        ("two", "outcome", 2022, 2),
        ("one", "outcome", 2021, 1),
    )
    found = indicators.trends(plans).set_index("name")
    known = stats.linregress(years, values)
    half = stats.t.ppf(0.975, 2) * known.stderr
    assert found.loc["x", ["slope", "low", "high"]].tolist() == pytest.approx(
        [known.slope, known.slope - half, known.slope + half]
    )
    assert found.loc["x", ["points", "first", "last", "moved", "basis"]].tolist() == [4, 10, 19, "better", "stated"]
    assert found.loc["two", ["slope", "moved", "too_few"]].tolist() == [1, "direction_unknown", True]
    assert np.isnan(found.loc["two", "low"])
    assert np.isnan(found.loc["one", "slope"])
    assert found.loc["one", "moved"] == "too_few"


def test_parts_are_followed_apart_and_compared():
    girls, boys = {"group": "girls"}, {"group": "boys"}
    plans = plans_of(
        ("x", "outcome", 2021, 54, girls), ("x", "outcome", 2021, 61, boys), ("x", "outcome", 2022, 60, girls)
    )
    found = indicators.by_sex(plans)
    assert found[["female", "male", "difference", "pair", "record_ids"]].to_numpy().tolist() == [
        [54, 61, -7, "children", ["v0", "v1"]]
    ]
    assert indicators.trends(plans)["points"].tolist() == [1, 2]


def test_coverage_says_what_indicators_lack():
    plans = plans_of(
        ("a", "outcome", 2021, 1),
        ("a", "target", 2022, 0, limit("minst 1", 1.0)),
        ("b", "target", 2022, "Minskat"),
        ("c", "outcome", 2022, 5),
    )
    plans = Tables(
        indicators=pd.concat(
            [
                plans.indicators,
                frame("indicators", [{"indicator_id": "d", "municipality_code": "0001", "year": 2022, "name": "d"}]),
            ]
        ),
        indicator_values=plans.indicator_values,
    )
    found = indicators.coverage(plans).set_index("measure")
    assert found["k"].to_dict() == {
        "any_value": 3,
        "baseline": 1,
        "target": 1,
        "target_in_words": 1,
        "complete": 1,
        "direction_stated": 2,
    }
    assert found["n"].unique().tolist() == [4]
    assert found.loc["any_value", "missing_ids"] == ["d"]
    assert found.loc["target_in_words", "record_ids"] == ["0001-2022/b"]


def test_where_no_value_is_printed_what_indicators_come_with_is_unknown_and_not_lacking():
    bare = frame("indicators", [{"indicator_id": i, "municipality_code": "0002", "year": 2022} for i in ("x", "y")])
    plans = SOME.replace(indicators=pd.concat([SOME.indicators, bare], ignore_index=True))
    found = indicators.coverage(plans).set_index(["municipality_code", "measure"]).loc["0002"]
    assert found["n"].unique().tolist() == [0]
    assert found["unknown"].unique().tolist() == [2]
    assert found["rate"].isna().all()
    assert (found["bound_low"].unique().tolist(), found["bound_high"].unique().tolist()) == ([0], [1])
    assert found.loc["target", "missing_ids"] == []
    both = goal_structure.target_coverage(plans)
    assert both[both["municipality_code"] == "0002"]["n"].tolist() == [0, 0]


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
    found = indicators.self_assessment(plans).iloc[0]
    assert found[["n", "fulfilled", "overstated", "understated", "record_ids"]].tolist() == [1, 1, 1, 0, ["s"]]
    assert found["too_few"]


SOME = plans_of(
    ("x", "outcome", 2021, 54, {"group": "women"}),
    ("x", "outcome", 2021, 61, {"group": "men"}),
    ("x", "target", 2022, 70, {"group": "men"}),
)
MEASURES = ["series", "targets", "attainment", "attainment_rates", "coverage", "ambition", "trends", "by_sex"]


@pytest.mark.parametrize("measure", MEASURES)
def test_without_plans_each_measure_is_empty_with_its_columns(measure):
    empty, full = (getattr(indicators, measure)(plans) for plans in (NO_PLANS, SOME))
    assert empty.empty
    assert not full.empty
    assert list(empty.columns) == list(full.columns)


def test_self_assessment_without_goals_is_empty():
    assert indicators.self_assessment(NO_PLANS).empty
    assert indicators.self_assessment(SOME).empty


def test_values_without_words_or_years_are_borne():
    bare = Tables(
        indicator_values=frame(
            "indicator_values",
            [{"indicator_value_id": "v", "indicator_id": "gone", "plan_year": 2022, "kind": "target", "value": 3.0}],
        )
    )
    assert indicators.targets(bare)["basis"].tolist() == ["unknown"]
    assert indicators.attainment(bare).empty
    assert indicators.ambition(bare)["ambition"].tolist() == ["no_baseline"]
