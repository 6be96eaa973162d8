"""What plans can answer, how surely they were read, and which chains are broken."""

import pandas as pd
import pytest

from compare.contract import Tables, frame
from compare.measures import coverage

COMMON = {"document_id": "0188-plan-2022", "municipality_code": "0188", "year": 2022}
OTHER = {"document_id": "2380-page-2024", "municipality_code": "2380", "year": 2024}


@pytest.fixture
def plans():
    goals = [
        {**COMMON, "goal_id": "g1", "title": "Top", "level": 1, "line": 1, "confidence": 0.95},
        {**COMMON, "goal_id": "g2", "parent_goal_id": "g1", "title": "Below", "level": 2, "line": 2, "confidence": 0.7},
        {**COMMON, "goal_id": "g3", "title": "Alone", "level": 1, "line": 3},
        {**OTHER, "goal_id": "h1", "title": "Other", "level": 1, "line": 1, "confidence": 0.9},
    ]
    assignments = [
        {**COMMON, "assignment_id": "a1", "goal_id": "g2", "kind": "assignment", "title": "Do", "line": 4},
        {**COMMON, "assignment_id": "a2", "kind": "assignment", "title": "Do more", "line": 5},
    ]
    indicators = [
        {**COMMON, "indicator_id": "i1", "goal_id": "g2", "name": "Number", "line": 6},
        {**COMMON, "indicator_id": "i2", "goal_id": "g2", "name": "Share", "line": 7},
    ]
    value = {**COMMON, "indicator_value_id": "v1", "indicator_id": "i1", "year": 2023, "plan_year": 2022}
    claims = [
        {**COMMON, "claim_id": "c1", "subject": "assignment", "value": 2.0, "verdict": "agrees", "line": 1},
        {**COMMON, "claim_id": "c2", "subject": "initiative", "value": 3.0, "verdict": "differs", "line": 1},
        {**COMMON, "claim_id": "c3", "subject": "net_budget", "value": 3.0, "verdict": "cannot_check", "line": 1},
    ]
    finding = {
        **COMMON,
        "finding_id": "f1",
        "rule": "sum_differs",
        "severity": "warning",
        "message": "Wrong",
        "line": 9,
    }
    card = {"title": "Plan", "kind": "operational_plan", "reading": "machine"}
    return Tables(
        documents=frame("documents", [{**COMMON, **card}, {**OTHER, **card}]),
        goals=frame("goals", goals),
        assignments=frame("assignments", assignments),
        indicators=frame("indicators", indicators),
        indicator_values=frame("indicator_values", [{**value, "kind": "target", "value": 5.0, "text": "5", "line": 6}]),
        claims=frame("claims", claims),
        findings=frame("findings", [finding]),
    )


def answer(plans, code, question):
    rows = coverage.questions(plans).set_index(["municipality_code", "question"])
    row = rows.loc[(code, question)]
    return row["answer"], row["have"], row["of"], row["why"]


def test_a_question_is_answered_partly_where_some_records_lack_what_it_needs(plans):
    assert answer(plans, "0188", "assignment_goals") == ("partly", 1, 2, "some_lack_it")
    assert answer(plans, "0188", "goals") == ("yes", 3, 3, "complete")
    assert answer(plans, "0188", "indicator_targets") == ("partly", 1, 2, "some_lack_it")


def test_what_was_read_without_it_is_told_from_what_was_not_read(plans):
    assert answer(plans, "0188", "assignment_money") == ("no_data", 0, 2, "all_lack_it")
    found = answer(plans, "2380", "assignment_money")
    assert found[0] == "no_data"
    assert pd.isna(found[2])
    assert found[3] == "not_read"


def test_every_municipality_has_every_question(plans):
    rows = coverage.questions(plans)
    assert rows.groupby("municipality_code")["question"].nunique().nunique() == 1
    assert set(rows["answer"]) <= {"yes", "partly", "no_data"}


def test_measures_that_lack_their_data_say_what_they_would_take(plans):
    rows = coverage.not_computed(plans).set_index("measure")
    assert rows.loc["goal_churn", "computed_for"] == []
    assert rows.loc["goal_churn", "without"] == ["0188", "2380"]
    assert rows.loc["goal_churn", "need"] == "two_plan_years"


def test_what_no_snapshot_holds_is_said_for_every_municipality_with_its_reason(plans):
    rows = coverage.not_computed(plans).set_index("measure")
    outside = {
        "volume_growth": "municipal_prices",
        "rank_targets": "values_of_all",
        "cost_by_function": "key_of_accounts",
    }
    for measure, need in outside.items():
        assert rows.loc[measure, ["computed_for", "without", "need"]].tolist() == [[], ["0188", "2380"], need]


def test_money_attached_to_assignments_is_lacking_where_no_document_prints_any(plans):
    document = plans.documents[plans.documents["municipality_code"] == "2380"].iloc[0]
    money = {"funding_id": "f", "assignment_id": "u1", "municipality_code": "2380", "plan_year": 2022}
    money |= {"document_id": document["document_id"], "amount_sek": 1_000}
    rows = coverage.not_computed(plans.replace(funding=frame("funding", [money]))).set_index("measure")
    assert rows.loc["assignment_money", ["computed_for", "without"]].tolist() == [["2380"], ["0188"]]


def test_a_measure_that_every_municipality_has_is_not_listed(plans):
    decided = plans.documents.assign(decided_on=pd.Timestamp("2022-01-10"))
    tables = Tables(**{**dict(plans), "documents": frame("documents", decided.to_dict("records"))})
    assert "timeliness" not in set(coverage.not_computed(tables)["measure"])


def test_confidence_counts_doubtful_rows_and_those_that_state_none(plans):
    rows = coverage.confidence(plans).set_index(["document_id", "table"])
    goals = rows.loc[("0188-plan-2022", "goals")]
    assert (goals["rows"], goals["with_confidence"], goals["doubtful"]) == (3, 2, 1)
    assert goals["record_ids"] == ["g2"]
    assert goals["lowest"] == 0.7


def test_claims_that_cannot_be_checked_are_not_in_the_rate(plans):
    row = coverage.verdicts(plans).iloc[0]
    assert (row["count"], row["n"], row["unknown"], row["rate"]) == (1, 2, 1, 0.5)
    assert row["record_ids"] == ["c2"]


def test_remarks_are_counted_by_rule_with_their_places(plans):
    row = coverage.remarks(plans).iloc[0]
    assert (row["severity"], row["rule"], row["remarks"], row["record_ids"]) == ("warning", "sum_differs", 1, ["f1"])


def test_loose_ends_name_what_each_record_lacks(plans):
    rows = coverage.loose_ends(plans).set_index("record_id")["lacks"]
    assert rows["a2"] == ["goal"]
    assert rows["i2"] == ["target"]
    assert {"indicator", "assignment", "subgoal"} <= set(rows["g3"])
    assert "a1" not in rows
    assert "i1" not in rows


def test_nothing_read_gives_empty_frames():
    nothing = Tables()
    for measured in (
        coverage.questions,
        coverage.confidence,
        coverage.remarks,
        coverage.verdicts,
        coverage.loose_ends,
    ):
        assert measured(nothing).empty
