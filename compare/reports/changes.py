"""What changed between two snapshots, in the terms of somebody who follows the plans.

Not which cells differ but what happened: a document came, a goal or a budget line was withdrawn, a target or an amount
was revised, an assignment moved from one status to another. Rows are matched by their ids, which stay when a document
is read again; the status of an assignment is its latest over all follow-ups that are linked to it, so that a new
follow-up is a move. What matters most comes first, and rows of a document that came or went whole are only counted.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import pandas as pd

from compare.contract import TABLES, Tables
from compare.presentation import labels
from compare.presentation.tables import table_html
from compare.presentation.wording import NO_BREAK_SPACE, Wording, is_missing

COLUMNS = (
    *("what", "change", "municipality_code", "document_id", "record_id", "label", "kind", "year", "before", "after"),
)
PERIOD_ORDER = {"T1": 1, "half-year": 2, "T2": 2, "T3": 3, "year": 3, "": 3}
# What is told when a row comes or goes: the table, what it is called, the column that names it, and its figure if any.
COMING = (
    ("documents", "document", "title", ""),
    ("goals", "goal", "title", ""),
    ("indicators", "indicator", "name", ""),
    ("indicator_values", "figure", "name", "value"),
    ("assignments", "assignment", "title", ""),
    ("actions", "action", "title", ""),
    ("budget_lines", "amount", "label", "amount_sek"),
    ("funding", "amount", "nature", "amount_sek"),
    ("findings", "finding", "message", ""),
)
# What is told when a figure of a row is revised: the table, what it is called, the figure, and what names the row.
REVISED = (
    ("indicator_values", "figure", "value", "name"),
    ("budget_lines", "amount", "amount_sek", "label"),
    ("funding", "amount", "amount_sek", "nature"),
    ("documents", "document", "municipality_code", "title"),
    ("documents", "document", "year", "title"),
    ("documents", "document", "kind", "title"),
    ("documents", "document", "period", "title"),
)
# In the order in which they matter to somebody who follows the plans.
WHAT = (
    *(
        "document",
        "status",
        "target",
        "outcome",
        "forecast",
        "figure",
        "amount",
        "goal",
        "indicator",
        "assignment",
        "action",
    ),
    "finding",
)
CHANGE = ("moved", "revised", "withdrawn", "new")
ROWS_IN_PAGE = 60
Frames = Mapping[str, pd.DataFrame]


def changes(before: Tables, after: Tables) -> pd.DataFrame:
    """What is new, withdrawn, revised or moved in `after` against `before`, one row each.

    Columns: `what` (one of `WHAT`), `change` (one of `CHANGE`), `municipality_code`, `document_id`, `record_id`,
    `label` (the row's own words), `kind` (of a figure: budget, outcome, target ...), `year` (of the figure, else of
    the plan), `before` and `after` (the printed figures with their unit, or statuses, as text; missing where there was
    or is none). Rows are sorted by municipality, then in the order of `WHAT` and `CHANGE`; equal snapshots give none.

    >>> changes(Tables(), Tables()).empty
    True
    """
    old, new = _named(before), _named(after)
    rows = [*_coming(old, new), *_revised(old, new), *_moved(before, after)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype("str" if rows else "object")
    frame = frame.where(frame.notna() & (frame != "None"))
    ranks = {name: rank for words in (WHAT, CHANGE) for rank, name in enumerate(words)}
    return frame.sort_values(
        ["municipality_code", "what", "change", "document_id", "record_id"],
        key=lambda column: column.map(ranks) if column.name in ("what", "change") else column,
        ignore_index=True,
    )


def one_by_one(found: pd.DataFrame) -> pd.DataFrame:
    """The changes that are worth a line each: without the rows of documents that came or went whole."""
    whole = found[(found["what"] == "document") & found["change"].isin(["new", "withdrawn"])]["document_id"]
    return found[~found["document_id"].isin(whole) | found["what"].isin(["document", "status"])]


def line(change: Any, say: Wording) -> str:
    """One change, a row of `changes`, as a line of text."""
    states = [_state(state, change.what, say) for state in (change.before, change.after) if not is_missing(state)]
    parts = [
        f"{_words(change.what, say)}, {_words(change.change, say)}",
        *([] if is_missing(change.label) else [str(change.label)]),
        *([of] if (of := _of(change, say)) else []),
        *([" \N{RIGHTWARDS ARROW} ".join(states)] if states else []),
    ]
    return f"{labels.municipality(change.municipality_code, say)}: {'; '.join(parts)} [{change.record_id}]"


def told(found: pd.DataFrame, say: Wording) -> list[str]:
    """The changes counted in sentences, one for each kind of change, in the order of `WHAT` and `CHANGE`."""
    counts = Counter(zip(found["what"], found["change"], strict=True))
    return [
        say("{what}, {change}: {n}", what=_words(what, say), n=counts[what, change], change=_words(change, say))
        for what, change in itertools.product(WHAT, CHANGE)
        if counts[what, change]
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
    told_apart = one_by_one(found)
    shown = told_apart.head(ROWS_IN_PAGE)
    frame = pd.DataFrame(
        {
            "municipality_code": shown["municipality_code"],
            "what": [_words(what, say) for what in shown["what"]],
            "change": [_words(change, say) for change in shown["change"]],
            "label": shown["label"],
            "of": [_of(row, say) for row in shown.itertuples()],
            "before": [_state(row.before, row.what, say) for row in shown.itertuples()],
            "after": [_state(row.after, row.what, say) for row in shown.itertuples()],
        }
    )
    heads = {"municipality_code": "Municipality", "what": "What", "change": "Change", "label": "Label", "of": "Year"}
    return table_html(
        frame,
        say,
        caption=say("The changes, one by one"),
        anchor="changes-table",
        columns={**heads, "before": "Before", "after": "After"},
        forms={"change": "text", "of": "text", "before": "text", "after": "text"},
        fold=len(shown) > 8,
        note=" ".join(_left_out(found, told_apart, len(shown), say)),
    )


def _left_out(found: pd.DataFrame, told_apart: pd.DataFrame, shown: int, say: Wording) -> Iterator[str]:
    if shown < len(told_apart):
        yield say("The first {n} of {all} are shown.", n=shown, all=len(told_apart))
    if len(told_apart) < len(found):
        yield say("What stands in new or withdrawn documents is counted above and not listed.")


def _words(word: str, say: Wording) -> str:
    words = {
        "document": say("Documents"),
        "goal": say("Goals"),
        "assignment": say("Assignments"),
        "action": say("Actions"),
        "indicator": say("Indicators"),
        "finding": say("Findings"),
        "target": say("Targets"),
        "outcome": say("Outcomes"),
        "forecast": say("Forecasts"),
        "figure": say("Figures of unknown kind"),
        "amount": say("Amounts"),
        "status": say("Statuses"),
        "new": say("new"),
        "withdrawn": say("withdrawn"),
        "revised": say("revised"),
        "moved": say("moved"),
    }
    return words.get(word, word)


def _of(change: Any, say: Wording) -> str:
    """What year a change is about, and for an amount whether it is a budget or an outcome."""
    kind = "" if change.what != "amount" or is_missing(change.kind) else labels.code("kind", change.kind, say)
    year = "" if is_missing(change.year) else str(change.year)
    return " ".join(word for word in (kind, year) if word)


def _state(cell: Any, what: Any, say: Wording) -> str:
    if is_missing(cell):
        return ""
    if what == "amount" and re.fullmatch(r"-?\d+(\.\d+)?", str(cell)):
        return f"{say.number(float(cell), 0)}{NO_BREAK_SPACE}kr"
    if re.fullmatch(r"-?\d+\.\d+", str(cell)):  # a number that is not as printed
        return say.number(float(cell))
    return labels.code("status" if what == "status" else "kind", cell, say)


def _named(tables: Tables) -> dict[str, pd.DataFrame]:
    """The tables with what a reader needs to know a row: a value's indicator, and whose line of a budget it is."""
    values, budget = tables.indicator_values, tables.budget_lines
    names = tables.indicators.drop_duplicates("indicator_id").set_index("indicator_id")["name"]
    known = values["indicator_id"].map(names).astype("str")
    whose = budget["office"].astype("str").str.cat(budget["label"].astype("str"), sep=": ")
    return {
        **tables,
        "indicator_values": values.assign(name=known.fillna(values["text"])),
        "budget_lines": budget.assign(label=whose.fillna(budget["label"])),
    }


def _coming(before: Frames, after: Frames) -> Iterator[tuple[Any, ...]]:
    for table, what, label, figure in COMING:
        old, new = _by_key(before[table], table), _by_key(after[table], table)
        for change, rows, others in (("new", new, old), ("withdrawn", old, new)):
            for key in [key for key in rows if key not in others]:
                state = _printed(rows[key], figure) if figure else None
                states = (None, state) if change == "new" else (state, None)
                yield _row(_called(what, rows[key]), change, rows[key], key, rows[key].get(label), *states)


def _revised(before: Frames, after: Frames) -> Iterator[tuple[Any, ...]]:
    for table, what, figure, label in REVISED:
        old, new = _by_key(before[table], table), _by_key(after[table], table)
        for key in [key for key in new if key in old]:
            was, now = old[key], new[key]
            if not _same(was.get(figure), now.get(figure)) or not _same(was.get("text"), now.get("text")):
                yield _row(_called(what, now), "revised", now, key, now.get(label), *_states(was, now, figure))


def _called(what: str, row: Mapping[str, Any]) -> str:
    """A figure of an indicator is called by its kind: a target, an outcome, a forecast."""
    return str(row["kind"]) if what == "figure" and not is_missing(row["kind"]) else what


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
    was, now = states
    said = (label, row.get("kind") if "text" in row else None, row.get("year"), was, now)
    return (
        what,
        change,
        row["municipality_code"],
        row["document_id"],
        key,
        *(None if is_missing(cell) else str(cell) for cell in said),
    )


def _states(was: Mapping[str, Any], now: Mapping[str, Any], figure: str) -> tuple[Any, Any]:
    """The figure before and after as printed; as numbers where the print is the same and only the number is not."""
    before, after = _printed(was, figure), _printed(now, figure)
    return (was.get(figure), now.get(figure)) if _same(before, after) else (before, after)


def _printed(row: Mapping[str, Any], figure: str) -> Any:
    """The figure as it is printed with its unit, else as a number."""
    text, unit = row.get("text"), row.get("unit")
    if is_missing(text):
        return row.get(figure)
    return text if is_missing(unit) or str(text).endswith(str(unit)) else f"{text} {unit}"


def _same(one: Any, other: Any) -> bool:
    return (is_missing(one) and is_missing(other)) or (
        not is_missing(one) and not is_missing(other) and bool(one == other)
    )
