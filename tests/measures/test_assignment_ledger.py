"""The life of assignments across plans and follow-ups, on plans of a few rows."""

import pandas as pd

from compare.contract import Tables, frame
from compare.measures import assignment_ledger
from tests.measures.follow_ups import plans_of, the

YEARS = (2021, 2022, 2023)


def plan(*assignments, actions=(), links=()):
    """Plans of one municipality: assignments as (id, year, {column: value})."""
    documents = [
        {"document_id": f"d{year}", "municipality_code": "0001", "year": year, "title": "d", "kind": "operational_plan"}
        for year in YEARS
    ]
    rows = [
        {"assignment_id": name, "document_id": f"d{year}", "municipality_code": "0001", "year": year, "title": name}
        | {"kind": "assignment"}
        | more
        for name, year, more in assignments
    ]
    ties = [
        {"from_table": "assignments", "from_id": a, "to_table": "assignments", "to_id": b, "relation": "continues"}
        for a, b in links
    ]
    return Tables(
        documents=frame("documents", documents),
        assignments=frame("assignments", rows),
        actions=frame("actions", actions),
        links=frame("links", ties),
    )


def test_each_year_of_an_assignment_is_a_line_with_its_age():
    plans = plan(("a", 2021, {}), ("b", 2022, {}), ("c", 2023, {}), links=[("a", "b"), ("b", "c")])
    found = assignment_ledger.ledger(plans)
    assert found["unit_id"].tolist() == ["a", "a", "a"]
    assert found["born_year"].tolist() == [2021] * 3
    assert found["age"].tolist() == [0, 1, 2]
    assert found["fate"].tolist() == ["continued", "continued", "cannot_tell"]


def test_a_stated_origin_goes_before_the_first_plan_that_holds_it():
    plans = plan(
        ("a", 2022, {"kind": "unfinished_assignment", "from_plan_year": 2019}),
        ("b", 2023, {"from_plan_year": 2022}),
        links=[("a", "b")],
    )
    found = assignment_ledger.ledger(plans)
    assert found["born_year"].tolist() == [2019, 2019]
    assert found["born_stated"].tolist() == [True, True]
    assert found["age"].tolist() == [3, 4]


def test_what_is_called_carried_over_without_a_year_has_no_known_age():
    plans = plan(("a", 2022, {"carried_over": True}), ("b", 2022, {"carried_over": False}), ("c", 2022, {}))
    found = assignment_ledger.ledger(plans).set_index("record_id")
    assert found["age"].isna().to_dict() == {"a": True, "b": False, "c": False}
    assert found["from_before"].isna().tolist() == [False, False, True]
    assert found["from_before"].fillna(True).tolist() == [True, False, True]


def test_the_statuses_of_a_year_stand_side_by_side():
    plans = plans_of(
        ("0001", 2022, "T1", ["expected", "at_risk"]),
        ("0001", 2022, "T2", ["completed", "at_risk"]),
        ("0001", 2022, "T3", ["completed", "cancelled"]),
        plan_documents=[("0001", 2022, None, [{}, {}, {}])],
    )
    found = assignment_ledger.ledger(plans)
    assert found["T1"].fillna("").tolist() == ["expected", "at_risk", ""]
    assert found["year_end"].fillna("").tolist() == ["completed", "cancelled", ""]
    assert found["closed"].fillna("").tolist() == ["T2", "T3", ""]
    assert found["half-year"].isna().all()
    assert [len(ids) for ids in found["record_ids"]] == [4 + 3, 4 + 3, 1]


def test_an_assignment_is_due_when_its_last_action_is():
    of_action = {"assignment_id": "a", "document_id": "d2022", "municipality_code": "0001", "year": 2022}
    ends = [
        {"action_id": str(i), "end": pd.Timestamp(day)} | of_action
        for i, day in enumerate(["2022-06-30", "2023-03-31"])
    ]
    found = assignment_ledger.ledger(plan(("a", 2022, {}), ("b", 2022, {}), actions=ends)).set_index("record_id")
    assert found.loc["a", "due"] == pd.Timestamp("2023-03-31")
    assert pd.isna(found.loc["b", "due"])


def test_ages_are_shares_of_those_whose_age_is_known():
    unfinished = {"kind": "unfinished_assignment"}
    plans = plan(
        ("a", 2022, unfinished | {"from_plan_year": 2021}),
        ("b", 2022, unfinished | {"from_plan_year": 2021}),
        ("c", 2022, unfinished | {"from_plan_year": 2018}),
        ("d", 2022, unfinished),
        ("new", 2022, {"carried_over": False}),
    )
    found = assignment_ledger.ages(plans)
    assert found["age"].fillna(-1).tolist() == [1, 4, -1]
    assert found["n"].tolist() == [2, 1, 1]
    assert found["share"].round(3).fillna(-1).tolist() == [0.667, 0.333, -1]
    assert the(found, age=4)["record_ids"] == ["c"]
