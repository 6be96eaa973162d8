"""plancompare: compare the plans of Swedish municipalities.

    import compare
    plans = compare.open("data/snapshots")
    plans.assignments                                   # a DataFrame with the contract's columns
    compare.measures.completion.rates(plans, by=["municipality_code"])

The rooms are described in README.md; each module says in its first lines why it exists.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import Any

__version__ = version("plancompare")

_LAZY = {"open": ("compare.snapshots", "open")}
_ROOMS = (
    "contract",
    "documents",
    "linking",
    "measures",
    "plan_files",
    "presentation",
    "reading",
    "reference",
    "reports",
    "snapshots",
    "vocabulary",
)


def __getattr__(name: str) -> Any:
    """Rooms and `open` are imported when they are first used, so that the command line starts fast."""
    if name in _LAZY:
        module, attribute = _LAZY[name]
        return getattr(import_module(module), attribute)
    if name in _ROOMS:
        return import_module(f"compare.{name}")
    raise AttributeError(f"module 'compare' has no attribute {name!r}")
