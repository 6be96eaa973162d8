"""Indicators: whether they can be followed at all, whether targets were reached, and how far targets reach.

**Direction.** Whether more or less is better is never guessed. It is *stated* where the words of a target cell say it
('minst 35 %', '< 20', 'Minskat'; 'inte öka' is a limit the other way), for all targets of the same indicator unless
its cells contradict each other; *reviewed* where a table given as `directions` says it (which goes before the cells);
else *unknown*. 'Bättre' or 'förbättras' praises without naming a direction and counts as unknown; 'topp 25 %' is a
rank, which needs everybody's figures of that year. Every row says which it is.

**What is one.** Rows of `indicators` that state the same (`compare.measures.units.lasting_ids`) are one unit, so that
the outcome printed in a later plan meets the target of an earlier one. Parts (girls, boys, school years ...) are
followed each on their own.

**Which of several printed values counts.** An outcome: of the latest plan year. A target of a year: of the plan for
that year, else of the latest plan before it, else of the earliest after it. A baseline: the outcome of the latest
year before both the plan year and the target's year. Among equals the later row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from compare import vocabulary
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
from compare.measures.directions import HIGHER, LOWER, decided
from compare.measures.goal_structure import has_values, judged_targets
from compare.measures.status_history import YEAR_END, at, history, latest
from compare.measures.units import lasting_ids
from compare.reading.values import values as printed_values

BETWEEN, KEEP, RANK = "between", "keep", "rank"
STATED, REVIEWED, UNKNOWN = "stated", "reviewed", "unknown"
_OF_COMPARISON = {
    "at_least": HIGHER,
    "more_than": HIGHER,
    "at_most": LOWER,
    "less_than": LOWER,
    "between": BETWEEN,
    "top": RANK,
}
_OF_DIRECTION = {"increase": HIGHER, "decrease": LOWER, "keep": KEEP}
_TURNED = {HIGHER: LOWER, LOWER: HIGHER}
_WITHOUT_EQUAL = ("more_than", "less_than")
_DIGITS = re.compile(r"\d+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PRINTED = [
    "indicator_value_id",
    "indicator_id",
    *MUNICIPALITY_YEAR,
    "plan_year",
    "kind",
    "group",
    "value",
    "unit",
    "text",
]
_OF_OUTCOME = ["series", "year", "plan_year", "group", "value", "unit", "indicator_value_id", "_place", "_unit"]
_OF_TARGET = [
    "unit_id",
    "indicator_id",
    *MUNICIPALITY_YEAR,
    "plan_year",
    "group",
    "series",
    "name",
    "goal_id",
    "office",
    "unit",
    "target",
    "upper",
    "text",
    "direction",
    "basis",
    "exact",
    "baseline",
    "baseline_year",
    "target_id",
    "baseline_id",
]


def stated_direction(text: str) -> str | None:
    """The direction that the words of a target cell state, or None: higher, lower, between, keep, rank.

    >>> [stated_direction(t) for t in ("minst 35 %", "< 20", "Minskat", "inte öka", "5-10", "Förbättras", "8,2")]
    ['higher', 'lower', 'lower', 'lower', 'between', None, None]
    """
    return _reading(text)[0]


def _reading(text: str) -> tuple[str | None, bool]:
    """The direction a cell states and whether reaching the number exactly is enough."""
    found = printed_values(text)
    comparisons = {_OF_COMPARISON.get(value.comparison or "") for value in found} - {None}
    if comparisons:
        exact = not any(value.comparison in _WITHOUT_EQUAL for value in found)
        spoken = _spoken(text, found[0].direction)
        agree = len(comparisons) == 1 and (
            spoken is None or not comparisons & {HIGHER, LOWER} or {spoken} == comparisons
        )
        return (comparisons.pop() if agree else None), exact
    return _spoken(text, found[0].direction if found else None), _denied(text)


def _spoken(text: str, direction: str | None) -> str | None:
    """The direction of a cell's words: turned by a denial, none for mere praise."""
    said = _OF_DIRECTION.get(direction or "")
    if said is None or any(match.term == "praise" for match in vocabulary.terms("target_words").find(text)):
        return None
    return _TURNED.get(said, said) if _denied(text) else said


def _denied(text: str) -> bool:
    return any(match.term == "denial" for match in vocabulary.terms("target_words").find(text))


def _read_targets(rows: pd.DataFrame) -> pd.DataFrame:
    """What each target cell states: `way`, `exact` (reaching the number is enough), `upper` end of a range."""
    codes, texts = pd.factorize(rows["text"])
    # Cells differ mostly in their numbers, which do not change the direction: each wording is read once.
    shapes = pd.Series([_DIGITS.sub("1", text) for text in texts], dtype="str")
    readings = {shape: _reading(shape) for shape in shapes.unique()}
    way = pd.Series([readings[shape][0] for shape in shapes], dtype="str")
    exact = pd.Series([readings[shape][1] for shape in shapes], dtype=bool)
    upper = [_upper(text) if stated == BETWEEN else np.nan for text, stated in zip(texts, way, strict=True)]
    return pd.DataFrame(
        {
            "way": brought(way, codes),
            "exact": brought(exact, codes).fillna(True).astype(bool),
            "upper": brought(pd.Series(upper, dtype=float), codes),
        }
    )


def _upper(text: str) -> float:
    ends = [value.upper for value in printed_values(text) if value.upper is not None]
    return ends[0] if len(ends) == 1 else np.nan


def series(plans: Tables) -> pd.DataFrame:
    """Every printed value with its indicator: the rows of `indicator_values` in their order.

    Columns: `indicator_value_id`, `indicator_id`, `unit_id`, `municipality_code`, `plan_year`, `year`, `kind`,
    `group`, `value`, `unit` (printed; else the indicator's), `text`, `name`, `goal_id`, `office`, and `series`, a
    number for the unit and part within this result. A text that the coding leaves out is missing: then only a
    reviewed direction is known.
    """
    return _named(plans, _values(plans))


def _values(plans: Tables) -> pd.DataFrame:
    """The rows of `series` without what costs time to bring along: see `_named`.

    `_place` is the row of the indicator (-1: not among the plans), `_unit` a number for the unit, `series` one for
    the unit and part.
    """
    rows = plans.indicator_values
    place = positions(rows["indicator_id"], plans.indicators["indicator_id"])
    unit_id = lasting_ids(plans, "indicators")
    unit = pd.factorize(unit_id)[0]
    code = np.append(unit, -1)[place]
    lost = place < 0
    code[lost] = len(unit) + pd.factorize(rows["indicator_id"][lost])[0]
    part, parts = pd.factorize(rows["group"])
    combined = pd.factorize(code * (len(parts) + 1) + part + 1)[0]
    named = brought(unit_id, place).fillna(rows["indicator_id"])
    return rows[_PRINTED].assign(unit_id=named, _place=place, _unit=code, series=combined)


def _named(plans: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with printed unit, name, goal and office of their indicator, without the helping columns."""
    rows, place = rows.reset_index(drop=True), rows["_place"].to_numpy()
    own = {name: brought(plans.indicators[name], place) for name in ("name", "goal_id", "office")}
    return rows.assign(unit=_printed_unit(plans, rows), **own).drop(columns=["_place", "_unit"])


def _printed_unit(plans: Tables, rows: pd.DataFrame) -> pd.Series:
    """The unit printed with the value, else the indicator's."""
    return rows["unit"].reset_index(drop=True).fillna(brought(plans.indicators["unit"], rows["_place"].to_numpy()))


def targets(plans: Tables, directions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Each printed target with its direction and baseline: one row per target value.

    `directions` is a reviewed table (see `compare.measures.directions`). Columns: `unit_id`, `indicator_id`,
    `municipality_code`, `year` (of the target), `plan_year`, `group`, `series` (see `series`), `name`, `goal_id`,
    `office`, `unit`, `target` (null for words), `upper` (of a range), `text`, `direction` (null where unknown), `basis`
    (stated, reviewed, unknown), `exact` (reaching the number is enough), `baseline`, `baseline_year`, `target_id`,
    `baseline_id`. Raises `PlanError` for a `directions` table that says something else.
    """
    return _named(plans, _targets(plans, _values(plans), directions))[_OF_TARGET]


def _targets(plans: Tables, rows: pd.DataFrame, directions: pd.DataFrame | None) -> pd.DataFrame:
    found = _directed(plans, rows, directions)
    before = found["plan_year"].where(~(found["year"] < found["plan_year"]).fillna(False), found["year"])
    baseline = _latest_before(rows, found, before)
    return found.assign(
        target=found["value"],
        baseline=baseline["value"],
        baseline_year=baseline["year"],
        target_id=found["indicator_value_id"],
        baseline_id=baseline["indicator_value_id"],
    )


def _directed(plans: Tables, rows: pd.DataFrame, directions: pd.DataFrame | None) -> pd.DataFrame:
    """The targets among the rows, with what their cells or the reviewed table say of the direction."""
    # A cell that says neither a figure nor a word (a dash) is no target.
    is_printed = rows["value"].notna() | rows["text"].notna()
    found = rows[((rows["kind"] == "target") & is_printed).to_numpy()].reset_index(drop=True)
    cells = _read_targets(found)
    by_hand = _reviewed(plans, found, directions)
    direction = by_hand.fillna(cells["way"]).fillna(_common_direction(found, cells["way"]))
    return found.assign(
        upper=cells["upper"],
        direction=direction,
        basis=worded([by_hand.notna(), direction.notna()], [REVIEWED, STATED], UNKNOWN),
        exact=cells["exact"] | cells["way"].isna(),
    )


def _common_direction(rows: pd.DataFrame, way: pd.Series) -> pd.Series:
    """Higher or lower for all targets of an indicator where its cells agree on it."""
    found = groups(rows, ["_unit"], ordered=False)
    up, down = found.count(way == HIGHER), found.count(way == LOWER)
    common = worded([(up > 0) & (down == 0), (down > 0) & (up == 0)], [HIGHER, LOWER], None)
    return brought(common, found.codes)


def _reviewed(plans: Tables, rows: pd.DataFrame, directions: pd.DataFrame | None) -> pd.Series:
    place = rows["_place"].to_numpy()
    own = {name: brought(plans.indicators[name], place) for name in ("name", "source_name")}
    return decided(rows[["indicator_id", "municipality_code"]].assign(**own), directions)


def _latest_before(rows: pd.DataFrame, found: pd.DataFrame, before: pd.Series) -> pd.DataFrame:
    """For each target the outcome of the latest year before `before`, of the same unit and part."""
    known = _outcomes(rows)
    # One number orders all series one after another and the years within each, so one search finds all baselines.
    there = known["series"].to_numpy() * 10_000 + known["year"].to_numpy(dtype=np.int64)
    asked = found["series"].to_numpy() * 10_000 + before.to_numpy(dtype=np.int64, na_value=0)
    order = np.argsort(there, kind="stable")
    nearest = np.searchsorted(there[order], asked, side="left") - 1
    place = np.full(len(found), -1)
    place[nearest >= 0] = order[nearest[nearest >= 0]]
    another = place >= 0
    another[another] = known["series"].to_numpy()[place[another]] != found["series"].to_numpy()[another]
    place[another] = -1
    return pd.DataFrame({name: brought(known[name], place) for name in ("value", "year", "indicator_value_id")})


def _outcomes(rows: pd.DataFrame, kind: str = "outcome", columns: Sequence[str] = ()) -> pd.DataFrame:
    """One numeric value per unit, part and year: of the latest plan year."""
    chosen = (rows["kind"] == kind) & rows["value"].notna() & rows["year"].notna()
    known = rows.loc[chosen, [*_OF_OUTCOME, *columns]]
    codes = groups(known, ["series", "year"], ordered=False).codes
    return known.iloc[_last(codes, known["plan_year"].to_numpy(dtype=float, na_value=0))].reset_index(drop=True)


def _last(codes: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """The row of highest rank of each group, the later of equals; rows in their order."""
    order = np.lexsort((rank, codes))
    last = np.r_[codes[order][1:] != codes[order][:-1], True] if len(order) else np.zeros(0, dtype=bool)
    return np.sort(order[last])


def attainment(
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
    rows = _values(plans)
    found = _targets(plans, rows, directions)
    found = found[found["year"].notna()].reset_index(drop=True)
    year, plan_year = (found[name].to_numpy(dtype=float) for name in ("year", "plan_year"))
    rank = np.where(plan_year <= year, 10_000 + plan_year, -plan_year)
    found = found.iloc[_last(groups(found, ["series", "year"], ordered=False).codes, rank)].reset_index(drop=True)
    ends = _outcomes(rows, against)
    place = matches(found, ends, ["series", "year"])
    outcome = brought(ends["value"], place).astype(float)
    comparable = _same_unit(_printed_unit(plans, found), brought(_printed_unit(plans, ends), place))
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
    return _named(plans, found)[[*_OF_TARGET, "outcome", "outcome_id", "verdict", "progress", "gap"]]


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
    """Whether staying where one is satisfies the words: only where they deny the other way ('inte öka')."""
    return mapped(found["text"], _denied, bool).fillna(False).to_numpy(dtype=bool)


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


def attainment_rates(
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
    rows = attainment(plans, directions, against=against)
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


COVERED = ("any_value", "baseline", "target", "target_in_words", "complete", "direction_stated")


def coverage(plans: Tables, by: By = MUNICIPALITY_YEAR, *, level: float = stat.LEVEL) -> pd.DataFrame:
    """What indicators come with: one row per group and `measure`; an indicator counts once per plan year.

    `measure`: any_value; baseline (a numeric outcome of a year before the plan's); target (a number with its year);
    target_in_words (words only); complete (a numeric target of a stated year, and a numeric outcome of an earlier one);
    direction_stated (the cells say which way). Columns: `by`, `measure`, `k`, `n` (indicators of which it is known),
    `rate`, `low`, `high` (Wilson; null where n is 0), `unknown` (indicators of a municipality and year whose documents
    print no value of any), `bound_low`, `bound_high` (Manski), `record_ids` (indicators that have it), `missing_ids`
    (those that lack it), `unknown_ids`.
    """
    values = _values(plans)
    rows = plans.indicators.assign(_unit=pd.factorize(lasting_ids(plans, "indicators"))[0])
    place = matches(values[["_unit", "plan_year"]].rename(columns={"plan_year": "year"}), rows, ["_unit", "year"])
    is_target = (values["kind"] == "target").to_numpy()
    number = values["value"].notna().to_numpy()
    early = (values["year"] < values["plan_year"]).fillna(False).to_numpy(dtype=bool)
    stated = np.zeros(len(values), dtype=bool)
    stated[is_target] = _read_targets(values[is_target])["way"].notna()
    masks = {
        "any_value": np.ones(len(values), dtype=bool),
        "baseline": (values["kind"] == "outcome").to_numpy() & number & early,
        "target": is_target & number & values["year"].notna().to_numpy(),
        "target_in_words": is_target & ~number & values["text"].notna().to_numpy(),
        "complete": values["indicator_value_id"].isin(judged_targets(plans)["indicator_value_id"]).to_numpy(),
        "direction_stated": stated,
    }
    has = {name: _has(place, mask, len(rows)) for name, mask in masks.items()}
    has["target_in_words"] &= ~has["target"]
    once = ~rows.duplicated(["_unit", "year"]).to_numpy()
    rows = rows[once].reset_index(drop=True)
    found = groups(rows, check_by(by, rows.columns))
    known = has_values(plans, rows)
    n, unknown = found.count(known), found.count(~known)
    parts = []
    for name in COVERED:
        yes = has[name][once] & known
        k = found.count(yes)
        parts.append(
            found.keys.assign(
                measure=pd.Series(name, index=found.keys.index, dtype="str"),
                k=k,
                n=n,
                **stat.known_share(k, n, unknown, level),
                record_ids=found.lists(rows["indicator_id"], yes),
                missing_ids=found.lists(rows["indicator_id"], known & ~yes),
                unknown_ids=found.lists(rows["indicator_id"], ~known),
            )
        )
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def _has(place: np.ndarray, mask: np.ndarray, size: int) -> np.ndarray:
    has = np.zeros(size, dtype=bool)
    has[place[mask & (place >= 0)]] = True
    return has


def ambition(plans: Tables, directions: pd.DataFrame | None = None) -> pd.DataFrame:
    """How far each numeric target reaches from its baseline: one row per target.

    Columns: those of `targets`, `change` = target - baseline, `relative` = change / |baseline| (missing for 0),
    `per_year` = change over the years between, and `ambition`: raises (the target is better than the baseline by the
    stated or reviewed direction), holds (equal), lowers (the target is worse than what was already reached),
    direction_unknown, no_baseline.
    """
    found = _targets(plans, _values(plans), directions)
    found = found[found["target"].notna() & (found["direction"] != RANK).fillna(True)].reset_index(drop=True)
    change = found["target"].to_numpy() - found["baseline"].to_numpy(dtype=float, na_value=np.nan)
    span = (found["year"] - found["baseline_year"]).to_numpy(dtype=float, na_value=np.nan)
    sign = np.select([found["direction"] == HIGHER, found["direction"] == LOWER], [1.0, -1.0], np.nan)
    size = np.abs(found["baseline"].to_numpy(dtype=float, na_value=np.nan))
    answers = [
        (np.isnan(change), "no_baseline"),
        (change == 0, "holds"),
        (sign * change > 0, "raises"),
        (sign * change < 0, "lowers"),
    ]
    verdict = worded([where for where, _ in answers], [word for _, word in answers], "direction_unknown")
    found = found.assign(
        change=change,
        relative=stat.rate(change, size),
        per_year=stat.rate(change, span),
        ambition=verdict,
    )
    return _named(plans, found)[[*_OF_TARGET, "change", "relative", "per_year", "ambition"]]


def trends(plans: Tables, directions: pd.DataFrame | None = None, *, level: float = stat.LEVEL) -> pd.DataFrame:
    """How each indicator's outcomes moved over the years: one row per indicator and part with a numeric outcome.

    Columns: `unit_id`, `municipality_code`, `group`, `name`, `unit`, `goal_id`, `office`, `points` (years with an
    outcome), `first_year`, `last_year`, `first`, `last`, `change`, `slope` (least squares, per year; missing for one
    point) with `low`, `high` (Student's t; missing below 3 points), `direction`, `basis`, `moved` (better, worse,
    unchanged, direction_unknown: from the first to the last point), `too_few` (below 3 points), `record_ids`.
    """
    rows = _values(plans)
    ways = _directed(plans, rows, directions)[["_unit", "direction", "basis"]]
    ways = ways[ways["direction"].isin([HIGHER, LOWER])].drop_duplicates("_unit").reset_index(drop=True)
    points = _outcomes(rows, columns=["municipality_code", "unit_id"])
    points = points.sort_values("year", kind="stable").reset_index(drop=True)
    points = _named(plans, points).assign(_unit=points["_unit"])
    found = groups(points, ["municipality_code", "unit_id", "group"])
    x, y = points["year"].to_numpy(dtype=float), points["value"].to_numpy()
    n = found.count()
    mean_x, mean_y = (stat.rate(found.count(weights=v), n)[found.codes] for v in (x, y))
    sxx, sxy = found.count(weights=(x - mean_x) ** 2), found.count(weights=(x - mean_x) * (y - mean_y))
    slope = stat.rate(sxy, sxx)
    left = found.count(weights=(y - mean_y - slope[found.codes] * (x - mean_x)) ** 2)
    half = stat.slope_half_width(left, sxx, n, level)
    first, last = np.zeros(len(n), dtype=np.int64), np.zeros(len(n), dtype=np.int64)
    rows_of = np.arange(len(points))
    first[found.codes[::-1]], last[found.codes] = rows_of[::-1], rows_of
    change = y[last] - y[first]
    way = matches(points[["_unit"]].take(last), ways, ["_unit"])
    direction, basis = brought(ways["direction"], way), brought(ways["basis"], way).fillna(UNKNOWN)
    sign = np.select([direction == HIGHER, direction == LOWER], [1.0, -1.0], np.nan)
    moved = worded(
        [n < 2, change == 0, sign * change > 0, sign * change < 0],
        [stat.TOO_FEW, "unchanged", "better", "worse"],
        "direction_unknown",
    )
    about = {name: points[name].take(last).reset_index(drop=True) for name in ("name", "unit", "goal_id", "office")}
    years = points["year"]
    return found.keys.assign(
        **about,
        points=n,
        first_year=years.take(first).reset_index(drop=True),
        last_year=years.take(last).reset_index(drop=True),
        first=y[first],
        last=y[last],
        change=change,
        slope=slope,
        low=slope - half,
        high=slope + half,
        direction=direction,
        basis=basis,
        moved=moved,
        too_few=n < 3,
        record_ids=found.lists(points["indicator_value_id"]),
    )


def by_sex(plans: Tables) -> pd.DataFrame:
    """Values printed for women and men, or girls and boys, side by side: one row per indicator, year and kind.

    Columns: `unit_id`, `municipality_code`, `year`, `kind`, `name`, `unit`, `goal_id`, `female`, `male`,
    `difference` = female - male, `ratio` = female / male (missing for 0), `pair` (adults, children), `record_ids`.
    Only pairs with both values are shown: one alone compares with nothing.
    """
    rows = _values(plans)
    rows = _named(plans, rows[rows["value"].notna() & rows["group"].isin(["women", "men", "girls", "boys"])])
    rows = rows.assign(pair=np.where(rows["group"].isin(["girls", "boys"]), "children", "adults"))
    key = ["unit_id", "municipality_code", "year", "kind", "pair"]
    codes = groups(rows, [*key, "group"], ordered=False).codes
    rows = rows.iloc[_last(codes, rows["plan_year"].to_numpy(dtype=float, na_value=0))]
    is_female = rows["group"].isin(["women", "girls"])
    female, male = rows[is_female].reset_index(drop=True), rows[~is_female].reset_index(drop=True)
    place = matches(female, male, key)
    female, other = female[place >= 0].reset_index(drop=True), place[place >= 0]
    his = brought(male["value"], other)
    ids = [
        list(pair)
        for pair in zip(female["indicator_value_id"], brought(male["indicator_value_id"], other), strict=True)
    ]
    return female[["unit_id", *MUNICIPALITY_YEAR, "kind", "name", "unit", "goal_id"]].assign(
        female=female["value"],
        male=his,
        difference=female["value"] - his,
        ratio=stat.rate(female["value"], his.where(his > 0)),
        pair=female["pair"].astype("str"),
        record_ids=pd.Series(ids, index=female.index, dtype=object),
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
    judged = attainment(plans, directions)
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
