import doctest
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.problems import PlanError, ProblemsFound
from compare.vocabulary import EXTRA_FOLDER, fold, names, read_files, stem, stems, terms


def write(folder: Path, name: str, content: str) -> Path:
    file = folder / f"{name}.toml"
    file.write_text(content, encoding="utf-8")
    return file


@pytest.fixture
def words(tmp_path):
    content = """
    about = "Test words."
    ignored = ["status", "för uppdraget"]
    [terms.done]
    weight = 2
    variants = ["genomförd", "i mål", "definition"]
    [terms.going_on]
    variants = ["genomförs", "pågår enligt plan", "pågår"]
    [terms.value]
    variants = ["målvärde", "utfall helår"]
    """
    return read_files("words", [write(tmp_path, "words", content)])


@pytest.mark.parametrize("name", names())
def test_every_vocabulary_that_ships_can_be_used(name):
    vocabulary = terms(name)
    assert vocabulary.terms or vocabulary.ignored
    assert vocabulary.about


def test_a_vocabulary_is_loaded_once():
    assert terms("units") is terms("units")


@pytest.mark.parametrize(
    "text", ["Genomförd", "genomfört", "GENOMFÖRDA", "genomförts", "Status: genomfört.", "genomförd²"]
)
def test_a_term_is_found_in_any_inflection_and_case(words, text):
    assert words.match(text).term == "done"


def test_the_passive_is_not_taken_for_the_participle(words):
    assert words.match("genomförs").term == "going_on"
    assert stem("avslutat") != stem("avslutas")


@pytest.mark.parametrize(
    "text", ["genomf ört", "genom- fört", "genomf�rd", "genom\u00adförd", "GenomfÃ¶rd".replace("Ã¶", "o")]
)
def test_a_damaged_word_is_still_found(words, text):
    assert words.match(text).term == "done"


@pytest.mark.parametrize("text", ["de nition", "Mål värde", "Malvarde", "utfallhelår"])
def test_lost_ligatures_dots_and_spaces_do_not_hide_a_word(words, text):
    assert words.match(text) is not None


def test_words_that_stand_whole_are_not_joined_to_a_term():
    assert terms("directions").first("för bättre resultat").variant == "bättre"
    assert terms("statuses").first("hantera de ärenden som finns") is None


def test_a_term_keeps_its_place_in_the_text(words):
    text = "Målet är  i mål och nästa PÅGÅR enligt plan."
    found = words.find(text)
    assert [(m.term, text[m.start : m.end]) for m in found] == [("done", "i mål"), ("going_on", "PÅGÅR enligt plan")]


def test_the_longest_variant_wins(words):
    assert words.find("pågår enligt plan")[0].variant == "pågår enligt plan"


def test_a_variant_does_not_reach_over_the_end_of_a_sentence(words):
    assert words.first("Satsa i. Mål sätts senare.") is None


def test_match_wants_the_whole_text_but_for_ignored_words(words):
    assert words.match("Status för uppdraget: genomfört").term == "done"
    assert words.match("genomfört av kommunen") is None


def test_a_glued_footnote_digit_does_not_hide_a_header(words):
    assert words.match("Målvärde2").term == "value"


def test_a_misspelt_header_is_found_only_when_one_term_is_near(words):
    assert words.match("Utfal helår").how == "damaged"
    assert words.match("Helt annat") is None


def test_facts_stand_beside_the_variants(words):
    assert words.fact("done", "weight") == 2
    assert words.fact("value", "weight", 0) == 0


def test_one_word_under_two_terms_is_refused_with_both_named(tmp_path):
    file = write(tmp_path, "bad", '[terms.a]\nvariants = ["Klar"]\n[terms.b]\nvariants = ["klar"]\n')
    with pytest.raises(ProblemsFound, match="'a' and 'b'"):
        read_files("bad", [file])


def test_a_word_that_is_both_a_term_and_ignored_is_refused(tmp_path):
    file = write(tmp_path, "bad", 'ignored = ["klar"]\n[terms.a]\nvariants = ["klar"]\n')
    with pytest.raises(ProblemsFound, match="ignored"):
        read_files("bad", [file])


@pytest.mark.parametrize(
    "content",
    [
        '[terms.a]\nvariants = "klar"\n',
        "[terms.a]\nweight = 1\n",
        'ignored = "klar"\n',
        "terms_ = 1\n",
        '[terms]\na = ["klar"]\n',
    ],
)
def test_entries_of_the_wrong_form_are_named(tmp_path, content):
    with pytest.raises(ProblemsFound, match=r"bad\.toml"):
        read_files("bad", [write(tmp_path, "bad", content)])


def test_a_file_that_is_not_toml_is_named(tmp_path):
    with pytest.raises(PlanError, match=r"bad\.toml"):
        read_files("bad", [write(tmp_path, "bad", "variants = [")])


def test_an_unknown_vocabulary_names_the_known_ones():
    with pytest.raises(PlanError, match="statuses"):
        terms("stauses")


def test_an_extra_folder_adds_words_without_code(tmp_path, monkeypatch):
    write(tmp_path, "units", '[terms.tkr]\nvariants = ["tusenlappar"]\n')
    assert terms("units").match("tusenlappar") is None
    monkeypatch.setenv(EXTRA_FOLDER, str(tmp_path))
    assert terms("units").match("tusenlappar").term == "tkr"
    assert terms("units").match("tkr").term == "tkr"
    assert terms("units").fact("tkr", "factor") == 1000


def test_fold_unifies_what_looks_alike():
    assert fold("  MÅL\u00a0\u00advärde ") == "mål värde"


@pytest.mark.parametrize(
    ("one", "other"), [("målet", "mål"), ("indikatorer", "indikator"), ("utfallet", "utfall"), ("uppnådda", "uppnått")]
)
def test_inflected_forms_share_a_stem(one, other):
    assert stems(one) == stems(other)


@given(st.text(max_size=80))
def test_no_text_breaks_the_matcher_and_places_stay_inside_it(text):
    for match in terms("statuses").find(text):
        assert 0 <= match.start < match.end <= len(text)


@given(st.text(max_size=80))
def test_matches_never_overlap(text):
    found = terms("statuses").find("Uppdraget pågår " + text + " och är inte klart")
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_the_examples_of_the_readme_run():
    readme = Path(__file__).parents[2] / "compare" / "vocabulary" / "README.md"
    assert doctest.testfile(str(readme), module_relative=False).failed == 0


def test_the_readme_tells_every_list_and_every_fact():
    folder = Path(__file__).parents[2] / "compare" / "vocabulary"
    told = set(re.findall(r"`(\w+)`", (folder / "README.md").read_text(encoding="utf-8")))
    for name in names():
        facts = {key for term in terms(name) for key in terms(name)[term].facts}
        assert {name, *facts} - told == set()
