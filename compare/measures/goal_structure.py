"""How a municipality's goals are built: how many, how deep, what hangs on them, and where the chain breaks.

Every count depends on what counts as one goal (Däubler, Benoit, Mikhaylov and Laver 2012 on the unit of text analysis),
so each result names its `unit_rule` (see `compare.measures.units.unit_ids`). Goals, indicators, assignments and
actions are counted apart. Three rules hold in all functions:

- A municipality and year without any goal gives no row; it is 'no data', never 0.
- Where the documents of a municipality and year tie nothing of a kind to any goal (no indicators were read, or they
  stand in a list of their own), what rests on that kind is null, not 0: the documents do not say which goals they
  serve.
- Results carry the ids of the records they rest on (`goal_ids`, `record_ids`), for `compare.measures.sources`.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures.counting import Groups, groups
from compare.measures.statistics import manski_bounds, rate, wilson
from compare.measures.units import By, UnitRule, flags, texts, unit_ids, units, whole, with_columns
from compare.problems import PlanError

BY: By = ("municipality_code", "year")
DEEPEST = 25
ATTACHED = ("assignments", "actions", "indicators", "targets")
_NODE = ("municipality_code", "year", "document_id", "level", "level_term", "number", "title", "office")


def goals_with_attachments(plans: Tables, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """One row per goal, with its parent and what hangs on it: the base of the measures below.

    Columns: `goal_id`, `municipality_code`, `year`, `document_id`, `level`, `level_term`, `number`, `title`, `office`,
    `parent_goal_id` (null for a root and for a parent that does not exist), `dangling` (names a parent that does not
    exist), `children`, `descendants`, and for assignments, actions, indicators and targets (indicators with a target
    value) a count of those directly on the goal and, with the ending `_below`, of those on it and on all goals under
    it; `weight` (1, or the number of mentions), `rows` (ids of the goal's rows), `unit_rule`.

    An action without a goal of its own belongs to its assignment's goal, an assignment without one to its parent
    assignment's. Raises `PlanError` where goals are each other's parents in a ring.
    """
    goals = units(plans, "goals", unit_rule)
    of_goal = unit_ids(plans, "goals", unit_rule)
    parent_id = pd.Series(of_goal.reindex(goals["parent_goal_id"]).to_numpy(), index=goals.index, dtype="str")
    parent_id = parent_id.mask(parent_id == goals["unit_id"])
    position = pd.Index(goals["unit_id"])
    parent = position.get_indexer(parent_id)
    counts = np.column_stack(
        [np.ones(len(goals)), *(_on_goals(plans, t, unit_rule, of_goal, position) for t in ATTACHED)]
    )
    below = with_descendants(counts, parent, goals["unit_id"])
    result = goals[list(_NODE)].assign(
        parent_goal_id=parent_id,
        dangling=(goals["parent_goal_id"].notna() & parent_id.isna()).astype("boolean"),
        children=whole(np.bincount(parent[parent >= 0], minlength=len(goals))),
        descendants=whole(below[:, 0] - 1),
    )
    result.insert(0, "goal_id", goals["unit_id"])
    for i, table in enumerate(ATTACHED, start=1):
        tied = pd.Series(counts[:, i]).groupby([goals["municipality_code"], goals["year"]]).transform("sum") > 0
        result[table] = whole(np.where(tied, counts[:, i], np.nan))
        result[f"{table}_below"] = whole(np.where(tied, below[:, i], np.nan))
    return result.assign(weight=goals["weight"], rows=goals["rows"], unit_rule=texts([unit_rule] * len(goals)))


def _on_goals(plans: Tables, table: str, unit_rule: UnitRule, of_goal: pd.Series, position: pd.Index) -> np.ndarray:
    """How many different things of the table stand directly on each goal."""
    ties = goal_of(plans, table, unit_rule)
    goal = position.get_indexer(pd.Index(of_goal.reindex(ties["goal_id"])))
    pairs = pd.DataFrame({"goal": goal, "unit": ties["unit_id"].to_numpy()})[goal >= 0].drop_duplicates()
    return np.bincount(pairs["goal"], minlength=len(position)).astype(float)


def goal_of(plans: Tables, table: str, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """Which goal each assignment, action, indicator or indicator with a target stands on, directly or by its parent.

    Columns `record_id`, `unit_id` (the thing counted), `goal_id` (as the source ties it; null without a goal).
    """
    source = "indicators" if table == "targets" else table
    rows = plans[source]
    if table == "targets":
        rows = rows[rows["indicator_id"].isin(printed_targets(plans)["indicator_id"])]
    key = f"{source.removesuffix('s')}_id"
    goal = rows["goal_id"]
    if source in ("assignments", "actions"):
        of_assignment = _goal_of_assignments(plans)
        parent = rows["assignment_id"].to_numpy()
        goal = goal.fillna(pd.Series(of_assignment.reindex(parent).to_numpy(), index=rows.index, dtype="str"))
    unit = unit_ids(plans, source, unit_rule).reindex(rows[key]).to_numpy()
    return pd.DataFrame({"record_id": rows[key], "unit_id": unit, "goal_id": goal}).reset_index(drop=True)


def _goal_of_assignments(plans: Tables) -> pd.Series:
    """The goal of each assignment: its own, else its parent's, else the parent's parent's ..."""
    rows = plans.assignments.set_index("assignment_id")
    goal, parent = rows["goal_id"], rows["parent_assignment_id"]
    for _ in range(DEEPEST):
        open_ends = goal.isna() & parent.notna()
        if not open_ends.any():
            break
        goal = goal.fillna(pd.Series(goal.reindex(parent).to_numpy(), index=goal.index, dtype="str"))
        parent = pd.Series(parent.reindex(parent).to_numpy(), index=goal.index, dtype="str")
    return goal


def printed_targets(plans: Tables) -> pd.DataFrame:
    """The rows of `indicator_values` that are targets with a value or with words."""
    values = plans.indicator_values
    return values[(values["kind"] == "target") & (values["value"].notna() | values["text"].notna())]


def judged_targets(plans: Tables) -> pd.DataFrame:
    """The numeric targets of a stated year whose indicator has a numeric outcome of an earlier year."""
    values, targets = plans.indicator_values, printed_targets(plans)
    targets = targets[targets["value"].notna() & targets["year"].notna()]
    outcomes = values[(values["kind"] == "outcome") & values["value"].notna()]
    first = targets["indicator_id"].map(outcomes.groupby("indicator_id")["year"].min())
    return targets[(targets["year"] > first.astype("Int64")).fillna(False).to_numpy(bool)]


def with_descendants(counts: np.ndarray, parent: np.ndarray, names: pd.Series) -> np.ndarray:
    """Each row's counts with those of all rows under it; `parent` holds positions, -1 for none."""
    total, ancestor = counts.copy(), parent.copy()
    for _ in range(DEEPEST):
        known = np.flatnonzero(ancestor >= 0)
        if not len(known):
            return total
        for column in range(counts.shape[1]):
            total[:, column] += np.bincount(ancestor[known], counts[known, column], minlength=len(counts))
        ancestor = np.where(ancestor >= 0, parent[ancestor], -1)
    ring = ", ".join(names[ancestor >= 0].head(3))
    raise PlanError(
        f"goals are their own ancestors: {ring}; a goal tree without rings was expected; correct parent_goal_id"
    )


def count_by_level(plans: Tables, by: By = BY, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """Number of goals on each level, n_l: columns of `by`, `level`, `level_term`, `goals`, `unit_rule`, `goal_ids`.

    One row per level and term that occurs; a goal whose level is not stated stands under a null level. Levels of
    different municipalities are comparable only in their order: see `level_term` for what each is called.
    """
    by = [*by, *(name for name in ("level", "level_term") if name not in by)]
    nodes = with_columns(plans, goals_with_attachments(plans, unit_rule), by)
    found = groups(nodes, by)
    goals = whole(found.count(weights=nodes["weight"]))
    return found.keys.assign(goals=goals, unit_rule=_text(unit_rule, found), goal_ids=found.lists(nodes["goal_id"]))


def _text(value: str, found: Groups) -> pd.Series:
    return pd.Series([value] * len(found.keys), dtype="str")


def structure(plans: Tables, by: By = BY, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """Depth, span, orphans and childless goals.

    Columns: `goals` (n), `top_goals` (level 1), `depth` = max level, `span` = mean children of the goals that have any,
    `level_ratio` = goals below the top level / goals above the lowest (the mean of n_{l+1}/n_l weighted by n_l),
    `orphans` = goals below level 1 without a parent, `orphan_rate` = orphans / goals below level 1, `childless` = goals
    above the group's lowest level without a child, `childless_rate` = of goals above the lowest level, `level_unknown`,
    `unit_rule`, `goal_ids`, `orphan_ids`, `childless_ids`.

    Rates are null without a denominator. Goals without a level count in `goals` and `level_unknown` only. Pitfall: a
    goal is an orphan also where its parent stands in a document that was not read.
    """
    nodes = with_columns(plans, goals_with_attachments(plans, unit_rule), by)
    found = groups(nodes, by)
    level = nodes["level"].astype("float64").to_numpy()
    depth = pd.Series(level).groupby(found.codes).max().reindex(found.keys.index).to_numpy(float)
    lower, upper = level > 1, level < depth[found.codes]
    orphan = lower & nodes["parent_goal_id"].isna().to_numpy()
    childless = upper & (nodes["children"] == 0).to_numpy(bool)
    parents = found.count(nodes["children"] > 0)
    counts = {
        "goals": found.count(),
        "top_goals": found.count(level == 1),
        "depth": depth,
        "orphans": found.count(orphan),
        "childless": found.count(childless),
        "level_unknown": found.count(np.isnan(level)),
    }
    shares = {
        "span": rate(found.count(weights=nodes["children"]), parents),
        "level_ratio": rate(found.count(lower), found.count(upper)),
        "orphan_rate": rate(found.count(orphan), found.count(lower)),
        "childless_rate": rate(found.count(childless), found.count(upper)),
    }
    order = [
        "goals",
        "top_goals",
        "depth",
        "span",
        "level_ratio",
        "orphans",
        "orphan_rate",
        "childless",
        "childless_rate",
    ]
    result = found.keys.assign(**{k: whole(v) for k, v in counts.items()}, **shares)
    return result[[*by, *order, "level_unknown"]].assign(
        unit_rule=_text(unit_rule, found),
        goal_ids=found.lists(nodes["goal_id"]),
        orphan_ids=found.lists(nodes["goal_id"], orphan),
        childless_ids=found.lists(nodes["goal_id"], childless),
    )


def attachments(plans: Tables, by: By = BY, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """Assignments, actions and indicators per goal, one row per group and kind of attachment.

    Columns: `attached` (assignments, actions, indicators, targets), `goals`, `on_goals` (those tied to a goal of the
    group), `per_goal` = on_goals / goals, `median`, `largest` (on one goal), `without` (goals that have none themselves
    or below), `unit_rule`, `goal_ids` of the goals without. Null where the documents tie none of that kind to any goal.
    What is tied to no goal is not in here: see `unattached`.
    """
    nodes = with_columns(plans, goals_with_attachments(plans, unit_rule), by)
    found = groups(nodes, by)
    parts = []
    for table in ATTACHED:
        each = nodes[table].astype("float64")
        without = (nodes[f"{table}_below"] == 0).fillna(False).to_numpy(bool)
        some = found.count(each.notna())
        values = each.groupby(found.codes)
        total = np.where(some > 0, found.count(weights=each.fillna(0)), np.nan)
        part = found.keys.assign(
            attached=_text(table, found),
            goals=whole(found.count()),
            on_goals=whole(total),
            per_goal=rate(total, some),
            median=values.median().reindex(found.keys.index),
            largest=values.max().reindex(found.keys.index).astype("Int64"),
            without=whole(np.where(some > 0, found.count(without), np.nan)),
            unit_rule=_text(unit_rule, found),
            goal_ids=found.lists(nodes["goal_id"], without),
        )
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def rates(rows: pd.DataFrame, by: By, flag: str, key: str, unit_rule: str) -> pd.DataFrame:
    """The share of rows whose flag is true, among those where it is known.

    Columns: those of `by`, `count`, `n` (known), `rate`, `low`, `high` (Wilson), `unknown`, `bound_low`, `bound_high`
    (were all unknown false, or true), `unit_rule`, `record_ids` (rows that are true), `other_ids` (rows that are
    false). The rate is null where nothing is known.
    """
    found = groups(rows, by)
    known = rows[flag].notna().to_numpy()
    yes = rows[flag].fillna(False).to_numpy(bool)
    count, n, unknown = found.count(yes), found.count(known), found.count(~known)
    low, high = wilson(count, n)
    bound_low, bound_high = manski_bounds(count, n, unknown)
    return found.keys.assign(
        count=whole(count),
        n=whole(n),
        rate=rate(count, n),
        low=low,
        high=high,
        unknown=whole(unknown),
        bound_low=bound_low,
        bound_high=bound_high,
        unit_rule=_text(unit_rule, found),
        record_ids=found.lists(rows[key], yes),
        other_ids=found.lists(rows[key], known & ~yes),
    )


def indicator_coverage(
    plans: Tables, by: By = BY, unit_rule: UnitRule = "stated_once", *, below: bool = False
) -> pd.DataFrame:
    """Share of goals with at least one indicator, |{g: >= 1 indicator}| / n; with `below` also by way of subgoals.

    Columns as for all rates: `count`, `n`, `rate`, `low`, `high`, `unknown`, `bound_low`, `bound_high`, `unit_rule`,
    `record_ids` (goals with), `other_ids` (goals without). Unknown where none is tied to any goal.
    """
    nodes = goals_with_attachments(plans, unit_rule)
    nodes["covered"] = nodes["indicators_below" if below else "indicators"] > 0
    return rates(with_columns(plans, nodes, by), by, "covered", "goal_id", unit_rule)


def target_coverage(plans: Tables, by: By = BY, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """Share of indicators with a target, and with a target that can be judged.

    Two rows per group: `requirement` = `target` (a target value or its words for any year) and `baseline_target_year`
    (a numeric target for a stated year and an outcome of an earlier year). Columns otherwise as for all rates;
    `record_ids` are indicators. Unknown where the documents of the municipality and year print no value of any
    indicator.
    """
    indicators = units(plans, "indicators", unit_rule)
    values = plans.indicator_values[["municipality_code", "plan_year"]].drop_duplicates()
    place = pd.MultiIndex.from_frame(indicators[["municipality_code", "year"]])
    unread = ~place.isin(pd.MultiIndex.from_frame(values))
    unit = unit_ids(plans, "indicators", unit_rule)
    parts = []
    for requirement, rows in (("target", printed_targets(plans)), ("baseline_target_year", judged_targets(plans))):
        has = indicators["unit_id"].isin(unit.reindex(rows["indicator_id"])).astype("boolean").mask(unread)
        part = with_columns(plans, indicators.assign(has=has), by)
        parts.append(rates(part, by, "has", "unit_id", unit_rule).assign(requirement=requirement))
    result = pd.concat(parts, ignore_index=True).astype({"requirement": "str"})
    return result[[*by, "requirement", *(name for name in result if name not in by and name != "requirement")]]


def unattached(plans: Tables, by: By = BY, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """Assignments, actions and indicators that stand on no goal: columns of `by`, `attached`, then as for all rates.

    `record_ids` are the things without a goal. Pitfall: a plan may state its assignments per committee and not per
    goal; then all are unattached by design and not by neglect.
    """
    parts = []
    for table in ("assignments", "actions", "indicators"):
        ties = goal_of(plans, table, unit_rule)
        loose = ties.assign(loose=ties["goal_id"].isna()).groupby("unit_id")["loose"].all().astype("boolean")
        rows = units(plans, table, unit_rule)
        rows = with_columns(plans, rows.assign(loose=loose.reindex(rows["unit_id"]).to_numpy()), by)
        parts.append(rates(rows, by, "loose", "unit_id", unit_rule).assign(attached=table))
    result = pd.concat(parts, ignore_index=True).astype({"attached": "str"})
    return result[[*by, "attached", *(name for name in result if name not in by and name != "attached")]]


def shared_responsibility(plans: Tables, by: By = BY, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """Share of assignments that several bodies answer for; columns as for all rates.

    True where more than one committee is named, where the document says another body leads (`contributes`), or where
    documents give the same assignment to several offices; false where one committee or office is named and nobody else
    is said to lead; unknown where neither is stated.
    """
    rows = plans.assignments
    unit = unit_ids(plans, "assignments", unit_rule).to_numpy()
    bodies = pd.DataFrame(
        {"unit_id": unit, "office": rows["office"].to_numpy(), "committees": rows["committees"].to_numpy()}
    )
    committees = bodies.explode("committees").groupby("unit_id")["committees"].nunique()
    offices = bodies.groupby("unit_id")["office"].nunique()
    contributes = pd.DataFrame({"unit_id": unit, "c": rows["contributes"].to_numpy()}).groupby("unit_id")["c"].max()
    assignments = units(plans, "assignments", unit_rule)
    several, one = [
        pd.Series((test(committees) | test(offices)).reindex(assignments["unit_id"]).to_numpy(bool))
        for test in (lambda s: s > 1, lambda s: s == 1)
    ]
    leads = flags(contributes.reindex(assignments["unit_id"]).to_numpy())
    shared = pd.Series(flags(several) | leads)
    shared = shared.fillna(False).mask(~several & ~one & pd.isna(leads))
    return rates(with_columns(plans, assignments.assign(shared=shared), by), by, "shared", "unit_id", unit_rule)


def tree(plans: Tables, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """The goal trees for drawing, each municipality's goals in the order of a table of contents.

    Columns of `goals_with_attachments` and: `root_id` (the top of its tree), `depth` (steps from the root, 0 = root;
    what the tree shows, also where levels are not stated), `leaves` (goals without children under it, itself included
    where it is one: its breadth in a drawing), `position` (order within the municipality and year, from
    0, parents before their children, numbers in numeric order: 2 before 10).
    """
    nodes = goals_with_attachments(plans, unit_rule)
    index = pd.Index(nodes["goal_id"])
    parent = index.get_indexer(nodes["parent_goal_id"])
    own = (nodes["children"] == 0).to_numpy(float)[:, None]
    leaves = with_descendants(own, parent, nodes["goal_id"])[:, 0].astype(int)
    nodes["leaves"] = whole(leaves)
    order = _reading_order(nodes)
    paths, root, depth = [order], np.arange(len(nodes)), np.zeros(len(nodes), int)
    ancestor = parent.copy()
    while (ancestor >= 0).any():
        known = ancestor >= 0
        root, depth = np.where(known, ancestor, root), depth + known
        paths.append(np.where(known, order[ancestor], -1))
        ancestor = np.where(known, parent[ancestor], -1)
    place = pd.DataFrame({"municipality_code": nodes["municipality_code"], "year": nodes["year"]})
    chain = np.stack(paths)
    for step in range(chain.shape[0]):
        place[step] = chain[np.clip(depth - step, 0, None), np.arange(len(nodes))]
        place[step] = place[step].where(depth >= step, -1)
    nodes["root_id"] = texts(nodes["goal_id"].to_numpy()[root])
    nodes["depth"] = whole(depth)
    nodes = nodes.loc[place.sort_values(list(place.columns)).index]
    nodes["position"] = nodes.groupby(["municipality_code", "year"]).cumcount().astype("Int64")
    return nodes.reset_index(drop=True)


def _reading_order(nodes: pd.DataFrame) -> np.ndarray:
    """Rank of each goal among all by its printed number, part by part; unnumbered ones after them, as they stand."""
    codes, numbers = pd.factorize(nodes["number"])
    ranked = sorted(range(len(numbers)), key=lambda i: [int(part) for part in re.findall(r"\d+", str(numbers[i]))[:6]])
    rank = np.empty(len(numbers) + 1, int)
    rank[ranked], rank[-1] = np.arange(len(numbers)), len(numbers)
    return np.argsort(np.argsort(rank[codes], kind="stable"), kind="stable")
