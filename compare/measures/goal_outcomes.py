"""What each goal asks for and whether it got there: its targets, what became of them, and what is said of the goal.

Answers, for a goal that another municipality has too, with what target it has it and whether that was reached. Targets
are those of the indicators on the goal and on the goals under it. Whether a target was reached is told by
`compare.measures.attainment` and never guessed; what the documents say of the goal itself stands beside it and decides
nothing. Goals of one wording may be put so differently by their indicators that what became of them cannot be compared.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import attainment
from compare.measures.counting import brought, groups, matches, positions, worded
from compare.measures.goal_structure import goals_and_parents, goals_with_attachments
from compare.measures.status_history import history, latest
from compare.measures.units import lasting_ids, whole

REACHED, PARTLY, NOT_REACHED, NOT_JUDGED, NO_TARGET, NOT_TIED = (
    "reached",
    "partly",
    "not_reached",
    "not_judged",
    "no_target",
    "not_tied",
)


def of_goals(plans: Tables, directions: pd.DataFrame | None = None) -> pd.DataFrame:
    """The targets of each goal and what became of them: one row per goal (stated once a municipality and year).

    Columns: `goal_id`, `municipality_code`, `year`, `title`, `indicators` (on the goal and on all under it; null where
    the documents tie none to any goal), `targets` (one per indicator, part and target year), `judged` (met or not met),
    `met`, `targets_reached`, `status` (what the documents said last of the goal itself; null where they say nothing),
    `record_ids` (the targets, their outcomes and that status).

    `targets_reached`: reached (all judged targets were met), partly (some were), not_reached (none was), not_judged (no
    outcome, or the direction is unknown), no_target, not_tied (the documents tie no indicator to any goal). A goal of
    several years has in each the targets of all, since a later plan prints the outcome. `directions` is a reviewed
    table (see `compare.measures.directions`); raises `PlanError` for one that says something else, and where goals are
    each other's parents in a ring.
    """
    nodes = goals_with_attachments(plans)
    tied = targets(plans, directions)
    found = groups(pd.DataFrame({"goal_id": tied["goal_id"]}), ["goal_id"])
    place = positions(nodes["goal_id"], found.keys["goal_id"])
    counts = {
        "targets": found.count(),
        "judged": found.count(tied["verdict"].isin(["met", "not_met"])),
        "met": found.count(tied["verdict"] == "met"),
    }
    count = {name: brought(pd.Series(value, dtype=float), place).fillna(0).to_numpy() for name, value in counts.items()}
    judged, met = count["judged"], count["met"]
    said = latest(history(plans, "goal"), ("unit_id", "year")).reset_index(drop=True)
    units = lasting_ids(plans, "goals")
    here = nodes[["goal_id", "year"]].assign(
        unit_id=brought(units, positions(nodes["goal_id"], plans.goals["goal_id"]))
    )
    status = matches(here, said, ["unit_id", "year"])
    ids = [found.lists(tied[name], tied[name].notna()) for name in ("target_id", "outcome_id")]
    of_targets = pd.Series([[*a, *b] for a, b in zip(*ids, strict=True)], dtype=object)
    return nodes[["goal_id", "municipality_code", "year", "title"]].assign(
        indicators=nodes["indicators_below"],
        **{name: whole(value) for name, value in count.items()},
        targets_reached=worded(
            [
                nodes["indicators_below"].isna() & (count["targets"] == 0),
                count["targets"] == 0,
                judged == 0,
                met == judged,
                met > 0,
            ],
            [NOT_TIED, NO_TARGET, NOT_JUDGED, REACHED, PARTLY],
            NOT_REACHED,
        ),
        status=brought(said["status"], status),
        record_ids=_joined(brought(of_targets, place), brought(said["status_id"], status)),
    )


def targets(plans: Tables, directions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Each target with the goal it stands on, and once more for each goal above that: the targets that a goal has.

    Columns: `goal_id` (as `of_goals` has it) and those of `compare.measures.attainment.verdicts` but its own `goal_id`,
    which is `of_id` here. A target whose indicator is tied to no goal has no row.
    """
    judged = attainment.verdicts(plans, directions).rename(columns={"goal_id": "of_id"})
    goals, parent = goals_and_parents(plans)
    lasting = lasting_ids(plans, "goals")
    unit = brought(lasting, positions(judged["of_id"], plans.goals["goal_id"]))
    # The targets of a goal that lives for several years are those of each of its years.
    nodes = pd.DataFrame({"node": np.arange(len(goals))}).assign(
        _unit=brought(lasting, positions(goals["unit_id"], plans.goals["goal_id"]))
    )
    rows = judged.assign(_unit=unit)[unit.notna()].merge(nodes, on="_unit").drop(columns="_unit")
    node, parts = rows.pop("node").to_numpy(dtype=np.int64), []
    while len(node):
        parts.append(rows.assign(goal_id=goals["unit_id"].take(node).to_numpy()))
        above = parent[node]
        rows, node = rows[above >= 0], above[above >= 0]
    columns = ["goal_id", *judged.columns]
    if not parts:
        return judged.iloc[:0].assign(goal_id=judged["of_id"].iloc[:0])[columns]
    # What stands on a goal by two ways is its target once.
    return pd.concat(parts, ignore_index=True)[columns].drop_duplicates(["goal_id", "target_id"], ignore_index=True)


def _joined(lists: pd.Series, ids: pd.Series) -> pd.Series:
    return pd.Series(
        [
            [*(own if isinstance(own, list) else []), *([] if pd.isna(one) else [one])]
            for own, one in zip(lists, ids, strict=True)
        ],
        index=lists.index,
        dtype=object,
    )


def of_pairs(pairs: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Look-alike goals with what became of each of the two: the pairs with columns added for either side.

    `pairs` is a result of `compare.measures.similarity.lookalikes` (columns `goal_id_1`, `goal_id_2`), `outcomes` one
    of `of_goals`. Added, with the endings `_1` and `_2`: `indicators`, `targets`, `judged`, `met`, `targets_reached`,
    `status`,
    null for a goal that `outcomes` lacks; and to `record_ids` those of both goals.
    """
    result = pairs.reset_index(drop=True)
    for side in (1, 2):
        place = positions(result[f"goal_id_{side}"], outcomes["goal_id"])
        added = {f"{name}_{side}": brought(outcomes[name], place) for name in _OF_PAIRS}
        ids = brought(outcomes["record_ids"], place)
        both = [
            [*own, *(more if isinstance(more, list) else [])]
            for own, more in zip(result["record_ids"], ids, strict=True)
        ]
        result = result.assign(**added, record_ids=pd.Series(both, index=result.index, dtype=object))
    return result


_OF_PAIRS = ("indicators", "targets", "judged", "met", "targets_reached", "status")
