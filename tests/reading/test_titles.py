from __future__ import annotations

import pytest

from compare.reading import titles


@pytest.mark.parametrize(
    ("paragraph", "title"),
    [
        ("Utred ett nytt badhus. Utredningen leds av kontoret.", "Utred ett nytt badhus."),
        ("Se över avgifterna, bl.a. för VA. Arbetet pågår.", "Se över avgifterna, bl.a. för VA."),
        ("Bygg (enligt planen. Se bilaga) i norr. Mer text.", "Bygg (enligt planen. Se bilaga) i norr."),
        ("Öka antalet fältassistenter⁷", "Öka antalet fältassistenter"),
        ("Stärk beredskapen12.", "Stärk beredskapen."),
        ("Minska ytan till 300 m²", "Minska ytan till 300 m²"),
        ("Planera för höjd beredskap (RHB).", "Planera för höjd beredskap (RHB)."),
    ],
)  # fmt: skip
def test_a_title_is_the_naming_sentence_alone(paragraph, title):
    assert titles.naming(paragraph).text == title


def test_a_second_sentence_that_commands_too_belongs_to_the_title():
    name = titles.naming("Utred lokalerna. Föreslå en ny plats. Arbetet sker med fastighetsbolaget.")
    assert name.text == "Utred lokalerna. Föreslå en ny plats."
    assert name.rest == "Arbetet sker med fastighetsbolaget."


@pytest.mark.parametrize(
    ("paragraph", "codes"),
    [
        ("Inför nya linjer (KS)", ("KS",)),
        ("Inför nya linjer (KS, TN)", ("KS", "TN")),
        ("Inför nya linjer. TN, VoN, KS", ("TN", "VoN", "KS")),
        ("Inför nya linjer (Kommunstyrelsen)", ("KS",)),
        ("Inför nya linjer (centrum)", None),
        ("Inför nya linjer till SBK.", None),
    ],
)
def test_committee_codes_at_the_end_are_no_part_of_the_title(paragraph, codes):
    name = titles.naming(paragraph)
    assert name.committees == codes
    if codes:
        assert name.text.rstrip(".") == "Inför nya linjer"


def test_remarks_on_the_origin_are_taken_off_and_kept_as_facts():
    kept = titles.naming("Digitalisera arkivet. (kvarstår från tidigare år). Skanningen pågår.")
    helps = titles.naming("Bygg en cykelväg (bidrar)")
    assert (kept.text, kept.carried_over, kept.rest) == ("Digitalisera arkivet.", True, "Skanningen pågår.")
    assert (helps.text, helps.contributes, helps.carried_over) == ("Bygg en cykelväg", True, False)


def test_one_title_in_two_prints_has_one_key():
    assert titles.key("En trygg kommun – i vardag och kris ¹") == titles.key("En trygg kommun - i  vardag och kris.")
    assert titles.key("kris- hantering") == titles.key("kris-hantering")
