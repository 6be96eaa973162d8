"""The warm process: it has imported everything once, stays single-threaded, and is forked for each run.

What a run costs besides its own work is starting an interpreter and importing libraries; a fork has both for nothing,
and still is an interpreter of the run's own: variables, patched modules, figures, environment and working directory
end with it. Requests come on standard input, results leave on standard output. When the input ends, because the batch
is done or was killed, every run that still goes is ended.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import gc
import importlib
import os
import pickle
import select
import signal
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

# Libraries that ask when they are imported whether they are in a notebook (pandas does, for its widths) must hear yes.
builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]  # only IPython has it

import nbformat  # noqa: E402 - as below

from compare.reports import execution, workers  # noqa: E402 - what they import must find it gone

PRELOADED = (
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib_inline.backend_inline",
    "pandas",
    "pyarrow.parquet",
    "ipykernel.ipkernel",
    "compare.reports.shell",
    "compare.reports.pdf",
    "compare.reports.runs",
)
CHUNK = 1 << 16
PARENT_DEATH_SIGNAL = 1


@dataclass(slots=True)
class _Child:
    key: int
    process_id: int
    received: bytearray = field(default_factory=bytearray)


def serve() -> None:
    """Fork a run for each request until the input ends."""
    requests = os.fdopen(os.dup(0), "rb", buffering=0)  # unbuffered, so that select sees every message
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the results
    children: dict[int, _Child] = {}
    try:
        while True:
            ready, _, _ = select.select([requests.fileno(), *children], [], [])
            for source in ready:
                if source in children:
                    _take(source, children, results)
                elif not _heed(requests, children, results):
                    return
    finally:
        for child in children.values():
            end(child.process_id)


def preload(more: Iterable[str] = ()) -> None:
    """Import what runs need, and do once what each would do first; what is not there is left to the run that misses it.

    `more` are the modules that the notebooks import. Nothing here may start a thread or leave a state that a run sees.
    """
    for name in (*PRELOADED, *more):
        with contextlib.suppress(Exception):  # a module that cannot be imported is the run's error, told there
            importlib.import_module(name)
    _rehearse()
    gc.collect()
    gc.freeze()


def _rehearse() -> None:
    """Render a small page, so that templates and patterns are compiled, and compute what is the same for all runs."""
    from compare.presentation.wording import LANGUAGES, Wording
    from compare.reports import records, rendering

    records.code_hash()
    records.versions()
    output = nbformat.v4.new_output("display_data", data={"text/html": "<p>x</p>"})
    rendering.body_of(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[output])]))
    rendering.style_sheet()
    for language in LANGUAGES:
        rendering.site_page("accessibility.html.j2", language, title="", languages=[], name="", contact="")
        Wording(language).number(1.5)


def imported_modules(notebook: Path) -> list[str]:
    """The modules that the cells of a notebook import, as far as they can be read without running them."""
    names: dict[str, None] = {}
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        with contextlib.suppress(SyntaxError):  # magics, and errors that the run will tell
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Import):
                    names.update(dict.fromkeys(alias.name for alias in node.names))
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names[node.module] = None
                    names.update(dict.fromkeys(f"{node.module}.{alias.name}" for alias in node.names))
    return list(names)


def _heed(requests: Any, children: dict[int, _Child], results: Any) -> bool:
    """Follow one message; False at the end of the input."""
    message = workers.receive(requests)
    if message is None:
        return False
    verb, key, request = message
    if verb == "import":
        preload(name for notebook in request for name in imported_modules(notebook))
    elif verb == "run":
        _fork(key, request, children, results)
    else:
        for child in children.values():
            if child.key == key:
                end(child.process_id)
    return True


def _fork(key: int, request: Any, children: dict[int, _Child], results: Any) -> None:
    reading, writing = os.pipe()
    process_id = os.fork()
    if process_id:
        os.close(writing)
        children[reading] = _Child(key, process_id)
        return
    code = 1
    try:  # nothing may return from here into the loop of the parent
        for other in (reading, *children):
            os.close(other)
        results.close()
        _become_run()
        with os.fdopen(writing, "wb") as stream:
            pickle.dump(workers.one_run(request), stream)
        code = 0
    finally:
        os._exit(code)


def _become_run() -> None:
    """Make the fork a process of its own: own group, own input, ended with its parent, allowed to execute cells."""
    os.setpgid(0, 0)
    _end_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    del builtins.get_ipython  # type: ignore[attr-defined]  # set above
    execution.mark_forked()


def _end_with_parent() -> None:
    """Ask the kernel to end this process when its parent is killed (Linux; elsewhere the parent ends it in order)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() == 1:
            os._exit(1)


def _take(source: int, children: dict[int, _Child], results: Any) -> None:
    """Take what a child has written; at its end pass its result on."""
    child = children[source]
    chunk = os.read(source, CHUNK)
    if chunk:
        child.received += chunk
        return
    os.close(source)
    del children[source]
    _, status = os.waitpid(child.process_id, 0)
    outcome: Any = workers.lost(os.waitstatus_to_exitcode(status))
    with contextlib.suppress(pickle.UnpicklingError, EOFError):
        outcome = pickle.loads(bytes(child.received))
    end(child.process_id)
    workers.send(results, (child.key, outcome))


def end(process_id: int) -> None:
    """End a run and everything that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process_id, signal.SIGKILL)


if __name__ == "__main__":
    serve()
