"""What sort of amount a row of a budget table states: by words, by arithmetic, by the field's convention."""

from __future__ import annotations

import pytest

from compare.reading.categories import is_total, of_label

UNITS = """
    Verksamhetsplan 2024

    Budget

    Enhet\tBudget 2024 (tkr)
    Stab\t1 200
    Badhus\t4 300
    Summa\t5 500
    """


def sorts(plan):
    return dict(zip(plan.budget_lines["label"], plan.budget_lines["category"], strict=True))


def test_a_unit_s_budget_without_another_word_is_its_net_cost_and_that_is_told(tables):
    plan = tables(UNITS)
    assert sorts(plan) == {"Stab": "net", "Badhus": "net", "Summa": "net"}
    assert plan.findings["rule"].tolist() == ["net_assumed"]


def test_a_title_that_says_net_leaves_nothing_to_tell(tables):
    plan = tables(UNITS.replace("Budget\n\n    Enhet", "Driftbudget\n\n    Enhet"))
    assert set(sorts(plan).values()) == {"net"}
    assert plan.findings.empty


@pytest.mark.parametrize("title", ["Balansbudget", "Kassaflödesbudget", "Finansieringsanalys"])
def test_rows_of_other_statements_are_no_net_costs(tables, title):
    plan = tables(UNITS.replace("Budget\n\n    Enhet", f"{title}\n\n    Post"))
    assert set(sorts(plan).values()) == {"other"}


def test_what_is_summed_with_revenue_into_a_net_is_a_cost(tables):
    plan = tables("""
        Verksamhetsplan 2024

        Driftbudget, tkr\tBudget 2023\tBudget 2024
        Intäkter\t300\t320
        Personal\t-900\t-950
        Livsmedel\t-100\t-110
        Netto\t-700\t-740
        Lotsar\t-50\t-55
        """)
    assert sorts(plan) == {
        "Intäkter": "revenue",
        "Personal": "cost",
        "Livsmedel": "cost",
        "Netto": "net",
        "Lotsar": "net",
    }


def test_a_part_is_of_the_sort_of_its_whole(tables):
    plan = tables("""
        Budget 2024

        Resultatbudget, mnkr\tBudget 2023\tBudget 2024
        Verksamhetens intäkter\t270,6\t279,0
        varav engångsposter\t0,1\t0,0
        Verksamhetens kostnader\t-1 329,0\t-1 385,4
        Verksamhetens nettokostnader\t-1 058,4\t-1 106,4
        """)
    assert sorts(plan)["engångsposter"] == "revenue"


def test_heads_of_two_levels_name_kind_and_sort(tables):
    plan = tables("""
        Budget 2024

        Driftbudget, tkr

        \tUtfall 2022\t\tBudget 2024\t
        Verksamhet\tKostnad\tNetto\tKostnad\tNetto
        Park\t-120\t-100\t-130\t-105
        """)
    found = plan.budget_lines[["year", "kind", "category", "amount_sek"]].values.tolist()
    assert found == [
        [2022, "outcome", "cost", -120_000],
        [2022, "outcome", "net", -100_000],
        [2024, "budget", "cost", -130_000],
        [2024, "budget", "net", -105_000],
    ]


@pytest.mark.parametrize(
    ("label", "sort"),
    [
        ("Summa kostnader", "cost"),
        ("Bidrag", "revenue"),
        ("Bidrag till föreningar", None),
        ("Avskrivningar", "capital_cost"),
        ("Finansnetto", "net"),
        ("Likvida medel", "other"),
        ("Personalpolitik", None),
    ],
)
def test_a_row_s_own_words_state_its_sort(label, sort):
    assert of_label(label) == sort


@pytest.mark.parametrize(
    ("label", "total"),
    [("Summa", True), ("Nämnderna totalt", True), ("Totalförsvar", False), ("Samlad skola", False)],
)
def test_a_word_for_a_sum_opens_or_closes_a_total(label, total):
    assert is_total(label) is total


def test_frames_of_two_years_keep_their_years_and_what_lies_between_is_change(tables):
    plan = tables("""
        Nämndernas ramar

        Nämnd (tkr)\tRam 2023\tPris/lön\tTillskott\tEffektivisering\tRam 2024
        Hamnnämnden\t1 000\t30\t20\t-10\t1 040
        Parknämnden\t500\t15\t\t-5\t510
        Summa\t1 500\t45\t20\t-15\t1 550
        """)
    lines = plan.budget_lines
    frames = lines[lines["category"] == "net"]
    assert frames[["label", "year", "kind", "amount_sek"]].values.tolist() == [
        ["Hamnnämnden", 2023, "budget", 1_000_000],
        ["Hamnnämnden", 2024, "budget", 1_040_000],
        ["Parknämnden", 2023, "budget", 500_000],
        ["Parknämnden", 2024, "budget", 510_000],
        ["Summa", 2023, "budget", 1_500_000],
        ["Summa", 2024, "budget", 1_550_000],
    ]
    between = lines[lines["category"] == "change"]
    assert set(between["year"]) == {2024}
    assert between["kind"].isna().all()
    assert len(between) == 8


def test_totals_of_a_table_of_committees_stand_under_none_of_them(tables):
    plan = tables("""
        Budget 2024

        Hamnnämnden

        Text om hamnen.

        Driftbudget, tkr\tBudget 2023\tBudget 2024
        Hamnnämnden\t1 000\t1 040
        Parknämnden\t500\t510
        Revision\t10\t10
        Summa nämnder\t1 510\t1 560
        Verksamhetens nettokostnader\t1 510\t1 560
        """)
    offices = plan.budget_lines.groupby("label")["office"].first().to_dict()
    assert offices["Hamnnämnden"] == "hamnnämnden"
    assert plan.budget_lines.loc[plan.budget_lines["label"].isin(["Summa nämnder", "Verksamhetens nettokostnader", "Revision"]), "office"].isna().all()  # fmt: skip # noqa: E501
