"""The report as a tagged PDF (PDF/UA-1), set by typst from the same cleaned tree as the page.

Typst comes whole in its wheel, with fonts, so that a machine needs nothing else. It refuses to write PDF/UA where the
structure would not hold (an image without description, a heading that skips a level, no title or language), which
makes every PDF that comes out a checked one. Data tables that stand folded under a figure are left to the page and the
data files; everything else is in print too.
"""

from __future__ import annotations

import base64
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lxml import html

from compare.presentation.wording import Wording
from compare.problems import PlanError
from compare.reports.rendering import TEMPLATES, shown_parameters

if TYPE_CHECKING:
    from compare.reports.runs import Request

STANDARD: Literal["ua-1"] = "ua-1"
FILE = "report.pdf"
TALLEST = 1.3
MANY_COLUMNS = 7  # from so many on the columns of a table share the page by what stands in them
WIDEST = 26  # letters that a column gets at most for its cells
BETWEEN = 2  # letters that the space between two columns takes
LETTERS = 140  # letters that stand side by side on the page in the small type of many columns
FULL_WIDTH = 864  # pixels of an image that is meant to be as wide as the page
INLINE = {"strong": "strong", "b": "strong", "th": "strong", "em": "emph", "i": "emph", "cite": "emph", "q": "quote"}
LEFT_OUT = frozenset(["nav", "summary", "hr"])
BLOCKS = frozenset(
    ["p", "div", "section", "header", "figure", "details", "table", "ul", "ol", "dl", "blockquote", "pre"]
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
IMAGE_TYPES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}


def write(tree: html.HtmlElement, request: Request) -> Path:
    """Write the report as PDF/UA-1 into the run's work folder; returns its path.

    Raises `PlanError` where typst refuses, with its reason.
    """
    import typst

    say = Wording(request.language)
    target = request.work / FILE
    with tempfile.TemporaryDirectory(prefix="pc-") as name:
        folder = Path(name)
        (folder / "report.typ").write_text((TEMPLATES / "report.typ").read_text(encoding="utf-8"), encoding="utf-8")
        source = _Typesetter(folder).document(tree, request, say)
        (folder / "main.typ").write_text(source, encoding="utf-8")
        try:
            typst.compile(
                folder / "main.typ",
                output=target,
                root=folder,
                ignore_system_fonts=True,
                font_paths=_fonts(),
                pdf_standards=[STANDARD],
            )
        except typst.TypstError as error:
            hints = "; ".join(error.hints)
            raise PlanError(f"the PDF of {request.name} cannot be set: {error.message} {hints}".strip()) from error
    return target


def _fonts() -> list[Path]:
    """The fonts of matplotlib, for the signs that typst's own lack."""
    import matplotlib

    return [Path(matplotlib.get_data_path()) / "fonts" / "ttf"]


def quoted(text: str) -> str:
    """A text as a typst string: never markup, whatever it holds."""
    return re.sub(r"\\u([0-9a-f]{4})", r"\\u{\1}", json.dumps(text, ensure_ascii=False))


class _Typesetter:
    """Writes a tree as typst code, in which every text is a quoted string."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.images = 0
        self.targets: set[str] = set()
        self.has_contents = False

    def document(self, tree: html.HtmlElement, request: Request, say: Wording) -> str:
        """The whole document: title and what stands before the first section, contents, the rest, parameters."""
        self.targets = {element.get("id", "") for element in tree.iter(*HEADINGS, "li", "p")}
        title = " ".join(next(tree.iter("h1")).text_content().split())
        fields = {
            "title": title,
            "subject": request.report.question.get(request.language, title),
            "language": request.language,
            "contents-title": say("Contents"),
            "page-word": say("Page"),
        }
        shown = ", ".join(f"{name}: {quoted(value)}" for name, value in fields.items())
        body = self.blocks(tree, say)
        parameters = [f"({quoted(label)}, {quoted(value)})" for label, value in shown_parameters(request)]
        header = f"(table.header({quoted(say('Parameter'))}, {quoted(say('Value'))}),)"
        about = (
            f"heading(level: 2, {quoted(say('About this report'))})\n"
            f"report-table(2, {quoted(say('What the report was made with'))}, {header}, "
            f"({', '.join(parameters)},).flatten())"
        )
        if tree.find_class("parameters"):
            about = ""
        return f'#import "report.typ": *\n#show: report.with({shown})\n#{{\n{body}\n{about}\n}}\n'

    def blocks(self, element: html.HtmlElement, say: Wording) -> str:
        """The children of an element that holds blocks, one statement a line."""
        return "\n".join(self._children(element, say)) or "[]"

    def _children(self, element: html.HtmlElement, say: Wording) -> Iterator[str]:
        loose = _text(element.text)
        for child in element:
            if child.tag in BLOCKS | HEADINGS or _holds_blocks(child):
                if _says_something(loose):
                    yield f"par({{[]\n{loose}}})"
                loose = ""
                yield from self._block(child, say)
            else:
                loose += self._inline(child)
            loose += _text(child.tail)
        if _says_something(loose):
            yield f"par({{[]\n{loose}}})"

    def _block(self, element: html.HtmlElement, say: Wording) -> Iterator[str]:
        tag = element.tag
        if tag in LEFT_OUT or "downloads" in element.get("class", "").split():
            return
        if re.fullmatch(r"h[1-6]", tag):
            yield self._heading(element, say)
        elif tag == "p":
            yield self._labelled(element, f"par({self._content(element)})")
        elif tag in ("ul", "ol"):
            yield self._list(element, say)
        elif tag == "table":
            yield self._table(element, say)
        elif tag == "figure":
            yield from self._figure(element, say)
        elif tag == "pre":
            yield f"raw(block: true, {quoted(element.text_content())})"
        elif tag == "blockquote" or "no-data" in element.get("class", "").split():
            yield f"report-note({{{self.blocks(element, say)}}})"
        else:
            yield from self._children(element, say)

    def _heading(self, element: html.HtmlElement, say: Wording) -> str:
        level = int(element.tag[1])
        outlined = "" if level > 1 else ", outlined: false"
        made = self._labelled(element, f"heading(level: {level}{outlined}, {self._content(element)})")
        if level == 1 or self.has_contents:
            return made
        self.has_contents = True
        return f"report-contents({quoted(say('Contents'))})\n{made}"

    def _labelled(self, element: html.HtmlElement, made: str) -> str:
        name = element.get("id")
        return f"[#{made}#label({quoted(name)})]" if name else made

    def _list(self, element: html.HtmlElement, say: Wording) -> str:
        kind = "list" if element.tag == "ul" else "enum"
        items = [self._item(item, say) for item in element.iterchildren("li")]
        return f"{kind}({', '.join(items)})" if items else "[]"

    def _item(self, item: html.HtmlElement, say: Wording) -> str:
        name = item.get("id")
        target = f"[#metadata(none) #label({quoted(name)})]\n" if name else ""
        inside = self.blocks(item, say) if _holds_blocks(item) else self._content(item)
        return f"{{{target}{inside}}}"

    def _figure(self, element: html.HtmlElement, say: Wording) -> Iterator[str]:
        caption = element.find(".//figcaption")
        words = self._content(caption) if caption is not None else "none"
        for image in element.iter("img"):
            path = self._image(image)
            if path:
                size = "height: 220mm" if _is_tall(self.folder / path) else f"width: {_share_of_page(image)}%"
                yield f"report-image({quoted(path)}, {quoted(image.get('alt', ''))}, {words}, {size})"
        for table in element.iter("table"):
            if not any(parent.tag == "details" for parent in table.iterancestors()):
                yield self._table(table, say)

    def _image(self, image: html.HtmlElement) -> str:
        kind, _, content = image.get("src", "").partition(";base64,")
        ending = IMAGE_TYPES.get(kind.removeprefix("data:"))
        if ending is None:
            return ""
        self.images += 1
        path = self.folder / f"image-{self.images}.{ending}"
        path.write_bytes(base64.b64decode(content))
        return path.name

    def _table(self, table: html.HtmlElement, say: Wording) -> str:
        caption = table.find("caption")
        words = self._content(caption) if caption is not None else "none"
        heads = table.findall("./thead/tr")
        rows = [row for row in table.iter("tr") if row not in heads]
        width = max((sum(_span(cell) for cell in row) for row in [*heads, *rows]), default=1)
        header = ", ".join(self._cell(cell) for row in heads for cell in row)
        cells = ", ".join(self._cell(cell) for row in rows for cell in row)
        widths = _widths([*heads, *rows], width)
        return f"report-table({widths}, {words}, ({f'table.header({header}),' if header else ''}), ({cells},))"

    def _cell(self, cell: html.HtmlElement) -> str:
        sizes = [
            f"{name}: {int(cell.get(name, 1))}" for name in ("colspan", "rowspan") if cell.get(name, "1").isdigit()
        ]
        align = ["align: right"] if "number" in cell.get("class", "").split() else []
        return f"table.cell({', '.join([*sizes, *align])}, {self._content(cell)})"

    def _content(self, element: html.HtmlElement) -> str:
        """What stands in a line: text, emphasis, links."""
        parts = _text(element.text) + "".join(self._inline(child) + _text(child.tail) for child in element)
        return f"{{[]\n{parts}}}"

    def _inline(self, element: html.HtmlElement) -> str:
        if not isinstance(element.tag, str) or element.tag in LEFT_OUT:
            return ""
        content = self._content(element)
        if element.tag == "br":
            return "linebreak()\n"
        if element.tag == "img":
            return f"{quoted(element.get('alt', ''))}\n"
        if element.tag == "a":
            return self._link(element, content)
        if element.tag in INLINE and element.text_content().strip():
            return f"{INLINE[element.tag]}({content})\n"
        return f"{content}\n"

    def _link(self, element: html.HtmlElement, content: str) -> str:
        address = element.get("href", "")
        if re.match(r"https?:|mailto:", address):
            return f"link({quoted(address)}, {content})\n"
        name = address.removeprefix("#")
        if address.startswith("#") and name in self.targets:
            return f"link(label({quoted(name)}), {content})\n"
        return f"{content}\n"


def _text(text: str | None) -> str:
    words = re.sub(r"[ \t\r\n]+", " ", text or "")
    return f"{quoted(words)}\n" if words else ""


def _is_tall(path: Path) -> bool:
    """Whether an image as wide as the page would be higher than it."""
    if path.suffix == ".svg":
        return False
    from PIL import Image

    with Image.open(path) as image:
        return image.height > TALLEST * image.width


def _share_of_page(image: html.HtmlElement) -> int:
    """How many percent of the page's width an image takes: a small one is not blown up, its letters with it."""
    width = image.get("width", "")
    return min(round(100 * int(width) / FULL_WIDTH), 100) if width.isdigit() else 100


def _widths(rows: Sequence[html.HtmlElement], columns: int) -> str:
    """How the columns of a table share the page: as they need it, or for many columns by what stands in them.

    Left to themselves, many columns get equal shares: titles break at every syllable beside numbers in wide columns.
    A column needs its longest word; what room is left goes to cells that would like to stand in about two lines.
    """
    if columns < MANY_COLUMNS or any(_span(cell) > 1 for row in rows for cell in row):
        return str(columns)
    least, wished = [4] * columns, [4] * columns
    for row in rows:
        for place, cell in enumerate(row[:columns]):
            words = re.split(r"[ \t\n]+", cell.text_content().strip())  # what a no-break space joins is one
            least[place] = max(least[place], *(len(word) for word in words))
            if cell.tag == "td" or cell.get("scope") == "row":
                wished[place] = max(wished[place], min(sum(len(word) + 1 for word in words) // 2, WIDEST))
    spare = [max(wish - need, 0) for wish, need in zip(wished, least, strict=True)]
    left = max(LETTERS - sum(least) - BETWEEN * columns, 0)
    granted = min(left / sum(spare), 1) if any(spare) else 0
    needs = [need + BETWEEN + round(granted * more) for need, more in zip(least, spare, strict=True)]
    return f"({', '.join(f'{need}fr' for need in needs)},)"


def _says_something(code: str) -> bool:
    """Whether typst code of running text is more than white space between blocks."""
    return bool(code.replace('" "', "").strip())


def _span(cell: Any) -> int:
    said = cell.get("colspan", "1")
    return int(said) if said.isdigit() else 1


def _holds_blocks(element: html.HtmlElement) -> bool:
    return any(child.tag in BLOCKS | HEADINGS for child in element.iterdescendants())
