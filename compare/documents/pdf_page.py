"""One PDF page as pieces of text with positions, ruling lines, shaded boxes, and the structure its tags declare.

Two libraries share the work: pdf-inspector reads the text of many pages at once, pdfium draws the page's paths and
knows the tags. Coordinates are points from the page's upper left corner, downwards.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2.raw as pdfium

from compare.documents.pieces import Piece

MAX_PATHS = 20_000
MAX_ELEMENTS = 20_000
MAX_DEPTH = 40
# A filled rectangle thinner than this is a drawn line.
LINE_THICKNESS = 3.0
# A filled shape this wide and high, with rounded sides, is a bullet.
DOT = (1.5, 6.5)
BULLET_GAP = 2.0
MAX_DOTS = 200
BAND = 10.0
TEXT, PATH, PICTURE, FORM = 1, 2, 3, 5
SHADE_AREA = 0.85


@dataclass(slots=True, frozen=True)
class Line:
    """A drawn line, horizontal or vertical: its place across and its two ends."""

    at: float
    start: float
    end: float


@dataclass(slots=True, frozen=True)
class Box:
    """A shaded rectangle."""

    x0: float
    top: float
    x1: float
    bottom: float
    colour: tuple[int, int, int]

    def innermost_around(self, boxes: Sequence[Box], slack: float = 1.0) -> Box | None:
        """The last of these boxes, from larger to smaller, that this one lies within."""
        x0, top, x1, bottom = self.x0 + slack, self.top + slack, self.x1 - slack, self.bottom - slack
        for other in reversed(boxes):
            if other.top <= top and bottom <= other.bottom and other.x0 <= x0 and x1 <= other.x1:
                return other
        return None


@dataclass(slots=True)
class Element:
    """A node of the tag tree: its role, the marked content directly under it, and its children."""

    role: str
    content: list[int] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)
    rows: int = 1
    columns: int = 1
    raw: Any = None

    def all_content(self) -> list[int]:
        """The marked content of the element and of all below it."""
        found = list(self.content)
        for child in self.children:
            found.extend(child.all_content())
        return found


@dataclass(slots=True)
class Page:
    """All that is known of a page before its layout is understood."""

    number: int
    width: float
    height: float
    pieces: list[Piece]
    across: list[Line] = field(default_factory=list)
    down: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)
    # The middles of small round shapes, which web browsers draw before list items.
    dots: list[tuple[float, float]] = field(default_factory=list)
    tree: list[Element] = field(default_factory=list)
    pictures: int = 0
    digits: tuple[int, ...] | None = None
    # Words that run in another direction than the page's text, such as a watermark.
    sideways: str = ""
    glued: bool = False
    # Where stretches of tagged content begin, by height in steps of `BAND` points.
    starts: dict[int, list[tuple[float, float, int]]] = field(default_factory=dict)


Matrix = tuple[float, float, float, float, float, float]


def drawn(raw_page: Any, page: Page, turned: str | None = None) -> None:
    """Add the page's ruling lines and shaded boxes; `turned` is the direction in which its text was turned upright."""
    left, lower = page_origin(raw_page)
    shift: Matrix = (1.0, 0.0, 0.0, -1.0, -left, page.height + lower)
    if turned == "ccw":
        shift = (0.0, 1.0, 1.0, 0.0, -lower, -left)
    elif turned == "cw":
        shift = (0.0, -1.0, -1.0, 0.0, page.width + lower, page.height + left)
    shapes: list[tuple[Any, Matrix]] = []
    texts: list[tuple[Any, Matrix]] | None = [] if has_table(page.tree) else None
    page.pictures = collect_paths(
        raw_page, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, shift, shapes, 0, texts
    )
    edges = [ctypes.c_float() for _ in range(4)]
    for path, matrix in shapes:
        if pdfium.FPDFPageObj_GetBounds(path, *edges):
            x0, lower_y, x1, upper_y = (edge.value for edge in edges)
            one, two = moved(matrix, x0, lower_y), moved(matrix, x1, upper_y)
            add_shape(
                page, path, matrix, min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1])
            )
    page.boxes = visible_boxes(page.boxes)
    for text, matrix in texts or ():
        content = pdfium.FPDFPageObj_GetMarkedContentID(text)
        if content >= 0 and pdfium.FPDFPageObj_GetBounds(text, *edges):
            left_edge, lower_edge, _, upper_edge = (edge.value for edge in edges)
            x, y = moved(matrix, left_edge, (lower_edge + upper_edge) / 2)
            page.starts.setdefault(int(y // BAND), []).append((x, y, content))


def has_table(tree: list[Element]) -> bool:
    return any(node.role == "Table" or has_table(node.children) for node in tree)


def moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def within(outer: Matrix, inner: Matrix) -> Matrix:
    """The matrix that first does what `inner` says, then what `outer` says."""
    a, b, c, d, e, f = inner
    first, second, origin = moved(outer, a, b), moved(outer, c, d), moved(outer, e, f)
    zero = moved(outer, 0.0, 0.0)
    return (
        first[0] - zero[0],
        first[1] - zero[1],
        second[0] - zero[0],
        second[1] - zero[1],
        origin[0],
        origin[1],
    )


def page_origin(raw_page: Any) -> tuple[float, float]:
    """The lower left corner of the page's visible box, which text positions are counted from."""
    edges = [ctypes.c_float() for _ in range(4)]
    for reader in (pdfium.FPDFPage_GetCropBox, pdfium.FPDFPage_GetMediaBox):
        if reader(raw_page, *edges):
            return edges[0].value, edges[1].value
    return 0.0, 0.0


def collect_paths(
    parent: Any,
    count: Any,
    get: Any,
    matrix: Matrix,
    shapes: list[tuple[Any, Matrix]],
    depth: int,
    texts: list[tuple[Any, Matrix]] | None,
) -> int:
    """Collect the paths of a page and of the forms on it, each with its matrix; returns how many pictures there are."""
    pictures = 0
    for index in range(min(count(parent), MAX_PATHS)):
        item = get(parent, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == TEXT:
            if texts is not None:
                texts.append((item, matrix))
        elif kind == PATH:
            shapes.append((item, matrix))
        elif kind == FORM and depth < 4:
            own = matrix_of(item)
            pictures += collect_paths(
                item,
                pdfium.FPDFFormObj_CountObjects,
                pdfium.FPDFFormObj_GetObject,
                within(matrix, own),
                shapes,
                depth + 1,
                texts,
            )
        elif kind == PICTURE:
            pictures += 1
        if len(shapes) > MAX_PATHS:
            break
    return pictures


def matrix_of(item: Any) -> Matrix:
    """How an object of a page is moved, turned and scaled."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def add_shape(page: Page, path: Any, matrix: Matrix, x0: float, top: float, x1: float, bottom: float) -> None:
    """One drawn path as lines or as a shaded box."""
    width, height = x1 - x0, bottom - top
    if DOT[0] <= width <= DOT[1] and abs(width - height) < 0.3 * width and pdfium.FPDFPath_CountSegments(path) > 5:
        page.dots.append(((x0 + x1) / 2, (top + bottom) / 2))
        return
    if height <= LINE_THICKNESS and width > LINE_THICKNESS:
        page.across.append(Line((top + bottom) / 2, x0, x1))
        return
    if width <= LINE_THICKNESS and height > LINE_THICKNESS:
        page.down.append(Line((x0 + x1) / 2, top, bottom))
        return
    if width <= LINE_THICKNESS or width * height > SHADE_AREA * page.width * page.height:
        return
    filled, stroked = drawing_mode(path)
    segments = pdfium.FPDFPath_CountSegments(path)
    if segments > 6 and stroked:
        add_segments(page, path, within(matrix, matrix_of(path)), segments)
    elif segments > 12:
        return
    else:
        if stroked:
            page.across += [Line(top, x0, x1), Line(bottom, x0, x1)]
            page.down += [Line(x0, top, bottom), Line(x1, top, bottom)]
        if filled and not stroked:
            page.boxes.append(Box(x0, top, x1, bottom, fill_colour(path)))


def drawing_mode(path: Any) -> tuple[bool, bool]:
    """Whether a path is filled and whether its outline is drawn."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    return bool(fill.value), bool(stroke.value)


def fill_colour(path: Any) -> tuple[int, int, int]:
    """The colour that a path is filled with, as red, green and blue; black where none is stated."""
    channels = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(path, *channels):
        return (0, 0, 0)
    red, green, blue, _ = (channel.value for channel in channels)
    return red, green, blue


def add_segments(page: Page, path: Any, matrix: Matrix, count: int) -> None:
    """The straight lines of a path that draws many at once, as some programs draw a whole grid."""
    x, y = ctypes.c_float(), ctypes.c_float()
    last: tuple[float, float] | None = None
    for index in range(min(count, MAX_PATHS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        across, down = moved(matrix, x.value, y.value)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO and last is not None:
            if abs(down - last[1]) <= 1 < abs(across - last[0]):
                page.across.append(Line(down, min(across, last[0]), max(across, last[0])))
            elif abs(across - last[0]) <= 1 < abs(down - last[1]):
                page.down.append(Line(across, min(down, last[1]), max(down, last[1])))
        last = (across, down)


def visible_boxes(boxes: list[Box]) -> list[Box]:
    """Boxes without those that cannot be told from the box around them: the shading of paragraphs in a shaded cell."""
    if len(boxes) > 3000:
        return []
    ordered = sorted(set(boxes), key=lambda box: -(box.x1 - box.x0) * (box.bottom - box.top))
    kept: list[Box] = []
    for box in ordered:
        around = box.innermost_around(kept)
        if around is None or around.colour != box.colour:
            kept.append(box)
    return kept


def tagged(raw_page: Any) -> list[Element]:
    """The page's part of the tag tree; empty for a file without tags."""
    tree = pdfium.FPDF_StructTree_GetForPage(raw_page)
    if not tree:
        return []
    left = [MAX_ELEMENTS]
    try:
        children = (
            pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)
            for index in range(min(pdfium.FPDF_StructTree_CountChildren(tree), MAX_ELEMENTS))
        )
        nodes = [element(child, 0, left) for child in children if child]
        for node in nodes:
            add_spans(node)
        return nodes
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def element(raw: Any, depth: int, left: list[int]) -> Element:
    """A node of the tag tree with all below it, within bounds of depth and number."""
    left[0] -= 1
    node = Element(role_of(raw))
    if node.role in CELLS:
        node.raw = raw
    may_have = depth < MAX_DEPTH and left[0] > 0
    for index in range(count_children(raw)):
        # Asked first for what nodes of this sort mostly have: every question to the library takes its time.
        child = child_at(raw, index) if may_have and node.role in HOLDERS else None
        content = -1 if child else content_at(raw, index)
        if content >= 0:
            node.content.append(content)
        elif may_have and left[0] > 0 and (child := child or child_at(raw, index)):
            node.children.append(element(child, depth + 1, left))
    return node


def add_spans(node: Element) -> None:
    """Ask the cells of a table how far they span, where its rows are of unequal length and some must."""
    if node.role == "Table":
        rows = [one for one in descendants(node) if one.role == "TR"]
        cells = [[one for one in row.children if one.role in CELLS] for row in rows]
        if len({len(row) for row in cells}) > 1:
            for row in cells:
                for cell in row:
                    cell.columns, cell.rows = spans_of(cell.raw)
    for child in node.children:
        if child.raw is None:
            add_spans(child)


def descendants(node: Element) -> Iterator[Element]:
    """All elements below one; what stands in a row of a table is left to the row."""
    for child in node.children:
        yield child
        if child.role != "TR":
            yield from descendants(child)


CELLS = frozenset({"TD", "TH"})
HOLDERS = frozenset({"Document", "Part", "Sect", "Div", "Table", "THead", "TBody", "TFoot", "TR", "L", "LI"})
count_children = pdfium.FPDF_StructElement_CountChildren
child_at = pdfium.FPDF_StructElement_GetChildAtIndex
content_at = pdfium.FPDF_StructElement_GetChildMarkedContentID
ROLE_BUFFER = ctypes.create_string_buffer(128)


def role_of(raw: Any) -> str:
    length = pdfium.FPDF_StructElement_GetType(raw, ROLE_BUFFER, 128)
    return ROLE_BUFFER.raw[: max(0, min(length, 128) - 2)].decode("utf-16-le", "replace")


def spans_of(raw: Any) -> tuple[int, int]:
    """How many columns and rows a cell covers; 1 where it does not say."""
    spans = {b"ColSpan": 1, b"RowSpan": 1}
    value = ctypes.c_float()
    for index in range(max(0, pdfium.FPDF_StructElement_GetAttributeCount(raw))):
        attributes = pdfium.FPDF_StructElement_GetAttributeAtIndex(raw, index)
        for name in spans:
            found = pdfium.FPDF_StructElement_Attr_GetValue(attributes, name)
            if found and pdfium.FPDF_StructElement_Attr_GetNumberValue(found, value):
                spans[name] = max(1, min(100, int(value.value)))
    return spans[b"ColSpan"], spans[b"RowSpan"]


def digit_counts(text: str) -> tuple[int, ...]:
    """How often each digit stands in a text: what two readings of one page must agree on."""
    return tuple(text.count(digit) for digit in "0123456789")


def second_reading(raw_page: Any, page: Page) -> None:
    """Count the page's digits as pdfium reads them, and take its words where the first reader found none."""
    text_page = pdfium.FPDFText_LoadPage(raw_page)
    if not text_page:
        return
    try:
        count = pdfium.FPDFText_CountChars(text_page)
        if count <= 0:
            return
        buffer = (ctypes.c_ushort * (count + 1))()
        written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
        text = bytes(buffer)[: 2 * max(0, written - 1)].decode("utf-16-le", "replace")
        page.digits = digit_counts(text)
        origin = page_origin(raw_page)
        if page.pieces:
            add_bullets(page)
            page.pieces = [part for piece in page.pieces for part in parted(piece, text_page, page, origin)]
        elif text.strip():
            page.pieces = words_of(text_page, page, origin)
    finally:
        pdfium.FPDFText_ClosePage(text_page)


def add_bullets(page: Page) -> None:
    """Put a bullet before words that a small round shape stands before."""
    for x, y in page.dots[:MAX_DOTS]:
        beside = [
            piece
            for piece in page.pieces
            if piece.top < y < piece.bottom and 0 < piece.x0 - x < BULLET_GAP * piece.size
        ]
        if beside:
            first = min(beside, key=lambda piece: piece.x0)
            first.text, first.x0 = f"• {first.text}", x


def parted(piece: Piece, text_page: Any, page: Page, origin: tuple[float, float]) -> list[Piece]:
    """A piece that holds words of several cells, parted where another cell's words or a drawn line begin."""
    if " " not in piece.text.strip() or not (page.starts or page.down):
        return [piece]
    first, last = piece.x0 + 0.6 * piece.size, piece.x1 - 2
    middle = (piece.top + piece.bottom) / 2
    bands = range(int(piece.top // BAND), int(piece.bottom // BAND) + 1)
    begun = [start for band in bands for start in page.starts.get(band, ()) if piece.top < start[1] < piece.bottom]
    cuts = [x for x, _, content in begun if first < x < last and content != piece.tag]
    cuts += [line.at for line in page.down if first < line.at < last and line.start < middle < line.end]
    if not cuts:
        return [piece]
    at = min(cuts)
    content = next((tag for x, _, tag in begun if x == at), piece.tag)
    rest = bounded_text(text_page, page, origin, at - 0.5, piece).strip()
    whole = piece.text.rstrip()
    if not rest or not whole.endswith(rest) or len(rest) == len(whole.strip()):
        return [piece]
    left = replace(piece, x1=at - 1, text=whole[: -len(rest)])
    right = replace(piece, x0=at, text=rest + piece.text[len(whole) :], tag=content)
    return [left, *parted(right, text_page, page, origin)]


def bounded_text(text_page: Any, page: Page, origin: tuple[float, float], left: float, piece: Piece) -> str:
    """The words of a piece's line from a position to the piece's end."""
    buffer = (ctypes.c_ushort * 1024)()
    x, y = origin
    upper, lower = page.height - piece.top + y, page.height - piece.bottom + y
    written = pdfium.FPDFText_GetBoundedText(text_page, left + x, upper, piece.x1 + x + 1, lower, buffer, 1024)
    return bytes(buffer)[: 2 * max(0, min(written, 1024))].decode("utf-16-le", "replace").replace("\x00", "")


def words_of(text_page: Any, page: Page, origin: tuple[float, float]) -> list[Piece]:
    """The page's words as pdfium groups them."""
    pieces = []
    edges = [ctypes.c_double() for _ in range(4)]
    buffer = (ctypes.c_ushort * 2048)()
    for index in range(min(pdfium.FPDFText_CountRects(text_page, 0, -1), MAX_PATHS)):
        if not pdfium.FPDFText_GetRect(text_page, index, *edges):
            continue
        left, top, right, bottom = (edge.value for edge in edges)
        written = pdfium.FPDFText_GetBoundedText(text_page, left, top, right, bottom, buffer, 2048)
        text = bytes(buffer)[: 2 * max(0, written)].decode("utf-16-le", "replace").replace("\x00", "").strip()
        if text:
            lower = page.height - (bottom - origin[1])
            size = max(4.0, (top - bottom) / 0.95)
            pieces.append(Piece(left - origin[0], right - origin[0], lower - 0.95 * size, lower, text, size))
    return pieces
