"""What confidence is worth: the share of rows that are right at each score, on documents damaged at random.

    python tests/benchmarks/calibration.py [--seeds 8] [--write]

The real documents in `../shared` are read as they are and with 2, 5 and 10 % of their lines damaged (`damage.py`), and
each row is held against the gold: it is right if it is one of the gold's and all its fields are. Scores of half the
seeds are fitted, table by table, by a step function that only rises (pool adjacent violators); the other half tells how
well the steps order right from wrong (AUC) and how far they are from the shares there (expected calibration error).
With `--write` the steps of all seeds go to `compare/reading/confidence.toml`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
from scipy.stats import rankdata

sys.path.insert(0, str(Path(__file__).parent))

import damage

from compare import reading, snapshots, source_cards
from compare.contract import together
from compare.reading import confidence

SHARED = Path(__file__).parents[3] / "shared"
RATES = (0.0, 0.02, 0.05, 0.1)
# A step of fewer rows than these says too little of its own.
SMALLEST = 5


class Judged(NamedTuple):
    """One row that was read: its table, its score or confidence, and whether it is right."""

    table: str
    score: float
    right: bool


class Step(NamedTuple):
    """From a score on: how many rows had it, and what share of them is right."""

    least: float
    n: int
    right: float


def scorer(shared: Path = SHARED) -> ModuleType:
    """The gold's own scorer."""
    spec = importlib.util.spec_from_file_location("score", shared / "score" / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{shared}: no scorer there; the measurement needs the real documents and their gold")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def judged(seed: int, rate: float, shared: Path = SHARED) -> Iterator[Judged]:
    """Every row of the real documents, damaged at this rate, and whether the gold says that it is right."""
    score, chance = scorer(shared), random.Random(f"{seed} {rate}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [path for path in sorted((shared / "documents").iterdir()) if path.suffix != ".toml"]
        documents = [(damage.opened(path, chance, rate, folder), source_cards.beside(path)) for path in files]
        tables = together(reading.read(document, card) for document, card in documents)
        for table in (*score.TABLES, "documents"):
            snapshots.write_table(tables[table], folder / f"{table}.parquet", table)
        rows = score.rows(folder)
    for table in score.TABLES:
        yield from _judged(score, table, rows[table], shared / "gold" / f"{table}.jsonl")


def _judged(score: ModuleType, table: str, rows: list[dict[str, Any]], path: Path) -> Iterator[Judged]:
    gold = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    annotated = {row["document"] for row in gold}
    read = [row for row in rows if row["_document"] in annotated]
    pairs = dict(score.pair(table, read, gold))
    for at, row in enumerate(read):
        right = at in pairs and all(check(row, gold[pairs[at]]) for check in score.FIELDS[table].values())
        yield Judged(table, row["confidence"], right)


def steps(rows: Iterable[Judged]) -> list[Step]:
    """The step function that only rises and fits best; shares are (right + 1) / (n + 2), so that none is certain."""
    blocks: list[list[float]] = []
    ordered = sorted((row.score, row.right) for row in rows)
    for value, right in ordered:
        if blocks and blocks[-1][0] == value:
            blocks[-1][1] += 1
            blocks[-1][2] += right
        else:
            blocks.append([value, 1, right])
    pooled: list[list[float]] = []
    for block in blocks:
        pooled.append(block)
        while len(pooled) > 1 and (pooled[-2][1] < SMALLEST or _share(pooled[-2]) >= _share(pooled[-1])):
            last = pooled.pop()
            pooled[-1] = [pooled[-1][0], pooled[-1][1] + last[1], pooled[-1][2] + last[2]]
    return [Step(block[0], int(block[1]), round(_share(block), 3)) for block in pooled]


def _share(block: list[float]) -> float:
    return (block[2] + 1) / (block[1] + 2)


def auc(rows: Iterable[Judged]) -> float:
    """How often a right row has the higher score than a wrong one, ties halved; nan where one sort is missing."""
    scores, right = (np.array(column) for column in zip(*((row.score, row.right) for row in rows), strict=True))
    good, bad = int(right.sum()), int((~right).sum())
    if not good or not bad:
        return float("nan")
    return float((rankdata(scores)[right].sum() - good * (good + 1) / 2) / (good * bad))


def error(rows: Iterable[Judged], fitted: list[Step]) -> float:
    """The mean distance of a step's share from the share of these rows at it, weighted by their number."""
    by_step: dict[float, list[bool]] = {}
    for row in rows:
        by_step.setdefault(at(fitted, row.score), []).append(row.right)
    whole = sum(map(len, by_step.values()))
    return sum(abs(share - float(np.mean(found))) * len(found) for share, found in by_step.items()) / whole


def at(fitted: list[Step], score: float) -> float:
    return next((step.right for step in reversed(fitted) if score >= step.least), fitted[0].right)


def written(found: dict[str, list[Step]], seeds: int) -> str:
    """The measured steps as the file that `compare.reading.confidence` reads."""
    rates = ", ".join(f"{rate:.0%}" for rate in RATES)
    lines = [
        "# The share of rows that are right at each score of the reading, and from how many rows (n) it was measured.",
        "# Made by tests/benchmarks/calibration.py --write; not to be edited by hand.",
        "",
        f'measured = "The real documents of three municipalities, {seeds} times each with {rates} of their lines '
        'damaged at random, held against the gold; right is (right + 1) / (n + 2)."',
        'limits = "The n rows are the same rows damaged in different ways, most of them of one plan, whose layouts '
        "the rules know. Where a document has a layout that they do not know, fewer rows are right than this says.\"",
        "",
        "[tables]",
    ]  # fmt: skip
    for table, fitted in found.items():
        lines.append(f"{table} = [")
        lines += [f"    {{ from = {step.least:g}, right = {step.right:g}, n = {step.n} }}," for step in fitted]
        lines.append("]")
    return "\n".join(lines) + "\n"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seeds", type=int, default=8, help="how many times each document is damaged at each rate")
    arguments.add_argument("--write", action="store_true", help="write what was measured into the package")
    chosen = arguments.parse_args()
    rows: dict[int, list[Judged]] = {0: [], 1: []}
    with mock.patch.object(confidence, "calibrated", lambda table, score: score):
        for seed in range(chosen.seeds):
            for rate in RATES:
                rows[seed % 2] += judged(seed, rate)
    print(f"{'table':<18}{'rows':>7}{'right':>8}{'AUC':>7}{'error':>8}   (on the half that was not fitted)")
    found = {}
    for table in scorer().TABLES:
        fit, held = ([row for row in rows[half] if row.table == table] for half in (0, 1))
        found[table] = steps(fit + held)
        right = sum(row.right for row in held) / len(held)
        print(f"{table:<18}{len(held):>7}{right:>8.3f}{auc(held):>7.2f}{error(held, steps(fit)):>8.3f}")
    if chosen.write:
        confidence.MEASURED.write_text(written(found, chosen.seeds), encoding="utf-8")


if __name__ == "__main__":
    main()
