"""Sentences about comparability: whose the documents are."""

import pandas as pd
import pytest

from compare.contract import Tables
from compare.presentation import comparability
from compare.presentation.page import Page
from compare.presentation.wording import Wording


def documents(**boards):
    """A document for each board of each municipality; None is of the whole municipality."""
    rows = [(code.removeprefix("m"), board) for code, names in boards.items() for board in names]
    return pd.DataFrame(rows, columns=["municipality_code", "board"]).astype("str")


def test_a_municipality_of_which_only_boards_were_read_is_named_with_them():
    read = documents(m0188=["kommunstyrelsen"], m1291=["kultur- och fritidsnämnden", None], m2380=[None])
    assert comparability.of_boards(read, Wording("en")) == (
        "What was read of Norrtälje is of kommunstyrelsen alone, not of the whole municipality."
    )
    assert comparability.of_boards(read, Wording("sv")) == (
        "Det som lästs från Norrtälje gäller bara kommunstyrelsen, inte hela kommunen."
    )


def test_many_municipalities_of_which_only_boards_were_read_are_counted():
    read = documents(m0188=[None], **{f"m{1000 + n}": ["nämnden"] for n in range(7)})
    assert comparability.of_boards(read, Wording("en")).startswith("Of 7 of 8 municipalities only documents of single")


@pytest.mark.parametrize("read", [documents(m0188=[None]), documents(), Tables().documents])
def test_nothing_is_said_where_documents_of_the_whole_were_read_or_none(read):
    assert comparability.of_boards(read, Wording("en")) == ""


def test_whose_the_documents_are_stands_beside_the_findings(capsys):
    plans = Tables().replace(
        documents=Tables().documents.reindex([0]).assign(municipality_code="0188", board="nämnden")
    )
    Page("T", plans, "en").findings(["Something."])
    assert "is of nämnden alone" in capsys.readouterr().out
