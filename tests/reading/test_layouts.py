"""Layouts as municipalities print them, each in a small invented document."""

from __future__ import annotations

import pandas as pd


def column(rows: pd.DataFrame, *names: str) -> list:
    """The values of some columns as plain lists or tuples, missing ones None."""
    plain = rows[list(names)].astype(object).where(rows[list(names)].notna(), None)
    return plain[names[0]].tolist() if len(names) == 1 else [tuple(row) for row in plain.itertuples(index=False)]


PLAN = """
    Verksamhetsplan 2024 för tekniska nämnden

    Målområde 1: En växande kommun

    Inriktningsmål 1.1: Fler bostäder

    Uppdrag från KF: Ta fram en ny översiktsplan. Arbetet leds av planenheten.

    Åtgärder\tVad som ska ske för att åtgärden ska anses slutförd\tAnsvarig\tStartdatum\tSlutdatum
    Hålla samråd\tSamråd har hållits\tPlanenheten\t2024-02-01\t2024-05
    Skriva förslag\tFörslag finns\tPlanenheten\tPågår\tQ4 2024

    Uppdrag från KF (kvarstående): Inventera tomter (TN)

    Nämndens eget initiativ: Bygg en modell över centrum

    Indikatorer till inriktningsmål 1.1

    Indikator\tAnsvarig\tUtfall 2022\tMål 2024\tMål 2025
    Antal bygglov ¹\tPlanenheten\t1 204\t1 300\tÖka
    Handläggningstid, dagar\tPlanenheten\t-\tminst 35\t
    """


def test_a_board_s_plan_with_goals_assignments_actions_and_indicators(tables):
    plan = tables(PLAN, board="tekniska nämnden")
    assert column(plan.goals, "number", "title", "level") == [
        ("1", "En växande kommun", 1),
        ("1.1", "Fler bostäder", 2),
    ]
    assert plan.goals["parent_goal_id"].iloc[1] == plan.goals["goal_id"].iloc[0]
    assert column(plan.assignments, "kind", "title", "carried_over", "given_by") == [
        ("assignment", "Ta fram en ny översiktsplan.", False, "council"),
        ("assignment", "Inventera tomter", True, "council"),
        ("initiative", "Bygg en modell över centrum", False, "board"),
    ]
    assert plan.assignments["committees"].iloc[1] == ["TN"]
    assert set(plan.assignments["goal_id"]) == {plan.goals["goal_id"].iloc[1]}
    assert column(plan.actions, "title", "completion_criterion", "responsible") == [
        ("Hålla samråd", "Samråd har hållits", "Planenheten"),
        ("Skriva förslag", "Förslag finns", "Planenheten"),
    ]
    assert [str(day)[:10] for day in plan.actions["end"]] == ["2024-05-31", "2024-12-31"]
    assert str(plan.actions["start"].iloc[0])[:10] == "2024-02-01"
    assert plan.actions["start"].isna().iloc[1]
    assert set(plan.actions["assignment_id"]) == {plan.assignments["assignment_id"].iloc[0]}
    assert column(plan.indicators, "name") == ["Antal bygglov", "Handläggningstid, dagar"]
    assert column(plan.indicator_values, "kind", "year", "value", "text") == [
        ("outcome", 2022, 1204.0, "1 204"),
        ("target", 2024, 1300.0, "1 300"),
        ("target", 2025, None, "Öka"),
        ("target", 2024, 35.0, "minst 35"),
    ]


def test_every_row_stands_at_its_place_with_the_source_s_words(tables):
    plan = tables(PLAN)
    action = plan.actions.iloc[0]
    assert action["action_id"].endswith("/action-L0010")
    assert (action["line"], action["line_end"]) == (10, 10)
    assert "Hålla samråd" in action["source_text"]
    for name in ("goals", "assignments", "actions", "indicators", "indicator_values"):
        assert plan[name]["confidence"].between(0, 1).all()
        assert plan[name][f"{name.removesuffix('s')}_id"].is_unique
        assert plan[name]["source_text"].notna().all()


def test_goals_repeated_for_each_office_are_one_row(tables):
    plan = tables("""
        Verksamhetsplan 2024

        Skolkontorets verksamhetsplan

        Mål 1: En trygg kommun
        Uppdrag: Utred skolskjutsen

        Tekniska kontorets verksamhetsplan

        Mål 1: En trygg kommun.
        Uppdrag: Laga vägarna
        """)
    assert column(plan.goals, "title", "mentions") == [("En trygg kommun", 2)]
    assert column(plan.assignments, "title", "office") == [
        ("Utred skolskjutsen", "skolkontoret"),
        ("Laga vägarna", "tekniska kontoret"),
    ]
    assert plan.assignments["goal_id"].nunique() == 1


def test_a_goal_whose_heading_is_lost_is_recovered_from_its_number(tables):
    plan = tables("""
        Verksamhetsplan 2024

        Nämndens indikatorer till inriktningsmål 2.1

        Indikatorer till inriktningsmål renare luft

        Indikator\tUtfall 2023\tMål 2024
        Halt av partiklar\t12\t10

        Inriktningsmål 2.1: Renare luft
        """)
    assert column(plan.goals, "number", "title") == [("2.1", "Renare luft")]
    assert plan.indicators["goal_id"].iloc[0] == plan.goals["goal_id"].iloc[0]


def test_a_goal_that_is_only_spoken_of_is_a_finding_and_no_row(tables):
    plan = tables("Verksamhetsplan 2024\n\nNämndens uppdrag till mål 7\n\nUppdrag: Se över taxan\n")
    assert plan.goals.empty
    assert plan.assignments["goal_id"].isna().all()
    assert "goal_never_stated" in set(plan.findings["rule"])


def test_titles_status_sentences_and_comments_of_a_follow_up(tables):
    report = tables(
        """
        Uppföljning T2 2024
        .
        Bygg ut cykelvägarna (TN)

        Uppdraget bedöms bli genomfört under året.

        Arbetet begränsas av brist på resurser.

        .
        Inför en ny taxa (KS, SN)

        Uppdraget är inte genomfört.

        Del av arbetet är gjort.

        Resten görs nästa år.
        """,
        kind="follow_up",
        period="T2",
    )
    assert column(report.assignments, "title") == ["Bygg ut cykelvägarna", "Inför en ny taxa"]
    assert column(report.statuses, "status", "basis", "period") == [
        ("expected", "forecast", "2024-T2"),
        ("not_completed", "outcome", "2024-T2"),
    ]
    assert report.statuses["comment"].iloc[1] == "Del av arbetet är gjort.\nResten görs nästa år."
    assert "limited_by_resources" in report.statuses["qualification"].iloc[0]


def test_goals_with_a_status_line_and_a_comment(tables):
    report = tables(
        """
        Mål 1: Fler jobb
        Målet är delvis uppfyllt.
        Arbetslösheten sjunker.

        Mål 2: Ekonomi i balans
        Uppfyllt: Nej
        """,
        kind="annual_report",
    )
    assert column(report.statuses, "status", "comment") == [
        ("partly_completed", "Arbetslösheten sjunker."),
        ("not_completed", None),
    ]
    assert report.statuses["goal_id"].tolist() == report.goals["goal_id"].tolist()


def test_lettered_assignments_with_a_bare_status_a_date_and_a_comment(tables):
    report = tables(
        """
        Uppföljning 2024

        Nämndens uppdrag

        A. Ta fram en plan
        Avslutad
        2024-05-12
        Planen antogs i maj.

        B. Se över avgifterna
        Pågår
        Klar i december.
        """,
        kind="follow_up",
        period="year",
    )
    assert column(report.assignments, "title") == ["Ta fram en plan", "Se över avgifterna"]
    assert column(report.statuses, "status", "comment") == [
        ("completed", "Planen antogs i maj."),
        ("in_progress", "Klar i december."),
    ]
    assert str(report.statuses["status_date"].iloc[0])[:10] == "2024-05-12"


def test_a_status_that_only_a_symbol_shows_is_unknown_with_a_finding(tables):
    report = tables(
        "Uppföljning 2024\n\nUppdrag\tNämnd\tStatus\nUtred badhuset\tKS\t●\nInför e-arkiv\tKS\tKlart\n",
        kind="follow_up",
        period="T2",
    )
    assert column(report.statuses, "status") == ["unknown", "completed"]
    assert column(report.findings, "rule", "table") == [("status_without_words", "statuses")]
    assert report.findings["record_id"].iloc[0] == report.statuses["status_id"].iloc[0]


def test_a_legend_gives_colours_their_meaning(tables):
    report = tables(
        """
        Årsredovisning 2024

        Grön = Målet är uppnått
        Röd = Målet är inte uppnått

        Mål\tMåluppfyllelse\tKommentar
        Fler jobb\tGrön\tDet går bra.
        Renare luft\tRöd\t
        """,
        kind="annual_report",
    )
    assert column(report.statuses, "status", "status_text") == [("completed", "Grön"), ("not_completed", "Röd")]


def test_answers_of_yes_and_no_answer_their_header(tables):
    report = tables(
        "Uppföljning 2024\n\nIndikator\tUtfall 2024\tMål 2024\tUppfyllt Ja/Nej\nNöjda, %\t81\t80\tJa\nKö\t9\t5\tNej\n",
        kind="follow_up",
    )
    assert column(report.statuses, "status") == ["completed", "not_completed"]
    assert report.statuses["indicator_id"].tolist() == report.indicators["indicator_id"].tolist()


def test_values_by_sex_in_one_cell_and_in_rows_of_their_own(tables):
    plan = tables("""
        Verksamhetsplan 2024

        Indikator\tUtfall 2023\tMål 2024
        Elever som är trygga\tF 54 % P 61 %\tÖka Öka
        Behöriga, %\t84,1\t88
        Flickor\t86\t90
        varav pojkar\t82\t87
        """)
    assert column(plan.indicators, "name") == ["Elever som är trygga", "Behöriga, %"]
    assert column(plan.indicator_values, "group", "value", "year") == [
        ("girls", 54.0, 2023), ("boys", 61.0, 2023), ("girls", None, 2024), ("boys", None, 2024),
        (None, 84.1, 2023), (None, 88.0, 2024), ("girls", 86.0, 2023), ("girls", 90.0, 2024),
        ("boys", 82.0, 2023), ("boys", 87.0, 2024),
    ]  # fmt: skip


def test_values_that_slipped_into_the_name_or_ran_together_are_dealt_out(tables):
    plan = tables("""
        Verksamhetsplan 2024

        Indikator\tUtfall 2022\tUtfall 2023\tMål 2024
        Resenärer i kollektivtrafiken 34 %35 %38 %\t\t\t
        Nöjda kunder\t70 %71 %75 %\t\t
        """)
    assert column(plan.indicators, "name") == ["Resenärer i kollektivtrafiken", "Nöjda kunder"]
    assert column(plan.indicator_values, "value") == [34.0, 35.0, 38.0, 70.0, 71.0, 75.0]


def test_a_column_that_holds_names_under_a_year_is_shifted_and_not_read(tables):
    plan = tables("""
        Verksamhetsplan 2024

        Indikator\tAnsvarig\tUtfall 2023\tMål 2024
        Nöjda\tPlanenheten\t70\t75

        Uppföljning av fler mått

        Indikator\tUtfall 2023\tMål 2024
        Trygga\tPlanenheten\t
        """)
    assert column(plan.indicators, "responsible") == ["Planenheten", "Planenheten"]
    assert len(plan.indicator_values) == 2
    assert "shifted_columns" in set(plan.findings["rule"])


def test_a_table_cut_in_three_by_empty_lines_is_one(tables):
    plan = tables("""
        Verksamhetsplan 2024

        Bilaga 1: Uppdrag som inte är slutförda

        Målområde\tUppdrag
        1. Ekonomi\t
        VP 2022\tSe över taxan.


        VP 2021\tBygg en bro.

        VP 2021\tLaga vägen.
        """)
    assert column(plan.assignments, "kind", "title", "from_plan_year") == [
        ("unfinished_assignment", "Se över taxan.", 2022),
        ("unfinished_assignment", "Bygg en bro.", 2021),
        ("unfinished_assignment", "Laga vägen.", 2021),
    ]
    assert plan.assignments["goal_id"].nunique() == 1
    assert plan.assignments["carried_over"].all()


def test_a_table_with_one_cell_per_line_is_put_together(tables):
    plan = tables("""
        Handlingsplan 2024

        Åtgärd
        Ansvarig
        Startdatum
        Slutdatum
        Inventera lekplatser
        Parkenheten
        2024-01-01
        2024-06-30
        Byta sand
        Parkenheten
        2024-03-01
        2024-05-31

        Här slutar tabellen med en längre mening som inte hör till den.
        """)
    assert column(plan.actions, "title", "responsible") == [
        ("Inventera lekplatser", "Parkenheten"),
        ("Byta sand", "Parkenheten"),
    ]


def test_flattened_columns_of_titles_and_explanations(tables):
    plan = tables(
        """
        Mål: En levande landsbygd

        Uppdrag från fullmäktige 2024

        Fullmäktiges uppdrag för det övergripande målet En levande landsbygd:

        Uppdrag

        Förtydligande av uppdrag

        Förbättra bredbandet. KS, TN

        Uppdraget innebär att fler hushåll ansluts.

        Ramökning 2024 KS: 250 tkr

        Stärk föreningslivet. KFN

        Uppdraget kvarstår från 2023.

        Nyckeltal 2024
        """,
        kind="goal_page",
    )
    assert column(plan.assignments, "title", "given_by", "carried_over") == [
        ("Förbättra bredbandet.", "council", False),
        ("Stärk föreningslivet.", "council", True),
    ]
    assert plan.assignments["committees"].tolist() == [["KS", "TN"], ["KFN"]]
    assert column(plan.funding, "committee", "amount_sek", "nature", "year") == [("KS", 250_000, "ramökning", 2024)]
    assert plan.funding["assignment_id"].iloc[0] == plan.assignments["assignment_id"].iloc[0]


def test_bold_parts_below_an_assignment_are_its_sub_assignments(tables):
    plan = tables("""
        Verksamhetsplan 2024

        Mål 1: Fler skolplatser

        Uppdrag från KF: Nämnden får i uppdrag att bidra till följande projekt.

        - **Utred en ny skola i norr**
        - **Projektera en förskola**

        Åtgärd\tAnsvarig\tStartdatum\tSlutdatum
        Stödja projekten\tStaben\t2024-01-01\t2024-12-31
        """)
    assert column(plan.assignments, "kind") == ["assignment", "sub_assignment", "sub_assignment"]
    whole = plan.assignments["assignment_id"].iloc[0]
    assert plan.assignments["parent_assignment_id"].tolist()[1:] == [whole, whole]
    assert plan.actions["assignment_id"].iloc[0] == whole


def test_actions_below_several_assignments_belong_to_none(tables):
    plan = tables("""
        Verksamhetsplan 2024

        Mål 1: Trygghet

        Uppdrag från KF: Inför en fond
        Uppdrag från KF: Anställ fler vakter

        Åtgärd\tAnsvarig\tStartdatum\tSlutdatum
        Skriva riktlinjer\tStaben\t2024-01\t2024-03
        """)
    assert plan.actions["assignment_id"].isna().all()
    assert plan.actions["goal_id"].notna().all()


def test_project_cards_become_actions_with_status_period_and_goals(tables):
    plan = tables("""
        Budgetskrivelse 2024

        Projektnamn\tNytt badhus (6012)
        Investeringsutgift\t2024 1 000 tkr. 2025 500 tkr.
        Status\tPågående
        Vilket fokusområde stödjer projektet?\tFokusområde 3 Hälsa Fokusområde 7 Miljö
        Projektets genomförandeperiod\tÅren 2024-2025
        """)
    assert column(plan.actions, "title") == ["Nytt badhus"]
    assert str(plan.actions["start"].iloc[0])[:10] == "2024-01-01"
    assert str(plan.actions["end"].iloc[0])[:10] == "2025-12-31"
    assert column(plan.statuses, "status", "status_text") == [("in_progress", "Pågående")]
    assert column(plan.goals, "number", "title") == [("3", "Hälsa"), ("7", "Miljö")]
    assert column(plan.budget_lines, "year", "amount_sek") == [(2024, 1_000_000), (2025, 500_000)]


def test_a_form_s_repeated_labels_tell_goals_from_measures(tables):
    card = "Verksamhetsmål för god hushållning\n\n{}\n\nNyckeltal\n\n{}\n\n"
    text = "".join(
        f"{office}\n\n" + card.format(goal, measure)
        for office, goal, measure in [
            ("Socialnämnden", "Kommunen ska ha nöjda brukare.", "Andel nöjda enligt enkät"),
            ("Bildningsnämnden", "Fler elever ska nå målen.", "Andel behöriga"),
            ("Tekniska nämnden", "Lokalerna ska användas bättre.", "Kvadratmeter per elev"),
        ]
    )
    plan = tables(f"Budgetanvisningar 2024\n\n{text}")
    assert column(plan.goals, "level_term", "office") == [
        ("verksamhetsmål", "socialnämnden"),
        ("verksamhetsmål", "bildningsnämnden"),
        ("verksamhetsmål", "tekniska nämnden"),
    ]
    assert plan.indicators["goal_id"].tolist() == plan.goals["goal_id"].tolist()


def test_numbered_sentences_are_goals_only_where_the_text_says_so(tables):
    goals = "".join(
        f"{n} Vår kommun ska vara trygg och växa {n} gånger.\n\nUnder mål {n} ryms skolan.\n\n" for n in (1, 2, 3)
    )
    sections = "".join(f"{n} Detta är ett avsnitt om något annat\n\nTexten fortsätter här.\n\n" for n in (1, 2, 3))
    assert column(tables(goals).goals, "number") == ["1", "2", "3"]
    assert tables(sections).goals.empty


def test_headings_below_the_heading_of_a_list_are_its_members(tables):
    plan = tables(
        """
        # Mål och budget 2024

        ## Kommunfullmäktiges mål

        ### En trygg kommun

        | Indikator | Utfall 2023 | Mål 2024 |
        |---|---|---|
        | Andel trygga | 70 % | 75 % |

        ## Uppdrag

        ### Utred en sammanslagning

        Utredningen ska vara klar i juni.
        """,
        name="plan.md",
    )
    assert column(plan.goals, "title") == ["En trygg kommun"]
    assert plan.indicators["goal_id"].iloc[0] == plan.goals["goal_id"].iloc[0]
    assert column(plan.assignments, "title", "goal_id") == [("Utred en sammanslagning", None)]


def test_a_note_instead_of_values_is_no_value(tables):
    plan = tables(
        "Plan 2024\n\nIndikator\tAnsvarig\tUtfall 2023\tMål 2024\nKö\tHR\tMålvärden inte tillgängliga vid beslutet\t\n"
    )
    assert plan.indicator_values.empty
    assert "values_not_available" in set(plan.findings["rule"])


def test_impossible_dates_are_null_with_a_finding(tables):
    plan = tables("Plan 2024\n\nÅtgärd\tAnsvarig\tStartdatum\tSlutdatum\nBygg\tTN\t2024-01-01\t2402-12-31\n")
    assert plan.actions["end"].isna().all()
    assert plan.actions["end_text"].iloc[0] == "2402-12-31"
    assert "impossible_year" in set(plan.findings["rule"])


def test_an_empty_reading_says_so(tables):
    plan = tables("Plan 2024\n\nHär står bara löpande text om kommunen.\n")
    assert column(plan.findings, "rule") == ["nothing_read"]


def test_kinds_and_years_in_the_first_cell_belong_together_in_their_order(tables):
    apart = tables("Plan 2024\n\nNyckeltal Utfall Utfall Mål 2023 2022 2024\t\t\t\nKö\t9\t8\t5\n")
    alone = tables("Plan 2024\n\nNyckeltal 2023 2022 Mål 2024\t\t\t\nKö\t9\t8\t5\n")
    wanted = [("outcome", 2023, 9.0), ("outcome", 2022, 8.0), ("target", 2024, 5.0)]
    assert column(apart.indicator_values, "kind", "year", "value") == wanted
    assert column(alone.indicator_values, "kind", "year", "value") == wanted


def test_a_whole_table_on_one_line_with_glued_values(tables):
    values = "Andel nöjda brukare 34 %35 %38 % Andel trygga 50 % 52 % 55 %"
    plan = tables(f"Plan 2024\n\nIndikator Utfall 2022 Utfall 2023 Mål 2024 {values}\n")
    assert column(plan.indicators, "name") == ["Andel nöjda brukare", "Andel trygga"]
    assert column(plan.indicator_values, "value") == [34.0, 35.0, 38.0, 50.0, 52.0, 55.0]
    assert column(plan.indicator_values, "unit") == ["%"] * 6


def test_ticks_under_yes_and_no_are_the_status(tables):
    report = tables(
        "Uppföljning 2024\n\nMål\tUppfyllt\t\tKommentar\n\tJa\tNej\t\nFler jobb\tX\t\tBra år.\nRenare luft\t\tX\t\n",
        kind="follow_up",
    )
    assert column(report.statuses, "status", "comment") == [("completed", "Bra år."), ("not_completed", None)]


def test_a_status_that_runs_in_behind_the_title(tables):
    report = tables(
        """
        Uppföljning 2024

        Uppdrag från kommunfullmäktige

        A. Ta fram en kulturplan. Avslutad 2024-05-12. Planen är antagen.
        B. Se över taxan. Pågår. Översynen blir klar i höst.
        """,
        kind="follow_up",
    )
    assert column(report.assignments, "title") == ["Ta fram en kulturplan.", "Se över taxan."]
    assert column(report.statuses, "status", "comment") == [
        ("completed", "Planen är antagen."),
        ("in_progress", "Översynen blir klar i höst."),
    ]
    assert str(report.statuses["status_date"].iloc[0])[:10] == "2024-05-12"


def test_goal_and_assignment_columns_hold_for_the_rows_below_them(tables):
    plan = tables("""
        Verksamhetsplan 2024

        Inriktningsmål\tNämndmål\tUppdrag\tAktivitet\tAnsvarig\tKlart senast
        Ett gott liv\tFler deltar i kulturen\tUtred en fritidsbank\tHyra lokal\tKulturchef\t2024-06-30
        \t\t\tAnställa personal\tFritidschef\t2024-12-31
        Tillväxt\tFler företag\tSe över marken\tRita plan\tPlanchef\tQ3 2024
        """)
    above = plan.goals.set_index("goal_id")["title"]
    titles = plan.assignments.set_index("assignment_id")["title"]
    assert column(plan.goals, "level_term", "title") == [
        ("inriktningsmål", "Ett gott liv"), ("nämndmål", "Fler deltar i kulturen"),
        ("inriktningsmål", "Tillväxt"), ("nämndmål", "Fler företag"),
    ]  # fmt: skip
    assert [above.get(goal) for goal in plan.goals["parent_goal_id"]] == [None, "Ett gott liv", None, "Tillväxt"]
    assert [(above[row.goal_id], titles[row.assignment_id]) for row in plan.actions.itertuples()] == [
        ("Fler deltar i kulturen", "Utred en fritidsbank"),
        ("Fler deltar i kulturen", "Utred en fritidsbank"),
        ("Fler företag", "Se över marken"),
    ]


def test_an_announced_list_of_bullets_is_a_list_of_goals_and_ends_with_them(tables):
    plan = tables("""
        Verksamhetsplan 2024

        Kommunen har tre inriktningsmål:
        • Ett gott liv
        • Hållbar tillväxt
        • En effektiv organisation

        2 Mål och uppdrag

        För att nå målen ska vi:
        • Bygga mer
        """)
    assert column(plan.goals, "title") == ["Ett gott liv", "Hållbar tillväxt", "En effektiv organisation"]
    assert column(plan.claims, "value", "verdict") == [(3.0, "agrees")]


def test_an_unknown_heading_ends_comments_and_explanations(tables):
    report = tables(
        """
        Mål 1: Fler jobb
        Målet är uppfyllt.
        Läget är gott.

        Väsentliga personalförhållanden

        Antalet anställda är 1 204 personer.
        """,
        kind="annual_report",
    )
    assert column(report.statuses, "comment") == ["Läget är gott."]


def test_minutes_of_a_meeting_hold_no_plan(tables):
    minutes = tables("""
        Protokoll 2024

        § 45 Svar på motion om mål för cykling

        Förvaltningen bedömer att målet redan omfattas av mål 3 i trafikprogrammet. Kostnaden är 250 tkr.

        Uppdraget är genomfört.
        """)
    assert {name for name, rows in minutes.items() if len(rows)} == {"documents", "findings"}


def test_tables_of_contents_state_no_goals(tables):
    plan = tables("""
        Verksamhetsplan 2024

        Innehållsförteckning
        Inledning 3
        Mål 1: En trygg kommun 5
        Mål 2: Fler jobb ........ 9

        Mål 1: En trygg kommun

        Inriktnings- mål 1.1: Fler i arbete
        """)
    assert column(plan.goals, "level_term", "title", "mentions") == [
        ("mål", "En trygg kommun", 1),
        ("inriktningsmål", "Fler i arbete", 1),
    ]


def test_a_heading_above_cells_on_lines_of_their_own_is_no_column(tables):
    page = tables(
        """
        Mål: Hållbar tillväxt

        Nyckeltal 2024

        Nyckeltal

        Utfall 2022

        Mål 2024

        Andel nöjda företagare

        45 %

        50 %

        Antal nya företag

        112

        120
        """,
        kind="goal_page",
    )
    assert column(page.indicators, "name") == ["Andel nöjda företagare", "Antal nya företag"]
    assert column(page.indicator_values, "year", "value") == [(2022, 45.0), (2024, 50.0), (2022, 112.0), (2024, 120.0)]


def test_indicators_values_and_committees_on_lines_of_their_own(tables):
    plan = tables("""
        Verksamhetsplan 2024

        Mål 1: Nöjda invånare

        Indikator: Andel nöjda med bemötandet (%)
        Utfall 2023: 78 %
        Målvärde 2024: minst 80 %

        Uppdrag: Inför en tjänstegaranti
        Ansvarig nämnd: Kommunstyrelsen, Tekniska nämnden
        """)
    assert column(plan.indicators, "name", "unit") == [("Andel nöjda med bemötandet (%)", "%")]
    assert column(plan.indicator_values, "kind", "year", "value") == [("outcome", 2023, 78.0), ("target", 2024, 80.0)]
    assert plan.assignments["committees"].tolist() == [["KS", "TN"]]


def test_a_legend_in_two_columns_below_a_table_is_no_part_of_it_and_gives_colours_their_meaning(tables):
    report = tables(
        """
        Nämndmål 1.1 Hela gator
        Status: Grön
        Nämndmål 1.2 Fina parker
        Status: Gul

        Aktivitet                    Ansvarig      Start        Slut         Status
        Rusta lekplatser             Parkchef      2023-03-01   2023-11-30   Försenad
        Plantera träd                Parkchef      2023-04-15   2023-10-31   Avslutad

        Teckenförklaring
        Grön  Målet bedöms uppnås
        Gul   Målet bedöms delvis uppnås
        Röd   Målet bedöms inte uppnås
        """,
        kind="follow_up",
    )
    assert report.actions["title"].tolist() == ["Rusta lekplatser", "Plantera träd"]
    assert report.statuses["status"].tolist() == ["expected", "partly_expected", "at_risk", "completed"]
