"""Tables whose rows stand on two or three lines each: a verdict, a name, its unit and figures."""

from __future__ import annotations

HEAD = "Mått Måttenhet Utfall 2023 Utfall 2022 Målvärde 2023"


def named(plan):
    """The name of each indicator by its id."""
    return dict(zip(plan.indicators["indicator_id"], plan.indicators["name"], strict=True))


def test_rows_of_verdict_name_and_figures_are_indicators_with_values_and_statuses(tables):
    plan = tables(
        f"""
        Verksamhetsberättelse 2023

        {HEAD}
        Uppfyllt
        Besökare som är nöjda med simhallen, andel (%)
        Andel, % Upp 81 % 78 % 80 %
        Ej uppfyllt
        Kostnad per lån på biblioteket
        Kostnad, kr 1 240 985 900
        """,
        kind="annual_report",
        year=2023,
    )
    assert plan.indicators["unit"].tolist() == ["Andel, %", "Kostnad, kr"]
    names = named(plan)
    found = zip(
        plan.indicator_values["indicator_id"].map(names),
        plan.indicator_values["kind"],
        plan.indicator_values["year"],
        plan.indicator_values["value"],
        strict=True,
    )
    assert list(found)[3:] == [
        ("Kostnad per lån på biblioteket", "outcome", 2023, 1240),
        ("Kostnad per lån på biblioteket", "outcome", 2022, 985),
        ("Kostnad per lån på biblioteket", "target", 2023, 900),
    ]
    assert plan.statuses["status"].tolist() == ["completed", "not_completed"]
    assert plan.assignments.empty


def test_rows_without_verdicts_take_two_lines(tables):
    plan = tables(f"{HEAD}\nNöjda gäster\nAndel, % 81 % 78 % 80 %\nVäntetid till plats\nDagar 14 21 10\n")
    assert plan.indicators["name"].tolist() == ["Nöjda gäster", "Väntetid till plats"]
    assert len(plan.indicator_values) == 6
    assert plan.statuses.empty


def test_rows_with_fewer_figures_than_the_header_has_heads_are_left_unread(tables):
    plan = tables(f"{HEAD}\nNöjda gäster\nAndel, % 81 % 78 %\nVäntetid till plats\nDagar 14 21\n")
    assert plan.indicators.empty
    assert plan.indicator_values.empty


def test_a_row_that_its_table_has_lost_names_no_assignment(tables):
    plan = tables(
        "Uppföljning 2023\n\nAndel 81 % 78 %\nUppfyllt\n\nPrognos 2023\nAvvikelse\n", kind="follow_up", year=2023
    )
    assert plan.assignments.empty
    assert plan.statuses.empty


def test_signs_of_a_trend_behind_the_figures_are_none(tables):
    plan = tables(
        "Mått Enhet Utfall 2022 Utfall 2023 Mål 2023 Trend\nUppfyllt\nTrygga elever\nAndel, % 84 88 86 ↗\n"
        "Ej uppfyllt\nKränkningar per 100 elever\nAntal 6,2 7,1 5,0 ↘\n",
        kind="annual_report",
        year=2023,
    )
    assert plan.indicator_values["value"].tolist() == [84, 88, 86, 6.2, 7.1, 5.0]
    assert plan.statuses["status"].tolist() == ["completed", "not_completed"]


def test_a_missing_value_at_the_end_of_a_row_without_a_sign_is_no_sign(tables):
    plan = tables(
        "Mått Enhet Utfall 2022 Mål 2022 Trend\nKostnad per elev i grundskolan\nKostnad, kr 1 200 300 –\n"
        "Andel nöjda brukare\nAndel, % 88 % 85 % ↑\n",
        kind="annual_report",
        year=2022,
    )
    assert plan.indicators["name"].tolist() == ["Kostnad per elev i grundskolan", "Andel nöjda brukare"]
    assert plan.indicator_values["value"].tolist() == [1200300, 88, 85]


def test_rows_that_fit_both_with_and_without_a_sign_are_left_unread(tables):
    plan = tables(
        "Mått Enhet Utfall 2022 Mål 2022 Trend\nKostnad per elev\nKostnad, kr 1 200 300 *\n"
        "Kostnad per plats\nKostnad, kr 1 100 200 *\n",
    )
    assert plan.indicator_values.empty
