"""Whether targets were reached: target by target, as rates, and against what the documents call fulfilled.

Every verdict says whether the direction is stated, reviewed or unknown (see `compare.measures.indicators`); a target
without one is not judged, but for a number that the outcome equals.
"""

from __future__ import annotations

import re
from typing import Literal

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.counting import (
    MUNICIPALITY_YEAR,
    By,
    brought,
    check_by,
    groups,
    mapped,
    matches,
    positions,
    worded,
)
from compare.measures.directions import HIGHER, LOWER
from compare.measures.indicators import (
    OF_TARGET,
    REVIEWED,
    STATED,
    last_of,
    named,
    outcomes,
    placed,
    printed_unit,
    with_baselines,
)
from compare.measures.status_history import YEAR_END, at, history, latest
from compare.measures.target_cells import BETWEEN, RANK, keeping_will_do
from compare.measures.units import lasting_ids

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def verdicts(
    plans: Tables,
    directions: pd.DataFrame | None = None,
    *,
    against: Literal["outcome", "forecast"] = "outcome",
    smallest_change: float = 0.0,
) -> pd.DataFrame:
    """Whether each target was reached: one row per indicator, part and target year.

    `against` holds targets against outcomes, or against the forecasts the documents print. Columns: those of
    `targets`, `outcome`, `outcome_id`, `verdict`, `progress` = (outcome - baseline) / (target - baseline) (missing
    where the two are equal; may lie outside 0 to 1: do not average it unclipped) and `gap` = (outcome - target) /
    |target|, with the sign turned where lower is better, so that below 0 is short of the target.

    `verdict`: met, not_met; no_outcome; direction_unknown, and equal where the outcome is exactly the target, which is
    good enough either way; rank; not_comparable (the two print different units); for a target in words: no_baseline
    (none printed, or the words name another year), unclear (words without direction, or 'keep'). A target in words is
    met where the outcome moved from the baseline by more than `smallest_change`.
    """
    rows = placed(plans)
    found = with_baselines(plans, rows, directions)
    found = found[found["year"].notna()].reset_index(drop=True)
    year, plan_year = (found[name].to_numpy(dtype=float) for name in ("year", "plan_year"))
    rank = np.where(plan_year <= year, 10_000 + plan_year, -plan_year)
    found = found.iloc[last_of(groups(found, ["series", "year"], ordered=False).codes, rank)].reset_index(drop=True)
    ends = outcomes(rows, against)
    place = matches(found, ends, ["series", "year"])
    outcome = brought(ends["value"], place).astype(float)
    comparable = _same_unit(printed_unit(plans, found), brought(printed_unit(plans, ends), place))
    found = found.assign(outcome=outcome, outcome_id=brought(ends["indicator_value_id"], place))
    sign = np.select([found["direction"] == HIGHER, found["direction"] == LOWER], [1.0, -1.0], np.nan)
    target, baseline = found["target"].to_numpy(), found["baseline"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        progress = np.where(target != baseline, (outcome - baseline) / (target - baseline), np.nan)
        gap = np.where(target != 0, sign * (outcome - target) / np.abs(target), np.nan)
    usable = comparable.to_numpy()
    found = found.assign(
        verdict=_verdict(found, sign, usable, smallest_change),
        progress=np.where(usable, progress, np.nan),
        gap=np.where(usable, gap, np.nan),
    )
    return named(plans, found)[[*OF_TARGET, "outcome", "outcome_id", "verdict", "progress", "gap"]]


def _verdict(found: pd.DataFrame, sign: np.ndarray, comparable: np.ndarray, smallest_change: float) -> pd.Series:
    outcome, target, upper = (found[name].to_numpy(dtype=float) for name in ("outcome", "target", "upper"))
    baseline = found["baseline"].to_numpy(dtype=float, na_value=np.nan)
    way = found["direction"]
    exact = found["exact"].to_numpy()
    words = np.isnan(target)
    ahead = sign * (outcome - np.where(words, baseline, target))
    reached = np.where(words, np.where(exact & _own_words(found), ahead >= 0, ahead > smallest_change), ahead > 0)
    reached = np.where(~words & exact, ahead >= 0, reached)
    within = (outcome >= target) & (outcome <= upper)
    band = (way == BETWEEN).fillna(False).to_numpy(dtype=bool) & ~words & ~np.isnan(upper)
    answers = [
        (np.isnan(outcome), "no_outcome"),
        (~comparable, "not_comparable"),
        ((way == RANK).fillna(False), "rank"),
        (band & within, "met"),
        (band, "not_met"),
        (words & np.isnan(sign), "unclear"),
        (words & (np.isnan(baseline) | _another_year(found)), "no_baseline"),
        (~np.isnan(sign) & reached, "met"),
        (~np.isnan(sign), "not_met"),
        (outcome == target, "equal"),
    ]
    return worded([where for where, _ in answers], [word for _, word in answers], "direction_unknown")


def _own_words(found: pd.DataFrame) -> np.ndarray:
    """Whether staying where one is satisfies a target in words; of targets with a number never."""
    in_words = found["target"].isna().to_numpy(dtype=bool)
    kept = np.zeros(len(found), dtype=bool)
    kept[in_words] = mapped(found.loc[in_words, "text"], keeping_will_do, bool).fillna(False).to_numpy(dtype=bool)
    return kept


def _another_year(found: pd.DataFrame) -> np.ndarray:
    """Whether the words compare with a year that is not the baseline's ('större än 2019')."""
    named = mapped(found["text"], lambda text: next((float(y) for y in _YEAR.findall(text)), np.nan), float)
    named_year, known = named.to_numpy(), found["baseline_year"].to_numpy(dtype=float, na_value=np.nan)
    return ~np.isnan(named_year) & (named_year != known)


def _same_unit(first: pd.Series, second: pd.Series) -> pd.Series:
    """Whether two printed units do not contradict each other: one may be left out."""
    plain = [mapped(unit, _plain, "str") for unit in (first, second)]
    return plain[0].isna() | plain[1].isna() | (plain[0] == plain[1]).fillna(False)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def rates(
    plans: Tables,
    by: By = MUNICIPALITY_YEAR,
    directions: pd.DataFrame | None = None,
    *,
    against: Literal["outcome", "forecast"] = "outcome",
    level: float = stat.LEVEL,
) -> pd.DataFrame:
    """The share of targets reached, of those that can be judged: one row per group.

    Columns: `by`, `n` (met or not met), `met`, `rate`, `low`, `high` (Wilson), `unknown` (all other targets), of
    which `no_outcome`, `direction_unknown` and `equal` (without a direction the outcome is exactly the target: good
    enough either way, but counting these alone would only ever raise the rate), `bound_low`, `bound_high` (Manski; the
    lower one takes the equal as met), `stated`, `reviewed` (of n: where the direction comes from), `too_few`,
    `record_ids` (targets and outcomes judged).
    """
    rows = verdicts(plans, directions, against=against)
    found = groups(rows, check_by(by, rows.columns))
    judged = rows["verdict"].isin(["met", "not_met"]).to_numpy()
    n, met = found.count(judged), found.count(rows["verdict"] == "met")
    unknown, equal = found.count(~judged), found.count(rows["verdict"] == "equal")
    bounds = stat.manski_bounds(met + equal, n + equal, unknown - equal)
    ids = [found.lists(rows[name], judged) for name in ("target_id", "outcome_id")]
    return found.keys.assign(
        n=n,
        met=met,
        **stat.share(met, n, level),
        unknown=unknown,
        no_outcome=found.count(rows["verdict"] == "no_outcome"),
        direction_unknown=found.count(rows["verdict"] == "direction_unknown"),
        equal=equal,
        bound_low=bounds.low,
        bound_high=bounds.high,
        stated=found.count(judged & (rows["basis"] == STATED).to_numpy()),
        reviewed=found.count(judged & (rows["basis"] == REVIEWED).to_numpy()),
        too_few=stat.too_few(n),
        record_ids=pd.Series([a + b for a, b in zip(*ids, strict=True)], index=found.keys.index, dtype=object),
    )


def progress(
    plans: Tables,
    by: By = MUNICIPALITY_YEAR,
    directions: pd.DataFrame | None = None,
    *,
    against: Literal["outcome", "forecast"] = "outcome",
    level: float = stat.LEVEL,
) -> pd.DataFrame:
    """How far on the way from its baseline each target is, on average: one row per group.

    Of each target (outcome - baseline) / (target - baseline), with what moved away counted as 0 and what went beyond as
    1: unclipped, one runaway would decide the mean. Only targets that ask for more than the baseline by a stated or
    reviewed direction have a way to go; a target that the baseline meets, or whose direction nobody told, has none.
    Columns: `by`, `n` (targets with a way and an outcome), `mean`, its interval `low`, `high` (Student's t, within 0 to
    1; null for n < 2), `median`, `away` (of n, those that moved away from their target), `beyond` (that went beyond
    it), `unknown` (all other targets), `too_few`, `record_ids` (targets and outcomes of n).
    """
    rows = verdicts(plans, directions, against=against)
    found = groups(rows, check_by(by, rows.columns))
    sign = np.select([rows["direction"] == HIGHER, rows["direction"] == LOWER], [1.0, -1.0], np.nan)
    target, baseline, raw = (
        rows[name].to_numpy(dtype=float, na_value=np.nan) for name in ("target", "baseline", "progress")
    )
    use = ~np.isnan(raw) & (sign * (target - baseline) > 0)
    way = np.clip(np.where(use, raw, 0.0), 0, 1)
    n = found.count(use)
    mean = stat.rate(found.count(use, way), n)
    half = stat.mean_half_width(found.count(use, (way - mean[found.codes]) ** 2), n, level)
    ids = [found.lists(rows[name], use) for name in ("target_id", "outcome_id")]
    return found.keys.assign(
        n=n,
        mean=mean,
        low=np.clip(mean - half, 0, 1),
        high=np.clip(mean + half, 0, 1),
        median=pd.Series(way[use]).groupby(found.codes[use]).median().reindex(found.keys.index),
        away=found.count(use & (raw < 0)),
        beyond=found.count(use & (raw > 1)),
        unknown=found.count(~use),
        too_few=stat.too_few(n),
        record_ids=pd.Series([a + b for a, b in zip(*ids, strict=True)], index=found.keys.index, dtype=object),
    )


def self_assessment(
    plans: Tables, by: By = MUNICIPALITY_YEAR, directions: pd.DataFrame | None = None, *, level: float = stat.LEVEL
) -> pd.DataFrame:
    """Goals called fulfilled although most of their own indicators missed, and the reverse: one row per group.

    Counted are goals with a status at the year's end and at least one target of that year that can be judged.
    Columns: `by`, `n`, `fulfilled` (called completed), `overstated` (called so while fewer than half of the judged
    targets were met), `rate` = overstated / fulfilled with `low`, `high` (Wilson), `understated` (not called so while
    more than half were met), `too_few`, `record_ids` (statuses of overstated and understated goals).
    """
    said = latest(at(history(plans, "goal"), YEAR_END)).reset_index(drop=True)
    judged = verdicts(plans, directions)
    judged = judged[judged["verdict"].isin(["met", "not_met"])]
    goal = brought(lasting_ids(plans, "goals"), positions(judged["goal_id"], plans.goals["goal_id"]))
    of_goal = pd.DataFrame({"unit_id": goal, "year": judged["year"].to_numpy()})
    found = groups(of_goal[of_goal["unit_id"].notna()], ["unit_id", "year"])
    met = (judged["verdict"] == "met").to_numpy()[of_goal["unit_id"].notna().to_numpy()]
    share = pd.Series(stat.rate(found.count(met), found.count()), dtype=float)
    said["_share"] = brought(share, matches(said, found.keys, ["unit_id", "year"]))
    said = said[said["_share"].notna() & ~said["status"].isin(["unknown", "cancelled"])].reset_index(drop=True)
    fulfilled = said["status"] == "completed"
    over, under = fulfilled & (said["_share"] < 0.5), ~fulfilled & (said["_share"] > 0.5)
    whole = groups(said, check_by(by, said.columns))
    k, n = whole.count(over), whole.count(fulfilled)
    return whole.keys.assign(
        n=whole.count(),
        fulfilled=n,
        overstated=k,
        **stat.share(k, n, level),
        understated=whole.count(under),
        too_few=stat.too_few(n),
        record_ids=whole.lists(said["status_id"], over | under),
    )
