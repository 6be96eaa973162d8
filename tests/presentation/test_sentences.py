from __future__ import annotations

import pandas as pd
import pytest

from compare.presentation import sentences
from compare.presentation.wording import Wording

EN, SV = Wording("en"), Wording("sv")


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


def test_a_change_of_money_is_relative_and_one_of_shares_in_points():
    money = sentences.change(EN, "{before} to {after}: {change}.", before=10e6, after=11e6, form="money")
    assert money.text.endswith(": +10.0%.")
    share = sentences.change(EN, "{before} to {after}: {change}.", before=0.2, after=0.25, form="percent")
    assert share.text == "20% to 25%: +5 percentage points."


def test_a_change_from_nothing_has_no_percentage():
    assert "from nothing" in sentences.change(EN, "{change}", before=0, after=3).text


def test_extremes_leave_out_what_rests_on_few():
    rates = pd.DataFrame({"municipality_code": ["0188", "2380", "0114"], "rate": [1.0, 0.5, 0.2], "n": [3, 20, 20]})
    finding = sentences.extremes(EN, "{high_name} {high}, {low_name} {low}", rates, value="rate", form="percent", n="n")
    assert finding is not None
    assert finding.text == "Östersund 50%, Upplands Väsby 20%"


def test_there_are_no_extremes_of_one():
    rates = pd.DataFrame({"municipality_code": ["0188"], "rate": [1.0]})
    assert sentences.extremes(EN, "{high_name}", rates, value="rate") is None


def test_amounts_that_a_sentence_sets_against_each_other_are_in_one_unit():
    text = sentences.change(SV, "{before} och {after}", before=37_525_000, after=4_075_000, form="money").text
    assert text.replace("\N{NO-BREAK SPACE}", " ") == "37,5 mnkr och 4,1 mnkr"


def test_the_ends_of_a_measure_leave_unknown_values_out():
    rows = pd.DataFrame({"rate": [0.5, None, 0.2], "name": ["b", "c", "a"]})
    least, most = sentences.ends(rows, "rate") or (None, None)
    assert (least.name, most.name) == ("a", "b")
    assert sentences.ends(rows[rows["rate"].isna()], "rate") is None
