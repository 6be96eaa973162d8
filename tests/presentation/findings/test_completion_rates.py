"""What the report on completion says of statuses that are not those of assignments."""

from __future__ import annotations

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
    (finding,) = found.findings(page, rates=NOTHING, hits=NOTHING, qualified=NOTHING, carried=NOTHING, others=others)
    assert "3 actions stand (2 completed and 1 not started)" in finding.text
    assert [(place.line, place.line_end) for place in finding.places] == [(1, 3)]
    assert found.title_of_others(page, others) == "The documents state a status of 3 actions"


def test_nothing_is_told_of_other_statuses_where_the_documents_state_none():
    page = Page("Completion rates", Tables(), "sv")
    others = found.others(Tables())
    assert others.empty
    assert found.title_of_others(page, others) == ""


NOTHING = frame("statuses", []).assign(
    **dict.fromkeys(("measure", "interim", "n", "rate", "low", "high", "record_ids"), 0)
)
