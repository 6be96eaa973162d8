"""Figures of how far things have come: shares of each status, and how statuses moved between periods."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from compare.presentation import labels, style
from compare.presentation.figures import spread
from compare.presentation.figures.base import Figure, as_list, need, nothing, row_labels, with_common
from compare.presentation.sentences import flat
from compare.presentation.wording import Wording

ROWS_WITH_LABELS = 40
_HEIGHT_OF_BAR = 0.36


def status_bars(
    counts: pd.DataFrame,
    say: Wording,
    *,
    rows: str | Sequence[str] = ("municipality_code", "period"),
    status: str = "status",
    count: str = "n",
    title: str = "",
    caption: str = "",
) -> Figure:
    """How many there are of each status: one bar per group, its segments the shares, counts and symbols in them.

    `counts` has a row per group and status. Beyond 40 groups they give way to how each status' share spreads over the
    groups, of each at its latest period: the shares of an early follow-up and of a late one are not to be mixed.
    """
    keys = as_list(rows)
    need(counts, [*keys, status, count], "status_bars")
    caption = caption or say("Number of each status per group; the length of a segment is its share.")
    wide = _by_status(counts, keys, status, count)
    if wide.empty:
        return nothing(say, counts, "status-bars", title)
    data = _with_records(wide, counts, keys).reset_index()
    names = row_labels(data, keys, say)
    caption = with_common(say(caption), data, keys, say)
    table = wide.to_numpy(dtype=float)
    if len(names) > ROWS_WITH_LABELS:
        late = _latest(data, keys)
        present = [name for name in wide.columns if data.loc[late, name].any()]
        names = [name for name, is_late in zip(names, late, strict=True) if is_late]
        return _spreads(data.loc[late, present].to_numpy(dtype=float), present, names, data, say, title)
    with style.drawing():
        figure = style.canvas(height=_height(len(names)))
        axes = figure.subplots()
        _bars(axes, table, list(wide.columns), names, say)
        axes.set_xlim(0, 1)
        handles = [_swatch(name, say) for name in wide.columns]
        figure.legend(handles=handles, loc="outside lower left", ncols=3, handlelength=1.6, columnspacing=1.2)
    alt = _status_alt(table, list(wide.columns), names, say)
    return Figure(figure, alt, data, caption, "status-bars", say(title))


def _spreads(
    table: np.ndarray, statuses: list[str], names: list[str], data: pd.DataFrame, say: Wording, title: str
) -> Figure:
    """How the share of each status spreads over the groups: the bars of very many groups."""
    shares = table / table.sum(axis=1, keepdims=True)
    rows = [shares[:, place] for place in range(len(statuses))]
    heads = [f"{style.STATUS_MARKS[s].symbol} {labels.code('status', s, say)}" for s in statuses]
    with style.drawing():
        figure = style.canvas(height=spread.height(len(statuses)))
        axes = figure.subplots()
        spread.draw(axes, rows, heads, say.percent, colours=[style.STATUS_MARKS[s].fill for s in statuses])
        axes.set_xlim(left=0)
        axes.set_xlabel(say("Share of each group"))
    alt = f"{_status_alt(table, statuses, names, say)} {spread.words(rows, heads, say.percent, say)}"
    caption = f"{spread.caption(say)} {say('Each group counts at its latest follow-up of the year.')}"
    return Figure(figure, alt, data, caption, "status-spread", say(title))


def _latest(data: pd.DataFrame, keys: list[str]) -> np.ndarray:
    """Which groups stand at the latest period of what they are of; all where periods are no key."""
    others = [name for name in keys if name != "period"]
    if "period" not in keys or not others:
        return np.ones(len(data), dtype=bool)
    # A period is written as its year and name ('2022-T3'), so the latest of a year is the greatest.
    year = data["period"].astype("str").str[:4].rename("_year")
    latest = data["period"].groupby([*(data[name] for name in others), year], dropna=False).transform("max")
    return (data["period"] == latest).to_numpy(bool)


def _height(rows: int) -> float:
    return 1.25 + _HEIGHT_OF_BAR * rows


def _by_status(counts: pd.DataFrame, keys: list[str], status: str, count: str) -> pd.DataFrame:
    """Groups by status, in the palette's order; a status that never occurs has no column."""
    wide = counts.pivot_table(index=keys, columns=status, values=count, aggfunc="sum", sort=False, observed=True)
    wide = wide.astype("float64").fillna(0.0)
    present = [name for name in style.STATUS_MARKS if name in wide and wide[name].sum() > 0]
    return wide.loc[wide.sum(axis=1) > 0, present]


def _with_records(wide: pd.DataFrame, counts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The groups with the records that each rests on, where the counts tell them."""
    if "record_ids" not in counts:
        return wide
    return wide.assign(record_ids=counts.groupby(keys, sort=False, observed=True)["record_ids"].agg(flat))


def _bars(axes: Axes, table: np.ndarray, statuses: list[str], names: list[str], say: Wording) -> None:
    totals = table.sum(axis=1)
    lefts = np.zeros(len(names))
    places = np.arange(len(names))
    for column, status in enumerate(statuses):
        mark = style.STATUS_MARKS[status]
        shares = table[:, column] / totals
        axes.barh(
            places,
            shares,
            left=lefts,
            height=0.74,
            color=mark.fill,
            hatch=mark.hatch,
            edgecolor=style.INK,
            lw=0.5,
            clip_on=False,
        )
        for place in places[shares > 0]:
            _print_segment(axes, lefts[place], shares[place], place, table[place, column], mark, say)
        lefts = lefts + shares
    style.name_rows(axes, names, 38)
    for place, total in zip(places, totals, strict=True):
        axes.annotate(
            f"n = {say.number(int(total))}", (1, place), (5, 0), textcoords="offset points", va="center", fontsize=8.5
        )
    style.plain_axis(axes)
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])


def _print_segment(axes: Axes, left: float, share: float, place: int, n: float, mark: style.Mark, say: Wording) -> None:
    """The symbol and the count, as much as the segment has room for."""
    number = say.number(int(n))
    text = f"{mark.symbol} {number}" if share > 0.011 * (3 + len(number)) else number
    if share < 0.009 * (1 + len(number)):
        return
    box = {"boxstyle": "round,pad=0.15", "fc": mark.fill, "ec": "none"} if mark.hatch else None
    axes.text(
        left + share / 2, place, text, ha="center", va="center", color=mark.ink, fontsize=8.5, bbox=box, clip_on=False
    )


def _swatch(status: str, say: Wording) -> Patch:
    mark = style.STATUS_MARKS[status]
    label = f"{mark.symbol} {labels.code('status', status, say)}"
    return Patch(facecolor=mark.fill, hatch=mark.hatch, edgecolor=style.INK, lw=0.5, label=label)


def _status_alt(table: np.ndarray, statuses: list[str], names: list[str], say: Wording) -> str:
    """The finding in words: every group when they are few, else the total and the two ends."""
    if len(names) <= 6:
        parts = [
            say("{group}: {counts}.", group=n, counts=_counts(t, statuses, say))
            for n, t in zip(names, table, strict=True)
        ]
        return " ".join([say("Bars of how many there are of each status."), *parts])
    shares = table / table.sum(axis=1, keepdims=True)
    leading = int(np.argmax(table.sum(axis=0)))
    high, low = int(np.argmax(shares[:, leading])), int(np.argmin(shares[:, leading]))
    return " ".join(
        [
            say(
                "Bars of how many there are of each status in {n} groups, together: {counts}.",
                n=len(names),
                counts=_counts(table.sum(axis=0), statuses, say),
            ),
            say(
                "The share with the status '{status}' is highest in {high_name} ({high:percent}) "
                "and lowest in {low_name} ({low:percent}).",
                status=labels.code("status", statuses[leading], say),
                high_name=names[high],
                high=shares[high, leading],
                low_name=names[low],
                low=shares[low, leading],
            ),
        ]
    )


def _counts(row: np.ndarray, statuses: list[str], say: Wording) -> str:
    return say.listed(
        [
            say("{n} {status}", n=int(n), status=labels.code("status", s, say))
            for n, s in zip(row, statuses, strict=True)
            if n
        ]
    )


def transitions(
    moves: pd.DataFrame,
    say: Wording,
    *,
    before: str = "from_status",
    after: str = "to_status",
    count: str = "n",
    before_label: str = "Status before",
    after_label: str = "Status after",
    title: str = "",
    caption: str = "",
) -> Figure:
    """How statuses moved between two periods: a matrix, rows the first period, columns the second.

    `moves` has a row per pair of statuses; several rows of one pair are added up. The shade is the share of the row.
    """
    need(moves, [before, after, count], "transitions")
    caption = caption or say("Rows are the status before, columns the status after; the shade is the share of the row.")
    wide = moves.pivot_table(index=before, columns=after, values=count, aggfunc="sum", observed=True)
    wide = wide.astype("float64").fillna(0.0)
    if wide.empty:
        return nothing(say, moves, "transitions", title)
    wide = wide.reindex(index=_in_order(wide.index), columns=_in_order(wide.columns))
    with style.drawing():
        figure = style.canvas(
            width=min(style.WIDTH, 3.6 + 1.25 * len(wide.columns)), height=1.9 + 0.5 * len(wide.index)
        )
        axes = figure.subplots()
        _draw_moves(axes, wide, say)
        axes.set_xlabel(say(after_label), fontweight="bold")
        axes.set_ylabel(say(before_label), fontweight="bold")
    return Figure(figure, _moves_alt(wide, say), moves, say(caption), "transitions", say(title))


def _draw_moves(axes: Axes, wide: pd.DataFrame, say: Wording) -> None:
    """A cell per pair of statuses: how many moved so, on the shade of their share of the row."""
    table = wide.to_numpy()
    totals = table.sum(axis=1)
    shares = table / np.maximum(totals[:, None], 1)
    picture = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1.25, aspect="auto")
    for (row, column), n in np.ndenumerate(table):
        ink = style.ink_on(picture.to_rgba(shares[row, column]))
        weight = "bold" if n else "normal"
        axes.text(column, row, say.number(int(n)), ha="center", va="center", color=ink, fontweight=weight)
    axes.set_xticks(range(len(wide.columns)), [_tick(s, say, 16) for s in wide.columns])
    axes.set_yticks(
        range(len(wide.index)),
        [f"{_tick(s, say, 24)} (n = {say.number(int(n))})" for s, n in zip(wide.index, totals, strict=True)],
    )
    axes.xaxis.set_ticks_position("top")
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0)
    _cell_lines(axes, *wide.shape)


def _cell_lines(axes: Axes, rows: int, columns: int) -> None:
    axes.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    axes.grid(which="minor", color=style.GRID, linewidth=1)
    axes.tick_params(which="minor", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _in_order(statuses: pd.Index) -> list[str]:
    order = {status: place for place, status in enumerate(style.STATUS_MARKS)}
    return sorted(statuses, key=lambda status: (order.get(status, len(order)), str(status)))


def _tick(status: str, say: Wording, width: int) -> str:
    symbol = style.STATUS_MARKS[status].symbol + " " if status in style.STATUS_MARKS else ""
    return "\n".join(style.wrap(symbol + labels.code("status", status, say), width))


def _moves_alt(wide: pd.DataFrame, say: Wording) -> str:
    parts = []
    for status, row in wide.iterrows():
        ends = [
            say("{n} {status}", n=int(n), status=labels.code("status", str(after), say))
            for after, n in row.sort_values(ascending=False, kind="stable").items()
            if n
        ]
        parts.append(
            say(
                "Of {n} with the status '{status}' before: {ends} after.",
                n=int(row.sum()),
                status=labels.code("status", status, say),
                ends=say.listed(ends),
            )
        )
    return " ".join([say("Matrix of how statuses moved."), *parts])
