"""Follow-ups as tables: due dates, forecasts, shares, answers and symbols beside assignments, goals and actions."""

from __future__ import annotations

import pandas as pd
import pytest


def column(rows: pd.DataFrame, *names: str) -> list:
    """The values of some columns as plain lists or tuples, missing ones None."""
    plain = rows[list(names)].astype(object).where(rows[list(names)].notna(), None)
    return plain[names[0]].tolist() if len(names) == 1 else [tuple(row) for row in plain.itertuples(index=False)]


@pytest.mark.parametrize("header", ["Slutdatum", "Klart", "Färdigt senast"])
def test_the_day_by_which_an_assignment_is_due_is_no_day_of_its_status(tables, header):
    report = tables(
        f"""
        Uppdrag\tAnsvarig\t{header}\tStatus\tKommentar
        Utreda en ny simhall\tKommunchef\t2024-12-31\tPågår\tFörstudien är klar.
        Se över taxorna\tEkonomichef\t2024-06-30\tGenomfört\tAntogs i maj.
        """,
        kind="follow_up",
    )
    assert column(report.statuses, "status", "status_date") == [("in_progress", None), ("completed", None)]


def test_a_column_of_forecasts_beside_a_status_is_a_forecast(tables):
    report = tables(
        """
        Nämndmål\tStatus\tPrognos helår
        Alla barn har plats i förskolan\tUppnås\tUppnås
        Fler elever är behöriga\tUppnås inte\tUppnås delvis
        """,
        kind="interim_report",
    )
    assert column(report.statuses, "status", "basis") == [
        ("completed", "outcome"),
        ("expected", "forecast"),
        ("not_completed", "outcome"),
        ("partly_expected", "forecast"),
    ]
    assert set(report.statuses["goal_id"]) == set(report.goals["goal_id"])


def test_statuses_of_several_periods_keep_their_periods(tables):
    report = tables(
        """
        Uppdrag\tStatus T1\tStatus T2
        Utreda en ny simhall\tEj påbörjat\tPågår
        """,
        kind="follow_up",
        period="T2",
    )
    assert column(report.statuses, "period", "status") == [("2024-T1", "not_started"), ("2024-T2", "in_progress")]


def test_a_share_is_how_far_work_has_come_or_how_much_of_a_goal_is_reached(tables):
    report = tables(
        """
        Aktivitet\tAnsvarig\tStatus
        Införa digital signering\tKanslichef\t75 %
        Byta passersystem\tFastighetschef\t100 %
        Utbilda chefer\tHR-chef\t0 %

        Mål\tMåluppfyllelse
        Fler elever är behöriga\t75 %
        """,
        kind="follow_up",
    )
    assert column(report.statuses, "status") == ["in_progress", "completed", "not_started", "partly_completed"]


def test_answers_below_a_header_are_no_header_themselves(tables):
    report = tables(
        """
        Mål\tUppnått
        Soliditeten ska vara minst 40 procent\tJa
        Resultatet ska vara minst 2 procent av skatteintäkterna\tNej
        """,
        kind="annual_report",
    )
    assert column(report.goals, "title") == [
        "Soliditeten ska vara minst 40 procent",
        "Resultatet ska vara minst 2 procent av skatteintäkterna",
    ]
    assert column(report.statuses, "status") == ["completed", "not_completed"]


def test_faces_that_the_document_explains_are_statuses_also_in_a_column_of_outcomes(tables):
    report = tables(
        """
        Symbolerna ska tolkas så här:

        😊 = Delmålet bedöms bli uppfyllt under året.

        😒 = Delmålet bedöms inte bli uppfyllt under året.

        Delmål\tUtfall
        Fler elever ska nå alla mål i årskurs 9\t😊
        Sjukfrånvaron ska minska\t😒
        """,
        kind="annual_report",
    )
    assert column(report.statuses, "status") == ["expected", "not_expected"]


@pytest.mark.parametrize("shown", ["●", "✔", "↗", "Grön", "🟢"])
def test_a_symbol_or_colour_that_nothing_explains_is_unknown_with_a_remark(tables, shown):
    report = tables(
        f"""
        Uppdrag\tAnsvarig\tStatus\tKommentar
        Utreda ny brandstation\tRäddningschef\t{shown}\tBeslut fattat i mars.
        """,
        kind="follow_up",
    )
    assert column(report.statuses, "status") == ["unknown"]
    assert set(report.findings["rule"]) & {"status_without_words", "unknown_status"}


def test_words_in_a_year_s_column_of_outcomes_stay_remarks_on_its_values(tables):
    plan = tables("""
        Indikator\tUtfall 2023\tMålvärde 2024
        Andel besök inom tre dagar\tEj aktuellt\t100 %
        Antal besök\t\t310
        """)
    assert plan.statuses.empty
    assert len(plan.indicators) == 2


def test_figures_beside_goals_are_kept_as_what_measures_them(tables):
    report = tables(
        """
        Mål: Kommunen är fossilfri 2030

        Delmål\tUtfall 2022\tMål 2023\tUtfall 2023\tBedömning
        Andelen fossilfria fordon ska öka\t61 %\t70 %\t78 %\tUppfyllt
        Matsvinnet ska minska, gram\t31\t25\t26\tEj uppfyllt
        """,
        kind="annual_report",
        year=2023,
    )
    assert report.indicators["name"].tolist() == ["Andelen fossilfria fordon ska öka", "Matsvinnet ska minska, gram"]
    assert report.indicators["goal_id"].tolist() == report.statuses["goal_id"].tolist()
    assert report.indicator_values["value"].tolist() == [61, 70, 78, 31, 25, 26]
    assert len(report.goals) == 3
