"""Budget tables: amounts, units, sums, and what an auditor would remark on."""

from __future__ import annotations

import pytest

TABLE = """
    Verksamhetsplan 2024

    Driftbudget, tkr\tUtfall\tBudget\t\tPlan\t
    \t2022\t2023\t2024\t2025\t2026
    Tekniska kontoret\t-100 000\t-110 000\t-120 000\t-125 000\t-130 000
    - varav gata\t-60 000\t-65 000\t-70 000\t-72 000\t-75 000
    - varav park\t-40 000\t- 45 000\t-50 000\t-53 000\t-55 000
    Nämnd\t-1 000\t-1 000\t-1 100\t-1 100\t
    Summa nämnd\t-101 000\t-111 000\t-121 100\t-126 100\t-131 000
    Förändring i %\t\t9,9%\t9,1%\t4,1%\t
    """


def lines(plan, label):
    return plan.budget_lines[plan.budget_lines["label"] == label]


def test_one_row_per_printed_amount_in_whole_kronor_with_its_sign(tables):
    plan = tables(TABLE)
    park = lines(plan, "park")
    assert park["amount_sek"].tolist() == [-40_000_000, -45_000_000, -50_000_000, -53_000_000, -55_000_000]
    assert park["year"].tolist() == [2022, 2023, 2024, 2025, 2026]
    assert park["kind"].tolist() == ["outcome", "budget", "budget", "plan", "plan"]
    assert set(park["office"]) == {"tekniska kontoret"}
    assert len(lines(plan, "Nämnd")) == 4
    assert not plan.budget_lines["label"].str.contains("%").any()


def test_parts_point_at_the_row_they_add_up_to(tables):
    rows = tables(TABLE).budget_lines.set_index("budget_line_id")
    parents = {row["label"]: rows.loc[row["parent_budget_line_id"], "label"] for _, row in rows.iterrows() if isinstance(row["parent_budget_line_id"], str)}  # fmt: skip # noqa: E501
    assert parents == {
        "gata": "Tekniska kontoret",
        "park": "Tekniska kontoret",
        "Tekniska kontoret": "Summa nämnd",
        "Nämnd": "Summa nämnd",
    }


def test_sums_that_hold_give_no_alarm_and_raise_confidence(tables):
    plan = tables(TABLE)
    assert plan.findings.empty
    assert (lines(plan, "park")["confidence"] > 0.95).all()


def test_a_sum_that_differs_is_told_with_both_figures(tables):
    plan = tables(TABLE.replace("-121 100", "-121 500"))
    found = plan.findings.iloc[0]
    assert (found["rule"], found["severity"]) == ("sum_differs", "warning")
    assert "-121 500 tkr" in found["message"]
    assert "-121 100 tkr" in found["message"]
    assert "-400 tkr" in found["message_sv"]
    wrong = lines(plan, "Summa nämnd").set_index("year")["confidence"]
    assert wrong.loc[2024] < wrong.loc[2023]


def test_revenue_and_cost_add_up_to_the_net_whatever_their_signs(tables):
    plan = tables("""
        Budget 2024

        Driftbudget, mnkr\tBudget 2024\tPlan 2025
        Intäkter\t34,5\t35,2
        Kostnader\t299,8\t305,0
        Nettokostnad\t265,3\t269,8
        """)
    assert plan.findings.empty
    assert lines(plan, "Intäkter")["category"].tolist() == ["revenue", "revenue"]
    assert lines(plan, "Intäkter")["parent_budget_line_id"].notna().all()
    assert lines(plan, "Nettokostnad")["amount_sek"].tolist() == [265_300_000, 269_800_000]


def test_rows_of_changes_are_recomputed(tables):
    text = """
        Budget 2024

        Driftbudget, tkr\tBudget 2023\tBudget 2024\tPlan 2025
        Netto\t-100\t-110\t-125
        Förändring i tkr\t\t-10\t{}
        """
    assert tables(text.format("-15")).findings.empty
    assert tables(text.format("-51")).findings["rule"].tolist() == ["change_differs"]


def test_one_unit_with_two_figures_is_told_once(tables):
    plan = tables("""
        Budget 2024

        Driftbudget per verksamhet, tkr\tBudget 2024\tPlan 2025
        Planavdelning\t-500\t-510

        Nettobudget per avdelning, tkr\tBudget 2024\tPlan 2025
        Planavdelningen\t-450\t-460
        """)
    assert plan.findings["rule"].tolist() == ["two_figures"]
    assert plan.findings["record_id"].iloc[0] in set(plan.budget_lines["budget_line_id"])


def test_columns_of_revenue_cost_and_net_take_year_and_kind_from_the_heading(tables):
    plan = tables("Plan\n\nBudget 2025\n\nVerksamhet, tkr\tIntäkter\tKostnader\tNetto\nSkola\t-5\t105\t100\n")
    rows = plan.budget_lines
    assert rows["category"].tolist() == ["revenue", "cost", "net"]
    assert rows["amount_sek"].tolist() == [-5_000, 105_000, 100_000]
    assert set(rows["year"]) == {2025}
    assert set(rows["kind"]) == {"budget"}
    assert rows["budget_line_id"].str.rsplit("/", n=1).str[1].tolist() == [
        "budget-L0006-2025-budget-revenue", "budget-L0006-2025-budget-cost", "budget-L0006-2025-budget-net",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "header", "after", "sek"),
    [
        ("", "Driftbudget (mnkr)", "", 1_500_000),
        ("Belopp i tkr\n\n", "Verksamhet", "", 1_500),
        ("Samtliga belopp anges i mnkr.\n\nText.\n\n", "Verksamhet", "", 1_500_000),
        ("", "Verksamhet", "\n(Belopp i tkr)\n", 1_500),
    ],
)
def test_the_unit_is_found_in_header_caption_prose_or_below(tables, before, header, after, sek):
    text = f"Budget 2024\n\n{before}{header}\tBudget 2024\tPlan 2025\nSkola\t1,5\t2,5\nSumma\t1,5\t2,5\n{after}"
    assert tables(text).budget_lines["amount_sek"].tolist()[0] == sek


def test_a_table_without_a_unit_has_no_amounts_but_a_finding(tables):
    plan = tables("Plan 2024\n\nVerksamhet\tBudget 2024\tPlan 2025\nSkola\t100\t200\nSumma\t100\t200\n")
    assert plan.budget_lines["amount_sek"].isna().all()
    assert plan.budget_lines["text"].tolist() == ["100", "200", "100", "200"]
    assert "unit_missing" in set(plan.findings["rule"])


def test_subtotals_are_taken_into_the_grand_total(tables):
    rows = tables("""
        Budget 2024

        Investeringar (tkr)\tBudget 2024\tPlan 2025
        Badhus\t100\t200
        Skola\t50\t60
        Summa nya projekt\t150\t260
        Reinvesteringar\t10\t10
        Summa investeringsbudget\t160\t270
        """).budget_lines.set_index("budget_line_id")
    parent = {row["label"]: row["parent_budget_line_id"] for _, row in rows.iterrows()}
    assert rows.loc[parent["Badhus"], "label"] == "Summa nya projekt"
    assert rows.loc[parent["Summa nya projekt"], "label"] == "Summa investeringsbudget"
    assert rows.loc[parent["Reinvesteringar"], "label"] == "Summa investeringsbudget"


def test_a_report_s_columns_without_years_are_of_its_own_year_with_a_note(tables):
    plan = tables("Årsredovisning\n\nInvesteringar (mnkr)\tBudget\tUtfall\nSkola\t42,0\t38,5\n", kind="annual_report")
    assert plan.budget_lines["year"].tolist() == [2024, 2024]
    assert plan.findings["rule"].tolist() == ["year_assumed"]


def test_columns_of_deviations_are_changes_of_the_year_to_their_left(tables):
    plan = tables("""
        Ekonomi

        Tkr\tUtfall 2023\tBudget 2023\tAvvikelse\tAvvikelse %
        Bibliotek\t-12 300\t-12 000\t-300\t-2
        Badhus\t-31 000\t-31 800\t800\t3
        """)
    lines = plan.budget_lines
    deviations = lines[lines["category"] == "change"]
    assert deviations[["label", "year", "amount_sek"]].values.tolist() == [
        ["Bibliotek", 2023, -300_000],
        ["Badhus", 2023, 800_000],
    ]
    assert deviations["kind"].isna().all()
    assert len(lines) == 6


def test_a_table_of_projects_under_an_investment_heading_states_investments(tables):
    plan = tables("""
        Investeringsbudget (tkr)

        Projekt\tBudget 2024\tPlan 2025
        Lekplatser\t500\t700
        """)
    assert set(plan.budget_lines["category"]) == {"investment"}
    assert set(plan.budget_lines["table_title"]) == {"Investeringsbudget (tkr)"}


def test_a_table_without_a_unit_takes_the_one_above_it_or_the_only_one_of_the_document(tables):
    plan = tables("""
        Driftbudget (mnkr)

        Post\tBudget 2024\tPlan 2025
        Intäkter\t48,2\t49,0

        Ramar för nämnderna beskrivs nedan.

        Nämnd\tRam 2024\tRam 2025
        Valnämnden\t1,5\t0,2
        Summa\t1,5\t0,2
        """)
    assert plan.budget_lines["amount_sek"].tolist()[2:] == [1_500_000, 200_000, 1_500_000, 200_000]
    assert plan.findings.loc[plan.findings["rule"] == "unit_missing", "severity"].tolist() == ["note"]
