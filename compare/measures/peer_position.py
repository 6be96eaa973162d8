"""Where a municipality lies among its peers: between which ranks, and not on which.

A rank from small numbers is mostly chance, so there is no league table here. A municipality's place is an interval: it
begins after the peers that are surely higher and ends before those that are surely lower. Each pair is judged by
Newcombe's interval of the difference, widened so that all pairs of a municipality hold at once with 95 % (Bonferroni);
a pair of which one rests on fewer than ten is never sure. The interval then holds the true rank with at least 95 %.
Source: Mogstad, Romano, Shaikh & Wilhelm 2024 (Review of Economic Studies 91:476), whose marginal confidence sets for
ranks these are.

Pitfalls: that nothing can be told apart does not make municipalities alike. Peers without plans here are not among
those that are counted, so the place is one among those read. A rate that is higher is not better by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from compare.measures import statistics as stat
from compare.measures.counting import groups
from compare.measures.units import texts, whole

ENOUGH_PEERS = 3
UPPER, LOWER, OPEN, TOO_FEW, FEW_PEERS = "upper_half", "lower_half", "open", "too_few", "few_peers"


def positions(rates: pd.DataFrame, peers: Mapping[str, Sequence[str]], level: float = stat.LEVEL) -> pd.DataFrame:
    """The place of each municipality in `peers` among its peers, by measure: a row per municipality and measure it has.

    `rates` has `municipality_code`, `measure`, `year`, `count`, `n`, `rate` (`compare.measures.profile.rates`); `peers`
    names the peers of each municipality. Columns: `municipality_code`, `measure`, `year`, `rate`, `n`, `peers` (those
    with a figure), `lower`, `higher` (peers that are surely so), `rank_from`, `rank_to` (1 is the highest rate, of
    peers + 1), `percentile` = (peers below + half of those equal) / peers with `percentile_from`, `percentile_to` (what
    the ranks allow), `mean` (of the peers' rates, each alike), `pooled` (of all their goals or assignments together),
    `median`, `verdict`, `peer_ids` (codes of the peers).

    `verdict`: upper_half or lower_half where the whole interval of ranks lies in it, open where it does not, too_few
    where the municipality's own rate rests on fewer than ten, few_peers with fewer than three. With the last two the
    percentile is null.
    """
    known = rates[rates["rate"].notna() & (rates["n"] > 0).fillna(False)].reset_index(drop=True)
    own = known[known["municipality_code"].isin(list(peers))].reset_index(drop=True)
    place, other = _pairs(own, known, peers)
    m = np.bincount(place, minlength=len(own))
    k, n, rate = (known[name].to_numpy(dtype=float) for name in ("count", "n", "rate"))
    own_k, own_n, own_rate = (own[name].to_numpy(dtype=float) for name in ("count", "n", "rate"))
    lower, higher = np.zeros(len(own), dtype=np.int64), np.zeros(len(own), dtype=np.int64)
    for size in np.unique(m[m > 0]):
        # All municipalities with as many peers are judged at one level.
        use = m[place] == size
        here, there = place[use], other[use]
        delta = stat.difference(k[there], n[there], own_k[here], own_n[here], 1 - (1 - level) / size)
        said = stat.verdict(delta.low, delta.high, n[there], own_n[here])
        lower += np.bincount(here[said == stat.HIGHER], minlength=len(own))
        higher += np.bincount(here[said == stat.LOWER], minlength=len(own))
    below = np.bincount(place, (rate[other] < own_rate[place]) + 0.5 * (rate[other] == own_rate[place]), len(own))
    summed_k, summed_n = (np.bincount(place, values[other], len(own)) for values in (k, n))
    listed = groups(pd.DataFrame({"place": np.r_[place, np.arange(len(own))]}), ["place"])
    codes = pd.concat([known["municipality_code"].take(other), pd.Series([None] * len(own), dtype="str")])
    verdict = _verdict(m, lower, higher, own_n)
    told = ~np.isin(verdict, [TOO_FEW, FEW_PEERS])
    return own[["municipality_code", "measure", "year", "rate", "n"]].assign(
        peers=whole(m),
        lower=whole(lower),
        higher=whole(higher),
        rank_from=whole(higher + 1),
        rank_to=whole(m + 1 - lower),
        percentile=np.where(told, stat.rate(below, m), np.nan),
        percentile_from=np.where(told, stat.rate(lower, m), np.nan),
        percentile_to=np.where(told, stat.rate(m - higher, m), np.nan),
        mean=stat.rate(np.bincount(place, rate[other], len(own)), m),
        pooled=stat.rate(summed_k, summed_n),
        median=_medians(rate[other], place, len(own)),
        verdict=texts(verdict),
        peer_ids=listed.lists(codes, codes.notna()),
    )


def of_values(
    values: pd.DataFrame, peers: Mapping[str, Sequence[str]], population: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The place of a municipality's value of an indicator among its peers' of the same year: a row per value it has.

    `values` has `municipality_code`, `measure` (an indicator's name or id), `year`, `value`, one row each, such as a
    local copy of a key figure (`compare.reference.copies`); `peers` names the peers of each municipality; `population`
    has `municipality_code`, `year`, `population` and gives the weights. Columns: `municipality_code`, `measure`,
    `year`, `value`, `peers` (with a value), `without` (peers without one), `percentile` = (peers below + half of those
    equal) / peers, `mean` (of the peers' values, each alike, as Kolada's groups have it), `weighted` (by inhabitants:
    what the value is for the average inhabitant of these municipalities; null where a peer's number is unknown),
    `median`, `lowest`, `highest`, `few_peers` (fewer than three: percentile and median are then null), `peer_ids`. A
    value of everybody is no sample, so there is no interval; one that rests on few people moves by chance all the same.

    Whoever shows these says that they are an own calculation and does not name Kolada as their source: its terms allow
    that for unchanged values only. Whether a high place is a good one the measure does not tell.
    """
    known = values[values["value"].notna()].astype({"value": "float64"}).reset_index(drop=True)
    own = known[known["municipality_code"].isin(list(peers))].reset_index(drop=True)
    place, other = _pairs(own, known, peers, ("measure", "year"))
    m, size = np.bincount(place, minlength=len(own)), len(own)
    theirs, mine = known["value"].to_numpy(float)[other], own["value"].to_numpy(float)
    below = np.bincount(place, (theirs < mine[place]) + 0.5 * (theirs == mine[place]), size)
    people = _people(known, population)[other]
    weight = np.bincount(place, people, size)
    each = pd.Series(theirs).groupby(place)
    listed = groups(pd.DataFrame({"place": np.r_[place, np.arange(size)]}), ["place"])
    codes = pd.concat([known["municipality_code"].take(other), pd.Series([None] * size, dtype="str")])
    few = m < ENOUGH_PEERS
    asked = np.array([len(peers[code]) for code in own["municipality_code"]], dtype=np.int64)
    return own[["municipality_code", "measure", "year", "value"]].assign(
        peers=whole(m),
        without=whole(asked - m),
        percentile=np.where(few, np.nan, stat.rate(below, m)),
        mean=stat.rate(np.bincount(place, theirs, size), m),
        weighted=stat.rate(np.bincount(place, theirs * people, size), weight),
        median=np.where(few, np.nan, _medians(theirs, place, size)),
        lowest=each.min().reindex(range(size)).to_numpy(dtype=float),
        highest=each.max().reindex(range(size)).to_numpy(dtype=float),
        few_peers=few,
        peer_ids=listed.lists(codes, codes.notna()),
    )


def _people(known: pd.DataFrame, population: pd.DataFrame | None) -> np.ndarray:
    """The inhabitants behind each value, missing where they are unknown."""
    if population is None:
        return np.full(len(known), np.nan)
    at = ["municipality_code", "year"]
    dated = population.astype({"year": "Int64"}).drop_duplicates(at)
    number = known[at].astype({"year": "Int64"}).merge(dated, on=at, how="left")["population"]
    return np.asarray(number.to_numpy(dtype=float, na_value=np.nan))


def _pairs(
    own: pd.DataFrame, known: pd.DataFrame, peers: Mapping[str, Sequence[str]], same: Sequence[str] = ("measure",)
) -> tuple[np.ndarray, np.ndarray]:
    """Each row of `own` with each row of `known` that is of a peer and the same measure (and year), by position."""
    sought = own[list(same)].assign(place=np.arange(len(own)))
    sought["peer"] = pd.Series([list(peers[code]) for code in own["municipality_code"]], dtype=object)
    sought = sought.explode("peer").dropna(subset="peer")
    found = known[["municipality_code", *same]].assign(other=np.arange(len(known)))
    pairs = sought.astype({"peer": "str"}).merge(found, left_on=["peer", *same], right_on=["municipality_code", *same])
    pairs = pairs.sort_values(["place", "other"], kind="stable")
    return pairs["place"].to_numpy(dtype=np.int64), pairs["other"].to_numpy(dtype=np.int64)


def _medians(values: np.ndarray, place: np.ndarray, size: int) -> np.ndarray:
    return pd.Series(values).groupby(place).median().reindex(range(size)).to_numpy(dtype=float)


def _verdict(peers: np.ndarray, lower: np.ndarray, higher: np.ndarray, own_n: np.ndarray) -> np.ndarray:
    """In which half of the ranks 1 to peers + 1 the whole interval lies, if in one."""
    middle = (peers + 2) / 2
    choices = [peers < ENOUGH_PEERS, stat.too_few(own_n), peers + 1 - lower < middle, higher + 1 > middle]
    return np.select(choices, [FEW_PEERS, TOO_FEW, UPPER, LOWER], OPEN)
