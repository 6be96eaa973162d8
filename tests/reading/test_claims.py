"""What a document says of itself, against what was read from it."""

from __future__ import annotations

PLAN = """
    Verksamhetsplan 2024

    Fullmäktige har gett nämnden {uppdrag} uppdrag inom två målområden. Budgetramen är {ram} 2024.

    Mål 1: Trygghet

    Uppdrag från KF: Utred badhuset

    Uppdrag från KF: Inför e-arkiv

    Uppdrag från KF: Bygg en bro

    Uppdrag från KF: Utred badhuset.

    Driftbudget, tkr\tBudget 2023\tBudget 2024
    Netto\t-180 000\t-181 600
    """


def claims(plan):
    return {row["subject"]: (row["value"], row["computed"], row["verdict"]) for _, row in plan.claims.iterrows()}


def test_counts_and_amounts_that_agree(tables):
    plan = tables(PLAN.format(uppdrag="tre", ram="181,6 miljoner kronor"))
    assert claims(plan) == {"assignment": (3.0, 3.0, "agrees"), "net_budget": (181.6, 181.6, "agrees")}
    assert plan.findings.empty


def test_a_count_that_differs_is_a_finding(tables):
    plan = tables(PLAN.format(uppdrag="5", ram="181,6 mnkr"))
    assert claims(plan)["assignment"] == (5.0, 3.0, "differs")
    assert "count_differs" in set(plan.findings["rule"])


def test_a_slip_of_the_unit_is_a_finding_and_no_wrong_number(tables):
    plan = tables(PLAN.format(uppdrag="tre", ram="181,6 tkr"))
    assert claims(plan)["net_budget"] == (181.6, 181_600.0, "differs")
    assert "unit_slip" in set(plan.findings["rule"])
    assert -181_600_000 in plan.budget_lines["amount_sek"].tolist()


def test_what_cannot_be_checked_is_no_fault(tables):
    plan = tables(PLAN.format(uppdrag="tre", ram="77,7 miljoner kronor"))
    assert claims(plan)["net_budget"][2] == "cannot_check"
    assert plan.findings.empty


def test_numbers_of_other_things_are_no_claims(tables):
    text = (
        "Plan 2024\n\nTre av fem mål nåddes. 3 Uppdrag\n\nPolicyn innehåller 17 fokusområden. Ramen ökar med 5 mnkr.\n"
    )
    found = claims(tables(text))
    assert found == {"goal: fokusområden": (17.0, None, "cannot_check")} or "assignment" not in found


def test_the_number_of_a_section_counts_nothing(tables):
    assert claims(tables("Plan 2024\n\n3 Politiska uppdrag ... 5\n\n3 Politiska uppdrag\n")) == {}
