from __future__ import annotations

from compare.contract import Tables, frame
from compare.presentation.wording import Wording
from compare.reports.changes import changes, line, one_by_one, section, told

OF = {"document_id": "0188-follow-up-2022-t1", "municipality_code": "0188", "year": 2022}
NEXT = {**OF, "document_id": "0188-follow-up-2022-t3"}
VALUE = {"document_id": OF["document_id"], "municipality_code": "0188", "plan_year": 2022}


def documents(*ids: str):
    rows = [
        {
            "document_id": one,
            "municipality_code": "0188",
            "title": one,
            "kind": "follow_up",
            "year": 2022,
            "reading": "machine",
        }
        for one in ids
    ]
    return frame("documents", rows)


def assignment(of: dict, title: str) -> dict:
    return {**of, "assignment_id": f"{of['document_id']}/assignment-L1", "kind": "assignment", "title": title}


def status(of: dict, period: str, word: str) -> dict:
    return {
        **of,
        "status_id": f"{of['document_id']}/status-L1",
        "assignment_id": f"{of['document_id']}/assignment-L1",
        "period": period,
        "status": word,
    }


def test_an_assignment_has_moved_when_a_linked_later_follow_up_says_otherwise():
    first = Tables(
        documents=documents(OF["document_id"]),
        assignments=frame("assignments", [assignment(OF, "Bygg en bro")]),
        statuses=frame("statuses", [status(OF, "2022-T1", "expected")]),
    )
    link = {
        "from_table": "assignments",
        "from_id": f"{OF['document_id']}/assignment-L1",
        "to_table": "assignments",
        "to_id": f"{NEXT['document_id']}/assignment-L1",
        "relation": "same_assignment",
    }
    second = Tables(
        documents=documents(OF["document_id"], NEXT["document_id"]),
        assignments=frame("assignments", [assignment(OF, "Bygg en bro"), assignment(NEXT, "Bygg en bro")]),
        statuses=frame("statuses", [status(OF, "2022-T1", "expected"), status(NEXT, "2022-T3", "not_completed")]),
        links=frame("links", [link]),
    )
    found = changes(first, second)
    moved = found[found["change"] == "moved"]
    assert moved[["what", "label", "before", "after"]].to_numpy().tolist() == [
        ["status", "Bygg en bro", "expected", "not_completed"]
    ]
    assert set(found["what"]) == {"status", "document", "assignment"}


def test_revised_targets_and_amounts_tell_both_figures_as_printed():
    value = {**VALUE, "indicator_value_id": "v", "indicator_id": "i", "kind": "target", "year": 2023}
    line = {**VALUE, "budget_line_id": "b", "label": "Skola", "year": 2023}
    first = Tables(
        indicator_values=frame("indicator_values", [{**value, "value": 35.0, "text": "35 %"}]),
        budget_lines=frame("budget_lines", [{**line, "amount_sek": -100_000}]),
    )
    second = Tables(
        indicator_values=frame("indicator_values", [{**value, "value": 40.0, "text": "40 %"}]),
        budget_lines=frame("budget_lines", [{**line, "amount_sek": -120_000}]),
    )
    rows = changes(first, second)[["what", "change", "before", "after"]].to_numpy().tolist()
    assert rows == [["target", "revised", "35 %", "40 %"], ["amount", "revised", "-100000", "-120000"]]


def test_new_and_withdrawn_budget_lines_and_values_are_told_with_whose_they_are_their_year_and_unit():
    amount = {**VALUE, "office": "Parkenheten", "label": "Netto", "year": 2023, "kind": "budget", "unit": "tkr"}
    lines = [{**amount, "budget_line_id": key, "text": text} for key, text in (("a", "100"), ("b", "120"))]
    value = {**VALUE, "indicator_value_id": "v", "indicator_id": "i", "kind": "target", "year": 2023, "text": "40 %"}
    indicator = {**OF, "indicator_id": "i", "name": "Trädens andel"}
    first = Tables(indicators=frame("indicators", [indicator]), budget_lines=frame("budget_lines", lines[:1]))
    second = Tables(
        indicators=frame("indicators", [indicator]),
        indicator_values=frame("indicator_values", [{**value, "unit": "%"}]),
        budget_lines=frame("budget_lines", lines[1:]),
    )
    found = changes(first, second)
    assert [line(row, Wording("en")) for row in found.itertuples()] == [
        "Norrtälje: Targets, new; Trädens andel; 2023; 40 % [v]",
        "Norrtälje: Amounts, withdrawn; Parkenheten: Netto; budget 2023; 100 tkr [a]",
        "Norrtälje: Amounts, new; Parkenheten: Netto; budget 2023; 120 tkr [b]",
    ]


def test_the_rows_of_a_new_document_are_counted_but_not_listed_one_by_one():
    goals = [{**of, "goal_id": of["document_id"], "title": "Fler träd"} for of in (OF, NEXT)]
    first = Tables(documents=documents(OF["document_id"]))
    second = Tables(documents=documents(OF["document_id"], NEXT["document_id"]), goals=frame("goals", goals))
    found = changes(first, second)
    assert told(found, Wording("en")) == ["Documents, new: 1", "Goals, new: 2"]
    assert one_by_one(found)["record_id"].tolist() == [NEXT["document_id"], OF["document_id"]]
    assert "counted above" in section(found, "x", Wording("en"))


def test_new_and_withdrawn_goals_are_told_and_equal_tables_tell_nothing():
    one = {**OF, "goal_id": "a", "title": "Fler träd"}
    first, second = (Tables(goals=frame("goals", [{**one, "goal_id": key}])) for key in "ab")
    assert changes(first, second)[["change", "record_id"]].to_numpy().tolist() == [["withdrawn", "a"], ["new", "b"]]
    assert changes(first, first).empty


def test_the_section_says_it_in_the_readers_language_and_escapes_words_of_documents():
    one = {**OF, "goal_id": "a", "title": "Mål <script>"}
    found = changes(Tables(), Tables(goals=frame("goals", [one])))
    assert told(found, Wording("sv")) == ["Mål, nya: 1"]
    text = section(found, "0123456789ab", Wording("sv"))
    assert "<script>" not in text
    assert "Jämfört med ögonblicksbilden 0123456789ab." in text
    assert "Inget som rapporten läser" in section(changes(Tables(), Tables()), "x", Wording("sv"))


def test_a_document_that_is_said_to_be_of_another_municipality_or_year_is_told():
    before = Tables(documents=documents("plan"))
    after = Tables(documents=documents("plan").assign(municipality_code="0180", year=2023))
    found = changes(before, after)
    assert found[["what", "change", "before", "after"]].values.tolist() == [
        ["document", "revised", "0188", "0180"],
        ["document", "revised", "2022", "2023"],
    ]


def test_numbers_that_are_not_as_printed_are_written_as_the_reader_writes_them():
    at = {**VALUE, "year": 2023}
    first, second = (
        Tables(
            indicator_values=frame(
                "indicator_values", [{**at, "indicator_value_id": "v", "kind": "target", "value": v}]
            ),
            budget_lines=frame("budget_lines", [{**at, "budget_line_id": "b", "label": "Skola", "amount_sek": sek}]),
        )
        for v, sek in ((5.0, -100_000), (6.5, -120_000))
    )
    lines = [line(row, Wording("sv")).replace("\u00a0", " ") for row in changes(first, second).itertuples()]
    assert "5 → 6,5" in lines[0]
    assert "−100 000 kr → −120 000 kr" in lines[1]
