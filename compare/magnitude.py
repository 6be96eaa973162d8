"""Whether amounts of money are of the size that a municipality of so many inhabitants can have.

A unit that is read or printed wrongly moves a whole table by a factor of a thousand, and nothing within the table
tells: its sums still hold. Only the number of inhabitants does. The scale is what a municipality costs its inhabitants:
53,771 kronor per inhabitant on average in 2013, for all that taxes pay (Statistics Sweden, 'Vad kostar verksamheten i
din kommun', statistical news of 3 June 2014). Ten times that, and a tenth, lie far outside what municipalities differ
by, and leave room for the rise of prices since; a factor of a thousand does not fit between them. No part of a budget
can exceed what the whole may be; that a part is small says nothing, so only totals of whole municipalities are told
for being too small.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from compare.contract import Tables
from compare.reading.proof import DOUBTED, Remark, as_findings, figure
from compare.reference import population
from compare.vocabulary import terms

# Kronor per inhabitant and year, Statistics Sweden; see above.
USUAL = 53_771
MOST, LEAST = USUAL * 10, USUAL / 10
RULE = "magnitude"
_UNITS = {1: "kr", 1_000: "tkr", 1_000_000: "mnkr"}
_TABLE = ["document_id", "table_title", "unit"]


def remarks(tables: Tables) -> list[Remark]:
    """One remark for each table of a document that has an amount no municipality of its size can have.

    The remark is about the table's largest amount, or the largest of its rows for the whole municipality. Amounts
    without a year may stand for many years and are passed over, as are changes and municipalities without a known
    population.
    """
    lines = _per_inhabitant(tables)
    large = lines[lines["each"] > MOST]
    wholes = _largest(lines[_of_a_whole_municipality(lines, tables)])
    small = wholes[(wholes["each"] < LEAST) & (wholes["each"] > 0)]
    rows = pd.concat([_largest(large), small]).sort_values(["document_id", "line"], kind="stable")
    return [_told(row) for row in rows.to_dict("records")]


def checked(tables: Tables) -> Tables:
    """A reading with these remarks among its findings, and its doubtful tables' amounts with less confidence."""
    found = remarks(tables)
    if not found:
        return tables
    lines = tables.budget_lines
    about = lines[lines["budget_line_id"].isin([remark.record_id for remark in found])]
    keys = set(about[_TABLE].itertuples(index=False, name=None))
    doubted = pd.Series([key in keys for key in lines[_TABLE].itertuples(index=False, name=None)], index=lines.index)
    confidence = lines["confidence"].mask(doubted, lines["confidence"].clip(upper=DOUBTED))
    findings = pd.concat([tables.findings, as_findings(found, tables)], ignore_index=True)
    return tables.replace(budget_lines=lines.assign(confidence=confidence), findings=findings)


def _per_inhabitant(tables: Tables) -> pd.DataFrame:
    """The budget lines with a year, with `inhabitants` (31 December of `counted`) and kronor for each of them, `each`.

    The count is the latest of the line's year or before; of a year before the first count, the first.
    """
    lines = tables.budget_lines
    lines = lines[lines["amount_sek"].notna() & lines["year"].notna() & (lines["category"] != "change")].copy()
    counts = population().rename(columns={"year": "counted", "population": "inhabitants"})
    lines["at"] = lines["year"].clip(lower=counts["counted"].min()).astype("int64")
    counts["counted_at"] = counts["counted"].astype("int64")
    lines = pd.merge_asof(
        lines.sort_values("at", kind="stable"),
        counts.sort_values("counted_at"),
        left_on="at", right_on="counted_at", by="municipality_code",
    )  # fmt: skip
    lines["each"] = lines["amount_sek"].abs().astype("float64") / lines["inhabitants"].astype("float64")
    return lines


def _largest(lines: pd.DataFrame) -> pd.DataFrame:
    """The largest amount of each table."""
    return lines.sort_values("each", ascending=False, kind="stable").drop_duplicates(_TABLE)


def _of_a_whole_municipality(lines: pd.DataFrame, tables: Tables) -> pd.Series:
    documents = tables.documents
    of_a_board = lines["document_id"].isin(documents.loc[documents["board"].notna(), "document_id"])
    named = lines["label"].map(_names_a_whole).astype(bool)
    of_changes = lines["table_title"].map(_tells_changes).astype(bool)
    return named & ~of_changes & ~of_a_board & lines["office"].isna()


def _names_a_whole(label: object) -> bool:
    found = terms("whole_totals").match(label) if isinstance(label, str) else None
    return found is not None and found.term != "changes"


def _tells_changes(title: object) -> bool:
    return isinstance(title, str) and any(found.term == "changes" for found in terms("whole_totals").find(title))


def _told(row: dict[Any, Any]) -> Remark:
    title = row["table_title"] if isinstance(row["table_title"], str) else "?"
    unit = row["unit"] if isinstance(row["unit"], str) else "kr"
    printed = f"{row['text']} {unit}" if isinstance(row["text"], str) else f"{figure(row['amount_sek'], 1)} kr"
    each, usual = figure(round(row["each"], -3 if row["each"] > USUAL else 0), 1), figure(USUAL, 1)
    people = f"{figure(row['inhabitants'], 1)} invånare {row['counted']}"
    english, swedish = _advice(unit, too_large=row["each"] > USUAL)
    return Remark(
        RULE,
        "warning",
        f"'{row['label']}' {row['year']} in '{title}' is {printed} = {each} kr per inhabitant "
        f"({figure(row['inhabitants'], 1)} inhabitants in {row['counted']}), where municipalities cost {usual} kr on "
        f"average (2013); {english}",
        f"”{row['label']}” {row['year']} i ”{title}” är {printed} = {each} kr per invånare ({people}), medan kommuner "
        f"i genomsnitt kostar {usual} kr (2013); {swedish}",
        "budget_lines",
        row["budget_line_id"],
    )


def _advice(unit: str, *, too_large: bool) -> tuple[str, str]:
    """What to look at, in English and Swedish: the unit a thousand times smaller or larger, where there is one."""
    units = terms("units")
    factor = int(units.fact(unit, "factor", 1)) if unit in units else 1
    other = _UNITS.get(factor // 1_000 if too_large else factor * 1_000)
    if other is None:
        return "is the amount printed and read rightly?", "är beloppet rätt tryckt och läst?"
    return f"is the unit {other} rather than {unit}?", f"är enheten {other} i stället för {unit}?"
