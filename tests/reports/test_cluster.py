from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from compare.problems import PlanError
from compare.reports.batches import run_batch
from compare.reports.cluster import ClusterWorkers

pytest.importorskip("distributed", reason="needs the extra 'cluster'")
import psutil

NOTE_WHO = """\
import os, pathlib, time
folder = pathlib.Path(os.environ["PLANCOMPARE_RUN_FOLDER"]).parent.parent / "attempts"
folder.mkdir(exist_ok=True)
(folder / f"{years[0]}-{time.time_ns()}").write_text(str(os.getpid()))
time.sleep(3)
"""


def start(log: Path, *words: str) -> subprocess.Popen[bytes]:
    """A process of the cluster, which says what it does in a file: a pipe that nobody reads would stop it when full."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{words[0]}", *words[1:]]
    with log.open("wb") as stream:
        return subprocess.Popen(command, stdout=stream, stderr=stream)


def address_in(log: Path, within: float = 60) -> str:
    """Where the scheduler listens, as it says itself."""
    deadline = time.monotonic() + within
    while not (found := re.search(r"Scheduler at:\s+(tcp://127\.0\.0\.1:\d+)", log.read_text())):
        assert time.monotonic() < deadline, f"the scheduler did not start: {log.read_text()}"
        time.sleep(0.1)
    return found.group(1)


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers in processes of their own on this machine; returns its address and the workers."""
    logs = tmp_path / "logs"
    logs.mkdir()
    processes = [start(logs / "scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
    try:
        address = address_in(logs / "scheduler")
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path / "dask"))
        processes += [start(logs / f"worker-{n}", "worker", address, *options) for n in range(2)]
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


@pytest.mark.flaky(reruns=2)  # kills processes and waits for others: a busy machine may be too late
def test_a_cluster_makes_the_runs_also_when_a_worker_is_killed_in_the_middle(project, request_for, cluster, tmp_path):
    address, workers = cluster
    catalogue = project(slow=("# Mål", NOTE_WHO))
    requests = [request_for(catalogue, "slow", years=[2022, year]) for year in range(2023, 2027)]
    attempts = tmp_path / "outputs" / "attempts"

    def kill_one() -> None:
        """Kill the worker that makes the first run, while it makes it."""
        deadline = time.monotonic() + 60
        while not (begun := [path.read_text() for path in attempts.glob("*")]) or not all(begun):
            if time.monotonic() > deadline:
                return
            time.sleep(0.05)
        above = {process.pid for process in psutil.Process(int(begun[0])).parents()}
        next(worker for worker in workers if worker.pid in above).send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    results = run_batch(requests, workers=2, scheduler=address)
    killer.join()
    assert [result.status for result in results] == ["ok"] * 4
    assert len(list((tmp_path / "outputs").glob("slow-*/latest/report.html"))) == 4
    assert len(list(attempts.glob("*"))) == 5


@pytest.mark.parametrize("address", ["bogus", "tcp://host", "host:a"])
def test_what_is_no_address_is_told_before_anything_is_tried(address):
    with pytest.raises(PlanError, match=r"is no address of a Dask scheduler; expected tcp://host:port"):
        ClusterWorkers(address)


def test_a_scheduler_that_does_not_answer_is_told_and_leaves_no_batch(project, request_for, monkeypatch, tmp_path):
    monkeypatch.setattr("compare.reports.cluster.CONNECT_WITHIN", 1)
    with pytest.raises(PlanError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        run_batch([request_for(project(goals=("# Mål",)), "goals")], scheduler="tcp://127.0.0.1:9")
    assert not (tmp_path / "outputs").exists()
