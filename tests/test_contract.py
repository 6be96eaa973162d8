"""The contract is kept by what is derived from it."""

import re
from pathlib import Path

import pandas as pd
import pytest

from compare.contract import TABLES, Tables, arrow_schema, frame, together
from compare.datapackage import dictionary, schema

CONTRACT = Path(__file__).parents[2] / "shared" / "design" / "data_contract.md"


def test_a_frame_has_the_columns_and_types_of_its_table():
    rows = frame("goals", [{"goal_id": "g", "level": 1, "title": "Fler träd"}])
    assert list(rows.columns) == TABLES["goals"].names
    assert rows["level"].dtype == "Int64"
    assert rows["number"].isna().all()


def test_a_municipality_code_stays_text_with_its_leading_zero():
    assert frame("goals", [{"municipality_code": "0114"}])["municipality_code"][0] == "0114"


def test_a_column_that_the_contract_does_not_know_is_refused():
    with pytest.raises(KeyError, match="headline"):
        frame("goals", [{"headline": "Fler träd"}])


def test_a_table_that_was_not_given_is_empty_and_typed():
    assert Tables().budget_lines["amount_sek"].dtype == "Int64"


def test_a_table_of_another_name_is_refused():
    with pytest.raises(AttributeError, match="no table 'targets'"):
        _ = Tables().targets


def test_selecting_municipalities_and_years_keeps_their_rows_in_every_table(follow_up):
    assert len(follow_up.select(["0114"], [2025]).assignments) == 2
    assert follow_up.select(["0180"]).assignments.empty
    assert follow_up.select(years=[2024]).statuses.empty


def test_links_stay_only_with_both_ends(follow_up):
    ids = follow_up.assignments["assignment_id"]
    link = {"from_table": "assignments", "to_table": "assignments", "relation": "same_assignment"}
    links = frame("links", [{**link, "from_id": ids[0], "to_id": ids[1]}, {**link, "from_id": ids[0], "to_id": "gone"}])
    tables = Tables(**{**follow_up, "links": links})
    assert tables.select(["0114"]).links["to_id"].tolist() == [ids[1]]


def test_tables_are_put_together_in_the_order_given(follow_up):
    both = together([follow_up, Tables()])
    pd.testing.assert_frame_equal(both.assignments, follow_up.assignments)


def test_every_reference_points_at_the_key_of_a_table():
    for table in TABLES.values():
        for column in table.columns:
            if column.references:
                target, key = column.references.split(".")
                assert TABLES[target].key == key


def test_the_dictionary_names_every_column_in_both_languages():
    for language in ("en", "sv"):
        text = dictionary(language)
        for table in TABLES.values():
            section = text.split(f"## {table.name}\n")[1].split("\n## ")[0]
            assert all(f"| `{name}` |" in section for name in table.names)


def test_the_schema_for_other_tools_has_keys_and_code_lists():
    statuses = schema(TABLES["statuses"])
    assert statuses["primaryKey"] == ["status_id"]
    field = next(f for f in statuses["fields"] if f["name"] == "status")
    assert "completed" in field["constraints"]["enum"]


def test_required_columns_are_not_null_in_parquet():
    assert not arrow_schema("goals").field("title").nullable


@pytest.mark.skipif(not CONTRACT.is_file(), reason="needs the written contract in ../shared")
def test_no_column_of_the_written_contract_is_missing():
    text = CONTRACT.read_text(encoding="utf-8").split("## Tables")[1].split("## Where")[0]
    for name, body in re.findall(r"\*\*(\w+)\*\*: (.*?)(?=\n\n|\n\*\*|\Z)", text, flags=re.DOTALL):
        outside = re.sub(r"\{[^}]*\}|\([^)]*\)", "", body).split(". ")[0]
        named = {part.strip().rstrip(".*") for part in re.split(r"[;,\n]", outside)}
        columns = {part for part in named if re.fullmatch(r"[a-z_]+", part)} - {"list", "start", "end"}
        assert columns <= set(TABLES[name].names), name


def test_what_a_list_names_twice_stands_in_it_once_and_in_its_order():
    rows = frame("assignments", [{"assignment_id": "a", "committees": ["TN", "KS", "TN"]}, {"assignment_id": "b"}])
    assert rows["committees"].tolist() == [["TN", "KS"], None]
