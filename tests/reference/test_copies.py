"""Copies of Kolada's values are dated, whole, unchanged, and the only thing that analyses read."""

import errno
import shutil
from datetime import date
from pathlib import Path

import pytest

from compare.problems import PlanError
from compare.reference import copies, register
from compare.reference.kolada import Kolada

TODAY = date(2026, 11, 22)


@pytest.fixture
def own_data(tmp_path, monkeypatch):
    shutil.copytree(register.folder(), tmp_path / "reference", ignore=shutil.ignore_patterns("kolada"))
    monkeypatch.setenv("PLANCOMPARE_DATA", str(tmp_path))
    return tmp_path / "reference"


@pytest.fixture
def client(server):
    with Kolada(server.address, wait=lambda _: None) as own:
        yield own


def _offer(server, kpi, *values):
    server.give(f"kpi/{kpi}", server.page(server.figure(kpi, 'Andel "nöjda", (%)')))
    items = [server.item(kpi, "0188", 2020 + n, value, count=int(value is not None)) for n, value in enumerate(values)]
    server.give(f"data/kpi/{kpi}/municipality/0188", server.page(*items))


def test_an_update_writes_a_dated_copy_with_its_card(server, client, own_data):
    _offer(server, "N90001", 1.25, None)
    result = copies.update(client, ["N90001"], ["0188"], today=TODAY)
    assert result.copies == [own_data / "kolada" / "N90001-2026-11-22.csv"]
    assert result.problems == []
    assert result.notes == ["N90001: cells without a value in Kolada, which stay missing: 1 of 2"]
    assert len(list((own_data / "kolada").iterdir())) == 2
    copy = copies.local("N90001")
    assert (copy.fetched, copy.title, copy.label) == (TODAY, 'Andel "nöjda", (%)', "Källa: Kolada")
    assert list(copy.frame["municipality_code"]) == ["0188", "0188"]
    assert copy.frame["value"].iloc[0] == 1.25
    assert copy.frame["value"].isna().iloc[1]


def test_a_copy_reads_back_as_it_was_fetched(server, client, own_data):
    _offer(server, "N90001", 1 / 3, 34965.484696, None)
    fetched = client.values(["N90001"], ["0188"])
    copies.save(fetched, TODAY)
    assert copies.local("N90001").frame.equals(fetched.frame)


def test_older_copies_stay_and_the_newest_is_read(server, client, own_data):
    _offer(server, "N90001", 1.0)
    copies.update(client, ["N90001"], ["0188"], today=date(2025, 1, 1))
    copies.update(client, ["N90001"], ["0188"], today=TODAY)
    assert copies.local("N90001").fetched == TODAY
    assert copies.local("N90001", on=date(2025, 1, 1)).fetched == date(2025, 1, 1)
    assert list(copies.available()["fetched"]) == ["2025-01-01", "2026-11-22"]
    with pytest.raises(PlanError, match=r"of the day 2024-01-01 in .*; there are those of 2025-01-01, 2026-11-22;"):
        copies.local("N90001", on=date(2024, 1, 1))


def test_a_copy_of_today_is_replaced_with_its_card(server, client, own_data):
    _offer(server, "N90001", 1.0)
    copies.update(client, ["N90001"], ["0188"], today=TODAY)
    server.answers.clear()
    _offer(server, "N90001", 2.0, 3.0)
    copies.update(client, ["N90001"], ["0188"], today=TODAY)
    assert list(copies.local("N90001").frame["value"]) == [2.0, 3.0]
    assert len(copies.available()) == 1


@pytest.mark.parametrize("refused", [".csv", ".toml"])
def test_a_full_disk_leaves_the_copy_of_today_as_it_was(server, client, own_data, monkeypatch, refused):
    _offer(server, "N90001", 1.0)
    copies.update(client, ["N90001"], ["0188"], today=TODAY)
    before = {path.name: path.read_bytes() for path in (own_data / "kolada").iterdir()}
    server.answers.clear()
    _offer(server, "N90001", 2.0)
    written = Path.write_bytes

    def full(path, content):
        if path.suffix == refused:
            written(path, content[:5])
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return written(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(PlanError, match=r"cannot be written \(no space left on device\)"):
        copies.update(client, ["N90001"], ["0188"], today=TODAY)
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in (own_data / "kolada").iterdir()} == before


def test_a_copy_that_was_changed_is_no_longer_called_koladas(server, client, own_data):
    _offer(server, "N90001", 1.0)
    path = copies.update(client, ["N90001"], ["0188"], today=TODAY).copies[0]
    path.write_text(path.read_text(encoding="utf-8").replace("1.0", "2.0"), encoding="utf-8")
    with pytest.raises(PlanError, match="changed after it was fetched"):
        copies.local("N90001")


def test_a_missing_copy_names_the_command_that_fetches_it(own_data):
    with pytest.raises(PlanError, match=r"no local copy of the key figure N90001 in .*plancompare reference update"):
        copies.local("N90001")
    assert copies.available().empty


def test_a_card_that_cannot_be_used_is_named(server, client, own_data):
    _offer(server, "N90001", 1.0)
    card = copies.update(client, ["N90001"], ["0188"], today=TODAY).copies[0].with_suffix(".toml")
    card.write_text("kpi = ", encoding="utf-8")
    with pytest.raises(PlanError, match="card of a local copy cannot be read"):
        copies.local("N90001")
    card.write_text('kpi = "N90001"', encoding="utf-8")
    with pytest.raises(PlanError, match="lacks fetched, notes, sha256, title"):
        copies.local("N90001")


def test_one_removed_key_figure_does_not_stop_the_others(server, client, own_data):
    _offer(server, "N90001", 1.0)
    server.give("kpi/N90000")
    lines: list[str] = []
    result = copies.update(client, ["N90000", "N90001"], ["0188"], today=TODAY, said=lines.append)
    assert [problem.value for problem in result.problems] == ["N90000"]
    assert [path.name for path in result.copies] == ["N90001-2026-11-22.csv"]
    assert lines[0] == "N90000: not fetched"
    assert lines[1] == 'N90001: Andel "nöjda", (%), rows: 1'


def test_a_server_that_does_not_answer_ends_the_update_at_once(server, client, own_data):
    server.give("kpi/N90000", status=503)
    result = copies.update(client, ["N90000", "N90001"], ["0188"], today=TODAY)
    assert len(result.problems) == 1
    assert "key figures that were not fetched: 2" in str(result.problems[0])
    assert "kpi/N90001" not in server.asked


def test_an_empty_answer_makes_no_copy(server, client, own_data):
    _offer(server, "N90001")
    result = copies.update(client, ["N90001"], ["0188"], today=TODAY)
    assert result.copies == []
    assert result.notes == ["N90001: Kolada has no row for what was asked"]


def test_an_unknown_municipality_stops_the_update_before_anything_is_asked(server, client, own_data):
    with pytest.raises(PlanError, match="0188"):
        copies.update(client, ["N90001"], ["188"], today=TODAY)
    assert server.asked == []


def test_without_a_choice_the_selection_of_the_project_is_fetched(server, client, own_data):
    lines: list[str] = []
    server.give("kpi/N01951", status=503)
    result = copies.update(client, today=TODAY, said=lines.append)
    assert result.problems[0].value == register.key_figures()["kpi"].iloc[0] == "N01951"
