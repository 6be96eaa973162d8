"""What the report on completion says of statuses that are not those of assignments."""

from __future__ import annotations

import pandas as pd
import pytest

from compare.contract import Tables, frame
from compare.presentation.findings import completion_rates as found
from compare.presentation.page import Page

COMMON = {"document_id": "0188-plan-2022", "municipality_code": "0188", "year": 2022}


def action(number: int, status: str) -> tuple[dict[str, object], dict[str, object]]:
    action_id = f"0188-plan-2022/action-{number}"
    row = {**COMMON, "confidence": 1.0, "action_id": action_id, "title": f"Step {number}", "line": number}
    said = {
        **COMMON,
        "confidence": 1.0,
        "status_id": f"0188-plan-2022/status-{number}",
        "action_id": action_id,
        "line": number,
    }
    return row, {**said, "period": "2022-T3", "basis": "outcome", "status": status, "qualified": False}


@pytest.fixture
def plans() -> Tables:
    actions, statuses = zip(action(1, "completed"), action(2, "not_started"), action(3, "completed"), strict=True)
    document = {**COMMON, "title": "Plan", "kind": "follow-up", "period": "2022-T3", "reading": "reviewed"}
    return Tables(
        documents=frame("documents", [document]),
        actions=frame("actions", list(actions)),
        statuses=frame("statuses", list(statuses)),
    )


def test_statuses_of_actions_are_told_though_there_are_no_assignments(plans: Tables):
    page = Page("Completion rates", plans, "en")
    others = found.others(plans)
    names = ["rates", "hits", "qualified", "sensitivity", "carried", "unfinished", "again"]
    (finding,) = found.findings(page, **dict.fromkeys(names, NOTHING), others=others)
    assert "3 actions stand (2 completed and 1 not started)" in finding.text
    assert [(place.line, place.line_end) for place in finding.places] == [(1, 3)]
    assert found.title_of_others(page, others) == "The documents state a status of 3 actions"


def ways(partly_matters: bool) -> pd.DataFrame:
    """The rate by how partly completed (columns: 0 and 1) and limited assignments (1, half, 0) count."""
    rows = [(p, q, q * 0.5 + 0.25 + p * 0.1 * partly_matters) for p in (0.0, 1.0) for q in (1.0, 0.5, 0.0)]
    ids = [[] for _ in rows]
    return pd.DataFrame(rows, columns=["partly", "qualified", "rate"]).assign(
        municipality_code="2380", year=2022, n=8, record_ids=ids
    )


def test_what_the_comments_make_of_the_rate_is_told_only_where_they_change_it():
    page = Page("Completion rates", Tables(), "en")
    names = ["rates", "hits", "qualified", "carried", "unfinished", "again", "others"]
    nothing = dict.fromkeys(names, NOTHING.assign(table="goals"))
    (finding,) = found.findings(page, **nothing, sensitivity=ways(partly_matters=False))
    assert "75% of 8 assignments if they are left aside, 50% if one that a comment limits counts half" in finding.text
    assert found.findings(page, **nothing, sensitivity=ways(partly_matters=False).assign(rate=0.75)) == []


def test_ways_of_counting_that_come_to_the_same_are_shown_once():
    assert len(found.ways_that_differ(ways(partly_matters=True))) == 6
    assert found.ways_that_differ(ways(partly_matters=False))["partly"].tolist() == [0, 0, 0]


def test_unfinished_assignments_are_counted_by_the_plan_that_they_come_from():
    page = Page("Completion rates", Tables(), "en")
    unfinished = pd.DataFrame({"from_plan_year": [2020, 2021, 2021], "n": [3, 2, 4], "record_ids": [[], [], []]})
    names = ["rates", "hits", "qualified", "sensitivity", "carried", "again", "others"]
    nothing = dict.fromkeys(names, NOTHING.assign(table="goals"))
    (finding,) = found.findings(page, **nothing, unfinished=unfinished.assign(municipality_code="0188", year=2022))
    assert finding.text.endswith(
        "9 assignments from earlier plans are listed as unfinished (3 from 2020 and 6 from 2021)."
    )


def test_unfinished_assignments_that_stand_again_are_told_with_how_many_are_not_called_carried_over():
    page = Page("Completion rates", Tables(), "en")
    own = {"municipality_code": ["0188"], "year": 2022, "record_ids": [[]]}
    unfinished = pd.DataFrame({**own, "from_plan_year": 2020, "n": 9})
    names = ["rates", "hits", "qualified", "sensitivity", "carried", "others"]
    nothing = dict.fromkeys(names, NOTHING.assign(table="goals"))
    for unmarked, end in (
        (2, "2 of these without being called carried over."),
        (0, "all of these called carried over."),
    ):
        again = pd.DataFrame({**own, "listed": 9, "again": 5, "unmarked": unmarked})
        (finding,) = found.findings(page, **nothing, unfinished=unfinished, again=again)
        assert "At least 5 of them stand again, in like words" in finding.text
        assert finding.text.endswith(end)


def test_nothing_is_told_of_other_statuses_where_the_documents_state_none():
    page = Page("Completion rates", Tables(), "sv")
    others = found.others(Tables())
    assert others.empty
    assert found.title_of_others(page, others) == ""


NOTHING = frame("statuses", []).assign(
    **dict.fromkeys(
        ("measure", "interim", "n", "rate", "low", "high", "record_ids", "partly", "from_plan_year", "again"), 0
    )
)


def test_very_many_municipalities_are_told_together():
    page = Page("Completion rates", Tables(), "en")
    codes = [f"{code}" for code in range(1280, 1292)]
    rates = pd.DataFrame({"municipality_code": codes, "year": 2022, "measure": "strict", "interim": 0, "n": 10})
    rates = rates.assign(rate=[0.5] * 6 + [0.8] * 6, low=0.2, high=0.9, record_ids=[[] for _ in codes])
    comments = pd.concat([ways(partly_matters=False).assign(municipality_code=code) for code in codes])
    names = ["hits", "qualified", "carried", "unfinished", "again", "others"]
    nothing = dict.fromkeys(names, NOTHING.assign(table="goals"))
    texts = [one.text for one in found.findings(page, **nothing, rates=rates, sensitivity=comments)]
    assert texts == [
        "In 12 municipalities and years 78 of 120 assignments were completed by the end of the year (65%). "
        "In the middle half of them it is 50–80%.",
        "In 12 municipalities and years how much was completed depends on the comments: 75% of 96 assignments if they "
        "are left aside, 50% if one that a comment limits counts half, 25% if it does not count.",
    ]


def test_a_total_of_many_counts_also_those_with_none_and_few_are_told_where_there_are_any():
    page = Page("Completion rates", Tables(), "en")
    rows = pd.DataFrame({"municipality_code": [f"{code}" for code in range(1280, 1290)], "year": 2022, "n": 10})
    rows = rows.assign(rate=[0.4] + [0.0] * 9, low=0.0, high=0.5, record_ids=[[] for _ in rows.index])
    qualified = rows.assign(status="completed", qualified=[4] + [0] * 9, period="2022-T3")

    def told(n: int) -> list[str]:
        names = ["rates", "hits", "sensitivity", "unfinished", "again", "others"]
        nothing = dict.fromkeys(names, NOTHING.assign(table="goals"))
        return [one.text for one in found.findings(page, **nothing, qualified=qualified[:n], carried=rows[:n])]

    assert ["4 of 100" in text for text in told(10)] == [True, True]
    assert ["4 of 10 assignments" in text for text in told(2)] == [True, True]


def test_a_goal_of_an_unfinished_assignment_is_named_with_its_number():
    rows = pd.DataFrame({"goal_number": ["2", None, None], "goal_title": ["Climate", "Safety", None]})
    titles = found.with_goals(rows)["goal_title"]
    assert titles.dropna().tolist() == ["2 Climate", "Safety"]
    assert titles.isna().sum() == 1
