"""What is lost when a batch is killed at random moments: nothing.

A batch of short reports is killed with SIGKILL again and again, each time resumed, until it is done. After each kill
it is checked that no run is half there, that `latest` leads to a whole run, and that no process is left.

    python tests/benchmarks/kills.py [number of kills] [warm|kernel]
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from compare.reports import records
from compare.reports.batches import resume, run_batch
from compare.reports.catalogue import Report
from compare.reports.parameters import Parameter
from compare.reports.runs import Request

REPORTS = 6
LONGEST = 9.0
CELLS = ("import time, os, pathlib", "time.sleep(0.4)", 'os.environ["PLANCOMPARE_RUN_FOLDER"]', "time.sleep(0.4)")


def main(kills: int, engine: str) -> None:
    random.seed(0)
    found: Counter[str] = Counter()
    done = killed = 0
    with tempfile.TemporaryDirectory(prefix="pc-kills-") as name:
        folder = Path(name)
        while killed < kills:
            outputs = folder / "outputs"
            is_first = not (outputs / ".batches").exists() or not list((outputs / ".batches").glob("*.journal"))
            if is_first:
                shutil.rmtree(outputs, ignore_errors=True)
            verb = "begin" if is_first else "resume"
            process = subprocess.Popen([sys.executable, __file__, verb, name, engine], start_new_session=True)
            try:
                process.wait(timeout=random.uniform(0.5, LONGEST))
                done += 1
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                killed += 1
            time.sleep(0.2)
            found.update(wrong(outputs, name, wait=8))
    print(
        f"{killed} kills, {done} batches done in between, {engine} engine: "
        f"{dict(found) or 'nothing lost, nothing left'}"
    )
    sys.exit(1 if found else 0)


def wrong(outputs: Path, name: str, wait: float) -> list[str]:
    """What should not be there after a kill."""
    told = []
    deadline = time.monotonic() + wait
    while left_processes(name) and time.monotonic() < deadline:
        time.sleep(0.1)
    told += ["process left"] * len(left_processes(name))
    for run in outputs.glob("[!.]*/2*"):
        record = records.read_record(run)
        if record is None or any(not (run / file).is_file() for file in record.content["outputs"]):
            told.append("half a run")
    for latest in outputs.glob("[!.]*/latest"):
        if not (latest / "report.html").is_file():
            told.append("latest leads nowhere")
    return told


def left_processes(name: str) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            is_zombie = (process / "stat").read_text().split()[2] == "Z"
            said = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue
        if not is_zombie and name.encode() in said and int(process.name) != os.getpid():
            found.append(int(process.name))
    return found


def begin(folder: Path, engine: str) -> None:
    notebook = folder / "trial.ipynb"
    cells = [new_code_cell('number = "0"', metadata={"tags": ["parameters"]}), new_markdown_cell("# Trial")]
    nbformat.write(new_notebook(cells=[*cells, *map(new_code_cell, CELLS)]), notebook)
    report = Report("trial", notebook, {}, {}, (Parameter("number", "text"),))
    run_batch([Request(report, {"number": str(n)}, folder / "outputs") for n in range(REPORTS)], engine=engine)


if __name__ == "__main__":
    words = sys.argv[1:]
    if words and words[0] == "begin":
        begin(Path(words[1]), words[2])
    elif words and words[0] == "resume":
        resume(Path(words[1]) / "outputs", engine=words[2])
    else:
        main(int(words[0]) if words else 20, words[1] if len(words) > 1 else "warm")
