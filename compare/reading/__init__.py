"""Documents as plan tables: `read` turns one document into the tables of the data contract.

    from compare.documents import open_document
    from compare.reading import read
    tables = read(open_document("plan.pdf"))

No rule of this room knows a municipality, a file or a line: what differs between them is words, and words are data in
`compare.vocabulary`.
"""

from __future__ import annotations

from importlib.metadata import entry_points

from compare.contract import Tables
from compare.documents.model import Document
from compare.reading import assignments, claims, findings
from compare.reading.explain import Explanation, explain
from compare.reading.recognise import facts
from compare.reading.records import Records
from compare.reading.walk import Walk
from compare.source_cards import SourceCard

__all__ = ["Explanation", "explain", "read"]


# Packages of others register readers for layouts that nobody foresaw under this name.
OWN_READERS = "compare.readers"


def read(document: Document, card: SourceCard | None = None) -> Tables:
    """A document's tables: its own row, goals, assignments, actions, indicators, amounts, statuses, claims, findings.

    What the card states goes before what the text says. Every row carries its place, the source's words and how sure
    the reading is of it. A reader of one's own, registered under the entry point `compare.readers` as a callable
    (document, card) -> Tables or None, is asked first. Raises `PlanError` where neither card nor text states the
    municipality or the plan year.
    """
    card = card or SourceCard()
    for own in entry_points(group=OWN_READERS):
        tables: Tables | None = own.load()(document, card)
        if tables is not None:
            return tables
    records = Records(document, facts(document, card))
    Walk(document, records).run()
    assignments.leave_unsaid_open(records)
    claims.check(document, records)
    findings.remark(document, records)
    return records.tables()
