import pytest
from rapidfuzz.distance import Indel

from compare.contract import Tables
from compare.measures.churn import around_elections, churn, goal_changes


def years(given, *plans, links=()):
    """Plans of consecutive years from 2022, each a dict of goal id to title."""
    documents = [given.document(str(2022 + i), year=2022 + i) for i in range(len(plans))]
    goals = [
        given.goal(f"{document['year']}-{key}", title, document_id=document["document_id"])
        for document, titles in zip(documents, plans, strict=True)
        for key, title in titles.items()
    ]
    return given.plans(documents, goals=goals, links=list(links))


def test_goals_are_kept_reworded_dropped_and_new(given):
    old = {"a": "En ekonomi i balans", "b": "Öka tryggheten på gator och torg", "c": "Fler bostäder"}
    new = {"x": "En ekonomi i balans.", "y": "Öka tryggheten på våra gator och torg", "z": "Ren luft"}
    changes = goal_changes(years(given, old, new)).set_index("change")
    assert changes.loc["kept", ["from_id", "to_id", "method"]].tolist() == ["2022-a", "2023-x", "words"]
    assert changes.loc["reworded", ["from_id", "to_id", "method"]].tolist() == ["2022-b", "2023-y", "likeness"]
    assert changes.loc["dropped", "from_id"] == "2022-c"
    assert changes.loc["new", "to_id"] == "2023-z"
    counted = churn(changes.reset_index()).iloc[0]
    assert counted[["kept", "reworded", "dropped", "new"]].tolist() == [1, 1, 1, 1]
    assert counted["churn"] == pytest.approx(1 - 2 / 4)
    assert counted["churn_strict"] == pytest.approx(1 - 1 / 5)
    assert counted["record_ids"] == ["2022-c", "2023-z"]


def test_a_recorded_tie_comes_before_likeness(given):
    tie = {"from_table": "goals", "to_table": "goals", "relation": "same_goal", "from_id": "2023-x", "to_id": "2022-a"}
    changes = goal_changes(years(given, {"a": "Fler bostäder"}, {"x": "Bygg mer"}, links=[tie]))
    assert changes[["change", "method"]].to_numpy().tolist() == [["reworded", "link"]]


def test_a_reworded_goal_tells_how_like_it_is_and_a_kept_one_is_equal(given):
    old = {"a": "Ren luft", "b": "Öka tryggheten på gator"}
    changes = goal_changes(years(given, old, {"x": "Ren luft!", "y": "Öka tryggheten på torg"})).set_index("change")
    assert changes.loc["kept", "score"] == 1
    # Twice the letters and spaces in common, in order, of all: 'gator' and 'torg' share three in each.
    words = [" ".join(sorted(text.lower().split())) for text in ("Öka tryggheten på gator", "Öka tryggheten på torg")]
    assert changes.loc["reworded", "score"] == pytest.approx(Indel.normalized_similarity(*words))


def test_goals_of_many_plans_are_compared_within_their_municipality_and_with_the_next_year(given):
    documents = [
        given.document(f"{code}-{year}", municipality_code=code, year=year)
        for year in (2023, 2022, 2024)
        for code in ("0002", "0001")
    ]
    titles = {2022: "Öka tryggheten på gator och torg", 2023: "Öka tryggheten på våra gator och torg", 2024: "Ren luft"}
    goals = [
        given.goal(document["document_id"], titles[document["year"]], document_id=document["document_id"])
        for document in documents
    ]
    changes = goal_changes(given.plans(documents, goals=goals))
    assert changes[["municipality_code", "from_year", "year", "change", "from_id"]].fillna("").to_numpy().tolist() == [
        row
        for code in ("0001", "0002")
        for row in (
            [code, 2022, 2023, "reworded", f"{code}-2022"],
            [code, 2023, 2024, "dropped", f"{code}-2023"],
            [code, 2023, 2024, "new", ""],
        )
    ]


def test_each_goal_is_matched_once(given):
    title = "Öka tryggheten på gator och torg"
    changes = goal_changes(years(given, {"a": title, "b": title}, {"x": title}))
    assert sorted(changes["change"]) == ["dropped", "kept"]


@pytest.mark.parametrize(
    ("from_year", "year", "elected"), [(2022, 2023, True), (2023, 2024, False), (2021, 2024, True)]
)
def test_elections_lie_between_plans(given, from_year, year, elected):
    documents = [given.document(str(y), year=y) for y in (from_year, year)]
    goals = [given.goal(d["document_id"], "Fler bostäder", document_id=d["document_id"]) for d in documents]
    counted = churn(goal_changes(given.plans(documents, goals=goals))).iloc[0]
    assert counted["after_election"] == elected


def test_plans_of_different_sorts_are_not_compared(given):
    documents = [given.document("a", year=2022), given.document("b", year=2023, kind="goal_page")]
    goals = [given.goal("a", "Fler bostäder"), given.goal("b", "Ren luft", document_id="b")]
    assert goal_changes(given.plans(documents, goals=goals)).empty


def test_a_single_plan_has_no_change_and_empty_results_keep_their_columns(given):
    alone, two = years(given, {"a": "Fler bostäder"}), years(given, {"a": "Fler bostäder"}, {"a": "Fler bostäder"})
    for plans in (Tables(), alone):
        assert goal_changes(plans).empty
        assert list(goal_changes(plans).columns) == list(goal_changes(two).columns)
        assert list(churn(goal_changes(plans)).columns) == list(churn(goal_changes(two)).columns)


def test_what_is_exchanged_after_an_election_stands_beside_what_is_exchanged_else(given):
    from statsmodels.stats.proportion import confint_proportions_2indep

    same, other = {"a": "Ren luft", "b": "Fler bostäder"}, {"a": "Ren luft", "b": "Trygga gator"}
    found = around_elections(churn(goal_changes(years(given, same, other, other))))
    # The election of 2022 lies between the plans for 2022 and 2023; between those for 2023 and 2024 lies none.
    assert found["after_election"].tolist() == [False, True]
    assert found[["steps", "count", "n"]].to_numpy().tolist() == [[1, 0, 2], [1, 2, 3]]
    low, high = confint_proportions_2indep(2, 3, 0, 2, method="newcomb")
    for row in found.itertuples():
        assert (row.difference, row.difference_low, row.difference_high) == pytest.approx((2 / 3, low, high))
    assert found["record_ids"].tolist() == [[], ["2022-b", "2023-b"]]


def test_without_both_sides_there_is_no_difference_at_an_election(given):
    found = around_elections(churn(goal_changes(years(given, {"a": "Ren luft"}, {"a": "Ren luft"}))))
    assert found["after_election"].tolist() == [True]
    assert found["difference"].isna().all()
