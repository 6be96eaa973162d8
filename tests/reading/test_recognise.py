from __future__ import annotations

import pytest

from compare.problems import PlanError
from compare.reading import read
from compare.reading.recognise import municipality_names
from compare.source_cards import SourceCard


def test_municipality_year_kind_and_period_are_told_from_the_text(opened):
    document = opened("""
        Delårsrapport per 31 augusti 2023
        Ale kommun

        Ale kommun redovisar ett överskott. Grannen Lerums kommun nämns en gång.
        """)
    own = read(document).documents.iloc[0]
    assert (own["municipality_code"], own["year"], own["kind"], own["period"]) == ("1440", 2023, "interim_report", "T2")
    assert own["document_id"] == "1440-interim-report-2023-t2"


def test_a_board_s_plan_carries_its_board_in_its_id(opened):
    own = read(opened("Verksamhetsplan 2024\nSocialnämnden\n\nAle kommun\n")).documents.iloc[0]
    assert own["board"] == "socialnämnden"
    assert own["document_id"] == "1440-operational-plan-2024-socialnamnden"


def test_the_planning_period_is_read_from_the_title(opened):
    own = read(opened("Mål och budget 2024–2026\n\nAle kommun\n")).documents.iloc[0]
    assert (own["year"], own["first_year"], own["last_year"]) == (2024, 2024, 2026)


@pytest.mark.parametrize(
    ("text", "missing"),
    [("Mål och budget 2024\n", "--municipality"), ("Ale kommun\n\nVi vill mycket.\n", "--year")],
)
def test_what_neither_text_nor_card_states_is_asked_for(opened, text, missing):
    with pytest.raises(PlanError, match=missing):
        read(opened(text))


def test_the_card_goes_before_the_text(opened):
    card = SourceCard(municipality_code="9999", year=2030, kind="other", title="Min titel")
    own = read(opened("Mål och budget 2024\nAle kommun\n"), card).documents.iloc[0]
    assert (own["municipality_code"], own["year"], own["kind"], own["title"]) == ("9999", 2030, "other", "Min titel")


FOLLOWED_UP = "{head}Uppdrag\tAnsvarig\tStatus\nUtreda en ny simhall\tKommunchef\tPågår\n"


def test_a_follow_up_of_unknown_period_is_remarked_upon(tables):
    report = tables(FOLLOWED_UP.format(head=""), kind="follow_up")
    assert report.statuses["period"].tolist() == ["2024"]
    found = report.findings[report.findings["rule"] == "period_unknown"]
    assert found["severity"].tolist() == ["warning"]
    assert found["table"].tolist() == ["documents"]
    assert "source card gives 'period'" in found["message"].iloc[0]
    assert "årets slut" in found["message_sv"].iloc[0]


@pytest.mark.parametrize(
    ("head", "card"),
    [
        ("", {"kind": "follow_up", "period": "T2"}),
        ("", {"kind": "follow_up", "period": "year"}),
        ("Uppföljning T1 2024\n\n", {"kind": "follow_up"}),
        ("", {"kind": "annual_report"}),
    ],
)
def test_a_period_that_card_text_or_kind_tells_is_no_cause_for_remark(tables, head, card):
    report = tables(FOLLOWED_UP.format(head=head), **card)
    assert len(report.statuses) == 1
    assert "period_unknown" not in set(report.findings["rule"])


def test_there_are_290_municipalities_with_codes_of_four_digits():
    names = municipality_names()
    assert len(names) == 290
    assert all(len(code) == 4 and code.isdigit() for code in names.values())
