"""One municipality beside others: who its peers are, which of them have plans, and how its rates compare.

Most peers of a municipality have no plans in a snapshot. The peers that have are used where there are at least three
(or where they were named one by one); else all municipalities with plans, since one or two say little about what is
usual. Which it was is part of the result.

**Comparison.** Each rate of the municipality is held against that of each other municipality with Newcombe's interval,
widened for the number of comparisons; 'higher' and 'lower' are said only where the interval leaves zero out and neither
rate rests on too few. Rates
are those of each municipality's latest plan year that has the measure: years differ, which the rows show.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from compare import reference
from compare.contract import TABLES, Tables
from compare.measures import carry_over, completion, forecast_accuracy, goal_structure
from compare.measures import statistics as stat
from compare.measures.counting import remembered
from compare.measures.status_history import YEAR_END
from compare.problems import PlanError

ENOUGH_PEERS = 3
OWN, PEER, OTHER = "own", "peer", "other"
# In the order in which a reader asks: from what is planned to what came of it.
MEASURES = (
    "goals_with_indicator",
    "indicators_with_target",
    "assignments_carried_over",
    "assignments_shared",
    "assignments_completed",
    "forecasts_held",
)
_RATE = ["municipality_code", "year", "measure", "count", "n", "rate", "low", "high", "record_ids"]


@dataclass(frozen=True, slots=True)
class Circle:
    """A municipality, its peers, and those it can be compared with.

    `with_plans` are the peers that have plans, `compared` those that the figures show: these peers, or all others with
    plans (`widened`).
    """

    code: str
    peers: tuple[str, ...]
    with_plans: tuple[str, ...]
    compared: tuple[str, ...]
    widened: bool

    def role(self, code: str) -> str:
        """What a municipality is in this circle: own, peer or other."""
        return OWN if code == self.code else PEER if code in self.peers else OTHER


def circle(plans: Tables, municipality: str | None = None, peers: str | Sequence[str] = "similar") -> Circle:
    """The municipality with its peers.

    `municipality` None is the one with the most rows of plans. `peers` is similar, group, county, or codes: a list, or
    a text with commas between. Raises `PlanError` for an unknown code or way, and where None meets no plans at all.
    """
    code = reference.check_code(_most_read(plans) if municipality is None else municipality)
    if isinstance(peers, str) and re.search(r"\d", peers):
        peers = [part for part in re.split(r"[,;\s]+", peers) if part]
    chosen = tuple(reference.peers(code, peers))
    present = sorted(set(plans.documents["municipality_code"]) - {code})
    with_plans = tuple(peer for peer in chosen if peer in present)
    # Who names the peers one by one wants these, however few they are.
    widened = len(with_plans) < (ENOUGH_PEERS if isinstance(peers, str) else 1)
    return Circle(code, chosen, with_plans, tuple(present) if widened else with_plans, widened)


def _most_read(plans: Tables) -> str:
    counts = pd.concat([plans[name]["municipality_code"] for name in TABLES if "municipality_code" in plans[name]])
    counts = counts[counts.isin(list(reference.names()))]
    if counts.empty:
        raise PlanError(
            "no municipality is named and the snapshot holds no plans of any in the register; "
            "name one, as in municipality=0188"
        )
    return str(counts.value_counts().index[0])


def facts(plans: Tables, codes: Sequence[str]) -> pd.DataFrame:
    """What is known of municipalities without any plan, and what was read of each: one row per code, in this order.

    Columns: `municipality_code`, `county`, `skr_group`, `skr_group_name`, `population`, `population_year` (the latest
    in the reference data), `documents` (read; null where none), `plan_years` (list; null where none).
    """
    register = reference.municipalities().set_index("municipality_code")
    people = reference.population().sort_values("year").drop_duplicates("municipality_code", keep="last")
    people = people.set_index("municipality_code")
    read = plans.documents.groupby("municipality_code")
    count = read.size()
    years = {code: sorted({int(year) for year in rows["year"].dropna()}) for code, rows in read}
    about = register.reindex(list(codes))[["county", "skr_group", "skr_group_name"]].reset_index(
        names="municipality_code"
    )
    return about.assign(
        population=people["population"].reindex(list(codes)).array,
        population_year=people["year"].reindex(list(codes)).array,
        documents=count.reindex(list(codes)).astype("Int64").array,
        plan_years=pd.Series([years.get(code) for code in codes], dtype=object),
    )


def larger_than(code: str) -> tuple[int, int]:
    """How many other municipalities have fewer inhabitants in the latest year, and how many others there are."""
    people = reference.population()
    people = people[people["year"] == people["year"].max()].set_index("municipality_code")["population"]
    return int((people < people[code]).sum()), len(people) - 1


@remembered
def rates(plans: Tables) -> pd.DataFrame:
    """The rates of a profile: one row per municipality and `measure`, of its latest plan year that has it.

    Columns: `municipality_code`, `year`, `measure` (see `MEASURES`), `count`, `n`, `rate`, `low`, `high` (Wilson),
    `record_ids`. A municipality without a figure has no row.
    """
    covered = goal_structure.target_coverage(plans)
    done = completion.rates(plans, measures=["strict"], periods=YEAR_END)
    hits = forecast_accuracy.hit_rates(plans)
    carried = carry_over.carried_over(plans)
    found = {
        "goals_with_indicator": goal_structure.indicator_coverage(plans),
        "indicators_with_target": covered[covered["requirement"] == "target"],
        "assignments_carried_over": carried.assign(count=carried["carried_over"]),
        "assignments_shared": goal_structure.shared_responsibility(plans),
        "assignments_completed": done.assign(count=done["completed"]),
        "forecasts_held": hits.assign(count=hits["held"]),
    }
    parts = [rows.assign(measure=name)[_RATE] for name, rows in found.items()]
    together = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    together = together[(together["n"].fillna(0) > 0).to_numpy(dtype=bool) & together["rate"].notna().to_numpy()]
    together = together.astype({"year": "Int64", "count": "Int64", "n": "Int64", "measure": "str"})
    order = together["measure"].map({name: place for place, name in enumerate(MEASURES)})
    together = together.assign(_order=order).sort_values(["_order", "municipality_code", "year"], kind="stable")
    latest = together.drop_duplicates(["measure", "municipality_code"], keep="last")
    return latest.drop(columns="_order").reset_index(drop=True)


def counts(plans: Tables) -> pd.DataFrame:
    """What a municipality's plans consist of: one row per municipality, of its latest plan year with goals.

    Columns: `municipality_code`, `year`, `goals`, `depth`, `span`, `assignments_per_goal`, `indicators_per_goal`
    (null where the documents tie none to any goal), `goal_ids`.
    """
    structure = goal_structure.structure(plans)
    structure = structure[(structure["goals"].fillna(0) > 0).to_numpy(dtype=bool)]
    attached = goal_structure.attachments(plans)
    key = ["municipality_code", "year"]
    for name in ("assignments", "indicators"):
        each = attached.loc[attached["attached"] == name, [*key, "per_goal"]]
        structure = structure.merge(each.rename(columns={"per_goal": f"{name}_per_goal"}), on=key, how="left")
    latest = structure.sort_values(key, kind="stable").drop_duplicates("municipality_code", keep="last")
    columns = [*key, "goals", "depth", "span", "assignments_per_goal", "indicators_per_goal", "goal_ids"]
    return latest[columns].reset_index(drop=True)


def against(rates_of_all: pd.DataFrame, code: str) -> pd.DataFrame:
    """Each rate of the municipality beside that of each other: one row per measure and other municipality.

    `rates_of_all` is a result of `rates`. Columns: `measure`, `municipality_code` (the other), `year`, `own_year`,
    `rate`, `own_rate`, `difference` = own minus other with `low`, `high` (Newcombe, so wide that all comparisons hold
    at once with 95 %), `n`, `own_n`, `verdict` (higher, lower, not_distinguishable, too_few: of the own rate against
    the other), `record_ids` (of the other).
    """
    own = rates_of_all[rates_of_all["municipality_code"] == code]
    others = rates_of_all[rates_of_all["municipality_code"] != code]
    pairs = others.merge(own[["measure", "year", "count", "n", "rate"]], on="measure", suffixes=("", "_own"))
    count, n, own_count, own_n = (pairs[name].to_numpy(dtype=float) for name in ("count", "n", "count_own", "n_own"))
    delta = stat.differences_together(count, n, own_count, own_n)
    return pairs[["measure", "municipality_code", "year"]].assign(
        own_year=pairs["year_own"],
        rate=pairs["rate"],
        own_rate=pairs["rate_own"],
        difference=delta.difference,
        low=delta.low,
        high=delta.high,
        n=pairs["n"],
        own_n=pairs["n_own"],
        verdict=pd.Series(stat.verdict(delta.low, delta.high, n, own_n), dtype="str"),
        record_ids=pairs["record_ids"],
    )


def others_together(rates_of_all: pd.DataFrame, code: str) -> pd.DataFrame:
    """The others as one: per measure their counts added up, for figures where each would not fit.

    Columns: those of `rates` without `year` (null, as is the code), and `municipalities`, how many they are. Those with
    many goals weigh most.
    """
    others = rates_of_all[rates_of_all["municipality_code"] != code]
    each = others.groupby("measure", sort=False)
    found = each.agg(
        count=("count", "sum"), n=("n", "sum"), municipalities=("municipality_code", "nunique")
    ).reset_index()
    ids = [[i for one in rows for i in one] for _, rows in each["record_ids"]]
    found = found.assign(**stat.share(found["count"], found["n"]), record_ids=pd.Series(ids, dtype=object))
    return found.reindex(columns=[*rates_of_all.columns, "municipalities"])


def with_gaps(rates_of_all: pd.DataFrame, code: str) -> pd.DataFrame:
    """The rates with a row without a figure for each measure that others have and the municipality lacks.

    So that a figure shows 'no data' where a reader looks for it. Of such a row all but measure and code are null.
    """
    own = set(rates_of_all.loc[rates_of_all["municipality_code"] == code, "measure"])
    lacking = [name for name in MEASURES if name in set(rates_of_all["measure"]) - own]
    if not lacking:
        return rates_of_all
    gaps = pd.DataFrame({"municipality_code": code, "measure": lacking}).reindex(columns=rates_of_all.columns)
    gaps["record_ids"] = [[] for _ in lacking]
    return pd.concat([rates_of_all, gaps.astype(rates_of_all.dtypes.to_dict())], ignore_index=True)


def roles(rows: pd.DataFrame, around: Circle) -> pd.DataFrame:
    """The rows with `role` (own, peer, other) added, the municipality's own first within what they stood in before."""
    role = pd.Series([around.role(code) for code in rows["municipality_code"]], index=rows.index, dtype="str")
    place = np.where(role == OWN, 0, np.where(role == PEER, 1, 2))
    rows = rows.assign(role=role, _place=place)
    if "measure" in rows:
        measure = rows["measure"].map({name: place for place, name in enumerate(MEASURES)})
        rows = rows.assign(_measure=measure).sort_values(["_measure", "_place"], kind="stable").drop(columns="_measure")
    else:
        rows = rows.sort_values("_place", kind="stable")
    return rows.drop(columns="_place").reset_index(drop=True)
