from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from compare.presentation.wording import Wording
from compare.problems import PlanError, ProblemsFound
from compare.reports.catalogue import open_catalogue, stable_name

ROOT = Path(__file__).parents[2]


def test_a_catalogue_gives_reports_with_their_parameters_and_batches(project):
    catalogue = project(goals=("# Mål",))
    report = catalogue.report("goals")
    assert [parameter.name for parameter in report.parameters] == ["municipalities", "years", "language", "snapshot"]
    assert report.title["en"] == "Goals of the municipalities"
    assert catalogue.batch("all").reports == ("goals",)


def test_an_unknown_report_is_told_with_those_there_are(project):
    with pytest.raises(PlanError, match="no report is called 'gaols'; there are goals; list them: plancompare reports"):
        project(goals=("# Mål",)).report("gaols")


def test_everything_wrong_in_a_catalogue_is_told_at_once(project, tmp_path):
    extra = """
    [reports.gone]
    title = { sv = "Borta" }
    question = { sv = "Var?", en = "Where?" }
    shape = "round"
    [batches.odd]
    reports = ["goals", "nothing"]
    formats = ["docx"]
    keep = 0
    """
    with pytest.raises(ProblemsFound) as refused:
        project(extra, goals=("# Mål",))
    told = str(refused.value)
    for part in (
        "gone has an unknown entry shape",
        "gone has no title in en",
        "no notebook gone.ipynb",
        "report 'nothing' is unknown",
        "format 'docx' is unknown",
        "keeps 0 runs",
    ):
        assert part in told


def test_a_parameter_that_the_notebook_does_not_take_is_told(project, tmp_path):
    with pytest.raises(ProblemsFound, match=r"goals.ipynb does not take the parameter level"):
        project('[reports.goals.own.level]\ntype = "integer"\nhelp = { sv = "Nivå", en = "Level" }', goals=("# Mål",))


def test_a_catalogue_that_is_missing_or_broken_is_an_error_in_plain_words(tmp_path):
    with pytest.raises(PlanError, match="no catalogue of reports"):
        open_catalogue(tmp_path / "reports.toml")
    (tmp_path / "reports.toml").write_text("[reports", encoding="utf-8")
    with pytest.raises(PlanError, match="cannot be read"):
        open_catalogue(tmp_path / "reports.toml")


def test_the_stable_name_tells_what_differs_from_the_defaults(project):
    report = project(goals=("# Mål",)).report("goals")
    assert stable_name(report, report.resolve({})) == "goals-sv"
    assert (
        stable_name(report, report.resolve({"municipalities": "2380,0188", "language": "en"})) == "goals-0188-2380-en"
    )
    many = stable_name(report, report.resolve({"municipalities": ",".join(f"{n:04d}" for n in range(20))}))
    assert many.startswith("goals-20-municipalities-")
    assert len(many) < 60


@pytest.mark.skipif(
    len(list((ROOT / "notebooks").glob("*.ipynb"))) < 4, reason="the notebooks of the project are not all there"
)
def test_the_projects_own_catalogue_is_in_order():
    catalogue = open_catalogue(ROOT / "notebooks" / "reports.toml")
    assert {"goal_structures", "budget_allocations", "completion_rates"} <= set(catalogue.reports)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_list_of_reports_asks_the_question_that_the_page_asks(language):
    say, somebody = Wording(language), {"sv": "en kommun", "en": "a municipality"}[language]
    for report in open_catalogue(ROOT / "notebooks" / "reports.toml").reports.values():
        cells = json.loads(report.notebook.read_text(encoding="utf-8"))["cells"]
        source = "\n".join("".join(cell["source"]) for cell in cells)
        [said] = re.findall(r'page\.question\(\s*((?:"[^"]*"\s*)+)', source)
        assert report.question[language] == say("".join(re.findall(r'"([^"]*)"', said)), name=somebody)
