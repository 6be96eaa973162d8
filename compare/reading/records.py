"""The records of one document while it is read: each with its place, its words, its confidence and a stable id."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from compare.contract import TABLES, Tables, frame
from compare.documents.model import Document, Place
from compare.reading.recognise import Facts
from compare.reading.statuses import Status

Record = dict[str, Any]


def place_id(place: Place) -> str:
    """A place as ids name it.

    >>> place_id(Place(34, 34, 12)), place_id(Place(353, 353))
    ('P012-L0034', 'L0353')
    """
    line = f"L{place.line:04d}"
    return f"P{place.page:03d}-{line}" if place.page is not None else line


def shortened(text: str, most: int = 40) -> str:
    """A printed text short enough to be quoted in a remark."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


class Records:
    """Rows per table, in the order in which they were found."""

    def __init__(self, document: Document, facts: Facts) -> None:
        self.document = document
        self.facts = facts
        # What colours and symbols mean by the document's own legend.
        self.legend: dict[str, Status] = {}
        # The one unit of money that the document's tables state, for those that state none.
        self.money_unit: str | None = None
        self.rows: dict[str, list[Record]] = defaultdict(list)
        self._by_id: dict[str, Record] = {}
        self._used: Counter[str] = Counter()

    def __getitem__(self, record_id: str) -> Record:
        return self._by_id[record_id]

    def add(
        self,
        table: str,
        place: Place,
        /,
        *,
        prefix: str | None = None,
        number_id: str | None = None,
        suffix: str = "",
        confidence: float = 0.9,
        source_text: str | None = None,
        **values: Any,
    ) -> str:
        """Keeps a row and returns its id, which is made of the document, the table and the place.

        `number_id` stands for the place where the document itself numbers things; `suffix` tells apart what one line
        holds many of. `source_text` is what the document prints at the place unless it is given.
        """
        contract = TABLES[table]
        stem = f"{self.facts.document_id}/{prefix or table.removesuffix('s')}-{number_id or place_id(place)}{suffix}"
        self._used[stem] += 1
        record_id = stem if self._used[stem] == 1 else f"{stem}-{self._used[stem]}"
        year = {"plan_year": self.facts.year} if "plan_year" in contract.names else {"year": self.facts.year}
        row: Record = {
            str(contract.key): record_id,
            "document_id": self.facts.document_id,
            "municipality_code": self.facts.municipality_code,
            **year,
            "page": place.page,
            "line": place.line,
            "line_end": place.line_end,
            "source_text": self.words(place) if source_text is None else source_text,
            "confidence": round(confidence, 2),
            **values,
        }
        self.rows[table].append(row)
        self._by_id[record_id] = row
        return record_id

    def drop(self, table: str, record_id: str) -> None:
        """Takes back a row that turned out to be none."""
        self.rows[table] = [row for row in self.rows[table] if row[str(TABLES[table].key)] != record_id]
        self._by_id.pop(record_id, None)

    def words(self, place: Place) -> str:
        """What the document prints at a place."""
        return "\n".join(line.strip() for line in self.document.lines[place.line - 1 : place.line_end]).strip()

    def finding(
        self,
        rule: str,
        severity: str,
        message: str,
        message_sv: str,
        place: Place | None = None,
        table: str | None = None,
        record_id: str | None = None,
    ) -> None:
        """Keeps a remark; its place is the record's where none is given."""
        record: Mapping[str, Any] = self._by_id.get(record_id or "", {})
        if place is None:
            place = Place(record.get("line") or 1, record.get("line_end") or 1, record.get("page"))
        self.add(
            "findings",
            place,
            suffix=f"-{rule.replace('_', '-')}",
            confidence=1.0,
            rule=rule,
            severity=severity,
            message=message,
            message_sv=message_sv,
            table=table,
            record_id=record_id,
        )

    def tables(self) -> Tables:
        """The rows as the contract's tables, the document's own row among them."""
        document, facts = self.document, self.facts
        own = {
            "document_id": facts.document_id,
            "municipality_code": facts.municipality_code,
            "title": facts.title,
            "kind": facts.kind,
            "board": facts.board,
            "year": facts.year,
            "first_year": facts.first_year,
            "last_year": facts.last_year,
            "period": facts.period,
            "decided_on": facts.decided_on,
            "file_name": document.file_name,
            "media_type": document.media_type,
            "sha256": document.sha256,
            "pages": document.pages,
            "lines": len(document.lines),
            "reading": "machine",
            "reader_version": READER_VERSION,
            "source_url": facts.source_url,
            "licence": facts.licence,
        }
        kept = {
            table: frame(table, ({k: v for k, v in row.items() if k in TABLES[table].names} for row in rows))
            for table, rows in self.rows.items()
        }
        return Tables(documents=frame("documents", [own]), **kept)


# Raised whenever the same document may be read into other rows than before.
READER_VERSION = "1"
