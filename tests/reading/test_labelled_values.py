"""Indicators and values that lines state behind labels, below them, or in the words of what shall be."""

from __future__ import annotations

import pytest

from compare.reading.indicators import is_label, target_in_words


def stated(plan):
    """Each value with the name of its indicator."""
    names = dict(zip(plan.indicators["indicator_id"], plan.indicators["name"], strict=True))
    frame = plan.indicator_values
    return list(zip(frame["indicator_id"].map(names), frame["kind"], frame["year"], frame["value"], strict=True))


def test_goals_and_indicators_have_codes_on_lines_of_their_own(tables):
    plan = tables(
        """
        Uppföljning av miljöprogrammet 2023

        Delmål MI.1.2

        Sjöarna ska bli renare

        Miljöförvaltningen

        Indikatorer

        Badvatten

        Indikator MI.1.2.1

        Andel badplatser med god vattenkvalitet

        Trend: Trenden är positiv

        Senaste värdet: 84 % 2022
        """,
        kind="follow_up",
        year=2023,
    )
    goal = plan.goals.iloc[0]
    assert (goal["number"], goal["title"], goal["office"]) == ("MI.1.2", "Sjöarna ska bli renare", "miljöförvaltningen")
    assert stated(plan) == [("Andel badplatser med god vattenkvalitet", "outcome", 2022, 84.0)]
    assert plan.indicators["goal_id"].tolist() == [goal["goal_id"]]


def test_values_below_a_goal_measure_what_it_says_it_is_measured_by(tables):
    plan = tables(
        """
        Mål 1: Eleverna når goda resultat

        Mäts genom: meritvärde i årskurs 9
        Utfall 2023: 221
        Målvärde 2024: lägst 230
        """
    )
    assert stated(plan) == [
        ("meritvärde i årskurs 9", "outcome", 2023, 221),
        ("meritvärde i årskurs 9", "target", 2024, 230),
    ]


def test_values_below_a_goal_that_names_no_measure_are_of_the_goal_itself(tables):
    plan = tables("Mål 2: Alla elever är trygga\n\nMäts genom: enkät\nUtfall 2023: 87 %\nMålvärde: minst 92 %\n")
    assert stated(plan) == [
        ("Alla elever är trygga", "outcome", 2023, 87),
        ("Alla elever är trygga", "target", 2024, 92),
    ]


def test_words_behind_a_label_below_a_goal_are_no_value(tables):
    plan = tables("Mål 2: Alla elever är trygga\n\nUtfall 2023: Arbetet har gått bra\nBudget 2024: 250 tkr\n")
    assert plan.indicators.empty


def test_the_share_below_the_word_for_outcomes_is_the_value_of_the_indicator_above(tables):
    plan = tables(
        """
        Mål 4: Deltagarna är nöjda

        Indikator
        80 % av deltagarna ska uppge att bemötandet varit bra.

        • Utfall
        97 % (128 av 132) har svarat att det varit bra.

        Indikator
        75 % av personalen ska uppge att arbetet är meningsfullt.

        • Utfall
        Ingen mätning har gjorts.

        Indikator
        Antal frågor som ställs.
        """,
        kind="annual_report",
        year=2023,
    )
    assert [value[1:] for value in stated(plan)] == [("target", 2023, 80), ("outcome", 2023, 97), ("target", 2023, 75)]
    assert plan.findings["rule"].tolist().count("year_assumed") == 3


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Minst 85 procent av gästerna ska vara nöjda", "Minst 85 procent"),
        ("Sjukfrånvaron ska vara högst 7,5 procent", "högst 7,5 procent"),
        ("Nöjdheten ska vara 80 %", "80 %"),
        ("80 % av gästerna ska trivas", "80 %"),
        ("Andelen trygga ska öka", "öka"),
        ("Andelen trygga ska öka till minst 80 procent", "minst 80 procent"),
        ("Minst 10 och högst 20 barn ska finnas i varje grupp", None),
        ("Andel som läser minst 3 böcker", None),
        ("Antal besök (ska öka jämfört med 2022)", None),
        ("Alla ska ha tillgång till 3 parker", None),
        ("Andelen elever som har minst 3 godkända betyg ska vara 85 procent", None),
        ("85 procent av patienterna ska få vård inom högst 90 dagar", None),
        ("Patienterna ska få vård inom högst 90 dagar", None),
        ("Andelen hushåll som ska minska sitt avfall", None),
        ("Andelen hushåll som ska minska sitt avfall ska öka", "öka"),
        ("Andelen som röker ska minska", "minska"),
        ("85 procent av hushållen ska minska sitt avfall", None),
        ("Frånvaron ska bli högst 5 procent", "högst 5 procent"),
        ("Frånvaron ska uppgå till högst 5 procent", "högst 5 procent"),
        ("Trygghet: minst 80 procent ska känna sig trygga", "minst 80 procent"),
        ("Under året ska minst 80 procent delta", "minst 80 procent"),
    ],
)
def test_targets_in_sentences_of_what_shall_be(text, target):
    assert target_in_words(text) == target


def test_targets_in_words_of_listed_indicators_are_of_the_plans_year(tables):
    plan = tables("Mål 1: God omsorg\n\nIndikatorer\n- Minst 85 procent ska vara nöjda (utfall 2022: 82 procent)\n")
    assert [value[1:] for value in stated(plan)] == [("outcome", 2022, 82), ("target", 2024, 85)]


@pytest.mark.parametrize(
    "lines",
    [
        "Indikatorer\n- Minst 85 procent ska vara nöjda",
        "Indikatorer\n- Andel nöjda gäster. Mål: 85 %",
        "Mäts genom: andel nöjda gäster\nMålvärde: 85 %",
    ],
)
def test_a_target_in_a_line_without_a_year_is_of_the_plans_year_with_a_note(tables, lines):
    plan = tables(f"Mål 1: God omsorg\n\n{lines}\n")
    assert [value[1:] for value in stated(plan)] == [("target", 2024, 85)]
    assumed = plan.findings[plan.findings["rule"] == "year_assumed"]
    assert assumed["record_id"].tolist() == plan.indicators["indicator_id"].tolist()


def test_values_in_lines_with_years_of_their_own_raise_no_note_on_years(tables):
    plan = tables("Mål 1: God omsorg\n\nMäts genom: andel nöjda gäster\nMålvärde 2024: 85 %\nUtfall: 80 % (2022)\n")
    assert len(plan.indicator_values) == 2
    assert "year_assumed" not in plan.findings["rule"].tolist()


def test_a_planned_measure_belongs_to_the_assignment_right_above_it(tables):
    plan = tables(
        """
        Mål 1: God omsorg

        Uppdrag: Utred ett nytt boende.

        Planerad åtgärd: En analys görs under våren.

        Uppdrag: Ta fram en plan för teknik.

        Planerad åtgärd: En grupp tillsätts i februari.
        """
    )
    assert plan.actions["assignment_id"].tolist() == plan.assignments["assignment_id"].tolist()


@pytest.mark.parametrize(("text", "is_one"), [("Indikator 4.2", True), ("Indikator", False), ("Mål 4.2", False)])
def test_labels_of_indicators_are_the_word_and_a_number(text, is_one):
    assert is_label(text) is is_one


def test_a_judgement_below_a_labelled_indicator_is_of_that_indicator(tables):
    plan = tables(
        """
        Mål K.1

        Utsläppen ska halveras

        Indikator K.1.1

        Andel fossilfria fordon

        Utfall 2023: 57 %

        Bedömning: Delvis uppnått
        """,
        kind="follow_up",
        year=2023,
    )
    assert plan.statuses["indicator_id"].tolist() == plan.indicators["indicator_id"].tolist()
    assert plan.statuses["goal_id"].isna().all()


def test_a_heading_with_a_number_behind_bullets_is_no_item_of_their_list(tables):
    plan = tables(
        """
        Nämndens mål: Gator ska vara trygga

        Aktiviteter:
        • Byt ut belysningen
        • Klipp häckarna

        2. Hållbar utveckling

        Nämndens mål: Fastigheterna ska använda mindre energi

        Aktiviteter:
        • Installera solceller
        """
    )
    assert plan.actions["title"].tolist() == ["Byt ut belysningen", "Klipp häckarna", "Installera solceller"]


def test_each_goal_below_a_label_has_the_values_below_itself(tables):
    plan = tables(
        """
        Attraktivt boende
        Nämndens mål
        Brukare inom hemtjänsten ska vara nöjda
        Mäts genom: Brukarundersökning
        Målvärde 2024: 95 %
        Brukare inom boenden ska känna sig trygga
        Mäts genom: Brukarundersökning
        Målvärde 2024: 92 %

        Hållbar organisation
        Nämndens mål
        Sjukfrånvaron ska minska
        Målvärde 2024: 6,5 %
        """
    )
    assert [(value[0], value[3]) for value in stated(plan)] == [
        ("Brukare inom hemtjänsten ska vara nöjda", 95),
        ("Brukare inom boenden ska känna sig trygga", 92),
        ("Sjukfrånvaron ska minska", 6.5),
    ]
