"""The work behind the commands about reports: plan, execute, publish, compare, repeat, schedule, and say how it went.

Results are told as they come; a failure tells notebook, cell, municipality and error, and its kept notebook is the last
line. The exit code is 0 where all went well and 1 where something failed.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from compare import snapshots as snapshot_room
from compare.presentation.wording import Wording
from compare.problems import PlanError, told
from compare.reports import (
    batches,
    catalogue,
    changes,
    notices,
    parameters,
    planning,
    reruns,
    schedules,
    sites,
)
from compare.reports.runs import TIMEOUT, Request, RunResult
from compare.storage import Place, is_uri

DONE, SOME_FAILED = 0, 1


def run_one(
    name: str,
    texts: Sequence[str],
    *,
    formats: Sequence[str],
    force: bool,
    timeout: float,
    plans: Path,
    snapshots: Place,
    outputs: Place,
) -> int:
    """Run one report with parameters as KEY=VALUE texts, publish, and tell where it lies."""
    known = catalogue.open_catalogue()
    with sites.open_site(outputs) as site:
        request = planning.plan_report(
            known,
            name,
            parameters.assignments(texts),
            outputs=site.folder,
            snapshots_folder=snapshots,
            plans=plans,
            formats=formats,
            timeout=timeout,
            force=force,
        )
        [result] = batches.run_batch([request], workers=1, told=_telling(site))
        site.publish(known.site)
    return DONE if result.is_ok else SOME_FAILED


def run_all(
    batch: str,
    *,
    plans: Path,
    snapshots: Place,
    outputs: Place,
    only: Sequence[str] = (),
    limit: int | None = None,
    workers: int = 2,
    dry_run: bool = False,
    continue_on_error: bool = True,
    resume: bool = False,
    force: bool = False,
    kernels: bool = False,
    scheduler: str | None = None,
    timeout: float = TIMEOUT,
    quiet: bool = False,
) -> int:
    """Load the plans and run a batch of the catalogue, or finish the one that was cut off; publish the site.

    Snapshots on object storage are read as they are: `plancompare load` stores them there, from where the plans lie.
    """
    if resume and is_uri(outputs):
        raise PlanError(
            told(
                "{outputs} has kept each run that ended; run the batch again without --resume to make the rest",
                outputs=outputs,
            )
        )
    known = catalogue.open_catalogue()
    chosen = known.batch(batch)
    with sites.open_site(outputs) as site:
        how: dict[str, Any] = {
            "workers": workers,
            "engine": "kernel" if kernels else "warm",
            "scheduler": scheduler,
            "continue_on_error": continue_on_error,
            "told": _telling(site, quiet=quiet),
            "progress": not quiet,
        }
        if resume:
            results = batches.resume(site.folder, **how)
        else:
            _load(plans, snapshots, quiet=quiet or dry_run)
            requests = planning.plan_batch(
                known,
                batch,
                outputs=site.folder,
                snapshots_folder=snapshots,
                plans=plans,
                only=only,
                limit=limit,
                timeout=timeout,
                force=force,
            )
            if dry_run:
                return _tell_planned(requests)
            results = batches.run_batch(requests, **how)
        index = site.publish(known.site, chosen.keep)
        for untold in notices.notify(chosen.notify, batch, results, site.address):
            click.echo(untold, err=True)
    failed = [result for result in results if not result.is_ok]
    without = sum(result.status == "no_data" for result in results)
    of_them = f", {without} of them without data" if without else ""
    click.echo(f"{len(results) - len(failed)} of {len(results)} reports done{of_them}; the index lies in {index}")
    return SOME_FAILED if failed else DONE


def run_job(batch: str, project: str | Path) -> None:
    """Do what `plancompare run --batch` does, from any folder: what a scheduled notebook calls.

    Raises `PlanError` where a report failed, so that the job is told as failed; everything else is done all the same.
    """
    if not Path(project).is_dir():
        raise PlanError(
            told(
                "the project {project} is not there; write the notebook anew with `plancompare schedule`",
                project=project,
            )
        )
    with contextlib.chdir(project):
        code = run_all(batch, plans=planning.PLANS, snapshots=planning.SNAPSHOTS, outputs=planning.OUTPUTS, quiet=True)
    if code != DONE:
        raise PlanError(
            told(
                "batch {batch}: not all reports could be made; see {page}",
                batch=batch,
                page=Path(project) / "outputs" / "status.html",
            )
        )


def _load(plans: Path, snapshots: Place, *, quiet: bool) -> None:
    if is_uri(snapshots):
        opened = snapshot_room.open(snapshots)
        if not quiet:
            click.echo(f"Snapshot {opened.id}: read from {snapshots}")
        return
    loaded = snapshot_room.load(plans, snapshots)
    if not quiet:
        click.echo(f"Snapshot {loaded.plans.id}: {len(loaded.codings)} codings")


def _tell_planned(requests: Sequence[Request]) -> int:
    for request in requests:
        click.echo(request.described())
    click.echo(f"{len(requests)} runs planned, none started")
    return DONE


def _telling(site: sites.Site, *, quiet: bool = False) -> Callable[[RunResult], None]:
    """What is done with each result as it comes: the site keeps the run, and the person reads how it went."""

    def told(result: RunResult) -> None:
        sites.kept(site, result.folder)
        where = site.address(result.folder)
        if not result.is_ok:
            lines = [f"{result.name}: {result.status.replace('_', ' ')}", result.message]
            click.echo("\n".join([*lines, where] if result.folder else lines), err=True)
        elif not quiet:
            how = "unchanged" if result.skipped else f"done in {result.seconds:.1f} s"
            word = "no data: " if result.status == "no_data" else ""
            click.echo(f"{result.name}: {how}, {where}" + (f"\n  {word}{result.message}" if result.message else ""))

    return told


def listed(language: str) -> Iterator[str]:
    """Lines that list the reports: title, question, and each parameter with its type, default and help."""
    known = catalogue.open_catalogue()
    if not known.reports:
        raise PlanError(told("{path}: the catalogue declares no reports; add a table [reports.NAME]", path=known.path))
    for report in known.reports.values():
        yield f"{report.name}: {report.title[language]}"
        yield f"  {report.question[language]}"
        for parameter in report.parameters:
            default = "" if parameter.default is None else f", default {parameter.default}"
            yield f"    -p {parameter.name} ({parameter.type}{default}): {parameter.help[language]}"
        yield ""


def differences(before: str, after: str | None, *, snapshots: Place, form: str, language: str) -> str:
    """What changed from one snapshot to another, as text, CSV or JSON."""
    first, second = snapshot_room.open(snapshots, before), snapshot_room.open(snapshots, after)
    found = changes.changes(first, second)
    if form == "csv":
        return found.to_csv(index=False, lineterminator="\n")
    if form == "json":
        return found.to_json(orient="records", force_ascii=False, indent=1) + "\n"
    say = Wording(language)
    counted = changes.told(found, say) or [say("Nothing has changed.")]
    listed = changes.one_by_one(found)
    lines = [f"{first.id} -> {second.id}", *counted, "", *(changes.line(row, say) for row in listed.itertuples())]
    if len(listed) < len(found):
        lines += ["", say("What stands in new or withdrawn documents is counted above and not listed.")]
        lines += [say("--format csv and --format json list every row.")]
    return "\n".join(lines).rstrip("\n") + "\n"


def run_again(run: Place, *, plans: Path, snapshots: Place) -> int:
    """Make a kept run again and tell whether its data and figures come out bit by bit the same."""
    with sites.run_folder(run) as folder:
        again = reruns.rerun(folder, catalogue.open_catalogue(), snapshots_folder=snapshots, plans=plans)
    for changed in again.changed:
        click.echo(f"changed since: {changed}")
    if again.is_equal:
        click.echo(f"{run}: comes out the same")
        return DONE
    click.echo(f"{run}: {len(again.differing)} files differ: {', '.join(again.differing)}", err=True)
    return SOME_FAILED


def scheduled(form: str, *, folder: Path | None, times: int | None) -> Iterator[str]:
    """Lines of the timers or of the next times; with a folder, the files written and where they lie."""
    known = catalogue.open_catalogue()
    if form == "jupyter":
        if folder is None:
            raise PlanError(told("notebooks for jupyter-scheduler are files; say with --to DIR where they go"))
        yield from _units(schedules.job_notebooks(known, Path.cwd()), folder)
        return
    batches_on_time = list(schedules.scheduled(known))
    if not batches_on_time:
        raise PlanError(
            told('{path}: no batch has a schedule; add schedule = "daily" below a [batches.NAME]', path=known.path)
        )
    command, project = Path(sys.argv[0]).absolute(), Path.cwd()
    if times:
        for batch, plan in batches_on_time:
            yield f"{batch.name}: " + ", ".join(f"{t:%Y-%m-%d %H:%M}" for t in plan.next_times(datetime.now(), times))
    elif form == "cron":
        yield from schedules.cron_lines(known, command, project)
    else:
        yield from _units(schedules.systemd_units(known, command, project), folder)


def _units(units: dict[str, str], folder: Path | None) -> Iterator[str]:
    for name, text in units.items():
        if folder is None:
            yield f"# {name}\n{text}"
        else:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
            yield str(folder / name)
