"""The committee whose plan or follow-up a document is: told by its front page, title, decision or running head.

A document names many committees. Its own is the one that stands alone at the top, beside the word for the document,
behind 'Antagen av', or at the head of every page; where two could be meant, none is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from compare.vocabulary import fold, terms

# A committee's name on one of these lines says whose document it is.
TOP_LINES = 8
LONGEST_TITLE = 120
LONGEST_TITLE_WORDS = 8
# Beside its name, a line that tells whose document it is holds little more: the municipality, a date.
MOST_WORDS_BESIDE = 3
LEAST_REPEATED = 3
_WORD = "[A-ZÅÄÖa-zåäö]+"
_NAME = re.compile(
    rf"\b(?P<name>(?:{_WORD}-,?\s+)*(?:{_WORD}-\s*(?:och|&)\s+)?(?:(?:[Tt]ekniska|[Ss]ociala|[Gg]emensamma)\s+)?"
    rf"(?:[A-ZÅÄÖa-zåäö]{{2,}}nämnd|(?<=a\s)nämnd|[A-ZÅÄÖa-zåäö]{{3,}}styrelse)(?:ens?|s|ns?)?"
    rf"|[Nn]ämnden\s+för\s+{_WORD}(?:\s+och\s+{_WORD})?)(?![\wåäö-])"
)
# Bodies that are no committee of the municipality, and the word that stands for any.
_OTHERS = re.compile(
    r"^(?:läns|social|bolags|region|skol|för|stads(?:dels)?|högskole|livsmedels|sjöfarts)styrelse|^(?:fack|sam)nämnd"
)
_DECIDED = re.compile(
    r"\b(?:antag\w*|beslutad?\w*|fastställ\w*|godkän\w*)\s+(?:av|i)\s+(?=\S)|\bbeslutsinstans\s*:\s*", re.IGNORECASE
)
_PROPOSED = re.compile(r"\b(?:förslag|yttrande|svar|till)\b", re.IGNORECASE)
COUNCIL_S_HELPER = "kommunstyrelsen"
OF_THE_WHOLE = ("goals_and_budget", "goal_page", "environment_analysis", "other")


def board_of(opening: Sequence[str], lines: Iterable[str], kind: str) -> str | None:
    """The committee, lower case and in the definite form; `opening` are the title and first paragraphs, `lines` all.

    >>> board_of(["Verksamhetsplan 2024 – Kultur- och fritidsnämnden"], [], "operational_plan")
    'kultur- och fritidsnämnden'
    """
    if (stated := _labelled(opening)) is not None:
        return stated
    if (titled := _titled(opening, kind)) is not None or kind in OF_THE_WHOLE:
        return titled
    return _alone(opening) or _decided(opening, kind) or _running_head(lines)


def names(text: str) -> list[str]:
    """The committees that a text names, each once.

    >>> names("Socialnämndens plan, antagen av Barn- och utbildningsnämnd")
    ['socialnämnden', 'barn- och utbildningsnämnden']
    """
    found = [_definite(match["name"]) for match in _NAME.finditer(text)]
    return list(dict.fromkeys(name for name in found if not _OTHERS.search(name)))


def _definite(name: str) -> str:
    plain = fold(name)
    if plain.startswith("nämnden för"):
        return plain
    return re.sub(r"nämnd(?:ens?|s)?$", "nämnden", re.sub(r"styrelse(?:ns?|s)?$", "styrelsen", plain))


def _labelled(opening: Iterable[str]) -> str | None:
    for text in opening:
        match = re.match(r"(?i)\W*(?:organisation|nämnd|styrelse|ansvarig\s+nämnd)\s*:\s*(.{4,70})$", text)
        if match and len(found := names(match[1])) == 1:
            return found[0]
    return None


def _titled(opening: Iterable[str], kind: str) -> str | None:
    """The only committee that a title names beside the word for the document."""
    for text in opening:
        named = names(text)
        if len(text) > LONGEST_TITLE or len(named) != 1 or not terms("document_kinds").first(text, damaged=False):
            continue
        # A sentence, a proposal to the council and a decision speak of a committee.
        tells = len(text.split()) > LONGEST_TITLE_WORDS and text.endswith(".")
        if tells or _PROPOSED.search(text) or _DECIDED.search(text):
            continue
        if kind not in OF_THE_WHOLE or named[0] != COUNCIL_S_HELPER:
            return named[0]
    return None


def _alone(opening: Sequence[str]) -> str | None:
    """The committee alone on a line of the front page; several at the top are the heads of its parts."""
    named = [_nothing_but(text) for text in opening]
    # On the first lines it is the sender's, whatever is named further down.
    first = next(filter(None, named[:2]), None)
    at_top, further = set(filter(None, named[:TOP_LINES])), set(filter(None, named[TOP_LINES:]))
    if first is None and len(at_top) == 1 and further <= at_top:
        return at_top.pop()
    return None if _heads_parts(named) else first


def _heads_parts(named: Sequence[str | None]) -> bool:
    """Whether committees follow one another through the opening as heads of parts do, each with its text."""
    places = [index for index, name in enumerate(named) if name]
    return len(places) > 2 and all(later - earlier > 1 for earlier, later in pairwise(places))


def _nothing_but(text: str) -> str | None:
    """The committee of a line that holds little beside its name."""
    found = list(_NAME.finditer(text))
    if len(found) != 1 or len(text) > LONGEST_TITLE or text.endswith((":", "s")):
        return None
    rest = text[: found[0].start()] + " " + text[found[0].end() :]
    beside = re.findall(r"[^\W\d_]+", rest)
    lower = [word for word in beside if word[0].islower() and word not in ("kommun", "kommuns", "stad", "stads")]
    named = names(text)
    return named[0] if named and len(beside) <= MOST_WORDS_BESIDE and not lower else None


def _decided(opening: Iterable[str], kind: str) -> str | None:
    """The committee that has adopted its own document; the executive board also adopts those of the whole."""
    for text in opening:
        match = _DECIDED.search(text) if len(text) <= LONGEST_TITLE else None
        found = names(text[match.end() :][:70]) if match else []
        if found and (found[0] != COUNCIL_S_HELPER or kind == "operational_plan"):
            return found[0]
    return None


def _running_head(lines: Iterable[str]) -> str | None:
    """The only committee that stands beside the word for the document on lines that come again page after page."""
    counted = Counter(_without_numbers(line) for line in lines if len(line) <= LONGEST_TITLE)
    found = {name for line, times in counted.items() if times >= LEAST_REPEATED for name in _of_head(line)}
    return found.pop() if len(found) == 1 else None


def _without_numbers(line: str) -> str:
    return re.sub(r"\d+", "#", line.strip())


def _of_head(line: str) -> Iterator[str]:
    if "\t" not in line and len(found := names(line)) == 1 and terms("document_kinds").first(line, damaged=False):
        yield from found
