"""What a person decided: the shipped files hold together, and files of one's own are checked."""

import pytest

from compare.contract import Tables, frame
from compare.measures import directions as ways
from compare.problems import PlanError, ProblemsFound
from compare.reference import data_folder, names, reviewed, service_areas

DOCUMENTS = [
    {"document_id": folder.name, "municipality_code": folder.name[:4]} for folder in data_folder("plans").iterdir()
]
SHIPPED = Tables(documents=frame("documents", DOCUMENTS))
READERS = {
    "directions": reviewed.directions,
    "themes": lambda path: reviewed.themes(SHIPPED, path),
    "service_areas": reviewed.service_areas,
}
HEADS = {
    "directions": "name,direction,reviewed_by,reviewed_on",
    "themes": "record_id,scheme,theme,reviewed_by,reviewed_on",
    "service_areas": "unit,service_area,reviewed_by,reviewed_on",
}


@pytest.mark.parametrize("name", READERS)
def test_the_shipped_decisions_say_who_decided_when_and_why(name):
    rows = READERS[name](reviewed.SHIPPED)
    assert len(rows)
    assert rows[["reason", "reviewed_by", "reviewed_on"]].notna().all().all()
    if "municipality_code" in rows:
        assert set(rows["municipality_code"].dropna()) <= set(names())


def test_the_shipped_directions_can_be_used_and_name_nothing_twice():
    rows = reviewed.directions()
    ways.check(rows)
    assert not rows.duplicated(["name", "kpi", "municipality_code"]).any()


def test_the_shipped_service_areas_exist():
    codes = {*service_areas()["area_code"], "common", "finance"}
    assert {code for value in reviewed.service_areas()["service_area"] for code in value.split("+")} <= codes


@pytest.mark.parametrize("name", READERS)
def test_none_is_without_any_decision_and_with_the_same_columns(name):
    assert READERS[name](reviewed.NOTHING).empty
    assert list(READERS[name](reviewed.NOTHING)) == list(READERS[name](reviewed.SHIPPED))


@pytest.mark.parametrize("name", READERS)
def test_a_decision_without_reviewer_or_day_is_refused_with_its_row(name, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text(f"{HEADS[name]}\n" + ",".join(["x"] * (HEADS[name].count(",") - 1)) + ",,someday\n")
    with pytest.raises(ProblemsFound) as caught:
        READERS[name](own)
    assert {(problem.row, problem.column) for problem in caught.value.problems} == {
        (2, "reviewed_by"),
        (2, "reviewed_on"),
    }


@pytest.mark.parametrize("name", READERS)
def test_a_file_without_its_columns_is_refused(name, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("a,b\n1,2\n")
    with pytest.raises(PlanError, match="lacks the column"):
        READERS[name](own)


def test_a_file_that_is_not_there_says_what_may_be_named():
    with pytest.raises(PlanError, match="'shipped' or 'none'"):
        reviewed.directions("nowhere.csv")


def test_themes_of_documents_that_were_not_read_and_of_the_other_table_are_left_out(tmp_path):
    own = tmp_path / "own.csv"
    rows = ["d/goal-1,sdg,4,anybody,2026-01-01", "d/a,sdg,4,anybody,2026-01-01", "e/goal-1,sdg,4,anybody,2026-01-01"]
    own.write_text("\n".join([HEADS["themes"], *rows]))
    plans = Tables(
        documents=frame("documents", [{"document_id": "d"}]),
        assignments=frame("assignments", [{"assignment_id": "d/a", "document_id": "d"}]),
    )
    assert reviewed.themes(plans, own)["record_id"].tolist() == ["d/goal-1"]
    assert reviewed.themes(plans, own, of="assignments")["record_id"].tolist() == ["d/goal-1", "d/a"]


def test_the_agreement_of_themes_is_told_within_and_outside_the_words_that_were_tuned():
    found = reviewed.theme_agreement().set_index(["words", "labels"])
    assert set(found.index) == {(w, k) for w in ("all", "elsewhere") for k in ("primary", "all")}
    assert (found["low"] <= found["alpha"]).all()
    assert (found["alpha"] <= found["high"]).all()
    assert found.loc[("elsewhere", "primary"), "alpha"] <= found.loc[("all", "primary"), "alpha"]


def test_a_data_folder_of_ones_own_need_not_have_decisions(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANCOMPARE_DATA", str(tmp_path))
    assert reviewed.directions().empty
    assert reviewed.service_areas().empty
    assert reviewed.themes(SHIPPED).empty
    assert reviewed.theme_agreement().empty
