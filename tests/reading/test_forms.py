"""Forms: a goal or assignment with its fields in one paragraph, or in a table with the labels to the left."""

from __future__ import annotations

import pandas as pd


def column(rows: pd.DataFrame, *names: str) -> list:
    """The values of some columns as plain lists or tuples, missing ones None."""
    plain = rows[list(names)].astype(object).where(rows[list(names)].notna(), None)
    return plain[names[0]].tolist() if len(names) == 1 else [tuple(row) for row in plain.itertuples(index=False)]


def test_a_goal_with_its_fields_in_one_paragraph_is_read_field_by_field(tables):
    plan = tables("""
        Nämndmål: Fler elever når målen. Indikator: Andel behöriga till gymnasiet. Målvärde 2024: 88 %. Ansvarig: Chef.

        Nämndmål: Skolan är trygg. Indikator: Andel som känner sig trygga. Målvärde 2024: 92 %.
        """)
    assert column(plan.goals, "level_term", "title") == [
        ("nämndmål", "Fler elever når målen."),
        ("nämndmål", "Skolan är trygg."),
    ]
    assert column(plan.indicators, "name") == ["Andel behöriga till gymnasiet.", "Andel som känner sig trygga."]
    assert plan.indicators["goal_id"].tolist() == plan.goals["goal_id"].tolist()
    assert column(plan.indicator_values, "kind", "year", "value") == [("target", 2024, 88), ("target", 2024, 92)]


def test_a_goal_s_fields_may_stand_in_a_table_with_the_labels_to_the_left(tables):
    plan = tables("""
        Nämndmål\tFler bygglov handläggs i tid
        Indikator\tAndel bygglov inom tio veckor
        Målvärde 2024\t95 %
        Ansvarig\tBygglovschef

        Nämndmål\tDetaljplaner tas fram snabbare
        Indikator\tAntal månader från beslut till antagande
        Målvärde 2024\t18
        """)
    assert column(plan.goals, "title") == ["Fler bygglov handläggs i tid", "Detaljplaner tas fram snabbare"]
    assert plan.indicators["goal_id"].tolist() == plan.goals["goal_id"].tolist()
    assert column(plan.indicator_values, "value") == [95, 18]


def test_an_assignment_s_card_gives_its_status_and_comment(tables):
    report = tables(
        """
        <table><tr><td>Uppdrag</td><td>Utreda en gemensam växel</td></tr>
        <tr><td>Ansvarig nämnd</td><td>Kommunstyrelsen</td></tr>
        <tr><td>Status</td><td>Pågår</td></tr>
        <tr><td>Kommentar</td><td>Upphandlingen drar ut på tiden.</td></tr></table>
        """,
        name="report.html",
        kind="follow_up",
    )
    assert column(report.assignments, "title") == ["Utreda en gemensam växel"]
    assert report.assignments["committees"].tolist() == [["KS"]]
    assert column(report.statuses, "status", "comment") == [("in_progress", "Upphandlingen drar ut på tiden.")]


def test_a_table_with_a_header_of_its_own_is_no_form(tables):
    plan = tables("""
        Nämndmål\tIndikator
        Fler bygglov handläggs i tid\tAndel bygglov inom tio veckor
        """)
    assert column(plan.goals, "title") == ["Fler bygglov handläggs i tid"]


def test_actions_behind_their_label_have_the_lines_below_them(tables):
    report = tables(
        """
        Nämndmål: Fler barn dansar

        Aktivitet: Öppna en dansskola
        Status: Avslutad
        Slutdatum: 2023-06-30
        Kommentar: Skolan har 40 elever.

        Aktivitet: Ta fram en ny avgift
        Status: Ej påbörjad

        Risk: Få lärare söker tjänsterna.

        Åtgärd: Annonsera tidigare.
        """,
        kind="follow_up",
        year=2023,
        period="T2",
    )
    assert report.actions["title"].tolist() == ["Öppna en dansskola", "Ta fram en ny avgift"]
    assert report.actions["goal_id"].tolist() == report.goals["goal_id"].tolist() * 2
    assert str(report.actions["end"][0])[:10] == "2023-06-30"
    assert report.statuses["action_id"].tolist() == report.actions["action_id"].tolist()
    assert report.statuses["status"].tolist() == ["completed", "not_started"]
    assert report.statuses["comment"][0] == "Skolan har 40 elever."
