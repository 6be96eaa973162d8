"""Amounts as budgets are read: units down, a column per year and kind, and whose they are."""

import pandas as pd
import pytest

from compare.contract import frame
from compare.presentation import amounts
from compare.presentation.wording import NO_BREAK_SPACE, Wording

EN, SV = Wording("en"), Wording("sv")


def rows(*cells, **same):
    """Rows of a budget as (unit, year, kind, cost)."""
    return pd.DataFrame(
        [
            {"document_id": "d", "budget_of": "Exempelstad, 2022", "office": None, "unit": unit, "year": year}
            | {"kind": kind, "cost": cost, "record_ids": [f"{unit}-{year}-{kind}"], **same}
            for unit, year, kind, cost in cells
        ]
    )


def test_a_budget_is_named_by_municipality_board_year_and_period():
    documents = frame(
        "documents",
        [
            {"document_id": "a", "municipality_code": "0188", "year": 2022, "board": "Tekniska nämnden"},
            {"document_id": "b", "municipality_code": "2380", "year": 2023, "period": "T1"},
        ],
    )
    found = amounts.whose(pd.DataFrame({"document_id": ["b", "a", "unknown"]}), documents, SV)
    assert found.iloc[0].startswith("Östersund, 2023, ")
    assert found.iloc[1] == "Norrtälje, Tekniska nämnden, 2022"
    assert pd.isna(found.iloc[2])


def test_a_change_goes_from_a_year_and_kind_to_another():
    changes = pd.DataFrame(
        {"from_kind": ["outcome", None], "from_year": [2020, None], "kind": ["budget", "plan"], "year": [2021, 2022]}
    ).astype({"from_year": "Int64", "year": "Int64"})
    found = [text.replace(NO_BREAK_SPACE, " ") for text in amounts.steps(changes, EN)]
    assert found == ["2020 outcome → 2021 budget", "no data → 2022 plan"]


@pytest.mark.parametrize(("count", "said"), [(1, "A"), (4, "A, B, C, and D"), (5, "5 budgets")])
def test_up_to_four_budgets_are_named(count, said):
    of = pd.DataFrame({"budget_of": [*list("ABCDE")[:count], "A", None]})
    assert amounts.named(of, EN) == said


def test_whose_it_is_has_a_column_only_where_there_are_several():
    one = pd.DataFrame({"budget_of": ["A", "A"]})
    assert amounts.shown(one, ["budget_of", "unit"]) == ["unit"]
    assert amounts.shown(pd.DataFrame({"budget_of": ["A", "B"]}), ["budget_of", "unit"]) == ["budget_of", "unit"]


def test_years_run_across_with_what_came_before_what_was_meant():
    given = rows(
        ("Skola", 2023, "plan", 4.0), ("Skola", 2022, "budget", 3.0), ("Skola", 2022, "outcome", 2.0),
        ("Skola", 2022, "forecast", 2.5), ("Park", 2022, "budget", None), ("Park", 2023, "plan", 1.0),
    )  # fmt: skip
    (found,) = amounts.by_year(given, EN)
    heads = [text.replace(NO_BREAK_SPACE, " ") for text in list(found.columns.values())[1:]]
    assert heads == ["2022 outcome", "2022 forecast", "2022 budget", "2023 plan"]
    cells = found.frame.set_index("unit")[list(found.forms)]
    assert cells.loc["Skola"].tolist() == [2.0, 2.5, 3.0, 4.0]
    assert cells.loc["Park"].isna().tolist() == [True, True, True, False]
    assert found.frame.set_index("unit").loc["Park", "record_ids"] == ["Park-2023-plan"]
    assert found.whose == "Exempelstad, 2022"
    assert set(found.forms.values()) == {"thousands"}


def test_units_of_one_name_stand_in_rows_of_their_own_with_their_office():
    given = pd.concat(
        [rows(("Staben", 2022, "budget", value), office=office) for office, value in (("Skola", 1.0), ("Vård", 2.0))]
    )
    (found,) = amounts.by_year(given, EN)
    assert "office" in found.columns
    assert found.frame["office"].tolist() == ["Skola", "Vård"]
    (twice,) = amounts.by_year(rows(("Staben", 2022, "budget", 1.0), ("Staben", 2022, "budget", 2.0)), EN)
    assert len(twice.frame) == 2


def test_up_to_six_budgets_have_a_table_each_and_more_share_one():
    def many(count):
        return pd.concat(
            [rows(("Skola", 2022, "budget", 1.0), budget_of=f"B{n}", document_id=f"d{n}") for n in range(count)]
        )

    assert [table.whose for table in amounts.by_year(many(6), EN)] == [f"B{n}" for n in range(6)]
    (one,) = amounts.by_year(many(7), EN)
    assert "budget_of" in one.columns
    assert len(one.frame) == 7
    (alone,) = amounts.by_year(many(1), EN)
    assert "budget_of" not in alone.columns


def test_other_values_of_other_things_are_laid_out_alike():
    given = rows(("Skola", 2022, "budget", 1.0)).rename(columns={"unit": "label", "cost": "share"})
    (found,) = amounts.by_year(given, EN, value="share", unit="label", form="percent")
    assert found.frame["label"].tolist() == ["Skola"]
    assert set(found.forms.values()) == {"percent"}


def test_a_figure_without_a_year_has_a_column_that_says_so():
    (found,) = amounts.by_year(rows(("Skola", None, "budget", 1.0)), EN)
    assert list(found.columns.values())[-1].replace(NO_BREAK_SPACE, " ") == "no data budget"
