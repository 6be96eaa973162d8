"""A report page in a real browser, worked by keyboard alone: each key is pressed, nothing is clicked or scripted.

The page is the file as a reader gets it, with its security policy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from compare.reports.runs import run_report
from tests.reports.browsing import Browser, needs_browser

pytestmark = needs_browser
KEYS = {
    "Tab": {"windowsVirtualKeyCode": 9},
    "Enter": {"windowsVirtualKeyCode": 13, "text": "\r"},
    "ArrowRight": {"windowsVirtualKeyCode": 39},
}
FOCUSED = """(() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {
    tag: one.localName,
    text: one.textContent.trim().slice(0, 60),
    path: one.matches("body") ? "" : [one.id, one.className, one.getAttribute("href"),
      [...document.querySelectorAll("*")].indexOf(one)].join(" "),
    place: [...document.querySelectorAll("*")].indexOf(one),
    in_main: one.closest("main") !== null,
    in_contents: one.closest("nav.contents") !== null,
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    on_screen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
})()"""
# What a mouse can use, where it is shown at all.
USABLE = """[...document.querySelectorAll("a[href], summary, button, input, [tabindex='0']")]
  .filter(one => one.checkVisibility()).map(one => [...document.querySelectorAll("*")].indexOf(one))"""
MOST_STOPS = 200


class Keyboard(Browser):
    """A browser whose keys are pressed."""

    def press(self, key: str) -> dict[str, Any]:
        """Press a key, and return what has the focus then."""
        what = {"key": key, "code": key, **KEYS[key]}
        self.tell("Input.dispatchKeyEvent", type="keyDown" if "text" in what else "rawKeyDown", **what)
        self.tell("Input.dispatchKeyEvent", type="keyUp", **{k: v for k, v in what.items() if k != "text"})
        return self.see(FOCUSED)

    def tab_to(self, selector: str) -> dict[str, Any]:
        """Press Tab until an element that fits has the focus."""
        for _ in range(MOST_STOPS):
            focused = self.press("Tab")
            if self.see(f"document.activeElement.matches({json.dumps(selector)})"):
                return focused
        raise AssertionError(f"Tab never came to {selector}")

    def walk(self) -> list[dict[str, Any]]:
        """Press Tab from the top of the page to its end, and return where it stopped."""
        stops: list[dict[str, Any]] = []
        while (focused := self.press("Tab"))["tag"] != "body" and focused["place"] not in [s["place"] for s in stops]:
            stops.append(focused)
            assert len(stops) < MOST_STOPS
        return stops


@pytest.fixture
def browser(tmp_path) -> Iterator[Keyboard]:
    started = Keyboard(tmp_path)
    yield started
    started.close()


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """The page, made once: it holds all that it shows."""
    return {}


@pytest.fixture
def page(made, project, request_for, pieces, tmp_path) -> Path:
    """A report with contents, a figure, a table that is wider than the window, a table to unfold, and a download."""
    place = tmp_path / "report.html"
    if not made:
        made["page"] = _made(project, request_for, pieces)
    place.write_bytes(made["page"])
    return place


def _made(project, request_for, pieces) -> bytes:
    wide = pieces.table.replace(
        "<th>Goals</th>", "".join(f"<th>Goals of {year}</th>" for year in range(1990, 2030))
    ).replace("<caption>Goals", "<caption>Goals by year")
    folded = (
        "from IPython.display import HTML\nHTML('<details><summary>The data</summary><table><caption>Data</caption>"
        '<tr><th>Goal</th><td><a href="#x">Source</a></td></tr></table></details>\')'
    )
    cells = ("# Mål", "En fråga?", "## Fynd", pieces.figure, wide, "## Mer", folded, "## Sist", pieces.data)
    catalogue = project(goals=cells)
    sisters = {"sv": "a", "en": "b"}
    result = run_report(request_for(catalogue, "goals", municipalities="0188", sisters=sisters))
    assert result.is_ok, result.message
    return (result.folder / "report.html").read_bytes()


def test_the_first_stop_shows_the_skip_link_and_enter_leads_past_the_head(browser, page):
    browser.open(page)
    first = browser.press("Tab")
    assert browser.see("document.activeElement.matches('.skip-link')")
    assert first["on_screen"]
    browser.press("Enter")
    browser.until("location.hash === '#content'")
    assert browser.press("Tab")["in_main"]


def test_before_it_is_used_the_skip_link_is_out_of_sight(browser, page):
    browser.open(page)
    assert browser.see("document.querySelector('.skip-link').getBoundingClientRect().bottom <= 0")


def test_contents_come_before_the_report_open_by_enter_and_lead_to_their_heading(browser, page):
    browser.open(page)
    stop = browser.tab_to("summary")
    assert stop["in_contents"]
    browser.press("Enter")
    browser.until("document.querySelector('nav.contents details').open")
    assert browser.press("Tab")["in_contents"]
    second = browser.press("Tab")
    browser.press("Enter")
    browser.until("location.hash !== ''")
    heading = browser.see("document.querySelector(decodeURIComponent(location.hash)).textContent")
    assert heading == second["text"] == "Mer"
    browser.until("document.querySelector(decodeURIComponent(location.hash)).getBoundingClientRect().top < innerHeight")
    assert browser.press("Tab")["text"] == "The data"  # reading goes on from the heading


def test_a_folded_table_opens_by_enter_and_what_is_in_it_can_be_reached(browser, page):
    browser.open(page)
    browser.tab_to("main summary")
    assert not browser.see("document.activeElement.parentElement.open")
    browser.press("Enter")
    browser.until("document.activeElement.parentElement.open")
    browser.tab_to("main details .table-scroll")
    assert browser.press("Tab")["text"] == "Source"
    browser.open(page)
    stops = [stop["text"] for stop in browser.walk()]
    assert "Source" not in stops  # while it is folded, nobody has to pass through


def test_a_wide_table_scrolls_by_arrow_key(browser, page):
    browser.open(page)
    browser.tab_to(".table-scroll")
    assert browser.see("document.activeElement.scrollWidth > document.activeElement.clientWidth")
    browser.press("ArrowRight")
    browser.until("document.activeElement.scrollLeft > 0")


def faults(browser: Keyboard) -> list[str]:
    """What a person with a keyboard alone misses on the page that is open: stops not reached, out of order, unseen."""
    usable = browser.see(USABLE)
    stops = browser.walk()
    places = [stop["place"] for stop in stops]
    told = [f"not reached: {place}" for place in usable if place not in places]
    told += [f"no visible focus: {stop['path']}" for stop in stops if stop["outline"] < 2]
    told += [f"off the screen: {stop['path']}" for stop in stops if not stop["on_screen"]]
    return told + ([] if places == sorted(places) else ["the order is not that of the page"])


def test_tab_reaches_all_that_can_be_used_once_in_order_and_always_shows_where_it_is(browser, page):
    browser.open(page)
    assert faults(browser) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("<style>*:focus-visible { outline: none !important; }</style>", "no visible focus"),
        ('<a href="#x" tabindex="-1">Unreachable</a>', "not reached"),
        ('<a href="#x" tabindex="1">First</a>', "the order"),
        ('<a href="#x" style="position: fixed; left: -900px">Away</a>', "off the screen"),
    ],
)
def test_what_is_wrong_is_found_so_that_passing_means_something(browser, page, change, fault):
    page.write_text(page.read_text(encoding="utf-8").replace("</main>", f"{change}</main>"), encoding="utf-8")
    browser.open(page)
    assert any(one.startswith(fault) for one in faults(browser))
