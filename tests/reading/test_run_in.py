"""Fields that run in behind a title in one paragraph, or stand on lines right below it."""

from __future__ import annotations

import pandas as pd

from compare.reading.run_in import fields


def column(rows: pd.DataFrame, *names: str) -> list:
    """The values of some columns as plain lists or tuples, missing ones None."""
    plain = rows[list(names)].astype(object).where(rows[list(names)].notna(), None)
    return plain[names[0]].tolist() if len(names) == 1 else [tuple(row) for row in plain.itertuples(index=False)]


def test_status_and_responsible_behind_an_assignment_are_no_part_of_its_title(tables):
    report = tables(
        """
        Uppdrag

        • Utred en gemensam växel. Ansvarig: Kommunchef. Status: Pågår.
        • Se över hemtjänstens taxa. Klart: 2024-09-30. Status: Avslutat. Kommentar: Den är antagen. Den gäller nu.
        • Ta fram en plan för laddstolpar (ansvarig: tekniska nämnden)
        """,
        kind="follow_up",
    )
    assert column(report.assignments, "title", "description") == [
        ("Utred en gemensam växel.", "Ansvarig: Kommunchef"),
        ("Se över hemtjänstens taxa.", "Klart: 2024-09-30"),
        ("Ta fram en plan för laddstolpar", None),
    ]
    assert report.assignments["committees"].tolist()[2] == ["TN"]
    assert column(report.statuses, "status", "status_date", "comment") == [
        ("in_progress", None, None),
        ("completed", None, "Den är antagen. Den gäller nu"),
    ]


def test_fields_on_lines_below_a_labelled_assignment_belong_to_it(tables):
    report = tables(
        """
        ## Uppdrag: Ta fram en plan för laddstolpar

        Ansvarig: Tekniska nämnden
        Status: Pågående med avvikelse

        Kommentar: Upphandlingen drar ut på tiden.
        """,
        name="report.md",
        kind="follow_up",
    )
    assert report.assignments["committees"].tolist() == [["TN"]]
    assert column(report.statuses, "status", "comment") == [("at_risk", "Upphandlingen drar ut på tiden.")]


def test_an_action_of_a_list_takes_its_day_and_who_does_it_from_its_line(tables):
    plan = tables("""
        Mål 1: Friska medarbetare

        Aktiviteter
        • Ta fram en rutin för tidiga samtal. Ansvarig: HR-chef. Klart: 2024-06-30
        """)
    assert column(plan.actions, "title", "responsible") == [("Ta fram en rutin för tidiga samtal.", "HR-chef")]
    assert str(plan.actions["end"][0])[:10] == "2024-06-30"


def test_words_with_a_colon_that_no_list_knows_are_no_fields():
    assert fields("Utred tre alternativ: norr, söder och väster")[1] == ()
    assert fields("Projekt: Status quo")[1] == ()
