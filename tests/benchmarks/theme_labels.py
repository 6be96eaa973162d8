"""How far the words that assign themes agree with a person's labels, as found and without words tuned on them.

    python tests/benchmarks/theme_labels.py [--write]

Nine goals of one municipality carry the policy areas that a person gave them: one primary each, and secondary ones
where the person read on into the plan. The word list was made with these goals in view, so the agreement is within the
sample. The second line is nearer to what a goal of another municipality meets: of each labelled goal only those words
count that also stand in some other text that was read (another labelled goal, or a title of another municipality's
plan), and phrases only where the whole phrase does. There are too few labels to keep a part of them aside. Prints
nothing but a reason where the labels are not there; with --write the figures go to data/reviewed/theme_agreement.csv,
from where the report on themes takes them.
"""

from __future__ import annotations

import json
import re
import sys
from itertools import pairwise
from pathlib import Path

import pandas as pd

import compare
from compare import vocabulary
from compare.contract import Tables, frame
from compare.measures import themes
from compare.reference import data_folder

COLUMNS = ["words", "labels", "goals", "both", "words_only", "labels_only", "alpha", "low", "high"]
LABELS = Path(__file__).resolve().parents[2].parent / "shared" / "gold" / "themes.jsonl"
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
APART = " xx "  # no word of any list; keeps two words from making a phrase


def labelled() -> list[dict[str, object]]:
    return [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]


def stems(text: str) -> list[str]:
    return [vocabulary.stem(word) for word in WORD.findall(text.lower())]


def other_texts(code: str) -> list[list[str]]:
    """The words of all titles of the shipped plans that are not of this municipality."""
    plans = compare.open(None)
    titles = [
        title
        for table, column in (("goals", "title"), ("assignments", "title"), ("indicators", "name"))
        for title in plans[table].loc[plans[table]["municipality_code"] != code, column].dropna()
    ]
    return [stems(str(title)) for title in titles]


def seen_elsewhere(text: str, others: list[list[str]]) -> str:
    """The words of a text that stand in another, side by side only where two that follow each other do so there too."""
    known = {stem for other in others for stem in other}
    pairs = {pair for other in others for pair in pairwise(other)}
    words = WORD.findall(text.lower())
    own = stems(text)
    kept = words[0] if words and own[0] in known else ""
    for word, stem, before in zip(words[1:], own[1:], own, strict=False):
        kept += (" " if (before, stem) in pairs else APART) + (word if stem in known else "")
    return kept


def agreement(texts: list[str], labels: list[list[str]]) -> pd.Series:
    document = {"document_id": "d", "municipality_code": "0000", "year": 2024}
    goals = [{**document, "goal_id": str(i), "title": text, "level": 1} for i, text in enumerate(texts)]
    plans = Tables(documents=frame("documents", [document]), goals=frame("goals", goals))
    said = [(str(i), area) for i, areas in enumerate(labels) for area in areas]
    table = pd.DataFrame(said, columns=["record_id", "theme"], dtype="str")
    return themes.agreement(themes.assign(plans), table).iloc[0]


def measured() -> pd.DataFrame:
    """A row per way of counting: `words`, `labels`, and the columns of `themes.agreement`."""
    rows = labelled()
    texts = [str(row["goal"]) for row in rows]
    primary = [[str(area).replace("&", "and") for area in row["policy_areas_primary"]] for row in rows]
    every = [
        [str(area).replace("&", "and") for area in (*row["policy_areas_primary"], *row["policy_areas_secondary"])]
        for row in rows
    ]
    elsewhere = other_texts("2380")
    held_out = [
        seen_elsewhere(text, [*elsewhere, *(stems(other) for other in texts if other != text)]) for text in texts
    ]
    found = [
        {"words": words, "labels": kind, **agreement(said, labels).to_dict()}
        for words, said in (("all", texts), ("elsewhere", held_out))
        for kind, labels in (("primary", primary), ("all", every))
    ]
    return pd.DataFrame(found).drop(columns="theme").assign(goals=len(rows))


def main() -> int:
    if not LABELS.exists():
        print(f"the labels are not there ({LABELS}); nothing to compare with")
        return 0
    found = measured()
    print(found.round(2).to_string(index=False))
    if "--write" in sys.argv:
        found[COLUMNS].round(3).to_csv(data_folder("reviewed") / "theme_agreement.csv", index=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
