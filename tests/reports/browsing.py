"""A real browser for tests of pages, spoken to over its debugging pipe, which needs no port and no driver.

Every wait has an end: a browser that does not answer fails the test that asked.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
needs_browser = [
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
    pytest.mark.skipif(sys.platform == "win32", reason="the browser's debugging pipe is spoken to as on Unix"),
]
# The browser reads what it is told from descriptor 3 and answers on 4.
START = """
import fcntl, os, sys
reads, writes = (fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3])
os.dup2(reads, 3), os.dup2(writes, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
SILENT_FOR = 30


class Browser:
    """Chromium with one page; told what to do in its debugging protocol."""

    def __init__(self, folder: Path) -> None:
        reads, self._to = os.pipe()
        self._from, writes = os.pipe()
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-c", START, str(reads), str(writes), CHROMIUM, "--headless", "--no-sandbox"),
                *("--disable-gpu", "--disable-smooth-scrolling", "--remote-debugging-pipe", "--window-size=1000,700"),
                *(f"--user-data-dir={folder / 'profile'}", "about:blank"),
            ],
            pass_fds=(reads, writes),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(reads)
        os.close(writes)
        self._unread = b""
        self._number = 0
        self._session: dict[str, str] = {}
        target = self.tell("Target.createTarget", url="about:blank")["targetId"]
        self._session = {"sessionId": self.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]}
        self.tell("Page.enable")
        self.tell("Emulation.setFocusEmulationEnabled", enabled=True)
        self.tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])

    def tell(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one command and return its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters, **self._session}
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while (answer := self._message()).get("id") != self._number:
            continue
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, page: Path) -> None:
        self.tell("Page.navigate", url="about:blank")
        self.until("location.protocol === 'about:'")  # so that the page is new, also where it was open before
        self.tell("Page.navigate", url=page.resolve().as_uri())
        self.until("document.readyState === 'complete' && location.protocol === 'file:'")

    def see(self, expression: str) -> Any:
        """What an expression says of the page; it may look but not act."""
        answer = self.tell("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, expression: str) -> None:
        end = time.monotonic() + 10
        while not self.see(expression):
            assert time.monotonic() < end, f"never came true: {expression}"
            time.sleep(0.05)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._to)
        os.close(self._from)

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            assert select.select([self._from], [], [], SILENT_FOR)[0], "the browser does not answer"
            part = os.read(self._from, 65536)
            assert part, "the browser has ended"
            self._unread += part
        message, _, self._unread = self._unread.partition(b"\0")
        return json.loads(message)
