from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import html

from compare.reports import publishing, records
from compare.reports.publishing import ATOM, publish, retain

START = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    return tmp_path / "outputs"


def keep_run(outputs: Path, name: str, day: int, status: str = "ok", **said: object) -> Path:
    ended = START + timedelta(days=day)
    folder = outputs / name / (records.stamp(ended) + ("" if status == "ok" else f"-{status}"))
    folder.mkdir(parents=True)
    content = {
        "name": name,
        "report": "goals",
        "title": {"sv": "Mål <b>och</b> mer", "en": "Goals"},
        "question": {"sv": "Hur många?", "en": "How many?"},
        "status": status,
        "message": "cell 3: <script>",
        "parameters": {"municipalities": None, "years": None, "language": "sv", **said},
        "finding": "Av 3 mål nåddes <b>1</b>.",
        "lacking": said.get("municipalities", []) if status == "no_data" else [],
        "snapshot": "0123456789ab",
        "identity": "x",
        "ended": ended.isoformat(),
        "outputs": {"report.html": {}, "report.pdf": {}},
    }
    (folder / "run.json").write_text(json.dumps(content), encoding="utf-8")
    (folder / "report.html").write_text("<p>x</p>", encoding="utf-8")
    if status == "ok":
        records.point_latest(outputs / name, folder)
    return folder


def test_the_index_lists_reports_by_municipality_and_links_only_to_what_exists(outputs):
    keep_run(outputs, "goals-sv", 1)
    keep_run(outputs, "goals-0188-sv", 2, municipalities=["0188"], years=[2022])
    keep_run(outputs, "goals-en", 2, language="en")
    publish(outputs)
    page = html.parse(outputs / "index.html").getroot()
    assert page.get("lang") == "sv"
    assert "Norrtälje" in [term.text for term in page.iter("dt")]
    links = list(page.xpath("//main//a/@href"))
    assert "goals-sv/latest/report.html" in links
    assert "goals-en/latest/report.html" not in links
    for link in links:
        assert link.endswith(".pdf") or (outputs / link).exists()
    english = html.parse(outputs / "index.en.html").getroot()
    assert "goals-en/latest/report.html" in english.xpath("//a/@href")


def test_a_report_that_could_not_be_renewed_shows_its_last_good_run_and_says_so(outputs):
    keep_run(outputs, "goals-sv", 1)
    keep_run(outputs, "goals-sv", 2, "failed")
    publish(outputs)
    index = (outputs / "index.html").read_text(encoding="utf-8")
    assert "✗ misslyckad" in index
    assert "senaste lyckade körning" in index
    status = (outputs / "status.html").read_text(encoding="utf-8")
    assert "cell 3: &lt;script&gt;" in status
    assert "Mål &lt;b&gt;och" in index


def test_the_index_and_the_feed_tell_the_first_finding_and_the_status_page_the_title(outputs):
    keep_run(outputs, "goals-sv", 1)
    publish(outputs)
    index = html.parse(outputs / "index.html").getroot()
    assert index.xpath("//p[@class='finding']")[0].text_content() == "Första iakttagelsen: Av 3 mål nåddes <b>1</b>."
    feed = ElementTree.parse(outputs / "feed.xml").getroot()
    summary = feed.findtext(f"{{{ATOM}}}entry/{{{ATOM}}}summary")
    assert summary == "Av 3 mål nåddes <b>1</b>. Kommuner: alla. Ögonblicksbild: 0123456789ab."
    status = html.parse(outputs / "status.en.html").getroot()
    assert status.xpath("//tbody//a")[0].text_content().startswith("Goals (Svenska)goals-sv/2024-01-02")
    keep_run(outputs, "goals-0188-sv", 2, municipalities=["0188"])
    publish(outputs)
    assert not html.parse(outputs / "index.html").getroot().xpath("//p[@class='finding']")


def test_a_long_finding_is_told_as_far_as_whole_sentences_have_room():
    first, second = "Av 7 mål, t.ex. om skolan, nåddes 3.", "Av 9 nåddes 4."
    assert publishing._opening(f"{first} {second}") == f"{first} {second}"
    assert publishing._opening(f"{first} {'Mycket ' + 'mer ' * 60}.") == first
    assert publishing._opening("") == ""


def test_retention_keeps_the_newest_good_runs_and_the_latest_and_outlives_failures(outputs):
    runs = [keep_run(outputs, "goals-sv", day) for day in range(5)]
    old_failure = keep_run(outputs, "goals-sv", 2, "failed")
    new_failure = keep_run(outputs, "goals-sv", 9, "failed")
    removed = retain(outputs, 2)
    assert sorted(removed) == sorted([*runs[:3], old_failure])
    assert new_failure.exists()
    assert (outputs / "goals-sv" / "latest" / "report.html").exists()


def test_without_a_rule_nothing_is_thrown_away(outputs):
    keep_run(outputs, "goals-sv", 1)
    assert retain(outputs, None) == []


def test_the_feed_tells_the_newest_first_and_is_well_formed(outputs):
    for day in (1, 3, 2):
        keep_run(outputs, "goals-sv", day)
    publish(outputs, site={"address": "https://example.org/reports/"})
    root = ElementTree.parse(outputs / "feed.xml").getroot()
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "sv"
    updated = [entry.findtext(f"{{{ATOM}}}updated") for entry in root.iter(f"{{{ATOM}}}entry")]
    assert updated == sorted(updated, reverse=True)
    link = root.find(f"{{{ATOM}}}entry/{{{ATOM}}}link")
    assert link is not None
    assert link.get("href", "").startswith("https://example.org/reports/goals-sv/2024-01-04")


@pytest.mark.parametrize("site", [{}, {"address": "https://example.org/reports"}])
def test_the_feed_has_what_readers_of_feeds_ask_for(outputs, site):
    for day in (1, 2):
        keep_run(outputs, "goals-sv", day)
    publish(outputs, site=site)
    root = ElementTree.parse(outputs / "feed.xml").getroot()
    ids = [one.text for one in root.iter(f"{{{ATOM}}}id")]
    assert len(set(ids)) == len(ids) == 3
    for one in ids:
        assert uuid.UUID(one) if one.startswith("urn:uuid:") else one.startswith("https://example.org/reports/")
    links = {link.get("rel"): link.get("href").rpartition("/")[2] for link in root.findall(f"{{{ATOM}}}link")}
    assert links == {"self": "feed.xml", "alternate": "index.html"}
    for entry in root.iter(f"{{{ATOM}}}entry"):
        assert all(entry.findtext(f"{{{ATOM}}}{name}") for name in ("title", "id", "updated", "summary"))


def test_the_same_runs_give_the_same_site(outputs):
    keep_run(outputs, "goals-sv", 1)
    publish(outputs)
    before = {path.name: path.read_bytes() for path in outputs.glob("*.*ml")}
    publish(outputs)
    assert before == {path.name: path.read_bytes() for path in outputs.glob("*.*ml")}
    assert len(before) == 8


def test_an_empty_site_says_that_there_is_no_report(outputs):
    publish(outputs)
    assert "Ingen rapport är gjord ännu." in (outputs / "index.html").read_text(encoding="utf-8")


def test_the_accessibility_statement_names_the_contact(outputs):
    publish(outputs, site={"name": {"sv": "Lillköping", "en": "Lillkoping"}, "contact": "web@example.org"})
    statement = (outputs / "accessibility.html").read_text(encoding="utf-8")
    assert "web@example.org" in statement
    assert "Lillköping" in statement


def test_a_report_on_one_unnamed_municipality_is_not_listed_as_being_about_all(outputs):
    keep_run(outputs, "profile-sv", 1, municipality=None)
    publish(outputs)
    page = html.parse(outputs / "index.html").getroot().text_content()
    assert "kommunen med flest uppgifter" in page
    assert "alla kommuner" not in page


def test_a_run_without_data_is_a_good_one_that_index_and_status_page_tell_apart(outputs):
    keep_run(outputs, "goals-0114-sv", 1, "no_data", municipalities=["0114"])
    publish(outputs)
    index, status = ((outputs / name).read_text(encoding="utf-8") for name in ("index.html", "status.html"))
    assert "\N{WHITE CIRCLE} klar, utan data" in index
    assert "could not be renewed" not in index
    assert "Ingen plan från Upplands Väsby finns" in status
    assert "notebook.ipynb" not in status


def test_many_editions_are_folded_and_municipalities_stand_by_initial_in_swedish_order(outputs):
    codes = ["0180", "1493", "1492", "1490", "2580", "0114", "0115", "0117", "0120", "0123", "0125", "0126", "0127"]
    for code in [*codes, "0136"]:
        keep_run(outputs, f"goals-{code}-sv", 1, municipalities=[code])
    page = html.fromstring(publish(outputs).read_text(encoding="utf-8"))
    assert [one.text_content() for one in page.xpath("//section[@aria-labelledby='group-1']//summary")] == [
        "14 utgåvor"
    ]
    initials = [
        one.text_content().split()[0] for one in page.xpath("//section[@aria-labelledby='by-municipality']//summary")
    ]
    assert initials == sorted(initials, key="ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ".index)
    assert (
        publishing._swedish_order("Ånge")
        < publishing._swedish_order("Älvkarleby")
        < publishing._swedish_order("Öckerö")
    )


def test_runs_that_failed_stand_first_on_the_status_page(outputs):
    keep_run(outputs, "a-sv", 1)
    keep_run(outputs, "z-sv", 1, "failed")
    publish(outputs)
    text = (outputs / "status.html").read_text(encoding="utf-8")
    assert text.index("z-sv/") < text.index("a-sv/")
