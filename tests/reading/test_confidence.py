"""Rows that bear signs of damage have less confidence, and confidence is the share that was measured right."""

from __future__ import annotations

import math
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from compare.reading import confidence

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

# How often a right row has the higher confidence than a wrong one; this only rises.
LEAST_AUC = 0.7

ACTIONS = """
    Verksamhetsplan 2024

    Mål 1: Trygghet

    Åtgärder\tVad som ska ske för att åtgärden ska anses slutförd\tAnsvarig\tStartdatum\tSlutdatum
    Hålla samråd om vägen\tSamråd har hållits\tPlanenheten\t2024-02-01\t2024-05-31
    Skriva förslag till plan\tFörslag finns\tPlanenheten\t2024-02-01\t2024-08-31
    Bygga en gångbro\tBron är byggd\tGatuenheten\t2024-03-01\t2024-09-30
    Plantera hundra träd\tTräden står\tParkenheten\t2024-04-01\t2024-10-31
    Rusta upp lekplatsen\tPlatsen är öppen\tParkenheten\t2024-05-01\t2024-11-30
    {last}
    """


def of_last(tables, last: str) -> tuple[float, float]:
    """The confidence of the table's last action and of the one above it."""
    found = tables(ACTIONS.format(last=last)).actions["confidence"].tolist()
    assert len(found) == 6
    return found[-1], found[-2]


def test_a_row_like_its_neighbours_is_as_sure_as_they(tables):
    one, other = of_last(tables, "Måla om fritidsgården\tGården är målad\tFritidsenheten\t2024-05-01\t2024-12-31")
    assert one == other


@pytest.mark.parametrize(
    "damaged",
    [
        "Måla om fritidsgården\tGården är målad\tFritidsenheten 2024-05-01\t2024-12-31\t",
        "Måla om fritidsgården\tGården är målad\tFritidsenheten\t2024-05-01\t2024-17-31",
        "Måla om fritidsgården\tGården är målad\tFritidsenheten\t2024-05-01\t2204-12-31",
        "Måla om fritidsgården\t\t\t\t",
        "Måla om fr1tidsgården\tGården är målad\t2024-05-01\t2024-05-01\t2024-12-31",
    ],
)
def test_a_row_with_a_shifted_glued_or_impossible_cell_is_less_sure(tables, damaged):
    one, other = of_last(tables, damaged)
    assert one < other


def test_amounts_without_a_year_are_hardly_believed(tables):
    text = "Driftbudget, tkr\t{head}\nGata\t-60 000\t-65 000\nPark\t-10 000\t-12 000\nSumma nämnd\t-70 000\t-77 000\n"
    sure = tables(text.format(head="Budget 2024\tPlan 2025")).budget_lines["confidence"]
    unsure = tables(text.format(head="Budget\tPlan")).budget_lines["confidence"]
    assert len(sure) == len(unsure) == 6
    assert unsure.max() < sure.min()


def test_letters_among_digits_make_the_amount_and_its_line_doubtful(tables):
    text = "Driftbudget, tkr\tBudget 2024\tPlan 2025\nGata\t-60 000\t-65 000\nPark\t8 O18\t-12 000\nBad\t-3\t-4\n"
    found = tables(text).budget_lines.set_index("label")["confidence"]
    assert found["Park"].max() < found["Gata"].min()


def test_what_was_measured_only_rises_and_says_of_how_many_rows():
    stated = tomllib.loads(confidence.MEASURED.read_text(encoding="utf-8"))
    assert set(stated["tables"]) == set(confidence.JUDGED)
    for table, steps in stated["tables"].items():
        assert all(one["from"] < two["from"] and one["right"] <= two["right"] for one, two in pairwise(steps)), table
        assert all(0 < step["right"] < 1 and step["n"] > 0 for step in steps), table
        for step in steps:
            assert confidence.calibrated(table, step["from"]) == step["right"]
        assert confidence.calibrated(table, 0) == steps[0]["right"]
        assert confidence.calibrated(table, 1) == steps[-1]["right"]


def test_confidence_tells_right_rows_from_wrong_ones_in_damaged_documents(shared):
    import calibration

    rows = list(calibration.judged(seed=1_000, rate=0.1, shared=shared))
    right = [row.score for row in rows if row.right]
    wrong = [row.score for row in rows if not row.right]
    assert len(wrong) > 20
    assert calibration.auc(rows) > LEAST_AUC
    assert sum(right) / len(right) > sum(wrong) / len(wrong)
    expected = sum(row.score for row in rows) / len(rows)
    assert math.isclose(expected, len(right) / len(rows), abs_tol=0.08)
