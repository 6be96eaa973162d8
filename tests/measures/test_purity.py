"""Measures are functions of what the plans say: of nothing else that is around, and they change nothing.

The same figures come whatever the order of the rows, the index of a frame, the form of its texts, the seed of Python's
hashes, the language and time zone of the machine; plans stay as they were, and whoever changes a result changes that
result alone. New measures are found by themselves.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

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
from tests.measures import awkward
from tests.measures.test_awkward_frames import MEASURES, PEOPLE, PRICES

SIZE = 8
# Of several rows that state one thing the first names it, and its wording is compared; a tree keeps the order of what
# has equal numbers and names; what is dealt out at random is dealt out in the order of the rows.
BY_THE_FIRST = {
    "goal_structure.tree": {"position"},
    "indicators.placed": {"_place", "_unit"},  # numbers of rows
    "similarity.latest_goals": {"board", "kind"},
    "similarity.lookalikes": {"score"},
    "theme_contrast.likeness": {"by_chance", "as_large"},
}


def told(value: Any) -> str:
    """A value so that equal ones are equal, however a frame holds them; lists in any order."""
    if isinstance(value, (list, tuple, np.ndarray)):
        return f"[{', '.join(sorted(told(one) for one in value))}]"
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return "missing"
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        return f"{round(float(value), 9) + 0.0:.9g}"
    return str(value)


def rows(found: pd.DataFrame, without: Iterable[str] = ()) -> list[tuple[str, ...]]:
    kept = found[[name for name in found if name not in set(without)]]
    return [tuple(told(value) for value in row) for row in kept.itertuples(index=False)]


def fingerprint(found: pd.DataFrame | Tables) -> str:
    parts = [found[name] for name in TABLES] if isinstance(found, Tables) else [found]
    return repr([(list(part.columns), list(part.index), list(map(str, part.dtypes)), rows(part)) for part in parts])


@pytest.fixture(scope="module")
def plans() -> Tables:
    return awkward.plans(3, rows=SIZE)


@pytest.fixture(scope="module")
def shuffled(plans: Tables) -> Tables:
    random = np.random.default_rng(5)
    return Tables(**{name: plans[name].iloc[random.permutation(len(plans[name]))] for name in TABLES})


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_leaves_the_plans_as_they_were_and_its_result_is_its_users_own(name, plans):
    before = fingerprint(plans)
    found = MEASURES[name](plans)
    kept = fingerprint(found)
    for column in found:
        found[column] = None
    assert fingerprint(plans) == before
    assert fingerprint(MEASURES[name](plans)) == kept


@pytest.mark.parametrize("name", MEASURES)
def test_the_order_of_rows_changes_no_figure(name, plans, shuffled):
    found, again = MEASURES[name](plans), MEASURES[name](shuffled)
    ids = {column for column in found if column.endswith(("_id", "_ids", "_id_1", "_id_2")) or column == "series"}
    ids |= BY_THE_FIRST.get(name, set())
    assert sorted(rows(found, ids)) == sorted(rows(again, ids))


def _against(rates: pd.DataFrame) -> pd.DataFrame:
    codes = set(rates["municipality_code"])
    return peer_position.positions(rates, {code: sorted(codes - {code}) for code in codes})


# Measures that take the result of another, which its user may have cut, sorted or read from a file meanwhile.
OF_RESULTS: dict[str, tuple[Callable[[Tables], pd.DataFrame], Callable[[pd.DataFrame, Tables], pd.DataFrame]]] = {
    "churn.churn": (churn.goal_changes, lambda found, _: churn.churn(found)),
    "budgets.decomposition": (
        lambda plans: budgets.growth(plans, PRICES, "KPI"),
        lambda found, _: budgets.decomposition(found, PEOPLE),
    ),
    "budgets.per_inhabitant": (budgets.unit_costs, lambda found, _: budgets.per_inhabitant(found, PEOPLE)),
    "budgets.composition_distances": (budgets.unit_costs, lambda found, _: budgets.composition_distances(found)),
    "concentration.concentration": (themes.assign, lambda found, _: concentration.concentration(found, "theme")),
    "measurability.summary": (measurability.goals, measurability.summary),
    "peer_position.positions": (profile.rates, lambda found, _: _against(found)),
    "profile.against": (profile.rates, lambda found, _: profile.against(found, awkward.CODES[0])),
    "profile.others_together": (profile.rates, lambda found, _: profile.others_together(found, awkward.CODES[0])),
    "service_areas.costs": (service_areas.unit_areas, lambda found, _: service_areas.costs(found)),
    "service_areas.known_shares": (service_areas.unit_areas, lambda found, _: service_areas.known_shares(found)),
    "similarity.profile_similarity": (themes.assign, lambda found, _: similarity.profile_similarity(found)),
    "theme_contrast.likeness": (themes.assign, lambda found, _: theme_contrast.likeness(found, draws=20)),
    "theme_contrast.named": (themes.assign, theme_contrast.named),
    "themes.shares": (themes.assign, themes.shares),
}


def _labelled(found: pd.DataFrame) -> pd.DataFrame:
    return found.set_axis(pd.Index([0] * len(found)))


def _as_objects(found: pd.DataFrame) -> pd.DataFrame:
    texts = [str(name) for name in found if isinstance(found[name].dtype, pd.StringDtype)]
    return found.assign(**{name: found[name].astype(object).where(found[name].notna(), None) for name in texts})


@pytest.mark.parametrize("change", [_labelled, _as_objects])
@pytest.mark.parametrize("name", OF_RESULTS)
def test_neither_the_index_nor_the_form_of_texts_changes_what_is_found(name, change, plans):
    make, use = OF_RESULTS[name]
    given = change(make(plans))
    before = fingerprint(given)
    assert rows(use(given, plans)) == rows(use(make(plans), plans))
    assert fingerprint(given) == before


def test_neither_hashes_nor_language_nor_time_zone_change_a_figure(plans):
    program = (
        "import json\n"
        "from tests.measures import awkward, test_purity as own\n"
        f"plans = awkward.plans(3, rows={SIZE})\n"
        "print(json.dumps({name: own.fingerprint(measure(plans)) for name, measure in own.MEASURES.items()}))\n"
    )
    other = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "1"}
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=root, env=os.environ | other, capture_output=True, text=True, check=True
    )
    elsewhere = json.loads(ran.stdout)
    here = {
        name: fingerprint(measure(Tables(**{table: plans[table] for table in TABLES})))
        for name, measure in MEASURES.items()
    }
    assert {name for name in MEASURES if elsewhere[name] != here[name]} == set()
