"""What a machine can see of PDF/UA-1 in a printed report, by the points of the Matterhorn Protocol.

typst checks itself when it sets a report; this reads the finished file with another library (pikepdf) and another eye.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

TEXT_SHOWN = {"Tj", "TJ", "'", '"'}
PAINTED = TEXT_SHOWN | {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "BI", "INLINE IMAGE"}
HEADINGS = [f"/H{level}" for level in range(1, 7)]
STANDARD = {
    *(
        "/Document",
        "/Part",
        "/Sect",
        "/Div",
        "/Art",
        "/BlockQuote",
        "/Caption",
        "/TOC",
        "/TOCI",
        "/Index",
        "/NonStruct",
    ),
    *(
        "/P",
        "/H",
        *HEADINGS,
        "/L",
        "/LI",
        "/Lbl",
        "/LBody",
        "/Table",
        "/TR",
        "/TH",
        "/TD",
        "/THead",
        "/TBody",
        "/TFoot",
    ),
    *(
        "/Span",
        "/Quote",
        "/Note",
        "/Reference",
        "/BibEntry",
        "/Code",
        "/Link",
        "/Annot",
        "/Figure",
        "/Formula",
        "/Form",
    ),
}
ROWS = {"/TR", "/THead", "/TBody", "/TFoot", "/Caption"}


def faults(path: Path, language: str) -> list[str]:
    """What keeps a report from being read aloud as it is meant; empty for a good one."""
    with pikepdf.open(path) as pdf:
        elements = list(_elements(pdf))
        return [
            *_of_document(pdf, language),
            *_of_roles(pdf, elements),
            *_of_headings(elements),
            *_of_figures(elements),
            *_of_tables(elements),
            *_of_links(pdf, elements),
            *_of_fonts(pdf),
            *_of_content(pdf),
        ]


def _of_document(pdf: pikepdf.Pdf, language: str) -> Iterator[str]:
    root = pdf.Root
    with pdf.open_metadata(update_docinfo=False) as said:
        if said.get("pdfuaid:part") != "1":
            yield "05: the metadata do not say that it is PDF/UA-1"
        if not said.get("dc:title"):
            yield "06: no title in the metadata"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "07: the window shows the file's name, not the title"
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "06-2: not marked as tagged"
    if "/StructTreeRoot" not in root:
        yield "01: no structure"
    if str(root.get("/Lang", "")) != language:
        yield f"11: the language is {root.get('/Lang')}"
    if "/Outlines" not in root:
        yield "no bookmarks to find a section by"


def _of_roles(pdf: pikepdf.Pdf, elements: list[Dictionary]) -> Iterator[str]:
    roles = pdf.Root.get("/StructTreeRoot", {}).get("/RoleMap", {})
    for kind in sorted({_kind(element) for element in elements} - STANDARD):
        if str(roles.get(kind)) not in STANDARD:
            yield f"02: {kind} is no kind of element that readers know"


def _of_headings(elements: list[Dictionary]) -> Iterator[str]:
    levels = [int(_kind(element)[2]) for element in elements if _kind(element) in HEADINGS]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield "14: the report has not one heading of the first level, at its beginning"
    if any(after > before + 1 for before, after in itertools.pairwise(levels)):
        yield f"14: headings leave out a level: {levels}"
    yield from ("14: an empty heading" for one in elements if _kind(one) in HEADINGS and "/K" not in one)


def _of_figures(elements: list[Dictionary]) -> Iterator[str]:
    for figure in (element for element in elements if _kind(element) == "/Figure"):
        if not str(figure.get("/Alt", "")).strip():
            yield "13: a figure without words for it"
        if not any("/BBox" in attributes for attributes in _attributes(figure)):
            yield "a figure without its place on the page"


def _of_tables(elements: list[Dictionary]) -> Iterator[str]:
    for table in (element for element in elements if _kind(element) == "/Table"):
        parts = _structure(table)
        if strange := {_kind(part) for part in parts} - ROWS:
            yield f"15: a table holds {strange}"
        rows = [row for part in parts for row in ([part] if _kind(part) == "/TR" else _structure(part)) if row]
        rows = [row for row in rows if _kind(row) == "/TR"]
        cells = [[cell for cell in _structure(row) if _kind(cell) in ("/TH", "/TD")] for row in rows]
        heads = [cell for row in cells for cell in row if _kind(cell) == "/TH"]
        if not heads:
            yield "15: a table without heads"
        if any(not any("/Scope" in attributes for attributes in _attributes(head)) for head in heads):
            yield "15: a head of a table that does not say of what"
        if len({sum(_span(cell) for cell in row) for row in cells}) > 1 and not _spans_rows(cells):
            yield "15: rows of a table are of different width"


def _of_links(pdf: pikepdf.Pdf, elements: list[Dictionary]) -> Iterator[str]:
    tied = {child.Obj.objgen for one in elements for child in _children(one) if "/Obj" in child}
    for number, page in enumerate(pdf.pages, 1):
        links = [one for one in page.get("/Annots", []) if one.get("/Subtype") == "/Link"]
        if links and page.get("/Tabs") != "/S":
            yield f"28: page {number} does not go from link to link in the order of reading"
        for link in links:
            if link.objgen not in tied:
                yield f"28: a link on page {number} is not part of the structure"
            if not str(link.get("/Contents", "")).strip():
                yield f"28: a link on page {number} does not say where it leads"


def _of_fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    seen = set()
    for page in pdf.pages:
        for font in page.get("/Resources", {}).get("/Font", {}).values():
            if font.objgen in seen:
                continue
            seen.add(font.objgen)
            name = str(font.get("/BaseFont"))
            if "/ToUnicode" not in font:
                yield f"10: the signs of {name} have no letters"
            for one in font.get("/DescendantFonts", [font]):
                if not set(one.get("/FontDescriptor", {})) & {"/FontFile", "/FontFile2", "/FontFile3"}:
                    yield f"31: {name} is not in the file"


def _of_content(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Whatever is painted is part of the structure or said to be decoration, and the structure knows each part."""
    known = _content_of_structure(pdf)
    for number, page in enumerate(pdf.pages, 1):
        marks: list[int | None] = []  # for each that is open: its number in the structure, -1 for decoration
        for operands, operator in pikepdf.parse_content_stream(page):
            word = str(operator)
            if word in ("BDC", "BMC"):
                marks.append(_mark(page, operands))
            elif word == "EMC":
                marks.pop()
            elif word in PAINTED and not any(mark is not None for mark in marks):
                yield f"01: page {number} shows something that is neither read nor decoration"
                break
            elif word in TEXT_SHOWN and (orphans := {m for m in marks if m is not None and m >= 0} - known[number - 1]):
                yield f"01: page {number} shows {orphans}, which the structure does not know"
                break


def _mark(page: pikepdf.Page, operands: Any) -> int | None:
    if str(operands[0]) == "/Artifact":
        return -1
    said = operands[1] if len(operands) > 1 else {}
    if isinstance(said, Name):
        said = page.Resources.Properties[str(said)]
    return int(said["/MCID"]) if "/MCID" in said else None


def _content_of_structure(pdf: pikepdf.Pdf) -> list[set[int]]:
    """The numbers of the content on each page that elements of the structure hold."""
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    held: list[set[int]] = [set() for _ in pages]
    for element in _elements(pdf):
        for child in element.get("/K", []) if isinstance(element.get("/K"), Array) else [element.get("/K")]:
            of, number = element, child
            if isinstance(child, Dictionary) and "/MCID" in child:
                of, number = (child if "/Pg" in child else element), child.MCID
            if isinstance(number, int) and "/Pg" in of:
                held[pages[of.Pg.objgen]].add(int(number))
    return held


def _elements(pdf: pikepdf.Pdf) -> Iterator[Dictionary]:
    """The elements of the structure, in the order of reading."""
    waiting = list(reversed(_children(pdf.Root.get("/StructTreeRoot", {}))))
    while waiting:
        element = waiting.pop()
        if "/S" in element:
            yield element
            waiting.extend(reversed(_children(element)))


def _children(element: Any) -> list[Dictionary]:
    inside = element.get("/K", [])
    inside = list(inside) if isinstance(inside, Array) else [inside]
    return [child for child in inside if isinstance(child, Dictionary)]


def _structure(element: Any) -> list[Dictionary]:
    return [child for child in _children(element) if "/S" in child]


def _kind(element: Dictionary) -> str:
    return str(element.S)


def _attributes(element: Dictionary) -> list[Dictionary]:
    said = element.get("/A", [])
    said = list(said) if isinstance(said, Array) else [said]
    return [one for one in said if isinstance(one, Dictionary)]


def _span(cell: Dictionary) -> int:
    return max((int(one.get("/ColSpan", 1)) for one in _attributes(cell)), default=1)


def _spans_rows(cells: list[list[Dictionary]]) -> bool:
    return any(int(one.get("/RowSpan", 1)) > 1 for row in cells for cell in row for one in _attributes(cell))
