"""Figures of goal structures: the goals as trees side by side, or how many there are when the trees are many."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from compare.presentation import labels, style
from compare.presentation.figures import spread
from compare.presentation.figures.base import Figure, as_list, need, nothing, row_labels
from compare.presentation.tables import PLACE_COLUMNS
from compare.presentation.wording import Wording, is_missing

TREES_AT_MOST = 4
BARS_AT_MOST = 45
_TEXT_SIZE = 7.5
_HEIGHT_OF_GOAL = 0.31  # room for two lines
_WIDTHS = {1: 7.0, 2: style.WIDTH, 3: 11.0}  # inches of a figure with so many trees in a row
_LEVEL_FILLS = ("#0b4f6c", "#a9d0de", "#e6f1f5", "#f7f7f7", "#ffffff")
_LEVEL_INKS = ("#ffffff", style.INK, style.INK, style.INK, style.INK)
_LEVEL_HATCHES = ("", "", "////", "xxxx", "....")


@dataclass
class _Goal:
    """A goal in its tree."""

    title: str
    level: int
    parts: list[_Goal] = field(default_factory=list)

    @property
    def height(self) -> int:
        """How many rows it takes: one for each goal at the end of its branches."""
        return sum(part.height for part in self.parts) or 1

    @property
    def depth(self) -> int:
        """How many levels it has with those under it, itself included."""
        return 1 + max((part.depth for part in self.parts), default=0)


def goal_trees(
    goals: pd.DataFrame,
    say: Wording,
    *,
    trees: str | Sequence[str] = ("municipality_code", "year"),
    title: str = "",
    caption: str = "",
) -> Figure:
    """Goal trees side by side: each column a level, each goal a box as tall as the goals under it.

    `goals` has the contract's columns goal_id, parent_goal_id, level, number, title. Up to four trees are drawn; up to
    45 become bars of the number of goals by level, more than that how the numbers spread.
    """
    keys = as_list(trees)
    need(goals, [*keys, "goal_id", "parent_goal_id", "level", "title"], "goal_trees")
    caption = caption or say("Each column is a level, each box a goal; a box is as tall as the goals under it.")
    if goals.empty:
        return nothing(say, goals, "goal-trees", title)
    groups = list(goals.groupby(keys, sort=False, observed=True, dropna=False))
    if len(groups) > TREES_AT_MOST:
        return level_bars(level_counts(goals, keys), say, rows=keys, title=title)
    names = row_labels(pd.DataFrame([key for key, _ in groups], columns=keys), keys, say)
    forests = [_forest(rows, say) for _, rows in groups]
    rows = max(sum(goal.height for goal in forest) for forest in forests)
    columns = len(groups) if len(groups) <= max(_WIDTHS) else 2
    lines = math.ceil(len(groups) / columns)
    with style.drawing():
        figure = style.canvas(width=_WIDTHS[columns], height=lines * (0.7 + _HEIGHT_OF_GOAL * max(rows, 6)))
        panels = style.panels(figure, len(groups), columns)
        for axes, name, forest, (_, frame) in zip(panels, names, forests, groups, strict=True):
            inches = figure.get_figwidth() / columns - 0.2
            _draw_forest(axes, forest, rows, inches)
            below = style.wrap_to(_in_short(frame, say), style.WIDTH_OF_BOLD * inches, _TEXT_SIZE, 3)
            axes.set_title("\n".join([name, *below]), fontsize=_TEXT_SIZE)
    parts = [
        say("{group}: {counts}.", group=n, counts=_by_level(f, say)) for n, (_, f) in zip(names, groups, strict=True)
    ]
    alt = " ".join([say("Goal trees side by side."), *parts])
    told = [*keys, "goal_id", "number", "title", "title_en", "level", "level_term", *PLACE_COLUMNS]
    data = goals[[name for name in dict.fromkeys(told) if name in goals]]
    return Figure(figure, alt, data, say(caption), "goal-trees", say(title))


def _forest(goals: pd.DataFrame, say: Wording) -> list[_Goal]:
    """The goals as trees, in the document's order; a goal whose parent is not among them, or is
    under it, stands at the top.
    """
    nodes: dict[str, _Goal] = {}
    titles = [str(words) for words, _ in labels.in_language(goals, "title", say)]
    for row, title in zip(goals.to_dict("records"), titles, strict=True):
        number = "" if is_missing(row.get("number")) else f"{row['number']} "
        level = 1 if is_missing(row["level"]) else int(row["level"])
        nodes[row["goal_id"]] = _Goal(f"{number}{title}", level)
    above = {
        goal: parent
        for goal, parent in zip(goals["goal_id"], goals["parent_goal_id"], strict=True)
        if not is_missing(parent) and parent in nodes
    }
    top: list[_Goal] = []
    for goal, node in nodes.items():
        (nodes[above[goal]].parts if goal in above and not _in_circle(goal, above) else top).append(node)
    return top


def _in_circle(goal: str, above: dict[str, str]) -> bool:
    """Whether a goal is, by its parents, under itself: a mistake in the data that must not lose the goal."""
    seen = set()
    at = goal
    while at in above and at not in seen:
        seen.add(at)
        at = above[at]
        if at == goal:
            return True
    return False


def _draw_forest(axes: Axes, forest: list[_Goal], rows: int, inches: float) -> None:
    columns = max(max(goal.depth + goal.level - 1 for goal in forest), 1)
    # A level above others is narrow: its boxes are tall, so their titles have room for several lines.
    widths = np.array([0.6] * (columns - 1) + [1.0])
    widths /= widths.sum()
    for column, needed in enumerate(_widest_words(forest, columns - 1)):
        widths[column] = max(widths[column], min(needed / inches, 1.5 * widths[column]))
    widths[-1] = 1 - widths[:-1].sum()
    edges = np.concatenate([[0], np.cumsum(widths)])
    top = 0.0
    for goal in forest:
        top = _draw_goal(axes, goal, goal.level - 1, top, edges, inches)
    axes.set_xlim(0, 1)
    axes.set_ylim(rows, 0)
    axes.axis("off")


def _widest_words(forest: list[_Goal], columns: int) -> list[float]:
    """The inches that the longest word takes in each column that stands left of others, with the box's margin."""
    widest = [0.0] * columns
    waiting = list(forest)
    while waiting:
        goal = waiting.pop()
        waiting.extend(goal.parts)
        if goal.parts and goal.level <= columns:
            longest = max(style.text_width(word, _TEXT_SIZE) for word in goal.title.split())
            widest[goal.level - 1] = max(widest[goal.level - 1], longest + 0.12)
    return widest


def _draw_goal(axes: Axes, goal: _Goal, column: int, top: float, edges: np.ndarray, inches: float) -> float:
    column = min(column, len(edges) - 2)
    # A goal without parts takes the room that its parts would have.
    left, right = edges[column], edges[column + 1] if goal.parts else 1.0
    shade = min(column, len(_LEVEL_FILLS) - 1)
    height = goal.height
    box = Rectangle((left, top), right - left, height, fc=_LEVEL_FILLS[shade], ec=style.PAPER, lw=1.6)
    axes.add_patch(box)
    room = (right - left) * inches - 0.1
    text = "\n".join(style.wrap_to(goal.title, room, _TEXT_SIZE, max(2, int(height * 2.2))))
    words = axes.text(
        left + 0.008, top + height / 2, text, va="center", ha="left", fontsize=_TEXT_SIZE, color=_LEVEL_INKS[shade]
    )
    words.set_in_layout(False)  # it fits its box; making room for it would make the boxes narrower than their texts
    below = top
    for part in goal.parts:
        below = _draw_goal(axes, part, column + 1, below, edges, inches)
    return top + height


def _in_short(goals: pd.DataFrame, say: Wording) -> str:
    """How many goals there are and, where they have several levels, how many at each: '39 goals; 13, 22, and 4'."""
    total = say.plural("{n} goal", "{n} goals", len(goals))
    levels = goals["level"].dropna().value_counts().sort_index()
    if len(levels) < 2 or levels.sum() < len(goals):
        return total
    return say("{goals}; by level {counts}", goals=total, counts=say.listed([say.number(int(n)) for n in levels]))


def _by_level(goals: pd.DataFrame, say: Wording) -> str:
    counts = goals["level"].value_counts(dropna=False).sort_index()
    parts = []
    for level, n in zip(counts.index.tolist(), counts.tolist(), strict=True):
        if is_missing(level):
            parts.append(say.plural("{n} goal without a level", "{n} goals without a level", int(n)))
        else:
            parts.append(
                say.plural("{n} goal at level {level}", "{n} goals at level {level}", int(n), level=int(level))
            )
    return say.listed(parts)


def level_counts(goals: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Number of goals per group and level: columns of `keys`, level, n."""
    return goals.groupby([*keys, "level"], sort=False, observed=True, dropna=False).size().rename("n").reset_index()


def level_bars(
    counts: pd.DataFrame,
    say: Wording,
    *,
    rows: str | Sequence[str] = ("municipality_code", "year"),
    level: str = "level",
    count: str = "n",
    title: str = "",
    caption: str = "",
) -> Figure:
    """Number of goals by level as stacked bars, one per group; beyond 45 groups the spread of the numbers per level."""
    keys = as_list(rows)
    need(counts, [*keys, level, count], "level_bars")
    wide = counts.pivot_table(index=keys, columns=level, values=count, aggfunc="sum", sort=False, observed=True)
    if wide.empty:
        return nothing(say, counts, "goal-levels", title)
    wide = wide[sorted(wide.columns)]
    names = row_labels(wide.reset_index(), keys, say)
    table = wide.astype("float64").fillna(0).to_numpy()
    with style.drawing():
        if len(names) > BARS_AT_MOST:
            figure = _level_spread(table, list(wide.columns), say)
        else:
            figure = style.canvas(height=1.7 + 0.32 * len(names))
            _level_stack(figure.subplots(), table, list(wide.columns), names, say)
            figure.legend(handles=_level_swatches(list(wide.columns), say), loc="outside lower left", ncols=4)
    usual = say("Number of goals by level; level 1 is the top.")
    caption = caption or (spread.caption(say) if len(names) > BARS_AT_MOST else usual)
    return Figure(
        figure, _levels_alt(table, list(wide.columns), names, say), counts, say(caption), "goal-levels", say(title)
    )


def _level_stack(axes: Axes, table: np.ndarray, levels: list[Any], names: list[str], say: Wording) -> None:
    lefts = np.zeros(len(names))
    for place, _ in enumerate(levels):
        shade = min(place, len(_LEVEL_FILLS) - 1)
        axes.barh(
            range(len(names)),
            table[:, place],
            left=lefts,
            height=0.74,
            color=_LEVEL_FILLS[shade],
            hatch=_LEVEL_HATCHES[shade],
            ec=style.INK,
            lw=0.5,
        )
        for row, n in enumerate(table[:, place]):
            if n >= table.sum(axis=1).max() * 0.03:
                box = {"boxstyle": "round,pad=0.15", "fc": _LEVEL_FILLS[shade], "ec": "none"}
                axes.text(
                    lefts[row] + n / 2,
                    row,
                    say.number(int(n)),
                    ha="center",
                    va="center",
                    color=_LEVEL_INKS[shade],
                    bbox=box,
                )
        lefts = lefts + table[:, place]
    for row, total in enumerate(lefts):
        axes.annotate(say.number(int(total)), (total, row), (5, 0), textcoords="offset points", va="center")
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(0, float(lefts.max()) * 1.08)
    axes.set_xlabel(say("Number of goals"))
    style.plain_axis(axes)


def _level_spread(table: np.ndarray, levels: list[Any], say: Wording) -> matplotlib.figure.Figure:
    rows = [table[:, place][table[:, place] > 0] for place in range(len(levels))]
    names = [say("Level {level} ({n} have it)", level=int(x), n=len(row)) for x, row in zip(levels, rows, strict=True)]
    figure = style.canvas(height=spread.height(len(levels)))
    axes = figure.subplots()
    spread.draw(axes, rows, names, say.writer("number"))
    axes.set_xlim(left=0)
    axes.set_xlabel(say("Number of goals"))
    return figure


def _level_swatches(levels: list[Any], say: Wording) -> list[Patch]:
    shades = [min(place, len(_LEVEL_FILLS) - 1) for place in range(len(levels))]
    return [
        Patch(
            fc=_LEVEL_FILLS[s], hatch=_LEVEL_HATCHES[s], ec=style.INK, lw=0.5, label=say("Level {level}", level=int(x))
        )
        for s, x in zip(shades, levels, strict=True)
    ]


def _levels_alt(table: np.ndarray, levels: list[Any], names: list[str], say: Wording) -> str:
    totals = table.sum(axis=1)
    most, fewest = int(np.argmax(totals)), int(np.argmin(totals))
    return say(
        "Number of goals in {n} groups at up to {levels} levels: most in {high_name} ({high}), "
        "fewest in {low_name} ({low}), half of them below {median}.",
        n=len(names),
        levels=len(levels),
        high_name=names[most],
        high=int(totals[most]),
        low_name=names[fewest],
        low=int(totals[fewest]),
        median=float(np.median(totals)),
    )
