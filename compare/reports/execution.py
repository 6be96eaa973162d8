"""Executing a notebook with papermill: in a kernel of its own, or in a process that was forked for it.

Both engines take the same notebook and give the same outputs. A forked process (see `compare.reports.warm`) is already
what a kernel is for, an interpreter of the run's own, so the cells run in an IPython shell there, without a second
process and without sockets. Everywhere else an ordinary kernel is started, over IPC sockets at a path of its own where
the system has them.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.log import logger
from traitlets.config import Config

from compare.problems import PlanError
from compare.reports.runs import CELL_FILE

KERNEL, SHELL = "plancompare-kernel", "plancompare-shell"
START_TIMEOUT = 60
SAVE_EVERY = 0.5
SEEDS = "import random, numpy; random.seed(0); numpy.random.seed(0); del random, numpy"

logger.setLevel("ERROR")


class KernelLost(Exception):
    """The kernel died or could not be started; the text says so in one sentence."""


class _Here:
    """Whether this process was forked for one run, so that it may execute the cells itself."""

    is_forked = False


def mark_forked() -> None:
    """Called in a process that was forked for one run and ends with it."""
    _Here.is_forked = True


class _Manager(NotebookExecutionManager):
    """Papermill's manager, which writes the notebook at the start and end of each cell, without its haste.

    Writing and validating a notebook with figures takes longer than most cells. It is written twice a second at most
    and at the end; which cell runs stands in a small file beside it, for the message about a run that was killed.
    """

    def save(self, **kwargs: Any) -> None:
        now = time.monotonic()
        if kwargs.get("at_once") or now - getattr(self, "_saved", 0.0) > SAVE_EVERY:
            self._saved = now
            super().save()

    def cell_start(self, cell: Any, cell_index: int | None = None, **kwargs: Any) -> None:
        Path(self.output_path).with_name(CELL_FILE).write_text(str(cell_index), encoding="ascii")
        super().cell_start(cell, cell_index, **kwargs)

    def notebook_complete(self, **kwargs: Any) -> None:
        super().notebook_complete(**kwargs)
        self.save(at_once=True)


class _Engine(Engine):
    """What both engines share: the manager."""

    @classmethod
    def execute_notebook(
        cls, nb: Any, kernel_name: str, output_path: Any = None, progress_bar: Any = False, **kwargs: Any
    ) -> Any:
        nb.metadata.papermill.update(
            input_path=kwargs["source"], output_path=Path(output_path).name
        )  # not the machine's
        manager = _Manager(nb, output_path=output_path, progress_bar=False)
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, **kwargs)
        finally:
            manager.notebook_complete()
        return manager.nb


class _Client(PapermillNotebookClient):
    """Papermill's client, which fixes the kernel's seeds just before the first cell: starting it draws some numbers."""

    def papermill_execute_cells(self) -> None:
        self.wait_for_reply(self.kc.execute(SEEDS, silent=True, store_history=False))
        super().papermill_execute_cells()


class KernelEngine(_Engine):
    """Papermill's engine with a kernel whose environment, folder, sockets and seeds are set for this run alone."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
        sockets = Path(tempfile.mkdtemp(prefix="pc-"))  # short: a socket's path may have a hundred characters
        config = Config()
        if os.name == "posix":
            config.ConnectionFileMixin.transport = "ipc"
            config.ConnectionFileMixin.ip = str(sockets / "k")
        client = _Client(
            nb_man,
            kernel_name=kernel_name,
            timeout=None,
            startup_timeout=START_TIMEOUT,
            log=logger,
            config=config,
            extra_arguments=["--HistoryManager.enabled=False"],
        )
        try:
            with (sockets / "log").open("wb") as log:
                client.execute(
                    env={**os.environ, **kwargs["environment"]}, cwd=kwargs["folder"], stdout=log, stderr=log
                )
        except (DeadKernelError, RuntimeError, TimeoutError) as error:
            said = (sockets / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
            raise KernelLost(" ".join([f"The kernel died or did not start: {error}", *said])) from error
        finally:
            shutil.rmtree(sockets, ignore_errors=True)


class ShellEngine(_Engine):
    """Executes the cells in an IPython shell of this very process, which was forked for this run."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
        os.environ.update(kwargs["environment"])
        with contextlib.chdir(kwargs["folder"]):  # what follows the notebook finds its relative paths again
            cls._execute_cells(nb_man)

    @staticmethod
    def _execute_cells(nb_man: Any) -> None:
        from compare.reports.shell import ZMQInteractiveShell

        sow()
        shell = ZMQInteractiveShell.fresh()
        for index, cell in enumerate(nb_man.nb.cells):
            nb_man.cell_start(cell, index)
            if not shell.execute(cell):
                nb_man.cell_exception(cell, cell_index=index)
                nb_man.cell_complete(cell, cell_index=index)
                break
            nb_man.cell_complete(cell, cell_index=index)
        nb_man.nb.metadata["language_info"] = shell.language_info


def sow() -> None:
    """Fix the seeds of random numbers, so that a run that draws some can be repeated."""
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)


papermill_engines.register(KERNEL, KernelEngine)
papermill_engines.register(SHELL, ShellEngine)


def execute(
    notebook: Path, output: Path, parameters: Mapping[str, Any], *, environment: Mapping[str, str]
) -> nbformat.NotebookNode:
    """Execute a notebook with these parameters and write it to `output`, also when it fails.

    Returns the executed notebook. Raises `PlanError` for a notebook that cannot be read,
    `papermill.exceptions.PapermillExecutionError` for an error in a cell and `KernelLost` where the kernel died.
    """
    try:
        source = nbformat.read(notebook, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise PlanError(f"the notebook {notebook.name} cannot be read: {str(error)[:200]}; correct the file") from error
    return papermill.execute_notebook(
        source,
        str(output.absolute()),  # cells run in the notebook's folder
        parameters=dict(parameters),
        engine_name=SHELL if _Here.is_forked else KERNEL,
        kernel_name="python3",
        language="python",
        progress_bar=False,
        environment=dict(environment),
        source=notebook.name,
        folder=str(notebook.parent.resolve()),
    )
