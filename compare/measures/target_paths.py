"""Where targets lead: whether they move over the years, and whether they ask for more than was already reached.

A plan that prints the same number for every year, or the number it has already reached, asks that something be kept.
That can be read from numbers alone: neither needs to know whether more or less is better.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.counting import By, brought, check_by, groups, positions
from compare.measures.indicators import UNKNOWN, series, targets
from compare.measures.target_cells import RANK

MUNICIPALITY_PLAN_YEAR = ("municipality_code", "plan_year")


def paths(plans: Tables, directions: pd.DataFrame | None = None) -> pd.DataFrame:
    """The numeric targets of each indicator and part in one plan year as a path: one row each.

    Columns: `unit_id`, `municipality_code`, `plan_year`, `group`, `name`, `unit`, `office`, `goal_id`,
    `targets` (years with a target), `first_year`, `last_year`, `first`, `last`, `baseline`, `baseline_year` (of the
    first target),
    `flat` (all targets are equal; null for one target only), `keeps` (all targets equal the baseline; null without
    one), `direction`, `basis` (stated, reviewed, unknown), `record_ids` (targets and baseline).
    """
    rows = targets(plans, directions)
    rows = rows[rows["target"].notna() & rows["year"].notna() & (rows["direction"] != RANK).fillna(True)]
    rows = rows.sort_values("year", kind="stable").reset_index(drop=True)
    found = groups(rows, ["municipality_code", "plan_year", "unit_id", "group"])
    n = found.count()
    first, last = np.zeros(len(n), dtype=np.int64), np.zeros(len(n), dtype=np.int64)
    places = np.arange(len(rows))
    first[found.codes[::-1]], last[found.codes] = places[::-1], places
    of_first = {name: rows[name].take(first).reset_index(drop=True) for name in ("name", "unit", "office", "goal_id")}
    begins = rows["target"].take(first).to_numpy(dtype=float)
    baseline = rows["baseline"].take(first).to_numpy(dtype=float, na_value=np.nan)
    value = rows["target"].to_numpy(dtype=float)
    same = found.count(value == begins[found.codes]) == n
    kept = found.count(value == baseline[found.codes]) == n
    ids = [found.lists(rows["target_id"]), found.lists(rows["baseline_id"], rows["baseline_id"].notna())]
    return found.keys.assign(
        **of_first,
        targets=n,
        first_year=rows["year"].take(first).array,
        last_year=rows["year"].take(last).array,
        first=begins,
        last=rows["target"].take(last).to_numpy(dtype=float),
        baseline=baseline,
        baseline_year=rows["baseline_year"].take(first).array,
        flat=pd.Series(same, dtype="boolean").mask(n <= 1),
        keeps=pd.Series(kept, dtype="boolean").mask(np.isnan(baseline)),
        direction=rows["direction"].take(first).array,
        basis=rows["basis"].take(first).array,
        record_ids=pd.Series([a + list(dict.fromkeys(b)) for a, b in zip(*ids, strict=True)], dtype=object),
    )


def path_rates(plans: Tables, by: By = MUNICIPALITY_PLAN_YEAR, *, level: float = stat.LEVEL) -> pd.DataFrame:
    """How many paths are flat and how many only keep what was reached: one row per group and `measure`.

    `measure`: flat (of the indicators with targets for several years, those with the same number in all), keeps (of
    those with a baseline, those whose targets all equal it). Columns: `by`, `measure`, `count`, `n`, `rate`, `low`,
    `high` (Wilson), `record_ids` (those that `count` counts).
    """
    rows = paths(plans)
    found = groups(rows, check_by(by, rows.columns))
    parts = []
    for measure in ("flat", "keeps"):
        known, yes = rows[measure].notna().to_numpy(), rows[measure].fillna(False).to_numpy(dtype=bool)
        count, n = found.count(yes), found.count(known)
        ids = found.lists(rows["record_ids"], yes)
        parts.append(
            found.keys.assign(
                measure=pd.Series(measure, index=found.keys.index, dtype="str"),
                count=count,
                n=n,
                **stat.share(count, n, level),
                record_ids=pd.Series([[i for one in lists for i in one] for lists in ids], dtype=object),
            )
        )
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def points(plans: Tables) -> pd.DataFrame:
    """The numbers to draw an indicator by: one row per indicator, part, kind and year.

    Of several printed values of one year and kind the one of the latest plan year counts. Columns: `unit_id`,
    `municipality_code`, `name`, `group`, `unit`, `office`, `kind` (outcome, forecast, target), `year`,
    `value`, `plan_year`, `record_id`.
    """
    rows = series(plans)
    rows = rows[rows["value"].notna() & rows["year"].notna()].sort_values("plan_year", kind="stable")
    rows = rows.drop_duplicates(["unit_id", "group", "kind", "year"], keep="last")
    rows = rows.sort_values(["municipality_code", "indicator_value_id", "year"], kind="stable")
    columns = ["unit_id", "municipality_code", "name", "group", "unit", "office", "kind", "year", "value", "plan_year"]
    return rows[columns].assign(record_id=rows["indicator_value_id"]).reset_index(drop=True)


def without_direction(plans: Tables, directions: pd.DataFrame | None = None) -> pd.DataFrame:
    """The indicators whose targets do not say whether more or less is better: one row per indicator.

    A reviewer's list: `direction` filled in and given as `directions`, it decides what the cells leave open. Columns:
    `unit_id`, `indicator_id`, `municipality_code`, `plan_year`, `name`, `unit`, `office`, `targets` (years with a
    target), `text` (the first target cell), `record_ids` (the targets).
    """
    rows = targets(plans, directions)
    rows = rows[rows["basis"] == UNKNOWN].reset_index(drop=True)
    found = groups(rows, ["municipality_code", "plan_year", "unit_id"])
    first = np.zeros(len(found.keys), dtype=np.int64)
    first[found.codes[::-1]] = np.arange(len(rows))[::-1]
    own = {name: rows[name].take(first).reset_index(drop=True) for name in ("indicator_id", "name", "unit", "office")}
    years = rows.drop_duplicates(["municipality_code", "plan_year", "unit_id", "year"]).index
    once = np.isin(np.arange(len(rows)), years.to_numpy())
    order = positions(own["indicator_id"], plans.indicators["indicator_id"])
    return (
        found.keys.assign(
            **own,
            targets=found.count(once),
            text=rows["text"].take(first).reset_index(drop=True),
            record_ids=found.lists(rows["target_id"]),
            line=brought(plans.indicators["line"], order),
        )
        .sort_values(["municipality_code", "plan_year", "line"], kind="stable")
        .drop(columns="line")
        .reset_index(drop=True)
    )


def directions_known(
    plans: Tables, directions: pd.DataFrame | None = None, *, level: float = stat.LEVEL
) -> pd.DataFrame:
    """How many of the indicators with a target say which way is better: one row per municipality and plan year.

    Columns: `municipality_code`, `plan_year`, `count` (stated or reviewed), `n` (indicators with a target), `rate`,
    `low`, `high` (Wilson), `record_ids` (targets of those that do not).
    """
    rows = targets(plans, directions)
    rows = rows.assign(known=rows["basis"] != UNKNOWN)
    each = groups(rows, ["municipality_code", "plan_year", "unit_id"])
    units = each.keys.assign(
        known=each.count(rows["known"]) > 0, ids=each.lists(rows["target_id"], ~rows["known"].to_numpy())
    )
    found = groups(units, MUNICIPALITY_PLAN_YEAR)
    count, n = found.count(units["known"]), found.count()
    ids = found.lists(units["ids"], ~units["known"].to_numpy())
    return found.keys.assign(
        count=count,
        n=n,
        **stat.share(count, n, level),
        record_ids=pd.Series([[i for one in lists for i in one] for lists in ids], dtype=object),
    )
