import json
import re
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.reading.values import amount, amounts, is_missing, money_unit, number, repeated, values


@pytest.mark.parametrize(
    ("text", "unit", "sek"),
    [
        ("-127 247", "tkr", -127_247_000),
        ("- 6 406", "tkr", -6_406_000),
        ("– 614", "tkr", -614_000),
        ("−3", "tkr", -3_000),
        ("(614)", "tkr", -614_000),
        ("614-", "tkr", -614_000),
        ("614 –", "tkr", -614_000),
        ("+200", "tkr", 200_000),
        ("1\u00a0234\u202f567", "tkr", 1_234_567_000),
        ("1  234", "tkr", 1_234_000),
        ("1'234", "tkr", 1_234_000),
        ("1.234.567", "kr", 1_234_567),
        ("1,234,567", "kr", 1_234_567),
        ("1.234,50 kr", None, 1_235),
        ("12 345,50", "tkr", 12_345_500),
        ("107,9 miljoner", None, 107_900_000),
        ("1,2 miljarder kronor", None, 1_200_000_000),
        ("Mkr 12,5", None, 12_500_000),
        ("250 tkr", "mnkr", 250_000),
        ("105 481*", "tkr", 105_481_000),
        ("8 764²", "tkr", 8_764_000),
        ("8 764 1)", "tkr", 8_764_000),
        ("Tillskott 2024 KS: 250 tkr", None, 250_000),
        ("Tillskott 2024 - 250 tkr", None, 250_000),
        ("0", "tkr", 0),
        ("±0", "mnkr", 0),
    ],
)
def test_amounts_of_every_sign_and_separator(text, unit, sek):
    read = amount(text, unit)
    assert read.sek == sek
    assert read.text == text
    assert not read.ambiguous


@pytest.mark.parametrize(
    ("text", "unit", "sek", "ambiguous"),
    [
        ("376.443", "tkr", 376_443_000, False),
        ("376.443", "mnkr", 376_443_000, True),
        ("20,068", "mnkr", 20_068_000, False),
        ("20,068", "tkr", 20_068_000, True),
        ("1.250", "kr", 1_250, False),
        ("12.5", "mnkr", 12_500_000, False),
    ],
)
def test_a_mark_before_three_digits_follows_the_stated_rule(text, unit, sek, ambiguous):
    assert (amount(text, unit).sek, amount(text, unit).ambiguous) == (sek, ambiguous)


@pytest.mark.parametrize("text", ["", " ", "-", "–", "– –", "*", "**", ".", "..", "\u00a0"])
def test_marks_of_missing_values_are_missing_and_never_zero(text):
    assert is_missing(text)
    assert amount(text, "tkr").missing
    assert amount(text, "tkr").sek is None
    assert values(text) == []
    assert number(text).missing


@pytest.mark.parametrize("text", ["12,0%", "2–3 mnkr", "10 000-12 000", "34 5", "saknas", "8,28,28,2"])
def test_what_is_no_single_amount_of_money_gives_none(text):
    read = amount(text, "tkr")
    assert read.sek is None
    assert not read.missing


def test_an_amount_without_any_unit_keeps_its_number():
    read = amount("1 234")
    assert read.sek is None
    assert read.number == 1234


def test_running_text_gives_its_amounts_with_units():
    text = "Nettot är 281,6 miljoner kronor, varav 1 200 tkr för kultur och 2–3 mnkr senare, 37 uppdrag."
    assert [(a.sek, a.text) for a in amounts(text)] == [
        (281_600_000, "281,6 miljoner kronor"),
        (1_200_000, "1 200 tkr"),
    ]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Belopp i tkr", "tkr"),
        ("Driftbudget (mnkr)", "mnkr"),
        ("Tusental kronor", "tkr"),
        ("Andel i %", None),
        ("", None),
    ],
)
def test_the_unit_of_a_table_is_read_from_its_caption(text, unit):
    assert money_unit(text) == unit


@pytest.mark.parametrize(
    ("text", "value", "unit", "words", "comparison"),
    [
        ("8,2 (nollmätning)", 8.2, None, "nollmätning", None),
        ("(Avser mätåret 2020) 73", 73, None, "Avser mätåret 2020", None),
        ("0,0%", 0, "%", None, None),
        ("-57,4%", -57.4, "%", None, None),
        ("2,9 arbetsdag", 2.9, "arbetsdag", None, None),
        ("14 min", 14, "min", None, None),
        ("10:52 min", 10.87, "min", "10:52", None),
        ("1 900", 1900, None, None, None),
        ("< 20", 20, None, None, "less_than"),
        ("minst 35 %", 35, "%", None, "at_least"),
        ("minst 2 procent", 2, "procent", None, "at_least"),
        ("högst 5", 5, None, None, "at_most"),
        ("≥ 80", 80, None, None, "at_least"),
        ("inte under 35 %", 35, "%", None, "at_least"),
        ("topp 25 %", 25, "%", None, "top"),
        ("ca 300 st", 300, "st", None, "about"),
        ("Öka till 80 %", 80, "%", None, "to"),
        ("85 % (2021)", 85, "%", "2021", None),
        ("73 % 2021", 73, "%", "2021", None),
        ("2022: 85 %", 85, "%", "2022", None),
        ("16 av 20", 16, None, "av 20", None),
        ("100 % av skolorna", 100, "%", "av skolorna", None),
        ("3:e plats", 3, "plats", None, None),
        ("169²", 169, None, None, None),
        ("Minst 80 procent av eleverna är trygga", 80, "procent", "av eleverna är trygga", "at_least"),
    ],
)
def test_cells_of_one_value(text, value, unit, words, comparison):
    read = number(text)
    assert (read.value, read.unit, read.words, read.comparison) == (value, unit, words, comparison)


@pytest.mark.parametrize(
    "text",
    [
        "Saknas",
        "ej aktuellt",
        "Basvärde tas fram",
        "större än 2022",
        "bättre än mätning 2022",
        "ökning jämfört med 2022 års siffror",
        "öka med 5 %",
        "2022-06-30",
        "𝟏𝟐",
        "75/80",
        "8,28,28,2",
        "Ska nås senast 2021 eller 2027 beroende på vad som sägs i planen, med 6 års mellanrum mellan mätningarna.",
    ],
)
def test_what_a_cell_says_in_words_stays_words(text):
    read = number(text)
    assert read.value is None
    assert read.words == text


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Öka", "increase"),
        ("Minskat", "decrease"),
        ("Ökad", "increase"),
        ("Minskande", "decrease"),
        ("Bibehållas", "keep"),
    ],
)
def test_words_of_direction(text, direction):
    assert number(text).direction == direction


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3-5", 3, 5),
        ("3–5 %", 3, 5),
        ("3 - 5 %", 3, 5),
        ("mellan 3 och 5", 3, 5),
        ("-3 – -1 %", -3, -1),
        ("0–10", 0, 10),
    ],
)
def test_ranges_keep_both_ends(text, low, high):
    read = number(text)
    assert (read.value, read.upper, read.comparison) == (low, high, "between")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("F 54 % P 61 %", [(54, "girls"), (61, "boys")]),
        ("F54% P61%", [(54, "girls"), (61, "boys")]),
        ("54 % (F) 61 % (P)", [(54, "girls"), (61, "boys")]),
        ("Kvinnor 71 % Män 65 %", [(71, "women"), (65, "men")]),
        ("K: 71 % M: 65 %", [(71, "women"), (65, "men")]),
        ("Flickor: 80, Pojkar: 75", [(80, "girls"), (75, "boys")]),
        ("Totalt 70 (K 71, M 69)", [(70, None), (71, "women"), (69, "men")]),
        ("åk 5 80 % åk 8 75 %", [(80, "åk 5"), (75, "åk 8")]),
        ("åk 7-9: 80 %", [(80, "åk 7-9")]),
        ("16-19 år 23 %", [(23, "16-19 år")]),
        ("Grundskola 85 % Gymnasium 79 %", [(85, "Grundskola"), (79, "Gymnasium")]),
        ("34 %35 %38 %", [(34, None), (35, None), (38, None)]),
        ("34%35%38%", [(34, None), (35, None), (38, None)]),
        ("3,7 respektive 11", [(3.7, None), (11, None)]),
        ("F: - P: 61 %", [(61, "boys")]),
    ],
)
def test_parts_and_glued_values(text, parts):
    assert [(v.value, v.group) for v in values(text)] == parts


def test_a_word_repeated_for_each_part_of_its_row_is_one_value_per_part():
    found = repeated("Minskat Minskat", ["girls", "boys"])
    assert [(v.words, v.group, v.value) for v in found] == [("Minskat", "girls", None), ("Minskat", "boys", None)]
    assert len(repeated("Minskat i år", ["girls", "boys"])) == 1


def test_a_point_with_three_digits_and_no_unit_is_flagged():
    assert number("36.519").ambiguous
    assert not number("36519").ambiguous


SIGNS = st.sampled_from(["", "-", "- ", "−", "–", "– "])
SPACES = st.sampled_from([" ", "\u00a0", "\u202f", "\u2009"])


@given(st.integers(0, 10**9), SIGNS, SPACES)
def test_a_printed_whole_amount_is_read_back(size, sign, space):
    printed = sign + f"{size:,}".replace(",", space)
    assert amount(printed, "tkr").sek == (-1000 if sign else 1000) * size


@given(st.integers(0, 10**6), st.integers(0, 99), SPACES)
def test_a_printed_decimal_is_read_back(whole, hundredths, space):
    printed = f"{whole:,}".replace(",", space) + f",{hundredths:02d} %"
    read = number(printed)
    assert read.value == pytest.approx(whole + hundredths / 100)
    assert read.unit == "%"


ALPHABET = st.text(alphabet="0123456789 ,.-–−()%*²FPKM:/<>abcår", max_size=30)


def is_printed(value: float, text: str) -> bool:
    """Whether a number's digits stand together in a text, with at most one mark or space between two of them."""
    digits = f"{abs(value):.10f}".rstrip("0").rstrip(".").replace(".", "").lstrip("0") or "0"
    apart = r"[\s.,'’]?".join(digits)
    return re.search(rf"(?<!\d)(?:0[.,]?)*{apart}", text) is not None


@given(st.one_of(ALPHABET, st.text(max_size=40)))
def test_every_number_returned_stands_in_the_text(text):
    for read in values(text):
        for value in (read.value, read.upper):
            converted = read.words is not None and re.search(r"\d:\d", read.words)
            assert value is None or converted or is_printed(value, text)
    money = amount(text, "kr")
    assert money.number is None or is_printed(float(money.number), text)


def test_the_check_of_printed_numbers_can_fail():
    assert is_printed(12.5, "12,5 %")
    assert is_printed(0.05, "0,05")
    assert not is_printed(12, "1 och 2")
    assert not is_printed(13, "12")


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers_of_values(text):
    amounts(text)
    repeated(text, ["girls", "boys"])
    assert number(text).text == text


def test_the_annotated_cells_of_real_documents_are_read_as_annotated(shared):
    cells = defaultdict(list)
    for line in (shared / "gold" / "indicator_values.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        key = row["document"], row["indicator"], row["indicator_line"], row["kind"], row["year"], row["raw"]
        cells[key].append((row["value"], row["group"] or ""))
    wrong = []
    for (*_, raw), wanted in cells.items():
        read = repeated(raw, [group for _, group in wanted]) if len(wanted) > 1 else values(raw)
        if sorted((v.group or "", v.value or 0) for v in read) != sorted(
            (group, value or 0) for value, group in wanted
        ):
            wrong.append(raw)
    assert wrong == []


def test_the_annotated_amounts_of_real_documents_are_read_as_annotated(shared):
    rows = [
        json.loads(line) for line in (shared / "gold" / "budget_lines.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [row["raw"] for row in rows if amount(row["raw"], "tkr").sek != row["amount_sek"]] == []
