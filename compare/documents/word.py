"""DOCX files: paragraphs, headings by style, list items with their numbers, tables with merged cells.

Word prints numbers that its file does not hold: '1.1' before a heading, 'a)' before an item. They are counted here as
Word counts them, since plans refer to their goals by such numbers. Deleted text, field codes, headers and footers and
tables of contents are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile

from compare.documents.characters import SUPERSCRIPTS, list_marker, tidy
from compare.documents.composing import Composer, Slot
from compare.documents.model import Document
from compare.documents.recognition import Source, part, unpacked
from compare.documents.xml import Element, attribute, child, name, parsed

MAX_NESTING = 12
MAX_SPAN = 1_000
CONTENTS = re.compile(r"toc ?\d|innehåll ?\d|table of (?:figures|contents)", re.IGNORECASE)
OFF = {"0", "false", "none", "off"}
BULLET = "•"
# Signs of status and direction that Word writes in its symbol font.
WINGDINGS = {
    0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x6C: "●", 0x6E: "■", 0x6F: "☐", 0xA1: "○", 0xA8: "☐", 0xD8: "➢", 0xDF: "←",
    0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "→", 0xE9: "↑", 0xEA: "↓", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip


def read(source: Source) -> Document:
    """The DOCX file as a `Document`; raises `PlanError` for a damaged or malicious one."""
    composer = Composer(source)
    with unpacked(source.data, source.path) as archive:
        word = Word(archive, source.path)
        root = parsed(part(archive, "word/document.xml", source.path), source.path, "the text")
        title = core_title(archive, source.path)
    body = child(root, "body")
    if body is not None:
        Writer(composer, word).blocks(body, 0)
    for number, text in word.used_footnotes():
        composer.text(f"{number} {text}")
    return composer.document(title=title)


def core_title(archive: ZipFile, path: Path) -> str | None:
    """The title among the document's properties."""
    if "docProps/core.xml" not in archive.namelist():
        return None
    node = child(parsed(part(archive, "docProps/core.xml", path), path, "the properties"), "title")
    return node.text if node is not None else None


@dataclass(slots=True)
class Style:
    """What a paragraph style says, the styles it is based on included."""

    level: int | None = None
    number: tuple[str, int] | None = None
    bold: bool = False
    contents: bool = False


@dataclass(slots=True)
class Level:
    """One level of a numbering: its format, pattern and first number."""

    format: str
    pattern: str
    start: int


@dataclass(slots=True)
class Paragraph:
    """A paragraph as read: its words, and what it is."""

    text: str
    style: Style
    label: str | None
    bold: bool


class Word:
    """The parts of a DOCX file beside its text: styles, numberings and footnotes, with the counters under way."""

    def __init__(self, archive: ZipFile, path: Path) -> None:
        names = set(archive.namelist())
        roots = {
            kind: parsed(part(archive, f"word/{kind}.xml", path), path, f"the part {kind}")
            for kind in ("styles", "numbering", "footnotes")
            if f"word/{kind}.xml" in names
        }
        self.styles = read_styles(roots["styles"]) if "styles" in roots else {}
        self.numberings = read_numberings(roots["numbering"]) if "numbering" in roots else {}
        self.counters: dict[str, dict[int, int]] = {}
        self.footnotes = read_footnotes(roots["footnotes"]) if "footnotes" in roots else {}
        self.cited: list[str] = []

    def label(self, number: tuple[str, int] | None) -> str | None:
        """The number or bullet that Word prints before a paragraph; counts it."""
        if number is None or number[0] == "0" or number[0] not in self.numberings:
            return None
        identity, levels = self.numberings[number[0]]
        depth = number[1]
        level = levels.get(depth)
        if level is None:
            return None
        counters = self.counters.setdefault(identity, {})
        counters[depth] = counters.get(depth, level.start - 1) + 1
        for deeper in [one for one in counters if one > depth]:
            del counters[deeper]
        if level.format == "bullet":
            return BULLET
        if level.format == "none":
            return None
        pattern = level.pattern
        for above in range(depth + 1):
            shown = levels.get(above, level)
            value = counters.get(above, shown.start)
            pattern = pattern.replace(f"%{above + 1}", counted(value, shown.format))
        return pattern.strip() or None

    def cite(self, identity: str) -> str:
        """The raised number of a footnote."""
        if identity not in self.cited:
            self.cited.append(identity)
        return str(self.cited.index(identity) + 1).translate(SUPERSCRIPTS)

    def used_footnotes(self) -> Iterator[tuple[str, str]]:
        """The number and the text of each footnote that was cited, in order of citing."""
        for number, identity in enumerate(self.cited, 1):
            text = self.footnotes.get(identity)
            if text:
                yield str(number).translate(SUPERSCRIPTS), text


def counted(value: int, format: str) -> str:
    """A number as Word writes it in this format."""
    if format in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter if format == "lowerLetter" else letter.upper()
    if format in {"lowerRoman", "upperRoman"} and 0 < value < 4000:
        roman = ""
        for size, sign in ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
                           (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):  # fmt: skip
            count, value = divmod(value, size)
            roman += sign * count
        return roman if format == "lowerRoman" else roman.upper()
    return f"{value:02d}" if format == "decimalZero" else str(value)


def read_styles(root: Element) -> dict[str, Style]:
    """The paragraph styles by id, with what they inherit."""
    nodes = {attribute(node, "styleId") or "": node for node in root if name(node) == "style"}
    return {identity: resolved(identity, nodes) for identity in nodes}


def resolved(identity: str, nodes: dict[str, Element]) -> Style:
    """A style with what it inherits from those that it is based on."""
    style = Style()
    seen: set[str] = set()
    current: str | None = identity
    while current and current in nodes and current not in seen:
        seen.add(current)
        node = nodes[current]
        title = attribute(child(node, "name"), "val") or ""
        heading = re.fullmatch(r"(?:heading|rubrik) ?([1-9])", title, re.IGNORECASE)
        outline = attribute(child(node, "pPr", "outlineLvl"), "val")
        if style.level is None:
            if heading:
                style.level = int(heading[1])
            elif title.lower() in {"title", "titel", "rubrik"}:
                style.level = 1
            elif outline is not None and outline.isdigit() and int(outline) < 9:
                style.level = int(outline) + 1
        style.number = style.number or numbering_of(child(node, "pPr"))
        style.bold = style.bold or switched_on(child(node, "rPr", "b"))
        style.contents = style.contents or CONTENTS.match(title) is not None
        current = attribute(child(node, "basedOn"), "val")
    return style


def switched_on(node: Element | None) -> bool:
    return node is not None and (attribute(node, "val") or "1") not in OFF


def numbering_of(properties: Element | None) -> tuple[str, int] | None:
    """The numbering and depth that paragraph properties name."""
    node = child(properties, "numPr")
    identity = attribute(child(node, "numId"), "val")
    depth = attribute(child(node, "ilvl"), "val") or "0"
    return (identity, int(depth)) if identity is not None and depth.isdigit() else None


def read_numberings(root: Element) -> dict[str, tuple[str, dict[int, Level]]]:
    """The numberings by id: which counters they share, and their levels."""
    shared = {attribute(node, "abstractNumId"): node for node in root if name(node) == "abstractNum"}
    found: dict[str, tuple[str, dict[int, Level]]] = {}
    for node in root:
        if name(node) == "num":
            identity, abstract = attribute(node, "numId"), attribute(child(node, "abstractNumId"), "val")
            levels = read_levels(shared[abstract]) if abstract in shared else {}
            restarted = any(child(one, "startOverride") is not None for one in node if name(one) == "lvlOverride")
            found[identity or ""] = (f"{abstract}/{identity}" if restarted else str(abstract), levels)
    return found


def read_levels(node: Element) -> dict[int, Level]:
    """The levels of a numbering by their depth: how each counts and what it writes."""
    levels = {}
    for one in node:
        depth = attribute(one, "ilvl")
        if name(one) == "lvl" and depth is not None and depth.isdigit():
            start = attribute(child(one, "start"), "val") or "1"
            levels[int(depth)] = Level(
                attribute(child(one, "numFmt"), "val") or "decimal",
                attribute(child(one, "lvlText"), "val") or "",
                int(start) if start.isdigit() else 1,
            )
    return levels


def read_footnotes(root: Element) -> dict[str, str]:
    """The footnotes' texts by id, the separators Word keeps among them left out."""
    return {
        attribute(node, "id") or "": tidy(" ".join(texts_in(node)))
        for node in root
        if name(node) == "footnote" and attribute(node, "type") is None
    }


def texts_in(node: Element) -> Iterator[str]:
    """The pieces of text in an element, however deep."""
    for one in node.iter():
        if name(one) == "t":
            yield one.text or ""


# --- blocks ----------------------------------------------------------------------------------------------------------


@dataclass
class Writer:
    """Walks through the body and hands blocks to the composer."""

    composer: Composer
    word: Word
    boxes: list[Element] = field(default_factory=list)

    def blocks(self, parent: Element, depth: int) -> None:
        """Write the blocks under a body, a content control or a frame of one cell."""
        for node in parent:
            kind = name(node)
            if kind == "p":
                if not joined_to_next(node):
                    self.paragraph(node, depth)
            elif kind == "tbl":
                self.table(node, depth)
            elif kind == "sdt" and depth < MAX_NESTING:
                content = content_of(node)
                if content is not None and not is_contents(node):
                    self.blocks(content, depth + 1)
            elif kind in {"ins", "moveTo", "smartTag", "customXml"} and depth < MAX_NESTING:
                self.blocks(node, depth + 1)

    def paragraph(self, node: Element, depth: int) -> None:
        """Write one paragraph, and the text boxes anchored in it behind it."""
        read = self.read(node)
        if read.style.contents or not read.text:
            pass
        elif read.style.level is not None:
            text = f"{read.label} {read.text}" if read.label and read.label != BULLET else read.text
            self.composer.text(text, "heading", level=read.style.level, bold=read.bold)
        elif marked := list_marker(f"{read.label} {read.text}" if read.label else read.text):
            self.composer.text(marked[1], "list_item", marker=marked[0], bold=read.bold)
        else:
            # 'Mål 1:' and '1.1' are part of what is said. A line break inside a paragraph separates lines that are
            # blocks in every other format.
            for line in (f"{read.label} {read.text}" if read.label else read.text).split("\n"):
                self.composer.text(line, bold=read.bold)
        boxes, self.boxes = self.boxes, []
        if depth < MAX_NESTING:
            for box in boxes:
                self.blocks(box, depth + 1)

    def read(self, node: Element) -> Paragraph:
        """A paragraph's words and properties; counts its number."""
        properties = child(node, "pPr")
        style = self.word.styles.get(attribute(child(properties, "pStyle"), "val") or "", Style())
        outline = attribute(child(properties, "outlineLvl"), "val")
        if outline is not None and outline.isdigit() and int(outline) < 9 and style.level is None:
            style = Style(int(outline) + 1, style.number, style.bold, style.contents)
        runs = list(self.runs(node, 0))
        text = tidy("".join(text for text, _ in runs))
        number = numbering_of(properties) or style.number
        # Word counts and shows numbers of empty paragraphs too; outside cells these number nothing.
        label = self.word.label(number)
        bold = all(style.bold or strong for text, strong in runs if text.strip()) and bool(text)
        return Paragraph(text, style, label, bold)

    def runs(self, node: Element, depth: int) -> Iterator[tuple[str, bool]]:
        """The words of a paragraph run by run, each with whether it is bold."""
        for one in node:
            kind = name(one)
            if kind == "r":
                yield self.run(one)
            elif kind in {
                "hyperlink",
                "ins",
                "moveTo",
                "smartTag",
                "fldSimple",
                "sdtContent",
                "dir",
                "bdo",
                "customXml",
            }:
                if depth < MAX_NESTING:
                    yield from self.runs(one, depth + 1)
            elif kind == "sdt" and depth < MAX_NESTING:
                content = content_of(one)
                if content is not None:
                    yield from self.runs(content, depth + 1)

    def run(self, node: Element) -> tuple[str, bool]:
        """The words of a run, and whether they are bold; hidden words are none."""
        properties = child(node, "rPr")
        if switched_on(child(properties, "vanish")):
            return "", False
        raised = attribute(child(properties, "vertAlign"), "val") == "superscript"
        parts = []
        for one in node:
            kind = name(one)
            if kind == "t":
                text = one.text or ""
                parts.append(text.translate(SUPERSCRIPTS) if raised and text.strip().isdigit() else text)
            elif kind in {"tab", "ptab"}:
                parts.append(" ")
            elif kind in {"br", "cr"}:
                parts.append("\n" if attribute(one, "type") in {None, "textWrapping"} else " ")
            elif kind == "noBreakHyphen":
                parts.append("-")
            elif kind == "sym":
                parts.append(symbol(attribute(one, "font") or "", attribute(one, "char") or ""))
            elif kind == "footnoteReference":
                parts.append(self.word.cite(attribute(one, "id") or ""))
            elif kind in {"drawing", "pict", "AlternateContent", "object"}:
                self.boxes.extend(text_boxes(one))
        return "".join(parts), switched_on(child(properties, "b"))

    # --- tables ---

    def table(self, node: Element, depth: int) -> None:
        """Write a table; one of a single column is a frame around blocks.

        So is one whose cells hold little but tables of their own; those in a table with other words follow it.
        """
        rows = list(rows_of(node, depth))
        if not rows:
            return
        inner = [one for row in rows for cell in cells_of(row, 0) for one in cell.iter() if is_grid(one)]
        worded = [sum(any(own_words(cell)) for cell in cells_of(row, 0)) for row in rows]
        if max(sum(1 for _ in cells_of(row, 0)) for row in rows) < 2 or (
            inner and sum(count > 1 for count in worded) < 2
        ):
            if depth < MAX_NESTING:
                for row in rows:
                    for cell in cells_of(row, 0):
                        self.blocks(cell, depth + 1)
            return
        head = 0
        while head < len(rows) and switched_on(child(rows[head], "trPr", "tblHeader")):
            head += 1
        self.composer.table(self.slots(rows, depth), header_rows=head or None)
        self.boxes = []
        for one in inner if depth < MAX_NESTING else ():
            self.table(one, MAX_NESTING)

    def slots(self, rows: list[Element], depth: int) -> list[list[Slot]]:
        """The cells of a table; one that is merged downwards is repeated in each row."""
        above: dict[int, Slot] = {}
        result = []
        for row in rows:
            before = attribute(child(row, "trPr", "gridBefore"), "val") or "0"
            column = min(int(before), MAX_SPAN) if before.isdigit() else 0
            line = [Slot("")] * column
            kept: dict[int, Slot] = {}
            for cell in cells_of(row, 0):
                span = attribute(child(cell, "tcPr", "gridSpan"), "val") or "1"
                spans = max(1, min(int(span), MAX_SPAN)) if span.isdigit() else 1
                beside = child(cell, "tcPr", "hMerge")
                if beside is not None and attribute(beside, "val") != "restart" and line:
                    line[-1] = Slot(line[-1].text, line[-1].spans + spans)
                    column += spans
                    continue
                merge = child(cell, "tcPr", "vMerge")
                if merge is not None and attribute(merge, "val") != "restart" and column in above:
                    slot = above[column]
                else:
                    slot = Slot(self.cell_text(cell, depth + 1), spans)
                if merge is not None:
                    kept[column] = slot
                line.append(slot)
                column += slot.spans
            above = kept
            result.append(line)
        return result

    def cell_text(self, cell: Element, depth: int) -> str:
        """The words of a cell, a line for each paragraph, list markers kept before their text."""
        lines: list[str] = []
        for node in cell:
            kind = name(node)
            if kind == "p":
                if joined_to_next(node):
                    continue
                read = self.read(node)
                if read.text or (read.label and read.label != BULLET):
                    lines.append(f"{read.label} {read.text}" if read.label else read.text)
            elif kind == "tbl" and depth < MAX_NESTING and not is_grid(node):
                for row in rows_of(node, depth):
                    texts = [self.cell_text(inner, depth + 1) for inner in cells_of(row, 0)]
                    lines.append(" ".join(filter(None, texts)))
            elif kind == "sdt" and depth < MAX_NESTING:
                content = content_of(node)
                lines.append(self.cell_text(content, depth + 1) if content is not None else "")
            elif kind in {"ins", "customXml"} and depth < MAX_NESTING:
                lines.append(self.cell_text(node, depth + 1))
        boxes, self.boxes = self.boxes, []
        if depth < MAX_NESTING:
            lines += [self.cell_text(box, depth + 1) for box in boxes]
        return "\n".join(filter(None, lines))


def symbol(font: str, code: str) -> str:
    """A character of a symbol font as the character it looks like; '' for one that no plan needs."""
    if not font.lower().startswith("wingdings") or not re.fullmatch(r"[0-9a-fA-F]{2,4}", code):
        return ""
    return WINGDINGS.get(int(code, 16) & 0xFF, "")


def joined_to_next(node: Element) -> bool:
    """Move the words of a paragraph whose end was deleted to the paragraph behind it; whether there is one."""
    below = node.getnext()
    if child(node, "pPr", "rPr", "del") is None or below is None or name(below) != "p":
        return False
    at = 1 if name(below[0] if len(below) else None) == "pPr" else 0
    below[at:at] = [one for one in node if name(one) != "pPr"]
    return True


def rows_of(table: Element, depth: int) -> Iterator[Element]:
    """The rows of a table, those of tables in its cells and those deleted left out."""
    for node in table:
        if name(node) == "tr":
            if child(node, "trPr", "del") is None:
                yield node
        elif name(node) in {"sdt", "sdtContent", "customXml", "ins"} and depth < MAX_NESTING:
            yield from rows_of(node, depth + 1)


def cells_of(row: Element, depth: int) -> Iterator[Element]:
    """The cells of a row, also where a content control holds them."""
    for node in row:
        if name(node) == "tc":
            yield node
        elif name(node) in {"sdt", "sdtContent", "customXml"} and depth < MAX_NESTING:
            yield from cells_of(node, depth + 1)


def content_of(node: Element) -> Element | None:
    """What a content control holds; None where it only shows the words that ask for it."""
    return None if child(node, "sdtPr", "showingPlcHdr") is not None else child(node, "sdtContent")


def is_grid(node: Element) -> bool:
    """Whether an element is a table of several rows and columns."""
    if name(node) != "tbl":
        return False
    rows = list(rows_of(node, 0))
    return len(rows) > 1 and all(sum(1 for _ in cells_of(row, 0)) > 1 for row in rows)


def own_words(cell: Element) -> Iterator[str]:
    """The words of a cell outside the tables it holds."""
    for one in cell:
        if name(one) == "p":
            yield from filter(str.strip, texts_in(one))


def is_contents(node: Element) -> bool:
    """Whether a content control is a table of contents."""
    gallery = attribute(child(node, "sdtPr", "docPartObj", "docPartGallery"), "val") or ""
    return "contents" in gallery.lower()


def text_boxes(node: Element) -> list[Element]:
    """The text boxes in a drawing; of two versions of one only the first."""
    found: list[Element] = []
    for one in node.iter():
        if name(one) == "txbxContent" and not any(
            name(up) in {"Fallback", "txbxContent"} for up in one.iterancestors()
        ):
            found.append(one)
    return found
