"""Markdown files: headings, list items, paragraphs and pipe tables, broken ones included, with the file's own lines.

The file is read line by line and not by a full Markdown parser, because places are to be exact lines and because
tables in converted plans are often broken: no line of dashes, rows of uneven length, a cell wrapped onto a new line.
"""

from __future__ import annotations

import re
from dataclasses import replace

from compare.documents.characters import joined, list_marker, tidy
from compare.documents.markup import plain
from compare.documents.model import Block, Cell, Document, Place, Table, Text
from compare.documents.recognition import Source
from compare.documents.text import MAX_LINES, decode, from_text, marked_up, split_lines
from compare.problems import PlanError

HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*$")
DASHES = re.compile(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)*\|?\s*$")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:_\s*){3,}|(?:-\s*){3,})$")
PIPE = re.compile(r"(?<!\\)\|")
LINK = re.compile(r"(!?)\[([^\[\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)|(!?)\[([^\[\]]*)\]\[[^\]]*\]")
EMPHASIS = re.compile(r"(?<![\w*])(\*|_)(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])")
TASK = re.compile(r"\[[ xX]\]\s+")


def read(source: Source) -> Document:
    """The Markdown file as a `Document`; raises `PlanError` as plain text files do."""
    text, notes = decode(source.data)
    lines = split_lines(text)
    if len(lines) > MAX_LINES:
        raise PlanError(f"{source.path}: has {len(lines):,} lines; at most {MAX_LINES:,} are read; split the document")
    title, start = front_matter(lines)
    found = Walk(lines, start).blocks()
    if not found:
        # A file that is Markdown by name only is still text.
        return from_text(text, source, notes)
    return Document(
        file_name=source.name,
        media_type=source.media_type,
        sha256=source.sha256,
        blocks=tuple(found),
        lines=tuple(lines),
        title=title,
        notes=notes,
    )


def front_matter(lines: list[str]) -> tuple[str | None, int]:
    """The title in the metadata at the head of a file, and the first line behind it."""
    if not lines or lines[0].strip() != "---":
        return None, 0
    for index in range(1, min(len(lines), 100)):
        if lines[index].strip() in {"---", "..."}:
            titles = (re.match(r"title:\s*[\"']?(.*?)[\"']?\s*$", line) for line in lines[1:index])
            return next((match[1] for match in titles if match), None), index + 1
        if not re.match(r"[\w -]+:|\s|-|#|$", lines[index]):
            break
    return None, 0


class Walk:
    """Goes through the lines once and gathers blocks."""

    def __init__(self, lines: list[str], start: int) -> None:
        self.lines = lines
        self.index = start
        self.found: list[Block] = []
        self.gathered: list[int] = []

    def blocks(self) -> list[Block]:
        """Read all lines; the blocks in their order."""
        while self.index < len(self.lines):
            self.step()
        self.flush()
        return self.found

    def step(self) -> None:
        """Read the block or line that stands next."""
        line = unquoted(self.lines[self.index])
        heading = HEADING.match(line)
        if not line.strip():
            self.flush()
        elif FENCE.match(line):
            self.flush()
            self.fenced()
            return
        elif heading:
            self.flush()
            self.heading(heading[2], len(heading[1]), self.index, self.index)
        elif self.gathered and UNDERLINE.match(line) and len(self.gathered) <= 3 and not self.in_item():
            self.underlined(1 if "=" in line else 2)
        elif RULE.match(line):
            self.flush()
        elif self.at_table():
            self.flush()
            self.table()
            return
        else:
            if list_marker(line.strip()) is not None or ends_with_break(self.lines, self.gathered):
                self.flush()
            self.gathered.append(self.index)
        self.index += 1

    def in_item(self) -> bool:
        return list_marker(unquoted(self.lines[self.gathered[0]]).strip()) is not None

    def heading(self, text: str, level: int, first: int, last: int) -> None:
        """Keep a heading of these lines, unless its words are all markup."""
        block = marked_up(inline(text))
        if block.text:
            words = f"{block.marker} {block.text}" if block.marker else block.text
            place = Place(first + 1, last + 1)
            self.found.append(Text(words, place, "heading", level, None, block.bold))

    def underlined(self, level: int) -> None:
        """Close a heading whose line is underlined by '===' or '---'."""
        text = " ".join(unquoted(self.lines[index]).strip() for index in self.gathered)
        self.heading(text, level, self.gathered[0], self.index)
        self.gathered = []

    def fenced(self) -> None:
        """Read a fenced block: its lines are kept as paragraphs, or as a table where they form one."""
        opening = FENCE.match(unquoted(self.lines[self.index]))
        fence = opening[1][:3] if opening else "```"
        self.index += 1
        while self.index < len(self.lines) and not self.lines[self.index].strip().startswith(fence):
            text = tidy(self.lines[self.index])
            if text:
                self.found.append(Text(text, Place(self.index + 1, self.index + 1)))
            self.index += 1
        self.index += 1

    def flush(self) -> None:
        """Close the paragraph or list item under way."""
        if not self.gathered:
            return
        whole = ""
        for index in self.gathered:
            whole = joined(whole, tidy(unquoted(self.lines[index]).rstrip("\\")))
        block = marked_up(inline(whole))
        if block.marker:
            block = replace(block, text=TASK.sub("", block.text, count=1))
        if block.text:
            self.found.append(replace(block, place=Place(self.gathered[0] + 1, self.gathered[-1] + 1)))
        self.gathered = []

    # --- tables ---

    def at_table(self) -> bool:
        """Whether a table begins here: a row of cells with dashes or another row of cells after it."""
        line = unquoted(self.lines[self.index])
        if len(PIPE.findall(line)) < 1 or list_marker(line.strip()) is not None:
            return False
        if line.strip().startswith("|"):
            return True
        after = unquoted(self.lines[self.index + 1]) if self.index + 1 < len(self.lines) else ""
        return "|" in after and (DASHES.match(after) is not None or len(PIPE.findall(line)) > 1)

    def table(self) -> None:
        """Read consecutive rows of cells as one table."""
        first = self.index
        rows: list[tuple[list[str], int, int]] = []
        header_rows: int | None = None
        while self.index < len(self.lines):
            line = unquoted(self.lines[self.index]).strip()
            if not line or "|" not in line:
                break
            if DASHES.match(line):
                if header_rows is None and rows:
                    header_rows = len(rows)
                self.index += 1
                continue
            start = self.index
            line = self.whole_row(line)
            rows.append((split_cells(line), start, self.index))
            self.index += 1
        rows = [row for row in rows if any(cell for cell in row[0])]
        if rows:
            width = max(len(cells) for cells, _, _ in rows)
            placed = tuple(
                tuple(Cell(cell, Place(start + 1, end + 1)) for cell in [*cells, *[""] * (width - len(cells))])
                for cells, start, end in rows
            )
            place = Place(first + 1, rows[-1][2] + 1)
            self.found.append(Table(placed, place, header_rows=header_rows))

    def whole_row(self, line: str) -> str:
        """A row with the lines that its cells were wrapped onto."""
        while line.startswith("|") and not line.endswith("|") and self.index + 1 < len(self.lines):
            after = unquoted(self.lines[self.index + 1]).strip()
            if not after or after.startswith(("|", "#")):
                break
            line = joined(line, after)
            self.index += 1
        return line


def unquoted(line: str) -> str:
    """A line without the marks of a quotation."""
    return re.sub(r"^ {0,3}(?:>\s?)+", "", line.replace("\f", "").replace("\t", "    "))


def ends_with_break(lines: list[str], gathered: list[int]) -> bool:
    """Whether the line above asks for a new line."""
    return bool(gathered) and (lines[gathered[-1]].endswith(("  ", "\\")))


def split_cells(line: str) -> list[str]:
    """The cells of a row of a pipe table."""
    line = line.strip()
    parts = PIPE.split(line)
    if line.startswith("|"):
        parts = parts[1:]
    if PIPE.search(line[-1:]) and len(parts) > 1 and not line.endswith("\\|"):
        parts = parts[:-1]
    return [plain(inline(part.replace("\\|", "|")).replace("**", "")) for part in parts]


def inline(text: str) -> str:
    """Words without the marks of links, emphasis and code."""
    text = LINK.sub(lambda link: "" if link[1] or link[3] else (link[2] or link[4] or ""), text)
    text = EMPHASIS.sub(r"\2", text)
    text = re.sub(r"`+([^`]+)`+", r"\1", text)
    return re.sub(r"\\([\\`*_{}\[\]()#+.!|>~-])", r"\1", text)
