"""Figures that set groups against categories: heat maps with the values written in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from compare.presentation import labels, style
from compare.presentation.figures.base import Figure, as_list, need, nothing, row_labels
from compare.presentation.wording import Wording

ROWS_WITH_WORDS = 45


def heat(
    values: pd.DataFrame,
    say: Wording,
    *,
    rows: str | Sequence[str] = ("municipality_code",),
    columns: str = "theme",
    value: str = "share",
    form: str = "percent",
    columns_at_most: int = 16,
    title: str = "",
    caption: str = "",
) -> Figure:
    """Groups against categories: the darker the larger, the value written in each cell, 'no data' cells hatched.

    `form` is percent or number. Beyond 45 groups the words give way to a picture sorted by the largest category.
    """
    keys = as_list(rows)
    need(values, [*keys, columns, value], "heat")
    wide = values.pivot_table(index=keys, columns=columns, values=value, aggfunc="sum", sort=False, observed=True)
    if wide.empty:
        return nothing(say, values, caption, "heat")
    wide = wide.astype("float64")
    wide = wide[wide.sum().sort_values(ascending=False, kind="stable").index[:columns_at_most]]
    many = len(wide) > ROWS_WITH_WORDS
    if many:
        wide = wide.sort_values(wide.columns[0], ascending=False, kind="stable")
    names = row_labels(wide.reset_index(), keys, say)
    heads = [labels.value(columns, name, say) for name in wide.columns]
    written = say.percent if form == "percent" else (lambda number: say.number(round(float(number), 2)))
    table = wide.to_numpy()
    top = float(np.nanmax(table)) or 1.0
    with style.drawing():
        figure = style.canvas(height=6.5 if many else 1.9 + 0.34 * len(names))
        axes = figure.subplots()
        axes.set_facecolor("#f4f4f4")
        axes.imshow(table, cmap="Blues", vmin=0, vmax=top * 1.2, aspect="auto", interpolation="nearest")
        if many:
            marks = sorted({0, len(names) // 2, len(names) - 1})
            axes.set_yticks(marks, [names[mark] for mark in marks])
        else:
            axes.set_yticks(range(len(names)), ["\n".join(style.wrap(name, 30, 2)) for name in names])
            for (row, column), number in np.ndenumerate(table):
                _cell(axes, row, column, number, top, written, say)
        axes.set_xticks(range(len(heads)), ["\n".join(style.wrap(head, 18, 3)) for head in heads])
        if len(heads) > 5:
            axes.tick_params(axis="x", rotation=45)
            for tick in axes.get_xticklabels():
                tick.set_horizontalalignment("left")
                tick.set_rotation_mode("anchor")
        axes.xaxis.set_ticks_position("top")
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        style.title(figure, say(title))
    caption = caption or say("The darker a cell, the larger its value; rows are groups, columns categories.")
    return Figure(figure, _heat_alt(table, names, heads, written, say), values, say(caption), "heat")


def _cell(axes, row: int, column: int, number: float, top: float, written, say: Wording) -> None:  # type: ignore[no-untyped-def]
    if np.isnan(number):
        axes.text(column, row, EMPTY, ha="center", va="center", color=style.FAINT, fontsize=8)
        return
    ink = style.PAPER if number > 0.68 * top else style.INK
    axes.text(column, row, written(number), ha="center", va="center", color=ink, fontsize=8.5)


EMPTY = "·"


def _heat_alt(table: np.ndarray, names: list[str], heads: list[str], written, say: Wording) -> str:  # type: ignore[no-untyped-def]
    parts = []
    for place in range(min(len(heads), 6)):
        column = table[:, place]
        if np.isnan(column).all():
            continue
        most = int(np.nanargmax(column))
        parts.append(
            say(
                "{category}: most in {group} ({value}).",
                category=heads[place],
                group=names[most],
                value=written(column[most]),
            )
        )
    lead = say("Heat map of {n} groups against {m} categories.", n=len(names), m=len(heads))
    return " ".join([lead, *parts])
