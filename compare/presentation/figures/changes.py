"""Figures of what a change consists of: parts that add up to it, some upwards and some downwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from compare.presentation import style
from compare.presentation.figures import spread
from compare.presentation.figures.base import Figure, as_list, need, nothing, row_labels
from compare.presentation.wording import Wording

ROWS_WITH_LABELS = 40
_FILLS = (("#d9a441", "...."), ("#7fbcd6", ""), ("#0b4f6c", ""), ("#8c8c8c", "////"))
_TOTAL = "D"


def parts_of_change(
    changes: pd.DataFrame,
    say: Wording,
    *,
    parts: Mapping[str, str],
    rows: str | Sequence[str] = ("municipality_code", "year"),
    total: str = "log_change",
    growth: str = "growth",
    title: str = "",
    caption: str = "",
) -> Figure:
    """What each change consists of: bars from zero to either side, one colour per part, a diamond for the whole.

    `parts` maps the columns of the parts, which sum to the column `total`, to their names (messages); `growth` is the
    whole change as a share and is written out. A change whose parts are unknown has only its diamond. Beyond 40 rows
    the figure shows how each part spreads over the rows.
    """
    keys = as_list(rows)
    need(changes, [*keys, *parts, total, growth], "parts_of_change")
    caption = caption or say("Bars to the right raise the amount, bars to the left lower it; the diamond is the whole.")
    known = changes[changes[total].notna()].reset_index(drop=True)
    if known.empty:
        return nothing(say, changes, "parts-of-change", title)
    names = row_labels(known, keys, say)
    heads = [say(name) for name in parts.values()]
    table = known[list(parts)].to_numpy(dtype=float)
    if len(known) > ROWS_WITH_LABELS:
        return _spreads(changes, table, heads, say, title)
    with style.drawing():
        figure = style.canvas(height=1.7 + 0.42 * len(names))
        axes = figure.subplots()
        _bars(axes, table, known[total].to_numpy(dtype=float), known[growth].to_numpy(dtype=float), say)
        style.name_rows(axes, names)
        axes.xaxis.set_major_formatter(lambda share, _: say.percent(round(share, 6)))
        style.plain_axis(axes)
        axes.axvline(0, color=style.INK, lw=0.9)
        figure.legend(handles=_handles(heads, say), loc="outside lower left", ncols=2)
    alt = _alt(names, known[growth].to_numpy(dtype=float), table, heads, say)
    return Figure(figure, alt, changes, say(caption), "parts-of-change", say(title))


def _bars(axes: Axes, table: np.ndarray, totals: np.ndarray, growth: np.ndarray, say: Wording) -> None:
    places = np.arange(len(table))
    right, left = np.zeros(len(table)), np.zeros(len(table))
    for column, (fill, hatch) in zip(np.nan_to_num(table).T, _FILLS, strict=False):
        start = np.where(column >= 0, right, left)
        axes.barh(places, column, left=start, height=0.6, color=fill, hatch=hatch, edgecolor=style.INK, lw=0.5)
        right, left = right + np.maximum(column, 0), left + np.minimum(column, 0)
    axes.plot(totals, places, _TOTAL, ms=7, color=style.PAPER, mec=style.INK, mew=1.5, zorder=3)
    for place, share in enumerate(growth):
        words = say.percent(share, 1, signed=True)
        if np.isnan(table[place]).any():
            words = f"{words} ({say('parts unknown')})"
        reach = max(right[place], totals[place], 0.0)
        axes.annotate(words, (reach, place), (8, 0), textcoords="offset points", va="center", fontsize=8.5)
    axes.margins(x=0.16)


def _handles(heads: list[str], say: Wording) -> list[Patch | Line2D]:
    patches: list[Patch | Line2D] = [
        Patch(facecolor=fill, hatch=hatch, edgecolor=style.INK, lw=0.5, label=head)
        for head, (fill, hatch) in zip(heads, _FILLS, strict=False)
    ]
    whole = Line2D([], [], ls="", marker=_TOTAL, ms=7, color=style.PAPER, mec=style.INK, mew=1.5)
    whole.set_label(say("The whole change"))
    return [*patches, whole]


def _spreads(changes: pd.DataFrame, table: np.ndarray, heads: list[str], say: Wording, title: str) -> Figure:
    rows = [table[:, place] for place in range(len(heads))]
    with style.drawing():
        figure = style.canvas(height=spread.height(len(heads)))
        spread.draw(figure.subplots(), rows, heads, say.writer("share"), colours=[fill for fill, _ in _FILLS])
    alt = spread.words(rows, heads, say.writer("share"), say)
    return Figure(figure, alt, changes, spread.caption(say), "parts-of-change", say(title))


def _alt(names: list[str], growth: np.ndarray, table: np.ndarray, heads: list[str], say: Wording) -> str:
    sentences = []
    for name, share, values in list(zip(names, growth, table, strict=True))[:8]:
        parts = [
            f"{head} {say.percent(value, 1, signed=True)}"
            for head, value in zip(heads, values, strict=True)
            if not np.isnan(value)
        ]
        whole = say("{group}: {change}", group=name, change=say.percent(share, 1, signed=True))
        sentences.append(f"{whole} ({', '.join(parts) or say('parts unknown')}).")
    return " ".join([say("Bars of what changes consist of."), *sentences])
