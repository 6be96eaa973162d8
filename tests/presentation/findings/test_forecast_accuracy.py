"""What the report on forecasts says: how many held, how frank it is about few, and what it says of missing money."""

import pandas as pd
import pytest

from compare import reference
from compare.contract import Tables, frame, together
from compare.measures import completion, forecast_accuracy, forecast_readings, forecast_reservations
from compare.measures.status_history import INTERIM
from compare.presentation.findings import forecast_accuracy as found
from compare.presentation.page import Page

YEAR = 2022


def follow_up(period, statuses, code="0188"):
    """A follow-up as records: the document, its assignments and a status each."""
    document_id = f"{code}-follow-up-{YEAR}-{period.lower()}"
    common = {"document_id": document_id, "municipality_code": code, "year": YEAR}
    document = {**common, "title": period, "kind": "follow_up", "period": period, "reading": "reviewed"}
    assignments, rows = [], []
    for line, (title, status) in enumerate(statuses.items(), start=1):
        own = {**common, "assignment_id": f"{document_id}/assignment-L{line:04}", "line": line}
        assignments.append({**own, "kind": "assignment", "title": title, "committees": ["KS"]})
        basis = "forecast" if "expected" in status else "outcome"
        rows.append(
            {**own, "status_id": f"{document_id}/status-L{line:04}", "period": f"{YEAR}-{period}"}
            | {"status": status, "basis": basis}
        )
    return document, assignments, rows


def plans(first, last, code="0188", **tables):
    """A municipality's follow-ups at T1 and T3; titles tie the assignments together."""
    parts = [follow_up("T1", first, code), follow_up("T3", last, code)]
    links = [
        {"from_table": "assignments", "from_id": a["assignment_id"], "to_table": "assignments"}
        | {"to_id": b["assignment_id"], "relation": "same_assignment", "method": "title", "link_id": a["assignment_id"]}
        for a in parts[0][1]
        for b in parts[1][1]
        if a["title"] == b["title"]
    ]
    return Tables(
        documents=frame("documents", [p[0] for p in parts]),
        assignments=frame("assignments", [a for p in parts for a in p[1]]),
        statuses=frame("statuses", [s for p in parts for s in p[2]]),
        links=frame("links", [{k: v for k, v in link.items() if k in frame("links").columns} for link in links]),
        **tables,
    )


def told(tables, language="en"):
    page = Page("Forecasts", tables, language)
    findings = found.findings(
        page,
        hits=forecast_accuracy.hit_rates(tables),
        reserved=forecast_reservations.reservations(tables),
        scores=forecast_accuracy.scores(tables),
        used=forecast_readings.words_used(tables),
        interim=completion.distribution(tables, by=["municipality_code", "year", "period"], periods=INTERIM),
        money=forecast_accuracy.money(tables),
    )
    return [finding.text.replace("\u00a0", " ") for finding in findings if finding is not None]


@pytest.fixture
def alike():
    """Four forecasts of the same words, one of which failed, and one assignment that was done already."""
    first = dict.fromkeys("abcd", "expected") | {"e": "completed"}
    return plans(first, {**dict.fromkeys("abc", "completed"), "d": "not_completed", "e": "completed"})


def test_a_hit_rate_has_its_n_and_says_that_it_rests_on_few(alike):
    texts = told(alike)
    assert texts[0].startswith("Norrtälje 2022: 3 of 4 forecasts about assignments held (75%).")
    assert texts[0].endswith("too few to compare.")
    assert "rests on 4 forecasts in 1 municipality" in texts[1]


def test_forecasts_that_all_say_the_same_are_told_to_tell_nothing_apart(alike):
    assert any("all 4 forecasts say the same, 'expected to be completed'" in text for text in told(alike))


def test_forecasts_of_different_words_are_not_called_alike():
    tables = plans({"a": "expected", "b": "not_expected"}, {"a": "completed", "b": "not_completed"})
    assert not any("say the same" in text for text in told(tables))


def test_forecasts_worse_than_the_base_rate_are_said_to_err_more(alike):
    assert any("erred more (Brier score 0.25)" in text and "(0.19)" in text for text in told(alike))


def test_optimism_has_its_interval_and_may_be_chance(alike):
    (text,) = [text for text in told(alike) if "came out worse" in text]
    assert (
        "of 4 forecasts 1 came out worse and 0 better than said; that is 25 percentage points towards optimism" in text
    )
    assert text.endswith("the difference may be chance.")


def test_of_many_municipalities_the_figure_has_the_wholes_alone_and_of_few_their_committees_too():
    hits = pd.DataFrame({"municipality_code": [f"{n:04}" for n in range(9)], "year": 2022, "too_few": False})
    parts = hits.assign(committee="KS")
    say = Page("T", Tables(), "en").say
    assert set(found.with_totals(hits, parts, say)["committee"]) == {"all committees"}
    assert set(found.with_totals(hits.head(2), parts.head(2), say)["committee"]) == {"all committees", "KS"}


def test_each_forecast_leads_to_its_own_place_and_to_that_of_its_outcome():
    rows = pd.DataFrame({"forecast_id": ["a", "b"], "outcome_id": ["c", None]})
    assert found.with_both_places(rows)["record_ids"].tolist() == [["a", "c"], ["b"]]


def test_the_comment_beside_each_outcome_is_put_in_words():
    tables = plans(dict.fromkeys("ab", "expected"), dict.fromkeys("ab", "completed"))
    ids = ["0188-follow-up-2022-t3/status-L0001"]
    limited = commented(tables, ids)
    ways = [["delayed", "partly_done"] if one in ids else None for one in limited.statuses["status_id"]]
    statuses = limited.statuses.assign(qualification=pd.Series(ways, index=limited.statuses.index, dtype=object))
    page = Page("Forecasts", limited.replace(statuses=statuses), "en")
    rows = found.with_comments(page, forecast_accuracy.forecasts(page.plans))
    assert rows["outcome_comment"].tolist() == ["delayed, partly done", "nothing that limits it"]
    unsaid = Page("Forecasts", tables, "en")
    assert found.with_comments(unsaid, forecast_accuracy.forecasts(tables))["outcome_comment"].isna().all()


def test_what_has_no_forecast_is_told_as_it_stands(alike):
    assert told(alike)[-1].replace("\u00a0", " ") == (
        "Norrtälje, T1 2022: 4 of 5 assignments have a forecast; the others are reported as they stand (1 completed)."
    )


def test_nothing_is_said_where_no_forecast_was_made():
    assert told(plans({"a": "completed"}, {"a": "completed"})) == []


def test_swedish_findings_are_swedish(alike):
    assert told(alike, "sv")[0].startswith("Norrtälje 2022: 3 av 4 prognoser om uppdrag höll (75 %).")


def line(kind, amount):
    own = {"document_id": "0188-follow-up-2022-t1", "municipality_code": "0188", "plan_year": YEAR, "year": YEAR}
    return {**own, "budget_line_id": kind, "kind": kind, "amount_sek": amount, "label": "Summa", "table_title": "Drift"}


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ([], "print no amounts"),
        (["budget"], "print amounts as budget, but no forecasts of money"),
        (["forecast"], "Forecasts of amounts are printed (1), but none meets an outcome"),
        (["forecast", "outcome"], "Of 1 forecast amounts 1 meet an outcome"),
    ],
)
def test_money_without_forecasts_is_said_in_words(kinds, words):
    lines = frame("budget_lines", [line(kind, 1000 + n) for n, kind in enumerate(kinds)])
    tables = plans({"a": "expected"}, {"a": "completed"}, budget_lines=lines)
    page = Page("Forecasts", tables, "en")
    assert words in found.money_in_words(page, tables.budget_lines, forecast_accuracy.money(tables))


def test_the_whole_stands_before_its_committees():
    hits = pd.DataFrame({"municipality_code": ["0188"], "year": [2022], "n": [2], "too_few": [True]})
    parts = hits.loc[[0, 0]].assign(committee=["KS", None])
    rows = found.with_totals(hits, parts, Page("Forecasts", plans({}, {}), "en").say)
    assert rows["committee"].tolist() == ["all committees", "KS", "no committee named"]


def test_very_many_municipalities_are_told_together_and_none_for_itself():
    codes = sorted(reference.names())[:8]
    first = dict.fromkeys("abcdefghijkl", "expected")
    parts = [plans(first, {**dict.fromkeys(first, "completed"), "a": "not_completed"}, code=code) for code in codes]
    texts = told(together(parts))
    assert texts[0] == (
        "In 8 municipalities and years 88 of 96 forecasts about assignments held (92%). In the middle half of them it "
        "is 92%."
    )
    assert "In 8 of 8 municipalities and years more forecasts came out worse than better" in texts[1]
    assert "In 8 of 8 municipalities and years all forecasts say the same" in texts[2]
    assert not [text for text in texts if "the others tell" in text]  # there are no others
    settled = [plans({**first, "a": "completed"}, dict.fromkeys(first, "completed"), code=code) for code in codes]
    assert "Of 96 statuses reported during the year 88 are forecasts; the others tell how things stand." in told(
        together(settled)
    )


def commented(tables, limited):
    """The tables with a comment that limits the statuses of these ids, and none beside the others."""
    statuses = tables.statuses.assign(qualified=tables.statuses["status_id"].isin(limited).astype("boolean"))
    return tables.replace(statuses=statuses)


def test_what_held_only_with_a_comment_that_limits_it_is_told(alike):
    ends = [f"0188-follow-up-2022-t3/status-L{line:04}" for line in (1, 2)]
    (sentence,) = [text for text in told(commented(alike, ends)) if "comment" in text]
    assert sentence.startswith(
        "Norrtälje 2022: 2 of the 3 forecasts of completion that held did so with a comment that limits or "
        "contradicts what was done; 1 of 4 such forecasts held without one (25%)."
    )
    assert sentence.endswith("too few to compare.")


def test_the_total_of_many_counts_also_those_where_no_comment_limits_what_held():
    codes = sorted(reference.names())[:8]
    first = dict.fromkeys("abcd", "expected")
    tables = together([plans(first, dict.fromkeys(first, "completed"), code=code) for code in codes])
    (sentence,) = [
        text
        for text in told(commented(tables, [f"{codes[0]}-follow-up-2022-t3/status-L0001"]))
        if "contradicts what was done" in text
    ]
    assert sentence.startswith("In 8 municipalities and years 1 of 32 forecasts of completion that held did so")
    assert sentence.endswith("31 of 32 such forecasts held without one.")


def test_a_forecast_that_warned_is_set_beside_those_that_did_not(alike):
    warning = ["0188-follow-up-2022-t1/status-L0004"]
    (sentence,) = [text for text in told(commented(alike, warning)) if "comment" in text]
    assert sentence == (
        "Norrtälje 2022: of 1 forecast of completion with a comment that already limits it 1 came out worse, of 3 "
        "without such a comment 0. Too few to compare."
    )


def test_where_no_comment_limits_anything_nothing_is_said_of_comments(alike):
    assert not any("comment" in text for text in told(commented(alike, [])))
