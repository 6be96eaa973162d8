"""Runs on many machines: the same requests, handed to a Dask cluster by its address.

A request is one picklable call, so that a cluster needs nothing but the package and the folders (notebooks, snapshot,
outputs) at the same paths on every machine. A worker that is lost takes its runs with it; Dask makes them again on
another, each attempt in a work folder of its own, so that the two never meet.
"""

from __future__ import annotations

import contextlib
import queue
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

from compare.problems import PlanError, told
from compare.reports.runs import Request
from compare.reports.workers import Outcome, one_run

CONNECT_WITHIN = 20


class ClusterWorkers:
    """Runs on the workers of a Dask cluster; the cluster's own limits decide how many go at once on a machine."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
            from distributed.comm import parse_address, parse_host_port
        except ImportError as error:
            raise PlanError(
                told("runs on a cluster need the extra 'cluster': pip install plancompare[cluster]")
            ) from error
        try:
            parse_host_port(parse_address(address)[1])
        except ValueError as error:
            raise PlanError(
                told("{address} is no address of a Dask scheduler; expected tcp://host:port", address=address)
            ) from error
        try:
            self._client = Client(address, timeout=CONNECT_WITHIN, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise PlanError(
                told(
                    "no Dask scheduler answers at {address}: {reason}; start one or correct it",
                    address=address,
                    reason=error,
                )
            ) from error
        self._events: queue.Queue[tuple[int, Outcome]] = queue.Queue()
        self._futures: dict[int, Any] = {}

    def start(self, key: int, request: Request) -> None:
        future = self._client.submit(attempt, _absolute(request), pure=False, retries=1)
        self._futures[key] = future
        future.add_done_callback(lambda done: self._done(key, done))

    def wait(self, seconds: float) -> tuple[int, Outcome] | None:
        try:
            key, outcome = self._events.get(timeout=seconds)
        except queue.Empty:
            return None
        return (key, outcome) if self._futures.pop(key, None) is not None else None

    def kill(self, key: int) -> None:
        """Give a run up: it is not waited for, and not started if it has not begun."""
        future = self._futures.pop(key, None)
        if future is not None:
            future.cancel(force=True)

    def close(self) -> None:
        for key in list(self._futures):
            self.kill(key)
        with contextlib.suppress(OSError, TimeoutError):
            self._client.close()

    def _done(self, key: int, future: Any) -> None:
        if future.status == "finished":
            self._events.put((key, future.result()))
        elif future.status == "error":
            self._events.put((key, f"the cluster could not make the run: {future.exception()}"))
        else:  # a run that was given up is not waited for; any other is one that the scheduler knows no more
            self._events.put(
                (key, "the cluster lost the run: its scheduler ended or could not be reached; run it again")
            )


def attempt(request: Request) -> Outcome:
    """One attempt at a run, on a worker: in a work folder that no other attempt has."""
    return one_run(replace(request, token=f"{request.token}-{uuid.uuid4().hex[:8]}"))


def _absolute(request: Request) -> Request:
    """The request with whole paths, since a worker may stand in another folder."""

    def whole(path: Path | None) -> Path | None:
        return path.resolve() if path is not None else None

    return replace(
        request,
        report=replace(request.report, notebook=request.report.notebook.resolve()),
        outputs=request.outputs.resolve(),
        snapshot=whole(request.snapshot),
        plans=whole(request.plans),
        snapshots=whole(request.snapshots),
        since=whole(request.since),
    )
