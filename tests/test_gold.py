"""The real documents are read as the people who annotated them by hand read them."""

from __future__ import annotations

import importlib.util
import json
import tomllib
from pathlib import Path

import pytest

from compare import intake

THRESHOLDS = tomllib.loads((Path(__file__).parent / "gold_thresholds.toml").read_text(encoding="utf-8"))
ENDINGS = {"text": ".txt", "pdf": ".pdf"}


@pytest.fixture(scope="module")
def scorer(shared):
    spec = importlib.util.spec_from_file_location("score", shared / "score" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=sorted(ENDINGS))
def scored(request, shared, scorer, tmp_path_factory):
    """How documents of one sort score: table to figures, against the gold of these documents alone."""
    files = sorted((shared / "documents").glob(f"*{ENDINGS[request.param]}"))
    readings, failures = intake.read_files(files)
    assert failures == []
    tables, gold = tmp_path_factory.mktemp("tables"), tmp_path_factory.mktemp("gold")
    intake.write(readings, tables, "parquet")
    names = {path.name for path in files}
    for path in (shared / "gold").glob("*.jsonl"):
        rows = [
            row for row in path.read_text(encoding="utf-8").splitlines() if json.loads(row).get("document") in names
        ]
        (gold / path.name).write_text("\n".join(rows), encoding="utf-8")
    return request.param, scorer.score(scorer.rows(tables), gold)


def test_what_is_read_reaches_the_thresholds(scored):
    sort, result = scored
    below = {
        f"{table} {name}": (round(result[table][name], 4), least)
        for table, wanted in THRESHOLDS[sort].items()
        for name, least in wanted.items()
        if result[table][name] < least
    }
    assert below == {}


def test_every_shipped_coding_agrees_with_its_document(shared):
    from compare import plan_files, snapshots

    files = {path.name: path for path in (shared / "documents").iterdir() if path.suffix != ".toml"}
    plans = Path(__file__).parents[1] / "data" / "plans"
    codings = [plan_files.load(folder) for folder in snapshots.coding_folders(plans)]
    assert codings
    for coding in codings:
        name = coding.documents["file_name"][0]
        reading = intake.read_file(files[name])
        found = plan_files.differences(coding, reading.tables)
        assert found.empty, f"{name}\n{found.to_string()}"
