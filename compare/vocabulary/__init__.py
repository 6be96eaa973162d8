"""The field's words as data: standard terms, the variants that documents print, and words to pass over.

Every list of Swedish words lives in a TOML file of this folder, so that a new municipality's words are added without
code (`README.md` tells how). `terms("statuses")` loads one list; the `Vocabulary` it returns finds its terms in text,
case-insensitively, tolerant of Swedish inflection ('genomförd', 'genomfört', 'genomförda') and of words that text
extraction has damaged ('genom- fört', 'genomf rt', 'Mal varde'). What it finds keeps its place in the original text.

An extra folder of such files, named by the environment variable PLANCOMPARE_VOCABULARY, is merged into these.
"""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, TypeVar

import Stemmer
from rapidfuzz import fuzz, process

from compare.problems import PlanError, Problem, ProblemsFound, told

FOLDER = Path(__file__).parent
EXTRA_FOLDER = "PLANCOMPARE_VOCABULARY"

How = Literal["exact", "inflected", "damaged"]

# Words this short differ by one letter too often for a damaged reading to be safe ('mål', 'mäl').
SHORTEST_DAMAGED = 6
SHORTEST_FUZZY = 9
ALIKE = 90
# A word torn apart by text extraction ends up in so many pieces more than it has words.
TORN_PIECES = 3
LONGEST_ENDING = 3
# What decoding puts in place of a letter it cannot read.
LOST = "\ufffd"

# Words, numbers and symbols that carry meaning. Punctuation parts words and carries none; raised digits are footnotes.
_TOKEN = re.compile(r"[^\W\d_¹²³⁰⁴-⁹]+|\d+|[^\w\s*|.,;:!?()\[\]{}'\"’‘”“´`/\\–—−_…\u00ad-]")
_TORN = re.compile(r"[\s\u00ad\ufffd‐‑-]*")
_SENTENCE_END = re.compile(r"[.!?;:](?=\s)")
_LIGATURES = re.compile("ffi|ffl|ff|fi|fl")


@dataclass(frozen=True, slots=True)
class Term:
    """A standard term: the words that documents print for it, and what else its file states about it (`facts`)."""

    name: str
    variants: tuple[str, ...]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Match:
    """A term found: its standard name, the variant of the list, the place in the text searched, and how it was met."""

    term: str
    variant: str
    start: int
    end: int
    how: How = "exact"


@dataclass(frozen=True, slots=True)
class _Token:
    """A word or symbol of a text with its place."""

    folded: str
    start: int
    end: int


_Entry = tuple[str, str]
_Key = tuple[str, ...]
_Any = TypeVar("_Any")

_snowball = Stemmer.Stemmer("swedish")
# Participles and supines of one verb become one stem, which the passive ('avslutas') and the infinitive do not share.
_PARTICIPLES = (
    (re.compile(r"(\w{3,}?)(ade|ad|at|ats|ades)"), "ad"),
    (re.compile(r"(\w{3,}?)(dda|dd|tt|tts|ddes|dde)"), "dd"),
    (re.compile(r"(\w{3,}[^aeiouyåäö])(da|de|d|t|ts|des)"), "d"),
)


@dataclass(frozen=True)
class Vocabulary:
    """One list of terms; made by `terms`."""

    name: str
    about: str
    terms: Mapping[str, Term]
    ignored: tuple[str, ...] = field(default=())

    def __getitem__(self, term: str) -> Term:
        return self.terms[term]

    def __contains__(self, term: object) -> bool:
        return term in self.terms

    def __iter__(self) -> Iterator[str]:
        return iter(self.terms)

    def variants(self, term: str) -> tuple[str, ...]:
        """The words printed for this standard term."""
        return self.terms[term].variants

    def fact(self, term: str, key: str, default: Any = None) -> Any:
        """What the file states about a term beside its variants (such as the factor of a unit)."""
        return self.terms[term].facts.get(key, default)

    def match(self, text: str) -> Match | None:
        """The term that the whole text states, once ignored words at its ends are passed over; None if there is none.

        >>> terms("units").match("Tkr").term
        'tkr'
        """
        whole = _tokens(text)
        tokens = self._without_ignored(_without_footnote(whole))
        if not tokens:
            return None
        found = self._at(text, whole) or self._at(text, tokens)
        return found or self._alike(tokens)

    def find(self, text: str, *, damaged: bool = True) -> list[Match]:
        """All terms in a text, in its order, none overlapping; the longest reading wins, the exact one among equals."""
        tokens = _tokens(text)
        found: list[Match] = []
        first = 0
        while first < len(tokens):
            match, after = self._longest(text, tokens, first, damaged=damaged)
            if match:
                found.append(match)
            first = after
        return found

    def first(self, text: str, *, damaged: bool = True) -> Match | None:
        """The first term in a text, or None."""
        found = self.find(text, damaged=damaged)
        return found[0] if found else None

    def _longest(self, text: str, tokens: list[_Token], first: int, *, damaged: bool) -> tuple[Match | None, int]:
        for last in range(min(len(tokens), first + self._longest_key + TORN_PIECES), first, -1):
            match = self._at(text, tokens[first:last], damaged=damaged)
            if match and not _crosses_sentences(text, tokens[first:last], match.variant):
                return match, last
        return None, first + 1

    def _at(self, text: str, tokens: list[_Token], *, damaged: bool = True) -> Match | None:
        words = tuple(token.folded for token in tokens)
        place = tokens[0].start, tokens[-1].end
        if entry := self._exact.get(words):
            return Match(*entry, *place, "exact")
        if entry := self._inflected.get(tuple(map(stem, words))):
            return Match(*entry, *place, "inflected")
        if damaged and (entry := self._damaged_entry(text, tokens)):
            return Match(*entry, *place, "damaged")
        return None

    def _damaged_entry(self, text: str, tokens: list[_Token]) -> _Entry | None:
        """The entry whose letters these pieces are, if nothing but a break of line or word stands between them."""
        torn = all(_TORN.fullmatch(text[a.end : b.start]) for a, b in pairwise(tokens))
        if not torn or not all(token.folded.isalnum() or token.folded == LOST for token in tokens):
            return None
        letters = "".join(c for token in tokens for c in token.folded if c.isalnum())
        shorter = stem(letters)
        entry = self._damaged.get(letters)
        if entry is None and len(letters) - len(shorter) <= LONGEST_ENDING:
            entry = self._damaged.get(shorter)
        own = _words(entry[1]) if entry else ()
        # 'för bättre' is no torn 'förbättra': small words that stand whole are what they are.
        small = any(token.folded in _small_words() and token.folded not in own for token in tokens)
        nothing_lost = shorter == stem("".join(own))
        return None if small and nothing_lost and len(tokens) > len(own) else entry

    def _alike(self, tokens: list[_Token]) -> Match | None:
        """The term whose variant differs from the whole text by a letter or two; None when two terms are as near."""
        whole = " ".join(token.folded for token in tokens)
        if len(whole) < SHORTEST_FUZZY:
            return None
        near = process.extract(whole, list(self._texts), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=2)
        if not near or (len(near) == 2 and near[0][1] == near[1][1]):
            return None
        return Match(*self._texts[near[0][0]], tokens[0].start, tokens[-1].end, "damaged")

    def _without_ignored(self, tokens: list[_Token]) -> list[_Token]:
        first, last = 0, len(tokens)
        while first < last and (size := self._ignored_at(tokens[first:last])):
            first += size
        while last > first and (size := self._ignored_before(tokens[first:last])):
            last -= size
        return tokens[first:last]

    def _ignored_at(self, tokens: list[_Token]) -> int:
        words = tuple(token.folded for token in tokens)
        return next((len(key) for key in self._ignored if words[: len(key)] == key), 0)

    def _ignored_before(self, tokens: list[_Token]) -> int:
        words = tuple(token.folded for token in tokens)
        return next((len(key) for key in self._ignored if words[-len(key) :] == key), 0)

    @cached_property
    def _exact(self) -> dict[_Key, _Entry]:
        return {_words(v): (t.name, v) for t in self.terms.values() for v in t.variants}

    @cached_property
    def _inflected(self) -> dict[_Key, _Entry]:
        return _only_clear((tuple(map(stem, key)), entry) for key, entry in self._exact.items())

    @cached_property
    def _damaged(self) -> dict[str, _Entry]:
        """Letters alone, as extraction leaves them: torn words joined, å ä ö flattened or lost, ligatures lost."""
        words = [("".join(key), entry) for key, entry in self._exact.items()]
        readings = [(reading, entry) for word, entry in words for reading in _damages(word)]
        readings += [
            (reading, entry) for word, entry in words for reading in (stem(word), _without_letters(stem(word)))
        ]
        return _only_clear((r, e) for r, e in readings if len(r) >= SHORTEST_DAMAGED)

    @cached_property
    def _texts(self) -> dict[str, _Entry]:
        return {" ".join(key): entry for key, entry in self._exact.items() if len(" ".join(key)) >= SHORTEST_FUZZY}

    @cached_property
    def _ignored(self) -> list[_Key]:
        return sorted((_words(word) for word in self.ignored), key=len, reverse=True)

    @cached_property
    def _longest_key(self) -> int:
        return max((len(key) for key in self._exact), default=0)


def terms(name: str) -> Vocabulary:
    """The vocabulary in `<name>.toml`, with what the extra folder adds to it.

    Raises `PlanError` for an unknown name or a file that is not TOML, `ProblemsFound` for entries of the wrong form
    and for words that stand under two terms or under a term and `ignored`.
    """
    return _load(name, os.environ.get(EXTRA_FOLDER, ""))


def names() -> list[str]:
    """The names of all vocabularies that ship."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def _load(name: str, extra: str) -> Vocabulary:
    files = [folder / f"{name}.toml" for folder in (FOLDER, *([Path(extra)] if extra else []))]
    present = [file for file in files if file.is_file()]
    if not present:
        raise PlanError(f"vocabulary {name!r} is unknown; it must be one of {', '.join(names())}; correct the name")
    return read_files(name, present)


def read_files(name: str, files: Iterable[Path]) -> Vocabulary:
    """The vocabulary that these files state together; raises as `terms` does."""
    about, ignored, problems = "", list[str](), list[Problem]()
    stated: dict[str, dict[str, Any]] = {}
    for file in files:
        content = _parsed(file)
        problems += _wrong_form(content, file.name)
        if problems:
            continue
        about = about or content.get("about", "")
        ignored += content.get("ignored", [])
        for term, entry in content.get("terms", {}).items():
            known = stated.setdefault(term, {"variants": []})
            known["variants"] = list(dict.fromkeys([*known["variants"], *entry["variants"]]))
            known.update({key: value for key, value in entry.items() if key != "variants"})
    problems = problems or _not_disjoint(name, stated, ignored)
    if problems:
        raise ProblemsFound(f"vocabulary {name!r} cannot be used", problems)
    found = {
        term: Term(term, tuple(entry.pop("variants")), entry) for term, entry in stated.items() if "variants" in entry
    }
    return Vocabulary(name, about, found, tuple(dict.fromkeys(ignored)))


def _parsed(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanError(f"{file.name}: is not a vocabulary in TOML ({error}); correct the file") from error


def _wrong_form(content: Mapping[str, Any], origin: str) -> list[Problem]:
    action = told("see the README of the vocabulary folder")
    keys = told("one of {all}", all="about, ignored, terms")
    problems = [
        Problem(told("unknown key in the vocabulary"), origin, column=key, expected=keys, action=action)
        for key in content
        if key not in ("about", "ignored", "terms")
    ]
    if not _is_words(content.get("ignored", [])):
        problems.append(Problem(told("'ignored' is not a list of words"), origin, column="ignored", action=action))
    entries = content.get("terms", {})
    return problems + [
        Problem(
            told("term without a list of words"),
            origin,
            column=f"terms.{term}",
            expected=told("expected: {expected}", expected="variants = [...]"),
        )
        for term, entry in entries.items()
        if not isinstance(entry, dict) or not _is_words(entry.get("variants"))
    ]


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and _words(word) for word in value)


def _not_disjoint(name: str, stated: Mapping[str, Any], ignored: Iterable[str]) -> list[Problem]:
    seen: dict[_Key, str] = {}
    problems = []
    places = [(word, term) for term, entry in stated.items() for word in entry["variants"]]
    for word, place in [*places, *((word, "ignored") for word in dict.fromkeys(ignored))]:
        other = seen.setdefault(_words(word), place)
        if other != place:
            what = told("one word stands under both {one!r} and {other!r}", one=other, other=place)
            problems.append(Problem(what, f"{name}.toml", value=word, action=told("keep it in one place")))
    return problems


def fold(text: str) -> str:
    """The text in lower case, compatible characters unified, soft hyphens gone, each run of spaces one space.

    >>> fold("Mål\u00advärde\u00a0 2022")
    'målvärde 2022'
    """
    plain = unicodedata.normalize("NFKC", text).replace("\u00ad", "").casefold()
    return re.sub(r"\s+", " ", plain).strip()


@cache
def stem(word: str) -> str:
    """The word without its Swedish inflection; participles keep apart from the passive ('avslutad', 'avslutas').

    >>> stem("genomförda") == stem("genomfört"), stem("avslutat") == stem("avslutas"), stem("målen") == stem("mål")
    (True, False, True)
    """
    for pattern, ending in _PARTICIPLES:
        if match := pattern.fullmatch(word):
            return match[1] + ending
    shorter = _snowball.stemWord(word)
    while shorter != word:
        word, shorter = shorter, _snowball.stemWord(shorter)
    return re.sub(r"(?<=\w{4})ets?$", "", shorter)


@lru_cache(maxsize=4096)
def stems(text: str) -> tuple[str, ...]:
    """The words, numbers and symbols of a text without their inflection.

    >>> stems("Målen är inte genomförda.") == stems("mål är inte genomfört")
    True
    """
    return tuple(map(stem, _words(text)))


def _tokens(text: str) -> list[_Token]:
    return [_Token(fold(m[0]), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def _without_footnote(tokens: list[_Token]) -> list[_Token]:
    """The tokens without a footnote number that stands glued to the last word ('Indikator2')."""
    if len(tokens) < 2 or not tokens[-1].folded.isdigit():
        return tokens
    before, last = tokens[-2:]
    glued = before.end == last.start and len(before.folded) > 3 and len(last.folded) < 3
    return tokens[:-1] if glued else tokens


def _words(text: str) -> _Key:
    return tuple(token.folded for token in _tokens(text))


def _flattened(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word)
    return "".join(c for c in plain if c.isalnum() and c.isascii())


def _without_letters(word: str) -> str:
    """The word as a font without å, ä and ö leaves it."""
    return "".join(c for c in word if c.isascii() and c.isalnum())


def _damages(word: str) -> set[str]:
    letters = "".join(c for c in word if c.isalnum())
    return {letters, _flattened(word), _without_letters(word), _LIGATURES.sub("", letters)}


@cache
def _small_words() -> frozenset[str]:
    """Words that stand whole in a text and are no piece of a torn one."""
    return frozenset(terms("small_words").ignored)


def _only_clear(pairs: Iterable[tuple[_Any, _Entry]]) -> dict[_Any, _Entry]:
    """The pairs as a mapping without the keys that would stand for two terms."""
    found: dict[_Any, _Entry] = {}
    unclear = set()
    for key, entry in pairs:
        if found.setdefault(key, entry)[0] != entry[0]:
            unclear.add(key)
    return {key: entry for key, entry in found.items() if key not in unclear}


def _crosses_sentences(text: str, tokens: list[_Token], variant: str) -> bool:
    between = text[tokens[0].start : tokens[-1].end]
    return bool(_SENTENCE_END.search(between)) and not _SENTENCE_END.search(variant)
