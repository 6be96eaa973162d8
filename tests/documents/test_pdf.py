"""PDF pages: reading order, running heads, tables of all kinds, and the real documents where they are at hand."""

import json
import re
from pathlib import Path

import fictional
import pytest

from compare.documents import Table, open_document
from compare.documents.composing import Slot
from compare.documents.pdf import cut_row

SHARED = Path(__file__).parents[3] / "shared"
PAGE = '#set page(margin: 2.2cm)\n#set text(lang: "sv", size: 10pt)\n'


def opened(tmp_path, source, *, tagged=True):
    data = fictional.pdf(PAGE + source)
    return open_document(fictional.written(tmp_path, "a.pdf", data if tagged else fictional.without_tags(data)))


def words(text):
    return " ".join(text.split())


def cells(table):
    return [[words(cell.text) for cell in row] for row in table.rows]


def texts(document):
    return [words(block.text) for block in document.texts]


both = pytest.mark.parametrize("tagged", [True, False], ids=["tagged", "untagged"])


@both
def test_running_heads_and_page_numbers_are_left_out_and_pages_kept(tmp_path, tagged):
    head = "#set page(header: [Sjövikens kommun, plan 2031], footer: context [Sida #counter(page).display() av 4])\n"
    source = head + "\n#pagebreak()\n".join(f"= Kapitel {n}\nText om ämne nummer {n}." for n in range(1, 5))
    document = opened(tmp_path, source, tagged=tagged)
    assert texts(document) == [line for n in range(1, 5) for line in (f"Kapitel {n}", f"Text om ämne nummer {n}.")]
    assert [block.place.page for block in document.blocks] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert document.pages == 4


@both
def test_a_table_over_pages_is_one_table_with_its_header_once(tmp_path, tagged):
    rows = (("Nämnd", "2031", "2032"), *((f"Enhet {n}", f"{n} 100", f"{n} 200") for n in range(80)))
    for style in ("ruled", "unruled", "shaded rows"):
        (table,) = opened(tmp_path, fictional.typst_table(rows, style), tagged=tagged).tables
        assert cells(table) == [list(row) for row in rows]
        assert [table.rows[0][0].place.page, table.rows[-1][0].place.page] == [1, 2]


@both
def test_two_tables_at_a_page_break_stay_two(tmp_path, tagged):
    one = fictional.typst_table((("Mål", "Utfall"), *((f"Rad {n}", str(n)) for n in range(10))))
    two = fictional.typst_table((("Projekt", "Belopp"), ("Hamn", "12")))
    found = list(opened(tmp_path, f"{one}\n#pagebreak()\nEn rad text.\n{two}", tagged=tagged).tables)
    assert [cells(table)[0] for table in found] == [["Mål", "Utfall"], ["Projekt", "Belopp"]]


@both
def test_columns_of_prose_are_read_one_after_the_other(tmp_path, tagged):
    left = "Den första spalten berättar om hamnen och hur den ska byggas ut under de kommande åren. " * 6
    right = "Den andra spalten berättar om biblioteken och om hur fler ska hitta dit under sommaren. " * 6
    source = f"= Rubrik över båda\n#columns(2)[\n{left}\n#colbreak()\n{right}\n]"
    found = texts(opened(tmp_path, source, tagged=tagged))
    assert found == ["Rubrik över båda", words(left), words(right)]


LEFT = "Den första spalten berättar om hamnen och hur den ska byggas ut under de kommande åren. " * 6
RIGHT = "Den andra spalten berättar om biblioteken och om hur fler ska hitta dit under sommaren. " * 6


@both
def test_columns_whose_lines_do_not_stand_level_are_read_one_after_the_other(tmp_path, tagged):
    source = f"= Över båda\n#columns(2)[\n#v(7pt)\n{LEFT}\n#colbreak()\n#text(size: 11pt)[{RIGHT}]\n]\n== Efter\n{LEFT}"
    found = texts(opened(tmp_path, source, tagged=tagged))
    assert found == ["Över båda", words(LEFT), words(RIGHT), "Efter", words(LEFT)]


@both
def test_a_table_across_columns_stands_between_what_is_above_and_below_it(tmp_path, tagged):
    table = fictional.typst_table(fictional.BUDGET, "ruled")
    columns = f"#columns(2)[\n{LEFT}\n#colbreak()\n{RIGHT}\n]"
    document = opened(tmp_path, f"{columns}\n{table}\n{columns}", tagged=tagged)
    kinds = ["table" if isinstance(block, Table) else words(block.text) for block in document.blocks]
    assert kinds == [words(LEFT), words(RIGHT), "table", words(LEFT), words(RIGHT)]


@both
def test_lines_spread_to_the_margin_are_no_table(tmp_path, tagged):
    long = "kommunstyrelseförvaltningens utvecklingsarbete med samhällsbyggnadsnämndens verksamhetsplaner och hamn " * 5
    source = f"#set par(justify: true)\n#set text(hyphenate: false)\n#block(width: 7.5cm)[{long}]"
    document = opened(tmp_path, source, tagged=tagged)
    assert texts(document) == [words(long)]
    assert list(document.tables) == []


@both
@pytest.mark.parametrize("look", ["stroke: 0.5pt", "fill: luma(235)"])
def test_frames_side_by_side_are_read_one_after_the_other(tmp_path, tagged, look):
    goals = [
        ("Mål 1: God hamn", "Kajen ska vara säker för alla som bor och verkar i kommunen."),
        ("Mål 2: God kultur", "Fler ska hitta till biblioteken under hela året."),
    ]
    boxes = ", ".join(f"rect(width: 100%, inset: 8pt, {look})[*{title}*\n\n{text}]" for title, text in goals)
    source = f"Före.\n#grid(columns: 2, column-gutter: 14pt, {boxes})\nEfter."
    found = texts(opened(tmp_path, source, tagged=tagged))
    assert found == ["Före.", *goals[0], *goals[1], "Efter."]


def test_a_frame_beside_text_is_read_behind_it(tmp_path):
    fact = "rect(width: 100%, fill: luma(230), inset: 8pt)[*Fakta*\n\nKajen är 300 meter.]"
    source = f"#grid(columns: (1fr, 4cm), column-gutter: 1cm, [{LEFT}], {fact})"
    assert texts(opened(tmp_path, source, tagged=False)) == [words(LEFT), "Fakta", "Kajen är 300 meter."]


@both
def test_footnotes_and_lines_that_say_so_do_not_part_a_table_that_goes_on(tmp_path, tagged):
    rows = (("Nämnd", "2031", "2032"), *((f"Enhet {n}", f"{n} 100", f"{n} 200") for n in range(60)))
    noted = f"Text#footnote[En fotnot om hamnen.] här.\n{fictional.typst_table(rows, header=False)}"
    parted = "\n".join(
        [
            f"{fictional.typst_table(rows[:30])}\n#align(right)[_Forts. nästa sida_]\n#pagebreak()",
            f"_Forts. tabell 1_\n{fictional.typst_table((rows[0], *rows[30:]))}",
        ]
    )
    for source in (noted, parted):
        (table,) = opened(tmp_path, source, tagged=tagged).tables
        assert cells(table) == [list(row) for row in rows]


@both
def test_header_rows_of_two_levels_keep_their_spans(tmp_path, tagged):
    source = """#table(columns: 5, align: (x, _) => if x == 0 { left } else { right },
      table.cell(rowspan: 2)[Nämnd], table.cell(colspan: 2)[Budget], table.cell(colspan: 2)[Utfall],
      [2030], [2031], [2030], [2031], [Hamnnämnden], [1 100], [1 200], [990], [1 010])"""
    (table,) = opened(tmp_path, source, tagged=tagged).tables
    assert cells(table) == [
        ["Nämnd", "Budget", "Budget", "Utfall", "Utfall"],
        ["Nämnd", "2030", "2031", "2030", "2031"],
        ["Hamnnämnden", "1 100", "1 200", "990", "1 010"],
    ]


@both
def test_cells_of_several_lines_stay_in_their_row(tmp_path, tagged):
    long = "Ta fram en plan för hur fler ungdomar ska hitta till biblioteken under hela sommarlovet och hösten"
    rows = (
        ("Åtgärd", "Klart när", "Slutdatum"),
        (long, "Planen är beslutad i nämnden", "2031-06-30"),
        ("Bygg", long, ""),
    )
    for style in ("ruled", "horizontal rules", "shaded cells"):
        source = fictional.typst_table(rows, style, flush_right=False).replace("1fr, auto, auto", "5cm, 5cm, auto")
        (table,) = opened(tmp_path, source, tagged=tagged).tables
        assert cells(table) == [list(row) for row in rows]


def test_a_header_and_a_row_below_it_stay_two_where_every_other_row_is_shaded(tmp_path):
    for rows in (fictional.BUDGET, (("Verksamhet", "2031", "2032"), ("Kultur", "", ""), *[("Kaj", "7", "8")] * 4)):
        cell = ", ".join(f'[#"{text}"]' for row in rows for text in row)
        shading = "fill: (_, y) => if y > 0 and calc.even(y) { luma(225) }"
        source = f"#table(columns: {len(rows[0])}, stroke: none, inset: 6pt, {shading}, {cell})"
        (table,) = opened(tmp_path, source, tagged=False).tables
        assert cells(table) == [list(row) for row in rows]


def test_cells_centred_beside_wrapped_ones_stay_in_their_row(tmp_path):
    rows = (
        ("Indikator", "Utfall 2030", "Mål 2031", "Kommentar"),
        ("Andel nöjda besökare på museet", "78 %", "80 %", "Ökar genom längre öppettider på kvällar och helger"),
        ("Utsläpp", "412", "", "Ny undervisning införs under våren i samtliga skolor"),
    )
    cell = ", ".join(f"[{text}]" for row in rows for text in row)
    source = f"#table(columns: (3.5cm, 1.5cm, 1.5cm, 4cm), stroke: none, inset: 7pt, align: horizon, {cell})"
    (table,) = opened(tmp_path, source, tagged=False).tables
    assert cells(table) == [list(row) for row in rows]


def test_a_rule_at_the_end_closes_off_the_last_cell_of_a_table(tmp_path):
    items = "- Öppna biblioteket\n- Anställa en pedagog för grundskolan\n- Riva kranen"
    look = "columns: 3, stroke: (x: none, y: 0.5pt), inset: 6pt"
    rows = f"[Mål], [Uppdrag], [Ansvarig], [God hamn], [Bygg], [Hamnchef], [God kultur], [{items}], [Kulturchef]"
    source = f"#table({look}, {rows})\nText efter."
    document = opened(tmp_path, source, tagged=False)
    assert cells(next(document.tables))[-1] == [
        "God kultur",
        "• Öppna biblioteket • Anställa en pedagog för grundskolan • Riva kranen",
        "Kulturchef",
    ]
    assert texts(document) == ["Text efter."]


@both
def test_amounts_that_a_narrow_column_wraps_stay_whole(tmp_path, tagged):
    source = """#table(columns: (2.2cm, 1.05cm, 2cm), [Nämnd], [2031], [2032], [Hamn], [#"-12 480"], [#"-13 105"],
      [Barn- och ungdom], [#"-201 377"], [#"-208 950"], [Summa], [#"-213 857"], [#"-222 055"])"""
    (table,) = opened(tmp_path, source, tagged=tagged).tables
    assert cells(table) == [
        ["Nämnd", "2031", "2032"],
        ["Hamn", "-12 480", "-13 105"],
        ["Barn- och ungdom", "-201 377", "-208 950"],
        ["Summa", "-213 857", "-222 055"],
    ]


@pytest.mark.parametrize(
    ("above", "below", "one_row"),
    [
        (["", "1", "2", ""], ["Hamnen", "", "", "Kajen byggs om"], True),
        (["", "1", "2", ""], ["Hamnen", "", "3", "Kajen byggs om"], False),
        (["Hamnen", "1", "Kajen"], ["", "", "byggs om"], True),
        (["Hamnen", "1", "2"], ["", "3", "4"], False),
    ],
)
def test_a_row_that_a_page_end_cuts_is_one_row(above, below, one_row):
    assert cut_row([Slot(text) for text in above], [Slot(text) for text in below]) is one_row


@both
def test_heads_over_several_columns_stand_over_theirs_where_the_corner_is_blank(tmp_path, tagged):
    heads = "table.cell(colspan: 2, align: center)[2031], table.cell(colspan: 2, align: center)[2032]"
    body = (("Nämnd", "Budget", "Utfall", "Budget", "Utfall"), ("Hamn", "10", "11", "12", "13"))
    cell = ", ".join(f'[#"{text}"]' for row in (*body, body[1]) for text in row)
    source = f"#table(columns: (4cm, 2.5cm, 2.5cm, 2.5cm, 2.5cm), table.header([], {heads}), {cell})"
    (table,) = opened(tmp_path, source, tagged=tagged).tables
    assert cells(table)[0] == ["", "2031", "2031", "2032", "2032"]


def test_a_page_set_on_its_side_is_read_upright(tmp_path):
    table = fictional.typst_table(fictional.BUDGET)
    source = f"#set page(flipped: false)\n#rotate(-90deg, reflow: true)[#block(width: 20cm)[{table}]]"
    (table,) = opened(tmp_path, source, tagged=False).tables
    assert cells(table) == [list(row) for row in fictional.BUDGET]


@both
def test_words_printed_over_themselves_are_read_once(tmp_path, tagged):
    source = "#place(dx: 0.3pt)[Summa 12 480 tkr]\nSumma 12 480 tkr"
    document = opened(tmp_path, source, tagged=tagged)
    assert texts(document) == ["Summa 12 480 tkr"]
    assert document.notes == ()


def test_words_across_the_page_are_neither_content_nor_a_dispute(tmp_path):
    source = "#place(center + horizon, rotate(-45deg, text(60pt, luma(200))[UTKAST 2031]))\nHamnen kostar 12 mnkr."
    document = opened(tmp_path, source, tagged=False)
    assert (texts(document), document.notes) == (["Hamnen kostar 12 mnkr."], ())


def test_what_a_form_holds_is_read(tmp_path):
    path = fictional.written(tmp_path, "a.pdf", fictional.pdf_form("Budget, tkr:", "12 500"))
    assert texts(open_document(path)) == ["Budget, tkr: 12 500"]


def test_bars_with_their_figures_are_no_table(tmp_path):
    bars = "\n".join(
        f"#place(dy: {40 * n + 10}pt, rect(width: {width}cm, height: 30pt, fill: blue))\n"
        f"#place(dx: {width}cm, dy: {40 * n + 20}pt)[{width} %]"
        for n, width in enumerate((9, 7, 4))
    )
    frame = "#place(rect(width: 10cm, height: 140pt, stroke: black))"
    assert list(opened(tmp_path, f"{frame}\n{bars}", tagged=False).tables) == []


def test_bullets_that_are_drawn_are_bullets(tmp_path):
    dot = "#box(baseline: -1.5pt, circle(radius: 2pt, fill: black))#h(6pt)"
    document = opened(tmp_path, f"{dot}Öppna biblioteket\n\n{dot}Riva kranen", tagged=False)
    assert [(block.marker, block.text) for block in document.texts] == [
        ("•", "Öppna biblioteket"),
        ("•", "Riva kranen"),
    ]


@both
def test_list_items_keep_their_numbers_and_bullets(tmp_path, tagged):
    source = "Nämnden ska:\n- öppna biblioteket\n- stänga hamnen\n\n1. Första uppdraget\n2. Andra uppdraget"
    document = opened(tmp_path, source, tagged=tagged)
    assert [(block.kind, block.marker) for block in document.texts] == [
        ("paragraph", None), ("list_item", "•"), ("list_item", "•"), ("list_item", "1."), ("list_item", "2."),
    ]  # fmt: skip


def test_lines_that_end_early_are_blocks_of_their_own(tmp_path):
    document = opened(tmp_path, "Nämnd: Hamnnämnden \\ Period: 2031 \\ Ordförande saknas", tagged=False)
    assert texts(document) == ["Nämnd: Hamnnämnden", "Period: 2031", "Ordförande saknas"]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("style", list(fictional.STYLES))
def test_tables_of_every_style_give_their_cells(tmp_path, seed, style):
    rows = fictional.random_table(seed)
    (table,) = opened(
        tmp_path, f"= Rubrik\nEtt stycke text.\n{fictional.typst_table(rows, style)}", tagged=False
    ).tables
    assert cells(table) == [[words(cell) for cell in row] for row in rows]


# --- the real documents ----------------------------------------------------------------------------------------------

REAL = sorted((SHARED / "documents").glob("*.pdf")) if SHARED.is_dir() else []
real = pytest.mark.skipif(not REAL, reason="the real documents are not at hand")


def figures_read(path):
    """All rows of all tables of a real document as a set of words and figures per page."""
    document = open_document(path)
    rows = []
    for block in document.blocks:
        if isinstance(block, Table):
            rows += [(row[0].place.page, [words(cell.text) for cell in row]) for row in block.rows]
    return document, rows


@real
def test_investment_rows_of_the_real_documents_are_read_whole():
    gold = [json.loads(line) for line in (SHARED / "gold" / "budget_lines.jsonl").read_text("utf-8").splitlines()]
    wanted = missing = 0
    for path in REAL:
        _, rows = figures_read(path)
        for record in gold:
            if record["document"] != path.name or record.get("optional"):
                continue
            wanted += 1
            figure = re.sub(r"\s", "", record["raw"])
            labels = [words(label).casefold() for label in record["labels"]]
            missing += not any(
                any(label in cell.casefold() for label in labels for cell in cells)
                and any(figure in re.sub(r"\s", "", cell) for cell in cells)
                for _, cells in rows
            )
    assert wanted > 50
    assert missing <= 0.02 * wanted


@real
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name[:30])
def test_real_documents_read_alike_without_their_tags(tmp_path, path):
    _, tagged = figures_read(path)
    bare = fictional.written(tmp_path, "bare.pdf", fictional.without_tags(path.read_bytes()))
    document, untagged = figures_read(bare)
    assert document.notes == ()
    same = sum(row in untagged for row in tagged)
    assert same >= 0.7 * len(tagged)


@pytest.mark.parametrize("tagged", [True, False])
@pytest.mark.parametrize("style", ["none", "0.5pt"])
def test_heads_that_run_up_the_page_stand_above_their_columns(tmp_path, tagged, style):
    def head(text, angle=-90):
        return f"rotate({angle}deg, reflow: true)[{text}]"

    heads = ", ".join([head("Bokslut \\ 2022"), head("Budget \\ 2023"), head("Plan \\ 2024", 90)])
    source = (
        f"Hamnens ramar\n#table(columns: (5cm, 2cm, 2cm, 2cm), stroke: {style}, [Verksamhet], {heads}, "
        "[Hamnen], [1 200], [1 300], [1 400], [Fyren], [220], [230], [240])"
    )
    table = next(iter(opened(tmp_path, source, tagged=tagged).tables))
    assert [[words(cell.text) for cell in row] for row in table.rows] == [
        ["Verksamhet", "Bokslut 2022", "Budget 2023", "Plan 2024"],
        ["Hamnen", "1 200", "1 300", "1 400"],
        ["Fyren", "220", "230", "240"],
    ]


def test_a_single_line_that_runs_up_the_margin_is_no_head(tmp_path):
    source = (
        "#place(left, dx: -1cm, rotate(-90deg, reflow: true)[Antagen 2023])\n"
        "Hamnens ramar\n#table(columns: 2, [Verksamhet], [Budget], [Hamnen], [1 200])"
    )
    document = opened(tmp_path, source)
    assert "Antagen" not in " ".join(document.lines)
