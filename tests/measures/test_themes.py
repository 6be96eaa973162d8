import re

import krippendorff
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import precision_recall_fscore_support

from compare import vocabulary
from compare.contract import Tables
from compare.measures import themes
from compare.problems import PlanError, ProblemsFound


def test_the_weights_of_a_goal_sum_to_one_and_show_their_words(given):
    plans = given.plans(goals=[given.goal("1", "Trygga skolor och en trygg vardag"), given.goal("2", "Xyz")])
    found = themes.assign(plans)
    first = found[found["record_id"] == "1"].set_index("theme")
    assert first["weight"].sum() == pytest.approx(1)
    assert first.loc["education", "evidence"] == ["skolor"]
    assert first.loc["safety and preparedness", "evidence"] == ["trygg", "trygga"]
    unknown = found[found["record_id"] == "2"].iloc[0]
    assert pd.isna(unknown["theme"])
    assert pd.isna(unknown["weight"])


def test_what_stands_below_a_goal_may_speak_for_it(given):
    plans = given.plans(
        goals=[given.goal("1", "Xyz"), given.goal("1.1", "Xyz", level=2, parent="1")],
        assignments=[given.assignment("a", "1.1", title="Bygg fler bostäder")],
    )
    assert themes.assign(plans)["theme"].isna().all()
    below = themes.assign(plans, below=True)
    assert below["theme"].tolist() == ["housing", "housing"]
    assert themes.assign(plans, of="assignments")["theme"].tolist() == ["housing"]


def test_a_persons_decision_wins(given):
    plans = given.plans(goals=[given.goal("1", "En ekonomi i balans")])
    decided = pd.DataFrame({"record_id": ["1", "1"], "scheme": ["sdg", "sdg"], "theme": ["8", "16"], "weight": [3, 1]})
    found = themes.assign(plans, "sdg", overrides=decided)
    assert dict(zip(found["theme"], found["weight"], strict=True)) == {"8": 0.75, "16": 0.25}
    assert set(found["basis"]) == {"override"}
    assert set(themes.assign(plans, "cofog", overrides=decided)["basis"]) == {"words"}


def test_a_decision_needs_no_words_and_a_word_that_is_said_twice_is_shown_once(given):
    plans = given.plans(
        goals=[given.goal("1", "En skola för alla"), given.goal("2", "Skola")],
        assignments=[given.assignment("a", "2", title="Bygg en skola"), given.assignment("b", "2", title="Skola!")],
    )
    decided = pd.DataFrame({"record_id": ["1"], "scheme": ["policy_areas"], "theme": ["culture and leisure"]})
    found = themes.assign(plans, overrides=decided, below=True).set_index("record_id")
    assert found.loc["1", ["theme", "weight", "basis"]].tolist() == ["culture and leisure", 1.0, "override"]
    assert found.loc["1", "evidence"] == []
    assert found.loc["2", "evidence"] == ["skola"]


def test_agreement_with_labels_is_that_of_scikit_learn(given):
    said = {
        "1": ("education", "education"),
        "2": ("housing", "education"),
        "3": ("housing", "housing"),
        "4": (None, "housing"),
    }
    assigned = pd.DataFrame({"record_id": list(said), "theme": [words for words, _ in said.values()]})
    labels = pd.DataFrame({"record_id": list(said), "theme": [person for _, person in said.values()]})
    found = themes.agreement(assigned, labels).set_index("theme")
    for theme in ("education", "housing"):
        words, person = ([pair[side] == theme for pair in said.values()] for side in (0, 1))
        precision, recall, f1, _ = precision_recall_fscore_support(person, words, average="binary")
        assert found.loc[theme, ["precision", "recall", "f1"]].tolist() == pytest.approx([precision, recall, f1])
        expected = krippendorff.alpha(np.array([words, person], dtype=float), level_of_measurement="nominal")
        assert found.loc[theme, "alpha"] == pytest.approx(expected)


def test_a_decision_whose_source_has_changed_is_refused(given):
    plans = given.plans(goals=[given.goal("1", "En ekonomi i balans")])
    decided = pd.DataFrame({"record_id": ["1", "9"], "scheme": "sdg", "theme": "8", "title": ["Ren luft", "Ren luft"]})
    with pytest.raises(ProblemsFound) as refused:
        themes.assign(plans, "sdg", overrides=decided)
    assert [p.what for p in refused.value.problems] == ["no such record", "the title has changed"]
    assert [p.row for p in refused.value.problems] == [2, 1]


def test_an_unknown_scheme_is_refused_by_name(given):
    with pytest.raises(PlanError, match="no scheme 'colour'"):
        themes.assign(given.plans(), "colour")


def test_shares_count_things_and_leave_the_unknown_out(given):
    titles = ("Skolan", "Trygga skolor", "Xyz")
    plans = given.plans(goals=[given.goal(str(i), t) for i, t in enumerate(titles)])
    found = themes.shares(themes.assign(plans), plans).set_index("theme")
    assert found["weight"].to_dict() == {"education": 1.5, "safety and preparedness": 0.5}
    assert found["share"].to_dict() == {"education": 0.75, "safety and preparedness": 0.25}
    assert found[["n", "unassigned"]].to_numpy().tolist() == [[2, 1], [2, 1]]
    assert found.loc["education", "record_ids"] == ["0", "1"]
    empty = themes.shares(themes.assign(Tables()), Tables())
    assert list(empty.columns) == list(themes.shares(themes.assign(plans), plans).columns)


def test_agreement_against_krippendorff():
    said = pd.DataFrame({"record_id": list("aabcd"), "theme": ["x", "y", "x", "z", None]})
    person = pd.DataFrame({"record_id": list("abbcd"), "theme": ["x", "x", "y", "z", "x"]})
    found = themes.agreement(said, person)
    all_themes = found[found["theme"].isna()].iloc[0]
    # a: x y | x, b: x | x y, c: z | z, d: - | x, each over the themes x y z
    words = [1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0]
    labels = [1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0]
    wanted = krippendorff.alpha(reliability_data=np.array([words, labels]), level_of_measurement="nominal")
    assert all_themes["alpha"] == pytest.approx(wanted)
    assert all_themes[["units", "both", "words_only", "labels_only"]].tolist() == [12, 3, 1, 2]
    assert (all_themes["precision"], all_themes["recall"]) == (3 / 4, 3 / 5)
    assert found[found["theme"] == "z"].iloc[0]["alpha"] == 1


def test_the_vocabulary_maps_every_topic_to_known_codes():
    listed = vocabulary.terms("themes")
    for topic in listed:
        assert listed.fact(topic, "policy_areas"), topic
        assert all(1 <= int(goal) <= 17 for goal in listed.fact(topic, "sdg")), topic
        assert all(re.fullmatch(r"(0[1-9]|10)(\.\d)?", code) for code in listed.fact(topic, "cofog")), topic


def test_no_part_of_a_word_stands_under_two_topics():
    listed = vocabulary.terms("themes")
    parts = [part for topic in listed for part in listed.fact(topic, "stems", [])]
    assert sorted(parts) == sorted(set(parts))
    assert all(part == part.lower() for part in parts)


@pytest.mark.parametrize("scheme", themes.SCHEMES)
def test_without_plans_there_are_no_rows_but_the_same_columns(scheme, given):
    empty, full = themes.assign(Tables(), scheme), themes.assign(given.plans(goals=[given.goal("1", "Skolan")]), scheme)
    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
