"""Status sentences to standard statuses, legends of colours and symbols, and what a comment takes back.

The words are data (`vocabulary/statuses.toml`, `status_modifiers.toml`, `qualifications.toml`, `colours.toml`); the
rules here combine them: a word of status, a negation, a 'partly', a forecast. A word that is not in the vocabulary
gives None, so that the caller can say how to classify it; nothing is guessed. A colour or symbol means what the
document's own legend says, and nothing without one. Two negations in one status sentence give 'unknown'.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from compare.contract import FORECASTS, QUALIFICATIONS, STATUSES
from compare.vocabulary import Match, fold, stems, terms

Basis = Literal["outcome", "forecast"]

# A sentence of more words than this is a status sentence only if it names what it is about (uppdrag, mål ...).
WORDS_WITHOUT_SUBJECT = 6
# So many words may stand between that subject and the word of status.
WORDS_AFTER_SUBJECT = 8
# A share printed beside a word of completion ('75 % klart') is a status only in a text as short as this.
WORDS_BESIDE_A_SHARE = 4

_COMPLETION = ("completed", "partly_completed", "not_completed", "to_be_completed")
# The order in which the words of one clause decide; the first that says something in its context does.
_PRECEDENCE = (
    ("cancelled",),
    ("unknown",),
    ("at_risk",),
    _COMPLETION,
    ("not_started", "in_progress", "started", "to_be_started"),
)
_AS_FORECAST = {
    "completed": "expected",
    "partly_completed": "partly_expected",
    "not_completed": "not_expected",
}
_SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+")
_CLAUSES = re.compile(r"\s*(?:,?\s+(?:men|dock|medan|även om|trots att)\s+|[;\n])", re.IGNORECASE)
_SHARE = re.compile(r"(?<!\d)(\d{1,3})\s?(?:%|procent)")
_CHECKED, _UNCHECKED = "☒☑✅🗹✔✓", "☐□▢⬜"
_LATER_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_LATER = "{later}"
_FULFILLED = "Uppfyllt"
# 'God' answers the question of how far goals are attained, as 'god måluppfyllelse' does.
_ATTAINMENT = re.compile(r"uppfyllelse\b", re.IGNORECASE)
_ATTAINED = "måluppfyllelse"
LONGEST_DEGREE = 3
# A cell of more words tells more than a status.
LONGEST_ANSWER = 5


@dataclass(frozen=True, slots=True)
class Status:
    """A standard status, whether it tells what is (outcome) or what is expected (forecast), and the words that say so.

    `double_negation` tells that the sentence negates twice; its status is 'unknown' then.
    """

    status: str
    basis: Basis
    words: str = ""
    double_negation: bool = False


Legend = Mapping[str, Status]


def classify(
    sentence: str, *, question: str | None = None, legend: Legend | None = None, basis: Basis | None = None
) -> Status | None:
    """The status that a sentence or cell states; None where no known word states one.

    `question` is the header or label that a cell answers ('Uppfyllt' before 'Ja'); `legend` gives colours and symbols
    their meaning; `basis='forecast'` tells that the cell stands under a forecast, so that 'uppnås' is 'expected'.

    >>> classify("Uppdraget är inte genomfört under året.")
    Status(status='not_completed', basis='outcome', words='genomfört', double_negation=False)
    >>> classify("Målet bedöms bli delvis uppfyllt").status, classify("Ja", question="Uppfyllt").status
    ('partly_expected', 'completed')
    """
    text = _checked_option(sentence).strip()
    found = (
        _by_legend(text, legend or {})
        or _answer(text, question)
        or _alone(text)
        or _attained(text, question)
        or _degree(text, question)
        or next((s for part in _SENTENCES.split(text) if (s := _of_sentence(part))), None)
    )
    return _on(found, basis) if found and basis else found


def is_answer(text: str) -> bool:
    """Whether a cell holds a word, colour or symbol of status and nothing else.

    >>> is_answer("Uppnås delvis"), is_answer("🟢"), is_answer("Fler elever får stöd i tid"), is_answer("12 %")
    (True, True, False, False)
    """
    if re.search(r"\d", text) or len(text.split()) > LONGEST_ANSWER:
        return False
    if terms("colours").match(text) or (not re.search(r"\w", text) and any(map(_is_symbol, text))):
        return True
    found = classify(text)
    return found is not None and found.status != "unknown"


def _is_symbol(char: str) -> bool:
    return unicodedata.category(char).startswith("S") and char not in "<>=+±~^"


def foretells(question: str | None) -> bool:
    """Whether a header or label asks what is expected ('Prognos helår')."""
    return bool(question) and any(
        m.term == "forecast" for m in terms("status_modifiers").find(question or "", damaged=False)
    )


def legend(text: str) -> dict[str, Status]:
    """The colours, symbols and codes that a text defines as statuses; empty where it defines none.

    >>> {key: meant.status for key, meant in legend("Grön = uppnås, röd = uppnås ej").items()}
    {'green': 'completed', 'red': 'not_completed'}
    """
    found: dict[str, Status] = {}
    for key, meaning in _definitions(text):
        status = classify(meaning)
        if status:
            found.setdefault(symbol_key(key), status)
    return found if len(found) > 1 else {}


def symbol_key(text: str) -> str:
    """The key under which a legend holds a colour, symbol or code."""
    colour = terms("colours").match(text)
    return colour.term if colour else fold(text).strip(" .:=()")


def qualify(comment: str | None, status: str, year: int | None = None) -> list[str]:
    """How a comment limits or contradicts the status it stands beside, in the order of the contract's codes.

    `year` is the year of the status: a later one that the comment names is the next year's work.

    >>> qualify("Arbetet fortsätter under 2023 på grund av resursbrist.", "completed", 2022)
    ['limited_by_resources', 'continues_next_year']
    """
    if not comment or status not in STATUSES:
        return []
    found = {
        name
        for sentence in _SENTENCES.split(comment)
        for name, phrases in _qualifying().items()
        if status in terms("qualifications").fact(name, "statuses", ())
        and any(_says_all(sentence, phrase, year) for phrase in phrases)
    }
    return [name for name in QUALIFICATIONS if name in found]


def _on(status: Status, basis: Basis) -> Status:
    """The status as told of what is expected, or of what is."""
    if basis == "forecast":
        return replace(status, status=_AS_FORECAST.get(status.status, status.status), basis=basis)
    back = {forecast: outcome for outcome, forecast in _AS_FORECAST.items()}
    return replace(status, status=back.get(status.status, status.status), basis=basis)


def _by_legend(text: str, known: Legend) -> Status | None:
    if not known or not text:
        return None
    whole = known.get(symbol_key(text))
    if whole:
        return replace(whole, words=text)
    met = {key for char in text if unicodedata.category(char).startswith("S") and (key := symbol_key(char)) in known}
    return replace(known[met.pop()], words=text) if len(met) == 1 else None


@cache
def _alone_words() -> dict[str, str]:
    statuses = terms("statuses")
    return {fold(word): name for name in statuses for word in statuses.fact(name, "alone", ())}


def _alone(text: str) -> Status | None:
    status = _alone_words().get(fold(text).strip(" .:!"))
    return Status(status, "outcome", text) if status else None


def _answer(text: str, question: str | None) -> Status | None:
    """The status of 'Ja', 'Nej' or 'Delvis' as the answer to a header such as 'Uppfyllt'."""
    words = fold(text).strip(" .!").split()
    if not question or not words or len(words) > 3:
        return None
    modifiers = {match.term for match in terms("status_modifiers").find(text, damaged=False)}
    if not modifiers & {"yes", "no", "partly"}:
        return None
    status = _of_sentence(f"{question.strip(' ?:')} {text}")
    heads = terms("table_headers").first(question, damaged=False)
    if status is None and heads is not None and heads.term == "status":
        # 'Måluppfyllelse' holds no word of status itself; a yes to it is a yes to 'uppfyllt'.
        status = _of_sentence(f"{_FULFILLED} {text}")
    return replace(status, words=text) if status else None


def _attained(text: str, question: str | None) -> Status | None:
    """The status of a degree alone below a header that asks for it: 'God' below 'Måluppfyllelse'."""
    if not question or not _ATTAINMENT.search(question) or len(text.split()) > LONGEST_DEGREE:
        return None
    found = classify(f"{text.strip(' .')} {_ATTAINED}")
    return replace(found, words=text) if found else None


def _degree(text: str, question: str | None) -> Status | None:
    """The status of a share alone below a header: how far work has come, or how much of a goal is reached."""
    match = re.fullmatch(r"(\d{1,3})\s?(?:%|procent)", text)
    if not question or match is None or int(match[1]) > 100:
        return None
    of_goal = re.search(r"uppfyll|uppnå|\bmål", question, re.IGNORECASE)
    part, none = ("partly_completed", "not_completed") if of_goal else ("in_progress", "not_started")
    return Status({100: "completed", 0: none}.get(int(match[1]), part), "outcome", text)


def _checked_option(text: str) -> str:
    """The option whose box is ticked, where a cell shows all of them ('☒ Ja ☐ Nej'); else the text."""
    boxes = [i for i, char in enumerate(text) if char in _CHECKED + _UNCHECKED]
    ticked = [i for i in boxes if text[i] in _CHECKED]
    if len(boxes) < 2 or len(ticked) != 1:
        return text
    if text[: boxes[0]].strip():
        before = [i for i in boxes if i < ticked[0]]
        return text[before[-1] + 1 if before else 0 : ticked[0]].strip()
    after = [i for i in boxes if i > ticked[0]]
    return text[ticked[0] + 1 : after[0] if after else len(text)].strip()


def _of_sentence(sentence: str) -> Status | None:
    words = re.findall(r"[^\W\d_]+", sentence)
    modifiers = terms("status_modifiers").find(sentence, damaged=False)
    clauses = [clause for clause in _CLAUSES.split(sentence) if clause and clause.strip()]
    status = next((s for clause in clauses if (s := _of_clause(clause))), None)
    if status is None or not _is_about(sentence, status, words, modifiers):
        return None
    return _with_reservation(status, clauses) if len(clauses) > 1 else status


def _is_about(sentence: str, status: Status, words: Sequence[str], modifiers: Sequence[Match]) -> bool:
    """Whether a sentence tells how its subject stands: it is short, or names the subject shortly before the status."""
    if len(words) <= WORDS_WITHOUT_SUBJECT:
        return True
    place = sentence.find(status.words) if status.words else len(sentence)
    between = [len(re.findall(r"[^\W\d_]+", sentence[m.end : place])) for m in _subjects(modifiers) if m.start < place]
    return bool(between) and min(between) <= WORDS_AFTER_SUBJECT


def _subjects(modifiers: Sequence[Match]) -> list[Match]:
    return [match for match in modifiers if match.term == "subject"]


def _with_reservation(status: Status, clauses: Sequence[str]) -> Status:
    """A later clause 'men inte fullt ut' makes a full status a partial one, 'men på rätt väg' a failure progress."""
    for clause in clauses[1:]:
        modifiers = {match.term for match in terms("status_modifiers").find(clause, damaged=False)}
        later = _of_clause(clause)
        if "partly" in modifiers and status.status in ("completed", "expected"):
            partly = "partly_completed" if status.status == "completed" else "partly_expected"
            return replace(status, status=partly)
        if status.status == "not_completed" and later and later.status == "in_progress":
            return later
    return status


def _of_clause(clause: str) -> Status | None:
    statuses = terms("statuses")
    cores = statuses.find(clause)
    if not cores:
        return _partly_alone(clause)
    modifiers = _modifiers(clause, cores)
    if status := _by_share(clause, cores):
        return status
    for group in _PRECEDENCE:
        for core in cores:
            status = _combined(clause, core, modifiers) if core.term in group else None
            if status and not _said_before(status, clause, cores[: cores.index(core)], modifiers):
                return _progress_after_all(status, cores, clause)
    return None


def _said_before(status: Status, clause: str, earlier: Sequence[Match], modifiers: Sequence[Match]) -> bool:
    """Whether doubt comes after completion in its clause: 'klar, med avvikelse' is completed."""
    if status.status not in ("unknown", "at_risk") or status.double_negation:
        return False
    completions = [core for core in earlier if core.term in _COMPLETION]
    said = [s.status for core in completions if (s := _combined(clause, core, modifiers))]
    return bool(said) if status.status == "unknown" else "completed" in said


def _progress_after_all(status: Status, cores: Sequence[Match], clause: str) -> Status:
    """'Inte uppnått, på rätt väg' and 'ej klart, pågår' are in progress."""
    going_on = [core for core in cores if core.term in ("in_progress", "started")]
    if status.status == "not_completed" and going_on:
        return replace(status, status="in_progress", words=clause[going_on[0].start : going_on[0].end])
    return status


def _partly_alone(clause: str) -> Status | None:
    """'Målet: delvis' without a word of completion."""
    modifiers = {match.term for match in terms("status_modifiers").find(clause, damaged=False)}
    if "partly" not in modifiers or len(clause.split()) > WORDS_WITHOUT_SUBJECT:
        return None
    is_forecast = "forecast" in modifiers
    return Status("partly_expected" if is_forecast else "partly_completed", "forecast" if is_forecast else "outcome")


def _modifiers(clause: str, cores: Sequence[Match]) -> list[Match]:
    """The modifiers of a clause that are not themselves part of a word of status ('ej påbörjad')."""
    found = terms("status_modifiers").find(clause, damaged=False)
    return [m for m in found if m.term == "partly" or all(m.end <= c.start or m.start >= c.end for c in cores)]


def _by_share(clause: str, cores: Sequence[Match]) -> Status | None:
    match = _SHARE.search(clause)
    if not match or len(re.findall(r"[^\W\d_]+", clause)) > WORDS_BESIDE_A_SHARE:
        return None
    if not any(core.term in ("completed", "started", "in_progress") for core in cores):
        return None
    share = int(match[1])
    status = "completed" if share == 100 else "not_started" if share == 0 else "in_progress"
    return Status(status, "outcome", clause.strip()) if share <= 100 else None


def _combined(clause: str, core: Match, modifiers: Sequence[Match]) -> Status | None:
    """What a word of status means with the negations, degrees and forecasts around it."""
    kinds = [match.term for match in modifiers]
    negations = sum(m.term == "negation" and _negates(clause, m, core) for m in modifiers) or kinds.count("no")
    words = clause[core.start : core.end]
    is_forecast = _is_forecast(kinds, core, words)
    if "intended" in kinds and core.term in _COMPLETION and not is_forecast:
        return None
    if negations > 1:
        return Status("unknown", "forecast" if is_forecast else "outcome", words, double_negation=True)
    fact = _fact_name(core.term, kinds, forecast=is_forecast, negated=negations == 1)
    plain = core.term if core.term in STATUSES else None
    status = terms("statuses").fact(core.term, fact, plain if fact == "plain" else None)
    if status is None:
        return None
    return Status(status, "forecast" if status in FORECASTS else "outcome", words)


def _negates(clause: str, negation: Match, core: Match) -> bool:
    """Completion is negated from anywhere in its clause ('nås i år inte'), other words from before or next to them."""
    after = negation.start >= core.end and bool(clause[core.end : negation.start].strip())
    return not after or core.term in ("completed", "partly_completed", "to_be_completed")


def _fact_name(term: str, kinds: Sequence[str], *, forecast: bool, negated: bool) -> str:
    statuses = terms("statuses")
    is_partly = "partly" in kinds and statuses.fact(term, "forecast_partly" if forecast else "partly")
    if forecast:
        if is_partly:
            return "forecast_partly"
        return "forecast_negated" if negated and statuses.fact(term, "forecast_negated") else "forecast"
    if is_partly:
        return "partly"
    if negated:
        return "negated"
    planned = "planned" in kinds or "intended" in kinds
    return "planned" if planned and term in ("completed", "to_be_completed", "started") else "plain"


def _is_forecast(kinds: Sequence[str], core: Match, words: str) -> bool:
    """Whether a clause tells what is expected: 'beräknas', or 'bedöms' with 'bli', an infinitive or a passive."""
    if "forecast" in kinds:
        return True
    if "assessment" not in kinds or core.term in ("at_risk", "in_progress", "cancelled", "unknown"):
        return False
    return "becoming" in kinds or core.term == "to_be_completed" or words.casefold().endswith("s")


def _definitions(text: str) -> Iterator[tuple[str, str]]:
    """The pairs of a key (colour, symbol, code) and its meaning in a text that looks like a legend."""
    key = _key_pattern()
    verb = r"\bär\b|\bbetyder\b|\binnebär\b|\bstår för\b|\bvisar\b|\bsignalerar\b|\bindikerar\b|\bmarkerar\b"
    # 'Grön cirkel betyder ...': one word may stand between the colour and the sign.
    sign = rf"(?:\s+[a-zåäö]+(?=\s*(?:=|:|{verb})))?\s*(?:=|:|–|−|-|{verb})\s*"
    code = r"(?P<code>(?-i:\b[A-ZÅÄÖ]|\b\d))\s*[=:]\s*"
    symbol = r"(?P<symbol>[\u2190-\u2bff\U0001f300-\U0001faff])\s*"
    either = rf"(?:(?P<key>{key}){sign}|{code}|{symbol})"
    starts = list(re.finditer(either, text, re.IGNORECASE))
    for index, match in enumerate(starts):
        until = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        meaning = re.split(r"[\n|;]|\.\s|\.$", text[match.end() : until], maxsplit=1)[0].strip(" ,(")
        yield match["key"] or match["code"] or match["symbol"], meaning
    for match in re.finditer(rf"(?P<meaning>[^,;.()\n]+)\((?P<key>{key})\)", text, re.IGNORECASE):
        yield match["key"], match["meaning"].strip()


@cache
def _key_pattern() -> str:
    words = sorted((v for t in terms("colours").terms.values() for v in t.variants), key=len, reverse=True)
    return "|".join(rf"\b{re.escape(w)}\b" if w.isalpha() else re.escape(w) for w in words)


@cache
def _qualifying() -> dict[str, list[list[str]]]:
    """The phrases of each qualification, each as the parts that must stand in one sentence."""
    vocabulary = terms("qualifications")
    return {
        name: [[part.strip() for part in variant.split("+")] for variant in vocabulary.variants(name)]
        for name in vocabulary
        if name in QUALIFICATIONS
    }


def _says_all(sentence: str, parts: Sequence[str], year: int | None) -> bool:
    return all(_names_later_time(sentence, year) if part == _LATER else _says(sentence, part) for part in parts)


def _says(sentence: str, phrase: str) -> bool:
    """Whether a sentence contains a phrase, word for word, inflection aside."""
    have, want = stems(sentence), stems(phrase)
    return any(have[i : i + len(want)] == want for i in range(len(have) - len(want) + 1))


def _names_later_time(sentence: str, year: int | None) -> bool:
    if any(_says(sentence, phrase) for phrase in terms("qualifications").variants("later")):
        return True
    return year is not None and any(int(match[1]) > year for match in _LATER_YEAR.finditer(sentence))
