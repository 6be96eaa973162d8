"""Where a statement stands: document, page and line, as words and as a link to the report's list of sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from compare.contract import TABLES, Tables
from compare.presentation import labels
from compare.presentation.wording import EN_DASH, NO_BREAK_SPACE, Wording, is_missing

SHOWN_AT_MOST = 4


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a document; page and line count from 1 and are None where the format has none."""

    document_id: str
    page: int | None = None
    line: int | None = None
    line_end: int | None = None


def places_of(rows: pd.DataFrame) -> list[Place]:
    """The place of each row of a contract table; of page, line and line_end any may be missing as a column."""
    return [
        Place(str(row["document_id"]), *(_whole(row.get(name)) for name in ("page", "line", "line_end")))
        for row in rows[[c for c in ("document_id", "page", "line", "line_end") if c in rows]].to_dict("records")
    ]


def places_of_ids(plans: Tables, ids: Iterable[str]) -> list[Place]:
    """The places of records by their ids, in the order given; an id that no table has is left out.

    Measures give the ids that a figure rests on; this leads from there to the documents.
    """
    wanted = list(dict.fromkeys(ids))
    found: dict[str, Place] = {}
    for name, table in TABLES.items():
        if table.key is None or name == "documents":
            continue
        rows = plans[name]
        rows = rows[rows[table.key].isin(wanted)]
        found.update(zip(rows[table.key], places_of(rows), strict=True))
    return [found[record_id] for record_id in wanted if record_id in found]


def merged(places: Iterable[Place]) -> list[Place]:
    """The places in their order, each once, and those on lines that follow each other as one.

    >>> merged([Place("a", None, 3), Place("a", None, 4, 5), Place("a", None, 9)])
    [Place(document_id='a', page=None, line=3, line_end=5), Place(document_id='a', page=None, line=9, line_end=None)]
    """
    kept: list[Place] = []
    for place in dict.fromkeys(places):
        last = kept[-1] if kept else None
        follows = last and last.document_id == place.document_id and last.page == place.page
        if last and follows and last.line is not None and place.line == (last.line_end or last.line) + 1:
            kept[-1] = Place(place.document_id, place.page, last.line, place.line_end or place.line)
        else:
            kept.append(place)
    return kept


def place_words(place: Place, say: Wording) -> str:
    """Page and lines in words, without the document: 'page 3, line 12–14'; empty where neither is known."""
    parts = []
    if place.page is not None:
        parts.append(say("p.") + NO_BREAK_SPACE + str(place.page))
    if place.line is not None:
        last = place.line_end
        lines = f"{place.line}{EN_DASH}{last}" if last is not None and last > place.line else str(place.line)
        parts.append(say("line") + NO_BREAK_SPACE + lines)
    return ", ".join(parts)


def document_words(document_id: str, documents: pd.DataFrame | None, say: Wording) -> str:
    """A document in a few words: municipality, year and period; its id where the document is not known."""
    row = None if documents is None else documents[documents["document_id"] == document_id].head(1)
    if row is None or row.empty:
        return document_id
    record = row.to_dict("records")[0]
    words = [labels.municipality(record["municipality_code"], say)]
    if not is_missing(record.get("period")):
        words.append(labels.code("period", record["period"], say))
    words.append(str(record["year"]))
    return " ".join(words)


def source_anchor(document_id: str) -> str:
    """The id of a document in the report's list of sources."""
    return f"source-{document_id}"


def place_links(places: Sequence[Place], documents: pd.DataFrame | None, say: Wording) -> str:
    """Places as HTML links to the list of sources; beyond four only how many more there are. Escaped."""
    links = []
    for place in places[:SHOWN_AT_MOST]:
        words = ", ".join(w for w in (document_words(place.document_id, documents, say), place_words(place, say)) if w)
        links.append(f'<a href="#{escape(source_anchor(place.document_id))}">{escape(words)}</a>')
    rest = len(places) - SHOWN_AT_MOST
    if rest > 0:
        links.append(escape(say.plural("{n} more place", "{n} more places", rest)))
    return "; ".join(links)


def _whole(value: object) -> int | None:
    return None if is_missing(value) else int(value)  # type: ignore[call-overload]
