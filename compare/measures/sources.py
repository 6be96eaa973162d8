"""From a figure back to the page: the document, page and line of the records it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from compare.contract import TABLES, Tables

COLUMNS = ["record_id", "table", "municipality_code", "document_id", "title", "file_name", "page", "line", "line_end"]
_PLACE = ["document_id", "municipality_code", "page", "line", "line_end"]


def sources(plans: Tables, ids: Iterable[Any]) -> pd.DataFrame:
    """Where the records with these ids stand: one row per record, in the order the ids are first named.

    `ids` are record ids of any table (also lists of them, as measures give in `record_ids`); missing ones are passed
    over. Columns: `record_id`, `table`, `municipality_code`, `document_id`, `title` and `file_name` of the document,
    `page` (null where the format has no pages), `line`, `line_end`. An id that no table knows gives a row whose
    other columns are null, so that a broken trail shows.
    """
    wanted = pd.DataFrame({"record_id": pd.Series(list(dict.fromkeys(_flat(ids))), dtype="str")})
    found = [_found(plans, table, wanted["record_id"]) for table in TABLES if TABLES[table].key]
    places = pd.concat(found, ignore_index=True).drop_duplicates("record_id")
    documents = plans.documents[["document_id", "title", "file_name"]].drop_duplicates("document_id")
    rows = wanted.merge(places, on="record_id", how="left").merge(documents, on="document_id", how="left")
    return rows[COLUMNS]


def _flat(ids: Iterable[Any]) -> Iterable[str]:
    for item in ids:
        if isinstance(item, str):
            yield item
        elif isinstance(item, Iterable):
            yield from _flat(item)


def _found(plans: Tables, table: str, wanted: pd.Series) -> pd.DataFrame:
    key = TABLES[table].key
    rows = plans[table]
    rows = rows[rows[key].isin(wanted)]
    places = rows.reindex(columns=_PLACE)
    return places.assign(record_id=rows[key], table=table).astype(
        {"page": "Int64", "line": "Int64", "line_end": "Int64"}
    )
