from __future__ import annotations

from compare import reading
from compare.contract import Tables, frame


class Registered:
    """An entry point as a package of someone else would register it."""

    def __init__(self, reader):
        self.load = lambda: reader


def test_a_registered_reader_is_asked_first_and_may_decline(opened, tables, monkeypatch):
    goal = {"goal_id": "x/goal-1", "document_id": "x", "municipality_code": "9999", "year": 2024, "title": "Eget"}
    own = Tables(goals=frame("goals", [goal]))
    monkeypatch.setattr(reading, "entry_points", lambda group: [Registered(lambda document, card: own)])
    assert tables("Mål 1: Trygghet\n").goals["title"].tolist() == ["Eget"]
    monkeypatch.setattr(reading, "entry_points", lambda group: [Registered(lambda document, card: None)])
    assert tables("Mål 1: Trygghet\n").goals["title"].tolist() == ["Trygghet"]
