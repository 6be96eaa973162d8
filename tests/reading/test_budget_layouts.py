"""Budget tables in the layouts that municipalities print them in: frames, titles above, heads on several lines."""

from __future__ import annotations

import pytest


def figures(plan, **wanted):
    """Label, year, kind and kronor of the lines with these values, as plain lists."""
    lines = plan.budget_lines
    for name, value in wanted.items():
        lines = lines[lines[name] == value]
    return lines[["label", "year", "kind", "amount_sek"]].values.tolist()


def test_columns_of_unknown_heads_are_changes_where_they_add_up_to_the_next_frame(tables):
    plan = tables("""
        Ramar per nämnd (tkr)

        Nämnd\tRam 2023\tHeltidsresan\tNya hus\tRam 2024
        Hamnnämnden\t1 000\t30\t20\t1 050
        Parknämnden\t500\t15\t-5\t510
        """)
    assert figures(plan, category="net") == [
        ["Hamnnämnden", 2023, "budget", 1_000_000],
        ["Hamnnämnden", 2024, "budget", 1_050_000],
        ["Parknämnden", 2023, "budget", 500_000],
        ["Parknämnden", 2024, "budget", 510_000],
    ]
    assert [row[3] for row in figures(plan, category="change")] == [30_000, 20_000, 15_000, -5_000]


def test_columns_of_unknown_heads_that_add_up_to_nothing_are_left(tables):
    plan = tables("""
        Ramar per nämnd (tkr)

        Nämnd\tRam 2023\tKr per invånare\tRam 2024
        Hamnnämnden\t1 000\t30\t1 050
        Parknämnden\t500\t15\t510
        """)
    assert len(plan.budget_lines) == 4


def test_a_header_is_told_by_standing_over_figures_though_most_of_its_words_are_unknown(tables):
    plan = tables("""
        Driftbudget (tkr)

        Nämnd\tHeltid\tHyror\tÖvrigt\tLokaler\tBudgetram 2024
        Hamnnämnden\t10\t20\t30\t40\t1 050
        Parknämnden\t10\t20\t30\t40\t510
        """)
    assert figures(plan) == [["Hamnnämnden", 2024, "budget", 1_050_000], ["Parknämnden", 2024, "budget", 510_000]]


def test_a_row_above_the_header_that_names_the_table_is_its_title(tables):
    plan = tables("""
        <table><tr><td colspan="3">Nämndernas driftbudget 2024–2025 i tkr</td></tr>
        <tr><td>Nämnd</td><td>2024</td><td>2025</td></tr>
        <tr><td>Hamnnämnden</td><td>1 000</td><td>1 050</td></tr>
        <tr><td>Parknämnden</td><td>500</td><td>510</td></tr></table>
        """, name="plan.html")  # fmt: skip
    assert figures(plan)[0][1::2] == [2024, 1_000_000]
    assert set(plan.budget_lines["table_title"]) == {"Nämndernas driftbudget 2024–2025 i tkr"}


def test_heads_on_two_lines_below_a_centred_title_keep_their_years(tables):
    plan = tables("""
                          Nämndernas budgetramar (tkr)

                          Ram     Pris- och                    Ram
        Nämnd            2023      löneupp-    Tillskott      2024
                                   räkning
        Hamnnämnden     1 000            30          20      1 050
        Park- och         500            15                    515
        torgnämnden
        """)
    assert figures(plan, category="net") == [
        ["Hamnnämnden", 2023, "budget", 1_000_000],
        ["Hamnnämnden", 2024, "budget", 1_050_000],
        ["Park- och torgnämnden", 2023, "budget", 500_000],
        ["Park- och torgnämnden", 2024, "budget", 515_000],
    ]


@pytest.mark.parametrize("head", ["Period 2023-2024", "Diff 2023-2024"])
def test_a_column_of_several_years_is_not_parted_into_them(tables, head):
    plan = tables(f"""
        Driftbudget (tkr)

        Nämnd\tBudget 2023\tBudget 2024\t{head}
        Hamnnämnden\t101 000\t103 250\t2 250
        Parknämnden\t50 000\t51 190\t1 190
        """)
    assert sorted(row[3] for row in figures(plan, category="net")) == [50_000_000, 51_190_000, 101_000_000, 103_250_000]


@pytest.mark.parametrize(
    "rows",
    [
        "Ålder\t2023\t2024\n0-5 år\t812\t798\nTotalt\t812\t798",
        "Antal årsarbetare\t2023\tBudget 2024\nHamnnämnden\t112\t115\nTotalt\t112\t115",
        "Nämnd\tBudget 2023\tBudget 2024\nAntal båtar\t112\t115\nAntal hamnar\t2\t2",
    ],
)
def test_what_is_counted_is_no_money(tables, rows):
    assert tables(f"Budget 2024\n\n{rows}\n").budget_lines.empty


@pytest.mark.parametrize(
    ("head", "kind", "year"),
    [
        ("BU 2024", "budget", 2024),
        ("PL 2025", "plan", 2025),
        ("Utf 22", "outcome", 2022),
        ("Prog 24", "forecast", 2024),
        ("Bokslut -22", "outcome", 2022),
        ("VP 2025", "plan", 2025),
        ("Ingångsram 2024", "budget", 2024),
    ],
)
def test_short_and_compound_heads_state_kind_and_year(tables, head, kind, year):
    plan = tables(f"Driftbudget, tkr\n\nNämnd\tBudget 2023\t{head}\nHamnnämnden\t100\t120\nParknämnden\t50\t60\n")
    assert figures(plan)[1][1:] == [year, kind, 120_000]
