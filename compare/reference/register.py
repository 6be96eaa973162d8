"""Facts about municipalities that no plan states: register, groups, population, prices and similar municipalities.

They lie as CSV files in `data/reference/` with the source card `SOURCES.toml`, which says where each comes from, how
it was checked and what a figure that shows it must say. Only the municipalities' names lie elsewhere, among the words
that reading knows (`compare/vocabulary/municipalities.csv`), so that there is one copy of them. Every frame is read
once per folder and handed out as a copy that may be changed freely. Codes are texts of four digits and never become
integers: 0114 is not 114.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz import process

from compare import vocabulary
from compare.problems import PlanError, Problem, ProblemsFound, Told, told

ENVIRONMENT_VARIABLE = "PLANCOMPARE_DATA"
SOURCES = "SOURCES.toml"
OVERALL = "övergripande"
_BORDER_UNIT = 100.0  # metres of the whole numbers in borders.csv

_FILES: dict[str, dict[str, str]] = {
    "municipalities": {"municipality_code": "str", "county_code": "str", "skr_group": "str"},
    "counties": {"county_code": "str", "name": "str", "short_name": "str"},
    "skr_groups": {"skr_group": "str", "name": "str", "main_group": "str", "main_group_name": "str"},
    "population": {"municipality_code": "str", "year": "Int64", "population": "Int64"},
    "price_index": {"year": "Int64", "index": "float64"},
    "similar": {"area": "str", "model_year": "Int64", "municipality_code": "str", "similar_codes": "str"},
    "key_figures": {
        "kpi": "str",
        "title": "str",
        "theme": "str",
        "role": "str",
        "direction_assumed": "str",
        "municipality_type": "str",
        "operating_area": "str",
        "perspective": "str",
        "publication_period": "Int64",
    },
    "service_areas": {
        "area_code": "str",
        "name": "str",
        "net_cost_kpi": "str",
        "cofog_suggested": "str",
    },
    "borders": {"municipality_code": "str", "ring": "str"},
}


def data_folder(part: str) -> Path:
    """The folder `part` ('reference', 'plans', ...) of the project's data, wherever the package is installed.

    Looked for in this order: in the folder that the environment variable PLANCOMPARE_DATA names, in `data/` of the
    working directory, in `data/` of the repository beside the package. A variable that names a folder without `part`
    is an error rather than a reason to look on: the figures would come from somewhere else than was asked.
    """
    stated = os.environ.get(ENVIRONMENT_VARIABLE)
    if stated:
        found = Path(stated) / part
        if not found.is_dir():
            raise PlanError(
                told(
                    "{variable} is {stated}; it must name a folder that holds {part}/; correct or unset it",
                    variable=ENVIRONMENT_VARIABLE,
                    stated=stated,
                    part=part,
                )
            )
        return found
    candidates = [Path.cwd() / "data" / part, Path(__file__).resolve().parents[2] / "data" / part]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise PlanError(
        told(
            "no folder data/{part} in {here} or beside the package; start in the repository "
            "or set {variable} to its data folder",
            part=part,
            here=Path.cwd(),
            variable=ENVIRONMENT_VARIABLE,
        )
    )


def folder() -> Path:
    """The folder of the reference data; see `data_folder` for where it is looked for and what is raised."""
    return data_folder("reference")


@cache
def _read(path: Path, name: str) -> pd.DataFrame:
    columns = _FILES[name]
    try:
        frame = pd.read_csv(path, dtype="str", encoding="utf-8", keep_default_na=False, na_values=[""])
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise PlanError(
            told("{path}: cannot be read ({error}); restore the file from the project", path=path, error=error)
        ) from error
    missing = [column for column in columns if column not in frame]
    if missing:
        raise PlanError(
            told("{path}: lacks the column {all}; restore the file from the project", path=path, all=", ".join(missing))
        )
    _refuse_bad_codes(frame, path)
    for column, dtype in columns.items():
        try:
            frame[column] = frame[column].astype(pd.api.types.pandas_dtype(dtype))
        except (ValueError, TypeError) as error:
            raise PlanError(
                told(
                    "{path}: column {column} holds what is no {dtype} ({error}); correct it",
                    path=path,
                    column=column,
                    dtype=dtype,
                    error=error,
                )
            ) from error
    return frame[list(columns)]


def _refuse_bad_codes(frame: pd.DataFrame, path: Path) -> None:
    """A spreadsheet that saves this file turns 0114 into 114: say so for every such row."""
    digits = {"municipality_code": 4, "county_code": 2}
    problems = [
        Problem(
            told("code has lost a digit"),
            path.name,
            row,
            column,
            str(value),
            told("{n} digits", n=n),
            told("save it as text"),
        )
        for column, n in digits.items()
        if column in frame
        for row, value in enumerate(frame[column], start=2)
        if not re.fullmatch(rf"\d{{{n}}}", str(value))
    ]
    if problems:
        raise ProblemsFound(f"{path}: the codes cannot be used", problems)


def _table(name: str) -> pd.DataFrame:
    # Copy-on-write makes the shallow copy both cheap and safe to change.
    return _read(folder() / f"{name}.csv", name).copy(deep=False)


def municipalities() -> pd.DataFrame:
    """The 290 municipalities, one row each, in order of code.

    Columns: municipality_code, name ('Norrtälje'), full_name ('Norrtälje kommun'), county_code, county, skr_group
    ('A2'), skr_group_name, skr_main_group_name. Sources: SCB; the groups are SKR's (2023).
    """
    groups = _table("skr_groups").rename(columns={"name": "skr_group_name", "main_group_name": "skr_main_group_name"})
    counties_ = _table("counties").rename(columns={"name": "county"})
    frame = _named().merge(_table("municipalities"), on="municipality_code", how="left", validate="1:1")
    frame = frame.merge(counties_[["county_code", "county"]], on="county_code", how="left")
    return frame.merge(
        groups[["skr_group", "skr_group_name", "skr_main_group_name"]], on="skr_group", how="left", validate="m:1"
    )


def counties() -> pd.DataFrame:
    """The 21 counties: county_code (two digits, text), name, short_name. Source: SCB."""
    return _table("counties")


def skr_groups() -> pd.DataFrame:
    """SKR's nine groups of municipalities, 2023: skr_group, name, main_group, main_group_name. Source: SKR."""
    return _table("skr_groups")


def population() -> pd.DataFrame:
    """Inhabitants on 31 December: municipality_code, year (2015-2024), population. Source: SCB.

    A year without a row is unknown; nothing is carried forward.
    """
    return _table("population")


def price_index() -> pd.DataFrame:
    """Consumer price index, annual means: year (1980-2025), index (1980 = 100). Source: SCB.

    The index follows what citizens pay; costs of municipal services follow other prices (PKV), which SKR publishes.
    """
    return _table("price_index")


def similar() -> pd.DataFrame:
    """Similar municipalities, one row per pair: municipality_code, similar_code, area, model_year. Källa: Kolada.

    The seven of an area are Kolada's; being similar is not mutual. `area` is Kolada's word ('övergripande', 'IFO' ...).
    """
    frame = _table("similar")
    frame["similar_code"] = frame["similar_codes"].str.split()
    frame = frame.explode("similar_code", ignore_index=True)
    frame["similar_code"] = frame["similar_code"].astype("str")
    return frame[["municipality_code", "similar_code", "area", "model_year"]]


def key_figures() -> pd.DataFrame:
    """Kolada key figures that plans are often measured by: kpi, title, theme, role, direction_assumed and more.

    `direction_assumed` (higher, lower, or missing) is this project's judgement; publication_period is the year of the
    next publication, missing for a key figure that has ended.
    """
    return _table("key_figures")


def service_areas() -> pd.DataFrame:
    """Draft of the main service areas: area_code, name, net_cost_kpi (Kolada), cofog_suggested (';' between)."""
    return _table("service_areas")


@cache
def _rings(path: Path) -> pd.DataFrame:
    frame = _read(path, "borders")
    rings = [np.array(text.split(), dtype=float).reshape(-1, 2) * _BORDER_UNIT for text in frame["ring"]]
    return frame[["municipality_code"]].assign(ring=pd.Series(rings, index=frame.index, dtype=object))


def borders() -> pd.DataFrame:
    """Where the municipalities lie, simplified for maps: a row per closed part of each, islands apart.

    Columns: municipality_code, ring (an array of corners, a row each: metres east and north in SWEREF 99 TM). Corners
    are rounded to 100 metres: areas and distances measured on them are not official. Source: SCB.
    """
    return _rings(folder() / "borders.csv").copy(deep=False)


def sources() -> pd.DataFrame:
    """The source card as a table: table, what, origin, licence, label_sv, label_en; a report shows the label.

    `label_*` is what a figure or table must carry that shows the file's facts unchanged.
    """
    path = folder() / SOURCES
    try:
        card = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlanError(
            told(
                "{path}: the source card cannot be read ({error}); restore it from the project", path=path, error=error
            )
        ) from error
    fields = ["what", "origin", "licence", "label_sv", "label_en"]
    rows = [[name, *(entry[field] for field in fields)] for name, entry in card.items() if isinstance(entry, dict)]
    return pd.DataFrame(rows, columns=["table", *fields], dtype="str")


@cache
def _named() -> pd.DataFrame:
    path = vocabulary.FOLDER / "municipalities.csv"
    frame = pd.read_csv(path, dtype="str", encoding="utf-8", keep_default_na=False)
    frame = frame.rename(columns={"code": "municipality_code", "name_full": "full_name"})
    return frame[["municipality_code", "name", "full_name"]].sort_values("municipality_code", ignore_index=True)


@cache
def _names() -> dict[str, str]:
    return dict(zip(_named()["municipality_code"], _named()["name"], strict=True))


def names() -> dict[str, str]:
    """Every municipality's name by its code, in order of code."""
    return dict(_names())


def name_of(code: str) -> str:
    """The municipality's name.

    >>> name_of("0188")
    'Norrtälje'

    Raises `PlanError` as `check_code` does.
    """
    return _names()[check_code(code)]


def check_code(value: object) -> str:
    """The value itself, if it is the code of a municipality.

    >>> check_code("2380")
    '2380'

    Raises `PlanError` for an integer (YAML and command lines drop the leading zero, or read 0114 as octal 76), for a
    name (with its code), and for an unknown code (with the nearest known one).
    """
    known = _names()
    if not isinstance(value, str):
        meant = f"{value:04}" if isinstance(value, int) and f"{value:04}" in known else "0114"
        raise PlanError(
            told(
                'municipality {value!r} is no text; a code is four digits as text; quote it, as in "{meant}"',
                value=value,
                meant=meant,
            )
        )
    if value in known:
        return value
    raise PlanError(
        told(
            "unknown municipality {value!r}; a code is the four digits of Statistics Sweden; {hint}",
            value=value,
            hint=_hint(value, known),
        )
    )


def check_area(code: object) -> str:
    """The code itself, if it is a municipality's, a region's ('0001' ...) or the country's ('0000') in Kolada.

    Raises `PlanError` as `check_code` does.
    """
    if isinstance(code, str) and re.fullmatch(r"00\d{2}", code):
        return code
    return check_code(code)


def _hint(value: str, known: dict[str, str]) -> Told:
    """What the writer of this value probably meant: the name's code, or the code nearest to the digits."""
    plain = value.strip()
    if not plain:
        return told("state a code")
    if re.fullmatch(r"[\d\s]+", plain):
        padded = plain.zfill(4)
        nearest = padded if padded in known else process.extractOne(padded, list(known))[0]
        return told('did you mean "{code}" ({name})?', code=nearest, name=known[nearest])
    by_name = {name.casefold(): code for code, name in known.items()}
    bare = re.sub(r"s?\s+(kommun|stad)$", "", plain.casefold())
    match = next((name for name in (plain.casefold(), bare, f"{bare}s") if name in by_name), None)
    name = match or process.extractOne(bare, list(by_name))[0]
    return told('did you mean "{code}" ({name})?', code=by_name[name], name=known[by_name[name]])


def peers(code: str, by: str | Sequence[str] = "similar", area: str = OVERALL) -> list[str]:
    """Codes of the municipalities to compare one with, in order of code, itself left out.

    `by` is 'similar' (the seven that Kolada finds most like it in `area`), 'group' (its SKR group), 'county', or a
    list of codes chosen by hand. Raises `PlanError` for an unknown code, way or area, and where Kolada has no
    similar municipalities for this one.

    >>> peers("0188", by=["2380", "0188"])
    ['2380']
    """
    code = check_code(code)
    if not isinstance(by, str):
        return sorted({check_code(peer) for peer in by} - {code})
    if by == "similar":
        return _similar_to(code, area)
    column = {"group": "skr_group", "county": "county_code"}.get(by)
    if column is None:
        raise PlanError(
            told("unknown way {by!r} to choose peers; use similar, group, county or a list of codes", by=by)
        )
    register = _table("municipalities").set_index("municipality_code")[column]
    return sorted(set(register.index[register == register[code]]) - {code})


def _similar_to(code: str, area: str) -> list[str]:
    frame = _table("similar")
    areas = sorted(frame["area"].unique())
    if area not in areas:
        raise PlanError(
            told("unknown area {area!r} of similar municipalities; use one of {all}", area=area, all=", ".join(areas))
        )
    found = frame.loc[(frame["area"] == area) & (frame["municipality_code"] == code), "similar_codes"]
    if found.empty:
        raise PlanError(
            told(
                "no similar municipalities for {name} ({code}) in the area {area!r}; choose another area, "
                "or peers by group or by hand",
                name=name_of(code),
                code=code,
                area=area,
            )
        )
    return sorted(found.iloc[0].split())
