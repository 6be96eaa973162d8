from __future__ import annotations

from compare.documents.model import Cell, Place, Table
from compare.reading.table_roles import layout


def table(*rows: str) -> Table:
    """A table with its cells parted by bars."""
    cut = [row.split("|") for row in rows]
    width = max(len(row) for row in cut)
    cells = tuple(
        tuple(Cell(text.strip(), Place(i, i)) for text in row + [""] * (width - len(row)))
        for i, row in enumerate(cut, start=1)
    )
    return Table(cells, Place(1, len(rows)))


def roles(found) -> list[tuple[str | None, int | None]]:
    return [(column.role, column.year) for column in found.columns]


def test_columns_get_their_role_and_year_from_header_words():
    found = layout(table("Nyckeltal|Ansvarig|Utfall 2022|Prognos 2023|Mål 2024", "Nöjda|HR|70 %|72 %|75 %"))
    assert found.kind == "indicators"
    assert roles(found) == [
        ("indicator", None), ("responsible", None), ("outcome", 2022), ("forecast", 2023), ("target", 2024)
    ]  # fmt: skip


def test_a_blank_header_cell_continues_the_one_to_its_left():
    found = layout(table("Drift, tkr|Utfall|Budget||Plan|", "|2022|2023|2024|2025|2026", "Skola|-10|-11|-12|-13|-14"))
    assert (found.kind, found.header_rows) == ("budget", 2)
    assert roles(found)[1:] == [("outcome", 2022), ("budget", 2023), ("budget", 2024), ("plan", 2025), ("plan", 2026)]


def test_headers_in_the_first_cell_are_dealt_out_in_their_order():
    found = layout(table("Indikator Utfall 2023 Mål 2025 Utfall 2022|||", "Cyklister|12 %|18 %|11 %"))
    assert roles(found) == [("indicator", None), ("outcome", 2023), ("target", 2025), ("outcome", 2022)]


def test_a_first_row_of_data_is_no_header_even_when_the_file_says_so():
    first = layout(table("Åtgärd|Ansvarig|Start|Slut", "Städa|Park|2024-01-01|2024-02-01"))
    data = table("Måla|Park|2024-03-01|2024-04-01", "Så|Park|2024-05-01|2024-06-01")
    goes_on = layout(Table(data.rows, data.place, header_rows=1), before=first)
    assert (goes_on.kind, goes_on.inherited, goes_on.header_rows) == ("actions", True, 0)


def test_columns_that_vanished_on_a_page_do_not_shift_the_others():
    first = layout(table("Projekt (tkr)|Status|Budget 2024|Plan 2025|Plan 2026", "Badhus|P|100|200|300"))
    goes_on = layout(table("Park|10|20|30", "Torg|40|50|60"), before=first)
    assert roles(goes_on) == [("project", None), ("budget", 2024), ("plan", 2025), ("plan", 2026)]


def test_a_table_of_words_alone_is_no_plan_table():
    found = layout(table("Begrepp|Förklaring av begreppet", "Inriktningsmål|Mål för planperioden"))
    assert found.kind is None


def test_the_sentence_of_a_cell_is_no_header():
    found = layout(table("Bygg 2021|Göra aktiva insatser för fler friskolor i kommunen.", "|Öka servicen."))
    assert found.header_rows == 0


def test_columns_of_revenue_cost_and_net_are_amounts():
    found = layout(table("Verksamhet, tkr|Intäkter|Kostnader|Netto", "Skola|-5|105|100"), "Budget 2024")
    assert found.kind == "budget"
    assert [column.role for column in found.value_columns] == ["revenue", "cost", "net"]


def test_cards_are_told_by_their_keys():
    found = layout(table("Projektnamn|Badhus", "Investeringsutgift|2025 100 tkr", "Status|Ny", "Tidplan|2025-2026"))
    assert found.kind == "card"


def test_a_goal_with_its_status_below_the_header_is_no_second_header():
    found = layout(
        table("Mål|Bedömning|Prognos", "Barnen ska nå sina mål|Delvis uppfyllt|Uppfyllt", "Ren luft|Uppfyllt|-")
    )
    assert (found.kind, found.header_rows) == ("follow_up", 1)


def test_goals_of_a_year_are_goals_where_sentences_stand_below_them(tables):
    plan = tables("""
        Perspektiv\tStrategiska mål 2024
        Kund\tInvånarna är nöjda med vår service
        Ekonomi\tKommunen har en hållbar ekonomi

        Mått\tMål 2024
        Nöjdhet\tI nivå med riket
        Väntetid\tKortare än snittet i länet
        """)
    assert plan.goals["title"].tolist() == [
        "Kund",
        "Invånarna är nöjda med vår service",
        "Ekonomi",
        "Kommunen har en hållbar ekonomi",
    ]
    assert plan.indicators["name"].tolist() == ["Nöjdhet", "Väntetid"]


def test_the_whole_of_a_year_beside_its_parts_is_a_value_as_they_are():
    found = layout(
        table(
            "Indikator|2023||||Mål 2023",
            "|Flickor|Pojkar|Totalt||",
            "Studiero, %|76|77|77||80",
        )
    )
    assert [(c.role, c.year, c.group) for c in found.columns[1:4]] == [
        ("value", 2023, "girls"),
        ("value", 2023, "boys"),
        ("value", 2023, None),
    ]


def test_a_head_over_two_rows_of_the_header_is_part_of_both():
    found = layout(table("Indikator|2023||Mål 2024", "Indikator|Kvinnor|Män|", "Nöjda, %|76|77|80"))
    assert found.header_rows == 2
    assert [(c.year, c.group) for c in found.columns[1:]] == [(2023, "women"), (2023, "men"), (2024, None)]


def test_mats_genom_names_the_measures_where_no_other_column_does():
    alone = layout(table("Mål|Mäts genom|Målvärde 2024", "Trygga barn|Andel trygga barn|90 %"))
    beside = layout(table("Indikator|Mäts genom|Målvärde 2024", "Trygga barn, %|Enkät|90"))
    assert [column.role for column in alone.columns] == ["goal", "indicator", "target"]
    assert [column.role for column in beside.columns] == ["indicator", "source", "target"]
