"""What every figure has: the drawing, its words for those who do not see it, its caption and the data behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import matplotlib.figure
import pandas as pd

from compare.presentation import labels
from compare.presentation.tables import Form
from compare.presentation.wording import Wording
from compare.problems import PlanError


@dataclass(frozen=True)
class Figure:
    """A figure of a report.

    `alt` states what the figure shows, in words; `data` are the rows it was drawn from, under the contract's column
    names; `name` is its kind, used in file names; `title`, which states
    the finding, stands over it on the page as text; `forms` says how columns of the data are written where their names
    do not tell. `figure` is None where there was nothing to draw: `alt` says so.
    """

    figure: matplotlib.figure.Figure | None
    alt: str
    data: pd.DataFrame
    caption: str
    name: str = "figure"
    title: str = ""
    forms: Mapping[str, Form] = field(default_factory=dict)


def need(frame: pd.DataFrame, columns: Sequence[str], figure: str) -> None:
    """Raise `PlanError` if the frame lacks columns that the figure draws."""
    missing = [name for name in columns if name not in frame]
    if missing:
        raise PlanError(
            f"the figure {figure} needs the column {', '.join(missing)}; the frame has {', '.join(map(str, frame))}; "
            "name the column in the call or add it to the frame"
        )


def nothing(say: Wording, data: pd.DataFrame, name: str, title: str) -> Figure:
    """The figure of an empty frame: a sentence instead of empty axes."""
    return Figure(None, say("There is no data to draw for this question."), data, "", name, say(title))


def row_labels(frame: pd.DataFrame, columns: Sequence[str], say: Wording) -> list[str]:
    """One label per row from its cells in `columns`; a column in which all rows are equal is left out."""
    telling = [name for name in columns if frame[name].nunique(dropna=False) > 1] or list(columns)
    return [labels.heading(telling, cells, say) for cells in frame[telling].itertuples(index=False, name=None)]


def with_common(caption: str, frame: pd.DataFrame, columns: Sequence[str], say: Wording) -> str:
    """The caption with what all rows share, which `row_labels` leaves out: 'Assignments by status. Exempelstad.'."""
    shared = [name for name in columns if frame[name].nunique(dropna=False) == 1 and frame[name].notna().all()]
    if frame.empty or not shared or len(shared) == len(columns):
        return caption
    words = labels.heading(shared, tuple(frame[shared].iloc[0]), say)
    return f"{caption} {words}."


def percent_of(*columns: str) -> dict[str, Form]:
    """The columns as shares, for `Figure.forms`."""
    return dict.fromkeys(columns, "percent")


def as_list(columns: str | Sequence[str]) -> list[str]:
    """One column name or several as a list."""
    return [columns] if isinstance(columns, str) else list(columns)


def ordered_unique(values: pd.Series) -> list[Any]:
    """The values without repeats and nulls, in the order in which they first stand."""
    return list(values.dropna().drop_duplicates())
