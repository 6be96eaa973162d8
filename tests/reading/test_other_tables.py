"""Tables as other municipalities head them: levels of goals, assessments, assignments with their progress."""

from __future__ import annotations

import pandas as pd


def column(rows: pd.DataFrame, *names: str) -> list:
    """The values of some columns as plain lists or tuples, missing ones None."""
    plain = rows[list(names)].astype(object).where(rows[list(names)].notna(), None)
    return plain[names[0]].tolist() if len(names) == 1 else [tuple(row) for row in plain.itertuples(index=False)]


def test_each_column_headed_by_a_level_holds_goals_below_the_column_to_its_left(tables):
    plan = tables("""
        Mål för mandatperioden

        Perspektiv\tStrategiska mål\tNämndmål\tFörvaltning
        Medborgare\tKommunen är trygg och nära\tFler får svar samma dag\tKontaktcenter
        \t\tFärre olyckor i trafiken\tGatuenheten
        Ekonomi\tKommunen har råd med sina åtaganden\tRamen hålls\tAlla
        """)
    assert column(plan.goals, "level_term", "title", "level") == [
        ("perspektiv", "Medborgare", 1),
        ("strategiskt mål", "Kommunen är trygg och nära", 2),
        ("nämndmål", "Fler får svar samma dag", 3),
        ("nämndmål", "Färre olyckor i trafiken", 3),
        ("perspektiv", "Ekonomi", 1),
        ("strategiskt mål", "Kommunen har råd med sina åtaganden", 2),
        ("nämndmål", "Ramen hålls", 3),
    ]


def test_rows_under_a_header_are_no_header_though_their_status_is_a_header_word(tables):
    report = tables(
        """
        MÅL FASTSTÄLLDA AV KOMMUNFULLMÄKTIGE\tMÅLBEDÖMNING
        Skolorna ger alla elever kunskap\tI hög grad uppfyllt
        Invånarna känner sig trygga\tDelvis uppfyllt
        Arbetsplatserna är hälsosamma\tHelt uppfyllt
        """,
        kind="annual_report",
    )
    assert column(report.goals, "title") == [
        "Skolorna ger alla elever kunskap",
        "Invånarna känner sig trygga",
        "Arbetsplatserna är hälsosamma",
    ]
    assert column(report.statuses, "status") == ["partly_completed", "partly_completed", "completed"]


def test_a_goal_stands_in_the_column_of_the_board_s_goals_and_a_yes_answers_attainment(tables):
    report = tables(
        """
        Nämndens mål\tIndikator\tUtfall 2023\tMål 2024\tMåluppfyllelse
        Rent vatten i kranen\tAntal avbrott\t4\t2\tNej
        \tAndel läckage\t21 %\t20 %\tJa
        """,
        kind="annual_report",
    )
    assert column(report.goals, "level_term", "title") == [("nämndmål", "Rent vatten i kranen")]
    assert set(report.indicators["goal_id"]) == set(report.goals["goal_id"])
    assert column(report.statuses, "status", "status_text") == [("not_completed", "Nej"), ("completed", "Ja")]


def test_progress_that_opens_a_report_on_an_assignment_is_its_status(tables):
    report = tables(
        """
        Nr\tÄrende\tUppdrag till\tUppdraget\tLägesrapport
        4\tKF § 3\tKS\tTa fram en policy för lån av lokaler\tAvslutat, antagen i maj
        5\tKF § 9\tSN\tSe över taxan för larm\tUppdraget är inte påbörjat. Resurser saknas.
        6\tKF § 12\tTN\tUtreda en ny bro\tSamråd har hållits.
        """,
        kind="follow_up",
    )
    assert column(report.assignments, "title") == [
        "Ta fram en policy för lån av lokaler",
        "Se över taxan för larm",
        "Utreda en ny bro",
    ]
    assert report.assignments["committees"].tolist() == [["KS"], ["SN"], ["TN"]]
    assert column(report.statuses, "status", "comment") == [
        ("completed", "antagen i maj"),
        ("not_started", "Resurser saknas."),
        ("unknown", "Samråd har hållits."),
    ]


def test_a_first_row_that_states_the_unit_alone_is_part_of_the_header(tables):
    report = tables(
        """
        <table><tr><td>NÄMNDERNAS AVVIKELSER, MKR</td><td></td><td></td></tr>
        <tr><td></td><td>Bokslut 2024</td><td>Prognos 2024</td></tr>
        <tr><td>Teknisk nämnd</td><td>67</td><td>32</td></tr>
        <tr><td>Valnämnd</td><td>-11</td><td>-10</td></tr></table>
        """,
        name="report.html",
        kind="annual_report",
    )
    assert column(report.budget_lines, "label", "kind", "amount_sek") == [
        ("Teknisk nämnd", "outcome", 67_000_000),
        ("Teknisk nämnd", "forecast", 32_000_000),
        ("Valnämnd", "outcome", -11_000_000),
        ("Valnämnd", "forecast", -10_000_000),
    ]


def test_a_goal_on_a_row_of_its_own_rules_the_indicators_below_it(tables):
    report = tables(
        """
        <h2>Invånare - nämndens mål och mätetal</h2>
        <table><tr><th></th><th>Utfall 2022</th><th>Utfall 2023</th><th>Målvärde 2023</th></tr>
        <tr><td colspan="4">Nämnden ska öka den enskildes möjlighet till sysselsättning</td></tr>
        <tr><td>Andel som fullföljer sin insats 1)</td><td>-</td><td>58 %</td><td>Minst 60 %</td></tr>
        <tr><td colspan="4">Kommunen har det bästa klimatet för företagsamma människor</td></tr>
        <tr><td>Antal arbetstillfällen</td><td>67 916</td><td>69 001</td><td>Minst 69 000</td></tr></table>
        """,
        name="report.html",
        kind="annual_report",
    )
    assert column(report.goals, "level_term", "title") == [
        ("nämndmål", "Nämnden ska öka den enskildes möjlighet till sysselsättning"),
        ("nämndmål", "Kommunen har det bästa klimatet för företagsamma människor"),
    ]
    assert column(report.indicators, "name") == ["Andel som fullföljer sin insats", "Antal arbetstillfällen"]
    assert report.indicators["goal_id"].tolist() == report.goals["goal_id"].tolist()


def test_cells_on_lines_of_their_own_leave_out_a_goal_that_goes_on(tables):
    plan = tables("""
        Mål
        Indikator
        Utfall 2023
        Målvärde 2024
        Frisk luft
        Andel avlopp med rening
        62 %
        70 %
        Dagar med höga halter
        4
        3
        God mat
        Andel utan avvikelser
        81 %
        85 %
        """)
    assert column(plan.goals, "title") == ["Frisk luft", "God mat"]
    first, second = plan.goals["goal_id"]
    assert column(plan.indicators, "name", "goal_id") == [
        ("Andel avlopp med rening", first),
        ("Dagar med höga halter", first),
        ("Andel utan avvikelser", second),
    ]
    assert plan.indicator_values["value"].tolist() == [62, 70, 4, 3, 81, 85]


def test_names_and_targets_on_lines_of_their_own_are_a_table_of_two_columns(tables):
    plan = tables("""
        Indikator

        Mål

        Andel elever i årskurs 3 som når kravnivån.

        Minst 90 %

        Medelvärde elever som upplever att de är trygga.

        8
        """)
    assert column(plan.indicators, "name") == [
        "Andel elever i årskurs 3 som når kravnivån.",
        "Medelvärde elever som upplever att de är trygga.",
    ]
    assert column(plan.indicator_values, "kind", "value") == [("target", 90), ("target", 8)]


def test_amounts_on_lines_of_their_own_keep_their_columns(tables):
    report = tables(
        """
        Driftredovisning

        mnkr
        Intäkter 2023
        Kostnader 2023
        Budget 2023
        Avvikelse mot budget 2023
        Politisk verksamhet
        0,0
        -12,6
        -13,0
        0,4
        Ledning
        18,3
        -79,4
        -64,4
        3,4
        """,
        kind="annual_report",
    )
    assert column(report.budget_lines, "label", "category", "amount_sek")[4:] == [
        ("Ledning", "revenue", 18_300_000),
        ("Ledning", "cost", -79_400_000),
        ("Ledning", "net", -64_400_000),
        ("Ledning", "change", 3_400_000),
    ]


def test_goals_in_a_table_stand_under_the_named_goal_that_heads_it_and_codes_are_given_work(tables):
    plan = tables("""
        Strategiskt mål 1: En by som växer

        Mål\tIndikator\tNuläge 2023\tMål 2025
        Fler hus\tAntal byggda hus\t88\t120

        Uppdrag

        - KS ska ta fram en budget för klimatet
        - BUN ska redovisa sina kostnader
        """)
    above, below = plan.goals.itertuples(index=False)
    assert (above.level, below.level, below.parent_goal_id) == (1, 2, above.goal_id)
    assert len(plan.assignments) == 2


def test_columns_of_goals_before_the_measure_are_goals_and_an_action_beside_it_is_kept(tables):
    plan = tables("""
        Prioriterat mål\tNämndens mål\tMått\tMålvärde 2024\tAktivitet
        En kommun att leva i\tInvånarna är nöjda med gator\tNöjdhet med gator\t60\tTvätta gator varje vår
        \tVattnet är rent\tAntal vattenläckor\t10\tByta ledningar i centrum
        """)
    assert column(plan.goals, "level_term", "title", "level") == [
        ("prioriterat mål", "En kommun att leva i", 1),
        ("nämndmål", "Invånarna är nöjda med gator", 2),
        ("nämndmål", "Vattnet är rent", 2),
    ]
    assert plan.indicators["goal_id"].tolist() == plan.goals["goal_id"].tolist()[1:]
    assert column(plan.actions, "title") == ["Tvätta gator varje vår", "Byta ledningar i centrum"]
    assert plan.actions["goal_id"].tolist() == plan.goals["goal_id"].tolist()[1:]


def test_when_a_plan_s_assignments_are_reported_on_is_no_status_of_them(tables):
    budget = tables(
        """
        Nr\tUppdrag\tAnsvarig nämnd\tÅterrapportering
        1\tUtreda förutsättningarna för ett badhus\tKommunstyrelsen\tJuni 2024
        2\tTa fram en plan mot ensamhet\tSocialnämnden\tDecember 2024
        """,
        kind="goals_and_budget",
    )
    assert budget.statuses.empty
    assert column(budget.assignments, "title", "description") == [
        ("Utreda förutsättningarna för ett badhus", "Juni 2024"),
        ("Ta fram en plan mot ensamhet", "December 2024"),
    ]


def test_parts_of_a_population_below_years_are_the_values_parts(tables):
    plan = tables("""
        Indikator\t2021\t\t2022\t\tMål 2024
        \tKvinnor\tMän\tKvinnor\tMän\t
        Nöjda med hemtjänsten (%)\t88\t89\t86\t90\t92
        Nöjda med boendet (%)\t79\t81\t77\t80\t85
        """)
    stated = plan.indicator_values[["year", "group", "value"]].values.tolist()[:4]
    assert stated == [[2021, "women", 88], [2021, "men", 89], [2022, "women", 86], [2022, "men", 90]]
