"""Lists that a heading or a repeated label opens, and their members: goals, assignments, indicators, actions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import takewhile

from compare.documents.model import Block, Text
from compare.reading import assignments, follow_up, headings, indicators, labels, run_in, statements, titles
from compare.reading.context import Context, Series
from compare.reading.goals import Goals
from compare.reading.records import Records
from compare.vocabulary import terms

# A paragraph with the number of a section is its heading where it is as short as this.
LONGEST_NUMBERED = 120
# Boxes to tick and coloured signs before a member of a list.
_SIGN = re.compile(r"[☐☑☒✓✔✗✘✅❌●◐○🟢🟡🟠🔴]\s*")
# A longer item of a list names no indicator, and a longer paragraph ends a list of assignments; actions are told at
# more length.
LONGEST_NAME = 250
LONGEST_ACTION = 300
_ADVISES = re.compile(r"\b(?:rekommenderar|föreslår|uppmanar|uppmanas|rekommenderas)\b[^:]*\batt\s*:$", re.IGNORECASE)
# Words of a sentence that tells how things are; what is to be done is named without them.
_TELLING = re.compile(r"\b(?:är|var|har|hade|finns|blir|innebär|gäller|bedöms|pågår|kommer)\b", re.IGNORECASE)
# Assignments 'to the committees' are given apart from the goal that stands above them.
_TO_ALL = re.compile(
    r"\b(?:till|för)\s+(?:(?:samtliga|alla)\s+)?(?:nämnder|styrelser|förvaltningar)(?:na)?\b", re.IGNORECASE
)


class Lists:
    """The lists of one document: which one is open, and what a paragraph is in it.

    Every method returns how it took the paragraph, or None where the paragraph is nothing to it.
    """

    def __init__(self, records: Records, goals: Goals, context: Context, blocks: Sequence[Block]) -> None:
        self.records = records
        self.goals = goals
        self.context = context
        self.blocks = blocks
        self.labels = labels.repeated(blocks)
        self.labelled_indicators = any(isinstance(block, Text) and indicators.is_label(block.text) for block in blocks)
        self.declared = any(isinstance(block, Text) and block.kind == "heading" and block.level for block in blocks)

    def _depth(self, block: Text) -> int | None:
        """How deep a heading lies, as the file declares it or the number of its section says; None for other texts.

        Where a file declares its headings, numbers of paragraphs say nothing of their depth beside these.
        """
        if block.kind == "heading":
            return block.level
        heads = block.kind == "paragraph" and titles.looks_like_heading(block.text, LONGEST_NUMBERED)
        return headings.section_depth(block.text) if heads and not self.declared else None

    def label(self, block: Text, text: str) -> str | None:
        """A label that the document repeats above paragraphs of one sort; what follows belongs to it."""
        found = self.labels.get(labels.key(text))
        if found is None:
            return None
        context = self.context
        section = headings.section(text) if found.lists == "other" else None
        if section is not None and section.lists == "actions":
            # A repeated label that heads a list is its heading.
            context.label = None
            return None
        context.label, context.formed = found, False
        context.leave_section()
        context.leave_assignments()
        context.subject = context.status = None
        if found.lists == "goal":
            context.goal, context.goal_above = None, context.goal
        return f"label of {found.lists}"

    def labelled(self, index: int, block: Text, text: str) -> str | None:
        """A paragraph under a repeated label: a goal, an indicator or an assignment."""
        context, label = self.context, self.context.label
        if label is not None and label.lists == "measures" and block.bold:
            context.label = label = None
            context.office = None
        if label is not None and context.bullets and block.kind != "list_item":
            # A paragraph behind the bullets of a label is none of them.
            context.label = label = None
            context.bullets = 0
        if label is None or label.lists == "other" or len(text) > labels.LONGEST or block.kind == "heading":
            return None
        # Below a label there is one goal or assignment, or a list of bullets, or goals each with its fields below it.
        listed = block.kind == "list_item"
        if label.lists == "goal":
            if context.formed and labels.is_field(text):
                return None
            if context.formed and not statements.is_statement(text):
                context.label, context.formed = None, False
                return None
            context.formed = not listed and self._has_field_below(index)
            goal = self.goals.state(
                label.term or "mål", None, titles.without_footnotes(text), block.place, office=context.office,
                under=context.goal_above, confidence=0.85,
            )  # fmt: skip
            # What follows several goals belongs to the goal above them.
            context.goal = context.goal_above if context.bullets else goal
            context.bullets += listed
            context.label = label if listed or context.formed else None
            context.subject, context.subject_table, context.indicator = goal, "goals", None
            return f"goal under its label ({label.term})"
        if label.lists == "measures":
            if self.labelled_indicators:
                return None
            context.bullets += block.kind == "list_item"
            self._indicator(block, text, 0.8)
            return "indicator under its label"
        name = titles.naming(text)
        assignments.add(self.records, context, name, block.place, kind="assignment", office=context.office)
        context.bullets += listed
        context.label = label if listed else None
        return "assignment under its label"

    def _has_field_below(self, index: int) -> bool:
        below = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
        return isinstance(below, Text) and labels.is_field(below.text.strip())

    def heading_below(self, block: Text, text: str) -> str | None:
        """A heading one level below the heading of a list: its members are headings themselves."""
        context = self.context
        level = self._depth(block)
        if level is None or context.listed_below is None or titles.is_decision(text):
            return None
        if context.list_level is None or level <= context.list_level:
            context.listed_below = context.list_level = None
            context.leave_section()
            context.leave_assignments()
            return None
        found = context.listed_below
        if level != context.list_level + 1 or not titles.looks_like_heading(text.rstrip("."), 250):
            return None
        if found.lists == "goals":
            if (block.kind != "heading" and self._labels_name_goals()) or not statements.may_be_heading(text):
                return None
            context.goal = self.goals.state(
                found.term or "mål", None, titles.without_footnotes(text), block.place, office=context.office,
                confidence=0.75,
            )  # fmt: skip
            context.goal_level = level
            context.under_goal(context.goal)
            return f"goal under the heading of {found.term}"
        if not titles.commands(text):
            return None
        context.leave_assignments()
        assignments.listed(self.records, context, found, titles.naming(text), block.place)
        return f"{found.kind} under the heading of a list"

    def _labels_name_goals(self) -> bool:
        """Whether labels name the goals of the document; then numbers before headings are those of sections."""
        return any(label.lists == "goal" for label in self.labels.values())

    def _list_of_headings(self, block: Text, found: headings.Section) -> None:
        """Remembers a declared or numbered heading whose members may be the headings one level below it."""
        context = self.context
        level = self._depth(block)
        if level is not None:
            lists = found.lists in ("goals", "assignments")
            if lists or (context.list_level is not None and level <= context.list_level):
                context.listed_below = found if lists else None
                context.list_level = level if lists else None

    def open(self, block: Text, found: headings.Section) -> str | None:
        """Takes the head of a list: what follows are its members, unless it is the head of a column of the list."""
        taken = self._opened(found, block.text)
        self._list_of_headings(block, found)
        return taken

    def _opened(self, found: headings.Section, text: str) -> str | None:
        context = self.context
        inside = context.section is not None and context.section.lists == "assignments"
        if found.lists == "clarifications":
            context.two_columns = inside
            return "head of a second column" if inside else None
        if found.lists == "assignments" and inside and found.given_by is None and found.owner is None:
            return "head of a column"
        context.leave_assignments()
        # A list of assignments parted by committees ends with the last of these.
        ends_office = found.lists == "unfinished" or (found.lists == "resets" and context.by_office)
        context.leave_section()
        if found.lists == "actions" and (context.goal is None or self.records.facts.reports):
            # What is done for no goal, or has been done, is told rather than planned.
            return None
        context.subject = context.status = context.label = None
        context.unfinished = found.lists == "unfinished"
        if found.lists in ("resets", "unfinished"):
            context.goal = None
            context.office = None if ends_office else context.office
            return "part that no goal rules" if found.lists == "resets" else "list of unfinished work"
        if found.lists == "assignments" and (self.records.facts.reports or _TO_ALL.search(text)):
            context.goal = None
        context.section = found
        return f"list of {found.term or found.kind or found.lists}"

    def member(self, index: int, block: Text, text: str) -> str | None:
        """A member of the list that a heading opened."""
        context = self.context
        if part := assignments.part(self.records, context, block):
            return f"part of an assignment ({part.rsplit('/', 1)[-1]})"
        section = context.section
        if section is None or titles.is_decision(text):
            return None
        if self._numbers_a_heading(index, block):
            context.leave_section()
            return None
        if follow_up.is_legend(text):
            return "legend"
        if section.lists == "goals":
            return self._listed_goal(index, block, text, section)
        if section.lists == "measures":
            return self._listed_indicator(block, text)
        if section.lists == "actions":
            return self._listed_action(block, text)
        if owner := _owner_of_items(text):
            context.section = replace(section, owner=owner)
            return f"part of {owner}"
        if text.endswith(":") and not titles.without_committees(text)[1]:
            return "introduction of a list"
        return self._listed_assignment(index, block, text, section)

    def _numbers_a_heading(self, index: int, block: Text) -> bool:
        """Whether an item with a number stands alone behind items of another sign: it heads what follows them."""
        above = self.blocks[index - 1] if index else None
        below = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
        if _number(block) is None or not isinstance(above, Text) or above.kind != "list_item":
            return False
        alone = below is None or not _is_like(block, below)
        return alone and not _is_like(block, above) and titles.looks_like_heading(block.text, LONGEST_NUMBERED)

    def next_of_series(self, index: int, block: Text, text: str) -> str | None:
        """The next of goals that are numbered on through the texts below them."""
        series, number = self.context.series, _number(block)
        if series is None or number is None or _shape(block) != series.marker:
            return None
        if number != series.number + 1 or not titles.looks_like_heading(text, headings.LONGEST_GOAL):
            self.context.series = None if number <= series.number else series
            return None
        return self._listed_goal(index, block, text, series.section)

    def _stands_apart(self, index: int, block: Text) -> bool:
        """Whether a numbered goal of a list has a text of its own below it, before the next one."""
        near = (*self.blocks[max(index - 1, 0) : index], *self.blocks[index + 1 : index + 2])
        return _number(block) is not None and not any(_is_like(block, other) for other in near)

    def _listed_goal(self, index: int, block: Text, text: str, section: headings.Section) -> str | None:
        inline = re.match(rf"({headings.NUMBER})\.?\s+(?=[A-ZÅÄÖ])", text)
        if inline and block.kind != "list_item" and self._labels_name_goals():
            return None
        if block.kind == "paragraph" and _ADVISES.search(text):
            # What somebody recommends below is no goal of the list.
            self.context.leave_section()
            return None
        if (block.kind != "list_item" and inline is None) or len(text) > headings.LONGEST_GOAL:
            if self.context.bullets > 1 and block.kind == "paragraph":
                # Prose behind several bullets ends their list.
                self.context.leave_section()
            return None
        if block.kind == "list_item":
            self.context.bullets += 1
        elif self.context.bullets or headings.section_depth(text) is None or terms("section_words").first(text):
            # What follows a list of bullets, or is headed like a section, is no goal of the list.
            self.context.leave_section()
            return None
        marker = block.marker or (inline[1] if inline else "")
        number = marker.strip(".)") if re.match(r"\d", marker) else None
        title = titles.naming(text[inline.end() :] if inline else text).text
        apart = self._stands_apart(index, block)
        self.context.indicator = None
        series = self.context.series
        goal = self.goals.state(
            section.term or "mål", number, title, block.place, office=section.owner,
            under=series.above if series else self.context.goal, confidence=0.8,
        )  # fmt: skip
        if apart:
            above = series.above if series else self.context.goal
            self.context.under_goal(goal)
            self.context.goal = goal
            self.context.series = Series(section, _number(block) or 0, _shape(block), above)
        return f"goal in a list of {section.term}"

    def _listed_indicator(self, block: Text, text: str) -> str | None:
        if block.kind != "list_item" or len(text) > LONGEST_NAME:
            return None
        self._indicator(block, text, 0.7)
        return "indicator in a list"

    def _indicator(self, block: Text, text: str, confidence: float) -> None:
        found = indicators.listed(self.records, self.context, text, block.place, confidence)
        # Values on lines of their own belong to an indicator that stands alone.
        self.context.indicator = None if block.kind == "list_item" else found

    def _listed_action(self, block: Text, text: str) -> str | None:
        if block.kind != "list_item" or len(text) > LONGEST_ACTION:
            return None
        context = self.context
        before, found = run_in.fields(text)
        action = self.records.add(
            "actions",
            block.place,
            confidence=0.65,
            assignment_id=context.assignment,
            goal_id=context.goal,
            title=titles.naming(before or text).text,
            office=context.office,
        )
        if before:
            run_in.keep(self.records, block.place, found, "action_id", action)
        return "action in a list"

    def _listed_assignment(self, index: int, block: Text, text: str, section: headings.Section) -> str | None:
        context = self.context
        if (
            context.described
            and context.section
            and (money := assignments.funding(self.records, text, block.place, context.described))
        ):
            return f"funding ({money.rsplit('/', 1)[-1]})"
        if context.described and (codes := self._committees_alone(text)):
            self.records[context.described]["committees"] = list(codes)
            context.awaits = "explanation"
            return "committees of the assignment above"
        # The number of a member and the sign before it are no part of what it is called.
        sign = _SIGN.match(text)
        text = headings.without_section_number(text[sign.end() :] if sign else text)
        name = titles.naming(text)
        if not self._is_member(index, block, text, name, section):
            if context.described:
                assignments.describe(self.records, context.described, text)
                context.awaits = "title"
                return "explanation"
            if not context.two_columns and len(text) > LONGEST_NAME:
                context.leave_section()
            return None
        added = assignments.listed(self.records, context, section, name, block.place)
        context.bullets += block.kind == "list_item"
        if sign and self.records.facts.reports:
            follow_up.add_status(self.records, block.place, sign[0].strip(), assignment_id=added)
        context.awaits = "explanation"
        return f"{section.kind} in a list"

    def _committees_alone(self, text: str) -> tuple[str, ...] | None:
        match = re.fullmatch(r"\(?([^()]{2,120})\)?\.?", text)
        return titles.committee_names(match[1]) if match else None

    def _is_member(self, index: int, block: Text, text: str, name: titles.Title, section: headings.Section) -> bool:
        """Whether a paragraph names an assignment rather than explaining the one above."""
        context = self.context
        if len(name.text) > assignments.LONGEST_MEMBER:
            return False
        marked = name.committees is not None or self._committees_below(index)
        if context.marked is None:
            context.marked = marked
        if context.marked or marked:
            return marked
        if context.two_columns:
            return context.awaits == "title"
        if block.kind == "list_item" or block.bold:
            named = titles.commands(text) or titles.orders(text) or bool(block.bold) or section.given_by == "council"
            return named or self._is_among_members(index, block)
        if titles.commissions(text):
            return True
        # Behind items, a paragraph tells about them.
        return not context.bullets and not name.rest and (titles.orders(text) or titles.commands(text))

    def _is_among_members(self, index: int, block: Text) -> bool:
        """Whether an item stands in a row of like items of which the words of another name an assignment."""
        if block.kind != "list_item" or _TELLING.search(block.text):
            return False
        before = takewhile(partial(_is_like, block), reversed(self.blocks[:index]))
        behind = takewhile(partial(_is_like, block), self.blocks[index + 1 :])
        likes = (item for item in (*before, *behind) if isinstance(item, Text))
        return any(titles.commands(item.text) or titles.orders(item.text) for item in likes)

    def _committees_below(self, index: int) -> bool:
        below = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
        return isinstance(below, Text) and self._committees_alone(below.text.strip()) is not None


def _owner_of_items(text: str) -> str | None:
    """The committee that a line names for the items below it ('Tekniska nämnden ska:')."""
    match = re.fullmatch(
        r"(.{4,60}?)\s+(?:ska(?:ll)?|(?:får|ges)\s+i\s+uppdrag\s+att|uppdras(?:\s+att)?)\s*[:…]?", text
    )
    return headings.office_name(match[1]) if match else None


def _shape(item: Text) -> str:
    """The sign before an item, whatever its number or letter."""
    return re.sub(r"\w+", "1", item.marker or "")


def _number(item: Text) -> int | None:
    """The number before an item ('2.'); None for bullets, letters and numbers of several levels."""
    match = re.fullmatch(r"(\d{1,2})[.)]?", item.marker or "")
    return int(match[1]) if match else None


def _is_like(item: Text, other: Block) -> bool:
    """Whether a block is an item of the same list: with the same sign before it, or numbered alike."""
    if not isinstance(other, Text) or other.kind != "list_item":
        return False
    return _shape(item) == _shape(other)
