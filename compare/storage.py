"""Places named by an address: s3://bucket/prefix, or whatever else fsspec has a file system for.

Everything else in plancompare works on folders, whose renames make that a reader sees a thing whole or not at all.
Object storage has no renames, no links and no folders, so what is there is fetched into a folder first, and what is
made is put there in an order that spares readers halves. This is the one module that knows addresses; it says in plain
words what a server refuses. Credentials and endpoints come from where the storage's own tools take them (for S3 the
environment, AWS_PROFILE, AWS_ENDPOINT_URL and so on), never from an address.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, TypeGuard
from urllib.parse import urlsplit
from urllib.request import url2pathname

from compare.problems import PlanError

Place = Path | str
ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+://")


def is_uri(where: object) -> TypeGuard[str]:
    """Whether this names a place outside the file system of this machine.

    >>> is_uri("s3://bucket/snapshots"), is_uri("data/snapshots"), is_uri("file:///data/snapshots")
    (True, False, False)
    """
    return isinstance(where, str) and ADDRESS.match(where) is not None and not where.lower().startswith("file:")


def as_place(text: str) -> Place:
    """What a person wrote, as a folder of this machine (also from file:///folder) or as an address.

    Raises `PlanError` for a file address of another machine.

    >>> as_place("file:///srv/my%20plans").as_posix()
    '/srv/my plans'
    """
    if is_uri(text):
        return _bare(text)
    if not text.lower().startswith("file://"):
        return Path(text)
    parts = urlsplit(text)
    if parts.netloc not in ("", "localhost") or not parts.path:
        raise PlanError(f"{text} names no folder of this machine; expected file:///folder, with three slashes")
    return Path(url2pathname(parts.path))


class Storage:
    """What is stored under one address; names are relative to it, with '/' between their parts.

    Every method raises `PlanError` where the bucket is missing, credentials are refused or no server answers.
    """

    def __init__(self, address: str) -> None:
        self.address = _bare(address)
        self._files, root = _file_system(self.address)
        self._root = root.rstrip("/")
        if not self._root.strip("/"):
            raise PlanError(f"{address} names no bucket; expected an address like s3://bucket/folder")

    def names(self, under: str = "") -> list[str]:
        """All that is stored, or all below one name, sorted; names that lead out of the place are left out."""
        with self._told():
            found = self._files.find(self._path(under))
        names = [str(path).removeprefix(self._root).lstrip("/") for path in found]
        return sorted(name for name in names if name and ".." not in PurePosixPath(name).parts)

    def read(self, name: str) -> bytes | None:
        """The content of one; None where there is none."""
        with self._told():
            try:
                return self._files.cat_file(self._path(name))
            except FileNotFoundError:
                self._files.find(self._root, maxdepth=1)  # raises where the bucket itself is missing
                return None

    def read_all(self, names: Iterable[str]) -> dict[str, bytes]:
        """The contents of many, at once; one that has gone in the meantime is left out."""
        paths = {self._path(name): name for name in names}
        if not paths:
            return {}
        with self._told():
            found = self._files.cat(list(paths), on_error="omit")
        return {paths[path]: content for path, content in found.items()}

    def fetch(self, names: Iterable[str], folder: Path) -> None:
        """Copy those into a folder of this machine, under their names."""
        chosen = list(names)
        with self._told():
            self._files.get([self._path(name) for name in chosen], [str(folder / name) for name in chosen])

    def put(self, files: Mapping[str, Path]) -> None:
        """Store files of this machine under the names given; each becomes visible whole."""
        if files:
            with self._told():
                self._files.put([str(path) for path in files.values()], [self._path(name) for name in files])

    def write(self, name: str, content: bytes) -> None:
        """Store a short content under a name."""
        with self._told():
            self._files.pipe_file(self._path(name), content)

    def copy(self, names: Mapping[str, str]) -> None:
        """Store again, under the second name of each pair, what is stored under the first."""
        if names:
            with self._told():
                self._files.copy([self._path(old) for old in names], [self._path(new) for new in names.values()])

    def remove(self, names: Iterable[str]) -> None:
        """Remove those; nothing happens for none."""
        paths = [self._path(name) for name in names]
        if paths:
            with self._told():
                self._files.rm(paths)

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}" if name else self._root

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the storage says into one sentence of ours."""
        try:
            yield
        except FileNotFoundError as error:
            raise PlanError(f"{self.address}: not found ({error}); create the bucket or correct the address") from error
        except PermissionError as error:
            raise PlanError(
                f"{self.address}: the storage refused access ({error}); give credentials that may read and write there"
            ) from error
        except _refusals() as error:
            raise PlanError(
                f"{self.address}: the storage cannot be used ({error}); check the credentials, the endpoint and the "
                "connection"
            ) from error


def _bare(address: str) -> str:
    """The address without slashes at its end, but for those that belong to 's3://'."""
    return re.sub(r"(?<=[^:/])/+$", "", address)


@cache
def mirror(address: str) -> Path:
    """A folder of this process for what is fetched from an address; it goes when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="plancompare-"))
    atexit.register(_forget, folder, os.getpid())
    return folder


def _forget(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # a fork has the same mirrors, and ends before
        shutil.rmtree(folder, ignore_errors=True)


def _file_system(address: str) -> tuple[Any, str]:
    """The fsspec file system of an address and the way in it, without memory of what was listed before."""
    try:
        from fsspec.core import url_to_fs

        return url_to_fs(address, use_listings_cache=False, skip_instance_cache=True)
    except ImportError as error:
        raise PlanError(
            f"{address} needs the extra 'storage': pip install plancompare[storage]; for storage other than S3 "
            f"also its own library ({error})"
        ) from error
    except ValueError as error:
        raise PlanError(f"{address} cannot be used: {error}; expected an address like s3://bucket/folder") from error


def _refusals() -> tuple[type[Exception], ...]:
    """What a storage raises where it cannot be used; the S3 client has errors of its own for missing credentials."""
    try:
        from botocore.exceptions import BotoCoreError
    except ImportError:
        return (OSError,)
    return (OSError, BotoCoreError)
