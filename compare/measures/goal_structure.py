"""How a municipality's goals are built: how many, how deep, what hangs on them, and where the chain breaks.

Every count depends on what counts as one goal (Däubler, Benoit, Mikhaylov and Laver 2012 on the unit of text analysis),
so each result names its `unit_rule` (see `compare.measures.units.unit_ids`). Goals, indicators, assignments and
actions are counted apart. Three rules hold in all functions:

- A municipality and year without any goal gives no row; it is 'no data', never 0.
- Where none of the documents that state a goal ties anything of a kind to any goal (no indicators were read, or they
  stand in a list of their own), what rests on that kind is null for the goal, not 0: a goal lacks an indicator only
  where its own document gives indicators to goals.
- Results carry the ids of the records they rest on (`goal_ids`, `record_ids`), for `compare.measures.sources`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures.counting import Groups, brought, groups, matches, positions, remembered
from compare.measures.statistics import SMALLEST_N, known_share, rate
from compare.measures.target_cells import is_stated
from compare.measures.units import By, UnitRule, flags, standing, texts, unit_numbers, units, whole, with_columns
from compare.problems import PlanError

BY: By = ("municipality_code", "year")
DEEPEST = 25
ATTACHED = ("assignments", "actions", "indicators", "targets")
_PLACE = ("page", "line")
_NODE = ("municipality_code", "year", "document_id", "level", "level_term", "number", "title", "office")


@remembered
def goals_with_attachments(plans: Tables, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """One row per goal, with its parent and what hangs on it: the base of the measures below.

    Columns: `goal_id`, `municipality_code`, `year`, `document_id`, `level`, `level_term`, `number`, `title`, `office`,
    `parent_goal_id` (null for a root and for a parent that does not exist), `dangling` (names a parent that does not
    exist), `children`, `descendants`, and for assignments, actions, indicators and targets (indicators with a target
    value) a count of those directly on the goal and, with the ending `_below`, of those on it and on all goals under
    it; `weight` (1, or the number of mentions), `rows` (ids of the goal's rows), `unit_rule`. A count of 0 is null
    where no document that states the goal (or, below, one of those under it) ties anything of the kind to a goal.

    An action without a goal of its own belongs to its assignment's goal, an assignment without one to its parent
    assignment's. Lists of unfinished assignments are left out. Raises `PlanError` where goals are each other's parents
    in a ring.
    """
    plans = standing(plans)
    goals, parent = goals_and_parents(plans, unit_rule)
    parent_id = brought(goals["unit_id"], parent)
    counts = np.column_stack([np.ones(len(goals)), *(_on_goals(plans, t, unit_rule, len(goals)) for t in ATTACHED)])
    below = with_descendants(counts, parent, goals["unit_id"])
    result = goals[list(_NODE)].assign(
        parent_goal_id=parent_id,
        dangling=(goals["parent_goal_id"].notna() & parent_id.isna()).astype("boolean"),
        children=whole(np.bincount(parent[parent >= 0], minlength=len(goals))),
        descendants=whole(below[:, 0] - 1),
    )
    result.insert(0, "goal_id", goals["unit_id"])
    for i, table in enumerate(ATTACHED, start=1):
        silent = ~_told_of(plans, table, unit_rule, len(goals)) & (counts[:, i] == 0)
        silent_below = with_descendants(silent[:, None].astype(float), parent, goals["unit_id"])[:, 0] > 0
        result[table] = whole(np.where(silent, np.nan, counts[:, i]))
        result[f"{table}_below"] = whole(np.where(silent_below & (below[:, i] == 0), np.nan, below[:, i]))
    return result.assign(weight=goals["weight"], rows=goals["rows"], unit_rule=texts([unit_rule] * len(goals)))


@remembered
def goals_and_parents(plans: Tables, unit_rule: UnitRule = "stated_once") -> tuple[pd.DataFrame, np.ndarray]:
    """The goals that are counted (see `units.units`) and for each the row of its parent, -1 for none."""
    goals = units(plans, "goals", unit_rule)
    number = unit_numbers(plans, "goals", unit_rule)
    parent = _numbers(number, positions(goals["parent_goal_id"], plans.goals["goal_id"]))
    return goals, np.where(parent == np.arange(len(goals)), -1, parent)


def _numbers(number: np.ndarray, row: np.ndarray) -> np.ndarray:
    """The number of each row's thing; -1 for no row."""
    return np.where(row >= 0, number[row], -1) if len(number) else np.full(len(row), -1)


def _on_goals(plans: Tables, table: str, unit_rule: UnitRule, size: int) -> np.ndarray:
    """How many different things of the table stand directly on each goal."""
    source = "indicators" if table == "targets" else table
    goal, unit = goal_numbers(plans, source, unit_rule), unit_numbers(plans, source, unit_rule)
    use = goal >= 0
    if table == "targets":
        use &= _is_among(plans.indicators["indicator_id"], printed_targets(plans)["indicator_id"])
    pairs = np.unique(goal[use] * (len(unit) + 1) + unit[use]) // (len(unit) + 1)
    return np.bincount(pairs, minlength=size).astype(float)


def _told_of(plans: Tables, table: str, unit_rule: UnitRule, size: int) -> np.ndarray:
    """Whether a document that states the goal ties anything of the table to any goal: only then a goal can lack it."""
    source = "indicators" if table == "targets" else table
    tied = goal_numbers(plans, source, unit_rule) >= 0
    if table == "targets":
        tied &= _is_among(plans.indicators["indicator_id"], printed_targets(plans)["indicator_id"])
    return stated_in(plans, plans[source]["document_id"][tied], unit_rule, size)


def stated_in(plans: Tables, documents: pd.Series, unit_rule: UnitRule, size: int) -> np.ndarray:
    """Whether each goal that is counted stands in any of the documents."""
    here = _is_among(plans.goals["document_id"], documents.drop_duplicates())
    return np.bincount(unit_numbers(plans, "goals", unit_rule), here, minlength=size) > 0


def _is_among(wanted: pd.Series, among: pd.Series) -> np.ndarray:
    return positions(wanted, among) >= 0


@remembered
def goal_numbers(plans: Tables, table: str, unit_rule: UnitRule = "stated_once") -> np.ndarray:
    """The goal that each assignment, action or indicator stands on: a row of `units(plans, "goals")`, -1 for none.

    An action without a goal of its own stands on its assignment's, an assignment without one on its parent's.
    """
    goals, rows = plans.goals["goal_id"], plans[table]
    goal = positions(rows["goal_id"], goals)
    if table in ("assignments", "actions"):
        tasks = plans.assignments
        of_task = positions(tasks["goal_id"], goals)
        parent = positions(tasks["parent_assignment_id"], tasks["assignment_id"])
        above = parent.copy()
        for _ in range(DEEPEST):
            missing = (of_task < 0) & (above >= 0)
            if not missing.any():
                break
            of_task = np.where(missing, of_task[above], of_task)
            above = np.where(above >= 0, parent[above], -1)
        task = (
            np.arange(len(tasks))
            if table == "assignments"
            else positions(rows["assignment_id"], tasks["assignment_id"])
        )
        by_task = of_task[task] if len(tasks) else np.full(len(task), -1)
        goal = np.where(goal >= 0, goal, np.where(task >= 0, by_task, -1))
    return _numbers(unit_numbers(plans, "goals", unit_rule), goal)


def has_values(plans: Tables, indicators: pd.DataFrame) -> np.ndarray:
    """Whether the documents of each indicator's municipality and year print any value of any indicator.

    Where they print none, what an indicator comes with is unknown and not lacking: the values stand elsewhere.
    """
    values = plans.indicator_values[["municipality_code", "plan_year"]].rename(columns={"plan_year": "year"})
    return matches(indicators, values, BY) >= 0


def printed_targets(plans: Tables) -> pd.DataFrame:
    """The rows of `indicator_values` that are targets with a value or with words (see `target_cells.is_stated`)."""
    values = plans.indicator_values
    targets = values[values["kind"] == "target"]
    return targets[is_stated(targets)]


def judged_targets(plans: Tables) -> pd.DataFrame:
    """The numeric targets of a stated year whose indicator has a numeric outcome of an earlier year."""
    values, targets = plans.indicator_values, printed_targets(plans)
    targets = targets[targets["value"].notna() & targets["year"].notna()]
    outcomes = values[(values["kind"] == "outcome") & values["value"].notna()]
    first = targets["indicator_id"].map(outcomes.groupby("indicator_id")["year"].min())
    return targets[(targets["year"] > first.astype("Int64")).fillna(False).to_numpy(bool)]


def with_descendants(counts: np.ndarray, parent: np.ndarray, names: pd.Series) -> np.ndarray:
    """Each row's counts with those of all rows under it; `parent` holds positions, -1 for none."""
    refuse_rings(parent, names)
    total, ancestor = counts.copy(), parent.copy()
    while (ancestor >= 0).any():
        known = np.flatnonzero(ancestor >= 0)
        for column in range(counts.shape[1]):
            total[:, column] += np.bincount(ancestor[known], counts[known, column], minlength=len(counts))
        ancestor = np.where(ancestor >= 0, parent[ancestor], -1)
    return total


def refuse_rings(parent: np.ndarray, names: pd.Series) -> None:
    """Raise `PlanError` where goals are each other's ancestors (or nest deeper than any plan)."""
    ancestor = parent.copy()
    for _ in range(DEEPEST):
        if not (ancestor >= 0).any():
            return
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

    Columns: `attached` (assignments, actions, indicators, targets), `goals`, `known` (goals of which it is known: whose
    documents tie any of the kind to goals), `on_goals` (those tied to a goal of the group), `per_goal` = on_goals /
    known and the `median` of the known (null where these are not all and too few to stand for all), `largest` (on one
    goal), `without` (known goals that have none themselves or below), `unit_rule`, `goal_ids` of the goals without,
    `most_ids` of the goals with the most. Null where the documents tie none of that kind to any goal. What is tied
    to no goal is not in here: see `unattached`.
    """
    nodes = with_columns(plans, goals_with_attachments(plans, unit_rule), by)
    found = groups(nodes, by)
    parts = []
    for table in ATTACHED:
        each = nodes[table].astype("float64")
        without = (nodes[f"{table}_below"] == 0).fillna(False).to_numpy(bool)
        some = found.count(each.notna())
        values = each.groupby(found.codes)
        largest = values.max().reindex(found.keys.index)
        total = np.where(some > 0, found.count(weights=each.fillna(0)), np.nan)
        enough = (some == found.count()) | (some >= SMALLEST_N)
        most = (each > 0) & (each.to_numpy() == largest.to_numpy()[found.codes])
        part = found.keys.assign(
            attached=_text(table, found),
            goals=whole(found.count()),
            known=whole(some),
            on_goals=whole(total),
            per_goal=np.where(enough, rate(total, some), np.nan),
            median=values.median().reindex(found.keys.index).where(enough),
            largest=largest.astype("Int64"),
            without=whole(np.where(some > 0, found.count(without), np.nan)),
            unit_rule=_text(unit_rule, found),
            goal_ids=found.lists(nodes["goal_id"], without),
            most_ids=found.lists(nodes["goal_id"], most.to_numpy(bool)),
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
    return found.keys.assign(
        count=whole(count),
        n=whole(n),
        **known_share(count, n, whole(unknown)),
        unit_rule=_text(unit_rule, found),
        record_ids=found.lists(rows[key], yes),
        other_ids=found.lists(rows[key], known & ~yes),
    )


def indicator_coverage(
    plans: Tables, by: By = BY, unit_rule: UnitRule = "stated_once", *, below: bool = False
) -> pd.DataFrame:
    """Share of goals with at least one indicator, |{g: >= 1 indicator}| / n; with `below` also by way of subgoals.

    Columns as for all rates: `count`, `n`, `rate`, `low`, `high`, `unknown`, `bound_low`, `bound_high`, `unit_rule`,
    `record_ids` (goals with), `other_ids` (goals without). Unknown where no document that states the goal ties any to
    a goal.
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
    unread = ~has_values(plans, indicators)
    number = unit_numbers(plans, "indicators", unit_rule)
    parts = []
    for requirement, rows in (("target", printed_targets(plans)), ("baseline_target_year", judged_targets(plans))):
        own = _is_among(plans.indicators["indicator_id"], rows["indicator_id"])
        has = pd.Series(flags(np.bincount(number, own, minlength=len(indicators)) > 0)).mask(unread)
        part = with_columns(plans, indicators.assign(has=has), by)
        parts.append(rates(part, by, "has", "unit_id", unit_rule).assign(requirement=requirement))
    result = pd.concat(parts, ignore_index=True).astype({"requirement": "str"})
    return result[[*by, "requirement", *(name for name in result if name not in by and name != "requirement")]]


def unattached(
    plans: Tables,
    by: By = BY,
    unit_rule: UnitRule = "stated_once",
    tables: Sequence[str] = ("assignments", "actions", "indicators"),
) -> pd.DataFrame:
    """Assignments, actions and indicators that stand on no goal: columns of `by`, `attached`, then as for all rates.

    `record_ids` are the things without a goal. Pitfall: a plan may state its assignments per committee and not per
    goal; then all are unattached by design and not by neglect. Lists of unfinished assignments are left out.
    """
    plans, parts = standing(plans), []
    for table in tables:
        rows, number = units(plans, table, unit_rule), unit_numbers(plans, table, unit_rule)
        tied = np.bincount(number, goal_numbers(plans, table, unit_rule) >= 0, minlength=len(rows)) > 0
        rows = with_columns(plans, rows.assign(loose=flags(~tied)), by)
        parts.append(rates(rows, by, "loose", "unit_id", unit_rule).assign(attached=table))
    result = pd.concat(parts, ignore_index=True).astype({"attached": "str"})
    return result[[*by, "attached", *(name for name in result if name not in by and name != "attached")]]


def shared_responsibility(plans: Tables, by: By = BY, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """Share of assignments that several bodies answer for; columns as for all rates.

    True where more than one committee is named, where the document says another body leads (`contributes`), or where
    documents give the same assignment to several offices; false where one committee or office is named and nobody else
    is said to lead; unknown where neither is stated. Lists of unfinished assignments are left out.
    """
    plans = standing(plans)
    rows = plans.assignments
    number = unit_numbers(plans, "assignments", unit_rule)
    assignments = units(plans, "assignments", unit_rule)
    size = len(assignments)
    offices = _different(number, rows["office"], size)
    sizes = rows["committees"].map(lambda codes: len(codes) if isinstance(codes, list) else 0).to_numpy(int)
    named = pd.Series([code for codes in rows["committees"] if isinstance(codes, list) for code in codes], dtype="str")
    committees = _different(np.repeat(number, sizes), named, size)
    says = rows["contributes"]
    leads = np.bincount(number, says.fillna(False).to_numpy(bool), minlength=size) > 0
    said = np.bincount(number, says.notna().to_numpy(), minlength=size) > 0
    several, one = (committees > 1) | (offices > 1), (committees == 1) | (offices == 1)
    shared = pd.Series(flags(several | leads)).mask(~several & ~one & ~said)
    return rates(with_columns(plans, assignments.assign(shared=shared), by), by, "shared", "unit_id", unit_rule)


def _different(number: np.ndarray, values: pd.Series, size: int) -> np.ndarray:
    """How many different values each thing has, missing ones aside."""
    codes = pd.factorize(values)[0]
    known = codes >= 0
    pairs = np.unique(number[known] * (codes.max(initial=0) + 1) + codes[known]) // (codes.max(initial=0) + 1)
    return np.bincount(pairs, minlength=size)


def tree(plans: Tables, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """The goal trees for drawing, each municipality's goals in the order of a table of contents.

    Columns of `goals_with_attachments` and: `root_id` (the top of its tree), `depth` (steps from the root, 0 = root;
    what the tree shows, also where levels are not stated), `leaves` (goals without children under it, itself included
    where it is one: its breadth in a drawing), `position` (order within the municipality and year, from
    0, parents before their children, goals of one name together and their numbers in numeric order: 2 before 10).
    """
    nodes = goals_with_attachments(plans, unit_rule)
    parent = positions(nodes["parent_goal_id"], nodes["goal_id"])
    own = (nodes["children"] == 0).to_numpy(float)[:, None]
    leaves = with_descendants(own, parent, nodes["goal_id"])[:, 0].astype(int)
    nodes["leaves"] = whole(leaves)
    order = _reading_order(nodes, plans.goals)
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


def _reading_order(nodes: pd.DataFrame, goals: pd.DataFrame) -> np.ndarray:
    """Rank of each goal among all: by what its level is called, in the order in which the names first stand in print.

    Within that by the printed number, part by part; unnumbered ones after them, as they stand. Two series that both
    begin at 1 (areas of the whole plan, areas of one programme in it) stay apart that way.
    """
    codes, numbers = pd.factorize(nodes["number"])
    ranked = sorted(range(len(numbers)), key=lambda i: [int(part) for part in re.findall(r"\d+", str(numbers[i]))[:6]])
    rank = np.empty(len(numbers) + 1, int)
    rank[ranked], rank[-1] = np.arange(len(numbers)), len(numbers)
    where = positions(nodes["goal_id"], goals["goal_id"])
    place = [pd.Series(goals[name].to_numpy(), dtype="Float64").fillna(0).to_numpy(float)[where] for name in _PLACE]
    printed = np.lexsort((*reversed(place), pd.factorize(nodes["document_id"], sort=True)[0]))
    stands = np.empty(len(nodes), int)
    stands[printed] = np.arange(len(nodes))
    # The names of one municipality and year, by where the first goal of each stands.
    named = groups(nodes, ["municipality_code", "year", "level_term"], ordered=False).codes
    series = pd.Series(stands).groupby(named).transform("min").to_numpy()
    return np.argsort(np.lexsort((stands, rank[codes], series)), kind="stable")
