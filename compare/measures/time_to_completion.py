"""When in the year things get done: the discrete hazard of being completed at each report, and what is still open.

A status is seen only when it is reported (months 4, 6, 8, 12), so a completion found at a report lies somewhere since
the report before.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.counting import By, check_by, groups
from compare.measures.status_history import history, latest


def hazard(plans: Tables, by: By = (), *, subject: str = "assignment", level: float = stat.LEVEL) -> pd.DataFrame:
    """Time to completion within the year, as a discrete hazard: one row per group and month of reporting.

    A status is seen only when it is reported (months 4, 6, 8, 12), so a completion found at a report lies somewhere
    since the report before. At each month: `at_risk` (units with a known status then that were neither completed nor
    cancelled before), `completed` and `cancelled` (a competing end), `hazard` = completed / at_risk with `low`, `high`
    (Wilson), `open` = the product of (1 - hazard), the share not completed so far had none been cancelled
    (Kaplan-Meier on a grid), with the log-log interval `open_low`, `open_high`, and `record_ids`. Units not reported
    at a month are left out there (censored); a group with no rows is absent. Group by municipality or year where
    reporting months differ, or a month without reports looks like a month without completions.
    Source: Kaplan & Meier 1958; Kalbfleisch & Prentice 2002, section 1.4, for the interval.
    """
    rows = latest(history(plans, subject), ("unit_id", "year", "month"))
    check_by(by, rows.columns)
    rows = rows[rows["status"] != "unknown"].sort_values("month", kind="stable")
    ended = rows["status"].isin(["completed", "cancelled"])
    unit = groups(rows, ["unit_id", "year"]).codes
    rows = rows[~_before(ended.to_numpy(), unit)]
    found = groups(rows, [*by, "month"])
    at_risk, completed = found.count(), found.count(rows["status"] == "completed")
    table = found.keys.assign(
        at_risk=at_risk,
        completed=completed,
        cancelled=found.count(rows["status"] == "cancelled"),
        **stat.share(completed, at_risk, level, name="hazard"),
    )
    return _survival(table, by, level).assign(record_ids=found.lists(rows["status_id"]))


def _before(ended: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Whether the unit had ended at an earlier row; the rows are in order of time."""
    order = np.argsort(unit, kind="stable")
    first = np.r_[True, unit[order][1:] != unit[order][:-1]] if len(unit) else np.zeros(0, dtype=bool)
    so_far = np.cumsum(ended[order]) - ended[order]
    start = so_far[first][np.cumsum(first) - 1] if len(unit) else so_far
    before = np.zeros(len(unit), dtype=bool)
    before[order] = so_far > start
    return before


def _survival(table: pd.DataFrame, by: By, level: float) -> pd.DataFrame:
    codes = groups(table, by).codes
    d, n = table["completed"].to_numpy(dtype=float), table["at_risk"].to_numpy(dtype=float)
    grouped = pd.DataFrame({"code": codes, "kept": 1 - stat.rate(d, n), "part": stat.rate(d, n * (n - d))}).groupby(
        "code"
    )
    open_ = grouped["kept"].cumprod().to_numpy()
    deviation = np.sqrt(grouped["part"].cumsum().to_numpy())
    z = stat.normal_quantile(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log(open_)
        spread = np.exp(z * deviation / np.abs(log))
        low, high = open_**spread, open_ ** (1 / spread)
    inside = (open_ > 0) & (open_ < 1)
    return table.assign(open=open_, open_low=np.where(inside, low, np.nan), open_high=np.where(inside, high, np.nan))
