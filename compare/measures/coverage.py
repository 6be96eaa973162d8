"""What the plans of a snapshot can answer, how surely they were read, and where the chain of goals is broken.

A question is answered from records that carry something: an indicator that has a target, an assignment that has a goal.
How many carry it, of how many that could, is the whole rule: nine in ten or more is 'yes', fewer 'partly', none 'no
data'. 'No data' says what was read, not what the municipality does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from compare import reference
from compare.contract import TABLES, Tables
from compare.measures import attainment, peer_position, profile, service_areas, timeliness
from compare.measures import statistics as stat
from compare.measures.budgets import baseline_drift, budget_variance, composition_change, growth, unit_costs
from compare.measures.carry_over import carried_over, fates
from compare.measures.churn import SERIES
from compare.measures.counting import groups, positions
from compare.measures.forecast_accuracy import hit_rates
from compare.measures.forecast_accuracy import money as forecast_money
from compare.measures.goal_chain import broken_links, completeness
from compare.measures.goal_structure import indicator_coverage, shared_responsibility, target_coverage, unattached
from compare.measures.indicators import by_sex, trends
from compare.measures.status_changes import transitions
from compare.measures.status_history import YEAR_END, at, history
from compare.measures.units import By, standing, unit_numbers, units, whole, with_columns

ANSWERED = 0.9
DOUBTFUL = 0.8
_BY = ("municipality_code",)
_READ = tuple(name for name, table in TABLES.items() if any(c.name == "confidence" for c in table.columns))

# A question's records per municipality: columns municipality_code, have, of.
_Counted = pd.DataFrame


def questions(plans: Tables) -> pd.DataFrame:
    """Which questions each municipality's plans answer: a row per municipality and question.

    Columns: `municipality_code`, `question` (code, in the order of a plan's life), `answer` {yes, partly, no_data},
    `have` (records that carry what the question needs), `of` (that could carry it; null where there are none), `why`
    {complete, some_lack_it, all_lack_it, not_read}. Every municipality with a document has a row for each question.
    """
    codes = pd.DataFrame({"municipality_code": sorted(plans.documents["municipality_code"].unique())}, dtype="str")
    parts = [
        codes.merge(counted(plans), on="municipality_code", how="left").assign(question=name)
        for name, counted in _QUESTIONS.items()
    ]
    rows = pd.concat(parts, ignore_index=True)
    have, of = (rows.get(name, pd.Series(dtype="float64")).fillna(0).to_numpy(float) for name in ("have", "of"))
    share = stat.rate(have, of)
    none, most = ~(have > 0), share >= ANSWERED
    result = rows[["municipality_code", "question"]].assign(
        answer=np.select([none, most], ["no_data", "yes"], "partly"),
        have=whole(have),
        of=whole(np.where(of > 0, of, np.nan)),
        why=np.select([of <= 0, none, share >= 1], ["not_read", "all_lack_it", "complete"], "some_lack_it"),
    )
    return result.astype(dict.fromkeys(["municipality_code", "question", "answer", "why"], "str"))


def _of_rates(rates: pd.DataFrame) -> _Counted:
    return rates.assign(have=rates["count"], of=rates["n"])[["municipality_code", "have", "of"]]


def _sizes(rows: pd.DataFrame, has: pd.Series | None = None) -> _Counted:
    """How many rows each municipality has, and how many of them the flag holds for (without one: all)."""
    flag = pd.Series(True, index=rows.index) if has is None else has.fillna(False).astype(bool)
    found = rows[["municipality_code"]].assign(have=flag.astype(float), of=1.0)
    return found.groupby("municipality_code", as_index=False)[["have", "of"]].sum()


def _on_goals(plans: Tables) -> _Counted:
    loose = unattached(plans, by=_BY, tables=["assignments"])
    return loose.assign(have=loose["n"] - loose["count"], of=loose["n"])[["municipality_code", "have", "of"]]


def _bodies(plans: Tables) -> _Counted:
    rates = shared_responsibility(plans, by=_BY)
    return rates.assign(have=rates["n"], of=rates["n"] + rates["unknown"])[["municipality_code", "have", "of"]]


def _requirement(plans: Tables, name: str) -> _Counted:
    rates = target_coverage(plans, by=_BY)
    return _of_rates(rates[rates["requirement"] == name])


def _judged(plans: Tables) -> _Counted:
    rows = attainment.verdicts(plans)
    return _sizes(rows, rows["verdict"].isin(["met", "not_met"]))


def _reported(plans: Tables) -> _Counted:
    told = at(history(plans), YEAR_END)["record_id"]
    return _sizes(*_units_among(plans, told))


def _units_among(plans: Tables, ids: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """The assignments that are counted, and of which of them any row is among these ids."""
    own = standing(plans)
    rows, number = units(own, "assignments"), unit_numbers(own, "assignments")
    among = positions(own.assignments["assignment_id"], ids) >= 0
    return rows, pd.Series(np.bincount(number, among, minlength=len(rows)) > 0, index=rows.index)


def _forecast(plans: Tables) -> _Counted:
    rates = hit_rates(plans, by=["municipality_code"])
    return rates.assign(have=rates["n"], of=rates["n"] + rates["unknown"])[["municipality_code", "have", "of"]]


def _origin(plans: Tables) -> _Counted:
    rates = carried_over(plans, by=["municipality_code"])
    return rates.assign(have=rates["n"], of=rates["n"] + rates["unknown"])[["municipality_code", "have", "of"]]


def _money(plans: Tables) -> _Counted:
    return _sizes(*_units_among(plans, plans.funding.loc[plans.funding["amount_sek"].notna(), "assignment_id"]))


def _variance(plans: Tables) -> _Counted:
    """Of the units that a municipality budgets for, year by year, those that have an outcome to hold against."""
    costs = unit_costs(plans)
    unit = ["municipality_code", "board", "unit", "office", "year"]
    budgeted = costs[costs["kind"] == "budget"].drop_duplicates(unit)
    met = _sizes(budget_variance(plans)).drop(columns="of")
    return _sizes(budgeted).drop(columns="have").merge(met, on="municipality_code", how="left")


def _changes(plans: Tables) -> _Counted:
    """The goals of each series of plans of which several years were read; nothing where only one year was."""
    rows = with_columns(plans, plans.goals[plans.goals["title"].notna()], SERIES)
    series = groups(rows, SERIES, ordered=False)
    years = groups(rows.drop_duplicates([*SERIES, "year"]), SERIES, ordered=False).count()
    return _sizes(rows[years[series.codes] > 1])


_QUESTIONS: dict[str, Callable[[Tables], _Counted]] = {
    "goals": lambda plans: _sizes(units(plans, "goals")),
    "goal_tree": lambda plans: _of_rates(completeness(plans, by=_BY).query("part == 'subgoal'")),
    "goal_indicators": lambda plans: _of_rates(indicator_coverage(plans, by=_BY, below=True)),
    "indicator_targets": lambda plans: _requirement(plans, "target"),
    "indicator_baselines": lambda plans: _requirement(plans, "baseline_target_year"),
    "targets_judged": _judged,
    "assignment_goals": _on_goals,
    "assignment_bodies": _bodies,
    "assignment_origin": _origin,
    "assignment_money": _money,
    "year_end_status": _reported,
    "forecasts": _forecast,
    "budget": lambda plans: _sizes(plans.budget_lines, plans.budget_lines["amount_sek"].notna()),
    "budget_outcome": _variance,
    "goal_changes": _changes,
}


def not_computed(plans: Tables) -> pd.DataFrame:
    """Which measures lack what they need, and where: a row per measure that at least one municipality is without.

    Columns: `measure` (code), `computed_for` and `without` (lists of municipality codes), `need` (code: what it would
    take). Those that no municipality has come first.
    """
    codes = sorted(plans.documents["municipality_code"].unique())
    rows = []
    for name, (found, need) in _NEEDS.items():
        have = set(found(plans)) if found is not None else set()
        rows.append(
            {
                "measure": name,
                "computed_for": [code for code in codes if code in have],
                "without": [code for code in codes if code not in have],
                "need": need,
            }
        )
    result = pd.DataFrame(rows, columns=["measure", "computed_for", "without", "need"])
    result = result[result["without"].map(len) > 0]
    by_reach = result["computed_for"].map(len).sort_values(kind="stable").index
    return result.loc[by_reach].reset_index(drop=True).astype({"measure": "str", "need": "str"})


def _codes(rows: pd.DataFrame, keep: pd.Series | None = None) -> set[str]:
    return set((rows if keep is None else rows[keep.fillna(False).to_numpy(bool)])["municipality_code"])


def _with_verdict(plans: Tables) -> set[str]:
    rows = attainment.verdicts(plans)
    return _codes(rows, rows["verdict"].isin(["met", "not_met"]))


def _with_fate(plans: Tables) -> set[str]:
    rows = fates(plans)
    return _codes(rows, ~rows["fate"].isin(["cannot_tell", "completed", "cancelled"]))


def _with_trend(plans: Tables) -> set[str]:
    rows = trends(plans)
    return _codes(rows, rows["points"] >= 3)


def _with_forecast_money(plans: Tables) -> set[str]:
    rows = forecast_money(plans)
    return _codes(rows, rows["state"] == "paired")


def _with_real_growth(plans: Tables) -> set[str]:
    rows = growth(plans, reference.price_index())
    return _codes(rows, rows["real_growth"].notna())


def _with_moved_division(plans: Tables) -> set[str]:
    rows = composition_change(plans)
    return _codes(rows, rows["distance"].notna())


def _with_day(plans: Tables) -> set[str]:
    rows = timeliness.documents(plans)
    return _codes(rows, rows["day"].notna())


def _with_areas(plans: Tables) -> set[str]:
    """Those whose whole budgets show an area that another's shows too."""
    rows = service_areas.unit_areas(plans)
    own_year = (rows["year"] == rows["plan_year"]).fillna(False) & rows["kind"].isin(["budget", "plan"])
    rows = service_areas.costs(rows[(own_year & rows["board"].isna()).to_numpy(bool)].reset_index(drop=True))
    return _codes(rows, rows.groupby("service_area")["municipality_code"].transform("nunique") > 1)


def _with_place(plans: Tables) -> set[str]:
    rates = profile.rates(plans)
    codes = sorted(rates["municipality_code"].unique())
    rows = peer_position.positions(rates, {code: [other for other in codes if other != code] for code in codes})
    return _codes(rows, ~rows["verdict"].isin([peer_position.FEW_PEERS, peer_position.TOO_FEW]))


# Each measure with the municipalities it can be computed for (None: what it needs is no part of a snapshot) and what it
# takes.
_NEEDS: dict[str, tuple[Callable[[Tables], set[str]] | None, str]] = {
    "budget_variance": (lambda plans: _codes(budget_variance(plans)), "outcome_and_budget"),
    "investment_realised": (lambda plans: _codes(budget_variance(plans, scope="investment")), "investment_outcome"),
    "composition_change": (_with_moved_division, "years_of_units"),
    "assignment_money": (lambda plans: _codes(plans.funding, plans.funding["amount_sek"].notna()), "named_amounts"),
    "baseline_drift": (lambda plans: _codes(baseline_drift(plans)), "same_year_twice"),
    "real_growth": (_with_real_growth, "years_of_amounts"),
    "forecast_money": (_with_forecast_money, "interim_amounts"),
    "goal_churn": (lambda plans: _codes(_changes(plans)), "two_plan_years"),
    "fates": (_with_fate, "end_and_next_plan"),
    "transitions": (lambda plans: _codes(transitions(plans)), "two_follow_ups"),
    "forecast_hits": (lambda plans: _codes(hit_rates(plans)), "forecast_and_end"),
    "attainment": (_with_verdict, "target_outcome"),
    "trends": (_with_trend, "three_outcomes"),
    "by_sex": (lambda plans: _codes(by_sex(plans)), "values_by_sex"),
    "self_assessment": (lambda plans: _codes(attainment.self_assessment(plans)), "status_and_indicators"),
    "timeliness": (_with_day, "day_of_decision"),
    "service_areas": (_with_areas, "two_whole_budgets"),
    "peer_position": (_with_place, "three_others"),
    "theme_agreement": (None, "labels_by_hand"),
    "smart_agreement": (None, "smart_by_hand"),
    "coding_agreement": (None, "second_coding"),
    "indicator_position": (None, "values_of_peers"),
    "rank_targets": (None, "values_of_all"),
    "indicator_lifecycle": (None, "dated_catalogues"),
    "volume_growth": (None, "municipal_prices"),
    "per_person_served": (None, "population_by_age"),
    "cost_by_function": (None, "key_of_accounts"),
    "relevance": (None, "no_rule"),
}


def confidence(plans: Tables, by: By = ("document_id",)) -> pd.DataFrame:
    """How surely the rows were read: a row per group and table.

    Columns: those of `by`, `table`, `rows`, `with_confidence` (rows that state one; hand-coded rows do not), `rate` =
    with_confidence / rows, `median`, `lowest`, `doubtful` (rows below 0.8), `record_ids` (of the doubtful).
    """
    by = list(by)
    return pd.concat([_read(plans[name], name, by) for name in _READ], ignore_index=True)


def _read(rows: pd.DataFrame, table: str, by: list[str]) -> pd.DataFrame:
    found = groups(rows, by)
    stated, doubtful = rows["confidence"].notna(), (rows["confidence"] < DOUBTFUL).fillna(False)
    values = rows["confidence"].astype(float).groupby(found.codes)
    return found.keys.assign(
        table=pd.Series([table] * len(found.keys), dtype="str"),
        rows=whole(found.count()),
        with_confidence=whole(found.count(stated)),
        rate=stat.rate(found.count(stated), found.count()),
        median=values.median().reindex(found.keys.index),
        lowest=values.min().reindex(found.keys.index),
        doubtful=whole(found.count(doubtful)),
        record_ids=found.lists(rows[str(TABLES[table].key)], doubtful),
    )


def remarks(plans: Tables, by: By = ("municipality_code", "severity", "rule")) -> pd.DataFrame:
    """How often each rule was remarked on: columns of `by`, `remarks`, `record_ids` (of the findings themselves)."""
    found = groups(plans.findings, list(by), ordered=False)
    return found.keys.assign(remarks=whole(found.count()), record_ids=found.lists(plans.findings["finding_id"]))


def verdicts(plans: Tables, by: By = ("municipality_code",)) -> pd.DataFrame:
    """Of the claims that can be checked, how many agree with what was read.

    Columns: those of `by`, `count` (agree), `n` (agree or differ), `rate`, `low`, `high` (Wilson), `unknown` (cannot be
    checked), `record_ids` (that differ). The rate is null where no claim can be checked.
    """
    rows = plans.claims
    found = groups(rows, list(by))
    agree, differ = rows["verdict"] == "agrees", rows["verdict"] == "differs"
    count, n = found.count(agree), found.count(agree | differ)
    return found.keys.assign(
        count=whole(count),
        n=whole(n),
        **stat.share(count, n),
        unknown=whole(found.count(~agree & ~differ)),
        record_ids=found.lists(rows["claim_id"], differ),
    )


def loose_ends(plans: Tables) -> pd.DataFrame:
    """Goals, assignments and indicators whose chain is broken: a row each, with what it lacks.

    Columns: `municipality_code`, `year`, `table`, `record_id`, `number`, `title`, `lacks` (list: of a top goal subgoal,
    indicator, assignment, budget; of an assignment goal; of an indicator goal, target), `document_id`, `page`, `line`.
    What a municipality's documents tie to nothing at all, or do not state at all, is unknown and not in here, except
    assignments of which none stands under a goal: that they do not is what the document shows.
    """
    goals = broken_links(plans).groupby("goal_id", sort=False)["part"].agg(list)
    parts = [_lacking(plans, "goals", goals)]
    loose = unattached(plans, by=_BY, tables=["assignments", "indicators"])
    targets = target_coverage(plans, by=_BY)
    without_target = targets.loc[targets["requirement"] == "target", "other_ids"]
    for table in ("assignments", "indicators"):
        lacks: dict[str, list[str]] = {}
        for ids in loose.loc[loose["attached"] == table, "record_ids"]:
            lacks.update((record, ["goal"]) for record in ids)
        for ids in without_target if table == "indicators" else []:
            for record in ids:
                lacks.setdefault(record, []).append("target")
        parts.append(_lacking(plans, table, pd.Series(lacks, dtype=object)))
    return pd.concat(parts, ignore_index=True).astype({"number": "str"})


def _lacking(plans: Tables, table: str, lacks: pd.Series) -> pd.DataFrame:
    """The records of the table that lack something, in the order of the documents."""
    key = str(TABLES[table].key)
    rows = plans[table][plans[table][key].isin(lacks.index)].rename(columns={key: "record_id", "name": "title"})
    places = ["document_id", "page", "line"]
    columns = ["municipality_code", "year", "table", "record_id", "number", "title", "lacks", *places]
    wanting = pd.Series([lacks[record] for record in rows["record_id"]], index=rows.index, dtype=object)
    rows = rows.assign(table=table, lacks=wanting).astype({"table": "str"})
    return rows.sort_values(["municipality_code", *places], kind="stable").reindex(columns=columns)
