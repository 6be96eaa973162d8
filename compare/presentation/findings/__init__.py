"""What each report found, as sentences: one module per report, from the frames of measures to `Finding`s.

A sentence is written only where the data carries it; it says its n, its interval and its reservation, and leads to
the places it rests on. `METHOD` and `LIMITS` of each module say how its figures came about and what they cannot tell.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame, their cells by name: what a row holds is known from the measure, not from its type."""
    yield from frame.itertuples()
