"""What a thing is called: the naming sentence alone, without what documents print around it.

Titles carry footnote marks, committee codes, 'kvarstår' remarks and explanations that run on in the same paragraph;
each of these is a fact of its own, and a title that keeps them does not match itself elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from compare.reading.words import any_of
from compare.vocabulary import fold, terms

RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
# A raised digit behind a unit of length is a power, not a footnote.
_FOOTNOTE = re.compile(rf"(?<!\bm)(?<!\bkm)(?<!\bcm)(?<!\bdm)(?<!\bhm)\s?[{RAISED}]+")
_SPACE_BEFORE_STOP = re.compile(r"\s+(?=[.,;:!?](?:\s|$))")
_STUCK_DIGITS = re.compile(r"(?<=[a-zåäöé]{4})\d{1,2}(?=[.:*]*$)")
_BRACKETED_DIGIT = re.compile(r"(?<=\w)\s\d{1,2}\)$")
_STARS = re.compile(r"(?<=\w)\s?\*{1,3}(?=[\s.:]*$)")

ABBREVIATIONS = frozenset(
    [
        "bl",
        "a",
        "t",
        "ex",
        "d",
        "v",
        "s",
        "m",
        "m",
        "f",
        "o",
        "r",
        "fr",
        "p",
        "g",
        "mm",
        "dvs",
        "bl.a",
        "t.ex",
        "d.v.s",
        "m.m",
        "m.fl",
        "o.d",
        "o.dyl",
        "osv",
        "etc",
        "ca",
        "c:a",
        "kap",
        "nr",
        "st",
        "s.k",
        "p.g.a",
        "fr.o.m",
        "t.o.m",
        "f.n",
        "f.d",
        "i.e",
        "exkl",
        "inkl",
        "resp",
        "ev",
        "tex",
        "ex",
        "avd",
        "tel",
        "max",
        "min",
        "kl",
        "jfr",
        "alt",
        "enl",
        "forts",
        "gr",
        "milj",
        "proc",
        "e.d",
        "o.s.v",
        "i.o.m",
        "m.h.a",
        "f.ö",
        "d.o",
        "bl.a",
        "fl",
        "dyl",
        "tom",
        "from",
        "pga",
        "sk",
        "dr",
        "tfn",
    ]
)
_SENTENCE_END = re.compile(r"[.!?](?=[\s)\"”’]+[A-ZÅÄÖ0-9\"”(]|\s*$)")

_CODE = r"\b(?:[A-ZÅÄÖ][A-Za-zÅÄÖåäö]{0,4}[NS]|K[SF])\b"
_CODES = rf"{_CODE}(?:\s*(?:,|/|&|och|samt)\s*{_CODE})*"
_CODES_IN_BRACKETS = re.compile(rf"\s*\(\s*({_CODES})\s*\)\s*\.?\s*$")
_CODES_AT_END = re.compile(rf"(?<=[.!?])\s+({_CODES})\s*\.?\s*$")
_NAMES_IN_BRACKETS = re.compile(r"\s*\(([^()]{4,120})\)\s*\.?\s*$")
# A body to which work is given, or several: 'Kommunstyrelsen och berörda nämnder', 'Kommunens bolag'.
_BODY = (
    r"(?:[A-ZÅÄÖ][^.:;!?]{0,80}?)?(?i:nämnd(?:en|er|erna)?|styrelse(?:n|r|rna)?|bolag(?:et|en)?|förvaltning(?:en|ar|arna)?"
    r"|kontor(?:et|en)?|direktör(?:en)?|kommun(?:en)?|förbund(?:et)?|sektor(?:n)?|verksamhet(?:en|er|erna)?)"
    r"(?:\s+(?:och|samt)\s+[^.:;!?]{2,60}?)?"
)
_ANY_BODY = rf"(?:{_BODY}|[a-zåäö][^.:;!?]{{0,80}}?(?:nämnd|styrelse|bolag|förvaltning|direktör|kommun)\w*)"
# What committees are called for short: 'KS', 'BUN'.
_SHORT_NAME = r"[A-ZÅÄÖ]{2,4}[Nn]?"
# The decision that a text rests on stands before it: 'KF 2022-11-24 § 112: ...'.
_DECISION = re.compile(r"\W*[A-ZÅÄÖ][^:]{0,40}(?:§+\s*\d+|\d{4}-\d\d-\d\d)[^:]{0,30}:\s*")
_BRACKETS = re.compile(r"\s*\(([^()]{3,80})\)")
# 'Nämnden ska redovisa uppdragen i juni': how given work is reported on is no work given.
_REPORTS = re.compile(
    r"\b(?:åter)?(?:redovisa|rapportera|följa\s+upp)\s+(?:uppdragen|målen|måluppfyllelsen)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title and what stood around it.

    `text` is the naming sentence, `rest` the explanation that ran on behind it, `committees` the codes that were
    printed at its end (None where there were none), and the flags are what remarks beside it say.
    """

    text: str
    rest: str = ""
    committees: tuple[str, ...] | None = None
    carried_over: bool = False
    contributes: bool = False


def naming(text: str) -> Title:
    """A heading's or paragraph's naming sentence, with everything else told apart.

    >>> naming("Digitalisera arkivet. (kvarstår från tidigare år). Arbetet leds av kansliet.")
    Title(text='Digitalisera arkivet.', rest='Arbetet leds av kansliet.', committees=None, carried_over=True, ...)
    >>> naming("Utred nya linjer (MSN, TN)").committees
    ('MSN', 'TN')
    """
    text = without_footnotes(text)
    text, carried, contributes = without_remarks(text)
    text, committees = without_committees(text)
    title, rest = first_sentence(text)
    second, after = first_sentence(rest)
    if second and goes_on_naming(title, second):
        title, rest = f"{title} {second}", after
    if committees is None and not rest:
        title, committees = without_committees(title)
    return Title(title, rest, committees, carried, contributes)


def goes_on_naming(first: str, second: str) -> bool:
    """Whether a second sentence names work as the first does, rather than explaining it.

    >>> goes_on_naming("Utred lokalerna.", "Föreslå en plats."), goes_on_naming("Utred lokalerna.", "Arbetet pågår.")
    (True, False)
    """
    if commands(first) and commands(second):
        return True
    opening, again = first.split()[:2], second.split()[:2]
    return len(opening) == 2 and opening == again and " ska " in first and " ska " in second


def commands(text: str) -> bool:
    """Whether a text begins as work to be done does: with a verb ('Utred ...', 'Ta fram ...', 'Att utveckla ...').

    >>> commands("Utveckla samverkan"), commands("Kommunen växer")
    (True, False)
    """
    match = re.match(r"(?:\W|\d+[.)]?\s)*(?:[Aa]tt\s+)?([A-ZÅÄÖa-zåäö][a-zåäö]+)\b", text)
    if match is None:
        return False
    word = match[1].casefold()
    found = terms("verbs").match(word)
    if found is not None and (found.how == "exact" or word.endswith("a")):
        return True
    return bool(re.fullmatch(r"\w{2,}(?:era|ställa|ställ|föra|bättra)", word))


def orders(text: str) -> bool:
    """Whether a text gives work to a body, as decisions do ('Nämnden får i uppdrag att ...', 'Nämnden ska ...').

    >>> [orders(text) for text in ("Nämnden får i uppdrag att utreda taxan.", "KS ska städa.", "Barnen ska må bra.")]
    [True, True, False]
    """
    return commissions(text) or (
        re.match(rf"\W*(?:{_BODY}|{_SHORT_NAME})\s+(?:ska|skall)\s+[a-zåäö]+", text) is not None
        and not _REPORTS.search(text)
    )


def commissions(text: str) -> bool:
    """Whether a text says in so many words that a body is given work ('Nämnden får i uppdrag att ...').

    >>> commissions("KF 2022-11-24 § 112: Nämnden får i uppdrag att utreda taxan.")
    True
    """
    given = r"(?:får|ges)(?:\s+även|\s+också)?\s+i\s+uppdrag\b(?!\s+att\W*$)|uppdras\b"
    text = _DECISION.sub("", text, count=1)
    giving = rf"(?:ge|lämna)\s+(?:till\s+)?{_ANY_BODY}\s+i\s+uppdrag|uppdra\s+(?:åt|till)\s+{_ANY_BODY}"
    decided = rf"\W*(?:att\s+)?(?:{giving})\s+att\s+\w"
    return re.match(rf"\W*{_BODY}\s+(?:{given})", text) is not None or re.match(decided, text) is not None


def is_decision(text: str) -> bool:
    """Whether a text is nothing but the paragraph of a decision.

    >>> is_decision("KF 2022-11-24 § 112"), is_decision("Taxan höjs enligt § 4 i reglementet")
    (True, False)
    """
    return re.fullmatch(r"\W*[A-ZÅÄÖ][\w ]{0,30}\d{4}-\d\d-\d\d,?\s*§+\s*\d+\W*", text) is not None


def without_footnotes(text: str) -> str:
    """The text without raised digits, stars and digits stuck to its last word.

    >>> without_footnotes("NKI ¹ ."), without_footnotes("Öka beredskapen7."), without_footnotes("yta i m²")
    ('NKI.', 'Öka beredskapen.', 'yta i m²')
    """
    text = _BRACKETED_DIGIT.sub("", _SPACE_BEFORE_STOP.sub("", _FOOTNOTE.sub("", text)).strip())
    return _STARS.sub("", _STUCK_DIGITS.sub("", text.strip())).strip()


def without_remarks(text: str) -> tuple[str, bool, bool]:
    """The text without bracketed remarks on where the thing comes from, and what they say."""
    carried = contributes = False
    remarks = terms("remarks")

    def taken(match: re.Match[str]) -> str:
        nonlocal carried, contributes
        found = remarks.first(match[1], damaged=False)
        # A remark begins its bracket; a word deep inside is part of the title.
        if found is None or found.start > 12 or found.term == "unfinished":
            return match[0]
        carried |= found.term == "carried_over"
        contributes |= found.term == "contributes"
        return ""

    kept = _BRACKETS.sub(taken, text)
    return re.sub(r"(?<=[.!?])\s*\.", "", kept).strip(), carried, contributes


def without_committees(text: str) -> tuple[str, tuple[str, ...] | None]:
    """The text without the committee codes or names at its end, and these as codes; None where there are none."""
    for pattern in (_CODES_IN_BRACKETS, _CODES_AT_END):
        if match := pattern.search(text):
            return text[: match.start()].strip(), codes_in(match[1])
    if (match := _NAMES_IN_BRACKETS.search(text)) and (codes := committee_names(match[1])):
        return text[: match.start()].strip(), codes
    return text, None


def codes_in(text: str) -> tuple[str, ...]:
    """The committee codes that a list holds, as printed."""
    return tuple(re.findall(_CODE, text))


def committee_names(text: str) -> tuple[str, ...] | None:
    """The codes of the committees that a text names and of which it consists; None for any other text.

    >>> committee_names("Kommunstyrelsen, Tekniska nämnden"), committee_names("hela kommunen")
    (('KS', 'TN'), None)
    """
    known = terms("committees")
    codes: list[str] = []
    text = re.sub(r"^ansvarig\w*(?:\s+nämnd\w*)?\s*:\s*", "", text.strip(), flags=re.IGNORECASE)
    for part in re.split(r"\s*(?:,|;|/|\bsamt\b)\s*|(?<=n)\s+och\s+(?=[A-ZÅÄÖ])", text):
        if match := known.match(part):
            codes.append(match.term)
        elif re.fullmatch(_CODE, part) or (re.search(r"(?:nämnden|styrelsen)$", part) and len(part.split()) <= 5):
            codes.append(part)
        else:
            return None
    return tuple(codes) or None


def first_sentence(text: str) -> tuple[str, str]:
    """A text's first sentence and the rest; abbreviations and ordinals end no sentence."""
    for match in _SENTENCE_END.finditer(text):
        end = match.end()
        if _is_abbreviation(text[: match.start()]) or text.count("(", 0, end) > text.count(")", 0, end):
            continue
        while end < len(text) and text[end] in ')"”’':
            end += 1
        return text[:end].strip(), text[end:].strip()
    return text.strip(), ""


def _is_abbreviation(before: str) -> bool:
    word = re.search(r"([\w.:åäöÅÄÖ]+)$", before)
    if word is None:
        return False
    last = word[1].casefold()
    return last in ABBREVIATIONS or (last.rsplit(".", 1)[-1] in ABBREVIATIONS and "." in last) or len(last) == 1


def plain(text: str) -> str:
    """A cell's words: markup left over from the web and repeated spaces gone."""
    return re.sub(r"\s+", " ", re.sub(r"</?[a-zA-Z][^<>]*>", " ", text)).strip()


def key(title: str) -> str:
    """A title as it is compared: case, spaces, hyphenation, footnotes and final stops do not count."""
    text = fold(without_footnotes(title))
    text = re.sub(r"(?<=\w)-\s+(?=\w)|[–—−]", "-", text)
    return re.sub(r"[^\w%+\-/ ]", "", text).strip(" -")


def looks_like_heading(text: str, longest: int = 160) -> bool:
    """Whether a text has the shape of a heading: short, and no sentence's end."""
    return 0 < len(text) <= longest and not re.search(r"[.!?]$", text.strip())


def is_footnote(text: str) -> bool:
    """Whether a paragraph is a footnote: it begins with a raised digit, or with a star."""
    return bool(re.match(rf"\s*(?:[{RAISED}]|\*+(?=\w))", text))


def genitive_owner(text: str) -> str | None:
    """The body whose name stands in the genitive ('Socialnämndens' gives 'socialnämnden'); None for other words."""
    name = re.sub(r"\s+(?:eget|egna|egen|nya|nytt)$", "", text.strip(), flags=re.IGNORECASE)
    if not re.match(r"[A-ZÅÄÖ]", name) or len(name.split()) > 6:
        return None
    plain_name = re.sub(r":?s$", "", name)
    # 'Nämndens' owns what it owns in every municipality; it names no body.
    if terms("offices").match(plain_name):
        return None
    endings = any_of("offices", "ending")
    return plain_name.casefold() if re.search(rf"{endings}$", plain_name, re.IGNORECASE) else None
