"""How a document was understood, and what of it no record accounts for: for people who check a reading or add words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from compare.contract import Tables
from compare.documents.model import Document, Table, Text
from compare.problems import counted
from compare.reading.recognise import facts
from compare.reading.records import Records
from compare.reading.table_roles import layout
from compare.reading.walk import Walk
from compare.source_cards import SourceCard
from compare.vocabulary import terms

SHOWN = 90
# So many of the lines left unread are printed, those that say most first.
MOST_LINES = 20
# Words of plans: a line without a record that holds one may be something that was not understood.
TERMS = ("goal_levels", "assignment_kinds", "statuses")
_NAMES_TIME = {"month", "first_month", "months"}
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NUMBER = re.compile(r"(?<![\w.,])[-–−]?\d[\d \u00a0]*(?:[.,]\d+)?")


@dataclass(frozen=True)
class Explanation:
    """What became of a document's parts.

    `blocks` has a row per heading or table (line, page, sort, text, taken_as); `columns` a row per column of the tables
    that were understood (line, column, header, role, year); `unread` a row per table or line without a record (sort,
    page, line, text) with what it carries: how many `numbers`, how many `dates`, which `terms`; `shares` the part of
    all lines, tables and numbers that neither a record nor a heading accounts for, from 0 to 1.
    """

    blocks: pd.DataFrame
    columns: pd.DataFrame
    unread: pd.DataFrame
    shares: dict[str, float]

    def lines(self) -> Iterator[str]:
        """The explanation as lines to print: what each heading and table was taken for, and the shares unread."""
        for page, line, sort, taken, text in zip(
            self.blocks["page"], self.blocks["line"], self.blocks["sort"], self.blocks["taken_as"], self.blocks["text"],
            strict=True,
        ):  # fmt: skip
            yield f"{_where(page, line)}: {sort} taken as {taken}: {text}"
        unknown = self.columns[self.columns["role"].isna() & (self.columns["header"] != "")]
        for line, column, header in zip(unknown["line"], unknown["column"], unknown["header"], strict=True):
            yield f"line {line}: column {column} '{header}' has no role; add its words to vocabulary/table_headers.toml"
        yield from self._unread()
        yield "without a record: " + ", ".join(f"{share:.0%} of the {name}" for name, share in self.shares.items())

    def _unread(self) -> Iterator[str]:
        """The lines without a record that carry numbers, dates or terms; of many those that carry most."""
        figures = self.unread["numbers"] + self.unread["dates"]
        telling = self.unread[(self.unread["sort"] == "line") & ((figures > 0) | (self.unread["terms"] != ""))]
        weightiest = figures[telling.index].sort_values(ascending=False, kind="stable").index[:MOST_LINES]
        for row in telling.loc[sorted(weightiest)].to_dict("records"):
            parts = [counted(row["numbers"], "number"), counted(row["dates"], "date")]
            parts = [part for part in parts if not part.startswith("0 ")] + ([row["terms"]] if row["terms"] else [])
            yield f"{_where(row['page'], row['line'])}: left unread ({', '.join(parts)}): {row['text'][:SHOWN]}"
        if (more := len(telling) - MOST_LINES) > 0:
            yield f"+{counted(more, 'more line')} with numbers, dates or terms left unread; --unread FILE lists all"


UNREAD = ["sort", "page", "line", "text", "numbers", "dates", "terms"]


def _where(page: Any, line: Any) -> str:
    return f"line {line}" if page is None or pd.isna(page) else f"page {page:.0f}, line {line}"


def explain(document: Document, tables: Tables) -> Explanation:
    """How each heading and table of a document was taken, and what no record of `tables` accounts for."""
    walk = _walked(document, tables)
    blocks = pd.DataFrame(
        [
            (b.place.line, b.place.page, "table" if isinstance(b, Table) else "text", _shown(b), taken)
            for b, taken in walk.understood
        ],
        columns=["line", "page", "sort", "text", "taken_as"],
    )
    covered = _covered(tables) | _understood(walk)
    unread = pd.DataFrame([*_unread_tables(walk), *_unread_lines(document, covered)], columns=UNREAD)
    numbers, accounted = _numbers(document, covered)
    all_lines = sum(1 for line in document.lines if _says_something(line))
    all_tables = sum(1 for _ in document.tables)
    shares = {
        "lines": _share((unread["sort"] == "line").sum(), all_lines),
        "tables": _share((unread["sort"] == "table").sum(), all_tables),
        "numbers": _share(numbers - accounted, numbers),
    }
    return Explanation(blocks, _columns(walk), unread, shares)


def _walked(document: Document, tables: Tables) -> Walk:
    """The same pass again, for what it understood; the document's row stands for the source card."""
    own = tables.documents.iloc[0].to_dict() if len(tables.documents) else {}
    known = {key: value for key, value in own.items() if isinstance(value, str)}
    card = SourceCard(
        municipality_code=known.get("municipality_code"),
        kind=known.get("kind"),
        board=known.get("board"),
        period=known.get("period"),
        year=int(own["year"]) if own else None,
    )
    walk = Walk(document, Records(document, facts(document, card)))
    walk.run()
    return walk


def _shown(block: Text | Table) -> str:
    text = block.text if isinstance(block, Text) else " | ".join(cell.text for cell in block.rows[0] if cell.text)
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _columns(walk: Walk) -> pd.DataFrame:
    rows = []
    for block, _ in walk.understood:
        if isinstance(block, Table):
            found = layout(block, block.caption)
            rows += [(block.place.line, c.index + 1, c.text, c.role, c.year) for c in found.columns if found.kind]
    return pd.DataFrame(rows, columns=["line", "column", "header", "role", "year"])


def _covered(tables: Tables) -> set[int]:
    """The lines on which some record stands; a remark or a claim is about a line without reading it."""
    covered: set[int] = set()
    for name in tables:
        if name in ("documents", "findings", "links", "claims"):
            continue
        for first, last in tables[name][["line", "line_end"]].dropna().astype(int).itertuples(index=False):
            covered.update(range(first, last + 1))
    return covered


def _understood(walk: Walk) -> set[int]:
    """The lines of headings and headers, and of texts that went into a record which stands elsewhere."""
    places = [block.place for block, taken in walk.understood if isinstance(block, Text) and taken != "footnote"]
    for block, _ in walk.understood:
        if isinstance(block, Table) and (found := layout(block, block.caption)).kind:
            places += [cell.place for row in found.rows[: found.header_rows] for cell in row]
    return {line for place in places for line in range(place.line, place.line_end + 1)}


def _unread_tables(walk: Walk) -> list[tuple[Any, ...]]:
    return [
        ("table", block.place.page, block.place.line, _shown(block), *_carried(_words(block)))
        for block, taken in walk.understood
        if isinstance(block, Table) and taken.startswith("no plan table")
    ]


def _words(table: Table) -> str:
    return "\n".join("\t".join(cell.text for cell in row) for row in table.rows)


def _unread_lines(document: Document, covered: set[int]) -> list[tuple[Any, ...]]:
    pages = {
        line: block.place.page
        for block in document.blocks
        for line in range(block.place.line, block.place.line_end + 1)
    }
    return [
        ("line", pages.get(number), number, line.strip(), *_carried(line))
        for number, line in enumerate(document.lines, 1)
        if _says_something(line) and number not in covered
    ]


def _carried(text: str) -> tuple[int, int, str]:
    """How many numbers and dates a text holds, and its terms of plans, parted by commas."""
    named = [
        found
        for found in terms("dates").find(text, damaged=False)
        if _NAMES_TIME & terms("dates")[found.term].facts.keys()
    ]
    dates = [*named, *_YEAR.findall(text)]
    numbers = _NUMBER.findall(_YEAR.sub(" ", text))
    found = {text[m.start : m.end].casefold(): m for name in TERMS for m in terms(name).find(text, damaged=False)}
    return len(numbers), len(dates), ", ".join(found)


def _says_something(line: str) -> bool:
    return re.search(r"\w", line) is not None


def _numbers(document: Document, covered: set[int]) -> tuple[int, int]:
    counts = [(number in covered, len(_NUMBER.findall(line))) for number, line in enumerate(document.lines, 1)]
    return sum(n for _, n in counts), sum(n for read, n in counts if read)


def _share(part: float, whole: float) -> float:
    return round(float(part) / whole, 3) if whole else 0.0
