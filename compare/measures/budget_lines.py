"""Budget lines as figures that can be compared: which table, which sign, and what may be added.

It settles three things per table, by arithmetic and not by words, and says how:

- **which table**: a label means nothing without its table ('Summa nämnd' and 'Driftbudget' are different totals in
  different tables of one document), so the table, and not only its title, is part of every figure's identity;
- **which sign**: Swedish budgets print costs negative or positive. The rule that decided is in `sign_rule`;
- **what adds up**: a row whose parts sum to it is a subtotal and its parts are added; a row with parts that do not sum
  to it ('varav') is added itself and its parts are left out. `adds` marks what may be summed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures.counting import brought, mapped, positions, remembered
from compare.measures.units import flags, texts, whole

SAME_TABLE_WITHIN = 20  # lines; a table of the same title further down is another table
NEARLY = 0.05  # parts that miss their total by less are meant to sum to it
DEEPEST = 10
_PRINTED = [
    *("budget_line_id", "document_id", "municipality_code", "plan_year", "table_title", "label", "office", "category"),
    *("kind", "year", "amount_sek", "unit", "parent_budget_line_id", "page", "line"),
]
_UNITS = {"kr": 1.0, "sek": 1.0, "tkr": 1e3, "kkr": 1e3, "ksek": 1e3}


@remembered
def lines(plans: Tables) -> pd.DataFrame:
    """The budget lines as figures that can be compared, one row per printed cell, in the documents' order.

    Columns beside those of `budget_lines` that identify and place the cell:

    - `board` of the document; `table_id` (document and place of the table's first row: a title that comes twice is two
      tables), `scope` {operating, investment, change, other}; a category that is not stated counts as net;
    - `amount_sek` as printed; `amount` with cost, net cost, revenue and investment positive (a net revenue is a
      negative net cost); `effect`, what the row adds to net cost: as `amount`, revenue negative; `sign_rule`;
    - `parent_id`, the row it adds up to (stated, or found by arithmetic: `parent_found`), `is_sum` (its parts in this
      column sum to it), `is_memo` (a 'varav' row or below one), `adds` (may be summed with the others of its column),
      `level` (0 the table's total, 1 its units, 2 their parts ...);
    - `rounding`, the kronor of the last printed digit.

    Sign rules, the first that decides: `identity` (cost, revenue and net of one office and column satisfy net = cost +
    revenue with either sign, or net = cost - revenue or revenue - cost printed without signs), `category` (rows that
    are costs, revenue or investment by their category are so in sum; net follows where cost and revenue differ in
    sign), `total_row` (a table's total is a net cost), `sum_of_lines` (so is the sum of its lines), `document` (the
    sign of most of the document's net amounts; also for changes). Undecided: `amount` and `effect` are null. Pitfall: a
    table whose total is a net revenue (taxes, financing) is turned by `total_row`; its label shows it.
    """
    rows = _in_order(plans)
    rows["table_id"] = _table_ids(rows)
    category = rows["category"].fillna("net")
    rows["scope"] = category.where(category.isin(["investment", "change", "other"]), "operating")
    rows["rounding"] = _rounding(rows)
    column = rows.groupby(["table_id", "scope", "year", "kind"], dropna=False, sort=False).ngroup().to_numpy()
    parent = _stated_parents(rows, column)
    rows = rows.assign(**_signed(rows, category, column, parent))
    row = rows.groupby(["table_id", "scope", "page", "line", "label"], dropna=False, sort=False).ngroup().to_numpy()
    found = _totals_by_arithmetic(rows, row, column, parent)
    parent = np.where(found >= 0, found, parent)
    rows["parent_id"] = brought(rows["budget_line_id"], parent)
    rows["parent_found"] = flags(found >= 0)
    roles = _roles(rows, row, column, parent)
    return rows.assign(**roles)[list(LINE_COLUMNS)]


LINE_COLUMNS = (
    *("budget_line_id", "document_id", "municipality_code", "board", "plan_year", "table_id", "table_title", "label"),
    *("office", "category", "scope", "kind", "year", "amount_sek", "amount", "effect", "sign_rule", "rounding", "unit"),
    *("parent_id", "parent_found", "is_sum", "is_memo", "adds", "level", "page", "line"),
)


def _in_order(plans: Tables) -> pd.DataFrame:
    rows, documents = plans.budget_lines, plans.documents
    board = brought(documents["board"], positions(rows["document_id"], documents["document_id"]))
    rows = rows[_PRINTED].assign(board=board.array)
    place = pd.DataFrame({"d": pd.factorize(rows["document_id"])[0]})
    place["p"], place["l"] = rows["page"].fillna(0).to_numpy(), rows["line"].fillna(0).to_numpy()
    return rows.iloc[np.lexsort((place["l"], place["p"], place["d"]))].reset_index(drop=True)


def _table_ids(rows: pd.DataFrame) -> pd.Series:
    """Where each row's table begins: the title changes, or the next row of that title is too far down the text."""
    document, title = (pd.factorize(rows[name])[0] for name in ("document_id", "table_title"))
    page, line = rows["page"].fillna(0).to_numpy(float), rows["line"].astype("float64").to_numpy()
    # A gap is only one on the same page; on the next page a table of the same title goes on.
    far = (np.diff(page) == 0) & (np.diff(line) > SAME_TABLE_WITHIN) | (np.diff(page) > 1)
    starts = np.ones(len(rows), bool)
    starts[1:] = (np.diff(document) != 0) | (np.diff(title) != 0) | far
    number = np.cumsum(starts) - 1
    head = rows[starts]
    nth = head.groupby("document_id", sort=False).cumcount() + 1
    page_part = np.where(head["page"].notna(), "P" + head["page"].astype("str").str.zfill(3) + "-", "")
    line_part = np.where(head["line"].notna(), "L" + head["line"].astype("str").str.zfill(4), nth.astype("str"))
    text = head["document_id"].to_numpy(object) + "/table-" + page_part.astype(object) + line_part.astype(object)
    return pd.Series(text, dtype="str").take(number).set_axis(rows.index)


def _rounding(rows: pd.DataFrame) -> np.ndarray:
    """Kronor of the last printed digit: by the stated unit, else the largest power of ten in all of a table."""
    amount = rows["amount_sek"].fillna(0).to_numpy(np.int64)
    stated = mapped(rows["unit"], lambda unit: _UNITS.get(unit.lower().strip(" .")), float).to_numpy()
    power = np.full(len(rows), 6.0)
    for p in range(5, -1, -1):
        power = np.where(amount % 10 ** (p + 1) != 0, p, power)
    shared = pd.Series(power).groupby(rows["table_id"].to_numpy()).transform("min").to_numpy(float)
    # Without a stated unit, or in millions with decimals, only the digits tell; unstated ones hardly round above 1 000.
    largest = np.where(rows["unit"].isna(), 3, 6)
    return np.where(np.isnan(stated), 10.0 ** np.minimum(shared, largest), stated)


def _stated_parents(rows: pd.DataFrame, column: np.ndarray) -> np.ndarray:
    """Position of the row each row says it adds up to, where that stands in the same column; else -1."""
    parent = positions(rows["parent_budget_line_id"], rows["budget_line_id"])
    same = (parent >= 0) & (column[parent] == column) & (parent != np.arange(len(rows)))
    return np.where(same, parent, -1)


def _signed(rows: pd.DataFrame, category: pd.Series, column: np.ndarray, parent: np.ndarray) -> dict[str, Any]:
    """`amount`, `effect` and `sign_rule` of each row."""
    printed = rows["amount_sek"].astype("float64").to_numpy()
    table = pd.factorize(rows["table_id"])[0]
    document = pd.factorize(rows["document_id"])[0]
    factors, rules = _table_signs(rows, category, printed, table, parent)
    kind = category.to_numpy(object)
    factor, rule = np.full(len(rows), np.nan), np.full(len(rows), None, object)
    for name in ("net", "cost", "revenue", "capital_cost", "investment"):
        of_kind = kind == name
        factor[of_kind] = factors[name][table[of_kind]]
        rule[of_kind] = rules[name][table[of_kind]]
    rule[np.isnan(factor)] = None
    # What a table does not decide follows the rest of its document.
    net = np.where((kind == "net") | (kind == "capital_cost"), factor, np.nan)
    elsewhere = np.sign(_sum(net, document, document.max(initial=-1) + 1))
    elsewhere = np.where(elsewhere == 0, np.nan, elsewhere)
    in_table = factors["net"][table] if len(rows) else factor
    fallback = np.where(np.isnan(in_table), elsewhere[document] if len(rows) else factor, in_table)
    use = np.isnan(factor) & np.isin(kind, ["net", "cost", "capital_cost", "change"]) & ~np.isnan(fallback)
    factor[use], rule[use] = fallback[use], "document"
    amount = printed * factor
    effect = np.where(kind == "revenue", -amount, amount) + 0.0
    return {
        "amount": whole(np.where(np.isnan(amount), np.nan, amount)),
        "effect": whole(effect),
        "sign_rule": texts(rule),
    }


_Signs = tuple[dict[str, np.ndarray], dict[str, np.ndarray]]


def _sum(values: np.ndarray, codes: np.ndarray, size: int, where: np.ndarray | None = None) -> np.ndarray:
    """Sum per code, missing values left out."""
    use = ~np.isnan(values) if where is None else where & ~np.isnan(values)
    return np.bincount(codes[use], values[use], minlength=size)


def _table_signs(
    rows: pd.DataFrame, category: pd.Series, printed: np.ndarray, table: np.ndarray, parent: np.ndarray
) -> _Signs:
    """Per table the factor that makes each category positive as a cost (or a revenue), and the rule that decided."""
    size = table.max(initial=-1) + 1
    kind = category.to_numpy(object)
    top = (parent < 0) | (kind[parent] != kind)
    total = {
        k: _sum(printed, table, size, top & (kind == k))
        for k in ("net", "cost", "revenue", "capital_cost", "investment")
    }
    factors = {k: _sign(v) for k, v in total.items()}
    rules = {k: np.full(size, "category", object) for k in factors}
    has_parts = np.zeros(len(rows), bool)
    has_parts[parent[parent >= 0]] = True
    cost, revenue = factors["cost"], factors["revenue"]
    by_category = np.where(cost * revenue > 0, np.nan, cost)
    by_total = _sign(_sum(printed, table, size, top & (kind == "net") & has_parts))
    choices = (("category", by_category), ("total_row", by_total), ("sum_of_lines", factors["net"]))
    net, rule = np.full(size, np.nan), np.full(size, None, object)
    for name, choice in choices:
        use = np.isnan(net) & ~np.isnan(choice) & ~np.isnan(factors["net"])
        net[use], rule[use] = choice[use], name
    factors["net"], rules["net"] = net, rule
    for position, signs in _proven_signs(rows, kind, printed, table, top).items():
        for name, sign in zip(("cost", "revenue", "net"), signs, strict=True):
            factors[name][position], rules[name][position] = sign, "identity"
    return factors, rules


def _sign(values: np.ndarray) -> np.ndarray:
    return np.where(values == 0, np.nan, np.sign(values))


def _proven_signs(
    rows: pd.DataFrame, kind: np.ndarray, printed: np.ndarray, table: np.ndarray, top: np.ndarray
) -> dict[int, tuple[int, int, int]]:
    """Per table the factors of cost, revenue and net, where an office's three figures prove them."""
    use = np.flatnonzero(top & np.isin(kind, ["cost", "revenue", "net"]) & ~np.isnan(printed))
    keys = rows.iloc[use][["table_id", "office", "year", "kind"]]
    group = keys.groupby(list(keys.columns), dropna=False, sort=False).ngroup().to_numpy()
    size = group.max(initial=-1) + 1
    count, total = {}, {}
    for name in ("cost", "revenue", "net"):
        of_kind = kind[use] == name
        count[name] = np.bincount(group[of_kind], minlength=size)
        total[name] = np.bincount(group[of_kind], printed[use][of_kind], minlength=size)
    cost, revenue, net = total["cost"], total["revenue"], total["net"]
    complete = (count["cost"] > 0) & (count["revenue"] > 0) & (count["net"] == 1) & (cost != 0) & (revenue != 0)
    unit = np.ones(size)
    unit[group] = rows["rounding"].to_numpy(float)[use]
    slack = 0.5 * (count["cost"] + count["revenue"] + 1) * unit
    as_sum = complete & (np.abs(net - cost - revenue) <= slack)
    cost_less_revenue = complete & (np.abs(net - cost + revenue) <= slack) & (cost > 0) & (revenue > 0)
    revenue_less_cost = complete & (np.abs(net - revenue + cost) <= slack) & (cost > 0) & (revenue > 0)
    of_group = np.zeros(size, int)
    of_group[group] = table[use]
    proven: dict[int, tuple[int, int, int]] = {}
    for holds, signs in (
        (as_sum & (cost < 0) & (revenue > 0), (-1, 1, -1)),
        (as_sum & (cost > 0) & (revenue < 0), (1, -1, 1)),
        (cost_less_revenue, (1, 1, 1)),
        (revenue_less_cost, (1, 1, -1)),
    ):
        for position in of_group[holds].tolist():
            proven.setdefault(position, signs)
    return proven


def _totals_by_arithmetic(rows: pd.DataFrame, row: np.ndarray, column: np.ndarray, parent: np.ndarray) -> np.ndarray:
    """For rows that name no total: the position of the one that the rest of their column sums to, or -1.

    Such a total is the first or last row of its table, holds in every column, and has two parts or more that are not 0.
    """
    effect = rows["effect"].astype("float64").to_numpy()
    found = np.full(len(rows), -1)
    free = (parent < 0) & ~np.isnan(effect) & rows["scope"].isin(["operating", "investment"]).to_numpy()
    free &= (rows["category"] != "capital_cost").to_numpy()
    if not free.any():
        return found
    size = column.max() + 1
    total, n = _sum(effect, column, size, free), np.bincount(column[free], minlength=size)
    nonzero = np.bincount(column[free & (effect != 0)], minlength=size)
    tested = free & (nonzero[column] >= 3)
    slack = 0.5 * n[column] * rows["rounding"].to_numpy(float)
    holds = tested & (np.abs(2 * effect - total[column]) <= slack) & (effect != 0)
    is_total = (np.bincount(row, holds) > 0) & (np.bincount(row, holds) == np.bincount(row, tested))
    table = rows.groupby(["table_id", "scope"], sort=False).ngroup().to_numpy()
    at_edge = np.zeros(len(row), bool)
    for end in ("first", "last"):
        edge = pd.Series(row[free]).groupby(table[free]).agg(end)
        at_edge[free] |= row[free] == edge.reindex(table[free]).to_numpy()
    chosen = np.flatnonzero(holds & is_total[row] & at_edge)
    position = np.full(size, -1)
    position[column[chosen]] = chosen  # of two, the later
    found[free] = position[column[free]]
    found[found == np.arange(len(rows))] = -1
    return found


def _roles(rows: pd.DataFrame, row: np.ndarray, column: np.ndarray, parent: np.ndarray) -> dict[str, Any]:
    """`is_sum`, `is_memo`, `adds` and `level` of each row."""
    effect = rows["effect"].astype("float64").to_numpy()
    parts, n = sum_of_parts(effect, parent)
    miss = np.abs(effect - parts)
    slack = 0.5 * (n + 1) * rows["rounding"].to_numpy(float)
    with_parts = n > 0
    hits = np.bincount(row, with_parts & (miss <= slack))
    near = np.bincount(row, with_parts & (miss <= NEARLY * np.abs(effect)))
    splits = (hits > 0) | (near > 0) & (near >= 0.5 * np.bincount(row, with_parts))
    is_sum = with_parts & splits[row]
    capital = (rows["category"] == "capital_cost").to_numpy() & (parent < 0)
    beside_cost = np.isin(column, column[(rows["category"] != "capital_cost").to_numpy()])
    memo = (parent >= 0) & ~is_sum[parent] | capital & beside_cost
    depth, ancestor = np.zeros(len(rows), int), parent.copy()
    for _ in range(DEEPEST):
        known = ancestor >= 0
        depth += known
        memo |= known & memo[ancestor]
        ancestor = np.where(known, parent[ancestor], -1)
    table = rows.groupby(["table_id", "scope"], sort=False).ngroup().to_numpy()
    roots = pd.DataFrame({"table": table, "row": row, "sum": is_sum})[(depth == 0) & ~memo]
    per_table = roots.groupby("table").agg(rows=("row", "nunique"), sums=("sum", "any"))
    headed = per_table.index[(per_table["rows"] == 1) & per_table["sums"]]
    counted = rows["scope"].isin(["operating", "investment"]).to_numpy()
    level = whole(depth + ~np.isin(table, headed))
    level[~counted] = pd.NA
    return {
        "is_sum": flags(is_sum),
        "is_memo": flags(memo),
        "adds": flags(counted & ~is_sum & ~memo & ~np.isnan(effect)),
        "level": level,
    }


def sum_of_parts(effect: np.ndarray, parent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sum and number of each row's parts; a missing part makes the sum missing."""
    child = np.flatnonzero(parent >= 0)
    total = np.bincount(parent[child], effect[child], minlength=len(effect))
    return total, np.bincount(parent[child], minlength=len(effect))


def leaf_lines(plans: Tables) -> pd.DataFrame:
    """The lines that may be added within one table and column: nothing among them is part of another.

    Columns as `lines`. Pitfall: two tables of one document often show the same money (a summary and its details), so a
    sum over tables counts it twice; `unit_costs` chooses one table per document.
    """
    rows = lines(plans)
    return rows[rows["adds"].to_numpy(bool)].reset_index(drop=True)
