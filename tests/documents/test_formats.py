"""The same content gives the same blocks in every format, and each format's own habits are understood."""

import io
import zipfile

import fictional
import pytest

from compare.documents import Table, open_document
from compare.problems import PlanError


def opened(tmp_path, name, content):
    return open_document(fictional.written(tmp_path, name, content))


def words(text):
    return " ".join(text.split())


def cells(table):
    return [[words(cell.text) for cell in row] for row in table.rows]


def outline(document):
    """What every format must agree on: the words of texts and the cells of tables, in order."""
    return [cells(block) if isinstance(block, Table) else words(block.text) for block in document.blocks]


EXPECTED = [
    [list(row) for row in block.rows] if isinstance(block, fictional.Grid) else block.text for block in fictional.PLAN
]


def renderings():
    yield "plan.txt", fictional.as_text()
    yield "aligned.txt", fictional.as_aligned_text()
    yield "plan.md", fictional.as_markdown()
    yield "plan.html", fictional.as_html()
    yield "plan.docx", fictional.as_docx()
    for style in fictional.STYLES:
        tagged = fictional.pdf(fictional.as_typst(style=style))
        yield f"tagged {style}.pdf", tagged
        yield f"untagged {style}.pdf", fictional.without_tags(tagged)


@pytest.mark.parametrize(("name", "content"), [pytest.param(*pair, id=pair[0]) for pair in renderings()])
def test_the_same_plan_gives_the_same_blocks_in_every_format(tmp_path, name, content):
    document = opened(tmp_path, name, content)
    assert outline(document) == EXPECTED
    assert document.notes == ()
    assert len(document.sha256) == 64


@pytest.mark.parametrize("name", ["plan.md", "plan.html", "plan.docx", "tagged ruled.pdf", "untagged unruled.pdf"])
def test_formats_that_declare_headings_and_items_say_so(tmp_path, name):
    document = opened(tmp_path, name, dict(renderings())[name])
    levels = [block.level for block in document.texts if block.kind == "heading"]
    assert levels == [1, 2, 2, 2]
    assert sum(block.kind == "list_item" and block.marker in {"-", "•"} for block in document.texts) == 2


@pytest.mark.parametrize("name", ["plan.txt", "plan.md", "plan.html", "plan.docx", "tagged ruled.pdf"])
def test_places_name_the_lines_that_hold_the_words(tmp_path, name):
    document = opened(tmp_path, name, dict(renderings())[name])
    for block in document.texts:
        held = words(" ".join(document.lines[block.place.line - 1 : block.place.line_end]))
        assert words(block.text) in held
    for table in document.tables:
        for row in table.rows:
            for cell in row:
                assert words(cell.text) in words(" ".join(document.lines[cell.place.line - 1 : cell.place.line_end]))


def test_the_content_tells_the_format_when_the_ending_is_wrong(tmp_path):
    assert opened(tmp_path, "plan.doc", fictional.as_html()).media_type == "text/html"
    assert opened(tmp_path, "plan.txt", fictional.as_docx()).media_type.endswith("wordprocessingml.document")
    assert opened(tmp_path, "plan", fictional.pdf("Hej på er")).media_type == "application/pdf"


# --- web pages -------------------------------------------------------------------------------------------------------


def test_menus_cookie_texts_and_footers_are_left_out(tmp_path):
    text = "\n".join(opened(tmp_path, "a.html", fictional.as_html()).lines)
    for unwanted in ("kakor", "Skola och förskola", "Relaterat", "Box 1", "inte text", "color"):
        assert unwanted not in text


def test_a_page_without_main_keeps_its_content_whatever_its_classes_say(tmp_path):
    page = (
        "<html><body class='has-sidebar page-menu'><div id='menu'><a href=/>Start</a></div>"
        "<div class='content banner'><h1>Mål 2031</h1>"
        "<p>Fler ska hitta till <b>biblioteken</b>.<br>Ny rad</p></div></body>"
    )
    assert outline(opened(tmp_path, "a.html", page)) == ["Mål 2031", "Fler ska hitta till biblioteken.", "Ny rad"]


def test_merged_cells_of_a_web_table_are_repeated(tmp_path):
    page = (
        "<table><caption>Budget</caption><tr><th rowspan=2>Nämnd</th><th colspan=2>Belopp</th></tr>"
        "<tr><th>2031</th><th>2032</th></tr><tr><td rowspan=2>Hamn</td><td>1</td><td>2</td></tr>"
        "<tr><td>3</td><td>4</td></tr></table>"
    )
    (table,) = opened(tmp_path, "a.html", page).tables
    assert cells(table) == [
        ["Nämnd", "Belopp", "Belopp"],
        ["Nämnd", "2031", "2032"],
        ["Hamn", "1", "2"],
        ["Hamn", "3", "4"],
    ]
    assert (table.caption, table.header_rows, table.rows[0][1].spans) == ("Budget", 2, 2)


def test_numbered_lists_layout_tables_and_raised_figures_of_a_page(tmp_path):
    page = (
        "<main><ol start=3><li>Bygg<li>Riv<ul><li>Ett hus</ul></ol>"
        "<table><tr><td><p>En ruta</p><p>Med två stycken</p></td></tr></table>"
        "<table><tr><td>Yta</td><td>5 m<sup>2</sup></td></tr></table>"
    )
    document = opened(tmp_path, "a.html", page)
    assert [(b.marker, b.text) for b in document.texts] == [
        ("3.", "Bygg"), ("4.", "Riv"), ("•", "Ett hus"), (None, "En ruta"), (None, "Med två stycken"),
    ]  # fmt: skip
    assert cells(next(document.tables)) == [["Yta", "5 m²"]]


PARTS_THAT_OPEN = {
    "a button in a heading": (
        "<h3><button aria-expanded=false>Bygg om kajen</button></h3><div class=accordion__content hidden>{}</div>"
    ),
    "a button that names its part": (
        "<button aria-controls=x aria-expanded=false><h3>Bygg om kajen</h3></button><p>Mellan</p>"
        "<div id=x aria-hidden=true style='display:none'>{}</div>"
    ),
    "a summary": "<details><summary><span>Bygg om kajen</span></summary>{}</details>",
    "a plain button": "<button aria-controls=x aria-expanded=false>Bygg om kajen</button><div id=x hidden>{}</div>",
}


@pytest.mark.parametrize("way", PARTS_THAT_OPEN)
def test_what_a_page_shows_when_its_reader_opens_it_is_content(tmp_path, way):
    part = PARTS_THAT_OPEN[way].format("<p>Uppdraget är genomfört.</p>")
    document = opened(tmp_path, "a.html", f"<main><h1>Uppdrag</h1><h2>Hamnen</h2>{part}</main>")
    found = [(block.kind, block.level, block.text) for block in document.texts if block.text != "Mellan"]
    assert found[2:] == [("heading", 3, "Bygg om kajen"), ("paragraph", None, "Uppdraget är genomfört.")]


def test_what_a_page_hides_for_good_is_left_out(tmp_path):
    page = (
        "<main><h1>Uppdrag</h1><div hidden>Mall</div><button>Stäng</button><div style='display: none'>Mall</div>"
        "<button aria-controls=mobile-menu aria-expanded=false>Meny</button><div id=mobile-menu hidden>Start</div>"
        "<p>Text</p></main>"
    )
    assert outline(opened(tmp_path, "a.html", page))[-1] == "Text"
    assert "Mall" not in "\n".join(opened(tmp_path, "a.html", page).lines)
    assert "Start" not in "\n".join(opened(tmp_path, "a.html", page).lines)


def test_controls_contacts_and_lists_of_the_pages_own_headings_are_left_out(tmp_path):
    page = (
        "<main><h1>Mål</h1><ul><li><a href=#a>Mål 1</a></li><li><a href=#b>Mål 2</a></li></ul><h2 id=a>Mål 1</h2>"
        "<ul><li><a href=plan.pdf>Planen</a></li><li>Bygg</li></ul><h2>Dela sidan</h2><p>Skriv ut</p>"
        "<div class='lp-contact'><h2>Kontakt</h2><p>Telefon 0123-45 67</p></div></main>"
    )
    assert outline(opened(tmp_path, "a.html", page)) == ["Mål", "Mål 1", "Planen", "Bygg"]


def test_terms_with_short_values_are_a_table_and_long_ones_texts(tmp_path):
    long = "Kajen ska byggas om under de kommande åren. " * 8
    page = (
        "<main><dl><dt>Nämnd</dt><dd>Hamnnämnden</dd><dt>Status</dt><dd>Pågår</dd></dl>"
        f"<dl><dt>Varför?</dt><dd>{long}</dd><dt>När?</dt><dd>I vår.</dd></dl></main>"
    )
    expected = [[["Nämnd", "Hamnnämnden"], ["Status", "Pågår"]], "Varför?", words(long), "När?", "I vår."]
    assert outline(opened(tmp_path, "a.html", page)) == expected


def test_menus_of_a_page_framed_by_a_table_are_left_out(tmp_path):
    menu = "<td><a href=a>Start</a><br><a href=b>Politik</a><br><a href=c>Karta</a></td>"
    inner = "<table border=1><tr><td>Nämnd<td>2031</tr><tr><td>Hamn<td>12</tr></table>"
    page = f"<table><tr>{menu}<td><h1>Plan</h1>{inner}</td></tr></table>"
    assert outline(opened(tmp_path, "a.html", page)) == ["Plan", [["Nämnd", "2031"], ["Hamn", "12"]]]


def test_the_caption_of_a_figure_is_that_of_its_table(tmp_path):
    page = "<figure><table><tr><td>A<td>1</tr></table><figcaption>Tabell 1. Budget</figcaption></figure>"
    document = opened(tmp_path, "a.html", page)
    assert [table.caption for table in document.tables] == ["Tabell 1. Budget"]
    assert list(document.texts) == []


def test_a_page_in_an_older_encoding_is_read_as_it_declares(tmp_path):
    page = "<html><head><meta charset='iso-8859-1'></head><body><p>Åtgärder på ön</p></body></html>".encode("latin-1")
    assert outline(opened(tmp_path, "a.html", page)) == ["Åtgärder på ön"]


# --- Markdown --------------------------------------------------------------------------------------------------------


def test_broken_markdown_tables_are_still_tables(tmp_path):
    text = "| A | B |\n| C | D\noch mer |\n| E |\n\nNamn | Tal\n--- | ---\nHamn | 3\n"
    first, second = opened(tmp_path, "a.md", text).tables
    assert cells(first) == [["A", "B"], ["C", "D och mer"], ["E", ""]]
    assert cells(second) == [["Namn", "Tal"], ["Hamn", "3"]]
    assert (first.header_rows, second.header_rows) == (None, 1)
    assert [row[0].place.line for row in first.rows] == [1, 2, 4]


def test_markdown_marks_are_taken_off_the_words(tmp_path):
    text = (
        "---\ntitle: Plan\n---\nRubrik\n======\n\n1. [Öppna](http://x.se) *alla* `dörrar`\n"
        "2. ![bild](b.png) Stäng\n\n> **Allt i fetstil**\n"
    )
    document = opened(tmp_path, "a.md", text)
    assert document.title == "Plan"
    assert [(b.kind, b.marker, b.text, b.bold) for b in document.texts] == [
        ("heading", None, "Rubrik", False),
        ("list_item", "1.", "Öppna alla dörrar", False),
        ("list_item", "2.", "Stäng", False),
        ("paragraph", None, "Allt i fetstil", True),
    ]


# --- DOCX ------------------------------------------------------------------------------------------------------------


def docx_with(body, numbering=""):
    import docx

    stream = io.BytesIO()
    docx.Document().save(stream)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    result = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = f"<w:document {space}><w:body>{body}</w:body></w:document>".encode()
            elif name == "word/numbering.xml" and numbering:
                content = f"<w:numbering {space}>{numbering}</w:numbering>".encode()
            new.writestr(name, content)
    return result.getvalue()


def paragraph(text, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_numbers_that_word_counts_are_part_of_headings_and_items(tmp_path):
    level = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{}"/></w:lvl>'
    levels = level.format(0, "%1") + level.format(1, "%1.%2")
    numbering = f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
    numbering += '<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>'
    numbered = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="7"/></w:numPr>'
    heading = '<w:pStyle w:val="Heading{}"/>'
    body = "".join(
        paragraph(text, heading.format(level + 1) + numbered.format(level))
        for level, text in [(0, "Ekonomi"), (1, "Balans"), (1, "Skuld"), (0, "Miljö"), (1, "Utsläpp")]
    )
    document = opened(tmp_path, "a.docx", docx_with(body, numbering))
    assert outline(document) == ["1 Ekonomi", "1.1 Balans", "1.2 Skuld", "2 Miljö", "2.1 Utsläpp"]


def test_merged_cells_deleted_words_and_frames_in_docx(tmp_path):
    def cell(text, properties=""):
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"

    first, wide = '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="2"/>'
    body = (
        "<w:p><w:del><w:r><w:delText>borta</w:delText></w:r></w:del><w:r><w:t>kvar</w:t></w:r></w:p>"
        f"<w:tbl><w:tr>{cell('Mål', first)}{cell('Belopp', wide)}</w:tr>"
        f"<w:tr>{cell('', '<w:vMerge/>')}{cell('2031')}{cell('2032')}</w:tr></w:tbl>"
        f"<w:tbl><w:tr>{cell('En ruta')}</w:tr></w:tbl>"
    )
    document = opened(tmp_path, "a.docx", docx_with(body))
    assert outline(document) == ["kvar", [["Mål", "Belopp", "Belopp"], ["Mål", "2031", "2032"]], "En ruta"]


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def table_of(*rows):
    """A table in DOCX of cells that are given as their content, each row with its properties."""
    cells_of = [(properties, "".join(f"<w:tc>{cell}</w:tc>" for cell in row)) for properties, row in rows]
    return "<w:tbl>" + "".join(f"<w:tr><w:trPr>{p}</w:trPr>{inner}</w:tr>" for p, inner in cells_of) + "</w:tbl>"


def test_tracked_changes_are_read_as_if_accepted(tmp_path):
    body = (
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('Hamnen ')}</w:p><w:p>{run('byggs om.')}</w:p>"
        f"<w:p>{run('Budget ')}<w:del><w:r><w:delText>100</w:delText></w:r></w:del><w:ins>{run('120')}</w:ins></w:p>"
        f"<w:p><w:moveFrom>{run('Flyttat')}</w:moveFrom></w:p><w:p><w:moveTo>{run('Flyttat')}</w:moveTo></w:p>"
    )
    rows = table_of(
        ("", [paragraph("A"), paragraph("1")]),
        ("<w:del/>", [paragraph("B"), paragraph("2")]),
        ("<w:ins/>", [paragraph("C"), paragraph("3")]),
    )
    document = opened(tmp_path, "a.docx", docx_with(body + rows))
    assert outline(document) == ["Hamnen byggs om.", "Budget 120", "Flyttat", [["A", "1"], ["C", "3"]]]


def test_content_controls_give_what_was_filled_in_and_not_their_prompts(tmp_path):
    prompt = (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{paragraph('Ange text')}</w:sdtContent></w:sdt>"
    )
    choice = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('Pågår')}</w:sdtContent></w:sdt>"
    sign = '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
    rows = table_of(("", [paragraph("Status"), prompt + "<w:p/>", f"<w:p>{choice}</w:p>", f"<w:p>{sign}</w:p>"]))
    document = opened(tmp_path, "a.docx", docx_with(f"{prompt}<w:p>{run('Status: ')}{choice}</w:p>{rows}"))
    assert outline(document) == ["Status: Pågår", [["Status", "Pågår", "✓"]]]


NUMBERED = "".join(
    f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{pattern}"/></w:lvl>'
    for depth, pattern in [(0, "Mål %1:"), (1, "%1.%2"), (2, "%3.")]
)
NUMBERED = (
    f'<w:abstractNum w:abstractNumId="1">{NUMBERED}</w:abstractNum>'
    '<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>'
)


def numbered(text, depth):
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="7"/></w:numPr>')


def test_numbers_that_name_goals_stay_with_their_words(tmp_path):
    body = numbered("God hamn", 0) + numbered("Säker kaj", 1) + numbered("Bygg om kajen", 2) + numbered("God kultur", 0)
    rows = table_of(("", [paragraph("Nr"), paragraph("Mål")]), ("", [numbered("", 0), paragraph("God skola")]))
    document = opened(tmp_path, "a.docx", docx_with(body + rows, NUMBERED))
    assert [(block.marker, block.text) for block in document.texts] == [
        (None, "Mål 1: God hamn"), (None, "1.1 Säker kaj"), ("1.", "Bygg om kajen"), (None, "Mål 2: God kultur"),
    ]  # fmt: skip
    assert cells(next(document.tables)) == [["Nr", "Mål"], ["Mål 3:", "God skola"]]


def test_a_table_within_a_cell_is_a_table_of_its_own(tmp_path):
    inner = table_of(("", [paragraph("Mått"), paragraph("2031")]), ("", [paragraph("Besök"), paragraph("80")]))
    outer = table_of(
        ("", [paragraph("Mål"), paragraph("Nämnd"), paragraph("Mått")]),
        ("", [paragraph("God hamn"), paragraph("Hamnnämnden"), f"{inner}<w:p/>"]),
    )
    frame = table_of(("", [paragraph("God kultur"), f"{inner}<w:p/>"]))
    grid = [["Mått", "2031"], ["Besök", "80"]]
    document = opened(tmp_path, "a.docx", docx_with(outer + frame))
    assert outline(document) == [
        [["Mål", "Nämnd", "Mått"], ["God hamn", "Hamnnämnden", ""]], grid, "God kultur", grid,
    ]  # fmt: skip


def test_cells_merged_as_old_programs_do_cover_their_columns(tmp_path):
    def cell(text, merge):
        return f"<w:tc><w:tcPr>{merge}</w:tcPr>{paragraph(text)}</w:tc>"

    first = cell("Budget", '<w:hMerge w:val="restart"/>') + cell("", "<w:hMerge/>") + cell("Utfall", "")
    second = cell("2031", "") + cell("2032", "") + cell("2030", "")
    document = opened(tmp_path, "a.docx", docx_with(f"<w:tbl><w:tr>{first}</w:tr><w:tr>{second}</w:tr></w:tbl>"))
    assert outline(document) == [[["Budget", "Budget", "Utfall"], ["2031", "2032", "2030"]]]


# --- workbooks -------------------------------------------------------------------------------------------------------


def workbook(fill):
    import openpyxl

    book = openpyxl.Workbook()
    fill(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_sheets_keep_codes_percentages_and_never_evaluate_formulas(tmp_path):
    def fill(book):
        sheet = book.active
        sheet.title = "Budget"
        sheet.append(["Budget för Sjöviken"])
        sheet.append([])
        sheet.append(["Kod", "Andel", "Belopp", "Datum"])
        sheet.append(["0114", 0.784, 12480.5, __import__("datetime").date(2031, 1, 15)])
        sheet["B4"].number_format = "0.0%"
        sheet.append([114, 1, "=1+1", None])
        sheet["A5"].number_format = "0000"
        book.create_sheet("Tom")
        hidden = book.create_sheet("Dold")
        hidden.append(["hemligt"])
        hidden.sheet_state = "hidden"

    document = opened(tmp_path, "a.xlsx", workbook(fill))
    assert outline(document) == [
        "Budget",
        "Budget för Sjöviken",
        [["Kod", "Andel", "Belopp", "Datum"], ["0114", "78,4 %", "12480,5", "2031-01-15"], ["0114", "1", "", ""]],
    ]


def test_merged_cells_of_a_sheet_are_repeated(tmp_path):
    def fill(book):
        sheet = book.active
        for row in (["Nämnd", "Belopp", None], [None, 2031, 2032], ["Hamn", 1, 2]):
            sheet.append(row)
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")

    (table,) = opened(tmp_path, "a.xlsx", workbook(fill)).tables
    assert cells(table) == [["Nämnd", "Belopp", "Belopp"], ["Nämnd", "2031", "2032"], ["Hamn", "1", "2"]]


def test_numbers_of_a_sheet_are_read_as_their_formats_show_them(tmp_path):
    looks = [("0.0%", 0.784, "78,4 %"), ('#,##0,', 12_480_500, "12480,5"), ('#,##0.0,," mnkr"', 3_200_000, "3,2 mnkr"),
             ('0" st"', 12, "12 st"), ('#,##0\\ "kr"', 12, "12"), ("#,##0;[Red]-#,##0", -1200, "-1200")]  # fmt: skip

    def fill(book):
        book.active.append(["Sätt", "Tal"])
        for row, (look, value, _) in enumerate(looks, 2):
            book.active.append(["ett", value])
            book.active.cell(row, 2).number_format = look

    (table,) = opened(tmp_path, "a.xlsx", workbook(fill)).tables
    assert [row[1].text for row in table.rows[1:]] == [text for *_, text in looks]


def test_hidden_rows_and_columns_of_a_sheet_are_left_out_and_told(tmp_path):
    def fill(book):
        sheet = book.active
        for row in (
            ["Nämnd", "Konto", 2031, 2032],
            ["Hamn", "411", 1, 2],
            ["Gömd", "412", 3, 4],
            ["Kultur", "413", 5, 6],
        ):
            sheet.append(row)
        sheet.merge_cells("B1:C1")
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    document = opened(tmp_path, "a.xlsx", workbook(fill))
    assert outline(document) == [[["Nämnd", "Konto", "2032"], ["Hamn", "1", "2"], ["Kultur", "5", "6"]]]
    assert document.notes == ("The sheet 'Sheet' has content that is hidden (rows: 1, columns: 1); it was not read.",)


def test_tables_beside_each_other_in_a_sheet_are_two_and_a_table_with_an_empty_column_is_one(tmp_path):
    two = [["Intäkter", 2031, None, "Kostnader", 2031], ["Skatt", 9, None, "Skola", 5], ["Bidrag", 1, None, "Hamn", 4]]
    one = [["Projekt", 2031, None, "Ansvarig", "Klart"], ["Kaj", 9, None, "Hamnchef", 1], ["Kran", 1, None, "Chef", 4]]
    for rows, count in ((two, 2), (one, 1)):
        tables = list(
            opened(tmp_path, "a.xlsx", workbook(lambda book, rows=rows: [*map(book.active.append, rows)])).tables
        )
        assert len(tables) == count
        assert cells(tables[-1])[1][-2:] == [str(rows[1][3]), str(rows[1][4])]


def ods(body):
    stream = io.BytesIO()
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name='Blad1'>{body}"
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return stream.getvalue()


def test_ods_cells_are_read_as_shown(tmp_path):
    body = (
        "<table:table-row><table:table-cell><text:p>Kod</text:p></table:table-cell>"
        "<table:table-cell table:number-columns-repeated='2'><text:p>Andel</text:p></table:table-cell>"
        "<table:table-cell table:number-columns-repeated='16000'/></table:table-row>"
        "<table:table-row><table:table-cell><text:p>0114</text:p></table:table-cell><table:table-cell/>"
        "<table:table-cell office:value='0.784'><text:p>78,4 %</text:p></table:table-cell></table:table-row>"
        "<table:table-row table:number-rows-repeated='1048000'><table:table-cell/></table:table-row>"
    )
    (table,) = opened(tmp_path, "a.ods", ods(body)).tables
    assert cells(table) == [["Kod", "Andel", "Andel"], ["0114", "", "78,4 %"]]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_files_keep_codes_and_lines(tmp_path, delimiter):
    lines = ["Kod;Namn;Andel", '0114;"Sjö; viken";5', "", "0127;Hamn;7"]
    text = "\r\n".join(
        line.replace(";", delimiter).replace(f"Sjö{delimiter} viken", f"Sjö{delimiter} viken") for line in lines
    )
    first, second = opened(tmp_path, "a.csv", text).tables
    assert cells(first) == [["Kod", "Namn", "Andel"], ["0114", f"Sjö{delimiter} viken".replace("\t", ""), "5"]]
    assert [row[0].place.line for row in second.rows] == [4]


def test_the_line_that_tells_excel_the_delimiter_is_no_content(tmp_path):
    document = opened(tmp_path, "a.csv", "sep=;\r\nNämnd;Budget 2031\r\nHamn;-13 105,4\r\n")
    assert outline(document) == [[["Nämnd", "Budget 2031"], ["Hamn", "-13 105,4"]]]


# --- refusals --------------------------------------------------------------------------------------------------------


def test_odt_old_office_files_and_archives_are_refused_with_what_to_do(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    with pytest.raises(PlanError, match="is an ODT document"):
        opened(tmp_path, "a.odt", stream.getvalue())
    with pytest.raises(PlanError, match="protected by a password"):
        opened(tmp_path, "a.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(PlanError, match="old format"):
        opened(tmp_path, "a.doc", b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"))
