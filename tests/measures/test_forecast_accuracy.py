"""Forecasts held against what came, on inline plans and worked examples."""

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss

from compare.contract import STATUSES, Tables, frame, together
from compare.measures import forecast_accuracy

NO_PLANS = Tables()


def plans_of(pairs, made="T1", end="T3", code="0001"):
    """Pairs of (status at the interim period, status at the end or None); the n-th rows are the same assignment."""
    documents = [
        {"document_id": f"{code}-{period}", "municipality_code": code, "year": 2022, "reading": "machine"}
        for period in (made, end)
    ]
    assignments, statuses, links = [], [], []
    for number, pair in enumerate(pairs):
        for period, status in zip((made, end), pair, strict=True):
            if status is None:
                continue
            row = {"document_id": f"{code}-{period}", "municipality_code": code, "year": 2022}
            key = f"{code}-{period}/a{number}"
            assignments.append({**row, "assignment_id": key, "title": f"x{number}", "committees": ["KS", "TN"]})
            said = {"status_id": f"{code}-{period}/s{number}", "assignment_id": key, "period": f"2022-{period}"}
            statuses.append({**row, **said, "status": status})
        if None not in pair:
            ends = {"from_id": f"{code}-{made}/a{number}", "to_id": f"{code}-{end}/a{number}"}
            links.append(
                {"from_table": "assignments", "to_table": "assignments", "relation": "same_assignment", **ends}
            )
    return Tables(
        documents=frame("documents", documents),
        assignments=frame("assignments", assignments),
        statuses=frame("statuses", statuses),
        links=frame("links", links),
    )


# The shape of a real pair of follow-ups: 7 of 8 expected at T1, of which 5 held; 1 was completed already.
FIVE_OF_SEVEN = plans_of([("expected", "completed")] * 5 + [("expected", "not_completed")] * 2 + [("completed",) * 2])


def test_five_of_seven_forecasts_held():
    found = forecast_accuracy.hit_rates(FIVE_OF_SEVEN).iloc[0]
    assert found[["n", "held", "better", "worse", "unknown"]].tolist() == [7, 5, 0, 2, 0]
    assert found["rate"] == pytest.approx(5 / 7)
    assert (found["low"], found["high"]) == pytest.approx((0.3589, 0.9178), abs=1e-4)
    assert found["optimism"] == pytest.approx(2 / 7)
    assert len(found["record_ids"]) == 14


def test_the_base_rate_would_have_been_the_better_forecaster():
    # All 7 were said to be certain: Brier 2/7; the base rate 5/7 alone errs by 5/7 * 2/7.
    found = forecast_accuracy.scores(FIVE_OF_SEVEN).iloc[0]
    assert found[["brier", "brier_base", "skill"]].tolist() == pytest.approx([2 / 7, 10 / 49, 1 - 7 / 5])
    assert found["rps"] == pytest.approx(2 / 7)


def test_other_chances_and_a_given_base_rate_are_taken():
    found = forecast_accuracy.scores(FIVE_OF_SEVEN, chances={"expected": 0.8}, base_rate=0.5).iloc[0]
    assert found["brier"] == pytest.approx((5 * 0.04 + 2 * 0.64) / 7)
    assert found["brier_base"] == pytest.approx(0.25)


def test_the_ranked_probability_score_counts_how_many_levels_off():
    near = forecast_accuracy.scores(plans_of([("expected", "partly_completed")])).iloc[0]
    far = forecast_accuracy.scores(plans_of([("expected", "not_completed")])).iloc[0]
    right = forecast_accuracy.scores(plans_of([("partly_expected", "partly_completed")])).iloc[0]
    assert (near["rps"], far["rps"], right["rps"]) == (0.5, 1.0, 0.0)


def _ranked_probability_score(said, reached):
    """Of levels 0 to 2: the squared distances of the two cumulated distributions, on average, by the definition."""
    above = [[np.cumsum(np.eye(3)[level])[:2] for level in levels] for levels in (said, reached)]
    return float(np.mean(np.sum((np.array(above[0]) - np.array(above[1])) ** 2, axis=1) / 2))


def test_scores_of_each_group_are_those_of_scikit_learn_and_of_the_definition():
    ended = {
        "0001": ["completed"] * 4 + ["partly_completed", "not_completed", "completed"],
        "0002": ["completed", "not_completed"],
    }
    said = {
        "0001": ["expected"] * 3 + ["partly_expected", "not_expected", "expected", "not_expected"],
        "0002": ["not_expected", "expected"],
    }
    plans = together(plans_of(list(zip(said[code], ended[code], strict=True)), code=code) for code in said)
    chances = {"expected": 0.9, "partly_expected": 0.4, "not_expected": 0.1}
    found = forecast_accuracy.scores(plans, chances=chances).set_index("municipality_code")
    levels = {**forecast_accuracy.FORECAST_LEVELS, **forecast_accuracy.OUTCOME_LEVELS}
    for code in said:
        done = [status == "completed" for status in ended[code]]
        base = np.mean(done)
        expected = brier_score_loss(done, [chances[word] for word in said[code]])
        assert found.loc[code, ["n", "base_rate"]].tolist() == [len(done), pytest.approx(base)]
        assert found.loc[code, "brier"] == pytest.approx(expected)
        assert found.loc[code, "skill"] == pytest.approx(1 - expected / brier_score_loss(done, [base] * len(done)))
        said_levels, reached = ([levels[word] for word in words[code]] for words in (said, ended))
        assert found.loc[code, "rps"] == pytest.approx(_ranked_probability_score(said_levels, reached))
        shares = np.cumsum(np.bincount(reached, minlength=3) / len(reached))[:2]
        each = [np.sum((shares - np.cumsum(np.eye(3)[level])[:2]) ** 2) / 2 for level in reached]
        assert found.loc[code, "rps_base"] == pytest.approx(np.mean(each))
        assert found.loc[code, "rps_skill"] == pytest.approx(1 - found.loc[code, "rps"] / np.mean(each))


def test_where_the_base_rate_never_errs_there_is_no_skill():
    assert np.isnan(forecast_accuracy.scores(plans_of([("not_expected", "completed")] * 3))["skill"][0])


def test_forecasts_of_goals_are_measured_apart_from_those_of_assignments():
    rows = [
        {"document_id": f"d-{period}", "municipality_code": "0001", "year": 2022, "goal_id": "g"}
        | {"status_id": f"s-{period}", "period": f"2022-{period}", "status": status}
        for period, status in (("T2", "expected"), ("T3", "not_completed"))
    ]
    plans = Tables(goals=frame("goals", [{"goal_id": "g", "title": "G", "level": 1}]), statuses=frame("statuses", rows))
    measures = (forecast_accuracy.hit_rates, forecast_accuracy.confusion, forecast_accuracy.scores)
    assert [len(measure(plans, subject="goal")) for measure in measures] == [1, 1, 1]
    assert [len(measure(plans)) for measure in measures] == [0, 0, 0]
    assert forecast_accuracy.hit_rates(plans, subject="goal")["worse"].tolist() == [1]


def test_missing_unknown_and_cancelled_ends_are_no_misses():
    plans = plans_of(
        [("expected", "completed"), ("expected", None), ("expected", "unknown"), ("expected", "cancelled")]
    )
    found = forecast_accuracy.hit_rates(plans).iloc[0]
    assert found[["n", "held", "unknown", "cancelled"]].tolist() == [1, 1, 2, 1]
    assert (found["bound_low"], found["bound_high"]) == pytest.approx((1 / 3, 1))
    assert found["too_few"]


def test_without_any_outcome_the_rate_is_missing_and_not_zero():
    found = forecast_accuracy.hit_rates(plans_of([("expected", None)])).iloc[0]
    assert found["n"] == 0
    assert np.isnan([found["rate"], found["optimism"]]).all()
    assert forecast_accuracy.scores(plans_of([("expected", None)])).empty


def test_the_confusion_matrix_shows_what_each_word_came_to():
    plans = plans_of(
        [("expected", "completed")] * 3
        + [("expected", "partly_completed"), ("not_expected", "completed"), ("expected", None)]
    )
    found = forecast_accuracy.confusion(plans)
    assert found[["forecast", "outcome", "n", "total"]].fillna("none").to_numpy().tolist() == [
        ["expected", "completed", 3, 4],
        ["expected", "partly_completed", 1, 4],
        ["expected", "none", 1, 4],
        ["not_expected", "completed", 1, 1],
    ]
    assert np.isnan(found["share"][2])
    assert [len(ids) for ids in found["record_ids"]] == [6, 2, 1, 2]
    assert forecast_accuracy.forecasts(plans)["unit_id"].tolist() == [f"0001-T1/a{number}" for number in range(6)]


def test_a_better_outcome_than_forecast_makes_the_forecasts_pessimistic():
    found = forecast_accuracy.hit_rates(plans_of([("not_expected", "completed")] * 8)).iloc[0]
    assert (found["optimism"], found["better"]) == (-1, 8)
    assert found["optimism_high"] < 0


def test_only_the_latest_forecast_counts_unless_a_period_is_named():
    late = plans_of([("not_expected", "completed")], made="T2")
    assert forecast_accuracy.forecasts(late)["made_at"].tolist() == ["T2"]
    assert forecast_accuracy.forecasts(late, made_at="T1").empty


def test_every_status_at_the_end_has_a_level_or_is_left_out():
    known = set(forecast_accuracy.OUTCOME_LEVELS) | set(forecast_accuracy.FORECAST_LEVELS) | {"cancelled", "unknown"}
    assert known == set(STATUSES)


def test_forecasts_can_be_counted_by_committee():
    found = forecast_accuracy.hit_rates(FIVE_OF_SEVEN, ["committee"])
    assert found["committee"].tolist() == ["KS", "TN"]
    assert found["n"].tolist() == [7, 7]


def amounts(*rows):
    """Budget lines as (kind, year, plan_year, amount in kronor, {column: value})."""
    return Tables(
        budget_lines=frame(
            "budget_lines",
            [
                {
                    "budget_line_id": f"b{number}",
                    "document_id": f"d{plan_year}",
                    "municipality_code": "1280",
                    "plan_year": plan_year,
                    "year": year,
                    "kind": kind,
                    "table_title": "Resultat",
                    "label": "Årets resultat",
                    "amount_sek": amount,
                    **values,
                }
                for number, (kind, year, plan_year, amount, values) in enumerate(rows)
            ],
        )
    )


# Forecasts of the year's result in August and the outcomes of a large city, in million kronor (its annual report 2018).
MILLION = 1_000_000
RESULTS = amounts(
    ("forecast", 2014, 2014, 80 * MILLION, {}),
    ("outcome", 2014, 2015, -70 * MILLION, {}),
    ("forecast", 2015, 2015, 316 * MILLION, {}),
    ("outcome", 2015, 2016, 563 * MILLION, {}),
    ("forecast", 2017, 2017, 485 * MILLION, {}),
    ("outcome", 2017, 2018, 848 * MILLION, {}),
)


def test_money_errors_are_outcome_minus_forecast():
    found = forecast_accuracy.money(RESULTS)
    assert (found["error"] / MILLION).tolist() == [-150, 247, 363]


def test_money_bias_has_a_t_interval():
    from scipy import stats

    found = forecast_accuracy.money_accuracy(RESULTS).iloc[0]
    errors = np.array([-150, 247, 363]) * MILLION
    low, high = stats.t.interval(0.95, 2, errors.mean(), stats.sem(errors))
    assert found["bias"] == pytest.approx(errors.mean())
    assert (found["low"], found["high"]) == pytest.approx((low, high))
    assert found["mae"] == pytest.approx(np.abs(errors).mean())
    assert found["mape"] == pytest.approx(np.mean([150 / 70, 247 / 563, 363 / 848]))
    assert found[["n", "above", "below", "unpaired"]].tolist() == [3, 2, 1, 0]
    assert found["record_ids"] == ["b0", "b2", "b4", "b1", "b3", "b5"]


def test_the_outcome_is_the_latest_printed_one_of_the_same_table():
    plans = amounts(
        ("forecast", 2021, 2021, 100, {"table_title": "Drift 2021"}),
        ("outcome", 2021, 2022, 90, {"table_title": "DRIFT  2022"}),
        ("outcome", 2021, 2023, 95, {"table_title": "Drift 2023"}),
        ("outcome", 2021, 2023, 7, {"table_title": "Investeringar"}),
    )
    assert forecast_accuracy.money(plans)["outcome"].tolist() == [95]


def test_figures_of_an_office_and_a_category_have_the_outcome_of_these():
    kinds = [
        {"office": office, "category": category} for office in ("Skola", "Vård") for category in ("cost", "revenue")
    ]
    plans = amounts(
        *(("forecast", 2021, 2021, 100, of) for of in kinds),
        *(("outcome", 2021, 2022, 100 + 10 * place, of) for place, of in enumerate(kinds)),
    )
    assert forecast_accuracy.money(plans)["error"].tolist() == [0, 10, 20, 30]
    assert forecast_accuracy.money_accuracy(plans)[["n", "above", "below"]].to_numpy().tolist() == [[4, 3, 0]]


def test_titles_and_labels_are_the_same_in_capitals_and_with_other_years():
    plans = amounts(
        ("forecast", 2021, 2021, 100, {"table_title": "Drift 2021", "label": "Årets  resultat 2021"}),
        ("outcome", 2021, 2022, 90, {"table_title": "DRIFT 2022", "label": "ÅRETS RESULTAT"}),
    )
    assert forecast_accuracy.money(plans)["error"].tolist() == [-10]


def test_signs_are_judged_table_by_table():
    tables = [{"table_title": title, "label": label} for title in ("Drift", "Resultat") for label in "abc"]
    plans = amounts(
        *(("forecast", 2021, 2021, -100, of) for of in tables),
        *(("outcome", 2021, 2022, 90 if of["table_title"] == "Drift" else -90, of) for of in tables),
    )
    assert forecast_accuracy.money(plans)["state"].tolist() == ["sign_differs"] * 3 + ["paired"] * 3
    assert forecast_accuracy.money_accuracy(plans)["record_ids"].tolist() == [["b3", "b4", "b5", "b9", "b10", "b11"]]


def test_amounts_of_nothing_have_no_sign():
    labels = [{"label": label} for label in "abcd"]
    plans = amounts(
        *(("forecast", 2021, 2021, amount, of) for amount, of in zip((0, 0, 100, 100), labels, strict=True)),
        *(("outcome", 2021, 2022, amount, of) for amount, of in zip((90, -80, 90, 95), labels, strict=True)),
    )
    assert forecast_accuracy.money(plans)["error"].tolist() == [90, -80, -10, -5]


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([("forecast", 2021, 2021, 100, {})], "no_outcome"),
        (
            [("forecast", 2021, 2021, 100, {}), ("outcome", 2021, 2022, 90, {}), ("outcome", 2021, 2022, 80, {})],
            "ambiguous",
        ),
    ],
)
def test_what_cannot_be_paired_gives_no_error_and_says_why(rows, state):
    plans = amounts(*rows)
    found = forecast_accuracy.money(plans).iloc[0]
    assert found["state"] == state
    assert np.isnan(found["error"])
    total = forecast_accuracy.money_accuracy(plans).iloc[0]
    assert total[["n", "unpaired"]].tolist() == [0, 1]
    assert np.isnan(total["bias"])


def test_tables_that_print_signs_differently_are_not_compared():
    labels = [{"label": label} for label in "abc"]
    made = [("forecast", 2021, 2021, -100, label) for label in labels]
    plans = amounts(*made, *[("outcome", 2021, 2022, 90, label) for label in labels])
    assert forecast_accuracy.money(plans)["state"].tolist() == ["sign_differs"] * 3
    assert forecast_accuracy.money_accuracy(plans)["unpaired"].tolist() == [3]
    one_turned = amounts(
        *made, *[("outcome", 2021, 2022, 90 if label == labels[0] else -90, label) for label in labels]
    )
    assert forecast_accuracy.money(one_turned)["error"].tolist() == [190, 10, 10]


@pytest.mark.parametrize("measure", ["forecasts", "hit_rates", "confusion", "scores"])
def test_without_plans_each_measure_is_empty_with_its_columns(measure):
    empty, full = (getattr(forecast_accuracy, measure)(plans) for plans in (NO_PLANS, FIVE_OF_SEVEN))
    assert empty.empty
    assert list(empty.columns) == list(full.columns)


@pytest.mark.parametrize("measure", ["money", "money_accuracy"])
def test_without_amounts_each_measure_is_empty_with_its_columns(measure):
    empty, full = (getattr(forecast_accuracy, measure)(plans) for plans in (NO_PLANS, RESULTS))
    assert empty.empty
    assert list(empty.columns) == list(full.columns)
