"""Every kind of page in a real browser, checked by axe-core at desktop and phone width, light, dark and in print."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import html

from compare.reports.publishing import publish
from compare.reports.runs import run_report

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
    pytest.mark.skipif(find_spec("axe_core_python") is None, reason="needs axe-core-python"),
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
CHECK = """
<script>%s</script>
<script>
document.querySelectorAll("details").forEach(one => { one.open = true; });
axe.run(document, {runOnly: %s, resultTypes: ["violations"]}).then(result => {
  const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
  const told = result.violations.map(v => v.id + ": " + v.nodes.map(n => n.html).join(" | "));
  const place = document.createElement("pre");
  place.id = "axe";
  place.textContent = JSON.stringify(told.concat(wide && !%s ? ["the page is wider than the window"] : []));
  document.body.replaceChildren(place);
});
</script>
"""
PAGES = ("index.html", "index.en.html", "status.html", "accessibility.html", "accessibility.en.html", "report.html")
IN_ALL_WAYS = ((1280, "light"), (500, "dark"), (500, "light"), (1280, "dark"), (1280, "print"))
LIGHTS = {"light": "", "dark": "(prefers-color-scheme: dark)", "print": "print"}


@pytest.fixture
def site(project, request_for, pieces, tmp_path) -> Path:
    wide = pieces.table.replace(
        "<th>Goals</th>", "".join(f"<th>Goals of {year}</th>" for year in range(2010, 2030))
    ).replace("<caption>Goals", "<caption>Goals by year")
    cells = ("# Mål", "En fråga?", "## Fynd", pieces.figure, pieces.table, "## Mer", wide, pieces.data)
    catalogue = project(goals=cells, bad=("# Mål", "1 / 0"))
    for name in ("goals", "bad"):
        run_report(request_for(catalogue, name, municipalities="0188", sisters={"sv": "a", "en": "b"}))
    publish(tmp_path / "outputs")
    return tmp_path / "outputs"


def violations(page: Path, width: int, light: str, folder: Path) -> list[str]:
    import axe_core_python

    axe = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    text = text.replace(f"@media {LIGHTS[light]}", "@media all") if LIGHTS[light] else text
    copy = folder / "checked.html"
    copy.write_text(
        text.replace("</body>", CHECK % (axe, json.dumps(RULES), json.dumps(light == "print")) + "</body>"),
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},900"),
            *(f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=20000", "--dump-dom", copy.as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = html.fromstring(done.stdout).xpath("//pre[@id='axe']")
    assert found, "axe gave no result"
    return json.loads(found[0].text_content())


def test_every_page_passes_axe_in_every_light_at_every_width(site, tmp_path):
    told = []
    for name in PAGES:
        page = next(site.glob("goals-*/latest/report.html")) if name == "report.html" else site / name
        for width, light in IN_ALL_WAYS if name == "report.html" else IN_ALL_WAYS[:2]:
            told += [f"{name} {width} {light}: {one}" for one in violations(page, width, light, tmp_path)]
    assert told == []


def test_axe_finds_what_is_wrong_so_that_passing_means_something(site, tmp_path):
    page = site / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace('lang="sv"', "").replace("<h1>", "<h4>"), encoding="utf-8")
    assert any(one.startswith("html-has-lang") for one in violations(page, 1280, "light", tmp_path))
