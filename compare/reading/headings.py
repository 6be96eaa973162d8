"""Headings by their words and numbers: goals stated, goals spoken of, assignments labelled, offices, sections.

Plain text declares no headings, and files that do declare them often get them wrong, so the words decide. Each
function looks at one paragraph alone and returns what it is, or None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from compare.reading import titles
from compare.reading.statuses import classify
from compare.reading.words import any_of, plurals_of_goals
from compare.vocabulary import fold, terms

# 'SK.2.1': letters of a plan or an office before the numbers of its goals.
CODE = r"[A-ZÅÄÖ]{1,3}(?:\.\d{1,2}){1,4}(?![.\d]*\d)"
_PLAIN_NUMBER = r"\d{1,2}:\d{1,2}(?![\d ])|\d{1,2}(?:\.\d{1,2}){0,3}(?:[a-f](?![a-zåäö]))?|[A-ZÅÄÖ]\d{0,2}(?=\s*[:.–—])"
NUMBER = rf"(?:{CODE}|{_PLAIN_NUMBER})"
LONGEST_GOAL = 400
# A goal heading of several sentences this long states the goal first and explains it afterwards.
LONGEST_TITLE = 260
# A text in capitals as short as this is a code.
LONGEST_CODE = 4
# So many words before 'uppdrag' may say how far they have come.
LONGEST_STATE = 3
# Bodies that stand in front of a goal's word: 'KF:s', 'Kommunfullmäktiges', 'Nämndens'.
_OWNER = r"(?:(?:[A-ZÅÄÖ][\w\-åäöÅÄÖ]*(?::s|s)|Våra|Vårt)\s+)"
# A goal of another steering document: 'Fullmäktiges trygghetsstrategi – Fokusområde 1', 'Handlingsprogrammets mål 2'.
_ORIGIN = r"(?:[A-ZÅÄÖ][^:.]{3,90}?\s[–—-]\s+)"


@dataclass(frozen=True, slots=True)
class GoalHeading:
    """A goal as a heading states it; `supplementary` tells that it belongs to another steering document."""

    term: str
    number: str | None
    title: str
    supplementary: bool = False


@dataclass(frozen=True, slots=True)
class GoalMention:
    """A heading of what is done for a goal stated elsewhere: its level, its number or the words it is called by."""

    term: str
    number: str | None
    title: str | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class AssignmentHeading:
    """A labelled assignment: what the label says of it, and the paragraph's words behind the label."""

    kind: str
    given_by: str | None
    owner: str | None
    text: str
    carried_over: bool
    contributes: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The head of a list: of assignments (`kind` the contract's), of goals (`term` their level) or of other things.

    `state` are the words in which it says how far its members have come ('Avslutade uppdrag').
    """

    lists: str
    kind: str | None = None
    given_by: str | None = None
    term: str | None = None
    owner: str | None = None
    carried_over: bool = False
    state: str | None = None


def goal_heading(text: str) -> GoalHeading | None:
    """The goal that a heading states.

    >>> goal_heading("Kommunfullmäktiges inriktningsmål 1.2: En effektiv verksamhet")
    GoalHeading(term='inriktningsmål', number='1.2', title='En effektiv verksamhet', supplementary=False)
    """
    if len(text) > LONGEST_GOAL and not re.match(rf"\S+\s+{NUMBER}\s*:", text):
        return None
    match = _goal_pattern().match(text.strip())
    if match is None:
        return None
    title = titles.without_footnotes(match["title"]).strip(" :")
    number, separator = match["number"], (match["separator"] or "").strip()
    written = title.capitalize() if title.isupper() else title
    # 'Strategiområde 1 – hållbar utveckling': behind a number and a dash a title may be in small letters.
    small = number is not None and separator in ("–", "—", "-") and titles.looks_like_heading(title, 80)
    if not re.match(r"[\"”’'(]?[A-ZÅÄÖ0-9]", title) and not small:
        return None
    if not re.search(r"[a-zåäö]{3}", written):
        return None
    if not _separated(match["term"], number, separator, title) or defines(match["term"], title):
        return None
    if _is_global(number, title):
        return None
    if len(title) > LONGEST_TITLE:
        title = titles.first_sentence(title)[0]
    found = terms("goal_levels").match(match["term"])
    owner = match["owner"] or ""
    term = _of_board(found.term if found else fold(match["term"]), owner)
    return GoalHeading(term, _number(number), title, _of_another_document(owner))


def _of_board(term: str, owner: str) -> str:
    """The level of a goal with its owner: 'Nämndens mål' are the board's own."""
    own = re.search(r"(?:nämndens|nämndernas|styrelsens)\s*$", owner, re.IGNORECASE)
    return "nämndmål" if term == "mål" and own else term


def bare_goal(text: str) -> tuple[str, str] | None:
    """The level and number of a goal whose title stands on the next line ('Målområde 1:2'); None for other lines.

    >>> bare_goal("Målområde 1:2"), bare_goal("Mål och budget 2024")
    (('målområde', '1:2'), None)
    """
    match = re.fullmatch(
        rf"{_OWNER}{{0,2}}((?i:{any_of('goal_levels')}))\s+(?:nr\.?\s*)?({NUMBER})\s*[.:]?", text.strip()
    )
    found = terms("goal_levels").match(match[1]) if match else None
    return (found.term, match[2]) if match and found else None


def defines(word: str, text: str) -> bool:
    """Whether the text behind a label tells what the label's word means, as glossaries do.

    >>> defines("Mål", "Ett mål beskriver vad kommunen vill uppnå."), defines("Mål", "Fler är trygga.")
    (True, False)
    """
    stem = re.escape(word.strip().split()[-1][:-1])
    verbs = (
        "är|beskriver|anger|avser|visar|uttrycker|beslutas|utgör|innebär|formuleras|definieras|antas|ges|kan|används"
    )
    return (
        re.match(rf"(?i)(?:(?:ett|en|med|de|alla)\s+)?\w*{stem}\w*\s+(?:som\s+|menas\s+)?(?:{verbs})\b", text)
        is not None
    )


def _separated(term: str, number: str | None, separator: str, title: str) -> bool:
    """Whether a number or a separator parts the goal's word from its title as headings do."""
    if separator == ":":
        return True
    if number:
        return bool(separator) or bool(re.match(r"[A-ZÅÄÖ](?:[a-zåäö]|\s)", title))
    if separator in ("–", "—", "-"):
        return titles.looks_like_heading(title)
    # 'Målområde Trygghet': the words for levels that head parts of plans need no sign behind them.
    found = terms("goal_levels").match(term)
    heads = found is not None and found.term in ("målområde", "fokusområde", "perspektiv", "prioriterat område")
    cased = re.match(r"[A-ZÅÄÖ][a-zåäö]", title) or (term.isupper() and title.isupper())
    return heads and titles.looks_like_heading(title, 60) and bool(cased)


@cache
def _goal_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<owner>{_ORIGIN}|{_OWNER}{{0,2}})"
        rf"(?P<term>(?i:{any_of('goal_levels')})|{_compounds()})"
        rf"(?:\s+(?:för|inom)\s+[a-zåäö]+(?=\s+\d))?"
        rf"(?:\s+(?:nr\.?\s*)?(?P<number>{NUMBER}))?"
        rf"(?:\s+(?:för|till|inför)\s+(?:år\s+)?20\d\d(?=\s*:))?"
        rf"(?P<separator>\s*[:.,]\s+|\s*[:.]\s*|\s*[–—]\s*|\s+-\s+|\s+)"
        rf"(?P<title>\S.*)$",
        re.DOTALL,
    )


def _is_global(number: str | None, title: str) -> bool:
    """Whether a number and a title are those of a goal of Agenda 2030 ('4', 'God utbildning för alla')."""
    known = terms("global_goals")
    found = known.match(title) if number else None
    return found is not None and str(known.fact(found.term, "number")) == number


def _compounds() -> str:
    """A pattern for words for goals that no list can hold all of ('Fokusmål', 'Landsbygdsmål')."""
    return rf"(?!(?i:{any_of('goal_signs', 'no_goal')})\b)[A-ZÅÄÖ][a-zåäö]{{2,}}mål\b"


def _number(number: str | None) -> str | None:
    return number.strip(".") if number else None


def _of_another_document(owner: str) -> bool:
    words = any_of("offices", "document")
    return bool(re.search(rf"{words}(?:en|n|et|t|mets?|ens|ns|ts|s)?\s*[–—-]?\s*$", owner.strip(), re.IGNORECASE))


def goal_mention(text: str) -> GoalMention | None:
    """The goal that a heading of assignments, indicators or contributions is for.

    >>> goal_mention("Nämndens uppdrag och indikatorer till inriktningsmål 2.3: En ren sjö").number
    '2.3'
    """
    text = text.strip()
    if len(text) > LONGEST_GOAL:
        return None
    match = _mention_pattern().match(text)
    if match is None:
        return None
    number, rest = match["number"], titles.without_footnotes(match["rest"]).strip(" :–-")
    stated = bool(match["colon"])
    if not number and not rest:
        return None
    if not stated and not titles.looks_like_heading(text, LONGEST_GOAL):
        return None
    found = terms("goal_levels").match(match["term"])
    owner = (match["owner"] or "").strip()
    title = rest if rest and (stated or not number) else None
    return GoalMention(
        found.term if found else fold(match["term"]), _number(number), title, titles.genitive_owner(owner)
    )


@cache
def _mention_pattern() -> re.Pattern[str]:
    things = any_of("section_words", "work", "actions", "measures")
    return re.compile(
        rf"(?P<owner>(?:[A-ZÅÄÖ]\S*(?:\s+(?:och\s+)?\S+){{0,3}}?\s+)??)(?i:(?:eget|egna|egen|nya)\s+)?(?i:{things})\b"
        rf"[^.:]{{0,90}}?\b(?:till|för|inom|av|mot|under|kopplade?|kopplat)\b[^.:]{{0,50}}?"
        rf"\b(?P<term>(?i:{any_of('goal_levels')}))\b"
        rf"(?:\s+(?P<number>{NUMBER})(?![\d%]))?(?P<colon>\s*[:–]\s*)?(?P<rest>.*)$",
        re.DOTALL,
    )


def assignment_heading(text: str) -> AssignmentHeading | None:
    """The assignment that a labelled paragraph names.

    >>> found = assignment_heading("Uppdrag från KF (kvarstående): Digitalisera arkivet.")
    >>> found.kind, found.given_by, found.carried_over, found.text
    ('assignment', 'council', True, 'Digitalisera arkivet.')
    """
    match = _assignment_pattern().match(text.strip())
    if match is None or not re.search(r"[a-zåäö]{2}", match["text"]) or defines(match["word"], match["text"]):
        return None
    vocabulary = terms("assignment_kinds")
    word = vocabulary.match(match["word"])
    # 'Uppdrag – en avgränsad uppgift': behind a dash in small letters stands what the word means.
    explains = ":" not in match["separator"] and match["number"] is None and match["text"][0].islower()
    if word is None or explains:
        return None
    owner = (match["owner"] or "").strip()
    remark = terms("remarks").find(match["remark"] or "", damaged=False)
    return AssignmentHeading(
        kind=vocabulary.fact(word.term, "kind"),
        given_by=_giver(f"{owner} {match['giver'] or ''} {match['remark'] or ''}")
        or vocabulary.fact(word.term, "given_by"),
        owner=titles.genitive_owner(owner) if owner else None,
        text=match["text"].strip(),
        carried_over=any(found.term == "carried_over" for found in remark),
        contributes=any(found.term == "contributes" for found in remark),
    )


@cache
def _assignment_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<owner>{_OWNER}?(?:[a-zåäöÅÄÖA-Z\-]+\s+(?:och\s+)?){{0,3}}?)(?P<word>(?i:{any_of('assignment_kinds')}))"
        rf"(?:\s+(?:nr\s*)?(?P<number>\d{{4}}[:/.-]\d{{1,3}}|{NUMBER}|\d{{4}}))?"
        rf"(?P<giver>\s+(?:från|av|till|enligt|i)\s+\S+(?:\s+\S+){{0,4}}?|\s+(?:KF|KS))?(?:\s+\d{{4}})?"
        rf"(?P<remark>\s*\([^)]{{0,60}}\))?\s*(?P<separator>:|\s[–—-]\s|(?<=\d)\.?\s(?=[A-ZÅÄÖ]))\s*(?P<text>\S.*)$",
        re.DOTALL,
    )


def _giver(text: str) -> str | None:
    """Who gives an assignment: whom it comes from, else who owns it."""
    # Whom work is given to does not tell who gives it.
    found = terms("givers").find(re.sub(r"\btill\s.*", "", text), damaged=False)
    if any(match.term == "council" for match in found):
        return "council"
    return "board" if found else None


def section(text: str) -> Section | None:
    """The list that a heading opens: of assignments, of goals, of unfinished work, or a part that no goal rules.

    >>> section("Nämndernas egna uppdrag 2024")
    Section(lists='assignments', kind='assignment', given_by='board', ...)
    """
    text = titles.without_footnotes(text.strip()).rstrip(":").strip()
    text = text.capitalize() if text.isupper() and len(text) > LONGEST_CODE else text
    if not titles.looks_like_heading(text, 120):
        return None
    if terms("remarks").first(text, damaged=False) and _unfinished(text):
        return Section("unfinished", "unfinished_assignment", carried_over=True)
    if (of_state := _of_state(text)) is not None:
        return of_state
    if match := _list_pattern().fullmatch(text):
        vocabulary = terms("assignment_kinds")
        word = vocabulary.match(match["word"])
        if word:
            owner = (match["owner"] or "").strip()
            giver = _giver(f"{owner} {match['giver'] or ''}") or vocabulary.fact(word.term, "given_by")
            owned = titles.genitive_owner(owner) or _recipient(match["giver"] or "")
            return Section("assignments", vocabulary.fact(word.term, "kind"), giver, owner=owned)
    if match := re.fullmatch(
        rf"(?P<owner>{_OWNER}?)(?P<term>(?i:{plurals_of_goals()}|{any_of('goal_levels')}))"
        rf"(?:\s+(?:för|under|inom)\s+(?:verksamhets\w+|(?:mandat)?period\w*|kommun\w*|år\w*|god\s+ekonomisk\s+hushållning))?"
        rf"(?:\s+(?:för\s+)?\d{{4}}(?:\s*[–-]\s*\d{{2,4}})?)?",
        text,
    ):
        term = _of_board(_term_of_plural(match["term"]), match["owner"])
        return Section("goals", term=term, owner=titles.genitive_owner(match["owner"]))
    plain = re.sub(r"^(?:Bilaga)\s+\w+\b.*$", "bilaga", text)
    found = terms("section_words").match(plain) or terms("section_words").match(re.sub(rf"^{_OWNER}", "", plain))
    if found and found.term == "clarification":
        return Section("clarifications")
    if found and found.term in ("resets", "measures"):
        return Section("resets" if found.term == "resets" else "measures")
    if found and found.term == "actions":
        return Section("actions")
    without_year = re.sub(r"\s+\d{4}$", "", text)
    if without_year != text and terms("section_words").match(without_year):
        return section(without_year)
    return None


def _of_state(text: str) -> Section | None:
    """A list of assignments that have come equally far ('Ej påbörjade uppdrag'); None for other headings."""
    match = re.fullmatch(rf"(\D{{4,40}}?)\s+((?i:{any_of('assignment_kinds')}))(?:\s+\d{{4}})?", text)
    word = terms("assignment_kinds").match(match[2]) if match else None
    found = classify(match[1]) if match and word and len(match[1].split()) <= LONGEST_STATE else None
    if match is None or word is None or found is None or found.status == "unknown":
        return None
    kinds = terms("assignment_kinds")
    return Section("assignments", kinds.fact(word.term, "kind"), kinds.fact(word.term, "given_by"), state=match[1])


def _recipient(giver: str) -> str | None:
    """The one body that a heading gives assignments to ('Uppdrag till tekniska nämnden'); None for several."""
    match = re.search(r"\btill\s+(.+)$", giver)
    return office_name(match[1][:1].upper() + match[1][1:]) if match else None


def _unfinished(text: str) -> bool:
    about = terms("assignment_kinds").first(text, damaged=False)
    return bool(about) and any(m.term == "unfinished" for m in terms("remarks").find(text, damaged=False))


@cache
def _list_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<owner>{_OWNER}?(?i:eget|egna|egen|nya|särskilda|riktade|politiska|beslutade|pågående|givna|"
        rf"tidigare|avslutade|aktuella|övriga|årets|prioriterade|nämndspecifika|kommungemensamma)?\s*)"
        rf"(?P<word>(?i:{any_of('assignment_kinds')}))"
        rf"(?P<giver>\s+(?:från|av|till|i)\s+\S+(?:\s+(?:och|till)\s+\S+)?)?(?:\s+\d{{4}})?"
    )


def level_of(header: str) -> str | None:
    """The level of the goals under a header ('Nämndens mål 2024', 'Strategiska mål'); None where it names none.

    >>> level_of("Strategiska mål"), level_of("Effektmål"), level_of("Ansvarig")
    ('strategiskt mål', 'effektmål', None)
    """
    if match := re.search(rf"(?i)\b(?:{plurals_of_goals()}|{any_of('goal_levels')})\b", header):
        return _term_of_plural(match[0])
    found = terms("goal_levels").first(header)
    return found.term if found else None


def _term_of_plural(word: str) -> str:
    listed = terms("goal_levels")
    wanted = fold(word)
    of_many = next((name for name in listed if wanted in [fold(w) for w in listed.fact(name, "plural", [])]), None)
    of_one = listed.match(word)
    return of_many or (of_one.term if of_one else "mål")


def office_heading(text: str) -> str | None:
    """The office or committee whose part of the document a heading opens, lower case; None for other headings.

    >>> office_heading("Samhällsbyggnadskontorets verksamhetsplan"), office_heading("Socialnämnden")
    ('samhällsbyggnadskontoret', 'socialnämnden')
    """
    text = text.strip().rstrip(":")
    if not titles.looks_like_heading(text, 90):
        return None
    part = any_of("offices", "part")
    if match := re.fullmatch(rf"(.+?s)\s+(?i:{part})(?:\s+\d{{4}}(?:\s*[–-]\s*\d{{2,4}})?)?", text):
        return titles.genitive_owner(match[1])
    return office_name(text)


def office_name(text: str) -> str | None:
    """The text itself when it is nothing but the name of an office or committee, lower case."""
    text = text.strip()
    if len(text.split()) > 6 or not re.match(r"[A-ZÅÄÖ][a-zåäö]", text):
        return None
    if re.search(r"\b(?:för|inom|av|till|i|på|från|vid|per|den|de|samtliga|alla)\b", text, re.IGNORECASE):
        return None
    if not re.fullmatch(rf"[^\d.,:;()]*{any_of('offices', 'ending')}", text, re.IGNORECASE):
        return None
    return None if terms("offices").match(text) else re.sub(r"\s+", " ", text).casefold()


def goals_run_together(text: str) -> list[str]:
    """A paragraph of several goals, one behind the other, as one text per goal; other paragraphs are one text.

    >>> goals_run_together("Fokusområde 1 – Hälsa Fokusområde 2 – Klimat")
    ['Fokusområde 1 – Hälsa', 'Fokusområde 2 – Klimat']
    """
    first = re.match(rf"(?P<term>(?i:{any_of('goal_levels')}))\s+{NUMBER}\b", text.strip())
    if first is None:
        return [text]
    pieces = re.split(rf"[\s,;.]+(?={re.escape(first['term'])}\s+{NUMBER}\s*[:.–—-]?\s*[A-ZÅÄÖ])", text.strip())
    return pieces if all(goal_heading(piece) for piece in pieces) else [text]


def announced_goal(text: str) -> str | None:
    """The level of the goal that a paragraph announces ('Som övergripande mål gäller:'); None for other paragraphs."""
    if not text.strip().endswith(":") or len(text) > 200:
        return None
    found = re.findall(rf"(?i:\b{any_of('goal_levels')}\b)", text)
    verb = re.search(r"\b(?:gäller|är|lyder|innebär)\b", text)
    if len(found) != 1 or verb is None or re.search(r"\b(?:följande|dessa|nedanstående)\b.*\bmål\b", text):
        return None
    match = terms("goal_levels").match(found[0])
    return match.term if match else None


def is_contents_line(text: str, after_head: bool) -> bool:
    """Whether a paragraph is a line of the table of contents: leaders and a page, or below its head a page at its end.

    >>> is_contents_line("Mål 1: Trygghet ........ 7", False), is_contents_line("Mål 1: Trygghet 7", True)
    (True, True)
    """
    text = text.strip()
    if re.search(r"(?:\.\s?){4,}\s*\d{0,3}$|…{2,}\s*\d{0,3}$", text):
        return True
    return after_head and bool(re.search(r"\s\d{1,3}$", text)) and len(text) < 150


def is_contents_head(text: str) -> bool:
    """Whether a paragraph heads the table of contents."""
    return re.fullmatch(r"(?i)innehåll(?:sförteckning)?|table of contents", text.strip(" :.")) is not None


def mended(text: str) -> str:
    """A heading with its words that extraction tore at a hyphen made whole ('Inriktnings- mål 1.1').

    >>> mended("Inriktnings- mål 1.1: Barn- och ungdomsvård")
    'Inriktningsmål 1.1: Barn- och ungdomsvård'
    """
    return re.sub(r"\b(\w{2,})-\s+([a-zåäö]{2,})\b", lambda m: m[1] + m[2] if _is_known(m[1] + m[2]) else m[0], text)


def _is_known(word: str) -> bool:
    lists = ("goal_levels", "assignment_kinds", "section_words")
    return any(terms(name).match(word) for name in lists)


def without_section_number(text: str) -> str:
    """A heading without the number of its section ('3.2 Mål 1: Trygghet') or list ('KS 1.'), which is no goal's."""
    return re.sub(r"^(?:\d{1,2}(?:\.\d{1,2})*\.?|[A-ZÅÄÖ]{2,4}\s?\d{1,2}[.:])\s+(?=[A-ZÅÄÖ][a-zåäö])", "", text)


def section_depth(text: str) -> int | None:
    """How deep a heading lies by the number of its section: '3' is 1, '3.2' is 2; None without a number."""
    match = re.match(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s+(?=[A-ZÅÄÖ][a-zåäö])", text)
    return match[1].count(".") + 1 if match else None


def announced_list(text: str) -> Section | None:
    """The list of goals that a paragraph announces ('Nämnden har tre inriktningsmål:'); None for other paragraphs."""
    text = text.strip()
    if not text.endswith((":", ".")) or len(text) > 300:
        return None
    # A sentence that ends in a full stop must say that so many goals were decided on.
    counted = r"\b(?:två|tre|fyra|fem|sex|sju|åtta|nio|tio|\d{1,2}|följande)\b"
    decided = rf"[^.]*\b(?:beslutat|fastställt|antagit|formulerat|har)\b[^.]*{counted}[^.]*\.$"
    if text.endswith(".") and not re.match(decided, text):
        return None
    match = re.search(
        rf"\b(?P<term>(?i:{plurals_of_goals()}))(?:\s+(?:är|gäller|för\s[^:.]{{2,40}}|\d{{4}}(?:[–-]\d+)?)){{0,2}}\s*[:.]$",
        text,
    )
    about = r"\b(?:nå|uppnå|uppfylla|bidra till|för att)\b[^:.]*$|\b(?:för|om|med)\s+(?:de\s+|våra\s+)?$"
    if match is None or re.search(about, text[: match.start()]):
        return None
    return Section("goals", term=_term_of_plural(match["term"]))


def numbered_sentence(text: str) -> tuple[int, str] | None:
    """The number and the words of a paragraph like '3 I kommunen har vi ...'; None for other paragraphs."""
    match = re.match(r"\s*(\d{1,2})[.)]?\s+([A-ZÅÄÖ][a-zåäöA-ZÅÄÖ]*\s.{10,})$", text, re.DOTALL)
    return (int(match[1]), re.sub(r"\s+", " ", match[2]).strip()) if match else None
