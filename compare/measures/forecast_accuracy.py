"""How often forecasts came true: of assignments and goals from interim reports to the year's end, and of money.

**Assignments.** A forecast ('expected', 'partly_expected', 'not_expected') made at an interim period is held against
the status at the year's end (T3 or the annual report) of the same unit and year. Levels: completed = 2, partly
completed = 1, all else that was assessed = 0 ('in progress' at the year's end is not completed). Cancelled at the end
is left out and counted; no or an unknown status at the end is unknown, never a miss.

**Pitfall.** A committee can act on its forecast: a forecast of failure that was averted was not a bad forecast. And a
forecast in words is not a probability; the scores say what it was taken for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.counting import (
    MUNICIPALITY_YEAR,
    By,
    Groups,
    brought,
    check_by,
    groups,
    mapped,
    matches,
    of_whole,
    remembered,
    worded,
)
from compare.measures.status_history import INTERIM, YEAR_END, at, history, latest, per_committee

FORECAST_LEVELS = {"not_expected": 0, "partly_expected": 1, "expected": 2}
OUTCOME_LEVELS = {
    "completed": 2,
    "partly_completed": 1,
    "not_completed": 0,
    "not_started": 0,
    "in_progress": 0,
    "at_risk": 0,
}
# The chance of being completed that each word is taken for, where the caller does not say otherwise.
AS_CERTAIN = {"expected": 1.0, "partly_expected": 0.5, "not_expected": 0.0}


@remembered
def forecasts(plans: Tables, *, made_at: str | Sequence[str] = INTERIM, subject: str = "assignment") -> pd.DataFrame:
    """Each unit's latest forecast of the year with what became of it: one row per unit and year.

    `made_at` are the periods a forecast may come from (('T1',) for the first only). Columns: `unit_id`,
    `municipality_code`, `year`, `made_at` (period name), `forecast`, `outcome` (status at the year's end; null where
    none is known), `forecast_level`, `outcome_level` (0 to 2; null where unknown or cancelled), `error` = outcome
    level minus forecast level, `result` (held, better, worse, cancelled, unknown), office, kind, committees and the
    like of the subject, `forecast_id`, `outcome_id` (status rows).
    """
    rows = history(plans, subject)
    made = latest(at(rows[rows["status"].isin(list(FORECAST_LEVELS))], made_at)).reset_index(drop=True)
    ends = latest(at(rows[rows["basis"] == "outcome"], YEAR_END)).reset_index(drop=True)
    place = matches(made, ends, ["unit_id", "year"])
    outcome = brought(ends["status"], place)
    outcome = outcome.mask(outcome == "unknown")
    level = mapped(made["status"], FORECAST_LEVELS.get, "Int64")
    reached = mapped(outcome, OUTCOME_LEVELS.get, "Int64")
    error = reached - level
    sign = error.to_numpy(dtype=float, na_value=np.nan)
    result = worded(
        [sign == 0, sign > 0, sign < 0, outcome == "cancelled"], ["held", "better", "worse", "cancelled"], "unknown"
    )
    own = [name for name in ("title", "name", "office", "kind", "committees", "goal_id", "level") if name in made]
    renamed = made.rename(columns={"status": "forecast", "period_name": "made_at"})
    return renamed[["unit_id", *MUNICIPALITY_YEAR, "made_at", "forecast"]].assign(
        outcome=outcome,
        forecast_level=level,
        outcome_level=reached,
        error=error,
        result=result,
        **{name: made[name] for name in own},
        forecast_id=made["status_id"],
        outcome_id=brought(ends["status_id"], place),
    )


def hit_rates(
    plans: Tables,
    by: By = MUNICIPALITY_YEAR,
    *,
    made_at: str | Sequence[str] = INTERIM,
    subject: str = "assignment",
    level: float = stat.LEVEL,
) -> pd.DataFrame:
    """How many forecasts held, and which way the others erred: one row per group.

    Columns: `by`, `n` (forecasts with a known outcome), `held`, `better`, `worse`, `rate` = held / n with `low`,
    `high` (Wilson), `unknown` (no outcome known), `cancelled`, `bound_low`, `bound_high` (Manski, of the rate),
    `optimism` = (worse - better) / n with `optimism_low`, `optimism_high` (Bonett & Price 2012): above 0 the
    forecasts promised more than came; `too_few`, `record_ids` (status rows of forecasts and outcomes).
    """
    rows = _grouping(forecasts(plans, made_at=made_at, subject=subject), by)
    found = groups(rows, check_by(by, rows.columns))
    count = {name: found.count(rows["result"] == name) for name in ("held", "better", "worse", "unknown", "cancelled")}
    n = count["held"] + count["better"] + count["worse"]
    bounds = stat.manski_bounds(count["held"], n, count["unknown"])
    optimism = stat.balance(count["better"], count["worse"], n, level)
    return found.keys.assign(
        n=n,
        held=count["held"],
        better=count["better"],
        worse=count["worse"],
        **stat.share(count["held"], n, level),
        unknown=count["unknown"],
        cancelled=count["cancelled"],
        bound_low=bounds.low,
        bound_high=bounds.high,
        optimism=optimism.difference,
        optimism_low=optimism.low,
        optimism_high=optimism.high,
        too_few=stat.too_few(n),
        record_ids=_ids(rows, found),
    )


def confusion(
    plans: Tables,
    by: By = MUNICIPALITY_YEAR,
    *,
    made_at: str | Sequence[str] = INTERIM,
    subject: str = "assignment",
) -> pd.DataFrame:
    """What each forecast turned into: one row per group, forecast and outcome that occurs.

    Columns: `by`, `forecast`, `outcome` (null: not known), `n`, `total` (forecasts of this word with a known outcome),
    `share` = n / total with `low`, `high` (Wilson; missing for the unknown), `record_ids`.
    """
    rows = _grouping(forecasts(plans, made_at=made_at, subject=subject), by)
    check_by(by, rows.columns)
    parts = groups(rows, [*by, "forecast", "outcome"])
    whole = groups(rows, [*by, "forecast"])
    known = rows["outcome"].notna()
    n, total = parts.count(), of_whole(whole.count(known), whole, parts)
    of = np.where(parts.keys["outcome"].notna(), total, 0)
    return parts.keys.assign(n=n, total=total, **stat.share(n, of, name="share"), record_ids=_ids(rows, parts))


def scores(
    plans: Tables,
    by: By = MUNICIPALITY_YEAR,
    *,
    made_at: str | Sequence[str] = INTERIM,
    subject: str = "assignment",
    chances: Mapping[str, float] = AS_CERTAIN,
    base_rate: float | None = None,
) -> pd.DataFrame:
    """How good forecasts were as forecasts, against always saying the base rate: one row per group.

    Columns: `by`, `n`; `base_rate` (share completed in the group itself, which flatters the base rate as a forecaster
    since it was not known beforehand, or the one given); `brier` = mean (p - o)² with o = 1 if completed and p what
    `chances` takes the word for; `brier_base` the same for the base rate; `skill` = 1 - brier / brier_base (above 0:
    better than the base rate; missing where the base rate makes no error); `rps`, the ranked probability score of the
    three levels, and `rps_base`, `rps_skill` against the group's own shares of the levels; `too_few`, `record_ids`.
    Sources: Brier 1950; Epstein 1969 (rps, here divided by levels - 1, so 0 is perfect and 1 the worst).
    """
    rows = forecasts(plans, made_at=made_at, subject=subject)
    rows = _grouping(rows[rows["outcome_level"].notna()], by)
    found = groups(rows, check_by(by, rows.columns))
    n = found.count()
    reached = rows["outcome_level"].to_numpy(dtype=int)
    said = rows["forecast_level"].to_numpy(dtype=int)
    p = mapped(rows["forecast"], chances.get, float).to_numpy()
    done = (reached == 2).astype(float)
    own = stat.rate(found.count(weights=done), n)
    base = own if base_rate is None else np.full(len(n), float(base_rate))
    brier = stat.rate(found.count(weights=(p - done) ** 2), n)
    brier_base = stat.rate(found.count(weights=(base[found.codes] - done) ** 2), n)
    rps, rps_base = np.zeros(len(n)), np.zeros(len(n))
    for threshold in (0, 1):
        happened, forecast = (reached <= threshold).astype(float), (said <= threshold).astype(float)
        common = stat.rate(found.count(weights=happened), n)
        rps = rps + stat.rate(found.count(weights=(forecast - happened) ** 2), n) / 2
        rps_base = rps_base + stat.rate(found.count(weights=(common[found.codes] - happened) ** 2), n) / 2
    return found.keys.assign(
        n=n,
        base_rate=base,
        brier=brier,
        brier_base=brier_base,
        skill=_skill(brier, brier_base),
        rps=rps,
        rps_base=rps_base,
        rps_skill=_skill(rps, rps_base),
        too_few=stat.too_few(n),
        record_ids=_ids(rows, found),
    )


def _skill(score: np.ndarray, base: np.ndarray) -> np.ndarray:
    return np.where(base > 0, 1 - score / np.where(base > 0, base, 1), np.nan)


def _grouping(rows: pd.DataFrame, by: By) -> pd.DataFrame:
    if "committee" in by and "committees" in rows:
        return per_committee(rows, shared=False)
    return rows.reset_index(drop=True)


def _ids(rows: pd.DataFrame, found: Groups, mask: np.ndarray | None = None) -> pd.Series:
    """The forecast rows and then the outcome rows of each group."""
    shown = np.ones(len(rows), dtype=bool) if mask is None else mask
    made, ended = (
        found.lists(rows[name], shown & rows[name].notna().to_numpy()) for name in ("forecast_id", "outcome_id")
    )
    return pd.Series([a + b for a, b in zip(made, ended, strict=True)], index=found.keys.index, dtype=object)


_YEAR = re.compile(r"\b(19|20)\d\d\b")
MONEY_KEY = ["municipality_code", "year", "table_title", "label", "office", "category"]


@remembered
def money(plans: Tables) -> pd.DataFrame:
    """Each forecast amount with the outcome of the same year, table, label, office and category: one row per forecast.

    Titles and labels are compared without case, years and double spaces: a label means nothing without its table. The
    outcome is that of the latest plan year that prints it; for a label that one document prints twice in a table, or
    with several outcomes, nothing can be told apart and the pair is left out as ambiguous (`state`). Amounts keep the
    sign as printed; where most amounts of the two tables have opposite signs, the documents print signs differently and
    no error is given. Columns: the key, `plan_year` (of the forecast), `forecast`, `outcome` in kronor, `error` =
    outcome - forecast, `relative` = error / |outcome|, `state` (paired, no_outcome, ambiguous, sign_differs),
    `forecast_id`, `outcome_id`.
    """
    rows = plans.budget_lines[plans.budget_lines["amount_sek"].notna()]
    rows = rows[rows["kind"].isin(["forecast", "outcome"])].reset_index(drop=True)
    keys = rows.assign(**{name: mapped(rows[name], _plain, "str") for name in ("table_title", "label", "office")})
    made, ends = keys["kind"] == "forecast", keys["kind"] == "outcome"
    twice = keys.duplicated([*MONEY_KEY, "kind", "document_id"], keep=False).to_numpy()
    latest_first = keys[ends].sort_values("plan_year", ascending=False, kind="stable")
    place = matches(keys[made], latest_first, MONEY_KEY)
    outcome = brought(latest_first["amount_sek"].reset_index(drop=True), place)
    unclear = twice[made] | brought(pd.Series(twice[latest_first.index]), place).fillna(False).to_numpy(dtype=bool)
    found = rows[made].reset_index(drop=True)
    forecast, ended = (x.to_numpy(dtype=float, na_value=np.nan) for x in (found["amount_sek"], outcome))
    signs_differ = _signs_differ(
        keys[made], brought(latest_first["document_id"].reset_index(drop=True), place), forecast * ended
    )
    error = np.where(unclear | signs_differ, np.nan, ended - forecast)
    relative = np.divide(error, np.abs(ended), out=np.full(len(error), np.nan), where=ended != 0)
    state = worded([place < 0, unclear, signs_differ], ["no_outcome", "ambiguous", "sign_differs"], "paired")
    return found[[*MONEY_KEY, "plan_year"]].assign(
        forecast=found["amount_sek"],
        outcome=outcome,
        error=error,
        relative=relative,
        state=state,
        forecast_id=found["budget_line_id"],
        outcome_id=brought(latest_first["budget_line_id"].reset_index(drop=True), place),
    )


def _signs_differ(made: pd.DataFrame, outcome_document: pd.Series, product: np.ndarray) -> np.ndarray:
    """Whether the two tables print signs differently: most of at least two amounts have the opposite sign."""
    tables = pd.DataFrame({name: made[name].to_numpy() for name in ("document_id", "table_title", "office")})
    found = groups(tables.assign(_outcome=outcome_document.to_numpy()), [*tables.columns, "_outcome"], ordered=False)
    pairs, opposite = found.count(product != 0, ~np.isnan(product)), found.count(product < 0)
    return ((pairs >= 2) & (opposite > pairs / 2))[found.codes] & outcome_document.notna().to_numpy()


def money_accuracy(plans: Tables, by: By = ("municipality_code",), *, level: float = stat.LEVEL) -> pd.DataFrame:
    """Whether money forecasts lean one way, and how far off they are: one row per group.

    Columns: `by`, `n` (pairs), `bias` = mean error in kronor (outcome - forecast) with `low`, `high` (t interval,
    missing for n < 2), `mae` = mean |error|, `mape` = mean |error| / |outcome| (of the outcomes that are not 0),
    `above`, `below` (pairs whose outcome was above or below the forecast), `unpaired` (no outcome, ambiguous or sign
    differs), `too_few`, `record_ids`. Where costs are printed negative a positive error is a better result than
    forecast. Do not add up a total and its parts: group by label, or filter first.
    """
    rows = money(plans)
    found = groups(rows, check_by(by, rows.columns))
    paired = rows["error"].notna().to_numpy()
    error = rows["error"].fillna(0).to_numpy()
    n = found.count(paired)
    bias = stat.rate(found.count(paired, error), n)
    deviation = found.count(paired, (error - bias[found.codes]) ** 2)
    half = stat.mean_half_width(deviation, n, level)
    sized = rows["relative"].notna().to_numpy()
    mape = stat.rate(found.count(sized, rows["relative"].abs().fillna(0)), found.count(sized))
    return found.keys.assign(
        n=n,
        bias=bias,
        low=bias - half,
        high=bias + half,
        mae=stat.rate(found.count(paired, np.abs(error)), n),
        mape=mape,
        above=found.count(rows["error"] > 0),
        below=found.count(rows["error"] < 0),
        unpaired=found.count(~paired),
        too_few=stat.too_few(n),
        record_ids=_ids(rows, found, paired),
    )


def _plain(text: str) -> str:
    """A title or label as it is compared: without case, years and double spaces."""
    return " ".join(_YEAR.sub(" ", text.casefold()).split())
