"""Whose plan a document is, told from its front page, its title, its decision or its running head."""

from __future__ import annotations

import pytest

from compare.reading.boards import board_of, names

HEADED = [f"Gymnasienämnden – Verksamhetsplan 2024 {page} (9)" for page in range(1, 9)]


@pytest.mark.parametrize(
    ("opening", "board"),
    [
        (["Socialnämnden", "Verksamhetsplan 2024"], "socialnämnden"),
        (["Verksamhetsplan 2024 – Kultur- och fritidsnämnden"], "kultur- och fritidsnämnden"),
        (["Verksamhetsplan 2024", "Kultur-, idrotts- och fritidsnämnden"], "kultur-, idrotts- och fritidsnämnden"),
        (["Internbudget 2024", "Beslutad av miljö- och byggnämnden den 14 december 2023"], "miljö- och byggnämnden"),
        (["Nämndplan 2024", "Tekniska nämnden"], "tekniska nämnden"),
        (["Nämnden för funktionsstöd", "Verksamhetsplan 2024"], "nämnden för funktionsstöd"),
        (["Barn- och utbildningsnämnd", "Verksamhetsplan 2024"], "barn- och utbildningsnämnden"),
        (["Exempelstads kommun, Socialnämnden", "Uppföljning 2024"], "socialnämnden"),
        (["Uppföljning T1 2024", "Nämnd: Vård- och omsorgsnämnden"], "vård- och omsorgsnämnden"),
        (["Kommunstyrelsen", "Verksamhetsplan 2024", "Samverkan sker mellan", "Socialnämnden"], "kommunstyrelsen"),
        (["Verksamhetsplan 2024", "Länsstyrelsen utövar tillsyn."], None),
        (["Socialnämnden", "Nämnden ger stöd.", "Tekniska nämnden", "Nämnden sköter gator.", "Valnämnden"], None),
    ],
)
def test_the_board_of_a_plan_is_told_from_its_opening(opening, board):
    assert board_of(opening, [], "operational_plan") == board


def test_a_running_head_names_the_board_where_the_opening_does_not():
    assert board_of(["Verksamhetsplan 2024", "Inledning"], HEADED, "operational_plan") == "gymnasienämnden"


@pytest.mark.parametrize(
    ("opening", "board"),
    [
        (["Mål och budget 2024–2026 för utbildningsnämnden"], "utbildningsnämnden"),
        (["Mål och budget 2024", "Kommunstyrelsens förslag till kommunfullmäktige"], None),
        (["Budget 2024", "Socialnämnden", "Nämnden får 120 mnkr."], None),
    ],
)
def test_a_budget_of_the_whole_has_a_board_only_where_its_title_says_so(opening, board):
    assert board_of(opening, [], "goals_and_budget") == board


def test_a_report_that_the_executive_board_adopts_is_not_its_own():
    assert board_of(["Delårsrapport 2024", "Fastställd av kommunstyrelsen"], [], "interim_report") is None


def test_names_are_told_in_their_definite_form_and_agencies_are_no_committees():
    assert names("Miljönämnds och Socialstyrelsens råd till Valnämnden") == ["miljönämnden", "valnämnden"]
