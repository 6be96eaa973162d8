"""A client of Kolada, the open database of municipal key figures (API v3): ask, and check what came.

Kolada answers many wrong questions with an empty list, cuts long answers at a page, marks withdrawn values instead of
leaving them out, and removes key figures without notice. So this client asks only what Kolada knows, follows every
page, refuses an answer that may have been cut, that has another form or answers something else, drops withdrawn values
with a note, and keeps missing cells as missing.

Only `plancompare reference update` and people use it: analyses read the dated copies of `compare.reference.copies`.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, TypeVar

import httpx
import pandas as pd
from rapidfuzz import process

from compare.problems import PlanError, Told, told
from compare.reference import register

ADDRESS = "https://api.kolada.se/v3"
IDS_PER_REQUEST = 25
ITEMS_PER_PAGE = 5000
ATTEMPTS = 6
LONGEST_WAIT = 60.0
TIMEOUT = 60.0

# The query parameters of each endpoint. Kolada answers an unknown one with an empty list and no error.
PARAMETERS = {
    "kpi": ("title", "page", "per_page"),
    "municipality": ("title", "page", "per_page"),
    "data": ("from_date", "page", "per_page"),
}
GROUPS: dict[str, str | None] = {"T": None, "K": "women", "M": "men"}
T = TypeVar("T")
_TRY_AGAIN = {408, 429, 500, 502, 503, 504}
_REFUSED = {400, 404, 414, 422}
_KPI = re.compile(r"[A-Z]\d{5}")
VALUE_TYPES = {
    "kpi": "str",
    "municipality_code": "str",
    "year": "Int64",
    "group": "str",
    "value": "float64",
    "status": "str",
}


# What an item of each endpoint must hold, and of which type; more may stand there and is passed over.
_NUMBER, _NOTHING = (int, float), type(None)
_FORMS: dict[str, dict[str, Any]] = {
    "kpi": {"id": str, "title": str, "is_divided_by_gender": bool},
    "municipality": {"id": str, "title": str, "type": str},
    "data": {"kpi": str, "municipality": str, "period": int, "values": list},
}
_CELL: dict[str, Any] = {"gender": str, "value": (*_NUMBER, _NOTHING), "status": (str, _NOTHING)}


class NoAnswerError(PlanError):
    """Kolada could not be reached, or refused every attempt: asking for something else will not help now."""


@dataclass(frozen=True, slots=True)
class Values:
    """What Kolada answered: the rows, and in plain words what was left out or missing.

    `frame` has a row per key figure, municipality, year and group: kpi, municipality_code (text; regions and the
    country have codes that begin with 00), year, group (missing for all, women, men), value (missing where Kolada
    has none), status (Kolada's remark). `titles` holds each key figure's title in Kolada.
    """

    frame: pd.DataFrame
    titles: dict[str, str]
    notes: tuple[Told, ...] = ()


class Kolada:
    """A connection to Kolada; use it as a context manager, or call `close`.

    `address` is the API's address, `wait` is what is called with the seconds to wait before asking again.
    """

    def __init__(self, address: str = ADDRESS, *, wait: Callable[[float], None] = time.sleep) -> None:
        self._address = httpx.URL(address.rstrip("/") + "/")
        self._wait = wait
        self._client = httpx.Client(timeout=TIMEOUT, headers={"User-Agent": "plancompare"})

    def __enter__(self) -> Kolada:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back."""
        self._client.close()

    def key_figures(self, kpis: Sequence[str] = (), title: str | None = None) -> pd.DataFrame:
        """Kolada's catalogue, a row per key figure: those with these ids, or with `title` in their title, or all.

        Columns: kpi, title, description, by_sex, municipality_type, operating_area, perspective, publication_date,
        publication_period. Raises `PlanError` for an id that Kolada does not (or no longer) know.
        """
        kpis = _distinct(kpis)
        _refuse_ill_formed(kpis)
        items = [
            item
            for batch in _batches(kpis, IDS_PER_REQUEST) or [[]]
            for item in self.items("/".join(["kpi", *([",".join(batch)] if batch else [])]), title=title)
        ]
        frame = pd.DataFrame([_catalogue_row(item) for item in items], columns=list(_CATALOGUE)).astype(_CATALOGUE)
        unknown = [kpi for kpi in kpis if kpi not in set(frame["kpi"])]
        if unknown:
            raise PlanError(
                told(
                    "Kolada knows no key figure {all}; it may have been removed or renamed; "
                    "search its catalogue by title",
                    all=", ".join(unknown),
                )
            )
        return frame

    def municipalities(self) -> pd.DataFrame:
        """Kolada's list of municipalities and regions: municipality_code, name, type (K municipality, L region)."""
        rows = [[item["id"], item["title"], item["type"]] for item in self.items("municipality")]
        return pd.DataFrame(rows, columns=["municipality_code", "name", "type"], dtype="str")

    def values(self, kpis: Sequence[str], municipalities: Sequence[str] = (), years: Sequence[int] = ()) -> Values:
        """The values of key figures, for the given municipalities and years, or for all where none are given.

        Municipalities are codes as text ('0188'); '0000' is the country and '00..' a region. Values that Kolada has
        withdrawn are dropped and cells without a value stay as missing values; both are counted in the notes, as is a
        municipality or year that got no row at all. Raises `PlanError` for an unknown key figure or municipality, for
        a server that does not answer, and for an answer that may have been cut, has another form or tells what was not
        asked for.
        """
        kpis, codes = _distinct(kpis), _distinct(municipalities)
        if not kpis:
            raise PlanError(told("no key figure was asked for; name at least one id, such as N01951"))
        for code in codes:
            register.check_area(code)
        catalogue = self.key_figures(kpis)
        titles = dict(zip(catalogue["kpi"], catalogue["title"], strict=True))
        rows: list[list[Any]] = []
        withdrawn = 0
        # Kolada wants two of the three: with neither municipality nor year, all municipalities are asked for by code.
        asked_codes = codes or ([] if years else list(register.names()))
        for path in _data_paths(kpis, asked_codes, _distinct(years)):
            for item in self.items(path):
                _refuse_unasked(item, kpis, asked_codes, years)
                kept = [value for value in item["values"] if not (isinstance(value, dict) and value.get("isdeleted"))]
                withdrawn += len(item["values"]) - len(kept)
                rows += [_value_row(item, value) for value in kept]
        frame = _frame(rows)
        return Values(frame, titles, tuple(_notes(frame, kpis, codes, _distinct(years), withdrawn)))

    def items(self, path: str, **parameters: str | int | None) -> Iterator[dict[str, Any]]:
        """Every item that Kolada has at this path, from all pages.

        Raises `PlanError` for a parameter that the endpoint does not know: Kolada itself would answer with an empty
        list. Parameters that are None are left out.
        """
        endpoint = path.split("/")[0]
        if endpoint not in PARAMETERS:
            raise PlanError(
                told("Kolada has no {name!r} here; use one of {all}", name=endpoint, all=", ".join(PARAMETERS))
            )
        known = PARAMETERS[endpoint]
        for name in parameters:
            if name not in known:
                meant = process.extractOne(name, known)[0]
                raise PlanError(
                    told(
                        "Kolada's {path} knows no parameter {name!r}; did you mean {meant!r}?",
                        path=path,
                        name=name,
                        meant=meant,
                    )
                )
        asked = {name: value for name, value in parameters.items() if value is not None}
        url: httpx.URL | None = self._address.join(path).copy_merge_params({"per_page": ITEMS_PER_PAGE, **asked})
        seen: set[httpx.URL] = set()
        while url is not None:
            seen.add(url)
            page = self._page(url)
            if not all(_has_form(item, _FORMS[endpoint]) for item in page["values"]):
                raise _other_form(url)
            # Nothing is handed out of an answer that may have been cut.
            url = self._next(page, url)
            yield from page["values"]
            if url in seen:
                raise PlanError(told("{url}: Kolada leads back to a page already read; try again later", url=url))

    def _next(self, page: dict[str, Any], url: httpx.URL) -> httpx.URL | None:
        """The next page; a full page without one may have been cut, which only a narrower question can rule out."""
        if page["next_url"]:
            return self._followed(url, page["next_url"])
        if len(page["values"]) >= ITEMS_PER_PAGE:
            raise PlanError(
                told(
                    "{url}: the answer fills a page of {n} items and names no next one, so it may have been cut; "
                    "ask for fewer years or municipalities at a time",
                    url=url,
                    n=ITEMS_PER_PAGE,
                )
            )
        return None

    def _followed(self, url: httpx.URL, stated: str) -> httpx.URL:
        """Where Kolada leads on to, if that is on the same server: what others say is not Kolada's."""
        try:
            following = url.join(stated)
        except httpx.InvalidURL as error:
            raise PlanError(
                told(
                    "{url}: Kolada leads on to an address that cannot be used ({error}); try again later",
                    url=url,
                    error=error,
                )
            ) from error
        if following.netloc != self._address.netloc:
            raise PlanError(
                told(
                    "{url}: Kolada leads on to another server ({host}), whose answers are not Kolada's; "
                    "look for a newer plancompare",
                    url=url,
                    host=following.host,
                )
            )
        return following.copy_with(scheme=self._address.scheme)

    def _page(self, url: httpx.URL) -> dict[str, Any]:
        response = self._get(url)
        try:
            page = response.json()
        except (ValueError, RecursionError) as error:  # no JSON, no UTF-8, or brackets without end
            raise PlanError(
                told("{url}: Kolada's answer is no JSON ({error}); try again later", url=url, error=error)
            ) from error
        if not _has_form(page, {"values": list, "next_url": (str, _NOTHING)}):
            raise _other_form(url)
        if page.get("count") != len(page["values"]):
            raise PlanError(
                told(
                    "{url}: Kolada says {said} items and sent {sent}; try again later",
                    url=url,
                    said=page.get("count"),
                    sent=len(page["values"]),
                )
            )
        return page

    def _get(self, url: httpx.URL) -> httpx.Response:
        """The answer with status 200; asks again, ever more slowly, when the server is busy or cannot be reached."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = self._client.get(url)
            except httpx.HTTPError as error:
                reason, pause = str(error) or type(error).__name__, 0.0
            else:
                if response.status_code == httpx.codes.OK:
                    return response
                reason, pause = f"status {response.status_code}", _asked_pause(response)
                if response.has_redirect_location:
                    url = self._followed(url, response.headers["Location"])
                    continue
                if response.status_code in _REFUSED:
                    raise PlanError(
                        told(
                            "{url}: Kolada refuses the question ({reason}); ask for something else",
                            url=url,
                            reason=reason,
                        )
                    )
                if response.status_code not in _TRY_AGAIN:
                    break
            if attempt < ATTEMPTS:
                self._wait(min(max(pause, 2.0 ** (attempt - 1)), LONGEST_WAIT))
        raise NoAnswerError(
            told(
                "{url}: Kolada did not answer ({reason}, attempt {attempt}); "
                "check the connection and try again, the local copies are unchanged",
                url=url,
                reason=reason,
                attempt=attempt,
            )
        )


_CATALOGUE = {
    "kpi": "str",
    "title": "str",
    "description": "str",
    "by_sex": "boolean",
    "municipality_type": "str",
    "operating_area": "str",
    "perspective": "str",
    "publication_date": "str",
    "publication_period": "str",
}
_CATALOGUE_KEYS = {"kpi": "id", "by_sex": "is_divided_by_gender", "publication_period": "publ_period"}


def _catalogue_row(item: dict[str, Any]) -> list[Any]:
    return [item.get(_CATALOGUE_KEYS.get(column, column)) for column in _CATALOGUE]


def _value_row(item: dict[str, Any], value: dict[str, Any]) -> list[Any]:
    # Kolada sends a cell without a value as count 0 and null: it stays, as missing.
    if not _has_form(value, _CELL):
        raise _other_form(f"{item['kpi']} {item['municipality']} {item['period']}")
    if value["gender"] not in GROUPS:
        raise PlanError(
            told(
                "Kolada's {kpi} is split by {part!r}, not by T, K or M; report this",
                kpi=item["kpi"],
                part=value["gender"],
            )
        )
    return [
        item["kpi"],
        item["municipality"],
        item["period"],
        GROUPS[value["gender"]],
        value["value"],
        value["status"] or None,
    ]


def _frame(rows: list[list[Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(VALUE_TYPES)).astype(VALUE_TYPES)
    keys = ["kpi", "municipality_code", "year", "group"]
    twice = frame.duplicated(keys)
    if twice.any():
        first = frame.loc[twice].iloc[0]
        raise PlanError(
            told(
                "Kolada sent two values of {kpi} for {code} in {year}; try again later",
                kpi=first["kpi"],
                code=first["municipality_code"],
                year=first["year"],
            )
        )
    return frame.sort_values(keys, na_position="first", ignore_index=True)


def _data_paths(kpis: Sequence[str], codes: Sequence[str], years: Sequence[int]) -> Iterator[str]:
    """One path per request: at most 25 ids in each part."""
    for kpi_batch in _batches(kpis, IDS_PER_REQUEST):
        for code_batch in _batches(codes, IDS_PER_REQUEST) or [[]]:
            for year_batch in _batches(years, IDS_PER_REQUEST) or [[]]:
                parts = ["data", "kpi", ",".join(kpi_batch)]
                parts += ["municipality", ",".join(code_batch)] if code_batch else []
                parts += ["year", ",".join(map(str, year_batch))] if year_batch else []
                yield "/".join(parts)


def _notes(
    frame: pd.DataFrame, kpis: Sequence[str], codes: Sequence[str], years: Sequence[int], withdrawn: int
) -> Iterator[Told]:
    if withdrawn:
        yield told("values that Kolada has withdrawn and that were left out: {n}", n=withdrawn)
    missing = int(frame["value"].isna().sum())
    if missing:
        yield told("cells without a value in Kolada, which stay missing: {n} of {all}", n=missing, all=len(frame))
    for kpi in kpis:
        rows = frame[frame["kpi"] == kpi]
        if rows.empty:
            yield told("{kpi}: Kolada has no row for what was asked", kpi=kpi)
            continue
        without = [code for code in codes if code not in set(rows["municipality_code"])]
        if without:
            yield told("{kpi}: Kolada has no row for the municipality {all}", kpi=kpi, all=", ".join(without))
        lacking = [str(year) for year in years if year not in set(rows["year"])]
        if lacking:
            yield told("{kpi}: Kolada has no row for the year {all}", kpi=kpi, all=", ".join(lacking))


def _has_form(item: Any, form: dict[str, Any]) -> bool:
    """Whether this is an object with all these fields, each of its type; a number is neither infinite nor a truth."""
    if not isinstance(item, dict) or not form.keys() <= item.keys():
        return False
    return all(
        isinstance(item[name], kind)
        and (kind is bool or not isinstance(item[name], bool))
        and not (isinstance(item[name], float) and not math.isfinite(item[name]))
        for name, kind in form.items()
    )


def _other_form(place: object) -> PlanError:
    return PlanError(
        told("{place}: Kolada's answer has another form than API v3; look for a newer plancompare", place=place)
    )


def _refuse_unasked(item: dict[str, Any], kpis: Sequence[str], codes: Sequence[str], years: Sequence[int]) -> None:
    """Raise where an answer belongs to another question: it would be kept under a name that is not its own."""
    for found, asked in ((item["kpi"], kpis), (item["municipality"], codes), (item["period"], years)):
        if asked and found not in asked:
            raise PlanError(
                told(
                    "Kolada answered with {kpi} of {code} in {year}, which was not asked for; try again later",
                    kpi=item["kpi"],
                    code=item["municipality"],
                    year=item["period"],
                )
            )


def _refuse_ill_formed(kpis: Sequence[str]) -> None:
    wrong = [kpi for kpi in kpis if not (isinstance(kpi, str) and _KPI.fullmatch(kpi))]
    if wrong:
        raise PlanError(
            told("{all} is no key figure of Kolada; an id is a letter and five digits", all=", ".join(map(repr, wrong)))
        )


def _asked_pause(response: httpx.Response) -> float:
    """The seconds that the server asks us to wait (Retry-After: a number or a date), 0 where it does not say."""
    stated = response.headers.get("Retry-After", "")
    if stated.isdecimal():
        return float(stated)
    try:
        return max(parsedate_to_datetime(stated).timestamp() - time.time(), 0.0)
    except (TypeError, ValueError):
        return 0.0


def _distinct(values: Sequence[T]) -> list[T]:
    return list(dict.fromkeys(values))


def _batches(values: Sequence[T], size: int) -> list[list[T]]:
    return [list(values[start : start + size]) for start in range(0, len(values), size)]
