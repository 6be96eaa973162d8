"""Where the finished reports go: a folder, or object storage that gets them from one.

In a folder nothing is left to do. For an address the site is made in a temporary folder, which begins with what tells
the kept runs apart: their records, and empty stand-ins for their other files. Each run is stored as it ends, its record
last; then 'latest' is renewed, the page after its data; then the pages that lead there, the index last of all; only
then is removed what the retention rule throws away. So whoever follows a link finds a whole report, whenever that is,
and a batch that is killed leaves the site as it was, with some runs that the next batch need not make again.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from compare.problems import PlanError, told
from compare.reports import publishing, records
from compare.reports.records import LATEST, RECORD
from compare.reports.runs import PAGE
from compare.storage import Place, Storage, is_uri

LAST = (PAGE, RECORD)  # of a run: the page after all that it leads to, the record that says the run is whole after it


class Site(Protocol):
    """What commands need of the place where reports go; `folder` is where they are made."""

    folder: Path

    def keep(self, run: Path) -> None: ...
    def publish(self, settings: Mapping[str, Any], keep: int | None = None) -> str: ...
    def address(self, path: Path | None) -> str: ...


@contextmanager
def open_site(outputs: Place) -> Iterator[Site]:
    """The site in a folder or at an address.

    Raises `PlanError` before anything is made where the storage cannot be used. Where it fails afterwards, the
    message says in which folder the reports lie that could not be stored.
    """
    if not is_uri(outputs):
        yield LocalSite(Path(outputs))
        return
    site = StoredSite(Storage(outputs), Path(tempfile.mkdtemp(prefix="plancompare-")).resolve())
    try:
        site.refresh()
        yield site
    finally:
        if not site.is_needed:
            shutil.rmtree(site.folder, ignore_errors=True)


class LocalSite:
    """A site in a folder, where each run moves into its place by itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, run: Path) -> None:
        """Nothing is left to do."""

    def publish(self, settings: Mapping[str, Any], keep: int | None = None) -> str:
        """Make the pages, throw old runs away, and return where the index lies."""
        return str(publishing.publish(self.folder, site=settings, keep=keep))

    def address(self, path: Path | None) -> str:
        """Where a reader finds it."""
        return str(path)


class StoredSite:
    """A site on object storage, made in a folder of this process; on a cluster TMPDIR must be shared by all machines.

    `is_needed` says that the folder holds reports that could not be stored.
    """

    def __init__(self, storage: Storage, folder: Path) -> None:
        self.storage = storage
        self.folder = folder
        self.is_needed = False
        self._runs: set[str] = set()  # stored whole
        self._begun: set[str] = set()  # by us
        self._latest: dict[str, bytes] = {}  # the record that each stored 'latest' holds
        self._names: set[str] = set()

    def refresh(self) -> None:
        """Take up what is stored by now, also by others: records, stand-ins, and which run is the latest."""
        self._names = set(self.storage.names())
        whole = {name.removesuffix(f"/{RECORD}") for name in self._names if _is_record(name)}
        for gone in self._runs - whole:
            shutil.rmtree(self.folder / gone, ignore_errors=True)
        new = whole - self._runs
        contents = self.storage.read_all(f"{run}/{RECORD}" for run in new)
        new = {name.removesuffix(f"/{RECORD}") for name in contents}  # others may throw runs away meanwhile
        for name, content in contents.items():
            _write(self.folder / name, content)
        for name in self._names:
            if name.rpartition("/")[2] != RECORD and _run_of(name) in new:
                _write(self.folder / name, b"")
        self._runs = self._runs & whole | new
        for newest in self._newest():
            records.point_latest(newest.parent, newest)
        self._latest = self.storage.read_all(name for name in self._names if _is_record(name, of_latest=True))

    def keep(self, run: Path) -> None:
        """Store a run that has ended, whole; a second one of the same name and second, from elsewhere, gets '-2'."""
        name = self._name(run)
        if name in self._runs or not run.is_dir():
            return
        while name not in self._begun and self.storage.names(name):
            run = records.put_in_place(run, run.parent, run.name)
            name = self._name(run)
        self._begun.add(name)
        _put_in_order(self.storage, {f"{name}/{path.relative_to(run).as_posix()}": path for path in _files(run)})
        self._runs.add(name)

    def publish(self, settings: Mapping[str, Any], keep: int | None = None) -> str:
        """Store what is not stored yet, make the pages of all that is, store them, and return where the index lies."""
        try:
            for record in records.all_records(self.folder):
                self.keep(record.folder)
            self.refresh()
            publishing.publish(self.folder, site=settings, keep=keep)
            for newest in self._newest():
                self._renew_latest(newest)
            for page in sorted(self.folder.glob("[!.]*.*ml"), key=lambda page: ("index" in page.name, page.name)):
                self.storage.put({page.name: page})
            outlived = {run for run in self._runs if not (self.folder / run / RECORD).is_file()}
            self.storage.remove(sorted(name for name in self._names if _run_of(name) in outlived))
        except PlanError as error:
            self.is_needed = True
            raise PlanError(
                told("{error}; the reports that were made lie in {folder}", error=error.args[0], folder=self.folder)
            ) from error
        return self.address(self.folder / "index.html")

    def address(self, path: Path | None) -> str:
        """Where a reader finds it."""
        return f"{self.storage.address}/{self._name(path)}" if path is not None else str(path)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _newest(self) -> list[Path]:
        """The newest good run of each name."""
        newest: dict[str, Path] = {}
        for record in records.all_records(self.folder):
            if record.is_good:
                newest.setdefault(record.name, record.folder)
        return list(newest.values())

    def _renew_latest(self, run: Path) -> None:
        """Let the stored 'latest' hold this run; the storage copies it from there to there."""
        home = self._name(run.parent)
        latest = f"{home}/{LATEST}"
        if self._latest.get(f"{latest}/{RECORD}") == (run / RECORD).read_bytes():
            return
        files = [path.relative_to(run).as_posix() for path in _files(run)]
        for group in _in_order(files):
            self.storage.copy({f"{self._name(run)}/{name}": f"{latest}/{name}" for name in group})
        renewed = {f"{latest}/{name}" for name in files}
        self.storage.remove(sorted(n for n in self._names if n.startswith(f"{latest}/") and n not in renewed))


@contextmanager
def run_folder(run: Place) -> Iterator[Path]:
    """The folder of a kept run; one at an address is fetched whole into a folder that goes afterwards.

    Raises `PlanError` where nothing that could be a run is stored there.
    """
    if not is_uri(run):
        yield Path(run)
        return
    storage = Storage(run)
    names = storage.names()
    if RECORD not in names:
        raise PlanError(
            told(
                "{run} holds no run; give the address of one, for example s3://bucket/reports/NAME/{latest}",
                run=run,
                latest=LATEST,
            )
        )
    with tempfile.TemporaryDirectory(prefix="plancompare-") as folder:
        storage.fetch(names, Path(folder))
        yield Path(folder)


def kept(site: Site, run: Path | None) -> None:
    """Store a run as it ends; one that cannot be stored now is tried again when the site is published."""
    if run is not None:
        with suppress(PlanError):
            site.keep(run)


def _put_in_order(storage: Storage, files: Mapping[str, Path]) -> None:
    for group in _in_order(files):
        storage.put({name: files[name] for name in group})


def _in_order(names: Iterable[str]) -> list[list[str]]:
    """The files of a run in the order in which they may become visible."""
    groups: list[list[str]] = [[], [], []]
    for name in names:
        last = name.rpartition("/")[2]
        groups[LAST.index(last) + 1 if last in LAST else 0].append(name)
    return groups


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _run_of(name: str) -> str:
    """The run that a stored file belongs to, as 'name/time'; empty where it belongs to none."""
    parts = name.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 and parts[1] != LATEST and not name.startswith(".") else ""


def _is_record(name: str, *, of_latest: bool = False) -> bool:
    home, _, rest = name.partition("/")
    time, _, last = rest.partition("/")
    return bool(home) and last == RECORD and (time == LATEST) == of_latest and not home.startswith(".")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
