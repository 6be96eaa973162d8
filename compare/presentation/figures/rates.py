"""Figures of rates and counts: how large, how sure, and who stands apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from compare.measures.statistics import LEVEL, SMALLEST_N, beyond_chance, too_few
from compare.presentation import labels, style
from compare.presentation.figures import spread
from compare.presentation.figures.base import Figure, as_list, need, nothing, ordered_unique, percent_of, row_labels
from compare.presentation.wording import Wording

ROWS_WITH_LABELS = 45
NAMES_AT_MOST = 12
_Z = 1.96
_CLOSE = 0.7  # of the usual distance between rows


def intervals(
    rates: pd.DataFrame,
    say: Wording,
    *,
    rows: str | Sequence[str] = ("municipality_code",),
    value: str = "rate",
    low: str = "low",
    high: str = "high",
    n: str = "n",
    bounds: tuple[str, str] = ("bound_low", "bound_high"),
    colour: str | None = None,
    value_label: str = "Share",
    title: str = "",
    caption: str = "",
) -> Figure:
    """Rates as dots with their intervals, one row per group, n beside it; bounds for unknown as a pale band.

    `rates` has a row per group; rows without a rate are shown as 'no data'. Groups of fewer than ten have a hollow dot.
    `colour` names a column (period, kind) that sets marker and colour. Beyond 45 groups the figure is a funnel plot, of
    the first kind only.
    """
    keys = as_list(rows)
    need(rates, [*keys, value, n], "intervals")
    caption = caption or say(
        "Dots are rates, lines 95% intervals (Wilson), pale bands what the rate could be if all with unknown status "
        "had fallen short or succeeded; hollow dots rest on fewer than ten."
    )
    if rates.empty or rates[value].isna().all():
        return nothing(say, rates, "intervals", title)
    if len(rates) > ROWS_WITH_LABELS:
        return _one_funnel(rates, say, keys, colour, value=value, n=n, value_label=value_label, title=title)
    names = row_labels(rates, keys, say)
    with style.drawing():
        figure = style.canvas(height=1.5 + 0.32 * len(names) + (0.3 if colour else 0))
        axes = figure.subplots()
        runs = _runs(names)
        for place, row, series in zip(_places(runs), rates.to_dict("records"), _series(rates, colour), strict=True):
            if pd.notna(row[value]):
                _draw_bounds(axes, place, row.get(bounds[0]), row.get(bounds[1]))
            _draw_rate(axes, place, row[value], row.get(low), row.get(high), row[n], series, say)
        middles = [sum(run) / len(run) for run in runs]
        style.name_rows(axes, [names[run[0]] for run in runs], rows=len(names), at=middles)
        style.part_groups(axes, rates[keys[0]].tolist() if len(keys) > 1 else [])
        axes.set_xlim(-0.01, 1.01)
        axes.xaxis.set_major_formatter(lambda share, _: say.percent(share))
        axes.set_xlabel(say(value_label))
        style.plain_axis(axes)
        if colour:
            _legend(figure, rates, colour, say)
    spoken = names if colour is None else row_labels(rates, [*keys, colour], say)
    alt = _rates_alt(rates[value].to_numpy(dtype=float), rates[n].to_numpy(dtype=float), spoken, say)
    return Figure(figure, alt, rates, say(caption), "intervals", say(title), percent_of(value, low, high, *bounds))


def _draw_bounds(axes: Axes, place: float, low: float | None, high: float | None) -> None:
    if low is not None and high is not None and pd.notna(low) and pd.notna(high) and high > low:
        axes.barh(place, high - low, left=low, height=0.56, color="#d6e6ec", zorder=1)


def _draw_rate(
    axes: Axes,
    place: float,
    rate: float,
    low: float | None,
    high: float | None,
    n: float,
    series: int,
    say: Wording,
) -> None:
    count = 0 if pd.isna(n) else int(n)
    if pd.isna(rate):
        axes.text(0.0, place, say.missing, va="center", style="italic", color=style.FAINT)
        return
    colour, marker = _look(series)
    if low is not None and high is not None and pd.notna(low) and pd.notna(high):
        axes.plot([low, high], [place, place], color=colour, lw=1.8, zorder=2, solid_capstyle="butt")
    face = style.PAPER if count < SMALLEST_N else colour
    axes.plot(rate, place, marker=marker, ms=7.5, mfc=face, mec=colour, mew=1.6, zorder=3, clip_on=False)
    words = f"{say.percent(rate)}  n = {say.number(count)}"
    axes.annotate(words, (1.01, place), (4, 0), textcoords="offset points", va="center", fontsize=8.5)


def _runs(names: list[str]) -> list[list[int]]:
    """The rows that follow each other under one name: their marker tells them apart, and one label names them all."""
    runs: list[list[int]] = []
    for row, name in enumerate(names):
        if row and name == names[row - 1]:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _places(runs: list[list[int]]) -> list[float]:
    """How far down each row stands: those under one name closer together than to others."""
    return [sum(run) / len(run) + _CLOSE * (row - sum(run) / len(run)) for run in runs for row in run]


def _series(rows: pd.DataFrame, colour: str | None) -> list[int]:
    """Which series each row is of: the place of its cell in `colour` among the column's values, 0 where it is null."""
    if colour is None:
        return [0] * len(rows)
    groups = ordered_unique(rows[colour])
    return [groups.index(cell) if cell in groups else 0 for cell in rows[colour]]


def _look(series: int) -> tuple[str, str]:
    """Colour and marker of a series."""
    return style.SERIES[series % len(style.SERIES)], style.MARKERS[series % len(style.MARKERS)]


def _legend(figure: matplotlib.figure.Figure, rows: pd.DataFrame, colour: str, say: Wording) -> None:
    handles = []
    for place, group in enumerate(ordered_unique(rows[colour])):
        ink, marker = _look(place)
        handles.append(Line2D([], [], color=ink, marker=marker, ms=7, label=labels.value(colour, group, say)))
    figure.legend(handles=handles, loc="outside lower left", ncols=4)


def _rates_alt(rates: np.ndarray, n: np.ndarray, names: list[str], say: Wording) -> str:
    known = ~np.isnan(rates)
    if len(names) <= 6:
        parts = [
            say("{group}: {rate:percent} of {n}.", group=name, rate=rate, n=int(count))
            if ok
            else say("{group}: no data.", group=name)
            for name, rate, count, ok in zip(names, rates, np.nan_to_num(n), known, strict=True)
        ]
        return " ".join([say("Rates with intervals."), *parts])
    high, low = int(np.nanargmax(rates)), int(np.nanargmin(rates))
    text = say(
        "Rates of {n} groups: highest in {high_name} ({high:percent}), lowest in {low_name} ({low:percent}), "
        "half of them below {median:percent}.",
        n=int(known.sum()),
        high_name=names[high],
        high=rates[high],
        low_name=names[low],
        low=rates[low],
        median=float(np.nanmedian(rates)),
    )
    without = int((~known).sum())
    if not without:
        return text
    return f"{text} {say.plural('{n} group has no data.', '{n} groups have no data.', without)}"


def funnel(
    rates: pd.DataFrame,
    say: Wording,
    *,
    rows: str | Sequence[str] = ("municipality_code",),
    value: str = "rate",
    n: str = "n",
    value_label: str = "Share",
    n_label: str = "Number that the rate rests on (n)",
    title: str = "",
    caption: str = "",
) -> Figure:
    """Rates against the number they rest on, with the limits that chance alone would mostly keep to.

    Of the groups that chance does not explain, judged all together (`statistics.beyond_chance`), the farthest are
    named: the figure takes the place of a league table.
    """
    keys = as_list(rows)
    need(rates, [*keys, value, n], "funnel")
    known = rates[rates[value].notna() & (rates[n].fillna(0) > 0)]
    if known.empty:
        return nothing(say, rates, "funnel", title)
    names = row_labels(known, keys, say)
    rate, number = known[value].to_numpy(dtype=float), known[n].to_numpy(dtype=float)
    common = float(np.average(rate, weights=number))
    outside, spread = _special(rate, number, common)
    caption = say(caption) if caption else _funnel_caption(say, spread)
    with style.drawing():
        figure = style.canvas(height=5.2)
        axes = figure.subplots()
        _draw_funnel(axes, number, rate, common, spread, outside, names)
        axes.yaxis.set_major_formatter(lambda share, _: say.percent(share))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.xaxis.set_major_formatter(lambda number, _: say.number(round(number)))
        axes.set_ylabel(say(value_label))
        axes.set_xlabel(say(n_label))
        style.plain_axis(axes, grid="y")
    alt = say(
        "Funnel plot of {n} groups around the common rate {common:percent}; {outside} lie farther off than chance "
        "explains.",
        n=len(known),
        common=common,
        outside=int(outside.sum()),
    )
    if outside.any():
        named = say.listed([names[i] for i in np.flatnonzero(outside)], at_most=8)
        alt = f"{alt} {say('They are {names}.', names=named)}"
    return Figure(figure, alt, rates, caption, "funnel", say(title), percent_of(value))


def _funnel_caption(say: Wording, spread: float) -> str:
    """How a funnel is read; where all groups vary more than chance lets them, what they are judged by instead."""
    words = say(
        "Each dot is a group. Between the curves lie rates that chance alone gives 95 of 100 times if all groups had "
        "the common rate. Of many groups some lie outside by chance: diamonds are those so far off that it does not "
        "explain them when all are judged together (Benjamini and Hochberg); the farthest are named."
    )
    if spread <= 1:
        return words
    wider = say(
        "These groups vary more than chance lets them throughout, so they are judged by how much groups of this set "
        "usually vary: the broken curves (Spiegelhalter)."
    )
    return f"{words} {wider}"


def _special(rate: np.ndarray, number: np.ndarray, common: float) -> tuple[np.ndarray, float]:
    """Which groups chance does not explain when all are judged together, and how much more than chance all vary.

    A group that rests on too few is never among them.
    """
    enough = ~too_few(number)
    # The count, without the hair by which a rate times its number misses it.
    count = np.round(rate * number, 6)
    far = beyond_chance(np.where(enough, count, np.nan), np.where(enough, number, np.nan), common)
    return np.asarray(far.adjusted < 1 - LEVEL), float(far.overdispersion)


def _one_funnel(rates: pd.DataFrame, say: Wording, keys: list[str], colour: str | None, **how: str) -> Figure:
    """A funnel of the rates; where they are of several kinds, of the first, since one group would stand there twice."""
    kinds = ordered_unique(rates[colour]) if colour else []
    if len(kinds) < 2 or colour is None:
        return funnel(rates, say, rows=keys, **how)
    figure = funnel(rates[rates[colour] == kinds[0]], say, rows=keys, **how)
    words = say("Shown are the rates of one kind: {kind}.", kind=labels.value(colour, kinds[0], say))
    return replace(figure, caption=f"{figure.caption} {words}")


def _draw_funnel(
    axes: Axes,
    number: np.ndarray,
    rate: np.ndarray,
    common: float,
    spread: float,
    outside: np.ndarray,
    names: list[str],
) -> None:
    _limits(axes, common, spread, float(number.max()))
    # Where dots are many they lie on each other: the more there are, the darker the place.
    alpha = 1.0 if len(rate) <= ROWS_WITH_LABELS else 0.45
    axes.plot(number[~outside], rate[~outside], "o", ms=5, mfc="#5aa5c9", mec=style.ACCENT, mew=0.6, alpha=alpha)
    axes.plot(number[outside], rate[outside], "D", ms=6, color=style.SERIES[1])
    axes.axhline(common, color=style.FAINT, lw=1, ls=style.DASHES[1])
    axes.set_xlim(0, float(number.max()) * 1.12)
    axes.set_ylim(-0.03, 1.05)
    places = np.flatnonzero(outside)
    farthest = places[np.argsort(-np.abs(rate - common)[places], kind="stable")][:NAMES_AT_MOST]
    style.name_points(axes, number, rate, names, farthest)


def _limits(axes: Axes, common: float, spread: float, largest: float) -> None:
    numbers = np.linspace(1, largest * 1.12, 300)
    reach = _Z * np.sqrt(common * (1 - common) / numbers)
    axes.fill_between(
        numbers, np.clip(common - reach, 0, 1), np.clip(common + reach, 0, 1), color="#eef3f5", zorder=0, lw=0
    )
    curves = [(reach, "-"), *([(reach * np.sqrt(spread), style.DASHES[1])] if spread > 1 else [])]
    for half, line in curves:
        for sign in (-1, 1):
            edge = np.clip(common + sign * half, 0, 1)
            axes.plot(numbers, edge, color=style.FAINT, lw=0.8, ls=line)


def lollipops(
    counts: pd.DataFrame,
    say: Wording,
    *,
    rows: str | Sequence[str] = ("municipality_code",),
    value: str = "n",
    colour: str | None = None,
    value_label: str = "Count",
    title: str = "",
    caption: str = "",
) -> Figure:
    """Counts per group as a stem with a dot and the number beside it.

    Beyond 45 groups how often each count occurs; where the last of several keys is what is counted (assignments,
    actions), so that counts of it are not to be mixed, how they spread for each.
    """
    keys = as_list(rows)
    need(counts, [*keys, value], "lollipops")
    caption = caption or say("The number of each group stands at the end of its line.")
    if counts.empty or counts[value].isna().all():
        return nothing(say, counts, "counts", title)
    names = row_labels(counts, keys, say)
    numbers = counts[value].to_numpy(dtype=float)
    if len(names) > ROWS_WITH_LABELS and len(keys) > 1 and counts[keys[-1]].nunique() <= NAMES_AT_MOST:
        return _spreads(counts, keys[-1], value, say, value_label=value_label, title=title)
    if len(names) > ROWS_WITH_LABELS:
        return _distribution(counts, numbers, names, say, value_label=value_label, title=title)
    with style.drawing():
        figure = style.canvas(height=1.4 + 0.3 * len(names) + (0.3 if colour else 0))
        axes = figure.subplots()
        for place, (number, series) in enumerate(zip(numbers, _series(counts, colour), strict=True)):
            _draw_lollipop(axes, place, number, series, say)
        style.name_rows(axes, names)
        axes.set_xlim(left=min(0.0, float(np.nanmin(numbers)) * 1.1), right=max(float(np.nanmax(numbers)), 0.001) * 1.1)
        axes.xaxis.set_major_formatter(lambda number, _: say.number(round(number, 6)))
        axes.set_xlabel(say(value_label))
        style.plain_axis(axes)
        if colour:
            _legend(figure, counts, colour, say)
    return Figure(
        figure, _counts_alt(numbers, names, say(value_label), say), counts, say(caption), "counts", say(title)
    )


def _draw_lollipop(axes: Axes, place: int, number: float, series: int, say: Wording) -> None:
    if np.isnan(number):
        axes.text(0, place, f" {say.missing}", va="center", style="italic", color=style.FAINT)
        return
    colour, marker = _look(series)
    axes.plot([0, number], [place, place], color=colour, lw=2)
    axes.plot(number, place, marker=marker, ms=8, color=colour)
    beside = (9, "left") if number >= 0 else (-9, "right")
    axes.annotate(
        say.number(round(number, 2)),
        (number, place),
        (beside[0], 0),
        textcoords="offset points",
        va="center",
        ha=beside[1],
    )


def _spreads(counts: pd.DataFrame, key: str, value: str, say: Wording, *, value_label: str, title: str) -> Figure:
    """How the counts spread over very many groups, a row for each of what is counted."""
    things = [thing for thing in ordered_unique(counts[key]) if counts.loc[counts[key] == thing, value].notna().any()]
    rows = [counts.loc[counts[key] == thing, value].to_numpy(dtype=float) for thing in things]
    heads = [labels.value(key, thing, say) for thing in things]
    written = say.writer("number")
    with style.drawing():
        figure = style.canvas(height=spread.height(len(rows)))
        axes = figure.subplots()
        spread.draw(axes, rows, heads, written)
        axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
        axes.set_xlabel(say(value_label))
    alt = f"{say(value_label)}. {spread.words(rows, heads, written, say)}"
    return Figure(figure, alt, counts, spread.caption(say), "spread", say(title))


def _distribution(
    counts: pd.DataFrame, numbers: np.ndarray, names: list[str], say: Wording, *, value_label: str, title: str
) -> Figure:
    known = numbers[~np.isnan(numbers)]
    caption = say("How often each number occurs; the broken line is the median.")
    with style.drawing():
        figure = style.canvas(height=3.8)
        axes = figure.subplots()
        axes.hist(known, bins=min(30, max(8, int(np.sqrt(len(known)) * 1.5))), color=style.SERIES[4], ec=style.PAPER)
        axes.axvline(float(np.median(known)), color=style.INK, lw=1.4, ls=style.DASHES[1])
        axes.annotate(
            say("median {median}", median=round(float(np.median(known)), 2)),
            (float(np.median(known)), 1),
            (5, -4),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            va="top",
        )
        axes.set_xlabel(say(value_label))
        axes.set_ylabel(say("Number of groups"))
        axes.xaxis.set_major_formatter(lambda number, _: say.number(round(number, 6)))
        style.plain_axis(axes, grid="y")
    return Figure(
        figure, _counts_alt(numbers, names, say(value_label), say), counts, say(caption), "distribution", say(title)
    )


def _counts_alt(numbers: np.ndarray, names: list[str], value_label: str, say: Wording) -> str:
    if len(names) <= 8:
        parts = [
            f"{name}: {say.missing if np.isnan(number) else say.number(round(number, 2))}"
            for name, number in zip(names, numbers, strict=True)
        ]
        return f"{value_label}. {'; '.join(parts)}."
    high, low = int(np.nanargmax(numbers)), int(np.nanargmin(numbers))
    return say(
        "{value} of {n} groups: most in {high_name} ({high}), least in {low_name} ({low}), "
        "half of them below {median}.",
        value=value_label,
        n=int((~np.isnan(numbers)).sum()),
        high_name=names[high],
        high=round(float(numbers[high]), 2),
        low_name=names[low],
        low=round(float(numbers[low]), 2),
        median=round(float(np.nanmedian(numbers)), 2),
    )
