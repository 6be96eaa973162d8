from __future__ import annotations

import socket
import sys
import threading
from pathlib import Path

import pytest

from compare.reports.notices import notify
from compare.reports.runs import RunResult

GOOD = RunResult("goals-sv", "goals", "ok", Path("outputs/goals-sv/1"))
BAD = RunResult("goals-en", "goals", "failed", Path("outputs/goals-en/1-failed"), message="cell 3: ZeroDivisionError")


@pytest.fixture
def mailbox():
    """A server on this machine that takes one mail; returns its address and the lines that came."""
    server = socket.create_server(("127.0.0.1", 0))
    lines: list[str] = []

    def serve() -> None:
        connection, _ = server.accept()
        with connection, connection.makefile("rwb") as stream:
            said, in_text = "220 ready", False
            while True:
                if said:
                    stream.write(f"{said}\r\n".encode())
                    stream.flush()
                line = stream.readline().decode().rstrip("\r\n")
                lines.append(line)
                if in_text:
                    in_text, said = line != ".", "250 ok" if line == "." else ""
                elif line.upper().startswith("DATA"):
                    in_text, said = True, "354 go on"
                elif line.upper().startswith("QUIT") or not line:
                    stream.write(b"221 bye\r\n")
                    return
                else:
                    said = "250 ok"

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.getsockname()[1]}", lines
    server.close()


def test_a_failure_is_mailed_with_what_happened(mailbox):
    address, lines = mailbox
    settings = {"email": ["controller@example.org"], "smtp": address, "sender": "reports@example.org"}
    assert notify(settings, "monthly", [GOOD, BAD]) == []
    assert "Subject: plancompare monthly: 1 of 2 reports done" in lines
    assert any("ZeroDivisionError" in line for line in lines)


def test_a_command_gets_the_message_on_its_input(tmp_path):
    told = tmp_path / "told"
    command = [sys.executable, "-c", f"import sys; open({str(told)!r}, 'w').write(sys.stdin.read())"]
    assert notify({"command": command}, "monthly", [BAD]) == []
    assert "goals-en: failed" in told.read_text()


def test_nobody_is_told_of_success_unless_always(tmp_path):
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    assert notify({"command": command}, "monthly", [GOOD]) == []
    assert notify({"command": command, "always": True}, "monthly", [GOOD]) == [
        f"the notice command {sys.executable} ended with code 3"
    ]


def test_a_notice_that_cannot_be_given_is_told_and_raises_nothing():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "could not be sent" in notify({"email": ["a@example.org"], "smtp": f"127.0.0.1:{port}"}, "x", [BAD])[0]
    assert "could not be run" in notify({"command": ["/no/such/command"]}, "x", [BAD])[0]
