"""A matrix of answers in words: which municipality's plans answer which question, and how far."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from compare.presentation import labels, style
from compare.presentation.figures.base import Figure, need, nothing
from compare.presentation.wording import Wording, is_missing

NAMED = 8  # beyond so many groups each question shows how many groups have which answer
_CHARS = 46


class _Look(NamedTuple):
    """How an answer is drawn: fill, ink, hatch."""

    fill: str
    ink: str
    hatch: str = ""


_LOOKS = {
    "yes": _Look("#0b4f6c", "#ffffff"),
    "partly": _Look("#b5dbe3", style.INK),
    "no_data": _Look("#ffffff", style.FAINT, "////"),
}


def answers(
    values: pd.DataFrame,
    say: Wording,
    *,
    group: str = "municipality_code",
    title: str = "",
    caption: str = "",
) -> Figure:
    """Questions against groups, each cell with its answer in a word and on how many records it rests.

    `values` has columns `question`, `answer` {yes, partly, no_data}, `have`, `of` and the group. With more than eight
    groups a question shows how many of them have which answer.
    """
    need(values, [group, "question", "answer", "have", "of"], "answers")
    if values.empty:
        return nothing(say, values, "answers", title)
    questions = list(values["question"].drop_duplicates())
    groups = list(values[group].drop_duplicates())
    names = [labels.code("question", question, say) for question in questions]
    with style.drawing():
        figure = style.canvas(height=1.3 + 0.42 * len(questions))
        axes = figure.subplots()
        if len(groups) <= NAMED:
            _cells(axes, values, questions, groups, group, say)
        else:
            _bars(axes, values, questions, say)
            figure.legend(handles=_handles(say), loc="outside lower center", ncols=len(_LOOKS))
        axes.set_yticks(range(len(questions)), ["\n".join(style.wrap(name, _CHARS, 2)) for name in names])
        axes.set_ylim(len(questions) - 0.5, -0.5)
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
    alt = _alt(values, names, questions, groups, group, say)
    caption = caption or (
        "Beside the answer stands how many of the records that could carry it do."
        if len(groups) <= NAMED
        else "The numbers are how many municipalities have which answer."
    )
    return Figure(figure, alt, values, say(caption), "answers", say(title))


def _handles(say: Wording) -> list[Patch]:
    return [
        Patch(fc=look.fill, ec=style.FAINT, hatch=look.hatch, label=labels.code("answer", key, say))
        for key, look in _LOOKS.items()
    ]


def _cells(axes: Axes, values: pd.DataFrame, questions: list[str], groups: list[str], group: str, say: Wording) -> None:
    place = {name: number for number, name in enumerate(questions)}
    rows: Any = values.itertuples()
    across = {name: number for number, name in enumerate(groups)}
    for row in rows:
        column, line, look = across[getattr(row, group)], place[row.question], _LOOKS[row.answer]
        box = Rectangle((column - 0.48, line - 0.44), 0.96, 0.88, fc=look.fill, ec=style.GRID, hatch=look.hatch, lw=0.8)
        axes.add_patch(box)
        words = labels.code("answer", row.answer, say)
        if not is_missing(row.of):
            words = say("{answer}, {have} of {of}", answer=words, have=int(row.have), of=int(row.of))
        paper = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.5} if look.hatch else None
        axes.text(column, line, words, ha="center", va="center", color=look.ink, fontsize=8.5, bbox=paper)
    axes.set_xlim(-0.5, len(groups) - 0.5)
    heads = [labels.value(group, name, say) for name in groups]
    axes.set_xticks(range(len(groups)), ["\n".join(style.wrap(head, 16, 2)) for head in heads])
    axes.xaxis.set_ticks_position("top")


def _bars(axes: Axes, values: pd.DataFrame, questions: list[str], say: Wording) -> None:
    counts = _counts(values, questions)
    left = np.zeros(len(questions))
    for key, look in _LOOKS.items():
        sizes = counts[key].to_numpy(float)
        axes.barh(
            range(len(questions)),
            sizes,
            left=left,
            height=0.72,
            color=look.fill,
            ec=style.FAINT,
            hatch=look.hatch,
            lw=0.6,
        )
        for line, (start, size) in enumerate(zip(left, sizes, strict=True)):
            if size >= 0.04 * counts.to_numpy().sum(axis=1).max():
                paper = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1} if look.hatch else None
                axes.text(
                    start + size / 2,
                    line,
                    say.number(size),
                    ha="center",
                    va="center",
                    color=look.ink,
                    fontsize=8.5,
                    bbox=paper,
                )
        left += sizes
    axes.set_xticks([])


def _counts(values: pd.DataFrame, questions: list[str]) -> pd.DataFrame:
    """How many groups have which answer to each question."""
    wide = pd.crosstab(values["question"], values["answer"])
    return wide.reindex(index=questions, columns=list(_LOOKS), fill_value=0)


def _alt(
    values: pd.DataFrame, names: list[str], questions: list[str], groups: list[str], group: str, say: Wording
) -> str:
    lead = say("Matrix of {n} questions and {m} municipalities.", n=len(questions), m=len(groups))
    if len(groups) > NAMED:
        counts = _counts(values, questions)
        parts = [
            say(
                "{question} Yes {yes}, partly {partly}, no data {none}.",
                question=name,
                yes=int(y),
                partly=int(p),
                none=int(n),
            )
            for name, (y, p, n) in zip(names, counts.itertuples(index=False, name=None), strict=True)
        ]
        return " ".join([lead, *parts])
    parts = []
    for name in groups:
        own = values[values[group] == name]["answer"].value_counts()
        parts.append(
            say(
                "{group}: yes to {yes}, partly to {partly}, no data on {none}.",
                group=labels.value(group, name, say),
                yes=int(own.get("yes", 0)),
                partly=int(own.get("partly", 0)),
                none=int(own.get("no_data", 0)),
            )
        )
    return " ".join([lead, *parts])
