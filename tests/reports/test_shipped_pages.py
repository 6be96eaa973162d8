"""The site that the project makes of the plans it ships: every page in a real browser, every print read by machine.

The site is made once, also where several processes test. In the browser axe-core looks at every page, in the light and
width of a desktop with all its rules; in the dark, on a phone and on paper, where only layout and colours differ, with
the rules about these, at the first rows of each table, whose rows are alike.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import lxml.html
import pikepdf
import pytest

from compare import snapshots
from compare.reports.batches import run_batch
from compare.reports.catalogue import open_catalogue
from compare.reports.planning import plan_batch
from compare.reports.publishing import publish
from tests.reports.browsing import Browser, needs_browser
from tests.reports.printed import faults

ROOT = Path(__file__).parents[2]
SITE_PAGES = ("index", "status", "accessibility")
PATIENCE = 200.0
EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
RULES_OF_LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]
DESKTOP, PHONE = 1280, 390
# Width, medium and light beside the desktop in the light, at which all rules are checked.
OTHER_LOOKS = {
    "sv": ((PHONE, "screen", "dark"), (PHONE, "screen", "light"), (DESKTOP, "print", "light")),
    "en": ((PHONE, "screen", "dark"), (DESKTOP, "screen", "dark"), (DESKTOP, "print", "light")),
}
AXE = """axe.run(%s, {runOnly: %s, resultTypes: ["violations"]}).then(found => JSON.stringify(
  found.violations.map(one => one.id + ": " + one.nodes.map(node => node.html).slice(0, 3).join(" | "))))"""
FIRST_ROWS = '{exclude: [["tbody tr:nth-child(n+9)"]]}'
CONTENTS, HAS_CONTENTS = '"nav.contents"', "document.querySelector('nav.contents') !== null"
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
LEADS = './/a[starts-with(@href, "#source")] | .//*[@class="source"]'
needs_axe = pytest.mark.skipif(find_spec("axe_core_python") is None, reason="needs axe-core-python")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of the batch of all reports, with the plans that the project ships."""
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "shipped"
    done, outputs = home / "done", home / "outputs"
    try:
        home.mkdir()
    except FileExistsError:  # another process makes it
        end = time.monotonic() + PATIENCE
        while not done.exists() and time.monotonic() < end:
            time.sleep(0.2)
    else:
        try:
            _make(outputs, home / "snapshots")
        finally:
            done.touch()
    assert (outputs / "index.html").is_file(), "the site could not be made"
    return outputs


def _make(outputs: Path, snapshots_folder: Path) -> None:
    catalogue = open_catalogue(ROOT / "notebooks" / "reports.toml")
    plans = ROOT / "data" / "plans"
    snapshots.load(plans, snapshots_folder)
    requests = plan_batch(catalogue, "all", outputs=outputs, snapshots_folder=snapshots_folder, plans=plans)
    results = run_batch(requests, workers=2)
    assert [result.message for result in results if not result.is_ok] == []
    publish(outputs, site=catalogue.site)


def reports(site: Path, file: str, language: str) -> list[Path]:
    found = sorted(site.glob(f"*-{language}/latest/{file}"))
    assert len(found) == len(open_catalogue(ROOT / "notebooks" / "reports.toml").reports)
    return found


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    started = Browser(tmp_path)
    yield started
    started.close()


def look(browser: Browser, width: int, medium: str, light: str, rules: list[str], part: str = "document") -> list[str]:
    """What axe finds on the page that is open, at this width, on this medium, in this light."""
    browser.tell("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    browser.tell(
        "Emulation.setEmulatedMedia", media=medium, features=[{"name": "prefers-color-scheme", "value": light}]
    )
    answer = browser.tell(
        "Runtime.evaluate", expression=AXE % (part, json.dumps(rules)), awaitPromise=True, returnByValue=True
    )
    assert "exceptionDetails" not in answer, answer
    found = json.loads(answer["result"]["value"])
    return found + (["wider than the window"] if medium == "screen" and browser.see(TOO_WIDE) else [])


def violations(browser: Browser, page: Path, language: str) -> list[str]:
    import axe_core_python

    browser.open(page)
    browser.see("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
    browser.tell(
        "Runtime.evaluate", expression=(Path(axe_core_python.__file__).parent / "axe.min.js").read_text("utf-8")
    )
    light, dark = (DESKTOP, "screen", "light"), (PHONE, "screen", "dark")
    found = {light: look(browser, *light, EVERY_RULE)}
    # The contents cover the text when they are open, and axe takes them for covering it when they are closed.
    browser.see("document.querySelectorAll('nav details').forEach(one => { one.open = true; })")
    for how in (light, dark) if browser.see(HAS_CONTENTS) else ():
        found[how] = [*found.get(how, []), *look(browser, *how, RULES_OF_LOOKS, CONTENTS)]
    browser.see("document.querySelectorAll('nav.contents').forEach(one => one.remove())")
    for how in (light, *OTHER_LOOKS[language]):
        found[how] = [*found.get(how, []), *look(browser, *how, RULES_OF_LOOKS, FIRST_ROWS)]
    return [f"{page.parts[-3:]} {how}: {one}" for how, several in found.items() for one in several]


def leads_nowhere(page: Path) -> list[str]:
    """The findings and the rows of tables that hold a figure and lead neither to a document nor to a named source."""
    root = lxml.html.parse(page).getroot()
    lost = []
    for finding in root.xpath('//section[@class="findings"]//li'):
        if re.search(r"\d", finding.text_content()) and not finding.xpath(LEADS):
            lost.append(finding.text_content())
    for table in root.xpath('//section[@class!="parameters"]//table | //table[not(ancestor::section)]'):
        below = table.xpath(
            'ancestor::div[@class="table-scroll"]/following-sibling::p | ancestor::*/following-sibling::p'
        )
        if any("source" in note.get("class", "").split() or note.xpath(LEADS) for note in below[:2]):
            continue
        for row in table.xpath("./tbody/tr"):
            if re.search(r"\d", row.text_content()) and not row.xpath(LEADS):
                lost.append(f"{table.xpath('string(caption)')}: {row.text_content()}")
    return lost


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_figure_in_a_finding_or_a_table_leads_to_its_documents_or_its_source(site, language):
    assert [lost for page in reports(site, "report.html", language) for lost in leads_nowhere(page)] == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_link_to_a_source_arrives(site, language):
    for page in reports(site, "report.html", language):
        root = lxml.html.parse(page).getroot()
        assert {link[1:] for link in root.xpath('//a[starts-with(@href, "#")]/@href')} <= set(root.xpath("//@id")), page


@needs_axe
@pytest.mark.timeout(600)  # half a minute where nothing else runs
@pytest.mark.parametrize("language", ["sv", "en"])
class TestInABrowser:
    pytestmark = needs_browser

    def test_every_page_passes_axe_on_desktop_and_phone_in_light_dark_and_print(self, site, browser, language):
        ending = "" if language == "sv" else f".{language}"
        pages = [*reports(site, "report.html", language), *(site / f"{page}{ending}.html" for page in SITE_PAGES)]
        assert [told for page in pages for told in violations(browser, page, language)] == []

    def test_what_is_wrong_in_one_light_or_at_one_width_is_found(self, site, browser, language, tmp_path):
        """In a page of a report, its text and its contents."""
        page = tmp_path / "report.html"
        wrong = (
            "<style>@media (prefers-color-scheme: dark) { .question, nav.contents a { color: #444 !important; } }"
            "@media (max-width: 500px) { .about-report { width: 600px; } } @media print { h1 { color: #ddd; } }</style>"
            "</head>"
        )
        text = (site / f"load_plans-{language}" / "latest" / "report.html").read_text(encoding="utf-8")
        page.write_text(text.replace("</head>", wrong).replace("<main", '<img src=""><main'), encoding="utf-8")
        told = "\n".join(violations(browser, page, language))
        for part in (
            "'light'): image-alt",
            "'dark'): color-",
            "(390,",
            "wider",
            "'print', 'light'): color-",
            'href="#',
        ):
            assert part in told


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_print_keeps_what_a_machine_can_see_of_pdf_ua(site, language):
    told = {path.parts[-3]: faults(path, language) for path in reports(site, "report.pdf", language)}
    assert {name: found for name, found in told.items() if found} == {}


def test_another_checker_of_pdf_ua_finds_nothing_either(site):
    pdfua = pytest.importorskip("pdfua")
    for path in reports(site, "report.pdf", "sv"):
        assert [str(found) for found in pdfua.validate(path).findings] == []


def _first(pdf: pikepdf.Pdf, kind: str) -> Any:
    return next(one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == kind)


def _unmark(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    parts = pikepdf.parse_content_stream(page)
    kept = [part for part in parts if str(part.operator) not in ("BDC", "BMC", "EMC")]
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))


def _each(pdf: pikepdf.Pdf, kind: str, change: Callable[[Any], None]) -> None:
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary) and one.get("/S") == kind:
            change(one)


DAMAGES: dict[str, Callable[[pikepdf.Pdf], Any]] = {
    "11: the language": lambda pdf: pdf.Root.__delitem__("/Lang"),
    "07: the window": lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"),
    "06-2: not marked": lambda pdf: pdf.Root.__delitem__("/MarkInfo"),
    "01: no structure": lambda pdf: pdf.Root.__delitem__("/StructTreeRoot"),
    "05: the metadata": lambda pdf: pdf.Root.__delitem__("/Metadata"),
    "13: a figure": lambda pdf: _first(pdf, "/Figure").__delitem__("/Alt"),
    "15: a head": lambda pdf: _first(pdf, "/TH").__delitem__("/A"),
    "15: a table without": lambda pdf: _each(pdf, "/TH", lambda one: one.__setitem__("/S", pikepdf.Name.TD)),
    "15: rows": lambda pdf: _first(pdf, "/TR").K.__delitem__(0),
    "14: headings": lambda pdf: _each(pdf, "/H2", lambda one: one.__setitem__("/S", pikepdf.Name.H3)),
    "14: the report": lambda pdf: _each(pdf, "/H1", lambda one: one.__setitem__("/S", pikepdf.Name.P)),
    "02: /Thing": lambda pdf: _first(pdf, "/P").__setitem__("/S", pikepdf.Name.Thing),
    "28: page": lambda pdf: [page.__delitem__("/Tabs") for page in pdf.pages if "/Tabs" in page],
    "10: the signs": lambda pdf: next(iter(pdf.pages[0].Resources.Font.values())).__delitem__("/ToUnicode"),
    "01: page 1 shows something": _unmark,
    "which the structure": lambda pdf: _each(pdf, "/P", lambda one: one.__delitem__("/K")),
}


@pytest.mark.parametrize("fault", DAMAGES)
def test_what_is_damaged_in_a_print_is_found(site, fault, tmp_path):
    damaged = tmp_path / "damaged.pdf"
    with pikepdf.open(site / "completion_rates-sv" / "latest" / "report.pdf") as pdf:
        DAMAGES[fault](pdf)
        pdf.save(damaged)
    assert [found for found in faults(damaged, "sv") if fault in found]
