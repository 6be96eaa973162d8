"""The shared statistics, against statsmodels, scipy and worked examples of the literature."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from compare.measures import statistics as stat

COUNTS = [(0, 1), (1, 1), (0, 7), (5, 7), (7, 7), (13, 40), (400, 1000)]


@pytest.mark.parametrize(("k", "n"), COUNTS)
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_wilson_agrees_with_statsmodels(k, n, level):
    expected = proportion_confint(k, n, alpha=1 - level, method="wilson")
    assert stat.wilson(k, n, level) == pytest.approx(expected, abs=1e-12)


def test_wilson_of_nothing_is_unknown_and_never_zero():
    low, high = stat.wilson([0, 3], [0, np.nan])
    assert np.isnan(low).all()
    assert np.isnan(high).all()


def test_wilson_takes_columns_with_missing_values():
    low, _ = stat.wilson(pd.Series([1, None], dtype="Int64"), pd.Series([2, 2], dtype="Int64"))
    assert np.isnan(low[1])
    assert not np.isnan(low[0])


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.floats(0, n), st.just(n))))
def test_the_rate_lies_within_its_wilson_interval_and_between_0_and_1(kn):
    k, n = kn
    low, high = stat.wilson(k, n)
    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high <= 1


@pytest.mark.parametrize(("first", "second"), [((5, 7), (1, 8)), ((0, 10), (10, 10)), ((56, 70), (48, 80))])
def test_difference_agrees_with_statsmodels(first, second):
    found = stat.difference(*first, *second)
    low, high = confint_proportions_2indep(*second, *first, compare="diff", method="newcomb")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12)


def test_difference_of_newcombes_worked_example():
    # Newcombe 1998 (Statistics in Medicine 17:873), table II (a): 56/70 - 48/80, method 10: 0.0524 to 0.3339.
    found = stat.difference(48, 80, 56, 70)
    assert (float(found.difference), float(found.low), float(found.high)) == pytest.approx(
        (0.2, 0.0524, 0.3339), abs=5e-5
    )


def test_paired_difference_without_correlation_is_the_independent_one():
    # 2 x 2 tables whose rows are proportional have correlation 0, where the paired method must give the plain one.
    paired = stat.paired_difference(both=12, gained=8, lost=18, neither=12)
    plain = stat.difference(30, 50, 20, 50)
    assert tuple(map(float, paired)) == pytest.approx(tuple(map(float, plain)))


def test_a_positive_correlation_makes_the_paired_interval_narrower():
    paired = stat.paired_difference(both=40, gained=10, lost=2, neither=48)
    plain = stat.difference(42, 100, 50, 100)
    assert paired.high - paired.low < plain.high - plain.low


def test_paired_difference_of_altmans_worked_example():
    # Altman, Machin, Bryant & Gardner 2000 (Statistics with Confidence), table 6.2: of 41 pairs 14 yes twice, 5 only
    # the first time, 22 never. By hand: phi = (14 * 22 - 5 * 0 - 41 / 2) / sqrt(19 * 22 * 14 * 27).
    found = stat.paired_difference(both=14, gained=0, lost=5, neither=22)
    (low1, high1), (low2, high2) = (proportion_confint(k, 41, method="wilson") for k in (19, 14))
    phi, p1, p2 = 287.5 / np.sqrt(158_004), 19 / 41, 14 / 41
    below = np.sqrt((p2 - low2) ** 2 - 2 * phi * (p2 - low2) * (high1 - p1) + (high1 - p1) ** 2)
    above = np.sqrt((high2 - p2) ** 2 - 2 * phi * (high2 - p2) * (p1 - low1) + (p1 - low1) ** 2)
    assert tuple(map(float, found)) == pytest.approx((-5 / 41, -5 / 41 - below, -5 / 41 + above))
    assert (-float(found.high), -float(found.low)) == pytest.approx((0.011, 0.226), abs=6e-4)


def test_a_weak_positive_correlation_counts_as_none_and_a_negative_one_in_full():
    # Bentur et al. 2009: 1 * 12 - 7 * 1 = 5 is less than 21 / 2, so that the two times count as independent.
    weak = stat.paired_difference(both=1, gained=7, lost=1, neither=12)
    assert tuple(map(float, weak)) == pytest.approx(tuple(map(float, stat.difference(2, 21, 8, 21))))
    opposed = stat.paired_difference(both=2, gained=10, lost=8, neither=2)
    apart = stat.difference(10, 22, 12, 22)
    assert opposed.high - opposed.low > apart.high - apart.low


def test_units_that_all_succeeded_once_have_no_correlation():
    always = stat.paired_difference(both=6, gained=4, lost=0, neither=0)
    assert tuple(map(float, always)) == pytest.approx(tuple(map(float, stat.difference(6, 10, 10, 10))))


def _paired_coverage(p_both, p_gained, p_lost, n=20):
    """The exact probability that the 95 % interval holds the true change, over all tables of n units."""
    cells = np.array([(a, b, c) for a in range(n + 1) for b in range(n + 1 - a) for c in range(n + 1 - a - b)])
    rest = n - cells.sum(axis=1)
    chances = [p_both, p_gained, p_lost, 1 - p_both - p_gained - p_lost]
    weight = stats.multinomial.pmf(np.c_[cells, rest], n, chances)
    found = stat.paired_difference(cells[:, 0], cells[:, 1], cells[:, 2], rest)
    true = p_gained - p_lost
    return weight[(found.low <= true) & (true <= found.high)].sum()


@pytest.mark.parametrize("chances", [(0.3, 0.3, 0.1), (0.1, 0.6, 0.05), (0.5, 0.05, 0.05)])
def test_the_paired_interval_covers_what_it_promises(chances):
    assert _paired_coverage(*chances) > 0.93


def test_balance_follows_bonett_and_price():
    # By hand: n = 10, 4 worse, 1 better: (5 - 2)/12 -+ 1.96 sqrt((7/12 - (3/12)^2) / 12).
    found = stat.balance(better=1, worse=4, n=10)
    half = 1.959964 * np.sqrt((7 / 12 - (3 / 12) ** 2) / 12)
    assert (float(found.difference), float(found.low), float(found.high)) == pytest.approx(
        (0.3, 0.25 - half, 0.25 + half), abs=1e-6
    )


def test_a_balance_of_very_few_stays_within_what_is_possible():
    worse, better = stat.balance(better=0, worse=1, n=1), stat.balance(better=1, worse=0, n=1)
    half = 1.959964 * np.sqrt((1 - 1 / 9) / 3)
    assert (float(worse.low), float(worse.high)) == pytest.approx((1 / 3 - half, 1))
    assert (float(better.low), float(better.high)) == pytest.approx((-1, half - 1 / 3))


def test_balance_of_nothing_is_unknown():
    assert np.isnan(stat.balance(0, 0, 0)).all()


def test_manski_bounds_take_the_unknown_as_failures_and_as_successes():
    low, high = stat.manski_bounds(k=[6, 0], assessed=[8, 0], unknown=[2, 0])
    assert (low[0], high[0]) == pytest.approx((0.6, 0.8))
    assert np.isnan([low[1], high[1]]).all()


def test_bootstrap_is_the_same_each_time_and_close_to_the_normal_interval():
    values = stats.norm.ppf((np.arange(200) + 0.5) / 200)
    first = stat.bootstrap(lambda rows: values[rows].mean(axis=1), len(values), draws=4000)
    again = stat.bootstrap(lambda rows: values[rows].mean(axis=1), len(values), draws=4000)
    assert first == again
    assert float(first.high) == pytest.approx(1.96 * values.std() / np.sqrt(200), rel=0.08)


def test_the_interval_of_a_mean_is_scipys():
    values = np.array([3.0, 8.0, 4.0, 4.5, 11.0])
    half = float(stat.mean_half_width(((values - values.mean()) ** 2).sum(), len(values), 0.9))
    expected = stats.t.interval(0.9, len(values) - 1, values.mean(), stats.sem(values))
    assert (values.mean() - half, values.mean() + half) == pytest.approx(expected)
    assert np.isnan(stat.mean_half_width([0.0, 0.0, 2.0], [0, 1, np.nan])).all()
    assert float(stat.mean_half_width(2.0, 2)) == pytest.approx(stats.t.ppf(0.975, 1))


def test_the_interval_of_a_slope_is_that_of_statsmodels():
    years, values = np.array([2018.0, 2019.0, 2021.0, 2022.0]), np.array([5.0, 4.0, 8.0, 7.5])
    fitted = sm.OLS(values, sm.add_constant(years)).fit()
    spread = ((years - years.mean()) ** 2).sum()
    half = float(stat.slope_half_width((fitted.resid**2).sum(), spread, 4, 0.9))
    low, high = fitted.conf_int(alpha=0.1)[1]
    assert (fitted.params[1] - half, fitted.params[1] + half) == pytest.approx((low, high))


def test_two_points_or_one_year_have_no_interval_of_a_slope():
    assert np.isnan(stat.slope_half_width([0.0, 1.0, 1.0], [2.0, 0.0, 2.0], [2, 3, np.nan])).all()
    assert float(stat.slope_half_width(1.0, 2.0, 3)) == pytest.approx(stats.t.ppf(0.975, 1) * np.sqrt(0.5))


def test_draws_that_give_no_value_are_passed_over():
    values = np.array([1.0, 2.0, 3.0, np.nan])
    low, high = stat.bootstrap(lambda rows: values[rows].max(axis=1), 4)
    # All three known values are 1 in one of 81 draws, which is less than one of 40.
    assert (float(low), float(high)) == (2.0, 3.0)
    assert np.isnan(stat.bootstrap(lambda rows: np.full(len(rows), np.nan), 4)).all()


def test_bootstrap_of_one_row_says_nothing():
    assert np.isnan(stat.bootstrap(lambda rows: rows.mean(axis=1), 1)).all()


def test_shrinking_with_a_given_prior_is_the_beta_binomial_posterior():
    found = stat.shrink([1, 30], [2, 60], prior=(2.0, 3.0))
    assert found.rate == pytest.approx([3 / 7, 32 / 65])
    assert found.low == pytest.approx(stats.beta.ppf(0.025, [3, 32], [4, 33]))


def test_the_fitted_prior_is_the_likeliest_by_scipys_beta_binomial():
    k, n = np.array([1, 5, 9, 3, 16, 2]), np.array([10, 10, 10, 20, 20, 30])
    found = stat.shrink(k, n)
    best = stats.betabinom.logpmf(k, n, found.a, found.b).sum()
    for a, b in [(found.a * 1.1, found.b), (found.a, found.b * 1.1), (found.a * 0.9, found.b * 0.9)]:
        assert stats.betabinom.logpmf(k, n, a, b).sum() <= best + 1e-6


@pytest.mark.parametrize("k", [5, 9])
def test_groups_that_are_all_alike_meet_at_their_mean_under_the_strongest_prior(k):
    found = stat.shrink([k] * 10, [10] * 10)
    assert found.a + found.b == pytest.approx(10_000, rel=1e-3)
    assert found.rate == pytest.approx([k / 10] * 10, abs=1e-3)


def test_without_groups_the_prior_is_uniform():
    assert (stat.shrink([], []).a, stat.shrink([0], [0]).b) == (1, 1)


def test_small_groups_are_drawn_further_and_empty_ones_stay_unknown():
    found = stat.shrink([2, 20, 5, 0], [2, 20, 50, 0])
    raw = np.array([1.0, 1.0, 0.1])
    assert abs(found.rate[0] - raw[0]) > abs(found.rate[1] - raw[1])
    assert np.isnan([found.rate[3], found.low[3], found.high[3]]).all()


def test_funnel_limits_hold_the_promised_share():
    n = np.array([5, 20, 100, 2000])
    low, high = stat.funnel_limits(n, 0.7)
    assert (np.diff(high - low) < 0).all()
    # With many units the limits are those of the normal distribution.
    assert (low[3], high[3]) == pytest.approx(
        (0.7 - 1.96 * np.sqrt(0.21 / 2000), 0.7 + 1.96 * np.sqrt(0.21 / 2000)), abs=1e-3
    )
    assert np.isnan(stat.funnel_limits(0, 0.7)).all()


def _limit_by_hand(n, centre, share):
    """Of the first count that is reached with at least this chance, so much less that the chance is met."""
    count = int(stats.binom.ppf(share, n, centre))
    reached = sum(stats.binom.pmf(i, n, centre) for i in range(count + 1))
    return (count - (reached - share) / stats.binom.pmf(count, n, centre)) / n


@pytest.mark.parametrize("n", [7, 40])
def test_funnel_limits_are_spiegelhalters_interpolated_binomial_ones(n):
    found = stat.funnel_limits([n, n + 0.9], 0.6, 0.998)
    expected = (_limit_by_hand(n, 0.6, 0.001), _limit_by_hand(n, 0.6, 0.999))
    assert (found.low[0], found.high[0]) == pytest.approx((max(expected[0], 0), min(expected[1], 1)))
    assert found.low[1] == found.low[0]  # the limits are those of whole units


def test_how_much_groups_vary_is_the_mean_square_of_scores_whose_outer_tenths_are_drawn_in():
    k, n, centre = np.array([20, 80, *([35, 65] * 10)]), np.full(22, 100), 0.5
    z = (k / n - centre) / 0.05
    found = stat.beyond_chance(k, n, centre)
    assert found.overdispersion == pytest.approx((np.asarray(stats.mstats.winsorize(z, (0.1, 0.1))) ** 2).mean())
    assert found.p[2] == pytest.approx(2 * stats.norm.sf(stats.norm.isf(stats.binom.cdf(35, 100, 0.5)) / 3))


def test_groups_that_vary_hardly_more_than_chance_are_taken_as_they_are():
    # 24 scores of 1.2 each way: 1.44 is less than 1 + 2 sqrt(2 / 24), and 3.24 of twice as many units is more.
    k = np.array([56, 44] * 12)
    assert stat.beyond_chance(k, np.full(24, 100), 0.5).overdispersion == 1
    assert stat.beyond_chance(np.array([59, 41] * 12), np.full(24, 100), 0.5).overdispersion == pytest.approx(3.24)
    assert stat.beyond_chance(np.array([59, 41] * 9), np.full(18, 100), 0.5).overdispersion == 1  # too few to tell


def test_differences_judged_together_have_the_intervals_of_bonferroni_within_their_family():
    k1, n1, k2, n2 = [5, 8, 3, 1], [20, 20, 30, 4], [15, 9, 20, 3], [20, 20, 40, 4]
    found = stat.differences_together(k1, n1, k2, n2, family=[0, 0, 1, 0])
    for i, judged in enumerate([2, 2, 1, 2]):
        low, high = confint_proportions_2indep(k2[i], n2[i], k1[i], n1[i], method="newcomb", alpha=0.05 / judged)
        assert (found.low[i], found.high[i]) == pytest.approx((low, high))
    assert len(stat.differences_together([], [], [], []).low) == 0


def test_intervals_judged_together_all_hold_as_often_as_promised():
    random = np.random.default_rng(3)
    p = random.uniform(0.2, 0.9, 11)
    k = random.binomial(40, p, (400, 11))
    kept = 0
    for own in k:
        found = stat.differences_together(own[1:], [40] * 10, own[0], 40)
        kept += bool(((found.low <= p[0] - p[1:]) & (p[0] - p[1:] <= found.high)).all())
    assert kept / 400 >= 0.94


def test_the_chance_of_a_distance_is_scipys_binomial_test_judged_together_by_statsmodels():
    k, n = np.array([2, 20, 11, 30, 0]), np.array([20, 22, 20, 40, 0])
    found = stat.beyond_chance(k, n, 0.6)
    tails = [
        [stats.binomtest(a, b, 0.6, side).pvalue for side in ("less", "greater")]
        for a, b in zip(k[:4], n[:4], strict=True)
    ]
    expected = [min(1, 2 * min(both)) for both in tails]
    assert found.p[:4] == pytest.approx(expected)
    assert found.adjusted[:4] == pytest.approx(multipletests(expected, method="fdr_bh")[1])
    assert np.isnan([found.p[4], found.adjusted[4]]).all()
    assert found.overdispersion == 1


def test_of_many_equal_groups_hardly_any_is_called_special_though_one_in_twenty_lies_beyond_its_limits():
    random = np.random.default_rng(5)
    n = random.integers(10, 60, 290)
    called, beyond = [], []
    for _ in range(40):
        k = random.binomial(n, 0.7)
        low, high = stat.funnel_limits(n, 0.7)
        beyond.append(((k / n < low) | (k / n > high)).sum())
        called.append((stat.beyond_chance(k, n, 0.7).adjusted < 0.05).sum())
    assert np.mean(beyond) > 7
    assert np.mean(np.array(called) > 0) <= 0.1


def test_where_all_groups_vary_more_than_chance_lets_them_only_the_farthest_is_special():
    random = np.random.default_rng(7)
    n = np.full(200, 50)
    k = random.binomial(n, random.beta(7, 3, 200))
    k[0] = 2
    found = stat.beyond_chance(k, n, float(k.sum() / n.sum()))
    naive = multipletests([stats.binomtest(int(a), 50, 0.7).pvalue for a in k], method="fdr_bh")[0].sum()
    special = np.flatnonzero(found.adjusted < 0.05)
    assert found.overdispersion > 2
    assert 0 in special
    assert len(special) < 5 < naive


def test_verdicts_say_when_there_are_too_few():
    words = stat.verdict([0.1, 0.1, -0.3, -0.1], [0.4, 0.4, -0.1, 0.2], [9, 10, 10, 10], [10, 10, 10, 10])
    assert words.tolist() == ["too_few", "higher", "lower", "not_distinguishable"]
    assert stat.too_few([9, 10, np.nan]).tolist() == [True, False, True]
