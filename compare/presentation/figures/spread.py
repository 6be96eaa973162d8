"""Figures of how values spread over many groups: what the others become when their groups are too many to be named."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes

from compare.presentation import style
from compare.presentation.wording import Wording

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def caption(say: Wording) -> str:
    """How a figure of spreads is read."""
    return say(
        "Each row shows how all groups spread: the bar is the middle half, the line the middle nine tenths, the dot "
        "and the number at the right the median."
    )


def height(rows: int) -> float:
    """The height in inches of a figure with so many rows."""
    return 1.2 + 0.46 * rows


def draw(
    axes: Axes,
    rows: Sequence[np.ndarray],
    names: Sequence[str],
    written: Callable[[float], str],
    *,
    colours: Sequence[str] | None = None,
) -> None:
    """Draw the spread of each row's values; an empty row keeps its name and has no bar."""
    for place, values in enumerate(rows):
        known = values[~np.isnan(values)]
        if not len(known):
            continue
        low, quarter, middle, three_quarters, high = np.quantile(known, _QUANTILES)
        colour = colours[place] if colours else style.SERIES[4]
        axes.plot([low, high], [place, place], color=style.FAINT, lw=1.4, zorder=1)
        axes.barh(
            place, three_quarters - quarter, left=quarter, height=0.46, color=colour, ec=style.INK, lw=0.6, zorder=2
        )
        axes.plot(middle, place, "o", ms=7, color=style.INK, mec=style.PAPER, mew=1, zorder=3, clip_on=False)
        # Clear of the edge, where the dot of a middle of 100% is drawn over it.
        axes.annotate(
            written(float(middle)),
            (1, place),
            (10, 0),
            xycoords=axes.get_yaxis_transform(),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
        )
    style.name_rows(axes, names, 36)
    axes.tick_params(axis="y", pad=8)  # a middle of zero is drawn over the axis, and must not touch the name
    axes.xaxis.set_major_formatter(lambda value, _: written(round(value, 6)))
    style.plain_axis(axes)


def words(rows: Sequence[np.ndarray], names: Sequence[str], written: Callable[[float], str], say: Wording) -> str:
    """The spreads in words: the median and the middle nine tenths of each row, at most eight of them."""
    parts = []
    for name, values in list(zip(names, rows, strict=True))[:8]:
        known = values[~np.isnan(values)]
        if len(known):
            low, middle, high = (written(float(x)) for x in np.quantile(known, (0.05, 0.5, 0.95)))
            parts.append(
                say(
                    "{group}: median {median}, nine tenths between {low} and {high}.",
                    group=name,
                    median=middle,
                    low=low,
                    high=high,
                )
            )
    return " ".join(parts)
