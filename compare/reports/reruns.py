"""Making a kept run again from its record, and telling whether the same comes out, bit by bit.

The record names the notebook, the parameters, the snapshot and their check sums. What has changed since is told before
anything is run; what comes out is compared file by file. The executed notebook holds times, so it is compared by what
its cells show.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

from compare.problems import PlanError, told
from compare.reports import records
from compare.reports.catalogue import Catalogue
from compare.reports.planning import local
from compare.reports.records import Record
from compare.reports.runs import NOTEBOOK, Request, inputs_of, run_report
from compare.storage import Place


@dataclass(frozen=True, slots=True)
class Rerun:
    """How a run came out again: what had changed among its inputs, and which files differ."""

    changed: tuple[str, ...]
    differing: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        return not self.differing


def request_of(record: Record, catalogue: Catalogue, *, snapshots_folder: Place, plans: Path) -> Request:
    """The request of a kept run, from its record.

    Raises `PlanError` where its report is no longer in the catalogue or its snapshot no longer in the folder.
    """
    content = record.content
    report = catalogue.report(content["report"])
    said = content.get("snapshot")
    request = Request(
        report=replace(report, title=content["title"], question=content.get("question", report.question)),
        parameters={p.name: content["parameters"].get(p.name, p.default) for p in report.parameters},
        outputs=record.folder.parent.parent,
        snapshot=_snapshot(said, snapshots_folder) if said else None,
        plans=plans,
        snapshots=local(snapshots_folder),
        formats=tuple(content.get("formats", ("html",))),
        sisters=content.get("sisters", {}),
        site=content.get("site", {}),
        force=True,
    )
    since = content.get("since")
    return replace(request, since=_snapshot(since, snapshots_folder)) if since else request


def rerun(run: Path, catalogue: Catalogue, *, snapshots_folder: Place, plans: Path) -> Rerun:
    """Make the run in that folder again, beside the outputs, and compare; nothing in the outputs changes.

    Returns what changed among the inputs, code and libraries since, and the files that differ. Raises `PlanError`
    where the folder holds no good run or the run cannot be made again.
    """
    record = records.read_record(run)
    if record is None or not record.is_good:
        raise PlanError(
            told("{run} holds no good run; give the folder of one, for example outputs/NAME/latest", run=run)
        )
    if record.folder.is_symlink():
        record = Record(record.folder.parent / record.folder.readlink(), record.content)
    request = request_of(record, catalogue, snapshots_folder=snapshots_folder, plans=plans)
    with tempfile.TemporaryDirectory(prefix="pc-rerun-") as name:
        result = run_report(replace(request, outputs=Path(name)))
        if result.folder is None or not result.is_ok:
            raise PlanError(told("the run cannot be made again: {message}", message=result.message))
        differing = _differing(record, result.folder)
    return Rerun(tuple(_changed(record, request)), tuple(differing))


def _snapshot(snapshot_id: str, folder: Place) -> Path:
    from compare import snapshots

    return snapshots.open(folder, snapshot_id).folder


def _changed(record: Record, request: Request) -> list[str]:
    """Inputs, code and libraries that are not what they were."""
    said: dict[str, Any] = {**record.content.get("inputs", {}), "code": record.content.get("code")}
    now: dict[str, Any] = {**inputs_of(request), "code": records.code_hash()}
    changed = [name for name in said if said[name] != now.get(name)]
    versions = record.content.get("versions", {})
    return changed + [f"{name} {versions[name]}" for name in versions if versions[name] != records.versions().get(name)]


def _differing(record: Record, folder: Path) -> list[str]:
    before = {name: entry["sha256"] for name, entry in record.content.get("outputs", {}).items()}
    after = {name: entry["sha256"] for name, entry in records.output_hashes(folder).items()}
    names = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    if NOTEBOOK in names and _shown(record.folder / NOTEBOOK) == _shown(folder / NOTEBOOK):
        names.remove(NOTEBOOK)
    return names


def _shown(path: Path) -> str:
    """A check sum of what an executed notebook's cells hold and show, without times and counts."""
    nb = nbformat.read(path, as_version=4)
    cells = [(cell.cell_type, cell.source, cell.get("outputs", [])) for cell in nb.cells]
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()
