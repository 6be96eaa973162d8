"""Which service areas units of a budget belong to, and what may be compared of them."""

import pandas as pd
import pytest

from compare import reference, vocabulary
from compare.contract import Tables
from compare.measures import service_areas
from compare.problems import PlanError


def of_budget(given, *units, code="0001", year=2024, **document):
    """A budget of units as (name, thousand kronor) below a total."""
    own = given.document(f"d-{code}", code, year, **document)
    total = given.budget("Summa", -sum(amount for _, amount in units), 1, year=year, id=f"{code}-total")
    rows = [total]
    for number, (name, amount) in enumerate(units, start=2):
        rows.append(
            given.budget(name, -amount, number, year=year, id=f"{code}-{number}", parent_budget_line_id=f"{code}-total")
        )
    return own, [{**row, "document_id": own["document_id"]} for row in rows]


def plans_of(given, *budgets):
    documents, rows = zip(*budgets, strict=True)
    return given.plans(list(documents), budget_lines=[row for part in rows for row in part])


def areas(given, *units, **more):
    found = service_areas.unit_areas(plans_of(given, of_budget(given, *units)), **more)
    return dict(zip(found["unit"], found["service_area"].fillna(found["role"]), strict=True))


def test_the_name_of_a_unit_tells_its_area_by_words_that_are_shown(given):
    found = service_areas.unit_areas(plans_of(given, of_budget(given, ("Grundskolan", 5), ("Räddningstjänst", 3))))
    assert found["service_area"].tolist() == ["PED", "INFRA"]
    assert found["evidence"].tolist() == [["grundskolan"], ["räddningstjänst"]]
    assert found["basis"].tolist() == ["words", "words"]


def test_a_unit_of_two_areas_is_not_divided(given):
    assert areas(given, ("Kultur- och fritidsnämnden", 5), ("Förskola", 3)) == {
        "Kultur- och fritidsnämnden": "FRITID+KULTUR",
        "Förskola": "PED",
    }


def test_what_the_name_does_not_tell_stays_unknown(given):
    assert areas(given, ("Enhet 4", 5), ("Förskola", 3))["Enhet 4"] == "unknown"


def test_administration_and_financing_stand_apart(given):
    found = areas(given, ("Kommunstyrelsen", 5), ("Finansförvaltningen", 3), ("Förskola", 3))
    assert (found["Kommunstyrelsen"], found["Finansförvaltningen"]) == ("common", "finance")


def test_an_open_name_is_narrowed_by_the_other_units_and_else_stays_open(given):
    assert areas(given, ("Socialnämnden", 5), ("Äldrenämnden", 9))["Socialnämnden"] == "IFO"
    assert areas(given, ("Socialnämnden", 5), ("Skolnämnden", 9))["Socialnämnden"] == "VOO+IFO"
    found = service_areas.unit_areas(plans_of(given, of_budget(given, ("Socialnämnden", 5), ("Äldreomsorg", 9))))
    assert found["basis"].tolist() == ["narrowed", "words"]


def test_another_word_of_the_name_settles_an_open_one(given):
    found = areas(given, ("Teknisk verksamhet, avgiftsfinansierad", 5), ("Gator", 9))
    assert found["Teknisk verksamhet, avgiftsfinansierad"] == "AFF"


def test_a_part_that_says_nothing_is_what_the_unit_above_it_is(given):
    own, rows = of_budget(given, ("Skolnämnden", 7), ("Gatunämnden", 3))
    parts = [
        {**given.budget(name, -amount, 10 + n, year=2024, id=f"p{n}"), "parent_budget_line_id": "0001-2"}
        for n, (name, amount) in enumerate([("Administration", 2), ("Rektorsområde norr", 5)])
    ]
    found = service_areas.unit_areas(given.plans([own], budget_lines=[*rows, *parts]))
    by_unit = found.set_index("unit")
    assert by_unit.loc[["Administration", "Rektorsområde norr"], "service_area"].tolist() == ["PED", "PED"]
    assert by_unit.loc["Administration", "basis"] == "above"
    assert "Skolnämnden" not in by_unit.index


def test_what_a_person_decided_goes_before_the_words_and_for_one_municipality_before_all(given):
    reviewed = pd.DataFrame(
        {
            "unit": ["enhet 4", "Enhet 4", "Förskola"],
            "service_area": ["KULTUR+FRITID", "VOO", "common"],
            "municipality_code": ["0001", None, "0002"],
        }
    )
    found = areas(given, ("Enhet 4", 5), ("Förskola", 3), reviewed=reviewed)
    assert found == {"Enhet 4": "FRITID+KULTUR", "Förskola": "PED"}


def test_a_reviewed_area_that_does_not_exist_is_an_error_that_names_it(given):
    with pytest.raises(PlanError, match="SKOLA"):
        areas(given, ("Förskola", 3), reviewed=pd.DataFrame({"unit": ["x"], "service_area": ["SKOLA"]}))


def test_a_unit_that_a_person_divided_stands_under_each_area_with_its_part(given):
    reviewed = pd.DataFrame({"unit": ["Kultur och fritid"], "service_area": ["KULTUR:0.333+FRITID:0.667"]})
    plans = plans_of(given, of_budget(given, ("Kultur och fritid", 10), ("Skola", 30)))
    found = service_areas.unit_areas(plans, reviewed)
    assert found["service_area"].tolist() == ["KULTUR", "FRITID", "PED"]
    assert found["cost"].tolist() == [3_330_000 // 1000, 6_670_000 // 1000, 30_000]
    assert found["weight"].tolist() == [0.333, 0.667, 1.0]
    assert found["share"].sum() == pytest.approx(1)
    costs = service_areas.costs(found).set_index("service_area")
    assert costs["cost"].to_dict() == {"FRITID": 6670, "KULTUR": 3330, "PED": 30_000}
    whole = service_areas.unit_areas(plans)
    assert service_areas.known_shares(found)["cost"].tolist() == service_areas.known_shares(whole)["cost"].tolist()
    assert whole["weight"].eq(1).all()


@pytest.mark.parametrize(
    "weights",
    ["KULTUR:0.5+FRITID:0.4", "KULTUR:0.5+FRITID", "KULTUR:1.5+FRITID:-0.5", "KULTUR:x", "KULTUR:0.5+FRITID:0.499995"],
)
def test_weights_that_do_not_make_a_whole_are_an_error_that_names_them(given, weights):
    reviewed = pd.DataFrame({"unit": ["Kultur"], "service_area": [weights]})
    with pytest.raises(PlanError, match="together 1"):
        areas(given, ("Kultur", 3), reviewed=reviewed)


def test_weights_that_rounding_left_short_of_a_whole_are_made_one(given):
    reviewed = pd.DataFrame({"unit": ["Kultur"], "service_area": ["KULTUR:0.3333333+FRITID:0.6666663"]})
    found = service_areas.unit_areas(plans_of(given, of_budget(given, ("Kultur", 3))), reviewed)
    assert found["weight"].sum() == pytest.approx(1, abs=1e-12)


def test_budgets_are_compared_where_both_show_the_same_areas(given):
    first = of_budget(given, ("Kultur", 2), ("Fritid", 3), ("Skola", 15))
    second = of_budget(given, ("Kultur- och fritidsnämnden", 6), ("Skola", 20), ("Stadsdel", 4), code="0002")
    found = service_areas.costs(service_areas.unit_areas(plans_of(given, first, second)))
    cost = {(r.municipality_code, r.service_area): r.cost for r in found.itertuples()}
    assert cost == {
        ("0001", "PED"): 15_000,
        ("0002", "PED"): 20_000,
        ("0001", "FRITID"): 3_000,
        ("0001", "KULTUR"): 2_000,
        ("0001", "FRITID+KULTUR"): 5_000,
        ("0002", "FRITID+KULTUR"): 6_000,
    }
    row = found[(found["municipality_code"] == "0002") & (found["service_area"] == "PED")].iloc[0]
    assert row["share"] == pytest.approx(20 / 30)
    assert row["unknown_share"] == pytest.approx(4 / 30)
    assert row["units"] == ["Skola"]
    assert row["record_ids"] == ["0002-3"]


def test_half_of_a_joint_is_not_the_joint(given):
    first = of_budget(given, ("Kultur", 2), ("Skola", 15))
    second = of_budget(given, ("Kultur- och fritidsnämnden", 6), ("Skola", 20), code="0002")
    found = service_areas.costs(service_areas.unit_areas(plans_of(given, first, second)))
    assert found[found["service_area"] == "FRITID+KULTUR"]["municipality_code"].tolist() == ["0002"]


def test_the_shares_of_a_budget_that_could_be_placed_sum_to_one(given):
    units = [("Skola", 5), ("Kultur och fritid", 2), ("Kommunstyrelsen", 2), ("Enhet 4", 1), ("Finansiering", 90)]
    found = service_areas.known_shares(service_areas.unit_areas(plans_of(given, of_budget(given, *units)))).iloc[0]
    assert found[["in_one_area", "in_joint_areas", "common", "unknown"]].tolist() == [0.5, 0.2, 0.2, 0.1]
    assert found["cost"] == 10_000
    assert found["unknown_units"] == ["Enhet 4"]
    assert len(found["record_ids"]) == 4  # of all units that the shares are shares of


def test_without_plans_there_are_no_rows_but_the_same_columns(given):
    full = service_areas.unit_areas(plans_of(given, of_budget(given, ("Skola", 5), ("Enhet", 4))))
    empty = service_areas.unit_areas(Tables())
    assert empty.empty
    assert list(empty.columns) == list(full.columns)
    assert service_areas.costs(empty).empty
    assert service_areas.known_shares(empty).empty


def test_the_words_name_known_areas_and_no_part_of_a_word_stands_twice():
    listed = vocabulary.terms("service_areas")
    codes = set(reference.service_areas()["area_code"])
    parts = [part for topic in listed for part in listed.fact(topic, "stems", [])]
    assert sorted(parts) == sorted(set(parts))
    for topic in listed:
        assert set(listed.fact(topic, "areas")) <= codes, topic
        assert bool(listed.fact(topic, "areas")) != (listed.fact(topic, "role") in ("common", "finance")), topic
