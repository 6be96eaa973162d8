"""Tables whose names stand together and whose figures stand together, further down."""

from __future__ import annotations


def amounts(plan):
    lines = plan.budget_lines
    return list(zip(lines["label"], lines["year"], lines["amount_sek"] // 1000, strict=True))


def test_columns_below_all_names_are_put_beside_them_when_gaps_part_whole_columns(tables):
    plan = tables(
        """
        Nämnd, tkr

        Budget 2023

        Budget 2024

        Hamnnämnden
        Parknämnden
        Fyrnämnden

        410
        82
        4 900

        425
        86
        5 100

        Nämnderna arbetar med målen.
        """
    )
    assert amounts(plan) == [
        ("Hamnnämnden", 2023, 410),
        ("Hamnnämnden", 2024, 425),
        ("Parknämnden", 2023, 82),
        ("Parknämnden", 2024, 86),
        ("Fyrnämnden", 2023, 4900),
        ("Fyrnämnden", 2024, 5100),
    ]
    assert plan.budget_lines["line"].tolist() == [7, 7, 8, 8, 9, 9]


def test_a_head_above_each_column_tells_what_it_holds(tables):
    plan = tables("Tkr\nHamnen\nFyren\nBudget\n2023\n410\n82\nPlan 2025\n425\n86\n")
    assert amounts(plan) == [
        ("Hamnen", 2023, 410),
        ("Hamnen", 2025, 425),
        ("Fyren", 2023, 82),
        ("Fyren", 2025, 86),
    ]
    assert plan.budget_lines["kind"].tolist() == ["budget", "plan"] * 2


def test_figures_without_gaps_stand_in_the_order_in_which_totals_add_up(tables):
    plan = tables("Tkr\nHamnen\nFyren\nSumma\nBudget 2023 Budget 2024\n410\n425\n390\n386\n800\n811\n")
    assert amounts(plan) == [
        ("Hamnen", 2023, 410),
        ("Hamnen", 2024, 425),
        ("Fyren", 2023, 390),
        ("Fyren", 2024, 386),
        ("Summa", 2023, 800),
        ("Summa", 2024, 811),
    ]


def test_names_over_two_lines_and_rows_of_several_figures_are_put_together(tables):
    plan = tables(
        "Indikator\nAndel elever med examen inom\n3 år\nMeritvärde för alla elever,\nkommunala skolor\n"
        "Utfall 2023 Mål 2024\n68 % 75 %\n221 230\n"
    )
    assert plan.indicators["name"].tolist() == [
        "Andel elever med examen inom 3 år",
        "Meritvärde för alla elever, kommunala skolor",
    ]
    assert plan.indicator_values["value"].tolist() == [68, 75, 221, 230]


def test_a_list_of_changes_without_heads_is_put_beside_its_names(tables):
    plan = tables("Förändring av ramen 2024 (tkr)\nRam 2023\nLöner\nBesparing\nRam 2024\n\n900\n40\n-15\n925\n")
    assert amounts(plan) == [
        ("Ram 2023", 2023, 900),
        ("Löner", 2024, 40),
        ("Besparing", 2024, -15),
        ("Ram 2024", 2024, 925),
    ]


def test_figures_whose_number_does_not_fit_are_left_with_a_remark(tables):
    plan = tables("Tkr\nHamnen\nFyren\nParken\nBudget 2023 Budget 2024\n410\n425\n390\n386\n800\n811\n17\n")
    assert plan.budget_lines.empty
    found = plan.findings[plan.findings["rule"] == "figures_apart"]
    assert found["line"].tolist() == [6]


def test_figures_in_an_order_that_nothing_tells_are_left(tables):
    plan = tables("Tkr\nHamnen\nFyren\nBudget 2023 Budget 2024\n410\n425\n390\n386\n")
    assert plan.budget_lines.empty


def test_gaps_that_part_neither_rows_nor_columns_leave_the_figures(tables):
    plan = tables(
        "Tkr\nHamnen\nFyren\nSumma\nBudget 2023 Budget 2024\n\n410\n425\n390\n386\n\n800\n811\n".replace(
            "\n\n8", "\n8\n\n8"
        )
    )
    assert plan.budget_lines.empty
