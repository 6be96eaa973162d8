"""What sort of amount each row of a budget table states: net cost, revenue, cost, investment, a change, or another.

A row's own words decide, then the words around its table (title, heads of columns), then arithmetic: what stands with
revenue or costs above a net that it is summed into is the one or the other. Last comes the field's convention: the
budget or frame of a committee or unit, without another word, is its net cost. Only that is inferred, and is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compare.reading.headings import office_name
from compare.reading.table_roles import CATEGORY_ROLES, Layout
from compare.vocabulary import terms

# Heads of a table's first column that say its rows are parts of an organisation.
UNIT_ROLES = ("committee", "label")
# Words of titles in the order in which they decide; revenue or cost is one of several things where both are named.
DECIDING = ("statement_title", "investment", "change", "net")


@dataclass(frozen=True, slots=True)
class Sort:
    """A row's category, and whether no word of the document says it."""

    category: str
    inferred: bool = False


OTHER = Sort("other")


def of_rows(
    labels: Sequence[str], amounts: Sequence[Sequence[Decimal | None]], title: str, layout: Layout
) -> list[Sort]:
    """The sort of each row; `amounts` are the rows' figures by column, `title` all words that stand above the table."""
    own = [of_label(label) for label in labels]
    stated = of_title(title, layout)
    by_sum = _by_sums(own, labels, amounts)
    if stated is None and _names_units(labels, title, layout):
        rest = Sort("net", inferred=True)
    else:
        rest = Sort(stated or "other")
    return [Sort(found) if (found := word or added) else rest for word, added in zip(own, by_sum, strict=True)]


def of_label(label: str) -> str | None:
    """The category that a row's own words state; None where they state none.

    >>> of_label("Summa kostnader"), of_label("Bidrag"), of_label("Bidrag till föreningar"), of_label("Socialnämnden")
    ('cost', 'revenue', None, None)
    """
    vocabulary = terms("budget_rows")
    found = [match for match in vocabulary.find(label, damaged=False) if vocabulary.fact(match.term, "category")]
    if (whole := vocabulary.match(_without_sum(label))) is not None and vocabulary.fact(whole.term, "category"):
        return str(vocabulary.fact(whole.term, "category"))
    own = [match for match in found if not vocabulary.fact(match.term, "alone")]
    return str(vocabulary.fact(own[0].term, "category")) if own else None


def of_title(title: str, layout: Layout) -> str | None:
    """The category that the words above a table, or the heads of its columns, state for all its rows."""
    vocabulary = terms("budget_rows")
    heads = " | ".join(column.text for column in layout.value_columns if column.role not in CATEGORY_ROLES)
    for text in (title, heads):
        found = {match.term for match in vocabulary.find(text, damaged=False)}
        # A table of frames tells the changes between them in columns of their own; its rows are frames.
        if layout.first("change") is not None:
            found.discard("change")
        for first in DECIDING:
            if first in found:
                return str(vocabulary.fact(first, "category"))
        natures = found & {"revenue", "cost"}
        if len(natures) == 1:
            return natures.pop()
    return None


def is_total(label: str) -> bool:
    """Whether a row adds up the others: its label begins or ends with a word for a sum.

    >>> is_total("Summa nämnder"), is_total("Nämnderna totalt"), is_total("Totalförsvar")
    (True, True, False)
    """
    found = [match for match in terms("budget_rows").find(label, damaged=False) if match.term == "total"]
    return bool(found) and (found[0].start == 0 or found[-1].end >= len(label.rstrip(" .:")))


def is_of_all(label: str) -> bool:
    """Whether a row can only be the whole municipality's ('Skatteintäkter', 'Verksamhetens nettokostnader')."""
    found = terms("whole_totals").match(label)
    return found is not None and found.term in ("net_cost", "taxes")


def is_committee(label: str) -> bool:
    """Whether a row is named as a committee.

    >>> is_committee("Hamnnämnden"), is_committee("Kommunstyrelsekontoret")
    (True, False)
    """
    return (
        not is_total(label)
        and office_name(label) is not None
        and label.casefold().rstrip("en").endswith(("nämnd", "styrels"))
    )


def _names_units(labels: Sequence[str], title: str, layout: Layout) -> bool:
    """Whether rows are parts of an organisation: their column's head, the table's title or their names say so."""
    named = [label for label in labels if office_name(label)]
    if named:
        return True
    head = layout.columns[0] if layout.columns else None
    units = head is not None and head.role in UNIT_ROLES and terms("budget_units").first(head.text) is not None
    return units or terms("budget_units").first(title) is not None


def _without_sum(label: str) -> str:
    found = terms("budget_rows").first(label, damaged=False)
    return label[found.end :] if found and found.term in ("total", "part") and found.start == 0 else label


def _by_sums(
    own: Sequence[str | None], labels: Sequence[str], amounts: Sequence[Sequence[Decimal | None]]
) -> list[str | None]:
    """The category of rows between revenue, costs and the net that they are summed into, where the sum proves it."""
    found: list[str | None] = [None] * len(own)
    start = 0
    for end, word in enumerate(own):
        if word != "net":
            continue
        open_rows = [i for i in range(start, end) if own[i] is None and not is_total(labels[i])]
        known = [i for i in range(start, end) if own[i] in ("revenue", "cost", "capital_cost")]
        if open_rows and known:
            for category in ("cost", "revenue"):
                read = [own[i] or category for i in sorted([*open_rows, *known])]
                parts = [amounts[i] for i in sorted([*open_rows, *known])]
                if _adds_up(read, parts, amounts[end]):
                    for i in open_rows:
                        found[i] = category
                    break
        start = end + 1
    return found


def _adds_up(read: Sequence[str], parts: Sequence[Sequence[Decimal | None]], whole: Sequence[Decimal | None]) -> bool:
    """Whether revenue less costs is the net in every column that states it, whatever signs are printed."""
    held = 0
    for column, net in enumerate(whole):
        if net is None:
            continue
        sizes = [(abs(part[column] or Decimal(0)), sort) for part, sort in zip(parts, read, strict=True)]
        revenue = sum((size for size, sort in sizes if sort == "revenue"), Decimal(0))
        cost = sum((size for size, sort in sizes if sort != "revenue"), Decimal(0))
        slack = Decimal(len(parts)) / 2 * Decimal(1).scaleb(int(net.as_tuple().exponent))
        if abs(abs(cost - revenue) - abs(net)) > slack:
            return False
        held += 1
    return held > 0
