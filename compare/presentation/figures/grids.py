"""Figures that set groups against categories: heat maps with the values written in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from compare.presentation import labels, style
from compare.presentation.figures import spread
from compare.presentation.figures.base import Figure, as_list, need, nothing, row_labels
from compare.presentation.tables import Form
from compare.presentation.wording import NO_BREAK_SPACE as NBSP
from compare.presentation.wording import Wording

ROWS_WITH_WORDS = 45
HEADS_ASLANT = 10  # more stand steeper, or they would lie on each other
EMPTY = "–"
MUNICIPALITY = "municipality_code"


def heat(
    values: pd.DataFrame,
    say: Wording,
    *,
    rows: str | Sequence[str] = ("municipality_code",),
    columns: str = "theme",
    value: str = "share",
    form: Literal["percent", "number", "money"] = "percent",
    columns_at_most: int = 16,
    largest_first: bool = True,
    title: str = "",
    caption: str = "",
) -> Figure:
    """Groups against categories: the darker the larger, the value written in it, a dash where none is.

    `form` is how the values are written. The columns with the largest sums are shown, and stand first, unless
    `largest_first` is false: then they keep the order of the rows. Beyond 45 groups the map gives way to how each
    category spreads.
    """
    keys = as_list(rows)
    need(values, [*keys, columns, value], "heat")
    wide = values.pivot_table(index=keys, columns=columns, values=value, aggfunc="sum", sort=False, observed=True)
    if wide.empty:
        return nothing(say, values, "heat", title)
    wide = wide.astype("float64")
    largest = wide.sum().sort_values(ascending=False, kind="stable").index[:columns_at_most]
    wide = wide[largest if largest_first else [name for name in wide.columns if name in largest]]
    names = row_labels(wide.reset_index(), keys, say)
    heads = [labels.value(columns, name, say) for name in wide.columns]
    if form == "percent" and "n" in values and MUNICIPALITY in (columns, *keys[:1]):
        sizes = values.groupby(MUNICIPALITY)["n"].first()
        if columns == MUNICIPALITY:
            heads = _with_n(heads, wide.columns, sizes, say)
        elif keys == [MUNICIPALITY]:
            names = _with_n(names, wide.index, sizes, say)
    written = say.writer(form)
    table = wide.to_numpy()
    if len(names) > ROWS_WITH_WORDS:
        return _spreads(table, heads, names, values, written, say, title, {value: form})
    with style.drawing():
        figure = style.canvas(height=1.9 + 0.34 * len(names))
        axes = figure.subplots()
        _draw_cells(axes, table, written)
        axes.set_yticks(range(len(names)), ["\n".join(style.wrap(name, 30, 2)) for name in names])
        _heads_above(axes, heads)
    caption = caption or say("The darker a cell, the larger its value; a dash stands where the plans have nothing.")
    return Figure(
        figure, _heat_alt(table, names, heads, written, say), values, say(caption), "heat", say(title), {value: form}
    )


def _with_n(names: Sequence[str], codes: pd.Index, sizes: pd.Series, say: Wording) -> list[str]:
    """The municipalities with what their shares rest on."""
    return [f"{name} (n{NBSP}={NBSP}{say.number(sizes[code])})" for name, code in zip(names, codes, strict=True)]


def _heads_above(axes: Axes, heads: list[str]) -> None:
    axes.set_xticks(range(len(heads)), ["\n".join(style.wrap(head, 18, 3)) for head in heads])
    if len(heads) > 5:
        axes.tick_params(axis="x", rotation=45 if len(heads) <= HEADS_ASLANT else 65)
        for tick in axes.get_xticklabels():
            tick.set_horizontalalignment("left")
            tick.set_rotation_mode("anchor")
    axes.xaxis.set_ticks_position("top")
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _spreads(
    table: np.ndarray,
    heads: list[str],
    names: list[str],
    values: pd.DataFrame,
    written: Callable[[float], str],
    say: Wording,
    title: str,
    forms: dict[str, Form],
) -> Figure:
    """How each category's values spread over the groups: the heat map of very many groups."""
    rows = [table[:, place] for place in range(len(heads))]
    with style.drawing():
        figure = style.canvas(height=spread.height(len(heads)))
        axes = figure.subplots()
        spread.draw(axes, rows, heads, written)
        axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
    alt = f"{_heat_alt(table, names, heads, written, say)} {spread.words(rows, heads, written, say)}"
    return Figure(figure, alt, values, spread.caption(say), "spread", say(title), forms)


def _draw_cells(axes: Axes, table: np.ndarray, written: Callable[[float], str]) -> None:
    axes.set_facecolor("#f4f4f4")
    top = float(np.nanmax(table)) or 1.0
    picture = axes.imshow(table, cmap="Blues", vmin=0, vmax=top * 1.2, aspect="auto", interpolation="nearest")
    for (row, column), number in np.ndenumerate(table):
        _cell(axes, row, column, number, style.ink_on(picture.to_rgba(number)), written)


def _cell(axes: Axes, row: int, column: int, number: float, ink: str, written: Callable[[float], str]) -> None:
    if np.isnan(number):
        axes.text(column, row, EMPTY, ha="center", va="center", color=style.FAINT, fontsize=8)
        return
    axes.text(column, row, written(number), ha="center", va="center", color=ink, fontsize=8.5)


def _heat_alt(
    table: np.ndarray, names: list[str], heads: list[str], written: Callable[[float], str], say: Wording
) -> str:
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
    lead = say("Heat map of {n} rows and {m} columns.", n=len(names), m=len(heads))
    return " ".join([lead, *parts])
