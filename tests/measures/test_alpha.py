"""Krippendorff's alpha, against the krippendorff package and the examples of the literature."""

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from compare.measures.alpha import Alpha, alpha
from compare.problems import PlanError

LEVELS = ["nominal", "ordinal", "interval"]
N = None
# Krippendorff 2011, example C: four observers, twelve units, nominal .743, ordinal .815, interval .849.
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]


@pytest.mark.parametrize(("level", "published"), list(zip(LEVELS, [0.743, 0.815, 0.849], strict=True)))
def test_alpha_of_krippendorffs_worked_example(level, published):
    found = alpha(FOUR_OBSERVERS, level)
    assert found.alpha == pytest.approx(published, abs=5e-4)
    assert (found.units, found.values) == (11, 40)
    assert found.low <= found.alpha <= found.high


def test_words_are_coded_like_numbers():
    words = [[{1: "a", 2: "b", 3: "c", 4: "d", 5: "e"}.get(value) for value in coder] for coder in FOUR_OBSERVERS]
    assert alpha(words).alpha == pytest.approx(alpha(FOUR_OBSERVERS).alpha)
    assert alpha(words, "ordinal", order="abcde").alpha == pytest.approx(alpha(FOUR_OBSERVERS, "ordinal").alpha)


CODINGS = st.integers(2, 12).flatmap(
    lambda units: st.lists(
        st.lists(st.one_of(st.none(), st.integers(-3, 3)), min_size=units, max_size=units), min_size=2, max_size=4
    )
)


@given(CODINGS, st.sampled_from(LEVELS))
def test_alpha_agrees_with_the_krippendorff_package(codings, level):
    data = np.array([[np.nan if value is None else value for value in coder] for coder in codings])
    twice = data[:, (~np.isnan(data)).sum(axis=0) >= 2]
    assume(twice.shape[1] >= 2)
    assume(len(np.unique(twice[~np.isnan(twice)])) > 1)
    expected = krippendorff.alpha(data, level_of_measurement=level)
    assert alpha(codings, level, draws=0).alpha == pytest.approx(expected, abs=1e-9)


def test_large_amounts_lose_no_precision():
    rng = np.random.default_rng(1)
    first = 281_600_000_000 + rng.integers(0, 1000, 50).astype(float)
    second = first + rng.integers(0, 3, 50)
    expected = krippendorff.alpha(
        np.array([first - first.min(), second - first.min()]), level_of_measurement="interval"
    )
    assert alpha([first, second], "interval", draws=0).alpha == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("level", LEVELS)
def test_without_variance_alpha_is_undefined_and_says_so(level):
    found = alpha([[2, 2, 2], [2, 2, 2]], level)
    assert np.isnan(found.alpha)
    assert (found.note, found.rating) == ("no_variance", "undefined")


@pytest.mark.parametrize("codings", [[], [[], []], [[1, None], [None, 1]], [[1], [2]]])
def test_too_few_units_say_nothing(codings):
    assert alpha(codings).note == "too_few"


def test_the_interval_is_the_same_each_time_and_widens_with_fewer_units():
    few, many = [[1, 2, 1, 2, 1], [1, 2, 2, 2, 1]], [[1, 2, 1, 2, 1] * 10, [1, 2, 2, 2, 1] * 10]
    assert alpha(few) == alpha(few)
    assert alpha(few).high - alpha(few).low > alpha(many).high - alpha(many).low


def test_the_interval_is_that_of_resampled_units_by_the_krippendorff_package():
    data = np.array([[np.nan if value is None else value for value in coder] for coder in FOUR_OBSERVERS])
    data = data[:, (~np.isnan(data)).sum(axis=0) >= 2]
    random = np.random.default_rng(11)
    drawn = [
        krippendorff.alpha(data[:, random.integers(0, data.shape[1], data.shape[1])], level_of_measurement="nominal")
        for _ in range(1500)
    ]
    found = alpha(FOUR_OBSERVERS, confidence=0.8, draws=4000)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(drawn, [0.1, 0.9])), abs=0.03)


def test_thresholds_are_krippendorffs():
    at = {value: Alpha(value, np.nan, np.nan, 9, 18).rating for value in (0.8, 0.7999, 0.667, 0.6669)}
    assert at == {0.8: "good", 0.7999: "tentative", 0.667: "tentative", 0.6669: "poor"}
    assert alpha([[1, 2, 3, 4], [1, 2, 3, 4]]).rating == "good"
    assert alpha([[1, 2, 1, 2], [1, 2, 2, 1]]).rating == "poor"


@pytest.mark.parametrize(
    "wrong", [([[1], [1, 2]], "nominal"), ([["a", "b"], ["a", "b"]], "interval"), ([[1], [1]], "ratio")]
)
def test_wrong_use_is_told(wrong):
    with pytest.raises(PlanError):
        alpha(*wrong)
