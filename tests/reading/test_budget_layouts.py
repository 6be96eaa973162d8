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


def test_names_of_whole_and_part_over_a_header_head_its_years(tables):
    plan = tables("""
        Årsredovisning 2023

        Resultaträkning

        \t\tKommunen\t\tKoncernen\t
        Mnkr\tNot\t2023\t2022\t2023\t2022
        Verksamhetens intäkter\t1\t732,0\t701,3\t1 418,2\t1 370,6
        Verksamhetens kostnader\t2\t-2 911,4\t-2 744,1\t-3 301,0\t-3 122,9
        """, kind="annual_report", year=2023)  # fmt: skip
    assert [row[1::2] for row in figures(plan, label="Verksamhetens intäkter")] == [
        [2023, 732_000_000],
        [2022, 701_300_000],
        [2023, 1_418_200_000],
        [2022, 1_370_600_000],
    ]


def test_revenue_and_cost_are_of_the_kind_of_the_net_beside_them(tables):
    plan = tables("""
        Driftredovisning (tkr)

        Nämnd\tIntäkter 2023\tKostnader 2023\tUtfall netto 2023\tBudget 2023
        Hamnnämnden\t100\t-500\t-400\t-410
        Parknämnden\t50\t-300\t-250\t-240
        """, kind="annual_report", year=2023)  # fmt: skip
    lines = plan.budget_lines[plan.budget_lines["label"] == "Hamnnämnden"]
    assert lines[["category", "kind"]].values.tolist() == [
        ["revenue", "outcome"],
        ["cost", "outcome"],
        ["net", "outcome"],
        ["net", "budget"],
    ]


def test_a_head_of_names_over_figures_is_a_change_between_two_frames(tables):
    plan = tables("""
        Nämnd, mnkr\tBudget 2023\tPris och lön\tVolymer\tBudget 2024
        Hamnnämnden\t-312,4\t-9,8\t-2,0\t-324,2
        Parknämnden\t-148,3\t-4,9\t-1,0\t-154,2
        Summa\t-460,7\t-14,7\t-3,0\t-478,4
        """)
    assert plan.indicators.empty
    assert [row[3] for row in figures(plan, category="change")] == [
        -9_800_000, -2_000_000, -4_900_000, -1_000_000, -14_700_000, -3_000_000,
    ]  # fmt: skip


def test_counts_and_rates_among_key_figures_are_no_money(tables):
    plan = tables("""
        Fem år i sammandrag

        \t2021\t2022\t2023
        Antal invånare\t38 949\t39 208\t39 359
        Kommunal skattesats, kr\t21,11\t21,11\t21,11
        Antal årsarbetare\t3 310\t3 342\t3 398
        Soliditet, %\t41,2\t42,8\t44,0
        """, kind="annual_report", year=2023)  # fmt: skip
    assert plan.budget_lines.empty


def test_a_share_or_an_amount_within_a_label_leaves_the_row_s_amounts(tables):
    plan = tables("""
        Förändringar (tkr)

        \tBudget 2024\tPlan 2025
        Effektivisering 0,5 %\t-9\t-10
        Projekt under 5 mnkr\t200\t100
        Självfinansiering, %\t80\t90
        """)
    assert figures(plan) == [
        ["Effektivisering 0,5 %", 2024, "budget", -9_000],
        ["Effektivisering 0,5 %", 2025, "plan", -10_000],
        ["Projekt under 5 mnkr", 2024, "budget", 200_000],
        ["Projekt under 5 mnkr", 2025, "plan", 100_000],
    ]


@pytest.mark.parametrize(
    ("upper", "lower", "heads"),
    [
        ("\t\tBudget 2026\t\tBudget 2025", "Nämnd\tIntäkter\tKostnader\tNetto\tNetto", [2026, 2026, 2026, 2025]),
        ("\t\t2025\t\t\t2026\t", "Enhet\tIntäkt\tKostnad\tNetto\tIntäkt\tKostnad\tNetto", [2025] * 3 + [2026] * 3),
    ],
)
def test_heads_over_the_middle_of_their_columns_hold_for_all_of_them(tables, upper, lower, heads):
    row = "\t".join(str(100 + column) for column in range(len(heads)))
    plan = tables(f"""
        Driftbudget (tkr)

        {upper}
        {lower}
        Hamnnämnden\t{row}
        Parknämnden\t{row}
        """)
    lines = plan.budget_lines[plan.budget_lines["label"] == "Hamnnämnden"]
    assert lines["year"].tolist() == heads


def test_amounts_run_together_in_a_cell_are_not_read_as_one(tables):
    plan = tables("""
        Nämnd (tkr)\tBudget 2023\tBudget 2024
        Hamnnämnden\t1 082 300\t1 101 900
        Summa\t4 808 050\t4 934 250 126 200
        """)
    assert [row[3] for row in figures(plan)] == [1_082_300_000, 1_101_900_000, 4_808_050_000]


@pytest.mark.parametrize("head", ["Förändring av ramen 2024, tkr", "Förändring av ramen, tkr"])
def test_a_list_of_changes_leads_from_the_frame_of_one_year_to_that_of_the_next(tables, head):
    plan = tables(f"""
        {head}\t
        Kommunbidrag 2023\t64 200
        Löneökningar\t1 150
        Kommunbidrag 2024\t65 350
        """)
    lines = plan.budget_lines
    assert lines["year"].tolist() == [2023, 2024, 2024]
    assert lines["amount_sek"].tolist() == [64_200_000, 1_150_000, 65_350_000]
    assert lines["category"].tolist() == ["net", "change", "net"]


def test_figures_of_the_municipality_with_its_companies_are_kept_apart_from_its_own(tables):
    plan = tables("""
        Resultaträkning, mnkr

        \tKommunen\t\tKoncernen\t
        \t2023\t2022\t2023\t2022
        Verksamhetens intäkter\t412\t398\t688\t641
        Verksamhetens kostnader\t-905\t-822\t-1061\t-960
        varav avskrivningar\t-88\t-84\t-142\t-133
        """)
    lines = plan.budget_lines
    assert lines["office"].fillna("").tolist() == ["", "", "kommunkoncernen", "kommunkoncernen"] * 3
    part, whole = lines.iloc[10], lines.iloc[6]
    assert (part["label"], part["parent_budget_line_id"]) == ("avskrivningar", whole["budget_line_id"])


def test_amounts_behind_assignments_parted_by_committees_are_not_the_last_committee_s(tables):
    plan = tables(
        """
        Uppdrag till nämnderna 2024
        Kommunstyrelsen
        – Ta fram en näringslivsstrategi.
        Hamnnämnden
        – Utred en ny brygga.

        Investeringsbudget (tkr)
        Projekt 2024 2025 Totalt
        Ny brygga 25 40 65
        Ny fyr 12 18 30
        """,
        kind="goals_and_budget",
    )
    assert plan.assignments["office"].tolist() == ["kommunstyrelsen", "hamnnämnden"]
    assert plan.budget_lines["office"].isna().all()
    assert set(plan.budget_lines["year"]) == {2024, 2025}
