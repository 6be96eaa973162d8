"""The command line: what it prints, where it writes and how it ends, as a person in a shell sees it."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from compare import plan_files
from compare.cli import main
from tests.conftest import fictional_follow_up


def _run(*words):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def plans(tmp_path):
    tables = fictional_follow_up("T1", {"Bygg en gångbro": "expected"})
    plan_files.write(tables, tmp_path / "plans" / tables.documents["document_id"][0])
    return tmp_path / "plans"


def test_every_command_explains_itself():
    for name, command in main.commands.items():
        result = _run(name, "--help")
        assert result.exit_code == 0
        assert command.help, name


def test_load_says_which_snapshot_it_made_and_that_a_second_one_is_the_same(plans, tmp_path):
    first = _run("load", "--plans", plans, "--snapshots", tmp_path / "s")
    second = _run("load", "--plans", plans, "--snapshots", tmp_path / "s")
    assert first.output.startswith("new snapshot")
    assert second.output.startswith("unchanged snapshot")


def test_load_without_codings_is_wrong_use_and_names_the_next_step(tmp_path):
    result = _run("load", "--plans", tmp_path, "--snapshots", tmp_path / "s")
    assert result.exit_code == 2
    assert "plancompare read" in result.output


def test_load_tells_all_problems_and_fails(plans, tmp_path):
    path = next(plans.glob("*/statuses.csv"))
    path.write_text(path.read_text(encoding="utf-8").replace("expected", "done"), encoding="utf-8")
    result = _run("load", "--plans", plans, "--snapshots", tmp_path / "s")
    assert result.exit_code == 1
    assert "statuses.csv, row 2, column status: unknown status (found 'done')" in result.output
    assert "Traceback" not in result.output
    assert not list((tmp_path / "s").glob("*")) if (tmp_path / "s").exists() else True


def test_check_writes_nothing(plans, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    assert _run("check", "--plans", plans).exit_code == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_a_missing_file_is_told_without_a_traceback(tmp_path):
    result = _run("read", tmp_path / "plan.pdf", "--to", tmp_path / "out")
    assert result.exit_code == 1
    assert "plan.pdf" in result.output
    assert "Traceback" not in result.output


def test_an_unknown_municipality_is_refused_before_anything_is_read(tmp_path):
    result = _run("read", tmp_path / "plan.txt", "--to", tmp_path / "out", "--municipality", "9999")
    assert result.exit_code == 2
    assert "9999" in result.output


def test_reading_for_nothing_is_wrong_use(tmp_path):
    assert _run("read", tmp_path / "plan.txt").exit_code == 2


def test_a_blank_coding_has_a_file_per_table(tmp_path):
    assert _run("template", tmp_path / "new").exit_code == 0
    assert (tmp_path / "new" / "goals.csv").read_text(encoding="utf-8").startswith("goal_id,")


def test_the_dictionary_is_printed_in_both_languages():
    assert "# Dataordlistan" in _run("dictionary", "--language", "sv").output
    assert "# The data dictionary" in _run("dictionary").output


def test_the_command_line_starts_without_the_heavy_libraries():
    code = "import sys, compare.cli; print([m for m in ('pandas', 'matplotlib', 'papermill') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


PAGE = """Målsida för Lillköpings kommun

Mål: Trygga gator 2025

Uppdrag från fullmäktige 2025

Uppdrag

Förtydligande av uppdrag

Bygg en gångbro över ån. TN

Uppdraget innebär att bron byggs under året.
"""


def test_of_several_files_the_readable_ones_are_read_and_the_others_told(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(PAGE.replace("gångbro", f"gångbro {name}"), encoding="utf-8")
        card = f'document_id = "0114-{name}"\nmunicipality_code = "0114"\nyear = 2025\n'
        (tmp_path / f"{name}.toml").write_text(card, encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    files = [tmp_path / f"{name}.txt" for name in ("a", "empty", "b")]
    result = _run("read", *files, "--to", tmp_path / "out", "--format", "csv")
    assert result.exit_code == 1
    assert "empty.txt: is empty" in result.output
    documents = (tmp_path / "out" / "documents.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in documents[1:]] == ["0114-a", "0114-b"]


def test_the_same_document_twice_is_told_and_read_once(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(PAGE, encoding="utf-8")
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    result = _run("read", *files, "--to", tmp_path / "out", "--municipality", "0114", "--year", "2025")
    assert result.exit_code == 1
    assert "is the same document as" in result.output
    assert "leave one of them out" in result.output


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "uppföljning.txt"
    path.write_text("Uppdrag, uppföljning T1 2022\n\nUppdrag 1: Bygg en gångbro\n", encoding="utf-8")
    path.with_suffix(".toml").write_text('municipality_code = "0114"\n', encoding="utf-8")
    return path


def test_one_file_named_twice_is_read_once_and_told(document, tmp_path):
    result = _run("read", document, document, "--to", tmp_path / "t")
    assert result.exit_code == 1
    assert "is the same document as" in result.output


def test_what_no_record_accounts_for_is_written_whole(document, tmp_path):
    result = _run("read", document, "--unread", tmp_path / "unread.csv")
    assert result.exit_code == 0, result.output
    assert "1 document, 1 assignment" in result.output
    header, *rows = (tmp_path / "unread.csv").read_text(encoding="utf-8").splitlines()
    assert header == "document_id,sort,page,line,text,numbers,dates,terms"
    assert rows == ['0114-follow-up-2022-t1,line,,1,"Uppdrag, uppföljning T1 2022",0,1,uppdrag']


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(document, tmp_path):
    result = _run("read", document, "--to", document / "tables")
    assert result.exit_code == 2
    assert "tables cannot be written" in result.output


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Error: stopped; nothing is left"), ("sv", "Fel: stoppad; inget är halvskrivet")]
)
def test_ctrl_c_is_told_in_a_sentence(document, tmp_path, monkeypatch, language, said):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("compare.plan_files.csv_text", stop)
    monkeypatch.setenv("PLANCOMPARE_LANGUAGE", language)
    result = _run("read", document, "--to", tmp_path / "tables")
    assert result.exit_code == 1
    assert said in result.output
    assert not (tmp_path / "tables").exists()


@pytest.mark.parametrize("year", ["22", "2202"])
def test_an_impossible_year_is_refused_before_anything_is_read(document, tmp_path, year):
    result = _run("read", document, "--year", year, "--to", tmp_path / "t")
    assert result.exit_code == 2
    assert "between 1990 and 2100" in result.output


def test_a_source_card_with_an_unknown_municipality_is_refused(document, tmp_path):
    document.with_suffix(".toml").write_text('municipality_code = "9999"\n', encoding="utf-8")
    result = _run("read", document, "--to", tmp_path / "t")
    assert result.exit_code == 1
    assert "unknown municipality '9999'" in result.output
    assert not (tmp_path / "t").exists()


def test_a_coding_is_never_renewed_from_another_document(document, plans):
    coding = next(plans.iterdir())
    before = {path.name: path.read_bytes() for path in coding.iterdir()}
    result = _run("read", document, "--year", "2021", "--against", coding, "--update")
    assert result.exit_code == 2
    assert "nothing was compared or changed" in result.output
    assert {path.name: path.read_bytes() for path in coding.iterdir()} == before


@pytest.mark.parametrize("state", ["reviewed", "hand_coded"])
@pytest.mark.parametrize(("language", "said"), [("en", "reviewed by a person"), ("sv", "granskats av en person")])
def test_an_update_never_replaces_what_a_person_has_reviewed(tmp_path, monkeypatch, state, language, said):
    (tmp_path / "plan.txt").write_text(PAGE, encoding="utf-8")
    words = ("read", tmp_path / "plan.txt", "--municipality", "0114", "--year", "2025")
    assert _run(*words, "--to", tmp_path / "plans", "--format", "coding").exit_code == 0
    coding = next((tmp_path / "plans").iterdir())
    _replace(coding / "assignments.csv", "gångbro", "GRANSKAD")
    _replace(coding / "document.toml", 'reading = "machine"', f'reading = "{state}"')
    before = {path.name: path.read_bytes() for path in coding.iterdir()}
    monkeypatch.setenv("PLANCOMPARE_LANGUAGE", language)
    refused = _run(*words, "--against", coding, "--update")
    assert refused.exit_code == 2
    assert said in refused.output
    assert 'reading = "machine"' in refused.output
    assert {path.name: path.read_bytes() for path in coding.iterdir()} == before
    _replace(coding / "document.toml", f'reading = "{state}"', 'reading = "machine"')
    assert _run(*words, "--against", coding, "--update").exit_code == 0


def _replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_update_without_a_coding_is_wrong_use(document, tmp_path):
    result = _run("read", document, "--to", tmp_path / "t", "--update")
    assert result.exit_code == 2
    assert "--against" in result.output


def test_check_tells_every_problem_and_load_says_so_where_it_shows_only_the_first(plans, tmp_path):
    path = next(plans.glob("*/statuses.csv"))
    header, row = path.read_text(encoding="utf-8").splitlines()
    rows = [row.replace("/status-", f"/{number}-status-").replace("expected", "done") for number in range(30)]
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    checked = _run("check", "--plans", plans)
    assert checked.exit_code == 1
    assert checked.output.count("unknown status (found 'done')") == 30
    loaded = _run("load", "--plans", plans, "--snapshots", tmp_path / "s")
    assert "+10 more; `plancompare check` tells all of them" in loaded.output


def test_reviewed_work_and_tables_of_others_are_not_written_over(tmp_path):
    (tmp_path / "plan.txt").write_text(PAGE, encoding="utf-8")
    words = ("read", tmp_path / "plan.txt", "--municipality", "0114", "--year", "2025", "--to", tmp_path / "plans")
    assert _run(*words, "--format", "coding").exit_code == 0
    titles = next((tmp_path / "plans").glob("*/assignments.csv"))
    titles.write_text(titles.read_text(encoding="utf-8").replace("gångbro", "GRANSKAD"), encoding="utf-8")
    refused = _run(*words, "--format", "coding")
    assert refused.exit_code == 2
    assert "--update" in refused.output
    assert "GRANSKAD" in titles.read_text(encoding="utf-8")
    assert _run(*words, "--format", "coding", "--force").exit_code == 0
    assert "GRANSKAD" not in titles.read_text(encoding="utf-8")


def test_tables_of_other_documents_are_not_replaced(tmp_path):
    (tmp_path / "plan.txt").write_text(PAGE, encoding="utf-8")
    words = ("read", tmp_path / "plan.txt", "--municipality", "0114", "--to", tmp_path / "tables")
    assert _run(*words, "--year", "2025").exit_code == 0
    assert _run(*words, "--year", "2025").exit_code == 0
    refused = _run(*words, "--year", "2026")
    assert refused.exit_code == 2
    assert "at once" in refused.output


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ({"PLANCOMPARE_LANGUAGE": "sv"}, "Fel: "),
        ({"LANG": "sv_SE.UTF-8"}, "Fel: "),
        ({"LANG": "sv_SE.UTF-8", "PLANCOMPARE_LANGUAGE": "en"}, "Error: "),
        ({}, "Error: "),
    ],
)
def test_what_goes_wrong_is_told_in_the_language_of_the_reader(tmp_path, monkeypatch, said, begins):
    for name in ("PLANCOMPARE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "plans" / "0188-x").mkdir(parents=True)
    result = CliRunner().invoke(main, ["load", "--plans", str(tmp_path / "plans"), "--snapshots", str(tmp_path / "s")])
    assert result.exit_code == 1
    assert result.output.startswith(begins)
    assert ("källkortet saknas" in result.output) == (begins == "Fel: ")
