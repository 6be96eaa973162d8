from __future__ import annotations

from compare.reading import explain, read
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
