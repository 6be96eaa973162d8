from __future__ import annotations

import re
from pathlib import Path

import pytest

from compare import snapshots
from compare.contract import Tables, frame
from compare.presentation.wording import Wording
from compare.problems import PlanError, ProblemsFound
from compare.reports.catalogue import open_catalogue
from compare.reports.planning import plan_batch, plan_report
from compare.reports.rendering import TEMPLATES
from compare.reports.runs import environment, run_report
from compare.storage import mirror

DOCUMENTS = [("0188", 2022), ("2380", 2022), ("2380", 2024)]


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    rows = [
        {
            "document_id": f"{code}-{year}",
            "municipality_code": code,
            "title": "Plan",
            "kind": "follow_up",
            "year": year,
            "reading": "machine",
        }
        for code, year in DOCUMENTS
    ]
    folder = tmp_path / "data" / "snapshots"
    folder.mkdir(parents=True)
    plans, _ = snapshots._freeze(Tables(documents=frame("documents", rows)), folder)
    (folder / "current").write_text(plans.id, encoding="ascii")
    return {"outputs": tmp_path / "outputs", "snapshots_folder": folder, "plans": tmp_path / "plans"}


def batch(lines: str) -> str:
    return f'[batches.some]\nreports = "all"\n{lines}\n'


def test_a_matrix_makes_a_run_for_each_municipality_of_the_snapshot_and_language(project, folders):
    catalogue = project(batch('one_per = ["municipality", "language"]'), goals=("# Mål",))
    requests = plan_batch(catalogue, "some", **folders)
    assert [request.name for request in requests] == [
        "goals-0188-sv",
        "goals-0188-en",
        "goals-2380-sv",
        "goals-2380-en",
    ]
    assert requests[0].sisters == {"sv": "goals-0188-sv", "en": "goals-0188-en"}
    assert not folders["outputs"].exists()


def test_a_matrix_over_years_takes_the_stated_ones(project, folders):
    catalogue = project(batch('one_per = ["year"]\nparameters = { years = [2022, 2024] }'), goals=("# Mål",))
    assert [request.parameters["years"] for request in plan_batch(catalogue, "some", **folders)] == [[2022], [2024]]


def test_a_report_of_one_municipality_is_run_for_each(project, folders):
    own = """
[reports.goals.own.municipality]
type = "municipality"
label = { sv = "Kommun", en = "Municipality" }
help = { sv = "Kommunkod.", en = "Code." }
"""
    catalogue = project(goals=("# Mål",))
    path = catalogue.path
    nb = path.with_name("goals.ipynb")
    nb.write_text(nb.read_text(encoding="utf-8").replace("municipalities = None", "municipality = None"), "utf-8")
    text = path.read_text(encoding="utf-8").replace(
        "[batches.all]", f'parameters = ["years", "language"]\n{own}\n[batches.all]\none_per = ["municipality"]'
    )
    path.write_text(text, encoding="utf-8")
    requests = plan_batch(open_catalogue(path), "all", **folders)
    assert [request.parameters["municipality"] for request in requests] == ["0188", "2380"]
    assert [request.name for request in requests] == ["goals-0188-sv", "goals-2380-sv"]


def test_only_and_limit_choose_and_an_unknown_name_is_told(project, folders):
    catalogue = project(batch(""), goals=("# Mål",), budget=("# Pengar",))
    assert [r.name for r in plan_batch(catalogue, "some", only=["budget"], **folders)] == ["budget-sv", "budget-en"]
    assert [r.name for r in plan_batch(catalogue, "some", only=["goals-en"], **folders)] == ["goals-en"]
    assert len(plan_batch(catalogue, "some", limit=3, **folders)) == 3
    with pytest.raises(PlanError, match="has no run or report 'gaols'; it has budget"):
        plan_batch(catalogue, "some", only=["gaols"], **folders)
    with pytest.raises(PlanError, match="no batch is called 'none'; there are some"):
        plan_batch(catalogue, "none", **folders)


def test_an_unknown_code_of_the_register_or_snapshot_is_refused(project, folders):
    catalogue = project(batch(""), goals=("# Mål",))
    with pytest.raises(ProblemsFound, match="0199 is no municipality"):
        plan_report(catalogue, "goals", {"municipalities": "0199"}, **folders)
    with pytest.raises(PlanError, match="no snapshot 'abcabcabcabc'"):
        plan_report(catalogue, "goals", {"snapshot": "abcabcabcabc"}, **folders)
    with pytest.raises(PlanError, match="no current snapshot"):
        plan_report(catalogue, "goals", {}, **{**folders, "snapshots_folder": folders["plans"]})


def test_a_report_that_loads_the_plans_freezes_them_in_the_folders_that_were_asked_for(project, folders):
    catalogue = project('loads_plans = true\n[batches.all]\nreports = "all"\n', goals=("# Mål",))
    for request in (plan_report(catalogue, "goals", {}, **folders), *plan_batch(catalogue, "all", **folders)):
        said = environment(request)
        assert (said["PLANCOMPARE_SNAPSHOTS"], said["PLANCOMPARE_PLANS"]) == (
            str(folders["snapshots_folder"]),
            str(folders["plans"]),
        )


def test_a_report_that_loads_the_plans_leaves_snapshots_at_an_address_as_they_are(project, folders, s3):
    catalogue = project("loads_plans = true\n", goals=("# Mål",))
    request = plan_report(catalogue, "goals", {}, **{**folders, "snapshots_folder": f"{s3}/snapshots"})
    assert environment(request)["PLANCOMPARE_SNAPSHOTS"] == str(mirror(f"{s3}/snapshots").resolve())


def test_a_run_on_newer_data_begins_with_what_changed_and_an_equal_one_is_still_skipped(project, folders):
    catalogue = project(batch(""), goals=("# Mål", "## Fynd"))
    first = run_report(plan_report(catalogue, "goals", {}, **folders))
    assert "Vad som ändrats" not in (first.folder / "report.html").read_text(encoding="utf-8")
    rows = snapshots.open(folders["snapshots_folder"]).documents
    newer, _ = snapshots._freeze(Tables(documents=rows.head(2)), folders["snapshots_folder"])
    (folders["snapshots_folder"] / "current").write_text(newer.id, encoding="ascii")
    second = run_report(plan_report(catalogue, "goals", {}, **folders))
    page = (second.folder / "report.html").read_text(encoding="utf-8")
    assert page.index("Vad som ändrats sedan förra körningen</h2>") < page.index("Fynd</h2>")
    assert "Dokument, borttagna: 1" in page
    assert (second.folder / "data" / "changes.csv").exists()
    assert run_report(plan_report(catalogue, "goals", {}, **folders)).skipped


def test_every_word_of_the_site_exists_in_swedish():
    said = {
        match.group(2)
        for path in [*TEMPLATES.rglob("*.j2"), *TEMPLATES.parent.glob("*.py")]
        for match in re.finditer(r"""\bsay\(\s*(["'])(.+?)\1""", path.read_text(encoding="utf-8"))
    }
    same_in_both = {"Status", "Parameter", "{what}, {change}: {n}"}
    say = Wording("sv")
    assert len(said) > 50
    assert [message for message in sorted(said - same_in_both) if say(message) == message] == []
