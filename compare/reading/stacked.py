"""Tables whose rows stand on two or three lines each: a verdict, a name, then its unit and figures.

Systems for planning print 'Mått Enhet Utfall 2022 Mål 2022' on one line, and below it for each measure 'Uppfyllt', its
name, and 'Andel, % 88 % 85 %'. The header tells how many figures close a row; rows that are built alike prove it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from compare.documents.model import Block, Cell, Place, Table, Text
from compare.reading import follow_up, headings, spaced, titles
from compare.reading.table_roles import header_word
from compare.reading.words import any_of

LEAST_ROWS = 2
LONGEST_NAME = 250
# So many words of a unit, and of which way it shall go, may stand before the figures.
MOST_UNIT_WORDS = 6
STATUS_HEAD = "Status"
# A dash is a figure that is missing, never a sign.
_SIGN = re.compile(r"\s+(?![-–−]+$)(?:[^\w\s%]+|[^\W\d_]+)$")


def table_at(blocks: Sequence[Block], first: int) -> tuple[Table, int] | None:
    """The table whose header is the line at a block, and the index behind its last row; None where none begins."""
    header = blocks[first]
    heads = _heads(header.text) if isinstance(header, Text) and len(header.text) <= spaced.LONGEST_RECORD else []
    if not heads:
        return None
    # Signs of which way figures go behind them are no figures.
    signs = header_word(heads[-1]) in spaced.ROLES_OF_ANSWERS
    heads = heads[:-1] if signs else heads
    for judged in (True, False):
        rows: list[tuple[Cell, ...]] = []
        size = 3 if judged else 2
        while row := _row(blocks[first + 1 + size * len(rows) :][:size], len(heads) - 2, judged, signs):
            rows.append(row)
        if len(rows) >= LEAST_ROWS:
            names = [*heads, *([STATUS_HEAD] if judged else [])]
            head = tuple(Cell(name, header.place) for name in names)
            place = Place(header.place.line, rows[-1][2].place.line_end, header.place.page)
            return Table((head, *rows), place), first + 1 + size * len(rows)
    return None


def _heads(text: str) -> list[str]:
    """The heads of a line over names, units and at least two columns of figures; empty for other lines.

    >>> _heads("Mått Måttenhet Utfall 2022 Mål 2022")
    ['Mått', 'Måttenhet', 'Utfall 2022', 'Mål 2022']
    """
    if not re.search(rf"\b{any_of('table_headers', 'unit')}\b", text, re.IGNORECASE):
        return []
    pieces = spaced.heads_of(text, every=True)
    if len(pieces) < 2 + spaced.LEAST_FIGURES or header_word(pieces[0]) != "indicator":
        return []
    figures = [piece for piece in pieces[2:] if spaced.heads_figures(piece)]
    return pieces if header_word(pieces[1]) == "unit" and len(figures) >= spaced.LEAST_FIGURES else []


def _row(blocks: Sequence[Block], width: int, judged: bool, signs: bool) -> tuple[Cell, ...] | None:
    """The cells of a row on the lines it takes, without a sign behind its figures; None where they are no row."""
    texts = [block for block in blocks if isinstance(block, Text)]
    if len(texts) != (3 if judged else 2):
        return None
    name, stated = texts[-2:]
    if judged and follow_up.bare_status(texts[0].text) is None:
        return None
    plain = not spaced.ends_in_figure(name.text) and follow_up.bare_status(name.text) is None
    if not plain or len(name.text) > LONGEST_NAME or headings.goal_heading(name.text) or name.text.endswith(":"):
        return None
    parsed = _before_sign(stated.text, width) if signs else _unit_and_figures(stated.text, width)
    if parsed is None:
        return None
    unit, figures = parsed
    cells = [
        Cell(titles.plain(name.text), name.place),
        Cell(unit, stated.place),
        *(Cell(figure, stated.place) for figure in figures),
    ]
    return (*cells, Cell(texts[0].text, texts[0].place)) if judged else tuple(cells)


def _before_sign(text: str, width: int) -> tuple[str, list[str]] | None:
    """The unit and figures of a line that a sign may end; None where they differ with what ends it taken for a sign.

    >>> _before_sign("Andel, % 88 % 85 % ↑", 2), _before_sign("Kostnad, kr 1 200 300 –", 2)
    (('Andel, %', ['88 %', '85 %']), ('Kostnad, kr', ['1 200 300', '–']))
    >>> _before_sign("Kostnad, kr 1 200 300 *", 2) is None
    True
    """
    whole = _unit_and_figures(text, width)
    bare = _unit_and_figures(_SIGN.sub("", text), width)
    if whole is None or bare is None:
        return whole or bare
    return whole if whole == bare else None


def _unit_and_figures(text: str, width: int) -> tuple[str, list[str]] | None:
    """The unit at a line's beginning and the figures behind it, when these are as many as the columns.

    >>> _unit_and_figures("Kostnad, kr/barn Upp 148 215 151 797", 2)
    ('Kostnad, kr/barn', ['148 215', '151 797'])
    >>> _unit_and_figures("Andel, % 88 % 86 %", 2), _unit_and_figures("Andel 3 4 5", 2)
    (('Andel, %', ['88 %', '86 %']), None)
    """
    words = re.sub(r"(?<=\d)\s?st(?=\s|$)", "", text)
    match = re.match(r"(?P<unit>[^\W\d_].*?)\s+(?=(?:[<>≥≤+\-–−]\s?)?\d|[-–−](?:\s|$))(?P<figures>.+)$", words)
    if match is None or len(match["unit"].split()) > MOST_UNIT_WORDS:
        return None
    found = spaced.likeliest_figures(match["figures"], width)
    if found is None:
        return None
    # Which way the figures shall go is no part of the unit.
    return re.sub(r"\s+(?:[Uu]pp|[Nn]ed|[Öö]ka|[Mm]inska)$", "", match["unit"]).strip(), found
