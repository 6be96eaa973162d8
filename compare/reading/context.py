"""Where in a document the reading stands: under which office, goal and assignment, in which list."""

from __future__ import annotations

from dataclasses import dataclass, field

from compare.documents.model import Text
from compare.reading.headings import Section
from compare.reading.labels import Label
from compare.reading.table_roles import Layout


@dataclass(frozen=True, slots=True)
class Series:
    """Goals numbered one after another, each with a text of its own below.

    The list that they began in, the last number, its marker, and the goal that they stand under.
    """

    section: Section
    number: int
    marker: str
    above: str | None


@dataclass
class Context:
    """What holds for the next block until a heading says otherwise.

    `assignments` are those named since the last heading or table: a table of actions belongs to one of them only when
    there is one. `label_level` is the heading level of the label below which the goal stands, `formed` tells that
    goals below the label have lines of fields, `card` is the record of the last project card, `series` the numbered
    goals that text parts.
    """

    office: str | None = None
    goal: str | None = None
    goal_level: int | None = None
    label_level: int | None = None
    goal_above: str | None = None
    goal_of_rows: str | None = None
    year_of_rows: int | None = None
    announced: str | None = None
    label: Label | None = None
    formed: bool = False
    series: Series | None = None
    card: str | None = None
    indicator: str | None = None
    assignments: list[str] = field(default_factory=list)
    described: str | None = None
    actions_seen: bool = False
    section: Section | None = None
    list_level: int | None = None
    listed_below: Section | None = None
    bullets: int = 0
    contents: bool = False
    two_columns: bool = False
    by_office: bool = False
    awaits: str = "title"
    marked: bool | None = None
    subject: str | None = None
    subject_table: str | None = None
    status: str | None = None
    caption: Text | None = None
    layout: Layout | None = None
    given_by: str | None = None
    prose_unit: str | None = None
    unit_above: str | None = None
    unfinished: bool = False
    plan_year: int | None = None

    def leave_assignments(self) -> None:
        """A heading, or an assignment behind a table, ends the group of assignments that tables belong to.

        So it ends the lines that state values of one indicator.
        """
        self.indicator = None
        self.assignments = []
        self.described = None
        self.actions_seen = False

    def under_goal(self, goal: str) -> None:
        """A heading states or speaks of a goal: what follows is about it."""
        self.leave_assignments()
        self.leave_section()
        self.layout = self.label = self.card = self.indicator = None
        self.subject, self.subject_table, self.status = goal, "goals", None

    def leave_section(self) -> None:
        """The list that a heading opened has ended."""
        self.section = None
        self.bullets = 0
        self.two_columns = False
        self.by_office = False
        self.awaits = "title"
        self.marked = None

    @property
    def assignment(self) -> str | None:
        """The assignment that a table of actions here belongs to: the only one since the last heading."""
        return self.assignments[0] if len(self.assignments) == 1 else None
