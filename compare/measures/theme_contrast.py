"""How municipalities differ in what their goals are about, and whether chance would make such a difference.

Few goals spread over many themes never divide alike, even where nobody means anything by it. So a share comes with its
interval, the differences of all themes are judged together (the interval of each is widened so that all hold at once),
and the divergence of two municipalities stands beside the one that the same goals, dealt out at random, would have.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures import statistics as stat
from compare.measures.counting import groups
from compare.measures.similarity import jaccard, jensen_shannon, latest_goals
from compare.measures.themes import assign
from compare.measures.units import By, whole, with_columns

PAIRS_DEALT = 120  # beyond so many pairs the dealing out at random is left out: who reads them looks for the spread
_CONTRAST = ["rate_first", "n_first", "rate_second", "n_second", "difference", "low", "high", "verdict", "record_ids"]


def standing(plans: Tables, scheme: str = "policy_areas", overrides: pd.DataFrame | None = None) -> pd.DataFrame:
    """The themes of the goals that stand now: `themes.assign` for what `similarity.latest_goals` takes."""
    assigned = assign(plans, scheme, overrides=overrides)
    return assigned[assigned["record_id"].isin(latest_goals(plans)["unit_id"])].reset_index(drop=True)


def named(assigned: pd.DataFrame, plans: Tables, by: By = ("municipality_code",)) -> pd.DataFrame:
    """Share of a group's things that name each theme: a row per group and theme, also where none does.

    `assigned` is a result of `themes.assign`. Columns: those of `by`, `theme` (all that any group has), `count`, `n`
    (things with any theme), `rate` with `low`, `high` (Wilson), `share` (of the weights: a thing with two themes counts
    half for each, so that shares sum to 1), `evidence` (the words found, the most frequent first), `record_ids`. Rates
    of a group sum to more than 1 where things have several themes. A group in which nothing has a theme has no row.
    """
    by = list(by)
    rows = with_columns(plans, assigned[assigned["theme"].notna()], by)
    whole_groups = groups(rows, by).keys
    grid = whole_groups.merge(rows[["theme"]].drop_duplicates().sort_values("theme"), how="cross")
    found = groups(rows, [*by, "theme"])
    cells = found.keys.assign(
        count=whole(found.count()),
        weight=found.count(weights=rows["weight"]),
        evidence=found.lists(rows["evidence"]).map(_most_frequent),
        record_ids=found.lists(rows["record_id"]),
    )
    n = rows.groupby(by, dropna=False)["record_id"].nunique().rename("n").reset_index()
    result = grid.merge(cells, on=[*by, "theme"], how="left").merge(n, on=by, how="left")
    result["count"] = result["count"].fillna(0).astype("Int64")
    for name in ("evidence", "record_ids"):
        result[name] = pd.Series([x if isinstance(x, list) else [] for x in result[name]], dtype=object)
    result = result.assign(
        n=whole(result["n"]),
        **stat.share(result["count"], result["n"]),
        share=result["weight"].fillna(0) / result["n"].astype(float),
    )
    return result[[*by, "theme", "count", "n", "rate", "low", "high", "share", "evidence", "record_ids"]]


def _most_frequent(lists: list[list[str]]) -> list[str]:
    words = pd.Series([word for each in lists for word in each], dtype="str")
    return [str(word) for word in words.value_counts(sort=True).index]


def against_others(rates: pd.DataFrame) -> pd.DataFrame:
    """Each municipality's share of each theme beside that of all others together, the largest difference first.

    `rates` is a result of `named` by municipality. Columns: `municipality_code`, `theme`, `rate_first`, `n_first` (its
    own), `rate_second`, `n_second` (the others'), `difference` = own minus others with `low`, `high`, `verdict`
    (higher, lower, not_distinguishable, too_few), `record_ids` (own). The intervals are Newcombe's at the level that
    makes all those that are judged hold at once with 95 % (Bonferroni): of twelve themes one would else look different
    by chance. What rests on too few gets no verdict and makes the others no less sure.
    """
    total = rates.groupby("theme")[["count", "n"]].transform("sum")
    others = rates.assign(count=total["count"] - rates["count"], n=total["n"] - rates["n"])
    return _contrasted(rates, others, ["municipality_code", "theme"])


def without_theme(assigned: pd.DataFrame) -> pd.Series:
    """How many things of each municipality have no known word, by `municipality_code`: a result of `themes.assign`."""
    return assigned[assigned["theme"].isna()].groupby("municipality_code")["record_id"].nunique()


def between_things(
    first: pd.DataFrame,
    second: pd.DataFrame,
    unknown_first: pd.Series | None = None,
    unknown_second: pd.Series | None = None,
) -> pd.DataFrame:
    """What a municipality's goals are about beside what its assignments are about, the largest difference first.

    `first` and `second` are results of `named` by municipality. Columns as `against_others`, the difference being first
    minus second and `record_ids` those of both; only municipalities that have both have rows. Given how many things of
    each municipality have no theme (`without_theme`), `unknown_first` and `unknown_second` say so, and `holds` whether
    the interval leaves zero out also where all these count against the difference.
    """
    keys = ["municipality_code", "theme"]
    both = sorted(set(first["municipality_code"]) & set(second["municipality_code"]))
    themes = sorted({*first["theme"], *second["theme"]})
    grid = pd.MultiIndex.from_product([both, themes], names=keys).to_frame(index=False)
    own, other = _filled(grid, first), _filled(grid, second)
    result = _contrasted(own.assign(record_ids=own["record_ids"] + other["record_ids"]), other, keys)
    codes = result["municipality_code"]
    unknown = [
        np.zeros(len(codes)) if none is None else codes.map(none).fillna(0).to_numpy(float)
        for none in (unknown_first, unknown_second)
    ]
    return result.assign(
        unknown_first=whole(unknown[0]), unknown_second=whole(unknown[1]), holds=_holds(result, unknown[0], unknown[1])
    )


def _holds(rows: pd.DataFrame, unknown_first: np.ndarray, unknown_second: np.ndarray) -> np.ndarray:
    """Whether the interval of each difference leaves zero out where the unknown all count against it."""
    p1, n1, p2, n2 = (rows[name].to_numpy(float) for name in ("rate_second", "n_second", "rate_first", "n_first"))
    higher = rows["difference"].to_numpy(float) > 0
    k1, k2 = p1 * n1 + np.where(higher, unknown_second, 0), p2 * n2 + np.where(higher, 0, unknown_first)
    delta = stat.differences_together(k1, n1 + unknown_second, k2, n2 + unknown_first)
    return np.asarray(np.where(higher, delta.low > 0, delta.high < 0))


def _filled(grid: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """The rates on the grid; a theme that this side never names has count 0 of the group's n."""
    n = rates.drop_duplicates("municipality_code").set_index("municipality_code")["n"]
    result = grid.merge(rates[["municipality_code", "theme", "count", "record_ids"]], how="left")
    ids = pd.Series([x if isinstance(x, list) else [] for x in result["record_ids"]], dtype=object)
    return result.assign(
        count=result["count"].fillna(0).astype("Int64"), n=result["municipality_code"].map(n), record_ids=ids
    )


def _contrasted(first: pd.DataFrame, second: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The differences of rows that stand at the same place in both frames, judged together."""
    compared = ((first["n"] > 0) & (second["n"] > 0)).fillna(False).to_numpy(bool)
    first, second = first[compared].reset_index(drop=True), second[compared].reset_index(drop=True)
    (k1, n1), (k2, n2) = ([part[name].to_numpy(float) for name in ("count", "n")] for part in (second, first))
    delta = stat.differences_together(k1, n1, k2, n2)
    result = first[keys].assign(
        rate_first=stat.rate(first["count"], first["n"]),
        n_first=first["n"],
        rate_second=stat.rate(second["count"], second["n"]),
        n_second=second["n"],
        difference=delta.difference,
        low=delta.low,
        high=delta.high,
        verdict=pd.Series(stat.verdict(delta.low, delta.high, n1, n2), dtype="str"),
        record_ids=first["record_ids"],
    )[[*keys, *_CONTRAST]]
    by_size = result["difference"].abs().sort_values(ascending=False, kind="stable").index
    return result.loc[by_size].reset_index(drop=True)


def likeness(assigned: pd.DataFrame, draws: int = 2000, seed: int = 1) -> pd.DataFrame:
    """How alike two municipalities' goals are divided among themes: a row per pair, the most alike first.

    Columns: `municipality_code_1`, `municipality_code_2`, `n_first`, `n_second` (goals with a theme), `jaccard` (themes
    in common of all that either has), `shared`, `either`, `divergence` (Jensen-Shannon, bits: 0 equal, 1 nothing in
    common), `by_chance` (mean divergence were the two municipalities' goals dealt out to them at random), `as_large`
    (share of such deals that diverge at least as much). The last two are null where pairs are more than 120.
    """
    rows = assigned[assigned["theme"].notna()]
    wide = rows.pivot_table(
        index=["municipality_code", "record_id"], columns="theme", values="weight", aggfunc="sum", fill_value=0
    )
    parts = {str(code): part.to_numpy(float) for code, part in wide.groupby(level=0)}
    pairs = list(combinations(sorted(parts), 2))
    totals = np.array([part.sum(axis=0) for part in parts.values()]).reshape(len(parts), wide.shape[1])
    place = {code: number for number, code in enumerate(parts)}
    first, second = ([place[pair[side]] for pair in pairs] for side in (0, 1))
    present = (totals > 0).astype(int)
    shared = (present @ present.T)[first, second]
    size = present.sum(axis=1)
    divergence = jensen_shannon(totals)[first, second] if len(parts) else np.array([])
    dealt = [_dealt(parts[a], parts[b], draws, seed) for a, b in pairs] if len(pairs) <= PAIRS_DEALT else None
    result = pd.DataFrame(
        {
            "municipality_code_1": pd.Series([a for a, _ in pairs], dtype="str"),
            "municipality_code_2": pd.Series([b for _, b in pairs], dtype="str"),
            "n_first": whole([len(parts[a]) for a, _ in pairs]),
            "n_second": whole([len(parts[b]) for _, b in pairs]),
            "jaccard": jaccard(totals)[first, second] if len(parts) else np.array([]),
            "shared": whole(shared),
            "either": whole(size[first] + size[second] - shared),
            "divergence": divergence,
            "by_chance": [float(d.mean()) for d in dealt] if dealt is not None else np.nan,
            # A hair of slack, so that a deal equal to what was observed counts as equally large.
            "as_large": [float((d >= x - 1e-12).mean()) for d, x in zip(dealt, divergence, strict=True)]
            if dealt is not None
            else np.nan,
        }
    )
    return result.sort_values("divergence", kind="stable").reset_index(drop=True)


def _dealt(one: np.ndarray, two: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """The divergences of two groups when their goals are dealt out at random, each keeping its number."""
    goals = np.vstack([one, two])
    order = np.random.default_rng(seed).random((draws, len(goals))).argsort(axis=1)
    first = (order < len(one)).astype(float) @ goals
    second = goals.sum(axis=0) - first
    p, q = first / first.sum(axis=1, keepdims=True), second / second.sum(axis=1, keepdims=True)
    return np.clip(_entropy((p + q) / 2) - (_entropy(p) + _entropy(q)) / 2, 0, 1)


def _entropy(p: np.ndarray) -> np.ndarray:
    return np.asarray(-np.sum(p * np.log2(np.where(p > 0, p, 1)), axis=1))
