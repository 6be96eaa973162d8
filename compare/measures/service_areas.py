"""What the money goes to across municipalities: units of budgets in the areas of the municipal accounts statement.

Committees are cut differently everywhere, so their budgets cannot be compared by name. What a unit does is read from
its name by the words of `vocabulary/service_areas.toml`, the words that decided are shown, and a reviewed table goes
before them. A unit is never divided by guess: 'Kultur- och fritidsnämnden' stays both areas together, and what the name
does not tell stays unknown. What serves all areas (administration, premises) and what is no service (financing) stand
apart. Only a person who knows the accounts may divide a unit by weights. The areas are those of the accounts statement
(räkenskapssammandraget); the names are not its accounts, so the amounts differ from it: it spreads common costs over
the areas, and municipalities spread them differently (RiR 2018:7).

**Narrowing.** 'Socialnämnden' may be care of families, of the elderly, or both. Where other units of the same table
surely are one of them, it is the rest. Where the name of a part says nothing of its own (or only that it is
administration), it is what the unit above it is.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from compare import reference, vocabulary
from compare.contract import Tables
from compare.measures import topic_words
from compare.measures.budgets import UNIT_COLUMNS, unit_costs
from compare.measures.counting import groups, remembered
from compare.measures.statistics import rate
from compare.measures.units import normalised, texts, whole
from compare.problems import PlanError

LISTED = "service_areas"
COMMON, FINANCE, UNKNOWN = "common", "finance", "unknown"
JOINT = "+"
_NEARLY = 1e-6  # weights that miss 1 by less are rounded ones
COLUMN = ("municipality_code", "board", "document_id", "plan_year", "year", "kind")
_ADDED = ("service_area", "areas", "role", "basis", "evidence", "weight")


def unit_areas(plans: Tables, reviewed: pd.DataFrame | None = None) -> pd.DataFrame:
    """The finest units of each document's budget with the service areas they belong to: a row per unit, year and kind.

    Columns: those of `compare.measures.budgets.unit_costs` (level 2), `service_area` (codes of
    `reference.service_areas`, several joined by '+'; null where unknown or none), `areas` (the same as a list), `role`
    (area, common, finance, unknown), `basis` (words; narrowed: by the other units; above: of the unit that it is part
    of; reviewed; null where unknown: the surer ways go before the others, and how sure each is nobody has measured),
    `evidence` (the words found), `weight` (the part of the unit that the row stands for: 1, or less where a person
    divided the unit; it then has a row for each area, and `cost` and `share` are the part's).

    `reviewed` says what a person decided: `unit` (its name; case and punctuation aside), `service_area` (codes joined
    by '+', each with its weight after a colon where the unit is to be divided, as in 'PED:0.8+FRITID:0.2'; or common or
    finance) and, if it has the column, `municipality_code` (null: everywhere). Raises `PlanError` for a code that does
    not exist, and for weights that do not sum to 1.
    """
    return _by_names(plans) if reviewed is None else _placed(plans, reviewed)


@remembered
def _by_names(plans: Tables) -> pd.DataFrame:
    """What the names of the units tell: several overviews ask for it."""
    return _placed(plans, None)


def _placed(plans: Tables, reviewed: pd.DataFrame | None) -> pd.DataFrame:
    rows = unit_costs(plans, level=2)
    named = rows[["table_id", "unit", "part_of", "municipality_code"]]
    found = groups(named, ["table_id", "unit", "part_of"], ordered=False)
    first = np.unique(found.codes, return_index=True)[1]
    decided = _decided(named.iloc[first].reset_index(drop=True), reviewed)
    rows = rows.assign(**{name: decided[name].take(found.codes).array for name in _ADDED})
    return _divided(rows)[[*UNIT_COLUMNS, *_ADDED]]


def _divided(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with one for each area of a unit that a person divided; the parts of a cost sum to it."""
    if rows["weight"].isna().all():
        return rows.assign(weight=1.0)
    weights = [weight if isinstance(weight, list) else [1.0] for weight in rows["weight"]]
    sizes = np.array([len(weight) for weight in weights], dtype=np.int64)
    result = rows.iloc[np.repeat(np.arange(len(rows)), sizes)].reset_index(drop=True)
    result["weight"] = np.array([part for weight in weights for part in weight], dtype=float)
    parted = np.repeat(sizes > 1, sizes)
    if not parted.any():
        return result
    nth = pd.Series(np.repeat(np.arange(len(rows)), sizes)).groupby(np.repeat(np.arange(len(rows)), sizes)).cumcount()
    areas = [[own[n]] if part else own for own, n, part in zip(result["areas"], nth, parted, strict=True)]
    until = result.groupby(np.repeat(np.arange(len(rows)), sizes))["weight"].cumsum().to_numpy()
    cost = result["cost"].to_numpy(dtype=float, na_value=np.nan)
    # Rounded as running sums, so that no krona is lost or won.
    cost = np.rint(cost * until) - np.rint(cost * (until - result["weight"].to_numpy()))
    return result.assign(
        areas=pd.Series(areas, index=result.index, dtype=object),
        service_area=texts(
            [own[0] if part else name for own, name, part in zip(areas, result["service_area"], parted, strict=True)]
        ),
        cost=whole(cost),
        share=result["share"] * result["weight"],
    )


def _decided(units: pd.DataFrame, reviewed: pd.DataFrame | None) -> pd.DataFrame:
    """What each different unit is: `areas`, `service_area`, `role`, `basis`, `evidence`."""
    own, over = _by_words(units["unit"]), _by_words(units["part_of"])
    silent = (own["role"] == UNKNOWN) | (own["role"] == COMMON) & (over["role"] == "area")
    from_above = silent & (over["role"] != UNKNOWN)
    found = own.mask(from_above, over)
    basis = np.select([from_above, found["role"] != UNKNOWN], ["above", "words"], "").astype(object)
    areas = _narrowed(found["areas"].tolist(), found["maybe"].tolist(), units["table_id"].tolist())
    for i, (before, after) in enumerate(zip(found["areas"], areas, strict=True)):
        basis[i] = basis[i] if before == after else "narrowed"
    result = found.assign(areas=pd.Series(areas, index=found.index, dtype=object), basis=texts(basis))
    if reviewed is not None and len(reviewed):
        result = _as_reviewed(result, units, reviewed)
    joined = [JOINT.join(areas) if areas else None for areas in result["areas"]]
    named = {"service_area": texts(joined), "role": texts(result["role"])}
    weight = result["weight"] if "weight" in result else pd.Series([None] * len(result), dtype=object)
    return result.assign(**named, basis=result["basis"].mask(result["basis"] == ""), weight=weight)


def _narrowed(areas: list[list[str]], maybe: list[list[str]], tables: list[str]) -> list[list[str]]:
    """The areas without those of the unsettled that another unit of the same table surely is; if any are left."""
    unsettled = {table for table, open_ones in zip(tables, maybe, strict=True) if open_ones}
    sure: dict[str, set[str]] = {table: set() for table in unsettled}
    for table, own, open_ones in zip(tables, areas, maybe, strict=True):
        if table in unsettled and not open_ones:
            sure[table].update(own)
    return [
        [area for area in own if area not in open_ones or area not in sure[table]] or own if open_ones else own
        for own, open_ones, table in zip(areas, maybe, tables, strict=True)
    ]


def _by_words(names: pd.Series) -> pd.DataFrame:
    """`areas`, `role`, `evidence` of each name, and `maybe`, those of the areas that the words alone do not settle."""
    codes, distinct = pd.factorize(names)
    hits = topic_words.found(pd.Series(distinct, dtype="str"), LISTED)
    told = [_told(dict(zip(part["word"], part["topic"], strict=True))) for part in _of_each(hits, len(distinct))]
    told.append(_told({}))
    return pd.DataFrame([told[code] for code in codes], columns=["areas", "maybe", "role", "evidence"], dtype=object)


def _of_each(hits: pd.DataFrame, size: int) -> Iterable[pd.DataFrame]:
    by_text = dict(iter(hits.groupby("text")))
    return (by_text.get(text, hits.iloc[:0]) for text in range(size))


def _told(topics: dict[str, str]) -> tuple[list[str], list[str], str, list[str]]:
    """What words with these topics say: areas in the order of the register, the unsettled of them, role, the words."""
    listed = vocabulary.terms(LISTED)
    sure: set[str] = set()
    maybe: set[str] = set()
    roles: set[str | None] = set()
    open_sets = [set(listed.fact(topic, "areas", [])) for topic in topics.values() if listed.fact(topic, "one_or_more")]
    for topic in topics.values():
        if not listed.fact(topic, "one_or_more"):
            sure.update(listed.fact(topic, "areas", []))
            roles.add(listed.fact(topic, "role"))
    for either in open_sets:
        # Another word of the name settles which of them is meant.
        maybe |= set() if either & sure else either
    areas = [code for code in _codes() if code in sure | maybe]
    role = "area" if areas else FINANCE if FINANCE in roles else COMMON if COMMON in roles else UNKNOWN
    return areas, [code for code in areas if code in maybe], role, sorted(topics)


def _codes() -> list[str]:
    return list(reference.service_areas()["area_code"])


def _as_reviewed(found: pd.DataFrame, units: pd.DataFrame, reviewed: pd.DataFrame) -> pd.DataFrame:
    """The units with what a person decided in place of what words say; for one municipality before for all."""
    missing = {"unit", "service_area"} - set(reviewed)
    if missing:
        raise PlanError(f"the reviewed service areas lack the column {', '.join(sorted(missing))}; add it")
    decided = [(str(value), *_weighted(str(value))) for value in reviewed["service_area"]]
    wrong = [value for value, parts, _ in decided if value not in (COMMON, FINANCE) and not set(parts) <= set(_codes())]
    if wrong:
        raise PlanError(
            f"the reviewed service areas name {', '.join(wrong)}; expected {', '.join(_codes())}, several joined by "
            f"'{JOINT}', or {COMMON} or {FINANCE}; correct these rows"
        )
    code = reviewed["municipality_code"] if "municipality_code" in reviewed else pd.Series(pd.NA, index=reviewed.index)
    names = normalised(reviewed["unit"].astype("str"))
    by_name = {
        (None if pd.isna(where) else str(where), name): value
        for where, name, value in zip(code, names, decided, strict=True)
    }
    uneven = [value for value, _, weights in decided if weights and abs(sum(weights) - 1) > _NEARLY]
    if uneven:
        raise PlanError(
            f"the reviewed service areas divide units by {', '.join(uneven)}; a weight for each area was expected, "
            "together 1, as in 'PED:0.8+FRITID:0.2'; correct these rows"
        )
    areas, role, basis = (found[name].tolist() for name in ("areas", "role", "basis"))
    weight: list[list[float] | None] = [None] * len(found)
    for i, (where, name) in enumerate(zip(units["municipality_code"], normalised(units["unit"]), strict=True)):
        said = by_name.get((where, name)) or by_name.get((None, name))
        if said:
            value, parts, weights = said
            none = value in (COMMON, FINANCE)
            areas[i] = [] if none else parts if weights else [area for area in _codes() if area in parts]
            role[i], basis[i] = (value if none else "area"), "reviewed"
            weight[i] = weights and [part / sum(weights) for part in weights]
    lists = {"areas": areas, "weight": weight}
    return found.assign(
        **{name: pd.Series(values, index=found.index, dtype=object) for name, values in lists.items()},
        role=role,
        basis=texts(basis),
    )


def _weighted(value: str) -> tuple[list[str], list[float] | None]:
    """The areas that a person named, and what part of the unit each is; None where no weights are given."""
    named = [part.partition(":") for part in value.split(JOINT)]
    areas = [area.strip() for area, _, _ in named]
    if not any(colon for _, colon, _ in named):
        return areas, None
    try:
        weights = [float(weight) for _, _, weight in named]
    except ValueError:
        weights = [0.0]
    return areas, weights if all(weight > 0 for weight in weights) else [0.0]


def costs(rows: pd.DataFrame) -> pd.DataFrame:
    """Net cost by service area of each budget, year and kind, as far as the budget shows it by itself.

    `rows` is a result of `unit_areas`. One row per municipality, board, document, year, kind and area. The areas are
    the single ones and every joint of areas ('FRITID+KULTUR') that some unit of any municipality has. A budget has a
    figure for an area where all its units that touch it lie within it, and together cover it; the other budgets show
    the area only with something else and have no row: that is no data and not 0.

    Columns: `municipality_code`, `board` (null for a whole municipality), `document_id`, `plan_year`, `year`, `kind`,
    `service_area`, `areas` (list), `cost` (kronor), `share` of the cost of all units that are areas or common (null
    where this is not above 0), `units` (their names), `unknown_share` (of units whose area is unknown, of all but
    financing), `record_ids`. Pitfalls: common costs are not in the areas; an unknown unit may belong to the area.
    """
    groups_of = groups(rows, COLUMN)
    cost = rows["cost"].astype("float64").to_numpy()
    served = (rows["role"] != FINANCE).to_numpy()
    unknown = (rows["role"] == UNKNOWN).to_numpy()
    total = groups_of.count(served, np.maximum(cost, 0))
    unknown_share = rate(groups_of.count(unknown, np.maximum(cost, 0)), total)
    codes, distinct = pd.factorize(rows["service_area"])
    named = [set(str(area).split(JOINT)) for area in distinct]
    parts = []
    for area in _joints(rows) or _codes()[:1]:
        chosen = set(area.split(JOINT))
        # The last of each answer is that of what has no area (code -1).
        touches = np.array([*(bool(chosen & own) for own in named), False])[codes]
        within = np.array([*(own <= chosen for own in named), False])[codes]
        whole_area = groups_of.count(touches & ~within) == 0
        for single in chosen:
            has = np.array([*(single in own for own in named), False])[codes]
            whole_area &= groups_of.count(within & has) > 0
        amount = groups_of.count(within, cost)
        part = groups_of.keys.assign(
            service_area=texts([area] * len(groups_of.keys)),
            areas=pd.Series([area.split(JOINT)] * len(groups_of.keys), dtype=object),
            cost=whole(np.rint(amount)),
            share=rate(amount, np.where(total > 0, total, np.nan)),
            units=groups_of.lists(rows["unit"], within),
            unknown_share=unknown_share,
            record_ids=groups_of.lists(rows["record_ids"], within).map(_flat),
        )
        parts.append(part[whole_area])
    return pd.concat(parts, ignore_index=True)


def _joints(rows: pd.DataFrame) -> list[str]:
    """The single areas and the joints that occur, in the order of the register, single ones first."""
    found = set(rows["service_area"].dropna())
    singles = [code for code in _codes() if any(code in value.split(JOINT) for value in found)]
    return [*singles, *sorted(found - set(singles))]


def _flat(lists: list[list[str]]) -> list[str]:
    return [record for one in lists for record in one]


def known_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """How much of each budget could be placed: a row per municipality, board, document, year and kind.

    `rows` is a result of `unit_areas`. Columns: those of the budget, `cost` (kronor, units with cost above 0, financing
    left out), and of this the shares `in_one_area`, `in_joint_areas`, `common`, `unknown`, which sum to 1;
    `unknown_units` (their names), `record_ids` (of all units but financing).
    """
    found = groups(rows, COLUMN)
    cost = np.maximum(rows["cost"].astype("float64").to_numpy(), 0)
    size = np.array([len(areas) for areas in rows["areas"]], dtype=int)
    role = rows["role"].to_numpy()
    total = found.count(role != FINANCE, cost)
    shares = {
        "in_one_area": size == 1,
        "in_joint_areas": size > 1,
        "common": role == COMMON,
        "unknown": role == UNKNOWN,
    }
    return found.keys.assign(
        cost=whole(np.rint(total)),
        **{name: rate(found.count(mask, cost), total) for name, mask in shares.items()},
        unknown_units=found.lists(rows["unit"], role == UNKNOWN),
        record_ids=found.lists(rows["record_ids"], role != FINANCE).map(_flat),
    )
