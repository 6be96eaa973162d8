"""Who has goals like whose: by their wording and by what they are about.

Wording is compared by pieces of words (character 3- to 5-grams weighted by rarity, cosine): Swedish compounds and
inflections share pieces where whole words differ. It finds reworded titles (12 of 12 in a trial of ours) and few free
paraphrases (5 of 20): what it does not find may still be alike. Headings that a planning system gives all its users
('God ekonomisk hushållning') are alike without anybody having copied a goal. The score of two titles depends a little
on the other titles compared, since rarity is counted among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz import fuzz
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix, triu
from sklearn.feature_extraction.text import TfidfVectorizer

from compare.contract import Tables
from compare.measures.counting import listed
from compare.measures.statistics import rate
from compare.measures.units import By, normalised, units, whole, with_columns

ALIKE = 0.6
COMMON = 0.04  # share of titles above which a piece of a word is too common to find candidates by
COMMON_AT_LEAST = 20
LOOKALIKES = (
    *("municipality_code_1", "year_1", "goal_id_1", "title_1", "municipality_code_2", "year_2", "goal_id_2", "title_2"),
    *("score", "wording", "rank", "record_ids"),
)


def vectors(titles: Sequence[str] | pd.Series) -> csr_matrix:
    """The titles as TF-IDF vectors of length 1 over character 3- to 5-grams within words; a title without any is zero.

    Source: Salton & Buckley 1988 (Information Processing & Management 24:513), as scikit-learn computes it, with the
    logarithm of counts so that a word said twice does not weigh double.
    """
    plain = normalised(pd.Series(list(titles), dtype="str")).fillna("")
    if not plain.str.strip().any():
        return csr_matrix((len(plain), 0), dtype=np.float32)
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32)
    return csr_matrix(grams.fit_transform(plain.tolist()))


def title_similarity(titles_1: Sequence[str], titles_2: Sequence[str]) -> np.ndarray:
    """Cosine of each title of the first list with each of the second, from 0 to 1; NaN where a title is missing."""
    both = pd.Series([*titles_1, *titles_2], dtype="str")
    weights = vectors(both)
    scores = np.clip((weights[: len(titles_1)] @ weights[len(titles_1) :].T).toarray().astype(float), 0, 1)
    missing = both.isna().to_numpy()
    scores[missing[: len(titles_1)], :] = np.nan
    scores[:, missing[len(titles_1) :]] = np.nan
    return scores


def matches(scores: np.ndarray, threshold: float = ALIKE) -> pd.DataFrame:
    """The one-to-one matching with the largest sum of scores, pairs below the threshold left unmatched.

    Columns `first`, `second` (row and column of `scores`), `score`, in order of `first`. Method: Hungarian (Kuhn 1955),
    as scipy solves it, on the scores that reach the threshold. A missing score is no match.

    >>> matches(np.array([[0.9, 0.8], [0.85, 0.1]]), 0.5)[["first", "second"]].to_numpy().tolist()
    [[0, 1], [1, 0]]
    """
    scores = np.nan_to_num(np.atleast_2d(np.asarray(scores, dtype=float)), nan=0.0)
    useful = np.where(scores >= threshold, scores, 0.0)
    first, second = linear_sum_assignment(useful, maximize=True) if useful.size else (np.array([], int),) * 2
    keep = useful[first, second] > 0
    return pd.DataFrame({"first": first[keep], "second": second[keep], "score": useful[first[keep], second[keep]]})


def alike_pairs(weights: csr_matrix, threshold: float = ALIKE, common_at_least: int = COMMON_AT_LEAST) -> pd.DataFrame:
    """All pairs of rows whose cosine reaches the threshold: columns `first` < `second`, `score`; exact and fast.

    Pieces that are common to many titles say little but make most of the work. Their part of the cosine is at most the
    product of the two rows' lengths in them, so that only pairs whose rare part comes near the threshold are worked
    out.
    """
    number = weights.shape[0]
    in_titles = np.bincount(weights.indices, minlength=weights.shape[1])
    rare = in_titles <= max(COMMON * number, common_at_least)
    part, rest = weights[:, np.flatnonzero(rare)], weights[:, np.flatnonzero(~rare)]
    length = np.sqrt(np.asarray(rest.multiply(rest).sum(axis=1)).ravel())
    near = triu(part @ part.T, 1).tocoo()
    possible = near.data + length[near.row] * length[near.col] >= threshold
    pairs = [np.stack([near.row[possible], near.col[possible]])]
    # Without any rare piece in common only two rows of common pieces can reach the threshold.
    plain = np.flatnonzero(length * length.max(initial=0) >= threshold)
    if len(plain):
        among = triu(weights[plain] @ weights[plain].T, 1).tocoo()
        among_near = among.data >= threshold
        pairs.append(np.stack([plain[among.row[among_near]], plain[among.col[among_near]]]))
    first, second = np.unique(np.concatenate(pairs, axis=1), axis=1)
    scores = np.asarray(weights[first].multiply(weights[second]).sum(axis=1)).ravel().astype(float)
    found = pd.DataFrame({"first": first, "second": second, "score": np.minimum(scores, 1.0)})
    return found[found["score"] >= threshold].reset_index(drop=True)


def lookalikes(
    plans: Tables, threshold: float = ALIKE, years: Sequence[int] | None = None, at_most: int = 5, by: By = ()
) -> pd.DataFrame:
    """Goals of different municipalities that are worded alike: who else has this goal?

    Columns: `municipality_code_1`, `year_1`, `goal_id_1`, `title_1`, the same with `_2`, `score` (cosine), `wording`
    (rapidfuzz token sort ratio, 0 to 1: high where the very words agree), `rank` (1 = the most alike of the first
    goal), `record_ids`. Each pair stands twice, once from each side; of a goal's look-alikes the best `at_most`. Goals
    as `latest_goals` takes them; with `by` (such as `level_term`) only goals that agree in these columns are paired. A
    goal without any has no row. Pitfalls: see the module.
    """
    goals = latest_goals(plans, years, by)
    codes, distinct = pd.factorize(normalised(goals["title"]))
    pairs = alike_pairs(vectors(pd.Series(distinct, dtype="str")), threshold)
    same = pd.DataFrame({"first": range(len(distinct)), "second": range(len(distinct)), "score": 1.0})
    back = pairs.rename(columns={"first": "second", "second": "first"})
    ties = pd.concat([same, pairs, back], ignore_index=True)
    found = _rows_of_titles(goals, codes, ties, by)
    order = ["municipality_code_1", "position_1", "score", "municipality_code_2", "position_2"]
    found = found.sort_values(order, ascending=[True, True, False, True, True], kind="stable")
    rank = found.groupby("position_1").cumcount().to_numpy() + 1
    found = found[rank <= at_most].reset_index(drop=True)
    ids = [list(pair) for pair in zip(found["goal_id_1"], found["goal_id_2"], strict=True)]
    found = found.assign(
        rank=whole(rank[rank <= at_most]),
        wording=_wording(found),
        record_ids=pd.Series(ids, index=found.index, dtype=object),
    )
    return found[list(LOOKALIKES)]


def latest_goals(plans: Tables, years: Sequence[int] | None = None, by: By = ()) -> pd.DataFrame:
    """The goals that stand now: of each municipality, sort of document and board those of its latest plan year.

    Of the years asked for (`years`; None: of all); goals without words are left out. Columns as `units.units`, and
    `by`.
    """
    series = ["municipality_code", "kind", "board"]
    goals = with_columns(plans, units(plans, "goals"), [*series, *by])
    if years is not None:
        goals = goals[goals["year"].isin(list(years))]
    latest = goals.groupby(series, dropna=False)["year"].transform("max")
    return goals[(goals["year"] == latest).to_numpy(bool) & goals["title"].notna()].reset_index(drop=True)


def _rows_of_titles(goals: pd.DataFrame, codes: np.ndarray, ties: pd.DataFrame, by: By) -> pd.DataFrame:
    """The ties of distinct titles as pairs of goals of different municipalities."""
    columns = ["municipality_code", "year", "unit_id", "title", *(name for name in by if name not in ("year",))]
    side = goals[list(dict.fromkeys(columns))].assign(code=codes, position=range(len(goals)))
    side = side.rename(columns={"unit_id": "goal_id"})
    first = side.add_suffix("_1").merge(ties, left_on="code_1", right_on="first")
    found = first.merge(side.add_suffix("_2"), left_on="second", right_on="code_2")
    keep = found["municipality_code_1"] != found["municipality_code_2"]
    for name in by:
        keep &= (found[f"{name}_1"] == found[f"{name}_2"]).fillna(False)
    return found[keep.to_numpy(bool)]


def _wording(found: pd.DataFrame) -> np.ndarray:
    pairs = zip(normalised(found["title_1"]), normalised(found["title_2"]), strict=True)
    return np.array([fuzz.token_sort_ratio(a, b) / 100 for a, b in pairs], dtype=float)


def goal_matching(
    plans: Tables, first: str, second: str, years: Sequence[int] | None = None, threshold: float = ALIKE
) -> pd.DataFrame:
    """The goals of two municipalities side by side: matched one to one by wording, the unmatched after them.

    Columns: `goal_id_1`, `title_1`, `goal_id_2`, `title_2`, `score`; a goal without a counterpart has nulls on the
    other side. The share matched is 2 m / (n1 + n2) over these rows. Goals as `latest_goals` takes them.
    """
    goals = latest_goals(plans, years)
    sides = []
    for code in (first, second):
        own = goals[goals["municipality_code"] == code]
        sides.append(own[["unit_id", "title"]].rename(columns={"unit_id": "goal_id"}).reset_index(drop=True))
    one, two = sides
    found = matches(title_similarity(one["title"].tolist(), two["title"].tolist()), threshold)
    left = one.add_suffix("_1").join(found.set_index("first"))
    rows = left.merge(two.add_suffix("_2").rename_axis("second").reset_index(), on="second", how="outer")
    rows["order"] = rows["goal_id_1"].map({g: i for i, g in enumerate(one["goal_id"])})
    rows = rows.assign(alone=rows["score"].isna()).sort_values(["alone", "order"], kind="stable")
    return rows[["goal_id_1", "title_1", "goal_id_2", "title_2", "score"]].reset_index(drop=True)


def jaccard(present: Any) -> np.ndarray:
    """|A n B| / |A u B| of every two rows of a table of presences; NaN where both are empty (Jaccard 1901)."""
    a = (np.asarray(present, dtype=float) > 0).astype(float)
    both = a @ a.T
    either = a.sum(axis=1)[:, None] + a.sum(axis=1)[None, :] - both
    return np.divide(both, either, out=np.full(both.shape, np.nan), where=either > 0)


def jensen_shannon(weights: Any) -> np.ndarray:
    """Jensen-Shannon divergence of every two rows as divisions, in bits from 0 (equal) to 1 (nothing in common).

    JSD = H((p+q)/2) - (H(p) + H(q))/2 (Lin 1991, IEEE Trans. Inf. Theory 37:145). Its square root is a distance. NaN
    for a row that sums to 0.
    """
    w = np.atleast_2d(np.asarray(weights, dtype=float))
    total = w.sum(axis=1, keepdims=True)
    p = np.divide(w, total, out=np.full(w.shape, np.nan), where=total > 0)
    entropy = _entropy(p)
    mixed = np.stack([_entropy((row[None, :] + p) / 2) for row in p]) if len(p) else np.zeros((0, 0))
    return np.clip(mixed - (entropy[:, None] + entropy[None, :]) / 2, 0, 1)


def _entropy(p: np.ndarray) -> np.ndarray:
    return -np.sum(p * np.log2(np.where(p > 0, p, 1)), axis=-1)


def profile_similarity(
    weighted: pd.DataFrame,
    category: str = "theme",
    by: By = ("municipality_code",),
    weight: str = "weight",
    within: By = (),
) -> pd.DataFrame:
    """How alike groups are in what their goals are about: one row per pair of groups.

    `weighted` has a row per goal and category with its weight (as `compare.measures.themes.assign` gives). Columns:
    those of `within`, each of `by` with `_1` and `_2`, `jaccard` (of the categories that occur), `divergence`
    (Jensen-Shannon, bits, of the weights), `shared` and `either` (numbers of categories). Only groups that agree in
    `within` (`year`) are compared.
    """
    by, within = list(by), list(within)
    parts = []
    chunks: Any = weighted.groupby(within, dropna=False) if within else [((), weighted)]
    for key, rows in chunks:
        wide = rows.pivot_table(index=by, columns=category, values=weight, aggfunc="sum", fill_value=0, observed=True)
        first, second = np.triu_indices(len(wide), 1)
        values = wide.to_numpy(float)
        present = (values > 0).astype(int)
        shared = present @ present.T
        keys = wide.index.to_frame(index=False)
        part = pd.concat(
            [keys.iloc[end].reset_index(drop=True).add_suffix(f"_{i}") for i, end in ((1, first), (2, second))], axis=1
        )
        number = present.sum(axis=1)
        part = part.assign(
            jaccard=jaccard(values)[first, second],
            divergence=jensen_shannon(values)[first, second],
            shared=whole(shared[first, second]),
            either=whole(number[first] + number[second] - shared[first, second]),
        )
        parts.append(part.assign(**dict(zip(within, key, strict=True))))
    ends = [f"{name}_{i}" for i in (1, 2) for name in by]
    columns = [*within, *ends, "jaccard", "divergence", "shared", "either"]
    if not parts:
        return pd.DataFrame(columns=columns).astype({"jaccard": "float64", "divergence": "float64"})
    return pd.concat(parts, ignore_index=True)[columns]


def shares_matched(plans: Tables, years: Sequence[int] | None = None, threshold: float = ALIKE) -> pd.DataFrame:
    """Which share of the goals of two municipalities have a counterpart: one row per pair of municipalities.

    The goals of the two are matched one to one, so that the sum of their likeness is the largest (Hungarian), and count
    from `threshold` on. Columns: `municipality_code_1`, `municipality_code_2`, `n_first`, `n_second` (goals), `matched`
    (pairs of goals), `share` = 2 matched / (n_first + n_second) (Dice 1945, Ecology 26:297), `record_ids` (both goals
    of each matched pair). Goals as `latest_goals` takes them; a municipality without any is in no row. Pitfalls: see
    the module; a municipality of few goals can match few of many, so the share has a ceiling below 1 where the numbers
    differ.
    """
    goals = latest_goals(plans, years)
    codes = sorted(goals["municipality_code"].unique())
    owner = pd.Series(range(len(codes)), index=codes).reindex(goals["municipality_code"]).to_numpy(dtype=np.int64)
    words, distinct = pd.factorize(normalised(goals["title"]))
    ties = alike_pairs(vectors(pd.Series(distinct, dtype="str")), threshold)
    pairs = _best_pairs(_edges(words, ties, owner))
    first, second = np.triu_indices(len(codes), 1)
    n, place = np.bincount(owner, minlength=len(codes)), np.zeros((len(codes), len(codes)), dtype=np.int64)
    place[first, second] = np.arange(len(first))
    at = place[pairs["owner_1"], pairs["owner_2"]]
    matched = np.bincount(at, minlength=len(first))
    known = goals["unit_id"].to_numpy(dtype=object)
    ids = np.column_stack([known[pairs["goal_1"]], known[pairs["goal_2"]]]).ravel()
    return pd.DataFrame(
        {
            "municipality_code_1": pd.Series([codes[i] for i in first], dtype="str"),
            "municipality_code_2": pd.Series([codes[i] for i in second], dtype="str"),
            "n_first": whole(n[first]),
            "n_second": whole(n[second]),
            "matched": whole(matched),
            "share": rate(2 * matched, n[first] + n[second]),
            "record_ids": listed(ids, np.repeat(at, 2), len(first)),
        }
    )


def _edges(words: np.ndarray, ties: pd.DataFrame, owner: np.ndarray) -> pd.DataFrame:
    """The goals of different municipalities that are alike: `goal_1`, `goal_2`, `owner_1` < `owner_2`, `score`."""
    size = int(words.max(initial=-1)) + 1
    same = pd.DataFrame({"first": range(size), "second": range(size), "score": 1.0})
    back = ties.rename(columns={"first": "second", "second": "first"})
    goals = pd.DataFrame({"word": words, "goal": np.arange(len(words)), "owner": owner})
    left = goals.merge(pd.concat([same, ties, back], ignore_index=True), left_on="word", right_on="first")
    found = left.merge(goals, left_on="second", right_on="word", suffixes=("_1", "_2"))
    return found[found["owner_1"] < found["owner_2"]]


def _best_pairs(edges: pd.DataFrame) -> pd.DataFrame:
    """The edges that the best one to one match between each two municipalities keeps, in the order of the goals."""
    between = edges["owner_1"] * (int(edges["owner_2"].max()) + 1 if len(edges) else 1) + edges["owner_2"]
    edges = edges.assign(between=between).sort_values(["between", "goal_1", "goal_2"], kind="stable")
    # Where no goal is like two of the other side there is nothing to choose between.
    choice = edges.duplicated(["between", "goal_1"], keep=False) | edges.duplicated(["between", "goal_2"], keep=False)
    contested = edges["between"].isin(edges.loc[choice, "between"].unique())
    parts = [edges[~contested], *(_assigned(part) for _, part in edges[contested].groupby("between", sort=False))]
    return pd.concat(parts, ignore_index=True)


def _assigned(edges: pd.DataFrame) -> pd.DataFrame:
    """The edges of the best one to one match among these of two municipalities."""
    one, ones = pd.factorize(edges["goal_1"])
    two, twos = pd.factorize(edges["goal_2"])
    scores, row = np.zeros((len(ones), len(twos))), np.zeros((len(ones), len(twos)), dtype=np.int64)
    scores[one, two], row[one, two] = edges["score"], np.arange(len(edges))
    found = matches(scores, 0.0)
    return edges.iloc[row[found["first"], found["second"]]]
