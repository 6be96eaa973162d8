from __future__ import annotations

import pytest

from compare.reading import headings


@pytest.mark.parametrize(
    ("text", "term", "number", "title"),
    [
        ("KF:s målområde 1: En stark ekonomi", "målområde", "1", "En stark ekonomi"),
        ("Fullmäktiges inriktningsmål 1.2: Kortare köer", "inriktningsmål", "1.2", "Kortare köer"),
        ("Mål 3: Fler i arbete", "mål", "3", "Fler i arbete"),
        ("Mål: Näringsliv", "mål", None, "Näringsliv"),
        ("Nämndmål 2.1 Elever når målen", "nämndmål", "2.1", "Elever når målen"),
        ("Fokusområde 9 – Klimat", "fokusområde", "9", "Klimat"),
        ("Perspektiv: Medborgare", "perspektiv", None, "Medborgare"),
        ("Målområde Trygghet", "målområde", None, "Trygghet"),
        ("Målområde 2, Hållbar kommun", "målområde", "2", "Hållbar kommun"),
        ("Nämndens mål 3. Trygg kommun", "nämndmål", "3", "Trygg kommun"),
        ("Effektmål 1.1 Kortare köer", "effektmål", "1.1", "Kortare köer"),
        ("Delmål 2a: Färre olyckor", "delmål", "2a", "Färre olyckor"),
        ("Mål A. Trygg kommun", "mål", "A", "Trygg kommun"),
        ("Mål för 2024: Fler bostäder", "mål", None, "Fler bostäder"),
    ],
)
def test_goals_are_told_by_their_word_and_number(text, term, number, title):
    found = headings.goal_heading(text)
    assert found is not None
    assert (found.term, found.number, found.title, found.supplementary) == (term, number, title, False)


@pytest.mark.parametrize(
    "text",
    [
        "Mål och budget 2024",
        "Målet är att fler ska cykla.",
        "Inom målområde 5 har nämnden två uppdrag.",
        "Mål 75 %",
        "Verksamhetsmål med inriktning på god ekonomisk hushållning",
        "Det finns inga uppdrag för inriktningsmål 2.1.",
    ],
)
def test_prose_about_goals_states_none(text):
    assert headings.goal_heading(text) is None


def test_a_goal_of_another_steering_document_is_supplementary():
    found = headings.goal_heading("Fullmäktiges trygghetsstrategi – Fokusområde 2. Trygga miljöer")
    assert found is not None
    assert found.supplementary
    assert found.title == "Trygga miljöer"


@pytest.mark.parametrize(
    ("text", "number", "title"),
    [
        ("Nämndens uppdrag och indikatorer till inriktningsmål 2.3: En ren sjö", "2.3", "En ren sjö"),
        ("Indikatorer till inriktningsmål en ren sjö", None, "en ren sjö"),
        ("Kontorets bidrag till en positiv utveckling av målområde 4", "4", None),
    ],
)
def test_headings_of_what_is_done_for_a_goal_speak_of_it(text, number, title):
    found = headings.goal_mention(text)
    assert found is not None
    assert (found.number, found.title) == (number, title)


def test_the_owner_of_a_part_about_a_goal_is_an_office():
    found = headings.goal_mention("Samhällsbyggnadskontorets indikatorer till inriktningsmål 1.1")
    assert found is not None
    assert found.owner == "samhällsbyggnadskontoret"


@pytest.mark.parametrize(
    ("text", "kind", "giver", "title"),
    [
        ("Uppdrag från KF: Bygg ett badhus", "assignment", "council", "Bygg ett badhus"),
        ("Kommunstyrelsens initiativ 2024: Ny webb", "initiative", "board", "Ny webb"),
        ("Kontorets eget initiativ – Ny växel", "initiative", "board", "Ny växel"),
        ("KF-uppdrag 2023:14: Utred skolskjutsen", "assignment", "council", "Utred skolskjutsen"),
        ("Uppdrag 3: Kartlägg buller", "assignment", None, "Kartlägg buller"),
        ("Nämnduppdrag: Se över taxan", "assignment", "board", "Se över taxan"),
        ("Uppdrag KF 2023: Utred växeln", "assignment", "council", "Utred växeln"),
        ("Uppdrag (KF): Utred växeln", "assignment", "council", "Utred växeln"),
        ("Uppdrag 12. Utred växeln", "assignment", None, "Utred växeln"),
    ],
)
def test_labels_tell_what_an_assignment_is_and_who_gave_it(text, kind, giver, title):
    found = headings.assignment_heading(text)
    assert found is not None
    assert (found.kind, found.given_by, found.text) == (kind, giver, title)


@pytest.mark.parametrize("text", ["Risk: Personalbrist", "Åtgärd: Rekrytera fler", "Uppdragets syfte är att spara."])
def test_other_labels_name_no_assignment(text):
    assert headings.assignment_heading(text) is None


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Socialnämnden", "socialnämnden"),
        ("Miljö- och byggnadsnämnden", "miljö- och byggnadsnämnden"),
        ("Samhällsbyggnadskontorets verksamhetsplan 2024", "samhällsbyggnadskontoret"),
        ("Nämndens mål", None),
        ("Verksamhetsplan för socialnämnden", None),
        ("Samtliga avdelningar inom kontoret", None),
    ],
)
def test_names_of_offices_open_their_part(text, office):
    assert headings.office_heading(text) == office


def test_section_numbers_are_taken_off_headings():
    assert headings.without_section_number("3.2 Mål 1: Trygghet") == "Mål 1: Trygghet"
    assert headings.section_depth("3.2 Nämndens mål") == 2
    assert headings.section_depth("Nämndens mål") is None


def test_goals_run_together_are_parted():
    assert headings.goals_run_together("Mål 1 – Hälsa Mål 2 – Klimat") == ["Mål 1 – Hälsa", "Mål 2 – Klimat"]
    assert headings.goals_run_together("Mål 1: Hälsa för alla") == ["Mål 1: Hälsa för alla"]


def test_announced_lists_and_goals():
    announced = headings.announced_list("Nämnden har prioriterat två målområden:")
    assert announced is not None
    assert announced.term == "målområde"
    assert headings.announced_list("För att nå målen ska vi:") is None
    assert headings.announced_goal("Som övergripande mål gäller:") == "övergripande mål"
