"""A few rows of plan data, short to write: what a test does not state is filled in."""

from itertools import count
from types import SimpleNamespace

import pytest

from compare.contract import TABLES, Tables, frame

_PLACES = count(1)


def document(document_id="d", municipality_code="0001", year=2022, kind="goals_and_budget", **rest):
    return {
        "document_id": document_id,
        "municipality_code": municipality_code,
        "year": year,
        "kind": kind,
        "title": document_id,
        "reading": "hand_coded",
        **rest,
    }


def plans(documents=None, **tables):
    """Tables of these records; each takes municipality and plan year from its document (the first, if not named)."""
    documents = [document()] if documents is None else documents
    by_id = {d["document_id"]: d for d in documents}
    frames = {
        name: frame(name, [_record(name, r, documents, by_id) for r in records]) for name, records in tables.items()
    }
    return Tables(documents=frame("documents", documents), **frames)


def _record(table, record, documents, by_id):
    if table == "links":
        return record
    own = by_id[record.get("document_id", documents[0]["document_id"])]
    plan_year = "plan_year" if "plan_year" in TABLES[table].names else "year"
    filled = {"document_id": own["document_id"], "municipality_code": own["municipality_code"], plan_year: own["year"]}
    return {**filled, TABLES[table].key: f"{table}-{next(_PLACES)}", **record}


def goal(goal_id, title="", level=1, parent=None, **rest):
    return {"goal_id": goal_id, "title": title or f"Mål {goal_id}", "level": level, "parent_goal_id": parent, **rest}


def assignment(assignment_id, goal_id=None, title="", kind="assignment", **rest):
    title = title or f"Uppdrag {assignment_id}"
    return {"assignment_id": assignment_id, "goal_id": goal_id, "title": title, "kind": kind, **rest}


def indicator(indicator_id, goal_id=None, name="", **rest):
    return {"indicator_id": indicator_id, "goal_id": goal_id, "name": name or f"Mått {indicator_id}", **rest}


def value(indicator_id, year, kind, number=None, **rest):
    return {"indicator_id": indicator_id, "year": year, "kind": kind, "value": number, **rest}


def budget(label, amount, line=1, *, year=2022, kind="budget", category="net", table_title="Driftbudget", **rest):
    """A budget line of `amount` thousand kronor, as printed."""
    return {
        "budget_line_id": rest.pop("id", f"{label}-{year}-{kind}-{line}-{table_title}"),
        "label": label,
        "amount_sek": None if amount is None else amount * 1000,
        "unit": "tkr",
        "line": line,
        "year": year,
        "kind": kind,
        "category": category,
        "table_title": table_title,
        **rest,
    }


@pytest.fixture
def given():
    """The functions above, for tests that build their plans from them."""
    return SimpleNamespace(
        document=document,
        plans=plans,
        goal=goal,
        assignment=assignment,
        indicator=indicator,
        value=value,
        budget=budget,
    )
