"""The record of a run, `run.json`: what went in, what came out, and by which versions; and who a run is.

Two runs with the same identity would give the same result: the identity is the check sum of the notebook, the
parameters, the snapshot, the code of this package and the versions of the libraries that shape the result. Times stand
in the record and nowhere else, so that everything else is equal, byte for byte, when the identity is.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import compare
from compare.problems import PlanError

Status = Literal["ok", "no_data", "failed", "timed_out", "cancelled"]
GOOD: tuple[Status, ...] = ("ok", "no_data")  # the report is made; in the second there is nothing of what was asked for
RECORD = "run.json"
CRATE = "ro-crate-metadata.json"
LATEST = "latest"
RUNNING = ".running"
LIBRARIES = ("plancompare", "pandas", "numpy", "pyarrow", "matplotlib", "papermill", "nbconvert", "ipython", "typst")
CODE_ENDINGS = (".py", ".toml", ".j2", ".css", ".po", ".json", ".typ", ".csv")


@dataclass(frozen=True, slots=True)
class Record:
    """What `run.json` says; `folder` is where it stands."""

    folder: Path
    content: Mapping[str, Any] = field(repr=False)

    @property
    def status(self) -> Status:
        return self.content["status"]

    @property
    def is_good(self) -> bool:
        """Whether the run made its report."""
        return self.status in GOOD

    @property
    def identity(self) -> str:
        return self.content["identity"]

    @property
    def name(self) -> str:
        """The stable name that all runs of the same report and parameters share."""
        return self.content["name"]

    @property
    def ended(self) -> datetime:
        return datetime.fromisoformat(self.content["ended"])


def read_record(folder: Path) -> Record | None:
    """The record in a run's folder; None where there is none that can be read."""
    try:
        content = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    complete = isinstance(content, dict) and {"status", "identity", "name", "ended"} <= set(content)
    return Record(folder, content) if complete else None


def write_record(folder: Path, content: Mapping[str, Any]) -> None:
    """Write `run.json`, the last file of a run: a folder without it is no run."""
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n"
    (folder / RECORD).write_text(text, encoding="utf-8", newline="\n")


def all_records(outputs: Path) -> list[Record]:
    """The records of all runs that are kept, by name and then newest first."""
    folders = outputs.glob(f"*/*/{RECORD}") if outputs.is_dir() else []
    found = [
        read_record(path.parent)
        for path in folders
        if path.parent.name != LATEST and not path.parent.parent.name.startswith(".")
    ]
    records = [record for record in found if record is not None]
    return sorted(sorted(records, key=lambda r: (r.ended, r.folder.name), reverse=True), key=lambda r: r.name)


def latest_record(outputs: Path, name: str) -> Record | None:
    """The newest good run of that name; None where there is none."""
    latest = outputs / name / LATEST
    return read_record(latest.parent / latest.readlink() if latest.is_symlink() else latest)


def identity(parts: Mapping[str, Any]) -> str:
    """The check sum of what decides a run's result."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256 of a file; raises `PlanError` where it cannot be read."""
    try:
        with path.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as error:
        raise PlanError(f"{path} cannot be read: {error.strerror}") from error


def tree_hash(folder: Path, endings: Iterable[str] = ()) -> str:
    """One check sum over the files under a folder: their relative names and contents, in order of name."""
    endings = tuple(endings)
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and (not endings or path.name.endswith(endings)):
            digest.update(f"{path.relative_to(folder).as_posix()}\0{file_hash(path)}\n".encode())
    return digest.hexdigest()


@cache
def code_hash() -> str:
    """The check sum of the package's own code and data, once per process."""
    return tree_hash(Path(compare.__file__).parent, CODE_ENDINGS)


@cache
def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that shape a result; what is not installed is left out."""
    found = {"python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found


def output_hashes(folder: Path) -> dict[str, dict[str, Any]]:
    """Check sum and size of each file of a run but those that tell about it, in which times stand."""
    return {
        path.relative_to(folder).as_posix(): {"sha256": file_hash(path), "bytes": path.stat().st_size}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (RECORD, CRATE)
    }


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """A moment as the name of a run's folder, in the order of time."""
    return moment.strftime("%Y-%m-%dT%H%M%SZ")


def put_in_place(work: Path, home: Path, name: str) -> Path:
    """Move a finished run into its home under that name, whole; a second one of the same second gets '-2'.

    A rename within one file system happens or does not: nobody sees half a run.
    """
    home.mkdir(parents=True, exist_ok=True)
    for number in range(1, 1000):
        place = home / (name if number == 1 else f"{name}-{number}")
        if place.exists():
            continue
        try:
            return work.rename(place)
        except OSError:
            if not place.exists():  # not a race lost to another run, but a disk that is full or may not be written
                raise
    raise PlanError(f"{home} has a thousand runs of one second; remove some")


def point_latest(home: Path, run: Path) -> None:
    """Let `latest` lead to this run, in one step; where links cannot be made, to a copy of it."""
    import shutil

    draft = home / f".{LATEST}-{os.getpid()}"
    try:
        draft.unlink(missing_ok=True)
        draft.symlink_to(run.name, target_is_directory=True)
        draft.replace(home / LATEST)
    except (OSError, NotImplementedError):  # the latter is pathlib's own where the system has no links
        copy = home / f"{draft.name}-copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(run, copy)
        shutil.rmtree(home / LATEST, ignore_errors=True)
        copy.rename(home / LATEST)
