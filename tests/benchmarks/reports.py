"""How long the same fictional reports take: papermill's command line one by one, its API in two processes, plancompare.

Each report imports three libraries, reads 200,000 rows of Parquet, draws four figures and shows three tables. The
outputs of all ways are compared; the ratios are printed. plancompare also renders the page and writes the record.

    python tests/benchmarks/reports.py [number of reports]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from compare.reference import municipalities
from compare.reports.batches import run_batch
from compare.reports.catalogue import Report
from compare.reports.parameters import Parameter
from compare.reports.runs import Request

ROWS = 200_000
SOURCES = (
    "import pandas as pd\nimport matplotlib.pyplot as plt\nimport pyarrow.parquet as pq",
    'rows = pq.read_table("rows.parquet").to_pandas()\nchosen = rows[rows["municipality_code"] == municipality]',
    *(
        f"fig, ax = plt.subplots(figsize=(6, 3))\n"
        f'chosen.groupby("{column}")["amount"].{how}().plot.bar(ax=ax)\nax.set_title("{how} by {column}")\nplt.show()'
        for column in ("year", "status")
        for how in ("sum", "mean")
    ),
    *(f'chosen.groupby("{column}")["amount"].describe()' for column in ("year", "status", "goal")),
)


def main(reports: int) -> None:
    with tempfile.TemporaryDirectory(prefix="pc-bench-") as name:
        folder = Path(name)
        codes = municipalities()["municipality_code"].tolist()[:reports]
        notebook = prepare(folder, codes)
        ways = {
            "papermill command line, one by one": by_command_line,
            "papermill API, two processes": by_two_processes,
            "plancompare, two workers": by_plancompare,
        }
        seconds, outputs = {}, {}
        for way, run in ways.items():
            target = folder / way.split(",")[0].replace(" ", "-")
            target.mkdir()
            began, processor = time.perf_counter(), processor_seconds()
            paths = run(notebook, codes, target)
            seconds[way], processor = time.perf_counter() - began, processor_seconds() - processor
            outputs[way] = [shown(path) for path in paths]
            rate = reports / seconds[way]
            print(f"{way:40} {seconds[way]:7.1f} s  {rate:5.2f} reports/s, {processor:.1f} s of processor", flush=True)
        first, *others = outputs.values()
        same = all(other == first for other in others)
        print("outputs identical" if same else "OUTPUTS DIFFER")
        slowest = seconds["papermill command line, one by one"]
        for way, took in seconds.items():
            print(f"{way:40} {slowest / took:5.1f} times the command line")
        sys.exit(0 if same else 1)


def processor_seconds() -> float:
    """Processor time of this process and all that it started and that has ended: independent of the machine's load."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def prepare(folder: Path, codes: list[str]) -> Path:
    random = np.random.default_rng(0)
    rows = pd.DataFrame(
        {
            "municipality_code": random.choice(codes, ROWS),
            "year": random.integers(2015, 2025, ROWS),
            "status": random.choice(["completed", "in_progress", "not_started"], ROWS),
            "goal": random.integers(1, 9, ROWS),
            "amount": random.normal(0, 1_000_000, ROWS).round(),
        }
    )
    rows.to_parquet(folder / "rows.parquet", index=False)
    cells = [new_code_cell('municipality = "0114"', metadata={"tags": ["parameters"]}), new_markdown_cell("# Trial")]
    cells += [new_code_cell(source, metadata={"alt": "Bars of amounts"}) for source in SOURCES]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    path = folder / "trial.ipynb"
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
    return path


def by_command_line(notebook: Path, codes: list[str], target: Path) -> list[Path]:
    paths = [target / f"{code}.ipynb" for code in codes]
    for code, path in zip(codes, paths, strict=True):
        subprocess.run(
            [
                *(sys.executable, "-m", "papermill", str(notebook), str(path), "-r", "municipality", code),
                *("--no-progress-bar", "--cwd", str(notebook.parent)),
            ],
            check=True,
            capture_output=True,
        )
    return paths


def by_two_processes(notebook: Path, codes: list[str], target: Path) -> list[Path]:
    paths = [target / f"{code}.ipynb" for code in codes]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(one_by_api, [notebook] * len(codes), codes, paths))
    return paths


def one_by_api(notebook: Path, code: str, path: Path) -> None:
    import papermill

    papermill.execute_notebook(
        str(notebook),
        str(path),
        parameters={"municipality": code},
        progress_bar=False,
        cwd=str(notebook.parent),
    )


def by_plancompare(notebook: Path, codes: list[str], target: Path) -> list[Path]:
    report = Report("trial", notebook, {}, {}, (Parameter("municipality", "municipality"),))
    requests = [Request(report, {"municipality": code}, target) for code in codes]
    results = run_batch(requests, workers=2)
    failed = [result.message for result in results if not result.is_ok]
    if failed:
        raise SystemExit("\n".join(failed))
    return [result.folder / "notebook.ipynb" for result in results if result.folder]


def shown(path: Path) -> list[str]:
    nb = nbformat.read(path, as_version=4)
    return [json.dumps(cell.outputs, sort_keys=True) for cell in nb.cells if cell.cell_type == "code"]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
