"""Files as documents: one module per format turns a file into a `Document` of text and tables with their places.

    from compare.documents import open_document
    document = open_document(Path("plan.pdf"))

The format readers and the libraries they need are imported only when a file of their format is opened.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from compare.documents.model import Block, Cell, Document, Place, Table, Text

__all__ = ["Block", "Cell", "Document", "Place", "Table", "Text", "open_document"]


def open_document(path: Path | str) -> Document:
    """The file as a `Document`; the format is recognised by content first and by the file's ending second.

    Raises `PlanError` for a file that is missing, empty, damaged, protected, too large or of a format that cannot be
    read; the message names the file and says what to do.
    """
    from compare.documents.recognition import recognise

    source = recognise(Path(path))
    document: Document = import_module(f"compare.documents.{source.reader}").read(source)
    return document
