"""Report tables as HTML that a screen reader, a phone and a printer can cope with.

Every table has a caption and heads with scope; words of documents carry their language; what is missing is said in
words; everything is escaped. Wide tables scroll inside a region that the keyboard reaches, long ones fold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from typing import Any, Literal

import pandas as pd

from compare.presentation import labels
from compare.presentation.places import Place, document_link, place_links, places_of
from compare.presentation.wording import THOUSANDS, Wording, is_missing

Form = Literal[
    "text", "number", "integer", "percent", "share", "change", "points", "money", "thousands", "year", "date"
]

ROWS_UNFOLDED = 30
ROWS_OPEN_AT_MOST = 100
_SMALL = 20
ROWS_AT_MOST = 400
CELLS_AT_MOST = 8_000
PLACE_COLUMNS = ("document_id", "page", "line", "line_end")
# Two columns that are the ends of one range are shown as one column of this name.
_RANGES = {
    (f"{of}low", f"{of}high"): f"{of}low_to_high"
    for of in ("", "bound_", "dropped_", "limit_", "open_", "optimism_", "outer_", "shrunk_")
}
WIDE = 9  # columns from which a table is set smaller
LONG = 30  # letters of a cell from which its column is kept wide enough to be read, however many stand beside it
_SHARES = frozenset(
    (
        "base_rate",
        "bound_high",
        "bound_low",
        "centre",
        "dropped_high",
        "dropped_low",
        "evenness",
        "from_strict",
        "growth",
        "hazard",
        "high",
        "hit_rate",
        "largest_share",
        "lenient",
        "limit_high",
        "limit_low",
        "low",
        "open",
        "open_high",
        "open_low",
        "outer_high",
        "outer_low",
        "price_change",
        "rate",
        "real_growth",
        "realised",
        "share",
        "shrunk",
        "shrunk_high",
        "shrunk_low",
        "strict",
        "weighted",
    )
)
_POINTS = frozenset({"optimism", "optimism_low", "optimism_high"})  # shares less other shares
_AMOUNTS = frozenset({"cost", "from_cost", "net_cost", "revenue", "capital_cost"})


@dataclass(frozen=True, slots=True)
class _TableColumn:
    """One column to show: its head, whether its cells are numbers, and how a cell is written."""

    name: str
    head: str
    is_number: bool
    write: Callable[[Any], str]
    cells: Sequence[Any] | None = None  # where they are not a column of the frame
    as_html: Callable[[str, str], str] | None = None  # a cell and its words as HTML, where they are more than words


def table_html(
    frame: pd.DataFrame,
    say: Wording,
    *,
    caption: str,
    anchor: str,
    columns: Sequence[str] | Mapping[str, str] | None = None,
    forms: Mapping[str, Form] | None = None,
    names: Mapping[str, str] | None = None,
    places: Sequence[Sequence[Place]] | None = None,
    fold: bool | None = None,
    note: str = "",
) -> str:
    """The frame as an HTML table.

    `columns` chooses and orders them; as a mapping it also gives heads (messages). `forms` says how a column is written
    where its name does not tell: `share` is percent with a decimal, `change` the same with its sign, `points` a
    difference of two shares in percentage points, `money` kronor in the unit that suits the column, `thousands` always
    in thousands. Where the frame has a column's words in the page's
    language too (`title_en`, `message_sv`), those are shown.

    The ends of an interval (low, high) and of bounds become one column unless `columns` gives them heads of their own;
    a head for the low end and an empty one for the high end name that one column. Of nine columns on, a table is set
    smaller.
    The columns document_id, page and line become one column of places, with links to the sources in the words that
    `names` gives the documents (see `places.document_names`); `places` gives the places of each row where they do not
    stand in it. More than 30 rows fold unless `fold` says otherwise, more than 100 in any case; of more than 400 rows
    (fewer where the columns are many) the first are shown and the rest is said to be in the data file. `anchor` is the
    table's id and must be unique.
    """
    shown = frame.head(rows_at_most(len(frame.columns if columns is None else columns)))
    chosen = _columns(shown, say, columns, forms or {})
    places = places if places is not None else _places(shown, columns)
    places = places if places is not None and any(len(row) for row in places) else None
    head = _head(chosen, say, with_places=places is not None)
    names = names or {}
    chosen = [
        replace(column, write=lambda cell: names.get(cell, cell), as_html=document_link)
        if column.name == "document_id"
        else column
        for column in chosen
    ]
    cells = [_cells(shown, column, say, is_head=place == 0) for place, column in enumerate(chosen)]
    if places is not None:
        cells.append([f'<td class="places">{place_links(p, names, say)}</td>' for p in places[: len(shown)]])
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*cells, strict=True))
    words = escape(say(caption))
    left_out = len(frame) - len(shown)
    notes = [note] if note else []
    if left_out > 0:
        notes.append(
            say("Shown are the first {n} rows of {all}; the data file has them all.", n=len(shown), all=len(frame))
        )
    table = (
        f'<table id="{escape(anchor)}"{_size(len(cells))}>'
        f'<caption id="{escape(anchor)}-caption"><span>{words}</span></caption>'
        f"<thead>{head}</thead><tbody>{body}</tbody></table>"
    )
    region = (
        f'<div class="table-scroll" role="region" aria-labelledby="{escape(anchor)}-caption" tabindex="0">{table}</div>'
    )
    region += "".join(f'<p class="note">{escape(text)}</p>' for text in notes)
    if not (fold or len(shown) > (ROWS_UNFOLDED if fold is None else ROWS_OPEN_AT_MOST)):
        return f'<div class="table">{region}</div>'
    summary = escape(
        say("Show the first {n} of the table's {all} rows", n=len(shown), all=len(frame))
        if left_out > 0
        else say.plural("Show the table with {n} row", "Show the table with {n} rows", len(shown))
    )
    return f'<details class="table"><summary>{summary}: {words}</summary>{region}</details>'


def rows_at_most(columns: int) -> int:
    """How many rows are shown: what a person may still look through, and no more cells than a page should hold."""
    return min(ROWS_AT_MOST, max(ROWS_OPEN_AT_MOST, CELLS_AT_MOST // max(columns, 1)))


def _size(columns: int) -> str:
    return ' class="wide"' if columns >= WIDE else ""


def _columns(
    frame: pd.DataFrame, say: Wording, columns: Sequence[str] | Mapping[str, str] | None, forms: Mapping[str, Form]
) -> list[_TableColumn]:
    heads = dict(columns) if isinstance(columns, Mapping) else {}
    names = list(columns) if columns is not None else labels.without_variants([str(name) for name in frame])
    if _has_places(frame, columns):
        names = [name for name in names if name not in PLACE_COLUMNS]
    ends = {
        low: (high, name)
        for (low, high), name in _RANGES.items()
        if {low, high} <= set(names) and (not heads or heads.get(high) == "")
    }
    uppers = {high for high, _ in ends.values()}
    return [
        _range_column(frame, name, *ends[name], heads.get(name), forms.get(name), say)
        if name in ends
        else _column(frame, name, heads.get(name), forms.get(name), say)
        for name in names
        if name not in uppers
    ]


def _range_column(
    frame: pd.DataFrame, low: str, high: str, name: str, head: str | None, form: Form | None, say: Wording
) -> _TableColumn:
    """The two ends of a range as one column, each cell both numbers: '41–93%', '−37.5 to 11.5'."""
    first, last = (_column(frame, end, None, form, say) for end in (low, high))
    label = say(head) if head else labels.column(name, say)
    form = form or form_of(low, frame[low])
    unit = re.search(r" \([^()]*\)$", first.head) if form in ("money", "thousands", "points") else None
    in_percent = form == "percent"

    def write(ends: tuple[Any, Any]) -> str:
        if first.write(ends[0]) == last.write(ends[1]):
            return first.write(ends[0])
        if in_percent:
            return say.interval(*ends)
        return say("{low} to {high}", low=first.write(ends[0]), high=last.write(ends[1]))

    cells = [
        None if is_missing(ends[0]) or is_missing(ends[1]) else ends
        for ends in zip(frame[low], frame[high], strict=True)
    ]
    return _TableColumn(name, label + (unit.group() if unit else ""), first.is_number, write, cells)


def _column(frame: pd.DataFrame, name: str, head: str | None, form: Form | None, say: Wording) -> _TableColumn:
    form = form or form_of(name, frame[name])
    label = say(head) if head else labels.column(name, say)
    if form in ("money", "thousands"):
        unit = THOUSANDS if form == "thousands" else say.money_unit(frame[name])
        return _TableColumn(name, f"{label} ({say.unit_name(unit)})", True, partial(say.amount, unit=unit))
    if form == "points":
        label = f"{label} ({say('percentage points')})"
    writers: dict[str, Callable[[Any], str]] = {
        "percent": say.percent,
        "share": partial(say.percent, decimals=1),
        "change": partial(say.percent, decimals=1, signed=True),
        "points": say.points,
        "integer": lambda cell: say.number(cell, 0),
        "number": partial(_number, decimals=_decimals(frame[name]) if form == "number" else None, say=say),
        "date": say.date,
    }
    write = writers.get(form) or (lambda cell: labels.value(name, cell, say))
    return _TableColumn(name, label, form not in ("text", "date"), write)


def _number(cell: Any, decimals: int | None, say: Wording) -> str:
    return say.number(round(float(cell), 2), decimals)


def _decimals(values: pd.Series) -> int | None:
    """As many decimals for all as one needs, so that small numbers stand in line; None where some are large.

    Large ones differ in kind (days, kronor, percent), and are written as they are printed.
    """
    numbers = pd.to_numeric(values, errors="coerce").dropna().astype("float64").abs()
    if numbers.empty or numbers.max() >= _SMALL:
        return None
    exact = numbers.round(6)  # what arithmetic leaves behind is not a decimal
    return next(places for places in (0, 1, 2) if places == 2 or (exact == numbers.round(places)).all())


def form_of(name: str, values: pd.Series) -> Form:
    """How a column is written, by its name and type: shares as percent, amounts as money, years without separators."""
    if labels.is_year(name) and not pd.api.types.is_string_dtype(values):
        return "year"
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return "date" if pd.api.types.is_datetime64_any_dtype(values) else "text"
    if name.endswith("_sek") or name in _AMOUNTS:
        return "money"
    if name in _POINTS:
        return "points"
    if name in _SHARES or name.endswith(("_rate", "_share")) or name.startswith("rate_"):
        return "percent"
    return "integer" if pd.api.types.is_integer_dtype(values) else "number"


def _head(columns: list[_TableColumn], say: Wording, *, with_places: bool) -> str:
    kinds = [' class="number"' if column.is_number else "" for column in columns]
    cells = [f'<th scope="col"{k}>{escape(column.head)}</th>' for k, column in zip(kinds, columns, strict=True)]
    if with_places:
        cells.append(f'<th scope="col">{escape(labels.column("source", say))}</th>')
    return f"<tr>{''.join(cells)}</tr>"


def _cells(frame: pd.DataFrame, column: _TableColumn, say: Wording, *, is_head: bool) -> list[str]:
    """The column's cells as HTML; where the frame has its words in the page's language too, those."""
    if column.cells is not None:
        return [_cell(cell, say.language, column, say, is_head=is_head) for cell in column.cells]
    words = labels.in_language(frame, column.name, say)
    is_long = not column.is_number and any(len(str(cell)) > LONG for cell, _ in words if not is_missing(cell))
    return [_cell(cell, lang, column, say, is_head=is_head, is_long=is_long) for cell, lang in words]


def _cell(cell: Any, lang: str, column: _TableColumn, say: Wording, *, is_head: bool, is_long: bool = False) -> str:
    tag, scope = ("th", ' scope="row"') if is_head else ("td", "")
    if is_missing(cell):
        kind = "number missing" if column.is_number else "missing"
        return f'<{tag}{scope} class="{kind}">{escape(labels.empty(column.name, say))}</{tag}>'
    language = f' lang="{lang}"' if lang != say.language and isinstance(cell, str) else ""
    kind = ' class="number"' if column.is_number else ' class="long"' if is_long else ""
    words = column.write(cell)
    html = column.as_html(cell, words) if column.as_html else escape(words)
    return f"<{tag}{scope}{kind}{language}>{html}</{tag}>"


def _has_places(frame: pd.DataFrame, columns: Sequence[str] | Mapping[str, str] | None) -> bool:
    """Whether rows show their place: the frame has documents and lines, and the caller has not left them out."""
    if "document_id" not in frame or not {"page", "line"} & set(frame):
        return False
    return columns is None or "document_id" in columns


def _places(frame: pd.DataFrame, columns: Sequence[str] | Mapping[str, str] | None) -> Sequence[Sequence[Place]] | None:
    return [[place] for place in places_of(frame)] if _has_places(frame, columns) else None
