"""What becomes of goals from one plan to the next: kept, reworded, dropped, new.

A goal is followed by a tie that somebody or something has recorded (`links`), by equal words, else by likeness of
wording, each old goal to one new goal. Plans are compared within one series: the same municipality, sort of document
and board. Elections (every fourth year: 2014, 2018, 2022, 2026) bring new majorities and with them new goals.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process
from scipy.optimize import linear_sum_assignment

from compare.contract import Tables
from compare.measures.counting import groups, matches
from compare.measures.statistics import LEVEL, difference, share, too_few
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
    taken = taken.set_axis(["step", "goal_id"], axis=1)
    return goals[matches(goals, taken, ["step", "goal_id"]) < 0]


def _by_likeness(old: pd.DataFrame, new: pd.DataFrame, threshold: float) -> pd.DataFrame:
    old, new = old.sort_values("step", kind="stable"), new.sort_values("step", kind="stable")
    steps, starts = np.unique(old["step"].to_numpy(), return_index=True)
    ends = [*starts.tolist(), len(old)][1:]
    new_steps = new["step"].to_numpy()
    lows, highs = np.searchsorted(new_steps, steps), np.searchsorted(new_steps, steps, side="right")
    left, right = old["words"].tolist(), new["words"].tolist()
    pairs: list[tuple[int, int]] = []
    for a, b, c, d in zip(starts.tolist(), ends, lows.tolist(), highs.tolist(), strict=True):
        if c < d:
            ratio = process.cdist(
                left[a:b], right[c:d], scorer=fuzz.token_sort_ratio, score_cutoff=100 * threshold, workers=1
            )
            if ratio.any():
                first, second = linear_sum_assignment(ratio, maximize=True)
                keep = ratio[first, second] > 0
                pairs += zip((first[keep] + a).tolist(), (second[keep] + c).tolist(), strict=True)
    at = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return pd.DataFrame(
        {
            "step": old["step"].to_numpy(np.int64)[at[:, 0]],
            "from_id": texts(old["goal_id"].to_numpy(object)[at[:, 0]]),
            "to_id": texts(new["goal_id"].to_numpy(object)[at[:, 1]]),
            "method": texts(["likeness"] * len(at)),
        }
    )


def _described(pairs: pd.DataFrame, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    context = ["step", *SERIES, "from_year", "year"]
    before = old[[*context, "goal_id", "title", "words", "level"]].rename(
        columns={"goal_id": "from_id", "title": "from_title", "words": "from_words", "level": "from_level"}
    )
    after = new[[*context, "goal_id", "title", "words", "level"]].rename(columns={"goal_id": "to_id"})
    rows = before.merge(pairs, on=["step", "from_id"], how="left")
    rows = rows.merge(after[["step", "to_id", "title", "words", "level"]], on=["step", "to_id"], how="left")
    fresh = after[matches(after, pairs, ["step", "to_id"]) < 0]
    rows = pd.concat([rows, fresh], ignore_index=True)
    equal = (rows["from_words"] == rows["words"]).fillna(False)
    change = np.select(
        [rows["to_id"].isna(), rows["from_id"].isna(), equal], ["dropped", "new", "kept"], default="reworded"
    ).astype(object)
    both = rows["from_id"].notna() & rows["to_id"].notna()
    score = np.full(len(rows), np.nan)
    score[equal] = 1.0
    reworded = np.flatnonzero(both & ~equal)
    before_words, after_words = (rows[name].to_numpy(object)[reworded] for name in ("from_words", "words"))
    score[reworded] = [fuzz.token_sort_ratio(a, b) / 100 for a, b in zip(before_words, after_words, strict=True)]
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


def around_elections(churned: pd.DataFrame, by: By = (), level: float = LEVEL) -> pd.DataFrame:
    """How much of the goals is exchanged where an election lies between two plans, and where none does: a row each.

    `churned` is a result of `churn`; only steps from one year to the next are counted, since over several years more
    changes anyway. Columns: those of `by` (columns of `churned`), `after_election`, `steps` (from a plan to the next),
    `count` (goals dropped and new), `n` (these and the goals that lived on), `rate` = count / n with `low`, `high`
    (Wilson; goals of one plan share their fate, so it is on the narrow side), `difference` (after an election less
    without, null where one of the two is lacking) with `difference_low`, `difference_high` (Newcombe), `too_few`,
    `record_ids` (goals dropped and new).
    """
    rows = churned[(churned["year"] - churned["from_year"] == 1).fillna(False).to_numpy(bool)]
    found = groups(rows, [*by, "after_election"])
    gone = rows["dropped"] + rows["new"]
    count, n = found.count(weights=gone), found.count(weights=gone + rows["kept"] + rows["reworded"])
    after = found.keys["after_election"].to_numpy(dtype=bool)
    place = matches(found.keys.assign(after_election=flags(~after)), found.keys, [*by, "after_election"])
    (k1, k2), (n1, n2) = (
        [np.where(after, other, own), np.where(after, own, other)]
        for own in (count, n)
        for other in [np.where(place >= 0, own[place], np.nan) if len(own) else own]
    )
    delta = difference(k1, n1, k2, n2, level)
    return found.keys.assign(
        steps=whole(found.count()),
        count=whole(count),
        n=whole(n),
        **share(count, n, level),
        difference=delta.difference,
        difference_low=delta.low,
        difference_high=delta.high,
        too_few=too_few(n),
        record_ids=pd.Series(
            [[i for ids in lists for i in ids] for lists in found.lists(rows["record_ids"])], dtype=object
        ),
    )
