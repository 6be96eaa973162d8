"""How far goals and indicators are put so that one can tell, afterwards, whether they were reached.

Of the five letters of SMART four can be seen in a plan; R (relevant or realistic) cannot be coded from text and is left
out. A person must judge samples before the coding is relied on: the agreement per component belongs in the report.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pandas as pd

from compare import vocabulary
from compare.contract import Tables
from compare.measures.counting import groups, positions
from compare.measures.goal_structure import (
    BY,
    goal_numbers,
    goals_with_attachments,
    judged_targets,
    printed_targets,
    rates,
)
from compare.measures.units import By, UnitRule, flags, texts, unit_numbers, units, whole, with_columns

COMPONENTS = ("specific", "measurable", "achievable", "time_bound")
_YEAR = r"\b(?:19|20)\d\d\b"
_NUMBER = r"\d"


def goals(plans: Tables, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """The four components for each goal, and their mean.

    Columns: `goal_id`, `municipality_code`, `year`, `document_id`, `level`, `level_term`, `office`, `title`, and true
    or false: `specific` (the words say where to go or how far: a direction such as 'öka', a limit such as 'minst', or a
    number), `measurable` (a number that is no year, or an indicator on the goal itself), `achievable` (an indicator on
    it has a numeric target and an earlier outcome, so that the step asked for can be judged; not that it can be taken),
    `time_bound` (a year in the words, or a target with a year); `score` = (S + M + A + T) / 4; `evidence` (the words
    and numbers found), `unit_rule`. Words: `vocabulary/directions.toml` and `comparisons.toml`.

    `measurable`, `achievable` and `time_bound` are null where the words do not give them and the
    documents of the municipality and year tie no indicator to any goal; then `score` is null too.
    """
    nodes = goals_with_attachments(plans, unit_rule)
    words = _in_words(nodes["title"])
    goal = goal_numbers(plans, "indicators", unit_rule)
    targets = printed_targets(plans)
    unread = nodes["indicators"].isna()
    has = {
        "measurable": (nodes["indicators"] > 0).fillna(False).to_numpy(bool),
        "achievable": _with_any(plans, goal, judged_targets(plans), len(nodes)),
        "time_bound": _with_any(plans, goal, targets[targets["year"].notna()], len(nodes)),
    }
    nothing = pd.Series(False, index=nodes.index)
    by_words = {"measurable": words["number"], "achievable": nothing, "time_bound": words["year"]}
    result = nodes.assign(specific=flags(words["direction"] | words["number"]))
    for name, attached in has.items():
        found = attached | by_words[name]
        result[name] = pd.Series(flags(found), index=nodes.index).mask(~found & unread)
    result = result.assign(score=_score(result), evidence=words["evidence"])
    columns = ["goal_id", "municipality_code", "year", "document_id", "level", "level_term", "office", "title"]
    return result[[*columns, *COMPONENTS, "score", "evidence", "unit_rule"]]


def indicators(plans: Tables, unit_rule: UnitRule = "stated_once") -> pd.DataFrame:
    """The four components for each indicator, and their mean; columns as `goals`, with `indicator_id` and `name`.

    `specific` (the name or a target's words say a direction or a limit), `measurable` (it has a unit or a numeric
    value), `achievable` (a numeric target and an earlier outcome), `time_bound` (a target with a year). All are known:
    what an indicator lacks in the document it stands in, it lacks there.
    """
    rows = units(plans, "indicators", unit_rule)
    number = unit_numbers(plans, "indicators", unit_rule)
    values, targets = plans.indicator_values, printed_targets(plans)

    directed = targets[_in_words(targets["text"])["direction"].to_numpy(bool)]
    words = _in_words(rows["name"])
    result = rows.assign(
        indicator_id=rows["unit_id"],
        specific=flags(words["direction"].to_numpy(bool) | _with_any(plans, number, directed, len(rows))),
        measurable=flags(
            rows["unit"].notna().to_numpy() | _with_any(plans, number, values[values["value"].notna()], len(rows))
        ),
        achievable=flags(_with_any(plans, number, judged_targets(plans), len(rows))),
        time_bound=flags(_with_any(plans, number, targets[targets["year"].notna()], len(rows))),
        evidence=words["evidence"],
        unit_rule=texts([unit_rule] * len(rows)),
    )
    result["score"] = _score(result)
    columns = ["indicator_id", "goal_id", "municipality_code", "year", "document_id", "office", "name"]
    return result[[*columns, *COMPONENTS, "score", "evidence", "unit_rule"]]


def summary(coded: pd.DataFrame, plans: Tables, by: By = BY) -> pd.DataFrame:
    """Share of goals or indicators with each component, and their mean score.

    `coded` is the result of `goals` or `indicators`. Five rows per group: `component` = specific, measurable,
    achievable, time_bound, score. Columns otherwise as for all rates; for `score` the rate is the mean of the known
    scores and `low`, `high` and the bounds are null. `record_ids` are those that have the component, all scored ones
    for `score`.
    """
    key = str(coded.columns[0])
    rows = with_columns(plans, coded, by)
    rule = str(rows["unit_rule"].iloc[0]) if len(rows) else "stated_once"
    parts = [rates(rows, by, name, key, rule).assign(component=name) for name in COMPONENTS]
    score = rates(rows.assign(scored=rows["score"].notna()), by, "scored", key, rule)
    found = groups(rows, by)
    total = found.count(weights=rows["score"].fillna(0))
    number = score["count"].astype("float64")
    score["rate"] = total / number.where(number > 0)
    score["n"], score["unknown"] = score["count"], score["n"] - score["count"]
    score["count"] = whole([None] * len(score))
    score[["low", "high", "bound_low", "bound_high"]] = np.nan
    result = pd.concat([*parts, score.assign(component="score")], ignore_index=True).astype({"component": "str"})
    return result[[*by, "component", *(name for name in result if name not in by and name != "component")]]


def _with_any(plans: Tables, number: np.ndarray, values: pd.DataFrame, size: int) -> np.ndarray:
    """Which of the things (goals or indicators) that indicators have as `number` have any of these values."""
    has = (positions(plans.indicators["indicator_id"], values["indicator_id"]) >= 0) & (number >= 0)
    return np.bincount(number[has], minlength=size) > 0


def _score(rows: pd.DataFrame) -> pd.Series:
    return rows[list(COMPONENTS)].astype("float64").mean(axis=1, skipna=False)


def _in_words(titles: pd.Series) -> pd.DataFrame:
    """For each text whether it holds a year, another number, a word of direction or limit, and which ones."""
    codes, distinct = pd.factorize(titles, use_na_sentinel=True)
    plain = pd.Series(distinct, dtype="str").str.lower()
    years: list[list[str]] = plain.str.findall(_YEAR).tolist()
    bare = plain.str.replace(_YEAR, " ", regex=True)
    numbers: list[list[str]] = bare.str.findall(r"\d+(?:[.,]\d+| \d{3}\b)*(?: ?%| procent\w*)?").tolist()
    pieces = bare.str.findall(r"[^\W\d_]+|[<>≤≥]").explode().dropna()
    stems = pieces.map({word: vocabulary.stem(str(word)) for word in pieces.unique()})
    hits = pieces[stems.isin(_single_words())]
    directed: list[list[str]] = [[] for _ in plain]
    for at, word in hits.items():
        directed[int(str(at))].append(str(word))
    phrases = plain.str.findall(_phrases()).tolist()
    rows = []
    for i in range(len(plain)):
        words, year, number = directed[i], years[i], [n.strip() for n in numbers[i]]
        rows.append((bool(year), bool(number), bool(words or phrases[i]), [*words, *phrases[i], *number, *year]))
    rows.append((False, False, False, []))  # a missing text has code -1
    picked = [rows[code] for code in codes]
    frame = pd.DataFrame(picked, columns=["year", "number", "direction", "evidence"], index=titles.index)
    return frame.astype({"year": bool, "number": bool, "direction": bool, "evidence": object})


@cache
def _variants() -> tuple[str, ...]:
    limits = ("at_least", "more_than", "at_most", "less_than", "top")
    directions, comparisons = vocabulary.terms("directions"), vocabulary.terms("comparisons")
    listed = [v for term in directions for v in directions.variants(term)]
    listed += [v for term in limits for v in comparisons.variants(term)]
    # Prepositions ('över', 'under') limit a number only beside one, which counts by itself.
    return tuple(v.lower() for v in listed if v not in ("över", "under"))


@cache
def _single_words() -> frozenset[str]:
    return frozenset(vocabulary.stem(v) for v in _variants() if " " not in v)


@cache
def _phrases() -> str:
    phrases = sorted((v for v in _variants() if " " in v), key=len, reverse=True)
    return r"(?<!\w)(?:" + "|".join(map(re.escape, phrases)) + r")(?!\w)"
