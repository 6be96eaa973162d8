"""How long each measure takes at 290 municipalities and 15 years of clearly synthetic plans, and against naive pandas.

    python tests/benchmarks/measures.py [municipalities years]

Prints a line per measure: seconds (processor time of the best of two runs, and the clock's), rows of the result and,
where there is one, the ratio of a naive implementation's time to it. Every run begins with plans that nothing has been
computed of yet, so that a measure's seconds hold all it rests on; what a measure takes from another in its arguments
(the themes of goals, the rates of all municipalities) is timed there and not again. Overviews that ask one measure
after the other are timed the second time, when the measures have been computed, as in a report. The naive one loops
over groups or rows as one would first write it. It is run on ten municipalities and its time multiplied as if it grew
with their number; since most grow with its square, the true ratios are larger. Some naive ones find a part of what the
measure does; where both give the same figures, these are compared. Ends with 1 if a measure takes more than 2 s of
processor time or the two disagree. Reliability compares two codings of a document and is run on one municipality.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import synthetic
from rapidfuzz import fuzz

from compare import vocabulary
from compare.contract import Tables
from compare.measures import (
    assignment_ledger,
    attainment,
    budget_lines,
    budgets,
    carry_over,
    churn,
    completion,
    concentration,
    cost_structure,
    coverage,
    forecast_accuracy,
    forecast_reservations,
    goal_chain,
    goal_outcomes,
    goal_structure,
    indicators,
    measurability,
    peer_position,
    plan_horizon,
    profile,
    reliability,
    schedule,
    service_areas,
    similarity,
    status_changes,
    status_comments,
    target_paths,
    theme_contrast,
    themes,
    time_to_completion,
    timeliness,
    value_hygiene,
    work_and_money,
)

LIMIT = 2.0
PART = 10  # municipalities that a naive implementation is run on
YEARS = range(synthetic.FIRST_YEAR - 5, synthetic.FIRST_YEAR + 30)
PRICES = pd.DataFrame({"year": YEARS, "index": [100 * 1.02**i for i in range(len(YEARS))]})
Measure = Callable[[Tables], Any]


def people(plans: Tables) -> pd.DataFrame:
    codes = plans.documents["municipality_code"].unique()
    return pd.DataFrame([(code, year, 10_000) for code in codes for year in YEARS]).set_axis(
        ["municipality_code", "year", "population"], axis=1
    )


def _places(rows: pd.DataFrame, year: str = "year") -> Any:
    return rows[["municipality_code", year]].drop_duplicates().itertuples(index=False)


def naive_structure(plans: Tables) -> list[float]:
    """Goals, depth and mean children per parent of each municipality and year."""
    found = []
    for code, year in _places(plans.goals):
        goals = plans.goals[(plans.goals["municipality_code"] == code) & (plans.goals["year"] == year)]
        children = [int((goals["parent_goal_id"] == goal).sum()) for goal in goals["goal_id"]]
        parents = [n for n in children if n]
        found += [len(goals), int(goals["level"].max()), sum(parents) / len(parents)]
    return found


def naive_chain(plans: Tables) -> list[float]:
    """Top goals with an assignment on or under them."""
    found = []
    for goal in plans.goals[plans.goals["level"] == 1].itertuples():
        under = {goal.goal_id, *plans.goals[plans.goals["parent_goal_id"] == goal.goal_id]["goal_id"]}
        found.append(float(plans.assignments["goal_id"].isin(under).any()))
    return found


def naive_unit_costs(plans: Tables) -> list[float]:
    """Costs of the rows directly under each printed total of the operating budgets."""
    lines, found = plans.budget_lines, []
    for total in lines[(lines["label"] == "Summa") & (lines["category"] == "net")].itertuples():
        units = lines[lines["parent_budget_line_id"] == total.budget_line_id]
        found += [-amount for amount in units["amount_sek"]]
    return sorted(found)


def naive_reconciliation(plans: Tables) -> list[float]:
    """Sum of the parts less the printed amount, of each row with parts."""
    lines, found = plans.budget_lines, []
    for row in lines.itertuples():
        parts = lines[lines["parent_budget_line_id"] == row.budget_line_id]
        if len(parts):
            found.append(float(row.amount_sek - parts["amount_sek"].sum()))
    return sorted(found)


def naive_concentration(assigned: pd.DataFrame) -> list[float]:
    """Shannon entropy of themes in each municipality and year."""
    known = assigned[assigned["theme"].notna()]

    def entropy(rows: pd.DataFrame) -> float:
        p = rows.groupby("theme")["weight"].sum() / rows["weight"].sum()
        return float(-(p * np.log(p)).sum())

    return known.groupby(["municipality_code", "year"])[["theme", "weight"]].apply(entropy).tolist()


def naive_churn(plans: Tables) -> list[float]:
    """Goals whose very words stand in the plan before, of each municipality and year."""
    found = []
    for _, rows in plans.goals.groupby("municipality_code"):
        for year in sorted(rows["year"])[1 :: len(rows) // rows["year"].nunique()]:
            old = set(rows[rows["year"] == year - 1]["title"].str.lower())
            new = rows[rows["year"] == year]["title"].str.lower()
            if old:
                found.append(float(new.isin(old).sum()))
    return found


def naive_themes(plans: Tables) -> list[float]:
    """Number of goals in which a part or an inflected word of a list stands, word by word."""
    listed = vocabulary.terms("themes")
    words = {vocabulary.stem(v.lower()) for t in listed for v in listed.variants(t) if " " not in v}
    parts = [part for t in listed for part in listed.fact(t, "stems", [])]
    known = 0
    for title in plans.goals["title"]:
        said = re.findall(r"[^\W\d_]+", title.lower())
        known += any(_names_topic(word, words, parts) for word in said)
    return [float(known)]


def _names_topic(word: str, words: set[str], parts: list[str]) -> bool:
    return vocabulary.stem(word) in words or any(word.startswith(p) or (len(p) > 4 and p in word) for p in parts)


def naive_lookalikes(plans: Tables) -> list[float]:
    """All pairs of goals of the last plans compared one by one."""
    goals = plans.goals[plans.goals["year"] == plans.goals["year"].max()]
    titles = goals["title"].tolist()
    return [float(sum(fuzz.token_sort_ratio(a, b) >= 100 for i, a in enumerate(titles) for b in titles[i + 1 :]))]


def naive_rates(plans: Tables) -> list[float]:
    """Completed of those with a last status, of each municipality and year."""
    statuses, found = plans.statuses, []
    for code, year in _places(statuses):
        own = statuses[(statuses["municipality_code"] == code) & (statuses["year"] == year)]
        last = own[own["period"].str.endswith("T3")]
        found.append(float((last["status"] == "completed").sum()))
    return found


def naive_targets(plans: Tables) -> list[float]:
    """Indicators with a target, of each municipality and year."""
    found = []
    for code, year in _places(plans.indicators):
        own = plans.indicators[(plans.indicators["municipality_code"] == code) & (plans.indicators["year"] == year)]
        values = plans.indicator_values[plans.indicator_values["indicator_id"].isin(own["indicator_id"])]
        found.append(float(values[values["kind"] == "target"]["indicator_id"].nunique()))
    return found


def measures(plans: Tables) -> list[tuple[str, Measure, Measure | None, Callable[[Any], list[float]] | None]]:
    """Name, measure, naive implementation and how to read from the measure's result what the naive one finds."""
    inhabitants = people(plans)
    one = plans.select([plans.documents["municipality_code"].iloc[0]], [synthetic.FIRST_YEAR])
    codes = sorted(plans.documents["municipality_code"].unique())
    peers = {code: [other for other in codes if other != code] for code in codes}
    seven = {code: codes[place - 7 : place] or codes[:7] for place, code in enumerate(codes)}
    values = inhabitants.rename(columns={"population": "value"}).assign(measure="synthetic")
    prepared: dict[tuple[str, int], pd.DataFrame] = {}

    def taken(name: str, measure: Callable[[Tables], pd.DataFrame], some: Tables) -> pd.DataFrame:
        """What a measure takes from another: computed once for plans of one size."""
        key = (name, len(some.goals))
        if key not in prepared:
            prepared[key] = measure(some)
        return prepared[key]

    def of_themes(some: Tables) -> pd.DataFrame:
        return taken("themes", themes.assign, some)

    def standing(some: Tables) -> pd.DataFrame:
        return taken("standing", theme_contrast.standing, some)

    def by_theme(some: Tables) -> pd.DataFrame:
        return taken("by theme", lambda p: theme_contrast.named(standing(p), p), some)

    def all_rates(some: Tables) -> pd.DataFrame:
        return taken("rates", profile.rates, some)

    def areas(some: Tables) -> pd.DataFrame:
        return taken("areas", service_areas.unit_areas, some)

    def of_structure(found: pd.DataFrame) -> list[float]:
        return found[["goals", "depth", "span"]].astype(float).to_numpy().ravel().tolist()

    def grown(some: Tables) -> pd.DataFrame:
        return budgets.growth(some, PRICES, "synthetic")

    return [
        ("goal_structure.count_by_level", goal_structure.count_by_level, None, None),
        ("goal_structure.structure", goal_structure.structure, naive_structure, of_structure),
        ("goal_structure.attachments", goal_structure.attachments, None, None),
        ("goal_structure.indicator_coverage", goal_structure.indicator_coverage, None, None),
        ("goal_structure.target_coverage", goal_structure.target_coverage, None, None),
        ("goal_structure.unattached", goal_structure.unattached, None, None),
        ("goal_structure.shared_responsibility", goal_structure.shared_responsibility, None, None),
        ("goal_structure.tree", goal_structure.tree, None, None),
        ("goal_chain.chains", goal_chain.chains, naive_chain, lambda f: f["assignment"].astype(float).tolist()),
        ("goal_chain.completeness", goal_chain.completeness, None, None),
        ("goal_chain.broken_links", goal_chain.broken_links, None, None),
        ("measurability.goals", measurability.goals, None, None),
        ("measurability.indicators", measurability.indicators, None, None),
        ("concentration.of_goals", concentration.of_goals, None, None),
        (
            "concentration.concentration",
            lambda p: concentration.concentration(of_themes(p), "theme"),
            lambda p: naive_concentration(of_themes(p)),
            lambda f: f["shannon"].tolist(),
        ),
        (
            "churn.goal_changes",
            churn.goal_changes,
            naive_churn,
            lambda f: (f["change"] == "kept").groupby([f["municipality_code"], f["year"]]).sum().astype(float).tolist(),
        ),
        (
            "churn.around_elections",
            lambda p: churn.around_elections(taken("churned", lambda q: churn.churn(churn.goal_changes(q)), p)),
            None,
            None,
        ),
        (
            "themes.assign",
            themes.assign,
            naive_themes,
            lambda f: [float(f.dropna(subset="theme")["record_id"].nunique())],
        ),
        ("themes.assign (with all below)", lambda p: themes.assign(p, below=True), None, None),
        ("themes.shares", lambda p: themes.shares(of_themes(p), p), None, None),
        ("theme_contrast.named", lambda p: theme_contrast.named(standing(p), p), None, None),
        ("theme_contrast.against_others", lambda p: theme_contrast.against_others(by_theme(p)), None, None),
        ("theme_contrast.likeness", lambda p: theme_contrast.likeness(standing(p)), None, None),
        ("similarity.lookalikes", similarity.lookalikes, naive_lookalikes, None),
        ("similarity.shares_matched", similarity.shares_matched, None, None),
        (
            "similarity.profile_similarity",
            lambda p: similarity.profile_similarity(of_themes(p), within=("year",)),
            None,
            None,
        ),
        ("budget_lines.lines", budget_lines.lines, None, None),
        (
            "budgets.unit_costs",
            budgets.unit_costs,
            naive_unit_costs,
            lambda f: sorted(f["cost"].astype(float)),
        ),
        (
            "budgets.reconciliation",
            budgets.reconciliation,
            naive_reconciliation,
            lambda f: sorted(f["difference"].astype(float)),
        ),
        ("budgets.growth", grown, None, None),
        ("budgets.decomposition", lambda p: budgets.decomposition(grown(p), inhabitants), None, None),
        ("budgets.composition_change", budgets.composition_change, None, None),
        (
            "budgets.composition_distances (each two)",
            lambda p: budgets.composition_distances(budgets.unit_costs(p), by=["municipality_code"], over="each"),
            None,
            None,
        ),
        ("budgets.budget_variance", budgets.budget_variance, None, None),
        ("budgets.baseline_drift", budgets.baseline_drift, None, None),
        ("budgets.assignment_money", budgets.assignment_money, None, None),
        ("cost_structure.cost_structure", cost_structure.cost_structure, None, None),
        ("plan_horizon.over_plan", plan_horizon.over_plan, None, None),
        ("service_areas.unit_areas", service_areas.unit_areas, None, None),
        ("service_areas.costs", lambda p: service_areas.costs(areas(p)), None, None),
        ("service_areas.known_shares", lambda p: service_areas.known_shares(areas(p)), None, None),
        ("completion.rates", completion.rates, naive_rates, None),
        ("completion.distribution", completion.distribution, None, None),
        ("completion.differences (all pairs)", completion.differences, None, None),
        ("completion.funnel", completion.funnel, None, None),
        ("status_changes.transitions", status_changes.transitions, None, None),
        ("status_changes.change", status_changes.change, None, None),
        ("status_changes.turns", status_changes.turns, None, None),
        ("status_comments.sensitivity", status_comments.sensitivity, None, None),
        ("time_to_completion.hazard", time_to_completion.hazard, None, None),
        ("time_to_completion.incidence", time_to_completion.incidence, None, None),
        ("completion.coverage", completion.coverage, None, None),
        ("carry_over.carried_over", carry_over.carried_over, None, None),
        ("carry_over.listed_again", carry_over.listed_again, None, None),
        ("carry_over.fates", carry_over.fates, None, None),
        ("carry_over.fate_rates", carry_over.fate_rates, None, None),
        ("assignment_ledger.ledger", assignment_ledger.ledger, None, None),
        ("assignment_ledger.ages", assignment_ledger.ages, None, None),
        ("forecast_accuracy.hit_rates", forecast_accuracy.hit_rates, None, None),
        ("forecast_reservations.reservations", forecast_reservations.reservations, None, None),
        ("work_and_money.by_unit", work_and_money.by_unit, None, None),
        ("forecast_accuracy.scores", forecast_accuracy.scores, None, None),
        ("forecast_accuracy.money", forecast_accuracy.money, None, None),
        ("attainment.verdicts", attainment.verdicts, None, None),
        ("attainment.rates", attainment.rates, None, None),
        ("attainment.progress", attainment.progress, None, None),
        ("indicators.ambition", indicators.ambition, None, None),
        ("indicators.coverage", indicators.coverage, naive_targets, None),
        ("indicators.trends", indicators.trends, None, None),
        ("attainment.self_assessment", attainment.self_assessment, None, None),
        ("goal_outcomes.of_goals", goal_outcomes.of_goals, None, None),
        ("target_paths.paths", target_paths.paths, None, None),
        ("schedule.rates (of assignments)", lambda p: schedule.rates(p, subject="assignment"), None, None),
        ("value_hygiene.stated", value_hygiene.stated, None, None),
        ("timeliness.documents", timeliness.documents, None, None),
        ("profile.rates", profile.rates, None, None),
        ("peer_position.positions", lambda p: peer_position.positions(all_rates(p), peers), None, None),
        ("peer_position.of_values (a value a year)", lambda _: peer_position.of_values(values, seven), None, None),
        ("coverage.questions", coverage.questions, None, None),
        ("coverage.not_computed", coverage.not_computed, None, None),
        ("coverage.loose_ends", coverage.loose_ends, None, None),
        ("reliability.agreement (one municipality)", lambda _: reliability.agreement(one, one), None, None),
    ]


OVERVIEWS = ("coverage.questions", "coverage.not_computed", "coverage.loose_ends")


def timed(measure: Measure, plans: Tables, runs: int, *, overview: bool = False) -> tuple[float, float, Any]:
    """The least processor time and clock time of some runs, and the last result."""
    spent = []
    unknown = plans.replace()
    for _ in range(runs):
        if not overview:
            unknown = plans.replace()  # the same frames, and nothing that was computed of them before
        processor, clock = time.process_time(), time.perf_counter()
        result = measure(unknown)
        spent.append((time.process_time() - processor, time.perf_counter() - clock))
    return min(p for p, _ in spent), min(c for _, c in spent), result


def main(municipalities: int = 290, years: int = 15) -> int:
    plans = synthetic.plans(municipalities, years)
    part = plans.select(sorted(plans.documents["municipality_code"].unique())[:PART])
    share = municipalities / min(PART, municipalities)
    print(f"{municipalities} municipalities, {years} years: {sum(len(plans[name]) for name in plans):,} rows")
    print(f"{'measure':40}{'processor s':>12}{'clock s':>9}{'rows':>9}{'naive/this':>12}")
    failures = []
    for name, measure, naive, read in measures(plans):
        processor, clock, result = timed(measure, plans, 2, overview=name in OVERVIEWS)
        ratio = ""
        if naive:
            naive_time, _, wanted = timed(naive, part, 1)
            ratio = f"{naive_time * share / max(processor, 1e-3):.0f}"
            if read and not np.allclose(read(measure(part)), wanted):
                failures.append(f"{name} disagrees with the naive implementation")
        if processor > LIMIT:
            failures.append(f"{name} takes {processor:.1f} s")
        print(f"{name:40}{processor:12.2f}{clock:9.2f}{len(result):9}{ratio:>12}", flush=True)
    print("\n".join(failures))
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:])))
