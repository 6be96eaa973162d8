"""Plain text files: paragraphs, list items and tables, with the exact lines of the file as places.

Such files are typed, exported with tabs between cells, or made by `pdftotext -layout`, which keeps columns with
spaces and pages with form feeds. Two habits of line breaks occur: one line per paragraph, and prose wrapped at a
margin. The file itself tells which: in wrapped prose, a line is left only when the next word would not have fitted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from compare.documents.characters import divided, ends_sentence, joined, list_marker, tidy
from compare.documents.columns import fill, find_aligned
from compare.documents.furniture import running_lines
from compare.documents.markup import plain
from compare.documents.model import Block, Cell, Document, Place, Table, Text
from compare.documents.narrow import parting_spaces, straightened
from compare.documents.pieces import Piece, Row
from compare.documents.recognition import Source
from compare.problems import PlanError

MAX_LINES = 2_000_000
# Encodings of Swedish texts before UTF-8; the one that gives most Swedish letters inside words is taken.
OLDER_ENCODINGS = {"cp1252": "Windows-1252 (Latin-1)", "mac_roman": "Mac Roman", "cp850": "DOS (code page 850)"}
SWEDISH_LETTERS = re.compile(r"(?<=[a-zåäö])[åäöé](?=[a-zåäö])|\b[åäöÅÄÖ](?=[a-zåäö])|(?<=[a-zåäö])[åäö]\b")
SECTION_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.?$")
BARE_LETTER = re.compile(r"([A-ZÅÄÖ])\s+(?=[A-ZÅÄÖ])")
# A line that ends in several figures is a row of a table.
ROW_OF_FIGURES = re.compile(r"(?:(?:^|\s)[+\-–−]?\s?\d[\d.,]*\s?%?){3,}$")
WIDE_GAP = re.compile(r"\S {2,}\S")
# Words with single spaces between them; a list marker at the line's beginning holds its text with it.
SEGMENT = re.compile(r"(?:^\s*[-•*–]\s+)?\S+(?: \S+)*")
# What a type size is on a page, in characters: columns stand at least two apart.
CHARACTER_SIZE = 2.0
# A heading in larger type reaches the margin with fewer letters than prose does.
FULL_SHARE = 0.8
# At least this share of wrapped prose's lines begin with a small letter.
GOING_ON_SHARE = 0.25
CONTINUED_LENGTH = 45


def read(source: Source) -> Document:
    """The text file as a `Document`; raises `PlanError` for one without text or with far too many lines."""
    text, notes = decode(source.data)
    return from_text(text, source, notes)


def from_text(text: str, source: Source, notes: tuple[str, ...] = ()) -> Document:
    """Decoded text as a `Document` of this source."""
    lines = split_lines(text)
    if len(lines) > MAX_LINES:
        raise PlanError(f"{source.path}: has {len(lines):,} lines; at most {MAX_LINES:,} are read; split the document")
    if not tidy(text):
        raise PlanError(f"{source.path}: holds no text; a document with text was expected; fetch the file again")
    numbered = Lines(lines)
    return Document(
        file_name=source.name,
        media_type=source.media_type,
        sha256=source.sha256,
        blocks=tuple(blocks(numbered)),
        lines=tuple(lines),
        pages=numbered.pages[-1] if numbered.paged else None,
        notes=notes,
    )


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Bytes as text, with a note where the encoding is not UTF-8."""
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace"), ()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), ("The file is encoded as UTF-16, not UTF-8; it was read as such.",)
    if b"\x00" in data[:4096]:
        side = "utf-16-be" if data[:4096:2].count(0) > data[1:4096:2].count(0) else "utf-16-le"
        return data.decode(side, "replace"), (
            "The file is encoded as UTF-16 without a byte order mark, not UTF-8; it was read as such.",
        )
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        # A few damaged bytes do not make a UTF-8 file one of an older encoding.
        damaged = data.decode("utf-8", "replace")
        if damaged.count("\ufffd") * 20 < sum(byte > 127 for byte in data) and error.start > 0:
            return damaged, (f"The file has {damaged.count(chr(0xFFFD))} damaged characters, shown as \ufffd.",)
    best, text = max(
        ((name, data.decode(name, "replace")) for name in OLDER_ENCODINGS),
        key=lambda candidate: len(SWEDISH_LETTERS.findall(candidate[1])),
    )
    if "\ufffd" in text:
        text = data.decode("latin-1")
    return text, (f"The file is not encoded as UTF-8; it was read as {OLDER_ENCODINGS[best]}.",)


def split_lines(text: str) -> list[str]:
    """The file's lines as editors count them; a form feed stays part of its line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


class Lines:
    """The lines of a text with their pages and the margin that its prose is wrapped at."""

    def __init__(self, lines: list[str]) -> None:
        self.raw = lines
        self.pages = page_numbers(lines)
        self.paged = self.pages[-1] > 1
        self.texts = [line.replace("\f", "") for line in lines]
        self.left_out = self.running() if self.paged else set()
        self.margin = self.wrap_margin()

    def __len__(self) -> int:
        return len(self.raw)

    def running(self) -> set[int]:
        """Lines that are page numbers or the running heads and feet of pages."""
        pages: dict[int, list[tuple[int, str]]] = {}
        for index, text in enumerate(self.texts):
            if text.strip():
                pages.setdefault(self.pages[index], []).append((index, text))
        found = running_lines([[text for _, text in page] for page in pages.values()])
        numbers = [[index for index, _ in page] for page in pages.values()]
        return {numbers[page][position] for page, position in found}

    def empty(self, index: int) -> bool:
        return index in self.left_out or not tidy(self.texts[index])

    def tabbed(self, index: int) -> bool:
        return "\t" in self.texts[index] and not self.empty(index)

    def place(self, first: int, last: int | None = None) -> Place:
        page = self.pages[first] if self.paged else None
        return Place(first + 1, (first if last is None else last) + 1, page)

    def wrap_margin(self) -> int | None:
        """The length at which prose is wrapped, or None where every paragraph is one line."""
        pairs = [
            (len(text.strip()), after.strip())
            for text, after in zip(self.texts, self.texts[1:], strict=False)
            if text.strip() and after.strip() and "\t" not in text and "\t" not in after
            if not list_marker(after.strip()) and not re.search(r"\S {3,}\S", text)
        ]
        inner = sorted(length for length, _ in pairs)
        # Where prose is wrapped, lines go on in the middle of a sentence.
        if len(inner) < 4 or sum(after[0].islower() for _, after in pairs) < GOING_ON_SHARE * len(pairs):
            return None
        margin = inner[int(len(inner) * 0.9)]
        if not 30 <= margin <= 220 or inner[len(inner) // 2] < 0.7 * margin:
            return None
        return margin


def page_numbers(lines: list[str]) -> list[int]:
    """The page of each line: a form feed begins a new one."""
    page, pages = 1, []
    for number, line in enumerate(lines):
        if line.startswith("\f") and number:
            page += len(line) - len(line.lstrip("\f"))
        pages.append(page)
        page += line.lstrip("\f").count("\f")
    return pages


def blocks(lines: Lines) -> Iterator[Block]:
    """Tables of tabs, tables of aligned columns, and the text between them, in order."""
    index = 0
    while index < len(lines):
        if lines.empty(index):
            index += 1
        elif lines.tabbed(index):
            end = index
            while end < len(lines) and lines.tabbed(end):
                end += 1
            yield from tabbed_blocks(lines, index, end)
            index = end
        else:
            end = index
            while end < len(lines) and not lines.tabbed(end):
                end += 1
            yield from prose_and_columns(lines, index, end)
            index = end


def tabbed_blocks(lines: Lines, first: int, end: int) -> Iterator[Block]:
    """Consecutive lines with tabs: a table, unless the tabs only indent or set off list markers and numbers."""
    rows = [(index, lines.texts[index].split("\t")) for index in range(first, end)]
    filled = [[cell.strip() for cell in row if cell.strip()] for _, row in rows]
    if all(len(row) <= 1 for row in filled) or all(tab_sets_off_marker(row, len(filled)) for row in filled):
        for index, _ in rows:
            yield text_block(lines, [index])
        return
    width = max(len(row) for _, row in rows)
    cells = tuple(
        tuple(Cell(plain(text), lines.place(index)) for text in [*row, *[""] * (width - len(row))])
        for index, row in rows
    )
    yield Table(cells, lines.place(first, end - 1))


def tab_sets_off_marker(row: list[str], rows: int) -> bool:
    """Whether a line with a tab is a list item or a numbered heading: '•<tab>Text', '1.1<tab>Text'."""
    if len(row) != 2 or not re.search(r"[^\W\d_]{3,}", row[1]):
        return False
    return list_marker(f"{row[0]} {row[1]}") is not None or (rows == 1 and bool(SECTION_NUMBER.match(row[0])))


def prose_and_columns(lines: Lines, first: int, end: int) -> Iterator[Block]:
    """Lines without tabs: tables whose columns are kept with spaces, and the prose between them."""
    index = start = first
    for table, table_first, table_end in aligned_tables(lines, first, end):
        yield from prose_blocks(lines, start, table_first)
        yield table
        index = start = table_end
    yield from prose_blocks(lines, max(index, start), end)


def aligned_tables(lines: Lines, first: int, end: int) -> Iterator[tuple[Table, int, int]]:
    """Tables whose columns are kept with spaces, each with its first line and the one behind its last."""
    numbers = [index for index in range(first, end) if not lines.empty(index)]
    if sum(len(WIDE_GAP.findall(lines.texts[index].strip())) > 0 for index in numbers) < 2:
        return
    parting = parting_spaces(["" if lines.empty(index) else lines.texts[index] for index in range(first, end)])
    rows = [Row(segments(lines.texts[index], index, parting[index - first]), index) for index in numbers]
    rows = straightened(rows)
    for found in find_aligned(rows):
        filled = fill(found, rows)
        cells = []
        for row, own in zip(filled.cells, filled.numbers, strict=True):
            place = lines.place(own[0], own[-1])
            cells.append([Cell(plain(text), place, spans) for text, spans in row for _ in range(spans)])
        width = max(len(row) for row in cells)
        padded = tuple((*row, *[Cell("", row[0].place)] * (width - len(row))) for row in cells)
        start, stop = numbers[found.first], numbers[found.end - 1]
        yield Table(padded, lines.place(start, stop)), start, stop + 1


def segments(text: str, index: int, parting: Collection[int] = ()) -> list[Piece]:
    """A line's words as pieces, those more than one space apart by themselves; a character is one unit wide.

    `parting` are the places of single spaces that part pieces as well.
    """
    pieces = []
    for match in SEGMENT.finditer(text):
        start = match.end() - len(match[0].lstrip())
        cuts = [at for at in sorted(parting) if start < at < match.end()]
        for begin, end in zip([start, *(at + 1 for at in cuts)], [*cuts, match.end()], strict=True):
            pieces.append(Piece(begin, end, index, index + 0.9, text[begin:end], CHARACTER_SIZE))
    return pieces


def prose_blocks(lines: Lines, first: int, end: int) -> Iterator[Text]:
    """Paragraphs and list items: wrapped lines joined, everything else line by line."""
    under_way: list[int] = []
    for index in range(first, end):
        if lines.empty(index):
            continue
        if under_way and continues(lines, under_way, index):
            under_way.append(index)
            continue
        if under_way:
            yield text_block(lines, under_way)
        under_way = [index]
    if under_way:
        yield text_block(lines, under_way)


def continues(lines: Lines, under_way: list[int], index: int) -> bool:
    """Whether a line goes on with the block above it."""
    last = under_way[-1]
    above, text = lines.texts[last].strip(), lines.texts[index].strip()
    blank = sum(1 for between in range(last + 1, index) if between not in lines.left_out)
    if starts_item(lines, index) or not re.search(r"\w", above) or not re.search(r"\w", text):
        return False
    if ROW_OF_FIGURES.search(above):
        return False
    if blank:
        return blank <= 2 and goes_on_after_blank(lines, above, text)
    if divided(above) and text[0].islower():
        return True
    if lines.margin is None:
        return text[0].islower() and not ends_sentence(above) and len(above) >= CONTINUED_LENGTH
    first_word = text.split(" ", 1)[0]
    if len(above) + 1 + len(first_word) >= FULL_SHARE * lines.margin:
        return True
    # Inside a list item an indented line belongs to the item however short the line above is.
    item = starts_item(lines, under_way[0])
    return item and indent(lines.texts[index]) > indent(lines.texts[under_way[0]]) and text[0].islower()


def goes_on_after_blank(lines: Lines, above: str, text: str) -> bool:
    """Whether a sentence was cut by an empty line, as at a page's end or in a heading of two lines."""
    return text[0].islower() and not ends_sentence(above) and len(above) >= CONTINUED_LENGTH


def starts_item(lines: Lines, index: int) -> bool:
    return list_marker(lines.texts[index].strip()) is not None or bare_letter(lines, index) is not None


def bare_letter(lines: Lines, index: int) -> str | None:
    """The letter of an item 'A Utveckla ...', told from prose by a neighbour with the next or previous letter."""
    match = BARE_LETTER.match(lines.texts[index].strip())
    if match is None:
        return None
    wanted = {chr(ord(match[1]) - 1), chr(ord(match[1]) + 1)}
    for near in range(max(0, index - 12), min(len(lines), index + 13)):
        other = BARE_LETTER.match(lines.texts[near].strip())
        if other and other[1] in wanted:
            return match[1]
    return None


def indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def text_block(lines: Lines, indices: list[int]) -> Text:
    """Lines as one paragraph or list item."""
    whole = ""
    for index in indices:
        whole = joined(whole, tidy(lines.texts[index].replace("\t", " ")))
    return replace(marked_up(whole, bare_letter(lines, indices[0])), place=lines.place(indices[0], indices[-1]))


def marked_up(text: str, letter: str | None = None) -> Text:
    """A block whose marker, bold marks and remnants of HTML are taken off its words."""
    marker = None
    found = list_marker(text)
    if found:
        marker, text = found
    elif letter:
        marker, text = letter, text[1:].lstrip()
    text = plain(text)
    bold = re.fullmatch(r"\*\*(.+?)\*\*|__(.+?)__", text)
    text = bold[1] or bold[2] if bold else re.sub(r"\*\*(\S(?:.*?\S)?)\*\*", r"\1", text)
    return Text(text, Place(1, 1), "list_item" if marker else "paragraph", marker=marker, bold=bool(bold))
