"""A coding survives being written and read, and says plainly what is wrong with it."""

import datetime
import tomllib

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.checks import IllTyped, format_cell, parse_cell
from compare.contract import TABLES, Tables
from compare.plan_files import CARD, differences, load, load_coding, template, updated, write
from compare.problems import PlanError, ProblemsFound
from tests.conftest import fictional_follow_up


@pytest.fixture
def coding(tmp_path, follow_up):
    folder = tmp_path / follow_up.documents["document_id"][0]
    write(follow_up, folder)
    return folder


def _edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_coding_gives_the_same_tables_back(coding, follow_up):
    for name, rows in load(coding).items():
        pd.testing.assert_frame_equal(rows, follow_up[name])


def test_what_the_card_states_is_not_repeated_in_the_files(coding):
    header = (coding / "assignments.csv").read_text(encoding="utf-8").splitlines()[0]
    assert "municipality_code" not in header
    assert "document_id" not in header


def test_a_spreadsheet_with_semicolons_and_windows_letters_is_read(coding):
    path = coding / "assignments.csv"
    path.write_bytes(path.read_text(encoding="utf-8").replace(",", ";").encode("cp1252"))
    assert load(coding).assignments["title"].tolist() == ["Bygg en gångbro", "Plantera hundra träd"]


def test_a_spreadsheets_own_words_and_commas_are_read(coding):
    _edit(coding / "assignments.csv", "false", "FALSKT")
    path = coding / "goals.csv"
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    goal = {"goal_id": "g1", "level": "1", "title": "Fler träd", "confidence": "0,5"}
    cells = ";".join(goal.get(name, "") for name in header)
    path.write_text(f"{';'.join(header)}\r\n{cells}\r\n", encoding="cp1252")
    tables = load(coding)
    assert tables.goals["confidence"].tolist() == [0.5]
    assert not tables.assignments["carried_over"].any()


@pytest.mark.parametrize("name", ["goals.xlsx", "Goals.csv", "goals.CSV"])
def test_a_table_under_a_name_that_is_not_read_is_told(coding, name):
    (coding / "goals.csv").rename(coding / name)
    with pytest.raises(ProblemsFound, match=rf"{name}: is not read: a table is a CSV file; expected: goals.csv"):
        load(coding)


def test_notes_beside_a_coding_are_nobodys_business(coding):
    (coding / "notes.txt").write_text("to do", encoding="utf-8")
    assert load_coding(coding).problems == ()


def test_a_file_that_is_no_table_is_told_once(coding):
    (coding / "goals.csv").write_bytes(b"PK\x03\x04 something else")
    (problem,) = load_coding(coding).problems
    assert problem.what == "the first row names no column of the table"
    assert "goal_id, parent_goal_id" in problem.expected


def test_a_column_that_stands_twice_is_told_without_all_rows_below_it(coding):
    _edit(coding / "assignments.csv", "title,", "title,title,")
    assert [problem.what for problem in load_coding(coding).problems] == ["column stands twice"]


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [('"0114"', "0114", "a code that begins with 0 stands in quotes"), ('"', "\u201d", "quotes are straight")],
)
def test_a_card_that_is_not_toml_says_what_people_most_often_mean(coding, old, new, hint):
    _edit(coding / CARD, old, new)
    assert hint in load_coding(coding).problems[0].what


def test_a_card_with_a_byte_order_mark_is_read(coding):
    (coding / CARD).write_bytes(b"\xef\xbb\xbf" + (coding / CARD).read_bytes())
    assert load_coding(coding).problems == ()


def test_an_integer_code_in_the_card_is_refused_with_advice(coding):
    _edit(coding / CARD, '"0114"', "114")
    with pytest.raises(ProblemsFound, match=r"municipality_code.*quotes"):
        load(coding)


def test_a_missing_column_is_named(coding):
    _edit(coding / "statuses.csv", "status_date", "day")
    problems = load_coding(coding).problems
    assert [(p.what, p.column) for p in problems] == [("column is missing", "status_date"), ("unknown column", "day")]


def test_all_ill_typed_cells_are_told_with_file_row_and_value(coding):
    _edit(coding / "assignments.csv", "false", "nej")
    problems = load_coding(coding).problems
    assert [(p.row, p.column, p.value) for p in problems] == [(2, "carried_over", "nej"), (3, "carried_over", "nej")]
    assert problems[0].file.endswith("assignments.csv")


def test_a_row_with_too_few_cells_is_told(coding):
    path = coding / "goals.csv"
    path.write_text(path.read_text(encoding="utf-8") + "a,b\n", encoding="utf-8")
    assert "2 cells" in load_coding(coding).problems[0].what


def test_a_missing_card_is_told(coding):
    (coding / CARD).unlink()
    assert load_coding(coding).problems[0].what == "the source card is missing"


def test_a_blank_template_asks_for_what_is_required(tmp_path):
    template(tmp_path / "new")
    with pytest.raises(ProblemsFound, match="document_id"):
        load(tmp_path / "new")
    with pytest.raises(PlanError, match="not empty"):
        template(tmp_path / "new")


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("0114-follow-up-2025-half-year", {"kind": "follow_up", "year": 2025, "period": "half-year"}),
        ("0114-goals-and-budget-2026", {"kind": "goals_and_budget", "year": 2026}),
        ("0114-operational-plan-2026-kultur-och-fritidsnamnden", {"kind": "operational_plan", "year": 2026}),
    ],
)
def test_a_blank_template_takes_from_its_folders_name_what_that_states(tmp_path, name, stated):
    template(tmp_path / name)
    card = tomllib.loads((tmp_path / name / CARD).read_text(encoding="utf-8"))
    assert card == {"document_id": name, "municipality_code": "0114", "title": "", "reading": "hand_coded"} | stated
    left = {problem.column for problem in load_coding(tmp_path / name).problems}
    assert left == {"title"}


def test_the_reading_and_its_own_coding_do_not_differ(coding, follow_up):
    assert differences(load(coding), follow_up).empty


def test_differences_are_told_row_by_row(follow_up):
    later = fictional_follow_up("T1", {"Bygg en gångbro": "completed", "Plantera hundra träd": "completed"})
    fewer = Tables(**{**later, "assignments": later.assignments.iloc[:1]})
    found = differences(follow_up, fewer)
    assert found[["table", "change", "column"]].astype(object).where(found.notna(), None).values.tolist()[0][:2] == [
        "assignments",
        "only_in_coding",
    ]
    changed = found[found["change"] == "changed"]
    assert changed[["column", "coding", "reading"]].values.tolist() == [["status", "expected", "completed"]]


def test_labels_are_kept_and_figures_renewed(follow_up):
    labelled = Tables(
        **{
            **follow_up,
            "documents": follow_up.documents.assign(wording="labels"),
            "assignments": follow_up.assignments.assign(title=["Gångbro", "Träd"]),
        }
    )
    later = fictional_follow_up("T1", {"Bygg en gångbro": "completed", "Plantera hundra träd": "completed"})
    assert differences(labelled, later)["column"].tolist() == ["status"]
    new = updated(labelled, later)
    assert new.assignments["title"].tolist() == ["Gångbro", "Träd"]
    assert new.statuses["status"].tolist() == ["completed", "completed"]


CELLS = {
    "integer": st.integers(-(10**15), 10**15),
    "boolean": st.booleans(),
    "date": st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)),
    "list": st.lists(st.text("ABCKSTN", min_size=1, max_size=4), min_size=1, max_size=4),
}
COLUMNS = {"integer": ("goals", "level"), "boolean": ("assignments", "carried_over")} | {
    "date": ("actions", "start"),
    "list": ("assignments", "committees"),
}


@given(st.sampled_from(sorted(CELLS)).flatmap(lambda kind: st.tuples(st.just(kind), CELLS[kind])))
def test_a_cell_written_as_text_gives_the_same_value_back(case):
    kind, value = case
    table, name = COLUMNS[kind]
    column = TABLES[table].column(name)
    assert parse_cell(column, format_cell(column, value)) == value


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("goals", "level", "1,5"),
        ("budget_lines", "amount_sek", "1 000"),
        ("actions", "start", "2022-02-30"),
        ("assignments", "carried_over", "ja"),
    ],
)
def test_text_of_another_type_is_not_guessed_at(table, column, text):
    with pytest.raises(IllTyped):
        parse_cell(TABLES[table].column(column), text)


def test_a_file_whose_name_is_no_table_is_told_instead_of_passed_over(coding):
    (coding / "goals.csv").rename(coding / "goalz.csv")
    with pytest.raises(ProblemsFound, match=r"goalz.csv: no table is called so; one of .*goals.csv"):
        load(coding)


def test_a_file_that_cannot_be_read_is_told(coding):
    (coding / "goals.csv").unlink()
    (coding / "goals.csv").mkdir()
    with pytest.raises(ProblemsFound, match=r"goals.csv: .*cannot be read or written"):
        load(coding)


@pytest.mark.parametrize(
    ("table", "column", "text"), [("budget_lines", "amount_sek", "9" * 25), ("indicator_values", "value", "1e999")]
)
def test_a_number_that_no_column_holds_is_told(table, column, text):
    with pytest.raises(IllTyped):
        parse_cell(TABLES[table].column(column), text)
