"""Executing a notebook with papermill: in a kernel of its own, or in a process that was forked for it.

Both engines take the same notebook and give the same outputs. A forked process (see `compare.reports.warm`) is already
what a kernel is for, an interpreter of the run's own, so the cells run in an IPython shell there, without a second
process and without sockets. Everywhere else an ordinary kernel is started, over IPC sockets at a path of its own where
the system has them.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from papermill.log import logger
from traitlets.config import Config

KERNEL, SHELL = "plancompare-kernel", "plancompare-shell"
START_TIMEOUT = 60
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


class KernelEngine(Engine):
    """Papermill's engine with a kernel whose environment, folder, sockets and seeds are set for this run alone."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
        sockets = tempfile.mkdtemp(prefix="pc-")  # short: a socket's path may have a hundred characters
        config = Config()
        if os.name == "posix":
            config.ConnectionFileMixin.transport = "ipc"
            config.ConnectionFileMixin.ip = os.path.join(sockets, "k")  # noqa: PTH118 - jupyter_client wants a text
        client = PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            timeout=None,
            startup_timeout=START_TIMEOUT,
            log=logger,
            config=config,
            extra_arguments=[f"--IPKernelApp.exec_lines={SEEDS}", "--HistoryManager.enabled=False"],
        )
        try:
            client.execute(env={**os.environ, **kwargs["environment"]}, cwd=kwargs["folder"])
        except (DeadKernelError, RuntimeError, TimeoutError) as error:
            raise KernelLost(f"The kernel died or did not start: {error}") from error
        finally:
            shutil.rmtree(sockets, ignore_errors=True)


class ShellEngine(Engine):
    """Executes the cells in an IPython shell of this very process, which was forked for this run."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
        from compare.reports.shell import Shell

        os.environ.update(kwargs["environment"])
        os.chdir(kwargs["folder"])
        sow()
        shell = Shell.fresh()
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

    Returns the executed notebook. Raises `papermill.exceptions.PapermillExecutionError` for an error in a cell and
    `KernelLost` where the kernel died.
    """
    return papermill.execute_notebook(
        nbformat.read(notebook, as_version=4),
        str(output),
        parameters=dict(parameters),
        engine_name=SHELL if _Here.is_forked else KERNEL,
        kernel_name="python3",
        language="python",
        progress_bar=False,
        environment=dict(environment),
        folder=str(notebook.parent.resolve()),
    )
