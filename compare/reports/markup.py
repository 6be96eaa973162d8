"""What a report's body may contain and how it is ordered: nothing that runs or fetches, headings in steps, names.

The notebook's outputs are taken apart as a tree and only known elements and attributes are kept. Text from documents
is escaped where it is shown; this second gate makes sure that what was forgotten there cannot do harm either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

from compare.problems import PlanError


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


TEXT_ELEMENTS = _names(
    "a abbr b bdi blockquote br caption cite code col colgroup data dd del details dfn div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub summary sup table "
    "tbody td tfoot th thead time tr u ul var wbr"
)
DRAWING_ELEMENTS = _names(
    "svg g defs title desc path rect circle ellipse line polyline polygon text tspan clippath use lineargradient "
    "radialgradient stop symbol marker pattern"
)
REMOVED_WHOLE = _names(
    "script style iframe object embed applet form input button select textarea link meta base template noscript "
    "audio video source track canvas frame frameset foreignobject image animate set math"
)
GLOBAL_ATTRIBUTES = _names("id class lang dir title role tabindex hidden datetime value open")
TABLE_ATTRIBUTES = _names("colspan rowspan scope headers span abbr")
IMAGE_ATTRIBUTES = _names("src alt width height")
LINK_ATTRIBUTES = _names("href hreflang download rel")
SAFE_ADDRESS = re.compile(r"(?:https?:|mailto:|#|[^:/?#]+(?:[/?#]|$)|\.{1,2}/)", re.IGNORECASE)
EMBEDDED_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]+\Z")
UNSAFE_STYLE = re.compile(r"url\s*\(|expression|@import|javascript|\\", re.IGNORECASE)
UNSAFE_DRAWING = re.compile(r"url\s*\(\s*['\"]?(?!#)|javascript", re.IGNORECASE)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents: a heading and where it stands."""

    level: int
    text: str
    anchor: str


def arranged(source: str, title: str, begin: str = "") -> tuple[html.HtmlElement, list[Entry]]:
    """The body as a clean tree with exactly one first heading, and its contents.

    `title` becomes the first heading where the body has none; `begin`, as HTML, is put before the
    first section. Raises `PlanError` for a figure without alt text.
    """
    tree = html.fragment_fromstring(source or "<p></p>", create_parent="div")
    if begin:
        _put_before_sections(tree, html.fragment_fromstring(begin, create_parent="div"))
    _clean(tree)
    _check_figures(tree)
    _order_headings(tree, title)
    _name_all(tree)
    _order_tables(tree)
    return tree, contents(tree)


def _put_before_sections(tree: html.HtmlElement, begin: html.HtmlElement) -> None:
    """Put an element after the title and question: before the first section or lower heading."""
    for place, child in enumerate(tree):
        if child.tag in ("section", *HEADINGS[1:]):
            tree.insert(place, begin)
            return
    tree.append(begin)


def serialised(tree: html.HtmlElement) -> str:
    """The inside of the tree as HTML text."""
    inner = html.tostring(tree, encoding="unicode", method="html")
    return inner.removeprefix("<div>").removesuffix("</div>").strip()


def contents(tree: html.HtmlElement) -> list[Entry]:
    """The headings of the second level, with their anchors."""
    return [Entry(2, _words(element), element.get("id", "")) for element in tree.iter("h2")]


def anchor(text: str) -> str:
    """A heading's text as a readable anchor of ASCII letters, digits and hyphens.

    >>> anchor("Mål per nivå (2022)")
    'mal-per-niva-2022'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "section"


def _clean(tree: html.HtmlElement) -> None:
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):  # a comment or a processing instruction
            _drop(element)
        elif element is not tree and element.getparent() is not None:
            _clean_element(element)


def _clean_element(element: html.HtmlElement) -> None:
    tag = element.tag.lower()
    if tag in REMOVED_WHOLE:
        element.drop_tree()
        return
    if tag not in TEXT_ELEMENTS and tag not in DRAWING_ELEMENTS:
        element.drop_tag()
        return
    for name, value in list(element.attrib.items()):
        if not _may_keep(tag, name.lower(), value):
            del element.attrib[name]
    if tag == "a" and element.get("href", "").lower().startswith("http"):
        element.set("rel", "noopener noreferrer external")


def _drop(element: html.HtmlElement) -> None:
    parent = element.getparent()
    if parent is not None:
        etree.strip_tags(parent, element.tag)


def _may_keep(tag: str, name: str, value: str) -> bool:
    if name.startswith("on"):
        return False
    if name == "style":
        return not UNSAFE_STYLE.search(value)
    if tag in DRAWING_ELEMENTS:
        return _may_draw(name, value)
    if name in GLOBAL_ATTRIBUTES or name.startswith("aria-"):
        return True
    if tag == "img":
        is_embedded = name != "src" or bool(EMBEDDED_IMAGE.match(value))
        return name == "data-cell" or (name in IMAGE_ATTRIBUTES and is_embedded)
    if tag == "a":
        return name in LINK_ATTRIBUTES and (name != "href" or bool(SAFE_ADDRESS.match(_visible(value))))
    return tag in ("table", "td", "th", "col", "colgroup") and name in TABLE_ATTRIBUTES


def _may_draw(name: str, value: str) -> bool:
    if name in ("href", "xlink:href"):
        return value.startswith("#")
    return not UNSAFE_DRAWING.search(value) and not name.startswith("data-")


def _visible(address: str) -> str:
    """An address without the white space and control characters that browsers ignore in it."""
    return "".join(c for c in address if c.isprintable() and not c.isspace())


def _check_figures(tree: html.HtmlElement) -> None:
    for image in tree.iter("img"):
        cell = image.attrib.pop("data-cell", "")
        if not (image.get("alt") or "").strip():
            where = f"cell {cell}" if cell else "a cell"
            raise PlanError(
                f"{where} shows a figure without a description; expected alt text; "
                "show it with the page's figure method, or give the metadata 'alt'"
            )


def _order_headings(tree: html.HtmlElement, title: str) -> None:
    """One h1; every other heading at most one step below the one before."""
    firsts = list(tree.iter("h1"))
    if not firsts:
        first = html.Element("h1")
        first.text = title
        tree.insert(0, first)
        first.tail, tree.text = tree.text, None
        firsts = [first]
    for other in firsts[1:]:
        other.tag = "h2"
    before = 1
    for element in _headings(tree):
        level = 1 if element is firsts[0] else max(2, min(int(element.tag[1]), before + 1))
        element.tag = f"h{level}"
        before = level


def _headings(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    return (element for element in tree.iter(*HEADINGS))


def _name_all(tree: html.HtmlElement) -> None:
    """Every heading has an id and every id comes once; what referred to an id that came twice keeps its first."""
    taken: set[str] = {"content", "contents-title"}
    for element in tree.iter():
        name = element.get("id")
        if element.tag in HEADINGS and not name:
            name = anchor(_words(element))
        if not name:
            continue
        unique, number = name, 2
        while unique in taken:
            unique, number = f"{name}-{number}", number + 1
        taken.add(unique)
        element.set("id", unique)


def _order_tables(tree: html.HtmlElement) -> None:
    """Header cells say what they head; a table that is wider than the page scrolls, also by keyboard."""
    for number, table in enumerate(list(tree.iter("table")), 1):
        for cell in table.iter("th"):
            if cell.get("scope") is None:
                row = cell.getparent()
                in_head = row is not None and row.getparent() is not None and row.getparent().tag == "thead"
                cell.set("scope", "col" if in_head else "row")
        for name in ("border", "class"):
            if table.get(name) in ("1", "dataframe"):
                del table.attrib[name]
        _wrap(table, number)


def _wrap(table: html.HtmlElement, number: int) -> None:
    parent = table.getparent()
    if parent is None or parent.get("tabindex") is not None:
        return
    wrap = html.Element("div")
    wrap.set("class", "table-scroll")
    wrap.set("tabindex", "0")
    caption = table.find("caption")
    if caption is not None:
        caption.set("id", caption.get("id") or f"table-{number}-caption")
        wrap.set("role", "region")
        wrap.set("aria-labelledby", caption.get("id", ""))
    wrap.tail, table.tail = table.tail, None
    parent.replace(table, wrap)
    wrap.append(table)


def _words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())
