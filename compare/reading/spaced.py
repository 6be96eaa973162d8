"""Tables whose cells nothing but single spaces part: a name and its figures on each line, under a header of words.

Text copied from a page or a web site loses its columns, and its header breaks into lines. What is left tells the table
all the same: as many words and years in the header as there are figures behind each name. Amounts hold spaces
themselves ('1 452,8 1 628,8'); of the ways to part a line's figures, the one with figures of like size is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf, log10
from statistics import median

from compare.documents.model import Block, Cell, Place, Table, Text
from compare.reading import titles, values
from compare.reading.statuses import classify, is_answer
from compare.reading.table_roles import CATEGORY_ROLES, VALUE_ROLES, YEAR, header_pieces, header_word
from compare.vocabulary import terms

MOST_HEADER_LINES = 16
LONGEST_HEADER_LINE = 120
LONGEST_RECORD = 200
LEAST_RECORDS = 2
LEAST_FIGURES = 2
LEAST_GROUPS = 2
# What heads the names is no title of a document.
LONGEST_NAME = 60
MOST_FIGURES = 12
LONGEST_ROW_NAME = 90
# More pieces than these are no line of a table.
MOST_TOKENS = 24
_TOKEN = re.compile(r"\S+")
_LONE = re.compile(r"[-–−*]|\.\.?")
_WHOLE = re.compile(r"[(<>≥≤+\-–−]?\d+(?:[.,]\d+)*[\-–−)]?(?:%|tkr)?[*¹²³⁴⁵]*")
_FIRST = re.compile(r"[(+\-–−]?\d{1,3}")
_THOUSANDS = re.compile(r"\d{3}(?:[.,]\d+)?[\-–−)]?%?[*¹²³⁴⁵]*")
_SIGN = re.compile(r"[+\-–−<>≥≤]")
# A head of names that ends in the unit of the figures beside it.
_AMOUNTS = re.compile(r"(?:.*[\s,(])?(?:tkr|mnkr|mkr|kr)\)?", re.IGNORECASE)
_NOTE = re.compile(r"(?:Not|NOT|Noter|Nr)\.?")
# A figure left to the name costs this much evenness: 'Etapp 2' before its amounts.
LEFT_TO_NAME = 0.4
# Fewer figures must be more alike by so many powers of ten to be taken for all that a row holds.
FEWER_FIGURES = 0.5
# A figure has at most so many groups of thousands.
MOST_GROUPS = 3
# The rows, and ways to read them, that the sizes of columns are told from; and by how much they must be likelier.
SEEDS = 8
MUCH_LESS = 0.6
MOST_DOUBT = 3.0
# Words that stand over names, not over figures.
ROLES_OF_NAMES = ("label", "committee", "indicator", "project", "goal", "action", "assignment")
# Words that stand over answers, behind the figures.
ROLES_OF_ANSWERS = ("status", "trend")
MOST_ANSWER_WORDS = 3
# Words that stand over prose.
ROLES_OF_WORDS = ("comment", "description", "status")
# And so much a dash by itself, which may be the sign of the figure behind it.
LONE_DASH = 0.3
_DASHES = ("-", "–", "−")


def table_at(blocks: Sequence[Block], first: int) -> tuple[Table, int] | None:
    """The table whose header begins at a block, and the index behind it; None where none begins."""
    header: list[Text] = []
    for block in blocks[first : first + MOST_HEADER_LINES]:
        if not isinstance(block, Text) or len(block.text) > LONGEST_HEADER_LINE or block.kind == "list_item":
            break
        row = _figures_at_end(block.text) or _answer_behind(block.text, "Status")
        if header and row and not _is_years(block.text):
            break
        if header and only_figures(block.text):
            # What stands above its figures is the first row's name.
            header.pop()
            break
        header.append(block)
    while header and not _ends_header(header[-1].text):
        header.pop()
    if not header or not (_is_dated(header) or _names_columns(header[-1].text)):
        return None
    begins = _beginning(header, blocks[first + len(header) :][:1])
    found = [
        (pieces, skipped, _body(blocks, first + len(header), pieces, noted))
        for skipped in range(begins, len(header))
        for pieces, noted in _headers(" ".join(block.text for block in header[skipped:]))
    ]
    fitting = [
        one
        for one in found
        if one[2].records >= (1 if _heads_answers(one[0][-1]) else LEAST_RECORDS) and one[2].odd * 2 < one[2].records
    ]
    if not fitting:
        return None
    # Where a line begins with the word for what the rows are, the header begins there.
    pieces, skipped, body = max(
        fitting, key=lambda one: (one[2].records, -one[2].cost, _names_rows(one[0][0]), -one[1])
    )
    if skipped:
        # The header begins further down; what stands above it heads something else.
        return None
    place = Place(header[0].place.line, header[-1].place.line_end, header[0].place.page)
    return _as_table([[(piece, place) for piece in pieces], *body.rows], place), body.end


def _beginning(header: Sequence[Text], below: Sequence[Block]) -> int:
    """From which of some lines on they can head the rows below: lines further away than these belong to no table."""
    gap = below[0].place.line - header[-1].place.line_end if below else 1
    later = range(len(header) - 1, 0, -1)
    return next((i for i in later if header[i].place.line - header[i - 1].place.line_end > max(gap, 1)), 0)


def _is_dated(header: Sequence[Text]) -> bool:
    """Whether a header closes with a year, or with a head of its own line below heads with years."""
    last = header[-1].text
    alone = _names_groups(last) or (len(heads_of(last)) == 1 and heads_figures(last))
    return any(re.search(YEAR, block.text) for block in (header[-2:] if alone else header[-1:]))


def _ends_header(text: str) -> bool:
    """Whether a line may close a header: it ends in a year or a word that heads figures, or the answers behind them."""
    ends = (" ".join(text.split()[-count:]) for count in (1, 2, 3))
    heads = any(heads_figures(end) or _heads_answers(end) for end in ends) and not text.endswith(".")
    return heads or _names_groups(text)


def _names_groups(text: str) -> bool:
    """Whether a line names parts of a population, the one after the other, and nothing else."""
    words = text.split()
    return len(words) >= LEAST_GROUPS and all(terms("groups").match(word) for word in words)


def _is_years(text: str) -> bool:
    return re.fullmatch(rf"(?:{YEAR}\s*)+", text.strip()) is not None


def only_figures(text: str) -> bool:
    """Whether a line holds figures and nothing else, years apart."""
    return not _is_years(text) and all(_is_figure(token) for token in text.split()) and bool(re.search(r"\d", text))


def _figures_at_end(text: str, least: int = 2) -> bool:
    """Whether a line names something and ends in so many figures, as the lines of a table do; years head figures."""
    if re.search(rf"[^\W\d_].*(?:\s{YEAR}){{2,}}$", text):
        return False
    return re.search(rf"[^\W\d_]{{2}}.*(?:\s[(+\-–−]?\s?\d[\d.,]*[\-–−)]?\s?%?){{{least},}}$", text) is not None


def _headers(head: str) -> Iterator[tuple[list[str], bool]]:
    """The ways to read a header line as the heads of names and figures; each with whether it has a column of notes."""
    head = re.sub(rf"({YEAR})(?=[A-ZÅÄÖ])", r"\1 ", head)
    together = header_pieces(head)
    if together and _are_heads(together) and not heads_figures(together[0]) and not re.search(YEAR, together[0]):
        yield together, False
    columns = heads_of(head)
    yield from _with_names(columns, together)
    if (finer := heads_of(head, every=True)) != columns:
        yield from _with_names(finer, together)


def _with_names(columns: Sequence[str], together: Sequence[str]) -> Iterator[tuple[list[str], bool]]:
    """The heads of columns as the heads of names and of figures, where most can be such and they are not `together`."""
    pieces = [piece for piece in columns if not _NOTE.fullmatch(piece)]
    if levels := _dealt_out(pieces) or _by_groups(pieces):
        yield levels, False
        return
    if pieces and heads_figures(pieces[0]):
        pieces = ["", *pieces]
    figures = [piece for piece in pieces[1:] if heads_figures(piece)]
    least = 1 if pieces and (_names_rows(pieces[0]) or header_word(pieces[0]) == "unit") else LEAST_FIGURES
    if (
        _are_heads(pieces)
        and least <= len(pieces) - 1 <= MOST_FIGURES
        and len(figures) * 2 >= len(pieces) - 1
        and not any(map(_names_rows, pieces[1:]))
        and pieces != together
    ):
        yield pieces, len(pieces) < len(columns)


def _dealt_out(pieces: Sequence[str]) -> list[str] | None:
    """Heads of two levels as one: each before the word for the rows stands over those behind it, up to a repeated one.

    >>> _dealt_out(["Budget 2023", "Budget 2024", "Verksamhet", "Intäkt", "Netto", "Intäkt", "Netto"])
    ['Verksamhet', 'Budget 2023 Intäkt', 'Budget 2023 Netto', 'Budget 2024 Intäkt', 'Budget 2024 Netto']
    >>> _dealt_out(["Budget 2023", "Budget 2024", "Verksamhet", "Kostnad", "Netto", "Netto"])
    ['Verksamhet', 'Budget 2023 Kostnad', 'Budget 2023 Netto', 'Budget 2024 Netto']
    """
    names = next((index for index, piece in enumerate(pieces) if _names_rows(piece)), 0)
    upper, lower = pieces[:names], pieces[names + 1 :]
    if len(upper) < LEAST_FIGURES or len(lower) <= len(upper):
        return None
    if not all(map(heads_figures, upper)) or any(re.search(YEAR, piece) for piece in lower):
        return None
    shares: list[list[str]] = [[]]
    for piece in lower:
        if piece in shares[-1]:
            shares.append([])
        shares[-1].append(piece)
    if len(shares) != len(upper):
        return None
    return [pieces[names], *(f"{above} {piece}" for above, share in zip(upper, shares, strict=True) for piece in share)]


def _by_groups(pieces: Sequence[str]) -> list[str] | None:
    """Heads of which the first stand over parts of a population, named in turn behind them all, each by its part.

    >>> _by_groups(["Indikator", "2022", "2023", "Mål 2024", "Kvinnor", "Män", "Kvinnor", "Män"])
    ['Indikator', '2022 Kvinnor', '2022 Män', '2023 Kvinnor', '2023 Män', 'Mål 2024']
    """
    first = next((index for index, piece in enumerate(pieces) if terms("groups").match(piece)), len(pieces))
    upper, lower = pieces[1:first], pieces[first:]
    share = len(set(lower))
    if share < LEAST_GROUPS or list(lower) != list(lower[:share]) * (len(lower) // share):
        return None
    over = len(lower) // share
    if over > len(upper) or not all(map(heads_figures, upper)):
        return None
    return [pieces[0], *(f"{above} {part}" for above in upper[:over] for part in lower[:share]), *upper[over:]]


def _names_columns(text: str) -> bool:
    """Whether a line without years is a header all the same: the word for its rows, then at least two of figures."""
    pieces = heads_of(text)
    return len(pieces) > LEAST_FIGURES and _names_rows(pieces[0]) and all(map(heads_figures, pieces[1:]))


def _names_rows(piece: str) -> bool:
    """Whether a piece is nothing but the word for what the rows of a table are ('Nämnd', 'Nyckeltal, tkr')."""
    found = terms("table_headers").match(re.sub(r"[,(]?\s*\b(?:i\s+)?(?:tkr|mnkr|mkr|kr)\)?$", "", piece))
    return found is not None and found.term in ROLES_OF_NAMES


def _are_heads(pieces: Sequence[str]) -> bool:
    """Whether pieces are as short as the heads of columns; what is longer has prose in it."""
    return bool(pieces) and all(len(piece) <= LONGEST_NAME for piece in pieces)


def heads_figures(piece: str) -> bool:
    return header_word(piece) in (*VALUE_ROLES, *CATEGORY_ROLES, "value", "deviation", "change", "total") or bool(
        re.search(rf"\b{YEAR}$", piece)
    )


def heads_of(head: str, *, every: bool = False) -> list[str]:
    """A header line cut behind each year, and before each new word where a word of headers is complete.

    `every` cuts before each word with a capital letter, known or not.
    """
    pieces: list[str] = []
    current: list[str] = []
    tokens = head.split()
    for token, after in zip(tokens, [*tokens[1:], ""], strict=True):
        whole = " ".join(current)
        if pieces and not current and re.fullmatch(r"\(?(?:i\s+)?(?:tkr|mnkr|mkr|kr)\)?", token):
            # A unit belongs to the head before it.
            pieces[-1] = f"{pieces[-1]} {token}"
            continue
        begins = re.match(r"[A-ZÅÄÖ]", token)
        complete = every or header_word(whole.strip("()")) or _NOTE.fullmatch(whole)
        # Years that follow each other stand alone ('Tidigare år 2024 2025').
        alone = all(re.fullmatch(YEAR, one) for one in (token, after)) and bool(
            header_word(whole) == "total" or _NOTE.fullmatch(whole) or _names_rows(whole)
        )
        # A year behind a unit is that of the amounts ('Belopp i tkr 2025').
        alone = alone or (not pieces and bool(_AMOUNTS.fullmatch(whole)) and bool(re.fullmatch(YEAR, token)))
        if current and ((begins and complete) or alone):
            pieces.append(whole)
            current = []
        current.append(token)
        if re.fullmatch(rf"{YEAR}[*¹²³⁴⁵]*,?", token):
            pieces.append(" ".join(current))
            current = []
    return [*pieces, " ".join(current)] if current else pieces


_Rows = list[list[tuple[str, Place]]]


@dataclass(frozen=True, slots=True)
class _Body:
    """The rows under a header: how many hold figures, where they end, and how unlike in size their figures are.

    `odd` counts the rows whose name ends in a figure: of many, the header has fewer heads than there are columns.
    """

    rows: _Rows
    records: int
    end: int
    cost: float
    odd: int


def _heads_answers(piece: str) -> bool:
    """Whether a head stands over words or signs of how far a row has come ('Bedömning', 'Trend')."""
    return header_word(piece) in ROLES_OF_ANSWERS


def _body(blocks: Sequence[Block], first: int, pieces: Sequence[str], noted: bool) -> _Body:
    """The rows under heads of columns, the last of which may be of words that answer how far a row has come."""
    if not _heads_answers(pieces[-1]):
        return _rows(blocks, first, len(pieces) - 1, noted)
    answers: dict[Place, str] = {}
    bare: list[Block] = list(blocks[:first])
    for block in blocks[first:]:
        answer = _answer_behind(block.text, pieces[-1]) if isinstance(block, Text) else ""
        if isinstance(block, Text) and answer:
            answers[block.place] = answer
            block = replace(block, text=block.text.removesuffix(answer).rstrip())
        bare.append(block)
    body = _rows(bare, first, len(pieces) - 2, noted)
    rows = [[*row, (answers.get(row[-1][1], ""), row[-1][1])] if len(row) > 1 else row for row in body.rows]
    answered = sum(bool(row[-1][0]) for row in rows if len(row) > 1)
    return replace(body, rows=rows, records=answered)


def _answer_behind(text: str, head: str) -> str:
    """The words or sign of status behind a line's last figure, below a head they answer; '' where there are none.

    >>> _answer_behind("Nöjda brukare, % 84 Uppnås delvis", "Bedömning"), _answer_behind("Väntetid 8 Ja", "Uppfyllt")
    ('Uppnås delvis', 'Ja')
    """
    tokens = text.split()
    for count in range(MOST_ANSWER_WORDS, 0, -1):
        if len(tokens) > count + 1 and _is_figure(tokens[-count - 1]) and _answers(" ".join(tokens[-count:]), head):
            return text.split(maxsplit=len(tokens) - count)[-1].rstrip()
    return ""


def _answers(text: str, head: str) -> bool:
    found = classify(text, question=head) if not re.search(r"\d", text) else None
    return is_answer(text) or (found is not None and found.status != "unknown")


def _rows(blocks: Sequence[Block], first: int, width: int, noted: bool) -> _Body:
    """The rows of names and figures from a block on, with the lines between that only name a part.

    `noted` tells that numbers of notes may stand before the figures, or on lines of their own.
    """
    lines = list(_lines(blocks, first, width, noted))
    sizes = _sizes_of_columns([line.ways for line in lines if line.ways], width)
    rows: _Rows = []
    waiting: Text | None = None
    end = first
    records, odd, cost = 0, 0, 0.0
    for line in lines:
        if not line.ways:
            if line.blank_cells:
                # A row with blank cells does not tell which ones.
                waiting = None
            elif waiting is not None:
                break
            else:
                waiting = line.block
            continue
        way, unlike = _likeliest(line.ways, sizes)
        name = way.name
        if waiting and not name:
            name = waiting.text
        elif waiting:
            rows.append([(waiting.text, waiting.place)])
        if not name:
            break
        waiting = None
        end = line.index + 1
        if unlike > _fewer(line, width) + FEWER_FIGURES:
            # Its figures are more alike when they are fewer: cells are blank.
            continue
        rows.append([(name, line.block.place), *((figure, line.block.place) for figure in way.figures)])
        records, odd, cost = records + 1, odd + bool(way.doubt), cost + unlike
    return _Body(rows, records, end, cost, odd)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to read a line: its name ('' where it stands on the line above), its figures, what speaks against it."""

    name: str
    figures: list[str]
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class _Line:
    """A line under a header with the ways to read it as a row, none for a name of a part or a row with blank cells."""

    block: Text
    index: int
    text: str
    ways: list[_Way]
    blank_cells: bool = False


def _lines(blocks: Sequence[Block], first: int, width: int, noted: bool) -> Iterator[_Line]:
    """The lines from a block on that can belong to a table of so many figures."""
    index = first
    while index < len(blocks):
        block = blocks[index]
        if not isinstance(block, Text) or len(block.text) > LONGEST_RECORD:
            return
        if cells := _cells_below(blocks, index):
            figures = cells[1:] if noted and len(cells) == width + 1 and re.fullmatch(r"\d{1,2}", cells[0]) else cells
            index += len(cells) + 1
            name = block.text if _names_row(block.text) else ""
            ways = [_Way(name, figures)] if len(figures) == width and name else []
            yield _Line(block, index - 1, block.text, ways, blank_cells=not ways)
            continue
        text = _printed(block)
        index += 1
        if noted and re.fullmatch(r"\d{1,2}", text):
            continue
        if re.search(rf"\s{YEAR}$", text) and _is_another_header(text):
            return
        ways = list(_ways_of(text, width, noted))
        blank_cells = not ways and _figures_at_end(text, 1)
        if not ways and not blank_cells and (not _names_part(text) or _is_another_header(text)):
            return
        yield _Line(block, index - 1, text, ways, blank_cells)


def _printed(block: Text) -> str:
    """A block's text with a dash that was taken for the mark of a list."""
    return f"{block.marker} {block.text}" if block.marker in _DASHES else block.text


def _cells_below(blocks: Sequence[Block], index: int) -> list[str]:
    """The figures on lines of their own below a name, at least two of them, as where each cell has its line."""
    name = blocks[index]
    if not isinstance(name, Text) or not re.search(r"[^\W\d_]{2}", name.text) or ends_in_figure(name.text):
        return []
    found: list[str] = []
    for block in blocks[index + 1 : index + 2 + MOST_FIGURES]:
        text = _printed(block) if isinstance(block, Text) else ""
        if not (_LONE.fullmatch(text) or (only_figures(text) and len(list(_ways(text.split(), 1))) == 1)):
            break
        found.append(text)
    return found if len(found) >= LEAST_FIGURES else []


def ends_in_figure(text: str) -> bool:
    return _is_figure(text.split()[-1])


def _names_row(text: str) -> bool:
    """Whether a line above cells of its row can be that row's name, which the head of a column of words is not."""
    if header_word(text) in ROLES_OF_WORDS and terms("table_headers").match(text) is not None:
        return False
    return len(text) <= LONGEST_ROW_NAME and not text.endswith((".", ":"))


def _is_another_header(text: str) -> bool:
    """Whether a line heads another table: it ends in the heads of at least two columns of figures."""
    pieces = heads_of(text)
    return _ends_header(text) and len([piece for piece in pieces if heads_figures(piece)]) >= LEAST_FIGURES


def _names_part(text: str) -> bool:
    return titles.looks_like_heading(text, 80) and re.match(r"[A-ZÅÄÖ]", text) is not None and not text.endswith(":")


def _ways_of(text: str, width: int, noted: bool = False) -> Iterator[_Way]:
    """All ways to read a line as a name and so many figures."""
    tokens = _TOKEN.findall(text)
    if len(tokens) > MOST_TOKENS:
        return
    start = len(tokens)
    while start > 0 and _is_figure(tokens[start - 1]):
        start -= 1
    # 'Sjukfrånvaro, % 9,1 8,0': the sign ends the name, since no figure begins with it.
    start += start < len(tokens) and tokens[start] == "%"
    for left in (0, 1):
        if start + left > len(tokens):
            return
        is_note = noted and left > 0 and re.fullmatch(r"\d{1,2}", tokens[start]) is not None
        if left and not start and not is_note:
            # A line of figures alone has no name that the first of them could belong to.
            return
        # 'Ram 2024 1 200': a name may end in a year.
        sure = is_note or (left > 0 and re.fullmatch(YEAR, tokens[start]) is not None)
        name = " ".join(tokens[: start + left])
        # A note's number stands between the name and its figures.
        name = re.sub(r"(?<=[^\W\d_])\s+\d{1,2}$", "", name) if noted and left else name
        for figures in _ways(tokens[start + left :], width):
            yield _Way(name if re.search(r"[^\W\d_]{2}", name) else "", figures, (left and not sure) * LEFT_TO_NAME)


def likeliest_figures(text: str, width: int) -> list[str] | None:
    """The figures of a text that holds nothing else, as many as a width, of like size; None where they are not so many.

    >>> likeliest_figures("148 215 151 797", 2), likeliest_figures("88 % 86 %", 3)
    (['148 215', '151 797'], None)
    """
    ways = list(_ways(_TOKEN.findall(text), width)) if len(text.split()) <= MOST_TOKENS else []
    return min(ways, key=spread, default=None)


def _sizes_of_columns(rows: Sequence[Sequence[_Way]], width: int) -> list[float]:
    """How large the figures of each column are beside the others of their row, in powers of ten.

    Of the ways to read the first rows, the one tells it by which all rows can be read with the least doubt; unless
    that is far less than with columns alike, these are taken for alike.
    """
    alike = [0.0] * width
    best, least = alike, _doubt(rows, alike) * MUCH_LESS
    for way in (way for ways in rows[:SEEDS] for way in ways[:SEEDS]):
        powers = _powers(way.figures)
        stated = [power for power in powers if power is not None]
        if len(stated) < width:
            continue
        sizes = [power - median(stated) for power in stated]
        if (doubt := _doubt(rows, sizes)) < least:
            best, least = sizes, doubt
    return best


def _doubt(rows: Sequence[Sequence[_Way]], sizes: Sequence[float]) -> float:
    """What speaks against the likeliest ways to read rows; a row of blank cells counts no more than it must."""
    return sum(min(_likeliest(ways, sizes)[1], MOST_DOUBT) for ways in rows)


def _likeliest(ways: Sequence[_Way], sizes: Sequence[float]) -> tuple[_Way, float]:
    """The way whose figures are most like each other, column for column, and how unlike they are."""
    costs = [(spread(way.figures, sizes) + way.doubt, index) for index, way in enumerate(ways)]
    cost, index = min(costs)
    return ways[index], cost


def _fewer(line: _Line, width: int) -> float:
    """How unlike a line's figures are at best when they are fewer than the columns."""
    costs = [
        spread(way.figures, [0.0] * count) + way.doubt
        for count in range(LEAST_FIGURES, width)
        for way in _ways_of(line.text, count)
    ]
    return min(costs, default=inf)


def _is_figure(token: str) -> bool:
    return bool(_WHOLE.fullmatch(token) or _LONE.fullmatch(token) or _SIGN.fullmatch(token)) or token == "%"


def _ways(tokens: Sequence[str], count: int) -> Iterator[list[str]]:
    """All ways to read pieces as so many figures."""
    if count == 0:
        if not tokens:
            yield []
        return
    if len(tokens) < count:
        return
    for size in _sizes(tokens):
        cell = " ".join(tokens[:size])
        for rest in _ways(tokens[size:], count - 1):
            yield [cell, *rest]


def _sizes(tokens: Sequence[str]) -> Iterator[int]:
    """How many pieces the first figure can take: a sign, groups of thousands, a sign of percent."""
    if _LONE.fullmatch(tokens[0]):
        yield 1
    signed = 1 if _SIGN.fullmatch(tokens[0]) else 0
    # '000,0' is the end of a figure, not one.
    if signed >= len(tokens) or not _WHOLE.fullmatch(tokens[signed]) or re.match(r"\D?0\d", tokens[signed]):
        return
    last = signed + 1
    if last < len(tokens) and tokens[last] == "%":
        yield last + 1
        return
    yield last
    if _FIRST.fullmatch(tokens[signed]):
        while last < len(tokens) and last - signed <= MOST_GROUPS and _THOUSANDS.fullmatch(tokens[last]):
            last += 1
            yield last
            if re.search(r"[.,]", tokens[last - 1]):
                break


def _powers(figures: Sequence[str]) -> list[float | None]:
    """The size of each figure as a power of ten; None for zero and what is missing."""
    return [_power(figure) for figure in figures]


@lru_cache(maxsize=10_000)
def _power(figure: str) -> float | None:
    digits = re.sub(r"[^\d,.]", "", re.sub(r"[¹²³⁴⁵]+$", "", figure)).rstrip(".,")
    value = values.number(digits).value if digits else None
    return log10(abs(value)) if value else None


def spread(figures: Sequence[str], sizes: Sequence[float] | None = None) -> float:
    """How unlike in size figures are: the powers of ten between each and their middle, once its column's is allowed."""
    powers = _powers(figures)
    beside = [p - size for p, size in zip(powers, sizes or [0.0] * len(powers), strict=True) if p is not None]
    middle = sorted(beside)[len(beside) // 2] if beside else 0.0
    return sum(abs(power - middle) for power in beside) + sum(figure in _DASHES for figure in figures) * LONE_DASH


def _as_table(rows: _Rows, head: Place) -> Table:
    width = max(len(row) for row in rows)
    cells = tuple(
        (*(Cell(text, place) for text, place in row), *[Cell("", row[0][1])] * (width - len(row))) for row in rows
    )
    return Table(cells, replace(head, line_end=rows[-1][0][1].line_end))
