"""Many runs at once, with a limit: one that fails does not stop the others, and a batch that is stopped can go on.

Each run has a process of its own. A batch keeps a journal beside the outputs: the runs that it was to make, and each
as it ends; `resume` takes up what a killed batch left. Two batches at once write into different folders and exchange
`latest` in one step each, so that neither sees half of the other's work.
"""

from __future__ import annotations

import os
import pickle
import secrets
import shutil
import signal
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from compare.problems import PlanError, Told, told
from compare.reports import records, runs
from compare.reports.runs import Request, RunResult
from compare.reports.workers import FreshWorkers, Outcome, WarmWorkers, Workers, can_fork

JOURNALS = ".batches"
LOOK_EVERY = 0.2


class Stopped(BaseException):
    """Somebody asked the batch to stop (SIGTERM); like Ctrl-C, it is no error of a run."""


@dataclass(frozen=True)
class _Going:
    request: Request
    inputs: dict[str, str]
    started: datetime
    deadline: float


@dataclass
class Journal:
    """What a batch was to do and has done, one line each, written as it happens."""

    path: Path
    requests: list[Request] = field(default_factory=list)
    done: set[str] = field(default_factory=set)

    @classmethod
    def begin(cls, outputs: Path, requests: Sequence[Request]) -> Journal:
        """A new journal with these runs, written whole before the first starts."""
        folder = outputs / JOURNALS
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{records.stamp(records.now())}-{secrets.token_hex(4)}-{os.getpid()}.journal"
            draft = path.with_suffix(".draft")
            draft.write_text("".join(f"run {_packed(request)}\n" for request in requests), encoding="ascii")
            draft.replace(path)
        except OSError as error:
            raise PlanError(
                told(
                    "{outputs} cannot be written: {reason}; make room or choose another with --outputs",
                    outputs=outputs,
                    reason=error.strerror or error,
                )
            ) from error
        return cls(path, list(requests))

    @classmethod
    def last(cls, outputs: Path) -> Journal | None:
        """The newest batch that did not end and whose process is gone; None where there is none."""
        return next(cls._unfinished(outputs / JOURNALS), None)

    @classmethod
    def _unfinished(cls, folder: Path) -> Iterator[Journal]:
        for path in sorted(folder.glob("*.journal"), reverse=True):
            owner = path.stem.rsplit("-", 1)[-1]
            if not (owner.isdigit() and runs.is_alive(int(owner))):
                yield cls._read(path)

    @classmethod
    def _read(cls, path: Path) -> Journal:
        journal = cls(path)
        for line in path.read_text(encoding="ascii").splitlines():
            verb, _, rest = line.partition(" ")
            if verb == "run":
                journal.requests.append(pickle.loads(b64decode(rest)))
            elif verb == "done":
                journal.done.add(rest)
        return journal

    def note(self, result: RunResult) -> None:
        self.done.add(result.name)
        with self.path.open("a", encoding="ascii") as journal:
            journal.write(f"done {result.name}\n")

    def end(self) -> None:
        """The batch is done: nothing is left to take up, of it or of earlier ones that were to make the same runs."""
        self.path.unlink(missing_ok=True)
        for other in self._unfinished(self.path.parent):
            if {request.name for request in other.left} <= self.done:
                other.path.unlink(missing_ok=True)

    @property
    def left(self) -> list[Request]:
        """The runs that are still to be made."""
        return [request for request in self.requests if request.name not in self.done]


def run_batch(
    requests: Sequence[Request],
    *,
    workers: int = 2,
    engine: str = "warm",
    scheduler: str | None = None,
    continue_on_error: bool = True,
    told: Callable[[RunResult], None] = lambda result: None,
    progress: bool = False,
    journal: Journal | None = None,
) -> list[RunResult]:
    """Make the runs, at most `workers` at once, and return how each ended, in the order given.

    `engine` is 'warm' (forks of a warm process, where the system can) or 'kernel' (ordinary kernels); `scheduler` is
    the address of a Dask cluster that makes the runs instead, with ordinary kernels. `told` is called with each result
    as it comes. Runs that would come out the same as their latest are skipped and say so. With
    `continue_on_error` False the first failure lets those that go end and starts no other; what was not started is
    cancelled, as is everything when Ctrl-C or SIGTERM stops the batch (which raises `KeyboardInterrupt` afterwards).

    Raises `PlanError` where two runs have one name or nothing can be written.
    """
    _check_names(requests)
    if not requests:
        return []
    requests = [replace(request, token=runs.new_token()) for request in requests]  # the work folders are ours
    outputs = requests[0].outputs
    notebooks = {request.report.notebook for request in requests}
    # first: a cluster that does not answer leaves no batch to take up
    makers = _cluster(scheduler) if scheduler else _workers(engine, notebooks)
    journal = journal or Journal.begin(outputs, requests)
    runs.sweep(outputs)
    batch = _Batch(requests, max(1, workers), continue_on_error, told, journal, progress)
    with _stopping_in_order():
        results = batch.run(makers)
    runs.sweep(outputs)  # again: what a killed batch left may have died only meanwhile
    if batch.stopped:
        raise KeyboardInterrupt(_stopped(results))
    journal.end()
    return results


def _stopped(results: Sequence[RunResult]) -> Told:
    return told(
        "stopped; {left} of {all} reports are left, `plancompare run --resume` makes them",
        left=sum(result.status == "cancelled" for result in results),
        all=len(results),
    )


def resume(outputs: Path, **options: Any) -> list[RunResult]:
    """Make the runs that the last unfinished batch in these outputs left; options as of `run_batch`.

    Raises `PlanError` where no batch was left unfinished.
    """
    journal = Journal.last(outputs)
    if journal is None:
        raise PlanError(told("no unfinished batch in {outputs}; start one with `plancompare run`", outputs=outputs))
    left = journal.left
    fresh = Journal.begin(outputs, left) if left else None
    journal.end()
    return run_batch(left, journal=fresh, **options) if left else []


class _Batch:
    def __init__(
        self,
        requests: Sequence[Request],
        limit: int,
        continue_on_error: bool,
        told: Callable[[RunResult], None],
        journal: Journal,
        progress: bool,
    ) -> None:
        self.requests = list(requests)
        self.limit = limit
        self.continue_on_error = continue_on_error
        self.told = told
        self.journal = journal
        self.results: dict[int, RunResult] = {}
        self.going: dict[int, _Going] = {}
        self.stopped = False
        self.bar = _bar(len(self.requests)) if progress else None

    def run(self, workers: Workers) -> list[RunResult]:
        waiting = list(range(len(self.requests)))
        try:
            while waiting or self.going:
                while waiting and len(self.going) < self.limit and self._may_start():
                    self._start(waiting.pop(0), workers)
                if not self.going:
                    break
                self._look(workers)
        except (KeyboardInterrupt, Stopped):
            self.stopped = True
        finally:
            with _undisturbed():
                for key in list(self.going):
                    workers.kill(key)
                workers.close()
                self._cancel()
                if self.bar is not None:
                    self.bar.close()
        return [self.results[key] for key in range(len(self.requests))]

    def _may_start(self) -> bool:
        return self.continue_on_error or all(result.is_ok for result in self.results.values())

    def _start(self, key: int, workers: Workers) -> None:
        request = self.requests[key]
        try:
            inputs = runs.inputs_of(request)
        except PlanError as error:
            self._ended(key, RunResult(request.name, request.report.name, "failed", message=str(error)))
            return
        done = runs.equal_run(request, runs.identity_of(request, inputs))
        if done is not None:
            self._ended(key, runs.skipped(request, done))
            return
        self.going[key] = _Going(request, inputs, records.now(), time.monotonic() + request.timeout)
        workers.start(key, request)

    def _look(self, workers: Workers) -> None:
        event = workers.wait(LOOK_EVERY)
        if event is not None and event[0] in self.going:
            key, outcome = event
            self._ended(key, self._result(self.going.pop(key), outcome))
        for key, going in list(self.going.items()):
            if time.monotonic() > going.deadline:
                workers.kill(key)
                del self.going[key]
                self._ended(key, _timed_out(going))

    def _result(self, going: _Going, outcome: Outcome) -> RunResult:
        if isinstance(outcome, RunResult):
            return outcome
        return _put_away(going, "failed", f"{runs.where(going.request)}{runs.cell_at_end(going.request)}: {outcome}")

    def _ended(self, key: int, result: RunResult) -> None:
        self.results[key] = result
        self.journal.note(result)
        if self.bar is not None:
            self.bar.set_postfix_str(result.name, refresh=False)
            self.bar.update()
        self.told(result)

    def _cancel(self) -> None:
        """What was not finished is cancelled: no half report stays, and the journal does not call it done."""
        for key, request in enumerate(self.requests):
            if key not in self.results:
                shutil.rmtree(request.work, ignore_errors=True)
                self.results[key] = RunResult(request.name, request.report.name, "cancelled")
        self.going.clear()


def _timed_out(going: _Going) -> RunResult:
    message = (
        f"{runs.where(going.request)}{runs.cell_at_end(going.request)}: not done after {going.request.timeout:g} s "
        "and ended; look into that cell, or give it longer with --timeout"
    )
    return _put_away(going, "timed_out", message)


def _put_away(going: _Going, status: records.Status, message: str) -> RunResult:
    """Keep what a lost run left, as a run that is not ok; where even that cannot be written, the message stays."""
    try:
        return runs.finish(going.request, status, message, going.started, going.inputs)
    except (OSError, PlanError) as error:
        shutil.rmtree(going.request.work, ignore_errors=True)
        message = f"{message}\nIts notebook could not be kept: {error}"
        return RunResult(going.request.name, going.request.report.name, status, message=message)


def _workers(engine: str, notebooks: Iterable[Path]) -> Workers:
    if engine not in ("warm", "kernel"):
        raise PlanError(told("engine {engine!r} is unknown; expected warm or kernel", engine=engine))
    return WarmWorkers(notebooks) if engine == "warm" and can_fork() else FreshWorkers()


def _cluster(address: str) -> Workers:
    from compare.reports.cluster import ClusterWorkers  # only where a cluster is asked for: the extra may be missing

    return ClusterWorkers(address)


def _check_names(requests: Sequence[Request]) -> None:
    seen: set[str] = set()
    for request in requests:
        if request.name in seen:
            raise PlanError(told("two runs of the batch are called {name}; leave one out", name=request.name))
        seen.add(request.name)


def _packed(request: Request) -> str:
    return b64encode(pickle.dumps(request)).decode("ascii")


@contextmanager
def _stopping_in_order() -> Iterator[None]:
    """Let SIGTERM stop the batch as Ctrl-C does: runs ended, nothing half-written."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not in the main thread, where signals do not arrive
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let a second Ctrl-C wait until what goes is ended and cleared away."""
    before = {}
    with suppress(ValueError):
        before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _bar(total: int) -> Any:
    from tqdm import tqdm  # only where a bar is wanted

    return tqdm(total=total, unit="report", desc="Reports", disable=None)
