"""Dated local copies of Kolada's values: what analyses read instead of asking a server.

A copy is `data/reference/kolada/<kpi>-<date>.csv` with a card of the same name and the ending `.toml`, which holds the
key figure's title, the day it was fetched, what was noted, and the file's check sum. Older copies stay, so that a
report can be run again on the figures it had.

Kolada's terms: unchanged data say 'Källa: Kolada', own processing of them must not name Kolada as the source. A copy
that no longer has the check sum of the day it was fetched is therefore refused rather than labelled.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from compare.problems import PlanError, Problem, Told, told
from compare.reference import register
from compare.reference.kolada import VALUE_TYPES, Kolada, NoAnswerError, Values
from compare.whole_files import written_whole

SOURCE_LABEL = "Källa: Kolada"
_NAME = re.compile(r"([A-Z]\d{5})-(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy: the values as Kolada gave them, and what must be said where they are shown unchanged.

    `frame` has the columns of `kolada.Values`: kpi, municipality_code, year, group (missing for all), value (missing
    where Kolada has none), status. Whoever computes with it names the calculation as its own, not `label`.
    """

    kpi: str
    title: str
    fetched: date
    notes: tuple[str, ...]
    path: Path
    frame: pd.DataFrame

    @property
    def label(self) -> str:
        """What a figure or table must carry that shows the values unchanged."""
        return SOURCE_LABEL


@dataclass(frozen=True, slots=True)
class Update:
    """What an update brought: the copies written, what was noted, and the key figures that could not be fetched."""

    copies: list[Path]
    notes: list[Told]
    problems: list[Problem]


def folder() -> Path:
    """The folder of the copies, in the folder of the reference data; it exists once something was fetched."""
    return register.folder() / "kolada"


def available() -> pd.DataFrame:
    """The copies that lie here: kpi, fetched (date as text), file name; oldest first, empty where there are none."""
    names = sorted(path.stem for path in folder().glob("*.toml") if _NAME.fullmatch(path.stem))
    rows = [[*stem.split("-", 1), f"{stem}.csv"] for stem in names]
    return pd.DataFrame(rows, columns=["kpi", "fetched", "file_name"], dtype="str")


def local(kpi: str, on: date | None = None) -> Copy:
    """The newest copy of a key figure, or the one fetched on a given day.

    Raises `PlanError` where there is none, or where it was changed after it was fetched.
    """
    known = available()
    days = list(known.loc[known["kpi"] == kpi, "fetched"])
    wanted = on.isoformat() if on else (days[-1] if days else "")
    if wanted not in days:
        raise PlanError(
            told(
                "no local copy of the key figure {kpi} of the day {day} in {folder}; there are those of {all}; "
                "fetch one with 'plancompare reference update'",
                kpi=kpi,
                day=wanted,
                folder=folder(),
                all=", ".join(days),
            )
            if days
            else told(
                "no local copy of the key figure {kpi} in {folder}; fetch one with 'plancompare reference update'",
                kpi=kpi,
                folder=folder(),
            )
        )
    return _load(folder() / f"{kpi}-{wanted}.csv")


def _load(path: Path) -> Copy:
    card = _card(path.with_suffix(".toml"))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PlanError(
            told("{path}: cannot be read ({error}); fetch the key figure again", path=path, error=error)
        ) from error
    if hashlib.sha256(content).hexdigest() != card["sha256"]:
        raise PlanError(
            told(
                "{path}: was changed after it was fetched and may no longer be called Kolada's; fetch the key figure "
                "again, or keep your own version under another name",
                path=path,
            )
        )
    frame = pd.read_csv(path, dtype=VALUE_TYPES, keep_default_na=False, na_values=[""])
    return Copy(card["kpi"], card["title"], card["fetched"], tuple(card["notes"]), path, frame)


def _card(path: Path) -> dict[str, Any]:
    try:
        card = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlanError(
            told("{path}: the card of a local copy cannot be read ({error}); fetch it again", path=path, error=error)
        ) from error
    missing = {"kpi", "title", "fetched", "notes", "sha256"} - set(card)
    if missing:
        raise PlanError(
            told(
                "{path}: the card of a local copy lacks {all}; fetch it again",
                path=path,
                all=", ".join(sorted(missing)),
            )
        )
    return card


def save(values: Values, fetched: date) -> list[Path]:
    """Write one copy per key figure that has rows, all of them or none; returns the CSV files.

    A copy of the same day is replaced, older ones stay. Raises `PlanError` where they cannot be written; what was there
    is then as it was.
    """
    with written_whole(folder()) as draft:
        names = [
            _save_one(draft, kpi, title, values.frame[values.frame["kpi"] == kpi], values.notes, fetched)
            for kpi, title in values.titles.items()
            if (values.frame["kpi"] == kpi).any()
        ]
    return [folder() / name for name in names]


def _save_one(draft: Path, kpi: str, title: str, frame: pd.DataFrame, notes: Iterable[str], fetched: date) -> str:
    path = draft / f"{kpi}-{fetched.isoformat()}.csv"
    content = frame.to_csv(index=False, lineterminator="\n").encode()
    stated = {
        "kpi": kpi,
        "title": title,
        "label": SOURCE_LABEL,
        "origin": "Kolada (RKA), API v3",
        "licence": "Free to use; unchanged data say 'Källa: Kolada', own processing must not name Kolada.",
        "notes": list(notes),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    # A JSON text is also a TOML text, and a JSON list of texts a TOML array.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in stated.items()]
    path.write_bytes(content)
    path.with_suffix(".toml").write_bytes("\n".join([*lines, f"fetched = {fetched.isoformat()}", ""]).encode())
    return path.name


def update(
    kolada: Kolada,
    kpis: Sequence[str] = (),
    municipalities: Sequence[str] = (),
    years: Sequence[int] = (),
    *,
    today: date | None = None,
    said: Callable[[Told], None] = lambda _: None,
) -> Update:
    """Fetch key figures and write today's copies; what `plancompare reference update` does.

    Without `kpis` the project's selection is fetched, without `municipalities` all of them, without `years` all years
    that Kolada has. One key figure that fails (removed in Kolada, a cut answer) does not stop the others: it stands in
    `problems`, and its older copies stay; a server that does not answer ends the update there. `said` is called with
    each key figure's line as it is done.
    """
    wanted = list(dict.fromkeys(kpis or register.key_figures()["kpi"]))
    for code in municipalities:
        register.check_area(code)
    result = Update([], [], [])
    for kpi in wanted:
        try:
            values = kolada.values([kpi], municipalities, years)
        except NoAnswerError as error:
            left = len(wanted) - len(result.copies)
            result.problems.append(
                Problem(error.args[0], value=kpi, action=told("key figures that were not fetched: {n}", n=left))
            )
            break
        except PlanError as error:
            result.problems.append(Problem(error.args[0], value=kpi))
            said(told("{kpi}: not fetched", kpi=kpi))
            continue
        result.notes.extend(
            note if note.startswith(kpi) else told("{kpi}: {note}", kpi=kpi, note=note) for note in values.notes
        )
        written = save(values, today or date.today())
        result.copies.extend(written)
        said(told("{kpi}: {title}, rows: {n}", kpi=kpi, title=values.titles[kpi], n=len(values.frame)))
    return result
