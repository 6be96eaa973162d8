from __future__ import annotations

import errno
import json
import os

import pytest

from compare.problems import PlanError, ProblemsFound
from compare.reports.runs import run_report


def test_a_run_gets_a_folder_with_notebook_page_data_and_record(project, request_for, pieces):
    catalogue = project(goals=("# Mål\n\nHur många?", "## Fynd", pieces.figure, pieces.data, pieces.table))
    result = run_report(request_for(catalogue, "goals", municipalities="0188,2380"))
    assert result.status == "ok"
    assert sorted(path.relative_to(result.folder).as_posix() for path in result.folder.rglob("*.*")) == [
        "data/goals.csv",
        "notebook.ipynb",
        "report.html",
        "ro-crate-metadata.json",
        "run.json",
    ]
    record = json.loads((result.folder / "run.json").read_text())
    assert record["parameters"]["municipalities"] == ["0188", "2380"]
    assert record["snapshot"] == "0123456789ab"
    assert "['0188', '2380']" in (result.folder / "data" / "goals.csv").read_text()


def test_an_unknown_parameter_and_an_integer_code_are_refused_before_anything_starts(project, request_for, tmp_path):
    catalogue = project(goals=("# Mål",))
    with pytest.raises(ProblemsFound) as refused:
        request_for(catalogue, "goals", municipalities=[188], town="Lillköping")
    assert "no parameter town; its parameters are municipalities, years, language, snapshot" in str(refused.value)
    assert 'quote it: "0188"' in str(refused.value)
    assert not (tmp_path / "outputs").exists()


def test_a_failing_cell_is_told_with_notebook_cell_municipality_and_error(project, request_for):
    catalogue = project(goals=("# Mål", "total = 0\n1 / total"))
    result = run_report(request_for(catalogue, "goals", municipalities="0188"))
    assert result.status == "failed"
    assert result.folder.name.endswith("-failed")
    assert (result.folder / "notebook.ipynb").exists()
    assert not (result.folder.parent / "latest").exists()
    for part in ("goals.ipynb", "0188", "cell 3", "1 / total", "ZeroDivisionError"):
        assert part in result.message


def test_a_failure_tells_its_sentence_before_the_code(project, request_for):
    plain = 'from compare.problems import PlanError\nraise PlanError("the table is empty; load the plans")'
    catalogue = project(bad=("# Mål", plain))
    _, second, third, *_ = run_report(request_for(catalogue, "bad", municipalities="0188")).message.splitlines()
    assert second == "the table is empty; load the plans"
    assert third.strip() == "from compare.problems import PlanError"


def test_a_run_on_a_municipality_that_no_plan_speaks_of_ends_without_data_and_says_so_on_the_page(project, request_for):
    catalogue = project(goals=("# Mål", "En fråga?", "## Fynd"))
    result = run_report(request_for(catalogue, "goals", municipalities="0114", language="sv"))
    assert (result.status, result.is_ok) == ("no_data", True)
    assert result.message.startswith("No plan of Upplands Väsby is among those that were read")
    page = (result.folder.parent / "latest" / "report.html").read_text(encoding="utf-8")
    assert page.index("Ingen plan från Upplands Väsby finns") < page.index('id="fynd"')


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"municipalities": "0188,0114"}, "ok", "No plan of Upplands Väsby is"),
        ({"municipalities": "0188", "years": "2023"}, "no_data", "No plan of Norrtälje for 2023 is"),
        ({"years": "2023"}, "no_data", "No plan for 2023 is"),
        ({"municipalities": "0188", "years": "2022"}, "ok", ""),
        ({}, "ok", ""),
    ],
)
def test_what_is_lacking_is_told_and_only_where_nothing_is_left_the_status_is_another(
    project, request_for, given, status, said
):
    result = run_report(request_for(project(goals=("# Mål",)), "goals", language="en", **given))
    assert result.status == status
    assert result.message.startswith(said)
    assert bool(result.message) == bool(said)


def test_a_failed_run_leaves_the_last_good_one_as_latest(project, request_for):
    catalogue = project(goals=("# Mål", "1"))
    good = run_report(request_for(catalogue, "goals"))
    project(goals=("# Mål", "1 / 0"))
    bad = run_report(request_for(catalogue, "goals"))
    assert (good.status, bad.status) == ("ok", "failed")
    assert (good.folder.parent / "latest").resolve() == good.folder
    assert (good.folder.parent / "latest" / "report.html").exists()


def test_an_equal_run_is_skipped_unless_forced_and_a_changed_notebook_is_run(project, request_for):
    catalogue = project(goals=("# Mål",))
    first = run_report(request_for(catalogue, "goals"))
    again = run_report(request_for(catalogue, "goals"))
    forced = run_report(request_for(catalogue, "goals", force=True))
    project(goals=("# Mål", "1"))
    changed = run_report(request_for(catalogue, "goals"))
    assert [first.skipped, again.skipped, forced.skipped, changed.skipped] == [False, True, False, False]
    assert again.folder.resolve() == first.folder
    assert len(list(first.folder.parent.glob("2*"))) == 3


def test_page_and_data_are_equal_bytes_when_a_run_is_repeated(project, request_for, pieces):
    catalogue = project(goals=("# Mål", pieces.figure, pieces.data, "import random\nprint(random.random())"))
    runs = [run_report(request_for(catalogue, "goals", force=True, formats=("html", "pdf"))) for _ in range(2)]
    for name in ("report.html", "report.pdf", "data/goals.csv"):
        assert (runs[0].folder / name).read_bytes() == (runs[1].folder / name).read_bytes()


def test_the_snapshot_reaches_the_notebook_as_the_way_to_its_folder(project, request_for):
    catalogue = project(goals=("# Mål", "from pathlib import Path\n(Path(snapshot) / 'datapackage.json').read_text()"))
    assert run_report(request_for(catalogue, "goals")).status == "ok"


def test_outputs_that_cannot_be_written_are_an_error_in_plain_words(project, request_for, tmp_path):
    catalogue = project(goals=("# Mål",))
    (tmp_path / "outputs").write_text("a file is in the way")
    with pytest.raises(PlanError, match="cannot be written"):
        run_report(request_for(catalogue, "goals"))


def test_the_crate_names_inputs_parameters_and_every_output_and_refers_to_nothing_missing(project, request_for, pieces):
    catalogue = project(goals=("# Mål", pieces.data))
    result = run_report(request_for(catalogue, "goals", municipalities="0188"))
    crate = json.loads((result.folder / "ro-crate-metadata.json").read_text())
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    run = entities["#run"]
    assert {reference["@id"] for reference in run["result"]} == {"data/goals.csv", "notebook.ipynb", "report.html"}
    assert entities["#parameter-municipalities"]["value"] == ["0188"]
    for reference in [*run["object"], *run["result"], run["instrument"], *entities["./"]["hasPart"]]:
        assert reference["@id"] in entities
    for reference in run["result"]:
        assert (result.folder / reference["@id"]).exists()


def test_a_full_disk_is_told_in_plain_words_and_keeps_the_last_good_run(project, request_for, monkeypatch):
    catalogue = project(goals=("# Mål",))
    good = run_report(request_for(catalogue, "goals"))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("compare.reports.records.write_record", full)
    with pytest.raises(PlanError, match="No space left on device"):
        run_report(request_for(catalogue, "goals", force=True))
    assert [run.name for run in good.folder.parent.iterdir() if run.name != "latest"] == [good.folder.name]
    assert list((good.folder.parent.parent / ".running").iterdir()) == []


def test_a_notebook_that_is_broken_or_gone_is_told(project, request_for, tmp_path):
    catalogue = project(goals=("# Mål",))
    request = request_for(catalogue, "goals")
    (tmp_path / "notebooks" / "goals.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(PlanError, match=r"goals\.ipynb cannot be read"):
        run_report(request)
    (tmp_path / "notebooks" / "goals.ipynb").unlink()
    with pytest.raises(PlanError, match="no notebook"):
        run_report(request)


def test_what_is_shared_names_no_folder_of_the_machine(project, request_for, pieces, tmp_path):
    result = run_report(request_for(project(goals=("# Mål", pieces.data)), "goals", formats=("html", "pdf")))
    for path in result.folder.rglob("*"):
        if path.is_file():
            assert str(tmp_path).encode() not in path.read_bytes(), path.name
