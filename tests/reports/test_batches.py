from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from compare.problems import PlanError
from compare.reports import batches
from compare.reports.batches import Journal, resume, run_batch
from compare.reports.records import read_record
from compare.reports.runs import sweep
from compare.reports.workers import can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="warm workers need a system that forks")
ENGINES = ("warm", "kernel")
SLOW = "import time\ntime.sleep(60)"
SPY = """\
import builtins, os, sys, random, json
import pandas as pd
import matplotlib.pyplot as plt
seen = {
    "variable": "leaked" in globals(),
    "module": hasattr(json, "leaked"),
    "option": pd.get_option("display.max_rows"),
    "figures": plt.get_fignums(),
    "rc": plt.rcParams["font.size"],
    "environment": os.environ.get("PC_LEAKED"),
    "folder": os.path.basename(os.getcwd()),
    "builtin": hasattr(builtins, "leaked"),
    "random": random.random(),
    "path": "/leaked" in sys.path,
}
(__import__("pathlib").Path(os.environ["PLANCOMPARE_RUN_FOLDER"]) / "data" / "seen.json").write_text(json.dumps(seen))
leaked = json.leaked = builtins.leaked = True
pd.set_option("display.max_rows", 3)
plt.figure(); plt.rcParams["font.size"] = 3
os.environ["PC_LEAKED"] = "yes"; os.chdir("/"); sys.path.append("/leaked")
"""


def pids_of_runs(folder: Path) -> list[int]:
    """Living processes whose environment names the folder as theirs."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
            if str(folder).encode() in environment and (process / "stat").read_text().split()[2] != "Z":
                found.append(int(process.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_one_failing_run_does_not_stop_the_others(project, request_for, engine):
    catalogue = project(goals=("# Mål",), bad=("# Mål", "1 / 0"))
    requests = [request_for(catalogue, name) for name in ("bad", "goals")]
    told = []
    results = run_batch(requests, workers=2, engine=engine, told=told.append)
    assert [result.status for result in results] == ["failed", "ok"]
    assert "ZeroDivisionError" in results[0].message
    assert len(told) == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_runs_do_not_see_each_other(project, request_for, engine):
    catalogue = project(goals=("# Mål", SPY))
    requests = [request_for(catalogue, "goals", years=[year]) for year in (2021, 2022)]
    results = run_batch(requests, workers=1, engine=engine)
    seen = [(result.folder / "data" / "seen.json").read_text() for result in results]
    assert seen[0] == seen[1]
    assert '"variable": false, "module": false' in seen[0]


def test_both_engines_give_the_same_page_and_outputs(project, request_for, pieces, tmp_path):
    import nbformat

    catalogue = project(
        goals=("# Mål", pieces.figure, pieces.table, pieces.data, "print('a')\nprint('b')\n3 + 4", "%pwd")
    )
    pages, outputs = [], []
    for engine in ENGINES:
        result = run_batch([request_for(catalogue, "goals", force=True)], engine=engine)[0]
        pages.append((result.folder / "report.html").read_bytes())
        nb = nbformat.read(result.folder / "notebook.ipynb", as_version=4)
        outputs.append([cell.outputs for cell in nb.cells if cell.cell_type == "code"])
    assert pages[0] == pages[1]
    assert outputs[0] == outputs[1]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_that_hangs_is_timed_out_and_keeps_its_notebook(project, request_for, engine, tmp_path):
    catalogue = project(slow=("# Mål", SLOW), goals=("# Mål",))
    for limit in (6.0, 20.0, 60.0):  # a busy machine needs long to come to the cell that hangs
        requests = [request_for(catalogue, "slow", timeout=limit), request_for(catalogue, "goals", force=True)]
        slow, good = run_batch(requests, workers=2, engine=engine)
        if "cell 3" in slow.message:
            break
    assert (slow.status, good.status) == ("timed_out", "ok")
    assert slow.folder.name.endswith("-timed-out")
    assert (slow.folder / "notebook.ipynb").exists()
    assert "cell 3" in slow.message
    deadline = time.monotonic() + 30
    while pids_of_runs(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert pids_of_runs(tmp_path) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_whose_process_dies_is_told_and_the_others_are_done(project, request_for, engine):
    catalogue = project(dies=("# Mål", "import os\nos._exit(3)"), goals=("# Mål",))
    dies, good = run_batch([request_for(catalogue, "dies"), request_for(catalogue, "goals")], engine=engine)
    assert (dies.status, good.status) == ("failed", "ok")
    assert "dies.ipynb" in dies.message


def test_a_snapshot_that_is_deleted_meanwhile_is_told_and_the_run_is_kept_as_failed(project, request_for):
    gone = "import shutil\nshutil.rmtree(snapshot)\nimport compare\nlen(compare.open(snapshot).documents)"
    (result,) = run_batch([request_for(project(gone=(gone,)), "gone")])
    assert result.status == "failed"
    assert "no current snapshot" in result.message
    assert (result.folder / "notebook.ipynb").is_file()
    assert read_record(result.folder).content["inputs"].keys() >= {"gone.ipynb", "snapshot 0123456789ab"}


def test_the_warm_process_may_be_killed_and_the_batch_goes_on(project, request_for):
    catalogue = project(
        kills=("# Mål", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nimport time\ntime.sleep(5)"),
        goals=("# Mål",),
    )
    kills, good = run_batch([request_for(catalogue, "kills"), request_for(catalogue, "goals")], workers=1)
    assert (kills.status, good.status) == ("failed", "ok")


def test_without_continuing_on_errors_the_first_failure_cancels_what_has_not_begun(project, request_for):
    catalogue = project(bad=("# Mål", "1 / 0"), goals=("# Mål",))
    requests = [request_for(catalogue, "bad"), request_for(catalogue, "goals")]
    results = run_batch(requests, workers=1, continue_on_error=False)
    assert [result.status for result in results] == ["failed", "cancelled"]


def test_equal_runs_are_skipped_and_two_of_one_name_refused(project, request_for):
    catalogue = project(goals=("# Mål",))
    run_batch([request_for(catalogue, "goals")])
    assert run_batch([request_for(catalogue, "goals")])[0].skipped
    with pytest.raises(PlanError, match="two runs of the batch are called goals-sv"):
        run_batch([request_for(catalogue, "goals")] * 2)


def test_the_warm_process_has_one_thread(project, request_for):
    catalogue = project(goals=("# Mål", "import os\nassert len(os.listdir(f'/proc/{os.getppid()}/task')) == 1"))
    result = run_batch([request_for(catalogue, "goals")])[0]
    assert result.status == "ok", result.message


BATCH_IN_A_PROCESS = """
import pickle, sys
from compare.reports.batches import run_batch
requests = pickle.load(open(sys.argv[1], "rb"))
try:
    run_batch(requests, workers=2, engine=sys.argv[2])
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.flaky(reruns=2)  # kills processes and waits for others: a busy machine may be too late
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_batch_leaves_no_half_report_and_no_process_and_can_be_resumed(
    project, request_for, tmp_path, how, engine
):
    catalogue = project(slow=("# Mål", "import time\ntime.sleep(3)"), goals=("# Mål",))
    requests = [request_for(catalogue, "goals")] + [
        request_for(catalogue, "slow", years=[2022, year]) for year in (2023, 2024, 2025)
    ]
    packed = tmp_path / "requests"
    packed.write_bytes(pickle.dumps(requests))
    process = subprocess.Popen([sys.executable, "-c", BATCH_IN_A_PROCESS, str(packed), engine], start_new_session=True)
    outputs = tmp_path / "outputs"
    deadline = time.monotonic() + 150
    while not (outputs / "goals-sv" / "latest").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(how)
    process.wait(timeout=60)
    deadline = time.monotonic() + 30
    while pids_of_runs(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert pids_of_runs(tmp_path) == []
    for run in outputs.glob("[!.]*/2*"):
        assert (run / "run.json").exists()
        assert run.name.endswith("Z") == (run / "report.html").exists()
    results = resume(outputs, workers=2, engine=engine)
    assert {result.status for result in results} == {"ok"}
    assert len(list(outputs.glob("*/latest/report.html"))) == 4
    assert list((outputs / ".running").iterdir()) == []
    with pytest.raises(PlanError, match="no unfinished batch"):
        resume(outputs)


def test_two_batches_at_once_do_not_disturb_each_other(project, request_for, tmp_path):
    catalogue = project(goals=("# Mål",))
    results: list[list] = []

    def go() -> None:
        requests = [request_for(catalogue, "goals", years=[2022, year], force=True) for year in (2023, 2024, 2025)]
        results.append(run_batch(requests, workers=2))

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result.status for batch in results for result in batch] == ["ok"] * 6
    homes = [home for home in (tmp_path / "outputs").glob("goals-*") if home.is_dir()]
    assert len(homes) == 3
    for home in homes:
        assert len([run for run in home.iterdir() if run.name != "latest"]) == 2
        assert (home / "latest" / "report.html").exists()


def test_what_killed_runs_left_is_swept_and_living_ones_stay(tmp_path, request_for, project):
    request = request_for(project(goals=("# Mål",)), "goals")
    mine = tmp_path / "outputs" / ".running" / request.token
    dead = mine.with_name(request.token.replace(f"-{os.getpid()}-", "-999999999-"))
    for folder in (mine, dead):
        folder.mkdir(parents=True)
    assert sweep(tmp_path / "outputs") == [dead]
    assert mine.exists()


def test_a_journal_tells_what_is_left(tmp_path, request_for, project):
    catalogue = project(goals=("# Mål",))
    requests = [request_for(catalogue, "goals", years=[year]) for year in (2021, 2022)]
    journal = Journal.begin(tmp_path / "outputs", requests)
    journal.path.rename(journal.path.with_name("2020-01-01T000000Z-999999999.journal"))
    assert [request.name for request in batches.Journal.last(tmp_path / "outputs").left] == [
        "goals-2021-sv",
        "goals-2022-sv",
    ]


def test_a_batch_that_is_done_ends_earlier_ones_of_the_same_runs_and_no_others(tmp_path, request_for, project):
    catalogue = project(goals=("# Mål",))
    requests = [request_for(catalogue, "goals", years=[year]) for year in (2021, 2022)]
    for number, left in enumerate((requests[:1], requests)):
        journal = Journal.begin(tmp_path / "outputs", left)
        journal.path.rename(journal.path.with_name(f"2020-01-0{number + 1}T000000Z-999999999.journal"))
    run_batch(requests[:1])
    assert [path.name[:10] for path in (tmp_path / "outputs" / ".batches").iterdir()] == ["2020-01-02"]


def test_a_batch_that_is_stopped_says_how_many_runs_are_left_and_what_makes_them(project, request_for):
    catalogue = project(goals=("# Mål",))
    requests = [request_for(catalogue, "goals", years=[year]) for year in (2021, 2022, 2023)]

    def stop(result):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=r"2 of 3 reports are left, `plancompare run --resume` makes them"):
        run_batch(requests, workers=1, told=stop)
    (journal,) = (requests[0].outputs / ".batches").iterdir()
    assert [request.name for request in Journal._read(journal).left] == ["goals-2022-sv", "goals-2023-sv"]
