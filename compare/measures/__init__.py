"""What is computed: pure functions from plan data to frames, one module per question.

Each names its formula, its source and its pitfalls. Modules are imported when they are first used.

What holds for all of them:

- A function takes plans (`compare.contract.Tables`) or the result of another and returns a frame of its own; nothing
  that is given is changed. The columns that `by` names come first; a key that is missing is a group of its own.
- A group of which nothing is known has no row, or a null in place of the figure: never 0. What is unknown is counted
  beside (`unknown`), and the bounds tell what it could do to a rate (`bound_low`, `bound_high`).
- Shares are fractions from 0 to 1, amounts whole kronor with costs positive, ages and spans years. `low` and `high` are
  the ends of a 95 % interval; `too_few` says that a rate rests on so few that it is not compared.
- `record_ids` are the records that a row rests on, for `compare.measures.sources` and the links of a page.
- A column to group by that the rows do not have is a `PlanError` that names those they have.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

_MODULES = frozenset(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def __getattr__(name: str) -> ModuleType:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(sorted(_MODULES))}")


def __dir__() -> list[str]:
    return sorted(_MODULES)
