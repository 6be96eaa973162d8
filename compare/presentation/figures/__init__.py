"""Figures of reports: functions from a frame to a `Figure` with alternative text, caption and the data behind it.

Each takes the frame and the wording, then names of columns where they differ from the usual; the title that states the
finding is the caller's. Each changes its form with the number of groups, so that 2, 20 and 290 can be read.
"""

from compare.presentation.figures.answers import answers
from compare.presentation.figures.base import Figure
from compare.presentation.figures.changes import parts_of_change
from compare.presentation.figures.goals import goal_trees, level_bars
from compare.presentation.figures.grids import heat
from compare.presentation.figures.maps import enough_for_a_map, municipality_map
from compare.presentation.figures.money import share_bars, slopes, years
from compare.presentation.figures.rates import funnel, intervals, lollipops
from compare.presentation.figures.statuses import status_bars, transitions
from compare.presentation.figures.targets import indicator_panels

__all__ = [
    "Figure",
    "answers",
    "enough_for_a_map",
    "funnel",
    "goal_trees",
    "heat",
    "indicator_panels",
    "intervals",
    "level_bars",
    "lollipops",
    "municipality_map",
    "parts_of_change",
    "share_bars",
    "slopes",
    "status_bars",
    "transitions",
    "years",
]
