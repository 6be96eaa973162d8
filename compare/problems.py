"""What went wrong, where, and what to do: the one form in which every part of plancompare speaks of trouble.

Checks collect `Problem` rows, so that a person sees everything that is wrong at once; what cannot go on raises
`PlanError` (wrong use or unusable input) or `ProblemsFound` (the collected problems of a whole pass). The command
line turns both into messages and exit codes; no traceback reaches a reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SHOWN_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in the order a person asks: what, where, what was expected, what to do."""

    what: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    expected: str = ""
    action: str = ""

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file,
                f"row {self.row}" if self.row is not None else "",
                f"column {self.column}" if self.column else "",
            )
            if part
        )
        sentence = f"{place}: {self.what}" if place else self.what
        if self.value:
            sentence += f" (found {self.value!r})"
        return "; ".join(part for part in (sentence, self.expected, self.action) if part)


class PlanError(Exception):
    """Wrong use or unusable input: one sentence that names what, where and what to do."""


class ProblemsFound(PlanError):
    """All problems of one pass, raised together; `problems` holds them, the text shows the first of them."""

    rest_told_by = ""

    def __init__(self, heading: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        shown = [f"  {problem}" for problem in self.problems[:SHOWN_AT_MOST]]
        if len(self.problems) > SHOWN_AT_MOST:
            shown.append(f"  +{len(self.problems) - SHOWN_AT_MOST} more{self.rest_told_by}")
        super().__init__("\n".join([heading, *shown]))


class PlansRefused(ProblemsFound):
    """Plans that break the contract: data to correct, where the call itself was right."""

    rest_told_by = "; `plancompare check` tells all of them"


def counted(count: int, noun: str) -> str:
    """So many of a thing, in the singular where it is one.

    >>> counted(1, "problem"), counted(2, "problem"), counted(0, "table")
    ('1 problem', '2 problems', '0 tables')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def unusable(error: OSError) -> str:
    """What the system refused, as a sentence: the file or folder, its reason, what to do.

    >>> unusable(PermissionError(13, "Permission denied", "plan.txt"))
    'plan.txt: cannot be read or written (permission denied); check the name, the rights and the room on the disk'
    """
    place = f"{error.filename}: " if error.filename else ""
    reason = (error.strerror or str(error)).lower()
    return f"{place}cannot be read or written ({reason}); check the name, the rights and the room on the disk"


def as_frame(problems: Sequence[Problem]) -> pd.DataFrame:
    """The problems as a table with a column per field, for a report or a CSV file."""
    import pandas as pd  # late, so that the command line starts without it

    columns = list(Problem.__dataclass_fields__)
    return pd.DataFrame([[getattr(p, c) for c in columns] for p in problems], columns=columns)
