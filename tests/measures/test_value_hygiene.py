"""What indicators, values and amounts state of themselves, on rows of a few words."""

import numpy as np
import pandas as pd
import pytest

from compare import reference
from compare.contract import Tables
from compare.measures import value_hygiene


def told(plans, table):
    found = value_hygiene.stated(plans)
    found = found[found["table"] == table].set_index("quality")
    return {name: (int(row["count"]), int(row["n"])) for name, row in found.iterrows()}


def test_indicators_state_unit_source_interval_and_who_is_responsible(given):
    plans = given.plans(
        indicators=[
            given.indicator("a", "g", unit="%", source_name="Kolada", interval="år", responsible="KS"),
            given.indicator("b"),
            given.indicator("c"),
        ],
        indicator_values=[given.value("c", 2021, "outcome", 5.0, unit="dagar")],
    )
    assert told(plans, "indicators") == {
        "unit": (2, 3),
        "source": (1, 3),
        "interval": (1, 3),
        "responsible": (1, 3),
        "goal": (1, 3),
        "kolada": (1, 3),
        "current": (1, 1),
        "one_unit": (1, 1),
    }


@pytest.mark.parametrize(("year", "current"), [(2022, 1), (2020, 1), (2019, 0)])
def test_an_outcome_is_current_where_it_is_at_most_two_years_old(given, year, current):
    plans = given.plans(
        indicators=[given.indicator("a"), given.indicator("b")],
        indicator_values=[given.value("a", year, "outcome", 1.0), given.value("b", 2022, "target", 1.0)],
    )
    assert told(plans, "indicators")["current"] == (current, 1)


def test_an_indicator_that_prints_two_units_is_found(given):
    values = [given.value("a", 2020, "outcome", 1.0, unit="%"), given.value("a", 2021, "outcome", 1.0, unit="antal")]
    same = [given.value("b", 2020, "outcome", 1.0, unit="Antal"), given.value("b", 2021, "outcome", 1.0, unit="antal")]
    plans = given.plans(indicators=[given.indicator("a"), given.indicator("b")], indicator_values=[*values, *same])
    found = value_hygiene.stated(plans)
    row = found[found["quality"] == "one_unit"].iloc[0]
    assert (row["count"], row["n"], row["record_ids"]) == (1, 2, ["a"])


def test_an_indicator_is_in_kolada_by_source_id_or_title(given):
    title = reference.key_figures()["title"].iloc[0]
    names = [title.upper(), "Resultat (N15001)", "Resultat", "Nöjdhet"]
    plans = given.plans(indicators=[given.indicator(f"i{n}", name=name) for n, name in enumerate(names)])
    assert told(plans, "indicators")["kolada"] == (2, 4)


def test_an_outcome_in_words_is_no_newer_figure(given):
    plans = given.plans(
        indicators=[given.indicator("a")],
        indicator_values=[given.value("a", 2019, "outcome", 1.0), given.value("a", 2022, "outcome", text="Bra")],
    )
    assert told(plans, "indicators")["current"] == (0, 1)


def test_values_can_be_counted_by_the_board_whose_document_prints_them(given):
    documents = [given.document("a", board="Skolnämnden"), given.document("b", board="Kulturnämnden")]
    plans = given.plans(
        documents,
        indicators=[given.indicator("i", document_id="a"), given.indicator("j", document_id="b")],
        indicator_values=[given.value(i, 2021, "outcome", 1.0, document_id=d) for i, d in (("i", "a"), ("j", "b"))],
    )
    found = value_hygiene.stated(plans, by=["board"])
    numbers = found[(found["table"] == "indicator_values") & (found["quality"] == "number")]
    assert numbers[["board", "n"]].to_numpy().tolist() == [["Kulturnämnden", 1], ["Skolnämnden", 1]]


def test_the_sign_of_an_investment_can_be_known_too(given):
    lines = [given.budget("Gata", 7, 1, category="investment", table_title="Investeringar")]
    assert told(given.plans(budget_lines=lines), "budget_lines")["sign"][1] == 1


def test_where_no_value_is_printed_what_rests_on_values_is_unknown(given):
    found = value_hygiene.stated(given.plans(indicators=[given.indicator("a"), given.indicator("b")]))
    rows = found.set_index("quality")
    assert rows.loc[["current", "one_unit"], "unknown"].tolist() == [2, 2]
    assert rows.loc[["current", "one_unit"], "rate"].isna().all()
    assert rows.loc["unit", ["count", "n", "unknown"]].tolist() == [0, 2, 0]


def test_values_are_numbers_with_year_and_unit_or_words(given):
    plans = given.plans(
        indicators=[given.indicator("a", unit="%"), given.indicator("b")],
        indicator_values=[
            given.value("a", 2021, "outcome", 5.0),
            given.value("b", 2021, "outcome", 5.0),
            given.value("b", None, "target", text="Ska öka"),
        ],
    )
    assert told(plans, "indicator_values") == {"number": (2, 3), "year": (2, 3), "unit": (1, 2)}


def test_amounts_state_year_kind_unit_and_sign(given):
    lines = [given.budget("A", -1), given.budget("B", -2, 2, kind=None), given.budget("C", -3, 3, unit=None)]
    lines.append(given.budget("D", None, 4))
    assert told(given.plans(budget_lines=lines), "budget_lines") == {
        "year": (3, 3),
        "kind": (2, 3),
        "unit": (2, 3),
        "sign": (3, 3),
    }


def test_the_interval_is_wilsons_and_an_indicator_of_two_documents_counts_once(given):
    documents = [given.document("d"), given.document("e")]
    plans = given.plans(
        documents,
        indicators=[given.indicator("a", name="Mått"), {**given.indicator("b", name="Mått"), "document_id": "e"}],
    )
    row = value_hygiene.stated(plans).set_index("quality").loc["unit"]
    assert row["n"] == 1
    assert (row["low"], row["high"]) == pytest.approx((0, 0.7935), abs=1e-4)


def test_groups_by_a_column_of_the_document(given):
    plans = given.plans([given.document(board="Skolnämnden")], budget_lines=[given.budget("A", -1)])
    found = value_hygiene.stated(plans, by=["board"])
    assert found["board"].unique().tolist() == ["Skolnämnden"]


def test_all_rates_agree_with_counting_row_by_row(given):
    rng = np.random.default_rng(7)
    indicators, values = [], []
    for i in range(40):
        indicators.append(given.indicator(f"i{i}", unit=rng.choice(["%", None]), source_name=rng.choice(["x", None])))
        for year in (2019, 2021, 2022):
            if rng.random() < 0.6:
                values.append(given.value(f"i{i}", year, rng.choice(["outcome", "target"]), float(year)))
    plans = given.plans(indicators=indicators, indicator_values=values)
    found = told(plans, "indicators")
    assert found["source"][0] == sum(row["source_name"] is not None for row in indicators)
    outcomes: dict[str, int] = {}
    for value in values:
        if value["kind"] == "outcome":
            outcomes[value["indicator_id"]] = max(value["year"], outcomes.get(value["indicator_id"], 0))
    assert found["current"] == (sum(year >= 2020 for year in outcomes.values()), len(outcomes))


def test_without_plans_there_are_no_rows_but_the_same_columns(given):
    full = value_hygiene.stated(given.plans(indicators=[given.indicator("a")]))
    empty = value_hygiene.stated(Tables())
    assert empty.empty
    assert list(empty.columns) == list(full.columns)
    assert isinstance(full, pd.DataFrame)
