"""Amounts that no municipality of its size can have are told, and no others."""

from __future__ import annotations

import pytest

from compare import magnitude, plan_files, snapshots
from compare.contract import Tables, frame, together
from compare.reference import data_folder, population

CODE = "0114"
DOCUMENT = f"{CODE}-goals-and-budget-2024"


def plan(*rows: tuple[str, int, int, str], board: str | None = None, **stated: object) -> Tables:
    """A budget of an invented plan: label, year, printed amount and unit of each row."""
    common = {"document_id": DOCUMENT, "municipality_code": CODE}
    factors = {"kr": 1, "tkr": 1_000, "mnkr": 1_000_000}
    lines = [
        {**common, "plan_year": 2024, "budget_line_id": f"{DOCUMENT}/budget-L{number:04}", "line": number}
        | {"table_title": "Driftbudget", "label": label, "year": year, "text": str(amount), "unit": unit}
        | {"amount_sek": amount * factors[unit], "category": "net", "kind": "budget", "confidence": 0.95}
        | stated
        for number, (label, year, amount, unit) in enumerate(rows, start=1)
    ]
    document = {**common, "title": "Budget 2024", "kind": "goals_and_budget", "year": 2024, "board": board}
    return Tables(
        documents=frame("documents", [{**document, "reading": "machine"}]), budget_lines=frame("budget_lines", lines)
    )


def inhabitants(year: int) -> int:
    counts = population().set_index(["municipality_code", "year"])["population"]
    return int(counts[CODE, year])


def test_thousands_taken_for_millions_are_told_with_the_unit_to_look_at():
    each = 2_800_000
    amount = each * inhabitants(2024) // 1_000_000
    (remark,) = magnitude.remarks(plan(("Skolan", 2024, amount // 2, "mnkr"), ("Summa", 2024, amount, "mnkr")))
    assert remark.record_id == f"{DOCUMENT}/budget-L0002"
    assert "2 800 000 kr per inhabitant" in remark.message
    assert "is the unit tkr rather than mnkr?" in remark.message
    assert "2 800 000 kr per invånare" in remark.message_sv
    assert "är enheten tkr i stället för mnkr?" in remark.message_sv


def test_a_doubtful_table_is_doubted_and_its_neighbours_are_not():
    tables = plan(("Summa", 2024, 3_000_000, "mnkr"), ("Skolan", 2024, 2, "mnkr"), ("Badet", 2024, 900, "tkr"))
    told = magnitude.checked(tables)
    assert told.budget_lines["confidence"].tolist() == [0.6, 0.6, 0.95]
    assert told.findings["rule"].tolist() == ["magnitude"]
    assert told.findings["line"].tolist() == [1]


def test_what_municipalities_do_cost_is_not_told():
    usual = magnitude.USUAL * inhabitants(2024) // 1_000
    tables = plan(("Verksamhetens nettokostnader", 2024, -usual, "tkr"), ("Nämnden", 2024, 12, "tkr"))
    assert magnitude.remarks(tables) == []
    assert magnitude.checked(tables) is tables


def test_a_whole_municipality_can_be_too_small_and_a_part_cannot():
    rows = (("Verksamhetens nettokostnader", 2024, 2_600, "kr"), ("Kultur", 2024, 300, "kr"))
    (remark,) = magnitude.remarks(plan(*rows))
    assert remark.record_id.endswith("L0001")
    assert "is the unit tkr rather than kr?" in remark.message
    assert magnitude.remarks(plan(*rows, board="kulturnämnden")) == []
    assert magnitude.remarks(plan(*rows, office="Kulturkontoret")) == []
    assert magnitude.remarks(plan(*rows, table_title="Avvikelser mot budget")) == []
    assert magnitude.remarks(plan(rows[1])) == []


def test_a_row_with_one_amount_of_the_right_size_is_of_the_right_unit():
    usual = magnitude.USUAL * inhabitants(2024) // 1_000
    rows = (("Skatteintäkter", 2024, usual, "tkr"), ("Skatteintäkter", 2023, 120, "tkr"))
    assert magnitude.remarks(plan(*rows)) == []


@pytest.mark.parametrize("stated", [{"year": None}, {"category": "change"}, {"municipality_code": "9999"}])
def test_amounts_of_many_years_changes_and_unknown_places_are_passed_over(stated):
    assert magnitude.remarks(plan(("Summa", 2024, 9_000_000, "mnkr"), **stated)) == []


def test_years_outside_the_counts_take_the_nearest_before_or_the_first():
    for year, counted in ((2027, 2024), (2001, 2015)):
        (remark,) = magnitude.remarks(plan(("Summa", year, 9_000_000, "mnkr")))
        assert f"inhabitants in {counted}" in remark.message


def test_a_load_tells_it_once_also_where_the_coding_says_it():
    tables = plan(("Summa", 2024, 3_000_000, "mnkr"))
    for one in (tables, magnitude.checked(tables)):
        assert snapshots.completed(one).findings["rule"].tolist() == ["magnitude"]


def test_the_shipped_plans_raise_no_such_remark():
    folders = snapshots.coding_folders(data_folder("plans"))
    assert folders
    assert magnitude.remarks(together(plan_files.load(folder) for folder in folders)) == []
