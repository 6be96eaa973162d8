"""What the page on coverage says: which questions can be answered, what is remarked on, what is broken."""

import pandas as pd
import pytest

from compare.contract import Tables, frame
from compare.measures import coverage, goal_chain
from compare.presentation import figures
from compare.presentation.findings import coverage_and_quality as found
from compare.presentation.page import Page

COMMON = {"document_id": "0188-plan-2022", "municipality_code": "0188", "year": 2022}
OTHER = {"document_id": "2380-page-2024", "municipality_code": "2380", "year": 2024}


def remark(number, severity, rule):
    return {**COMMON, "finding_id": f"f{number}", "rule": rule, "severity": severity, "message": "x", "line": number}


@pytest.fixture
def plans():
    card = {"title": "Plan", "kind": "operational_plan", "reading": "machine"}
    goals = [
        {**COMMON, "goal_id": "g1", "title": "Top", "level": 1, "line": 1, "confidence": 0.7},
        {**OTHER, "goal_id": "h1", "title": "Other", "title_en": "Another", "level": 1, "line": 1, "confidence": 0.9},
    ]
    assignment = {**OTHER, "assignment_id": "a1", "kind": "assignment", "title": "Gör", "title_en": "Do", "line": 5}
    claims = [
        {**COMMON, "claim_id": "c1", "subject": "assignment", "value": 2.0, "verdict": "agrees", "line": 1},
        {**COMMON, "claim_id": "c2", "subject": "initiative", "value": 3.0, "verdict": "differs", "line": 8},
        {**COMMON, "claim_id": "c3", "subject": "net_budget", "value": 3.0, "verdict": "cannot_check", "line": 1},
    ]
    return Tables(
        documents=frame("documents", [{**COMMON, **card}, {**OTHER, **card, "reading": "reviewed"}]),
        goals=frame("goals", goals),
        assignments=frame("assignments", [assignment]),
        claims=frame("claims", claims),
        findings=frame(
            "findings", [remark(1, "note", "year_assumed"), remark(2, "warning", "unit_slip"), remark(3, "note", "odd")]
        ),
    )


def told(plans, language="en"):
    page = Page("Coverage and quality", plans, language)
    given = found.findings(
        page,
        questions=coverage.questions(plans),
        confidence=coverage.confidence(plans),
        remarks=coverage.remarks(plans),
        verdicts=coverage.verdicts(plans),
        chains=goal_chain.completeness(plans, by=["municipality_code"]),
        tops=goal_chain.chains(plans),
        loose=coverage.loose_ends(plans),
        lacking=coverage.not_computed(plans),
    )
    return [finding for finding in given if finding is not None]


def texts(plans, language="en"):
    return [finding.text.replace("\u00a0", " ") for finding in told(plans, language)]


def test_what_was_read_and_by_whom_comes_first(plans):
    assert texts(plans)[0] == (
        "2 documents of 2 municipalities were read, 1 of them by machine and without a person's review."
    )


def test_each_municipality_is_told_how_much_it_can_answer(plans):
    asked = coverage.questions(plans)["question"].nunique()
    start = f"Of {asked} questions the plans that were read answer 1 in Norrtälje (and "
    assert any(text.startswith(start) and "in part) and " in text for text in texts(plans))
    compared = f"1 of {asked} questions can be compared between at least two municipalities: Which goals are there?"
    assert compared in texts(plans)


def test_where_all_can_answer_the_same_it_is_said_once(plans):
    page = Page("T", plans, "en")
    codes = [f"{1000 + n}" for n in range(found.TOLD_APART + 1)]
    questions = pd.DataFrame(
        [{"municipality_code": code, "question": q, "answer": "yes"} for code in codes for q in ("goals", "budget")]
    )
    assert [finding.text for finding in found._answers(page, questions)] == [
        "The plans of every municipality answer 2 of 2 questions."
    ]
    (all_of_them,) = found._unanswered(page, questions)
    assert all_of_them.text == "All 2 questions can be compared between at least two municipalities."


def test_doubtful_rows_are_counted_with_their_places(plans):
    sentence = next(f for f in told(plans) if "say how sure the reading is" in f.text)
    assert sentence.text.startswith("2 of 9 rows say how sure the reading is; 1 of them (50%) were read with doubt")
    assert [place.line for place in sentence.places] == [1]


def test_remarks_are_told_by_severity_with_an_unknown_rule_as_it_is(plans):
    said = texts(plans)
    assert "1 warning: a slip of unit (1)." in said
    assert any(text.startswith("2 notes: ") and "odd (1)" in text for text in said)
    assert said.index("1 warning: a slip of unit (1).") < next(i for i, t in enumerate(said) if t.startswith("2 notes"))


def test_claims_are_judged_without_those_that_cannot_be_checked(plans):
    sentence = next(f for f in told(plans) if "claims that documents make" in f.text)
    assert sentence.text.startswith("1 of 2 claims that documents make about themselves and that can be checked agree")
    assert "1 more cannot be checked" in sentence.text
    assert [place.line for place in sentence.places] == [8]


def test_loose_assignments_are_told_with_their_place(plans):
    sentence = next(f for f in told(plans) if f.text.startswith("Östersund, what is missing most"))
    assert "1 assignments lack: goal" in sentence.text
    assert [place.line for place in sentence.places] == [5]


def test_many_municipalities_are_told_together(plans):
    page = Page("T", plans, "en")
    chains = goal_chain.completeness(plans, by=["municipality_code"])
    one = chains[(chains["part"] == "complete") & (chains["municipality_code"] == "0188")]
    one = one.assign(count=1, n=4, unknown=0)
    many = pd.concat([one.assign(municipality_code=str(code)) for code in range(1000, 1020)])
    said = [f.text for f in found._chains(page, many, goal_chain.chains(plans))]
    assert len(said) == 1
    assert said[0].startswith("20 of 80 goals of the highest level in 20 municipalities")
    loose = coverage.loose_ends(plans)
    wide = pd.concat([loose.assign(municipality_code=str(code)) for code in range(1000, 1020)])
    assert next(f.text for f in found._loose(page, wide)).startswith("What is missing most: ")


def test_titles_are_in_the_language_of_the_page_where_the_coding_has_it(plans):
    rows = found.loose_titles(coverage.loose_ends(plans), plans).set_index("record_id")
    assert rows.loc["a1", "title_en"] == "Do"


def tops(*goals):
    """Top goals of Norrtälje: what each is called, whether its chain is whole, and whose its money is."""
    rows = pd.DataFrame(goals, columns=["level_term", "complete", "budget_basis"])
    return rows.assign(municipality_code="0188", goal_id="g", complete=rows["complete"].astype("boolean"))


def chains_told(plans, goals):
    whole = int(goals["complete"].sum())
    row = {"municipality_code": "0188", "part": "complete", "count": whole, "n": len(goals), "unknown": 0}
    rate = {"rate": whole / len(goals), "low": 0.1, "high": 0.9, "record_ids": [], "other_ids": []}
    (said,) = found._chains(Page("T", plans, "en"), pd.DataFrame([{**row, **rate}]), goals)
    return said.text


def test_chains_that_go_by_the_sort_of_goal_are_told_by_sort_and_without_an_interval(plans):
    goals = tops(("mål", True, "funding"), ("mål", True, "office"), ("program", False, None))
    assert chains_told(plans, goals) == (
        "Norrtälje, goals of the highest level with a whole chain of goal below, indicator, assignment and money: all "
        "2 called “mål” and none of the 1 called “program”. For 1 of 2 the money is the budget of an office that works "
        "on the goal, not money set aside for it."
    )


def test_chains_that_are_whole_in_one_sort_of_goal_here_and_broken_there_are_a_rate(plans):
    goals = tops(("mål", True, "funding"), ("mål", False, None), ("program", False, None))
    assert chains_told(plans, goals).startswith("Norrtälje: 1 of 3 goals of the highest level have a whole chain")
    assert "95% interval" in chains_told(plans, goals)


def test_chains_that_nobody_knows_of_show_no_zero(plans):
    rows = found.shown_chains(goal_chain.completeness(plans, by=["municipality_code"]))
    unknown = rows[rows["unknown"] > 0]
    assert not unknown.empty
    assert unknown.loc[unknown["rate"].isna(), ["count", "n"]].isna().all().all()


def test_measures_say_none_and_all_in_words(plans):
    rows = found.shown_measures(coverage.not_computed(plans), Page("T", plans, "en")).set_index("measure")
    assert rows.loc["goal_churn", ["computed_for", "without"]].tolist() == ["none", "all"]


def test_the_matrix_says_no_data_in_words_and_changes_form_for_many(plans):
    say = Page("T", plans, "sv").say
    questions = coverage.questions(plans)
    few = figures.answers(questions, say)
    written = [text.get_text() for text in few.figure.axes[0].texts]
    assert "uppgift saknas" in written
    assert "ja, 1 av 1" in written
    assert len(written) == len(questions)
    assert "Norrtälje: ja på 1" in few.alt
    many = pd.concat([questions.assign(municipality_code=str(code)) for code in range(1000, 1020)])
    assert len(figures.answers(many, say).figure.axes[0].texts) < len(many) / 4


def test_an_empty_snapshot_has_a_sentence_instead_of_a_matrix():
    page = Page("T", Tables(), "en")
    assert figures.answers(coverage.questions(page.plans), page.say).figure is None
    assert texts(Tables())[0].startswith("0 documents")


def test_a_chain_of_which_a_part_is_unknown_is_told_by_what_is_sure(plans):
    page = Page("T", plans, "en")
    row = {"municipality_code": "0188", "part": "complete", "count": 0, "n": 10, "unknown": 30, "rate": 0.0}
    chains = pd.DataFrame([{**row, "low": 0.0, "high": 0.28, "record_ids": [], "other_ids": []}])
    said = [finding.text for finding in found._chains(page, chains, goal_chain.chains(plans))]
    assert len(said) == 1
    assert "of 40 goals of the highest level 0 have a whole chain" in said[0]
    assert said[0].endswith("lies between 0% and 75%.")
