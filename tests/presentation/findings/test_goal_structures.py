"""What the report on goals says of few plans, each by itself, and of many, all together."""

import pandas as pd

from compare.contract import Tables, frame
from compare.presentation.findings import goal_structures as found
from compare.presentation.page import Page

NOTHING = pd.DataFrame(
    {"rate": [], "n": [], "attached": [], "on_goals": [], "count": [], "goals": [], "span": [], "childless": []}
)


def structure(*goals: int) -> pd.DataFrame:
    """Plans with so many goals each, in two levels; two of their top goals are divided, one is not."""
    return pd.DataFrame(
        {
            "municipality_code": [f"{2300 + n}" for n in range(len(goals))],
            "year": 2024,
            "goals": goals,
            "depth": 2,
            "span": 3.0,
            "childless": 1,
            "childless_rate": 1 / 3,
            "goal_ids": [[] for _ in goals],
            "childless_ids": [[] for _ in goals],
        }
    )


def attached(*rows: tuple[int, int]) -> pd.DataFrame:
    """Per plan how many assignments stand on its ten goals, and on how many goals there is none."""
    return pd.DataFrame(
        {
            "municipality_code": [f"{2300 + n}" for n in range(len(rows))],
            "year": 2024,
            "attached": "assignments",
            "goals": 10,
            "known": 10,
            "on_goals": [on_goals for on_goals, _ in rows],
            "largest": 3,
            "without": [without for _, without in rows],
            "goal_ids": [[] for _ in rows],
            "most_ids": [["the goal"] for _ in rows],
        }
    )


def told(page: Page, **given: pd.DataFrame) -> list[str]:
    names = ["structure", "indicators", "indicators_below", "attached", "unattached", "shared"]
    empty = NOTHING.assign(municipality_code="", year=0)
    frames = {name: given.get(name, empty) for name in names}
    return [one.text.replace("\u00a0", " ") for one in found.findings(page, frames.pop("structure"), **frames)]


def test_the_sizes_of_few_plans_stand_in_one_sentence():
    texts = told(Page("Goals", Tables(), "en"), structure=structure(12, 9))
    assert texts[0].count("goals in 2 levels") == 2
    assert "2300 2024 has 12 goals" in texts[0]
    assert texts[1].endswith("2 are divided, on average into 3; 1 has no goals below it.")


def test_many_plans_are_one_finding_each():
    texts = told(Page("Goals", Tables(), "sv"), structure=structure(*range(4, 24)), attached=attached(*[(12, 4)] * 20))
    assert texts == [
        "20 planer har sammanlagt 270 mål, på högst 2 nivåer; den mittersta hälften av dem har 9 till 18 mål var.",
        "I 20 planer har 80 av 200 mål inget uppdrag, inte heller på målen därunder (40 %). I den mittersta hälften av "
        "dem är andelen 40 %.",
    ]


def test_plans_of_one_size_have_that_many_goals_and_not_from_so_many_to_as_many():
    page = Page("Goals", Tables(), "sv")
    alike = structure(*[24] * 20)
    assert told(page, structure=alike)[0].endswith("den mittersta hälften av dem har 24 mål var.")
    assert found.title_of_trees(page, alike) == "Den mittersta hälften av 20 planer har 24 mål"


def test_how_few_assignments_stand_is_told_only_where_no_plan_has_more():
    page = Page("Goals", Tables(), "en")
    assert len(told(page, attached=attached((4, 9), (30, 2)))) == 1
    assert "are 3 of 30." in told(page, attached=attached((4, 9), (30, 2)))[0]
    assert "are 3 of 4." in told(page, attached=attached((4, 9)))[0]


def test_the_goal_with_most_assignments_is_named_with_how_many_are_parts_of_others():
    rows = {"municipality_code": "2300", "document_id": "d", "year": 2024}
    goals = frame("goals", [{**rows, "goal_id": "the goal", "title": "Trygga vägar", "title_en": "Safe roads"}])
    tasks = [("Broar", "assignment"), ("Bro ett", "sub_assignment"), ("Bro två", "sub_assignment")]
    assignments = frame(
        "assignments",
        [
            {**rows, "assignment_id": title, "goal_id": "the goal", "title": title, "kind": kind}
            for title, kind in tasks
        ],
    )
    page = Page("Goals", Tables(goals=goals, assignments=assignments), "en")
    assert told(page, attached=attached((12, 4))) == [
        "3 of 12 assignments in 2300 2024 stand under one goal, “Safe roads”; 2 of them are parts of another "
        "assignment. 4 of 10 goals have none, nor do the goals below them, in the documents that were read."
    ]


def test_goals_of_documents_without_indicators_are_told_as_unknown():
    rows = {"municipality_code": ["2300"], "year": 2024, "count": 11, "n": 17, "unknown": 4, "rate": 11 / 17}
    coverage = pd.DataFrame({**rows, "low": 0.4, "high": 0.8, "record_ids": [[]]})
    (text,) = told(Page("Goals", Tables(), "en"), indicators=coverage, indicators_below=coverage)
    assert text.startswith("11 of 17 goals in 2300 2024 have at least one indicator (65%); of 4 more it cannot be told")


def test_documents_that_name_no_goals_for_any_assignment_are_told_as_such():
    loose = pd.DataFrame(
        {
            "municipality_code": ["2300"],
            "year": 2024,
            "attached": "assignments",
            "count": 8,
            "n": 8,
            "record_ids": [[]],
        }
    )
    assert told(Page("Goals", Tables(), "en"), unattached=loose) == [
        "The documents of 2300 2024 that were read do not say which goals their 8 assignments serve."
    ]


def test_a_total_of_many_plans_counts_also_those_with_none_and_few_are_told_where_there_are_any():
    page = Page("Goals", Tables(), "en")
    plans = {"municipality_code": [f"{2300 + n}" for n in range(10)], "year": 2024, "attached": "assignments", "n": 10}
    rows = pd.DataFrame(plans).assign(count=[4] + [0] * 9, rate=[0.4] + [0.0] * 9, low=0.0, high=0.5)
    rows = rows.assign(record_ids=[[] for _ in rows.index])
    assert ["4 of 100" in text for text in told(page, shared=rows, unattached=rows)] == [True, True]
    few = told(page, shared=rows[:2], unattached=rows[:2])
    assert ["4 of 10 assignments in 2300 2024" in text for text in few] == [True, True]


def test_a_change_leads_to_the_goal_before_and_after_as_far_as_there_are_both():
    changes = pd.DataFrame({"from_id": ["a", "b", None], "to_id": ["x", None, "y"]})
    assert found.with_both_places(changes)["record_ids"].tolist() == [["a", "x"], ["b"], ["y"]]
