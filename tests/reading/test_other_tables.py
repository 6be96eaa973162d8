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
