"""Assignments by office beside the money of each, on a plan of a few rows."""

import pytest

from compare.contract import Tables
from compare.measures import work_and_money


@pytest.fixture
def two_offices(given):
    """Kontor A has most of the money, kontor B most of the assignments; a third unit has money alone."""
    tasks = [("a", "Kontor A"), ("b", "Kontor B"), ("c", "Kontor B"), ("d", "Kontor B")]
    return given.plans(
        assignments=[given.assignment(name, office=office) for name, office in tasks]
        + [given.assignment("again", office="Kontor A", title="Uppdrag d"), given.assignment("nobody's")]
        + [given.assignment("old", office="Kontor A", kind="unfinished_assignment")]
        + [given.assignment("part", office="Kontor A", kind="sub_assignment")],
        budget_lines=[
            given.budget("Kontor A", -600, 1, parent_budget_line_id="total"),
            given.budget("KONTOR B", -300, 2, parent_budget_line_id="total"),
            given.budget("Övrigt", -100, 3, parent_budget_line_id="total"),
            given.budget("Summa", -1000, 4, id="total"),
        ],
    )


def test_each_unit_has_its_share_of_the_money_and_of_the_assignments(two_offices):
    found = work_and_money.by_unit(two_offices).set_index("unit")
    assert found["cost_share"].tolist() == [0.6, 0.3, 0.1]
    assert found["assignments"].tolist() == [2, 3, 0]
    assert found["n"].unique().tolist() == [4]
    assert found["difference"].tolist() == pytest.approx([-0.1, 0.45, -0.1])
    assert found.loc["Kontor A", "record_ids"][1:] == ["a", "again"]


def test_each_plan_stands_for_itself_with_the_budget_of_its_own_year(given):
    documents = [given.document("one"), given.document("two", "0002"), given.document("three", "0003")]
    lines = [
        given.budget(unit, -cost, line, id=f"{own}{unit}{year}{kind}", year=year, kind=kind, document_id=own)
        for own, costs in (("one", (60, 40)), ("two", (10, 30)), ("three", (5, 5)))
        for line, (unit, cost) in enumerate(zip(("Kontor A", "Kontor B"), costs, strict=True), start=1)
        for year, kind in ((2021, "outcome"), (2022, "budget"), (2022, "forecast"), (2023, "plan"))
    ]
    tasks = [
        given.assignment(f"{own}-{number}", office=office, document_id=own)
        for own in ("one", "two")
        for number, office in enumerate(("Kontor A", "Kontor B", "Kontor B"))
    ]
    found = work_and_money.by_unit(given.plans(documents, assignments=tasks, budget_lines=lines))
    assert found[["municipality_code", "document_id", "year", "unit", "cost", "n"]].to_numpy().tolist() == [
        ["0001", "one", 2022, "Kontor A", 60_000, 3],
        ["0001", "one", 2022, "Kontor B", 40_000, 3],
        ["0002", "two", 2022, "Kontor A", 10_000, 3],
        ["0002", "two", 2022, "Kontor B", 30_000, 3],
    ]
    assert found["cost_share"].tolist() == [0.6, 0.4, 0.25, 0.75]
    assert found["record_ids"][1] == ["oneKontor B2022budget", "one-1", "one-2"]


def test_of_a_budget_and_a_plan_for_one_year_only_the_budget_counts(given):
    lines = [
        given.budget(unit, -cost, line, id=f"{unit}{kind}", kind=kind)
        for kind, costs in (("plan", (80, 20)), ("budget", (60, 40)))
        for line, (unit, cost) in enumerate(zip(("Kontor A", "Kontor B"), costs, strict=True), start=1)
    ]
    tasks = [given.assignment("a", office="Kontor A"), given.assignment("b", office="Kontor B")]
    found = work_and_money.by_unit(given.plans(assignments=tasks, budget_lines=lines))
    assert found[["unit", "cost_share"]].to_numpy().tolist() == [["Kontor A", 0.6], ["Kontor B", 0.4]]
    assert work_and_money.by_unit(given.plans(assignments=tasks[:1], budget_lines=lines)).empty


def test_where_units_of_the_table_are_no_offices_there_is_nothing_to_set_beside(given):
    plans = given.plans(
        assignments=[given.assignment("a", office="Kontor A")],
        budget_lines=[
            given.budget("Kontor A", -600, 1, parent_budget_line_id="total"),
            given.budget("Övrigt", -100, 2, parent_budget_line_id="total"),
            given.budget("Summa", -700, 3, id="total"),
        ],
    )
    assert work_and_money.by_unit(plans).empty


def test_without_plans_there_are_no_rows_but_the_same_columns(two_offices):
    assert list(work_and_money.by_unit(Tables()).columns) == list(work_and_money.by_unit(two_offices).columns)
