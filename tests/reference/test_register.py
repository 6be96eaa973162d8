"""The register knows every municipality, keeps codes as text, and says what was probably meant."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare import reference
from compare.problems import PlanError, ProblemsFound
from compare.reference import register


def test_the_register_holds_290_municipalities_in_21_counties_and_nine_groups():
    frame = reference.municipalities()
    assert len(frame) == frame["municipality_code"].nunique() == 290
    assert frame["county_code"].nunique() == 21
    assert frame["skr_group"].nunique() == 9
    assert not frame.isna().any().any()
    assert (frame["municipality_code"].str[:2] == frame["county_code"]).all()


def test_codes_are_four_digit_texts_in_every_frame():
    for frame in (reference.municipalities(), reference.population(), reference.similar()):
        assert frame["municipality_code"].dtype == "str"
        assert frame["municipality_code"].str.fullmatch(r"\d{4}").all()


def test_every_frame_has_its_columns_alone_and_rows_numbered_from_zero():
    makers = (
        reference.municipalities, reference.counties, reference.skr_groups, reference.population, reference.borders,
        reference.price_index, reference.similar, reference.key_figures, reference.service_areas, reference.sources,
    )  # fmt: skip
    for make in makers:
        frame = make()
        assert frame.index.equals(pd.RangeIndex(len(frame)))
        columns = [name for name in frame if str(name) in (make.__doc__ or "") or str(name).startswith("label_")]
        told = make is reference.key_figures  # which names some and says that there are more
        assert told or columns == list(frame.columns)


def test_group_sizes_are_those_of_the_division_of_2023():
    sizes = reference.municipalities()["skr_group"].value_counts().sort_index()
    assert dict(sizes) == {"A1": 3, "A2": 43, "B3": 23, "B4": 63, "B5": 24, "C6": 27, "C7": 51, "C8": 35, "C9": 21}


@pytest.mark.parametrize(("year", "inhabitants"), [(2018, 10230185), (2022, 10521556), (2024, 10587710)])
def test_population_adds_up_to_the_country(year, inhabitants):
    frame = reference.population()
    assert frame.loc[frame["year"] == year, "population"].sum() == inhabitants


def test_every_municipality_has_a_population_in_every_year():
    frame = reference.population()
    assert len(frame) == 2900
    assert not frame.duplicated(["municipality_code", "year"]).any()


def test_the_price_index_has_no_missing_year():
    frame = reference.price_index()
    assert list(frame["year"]) == list(range(1980, 2026))
    assert frame["index"].gt(0).all()
    assert frame["index"].iloc[0] == 100.0


def test_similar_municipalities_are_seven_known_others():
    frame = reference.similar()
    assert set(frame.groupby(["area", "municipality_code"]).size()) == {7}
    assert set(frame["similar_code"]) <= set(reference.names())
    assert not (frame["similar_code"] == frame["municipality_code"]).any()


def test_the_key_figures_of_the_service_areas_are_in_the_selection():
    assert set(reference.service_areas()["net_cost_kpi"]) <= set(reference.key_figures()["kpi"])


def test_every_file_has_a_source_card_and_every_card_a_file():
    files = {path.stem for path in reference.folder().glob("*.csv")}
    assert set(reference.sources()["table"]) == files


def test_kolada_is_named_for_unchanged_data_and_skr_and_scb_for_theirs():
    labels = reference.sources().set_index("table")["label_sv"]
    assert labels["similar"] == "Källa: Kolada"
    assert "SKR" in labels["skr_groups"]
    assert "SCB" in labels["population"]
    assert "SCB" in labels["price_index"]


def test_a_frame_may_be_changed_without_changing_the_next_ones():
    first = reference.population()
    first["population"] = 0
    first.loc[0, "municipality_code"] = "9999"
    assert reference.population()["population"].gt(0).all()
    assert reference.population()["municipality_code"].iloc[0] == "0114"


def test_an_integer_code_is_refused_and_the_quoted_one_shown():
    with pytest.raises(PlanError, match=r'180 is no text.*quote it, as in "0180"'):
        reference.check_code(180)


@pytest.mark.parametrize("value", [76, 1.5, None, True, ["0188"], float("nan")])
def test_what_is_no_text_is_refused(value):
    with pytest.raises(PlanError, match="quote it"):
        reference.check_code(value)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("180", "0180"),
        ("0181 ", "0181"),
        ("01 88", "0188"),
        ("Norrtälje", "0188"),
        ("norrtälje KOMMUN", "0188"),
        ("Stockholms stad", "0180"),
        ("Hofors", "2104"),
        ("Östersunds kommun", "2380"),
        ("Håbo", "0305"),
        ("Habo", "0643"),
    ],
)
def test_a_misspelt_code_or_a_name_is_answered_with_the_code_meant(value, code):
    with pytest.raises(PlanError, match=f'did you mean "{code}"'):
        reference.check_code(value)


@given(st.text())
def test_any_text_is_either_a_known_code_or_a_plan_error(value):
    if value in reference.names():
        assert reference.check_code(value) == value
    else:
        with pytest.raises(PlanError, match="unknown municipality"):
            reference.check_code(value)


def test_a_name_is_found_by_code():
    assert reference.name_of("0114") == "Upplands Väsby"


def test_peers_are_the_similar_ones_the_group_the_county_or_those_chosen():
    assert len(reference.peers("0188")) == 7
    assert reference.peers("0188", area="socioekonomi") != reference.peers("0188")
    group = reference.peers("1480", by="group")
    assert group == ["0180", "1280"]
    assert reference.peers("0980", by="county") == []
    assert reference.peers("0188", by=["2380", "0188", "1291", "2380"]) == ["1291", "2380"]


def test_an_unknown_way_area_or_peer_is_refused():
    with pytest.raises(PlanError, match="similar, group, county or a list"):
        reference.peers("0188", by="size")
    with pytest.raises(PlanError, match="use one of IFO"):
        reference.peers("0188", area="skola")
    with pytest.raises(PlanError, match="quote it"):
        reference.peers("0188", by=[2380])  # type: ignore[list-item]


def test_a_municipality_without_similar_ones_says_so():
    known = set(reference.names())
    frame = reference.similar()
    without = known - set(frame.loc[frame["area"] == "LSS", "municipality_code"])
    with pytest.raises(PlanError, match="no similar municipalities"):
        reference.peers(without.pop(), area="LSS")


def test_the_variable_names_the_data_folder_before_all_others(tmp_path, monkeypatch):
    (tmp_path / "reference").mkdir()
    monkeypatch.setenv("PLANCOMPARE_DATA", str(tmp_path))
    assert reference.folder() == tmp_path / "reference"


def test_a_variable_that_names_no_data_folder_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANCOMPARE_DATA", str(tmp_path))
    with pytest.raises(PlanError, match="must name a folder that holds reference/"):
        reference.folder()


def test_the_working_directory_comes_before_the_repository(tmp_path, monkeypatch):
    (tmp_path / "data" / "reference").mkdir(parents=True)
    monkeypatch.delenv("PLANCOMPARE_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert reference.folder() == tmp_path / "data" / "reference"


def test_an_installed_package_without_data_says_what_to_set(tmp_path, monkeypatch):
    monkeypatch.delenv("PLANCOMPARE_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(register, "__file__", str(tmp_path / "site-packages" / "compare" / "reference" / "register.py"))
    with pytest.raises(PlanError, match="set PLANCOMPARE_DATA"):
        reference.folder()


def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "population.csv").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PLANCOMPARE_DATA", str(tmp_path))


def test_codes_that_a_spreadsheet_cut_are_all_named(tmp_path, monkeypatch):
    _own_folder(tmp_path, monkeypatch, "municipality_code,year,population\n114,2020,1\n0115,2020,2\n117,2020,3\n")
    with pytest.raises(ProblemsFound, match=r"row 2.*\n.*row 4"):
        reference.population()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("municipality_code,year\n0114,2020\n", "lacks the column population"),
        ("municipality_code,year,population\n0114,2020,many\n", "column population holds what is no Int64"),
        ("", "cannot be read"),
    ],
)
def test_a_damaged_file_is_named_with_what_is_wrong(tmp_path, monkeypatch, text, said):
    _own_folder(tmp_path, monkeypatch, text)
    with pytest.raises(PlanError, match=said):
        reference.population()


def test_an_empty_cell_is_missing_and_never_zero(tmp_path, monkeypatch):
    _own_folder(tmp_path, monkeypatch, "municipality_code,year,population\n0114,2020,\n")
    assert pd.isna(reference.population()["population"].iloc[0])


def test_every_municipality_has_borders_in_sweden():
    found = reference.borders()
    assert set(found["municipality_code"]) == set(reference.names())
    corners = np.vstack(found["ring"].tolist())
    assert (corners.min(axis=0) > (270_000, 6_130_000)).all()
    assert (corners.max(axis=0) < (920_000, 7_680_000)).all()
    assert all(len(ring) >= 3 for ring in found["ring"])


def test_the_borders_enclose_about_the_area_that_the_country_has():
    def area(ring):
        x, y = ring.T
        return abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2e6

    found = reference.borders()
    areas = found["ring"].map(area).groupby(found["municipality_code"]).sum()
    assert areas.sum() == pytest.approx(436_813, rel=1e-4)
    assert areas.idxmax() == "2584"
    assert areas.idxmin() == "0183"


def test_neighbours_share_corners_of_their_border():
    rings = reference.borders().groupby("municipality_code")["ring"].agg(lambda parts: np.vstack(parts.tolist()))
    ours, theirs = ({tuple(corner) for corner in rings[code]} for code in ("0114", "0163"))
    assert len(ours & theirs) >= 3


@pytest.fixture(scope="module")
def given(shared):
    """Reads a file of the facts as they were handed to the project, every cell a text."""
    return lambda name: pd.read_csv(shared / "reference" / f"{name}.csv", dtype=str, keep_default_na=False)


def _cells(frame: pd.DataFrame) -> set[tuple[str, ...]]:
    return set(frame.astype(object).where(frame.notna(), "").astype(str).itertuples(index=False, name=None))


def test_every_fact_of_the_register_is_the_one_that_was_handed_over(given):
    own = reference.municipalities()
    theirs = given("municipalities")[
        [
            *("code", "name", "name_full", "county_code", "skr_group_2023_code"),
            *("county_name", "skr_group_2023", "skr_main_group_2023"),
        ]
    ]
    assert _cells(own) == _cells(theirs)
    assert _cells(reference.counties()) == _cells(given("counties"))
    groups = given("skr_kommungrupper_2023")
    assert _cells(reference.skr_groups()) == _cells(groups[["code", "name", "main_code", "main_name"]])
    sizes = own["skr_group"].value_counts().sort_index().astype(str)
    assert list(sizes) == list(groups["n_municipalities"])


def test_every_inhabitant_price_and_similar_municipality_is_the_one_that_was_handed_over(given):
    assert _cells(reference.population()) == _cells(given("population")[["code", "year", "population"]])
    prices = given("price_index_kpi")
    assert _cells(reference.price_index()) == _cells(prices[["year", "kpi_1980_100"]])
    similar = given("similar_municipalities")[["focal_code", "member_code", "area", "model_year"]]
    assert _cells(reference.similar()) == _cells(similar)
    assert len(reference.similar()) == len(similar)


def test_every_key_figure_stands_as_in_the_catalogue_with_its_assumed_direction(given):
    same = ["title", "direction_assumed", "municipality_type", "operating_area", "perspective"]
    theirs = given("kolada_kpi_selected")
    assert _cells(reference.key_figures()[["kpi", *same, "publication_period"]]) == _cells(
        theirs[["id", *same, "publ_period"]]
    )
    areas = given("rs_areas_draft")[["rs_area_code", "rs_area_name", "kolada_net_cost_kr_inv"]]
    assert _cells(reference.service_areas()[["area_code", "name", "net_cost_kpi"]]) == _cells(areas)
