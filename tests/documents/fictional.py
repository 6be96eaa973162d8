"""A fictional plan and tables with known cells, written in every layout that readers must understand.

Everything is invented. The same content is rendered as plain text, Markdown, HTML, DOCX, XLSX, ODS, CSV and PDF, so
that tests can demand the same blocks from each.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from html import escape
from pathlib import Path

BUDGET = (
    ("Driftbudget, tkr", "Utfall 2030", "Budget 2031", "Budget 2032", "Plan 2033"),
    ("Kulturnämnden", "-12 480", "-13 105", "-13 920", "-14 300"),
    ("varav bibliotek", "-6 204", "-6 411", "-6 650", "-6 790"),
    ("Barn- och ungdomsnämnden", "-201 377", "-208 950", "-215 004", "-219 880"),
    ("Hamnnämnden", "1 150", "980", "1 020", "1 040"),
    ("Summa nämnder", "-212 707", "-221 075", "-227 904", "-233 140"),
)
INDICATORS = (
    ("Indikator", "Ansvarig", "Utfall 2030", "Mål 2031", "Mål 2032"),
    ("Andel nöjda besökare på Sjövikens museum, procent", "KN", "78,4 %", "80 %", "82 %"),
    ("Elever med godkänt i alla ämnen", "BUN", "71,2 %", "", "76 %"),
    ("Utsläpp från kommunens fordon, ton", "HN", "412", "380", "350"),
)
ACTIONS = (
    ("Åtgärd", "Klart när", "Ansvarig", "Startdatum", "Slutdatum"),
    (
        "Ta fram en plan för hur fler ungdomar ska hitta till biblioteken under sommarlovet",
        "Planen är beslutad i kulturnämnden",
        "Bibliotekschef",
        "2031-01-15",
        "2031-06-30",
    ),
    ("Bygga om hamnplanen", "Slutbesiktning är gjord", "Hamnchef", "Pågår", "2032-12-31"),
)


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Item:
    text: str


@dataclass(frozen=True)
class Grid:
    rows: tuple[tuple[str, ...], ...]


PLAN = (
    Heading(1, "Verksamhetsplan 2031 för Sjövikens kommun"),
    Paragraph(
        "Sjövikens kommun ligger vid en påhittad kust. Planen beskriver vad kommunen ska åstadkomma under året, hur "
        "pengarna fördelas och hur arbetet följs upp av nämnderna två gånger om året."
    ),
    Heading(2, "Mål 1: En levande kultur"),
    Paragraph("Kulturnämnden ska göra kulturen tillgänglig för alla."),
    Item("Öppna biblioteket på söndagar under hela vinterhalvåret"),
    Item("Låta skolklasser besöka museet utan kostnad"),
    Grid(INDICATORS),
    Heading(2, "Uppdrag och åtgärder"),
    Grid(ACTIONS),
    Heading(2, "Ekonomi"),
    Grid(BUDGET),
    Paragraph("Beloppen är angivna i tusental kronor och har avrundats var för sig."),
)


# --- text formats ----------------------------------------------------------------------------------------------------


def as_text(plan=PLAN) -> str:
    parts = []
    for block in plan:
        if isinstance(block, Grid):
            parts.append("\n".join("\t".join(row) for row in block.rows))
        elif isinstance(block, Item):
            parts.append(f"- {block.text}")
        else:
            parts.append(block.text)
    return "\n\n".join(parts) + "\n"


def as_aligned_text(plan=PLAN, width: int = 96) -> str:
    """As `pdftotext -layout` writes: columns kept with spaces, prose wrapped."""
    parts = []
    for block in plan:
        if isinstance(block, Grid):
            parts.append("\n".join(aligned_rows(block.rows)))
        else:
            text = f"- {block.text}" if isinstance(block, Item) else block.text
            parts.append("\n".join(wrapped(text, width)))
    return "\n\n".join(parts) + "\n"


def aligned_rows(rows, cell_width: int = 30) -> list[str]:
    """Rows with wrapped first columns and figures set flush right."""
    cells = [[wrapped(cell, cell_width) or [""] for cell in row] for row in rows]
    widths = [max(len(line) for row in cells for line in row[column]) for column in range(len(rows[0]))]
    lines = []
    for row in cells:
        height = max(len(cell) for cell in row)
        for index in range(height):
            parts = []
            for column, cell in enumerate(row):
                text = cell[index] if index < len(cell) else ""
                flush_right = column > 0 and text[-1:].isdigit()
                parts.append(text.rjust(widths[column]) if flush_right else text.ljust(widths[column]))
            lines.append("   ".join(parts).rstrip())
        if any(len(cell) > 1 for one in cells for cell in one):
            lines.append("")
    return lines[:-1] if lines and not lines[-1] else lines


def wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def as_markdown(plan=PLAN) -> str:
    parts = []
    for block in plan:
        if isinstance(block, Grid):
            head, *body = block.rows
            lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
            parts.append("\n".join([*lines, *("| " + " | ".join(row) + " |" for row in body)]))
        elif isinstance(block, Heading):
            parts.append("#" * block.level + " " + block.text)
        elif isinstance(block, Item):
            parts.append(f"- {block.text}")
        else:
            parts.append(block.text)
    return "\n\n".join(parts) + "\n"


def as_html(plan=PLAN) -> str:
    """A page as municipalities publish them: menus, cookie text and footer around the content."""
    parts = []
    for block in plan:
        if isinstance(block, Grid):
            head, *body = block.rows
            rows = "<tr>" + "".join(f"<th scope=col>{escape(cell)}</th>" for cell in head) + "</tr>"
            rows += "".join(
                "<tr>" + "".join(f"<td><p>{escape(cell)}</p></td>" for cell in row) + "</tr>" for row in body
            )
            parts.append(f"<div class='table-wrapper'><table>{rows}</table></div>")
        elif isinstance(block, Heading):
            parts.append(f"<h{block.level}>{escape(block.text)}</h{block.level}>")
        elif isinstance(block, Item):
            parts.append(f"<ul><li>{escape(block.text)}</li></ul>")
        else:
            parts.append(f"<p>{escape(block.text)}</p>")
    return (
        "<!DOCTYPE html><html lang=sv><head><title>Verksamhetsplan - Sjövikens kommun</title>"
        "<style>p{color:red}</style><script>var hemligt = '<p>inte text</p>';</script></head><body>"
        "<div id='cookie-banner' class='cookie-consent'><p>Vi använder kakor. Läs mer om kakor.</p>"
        "<button>Godkänn</button></div><header><nav><ul><li><a href='/'>Start</a></li>"
        "<li><a href='/skola'>Skola och förskola</a></li></ul></nav></header>"
        "<div class='breadcrumbs'><a href='/'>Start</a> / <a href='/plan'>Planer</a></div>"
        f"<main>{''.join(parts)}</main>"
        "<aside><h2>Relaterat innehåll</h2><p>Kontakta oss gärna.</p></aside>"
        "<footer><p>Sjövikens kommun, Box 1, 000 00 Sjöviken</p></footer></body></html>"
    )


# --- office formats --------------------------------------------------------------------------------------------------


def as_docx(plan=PLAN) -> bytes:
    import docx

    document = docx.Document()
    for block in plan:
        if isinstance(block, Grid):
            table = document.add_table(rows=len(block.rows), cols=len(block.rows[0]))
            for row, cells in zip(table.rows, block.rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        elif isinstance(block, Heading):
            document.add_heading(block.text, block.level)
        elif isinstance(block, Item):
            document.add_paragraph(block.text, style="List Bullet")
        else:
            document.add_paragraph(block.text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


# --- PDF -------------------------------------------------------------------------------------------------------------

STYLES = {
    "ruled": "stroke: 0.5pt + black",
    "horizontal rules": "stroke: (x: none, y: 0.5pt + black)",
    "vertical rules": "stroke: (x: 0.5pt + black, y: none)",
    "shaded rows": 'stroke: none, fill: (_, y) => if calc.odd(y) { rgb("dde8f0") }',
    "shaded cells": 'stroke: white + 1pt, fill: rgb("dde8f0")',
    "unruled": "stroke: none",
    "header rule": "stroke: (x, y) => if y == 0 { (bottom: 1pt + black) }",
}


def typst_text(text: str) -> str:
    return "#" + typst_string(text)


def typst_string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def typst_table(rows, style: str = "ruled", *, flush_right: bool = True, header: bool = True) -> str:
    """A table in Typst; the first column takes the room that is left."""
    columns = ", ".join(["1fr", *["auto"] * (len(rows[0]) - 1)])
    align = "(x, _) => if x == 0 { left } else { right }" if flush_right else "left"
    cells = [[f"[{typst_text(cell)}]" if cell else "[]" for cell in row] for row in rows]
    first = f"table.header({', '.join(cells[0])})" if header else ", ".join(cells[0])
    body = ",\n".join(", ".join(row) for row in cells[1:])
    return f"#table(columns: ({columns}), align: {align}, inset: 4pt, {STYLES[style]},\n{first},\n{body})"


def as_typst(plan=PLAN, style: str = "ruled", *, preamble: str = "") -> str:
    parts = [
        '#set page(margin: 2.2cm, numbering: "1 (1)")\n#set text(lang: "sv", size: 10pt)\n#set par(justify: false)',
        preamble,
    ]
    for block in plan:
        if isinstance(block, Grid):
            parts.append(typst_table(block.rows, style, flush_right=block.rows[1][1][:1] in "-0123456789"))
        elif isinstance(block, Heading):
            parts.append(f"#heading(level: {block.level})[{typst_text(block.text)}]")
        elif isinstance(block, Item):
            parts.append(f"- {typst_text(block.text)}")
        else:
            parts.append(typst_text(block.text))
    return "\n\n".join(parts)


def pdf(source: str) -> bytes:
    import typst

    return typst.compile(source.encode("utf-8"))


def without_tags(data: bytes) -> bytes:
    """The PDF as programs write it that know nothing of tags."""
    import pypdfium2

    old, new = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
    new.import_pages(old)
    stream = io.BytesIO()
    new.save(stream)
    new.close()
    old.close()
    return stream.getvalue()


# --- many tables with known cells ------------------------------------------------------------------------------------

UNITS = ("Kulturnämnden", "Hamnnämnden", "Barn- och ungdomsnämnden", "Äldrenämnden", "Tekniska nämnden i Sjöviken")
WORDS = (
    "verksamhet",
    "stöd",
    "lokaler",
    "drift",
    "underhåll",
    "förskola",
    "bibliotek",
    "hamn",
    "vatten",
    "gata",
    "park",
    "idrott",
    "musik",
    "skolskjuts",
    "administration",
    "ledning",
    "utveckling",
    "miljö",
    "tillsyn",
    "räddning",
    "hemtjänst",
    "boende",
    "måltid",
    "städning",
)


def random_table(seed: int) -> tuple[tuple[str, ...], ...]:
    """A budget or indicator table as plans hold them, the same for the same seed."""
    chance = random.Random(seed)
    years = [
        f"{kind} {2030 + i}" for i, kind in enumerate(("Utfall", "Budget", "Plan", "Plan")[: chance.randint(2, 4)])
    ]
    long_labels = seed % 3 == 2
    rows = [("Belopp i tkr" if seed % 2 else "Indikator", *years)]
    for _ in range(chance.randint(5, 14)):
        label = chance.choice(UNITS)
        if chance.random() < (0.8 if long_labels else 0.3):
            label += ", " + " ".join(chance.sample(WORDS, 8 if long_labels else 3))
        rows.append((label, *(random_figure(chance) for _ in years)))
    return tuple(rows)


def random_figure(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.08:
        return ""
    if kind < 0.15:
        return "-"
    if kind < 0.4:
        return f"{chance.uniform(0, 100):.1f} %".replace(".", ",")
    amount = f"{chance.randint(0, 2_000_000):,}".replace(",", " ")
    return ("-" if chance.random() < 0.5 else "") + amount


def written(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def pdf_form(label: str, value: str) -> bytes:
    """A page with a label and, beside it, a form's field that holds a value."""
    content = f"BT /F 10 Tf 60 780 Td ({label}) Tj ET"
    shown = f"/Tx BMC BT /F 10 Tf 2 4 Td ({value}) Tj ET EMC"
    look = "/Type /XObject /Subtype /Form /BBox [0 0 200 18]"
    fonts = "/Resources << /Font << /F 5 0 R >> >>"
    field = "/Type /Annot /Subtype /Widget /FT /Tx /T (a) /F 4 /Rect [160 776 360 794] /AP << /N 7 0 R >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {fonts} /Contents 4 0 R /Annots [6 0 R] >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< {field} /V ({value}) >>",
        f"<< {look} {fonts} /Length {len(shown)} >>\nstream\n{shown}\nendstream",
    ]
    data = b"%PDF-1.7\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return data + f"{end}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n".encode()
