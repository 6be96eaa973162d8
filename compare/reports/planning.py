"""From what a person asks for to the runs that are to be made: nothing is started before all of it is checked."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from compare import reference, snapshots
from compare.problems import PlanError, told
from compare.reports import records
from compare.reports.catalogue import DIMENSIONS, Batch, Catalogue, Report, stable_name
from compare.reports.parameters import LANGUAGES, LISTS
from compare.reports.runs import TIMEOUT, Request
from compare.storage import Place, is_uri, mirror

SNAPSHOTS, PLANS, OUTPUTS = Path("data/snapshots"), Path("data/plans"), Path("outputs")


def plan_report(
    catalogue: Catalogue,
    name: str,
    given: Mapping[str, Any],
    *,
    outputs: Path = OUTPUTS,
    snapshots_folder: Place = SNAPSHOTS,
    plans: Path = PLANS,
    formats: Sequence[str] = ("html",),
    timeout: float = TIMEOUT,
    force: bool = False,
) -> Request:
    """The run of one report with these parameters (texts from a command line, or typed values).

    Raises `PlanError` for an unknown report or snapshot and `ProblemsFound` with every parameter that cannot be used.
    """
    report = catalogue.report(name)
    values = report.resolve(given, known_codes())
    request = Request(
        report=report,
        parameters=values,
        outputs=outputs,
        snapshot=_snapshot(report, values.get("snapshot"), snapshots_folder),
        plans=plans,
        snapshots=local(snapshots_folder),
        formats=tuple(formats),
        timeout=timeout,
        force=force,
        site=catalogue.site.get("name", {}),
    )
    return _since_last(replace(request, sisters=_sisters_in_place(request)), snapshots_folder)


def plan_batch(
    catalogue: Catalogue,
    name: str,
    *,
    outputs: Path = OUTPUTS,
    snapshots_folder: Place = SNAPSHOTS,
    plans: Path = PLANS,
    only: Iterable[str] = (),
    limit: int | None = None,
    timeout: float = TIMEOUT,
    force: bool = False,
) -> list[Request]:
    """The runs of a batch, in the catalogue's order; `only` keeps runs of these reports or of these run names.

    Raises `PlanError` for an unknown batch, for a name in `only` that fits no run, and where there is no snapshot.
    """
    batch = catalogue.batch(name)
    requests = [
        Request(
            report=report,
            parameters=values,
            outputs=outputs,
            snapshot=_snapshot(report, values.get("snapshot"), snapshots_folder),
            plans=plans,
            snapshots=local(snapshots_folder),
            formats=batch.formats,
            sisters=sisters,
            timeout=timeout,
            force=force,
            batch=batch.name,
            site=catalogue.site.get("name", {}),
        )
        for report in (catalogue.report(one) for one in batch.reports)
        for values, sisters in _matrix(report, batch, snapshots_folder)
    ]
    return [_since_last(request, snapshots_folder) for request in _chosen(requests, list(only), batch.name)[:limit]]


def known_codes() -> list[str]:
    """The codes of the register of municipalities."""
    return reference.municipalities()["municipality_code"].tolist()


def local(snapshots_folder: Place) -> Path:
    """The folder of the snapshots; for an address the one of this process that holds what is fetched from there.

    A report that loads the plans freezes them there, and the address keeps what it has: only `plancompare load` stores.
    """
    return mirror(snapshots_folder) if is_uri(snapshots_folder) else Path(snapshots_folder)


def _matrix(report: Report, batch: Batch, snapshots_folder: Place) -> list[tuple[dict[str, Any], dict[str, str]]]:
    """One set of parameters for each cell of the batch's matrix, with the names of its sisters in other languages."""
    names = [parameter.name for parameter in report.parameters]
    fixed = {key: value for key, value in batch.parameters.items() if key in names}
    taking = {axis: next((name for name in DIMENSIONS[axis] if name in names), None) for axis in batch.one_per}
    axes = [
        [(name, value) for value in _axis(batch, axis, name, fixed, snapshots_folder)]
        for axis, name in taking.items()
        if name is not None
    ]
    cells = []
    for combination in itertools.product(*axes):
        given = {**fixed, **dict(combination)}
        values = report.resolve(given, known_codes())
        sisters = {}
        if "language" in dict(combination):
            sisters = {language: stable_name(report, {**values, "language": language}) for language in batch.languages}
        cells.append((values, sisters))
    return cells


def _axis(batch: Batch, axis: str, name: str, fixed: Mapping[str, Any], snapshots_folder: Place) -> list[Any]:
    """The values of the parameter `name`, one for each run: those that the batch states, else those of the snapshot."""
    if axis == "language":
        return list(batch.languages)
    said = fixed.get(name)
    if said is None:
        documents = snapshots.open(snapshots_folder).documents
        column = "municipality_code" if axis == "municipality" else "year"
        said = sorted(documents[column].dropna().unique().tolist())
    single = {"municipality": str, "year": int}[axis]
    values = [single(one) for one in (said if isinstance(said, list) else [said])]
    return [[value] for value in values] if name in LISTS else values


def _snapshot(report: Report, said: Any, snapshots_folder: Place) -> Path | None:
    """The folder of the snapshot that a run reads: the current one, or the one that is named by id or folder."""
    if report.loads_plans:
        return None
    if said is None:
        return snapshots.open(snapshots_folder).folder
    folder = Path(str(said))
    if (folder / snapshots.DESCRIPTOR).is_file():
        return folder
    if (folder / snapshots.CURRENT).is_file():
        return snapshots.open(folder).folder
    return snapshots.open(snapshots_folder, str(said)).folder


def _chosen(requests: list[Request], only: list[str], batch: str) -> list[Request]:
    known = {request.name for request in requests} | {request.report.name for request in requests}
    for name in only:
        if name not in known:
            raise PlanError(
                told(
                    "batch {batch} has no run or report {name!r}; it has {all}",
                    batch=batch,
                    name=name,
                    all=", ".join(sorted(known)),
                )
            )
    return [request for request in requests if not only or {request.name, request.report.name} & set(only)]


def _since_last(request: Request, snapshots_folder: Place) -> Request:
    """The request with the snapshot of the last run, to begin with what changed; unchanged data keep the comparison."""
    latest = records.latest_record(request.outputs, request.name)
    if latest is None or request.snapshot is None:
        return request
    earlier = latest.content.get("snapshot")
    if earlier == request.snapshot.name:
        earlier = latest.content.get("since")
    if earlier and is_uri(snapshots_folder):
        with suppress(PlanError):  # where it is not stored any more, nothing is compared
            snapshots.open(snapshots_folder, earlier)
    folder = request.snapshot.with_name(earlier) if earlier else None
    if folder is None or not (folder / snapshots.DESCRIPTOR).is_file():
        return request
    return replace(request, since=folder)


def _sisters_in_place(request: Request) -> dict[str, str]:
    """The same report in other languages, where the outputs hold it already."""
    names = {
        language: stable_name(request.report, {**request.parameters, "language": language}) for language in LANGUAGES
    }
    others = {
        language: name
        for language, name in names.items()
        if language != request.language and records.latest_record(request.outputs, name)
    }
    return {**others, request.language: request.name} if others else {}
