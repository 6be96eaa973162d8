"""Whether work keeps to its own dates, on plans of a few rows."""

import pandas as pd
import pytest

from compare.contract import Tables, frame
from compare.measures import schedule
from compare.problems import PlanError


def plans_of(*actions, kind="follow_up", period="2022-T2", status_date=None, decided_on=None):
    """One document of 2022 with actions as (start, end, status) and an assignment that holds them all."""
    own = {"document_id": "d", "municipality_code": "0001", "year": 2022}
    rows = {"actions": [], "statuses": []}
    for number, (start, end, status) in enumerate(actions):
        dates = {name: day and pd.Timestamp(day) for name, day in (("start", start), ("end", end))}
        rows["actions"].append({**own, "action_id": f"a{number}", "assignment_id": "t", "title": "A", **dates})
        said = {"action_id": f"a{number}", "status": status, "period": period, "status_date": status_date}
        rows["statuses"].append({**own, "status_id": f"s{number}", **said})
    return Tables(
        documents=frame("documents", [{**own, "title": "d", "kind": kind, "decided_on": decided_on}]),
        assignments=frame("assignments", [{**own, "assignment_id": "t", "title": "T", "kind": "assignment"}]),
        **{name: frame(name, of_table) for name, of_table in rows.items()},
    )


@pytest.mark.parametrize(
    ("start", "end", "status", "said"),
    [
        (None, "2022-06-30", "completed", "done"),
        (None, "2022-08-31", "in_progress", "overdue"),
        (None, "2022-09-01", "in_progress", "not_due"),
        ("2022-03-01", "2022-12-31", "not_started", "not_begun"),
        ("2022-03-01", "2022-12-31", "in_progress", "not_due"),
        ("2022-03-01", "2022-06-30", "not_started", "overdue"),
        ("2022-10-01", None, "not_started", "no_date"),
        ("2022-03-01", None, "in_progress", "no_date"),
        ("2022-03-01", None, "not_started", "not_begun"),
        (None, None, "in_progress", "no_date"),
        (None, "2022-06-30", "cancelled", None),
    ],
)
def test_a_status_is_held_against_the_dates_of_the_plan(start, end, status, said):
    found = schedule.standing(plans_of((start, end, status)))
    assert found["schedule"].astype(object).where(found["schedule"].notna(), None).tolist() == [said]
    assert found["day"].tolist() == [pd.Timestamp("2022-08-31")]


def test_the_day_of_the_status_goes_before_that_of_the_period():
    one = (None, "2022-09-10", "in_progress")
    found = schedule.standing(plans_of(one, status_date=pd.Timestamp("2022-09-15")))
    assert found[["basis", "schedule"]].to_numpy().tolist() == [["status_date", "overdue"]]


def test_what_a_plan_says_was_so_when_it_was_decided_or_before_its_year():
    one = (None, "2021-12-31", "in_progress")
    of_plan = {"kind": "operational_plan", "period": "2022"}
    found = schedule.standing(plans_of(one, **of_plan))
    assert found["day"].tolist() == [pd.Timestamp("2021-12-31")]
    assert found[["basis", "schedule"]].to_numpy().tolist() == [["plan_year", "overdue"]]
    decided = schedule.standing(plans_of(one, **of_plan, decided_on=pd.Timestamp("2021-11-20")))
    assert decided[["basis", "schedule"]].to_numpy().tolist() == [["decided", "not_due"]]


def test_the_rate_is_of_what_was_due():
    plans = plans_of(
        (None, "2022-06-30", "completed"),
        (None, "2022-06-30", "in_progress"),
        (None, "2022-12-31", "completed"),
        (None, "2022-12-31", "in_progress"),
        ("2022-01-01", "2022-12-31", "not_started"),
        (None, None, "in_progress"),
        (None, "2022-06-30", "cancelled"),
    )
    found = schedule.rates(plans).iloc[0]
    assert found[["n", "done", "rate"]].tolist() == [2, 1, 0.5]
    assert found[["done_early", "not_due", "not_begun", "no_date", "unknown"]].tolist() == [1, 2, 1, 1, 1]
    assert found["late_ids"] == ["a1", "a4"]


def test_what_has_no_end_is_counted_apart_also_where_it_has_a_start():
    plans = plans_of(
        (None, None, "completed"),
        ("2022-03-01", None, "completed"),
        (None, "2022-12-31", "completed"),
        ("2022-10-01", None, "not_started"),
        ("2022-03-01", None, "not_started"),
        (None, "2022-12-31", "in_progress"),
    )
    found = schedule.rates(plans).iloc[0]
    parts = ["n", "done_early", "done_no_date", "not_due", "no_date", "unknown"]
    assert found[parts].tolist() == [0, 1, 2, 1, 2, 0]
    assert found["not_begun"] == 1


def test_the_bounds_are_those_of_any_choice_of_what_has_no_end_having_been_due():
    due = [(None, "2022-06-30", status) for status in ("completed", "completed", "in_progress")]
    undated = [(None, None, "completed"), (None, None, "in_progress"), ("2022-03-01", None, "not_started")]
    found = schedule.rates(plans_of(*due, *undated)).iloc[0]
    rates = [(2 + done) / (3 + done + left) for done in (0, 1) for left in (0, 1, 2)]
    assert found[["bound_low", "bound_high"]].tolist() == pytest.approx([min(rates), max(rates)])


def test_without_anything_that_could_have_been_due_there_are_no_bounds():
    found = schedule.rates(plans_of((None, "2022-12-31", "in_progress"))).iloc[0]
    assert found[["rate", "bound_low", "bound_high"]].isna().all()


def test_an_assignment_is_due_when_the_last_of_its_actions_is():
    plans = plans_of((None, "2022-06-30", "completed"), (None, "2022-12-31", "in_progress"))
    said = {"document_id": "d", "municipality_code": "0001", "year": 2022, "status": "in_progress", "period": "2022-T2"}
    plans = plans.replace(statuses=frame("statuses", [said | {"status_id": "s", "assignment_id": "t"}]))
    found = schedule.standing(plans, "assignment")
    assert found[["due", "schedule"]].to_numpy().tolist() == [[pd.Timestamp("2022-12-31"), "not_due"]]


def test_goals_bear_no_dates():
    with pytest.raises(PlanError, match="choose one of these"):
        schedule.standing(Tables(), "goal")
