"""A Kolada of our own on this machine: a real HTTP server that answers with what a test wrote or what was recorded."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "kolada"


@dataclass
class Server:
    """Answers by path; a list of answers is given one after the other, the last one again and again."""

    address: str = ""
    answers: dict[str, list[tuple[int, dict[str, str], bytes]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    queries: list[dict[str, list[str]]] = field(default_factory=list)
    seconds: float = 0.0  # that an answer takes

    def give(self, path: str, *pages: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        for given in pages or [self.page()]:
            body = given if isinstance(given, bytes) else json.dumps(given).encode()
            self.answers.setdefault(path, []).append((status, headers or {}, body))

    @staticmethod
    def page(*items: Any, next_url: str | None = None, count: int | None = None) -> dict[str, Any]:
        """A page in the form of API v3."""
        return {
            "values": list(items),
            "next_url": next_url,
            "previous_url": None,
            "count": len(items) if count is None else count,
        }

    @staticmethod
    def item(kpi: str, code: str, year: int, value: float | None, **stated: Any) -> dict[str, Any]:
        """A value of our own invention."""
        cell = {"gender": "T", "count": 1, "status": "", "value": value, "isdeleted": False, **stated}
        return {"kpi": kpi, "municipality": code, "period": year, "values": [cell]}

    @staticmethod
    def figure(kpi: str, title: str = "Påhittat nyckeltal, andel (%)") -> dict[str, Any]:
        """A line of a catalogue of our own invention."""
        return {"id": kpi, "title": title, "is_divided_by_gender": False, "municipality_type": "K"}


def _handler(server: Server) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = unquote(parts.path).removeprefix("/v3/")
            query = parse_qs(parts.query)
            server.asked.append(path)
            server.queries.append(query)
            key = f"{path}?page={query['page'][0]}" if "page" in query else path
            waiting = server.answers.get(key, [(404, {}, b"{}")])
            time.sleep(server.seconds)
            status, headers, body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            # Who gave up waiting is no longer there.
            with suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """The test's own output is enough."""

    return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on a free port of this machine, ended with the test."""
    own = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(own))
    own.address = f"http://127.0.0.1:{http.server_port}/v3"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield own
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def recorded() -> Path:
    """The folder of answers that Kolada really gave; the test is skipped where it is absent."""
    folder = RECORDED / "v3-recorded"
    if not folder.is_dir():
        pytest.skip("the recorded answers of Kolada are not on this machine")
    return folder
