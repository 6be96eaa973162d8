"""Kolada is asked by `plancompare reference update` and people, never by what computes, shows or runs a report."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from compare import cli
from compare.reference import copies, kolada
from compare.reference.kolada import Kolada

ROOT = Path(__file__).parents[2]
ASKING = {"compare.reference.kolada", "httpx"}


def _imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_only_the_update_of_the_copies_imports_what_asks():
    asking = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "compare").rglob("*.py")
        if ASKING & set(_imported(path.read_text(encoding="utf-8")))
    }
    assert asking == {"compare/reference/kolada.py", "compare/reference/copies.py", "compare/cli.py"}
    assert copies.__name__ not in {
        name
        for room in ("measures", "presentation", "reports")
        for path in (ROOT / "compare" / room).rglob("*.py")
        for name in _imported(path.read_text(encoding="utf-8"))
    }


def test_no_notebook_names_what_asks():
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        assert not {"kolada", "httpx", "copies"} & {part for name in _imported(code) for part in name.split(".")}, path


WATCH = """
import sys

def watch(event, args):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto"):
        if args[0].family.name != "AF_UNIX" if event in ("socket.connect", "socket.sendto") else True:
            said(f"asked {event} {args[1:]}")
            raise OSError("no network here")
    elif event == "exec" and "peer_position" in args[0].co_names:  # a cell of the notebook
        said("computed")

def said(line):
    with open(__file__ + ".log", "a", encoding="utf-8") as log:
        print(line, file=log)

sys.addaudithook(watch)
"""


def _watched(folder: Path, *command: str) -> list[str]:
    """What Python's own watchmen saw while the command ran, in all its processes, which reach no network."""
    (folder / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    told = folder / "sitecustomize.py.log"
    told.unlink(missing_ok=True)
    environment = os.environ | {"PYTHONPATH": str(folder)}
    subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True, capture_output=True)
    return told.read_text(encoding="utf-8").splitlines() if told.exists() else []


def test_a_report_runs_without_asking_anybody(tmp_path):
    folders = ("--snapshots", str(tmp_path / "snapshots"))
    outputs = ("--outputs", str(tmp_path / "outputs"))
    assert _watched(tmp_path, "-m", "compare", "load", *folders) == []
    made = _watched(
        tmp_path, "-m", "compare", "report", "municipality_profile", "-p", "municipality=0188", *folders, *outputs
    )
    assert set(made) == {"computed"}
    assert list((tmp_path / "outputs").rglob("report.html"))


def test_the_watchmen_would_see_a_question(tmp_path):
    asks = (
        "from compare.reference.kolada import Kolada, NoAnswerError\n"
        "try:\n"
        "    Kolada(wait=lambda _: None).municipalities()\n"
        "except NoAnswerError:\n"
        "    pass\n"
    )
    assert _watched(tmp_path, "-c", asks)[0].startswith("asked socket.getaddrinfo ")


@pytest.fixture
def asked_here(server, monkeypatch, tmp_path):
    """The command line asks a server of this machine, and writes into a folder of its own."""
    (tmp_path / "reference").mkdir()
    monkeypatch.setenv("PLANCOMPARE_DATA", str(tmp_path))
    monkeypatch.setenv("PLANCOMPARE_LANGUAGE", "en")
    monkeypatch.setattr(kolada, "Kolada", lambda wait: Kolada(server.address, wait=wait))
    monkeypatch.setattr(cli, "time", SimpleNamespace(sleep=lambda _: None))
    return server


def _update(*arguments: str):
    return CliRunner().invoke(cli.main, ["reference", "update", *arguments])


def test_the_command_line_fetches_what_is_asked_for_and_tells_what_came(asked_here, tmp_path):
    asked_here.give("kpi/N90001", asked_here.page(asked_here.figure("N90001")))
    path = "data/kpi/N90001/municipality/0188/year/2022,2023"
    asked_here.give(path, asked_here.page(asked_here.item("N90001", "0188", 2023, 4.5)))
    ran = _update("--kpi", "N90001", "--municipality", "0188", "--year", "2022", "--year", "2023")
    assert ran.exit_code == 0
    assert ran.stdout.splitlines() == [
        "N90001: Påhittat nyckeltal, andel (%), rows: 1",
        "note: N90001: Kolada has no row for the year 2022",
    ]
    assert [path.name for path in (tmp_path / "reference" / "kolada").glob("*.csv")] == [f"N90001-{date.today()}.csv"]


def test_the_command_line_tells_what_could_not_be_fetched_and_keeps_the_rest(asked_here, tmp_path):
    asked_here.give("kpi/N90000")
    asked_here.give("kpi/N90001", asked_here.page(asked_here.figure("N90001")))
    asked_here.give("data/kpi/N90001/year/2023", asked_here.page(asked_here.item("N90001", "0188", 2023, 4.5)))
    ran = _update("--kpi", "N90000", "--kpi", "N90001", "--year", "2023")
    assert ran.exit_code == 1
    assert "knows no key figure N90000; it may have been removed" in ran.stderr
    assert len(list((tmp_path / "reference" / "kolada").iterdir())) == 2


def test_the_command_line_tells_why_it_waits(asked_here):
    asked_here.give("kpi/N90001", status=429, headers={"Retry-After": "7"})
    asked_here.give("kpi/N90001", status=503)
    ran = _update("--kpi", "N90001", "--year", "2023")
    waits = [line for line in ran.stderr.splitlines() if "asking again" in line]
    assert waits[:2] == [f"Kolada does not answer; asking again in {seconds} s" for seconds in (7, 2)]
    assert "key figures that were not fetched: 1" in ran.stderr
    assert ran.exit_code == 1


def test_the_command_line_says_it_in_the_readers_language(asked_here, monkeypatch):
    monkeypatch.setenv("PLANCOMPARE_LANGUAGE", "sv")
    asked_here.give("kpi/N90001", asked_here.page(asked_here.figure("N90001")))
    withdrawn = asked_here.item("N90001", "0188", 2023, 4.5, isdeleted=True)
    asked_here.give("data/kpi/N90001/year/2023", asked_here.page(withdrawn))
    asked_here.give("kpi/N90002", b"<html>")
    ran = _update("--kpi", "N90001", "--kpi", "N90002", "--year", "2023")
    assert ran.stdout.splitlines() == [
        "N90001: Påhittat nyckeltal, andel (%), rader: 0",
        "N90002: hämtades inte",
        "observera: N90001: värden som Kolada har dragit tillbaka och som utelämnades: 1",
        "observera: N90001: Kolada har ingen rad för det som efterfrågades",
    ]
    assert ran.stderr.startswith("Fel: ")
    assert "Koladas svar är inte JSON" in ran.stderr


def test_the_command_line_refuses_a_code_without_its_zero(asked_here):
    ran = _update("--kpi", "N90001", "--municipality", "188")
    assert ran.exit_code == 2
    assert '"0188"' in ran.stderr
    assert asked_here.asked == []
