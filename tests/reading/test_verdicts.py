"""Tables whose cells stand one below the other, each row ended by its verdict."""

from __future__ import annotations

import pytest

from compare.reading.verdicts import header_columns

REPORT = """
    1. En trygg vardag

    Mål Kommentarer Uppfyllt  Ja/Nej

    Fler invånare ska känna sig trygga på kvällen.

    Belysningen har bytts ut i två parker.
    Väktare har anlitats under sommaren.

    Se även under ”uppdrag”

    Ja

    Färre ska utsättas för brott.

    Antalet anmälda brott är oförändrat.

    Nej

    Uppdrag Kommentarer Uppfyllt  Ja/Nej

    Ta fram en plan för parkernas belysning.

    Planen antogs i maj.

    Ja

    2. En levande landsbygd

    Mål Kommentarer Uppfyllt  Ja/Nej

    Bussarna ska gå oftare.

    Två turer har tillkommit.

    Delvis

    Sidan uppdaterades i maj
    """


@pytest.fixture
def report(tables):
    return tables(REPORT, kind="annual_report", period="year")


def test_goals_and_assignments_of_such_tables_are_read_with_their_verdicts(report):
    assert report.goals["title"].tolist() == [
        "Fler invånare ska känna sig trygga på kvällen.",
        "Färre ska utsättas för brott.",
        "Bussarna ska gå oftare.",
    ]
    assert report.assignments["title"].tolist() == ["Ta fram en plan för parkernas belysning."]
    assert report.statuses["status"].tolist() == ["completed", "not_completed", "completed", "partly_completed"]


def test_all_paragraphs_between_title_and_verdict_are_the_comment(report):
    comment = report.statuses["comment"].tolist()[0]
    assert "två parker" in comment
    assert comment.endswith("Se även under ”uppdrag”")


def test_a_header_may_stand_on_lines_of_its_own(tables):
    report = tables(
        """
        Mål

        Kommentar

        Måluppfyllelse

        Fler ska läsa böcker.

        Utlåningen har ökat.

        Biblioteken har öppet längre.

        God

        Fler ska idrotta.

        Hallen var stängd.

        Låg
        """,
        kind="annual_report",
        period="year",
    )
    assert report.goals["title"].tolist() == ["Fler ska läsa böcker.", "Fler ska idrotta."]
    assert report.statuses["status"].tolist() == ["completed", "not_completed"]


def test_prose_below_such_words_without_a_verdict_stays_prose(tables):
    report = tables(
        """
        Mål Kommentarer Uppfyllt Ja/Nej

        Så läses tabellen på nästa sida.

        Ett mål är uppfyllt när alla mått har nått sina värden.
        """,
        kind="annual_report",
        period="year",
    )
    assert report.goals.empty
    assert report.statuses.empty


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Uppdrag Kommentar Status", ["Uppdrag", "Kommentar", "Status"]),
        ("Mål Måluppfyllelse", ["Mål", "Måluppfyllelse"]),
        ("Mål och budget", []),
        ("Mål och uppföljning", []),
        ("Uppdrag Kommentar", []),
        ("Målet är uppfyllt", []),
    ],
)
def test_only_lines_of_header_words_are_such_headers(text, columns):
    assert header_columns(text) == columns
