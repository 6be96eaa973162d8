"""What becomes of assignments at the turn of the year, on plans of a few rows."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from compare.contract import Tables, frame
from compare.measures import carry_over

NO_PLANS = Tables()


def plans_of(assignments, statuses=(), links=(), goals=(), boards=None):
    """Assignments as (id, year, {column: value}); each municipality and year has one document."""
    rows, documents = [], {}
    for key, year, values in assignments:
        code = values.get("municipality_code", "0001")
        document = f"{code}-{year}"
        board = (boards or {}).get(year)
        documents[document] = {
            "document_id": document, "municipality_code": code, "year": year, "board": board, "reading": "machine",
        }  # fmt: skip
        of_row = {"document_id": document, "municipality_code": code, "year": year, "kind": "assignment", "title": key}
        rows.append({"assignment_id": key, **of_row, **values})
    said = [
        {"status_id": f"s-{key}", "assignment_id": key, "year": year, "period": f"{year}-T3", "status": status}
        for key, year, status in statuses
    ]
    ties = [
        {"from_table": "assignments", "from_id": a, "to_table": "assignments", "to_id": b, "relation": relation}
        for a, b, relation in links
    ]
    return Tables(
        documents=frame("documents", documents.values()),
        assignments=frame("assignments", rows),
        statuses=frame("statuses", said),
        links=frame("links", ties),
        goals=frame("goals", goals),
    )


def test_the_carried_over_share_counts_what_documents_say():
    plans = plans_of(
        [
            ("a", 2022, {"carried_over": True}),
            ("b", 2022, {"carried_over": False}),
            ("c", 2022, {"carried_over": False}),
            ("d", 2022, {}),
            ("e", 2022, {"carried_over": True, "kind": "unfinished_assignment"}),
        ]
    )
    found = carry_over.carried_over(plans).iloc[0]
    assert found[["carried_over", "n", "unknown", "record_ids"]].tolist() == [1, 3, 1, ["a"]]
    assert found[["rate", "bound_low", "bound_high"]].tolist() == pytest.approx([1 / 3, 1 / 4, 2 / 4])


def test_a_repeated_assignment_is_carried_over_if_one_document_says_so():
    plans = plans_of(
        [("a", 2022, {"carried_over": False}), ("b", 2022, {"carried_over": True}), ("c", 2022, {})],
        links=[("a", "b", "same_assignment")],
    )
    found = carry_over.carried_over(plans).iloc[0]
    assert found[["carried_over", "n", "unknown"]].tolist() == [1, 1, 1]


def test_a_municipality_that_says_nothing_has_no_rate():
    found = carry_over.carried_over(plans_of([("a", 2022, {})])).iloc[0]
    assert found["n"] == 0
    assert np.isnan(found["rate"])


def test_unfinished_assignments_are_shown_by_the_plan_they_come_from_and_goal():
    old = {"kind": "unfinished_assignment", "goal_id": "g"}
    plans = plans_of(
        [
            ("a", 2022, {**old, "from_plan_year": 2021}),
            ("b", 2022, {**old, "from_plan_year": 2020}),
            ("c", 2022, {**old, "from_plan_year": 2020}),
            ("d", 2022, {"kind": "assignment"}),
        ],
        goals=[{"goal_id": "g", "number": "1.1", "title": "Trygghet"}],
    )
    found = carry_over.unfinished(plans)
    assert found["from_plan_year"].tolist() == [2020, 2021]
    assert found["n"].tolist() == [2, 1]
    assert found["age"].tolist() == [2, 1]
    assert found["share"].tolist() == pytest.approx([2 / 3, 1 / 3])
    assert found["goal_number"].tolist() == ["1.1", "1.1"]
    assert found["record_ids"].tolist() == [["b", "c"], ["a"]]


TURN = plans_of(
    [
        *[(key, 2022, {"committees": ["KS", "TN"]}) for key in ("done", "ended", "on", "renamed", "gone", "stopped")],
        ("on-again", 2023, {}),
        ("left", 2023, {"kind": "unfinished_assignment"}),
        ("new", 2023, {}),
    ],
    statuses=[("done", 2022, "completed"), ("ended", 2022, "not_completed"), ("stopped", 2022, "cancelled")],
    links=[("on", "on-again", "same_assignment"), ("renamed", "left", "continues")],
)


def test_each_assignment_has_one_fate():
    found = carry_over.fates(TURN).set_index("record_id")["fate"]
    assert found.to_dict() == {
        "done": "completed",
        "ended": "ended_unfinished",
        "on": "continued",
        "renamed": "continued",
        "gone": "silently_dropped",
        "stopped": "cancelled",
        "on-again": "cannot_tell",
        "new": "cannot_tell",
    }


def test_a_fate_shows_what_and_whose_it_is_and_what_was_said_last():
    found = carry_over.fates(TURN).set_index("record_id")
    assert found.loc["ended", ["title", "status", "status_id", "year"]].tolist() == [
        "ended", "not_completed", "s-ended", 2022,
    ]  # fmt: skip
    assert found.loc["gone", "committees"] == ["KS", "TN"]
    assert found.loc["gone", ["status", "status_id"]].isna().all()


def test_rates_of_fates_have_wilsons_intervals_and_count_each_committee_in_full():
    found = carry_over.fate_rates(TURN, level=0.9).iloc[0]
    assert (found["low"], found["high"]) == pytest.approx(proportion_confint(2, 4, alpha=0.1, method="wilson"))
    assert (found["dropped_low"], found["dropped_high"]) == pytest.approx(
        proportion_confint(1, 4, alpha=0.1, method="wilson")
    )
    by_committee = carry_over.fate_rates(TURN, ["committee"]).set_index("committee")
    assert by_committee.loc[["KS", "TN"], "n"].tolist() == [4, 4]


def test_fate_rates_are_about_what_was_open_and_can_be_followed():
    found = carry_over.fate_rates(TURN, ["municipality_code", "year"])
    first, second = found.iloc[0], found.iloc[1]
    assert first[["continued", "ended_unfinished", "silently_dropped", "n"]].tolist() == [2, 1, 1, 4]
    assert first[["rate", "dropped_rate"]].tolist() == [0.5, 0.25]
    assert first["record_ids"] == ["gone"]
    assert second[["n", "unknown"]].tolist() == [0, 2]
    assert np.isnan(second["rate"])
    assert carry_over.fate_rates(TURN, ["committee"])["completed"].tolist() == [1, 1, 0]


def test_the_dropped_can_be_looked_up():
    assert carry_over.silently_dropped(TURN)["record_id"].tolist() == ["gone"]


def test_another_boards_document_does_not_show_that_something_was_dropped():
    plans = plans_of([("a", 2022, {}), ("b", 2023, {})], boards={2022: "Tekniska nämnden", 2023: "Skolnämnden"})
    assert carry_over.fates(plans)["fate"].tolist() == ["cannot_tell", "cannot_tell"]


MEASURES = [carry_over.carried_over, carry_over.unfinished, carry_over.fates, carry_over.fate_rates]


@pytest.mark.parametrize("measure", [*MEASURES, carry_over.silently_dropped])
def test_without_plans_each_measure_is_empty_with_its_columns(measure):
    empty, full = measure(NO_PLANS), measure(TURN)
    assert empty.empty
    assert list(empty.columns) == list(full.columns)


def test_what_a_plan_lists_as_unfinished_may_stand_again_among_its_own_assignments(given):
    tie = {"from_table": "assignments", "to_table": "assignments", "relation": "continues"}
    plans = given.plans(
        assignments=[
            given.assignment("said", carried_over=True),
            given.assignment("unsaid", carried_over=False),
            given.assignment("listed 1", kind="unfinished_assignment"),
            given.assignment("listed 2", kind="unfinished_assignment"),
            given.assignment("listed 3", kind="unfinished_assignment"),
        ],
        links=[
            {**tie, "from_id": "listed 1", "to_id": "said"},
            {**tie, "from_id": "unsaid", "to_id": "listed 2"},
            {**tie, "from_id": "listed 2", "to_id": "listed 3"},
        ],
    )
    found = carry_over.listed_again(plans).iloc[0]
    assert found[["listed", "again", "unmarked"]].tolist() == [3, 2, 1]
    assert found["record_ids"] == ["listed 1", "listed 2", "said", "unsaid"]


@pytest.mark.parametrize("order", [("said", "unsaid"), ("unsaid", "said")])
def test_of_several_own_assignments_it_is_enough_that_one_says_that_it_is_carried_over(given, order):
    tie = {"from_table": "assignments", "to_table": "assignments", "relation": "same_assignment", "from_id": "listed"}
    plans = given.plans(
        assignments=[
            given.assignment("listed", kind="unfinished_assignment"),
            given.assignment("said", title="Bygg", carried_over=True),
            given.assignment("unsaid", title="Riv", carried_over=False),
        ],
        links=[{**tie, "to_id": name} for name in order],
    )
    found = carry_over.listed_again(plans).iloc[0]
    assert found[["listed", "again", "unmarked"]].tolist() == [1, 1, 0]
    assert found["record_ids"] == ["listed", "said", "unsaid"]


def test_a_plan_of_another_year_is_not_the_plan_that_lists(given):
    tie = {"from_table": "assignments", "to_table": "assignments", "relation": "continues"}
    plans = given.plans(
        [given.document(), given.document("next", year=2023)],
        assignments=[
            given.assignment("listed", kind="unfinished_assignment"),
            given.assignment("later", document_id="next"),
        ],
        links=[{**tie, "from_id": "listed", "to_id": "later"}],
    )
    assert carry_over.listed_again(plans)[["year", "listed", "again"]].to_numpy().tolist() == [[2022, 1, 0]]
