"""What is computed: pure functions from plan data to frames, one module per question.

Each names its formula, its source and its pitfalls. Modules are imported when they are first used.
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
