"""Damaged, protected and malicious files: a plain refusal in bounded time and memory, never a crash."""

import contextlib
import io
import random
import struct
import time
import zipfile
import zlib

import fictional
import pytest

from compare.documents import open_document
from compare.problems import PlanError


def opened(tmp_path, name, content):
    return open_document(fictional.written(tmp_path, name, content))


def refusal(tmp_path, name, content):
    started = time.monotonic()
    with pytest.raises(PlanError) as caught:
        opened(tmp_path, name, content)
    assert time.monotonic() - started < 20
    message = str(caught.value)
    assert name in message
    assert "\n" not in message
    return message


def archive(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return stream.getvalue()


WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
BOMB = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "{}">]>'.format("&a;" * 1000)


def test_zip_bombs_are_refused_before_they_unpack(tmp_path):
    for name, inner in (("a.docx", "word/document.xml"), ("a.xlsx", "xl/workbook.xml"), ("a.ods", "content.xml")):
        parts = {inner: b"0" * 150_000_000, "mimetype": "application/vnd.oasis.opendocument.spreadsheet"}
        assert "would unpack to" in refusal(tmp_path, name, archive(parts))


def test_an_archive_that_lies_about_its_sizes_is_refused(tmp_path):
    data = bytearray(archive({"word/document.xml": b"0" * 2_000_000}))
    # The size stands in the archive's directory; a smaller one does not make the part smaller.
    start = data.rfind(b"PK\x01\x02")
    data[start + 24 : start + 28] = (100).to_bytes(4, "little")
    refusal(tmp_path, "a.docx", bytes(data))


def test_entities_are_never_expanded(tmp_path):
    assert "entities" in refusal(tmp_path, "a.docx", archive({"word/document.xml": BOMB + "<w>&b;</w>"}))
    secret = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'
    assert "entities" in refusal(tmp_path, "a.docx", archive({"word/document.xml": secret}))
    page = secret.replace("DOCTYPE w", "DOCTYPE html").replace("<w>&x;</w>", "<html><body><p>Hej &x;</p></body></html>")
    assert "root:" not in "\n".join(opened(tmp_path, "a.html", page).lines)


def test_deep_nesting_is_refused(tmp_path):
    table = "<w:tbl><w:tr><w:tc>" * 5_000 + "</w:tc></w:tr></w:tbl>" * 5_000
    refusal(tmp_path, "a.docx", archive({"word/document.xml": WORD.format(table)}))
    with contextlib.suppress(PlanError):
        opened(tmp_path, "a.html", "<div>" * 200_000 + "Hej" + "</div>" * 200_000)
    with contextlib.suppress(PlanError):
        opened(tmp_path, "b.html", "<b>" * 50_000 + "Hej")
    with contextlib.suppress(PlanError):
        opened(tmp_path, "c.html", "<ul><li>" * 20_000 + "Hej")
    assert opened(tmp_path, "a.md", ">" * 100_000 + " Hej\n" + "[" * 5_000).blocks


def test_cells_without_bounds_are_refused(tmp_path):
    refusal(tmp_path, "a.html", "<table><tr>" + "<td colspan=1000 rowspan=65000>x" * 6_000 + "<td>y</table>")
    rows = (
        "<table:table-row table:number-rows-repeated='9999999'><table:table-cell table:number-columns-repeated='16000'>"
    )
    rows += "<text:p>x</text:p></table:table-cell></table:table-row>"
    spaces = 'xmlns:o="urn:o" xmlns:table="urn:t" xmlns:text="urn:x"'
    content = f"<o:c {spaces}><o:body><o:spreadsheet><table:table>{rows}</table:table></o:spreadsheet></o:body></o:c>"
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    assert "table cells" in refusal(tmp_path, "a.ods", archive(parts))


def test_one_cell_far_outside_a_sheet_does_not_fill_the_memory(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "bort"
    book.active["A1"] = "hit"
    stream = io.BytesIO()
    book.save(stream)
    assert "reaches over" in refusal(tmp_path, "a.xlsx", stream.getvalue())


def test_a_row_without_bounds_in_a_text_file_is_read_in_bounded_time(tmp_path):
    started = time.monotonic()
    document = opened(tmp_path, "a.txt", "\t".join(["ord"] * 200_000) + "\n" + "ord " * 500_000)
    assert time.monotonic() - started < 20
    assert len(document.blocks) == 2
    opened(tmp_path, "b.txt", ("a  b   c" + " " * 50) * 20_000)
    opened(tmp_path, "c.txt", "a   1   2\n" * 20_000)
    assert time.monotonic() - started < 40


# --- PDF -------------------------------------------------------------------------------------------------------------


def pdf_objects(objects, trailer="/Root 1 0 R"):
    """A PDF of these objects, the first of them its catalogue."""
    data = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    return data + f"trailer\n<< /Size {len(objects) + 1} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()


def test_a_pdf_without_pages_is_refused(tmp_path):
    empty = pdf_objects([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"])
    refusal(tmp_path, "a.pdf", empty)


def test_a_truncated_pdf_is_refused_or_read_as_far_as_it_goes(tmp_path):
    data = fictional.pdf(fictional.as_typst())
    assert "damaged" in refusal(tmp_path, "a.pdf", data[:300])
    for share in (0.3, 0.6, 0.9):
        with contextlib.suppress(PlanError):
            opened(tmp_path, "b.pdf", data[: int(len(data) * share)])


def test_a_protected_pdf_is_refused_with_what_to_do(tmp_path):
    encrypt = b"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -44 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>"
    data = pdf_objects(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
            encrypt,
        ],
        "/Root 1 0 R /Encrypt 4 0 R /ID [<01> <01>]",
    )
    assert "password" in refusal(tmp_path, "a.pdf", data)


def one_pixel():
    """A PNG picture of one grey pixel."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\x00\x80")) + chunk(b"IEND", b"")


def test_scanned_pages_are_noted_and_the_others_read(tmp_path):
    picture = f"#image(bytes(({','.join(map(str, one_pixel()))})), width: 10cm)"
    data = fictional.pdf(f"Hej på er alla\n#pagebreak()\n{picture}\n#pagebreak()\n{picture}")
    document = opened(tmp_path, "a.pdf", data)
    assert document.notes == ("Pages 2-3 of 3 hold no text, only pictures (scanned?); nothing was read there.",)
    assert document.pages == 3
    only = opened(tmp_path, "b.pdf", fictional.pdf(picture))
    assert only.blocks == ()
    assert only.notes[0].startswith("Page 1 of 1 hold")


# --- random edits ----------------------------------------------------------------------------------------------------

CONTENTS = {
    "a.pdf": lambda: fictional.pdf(fictional.as_typst()),
    "b.pdf": lambda: fictional.without_tags(fictional.pdf(fictional.as_typst(style="shaded rows"))),
    "a.docx": fictional.as_docx,
    "a.html": lambda: fictional.as_html().encode(),
    "a.md": lambda: fictional.as_markdown().encode(),
    "a.txt": lambda: fictional.as_aligned_text().encode(),
    "a.csv": lambda: fictional.as_text().replace("\t", ";").encode(),
}


def edited(data, chance):
    """The file with a few bytes changed, cut out or doubled."""
    edits = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(edits))
        kind = chance.random()
        if kind < 0.6:
            edits[at] = chance.randrange(256)
        elif kind < 0.8:
            del edits[at : at + chance.randint(1, 40)]
        else:
            edits[at:at] = edits[at : at + chance.randint(1, 40)]
    return bytes(edits)


@pytest.mark.parametrize("name", list(CONTENTS))
def test_random_edits_of_bytes_never_crash(tmp_path, name):
    chance = random.Random(name)
    data = CONTENTS[name]()
    for _ in range(25):
        with contextlib.suppress(PlanError):
            document = opened(tmp_path, name, edited(data, chance))
            assert all(1 <= block.place.line <= len(document.lines) for block in document.blocks)


@pytest.mark.parametrize("inner", ["word/document.xml", "word/numbering.xml", "word/styles.xml"])
def test_random_edits_inside_an_office_file_never_crash(tmp_path, inner):
    chance = random.Random(inner)
    data = fictional.as_docx()
    with zipfile.ZipFile(io.BytesIO(data)) as read:
        parts = {name: read.read(name) for name in read.namelist()}
    for _ in range(25):
        with contextlib.suppress(PlanError):
            opened(tmp_path, "a.docx", archive({**parts, inner: edited(parts[inner], chance)}))
