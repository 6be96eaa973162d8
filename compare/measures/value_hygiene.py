"""Whether printed values can be used: what indicators and amounts state of themselves, and how old the outcomes are.

A number without unit, year or source is hard to compare and easy to mistake. Counted is what the documents print of
each indicator and each amount, and not whether it is right. 'Current' is an outcome of at most two years before the
plan's own: statistics come late, but a plan that rests on older ones steers by what was.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from compare import reference
from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.budget_lines import lines
from compare.measures.counting import MUNICIPALITY_YEAR, By, groups, matches
from compare.measures.goal_structure import has_values
from compare.measures.indicators import series
from compare.measures.units import lasting_ids, normalised, whole, with_columns

CURRENT_WITHIN = 2  # years before the plan year
_KOLADA = r"\b[A-Z]\d{5}\b|[Kk]olada"


def stated(plans: Tables, by: By = MUNICIPALITY_YEAR) -> pd.DataFrame:
    """What indicators, their values and amounts of budgets state of themselves: a row per group, table and `quality`.

    `table` and `quality`:

    - indicators (each once a year): unit (its own or of any of its values), source, interval, responsible, goal; kolada
      (its name or source names Kolada or one of its ids, or its name is the title of a key figure in the selection);
      current (of those with an outcome: the latest is of at most two years before the plan year), one_unit (of those
      whose values print a unit: all print the same);
    - indicator_values: number (not words alone), year, unit (its own or its indicator's; of those that are numbers);
    - budget_lines: year, kind (outcome, budget, plan ...), unit, sign (the table shows whether a cost is positive; see
      `compare.measures.budget_lines`), all of lines with an amount.

    Columns: those of `by`, `table`, `quality`, `count` (that state it), `n` (that could), `rate`, `low`, `high`
    (Wilson), `unknown` (indicators of a municipality and year whose documents print no value of any: of current and
    one_unit), `record_ids` (that do not state it). A group without rows of a table has none of it.
    """
    return pd.concat([_of_indicators(plans, by), _of_values(plans, by), _of_amounts(plans, by)], ignore_index=True)


def _of_indicators(plans: Tables, by: By) -> pd.DataFrame:
    rows = plans.indicators.assign(unit_id=lasting_ids(plans, "indicators"))
    values = series(plans)
    of_year = ["unit_id", "year"]
    here = values[["unit_id", "plan_year"]].rename(columns={"plan_year": "year"})
    rows = rows.drop_duplicates(of_year).reset_index(drop=True)
    place = matches(here, rows, of_year)
    own_unit = values["unit"].notna().to_numpy()
    outcome = ((values["kind"] == "outcome") & values["value"].notna() & values["year"].notna()).to_numpy(bool)
    size = len(rows)
    latest = np.full(size, -np.inf)
    use = outcome & (place >= 0)
    np.maximum.at(latest, place[use], values["year"].to_numpy(dtype=float, na_value=np.nan)[use])
    printed = own_unit & (place >= 0)
    pairs = pd.DataFrame({"place": place[printed], "unit": values["unit"].str.casefold()[printed].to_numpy()})
    units = np.bincount(pairs.drop_duplicates()["place"], minlength=size)
    known = has_values(plans, rows)
    plan_year = rows["year"].to_numpy(dtype=float, na_value=np.nan)
    always = np.ones(size, dtype=bool)
    qualities = {
        "unit": (rows["unit"].notna().to_numpy() | (units > 0), always, always),
        "source": (rows["source_name"].notna().to_numpy(), always, always),
        "interval": (rows["interval"].notna().to_numpy(), always, always),
        "responsible": (rows["responsible"].notna().to_numpy(), always, always),
        "goal": (rows["goal_id"].notna().to_numpy(), always, always),
        "kolada": (_in_kolada(rows), always, always),
        "current": (latest >= plan_year - CURRENT_WITHIN, latest > -np.inf, known),
        "one_unit": (units == 1, units > 0, known),
    }
    return _rates(with_columns(plans, rows, by), by, "indicators", "indicator_id", qualities)


def _in_kolada(rows: pd.DataFrame) -> np.ndarray:
    """Whether an indicator can be looked up in Kolada by what is printed of it."""
    said = [
        rows[name].str.contains(_KOLADA, regex=True).fillna(False).to_numpy(bool) for name in ("name", "source_name")
    ]
    titles = normalised(reference.key_figures()["title"])
    return np.asarray(said[0] | said[1] | normalised(rows["name"]).isin(titles).to_numpy(bool))


def _of_values(plans: Tables, by: By) -> pd.DataFrame:
    rows = series(plans)
    printed = (rows["value"].notna() | rows["text"].notna()).to_numpy()
    rows = rows[printed].drop(columns="year").assign(of_year=rows["year"][printed])
    rows = rows.rename(columns={"plan_year": "year"}).reset_index(drop=True)
    documents = plans.indicator_values.set_index("indicator_value_id")["document_id"]
    rows["document_id"] = documents[~documents.index.duplicated()].reindex(rows["indicator_value_id"]).array
    number, always = rows["value"].notna().to_numpy(), np.ones(len(rows), dtype=bool)
    qualities = {
        "number": (number, always, always),
        "year": (rows["of_year"].notna().to_numpy(), always, always),
        "unit": (rows["unit"].notna().to_numpy(), number, always),
    }
    return _rates(with_columns(plans, rows, by), by, "indicator_values", "indicator_value_id", qualities)


def _of_amounts(plans: Tables, by: By) -> pd.DataFrame:
    rows = lines(plans)
    rows = rows[rows["amount_sek"].notna()].rename(columns={"year": "of_year", "plan_year": "year"})
    rows = rows.reset_index(drop=True)
    always = np.ones(len(rows), dtype=bool)
    qualities = {
        "year": (rows["of_year"].notna().to_numpy(), always, always),
        "kind": (rows["kind"].notna().to_numpy(), always, always),
        "unit": (rows["unit"].notna().to_numpy(), always, always),
        "sign": (
            rows["sign_rule"].notna().to_numpy(),
            rows["scope"].isin(["operating", "investment"]).to_numpy(),
            always,
        ),
    }
    return _rates(with_columns(plans, rows, by), by, "budget_lines", "budget_line_id", qualities)


_Quality = tuple[np.ndarray, np.ndarray, np.ndarray]  # states it; could state it; anything is known of it


def _rates(rows: pd.DataFrame, by: By, table: str, key: str, qualities: Mapping[str, _Quality]) -> pd.DataFrame:
    found = groups(rows, by)
    parts = []
    for name, (states, could, known) in qualities.items():
        yes = states & could & known
        count, n, unknown = found.count(yes), found.count(could & known), found.count(~known)
        said = found.keys.assign(
            table=pd.Series(table, index=found.keys.index, dtype="str"),
            quality=pd.Series(name, index=found.keys.index, dtype="str"),
            count=whole(count),
            n=whole(n),
            **stat.share(count, n),
            unknown=whole(unknown),
            record_ids=found.lists(rows[key], could & known & ~yes),
        )
        parts.append(said)
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
