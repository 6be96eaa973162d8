"""When plans were decided and follow-ups came, against days worked out by the calendar."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from compare.contract import Tables, frame
from compare.measures import timeliness


def plan(document_id="d", kind="goals_and_budget", year=2024, day=None, period=None, code="0001"):
    return {
        **{"document_id": document_id, "municipality_code": code, "kind": kind, "year": year, "period": period},
        "decided_on": day,
    }


def of(*rows, **tables):
    return timeliness.documents(Tables(documents=frame("documents", list(rows)), **tables))


@pytest.mark.parametrize(
    ("day", "timing", "days"),
    [
        ("2023-11-27", "before_the_year", -35),
        ("2023-12-31", "before_the_year", -1),
        ("2024-01-01", "during_the_year", 0),
        ("2025-02-01", "after_the_year", 397),
        (None, "no_day", None),
    ],
)
def test_a_plan_is_held_against_the_first_day_of_its_year(day, timing, days):
    found = of(plan(day=day)).iloc[0]
    assert found["timing"] == timing
    assert found["days"] == days if days is not None else pd.isna(found["days"])
    assert pd.isna(found["statutory"])


@pytest.mark.parametrize(
    ("period", "day", "timing"),
    [
        ("T2", "2024-08-30", "before_the_end"),
        ("T2", "2024-10-31", "within_two_months"),
        ("T2", "2024-11-01", "later"),
        ("half-year", "2024-08-31", "within_two_months"),
        ("T3", "2025-02-28", "within_two_months"),
        ("T3", "2025-03-01", "later"),
        ("T1", "2024-06-30", "within_two_months"),
    ],
)
def test_a_follow_up_is_held_against_two_months_from_the_end_of_its_period(period, day, timing):
    assert of(plan(kind="interim_report", period=period, day=day))["timing"].tolist() == [timing]


def test_only_six_to_eight_months_can_be_the_interim_report_of_the_law():
    rows = [plan(period, "interim_report", period=period) for period in ("T1", "half-year", "T2", "year")]
    found = of(*rows).set_index("document_id")["statutory"]
    assert found.astype(object).where(found.notna(), None).to_dict() == {
        "T1": False,
        "half-year": True,
        "T2": True,
        "year": None,
    }


def test_an_annual_report_is_about_the_whole_year_and_a_follow_up_without_period_is_left_out():
    found = of(plan("a", "annual_report", day="2025-01-31"), plan("b", "follow_up"))
    assert found["document_id"].tolist() == ["a"]
    assert found["timing"].tolist() == ["within_two_months"]


def test_without_a_decision_the_days_of_statuses_say_when_the_follow_up_was_made():
    said = [{"status_id": f"s{n}", "document_id": "d", "status_date": d} for n, d in enumerate(["2024-09-10", None])]
    rows = [plan(kind="follow_up", period="T2"), plan("p")]
    statuses = frame("statuses", [*said, {"status_id": "x", "document_id": "p", "status_date": "2023-01-01"}])
    found = of(*rows, statuses=statuses).set_index("document_id")
    assert found.loc["d", ["basis", "timing", "days"]].tolist() == ["statuses", "within_two_months", 10]
    assert found.loc["p", "timing"] == "no_day"


def test_plans_without_a_day_widen_what_is_possible():
    rows = [plan("a", day="2023-12-01"), plan("b", day="2024-02-01"), plan("c"), plan("d")]
    found = timeliness.in_time(Tables(documents=frame("documents", rows))).iloc[0]
    assert found[["measure", "count", "n", "unknown"]].tolist() == ["plan_before_its_year", 1, 2, 2]
    assert found[["rate", "bound_low", "bound_high"]].tolist() == [0.5, 0.25, 0.75]
    assert found["record_ids"] == ["a", "b"]


def test_actions_are_due_before_within_or_after_the_plan_year(given):
    ends = ["2021-12-31", "2022-01-01", "2022-12-31", "2024-06-30", None]
    actions = [{"action_id": f"a{n}", "title": "x", "end": end} for n, end in enumerate(ends)]
    found = timeliness.planned_ends(given.plans(actions=actions)).set_index("due")
    assert found["count"].to_dict() == {"before_the_year": 1, "within_the_year": 2, "later": 1}
    assert found["n"].unique().tolist() == [4]
    assert found["unknown"].unique().tolist() == [1]
    assert found["rate"].sum() == pytest.approx(1)
    assert found.loc["later", "record_ids"] == ["a3"]


def test_without_plans_there_are_no_rows_but_the_same_columns():
    full = of(plan())
    assert timeliness.documents(Tables()).empty
    assert list(timeliness.documents(Tables()).columns) == list(full.columns)
    assert timeliness.in_time(Tables()).empty
    assert timeliness.planned_ends(Tables()).empty


@for_all(st.integers(2000, 2090), st.sampled_from(["T1", "half-year", "T2", "T3"]))
def test_a_period_ends_where_the_calendar_says(year, period):
    end = of(plan(kind="follow_up", year=year, period=period))["measured_from"].iloc[0].date()
    month = {"T1": 4, "half-year": 6, "T2": 8, "T3": 12}[period]
    assert (end.year, end.month) == (year, month)
    after = end + pd.Timedelta(days=1)
    assert date(after.year, after.month, after.day).day == 1
