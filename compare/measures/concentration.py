"""How evenly a whole is divided among parts: goals among themes, assignments among goals, money among units.

Every measure of concentration depends on how many things are divided: with five goals there cannot be ten themes. So
the number goes along, the entropy is corrected for it, and `rarefied` brings groups to the same size before they are
compared.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import gammaln

from compare.contract import Tables
from compare.measures.counting import groups
from compare.measures.goal_structure import BY, goals_with_attachments
from compare.measures.units import By, UnitRule, texts, whole, with_columns

COLUMNS = (
    *("n", "categories", "hhi", "effective_hhi", "shannon", "shannon_corrected", "evenness", "effective"),
    *("effective_corrected", "rarefied", "rarefied_to", "largest", "largest_share"),
)


def concentration(
    weighted: pd.DataFrame, category: str, by: By = BY, weight: str = "weight", rarefy_to: float | None = None
) -> pd.DataFrame:
    """Concentration of the weights in each group over the categories.

    `weighted` has rows of a category with a weight; a thing that belongs to two categories has two rows whose weights
    sum to 1, so that `n` = sum of weights is the number of things. Rows without a category or with no weight are left
    out.

    Columns: those of `by`, `n`, `categories` (K, with weight above 0), `hhi` = sum p_k^2 (1/K to 1), `effective_hhi` =
    1 / hhi, `shannon` H = -sum p_k ln p_k, `shannon_corrected` = H + (K - 1) / 2n (Miller 1955, Madow; an observed
    entropy is too low on average by about that much), `evenness` J = H / ln K (Pielou; null for one category),
    `effective` = e^H and `effective_corrected` (numbers of equal parts), `rarefied` = the categories to be expected in
    a draw of `rarefied_to` things (Hurlbert 1971; by default the smallest n among the groups, at least 1), `largest`
    (the category; of equals the first by name) and `largest_share`. A group without weights has no row. Pitfall:
    compare effective numbers only between groups of like n, else the rarefied ones.
    """
    by = list(by)
    rows = weighted[weighted[category].notna() & (weighted[weight] > 0).fillna(False)]
    cells = groups(rows, [*by, category])
    parts = cells.keys.assign(w=cells.count(weights=rows[weight]))
    found = groups(parts, by)
    w = parts["w"].to_numpy(float)
    n, k = found.count(weights=w), found.count()
    p = w / n[found.codes]
    entropy = -found.count(weights=p * np.log(p)) + 0.0
    hhi = found.count(weights=p**2)
    corrected = entropy + (k - 1) / (2 * n)
    size = float(max(1.0, np.floor(n.min(initial=np.inf)))) if rarefy_to is None and len(n) else float(rarefy_to or 1)
    first = np.lexsort((-p, found.codes))  # stable: of equals the first by name
    top = first[np.unique(found.codes[first], return_index=True)[1]] if len(parts) else np.array([], int)
    return found.keys.assign(
        n=n,
        categories=whole(k),
        hhi=hhi,
        effective_hhi=1 / hhi,
        shannon=entropy,
        shannon_corrected=corrected,
        evenness=np.divide(entropy, np.log(k), out=np.full(len(k), np.nan), where=k > 1),
        effective=np.exp(entropy),
        effective_corrected=np.exp(corrected),
        rarefied=_rarefied(w, found.codes, n, size),
        rarefied_to=np.minimum(size, n),
        largest=parts[category].iloc[top].to_numpy(),
        largest_share=p[top],
    )[[*by, *COLUMNS]].astype({"n": "float64", "hhi": "float64", "rarefied": "float64", "largest": "str"})


def _rarefied(w: np.ndarray, codes: np.ndarray, n: np.ndarray, size: float) -> np.ndarray:
    """Expected number of categories among `size` things drawn without return; fractions by the gamma function."""
    total = n[codes]
    m = np.minimum(size, total)
    rest = total - w
    possible = rest >= m
    missed = np.zeros(len(w))
    a, b, s = rest[possible], total[possible], m[possible]
    missed[possible] = np.exp(gammaln(a + 1) - gammaln(a - s + 1) - gammaln(b + 1) + gammaln(b - s + 1))
    return np.bincount(codes, 1 - missed, minlength=len(n))


def of_goals(
    plans: Tables, attached: str = "assignments", by: By = BY, unit_rule: UnitRule = "stated_once"
) -> pd.DataFrame:
    """How concentrated the assignments (or `actions`, `indicators`) are on the top goals.

    Columns as `concentration`, `attached`, `unit_rule` and `goal_ids` of the top goals that have any; the category is
    the top goal (`largest` is its id), with what stands on it and under it. A thing that stands under two top goals
    counts at each. No row where nothing of the kind is tied to a goal.
    """
    nodes = goals_with_attachments(plans, unit_rule)
    tops = with_columns(plans, nodes[nodes["parent_goal_id"].isna()], by)
    tops = tops.assign(weight=tops[f"{attached}_below"].astype("float64"))
    result = concentration(tops, "goal_id", by)
    some = tops[(tops["weight"] > 0).to_numpy(bool)]
    found = groups(some, list(by))
    return result.assign(
        attached=texts([attached] * len(result)),
        unit_rule=texts([unit_rule] * len(result)),
        goal_ids=found.lists(some["goal_id"]),
    )
