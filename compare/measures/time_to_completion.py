"""When in the year things get done: the discrete hazard of being completed at each report, and what is still open.

A status is seen only when it is reported (months 4, 6, 8, 12), so a completion found at a report lies somewhere since
the report before.

What is cancelled can no longer be completed. `hazard` asks how soon things would be done had none been cancelled;
`incidence` how many were done, and how many cancelled, as it was. One less the first overstates the second as soon as
anything is cancelled, so only `incidence` is read as a share of all that was decided.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.counting import By, check_by, groups
from compare.measures.status_history import history, latest

ENDS = ("completed", "cancelled")
_NEARLY = 1e-12  # sums of fractions miss a whole by less


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
    rows = _until_ended(plans, by, subject)
    found = groups(rows, [*by, "month"])
    at_risk, completed = found.count(), found.count(rows["status"] == "completed")
    table = found.keys.assign(
        at_risk=at_risk,
        completed=completed,
        cancelled=found.count(rows["status"] == "cancelled"),
        **stat.share(completed, at_risk, level, name="hazard"),
    )
    return _survival(table, by, level).assign(record_ids=found.lists(rows["status_id"]))


def incidence(plans: Tables, by: By = (), *, subject: str = "assignment", level: float = stat.LEVEL) -> pd.DataFrame:
    """How many were completed and how many cancelled by each month of reporting: one row per group and month.

    Two ends compete. The share that came to one of them by month t is the sum, over the months j until t, of
    S(j-1) d_j / n_j: n_j are the units at risk at j, d_j those found at that end, S(j-1) the share that had come to
    neither before (the estimator of Aalen and Johansen on the grid of reports). Columns: `by`, `month` (4, 6, 8, 12),
    `at_risk`, `completed`, `cancelled` (units found so at this month), `share` completed by then with `low`, `high`,
    `cancelled_share` with `cancelled_low`, `cancelled_high`, `open_share` (the three shares sum to 1), `record_ids`
    (the status rows of the units at risk).

    The interval is normal on the scale of ln(-ln share), so that it stays within 0 and 1; it is missing where the share
    is 0 or 1, and rough below some ten units. Who is at risk, what is left out and what to group by: see `hazard`.
    Raises `PlanError` for an unknown column or subject. Sources: Aalen & Johansen 1978 (Scandinavian J. Statistics
    5:141); Dinse & Larson 1986 (Biometrika 73:379) for the variance; Choudhury 2002 (Statistics in Medicine 21:1129)
    for the interval.
    """
    rows = _until_ended(plans, by, subject)
    found = groups(rows, [*by, "month"])
    ends = {end: found.count(rows["status"] == end) for end in ENDS}
    at_risk, code = found.count(), groups(found.keys, by).codes
    before = _open_before(at_risk, ends["completed"] + ends["cancelled"], code)
    completed = _came_to(ends["completed"], ends["cancelled"], at_risk, before, code, level)
    cancelled = _came_to(ends["cancelled"], ends["completed"], at_risk, before, code, level)
    return found.keys.assign(
        at_risk=at_risk,
        completed=ends["completed"],
        cancelled=ends["cancelled"],
        share=completed.share,
        low=completed.low,
        high=completed.high,
        cancelled_share=cancelled.share,
        cancelled_low=cancelled.low,
        cancelled_high=cancelled.high,
        # What is left of a sum of fractions is not exactly nothing.
        open_share=np.clip(1 - completed.share - cancelled.share, 0, 1),
        record_ids=found.lists(rows["status_id"]),
    )


class _Came(NamedTuple):
    """The share that came to an end by each month, and the ends of its interval."""

    share: np.ndarray
    low: np.ndarray
    high: np.ndarray


def _open_before(n: np.ndarray, d: np.ndarray, code: np.ndarray) -> np.ndarray:
    """The share of each group that had come to no end before each month; the rows are in order of time."""
    kept = pd.Series(1 - stat.rate(d, n)).groupby(code)
    return kept.cumprod().groupby(code).shift(fill_value=1.0).to_numpy()


def _came_to(
    d: np.ndarray, other: np.ndarray, n: np.ndarray, before: np.ndarray, code: np.ndarray, level: float
) -> _Came:
    """The cumulative incidence of one end; `d` came to it at each month, `other` to the other one."""
    n, step = n.astype(float), before * stat.rate(d, n)
    share = _summed(step, code)
    left = n - d - other
    # Where nobody is left the share moves no more, so the term that has no value there is never asked for.
    among = stat.rate(d + other, n * left)
    among[left == 0] = 0.0
    own = before**2 * stat.rate((n - d) * d, n**3)
    crossed = before * stat.rate(d, n**2)
    variance = (
        share**2 * _summed(among, code)
        - 2 * share * _summed(share * among, code)
        + _summed(share**2 * among, code)
        + _summed(own, code)
        - 2 * share * _summed(crossed, code)
        + 2 * _summed(share * crossed, code)
    )
    inside = (share > 0) & (share < 1 - _NEARLY)
    safe = np.where(inside, share, 0.5)
    spread = stat.normal_quantile(level) * np.sqrt(np.maximum(variance, 0)) / (safe * np.abs(np.log(safe)))
    low, high = safe ** np.exp(spread), safe ** np.exp(-spread)
    return _Came(np.minimum(share, 1.0), np.where(inside, low, np.nan), np.where(inside, high, np.nan))


def _summed(values: np.ndarray, code: np.ndarray) -> np.ndarray:
    return pd.Series(values).groupby(code).cumsum().to_numpy()


def _until_ended(plans: Tables, by: By, subject: str) -> pd.DataFrame:
    """The latest known status of each unit at each month, up to the one that ends it."""
    rows = latest(history(plans, subject), ("unit_id", "year", "month"))
    check_by(by, rows.columns)
    rows = rows[rows["status"] != "unknown"].sort_values("month", kind="stable")
    unit = groups(rows, ["unit_id", "year"]).codes
    return rows[~_before(rows["status"].isin(ENDS).to_numpy(), unit)]


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
