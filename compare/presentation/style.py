"""The one look of all figures: colours, symbols, type and size.

Colours are told apart with the common colour-vision deficiencies and, by their lightness, in grey print; a status also
has a symbol and, where it is bad news, a hatch, so that colour never carries the meaning alone. Figures are drawn
without pyplot and saved without dates, so that equal data give equal bytes, in a notebook and in a script.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.rcsetup import cycler
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator
from PIL import Image

INK = "#1a1a1a"
FAINT = "#595959"
GRID = "#dddddd"
PAPER = "#ffffff"
ACCENT = "#0b4f6c"
WIDTH = 9.0
RESOLUTION = 150
POINTS_PER_INCH = 72
WIDTH_OF_BOLD = 0.85  # how much of a plain line's words fit a bold one
TITLE_SIZE = 9.5
_ROOM_FOR_TICKS = 0.6
_ALMOST_WHITE = 253

# Ordered by lightness as well as by hue (Okabe and Ito's hues, darkened where white paper asks for it).
SERIES = ("#0b4f6c", "#c4570a", "#2f8f6b", "#8a3f7d", "#5aa5c9", "#9a7b00", "#444444", "#d98fb3")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h")
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)))


@dataclass(frozen=True, slots=True)
class Mark:
    """How a status is drawn: fill, colour of what is printed on it, symbol, hatch."""

    fill: str
    ink: str
    symbol: str
    hatch: str = ""


# From the best outcome to the worst, then what is not settled; this is also the order of segments in a bar.
STATUS_MARKS: dict[str, Mark] = {
    "completed": Mark("#0b4f6c", "#ffffff", "✔"),
    "expected": Mark("#2f7f8f", "#ffffff", "↗"),
    "partly_completed": Mark("#7fbcd6", INK, "◐"),
    "partly_expected": Mark("#b5dbe3", INK, "→"),
    "in_progress": Mark("#f2e3b3", INK, "▶"),
    "not_started": Mark("#e3e3e3", INK, "○"),
    "at_risk": Mark("#f0b35e", INK, "▲", "...."),
    "not_expected": Mark("#df8a4f", INK, "↘", "////"),
    "not_completed": Mark("#a3420b", "#ffffff", "✘", "////"),
    "cancelled": Mark("#8c8c8c", INK, "⊘", "xxxx"),
    "unknown": Mark("#ffffff", INK, "?"),
}

_SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.5,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.facecolor": PAPER,
    "axes.prop_cycle": cycler(color=SERIES),
    "figure.facecolor": PAPER,
    "figure.titlesize": 12,
    "figure.titleweight": "bold",
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.w_pad": 0.06,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "lines.linewidth": 1.8,
    "lines.markersize": 6,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "savefig.dpi": RESOLUTION,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Draw in the house style, whatever style the notebook has set, and leave that as it was."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(cast("Any", _SETTINGS))
        yield


def canvas(width: float = WIDTH, height: float = 4.0) -> Figure:
    """An empty figure (inches) that fits its labels by itself; call it inside `drawing`."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def as_png(figure: Figure) -> bytes:
    """The figure as a PNG image; equal figures give equal bytes."""
    pixels, image = io.BytesIO(), io.BytesIO()
    with drawing():
        figure.savefig(pixels, format="rgba", dpi=RESOLUTION)
    size = (int(figure.get_figwidth() * RESOLUTION), int(figure.get_figheight() * RESOLUTION))
    full = Image.frombytes("RGBA", size, pixels.getvalue()).convert("RGB")
    # The few colours of a drawing fit a palette, which makes the file three times smaller.
    small = full.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    # Its averages leave paper a shade off white, which would show as a box on a white page. The corner is paper.
    palette, paper = small.getpalette() or [], 3 * cast("int", small.getpixel((0, 0)))
    palette[paper : paper + 3] = [255, 255, 255]
    small.putpalette([255 if channel >= _ALMOST_WHITE else channel for channel in palette])
    small.save(image, "PNG", compress_level=9)
    return image.getvalue()


def panels(figure: Figure, n: int, columns: int, **shared: Any) -> list[Axes]:
    """So many small axes in rows of `columns`; what is left over of the last row stays empty."""
    grid = figure.subplots(math.ceil(n / columns), columns, squeeze=False, **shared)
    for axes in grid.flat[n:]:
        axes.set_visible(False)
    return list(grid.flat[:n])


def name_panel(axes: Axes, name: str, columns: int, whose: str = "") -> None:
    """Write over a panel what it shows, and below that whose it is: two lines each at most, within its column."""
    figure = cast("Figure", axes.figure)
    room = WIDTH_OF_BOLD * (figure.get_figwidth() / columns - _ROOM_FOR_TICKS)
    lines = wrap_to(name, room, TITLE_SIZE, 2) + (wrap_to(whose, room, TITLE_SIZE, 2) if whose else [])
    axes.set_title("\n".join(lines), fontsize=TITLE_SIZE)


def name_rows(
    axes: Axes,
    names: Sequence[str],
    width: int = 40,
    *,
    rows: int | None = None,
    at: Sequence[float] | None = None,
) -> None:
    """Name bars or dots at the left, the first on top, in two lines of `width`; there is room for `rows`.

    `at` says how far down each name stands, counted in rows.
    """
    axes.set_yticks(range(len(names)) if at is None else at, ["\n".join(wrap(name, width, 2)) for name in names])
    axes.set_ylim((rows or len(names)) - 0.4, -0.6)


def plain_axis(axes: Axes, *, grid: str = "x") -> None:
    """Take away the frame that says nothing; keep grid lines along the axis that is read.

    Ticks stand at steps of 1, 2 or 5, which rounded percent can name: at 2.5, '3%', '5%' and '8%' would look unlike.
    """
    for axis in (axes.xaxis, axes.yaxis):
        locator = axis.get_major_locator()
        if isinstance(locator, MaxNLocator):
            locator.set_params(steps=[1, 2, 5, 10])
    axes.spines["left"].set_visible(grid != "x")
    axes.grid(visible=True, axis="x" if grid == "x" else "y")
    axes.tick_params(length=0)


def name_points(
    axes: Axes, x: np.ndarray, y: np.ndarray, names: Sequence[str], named: Sequence[int] | np.ndarray
) -> None:
    """Write names beside the points `named`, in that order, where they cover neither a named point nor another name.

    A name for which no such spot is left is left out; set the axes' limits first.
    """
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    wide, tall = right - left, (top - bottom) * 0.032
    taken = [(x[i] - 0.01 * wide, x[i] + 0.01 * wide, y[i]) for i in named]
    for place in named:
        length = wide * 0.0098 * len(names[place])
        for step, side in [(step, side) for step in (0, 1, -1, 2, -2) for side in (1, -1)]:
            start, height = x[place] + side * 0.014 * wide, y[place] + step * tall
            span = (min(start, start + side * length), max(start, start + side * length))
            inside = left <= span[0] and span[1] <= right and bottom <= height <= top
            if inside and all(span[1] < a or span[0] > b or abs(height - h) >= tall * 0.97 for a, b, h in taken):
                taken.append((*span, height))
                axes.text(start, height, names[place], ha="left" if side > 0 else "right", va="center", fontsize=8)
                break


def ink_on(colour: Any) -> str:
    """Black or white, whichever reads better on the colour (relative luminance as WCAG defines it)."""
    return INK if contrast(colour, INK) >= contrast(colour, PAPER) else PAPER


def contrast(first: Any, second: Any) -> float:
    """The contrast ratio of two colours, from 1 to 21, as WCAG defines it.

    >>> round(contrast("#ffffff", "#000000"), 1)
    21.0
    """
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Any) -> float:
    channels = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def part_groups(axes: Axes, first_keys: list[Any]) -> None:
    """Draw a line between rows where the first of several keys changes, unless each has a row of its own."""
    if len(set(first_keys)) == len(first_keys):
        return
    for row in range(1, len(first_keys)):
        if first_keys[row] != first_keys[row - 1]:
            axes.axhline(row - 0.5, color=FAINT, lw=0.7, xmin=0, xmax=1)


def text_width(text: str, size: float) -> float:
    """The width in inches of a text in the figures' type at a size in points."""
    width, _, _ = text_to_path.get_text_width_height_descent(text, FontProperties(size=size), False)
    return float(width) / POINTS_PER_INCH


def wrap_to(text: str, inches: float, size: float, lines_at_most: int) -> list[str]:
    """The text in lines that are no wider than `inches` at a size; what does not fit ends with '…'."""
    return _lines(_words(text), lambda line: text_width(line, size) <= inches, lines_at_most)


def _words(text: str) -> list[str]:
    """The parts of a text that a line may end between: what a no-break space joins is one."""
    return [word for word in re.split(r"[ \t\n]+", text) if word]


def _lines(words: Sequence[str], fits: Callable[[str], bool], lines_at_most: int | None) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else ""
        if lines and fits(longer):
            lines[-1] = longer
        else:
            lines.append(word)
    lines = [line if fits(line) else _cut(line, fits) for line in lines] or [""]
    if lines_at_most is None or len(lines) <= lines_at_most:
        return lines
    last = lines[lines_at_most - 1]
    return [*lines[: lines_at_most - 1], f"{last}…" if fits(f"{last}…") else _cut(last, fits)]


def _cut(line: str, fits: Callable[[str], bool]) -> str:
    """As much of the line as fits with '…' behind it: whole words where there are several."""
    words = line.removesuffix("…").split()
    while len(words) > 1 and not fits(f"{' '.join(words)}…"):
        words.pop()
    line = " ".join(words)
    while len(line) > 1 and not fits(f"{line}…"):
        line = line[:-1]
    return f"{line}…"


def wrap(text: str, width: int, lines_at_most: int | None = None) -> list[str]:
    """The text in lines of at most `width` characters; what does not fit in the lines allowed ends with '…'.

    >>> wrap("One two three", 7, 1)
    ['One…']
    """
    return _lines(_words(text), lambda line: len(line) <= width, lines_at_most)
