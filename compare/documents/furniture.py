"""What pages carry besides their content: page numbers and the running heads and feet that repeat from page to page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

EDGE_LINES = 3
REPEATED_SHARE = 0.5
REPEATED_PAGES = 3
PAGE_NUMBER = re.compile(
    r"(?:(?:sida|sid\.?|s\.|page|p\.)\s*)?[-–]?\s*(?P<number>\d{1,4})\s*[-–]?(?:\s*(?:\(|av|/|of|:)\s*\d{1,4}\s*\)?)?",
    re.IGNORECASE,
)


def running_lines(pages: Sequence[Sequence[str]]) -> set[tuple[int, int]]:
    """The lines of pages (first to last, empty ones left out) that belong to no page's content.

    Returns pairs of page and line, both counted from 0: lines near an edge that repeat on half of the pages apart from
    their figures, and page numbers that count with the pages.
    """
    if len(pages) < 2:
        return set()
    found = numbered_lines(pages)
    for edge in (top_lines, bottom_lines):
        shapes = Counter(shape for page in pages for shape in {pattern(page[i]) for i in edge(page)})
        needed = max(REPEATED_PAGES, REPEATED_SHARE * len(pages))
        repeated = {shape for shape, count in shapes.items() if count >= needed and shape.strip("# ")}
        found |= {(n, i) for n, page in enumerate(pages) for i in edge(page) if pattern(page[i]) in repeated}
    return found


def numbered_lines(pages: Sequence[Sequence[str]]) -> set[tuple[int, int]]:
    """Lines at the edges that hold the page number and nothing else."""
    candidates: dict[int, list[tuple[int, int]]] = {}
    for n, page in enumerate(pages):
        for i in {*top_lines(page), *bottom_lines(page)}:
            match = PAGE_NUMBER.fullmatch(page[i].strip())
            if match:
                # Numbers that count with the pages keep one distance to them.
                candidates.setdefault(int(match["number"]) - n, []).append((n, i))
    lines: set[tuple[int, int]] = set()
    for places in candidates.values():
        if len({n for n, _ in places}) >= max(2, 0.3 * len(pages)):
            lines.update(places)
    return lines


def top_lines(page: Sequence[str]) -> list[int]:
    return list(range(edge_size(page)))


def bottom_lines(page: Sequence[str]) -> list[int]:
    return list(range(len(page) - edge_size(page), len(page)))


def edge_size(page: Sequence[str]) -> int:
    """How many lines belong to an edge: few, and never so many that a short page is nothing but edges."""
    return min(EDGE_LINES, max(1, len(page) // 4)) if page else 0


def pattern(text: str) -> str:
    """A line with its figures and spaces made alike."""
    return re.sub(r"\s+", " ", re.sub(r"\d+", "#", text)).strip().casefold()
