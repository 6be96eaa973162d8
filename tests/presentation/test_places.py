from __future__ import annotations

import lxml.html
import pandas as pd
import pytest

from compare.presentation.places import Place, document_names, documents_of_rows, merged, place_links, spots
from compare.presentation.wording import NO_BREAK_SPACE, Wording

SV = Wording("sv")


def words(*places: Place) -> str:
    return spots(places, SV).replace(NO_BREAK_SPACE, " ")


def test_a_place_says_its_page_and_its_lines():
    assert words(Place("d", 3, 12, 14)) == "s. 3, rad 12–14"
    assert words(Place("d", None, 12, 12)) == "rad 12"
    assert words(Place("d")) == ""


def test_several_places_of_a_document_are_said_together():
    assert words(Place("d", None, 5), Place("d", None, 9, 11)) == "rad 5, 9–11"
    assert words(Place("d", 2, 5), Place("d", 7, 9), Place("d", 7, 20)) == "s. 2, rad 5; s. 7, rad 9, 20"
    assert words(Place("d", 2), Place("d", 7), Place("d", 9, 3)) == "s. 2, 7; s. 9, rad 3"


def test_a_line_within_lines_that_are_cited_already_is_not_cited_twice():
    cited = merged([Place("d", None, 138), Place("d", None, 138, 140), Place("d", None, 139), Place("d", None, 150)])
    assert words(*cited) == "rad 138–140, 150"


def test_documents_that_would_be_called_the_same_say_their_committee_or_kind():
    documents = pd.DataFrame(
        {
            "document_id": ["a", "b", "c"],
            "municipality_code": ["0188", "0188", "2380"],
            "year": [2022, 2022, 2022],
            "period": [None, None, "T1"],
            "board": ["kommunstyrelsen", None, None],
            "kind": ["operational_plan", "goals_and_budget", "follow_up"],
        }
    )
    names = document_names(documents, SV)
    assert names == {
        "a": "Norrtälje 2022 (kommunstyrelsen)",
        "b": "Norrtälje 2022 (mål och budget)",
        "c": "Östersund T1 2022",
    }


def test_many_places_are_one_link_per_document_and_a_count():
    places = [Place("a", None, line) for line in range(1, 4)] + [Place("b", None, line) for line in range(1, 4)]
    html = lxml.html.fromstring(f"<p>{place_links(places, {'a': 'A'}, SV)}</p>")
    assert html.text_content().replace(NO_BREAK_SPACE, " ") == "A, rad 1, 2, 3; b, rad 1; 2 ställen till"
    assert html.xpath("//a/@href") == ["#source-a", "#source-b", "#source-b"]
    assert html.xpath("//a/@title") == [f"b, rad{NO_BREAK_SPACE}2, 3"]


def test_each_of_several_documents_has_a_place_though_the_first_has_many():
    places = [Place("a", None, line) for line in range(1, 9)] + [Place("b", None, 5), Place("c", None, 6)]
    html = lxml.html.fromstring(f"<p>{place_links(places, {}, SV)}</p>")
    assert html.text_content().replace(NO_BREAK_SPACE, " ") == "a, rad 1, 2; b, rad 5; c, rad 6; 6 ställen till"
    html = lxml.html.fromstring(f"<p>{place_links([Place(c, None, 1) for c in 'abcdef'], {}, SV)}</p>")
    assert [words.split(",")[0] for words in html.xpath("//a/text()")] == ["a", "b", "c", "d", "2 ställen till"]
    assert html.xpath("//a/@title") == [f"e, rad{NO_BREAK_SPACE}1; f, rad{NO_BREAK_SPACE}1"]


def test_many_documents_as_wholes_are_one_link_to_the_list_of_sources():
    html = lxml.html.fromstring(f"<p>{place_links([Place(c) for c in 'abcdef'], {'a': 'Exempelstad'}, SV)}</p>")
    assert html.xpath("//a/text()") == ["6 dokument"]
    assert html.xpath("//a/@href") == ["#sources"]
    assert html.xpath("//a/@title") == ["Exempelstad; b; c; d; e; f"]
    few = lxml.html.fromstring(f"<p>{place_links([Place(c) for c in 'abcd'], {}, SV)}</p>")
    assert few.xpath("//a/@href") == ["#source-a", "#source-b", "#source-c", "#source-d"]


DOCUMENTS = pd.DataFrame(
    {
        "document_id": ["a", "b", "c"],
        "municipality_code": ["0188", "0188", "2380"],
        "year": pd.array([2022, 2023, 2022], "Int64"),
    }
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"document_id": "b", "line": 7}, [Place("b", None, 7)]),
        ({"document_id": None, "municipality_code": "2380"}, [Place("c")]),
        ({"municipality_code": "0188", "year": 2023}, [Place("b")]),
        ({"municipality_code": "0188", "year": 2031}, [Place("a"), Place("b")]),
        ({"municipality_code": "0188", "year": 2023, "plan_year": 2022}, [Place("a")]),
        ({"municipality_code_1": "0188", "municipality_code_2": "2380"}, [Place("a"), Place("b"), Place("c")]),
        ({"municipality_code": "1480", "year": 2022}, []),
        ({"theme": "care"}, []),
    ],
)
def test_a_row_without_records_leads_to_its_own_place_or_to_the_documents_that_it_is_about(row, expected):
    assert documents_of_rows(pd.DataFrame([row]), DOCUMENTS) == [expected]


def test_the_title_of_very_many_places_ends_with_a_mark():
    html = lxml.html.fromstring(f"<p>{place_links([Place('a', None, 2 * n) for n in range(1, 99)], {}, SV)}</p>")
    assert html.xpath("//a/@title")[0].endswith(", 128 …")


def test_a_document_id_cannot_break_out_of_its_link():
    html = lxml.html.fromstring(f"<p>{place_links([Place(chr(34) + '><script>')], {}, SV)}</p>")
    assert not html.xpath("//script")


def test_several_lines_or_pages_are_in_the_plural_in_english():
    say = Wording("en")
    one, more = Place("a", None, 3), Place("a", None, 3, 5)
    assert [spots([place], say).split(NO_BREAK_SPACE)[0] for place in (one, more)] == ["line", "lines"]
    assert spots([Place("a", 2), Place("a", 4)], say) == f"pp.{NO_BREAK_SPACE}2, 4"
