"""The notebooks for jupyter-scheduler, run as real jobs of it: its scheduler, its database, its processes."""

from __future__ import annotations

import time
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from compare import plan_files
from compare.cli import main
from tests.conftest import fictional_follow_up

BATCHES = """
[batches.all]
reports = ["goals"]
languages = ["sv"]
formats = ["html"]

[batches.broken]
reports = ["bad"]
languages = ["sv"]
formats = ["html"]
schedule = "weekly"
"""
WITHIN = 180


@pytest.fixture
def notebooks(project, tmp_path, monkeypatch) -> Path:
    """A project with two batches; returns the folder of the notebooks written for them."""
    monkeypatch.chdir(tmp_path)
    project(BATCHES, goals=("# Mål", "print(1)"), bad=("# Mål", "1 / 0"))
    tables = fictional_follow_up("T1", {"Bygg en gångbro": "expected"})
    plan_files.write(tables, tmp_path / "data" / "plans" / tables.documents["document_id"][0])
    result = CliRunner().invoke(main, ["schedule", "--format", "jupyter", "--to", "jobs"])
    assert result.exit_code == 0, result.output
    return tmp_path / "jobs"


def test_each_batch_has_a_notebook_without_parameters_and_outputs(notebooks):
    assert sorted(path.name for path in notebooks.iterdir()) == [
        "plancompare-all.ipynb",
        "plancompare-broken.ipynb",
    ]
    nb = nbformat.read(notebooks / "plancompare-broken.ipynb", as_version=4)
    nbformat.validate(nb)
    assert "weekly" in nb.cells[0].source
    [code] = [cell for cell in nb.cells if cell.cell_type == "code"]
    assert code.outputs == []
    assert "parameters" not in code.metadata.get("tags", [])


def test_notebooks_are_the_same_each_time(notebooks):
    before = {path.name: path.read_bytes() for path in notebooks.iterdir()}
    CliRunner().invoke(main, ["schedule", "--format", "jupyter", "--to", "jobs"])
    assert {path.name: path.read_bytes() for path in notebooks.iterdir()} == before


def test_notebooks_need_a_folder(notebooks):
    result = CliRunner().invoke(main, ["schedule", "--format", "jupyter"])
    assert result.exit_code == 2
    assert "--to DIR" in result.output


def job(notebooks: Path, name: str, tmp_path: Path):
    """Run a notebook as a job of jupyter-scheduler, and return the job as its database has it in the end."""
    pytest.importorskip("jupyter_scheduler", reason="needs the extra 'scheduler'")
    from jupyter_scheduler.environments import CondaEnvironmentManager
    from jupyter_scheduler.models import CreateJob, Status
    from jupyter_scheduler.orm import create_tables
    from jupyter_scheduler.scheduler import Scheduler

    database = f"sqlite:///{tmp_path / 'jobs.sqlite'}"
    create_tables(database)
    scheduler = Scheduler(
        root_dir=str(notebooks),
        environments_manager=CondaEnvironmentManager(),
        db_url=database,
        staging_path=str(tmp_path / "staging"),
    )
    asked = CreateJob(name=name, input_uri=name, runtime_environment_name="here", output_formats=["ipynb"])
    number = scheduler.create_job(asked)
    ended = {Status.COMPLETED, Status.FAILED}  # a job that has not begun is 'stopped' too
    until = time.monotonic() + WITHIN
    while (found := scheduler.get_job(number)).status not in ended and time.monotonic() < until:
        time.sleep(0.2)
    return found


def test_a_real_job_loads_the_plans_and_makes_the_reports(notebooks, tmp_path):
    done = job(notebooks, "plancompare-all.ipynb", tmp_path)
    assert done.status == "COMPLETED", done.status_message
    assert (tmp_path / "outputs" / "index.html").is_file()
    assert (tmp_path / "outputs" / "goals-sv" / "latest" / "report.html").is_file()
    [shown] = (tmp_path / "staging").glob("*/plancompare-all-*.ipynb")
    assert "1 of 1 reports done" in shown.read_text(encoding="utf-8")


def test_a_job_fails_when_a_report_does(notebooks, tmp_path):
    failed = job(notebooks, "plancompare-broken.ipynb", tmp_path)
    assert failed.status == "FAILED"
    assert "status.html" in failed.status_message
    assert (tmp_path / "outputs" / "status.html").is_file()
