"""Plain text: encodings, wrapped prose, list items, tabs and places."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.documents import Table, Text, open_document
from compare.documents.characters import joined, list_marker, tidy
from compare.documents.markup import plain
from compare.problems import PlanError


def opened(tmp_path, content, name="plan.txt"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return open_document(path)


def words(document):
    return [block.text for block in document.texts]


def cells(table):
    return [[cell.text for cell in row] for row in table.rows]


PROSE = """Sjövikens kommun arbetar för att alla invånare ska kunna leva ett gott liv och
känna sig trygga i sin vardag, oavsett var i kommunen de bor eller hur gamla de
är. Arbetet följs upp två gånger om året och redovisas för kommunstyrelsen i verk-
samhetsberättelsen, som också beskriver styr-
och ledningsmodellen samt de EU-
projekt som pågår under planperioden och som nämnden deltar i med egen personal.

Kort rubrik
Nästa stycke börjar här och fortsätter över radens slut så att det blir två hela
rader i stycket.
"""


def test_wrapped_lines_become_one_paragraph_with_its_first_and_last_line(tmp_path):
    first, heading, second = opened(tmp_path, PROSE).blocks
    assert (first.place.line, first.place.line_end) == (1, 6)
    assert "verksamhetsberättelsen" in first.text
    assert "styr- och ledningsmodellen samt de EU-projekt" in first.text
    assert heading.text == "Kort rubrik"
    assert (second.place.line, second.place.line_end) == (9, 10)


def test_one_paragraph_per_line_stays_line_by_line(tmp_path):
    text = "Nämnd: Barn- och skolnämnden\nKontakt: Registrator\n\n" + "Ett långt stycke utan radbrytning. " * 20
    document = opened(tmp_path, text)
    assert words(document)[:2] == ["Nämnd: Barn- och skolnämnden", "Kontakt: Registrator"]
    assert [block.place.line for block in document.blocks] == [1, 2, 4]


def test_a_heading_cut_by_an_empty_line_is_one_block(tmp_path):
    text = "1 I Sjövikens kommun har alla en meningsfull fritid och \n\nkänner sig delaktiga.\n\nUnder mål ett\n"
    first, second = opened(tmp_path, text).blocks
    assert first.text == "1 I Sjövikens kommun har alla en meningsfull fritid och känner sig delaktiga."
    assert (first.place.line, first.place.line_end) == (1, 3)
    assert second.text == "Under mål ett"


def test_consecutive_tab_lines_are_one_table_padded_to_one_width(tmp_path):
    text = "Driftbudget, tkr\tUtfall\tBudget\n\t2021\t2022\nNämnd A\t-1 200\t-1 300\t\nSumma\t-1 200\n\nSlut"
    document = opened(tmp_path, text)
    table, end = document.blocks
    assert isinstance(table, Table)
    assert cells(table) == [
        ["Driftbudget, tkr", "Utfall", "Budget", ""],
        ["", "2021", "2022", ""],
        ["Nämnd A", "-1 200", "-1 300", ""],
        ["Summa", "-1 200", "", ""],
    ]
    assert (table.place.line, table.place.line_end) == (1, 4)
    assert [row[0].place.line for row in table.rows] == [1, 2, 3, 4]
    assert end.place.line == 6


def test_a_table_cut_by_an_empty_line_is_two_tables(tmp_path):
    document = opened(tmp_path, "A\t1\nB\t2\n\nC\t3\nD\t4\n")
    assert [table.place.line for table in document.tables] == [1, 4]


def test_tabs_behind_markers_and_numbers_make_no_table(tmp_path):
    document = opened(
        tmp_path, "1.1\tEn ekonomi i balans\n\n•\tMinska utsläppen\n•\tÖka återbruket\n\n\tBara indragen text\n"
    )
    assert [(block.kind, block.marker, block.text) for block in document.blocks] == [
        ("paragraph", None, "1.1 En ekonomi i balans"),
        ("list_item", "•", "Minska utsläppen"),
        ("list_item", "•", "Öka återbruket"),
        ("paragraph", None, "Bara indragen text"),
    ]


def test_html_remnants_in_cells_are_stripped(tmp_path):
    document = opened(tmp_path, '<i>varav hyror</i>\t-17\n<ol style="list-style-type: none">Ta fram plan</ol>\t<20 %\n')
    (table,) = document.tables
    assert cells(table) == [["varav hyror", "-17"], ["Ta fram plan", "<20 %"]]


@pytest.mark.parametrize(
    ("line", "marker", "text"),
    [
        ("- Minska utsläppen", "-", "Minska utsläppen"),
        ("• Öka återbruket", "•", "Öka återbruket"),
        ("1. Ta fram en plan", "1.", "Ta fram en plan"),
        ("b) Anta planen", "b)", "Anta planen"),
        ("– **Bygga ny förskola**", "–", "Bygga ny förskola"),
    ],
)
def test_list_items_keep_their_marker_beside_the_text(tmp_path, line, marker, text):
    (block,) = opened(tmp_path, line).blocks
    assert (block.kind, block.marker, block.text) == ("list_item", marker, text)
    assert block.bold == ("**" in line)


def test_bare_letters_mark_items_only_beside_their_neighbours(tmp_path):
    document = opened(tmp_path, "A Utveckla resecentrum\n\nB Ordna cykelparkering\n\nI Sjöviken finns sex skolor\n")
    assert [block.marker for block in document.blocks] == ["A", "B", None]


@pytest.mark.parametrize("line", ["- 614", "-127 247", "– 3,5 %", "2022 års budget", "3.1 Mål"])
def test_figures_and_section_numbers_are_no_list_items(tmp_path, line):
    (block,) = opened(tmp_path, line).blocks
    assert (block.kind, block.text) == ("paragraph", line)


@pytest.mark.parametrize(
    ("encoding", "noted"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("cp1252", "Windows-1252"),
     ("latin-1", "Windows-1252"), ("mac_roman", "Mac Roman"), ("cp850", "DOS")],
)  # fmt: skip
def test_encodings_are_recognised_and_noted(tmp_path, encoding, noted):
    text = "Åtgärder för en tryggare kommun\nÖka andelen nöjda hörn på hållplatser\n"
    document = opened(tmp_path, text.encode(encoding))
    assert words(document) == text.splitlines()
    assert all(noted in note for note in document.notes)
    assert bool(document.notes) == bool(noted)


def test_lines_are_exactly_those_of_the_file(tmp_path):
    document = opened(tmp_path, "ett\r\n  två\r\n\r\ntre\u2028fyra\rfem\n")
    assert document.lines == ("ett", "  två", "", "tre\u2028fyra", "fem")


def test_form_feeds_count_pages_and_running_heads_are_left_out(tmp_path):
    pages = [f"Sjövikens kommun, plan 2031\n\nKapitel {n} om fritid\n\nsida {n}\n" for n in range(1, 5)]
    document = opened(tmp_path, "\f".join(pages))
    assert document.pages == 4
    assert words(document) == [f"Kapitel {n} om fritid" for n in range(1, 5)]
    assert [block.place.page for block in document.blocks] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (bytes(range(256)) * 8, "holds binary data"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
        (b"{\\rtf1 hej}", "RTF"),
        ("\u200b\n\u00ad".encode(), "no text"),
    ],
)
def test_what_is_no_text_is_refused_with_one_sentence(tmp_path, content, wanted):
    with pytest.raises(PlanError, match=wanted) as caught:
        opened(tmp_path, content)
    assert "plan.txt" in str(caught.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(PlanError, match="no such file"):
        open_document(tmp_path / "borta.txt")
    with pytest.raises(PlanError, match="folder"):
        open_document(tmp_path)


def test_words_divided_at_line_ends_are_joined_and_suspended_hyphens_kept():
    assert joined("verk-", "samhet") == "verksamhet"
    assert joined("styr-", "och ledning") == "styr- och ledning"
    assert joined("EU-", "parlamentet") == "EU-parlamentet"
    assert joined("e-", "tjänster") == "e-tjänster"
    assert joined("2020-", "2024") == "2020-2024"
    assert joined("ett", "två") == "ett två"


def test_tidy_composes_letters_and_keeps_amounts_together():
    assert tidy("a\u030a  ﬁnans\u00adiell") == "å finansiell"
    assert tidy("1\u00a0200 tkr") == "1\u00a0200 tkr"
    assert tidy("Mål\u00a01") == "Mål 1"


@given(st.text(max_size=300))
def test_any_text_gives_blocks_in_order_that_name_its_lines(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("t")
    try:
        document = opened(folder, text)
    except PlanError:
        return
    assert all(1 <= block.place.line <= block.place.line_end <= len(document.lines) for block in document.blocks)
    starts = [block.place.line for block in document.blocks]
    assert starts == sorted(starts)
    for block in document.blocks:
        if isinstance(block, Table):
            assert {len(row) for row in block.rows} == {block.width}
        else:
            assert isinstance(block, Text)


@given(st.binary(max_size=400))
def test_any_bytes_give_a_document_or_a_plain_refusal(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("b")
    with contextlib.suppress(PlanError):
        assert opened(folder, data).lines


@given(st.text(max_size=60))
def test_stripping_markup_never_invents_characters(text):
    assert "<p>" not in plain(f"<p>{text}</p>")
    assert list_marker(text) is None or list_marker(text)[1] in text


def test_a_dash_for_no_value_is_a_cell_and_no_list_marker(tmp_path):
    document = opened(
        tmp_path,
        "                     Utfall    Utfall    Mål\n"
        "Indikator              2021      2022   2023\n"
        "Nöjda brukare            78         –     85\n"
        "Nya lägenheter           12        14     16\n",
    )
    table = next(document.tables)
    assert [cell.text for cell in table.rows[2]] == ["Nöjda brukare", "78", "–", "85"]


def test_a_row_below_that_leaves_only_its_first_cell_blank_is_a_row_of_its_own(tmp_path):
    document = opened(
        tmp_path,
        "Fullmäktiges mål          Nämndens mål                Bedömning\n"
        "Trygghet hela livet       Tätare besök i hemmet       Uppfylls delvis\n"
        "                          Färre som är ensamma        Uppfylls\n"
        "En god arbetsgivare       Lägre frånvaro bland        Uppfylls inte\n"
        "                          dem som är nya\n",
    )
    table = next(document.tables)
    assert [[cell.text for cell in row] for row in table.rows[2:]] == [
        ["", "Färre som är ensamma", "Uppfylls"],
        ["En god arbetsgivare", "Lägre frånvaro bland dem som är nya", "Uppfylls inte"],
    ]
