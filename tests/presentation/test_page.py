from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import lxml.html
import pandas as pd
import pytest

from compare.contract import Tables, frame
from compare.presentation import figures, sentences
from compare.presentation.page import LEADING_FINDINGS, RUN_FOLDER, Page
from compare.presentation.places import Place, places_of_ids
from compare.presentation.wording import NO_BREAK_SPACE
from compare.problems import PlanError


def plans(title: str = "Uppföljning") -> Tables:
    at = {"document_id": "2380-follow-up-2022-t1", "municipality_code": "2380", "year": 2022}
    document = {
        **at,
        "title": title,
        "kind": "follow_up",
        "period": "T1",
        "reading": "reviewed",
        "source_url": "https://example.org/t1",
    }
    assignments = [
        {**at, "assignment_id": f"a{line}", "kind": "assignment", "title": "Utred", "line": line, "line_end": line + 1}
        for line in (5, 9)
    ]
    return Tables(documents=frame("documents", [document]), assignments=frame("assignments", assignments))


@pytest.fixture
def page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Page:
    return Page("Goals", plans(), "sv", output=tmp_path)


def html(page: Page) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(f"<main>{''.join(element.html for element in page.elements)}</main>")


COUNTS = pd.DataFrame({"municipality_code": ["2380"], "period": ["2022-T1"], "status": ["completed"], "n": [4]})


def test_a_page_has_one_h1_and_every_id_once(page: Page):
    page.title()
    page.findings([])
    page.heading("Goals")
    page.heading("Goals")
    page.figure(figures.status_bars(COUNTS, page.say))
    page.table(COUNTS, "Goals")
    page.sources()
    page.parameters({"language": "sv"})
    tree = html(page)
    assert [h.text_content() for h in tree.xpath("//h1")] == ["Mål"]
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_subtitle_says_municipalities_and_years(page: Page):
    page.title()
    assert html(page).xpath("//header/p")[0].text_content() == "Östersund, 2022"


def test_the_subtitle_of_many_municipalities_says_how_many_and_not_the_first_few():
    documents = pd.DataFrame(
        {
            "document_id": [f"{code}-goal-page-2022" for code in range(9001, 9008)],
            "municipality_code": [str(code) for code in range(9001, 9008)],
            "kind": "goal_page",
            "title": "Mål",
            "year": 2022,
            "reading": "machine",
        }
    )
    page = Page("Goals", Tables(documents=documents), "en")
    page.title()
    assert "7 municipalities, 2022" in page.elements[-1].text


def test_what_could_not_be_drawn_takes_no_number(page: Page):
    page.figure(figures.status_bars(COUNTS.head(0), page.say))
    page.figure(figures.status_bars(COUNTS, page.say))
    assert html(page).xpath("//figcaption")[0].text_content().startswith("Figur 1.")


def test_an_empty_table_whose_caption_is_a_sentence_is_said_in_words(page: Page):
    page.table(COUNTS.head(0), "Net cost of the finest units that the tables print. {whose}", whose="")
    assert ". :" not in page.elements[-1].text
    assert page.elements[-1].text.endswith(": det finns inga rader.")


def test_a_figure_has_alternative_text_a_caption_and_its_data_beside_it(page: Page, tmp_path: Path):
    page.figure(figures.status_bars(COUNTS, page.say, title="Goals"))
    tree = html(page)
    image = tree.xpath("//figure//img")[0]
    assert "4 ”genomfört”" in image.get("alt")
    assert image.get("src").startswith("data:image/png;base64,")
    assert tree.xpath("//figcaption/strong")[0].text_content() == "Figur 1. Mål"
    assert tree.xpath("//figure//details//table")
    links = tree.xpath("//p[@class='downloads']/a/@href")
    assert [Path(link).suffix for link in links] == [".csv", ".xlsx", ".parquet"]
    assert all((tmp_path / link).exists() for link in links)


def test_what_is_the_same_in_every_row_of_a_wide_table_of_data_is_told_once(page: Page):
    more = {name: ["a", "b"] for name in ("unit", "office", "role", "table_title", "parent", "number", "name")}
    data = pd.concat([COUNTS, COUNTS.assign(n=5)], ignore_index=True).assign(**more, title="Samma", title_en="The same")
    drawn = figures.status_bars(COUNTS, page.say)
    page.figure(replace(drawn, data=data))
    (table,) = html(page).xpath("//figure//table")
    assert "Samma" not in table.text_content()
    assert "The same" not in table.text_content()
    (note,) = html(page).xpath("//figure//p[@class='note']/text()")
    assert note.startswith("Lika i alla rader:")
    assert "Titel: Samma" in note
    page.figure(replace(drawn, data=data[["municipality_code", "title", "n"]]))
    assert "Samma" in html(page).xpath("//figure//table")[-1].text_content(), "a narrow table has room"


def test_the_data_of_a_figure_leads_to_the_documents_from_the_front(page: Page):
    page.figure(figures.status_bars(COUNTS.assign(record_ids=[["a9", "a5"]]), page.say))
    (place,) = html(page).xpath("//figure//td[@class='places']/a")
    assert place.text_content().replace(NO_BREAK_SPACE, " ") == "Östersund T1 2022, rad 5–6, 9–10"
    assert place.get("href") == "#source-2380-follow-up-2022-t1"


def test_the_run_s_folder_is_taken_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(RUN_FOLDER, str(tmp_path))
    page = Page("Goals", plans())
    page.table(COUNTS, "Goals", name="counts")
    with (tmp_path / "data" / "table-1-counts.csv").open(encoding="utf-8", newline="") as source:
        assert next(csv.DictReader(source))["n"] == "4"


def test_without_a_folder_no_files_are_written_and_no_links_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(RUN_FOLDER, raising=False)
    page = Page("Goals", plans())
    page.table(COUNTS, "Goals")
    assert page.data_files == []
    assert not html(page).xpath("//p[@class='downloads']")


def test_findings_lead_to_the_places_they_rest_on_and_the_sources_list_them(page: Page):
    page.findings([sentences.Finding("Två uppdrag.", page.places(["a5", "a9", "unknown"])), None])
    page.sources()
    tree = html(page)
    links = tree.xpath("//section[@class='findings']//a")
    assert [a.text_content().replace(NO_BREAK_SPACE, " ") for a in links] == ["Östersund T1 2022, rad 5–6, 9–10"]
    for target in tree.xpath("//a/@href[starts-with(., '#')]"):
        assert tree.xpath("//*[@id=$name]", name=target.removeprefix("#")), target
    assert "rad 5–6, 9–10" in tree.xpath("//section[@class='sources']")[0].text_content().replace(NO_BREAK_SPACE, " ")


def test_the_first_findings_stand_open_and_the_rest_folds(page: Page):
    page.findings([f"Finding {n}." for n in range(LEADING_FINDINGS)])
    assert not html(page).xpath("//section[@class='findings']/details")
    page.findings([f"Finding {n}." for n in range(LEADING_FINDINGS + 2)])
    assert html(page).xpath("//section[@class='findings']/details/summary/text()") == ["Visa 2 iakttagelser till"]
    assert len(html(page).xpath("//section[@class='findings'][2]/ul/li")) == LEADING_FINDINGS


def test_the_sources_list_has_the_places_of_tables_and_of_figures_data_too(page: Page):
    page.table(pd.DataFrame({"n": [2], "record_ids": [["a5", "a9"]]}), "Goals", columns=["n"], places="record_ids")
    page.table(pd.DataFrame({"document_id": ["2380-follow-up-2022-t1"], "page": [3], "line": [77], "n": [1]}), "More")
    page.sources()
    tree = html(page)
    assert {a.get("href") for a in tree.xpath("//td[@class='places']/a")} <= {
        f"#{row.get('id')}" for row in tree.xpath("//section[@class='sources']//li")
    }
    listed = tree.xpath("//section[@class='sources']")[0].text_content().replace(NO_BREAK_SPACE, " ")
    assert "rad 5–6, 9–10" in listed
    assert "s. 3, rad 77" in listed


def test_a_page_without_findings_says_so(page: Page):
    page.findings([None])
    assert "Data ger inget svar" in html(page).text_content()


def test_text_from_documents_is_shown_as_text(tmp_path: Path):
    page = Page("Goals", plans("<script>alert(1)</script>"), output=tmp_path)
    page.paragraph("<img src=x onerror=alert(1)>")
    page.findings([sentences.Finding("<b>x</b>", (Place('"><script>', 1),))])
    page.sources()
    page.parameters({"name": "<i>"})
    tree = html(page)
    assert not tree.xpath("//script | //img | //b | //i")


def test_a_link_that_is_not_to_the_web_is_not_made(tmp_path: Path):
    tables = plans()
    tables.documents["source_url"] = "javascript:alert(1)"
    page = Page("Goals", tables, output=tmp_path)
    page.sources()
    assert not html(page).xpath("//a")


def test_municipalities_without_data_are_named_in_words(page: Page):
    page.no_data_for(["2380", "0188"], COUNTS, "budget by committee")
    texts = [p.text_content() for p in html(page).xpath("//p")]
    assert len(texts) == 1
    assert texts[0].startswith("Norrtälje har inga uppgifter om")


def test_an_empty_table_is_said_in_words(page: Page):
    page.table(COUNTS.iloc[:0], "Goals")
    assert html(page).xpath("//p[@class='no-data']")[0].text_content() == "Tabell 1. Mål: det finns inga rader."


def test_warnings_follow_from_the_documents_and_from_the_notebook(page: Page):
    page.warnings("self_reported")
    texts = [li.text_content() for li in html(page).xpath("//section[@class='warnings']//li")]
    assert texts == [
        "Det finns data för bara en kommun; inget kan jämföras.",
        "Statusarna är kommunernas egna bedömningar.",
    ]


@pytest.mark.parametrize(
    ("wordings", "said"),
    [(["synthetic"] * 2, "The plans are synthetic"), (["source", "synthetic"], "Some of the plans")],
)
def test_a_page_on_plans_made_up_for_tests_says_so_below_its_title_and_among_the_warnings(wordings, said):
    documents = pd.DataFrame(
        {
            "document_id": ["9001-goal-page-2022", "9002-goal-page-2022"],
            "municipality_code": ["9001", "9002"],
            "kind": "goal_page",
            "title": "Påhittat",
            "year": 2022,
            "reading": "machine",
            "wording": wordings,
        }
    )
    page = Page("Trial", Tables(documents=documents), "en")
    page.title()
    page.warnings()
    assert all(f"{said}" in element.html and "made for tests" in element.html for element in page.elements)


def test_a_page_on_plans_that_were_read_says_nothing_of_made_up_ones(page: Page):
    page.title()
    assert "synthetic" not in page.elements[-1].html


def test_an_unknown_warning_is_refused_with_the_known_ones(page: Page):
    with pytest.raises(PlanError, match="small_numbers"):
        page.warnings("smal_numbers")


def test_parameters_show_names_of_municipalities_and_all_for_none(page: Page):
    page.parameters({"municipalities": ["0188"], "years": None, "language": "en"})
    assert [td.text_content() for td in html(page).xpath("//td")] == ["Norrtälje (0188)", "alla", "engelska"]


def test_elements_read_as_text_where_there_is_no_browser(page: Page):
    page.heading("Goals")
    assert repr(page.elements[-1]) == "Mål"
    data, metadata = page.elements[-1]._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain"}
    assert metadata["plancompare"]["element"] == "heading"


def test_the_same_page_twice_is_equal_byte_for_byte(tmp_path: Path):
    made = []
    for run in ("a", "b"):
        page = Page("Goals", plans(), output=tmp_path / run)
        page.figure(figures.status_bars(COUNTS, page.say))
        page.table(COUNTS, "Goals")
        files = sorted((tmp_path / run).rglob("*.*"))
        made.append(([element.html for element in page.elements], [file.read_bytes() for file in files]))
    assert made[0] == made[1]


def test_places_of_records_are_found_by_id_in_the_order_asked():
    assert [place.line for place in places_of_ids(plans(), ["a9", "nothing", "a5", "a9"])] == [9, 5]


def test_many_municipalities_without_data_are_named_in_one_sentence(page: Page):
    page.no_data_for(["0188", "0114", "0115", "0117", "0120", "2380"], COUNTS, "budget by committee")
    texts = [p.text_content() for p in html(page).xpath("//p")]
    assert len(texts) == 1
    assert texts[0].startswith("5 kommuner har inga uppgifter")
    assert "Norrtälje" in texts[0]


def test_a_long_list_of_sources_folds(tmp_path: Path):
    documents = pd.concat([plans().documents.assign(document_id=f"d{i}") for i in range(50)], ignore_index=True)
    page = Page("Goals", Tables(documents=documents), output=tmp_path)
    page.sources()
    tree = html(page)
    assert tree.xpath("//section//details/summary")[0].text_content() == "Visa 50 dokument"
    assert len(tree.xpath("//details//li")) == 50


def test_very_many_sources_stand_in_short_with_their_places_and_whole_in_a_file(tmp_path: Path):
    rows = [
        {
            "document_id": f"{code}-goal-page-{year}",
            "municipality_code": code,
            "kind": "goal_page",
            "title": "Mål",
            "year": year,
            "reading": "machine",
        }
        for code in ("0188", "2380")
        for year in range(1500, 2001)
    ]
    goal = {"document_id": "2380-goal-page-1999", "municipality_code": "2380", "year": 1999, "goal_id": "g", "line": 7}
    tables = Tables(documents=frame("documents", rows), goals=frame("goals", [{**goal, "title": "Mål", "level": 1}]))
    page = Page("Goals", tables, "en", output=tmp_path)
    page.findings([sentences.Finding("One goal.", page.places("g"))])
    page.sources()
    (section,) = html(page).xpath("//section[@class='sources']")
    lines = section.xpath(".//li")
    assert [line.text_content().split(":")[0] for line in lines] == ["Norrtälje", "Östersund"]
    (place,) = section.xpath(".//*[@id='source-2380-goal-page-1999']")
    assert place.text_content().replace(NO_BREAK_SPACE, " ") == "1999 (line 7)"
    assert len(section.xpath(".//li/span[@id]")) == len(rows)
    assert len(pd.read_csv(tmp_path / "data" / "sources.csv")) == len(rows)


def test_a_table_of_many_columns_shows_fewer_rows_and_cites_only_these(tmp_path: Path):
    page = Page("Goals", plans(), "en", output=tmp_path)
    wide = pd.DataFrame({f"c{n}": range(300) for n in range(40)})
    page.table(wide, "Wide")
    assert len(html(page).xpath("//tbody/tr")) == 200
    assert "Show the first 200 of the table's 300 rows" in html(page).text_content()
