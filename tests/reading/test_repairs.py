from __future__ import annotations

import pytest

from compare.documents.model import Cell, Place, Table
from compare.reading.repairs import repaired


def table(*rows: str) -> Table:
    cells = tuple(
        tuple(Cell(text.strip(), Place(i, i)) for text in row.split("|")) for i, row in enumerate(rows, start=1)
    )
    return Table(cells, Place(1, len(rows)))


def texts(part: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in part.rows]


def test_a_header_in_the_middle_begins_another_table():
    parts = repaired(
        table("Indikator|Utfall 2023|Mål 2024", "Kö|9|5", "Driftbudget, tkr|Budget 2023|Budget 2024", "Skola|-10|-11")
    )
    assert [part.place for part in parts] == [Place(1, 2), Place(3, 4)]
    assert texts(parts[1])[0][0] == "Driftbudget, tkr"


def test_columns_run_together_are_parted_when_their_cells_fit():
    (part,) = repaired(table("Mått|Utfall 2022 Utfall 2023 Mål 2024", "Kö|9 8 5", "Lån|98 200 101 300 104 900"))
    assert texts(part) == [
        ["Mått", "Utfall 2022", "Utfall 2023", "Mål 2024"],
        ["Kö", "9", "8", "5"],
        ["Lån", "98 200", "101 300", "104 900"],
    ]


def test_cells_that_do_not_fit_are_left_alone():
    whole = table("Mått|Utfall 2022 Utfall 2023", "Kö|kort", "Lån|många och långa")
    assert repaired(whole) == [whole]


def test_a_year_that_answers_a_key_heads_no_table():
    whole = table("Projektnamn|Badhus", "Status|Ny", "Projektets genomförandeperiod|År 2027", "Kommentar|Ingen")
    assert repaired(whole) == [whole]


def test_a_head_run_together_over_whole_rows_moves_and_parts_no_figure():
    (part,) = repaired(table("Netto, tkr|2023|Budget 2024 Budget 2025|Plan 2026|", "Gata|-4 598|-5 587|-5 850|-6 001"))
    assert texts(part) == [
        ["Netto, tkr", "2023", "Budget 2024", "Budget 2025", "Plan 2026"],
        ["Gata", "-4 598", "-5 587", "-5 850", "-6 001"],
    ]


def test_a_heading_alone_above_a_header_in_the_middle_captions_the_part_below(tables):
    plan = tables("""
        2.1 Förändring av ramen, mnkr
        Ram 2025                              693,2
        Löner                                  71,4
        Ram 2026                              764,6

        2.2 Investeringar
        Objekt                                 2026    2027    2028
        Välfärdsteknik                         12,0     8,0     8,0
        Inventarier                             6,5    14,0     3,5
        Summa                                  18,5    22,0    11,5
        (mnkr)
        """)
    investments = plan.budget_lines[plan.budget_lines["category"] == "investment"]
    assert investments["amount_sek"].tolist()[:3] == [12_000_000, 8_000_000, 8_000_000]
    assert len(investments) == 9


@pytest.mark.parametrize(
    "heads",
    [
        "Förändring av ramen 2024, tkr||Förändring av ramen 2025, tkr|",
        "Förändring av ramen 2024, tkr|||Förändring av ramen 2025, tkr",
    ],
)
def test_lists_of_changes_side_by_side_are_two_tables(heads):
    found = repaired(
        table(
            heads,
            "Ram 2023|64 200|Ram 2024|65 350",
            "Löner|1 150|Löner|1 200",
            "Ram 2024|65 350||",
        )
    )
    assert [[row[0] for row in texts(part)] for part in found] == [
        ["Förändring av ramen 2024, tkr", "Ram 2023", "Löner", "Ram 2024"],
        ["Förändring av ramen 2025, tkr", "Ram 2024", "Löner"],
    ]


def test_a_column_of_comments_under_a_head_of_its_own_stays_in_its_table():
    whole = table("Projekt||Kommentar|", "Hamnen|5|Klar|ja", "Fyren|6|Pågår|")
    assert repaired(whole) == [whole]


def test_figures_of_parts_run_together_are_dealt_out_in_their_order_or_left_out():
    (found,) = repaired(
        table(
            "Indikator|2022 Kvinnor Män|2023 Kvinnor Män|Mål 2024||",
            "Nöjda gäster, %|88 89|86 90|92||",
            "Trygga gäster, %|79|81|77|80|85",
            "Glada gäster, %|79|81|77||",
        )
    )
    assert texts(found) == [
        ["Indikator", "2022 Kvinnor", "2022 Män", "2023 Kvinnor", "2023 Män", "Mål 2024"],
        ["Nöjda gäster, %", "88", "89", "86", "90", "92"],
        ["Trygga gäster, %", "79", "81", "77", "80", "85"],
        ["Glada gäster, %", "", "", "", "", ""],
    ]
