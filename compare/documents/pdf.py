"""PDF files: text with its page, tables that tags, lines or alignment show, headings by tags or by size of type.

Pages are read in portions, so that a thousand pages need no more memory than fifty. Running heads, feet and page
numbers are left out; tables and paragraphs that a page's end cuts are put together again.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from statistics import median
from typing import Any

import pdf_inspector
import pypdfium2
import pypdfium2.raw as pdfium

from compare.documents.characters import ends_sentence, joined, list_marker, tidy
from compare.documents.composing import Composer, Slot
from compare.documents.furniture import numbered, pattern, repeated
from compare.documents.layout import LaidBlock, LaidTable, LaidText, laid_out
from compare.documents.model import Document
from compare.documents.pdf_page import Page, digit_counts, drawn, second_reading, tagged
from compare.documents.pieces import Piece, Row, lined_up
from compare.documents.recognition import Source
from compare.documents.turned import heads as turned_heads
from compare.problems import PlanError

MAX_PAGES = 5_000
PORTION = 50
MAX_PIECES_PER_PAGE = 50_000
# Running heads stand this near to the edge; those further in must stand on most pages to count as such.
NEAR_EDGE, FAR_EDGE = 0.085, 0.14
# Notes below a page's text, and lines that only say that a table goes on.
FOOTNOTE_SIZE = 0.93
FOOTNOTE = re.compile(r"[¹²³⁰⁴-⁹*]|\d{1,2}\)?\s?[A-ZÅÄÖ]")
GOES_ON = re.compile(r"\W*(?:forts\b|fortsättning|fortsätter|tabellen fortsätter)[^.]{0,40}\.?.{0,25}$", re.IGNORECASE)
HEADING_SIZE, BOLD_HEADING_SIZE = 1.12, 1.04
SAME_EDGE = 6.0
# Words printed over themselves to look bold are moved by less than this, in type sizes.
OVERPRINT = 0.1


def read(source: Source) -> Document:
    """The PDF as a `Document` with pages; raises `PlanError` for a protected, damaged or empty one."""
    composer = Composer(source)
    pdf = opened(source)
    try:
        count = len(pdf)
        if not count:
            raise PlanError(f"{source.path}: has no pages; a document with pages was expected; fetch the file again")
        if count > MAX_PAGES:
            raise PlanError(f"{source.path}: has {count:,} pages; at most {MAX_PAGES:,} are read; split the document")
        title = document_title(pdf)
        print_forms(pdf, count)
        reading = Reading(composer)
        for portion in portions(pdf, count):
            reading.add(portion)
        reading.finish(count)
    finally:
        pdf.close()
    return composer.document(pages=count, title=title)


def opened(source: Source) -> pypdfium2.PdfDocument:
    """The PDF, opened; raises `PlanError` for one with a password or with damage."""
    try:
        return pypdfium2.PdfDocument(source.data)
    except pypdfium2.PdfiumError as error:
        code = pdfium.FPDF_GetLastError()
        if code == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise PlanError(
                f"{source.path}: is protected by a password; save it without the password and read that file"
            ) from error
        raise PlanError(f"{source.path}: is a damaged PDF ({error}); fetch the file again") from error


def document_title(pdf: pypdfium2.PdfDocument) -> str | None:
    """The title the file states of itself, unless it is only a file name."""
    title = tidy(pdf.get_metadata_dict().get("Title", ""))
    if not title or re.search(r"\.\w{2,4}$|^Microsoft|^untitled|^namnlös", title, re.IGNORECASE):
        return None
    return title


def print_forms(pdf: pypdfium2.PdfDocument, count: int) -> None:
    """Make what a form's fields hold part of its pages, as printing the form does."""
    if pdf.get_formtype() != pdfium.FORMTYPE_ACRO_FORM:
        return
    for index in range(count):
        raw = pdfium.FPDF_LoadPage(pdf.raw, index)
        if not raw:
            continue
        try:
            if pdfium.FPDFPage_GetAnnotCount(raw):
                pdfium.FPDFPage_Flatten(raw, pdfium.FLAT_PRINT)
        finally:
            pdfium.FPDF_ClosePage(raw)


# --- pages -----------------------------------------------------------------------------------------------------------


def portions(pdf: pypdfium2.PdfDocument, count: int) -> Iterator[list[Page]]:
    """The pages in portions, each with its text, lines and tags."""
    for start in range(0, count, PORTION):
        indices = list(range(start, min(count, start + PORTION)))
        items, turned = text_of(pdf, indices)
        yield [read_page(pdf, index, items.get(index, []), turned.get(index)) for index in indices]


def text_of(pdf: pypdfium2.PdfDocument, indices: list[int]) -> tuple[dict[int, list[Any]], dict[int, str]]:
    """The text items of these pages by page, and the pages whose text runs up or down."""
    copy = io.BytesIO()
    portion = pypdfium2.PdfDocument.new()
    try:
        portion.import_pages(pdf, indices)
        portion.save(copy)
        found = pdf_inspector.extract_text_with_positions_and_rotations_bytes(copy.getvalue())
    except BaseException as error:
        # Pages that one library cannot read, which it may report by a panic, are left to the other.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        return {}, {}
    finally:
        portion.close()
    items: dict[int, list[Any]] = {}
    for item in found.items:
        if item.item_type == "text" and item.text.strip():
            items.setdefault(indices[item.page - 1], []).append(item)
    return items, {indices[rotation.page - 1]: rotation.rotation for rotation in found.page_rotations}


def read_page(pdf: pypdfium2.PdfDocument, index: int, items: list[Any], turned: str | None) -> Page:
    """One page with all that is known of it."""
    raw = pdfium.FPDF_LoadPage(pdf.raw, index)
    if not raw:
        return Page(index + 1, 595.0, 842.0, [])
    try:
        width, height = box_size(raw)
        if turned:
            width, height = height, width
        page = Page(index + 1, width, height, [])
        kept = items[:MAX_PIECES_PER_PAGE]
        page.pieces = [piece_of(item, height) for item in kept if upright(item, turned)]
        if len(page.pieces) < len(kept):
            heads, marks = turned_heads([item for item in kept if not upright(item, turned)], height, page.pieces)
            page.pieces += heads
            page.sideways = "".join(item.text for item in marks)
        page.pieces = printed_once(page.pieces)
        page.tree = tagged(raw)
        drawn(raw, page, turned)
        second_reading(raw, page)
    finally:
        pdfium.FPDF_ClosePage(raw)
    return page


def box_size(raw: Any) -> tuple[float, float]:
    """The page's size before any turning for display."""
    width, height = pdfium.FPDF_GetPageWidthF(raw), pdfium.FPDF_GetPageHeightF(raw)
    return (height, width) if pdfium.FPDFPage_GetRotation(raw) % 2 else (width, height)


def upright(item: Any, turned: str | None) -> bool:
    return turned is not None or item.rotation % 360 < 5 or item.rotation % 360 > 355


def printed_once(pieces: list[Piece]) -> list[Piece]:
    """The pieces without those printed a second time right over themselves, as some programs print bold type."""
    seen: set[tuple[str, int, int]] = set()
    kept = []
    for piece in pieces:
        at = int(piece.x0 / (OVERPRINT * piece.size))
        places = [(piece.text, round(piece.bottom), near) for near in (at - 1, at, at + 1)]
        if not any(place in seen for place in places):
            kept.append(piece)
        seen.add(places[1])
    return kept


def piece_of(item: Any, height: float) -> Piece:
    """A piece of text as the library gives it, measured from the top of its page."""
    baseline = height - item.y
    size = item.font_size or item.height or 10.0
    return Piece(
        item.x,
        item.x + item.width,
        baseline - 0.78 * size,
        baseline + 0.2 * size,
        item.text,
        size,
        item.is_bold,
        item.mcid,
        item.fill_color,
    )


class Reading:
    """Collects the laid-out blocks of page after page and hands them to the composer when all are known."""

    def __init__(self, composer: Composer) -> None:
        self.composer = composer
        self.blocks: list[LaidBlock] = []
        self.sizes: Counter[float] = Counter()
        # The lines at the edges of the pages before, for each distance from the edge: their shapes and their words.
        self.seen: dict[float, tuple[list[list[str]], list[list[str]]]] = {}
        self.empty: list[int] = []
        self.garbled: list[int] = []
        self.disputed: list[int] = []

    def add(self, pages: list[Page]) -> None:
        """Lay out some pages, without what repeats on them and on the pages before."""
        hidden = self.running_pieces(pages)
        # Some programs end each wrapped line with a space, so that a line without one ends inside a word.
        long = [piece.text for page in pages for piece in page.pieces if len(piece.text) > 25]
        glued = len(long) >= 10 and sum(text.endswith(" ") for text in long) >= 0.5 * len(long)
        for page in pages:
            page.glued = glued
            self.judge(page)
            for piece in page.pieces:
                self.sizes[round(piece.size * 2) / 2] += len(piece.text)
            self.blocks.extend(laid_out(page, hidden))

    def judge(self, page: Page) -> None:
        """Note what makes a page's text doubtful."""
        text = "".join(piece.text for piece in page.pieces)
        if not text.strip():
            if page.pictures:
                self.empty.append(page.number)
            return
        if text.count("\ufffd") + text.count("(cid:") * 5 > 0.1 * len(text):
            self.garbled.append(page.number)
        if page.digits is not None and page.digits != digit_counts(text + page.sideways):
            self.disputed.append(page.number)

    def running_pieces(self, pages: list[Page]) -> set[int]:
        """The ids of pieces that are running heads, feet, page numbers, or marked as no content by the tags."""
        hidden: set[int] = set()
        edges = []
        for page in pages:
            rows = lined_up(piece for piece in page.pieces if near_edge(piece, page, FAR_EDGE))
            # Tags tell content from the rest: what no tag holds at the edge of a page is a running head or foot.
            share = sum(piece.tag is not None for piece in page.pieces) / max(1, len(page.pieces))
            if share > 0.7:
                untagged = [row for row in rows if all(piece.tag is None for piece in row.pieces)]
                hidden.update(id(piece) for row in untagged for piece in pieces_on(page, row.bottom))
            edges.append([row for row in rows if len(row.text) < 200])
        body = median(piece.size for page in pages for piece in page.pieces) if any(p.pieces for p in pages) else 10.0
        for distance, share, least in ((NEAR_EDGE, 0.2, 2), (FAR_EDGE, 0.6, 4)):
            near = [
                [row if near_edge(row.pieces[0], page, distance) else None for row in rows]
                for page, rows in zip(pages, edges, strict=True)
            ]
            texts = [[row.text if row else "" for row in rows] for rows in near]
            shapes = [[shape_of(row, body, distance) if row else "" for row in rows] for rows in near]
            before = self.seen.setdefault(distance, ([], []))
            found = repeated([*before[0], *shapes], max(least, share * (len(before[0]) + len(shapes))))
            found |= numbered([*before[1], *texts])
            for n, position in found:
                index = n - len(before[0])
                row = near[index][position] if index >= 0 else None
                if row is not None:
                    hidden.update(id(piece) for piece in pieces_on(pages[index], row.bottom))
            self.seen[distance] = ([*before[0], *shapes][-PORTION:], [*before[1], *texts][-PORTION:])
        return hidden

    def finish(self, count: int) -> None:
        """Join what page ends cut, and hand all blocks to the composer."""
        for pages, what in (
            (self.empty, "no text, only pictures (scanned?); nothing was read there"),
            (self.garbled, "text whose letters cannot be told; check what was read there"),
            (self.disputed, "figures that two readers read differently; check the numbers read there"),
        ):
            if pages:
                holds = "holds" if len(pages) == 1 else "hold"
                self.composer.notes.append(f"{page_list(pages)} of {count} {holds} {what}.")
        body = self.sizes.most_common(1)[0][0] if self.sizes else 10.0
        blocks = joined_over_pages(self.blocks, body)
        levels = heading_levels(blocks, body)
        for block in blocks:
            if isinstance(block, LaidTable):
                self.composer.table(block.rows, pages=block.pages, header_rows=block.header_rows)
            else:
                add_text(self.composer, block, body, levels)


def shape_of(row: Row, body: float, distance: float) -> str:
    """What must be the same on other pages for a line to be a running head.

    Figures may differ, as page numbers and dates do, only in small type at the very edge: 'Mål 1' and 'Mål 2' at the
    top of two pages are headings.
    """
    plain = row.size <= 1.05 * body and not row.bold and distance <= NEAR_EDGE
    return pattern(row.text) if plain else "=" + row.text.casefold()


def near_edge(piece: Piece, page: Page, share: float) -> bool:
    return piece.bottom < share * page.height or piece.top > (1 - share) * page.height


def pieces_on(page: Page, bottom: float) -> list[Piece]:
    """The pieces of a page that stand on the line with this lower edge."""
    return [piece for piece in page.pieces if abs(piece.bottom - bottom) < 0.4 * piece.size]


def page_list(pages: list[int]) -> str:
    """Page numbers as people write them: 'Pages 3-5 and 9'."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    listed = ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
    return f"{'Page' if len(pages) == 1 else 'Pages'} {listed}"


# --- what page ends cut ----------------------------------------------------------------------------------------------


def joined_over_pages(blocks: list[LaidBlock], body: float) -> list[LaidBlock]:
    """Blocks with tables and sentences that go on over a page's end put together.

    Footnotes at the end of the first page do not part them, nor do lines that only say that a table goes on.
    """
    whole: list[LaidBlock] = []
    # Where on the page under way nothing but such lines has come yet.
    first_of_page = True
    for index, block in enumerate(blocks):
        first_of_page = first_of_page or index == 0 or page_of(blocks[index - 1]) != page_of(block)
        last = whole[-1 - below_content(whole, body)] if first_of_page and whole else None
        if isinstance(last, LaidTable) and isinstance(block, LaidTable) and table_goes_on(last, block):
            append_rows(last, block)
        elif isinstance(last, LaidText) and isinstance(block, LaidText) and sentence_goes_on(last, block):
            last.text = joined(last.text, block.text)
        else:
            whole.append(block)
        first_of_page = first_of_page and isinstance(block, LaidText) and GOES_ON.match(block.text) is not None
    return whole


def below_content(blocks: list[LaidBlock], body: float) -> int:
    """How many blocks at the end of a page are footnotes or say that a table goes on."""
    page, count = blocks[-1].page if isinstance(blocks[-1], LaidText) else 0, 0
    for block in reversed(blocks[1:]):
        if not isinstance(block, LaidText):
            break
        note = block.size < FOOTNOTE_SIZE * body and FOOTNOTE.match(block.text) and block.page == page
        if not note and not GOES_ON.match(block.text):
            break
        count += 1
    return count


def page_of(block: LaidBlock) -> int:
    return block.page if isinstance(block, LaidText) else block.pages[0]


def table_goes_on(table: LaidTable, after: LaidTable) -> bool:
    """Whether a table at the top of a page goes on with the one at the end of the page before."""
    if after.pages[0] != table.pages[-1] + 1 or len(table.extents) != len(after.extents):
        return False
    both = [(one, two) for one, two in zip(table.extents, after.extents, strict=True) if one and two]
    if not both or not all(same_column(one, two) for one, two in both):
        return False
    return same_row(table.rows[0], after.rows[0]) or not after.headed


def same_column(one: tuple[float, float], two: tuple[float, float]) -> bool:
    """Whether columns on two pages share an edge, or one stands within the other."""
    if abs(one[0] - two[0]) < SAME_EDGE or abs(one[1] - two[1]) < SAME_EDGE:
        return True
    return (one[0] <= two[0] and two[1] <= one[1]) or (two[0] <= one[0] and one[1] <= two[1])


def same_row(one: list[Slot], two: list[Slot]) -> bool:
    return [slot.text for slot in one] == [slot.text for slot in two]


def append_rows(table: LaidTable, after: LaidTable) -> None:
    """Add a continuation's rows: its repeated header left out, a row that the page's end cut put together."""
    rows, pages = after.rows, after.pages
    header = table.header_rows or 1
    repeats = 0
    while repeats < min(header, len(rows)) and same_row(rows[repeats], table.rows[repeats]):
        repeats += 1
    rows, pages = rows[repeats:], pages[repeats:]
    if rows and cut_row(table.rows[-1], rows[0]):
        table.rows[-1] = [
            Slot("\n".join(filter(None, (above.text, below.text))), above.spans)
            for above, below in zip(table.rows[-1], rows[0], strict=True)
        ]
        rows, pages = rows[1:], pages[1:]
    table.rows.extend(rows)
    table.pages.extend(pages)


def cut_row(above: list[Slot], below: list[Slot]) -> bool:
    """Whether a continuation's first row is the rest of the row before.

    Either it has no label, and words where words stand; or the two hold the label and the rest between them, as where
    only the cells of one line found room on the page.
    """
    if len(above) != len(below) or not above:
        return False
    if not above[0].text and below[0].text:
        return all(bool(one.text) != bool(two.text) for one, two in zip(above, below, strict=True))
    if not above[0].text or below[0].text:
        return False
    filled = [(one.text, two.text) for one, two in zip(above, below, strict=True) if two.text]
    return bool(filled) and all(one and re.search(r"[^\W\d_]{3,}", two) for one, two in filled)


def sentence_goes_on(above: LaidText, block: LaidText) -> bool:
    """Whether a block at the top of a page goes on with the sentence that the page before left open."""
    return (
        block.page == above.page + 1
        and block.text[:1].islower()
        and not ends_sentence(above.text)
        and abs(block.size - above.size) < 0.6
        and list_marker(block.text) is None
        and len(above.text) > 30
    )


# --- text ------------------------------------------------------------------------------------------------------------


def heading_levels(blocks: list[LaidBlock], body: float) -> dict[float, int]:
    """The level of each size of type that headings have: as tags say, else the largest is 1."""
    texts = [block for block in blocks if isinstance(block, LaidText)]
    declared: dict[float, Counter[int]] = {}
    for block in texts:
        if block.role is not None and block.role.heading is not None:
            declared.setdefault(type_size(block), Counter())[block.role.heading] += 1
    if declared:
        return {size: levels.most_common(1)[0][0] for size, levels in declared.items()}
    sizes = {type_size(block) for block in texts if larger(block, body)}
    return {size: min(6, level) for level, size in enumerate(sorted(sizes, reverse=True), 1)}


def type_size(block: LaidText) -> float:
    return round(block.size * 2) / 2


def larger(block: LaidText, body: float) -> bool:
    """Whether a block is set as headings are: in larger type, or bold in slightly larger type."""
    least = BOLD_HEADING_SIZE if block.bold else HEADING_SIZE
    return block.size >= least * body and len(block.text) <= 250 and bool(re.search(r"[^\W\d_]{2,}", block.text))


def add_text(composer: Composer, block: LaidText, body: float, levels: dict[float, int]) -> None:
    """One text block with its kind: heading, list item or paragraph."""
    role = block.role
    if role is not None and role.heading is not None:
        composer.text(block.text, "heading", level=role.heading, bold=block.bold, page=block.page)
        return
    marked = list_marker(block.text)
    if larger(block, body) and marked is None and not (role is not None and role.item):
        level = levels.get(type_size(block))
        composer.text(block.text, "heading", level=level, bold=block.bold, page=block.page)
    elif marked:
        composer.text(marked[1], "list_item", marker=marked[0], bold=block.bold, page=block.page)
    else:
        kind = "list_item" if role is not None and role.item else "paragraph"
        composer.text(block.text, kind, bold=block.bold, page=block.page)  # type: ignore[arg-type]
