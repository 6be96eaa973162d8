"""Files in, readings out: many at once, whatever this process has read before."""

from __future__ import annotations

import subprocess
import sys
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
