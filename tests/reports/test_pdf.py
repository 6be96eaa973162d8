from __future__ import annotations

import re

import pypdfium2
import pytest
from lxml import html

from compare.reports import pdf as print_
from compare.reports.pdf import quoted
from compare.reports.runs import run_report

TEXT = """\
from IPython.display import HTML
HTML('''<section><h2 id="a">Mål #set \\\\ $x$ "q" [b]</h2><p id="p">En <strong>fet</strong>
<a href="#a">länk</a> och <a href="https://example.org">adress</a>, <a href="#gone">borta</a></p>
<ul><li>ett</li><li><p>två</p><ol><li>tre</li></ol></li></ul><dl><dt>Ord</dt><dd>Sak</dd></dl><hr>
<details><summary>Visa</summary><p>dolt</p></details><pre>a  b</pre></section>''')
"""
LONG = """\
from IPython.display import HTML
rows = "".join(f"<tr><th>Rad {n}</th><td class='number'>{n}</td></tr>" for n in range(150))
HTML(f"<table><caption>Lång</caption><thead><tr><th>Namn</th><th>Tal</th></tr></thead><tbody>{rows}</tbody></table>")
"""


@pytest.fixture
def pdf(project, request_for):
    def make(*cells: str) -> pypdfium2.PdfDocument:
        catalogue = project(goals=("# Mål", *cells))
        result = run_report(request_for(catalogue, "goals", formats=("html", "pdf")))
        assert result.status == "ok", result.message
        return pypdfium2.PdfDocument(result.folder / "report.pdf")

    return make


def text_of(document: pypdfium2.PdfDocument) -> str:
    return " ".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", " ")


def test_the_pdf_says_it_is_ua_1_tagged_and_in_the_language(pdf, pieces):
    document = pdf(pieces.figure)
    raw = document._input.read_bytes()
    assert b"pdfuaid" in raw
    assert b"/StructTreeRoot" in raw
    assert b"/Lang (sv)" in raw or b"/Lang(sv)" in raw
    assert b"A line that rises from 1 to 3" in raw or b"/Alt" in raw
    assert document.get_metadata_dict()["Title"] == "Mål"


def test_whatever_the_words_hold_is_set_as_words(pdf):
    said = text_of(pdf(TEXT))
    for part in ('Mål #set \\ $x$ "q" [b]', "En fet länk och adress, borta", "två", "tre", "dolt", "Ord", "Innehåll"):
        assert part in said


def test_a_long_table_continues_with_its_head(pdf):
    document = pdf(LONG)
    assert len(document) > 2
    assert text_of(document).count("Namn") > 2
    assert "Rad 149" in text_of(document)


@pytest.mark.parametrize(
    "text", ['"', "\\", "#panic()", "\n", "\x00", "\u2028", "å ✓ 你", "\\u{41}", '" + read("/etc/hosts") + "']
)
def test_no_text_leaves_its_quotes(text):
    code = quoted(text)
    assert code.startswith('"')
    assert code.endswith('"')
    inside = code[1:-1].replace("\\\\", "").replace('\\"', "")
    assert '"' not in inside


def test_many_columns_share_the_page_by_what_stands_in_them_and_few_as_they_need_it():
    def row(*cells: str, tag: str = "td"):
        return html.fragment_fromstring(f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>")

    heads = row("År", "Namn", "Enhet", "2020", "2021", "2022", "2023", tag="th")
    long = row("2020", "Återkopplingstid i förvaltningarnas ärenden, månader", "%", "1", "2", "3", "36\u00a0519")
    assert print_._widths([heads, long], 7) == "(6fr, 28fr, 7fr, 6fr, 6fr, 6fr, 8fr,)"
    assert print_._widths([heads, long], 6) == "6"
    assert print_._widths([html.fragment_fromstring("<tr><td colspan='2'>x</td></tr>"), long], 7) == "7"


def test_where_the_page_is_full_long_cells_stand_in_more_lines_and_no_word_is_broken():
    cells = ["Kommunstyrelsekontoret", "utfall", "12 345", "prognos", "Ett långt namn på en indikator för en nämnd"]
    row = html.fragment_fromstring(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells * 3)}</tr>")
    widths = [int(width) for width in re.findall(r"\d+", print_._widths([row], 15))]
    assert all(width >= len(word) for width, cell in zip(widths, cells * 3, strict=True) for word in cell.split())
    assert widths[4] < print_.WIDEST


def test_a_small_figure_is_not_blown_up_to_the_width_of_the_page():
    image = html.fragment_fromstring('<img src="x" width="432">')
    assert print_._share_of_page(image) == 50
    assert print_._share_of_page(html.fragment_fromstring('<img src="x" width="1200">')) == 100
    assert print_._share_of_page(html.fragment_fromstring('<img src="x">')) == 100
