"""One run of one report: the unit of work, a call that can be pickled and made in any process or on any machine.

The notebook is executed by papermill in a folder of its own beside the outputs; everything that a reader gets is
made there, and the folder is moved into place whole. A run that fails keeps its notebook under its own name and leaves
the last good run where it is.
"""

from __future__ import annotations

import os
import shutil
import socket
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from compare.presentation import RUN_FOLDER
from compare.presentation.wording import Wording
from compare.problems import PlanError, told
from compare.reference import register
from compare.reports import crates, records, rendering, scope
from compare.reports.catalogue import Report, stable_name
from compare.reports.parameters import Value
from compare.reports.records import Record, Status
from compare.snapshots import DESCRIPTOR

CELL_FILE = ".cell"  # which cell runs, written beside the notebook while it does
NOTEBOOK, PAGE, DATA = "notebook.ipynb", "report.html", "data"
PLANS_FOLDER, SNAPSHOTS_FOLDER = "PLANCOMPARE_PLANS", "PLANCOMPARE_SNAPSHOTS"
OWN_ERRORS = ("PlanError", "ProblemsFound", "PlansRefused")  # which are sentences already
TIMEOUT = 900.0
SHOWN_LINES = 12
# One thread of numerics and fixed seeds and dates, so that every way of running gives the same figures.
STEADY = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "946684800",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What one run needs to know; it can be pickled, compared and listed before anything is started.

    `parameters` are complete and checked. `snapshot` is the folder of the snapshot (None for a report that loads the
    plans itself: it freezes them in the folder `snapshots`). `sisters` maps a language to the name of the same report
    in it, for the link between the two; `site` a language to the name of the site. `since` is the snapshot of the last
    run, with which the report begins.
    """

    report: Report
    parameters: Mapping[str, Value]
    outputs: Path
    snapshot: Path | None = None
    plans: Path | None = None
    snapshots: Path | None = None
    formats: tuple[str, ...] = ("html",)
    sisters: Mapping[str, str] = field(default_factory=dict)
    timeout: float = TIMEOUT
    force: bool = False
    batch: str = ""
    site: Mapping[str, str] = field(default_factory=dict)
    since: Path | None = None
    token: str = field(default_factory=lambda: new_token())

    @property
    def name(self) -> str:
        """The stable name: the folder of all runs of this report with these parameters."""
        return stable_name(self.report, self.parameters)

    @property
    def language(self) -> str:
        return str(self.parameters.get("language") or "sv")

    @property
    def title(self) -> str:
        return self.report.title.get(self.language, self.report.name)

    @property
    def home(self) -> Path:
        return self.outputs / self.name

    @property
    def work(self) -> Path:
        """Where the run is made, before it is moved into place."""
        return self.outputs / records.RUNNING / self.token

    def described(self) -> str:
        """The run in one line: its name and its parameters."""
        said = ", ".join(f"{key}={_plain(value)}" for key, value in self.parameters.items() if value is not None)
        return f"{self.name} ({said})"


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended and where it lies; `message` is the error in one screen, or what there are no data of."""

    name: str
    report: str
    status: Status
    folder: Path | None = None
    seconds: float = 0.0
    message: str = ""
    skipped: bool = False

    @property
    def is_ok(self) -> bool:
        return self.status in records.GOOD


def new_token() -> str:
    """A name for the work folder of one run, which tells whose it is: machine, process, and a random part."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


def run_report(request: Request) -> RunResult:
    """Run one report and put its folder in place; the one call that batches, clusters and people make.

    Returns the result, also of a run that fails: an error in the notebook is a result, not an exception. A run whose
    latest result has the same identity is skipped unless forced.

    Raises `PlanError` where nothing can be run: no notebook, no snapshot, a folder that cannot be written.
    """
    inputs = inputs_of(request)
    done = equal_run(request, identity_of(request, inputs))
    if done is not None:
        return skipped(request, done)
    started = records.now()
    _make_work_folder(request)
    try:
        failure = _execute(request)
        if not failure:
            failure = _render(request)
        if failure:
            return finish(request, "failed", failure, started, inputs)
        lacking = scope.of_run(request.parameters, request.snapshot)
        status: Status = "no_data" if lacking.is_empty else "ok"
        return finish(request, status, lacking.told(Wording("en")), started, inputs, lacking.lacking)
    except OSError as error:
        shutil.rmtree(request.work, ignore_errors=True)
        raise PlanError(
            told(
                "run {name} cannot be written to {outputs}: {reason}",
                name=request.name,
                outputs=request.outputs,
                reason=error.strerror or error,
            )
        ) from error


def skipped(request: Request, done: Record) -> RunResult:
    """The result of a run that need not be made, since this one is the same."""
    message = done.content.get("message", "")
    return RunResult(request.name, request.report.name, done.status, done.folder, message=message, skipped=True)


def finish(
    request: Request,
    status: Status,
    message: str,
    started: datetime,
    inputs: Mapping[str, str],
    lacking: Sequence[str] = (),
) -> RunResult:
    """Write the record of a run that has ended one way or another, and move it into its place.

    `inputs` are those that the run began with: they may have changed or gone meanwhile.
    """
    ended = records.now()
    work = request.work
    work.mkdir(parents=True, exist_ok=True)
    (work / CELL_FILE).unlink(missing_ok=True)
    content = {
        "name": request.name,
        "report": request.report.name,
        "title": dict(request.report.title),
        "question": dict(request.report.question),
        "status": status,
        "message": message,
        "lacking": list(lacking),
        "finding": rendering.leading_finding(work / NOTEBOOK) if status in records.GOOD else "",
        "batch": request.batch,
        "parameters": dict(request.parameters),
        "snapshot": request.snapshot.name if request.snapshot else None,
        "since": request.since.name if request.since else None,
        "formats": list(request.formats),
        "sisters": dict(request.sisters),
        "site": dict(request.site),
        "identity": identity_of(request, inputs),
        "started": started.isoformat(),
        "ended": ended.isoformat(),
        "inputs": dict(inputs),
        "code": records.code_hash(),
        "versions": records.versions(),
        "outputs": records.output_hashes(work),
    }
    crates.write_crate(work, content)
    records.write_record(work, content)
    suffix = "" if status in records.GOOD else "-" + status.replace("_", "-")
    folder = records.put_in_place(work, request.home, records.stamp(ended) + suffix)
    if status in records.GOOD:
        records.point_latest(request.home, folder)
    seconds = round((ended - started).total_seconds(), 3)
    return RunResult(request.name, request.report.name, status, folder, seconds, message)


def identity_of(request: Request, inputs: Mapping[str, str]) -> str:
    """The check sum of all that decides the result; see `compare.reports.records`."""
    return records.identity(
        {
            "name": request.name,
            "parameters": dict(request.parameters),
            "inputs": dict(inputs),
            "formats": list(request.formats),
            "sisters": dict(request.sisters),
            "site": dict(request.site),
            "since": request.since.name if request.since else None,
            "title": [dict(request.report.title), dict(request.report.question)],
            "code": records.code_hash(),
            "versions": records.versions(),
        }
    )


def inputs_of(request: Request) -> dict[str, str]:
    """Check sums of the notebook and of the snapshot (or of the codings, where the report loads them itself)."""
    if not request.report.notebook.is_file():
        raise PlanError(
            told(
                "report {report}: no notebook {notebook}; correct the catalogue",
                report=request.report.name,
                notebook=request.report.notebook,
            )
        )
    inputs = {request.report.notebook.name: records.file_hash(request.report.notebook)}
    if request.snapshot is not None:
        # its description holds the check sum of every table
        inputs[f"snapshot {request.snapshot.name}"] = records.file_hash(request.snapshot / DESCRIPTOR)
    with suppress(PlanError):  # a project may have no reference data
        inputs["reference"] = records.tree_hash(register.folder())
    if request.report.loads_plans and request.plans is not None:
        inputs["plans"] = records.tree_hash(request.plans)
    return inputs


def equal_run(request: Request, identity: str) -> Record | None:
    """The latest run, if it would come out the same and all its files are still there; None if it is to be made."""
    if request.force:
        return None
    latest = records.latest_record(request.outputs, request.name)
    if latest is None or latest.identity != identity or not latest.is_good:
        return None
    whole = all((latest.folder / name).is_file() for name in latest.content.get("outputs", {"": None}))
    return latest if whole else None


def sweep(outputs: Path) -> list[Path]:
    """Remove what killed runs of this machine left unfinished; runs of living processes stay. Returns what went."""
    swept = []
    for left in (outputs / records.RUNNING).glob(f"{socket.gethostname()}-*-*"):
        owner = left.name.removeprefix(f"{socket.gethostname()}-").split("-")[0]
        if owner.isdigit() and not is_alive(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
            swept.append(left)
    return swept


def environment(request: Request) -> dict[str, str]:
    """What the kernel's environment holds besides what is there."""
    said = {**STEADY, RUN_FOLDER: str(request.work.resolve())}
    with suppress(PlanError):  # found from here, though perhaps not from the notebook's folder
        said[register.ENVIRONMENT_VARIABLE] = str(register.folder().resolve().parent)
    if request.plans is not None:
        said[PLANS_FOLDER] = str(request.plans.resolve())
    if request.snapshot is not None:
        said[SNAPSHOTS_FOLDER] = str(request.snapshot.parent.resolve())
    elif request.snapshots is not None:
        said[SNAPSHOTS_FOLDER] = str(request.snapshots.resolve())
    return said


def notebook_parameters(request: Request) -> dict[str, Any]:
    """The parameters as the notebook gets them: the snapshot as the way to its folder from the notebook's."""
    given: dict[str, Any] = dict(request.parameters)
    if "snapshot" in given and request.snapshot is not None:
        way = os.path.relpath(request.snapshot.resolve(), request.report.notebook.parent.resolve())
        given["snapshot"] = Path(way).as_posix()
    return given


def _make_work_folder(request: Request) -> None:
    try:
        (request.work / DATA).mkdir(parents=True)
    except OSError as error:
        raise PlanError(
            told(
                "run {name} cannot be written to {outputs}: {reason}; "
                "make room or choose another folder with --outputs",
                name=request.name,
                outputs=request.outputs,
                reason=error.strerror or error,
            )
        ) from error


def _execute(request: Request) -> str:
    """Execute the notebook; empty text, or the error in one screen."""
    from papermill.exceptions import PapermillExecutionError

    from compare.reports import execution

    try:
        execution.execute(
            request.report.notebook,
            request.work / NOTEBOOK,
            notebook_parameters(request),
            environment=environment(request),
        )
    except PapermillExecutionError as error:
        return _told(request, error)
    except execution.KernelLost as error:
        return f"{where(request)}\n{error}"
    return ""


def _render(request: Request) -> str:
    try:
        rendering.render(request)
    except PlanError as error:
        return f"{where(request)}\nThe page could not be made: {error}"
    return ""


def where(request: Request) -> str:
    """Report, notebook, municipality and language of a run: how every message about it begins."""
    codes = request.parameters.get("municipalities") or request.parameters.get("municipality")
    of = f"municipality {_plain(codes)}" if codes else "all municipalities"
    return f"Report {request.report.name}, notebook {request.report.notebook.name}, {of}, language {request.language}"


def cell_at_end(request: Request) -> str:
    """', cell N', where a run that was ended has left word of the cell it was in."""
    try:
        return f", cell {int((request.work / CELL_FILE).read_text(encoding='ascii'))}"
    except (OSError, ValueError):
        return ""


def _told(request: Request, error: Any) -> str:
    """Notebook, cell, municipality, error and code in one screen: what a person needs before opening the notebook."""
    lines = (error.source or "").strip().splitlines()
    shown = [f"    {line}" for line in lines[:SHOWN_LINES]]
    if len(lines) > SHOWN_LINES:
        shown.append(f"    ... {len(lines) - SHOWN_LINES} more lines")
    cell = f"cell {error.cell_index}"  # counted from 1, without the parameters that papermill puts in
    said = _short(str(error.evalue))
    what = said if error.ename in OWN_ERRORS else f"{error.ename}: {said}"
    return "\n".join([f"{where(request)}, {cell}:", what, *shown])


def _short(text: str, lines: int = SHOWN_LINES) -> str:
    return "\n".join(text.strip().splitlines()[:lines])[:2000]


def _plain(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, Iterable) and not isinstance(value, str) else str(value)


def is_alive(process_id: int) -> bool:
    """Whether a process of this machine with that id lives."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, so it runs
        return True
    return True
