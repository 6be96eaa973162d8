from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from compare import snapshots
from compare.contract import frame
from compare.reports.catalogue import Catalogue, open_catalogue
from compare.reports.runs import Request

PLAN = {
    **{"document_id": "0188-follow-up-2022-t1", "municipality_code": "0188", "title": "Plan", "kind": "follow_up"},
    **{"year": 2022, "reading": "machine"},
}
PARAMETERS = "municipalities = None\nyears = None\nlanguage = 'sv'\nsnapshot = '../data/snapshots'"
FIGURE = """\
import matplotlib.pyplot as plt
from IPython.display import display, Image
import io
fig, ax = plt.subplots(figsize=(2, 1))
ax.plot([1, 2, 3])
buffer = io.BytesIO()
fig.savefig(buffer, format="png")
plt.close(fig)
display(Image(buffer.getvalue()), metadata={"image/png": {"alt": "A line that rises from 1 to 3"}})
"""
DATA = """\
import os, pathlib
folder = pathlib.Path(os.environ["PLANCOMPARE_RUN_FOLDER"]) / "data"
(folder / "goals.csv").write_text(f"municipality,goals\\n{municipalities},3\\n")
"""
TABLE = """\
from IPython.display import HTML
HTML("<table><caption>Goals</caption><thead><tr><th>Municipality</th><th>Goals</th></tr></thead>"
     "<tbody><tr><th>Lillköping</th><td>3</td></tr></tbody></table>")
"""

CATALOGUE = """\
[site]
name.sv = "Prov"
name.en = "Trial"

[parameters.municipalities]
type = "municipalities"
label = { sv = "Kommuner", en = "Municipalities" }
help = { sv = "Kommunkoder.", en = "Municipality codes." }

[parameters.years]
type = "years"
label = { sv = "År", en = "Years" }
help = { sv = "Planår.", en = "Plan years." }

[parameters.language]
type = "language"
default = "sv"
label = { sv = "Språk", en = "Language" }
help = { sv = "Språk.", en = "Language." }

[parameters.snapshot]
type = "snapshot"
label = { sv = "Ögonblicksbild", en = "Snapshot" }
help = { sv = "Ögonblicksbild.", en = "Snapshot." }
"""
REPORT = """
[reports.{name}]
title = {{ sv = "Mål i kommunerna", en = "Goals of the municipalities" }}
question = {{ sv = "Hur många mål finns det?", en = "How many goals are there?" }}
"""
OPTIONS = ("force", "formats", "sisters", "timeout", "batch")
BATCH = """
[batches.all]
reports = "all"
formats = ["html"]
"""


def notebook(*cells: str) -> nbformat.NotebookNode:
    """A notebook whose cells are code, or Markdown where they begin with '#'; the parameters come first."""
    made = [
        new_markdown_cell(source) if source.startswith("#") else new_code_cell(source) for source in cells if source
    ]
    parameters = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    nb = new_notebook(cells=[parameters, *made])
    for number, cell in enumerate(nb.cells):
        cell["id"] = f"cell-{number}"
    return nb


Project = Callable[..., Catalogue]


@pytest.fixture
def pieces() -> SimpleNamespace:
    """Cells that notebooks of the tests are put together from."""
    return SimpleNamespace(figure=FIGURE, data=DATA, table=TABLE)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Makes a small project: notebooks by name, a catalogue of them, one snapshot. Returns the catalogue."""

    def make(extra: str = BATCH, **notebooks: tuple[str, ...]) -> Catalogue:
        folder = tmp_path / "notebooks"
        folder.mkdir(exist_ok=True)
        for name, cells in notebooks.items():
            nbformat.write(notebook(*cells), folder / f"{name}.ipynb")
        entries = "".join(REPORT.format(name=name) for name in notebooks)
        (folder / "reports.toml").write_text(CATALOGUE + entries + extra, encoding="utf-8")
        snapshot = tmp_path / "data" / "snapshots" / "0123456789ab"
        if not snapshot.parent.exists():
            snapshot.mkdir(parents=True)
            (snapshot / "datapackage.json").write_text("{}", encoding="utf-8")
            (snapshot.parent / "current").write_text("0123456789ab\n", encoding="utf-8")
            snapshots.write_table(frame("documents", [PLAN]), snapshot / "documents.parquet", "documents")
        return open_catalogue(folder / "reports.toml")

    return make


@pytest.fixture
def request_for(tmp_path: Path) -> Callable[..., Request]:
    """Makes the request for one report of a catalogue with the given parameters."""

    def make(catalogue: Catalogue, name: str, /, **given: object) -> Request:
        report = catalogue.report(name)
        options = {key: given.pop(key) for key in OPTIONS if key in given}
        return Request(
            report,
            report.resolve(given),
            tmp_path / "outputs",
            tmp_path / "data" / "snapshots" / "0123456789ab",
            **options,  # type: ignore[arg-type]
        )

    return make
