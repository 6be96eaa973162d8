"""The snapshot's description for other tools: a Data Package v2 descriptor and the data dictionary.

Both are derived from `compare.contract`, so that a snapshot opens in R or a spreadsheet with types, keys, references
and meanings, without this package.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compare.contract import FIRST_YEAR, TABLES, Column, Table, Tables

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
TYPES = {"list": "array"}


def descriptor(snapshot_id: str, files: Mapping[str, tuple[str, int]], tables: Tables) -> dict[str, Any]:
    """The content of `datapackage.json`; `files` maps each table to the SHA-256 and size of its Parquet file.

    No times stand in it: the same plans give the same bytes.
    """
    return {
        "$schema": PROFILE,
        "name": "plancompare-snapshot",
        "id": snapshot_id,
        "title": "Plans and follow-ups of Swedish municipalities",
        "version": snapshot_id,
        "sources": _sources(tables),
        "resources": [_resource(TABLES[name], *files[name], len(tables[name])) for name in files],
    }


def _sources(tables: Tables) -> list[dict[str, str]]:
    rows = tables.documents[["document_id", "title", "source_url"]].astype(object)
    records = rows.where(rows.notna(), None).to_dict("records")
    return [
        {"title": f"{r['title']} ({r['document_id']})"} | ({"path": r["source_url"]} if r["source_url"] else {})
        for r in records
    ]


def _resource(table: Table, sha256: str, size: int, rows: int) -> dict[str, Any]:
    return {
        "$schema": RESOURCE_PROFILE,
        "name": table.name.replace("_", "-"),
        "title": table.name,
        "description": table.en,
        "path": f"{table.name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "hash": f"sha256:{sha256}",
        "bytes": size,
        "rows": rows,
        "schema": schema(table),
    }


def schema(table: Table) -> dict[str, Any]:
    """The table's schema in Table Schema v2: fields with constraints, primary key and foreign keys."""
    references = [column for column in table.columns if column.references]
    return {
        "fields": [_field(column) for column in table.columns],
        **({"primaryKey": [table.key]} if table.key else {}),
        **({"foreignKeys": [_foreign_key(column) for column in references]} if references else {}),
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.codes and column.type != "list":
        constraints["enum"] = list(column.codes)
    if column.pattern:
        constraints["pattern"] = column.pattern
    for name, bound in (("minimum", column.minimum), ("maximum", column.maximum)):
        if bound is not None:
            constraints[name] = int(bound) if column.type == "integer" else bound
    return {
        "name": column.name,
        "type": TYPES.get(column.type, column.type),
        "description": column.en,
        **({"constraints": constraints} if constraints else {}),
    }


def _foreign_key(column: Column) -> dict[str, Any]:
    table, key = str(column.references).split(".")
    return {"fields": [column.name], "reference": {"resource": table.replace("_", "-"), "fields": [key]}}


WORDS = {
    "en": ("The data dictionary", "Column", "Type", "Meaning", "Values", "required", "refers to"),
    "sv": ("Dataordlistan", "Kolumn", "Typ", "Betydelse", "Värden", "obligatorisk", "hänvisar till"),
}


def dictionary(language: str = "en") -> str:
    """The data dictionary as Markdown, in English or Swedish: every table and column with type, meaning and values."""
    title, *header, required, refers = WORDS[language]
    lines = [f"# {title}", ""]
    for table in TABLES.values():
        lines += [f"## {table.name}", "", getattr(table, language), ""]
        lines += ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
        lines += [_dictionary_row(column, language, required, refers) for column in table.columns]
        lines.append("")
    return "\n".join(lines)


def _dictionary_row(column: Column, language: str, required: str, refers: str) -> str:
    notes = [required] if column.required else []
    if column.references:
        notes.append(f"{refers} `{column.references}`")
    if column.codes:
        notes.append(", ".join(f"`{code}`" for code in column.codes))
    elif column.minimum is not None and column.minimum >= FIRST_YEAR:
        notes.append(f"{column.minimum:.0f}-{column.maximum:.0f}")
    elif column.pattern:
        notes.append(f"`{column.pattern.replace('|', chr(92) + '|')}`")
    return f"| `{column.name}` | {column.type} | {getattr(column, language)} | {'; '.join(notes)} |"
