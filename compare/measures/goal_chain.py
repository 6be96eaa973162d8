"""The chain from the council's goals to what is done about them, and where it breaks.

A goal of the top level is complete when under it stand a goal of a lower level, an indicator, an assignment and money.
Nothing more is claimed: that the parts exist does not tell that they fit. A part is unknown, not missing, where no
document that states the goal ties such a thing to any goal: it does not say which goals it serves, or it stands in a
document that nobody has read.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures.counting import groups, matches, positions, remembered
from compare.measures.goal_structure import (
    BY,
    goal_numbers,
    goals_with_attachments,
    rates,
    stated_in,
    with_descendants,
)
from compare.measures.units import By, UnitRule, flags, normalised, texts, unit_numbers, with_columns

PARTS = ("subgoal", "indicator", "assignment", "budget")


@remembered
def chains(plans: Tables, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """The four parts of the chain for each goal of the top level.

    Columns: `goal_id`, `municipality_code`, `year`, `document_id`, `level_term`, `number`, `title`, `subgoal`,
    `indicator`, `assignment`, `budget` (true, false or null), `budget_basis`, `complete` (false where a part is, null
    where none is false but one is unknown), `missing` (list of the parts that are false), `unit_rule`.

    The top level is the highest level stated in the municipality and year; goals there that stand under no other. Parts
    count on the goal and on all goals under it. `budget` is true by `funding` (an assignment under the goal is given
    money) or by `office` (an office that holds the goal or an assignment under it has a line in a budget table of that
    plan year): the second tells that money can be found for those who work on the goal, not that it is for the goal.
    """
    nodes = goals_with_attachments(plans, unit_rule)
    money = _money_below(plans, nodes, unit_rule)
    place = groups(nodes, ["municipality_code", "year"], ordered=False)
    divided = (nodes["descendants"] > 0).to_numpy(bool)
    number = unit_numbers(plans, "goals", unit_rule)
    divides = plans.goals["document_id"][divided[number]] if len(number) else plans.goals["document_id"]
    parts = {
        "subgoal": pd.Series(flags(divided), index=nodes.index).mask(
            ~divided & ~stated_in(plans, divides, unit_rule, len(nodes))
        ),
        "indicator": (nodes["indicators_below"] > 0).astype("boolean"),
        "assignment": (nodes["assignments_below"] > 0).astype("boolean"),
        "budget": money["budget"],
    }
    result = nodes.assign(**parts, budget_basis=money["basis"])
    highest = nodes["level"].groupby(place.codes).transform("min")
    top = nodes["parent_goal_id"].isna() & ((nodes["level"] == highest).fillna(False) | highest.isna())
    result = result[top.to_numpy(bool)].reset_index(drop=True)
    found = result[list(PARTS)]
    lacks = ~found.fillna(True).astype(bool)
    any_false, any_unknown = lacks.any(axis=1), found.isna().any(axis=1)
    result["complete"] = flags(np.where(any_false, False, True))
    result["complete"] = result["complete"].mask(~any_false & any_unknown)
    lists = [[part for part, lack in zip(PARTS, row, strict=True) if lack] for row in lacks.to_numpy().tolist()]
    result["missing"] = pd.Series(lists, index=result.index, dtype=object)
    columns = ["goal_id", "municipality_code", "year", "document_id", "level_term", "number", "title", *PARTS]
    return result[[*columns, "budget_basis", "complete", "missing", "unit_rule"]]


def _money_below(plans: Tables, nodes: pd.DataFrame, unit_rule: UnitRule) -> pd.DataFrame:
    """Per goal whether money can be found on it or under it, and how; null where its documents tie none to any goal."""
    size = len(nodes)
    at = goal_numbers(plans, "assignments", unit_rule)
    given = plans.funding[plans.funding["amount_sek"].notna()]["assignment_id"]
    funded = positions(plans.assignments["assignment_id"], given) >= 0
    holds = _holds_budget(plans, plans.assignments)
    of_goals = _holds_budget(plans, plans.goals)
    own = np.bincount(unit_numbers(plans, "goals", unit_rule), of_goals, minlength=size)
    counts = np.zeros((size, 2))
    counts[:, 0] = np.bincount(at[(at >= 0) & funded], minlength=size)
    counts[:, 1] = np.bincount(at[(at >= 0) & holds], minlength=size) + own
    below = with_descendants(counts, positions(nodes["parent_goal_id"], nodes["goal_id"]), nodes["goal_id"]) > 0
    tying = [plans.assignments["document_id"][(at >= 0) & (funded | holds)], plans.goals["document_id"][of_goals]]
    told_of = stated_in(plans, pd.concat(tying), unit_rule, size)
    basis = np.full(len(nodes), None, object)
    basis[below[:, 1]], basis[below[:, 0]] = "office", "funding"
    found = below.any(axis=1)
    budget = pd.Series(flags(found), index=nodes.index).mask(~found & ~told_of)
    return pd.DataFrame({"budget": budget, "basis": texts(basis)}, index=nodes.index)


def _holds_budget(plans: Tables, rows: pd.DataFrame) -> np.ndarray:
    """Whether the office each row stands under has a line in a budget table of the same municipality and plan year.

    A line counts with its office and with its label: tables by unit print the office as the row's label.
    """
    lines = plans.budget_lines[plans.budget_lines["amount_sek"].notna()]
    named = [lines[["municipality_code", "plan_year"]].assign(name=normalised(lines[c])) for c in ("office", "label")]
    holders = pd.concat(named).dropna(subset="name").rename(columns={"plan_year": "year"})
    wanted = rows[["municipality_code", "year"]].assign(name=normalised(rows["office"]))
    return (matches(wanted, holders, list(wanted.columns)) >= 0) & wanted["name"].notna().to_numpy()


def completeness(plans: Tables, by: By = BY, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """Share of top goals that have each part of the chain, and all of them.

    Five rows per group: `part` = subgoal, indicator, assignment, budget, complete. Columns otherwise as for all rates
    (`count`, `n`, `rate`, `low`, `high`, `unknown`, `bound_low`, `bound_high`, `unit_rule`, `record_ids` of the goals
    that have it, `other_ids` of those that lack it). A part nobody has read about is unknown and has a null rate.
    """
    rows = with_columns(plans, chains(plans, unit_rule), by)
    parts = [rates(rows, by, p, "goal_id", unit_rule).assign(part=p) for p in (*PARTS, "complete")]
    result = pd.concat(parts, ignore_index=True).astype({"part": "str"})
    return result[[*by, "part", *(name for name in result if name not in by and name != "part")]]


def broken_links(plans: Tables, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """Each place where a chain breaks: a row per top goal and part that it lacks, with the goal's place.

    Columns: `municipality_code`, `year`, `goal_id`, `number`, `title`, `part`, `document_id`, `page`, `line`.
    """
    rows = chains(plans, unit_rule).explode("missing").rename(columns={"missing": "part"})
    rows = rows[rows["part"].notna()].astype({"part": "str"})
    place = plans.goals[["goal_id", "page", "line"]]
    columns = ["municipality_code", "year", "goal_id", "number", "title", "part", "document_id", "page", "line"]
    return rows.merge(place, on="goal_id", how="left")[columns].reset_index(drop=True)
