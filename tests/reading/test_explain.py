from __future__ import annotations

from compare.reading import explain, read
from compare.reading.explain import MOST_LINES
from compare.source_cards import SourceCard

TEXT = """
    Verksamhetsplan 2024

    Mål 1: Trygghet

    Här står prosa om 17 saker som inget säger om planen.

    Indikator\tUtfall 2023\tMål 2024\tHumör
    Nöjda\t70\t75\tglad

    Begrepp\tFörklaring av begrepp
    Ord\tVad ordet betyder
    """


def test_what_was_understood_and_what_was_left_unread(opened):
    document = opened(TEXT)
    told = explain(document, read(document, SourceCard(municipality_code="9999", year=2024)))
    taken = dict(zip(told.blocks["line"], told.blocks["taken_as"], strict=True))
    assert taken[3] == "goal: mål 1"
    assert taken[7].startswith("indicators")
    assert taken[10].startswith("no plan table")
    assert told.unread["line"].tolist().count(5) == 1
    assert told.shares["tables"] == 0.5
    assert 0 < told.shares["lines"] < 1
    assert any("'Humör' has no role" in line for line in told.lines())
    assert list(told.lines())[-1].startswith("without a record: ")


def test_lines_left_unread_are_told_with_what_they_carry_and_headers_are_not_among_them(opened):
    document = opened(TEXT)
    told = explain(document, read(document, SourceCard(municipality_code="9999", year=2024)))
    assert told.unread.columns.tolist() == ["sort", "page", "line", "text", "numbers", "dates", "terms"]
    assert 7 not in told.unread["line"].tolist()
    prose = told.unread.set_index("line").loc[5]
    assert (prose["numbers"], prose["dates"], prose["terms"]) == (1, 0, "")
    assert "line 5: left unread (1 number): Här står prosa om 17 saker som inget säger om planen." in told.lines()


def test_of_many_lines_left_unread_those_with_most_figures_are_told_and_the_rest_counted(opened):
    text = TEXT + "\n".join(f"\nHär står {number} saker i maj 2023 och mer prosa.\n" for number in range(30))
    document = opened(text + "\nHär står 7 saker, 8 saker, 9 saker och 10 saker.\n")
    told = explain(document, read(document, SourceCard(municipality_code="9999", year=2024)))
    unread = [line for line in told.lines() if "left unread (" in line]
    assert len(unread) == MOST_LINES
    assert any("(4 numbers)" in line for line in unread)
    assert any("(1 number, 2 dates)" in line for line in unread)
    (rest,) = [line for line in told.lines() if line.startswith("+")]
    assert rest.startswith("+13 more lines with numbers, dates or terms left unread")
