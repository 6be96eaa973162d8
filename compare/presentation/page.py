"""The page that a notebook fills: title, question, findings, figures with their data, tables, method, sources.

A notebook says what is shown and in which order; how it looks, in which language, and that every figure has its words
and its data beside it, is decided here. Each element is displayed as HTML and as plain text, so that it reads in
JupyterLab, in the report and in a terminal.
"""

from __future__ import annotations

import base64
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import chain
from pathlib import Path
from typing import Any, cast

import pandas as pd
from IPython.display import display

from compare.contract import Tables
from compare.presentation import RUN_FOLDER, comparability, labels, style
from compare.presentation.data_files import write_data
from compare.presentation.figures.base import Figure
from compare.presentation.places import (
    SOURCES,
    Place,
    document_names,
    documents_of_rows,
    merged,
    place_links,
    places_by_id,
    places_of,
    places_of_ids,
    source_anchor,
    spots,
    where,
    whole_documents,
)
from compare.presentation.sentences import Finding
from compare.presentation.tables import WIDE, Form, form_of, rows_at_most, table_html
from compare.presentation.wording import EN_DASH, Wording, is_missing

NAMED_APART = 4
IN_SUBTITLE = 6  # municipalities by name; the first few of many would be nobody's choice
LEADING_FINDINGS = 8  # more sentences than a reader takes in; the rest fold
SOURCES_UNFOLDED = 40
SOURCES_IN_FULL = 1_000
# An interval is one thing to read, and so is '95-procentig': no line ends within it.
_ONE_THING = re.compile(rf"(?<=\d)({EN_DASH}(?=\d)|-(?=[^\W\d]))")
WORD_JOINER = "\N{WORD JOINER}"
# The columns of measures that hold the records a row rests on: what leads from a figure's data to the documents.
_IDS = ("record_ids", "record_id", "goal_ids", "goal_id")
_FORMATS = {".csv": "CSV", ".xlsx": "XLSX", ".parquet": "Parquet"}


class Element:
    """One element of a page, as HTML and as text; `role` tells the report template what it is."""

    def __init__(self, role: str, html: str, text: str) -> None:
        self.role = role
        self.html = html
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, Any]]:
        metadata = {"plancompare": {"element": self.role, "text": self.text if self.role == "title" else ""}}
        return {"text/html": self.html, "text/plain": self.text}, metadata


class Page:
    """A report page in one language over one set of plans.

    `plans` names the documents in links and sources; `output` is the folder that data files go to (default: the
    environment variable PLANCOMPARE_RUN_FOLDER, else none are written). Text arguments are messages: English in the
    notebook, shown in the page's language, with `{fields}` given by name.

    Raises `PlanError` for an unknown language.
    """

    def __init__(
        self, title: str, plans: Tables, language: str = "sv", output: str | Path | None = None, **fields: Any
    ) -> None:
        self.say = Wording(language)
        self.plans = plans
        self._names = document_names(plans.documents, self.say)
        folder = output or os.environ.get(RUN_FOLDER)
        self.output = Path(folder) if folder else None
        self.elements: list[Element] = []
        self.data_files: list[Path] = []
        self._cited: dict[str, set[Place]] = {}
        self._anchors = {SOURCES: 1}
        self._numbers = {"figure": 0, "table": 0}
        self._title = self._words(title, fields)

    # What a page begins with -----------------------------------------------------------------------------------------

    def title(self, subtitle: str = "", **fields: Any) -> None:
        """Show the page's title, its only h1, and what it is about: by default its municipalities and years.

        A page that rests on plans made up for tests says so here, before any of its figures.
        """
        below = self._words(subtitle, fields) if subtitle else self._coverage()
        made_up = comparability.made_up_in(self.plans.documents)
        mark = comparability.warning(made_up, self.say) if made_up else ""
        marked = f'<p class="made-up"><strong>{escape(mark)}</strong></p>' if mark else ""
        html = (
            f'<header class="report-title"><h1>{escape(self._title)}</h1>'
            f'<p class="subtitle">{escape(below)}</p>{marked}</header>'
        )
        self._show("title", html, "\n".join(part for part in (self._title, below, mark) if part))

    def question(self, text: str, **fields: Any) -> None:
        """Show the question that the page answers, in a paragraph."""
        words = self._words(text, fields)
        self._show("question", f'<p class="question">{_html(words)}</p>', words)

    def findings(self, findings: Iterable[Finding | str | None], heading: str = "What we found") -> None:
        """Show the findings as a list of sentences, each with links to the places it rests on; None is left out.

        One that names neither places nor a source leads to the documents of the page, which it rests on as a whole.
        The first eight stand open, so the most telling ones come first; the rest fold.
        """
        kept = [Finding(self.say(item)) if isinstance(item, str) else item for item in findings if item is not None]
        title, anchor = self.say(heading), self._anchor("findings")
        if not kept:
            kept = [Finding(self.say("The data does not answer this question."))]
        items = [f"<li>{self._with_places(finding)}</li>" for finding in kept]
        more = items[LEADING_FINDINGS:]
        html = (
            f'<section class="findings" aria-labelledby="{anchor}"><h2 id="{anchor}">{escape(title)}</h2>'
            f"<ul>{''.join(items[:LEADING_FINDINGS])}</ul>"
        )
        if more:
            summary = self.say.plural("Show {n} more finding", "Show {n} more findings", len(more))
            html += f"<details><summary>{escape(summary)}</summary><ul>{''.join(more)}</ul></details>"
        whose = comparability.of_boards(self.plans.documents, self.say)
        html += f"<p>{escape(whose)}</p></section>" if whose else "</section>"
        texts = [title, *(f"- {finding.text}" for finding in kept), *([whose] if whose else [])]
        self._show("findings", html, "\n".join(texts))

    # Text ------------------------------------------------------------------------------------------------------------

    def heading(self, text: str, level: int = 2, **fields: Any) -> None:
        """Show a heading of a section (level 2) or of a part of one (level 3)."""
        words = self._words(text, fields)
        level = min(max(level, 2), 4)
        self._show("heading", f'<h{level} id="{self._anchor(words)}">{escape(words)}</h{level}>', words)

    def paragraph(self, text: str, *, places: Sequence[Place] = (), **fields: Any) -> None:
        """Show a paragraph, with links to the places that it rests on."""
        words = self._words(text, fields)
        self._show("paragraph", f"<p>{self._with_links(words, places)}</p>", words)

    def no_data(self, municipality_code: str, question: str, **fields: Any) -> None:
        """Say in words that a municipality has no data for a question (a noun phrase: 'budget by committee')."""
        words = self.say(
            "{municipality} has no data on {question} in the plans that were read, which does not mean there is none.",
            municipality=labels.municipality(municipality_code, self.say),
            question=self._words(question, fields),
        )
        self._show("no-data", f'<p class="no-data">{escape(words)}</p>', words)

    def no_data_for(self, municipality_codes: Iterable[str], present: pd.DataFrame, question: str) -> None:
        """Say it of each municipality that should be there but has no row in `present` (column municipality_code).

        Several are named in one sentence.
        """
        have = set(present["municipality_code"])
        without = [code for code in dict.fromkeys(municipality_codes) if code not in have]
        if not without:
            return
        if len(without) == 1:
            self.no_data(without[0], question)
            return
        words = self.say(
            "{names} have no data on {question} in the plans that were read, which does not mean there is none."
            if len(without) <= NAMED_APART
            else "{n} municipalities have no data on {question} in the plans that were read, which does not mean there "
            "is none: {names}.",
            n=len(without),
            question=self.say(question),
            names=self.say.listed([labels.municipality(code, self.say) for code in without], at_most=20),
        )
        self._show("no-data", f'<p class="no-data">{escape(words)}</p>', words)

    def warnings(self, *names: str) -> None:
        """Show standard sentences about comparability by their names, after those that the documents call for."""
        wanted = dict.fromkeys([*comparability.applying(self.plans.documents), *names])
        if not wanted:
            return
        self._list(
            "warnings", "What to keep in mind when comparing", [comparability.warning(n, self.say) for n in wanted]
        )

    def method(self, steps: Sequence[str], **fields: Any) -> None:
        """Show how the figures were computed, a sentence each."""
        self._list("method", "How the figures were computed", [self._words(step, fields) for step in steps])

    def limits(self, limits: Sequence[str], **fields: Any) -> None:
        """Show what the figures cannot tell, a sentence each."""
        self._list("limits", "What the figures cannot tell", [self._words(limit, fields) for limit in limits])

    # Figures and tables ----------------------------------------------------------------------------------------------

    def figure(self, figure: Figure) -> None:
        """Show a figure with its alternative text, its caption and its data as a table; write the data as files."""
        if figure.figure is None:
            self._show("figure", f'<p class="no-data">{escape(figure.alt)}</p>', figure.alt)
            return
        self._numbers["figure"] += 1
        number = self._numbers["figure"]
        anchor = self._anchor(f"figure-{number}")
        image = base64.b64encode(style.as_png(figure.figure)).decode("ascii")
        width = round(figure.figure.get_figwidth() * 96)
        height = round(figure.figure.get_figheight() * 96)
        title = f"{self.say('Figure {n}.', n=number)} {figure.title or figure.caption}".strip()
        caption = figure.caption if figure.title else ""
        # The title stands on a line of its own; where it is read aloud or printed in a line, it ends as a sentence.
        end = '<span class="visually-hidden">.</span>' if caption and title[-1] not in ".?!" else ""
        scroll_label = escape(self.say("Figure {n}, can be scrolled sideways", n=number))
        html = (
            f'<figure id="{anchor}"><figcaption><strong>{_html(title)}</strong>{end} <span>{_html(caption)}</span>'
            f'</figcaption><div class="figure-scroll" role="region" aria-label="{scroll_label}" tabindex="0">'
            f'<img src="data:image/png;base64,{image}" alt="{escape(figure.alt)}" width="{width}" height="{height}" '
            f'style="max-width:{round(width * 1.12)}px"></div>{self._data_of(figure, anchor, number)}</figure>'
        )
        self._show("figure", html, "\n".join(part for part in (title, caption, figure.alt) if part))

    def table(
        self,
        frame: pd.DataFrame,
        caption: str,
        *,
        columns: Sequence[str] | Mapping[str, str] | None = None,
        forms: Mapping[str, Form] | None = None,
        fold: bool | None = None,
        places: str = "",
        name: str = "table",
        note: str = "",
        source: str = "",
        **fields: Any,
    ) -> None:
        """Show a frame as a table with a caption, and write it as data files; an empty frame is said in words.

        `places` names the column that holds the ids of the records that a row rests on: they become links to their
        places in the documents. A row without such records leads to the documents of its municipality and year, a table
        whose rows name none to those of the page; `source` says instead where figures come from that are in no
        document. See `compare.presentation.tables.table_html` for `columns`, `forms` and `fold`.
        """
        self._numbers["table"] += 1
        number = self._numbers["table"]
        words = f"{self.say('Table {n}.', n=number)} {self._words(caption, fields)}"
        if frame.empty:
            text = f"{words.rstrip(' .')}: {self.say('there are no rows.')}"
            self._show("table", f'<p class="no-data">{escape(text)}</p>', text)
            return
        places_of_rows = None if source else self._places_of_rows(_shown(frame, columns), places, columns)
        html = table_html(
            frame,
            self.say,
            caption=words,
            anchor=self._anchor(f"table-{number}"),
            columns=columns,
            forms=forms,
            names=self._names,
            places=places_of_rows,
            fold=fold,
            note=self.say(note),
        )
        html += (
            f'<p class="note source">{escape(self.say(source))}</p>' if source else self._rests_on_all(places_of_rows)
        )
        files = self._write(frame, f"table-{number}-{name}" if name != "table" else f"table-{number}")
        self._show("table", html + self._downloads(files), f"{words}\n{frame.to_string(index=False, max_rows=20)}")

    # What a page ends with -------------------------------------------------------------------------------------------

    def sources(self, documents: pd.DataFrame | None = None) -> None:
        """List the documents: title, municipality, where they are published, and the places that the page cites.

        Very many are listed in short, a line for each municipality, and whole in a data file.
        """
        rows = self.plans.documents if documents is None else documents
        title, anchor = self.say("Sources"), SOURCES
        records = cast("list[dict[str, Any]]", rows.to_dict("records"))
        if len(records) > SOURCES_IN_FULL:
            listed = self._in_short(records) + self._downloads(self._write(rows, "sources"))
        else:
            listed = self._folded([self._source(record) for record in records], len(records))
        html = (
            f'<section class="sources" aria-labelledby="{anchor}"><h2 id="{anchor}">{escape(title)}</h2>'
            f"{listed}</section>"
        )
        self._show("sources", html, "\n".join([title, *(f"- {row}" for row in rows["title"])]))

    def parameters(self, parameters: Mapping[str, Any]) -> None:
        """Show what the report was run with, as a table of two columns."""
        title, anchor = self.say("What the report was run with"), self._anchor("parameters")
        rows = "".join(
            f'<tr><th scope="row">{escape(labels.column(name, self.say))}</th>'
            f"<td>{escape(self._parameter(name, value))}</td></tr>"
            for name, value in parameters.items()
        )
        heads = [self.say("Parameter"), self.say("Value")]
        head = "<tr>" + "".join(f'<th scope="col">{escape(word)}</th>' for word in heads) + "</tr>"
        html = (
            f'<section class="parameters" aria-labelledby="{anchor}"><h2 id="{anchor}">{escape(title)}</h2>'
            f'<div class="table-scroll" role="region" aria-labelledby="{anchor}-caption" tabindex="0"><table>'
            f'<caption id="{anchor}-caption">{escape(self.say("Parameters of this run"))}</caption>'
            f"<thead>{head}</thead>"
            f"<tbody>{rows}</tbody></table></div></section>"
        )
        text = "\n".join([title, *(f"{name} = {value}" for name, value in parameters.items())])
        self._show("parameters", html, text)

    # Helpers of notebooks --------------------------------------------------------------------------------------------

    def places(self, record_ids: Any) -> tuple[Place, ...]:
        """Where records stand, by their id or ids; lines that follow each other are one place.

        Measures give the ids that a figure rests on.
        """
        return tuple(merged(places_of_ids(self.plans, _ids(record_ids))))

    def documents_of(self, rows: pd.DataFrame) -> tuple[Place, ...]:
        """The documents, as wholes, that rows of a measure are about: by their municipalities and years."""
        return tuple(dict.fromkeys(chain.from_iterable(documents_of_rows(rows, self.plans.documents))))

    # ------------------------------------------------------------------------------------------------------------------

    def _places_of_rows(
        self, frame: pd.DataFrame, ids: str, columns: Iterable[str] | None
    ) -> list[tuple[Place, ...]] | None:
        """The places of each row of a table: of its records, else of the row itself; None where its cells show them."""
        if not ids and "document_id" in frame and (columns is None or "document_id" in columns):
            self._cite(places_of(frame[frame["document_id"].notna()]))
            return None
        rows = [_ids(row) for row in frame[ids]] if ids else [[]] * len(frame)
        known = places_by_id(self.plans, (record_id for row in rows for record_id in row))
        documents = documents_of_rows(frame, self.plans.documents)
        places = [
            tuple(merged(known[record_id] for record_id in row if record_id in known) or whole)
            for row, whole in zip(rows, documents, strict=True)
        ]
        self._cite(place for row in places for place in row)
        return places

    def _rests_on_all(self, places_of_rows: Sequence[Sequence[Place]] | None) -> str:
        """A line that leads to the documents of the page, below a table of which no row leads anywhere by itself."""
        if places_of_rows is None or any(places_of_rows) or self.plans.documents.empty:
            return ""
        links = place_links(whole_documents(self.plans.documents), self._names, self.say)
        return f'<p class="note">{escape(self.say("Rests on:"))} <span class="places">{links}</span></p>'

    def _show(self, role: str, html: str, text: str) -> None:
        element = Element(role, html, text)
        self.elements.append(element)
        display(element)

    def _words(self, message: str, fields: Mapping[str, Any]) -> str:
        return self.say(message, **fields)

    def _coverage(self) -> str:
        documents = self.plans.documents
        names = [labels.municipality(code, self.say) for code in sorted(documents["municipality_code"].unique())]
        if not names:
            return self.say("No plans were read.")
        n = len(names)
        whose = (
            self.say.listed(names) if n <= IN_SUBTITLE else self.say.plural("{n} municipality", "{n} municipalities", n)
        )
        return f"{whose}, {self.say.years(documents['year'])}"

    def _list(self, role: str, heading: str, sentences: Sequence[str]) -> None:
        title, anchor = self.say(heading), self._anchor(role)
        items = "".join(f"<li>{_html(sentence)}</li>" for sentence in sentences)
        html = (
            f'<section class="{role}" aria-labelledby="{anchor}"><h2 id="{anchor}">{escape(title)}</h2>'
            f"<ul>{items}</ul></section>"
        )
        self._show(role, html, "\n".join([title, *(f"- {sentence}" for sentence in sentences)]))

    def _with_places(self, finding: Finding) -> str:
        if finding.source:
            return f'{_html(finding.text)} <span class="source">({escape(finding.source)})</span>'
        return self._with_links(finding.text, finding.places or whole_documents(self.plans.documents))

    def _with_links(self, text: str, places: Sequence[Place]) -> str:
        if not places:
            return _html(text)
        self._cite(places)
        return f'{_html(text)} <span class="places">({place_links(places, self._names, self.say)})</span>'

    def _cite(self, places: Iterable[Place]) -> None:
        for place in places:
            self._cited.setdefault(place.document_id, set()).add(place)

    def _in_short(self, records: Sequence[Mapping[str, Any]]) -> str:
        """Each document in two words and the places that the page cites of it, those of a municipality in a line."""
        by_municipality: dict[str, list[str]] = {}
        for record in records:
            document_id, code = str(record["document_id"]), str(record["municipality_code"])
            name = self._names.get(document_id, document_id)
            name = name.removeprefix(labels.municipality(code, self.say)).lstrip()
            cited = spots(merged(sorted(self._cited.get(document_id, ()), key=where)), self.say)
            words = f"{name} ({cited})" if cited else name
            by_municipality.setdefault(code, []).append(
                f'<span id="{escape(source_anchor(document_id))}">{escape(words)}</span>'
            )
        items = [
            f"<li>{escape(labels.municipality(code, self.say))}: {'; '.join(spans)}</li>"
            for code, spans in by_municipality.items()
        ]
        return self._folded(items, len(records))

    def _folded(self, items: Sequence[str], documents: int) -> str:
        """A list of documents as HTML, folded when it is long; a link into it unfolds it."""
        listed = f"<ul>{''.join(items)}</ul>"
        if documents <= SOURCES_UNFOLDED:
            return listed
        summary = self.say.plural("Show {n} document", "Show {n} documents", documents)
        return f"<details><summary>{escape(summary)}</summary>{listed}</details>"

    def _source(self, record: Mapping[str, Any]) -> str:
        document_id = str(record["document_id"])
        about = self._names.get(document_id, document_id)
        parts = [f'<cite lang="{labels.SOURCE_LANGUAGE}">{escape(str(record["title"]))}</cite>', escape(about)]
        if not is_missing(record.get("published")):
            parts.append(f'<span lang="{labels.SOURCE_LANGUAGE}">{escape(str(record["published"]))}</span>')
        for name in ("kind", "reading", "wording"):
            if not is_missing(record.get(name)):
                parts.append(escape(labels.code(name, record[name], self.say)))
        address = record.get("source_url")
        if not is_missing(address) and re.match(r"https?://", str(address)):
            parts.append(
                f'<a href="{escape(str(address))}" rel="noreferrer">{escape(self.say("published document"))}</a>'
            )
        cited = merged(sorted(self._cited.get(document_id, ()), key=where))
        words = spots(cited, self.say)
        if words:
            parts.append(escape(self.say("cited: {places}", places=words)))
        return f'<li id="{escape(source_anchor(document_id))}">{", ".join(parts)}</li>'

    def _parameter(self, name: str, value: Any) -> str:
        if is_missing(value) or value == []:
            return self.say("all")
        if name.startswith("municipalit"):
            codes = [value] if isinstance(value, str) else list(value)
            return self.say.listed([f"{labels.municipality(code, self.say)} ({code})" for code in codes])
        if isinstance(value, (list, tuple)):
            return self.say.listed([str(item) for item in value])
        return self.say.text(value) if isinstance(value, bool) else labels.code(name, value, self.say)

    def _data_of(self, figure: Figure, anchor: str, number: int) -> str:
        files = self._write(figure.data, f"figure-{number}-{figure.name}")
        ids = next((name for name in _IDS if name in figure.data), None)
        readable, same = _told_once(_readable(figure.data, with_places=ids is not None), self.say)
        places = self._places_of_rows(
            _shown(figure.data, readable.columns), ids or "", [str(name) for name in readable]
        )
        table = table_html(
            readable,
            self.say,
            forms=figure.forms,
            caption=self.say("Data of figure {n}", n=number),
            anchor=f"{anchor}-data",
            names=self._names,
            places=places,
            fold=True,
            note=same,
        )
        return table + self._rests_on_all(places) + self._downloads(files)

    def _write(self, frame: pd.DataFrame, stem: str) -> list[Path]:
        if self.output is None:
            return []
        files = write_data(frame, self.output / "data", stem)
        self.data_files.extend(files)
        return files

    def _downloads(self, files: Sequence[Path]) -> str:
        if not files:
            return ""
        links = ", ".join(f'<a href="data/{escape(file.name)}" download>{_FORMATS[file.suffix]}</a>' for file in files)
        return f'<p class="downloads">{escape(self.say("Data files:"))} {links}</p>'

    def _anchor(self, words: str) -> str:
        """An id for HTML from words, unique on the page."""
        plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii").lower()
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "section"
        self._anchors[slug] = self._anchors.get(slug, 0) + 1
        return slug if self._anchors[slug] == 1 else f"{slug}-{self._anchors[slug]}"


def _html(words: str) -> str:
    """Running text as HTML: escaped, and with no line end where one would part what is read as one."""
    return _ONE_THING.sub(f"\\1{WORD_JOINER}", escape(words))


def _readable(data: pd.DataFrame, *, with_places: bool) -> pd.DataFrame:
    """The data of a figure without what only a program reads: ids, empty columns, the source's own words.

    The document stays where no places name it.
    """
    hidden = [
        name
        for name in map(str, data)
        if (name.endswith(("_id", "_ids")) and (with_places or name != "document_id"))
        or name in ("source_text", "confidence")
        or data[name].isna().all()
    ]
    return data.drop(columns=hidden)


def _told_once(data: pd.DataFrame, say: Wording) -> tuple[pd.DataFrame, str]:
    """The data of a figure without the columns of words that are the same in every row, and these in a sentence.

    A table of few columns has room for them.
    """
    if len(data) < 2 or len(data.columns) < WIDE:
        return data, ""
    names = labels.without_variants([str(name) for name in data])[1:]
    same = [
        name
        for name in names
        if form_of(name, data[name]) in ("text", "year") and len(data[name].map(str).unique()) == 1
    ]
    if not same:
        return data, ""
    cells = [labels.value(name, labels.in_language(data.head(1), name, say)[0][0], say) for name in same]
    told = [f"{labels.column(name, say)}: {cell}" for name, cell in zip(same, cells, strict=True)]
    hidden = [name for name in map(str, data) if name in same or (name[:-3] in same and name.endswith(("_en", "_sv")))]
    return data.drop(columns=hidden), say("The same in every row: {parts}.", parts="; ".join(told))


def _shown(frame: pd.DataFrame, columns: Iterable[str] | None) -> pd.DataFrame:
    """The rows that a table of these columns shows."""
    return frame.head(rows_at_most(len(list(frame.columns if columns is None else columns))))


def _ids(record_ids: Any) -> list[str]:
    """An id or several as a list; null is none."""
    if is_missing(record_ids):
        return []
    return [record_ids] if isinstance(record_ids, str) else list(record_ids)
