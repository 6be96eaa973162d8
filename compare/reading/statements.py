"""Goals that no word 'mål' announces: statements below an area's heading, or below a level's label that stands once.

'Målområde Trygghet' is a goal of the upper level; the bullets or short sentences right below it say what shall be, and
are the goals of the area. 'Inriktningsmål' alone on a line heads the lines below it. What explains, gives work or tells
what has happened looks much the same, so the words decide (`vocabulary/goal_signs.toml`), and like lines are taken
together or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from compare.documents.model import Block, Text
from compare.reading import follow_up, headings, labels, titles
from compare.reading.words import any_of
from compare.vocabulary import terms

LONGEST = 200
# A statement of fewer words is a heading or an item of a list of things.
FEWEST_WORDS = 3
# A heading between goals has no more words than these.
MOST_HEADING_WORDS = 4
# 'har arbetat', 'har under året tagit': what has happened is no goal.
_PERFECT = re.compile(
    r"\b(?:har|hade)\s+(?:\w+\s+){0,2}\w{2,}(?:at|it|[a-zåäö]tt|ats|its|tts)\b|\bunder\s+året\b", re.IGNORECASE
)
_SPEAKS_OF_GOALS = re.compile(
    r"\b(?:nämnd|inriktnings|verksamhets|effekt|resultat|del|fullmäktige)?mål(?:en|et|ens|ets|uppfyllelse\w*|värden?\w*)\b"
    r"(?!\s+(?:i\s+skolan|för\s+utbildningen))"
    r"|\b(?:våra|två|tre|fyra|fem|sex|sju|åtta|nio|tio|dessa|följande|kommunens|nämndens|(?:kommun)?fullmäktiges|styrelsens)"
    r"\s+(?:\w+\s+){0,2}\w*mål\b",
    re.IGNORECASE,
)
# Present passives of the largest class of verbs; a genitive plural ends in 'nas'.
_PASSIVE = re.compile(r"\b[a-zåäö]{3,}(?<!n)as\b|\b[a-zåäö]{3,}erar\b")


@dataclass(frozen=True, slots=True)
class Statement:
    """A goal found so: its level, whether what follows is about it, and how deep the heading above it lies."""

    term: str
    rules: bool
    below: int | None


def goals(blocks: Sequence[Block]) -> dict[int, Statement]:
    """The paragraphs that are such goals, by their place among the blocks."""
    found: dict[int, Statement] = {}
    for index, block in enumerate(blocks):
        if not isinstance(block, Text) or index in found or len(block.text) > headings.LONGEST_GOAL:
            continue
        text = headings.mended(headings.without_section_number(block.text.strip()))
        if heads_goals(text):
            members = _of_area(blocks, index)
            found |= {member: Statement("mål", len(members) == 1, block.level) for member in members}
            found |= {member: Statement("mål", True, block.level) for member in _headings_of_area(blocks, index)}
        elif term := _label(block, text):
            found |= _of_label(blocks, index, term)
        elif announced := headings.announced_list(text):
            found |= _announced(blocks, index, announced.term or "mål")
    return found


def heads_goals(text: str) -> bool:
    """Whether a heading names an area: a goal of a level whose own goals stand below it."""
    stated = headings.goal_heading(text)
    return stated is not None and _is_area(stated.term)


def _is_area(term: str) -> bool:
    levels = terms("goal_levels")
    return term in levels and bool(levels.fact(term, "area", False))


def is_statement(text: str) -> bool:
    """Whether a text is one sentence or title that says how something shall be.

    >>> is_statement("Invånarna får service av god kvalitet"), is_statement("Förskola och grundskola")
    (True, False)
    >>> is_statement("Nämnden har under året arbetat med målen."), is_statement("Ta fram en plan")
    (False, False)
    """
    text = titles.without_footnotes(text)
    if not _may_be_goal(text):
        return False
    verb = re.search(rf"\b{any_of('goal_signs', 'verb')}\b", text, re.IGNORECASE) or _PASSIVE.search(text)
    return verb is not None or _opens(text, "opening")


def is_wish(text: str) -> bool:
    """Whether a statement says in so many words what shall be ('ska'), or opens as wishes do ('Fler ...')."""
    text = titles.without_footnotes(text)
    shall = re.search(r"\bska(?:ll)?\b", text) is not None
    return _may_be_goal(text) and (shall or _opens(text, "opening")) and not titles.orders(text)


def may_be_heading(text: str) -> bool:
    """Whether a heading below the heading of a list of goals can be one of them, not a part that tells about them.

    >>> may_be_heading("Trygg uppväxt"), may_be_heading("Kontakt"), may_be_heading("Så följs målen upp")
    (True, False, False)
    """
    told = _opens(text, "telling") or _SPEAKS_OF_GOALS.search(text) or terms("goal_signs").match(text)
    return not (told or _is_other_head(text) or text.endswith("?"))


def _may_be_goal(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text)
    if len(words) < FEWEST_WORDS or len(text) > LONGEST or not re.match(r"[\"”A-ZÅÄÖ]", text):
        return False
    if titles.first_sentence(text)[1] or re.search(r"[:?]|\.{2,}|…", text) or titles.is_footnote(text):
        return False
    told = _PERFECT.search(text) or _SPEAKS_OF_GOALS.search(text) or _opens(text, "telling")
    gives_work = titles.commands(text) or titles.commissions(text)
    return not (told or gives_work or follow_up.status_line(text) or follow_up.bare_status(text))


def _opens(text: str, sort: str) -> bool:
    return re.match(rf"\W*{any_of('goal_signs', sort)}\b", text, re.IGNORECASE) is not None


@cache
def _is_other_head(text: str) -> bool:
    """Whether a line is the head of something of its own."""
    text = headings.without_section_number(text)
    section = headings.section(text)
    return (
        (section is not None)
        or headings.goal_heading(text) is not None
        or headings.assignment_heading(text) is not None
        or headings.office_heading(text) is not None
        or terms("table_headers").match(text.strip(" :")) is not None
    )


def _of_area(blocks: Sequence[Block], head: int) -> list[int]:
    """The goals right below the heading of an area: like items, sentences of what shall be, or headings of such."""
    run = _run(blocks, head + 1)
    texts = [blocks[index] for index in run]
    if not run:
        return []
    plain = [_text(block) for block in texts]
    first = texts[0]
    if all(isinstance(block, Text) and headings.section_depth(block.text) == 2 for block in texts):
        # '1.1 ...' below '1 Målområde ...'
        return run if all(map(is_statement, plain)) else []
    if isinstance(first, Text) and first.kind == "list_item":
        stated = [is_wish(text) or (is_statement(text) and not titles.orders(text)) for text in plain]
        return run if len(run) > 1 and all(stated) else []
    wishes = list(takewhile(lambda index: is_wish(_text(blocks[index])), run))
    behind = blocks[wishes[-1] + 1] if wishes and wishes[-1] + 1 < len(blocks) else None
    goes_on = isinstance(behind, Text) and behind.kind == "paragraph" and not titles.looks_like_heading(behind.text)
    return wishes if len(wishes) > 1 or (wishes and not goes_on) else []


def _headings_of_area(blocks: Sequence[Block], head: int) -> list[int]:
    """The headings one level below the heading of an area that state goals, each with its text below it."""
    level = getattr(blocks[head], "level", None)
    if level is None:
        return []
    found = list[int]()
    for index in range(head + 1, len(blocks)):
        block = blocks[index]
        if not isinstance(block, Text) or block.level is None:
            continue
        if block.level <= level:
            break
        text = headings.without_section_number(block.text.strip())
        if block.level == level + 1 and not _is_other_head(text) and is_statement(text):
            found.append(index)
    return found


def _text(block: Block) -> str:
    return headings.without_section_number(block.text.strip()) if isinstance(block, Text) else ""


def _run(blocks: Sequence[Block], first: int) -> list[int]:
    """The blocks from one on that are of its form: of one kind, bold or not, with the same sort of sign before them."""
    if first >= len(blocks):
        return []
    form = _form(blocks[first])
    return list(takewhile(lambda index: form is not None and _form(blocks[index]) == form, range(first, len(blocks))))


def _form(block: Block) -> tuple[object, ...] | None:
    if not isinstance(block, Text) or _is_other_head(block.text.strip()):
        return None
    return block.kind, block.level, block.bold, re.sub(r"\w+", "1", block.marker or "")


def _label(block: Text, text: str) -> str | None:
    """The level of the goals that a label alone on its line heads ('Inriktningsmål'); None for other lines."""
    section = headings.section(text)
    return section.term if section is not None and section.lists == "goals" and block.kind != "list_item" else None


def _of_label(blocks: Sequence[Block], head: int, term: str) -> dict[int, Statement]:
    """The goals below a label: the lines right below it, or each line that has its explanation below it."""
    label = blocks[head]
    level = label.level if isinstance(label, Text) else None
    # Lines that are numbered are members of a numbered list, which keeps their numbers.
    run = [index for index in _run(blocks, head + 1) if _is_paragraph(blocks[index])]
    stated = list(takewhile(lambda index: is_statement(_text(blocks[index])), run))
    if not stated:
        return {index: Statement(term, True, level) for index in _between_fields(blocks, head)}
    found = {index: Statement(term, len(stated) == 1, level) for index in stated}
    if len(stated) == 1 and not _text(blocks[stated[0]]).endswith("."):
        found |= {index: Statement(term, True, level) for index in _explained(blocks, stated[0])}
    return found


def _announced(blocks: Sequence[Block], head: int, term: str) -> dict[int, Statement]:
    """The goals that a sentence announces ('Våra mål är:'): short lines, each with its explanation right below it."""
    found = list[int]()
    for index in range(head + 1, len(blocks)):
        block = blocks[index]
        if not isinstance(block, Text) or block.kind == "list_item" or _is_other_head(block.text.strip()):
            break
        if not titles.looks_like_heading(block.text, LONGEST):
            continue
        behind = blocks[index + 1] if index + 1 < len(blocks) else None
        if not _is_prose(behind) or not may_be_heading(block.text.strip()) or ":" in block.text:
            break
        found.append(index)
    return {index: Statement(term, True, None) for index in found} if len(found) > 1 else {}


def _is_prose(block: Block | None) -> bool:
    """Whether a block is a paragraph of whole sentences."""
    return (
        isinstance(block, Text) and block.kind == "paragraph" and re.search(r"[.!?]$", block.text.strip()) is not None
    )


def _is_paragraph(block: Block) -> bool:
    return isinstance(block, Text) and block.kind == "paragraph" and not re.match(r"\d", block.text.strip())


def _between_fields(blocks: Sequence[Block], head: int) -> list[int]:
    """Goals below a label, parted by short headings and by lines of labels and answers ('Mätetal: meritvärde')."""
    found = list[int]()
    for index in range(head + 1, len(blocks)):
        block = blocks[index]
        text = _text(block)
        if not isinstance(block, Text) or block.kind == "list_item" or _is_other_head(text):
            break
        if is_wish(text) or (is_statement(text) and re.search(r"\bska(?:ll)?\b", text)):
            found.append(index)
        elif not labels.is_field(text) and (
            len(text.split()) > MOST_HEADING_WORDS or not titles.looks_like_heading(text)
        ):
            break
    return found if len(found) > 1 else []


def _explained(blocks: Sequence[Block], first: int) -> list[int]:
    """Goals like a first one further down, each with its explanation below it, up to a heading of something else."""
    form, found = _form(blocks[first]), list[int]()
    for index in range(first + 1, len(blocks)):
        block = blocks[index]
        if not isinstance(block, Text):
            continue
        text = block.text.strip()
        if block.kind == "heading" or _is_other_head(text):
            break
        if _form(block) != form or ":" in text or not titles.looks_like_heading(text, LONGEST):
            continue
        if not is_statement(text):
            break
        found.append(index)
    return found
