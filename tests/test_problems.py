"""Problems are told in the reader's language: every sentence is made by `told` and has its Swedish text."""

from __future__ import annotations

import ast
import copy
import pickle
from pathlib import Path

import pytest

from compare.presentation.messages import told_in, translated
from compare.presentation.wording import Wording
from compare.problems import PlansRefused, Problem, ProblemsFound, told

ROOM = Path(__file__).parents[1] / "compare"
WORDS = ("what", "expected", "action")  # the fields of a problem that are words, with their places
PLACES = (0, 5, 6)


def test_a_sentence_is_english_and_can_be_said_again_in_swedish_with_what_was_filled_in():
    sentence = told("expected: {expected}", expected=told("one of {all}", all="a, b"))
    assert sentence == "expected: one of a, b"
    assert Wording("sv").told(sentence) == "väntat: ett av a, b"
    assert Wording("en").told(sentence) == sentence
    assert Wording("sv").told("written by somebody else {n}") == "written by somebody else {n}"


def test_braces_in_what_is_filled_in_are_left_alone():
    assert Wording("sv").told(told("is not TOML: {error}", error="{x}")).endswith("{x}")


def test_a_problem_names_place_value_and_remedy_in_swedish():
    problem = Problem(
        told("ill-typed value"), "goals.csv", 3, "level", "två", told("expected: {expected}", expected=told("a number"))
    )
    assert problem.sentence(Wording("sv").told) == (
        "goals.csv, rad 3, kolumn level: värde av fel typ (står 'två'); väntat: ett tal"
    )
    assert str(problem) == "goals.csv, row 3, column level: ill-typed value (found 'två'); expected: a number"


def test_all_problems_of_a_pass_are_told_in_swedish_and_where_the_rest_stands():
    problems = [Problem(told("is empty"), f"{n}.csv") for n in range(25)]
    refused = PlansRefused(told("{folder}: the plans cannot be loaded; nothing was changed", folder="plans"), problems)
    first, *_, last = refused.sentence(Wording("sv").told).splitlines()
    assert first == "plans: planerna kan inte läsas in; inget har ändrats"
    assert last == "  +5 till; `plancompare check` visar alla"
    assert "+5 more" in str(refused)
    assert str(ProblemsFound("x", problems[:1])) == "x\n  0.csv: is empty"


def test_a_kind_of_problem_with_many_rows_hides_no_other():
    many = [Problem("ill-typed value", "goals.csv", row, "level") for row in range(2, 900)]
    other = Problem("unknown column", "statuses.csv", 1, "day")
    lines = str(ProblemsFound("x", [*many, other])).splitlines()
    assert lines[1] == "  goals.csv, row 2, column level: ill-typed value"
    assert lines[20] == "  statuses.csv, row 1, column day: unknown column"
    assert lines[21] == "  +879 more"


@pytest.mark.parametrize("again", [copy.deepcopy, lambda text: pickle.loads(pickle.dumps(text))])
def test_a_sentence_that_went_to_another_process_can_still_be_said_in_swedish(again):
    assert Wording("sv").told(again(told("row {row}", row=4))) == "rad 4"


def test_every_sentence_of_a_problem_has_a_swedish_text():
    sources = {path: path.read_text(encoding="utf-8") for path in sorted(ROOM.rglob("*.py"))}
    known = translated("sv")
    lacking = {path.name: sorted(set(told_in(text)) - known) for path, text in sources.items()}
    assert {name: sentences for name, sentences in lacking.items() if sentences} == {}


def _bare_words(source: str) -> list[str]:
    """The texts that are given to a `Problem` as its words without `told`."""
    found = []
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Problem":
            given = [call.args[place] for place in PLACES if place < len(call.args)]
            given += [keyword.value for keyword in call.keywords if keyword.arg in WORDS]
            found += [ast.unparse(one) for one in given if _is_bare(one)]
    return found


def _is_bare(given: ast.expr) -> bool:
    text = ast.unparse(given)
    return isinstance(given, ast.JoinedStr) or (isinstance(given, ast.Constant) and " " in text)


def test_no_problem_is_written_in_words_that_cannot_be_said_again():
    bare = {path.name: _bare_words(path.read_text(encoding="utf-8")) for path in sorted(ROOM.rglob("*.py"))}
    assert {name: words for name, words in bare.items() if words} == {}
    assert _bare_words('Problem("is wrong", action=f"use {x}")') == ["'is wrong'", "f'use {x}'"]
