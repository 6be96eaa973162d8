import numpy as np
import pandas as pd
import pytest
from hypothesis import given as example
from hypothesis import strategies as st
from scipy import stats

from compare.contract import Tables
from compare.measures import concentration
from compare.measures.concentration import of_goals


def divided(**themes):
    rows = [{"municipality_code": "0001", "year": 2022, "theme": name, "weight": w} for name, w in themes.items()]
    return pd.DataFrame(rows)


def measured(**themes):
    return concentration.concentration(divided(**themes), "theme").iloc[0]


def test_entropy_and_concentration_against_scipy():
    found = measured(school=5.0, care=3.0, roads=2.0)
    p = np.array([5, 3, 2]) / 10
    assert found["shannon"] == pytest.approx(stats.entropy(p))
    assert found["hhi"] == pytest.approx((p**2).sum())
    assert found["effective"] == pytest.approx(np.exp(stats.entropy(p)))
    assert found["evenness"] == pytest.approx(stats.entropy(p) / np.log(3))
    assert found["shannon_corrected"] == pytest.approx(stats.entropy(p) + 2 / 20)
    assert (found["largest"], found["largest_share"]) == ("school", 0.5)


def test_one_theme_is_wholly_concentrated_and_has_no_evenness():
    found = measured(school=4.0)
    assert (found["hhi"], found["shannon"], found["effective"]) == (1, 0, 1)
    assert np.isnan(found["evenness"])


@example(st.integers(1, 12))
def test_equal_parts_give_as_many_effective_themes(k):
    found = measured(**{f"t{i}": 2.0 for i in range(k)})
    assert found["effective"] == pytest.approx(k)
    assert found["effective_hhi"] == pytest.approx(k)


def test_a_goal_with_two_themes_counts_half_at_each():
    found = measured(school=1.5, care=0.5)
    assert found["n"] == 2
    assert found["largest_share"] == 0.75


def test_rarefied_to_the_smallest_group():
    small = divided(school=1, care=1).assign(municipality_code="0002")
    found = concentration.concentration(pd.concat([divided(school=5, care=3, roads=2), small]), "theme")
    missed = [stats.hypergeom.pmf(0, 10, k, 2) for k in (5, 3, 2)]
    assert found["rarefied"].tolist() == [pytest.approx(3 - sum(missed)), pytest.approx(2)]
    assert found["rarefied_to"].tolist() == [2, 2]


def test_things_without_a_theme_are_left_out():
    some = pd.concat([divided(school=2), divided(x=3).assign(theme=None), divided(care=0)])
    assert concentration.concentration(some, "theme")[["n", "categories"]].to_numpy().tolist() == [[2, 1]]
    rows = pd.concat([divided(school=2), divided(x=np.nan).assign(theme=None)])
    assert concentration.concentration(rows, "theme")["n"].tolist() == [2]


def test_assignments_concentrate_on_top_goals(given):
    plans = given.plans(
        goals=[given.goal("1"), given.goal("1.1", level=2, parent="1"), given.goal("2"), given.goal("3")],
        assignments=[
            given.assignment(name, goal) for name, goal in (("a", "1"), ("b", "1.1"), ("c", "1.1"), ("d", "2"))
        ],
    )
    found = of_goals(plans).iloc[0]
    assert (found["n"], found["categories"], found["largest"], found["largest_share"]) == (4, 2, "1", 0.75)
    assert found["goal_ids"] == ["1", "2"]
    assert of_goals(plans, "indicators").empty
    assert of_goals(Tables()).dtypes.to_dict() == of_goals(plans).dtypes.to_dict()
