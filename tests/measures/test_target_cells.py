"""What the words of a target cell state."""

import pytest

from compare.measures import target_cells


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("minst 35 %", "higher"),
        ("> 90", "higher"),
        ("≥ 95 %", "higher"),
        ("Ökad", "higher"),
        ("öka till 80 %", "higher"),
        ("inte under 80", "higher"),
        ("inte minska", "higher"),
        ("< 20", "lower"),
        ("högst 5", "lower"),
        ("Minskat", "lower"),
        ("Minskat Minskat", "lower"),
        ("ska inte öka", "lower"),
        ("5-10", "between"),
        ("oförändrad", "keep"),
        ("bibehålla eller öka", "higher"),
        ("lägre eller lika", "lower"),
        ("topp 25 %", "rank"),
        ("8,2", None),
        ("8,2 (nollmätning)", None),
        ("Förbättras", None),
        ("bättre än mätning 2022", None),
        ("Basvärde tas fram", None),
        ("100 %", None),
    ],
)
def test_a_direction_is_read_from_words_and_never_from_numbers(text, direction):
    assert target_cells.stated_direction(text) == direction
