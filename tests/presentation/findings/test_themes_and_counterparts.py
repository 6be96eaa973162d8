"""What the page on themes says: shares with n, no difference where chance gives as much, counterparts to judge."""

import pandas as pd
import pytest

from compare.contract import Tables, frame
from compare.measures import concentration, similarity, theme_contrast, themes
from compare.presentation import figures
from compare.presentation.findings import themes_and_counterparts as found
from compare.presentation.page import Page


def plans_of(goals, assignments=()):
    """Tables of one plan per municipality: pairs of code and title."""
    documents = {
        code: {"document_id": f"{code}-plan-2022", "municipality_code": code, "year": 2022} for code, _ in goals
    }
    card = {"title": "Plan", "kind": "goals_and_budget", "reading": "hand_coded"}
    return Tables(
        documents=frame("documents", [{**row, **card} for row in documents.values()]),
        goals=frame(
            "goals",
            [
                {**documents[code], "goal_id": f"g{i}", "title": title, "title_en": f"In English {i}", "level": 1}
                | {"line": i}
                for i, (code, title) in enumerate(goals)
            ],
        ),
        assignments=frame(
            "assignments",
            [
                {**documents[code], "assignment_id": f"a{i}", "title": title, "kind": "assignment", "line": i}
                for i, (code, title) in enumerate(assignments)
            ],
        ),
    )


@pytest.fixture
def plans():
    return plans_of(
        [
            ("0188", "Minska brott"),
            ("0188", "Trygga gator"),
            ("0188", "Ett gott företagsklimat i hela kommunen"),
            ("0188", "Xyz"),
            ("2380", "Bättre skola"),
            ("2380", "Gott företagsklimat i kommunen"),
        ]
    )


def told(plans, language="en"):
    page = Page("Themes and counterparts", plans, language)
    goals = theme_contrast.standing(plans)
    rates = theme_contrast.named(goals, plans)
    assigned = themes.assign(plans, of="assignments")
    given = found.findings(
        page,
        rates=rates,
        contrasts=theme_contrast.against_others(rates),
        against_assignments=theme_contrast.between_things(
            rates,
            theme_contrast.named(assigned, plans),
            *(theme_contrast.without_theme(rows) for rows in (goals, assigned)),
        ),
        spread=found.with_goals(concentration.concentration(goals, "theme", by=["municipality_code"]), goals),
        likeness=found.with_goals(theme_contrast.likeness(goals, draws=100), goals),
        pairs=found.counterparts(similarity.lookalikes(plans, threshold=found.PERHAPS), plans),
        unassigned=found.titles(goals[goals["theme"].isna()], plans),
    )
    return [finding for finding in given if finding is not None]


def texts(plans, language="en"):
    return [finding.text.replace("\u00a0", " ") for finding in told(plans, language)]


def test_the_most_frequent_theme_comes_with_n_interval_and_reservation(plans):
    first = texts(plans)[0]
    assert first.startswith(
        "Goals are most often about safety and preparedness in Norrtälje (2 of 3: 67%, 21–94%) and "
    )
    assert first.endswith("Too few to compare: Norrtälje and Östersund.")
    assert told(plans)[0].places[0].line == 0


def test_few_goals_make_no_municipality_stand_apart(plans):
    assert "The municipalities have too few goals with a theme to tell whether they differ." in texts(plans)
    like = [(code, f"Minska brott {word}") for code in ("0188", "2380") for word in "abcdefghijkl"]
    assert any(text.startswith("No municipality clearly stands apart in any theme.") for text in texts(plans_of(like)))


def test_policy_areas_that_a_municipality_has_no_goal_about_are_named(plans):
    assert (
        "1 of 4 policy areas are among the goals of all 2 municipalities. No goal that was read: Norrtälje about "
        "education; Östersund about infrastructure and planning, and safety and preparedness." in texts(plans)
    )


def test_a_difference_that_is_more_than_chance_is_told():
    crime = [("0188", f"Minska brott {word}") for word in "abcdefghijklmnopqrstuvwxyz"]
    school = [("2380", f"Bättre skola {word}") for word in "abcdefghijklmnopqrstuvwxyz"]
    said = texts(plans_of(crime + school, [("0188", f"Ny skola {n}") for n in range(40)]))
    assert any(
        text.startswith("Norrtälje has more goals about safety and preparedness than the others") for text in said
    )
    (sentence,) = [text for text in said if text.startswith("Norrtälje aims at safety and preparedness more than it")]
    assert sentence.endswith("more than chance).")
    assert any("divide their goals differently" in text for text in said)


def test_a_difference_that_things_without_a_known_word_could_undo_is_told_with_this_reservation():
    crime = [("0188", f"Minska brott {word}") for word in "abcdefghijklmnopqrstuvwxyz"]
    tasks = [("0188", f"Ny skola {n}") for n in range(40)] + [("0188", f"Xyz {n}") for n in range(400)]
    (sentence,) = [text for text in texts(plans_of(crime, tasks)) if "aims at safety and preparedness" in text]
    assert sentence.endswith(
        "Without a known word are 400 assignments: if all of these were against it, the difference would not be clear."
    )


def test_where_no_goals_are_worded_alike_the_closest_pair_is_told_with_it(plans):
    pairs = found.counterparts(similarity.lookalikes(plans, threshold=found.PERHAPS), plans).assign(likely="perhaps")
    page = Page("T", plans, "en")
    rates = theme_contrast.named(theme_contrast.standing(plans), plans)
    (finding,) = found._counterparts(page, pairs, rates)
    assert finding.text.startswith("No two goals of different municipalities are worded alike")
    assert "The closest are “In English 2” (Norrtälje) and “In English 5” (Östersund)" in finding.text
    assert finding.places


def test_look_alikes_are_told_once_and_doubtful_ones_as_such(plans):
    pairs = found.counterparts(similarity.lookalikes(plans, threshold=found.PERHAPS), plans)
    assert len(pairs) == 1
    assert pairs["likely"].tolist() == ["alike" if pairs["score"].iloc[0] >= similarity.ALIKE else "perhaps"]
    assert sum("In English 2" in text and "In English 5" in text for text in texts(plans)) == 1
    assert any("Gott företagsklimat i kommunen" in text for text in texts(plans, "sv"))


def with_targets(plans):
    """The plans with a target and an outcome on the goal of the first municipality that the second has too."""
    goal = plans.goals[plans.goals["title"].str.startswith("Ett gott företagsklimat")].iloc[0]
    own = {name: goal[name] for name in ("document_id", "municipality_code", "year")}
    indicator = {**own, "indicator_id": "i", "goal_id": goal["goal_id"], "name": "Besök", "line": 9}
    year = {"plan_year": own.pop("year"), "indicator_id": "i"} | own
    values = [
        {**year, "indicator_value_id": "t", "kind": "target", "year": 2022, "value": 10.0, "text": "minst 10"},
        {**year, "indicator_value_id": "o", "kind": "outcome", "year": 2022, "value": 12.0, "text": "12"},
    ]
    return plans.replace(
        indicators=frame("indicators", [indicator]), indicator_values=frame("indicator_values", values)
    )


def test_look_alikes_tell_who_reached_the_targets(plans):
    plans = with_targets(plans)
    pairs = found.counterparts(similarity.lookalikes(plans, threshold=found.PERHAPS), plans).assign(likely="alike")
    assert pairs[["targets_reached_1", "targets_reached_2"]].to_numpy().tolist() == [["reached", "not_tied"]]
    page = Page("T", plans, "en")
    finding = list(found._counterparts(page, pairs, theme_contrast.named(theme_contrast.standing(plans), plans)))[-1]
    assert finding.text.endswith("Of the targets that can be judged Norrtälje reached 1 of 1.")


def test_the_targets_of_look_alikes_stand_with_their_goal_and_place(plans):
    plans = with_targets(plans)
    pairs = found.counterparts(similarity.lookalikes(plans, threshold=found.PERHAPS), plans)
    targets = found.targets_of(pairs, plans)
    assert targets["goal_title"].tolist() == ["Ett gott företagsklimat i hela kommunen"]
    assert targets[["name", "outcome", "verdict"]].to_numpy().tolist() == [["Besök", 12, "met"]]
    assert targets["record_ids"].tolist() == [["t", "o"]]


def test_goals_without_a_known_word_are_counted_and_lead_to_their_place(plans):
    last = told(plans)[-1]
    assert last.text.replace("\u00a0", " ") == "1 of 6 goals has no known word and so no theme (Norrtälje 1)."
    assert last.places[0].line == 3


def test_few_municipalities_are_columns_and_many_are_rows(plans):
    rates = theme_contrast.named(theme_contrast.standing(plans), plans)
    assert found.sides(rates)["columns"] == "municipality_code"
    many = pd.concat([rates.assign(municipality_code=f"{code}") for code in range(1000, 1020)])
    assert found.sides(many)["rows"] == "municipality_code"


def test_the_heat_map_has_a_dash_and_no_zero_where_no_goal_names_a_theme(plans):
    rates = theme_contrast.named(theme_contrast.standing(plans), plans)
    shown = found.shown(rates)
    page = Page("T", plans, "en")
    figure = figures.heat(shown, page.say, value="rate", largest_first=False, **found.sides(shown))
    written = {text.get_text() for text in figure.figure.axes[0].texts}
    assert {tick.get_text().replace("\u00a0", " ") for tick in figure.figure.axes[0].get_xticklabels()} == {
        "Norrtälje (n = 3)",
        "Östersund (n = 2)",
    }
    assert "–" in written
    assert "0%" not in written


def test_evidence_stands_by_theme_and_municipality(plans):
    rates = theme_contrast.named(theme_contrast.standing(plans), plans)
    words, heads = found.words(rates, Page("T", plans, "en"))
    row = words.set_index("theme").loc["safety and preparedness"]
    assert set(row["0188"].split(", ")) == {"brott", "trygga"}
    assert row["2380"] == "no word"
    assert heads == {"theme": "Theme", "0188": "Norrtälje", "2380": "Östersund"}


def test_a_theme_that_only_a_person_gave_says_so_in_place_of_words(plans):
    rates = theme_contrast.named(theme_contrast.standing(plans), plans)
    rates["evidence"] = [[] for _ in range(len(rates))]
    assert {tuple(words) for words in found.shown(rates)["evidence"]} == {("decided",)}
    words, _ = found.words(rates, Page("T", plans, "en"))
    row = words.set_index("theme").loc["safety and preparedness"]
    assert (row["0188"], row["2380"]) == ("decided by a person", "no word")


def test_without_plans_nothing_is_said():
    assert texts(plans_of([])) == []


def test_a_municipality_s_spread_rests_on_its_goals_with_a_theme():
    spread = pd.DataFrame({"municipality_code": ["0188", "1291"], "n": [2, 0]})
    goals = pd.DataFrame(
        {
            "municipality_code": ["0188", "0188", "0188", "1291"],
            "record_id": ["a", "a", "b", "c"],
            "theme": ["school", "care", "care", None],
        }
    )
    assert found.with_goals(spread, goals)["record_ids"].tolist() == [["a", "b"], []]


def test_how_spread_and_how_alike_goals_are_leads_to_the_goals(plans):
    lines = {
        finding.text.split(" ")[0]: sorted(place.line for place in finding.places)
        for finding in told(plans)
        if "are spread as over" in finding.text or "more differently than chance" in finding.text
    }
    assert lines == {"The": [0, 4], "No": [0, 4]}, "lines in a row are one place; the goal without a theme has none"


def test_of_very_many_pairs_the_goals_are_left_out(plans, monkeypatch):
    goals = theme_contrast.standing(plans)
    rows = theme_contrast.likeness(goals, draws=10)
    assert len(found.with_goals(rows, goals)["record_ids"][0]) == 5
    monkeypatch.setattr(found, "PAIRS_DEALT", 0)
    assert found.with_goals(rows, goals)["record_ids"].tolist() == [[]]
