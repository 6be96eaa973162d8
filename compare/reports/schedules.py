"""When batches run: systemd timers, cron lines or notebooks for jupyter-scheduler, and the next times in words.

A schedule in the catalogue is a cron expression of five fields ("0 6 * * 1" is Mondays at six). It is written as a
systemd timer or a crontab line; both call the command line with the batch's name and nothing that needs quoting.
jupyter-scheduler has times of its own and copies a notebook away before it runs it, so its notebooks name the project's
folder and take no parameters, which it could only give as texts.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from compare.problems import PlanError
from compare.reports.catalogue import Batch, Catalogue

DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
NAMED = {"hourly": "0 * * * *", "daily": "0 6 * * *", "weekly": "0 6 * * 1", "monthly": "0 6 1 * *"}
YEARS_AHEAD = 5


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cron expression taken apart: the values that each field allows, and whether days are restricted at all."""

    expression: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    any_day: bool
    any_weekday: bool

    def next_times(self, after: datetime, count: int = 3) -> list[datetime]:
        """The next times after a moment; fewer where the expression names days that do not come (30 February)."""
        times: list[datetime] = []
        day = after.replace(hour=0, minute=0, second=0, microsecond=0)
        last = day + timedelta(days=366 * YEARS_AHEAD)
        while len(times) < count and day <= last:
            if self._on(day):
                moments = (day.replace(hour=hour, minute=minute) for hour in self.hours for minute in self.minutes)
                times += [moment for moment in moments if moment > after]
            day += timedelta(days=1)
        return times[:count]

    def _on(self, day: datetime) -> bool:
        """Whether it runs on that day; as in cron, restricted days and weekdays each suffice."""
        weekday = (day.weekday() + 1) % 7
        if day.month not in self.months:
            return False
        if self.any_day or self.any_weekday:
            return day.day in self.days and weekday in self.weekdays
        return day.day in self.days or weekday in self.weekdays

    @property
    def on_calendar(self) -> list[str]:
        """The same as systemd writes it, one entry for each way in which a day may be chosen."""
        time = f"{_listed(self.hours, 24)}:{_listed(self.minutes, 60)}:00"
        month, day = _listed(self.months, 12), _listed(self.days, 31)
        weekdays = "" if self.any_weekday else ",".join(DAYS[number] for number in self.weekdays) + " "
        if self.any_day or self.any_weekday:
            return [f"{weekdays}*-{month}-{day} {time}"]
        return [f"*-{month}-{day} {time}", f"{weekdays}*-{month}-* {time}"]


def read_schedule(text: str) -> Schedule:
    """A schedule from a cron expression, or one of the words hourly, daily, weekly, monthly.

    Raises `PlanError` naming the field that cannot be read.

    >>> read_schedule("30 6 * * 1-5").on_calendar
    ['Mon,Tue,Wed,Thu,Fri *-*-* 06:30:00']
    """
    fields = NAMED.get(text.strip(), text).split()
    if len(fields) != len(FIELDS):
        raise PlanError(
            f"schedule {text!r} has {len(fields)} fields; expected five (minute hour day month weekday) "
            f"or one of {', '.join(NAMED)}"
        )
    minutes, hours, days, months, weekdays = (
        _field(field, name, low, high, text) for field, (name, low, high) in zip(fields, FIELDS, strict=True)
    )
    folded = tuple(sorted({number % 7 for number in weekdays}))
    return Schedule(text, minutes, hours, days, months, folded, fields[2] == "*", fields[4] == "*")


def systemd_units(catalogue: Catalogue, command: Path, project: Path) -> dict[str, str]:
    """The unit files of all scheduled batches, by file name: a service and a timer each.

    `command` is the installed `plancompare`, `project` the folder that it runs in. A run that was missed while the
    machine was off is made up for.
    """
    units = {}
    for batch, schedule in scheduled(catalogue):
        name = f"plancompare-{_slug(batch.name)}"
        units[f"{name}.service"] = (
            f"[Unit]\nDescription=plancompare: reports of the batch {batch.name}\n\n"
            f"[Service]\nType=oneshot\nWorkingDirectory={_systemd_quoted(project)}\n"
            f"ExecStart={_systemd_quoted(command)} run --batch {batch.name} --quiet\n"
        )
        calendar = "".join(f"OnCalendar={entry}\n" for entry in schedule.on_calendar)
        units[f"{name}.timer"] = (
            f"[Unit]\nDescription=plancompare: when the batch {batch.name} runs\n\n"
            f"[Timer]\n{calendar}Persistent=true\n\n[Install]\nWantedBy=timers.target\n"
        )
    return units


def cron_lines(catalogue: Catalogue, command: Path, project: Path) -> list[str]:
    """The crontab lines of all scheduled batches; percent signs, which cron reads as line ends, are escaped."""
    lines = []
    for batch, schedule in scheduled(catalogue):
        expression = NAMED.get(schedule.expression, schedule.expression)
        call = f"cd {shlex.quote(str(project))} && {shlex.quote(str(command))} run --batch {batch.name} --quiet"
        lines.append(f"{expression} {call}".replace("%", "\\%"))
    return lines


def job_notebooks(catalogue: Catalogue, project: Path) -> dict[str, str]:
    """A notebook for each batch, scheduled or not, by file name: to be run by jupyter-scheduler, without outputs."""
    return {f"plancompare-{_slug(name)}.ipynb": _notebook(batch, project) for name, batch in catalogue.batches.items()}


def _notebook(batch: Batch, project: Path) -> str:
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    when = f" The catalogue schedules it at `{batch.schedule}`." if batch.schedule else ""
    said = (
        f"# plancompare: the batch {batch.name}\n\nLoads the plans and makes the reports of the batch. Schedule this "
        f"notebook with jupyter-scheduler, without parameters.{when} The job fails when a report does."
    )
    call = f"from compare.reports import desk\n\ndesk.run_job({batch.name!r}, project={str(project)!r})"
    cells = [new_markdown_cell(said, id="about"), new_code_cell(call, id="run")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.writes(new_notebook(cells=cells, metadata=kernel)) + "\n"


def scheduled(catalogue: Catalogue) -> Iterator[tuple[Batch, Schedule]]:
    """The batches that have a schedule. Raises `PlanError` for one that cannot be read."""
    for batch in catalogue.batches.values():
        if batch.schedule:
            if not re.fullmatch(r"[\w-]+", batch.name):
                raise PlanError(f"batch {batch.name!r} cannot be scheduled; name it with letters, digits and hyphens")
            yield batch, read_schedule(batch.schedule)


def _field(text: str, name: str, low: int, high: int, whole: str) -> tuple[int, ...]:
    values: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"(?:(\*)|(\d+)(?:-(\d+))?)(?:/(\d+))?", part, re.ASCII)
        if match is None:
            raise PlanError(f"schedule {whole!r}: the {name} {part!r} cannot be read; expected numbers, 1-5, */2 or *")
        star, first, last, step = match.groups()
        begin, end = (low, high) if star else (int(first), int(last or (high if step else first)))
        if not (low <= begin <= end <= high) or step == "0":
            raise PlanError(f"schedule {whole!r}: the {name} {part!r} is not within {low}-{high}")
        values.update(range(begin, end + 1, int(step or 1)))
    return tuple(sorted(values))


def _listed(numbers: tuple[int, ...], of: int) -> str:
    return "*" if len(numbers) >= of else ",".join(f"{number:02d}" for number in numbers)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _systemd_quoted(path: Path) -> str:
    text = str(path).replace("%", "%%")
    return f'"{text}"' if re.search(r"\s", text) else text
