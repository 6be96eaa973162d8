import numpy as np
import pandas as pd
import pytest
from hypothesis import given as example
from hypothesis import strategies as st

from compare.contract import Tables
from compare.measures import budgets
from compare.problems import PlanError

INDEX = pd.DataFrame({"year": [2021, 2022, 2023], "index": [100.0, 110.0, 121.0]})
PEOPLE = pd.DataFrame({"municipality_code": ["0001"] * 3, "year": [2020, 2021, 2022], "population": [1000, 1100, 1210]})


@pytest.fixture
def units_with_parts(given):
    """Two units, one with three parts, and their printed total; costs are negative, one part is a net revenue."""
    b = given.budget
    return given.plans(
        budget_lines=[
            b("Kontoret", -100, 1, id="k", parent_budget_line_id="s"),
            b("staben", -90, 2, parent_budget_line_id="k"),
            b("IT", 10, 3, parent_budget_line_id="k"),
            b("ekonomi", -20, 4, parent_budget_line_id="k"),
            b("Räddning", -50, 5, parent_budget_line_id="s"),
            b("Summa", -150, 6, id="s"),
        ]
    )


def triple(given, cost, revenue, net, line=1, **rest):
    """Revenue, cost and net of an office as a table prints them, without stated parents."""
    rows = (("Intäkter", revenue, "revenue"), ("Kostnader", cost, "cost"), ("Netto", net, "net"))
    return [given.budget(name, amount, i, category=c, **rest) for i, (name, amount, c) in enumerate(rows, line)]


def amounts(frame):
    return dict(zip(frame["label"], frame["amount"] / 1000, strict=True))


def test_costs_are_positive_and_a_net_revenue_negative(units_with_parts):
    lines = budgets.lines(units_with_parts)
    assert amounts(lines) == {"Kontoret": 100, "staben": 90, "IT": -10, "ekonomi": 20, "Räddning": 50, "Summa": 150}
    assert lines["amount_sek"].tolist()[0] == -100_000
    assert set(lines["sign_rule"]) == {"total_row"}


def test_nothing_is_added_twice(units_with_parts):
    leaves = budgets.leaf_lines(units_with_parts)
    assert leaves["label"].tolist() == ["staben", "IT", "ekonomi", "Räddning"]
    assert leaves["effect"].sum() == 150_000
    lines = budgets.lines(units_with_parts).set_index("label")
    assert lines["level"].to_dict() == {"Kontoret": 1, "staben": 2, "IT": 2, "ekonomi": 2, "Räddning": 1, "Summa": 0}


@pytest.mark.parametrize(
    ("cost", "revenue", "net", "rule"),
    [
        (-100, 30, -70, "identity"),
        (100, -30, 70, "identity"),
        (100, 30, 70, "identity"),
        (100, 30, -70, "identity"),
        (-100, 30, -60, "category"),
    ],
)
def test_the_sign_is_proven_by_cost_revenue_and_net(given, cost, revenue, net, rule):
    lines = budgets.lines(given.plans(budget_lines=triple(given, cost, revenue, net)))
    assert amounts(lines) == {"Intäkter": 30, "Kostnader": 100, "Netto": abs(net)}
    assert set(lines["sign_rule"]) == {rule}
    if rule == "identity":
        assert lines.loc[lines["adds"], "effect"].sum() == abs(net) * 1000
        assert lines["is_sum"].tolist() == [False, False, True]


def test_part_costs_are_shown_beside_and_not_added(given):
    rows = [
        *triple(given, -100, 30, -70),
        given.budget("kapitalkostnader", -12, 2, category="capital_cost", id="capital"),
    ]
    rows[-1]["parent_budget_line_id"] = rows[1]["budget_line_id"]
    lines = budgets.lines(given.plans(budget_lines=rows)).set_index("label")
    assert lines.loc["kapitalkostnader", "amount"] == 12_000
    assert lines["is_memo"].to_dict() == {
        "Intäkter": False,
        "Kostnader": False,
        "kapitalkostnader": True,
        "Netto": False,
    }
    assert lines.loc[lines["adds"], "effect"].sum() == 70_000


def test_a_capital_cost_without_a_stated_parent_is_not_added_either(given):
    rows = [*triple(given, -100, 30, -70), given.budget("varav kapital", -12, 4, category="capital_cost")]
    lines = budgets.lines(given.plans(budget_lines=rows))
    assert lines.loc[lines["adds"], "effect"].sum() == 70_000


def test_changes_take_the_documents_sign_and_are_never_added(given):
    rows = [
        *triple(given, -100, 30, -70),
        given.budget("Ny fond", -5, 40, category="change", table_title="Förändringar"),
    ]
    line = budgets.lines(given.plans(budget_lines=rows)).iloc[-1]
    assert (line["amount"], line["sign_rule"], line["scope"], line["adds"]) == (5_000, "document", "change", False)
    assert pd.isna(line["level"])


def test_a_sign_that_nothing_decides_stays_unknown(given):
    line = budgets.lines(
        given.plans(budget_lines=[given.budget("Kontoret", 0), given.budget("x", 5, category="other")])
    )
    assert line["amount"].isna().all()
    assert line["sign_rule"].isna().all()


def test_a_total_that_nobody_stated_is_found_by_arithmetic(given):
    rows = [given.budget(name, amount, i) for i, (name, amount) in enumerate([("A", 10), ("B", 20), ("Alla", 30)], 1)]
    lines = budgets.lines(given.plans(budget_lines=rows))
    assert lines["is_sum"].tolist() == [False, False, True]
    assert lines["parent_found"].tolist() == [True, True, False]


@pytest.mark.parametrize("printed", [[10, 10, 0], [10, 20, 40], [10, 10]])
def test_equal_or_unequal_amounts_are_no_total(given, printed):
    rows = [given.budget(str(i), amount, i) for i, amount in enumerate(printed)]
    assert not budgets.lines(given.plans(budget_lines=rows))["is_sum"].any()


def test_one_title_in_two_places_is_two_tables(given):
    rows = [given.budget("Netto", 10, 5), given.budget("Netto", 20, 400)]
    assert budgets.lines(given.plans(budget_lines=rows))["table_id"].tolist() == ["d/table-L0005", "d/table-L0400"]


def test_a_table_goes_on_over_the_page_break(given):
    rows = [given.budget("A", 10, 50, page=3), given.budget("B", 20, 1, page=4), given.budget("C", 5, 90, page=4)]
    ids = budgets.lines(given.plans(budget_lines=rows))["table_id"].tolist()
    assert ids == ["d/table-P003-L0050", "d/table-P003-L0050", "d/table-P004-L0090"]


@pytest.mark.parametrize(
    ("unit", "amount", "rounding"), [("tkr", 5_000, 1000), ("mnkr", 107_900_000, 100_000), (None, 7_000_000, 1000)]
)
def test_the_last_printed_digit(given, unit, amount, rounding):
    row = {**given.budget("A", 0), "amount_sek": amount, "unit": unit}
    assert budgets.lines(given.plans(budget_lines=[row]))["rounding"].tolist() == [rounding]


def test_each_total_is_checked_within_rounding(given):
    def table(total, line, title):
        rows = [given.budget(n, a, line + i, table_title=title) for i, (n, a) in enumerate((("A", 100), ("B", 200)))]
        rows = [{**r, "parent_budget_line_id": title} for r in rows]
        return [*rows, given.budget("Summa", total, line + 2, table_title=title, id=title)]

    plans = given.plans(budget_lines=[*table(301, 1, "rounded"), *table(302, 50, "off"), *table(300, 90, "exact")])
    checks = budgets.reconciliation(plans).set_index("table_title")
    assert checks["difference"].to_dict() == {"rounded": -1000, "off": -2000, "exact": 0}
    assert checks["tolerance"].tolist() == [1500] * 3  # three figures, each rounded by at most 500 kronor
    assert checks["verdict"].to_dict() == {"rounded": "agrees", "off": "differs", "exact": "agrees"}
    assert checks.loc["off", "part_ids"] == ["A-2022-budget-50-off", "B-2022-budget-51-off"]


def test_a_sum_whose_parts_are_not_all_printed_cannot_be_checked(given):
    rows = [
        given.budget("A", 100, 1, parent_budget_line_id="s22"),
        given.budget("B", 200, 2, parent_budget_line_id="s22"),
        given.budget("Summa", 300, 3, id="s22"),
        given.budget("A", 100, 1, year=2023, parent_budget_line_id="s23"),
        given.budget("Summa", 310, 3, id="s23", year=2023),
    ]
    checks = budgets.reconciliation(given.plans(budget_lines=rows)).set_index("year")
    assert checks["verdict"].to_dict() == {2022: "agrees", 2023: "cannot_check"}
    assert checks["missing_parts"].to_dict() == {2022: 0, 2023: 1}


def test_equal_tables_of_two_documents_are_checked_each_for_itself(given):
    documents = [given.document("one"), given.document("two", municipality_code="0002")]
    rows = [
        given.budget(label, amount, line, id=f"{own}{label}", parent_budget_line_id=parent, document_id=own)
        for own in ("one", "two")
        for line, (label, amount) in enumerate({"A": 300, "B": 2, "C": 298, "S": 600}.items(), start=1)
        for parent in [None if label == "S" else f"{own}S"]
        if (own, label) != ("two", "B")
    ]
    checks = budgets.reconciliation(given.plans(documents, budget_lines=rows)).set_index("document_id")
    assert checks["parts"].to_dict() == {"one": 3, "two": 2}
    assert checks["missing_parts"].to_dict() == {"one": 0, "two": 0}
    assert checks["verdict"].to_dict() == {"one": "agrees", "two": "differs"}


def test_columns_without_a_year_are_columns_of_their_own_table(given):
    documents = [given.document("one"), given.document("two", municipality_code="0002")]
    rows = [
        given.budget(unit, amount, line, year=None, document_id=own, id=f"{own}{unit}")
        for own, amounts in (("one", (1, 3)), ("two", (30, 10)))
        for line, (unit, amount) in enumerate(zip("AB", amounts, strict=True), start=1)
    ]
    costs = budgets.unit_costs(given.plans(documents, budget_lines=rows))
    assert costs["share"].tolist() == [0.25, 0.75, 0.75, 0.25]
    assert costs["total"].tolist() == [4_000, 4_000, 40_000, 40_000]


def test_units_share_their_table(units_with_parts):
    costs = budgets.unit_costs(units_with_parts)
    assert costs["unit"].tolist() == ["Kontoret", "Räddning"]
    assert costs["share"].tolist() == [100 / 150, 50 / 150]
    assert costs["total"].tolist() == [150_000, 150_000]
    assert costs["record_ids"].tolist()[0] == ["k"]


def test_the_parts_of_units_and_units_without_parts(units_with_parts):
    costs = budgets.unit_costs(units_with_parts, level=2).set_index("unit")
    assert costs["cost"].to_dict() == {"staben": 90_000, "IT": -10_000, "ekonomi": 20_000, "Räddning": 50_000}
    assert pd.isna(costs.loc["IT", "share"])
    assert costs["share"].sum() == pytest.approx(1)


def test_of_two_tables_of_a_document_the_larger_is_used(given):
    rows = [given.budget(n, a, i) for i, (n, a) in enumerate((("A", 1), ("B", 2), ("C", 9)))]
    rows += [given.budget(n, a, 60 + i, table_title="Del av A") for i, (n, a) in enumerate((("A1", 3), ("A2", 4)))]
    costs = budgets.unit_costs(given.plans(budget_lines=rows))
    assert costs["unit"].tolist() == ["A", "B", "C"]
    assert costs["other_tables"].tolist() == [1, 1, 1]


def test_tables_by_office_give_their_offices_as_units(given):
    rows = [
        *triple(given, -100, 30, -70, office="Kontoret", table_title="Driftbudget kontoret"),
        *triple(given, -50, 20, -30, 50, office="Räddning", table_title="Driftbudget räddning"),
    ]
    costs = budgets.unit_costs(given.plans(budget_lines=rows)).set_index("unit")
    assert costs["cost"].to_dict() == {"Kontoret": 70_000, "Räddning": 30_000}
    assert costs["share"].to_dict() == {"Kontoret": 0.7, "Räddning": 0.3}


def test_offices_share_what_the_offices_of_their_document_cost(given):
    documents = [given.document("one"), given.document("two", municipality_code="0002")]
    rows = [
        line
        for own, nets in (("one", (-70, -30)), ("two", (-10, -40)))
        for at, (office, net) in enumerate(zip(("Kontoret", "Räddning"), nets, strict=True))
        for line in triple(
            given, net - 5, 5, net, 1 + 50 * at, office=office, table_title=f"Drift {office}", document_id=own
        )
    ]
    rows = [{**row, "budget_line_id": f"{row['document_id']}-{row['budget_line_id']}"} for row in rows]
    costs = budgets.unit_costs(given.plans(documents, budget_lines=rows))
    assert costs["unit"].tolist() == ["Kontoret", "Räddning"] * 2
    assert costs["share"].tolist() == [0.7, 0.3, 0.2, 0.8]
    assert costs["total"].tolist() == [100_000, 100_000, 50_000, 50_000]


def test_investments_stay_apart_from_operations(given):
    rows = [
        given.budget("Drift", 10, 1),
        given.budget("Gata", 7, 9, category="investment", table_title="Investeringar"),
    ]
    plans = given.plans(budget_lines=rows)
    assert budgets.unit_costs(plans)["unit"].tolist() == ["Drift"]
    assert budgets.unit_costs(plans, scope="investment")["unit"].tolist() == ["Gata"]


def two_years(given, first, second, **rest):
    return [
        given.budget(unit, amount, i, year=year, kind=kind, **rest)
        for i, unit in enumerate(first)
        for year, kind, amounts in ((2021, "outcome", first), (2022, "budget", second))
        for amount in [amounts[unit]]
        if amount is not None
    ]


def test_growth_is_nominal_and_real_and_splits_into_its_causes(given):
    plans = given.plans(budget_lines=two_years(given, {"A": 100, "B": 50}, {"A": 121, "B": None}))
    grown = budgets.growth(plans, INDEX, "KPI")
    assert grown["unit"].tolist() == ["A"]
    row = grown.iloc[0]
    assert row["growth"] == pytest.approx(0.21)
    assert row["real_growth"] == pytest.approx(1.21 / 1.1 - 1)
    assert (row["index_name"], row["mixed_kinds"], row["change"]) == ("KPI", True, 21_000)
    parts = budgets.decomposition(grown, PEOPLE).iloc[0]
    assert parts["log_price"] == pytest.approx(np.log(1.1))
    assert parts["log_population"] == pytest.approx(np.log(1.1))
    assert parts["log_real_per_inhabitant"] == pytest.approx(0, abs=1e-12)
    assert parts["log_change"] == pytest.approx(np.log(1.21))
    same = budgets.decomposition(
        grown, PEOPLE.assign(year=PEOPLE["year"] + 1, population=[1000, 1050, 7]), at="same_year"
    )
    assert same["log_population"].tolist() == pytest.approx([np.log(1.05)])
    assert same["log_real_per_inhabitant"].tolist() == pytest.approx([np.log(1.21 / 1.1 / 1.05)])


def test_growth_from_nothing_or_without_an_index_is_unknown(given):
    grown = budgets.growth(given.plans(budget_lines=two_years(given, {"A": 0, "B": 50}, {"A": 10, "B": 60})))
    assert grown["growth"].isna().tolist() == [True, False]
    assert grown["real_growth"].isna().all()
    assert grown["change"].tolist() == [10_000, 10_000]


def test_of_one_year_what_came_is_taken_before_what_was_meant_and_years_run_forwards(given):
    kinds = ("forecast", "plan", "budget", "outcome")
    for place, kind in enumerate(kinds):
        rows = [
            given.budget("A", 1 + amount, 1, year=2022, kind=other) for amount, other in enumerate(kinds[: place + 1])
        ]
        grown = budgets.growth(
            given.plans(budget_lines=[*rows, given.budget("A", 50, 1, year=2023), given.budget("A", 5, 1, year=2021)])
        )
        assert grown[["from_year", "year"]].to_numpy().tolist() == [[2021, 2022], [2022, 2023]]
        assert (grown["kind"][0], grown["cost"][0], grown["from_kind"][1]) == (kind, 1000 * (place + 1), kind)


def test_growth_may_follow_each_plans_own_year(given):
    documents = [given.document("a", year=2021), given.document("b", year=2022)]
    rows = [
        given.budget("Skola", 100, year=2021, document_id="a"),
        given.budget("Skola", 105, 2, year=2022, kind="plan", document_id="a"),
        given.budget("SKOLA", 110, year=2022, document_id="b"),
    ]
    plans = given.plans(documents, budget_lines=rows)
    assert budgets.growth(plans, series="plans")["growth"].tolist() == [pytest.approx(0.10)]
    assert budgets.growth(plans)["growth"].tolist() == [pytest.approx(0.05)]
    with pytest.raises(PlanError, match="no series 'both'"):
        budgets.growth(plans, series="both")


def test_units_of_one_name_of_two_boards_grow_apart(given):
    documents = [
        given.document(f"{board}{year}", year=year, board=board)
        for board in ("Nämnd A", "Nämnd B")
        for year in (2021, 2022)
    ]
    figures = {"Nämnd A": (10, 12), "Nämnd B": (40, 20)}
    rows = [
        given.budget("Staben", amount, 1, id=f"{board}{year}", year=year, document_id=f"{board}{year}")
        for board, amounts in figures.items()
        for year, amount in zip((2021, 2022), amounts, strict=True)
    ]
    grown = budgets.growth(given.plans(documents, budget_lines=rows), series="plans")
    assert dict(zip(grown["board"], grown["growth"], strict=True)) == pytest.approx({"Nämnd A": 0.2, "Nämnd B": -0.5})


def test_per_inhabitant_says_which_population(given):
    costs = budgets.unit_costs(
        given.plans(budget_lines=[given.budget("A", 1210, 1), given.budget("B", 1, 2, year=2030)])
    )
    before = budgets.per_inhabitant(costs, PEOPLE)
    assert (before["per_inhabitant"].iloc[0], before["population_year"].iloc[0]) == (1100, 2021)
    assert budgets.per_inhabitant(costs, PEOPLE, at="same_year")["per_inhabitant"].iloc[0] == 1000
    assert before["per_inhabitant"].isna().iloc[1]
    with pytest.raises(PlanError, match="no population date 'today'"):
        budgets.per_inhabitant(costs, PEOPLE, at="today")


def test_the_aitchison_distance_ignores_growth_that_all_share(given):
    same = budgets.composition_change(
        given.plans(budget_lines=two_years(given, {"A": 10, "B": 20}, {"A": 20, "B": 40}))
    )
    assert same["distance"].tolist() == [pytest.approx(0)]
    moved = budgets.composition_change(
        given.plans(budget_lines=two_years(given, {"A": 10, "B": 20}, {"A": 20, "B": 20}))
    )
    first, second = budgets.clr([[10, 20], [20, 20]])
    assert moved["distance"].iloc[0] == pytest.approx(np.linalg.norm(first - second))
    assert (moved["most_up"].iloc[0], moved["most_down"].iloc[0], moved["left_out"].iloc[0]) == ("A", "B", 0)


def test_the_division_of_parts_may_move_where_that_of_units_does_not(given):
    documents = [given.document("one"), given.document("two", municipality_code="0002")]
    figures = {"A": (30, 30), "a1": (10, 20), "a2": (20, 10), "B": (70, 70)}
    rows = [
        given.budget(
            name, amount, line, id=f"{own}{name}{year}", year=year, document_id=own, parent_budget_line_id=parent
        )
        for own in ("one", "two")
        for line, (name, amounts) in enumerate(figures.items(), start=1)
        for year, amount in zip((2021, 2022), amounts, strict=True)
        for parent in [f"{own}A{year}" if name.islower() else None]
    ]
    plans = given.plans(documents, budget_lines=rows)
    assert budgets.composition_change(plans)["distance"].tolist() == pytest.approx([0, 0])
    parts = budgets.composition_change(plans, level=2)
    logs = np.log([2, 1 / 2, 1])
    assert parts["distance"].tolist() == pytest.approx([np.linalg.norm(logs - logs.mean())] * 2)
    assert parts["municipality_code"].tolist() == ["0001", "0002"]
    assert parts[["units", "most_up", "most_down"]].to_numpy().tolist() == [[3, "a1", "a2"]] * 2


def test_clr_and_zero_replacement_against_worked_examples():
    # clr and multiplicative replacement of skbio.stats.composition's documentation, their numbers worked out by hand.
    assert budgets.clr([[0.1, 0.3, 0.4, 0.2]])[0] == pytest.approx([-0.79451346, 0.30409883, 0.5917809, -0.10136628])
    replaced = budgets.replace_zeros([[0.2, 0.4, 0.4, 0], [0, 0.5, 0.5, 0]], 1 / 16)
    assert replaced == pytest.approx(np.array([[0.1875, 0.375, 0.375, 0.0625], [0.0625, 0.4375, 0.4375, 0.0625]]))


@example(
    st.lists(st.integers(0, 1000), min_size=2, max_size=6).filter(lambda x: sum(x) > 0 and sum(v > 0 for v in x) > 1)
)
def test_replacing_zeros_keeps_ratios_and_the_sum(parts):
    replaced = budgets.replace_zeros([parts])[0]
    known = [i for i, v in enumerate(parts) if v > 0]
    assert replaced.sum() == pytest.approx(1)
    assert replaced[known[0]] / replaced[known[1]] == pytest.approx(parts[known[0]] / parts[known[1]])


def test_distances_between_groups_use_only_parts_that_all_have():
    costs = pd.DataFrame(
        {"municipality_code": list("aaabb"), "unit": list("xyzxy"), "cost": pd.array([1, 2, 9, 2, 1], dtype="Int64")}
    )
    found = budgets.composition_distances(costs).iloc[0]
    first, second = budgets.clr([[1, 2], [2, 1]])
    assert found["distance"] == pytest.approx(np.linalg.norm(first - second))
    assert (found["municipality_code_1"], found["municipality_code_2"], found["parts"]) == ("a", "b", 2)


def test_an_index_that_is_revised_keeps_its_vintage_and_has_one_value_a_year(given):
    plans = given.plans(budget_lines=two_years(given, {"A": 10}, {"A": 20}))
    october = INDEX.assign(vintage="2024-10")
    found = budgets.growth(plans, october, "PKV")
    assert found[["index_name", "index_vintage"]].drop_duplicates().to_numpy().tolist() == [["PKV", "2024-10"]]
    assert budgets.growth(plans, INDEX, "KPI")["index_vintage"].isna().all()
    both = pd.concat([october, INDEX.assign(vintage="2024-12")])
    with pytest.raises(PlanError, match="choose one vintage"):
        budgets.growth(plans, both, "PKV")


def test_of_many_groups_each_two_are_compared_over_the_parts_that_both_have():
    costs = pd.DataFrame(
        {
            "municipality_code": list("aaabbbcc"),
            "unit": list("xyzxyzzw"),
            "cost": pd.array([1, 2, 9, 2, 1, 0, 4, 4], dtype="Int64"),
        }
    )
    found = budgets.composition_distances(costs, over="each")
    assert found["parts"].tolist() == [3, 1, 1]
    first, second = budgets.clr(budgets.replace_zeros([[1, 2, 9], [2, 1, 0]]))
    assert found["distance"].tolist() == pytest.approx([np.linalg.norm(first - second), np.nan, np.nan], nan_ok=True)
    assert budgets.composition_distances(costs)["distance"].isna().all()  # no part is common to all three


def test_a_part_that_only_one_of_two_groups_has_does_not_move_them_apart():
    costs = pd.DataFrame(
        {"municipality_code": list("aabbbcc"), "unit": list("xyxywxy"), "cost": [0, 50, 0, 50, 9950, 0, 0]}
    )
    found = budgets.composition_distances(costs, over="each")
    assert found["parts"].tolist() == [2, 2, 2]
    assert found["distance"].tolist() == pytest.approx([0, np.nan, np.nan], nan_ok=True)


@example(st.lists(st.lists(st.floats(0.1, 100), min_size=4, max_size=4), min_size=2, max_size=2), st.floats(0.1, 10))
def test_a_distance_of_divisions_does_not_depend_on_their_totals(rows, factor):
    from scipy.spatial.distance import pdist

    def of(values):
        long = [
            (code, unit, cost)
            for code, row in zip("ab", values, strict=True)
            for unit, cost in zip("wxyz", row, strict=True)
        ]
        return budgets.composition_distances(pd.DataFrame(long, columns=["municipality_code", "unit", "cost"]))[
            "distance"
        ][0]

    scaled = [rows[0], [factor * cost for cost in rows[1]]]
    # All log-ratios of two parts at once: Aitchison's own definition of the distance.
    ratios = [[np.log(row[i] / row[j]) for i in range(4) for j in range(4)] for row in rows]
    assert of(rows) == pytest.approx(of(scaled), abs=1e-9)
    assert of(rows) == pytest.approx(pdist(ratios)[0] / np.sqrt(2 * 4), abs=1e-9)


def test_outcome_is_compared_with_the_budget_of_the_same_thing(given):
    documents = [given.document("plan", year=2022), given.document("later", year=2024)]
    rows = [
        given.budget("Skola", -100, 1, year=2022, document_id="plan", table_title="Drift 2022-2024"),
        given.budget("Vård", -50, 2, year=2022, document_id="plan", table_title="Drift 2022-2024"),
        given.budget("Skola", -110, 1, year=2022, kind="outcome", document_id="later", table_title="Drift 2024-2026"),
        given.budget("Vård", -45, 2, year=2022, kind="outcome", document_id="later", table_title="Något annat"),
    ]
    found = budgets.budget_variance(given.plans(documents, budget_lines=rows[:3]))
    row = found.iloc[0]
    assert found["unit"].tolist() == ["Skola"]
    assert (row["difference"], row["basis"]) == (10_000, "same_title")
    assert (row["variance"], row["realised"]) == (pytest.approx(0.1), pytest.approx(1.1))
    assert len(row["record_ids"]) == 2
    assert budgets.budget_variance(given.plans(documents, budget_lines=[rows[1], rows[3]])).empty


def test_budget_and_outcome_of_a_table_stand_beside_each_other(given):
    rows = [
        given.budget("Skola", amount, 1, year=year, kind=kind)
        for amount, year, kind in ((-100, 2022, "budget"), (-80, 2022, "outcome"), (-70, None, "budget"))
    ] + [given.budget("Skola", -75, 1, year=None, kind="outcome"), given.budget("Skola", -90, 1, kind="forecast")]
    found = budgets.budget_variance(given.plans(budget_lines=rows))
    assert found[["budget", "outcome", "difference", "basis"]].to_numpy().tolist() == [
        [100_000, 80_000, -20_000, "same_table"]
    ]


def test_only_what_is_meant_drifts_from_plan_to_plan(given):
    documents = [given.document("a", year=2021), given.document("b", year=2022), given.document("c", year=2024)]
    rows = [
        given.budget("Skola", amount, 1, year=2023, kind=kind, document_id=own)
        for amount, kind, own in ((100, "plan", "a"), (90, "budget", "b"), (95, "outcome", "c"))
    ]
    found = budgets.baseline_drift(given.plans(documents, budget_lines=rows))
    assert found[["from_plan_year", "plan_year"]].to_numpy().tolist() == [[2021, 2022]]


def test_drift_is_the_same_year_in_two_plans(given):
    documents = [given.document("a", year=2021), given.document("b", year=2022)]
    rows = [
        given.budget("Skola", 100, 1, year=2023, kind="plan", document_id="a"),
        given.budget("Skola", 90, 2, year=2023, kind="plan", document_id="b"),
    ]
    found = budgets.baseline_drift(given.plans(documents, budget_lines=rows)).iloc[0]
    assert (found["from_plan_year"], found["plan_year"], found["year"]) == (2021, 2022, 2023)
    assert found["drift"] == pytest.approx(-0.1)


def test_money_follows_assignments(given):
    plans = given.plans(
        assignments=[given.assignment("a"), given.assignment("b")],
        funding=[
            {"assignment_id": "a", "amount_sek": 250_000, "committee": "KS", "funding_id": "f1"},
            {"assignment_id": "a", "amount_sek": None, "committee": "SN", "funding_id": "f2"},
        ],
    )
    found = budgets.assignment_money(plans).iloc[0]
    assert (found["assignments"], found["with_money"], found["share"]) == (2, 1, 0.5)
    assert (found["amount"], found["amount_unknown"], found["record_ids"]) == (250_000, 1, ["f1", "f2"])
    by_committee = budgets.assignment_money(plans, by=["committee"])
    assert by_committee["amount"].isna().tolist() == [False, True]
    assert by_committee["assignments"].isna().all()


def test_money_may_be_counted_by_the_year_it_is_for(given):
    plans = given.plans(
        assignments=[given.assignment("a"), given.assignment("b")],
        funding=[
            {"assignment_id": task, "amount_sek": amount, "year": year}
            for task, amount, year in (("a", 100, 2022), ("a", 50, 2023), ("b", 30, 2023), ("b", 5, 2023))
        ],
    )
    found = budgets.assignment_money(plans, by=["year"])
    assert found[["year", "with_money", "amount"]].to_numpy().tolist() == [[2022, 1, 100], [2023, 2, 85]]
    assert found["share"].isna().all()


def test_an_assignment_that_a_follow_up_repeats_counts_once_and_money_elsewhere_is_no_assignment(given):
    documents = [given.document("plan"), given.document("follow-up", kind="follow_up")]
    repeated = given.assignment("a2", title="Bygg en bro", document_id="follow-up")
    plans = given.plans(
        documents,
        assignments=[given.assignment("a1", title="Bygg en bro"), given.assignment("b"), repeated],
        funding=[
            {"assignment_id": "a2", "amount_sek": 1_000, "funding_id": "f1"},
            {"assignment_id": "not read", "amount_sek": 500, "funding_id": "f2"},
        ],
    )
    found = budgets.assignment_money(plans).iloc[0]
    assert (found["assignments"], found["with_money"], found["share"], found["amount"]) == (2, 1, 0.5, 1_500)
    together = budgets.assignment_money(plans, by=[]).iloc[0]
    assert (together["assignments"], together["with_money"]) == (2, 1)


def test_money_without_any_assignment_has_no_share(given):
    plans = given.plans(funding=[{"assignment_id": "not read", "amount_sek": 500}])
    found = budgets.assignment_money(plans).iloc[0]
    assert (found["assignments"], found["with_money"]) == (0, 0)
    assert pd.isna(found["share"])


MEASURES = [
    budgets.lines,
    budgets.leaf_lines,
    budgets.reconciliation,
    budgets.unit_costs,
    lambda plans: budgets.growth(plans, INDEX, "KPI"),
    lambda plans: budgets.decomposition(budgets.growth(plans, INDEX, "KPI"), PEOPLE),
    lambda plans: budgets.per_inhabitant(budgets.unit_costs(plans), PEOPLE),
    budgets.composition_change,
    lambda plans: budgets.composition_distances(budgets.unit_costs(plans), by=["municipality_code", "year"]),
    budgets.budget_variance,
    budgets.baseline_drift,
    budgets.assignment_money,
]


@pytest.mark.parametrize("measure", MEASURES)
def test_without_plans_there_are_no_rows_but_the_same_columns(measure, given):
    rows = two_years(given, {"A": 10, "B": 20}, {"A": 20, "B": 40})
    empty, full = measure(Tables()), measure(given.plans(budget_lines=rows))
    assert empty.empty
    assert list(empty.columns) == list(full.columns)
