"""Files in, readings out: many at once, whatever this process has read before."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from compare.documents import open_document

sys.path.insert(0, str(Path(__file__).parent / "documents"))

import fictional

READ = """
import sys
from pathlib import Path
from compare import intake
from compare.documents import open_document

if __name__ == "__main__":
    files = [Path(name) for name in sys.argv[1:]]
    open_document(files[0])
    readings, failures = intake.read_files(files, municipality="0114", year=2024)
    print(len(readings), failures)
"""


@pytest.mark.timeout(90)
def test_files_are_read_side_by_side_also_after_a_pdf_was_read_in_this_process(tmp_path):
    data = fictional.pdf(fictional.as_typst())
    paths = [fictional.written(tmp_path, f"{name}.pdf", data) for name in ("a", "b")]
    for path in paths:
        path.with_suffix(".toml").write_text(f'document_id = "0114-{path.stem}"\n', encoding="utf-8")
    script = tmp_path / "script.py"
    script.write_text(READ, encoding="utf-8")
    assert open_document(paths[0]).pages
    done = subprocess.run([sys.executable, script, *paths], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "2 []\n", done.stderr


READ_SLOWLY = """
import os, sys, time
from pathlib import Path
from compare import intake

def slow(path, given):
    path.write_text(str(os.getpid()))
    time.sleep(60)

intake._read_or_say = slow
intake.read_files([Path(name) for name in sys.argv[1:]])
"""


def _is_alive(process_id):
    try:
        return Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _until(is_so, seconds):
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_so()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc for processes that are left")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_reading_that_is_stopped_leaves_no_process(tmp_path, how):
    (tmp_path / "script.py").write_text(READ_SLOWLY, encoding="utf-8")
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    process = subprocess.Popen([sys.executable, tmp_path / "script.py", *paths], stderr=subprocess.DEVNULL)
    assert _until(lambda: all(path.exists() and path.read_text(encoding="ascii") for path in paths), 30)
    process.send_signal(how)
    assert process.wait(timeout=10) != 0
    readers = [int(path.read_text(encoding="ascii")) for path in paths]
    assert _until(lambda: not any(map(_is_alive, readers)), 10)
