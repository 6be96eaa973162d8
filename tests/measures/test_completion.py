"""Completion measures on plans of a few rows."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from compare.contract import Tables, frame
from compare.measures import completion, status_changes, status_comments, time_to_completion
from compare.measures.sources import sources
from compare.measures.status_history import history, latest
from compare.measures.units import lasting_ids
from compare.problems import PlanError
from tests.measures.follow_ups import T1, TWO_FOLLOW_UPS, plans_of, the

NO_PLANS = Tables()


def test_the_interim_rate_is_what_was_completed_by_then():
    found = completion.rates(TWO_FOLLOW_UPS, ["period"], measures=["strict", "expected"])
    t1 = the(found, period="2022-T1", measure="strict")
    assert (t1["rate"], t1["n"], t1["completed"], t1["interim"]) == (1 / 8, 8, 1, 8)
    assert the(found, period="2022-T1", measure="expected")["rate"] == 1.0
    t3 = the(found, period="2022-T3", measure="strict")
    assert (t3["rate"], t3["completed"], t3["other"], t3["interim"]) == (6 / 8, 6, 2, 0)


def test_without_a_period_the_latest_status_counts_once():
    found = the(completion.rates(TWO_FOLLOW_UPS), measure="strict")
    assert (found["rate"], found["n"]) == (6 / 8, 8)
    assert (found["low"], found["high"]) == pytest.approx((0.4093, 0.9285), abs=1e-4)


def test_rates_lead_back_to_document_and_line():
    found = the(completion.rates(TWO_FOLLOW_UPS), measure="strict")
    places = sources(TWO_FOLLOW_UPS, found["record_ids"])
    assert places["line"].tolist() == list(range(1, 9))
    assert set(places["title"]) == {"2380-2022-t3"}
    assert set(places["table"]) == {"statuses"}


def test_an_id_that_nothing_knows_shows_as_a_broken_trail():
    places = sources(TWO_FOLLOW_UPS, [["2380-2022-t3/status-L0001"], "nowhere", None])
    assert places["record_id"].tolist() == ["2380-2022-t3/status-L0001", "nowhere"]
    assert places["document_id"].isna().tolist() == [False, True]


def test_the_distribution_shows_each_status_with_its_share():
    found = completion.distribution(TWO_FOLLOW_UPS, ["municipality_code", "period"])
    expected = the(found, period="2022-T1", status="expected")
    assert (expected["n"], expected["total"], expected["share"]) == (7, 8, 7 / 8)
    assert found.groupby("period")["share"].sum().tolist() == pytest.approx([1, 1])


def test_the_distribution_of_a_period_holds_what_was_said_in_it_and_nothing_unreported():
    plans = plans_of(
        ("2380", 2022, "T1", T1), ("2380", 2022, "T3", ["completed"]), plan_documents=[("2380", 2022, None, [{}] * 9)]
    )
    found = completion.distribution(plans, periods=["T1"])
    assert dict(zip(found["status"], found["n"], strict=True)) == {"completed": 1, "expected": 7}
    assert completion.distribution(plans)["total"].tolist() == [8, 8]


def test_an_assignment_of_two_committees_counts_in_both_or_by_halves():
    each = completion.rates(TWO_FOLLOW_UPS, ["committee"], measures=["strict"])
    assert the(each, committee="TN")[["n", "completed"]].tolist() == [3, 2]
    assert each["n"].sum() == 10
    shared = completion.rates(TWO_FOLLOW_UPS, ["committee"], measures=["strict"], committees="shared")
    assert the(shared, committee="TN")[["n", "completed"]].tolist() == [2, 1]
    assert the(shared, committee="KS")[["n", "completed"]].tolist() == [3.5, 2.5]
    assert shared["n"].sum() == 8


def test_an_assignment_without_a_committee_is_kept():
    found = completion.rates(plans_of(("0001", 2022, "T3", T1)), ["committee"], measures=["strict"])
    assert found["committee"].isna().tolist() == [True]
    assert found["n"].tolist() == [8]


MIXED = plans_of(
    ("0001", 2022, "T3", ["completed", "partly_completed", "not_completed", "cancelled", "unknown", "in_progress"])
)


@pytest.mark.parametrize(("measure", "rate"), [("strict", 1 / 4), ("lenient", 2 / 4), ("weighted", 1.5 / 4)])
def test_cancelled_and_unknown_are_left_out_of_the_denominator_and_reported(measure, rate):
    found = the(completion.rates(MIXED), measure=measure)
    assert found["rate"] == rate
    assert found[["n", "unknown", "cancelled", "other"]].tolist() == [4, 1, 1, 2]
    assert (found["bound_low"], found["bound_high"]) == pytest.approx((rate * 4 / 5, (rate * 4 + 1) / 5))
    assert found["too_few"]


def test_a_group_of_unknowns_has_a_missing_rate_and_bounds_of_0_and_1():
    found = the(completion.rates(plans_of(("0001", 2022, "T3", ["unknown", "unknown"]))), measure="strict")
    assert found["n"] == 0
    assert np.isnan([found["rate"], found["low"], found["high"]]).all()
    assert (found["bound_low"], found["bound_high"]) == (0, 1)


def test_a_municipality_without_follow_ups_has_no_rate_but_a_state():
    plans = plans_of(("2380", 2022, "T1", T1), plan_documents=[("0188", 2022, None, [{}, {}])])
    assert set(completion.rates(plans)["municipality_code"]) == {"2380"}
    covered = completion.coverage(plans)
    assert the(covered, municipality_code="0188")[["units", "reported", "state"]].tolist() == [2, 0, "no_follow_up"]
    assert the(covered, municipality_code="2380")["state"] == "interim_only"


def test_what_no_follow_up_speaks_of_can_count_as_unknown():
    plans = plans_of(("2380", 2022, "T3", ["completed"]), plan_documents=[("2380", 2022, None, [{}, {}, {}])])
    found = the(completion.rates(plans, unreported=True), measure="strict")
    assert found[["n", "unknown", "rate", "bound_low", "bound_high"]].tolist() == [1, 2, 1.0, 1 / 3, 1.0]
    assert found["record_ids"][0] == "2380-2022-t3/status-L0001"


def test_the_latest_status_prefers_period_then_outcome_then_line():
    two = plans_of(("0001", 2022, "T1", ["completed"]), ("0001", 2022, "T2", ["in_progress"]))
    assert latest(history(two))["status"].tolist() == ["in_progress"]
    same = Tables(
        assignments=frame("assignments", [{"assignment_id": "a", "document_id": "d", "year": 2022}]),
        statuses=frame(
            "statuses",
            [
                {"status_id": f"s{i}", "assignment_id": "a", "year": 2022, "period": "2022-T2", **said}
                for i, said in enumerate(
                    [
                        {"status": "in_progress", "line": 3},
                        {"status": "at_risk", "line": 2},
                        {"status": "expected", "line": 9},
                    ]
                )
            ],
        ),
    )
    assert latest(history(same))["status"].tolist() == ["in_progress"]


def test_the_annual_report_comes_after_the_third_tertial():
    plans = plans_of(("0001", 2022, "year", ["completed"]), ("0001", 2022, "T3", ["in_progress"]))
    assert latest(history(plans))["status"].tolist() == ["completed"]


def test_rows_are_one_unit_through_a_chain_of_links():
    ids = ["a", "b", "c", "d"]
    links = [
        ("a", "b", "same_assignment"),
        ("b", "c", "same_assignment"),
        ("c", "d", "continues"),
        ("a", "x", "same_assignment"),
    ]
    plans = Tables(
        assignments=frame("assignments", [{"assignment_id": i} for i in ids]),
        links=frame(
            "links",
            [
                {"from_table": "assignments", "from_id": a, "to_table": "assignments", "to_id": b, "relation": r}
                for a, b, r in links
            ],
        ),
    )
    assert lasting_ids(plans, "assignments").tolist() == ["a", "a", "a", "d"]
    assert lasting_ids(plans, "assignments", ["same_assignment", "continues"]).tolist() == ["a", "a", "a", "a"]


T20 = ["completed"] * 15 + ["not_completed"] * 5
TWO_MUNICIPALITIES = plans_of(
    ("0001", 2022, "T3", ["completed"] * 18 + ["not_completed"] * 2),
    ("0002", 2022, "T3", ["completed"] * 5 + ["not_completed"] * 15),
    ("0003", 2022, "T3", ["completed"] * 2),
)


def test_differences_between_municipalities_have_intervals_and_a_verdict():
    found = completion.differences(TWO_MUNICIPALITIES)
    pair = the(found, first="0001", second="0002")
    assert pair["difference"] == pytest.approx(-0.65)
    assert pair["verdict"] == "lower"
    assert the(found, first="0001", second="0003")["verdict"] == "too_few"
    assert len(found) == 3
    assert [len(pair[f"record_ids_{side}"]) for side in ("first", "second")] == [20, 20]


def test_differences_against_one_and_against_the_rest():
    found = completion.differences(TWO_MUNICIPALITIES, against="0002")
    assert found["second"].tolist() == ["0001", "0003"]
    rest = the(completion.differences(TWO_MUNICIPALITIES, rest=True), second="0001")
    assert rest["rate_first"] == pytest.approx(7 / 22)
    assert rest["difference"] == pytest.approx(0.9 - 7 / 22)
    assert rest["verdict"] == "higher"


def test_of_pairs_judged_together_only_those_of_the_same_year_count():
    alone = completion.differences(plans_of(*(("000" + n, 2022, "T3", T20) for n in "123")))
    years = completion.differences(plans_of(*(("000" + n, year, "T3", T20) for n in "123" for year in (2021, 2022))))
    assert years.groupby("year").size().tolist() == [3, 3]
    assert years["high"].tolist() == pytest.approx([alone["high"][0]] * 6)
    low, high = confint_proportions_2indep(15, 20, 15, 20, method="newcomb", alpha=0.05 / 3)
    assert (alone["low"][0], alone["high"][0]) == pytest.approx((low, high))


def test_the_limits_of_the_funnel_leave_five_and_two_in_a_thousand_outside():
    found = completion.funnel(TWO_MUNICIPALITIES).set_index("municipality_code")
    centre = 25 / 42
    assert found["centre"].unique() == pytest.approx([centre])
    for low, high, outside in (("limit_low", "limit_high", 0.05), ("outer_low", "outer_high", 0.002)):
        inside = stats.binom.ppf([outside / 2, 1 - outside / 2], 20, centre)
        # The limits lie within one unit below the exact ones, of which there are only whole ones.
        assert inside[0] - 1 <= found.loc["0001", low] * 20 <= inside[0]
        assert inside[1] - 1 <= found.loc["0001", high] * 20 <= inside[1]


def test_chances_in_the_funnel_are_judged_together_with_none_of_too_few():
    found = completion.funnel(TWO_MUNICIPALITIES).set_index("municipality_code")
    tails = [2 * stats.binom.sf(17, 20, 25 / 42), 2 * stats.binom.cdf(5, 20, 25 / 42)]
    assert found.loc[["0001", "0002"], "chance"].tolist() == pytest.approx(multipletests(tails, method="fdr_bh")[1])
    assert np.isnan(found.loc["0003", "chance"])


def test_the_funnel_of_goals_is_that_of_their_statuses():
    rows = [
        {"status_id": f"s{code}{i}", "goal_id": f"g{code}{i}", "municipality_code": code, "year": 2022}
        | {"period": "2022-T3", "status": "completed" if i < done else "not_completed"}
        for code, done in (("0001", 11), ("0002", 6))
        for i in range(12)
    ]
    goals = [{"goal_id": row["goal_id"], "title": row["goal_id"], "level": 1} for row in rows]
    found = completion.funnel(Tables(goals=frame("goals", goals), statuses=frame("statuses", rows)), subject="goal")
    assert found["n"].tolist() == [12, 12]
    assert found["rate"].tolist() == pytest.approx([11 / 12, 0.5])
    assert completion.funnel(Tables(goals=frame("goals", goals), statuses=frame("statuses", rows))).empty


def test_coverage_counts_what_is_followed_through_periods_once_and_each_year_for_itself():
    both = ["in_progress", "completed"]
    plans = plans_of(
        *(("0001", 2022, period, both) for period in ("T1", "T3", "year")), ("0001", 2023, "T1", ["in_progress"])
    )
    found = completion.coverage(plans).set_index("year")
    assert found.loc[2022, ["documents", "units", "reported", "reported_at_end"]].tolist() == [3, 2, 2, 2]
    assert found.loc[2023, ["documents", "units", "reported", "reported_at_end"]].tolist() == [1, 1, 1, 0]
    assert found["state"].tolist() == ["followed_up", "interim_only"]


def test_lists_of_unfinished_assignments_are_no_units_of_their_year():
    plans = plans_of(("0001", 2022, "T3", ["completed", {"status": "in_progress", "kind": "unfinished_assignment"}]))
    assert completion.coverage(plans)["units"].tolist() == [1]
    listed = plans_of(
        ("0001", 2022, "T3", ["completed"]),
        plan_documents=[("0001", 2022, None, [{}, {}, {"kind": "unfinished_assignment"}])],
    )
    assert completion.rates(listed, unreported=True)["unknown"].tolist() == [1] * 3


def test_what_lives_for_two_years_counts_in_each_with_its_status_of_that_year():
    plans = plans_of(("0001", 2022, "T3", ["not_completed"]), ("0001", 2023, "T3", ["completed"]))
    tie = {"from_table": "assignments", "to_table": "assignments", "relation": "same_assignment"}
    ends = {"from_id": plans.assignments["assignment_id"][0], "to_id": plans.assignments["assignment_id"][1]}
    found = completion.rates(plans.replace(links=frame("links", [tie | ends])), measures=["strict"])
    assert found[["year", "n", "rate"]].to_numpy().tolist() == [[2022, 1, 0], [2023, 1, 1]]


@pytest.mark.parametrize(("period", "state"), [("T3", "followed_up"), ("T1", "interim_only")])
def test_one_status_is_enough_to_be_followed_up(period, state):
    found = completion.coverage(plans_of(("0001", 2022, period, ["completed"])))
    assert found["state"].tolist() == [state]


def test_the_funnel_tells_chance_from_difference():
    found = completion.funnel(TWO_MUNICIPALITIES).set_index("municipality_code")
    assert found["outside"].to_dict() == {"0001": "above", "0002": "below", "0003": "too_few"}
    assert found.loc["0003", "shrunk"] < found.loc["0003", "rate"]


def test_statuses_of_actions_and_goals_are_measured_apart():
    plans = Tables(
        goals=frame("goals", [{"goal_id": "g", "title": "G", "level": 1}]),
        statuses=frame(
            "statuses",
            [
                {"status_id": "s1", "goal_id": "g", "year": 2022, "period": "2022", "status": "completed"},
                {
                    "status_id": "s2",
                    "goal_id": "g",
                    "assignment_id": "a",
                    "year": 2022,
                    "period": "2022",
                    "status": "unknown",
                },
                {
                    "status_id": "s3",
                    "assignment_id": "a",
                    "action_id": "x",
                    "year": 2022,
                    "period": "2022",
                    "status": "at_risk",
                },
            ],
        ),
    )
    said = {name: history(plans, name)["status_id"].tolist() for name in ("goal", "assignment", "action", "indicator")}
    assert said == {"goal": ["s1"], "assignment": ["s2"], "action": ["s3"], "indicator": []}
    assert the(completion.rates(plans, ["level"], subject="goal"), measure="strict")["rate"] == 1.0


MEASURES = [
    completion.distribution,
    completion.rates,
    completion.differences,
    completion.funnel,
    status_changes.transitions,
    status_changes.change,
    status_comments.qualified,
    status_comments.qualifications,
    status_comments.sensitivity,
    time_to_completion.hazard,
    completion.coverage,
]


@pytest.mark.parametrize("measure", MEASURES)
def test_without_plans_each_measure_is_empty_with_its_columns(measure):
    empty, full = measure(NO_PLANS), measure(TWO_FOLLOW_UPS)
    assert empty.empty
    assert list(empty.columns) == list(full.columns)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_leaves_the_plans_alone(measure):
    before = {name: TWO_FOLLOW_UPS[name].copy() for name in ("assignments", "statuses", "documents", "links")}
    measure(TWO_FOLLOW_UPS)
    for name, rows in before.items():
        pd.testing.assert_frame_equal(TWO_FOLLOW_UPS[name], rows)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: completion.rates(TWO_FOLLOW_UPS, ["mayor"]),
        lambda: completion.rates(TWO_FOLLOW_UPS, measures=["generous"]),
        lambda: completion.rates(TWO_FOLLOW_UPS, periods=["T4"]),
        lambda: completion.rates(TWO_FOLLOW_UPS, subject="budget"),
        lambda: completion.differences(TWO_FOLLOW_UPS, by=["municipality_code"]),
        lambda: completion.rates(TWO_FOLLOW_UPS, ["committee"], subject="goal"),
    ],
)
def test_wrong_use_is_told_in_one_sentence(wrong):
    with pytest.raises(PlanError, match=r"choose|group by|compare by"):
        wrong()
