"""What goals are about, compared: counts, intervals judged together, and what chance alone would give."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import jensenshannon

from compare.contract import Tables, frame
from compare.measures import statistics as stat
from compare.measures import theme_contrast as contrast
from compare.measures.themes import assign


def plans(**titles):
    """Goals by municipality: code 0188 as c0188."""
    documents, goals = [], []
    for name, said in titles.items():
        code = name[1:]
        common = {"document_id": f"{code}-plan-2022", "municipality_code": code, "year": 2022}
        documents.append({**common, "title": "Plan", "kind": "goals_and_budget", "reading": "hand_coded"})
        goals += [
            {**common, "goal_id": f"{code}-plan-2022/goal-{i}", "title": title, "level": 1, "line": i}
            for i, title in enumerate(said, 1)
        ]
    return Tables(documents=frame("documents", documents), goals=frame("goals", goals))


@pytest.fixture
def two():
    return plans(
        c0188=["Minska brott", "Trygga gator och torg", "En skola för alla", "Okänt ord"],
        c2380=["Bättre skola", "Fler företag", "Minska utsläppen"],
    )


def test_shares_count_goals_that_name_a_theme_and_leave_unknown_ones_out(two):
    rates = contrast.named(contrast.standing(two), two).set_index(["municipality_code", "theme"])
    safety = rates.loc[("0188", "safety and preparedness")]
    assert (safety["count"], safety["n"]) == (2, 3)
    assert (safety["low"], safety["high"]) == pytest.approx(tuple(map(float, stat.wilson(2, 3))))
    assert set(safety["evidence"]) == {"brott", "trygga"}


def test_a_theme_that_only_another_municipality_has_is_there_with_count_zero(two):
    rates = contrast.named(contrast.standing(two), two).set_index(["municipality_code", "theme"])
    assert rates.loc[("2380", "safety and preparedness"), "count"] == 0
    assert rates.loc[("2380", "safety and preparedness"), "record_ids"] == []


def test_a_municipality_whose_goals_have_no_known_word_has_no_row():
    silent = plans(c0188=["Okänt ord"], c2380=["Bättre skola"])
    assert set(contrast.named(contrast.standing(silent), silent)["municipality_code"]) == {"2380"}


def counted(*rows):
    """Rates by municipality and theme, from their code, theme, count and n."""
    return pd.DataFrame(rows, columns=["municipality_code", "theme", "count", "n"]).assign(
        record_ids=[[] for _ in rows]
    )


def test_differences_are_judged_together_so_that_their_intervals_are_wider():
    goals = counted(("0188", "education", 12, 20), ("0188", "housing", 2, 20))
    assignments = counted(("0188", "education", 6, 20), ("0188", "housing", 3, 20))
    first = contrast.between_things(goals, assignments).iloc[0]
    assert first["difference"] == pytest.approx(0.3)
    together = stat.difference(6, 20, 12, 20, 1 - 0.05 / 2)
    assert (first["low"], first["high"]) == pytest.approx((together.low, together.high))
    assert first["low"] < stat.difference(6, 20, 12, 20).low


def test_what_rests_on_too_few_makes_no_other_difference_less_sure():
    large = (counted(("0188", "education", 12, 20)), counted(("0188", "education", 6, 20)))
    few = counted(("2380", "education", 1, 3))
    alone = contrast.between_things(*large).iloc[0]
    found = contrast.between_things(*(pd.concat([rates, few], ignore_index=True) for rates in large))
    found = found.set_index("municipality_code")
    assert (found.loc["0188", "low"], found.loc["0188", "high"]) == pytest.approx((alone["low"], alone["high"]))
    assert found.loc["2380", "verdict"] == "too_few"


def test_a_large_difference_between_goals_and_assignments_is_called_so():
    rows = {"theme": "safety and preparedness", "municipality_code": "0188"}
    goals = pd.DataFrame([{**rows, "count": 30, "n": 40, "record_ids": ["g"]}])
    assignments = pd.DataFrame([{**rows, "count": 4, "n": 80, "record_ids": ["a"]}])
    found = contrast.between_things(goals, assignments).iloc[0]
    assert found["verdict"] == "higher"
    assert (found["rate_first"], found["rate_second"]) == (0.75, 0.05)
    assert found["record_ids"] == ["g", "a"]


def test_divergence_agrees_with_scipy(two):
    goals = assign(two)
    found = contrast.likeness(goals, draws=50).iloc[0]
    wide = goals.pivot_table(index="municipality_code", columns="theme", values="weight", aggfunc="sum", fill_value=0)
    assert found["divergence"] == pytest.approx(jensenshannon(*wide.to_numpy(), base=2) ** 2)


def test_what_chance_gives_is_the_mean_over_all_ways_to_deal_the_goals_out():
    few = plans(c0188=["Bättre skola 1", "Bättre skola 2"], c2380=["Minska brott", "Bättre skola", "Fler företag"])
    goals = assign(few, unit_rule="per_document")
    found = contrast.likeness(goals, draws=4000).iloc[0]
    each = goals.pivot_table(
        index="record_id", columns="theme", values="weight", aggfunc="sum", fill_value=0
    ).to_numpy()
    deals = [
        jensenshannon(each[list(own)].sum(axis=0), np.delete(each, own, axis=0).sum(axis=0), base=2) ** 2
        for own in combinations(range(len(each)), 2)
    ]
    assert len(each) == 5
    assert found["by_chance"] == pytest.approx(np.mean(deals), abs=0.01)
    assert found["as_large"] == pytest.approx(np.mean(np.array(deals) >= found["divergence"] - 1e-9), abs=0.03)


def test_the_least_municipality_of_two_may_be_the_first_or_the_second():
    one, two = ["Bättre skola"], ["Minska brott", "Fler företag", "Bättre vård"]
    forth = contrast.likeness(assign(plans(c0188=one, c2380=two)), draws=3000).iloc[0]
    back = contrast.likeness(assign(plans(c0188=two, c2380=one)), draws=3000).iloc[0]
    assert (forth["n_first"], back["n_first"]) == (1, 3)
    assert forth["by_chance"] == pytest.approx(back["by_chance"], abs=0.02)


def test_groups_without_a_name_have_their_rows_too(two):
    rates = contrast.named(contrast.standing(two), two, by=("municipality_code", "board"))
    assert rates["board"].isna().all()
    assert rates.groupby("municipality_code")["n"].first().to_dict() == {"0188": 3, "2380": 3}
    assert rates.groupby("municipality_code")["share"].sum().tolist() == pytest.approx([1, 1])


def test_the_largest_difference_comes_first_whichever_way_it_goes():
    goals = counted(("0188", "education", 12, 20), ("0188", "housing", 1, 20), ("0188", "health", 5, 20))
    assignments = counted(("0188", "education", 8, 20), ("0188", "housing", 15, 20), ("0188", "health", 5, 20))
    found = contrast.between_things(goals, assignments)
    assert found["theme"].tolist() == ["housing", "education", "health"]


def test_where_one_side_counts_nothing_there_is_nothing_to_compare():
    goals, assignments = counted(("0188", "education", 6, 20)), counted(("0188", "education", 0, 0))
    assert contrast.between_things(goals, assignments).empty
    assert contrast.between_things(assignments, goals).empty


def test_chance_explains_equal_profiles_and_not_opposite_ones():
    school, crime = ["Bättre skola"], ["Minska brott"]
    same = plans(c0188=[*school * 8, *crime * 8], c2380=[*school * 8, *crime * 8])
    opposite = plans(c0188=[f"Bättre skola {i}" for i in range(8)], c2380=[f"Minska brott {i}" for i in range(8)])
    alike = contrast.likeness(assign(same, unit_rule="per_document"), draws=300).iloc[0]
    unlike = contrast.likeness(assign(opposite), draws=300).iloc[0]
    assert alike["divergence"] == pytest.approx(0, abs=1e-9)
    assert alike["as_large"] == 1
    assert unlike["divergence"] == pytest.approx(1)
    assert unlike["as_large"] < 0.02
    assert unlike["by_chance"] < 0.5


def test_the_same_seed_deals_the_same(two):
    goals = assign(two)
    pd.testing.assert_frame_equal(contrast.likeness(goals, draws=20), contrast.likeness(goals, draws=20))


def test_without_goals_everything_is_empty():
    nothing = Tables()
    goals = contrast.standing(nothing)
    rates = contrast.named(goals, nothing)
    assert rates.empty
    assert contrast.against_others(rates).empty
    assert contrast.between_things(rates, rates).empty
    assert contrast.likeness(goals).empty


def test_very_many_pairs_are_not_dealt_out():
    many = plans(**{f"c{code:04}": ["Bättre skola", "Minska brott"] for code in range(1000, 1017)})
    found = contrast.likeness(assign(many))
    assert len(found) == 17 * 16 / 2
    assert np.isnan(found["by_chance"]).all()


def test_a_difference_holds_only_where_what_has_no_theme_cannot_undo_it():
    goals = pd.DataFrame({"municipality_code": ["0188"], "theme": "safety", "count": 30, "n": 40, "record_ids": [[]]})
    assignments = goals.assign(count=5)
    none, few, many = (pd.Series({"0188": n}) for n in (0, 2, 60))
    assert contrast.between_things(goals, assignments)["holds"].tolist() == [True]
    assert contrast.between_things(goals, assignments, none, few)["holds"].tolist() == [True]
    found = contrast.between_things(goals, assignments, none, many)
    assert found[["verdict", "holds", "unknown_second"]].iloc[0].tolist() == ["higher", False, 60]
    assert contrast.between_things(assignments, goals, many, none)["holds"].tolist() == [False]
    assert contrast.between_things(assignments, goals, none, none)["holds"].tolist() == [True]
