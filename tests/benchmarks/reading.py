"""How fast and how right PDF tables are read, beside a plain pdfplumber table extraction, in one run on the same files.

    python tests/benchmarks/reading.py [--tables 60] [--repeats 3]

Fictional PDFs with known cells are made in seven styles, with and without tags; a cell counts as right when the table
holds its text in the row and column it belongs to. Real documents in `../shared/documents` are timed as well. Prints
pages per second of processor time, cells right and the ratios of both readers.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "documents"))

import fictional
import pdfplumber

from compare.documents import open_document

Rows = list[list[str]]
REAL = Path(__file__).parents[3] / "shared" / "documents"


def ours(path: Path) -> list[Rows]:
    """The tables as plancompare reads them."""
    return [[[words(cell.text) for cell in row] for row in table.rows] for table in open_document(path).tables]


def plumber(path: Path) -> list[Rows]:
    """The tables as pdfplumber's defaults read them, page by page."""
    with pdfplumber.open(path) as document:
        found = [table for page in document.pages for table in page.extract_tables()]
    return [[[words(cell or "") for cell in row] for row in table] for table in found]


def words(text: str) -> str:
    return " ".join(text.split())


def right_cells(expected: Rows, found: Sequence[Rows]) -> int:
    """How many cells of a table stand in their row and column in the best of the tables found.

    Rows are matched by their content, so that a reader loses nothing by a missing line above them.
    """
    best = 0
    for table in found:
        rows = {tuple(row) for row in table}
        whole = sum(len(row) for row in expected if tuple(row) in rows)
        by_place = 0
        if len(table) == len(expected):
            by_place = sum(
                a == b for one, two in zip(expected, table, strict=True) for a, b in zip(one, two, strict=False)
            )
        best = max(best, whole, by_place)
    return best


def made(folder: Path, style: str, tables: Sequence[tuple[tuple[str, ...], ...]]) -> dict[str, Path]:
    """One PDF of these tables in a style, with and without tags."""
    parts = [
        f"= Avsnitt {number}\n\n#lorem({20 + number * 37 % 90})\n\n{fictional.typst_table(rows, style)}"
        for number, rows in enumerate(tables, 1)
    ]
    page = '#set page(margin: 2.2cm, numbering: "1 (1)")\n#set text(lang: "sv", size: 10pt)\n'
    data = fictional.pdf(page + "\n\n".join(parts))
    return {
        f"{style}, tagged": fictional.written(folder, f"{style} tagged.pdf", data),
        f"{style}, untagged": fictional.written(folder, f"{style} untagged.pdf", fictional.without_tags(data)),
    }


def timed(reader: Callable[[Path], list[Rows]], path: Path, repeats: int) -> tuple[float, list[Rows]]:
    """The median of the processor seconds a reader takes, and its tables.

    Other work on the machine hardly changes processor time.
    """
    seconds = []
    found: list[Rows] = []
    for _ in range(repeats):
        started = time.process_time()
        found = reader(path)
        seconds.append(time.process_time() - started)
    return statistics.median(seconds), found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tables", type=int, default=40, help="tables per file")
    arguments.add_argument("--repeats", type=int, default=3, help="runs per file and reader; the median counts")
    chosen = arguments.parse_args()
    tables = [fictional.random_table(seed) for seed in range(chosen.tables)]
    expected = [[[words(cell) for cell in row] for row in rows] for rows in tables]
    cells = sum(len(row) for rows in expected for row in rows)
    totals = {"plancompare": [0.0, 0], "pdfplumber": [0.0, 0]}
    pages_in_all = files = 0
    print(f"{'file':<34}{'pages':>6} {'plancompare':>22} {'pdfplumber':>22}   ratio")
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        # What sets the pages fills the memory of its process, which slows whatever is measured there.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as setter:
            for style in fictional.STYLES:
                paths.update(setter.submit(made, Path(folder), style, tables).result())
        ours(next(iter(paths.values())))
        for name, path in paths.items():
            pages = open_document(path).pages or 1
            line = f"{name:<34}{pages:>6} "
            speeds = []
            for reader, read in (("plancompare", ours), ("pdfplumber", plumber)):
                seconds, found = timed(read, path, chosen.repeats if reader == "plancompare" else 1)
                right = sum(right_cells(rows, found) for rows in expected)
                totals[reader][0] += seconds
                totals[reader][1] += right
                speeds.append(pages / seconds)
                line += f"{pages / seconds:>9.1f} p/s {100 * right / cells:>6.1f} % "
            print(f"{line} {speeds[0] / speeds[1]:>6.1f}")
            pages_in_all += pages
            files += 1
    summary(totals, pages_in_all, cells * files)
    real_documents(chosen.repeats)


def summary(totals: dict[str, list[float]], pages: int, cells: int) -> None:
    print()
    for reader, (seconds, right) in totals.items():
        print(f"{reader}: {pages / seconds:.1f} pages per second, {right:,} of {cells:,} cells right")
    (own, own_right), (other, other_right) = totals["plancompare"], totals["pdfplumber"]
    more = own_right / max(1, other_right)
    print(f"plancompare is {other / own:.1f} times as fast, with {more:.2f} times the cells right")


def real_documents(repeats: int) -> None:
    """Time both readers on the real documents, where they are at hand."""
    for path in sorted(REAL.glob("*.pdf")) if REAL.is_dir() else ():
        pages = open_document(path).pages or 1
        own, found = timed(ours, path, repeats)
        other, others = timed(plumber, path, 1)
        print(
            f"{path.name}: {pages} pages; plancompare {pages / own:.1f} p/s, {len(found)} tables; "
            f"pdfplumber {pages / other:.1f} p/s, {len(others)} tables; ratio {other / own:.1f}"
        )


if __name__ == "__main__":
    main()
