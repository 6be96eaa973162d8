"""From an executed notebook to the page that a stakeholder opens: without code, self-contained, accessible.

The notebook's cells and outputs go through nbconvert and a small template of our own; the result is cleaned and
ordered (`compare.reports.markup`) and set into the page that all of the site's pages share. Nothing in it depends on
when or where it was made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import nbformat
from markupsafe import Markup

from compare.presentation.wording import NO_BREAK_SPACE, Wording
from compare.problems import PlanError
from compare.reports import markup, scope

if TYPE_CHECKING:
    from compare.reports.runs import Request

TEMPLATES = Path(__file__).parent / "templates"
STYLES = (Path(__file__).parents[1] / "presentation" / "report.css", TEMPLATES / "site.css")
SHOWN_FIRST = ("text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain")
LANGUAGE_NAMES = {"sv": "Svenska", "en": "English"}
SITE_NAME = "plancompare"
SECURITY_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
ROOT_OF_RUN = "../../"
KILOBYTE = 1000


def render(request: Request) -> None:
    """Make the pages of a run from its executed notebook, in the run's work folder.

    Raises `PlanError` where the notebook shows something that no page may hold, such as a figure without alt text.
    """
    from compare.reports.runs import NOTEBOOK, PAGE

    nb = nbformat.read(request.work / NOTEBOOK, as_version=4)
    tree, contents = markup.arranged(body_of(nb), request.title, _lacking(request) + _changes(request))
    if "pdf" in request.formats:
        from compare.reports import pdf

        pdf.write(tree, request)
    text = page_of(request, tree, contents)
    (request.work / PAGE).write_text(text, encoding="utf-8", newline="\n")


def leading_finding(notebook: Path) -> str:
    """The first finding that an executed notebook shows, as text: what the site tells of the report; empty without."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            if output.get("metadata", {}).get("plancompare", {}).get("element") == "findings":
                lines = "".join(output["data"]["text/plain"]).splitlines()
                return next((line.removeprefix("- ") for line in lines if line.startswith("- ")), "")
    return ""


def _lacking(request: Request) -> str:
    """What the report was asked about and no plan speaks of, as a notice; empty where there is no such thing."""
    told = scope.of_run(request.parameters, request.snapshot).told(Wording(request.language))
    return f'<p class="notice no-data">{escape(told)}</p>' if told else ""


def _changes(request: Request) -> str:
    """The section that tells what changed since the last run; empty for a first run. Its rows become a data file."""
    if request.since is None or request.snapshot is None:
        return ""
    from compare import snapshots
    from compare.presentation.data_files import write_data
    from compare.reports import changes
    from compare.reports.runs import DATA

    chosen: dict[str, Any] = {
        "municipalities": request.parameters.get("municipalities"),
        "years": request.parameters.get("years"),
    }
    before, after = (snapshots.open(folder).select(**chosen) for folder in (request.since, request.snapshot))
    found = changes.changes(before, after)
    if not found.empty:
        write_data(found, request.work / DATA, "changes")
    return changes.section(found, request.since.name, Wording(request.language))


def body_of(nb: nbformat.NotebookNode) -> str:
    """What the notebook says and shows as an HTML fragment, not yet cleaned."""
    for position, cell in enumerate(nb.cells, 1):
        cell.metadata["position"] = str(position)
    body, _ = _exporter().from_notebook_node(nb)
    return body


def page_of(request: Request, tree: Any, contents: Sequence[markup.Entry]) -> str:
    """The whole page of a run."""
    say = Wording(request.language)
    about = "about-this-report"
    return site_page(
        "report.html.j2",
        request.language,
        title=_first_heading(tree),
        site_name=request.site.get(request.language, SITE_NAME),
        root=ROOT_OF_RUN,
        languages=[
            {
                "language": other,
                "name": LANGUAGE_NAMES[other],
                "address": f"{ROOT_OF_RUN}{name}/latest/report.html",
            }
            for other, name in sorted(request.sisters.items())
            if other != request.language
        ],
        body=Markup(markup.serialised(tree)),
        contents=[*contents, markup.Entry(2, say("About this report"), about)],
        about_anchor=about,
        parameters=[] if tree.find_class("parameters") else shown_parameters(request),
        downloads=_downloads(request, say, tree),
    )


def site_page(template: str, language: str, *, root: str = "", **fields: Any) -> str:
    """A page of the site from its template, in the language, with the style sheet inlined."""
    say = Wording(language)
    return (
        _environment()
        .get_template(template)
        .render(
            say=say,
            language=language,
            page_suffix="" if language == "sv" else f".{language}",
            css=Markup(style_sheet()),
            security_policy=SECURITY_POLICY,
            root=root,
            **{"site_name": SITE_NAME, **fields},
        )
    )


def shown_parameters(request: Request) -> list[tuple[str, str]]:
    """The parameters of a run as labels and values in the reader's language."""
    say = Wording(request.language)
    rows = []
    for parameter in request.report.parameters:
        value = request.parameters.get(parameter.name)
        if parameter.type == "snapshot":
            value = request.snapshot.name if request.snapshot else None
        label = parameter.label.get(request.language) or parameter.name
        rows.append((label, _shown(say, parameter.type, value)))
    return rows


@cache
def style_sheet() -> str:
    """The style sheet that every page carries; it may not end the element that it stands in, nor fetch anything."""
    text = "\n".join(path.read_text(encoding="utf-8").strip() for path in STYLES)
    if re.search(r"</|@import|url\s*\(|https?:", text):
        raise PlanError("a style sheet refers to something outside or closes its element; keep it self-contained")
    return text


def _shown(say: Wording, kind: str, value: Any) -> str:
    from compare import reference

    if value is None:
        return say("all") if kind in ("municipalities", "years") else say("not given")
    if kind in ("municipalities", "municipality"):
        codes = value if isinstance(value, list) else [value]
        return say.listed([f"{reference.name_of(code)} ({code})" for code in codes])
    if kind == "language":
        return LANGUAGE_NAMES[value]
    if kind == "years":
        return say.years(value)
    return str(value) if kind in ("year", "snapshot", "text", "choice") else say.text(value)


def _downloads(request: Request, say: Wording, tree: Any) -> list[Mapping[str, str]]:
    """The files beside the page, named as the page calls what they hold: first the PDF, then in its order."""
    from compare.reports.runs import DATA

    titles = _titles_of_data(tree)
    order = {address: place for place, address in enumerate(titles)}
    files = sorted((request.work / DATA).glob("*.csv"), key=lambda path: (order.get(path.name, -1), path.name))
    if "pdf" in request.formats:
        files.insert(0, request.work / "report.pdf")
    return [
        {
            "address": path.relative_to(request.work).as_posix(),
            "text": say("The report as PDF") if path.suffix == ".pdf" else titles.get(path.name, path.stem),
            "kind": path.suffix.removeprefix(".").upper(),
            "size": f"{say.number(-(-path.stat().st_size // KILOBYTE))}{NO_BREAK_SPACE}kB",
        }
        for path in files
        if path.is_file()
    ]


def _titles_of_data(tree: Any) -> dict[str, str]:
    """What the page calls each data file: the title of the figure that links to it, or of the table before the link."""
    titles = {}
    for link in tree.xpath("//p[contains(@class, 'downloads')]/a[1]"):
        above = link.xpath("ancestor::figure/figcaption/strong") or link.xpath("preceding::caption[1]")
        if above:
            titles[link.get("href").rsplit("/", 1)[-1]] = " ".join(above[0].text_content().split())
    return titles


def _first_heading(tree: Any) -> str:
    return " ".join(next(tree.iter("h1")).text_content().split())


@cache
def _exporter() -> Any:
    from nbconvert.exporters import HTMLExporter

    exporter = HTMLExporter(
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    exporter.config.NbConvertBase.display_data_priority = list(SHOWN_FIRST)
    return exporter


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
