"""The work behind `plancompare read` and `plancompare check`: files in, tables or differences out, told in lines.

One unreadable file does not stop the others: each failure is kept as a sentence and told at the end.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_all_start_methods, get_context, parent_process
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from compare import magnitude, plan_files, reading, reference, snapshots, source_cards
from compare.contract import FIRST_YEAR, LAST_YEAR, Tables, together
from compare.documents import open_document
from compare.documents.model import Document
from compare.problems import PlanError, Speak, counted
from compare.reading.explain import UNREAD, explain
from compare.source_cards import SourceCard
from compare.whole_files import written_whole


@dataclass(frozen=True, slots=True)
class Reading:
    """One document and the tables that were read from it."""

    path: Path
    document: Document
    tables: Tables

    @property
    def document_id(self) -> str:
        """The id of the document, as its tables carry it."""
        return str(self.tables.documents["document_id"].iloc[0])


def read_files(
    files: Sequence[Path], *, municipality: str | None = None, year: int | None = None
) -> tuple[list[Reading], list[str]]:
    """The readings of the files that could be read, and a sentence for each that could not.

    What is given here goes before the source card beside a file, and that before what the text says.
    """
    code = reference.check_code(municipality) if municipality is not None else None
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise PlanError(f"--year {year} is no plan year; it must lie between {FIRST_YEAR} and {LAST_YEAR}")
    given = SourceCard(municipality_code=code, year=year)
    results = list(_read_each(files, given))
    readings = [result for result in results if isinstance(result, Reading)]
    failures = [result for result in results if isinstance(result, str)]
    kept, clashes = _told_apart(readings)
    return kept, failures + clashes


def _read_each(files: Sequence[Path], given: SourceCard) -> Iterator[Reading | str]:
    """A reading or the sentence why there is none, for each file in order; many files are read on all cores."""
    workers = min(len(files), os.cpu_count() or 1)
    if workers < 2:
        yield from (_read_or_say(path, given) for path in files)
        return
    bar = tqdm(total=len(files), unit="document", disable=not sys.stderr.isatty(), leave=False)
    with bar, _pool(workers) as pool:
        pending = [pool.submit(_read_or_say, path, given) for path in files]
        for path, future in zip(files, pending, strict=True):
            try:
                yield future.result()
            except BrokenExecutor:
                yield f"{path}: the process that read it was ended, or another's beside it; read the file alone"
            bar.update()


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that read; however this one is stopped, they end with it at once."""
    with ProcessPoolExecutor(workers, mp_context=_context(), initializer=_end_with_the_first) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in active_children():
                process.kill()
            raise


def _end_with_the_first() -> None:
    """Leave Ctrl-C to the process that began this one, and end when that is gone, also where it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait_for_its_end, daemon=True).start()


def _wait_for_its_end() -> None:
    first = parent_process()
    if first is not None:
        first.join()
        os._exit(1)


def _context() -> BaseContext:
    """How the processes that read begin: as copies of this one, which is quickest, unless it has read a PDF itself.

    The library that reads PDFs keeps threads; a copy has none of them and would wait for them for ever.
    """
    threaded = "pdf_inspector" in sys.modules and "forkserver" in get_all_start_methods()
    return get_context("forkserver" if threaded else None)


def _read_or_say(path: Path, given: SourceCard) -> Reading | str:
    try:
        return read_file(path, given)
    except PlanError as error:
        return error.args[0]  # which can still be said in another language
    except Exception as error:  # a fault of ours in one document must not take the others along
        return f"{path}: a fault of plancompare stopped its reading ({type(error).__name__}: {error}); please report it"


def read_file(path: Path, given: SourceCard = SourceCard()) -> Reading:  # noqa: B008 - frozen
    """The reading of one document; raises `PlanError` where it cannot be read or says too little of itself."""
    document = open_document(path)
    card = given.over(source_cards.beside(path))
    if card.municipality_code is not None:
        reference.check_code(card.municipality_code)
    return Reading(path, document, magnitude.checked(reading.read(document, card)))


def _told_apart(readings: Sequence[Reading]) -> tuple[list[Reading], list[str]]:
    """The first reading of each document, and a sentence for each that is the same document again."""
    first: dict[str, Reading] = {}
    clashes = []
    for one in readings:
        document_id = one.document_id
        if document_id in first:
            other = first[document_id]
            if one.document.sha256 == other.document.sha256:
                advice = "the content is the same too; leave one of them out"
            else:
                advice = "give one of them another document_id in its source card"
            clashes.append(f"{one.path}: is the same document as {other.path} ({document_id}); {advice}")
        first.setdefault(document_id, one)
    return list(first.values()), clashes


def write(readings: Sequence[Reading], folder: Path, form: str, *, force: bool = False) -> None:
    """Write the tables of all readings as one set of CSV or Parquet files, or as one coding per document.

    Work of others is not lost: a coding that says something else than the reading, and tables of other documents, are
    replaced only with `force`. Raises `PlanError` naming what lies there, before anything is written.
    """
    if not force:
        _refuse_to_replace(readings, folder, form)
    if form == "coding":
        for one in readings:
            plan_files.write(one.tables, folder / one.document_id)
        return
    tables = together(one.tables for one in readings)
    with written_whole(folder) as draft:
        for name, rows in tables.items():
            if form == "parquet":
                snapshots.write_table(rows, draft / f"{name}.parquet", name)
            else:
                text = plan_files.csv_text(name, rows, whole=True)
                (draft / f"{name}.csv").write_text(text, encoding="utf-8", newline="\n")


def _refuse_to_replace(readings: Sequence[Reading], folder: Path, form: str) -> None:
    if form == "coding":
        known = [one for one in readings if (folder / one.document_id / plan_files.CARD).exists()]
        other = [one.document_id for one in known if not _says_the_same(folder / one.document_id, one.tables)]
        advice = "take over new figures with --against CODING --update, or replace it with --force"
    else:
        read = {one.document_id for one in readings}
        other = sorted(_documents_in(folder / f"documents.{form}") - read)
        advice = "read all files at once, name another folder, or replace the tables with --force"
    if other:
        raise PlanError(f"{folder}: holds what this reading does not say, of {', '.join(other)}; {advice}")


def _says_the_same(coding: Path, reading: Tables) -> bool:
    there = plan_files.load_coding(coding)
    if there.problems:
        return False
    return all(
        plan_files.csv_text(n, there.tables[n], whole=True) == plan_files.csv_text(n, reading[n], whole=True)
        for n in reading
    )


def _documents_in(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    rows = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype="str")
    return set(rows.get("document_id", pd.Series(dtype="str")).dropna())


def told(readings: Sequence[Reading], *, explain: bool) -> Iterator[str]:
    """Lines that tell what was read from each document, and with `explain` how it was understood."""
    for one in readings:
        yield f"{one.path.name}: {one.document_id}"
        yield "  " + ", ".join(_counted(name, rows) for name, rows in one.tables.items() if len(rows))
        yield from (f"  note: {note}" for note in one.document.notes)
        if explain:
            yield from (f"  {line}" for line in _explained(one))


def _counted(table: str, rows: pd.DataFrame) -> str:
    """The number of a table's rows; tables are named in the plural, which 'funding' has not."""
    words = table.replace("_", " ")
    return counted(len(rows), words.removesuffix("s")) if words.endswith("s") else f"{len(rows)} {words}"


def unread(readings: Sequence[Reading]) -> pd.DataFrame:
    """What no record of these readings accounts for, a row per table or line: document_id and what `explain` tells."""
    parts = [explain(one.document, one.tables).unread.assign(document_id=one.document_id) for one in readings]
    columns = ["document_id", *UNREAD]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _explained(one: Reading) -> Iterator[str]:
    yield from explain(one.document, one.tables).lines()


def against(readings: Sequence[Reading], coding: Path, *, update: bool) -> pd.DataFrame:
    """What the one reading says otherwise than a coding; with `update` its figures are written into the coding."""
    if len(readings) != 1:
        raise PlanError(f"--against compares one document with one coding; {len(readings)} were read")
    shipped = plan_files.load(coding)
    ours = shipped.documents["document_id"].iloc[0]
    if ours != readings[0].document_id:
        raise PlanError(
            f"{readings[0].path}: is document {readings[0].document_id}, the coding in {coding} is of {ours}; nothing "
            "was compared or changed; name the coding of this document, or give the document_id in a source card"
        )
    if update:
        plan_files.refuse_reviewed(shipped, coding)
    found = plan_files.differences(shipped, readings[0].tables)
    if update:
        plan_files.write(plan_files.updated(shipped, readings[0].tables), coding)
    return found


def told_differences(found: pd.DataFrame, coding: Path) -> str:
    """The differences as lines of text, one per row or cell."""
    if found.empty:
        return f"{coding.name}: the reading and the coding agree"
    head = f"{coding.name}: {counted(len(found), 'difference')}"
    return "\n".join([head, *(f"  {_difference(row)}" for row in found.itertuples())])


def _difference(row: Any) -> str:
    place = _place(row)
    if row.change == "changed":
        return (
            f"{row.table} {row.record_id} ({place}): {row.column} is {row.coding!r} in the coding, read {row.reading!r}"
        )
    return f"{row.table} {row.record_id} ({place}): {row.change.replace('_', ' ')}"


def checked(plans: Path, speak: Speak = str) -> tuple[bool, list[str]]:
    """Whether the codings have problems, and lines that tell problems, findings and claims.

    `speak` says the problems in the reader's language, see `compare.problems`.
    """
    codings = [plan_files.load_coding(folder) for folder in snapshots.coding_folders(plans)]
    if not codings:
        raise PlanError(f"{plans}: no codings to check")
    tables, problems = snapshots.checked(codings)
    lines = [
        counted(len(problems), "problem") if problems else "no problems",
        *(f"  {problem.sentence(speak)}" for problem in problems),
    ]
    if not problems:
        tables = snapshots.completed(tables)
    lines += [f"{f.severity}: {f.document_id} {_place(f)}: {f.message}" for f in tables.findings.itertuples()]
    lines += [_claim(claim) for claim in tables.claims.itertuples()]
    return bool(problems), lines


def _claim(row: Any) -> str:
    unit = row.unit if isinstance(row.unit, str) else ""
    said = f"{row.value:g} {unit}".strip()
    own = "" if pd.isna(row.computed) else f", read and counted {row.computed:g} {unit}".rstrip()
    verdict = row.verdict.replace("_", " ")
    return f"claim {verdict}: {row.document_id} {_place(row)}: {row.subject}: the document says {said}{own}"


def _place(row: Any) -> str:
    return f"line {row.line}" if pd.isna(row.page) else f"page {row.page}, line {row.line}"
