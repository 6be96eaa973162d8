"""What the report on indicators says: coverage, what cannot be judged and why, and paths that ask for nothing more."""

import pandas as pd
import pytest

from compare import reference
from compare.contract import Tables, frame, together
from compare.measures import attainment, indicators, target_paths
from compare.presentation.findings import indicator_targets as found
from compare.presentation.names import with_english
from compare.presentation.page import Page

COMMON = {"document_id": "0188-operational-plan-2022-a", "municipality_code": "0188"}


def plans(**values):
    """A plan for 2022 with an indicator per keyword; each value is (year, kind, number or words, part)."""
    names, rows = [], []
    for line, (name, cells) in enumerate(values.items(), start=1):
        own = f"{COMMON['document_id']}/indicator-L{line:04}"
        names.append(
            {**COMMON, "indicator_id": own, "year": 2022, "name": name, "name_en": f"{name} in English", "line": line}
        )
        for year, kind, cell, *part in cells:
            number = cell if isinstance(cell, (int, float)) else None
            rows.append(
                {**COMMON, "indicator_value_id": f"{own}-{year}-{kind}-{part}", "indicator_id": own, "plan_year": 2022}
                | {"year": year, "kind": kind, "value": number, "text": str(cell), "line": line}
                | {"group": part[0] if part else None}
            )
    document = {**COMMON, "year": 2022, "title": "Plan", "kind": "operational_plan", "reading": "reviewed"}
    return Tables(
        documents=frame("documents", [document]),
        indicators=frame("indicators", names),
        indicator_values=frame("indicator_values", rows),
    )


def told(tables, language="en", decided=None):
    page = Page("Indicators", tables, language)
    findings = found.findings(
        page,
        coverage=indicators.coverage(tables),
        attained=attainment.verdicts(tables),
        forecast=attainment.verdicts(tables, against="forecast"),
        directions=target_paths.directions_known(tables),
        decided=target_paths.directions_known(tables, decided),
        ambition=with_english(indicators.ambition(tables, decided), tables, "indicators"),
        paths=target_paths.path_rates(tables),
        trends=indicators.trends(tables),
        sexes=with_english(indicators.by_sex(tables), tables, "indicators"),
    )
    return [finding.text.replace("\u00a0", " ") for finding in findings if finding is not None]


def test_targets_without_outcomes_are_not_judged_and_the_reason_is_said():
    texts = told(plans(Nöjdhet=[(2020, "outcome", 70), (2022, "target", 75), (2023, "target", 80)]))
    (text,) = [text for text in texts if text.startswith("None of 2 targets for 2022–2023 can be judged yet")]
    assert text.endswith("no document that was read prints an outcome for the year of a target.")


def test_a_bare_number_is_never_given_a_direction():
    texts = told(plans(Nöjdhet=[(2022, "target", 75), (2022, "outcome", 70)]))
    assert any("None of 1 targets for 2022 can be judged: 1 direction unknown." in text for text in texts)
    assert any("of 1 indicators with a target 0 say which way is better (0%)" in text for text in texts)


def test_a_stated_direction_is_judged():
    texts = told(plans(Nöjdhet=[(2022, "target", "minst 75"), (2020, "outcome", 60)]))
    assert any("of 1 indicators with a target 1 say which way is better (100%)" in text for text in texts)


def test_paths_that_few_plans_have_are_told_of_each_and_those_of_many_together():
    page = Page("Indicators", plans(), "en")
    row = {"municipality_code": "2380", "year": 2022, "measure": "flat", "count": 2, "n": 12, "record_ids": []}
    rates = {"rate": 1 / 6, "low": 0.05, "high": 0.45, "unknown": 0}
    kept = [{**row, **rates, "measure": "kept", "year": 2000 + n} for n in range(found.TOLD_APART + 1)]
    one, *others = found._paths(page, pd.DataFrame([{**row, **rates}, *kept]))
    assert one.text.startswith("Östersund, plan for 2022: 2 of 12 indicators with targets for several years")
    assert [other.text.split(" ask ")[0] for other in others] == ["In 7 plans 14 of 84 indicators with a baseline"]


def test_flat_and_keeping_paths_are_counted():
    texts = told(
        plans(
            A=[(2020, "outcome", 5), (2022, "target", 5), (2023, "target", 5)],
            B=[(2020, "outcome", 5), (2022, "target", 6), (2023, "target", 7)],
        )
    )
    assert any("1 of 2 indicators with targets for several years have the same target in all" in t for t in texts)
    assert any("1 of 2 indicators with a baseline ask only that the level already reached be kept" in t for t in texts)


def test_indicators_without_any_value_are_no_data_and_not_zero_percent():
    tables = plans(A=[], B=[])
    assert "2 indicators are named, but no outcome or target is printed for any of them" in told(tables)[0]
    shown = found.shown_coverage(indicators.coverage(tables))
    assert shown["measure"].tolist() == ["any_value"]
    assert shown["rate"].isna().all()


def test_forecasts_of_the_target_year_stand_beside_the_target():
    texts = told(plans(A=[(2022, "target", 5), (2022, "forecast", 5)], B=[(2022, "target", 5), (2022, "forecast", 4)]))
    told_of = next(t for t in texts if "2 targets for 2022 the plan prints a forecast" in t)
    assert told_of.endswith("Of the 2 without a direction it equals the target for 1 and differs for 1.")


def test_forecasts_are_judged_where_the_direction_is_known():
    forecast = pd.DataFrame(
        {
            "municipality_code": "0188",
            "year": 2022,
            "name": ["A", "B", "C"],
            "unit": ["%", "%", None],
            "verdict": ["met", "not_met", "not_met"],
            "target": [75.0, 75.0, 75.0],
            "outcome": [80.0, 60.0, 70.0],
            "target_id": ["a", "b", "c"],
            "outcome_id": ["d", "e", "f"],
        }
    )
    (finding,) = found._forecast(Page("T", plans(A=[]), "en"), forecast)
    assert finding.text.replace("\u00a0", " ").endswith(
        "Of the 3 whose direction is known the forecast reaches 1 and misses 2. Those it misses are B (target 75%, "
        "forecast 60%) and C (target 75, forecast 70)."
    )


def test_targets_that_cannot_be_judged_lead_to_their_places_too():
    attained = pd.DataFrame({"municipality_code": "0188", "year": [2022, 2022, 2023], "target_id": ["a", "b", "c"]})
    reached = pd.DataFrame({"municipality_code": "0188", "year": [2023, 2022], "n": [0, 0], "met": [0, 0]})
    shown = found.with_targets(reached, attained)
    assert shown["record_ids"].tolist() == [["c"], ["a", "b"]]
    assert shown["met"].isna().all()


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("sv", "Trygghet (flickor och pojkar 2020: 54 respektive 61)"),
        ("en", "Trygghet in English (girls and boys 2020: 54 and 61)"),
    ],
)
def test_values_for_both_sexes_are_named_in_the_language(language, name):
    tables = plans(Trygghet=[(2020, "outcome", 54, "girls"), (2020, "outcome", 61, "boys")])
    assert name in told(tables, language)[-1]


def test_a_trend_says_how_few_points_there_are():
    texts = told(plans(A=[(2020, "outcome", 5), (2021, "outcome", 6)], B=[(2020, "outcome", 5)]))
    assert "Of 2 indicators with an outcome 1 have outcomes of at least two years and 0 of three or more" in texts[-1]


def test_outcomes_of_girls_and_boys_are_said_to_be_counted_apart():
    texts = told(plans(A=[(2020, "outcome", 5, "girls"), (2020, "outcome", 6, "boys")]))
    assert any("Of 2 indicators with an outcome, girls and boys counted apart, 0 have" in text for text in texts)


def test_movement_is_told_only_where_the_direction_is_stated():
    outcomes = [(2020, "outcome", 5), (2021, "outcome", 6)]
    stated, bare = (2022, "target", "minst 7"), (2022, "target", 7)
    assert any("1 moved the better way and 0 the worse" in text for text in told(plans(A=[*outcomes, stated])))
    assert not any("the better way" in text for text in told(plans(A=[*outcomes, bare])))


def test_very_many_plans_are_told_together():
    one = plans(A=[(2020, "outcome", 5), (2022, "target", 5)], B=[])
    codes = sorted(reference.names())[:14]
    parts = [Tables(**{name: _moved(one[name], code) for name in one}) for code in codes]
    texts = told(together(parts))
    assert any("In 14 plans, of all indicators with a target, 0 of 14 say which way is better (0%)" in t for t in texts)
    assert any("In 14 plans 14 of 14 indicators with a baseline ask only" in t for t in texts)


def _moved(rows, code):
    """The rows as another municipality's, ids and all."""
    changed = {name: rows[name].str.replace("0188", code) for name in rows if name.endswith(("_id", "_code"))}
    return rows.assign(**changed)


LOWER = pd.DataFrame({"name": ["Väntetid*"], "direction": ["lower"]})


def test_what_a_person_decided_is_counted_apart_from_what_the_plan_states():
    tables = plans(Väntetid=[(2022, "target", 5)], Annat=[(2022, "target", 5)])
    assert any(
        "a person has decided the direction of 1 more; 1 stay without one" in t for t in told(tables, decided=LOWER)
    )
    assert not any("a person has decided" in t for t in told(tables))


def test_a_target_that_asks_for_less_than_was_reached_is_named():
    tables = plans(
        Väntetid=[(2021, "outcome", 5), (2022, "target", 6)],
        Väntetid_B=[(2021, "outcome", 5), (2022, "target", 4)],
        Annat=[(2021, "outcome", 5), (2022, "target", 4)],
    )
    (text,) = [t for t in told(tables, decided=LOWER) if "ask for more than was reached" in t]
    assert (
        "of 2 targets with a known direction and a baseline 1 ask for more than was reached, 0 for the same and 1"
        in text
    )
    assert text.endswith(
        "Less than was reached is asked for in Väntetid in English (5 reached in 2021, 6 asked for in 2022)."
    )
    (swedish,) = [t for t in told(tables, "sv", LOWER) if "lägre krav" in t]
    assert swedish.endswith("Väntetid (5 nåddes 2021, målvärdet för 2022 är 6).")


def test_the_way_to_the_targets_is_told_by_outcomes_and_by_forecasts():
    tables = plans(
        Besök=[(2021, "outcome", 10), (2022, "target", 20), (2022, "forecast", 15)],
        Väntan=[(2021, "outcome", 10), (2022, "target", 20)],
    )
    decided = pd.DataFrame({"name": ["Besök", "Väntan"], "direction": ["higher", "higher"]})
    ways = found.ways(tables, decided)
    assert ways[["kind", "n", "mean", "unknown"]].to_numpy().tolist() == [["forecast", 1, 0.5, 1]]
    assert found.ways(tables, None).empty
