"""Sites on object storage: a real S3-compatible server on loopback, and memory where only the order matters."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner

from compare import plan_files
from compare.cli import main
from compare.problems import PlanError
from compare.reports import records
from compare.reports.runs import run_report
from compare.reports.sites import open_site
from compare.storage import Storage
from tests.conftest import fictional_follow_up

REPORTS = "s3://plans/reports"


@pytest.fixture
def stored(project, tmp_path, monkeypatch, s3) -> Storage:
    """A project with one good and one broken report, whose commands publish to object storage."""
    monkeypatch.chdir(tmp_path)
    batch = '[batches.all]\nreports = "all"\nlanguages = ["sv"]\nformats = ["html"]\nkeep = 1'
    project(batch, goals=("# Mål", "open('a.txt', 'w').write('å')"), bad=("# Mål", "1 / 0"))
    tables = fictional_follow_up("T1", {"Bygg en gångbro": "expected"})
    plan_files.write(tables, tmp_path / "data" / "plans" / tables.documents["document_id"][0])
    return Storage(REPORTS)


def command(*words: str):
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def run(*words: str):
    return command("run", "--outputs", REPORTS, *words)


def homes(storage: Storage, home: str) -> list[str]:
    return sorted({name.split("/")[1] for name in storage.names(home)})


def test_a_batch_puts_whole_runs_and_pages_on_object_storage_and_nothing_else(stored, tmp_path):
    result = run()
    names = stored.names()
    assert result.exit_code == 1  # one of the two reports is broken
    assert f"{REPORTS}/index.html" in result.output
    assert f"{REPORTS}/bad-sv/" in result.output
    assert {"index.html", "index.en.html", "status.html", "feed.xml"} <= set(names)
    assert not [name for name in names if name.startswith(".")]
    time, latest = homes(stored, "goals-sv")
    assert latest == "latest"
    assert stored.read(f"goals-sv/{time}/report.html") == stored.read("goals-sv/latest/report.html")
    assert [name for name in names if name.startswith("bad-sv/") and name.endswith("run.json")]
    assert not (tmp_path / "outputs").exists()
    page = boto3.client("s3").head_object(Bucket="plans", Key="reports/goals-sv/latest/report.html")
    assert page["ContentType"] == "text/html"


def test_the_page_says_the_same_as_one_made_in_a_folder(stored, tmp_path):
    run("--only", "goals")
    command("run", "--only", "goals", "--outputs", "outputs")
    made = (tmp_path / "outputs" / "goals-sv" / "latest" / "report.html").read_bytes()
    assert stored.read("goals-sv/latest/report.html") == made


def test_an_unchanged_run_is_known_and_not_stored_again(stored):
    run("--only", "goals")
    before = stored.names()
    result = run("--only", "goals")
    assert f"goals-sv: unchanged, {REPORTS}/goals-sv/" in result.output
    assert stored.names() == before


def test_a_newer_run_becomes_the_latest_and_the_old_one_goes_by_the_rule(stored):
    run("--only", "goals")
    [first, _] = homes(stored, "goals-sv")
    run("--only", "goals", "--force")
    [second, _] = homes(stored, "goals-sv")
    assert second > first
    record = stored.read(f"goals-sv/{second}/run.json")
    assert stored.read("goals-sv/latest/run.json") == record


def test_snapshots_are_read_from_object_storage_and_reports_begin_with_what_changed(stored, tmp_path):
    snapshots = "s3://plans/snapshots"
    assert "new snapshot" in command("load", "--snapshots", snapshots).output
    first = run("--snapshots", snapshots, "--only", "goals")
    path = next((tmp_path / "data" / "plans").glob("*/statuses.csv"))
    path.write_text(path.read_text(encoding="utf-8").replace("expected", "cancelled"), encoding="utf-8")
    command("load", "--snapshots", snapshots)
    second = run("--snapshots", snapshots, "--only", "goals")
    assert first.exit_code == second.exit_code == 0
    assert f"read from {snapshots}" in first.output
    assert "goals-sv/latest/data/changes.csv" in stored.names()
    assert len(list((tmp_path / "data" / "snapshots").iterdir())) == 2  # what the fixture put there: none was loaded


def test_one_report_goes_to_object_storage_too(stored):
    result = command("report", "goals", "--outputs", REPORTS, "--snapshots", "data/snapshots", "-p", "language=en")
    assert result.exit_code == 0, result.output
    assert "goals-en/latest/report.html" in stored.names()


def test_a_stored_run_is_made_again_from_its_address(stored):
    run("--only", "goals")
    result = command("rerun", f"{REPORTS}/goals-sv/latest")
    assert result.exit_code == 0, result.output
    assert f"{REPORTS}/goals-sv/latest: comes out the same" in result.output
    assert command("rerun", f"{REPORTS}/goals-sv").exit_code == 2


def test_a_dry_run_stores_nothing(stored):
    assert run("--dry-run").exit_code == 0
    assert stored.names() == []


def test_resuming_on_object_storage_says_what_to_do_instead(stored):
    result = run("--resume")
    assert result.exit_code == 2
    assert "without --resume" in result.output


def test_a_missing_bucket_is_told_before_anything_is_run(stored):
    result = command("run", "--outputs", "s3://none/reports")
    assert result.exit_code == 2
    assert "create the bucket" in result.output
    assert "goals" not in result.output


def test_an_address_where_a_folder_is_expected_is_wrong_use(stored, tmp_path):
    result = command("load", "--plans", "s3://plans/plans")
    assert result.exit_code == 2
    assert "expected a folder here" in result.output
    assert not list(tmp_path.glob("s3*"))


def test_a_file_address_is_the_folder_that_it_names(stored, tmp_path):
    result = command("run", "--outputs", (tmp_path / "there").as_uri(), "--only", "goals")
    assert result.exit_code == 0
    assert (tmp_path / "there" / "index.html").is_file()
    assert command("run", "--outputs", "file://there").exit_code == 2


def test_reports_that_cannot_be_stored_are_kept_and_told_where(stored, monkeypatch):
    def refuse(self, files):
        raise PlanError("s3://plans/reports: the storage refused access")

    monkeypatch.setattr(Storage, "put", refuse)
    result = run("--only", "goals")
    assert result.exit_code == 2
    folder = Path(result.output.strip().rpartition("lie in ")[2])
    assert list(folder.glob("goals-sv/*/report.html"))
    shutil.rmtree(folder)


def test_readers_never_see_half_a_report(project, request_for, tmp_path, monkeypatch):
    order: list[str] = []
    put, copy = Storage.put, Storage.copy
    monkeypatch.setattr(Storage, "put", lambda self, files: (order.extend(files), put(self, files)))
    monkeypatch.setattr(Storage, "copy", lambda self, names: (order.extend(names.values()), copy(self, names)))
    catalogue = project(goals=("# Mål", "print(1)"))
    with open_site(f"memory://{tmp_path.name}/order") as site:
        result = run_report(replace(request_for(catalogue, "goals"), outputs=site.folder))
        site.keep(result.folder)
        site.publish({})
    steps = [name.removeprefix("goals-sv/").replace(result.folder.name, "RUN") for name in order]
    data = steps.index("RUN/notebook.ipynb")
    page, record = steps.index("RUN/report.html"), steps.index("RUN/run.json")
    latest, latest_record = steps.index("latest/report.html"), steps.index("latest/run.json")
    assert data < page < record < steps.index("latest/notebook.ipynb") < latest < latest_record
    assert latest_record < steps.index("status.html") < steps.index("index.html")
    assert steps[-2:] == ["index.en.html", "index.html"]


def test_a_run_stored_elsewhere_meanwhile_is_in_the_index_and_none_is_overwritten(project, request_for, tmp_path):
    catalogue = project(goals=("# Mål", "print(1)"), more=("# Mer", "print(2)"))
    address = f"memory://{tmp_path.name}/two"
    with open_site(address) as one, open_site(address) as other:
        mine = run_report(replace(request_for(catalogue, "goals"), outputs=one.folder))
        yours = run_report(replace(request_for(catalogue, "goals"), outputs=other.folder))
        same = records.put_in_place(yours.folder, yours.folder.parent, mine.folder.name)  # in the same second
        more = run_report(replace(request_for(catalogue, "more"), outputs=other.folder))
        other.keep(more.folder)
        one.keep(mine.folder)
        other.keep(same)
        other.publish({})
        one.publish({})
    storage = Storage(address)
    name = mine.folder.name
    assert homes(storage, "goals-sv") == [name, f"{name}-2", "latest"]
    assert b"more-sv/latest/report.html" in storage.read("index.html")


def test_what_a_killed_upload_left_is_no_report(stored):
    stored.write("goals-sv/2026-01-01T000000Z/report.html", b"half")
    run("--only", "goals")
    assert b"2026-01-01" not in stored.read("status.html")
    assert stored.read("goals-sv/latest/report.html") != b"half"


def test_a_batch_killed_between_two_runs_leaves_the_first_whole_and_the_next_skips_it(stored, tmp_path, monkeypatch):
    code = (
        "import os; from compare.reports import desk, sites\n"
        "kept = sites.kept\n"
        "def once(site, run):\n    kept(site, run); os._exit(9)\n"
        "sites.kept = once\n"
        f"from compare.cli import main; main(['run', '--outputs', '{REPORTS}', '--only', 'goals'])"
    )
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    killed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert killed.returncode == 9, killed.stderr
    assert "index.html" not in stored.names()
    result = run("--only", "goals")
    assert "goals-sv: unchanged" in result.output
    assert {"index.html", "goals-sv/latest/report.html"} <= set(stored.names())
    assert len(homes(stored, "goals-sv")) == 2
