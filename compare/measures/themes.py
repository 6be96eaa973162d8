"""What goals and assignments are about: policy areas, goals of the 2030 Agenda and functions of government.

Themes are assigned from the words of `vocabulary/themes.toml`: whole words in any inflection, and parts of words, since
Swedish builds compounds (the longest part wins: 'arbetsmiljö' is not about the environment). A text may have several
themes; their weights sum to 1. The words that decided are shown, so that a person can judge; what a person decides
goes into a table of overrides and wins. How far the words agree with a person is measured (`agreement`) and belongs in
every report that uses themes. A text without any known word has no theme: it is unknown, not 'other'.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from compare import vocabulary
from compare.contract import Tables
from compare.measures import topic_words
from compare.measures.alpha import alpha
from compare.measures.counting import brought, groups
from compare.measures.goal_structure import BY, goal_numbers, goals_and_parents, refuse_rings
from compare.measures.statistics import rate
from compare.measures.units import By, UnitRule, normalised, texts, units, whole, with_columns
from compare.problems import PlanError, Problem, ProblemsFound, told

SCHEMES = ("policy_areas", "sdg", "cofog")
COLUMNS = (
    *("record_id", "municipality_code", "year", "document_id", "office", "title", "scheme", "theme", "weight"),
    *("evidence", "basis", "unit_rule"),
)
_SPEAKING = (("assignments", "title"), ("indicators", "name"))


def assign(
    plans: Tables,
    scheme: str = "policy_areas",
    of: str = "goals",
    overrides: pd.DataFrame | None = None,
    below: bool = False,
    unit_rule: UnitRule = "stated_once",
) -> pd.DataFrame:
    """The themes of each goal (or assignment), a row per thing and theme.

    Columns: `record_id`, `municipality_code`, `year`, `document_id`, `office`, `title`, `scheme`, `theme`, `weight` (of
    a thing's themes they sum to 1), `evidence` (words found for the theme), `basis` {words, override; null without a
    theme}, `unit_rule`. A thing without a known word has one row with null theme and weight.

    `scheme`: `policy_areas`, `sdg` (number of the goal as text), `cofog` (code as text). Each different word counts
    once and in equal shares for the themes of its topic. With `below` the titles of subgoals, indicators and
    assignments under a goal speak for it too; without, its own title alone.

    `overrides` has a row per thing and theme that a person decided: `record_id`, `scheme`, `theme` and, if wanted,
    `weight` (else equal shares), `title` and `reason`. They replace what the words say. Raises `ProblemsFound` where
    one names an unknown thing, or where its `title` is not the thing's any more: a correction whose source has changed
    is to be looked at again; `PlanError` for an unknown scheme.
    """
    if scheme not in SCHEMES:
        raise PlanError(f"no scheme {scheme!r} of themes; use one of {', '.join(SCHEMES)}")
    things = units(plans, of, unit_rule)
    said = pd.DataFrame({"record_id": things["unit_id"], "text": things["title"]})
    if below and of == "goals":
        said = pd.concat([said, _said_below(plans, unit_rule)], ignore_index=True)
    found = _by_words(said, scheme)
    found["basis"] = texts(["words"] * len(found))
    if overrides is not None:
        decided = _decided(overrides, things, scheme)
        found = pd.concat([found[~found["record_id"].isin(decided["record_id"])], decided], ignore_index=True)
    named = things.drop(columns=["weight"]).rename(columns={"unit_id": "record_id"})
    result = named.merge(found, on="record_id", how="left")
    result["scheme"] = texts([scheme] * len(result))
    result["evidence"] = pd.Series([e if isinstance(e, list) else [] for e in result["evidence"]], dtype=object)
    result["unit_rule"] = texts([unit_rule] * len(result))
    return result[list(COLUMNS)].astype({"record_id": "str", "theme": "str", "weight": "float64", "basis": "str"})


def _said_below(plans: Tables, unit_rule: UnitRule) -> pd.DataFrame:
    """The titles of all goals, indicators and assignments under each goal: `record_id` of the goal, `text`."""
    nodes, parent = goals_and_parents(plans, unit_rule)
    refuse_rings(parent, nodes["unit_id"])
    tied = [(goal_numbers(plans, table, unit_rule), plans[table][column]) for table, column in _SPEAKING]
    at = np.concatenate([np.arange(len(nodes)), *(goal for goal, _ in tied)])
    text = pd.concat([nodes["title"], *(words for _, words in tied)], ignore_index=True)
    # A goal's own title is said by the goal itself; here it speaks for the goals above.
    attached = np.arange(len(at)) >= len(nodes)
    levels = [pd.DataFrame({"record_id": brought(nodes["unit_id"], at), "text": text})[attached & (at >= 0)]]
    while (at >= 0).any():
        at = np.where(at >= 0, parent[at], -1)
        levels.append(pd.DataFrame({"record_id": brought(nodes["unit_id"], at), "text": text})[at >= 0])
    return pd.concat(levels, ignore_index=True).dropna().drop_duplicates()


def _by_words(said: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """The themes of each record by the words of its texts: `record_id`, `theme`, `weight`, `evidence`."""
    codes, distinct = pd.factorize(said["text"])
    hits = topic_words.found(pd.Series(distinct, dtype="str"), "themes")
    record, records = pd.factorize(said["record_id"])
    said_word = groups(hits, ["topic", "word"], ordered=False)
    pairs = pd.DataFrame({"record": record, "text": codes}).drop_duplicates()
    pairs = pairs.merge(pd.DataFrame({"text": hits["text"], "hit": said_word.codes}), on="text")
    pairs = pairs[["record", "hit"]].drop_duplicates()
    rows = pairs.merge(said_word.keys.rename_axis("hit").reset_index().merge(_shares(scheme), on="topic"), on="hit")
    found = groups(rows, ["record", "theme"])
    result = pd.DataFrame({"record_id": texts(records[found.keys["record"]]), "theme": found.keys["theme"]})
    result = result.assign(weight=found.count(weights=rows["share"]), evidence=found.lists(rows["word"]))
    result["weight"] = result["weight"] / result.groupby("record_id")["weight"].transform("sum")
    result["evidence"] = result["evidence"].map(lambda words: sorted(set(words))).astype(object)
    return result


def _shares(scheme: str) -> pd.DataFrame:
    """How each topic counts to the themes of a scheme: `topic`, `theme`, `share`."""
    listed = vocabulary.terms("themes")
    rows = [
        (topic, theme, 1 / len(listed.fact(topic, scheme, [])))
        for topic in listed
        for theme in listed.fact(topic, scheme, [])
    ]
    return pd.DataFrame(rows, columns=["topic", "theme", "share"]).astype({"topic": "str", "theme": "str"})


def _decided(overrides: pd.DataFrame, things: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """The overrides of this scheme in the form of what words find."""
    rows = overrides[overrides["scheme"] == scheme].reset_index(drop=True)
    own = {row: unit for unit, ids in zip(things["unit_id"], things["rows"], strict=True) for row in ids}
    title = dict(zip(things["unit_id"], normalised(things["title"]), strict=True))
    unit = rows["record_id"].map(own)
    problems = _misfits(rows["record_id"], unit.isna(), told("no such record"), told("remove it"))
    if "title" in rows:
        expected = normalised(rows["title"])
        changed = unit.notna() & expected.notna() & (expected != unit.map(title))
        problems += _misfits(
            rows["title"],
            changed,
            told("the title has changed"),
            told("judge the new words and correct the override"),
        )
    if problems:
        raise ProblemsFound(told("theme overrides do not fit the plans"), problems)
    rows = rows.assign(record_id=unit.astype("str"))
    weight = rows["weight"].astype("float64") if "weight" in rows else pd.Series(1.0, index=rows.index)
    weight = weight.fillna(1.0)
    total = weight.groupby(rows["record_id"]).transform("sum")
    evidence = pd.Series([list[str]() for _ in rows.index], index=rows.index, dtype=object)
    return rows[["record_id", "theme"]].assign(weight=weight / total, evidence=evidence, basis="override")


def _misfits(values: pd.Series, wrong: pd.Series, what: str, action: str) -> list[Problem]:
    column = str(values.name)
    places = np.flatnonzero(wrong).tolist()
    return [Problem(what, "theme overrides", i + 1, column, str(values.iloc[i]), action=action) for i in places]


def shares(assigned: pd.DataFrame, plans: Tables, by: By = BY) -> pd.DataFrame:
    """How a group's goals (or assignments) are divided among themes.

    Columns: those of `by`, `theme`, `weight` (sum: the number of things, a thing with two themes half at each), `share`
    (of those that have a theme), `things` (that name the theme at all), `n` (things with any theme), `unassigned`
    (without), `record_ids`. A theme that does not occur has no row; a group in which nothing has a theme has none at
    all.
    """
    by = list(by)
    rows = with_columns(plans, assigned, by)
    known = rows[rows["theme"].notna()]
    found = groups(known, [*by, "theme"])
    result = found.keys.assign(weight=found.count(weights=known["weight"]) + 0.0, things=whole(found.count()))
    per_group = groups(rows, by)
    whole_group = per_group.keys.assign(
        n=whole(_different(rows, per_group.codes, rows["theme"].notna(), len(per_group.keys))),
        unassigned=whole(per_group.count(rows["theme"].isna())),
    )
    result = result.merge(whole_group, on=by, how="left") if by else result.merge(whole_group, how="cross")
    result["share"] = result["weight"] / result["n"].astype("float64")
    result["record_ids"] = found.lists(known["record_id"])
    return result[[*by, "theme", "weight", "share", "things", "n", "unassigned", "record_ids"]]


def _different(rows: pd.DataFrame, codes: np.ndarray, mask: pd.Series, size: int) -> np.ndarray:
    """Number of different things per group among the rows where the mask holds."""
    use = mask.to_numpy(bool)
    pairs = pd.DataFrame({"g": codes[use], "r": rows["record_id"].to_numpy()[use]}).drop_duplicates()
    return np.bincount(pairs["g"], minlength=size)


def agreement(assigned: pd.DataFrame, labels: pd.DataFrame, themes: Sequence[str] | None = None) -> pd.DataFrame:
    """How far the words agree with a person's labels: a row per theme, and one for all (`theme` null).

    `labels` has a row per thing and theme that a person gave it: `record_id`, `theme`. Compared are the things that
    have labels, and of each thing every theme of `themes` (default: all that either uses): named or not. Columns:
    `theme`, `units` (cells compared), `both`, `words_only`, `labels_only`, `neither`, `percent` = (both + neither) /
    units, `precision` = both / (both + words_only), `recall` = both / (both + labels_only), `f1`, `alpha`.

    `alpha` is Krippendorff's for two coders and nominal data, with its bootstrap interval `low`, `high`; null where
    only one value occurs (see `compare.measures.alpha`). At least .80 is good, .667 tentative; with few things it
    swings.
    """
    things = pd.Index(labels["record_id"].dropna().unique())
    said = assigned[assigned["record_id"].isin(things) & assigned["theme"].notna()]
    if themes is None:
        themes = sorted({*labels["theme"].dropna(), *said["theme"]})
    grid = pd.MultiIndex.from_product([things, themes], names=["record_id", "theme"])
    words = grid.isin(pd.MultiIndex.from_frame(said[["record_id", "theme"]]))
    person = grid.isin(pd.MultiIndex.from_frame(labels[["record_id", "theme"]].dropna()))
    cells = pd.DataFrame({"theme": grid.get_level_values("theme"), "w": words, "p": person})
    parts = [(None, cells), *((str(name), part) for name, part in cells.groupby("theme"))]
    return pd.DataFrame([_compared(name, part) for name, part in parts]).astype({"theme": "str"})


def _compared(theme: str | None, cells: pd.DataFrame) -> dict[str, object]:
    w, p = cells["w"].to_numpy(bool), cells["p"].to_numpy(bool)
    both, words_only, labels_only = int((w & p).sum()), int((w & ~p).sum()), int((~w & p).sum())
    found = alpha(np.stack([w, p]).astype(float))
    return {
        "theme": theme,
        "units": len(cells),
        "both": both,
        "words_only": words_only,
        "labels_only": labels_only,
        "neither": int((~w & ~p).sum()),
        "percent": float(rate((w == p).sum(), len(cells))),
        "precision": float(rate(both, both + words_only)),
        "recall": float(rate(both, both + labels_only)),
        "f1": float(rate(2 * both, 2 * both + words_only + labels_only)),
        "alpha": found.alpha,
        "low": found.low,
        "high": found.high,
    }
