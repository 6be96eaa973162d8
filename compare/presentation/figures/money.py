"""Figures of amounts: over years, as shares of a whole, and before against after."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from compare.presentation import labels, style
from compare.presentation.figures.base import Figure, as_list, need, nothing, percent_of, row_labels
from compare.presentation.wording import MoneyUnit, Wording

PANELS_AT_MOST = 24
FANS_AT_MOST = 12
SHARED_BY = 5  # groups; the spread of fewer says nothing
LINES_AT_MOST = 45
_SPREAD = (0.05, 0.25, 0.5, 0.75, 0.95)
# How a line is drawn says how firm its figures are: what was, what is decided, what is intended.
_KIND_LINES: dict[str, tuple[str, Any, bool]] = {
    "outcome": ("o", "-", True),
    "budget": ("s", (0, (5, 2)), False),
    "plan": ("^", (0, (1, 1.5)), False),
    "forecast": ("D", (0, (6, 2, 1, 2)), False),
}
_KIND_COLOURS = {
    "outcome": style.SERIES[0],
    "budget": style.SERIES[1],
    "plan": style.SERIES[2],
    "forecast": style.SERIES[3],
}


def years(
    amounts: pd.DataFrame,
    say: Wording,
    *,
    panels: str | Sequence[str] = ("municipality_code", "label"),
    value: str = "amount_sek",
    year: str = "year",
    kind: str | None = "kind",
    money: bool = True,
    common_axis: bool = False,
    value_label: str = "",
    title: str = "",
    caption: str = "",
) -> Figure:
    """Amounts by year in small panels, one per group; outcome, budget, plan and forecast have their own line.

    Each panel's axis begins at zero. Beyond 24 groups the plans of each municipality are drawn as one, where that
    leaves no more; else the panels show the middle and the spread of all groups, one per value of the last of `panels`.
    """
    keys = as_list(panels)
    need(amounts, [*keys, value, year, *([kind] if kind else [])], "years")
    known = amounts[amounts[value].notna() & amounts[year].notna()]
    caption = caption or say(
        "Each panel has an axis of its own, from zero; the first value and the last of each line are written out "
        "where there is room."
    )
    if known.empty:
        return nothing(say, amounts, "years", title)
    unit = say.money_unit(known[value]) if money else None
    unit_name = say.unit_name(unit) if unit else say(value_label)
    whose = _of_few(known, keys)
    if kind and whose and known.groupby(keys, sort=False, dropna=False).ngroups > PANELS_AT_MOST:
        known, keys = _latest_said(known, [*whose, keys[-1], year, kind]), whose + keys[-1:]
        words = say("Of several plans' figures for one year and of one kind the latest plan's is drawn.")
        caption = f"{say(caption)} {words}"
    by_group = known.groupby(keys, sort=False, observed=True, dropna=False)
    if by_group.ngroups > PANELS_AT_MOST:
        return _fans(
            amounts, known, say, unit, keys=keys, value=value, year=year, kind=kind, title=title, value_label=unit_name
        )
    groups = list(by_group)
    names = row_labels(pd.DataFrame([key for key, _ in groups], columns=keys), keys, say)
    columns = min(3, len(groups))
    with style.drawing():
        figure = style.canvas(height=1.1 + 2.1 * math.ceil(len(groups) / columns))
        panels_of = style.panels(figure, len(groups), columns, sharey=common_axis)
        for axes, (name, of), (_, rows) in zip(panels_of, _panel_names(groups, keys, say), groups, strict=True):
            _draw_years(axes, rows, value, year, kind, unit, say)
            style.name_panel(axes, name, columns, of)
        figure.supylabel(unit_name, fontsize=9.5)
        if kind and (handles := _kind_handles(known[kind], say)):
            figure.legend(handles=handles, loc="outside lower left", ncols=5)
    alt = _years_alt(groups, names, value, year, kind, unit, say)
    return Figure(figure, alt, amounts, say(caption), "years", say(title))


def _panel_names(groups: Sequence[tuple[Any, Any]], keys: list[str], say: Wording) -> list[tuple[str, str]]:
    """What each panel shows and, where panels differ in that too, whose it is, which may be long."""
    cells = pd.DataFrame([key for key, _ in groups], columns=keys)
    if len(keys) < 2 or cells[keys[-1]].nunique() < 2 or len(cells[keys[:-1]].drop_duplicates()) < 2:
        return [(name, "") for name in row_labels(cells, keys, say)]
    return list(zip(row_labels(cells, keys[-1:], say), row_labels(cells, keys[:-1], say), strict=True))


def _of_few(known: pd.DataFrame, keys: list[str]) -> list[str]:
    """The columns that tell whose the rows are, where there are so few that each unit of each can have a panel.

    The plans of one municipality, one a year, are then drawn as one.
    """
    whose = [name for name in ("municipality_code", "board") if name in known and known[name].notna().any()]
    if not {"municipality_code", "plan_year"} <= set(known) or known[whose].isna().any(axis=None):
        return []
    return whose if len(known[[*whose, keys[-1]]].drop_duplicates()) <= PANELS_AT_MOST else []


def _latest_said(known: pd.DataFrame, cell: list[str]) -> pd.DataFrame:
    """Of the figures of one cell those of the latest plan; rows in their order."""
    latest = known.groupby(cell, dropna=False)["plan_year"].transform("max")
    return known[(known["plan_year"] == latest).to_numpy(bool)]


def _draw_years(
    axes: Axes, rows: pd.DataFrame, value: str, year: str, kind: str | None, unit: MoneyUnit | None, say: Wording
) -> None:
    divisor = unit.kronor if unit else 1
    decimals = unit.decimals if unit else None
    series = list(rows.groupby(kind, sort=False, dropna=False)) if kind else [("outcome", rows)]
    said: list[tuple[float, float]] = []
    for name, part in series:
        marker, line, filled = _KIND_LINES.get(str(name), ("o", "-", True))
        colour = _KIND_COLOURS.get(str(name), style.FAINT)
        line_of = part.groupby(year)[value].sum() / divisor
        face = colour if filled else style.PAPER
        axes.plot(line_of.index, line_of, marker=marker, ls=line, color=colour, mfc=face, ms=5.5)
        begins_panel = line_of.index[0] == rows[year].min()
        ends = dict.fromkeys([*([0] if begins_panel else []), len(line_of) - 1])
        said += [(float(line_of.index[place]), float(line_of.iloc[place])) for place in ends]
    first, last_year = int(rows[year].min()), int(rows[year].max())
    for place, amount in _clear_of_others(said, (last_year - first + 0.9, float(rows[value].abs().max()) / divisor)):
        begins = place == first < last_year  # centred it would lie over the axis
        axes.annotate(
            say.number(amount, decimals),
            (place, amount),
            (-4 if begins else 0, 7),
            textcoords="offset points",
            ha="left" if begins else "center",
            fontsize=8.5,
        )
    bottom = min(0.0, float(rows[value].min()) / divisor * 1.15)
    top = max(0.0, float(rows[value].max()) / divisor * 1.28)
    axes.set_ylim(bottom, top or 1)
    axes.set_xlim(first - 0.45, last_year + 0.45)
    _scales(axes, say, ticks=4)
    axes.spines["left"].set_visible(False)


def _clear_of_others(points: Sequence[tuple[float, float]], reach: tuple[float, float]) -> list[tuple[float, float]]:
    """The points whose numbers can be written beside each other: the latest first, then those clear of them.

    `reach` is how far the panel goes each way; a number takes about a quarter of its width and an eighth of its height.
    """
    kept: list[tuple[float, float]] = []
    for point in sorted(points, key=lambda point: -point[0]):
        apart = (abs(point[0] - other[0]) > reach[0] / 4 or abs(point[1] - other[1]) > reach[1] / 8 for other in kept)
        if all(apart):
            kept.append(point)
    return kept


def _scales(axes: Axes, say: Wording, *, ticks: int) -> None:
    """Years across and amounts upwards, written in the language."""
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter(lambda number, _: str(round(number)))
    axes.yaxis.set_major_locator(MaxNLocator(ticks))
    axes.yaxis.set_major_formatter(lambda number, _: say.number(round(number, 6)))
    axes.tick_params(labelbottom=True)
    style.plain_axis(axes, grid="y")


def _kind_handles(kinds: pd.Series, say: Wording) -> list[Line2D]:
    """The legend of the kinds that occur, the firmest first."""
    handles = [_kind_handle(kind, say) for kind in _KIND_LINES if (kinds == kind).any()]
    if kinds.isna().any():
        handles.append(Line2D([], [], color=style.FAINT, marker="o", label=say("kind not stated")))
    return handles


def _kind_handle(kind: str, say: Wording) -> Line2D:
    marker, line, filled = _KIND_LINES[kind]
    colour = _KIND_COLOURS[kind]
    return Line2D(
        [],
        [],
        color=colour,
        marker=marker,
        ls=line,
        mfc=colour if filled else style.PAPER,
        label=labels.code("kind", kind, say),
    )


def _years_alt(
    groups: list[tuple[Any, pd.DataFrame]],
    names: list[str],
    value: str,
    year: str,
    kind: str | None,
    unit: MoneyUnit | None,
    say: Wording,
) -> str:
    """First and last figure of each group; of the groups only the first eight when they are many."""
    parts = []
    for name, (_, rows) in list(zip(names, groups, strict=True))[:8]:
        ordered = rows.sort_values(year, kind="stable")
        first, last = ordered.iloc[0], ordered.iloc[-1]
        parts.append(
            say(
                "{group}: {first} in {first_year}, {last} in {last_year}.",
                group=name,
                first=_said(first, value, kind, unit, say),
                first_year=first[year],
                last=_said(last, value, kind, unit, say),
                last_year=last[year],
            )
        )
    if len(groups) > 8:
        parts.append(say("The remaining {n} groups are in the table.", n=len(groups) - 8))
    return " ".join([say("Lines of amounts by year."), *parts])


def _said(row: pd.Series, value: str, kind: str | None, unit: MoneyUnit | None, say: Wording) -> str:
    amount = say.money(row[value], unit.symbol) if unit else say.number(round(float(row[value]), 2))
    return f"{amount} ({labels.code('kind', row[kind], say)})" if kind and pd.notna(row[kind]) else amount


def _fans(
    amounts: pd.DataFrame,
    known: pd.DataFrame,
    say: Wording,
    unit: MoneyUnit | None,
    *,
    keys: list[str],
    value: str,
    year: str,
    kind: str | None,
    title: str,
    value_label: str,
) -> Figure:
    """Very many groups by year: the median, the middle half and the middle nine tenths, a panel per last key."""
    firm = _firmest(known, [*keys, year], kind)
    last_key = keys[-1]
    shared = _shared(firm, keys)
    left_out = firm[last_key].nunique() - len(shared)
    apart = bool(shared)
    firm = firm[firm[last_key].isin(shared)] if apart else firm
    parts = list(firm.groupby(last_key, sort=False, observed=True)) if apart else [("", firm)]
    names = [labels.value(last_key, key, say) if apart else "" for key, _ in parts]
    divisor = unit.kronor if unit else 1
    spreads = [
        rows.groupby(year)[value].quantile(np.array(_SPREAD)).unstack().astype(float) / divisor for _, rows in parts
    ]
    columns = min(3, len(parts))
    lines = math.ceil(len(parts) / columns)
    with style.drawing():
        figure = style.canvas(height=1.0 + (2.3 if lines > 1 else 3.0) * lines)
        panels = style.panels(figure, len(parts), columns, sharex=True)
        for axes, name, table in zip(panels, names, spreads, strict=True):
            _draw_fan(axes, table, say)
            style.name_panel(axes, name, columns)
        figure.supylabel(value_label, fontsize=9.5)
        handles, words = panels[0].get_legend_handles_labels()
        figure.legend(handles, words, loc="outside lower left", ncols=3)
    alt = " ".join(_fan_words(n, s, unit, say) for n, s in list(zip(names, spreads, strict=True))[:8])
    lead = say("Spread of {n} groups by year.", n=len(firm.drop_duplicates(keys)))
    caption = say(
        "The line is the median of all groups, the bands the middle half and the middle nine tenths of them; of "
        "several figures of a year the firmest counts: outcome before budget before plan."
    )
    if apart and left_out:
        which = say(
            "Shown are the names that most groups share ({n}); {left_out} more are in the table.",
            n=len(shared),
            left_out=left_out,
        )
        caption = f"{caption} {which}"
    return Figure(figure, f"{lead} {alt}", amounts, caption, "years", say(title))


def _shared(firm: pd.DataFrame, keys: list[str]) -> list[Any]:
    """The values of the last key that have a fan each: all where they are few, else those that most groups share.

    None where there is no other key, or where hardly any value is shared.
    """
    if len(keys) < 2:
        return []
    groups = firm.drop_duplicates(keys)[keys[-1]].value_counts(sort=False)
    if len(groups) > FANS_AT_MOST:
        groups = groups[groups >= SHARED_BY].sort_values(ascending=False, kind="stable").head(FANS_AT_MOST)
    return list(groups.index)


def _firmest(known: pd.DataFrame, keys: list[str], kind: str | None) -> pd.DataFrame:
    """One figure per group and year: what was before what was decided before what was intended."""
    if kind is None:
        return known
    rank = known[kind].map({name: place for place, name in enumerate(_KIND_LINES)}).fillna(len(_KIND_LINES))
    return known.assign(_rank=rank).sort_values("_rank", kind="stable").drop_duplicates(keys).drop(columns="_rank")


def _draw_fan(axes: Axes, spread: pd.DataFrame, say: Wording) -> None:
    axes.fill_between(spread.index, spread[0.05], spread[0.95], color="#dfeaef", lw=0, label=say("middle 90%"))
    axes.fill_between(spread.index, spread[0.25], spread[0.75], color="#9cc3d1", lw=0, label=say("middle half"))
    axes.plot(spread.index, spread[0.5], color=style.ACCENT, marker="o", ms=4, label=say("median"))
    _scales(axes, say, ticks=5)
    axes.set_ylim(bottom=min(0.0, float(spread[0.05].min())))


def _fan_words(name: str, spread: pd.DataFrame, unit: MoneyUnit | None, say: Wording) -> str:
    first, last = (
        say.money(x * unit.kronor, unit.symbol) if unit else say.number(round(float(x), 2))
        for x in (spread[0.5].iloc[0], spread[0.5].iloc[-1])
    )
    return say(
        "{group}: the median goes from {first} in {first_year} to {last} in {last_year}.",
        group=name or say("All"),
        first=first,
        first_year=int(spread.index.min()),
        last=last,
        last_year=int(spread.index.max()),
    )


def share_bars(
    shares: pd.DataFrame,
    say: Wording,
    *,
    rows: str | Sequence[str] = ("municipality_code",),
    part: str = "label",
    value: str = "share",
    parts_at_most: int = 12,
    title: str = "",
    caption: str = "",
) -> Figure:
    """Parts of a whole: one panel per group, a bar per part with its share; small parts beyond the limit together.

    Beyond six groups the panels become a heat map of parts by group.
    """
    keys = as_list(rows)
    need(shares, [*keys, part, value], "share_bars")
    caption = caption or say("Bars are shares of the whole; the largest part is first.")
    known = shares[shares[value].notna()]
    if known.empty:
        return nothing(say, shares, "shares", title)
    by_group = known.groupby(keys, sort=False, observed=True, dropna=False)
    if by_group.ngroups > 6:
        from compare.presentation.figures.grids import heat

        return heat(known, say, rows=keys, columns=part, value=value, title=title, caption=caption)
    groups = list(by_group)
    names = row_labels(pd.DataFrame([key for key, _ in groups], columns=keys), keys, say)
    panels = [_largest(rows_of, part, value, parts_at_most, say) for _, rows_of in groups]
    columns = min(2, len(groups))
    lines = math.ceil(len(groups) / columns)
    longest = max(len(panel) for panel in panels)
    with style.drawing():
        figure = style.canvas(height=1.0 + lines * (0.5 + 0.27 * longest))
        widest = max(float(panel.max()) for panel in panels)
        axes_of = style.panels(figure, len(groups), columns, sharex=True)
        for axes, name, panel in zip(axes_of, names, panels, strict=True):
            _draw_shares(axes, panel, say)
            style.name_rows(axes, [str(x) for x in panel.index], 72 // columns - 4, rows=longest)
            axes.set_xlim(0, widest * 1.22)
            axes.set_title("\n".join(style.wrap(name, 96 // columns, 2)))
    return Figure(
        figure, _shares_alt(names, panels, say), shares, say(caption), "shares", say(title), percent_of(value)
    )


def _draw_shares(axes: Axes, panel: pd.Series, say: Wording) -> None:
    axes.barh(range(len(panel)), panel.to_numpy(), color=style.SERIES[0], height=0.68)
    for place, share in enumerate(panel):
        axes.annotate(
            say.percent(share, 1), (share, place), (4, 0), textcoords="offset points", va="center", fontsize=8.5
        )
    axes.set_xticks([])
    style.plain_axis(axes)
    axes.spines["bottom"].set_visible(False)


def _largest(rows: pd.DataFrame, part: str, value: str, at_most: int, say: Wording) -> pd.Series:
    """The parts by size; those beyond the limit added up as one."""
    by_part = rows.groupby(part, sort=False, observed=True)[value].sum().sort_values(ascending=False, kind="stable")
    by_part.index = [labels.value(part, name, say) for name in by_part.index]
    if len(by_part) <= at_most:
        return by_part
    rest = by_part.iloc[at_most - 1 :]
    others = say("{n} others together", n=len(rest))
    return pd.concat([by_part.iloc[: at_most - 1], pd.Series({others: float(rest.sum())})])


def _shares_alt(names: list[str], panels: list[pd.Series], say: Wording) -> str:
    parts = []
    for name, panel in zip(names, panels, strict=True):
        leading = [f"{part} {say.percent(share, 1)}" for part, share in panel.head(3).items()]
        parts.append(say("{group}: largest are {parts}.", group=name, parts=say.listed(leading)))
    return " ".join([say("Bars of shares."), *parts])


def slopes(
    changes: pd.DataFrame,
    say: Wording,
    *,
    rows: str | Sequence[str] = ("municipality_code",),
    before: str = "before",
    after: str = "after",
    before_label: str = "Before",
    after_label: str = "After",
    form: Literal["percent", "number", "money"] = "percent",
    names_at_most: int = 12,
    title: str = "",
    caption: str = "",
) -> Figure:
    """Before against after: one line per group from left to right, named at its end.

    `form` is how the values are written: percent, money or number. Beyond twelve groups only those that changed most
    are named and the others are grey; beyond 45 each is a dot, before against after.
    """
    keys = as_list(rows)
    need(changes, [*keys, before, after], "slopes")
    caption = caption or say("Each line goes from the value before to the value after.")
    known = changes[changes[before].notna() & changes[after].notna()]
    if known.empty:
        return nothing(say, changes, "slopes", title)
    names = row_labels(known, keys, say)
    first, last = known[before].to_numpy(dtype=float), known[after].to_numpy(dtype=float)
    written = say.writer(form)
    order = np.argsort(-np.abs(last - first), kind="stable")
    heads = (say(before_label), say(after_label))
    if len(names) > LINES_AT_MOST:
        figure = _before_against_after(first, last, names, order[:names_at_most], written, heads)
        caption = say("Each dot is a group; above the line it rose, below it fell; those that changed most are named.")
        kind = "before-after"
    else:
        figure = _lines(first, last, names, order, names_at_most, written, heads)
        kind = "slopes"
    alt = _slopes_alt(first, last, names, order, written, say)
    return Figure(figure, alt, changes, say(caption), kind, say(title), {before: form, after: form})


def _lines(
    first: np.ndarray,
    last: np.ndarray,
    names: list[str],
    order: np.ndarray,
    names_at_most: int,
    written: Callable[[float], str],
    heads: tuple[str, str],
) -> matplotlib.figure.Figure:
    """A line per group; those first in `order` stand out and are named at both ends."""
    named = set(order[:names_at_most].tolist())
    with style.drawing():
        figure = style.canvas(height=max(3.6, 1.4 + 0.32 * min(len(names), names_at_most)))
        axes = figure.subplots()
        for place in reversed(order.tolist()):
            series = list(order).index(place) if len(names) <= len(style.SERIES) else 0
            colour = style.SERIES[series % len(style.SERIES)] if place in named else "#c4c4c4"
            axes.plot(
                [0, 1], [first[place], last[place]], color=colour, marker=style.MARKERS[series % len(style.MARKERS)]
            )
        _end_labels(axes, [(0, first[i], f"{names[i]}  {written(first[i])}") for i in sorted(named)])
        _end_labels(axes, [(1, last[i], f"{written(last[i])}  {names[i]}") for i in sorted(named)])
        axes.set_xlim(-0.75, 1.75)
        axes.set_xticks([0, 1], heads, fontweight="bold")
        axes.xaxis.set_ticks_position("top")
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(length=0)
        axes.vlines([0, 1], *axes.get_ylim(), color=style.GRID, zorder=0)
    return figure


def _end_labels(axes: Axes, ends: list[tuple[int, float, str]]) -> None:
    """Labels at the lines' ends, pushed apart so that none covers another."""
    low, high = axes.get_ylim()
    ends = sorted(ends, key=lambda end: end[1])
    for (x, _, text), height in zip(ends, _apart([y for _, y, _ in ends], (high - low) * 0.055), strict=True):
        axes.annotate(
            text,
            (x, height),
            (10 if x else -10, 0),
            textcoords="offset points",
            ha="left" if x else "right",
            va="center",
            fontsize=8.5,
        )


def _apart(heights: list[float], gap: float) -> list[float]:
    """Sorted heights moved as little as possible so that neighbours are at least `gap` apart."""
    clusters: list[list[float]] = []
    for height in heights:
        clusters.append([height])
        while len(clusters) > 1 and _top(clusters[-2], gap) + gap > _bottom(clusters[-1], gap):
            clusters[-2:] = [clusters[-2] + clusters[-1]]
    return [_bottom(cluster, gap) + place * gap for cluster in clusters for place in range(len(cluster))]


def _bottom(cluster: list[float], gap: float) -> float:
    return sum(cluster) / len(cluster) - gap * (len(cluster) - 1) / 2


def _top(cluster: list[float], gap: float) -> float:
    return _bottom(cluster, gap) + gap * (len(cluster) - 1)


def _before_against_after(
    first: np.ndarray,
    last: np.ndarray,
    names: list[str],
    named: np.ndarray,
    written: Callable[[float], str],
    heads: tuple[str, str],
) -> matplotlib.figure.Figure:
    with style.drawing():
        figure = style.canvas(height=6.0)
        axes = figure.subplots()
        ends = [min(first.min(), last.min()), max(first.max(), last.max())]
        axes.plot(ends, ends, color=style.FAINT, lw=1, ls=style.DASHES[1])
        axes.plot(first, last, "o", ms=4.5, mfc="#9cc3d1", mec=style.ACCENT, mew=0.5)
        axes.plot(first[named], last[named], "D", ms=5.5, color=style.SERIES[1])
        axes.set_xlim(ends[0], ends[1] + (ends[1] - ends[0]) * 0.2)
        style.name_points(axes, first, last, names, named)
        for axis, head in ((axes.xaxis, heads[0]), (axes.yaxis, heads[1])):
            axis.set_major_formatter(lambda number, _: written(round(number, 6)))
            axis.set_label_text(head)
        axes.grid(visible=True)
        axes.tick_params(length=0)
    return figure


def _slopes_alt(
    first: np.ndarray, last: np.ndarray, names: list[str], order: np.ndarray, written: Any, say: Wording
) -> str:
    parts = [
        say("{group}: from {first} to {last}.", group=names[i], first=written(first[i]), last=written(last[i]))
        for i in order[:6]
    ]
    risen, fallen = int((last > first).sum()), int((last < first).sum())
    summary = say("Of {n} groups {risen} rose and {fallen} fell.", n=len(names), risen=risen, fallen=fallen)
    return " ".join([summary, *parts])
