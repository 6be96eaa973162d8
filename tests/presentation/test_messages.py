from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
from babel.messages.pofile import read_po

from compare.contract import TABLES
from compare.presentation import comparability, labels, messages
from compare.presentation.wording import Wording, catalogue_paths

ROOT = Path(__file__).parents[2]


def test_every_message_that_readers_see_has_its_swedish_words():
    used = messages.used(ROOT)
    without = {message: sorted(used[message]) for message in messages.missing(ROOT, "sv")}
    assert not without, f"add these to a catalogue in compare/presentation/locale/sv/LC_MESSAGES: {without}"


def test_a_translation_has_the_fields_of_its_message():
    wrong = []
    for path in catalogue_paths("sv"):
        with path.open("rb") as source:
            for message in read_po(source, locale="sv"):
                ids = [message.id] if isinstance(message.id, str) else list(message.id)
                strings = [message.string] if isinstance(message.string, str) else list(message.string)
                fields = [set(re.findall(r"\{(\w+)", text)) for text in (*ids, *strings)]
                if message.id and any(found != fields[0] for found in fields):
                    wrong.append(message.id)
    assert wrong == []


def test_no_message_has_two_translations():
    translations: dict[str, set[str]] = {}
    for path in catalogue_paths("sv"):
        with path.open("rb") as source:
            for message in read_po(source, locale="sv"):
                if message.id:
                    translations.setdefault(str(message.id), set()).add(str(message.string))
    assert {message: words for message, words in translations.items() if len(words) > 1} == {}


def test_messages_are_found_in_calls_lists_keywords_and_defaults():
    source = """
def f(label="x", value_label="Share"): ...
page.limits(["First.", "Second."])
say("One" if few else "Many")
other("not a message")
page.table(rows, "A caption", columns={"n": "Head"}, note="A note")
"""
    found = set(messages.in_code(source))
    assert {"First.", "Second.", "One", "Many", "A caption", "Head", "A note", "Share"} <= found
    assert "not a message" not in found


def test_a_message_without_translation_is_reported(tmp_path: Path):
    for room in ("presentation", "reports"):
        (tmp_path / "compare" / room).mkdir(parents=True)
    (tmp_path / "compare" / "reports" / "new.py").write_text('say("Never heard of")\n', encoding="utf-8")
    assert "Never heard of" in messages.missing(tmp_path, "sv")


def test_every_code_of_the_contract_has_a_label_in_both_languages():
    without = [
        (column.name, code)
        for table in TABLES.values()
        for column in table.columns
        for code in column.codes
        if not column.name.endswith("_precision")
        and labels.code(column.name, code, Wording("en")) == code
        and "_" in code
    ]
    assert without == []


def test_the_warnings_that_documents_call_for_all_exist():
    documents = pd.DataFrame(
        {
            "municipality_code": ["0188", "2380"],
            "year": [2022, 2024],
            "period": ["T1", "T3"],
            "kind": ["follow_up", "operational_plan"],
            "board": [None, "Kommunstyrelsen"],
            "reading": ["machine", "reviewed"],
        }
    )
    names = comparability.applying(documents)
    assert set(names) == {
        "different_years",
        "different_periods",
        "different_documents",
        "different_levels",
        "machine_read",
    }
    assert all(comparability.warning(name, Wording("sv")) for name in names)


def test_equal_sets_of_years_call_for_no_warning():
    documents = pd.DataFrame({"municipality_code": ["0188", "0188", "2380", "2380"], "year": [2022, 2023, 2023, 2022]})
    assert comparability.applying(documents) == []
