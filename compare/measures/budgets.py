"""What the money goes to: unit costs, growth, divisions, budget against outcome, and sums checked against their totals.

All figures come from `compare.measures.budget_lines.lines`: costs are positive whatever the source's sign, the rule
that decided it goes along, and nothing is added twice. Operating and investment budgets are never mixed. Missing is
null, never 0: a year without a printed figure has no row. Amounts are whole kronor. Figures of a committee's own budget
and of a whole municipality are not comparable: `board` tells which it is (null for the whole). Overheads are spread
differently between municipalities (RiR 2018:7).
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from compare.contract import Tables
from compare.measures.budget_lines import leaf_lines, lines, sum_of_parts
from compare.measures.counting import brought, groups, listed, matches, positions, remembered
from compare.measures.statistics import rate
from compare.measures.units import (
    By,
    flags,
    normalised,
    standing,
    texts,
    unit_numbers,
    units,
    whole,
    with_columns,
)
from compare.problems import PlanError

__all__ = [
    "assignment_money",
    "baseline_drift",
    "budget_variance",
    "clr",
    "composition_change",
    "composition_distances",
    "decomposition",
    "growth",
    "leaf_lines",
    "lines",
    "per_inhabitant",
    "reconciliation",
    "replace_zeros",
    "unit_costs",
]


@remembered
def unit_costs(plans: Tables, level: int = 1, scope: str = "operating") -> pd.DataFrame:
    """Net cost (or, with scope `investment`, investment) of each unit by year and kind, of one table per document.

    Columns: `municipality_code`, `board`, `document_id`, `plan_year`, `table_id`, `table_title`, `unit`, `part_of` (the
    label of the row it adds up to), `office`, `year`, `kind`, `cost` (kronor, cost positive), `share` = x_i / sum of
    x_i over the units with x_i >= 0 of the same table and column (null for x_i < 0), `total` (what the lines add up
    to), `level`, `amount_sek` (as printed), `sign_rule`, `other_tables` (tables of that scope in the document that were
    not used), `record_ids`.

    Of a document's tables the one with the largest total is used (the fewest units left out; of equals the first), of
    those that divide by unit; without such a table the net row of each office's own table, and the office is the unit.
    `level` 1 gives the table's units, 2 their parts (and units without parts), 0 the total row. Pitfall: units of two
    municipalities of one name need not do the same.
    """
    rows = lines(plans)
    every = rows[["budget_line_id", "label"]]
    of_scope = (rows["scope"] == scope) & ~rows["is_memo"].to_numpy(bool) & rows["effect"].notna()
    rows = rows.loc[of_scope, _OF_UNITS]
    rows = rows.assign(column=rows.groupby(["table_id", "year", "kind"], dropna=False, sort=False).ngroup())
    added = rows["effect"].where(rows["adds"].to_numpy(bool), 0)
    rows["total"] = added.groupby(rows["column"]).transform("sum")
    divided = rows["category"].fillna("net").isin(["net", "investment"]) & (rows["level"] >= 1)
    rows = rows.assign(divided=divided.groupby(rows["table_id"]).transform("any"))
    rows["other_tables"] = rows.groupby("document_id")["table_id"].transform("nunique") - 1
    chosen = pd.concat([_main_table(rows, level), _office_tables(rows, level)]).sort_index()
    positive = chosen["effect"].where(chosen["effect"] >= 0).astype("float64")
    divisor = positive.groupby([chosen["column"], chosen["by_office"]]).transform("sum")
    result = chosen.assign(
        part_of=brought(every["label"], positions(chosen["parent_id"], every["budget_line_id"])).array,
        cost=chosen["effect"],
        share=(positive / divisor.where(divisor > 0)) if level else np.nan,
        record_ids=_alone(chosen["budget_line_id"]),
        total=chosen["total"].astype("Int64"),
        other_tables=chosen["other_tables"].astype("Int64"),
    )
    return result[list(UNIT_COLUMNS)].reset_index(drop=True)


_OF_UNITS = [
    *("budget_line_id", "document_id", "municipality_code", "board", "plan_year", "table_id", "table_title", "label"),
    *("office", "category", "kind", "year", "amount_sek", "effect", "sign_rule", "parent_id", "adds", "level"),
]
UNIT_COLUMNS = (
    *("municipality_code", "board", "document_id", "plan_year", "table_id", "table_title", "unit", "part_of"),
    *(
        "office",
        "year",
        "kind",
        "cost",
        "share",
        "total",
        "level",
        "amount_sek",
        "sign_rule",
        "other_tables",
        "record_ids",
    ),
)


def _alone(ids: pd.Series) -> pd.Series:
    """Each id as a list of its own."""
    return listed(ids.to_numpy(dtype=object), np.arange(len(ids)), len(ids)).set_axis(ids.index)


def _main_table(rows: pd.DataFrame, level: int) -> pd.DataFrame:
    """Of each document the rows of its largest table that divides by unit, on the level asked for."""
    divided = rows.loc[rows["divided"], ["table_id", "document_id", "total"]]
    tables = groups(divided, ["table_id"], ordered=False)
    largest = divided["total"].abs().groupby(tables.codes).max()
    document = divided["document_id"].groupby(tables.codes).first()
    main = largest.sort_values(ascending=False, kind="stable").groupby(document, sort=False).head(1).index
    on_level = (rows["level"] == level) | (rows["adds"] & (rows["level"] < level) & (rows["level"] > 0))
    rows = rows[rows["table_id"].isin(tables.keys["table_id"].reindex(main)) & on_level.to_numpy(bool)]
    return rows.assign(unit=rows["label"], by_office=False)


def _office_tables(rows: pd.DataFrame, level: int) -> pd.DataFrame:
    """Where no table of a document divides by unit: the net row of each office's first table."""
    undivided = ~rows.groupby("document_id")["divided"].transform("any").astype(bool)
    rows = rows[undivided & (rows["category"].fillna("net") == "net") & (rows["level"] <= 1).to_numpy(bool)]
    if level != 1:
        rows = rows.iloc[:0]
    first = rows.groupby(["document_id", "office"], dropna=False)["table_id"].transform("first")
    rows = rows[rows["table_id"] == first]
    column = rows.groupby(["document_id", "year", "kind"], dropna=False, sort=False).ngroup()
    total = rows["effect"].groupby(column).transform("sum")
    unit = rows["office"].fillna(rows["board"]).fillna(rows["label"])
    return rows.assign(unit=unit, column=-1 - column, total=total, by_office=True)


def reconciliation(plans: Tables) -> pd.DataFrame:
    """Each printed total against the sum of its parts, one row per check.

    Columns: `municipality_code`, `document_id`, `plan_year`, `table_id`, `table_title`, `label` of the total, `year`,
    `kind`, `parts` (their number), `missing_parts` (parts that have a figure in other columns of the table but not
    here), `printed` and `computed` (kronor, cost positive), `difference` = computed - printed, `tolerance`, `verdict`,
    `record_id` (the total), `part_ids`.

    Verdict `agrees` where |difference| <= tolerance = 0.5 k u: k figures (the parts and the total), each rounded to u
    kronor, cannot differ by more from rounding alone. `differs` else; `cannot_check` where it differs and parts are
    missing. Rows whose parts are only examples of them ('varav') are no totals and are not checked.
    """
    rows = lines(plans)
    position = positions(rows["parent_id"], rows["budget_line_id"])
    effect = rows["effect"].astype("float64").to_numpy()
    computed, n = sum_of_parts(effect, position)
    row = rows.groupby(["table_id", "scope", "page", "line", "label"], dropna=False, sort=False).ngroup()
    most = pd.Series(n).groupby(row.to_numpy()).transform("max").to_numpy()
    result = rows.assign(
        parts=whole(n),
        missing_parts=whole(most - n),
        printed=rows["effect"],
        computed=whole(computed),
        difference=whole(computed - effect),
        tolerance=0.5 * (n + 1) * rows["rounding"],
        record_id=rows["budget_line_id"],
    )[rows["is_sum"].to_numpy(bool)]
    parts = groups(pd.DataFrame({"total": position[position >= 0]}), ["total"])
    lists = parts.lists(rows["budget_line_id"][position >= 0]).set_axis(parts.keys["total"])
    result["part_ids"] = lists.reindex(result.index).astype(object)
    agrees = (result["difference"].abs() <= result["tolerance"]).to_numpy(bool)
    verdict = np.where(agrees, "agrees", np.where(result["missing_parts"] > 0, "cannot_check", "differs"))
    columns = [
        "municipality_code",
        "document_id",
        "plan_year",
        "table_id",
        "table_title",
        "label",
        "year",
        "kind",
        "parts",
    ]
    columns += ["missing_parts", "printed", "computed", "difference", "tolerance"]
    result = result[[*columns, "record_id", "part_ids"]].reset_index(drop=True)
    result.insert(len(columns), "verdict", texts(verdict))
    return result.astype({"part_ids": "object"})


def growth(
    plans: Tables,
    price_index: pd.DataFrame | None = None,
    index_name: str | None = None,
    level: int = 1,
    scope: str = "operating",
    series: str = "document",
) -> pd.DataFrame:
    """How each unit's cost changes from one year to the next that has a figure, nominal and real.

    Columns: `municipality_code`, `board`, `document_id`, `table_id`, `unit`, `office`, `from_year`, `year`,
    `from_kind`, `kind`, `mixed_kinds` (an outcome against a budget, say: the change is then partly one of concept),
    `from_cost`, `cost`, `change`, `growth` = x1 / x0 - 1, `price_change` = P1 / P0 - 1, `real_growth` = (x1 / P1) / (x0
    / P0) - 1, `index_name`, `index_vintage`, `record_ids`.

    `series`: `document` follows the columns of one table; of several kinds for one year the outcome, then the budget,
    plan, forecast. `plans` follows the budget of each plan for its own year through the plans, units matched by name
    (case and punctuation aside). Growth is null where either amount is not above 0. `price_index` has columns `year`
    and `index`; years it lacks (all, without one) leave the real columns null. Name the index: consumer prices (KPI)
    answer what citizens pay, PKV what a municipality's inputs cost. PKV looks ahead and is revised several times a
    year, so an index of it has a column `vintage` (the day or month of the forecast), which goes along; raises
    `PlanError` where a year has two values, as with two vintages in one table.
    """
    rows = _series(unit_costs(plans, level, scope), series)
    key = ["municipality_code", "board", "office", "name"] + (["table_id"] if series == "document" else [])
    before = rows.groupby(key, dropna=False, sort=False)[["year", "kind", "cost", "record_ids"]].shift()
    rows = rows.assign(
        from_year=before["year"], from_kind=before["kind"], from_cost=before["cost"], first=before["record_ids"]
    )
    rows = rows[rows["from_year"].notna()]
    old, new = rows["from_cost"].astype("float64"), rows["cost"].astype("float64")
    both = (old > 0) & (new > 0)
    prices = _index_of(rows["year"], price_index) / _index_of(rows["from_year"], price_index)
    ratio = (new / old).where(both)
    result = rows.assign(
        mixed_kinds=flags((rows["kind"] != rows["from_kind"]) & ~(rows["kind"].isna() & rows["from_kind"].isna())),
        change=rows["cost"] - rows["from_cost"],
        growth=ratio - 1,
        price_change=prices - 1,
        real_growth=ratio / prices - 1,
        index_name=texts([index_name] * len(rows)),
        index_vintage=texts([_vintage(price_index)] * len(rows)),
        record_ids=pd.Series(
            [a + b for a, b in zip(rows["first"], rows["record_ids"], strict=True)], index=rows.index, dtype=object
        ),
    )
    return result[list(GROWTH_COLUMNS)].reset_index(drop=True)


GROWTH_COLUMNS = (
    *(
        "municipality_code",
        "board",
        "document_id",
        "table_id",
        "unit",
        "office",
        "from_year",
        "year",
        "from_kind",
        "kind",
    ),
    *(
        "mixed_kinds",
        "from_cost",
        "cost",
        "change",
        "growth",
        "price_change",
        "real_growth",
        "index_name",
        "index_vintage",
        "record_ids",
    ),
)
_PREFERRED = {"outcome": 0, "budget": 1, "plan": 2, "forecast": 3}


def _series(rows: pd.DataFrame, series: str) -> pd.DataFrame:
    """One figure per unit and year, in order of years."""
    if series not in ("document", "plans"):
        raise PlanError(f"no series {series!r}; use 'document' (columns of a table) or 'plans' (each plan's own year)")
    rows = rows[rows["year"].notna()]
    rows = rows.assign(name=normalised(rows["unit"]), rank=rows["kind"].map(_PREFERRED).fillna(4))
    key = ["municipality_code", "board", "office", "name"]
    if series == "plans":
        rows = rows[(rows["year"] == rows["plan_year"]) & rows["kind"].isin(["budget", "plan"])]
    else:
        key = [*key, "table_id"]
    rows = rows.sort_values(["year", "rank"], kind="stable")
    return rows.drop_duplicates([*key, "year"]).sort_index(kind="stable").sort_values("year", kind="stable")


def _index_of(years: pd.Series, price_index: pd.DataFrame | None) -> pd.Series:
    if price_index is None:
        return pd.Series(np.nan, index=years.index)
    twice = price_index.loc[price_index["year"].duplicated(), "year"]
    if len(twice):
        raise PlanError(
            f"the price index has two values for {twice.iloc[0]}; one for each year was expected; choose one vintage"
        )
    by_year = price_index.set_index(price_index["year"].astype("Int64"))["index"].astype("float64")
    return pd.Series(by_year.reindex(years).to_numpy(), index=years.index)


def _vintage(price_index: pd.DataFrame | None) -> str | None:
    """The day or month of the forecast that an index is of, where it says so; the latest that its years state."""
    if price_index is None or "vintage" not in price_index:
        return None
    stated = price_index["vintage"].dropna().astype("str")
    return str(stated.max()) if len(stated) else None


def per_inhabitant(
    amounts: pd.DataFrame, population: pd.DataFrame, value: str = "cost", at: str = "year_before"
) -> pd.DataFrame:
    """The amounts per inhabitant: the same rows with `population`, `population_year` and `per_inhabitant` (kronor)
    added.

    The population is that of 31 December of `population_year`: `at` = `year_before` takes the year before the amount's
    (known when the year begins, and what grants are paid by), `same_year` its own. `population` has columns
    `municipality_code`, `year`, `population`; a municipality or year it lacks gives null. Raises `PlanError` for
    another `at`. Pitfall: all inhabitants, also for schools and care of the elderly, where an age group would be
    fairer.
    """
    if at not in ("year_before", "same_year"):
        raise PlanError(f"no population date {at!r}; use 'year_before' or 'same_year' (31 December)")
    year = amounts["year"] - (1 if at == "year_before" else 0)
    dated = population.astype({"year": "Int64", "population": "float64"})
    known = dated.set_index(["municipality_code", "year"])["population"]
    wanted = pd.MultiIndex.from_arrays([amounts["municipality_code"], year])
    inhabitants = known.reindex(wanted).to_numpy()
    return amounts.assign(
        population=whole(inhabitants),
        population_year=whole(year),
        per_inhabitant=rate(amounts[value], inhabitants),
    )


def decomposition(changes: pd.DataFrame, population: pd.DataFrame, at: str = "year_before") -> pd.DataFrame:
    """What of each change is prices, what inhabitants, and what is left per inhabitant in real terms.

    ln(x1/x0) = ln(P1/P0) + ln(N1/N0) + ln(r1/r0). `changes` is the result of `growth` with a price index. The same rows
    with `log_change`, `log_price`, `log_population` and `log_real_per_inhabitant` added; the three sum to the first.
    Null where growth, the index or a population is. Logarithms, since they add up; near 0 they are the rates.
    """
    after = per_inhabitant(changes, population, at=at)["population"].astype("float64")
    earlier = changes.assign(year=changes["from_year"])
    before = per_inhabitant(earlier, population, at=at)["population"].astype("float64")
    total, price = np.log1p(changes["growth"]), np.log1p(changes["price_change"])
    people = np.log(after / before)
    return changes.assign(
        log_change=total, log_price=price, log_population=people, log_real_per_inhabitant=total - price - people
    )


@remembered
def composition_change(plans: Tables, level: int = 1, series: str = "document") -> pd.DataFrame:
    """How far the division between units moved from one year to the next, as an Aitchison distance.

    d = sqrt(sum_i (ln(x_i1/x_i0) - mean_i ln(x_i1/x_i0))^2), which is the distance of the two clr-transformed divisions
    (Aitchison 1986); 0 where all units grew alike, and untouched by prices and by the total. Columns:
    `municipality_code`, `board`, `document_id`, `table_id`, `from_year`, `year`, `units` (compared), `left_out` (a unit
    whose cost is not above 0 in both years has no logarithm; it is left out and counted here), `distance`, `most_up`,
    `most_down` (the units that gained and lost most against the others), `record_ids`. Null distance with fewer than
    two units.
    """
    rows = growth(plans, level=level, series=series)
    key = ["municipality_code", "board", "table_id", "from_year", "year"]
    rows = rows.assign(ratio=np.log1p(rows["growth"]), group=rows.groupby(key, dropna=False, sort=False).ngroup())
    rows["move"] = rows["ratio"] - rows.groupby("group")["ratio"].transform("mean")
    by_group = rows.groupby("group", sort=True)
    compared = by_group["ratio"].count()
    enough = compared >= 2
    known = rows[rows["move"].notna()].groupby("group")["move"]
    result = by_group[[*key, "document_id"]].head(1).set_axis(compared.index)
    result = result.assign(
        units=compared.astype("Int64"),
        left_out=(by_group.size() - compared).astype("Int64"),
        distance=np.sqrt((rows["move"] ** 2).groupby(rows["group"]).sum()).where(enough),
        record_ids=by_group["record_ids"].agg(lambda lists: [i for one in lists for i in one]).astype(object),
    )
    for name, row in (("most_up", known.idxmax()), ("most_down", known.idxmin())):
        result[name] = rows["unit"].reindex(row.reindex(result.index)).set_axis(result.index).where(enough)
    columns = ["municipality_code", "board", "document_id", "table_id", "from_year", "year", "units", "left_out"]
    return result[[*columns, "distance", "most_up", "most_down", "record_ids"]].reset_index(drop=True)


SMALLEST_SHARE = 1e-3  # stands in for a part that rounding made 0


def replace_zeros(parts: Any, smallest: float = SMALLEST_SHARE) -> np.ndarray:
    """Compositions (rows) closed to 1 with each 0 replaced by `smallest` and the others shrunk in proportion.

    Multiplicative replacement (Martín-Fernández et al. 2003, Math. Geology 35:253), which keeps the ratios of the parts
    that are not 0. Only for zeros from rounding; a unit that does not exist is to be merged with another first. Missing
    parts stay missing and are no part of the whole; a row that sums to 0 is missing.

    >>> replace_zeros([[3, 1, 0]], 0.02).round(3).tolist()
    [[0.735, 0.245, 0.02]]
    """
    x = np.atleast_2d(np.asarray(parts, dtype=float))
    x = rate(x, np.nansum(x, axis=1, keepdims=True))
    zeros = x == 0
    return np.where(zeros, smallest, x * (1 - smallest * zeros.sum(axis=1, keepdims=True)))


def clr(parts: Any) -> np.ndarray:
    """Centred log-ratios ln(x_i / g(x)), g the geometric mean of the row; parts above 0 (see `replace_zeros`)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(np.atleast_2d(np.asarray(parts, dtype=float)))
    return logs - logs.mean(axis=1, keepdims=True)


def composition_distances(
    amounts: pd.DataFrame,
    part: str = "unit",
    by: By = ("municipality_code",),
    value: str = "cost",
    over: Literal["all", "each"] = "all",
) -> pd.DataFrame:
    """Aitchison distance between the divisions of every two groups.

    `over` says over which parts: those that all groups have (`all`: the distances can be compared with each other), or
    for each pair those that both have (`each`: for many groups, of which hardly a part is common to all; compare only
    distances over as many parts). One row per pair: each column of `by` with the endings `_1` and `_2`, `parts`
    (compared), `distance` = |clr(x) - clr(y)|, 0 where both divide alike. Zeros are replaced by a share of the parts
    compared (`replace_zeros`); a part that a group lacks is unknown, not 0, and is left out, and so is one below 0.
    Null with fewer than two common parts, or where a group has 0 in all of them.
    Pitfall: parts must mean the same in all groups (areas of the accounts, not committees). Source: Aitchison 1986, The
    Statistical Analysis of Compositional Data.
    """
    by = list(by)
    wide = amounts.pivot_table(index=by, columns=part, values=value, aggfunc="sum", min_count=1, observed=True)
    wide = wide.astype("float64")
    if over == "all":
        wide = wide.dropna(axis=1)
        wide = wide.loc[:, (wide >= 0).all()]
    first, second = np.triu_indices(len(wide), 1)
    values = wide.where(wide >= 0).to_numpy()
    common = ~np.isnan(values[first]) & ~np.isnan(values[second])
    # Each division is closed over the common parts, since what replaces a zero is a share of the whole.
    logs = [np.log(replace_zeros(np.where(common, values[end], np.nan))) for end in (first, second)]
    moved = logs[0] - logs[1]
    compared = (~np.isnan(moved)).sum(axis=1)
    # The mean of the differences is the difference of the two geometric means, over the common parts.
    moved = moved - rate(np.nansum(moved, axis=1), compared)[:, None]
    distance = np.where(compared >= 2, np.sqrt(np.nansum(moved**2, axis=1)), np.nan)
    keys = wide.index.to_frame(index=False)
    ends = [keys.iloc[end].reset_index(drop=True).add_suffix(f"_{i}") for i, end in ((1, first), (2, second))]
    return pd.concat(ends, axis=1).assign(parts=whole(common.sum(axis=1)), distance=distance)


@remembered
def budget_variance(plans: Tables, level: int = 1, scope: str = "operating") -> pd.DataFrame:
    """Outcome against budget of the same unit and year; with scope `investment`, how much was realised.

    Columns: `municipality_code`, `board`, `unit`, `office`, `year`, `budget`, `outcome` (kronor, cost positive),
    `difference` = outcome - budget (positive: dearer than budgeted), `variance` = difference / budget, `realised` =
    outcome / budget (both null where the budget is not above 0), `basis`, `budget_plan_year`, `outcome_plan_year`,
    `record_ids`.

    Two figures are compared only where they are the same thing: in one table (`same_table`), or in tables of one title
    (years and punctuation aside) of the municipality's documents (`same_title`), with the same unit and office. The
    budget is the one of the plan for that year, else the latest before it; the outcome the latest printed.
    Pitfall: an investment below budget is mostly one that was put off.
    """
    rows = unit_costs(plans, level, scope)
    rows = rows[rows["kind"].isin(["budget", "outcome"]) & rows["year"].notna()]
    rows = rows.assign(name=normalised(rows["unit"]), title=_without_years(rows["table_title"]))
    key = ["municipality_code", "board", "title", "office", "name", "year"]
    late = rows["plan_year"] > rows["year"]
    budgets = (
        rows[rows["kind"] == "budget"].assign(late=late).sort_values(["late", "plan_year"], ascending=[True, False])
    )
    outcomes = rows[rows["kind"] == "outcome"].sort_values("plan_year", ascending=False)
    use = ["table_id", "plan_year", "cost", "record_ids"]
    within = budgets.merge(outcomes[[*key, *use]], on=[*key, "table_id"], suffixes=("", "_outcome"))
    within = within.assign(table_id_outcome=within["table_id"])
    across = budgets.drop_duplicates(key).merge(
        outcomes[[*key, *use]].drop_duplicates(key), on=key, suffixes=("", "_outcome")
    )
    pairs = pd.concat([within, across], ignore_index=True).drop_duplicates(key)
    budget, outcome = pairs["cost"].astype("float64"), pairs["cost_outcome"].astype("float64")
    some = budget.where(budget > 0)
    same = (pairs["table_id"] == pairs["table_id_outcome"]).to_numpy(bool)
    result = pairs[["municipality_code", "board", "unit", "office", "year"]].assign(
        budget=pairs["cost"],
        outcome=pairs["cost_outcome"],
        difference=pairs["cost_outcome"] - pairs["cost"],
        variance=(outcome - budget) / some,
        realised=outcome / some,
        basis=texts(np.where(same, "same_table", "same_title")),
        budget_plan_year=pairs["plan_year"],
        outcome_plan_year=pairs["plan_year_outcome"],
        record_ids=pd.Series(
            [a + b for a, b in zip(pairs["record_ids"], pairs["record_ids_outcome"], strict=True)],
            index=pairs.index,
            dtype=object,
        ),
    )
    return result.sort_values(["municipality_code", "year"], kind="stable").reset_index(drop=True)


def _without_years(titles: pd.Series) -> pd.Series:
    return normalised(titles).str.replace(r"\d+", "", regex=True).str.replace(r" +", " ", regex=True).str.strip()


@remembered
def baseline_drift(plans: Tables, level: int = 1, scope: str = "operating") -> pd.DataFrame:
    """How the figure for one year moves from plan to plan: year t in an earlier plan against the same year in the next.

    Columns: `municipality_code`, `board`, `unit`, `office`, `year`, `from_plan_year`, `plan_year`, `from_cost`, `cost`,
    `drift` = cost / from_cost - 1 (null where either is not above 0), `record_ids`. Budget and plan figures only, from
    tables of one title (years aside), with the same unit and office.
    """
    rows = unit_costs(plans, level, scope)
    rows = rows[rows["kind"].isin(["budget", "plan"]) & rows["year"].notna()]
    rows = rows.assign(name=normalised(rows["unit"]), title=_without_years(rows["table_title"]))
    key = ["municipality_code", "board", "title", "office", "name", "year"]
    rows = rows.sort_values("plan_year", kind="stable").drop_duplicates([*key, "plan_year"])
    before = rows.groupby(key, dropna=False, sort=False)[["plan_year", "cost", "record_ids"]].shift()
    rows = rows.assign(from_plan_year=before["plan_year"], from_cost=before["cost"], first=before["record_ids"])
    rows = rows[rows["from_plan_year"].notna()]
    old, new = rows["from_cost"].astype("float64"), rows["cost"].astype("float64")
    rows["drift"] = (new / old - 1).where((old > 0) & (new > 0))
    rows["record_ids"] = pd.Series(
        [a + b for a, b in zip(rows["first"], rows["record_ids"], strict=True)], index=rows.index, dtype=object
    )
    columns = [
        "municipality_code",
        "board",
        "unit",
        "office",
        "year",
        "from_plan_year",
        "plan_year",
        "from_cost",
        "cost",
    ]
    return rows[[*columns, "drift", "record_ids"]].sort_values([*columns[:5], "plan_year"]).reset_index(drop=True)


def assignment_money(plans: Tables, by: By = ("municipality_code", "plan_year")) -> pd.DataFrame:
    """Money attached to assignments: a row per group with any funding.

    Columns: those of `by`, `assignments` (all that are counted, each once a year however many documents repeat it;
    lists of unfinished ones left out), `with_money` (of these, given money by any funding row), `share` = with_money /
    assignments, `amount` (kronor, as printed; also what goes to assignments that are not counted), `amount_unknown`
    (funding rows without an amount), `record_ids` (of `funding`).

    Where documents print no funding at all money is unknown and there is no row. `by` may name columns of `funding`
    (`committee`, `nature`, `year`): then `with_money` counts the assignments that the group's rows name, and
    `assignments` and `share` are null. Pitfall: frame adjustments over several years are printed once.
    """
    by = list(by)
    money = with_columns(plans, plans.funding, by)
    found = groups(money, by)
    amount = money["amount_sek"].astype("float64")
    some = found.count(amount.notna())
    result = found.keys.assign(
        amount=whole(np.where(some > 0, found.count(weights=amount.fillna(0)), np.nan)),
        amount_unknown=whole(found.count(amount.isna())),
        record_ids=found.lists(money["funding_id"]),
    )
    if set(by) & set(_OF_FUNDING):
        named = pd.DataFrame({"group": found.codes, "assignment": money["assignment_id"].to_numpy()}).drop_duplicates()
        counts = pd.DataFrame({"assignments": whole([None] * len(result)), "with_money": 0})
        counts["with_money"] = whole(np.bincount(named["group"], minlength=len(result)))
    else:
        counts = _assignments_with_money(plans, found.keys, by)
    counts["share"] = rate(counts["with_money"], counts["assignments"])
    return pd.concat([result[by], counts, result.drop(columns=by)], axis=1)


_OF_FUNDING = ("committee", "nature", "year", "amount_sek")


def _assignments_with_money(plans: Tables, keys: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Of each group the assignments that are counted, and those of them that any funding row names."""
    own = standing(plans)
    tasks, number = units(own, "assignments"), unit_numbers(own, "assignments")
    named = positions(own.assignments["assignment_id"], plans.funding["assignment_id"]) >= 0
    tasks = tasks.assign(named=np.bincount(number, named, minlength=len(tasks)) > 0)
    tasks = with_columns(plans, tasks.rename(columns={"year": "plan_year"}), by)
    found = groups(tasks, by)
    place = matches(keys, found.keys, by)
    counts = {"assignments": found.count(), "with_money": found.count(tasks["named"])}
    return pd.DataFrame(
        {name: brought(pd.Series(whole(count)), place).fillna(0) for name, count in counts.items()}, index=keys.index
    )
