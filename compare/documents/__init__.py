"""Files as documents: one module per format turns a file into a `Document` of text and tables with their places.

    from compare.documents import open_document
    document = open_document(Path("plan.pdf"))

The format readers and the libraries they need are imported only when a file of their format is opened.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from compare.documents.model import Block, Cell, Document, Place, Table, Text
from compare.problems import PlanError, told

__all__ = ["Block", "Cell", "Document", "Place", "Table", "Text", "open_document"]


def open_document(path: Path | str) -> Document:
    """The file as a `Document`; the format is recognised by content first and by the file's ending second.

    Raises `PlanError` for a file that is missing, empty, damaged, protected, too large or of a format that cannot be
    read; the message names the file and says what to do.
    """
    from compare.documents.recognition import recognise

    source = recognise(Path(path))
    reader = import_module(f"compare.documents.{source.reader}")
    try:
        with collector_paused():
            document: Document = reader.read(source)
    except PlanError:
        raise
    except BaseException as error:
        # A file made to break its reader must not stop the reading of others; libraries written in Rust report such
        # files by an exception that is no Exception. Whoever interrupts the run is obeyed.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise PlanError(
            told(
                "{path}: cannot be read, something in the file is damaged ({name}: {error}); "
                "open it in the program it was made with and save it again",
                path=path,
                name=type(error).__name__,
                error=error,
            )
        ) from error
    return document


@contextmanager
def collector_paused() -> Iterator[None]:
    """Spare the search for reference cycles while a file is read.

    Reading makes very many small objects and no cycles among them; searching all that lives in the process again and
    again for such cycles takes a third of the time.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
