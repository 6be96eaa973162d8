import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from compare.contract import Tables
from compare.measures import goal_structure
from compare.measures.sources import sources
from compare.measures.units import normalised, unit_ids, units
from compare.problems import PlanError

MEASURES = [
    goal_structure.count_by_level,
    goal_structure.structure,
    goal_structure.attachments,
    goal_structure.indicator_coverage,
    goal_structure.target_coverage,
    goal_structure.unattached,
    goal_structure.shared_responsibility,
    goal_structure.tree,
]


@pytest.fixture
def tree_of_six(given):
    """1 with 1.1 and 1.2, 2 without children, and 9.9 whose parent nobody has read; things hang on 1, 1.1 and 1.2."""
    return given.plans(
        goals=[
            given.goal("1", number="1"),
            given.goal("1.2", level=2, parent="1", number="1.2"),
            given.goal("1.10", level=2, parent="1", number="1.10"),
            given.goal("2", number="2"),
            given.goal("9.9", level=2, parent="9", number="9.9"),
        ],
        assignments=[
            given.assignment("a", "1"),
            given.assignment("b", "1.2", carried_over=True),
            given.assignment("c", None, parent_assignment_id="b", carried_over=False),
            given.assignment("d", None),
        ],
        actions=[{"action_id": "x", "assignment_id": "c", "title": "Åtgärd"}],
        indicators=[given.indicator("i", "1.2"), given.indicator("j", "1.2")],
        indicator_values=[
            given.value("i", 2021, "outcome", 1.0),
            given.value("i", 2022, "target", 2.0),
            given.value("j", 2022, "target", None, text="öka"),
        ],
    )


def row(frame, **where):
    for name, wanted in where.items():
        frame = frame[frame[name] == wanted]
    return frame.iloc[0]


def test_goals_are_counted_by_level_and_name_their_rule(tree_of_six):
    counted = goal_structure.count_by_level(tree_of_six)
    assert counted[["level", "goals"]].to_numpy().tolist() == [[1, 2], [2, 3]]
    assert set(counted["unit_rule"]) == {"stated_once"}
    assert row(counted, level=1)["goal_ids"] == ["1", "2"]


def test_depth_span_orphans_and_childless(tree_of_six):
    found = goal_structure.structure(tree_of_six).iloc[0]
    assert (found["goals"], found["top_goals"], found["depth"]) == (5, 2, 2)
    assert found["span"] == 2
    assert found["level_ratio"] == 3 / 2
    assert (found["orphans"], found["orphan_rate"], found["orphan_ids"]) == (1, 1 / 3, ["9.9"])
    assert (found["childless"], found["childless_rate"], found["childless_ids"]) == (1, 0.5, ["2"])


def test_a_goal_carries_what_hangs_below_it_and_an_assignments_part_follows_its_parent(tree_of_six):
    goals = goal_structure.goals_with_attachments(tree_of_six).set_index("goal_id")
    assert goals.loc["1", ["assignments", "assignments_below", "actions", "actions_below"]].tolist() == [1, 3, 0, 1]
    assert goals.loc["1.2", ["assignments", "actions", "indicators", "targets"]].tolist() == [2, 1, 2, 2]
    assert goals.loc["2", "assignments_below"] == 0
    assert goals.loc["9.9", "dangling"]
    assert not goals.loc["1", "dangling"]


def test_attachments_per_goal(tree_of_six):
    found = row(goal_structure.attachments(tree_of_six), attached="assignments")
    assert (found["on_goals"], found["per_goal"], found["largest"], found["without"]) == (3, 3 / 5, 2, 3)
    assert found["goal_ids"] == ["1.10", "2", "9.9"]


def test_what_the_documents_tie_to_no_goal_is_unknown_and_not_zero(given):
    plans = given.plans(goals=[given.goal("1")], assignments=[given.assignment("a"), given.assignment("b")])
    found = goal_structure.attachments(plans)
    assert found["per_goal"].isna().all()
    assert found["on_goals"].isna().all()
    loose = row(goal_structure.unattached(plans), attached="assignments")
    assert (loose["count"], loose["n"], loose["rate"]) == (2, 2, 1.0)
    coverage = goal_structure.indicator_coverage(plans).iloc[0]
    assert (coverage["n"], coverage["unknown"], coverage["bound_low"], coverage["bound_high"]) == (0, 1, 0, 1)


def test_a_goal_lacks_a_thing_only_where_its_own_document_gives_such_things_to_goals(given):
    letter = {"document_id": "letter"}
    plans = given.plans(
        [given.document(), given.document("letter")],
        goals=[given.goal("with"), given.goal("without"), given.goal("in the letter", **letter)],
        indicators=[given.indicator("i", "with")],
        assignments=[given.assignment("a", "in the letter", **letter)],
    )
    coverage = goal_structure.indicator_coverage(plans).iloc[0]
    assert (coverage["count"], coverage["n"], coverage["unknown"]) == (1, 2, 1)
    assert coverage["other_ids"] == ["without"]
    found = row(goal_structure.attachments(plans), attached="assignments")
    assert (found["goals"], found["known"], found["on_goals"], found["without"]) == (3, 1, 1, 0)
    assert pd.isna(found["per_goal"])
    assert found["most_ids"] == ["in the letter"]


def test_a_goal_over_goals_of_a_silent_document_may_have_what_they_are_silent_of(given):
    plans = given.plans(
        [given.document(), given.document("letter")],
        goals=[given.goal("1"), given.goal("1.1", level=2, parent="1", document_id="letter"), given.goal("2")],
        indicators=[given.indicator("i", "2")],
    )
    goals = goal_structure.goals_with_attachments(plans).set_index("goal_id")
    assert goals.loc["1", "indicators"] == 0
    assert goals["indicators_below"].isna().to_dict() == {"1": True, "1.1": True, "2": False}


def test_coverage_has_wilson_intervals(tree_of_six):
    found = goal_structure.indicator_coverage(tree_of_six).iloc[0]
    low, high = proportion_confint(1, 5, method="wilson")
    assert (found["count"], found["n"], found["rate"]) == (1, 5, 0.2)
    assert (found["low"], found["high"]) == (pytest.approx(low), pytest.approx(high))
    assert found["record_ids"] == ["1.2"]
    assert goal_structure.indicator_coverage(tree_of_six, below=True).iloc[0]["count"] == 2


def test_a_target_can_be_judged_only_with_a_baseline_and_a_number(tree_of_six):
    found = goal_structure.target_coverage(tree_of_six)
    assert row(found, requirement="target")["count"] == 2
    judged = row(found, requirement="baseline_target_year")
    assert (judged["count"], judged["record_ids"], judged["other_ids"]) == (1, ["i"], ["j"])


def test_a_baseline_of_the_targets_own_year_is_none(given):
    plans = given.plans(
        indicators=[given.indicator("i")],
        indicator_values=[given.value("i", 2022, "outcome", 1.0), given.value("i", 2022, "target", 2.0)],
    )
    assert row(goal_structure.target_coverage(plans), requirement="baseline_target_year")["count"] == 0


def test_responsibility_is_shared_by_committees_offices_or_a_leader_elsewhere(given):
    plans = given.plans(
        assignments=[
            given.assignment("two committees", committees=["KS", "TN"]),
            given.assignment("one", committees=["KS"]),
            given.assignment("led elsewhere", office="Kontoret", contributes=True),
            given.assignment("unknown"),
            given.assignment("in two offices", office="A", title="Samma"),
            given.assignment("again", office="B", title="Samma."),
        ]
    )
    found = goal_structure.shared_responsibility(plans).iloc[0]
    assert (found["count"], found["n"], found["unknown"]) == (3, 4, 1)
    assert (found["bound_low"], found["bound_high"]) == (3 / 5, 4 / 5)
    assert found["record_ids"] == ["two committees", "led elsewhere", "in two offices"]
    assert found["other_ids"] == ["one"]


def test_a_goal_stated_in_two_documents_of_a_year_counts_once_and_in_two_years_twice(given):
    documents = [given.document("plan"), given.document("follow-up"), given.document("next", year=2023)]
    goals = [
        given.goal("p1", "En ekonomi i balans"),
        given.goal("p2", "En ekonomi i balans", level=2),
        given.goal("f1", "EN EKONOMI I BALANS.", document_id="follow-up"),
        given.goal("n1", "En ekonomi i balans", document_id="next"),
    ]
    plans = given.plans(documents, goals=goals)
    assert goal_structure.structure(plans)["goals"].tolist() == [2, 1]
    assert goal_structure.structure(plans, unit_rule="per_document")["goals"].tolist() == [3, 1]
    assert units(plans, "goals")["rows"].tolist() == [["p1", "f1"], ["p2"], ["n1"]]


def test_two_goals_of_one_document_with_equal_words_are_two(given):
    plans = given.plans(goals=[given.goal("1.1", "Nöjda brukare"), given.goal("2.1", "Nöjda brukare")])
    assert unit_ids(plans, "goals").tolist() == ["1.1", "2.1"]


def test_mentions_are_counted_when_the_rule_says_so(given):
    plans = given.plans(goals=[given.goal("1", mentions=3), given.goal("2")])
    assert goal_structure.count_by_level(plans, unit_rule="mentions")["goals"].tolist() == [4]


def test_a_link_makes_reworded_rows_of_one_year_one(given):
    tie = {"from_table": "assignments", "to_table": "assignments", "relation": "same_assignment"}
    documents = [given.document("t1", period="T1"), given.document("t3", period="T3")]
    plans = given.plans(
        documents,
        assignments=[
            given.assignment("a1", title="Bygg en bro", document_id="t1"),
            given.assignment("a3", title="Bron byggs", document_id="t3"),
        ],
        links=[{**tie, "from_id": "a1", "to_id": "a3"}],
    )
    assert unit_ids(plans, "assignments").tolist() == ["a1", "a1"]


def test_groups_may_be_columns_of_documents_and_committees(given):
    plans = given.plans(
        [given.document("d", board="Socialnämnden")],
        assignments=[given.assignment("a", committees=["KS", "SN"])],
    )
    assert goal_structure.shared_responsibility(plans, by=["board"])["board"].tolist() == ["Socialnämnden"]
    assert goal_structure.shared_responsibility(plans, by=["committee"])["committee"].tolist() == ["KS", "SN"]
    with pytest.raises(PlanError, match="cannot group by colour"):
        goal_structure.shared_responsibility(plans, by=["colour"])


def test_the_tree_stands_in_reading_order_with_its_breadth(tree_of_six):
    tree = goal_structure.tree(tree_of_six)
    assert tree["goal_id"].tolist() == ["1", "1.2", "1.10", "2", "9.9"]
    assert tree["depth"].tolist() == [0, 1, 1, 0, 0]
    assert tree["leaves"].tolist() == [2, 1, 1, 1, 1]
    assert tree["root_id"].tolist() == ["1", "1", "1", "2", "9.9"]
    assert tree["position"].tolist() == [0, 1, 2, 3, 4]


def test_parents_stand_before_children_three_levels_deep(given):
    goals = [
        given.goal(i, level=n, parent=p) for i, n, p in (("c", 3, "b"), ("b", 2, "a"), ("e", 1, None), ("a", 1, None))
    ]
    assert goal_structure.tree(given.plans(goals=goals))["goal_id"].tolist() == ["e", "a", "b", "c"]


def test_goals_in_a_ring_are_refused(given):
    plans = given.plans(goals=[given.goal("a", parent="b"), given.goal("b", parent="a")])
    with pytest.raises(PlanError, match="own ancestors: a, b"):
        goal_structure.structure(plans)


def test_an_unknown_rule_is_refused_by_name(given):
    with pytest.raises(PlanError, match="no unit rule 'twice'; use one of stated_once"):
        goal_structure.structure(given.plans(), unit_rule="twice")


@pytest.mark.parametrize("measure", MEASURES)
def test_without_plans_there_are_no_rows_but_the_same_columns(measure, tree_of_six):
    empty, full = measure(Tables()), measure(tree_of_six)
    assert empty.empty
    assert not full.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


def test_results_lead_to_their_place(tree_of_six):
    ids = goal_structure.structure(tree_of_six)["goal_ids"]
    assert sources(tree_of_six, ids)["document_id"].tolist() == ["d"] * 5


def test_normalised_titles_keep_the_missing_apart():
    import pandas as pd

    found = normalised(pd.Series(["A–b", None, "a B"], dtype="str"))
    assert found.tolist()[0] == found.tolist()[2] == "a b"
    assert found.isna().tolist() == [False, True, False]


def test_two_series_of_goals_that_both_begin_at_1_are_not_mixed(given):
    goals = [
        given.goal("a", number="1", level_term="målområde"),
        given.goal("p", number="1", level_term="fokusområde"),
        given.goal("q", number="2", level_term="fokusområde"),
        given.goal("b", number="2", level_term="målområde"),
    ]
    assert goal_structure.tree(given.plans(goals=goals))["goal_id"].tolist() == ["a", "b", "p", "q"]
