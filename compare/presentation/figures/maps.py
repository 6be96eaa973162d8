"""A map of municipalities: where the values are high and low, and of whom nothing was read.

A map shows where, not how much: small municipalities of many inhabitants take little of it, so the parts where most
of them lie close together are drawn again, larger. Values are put in five classes of about equally many municipalities,
each darker than the one below; 'no data' is hatched paper and never the lightest class, and what rests on too few to
be compared is dotted and has no colour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch, Rectangle

from compare import reference
from compare.presentation import style
from compare.presentation.figures.base import Figure, need, nothing
from compare.presentation.wording import Wording
from compare.problems import PlanError

FEWEST = 20  # with fewer municipalities a figure with their names says more than a map
SMALLEST_N = 10
CLASSES = ("#dcebf2", "#a9cee0", "#6fa8c6", "#34789c", "#0b3f57")
_INSETS = 3
_HALF_WINDOW = 55_000.0  # metres; the side of an inset is twice this
_NO_DATA, _TOO_FEW = -1, -2
_Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Look:
    """How one class of municipalities is drawn."""

    fill: str
    hatch: str = ""


def enough_for_a_map(values: pd.DataFrame) -> bool:
    """Whether so many municipalities of the register are among the rows that a map says more than their names."""
    return int(values["municipality_code"].isin(list(reference.names())).sum()) >= FEWEST


def municipality_map(
    values: pd.DataFrame,
    say: Wording,
    *,
    value: str = "rate",
    n: str | None = "n",
    form: Literal["percent", "number", "money"] = "percent",
    title: str = "",
    caption: str = "",
) -> Figure:
    """Municipalities coloured by a value, one row each; those without a row or value are marked as no data.

    `n` names the column with how many the value rests on; below ten it is not shown (None: values rest on no count).
    `form` is how the values are written. Rows that are no municipality of the register are left out and counted in the
    alternative text. Raises `PlanError` where a municipality has two rows.
    """
    need(values, ["municipality_code", value, *([n] if n else [])], "municipality_map")
    known = values[values["municipality_code"].isin(list(reference.names()))]
    if known["municipality_code"].duplicated().any():
        code = known.loc[known["municipality_code"].duplicated(), "municipality_code"].iloc[0]
        raise PlanError(f"the map got several values of {code}; it shows one of each; choose a year or a measure")
    shown = known.set_index("municipality_code")[value].astype("float64")
    shown.name = value
    if not shown.notna().any():
        return nothing(say, values, "map", title)
    few = known.set_index("municipality_code")[n].fillna(0) < SMALLEST_N if n else pd.Series(False, index=shown.index)
    classes, spans = _classes(shown, few.astype(bool))
    written = say.writer(form)
    labels = _labels(classes, spans, written, say)
    with style.drawing():
        figure = style.canvas(height=8.4)
        parts = figure.subplot_mosaic(
            [["whole", "legend"], ["whole", "0"], ["whole", "1"], ["whole", "2"]],
            width_ratios=[1.25, 1],
            height_ratios=[0.8, 1, 1, 1],
        )
        looks = _looks(spans)
        _draw(parts["whole"], classes, looks)
        for place, (around, centre) in enumerate(_crowded()):
            inset = parts[str(place)]
            _draw(inset, classes, looks, centre)
            inset.set_title(say("Around {name}", name=around), fontsize=9, fontweight="normal", loc="center")
            corner = (centre[0] - _HALF_WINDOW, centre[1] - _HALF_WINDOW)
            window = Rectangle(corner, 2 * _HALF_WINDOW, 2 * _HALF_WINDOW, fill=False, edgecolor=style.INK, lw=0.7)
            parts["whole"].add_patch(window)
        _legend(parts["legend"], labels, looks)
    left_out = len(values) - len(known)
    alt = _alt(shown, classes, written, left_out, say)
    note = say("Darker is higher; hatched is no data, dotted rests on too few to be compared.") if n else ""
    note = note or say("Darker is higher; hatched is no data.")
    sources = reference.sources().set_index("table")[f"label_{say.language}"].to_dict()
    words = " ".join([say(caption), note, f"{sources['borders']}."]).strip()
    return Figure(figure, alt, values, words, "map", say(title), {value: form})


def _classes(shown: pd.Series, few: pd.Series) -> tuple[pd.Series, list[_Span]]:
    """The class of each municipality of the register, and from what to what each class reaches, lowest first."""
    told = shown[~few & shown.notna()]
    result = pd.Series(_NO_DATA, index=list(reference.names()))
    result[shown.index[few & shown.notna()]] = _TOO_FEW
    values = np.unique(told)
    if len(values) <= len(CLASSES):
        result[told.index] = np.searchsorted(values, told)
        return result, [(float(value), float(value)) for value in values]
    ends = np.unique(np.quantile(told, np.linspace(0, 1, len(CLASSES) + 1)))
    if len(ends) < 3:
        # Most have one and the same value: classes of equal width tell the others apart.
        ends = np.linspace(values[0], values[-1], len(CLASSES) + 1)
    result[told.index] = np.clip(np.searchsorted(ends, told, side="right") - 1, 0, len(ends) - 2)
    return result, [(float(low), float(high)) for low, high in pairwise(ends)]


def _looks(spans: list[_Span]) -> dict[int, _Look]:
    """Few classes take colours that lie far apart."""
    count = len(spans)
    chosen = np.linspace(0, len(CLASSES) - 1, count).round().astype(int) if count > 1 else [len(CLASSES) // 2]
    looks = {number: _Look(CLASSES[colour]) for number, colour in enumerate(chosen)}
    return {**looks, _TOO_FEW: _Look("#f3f3f3", "......"), _NO_DATA: _Look(style.PAPER, "/////")}


def _labels(
    classes: pd.Series, spans: list[_Span], written: Callable[[float], str], say: Wording
) -> list[tuple[int, str]]:
    """What the legend says of each class that occurs, the highest first, with how many municipalities it has."""
    sizes = classes.value_counts()
    names = []
    for number, ends in reversed(list(enumerate(spans))):
        low, high = (written(end) for end in ends)
        names.append((number, low if low == high else say("{low} to {high}", low=low, high=high)))
    names += [(_TOO_FEW, say("too few to compare")), (_NO_DATA, say("no data"))]
    return [(number, say("{span} ({n})", span=span, n=int(sizes[number]))) for number, span in names if number in sizes]


def _draw(
    axes: Axes, classes: pd.Series, looks: Mapping[int, _Look], centre: tuple[float, float] | None = None
) -> None:
    """All municipalities, or those of the window around a place."""
    borders = reference.borders()
    # Hatched ones first, so that coloured ones keep their border.
    for number in sorted(set(classes)):
        rings = borders.loc[borders["municipality_code"].map(classes) == number, "ring"].tolist()
        look = looks[number]
        edge = "#b5b5b5" if look.hatch else style.PAPER
        drawn = PolyCollection(rings, facecolors=look.fill, edgecolors=edge, linewidths=0.4, hatch=look.hatch or None)
        axes.add_collection(drawn)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(centre is not None)
    if centre is not None:
        axes.set_xlim(centre[0] - _HALF_WINDOW, centre[0] + _HALF_WINDOW)
        axes.set_ylim(centre[1] - _HALF_WINDOW, centre[1] + _HALF_WINDOW)
        return
    corners = np.vstack(borders["ring"].tolist())
    (left, bottom), (right, top) = corners.min(axis=0), corners.max(axis=0)
    axes.set_xlim(left - 5_000, right + 5_000)
    axes.set_ylim(bottom - 5_000, top + 5_000)


@cache
def _crowded() -> tuple[tuple[str, tuple[float, float]], ...]:
    """The windows with most municipalities in them, each named by the most populous one, with its centre."""
    borders = reference.borders()
    boxes = np.array([[*ring.min(axis=0), *ring.max(axis=0)] for ring in borders["ring"]])
    middles = pd.DataFrame((boxes[:, :2] + boxes[:, 2:]) / 2).groupby(borders["municipality_code"]).mean()
    places = middles.to_numpy()
    people = reference.population().sort_values("year").drop_duplicates("municipality_code", keep="last")
    inhabitants = people.set_index("municipality_code")["population"].reindex(middles.index).astype("float64")
    free = np.ones(len(places), dtype=bool)
    found = []
    for _ in range(_INSETS):
        apart = np.abs(places[:, None, :] - places[None, :, :]).max(axis=2)
        inside = (apart <= _HALF_WINDOW) & free[:, None] & free[None, :]
        centre = int(inside.sum(axis=1).argmax())
        largest = str(inhabitants[inside[centre]].idxmax())
        east, north = places[inside[centre]].mean(axis=0)
        found.append((reference.name_of(largest), (float(east), float(north))))
        free &= apart[centre] > 2 * _HALF_WINDOW
    return tuple(found)


def _legend(axes: Axes, labels: list[tuple[int, str]], looks: Mapping[int, _Look]) -> None:
    handles = [
        Patch(facecolor=looks[number].fill, edgecolor="#8c8c8c", hatch=looks[number].hatch or None, label=words)
        for number, words in labels
    ]
    axes.axis("off")
    axes.legend(handles=handles, loc="upper left", fontsize=9, handlelength=2.2, handleheight=1.3)


def _alt(shown: pd.Series, classes: pd.Series, written: Callable[[float], str], left_out: int, say: Wording) -> str:
    told = shown[classes.reindex(shown.index) >= 0]
    parts = [
        say(
            "Map of {n} municipalities: {told} have a figure that can be shown, {few} one that rests on too few, "
            "{without} none.",
            n=len(classes),
            told=len(told),
            few=int((classes == _TOO_FEW).sum()),
            without=int((classes == _NO_DATA).sum()),
        )
    ]
    if len(told):
        low, middle, high = (written(float(x)) for x in np.quantile(told, (0.25, 0.5, 0.75)))
        parts.append(
            say("The median is {median}; the middle half lies at {span}.", median=middle, span=say.span(low, high))
        )
    counties = _by_county(told)
    if len(counties) >= 2:
        parts.append(
            say(
                "By county the median is highest in {high} ({high_value}) and lowest in {low} ({low_value}).",
                high=counties.index[-1],
                high_value=written(float(counties.iloc[-1])),
                low=counties.index[0],
                low_value=written(float(counties.iloc[0])),
            )
        )
    if left_out:
        parts.append(say("{n} rows are of no municipality in the register and are not on the map.", n=left_out))
    return " ".join(parts)


def _by_county(told: pd.Series) -> Any:
    """The median of each county of which at least three municipalities are shown, lowest first."""
    county = reference.municipalities().set_index("municipality_code")["county"].reindex(told.index)
    found = told.groupby(county).agg(["median", "size"])
    return found.loc[found["size"] >= 3, "median"].sort_values(kind="stable")
