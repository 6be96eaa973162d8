from __future__ import annotations

import base64
import json
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from compare.problems import PlanError
from compare.reports import markup, rendering
from compare.reports.runs import run_report

SCRIPT = """\
from IPython.display import HTML, Markdown, display
from html import escape
display(HTML("<p>" + escape("Mål <script>alert(1)</script>") + "</p>"))
display(HTML("<p onclick='alert(2)'>Hej<script>alert(3)</script><img src='https://example.org/x.png' alt='x'></p>"))
display(Markdown("# Andra\\n\\n<iframe src='https://example.org'></iframe>[länk](javascript:alert(4))"))
"""


@pytest.fixture
def page(project, request_for, pieces):
    def make(*cells: str, **given):
        catalogue = project(goals=cells)
        result = run_report(request_for(catalogue, "goals", **given))
        assert result.status == "ok", result.message
        return (result.folder / "report.html").read_text(encoding="utf-8")

    return make


def test_a_page_has_what_a_screen_reader_needs(page, pieces):
    text = page("# Mål", "## Fynd", pieces.figure, pieces.table, "#### Djupt")
    tree = html.fromstring(text)
    assert tree.get("lang") == "sv"
    assert [h.text_content() for h in tree.iter("h1")] == ["Mål"]
    assert tree.xpath("//a[@class='skip-link']/@href") == ["#content"]
    assert len(tree.xpath("//main[@id='content']")) == 1
    assert tree.xpath("//nav[@class='contents']//a/@href")[:1] == ["#fynd"]
    assert tree.xpath("//img/@alt") == ["A line that rises from 1 to 3"]
    assert tree.xpath("//table[1]//th/@scope")[:3] == ["col", "col", "row"]
    levels = [int(h.tag[1]) for h in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert tree.findtext(".//title").startswith("Mål")


def test_a_page_is_whole_in_itself_and_may_fetch_nothing(page, pieces):
    text = page("# Mål", pieces.figure, pieces.table)
    policy = html.fromstring(text).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy[0].startswith("default-src 'none';")
    assert not re.findall(r"(?:src|action|data|poster)=[\"'](?!data:image/)", text)
    assert not re.search(r"<(script|link|iframe|object|embed|form)\b", text)
    assert len(text) < 40_000


def test_a_page_shows_no_code_and_no_cells_for_the_person_at_the_notebook(page):
    text = page("# Mål", "a_name = 3\nimport sys\nprint('till läsaren')\nprint('varning', file=sys.stderr)")
    assert "a_name" not in text
    assert "till läsaren" in text
    assert "varning" not in text


def test_text_of_documents_shows_as_text_and_nothing_runs_or_fetches(page):
    text = page("# Mål", SCRIPT)
    assert "Mål &lt;script&gt;alert(1)&lt;/script&gt;" in text
    for part in ("<script", "onclick", "alert(2)", "alert(3)", "example.org", "<iframe", 'href="javascript:'):
        assert part not in text


def test_a_figure_without_description_fails_the_run_and_names_the_cell(project, request_for, pieces):
    catalogue = project(goals=("# Mål", pieces.figure.replace("alt", "other")))
    result = run_report(request_for(catalogue, "goals"))
    assert result.status == "failed"
    assert "without a description" in result.message


def test_the_page_speaks_the_language_of_the_run_and_leads_to_its_sister(page):
    text = page("# Goals", language="en", sisters={"sv": "goals-sv", "en": "goals-en"})
    assert '<html lang="en">' in text
    assert "Skip to the content" in text
    assert '<a href="../../goals-sv/latest/report.html" lang="sv" hreflang="sv">Svenska</a>' in text


def test_downloads_and_parameters_stand_in_the_page(page, pieces):
    text = page("# Mål", pieces.data, municipalities="0188", formats=("html", "pdf"))
    assert html.fromstring(text).xpath("//ul[@class='downloads']//a[@href='data/goals.csv']/text()") == ["goals"]
    assert 'href="report.pdf"' in text
    assert "Norrtälje (0188)" in text


def test_the_first_finding_of_a_notebook_is_known_and_missing_where_it_shows_none(tmp_path):
    path = tmp_path / "notebook.ipynb"
    shown = {"data": {"text/plain": ["Vad vi fann\n", "- Ett.\n", "- Två."]}, "metadata": {}}
    for element, expected in (("findings", "Ett."), ("table", "")):
        output = {**shown, "metadata": {"plancompare": {"element": element}}}
        path.write_text(json.dumps({"cells": [{"source": ""}, {"outputs": [output]}]}), encoding="utf-8")
        assert rendering.leading_finding(path) == expected


def test_data_files_are_called_what_the_page_calls_them():
    tree = html.fromstring(
        "<div><table><caption>Tabell 1. Mål</caption></table><p class='downloads'><a href='data/table-1.csv'>CSV</a>"
        "</p><figure><figcaption><strong>Figur 1. Andelar</strong> <span>Streck.</span></figcaption><table><caption>D"
        "</caption></table><p class='downloads'><a href='data/figure-1.csv'>CSV</a></p></figure></div>"
    )
    assert rendering._titles_of_data(tree) == {"table-1.csv": "Tabell 1. Mål", "figure-1.csv": "Figur 1. Andelar"}


HOSTILE = st.lists(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
            "<svg><animate onbegin=alert(1)></svg>",
            "<a href=' java\tscript:alert(1)'>x</a>",
            "<a href='data:text/html,x'>x</a>",
            "<p style='background:url(https://example.org)'>x</p>",
            "<math><mtext><script>alert(1)</script></mtext></math>",
            "<table background='https://example.org'><tr><td>x</table>",
            "<!--<script>-->",
            "<h1>x</h1>",
            "<h4 id=a>x</h4>",
            "<p id=a>x",
            "text & <b>mer",
            "<base href='https://example.org'>",
            "<meta http-equiv=refresh content='0;url=https://example.org'>",
        ]
    ),
    max_size=8,
)


@given(HOSTILE)
def test_nothing_that_runs_or_fetches_is_left_whatever_comes(parts):
    try:
        tree, _ = markup.arranged("".join(parts), "Rubrik")
    except PlanError:  # an image without description
        return
    text = markup.serialised(tree)
    assert not re.search(r"<script|<animate|\son\w+=|javascript:|example\.org|<base|<meta|data:text", text)
    clean = html.fragment_fromstring(text, create_parent="div")
    assert len(list(clean.iter("h1"))) == 1
    ids = clean.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_an_embedded_image_stays():
    data = base64.b64encode(b"x").decode()
    tree, _ = markup.arranged(f'<p><img src="data:image/png;base64,{data}" alt="En bild"></p>', "Rubrik")
    assert f"data:image/png;base64,{data}" in markup.serialised(tree)
