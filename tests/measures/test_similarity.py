import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as example
from hypothesis import settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from sklearn.metrics import jaccard_score
from sklearn.metrics.pairwise import cosine_similarity

from compare.contract import Tables
from compare.measures import similarity

TITLES = ["En ekonomi i balans", "Ekonomi i god balans", "Tryggare gator och torg", None, "Trygga torg och gator"]


def test_reworded_titles_are_alike_and_others_are_not():
    scores = similarity.title_similarity(TITLES, TITLES)
    assert scores[0, 1] > 0.6
    assert scores[2, 4] > 0.6
    assert scores[0, 2] < 0.1
    assert scores[0, 0] == pytest.approx(1)
    assert np.isnan(scores[3]).all()
    assert np.isnan(scores[:, 3]).all()


WORDS = st.sampled_from(["trygg", "skola", "balans", "ekonomi", "hållbar", "kommun", "ska", "ha", "en", "god", "vård"])


@settings(max_examples=40)
@example(
    st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), min_size=2, max_size=40),
    st.sampled_from([0.3, 0.6]),
)
def test_the_fast_search_finds_exactly_the_pairs_of_the_full_one(titles, threshold):
    weights = similarity.vectors(titles)
    full = cosine_similarity(weights)
    wanted = {(i, j) for i, j in zip(*np.triu_indices(len(titles), 1), strict=True) if full[i, j] >= threshold}
    for at_least in (20, 0):  # 0: nearly all pieces count as common, so that the bound is at work
        found = similarity.alike_pairs(weights, threshold, at_least)
        pairs = set(zip(found["first"], found["second"], strict=True))
        border = {p for p in wanted ^ pairs if abs(full[p] - threshold) < 1e-5}
        assert pairs - border == wanted - border


def test_the_matching_is_the_best_as_a_whole():
    scores = np.array([[0.9, 0.8, 0.0], [0.85, 0.1, 0.0], [0.2, 0.3, 0.4]])
    found = similarity.matches(scores, 0.5)
    assert found[["first", "second"]].to_numpy().tolist() == [[0, 1], [1, 0]]
    assert similarity.matches(np.zeros((0, 3))).empty


def three_municipalities(given):
    documents = [given.document(c, c, year=2022) for c in ("0001", "0002", "0003")]
    titles = {
        "0001": ["En ekonomi i balans", "Ren luft"],
        "0002": ["Ekonomi i god balans"],
        "0003": ["En ekonomi i balans"],
    }
    goals = [given.goal(f"{c}-{i}", t, document_id=c) for c, ts in titles.items() for i, t in enumerate(ts)]
    return given.plans(documents, goals=goals)


def test_look_alikes_are_of_other_municipalities_best_first(given):
    found = similarity.lookalikes(three_municipalities(given), threshold=0.5)
    first = found[found["goal_id_1"] == "0001-0"]
    assert first["goal_id_2"].tolist() == ["0003-0", "0002-0"]
    assert first["rank"].tolist() == [1, 2]
    assert first["score"].iloc[0] == 1
    assert "0001-1" not in set(found["goal_id_1"])
    assert first["record_ids"].iloc[0] == ["0001-0", "0003-0"]
    assert similarity.lookalikes(three_municipalities(given), at_most=1)["rank"].max() == 1


def test_only_goals_that_stand_now_are_compared(given):
    documents = [
        given.document("old", "0001", 2021),
        given.document("new", "0001", 2022),
        given.document("b", "0002", 2022),
    ]
    goals = [given.goal(d, "Fler bostäder" if d != "new" else "Ren luft", document_id=d) for d in ("old", "new", "b")]
    plans = given.plans(documents, goals=goals)
    assert similarity.lookalikes(plans).empty
    assert len(similarity.lookalikes(plans, years=[2021, 2022])) == 0
    assert similarity.latest_goals(plans, years=[2021])["goal_id"].tolist() == ["old"]


def test_two_municipalities_side_by_side(given):
    found = similarity.goal_matching(three_municipalities(given), "0001", "0002", threshold=0.5)
    assert found["goal_id_1"].tolist() == ["0001-0", "0001-1"]
    assert found["goal_id_2"].isna().tolist() == [False, True]


def test_jaccard_and_jensen_shannon_against_scikit_learn_and_scipy():
    weights = np.array([[3, 1, 0, 0], [1, 1, 2, 0], [0, 0, 0, 5]], dtype=float)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert similarity.jaccard(weights)[i, j] == pytest.approx(jaccard_score(weights[i] > 0, weights[j] > 0))
        wanted = jensenshannon(weights[i], weights[j], base=2) ** 2
        assert similarity.jensen_shannon(weights)[i, j] == pytest.approx(wanted)
    assert np.isnan(similarity.jaccard(np.zeros((2, 3)))).all()
    assert np.isnan(similarity.jensen_shannon(np.zeros((1, 3)))).all()


def test_profiles_are_compared_within_a_year():
    rows = pd.DataFrame(
        {
            "municipality_code": ["a", "b", "a", "b"],
            "year": [2021, 2021, 2022, 2022],
            "theme": ["school", "school", "school", "care"],
            "weight": [1.0, 2.0, 1.0, 1.0],
        }
    )
    found = similarity.profile_similarity(rows, within=("year",))
    assert found["jaccard"].tolist() == [1, 0]
    assert found["divergence"].tolist() == [pytest.approx(0), pytest.approx(1)]
    assert list(similarity.profile_similarity(rows.iloc[:0], within=("year",)).columns) == list(found.columns)


def test_without_plans_there_are_no_look_alikes_but_the_same_columns(given):
    empty, full = similarity.lookalikes(Tables()), similarity.lookalikes(three_municipalities(given))
    assert empty.empty
    assert list(empty.columns) == list(full.columns)


def test_the_share_of_goals_with_a_counterpart_is_of_the_best_match_as_a_whole(given):
    plans = three_municipalities(given)
    found = similarity.shares_matched(plans, threshold=0.5)
    assert found[["municipality_code_1", "municipality_code_2"]].to_numpy().tolist() == [
        ["0001", "0002"],
        ["0001", "0003"],
        ["0002", "0003"],
    ]
    goals = similarity.latest_goals(plans)
    grams = similarity.vectors(similarity.normalised(goals["title"]))
    for row in found.itertuples():
        sides = [(goals["municipality_code"] == code).to_numpy() for code in row[1:3]]
        scores = cosine_similarity(grams[sides[0]], grams[sides[1]])
        scores[scores < 0.5] = 0
        best = max(_sums(scores), key=lambda match: match[0])
        assert row.matched == best[1]
        assert row.share == pytest.approx(2 * best[1] / sum(scores.shape))
        assert len(row.record_ids) == 2 * best[1]


def _sums(scores):
    """Likeness and number of every one to one match, all tried."""
    small, large = sorted(scores.shape)
    scores = scores if scores.shape[0] == small else scores.T
    for order in itertools.permutations(range(large), small):
        values = [scores[row, column] for row, column in enumerate(order)]
        yield sum(values), sum(value > 0 for value in values)
