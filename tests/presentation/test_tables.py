from __future__ import annotations

import lxml.html
import numpy as np
import pandas as pd

from compare.contract import frame
from compare.presentation.places import Place, document_names
from compare.presentation.tables import table_html
from compare.presentation.wording import NO_BREAK_SPACE, Wording

SV, EN = Wording("sv"), Wording("en")


def parsed(rows: pd.DataFrame, say: Wording = SV, **options: object) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(table_html(rows, say, caption="Goals", anchor="t1", **options))  # type: ignore[arg-type]


def cells(table: lxml.html.HtmlElement, row: int = 0) -> list[str]:
    found = table.xpath("//tbody/tr")[row].xpath("./th|./td")
    return [cell.text_content().replace(NO_BREAK_SPACE, " ") for cell in found]


def heads(table: lxml.html.HtmlElement) -> list[str]:
    return [cell.text_content() for cell in table.xpath("//thead//th")]


def test_a_table_has_a_caption_and_heads_with_scope():
    table = parsed(pd.DataFrame({"municipality_code": ["0188"], "n": [3]}))
    assert table.xpath("//caption")[0].text_content() == "Mål"
    assert [th.get("scope") for th in table.xpath("//thead//th")] == ["col", "col"]
    assert [th.get("scope") for th in table.xpath("//tbody//th")] == ["row"]


def test_it_scrolls_in_a_region_that_the_keyboard_reaches_and_that_has_a_name():
    region = parsed(pd.DataFrame({"n": [3]})).xpath("//*[@role='region']")[0]
    assert region.get("tabindex") == "0"
    assert region.xpath("//*[@id=$name]", name=region.get("aria-labelledby"))


def test_values_are_written_in_the_reader_s_language():
    rows = pd.DataFrame(
        {
            "municipality_code": ["0188"],
            "year": pd.array([2022], dtype="Int64"),
            "status": ["not_expected"],
            "rate": [0.567],
            "cost_sek": pd.array([281_600_000], dtype="Int64"),
        }
    )
    assert cells(parsed(rows)) == ["Norrtälje", "2022", "väntas inte bli genomfört", "57 %", "281,6"]
    assert cells(parsed(rows, EN)) == ["Norrtälje", "2022", "not expected to be completed", "57%", "281.6"]
    assert heads(parsed(rows, forms={"cost_sek": "money"}))[-1].endswith("(mnkr)")


def test_what_is_missing_is_said_in_words_and_never_shown_as_zero():
    rows = pd.DataFrame({"name": ["a"], "rate": [np.nan], "n": pd.array([None], dtype="Int64")})
    assert cells(parsed(rows))[1:] == ["uppgift saknas", "uppgift saknas"]


def test_an_empty_cell_that_means_something_says_it():
    rows = pd.DataFrame({"n": [1], "office": pd.array([None], dtype="str")})
    assert cells(parsed(rows))[1] == "gemensamt"


def test_numbers_are_marked_for_alignment_and_words_are_not():
    table = parsed(pd.DataFrame({"title": ["Trygghet"], "n": [3]}))
    assert [cell.get("class") for cell in table.xpath("//tbody/tr/*")] == [None, "number"]


def test_text_of_documents_is_escaped():
    html = table_html(pd.DataFrame({"title": ["<script>alert('x')</script> & \"y\""]}), SV, caption="<b>", anchor="a")
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html


def test_words_of_documents_carry_their_language_on_an_english_page():
    rows = pd.DataFrame({"n": [1], "title": ["Trygghet"]})
    assert [cell.get("lang") for cell in parsed(rows, EN).xpath("//tbody//td")] == ["sv"]
    assert [cell.get("lang") for cell in parsed(rows, SV).xpath("//tbody//td")] == [None]


def test_a_label_in_the_page_s_language_takes_the_place_of_the_source_s_words():
    rows = pd.DataFrame({"n": [1, 2], "title": ["Trygghet", "Skola"], "title_en": ["Safety", None]})
    table = parsed(rows, EN)
    assert [cell.text_content() for cell in table.xpath("//tbody//td")] == ["Safety", "Skola"]
    assert [cell.get("lang") for cell in table.xpath("//tbody//td")] == [None, "sv"]
    assert len(heads(table)) == 2


def test_document_page_and_line_become_one_place_that_leads_to_the_source():
    rows = pd.DataFrame({"title": ["A"], "document_id": ["d1"], "page": [3], "line": [12]})
    documents = frame(
        "documents",
        [
            {
                "document_id": "d1",
                "municipality_code": "2380",
                "title": "t",
                "kind": "follow_up",
                "year": 2022,
                "period": "T1",
                "reading": "machine",
            }
        ],
    )
    table = parsed(rows, names=document_names(documents, SV))
    assert heads(table) == ["Titel", "Källa"]
    link = table.xpath("//td//a")[0]
    assert link.get("href") == "#source-d1"
    assert link.text_content().replace(NO_BREAK_SPACE, " ") == "Östersund T1 2022, s. 3, rad 12"


def test_long_tables_fold_and_very_long_ones_say_what_is_left_out():
    short, long = pd.DataFrame({"n": range(5)}), pd.DataFrame({"n": range(1000)})
    assert not parsed(short).xpath("//summary")
    folded = parsed(long)
    summary = folded.xpath("descendant-or-self::details/summary")[0].text_content().replace(NO_BREAK_SPACE, " ")
    assert "de första 400 av tabellens 1 000 rader" in summary
    assert len(folded.xpath("descendant-or-self::details//tbody/tr")) == 400
    assert "1 000" in folded.text_content().replace(NO_BREAK_SPACE, " ")


def test_a_table_that_is_to_stand_open_folds_all_the_same_where_it_is_long():
    assert not parsed(pd.DataFrame({"n": range(100)}), fold=False).xpath("//summary")
    assert parsed(pd.DataFrame({"n": range(101)}), fold=False).xpath("descendant-or-self::details/summary")


def test_columns_can_be_chosen_ordered_and_named():
    table = parsed(pd.DataFrame({"a": [1], "b": [2], "c": [3]}), columns={"c": "Change", "a": "Goals"})
    assert heads(table) == ["Förändring", "Mål"]
    assert cells(table) == ["3", "1"]


def test_a_list_is_written_with_commas():
    rows = pd.DataFrame({"n": [1], "committees": [["KS", "TN"]], "qualification": [["delayed", "partly_done"]]})
    assert cells(parsed(rows))[1:] == ["KS, TN", "försenat, delvis gjort"]


def test_the_ends_of_an_interval_share_a_column_and_equal_ends_are_written_once():
    rows = pd.DataFrame(
        {"rate": [0.75, 0.5, np.nan], "low": [0.41, 0.5, np.nan], "high": [0.93, 0.5, np.nan], "n": [8, 3, 0]}
    )
    table = parsed(rows, EN)
    assert heads(table) == ["Rate", "95% interval", "n"]
    assert [cells(table, row)[1] for row in range(3)] == ["41–93%", "50%", "no data"]


def test_ends_that_are_no_shares_are_written_with_a_word_between_so_that_a_minus_is_not_taken_for_a_dash():
    rows = pd.DataFrame({"label": ["A"], "low": [-37.5], "high": [11.5]})
    assert cells(parsed(rows, EN, forms={"low": "number", "high": "number"}))[1] == "−37.5 to 11.5"


def test_heads_given_for_the_ends_keep_them_apart():
    rows = pd.DataFrame({"low": [0.1], "high": [0.2]})
    assert len(heads(parsed(rows, EN, columns={"low": "From", "high": "To"}))) == 2
    one = parsed(rows, EN, columns={"low": "Difference", "high": ""}, forms={"low": "points"})
    assert heads(one) == ["Difference (percentage points)"]
    assert cells(one) == ["+10 to +20"]


def test_a_column_of_places_that_no_row_has_is_left_out_and_many_columns_are_set_smaller():
    rows = pd.DataFrame({f"c{n}": [n] for n in range(8)})
    assert heads(parsed(rows, places=[[]])) == heads(parsed(rows))
    assert parsed(rows).xpath("//table/@class") == []
    assert parsed(rows, places=[[Place("a", 1)]]).xpath("//table/@class") == ["wide"]


def test_small_numbers_of_a_column_have_as_many_decimals_and_large_ones_what_they_need():
    rows = pd.DataFrame({"per_goal": [1.87, 0.5], "value": [35398.0, 2.5]})
    assert [cells(parsed(rows, EN), row) for row in (0, 1)] == [["1.87", "35,398"], ["0.50", "2.5"]]


def test_units_and_groups_with_a_name_in_the_page_s_language_are_written_in_it_and_others_stay_as_printed():
    frame = pd.DataFrame({"unit": ["arbetsdag", "kr/inv", "brukare", "%"], "skr_group_name": ["Landsbygdskommun"] * 4})
    html = table_html(frame, Wording("en"), caption="c", anchor="a")
    assert "working days" in html
    assert "SEK per inhabitant" in html
    assert '<th scope="row" lang="sv">brukare</th>' in html
    assert "<td>Rural municipality</td>" in html
    known = "Allmän handling; siffror och fakta återges, ordalydelsen sprids inte vidare"
    terms = table_html(pd.DataFrame({"licence": [known, "CC0"]}), Wording("en"), caption="c", anchor="a")
    assert "its wording is not passed on" in terms
    assert 'lang="sv">CC0</th>' in terms
    assert "arbetsdagar" in table_html(frame, Wording("sv"), caption="c", anchor="a")


def test_columns_of_long_words_are_kept_wide_and_those_of_statuses_have_heads_as_others():
    frame = pd.DataFrame({"name": ["Återkopplingstid i förvaltningarnas ärenden"], "partly_completed": [1]})
    html = table_html(frame, Wording("sv"), caption="c", anchor="a")
    assert 'class="long"' in html
    assert ">Delvis genomfört<" in html
    assert 'class="long"' not in table_html(frame.assign(name="Sjukfrånvaro"), Wording("sv"), caption="c", anchor="a")
