from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.problems import PlanError, ProblemsFound
from compare.reports.parameters import Parameter, assignments, resolve

DECLARED = (
    Parameter("municipalities", "municipalities"),
    Parameter("years", "years"),
    Parameter("language", "language", default="sv"),
    Parameter("limit", "integer", minimum=1, maximum=9),
    Parameter("share", "number"),
    Parameter("strict", "boolean", default=True),
    Parameter("since", "date"),
    Parameter("unit", "choice", choices=("kr", "tkr")),
    Parameter("note", "text"),
)
CODES = ("0114", "0180", "0188", "2380")


def one(name: str, value: object) -> object:
    return resolve(DECLARED, {name: value}, of="report trial", known_codes=CODES)[name]


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("municipalities", "0180", ["0180"]),
        ("municipalities", "2380, 0114", ["0114", "2380"]),
        ("municipalities", ["0180", "0180"], ["0180"]),
        ("municipalities", '["0180", "0188"]', ["0180", "0188"]),
        ("municipalities", "", None),
        ("years", "2023,2022", [2022, 2023]),
        ("years", 2022, [2022]),
        ("language", "en", "en"),
        ("limit", "3", 3),
        ("share", "0.5", 0.5),
        ("strict", "nej", False),
        ("since", "2024-02-29", "2024-02-29"),
        ("unit", "tkr", "tkr"),
        ("note", "0180", "0180"),
        ("note", "a=b", "a=b"),
    ],
)
def test_a_value_is_read_by_its_declared_type(name, given, value):
    assert one(name, given) == value


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("municipalities", 114, 'quote it: "0114"'),
        ("municipalities", [188], 'quote it: "0188"'),
        ("municipalities", "114", "'114' is not four digits"),
        ("municipalities", "0181", "codes like it are 0180"),
        ("municipalities", "٠١٨٠", "not four digits"),
        ("years", "22", "22 is outside 1990-2100"),
        ("years", True, "not a whole number"),
        ("years", "2022.0", "not a whole number"),
        ("language", "no", "expected one of sv, en"),
        ("limit", "10", "expected a whole number at least 1 at most 9"),
        ("share", "0,5", "decimal point"),
        ("share", "nan", "not finite"),
        ("strict", "maybe", "write true or false"),
        ("since", "2023-02-29", "write year, month and day"),
        ("unit", "mnkr", "expected one of kr, tkr"),
        ("note", 3, "quote it"),
    ],
)
def test_a_value_of_another_type_is_refused_with_what_was_expected(name, given, told):
    with pytest.raises(ProblemsFound, match="nothing has been started") as refused:
        one(name, given)
    assert told in str(refused.value)
    assert name in str(refused.value)


def test_all_problems_are_told_at_once_with_the_names_that_exist():
    with pytest.raises(ProblemsFound) as refused:
        resolve(DECLARED, {"kommun": "0180", "limit": "x", "share": "y"}, of="report trial")
    assert len(refused.value.problems) == 3
    assert "its parameters are municipalities, years, language" in str(refused.value)


def test_what_is_not_given_takes_its_default():
    assert resolve(DECLARED, {}, of="report trial")["language"] == "sv"
    assert resolve(DECLARED, {}, of="report trial")["municipalities"] is None


def test_words_of_a_command_line_are_divided_at_the_first_equals_sign():
    assert assignments(["note=a=b", "years="]) == {"note": "a=b", "years": ""}
    for words in (["note"], ["=x"], ["note=1", "note=2"]):
        with pytest.raises(PlanError):
            assignments(words)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.one_of(st.text(), st.integers()))))
def test_codes_come_out_as_four_digits_or_not_at_all(value):
    try:
        codes = one("municipalities", value)
    except ProblemsFound:
        return
    assert codes is None or all(code in CODES for code in codes)
