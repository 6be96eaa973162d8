"""Figures of indicators: what was, what is forecast and what is aimed at, year by year, a small panel each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from compare.presentation import labels, style
from compare.presentation.figures import spread
from compare.presentation.figures.base import Figure, as_list, need, nothing
from compare.presentation.wording import Wording, is_missing

PANELS_AT_MOST = 40
_COLUMNS = 4
_TOLD = 8
# What has been is drawn firm, what is only meant broken; the marks differ too, for print in grey.
_LINES: dict[str, tuple[str, Any, str, bool]] = {
    "outcome": ("o", "-", style.SERIES[0], True),
    "forecast": ("s", "", style.SERIES[3], False),
    "target": ("D", (0, (4, 2)), style.SERIES[1], False),
}


def indicator_panels(
    points: pd.DataFrame,
    say: Wording,
    *,
    panels: str | Sequence[str] = ("municipality_code", "unit_id", "group"),
    value: str = "value",
    title: str = "",
    caption: str = "",
) -> Figure:
    """Each indicator's outcomes, forecasts and targets by year, a small panel each with an axis of its own.

    `points` has `name`, `group`, `unit`, `kind`, `year` and the value, a row per number. The first outcome and the last
    number are written out. Beyond 40 indicators the figure shows how far targets lie from the last outcome before them,
    by the years between.
    """
    keys = as_list(panels)
    need(points, [*keys, "name", "group", "unit", "kind", "year", value], "indicator_panels")
    known = points[points[value].notna() & points["year"].notna() & points["kind"].isin(list(_LINES))]
    if known.empty:
        return nothing(say, points, "indicators", title)
    by_panel = known.groupby(keys, sort=False, observed=True, dropna=False)
    if by_panel.ngroups > PANELS_AT_MOST:
        return _distances(points, known.assign(_panel=by_panel.ngroup()), value, say, title)
    groups = [rows for _, rows in by_panel]
    names = [_name(rows, say, several=known["municipality_code"].nunique() > 1) for rows in groups]
    columns = min(_COLUMNS, len(groups))
    lines = math.ceil(len(groups) / columns)
    first_year, last_year = int(known["year"].min()), int(known["year"].max())
    with style.drawing():
        figure = style.canvas(height=0.7 + 1.62 * lines)
        for axes, name, of_panel in zip(style.panels(figure, len(groups), columns), names, groups, strict=True):
            _draw(axes, of_panel, value, say)
            axes.set_title("\n".join(style.wrap(name, 27, 3)), fontsize=8.2, fontweight="normal")
            axes.set_xlim(first_year - 0.5, last_year + 0.5)
            axes.set_xticks([first_year, last_year], [str(first_year), str(last_year)])
        kinds = [kind for kind in _LINES if (known["kind"] == kind).any()]
        figure.legend(handles=[_handle(kind, say) for kind in kinds], loc="outside upper left", ncols=3)
    caption = caption or say(
        "Each panel has an axis of its own, which need not begin at zero: compare no heights across."
    )
    return Figure(figure, _alt(groups, names, value, say), points, say(caption), "indicators", say(title))


def _name(rows: pd.DataFrame, say: Wording, *, several: bool) -> str:
    """The indicator's name in the page's language where there is one, with part, unit and whose it is."""
    row = rows.iloc[0]
    own = row.get(f"name_{say.language}")
    words = str(row["name"]) if is_missing(own) else str(own)
    if several:
        words = f"{labels.municipality(row['municipality_code'], say)}: {words}"
    if not is_missing(row["group"]):
        words = f"{words}, {labels.code('group', row['group'], say)}"
    unit = "" if is_missing(row["unit"]) else labels.code("unit", row["unit"], say)
    return words if not unit or unit.casefold() in words.casefold() else f"{words} ({unit})"


def _draw(axes: Axes, rows: pd.DataFrame, value: str, say: Wording) -> None:
    for kind, (marker, line, colour, filled) in _LINES.items():
        part = rows[rows["kind"] == kind].sort_values("year", kind="stable")
        face = colour if filled else style.PAPER
        axes.plot(part["year"], part[value], marker=marker, ls=line, color=colour, mfc=face, ms=5, lw=1.4)
    values = rows[value].to_numpy(dtype=float)
    low, high = float(values.min()), float(values.max())
    room = (high - low) or abs(high) or 1.0
    axes.set_ylim(low - 0.35 * room, high + 0.55 * room)
    ordered = rows.sort_values(["year", "kind"], kind="stable")
    ends = ordered.iloc[[0, -1]].drop_duplicates(["year", "kind"])
    for _, row in ends.iterrows():
        axes.annotate(
            say.number(round(float(row[value]), 2)),
            (row["year"], row[value]),
            (0, 5.5),
            textcoords="offset points",
            ha="center",
            fontsize=8,
        )
    axes.set_yticks([])
    axes.tick_params(length=0, labelsize=8)
    axes.spines["left"].set_visible(False)


def _handle(kind: str, say: Wording) -> Line2D:
    marker, line, colour, filled = _LINES[kind]
    face = colour if filled else style.PAPER
    return Line2D([], [], marker=marker, ls=line, color=colour, mfc=face, ms=6, label=labels.code("kind", kind, say))


def _alt(groups: Sequence[pd.DataFrame], names: Sequence[str], value: str, say: Wording) -> str:
    parts = []
    for rows, name in list(zip(groups, names, strict=True))[:_TOLD]:
        ordered = rows.sort_values(["year", "kind"], kind="stable")
        first, last = ordered.iloc[0], ordered.iloc[-1]
        parts.append(
            say(
                "{name}: {first_kind} {first} in {first_year}, {last_kind} {last} in {last_year}.",
                name=name,
                first_kind=labels.code("kind", first["kind"], say),
                first=round(float(first[value]), 2),
                first_year=first["year"],
                last_kind=labels.code("kind", last["kind"], say),
                last=round(float(last[value]), 2),
                last_year=last["year"],
            )
        )
    if len(groups) > _TOLD:
        parts.append(say("The table beside the figure has all {n}.", n=len(groups)))
    lead = say.plural("Small panel of {n} indicator by year.", "Small panels of {n} indicators by year.", len(groups))
    return " ".join([lead, *parts])


def _distances(points: pd.DataFrame, known: pd.DataFrame, value: str, say: Wording, title: str) -> Figure:
    """How far targets lie from the last outcome before them, by the years between: the panels of very many."""
    rows = known[["_panel", "kind", "year", value]].astype({"year": "int64", value: "float64"})
    rows = rows.sort_values("year", kind="stable")
    outcomes = rows[rows["kind"] == "outcome"].assign(since=rows["year"]).drop(columns="kind")
    pairs = pd.merge_asof(
        rows[rows["kind"] == "target"],
        outcomes,
        on="year",
        by="_panel",
        allow_exact_matches=False,
        suffixes=("", "_before"),
    )
    pairs = pairs[pairs[f"{value}_before"].notna() & (pairs[f"{value}_before"] != 0)]
    distance = (pairs[value] - pairs[f"{value}_before"]) / pairs[f"{value}_before"].abs()
    found = {int(years): part.to_numpy() for years, part in distance.groupby(pairs["year"] - pairs["since"])}
    if not found:
        return nothing(say, points, "indicators", title)
    spreads = dict(sorted(found.items()))
    names = [
        f"{say.plural('{n} year ahead', '{n} years ahead', years)} (n = {say.number(len(values))})"
        for years, values in spreads.items()
    ]
    with style.drawing():
        figure = style.canvas(height=spread.height(len(spreads)) + 0.3)
        axes = figure.subplots()
        spread.draw(axes, list(spreads.values()), names, say.percent)
        axes.set_xlabel(say("Target against the last outcome before it"))
    words = spread.words(list(spreads.values()), names, say.percent, say)
    alt = f"{say('How far targets lie from what was reached.')} {words}"
    return Figure(figure, alt, points, spread.caption(say), "indicators", say(title))
