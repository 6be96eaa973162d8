"""Costs, revenue and capital costs of tables that print them, by hand."""

import pandas as pd
import pytest

from compare.measures.cost_structure import cost_structure


def table(given, figures, line=1, **rest):
    """An office's table of a few sorts, in thousands of kronor."""
    return [given.budget(sort, amount, at, category=sort, **rest) for at, (sort, amount) in enumerate(figures, line)]


FULL = (("revenue", 40), ("cost", -100), ("capital_cost", -15), ("net", -60))


def test_shares_are_parts_of_the_cost(given):
    (row,) = cost_structure(given.plans(budget_lines=table(given, FULL, office="Kontoret"))).to_dict("records")
    assert [row[name] for name in ("cost", "revenue", "net_cost", "capital_cost")] == [100_000, 40_000, 60_000, 15_000]
    assert (row["revenue_share"], row["capital_share"]) == (0.4, pytest.approx(0.15))
    assert len(row["record_ids"]) == 4


def test_each_document_table_year_and_kind_stands_for_itself(given):
    documents = [given.document("a"), given.document("b", "0002")]
    rows = [
        *table(given, FULL, document_id="a"),
        *table(given, FULL, document_id="a", year=2021, kind="outcome"),
        *table(given, (("revenue", 10), ("cost", -20), ("net", -10)), document_id="b"),
    ]
    rows = [{**row, "budget_line_id": f"{row['document_id']}-{row['budget_line_id']}"} for row in rows]
    found = cost_structure(given.plans(documents, budget_lines=rows))
    assert found[["document_id", "year", "kind", "cost"]].to_numpy().tolist() == [
        ["a", 2022, "budget", 100_000],
        ["a", 2021, "outcome", 100_000],
        ["b", 2022, "budget", 20_000],
    ]
    assert found["revenue_share"].tolist() == [0.4, 0.4, 0.5]


def test_several_rows_of_one_sort_add_up_and_their_parts_do_not(given):
    rows = [
        given.budget("Intäkter", 40, 1, category="revenue"),
        given.budget("Personal", -70, 2, id="staff", category="cost"),
        given.budget("varav vikarier", -20, 3, category="cost", parent_budget_line_id="staff"),
        given.budget("Lokaler", -30, 4, category="cost"),
        given.budget("Netto", -60, 5, category="net"),
    ]
    (row,) = cost_structure(given.plans(budget_lines=rows)).to_dict("records")
    assert (row["cost"], row["revenue"], row["net_cost"]) == (100_000, 40_000, 60_000)
    assert "varav vikarier-2022-budget-3-Driftbudget" not in row["record_ids"]


def test_what_is_not_printed_or_of_no_cost_is_null_and_tables_of_net_costs_alone_are_left_out(given):
    rows = [
        *table(given, (("revenue", 5),), table_title="Bara intäkter"),
        *table(given, (("net", -60),), 50, table_title="Bara netto"),
    ]
    (row,) = cost_structure(given.plans(budget_lines=rows)).to_dict("records")
    assert row["table_title"] == "Bara intäkter"
    assert pd.isna([row[name] for name in ("cost", "net_cost", "capital_cost", "revenue_share", "capital_share")]).all()


def test_investments_have_no_structure_of_operating_costs(given):
    rows = table(given, (("investment", 7),), table_title="Investeringar")
    assert cost_structure(given.plans(budget_lines=rows)).empty
