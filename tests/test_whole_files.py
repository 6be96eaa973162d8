"""Files come to be together or not at all."""

import errno
from pathlib import Path

import pytest

from compare.problems import PlanError
from compare.whole_files import written_whole


def _write(folder, **files):
    with written_whole(folder) as draft:
        for name, text in files.items():
            (draft / name).write_text(text)


def _fail(folder, how):
    with written_whole(folder) as draft:
        (draft / "one").write_text("new")
        raise how


def _content(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_a_new_folder_holds_all_that_was_written(tmp_path):
    _write(tmp_path / "a" / "b", one="1", two="2")
    assert _content(tmp_path / "a" / "b") == {"one": "1", "two": "2"}
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_files_of_the_same_name_are_replaced_and_others_stay(tmp_path):
    (tmp_path / "one").write_text("old")
    (tmp_path / "notes").write_text("mine")
    _write(tmp_path, one="new")
    assert _content(tmp_path) == {"one": "new", "notes": "mine"}


@pytest.mark.parametrize("is_there", [False, True])
@pytest.mark.parametrize("how", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_what_was_there_stays_when_the_disk_is_full_or_somebody_stops_it(tmp_path, is_there, how):
    folder = tmp_path / "coding"
    if is_there:
        _write(folder, one="old")
    with pytest.raises((PlanError, KeyboardInterrupt)) as told:
        _fail(folder, how)
    assert folder.exists() == is_there
    assert not is_there or _content(folder) == {"one": "old"}
    assert [path.name for path in tmp_path.iterdir() if path != folder] == []
    if isinstance(how, OSError):
        assert "no space left on device" in str(told.value)
        assert str(folder) in str(told.value)


def test_the_folder_of_the_moment_can_be_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _write(Path(), one="1")
    assert _content(tmp_path) == {"one": "1"}
