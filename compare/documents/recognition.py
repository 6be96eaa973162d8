"""Which format a file has, told by its content first and its ending second, and the limits every file is held to.

Municipalities publish the same plan under any name: a PDF called `.txt`, a web page called `.doc`. Trusting the
content keeps the right reader at work, and refusing what cannot be read here keeps each reader free of such cases.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from compare.problems import PlanError, told

MAX_FILE_BYTES = 400_000_000
MAX_TEXT_BYTES = 64_000_000
# What an archive (DOCX, XLSX, ODS) may unpack to, in all and as a multiple of its size: real documents stay far below.
MAX_UNPACKED_BYTES = 400_000_000
MAX_PART_BYTES = 200_000_000
MAX_PACKING = 400
MAX_PARTS = 20_000

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xls": "application/vnd.ms-excel",
    "html": "text/html",
    "markdown": "text/markdown",
    "csv": "text/csv",
    "text": "text/plain",
}
READERS = {
    "pdf": "pdf",
    "docx": "word",
    "xlsx": "sheets",
    "ods": "sheets",
    "xls": "sheets",
    "html": "web",
    "markdown": "markdown",
    "csv": "delimited",
    "text": "text",
}
TEXT_ENDINGS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".csv": "csv",
    ".tsv": "csv",
    ".htm": "html",
    ".html": "html",
    ".xhtml": "html",
}
# Formats that are recognised only to say what to do with them.
REFUSED = (
    (b"{\\rtf", told("an RTF document")),
    (b"\x89PNG", told("a picture (PNG)")),
    (b"\xff\xd8\xff", told("a picture (JPEG)")),
    (b"GIF8", told("a picture (GIF)")),
    (b"II*\x00", told("a picture (TIFF)")),
    (b"MM\x00*", told("a picture (TIFF)")),
    (b"\x1f\x8b", told("a gzip archive")),
    (b"7z\xbc\xaf", told("a 7-Zip archive")),
    (b"Rar!", told("a RAR archive")),
    (b"\x7fELF", told("a program")),
    (b"MZ", told("a program")),
    (b"%!PS", told("a PostScript file")),
    (b"PAR1", told("a Parquet file")),
    (b"SQLite format 3", told("a database")),
)
HTML_START = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
READABLE = told("PDF, DOCX, HTML, Markdown, plain text, XLSX, ODS, XLS or CSV")


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes with its recognised format: what every format reader is given."""

    path: Path
    data: bytes
    format: str

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def reader(self) -> str:
        return READERS[self.format]

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.format]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def recognise(path: Path) -> Source:
    """The file with its format; raises `PlanError` for one that is missing, empty, too large or not readable."""
    data = file_bytes(path)
    return Source(path, data, format_of(data, path))


def file_bytes(path: Path) -> bytes:
    """The file's content; raises `PlanError` where there is none to read."""
    try:
        if path.is_dir():
            raise PlanError(told("{path}: is a folder; a file was expected; name the files in it", path=path))
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise PlanError(
                told(
                    "{path}: is {size:,} bytes large; at most {most:,} are read; split the document or shrink it",
                    path=path,
                    size=size,
                    most=MAX_FILE_BYTES,
                )
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise PlanError(told("{path}: there is no such file; check the name and the folder", path=path)) from error
    except OSError as error:
        raise PlanError(
            told(
                "{path}: cannot be opened ({reason}); check that you may read it",
                path=path,
                reason=error.strerror or error,
            )
        ) from error
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise PlanError(told("{path}: is empty; a document with text was expected; fetch the file again", path=path))
    return data


def format_of(data: bytes, path: Path) -> str:
    """The name of the format, a key of `READERS`; raises `PlanError` for what no reader here understands."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return archive_format(data, path)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return compound_format(data, path)
    for start, what in REFUSED:
        if data.startswith(start) and not (start == b"MZ" and looks_like_text(data)):
            raise PlanError(
                told(
                    "{path}: is {what}; {readable} was expected; save or scan it as one of these",
                    path=path,
                    what=what,
                    readable=READABLE,
                )
            )
    if not looks_like_text(data):
        ending = path.suffix.lower()
        named = told("is named {ending} but ", ending=ending) if ending else ""
        raise PlanError(
            told(
                "{path}: {named}holds binary data; {readable} was expected; fetch or convert the file again",
                path=path,
                named=named,
                readable=READABLE,
            )
        )
    if len(data) > MAX_TEXT_BYTES:
        raise PlanError(
            told(
                "{path}: is {n:,} bytes of text; at most {most:,} are read; split the document",
                path=path,
                n=len(data),
                most=MAX_TEXT_BYTES,
            )
        )
    if HTML_START.match(data[:4096].removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return TEXT_ENDINGS.get(path.suffix.lower(), "text")


def looks_like_text(data: bytes) -> bool:
    """Whether bytes are text in some encoding: hardly any control characters, or the zero bytes of UTF-16."""
    sample = data[:65536]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    zeros = sample.count(0)
    if zeros:
        # Latin letters in UTF-16 have their zero bytes all on the same side.
        even = sample[::2].count(0)
        return zeros > len(sample) * 0.3 and min(even, zeros - even) <= zeros * 0.05
    odd = sum(sample.count(byte) for byte in range(32) if byte not in b"\t\n\r\f\v\x1b")
    return odd <= len(sample) * 0.002


def archive_format(data: bytes, path: Path) -> str:
    """The format of a zip archive; raises `PlanError` for a damaged, malicious or unknown one."""
    with unpacked(data, path) as archive:
        names = set(archive.namelist())
        if "word/document.xml" in names:
            return "docx"
        if any(name.startswith("xl/workbook") for name in names):
            return "xlsx"
        kind = part(archive, "mimetype", path).decode("ascii", "replace").strip() if "mimetype" in names else ""
    if kind.startswith(MEDIA_TYPES["ods"]):
        return "ods"
    if kind.startswith("application/vnd.oasis.opendocument.text"):
        raise PlanError(
            told(
                "{path}: is an ODT document; {readable} was expected; save it as DOCX or PDF",
                path=path,
                readable=READABLE,
            )
        )
    raise PlanError(
        told(
            "{path}: is a zip archive; {readable} was expected; unpack it and name the files in it",
            path=path,
            readable=READABLE,
        )
    )


def compound_format(data: bytes, path: Path) -> str:
    """The format of an OLE compound file (Office before 2007, and password-protected Office files)."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise PlanError(
            told("{path}: is protected by a password; save it without the password and read that file", path=path)
        )
    if "WordDocument".encode("utf-16-le") in data:
        raise PlanError(told("{path}: is a Word document of the old format (.doc); save it as DOCX or PDF", path=path))
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return "xls"
    raise PlanError(
        told(
            "{path}: is an unknown Office file; {readable} was expected; save it as one of these",
            path=path,
            readable=READABLE,
        )
    )


def unpacked(data: bytes, path: Path) -> zipfile.ZipFile:
    """The archive, once its declared sizes are within bounds; raises `PlanError` for a damaged or malicious one."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError) as error:
        # NotImplementedError is zipfile's own for an archive of a later version than it reads.
        raise PlanError(
            told("{path}: is a damaged archive ({error}); fetch the file again", path=path, error=error)
        ) from error
    total = sum(entry.file_size for entry in parts)
    largest = max((entry.file_size for entry in parts), default=0)
    too_much = total > MAX_UNPACKED_BYTES or largest > MAX_PART_BYTES or len(parts) > MAX_PARTS
    if too_much or (total > 20_000_000 and total > MAX_PACKING * len(data)):
        raise PlanError(
            told(
                "{path}: would unpack to {total:,} bytes in {n:,} parts; that is no ordinary document; "
                "check where the file comes from",
                path=path,
                total=total,
                n=len(parts),
            )
        )
    if any(entry.flag_bits & 0x1 for entry in parts):
        raise PlanError(
            told("{path}: is protected by a password; save it without the password and read that file", path=path)
        )
    return archive


def part(archive: zipfile.ZipFile, name: str, path: Path) -> bytes:
    """One file of an archive, never more than its bound; raises `PlanError` for a missing or damaged one."""
    try:
        with archive.open(name) as stream:
            content = stream.read(MAX_PART_BYTES + 1)
    except (KeyError, zipfile.BadZipFile, OSError, NotImplementedError, EOFError, ValueError) as error:
        # NotImplementedError is zipfile's own for a way of packing that it does not know.
        raise PlanError(
            told(
                "{path}: the part {name} is missing or damaged ({error}); fetch the file again",
                path=path,
                name=name,
                error=error,
            )
        ) from error
    except Exception as error:  # zlib.error and lzma errors share no base class below Exception
        raise PlanError(
            told(
                "{path}: the part {name} is damaged ({error}); fetch the file again", path=path, name=name, error=error
            )
        ) from error
    if len(content) > MAX_PART_BYTES:
        raise PlanError(
            told(
                "{path}: the part {name} is larger than it says; check where the file comes from", path=path, name=name
            )
        )
    return content
