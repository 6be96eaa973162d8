"""Indicators: whether they can be followed at all, how they moved, and how far their targets reach.

Whether targets were reached is told by `compare.measures.attainment`.

**Direction.** Whether more or less is better is never guessed. It is *stated* where the words of a target cell say it
(`compare.measures.target_cells`), for all targets of the same indicator unless its cells contradict each other;
*reviewed* where a table given as `directions` says it (which goes before the cells); else *unknown*. Every row says
which it is.

**What is one.** Rows of `indicators` that state the same (`compare.measures.units.lasting_ids`) are one unit, so that
the outcome printed in a later plan meets the target of an earlier one. Parts (girls, boys, school years ...) are
followed each on their own.

**Which of several printed values counts.** An outcome: of the latest plan year. A target of a year: of the plan for
that year, else of the latest plan before it, else of the earliest after it. A baseline: the outcome of the latest
year before both the plan year and the target's year. Among equals the later row.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    matches,
    positions,
    worded,
)
from compare.measures.directions import HIGHER, LOWER, decided
from compare.measures.goal_structure import has_values, judged_targets
from compare.measures.target_cells import RANK, is_stated, readings
from compare.measures.units import lasting_ids

STATED, REVIEWED, UNKNOWN = "stated", "reviewed", "unknown"
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
OF_TARGET = [
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


def series(plans: Tables) -> pd.DataFrame:
    """Every printed value with its indicator: the rows of `indicator_values` in their order.

    Columns: `indicator_value_id`, `indicator_id`, `unit_id`, `municipality_code`, `plan_year`, `year`, `kind`,
    `group`, `value`, `unit` (printed; else the indicator's), `text`, `name`, `goal_id`, `office`, and `series`, a
    number for the unit and part within this result. A text that the coding leaves out is missing: then only a
    reviewed direction is known.
    """
    return named(plans, placed(plans))


def placed(plans: Tables) -> pd.DataFrame:
    """The rows of `series` without what costs time to bring along: see `named`.

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


def named(plans: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with printed unit, name, goal and office of their indicator, without the helping columns."""
    rows, place = rows.reset_index(drop=True), rows["_place"].to_numpy()
    own = {name: brought(plans.indicators[name], place) for name in ("name", "goal_id", "office")}
    return rows.assign(unit=printed_unit(plans, rows), **own).drop(columns=["_place", "_unit"])


def printed_unit(plans: Tables, rows: pd.DataFrame) -> pd.Series:
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
    return named(plans, with_baselines(plans, placed(plans), directions))[OF_TARGET]


def with_baselines(plans: Tables, rows: pd.DataFrame, directions: pd.DataFrame | None) -> pd.DataFrame:
    """The targets among rows of `placed`, each with its direction and its baseline."""
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
    found = rows[(rows["kind"] == "target").to_numpy()]
    found = found[is_stated(found)].reset_index(drop=True)
    cells = readings(found)
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
    known = outcomes(rows)
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


def outcomes(rows: pd.DataFrame, kind: str = "outcome", columns: Sequence[str] = ()) -> pd.DataFrame:
    """One numeric value per unit, part and year: of the latest plan year.

    `rows` are those of `placed`, `kind` is outcome or forecast. Columns: `series`, `year`, `plan_year`, `group`,
    `value`, `unit`, `indicator_value_id`, `_place`, `_unit`, and those of `columns`; years without a number have no
    row.
    """
    chosen = (rows["kind"] == kind) & rows["value"].notna() & rows["year"].notna()
    known = rows.loc[chosen, [*_OF_OUTCOME, *columns]]
    codes = groups(known, ["series", "year"], ordered=False).codes
    return known.iloc[last_of(codes, known["plan_year"].to_numpy(dtype=float, na_value=0))].reset_index(drop=True)


def last_of(codes: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """The row of highest rank of each group, the later of equals; rows in their order."""
    order = np.lexsort((rank, codes))
    last = np.r_[codes[order][1:] != codes[order][:-1], True] if len(order) else np.zeros(0, dtype=bool)
    return np.sort(order[last])


COVERED = ("any_value", "baseline", "target", "target_in_words", "complete", "direction_stated")


def coverage(plans: Tables, by: By = MUNICIPALITY_YEAR, *, level: float = stat.LEVEL) -> pd.DataFrame:
    """What indicators come with: one row per group and `measure`; an indicator counts once per plan year.

    `measure`: any_value; baseline (a numeric outcome of a year before the plan's); target (a number with its year);
    target_in_words (words only, other than that there is none yet); complete (a numeric target of a stated year, and a
    numeric outcome of an earlier one); direction_stated (the cells say which way). Columns: `by`, `measure`, `k`, `n`
    (indicators of which it is known), `rate`, `low`, `high` (Wilson; null where n is 0), `unknown` (indicators of a
    municipality and year whose documents print no value of any), `bound_low`, `bound_high` (Manski), `record_ids`
    (indicators that have it), `missing_ids` (those that lack it), `unknown_ids`.
    """
    values = placed(plans)
    rows = plans.indicators.assign(_unit=pd.factorize(lasting_ids(plans, "indicators"))[0])
    place = matches(values[["_unit", "plan_year"]].rename(columns={"plan_year": "year"}), rows, ["_unit", "year"])
    is_target = (values["kind"] == "target").to_numpy()
    number = values["value"].notna().to_numpy()
    early = (values["year"] < values["plan_year"]).fillna(False).to_numpy(dtype=bool)
    stated = np.zeros(len(values), dtype=bool)
    stated[is_target] = readings(values[is_target])["way"].notna()
    masks = {
        "any_value": np.ones(len(values), dtype=bool),
        "baseline": (values["kind"] == "outcome").to_numpy() & number & early,
        "target": is_target & number & values["year"].notna().to_numpy(),
        "target_in_words": is_target & ~number & is_stated(values),
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
    """How far each numeric target reaches from its baseline: one row per target of the plan's own year or later.

    What a plan prints as the target of a year before its own was set before the baseline was known: it shows what was
    asked for then, and nothing of what this plan asks for.

    Columns: those of `targets`, `change` = target - baseline, `relative` = change / |baseline| (missing for 0),
    `per_year` = change over the years between, and `ambition`: raises (the target is better than the baseline by the
    stated or reviewed direction), holds (equal), lowers (the target is worse than what was already reached),
    direction_unknown, no_baseline.
    """
    found = with_baselines(plans, placed(plans), directions)
    past = (found["year"] < found["plan_year"]).fillna(False)
    found = found[found["target"].notna() & (found["direction"] != RANK).fillna(True) & ~past].reset_index(drop=True)
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
    return named(plans, found)[[*OF_TARGET, "change", "relative", "per_year", "ambition"]]


def trends(plans: Tables, directions: pd.DataFrame | None = None, *, level: float = stat.LEVEL) -> pd.DataFrame:
    """How each indicator's outcomes moved over the years: one row per indicator and part with a numeric outcome.

    Columns: `unit_id`, `municipality_code`, `group`, `name`, `unit`, `goal_id`, `office`, `points` (years with an
    outcome), `first_year`, `last_year`, `first`, `last`, `change`, `slope` (least squares, per year; missing for one
    point) with `low`, `high` (Student's t; missing below 3 points), `direction`, `basis`, `moved` (better, worse,
    unchanged, direction_unknown: from the first to the last point), `too_few` (below 3 points), `record_ids`.
    """
    rows = placed(plans)
    ways = _directed(plans, rows, directions)[["_unit", "direction", "basis"]]
    ways = ways[ways["direction"].isin([HIGHER, LOWER])].drop_duplicates("_unit").reset_index(drop=True)
    points = outcomes(rows, columns=["municipality_code", "unit_id"])
    points = points.sort_values("year", kind="stable").reset_index(drop=True)
    points = named(plans, points).assign(_unit=points["_unit"])
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
    rows = placed(plans)
    rows = named(plans, rows[rows["value"].notna() & rows["group"].isin(["women", "men", "girls", "boys"])])
    rows = rows.assign(pair=np.where(rows["group"].isin(["girls", "boys"]), "children", "adults"))
    key = ["unit_id", "municipality_code", "year", "kind", "pair"]
    codes = groups(rows, [*key, "group"], ordered=False).codes
    rows = rows.iloc[last_of(codes, rows["plan_year"].to_numpy(dtype=float, na_value=0))]
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
