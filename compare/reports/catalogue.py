"""The catalogue `reports.toml`: which reports there are, with which parameters, and which batches are run of them.

The file's form:

    [site]                      # who publishes: name.sv, name.en, contact, address of the published site
    [parameters.NAME]           # declared once, shared by the reports that list it
    type = "municipalities"     # see compare.reports.parameters.TYPES
    label.sv = "Kommuner"       # help.sv, default, choices, minimum, maximum likewise
    [reports.NAME]
    notebook = "NAME.ipynb"     # beside the catalogue
    title.sv = "..."            # title.en, question.sv, question.en likewise
    parameters = ["municipalities", "language"]
    [batches.NAME]
    reports = ["NAME"]          # or "all"
    one_per = ["language"]      # one run for each: municipality, year, language
    formats = ["html", "pdf"]
    schedule = "weekly"         # or a cron expression, "0 6 * * 1"
    keep = 6                    # runs kept of each report
    notify = { command = ["logger"], email = ["controller@example.org"] }

Everything that the catalogue says is checked when it is opened; all problems are told at once.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from compare.problems import PlanError, Problem, ProblemsFound, told
from compare.reports.parameters import LANGUAGES, LISTS, TYPES, Parameter, Value, resolve

FORMATS = ("html", "pdf")
# What a batch can be spread over, and the parameters that take it: the first that a report has.
DIMENSIONS = {"municipality": ("municipalities", "municipality"), "year": ("years", "year"), "language": ("language",)}
CATALOGUE = Path("notebooks/reports.toml")
DEFAULT_KEEP = 6


@dataclass(frozen=True, slots=True)
class Report:
    """One report: the question that it answers, its notebook and what it may be given."""

    name: str
    notebook: Path
    title: Mapping[str, str]
    question: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    loads_plans: bool = False

    def resolve(self, given: Mapping[str, Any], known_codes: Iterable[str] | None = None) -> dict[str, Value]:
        """The report's parameters, checked; see `compare.reports.parameters.resolve`."""
        return resolve(self.parameters, given, of=told("report {name}", name=self.name), known_codes=known_codes)


@dataclass(frozen=True, slots=True)
class Batch:
    """Reports that are run together: the matrix, the formats, when, how long kept and who is told."""

    name: str
    reports: tuple[str, ...]
    one_per: tuple[str, ...] = ("language",)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    languages: tuple[str, ...] = LANGUAGES
    formats: tuple[str, ...] = FORMATS
    schedule: str | None = None
    keep: int = DEFAULT_KEEP
    notify: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Catalogue:
    """What `reports.toml` declares, checked."""

    path: Path
    site: Mapping[str, Any]
    reports: Mapping[str, Report]
    batches: Mapping[str, Batch]

    def report(self, name: str) -> Report:
        """The report of that name; raises `PlanError` naming those there are."""
        return _pick(self.reports, name, told("report"), "plancompare reports")

    def batch(self, name: str) -> Batch:
        """The batch of that name; raises `PlanError` naming those there are."""
        return _pick(self.batches, name, told("batch"), "plancompare reports")

    @cached_property
    def text(self) -> str:
        """The catalogue as it stands in the file."""
        return self.path.read_text(encoding="utf-8")


def open_catalogue(path: Path = CATALOGUE) -> Catalogue:
    """The catalogue in that file, with every report's notebook checked against its declaration.

    Raises `PlanError` where the file cannot be read and `ProblemsFound` with everything that is wrong in it.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PlanError(
            told("no catalogue of reports at {path}; expected notebooks/reports.toml", path=path)
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise PlanError(
            told("the catalogue {path} cannot be read: {error}; correct the file", path=path, error=error)
        ) from error
    return _Reader(path, content).catalogue()


def notebook_parameters(notebook: Path) -> list[str]:
    """The names that the notebook's cell tagged `parameters` assigns, in order; empty without such a cell."""
    import nbformat

    nb = nbformat.read(notebook, as_version=4)
    for cell in nb.cells:
        if "parameters" in cell.metadata.get("tags", []):
            return [name for statement in ast.parse(cell.source).body for name in _assigned(statement)]
    return []


def _assigned(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id]
    return []


def _pick(known: Mapping[str, Any], name: str, what: str, command: str) -> Any:
    if name not in known:
        raise PlanError(
            told(
                "no {what} is called {name!r}; there are {all}; list them: {command}",
                what=what,
                name=name,
                all=", ".join(known) or told("none"),
                command=command,
            )
        )
    return known[name]


class _Reader:
    """Reads the content of a catalogue and gathers what is wrong in it."""

    REPORT_KEYS = ("notebook", "title", "question", "parameters", "own", "loads_plans")
    BATCH_KEYS = ("reports", "one_per", "parameters", "languages", "formats", "schedule", "keep", "notify")
    PARAMETER_KEYS = ("type", "label", "help", "default", "choices", "minimum", "maximum")

    def __init__(self, path: Path, content: Mapping[str, Any]) -> None:
        self.path = path
        self.content = content
        self.problems: list[Problem] = []

    def catalogue(self) -> Catalogue:
        self._keys(told("the catalogue"), self.content, ("site", "parameters", "reports", "batches"))
        shared = {name: self._parameter(name, entry) for name, entry in self._tables("parameters")}
        reports = {name: self._report(name, entry, shared) for name, entry in self._tables("reports")}
        batches = {name: self._batch(name, entry, reports) for name, entry in self._tables("batches")}
        if self.problems:
            raise ProblemsFound(told("The catalogue {path} cannot be used.", path=self.path), self.problems)
        return Catalogue(self.path, self.content.get("site", {}), reports, batches)

    def _wrong(self, what: str, expected: str = "", action: str = "") -> None:
        self.problems.append(Problem(what, file=self.path.name, expected=expected, action=action))

    def _keys(self, where: str, entry: Mapping[str, Any], known: Sequence[str]) -> None:
        for key in entry:
            if key not in known:
                self._wrong(
                    told("{where} has an unknown entry {key}", where=where, key=key),
                    told("known are {all}", all=", ".join(known)),
                )

    def _tables(self, name: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
        return self.content.get(name, {}).items()

    def _parameter(self, name: str, entry: Mapping[str, Any]) -> Parameter:
        where = told("parameter {name}", name=name)
        self._keys(where, entry, self.PARAMETER_KEYS)
        if entry.get("type") not in TYPES:
            self._wrong(
                told("{where} has no known type", where=where), told("expected one of {all}", all=", ".join(TYPES))
            )
        self._both_languages(where, "help", entry)
        return Parameter(
            name,
            entry.get("type", "text"),
            entry.get("help", {}),
            entry.get("label", {}),
            entry.get("default"),
            tuple(entry.get("choices", ())),
            entry.get("minimum"),
            entry.get("maximum"),
        )

    def _both_languages(self, where: str, key: str, entry: Mapping[str, Any]) -> None:
        texts = entry.get(key)
        missing = [language for language in LANGUAGES if not (isinstance(texts, Mapping) and texts.get(language))]
        if missing:
            self._wrong(
                told("{where} has no {key} in {languages}", where=where, key=key, languages=", ".join(missing)),
                told("expected {key}.sv and {key}.en", key=key),
            )

    def _report(self, name: str, entry: Mapping[str, Any], shared: Mapping[str, Parameter]) -> Report:
        where = told("report {name}", name=name)
        self._keys(where, entry, self.REPORT_KEYS)
        for key in ("title", "question"):
            self._both_languages(where, key, entry)
        own = {key: self._parameter(key, value) for key, value in entry.get("own", {}).items()}
        listed = entry.get("parameters", list(shared))
        for key in listed:
            if key not in shared:
                self._wrong(
                    told("{where} lists an undeclared parameter {key}", where=where, key=key),
                    told("declared are {all}", all=", ".join(shared)),
                )
        parameters = (*(shared[key] for key in listed if key in shared), *own.values())
        notebook = self.path.parent / entry.get("notebook", f"{name}.ipynb")
        self._notebook(where, notebook, parameters)
        loads = bool(entry.get("loads_plans", False))
        return Report(name, notebook, entry.get("title", {}), entry.get("question", {}), parameters, loads)

    def _notebook(self, where: str, notebook: Path, parameters: Sequence[Parameter]) -> None:
        if not notebook.is_file():
            self._wrong(
                told("{where} has no notebook {notebook}", where=where, notebook=notebook.name),
                told("expected it in {folder}", folder=notebook.parent),
            )
            return
        try:
            names = notebook_parameters(notebook)
        except Exception as error:  # whatever is wrong with a file that people edit is one problem among others
            self._wrong(
                told(
                    "{where}: the notebook {notebook} cannot be read ({error})",
                    where=where,
                    notebook=notebook.name,
                    error=error,
                ),
                action=told("correct it"),
            )
            return
        for name in (parameter.name for parameter in parameters):
            if name not in names:
                self._wrong(
                    told(
                        "{where}: the notebook {notebook} does not take the parameter {name}",
                        where=where,
                        notebook=notebook.name,
                        name=name,
                    ),
                    told("its cell tagged 'parameters' assigns {all}", all=", ".join(names) or told("nothing")),
                    told("assign it there or leave it out of the catalogue"),
                )

    def _batch(self, name: str, entry: Mapping[str, Any], reports: Mapping[str, Report]) -> Batch:
        where = told("batch {name}", name=name)
        self._keys(where, entry, self.BATCH_KEYS)
        listed = entry.get("reports", "all")
        names = tuple(reports) if listed == "all" else tuple(listed)
        self._among(where, "report", names, reports)
        self._among(where, "one_per", entry.get("one_per", ()), DIMENSIONS)
        self._among(where, "format", entry.get("formats", ()), FORMATS)
        self._among(where, "language", entry.get("languages", ()), LANGUAGES)
        self._among(where, "notify", entry.get("notify", {}), ("command", "email", "smtp", "sender", "always"))
        keep = entry.get("keep", DEFAULT_KEEP)
        if not isinstance(keep, int) or keep < 1:
            self._wrong(
                told("{where} keeps {keep!r} runs", where=where, keep=keep),
                told("expected a whole number of at least 1"),
            )
        return Batch(
            name,
            names,
            tuple(entry.get("one_per", ("language",))),
            entry.get("parameters", {}),
            tuple(entry.get("languages", LANGUAGES)),
            tuple(entry.get("formats", FORMATS)),
            entry.get("schedule"),
            keep,
            entry.get("notify", {}),
        )

    def _among(self, where: str, what: str, values: Iterable[str], known: Iterable[str]) -> None:
        known = list(known)
        for value in values:
            if value not in known:
                self._wrong(
                    told("{where}: {what} {value!r} is unknown", where=where, what=what, value=value),
                    told("expected one of {all}", all=", ".join(known)),
                )


def stable_name(report: Report, values: Mapping[str, Value]) -> str:
    """The folder name of a report's runs: the report, what differs from the defaults, and the language last.

    The same parameters give the same name on every machine; the snapshot is not part of it, since newer data make a
    newer run of the same report. Long lists of codes are shortened to their number and a check sum.
    """
    parts = [
        _part(parameter, values[parameter.name])
        for parameter in report.parameters
        if parameter.type not in ("snapshot", "language") and values[parameter.name] != parameter.default
    ]
    language = next((str(values[p.name]) for p in report.parameters if p.type == "language"), "")
    return "-".join(part for part in [report.name, *parts, language] if part)


def _part(parameter: Parameter, value: Value) -> str:
    import hashlib
    import re

    items = [str(item) for item in value] if isinstance(value, list) else [str(value)]
    text = re.sub(r"[^a-z0-9]+", "-", "-".join(items).lower()).strip("-")
    if parameter.type not in (*LISTS, "municipality", "year"):
        text = f"{parameter.name}-{text}"
    if len(text) > 40:
        digest = hashlib.sha256("|".join(items).encode()).hexdigest()[:8]
        text = f"{len(items)}-{parameter.name}-{digest}" if isinstance(value, list) else f"{text[:30]}-{digest}"
    return text
