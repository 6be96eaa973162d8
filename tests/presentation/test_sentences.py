from __future__ import annotations

import pandas as pd
import pytest

from compare.presentation import sentences
from compare.presentation.wording import Wording

EN, SV = Wording("en"), Wording("sv")


class Cited:
    """A page that leads to the ids themselves."""

    say = EN

    def places(self, record_ids):
        return tuple(record_ids)

    def documents_of(self, rows):
        return tuple(f"plan of {code}" for code in rows.get("municipality_code", []))


def test_a_rate_has_its_count_its_n_and_its_interval():
    finding = sentences.rate(EN, "{count} of {n} were completed ({rate:percent}).", n=40, rate=0.7, low=0.55, high=0.82)
    assert finding.text == "28 of 40 were completed (70%). 95% interval 55–82%."


def test_a_rate_of_few_is_hedged_in_both_languages():
    few = {"n": 7, "rate": 5 / 7, "low": 0.36, "high": 0.92}
    assert sentences.rate(EN, "{count} of {n}.", **few).text.endswith("too few to compare.")
    assert sentences.rate(SV, "{count} of {n}.", **few).text.endswith("för få för att jämföra.")


@pytest.mark.parametrize(("n", "rate"), [(0, float("nan")), (5, None), (0, 0.0), (pd.NA, 0.5)])
def test_a_rate_of_nothing_says_that_there_is_no_data(n: object, rate: object):
    assert sentences.rate(EN, "{count} of {n}.", n=n, rate=rate, group="Norrtälje").text == "Norrtälje: no data."


@pytest.mark.parametrize(("low", "high", "verdict"), [(-0.1, 0.3, "may be chance"), (0.05, 0.3, "more than chance")])
def test_a_difference_says_whether_chance_may_explain_it(low: float, high: float, verdict: str):
    text = sentences.difference(EN, "{points} points more.", difference=0.2, low=low, high=high).text
    assert verdict in text


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-0.104, 0.3, "20 points less. 95% interval −10 to +30 points: the difference may be chance."),
        (0.0, 0.3, "20 points less. 95% interval 0 to +30 points: the difference may be chance."),
        (-0.3, -0.05, "20 points less. 95% interval −30 to −5 points: more than chance."),
        (None, 0.3, "20 points less."),
    ],
)
def test_a_difference_tells_its_points_and_its_interval_with_signs(low, high, said):
    assert sentences.difference(EN, "{points} points less.", difference=-0.2, low=low, high=high).text == said


def test_an_end_that_chance_does_not_reach_is_not_written_as_0():
    text = sentences.difference(EN, "{points} points more.", difference=0.06, low=0.004, high=0.12).text
    assert text.endswith("95% interval +0.4 to +12 points: more than chance.")


def test_a_change_of_money_is_relative_and_one_of_shares_in_points():
    money = sentences.change(EN, "{before} to {after}: {change}.", before=10e6, after=11e6, form="money")
    assert money.text.endswith(": +10.0%.")
    share = sentences.change(EN, "{before} to {after}: {change}.", before=0.2, after=0.25, form="percent")
    assert share.text == "20% to 25%: +5 percentage points."


def test_a_change_from_nothing_has_no_percentage():
    assert "from nothing" in sentences.change(EN, "{change}", before=0, after=3).text


def test_extremes_leave_out_what_rests_on_few():
    rates = pd.DataFrame({"municipality_code": ["0188", "2380", "0114"], "rate": [1.0, 0.5, 0.2], "n": [3, 20, 20]})
    finding = sentences.extremes(
        Cited(), "{high_name} {high}, {low_name} {low}", rates, value="rate", form="percent", n="n"
    )
    assert finding is not None
    assert finding.text == "Östersund 50%, Upplands Väsby 20%"
    assert finding.places == ("plan of 0114", "plan of 2380")


def test_extremes_lead_to_the_records_of_the_two():
    ids = [["a"], ["b"], ["c", "d"]]
    rates = pd.DataFrame({"municipality_code": ["0188", "2380", "0114"], "rate": [1.0, 0.5, 0.2], "record_ids": ids})
    finding = sentences.extremes(Cited(), "{high_name}", rates, value="rate")
    assert finding is not None
    assert finding.places == ("c", "d", "a")


def test_the_extremes_of_many_are_followed_by_the_middle_half():
    rates = pd.DataFrame({"municipality_code": [f"900{n}" for n in range(6)], "rate": [0.0, 0.4, 0.4, 0.6, 0.6, 1.0]})
    finding = sentences.extremes(Cited(), "{high} and {low}.", rates, value="rate", form="percent")
    assert finding is not None
    assert finding.text == "100% and 0%. The middle half of them have 40% to 60%."


def test_a_caption_names_few_municipalities_and_years_and_counts_many():
    rows = pd.DataFrame({"municipality_code": "2380", "year": range(2018, 2023)})
    assert sentences.whose_all(EN, rows) == "5 municipalities and years"
    assert sentences.whose_all(SV, rows.head(2)) == "Östersund 2018 och Östersund 2019"
    assert sentences.whose_all(SV, pd.concat([rows.head(2)] * 3)) == "Östersund 2018 och Östersund 2019"


def test_there_are_no_extremes_of_one():
    rates = pd.DataFrame({"municipality_code": ["0188"], "rate": [1.0]})
    assert sentences.extremes(Cited(), "{high_name}", rates, value="rate") is None


def test_amounts_that_a_sentence_sets_against_each_other_are_in_one_unit():
    text = sentences.change(SV, "{before} och {after}", before=37_525_000, after=4_075_000, form="money").text
    assert text.replace("\N{NO-BREAK SPACE}", " ") == "37,5 mnkr och 4,1 mnkr"


def title(rows):
    several = "{low:percent} in {low_name}, {high:percent} in {high_name}"
    middle = "half of {groups}: {span}"
    return sentences.between(
        EN, rows, "rate", one=lambda row: f"only {row.year}", several=several, middle=middle, form="percent"
    )


def test_a_title_between_the_ends_of_a_measure_leaves_unknown_values_out():
    rows = pd.DataFrame(
        {"municipality_code": ["0188", "0188", "2380"], "year": [2022, 2023, 2022], "rate": [0.5, None, 0.2]}
    )
    assert title(rows) == "20% in Östersund 2022, 50% in Norrtälje 2022"
    assert title(rows.head(2)) == "only 2022"
    assert title(rows[rows["rate"].isna()]) == ""


def test_a_title_names_no_ends_of_very_many():
    many = pd.DataFrame(
        {"municipality_code": "0188", "year": range(2015, 2024), "rate": [n / 10 for n in range(1, 10)]}
    )
    assert title(many) == "half of 9: 30% to 70%"
    assert title(many.assign(rate=0.5)) == "half of 9: 50%"


def test_many_rates_are_one_finding_with_the_middle_half_of_those_that_rest_on_enough():
    rows = pd.DataFrame({"n": [20, 20, 20, 20, 2], "rate": [0.2, 0.4, 0.4, 0.6, 1.0]})
    text = sentences.over_many(Cited(), "{count} of {n} in {groups} plans ({rate:percent}).", rows).text
    assert text == "34 of 82 in 5 plans (41%). In the middle half of them it is 35–45%."
    alike = sentences.over_many(Cited(), "{count} of {n}.", rows.assign(rate=0.5)).text
    assert alike == "41 of 82. In the middle half of them it is 50%."


def test_rates_of_an_unknown_number_have_no_part_in_the_middle_half_and_parts_of_units_are_rounded():
    rows = pd.DataFrame({"n": pd.array([20, 20, None], "Int64"), "rate": [0.333, 0.5, 1.0]})
    found = sentences.over_many(Cited(), "{count} of {n} in {groups}.", rows)
    assert found.text == "17 of 40 in 3. In the middle half of them it is 37–46%."


def test_what_rests_on_few_is_told_only_where_nothing_rests_on_more():
    rows = pd.DataFrame({"n": [3, 30]})
    assert sentences.enough(rows)["n"].tolist() == [30]
    assert sentences.enough(rows.head(1))["n"].tolist() == [3]


def test_extremes_that_are_written_alike_are_none():
    rates = pd.DataFrame({"municipality_code": ["0188", "2380"], "rate": [0.501, 0.502]})
    assert sentences.extremes(Cited(), "{high_name} {low_name}", rates, value="rate", form="percent") is None


RATES = pd.DataFrame(
    {
        "municipality_code": ["0188", "2380", "1480"],
        "plan_year": [2022, 2023, 2023],
        "n": pd.array([20, 0, None], "Int64"),
        "count": pd.array([5, 0, None], "Int64"),
        "rate": [0.25, None, None],
        "low": [0.1, None, None],
        "high": [0.5, None, None],
        "unknown": pd.array([3, 4, 0], "Int64"),
        "record_ids": [["a", "b"], [], []],
    }
)


def test_every_row_of_rates_that_rests_on_something_is_told_with_whose_it_is_and_leads_to_its_records():
    message = "{group} {year}: {count} of {n} {what}, {unknown} unknown."
    (told,) = sentences.rates(Cited(), message, RATES, fields=lambda row: {"what": f"rows of {row.n}"})
    assert told.text == "Norrtälje 2022: 5 of 20 rows of 20, 3 unknown. 95% interval 10–50%."
    assert told.places == ("a", "b")


def test_the_message_of_a_rate_may_depend_on_its_row():
    (told,) = sentences.rates(Cited(), lambda row: "few" if row.count < 10 else "many", RATES)
    assert told.text.startswith("few")


def test_rows_are_told_together_with_the_interval_of_their_sum_and_not_at_all_where_they_rest_on_nothing():
    (told,) = sentences.together(Cited(), "{count} of {n}", RATES, ids="record_ids")
    assert told.text == "5 of 20 95% interval 11–47%."
    assert list(sentences.together(Cited(), "{count} of {n}", RATES.tail(2))) == []
