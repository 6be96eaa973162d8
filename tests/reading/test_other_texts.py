"""Running text as other municipalities write it: labels on lines of their own, decisions, glossaries, legends."""

from __future__ import annotations

import pandas as pd

from compare.documents import open_document
from compare.reading import read
from compare.source_cards import SourceCard


def column(rows: pd.DataFrame, *names: str) -> list:
    """The values of some columns as plain lists or tuples, missing ones None."""
    plain = rows[list(names)].astype(object).where(rows[list(names)].notna(), None)
    return plain[names[0]].tolist() if len(names) == 1 else [tuple(row) for row in plain.itertuples(index=False)]


def test_a_glossary_of_the_steering_model_states_nothing(tables):
    policy = tables("""
        Så styrs kommunen

        Mål: Ett mål beskriver vad kommunen vill uppnå.
        Inriktningsmål: Inriktningsmål beslutas av fullmäktige och gäller i fyra år.
        Indikator: En indikator visar om ett mål uppnås.
        Uppdrag: Ett uppdrag är en avgränsad uppgift som lämnas till en nämnd.

        Uppföljning

        • Grönt: Målet uppnås
        • Gult: Målet uppnås delvis
        """)
    assert not any(len(policy[name]) for name in ("goals", "indicators", "assignments", "actions"))


def test_what_holds_for_goals_is_no_goal(tables):
    page = tables("""
        Följande ska också gälla för målen:

        • Målen ska ha ett medborgarperspektiv.
        • Målen ska vara få och styrande.
        """)
    assert page.goals.empty


def test_prose_behind_bullets_ends_a_list_of_goals(tables):
    page = tables(
        """
        Kommunen har arbetat efter fullmäktiges tre inriktningsmål:

        • Ett rikt liv för alla
        • En växande kommun
        • En ekonomi i balans

        Bedömning görs om målen har uppfyllts helt, delvis eller inte alls.

        • Vid hel måluppfyllelse går utvecklingen åt rätt håll.
        """,
        kind="annual_report",
    )
    assert column(page.goals, "title") == ["Ett rikt liv för alla", "En växande kommun", "En ekonomi i balans"]


def test_labels_on_lines_of_their_own_name_no_assignment(tables):
    report = tables(
        """
        Fullmäktigemål: Äldre är trygga i sin vardag
        Status
        Delvis uppfyllt
        Kommentar
        Resultaten är bättre men når inte ända fram.
        """,
        kind="annual_report",
    )
    assert report.assignments.empty
    assert column(report.statuses, "status", "comment") == [
        ("partly_completed", "Resultaten är bättre men når inte ända fram.")
    ]
    assert set(report.statuses["goal_id"]) == set(report.goals["goal_id"])


def test_what_symbols_mean_is_no_goal_with_a_status(tables):
    report = tables(
        """
        Färgmarkeringarna anger i vilken grad målet uppnåtts:

        Målet uppnått, förväntad nivå eller bättre

        Målet delvis uppnått, minst 80 procent

        Målet ej uppnått
        """,
        kind="annual_report",
    )
    assert report.goals.empty
    assert report.assignments.empty


def test_a_body_that_is_given_work_names_an_assignment_in_a_list(tables):
    plan = tables("""
        Särskilda uppdrag 2024

        - Nämnden ska ta fram en plan för skolornas lokaler.
        - Socialnämnden får i uppdrag att utreda hemtjänstens taxa. Redovisas i juni.
        - Bakgrunden är att lokalerna är slitna.
        """)
    assert column(plan.assignments, "title") == [
        "Nämnden ska ta fram en plan för skolornas lokaler.",
        "Socialnämnden får i uppdrag att utreda hemtjänstens taxa.",
    ]


def test_short_lines_of_like_length_are_not_one_wrapped_paragraph(tables):
    report = tables(
        """
        Mål 1: Fler barn och unga deltar i kulturaktiviteter
        Prognos: Målet bedöms uppnås
        Kulturskolan har vuxit och antalet sökande har ökat.

        Mål 2: Anläggningarna används under hela dagen
        Prognos: Målet bedöms inte uppnås
        Beläggningen är fortsatt låg på förmiddagarna.
        """,
        kind="interim_report",
    )
    assert column(report.goals, "number", "title") == [
        ("1", "Fler barn och unga deltar i kulturaktiviteter"),
        ("2", "Anläggningarna används under hela dagen"),
    ]
    assert column(report.statuses, "status", "comment") == [
        ("expected", "Kulturskolan har vuxit och antalet sökande har ökat."),
        ("not_expected", "Beläggningen är fortsatt låg på förmiddagarna."),
    ]


def test_a_heading_in_capitals_states_its_perspective(tables):
    plan = tables("""
        PERSPEKTIV MEDBORGARE

        Vi möter alla med respekt i varje kontakt som de har med oss.
        """)
    assert column(plan.goals, "level_term", "title") == [("perspektiv", "MEDBORGARE")]


def test_a_list_of_assignments_goes_on_under_the_committees_that_part_it(tables):
    budget = tables(
        """
        DIREKTIV TILL NÄMNDERNA

        Kommunstyrelsen
        1. Nämnden ska minska sina lokalkostnader med tre procent.
        2. Kommunstyrelsen får i uppdrag att ta fram en ny översiktsplan. Redovisas i september.

        Socialnämnden
        3. Socialnämnden ges i uppdrag att öka antalet familjehem.
        """,
        kind="goals_and_budget",
    )
    assert column(budget.assignments, "office", "title") == [
        ("kommunstyrelsen", "Nämnden ska minska sina lokalkostnader med tre procent."),
        ("kommunstyrelsen", "Kommunstyrelsen får i uppdrag att ta fram en ny översiktsplan."),
        ("socialnämnden", "Socialnämnden ges i uppdrag att öka antalet familjehem."),
    ]


def test_a_decision_names_an_assignment_in_a_plan_but_not_in_minutes(tables):
    text = """
        Skolans lokaler

        Utbildningsnämnden får i uppdrag att ta fram en plan för skolornas lokaler.
        """
    assert column(tables(text, kind="goals_and_budget").assignments, "title", "given_by") == [
        ("Utbildningsnämnden får i uppdrag att ta fram en plan för skolornas lokaler.", "council")
    ]
    assert tables(text, kind="other").assignments.empty


def test_minutes_and_policies_are_no_plans_though_they_speak_of_them(tables):
    minutes = tables(
        """
        Sammanträdesprotokoll 2024-03-06

        § 27 Årsredovisning för kommunen 2023

        Kommunstyrelsen föreslår att årsredovisningen godkänns enligt förvaltningens förslag till beslut.
        """,
        kind=None,
    )
    assert minutes.documents["kind"].tolist() == ["other"]


def test_a_title_tells_the_kind_before_sentences_that_name_other_documents(tables):
    budget = tables(
        """
        Mål och resursplan 2024

        Nämnden ska redovisa sitt arbete med barnrättsfrågor i årsredovisningen varje år.
        Uppföljningen görs i årsredovisningen och i delårsrapporten efter augusti månad.
        """,
        kind=None,
    )
    assert budget.documents["kind"].tolist() == ["goals_and_budget"]


def test_what_is_done_for_a_goal_is_listed_apart_from_how_it_is_measured(tables):
    plan = tables("""
        Mål 1: Färre barn lever i ekonomisk utsatthet

        Så mäter vi:
        - Antal barn i familjer med försörjningsstöd

        Det här ska vi göra:
        - Starta en familjecentral
        """)
    assert column(plan.indicators, "name") == ["Antal barn i familjer med försörjningsstöd"]
    assert column(plan.actions, "title") == ["Starta en familjecentral"]
    assert set(plan.actions["goal_id"]) == set(plan.goals["goal_id"])


def test_values_behind_an_indicator_on_its_own_line_are_its_values(tables):
    plan = tables("""
        Mål 1: Friska medarbetare

        Nyckeltal
        • Sjukfrånvaro, totalt (8,4 % 2022, mål 7,0 % 2024)
        • Antal barn med stöd. Nuläge: 310. Mål 2024: 280.
        • Andel 18–24 år i arbete

        Aktiviteter
        • Ta fram en rutin för tidiga samtal
        """)
    assert column(plan.indicators, "name") == ["Sjukfrånvaro, totalt", "Antal barn med stöd", "Andel 18–24 år i arbete"]
    assert column(plan.indicator_values, "kind", "year", "value") == [
        ("outcome", 2022, 8.4),
        ("target", 2024, 7.0),
        ("outcome", None, 310.0),
        ("target", 2024, 280.0),
    ]
    assert column(plan.actions, "title") == ["Ta fram en rutin för tidiga samtal"]


def test_a_numbered_label_takes_its_title_from_the_line_below(tables):
    page = tables("""
        Strategiområde 1 – hållbar utveckling

        Målområde 1:1

        Förenkling gör det lättare att välja hållbart.

        Målområde 1:2

        God utbildning ges.
        """)
    assert column(page.goals, "number", "title", "level") == [
        ("1", "hållbar utveckling", 1),
        ("1:1", "Förenkling gör det lättare att välja hållbart.", 2),
        ("1:2", "God utbildning ges.", 2),
    ]


def test_labels_said_twice_head_a_goal_each_below_the_one_before(tables):
    plan = tables("""
        PERSPEKTIV MEDBORGARE

        Inriktningsmål
        Brukarna har inflytande

        Resultatmål
        Fler kan välja tid

        Aktiviteter
        • Införa ett verktyg

        PERSPEKTIV MEDARBETARE

        Inriktningsmål
        Kommunen lockar nya medarbetare

        Resultatmål
        Sjukfrånvaron minskar

        Aktiviteter
        • Ta fram en rutin
        """)
    assert column(plan.goals, "level_term", "title", "level") == [
        ("perspektiv", "MEDBORGARE", 1),
        ("inriktningsmål", "Brukarna har inflytande", 2),
        ("resultatmål", "Fler kan välja tid", 3),
        ("perspektiv", "MEDARBETARE", 1),
        ("inriktningsmål", "Kommunen lockar nya medarbetare", 2),
        ("resultatmål", "Sjukfrånvaron minskar", 3),
    ]
    assert plan.actions["goal_id"].tolist() == plan.goals["goal_id"].iloc[[2, 5]].tolist()


def test_under_a_heading_of_goals_a_line_with_its_status_below_is_a_goal(tables):
    report = tables(
        """
        KF:s inriktningsmål:
        1. En stad för alla

        KF:s mål för verksamhetsområdet:
        1.1. Invånarna har goda boendemiljöer
        Uppfylls helt
        Analys
        Nämnden har markanvisat i alla stadsdelar.

        Indikator\tPeriodens utfall\tKF:s årsmål
        Antal bostäder\t8 210\t8 000
        """,
        kind="annual_report",
    )
    assert column(report.goals, "number", "title", "level") == [
        ("1", "En stad för alla", 1),
        ("1.1", "Invånarna har goda boendemiljöer", 2),
    ]
    assert report.assignments.empty
    assert column(report.statuses, "status", "comment") == [("completed", "Nämnden har markanvisat i alla stadsdelar.")]
    assert column(report.indicator_values, "kind", "value") == [("outcome", 8210), ("target", 8000)]


def test_items_like_each_other_in_one_list_are_equal_and_a_heading_ends_the_list(tmp_path):
    page = """# Verksamhetsplan 2025

## Mål: Trygga gator

### Uppdrag

- Bygga cykelväg till skolan.
- Byta gatubelysning till LED.
- Fler sittplatser vid torget.

# Personal och kompetens

Vi blir fler.
"""
    path = tmp_path / "plan.md"
    path.write_text(page, encoding="utf-8")
    tables = read(open_document(path), SourceCard(municipality_code="0114", year=2025))
    assert tables.assignments["title"].tolist() == [
        "Bygga cykelväg till skolan.",
        "Byta gatubelysning till LED.",
        "Fler sittplatser vid torget.",
    ]
    assert tables.assignments["description"].isna().all()


def test_numbered_goals_go_on_through_the_measures_below_them_and_lists_end_where_others_begin(tables):
    plan = tables(
        """
        Prioriterade mål

        1. Levande byar
        Det ska finnas service i hela kommunen.
        Mått:
        • Byar med butik, antal (2022: 14, mål 2026: 16)
        • Placering i kulturrankingen (2022: 95; mål 2026: topp 50)

        2. Ren luft
        Alla ska kunna andas.
        Mått:
        • Utsläpp per invånare, ton (2022: 5,2; mål 2026: 4,8)

        3. Trygga hem
        Mått:
        • Andel trygga boende (2022: 71 %, mål 2026: 75 %)

        Uppdrag till nämnderna
        Kommunstyrelsen ska
        a) ta fram en plan för byarnas service
        b) utreda en gemensam växel
        Tekniska nämnden ska
        c) redovisa hur luften mäts

        Så här läser du tabellerna
        """,
        kind="goals_and_budget",
    )
    assert column(plan.goals, "number", "title") == [("1", "Levande byar"), ("2", "Ren luft"), ("3", "Trygga hem")]
    goal_of = dict(zip(plan.goals["goal_id"], plan.goals["number"], strict=True))
    assert plan.indicators["goal_id"].map(goal_of).tolist() == ["1", "1", "2", "3"]
    assert plan.indicators["name"].iloc[1] == "Placering i kulturrankingen"
    assert column(plan.indicator_values, "year", "kind", "value") == [
        *((2022, "outcome", 14.0), (2026, "target", 16.0), (2022, "outcome", 95.0), (2026, "target", 50.0)),
        *((2022, "outcome", 5.2), (2026, "target", 4.8), (2022, "outcome", 71.0), (2026, "target", 75.0)),
    ]
    assert column(plan.assignments, "office", "goal_id") == [
        ("kommunstyrelsen", None),
        ("kommunstyrelsen", None),
        ("tekniska nämnden", None),
    ]


def test_items_numbered_from_the_start_again_are_no_goals_of_the_list_above(tables):
    plan = tables(
        """
        Prioriterade mål

        1. Levande byar
        Det ska finnas service i hela kommunen, och den ska gå att nå utan bil.

        Så gick det till
        1. Nämnderna lämnade förslag
        2. Beredningen vägde dem mot varandra
        """,
        kind="goals_and_budget",
    )
    assert column(plan.goals, "title") == ["Levande byar"]


def test_decisions_listed_in_a_follow_up_are_assignments_each_with_the_status_below_it(tables):
    report = tables(
        """
        Uppdrag från kommunfullmäktige
        KF 2022-11-24 § 112: Tekniska nämnden får i uppdrag att utreda en cykelväg längs sjön.
        Status: Pågår. Slutredovisas i december.
        KF 2023-02-23 § 18: Tekniska nämnden får i uppdrag att se över avgifterna. Det gäller alla platser.
        Status: Genomfört. Beslut togs i juni.
        """,
        kind="follow_up",
        period="T2",
    )
    assert len(report.assignments) == 2
    assert column(report.statuses, "assignment_id", "status") == [
        (report.assignments["assignment_id"].iloc[0], "in_progress"),
        (report.assignments["assignment_id"].iloc[1], "completed"),
    ]


def test_a_heading_that_names_who_is_given_assignments_gives_them_their_office(tables):
    report = tables(
        """
        Uppdrag till kommunstyrelsen
        Ta fram en plan för torget
        Status: Pågår
        Arbetet leds av stadsarkitekten.

        Uppdrag till teknik- och servicenämnden
        Sätt upp nya lampor
        Status: Försenat
        Leveransen dröjer.
        Byt ut skyltarna
        Status: Slutfört
        """,
        kind="follow_up",
    )
    assert column(report.assignments, "title", "office") == [
        ("Ta fram en plan för torget", "kommunstyrelsen"),
        ("Sätt upp nya lampor", "teknik- och servicenämnden"),
        ("Byt ut skyltarna", "teknik- och servicenämnden"),
    ]
    assert column(report.statuses, "status") == ["in_progress", "at_risk", "completed"]


def test_what_the_council_decides_to_give_work_is_an_assignment_each(tables):
    budget = tables(
        """
        Kommunfullmäktige beslutar

        att fastställa skattesatsen till 21,64 kronor

        att ge kommunstyrelsen i uppdrag att ta fram en plan för lokalerna

        att uppdra åt socialnämnden att redovisa effekterna i juni

        Kommunfullmäktige beslutade 2019 att ge socialnämnden i uppdrag att bygga ett boende.
        """,
        kind="goals_and_budget",
    )
    assert column(budget.assignments, "title") == [
        "att ge kommunstyrelsen i uppdrag att ta fram en plan för lokalerna",
        "att uppdra åt socialnämnden att redovisa effekterna i juni",
    ]


def test_a_heading_that_gives_work_with_the_label_of_its_status_below_is_an_assignment(tables):
    report = tables(
        """
        ## Kommunstyrelsen

        ### Ta fram en ny näringslivsstrategi

        Status: Klar

        Strategin antogs i mars.

        ### Lokaler

        Status: oklart
        """,
        name="report.md",
        kind="follow_up",
    )
    assert column(report.assignments, "title") == ["Ta fram en ny näringslivsstrategi"]
    assert column(report.statuses, "status", "comment")[0] == ("completed", "Strategin antogs i mars.")


def test_a_word_of_the_model_explained_behind_a_dash_is_no_assignment(tables):
    model = tables("""
        Uppdrag – en avgränsad uppgift till en nämnd.

        Indikatorer – visar hur väl målen uppnås.
        """)
    assert model.assignments.empty


def test_a_joint_assessment_below_a_goal_s_measures_is_the_goal_s_status(tables):
    report = tables(
        """
        Mål 1: Goda livsvillkor

        Indikator\tUtfall 2024\tMålvärde 2024
        Andel unga som mår bra\t74 %\t73 %

        Sammantagen bedömning: Målet är delvis uppfyllt.
        """,
        kind="annual_report",
    )
    assert column(report.statuses, "status", "goal_id") == [("partly_completed", report.goals["goal_id"][0])]


def test_a_status_in_brackets_behind_a_goal_is_its_status_and_no_part_of_its_title(tables):
    report = tables(
        """
        Mål 1. Goda uppväxtvillkor (uppfyllt)

        Skolresultaten har förbättrats.

        Mål 2. Ökad sysselsättning (delvis uppfyllt)

        Mål 3. Trygga skolor (förskola och grundskola)
        """,
        kind="annual_report",
    )
    assert column(report.goals, "title") == [
        "Goda uppväxtvillkor",
        "Ökad sysselsättning",
        "Trygga skolor (förskola och grundskola)",
    ]
    assert column(report.statuses, "status", "comment") == [
        ("completed", "Skolresultaten har förbättrats."),
        ("partly_completed", None),
    ]


def test_goals_announced_for_years_to_come_are_a_list(tables):
    page = tables(
        """
        Kommunfullmäktiges långsiktiga mål för 2024-2027 är:

        • Hållbara orter
        • God utbildning för alla
        """,
        kind="goal_page",
    )
    assert column(page.goals, "level_term", "title") == [
        ("långsiktigt mål", "Hållbara orter"),
        ("långsiktigt mål", "God utbildning för alla"),
    ]


def test_parts_below_the_heading_of_goals_that_tell_about_them_are_no_goals(tables):
    page = tables(
        """
        # Kommunens mål

        ## Trygg uppväxt

        Barn ges goda villkor.

        ## Så följs målen upp

        Nämnderna rapporterar tre gånger.

        ## Kontakt

        Kommunens växel
        """,
        name="page.md",
        kind="goal_page",
    )
    assert column(page.goals, "title") == ["Trygg uppväxt"]
