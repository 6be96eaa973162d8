"""The change over the years of one plan, against the first and the last figure."""

import pandas as pd
import pytest

from compare.measures.plan_horizon import over_plan

PRICES = pd.DataFrame({"year": [2021, 2022, 2023, 2024], "index": [100.0, 108.0, 117.0, 120.0]})


@pytest.fixture
def plans(given):
    """Two plans of 2022 and 2023 that print the year before, their own and later years."""

    def lines(document, units, years):
        return [
            given.budget(unit, amount, line, id=f"{document}{unit}{year}", year=year, document_id=document)
            for line, (unit, amounts) in enumerate(units.items(), start=1)
            for year, amount in zip(years, amounts, strict=True)
            if amount is not None
        ]

    documents = [given.document("one", year=2022), given.document("two", "0002", year=2023)]
    rows = lines("one", {"Skola": (90, 100, 104, 130), "Vård": (50, 40, None, 44)}, (2021, 2022, 2023, 2024))
    rows += lines("two", {"Skola": (10, 20, 15), "Park": (5, None, 6)}, (2022, 2023, 2024))
    rows += lines("two", {"Bro": (3, 4)}, (2024, 2025))
    return given.plans(documents, budget_lines=rows)


def test_the_change_is_that_from_the_plans_own_year_to_its_last(plans):
    found = over_plan(plans, PRICES, "KPI", level=1).set_index(["document_id", "unit"])
    for of, first, last, begins, price in (
        (("one", "Skola"), 100, 130, 2022, 120 / 108),
        (("one", "Vård"), 40, 44, 2022, 120 / 108),
        (("two", "Skola"), 20, 15, 2023, 120 / 117),
    ):
        row = found.loc[of]
        assert row[["from_year", "year", "from_cost", "cost"]].tolist() == [begins, 2024, first * 1000, last * 1000]
        assert row["growth"] == pytest.approx(last / first - 1)
        assert row["price_change"] == pytest.approx(price - 1)
        assert row["real_growth"] == pytest.approx(last / first / price - 1)
    assert len(found) == 3  # neither the park nor the bridge has a figure for the plan's own year
    assert set(found["from_kind"]) == {"budget"}


def test_each_figure_on_the_way_is_led_to_once(plans):
    found = over_plan(plans, level=1).set_index(["document_id", "unit"])
    assert found.loc[("one", "Skola"), "record_ids"] == ["oneSkola2022", "oneSkola2023", "oneSkola2024"]
    assert found.loc[("one", "Vård"), "record_ids"] == ["oneVård2022", "oneVård2024"]


def test_where_a_step_is_unknown_the_whole_way_is(plans):
    later = over_plan(plans, PRICES[PRICES["year"] < 2024], "KPI", level=1)
    assert later["growth"].notna().all()
    assert later["real_growth"].isna().all()
    assert later["index_name"].unique().tolist() == ["KPI"]


def test_a_table_that_ends_with_the_plans_own_year_leads_nowhere(given):
    rows = [given.budget("Skola", amount, 1, year=year) for year, amount in ((2021, 9), (2022, 10))]
    assert over_plan(given.plans(budget_lines=rows), level=1).empty
