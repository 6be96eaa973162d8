"""What becomes of goals from one plan to the next: kept, reworded, dropped, new.

A goal is followed by a tie that somebody or something has recorded (`links`), by equal words, else by likeness of
wording, each old goal to one new goal. Plans are compared within one series: the same municipality, sort of document
and board. Elections (every fourth year: 2014, 2018, 2022, 2026) bring new majorities and with them new goals.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from compare.contract import Tables
from compare.measures.counting import groups
from compare.measures.similarity import matches
from compare.measures.units import By, flags, normalised, texts, units, whole, with_columns

ALIKE = 0.75
ELECTION = 2  # years E with E % 4 == 2 are those of municipal elections (since 1994)
SERIES = ("municipality_code", "kind", "board")
_TIES = ("same_goal", "continues")


def goal_changes(plans: Tables, threshold: float = ALIKE) -> pd.DataFrame:
    """What became of each goal from a plan to the next of its series: a row per goal kept, reworded, dropped or new.

    Columns: `municipality_code`, `kind`, `board`, `from_year`, `year`, `change` {kept, reworded, dropped, new},
    `from_id`, `to_id`, `from_title`, `title`, `level`, `score` (likeness of the words, 0 to 1), `method` {link, words,
    likeness; null for dropped and new}. `kept`: equal words (case, punctuation and spacing aside); `reworded`: tied by
    a link, or alike by a token sort ratio (rapidfuzz) of at least `threshold`, matched one to one with the largest sum
    (Hungarian). Only consecutive plans that were read are compared; `year` - `from_year` tells how far apart they are.
    A goal said quite anew counts as dropped and new: `churn` is an upper bound.
    """
    goals = with_columns(plans, units(plans, "goals", "per_document"), SERIES)
    goals = goals[goals["title"].notna()].reset_index(drop=True)
    goals = goals.assign(words=normalised(goals["title"]), series=groups(goals, SERIES).codes)
    goals["nth"] = goals.groupby(["series", "year", "words"], sort=False).cumcount()
    steps = _steps(goals)
    old = goals.merge(steps, left_on=["series", "year"], right_on=["series", "from_year"], suffixes=("_plan", ""))
    new = goals.merge(steps, on=["series", "year"])
    pairs = _first_of_each([_by_links(plans, old, new), _by_words(old, new)])
    left_old = _unmatched(old, pairs[["step", "from_id"]])
    left_new = _unmatched(new, pairs[["step", "to_id"]])
    pairs = pd.concat([pairs, _by_likeness(left_old, left_new, threshold)], ignore_index=True)
    return _described(pairs, old, new)


def _steps(goals: pd.DataFrame) -> pd.DataFrame:
    """The consecutive plan years of each series: `series`, `from_year`, `year`, `step`."""
    years = goals[["series", "year"]].drop_duplicates().sort_values(["series", "year"])
    years["from_year"] = years.groupby("series")["year"].shift()
    years = years[years["from_year"].notna()].reset_index(drop=True)
    return years.assign(step=range(len(years)))


def _by_links(plans: Tables, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    links = plans.links
    links = links[links["relation"].isin(_TIES) & (links["from_table"] == "goals") & (links["to_table"] == "goals")]
    ends = links[["from_id", "to_id"]]
    both = pd.concat([ends, ends.set_axis(["to_id", "from_id"], axis=1)]).drop_duplicates()
    left = old[["goal_id", "step"]].set_axis(["from_id", "step"], axis=1)
    right = new[["goal_id", "step"]].set_axis(["to_id", "step"], axis=1)
    found = both.merge(left, on="from_id").merge(right, on=["to_id", "step"])
    return found[["step", "from_id", "to_id"]].assign(method=texts(["link"] * len(found)))


def _by_words(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    key = ["step", "words", "nth"]
    found = old[[*key, "goal_id"]].merge(new[[*key, "goal_id"]], on=key, suffixes=("_old", "_new"))
    found = found.rename(columns={"goal_id_old": "from_id", "goal_id_new": "to_id"})
    return found[["step", "from_id", "to_id"]].assign(method=texts(["words"] * len(found)))


def _first_of_each(pairs: list[pd.DataFrame]) -> pd.DataFrame:
    """The pairs, earlier ones first, each old and each new goal at most once per step."""
    every = pd.concat(pairs, ignore_index=True)
    every = every.drop_duplicates(["step", "from_id"])
    return every.drop_duplicates(["step", "to_id"])


def _unmatched(goals: pd.DataFrame, taken: pd.DataFrame) -> pd.DataFrame:
    ends = pd.MultiIndex.from_frame(goals[["step", "goal_id"]])
    return goals[~ends.isin(pd.MultiIndex.from_frame(taken))]


def _by_likeness(old: pd.DataFrame, new: pd.DataFrame, threshold: float) -> pd.DataFrame:
    rows = []
    candidates = dict(list(new.groupby("step")))
    for step, left in old.groupby("step"):
        right = candidates.get(step)
        if right is None:
            continue
        ratio = process.cdist(
            left["words"].tolist(), right["words"].tolist(), scorer=fuzz.token_sort_ratio, score_cutoff=100 * threshold
        )
        for first, second, _ in matches(ratio / 100, threshold).itertuples(index=False):
            rows.append((step, left["goal_id"].iloc[first], right["goal_id"].iloc[second], "likeness"))
    found = pd.DataFrame(rows, columns=["step", "from_id", "to_id", "method"])
    return found.astype({"step": "int64", "from_id": "str", "to_id": "str", "method": "str"})


def _described(pairs: pd.DataFrame, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    context = ["step", *SERIES, "from_year", "year"]
    before = old[[*context, "goal_id", "title", "words", "level"]].rename(
        columns={"goal_id": "from_id", "title": "from_title", "words": "from_words", "level": "from_level"}
    )
    after = new[[*context, "goal_id", "title", "words", "level"]].rename(columns={"goal_id": "to_id"})
    rows = before.merge(pairs, on=["step", "from_id"], how="left")
    rows = rows.merge(after[["step", "to_id", "title", "words", "level"]], on=["step", "to_id"], how="left")
    taken = pd.MultiIndex.from_arrays([pairs["step"], pairs["to_id"]])
    fresh = after[~pd.MultiIndex.from_arrays([after["step"], after["to_id"]]).isin(taken)]
    rows = pd.concat([rows, fresh], ignore_index=True)
    equal = (rows["from_words"] == rows["words"]).fillna(False)
    change = np.select(
        [rows["to_id"].isna(), rows["from_id"].isna(), equal], ["dropped", "new", "kept"], default="reworded"
    ).astype(object)
    both = rows["from_id"].notna() & rows["to_id"].notna()
    score = np.full(len(rows), np.nan)
    score[equal] = 1.0
    for i in np.flatnonzero(both & ~equal):
        score[i] = fuzz.token_sort_ratio(rows["from_words"].iloc[i], rows["words"].iloc[i]) / 100
    rows = rows.assign(change=texts(change), score=score, level=rows["level"].fillna(rows["from_level"]))
    rows = rows.sort_values(["step", "from_id", "to_id"], kind="stable")
    columns = [*SERIES, "from_year", "year", "change", "from_id", "to_id", "from_title", "title", "level", "score"]
    return rows[[*columns, "method"]].reset_index(drop=True)


def churn(changes: pd.DataFrame, by: By = SERIES) -> pd.DataFrame:
    """How many goals were kept, reworded, dropped and new from each plan to the next; `changes` as `goal_changes`
    gives.

    Columns: those of `by`, `from_year`, `year`, `kept`, `reworded`, `dropped`, `new`, `churn` = 1 - |old n new| / |old
    u new| with reworded goals as the same, `churn_strict` with them as dropped and new, `after_election` (an election
    lies between: from_year <= E < year), `record_ids` (goals dropped and new).
    """
    columns = [*by, "from_year", "year"]
    found = groups(changes, columns)
    count = {name: found.count(changes["change"] == name) for name in ("kept", "reworded", "dropped", "new")}
    gone = count["dropped"] + count["new"]
    same = count["kept"] + count["reworded"]
    strict = gone + 2 * count["reworded"]
    moved = changes["change"].isin(["dropped", "new"])
    keys = found.keys
    last_election = keys["year"] - 1 - (keys["year"] - 1 - ELECTION) % 4
    return keys.assign(
        **{name: whole(value) for name, value in count.items()},
        churn=gone / np.maximum(gone + same, 1),
        churn_strict=strict / np.maximum(strict + count["kept"], 1),
        after_election=flags(last_election >= keys["from_year"]),
        record_ids=found.lists(changes["to_id"].fillna(changes["from_id"]), moved),
    )
