"""The panels of indicators: what they are called, what they say in words, and their form for very many."""

import pandas as pd
import pytest

from compare.presentation import figures
from compare.presentation.wording import Wording
from compare.problems import PlanError

EN = Wording("en")


def points(indicators=1, **values):
    """Each indicator with an outcome of 2020 and targets of 2022 and 2023."""
    rows = [
        {"municipality_code": "0188", "unit_id": f"i{n}", "name": f"Mått {n}", "group": None, "unit": "%"}
        | {"kind": kind, "year": year, "value": value}
        for n in range(indicators)
        for year, kind, value in ((2020, "outcome", 50.0), (2022, "target", 60.0), (2023, "target", 70.0))
    ]
    return pd.DataFrame(rows).assign(**values)


def test_the_alternative_text_says_from_what_to_what():
    figure = figures.indicator_panels(points(), EN)
    assert figure.alt == "Small panel of 1 indicator by year. Mått 0 (%): outcome 50 in 2020, target 70 in 2023."


def test_panels_are_named_in_the_language_where_there_is_a_label():
    figure = figures.indicator_panels(points(name_en="Measure"), EN)
    assert "Measure (%)" in figure.alt
    assert "Mått 0 (%)" in figures.indicator_panels(points(name_en="Measure"), Wording("sv")).alt


def test_a_part_is_named():
    assert "Mått 0, girls (%)" in figures.indicator_panels(points(group="girls"), EN).alt


def test_very_many_indicators_become_spreads_by_years_ahead():
    figure = figures.indicator_panels(points(41), EN)
    assert "2 years ahead (n = 41): median 20%" in figure.alt.replace("\u00a0", " ")
    assert "3 years ahead (n = 41): median 40%" in figure.alt.replace("\u00a0", " ")


def test_nothing_to_draw_is_said_in_words():
    figure = figures.indicator_panels(points(value=float("nan")), EN)
    assert figure.figure is None
    assert figure.alt


def test_a_frame_without_its_columns_is_refused():
    with pytest.raises(PlanError, match="unit_id"):
        figures.indicator_panels(points().drop(columns="unit_id"), EN)
