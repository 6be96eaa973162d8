"""The shipped notebooks run on the shipped plans, in both languages, and what they say is true of the documents."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from lxml import html

from compare import snapshots
from compare.reports import batches, planning
from compare.reports.catalogue import open_catalogue

ROOT = Path(__file__).parents[1]
LANGUAGES = ("sv", "en")


@pytest.fixture(scope="session")
def runs(tmp_path_factory):
    """Every report of the catalogue's main batch, run as `plancompare run` runs it."""
    place = tmp_path_factory.mktemp("site")
    snapshots.load(ROOT / "data" / "plans", place / "snapshots")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        requests = planning.plan_batch(
            open_catalogue(ROOT / "notebooks" / "reports.toml"),
            "all",
            outputs=place / "outputs",
            snapshots_folder=place / "snapshots",
            plans=ROOT / "data" / "plans",
        )
        results = batches.run_batch(requests, workers=2)
    return {result.name: result for result in results}


@pytest.fixture(scope="session")
def pages(runs):
    failed = {name: result.message for name, result in runs.items() if not result.is_ok}
    assert failed == {}
    return {name: html.parse(result.folder / "report.html").getroot() for name, result in runs.items()}


def _words(page) -> str:
    return re.sub(r"\s+", " ", page.find(".//main").text_content()).replace("\u00a0", " ")


def test_every_report_exists_in_both_languages(pages):
    names = {name.rsplit("-", 1)[0] for name in pages}
    assert {f"{name}-{language}" for name in names for language in LANGUAGES} == set(pages)
    assert {"load_plans", "goal_structures", "budget_allocations", "completion_rates"} <= names


def test_every_page_can_be_read_aloud_and_fetches_nothing(pages):
    for name, page in pages.items():
        assert page.get("lang") == name.rsplit("-", 1)[1], name
        assert len(page.findall(".//h1")) == 1, name
        assert page.xpath("//a[contains(@class, 'skip-link')]"), name
        assert all(alt.strip() for alt in page.xpath("//img/@alt")), name
        assert len(page.xpath("//img/@alt")) == len(page.xpath("//img")), name
        assert all(table.find("caption") is not None for table in page.iter("table")), name
        assert all(head.get("scope") for head in page.iter("th")), name
        assert not page.xpath("//script | //link[@rel='stylesheet'] | //iframe"), name
        assert not [src for src in page.xpath("//@src") if not src.startswith("data:")], name


def test_no_page_shows_code_or_what_python_calls_missing(pages):
    for name, page in pages.items():
        assert "import compare" not in _words(page), name
        cells = {cell.text_content().strip() for cell in page.iter("td", "th", "li", "p")}
        assert not cells & {"nan", "NaN", "None", "NaT", "<NA>"}, name


def test_what_the_completion_report_says_of_the_forecasts_is_true(pages):
    assert "6 of 8 assignments" in _words(pages["completion_rates-en"])
    assert re.search(r"Of 7 assignments .{0,60}5 were completed", _words(pages["completion_rates-en"]))
    assert re.search(r"Av 7 uppdrag .{0,60}blev 5 genomförda", _words(pages["completion_rates-sv"]))


def test_a_municipality_without_data_is_said_to_have_none(pages):
    assert re.search(r"Norrtälje( och \w+)? har inga uppgifter om", _words(pages["completion_rates-sv"]))
    assert re.search(r"(\w+ and )?Östersund (has|have) no data on", _words(pages["budget_allocations-en"]))


def test_each_run_keeps_its_record_and_the_data_behind_its_figures(runs):
    for name, result in runs.items():
        record = json.loads((result.folder / "run.json").read_text(encoding="utf-8"))
        assert record["status"] == "ok", name
        assert list((result.folder / "data").glob("*.csv")), name


def test_codes_survive_in_the_data_as_four_digits(runs):
    path = next((runs["goal_structures-en"].folder / "data").glob("*levels*.csv"))
    codes = pd.read_csv(path, dtype=str)["municipality_code"]
    assert set(codes) <= {"0188", "1291", "2380"}


def test_notebooks_are_kept_without_outputs_and_define_no_functions():
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        assert 5 <= len(cells) <= 14, path.name
        assert not any(cell["outputs"] or cell["execution_count"] for cell in code), path.name
        lines = [line for cell in code for line in "".join(cell["source"]).splitlines()]
        assert not [line for line in lines if re.match(r"\s*(def|class|async def)\s", line)], path.name
