"""Krippendorff's alpha: how far codings agree beyond what chance would give, for any number of coders.

alpha = 1 - observed disagreement / expected disagreement, over all pairs of values that one unit got from different
coders; units with fewer than two values say nothing and are left out. Source: Krippendorff 2011, Computing
Krippendorff's alpha-reliability; Hayes & Krippendorff 2007 (Communication Methods and Measures 1:77).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from compare.measures.statistics import LEVEL, SEED
from compare.problems import PlanError

Level = Literal["nominal", "ordinal", "interval"]
GOOD, TENTATIVE = 0.80, 0.667
NO_VARIANCE, TOO_FEW = "no_variance", "too_few"


@dataclass(frozen=True, slots=True)
class Alpha:
    """Alpha with its bootstrap interval; NaN with a `note` where it says nothing.

    `units` were coded at least twice, `values` is the number of their codings. `note` is 'no_variance' where all
    values are equal (agreement is complete, yet there is nothing that chance could have got wrong), 'too_few' where
    fewer than two units were coded twice, else ''.
    """

    alpha: float
    low: float
    high: float
    units: int
    values: int
    note: str = ""

    @property
    def rating(self) -> str:
        """Krippendorff's own thresholds: good (at least .80), tentative (at least .667), poor; else undefined."""
        if np.isnan(self.alpha):
            return "undefined"
        return "good" if self.alpha >= GOOD else "tentative" if self.alpha >= TENTATIVE else "poor"


def alpha(
    codings: Sequence[Sequence[Any]] | np.ndarray,
    level: Level = "nominal",
    *,
    order: Sequence[Any] | None = None,
    confidence: float = LEVEL,
    draws: int = 1000,
    seed: int = SEED,
) -> Alpha:
    """Alpha of some codings: one sequence per coder, one place per unit, None or NaN where a coder gave no value.

    `level` tells what a difference means: nominal (equal or not), ordinal (ranks; `order` lists the values from
    lowest to highest where sorting them does not, and values outside it are missing) or interval (numbers).
    The interval resamples units (percentile bootstrap, fixed seed; 0 draws: none). Raises `PlanError` for an unknown
    level, sequences of different length, or interval values that are no numbers.

    >>> found = alpha([[1, 2, 3, 3], [1, 2, 3, 4]], "interval")
    >>> round(found.alpha, 3), found.units
    (0.889, 4)
    """
    counts, values = _counts(codings, level, order)
    counts = counts[np.asarray(counts.sum(axis=1)).ravel() >= 2]
    units, total = counts.shape[0], int(counts.sum())
    if units < 2:
        return Alpha(np.nan, np.nan, np.nan, units, total, TOO_FEW)
    point = _alphas(counts, values, level, np.ones((1, units)))[0]
    if np.isnan(point):
        return Alpha(np.nan, np.nan, np.nan, units, total, NO_VARIANCE)
    low = high = np.nan
    if draws:
        drawn = np.random.default_rng(seed).multinomial(units, np.full(units, 1 / units), size=draws)
        resampled = _alphas(counts, values, level, drawn.astype(float))
        # A draw of equal values only agrees completely: leaving it out would make the interval look too low.
        resampled = np.where(np.isnan(resampled), 1.0, resampled)
        low, high = np.quantile(resampled, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Alpha(float(point), float(low), float(high), units, total)


def _counts(codings: Any, level: str, order: Sequence[Any] | None) -> tuple[csr_array, np.ndarray]:
    """How often each unit got each value (units in rows), and the values as numbers."""
    if level not in ("nominal", "ordinal", "interval"):
        raise PlanError(f"no level of measurement {level!r}; it is nominal, ordinal or interval; choose one of these")
    rows = [pd.Series(list(coder), dtype=object) for coder in codings]
    if len({len(row) for row in rows}) > 1:
        raise PlanError("the codings have different lengths; each coder needs one place per unit; fill up with None")
    stacked = pd.concat(rows, ignore_index=True) if rows else pd.Series(dtype=object)
    if order is not None:
        stacked = stacked.map({value: place for place, value in enumerate(order)})
    codes, distinct = _factorized(stacked, level)
    unit = np.tile(np.arange(len(rows[0]) if rows else 0), len(rows))
    known = codes >= 0
    shape = (len(rows[0]) if rows else 0, max(len(distinct), 1))
    ones = np.ones(int(known.sum()))
    return csr_array((ones, (unit[known], codes[known])), shape=shape), distinct


def _factorized(values: pd.Series, level: str) -> tuple[np.ndarray, np.ndarray]:
    if level == "nominal":
        codes, distinct = pd.factorize(values)
        return codes, np.arange(len(distinct), dtype=float)
    try:
        numbers = pd.to_numeric(values).astype(float) if level == "interval" else values.infer_objects()
        codes, distinct = pd.factorize(numbers, sort=True)
    except (TypeError, ValueError) as error:
        raise PlanError(
            f"the codings cannot be put in order ({error}); give numbers, or the order of the values"
        ) from None
    return codes, np.asarray(distinct, dtype=float) if level == "interval" else np.arange(len(distinct), dtype=float)


def _alphas(counts: csr_array, values: np.ndarray, level: str, weights: np.ndarray) -> np.ndarray:
    """Alpha of each draw: `weights` says how often a draw holds each unit; NaN where nothing differs."""
    size = np.asarray(counts.sum(axis=1)).ravel()
    marginal = np.asarray((counts.T @ weights.T).T)
    n = weights @ size
    if level == "nominal":
        unequal = size**2 - np.asarray(counts.power(2).sum(axis=1)).ravel()
        observed = weights @ (unequal / (size - 1))
        expected = n**2 - (marginal**2).sum(axis=1)
    else:
        # Ordinal distances are distances of mid-ranks, which depend on what the draw holds.
        scale = (
            np.cumsum(marginal, axis=1) - marginal / 2
            if level == "ordinal"
            else np.broadcast_to(values, marginal.shape)
        )
        # Far from zero the sums of squares would swallow the differences.
        scale = scale - scale.mean(axis=1, keepdims=True)
        sums, squares = counts @ scale.T, counts @ (scale**2).T
        spread = 2 * (size[:, None] * squares - sums**2) / (size - 1)[:, None]
        observed = (weights.T * spread).sum(axis=0)
        expected = 2 * (n * (marginal * scale**2).sum(axis=1) - (marginal * scale).sum(axis=1) ** 2)
    nothing = np.isclose(expected, 0, atol=1e-9 * max(1.0, float(np.max(n)) ** 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(nothing, np.nan, 1 - (n - 1) * observed / expected)
