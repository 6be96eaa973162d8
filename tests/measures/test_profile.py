"""Who a municipality is compared with, and how rates of two municipalities are held against each other."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from compare import reference
from compare.contract import Tables
from compare.measures import profile
from compare.problems import PlanError
from tests.measures.follow_ups import plans_of

OWN = "0188"


@pytest.fixture
def several(given):
    """A plan each of the municipality, two of its similar ones, and one other."""
    codes = [OWN, *reference.peers(OWN)[:2], "2380"]
    return given.plans([given.document(code, code) for code in codes])


def test_two_peers_are_too_few_so_all_with_plans_are_compared(several):
    around = profile.circle(several, OWN)
    assert around.widened
    assert len(around.with_plans) == 2
    assert set(around.compared) == set(several.documents["municipality_code"]) - {OWN}


def test_three_peers_with_plans_are_enough(given):
    peers = reference.peers(OWN)[:3]
    around = profile.circle(given.plans([given.document(code, code) for code in [OWN, *peers, "2380"]]), OWN)
    assert around.compared == tuple(peers)
    assert not around.widened


@pytest.mark.parametrize("peers", ["2380", "2380, 1291", ["2380"]])
def test_peers_named_one_by_one_are_kept_to(several, peers):
    around = profile.circle(several, OWN, peers)
    assert around.compared == ("2380",)
    assert around.role("2380") == "peer"
    assert around.role(OWN) == "own"


def test_the_municipality_with_most_rows_is_taken_where_none_is_named(given):
    documents = [given.document("a", "2380"), given.document("b", OWN), given.document("c", OWN)]
    assert profile.circle(given.plans(documents)).code == OWN


def test_no_plans_and_no_name_is_an_error_that_says_what_to_do():
    with pytest.raises(PlanError, match="name one"):
        profile.circle(Tables())


def test_facts_have_no_documents_where_none_was_read(several):
    facts = profile.facts(several, [OWN, "0115"]).set_index("municipality_code")
    assert facts.loc[OWN, "documents"] == 1
    assert facts.loc[OWN, "plan_years"] == [2022]
    assert pd.isna(facts.loc["0115", "documents"])
    assert facts.loc["0115", "population"] > 0


def test_the_latest_plan_year_with_a_figure_counts(given):
    documents = [given.document("a", OWN, 2022), given.document("b", OWN, 2023)]
    goals = [given.goal("g1", document_id="a"), given.goal("g2", document_id="b")]
    tables = given.plans(documents, goals=goals, indicators=[given.indicator("i1", "g1", document_id="a")])
    rates = profile.rates(tables)
    assert rates.loc[rates["measure"] == "goals_with_indicator", "year"].tolist() == [2022]


def test_what_the_annual_report_says_last_is_what_was_completed():
    plans = plans_of(
        (OWN, 2022, "T1", ["expected"] * 3),
        (OWN, 2022, "T3", ["completed", "in_progress", "in_progress"]),
        (OWN, 2022, "year", ["completed", "completed"]),
        ("2380", 2022, "T1", ["completed"] * 3),
    )
    rates = profile.rates(plans).set_index("measure").loc[["assignments_completed"]]
    assert rates[["municipality_code", "year", "count", "n"]].to_numpy().tolist() == [[OWN, 2022, 2, 3]]
    assert rates["record_ids"].tolist() == [
        [f"{OWN}-2022-t3/status-L0003", f"{OWN}-2022-year/status-L0001", f"{OWN}-2022-year/status-L0002"]
    ]


def test_each_comparison_is_as_wide_as_all_of_them_need():
    rates = pd.DataFrame(
        {
            "measure": ["forecasts_held"] * 3,
            "municipality_code": [OWN, "2380", "1291"],
            "year": 2022,
            "count": [30, 10, 20],
            "n": [40, 40, 30],
            "rate": [0.75, 0.25, 2 / 3],
            "low": np.nan,
            "high": np.nan,
            "record_ids": [["a"], ["b"], ["c"]],
        }
    )
    found = profile.against(rates, OWN)
    for row, (k, n) in zip(found.to_dict("records"), [(10, 40), (20, 30)], strict=True):
        expected = confint_proportions_2indep(30, 40, k, n, method="newcomb", alpha=0.05 / 2)
        assert (row["low"], row["high"]) == pytest.approx(expected)
    (both,) = profile.others_together(rates, OWN).to_dict("records")
    assert (both["count"], both["n"], both["municipalities"], both["record_ids"]) == (30, 70, 2, ["b", "c"])
    assert (both["low"], both["high"]) == pytest.approx(proportion_confint(30, 70, method="wilson"))


def test_how_many_are_smaller_counts_all_others():
    people = reference.population().query("year == 2024").set_index("municipality_code")["population"]
    assert profile.larger_than(people.idxmin()) == (0, 289)
    assert profile.larger_than(people.idxmax()) == (289, 289)
    assert profile.larger_than(OWN)[0] == sorted(people).index(people[OWN])


def test_a_difference_is_own_less_the_other():
    rows = {"measure": "goals_with_indicator", "year": 2022, "record_ids": [[], []]}
    rates = pd.DataFrame(
        {"municipality_code": [OWN, "2380"], "count": [30, 10], "n": [40, 40], "rate": [0.75, 0.25], **rows}
    )
    (row,) = profile.against(rates, OWN).to_dict("records")
    assert row["difference"] == pytest.approx(0.5)
    assert 0 < row["low"] < 0.5 < row["high"] < 1
    assert row["verdict"] == "higher"
    (row,) = profile.against(rates, "2380").to_dict("records")
    assert (row["difference"], row["verdict"]) == (pytest.approx(-0.5), "lower")


def test_a_snapshot_without_rows_gives_empty_frames_and_no_zeros():
    assert profile.rates(Tables()).empty
    assert profile.counts(Tables()).empty
    assert profile.against(profile.rates(Tables()), OWN).empty


def test_own_rows_come_first_within_each_measure(several):
    rates = pd.DataFrame(
        {"municipality_code": ["2380", OWN, "2380"], "measure": ["forecasts_held"] * 2 + ["goals_with_indicator"]}
    )
    ordered = profile.roles(rates, profile.circle(several, OWN))
    assert ordered["measure"].tolist() == ["goals_with_indicator", "forecasts_held", "forecasts_held"]
    assert ordered["role"].tolist() == ["other", "own", "other"]
