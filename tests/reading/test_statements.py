"""Goals that no word announces: below the heading of an area, and below a level's label that stands once."""

from __future__ import annotations

import pandas as pd


def column(rows: pd.DataFrame, *names: str) -> list:
    """The values of some columns as plain lists or tuples, missing ones None."""
    plain = rows[list(names)].astype(object).where(rows[list(names)].notna(), None)
    return plain[names[0]].tolist() if len(names) == 1 else [tuple(row) for row in plain.itertuples(index=False)]


def test_bullets_right_below_the_heading_of_an_area_are_its_goals(tables):
    plan = tables("""
        Målområde: Trygghet

        • Fler känner sig trygga i centrum.
        • Alla barn har en vuxen att vända sig till.

        Målområde: Klimat

        • Kommunens utsläpp minskar varje år.
        • Matsvinnet ska halveras.
        """)
    assert column(plan.goals, "level_term", "title", "level") == [
        ("målområde", "Trygghet", 1),
        ("mål", "Fler känner sig trygga i centrum.", 2),
        ("mål", "Alla barn har en vuxen att vända sig till.", 2),
        ("målområde", "Klimat", 1),
        ("mål", "Kommunens utsläpp minskar varje år.", 2),
        ("mål", "Matsvinnet ska halveras.", 2),
    ]


def test_short_sentences_of_what_shall_be_right_below_an_area_are_its_goals(tables):
    budget = tables(
        """
        # Fokusområde Livslångt lärande

        Alla elever ska nå målen i skolan.

        Fler vuxna ska kunna studera på distans.

        Utbildningen är viktig. Den har byggts ut i flera steg.
        """,
        name="budget.md",
        kind="goals_and_budget",
    )
    assert column(budget.goals, "level_term", "title") == [
        ("fokusområde", "Livslångt lärande"),
        ("mål", "Alla elever ska nå målen i skolan."),
        ("mål", "Fler vuxna ska kunna studera på distans."),
    ]
    assert budget.goals["parent_goal_id"].tolist()[1:] == [budget.goals["goal_id"][0]] * 2


def test_prose_reasons_and_work_below_an_area_are_no_goals(tables):
    plan = tables("""
        Fokusområde Trygghet

        Trygghet är en grund för att människor ska må bra. Nämnden arbetar med polisen. Det finns flera skäl:

        • Många upplever otrygghet kvällstid
        • Belysningen är bristfällig

        Fokusområde Klimat

        • Ta fram en klimatbudget
        • Byta till fossilfria fordon

        Fokusområde Kultur

        • Bibliotek
        • Simhallar och badplatser
        """)
    assert column(plan.goals, "title") == ["Trygghet", "Klimat", "Kultur"]


def test_a_label_that_stands_once_heads_the_lines_below_it(tables):
    plan = tables("""
        Inriktningsmål

        Kommunen är en attraktiv arbetsgivare

        Invånarna får service av god kvalitet

        Organisation

        Nämnden har nio ledamöter och sammanträder varje månad.
        """)
    assert column(plan.goals, "level_term", "title") == [
        ("inriktningsmål", "Kommunen är en attraktiv arbetsgivare"),
        ("inriktningsmål", "Invånarna får service av god kvalitet"),
    ]


def test_the_only_line_below_a_label_rules_what_follows(tables):
    plan = tables("""
        Nämndmål

        Barn och unga får det stöd de behöver i tid.

        Nämnden har under flera år sett ett ökande behov av tidiga insatser. Därför byggs samverkan med skolan ut.

        Indikatorer

        • Andel ärenden som inleds inom 14 dagar
        """)
    assert column(plan.goals, "level_term", "title") == [("nämndmål", "Barn och unga får det stöd de behöver i tid.")]
    assert plan.indicators["goal_id"].tolist() == plan.goals["goal_id"].tolist()


def test_goals_below_a_label_may_each_have_their_explanation_below_them(tables):
    plan = tables(
        """
        ### Mål

        **Äldre har inflytande över sin vardag**

        Ansvarig nämnd: äldrenämnden

        **Fler äldre bor kvar hemma med trygg omsorg**

        Hemtjänsten byggs ut. Den får fler medarbetare.

        ### Uppdrag

        - Äldrenämnden får i uppdrag att pröva kortare arbetstid på två enheter.
        """,
        name="budget.md",
        kind="goals_and_budget",
    )
    assert column(plan.goals, "title") == [
        "Äldre har inflytande över sin vardag",
        "Fler äldre bor kvar hemma med trygg omsorg",
    ]
    assert plan.assignments["goal_id"].isna().all()


def test_sentences_about_goals_below_a_label_are_no_goals(tables):
    policy = tables("""
        Mål

        Mål beslutas av kommunfullmäktige och anger vad kommunen vill uppnå.

        Målen ska vara få och följas upp varje år.

        Under året har nämnden arbetat med samtliga delar.
        """)
    assert policy.goals.empty


def test_a_list_of_the_board_s_goals_is_of_the_board_s_level(tables):
    plan = tables("""
        Nämndens mål

        1. Eleverna når kunskapskraven
        2. Skolorna är trygga
        """)
    assert column(plan.goals, "level_term", "number", "title") == [
        ("nämndmål", "1", "Eleverna når kunskapskraven"),
        ("nämndmål", "2", "Skolorna är trygga"),
    ]


def test_headings_one_level_below_an_area_are_its_goals_where_they_state_something(tables):
    plan = tables(
        """
        ## Prioriterat område: Social hållbarhet

        ### Fler barn växer upp under trygga förhållanden

        Kommunen arbetar förebyggande tillsammans med regionen. Det ger resultat.

        ### Bakgrund

        Behoven har ökat.

        ## Prioriterat område: Ekonomi

        ### Skattemedlen används effektivt

        Alla verksamheter följer sina kostnader.
        """,
        name="plan.md",
        kind="goals_and_budget",
    )
    assert column(plan.goals, "title", "level") == [
        ("Social hållbarhet", 1),
        ("Fler barn växer upp under trygga förhållanden", 2),
        ("Ekonomi", 1),
        ("Skattemedlen används effektivt", 2),
    ]


def test_lines_numbered_on_from_an_area_are_its_goals_and_their_section_numbers_none_of_theirs(tables):
    plan = tables("""
        1 Målområde Trygghet

        1.1 Fler känner sig trygga i centrum

        1.2 Utsläppen minskar varje år
        """)
    assert column(plan.goals, "number", "title", "level") == [
        (None, "Trygghet", 1),
        (None, "Fler känner sig trygga i centrum", 2),
        (None, "Utsläppen minskar varje år", 2),
    ]


def test_sections_numbered_below_the_section_of_goals_are_its_goals(tables):
    plan = tables("""
        2 Strategiska nämndmål

        2.1 En grönare stad

        Beskrivning

        Nämnden planterar träd.

        2.2 En arbetsplats att längta till

        3 Uppföljning

        3.1 Så arbetar vi vidare
        """)
    assert plan.goals["title"].tolist() == ["En grönare stad", "En arbetsplats att längta till"]
    assert plan.goals["level_term"].tolist() == ["nämndmål", "nämndmål"]
