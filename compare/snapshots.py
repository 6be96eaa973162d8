"""Snapshots: all codings, checked and frozen as Parquet, for analyses to read.

A snapshot is a folder `data/snapshots/<id>/` with one Parquet file per table and `datapackage.json`; the file
`current` beside it names the one that analyses open by default. It is complete or absent: it is written in a folder
of its own and moved into place in one step, and the pointer is exchanged in one step after it, so that a failed or
killed load leaves what was there. The id is derived from the content: equal plans give the equal id and equal bytes.
Readers of an older snapshot are not disturbed. Snapshots may also lie on object storage (`compare.storage`): there
one is stored whole before the pointer, and one that is opened is fetched whole and held against its check sums.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from compare import magnitude
from compare.checks import DANGLING, MISSING, broken_rules
from compare.contract import TABLES, Tables, arrow_schema, conform, together
from compare.datapackage import descriptor
from compare.linking import links
from compare.plan_files import CARD, Coding, csv_text, load_coding
from compare.problems import PlanError, PlansRefused, Problem, told
from compare.reading.proof import as_findings, prove
from compare.reference import check_code, data_folder
from compare.storage import Place, Storage, as_place, is_uri, mirror
from compare.whole_files import unwritable

CURRENT = "current"
DESCRIPTOR = "datapackage.json"
UNFINISHED = ".unfinished-"
ID_LENGTH = 12
# References of one column that lead nowhere are told row by row up to so many.
FEW = 3
ID = f"[0-9a-f]{{{ID_LENGTH}}}"


class Plans(Tables):
    """An opened snapshot: the contract's tables, each read from its Parquet file when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.id = folder.name

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table in TABLES and table not in self._frames:
            self._frames[table] = _read_table(self.folder / f"{table}.parquet", table)
        return super().__getitem__(table)

    def select(self, municipalities: Sequence[str] | None = None, years: Sequence[int] | None = None) -> Tables:
        """The rows of these municipalities and plan years, as `Tables.select` gives them; one may stand alone.

        Raises `PlanError` for a code that is no municipality's and a year that is no whole number: they would select
        nothing, as if there were no plans.
        """
        codes = _alone_or_many(municipalities)
        wanted = _alone_or_many(years)
        for code in codes or ():
            check_code(code)
        for year in wanted or ():
            if not isinstance(year, Integral):
                raise PlanError(told("year {year!r} is no whole number; write it as in years = [2022]", year=year))
        return super().select(codes, wanted)

    def __repr__(self) -> str:
        return f"<Plans {self.id}: {len(self.documents)} documents>"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: the snapshot, whether it is new, and the codings that went in."""

    plans: Plans
    is_new: bool
    codings: tuple[Path, ...]


def load(plans_folder: Path, snapshots_folder: Place) -> Loaded:
    """Check all codings of `plans_folder`, write them as a snapshot and make it the current one.

    `snapshots_folder` may be an address on object storage; the snapshot is then in a folder of this process too.
    Raises `PlanError` where there are no codings or the folder cannot be written, `PlansRefused` with every problem of
    every coding; the current snapshot then stays what it was.
    """
    codings = [load_coding(folder) for folder in coding_folders(plans_folder)]
    if not codings:
        raise PlanError(
            told(
                "{folder}: no codings (folders with {card}); make one with "
                "`plancompare read FILE --to {folder} --format coding` or `plancompare template DIR`",
                folder=plans_folder,
                card=CARD,
            )
        )
    tables, problems = checked(codings)
    if problems:
        raise PlansRefused(
            told("{folder}: the plans cannot be loaded; nothing was changed", folder=plans_folder), problems
        )
    folder = mirror(snapshots_folder) if is_uri(snapshots_folder) else Path(snapshots_folder)
    try:
        plans, is_new = _freeze(completed(tables), folder)
        if is_uri(snapshots_folder):
            is_new = _store(plans.folder, Storage(snapshots_folder))
        _point_to(plans.id, folder)
    except OSError as error:
        raise PlanError(unwritable(snapshots_folder, error)) from error
    return Loaded(plans, is_new, tuple(coding.folder for coding in codings))


def _alone_or_many(said: Any) -> list[Any] | None:
    """A list, also where one value was said without brackets; None where nothing was."""
    return None if said is None else [said] if isinstance(said, str | Integral) else list(said)


def coding_folders(plans_folder: Path) -> list[Path]:
    """The folders of the codings, in the order of their names."""
    if not plans_folder.is_dir():
        return []
    return sorted(path for path in plans_folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def checked(codings: Iterable[Coding]) -> tuple[Tables, list[Problem]]:
    """All codings as one set of tables, and everything that is wrong with them."""
    codings, again = _told_apart(codings)
    tables = together(coding.tables for coding in codings)
    problems = [problem for coding in codings for problem in coding.problems] + again
    known = {coding.folder.name for coding in codings if coding.problems}
    broken = (p for p in broken_rules(tables, _origin(codings)) if not _follows(p, known))
    problems += _dangling_once(broken)
    problems += _unknown_municipalities(codings)
    problems += [
        Problem(
            told("the folder has another name than its document"),
            f"{coding.folder.name}/{CARD}",
            column="document_id",
            value=name,
            action=told("rename the one or the other"),
        )
        for coding in codings
        for name in coding.tables.documents["document_id"].dropna()
        if name != coding.folder.name
    ]
    return tables, problems


def _told_apart(codings: Iterable[Coding]) -> tuple[list[Coding], list[Problem]]:
    """The first coding of each document, and a problem for each that codes one of them again."""
    first: dict[str, Coding] = {}
    again = []
    for coding in codings:
        document_id = next(iter(coding.tables.documents["document_id"].dropna()), coding.folder.name)
        other = first.setdefault(document_id, coding)
        if other is not coding:
            again.append(
                Problem(
                    told("codes the same document as {other}", other=other.folder.name),
                    f"{coding.folder.name}/{CARD}",
                    column="document_id",
                    value=document_id,
                    action=told("remove one of the folders, or give the document its own document_id"),
                )
            )
    return list(first.values()), again


def _unknown_municipalities(codings: Iterable[Coding]) -> Iterator[Problem]:
    for coding in codings:
        for code in coding.tables.documents["municipality_code"].dropna():
            try:
                check_code(code)
            except PlanError as error:
                yield Problem(error.args[0], f"{coding.folder.name}/{CARD}", column="municipality_code")


def _follows(problem: Problem, codings_with_problems: set[str]) -> bool:
    """Whether a broken rule only repeats what loading its file has said already (a card or column that is missing)."""
    return problem.what == MISSING and problem.file.split("/")[0] in codings_with_problems


def _dangling_once(problems: Iterable[Problem]) -> list[Problem]:
    """The problems, with references of one column of a file that lead nowhere told once, with their number.

    They have one cause most often: the file that they lead to is missing.
    """
    groups: dict[tuple[str, ...], list[Problem]] = {}
    for number, problem in enumerate(problems):
        together = problem.what == DANGLING
        groups.setdefault((problem.file, problem.column) if together else (str(number),), []).append(problem)
    return [one for alike in groups.values() for one in ([_as_one(alike)] if len(alike) > FEW else alike)]


def _as_one(alike: list[Problem]) -> Problem:
    first = alike[0]
    return replace(
        first,
        what=told("{n} rows have a {what}, this one first", n=len(alike), what=DANGLING),
        action=told("if the file that they lead to is missing, add it; otherwise correct the cells"),
    )


def _origin(codings: list[Coding]) -> Callable[[str, int], tuple[str, int | None]]:
    owners = {
        name: [(coding, i) for coding in codings for i in range(len(coding.tables[name]))]
        for name in TABLES
        if name != "links"
    }

    def origin(table: str, position: int) -> tuple[str, int | None]:
        coding, row = owners[table][position]
        return coding.origin(table, row)

    return origin


def completed(tables: Tables) -> Tables:
    """The tables with what is derived from them all: the remarks of arithmetic proofs as findings, and the links."""
    findings = pd.concat([tables.findings, _proved(tables)], ignore_index=True)
    return Tables(**{**tables, "findings": findings, "links": links(tables)})


def _proved(tables: Tables) -> pd.DataFrame:
    """What does not add up or cannot be of its size in the codings, without what they remark on themselves."""
    said = set(zip(tables.findings["rule"], tables.findings["record_id"], strict=True))
    remarks = [*prove(tables).remarks, *magnitude.remarks(tables)]
    return as_findings([r for r in remarks if (r.rule, r.record_id) not in said], tables)


def _freeze(tables: Tables, snapshots_folder: Path) -> tuple[Plans, bool]:
    ordered = {name: _ordered(tables[name], name) for name in TABLES}
    snapshot_id = _identity(ordered)
    place = snapshots_folder / snapshot_id
    if _is_whole(place):
        return Plans(place), False
    snapshots_folder.mkdir(parents=True, exist_ok=True)
    _write_whole(place, ordered, snapshot_id, tables)
    return Plans(place), True


def _is_whole(place: Path) -> bool:
    """Whether a snapshot stands here and each of its files has the content that its descriptor names."""
    try:
        resources = json.loads((place / DESCRIPTOR).read_text(encoding="utf-8"))["resources"]
        return all(one["hash"] == f"sha256:{_sha256(place / one['path'])}" for one in resources)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _ordered(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Rows of one municipality together, so that reading one of many is fast; otherwise as in the codings."""
    by = [c for c in ("municipality_code", "document_id") if c in rows.columns]
    return rows.sort_values(by, kind="stable", ignore_index=True) if by else rows


def _identity(frames: dict[str, pd.DataFrame]) -> str:
    digest = hashlib.sha256()
    for name, rows in frames.items():
        digest.update(f"{name}\n{csv_text(name, rows, whole=True)}".encode())
    return digest.hexdigest()[:ID_LENGTH]


def _write_whole(place: Path, frames: dict[str, pd.DataFrame], snapshot_id: str, tables: Tables) -> None:
    _sweep(place.parent)
    draft = Path(tempfile.mkdtemp(prefix=f"{UNFINISHED}{os.getpid()}-", dir=place.parent))
    try:
        files = {name: write_table(rows, draft / f"{name}.parquet", name) for name, rows in frames.items()}
        text = json.dumps(descriptor(snapshot_id, files, tables), ensure_ascii=False, indent=1) + "\n"
        (draft / DESCRIPTOR).write_text(text, encoding="utf-8", newline="\n")
        draft.chmod(0o755)
        if place.exists():  # damaged since it was written: it makes room in one step
            damaged = Path(tempfile.mkdtemp(prefix=f"{UNFINISHED}{os.getpid()}-", dir=place.parent))
            place.rename(damaged / place.name)
            draft.rename(place)
            shutil.rmtree(damaged, ignore_errors=True)
        else:
            draft.rename(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _sweep(snapshots_folder: Path) -> None:
    """Remove what killed loads left unfinished; the drafts of loads that still run stay."""
    for left in snapshots_folder.glob(f"{UNFINISHED}*-*"):
        if not _runs(int(left.name.removeprefix(UNFINISHED).split("-")[0])):
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def _runs(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is somebody else's, so it runs
        return True
    return True


def write_table(rows: pd.DataFrame, path: Path, table: str) -> tuple[str, int]:
    """Write rows as the contract's Parquet table; returns the file's SHA-256 and size. Equal rows give equal bytes."""
    content = pa.Table.from_pandas(rows, schema=arrow_schema(table), preserve_index=False)
    pq.write_table(content.replace_schema_metadata(None), path, compression="zstd")
    return _sha256(path), path.stat().st_size


def _store(folder: Path, storage: Storage) -> bool:
    """Store a snapshot, its description after its tables and the pointer last; False where it was there, undamaged."""
    description = f"{folder.name}/{DESCRIPTOR}"
    is_new = not _is_stored_whole(storage, folder.name)
    if is_new:
        storage.put({f"{folder.name}/{path.name}": path for path in sorted(folder.glob("*.parquet"))})
        storage.put({description: folder / DESCRIPTOR})
    storage.write(CURRENT, f"{folder.name}\n".encode("ascii"))
    return is_new


def _is_stored_whole(storage: Storage, snapshot_id: str) -> bool:
    """Whether a snapshot is stored and each of its files has the content that its stored descriptor names."""
    try:
        resources = json.loads(storage.read(f"{snapshot_id}/{DESCRIPTOR}") or b"{}")["resources"]
        stored = storage.read_all(f"{snapshot_id}/{one['path']}" for one in resources)
        return all(_has_hash(stored.get(f"{snapshot_id}/{one['path']}"), one["hash"]) for one in resources)
    except (ValueError, KeyError, TypeError):
        return False


def _has_hash(content: bytes | None, said: str) -> bool:
    return content is not None and said == f"sha256:{hashlib.sha256(content).hexdigest()}"


def _fetched(address: str, snapshot_id: str | None) -> Plans:
    """The snapshot at an address, fetched once per process."""
    storage, folder = Storage(address), mirror(address)
    said = storage.read_all((CURRENT, DESCRIPTOR))
    if DESCRIPTOR in said:  # the address of one snapshot
        storage, snapshot_id = Storage(address.rpartition("/")[0]), address.rpartition("/")[2]
    elif snapshot_id is None:
        snapshot_id = said.get(CURRENT, b"").decode("ascii", "replace").strip()
        if not snapshot_id:
            storage.names()  # raises where it is the bucket that is missing
            raise PlanError(
                told(
                    "{address}: no current snapshot; make one with `plancompare load --snapshots {address}`",
                    address=address,
                )
            )
        _point_to(snapshot_id, folder)
    if not (folder / snapshot_id / DESCRIPTOR).is_file():
        _fetch(storage, snapshot_id, folder)
    return Plans(folder / snapshot_id)


def _fetch(storage: Storage, snapshot_id: str, folder: Path) -> None:
    raw = storage.read(f"{snapshot_id}/{DESCRIPTOR}") if re.fullmatch(ID, snapshot_id) else None
    if raw is None:
        known = ", ".join(name.split("/")[0] for name in storage.names() if name.endswith(f"/{DESCRIPTOR}")) or "none"
        raise PlanError(
            told(
                "{address}: no snapshot {snapshot_id!r}; there are: {known}",
                address=storage.address,
                snapshot_id=snapshot_id,
                known=known,
            )
        )
    resources = json.loads(raw)["resources"]
    draft = Path(tempfile.mkdtemp(prefix=f"{UNFINISHED}{os.getpid()}-", dir=folder))
    storage.fetch((f"{snapshot_id}/{resource['path']}" for resource in resources), draft)
    for resource in resources:
        content = (draft / snapshot_id / resource["path"]).read_bytes()
        if not _has_hash(content, resource["hash"]):
            raise PlanError(
                told(
                    "{address}/{snapshot_id}/{file} is not what its check sum says; "
                    "run `plancompare load` to store the snapshot anew",
                    address=storage.address,
                    snapshot_id=snapshot_id,
                    file=resource["path"],
                )
            )
    (draft / snapshot_id / DESCRIPTOR).write_bytes(raw)
    (draft / snapshot_id).rename(folder / snapshot_id)
    draft.rmdir()


def _read_table(path: Path, table: str) -> pd.DataFrame:
    try:
        rows = pq.read_table(path).to_pandas(date_as_object=False)
    except (OSError, pa.ArrowException) as error:
        raise PlanError(
            told(
                "{path}: cannot be read ({error}); run `plancompare load` to make the snapshot anew",
                path=path,
                error=error,
            )
        ) from error
    return conform(table, rows[[name for name in TABLES[table].names if name in rows.columns]])


def _point_to(snapshot_id: str, snapshots_folder: Path) -> None:
    pointer, said = snapshots_folder / CURRENT, f"{snapshot_id}\n"
    if pointer.is_file() and pointer.read_text(encoding="ascii", errors="replace") == said:
        return  # also in a folder that may only be read
    draft = snapshots_folder / f"{UNFINISHED}{os.getpid()}-{CURRENT}"
    draft.write_text(said, encoding="ascii")
    draft.replace(pointer)


def open(where: str | Path | None = None, snapshot_id: str | None = None) -> Plans:
    """The current snapshot, or the one named; its tables are read when they are asked for.

    `where` is a folder of snapshots, the folder of one snapshot, the address of either on object storage (then fetched
    whole, s3://bucket/snapshots), or an id; by default the current snapshot of the
    project's data (see `compare.reference.data_folder`). Raises `PlanError` where there is none.

    >>> plans = open("data/snapshots")  # doctest: +SKIP
    >>> plans.assignments  # doctest: +SKIP
    """
    if isinstance(where, str) and re.fullmatch(ID, where) and not Path(where).exists():
        where, snapshot_id = None, where
    where = as_place(where) if isinstance(where, str) else where
    if is_uri(where):
        return _fetched(where, snapshot_id)
    folder = Path(where) if where is not None else data_folder("snapshots")
    if (folder / DESCRIPTOR).is_file():
        return Plans(folder)
    if snapshot_id is None:
        pointer = folder / CURRENT
        if not pointer.is_file():
            raise PlanError(told("{folder}: no current snapshot; make one with `plancompare load`", folder=folder))
        snapshot_id = pointer.read_text(encoding="ascii", errors="replace").strip()
    place = folder / snapshot_id
    if not (place / DESCRIPTOR).is_file():
        known = ", ".join(ids(folder)) or "none"
        raise PlanError(
            told(
                "{folder}: no snapshot {snapshot_id!r}; there are: {known}; or run `plancompare load`",
                folder=folder,
                snapshot_id=snapshot_id,
                known=known,
            )
        )
    return Plans(place)


def ids(folder: Path) -> list[str]:
    """The ids of the snapshots in this folder, by name."""
    return sorted(path.parent.name for path in folder.glob(f"*/{DESCRIPTOR}") if not path.parent.name.startswith("."))
