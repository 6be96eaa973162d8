"""The titles of figures state what the data says, and nothing where it says nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from compare.contract import Tables
from compare.presentation.findings import completion_rates, goal_structures
from compare.presentation.page import Page


@pytest.fixture
def page() -> Page:
    return Page("Titles", Tables(), "en")


def goals(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"municipality_code": ["0188", "2380"], "year": [2022, 2024], **columns})


def test_a_title_names_both_ends_of_the_goals_that_are_known(page: Page):
    structure = goals(goals=[39, 9], depth=[3, 1])
    assert goal_structures.title_of_trees(page, structure) == "From 9 goals in Östersund 2024 to 39 in Norrtälje 2022"
    assert goal_structures.title_of_trees(page, structure.head(1)) == "Norrtälje 2022: 39 goals in 3 levels"
    assert goal_structures.title_of_trees(page, structure.head(0)) == ""


def test_a_title_of_shares_leaves_the_unknown_out(page: Page):
    coverage = goals(rate=[0.38, None])
    assert goal_structures.title_of_coverage(page, coverage) == "38% of the goals in Norrtälje 2022 have an indicator"
    attached = goals(per_goal=[None, None], attached=["assignments", "assignments"]).astype({"per_goal": "float64"})
    assert goal_structures.title_of_attachments(page, attached) == ""


def statuses(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=["committee", "period", "status", "n"])
    return found.assign(municipality_code="2380", year=2022)


def test_only_the_latest_follow_up_of_the_year_counts(page: Page):
    rows = statuses(
        ("KS", "2022-T1", "completed", 1), ("KS", "2022-T3", "completed", 6), ("KS", "2022-T3", "unknown", 2)
    )
    assert completion_rates.title_of_statuses(page, rows).startswith("6 of 8 assignments completed at T3")
    assert completion_rates.title_of_statuses(page, rows.head(0)) == ""


def test_a_committee_with_one_assignment_left_has_not_completed_all(page: Page):
    rows = statuses(
        ("KS", "2022-T3", "completed", 3), ("KS", "2022-T3", "not_completed", 1), ("TN", "2022-T3", "completed", 1)
    )
    assert completion_rates.title_of_committees(page, rows) == "1 of 2 committees have completed all their assignments"


def test_forecasts_of_all_municipalities_are_counted_together(page: Page):
    hits = pd.DataFrame({"n": [7, 3], "held": [5, 3]})
    assert completion_rates.title_of_moves(page, hits) == "8 of 10 forecasts during the year held"
    assert completion_rates.title_of_moves(page, hits.head(0)) == ""
