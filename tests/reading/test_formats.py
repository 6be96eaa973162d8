"""One plan in several formats: whatever the file, the tables are the same."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest

from compare.documents import open_document
from compare.reading import read
from compare.source_cards import SourceCard

HEADS = ["Nämndplan 2024", "Mål 1: Alla når målen"]
INDICATORS = [
    ["Indikator", "Ansvarig", "Utfall 2022", "Mål 2024"],
    ["Andel behöriga, %", "Skolkontoret", "84,2", "90"],
    ["Elever per lärare", "Skolkontoret", "12,1", "högst 12"],
]
ASSIGNMENT = "Uppdrag från KF: Utred en ny skola. Utredningen görs i vår."
ACTIONS = [
    ["Åtgärd", "Ansvarig", "Startdatum", "Slutdatum"],
    ["Inventera lokaler", "Lokalenheten", "2024-01-15", "2024-06-30"],
]
BUDGET = [
    ["Driftbudget, tkr", "Utfall 2022", "Budget 2023", "Budget 2024"],
    ["Förskola", "-98 200", "-101 300", "-104 900"],
    ["Grundskola", "-215 400", "-221 000", "-228 700"],
    ["Summa", "-313 600", "-322 300", "-333 600"],
]
PARTS: list[str | list[list[str]]] = [*HEADS, INDICATORS, ASSIGNMENT, ACTIONS, BUDGET]


def as_text(path: Path) -> None:
    tables = ("\n".join("\t".join(row) for row in part) if isinstance(part, list) else part for part in PARTS)
    path.write_text("\n\n".join(tables) + "\n", encoding="utf-8")


def as_markdown(path: Path) -> None:
    def table(rows):
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])

    blocks = [table(part) if isinstance(part, list) else part for part in PARTS]
    path.write_text("\n\n".join([f"# {blocks[0]}", f"## {blocks[1]}", *blocks[2:]]) + "\n", encoding="utf-8")


def as_html(path: Path) -> None:
    def table(rows):
        return (
            "<table>"
            + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
            + "</table>"
        )

    blocks = [table(part) if isinstance(part, list) else f"<p>{part}</p>" for part in PARTS]
    path.write_text(f"<!DOCTYPE html><html><body><main>{''.join(blocks)}</main></body></html>", encoding="utf-8")


def as_docx(path: Path) -> None:
    document = docx.Document()
    for part in PARTS:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        table = document.add_table(len(part), len(part[0]))
        for row, cells in zip(table.rows, part, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    document.save(str(path))


def as_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for part in PARTS:
        for row in part if isinstance(part, list) else [[part]]:
            sheet.append(row)
        sheet.append([])
    book.save(path)


FORMATS = {"txt": as_text, "md": as_markdown, "html": as_html, "docx": as_docx, "xlsx": as_xlsx}
CARD = SourceCard(municipality_code="9999", year=2024, kind="operational_plan")


@pytest.mark.parametrize("ending", FORMATS)
def test_the_same_plan_gives_the_same_tables_in_every_format(tmp_path, ending):
    path = tmp_path / f"plan.{ending}"
    FORMATS[ending](path)
    plan = read(open_document(path), CARD)
    assert plan.goals[["number", "title"]].values.tolist() == [["1", "Alla når målen"]]
    assert plan.assignments[["kind", "title"]].values.tolist() == [["assignment", "Utred en ny skola."]]
    assert plan.actions["title"].tolist() == ["Inventera lokaler"]
    assert str(plan.actions["end"].iloc[0])[:10] == "2024-06-30"
    assert plan.actions["assignment_id"].tolist() == plan.assignments["assignment_id"].tolist()
    assert plan.indicators[["name", "responsible"]].values.tolist() == [
        ["Andel behöriga, %", "Skolkontoret"],
        ["Elever per lärare", "Skolkontoret"],
    ]
    assert plan.indicator_values[["kind", "year", "value"]].values.tolist() == [
        ["outcome", 2022, 84.2], ["target", 2024, 90.0], ["outcome", 2022, 12.1], ["target", 2024, 12.0],
    ]  # fmt: skip
    assert plan.budget_lines["amount_sek"].tolist() == [
        -98_200_000, -101_300_000, -104_900_000, -215_400_000, -221_000_000, -228_700_000, -313_600_000, -322_300_000,
        -333_600_000,
    ]  # fmt: skip
    assert set(plan.indicators["goal_id"]) == set(plan.goals["goal_id"])
    assert plan.findings.empty


@pytest.mark.parametrize("caption", ["Tabell 3. Driftbudget per nämnd", "Driftbudget"])
def test_a_web_table_with_a_caption_has_the_unit_that_is_said_above_it(tmp_path, caption):
    path = tmp_path / "plan.html"
    rows = "".join(f"<tr><td>{name}<td>{amount}</tr>" for name, amount in [("Nämnd", "Budget 2024"), ("Hamnen", "120")])
    table = f"<figure><table>{rows}</table><figcaption>{caption}</figcaption></figure>"
    path.write_text(f"<main><h1>Budget 2024</h1><p>Belopp i tkr</p>{table}</main>", encoding="utf-8")
    assert read(open_document(path), CARD).budget_lines["amount_sek"].tolist() == [120_000]


def test_a_caption_that_parts_amounts_by_committee_counts_no_people(tmp_path):
    path = tmp_path / "plan.html"
    rows = "".join(f"<tr><td>{name}<td>{amount}</tr>" for name, amount in [("Nämnd", "Budget 2024"), ("Hamnen", "120")])
    path.write_text(f"<main><table><caption>Driftbudget per nämnd</caption>{rows}</table></main>", encoding="utf-8")
    assert read(open_document(path), CARD).budget_lines["year"].tolist() == [2024]


@pytest.mark.parametrize("ending", ["txt", "md"])
def test_numbered_goals_below_a_heading_are_read_whether_the_file_declares_the_heading_or_not(tmp_path, ending):
    path = tmp_path / f"plan.{ending}"
    head = "## " if ending == "md" else ""
    members = "\n\n".join(["1 Hamnen är trygg", "1.1 Kajen ska vara säker.", "2 Kommunen har en levande kultur"])
    path.write_text(f"{head}Verksamhetsplan 2024\n\n{head}Mål\n\n{members}\n", encoding="utf-8")
    assert read(open_document(path), CARD).goals["number"].tolist() == ["1", "1.1", "2"]
