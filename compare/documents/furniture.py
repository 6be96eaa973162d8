"""What pages carry besides their content: page numbers and the running heads and feet that repeat from page to page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

EDGE_LINES = 3
TEXT_SHARE = 0.5
PAGE_NUMBER = re.compile(
    r"(?:(?:sida|sidan|sid\.?|s\.|page|p\.)\s*)?[-–|]?\s*(?P<number>\d{1,4})\s*[-–|]?(?:\s*(?:\(|av|/|of|:)\s*\d{1,4}\s*\)?)?",
    re.IGNORECASE,
)


def running_lines(pages: Sequence[Sequence[str]]) -> set[tuple[int, int]]:
    """The lines of pages (first to last, empty ones left out) that belong to no page's content.

    Returns pairs of page and line, both counted from 0: lines near an edge that repeat on half of the pages apart from
    their figures, and page numbers that count with the pages.
    """
    edges = [edge_lines(page) for page in pages]
    candidates = [[page[i] for i in edge] for page, edge in zip(pages, edges, strict=True)]
    shapes = [[pattern(text) for text in page] for page in candidates]
    found = repeated(shapes, max(3, TEXT_SHARE * len(pages))) | numbered(candidates)
    return {(n, edges[n][position]) for n, position in found}


def edge_lines(page: Sequence[str]) -> list[int]:
    """The lines nearest to the edges: few, and never so many that a short page is nothing but edges."""
    size = min(EDGE_LINES, max(1, len(page) // 4)) if page else 0
    return sorted({*range(size), *range(len(page) - size, len(page))})


def repeated(shapes: Sequence[Sequence[str]], needed: float) -> set[tuple[int, int]]:
    """Lines whose shape stands on at least so many pages; as pairs of page and position."""
    counts = Counter(shape for page in shapes for shape in set(page))
    common = {shape for shape, count in counts.items() if count >= needed and re.search(r"[^\W\d_]", shape)}
    return {(n, i) for n, page in enumerate(shapes) for i, shape in enumerate(page) if shape in common}


def numbered(candidates: Sequence[Sequence[str]]) -> set[tuple[int, int]]:
    """Candidates that hold the page number and nothing else; as pairs of page and position."""
    by_distance: dict[int, list[tuple[int, int]]] = {}
    for n, page in enumerate(candidates):
        for i, text in enumerate(page):
            match = PAGE_NUMBER.fullmatch(text.strip())
            if match:
                # Numbers that count with the pages keep one distance to them.
                by_distance.setdefault(int(match["number"]) - n, []).append((n, i))
    found: set[tuple[int, int]] = set()
    for places in by_distance.values():
        if len({n for n, _ in places}) >= max(2, 0.3 * len(candidates)):
            found.update(places)
    return found


def pattern(text: str) -> str:
    """A line with its figures and spaces made alike."""
    return re.sub(r"\s+", " ", re.sub(r"\d+", "#", text)).strip().casefold()
