"""What every measure must hold to, whatever the plans look like: on small plans drawn at random.

Not whether a figure is right (that is for the other tests) but that no figure is impossible: a rate lies within its
interval and its bounds, nothing is counted more often than it occurs, what is not known is null and never 0, and what
is known is not null. New measures are found by themselves.
"""

import importlib
import inspect
import pkgutil
import re
from contextlib import suppress
from inspect import signature

import numpy as np
import pandas as pd
import pytest

import compare.measures
from compare.contract import TABLES, Tables
from compare.measures import (
    budgets,
    churn,
    concentration,
    measurability,
    peer_position,
    profile,
    service_areas,
    similarity,
    theme_contrast,
    themes,
)
from compare.problems import PlanError
from tests.measures import awkward

SIZES = (1, 2, 6, 12, 20)  # rows of a table, at most twice as many; more of them find no more and cost seconds each
pytestmark = pytest.mark.filterwarnings("error")  # a division by nothing is to be met before it is made
# What measures rest on and is no measure itself: it needs arguments, or gives arrays.
PARTS = {"units", "counting", "status_history", "statistics", "reliability", "directions", "sources"}
PRICES = pd.DataFrame({"year": range(2015, 2023), "index": [100.0 + 2 * i for i in range(8)]})
PEOPLE = pd.DataFrame({"municipality_code": awkward.CODES[1:], "year": 2021, "population": [10_000, 0, 5_000]})
FRACTIONS = {"rate", "share", "low", "high", "bound_low", "bound_high", "jaccard", "divergence", "evenness", "hhi"}
FRACTIONS |= {"orphan_rate", "childless_rate", "dropped_rate", "hazard", "open", "churn", "churn_strict", "agreement"}
FRACTIONS |= {"percentile", "brier", "rps", "shrunk", "score", "largest_share"}
# Differences, slopes and errors have `low` and `high` too, but no bounds.
SIGNED = ("difference", "bias", "slope")
COUNTED = ("count", "k", "completed", "held", "met", "carried_over", "with_money")


def measures():
    """Every public measure that needs nothing but plans, by name, and those that take a result of another."""
    found = {}
    for module in pkgutil.iter_modules(compare.measures.__path__):
        of_module = importlib.import_module(f"compare.measures.{module.name}")
        for name, function in inspect.getmembers(of_module, inspect.isfunction):
            needed = [p.name for p in inspect.signature(function).parameters.values() if p.default is p.empty]
            needed = [p for p in needed if p not in ("args", "kwargs")]
            own = function.__module__ == of_module.__name__ and not name.startswith("_")
            if own and needed == ["plans"] and module.name not in PARTS:
                found[f"{module.name}.{name}"] = function
    for part_of_others in ("profile.circle", "goal_structure.goals_and_parents", "goal_structure.printed_targets"):
        del found[part_of_others]
    return found | {
        "budgets.growth (real)": lambda plans: budgets.growth(plans, PRICES, "KPI", level=0),
        "budgets.growth (through plans)": lambda plans: budgets.growth(plans, PRICES, "KPI", series="plans"),
        "budgets.decomposition": lambda plans: budgets.decomposition(budgets.growth(plans, PRICES, "KPI"), PEOPLE),
        "budgets.per_inhabitant": lambda plans: budgets.per_inhabitant(budgets.unit_costs(plans), PEOPLE),
        "budgets.budget_variance (investments)": lambda plans: budgets.budget_variance(plans, scope="investment"),
        "budgets.composition_distances": lambda plans: budgets.composition_distances(budgets.unit_costs(plans)),
        "churn.churn": lambda plans: churn.churn(churn.goal_changes(plans)),
        "concentration.concentration": lambda plans: concentration.concentration(themes.assign(plans), "theme"),
        "measurability.summary": lambda plans: measurability.summary(measurability.goals(plans), plans),
        "peer_position.positions": _places,
        "profile.against": lambda plans: profile.against(profile.rates(plans), awkward.CODES[0]),
        "service_areas.costs": lambda plans: service_areas.costs(service_areas.unit_areas(plans)),
        "service_areas.known_shares": lambda plans: service_areas.known_shares(service_areas.unit_areas(plans)),
        "similarity.profile_similarity": lambda plans: similarity.profile_similarity(themes.assign(plans)),
        "theme_contrast.likeness": lambda plans: theme_contrast.likeness(themes.assign(plans), draws=20),
        "theme_contrast.named": lambda plans: theme_contrast.named(themes.assign(plans), plans),
        "theme_contrast.against_others": lambda plans: theme_contrast.against_others(
            theme_contrast.named(themes.assign(plans), plans)
        ),
        "themes.shares": lambda plans: themes.shares(themes.assign(plans, "sdg", below=True), plans),
    }


def _places(plans):
    rates = profile.rates(plans)
    codes = set(rates["municipality_code"])
    return peer_position.positions(rates, {code: sorted(codes - {code}) for code in codes})


MEASURES = measures()


def plain(found: pd.DataFrame, name: str) -> np.ndarray:
    return found[name].to_numpy(dtype=float, na_value=np.nan)


def broken(found: pd.DataFrame, plans: Tables) -> list[str]:
    """What of a result cannot be."""
    numbers = {name: plain(found, name) for name in found if pd.api.types.is_numeric_dtype(found[name])}
    wrong = [f"{name} is infinite" for name, values in numbers.items() if np.isinf(values).any()]
    fractions = FRACTIONS - ({"low", "high"} if set(SIGNED) & set(found) else set())
    for name in fractions & set(numbers):
        values = numbers[name]
        if ((values < -1e-9) | (values > 1 + 1e-9)).any():
            wrong.append(f"{name} lies outside 0 to 1")
    middle = next((name for name in (*SIGNED, "rate", "share", "hazard") if name in numbers), "low")
    wrong += _order(numbers, "low", middle) + _order(numbers, middle, "high")
    wrong += _order(numbers, "bound_low", "bound_high")
    wrong += _order(numbers, "bound_low", "rate") + _order(numbers, "rate", "bound_high")
    if "n" in numbers and "rate" in numbers:
        some = numbers["n"] > 0
        wrong += ["a rate of nothing is not null"] * bool((~np.isnan(numbers["rate"]) & ~some).any())
        wrong += ["a rate of something is null"] * bool((np.isnan(numbers["rate"]) & some).any())
        wrong += ["n is null"] * bool(np.isnan(numbers["n"]).any())
        wrong += [w for name in COUNTED if name in numbers for w in _order(numbers, name, "n")]
    wrong += ["the rows are not numbered from 0"] * (not found.index.equals(pd.RangeIndex(len(found))))
    wrong += ["columns of one name"] * (not found.columns.is_unique)
    return wrong + _foreign(found, plans)


def _order(numbers, small: str, large: str) -> list[str]:
    if small not in numbers or large not in numbers or small == large:
        return []
    return [f"{small} exceeds {large}"] * bool((numbers[small] > numbers[large] + 1e-9).any())


def _foreign(found: pd.DataFrame, plans: Tables) -> list[str]:
    """Municipalities and records that no table of the plans knows."""
    codes = set(plans.documents["municipality_code"])
    ids = set(awkward.every_id(plans)) | {"nowhere"}
    wrong = []
    if "municipality_code" in found and not set(found["municipality_code"].dropna()) <= codes:
        wrong.append("a municipality that has no plans")
    for name in [name for name in found if name.endswith("_ids") and name != "peer_ids"]:
        if not {i for ids_of in found[name] if isinstance(ids_of, list) for i in ids_of} <= ids:
            wrong.append(f"{name} holds what is no id")
    return wrong


@pytest.fixture(scope="module")
def drawn():
    """The same plans for all measures, which then find what they share once."""
    return {size: awkward.plans(seed, rows=size) for seed, size in enumerate(SIZES)}


@pytest.mark.parametrize("name", MEASURES)
def test_no_figure_is_impossible(name, drawn):
    found = {size: broken(MEASURES[name](plans), plans) for size, plans in drawn.items()}
    assert {size: wrong for size, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("name", MEASURES)
def test_results_of_nothing_have_the_columns_and_types_of_results_of_something(name, drawn):
    empty, some = MEASURES[name](Tables()), MEASURES[name](drawn[SIZES[-1]])
    assert list(empty.columns) == list(some.columns)
    assert empty.dtypes.to_dict() == some.dtypes.to_dict()


# What plans and what measures find can be counted by; some know only some of them and say so.
COLUMNS = (["committee"], ["office"], ["kind"], ["board"], ["period"], ["municipality_code"], ["year"], [])


@pytest.mark.parametrize("name", [name for name, measure in MEASURES.items() if "by" in signature(measure).parameters])
def test_a_measure_can_be_grouped_by_any_column_or_says_that_it_cannot(name, drawn):
    for by in COLUMNS:
        with suppress(PlanError):
            wrong = broken(MEASURES[name](drawn[6], by=by), drawn[6])
            assert (by, wrong) == (by, [])


def documented(measure) -> list[str]:
    """What the paragraphs on columns of a measure's docstring name."""
    paragraphs = (inspect.getdoc(measure) or "").split("\n\n")
    told = " ".join(text[text.index("Columns") :] for text in paragraphs if "Columns" in text)
    return list(dict.fromkeys(re.findall(r"`([a-z][a-z_0-9]*)`", told)))


# Columns that only some ways of asking give, values that these plans do not come to, and results of other measures.
NO_COLUMN = {"committee", "level_term", "kept", "reworded", "targets", "rates", "standing", "concentration", "churn"}
OWN = {name: measure for name, measure in MEASURES.items() if name.endswith(f".{measure.__name__}")}


@pytest.mark.parametrize("name", OWN)
def test_a_result_has_the_columns_that_its_measure_tells_of(name, drawn):
    found, measure = OWN[name](drawn[20]), OWN[name]
    others = {one.rpartition(".")[2] for one in [*MEASURES, *TABLES]}
    known = {*found.columns, *signature(measure).parameters, *others.difference(FRACTIONS, COUNTED), *NO_COLUMN}
    words = {word for column in found.select_dtypes("str") for word in found[column].dropna()}
    assert [told for told in documented(measure) if told not in known | words] == []
