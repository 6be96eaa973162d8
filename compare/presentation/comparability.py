"""Standard sentences about comparability, held as data: each is written once and shown wherever it applies."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pandas as pd

from compare.presentation import labels
from compare.presentation.wording import Wording
from compare.problems import PlanError

TOLD_APART = 5  # municipalities that are named; more are counted


@cache
def _sentences() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "warnings.toml").read_text(encoding="utf-8"))


def messages() -> list[str]:
    """The English sentences: message ids that the catalogues must know."""
    return list(_sentences().values())


def warning(name: str, say: Wording) -> str:
    """The standard sentence of that name in the language; `PlanError` names the known ones if there is none."""
    if name not in _sentences():
        raise PlanError(f"no warning {name!r} in warnings.toml; it has {', '.join(_sentences())}; use one of them")
    return say(_sentences()[name])


def applying(documents: pd.DataFrame) -> list[str]:
    """Names of the warnings that a set of documents calls for by itself.

    >>> applying(pd.DataFrame({"municipality_code": ["0188", "2380"], "year": [2022, 2024]}))
    ['different_years']
    """
    differing = {"year": "different_years", "period": "different_periods", "kind": "different_documents"}
    found = [name for column, name in differing.items() if column in documents and _differs(documents, column)]
    if "board" in documents and documents["board"].isna().any() and documents["board"].notna().any():
        found.append("different_levels")
    if "reading" in documents and (documents["reading"] == "machine").any():
        found.append("machine_read")
    made_up = [name] if (name := made_up_in(documents)) else []
    if documents["municipality_code"].nunique() == 1:
        return [*made_up, *(name for name in found if name == "machine_read"), "one_municipality"]
    return [*made_up, *found]


def made_up_in(documents: pd.DataFrame) -> str:
    """Name of the sentence that must stand over whatever rests on plans made up for tests; empty where none is.

    >>> made_up_in(pd.DataFrame({"wording": ["synthetic", "source"]}))
    'partly_synthetic'
    """
    synthetic = (documents["wording"] == "synthetic") if "wording" in documents else pd.Series(dtype=bool)
    if not synthetic.any():
        return ""
    return "synthetic" if synthetic.all() else "partly_synthetic"


def of_boards(documents: pd.DataFrame, say: Wording) -> str:
    """Of which municipalities only documents of single boards were read, in words; empty where of none.

    What such a municipality has few or many of is its boards' and not its own, which stands beside the findings.
    """
    if "board" not in documents:
        return ""
    alone = documents.groupby("municipality_code").filter(lambda rows: rows["board"].notna().all())
    boards = alone.groupby("municipality_code")["board"].unique()
    if len(boards) > TOLD_APART:
        return say(
            "Of {n} of {all} municipalities only documents of single boards were read, none of the whole municipality.",
            n=len(boards),
            all=documents["municipality_code"].nunique(),
        )
    told = [
        say(
            "What was read of {municipality} is of {boards} alone, not of the whole municipality.",
            municipality=labels.municipality(code, say),
            boards=say.listed([str(board) for board in names], at_most=TOLD_APART),
        )
        for code, names in boards.items()
    ]
    return " ".join(told)


def _differs(documents: pd.DataFrame, column: str) -> bool:
    """Whether municipalities differ in a column: not all have the same set of values."""
    sets = {frozenset(rows[column].dropna()) for _, rows in documents.groupby("municipality_code")}
    return len(sets - {frozenset()}) > 1
