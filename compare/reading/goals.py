"""The goals of a document: stated once or for each office again, spoken of by number or by words, one row each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from compare.documents.model import Place
from compare.reading import titles
from compare.reading.records import Records
from compare.vocabulary import terms

# Two statements of one goal differ by damaged words and left out phrases; two goals with one number do not agree.
SAME_TITLE = 88
SAME_NUMBERED = 55
RECOVERED = 0.6
# The word for a goal of no named level.
PLAIN = "mål"


@dataclass
class Goal:
    """A goal as far as it is known: `stated` is False while headings only speak of it."""

    goal_id: str
    term: str
    number: str | None
    title: str | None
    rank: int
    office: str | None
    stated: bool
    supplementary: bool = False


class Goals:
    """The goals of one document, found again by number or words."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._goals: list[Goal] = []

    def __len__(self) -> int:
        return len(self._goals)

    def __getitem__(self, goal_id: str) -> Goal:
        return next(goal for goal in self._goals if goal.goal_id == goal_id)

    def state(
        self,
        term: str,
        number: str | None,
        title: str,
        place: Place,
        *,
        office: str | None = None,
        under: str | None = None,
        supplementary: bool = False,
        confidence: float = 0.95,
    ) -> str:
        """Keeps a goal that a heading or cell states; one stated before is counted, not repeated."""
        known = self._same(term, number, title, office)
        if known is not None:
            self._mentioned(known)
            if not known.stated:
                self._now_stated(known, title, place, confidence)
            return known.goal_id
        goal = self._new(term, number, title, place, office, under, supplementary, confidence)
        return goal.goal_id

    def mention(self, term: str, number: str | None, title: str | None, place: Place) -> str | None:
        """The goal that a heading speaks of; one with a number that was never stated is kept for the time being."""
        known = self.find(term, number, title)
        if known is not None:
            self._mentioned(known)
            if known.title is None and title:
                self._records[known.goal_id]["title"] = known.title = title
            return known.goal_id
        if number is None:
            return None
        goal = self._new(term, number, title, place, None, None, False, RECOVERED)
        goal.stated = False
        return goal.goal_id

    def find(self, term: str | None, number: str | None, title: str | None) -> Goal | None:
        """The goal with this number (and word, where several share the number), else with nearly this title."""
        if number is not None:
            numbered = [goal for goal in self._goals if goal.number == number]
            of_term = [goal for goal in numbered if term is None or goal.term == term]
            chosen = of_term or [goal for goal in numbered if not goal.supplementary]
            if title and len(chosen) > 1:
                return max(chosen, key=lambda goal: _alike(goal.title, title))
            return chosen[-1] if chosen else None
        if not title:
            return None
        near = [(_alike(goal.title, title), goal) for goal in self._goals if goal.title]
        best = max(near, key=lambda pair: pair[0], default=(0.0, None))
        return best[1] if best[0] >= SAME_TITLE else None

    def settle(self) -> None:
        """Drops goals that are only spoken of by a number, with a remark, and completes the tree of those that stay."""
        for goal in [goal for goal in self._goals if goal.title is None]:
            place = Place(self._records[goal.goal_id]["line"], self._records[goal.goal_id]["line_end"])
            self._records.drop("goals", goal.goal_id)
            self._goals.remove(goal)
            for table in ("goals", "assignments", "actions", "indicators", "statuses"):
                for row in self._records.rows[table]:
                    for column in ("goal_id", "parent_goal_id"):
                        if table != "goals" or column == "parent_goal_id":
                            row[column] = None if row.get(column) == goal.goal_id else row.get(column)
            self._records.finding(
                "goal_never_stated",
                "warning",
                f"The document speaks of {goal.term} {goal.number} but never states it.",
                f"Dokumentet talar om {goal.term} {goal.number} men anger det aldrig.",
                place,
                "goals",
            )
        self._complete_tree()

    def _same(self, term: str, number: str | None, title: str, office: str | None) -> Goal | None:
        for goal in self._goals:
            if goal.term != term or (number or None) != (goal.number or None):
                continue
            if number is None and goal.title is not None and _alike(goal.title, title) >= SAME_TITLE:
                return goal
            if number is not None and (goal.title is None or _alike(goal.title, title) >= SAME_NUMBERED):
                return goal
        return None

    def _new(
        self,
        term: str,
        number: str | None,
        title: str | None,
        place: Place,
        office: str | None,
        under: str | None,
        supplementary: bool,
        confidence: float,
    ) -> Goal:
        rank = int(terms("goal_levels").fact(term, "rank", 2)) if term in terms("goal_levels") else 2
        parent = self._parent(number, term, rank, under)
        taken = any(goal.number == number for goal in self._goals)
        goal_id = self._records.add(
            "goals",
            place,
            number_id=number if number and not taken and not supplementary else None,
            confidence=confidence,
            parent_goal_id=parent.goal_id if parent else None,
            level=(self._records[parent.goal_id]["level"] + 1) if parent else 1,
            level_term=term,
            number=number,
            title=title,
            office=office,
            mentions=1,
        )
        goal = Goal(goal_id, term, number, title, rank, office, True, supplementary)
        self._goals.append(goal)
        return goal

    def _parent(self, number: str | None, term: str, rank: int, under: str | None) -> Goal | None:
        """The goal above: the one whose number this number continues, else the one it stands under.

        What is just called a goal stands under one that has a level's name, where their ranks do not tell.
        """
        above = self._continued(number)
        if above is not None:
            return above
        goal = next((goal for goal in self._goals if goal.goal_id == under), None)
        while goal is not None and goal.rank >= rank + (term == PLAIN != goal.term):
            above_id = self._records[goal.goal_id].get("parent_goal_id")
            goal = next((g for g in self._goals if g.goal_id == above_id), None)
        return goal

    def _continued(self, number: str | None) -> Goal | None:
        """The goal whose number this number continues: 2 of 2.1."""
        if not number or not re.search(r"[.:]", number):
            return None
        above = re.sub(r"[.:][^.:]*$", "", number)
        return next((goal for goal in self._goals if goal.number == above and not goal.supplementary), None)

    def _complete_tree(self) -> None:
        """Puts goals under the one whose number theirs continues, where it was stated only after them; then levels."""
        rows = {goal.goal_id: self._records[goal.goal_id] for goal in self._goals}
        for goal in self._goals:
            above = None if rows[goal.goal_id]["parent_goal_id"] else self._continued(goal.number)
            if above is not None:
                rows[goal.goal_id]["parent_goal_id"] = above.goal_id
        for row in rows.values():
            chain = [row["goal_id"]]
            while (above_id := rows[chain[-1]]["parent_goal_id"]) is not None and above_id not in chain:
                chain.append(above_id)
            row["level"] = len(chain)

    def _mentioned(self, goal: Goal) -> None:
        self._records[goal.goal_id]["mentions"] += 1

    def _now_stated(self, goal: Goal, title: str, place: Place, confidence: float) -> None:
        row: dict[str, Any] = self._records[goal.goal_id]
        row.update(title=title, line=place.line, line_end=place.line_end, page=place.page, confidence=confidence)
        row["source_text"] = self._records.words(place)
        goal.title, goal.stated = title, True


def _alike(one: str | None, other: str | None) -> float:
    """How alike two titles are, from 0 to 100; a title that continues the other one counts as alike."""
    if not one or not other:
        return 0.0
    first, second = titles.key(one), titles.key(other)
    whole = fuzz.ratio(first, second)
    if min(len(first), len(second)) >= 15 and (first.startswith(second) or second.startswith(first)):
        return max(whole, 95.0)
    return max(whole, fuzz.token_sort_ratio(first, second) * 0.95)
