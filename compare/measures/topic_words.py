"""Which topics of a word list a text names: phrases, words in any inflection, and parts of compounds.

For lists whose terms have `variants` (words and phrases) and `stems` (parts of words, since Swedish builds compounds):
themes of goals (`vocabulary/themes.toml`) and what units of a budget do (`vocabulary/service_areas.toml`). What stands
in a list's `ignored` looks like one of its words and is none ('miljöer' are surroundings, not the environment).
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pandas as pd

from compare import vocabulary

SHORT_PART = 5  # a shorter part of a word counts only at the word's beginning ('elev' is not in 'relevant')
# No inflection changes a word by more letters; a stem may ('fast' is not 'fastigheter', whose stem it is).
LONGEST_ENDING = 5
_DEFINITE = re.compile(r"(?<=\w{3}a)ns?$")
_WORD = r"[^\W\d_]+(?:-[^\W\d_]+)*"


def found(titles: pd.Series, listed: str) -> pd.DataFrame:
    """The topics of the list that each text names: `text` (its position), `topic`, `word` (as it stands, lower case).

    Phrases first, whole words next, parts of words last (the longest wins, so that 'arbetsmiljö' is not about the
    environment); a word that is taken counts for nothing further.

    >>> texts = pd.Series(["Minska utsläppen", "En god arbetsmiljö", "Trygga miljöer"])
    >>> found(texts, "themes")[["topic", "word"]].to_numpy().tolist()
    [['climate', 'utsläppen'], ['employer', 'arbetsmiljö'], ['safety', 'trygga']]
    """
    lexicon = _lexicon(listed)
    words = pd.Series(range(len(titles))).to_frame("text")
    words["word"] = titles.str.lower().str.findall(_WORD).to_numpy()
    words = words.explode("word").dropna(subset="word").reset_index(drop=True)
    codes, distinct = pd.factorize(words["word"])
    stems = np.array([vocabulary.stem(w) for w in distinct], dtype=object)
    stem_codes, stem_names = pd.factorize(stems)
    of_word = stem_codes[codes] if len(codes) else codes
    taken, parts = _phrase_hits(words, of_word, pd.Index(stem_names), lexicon)
    named = [lexicon.topics(str(word), str(stem)) for word, stem in zip(distinct, stems, strict=True)]
    of_code = pd.Series(named, dtype=object).explode().dropna().rename("topic").rename_axis("code").reset_index()
    free = words.assign(code=codes, place=words.index)[~taken].merge(of_code, on="code")
    parts.append(free.set_index("place").rename_axis(None))
    hits = pd.concat(parts).sort_index(kind="stable")[["text", "topic", "word"]]
    return hits.drop_duplicates().astype({"text": "int64", "topic": "str", "word": "str"}).reset_index(drop=True)


class _Lexicon:
    """A word list in the forms that finding needs."""

    def __init__(self, name: str) -> None:
        listed = vocabulary.terms(name)
        self.words: dict[str, list[tuple[str, str]]] = {}
        phrases: list[tuple[tuple[str, ...], str]] = []
        self.parts: dict[str, str] = {}
        self.ignored = frozenset(word.lower() for word in listed.ignored)
        for topic in listed:
            for variant in listed.variants(topic):
                words = re.findall(_WORD, variant.lower())
                stems = tuple(vocabulary.stem(w) for w in words)
                if len(stems) == 1:
                    self.words.setdefault(stems[0], []).append((words[0], topic))
                else:
                    phrases.append((stems, topic))
            self.parts.update(dict.fromkeys(listed.fact(topic, "stems", []), topic))
        self.phrases = sorted(phrases, key=lambda phrase: -len(phrase[0]))
        longest_first = sorted(self.parts, key=len, reverse=True)
        inside = [re.escape(p) if len(p) >= SHORT_PART else r"\b" + re.escape(p) for p in longest_first]
        self.pattern = re.compile("|".join(inside))

    def topics(self, word: str, stem: str) -> list[str]:
        """The topics of one word: of the listed word whose inflection it is, else of the parts in it."""
        if word in self.ignored:
            return []
        # The stemmer keeps the definite form of words in -a: 'skolan' is 'skola' with an n.
        bare = vocabulary.stem(_DEFINITE.sub("", word)) if _DEFINITE.search(word) else stem
        for listed, topic in [*self.words.get(stem, []), *self.words.get(bare, [])]:
            if abs(len(listed) - len(word)) <= LONGEST_ENDING:
                return [topic]
        return list(dict.fromkeys(self.parts[part] for part in self.pattern.findall(word)))


@cache
def _lexicon(name: str) -> _Lexicon:
    return _Lexicon(name)


def _phrase_hits(
    words: pd.DataFrame, stems: np.ndarray, names: pd.Index, lexicon: _Lexicon
) -> tuple[np.ndarray, list[pd.DataFrame]]:
    """Where phrases stand: the words they take, and the hits."""
    taken, hits = np.zeros(len(words), bool), []
    text = words["text"].to_numpy()
    for phrase, topic in lexicon.phrases:
        wanted = names.get_indexer(pd.Index(phrase, dtype=object))
        size = len(phrase)
        if (wanted < 0).any() or len(words) < size:
            continue
        last = len(words) - size + 1
        at = text[:last] == text[size - 1 :]
        for step, code in enumerate(wanted):
            at &= (stems[step : last + step] == code) & ~taken[step : last + step]
        starts = np.flatnonzero(at)
        for step in range(size):
            taken[starts + step] = True
        said = [" ".join(words["word"].iloc[s : s + size]) for s in starts]
        hits.append(pd.DataFrame({"text": text[starts], "topic": topic, "word": said}, index=starts))
    return taken, hits
