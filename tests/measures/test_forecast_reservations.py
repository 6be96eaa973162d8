"""What comments add to forecasts that held or failed, on inline follow-ups."""

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from compare.contract import Tables
from compare.measures.forecast_reservations import reservations


@pytest.fixture
def follow_ups(given):
    """Follow-ups of T1 and T3 with (status, whether its comment limits it) at both, for each assignment."""

    def of(*assignments):
        documents = [given.document(period, kind="follow_up", period=period) for period in ("T1", "T3")]
        tables = {"assignments": [], "statuses": [], "links": []}
        for number, ends in enumerate(assignments):
            for period, (status, qualified) in zip(("T1", "T3"), ends, strict=True):
                own = {"document_id": period, "assignment_id": f"{period}-{number}"}
                tables["assignments"].append({**own, "title": f"Uppdrag {number}", "kind": "assignment"})
                said = {"status_id": f"{period}-s{number}", "period": f"2022-{period}", "status": status}
                basis = "forecast" if "expected" in status else "outcome"
                tables["statuses"].append({**own, **said, "basis": basis, "qualified": qualified})
            ends_of = {"from_id": f"T1-{number}", "to_id": f"T3-{number}", "relation": "same_assignment"}
            tables["links"].append({"from_table": "assignments", "to_table": "assignments", **ends_of})
        return given.plans(documents, **tables)

    return of


def test_what_held_with_a_comment_that_limits_it_is_told_from_what_held(follow_ups):
    plans = follow_ups(
        (("expected", False), ("completed", False)),
        (("expected", False), ("completed", True)),
        (("expected", False), ("completed", True)),
        (("expected", True), ("not_completed", True)),
        (("completed", False), ("completed", False)),
    )
    found = reservations(plans).iloc[0]
    assert found[["n", "held", "clean", "reserved", "unknown"]].tolist() == [4, 3, 1, 2, 0]
    assert (found["low"], found["high"]) == pytest.approx(proportion_confint(1, 4, method="wilson"))
    assert found[["warned", "warned_short", "silent", "silent_short"]].tolist() == [1, 1, 3, 0]
    assert found["record_ids"] == ["T1-s1", "T1-s2", "T3-s1", "T3-s2"]
    assert found["warning_ids"] == ["T1-s3", "T3-s3"]


def test_a_warning_may_be_followed_by_what_was_promised_and_silence_by_less(follow_ups):
    plans = follow_ups(
        (("expected", True), ("completed", False)),
        (("expected", True), ("not_completed", False)),
        (("expected", False), ("not_completed", False)),
        (("not_expected", False), ("completed", False)),
    )
    found = reservations(plans).iloc[0]
    assert found[["warned", "warned_short", "silent", "silent_short"]].tolist() == [2, 1, 1, 1]
    assert found["warning_ids"] == ["T1-s0", "T1-s1", "T3-s0", "T3-s1"]


def test_forecasts_of_failure_or_of_part_are_no_promises_that_held(follow_ups):
    plans = follow_ups(
        (("expected", False), ("completed", False)),
        (("not_expected", True), ("not_completed", True)),
        (("partly_expected", True), ("partly_completed", True)),
        (("partly_expected", False), ("not_completed", True)),
    )
    found = reservations(plans).iloc[0]
    assert found[["n", "held", "clean", "reserved", "warned", "silent"]].tolist() == [1, 1, 1, 0, 0, 1]


def test_a_forecast_counts_in_full_for_each_of_its_committees(follow_ups):
    plans = follow_ups((("expected", False), ("completed", False)), (("expected", True), ("completed", True)))
    both = plans.assignments.assign(committees=[["KS", "TN"]] * len(plans.assignments))
    found = reservations(plans.replace(assignments=both), by=["committee"]).set_index("committee")
    assert found[["n", "clean", "reserved"]].to_numpy().tolist() == [[2, 1, 1]] * 2


def test_a_coding_that_does_not_say_of_a_comment_widens_the_bounds_and_is_no_clean_hit(follow_ups):
    plans = follow_ups((("expected", None), ("completed", None)), (("expected", None), ("completed", False)))
    found = reservations(plans).iloc[0]
    assert found[["n", "clean", "unknown", "warned", "silent"]].tolist() == [2, 1, 1, 0, 0]
    assert found[["rate", "bound_low", "bound_high"]].tolist() == [1, 0.5, 1]


def test_forecasts_whose_outcome_nobody_knows_are_left_out(follow_ups):
    plans = follow_ups((("expected", False), ("unknown", False)), (("expected", False), ("completed", False)))
    assert reservations(plans).iloc[0]["n"] == 1


def test_without_plans_there_are_no_rows_but_the_same_columns(follow_ups):
    some = reservations(follow_ups((("expected", False), ("completed", False))))
    none = reservations(Tables())
    assert none.empty
    assert list(none.columns) == list(some.columns)
    assert isinstance(none, pd.DataFrame)
