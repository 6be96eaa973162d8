from __future__ import annotations

import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.problems import PlanError
from compare.reports.schedules import cron_lines, read_schedule, systemd_units

START = datetime(2024, 2, 28, 12, 0)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("0 6 * * 1", datetime(2024, 3, 4, 6, 0)),
        ("weekly", datetime(2024, 3, 4, 6, 0)),
        ("*/15 * * * *", datetime(2024, 2, 28, 12, 15)),
        ("0 6 29 2 *", datetime(2024, 2, 29, 6, 0)),
        ("0 6 1,15 * *", datetime(2024, 3, 1, 6, 0)),
        ("0 6 31 * 0", datetime(2024, 3, 3, 6, 0)),
        ("0 0 * * 7", datetime(2024, 3, 3, 0, 0)),
        ("30 8-10/2 * * *", datetime(2024, 2, 29, 8, 30)),
    ],
)
def test_the_next_time_is_as_cron_has_it(text, first):
    assert read_schedule(text).next_times(START, 1) == [first]


def test_days_that_never_come_give_no_time():
    assert read_schedule("0 6 30 2 *").next_times(START) == []


@pytest.mark.parametrize("text", ["0 6 * *", "60 6 * * 1", "x * * * *", "*/0 * * * *", "5-3 * * * *", "0 6 * * 8", ""])
def test_a_schedule_that_cannot_be_read_is_told(text):
    with pytest.raises(PlanError, match="schedule"):
        read_schedule(text)


@given(st.integers(0, 59), st.integers(0, 23), st.integers(1, 28), st.integers(0, 6))
def test_next_times_rise_and_are_on_the_schedule(minute, hour, day, weekday):
    times = read_schedule(f"{minute} {hour} {day} * {weekday}").next_times(START, 4)
    assert len(times) == 4
    assert times == sorted(set(times))
    for time in times:
        assert (time.minute, time.hour) == (minute, hour)
        assert time.day == day or (time.weekday() + 1) % 7 == weekday


def catalogue_with(project, schedule: str):
    return project(f'[batches.monthly]\nreports = "all"\nschedule = "{schedule}"', goals=("# Mål",))


def test_systemd_units_call_the_batch_without_parameters(project, tmp_path):
    units = systemd_units(
        catalogue_with(project, "0 6 1 * *"), Path("/opt/plan compare/plancompare"), Path("/srv/100%")
    )
    assert set(units) == {"plancompare-monthly.service", "plancompare-monthly.timer"}
    assert (
        'ExecStart="/opt/plan compare/plancompare" run --batch monthly --quiet' in units["plancompare-monthly.service"]
    )
    assert "WorkingDirectory=/srv/100%%" in units["plancompare-monthly.service"]
    assert "OnCalendar=*-*-01 06:00:00" in units["plancompare-monthly.timer"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
@pytest.mark.parametrize("text", ["0 6 1 * *", "*/15 8-17 * * 1-5", "0 6 31 * 0", "30 6 * 1,7 *"])
def test_systemd_itself_reads_the_calendar(text):
    for entry in read_schedule(text).on_calendar:
        subprocess.run(["systemd-analyze", "calendar", entry], check=True, capture_output=True)


def test_cron_lines_quote_folders_and_escape_percent_signs(project):
    lines = cron_lines(catalogue_with(project, "monthly"), Path("/opt/plancompare"), Path("/srv/my plans 100%"))
    assert lines == ["0 6 1 * * cd '/srv/my plans 100\\%' && /opt/plancompare run --batch monthly --quiet"]
