"""Documents damaged at random as scanning and text extraction damage them, so that the truth about them stays known."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

from compare.documents import open_document
from compare.documents.model import Block, Cell, Document, Text

# What recognition of letters takes for one another.
LOOK_ALIKES = {
    "l": "1", "1": "l", "O": "0", "0": "O", "o": "ö", "ö": "o", "å": "a", "ä": "a", "e": "c", "S": "5", "5": "S",
    "B": "8", "8": "B", "i": "l", "I": "l", "n": "ri", "m": "rn", "t": "f", "g": "9", "6": "b", "3": "8", "7": "1",
}  # fmt: skip


def opened(path: Path, chance: random.Random, rate: float, folder: Path) -> Document:
    """The document with about a share `rate` of its lines damaged; 0 leaves it as it is.

    A text file is damaged before it is opened, so that what becomes of its tables is part of the damage; of other
    formats the blocks are.
    """
    if path.suffix != ".txt":
        document = open_document(path)
        return replace(document, blocks=tuple(_block(block, chance, rate) for block in document.blocks))
    damaged = folder / path.name
    damaged.write_text("\n".join(_lines(path.read_text(encoding="utf-8").split("\n"), chance, rate)), encoding="utf-8")
    return open_document(damaged)


def _lines(lines: list[str], chance: random.Random, rate: float) -> list[str]:
    """The lines with some damaged; their number stays, so that places stay comparable."""
    out = list(lines)
    for at in range(len(out) - 1):
        if not out[at].strip() or chance.random() >= rate:
            continue
        kind = chance.choices(("letters", "spaces", "tabs", "lines"), (5, 2, 2, 1))[0]
        if kind == "letters":
            out[at] = _letters(out[at], chance)
        elif kind == "spaces":
            out[at] = _spaces(out[at], chance)
        elif kind == "tabs":
            out[at] = _tabs(out[at], chance)
        else:
            out[at : at + 2] = _two_lines(out[at], out[at + 1], chance)
    return out


def _letters(text: str, chance: random.Random) -> str:
    """One to three letters or digits taken for others."""
    for _ in range(chance.randint(1, 3)):
        places = [at for at, letter in enumerate(text) if letter in LOOK_ALIKES or letter.isdigit()]
        if places:
            at = chance.choice(places)
            other = LOOK_ALIKES.get(text[at]) if chance.random() < 0.7 else None
            misread = other or (str(chance.randint(0, 9)) if text[at].isdigit() else text[at])
            text = text[:at] + misread + text[at + 1 :]
    return text


def _spaces(text: str, chance: random.Random) -> str:
    """A space lost, or one too many within a word or number."""
    if chance.random() < 0.5:
        spaces = [found.start() for found in re.finditer(r"(?<=\w) (?=\w)", text)]
        at = chance.choice(spaces) if spaces else None
        return text if at is None else text[:at] + text[at + 1 :]
    middles = [found.end() for found in re.finditer(r"\w(?=\w)", text)]
    at = chance.choice(middles) if middles else None
    return text if at is None else f"{text[:at]} {text[at:]}"


def _tabs(text: str, chance: random.Random) -> str:
    """A border between two cells lost, moved, or one too many."""
    tabs = [found.start() for found in re.finditer("\t", text)]
    if not tabs:
        return _spaces(text, chance)
    at = chance.choice(tabs)
    return text[:at] + chance.choice(("", " ", "\t\t")) + text[at + 1 :]


def _two_lines(one: str, two: str, chance: random.Random) -> list[str]:
    kind = chance.choice(("joined", "wrapped", "lost", "swapped"))
    if kind == "joined":
        return [f"{one} {two}".strip(), ""]
    if kind == "wrapped" and " " in one.strip():
        start, _, last = one.rstrip().rpartition(" ")
        return [start, f"{last} {two}".rstrip()]
    return [two, one] if kind == "swapped" else ["", two]


def _block(block: Block, chance: random.Random, rate: float) -> Block:
    if isinstance(block, Text):
        if chance.random() >= rate:
            return block
        damage = chance.choices((_letters, _spaces), (5, 2))[0]
        return replace(block, text=damage(block.text, chance))
    rows = [_row(row, chance) if chance.random() < rate else row for row in block.rows]
    if len(rows) > 2 and chance.random() < rate:
        at = chance.randrange(len(rows) - 1)
        rows[at : at + 2] = chance.choice(([rows[at]], [rows[at + 1], rows[at]]))
    return replace(block, rows=tuple(rows))


def _row(row: tuple[Cell, ...], chance: random.Random) -> tuple[Cell, ...]:
    """A row with one cell damaged, emptied, or all shifted by one."""
    full = [at for at, cell in enumerate(row) if cell.text]
    if not full:
        return row
    at = chance.choice(full)
    cells = list(row)
    kind = chance.choices(("letters", "spaces", "emptied", "shifted"), (5, 2, 1, 2))[0]
    if kind == "shifted" and len(row) > 1:
        empty = replace(cells[at], text="")
        cells = [*cells[:at], empty, *cells[at:]][: len(row)]
    elif kind == "emptied":
        cells[at] = replace(cells[at], text="")
    else:
        damage = _letters if kind == "letters" else _spaces
        cells[at] = replace(cells[at], text=damage(cells[at].text, chance))
    return tuple(cells)
