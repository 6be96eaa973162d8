"""The site around the reports: `outputs/` as static pages that can be opened from a disk or put on any server.

An index by municipality, report, year and language; the state of every run; an accessibility statement; a feed of what
is new; and the rule by which old runs are thrown away. Everything is derived from the records of the runs, so that it
can be made anew at any time, and two batches that end at once give the same site.
"""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from compare.presentation.wording import Wording
from compare.reports import records, scope
from compare.reports.parameters import LANGUAGES
from compare.reports.records import LATEST, Record
from compare.reports.rendering import LANGUAGE_NAMES, SITE_NAME, site_page

PAGES = ("index", "status", "accessibility")
FEED_LENGTH = 50
ROOM = 200  # letters of a finding in the index and the feed
UNFOLDED = 12  # editions, and municipalities, that are shown without unfolding them
_SENTENCE_END = re.compile(r"(?<=[.?!]) (?=[^\W\d_a-zåäö])")
ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Line:
    """One edition of a report in the index: its newest good run, and how the newest run of all ended."""

    name: str
    title: str
    report: str
    language: str
    question: str
    finding: str
    municipalities: tuple[str, ...]
    years: str
    words: str
    address: str
    pdf: str
    made: str
    snapshot: str
    state: str
    mark: str


def publish(
    outputs: Path, *, site: Mapping[str, Any] | None = None, keep: int | Mapping[str, int] | None = None
) -> Path:
    """Make the site's pages and feeds from the runs in `outputs`, and throw old runs away.

    `site` is the catalogue's table of that name; `keep` how many good runs of each report are kept (None: all), for all
    or by report. Returns the path of the index.
    """
    outputs.mkdir(parents=True, exist_ok=True)
    retain(outputs, keep)
    found = records.all_records(outputs)
    for language in LANGUAGES:
        _write_pages(outputs, found, site or {}, language)
        _write(outputs / _file("feed", language, "xml"), feed(found, site or {}, language))
    return outputs / "index.html"


def index_lines(found: Sequence[Record], language: str) -> list[Line]:
    """The reports in one language, one line each, by report and municipality."""
    lines = []
    for name in dict.fromkeys(record.name for record in found):
        runs = [record for record in found if record.name == name]
        good = next((record for record in runs if record.is_good), None)
        if good is not None and good.content["parameters"].get("language", language) == language:
            lines.append(_line(good, runs[0], language))
    return sorted(
        lines, key=lambda line: (_swedish_order(line.title), list(map(_swedish_order, line.municipalities)), line.years)
    )


def _by_municipality(lines: Sequence[Line]) -> dict[str, dict[str, list[Line]]]:
    """The editions that are about chosen municipalities, by initial and name; few stand under one empty initial."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        for name in line.municipalities:
            found.setdefault(name, []).append(line)
    initials: dict[str, dict[str, list[Line]]] = {}
    for name in sorted(found, key=_swedish_order):
        initials.setdefault(name[0] if len(found) > UNFOLDED else "", {})[name] = found[name]
    return initials


def _swedish_order(name: str) -> str:
    """What sorts names as Swedish does, with å, ä and ö after z, in this order."""
    return name.casefold().translate(str.maketrans("åäö", "{|}"))


def retain(outputs: Path, keep: int | Mapping[str, int] | None) -> list[Path]:
    """Throw away good runs beyond the newest `keep` of each name, and failures that a newer good run has outlived.

    The run that `latest` leads to always stays. Returns the folders that went.
    """
    if keep is None:
        return []
    removed: list[Path] = []
    seen: dict[str, int] = {}
    for record in records.all_records(outputs):
        latest = records.latest_record(outputs, record.name)
        limit = keep if isinstance(keep, int) else keep.get(record.content["report"], 0) or None
        if record.is_good:
            seen[record.name] = seen.get(record.name, 0) + 1
            outlived = limit is not None and seen[record.name] > limit
        else:
            outlived = limit is not None and record.name in seen
        is_latest = latest is not None and record.folder.name == latest.folder.name
        if outlived and not is_latest:
            shutil.rmtree(record.folder, ignore_errors=True)
            removed.append(record.folder)
    return removed


def feed(found: Sequence[Record], site: Mapping[str, Any], language: str) -> str:
    """The newest good runs in one language as an Atom feed."""
    say = Wording(language)
    address = str(site.get("address", "")).rstrip("/")
    news = [r for r in found if r.is_good and r.content["parameters"].get("language", language) == language]
    news.sort(key=lambda record: record.ended, reverse=True)
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})
    _child(root, "title", say("New reports from {site}", site=_site_name(site, language)))
    page, itself = (_file(name, language, ending) for name, ending in (("index", "html"), ("feed", "xml")))
    _child(root, "id", f"{address}/{itself}" if address else _urn(_site_name(site, language), itself))
    _child(root, "link", rel="self", href=f"{address}/{itself}" if address else itself)
    _child(root, "link", rel="alternate", type="text/html", href=f"{address}/{page}" if address else page)
    _child(root, "updated", news[0].ended.isoformat() if news else "1970-01-01T00:00:00+00:00")
    _child(_child(root, "author"), "name", _site_name(site, language))
    for record in news[:FEED_LENGTH]:
        entry = _child(root, "entry")
        _child(entry, "title", record.content["title"].get(language, record.name))
        run = f"{record.name}/{record.folder.name}"
        _child(entry, "id", f"{address}/{run}" if address else _urn(run, record.ended.isoformat()))
        _child(entry, "updated", record.ended.isoformat())
        _child(entry, "link", href=f"{address}/{run}/report.html" if address else f"{run}/report.html")
        _child(entry, "summary", _summary(record, say))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _urn(*parts: str) -> str:
    """A name for what has no address: the same for the same parts, another for others, anywhere."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "/".join(parts)).urn


def _write_pages(outputs: Path, found: Sequence[Record], site: Mapping[str, Any], language: str) -> None:
    say = Wording(language)
    lines = index_lines(found, language)
    shared: dict[str, Any] = {
        "site_name": _site_name(site, language),
        "site": site,
        "name": _site_name(site, language),
        "feed": _file("feed", language, "xml"),
    }
    fields: dict[str, dict[str, Any]] = {
        "index": {
            "title": say("Reports"),
            "groups": _grouped(lines),
            "municipalities": _by_municipality(lines),
            "failures": _failures(found),
            "unfolded": UNFOLDED,
        },
        "status": {
            "title": say("Status of the runs"),
            "states": [_state(record, say) for record in sorted(found, key=lambda record: record.is_good)],
        },
        "accessibility": {"title": say("Accessibility statement"), "contact": site.get("contact", "")},
    }
    for page in PAGES:
        text = site_page(
            f"{page}.html.j2",
            language,
            languages=[
                {"language": other, "name": LANGUAGE_NAMES[other], "address": _file(page, other)}
                for other in LANGUAGES
                if other != language
            ],
            **shared,
            **fields[page],
        )
        _write(outputs / _file(page, language), text)


def _line(good: Record, newest: Record, language: str) -> Line:
    say = Wording(language)
    said = good.content["parameters"]
    has_pdf = "report.pdf" in good.content.get("outputs", {})
    title = good.content["title"].get(language, good.name)
    names = _names(said)
    return Line(
        name=good.name,
        title=title,
        report=good.content["report"],
        language=language,
        question=good.content.get("question", {}).get(language, ""),
        finding=_opening(good.content.get("finding", "")),
        municipalities=names,
        years=say.years(said["years"]) if said.get("years") else say("all years"),
        words=f"{title}: {_of_whom(said, say, say('all municipalities'))}",
        address=f"{good.name}/{LATEST}/report.html",
        pdf=f"{good.name}/{LATEST}/report.pdf" if has_pdf else "",
        made=good.content["ended"][:10],
        snapshot=good.content.get("snapshot") or "",
        state=_state_word(newest, say),
        mark=_mark(newest),
    )


def _grouped(lines: Iterable[Line]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for line in lines:
        group = groups.setdefault(line.report, {"title": line.title, "question": line.question, "lines": []})
        group["lines"].append(line)
    return list(groups.values())


def _failures(found: Sequence[Record]) -> int:
    newest = {record.name: record for record in reversed(found)}
    return sum(not record.is_good for record in newest.values())


def _state(record: Record, say: Wording) -> dict[str, str]:
    return {
        "name": record.name,
        "title": _titled(record, say),
        "folder": f"{record.name}/{record.folder.name}",
        "ended": record.content["ended"].replace("T", " ")[:16],
        "state": _state_word(record, say),
        "mark": _mark(record),
        "failure": "" if record.is_good else record.content.get("message", ""),
        "lacking": scope.of_record(record.content).told(say) if record.is_good else "",
        "page": f"{record.name}/{record.folder.name}/report.html" if record.is_good else "",
        "notebook": f"{record.name}/{record.folder.name}/notebook.ipynb",
    }


def _titled(record: Record, say: Wording) -> str:
    """A run's report by its title in the reader's language, and the language that the run speaks."""
    title = record.content.get("title", {}).get(say.language, record.name)
    spoken = LANGUAGE_NAMES.get(record.content["parameters"].get("language", ""))
    return f"{title} ({spoken})" if spoken else title


def _state_word(record: Record, say: Wording) -> str:
    words = {
        "ok": say("done"),
        "no_data": say("done, without data"),
        "failed": say("failed"),
        "timed_out": say("timed out"),
        "cancelled": say("was cancelled"),
    }
    return words[record.status]


def _mark(record: Record) -> str:
    """How a run ended, as a sign beside its word."""
    return {"ok": "✓", "no_data": "○"}.get(record.status, "✗")


def _summary(record: Record, say: Wording) -> str:
    """What a feed tells of a run: its first finding, and what it is about."""
    said, snapshot = record.content["parameters"], record.content.get("snapshot")
    of_whom = say("Municipalities: {municipalities}.", municipalities=_of_whom(said, say, say("all")))
    read = say("Snapshot: {snapshot}.", snapshot=snapshot) if snapshot else ""
    return " ".join(part for part in (_opening(record.content.get("finding", "")), of_whom, read) if part)


def _opening(finding: str) -> str:
    """As many whole sentences of a finding as an index has room for; always the first."""
    first, *others = _SENTENCE_END.split(finding)
    for sentence in others:
        if len(first) + len(sentence) > ROOM:
            break
        first = f"{first} {sentence}"
    return first


def _of_whom(said: Mapping[str, Any], say: Wording, everybody: str) -> str:
    """The municipalities named; for a report on one that was not named, how it was chosen; else `everybody`."""
    names = _names(said)
    if names:
        return say.listed(names, 6)
    return say("the municipality with the most data") if "municipality" in said else everybody


def _names(said: Mapping[str, Any]) -> tuple[str, ...]:
    from compare import reference

    codes = said.get("municipalities") or ([said["municipality"]] if said.get("municipality") else [])
    return tuple(reference.name_of(code) for code in codes)


def _site_name(site: Mapping[str, Any], language: str) -> str:
    name = site.get("name", {})
    return name.get(language, SITE_NAME) if isinstance(name, Mapping) else str(name)


def _file(page: str, language: str, ending: str = "html") -> str:
    return f"{page}.{ending}" if language == "sv" else f"{page}.{language}.{ending}"


def _child(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = text
    return child


def _write(path: Path, text: str) -> None:
    """Write a page whole: a reader sees the old one or the new one."""
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(path)
