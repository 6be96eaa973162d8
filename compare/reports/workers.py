"""Processes that make runs: one process for each run, so that no run sees another and any can be ended alone.

Two kinds, with one interface. `WarmWorkers` keep one process that has imported everything and is forked for each run
(see `compare.reports.warm`); `FreshWorkers` start a new interpreter, and in it an ordinary kernel, for each run.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, Protocol, cast

from compare.reports.runs import STEADY, Request, RunResult

PATIENCE = 5.0
HEADER = struct.Struct("!Q")
Outcome = RunResult | str  # a text says how the process was lost


class Workers(Protocol):
    """What a batch needs of the processes that make its runs."""

    def start(self, key: int, request: Request) -> None:
        """Begin a run; `key` names it from then on."""

    def wait(self, seconds: float) -> tuple[int, Outcome] | None:
        """A run that ended and how; None where none does within so many seconds, or one that was killed did."""

    def kill(self, key: int) -> None:
        """End a run; nothing is told of it any more."""

    def close(self) -> None:
        """End everything."""


def can_fork() -> bool:
    """Whether this system forks processes as warm workers need it."""
    return hasattr(os, "fork") and sys.platform != "win32"


def send(stream: IO[bytes], message: Any) -> None:
    """Write one message; `receive` reads it."""
    content = pickle.dumps(message)
    stream.write(HEADER.pack(len(content)) + content)
    stream.flush()


def receive(stream: IO[bytes]) -> Any | None:
    """Read one message; None at the end of the stream."""
    header = _exactly(stream, HEADER.size)
    content = _exactly(stream, HEADER.unpack(header)[0]) if header else b""
    return pickle.loads(content) if content else None


def pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """The input and the output of a process that was started with pipes for both."""
    return cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    """So many bytes, however the pipe hands them out; nothing if it ends before."""
    content = bytearray()
    while len(content) < size:
        part = stream.read(size - len(content))
        if not part:
            return b""
        content += part
    return bytes(content)


class WarmWorkers:
    """Runs in forks of one warm process. If that process is lost, its runs are told lost and a new one is started."""

    def __init__(self, notebooks: Iterable[Path] = ()) -> None:
        self._notebooks = sorted(set(notebooks))
        self._events: queue.Queue[tuple[int, Outcome]] = queue.Queue()
        self._going: set[int] = set()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, key: int, request: Request) -> None:
        self._going.add(key)
        try:
            send(pipes(self._warm())[0], ("run", key, request))
        except OSError:
            self._lost()

    def wait(self, seconds: float) -> tuple[int, Outcome] | None:
        try:
            key, outcome = self._events.get(timeout=seconds)
        except queue.Empty:
            return None
        if key < 0:
            self._lost()
            return self.wait(0)
        if key not in self._going:
            return None
        self._going.discard(key)
        return key, outcome

    def kill(self, key: int) -> None:
        self._going.discard(key)
        if self._process is not None:
            with contextlib.suppress(OSError):
                send(pipes(self._process)[0], ("kill", key, None))

    def close(self) -> None:
        """End the warm process; it takes every run that still goes with it."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            pipes(process)[0].close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _warm(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "compare.reports.warm"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **STEADY},
                start_new_session=True,  # Ctrl-C reaches the batch alone, which then ends its runs in order
            )
            threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
            send(pipes(self._process)[0], ("import", -1, self._notebooks))
        return self._process

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        while (message := receive(pipes(process)[1])) is not None:
            self._events.put(message)
        if process is self._process:
            self._events.put((-1, ""))

    def _lost(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
        for key in sorted(self._going):
            self._events.put((key, "the process that makes the runs was lost; see the memory of the machine"))


class FreshWorkers:
    """Runs in new interpreters, each with an ordinary kernel."""

    def __init__(self) -> None:
        self._events: queue.Queue[tuple[int, Outcome]] = queue.Queue()
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, key: int, request: Request) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "compare.reports.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **STEADY},
            start_new_session=True,
        )
        self._processes[key] = process
        threading.Thread(target=self._make, args=(key, process, request), daemon=True).start()

    def wait(self, seconds: float) -> tuple[int, Outcome] | None:
        try:
            key, outcome = self._events.get(timeout=seconds)
        except queue.Empty:
            return None
        return (key, outcome) if self._processes.pop(key, None) is not None else None

    def kill(self, key: int) -> None:
        process = self._processes.pop(key, None)
        if process is not None:
            end_group(process)

    def close(self) -> None:
        for key in list(self._processes):
            self.kill(key)

    def _make(self, key: int, process: subprocess.Popen[bytes], request: Request) -> None:
        outcome: Outcome | None = None
        requests, results = pipes(process)
        with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError):
            send(requests, request)
            outcome = receive(results)
        code = process.wait()
        for stream in (requests, results):
            with contextlib.suppress(OSError):
                stream.close()
        self._events.put((key, outcome if outcome is not None else lost(code)))


def lost(code: int) -> str:
    """How a process ended that gave no result, in words."""
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"the process of the run was ended by {signal.Signals(-code).name}"
    return f"the process of the run ended with code {code} and without a result"


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started: first asked, so that a kernel is shut down, then made."""
    for how, patience in ((signal.SIGTERM, PATIENCE), (getattr(signal, "SIGKILL", signal.SIGTERM), PATIENCE)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=patience)
            return


def one_run(request: Request) -> Outcome:
    """Make one run and return how it went; what nobody foresaw becomes a text too, so that the others go on."""
    from compare.problems import PlanError
    from compare.reports.runs import run_report

    try:
        return run_report(request)
    except PlanError as error:
        return str(error)
    except Exception as error:  # the boundary of the process: a batch goes on whatever one run does
        return f"{type(error).__name__}: {error}"


def main() -> None:
    """Read one request from standard input, make the run, write the result to standard output."""
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    request = receive(sys.stdin.buffer)
    if request is not None:
        threading.Thread(target=_end_with_batch, daemon=True).start()
        with contextlib.suppress(BrokenPipeError):  # the batch is gone
            send(results, one_run(request))


def _end_with_batch() -> None:
    """Ask this process to end, and its kernel with it, when the batch is gone: then its end of the input closes."""
    os.read(sys.stdin.fileno(), 1)  # unbuffered: a thread that waits holds no lock which the end of the process needs
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
