"""An IPython shell that executes cells and keeps their outputs as a notebook does, without sockets or threads.

It does for one forked process what a kernel does: rich display, the inline figures of matplotlib, results, streams and
errors in their order. What a kernel can and a report never needs (input, widgets, debugging) is left out.
"""

from __future__ import annotations

import sys
from typing import Any

import nbformat
from ipykernel.jsonutil import encode_images, json_clean
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from nbformat.v4 import output_from_msg
from traitlets import Any as AnyTrait
from traitlets import Type
from traitlets.config import Config

INLINE = "module://matplotlib_inline.backend_inline"
SKIP, MAY_FAIL = "skip-execution", "raises-exception"


class _Stream:
    """Standard output or error: what is written becomes a stream output of the running cell."""

    encoding = "utf-8"
    errors = "strict"
    closed = False

    def __init__(self, name: str, outputs: _Outputs) -> None:
        self.name = name
        self._outputs = outputs

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.stream(self.name, text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        return None

    def isatty(self) -> bool:
        return False

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


class _Outputs:
    """The outputs of the running cell, in order; displays with an id can be updated later."""

    def __init__(self) -> None:
        self.of_cell: list[NotebookNode] = []
        self._shown: dict[str, list[NotebookNode]] = {}
        self._clear_next = False

    def begin(self) -> list[NotebookNode]:
        self.of_cell = []
        self._clear_next = False
        return self.of_cell

    def stream(self, name: str, text: str) -> None:
        self._clear_if_waiting()
        last = self.of_cell[-1] if self.of_cell else None
        if last is not None and last.output_type == "stream" and last.name == name:
            last.text += text
        elif text:
            self.of_cell.append(nbformat.v4.new_output("stream", name=name, text=text))

    def add(self, kind: str, content: dict[str, Any], display_id: str | None = None) -> None:
        self._clear_if_waiting()
        message = {"header": {"msg_type": kind}, "content": json_clean(content)}
        output = output_from_msg(message)
        self.of_cell.append(output)
        if display_id:
            self._shown.setdefault(display_id, []).append(output)

    def update(self, display_id: str, content: dict[str, Any]) -> None:
        for output in self._shown.get(display_id, []):
            output.data = nbformat.from_dict(json_clean(content["data"]))
            output.metadata = nbformat.from_dict(json_clean(content["metadata"]))

    def clear(self, wait: bool) -> None:
        self._clear_next = wait
        if not wait:
            self.of_cell.clear()

    def _clear_if_waiting(self) -> None:
        if self._clear_next:
            self.clear(wait=False)


class _Publisher(DisplayPublisher):
    """Takes what `display` shows."""

    shell: Any

    def publish(
        self, data: Any, metadata: Any = None, *_: Any, transient: Any = None, update: bool = False, **__: Any
    ) -> None:
        content = {"data": encode_images(data), "metadata": metadata or {}}
        display_id = (transient or {}).get("display_id")
        outputs: _Outputs = self.shell.outputs
        if update and display_id:
            outputs.update(display_id, content)
        else:
            outputs.add("display_data", content, display_id)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear(wait)


class _Hook(DisplayHook):
    """Takes the value of a cell's last expression."""

    shell: Any

    def write_output_prompt(self) -> None:
        return None

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        content = {"data": encode_images(format_dict), "metadata": md_dict or {}, "execution_count": self.prompt_count}
        self.shell.outputs.add("execute_result", content)

    def finish_displayhook(self) -> None:
        self._is_active = False


class ZMQInteractiveShell(InteractiveShell):
    """An IPython shell whose outputs go into the notebook's cells.

    It bears the name of a kernel's shell, by which pandas, tqdm and others know that they write into a notebook.
    """

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    outputs = AnyTrait()
    kernel = AnyTrait()  # asked for by name, never used

    @classmethod
    def fresh(cls) -> ZMQInteractiveShell:
        """The shell of this process: nothing defined, figures inline, the streams taken over."""
        config = Config()
        config.HistoryManager.enabled = False  # it would start a thread and write into the user's folder
        config.HistoryManager.hist_file = ":memory:"
        config.InteractiveShell.colors = "Linux"
        shell = cls.instance(config=config, user_module=None, outputs=_Outputs())
        sys.stdout, sys.stderr = _Stream("stdout", shell.outputs), _Stream("stderr", shell.outputs)
        shell._figures_inline()
        return shell

    def execute(self, cell: NotebookNode) -> bool:
        """Execute one cell and give it its outputs; False where it failed and may not."""
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or SKIP in tags:
            return True
        cell.outputs = self.outputs.begin()
        cell.execution_count = self.execution_count
        result = self.run_cell(cell.source, store_history=True)
        return result.success or MAY_FAIL in tags

    @property
    def language_info(self) -> dict[str, Any]:
        """What a kernel says of its language, for the notebook's metadata."""
        from ipykernel.ipkernel import IPythonKernel

        return dict(IPythonKernel.language_info)

    def enable_gui(self, gui: str | None = None) -> None:
        return None

    def _figures_inline(self) -> None:
        """Let figures be shown under the cell that draws them, also where pyplot was imported before the shell was."""
        import os

        os.environ["MPLBACKEND"] = INLINE
        if "matplotlib.pyplot" in sys.modules:
            from matplotlib_inline.backend_inline import configure_inline_support

            sys.modules["matplotlib.pyplot"].switch_backend(INLINE)
            configure_inline_support(self, INLINE)

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.outputs.add("error", {"ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)})
        self._last_traceback = stb
