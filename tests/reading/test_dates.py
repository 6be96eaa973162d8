import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.reading.dates import date_span, end_of, start_of


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("2022-01-01", "2022-01-01", "2022-01-01", "day"),
        ("22-01-01", "2022-01-01", "2022-01-01", "day"),
        ("2022‑01‑01", "2022-01-01", "2022-01-01", "day"),
        ("2022- 06-30", "2022-06-30", "2022-06-30", "day"),
        ("20220630", "2022-06-30", "2022-06-30", "day"),
        ("220630", "2022-06-30", "2022-06-30", "day"),
        ("2022-06-20 (KF)", "2022-06-20", "2022-06-20", "day"),
        ("20 juni 2022 (KF)", "2022-06-20", "2022-06-20", "day"),
        ("den 1:a jan 2022", "2022-01-01", "2022-01-01", "day"),
        ("31/12-2022", "2022-12-31", "2022-12-31", "day"),
        ("12/3 2022", "2022-03-12", "2022-03-12", "day"),
        ("15-17 mars 2022", "2022-03-15", "2022-03-17", "day"),
        ("1 januari – 30 juni 2022", "2022-01-01", "2022-06-30", "day"),
        ("2022-12-31 (beslut 2023-02-01)", "2022-12-31", "2022-12-31", "day"),
        ("2022-01", "2022-01-01", "2022-01-31", "month"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("November 2021", "2021-11-01", "2021-11-30", "month"),
        ("KF februari 2023", "2023-02-01", "2023-02-28", "month"),
        ("jan -22", "2022-01-01", "2022-01-31", "month"),
        ("jan-mars 2022", "2022-01-01", "2022-03-31", "month"),
        ("maj/juni 2022", "2022-05-01", "2022-06-30", "month"),
        ("vecka 12 2022", "2022-03-21", "2022-03-27", "month"),
        ("Q1 2022", "2022-01-01", "2022-03-31", "quarter"),
        ("Q3-22", "2022-07-01", "2022-09-30", "quarter"),
        ("2022 Q2", "2022-04-01", "2022-06-30", "quarter"),
        ("K4 2022", "2022-10-01", "2022-12-31", "quarter"),
        ("kvartal 2 2023", "2023-04-01", "2023-06-30", "quarter"),
        ("1:a kvartalet 2023", "2023-01-01", "2023-03-31", "quarter"),
        ("Q1-Q2 2022", "2022-01-01", "2022-06-30", "quarter"),
        ("T1 2022", "2022-01-01", "2022-04-30", "season"),
        ("andra tertialet 2022", "2022-05-01", "2022-08-31", "season"),
        ("första halvåret 2022", "2022-01-01", "2022-06-30", "season"),
        ("våren 2022", "2022-03-01", "2022-05-31", "season"),
        ("Våren 2022 (efter att planen har antagits)", "2022-03-01", "2022-05-31", "season"),
        ("HT-22", "2022-08-01", "2022-12-31", "season"),
        ("vintern 2022", "2022-12-01", "2023-02-28", "season"),
        ("hösten 2022-våren 2023", "2022-09-01", "2023-05-31", "season"),
        ("2022", "2022-01-01", "2022-12-31", "year"),
        ("År 2029.", "2029-01-01", "2029-12-31", "year"),
        ("Åren 2026 till 2028", "2026-01-01", "2028-12-31", "year"),
        ("2027,2028", "2027-01-01", "2028-12-31", "year"),
        ("2022-24", "2022-01-01", "2024-12-31", "year"),
        ("läsåret 2022/23", "2022-07-01", "2023-06-30", "year"),
    ],
)
def test_dates_and_periods_as_they_are_printed(text, start, end, precision):
    span = date_span(text)
    assert (str(span.start), str(span.end), span.start_precision, span.end_precision) == (
        start,
        end,
        precision,
        precision,
    )
    assert span.text == text
    assert span.problem is None
    assert not span.assumed_year


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("31 dec", "2022-12-31", "2022-12-31"),
        ("1 jan", "2022-01-01", "2022-01-01"),
        ("1/1-31/12", "2022-01-01", "2022-12-31"),
        ("höstterminen", "2022-08-01", "2022-12-31"),
        ("v. 12", "2022-03-21", "2022-03-27"),
        ("kv 1", "2022-01-01", "2022-03-31"),
    ],
)
def test_a_date_without_a_year_takes_the_plan_year_and_says_so(text, start, end):
    span = date_span(text, 2022)
    assert (str(span.start), str(span.end)) == (start, end)
    assert span.assumed_year


def test_a_date_without_any_year_is_null_and_says_why():
    span = date_span("31 dec")
    assert (span.start, span.end, span.problem) == (None, None, "year_missing")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2202-12-31", "impossible_year"),
        ("2022-02-30", "impossible_date"),
        ("31 april 2022", "impossible_date"),
        ("2022-13", "impossible_date"),
        ("vecka 60 2022", "impossible_date"),
    ],
)
def test_a_date_that_cannot_be_is_null_and_flagged(text, problem):
    span = date_span(text, 2022)
    assert (span.start, span.end, span.end_precision) == (None, None, None)
    assert span.problem == problem


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Pågår", "ongoing"),
        ("Pågå", "ongoing"),
        ("pågående", "ongoing"),
        ("löpande", "ongoing"),
        ("årligen", "recurring"),
        ("Enligt nämndens verksamhetsplan", None),
        ("", None),
        ("-", None),
    ],
)
def test_words_without_a_date_have_none(text, state):
    span = date_span(text, 2022)
    assert (span.start, span.end, span.precision, span.state) == (None, None, None, state)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("senast 30 aug", None, "2022-08-30"),
        ("Senast den 30 juni 2022", None, "2022-06-30"),
        ("Påbörjat 2021", "2021-01-01", None),
        ("fr.o.m. 2022-03-01 t.o.m. 2023-02-28", "2022-03-01", "2023-02-28"),
        ("före sommaren 2022", None, "2022-05-31"),
        ("efter sommaren 2022", "2022-09-01", None),
        ("före 1 juli 2022", None, "2022-06-30"),
        ("Pågår till 2024", None, "2024-12-31"),
        ("Uppdrag från 2021 klart 30 juni. Nya insatser är på plats senast 30 aug", "2021-01-01", "2022-08-30"),
    ],
)
def test_words_before_a_date_tell_which_end_it_bounds(text, start, end):
    span = date_span(text, 2022)
    assert (str(span.start or ""), str(span.end or "")) == (start or "", end or "")


def test_the_two_ends_may_be_stated_with_different_precision():
    span = date_span("2021 – 2022-06-30")
    assert (span.start_precision, span.end_precision) == ("year", "day")


def test_a_column_of_starts_takes_the_first_day_and_one_of_ends_the_last():
    assert start_of("2022-04").day == date(2022, 4, 1)
    assert end_of("2022-04").day == date(2022, 4, 30)
    assert start_of("senast 1 mars", 2022).day == date(2022, 3, 1)
    assert end_of("Start hösten 2022").day is None


MONTHS = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_in_iso_and_in_words(day):
    month = MONTHS[day.month - 1]
    for printed in (
        day.isoformat(),
        f"{day.day} {month} {day.year}",
        f"{day.day}/{day.month} {day.year}",
    ):
        assert (date_span(printed).start, date_span(printed).end) == (day, day)


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(0, 2000))
def test_a_period_of_two_days_is_read_back(first, length):
    last = first + timedelta(days=length)
    span = date_span(f"{first} - {last}")
    assert (span.start, span.end) == (first, last)


@given(st.one_of(st.text(max_size=40), st.text(alphabet="0123456789-/. våhtQTkmarjn", max_size=25)))
def test_no_text_breaks_the_reader_and_no_year_is_invented(text):
    span = date_span(text, 2022)
    assert span.start is None or 1990 <= span.start.year <= 2101
    assert (span.start is None) == (span.start_precision is None)
    assert (span.end is None) == (span.end_precision is None)


def test_the_annotated_dates_of_real_documents_are_read_as_annotated(shared):
    wrong = []
    for line in (shared / "gold" / "actions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        lines = (
            (shared / "documents" / row["document"]).read_bytes().split(b"\n")
            if row["document"].endswith("txt")
            else []
        )
        cells = lines[row["line"] - 1].decode().strip("\r").split("\t")[-2:] if lines else [row.get("period_text")] * 2
        if not all(cells):
            continue
        for day, accepted in ((start_of(cells[0], 2022), row["starts"]), (end_of(cells[1], 2022), row["ends"])):
            read = str(day.day) if day.day else None
            if read not in accepted and day.problem is None:
                wrong.append((day, accepted))
    assert wrong == []
