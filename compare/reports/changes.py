"""What changed between two snapshots, in the terms of somebody who follows the plans.

Not which cells differ but what happened: a document came, a goal was withdrawn, a target or an amount was revised, an
assignment moved from one status to another. Rows are matched by their ids, which stay when a document is read again;
the status of an assignment is its latest over all follow-ups that are linked to it, so that a new follow-up is a move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, cast

import pandas as pd

from compare.contract import TABLES, Tables
from compare.presentation import labels
from compare.presentation.tables import table_html
from compare.presentation.wording import Wording, is_missing

COLUMNS = ("what", "change", "municipality_code", "document_id", "record_id", "label", "before", "after")
PERIOD_ORDER = {"T1": 1, "half-year": 2, "T2": 2, "T3": 3, "year": 3, "": 3}
# What is told when a row comes or goes: the table, what it is called, and the column that names it.
COMING = (
    ("documents", "document", "title"),
    ("goals", "goal", "title"),
    ("assignments", "assignment", "title"),
    ("findings", "finding", "message"),
)
# What is told when a figure of a row is revised: the table, what it is called, the figure, and what names the row.
REVISED = (
    ("indicator_values", "figure", "value", "text"),
    ("budget_lines", "amount", "amount_sek", "label"),
    ("funding", "amount", "amount_sek", "nature"),
    ("documents", "document", "municipality_code", "title"),
    ("documents", "document", "year", "title"),
    ("documents", "document", "kind", "title"),
    ("documents", "document", "period", "title"),
)
ROWS_IN_PAGE = 60


def changes(before: Tables, after: Tables) -> pd.DataFrame:
    """What is new, withdrawn, revised or moved in `after` against `before`, one row each.

    Columns: `what` (document, goal, assignment, finding, target, outcome, forecast, amount, status), `change` (new,
    withdrawn, revised, moved), `municipality_code`, `document_id`, `record_id`, `label` (the row's own words), `before`
    and `after` (the printed figures or statuses as text; missing where there was or is none). Rows are sorted by
    municipality, document and record; equal snapshots give no rows.

    >>> changes(Tables(), Tables()).empty
    True
    """
    rows = [*_coming(before, after), *_revised(before, after), *_moved(before, after)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype("str" if rows else "object")
    frame = frame.where(frame.notna() & (frame != "None"))
    return frame.sort_values(["municipality_code", "what", "change", "document_id", "record_id"], ignore_index=True)


def told(found: pd.DataFrame, say: Wording) -> list[str]:
    """The changes counted in sentences, one for each kind of change, most common things first."""
    if found.empty:
        return []
    counts = found.groupby(["what", "change"], sort=True).size()
    return [
        say("{what}, {change}: {n}", what=_words(str(key[0]), say), n=int(n), change=_words(str(key[1]), say))
        for key, n in cast("Mapping[tuple[str, str], int]", counts.to_dict()).items()
    ]


def section(found: pd.DataFrame, since: str, say: Wording) -> str:
    """The changes as the section that a report begins with, as HTML."""
    heading = escape(say("What has changed since the last run"))
    if found.empty:
        inside = f"<p>{escape(say('Nothing that this report reads has changed since the last run.'))}</p>"
    else:
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in told(found, say))
        inside = f"<ul>{items}</ul>{_table(found, say)}"
    basis = escape(say("Compared with snapshot {snapshot}.", snapshot=since))
    return (
        f'<section class="changes" aria-labelledby="changes"><h2 id="changes">{heading}</h2>{inside}'
        f'<p class="note">{basis}</p></section>'
    )


def _table(found: pd.DataFrame, say: Wording) -> str:
    shown = found.head(ROWS_IN_PAGE)
    frame = pd.DataFrame(
        {
            "municipality_code": shown["municipality_code"],
            "what": [_words(what, say) for what in shown["what"]],
            "change": [_words(change, say) for change in shown["change"]],
            "label": shown["label"],
            "before": [_state(cell, say) for cell in shown["before"]],
            "after": [_state(cell, say) for cell in shown["after"]],
        }
    )
    heads = {"municipality_code": "Municipality", "what": "What", "change": "Change", "label": "Label"}
    return table_html(
        frame,
        say,
        caption=say("The changes, one by one"),
        anchor="changes-table",
        columns={**heads, "before": "Before", "after": "After"},
        forms={"change": "text", "before": "text", "after": "text"},
        fold=len(found) > 8,
        note=say("The first {n} of {all} are shown.", n=len(shown), all=len(found)) if len(found) > len(shown) else "",
    )


def _words(word: str, say: Wording) -> str:
    words = {
        "document": say("Documents"),
        "goal": say("Goals"),
        "assignment": say("Assignments"),
        "finding": say("Findings"),
        "target": say("Targets"),
        "outcome": say("Outcomes"),
        "forecast": say("Forecasts"),
        "amount": say("Amounts"),
        "status": say("Statuses"),
        "new": say("new"),
        "withdrawn": say("withdrawn"),
        "revised": say("revised"),
        "moved": say("moved"),
    }
    return words.get(word, word)


def _state(cell: Any, say: Wording) -> str:
    return "" if is_missing(cell) else labels.code("status", cell, say)


def _coming(before: Tables, after: Tables) -> Iterator[tuple[Any, ...]]:
    for table, what, label in COMING:
        old, new = _by_key(before[table], table), _by_key(after[table], table)
        for change, rows, others in (("new", new, old), ("withdrawn", old, new)):
            for key, row in rows.items():
                if key not in others:
                    yield _row(what, change, row, key, row.get(label))


def _revised(before: Tables, after: Tables) -> Iterator[tuple[Any, ...]]:
    for table, what, figure, label in REVISED:
        old, new = _by_key(before[table], table), _by_key(after[table], table)
        for key in [key for key in new if key in old]:
            was, now = old[key], new[key]
            if not _same(was.get(figure), now.get(figure)) or not _same(was.get("text"), now.get("text")):
                called = str(now["kind"]) if what == "figure" and not is_missing(now.get("kind")) else what
                yield _row(called, "revised", now, key, now.get(label), *_states(was, now, figure))


def _moved(before: Tables, after: Tables) -> Iterator[tuple[Any, ...]]:
    """Assignments whose latest status is another than it was; those that had none are told by their document."""
    groups = _linked(before, after)
    old, new = _latest_statuses(before, groups), _latest_statuses(after, groups)
    titles = _by_key(after.assignments, "assignments")
    for thing, row in new.items():
        was = old.get(thing)
        if was is not None and was["status"] != row["status"]:
            title = titles.get(row["assignment_id"], {}).get("title")
            yield _row("status", "moved", row, str(row["assignment_id"]), title, was["status"], row["status"])


def _linked(before: Tables, after: Tables) -> dict[str, str]:
    """For each assignment that is linked to others, one id that stands for all of them."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.get(key, key) != key:
            key = parent[key]
        return key

    for links in (before.links, after.links):
        for link in links[links["relation"] == "same_assignment"].itertuples():
            first, second = sorted((root(str(link.from_id)), root(str(link.to_id))))
            parent[second] = first
    return {key: root(key) for key in parent}


def _latest_statuses(tables: Tables, groups: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The newest status of each assignment, by its group; at equal periods the one that stands last."""
    latest: dict[str, dict[str, Any]] = {}
    statuses = tables.statuses
    for row in statuses[statuses["assignment_id"].notna()].to_dict("records"):
        thing = groups.get(row["assignment_id"], row["assignment_id"])
        if thing not in latest or _when(latest[thing]["period"]) <= _when(row["period"]):
            latest[thing] = {str(name): cell for name, cell in row.items()}
    return latest


def _when(period: str) -> tuple[str, int]:
    year, _, part = period.partition("-")
    return year, PERIOD_ORDER.get(part, 0)


def _by_key(rows: pd.DataFrame, table: str) -> dict[str, dict[str, Any]]:
    key = TABLES[table].key
    return {str(row[key]): {str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")}


def _row(what: str, change: str, row: Mapping[str, Any], key: str, label: Any, *states: Any) -> tuple[Any, ...]:
    was, now = states if states else (None, None)
    return (
        what,
        change,
        row["municipality_code"],
        row["document_id"],
        key,
        None if is_missing(label) else str(label),
        None if is_missing(was) else str(was),
        None if is_missing(now) else str(now),
    )


def _states(was: Mapping[str, Any], now: Mapping[str, Any], figure: str) -> tuple[Any, Any]:
    """The figure before and after as printed; as numbers where the print is the same and only the number is not."""
    before, after = _printed(was, figure), _printed(now, figure)
    return (was.get(figure), now.get(figure)) if _same(before, after) else (before, after)


def _printed(row: Mapping[str, Any], figure: str) -> Any:
    """The figure as it is printed, else as a number."""
    text = row.get("text")
    return row.get(figure) if is_missing(text) else text


def _same(one: Any, other: Any) -> bool:
    return (is_missing(one) and is_missing(other)) or (
        not is_missing(one) and not is_missing(other) and bool(one == other)
    )
