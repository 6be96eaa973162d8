"""Which way of an indicator is better, as a person decided it: a table of names, patterns and Kolada ids.

Whether more or less is better is never guessed. What a person decided is looked up here; of several decisions about one
indicator the narrowest counts: its id, its name in its municipality, its name anywhere, the Kolada id that its name or
source states, a pattern of names in its municipality, a pattern anywhere; of equals the first row.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from compare.measures.counting import groups
from compare.problems import PlanError

HIGHER, LOWER = "higher", "lower"
_KPI = re.compile(r"\b[A-Z]\d{5}\b")
_ASKED = ("indicator_id", "municipality_code", "name", "source_name")


def check(directions: pd.DataFrame) -> None:
    """Raise `PlanError` for a table that does not say what it is about, or says another word than higher and lower."""
    if "direction" not in directions or not {"indicator_id", "name", "kpi"} & set(directions):
        raise PlanError(
            f"the reviewed directions have the columns {', '.join(map(str, directions.columns))}; they need direction "
            "and indicator_id, name or kpi; name the columns so"
        )
    wrong = sorted(set(directions["direction"].dropna()) - {HIGHER, LOWER})
    if wrong:
        raise PlanError(f"the reviewed directions say {', '.join(wrong)}; expected higher or lower; correct these rows")


def decided(indicators: pd.DataFrame, directions: pd.DataFrame | None) -> pd.Series:
    """The decided direction of each of these rows (higher, lower; missing where nobody decided), in their order.

    `indicators` has `indicator_id`, `municipality_code`, `name`, `source_name`. `directions` has `direction` and any of
    `indicator_id`, `name` (case and spaces aside; `*` for any letters), `kpi` (a Kolada id), `municipality_code`
    (missing: everywhere), as `compare.reference.reviewed.directions` gives it. Raises `PlanError` as `check` does.
    """
    if directions is None or directions.empty:
        return pd.Series(np.nan, index=range(len(indicators)), dtype="str")
    check(directions)
    ways = _Ways(directions)
    by = list(_ASKED) if ways.by_id else list(_ASKED[1:])
    found = groups(indicators, by, ordered=False)
    keys = found.keys.reindex(columns=list(_ASKED)).astype(object)
    keys = keys.where(keys.notna(), None)
    answers = pd.Series([ways.of(*row) for row in keys.itertuples(index=False, name=None)], dtype="str")
    return answers.take(found.codes).reset_index(drop=True)


class _Ways:
    """The decisions in the form in which they are looked up; of equals the first row stays."""

    def __init__(self, directions: pd.DataFrame) -> None:
        self.by_id: dict[str, str] = {}
        self.by_name: dict[tuple[str | None, str], str] = {}
        self.by_kpi: dict[tuple[str | None, str], str] = {}
        self.patterns: list[tuple[str | None, re.Pattern[str], str]] = []
        columns = ["indicator_id", "municipality_code", "name", "kpi", "direction"]
        rows = directions.reindex(columns=columns).astype(object)
        for record, code, name, kpi, way in rows.where(rows.notna(), None).itertuples(index=False, name=None):
            if way is None:
                continue
            if record:
                self.by_id.setdefault(record, way)
            elif name and "*" in name:
                parts = [re.escape(part) for part in _plain(name).split("*")]
                self.patterns.append((code, re.compile(".*".join(parts)), way))
            elif name:
                self.by_name.setdefault((code, _plain(name)), way)
            elif kpi:
                self.by_kpi.setdefault((code, kpi), way)
        # Patterns of one municipality are narrower than those of all.
        self.patterns.sort(key=lambda pattern: pattern[0] is None)

    def of(self, record: str | None, code: str | None, name: str | None, source: str | None) -> str | None:
        plain = _plain(name or "")
        stated = [(where, kpi) for where in (code, None) for kpi in _KPI.findall(f"{name} {source}")]
        known = [
            self.by_id.get(record or ""),
            *(self.by_name.get((where, plain)) for where in (code, None)),
            *(self.by_kpi.get(key) for key in stated),
            *(way for where, pattern, way in self.patterns if where in (None, code) and pattern.fullmatch(plain)),
        ]
        return next((way for way in known if way), None)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
