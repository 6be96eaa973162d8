"""What the report on budgets says: amounts, real change, what drives it, and what it keeps silent about."""

import pandas as pd
import pytest

from compare.contract import Tables, frame
from compare.measures import budgets, cost_structure, plan_horizon, work_and_money
from compare.presentation import amounts
from compare.presentation.findings import budget_allocations as found
from compare.presentation.page import Page

DOCUMENT = "0188-operational-plan-2022-a"
COMMON = {"document_id": DOCUMENT, "municipality_code": "0188"}
COLUMNS = ((2021, "budget"), (2022, "budget"), (2023, "plan"))
PRICES = pd.DataFrame({"year": [2021, 2022, 2023], "index": [100.0, 110.0, 110.0]})
PEOPLE = pd.DataFrame({"municipality_code": "0188", "year": [2020, 2021], "population": [1000, 1100]})


def plans(units, total=None, scope="net", board="nämnden"):
    """A plan with one table: a row per unit with its amounts in tkr for three columns, and their printed total."""
    total = total or [sum(values) for values in zip(*units.values(), strict=True)]
    rows = []
    for line, (label, values) in enumerate({**units, "Summa": total}.items(), start=10):
        for (year, kind), value in zip(COLUMNS, values, strict=True):
            parent = None if label == "Summa" else f"{DOCUMENT}/budget-total-{year}"
            own = f"{DOCUMENT}/budget-total-{year}" if parent is None else f"{DOCUMENT}/budget-L{line:04}-{year}"
            rows.append(
                {**COMMON, "budget_line_id": own, "parent_budget_line_id": parent, "plan_year": 2022, "year": year}
                | {"kind": kind, "table_title": "Driftbudget", "label": label, "category": scope, "line": line}
                | {"amount_sek": -1000 * value, "unit": "tkr"}
            )
    document = {**COMMON, "title": "Plan", "kind": "operational_plan", "board": board, "year": 2022}
    return Tables(
        documents=frame("documents", [{**document, "reading": "reviewed"}]), budget_lines=frame("budget_lines", rows)
    )


def sentences(tables, language="en", index=PRICES):
    """The findings on a plan as text, spaces made plain."""
    page = Page("Budgets", tables, language)
    measured = {
        "totals": budgets.decomposition(budgets.growth(tables, index, "KPI", level=0), PEOPLE),
        "horizon": plan_horizon.over_plan(tables, index, "KPI"),
        "units": budgets.unit_costs(tables),
        "changes": budgets.growth(tables, index, "KPI", level=2),
        "divisions": budgets.composition_change(tables),
        "inhabitants": budgets.per_inhabitant(budgets.unit_costs(tables, level=0), PEOPLE),
        "investments": budgets.unit_costs(tables, level=0, scope="investment"),
        "projects": budgets.unit_costs(tables, scope="investment"),
    }
    measured = {
        k: rows.assign(budget_of=amounts.whose(rows, tables.documents, page.say)) for k, rows in measured.items()
    }
    findings = found.findings(
        page,
        **measured,
        variance=budgets.budget_variance(tables),
        checks=budgets.reconciliation(tables),
        money=budgets.assignment_money(tables),
        work=work_and_money.by_unit(tables),
    )
    return [finding.text.replace("\u00a0", " ") for finding in findings if finding is not None]


@pytest.fixture(scope="module")
def three_units():
    return plans({"Skola": [6000, 6600, 6600], "Vård": [3000, 5500, 5000], "Park": [1000, 1000, 1000]})


def test_the_total_is_told_with_its_nominal_and_real_change(three_units):
    assert any(
        "SEK 13.1 million net is budgeted for 2022, +31.0% against the budget of 2021" in s
        for s in sentences(three_units)
    )
    assert any("in real terms +19.1% (KPI)" in s for s in sentences(three_units))


def test_a_real_change_without_a_price_index_is_unknown_and_not_zero(three_units):
    told = sentences(three_units, index=PRICES[PRICES["year"] != 2022])
    assert any("the real change is unknown" in s for s in told)
    assert not any("real terms" in s for s in told)


def test_the_unit_that_drives_the_change_is_named(three_units):
    assert any(
        "Vård accounts for SEK 2,500 thousand of the change of SEK 3,100 thousand" in s for s in sentences(three_units)
    )


def test_a_unit_that_moves_against_the_total_is_not_said_to_drive_it():
    falling = plans({"Skola": [6000, 6100, 6100], "Vård": [6000, 4000, 4000], "Park": [1000, 1000, 1000]})
    drives = [s for s in sentences(falling) if "accounts for" in s]
    assert ["Vård" in sentence for sentence in drives] == [True]


def test_the_largest_units_and_the_cost_per_inhabitant_are_told(three_units):
    told = sentences(three_units)
    assert any("Skola has 50% of the net cost, and together with Vård 92%" in s for s in told)
    assert any("SEK 11,909 per inhabitant (1,100 inhabitants on 31 December 2021)" in s for s in told)


def test_the_plan_ahead_is_told_in_real_terms(three_units):
    assert any("from 2022 to 2023 the plan changes the net cost by −3.8%" in s for s in sentences(three_units))


def test_sums_that_do_not_add_up_are_counted():
    wrong = plans({"Skola": [600, 600, 600], "Vård": [300, 300, 300]}, total=[900, 900, 930])
    assert any(
        "1 of 3 printed totals differ from the sums of their parts, at most by SEK 30,000" in s
        for s in sentences(wrong)
    )


def test_investments_are_told_apart_and_never_as_net_cost():
    told = sentences(plans({"Väg": [600, 900, 300], "Hus": [300, 300, 300]}, scope="investment"))
    assert any("investments of SEK 900 thousand in 2021 and SEK 600 thousand in 2023 (−33.3%)" in s for s in told)
    assert not any("net" in s for s in told)


def test_investments_of_another_body_in_a_plan_are_told_as_that_body_s():
    tables = plans({"Väg": [600, 900, 300], "Hus": [300, 300, 300]}, scope="investment")
    lines = tables.budget_lines
    office = lines["label"].map({"Väg": "tekniska nämnden"}).fillna("kommunstyrelsen").astype("str")
    both = Tables(documents=tables.documents, budget_lines=lines.assign(office=office))
    assert any("Of those of 2021 SEK 600 thousand are for tekniska nämnden." in told for told in sentences(both))
    assert not any(" are for " in told for told in sentences(tables))


def test_without_budget_tables_nothing_is_said(three_units):
    assert sentences(Tables(documents=three_units.documents)) == []


def test_money_with_assignments_is_told():
    row = {**COMMON, "assignment_id": "a", "kind": "assignment", "title": "Bygg", "year": 2022}
    money = {**COMMON, "funding_id": "f", "assignment_id": "a", "plan_year": 2022, "amount_sek": 250_000}
    document = plans({"A": [1, 1, 1], "B": [1, 1, 1]}).documents
    tables = Tables(
        documents=document,
        assignments=frame("assignments", [row, {**row, "assignment_id": "b", "title": "Riv"}]),
        funding=frame("funding", [money]),
    )
    assert sentences(tables) == ["Norrtälje 2022: 1 of 2 assignments come with money, together SEK 250 thousand."]


def test_money_of_several_sorts_is_not_added_up():
    row = {**COMMON, "assignment_id": "a", "kind": "assignment", "title": "Bygg", "year": 2022}
    money = [
        {
            **COMMON,
            "funding_id": nature,
            "assignment_id": "a",
            "plan_year": 2022,
            "amount_sek": amount,
            "nature": nature,
        }
        for nature, amount in (("ramökning", 250_000), ("varaktig ramjustering", 1_200_000))
    ]
    document = {**COMMON, "title": "Plan", "kind": "operational_plan", "year": 2022, "reading": "reviewed"}
    tables = Tables(
        documents=frame("documents", [document]),
        assignments=frame("assignments", [row]),
        funding=frame("funding", money),
    )
    assert sentences(tables) == [
        "Norrtälje 2022: 1 of 1 assignments come with money: SEK 250 thousand as ramökning and SEK 1,200 thousand as "
        "varaktig ramjustering."
    ]


def test_the_division_of_the_money_stands_beside_that_of_the_assignments(three_units):
    offices = ["Skola", "Skola", "Vård", "Park"]
    own = {**COMMON, "kind": "assignment", "year": 2022}
    tasks = [{**own, "assignment_id": str(n), "title": f"Gör {n}", "office": name} for n, name in enumerate(offices)]
    said = sentences(three_units.replace(assignments=frame("assignments", tasks)))
    (sentence,) = [text for text in said if "assignments that name an office" in text]
    assert sentence == (
        "Norrtälje, nämnden, 2022: how the net cost for 2022 and the 4 assignments that name an office divide: "
        "Skola 50% of the money and 50% of the assignments; Vård 42% of the money and 25% of the assignments; "
        "Park 8% of the money and 25% of the assignments."
    )


def test_the_findings_are_swedish_in_swedish(three_units):
    assert sentences(three_units, "sv")[0] == (
        "Norrtälje, nämnden, 2022: 13,1 mnkr netto budgeteras för 2022, +31,0 % mot budget 2021; "
        "i fasta priser +19,1 % (KPI)."
    )


def test_amounts_by_year_keep_two_rows_of_one_name_apart(three_units):
    lines = three_units.budget_lines.assign(label=three_units.budget_lines["label"].replace("Park", "Skola"))
    tables = Tables(documents=three_units.documents, budget_lines=lines)
    say = Page("x", tables, "en").say
    rows = budgets.unit_costs(tables)
    (wide,) = amounts.by_year(rows.assign(budget_of=amounts.whose(rows, tables.documents, say)), say)
    assert sorted(wide.frame["2022_budget"]) == [1_000_000, 5_500_000, 6_600_000]
    assert list(wide.columns.values())[-3:] == ["2021\u00a0budget", "2022\u00a0budget", "2023\u00a0plan"]


def test_cost_structure_keeps_what_is_not_printed_unknown():
    rows = [
        {**COMMON, "budget_line_id": f"b{i}", "plan_year": 2022, "year": 2022, "kind": "budget", "table_title": "Drift"}
        | {
            "label": category,
            "category": category,
            "office": "Kontoret",
            "amount_sek": amount,
            "unit": "tkr",
            "line": i,
        }
        for i, (category, amount) in enumerate([("revenue", 40_000), ("cost", -100_000), ("net", -60_000)], start=1)
    ]
    document = plans({"A": [1, 1, 1], "B": [1, 1, 1]}).documents
    (row,) = cost_structure.cost_structure(
        Tables(documents=document, budget_lines=frame("budget_lines", rows))
    ).to_dict("records")
    assert (row["cost"], row["revenue"], row["net_cost"], row["revenue_share"]) == (100_000, 40_000, 60_000, 0.4)
    assert pd.isna(row["capital_cost"])
    assert pd.isna(row["capital_share"])


def test_the_plan_horizon_multiplies_its_steps(three_units):
    (row,) = plan_horizon.over_plan(three_units, PRICES, "KPI").to_dict("records")
    assert (row["from_year"], row["year"]) == (2022, 2023)
    assert row["growth"] == pytest.approx(12_600 / 13_100 - 1)
    assert row["real_growth"] == pytest.approx(12_600 / 13_100 - 1)


def test_titles_name_the_unit_that_changes_most_and_the_largest():
    tables = plans({"Skola": [50_000, 51_000, 52_000], "Gator": [11_000, 36_000, 30_000]})
    page = Page("Budgets", tables, "en")
    units = budgets.unit_costs(tables)
    units = units.assign(budget_of=amounts.whose(units, tables.documents, page.say))
    title = found.title_of_units(page, units).replace("\u00a0", " ")
    assert title == "Gator changes most, from SEK 11.0 million in 2021 to SEK 36.0 million in 2022"
    own_year = units[units["year"] == 2022]
    assert found.title_of_shares(page, own_year) == "Skola has 59% of the net cost"
    totals = budgets.unit_costs(tables, level=0).assign(budget_of="one")
    assert found.title_of_investments(page, totals) == "Investments fall over the years of 0 of 1 plan"
    falling = totals.assign(cost=-totals["cost"].astype("float64"))
    assert found.title_of_investments(page, falling) == "Investments fall over the years of every plan that states them"
    assert found.title_of_investments(page, totals[totals["year"] == 2022]) == "Total investments by year"
    two = pd.concat([units, units.assign(budget_of="another")])
    assert found.title_of_units(page, two).startswith("Net cost by unit")


def test_the_title_of_what_a_change_is_made_of_needs_parts_that_all_go_the_same_way(three_units):
    page = Page("Budgets", three_units, "en")
    parts = {"log_price": 0.05, "log_population": 0.01, "log_real_per_inhabitant": 0.04}
    document = three_units.documents["document_id"].iloc[0]
    row = {"document_id": document, "from_year": 2021, "year": 2022, "growth": 0.105, "log_change": 0.10}
    title = found.title_of_parts(page, pd.DataFrame([{**row, **parts}]))
    assert title == "Of the change of +10.5% from 2021 to 2022, 50% is prices and 10% more inhabitants"
    against = pd.DataFrame([{**row, **parts, "log_real_per_inhabitant": -0.04, "log_change": 0.02}])
    assert found.title_of_parts(page, against) == "What is prices, what is inhabitants, and what is left"


def test_of_many_budgets_a_committee_s_is_not_set_beside_those_of_whole_municipalities_per_inhabitant():
    rows = pd.DataFrame(
        {
            "document_id": [f"d{n}" for n in range(7)],
            "municipality_code": [f"900{n}" for n in range(7)],
            "budget_of": ["Provby, nämnden, 2022", *(f"Exempelstad {n}, 2022" for n in range(1, 7))],
            "board": ["nämnden", *[None] * 6],
            "year": 2022,
            "kind": "budget",
            "per_inhabitant": [900.0, *(60_000.0 + 1_000 * n for n in range(6))],
            "record_ids": [[] for _ in range(7)],
        }
    )
    page = Page("Budgets", Tables(), "en")
    (finding,) = found._per_inhabitant(page, rows)
    assert "largest in Exempelstad 6, 2022" in finding.text
    assert "smallest in Exempelstad 1, 2022" in finding.text
