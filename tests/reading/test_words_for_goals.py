"""Goals under words that municipalities make up, and what sounds like a goal and is none."""

from __future__ import annotations

import pytest

from compare.reading.headings import goal_heading


@pytest.mark.parametrize(
    ("text", "term", "number"),
    [
        ("Fokusmål 3. Fler cyklar till arbetet", "fokusmål", "3"),
        ("Landsbygdsmål: Byarna lever året om", "landsbygdsmål", None),
        ("Prioriterat utvecklingsområde 2: Hållbart resande", "prioriterat utvecklingsområde", "2"),
        ("Kommunfullmäktiges mål för verksamhetsområdet 1.2 Staden är trygg", "mål", "1.2"),
        ("Kommunfullmäktiges mål för verksamhetsområdet 1.1 I staden finns plats för alla", "mål", "1.1"),
        ("Kommunfullmäktiges målsättning: Trygga barn", "målsättning", None),
    ],
)
def test_words_for_goals_that_no_list_holds_are_known_by_their_form(text, term, number):
    found = goal_heading(text)
    assert (found.term, found.number) == (term, number)


@pytest.mark.parametrize(
    "text",
    ["Modersmål: Undervisning ges i elva språk", "Föremål 4 Silverskål", "Besöksmål 2: Slottet vid ån"],
)
def test_other_words_that_end_alike_are_no_goals(text):
    assert goal_heading(text) is None


def test_the_global_goals_are_no_goals_of_the_plan_but_a_goal_called_alike_is():
    assert goal_heading("Mål 4 God utbildning för alla") is None
    assert goal_heading("Mål 5: Jämställdhet") is None
    assert goal_heading("Mål 2: Jämställdhet").title == "Jämställdhet"


def test_a_label_heads_all_bullets_below_it(tables):
    plan = tables("""
        Prioriterat område 1: Skola

        Mål
        • Fler elever klarar skolan
        • Barn mår bättre

        Uppdrag
        • Skolnämnden får i uppdrag att ta fram en plan för läsning.
        • Skolnämnden får i uppdrag att se över skolskjutsarna.

        Prioriterat område 2: Miljö

        Mål
        • Fler reser hållbart
        • Utsläppen minskar

        Prioriterat område 3: Arbete

        Mål
        • Fler har ett arbete
        • Fler företag startar

        Uppdrag
        • Kommunstyrelsen får i uppdrag att utreda ett företagshus.

        Uppdrag
        KS 1. Kommunstyrelsen får i uppdrag att se över bolagen.
        """)
    goals = plan.goals.set_index("goal_id")
    assert plan.goals["title"].tolist()[1:3] == ["Fler elever klarar skolan", "Barn mår bättre"]
    assert [goals.loc[parent, "title"] for parent in goals["parent_goal_id"].dropna()] == [
        "Skola", "Skola", "Miljö", "Miljö", "Arbete", "Arbete",
    ]  # fmt: skip
    assert [goals.loc[goal, "title"] for goal in plan.assignments["goal_id"][:3]] == ["Skola", "Skola", "Arbete"]
    assert plan.assignments["title"].tolist()[-1] == "Kommunstyrelsen får i uppdrag att se över bolagen."


def test_what_is_said_behind_numbered_assignments_is_no_assignment(tables):
    plan = tables("""
        Uppdrag från kommunfullmäktige

        1. Utreda ett nytt bibliotek.
        2. Se över bidragen till föreningar.

        Nämnden ska redovisa uppdragen senast i juni.
        """)
    assert plan.assignments["title"].tolist() == ["Utreda ett nytt bibliotek.", "Se över bidragen till föreningar."]


def test_goals_announced_by_a_sentence_are_the_lines_with_an_explanation_below(tables):
    page = tables(
        """
        Våra övergripande mål

        Våra tre övergripande mål utgår från vår värdering och finns för att styra oss.

        Våra övergripande mål är:

        Mesta möjliga för pengarna

        Kommunen ger god service. Avgifterna är låga.

        Alla får komma till tals.

        Vackra platser överallt

        Här finns parker och torg.

        Senast uppdaterad 3 mars
        """,
        kind="goal_page",
    )
    assert page.goals["title"].tolist() == ["Mesta möjliga för pengarna", "Vackra platser överallt"]


def test_the_paragraph_of_a_decision_ends_the_comment_above(tables):
    report = tables(
        """
        Uppdrag från kommunfullmäktige

        KF 2022-11-24 § 214
        Tekniska nämnden får i uppdrag att ta fram en plan för parkering.
        Status: Pågår
        Kommentar: Ett förslag kommer i höst.

        KF 2022-11-24 § 215
        Tekniska nämnden får i uppdrag att utreda solceller.
        Status: Slutfört
        """,
        kind="interim_report",
        period="T1",
    )
    assert report.statuses["comment"].tolist()[0] == "Ett förslag kommer i höst."
    assert report.statuses["status"].tolist() == ["in_progress", "completed"]


@pytest.mark.parametrize(
    ("answer", "status"),
    [("God", "completed"), ("Viss", "partly_completed"), ("Låg", "not_completed"), ("Ej god", "not_completed")],
)
def test_a_degree_answers_how_far_a_goal_is_attained(tables, answer, status):
    report = tables(f"Nämndens mål: Eleverna trivs\n\nMåluppfyllelse: {answer}\n", kind="annual_report", period="year")
    assert report.statuses["status"].tolist() == [status]


def test_each_goal_below_a_label_may_have_lines_of_fields_below_it(tables):
    plan = tables("""
        Nämndens mål
        Kunder i hemtjänsten ska vara nöjda med maten
        Mäts genom: Enkät
        Målvärde 2024: 95 %
        Boende ska känna sig trygga
        Mäts genom: Enkät
        Målvärde 2024: 92 %

        Nämndens mål
        Sjukfrånvaron ska minska
        Mäts genom: Personalsystemet

        Nämnden arbetar med fler saker än dessa mål.
        """)
    assert plan.goals["title"].tolist() == [
        "Kunder i hemtjänsten ska vara nöjda med maten",
        "Boende ska känna sig trygga",
        "Sjukfrånvaron ska minska",
    ]


def test_goals_below_a_label_may_be_parted_by_short_headings_and_fields(tables):
    plan = tables(
        """
        VERKSAMHETSMÅL
        Kvalitet
        Elever ska utvecklas utifrån sina förutsättningar
          Mätetal: Meritvärde åk 9, lägst 230
        Äldre ska känna sig trygga
          Mätetal: Nöjda brukare, lägst 92 %
        Klimat
        Kommunen ska minska sina utsläpp

        Budgeten är i balans under hela perioden och kommunen har en god beredskap för sämre tider.
        """,
        kind="goals_and_budget",
    )
    assert plan.goals["title"].tolist() == [
        "Elever ska utvecklas utifrån sina förutsättningar",
        "Äldre ska känna sig trygga",
        "Kommunen ska minska sina utsläpp",
    ]


def test_a_sentence_that_says_how_many_goals_were_decided_announces_the_bullets_below(tables):
    plan = tables("""
        Kommunfullmäktige har beslutat om tre kommunövergripande mål.

        - Välfärd med god kvalitet
        - Hållbart byggande
        - Starka företag
        """)
    assert plan.goals["title"].tolist() == ["Välfärd med god kvalitet", "Hållbart byggande", "Starka företag"]
    other = tables("""
        Kommunen arbetar efter sina mål.

        - Kansliet
        - Växeln
        """)
    assert other.goals.empty


def test_numbers_of_sections_make_no_goals_where_labels_name_them(tables):
    plan = tables("""
        2 Mål

        2.1 Människors egenmakt

        Nämndmål:
        Brukare har inflytande över sin vardag

        2.2 Barns behov

        Nämndmål:
        Barn får tidigt stöd

        3 Ekonomi
        """)
    assert plan.goals["title"].tolist() == ["Brukare har inflytande över sin vardag", "Barn får tidigt stöd"]


def test_two_tables_of_one_form_are_parted_where_the_second_has_a_head_of_its_own(tables):
    plan = tables("""
        Nämndmål: Stöd ges i rätt tid

         Indikator                                            Utfall      Utfall      Mål
                                                              2022        2023        2024
         Väntetid i dagar från ansökan till beslut            21          24          18

         Aktivitet                                     Startdatum     Slutdatum      Ansvarig
         Kartlägga handläggningen                      2024-02-01     2024-05-31     Utvecklare

        Verksamhetsplan 2024                                                        4 (9)
        """)
    assert plan.indicators["name"].tolist() == ["Väntetid i dagar från ansökan till beslut"]
    assert plan.indicator_values["value"].tolist() == [21, 24, 18]
    assert plan.actions[["title", "responsible"]].values.tolist() == [["Kartlägga handläggningen", "Utvecklare"]]


def test_actions_under_the_heading_of_an_owner_are_actions_of_the_goal(tables):
    plan = tables("""
        Mål 1: Invånarna får vård i tid

        Nämndens aktiviteter

        - Utöka öppettiderna
        - Införa digital incheckning
        """)
    assert plan.actions["title"].tolist() == ["Utöka öppettiderna", "Införa digital incheckning"]


def test_a_form_tells_under_its_own_headings_how_a_goal_is_reached_and_measured(tables):
    plan = tables("""
        Nämndens mål
        Fler unga ska ha en meningsfull fritid

        Varför är målet viktigt?
        Fritiden främjar hälsa.

        Så här ska vi nå målet
        - Starta ungdomsråd
        - Öka öppettiderna

        Så mäter vi målet
        - Antal besök

        Nämndens mål
        Biblioteken ska nå fler

        Varför är målet viktigt?
        Läsning är viktigt.

        Så här ska vi nå målet
        - Besöka förskolor

        Så mäter vi målet
        - Antal låntagare

        Nämndens mål
        Kulturarvet ska vårdas

        Så här ska vi nå målet
        - Ta fram skötselplaner
        """)
    assert len(plan.goals) == 3
    assert plan.actions["title"].tolist() == [
        "Starta ungdomsråd", "Öka öppettiderna", "Besöka förskolor", "Ta fram skötselplaner",
    ]  # fmt: skip
    assert plan.indicators["name"].tolist() == ["Antal besök", "Antal låntagare"]


def test_numbered_goals_above_a_table_are_no_part_of_it(tables):
    plan = tables("""
        Inriktningsmål 1 – Trygg kommun
        Alla ska kunna känna sig trygga.

           Effektmål 1.1  Fler invånare känner sig trygga utomhus
           Effektmål 1.2  Antalet anmälda brott ska minska

           Indikator                                        Utfall 2023    Mål 2025    Mål 2027
           Andel trygga utomhus                                  71 %        75 %        80 %
           Anmälda brott per 1 000 invånare                      11,2        10,0         8,0
        """)
    assert plan.goals["number"].tolist() == ["1", "1.1", "1.2"]
    assert plan.indicators["name"].tolist() == ["Andel trygga utomhus", "Anmälda brott per 1 000 invånare"]
    assert len(plan.indicator_values) == 6


def test_the_answer_to_whether_a_goal_is_expected_to_be_reached_is_a_forecast(tables):
    report = tables(
        """
        Mål i kommunfullmäktiges direktiv

        Barn och unga
        Målet bedöms nås under året: Delvis
        Frånvaron är fortfarande hög.

        Arbete
        Målet bedöms nås under året: Ja

        Omsorg
        Målet bedöms nås under året: Nej
        """,
        kind="follow_up",
        period="T1",
    )
    assert report.goals["title"].tolist() == ["Barn och unga", "Arbete", "Omsorg"]
    assert report.statuses["status"].tolist() == ["partly_expected", "expected", "not_expected"]
    assert report.statuses["comment"].tolist()[0] == "Frånvaron är fortfarande hög."


def test_headings_of_a_form_that_stand_as_high_as_their_goal_leave_it(tables):
    plan = tables(
        """
        ## Utvecklingsmål 1. Fler barn deltar i kultur

        Koppling till fokusmål 1

        ## Beskrivning

        Deltagandet skiljer sig.

        ## Indikatorer

        | Indikator | Utfall 2022 | Målvärde 2024 |
        |---|---|---|
        | Antal elever | 1240 | 1450 |

        ## Aktiviteter

        - Starta en öppen kulturskola
        - Se över avgifterna
        """,
        name="plan.md",
    )
    assert plan.indicators["goal_id"].tolist() == plan.goals["goal_id"].tolist()
    assert plan.actions["title"].tolist() == ["Starta en öppen kulturskola", "Se över avgifterna"]


def test_decisions_that_are_headings_part_the_assignments_of_a_list_and_are_none(tables):
    report = tables(
        """
        ## Uppdrag från kommunfullmäktige

        ## KF 2022-11-24 § 214

        Tekniska nämnden får i uppdrag att ta fram en plan för parkering.

        Status: Pågår

        ## KF 2022-11-24 § 215

        Tekniska nämnden får i uppdrag att utreda solceller.

        Status: Slutfört
        """,
        name="report.md",
        kind="interim_report",
        period="T1",
    )
    assert len(report.assignments) == 2
    assert report.statuses["status"].tolist() == ["in_progress", "completed"]


def test_a_legend_in_sentences_is_no_status_of_the_line_above(tables):
    report = tables(
        """
        Nedan redovisas nämndens mål.

        Målet bedöms uppnås: målvärdet nås eller överträffas
        Målet bedöms inte uppnås: färre än hälften av måtten nås
        """,
        kind="interim_report",
        period="T1",
    )
    assert report.goals.empty
    assert report.statuses.empty


def test_what_auditors_recommend_below_the_heading_of_goals_is_no_goal(tables):
    plan = tables("""
        Mål för god ekonomisk hushållning

        Vi rekommenderar kommunstyrelsen att:

        - Säkerställa att målen är mätbara
        - Utveckla prognosarbetet
        """)
    assert plan.goals.empty
