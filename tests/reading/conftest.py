"""What the tests of reading share: a text written out, opened and read as a document of an invented municipality."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from compare.contract import Tables
from compare.documents import open_document
from compare.documents.model import Document
from compare.reading import read
from compare.source_cards import SourceCard

CODE = "9999"


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Document]:
    """Opens a text as the file it would be."""

    def open_text(text: str, name: str = "plan.txt") -> Document:
        path = tmp_path / name
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return open_document(path)

    return open_text


@pytest.fixture
def tables(opened: Callable[..., Document]) -> Callable[..., Tables]:
    """Reads a text as a plan of 2024 unless a card says otherwise."""

    def read_text(text: str, name: str = "plan.txt", **card: Any) -> Tables:
        stated = {"municipality_code": CODE, "year": 2024, "kind": "operational_plan"} | card
        return read(
            opened(text, name), SourceCard(**{key: value for key, value in stated.items() if value is not None})
        )

    return read_text
