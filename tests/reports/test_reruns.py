from __future__ import annotations

from pathlib import Path

import pytest

from compare.problems import PlanError
from compare.reports.reruns import rerun
from compare.reports.runs import run_report


@pytest.fixture
def run(project, request_for, pieces, tmp_path):
    catalogue = project(goals=("# Mål", pieces.figure, pieces.data))
    result = run_report(request_for(catalogue, "goals", municipalities="0188", formats=("html", "pdf")))
    return catalogue, result.folder, {"snapshots_folder": tmp_path / "data" / "snapshots", "plans": tmp_path / "plans"}


def test_a_run_made_again_gives_the_same_bytes_and_leaves_the_outputs_alone(run):
    catalogue, folder, folders = run
    before = sorted(path.as_posix() for path in folder.parent.rglob("*"))
    made = rerun(folder.parent / "latest", catalogue, **folders)
    assert made.is_equal, made
    assert made.changed == ()
    assert sorted(path.as_posix() for path in folder.parent.rglob("*")) == before


def test_what_differs_and_what_had_changed_is_told(run, project, pieces):
    catalogue, folder, folders = run
    project(goals=("# Mål", pieces.figure, pieces.data.replace(",3", ",4")))
    made = rerun(folder, catalogue, **folders)
    assert "data/goals.csv" in made.differing
    assert "report.html" not in made.differing
    assert made.changed == ("goals.ipynb",)


def test_a_folder_without_a_good_run_is_told(run, tmp_path):
    catalogue, _, folders = run
    with pytest.raises(PlanError, match="holds no good run"):
        rerun(Path(tmp_path), catalogue, **folders)
