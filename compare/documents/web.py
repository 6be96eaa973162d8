"""Web pages: the content that a municipality publishes, without menus, cookie texts, breadcrumbs and footers.

What a page is about stands in its main element; around it, elements are left out by their role, their kind and the
names that their class and id give them, never when they hold most of the page's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from compare.documents.characters import SUPERSCRIPTS, list_marker, tidy
from compare.documents.composing import MAX_CELLS, Composer, Slot
from compare.documents.model import Document
from compare.documents.recognition import Source
from compare.documents.text import decode
from compare.documents.word import counted
from compare.documents.xml import Element, name
from compare.problems import PlanError

MAX_DEPTH = 300
MAX_SPAN = 1_000
# A value behind a label is hardly longer than this; longer ones are texts under headings.
VALUE_LENGTH = 250
MAX_ELEMENTS = 3_000_000
CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]{3,20})", re.IGNORECASE)

NEVER = {
    "script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "embed", "nav", "footer", "aside",
    "select", "input", "textarea", "dialog", "menu", "audio", "video", "map", "head", "link", "meta", "label",
}  # fmt: skip
ROLES = {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog", "menu", "menubar",
         "toolbar", "alert", "tablist"}  # fmt: skip
AROUND = re.compile(
    r"(?:^|[-_ ])(?:\w*cookie\w*|kakor|consent|gdpr|breadcrumbs?|brodsmul\w*|smulor|(?:main|top|sub|side|mobile|mega)?"
    r"(?:menu|meny|nav|navigation|navbar)|sidebar|sidfot|sidhuvud|footer|share|dela|social\w*|related|relaterat|skip\w*|"
    r"search|sok|feedback|modal|popup|pagination|toolbar|sr-only|visually-hidden|screen-reader\w*|tooltip|kontaktruta|"
    r"readspeaker|rs_skip|lyssna|print|banner|sharing|sharedaddy|addthis|contact|kontakt|contacts|kontakter|helpful|"
    r"page-?foot|page-?info|sidinfo)(?:$|[-_ ])",
    re.IGNORECASE,
)
# Words of the page's own controls, which stand as blocks of their own.
CONTROLS = re.compile(
    r"(?:dela(?: sidan| detta| artikeln)?|skriv ut(?: sidan)?|lyssna(?: på sidan)?|(?:gå )?till(?:baka till)? toppen|"
    r"hjälpte (?:informationen|sidan) dig|hittade du (?:det|vad) du sökte|expandera|minimera|visa (?:mer|mindre)|stäng)"
    r"[?:.]?",
    re.IGNORECASE,
)
HEADING = re.compile(r"h([1-6])$")
BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "li", "main",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
BOLD = {"b", "strong"}
BULLET = "•"


def read(source: Source) -> Document:
    """The page as a `Document`; raises `PlanError` for one without content or nested without bounds."""
    text, notes = page_text(source.data)
    composer = Composer(source, notes=list(notes))
    try:
        # The XML declaration of XHTML is an error in decoded text; the rest of it is HTML.
        root = lxml_html.document_fromstring(
            re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=lxml_html.HTMLParser(remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise PlanError(f"{source.path}: holds no page that can be read ({error}); fetch the file again") from error
    within_bounds(root, source)
    title = next((one.text_content() for one in root.iter("title")), None)
    body = next(root.iter("body"), root)
    without_surroundings(body)
    Writer(composer).blocks(content_of(body))
    return composer.document(title=title)


def page_text(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The page decoded: as it declares itself, else as its bytes tell."""
    declared = CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return data.decode(declared[1].decode("ascii")).replace("\x00", ""), ()
        except (LookupError, UnicodeDecodeError):
            # What the page says of itself is wrong; its bytes decide.
            pass
    text, notes = decode(data)
    return text.replace("\x00", ""), notes


def within_bounds(root: Element, source: Source) -> None:
    """Raise `PlanError` for a page that is nested too deep or too large to be one."""
    depth = count = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise PlanError(
                f"{source.path}: is nested more than {MAX_DEPTH} deep or has more than {MAX_ELEMENTS:,} elements; "
                "that is no ordinary page; check where it comes from"
            )


def without_surroundings(body: Element) -> None:
    """Take out of a page what is not its content."""
    whole = len(body.text_content())
    opened = opened_by_controls(body)
    for node in list(body.iter()):
        if node is body or node.getparent() is None or not surrounding(node, opened):
            continue
        kind = name(node)
        if kind not in NEVER and (holds_content(node) or len(node.text_content()) > 0.5 * whole):
            continue
        if kind in {"nav", "aside", "footer", "menu"} and node.find(".//main") is not None:
            continue
        node.drop_tree()


def opened_by_controls(body: Element) -> set[Element]:
    """What a page hides until its reader opens it: the parts of an accordion, and the headings that open them."""
    by_id = {node.get("id"): node for node in body.iter() if node.get("id")}
    opened: set[Element] = set()
    for node in body.iter("button", "a", "summary", "div", "span", "h2", "h3", "h4"):
        if node.get("aria-expanded") is None and node.get("aria-controls") is None:
            continue
        target = by_id.get(node.get("aria-controls"))
        heading = next((up for up in (node, *node.iterancestors()) if HEADING.match(name(up))), node)
        part = target if target is not None else heading.getnext()
        if part is not None and tidy(node.text_content()):
            opened.update((node, part))
    return opened


def surrounding(node: Element, opened: set[Element]) -> bool:
    """Whether an element's kind, role or names say that it is no content."""
    kind = name(node)
    if not kind or kind in NEVER or (node.get("role") or "") in ROLES:
        return True
    if kind == "button":
        return node not in opened and not any(HEADING.match(name(one)) for one in (*node.iterancestors(), *node.iter()))
    if node.get("hidden") is not None or node.get("aria-hidden") == "true":
        return node not in opened or named_around(node)
    if re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", node.get("style") or "", re.IGNORECASE):
        return node not in opened or named_around(node)
    if kind == "header":
        return not inside_content(node)
    if kind in {"table", "tr", "td", "th", "tbody", "thead", "p", "li", "h1", "h2", "main", "article"}:
        return False
    return named_around(node)


def named_around(node: Element) -> bool:
    """Whether the class or id of an element names what stands around content."""
    return bool(AROUND.search(f"{node.get('class') or ''} {node.get('id') or ''}"))


def inside_content(node: Element) -> bool:
    return any(name(up) in {"main", "article", "section"} for up in node.iterancestors())


def holds_content(node: Element) -> bool:
    return any(True for _ in node.iter("main", "article", "h1", "table"))


def content_of(body: Element) -> Element:
    """The element that holds the page's content: main, a single article, or the body."""
    for found in (body.xpath(".//main | .//*[@role='main']"), body.xpath(".//article")):
        candidates = [one for one in found if tidy(one.text_content())]
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            longest = max(candidates, key=lambda one: len(one.text_content()))
            if len(longest.text_content()) > 0.7 * len(body.text_content()):
                return longest
    return body


class Writer:
    """Walks through a page's content and hands blocks to the composer."""

    def __init__(self, composer: Composer) -> None:
        self.composer = composer
        self.words: list[tuple[str, bool]] = []
        # The level of the last heading: what opens a part of an accordion is a heading below it.
        self.level = 0

    def blocks(self, node: Element, marker: str | None = None) -> None:
        """Write what stands in an element; `marker` is that of the list item whose words come first."""
        self.add(node.text, False)
        for child in node:
            kind = name(child)
            if HEADING.match(kind):
                marker = self.flush(marker)
                self.level = int(kind[1])
                self.heading(child, self.level)
            elif kind in {"summary", "button"} and not any(HEADING.match(name(one)) for one in child.iter()):
                marker = self.flush(marker)
                self.heading(child, min(6, self.level + 1))
            elif kind == "figure" and len(list(child.iter("table"))) == 1:
                marker = self.flush(marker)
                self.table(next(child.iter("table")), next((words_of(one) for one in child.iter("figcaption")), None))
            elif kind == "dl" and (pairs := labelled(child)):
                marker = self.flush(marker)
                self.composer.table(pairs)
            elif kind in {"ul", "ol"} and within_page(child):
                marker = self.flush(marker)
            elif kind == "table" or child.get("role") in {"table", "grid"}:
                marker = self.flush(marker)
                self.table(child)
            elif kind in {"ul", "ol"}:
                marker = self.flush(marker)
                self.list(child, kind)
            elif kind == "br":
                marker = self.flush(marker)
            elif kind in BLOCKS:
                marker = self.flush(marker)
                self.blocks(child, marker)
                marker = None
            elif kind and any(name(one) in BLOCKS for one in child.iterdescendants()):
                self.blocks(child, marker)
                marker = None
            elif kind and child.find(".//br") is not None:
                for line in words_of(child).split("\n"):
                    self.add(line, kind in BOLD)
                    marker = self.flush(marker)
            elif kind:
                self.add(words_of(child), kind in BOLD or emphasised(child))
            self.add(child.tail, False)
        self.flush(marker)

    def heading(self, node: Element, level: int) -> None:
        text = words_of(node).replace("\n", " ")
        if not CONTROLS.fullmatch(text):
            self.composer.text(text, "heading", level=level)

    def add(self, text: str | None, bold: bool) -> None:
        if text:
            self.words.append((text, bold))

    def flush(self, marker: str | None) -> str | None:
        """Write the words gathered so far as one block; returns the marker while it is still unused."""
        words, self.words = self.words, []
        text = tidy(re.sub(r"\s+", " ", "".join(text for text, _ in words)))
        if not text or CONTROLS.fullmatch(text):
            return marker
        bold = all(strong for text, strong in words if text.strip())
        marked = None if marker else list_marker(text)
        if marker:
            self.composer.text(text, "list_item", marker=marker, bold=bold)
        elif marked:
            self.composer.text(marked[1], "list_item", marker=marked[0], bold=bold)
        else:
            self.composer.text(text, bold=bold)
        return None

    def list(self, node: Element, kind: str) -> None:
        """Write a list's items with the bullet or number that a browser shows."""
        start = node.get("start") or "1"
        number = int(start) if re.fullmatch(r"\d{1,6}", start) else 1
        form = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}.get(
            node.get("type") or ""
        )
        for child in node:
            if name(child) == "li":
                marker = f"{counted(number, form or 'decimal')}." if kind == "ol" else BULLET
                self.blocks(child, marker)
                number += 1
            elif name(child) in {"ul", "ol"}:
                self.list(child, name(child))
            elif name(child):
                self.blocks(child)

    def table(self, node: Element, caption: str | None = None) -> None:
        """Write a table; one that only arranges the page is read as what stands in it, menus left out."""
        rows = list(table_rows(node))
        width = max((sum(1 for _ in cells_of(row)) for row in rows), default=0)
        nested = any(len(list(table_rows(inner))) > 1 for inner in node.iterdescendants("table"))
        if width < 2 or node.get("role") == "presentation" or nested:
            for row in rows:
                for cell in cells_of(row):
                    if not only_links(cell):
                        self.blocks(cell)
            return
        caption = next((words_of(one) for one in node if name(one) == "caption"), caption)
        self.composer.table(slots(rows, self.composer), caption=caption, header_rows=header_rows(rows) or None)


def within_page(node: Element) -> bool:
    """Whether a list only links to the page's own headings."""
    items = [one for one in node if name(one) == "li"]
    links = [link for item in items for link in item.iter("a")]
    inner = [link for link in links if (link.get("href") or "").startswith("#")]
    return len(items) > 1 and len(inner) == len(links) >= len(items) and same_words(node, links)


def only_links(node: Element) -> bool:
    """Whether a cell of a page's frame holds nothing but several links, as a menu does."""
    links = list(node.iter("a"))
    return len(links) > 2 and same_words(node, links)


def same_words(node: Element, parts: list[Element]) -> bool:
    """Whether these parts hold all words of an element."""
    return "".join(node.text_content().split()) == "".join("".join(part.text_content().split()) for part in parts)


def labelled(node: Element) -> list[list[Slot]]:
    """A list of terms as rows of label and value; empty where its values are whole texts."""
    rows: list[list[Slot]] = []
    for child in node.iter("dt", "dd"):
        text = words_of(child)
        if name(child) == "dt":
            rows.append([Slot(text)])
        elif not rows or len(rows[-1]) != 1 or len(text) > VALUE_LENGTH or child.find(".//table") is not None:
            return []
        else:
            rows[-1].append(Slot(text))
    return rows if len(rows) > 1 and all(len(row) == 2 for row in rows) else []


def emphasised(node: Element) -> bool:
    """Whether all words of an inline element are bold."""
    inner = [one for one in node.iter() if name(one) in BOLD]
    return bool(inner) and tidy("".join(one.text_content() for one in inner)) == tidy(node.text_content())


def table_rows(table: Element) -> Iterator[Element]:
    """The rows of a table, those of tables inside its cells left out."""
    stack = list(reversed(table))
    while stack:
        node = stack.pop()
        if name(node) == "tr" or node.get("role") == "row":
            yield node
        elif name(node) in {"thead", "tbody", "tfoot", "div"} or node.get("role") == "rowgroup":
            stack.extend(reversed(node))


def cells_of(row: Element) -> Iterator[Element]:
    """The cells of a row, by their tag or their role."""
    for node in row:
        if name(node) in {"td", "th"} or node.get("role") in {"cell", "columnheader", "rowheader", "gridcell"}:
            yield node


def header_rows(rows: list[Element]) -> int:
    """How many rows at the top the page declares as header: in thead, or of th alone."""
    count = 0
    for row in rows:
        kinds = [name(cell) if name(cell) in {"td", "th"} else cell.get("role") for cell in cells_of(row)]
        in_head = row.getparent() is not None and name(row.getparent()) == "thead"
        if not (in_head or (kinds and all(kind in {"th", "columnheader"} for kind in kinds))):
            break
        count += 1
    return count


def span(node: Element, key: str) -> int:
    value = (node.get(key) or "1").strip()
    return max(1, min(int(value), MAX_SPAN)) if re.fullmatch(r"\d{1,6}", value) else 1


def slots(rows: list[Element], composer: Composer) -> list[list[Slot]]:
    """The cells of a table; one that reaches over rows is repeated in each."""
    below: dict[int, tuple[Slot, int]] = {}
    result: list[list[Slot]] = []
    count = 0
    for row in rows:
        line: list[Slot] = []
        column = 0
        waiting = list(cells_of(row))
        left = {}
        while waiting or any(start >= column for start in below):
            if column in below:
                slot, more = below.pop(column)
            elif waiting:
                cell = waiting.pop(0)
                slot, more = Slot(words_of(cell), span(cell, "colspan")), span(cell, "rowspan") - 1
            else:
                slot, more = Slot(""), 0
            if more > 0:
                left[column] = (slot, more - 1) if more > 1 else (slot, 0)
            line.append(slot)
            column += slot.spans
            count += slot.spans
            if count > MAX_CELLS:
                raise PlanError(
                    f"{composer.source.path}: has more than {MAX_CELLS:,} table cells; that is no plan; split the page"
                )
        below = left
        result.append(line)
    return result


def words_of(node: Element) -> str:
    """The words in an element, a line for each block or break in it; items keep a bullet."""
    lines: list[str] = [""]

    def walk(one: Element, depth: int) -> None:
        for child in one:
            kind = name(child)
            if kind == "br":
                lines.append("")
            elif kind in BLOCKS:
                lines.append(f"{BULLET} " if kind == "li" else "")
            if kind:
                text = re.sub(r"\s+", " ", child.text or "")
                lines[-1] += text.translate(SUPERSCRIPTS) if kind == "sup" and text.strip().isdigit() else text
                if depth < MAX_DEPTH:
                    walk(child, depth + 1)
            if kind in BLOCKS:
                lines.append("")
            lines[-1] += re.sub(r"\s+", " ", child.tail or "")

    lines[-1] += re.sub(r"\s+", " ", node.text or "")
    walk(node, 0)
    return "\n".join(tidy(line) for line in lines if tidy(line).strip(f"{BULLET} "))
