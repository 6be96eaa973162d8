"""What went wrong, where, and what to do: the one form in which every part of plancompare speaks of trouble.

Checks collect `Problem` rows, so that a person sees everything that is wrong at once; what cannot go on raises
`PlanError` (wrong use or unusable input) or `ProblemsFound` (the collected problems of a whole pass). The command
line turns both into messages and exit codes; no traceback reaches a reader.

Sentences are English and remember of what they were made (`told`), so that a page or the command line can say them in
the reader's language: `compare.presentation.wording` knows the other languages, nothing here does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

SHOWN_AT_MOST = 20
SHOWN_OF_A_KIND = 3  # while others wait to be shown


class Told(str):
    """An English sentence, or a part of one, that knows its template and what was filled in; made by `told`."""

    template: str
    values: dict[str, Any]
    swedish: str


def told(template: str, *, swedish: str = "", **values: Any) -> Told:
    """The sentence with the values filled in, which can be said again in another language.

    Values may be such sentences too. `swedish` is given where the template's translation is known on the spot (the
    data contract describes its columns in both languages) and not in a catalogue.

    >>> told("the row has {n} cells", n=3)
    'the row has 3 cells'
    """
    sentence = Told(template.format(**values) if values else template)
    sentence.template, sentence.values, sentence.swedish = template, values, swedish
    return sentence


# How a text is said in the reader's language; `str` leaves it in English.
Speak = Callable[[str], str]


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
        return self.sentence()

    def sentence(self, speak: Speak = str) -> str:
        """The problem in one sentence, in the language that `speak` speaks."""
        places = (
            self.file,
            told("row {row}", row=self.row) if self.row is not None else "",
            told("column {column}", column=self.column) if self.column else "",
        )
        place = ", ".join(speak(part) for part in places if part)
        what = f"{place}: {speak(self.what)}" if place else speak(self.what)
        found = speak(told(" (found {value!r})", value=self.value)) if self.value else ""
        return "; ".join(part for part in (what + found, speak(self.expected), speak(self.action)) if part)

    def spoken(self, speak: Speak) -> Problem:
        """The problem with its words in the language that `speak` speaks."""
        return replace(self, what=speak(self.what), expected=speak(self.expected), action=speak(self.action))


class PlanError(Exception):
    """Wrong use or unusable input: one sentence that names what, where and what to do."""

    def sentence(self, speak: Speak = str) -> str:
        """The message in the language that `speak` speaks."""
        return speak(self.args[0]) if self.args and isinstance(self.args[0], str) else str(self)


class ProblemsFound(PlanError):
    """All problems of one pass, raised together; `problems` holds them, the text shows some of each kind."""

    rest_told_by = told("  +{n} more")

    def __init__(self, heading: str, problems: Sequence[Problem]) -> None:
        self.heading = heading
        self.problems = tuple(problems)
        super().__init__(self.sentence())

    def sentence(self, speak: Speak = str) -> str:
        """The heading and some problems of each kind, a line each, in the language that `speak` speaks."""
        lines = [speak(self.heading), *(f"  {one.sentence(speak)}" for one in _shown(self.problems))]
        if len(self.problems) > SHOWN_AT_MOST:
            lines.append(speak(told(self.rest_told_by.template, n=len(self.problems) - SHOWN_AT_MOST)))
        return "\n".join(lines)


def _shown(problems: Sequence[Problem]) -> list[Problem]:
    """As many problems as fit on a screen, in their order: a few of each kind before more of one."""
    seen: Counter[tuple[str, ...]] = Counter()
    few: list[int] = []
    more: list[int] = []
    for place, one in enumerate(problems):
        kind = (one.what, one.file, one.column)
        seen[kind] += 1
        (few if seen[kind] <= SHOWN_OF_A_KIND else more).append(place)
    return [problems[place] for place in sorted([*few, *more][:SHOWN_AT_MOST])]


class PlansRefused(ProblemsFound):
    """Plans that break the contract: data to correct, where the call itself was right."""

    rest_told_by = told("  +{n} more; `plancompare check` tells all of them")


def counted(count: int, noun: str) -> str:
    """So many of a thing, in the singular where it is one.

    >>> counted(1, "problem"), counted(2, "problem"), counted(0, "table")
    ('1 problem', '2 problems', '0 tables')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def unusable(error: OSError) -> Told:
    """What the system refused, as a sentence: the file or folder, its reason, what to do.

    >>> unusable(PermissionError(13, "Permission denied", "plan.txt"))
    'plan.txt: cannot be read or written (permission denied); check the name, the rights and the room on the disk'
    """
    place = f"{error.filename}: " if error.filename else ""
    return told(
        "{place}cannot be read or written ({reason}); check the name, the rights and the room on the disk",
        place=place,
        reason=(error.strerror or str(error)).lower(),
    )


def as_frame(problems: Sequence[Problem]) -> pd.DataFrame:
    """The problems as a table with a column per field, for a report or a CSV file."""
    import pandas as pd  # late, so that the command line starts without it

    columns = list(Problem.__dataclass_fields__)
    return pd.DataFrame([[getattr(p, c) for c in columns] for p in problems], columns=columns)
