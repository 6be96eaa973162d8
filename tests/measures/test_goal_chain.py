import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from compare.contract import Tables
from compare.measures import goal_chain, measurability


@pytest.fixture
def two_chains(given):
    """Goal 1 has all four parts below it, goal 2 lacks all but a subgoal; the money is the office's."""
    return given.plans(
        goals=[
            given.goal("1", line=10),
            given.goal("1.1", level=2, parent="1"),
            given.goal("2", line=20),
            given.goal("2.1", level=2, parent="2"),
        ],
        assignments=[given.assignment("a", "1.1", office="Kontoret")],
        indicators=[given.indicator("i", "1.1")],
        budget_lines=[given.budget("Kontoret", -100)],
    )


def test_a_chain_is_complete_when_all_parts_stand_below_the_goal(two_chains):
    chains = goal_chain.chains(two_chains).set_index("goal_id")
    assert chains.index.tolist() == ["1", "2"]
    assert chains["complete"].tolist() == [True, False]
    assert chains["budget_basis"].tolist()[0] == "office"
    assert chains["missing"].tolist() == [[], ["indicator", "assignment", "budget"]]


def test_each_break_is_listed_with_its_place(two_chains):
    broken = goal_chain.broken_links(two_chains)
    assert broken["part"].tolist() == ["indicator", "assignment", "budget"]
    assert broken["line"].tolist() == [20, 20, 20]


def test_completeness_reports_every_part(two_chains):
    found = goal_chain.completeness(two_chains).set_index("part")
    assert found["rate"].to_dict() == {
        "subgoal": 1,
        "indicator": 0.5,
        "assignment": 0.5,
        "budget": 0.5,
        "complete": 0.5,
    }
    assert found.loc["complete", "other_ids"] == ["2"]


def test_money_given_to_an_assignment_is_the_stronger_basis(given):
    plans = given.plans(
        goals=[given.goal("1")],
        assignments=[given.assignment("a", "1")],
        funding=[{"assignment_id": "a", "amount_sek": 5000}],
    )
    chain = goal_chain.chains(plans).iloc[0]
    assert (chain["budget"], chain["budget_basis"]) == (True, "funding")


def test_a_part_that_nothing_tells_of_is_unknown_and_so_is_the_whole(given):
    plans = given.plans(
        goals=[given.goal("1"), given.goal("1.1", level=2, parent="1"), given.goal("2")],
        assignments=[given.assignment("a", "1")],
    )
    chains = goal_chain.chains(plans).set_index("goal_id")
    assert chains[["indicator", "budget"]].isna().all().all()
    assert pd.isna(chains.loc["1", "complete"])
    assert not chains.loc["2", "complete"]
    found = goal_chain.completeness(plans).set_index("part")
    assert found.loc["indicator", ["n", "unknown"]].tolist() == [0, 2]
    assert pd.isna(found.loc["indicator", "rate"])


def test_a_goal_of_a_document_without_assignments_or_money_does_not_lack_them(given):
    survey = {"document_id": "survey"}
    plans = given.plans(
        [given.document(), given.document("survey")],
        goals=[given.goal("1"), given.goal("1.1", level=2, parent="1"), given.goal("surveyed", **survey)],
        assignments=[given.assignment("a", "1")],
        funding=[{"assignment_id": "a", "amount_sek": 5000}],
    )
    chains = goal_chain.chains(plans).set_index("goal_id")
    assert chains.loc["surveyed", ["subgoal", "indicator", "assignment", "budget"]].isna().all()
    assert pd.isna(chains.loc["surveyed", "complete"])
    assert chains.loc["1", ["subgoal", "assignment", "budget"]].all()


def coded(given, title, **tables):
    return measurability.goals(given.plans(goals=[given.goal("1", title)], **tables)).iloc[0]


def test_words_of_direction_and_numbers_make_a_goal_specific(given):
    assert coded(given, "Öka tryggheten i skolan")["specific"]
    assert coded(given, "Sjukfrånvaron ska vara högst 5 procent")["evidence"] == ["högst", "5 procent"]
    assert not coded(given, "En ekonomi i balans")["specific"]


def test_a_year_bounds_a_goal_in_time_and_is_no_measure(given):
    goal = coded(given, "Vattnet ska ha god status senast 2027")
    assert goal["time_bound"]
    assert not goal["specific"]
    assert pd.isna(goal["measurable"])


def test_an_indicator_with_target_and_baseline_completes_a_goal(given):
    goal = coded(
        given,
        "Minska utsläppen",
        indicators=[given.indicator("i", "1")],
        indicator_values=[given.value("i", 2020, "outcome", 9.0), given.value("i", 2024, "target", 5.0)],
    )
    assert goal[["specific", "measurable", "achievable", "time_bound"]].tolist() == [True] * 4
    assert goal["score"] == 1


def test_what_no_indicator_tells_is_unknown_and_the_score_too(given):
    goal = coded(given, "En ekonomi i balans")
    assert goal[["measurable", "achievable", "time_bound"]].isna().all()
    assert pd.isna(goal["score"])


def test_the_mean_score_has_no_interval_and_shares_have_theirs(given):
    plans = given.plans(
        goals=[given.goal("1", "Minska utsläppen"), given.goal("2", "En ekonomi i balans")],
        indicators=[given.indicator("i", "1")],
        indicator_values=[given.value("i", 2024, "target", 5.0)],
    )
    coded = measurability.goals(plans)
    assert coded["evidence"].tolist() == [["minska"], []]
    found = measurability.summary(coded, plans).set_index("component")
    assert found.loc["score", ["low", "high", "bound_low", "bound_high", "count"]].isna().all()
    specific = found.loc["specific"]
    assert (specific["low"], specific["high"]) == pytest.approx(proportion_confint(1, 2, method="wilson"))


def test_indicators_are_coded_by_what_is_printed(given):
    plans = given.plans(
        indicators=[given.indicator("i", name="Andel nöjda", unit="%"), given.indicator("j", name="Ökad trivsel")],
        indicator_values=[given.value("i", 2022, "target", None, text="minst bibehålla")],
    )
    found = measurability.indicators(plans).set_index("indicator_id")
    assert found.loc["i", list(measurability.COMPONENTS)].tolist() == [True, True, False, True]
    assert found.loc["j", list(measurability.COMPONENTS)].tolist() == [True, False, False, False]
    summary = measurability.summary(measurability.indicators(plans), plans).set_index("component")
    assert summary.loc["score", ["rate", "n", "unknown"]].tolist() == [0.5, 2, 0]
    assert summary.loc["measurable", "rate"] == 0.5


@pytest.mark.parametrize(
    "measure",
    [
        goal_chain.chains,
        goal_chain.completeness,
        goal_chain.broken_links,
        measurability.goals,
        measurability.indicators,
        lambda plans: measurability.summary(measurability.goals(plans), plans),
    ],
)
def test_without_plans_there_are_no_rows_but_the_same_columns(measure, two_chains):
    empty, full = measure(Tables()), measure(two_chains)
    assert empty.empty
    assert not full.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
