"""Remarks on a reading as a whole: what arithmetic proves, what the file reader noted, what was taken for granted."""

from __future__ import annotations

from collections import Counter, defaultdict

from compare.documents.model import Document, Place
from compare.reading import confidence
from compare.reading.proof import DOUBTED, PROVED, prove
from compare.reading.records import Records


def remark(document: Document, records: Records) -> None:
    """Adds the remarks, and lets what the arithmetic proves raise or lower the confidence of amounts."""
    proof = prove(records.tables())
    for found in proof.remarks:
        records.finding(
            found.rule, found.severity, found.message, found.message_sv, table=found.table, record_id=found.record_id
        )
    for row in records.rows["budget_lines"]:
        if row["budget_line_id"] in proof.fails:
            row["confidence"] = min(row["confidence"], DOUBTED)
        elif row["budget_line_id"] in proof.holds:
            row["confidence"] = max(row["confidence"], PROVED)
    confidence.settle(records)
    for note in document.notes:
        records.finding("reading_note", "note", note, note, Place(1, 1), "documents")
    _assumed_kind(records)
    _assumed_period(records)
    _target_years(records)
    _nothing_read(records)


def _assumed_kind(records: Records) -> None:
    if "kind" in records.facts.assumed:
        records.finding(
            "kind_unknown",
            "note",
            "The document does not say of what sort it is; it is taken for 'other'. A source card can state it.",
            "Dokumentet säger inte vilket slags dokument det är; det tas för ”other”. Ett källkort kan ange det.",
            Place(1, 1),
            "documents",
        )


def _assumed_period(records: Records) -> None:
    """A follow-up of unknown period, whose statuses are taken for those at the year's end."""
    facts = records.facts
    if facts.kind != "follow_up" or facts.period is not None:
        return
    if any(row["period"] == facts.reporting_period for row in records.rows["statuses"]):
        records.finding(
            "period_unknown",
            "warning",
            "The period of this follow-up is not known; its statuses count as those at the year's end unless the "
            "source card gives 'period'.",
            "Uppföljningens period är inte känd; dess statusar räknas som årets slut om inte källkortet anger "
            "”period”.",
            Place(1, 1),
            "documents",
        )


def _target_years(records: Records) -> None:
    """Tables whose targets lie in other years than those of their neighbours: an old header, most often."""
    firsts: dict[int, int] = {}
    lines: dict[int, list[dict[str, object]]] = defaultdict(list)
    for row in records.rows["indicator_values"]:
        if row["kind"] == "target" and row.get("year"):
            lines[row["line"]].append(row)
    for line, rows in lines.items():
        firsts[line] = min(int(str(row["year"])) for row in rows)
    if len(firsts) < 6:
        return
    usual, times = Counter(firsts.values()).most_common(1)[0]
    if times * 2 < len(firsts):
        return
    for line, first in firsts.items():
        if first < records.facts.year - 1 and first < usual:
            row = lines[line][0]
            records.finding(
                "old_targets",
                "note",
                f"The targets of this indicator begin in {first}, most others in {usual}; the header may be old.",
                f"Indikatorns målvärden börjar {first}, de flesta andras {usual}; tabellhuvudet kan vara gammalt.",
                table="indicator_values",
                record_id=str(row["indicator_value_id"]),
            )


def _nothing_read(records: Records) -> None:
    told = ("goals", "assignments", "actions", "indicators", "budget_lines", "statuses", "funding")
    if not any(records.rows[table] for table in told):
        records.finding(
            "nothing_read",
            "warning",
            "No goal, assignment, indicator or amount was found; see how the document was understood with --explain.",
            "Inget mål, uppdrag, belopp eller någon indikator hittades; se hur dokumentet tolkades med --explain.",
            Place(1, 1),
            "documents",
        )
