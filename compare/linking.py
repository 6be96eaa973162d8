"""Tying the same thing together across follow-ups, years and documents of one municipality.

Two rows are tied when their titles are alike beyond doubt and each is the other's best match. Titles are compared
without case, punctuation and the order of words, since follow-ups shorten and turn the wording of a plan. Every tie
says how it was found and how alike the two are, so that a reader can judge it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pandas as pd
from rapidfuzz import fuzz, process

from compare.contract import TABLES, Tables, frame

ALIKE = 0.90  # below this, two assignments of one municipality were different ones in the documents we have seen
METHOD = "title similarity, order of words ignored"
PERIODS = ("T1", "half-year", "T2", "T3", "year")


def links(tables: Tables) -> pd.DataFrame:
    """The contract's `links` table for these tables: earlier row first, one tie per pair of documents and row.

    `same_assignment` ties assignments and `same_goal`, `same_indicator` goals and indicators of two documents of one
    municipality; `continues` ties an unfinished assignment to the assignment it lives on as.
    """
    ties = [
        *_across_documents(tables, "assignments", "title", "same_assignment"),
        *_across_documents(tables, "goals", "title", "same_goal"),
        *_across_documents(tables, "indicators", "name", "same_indicator"),
        *_unfinished(tables),
    ]
    return frame("links", ties).sort_values(["relation", "from_id", "to_id"], ignore_index=True)


def normalised(title: object) -> str:
    """A title as it is compared: no case, no punctuation, one space between words; '' for none.

    >>> normalised("Utöka  antalet – fältsamordnare.")
    'utöka antalet fältsamordnare'
    """
    if not isinstance(title, str):
        return ""
    folded = unicodedata.normalize("NFKC", title).replace("\u00ad", "").casefold()
    return " ".join(re.findall(r"\w+", folded))


def _across_documents(tables: Tables, table: str, title: str, relation: str) -> Iterator[dict[str, Any]]:
    rows = tables[table]
    if table == "assignments":
        rows = rows[rows["kind"] != "unfinished_assignment"]
    by_document = dict(iter(rows.groupby("document_id", sort=False)))
    for _, documents in tables.documents.groupby("municipality_code"):
        for first, second in combinations(_in_time(documents), 2):
            if first in by_document and second in by_document:
                yield from _best_pairs(by_document[first], by_document[second], table, title, relation)


def _unfinished(tables: Tables) -> Iterator[dict[str, Any]]:
    assignments = tables.assignments
    left = assignments["kind"] == "unfinished_assignment"
    for code, unfinished in assignments[left].groupby("municipality_code"):
        living = assignments[~left & (assignments["municipality_code"] == code)]
        for year, rows in unfinished.groupby("year"):
            yield from _best_pairs(rows, living[living["year"] == year], "assignments", "title", "continues")


def _in_time(documents: pd.DataFrame) -> list[str]:
    period = documents["period"].map(lambda p: PERIODS.index(p) if p in PERIODS else -1)
    return list(documents.assign(_period=period).sort_values(["year", "_period", "document_id"])["document_id"])


def _best_pairs(
    first: pd.DataFrame, second: pd.DataFrame, table: str, title: str, relation: str
) -> Iterator[dict[str, Any]]:
    """Ties between rows that are each other's best match; among equals the first in the document."""
    if first.empty or second.empty:
        return
    ours, theirs = [[normalised(t) for t in rows[title]] for rows in (first, second)]
    scores = process.cdist(ours, theirs, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE * 100)
    key = TABLES[table].key
    for i, row in enumerate(scores):
        j = int(row.argmax())
        if row[j] and int(scores[:, j].argmax()) == i and ours[i]:
            yield {
                "from_table": table,
                "from_id": first[key].iloc[i],
                "to_table": table,
                "to_id": second[key].iloc[j],
                "relation": relation,
                "method": METHOD,
                "score": round(float(row[j]) / 100, 4),
            }
