"""Columns that single spaces part, and columns that drift, are told by the rows around them."""

from __future__ import annotations

from textwrap import dedent

import pytest

from compare.documents import open_document
from compare.documents.narrow import parting_spaces


def parted(text):
    """The lines with a bar in place of each space that parts columns."""
    lines = dedent(text).strip("\n").split("\n")
    return [
        "".join("|" if at in spaces else sign for at, sign in enumerate(line))
        for line, spaces in zip(lines, parting_spaces(lines), strict=True)
    ]


def cells(tmp_path, text):
    path = tmp_path / "plan.txt"
    path.write_text(dedent(text), encoding="utf-8")
    return [[[cell.text for cell in row] for row in table.rows] for table in open_document(path).tables]


def test_a_space_parts_figures_that_no_amount_can_hold_together():
    assert parted("""
        Ålder                           2031   2032   2033
        0-5 år                          3 120 3 080 3 045
        6-15 år                         5 830 5 870 5 901
        Totalt                         47 230 47 640 48 050
        """) == [
        "Ålder                           2031   2032   2033",
        "0-5 år                          3 120|3 080|3 045",
        "6-15 år                         5 830|5 870|5 901",
        "Totalt                         47 230|47 640|48 050",
    ]


def test_three_digits_begin_a_figure_where_a_column_has_ended():
    assert parted("""
        Nämnd                Intäkter Kostnader    Netto
        Hamnnämnden             41 200     168 900 127 700
        Parknämnden             38 600     371 700 333 100
        Torgnämnden              9 800      34 100 24 300
        """)[1:] == [
        "Hamnnämnden             41 200     168 900|127 700",
        "Parknämnden             38 600     371 700|333 100",
        "Torgnämnden              9 800      34 100|24 300",
    ]


def test_heads_are_parted_behind_years_and_words_behind_the_last_column():
    assert parted("""
        Investering (tkr)             Budget 2031 Plan 2032            Kommentar
        Kaj                                 1 200     1 200             Löpande
        Ny kran i hamnen                        0     4 500 Inflyttning i höst
        """) == [
        "Investering (tkr)             Budget 2031|Plan 2032            Kommentar",
        "Kaj                                 1 200     1 200             Löpande",
        "Ny kran i hamnen                        0     4 500|Inflyttning i höst",
    ]


def test_a_number_of_a_name_a_limit_and_a_unit_are_parted_from_nothing():
    text = """
        Indikator                       Utfall 2030     Mål 2031
        Kunskap i årskurs 9                     221    Lägst 230
        Väntetid i barn 2                  1 125 kr     1 163 kr
        Andel nöjda med etapp 3                  70   minst 75 %
        """
    assert parted(text) == dedent(text).strip("\n").split("\n")


@pytest.mark.parametrize(
    "prose",
    [
        "Befolkningen ökar från 47 230 invånare 2031 till 48 900 invånare 2033\nenligt prognosen från 2030",
        "Den 1 mars 2031 fanns 120 platser\nDen 1 mars 2032 fanns 135 platser",
        "Lottnummer " + " ".join(["123"] * 20) + "\nLottnummer  " + " ".join(["123"] * 20),
    ],
)
def test_prose_with_figures_is_left_alone(prose):
    assert parted(prose) == prose.split("\n")


def test_columns_that_drift_keep_their_order(tmp_path):
    (table,) = cells(tmp_path, """
        Mnkr                   Bokslut 2029 Budget 2030 Budget 2031 Plan 2032

        Intäkter                      712,4       690,1       705,3     716,0
        Kostnader                  -3 640,9    -3 802,2    -3 918,7  -3 985,6
        Skatteintäkter              2 458,3        2 541,0          2 660,2      2 742,6
        Bidrag och utjämning          731,0          748,2            769,4        777,0
        Årets resultat               128,7           20,3             42,5        49,9
        """)  # fmt: skip
    assert table[0] == ["Mnkr", "Bokslut 2029", "Budget 2030", "Budget 2031", "Plan 2032"]
    assert table[3] == ["Skatteintäkter", "2 458,3", "2 541,0", "2 660,2", "2 742,6"]
    assert table[5] == ["Årets resultat", "128,7", "20,3", "42,5", "49,9"]


def test_a_header_below_an_empty_line_begins_another_table(tmp_path):
    found = cells(tmp_path, """
        Indikator              Mål 2031    Utfall 2030
        Nöjda besökare               70             68
        Sjukfrånvaro              6,0 %          7,1 %

        Investeringar
        Tkr              Budget 2031  Utfall 2031-08-31
        Kajen                120 000             41 203
        Parken                18 500              7 718
        """)  # fmt: skip
    assert [table[0][0] for table in found] == ["Indikator", "Tkr"]
