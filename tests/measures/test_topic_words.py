"""Words, parts of words and phrases that name a topic, and words that only look like it."""

import pandas as pd
import pytest

from compare.measures import topic_words


def topics(text):
    found = topic_words.found(pd.Series([text], dtype="str"), "themes")
    return dict(zip(found["word"], found["topic"], strict=True))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Minskade utsläpp av växthusgaser", {"utsläpp": "climate", "växthusgaser": "climate"}),
        ("En god arbetsmiljö", {"arbetsmiljö": "employer"}),
        ("Bättre företagsklimat", {"företagsklimat": "business"}),
        ("Elevernas lärande", {"elevernas": "school", "lärande": "school"}),
        ("Ett relevant arbete", {}),
        ("Hålla fast vid planen", {}),
        ("Fastigheternas skick", {"fastigheternas": "premises"}),
        ("I förskolan och på högskolans kurser", {"förskolan": "preschool", "högskolans": "adult_education"}),
        ("Attraktiva miljöer", {}),
        ("Goda livsmiljöer", {}),
        ("En bättre miljö", {"miljö": "nature"}),
        ("Trafiksäkerheten vid idrottshallarna", {"trafiksäkerheten": "transport", "idrottshallarna": "leisure"}),
    ],
)
def test_words_and_parts_of_words_name_a_topic(text, wanted):
    found = topics(text)
    assert {w: t for w, t in found.items() if w in wanted} == wanted
    assert set(found) == set(wanted)


def test_a_phrase_takes_its_words():
    assert topics("En cirkulär ekonomi") == {"cirkulär ekonomi": "waste"}
    assert topics("En ekonomi i balans") == {"ekonomi i balans": "finances"}


def test_a_phrase_does_not_reach_from_one_text_to_the_next():
    found = topic_words.found(pd.Series(["biologisk", "mångfald"], dtype="str"), "themes")
    assert found["topic"].tolist() == ["equality"]
