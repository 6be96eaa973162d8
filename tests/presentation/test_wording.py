from __future__ import annotations

import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.presentation.wording import LANGUAGES, MILLIONS, NO_BREAK_SPACE, Wording
from compare.problems import PlanError


def plain(text: str) -> str:
    return text.replace(NO_BREAK_SPACE, " ")


def test_a_message_is_said_in_the_language():
    assert Wording("sv")("What we found") == "Vad vi fann"
    assert Wording("en")("What we found") == "What we found"


def test_a_message_that_no_catalogue_knows_is_left_as_it_is():
    assert Wording("sv")("Never translated {here}") == "Never translated {here}"


def test_an_unknown_language_is_refused_with_the_known_ones():
    with pytest.raises(PlanError, match="sv, en"):
        Wording("fi")


@pytest.mark.parametrize(("n", "words"), [(0, "0 rader"), (1, "1 rad"), (2, "2 rader"), (1200, "1 200 rader")])
def test_plural_forms_follow_the_number(n: int, words: str):
    text = Wording("sv").plural("Show the table with {n} row", "Show the table with {n} rows", n)
    assert plain(text).endswith(words)


def test_numbers_have_the_separators_of_the_language():
    assert plain(Wording("sv").number(-1234.5)) == "−1 234,5"
    assert Wording("en").number(-1234.5) == "−1,234.5"
    assert Wording("sv").number(20.0) == "20"
    assert Wording("sv").number(0.5, 2) == "0,50"


def test_a_space_inside_a_number_does_not_break_lines():
    assert " " not in Wording("sv").number(12_345_678)
    assert " " not in Wording("sv").money(12_345_678)
    assert " " not in Wording("sv").percent(0.5)


@pytest.mark.parametrize(
    ("amount", "sv", "en"),
    [
        (281_600_000, "281,6 mnkr", "SEK 281.6 million"),
        (-614_000, "−614 tkr", "SEK −614 thousand"),
        (4_300, "4 300 kr", "SEK 4,300"),
        (0, "0 kr", "SEK 0"),
    ],
)
def test_money_takes_the_unit_that_its_size_calls_for(amount: int, sv: str, en: str):
    assert plain(Wording("sv").money(amount)) == sv
    assert plain(Wording("en").money(amount)) == en


def test_amounts_that_stand_together_share_the_unit_of_the_largest():
    say = Wording("sv")
    assert say.money_unit([None, 5_000, -20_000_000]) == MILLIONS
    assert say.amount(5_000, MILLIONS) == "0,0"


def test_percent_follows_the_language():
    assert Wording("sv").percent(0.567) == f"57{NO_BREAK_SPACE}%"
    assert Wording("en").percent(0.567, 1) == "56.7%"
    assert Wording("en").percent(0.1, signed=True) == "+10%"


def test_halves_are_rounded_as_by_hand():
    say = Wording("en")
    assert (say.percent(0.125), say.percent(0.285), say.percent(-0.0005, 1)) == ("13%", "29%", "\N{MINUS SIGN}0.1%")
    assert (say.number(2.5, 0), say.number(0.125)) == ("3", "0.13")


def test_an_interval_writes_the_percent_sign_once():
    assert plain(Wording("sv").interval(0.39, 0.78)) == "39–78 %"
    assert Wording("en").interval(0.39, 0.78) == "39–78%"


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
@pytest.mark.parametrize("form", ["number", "percent", "money", "date", "text"])
def test_what_is_missing_is_said_in_words(missing: object, form: str):
    assert getattr(Wording("sv"), form)(missing) == "uppgift saknas"
    assert getattr(Wording("en"), form)(missing) == "no data"


def test_years_are_written_without_separators_and_as_spans():
    say = Wording("en")
    assert say("{year} to {last_year}", year=2022, last_year=2024.0) == "2022 to 2024"
    assert say.years([2024, 2022, 2023, 2026, 2022]) == "2022–2024 and 2026"


def test_two_years_that_follow_each_other_are_a_span_and_one_is_itself():
    assert Wording("sv").years([2022, 2023]) == "2022–2023"
    assert Wording("sv").years([None, 2022]) == "2022"


@pytest.mark.parametrize(
    ("value", "decimals", "sv", "en"),
    [
        (3, None, "+3", "+3"),
        (-3.5, 1, "−3,5", "−3.5"),
        (0, None, "0", "0"),
        (0.004, 2, "0,00", "0.00"),
        (0.04, 1, "0,0", "0.0"),
        (float("inf"), None, "uppgift saknas", "no data"),
        (None, None, "uppgift saknas", "no data"),
    ],
)
def test_a_change_has_a_plus_only_where_it_shows_that_something_grew(value, decimals, sv, en):
    assert (Wording("sv").signed(value, decimals), Wording("en").signed(value, decimals)) == (sv, en)


def test_a_long_list_says_how_many_more_there_are():
    assert Wording("sv").listed(["A", "B", "C", "D"], at_most=2) == "A, B och 2 till"
    assert Wording("en").listed(["A", "B", "C"]) == "A, B, and C"


def test_dates_are_written_out():
    assert plain(Wording("sv").date(datetime.date(2022, 6, 20))) == "20 juni 2022"
    assert plain(Wording("en").date(pd.Timestamp("2022-06-20"))) == "20 June 2022"


def test_a_field_without_a_value_is_an_error_that_names_it():
    with pytest.raises(PlanError, match="'group'"):
        Wording("en")("{group} has none", other=1)


def test_an_unknown_format_word_is_refused():
    with pytest.raises(PlanError, match="percent"):
        Wording("en")("{share:procent}", share=0.5)


def test_a_message_cannot_reach_into_its_values():
    with pytest.raises(PlanError, match="plain name"):
        Wording("en")("{group.__class__}", group="x")


def test_braces_in_a_value_are_only_text():
    assert Wording("en")("Goal: {title}", title="{n} {x!r}") == "Goal: {n} {x!r}"


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(LANGUAGES))
def test_any_number_can_be_written(value: float, language: str):
    say = Wording(language)
    assert say.number(value)
    assert say.percent(value)
    assert say.money(value)


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_a_written_whole_number_keeps_all_its_digits(value: int):
    digits = "".join(c for c in Wording("sv").number(value) if c.isdigit())
    assert int(digits) == abs(value)
