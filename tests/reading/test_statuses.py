import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.contract import FORECASTS, QUALIFICATIONS, STATUSES
from compare.reading.statuses import classify, legend, qualify


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("completed", "Uppdraget är genomfört under året"),
        ("not_completed", "Uppdraget är inte genomfört under året."),
        ("expected", "Uppdraget bedöms bli genomfört under året."),
        ("expected", "Uppdrag bedöms bli genomfört."),
        ("completed", "Avslutad"),
        ("in_progress", "Pågående"),
        ("in_progress", "Pågår enligt plan"),
        ("at_risk", "Pågår med avvikelse"),
        ("not_started", "Ej startad"),
        ("not_started", "Ej påbörjad"),
        ("not_started", "Inte påbörjat"),
        ("partly_completed", "I hög grad"),
        ("completed", "Målet är uppfyllt"),
        ("not_expected", "Kommer inte att nås"),
        ("in_progress", "Enligt plan"),
        ("completed", "Slutförd"),
        ("cancelled", "Inställd"),
        ("cancelled", "Ersatt"),
        ("completed", "Målet uppnås"),
        ("partly_completed", "Målet uppnås delvis"),
        ("not_completed", "Målet uppnås inte"),
        ("not_completed", "Målet uppnås ej"),
        ("expected", "Målet bedöms uppnås"),
        ("partly_expected", "Målet bedöms uppnås delvis"),
        ("not_expected", "Målet bedöms inte uppnås"),
        ("completed", "Uppfyllt Ja"),
        ("not_completed", "Uppfyllt Nej"),
        ("completed", "Uppfyllt: Ja"),
        ("completed", "Klart"),
        ("completed", "Klar"),
        ("at_risk", "Försenad"),
        ("at_risk", "Försenat"),
        ("at_risk", "Vilande"),
        ("completed", "Målet bedöms vara uppfyllt"),
        ("partly_completed", "Målet bedöms som delvis uppfyllt"),
        ("partly_completed", "Delvis genomfört"),
        ("partly_completed", "Delvis"),
        ("in_progress", "Målet är inte uppnått men på rätt väg"),
        ("in_progress", "Målet är inte nått, men utvecklingen går i rätt riktning"),
        ("expected", "Uppdraget beräknas vara slutfört i december"),
        ("expected", "Målet kommer att uppnås"),
        ("partly_expected", "Målet kommer delvis att uppnås"),
        ("not_expected", "Uppdraget kommer inte att kunna genomföras under året"),
        ("not_expected", "Prognosen är att målet inte nås"),
        ("expected", "Prognos: uppnås"),
        ("in_progress", "Uppdraget pågår"),
        ("in_progress", "Påbörjad"),
        ("in_progress", "Arbetet är påbörjat men inte slutfört"),
        ("not_started", "Uppdraget har inte påbörjats"),
        ("not_started", "Arbetet planeras starta under hösten"),
        ("not_started", "Beräknas påbörjas 2023"),
        ("unknown", "Går ej att bedöma"),
        ("unknown", "Ej mätt"),
        ("completed", "100 % klart"),
        ("in_progress", "75 % klart"),
        ("partly_completed", "Målet är uppfyllt i hög grad"),
        ("partly_completed", "Målet är i huvudsak uppfyllt"),
        ("cancelled", "Uppdraget utgår"),
        ("cancelled", "Uppdraget föreslås utgå"),
        ("completed", "Uppdraget föreslås avslutas"),
        ("cancelled", "Avslutas utan åtgärd"),
        ("unknown", "Uppdraget är inte att se som ej genomfört"),
        ("completed", "Uppdraget är slutfört och avrapporterat till kommunstyrelsen"),
        ("completed", "☒ Ja, genomfört ☐ Nej"),
        ("not_started", "Ny"),
        ("completed", "Färdig"),
        ("completed", "Åtgärden är genomförd"),
        ("completed", "Indikatorn har nått målvärdet"),
        ("not_completed", "Indikatorn har inte nått målvärdet"),
        ("in_progress", "Uppdraget är under arbete"),
        ("in_progress", "Uppdraget genomförs enligt plan"),
        ("partly_completed", "Målet är uppfyllt men inte fullt ut"),
        ("not_completed", "Nej, målet uppnås inte"),
        ("completed", "Ja, målet är uppnått"),
        ("not_completed", "Uppdraget har inte kunnat genomföras"),
        ("in_progress", "Pågår, men försenad start"),
        ("expected", "Genomförs under året, bedöms bli klart"),
        ("not_completed", "Ej klart"),
        ("not_completed", "Ej uppfyllt"),
        ("not_completed", "Ej genomförd"),
        ("at_risk", "Uppdraget är försenat och beräknas bli klart 2023"),
        ("at_risk", "Risk för att målet inte nås"),
        ("completed", "Genomfört enligt plan"),
        ("not_expected", "Uppnås ej enligt prognos"),
        ("completed", "genomf ört"),
        ("completed", "Genomf�rt"),
        ("completed", "God måluppfyllelse"),
        ("not_completed", "Låg måluppfyllelse"),
        ("in_progress", "Löpande"),
        ("completed", "Motionen är besvarad"),
        ("expected", "Uppdraget väntas bli klart under hösten"),
        ("expected", "Bedöms uppnås"),
        ("not_expected", "Bedöms ej uppnås"),
        ("partly_expected", "Bedöms delvis uppnås"),
        ("at_risk", "Avvaktar"),
        ("in_progress", "Arbete pågår"),
        ("cancelled", "Avbruten"),
        ("in_progress", "Igång"),
        ("expected", "Målet beräknas nås vid årets slut"),
        ("completed", "Slutrapporterad"),
        ("in_progress", "I fas"),
        ("at_risk", "Ej i fas"),
        ("at_risk", "Inte enligt plan"),
        ("expected", "Förväntas bli uppfyllt"),
        ("partly_expected", "Beräknas uppfyllas delvis"),
        ("not_started", "Planerad"),
        ("not_started", "Uppdraget är ännu inte påbörjat"),
        ("unknown", "Redovisas i årsredovisningen"),
        ("completed", "Uppdraget är avslutat"),
        ("completed", "Uppdraget är klart."),
        ("completed", "Uppdraget är verkställt"),
        ("in_progress", "Arbetet löper på enligt plan"),
        ("in_progress", "Uppdraget är under genomförande"),
        ("expected", "Uppdraget beräknas slutföras under 2023"),
        ("partly_completed", "Målet är delvis uppnått."),
        ("not_expected", "Målet kommer inte att uppnås under året"),
        ("expected", "Målet förväntas att uppnås"),
        ("expected", "Målet bedöms kunna uppnås"),
        ("expected", "Vi bedömer att målet kommer att uppnås"),
        ("expected", "Nämnden bedömer att målet uppnås"),
        ("not_expected", "Nämndens bedömning är att målet inte kommer att nås"),
        ("completed", "Målet har uppnåtts"),
        ("not_completed", "Målet har inte uppnåtts"),
        ("not_completed", "Målet uppfylls ej"),
        ("not_completed", "Målet är ej uppfyllt"),
        ("not_completed", "Ingen måluppfyllelse"),
        ("completed", "Uppdraget har genomförts"),
        ("completed", "Uppdraget har slutförts och redovisats för nämnden"),
        ("not_completed", "Uppdraget har inte slutförts"),
        ("not_started", "Uppdraget har ännu inte startats upp"),
        ("not_started", "Uppdraget är ej påbörjat"),
        ("at_risk", "Uppdraget är pausat"),
        ("at_risk", "Uppdraget är vilande"),
        ("in_progress", "Uppdraget fortsätter under 2023"),
        ("in_progress", "Pågår - fortsätter 2023"),
        ("completed", "Helt uppfyllt"),
        ("partly_completed", "Till största delen uppfyllt"),
        ("partly_completed", "Till stor del genomfört"),
        ("not_started", "Ej startat ännu"),
        ("completed", "Genomfört med avvikelse"),
        ("completed", "Avslutad med avvikelse"),
        ("completed", "Klar i tid"),
        ("in_progress", "Pågår enligt tidplan"),
        ("at_risk", "Pågår med mindre avvikelse"),
        ("at_risk", "Större avvikelse"),
        ("completed", "Uppnått"),
        ("not_completed", "Ej uppnått"),
        ("partly_completed", "Delvis uppnått"),
        ("completed", "Uppnås"),
        ("not_completed", "Uppnås ej"),
        ("partly_expected", "Delmålet bedöms bli delvis uppfyllt under året eller kan inte mätas/bedömas."),
        ("not_expected", "Delmålet bedöms inte bli uppfyllt under året"),
        ("partly_completed", "Målet är inte helt uppfyllt"),
        ("partly_completed", "Målet är inte fullt ut uppnått"),
        ("partly_completed", "Målet är nästan uppnått"),
        ("completed", "Måluppfyllelsen är god"),
        ("completed", "Måluppfyllelsen bedöms som god"),
        ("completed", "Uppdraget är återrapporterat"),
        ("completed", "Återredovisat"),
        ("completed", "Uppdraget är genomfört men arbetet fortsätter"),
        ("at_risk", "Ej prioriterad"),
        ("at_risk", "Nedprioriterat"),
        ("at_risk", "Framflyttat till 2023"),
        ("at_risk", "Flyttas till 2024"),
        ("at_risk", "Skjuts upp"),
        ("unknown", "Ej relevant"),
        ("not_completed", "Uppdraget kvarstår"),
        ("not_completed", "Kvarstår"),
        ("in_progress", "Påbörjat, ej slutfört"),
        ("in_progress", "Påbörjat men ej slutfört"),
        ("not_completed", "Ej avslutat"),
        ("not_completed", "Ej slutfört"),
        ("in_progress", "Genomförs löpande"),
        ("not_completed", "Målet nåddes inte"),
        ("completed", "Målet nåddes"),
        ("completed", "Vi når målet"),
        ("not_completed", "Vi når inte målet"),
        ("partly_completed", "Kommunen når målet delvis"),
        ("not_completed", "Målvärdet har inte uppnåtts"),
        ("not_expected", "Prognos: målet nås ej"),
        ("partly_expected", "Prognos: delvis"),
        ("expected", "Kommer att uppnås"),
        ("not_expected", "Kommer ej att uppnås"),
        ("partly_expected", "Kommer delvis att uppnås"),
        ("expected", "Bedöms helt uppnås"),
        ("expected", "Bedöms uppnås helt"),
        ("expected", "Beräknas bli klar 2024"),
        ("completed", "Klar 2022-06-30"),
        ("completed", "Avslutad 2022-06-30"),
        ("in_progress", "Upphandling pågår"),
        ("not_started", "Startar 2023"),
        ("not_started", "Planerad start hösten 2023"),
        ("completed", "Uppdraget bör avslutas"),
        ("completed", "Uppdraget anses slutfört"),
        ("completed", "Uppdraget anses besvarat"),
        ("completed", "Uppdraget genomfördes under våren"),
        ("in_progress", "Förstudie pågår"),
        ("in_progress", "Målet är på väg att uppnås"),
        ("unknown", "Målet har inte kunnat mätas"),
        ("unknown", "Målet kan inte följas upp"),
        ("unknown", "Målet går inte att mäta"),
        ("completed", "Målet uppfyllt"),
        ("not_completed", "Målet ej uppfyllt"),
        ("not_completed", "Inte uppfyllt"),
        ("not_completed", "Inte genomfört"),
        ("completed", "Åtgärden är slutförd under 2022"),
        ("completed", "Aktiviteten är avslutad"),
        ("in_progress", "Aktiviteten pågår"),
        ("expected", "Uppdraget förväntas vara genomfört vid årets slut"),
        ("in_progress", "Påbörjat"),
        ("in_progress", "Påbörjat arbete"),
        ("partly_completed", "Uppdraget är genomfört till viss del"),
        ("not_completed", "Uppdraget har ej genomförts under perioden"),
        ("not_completed", "Uppdraget har inte genomförts på grund av resursbrist"),
        ("expected", "Uppdraget kommer att genomföras under hösten"),
        ("not_expected", "Uppdraget kommer inte att genomföras under året"),
        ("at_risk", "Uppdraget riskerar att inte genomföras"),
        ("completed", "Uppdraget är redovisat"),
        ("cancelled", "Uppdraget har utgått"),
        ("cancelled", "Uppdraget är inställt"),
        ("cancelled", "Uppdraget är inte längre aktuellt"),
        ("not_started", "Uppdraget har inte startat"),
        ("not_completed", "Uppnås inte"),
        ("completed", "Uppnådd"),
        ("completed", "Målet nås"),
        ("not_completed", "Målet nås inte"),
        ("expected", "Målet väntas nås"),
        ("completed", "Samtliga aktiviteter är genomförda"),
        ("completed", "Implementerad"),
        ("not_started", "Har inte påbörjats"),
        ("in_progress", "Målet uppnås inte men utvecklingen går åt rätt håll"),
    ],
)
def test_how_municipalities_word_statuses(status, sentence):
    read = classify(sentence)
    assert read is not None
    assert read.status == status
    assert read.basis == ("forecast" if status in FORECASTS else "outcome")


@pytest.mark.parametrize(
    "sentence",
    [
        "Blurk",
        "",
        "Grön",
        "Ny nivå av samverkan",
        "Målet ska vara uppnått 2025",
        "Under året har ett antal analyser genomförts och lett till förändringar i skolans lokaler",
        "Tillsyn har skett vid fem tillfällen och besök har genomförts hos alla företag i hamnen",
    ],
)
def test_a_sentence_without_a_known_status_gives_none(sentence):
    assert classify(sentence) is None


@pytest.mark.parametrize(
    ("answer", "status"), [("Ja", "completed"), ("Nej", "not_completed"), ("Delvis", "partly_completed")]
)
def test_an_answer_takes_its_meaning_from_the_header(answer, status):
    assert classify(answer, question="Uppfyllt").status == status


def test_yes_alone_is_not_understood():
    assert classify("Ja") is None
    assert classify("Ja", question="Ansvarig") is None


def test_a_column_of_forecasts_makes_an_outcome_a_forecast():
    assert classify("Målet uppnås", basis="forecast").status == "expected"
    assert classify("Uppnås delvis", basis="forecast").status == "partly_expected"


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        (
            "Grön = Målet uppnås, Gul = Målet uppnås delvis, Röd = Målet uppnås inte",
            {"green": "completed", "yellow": "partly_completed", "red": "not_completed"},
        ),
        (
            "Uppnått (grön), delvis uppnått (gul), ej uppnått (röd)",
            {"green": "completed", "yellow": "partly_completed", "red": "not_completed"},
        ),
        (
            "Grön cirkel betyder att målet bedöms uppnås. Röd cirkel betyder att målet bedöms inte uppnås.",
            {"green": "expected", "red": "not_expected"},
        ),
        (
            "😊= Delmålet bedöms bli uppfyllt.\n😒= Delmålet bedöms inte bli uppfyllt",
            {"😊": "expected", "😒": "not_expected"},
        ),
        ("● Pågår enligt plan ○ Ej startad ✔ Avslutad", {"●": "in_progress", "○": "not_started", "✔": "completed"}),
        ("G: Genomfört\nP: Pågående\nN: Ny", {"g": "completed", "p": "in_progress", "n": "not_started"}),
    ],
)
def test_legends_define_colours_symbols_and_codes(text, meanings):
    assert {key: status.status for key, status in legend(text).items()} == meanings


@pytest.mark.parametrize("text", ["Röd matta rullades ut. Gröna ytor: parker", "Grön el", ""])
def test_words_of_colour_are_no_legend(text):
    assert legend(text) == {}


def test_a_colour_means_what_the_legend_says():
    known = legend("Grön = Målet uppnås, Röd = Målet uppnås inte")
    assert classify("Gröna", legend=known).status == "completed"
    assert classify("🔴", legend=known).status == "not_completed"
    assert classify("Gul", legend=known) is None


def test_a_ticked_box_is_the_option_that_holds():
    assert classify("☐ Genomfört ☒ Ej genomfört").status == "not_completed"
    assert classify("Genomfört ☒ Ej genomfört ☐").status == "completed"


def test_two_negations_are_unknown_and_say_so():
    read = classify("Uppdraget är inte att se som ej genomfört")
    assert (read.status, read.double_negation) == ("unknown", True)


@pytest.mark.parametrize(
    ("comment", "status", "expected"),
    [
        ("Arbetet begränsades till följd av resursbrist.", "completed", ["limited_by_resources"]),
        ("Pengarna räckte bra. Budgeten räckte dock inte till allt.", "completed", ["limited_by_resources"]),
        ("Leveransen är försenad.", "expected", ["delayed"]),
        ("En del av uppdraget är utfört.", "not_completed", ["partly_done"]),
        ("Allt är inte klart, mätningarna återstår.", "completed", ["partly_done"]),
        ("Mätningarna återstår.", "expected", []),
        ("Arbetet fortsätter under 2023.", "completed", ["continues_next_year"]),
        ("Arbetet fortsätter under 2022.", "completed", []),
        ("Arbetet fortsätter nästa år.", "not_completed", ["continues_next_year"]),
        ("Det finns behov av mer arbete för att nå målet.", "completed", ["goal_not_reached"]),
        ("Kartläggningen har satts igång.", "completed", ["contradicts"]),
        ("Kartläggningen har satts igång.", "in_progress", []),
        ("Uppdraget är därmed inte att se som ej genomfört.", "not_completed", ["double_negation"]),
        ("Arbetet är slutfört och i drift.", "completed", []),
        ("", "completed", []),
        (None, "completed", []),
    ],
)
def test_what_a_comment_takes_back(comment, status, expected):
    assert qualify(comment, status, 2022) == expected


def test_words_of_one_rule_must_stand_in_one_sentence():
    assert qualify("Budgeten är antagen. Det räckte. Vi kunde inte vara gladare.", "completed") == []


@given(st.text(max_size=80), st.sampled_from(STATUSES))
def test_no_text_breaks_the_readers_of_statuses(text, status):
    read = classify(text)
    assert read is None or read.status in STATUSES
    assert set(qualify(text, status, 2022)) <= set(QUALIFICATIONS)
    legend(text)


# The annotation's finer words, as the contract's codes.
CODES = {
    "delayed_external": "delayed",
    "deprioritised": "delayed",
    "deferred_without_date": "delayed",
    "started_only": "contradicts",
    "completion_not_evidenced": "contradicts",
    "double_negative": "double_negation",
}


def test_the_annotated_statuses_and_qualifications_of_real_documents(shared):
    rows = [json.loads(line) for line in (shared / "gold" / "statuses.jsonl").read_text(encoding="utf-8").splitlines()]
    for row in rows:
        read = classify(row["status_text"])
        assert read is not None
        assert read.status in row.get("statuses_accepted", [row["status"]])
        if "qualification" in row:
            wanted = {CODES.get(word, word) for word in row["qualification"]} & set(QUALIFICATIONS)
            assert set(qualify(row["comment"], row["status"], 2022)) == wanted


@pytest.mark.parametrize(
    "sentence",
    [
        "Uppdraget utgår från nämndens reglemente",
        "Målet ska uppnås senast 2030",
        "Uppdraget beskrivs i Mål och budget",
        "Ta fram en plan för att avsluta samarbetet med grannkommunen om gemensam upphandling",
    ],
)
def test_a_goal_or_an_assignment_is_no_status_of_itself(sentence):
    assert classify(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Målet är på väg att uppnås", "in_progress"),
        ("Klar, med avvikelse", "completed"),
        ("Osäkert om målet uppnås", "at_risk"),
        ("Risk för att målet inte nås", "at_risk"),
        ("Inte försenad", "in_progress"),
    ],
)
def test_doubt_and_progress_are_weighed_by_their_place(sentence, status):
    assert classify(sentence).status == status
