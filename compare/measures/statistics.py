"""Intervals, bounds and comparisons for small counts: the statistics that all measures share.

Every function takes numbers, arrays or columns and works on all rows at once. Where nothing was counted (n = 0, or a
missing n) the answer is NaN, never 0. Goals and assignments of a municipality are a census and not a sample: an
interval tells how far the rate could lie from what comparable goals would give, not a sampling error. Reports say so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy import optimize, special, stats

LEVEL = 0.95
SMALLEST_N = 10  # below this, one assignment moves a rate by ten percentage points or more
SEED = 20221231
TOO_FEW, HIGHER, LOWER, NOT_DISTINGUISHABLE = "too_few", "higher", "lower", "not_distinguishable"

Array = np.ndarray


class Interval(NamedTuple):
    """The two ends of an interval, one value per row."""

    low: Array
    high: Array


class Difference(NamedTuple):
    """A difference of two rates (second minus first) with the ends of its interval, one value per row."""

    difference: Array
    low: Array
    high: Array


class Shrunk(NamedTuple):
    """Rates drawn towards the common mean, their credible interval, and the prior's two parameters."""

    rate: Array
    low: Array
    high: Array
    a: float
    b: float


class Outlying(NamedTuple):
    """The chance of being so far from the common rate, alone and among many, and how much more than chance all vary."""

    p: Array
    adjusted: Array
    overdispersion: float


def normal_quantile(level: float) -> float:
    """How many standard deviations an interval of this level reaches to each side: 1.96 for 0.95."""
    return float(stats.norm.ppf((1 + level) / 2))


def wilson(k: Any, n: Any, level: float = LEVEL) -> Interval:
    """The Wilson score interval of k out of n; k may be fractional (then the interval is on the wide side).

    A fractional k stands for units that count by half: a score between 0 and 1 varies at most as much as a yes/no
    with the same mean, so the interval covers at least what it promises. NaN where n is 0 or missing.

    Source: Wilson 1927; recommended for small n by Brown, Cai & DasGupta 2001 (Statistical Science 16:101).

    >>> low, high = wilson(5, 7)
    >>> round(float(low), 3), round(float(high), 3)
    (0.359, 0.918)
    """
    k, n = _numbers(k, n)
    z = normal_quantile(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = k / n
        middle = p + z**2 / (2 * n)
        half = z * np.sqrt(np.maximum(p * (1 - p), 0) / n + z**2 / (4 * n**2))
        low, high = (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)
    empty = ~(n > 0)
    # Rounding must not push the ends past what is possible or past the rate itself.
    low = np.where(empty, np.nan, np.where(k <= 0, 0.0, np.clip(low, 0, 1)))
    high = np.where(empty, np.nan, np.where(k >= n, 1.0, np.clip(high, 0, 1)))
    return Interval(low, high)


def rate(k: Any, n: Any) -> Array:
    """The rate k / n, NaN where n is 0 or missing."""
    k, n = _numbers(k, n)
    return np.divide(k, n, out=np.full(np.broadcast(k, n).shape, np.nan), where=n > 0)


def manski_bounds(k: Any, assessed: Any, unknown: Any) -> Interval:
    """The rate if all unknown were failures, and if all were successes: k of `assessed` known ones succeeded.

    [k / N, (k + unknown) / N] with N = assessed + unknown; NaN where N is 0. These are not an interval of
    confidence but what can be said without any assumption. Source: Manski 1989 (J. Human Resources 24:343).
    """
    k, assessed, unknown = _numbers(k, assessed, unknown)
    n = assessed + unknown
    return Interval(rate(k, n), rate(k + unknown, n))


def share(k: Any, n: Any, level: float = LEVEL, *, name: str = "rate") -> dict[str, Any]:
    """The rate k / n with the ends of its Wilson interval, as the columns in which measures give it, by their names.

    >>> {column: round(float(value), 2) for column, value in share(5, 7).items()}
    {'rate': 0.71, 'low': 0.36, 'high': 0.92}
    """
    low, high = wilson(k, n, level)
    return {name: rate(k, n), "low": low, "high": high}


def known_share(k: Any, assessed: Any, unknown: Any, level: float = LEVEL) -> dict[str, Any]:
    """How many of what is known are so: the columns of `share`, `unknown`, and the bounds over the unknown.

    These are `bound_low`, `bound_high` (Manski).
    """
    bounds = manski_bounds(k, assessed, unknown)
    return {
        **share(k, assessed, level),
        "unknown": unknown,
        "bound_low": bounds.low,
        "bound_high": bounds.high,
    }


def difference(k1: Any, n1: Any, k2: Any, n2: Any, level: float = LEVEL) -> Difference:
    """The second rate minus the first with Newcombe's interval, for two separate groups.

    Source: Newcombe 1998 (Statistics in Medicine 17:873), method 10: the two Wilson intervals combined. NaN where
    either group is empty. For the same units seen twice, use `paired_difference`.
    """
    k1, n1, k2, n2 = _numbers(k1, n1, k2, n2)
    p1, p2 = rate(k1, n1), rate(k2, n2)
    (low1, high1), (low2, high2) = wilson(k1, n1, level), wilson(k2, n2, level)
    delta = p2 - p1
    low = delta - np.sqrt((p2 - low2) ** 2 + (high1 - p1) ** 2)
    high = delta + np.sqrt((high2 - p2) ** 2 + (p1 - low1) ** 2)
    return Difference(delta, low, high)


def differences_together(
    k1: Any, n1: Any, k2: Any, n2: Any, level: float = LEVEL, family: Any = None, smallest: int = SMALLEST_N
) -> Difference:
    """The differences of many pairs of groups, with intervals that all hold at once with this level (Bonferroni).

    Of a hundred intervals of 95 % five miss by chance, so what is told from many pairs needs wider ones. `family` says
    which pairs are judged together (a code per pair; None: all). Pairs of which one group is smaller than `smallest`
    get no verdict and widen nobody's interval. Source: Dunn 1961 (J. American Statistical Association 56:52), on the
    intervals of `difference`.
    """
    k1, n1, k2, n2 = _numbers(k1, n1, k2, n2)
    judged = ~too_few(n1, smallest) & ~too_few(n2, smallest)
    code = np.zeros(len(n1), dtype=np.int64) if family is None else np.asarray(family)
    sizes = np.maximum(np.bincount(code, judged, minlength=1), 1)[code] if len(code) else np.ones(0)
    found = np.full((3, len(n1)), np.nan)
    for size in np.unique(sizes):
        same = sizes == size
        found[:, same] = difference(k1[same], n1[same], k2[same], n2[same], 1 - (1 - level) / size)
    return Difference(*found)


def paired_difference(both: Any, gained: Any, lost: Any, neither: Any, level: float = LEVEL) -> Difference:
    """The change of a rate among the same units seen twice, with Newcombe's interval for paired rates.

    `both` succeeded both times, `gained` only the second, `lost` only the first, `neither` not once. The change is
    (gained - lost) / n. Source: Newcombe 1998 (Statistics in Medicine 17:2635), method 10: the two Wilson intervals
    combined with the correlation of the two answers, which is corrected downwards when it is positive.
    """
    both, gained, lost, neither = _numbers(both, gained, lost, neither)
    n = both + gained + lost + neither
    first, second = both + lost, both + gained
    p1, p2 = rate(first, n), rate(second, n)
    (low1, high1), (low2, high2) = wilson(first, n, level), wilson(second, n, level)
    phi = _correlation(both, gained, lost, neither, n)
    delta = p2 - p1
    below, above = p2 - low2, high1 - p1
    low = delta - np.sqrt(np.maximum(below**2 - 2 * phi * below * above + above**2, 0))
    below, above = high2 - p2, p1 - low1
    high = delta + np.sqrt(np.maximum(below**2 - 2 * phi * below * above + above**2, 0))
    return Difference(delta, low, high)


def _correlation(both: Array, gained: Array, lost: Array, neither: Array, n: Array) -> Array:
    product = both * neither - gained * lost
    corrected = np.where(product > 0, np.maximum(product - n / 2, 0), product)
    margins = (both + lost) * (gained + neither) * (both + gained) * (lost + neither)
    return np.where(margins > 0, corrected / np.sqrt(np.where(margins > 0, margins, 1)), 0.0)


def balance(better: Any, worse: Any, n: Any, level: float = LEVEL) -> Difference:
    """(worse - better) / n with an interval, for units that came out better, worse or the same.

    Source: Bonett & Price 2012 (J. Educational and Behavioral Statistics 37:479): one unit is added to each side and
    two to n before the ordinary interval is taken; the difference itself is not adjusted. NaN where n is 0.
    """
    better, worse, n = _numbers(better, worse, n)
    delta = rate(worse - better, n)
    up, down = (worse + 1) / (n + 2), (better + 1) / (n + 2)
    half = normal_quantile(level) * np.sqrt((up + down - (up - down) ** 2) / (n + 2))
    empty = ~(n > 0)
    low = np.where(empty, np.nan, np.clip(up - down - half, -1, 1))
    high = np.where(empty, np.nan, np.clip(up - down + half, -1, 1))
    return Difference(delta, low, high)


def verdict(low: Any, high: Any, n1: Any, n2: Any, smallest: int = SMALLEST_N) -> Array:
    """What a difference with this interval allows to say: 'higher', 'lower', 'not_distinguishable' or 'too_few'."""
    low, high, n1, n2 = _numbers(low, high, n1, n2)
    words = np.select([low > 0, high < 0], [HIGHER, LOWER], NOT_DISTINGUISHABLE)
    return np.where(too_few(n1, smallest) | too_few(n2, smallest), TOO_FEW, words)


def too_few(n: Any, smallest: int = SMALLEST_N) -> Array:
    """Whether so few units were counted that a rate is not compared with others (also where n is missing)."""
    (n,) = _numbers(n)
    return ~(n >= smallest)


def mean_half_width(squares: Any, n: Any, level: float = LEVEL) -> Array:
    """Half the width of Student's t interval of a mean: `squares` is the sum of squared deviations of n values.

    NaN where n is below 2.
    """
    squares, n = _numbers(squares, n)
    enough = n >= 2
    free = np.where(enough, n - 1, 1)
    half = stats.t.ppf((1 + level) / 2, free) * np.sqrt(squares / free / np.where(enough, n, 1))
    return np.where(enough, half, np.nan)


def slope_half_width(squares: Any, spread: Any, n: Any, level: float = LEVEL) -> Array:
    """Half the width of Student's t interval of a least squares slope; NaN below 3 points.

    `squares` is the sum of squared residuals, `spread` the sum of squared deviations of the years.
    """
    squares, spread, n = _numbers(squares, spread, n)
    enough = (n >= 3) & (spread > 0)
    free = np.where(enough, n - 2, 1)
    half = stats.t.ppf((1 + level) / 2, free) * np.sqrt(squares / free / np.where(enough, spread, 1))
    return np.where(enough, half, np.nan)


def bootstrap(
    statistic: Callable[[Array], Array], size: int, level: float = LEVEL, draws: int = 1000, seed: int = SEED
) -> Interval:
    """A percentile bootstrap interval: `statistic` gets a matrix of row numbers, one draw per row of it.

    It returns one value per draw. The seed is fixed, so the same data give the same interval; draws for which the
    statistic is NaN are passed over. NaN where there are fewer than two rows or no draw gave a value.
    Source: Efron & Tibshirani 1993, chapter 13.

    >>> values = np.array([-150.0, 247.0, 363.0])
    >>> low, high = bootstrap(lambda rows: values[rows].mean(axis=1), len(values))
    >>> float(low), float(high)
    (-150.0, 363.0)
    """
    if size < 2:
        return Interval(np.array(np.nan), np.array(np.nan))
    rows = np.random.default_rng(seed).integers(0, size, (draws, size))
    values = np.asarray(statistic(rows), dtype=float)
    values = values[~np.isnan(values)]
    if not len(values):
        return Interval(np.array(np.nan), np.array(np.nan))
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(low, high)


def shrink(k: Any, n: Any, level: float = LEVEL, prior: tuple[float, float] | None = None) -> Shrunk:
    """Each group's rate drawn towards the mean of all, the more the fewer units it has (beta-binomial).

    The rate becomes (k + a) / (n + a + b), with the interval of Beta(k + a, n - k + b). The prior a, b is fitted to
    all groups by maximum likelihood unless given. A group with n = 0 gets NaN and not the mean: nothing is known of
    it. With fewer than two groups, or where groups differ no more than chance explains, the fitted prior is so strong
    that all rates meet near the mean; a and b then stop at 10,000 together.
    Source: empirical Bayes for proportions, e.g. Casella 1985 (The American Statistician 39:83).
    """
    k, n = _numbers(k, n)
    counted = n > 0
    a, b = prior if prior is not None else _fitted_prior(k[counted], n[counted])
    rates = np.where(counted, (k + a) / (n + a + b), np.nan)
    alpha, beta = np.where(counted, k + a, np.nan), np.where(counted, n - k + b, np.nan)
    low, high = (special.betaincinv(alpha, beta, q) for q in ((1 - level) / 2, (1 + level) / 2))
    return Shrunk(rates, low, high, a, b)


STRONGEST_PRIOR = 10_000.0


def _fitted_prior(k: Array, n: Array) -> tuple[float, float]:
    """The beta prior under which these counts are likeliest; (1, 1), the uniform one, when there are none."""
    if not len(n):
        return 1.0, 1.0
    mean = min(max(float(k.sum() / n.sum()), 1e-3), 1 - 1e-3)

    def unlikeliness(parameters: Array) -> float:
        mu, strength = special.expit(parameters[0]), np.exp(parameters[1])
        a, b = mu * strength, (1 - mu) * strength
        return -float(np.sum(special.betaln(k + a, n - k + b) - special.betaln(a, b)))

    limits = [(special.logit(1e-4), special.logit(1 - 1e-4)), (np.log(0.1), np.log(STRONGEST_PRIOR))]
    starts = [np.array([special.logit(mean), np.log(s)]) for s in (2.0, 50.0)]
    fits = [optimize.minimize(unlikeliness, start, bounds=limits, method="L-BFGS-B") for start in starts]
    best = min(fits, key=lambda fit: fit.fun).x
    mu, strength = float(special.expit(best[0])), float(np.exp(best[1]))
    return mu * strength, (1 - mu) * strength


def funnel_limits(n: Any, centre: float, level: float = LEVEL) -> Interval:
    """Between which rates a group of n units lies by chance alone if its true rate is `centre`.

    Exact binomial limits, interpolated so that they run smoothly with n. NaN where n is 0, missing or fractional
    below 1. Source: Spiegelhalter 2005 (Statistics in Medicine 24:1185), appendix A.1.1.
    """
    (n,) = _numbers(n)
    trials = np.where(n >= 1, np.floor(n), np.nan)
    return Interval(_limit(trials, centre, (1 - level) / 2), _limit(trials, centre, (1 + level) / 2))


def beyond_chance(k: Any, n: Any, centre: float) -> Outlying:
    """How likely chance alone gives a group a rate as far from `centre` as its own, one by one and all together.

    `p`: twice the smaller exact binomial tail. Where groups differ more than chance explains throughout, since
    assignments of one municipality share fates, being far from the centre is nothing special: the distances are divided
    by the square root of `overdispersion`, the mean of the squared standard scores with the outermost tenth on each
    side drawn in, where there are 20 groups or more and that is clearly above 1 (Spiegelhalter 2005, Statistics in
    Medicine 24:1185, section 4).
    `adjusted` is p for many looks at once: of the groups below 0.05 one in twenty is there by chance (Benjamini &
    Hochberg 1995, J. Royal Statistical Society B 57:289). NaN where n is 0 or missing.
    """
    k, n = _numbers(k, n)
    known = n > 0
    p = np.full(k.shape, np.nan)
    few, many = stats.binom.cdf(np.floor(k), n, centre), stats.binom.sf(np.ceil(k) - 1, n, centre)
    p[known] = np.minimum(1.0, 2 * np.minimum(few, many))[known]
    spread = _overdispersion(k[known], n[known], centre)
    p = 2 * stats.norm.sf(stats.norm.isf(p / 2) / np.sqrt(spread))
    adjusted = np.full(k.shape, np.nan)
    if known.any():
        adjusted[known] = stats.false_discovery_control(p[known])
    return Outlying(p, adjusted, spread)


OUTERMOST = 0.1
ENOUGH_GROUPS = 20  # of fewer, how much they vary is mostly chance itself


def _overdispersion(k: Array, n: Array, centre: float) -> float:
    """How much more groups vary than chance lets them; 1 where that cannot be told from chance."""
    if len(n) < ENOUGH_GROUPS or not 0 < centre < 1:
        return 1.0
    z = (k / n - centre) / np.sqrt(centre * (1 - centre) / n)
    found = float(np.mean(np.clip(z, *np.quantile(z, [OUTERMOST, 1 - OUTERMOST])) ** 2))
    return found if found > 1 + 2 * np.sqrt(2 / len(n)) else 1.0


def _limit(n: Array, centre: float, share: float) -> Array:
    count = stats.binom.ppf(share, n, centre)
    reached, before = stats.binom.cdf(count, n, centre), stats.binom.cdf(count - 1, n, centre)
    with np.errstate(divide="ignore", invalid="ignore"):
        over = np.where(reached > before, (reached - share) / (reached - before), 0.0)
        return np.clip((count - over) / n, 0, 1)


def _numbers(*values: Any) -> tuple[Array, ...]:
    """The values as float arrays of one shape; missing becomes NaN."""
    arrays = [
        value.to_numpy(dtype=float, na_value=np.nan) if hasattr(value, "to_numpy") else np.asarray(value, dtype=float)
        for value in values
    ]
    return tuple(np.broadcast_arrays(*arrays))
