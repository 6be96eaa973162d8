"""What tests of several rooms share: a small fictional plan as tables, and the real documents where they exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from compare.contract import Tables, frame

SHARED = Path(__file__).parents[2] / "shared"


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
