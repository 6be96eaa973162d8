"""What the page on loaded plans says when a load went well, and when it did not."""

import pytest

from compare.contract import Tables, frame
from compare.presentation.findings import load_plans as found
from compare.presentation.page import Page
from compare.presentation.remarks import in_language
from compare.presentation.wording import Wording
from compare.problems import PlanError, Problem, ProblemsFound

COMMON = {"document_id": "0188-plan-2022", "municipality_code": "0188", "year": 2022}


def remark(number, severity, message="Something", **values):
    row = {**COMMON, "finding_id": f"f{number}", "rule": "r", "severity": severity, "message": message, "line": number}
    return row | {"message_sv": f"{message} på svenska"} | values


def claim(number, verdict, **values):
    row = {**COMMON, "claim_id": f"c{number}", "subject": "assignment", "value": 37.0, "verdict": verdict}
    return row | {"text": "37 uppdrag", "computed": 36.0, "line": number} | values


@pytest.fixture
def plans():
    document = {**COMMON, "title": "Plan", "kind": "operational_plan", "reading": "reviewed"}
    return Tables(
        documents=frame("documents", [document]),
        findings=frame("findings", [remark(3, "note"), remark(2, "warning"), remark(1, "error", "A grave thing")]),
        claims=frame("claims", [claim(7, "differs"), claim(8, "agrees")]),
    )


def told(plans, language="en", **state):
    page = Page("Plans loaded", plans, language)
    given = {"snapshot": "abc", "failure": None} | state
    return [finding.text.replace("\u00a0", " ") for finding in found.findings(page, **given)]


def test_what_was_loaded_is_told_with_the_snapshot(plans):
    assert told(plans)[0] == "1 document of Norrtälje is loaded as the snapshot abc."


def test_very_many_municipalities_are_counted_and_not_listed():
    codes = [str(code) for code in range(9001, 9012)]
    rows = [
        {**COMMON, "document_id": f"{code}-plan-2022", "municipality_code": code}
        | {"title": "Plan", "kind": "operational_plan", "reading": "reviewed"}
        for code in codes
    ]
    text = told(Tables(documents=frame("documents", rows)))[0]
    assert text == "11 documents of 11 municipalities are loaded as the snapshot abc."


def test_remarks_are_counted_and_the_gravest_come_first(plans):
    texts = told(plans)
    assert texts[1] == "The documents give reason for 1 error, 1 warning, and 1 note."
    assert texts[3:5] == ["A grave thing", "Something"], "after what all claims come to"


def test_remarks_are_in_the_language_of_the_page(plans):
    assert "A grave thing på svenska" in told(plans, "sv")
    assert list(in_language(plans.findings, Wording("en"))["severity"]) == ["error", "warning", "note"]


def test_claims_that_differ_are_told_with_the_own_count(plans):
    assert (
        "Of 2 claims that documents make about themselves 1 agree with what was read, 1 differ and 0 cannot be checked."
        in told(plans)
    )
    assert "The document says “37 uppdrag”; own count or sum: 36." in told(plans)


def test_a_claim_that_a_remark_tells_of_is_told_once(plans):
    remarks = frame("findings", [remark(1, "warning", record_id="c7")])
    both = Tables(documents=plans.documents, findings=remarks, claims=plans.claims)
    assert not any(sentence.startswith("The document says") for sentence in told(both))


def test_a_failed_load_tells_the_problems_and_what_is_shown_instead(plans):
    failure = ProblemsFound("no", [Problem("is empty", "a.csv", 3, "title"), Problem("is unknown", "b.csv")])
    assert told(plans, failure=failure)[:2] == [
        "2 problems keep the plans from being loaded; all of them stand below.",
        "The snapshot abc stays as it was and is what this page shows.",
    ]
    assert list(found.problems(failure, Wording("sv"))["file"]) == ["a.csv", "b.csv"]


def test_a_failed_load_without_an_earlier_snapshot_says_so():
    assert told(Tables(), failure=PlanError("no codings"), snapshot="")[-1].startswith("There is no earlier snapshot")


def test_rows_that_were_not_read_are_unknown_and_not_zero(plans):
    second = {**COMMON, "document_id": "0188-plan-2023", "title": "Plan", "kind": "other", "reading": "reviewed"}
    documents = frame("documents", [*plans.documents.to_dict("records"), second])
    rows, heads = found.rows_by_document(Tables(**{**plans, "documents": documents}), Wording("en"))
    assert list(heads) == ["document_id", "rows_in_words"]
    assert rows["rows_in_words"][0].replace("\u00a0", " ").startswith("claims 2")
    assert rows["rows_in_words"].isna().tolist() == [False, True]
    assert rows["rows_claims"].tolist()[0] == 2
    assert rows["rows_claims"].isna().tolist() == [False, True]
    assert rows["rows_findings"].tolist()[1] == 0, "remarks are our own: none is none"


def test_what_a_claim_is_about_is_told_in_words(plans):
    claims = frame(
        "claims", [claim(1, "agrees", subject="goal: fokusområden"), claim(2, "agrees", subject="net_budget")]
    )
    words = found.claims(Tables(documents=plans.documents, claims=claims), Wording("en"))["subject"]
    assert list(words) == ["fokusområden", "net budget"]
