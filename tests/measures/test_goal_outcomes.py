"""What goals ask for and whether they got there, on values of a few rows."""

import pandas as pd
import pytest

from compare.contract import frame
from compare.measures import goal_outcomes
from tests.measures.follow_ups import the
from tests.measures.printed_values import limit, plans_of


def goal(name, parent=None, *, code="0001", year=2022, title=None):
    of_document = {"document_id": f"{code}-{year}", "municipality_code": code, "year": year}
    return {
        "goal_id": name,
        "parent_goal_id": parent,
        "level": 2 if parent else 1,
        "title": title or name,
    } | of_document


def on(name):
    return {"goal_id": name}


@pytest.mark.parametrize(
    ("outcomes", "answer", "judged", "met"),
    [
        ((35, 10), "reached", 2, 2),
        ((35, 12), "partly", 2, 1),
        ((34, 12), "not_reached", 2, 0),
        ((35, None), "reached", 1, 1),
        ((None, None), "not_judged", 0, 0),
    ],
)
def test_a_goal_is_reached_where_all_its_judged_targets_are(outcomes, answer, judged, met):
    printed = [
        (name, "outcome", 2022, value, on("g"))
        for name, value in zip(("x", "y"), outcomes, strict=True)
        if value is not None
    ]
    targets = [
        ("x", "target", 2022, 0, limit("minst 35", 35.0) | on("g")),
        ("y", "target", 2022, 0, limit("högst 10", 10.0) | on("g")),
    ]
    found = the(goal_outcomes.of_goals(plans_of(*printed, *targets, goals=[goal("g")])), goal_id="g")
    assert found[["targets_reached", "targets", "judged", "met"]].tolist() == [answer, 2, judged, met]


def test_what_stands_on_a_goal_is_also_asked_of_the_goals_above():
    plans = plans_of(
        ("x", "target", 2022, 0, limit("minst 35", 35.0) | on("below")),
        ("x", "outcome", 2022, 36, on("below")),
        goals=[goal("top"), goal("below", "top"), goal("other")],
    )
    found = goal_outcomes.of_goals(plans).set_index("goal_id")
    assert found["targets_reached"].to_dict() == {"top": "reached", "below": "reached", "other": "no_target"}
    assert found.loc["top", "record_ids"] == ["v0", "v1"]


def test_each_year_of_a_goal_has_what_was_said_of_it_that_year():
    said = [
        {"status_id": f"s{year}", "goal_id": f"g{year}", "document_id": f"0001-{year}", "municipality_code": "0001"}
        | {"year": year, "period": str(year), "status": status}
        for year, status in ((2022, "not_completed"), (2023, "completed"))
    ]
    tie = {"from_table": "goals", "to_table": "goals", "relation": "same_goal", "from_id": "g2022", "to_id": "g2023"}
    plans = plans_of(
        ("x", "target", 2022, 0, limit("minst 35", 35.0) | on("g2022")),
        goals=[goal("g2022", year=2022, title="G"), goal("g2023", year=2023, title="G")],
        statuses=said,
    )
    found = goal_outcomes.of_goals(plans.replace(links=frame("links", [tie]))).set_index("goal_id")
    assert found["status"].to_dict() == {"g2022": "not_completed", "g2023": "completed"}
    assert found.loc["g2022", "record_ids"][-1] == "s2022"


def test_where_no_indicator_is_tied_to_any_goal_nothing_is_said_to_be_lacking():
    plans = plans_of(("x", "target", 2022, 0, limit("minst 35", 35.0)), goals=[goal("g")])
    found = the(goal_outcomes.of_goals(plans), goal_id="g")
    assert found["targets_reached"] == "not_tied"
    assert pd.isna(found["indicators"])


def test_a_later_plan_may_print_what_became_of_an_earlier_goal():
    later = {"plan_year": 2023}
    plans = plans_of(
        ("x", "target", 2022, 0, limit("minst 35", 35.0) | on("old")),
        ("x", "outcome", 2022, 40, on("new") | later),
        goals=[goal("old", title="Fler i arbete"), goal("new", year=2023, title="Fler i arbete")],
        linked=[("0001-2022/x", "0001-2023/x")],
    )
    assert the(goal_outcomes.of_goals(plans), goal_id="old")["targets_reached"] == "reached"


def test_what_the_documents_say_of_the_goal_stands_beside_and_decides_nothing():
    said = {"status_id": "s", "goal_id": "g", "period": "2022", "status": "completed", "basis": "outcome"}
    plans = plans_of(
        ("x", "target", 2022, 0, limit("minst 35", 35.0) | on("g")),
        ("x", "outcome", 2022, 30, on("g")),
        goals=[goal("g")],
        statuses=[said | {"document_id": "0001-2022", "municipality_code": "0001", "year": 2022}],
    )
    found = the(goal_outcomes.of_goals(plans), goal_id="g")
    assert found[["targets_reached", "status"]].tolist() == ["not_reached", "completed"]
    assert found["record_ids"] == ["v0", "v1", "s"]


def test_a_pair_of_goals_shows_both_sides():
    plans = plans_of(
        ("x", "target", 2022, 0, limit("minst 35", 35.0) | on("a")),
        ("x", "outcome", 2022, 36, on("a")),
        goals=[goal("a"), goal("b", code="0002")],
    )
    pairs = pd.DataFrame({"goal_id_1": ["a", "a"], "goal_id_2": ["b", "gone"], "record_ids": [["a", "b"], ["a"]]})
    found = goal_outcomes.of_pairs(pairs, goal_outcomes.of_goals(plans))
    assert found["targets_reached_1"].tolist() == ["reached", "reached"]
    assert found["targets_reached_2"].isna().tolist() == [False, True]
    assert found["targets_reached_2"].iloc[0] == "not_tied"
    assert found["record_ids"].tolist() == [["a", "b", "v0", "v1"], ["a", "v0", "v1"]]


def test_each_target_is_shown_on_its_goal_and_on_those_above():
    plans = plans_of(
        ("x", "target", 2022, 0, limit("minst 35", 35.0) | on("below")),
        ("x", "outcome", 2022, 36, on("below")),
        goals=[goal("top"), goal("below", "top")],
    )
    found = goal_outcomes.targets(plans)
    assert found[["goal_id", "of_id", "verdict"]].to_numpy().tolist() == [
        ["below", "below", "met"],
        ["top", "below", "met"],
    ]
