"""The same assignment is found again in the next follow-up, and nothing is tied on a mere likeness."""

from compare.contract import Tables, frame, together
from compare.linking import links
from tests.conftest import fictional_follow_up


def _linked(first: list[str], second: list[str], **other) -> list[tuple[str, str]]:
    t1 = fictional_follow_up("T1", dict.fromkeys(first, "expected"))
    t3 = fictional_follow_up("T3", dict.fromkeys(second, "completed"), **other)
    both = together([t3, t1])
    titles = both.assignments.set_index("assignment_id")["title"]
    return [(titles[row.from_id], titles[row.to_id]) for row in links(both).itertuples()]


def test_an_assignment_is_tied_from_the_earlier_period_to_the_later():
    assert _linked(["Bygg en gångbro"], ["Bygg en gångbro"]) == [("Bygg en gångbro", "Bygg en gångbro")]


def test_case_punctuation_and_spaces_do_not_hinder():
    assert _linked(["Bygg en  gångbro."], ["bygg en gångbro"]) == [("Bygg en  gångbro.", "bygg en gångbro")]


def test_assignments_that_only_resemble_each_other_are_not_tied():
    assert _linked(["Bygg en gångbro i Norr"], ["Bygg en cykelväg i Norr"]) == []


def test_one_row_is_tied_to_one_row():
    assert len(_linked(["Bygg en gångbro", "Bygg en gångbro"], ["Bygg en gångbro"])) == 1


def test_two_municipalities_are_not_tied():
    assert _linked(["Bygg en gångbro"], ["Bygg en gångbro"], code="0115") == []


def test_an_unfinished_assignment_continues_as_the_one_it_lives_on_as():
    common = {"document_id": "0114-operational-plan-2025", "municipality_code": "0114", "year": 2025}
    rows = [
        {**common, "assignment_id": "new", "kind": "assignment", "title": "Utred hamnen"},
        {**common, "assignment_id": "old", "kind": "unfinished_assignment", "title": "Utred hamnen"},
    ]
    document = {**common, "title": "Plan", "kind": "operational_plan", "reading": "hand_coded"}
    tables = Tables(documents=frame("documents", [document]), assignments=frame("assignments", rows))
    found = links(tables)
    assert found[["from_id", "to_id", "relation"]].values.tolist() == [["old", "new", "continues"]]


def test_rows_without_a_title_are_tied_to_nothing():
    assert links(Tables()).empty
