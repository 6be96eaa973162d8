"""The completion measures on the codings that ship with the project: figures a reader can check by hand."""

from pathlib import Path

import pytest

from compare import linking, plan_files
from compare.contract import Tables, together
from compare.measures import carry_over, completion, forecast_accuracy, status_changes
from compare.measures.sources import sources

PLANS = Path(__file__).parents[2] / "data" / "plans"
FOLLOW_UPS = ("2380-follow-up-2022-t1", "2380-follow-up-2022-t3")
OPERATIONAL_PLAN = "0188-operational-plan-2022-kommunstyrelsen"


def coded(*names):
    missing = [name for name in names if not (PLANS / name).is_dir()]
    if missing:
        pytest.skip(f"the codings {', '.join(missing)} are not in {PLANS.name}")
    plans = together([plan_files.load(PLANS / name) for name in names])
    return Tables(**{name: plans[name] for name in plans if name != "links"}, links=linking.links(plans))


@pytest.fixture(scope="module")
def follow_ups():
    return coded(*FOLLOW_UPS)


def test_one_was_completed_at_t1_and_six_of_eight_at_t3(follow_ups):
    found = completion.distribution(follow_ups, ["period", "status"])
    counts = {(row.period, row.status): row.n for row in found.itertuples()}
    assert counts == {
        ("2022-T1", "completed"): 1,
        ("2022-T1", "expected"): 7,
        ("2022-T3", "completed"): 6,
        ("2022-T3", "not_completed"): 2,
    }
    rate = completion.rates(follow_ups, measures=["strict"]).iloc[0]
    assert (rate["rate"], rate["n"]) == (6 / 8, 8)
    assert len(sources(follow_ups, rate["record_ids"])["line"].dropna()) == 8


def test_five_of_the_seven_forecasts_held(follow_ups):
    found = forecast_accuracy.hit_rates(follow_ups).iloc[0]
    assert found[["n", "held", "worse", "unknown"]].tolist() == [7, 5, 2, 0]
    change = status_changes.change(follow_ups).iloc[0]
    assert change[["gained", "lost", "neither"]].tolist() == [5, 0, 2]


def test_what_is_left_from_older_plans_is_listed_by_year():
    plans = coded(OPERATIONAL_PLAN)
    found = carry_over.unfinished(plans, ["municipality_code", "from_plan_year"])
    assert dict(zip(found["from_plan_year"], found["n"], strict=True)) == {2020: 8, 2021: 15}
    assert completion.rates(plans).empty
    assert completion.coverage(plans)["state"].tolist() == ["no_follow_up"]
