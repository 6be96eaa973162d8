"""Indicators on values of a few rows: coverage, direction, ambition, trend, parts."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from compare.contract import Tables, frame
from compare.measures import attainment, goal_structure, indicators
from tests.measures.printed_values import limit, plans_of

NO_PLANS = Tables()


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


def test_a_target_of_a_year_before_the_plans_is_not_what_the_plan_asks_for():
    plans = plans_of(("x", "outcome", 2020, 40), ("x", "target", 2021, 30), ("x", "target", 2022, 50))
    assert indicators.ambition(plans)["year"].tolist() == [2022]


def test_a_cell_that_says_there_is_no_target_yet_is_none():
    plans = plans_of(
        ("a", "target", 2022, "Saknas"), ("a", "target", 2023, "Ny indikator"), ("b", "target", 2022, "Minskat")
    )
    assert indicators.targets(plans)["text"].tolist() == ["Minskat"]
    assert indicators.coverage(plans).set_index("measure").loc["target_in_words", "k"] == 1
    found = goal_structure.target_coverage(plans)
    assert found.loc[found["requirement"] == "target", ["count", "n"]].iloc[0].tolist() == [1, 2]


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


def test_an_indicator_that_two_documents_state_counts_once_a_year():
    plans = plans_of(
        ("a", "outcome", 2021, 1),
        ("b", "target", 2022, 3),
        ("a", "outcome", 2022, 2, {"plan_year": 2023}),
        linked=[("0001-2022/a", "0001-2022/b"), ("0001-2022/a", "0001-2023/a")],
    )
    found = indicators.coverage(plans)
    found = found[found["measure"] == "any_value"].set_index("year")
    assert found[["k", "n"]].to_numpy().tolist() == [[1, 1], [1, 1]]
    assert found["record_ids"].tolist() == [["0001-2022/a"], ["0001-2023/a"]]


def test_coverage_has_wilsons_interval_and_the_bounds_of_what_is_unknown():
    bare = frame("indicators", [{"indicator_id": "n", "municipality_code": "0003", "year": 2022}])
    plans = plans_of(("a", "target", 2022, 1), ("b", "outcome", 2021, 2), ("c", "outcome", 2021, 2))
    plans = plans.replace(indicators=pd.concat([plans.indicators, bare], ignore_index=True))
    found = indicators.coverage(plans, ["year"]).set_index("measure").loc["target"]
    assert found[["k", "n", "unknown"]].tolist() == [1, 3, 1]
    assert (found["low"], found["high"]) == pytest.approx(proportion_confint(1, 3, method="wilson"))
    assert (found["bound_low"], found["bound_high"]) == (1 / 4, 2 / 4)


def test_what_falls_is_better_where_less_is_better():
    plans = plans_of(
        *(("x", "outcome", year, value) for year, value in ((2019, 9), (2020, 8), (2021, 3))),
        ("x", "target", 2022, "Minskat"),
    )
    assert indicators.trends(plans)["moved"].tolist() == ["better"]


def test_parts_of_one_kind_and_year_are_paired_and_told_of_which_indicator_they_are():
    women, men = {"group": "women"}, {"group": "men"}
    plans = plans_of(
        *(
            ("x", kind, 2022, value, {**group, "unit": "%", "goal_id": "g"})
            for kind, pair in (("target", (70, 75)), ("outcome", (61, 66)))
            for group, value in zip((women, men), pair, strict=True)
        ),
        ("x", "outcome", 2021, 60, {**women, "goal_id": "g"}),
        ("y", "outcome", 2022, 3, women),
        ("y", "outcome", 2022, 0, men),
    )
    found = indicators.by_sex(plans)
    assert found[["name", "year", "kind", "unit", "goal_id", "female", "male"]].fillna("").to_numpy().tolist() == [
        ["x", 2022, "target", "%", "g", 70, 75],
        ["x", 2022, "outcome", "%", "g", 61, 66],
        ["y", 2022, "outcome", "", "", 3, 0],
    ]
    assert found["ratio"].tolist() == pytest.approx([70 / 75, 61 / 66, np.nan], nan_ok=True)


def test_a_place_among_others_is_no_height_to_reach():
    plans = plans_of(
        ("x", "outcome", 2021, 30), ("x", "target", 2022, 0, limit("topp 25 %", 25.0)), ("y", "target", 2022, 4)
    )
    assert indicators.ambition(plans)["name"].tolist() == ["y"]


def test_parts_of_one_indicator_are_series_of_their_own_and_no_others():
    rows = [(name, "outcome", 2021, 1, {"group": part}) for name in "abc" for part in ("women", "men", "åk 9", None)]
    found = indicators.series(plans_of(*rows))
    assert found["series"].nunique() == len(found) == 12
    again = indicators.series(plans_of(*rows, *((n, k, 2022, 2, more) for n, k, _, _, more in rows)))
    assert again["series"].tolist() == [*again["series"][:12]] * 2


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


SOME = plans_of(
    ("x", "outcome", 2021, 54, {"group": "women"}),
    ("x", "outcome", 2021, 61, {"group": "men"}),
    ("x", "target", 2022, 70, {"group": "men"}),
)
MEASURES = [
    indicators.series,
    indicators.targets,
    indicators.coverage,
    indicators.ambition,
    indicators.trends,
    indicators.by_sex,
    attainment.verdicts,
    attainment.rates,
]


@pytest.mark.parametrize("measure", MEASURES)
def test_without_plans_each_measure_is_empty_with_its_columns(measure):
    empty, full = (measure(plans) for plans in (NO_PLANS, SOME))
    assert empty.empty
    assert not full.empty
    assert list(empty.columns) == list(full.columns)


def test_values_without_words_or_years_are_borne():
    bare = Tables(
        indicator_values=frame(
            "indicator_values",
            [{"indicator_value_id": "v", "indicator_id": "gone", "plan_year": 2022, "kind": "target", "value": 3.0}],
        )
    )
    assert indicators.targets(bare)["basis"].tolist() == ["unknown"]
    assert attainment.verdicts(bare).empty
    assert indicators.ambition(bare)["ambition"].tolist() == ["no_baseline"]
