"""Whether targets move, whether they ask for more than was reached, and which do not say which way is better."""

import pytest

from compare.measures import target_paths


@pytest.fixture
def plan(given):
    """Targets that keep what was reached, that are flat above it, that rise, and one in words."""
    values = [
        *[
            given.value("keeps", year, kind, 5)
            for year, kind in ((2020, "outcome"), (2022, "target"), (2023, "target"))
        ],
        *[
            given.value("flat", year, kind, n)
            for year, kind, n in ((2020, "outcome", 3), (2022, "target", 5), (2023, "target", 5))
        ],
        *[given.value("rises", year, "target", n, text=str(n)) for year, n in ((2022, 5), (2024, 9))],
        given.value("once", 2022, "target", 7, text="minst 7"),
        given.value("words", 2022, "target", None, text="Minskat"),
    ]
    names = ("keeps", "flat", "rises", "once", "words")
    return given.plans(
        indicators=[given.indicator(name, line=n) for n, name in enumerate(names)], indicator_values=values
    )


def test_a_path_has_its_ends_and_its_baseline(plan):
    paths = target_paths.paths(plan).set_index("unit_id")
    assert paths.loc["rises", ["targets", "first_year", "first", "last_year", "last"]].tolist() == [2, 2022, 5, 2024, 9]
    assert paths.loc["flat", "baseline"] == 3
    assert "words" not in paths.index


def test_flat_is_unknown_for_one_target_and_keeping_without_a_baseline(plan):
    paths = target_paths.paths(plan).set_index("unit_id")
    assert paths["flat"].dropna().to_dict() == {"keeps": True, "flat": True, "rises": False}
    assert paths["keeps"].dropna().to_dict() == {"keeps": True, "flat": False}


def test_rates_count_only_what_can_be_known(plan):
    rates = target_paths.path_rates(plan).set_index("measure")
    assert rates.loc["flat", ["count", "n"]].tolist() == [2, 3]
    assert rates.loc["keeps", ["count", "n"]].tolist() == [1, 2]


def test_indicators_whose_cells_say_no_direction_are_listed(plan):
    assert target_paths.without_direction(plan)["indicator_id"].tolist() == ["keeps", "flat", "rises"]
    (known,) = target_paths.directions_known(plan).to_dict("records")
    assert (known["count"], known["n"]) == (2, 5)


def test_a_rate_leads_to_the_targets_it_counts(plan):
    rates = target_paths.path_rates(plan).set_index("measure")
    paths = target_paths.paths(plan).set_index("unit_id")
    assert rates.loc["keeps", "record_ids"] == paths.loc["keeps", "record_ids"]
    assert rates.loc["flat", "record_ids"] == paths.loc["flat", "record_ids"] + paths.loc["keeps", "record_ids"]


def test_points_stand_by_municipality_and_leave_out_what_has_no_number_or_no_year(given):
    documents = [given.document("b", "0002"), given.document("a", "0001")]
    values = [
        given.value(own, year, "outcome", number, text=text, document_id=own)
        for own in ("b", "a")
        for year, number, text in ((2021, 1, "1"), (2022, None, "Ökad"), (None, 3, "3"))
    ]
    plans = given.plans(
        documents, indicators=[given.indicator(own, document_id=own) for own in "ba"], indicator_values=values
    )
    found = target_paths.points(plans)
    assert found[["municipality_code", "year", "value"]].to_numpy().tolist() == [["0001", 2021, 1], ["0002", 2021, 1]]


def test_of_two_printings_the_later_plan_counts(given):
    documents = [given.document("a", year=2022), given.document("b", year=2023)]
    values = [
        given.value("i", 2021, "outcome", 1, document_id="a"),
        given.value("i", 2021, "outcome", 2, document_id="b"),
    ]
    points = target_paths.points(given.plans(documents, indicators=[given.indicator("i")], indicator_values=values))
    assert points["value"].tolist() == [2]
