"""Where a statement stands: document, page and line, as words and as a link to the report's list of sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, cast

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from compare.contract import TABLES, Tables
from compare.presentation import labels
from compare.presentation.wording import EN_DASH, NO_BREAK_SPACE, Wording, is_missing

SHOWN_AT_MOST = 4
# A title that is read aloud or shown beside the pointer cannot be a list of hundreds; the list of sources has them all.
TOLD_AT_MOST = 60
SOURCES = "sources"  # the id of the report's list of sources
# The columns of measures that say whose a row is, and of which plan; the plan's year goes before that of a figure.
CODES = ("municipality_code", "municipality_code_1", "municipality_code_2")
YEARS = ("plan_year", "year")
_SPOT = ("page", "line", "line_end")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a document; page and line count from 1 and are None where the format has none."""

    document_id: str
    page: int | None = None
    line: int | None = None
    line_end: int | None = None


def places_of(rows: pd.DataFrame) -> list[Place]:
    """The place of each row of a contract table; of page, line and line_end any may be missing as a column."""
    wanted = [name for name in ("document_id", *_SPOT) if name in rows]
    return [_place(row) for row in cast("list[dict[str, Any]]", rows[wanted].to_dict("records"))]


def _place(row: Mapping[str, Any]) -> Place:
    return Place(str(row["document_id"]), *(_whole(row.get(name)) for name in _SPOT))


def places_of_ids(plans: Tables, ids: Iterable[str]) -> list[Place]:
    """The places of records by their ids, in the order given; an id that no table has is left out.

    Measures give the ids that a figure rests on; this leads from there to the documents.
    """
    wanted = list(dict.fromkeys(ids))
    found = places_by_id(plans, wanted)
    return [found[record_id] for record_id in wanted if record_id in found]


def places_by_id(plans: Tables, ids: Iterable[str]) -> dict[str, Place]:
    """The place of each record by its id: one pass over the tables for all the ids of a report table."""
    wanted = pa.array(list(set(ids)), pa.large_string())
    found: dict[str, Place] = {}
    for name, table in TABLES.items():
        if table.key is None or name == "documents":
            continue
        rows = plans[name]
        # Arrow's own look-up: that of pandas takes each wanted id through Python, for each table anew.
        held = pc.is_in(pa.array(rows[table.key], pa.large_string(), from_pandas=True), value_set=wanted)
        rows = rows[held.to_numpy(zero_copy_only=False)]
        if len(rows):
            found.update(zip(rows[table.key], places_of(rows), strict=True))
    return found


def whole_documents(documents: pd.DataFrame) -> list[Place]:
    """Documents (rows of that contract table) as places: what a figure rests on that counts them, or finds nothing."""
    return [Place(str(document_id)) for document_id in documents["document_id"]]


def documents_of_rows(rows: pd.DataFrame, documents: pd.DataFrame) -> list[list[Place]]:
    """Where a row leads that names no record, as a count of 0: to its own place, else to its documents as wholes.

    These are the documents of its municipalities and year; a year that none of the municipality's documents has (that
    of a figure, not of a plan) does not narrow them. No places for a row that names neither document nor municipality.
    """
    of_year: dict[tuple[str, int], list[Place]] = {}
    of_code: dict[str, list[Place]] = {}
    for code, year, place in zip(
        documents["municipality_code"], documents["year"], whole_documents(documents), strict=True
    ):
        of_year.setdefault((code, int(year)), []).append(place)
        of_code.setdefault(code, []).append(place)

    def found(row: Mapping[str, Any]) -> list[Place]:
        if not is_missing(row.get("document_id")):
            return [_place(row)]
        codes = dict.fromkeys(str(row[name]) for name in CODES if not is_missing(row.get(name)))
        year = _whole(next((row[name] for name in YEARS if name in row), None))
        return [
            place
            for code in codes
            for place in of_year.get((code, -1 if year is None else year), of_code.get(code, []))
        ]

    wanted = [name for name in ("document_id", *_SPOT, *CODES, *YEARS) if name in rows]
    return [found(row) for row in cast("list[dict[str, Any]]", rows[wanted].to_dict("records"))]


def merged(places: Iterable[Place]) -> list[Place]:
    """The places by document in the order given, within it from the front; those on the same lines or in a row are one.

    >>> merged([Place("a", None, 9), Place("a", None, 3), Place("a", None, 4, 5)])
    [Place(document_id='a', page=None, line=3, line_end=5), Place(document_id='a', page=None, line=9, line_end=None)]
    """
    once = list(dict.fromkeys(places))
    documents = {document_id: n for n, document_id in enumerate(dict.fromkeys(place.document_id for place in once))}
    kept: list[Place] = []
    for place in sorted(once, key=lambda place: (documents[place.document_id], *where(place))):
        last = kept[-1] if kept else None
        follows = last and last.document_id == place.document_id and last.page == place.page
        if last and follows and last.line is not None and place.line is not None and place.line <= _end(last) + 1:
            kept[-1] = Place(place.document_id, place.page, last.line, max(_end(last), _end(place)))
        else:
            kept.append(place)
    return kept


def _end(place: Place) -> int:
    """The last line of a place that has lines."""
    return place.line_end or place.line or 0


def where(place: Place) -> tuple[int, int, int]:
    """What places of a document are sorted by: from the front, those without a page or line first."""
    return place.page or 0, place.line or 0, place.line_end or 0


def spots(places: Sequence[Place], say: Wording) -> str:
    """Where in one document places are, in words: 'lines 12–14, 20', 'p. 3, line 5; p. 7'; empty where unknown.

    Pages without lines stand together: 'pp. 3, 5'.
    """
    by_page: dict[int | None, list[str]] = {}
    for place in dict.fromkeys(places):
        by_page.setdefault(place.page, []).extend([_lines(place)] if place.line is not None else [])
    bare = [str(page) for page, lines in by_page.items() if page is not None and not lines]
    parts = [_page_and_lines(page, lines, say) for page, lines in by_page.items() if lines]
    if bare:
        parts.insert(0, say.plural("p.", "pp.", len(bare)) + NO_BREAK_SPACE + ", ".join(bare))
    return "; ".join(parts)


def _page_and_lines(page: int | None, lines: list[str], say: Wording) -> str:
    several = len(set(lines)) > 1 or EN_DASH in lines[0]
    words = say.plural("line", "lines", 2 if several else 1) + NO_BREAK_SPACE + ", ".join(dict.fromkeys(lines))
    return words if page is None else f"{say.plural('p.', 'pp.', 1)}{NO_BREAK_SPACE}{page}, {words}"


def _lines(place: Place) -> str:
    last = place.line_end
    follows = last is not None and place.line is not None and last > place.line
    return f"{place.line}{EN_DASH}{last}" if follows else str(place.line)


def document_names(documents: pd.DataFrame | None, say: Wording) -> dict[str, str]:
    """Each document in a few words: municipality, period and year; with its committee or kind where two would be equal.

    Keys are the documents' ids.
    """
    if documents is None:
        return {}
    rows = {str(row["document_id"]): row for row in cast("list[dict[str, Any]]", documents.to_dict("records"))}
    short = {document_id: _document(row, say) for document_id, row in rows.items()}
    twice = Counter(short.values())
    return {
        document_id: f"{name} ({_distinction(rows[document_id], say)})" if twice[name] > 1 else name
        for document_id, name in short.items()
    }


def _document(row: Mapping[str, Any], say: Wording) -> str:
    period = row.get("period")
    words = [labels.municipality(row["municipality_code"], say), str(row["year"])]
    return " ".join(words if is_missing(period) else [words[0], labels.code("period", period, say), words[1]])


def _distinction(row: Mapping[str, Any], say: Wording) -> str:
    board = row.get("board")
    return labels.code("kind", row["kind"], say) if is_missing(board) else str(board)


def source_anchor(document_id: str) -> str:
    """The id of a document in the report's list of sources."""
    return f"source-{document_id}"


def place_links(places: Sequence[Place], names: Mapping[str, str], say: Wording) -> str:
    """Places as HTML, one link per document to the list of sources, which has them all; after four how many more.

    What is not written out stands in the title of that last link. Many documents as wholes are one link to the list.
    `names` are the documents in words, as `document_names` gives them. Escaped.
    """
    if len(places) > SHOWN_AT_MOST and all(map(_is_whole, places)):
        title = _in_words(places[:TOLD_AT_MOST], names, say, more=len(places))
        return _link(SOURCES, say.plural("{n} document", "{n} documents", len(places)), title)
    shown = _shown(places)
    links = [
        _link(source_anchor(document_id), _in_document(document_id, here, names, say))
        for document_id, here in shown.items()
    ]
    written = {place for here in shown.values() for place in here}
    rest = [place for place in places if place not in written]
    if rest:
        more = say.plural("{n} more place", "{n} more places", len(rest))
        links.append(
            _link(source_anchor(rest[0].document_id), more, _in_words(rest[:TOLD_AT_MOST], names, say, more=len(rest)))
        )
    return "; ".join(links)


def document_link(document_id: str, words: str) -> str:
    """A document in words as HTML, a link to its entry in the list of sources. Escaped."""
    return _link(source_anchor(document_id), words)


def _link(anchor: str, words: str, title: str = "") -> str:
    told = f' title="{escape(title)}"' if title else ""
    return f'<a href="#{escape(anchor)}"{told}>{escape(words)}</a>'


def _is_whole(place: Place) -> bool:
    """Whether a place is a document as a whole."""
    return place.page is None and place.line is None


def _in_document(document_id: str, places: Sequence[Place], names: Mapping[str, str], say: Wording) -> str:
    return ", ".join(part for part in (names.get(document_id, document_id), spots(places, say)) if part)


def _in_words(places: Sequence[Place], names: Mapping[str, str], say: Wording, *, more: int) -> str:
    """Places of several documents as plain words, with a mark where there are more than are told."""
    words = "; ".join(_in_document(key, here, names, say) for key, here in _by_document(places).items())
    return f"{words} …" if more > len(places) else words


def _by_document(places: Iterable[Place]) -> dict[str, list[Place]]:
    by_document: dict[str, list[Place]] = {}
    for place in places:
        by_document.setdefault(place.document_id, []).append(place)
    return by_document


def _shown(places: Sequence[Place]) -> dict[str, list[Place]]:
    """The places that are written out, by document: one of each, and of the first documents as many as have room."""
    by_document = _by_document(places)
    room = max(SHOWN_AT_MOST - len(by_document), 0)
    shown = {}
    for document_id, here in list(by_document.items())[:SHOWN_AT_MOST]:
        shown[document_id] = here[: 1 + room]
        room -= len(shown[document_id]) - 1
    return shown


def _whole(value: object) -> int | None:
    return None if is_missing(value) else int(value)  # type: ignore[call-overload]
