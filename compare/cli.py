"""The command line: `plancompare`, one thin command per verb.

Exit codes: 0 done, 1 some work failed, 2 wrong use or unusable input. What goes wrong is told in plain words on the
error stream, never as a traceback, and in Swedish where PLANCOMPARE_LANGUAGE or the system's language says sv.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from compare.problems import PlanError, PlansRefused, Speak, counted, told, unusable
from compare.storage import Place, as_place, is_uri

DONE, SOME_FAILED, WRONG_USE = 0, 1, 2


class Folder(click.Path):
    """A folder of this machine; an address on object storage is given on or told, not taken for a folder's name."""

    def __init__(self, *, or_address: bool = False) -> None:
        super().__init__(path_type=Path, file_okay=False)
        self.or_address = or_address

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            where = as_place(value) if isinstance(value, str) else value
        except PlanError as error:
            self.fail(str(error), param, ctx)
        if not is_uri(where):
            return super().convert(where, param, ctx)
        return where if self.or_address else self.fail(f"{value} is an address; expected a folder here", param, ctx)


FOLDER = Folder()
PLACE = Folder(or_address=True)
FILE = click.Path(path_type=Path)

plans_option = click.option(
    "--plans", type=FOLDER, default=Path("data/plans"), show_default=True, help="Folder of the codings."
)
snapshots_option = click.option(
    "--snapshots",
    type=PLACE,
    default=Path("data/snapshots"),
    show_default=True,
    help="Folder of the snapshots, or their address (s3://bucket/snapshots).",
)
timeout_option = click.option(
    "--timeout", type=click.FloatRange(min=1), default=900, show_default=True, help="Seconds that one run may take."
)
outputs_option = click.option(
    "--outputs",
    type=PLACE,
    default=Path("outputs"),
    show_default=True,
    help="Folder of the reports, or their address (s3://bucket/reports).",
)


def language_of_reader() -> str:
    """The language in which what went wrong is told: 'sv' or 'en', by PLANCOMPARE_LANGUAGE or the system's language."""
    said = (os.environ.get(name) for name in ("PLANCOMPARE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    return "sv" if next(filter(None, said), "").lower().startswith("sv") else "en"


def speaker() -> Speak:
    """What says a sentence of `compare.problems` in the reader's language."""
    if language_of_reader() == "en":
        return str
    from compare.presentation.wording import Wording  # late, since it takes some time and is not needed for English

    return Wording(language_of_reader()).told


def complain(sentence: str) -> None:
    """Tell what went wrong, on the error stream."""
    click.echo(f"{'Fel' if language_of_reader() == 'sv' else 'Error'}: {sentence}", err=True)


def speaking_plainly(command: Callable[..., int | None]) -> Callable[..., None]:
    """Turn what a command raises or returns into a message and an exit code."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            code = command(*args, **kwargs)
        except PlanError as error:
            complain(error.sentence(speaker()))
            sys.exit(SOME_FAILED if isinstance(error, PlansRefused) else WRONG_USE)
        except KeyboardInterrupt as stopped:  # Ctrl-C, or SIGTERM for a batch
            said = stopped.args[0] if stopped.args else told("stopped; nothing is left half-written")
            complain(speaker()(said))
            sys.exit(SOME_FAILED)
        except BrokenPipeError:  # the reader of the output has read enough; click ends quietly
            raise
        except OSError as error:
            complain(speaker()(unusable(error)))
            sys.exit(WRONG_USE)
        sys.exit(code or DONE)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="plancompare")
def main() -> None:
    """Compare the plans of Swedish municipalities: goal structures, budget allocations, completion rates."""


@main.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--to", "folder", type=FOLDER, help="Write the tables into this folder.")
@click.option("--municipality", metavar="CODE", help="Four-digit municipality code, where the text does not say it.")
@click.option("--year", type=int, help="Plan year, where the text does not say it.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "parquet", "coding"]),
    default="csv",
    show_default=True,
    help="One set of CSV or Parquet tables for all files, or a coding (a folder to review) per document.",
)
@click.option("--against", "coding", type=FOLDER, help="Compare the reading with this coding, row by row.")
@click.option("--update", is_flag=True, help="With --against: write the new figures into the coding, keep its labels.")
@click.option("--force", is_flag=True, help="With --to: replace tables or codings that say something else.")
@click.option(
    "--explain", is_flag=True, help="Tell how each heading and table was understood and what was left unread."
)
@click.option("--unread", type=FILE, help="Write every line and table that no record accounts for into this CSV file.")
@speaking_plainly
def read(
    files: tuple[Path, ...],
    folder: Path | None,
    municipality: str | None,
    year: int | None,
    form: str,
    coding: Path | None,
    update: bool,
    force: bool,
    explain: bool,
    unread: Path | None,
) -> int:
    """Read plan documents into the tables of the data contract.

    \b
    plancompare read plan.pdf --to drafts/
    plancompare read plan.pdf --against data/plans/0188-operational-plan-2022-kommunstyrelsen
    """
    from compare import intake

    if not (folder or coding or explain or unread):
        raise PlanError(
            told("nothing to do with the reading; give --to DIR, --against CODING, --explain or --unread FILE")
        )
    if update and not coding:
        raise PlanError(told("--update renews a coding; name it with --against CODING"))
    readings, failures = intake.read_files(files, municipality=municipality, year=year)
    for failure in failures:
        complain(speaker()(failure))
    for line in intake.told(readings, explain=explain):
        click.echo(line)
    if folder and readings:
        intake.write(readings, folder, form, force=force)
        click.echo(f"Written to {folder}")
    if unread:
        intake.unread(readings).to_csv(unread, index=False)
        click.echo(f"Left unread: {unread}")
    differ = bool(coding and readings) and _compared(readings, Path(coding or ""), update)
    return SOME_FAILED if failures or differ else DONE


def _compared(readings: list[Any], coding: Path, update: bool) -> bool:
    from compare import intake

    found = intake.against(readings, coding, update=update)
    click.echo(intake.told_differences(found, coding))
    return not found.empty and not update


@main.command()
@plans_option
@snapshots_option
@speaking_plainly
def load(plans: Path, snapshots: Place) -> None:
    """Check all codings and freeze them as a snapshot.

    It becomes the current one, which reports read. Where a coding has problems, all are told and nothing is changed.
    """
    from compare.snapshots import load as load_plans

    loaded = load_plans(plans, snapshots)
    count = len(loaded.codings)
    state = "new snapshot" if loaded.is_new else "unchanged snapshot"
    click.echo(f"{state} {loaded.plans.id}: {counted(count, 'coding')}, {snapshots}/{loaded.plans.id}")


@main.command()
@plans_option
@speaking_plainly
def check(plans: Path) -> int:
    """Tell problems, findings and claims of all codings.

    Nothing is written.
    """
    from compare import intake

    problems, lines = intake.checked(plans, speaker())
    for line in lines:
        click.echo(line)
    return SOME_FAILED if problems else DONE


@main.command()
@click.argument("folder", type=FOLDER)
@speaking_plainly
def template(folder: Path) -> None:
    """Write a blank coding, to be filled in by hand.

    It is a source card and one CSV file per table, with headers.
    """
    from compare.plan_files import template as blank

    blank(folder)
    click.echo(f"Blank coding in {folder}; its columns are explained by `plancompare dictionary`")


@main.command()
@click.option("--language", type=click.Choice(["en", "sv"]), default="en", show_default=True)
def dictionary(language: str) -> None:
    """Print the data dictionary: all tables and columns.

    Each column is told with its type, its meaning and its values.
    """
    from compare.datapackage import dictionary as text

    click.echo(text(language))


@main.command()
@click.argument("name")
@click.option("parameters", "-p", multiple=True, metavar="KEY=VALUE", help="A parameter; repeat for more.")
@click.option("--format", "formats", multiple=True, type=click.Choice(["html", "pdf"]), default=["html"])
@click.option("--force", is_flag=True, help="Run also where the result would be the same as the last.")
@timeout_option
@plans_option
@snapshots_option
@outputs_option
@speaking_plainly
def report(
    name: str,
    parameters: tuple[str, ...],
    formats: tuple[str, ...],
    force: bool,
    timeout: float,
    plans: Path,
    snapshots: Place,
    outputs: Place,
) -> int:
    """Run one report.

    \b
    plancompare report completion_rates -p municipalities=2380 -p language=en
    """
    from compare.reports import desk

    return desk.run_one(
        name,
        parameters,
        formats=formats,
        force=force,
        timeout=timeout,
        plans=plans,
        snapshots=snapshots,
        outputs=outputs,
    )


@main.command()
@click.option("--batch", default="all", show_default=True, help="Which batch of the catalogue.")
@click.option("--only", multiple=True, metavar="REPORT", help="Only this report; repeat for more.")
@click.option("--limit", type=click.IntRange(min=1), help="At most this many runs.")
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="How many runs at once.")
@click.option("--dry-run", is_flag=True, help="Show the runs and their parameters; start nothing.")
@click.option("--continue-on-error/--stop-on-error", default=True, show_default=True)
@click.option("--resume", is_flag=True, help="Finish the batch that was cut off.")
@click.option("--force", is_flag=True, help="Run also what would give the same result as the last.")
@click.option("--kernels", is_flag=True, help="Use ordinary kernels instead of forks of a warm process.")
@click.option("--scheduler", metavar="ADDRESS", help="Hand the runs to a Dask cluster (tcp://host:port).")
@timeout_option
@click.option("--quiet", is_flag=True, help="Say only what failed and where the index lies.")
@plans_option
@snapshots_option
@outputs_option
@speaking_plainly
def run(batch: str, plans: Path, snapshots: Place, outputs: Place, **options: Any) -> int:
    """Load the plans, run all reports, make the index.

    Reports may go to object storage: --outputs s3://bucket/reports. Snapshots that lie there are read as they are;
    `plancompare load --snapshots s3://bucket/snapshots` stores them.
    """
    from compare.reports import desk

    return desk.run_all(batch, plans=plans, snapshots=snapshots, outputs=outputs, **options)


@main.command()
@click.option("--language", type=click.Choice(["en", "sv"]), default="en", show_default=True)
@speaking_plainly
def reports(language: str) -> None:
    """List the reports with their questions and parameters."""
    from compare.reports import desk

    for line in desk.listed(language):
        click.echo(line)


@main.command()
@click.argument("before")
@click.argument("after", required=False)
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
@click.option("--language", type=click.Choice(["en", "sv"]), default="en", show_default=True)
@snapshots_option
@speaking_plainly
def diff(before: str, after: str | None, form: str, language: str, snapshots: Place) -> None:
    """Show what changed between two snapshots.

    They are named by their ids; the second is the current one unless given.
    """
    from compare.reports import desk

    click.echo(desk.differences(before, after, snapshots=snapshots, form=form, language=language), nl=False)


@main.command()
@click.argument("kept", metavar="RUN", type=PLACE)
@plans_option
@snapshots_option
@speaking_plainly
def rerun(kept: Place, plans: Path, snapshots: Place) -> int:
    """Make a kept run again and tell what differs.

    RUN is its folder or its address, for example outputs/NAME/latest or s3://bucket/reports/NAME/latest.
    """
    from compare.reports import desk

    return desk.run_again(kept, plans=plans, snapshots=snapshots)


@main.command()
@click.option(
    "--format", "form", type=click.Choice(["systemd", "cron", "jupyter"]), default="systemd", show_default=True
)
@click.option("--to", "folder", type=FOLDER, help="Write the units or notebooks into this folder.")
@click.option("--next", "times", type=click.IntRange(min=1), help="Show the next times instead.")
@speaking_plainly
def schedule(form: str, folder: Path | None, times: int | None) -> None:
    """Write timers for the batches of the catalogue.

    They are systemd timers or cron lines for the batches that have a schedule, or a notebook for each batch
    (--format jupyter --to DIR) for jupyter-scheduler, which has times of its own.
    """
    from compare.reports import desk

    for line in desk.scheduled(form, folder=folder, times=times):
        click.echo(line)


@main.group()
def reference() -> None:
    """Renew reference data, as dated copies from Kolada."""


@reference.command("update")
@click.option(
    "--kpi", "kpis", multiple=True, metavar="ID", help="Key figure; repeat for more (default: the selection)."
)
@click.option("--municipality", "codes", multiple=True, metavar="CODE", help="Only this one; repeat for more.")
@click.option("--year", "years", multiple=True, type=int, help="Only this year; repeat for more.")
@speaking_plainly
def update_reference(kpis: tuple[str, ...], codes: tuple[str, ...], years: tuple[int, ...]) -> int:
    """Fetch key figures from Kolada into dated local copies; older copies stay."""
    from compare.reference import copies
    from compare.reference.kolada import Kolada

    speak = speaker()

    def wait(seconds: float) -> None:
        click.echo(speak(told("Kolada does not answer; asking again in {n} s", n=round(seconds))), err=True)
        time.sleep(seconds)

    with Kolada(wait=wait) as kolada:
        done = copies.update(kolada, kpis, codes, years, said=lambda line: click.echo(speak(line)))
    for note in done.notes:
        click.echo(speak(told("note: {note}", note=note)))
    for problem in done.problems:
        complain(problem.sentence(speak))
    return SOME_FAILED if done.problems else DONE


@main.command()
@speaking_plainly
def lab() -> int:
    """Open JupyterLab on the notebooks."""
    import subprocess

    return subprocess.run([sys.executable, "-m", "jupyterlab", "notebooks"], check=False).returncode
