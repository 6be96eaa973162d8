"""What reports say of values that can be used, of days and of due actions."""

import pytest

from compare.contract import Tables, frame
from compare.measures import timeliness, value_hygiene
from compare.presentation.findings import usable
from compare.presentation.page import Page

COMMON = {"document_id": "0188-plan-2022", "municipality_code": "0188"}


def told(language="en", day=None, ends=(), **indicator):
    document = {**COMMON, "kind": "goals_and_budget", "year": 2022, "title": "Plan", "decided_on": day}
    own = {**COMMON, "year": 2022, "name": "Mått", "line": 1, **indicator}
    actions = [{**COMMON, "year": 2022, "action_id": f"a{n}", "title": "x", "end": end} for n, end in enumerate(ends)]
    plans = Tables(
        documents=frame("documents", [document]),
        indicators=frame("indicators", [{**own, "indicator_id": f"i{n}"} for n in range(3)]),
        actions=frame("actions", actions),
    )
    page = Page("Quality", plans, language)
    findings = usable.findings(
        page,
        hygiene=value_hygiene.stated(plans, by=["municipality_code"]),
        days=timeliness.documents(plans),
        ends=timeliness.planned_ends(plans),
    )
    return [finding.text.replace("\u00a0", " ") for finding in findings if finding is not None]


def test_what_fewer_than_half_of_the_indicators_state_is_told():
    (text,) = [t for t in told(unit="%", source_name="Kolada") if "fewer than half" in t]
    assert text.startswith("Norrtälje: fewer than half of the indicators state: ")
    assert "who is responsible (0 of 3)" in text
    assert "source" not in text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (None, "None of 1 plans and follow-ups states the day on which it was decided"),
        ("2021-11-29", "Of 1 plans and follow-ups 1 state a day; 1 of these were decided before their year began"),
        ("2022-02-01", "Of 1 plans and follow-ups 1 state a day; 0 of these were decided before their year began"),
    ],
)
def test_whether_plans_came_in_time_is_told_where_they_state_a_day(day, text):
    assert any(told.startswith(text) for told in told(day=day))


def test_when_actions_are_due_is_told_once_per_plan():
    texts = told(ends=["2021-06-30", "2022-12-31", "2022-06-30", "2023-01-01", None])
    assert (
        "Norrtälje, plan for 2022: of 4 actions with a stated end 2 are due in the plan year, 1 before it and 1 after. "
        "1 of those before it belongs to no goal or assignment: it can be a step of the work on the plan itself."
        in texts
    )
    assert not any("step of" in text for text in told(ends=["2022-06-30"]))
    assert not any("actions" in text for text in told())


def test_all_is_told_in_swedish():
    texts = told("sv", ends=["2022-06-30"])
    assert any(text.startswith("Norrtälje: färre än hälften av indikatorerna anger: ") for text in texts)
    assert any("ska 1 vara klara under planåret" in text for text in texts)
