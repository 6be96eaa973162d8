from __future__ import annotations

import json

import pytest

from compare.problems import ProblemsFound
from compare.reports.runs import run_report
from tests.reports.conftest import DATA, FIGURE, TABLE


def test_a_run_gets_a_folder_with_notebook_page_data_and_record(project, request_for):
    catalogue = project(goals=("# Mål\n\nHur många?", "## Fynd", FIGURE, DATA, TABLE))
    result = run_report(request_for(catalogue, "goals", municipalities="0188,2380"))
    assert result.status == "ok"
    assert sorted(path.relative_to(result.folder).as_posix() for path in result.folder.rglob("*.*")) == [
        "data/goals.csv",
        "notebook.ipynb",
        "report.html",
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
