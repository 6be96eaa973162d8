"""The map of municipalities: classes, what is no data, and its words."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex

from compare import reference
from compare.presentation import figures, style
from compare.presentation.figures import maps
from compare.presentation.wording import Wording
from compare.problems import PlanError

EN, SV = Wording("en"), Wording("sv")
CODES = list(reference.names())


def rates(codes, values, n=50):
    return pd.DataFrame({"municipality_code": list(codes), "rate": list(values), "n": n})


def legend(figure):
    return [text.get_text() for axes in figure.figure.axes if axes.get_legend() for text in axes.get_legend().texts]


def test_no_data_and_too_few_are_classes_of_their_own_and_never_the_lowest():
    rows = rates(CODES[:100], np.linspace(0, 1, 100)).assign(n=[9] * 10 + [50] * 90)
    drawn = figures.municipality_map(rows, EN)
    assert legend(drawn)[-2:] == ["too few to compare (10)", "no data (190)"]
    assert len(legend(drawn)) == 7
    assert "90 have a figure that can be shown, 10 one that rests on too few, 190 none" in drawn.alt


def test_the_classes_are_darker_the_higher_and_hold_about_equally_many():
    drawn = figures.municipality_map(rates(CODES, np.linspace(0, 1, 290)), EN)
    sizes = [int(words.rsplit("(", 1)[1][:-1]) for words in legend(drawn)]
    assert sizes == [58] * 5
    lightness = [style.to_rgb(colour) for colour in maps.CLASSES]
    grey = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in lightness]
    assert all(light - dark > 0.1 for light, dark in pairwise(grey))


def test_each_municipality_has_the_colour_of_its_class():
    drawn = figures.municipality_map(rates(CODES, [float(code == "0188") for code in CODES]), EN)
    whole = drawn.figure.axes[0]
    shapes = {to_hex(c.get_facecolor()[0]): c for c in whole.collections if isinstance(c, PolyCollection)}
    darkest = shapes[maps.CLASSES[-1]]
    wanted = reference.borders()
    wanted = wanted[wanted["municipality_code"] == "0188"]["ring"].tolist()
    assert len(darkest.get_paths()) == len(wanted)
    assert np.allclose(darkest.get_paths()[0].vertices[:-1], wanted[0])


def test_where_most_are_equal_the_others_are_still_told_apart():
    rest = np.linspace(0.2, 1, 20)
    drawn = figures.municipality_map(rates(CODES, [0.0] * 270 + list(rest)), EN)
    assert legend(drawn)[-1] == "0% to 20% (270)"
    assert len(legend(drawn)) == 5


def test_equal_values_make_one_class():
    drawn = figures.municipality_map(rates(CODES, [0.5] * 290), EN)
    assert legend(drawn) == ["50% (290)"]


def test_rows_of_no_municipality_are_left_out_and_counted():
    drawn = figures.municipality_map(rates(["9001", *CODES[:30]], [0.5] * 31), EN)
    assert "1 rows are of no municipality in the register" in drawn.alt
    assert legend(drawn) == ["50% (30)", "no data (260)"]


def test_the_alternative_text_says_where_values_are_high():
    county = reference.municipalities().set_index("municipality_code")["county_code"]
    drawn = figures.municipality_map(rates(CODES, [0.9 if county[c] == "25" else 0.1 for c in CODES]), EN)
    assert "By county the median is highest in Norrbottens län (90%)" in drawn.alt


def test_two_values_of_one_municipality_are_refused():
    with pytest.raises(PlanError, match="0114"):
        figures.municipality_map(rates(["0114", "0114"], [0.1, 0.2]), EN)


def test_without_any_value_there_is_a_sentence_and_no_map():
    assert figures.municipality_map(rates(["0114"], [np.nan]), EN).figure is None


def test_a_map_is_drawn_only_for_many():
    assert not maps.enough_for_a_map(rates(CODES[:19], [0.5] * 19))
    assert maps.enough_for_a_map(rates(CODES[:20], [0.5] * 20))


def test_the_borders_are_credited_in_the_language():
    rows = rates(CODES[:30], [0.5] * 30)
    assert "Källa: SCB (kommungränser, förenklade)." in figures.municipality_map(rows, SV).caption
    assert "Source: Statistics Sweden" in figures.municipality_map(rows, EN).caption
    assert "Karta över 290 kommuner" in figures.municipality_map(rows, SV).alt


def test_the_enlarged_parts_are_where_most_municipalities_lie_close_together():
    names = [name for name, _ in maps._crowded()]
    people = reference.population()
    people = people[people["year"] == people["year"].max()].set_index("municipality_code")["population"]
    largest = [reference.name_of(code) for code in people.sort_values(ascending=False).index[:3]]
    assert sorted(names) == sorted(largest)
