"""Places among peers, against worked examples, a naive count over pairs and a simulation."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from compare.measures.peer_position import of_values, positions


def rates(**counts):
    """Rates of one measure by municipality, as (count, n)."""
    rows = [(code.strip("_"), "completed", 2022, k, n, k / n) for code, (k, n) in counts.items()]
    frame = pd.DataFrame(rows, columns=["municipality_code", "measure", "year", "count", "n", "rate"])
    return frame.astype({"municipality_code": "str", "measure": "str", "count": "Int64", "n": "Int64", "year": "Int64"})


CLEAR = rates(_1=(50, 100), _2=(95, 100), _3=(5, 100), _4=(52, 100), _5=(48, 100))


def place(of, code="1", peers=("2", "3", "4", "5")):
    return positions(of, {code: peers}).iloc[0]


def test_a_place_is_between_what_is_surely_higher_and_what_is_surely_lower():
    found = place(CLEAR)
    assert (found["higher"], found["lower"]) == (1, 1)
    assert (found["rank_from"], found["rank_to"], found["peers"]) == (2, 4, 4)
    assert found["percentile"] == 0.5
    assert (found["percentile_from"], found["percentile_to"]) == (0.25, 0.75)
    assert found["verdict"] == "open"
    assert found["peer_ids"] == ["2", "3", "4", "5"]


def test_the_highest_of_all_is_in_the_upper_half_and_the_lowest_in_the_lower():
    assert place(CLEAR, "2", "1345")["verdict"] == "upper_half"
    assert place(CLEAR, "3", "1245")["verdict"] == "lower_half"
    assert (place(CLEAR, "2", "1345")["rank_from"], place(CLEAR, "2", "1345")["rank_to"]) == (1, 1)


def test_what_has_no_rate_or_counts_nothing_is_no_figure():
    without = CLEAR.assign(rate=CLEAR["rate"].mask(CLEAR["municipality_code"] == "2"))
    assert place(without)["peers"] == 3
    nothing = CLEAR.assign(n=CLEAR["n"].mask(CLEAR["municipality_code"] == "3", 0))
    assert place(nothing)["peers"] == 3


def test_small_numbers_give_no_place():
    found = place(rates(_1=(9, 9), _2=(5, 100), _3=(5, 100), _4=(5, 100)), peers="234")
    assert found["verdict"] == "too_few"
    assert (found["rank_from"], found["rank_to"]) == (1, 4)
    assert np.isnan(found["percentile"])


def test_a_peer_with_small_numbers_is_never_surely_apart():
    found = place(rates(_1=(99, 100), _2=(0, 9), _3=(5, 100), _4=(5, 100)), peers="234")
    assert (found["lower"], found["rank_to"]) == (2, 2)


def test_one_or_two_peers_are_too_few_to_say_where_one_lies():
    found = place(CLEAR, "2", "34")
    assert found["verdict"] == "few_peers"
    assert np.isnan(found["percentile"])
    assert found["peers"] == 2


def test_peers_without_a_figure_are_not_counted_and_equal_ones_count_half():
    found = place(rates(_1=(50, 100), _2=(50, 100), _3=(50, 100), _4=(10, 100)), peers=["2", "3", "4", "9"])
    assert found["peers"] == 3
    assert found["percentile"] == pytest.approx(2 / 3)


def test_the_mean_counts_each_peer_alike_and_the_pooled_rate_each_assignment():
    found = place(rates(_1=(1, 20), _2=(10, 10), _3=(0, 90), _4=(10, 20)), peers="234")
    assert found["mean"] == pytest.approx(0.5)
    assert found["pooled"] == pytest.approx(20 / 120)
    assert found["median"] == pytest.approx(0.5)


def test_a_municipality_without_a_figure_has_no_place():
    assert positions(CLEAR, {"9": ["1", "2", "3"]}).empty
    assert positions(CLEAR.iloc[:0], {"1": ["2"]}).empty


def test_all_places_agree_with_a_count_over_pairs_by_statsmodels():
    rng = np.random.default_rng(3)
    n = rng.integers(12, 80, 12)
    k = rng.binomial(n, rng.uniform(0.1, 0.9, 12))
    codes = [chr(97 + i) for i in range(12)]
    table = rates(**dict(zip(codes, zip(k.tolist(), n.tolist(), strict=True), strict=True)))
    found = positions(table, {code: [c for c in codes if c != code] for code in codes})
    for i, row in enumerate(found.itertuples()):
        ends = [
            confint_proportions_2indep(k[i], n[i], k[j], n[j], method="newcomb", compare="diff", alpha=0.05 / 11)
            for j in range(12)
            if j != i
        ]
        assert row.lower == sum(low > 0 for low, _ in ends)
        assert row.higher == sum(high < 0 for _, high in ends)


def test_the_interval_holds_the_true_rank_as_often_as_promised():
    rng = np.random.default_rng(5)
    truth = np.linspace(0.2, 0.8, 9)
    codes = [str(i) for i in range(9)]
    held = 0
    for _ in range(200):
        counts = rng.binomial(40, truth)
        table = rates(**{f"_{c}": (int(k), 40) for c, k in zip(codes, counts, strict=True)})
        found = place(table, "4", [c for c in codes if c != "4"])
        held += found["rank_from"] <= 5 <= found["rank_to"]
    assert held >= 190


VALUES = pd.DataFrame(
    {
        "municipality_code": [*list("abcde"), "a", "b"],
        "measure": "N1",
        "year": [2022] * 5 + [2021] * 2,
        "value": [5.0, 1.0, 5.0, 9.0, None, 3.0, 4.0],
    }
)
PEOPLE = pd.DataFrame({"municipality_code": list("bcd"), "year": 2022, "population": [100, 200, 700]})


def test_a_value_has_a_place_among_the_peers_values_of_its_year():
    found = of_values(VALUES, {"a": ["b", "c", "d", "e"]}, PEOPLE)
    now = found[found["year"] == 2022].iloc[0]
    assert now[["peers", "without", "percentile"]].tolist() == [3, 1, 0.5]
    assert now[["mean", "median", "lowest", "highest"]].tolist() == [5, 5, 1, 9]
    assert now["weighted"] == pytest.approx(np.average([1, 5, 9], weights=[100, 200, 700]))
    assert now["peer_ids"] == ["b", "c", "d"]


def test_the_percentile_of_a_value_agrees_with_scipy():
    from scipy.stats import percentileofscore

    draw = np.random.default_rng(3)
    values = pd.DataFrame({"municipality_code": [f"{i:04}" for i in range(40)], "measure": "N1", "year": 2022})
    values["value"] = draw.integers(0, 9, 40).astype(float)
    others = {code: sorted(set(values["municipality_code"]) - {code}) for code in values["municipality_code"]}
    found = of_values(values, others)
    expected = [
        percentileofscore(values["value"].drop(i), value, kind="mean") / 100 for i, value in enumerate(values["value"])
    ]
    assert found["percentile"].tolist() == pytest.approx(expected)


def test_of_few_peers_no_place_is_told_and_without_inhabitants_no_weighted_mean():
    found = of_values(VALUES, {"a": ["b"]})
    assert found["few_peers"].all()
    assert found[["percentile", "median", "weighted"]].isna().all(axis=None)
    assert found["mean"].tolist() == [1, 4]
