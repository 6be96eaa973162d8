"""A snapshot is complete or absent, equal inputs give equal bytes, and every problem is told at once."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pandas as pd
import pyarrow.parquet as pq
import pytest

import compare
from compare import plan_files, snapshots
from compare.contract import TABLES
from compare.problems import PlanError, ProblemsFound
from tests.conftest import fictional_follow_up

STATUSES = {"Bygg en gångbro": "expected", "Plantera hundra träd": "completed"}


@pytest.fixture
def plans(tmp_path):
    for period in ("T1", "T3"):
        tables = fictional_follow_up(period, STATUSES)
        plan_files.write(tables, tmp_path / "plans" / tables.documents["document_id"][0])
    return tmp_path / "plans"


def _bytes(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _break(plans, old="completed", new="done"):
    for path in sorted(plans.glob("*/statuses.csv")):
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_equal_plans_give_the_equal_id_and_equal_bytes(plans, tmp_path):
    first = snapshots.load(plans, tmp_path / "a").plans
    second = snapshots.load(plans, tmp_path / "b").plans
    assert first.id == second.id
    assert _bytes(first.folder) == _bytes(second.folder)


def test_a_changed_figure_gives_another_id_and_leaves_the_old_snapshot(plans, tmp_path):
    old = snapshots.load(plans, tmp_path / "s").plans
    before = _bytes(old.folder)
    _break(plans, "completed", "cancelled")
    new = snapshots.load(plans, tmp_path / "s").plans
    assert new.id != old.id
    assert _bytes(old.folder) == before
    assert snapshots.open(tmp_path / "s").id == new.id
    assert snapshots.open(tmp_path / "s", old.id).statuses["status"].tolist().count("completed") == 2


def test_the_periods_of_one_assignment_are_linked(plans, tmp_path):
    opened = snapshots.load(plans, tmp_path / "s").plans
    assert opened.links["relation"].tolist() == ["same_assignment", "same_assignment"]


def test_an_opened_snapshot_has_the_contracts_columns_and_types(plans, tmp_path):
    snapshots.load(plans, tmp_path / "s")
    opened = compare.open(tmp_path / "s")
    for name, table in TABLES.items():
        assert list(opened[name].columns) == table.names
    assert opened.assignments["committees"][0] == ["KS"]
    assert opened.documents["municipality_code"].unique().tolist() == ["0114"]


def test_the_descriptor_tells_hash_and_schema_of_each_table(plans, tmp_path):
    folder = snapshots.load(plans, tmp_path / "s").plans.folder
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {r["path"] for r in described["resources"]} == {f"{name}.parquet" for name in TABLES}
    goals = next(r for r in described["resources"] if r["name"] == "goals")
    assert goals["bytes"] == (folder / "goals.parquet").stat().st_size
    assert pq.read_schema(folder / "goals.parquet").names == [f["name"] for f in goals["schema"]["fields"]]


def test_all_problems_are_told_at_once_and_the_snapshot_stays(plans, tmp_path):
    good = snapshots.load(plans, tmp_path / "s").plans
    _break(plans)
    with pytest.raises(ProblemsFound) as told:
        snapshots.load(plans, tmp_path / "s")
    files = {problem.file for problem in told.value.problems}
    assert files == {"0114-follow-up-2025-t1/statuses.csv", "0114-follow-up-2025-t3/statuses.csv"}
    assert all(p.row == 3 and p.value == "done" for p in told.value.problems)
    assert snapshots.open(tmp_path / "s").id == good.id
    assert snapshots.ids(tmp_path / "s") == [good.id]


def test_a_key_that_stands_twice_and_a_dangling_reference_are_told(plans, tmp_path):
    path = plans / "0114-follow-up-2025-t1" / "statuses.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines.append(lines[1].replace("t1/assignment-L0001", "t1/assignment-L0009"))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(ProblemsFound) as told:
        snapshots.load(plans, tmp_path / "s")
    assert {(p.what, p.row) for p in told.value.problems} == {("key stands twice", 4), ("dangling reference", 4)}


def test_references_to_a_file_that_is_missing_are_told_once_with_their_number(plans, tmp_path):
    many = fictional_follow_up("T2", {f"Bygg gångbro {number}": "expected" for number in range(9)})
    folder = plans / "0114-follow-up-2025-t2"
    plan_files.write(many, folder)
    (folder / "assignments.csv").unlink()
    with pytest.raises(ProblemsFound) as told:
        snapshots.load(plans, tmp_path / "s")
    (problem,) = told.value.problems
    assert problem.what == "9 rows have a dangling reference, this one first"
    assert (problem.file, problem.row) == ("0114-follow-up-2025-t2/statuses.csv", 2)
    assert problem.value == "0114-follow-up-2025-t2/assignment-L0001"
    assert "is missing" in problem.action


def test_a_document_that_is_coded_twice_is_told_once(plans, tmp_path):
    shutil.copytree(plans / "0114-follow-up-2025-t3", plans / "copy of 0114")
    with pytest.raises(ProblemsFound) as told:
        snapshots.load(plans, tmp_path / "s")
    (problem,) = told.value.problems
    assert problem.file == "copy of 0114/document.toml"
    assert problem.what == "codes the same document as 0114-follow-up-2025-t3"


def test_without_codings_the_next_step_is_named(tmp_path):
    with pytest.raises(PlanError, match="plancompare read"):
        snapshots.load(tmp_path / "nothing", tmp_path / "s")


def test_without_a_snapshot_the_next_step_is_named(tmp_path):
    with pytest.raises(PlanError, match="plancompare load"):
        snapshots.open(tmp_path)


def test_a_snapshot_that_is_not_there_is_told_with_those_that_are(plans, tmp_path):
    there = snapshots.load(plans, tmp_path / "s").plans.id
    with pytest.raises(PlanError, match=there):
        snapshots.open(tmp_path / "s", "000000000000")


SLOW_LOAD = """
import sys, time
from pathlib import Path
from compare import snapshots
write = snapshots.write_table
def slowly(*args):
    print("writing", flush=True)
    time.sleep(0.5)
    return write(*args)
snapshots.write_table = slowly
snapshots.load(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_a_killed_load_leaves_the_snapshot_before_and_the_next_load_tidies_up(plans, tmp_path):
    place = tmp_path / "s"
    before = snapshots.load(plans, place).plans.id
    _break(plans, "completed", "cancelled")
    process = subprocess.Popen([sys.executable, "-c", SLOW_LOAD, plans, place], stdout=subprocess.PIPE)
    process.stdout.readline()
    time.sleep(0.2)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert snapshots.open(place).id == before
    assert snapshots.ids(place) == [before]
    assert list(place.glob(".unfinished-*"))
    after = snapshots.load(plans, place).plans.id
    assert snapshots.ids(place) == sorted([before, after])
    assert not list(place.glob(".unfinished-*"))


@pytest.mark.parametrize("damage", [b"PAR1 cut off", None])
def test_a_damaged_snapshot_is_made_anew_by_the_next_load(plans, tmp_path, damage):
    first = snapshots.load(plans, tmp_path / "s").plans
    before = _bytes(first.folder)
    broken = first.folder / "statuses.parquet"
    if damage is None:
        broken.unlink()
    else:
        broken.write_bytes(damage)
    again = snapshots.load(plans, tmp_path / "s")
    assert again.is_new
    assert _bytes(again.plans.folder) == before
    assert sorted(path.name for path in (tmp_path / "s").iterdir()) == sorted([first.id, "current"])


def test_a_municipality_that_does_not_exist_is_told_with_the_file(plans, tmp_path):
    for card in plans.glob("*/document.toml"):
        card.write_text(card.read_text(encoding="utf-8").replace('"0114"', '"9999"'), encoding="utf-8")
    with pytest.raises(ProblemsFound, match=r"document.toml, column municipality_code: unknown municipality '9999'"):
        snapshots.load(plans, tmp_path / "s")


def test_an_assignment_that_stands_under_itself_is_told(plans, tmp_path):
    path = sorted(plans.glob("*/assignments.csv"))[0]
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows["parent_assignment_id"] = rows["assignment_id"].iloc[::-1].to_list()
    rows.to_csv(path, index=False)
    with pytest.raises(ProblemsFound, match="row stands under itself") as told:
        snapshots.load(plans, tmp_path / "s")
    assert len(told.value.problems) == 2


def test_the_same_plans_can_be_loaded_where_nothing_may_be_written(plans, tmp_path, monkeypatch):
    first = snapshots.load(plans, tmp_path / "s")

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.write_text", refuse)
    again = snapshots.load(plans, tmp_path / "s")
    assert (again.plans.id, again.is_new) == (first.plans.id, False)
    with pytest.raises(PlanError, match=r"other cannot be written \(permission denied\)"):
        snapshots.load(plans, tmp_path / "other")


@pytest.mark.parametrize("municipalities", [["0114"], "0114", None])
@pytest.mark.parametrize("years", [[2025], 2025, None])
def test_municipalities_and_years_are_selected(plans, tmp_path, municipalities, years):
    chosen = snapshots.load(plans, tmp_path / "s").plans.select(municipalities, years)
    assert len(chosen.documents) == 2


@pytest.mark.parametrize(
    ("municipalities", "years", "said"),
    [
        ([114], None, "114"),
        (["9999"], None, "unknown municipality '9999'"),
        (None, ["2025"], "year '2025' is no whole number; write it as in years"),
    ],
)
def test_what_would_select_nothing_by_mistake_is_refused(plans, tmp_path, municipalities, years, said):
    opened = snapshots.load(plans, tmp_path / "s").plans
    with pytest.raises(PlanError, match=said):
        opened.select(municipalities, years)


def test_a_pointer_that_is_no_text_is_told(plans, tmp_path):
    snapshots.load(plans, tmp_path / "s")
    (tmp_path / "s" / "current").write_bytes(b"\xff\xfe")
    with pytest.raises(PlanError, match="plancompare load"):
        snapshots.open(tmp_path / "s")
