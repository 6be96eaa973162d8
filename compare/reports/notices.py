"""Telling people how a batch went: a command or an e-mail, as the catalogue says, besides the exit code and the site.

The catalogue's `notify` of a batch: `command` (a list; the message comes on its standard input), `email` (a list of
addresses), `smtp` ("host:port", by default this machine's), `sender`, and `always` (also when all went well; otherwise
only failures are told).
"""

from __future__ import annotations

import smtplib
import subprocess
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from compare.reports.runs import RunResult

TIMEOUT = 30
SMTP = "localhost:25"
SENDER = "plancompare@localhost"


def notify(
    settings: Mapping[str, Any],
    batch: str,
    results: Sequence[RunResult],
    address: Callable[[Path | None], str] = str,
) -> list[str]:
    """Tell those whom the settings name; `address` says where a reader finds the folder of a run.

    Returns what could not be told, one sentence each: a notice that fails is no failure of the reports.
    """
    failed = [result for result in results if not result.is_ok]
    if not settings or not (failed or settings.get("always")):
        return []
    subject, text = message(batch, results, address)
    problems = []
    if settings.get("command"):
        problems += _run_command([str(word) for word in settings["command"]], f"{subject}\n\n{text}")
    if settings.get("email"):
        problems += _send(settings, subject, text)
    return problems


def message(batch: str, results: Sequence[RunResult], address: Callable[[Path | None], str] = str) -> tuple[str, str]:
    """Subject and text of a notice: how many runs ended how, and each failure in one screen."""
    failed = [result for result in results if not result.is_ok]
    subject = f"plancompare {batch}: {len(results) - len(failed)} of {len(results)} reports done"
    parts = [
        f"{result.name}: {result.status.replace('_', ' ')}\n{result.message}\n{address(result.folder)}"
        for result in failed
    ]
    return subject, "\n\n".join(parts) or "All reports are done."


def _run_command(command: list[str], text: str) -> list[str]:
    try:
        done = subprocess.run(command, input=text, text=True, capture_output=True, timeout=TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return [f"the notice command {command[0]} could not be run: {error}"]
    return [] if done.returncode == 0 else [f"the notice command {command[0]} ended with code {done.returncode}"]


def _send(settings: Mapping[str, Any], subject: str, text: str) -> list[str]:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = settings.get("sender", SENDER)
    mail["To"] = ", ".join(settings["email"])
    mail.set_content(text)
    host, _, port = str(settings.get("smtp", SMTP)).partition(":")
    try:
        with smtplib.SMTP(host, int(port or 25), timeout=TIMEOUT) as server:
            server.send_message(mail)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return [f"the notice to {mail['To']} could not be sent: {error}"]
    return []
