"""What tests of several rooms share: a small fictional plan as tables, and the real documents where they exist."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import settings

from compare import storage
from compare.contract import Tables, frame

SHARED = Path(__file__).parents[2] / "shared"

# Properties are tried on the same examples each time, however long a busy machine takes for one, so that what passed
# once passes again. New examples are sought with `pytest --hypothesis-profile=search`.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=1000, deadline=None)
settings.load_profile("same")

# Where the tests are run in the background of a shell, Ctrl-C is ignored by all that they start; some of them send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of whole runs come first: they are the longest, and last they would keep one process waiting."""
    items.sort(key=lambda item: "reports" not in item.path.parts)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents and their gold, which is not part of the project."""
    if not (SHARED / "documents").is_dir():
        pytest.skip("needs the real documents in ../shared, which are not part of the project")
    return SHARED


def fictional_follow_up(period: str, statuses: dict[str, str], *, code: str = "0114", year: int = 2025) -> Tables:
    """A follow-up of an invented plan: one assignment and status per entry of `statuses`."""
    document_id = f"{code}-follow-up-{year}-{period.lower()}"
    common = {"document_id": document_id, "municipality_code": code, "year": year}
    assignments = [
        {
            **common,
            "assignment_id": f"{document_id}/assignment-L{i:04}",
            "kind": "assignment",
            "title": title,
            "line": i,
        }
        | {"committees": ["KS"], "carried_over": False}
        for i, title in enumerate(statuses, start=1)
    ]
    rows = [
        {**common, "status_id": f"{document_id}/status-L{i:04}", "assignment_id": a["assignment_id"], "line": i}
        | {"period": f"{year}-{period}", "status": status, "basis": "outcome"}
        for i, (a, status) in enumerate(zip(assignments, statuses.values(), strict=True), start=1)
    ]
    document = {
        **common,
        "title": f"Uppföljning {period}",
        "kind": "follow_up",
        "period": period,
        "reading": "hand_coded",
    }
    return Tables(
        documents=frame("documents", [document]),
        assignments=frame("assignments", assignments),
        statuses=frame("statuses", rows),
    )


@pytest.fixture
def follow_up() -> Tables:
    return fictional_follow_up("T1", {"Bygg en gångbro": "expected", "Plantera hundra träd": "completed"})


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a server on loopback that speaks S3."""
    from moto.server import ThreadedMotoServer  # late, since few tests need it and it takes a second

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty bucket `plans` on the server, which the environment leads to. Returns the bucket's address."""
    import boto3

    said = {
        "AWS_ENDPOINT_URL": s3_server,
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    httpx.post(f"{s3_server}/moto-api/reset", trust_env=False)
    boto3.client("s3").create_bucket(Bucket="plans")
    storage.mirror.cache_clear()
    return "s3://plans"


@pytest.fixture
def refusing(s3: str, s3_server: str) -> Iterator[None]:
    """From here on the server refuses the credentials that it was given."""
    httpx.post(f"{s3_server}/moto-api/reset-auth", content="0", trust_env=False)
    yield
    httpx.post(f"{s3_server}/moto-api/reset-auth", content="inf", trust_env=False)
