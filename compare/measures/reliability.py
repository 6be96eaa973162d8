"""How far two codings of the same documents agree: human against human first, then machine against that.

Records are matched one to one before their fields are compared: by id; then by place (page and line, and what tells
several records of one line apart: year, kind, part, period); then by likeness of title, best pairs together. What has
no match was not detected by the other. Alpha corrects for chance, and is undefined where nothing varies: the plain
agreement stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process, utils
from scipy.optimize import linear_sum_assignment

from compare.contract import TABLES, Column, Tables
from compare.measures import statistics as stat
from compare.measures.alpha import Level, alpha
from compare.measures.counting import brought, groups, mapped, matches, positions
from compare.problems import PlanError

CODED = tuple(name for name in TABLES if name not in ("documents", "findings", "links"))
ALIKE = 0.85  # titles less alike than this are taken for different records
STATUS_ORDER = (
    "not_started",
    "not_completed",
    "not_expected",
    "at_risk",
    "in_progress",
    "partly_expected",
    "partly_completed",
    "expected",
    "completed",
)
# What tells records of one line, or of one title, apart.
_APART = {
    "assignments": ["kind"],
    "indicator_values": ["year", "kind", "group"],
    "budget_lines": ["year", "kind"],
    "funding": ["committee"],
    "statuses": ["period"],
}
_WORDS = {
    "goals": "title",
    "assignments": "title",
    "actions": "title",
    "indicators": "name",
    "budget_lines": "label",
    "claims": "subject",
}
# Records without words of their own are known by the record they belong to.
_BELONGS = {"indicator_values": "indicators", "funding": "assignments", "statuses": "assignments"}
_NOT_COMPARED = {"document_id", "municipality_code", "page", "line", "line_end", "source_text", "confidence"}
_LEVELS: dict[str, Level] = {"integer": "interval", "number": "interval", "date": "interval"}


def match(first: Tables, second: Tables, table: str) -> pd.DataFrame:
    """Which records of two codings are the same: one row per pair.

    Columns: `first` and `second` (row positions in the two tables), `first_id`, `second_id`, `how` (id, place, title)
    and `score` (likeness of titles; 1 for id and place). Documents are matched by id; if each coding is of a single
    document, these two are the same whatever their ids. Raises `PlanError` for a table that is not coded.
    """
    if table not in CODED:
        raise PlanError(f"table {table!r} is not coded by people; these are: {', '.join(CODED)}; choose among them")
    one, two = _keyed(first, table), _keyed(second, table)
    if _single_document(first) and _single_document(second):
        one, two = one.assign(_document=""), two.assign(_document="")
    found = [_equal(one, two, ["_document", "_local"], "id")]
    found.append(_equal(*_left(one, two, found), ["_document", "page", "line", *_apart(table), "_turn"], "place"))
    found.append(_alike(*_left(one, two, found), table))
    pairs = pd.concat(found, ignore_index=True).sort_values("first", ignore_index=True)
    key = str(TABLES[table].key)
    return pairs.assign(
        first_id=brought(first[table][key], pairs["first"].to_numpy()),
        second_id=brought(second[table][key], pairs["second"].to_numpy()),
    )


def _single_document(tables: Tables) -> bool:
    return len(tables.documents) == 1


def _apart(table: str) -> list[str]:
    return _APART.get(table, [])


def _keyed(tables: Tables, table: str) -> pd.DataFrame:
    """The rows with their position, their id without the document, their words, and their turn at their place."""
    rows = tables[table].reset_index(drop=True)
    key = rows[str(TABLES[table].key)]
    at_place = groups(rows, ["document_id", "page", "line", *_apart(table)], ordered=False).codes
    return rows.assign(
        _row=np.arange(len(rows)),
        _document=rows["document_id"].fillna(""),
        _local=key.str.replace(r"^[^/]*/", "", regex=True),
        _turn=pd.Series(at_place).groupby(at_place).cumcount().to_numpy(),
        _words=_words(tables, table),
    )


def _words(tables: Tables, table: str) -> pd.Series:
    if table in _WORDS:
        return tables[table][_WORDS[table]].fillna("").reset_index(drop=True)
    owner = _BELONGS[table]
    key = str(TABLES[owner].key)
    place = positions(tables[table][key], tables[owner][key])
    return brought(tables[owner][_WORDS[owner]], place).fillna("")


def _left(one: pd.DataFrame, two: pd.DataFrame, found: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that no pair holds yet."""
    pairs = pd.concat(list(found))
    return one[~one["_row"].isin(pairs["first"])], two[~two["_row"].isin(pairs["second"])]


def _equal(one: pd.DataFrame, two: pd.DataFrame, columns: list[str], how: str) -> pd.DataFrame:
    if "line" in columns:
        one, two = one[one["line"].notna()], two[two["line"].notna()]
    one = one.drop_duplicates(columns)
    place = matches(one, two, columns)
    there = place >= 0
    return pd.DataFrame(
        {
            "first": one["_row"].to_numpy()[there],
            "second": two["_row"].to_numpy()[place[there]],
            "how": pd.Series(how, index=range(int(there.sum())), dtype="str"),
            "score": 1.0,
        }
    )


def _alike(one: pd.DataFrame, two: pd.DataFrame, table: str) -> pd.DataFrame:
    """The best pairs by title, all together, within a document and what tells records apart."""
    same = ["_document", *_apart(table)]
    one, two = one[one["_words"] != ""], two[two["_words"] != ""]
    both = groups(pd.concat([one[same], two[same]], ignore_index=True), same, ordered=False).codes
    here, there = both[: len(one)], both[len(one) :]
    found = [_best(one[here == code], two[there == code]) for code in np.intersect1d(here, there)]
    empty = pd.DataFrame({"first": pd.Series(dtype=np.int64), "second": pd.Series(dtype=np.int64), "score": 0.0})
    pairs = pd.concat([empty, *found], ignore_index=True)
    return pairs.assign(how=pd.Series("title", index=pairs.index, dtype="str"))


def _best(one: pd.DataFrame, two: pd.DataFrame) -> pd.DataFrame:
    scores = process.cdist(
        one["_words"].tolist(), two["_words"].tolist(), scorer=fuzz.token_sort_ratio, processor=utils.default_process
    )
    rows, columns = linear_sum_assignment(scores, maximize=True)
    likeness = scores[rows, columns] / 100
    kept = likeness >= ALIKE
    return pd.DataFrame(
        {
            "first": one["_row"].to_numpy()[rows[kept]],
            "second": two["_row"].to_numpy()[columns[kept]],
            "score": likeness[kept].astype(float),
        }
    )


def detection(
    first: Tables, second: Tables, tables: Sequence[str] = CODED, *, level: float = stat.LEVEL
) -> pd.DataFrame:
    """How many records of the first coding the second found, and how many of its own are right: one row per table.

    The first coding is the reference. Columns: `table`, `first`, `second` (records), `matched`, `by_id`, `by_place`,
    `by_title`, `precision` = matched / second and `recall` = matched / first with Wilson intervals (`precision_low`,
    `precision_high`, `recall_low`, `recall_high`), `f1` (their harmonic mean), `missed_ids` (of the first, not found),
    `added_ids` (of the second, not in the first). A table that both leave empty gives no row; one that only one of
    them fills has a missing precision or recall, and f1 0.
    """
    rows = [_detected(first, second, name) for name in tables if len(first[name]) or len(second[name])]
    columns = ["table", "first", "second", "matched", "by_id", "by_place", "by_title", "missed_ids", "added_ids"]
    found = pd.DataFrame(rows, columns=columns).astype({"table": "str"} | dict.fromkeys(columns[1:7], "int64"))
    matched, n1, n2 = found["matched"], found["first"], found["second"]
    precision, recall = stat.wilson(matched, n2, level), stat.wilson(matched, n1, level)
    ids = found[["missed_ids", "added_ids"]]
    return found.drop(columns=ids.columns).assign(
        precision=stat.rate(matched, n2),
        precision_low=precision.low,
        precision_high=precision.high,
        recall=stat.rate(matched, n1),
        recall_low=recall.low,
        recall_high=recall.high,
        f1=stat.rate(2 * matched, n1 + n2),
        **ids,
    )


def _detected(first: Tables, second: Tables, table: str) -> dict[str, object]:
    pairs, key = match(first, second, table), str(TABLES[table].key)
    one, two = first[table][key], second[table][key]
    return {
        "table": table,
        "first": len(one),
        "second": len(two),
        "matched": len(pairs),
        **{f"by_{how}": int((pairs["how"] == how).sum()) for how in ("id", "place", "title")},
        "missed_ids": np.delete(one.to_numpy(dtype=object), pairs["first"].to_numpy()).tolist(),
        "added_ids": np.delete(two.to_numpy(dtype=object), pairs["second"].to_numpy()).tolist(),
    }


_AGREEMENT = [
    "table",
    "field",
    "level",
    "matched",
    "n",
    "one_missing",
    "agreed",
    "agreement",
    "low",
    "high",
    "alpha",
    "alpha_low",
    "alpha_high",
    "rating",
    "note",
    "record_ids",
]


def agreement(
    first: Tables, second: Tables, tables: Sequence[str] = CODED, *, draws: int = 1000, level: float = stat.LEVEL
) -> pd.DataFrame:
    """How far the fields of matched records agree: one row per table, field and level of measurement.

    Texts are compared without case and double spaces, lists as sets, references by the records they lead to. Left out
    are places, source texts, and, where one coding holds labels in place of the source's words, all wording. Columns:
    `table`, `field`, `level` (nominal; interval for numbers and dates; a status is compared as nominal and, by how far
    it is from done, as ordinal), `matched` (pairs of records), `n` (pairs of which both give a value), `one_missing`
    (only one gives one), `agreed`, `agreement` = agreed / n with `low`, `high` (Wilson), `alpha` with its bootstrap
    interval `alpha_low`, `alpha_high`, `rating` (good, tentative, poor, undefined), `note` (no_variance, too_few or
    empty: see `compare.measures.alpha`), `record_ids` (ids of the first coding where the two differ or one is
    missing). A field that neither coding uses gives no row.
    """
    words = _same_wording(first, second)
    rows = []
    for table in tables:
        pairs = match(first, second, table)
        for column in _fields(table, words=words) if len(pairs) else []:
            rows += _field(first, second, table, column, pairs, draws, level)
    return pd.DataFrame(rows, columns=_AGREEMENT)


def _same_wording(first: Tables, second: Tables) -> bool:
    kinds = [set(tables.documents["wording"].fillna("source")) for tables in (first, second)]
    return "labels" not in kinds[0] | kinds[1]


def _fields(table: str, *, words: bool) -> list[Column]:
    key = TABLES[table].key
    left_out = _NOT_COMPARED | {str(key)}
    return [c for c in TABLES[table].columns if c.name not in left_out and (words or not c.wording)]


def _field(
    first: Tables, second: Tables, table: str, column: Column, pairs: pd.DataFrame, draws: int, level: float
) -> list[dict[str, object]]:
    one, two = _values(first, second, table, column, pairs)
    given = one.notna() & two.notna()
    only_one = one.notna() ^ two.notna()
    if not (given | only_one).any():
        return []
    equal = given & (one == two)
    n, agreed = int(given.sum()), int(equal.sum())
    low, high = stat.wilson(agreed, n, level)
    differing = pairs["first_id"][(~equal & (given | only_one)).to_numpy()].tolist()
    measured: list[tuple[Level, Sequence[str] | None]] = [(_LEVELS.get(column.type, "nominal"), None)]
    if column.name == "status":
        measured.append(("ordinal", STATUS_ORDER))
    rows: list[dict[str, object]] = []
    for scale, order in measured:
        found = alpha([one[given].tolist(), two[given].tolist()], scale, order=order, draws=draws, confidence=level)
        rows.append(
            {
                "table": table,
                "field": column.name,
                "level": scale,
                "matched": len(pairs),
                "n": n,
                "one_missing": int(only_one.sum()),
                "agreed": agreed,
                "agreement": float(stat.rate(agreed, n)),
                "low": float(low),
                "high": float(high),
                "alpha": found.alpha,
                "alpha_low": found.low,
                "alpha_high": found.high,
                "rating": found.rating,
                "note": found.note,
                "record_ids": differing,
            }
        )
    return rows


def _values(
    first: Tables, second: Tables, table: str, column: Column, pairs: pd.DataFrame
) -> tuple[pd.Series, pd.Series]:
    """The two codings' values of a field, pair by pair, in a form in which equal means the same."""
    one = brought(first[table][column.name].reset_index(drop=True), pairs["first"].to_numpy())
    two = brought(second[table][column.name].reset_index(drop=True), pairs["second"].to_numpy())
    if column.references:
        return _led_to(first, second, column, one), two.astype(object)
    return _comparable(one, column.type), _comparable(two, column.type)


def _comparable(values: pd.Series, kind: str) -> pd.Series:
    if kind == "list":
        return pd.Series([_as_set(value) for value in values], dtype=object)
    if kind == "date":
        days = values.astype("datetime64[s]").astype("int64") / 86_400
        return days.where(values.notna())
    if kind in ("integer", "number"):
        return values.astype(float)
    if kind == "string":
        return mapped(values, lambda text: " ".join(text.casefold().split()), "str").astype(object)
    return values.astype(object)


def _as_set(value: object) -> str | None:
    return ", ".join(sorted(map(str, value))) if isinstance(value, list) and value else None


def _led_to(first: Tables, second: Tables, column: Column, ids: pd.Series) -> pd.Series:
    """For each id of the first coding that of the second's record that matches it; else itself, which differs."""
    table = str(column.references).split(".")[0]
    pairs = match(first, second, table)
    found = brought(pairs["second_id"], positions(ids, pairs["first_id"]))
    unmatched = ("unmatched " + ids).where(ids.notna())
    return found.fillna(unmatched).astype(object)


_CALIBRATION = ["table", "bin_low", "bin_high", "n", "confidence", "right", "rate", "low", "high", "ece"]


def calibration(
    reference: Tables, reading: Tables, tables: Sequence[str] = CODED, *, bins: int = 10, level: float = stat.LEVEL
) -> pd.DataFrame:
    """Whether the reading's confidence keeps what it promises: one row per table and bin of confidence.

    A record is right if it matches one of the reference and all fields that the reference gives agree. Columns:
    `table`, `bin_low`, `bin_high`, `n`, `confidence` (mean), `right`, `rate` with `low`, `high` (Wilson), and `ece` of
    the table: the mean distance of confidence and rate over bins, weighted by n (expected calibration error; Guo et
    al. 2017). Records without a confidence are left out; a table without any gives no row.
    """
    words = _same_wording(reference, reading)
    parts = [_calibrated(reference, reading, table, words, bins, level) for table in tables]
    found = [part for part in parts if len(part)]
    return pd.concat(found, ignore_index=True)[_CALIBRATION] if found else pd.DataFrame(columns=_CALIBRATION)


def _calibrated(reference: Tables, reading: Tables, table: str, words: bool, bins: int, level: float) -> pd.DataFrame:
    confidence = reading[table]["confidence"].to_numpy(dtype=float, na_value=np.nan)
    rated = ~np.isnan(confidence)
    if not rated.any():
        return pd.DataFrame()
    right = _right(reference, reading, table, words)
    # A confidence of 1 belongs to the last bin.
    rows = pd.DataFrame({"bin": np.minimum((confidence[rated] * bins).astype(int), bins - 1)})
    found = groups(rows, ["bin"])
    n, k = found.count(), found.count(right[rated])
    mean = stat.rate(found.count(weights=confidence[rated]), n)
    share = stat.share(k, n, level)
    return pd.DataFrame(
        {
            "table": table,
            "bin_low": found.keys["bin"] / bins,
            "bin_high": (found.keys["bin"] + 1) / bins,
            "n": n,
            "confidence": mean,
            "right": k,
            **share,
            "ece": float(np.sum(n * np.abs(mean - share["rate"])) / n.sum()),
        }
    )


def _right(reference: Tables, reading: Tables, table: str, words: bool) -> np.ndarray:
    pairs = match(reference, reading, table)
    agree = np.ones(len(pairs), dtype=bool)
    for column in _fields(table, words=words):
        one, two = _values(reference, reading, table, column, pairs)
        agree &= (one.isna() | (one == two)).to_numpy(dtype=bool)
    right = np.zeros(len(reading[table]), dtype=bool)
    right[pairs["second"].to_numpy()[agree]] = True
    return right


_YIELD = ["table", "reviewed", "rows", "found", "errors", "share", "area"]
SHARES_REVIEWED = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)


def review_yield(
    reference: Tables,
    reading: Tables,
    tables: Sequence[str] = CODED,
    *,
    shares: Sequence[float] = SHARES_REVIEWED,
) -> pd.DataFrame:
    """How many of the reading's errors a person finds who reviews the least confident rows first: the yield curve.

    A row is an error if it is not right (see `calibration`); what the reading missed altogether no review of its rows
    finds. Rows of equal confidence come in any order, so `found` is what is to be expected. One row per table and share
    of `shares`: `table`, `reviewed` (share of the rows), `rows` (so many), `found` (errors among them), `errors` (in
    all), `share` = found / errors (null without errors; were confidence worth nothing it would be `reviewed`), `area`
    under the curve of the table (0.5 by chance; null without errors). Records without a confidence are left out; a
    table without any gives no row.
    """
    words = _same_wording(reference, reading)
    parts = [_yielded(reference, reading, table, words, np.asarray(shares, dtype=float)) for table in tables]
    found = [part for part in parts if len(part)]
    empty = pd.DataFrame(columns=_YIELD).astype({"table": "str"} | dict.fromkeys(_YIELD[1:], "float64"))
    return pd.concat(found, ignore_index=True)[_YIELD] if found else empty


def _yielded(reference: Tables, reading: Tables, table: str, words: bool, shares: np.ndarray) -> pd.DataFrame:
    confidence = reading[table]["confidence"].to_numpy(dtype=float, na_value=np.nan)
    rated = ~np.isnan(confidence)
    if not rated.any():
        return pd.DataFrame()
    wrong = ~_right(reference, reading, table, words)[rated]
    of_step = groups(pd.DataFrame({"confidence": confidence[rated]}), ["confidence"])
    # Between the ends of a step of equal confidence the errors are spread evenly.
    rows, errors = (np.r_[0.0, np.cumsum(of_step.count(mask))] for mask in (None, wrong))
    found = np.interp(shares * rows[-1], rows, errors)
    some = errors[-1] > 0
    area = float(np.trapezoid(errors, rows) / (rows[-1] * errors[-1])) if some else np.nan
    return pd.DataFrame(
        {
            "table": table,
            "reviewed": shares,
            "rows": shares * rows[-1],
            "found": found,
            "errors": errors[-1],
            "share": stat.rate(found, errors[-1]),
            "area": area,
        }
    )


def quotes(
    coding: Tables, texts: Mapping[str, Sequence[str]], tables: Sequence[str] = CODED, *, level: float = stat.LEVEL
) -> pd.DataFrame:
    """How many rows quote their document word for word at the place they name: one row per table.

    `texts` holds the lines of each document by `document_id`, as `Document.lines`. Spacing, and hyphens at which a line
    may divide a word, do not count. Columns: `table`, `n` (rows that quote a document whose text is given, and name a
    line), `verified` (the quotation stands there), `rate` with `low`, `high` (Wilson), `elsewhere` (it stands in
    another place of the document), `nowhere`, `without` (rows that quote nothing, as in codings that may not pass the
    words on, or a dash alone, or name no line, or whose document's text is not given), `record_ids` (not verified). A
    table without rows gives no row.
    """
    plain = {name: [_unspaced(line) for line in lines] for name, lines in texts.items()}
    whole = {name: "".join(lines) for name, lines in plain.items()}
    rows = [_quoted(coding[name], name, plain, whole) for name in tables if len(coding[name])]
    columns = ["table", "n", "verified", "elsewhere", "nowhere", "without", "record_ids"]
    found = pd.DataFrame(rows, columns=columns).astype({"table": "str"} | dict.fromkeys(columns[1:6], "int64"))
    share = stat.share(found["verified"], found["n"], level)
    return found[["table", "n", "verified"]].assign(**share, **found[columns[3:]])


def _quoted(
    rows: pd.DataFrame, table: str, lines: Mapping[str, Sequence[str]], whole: Mapping[str, str]
) -> dict[str, object]:
    key = rows[str(TABLES[table].key)]
    words = mapped(rows["source_text"].fillna(""), _unspaced, "str")
    can = (words != "") & rows["line"].notna() & rows["document_id"].isin(list(lines))
    there, elsewhere, unverified = 0, 0, []
    ends = rows["line_end"].fillna(rows["line"])
    quoted = zip(key[can], rows["document_id"][can], rows["line"][can], ends[can], words[can], strict=True)
    for record, document, first, last, said in quoted:
        if said in "".join(lines[document][int(first) - 1 : int(last)]):
            there += 1
        else:
            elsewhere += said in whole[document]
            unverified.append(record)
    return {
        "table": table,
        "n": int(can.sum()),
        "verified": there,
        "elsewhere": elsewhere,
        "nowhere": int(can.sum()) - there - elsewhere,
        "without": int((~can).sum()),
        "record_ids": unverified,
    }


def _unspaced(text: str) -> str:
    """The text without spacing and without the hyphens at which a line may divide a word."""
    return "".join(text.split()).replace("-", "").replace("\u00ad", "")
