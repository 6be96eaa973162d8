"""What a municipality's profile says of peers with and without plans, and of a municipality that has none itself."""

import pandas as pd
import pytest

from compare import reference
from compare.contract import Tables, frame
from compare.measures import peer_position, plan_horizon, profile
from compare.presentation.findings import municipality_profile as found
from compare.presentation.page import Page

OWN, OTHER, THIRD = "0188", "1291", "2380"


def plans(**goals):
    """Plans for 2022: per municipality how many goals there are and how many of them have an indicator."""
    documents, rows, indicators = [], [], []
    for name, (n, covered) in goals.items():
        code = name.removeprefix("m")
        common = {"document_id": f"{code}-goals-and-budget-2022", "municipality_code": code, "year": 2022}
        documents.append({**common, "title": "Plan", "kind": "goals_and_budget", "reading": "reviewed"})
        for line in range(n):
            goal_id = f"{common['document_id']}/goal-L{line:04}"
            rows.append({**common, "goal_id": goal_id, "title": f"Mål {line}", "level": 1, "line": line})
            if line < covered:
                own = {**common, "goal_id": goal_id, "indicator_id": f"{code}-i{line}", "name": f"Mått {line}"}
                indicators.append({**own, "line": line})
    return Tables(
        documents=frame("documents", documents), goals=frame("goals", rows), indicators=frame("indicators", indicators)
    )


def told(tables, municipality=OWN, peers="similar", language="en"):
    around = profile.circle(tables, municipality, peers)
    chosen = tables.select([around.code, *around.compared])
    page = Page("Profile", chosen, language)
    facts = profile.facts(chosen, found.fact_codes(around))
    findings = found.findings(
        page,
        around,
        facts=facts,
        rates=profile.rates(chosen),
        positions=peer_position.positions(profile.rates(chosen), {around.code: around.compared}),
        counts=profile.counts(chosen),
        budgets=plan_horizon.over_plan(chosen),
    )
    texts = [found.basis(page, around, facts), *(finding.text for finding in findings if finding is not None)]
    return [text.replace("\u00a0", " ") for text in texts]


def test_a_profile_ends_with_what_is_known_without_any_plan():
    population = reference.population().set_index(["municipality_code", "year"])["population"]
    latest = reference.population()["year"].max()
    assert f"Norrtälje in Stockholms län had {population[OWN, latest]:,} inhabitants" in told(plans(m0188=(3, 1)))[-1]


def test_peers_without_plans_are_counted_and_the_others_are_named_as_no_peers():
    texts = told(plans(m0188=(3, 1), m2380=(3, 1)))
    assert texts[0].endswith(
        " None of its 7 peers has plans in this snapshot: the comparison is with the 1 other municipality that has "
        "(Östersund), which are not its peers."
    )


def test_peers_chosen_by_name_are_kept_to_however_few():
    texts = told(plans(m0188=(3, 1), m2380=(3, 1), m1291=(3, 1)), peers=[THIRD])
    assert texts[0].endswith(" 1 of its 1 peers has plans in this snapshot: Östersund.")


def test_alone_in_the_snapshot_nothing_is_compared():
    assert told(plans(m0188=(3, 1)))[0].endswith("and no other municipality has: nothing can be compared.")


def test_a_municipality_without_plans_is_told_to_have_none_read():
    texts = told(plans(m2380=(3, 1)), municipality="0114")
    assert "No plan of Upplands Väsby has been read" in texts[0]
    assert len(texts) == 2


@pytest.mark.parametrize(
    ("own", "other", "words"),
    [
        ((40, 36), (40, 8), "Clearly higher than Östersund (20% of 40, 2022)."),
        ((40, 8), (40, 36), "Clearly lower than Östersund (90% of 40, 2022)."),
        ((40, 20), (40, 18), "Not to be told apart from Östersund (45% of 40, 2022)."),
        ((40, 20), (3, 1), "Too few to compare with Östersund (33% of 3, 2022)."),
    ],
)
def test_a_difference_is_called_clear_only_where_its_interval_is(own, other, words):
    texts = told(plans(m0188=own, m2380=other), peers=[THIRD])
    (text,) = [text for text in texts if "goals with an indicator" in text]
    assert text.endswith(words)


def test_what_others_have_and_the_municipality_lacks_is_said_once():
    texts = told(plans(m0188=(3, 1), m2380=(3, 1)), municipality=THIRD, peers=[OWN])
    assert not any("have no figures on" in text for text in texts)
    tables = plans(m0188=(3, 0), m2380=(3, 1))
    around = profile.circle(tables, OWN, [THIRD])
    gaps = profile.with_gaps(profile.rates(tables), around.code)
    assert gaps.loc[gaps["municipality_code"] == OWN, "rate"].isna().all()


def test_the_source_line_names_kolada_only_where_its_list_is_shown():
    say = Page("Profile", plans(m0188=(1, 0)), "sv").say
    assert "Källa: Kolada" in found.sources_of_facts(say, "similar")
    assert "Kolada" not in found.sources_of_facts(say, "county")
    assert "SCB" in found.sources_of_facts(say, "county")


def test_swedish_findings_are_swedish():
    assert "Ingen av 7 jämförelsekommuner har planer" in told(plans(m0188=(3, 1)), language="sv")[0]


def test_very_many_others_are_drawn_as_one():
    codes = reference.peers(OWN, "group")
    tables = plans(m0188=(30, 20), **{f"m{code}": (20, 10) for code in codes})
    around = profile.circle(tables, OWN, "group")
    page = Page("Profile", tables, "en")
    few = found.side_by_side(page, profile.rates(tables), around)
    assert len(few) == len(codes) + 1
    many = pd.concat([profile.rates(tables), profile.rates(tables).assign(measure="indicators_with_target")])
    rows = found.side_by_side(page, many, around)
    assert rows["label"].tolist()[:2] == ["Norrtälje 2022", f"the {len(codes)} others together"]
    assert rows["rate"].tolist()[:2] == [pytest.approx(2 / 3), 0.5]


def test_a_place_is_told_among_three_or_more_and_never_with_small_numbers():
    many = {"m1291": (40, 1), "m2380": (40, 1), "m0114": (40, 1), "m0115": (40, 39)}
    (text,) = [t for t in told(plans(m0188=(40, 38), **many)) if "2022, " in t and "38 of 40" in t]
    assert text.endswith("Its place is in the upper half: 1 to 2 of 5, 1 being the highest.")
    assert not any("Its place" in t for t in told(plans(m0188=(9, 8), **many)))
    assert not any("Its place" in t for t in told(plans(m0188=(40, 38), m1291=(40, 1), m2380=(40, 1))))
    assert any("Platsen är bland den övre halvan" in t for t in told(plans(m0188=(40, 38), **many), language="sv"))


def test_what_differs_clearly_is_told_first_and_counted_in_the_title():
    tables = plans(m0188=(40, 36), m2380=(40, 8))
    page, rates = Page("Profile", tables, "en"), profile.rates(tables)
    title = found.title_of_rates(page, rates, OWN)
    assert title == "Comparisons of rates that show a clear difference: 1 of 1"
    alike = profile.rates(plans(m0188=(40, 20), m2380=(40, 21)))
    assert found.title_of_rates(page, alike, OWN).endswith("shows no clear difference")
    alone = found.title_of_rates(page, rates[rates["municipality_code"] == OWN], OWN)
    assert alone == "Rates of the municipality and of those it is compared with"
    order = found._by_weight(pd.Series(["a", "b", "c"]), pd.Series(["c"]), pd.Series(["b", "c"]))
    assert order.tolist() == [2, 1, 0]


def test_places_that_reach_from_first_to_last_are_not_told():
    alike = {f"m{code}": (40, 20) for code in ("1291", "2380", "0114", "0115")}
    tables = plans(m0188=(40, 20), **alike)
    assert not any("Its place" in text for text in told(tables))
    positions = peer_position.positions(profile.rates(tables), {OWN: ["1291", "2380"]})
    assert not found.has_places(positions)


def test_of_many_others_only_those_that_differ_clearly_are_named():
    alike = {f"m{code}": (40, 20) for code in ("1291", "2380", "0114", "0115")}
    few = {f"m{code}": (5, 4) for code in ("0117", "0120")}
    (text,) = [t for t in told(plans(m0188=(40, 20), m0123=(40, 1), **alike, **few)) if "20 of 40" in t]
    assert "Clearly higher than Järfälla (3% of 40, 2022)" in text
    assert "not to be told apart from 4 others (50%)" in text
    assert "too few to compare with 2 others (80%)" in text
