"""One pass over a document's blocks, from its first to its last, keeping in mind where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from compare.documents.model import Block, Document, Table, Text
from compare.reading import (
    apart,
    assignments,
    budget,
    cards,
    flattened,
    follow_up,
    forms,
    headings,
    indicators,
    numbering,
    repairs,
    run_in,
    statements,
    tables,
    titles,
    values,
)
from compare.reading.context import Context
from compare.reading.goals import Goals
from compare.reading.lists import Lists
from compare.reading.records import Records
from compare.reading.table_roles import Layout, labelled_column, layout
from compare.vocabulary import terms

# A caption stands this near above its table.
CAPTION_LINES = 4
# A paragraph as short as this without a sentence's end is a heading.
LONGEST_HEADING = 80
# So many lines of figures alone are a column that is not read.
LEAST_LEFT = 6
# A goal below the line that announces it is no longer than this.
LONGEST_ANNOUNCED = 250
_UNIT_OF_ALL = re.compile(r"\b(?:alla|samtliga)\s+(?:belopp|siffror|tabeller|uppgifter)\b", re.IGNORECASE)
_UNIT_ALONE = re.compile(
    r"\(?(?:(?:(?:alla|samtliga)\s+)?belopp\s+)?(?:anges\s+)?i?\s*[\w ]{2,18}\)?[.:]?", re.IGNORECASE
)
# 'Tabell 3.' before what a table shows.
_NUMBERED_TABLE = re.compile(r"^(?:tabell|tab\.?)\s*\d+(?:\.\d+)?\s*[.:–-]?\s*", re.IGNORECASE)
_SEPARATOR = re.compile(r"[\W_]*$")
# What is decided on may be told in one paragraph, one 'att' after the other.
_DECIDES = re.compile(r"\W*att\s|(?:kommun)?fullmäktige\s+(?:beslutar|föreslås\s+besluta)\b", re.IGNORECASE)
# Figures apart from years and what stands in a title ('3 kap. 4 §').
_FIGURE = re.compile(r"(?<!\S)[-–−]?\d+(?:[ \u00a0]\d{3})*(?:[.,]\d+)?(?:\s?%)?(?!\S)")
_RISK = re.compile(r"\W*(?:\w+)?risk(?:er|en)?\b", re.IGNORECASE)
# 'Målet uppnått' tells of a goal; it names none.
_SPEAKS_OF_ITSELF = re.compile(r"(?i)(?:mål|uppdrag|initiativ|projekt)et\b")


class Walk:
    """The pass itself: each block is taken for what it is, and what it says goes to `records`.

    `understood` keeps how each heading and table was taken, for `explain`.
    """

    def __init__(self, document: Document, records: Records) -> None:
        self.document = document
        self.records = records
        self.goals = Goals(records)
        self.context = Context()
        self.blocks: Sequence[Block] = forms.parted(flattened.restored(document.blocks))
        self.numbered = numbering.goals(self.blocks)
        self.stated = statements.goals(self.blocks)
        self.lists = Lists(records, self.goals, self.context, self.blocks)
        records.legend = follow_up.legend_of(_lines_of_legends(document))
        records.money_unit = budget.unit_of_document(self.blocks)
        self.understood: list[tuple[Block, str]] = []
        # The last of the blocks that one before them has taken for its own.
        self.read_ahead = -1

    def run(self) -> None:
        """Reads all blocks."""
        for index, block in enumerate(self.blocks):
            if isinstance(block, Table):
                for table in repairs.repaired(block):
                    self._table(index, table)
            else:
                taken = self._text(index, block)
                if taken:
                    self.understood.append((block, taken))
        self.goals.settle()
        follow_up.settle(self.records)
        self._figures_left()

    def _figures_left(self) -> None:
        """A remark on each column of figures that stands apart from the names of its rows and is not read."""
        for place, count in apart.figures_left(self.blocks, LEAST_LEFT):
            self.records.finding(
                "figures_apart",
                "warning",
                f"{count} lines of figures stand apart from the names of their rows; they are not read.",
                f"{count} rader med siffror står skilda från namnen på sina rader; de har inte lästs.",
                place,
                "documents",
            )

    def _text(self, index: int, block: Text) -> str | None:
        text = block.text.strip()
        if index <= self.read_ahead:
            return "part of what is named above"
        if _SEPARATOR.match(text):
            self._separator()
            return None
        if titles.is_footnote(text):
            return "footnote"
        self.context.contents = headings.is_contents_head(text) or (
            self.context.contents and headings.is_contents_line(text, after_head=True)
        )
        if self.context.contents or headings.is_contents_line(text, after_head=False):
            return "table of contents"
        if not re.search(r"\b(?:forts|fortsättning)\b", text, re.IGNORECASE):
            self.context.layout = self.context.unit_above = None
        bare = headings.mended(headings.without_section_number(text))
        depth = block.level if block.level is not None else headings.section_depth(text)
        taken = (
            self._value_below(index, bare)
            or self.lists.label(block, bare)
            or self.lists.next_of_series(index, block, bare)
            or self._labelled_indicator(index, bare)
            or self._goal(index, block, bare, depth)
            or self._assignment(block, bare)
            or self._action(index, block, bare)
            or self._heading(block, bare, depth)
            or self.lists.heading_below(block, bare)
            or indicators.line(self.records, self.context, self.goals, bare, block.place)
            or self._fields(block, text)
            or self._status(index, block, text)
            or self.lists.labelled(index, block, text)
            or self.lists.member(index, block, text)
            or self._card_goes_on(block, text)
            or self._beside(block, text)
        )
        if block.kind == "heading" and taken is None:
            self._plain_heading(block)
        found = headings.announced_list(text)
        self.context.announced = None if found else headings.announced_goal(text)
        if found:
            self.context.section = found
        self._keep_caption(block, text)
        return taken

    def _separator(self) -> None:
        if self.context.status is not None:
            self.context.subject = self.context.status = None

    def _goal(self, index: int, block: Text, text: str, depth: int | None = None) -> str | None:
        """A goal, in whichever form the paragraph gives it, or a part about one that is known."""
        return (
            self._numbered_goal(index, block)
            or self._statement(index, block, text)
            or self._goals_run_together(block, text)
            or self._headed_goal(block, text, depth)
            or self._announced_goal(block, text)
            or self._labelled_goal(index, text, depth)
            or self._part_about_goal(block, text)
        )

    def _numbered_goal(self, index: int, block: Text) -> str | None:
        """One of a series of numbered sentences."""
        if index not in self.numbered:
            return None
        context = self.context
        number, title = self.numbered[index]
        context.goal = self.goals.state("mål", str(number), title, block.place, office=context.office)
        context.under_goal(context.goal)
        return f"goal {number}, numbered sentence"

    def _statement(self, index: int, block: Text, text: str) -> str | None:
        """A goal that stands below its area's heading or its level's label without a word of its own."""
        stated, context = self.stated.get(index), self.context
        # The document or a form's label may say otherwise.
        if not stated or context.label is not None or self.records.facts.kind in ("other", "environment_analysis"):
            return None
        section = context.section
        context.indicator = None
        goal = self.goals.state(
            stated.term, None, titles.naming(text).text, block.place,
            office=section.owner if section else context.office, under=context.goal, confidence=0.75,
        )  # fmt: skip
        if stated.rules:
            context.under_goal(goal)
            context.goal = goal
            context.goal_level = context.label_level = stated.below
            context.section = section if section is not None and section.lists == "goals" else None
        return f"goal without a word of its own ({stated.term})"

    def _goals_run_together(self, block: Text, text: str) -> str | None:
        """Several goals in one paragraph, each with its word."""
        together = headings.goals_run_together(text)
        if len(together) < 2:
            return None
        for piece in together:
            self._goal(-1, replace(block, text=piece), piece)
        return f"{len(together)} goals in one paragraph"

    def _headed_goal(self, block: Text, text: str, depth: int | None) -> str | None:
        """'Mål 2: En trygg kommun', in a follow-up with its status behind it."""
        stated, context = headings.goal_heading(text), self.context
        if stated is None:
            return None
        title, status = follow_up.status_behind(stated.title)
        if not self.records.facts.reports:
            title, status = stated.title, None
        goal = self.goals.state(
            stated.term, stated.number, title, block.place, office=None, under=context.goal,
            supplementary=stated.supplementary,
        )  # fmt: skip
        if not stated.supplementary:
            context.goal = goal
            context.goal_level = depth
        context.under_goal(goal)
        if status:
            context.status = follow_up.add_status(self.records, block.place, status, goal_id=goal)
        return f"goal: {stated.term} {stated.number or ''}".strip()

    def _announced_goal(self, block: Text, text: str) -> str | None:
        """A line that stands out, below one that said that a goal comes."""
        context = self.context
        if not context.announced or (block.kind == "paragraph" and not block.bold) or len(text) > LONGEST_ANNOUNCED:
            return None
        context.goal = self.goals.state(
            context.announced, None, titles.without_footnotes(text), block.place, confidence=0.8
        )
        context.under_goal(context.goal)
        return f"goal, announced as {context.announced}"

    def _labelled_goal(self, index: int, text: str, depth: int | None) -> str | None:
        """'Mål 2' on a line of its own, its title on the next."""
        label, context = headings.bare_goal(text), self.context
        below = self._title_below(index) if label else None
        if not label or below is None:
            return None
        context.goal = self.goals.state(
            label[0], label[1], titles.naming(below.text).text, below.place, office=context.office,
            under=context.goal, confidence=0.85,
        )  # fmt: skip
        context.goal_level = depth
        context.under_goal(context.goal)
        self.read_ahead = index + 1
        self._office_of_goal(index + 2, context.goal)
        return f"label of {label[0]} {label[1]}, its title below"

    def _office_of_goal(self, index: int, goal: str) -> None:
        """An office right below the title of a labelled goal works for that goal; it begins no part of its own."""
        below = self.blocks[index] if index < len(self.blocks) else None
        if not isinstance(below, Text) or below.kind == "heading" or headings.office_name(below.text) is None:
            return
        self.records[goal]["office"] = self.records[goal]["office"] or headings.office_name(below.text)
        self.read_ahead = index

    def _labelled_indicator(self, index: int, text: str) -> str | None:
        """'Indikator 4.2.1' on a line of its own, what it measures on the next."""
        below = self.blocks[index + 1] if indicators.is_label(text) and index + 1 < len(self.blocks) else None
        if not isinstance(below, Text) or len(below.text) > headings.LONGEST_TITLE or indicators.is_label(below.text):
            return None
        context = self.context
        context.indicator = indicators.named(self.records, context, below.text, below.place, 0.85)
        context.subject, context.subject_table, context.status = context.indicator, "indicators", None
        self.read_ahead = index + 1
        return "label of an indicator, its name below"

    def _value_below(self, index: int, text: str) -> str | None:
        """'Utfall' on a line of its own below an indicator, the share on the next ('88 % har svarat ...')."""
        below = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
        if not isinstance(below, Text) or not indicators.share_below(
            self.records, self.context, text, below.text, below.place
        ):
            return None
        self.read_ahead = index + 1
        return "label of a value of the indicator above"

    def _part_about_goal(self, block: Text, text: str) -> str | None:
        """A heading that names a goal that is known: what follows is about it."""
        mention, context = headings.goal_mention(text), self.context
        if mention is None:
            return None
        known = self.goals.mention(mention.term, mention.number, mention.title, block.place)
        if known is None:
            return None
        context.goal = known
        if mention.owner and mention.owner != self.records.facts.board:
            context.office = mention.owner
        listed = context.section
        context.under_goal(known)
        if listed is not None and listed.lists == "assignments":
            context.section = listed  # "The council's assignments for the goal ..." goes on with the council's list
        return f"part about {mention.term} {mention.number or ''}".strip()

    def _title_below(self, index: int) -> Text | None:
        """The paragraph right below a goal's label that can be its title: short, and no heading of something else."""
        below = self.blocks[index + 1] if 0 <= index < len(self.blocks) - 1 else None
        if not isinstance(below, Text) or below.kind == "list_item" or len(below.text) > headings.LONGEST_TITLE:
            return None
        other = headings.bare_goal(below.text) or headings.goal_heading(below.text) or headings.section(below.text)
        return (
            below if other is None and re.match(r"[\"”A-ZÅÄÖ]", below.text) and not below.text.endswith(":") else None
        )

    def _plain_heading(self, block: Text) -> None:
        """A heading of the file that says nothing of plans ends what stands under headings of its level."""
        context = self.context
        context.leave_assignments()
        context.subject = context.status = None
        if titles.is_decision(block.text):
            # The decision that the next assignment of a list rests on.
            return
        context.leave_section()
        context.label = None
        context.card = None
        if _tells_of_goal(block.text):
            return
        if context.goal_level is not None and block.level is not None and block.level <= context.goal_level:
            context.goal = context.goal_level = None

    def _card_goes_on(self, block: Text, text: str) -> str | None:
        """A line of a project card that a page break has cut off its table."""
        if self.context.card is None:
            return None
        return cards.line(self.records, self.context, self.goals, text, block.place)

    def _assignment(self, block: Text, text: str) -> str | None:
        found = headings.assignment_heading(text)
        if found is None:
            return self._decision(block, text)
        self.context.leave_section()
        assignments.labelled(self.records, self.context, found, block.place)
        return f"{found.kind}, labelled"

    def _decision(self, block: Text, text: str) -> str | None:
        """A decision of a plan, outside a list of assignments: 'Nämnden får i uppdrag att ...'."""
        context, facts = self.context, self.records.facts
        decided = _DECIDES.match(text)
        if decided and len(pieces := re.split(r"\s+(?=att\s+(?:ge|lämna|uppdra)\s)", text)) > 1:
            return next(filter(None, [self._decision(block, piece) for piece in pieces]), None)
        listed = context.section is not None and context.section.lists == "assignments"
        if listed or facts.kind not in ("goals_and_budget", "operational_plan") or not titles.commissions(text):
            return None
        name = titles.naming(text)
        # Prose may speak of a decision; what is decided says little more than that.
        if len(name.text) > assignments.LONGEST_MEMBER or len(name.rest) > len(name.text):
            return None
        giver = "council" if facts.kind == "goals_and_budget" else None
        assignments.add(
            self.records, context, name, block.place, kind="assignment", given_by=giver, office=context.office,
            confidence=0.7,
        )  # fmt: skip
        return "assignment, given in a decision"

    def _action(self, index: int, block: Text, text: str) -> str | None:
        """An action named behind its label ('Aktivitet: ...'), with the fields that run in behind it."""
        above = self.blocks[index - 1] if index else None
        if isinstance(above, Text) and _RISK.match(above.text):
            # What is done should a risk come true is no part of the plan's work.
            return None
        label, colon, named = text.partition(":")
        word = terms("table_headers").match(label) if colon and len(named) <= assignments.LONGEST_MEMBER else None
        if word is None or word.term != "action" or not re.match(r"\s+[A-ZÅÄÖ]", named):
            return None
        context = self.context
        before, found = run_in.fields(named.strip())
        action = self.records.add(
            "actions", block.place, confidence=0.85, assignment_id=context.described or context.assignment,
            goal_id=context.goal,
            title=titles.naming(before).text, office=context.office,
        )  # fmt: skip
        context.subject, context.subject_table = action, "actions"
        context.status = run_in.keep(self.records, block.place, found, "action_id", action)
        return "action, labelled"

    def _heading(self, block: Text, text: str, depth: int | None) -> str | None:
        context = self.context
        if block.kind == "list_item" and not block.bold:
            return None
        found = headings.section(text)
        if found is not None:
            # How a goal is measured may be headed like the label that the goal stands below.
            beside = found.lists in ("measures", "actions", "clarifications") and depth in (
                context.label_level,
                context.goal_level,
            )
            if depth is not None and context.goal_level is not None and depth <= context.goal_level and not beside:
                context.goal = context.goal_level = None
            return self.lists.open(block, found)
        if state := self._state_of_list(block, text):
            return state
        office = headings.office_heading(text)
        if office is None:
            return None
        context.office = None if office == self.records.facts.board else office
        context.goal = context.label = context.card = None
        section = context.section
        by_office = context.by_office or (
            section is not None and section.lists == "assignments" and not context.assignments
        )
        context.leave_assignments()
        context.leave_section()
        if by_office and section is not None:
            # A list of assignments parted by committees goes on under each of them.
            context.section, context.by_office = section, True
        context.subject = context.status = None
        return f"part of {office}"

    def _state_of_list(self, block: Text, text: str) -> str | None:
        """A heading within a list of assignments that says how far those below it have come ('Pågående')."""
        context = self.context
        section = context.section
        if section is None or section.lists != "assignments" or not self.records.facts.reports:
            return None
        if (block.kind != "heading" and context.assignments) or not follow_up.bare_status(text):
            return None
        context.leave_assignments()
        context.section, context.subject, context.status = replace(section, state=text), None, None
        return "state of the assignments below"

    def _fields(self, block: Text, text: str) -> str | None:
        """Lines of labels and answers below a title: who is responsible, how far it has come, when it is due."""
        context = self.context
        before, found = run_in.fields(text)
        roles = {field.role for field in found}
        if before or context.subject is None or not roles & {"responsible", "committee", "end", "start", "period"}:
            return None
        status = run_in.keep(self.records, block.place, found, self._subject_column(), context.subject)
        context.status = status or context.status
        return "fields of the title above"

    def _status(self, index: int, block: Text, text: str) -> str | None:
        """A title with a status sentence below it, the sentence itself, and the comment that follows."""
        context, reports = self.context, self.records.facts.reports
        status = self._status_stated(text)
        if status is not None and context.subject is not None and (reports or ":" in text):
            about: dict[str, Any] = {self._subject_column(): context.subject}
            context.status = follow_up.add_status(
                self.records, block.place, status.text, question=status.question, **about
            )
            return "status"
        if not reports:
            return None
        label = terms("table_headers").match(text.strip(" :"))
        if context.subject is not None and label is not None and label.term in ("status", "comment"):
            return f"label of a {label.term}"
        if self._is_title(text) and self._has_status_below(index):
            return self._title_of_status(index, block, text)
        if context.status is None:
            return None
        if self._is_unknown_heading(block, text) or titles.commissions(text):
            # It ends the comment.
            context.subject = context.status = None
            return None
        return follow_up.goes_on(self.records, context.status, text)

    def _status_stated(self, text: str) -> follow_up.StatusLine | None:
        """The status that a line states; within a comment only one behind its label is."""
        stated = follow_up.status_line(text)
        if self.context.status is not None:
            return stated if ":" in text else None
        if stated is None and self.records.facts.reports and self.context.subject:
            return follow_up.bare_status(text)
        return stated

    def _subject_column(self) -> str:
        """The column in which a status names what it is about."""
        return f"{(self.context.subject_table or 'assignments').removesuffix('s')}_id"

    def _title_of_status(self, index: int, block: Text, text: str) -> str:
        """A goal or an assignment that is known as such by the status below it."""
        context = self.context
        context.leave_assignments()
        listed = context.section.term if context.section and context.section.lists == "goals" else None
        if term := self._goal_of_status_below(index) or listed:
            number = re.match(rf"({headings.NUMBER})\.?\s+(?=[A-ZÅÄÖ])", text)
            title = titles.without_committees(titles.without_footnotes(text[number.end() if number else 0 :]))[0]
            context.goal = self.goals.state(
                term, number[1] if number else None, title, block.place, under=context.goal, confidence=0.8
            )
            context.under_goal(context.goal)
            return "goal, followed by its status"
        name = titles.naming(text)
        if context.section is not None and context.section.lists == "assignments":
            assignments.listed(self.records, context, context.section, name, block.place)
        else:
            assignments.add(
                self.records, context, name, block.place, kind="assignment", office=context.office, confidence=0.9
            )
        return "assignment, followed by its status"

    def _is_unknown_heading(self, block: Text, text: str) -> bool:
        """Whether a paragraph has the shape of a heading that the vocabulary does not know."""
        short = titles.looks_like_heading(text, LONGEST_HEADING)
        return short and block.kind != "list_item" and not follow_up.is_date(text)

    def _is_title(self, text: str) -> bool:
        """Whether a text can name what a status below it is about: no label, no figures, no status of its own."""
        if terms("table_headers").match(text.strip(" :")) or _SPEAKS_OF_ITSELF.match(text):
            return False
        if labelled_column(text).year is not None or len(_FIGURE.findall(text)) > 1:
            # The head of a column, or a row that its table has lost.
            return False
        return bool(re.search(r"[^\W\d_]{3}", text)) and not follow_up.bare_status(text) and not follow_up.is_date(text)

    def _has_status_below(self, index: int) -> bool:
        for block in self.blocks[index + 1 : index + 3]:
            if isinstance(block, Table) or _SEPARATOR.match(block.text):
                return False
            if headings.section(block.text) is not None:
                return False
            below = follow_up.status_line(block.text) or follow_up.bare_status(block.text)
            section = self.context.section
            # In a list of assignments, or below a heading that gives work, a status may stand behind its label.
            listed = section is not None and section.lists == "assignments"
            above = self.blocks[index]
            work = isinstance(above, Text) and above.kind != "list_item" and _gives_work(above.text)
            asks = below is not None and _SPEAKS_OF_ITSELF.match(below.question or "") is not None
            return below is not None and (listed or work or asks or ":" not in block.text)
        return False

    def _goal_of_status_below(self, index: int) -> str | None:
        """The level of the goal that a status sentence below is about ('Målet är uppnått'); None for other subjects."""
        below = self.blocks[index + 1]
        match = re.match(r"(?i)\W*(\w*mål)(?:et|en)?\b", below.text) if isinstance(below, Text) else None
        found = terms("goal_levels").match(match[1]) if match else None
        return found.term if found else None

    def _committees(self, text: str) -> str | None:
        """The committees that a line names for the assignment above ('Ansvarig nämnd: KS, TN')."""
        match = re.fullmatch(
            r"(?:ansvarig(?:a)?(?:\s+nämnd(?:er)?)?|nämnd(?:er)?)\s*:\s*(.{2,120}?)\.?", text, re.IGNORECASE
        )
        codes = titles.committee_names(match[1]) if match else None
        if codes is None or self.context.described is None:
            return None
        self.records[self.context.described]["committees"] = list(codes)
        return "committees of the assignment above"

    def _beside(self, block: Text, text: str) -> str | None:
        """Money or explanation beside the assignment above; prose otherwise."""
        context = self.context
        if context.described is None or context.actions_seen:
            return None
        if money := assignments.funding(self.records, text, block.place, context.described):
            return f"funding ({money.rsplit('/', 1)[-1]})"
        if committees := self._committees(text):
            return committees
        if self._is_unknown_heading(block, text):
            # It ends what is said of the assignment.
            context.described = None
            return None
        assignments.describe(self.records, context.described, text)
        return "explanation"

    def _keep_caption(self, block: Text, text: str) -> None:
        """The last heading-like paragraph, or one that states a unit, is the caption of a table right below it."""
        context = self.context
        unit = values.money_unit(text) if len(text) < 200 else None
        if unit and _UNIT_OF_ALL.search(text):
            context.prose_unit = unit
        if unit and _UNIT_ALONE.fullmatch(text) and context.caption is not None:
            # 'Belopp i tkr' below a heading belongs to the table; the heading stays its title.
            context.caption = replace(context.caption, text=f"{context.caption.text}, {unit}", place=block.place)
            return
        heads = titles.looks_like_heading(text) and block.kind != "list_item"
        context.caption = replace(block, text=headings.without_section_number(text)) if heads or unit else None

    def _table(self, index: int, table: Table) -> None:
        context = self.context
        caption = self._caption(table)
        unit_below = self._unit_below(index)
        found = layout(table, caption, context.layout)
        self.understood.append((table, f"{found.kind or 'no plan table'}: {found.signs}"))
        context.caption = None
        if found.kind is None:
            return
        context.given_by = context.section.given_by if context.section else None
        if found.kind == "budget" and context.by_office:
            # Amounts behind a list of assignments parted by committees are not the last committee's.
            context.office = None
        context.leave_section()
        stated = context.prose_unit
        context.prose_unit = unit_below or stated
        self._rows(found, caption)
        context.prose_unit = stated
        context.layout = found

    def _unit_below(self, index: int) -> str | None:
        """The unit of money that a line right below a table states for it ('(Belopp i tkr)')."""
        below = self.blocks[index + 1] if index + 1 < len(self.blocks) else None
        if isinstance(below, Text) and re.match(r"\W*(?:belopp|alla belopp|tkr|mnkr|\*)", below.text, re.IGNORECASE):
            return values.money_unit(below.text) if len(below.text) < 80 else None
        return None

    def _caption(self, table: Table) -> str | None:
        """The caption the file attaches, with the unit that the words right above state; else these words."""
        above = self.context.caption
        near = above is not None and table.place.line - above.place.line_end <= CAPTION_LINES
        words = above.text if above is not None and near else None
        if table.caption is None:
            return words
        own = _NUMBERED_TABLE.sub("", table.caption)
        unit = values.money_unit(words or "")
        return f"{own}, {unit}" if unit and not values.money_unit(own) else own

    def _rows(self, found: Layout, caption: str | None) -> None:
        records, context = self.records, self.context
        if found.kind == "actions":
            tables.actions(records, context, self.goals, found)
        elif found.kind == "indicators":
            indicators.read(records, context, self.goals, found, caption)
            context.actions_seen = True
        elif found.kind == "budget":
            budget.read(records, context, found, caption)
        elif found.kind == "assignments":
            tables.assigned(records, context, self.goals, found)
        elif found.kind == "follow_up":
            tables.followed_up(records, context, self.goals, found)
            indicators.of_goals(records, context, self.goals, found)
        elif found.kind == "card":
            cards.read(records, context, self.goals, found)
        elif found.kind == "goals":
            tables.stated_goals(records, context, self.goals, found)


def _tells_of_goal(text: str) -> bool:
    """Whether a heading is that of a goal's description or comment, at whichever level it stands."""
    found = terms("table_headers").match(text.strip(" :"))
    return found is not None and found.term in ("description", "comment")


def _gives_work(text: str) -> bool:
    return titles.looks_like_heading(text) and titles.commands(text)


def _lines_of_legends(document: Document) -> Iterator[str]:
    """The lines in which a document may explain its colours and signs; in two columns they read as 'sign = words'."""
    yield from (block.text for block in document.texts)
    for table in document.tables:
        for row in table.rows:
            filled = [cell.text.strip() for cell in row if cell.text.strip()]
            if len(filled) == 2 and (terms("colours").match(filled[0]) or not re.search(r"\w", filled[0])):
                yield " = ".join(filled)
