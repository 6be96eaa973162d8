from __future__ import annotations

import re
from pathlib import Path

import pytest

from compare.presentation import style

CSS = (Path(style.__file__).parent / "report.css").read_text(encoding="utf-8")


def colours(block: int) -> dict[str, str]:
    """The colour variables of the n-th :root block: light, dark, print."""
    found = re.findall(r":root\s*{([^}]*)}", CSS)[block]
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", found))


@pytest.mark.parametrize("block", [0, 1, 2], ids=["light", "dark", "print"])
@pytest.mark.parametrize("ink", ["ink", "faint", "link"])
@pytest.mark.parametrize("ground", ["paper", "shade", "notice"])
def test_text_can_be_read_on_each_ground(block: int, ink: str, ground: str):
    assert style.contrast(colours(block)[ink], colours(block)[ground]) >= 4.5


def test_each_scheme_sets_the_same_colours():
    assert set(colours(0)) == set(colours(1)) == set(colours(2))


def test_nothing_is_fetched_from_elsewhere():
    assert not re.search(r"url\(|@import|https?:", CSS)
