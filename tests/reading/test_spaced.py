"""Tables whose cells only single spaces part, as text copied from a page or a web site has them."""

from __future__ import annotations

import pytest

from compare.reading.spaced import _likeliest, _ways_of


def test_a_header_over_several_lines_heads_the_figures_behind_each_name(tables):
    plan = tables("""
        Driftbudget per nämnd

        (mnkr) Bokslut
        2022
        Budget
        2023
        Budget
        2024
        Kommunstyrelse
        Ledning 70,5 70,9 81,7
        Räddningstjänst 6,4 6,9 – 7,0
        Summa 76,9 77,8 74,7

        Valnämnd
        Val 0,0 0,5 1 000,0
        """)
    lines = plan.budget_lines
    assert lines["year"].tolist()[:3] == [2022, 2023, 2024]
    assert lines["kind"].tolist()[:3] == ["outcome", "budget", "budget"]
    rows = lines.groupby("label", sort=False)["amount_sek"].agg(list).to_dict()
    assert rows == {
        "Ledning": [70_500_000, 70_900_000, 81_700_000],
        "Räddningstjänst": [6_400_000, 6_900_000, -7_000_000],
        "Summa": [76_900_000, 77_800_000, 74_700_000],
        "Val": [0, 500_000, 1_000_000_000],
    }
    assert lines.loc[lines["label"] == "Val", "office"].tolist() == ["valnämnd"] * 3


def test_numbers_of_notes_belong_to_no_column(tables):
    report = tables(
        """
        Resultaträkning

        Belopp i mnkr Not Utfall 2023 Utfall 2022 Budget 2023 Avvikelse
        Verksamhetens intäkter 1 269 522 300 − 31
        Verksamhetens kostnader
        2 − 1 116 − 1 344 − 1 149 33
        Skatteintäkter
        3
        Kommunalskatt 893 954 995 – 102
        Årets resultat 42 29 15 27
        """,
        kind="annual_report",
    )
    rows = report.budget_lines.groupby("label", sort=False)["amount_sek"].agg(list)
    assert [amount // 1_000_000 for amount in rows["Verksamhetens intäkter"]] == [269, 522, 300, -31]
    assert [amount // 1_000_000 for amount in rows["Verksamhetens kostnader"]] == [-1116, -1344, -1149, 33]
    assert [amount // 1_000_000 for amount in rows["Kommunalskatt"]] == [893, 954, 995, -102]


def test_indicators_with_their_heads_run_together_keep_their_values(tables):
    report = tables(
        """
        Mätetal Utfall 2022Utfall 2023Målvärde 2023
        Nöjd-Inflytande-Index 40 40 41
        Andel förvärvsarbetande 20-64 år 71,9 72,2 72,3
        Antal arbetstillfällen 67 044 67 916 69 000
        Andel flickor i fritidsverksamheten - 35 34
        """,
        kind="annual_report",
    )
    values = report.indicator_values
    assert values["value"].tolist() == [40, 40, 41, 71.9, 72.2, 72.3, 67044, 67916, 69000, 35, 34]
    assert values["kind"].tolist()[:3] == ["outcome", "outcome", "target"]


def test_prose_with_figures_is_no_table(tables):
    plan = tables("""
        Befolkningen väntas växa från 2023 till 2024.
        Antalet barn är 1 480 och antalet äldre 3 310.
        Skolan har 12 enheter och 310 anställda.
        """)
    assert plan.budget_lines.empty
    assert plan.indicators.empty


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Förskola 201 500 208 300", ["201 500", "208 300"]),
        ("Gator – 28,4 – 30,1", ["– 28,4", "– 30,1"]),
        ("Andel nöjda 58 % 60 %", ["58 %", "60 %"]),
        ("Meritvärde åk 9 219 222,5", ["219", "222,5"]),
        ("Val - 12", ["-", "12"]),
    ],
)
def test_a_line_s_figures_are_parted_into_the_likeliest_sizes(text, figures):
    assert _likeliest(list(_ways_of(text, 2)), [0.0, 0.0])[0].figures == figures


def test_a_header_right_below_prose_begins_with_the_word_for_its_rows(tables):
    plan = tables("""
        Klimat
        Byn ska släppa ut mindre
        Antal fossilfria fordon ökar

        DRIFTBUDGET PER NÄMND (tkr)
        Nämnd Budget 2024 Budget 2025 Plan 2026 Plan 2027
        Kommunstyrelsen 98 400 101 200 102 500 103 900
        Socialutskottet 231 700 239 400 243 100 247 000
        Summa 330 100 340 600 345 600 350 900
        """)
    lines = plan.budget_lines
    assert lines.loc[lines["label"] == "Socialutskottet", ["year", "amount_sek"]].values.tolist() == [
        [2024, 231_700_000],
        [2025, 239_400_000],
        [2026, 243_100_000],
        [2027, 247_000_000],
    ]
    assert len(lines) == 12


def test_a_header_without_years_is_told_by_its_words_alone(tables):
    report = tables(
        """
        Nämndernas resultat (mkr)
        Nämnd Budget Utfall Avvikelse
        Kommunstyrelsen 210,3 205,1 5,2
        Socialnämnden 598,4 611,7 -13,3
        """,
        kind="annual_report",
    )
    assert report.budget_lines[["kind", "amount_sek"]].values.tolist()[:2] == [
        ["budget", 210_300_000],
        ["outcome", 205_100_000],
    ]


def test_a_header_may_begin_with_figures(tables):
    plan = tables("""
        Nämndens ram (tkr)
        Bokslut 2022 Budget 2023 Budget 2024
        Intäkter 38 215 36 400 37 100
        Kostnader -237 790 -243 700 -249 000
        """)
    assert plan.budget_lines["kind"].tolist() == ["outcome", "budget", "budget"] * 2
    assert plan.budget_lines["year"].tolist() == [2022, 2023, 2024] * 2


def test_columns_of_unlike_sizes_are_told_from_all_rows(tables):
    plan = tables("""
        Nämndernas ramar
        Belopp i tkr
        Nämnd Ram 2023 Pris/lön Tillskott Effektivisering Ram 2024
        Kommunstyrelsen 101 300 2 450 1 500 -1 000 104 250
        Hamnnämnden 628 000 18 900 9 000 -4 000 651 900
        Parknämnden 551 200 15 800 6 000 -3 000 570 000
        Revision 1 250 30 1 280
        Summa 1 281 750 37 180 16 500 -8 000 1 327 430
        """)
    frames = plan.budget_lines[plan.budget_lines["category"] == "net"]
    assert frames[["label", "text"]].values.tolist() == [
        ["Kommunstyrelsen", "101 300"],
        ["Kommunstyrelsen", "104 250"],
        ["Hamnnämnden", "628 000"],
        ["Hamnnämnden", "651 900"],
        ["Parknämnden", "551 200"],
        ["Parknämnden", "570 000"],
        ["Summa", "1 281 750"],
        ["Summa", "1 327 430"],
    ]


def test_rows_with_blank_cells_are_left_out_and_the_others_read(tables):
    plan = tables("""
        Budgetramar 2024
        Tkr Budget 2023 Budget 2024 Plan 2025
        Hamnnämnden 101 300 104 250 106 100
        Valnämnden 50 600
        Skolnämnden 628 000 651 900
        Parknämnden 1 400 1 450 1 475
        """)
    assert plan.budget_lines["label"].unique().tolist() == ["Hamnnämnden", "Parknämnden"]


def test_a_header_below_a_table_begins_another(tables):
    plan = tables("""
        Driftbudget, tkr
        Nämnd Budget 2023 Budget 2024
        Hamnnämnden 101 300 104 250
        Skolnämnden 628 000 651 900
        Investeringar Budget 2024 Plan 2025 Plan 2026
        Ny kaj 12 000 24 000 6 000
        Gator 4 500 4 500 4 500
        """)
    kajen = plan.budget_lines[plan.budget_lines["label"] == "Ny kaj"]
    assert kajen[["year", "kind", "amount_sek", "category"]].values.tolist() == [
        [2024, "budget", 12_000_000, "investment"],
        [2025, "plan", 24_000_000, "investment"],
        [2026, "plan", 6_000_000, "investment"],
    ]


def test_heads_over_equal_shares_of_the_columns_are_dealt_out(tables):
    plan = tables("""
        Driftbudget per verksamhet, tkr
        Budget 2023 Budget 2024
        Verksamhet Intäkt Kostnad Netto Intäkt Kostnad Netto
        Park 8 100 -108 100 -100 000 8 300 -113 300 -105 000
        Gata 12 000 -262 000 -250 000 12 500 -273 500 -261 000
        """)
    park = plan.budget_lines[plan.budget_lines["label"] == "Park"]
    assert park[["year", "kind", "category", "text"]].values.tolist() == [
        [2023, "budget", "revenue", "8 100"],
        [2023, "budget", "cost", "-108 100"],
        [2023, "budget", "net", "-100 000"],
        [2024, "budget", "revenue", "8 300"],
        [2024, "budget", "cost", "-113 300"],
        [2024, "budget", "net", "-105 000"],
    ]


def test_signs_of_all_sorts_and_marks_of_notes_part_no_figure(tables):
    plan = tables("""
        Driftbudget (tkr)
        Verksamhet Budget 2023 Budget 2024¹ Plan 2025²
        Gator − 12 300 – 12 900 -13 100
        Park (4 100) (4 300) (4 350)
        Hamn¹ 101 300 104 250³ 106 100
        Torg 1.250- 1.300- 1.310-
        """)
    assert plan.budget_lines["amount_sek"].tolist() == [
        -12_300_000, -12_900_000, -13_100_000, -4_100_000, -4_300_000, -4_350_000, 101_300_000, 104_250_000,
        106_100_000, -1_250_000, -1_300_000, -1_310_000,
    ]  # fmt: skip


def test_a_percent_sign_ends_the_name_before_its_figures(tables):
    plan = tables("""
        Indikatorer Utfall 2021 Målvärde 2023 Målvärde 2026

        Sjukfrånvaro, % 9,1 8,0 6,5

        Engagemang (HME) 76 80 82
        """)
    values = plan.indicator_values
    assert values["value"].tolist() == [9.1, 8.0, 6.5, 76, 80, 82]
    assert plan.indicators["name"].tolist() == ["Sjukfrånvaro, %", "Engagemang (HME)"]


def test_words_of_status_behind_the_figures_are_a_column_of_their_own(tables):
    report = tables(
        """
        Indikator Utfall 2022 Utfall aug 2023 Mål 2023 Bedömning
        Nöjda brukare, andel (%) 84 86 90 Uppnås delvis
        Väntetid till plats, dagar 58 44 40 Nej

        Mått Utfall 2022 Mål 2023 Måluppfyllelse
        Självförsörjande, andel (%) 41 45 Ja
        """,
        kind="interim_report",
        period="T2",
    )
    values = report.indicator_values
    assert values["value"].tolist() == [84, 86, 90, 58, 44, 40, 41, 45]
    assert report.statuses["status"].tolist() == ["partly_completed", "not_completed", "completed"]
    assert report.statuses["indicator_id"].tolist() == report.indicators["indicator_id"].tolist()


def test_headings_further_away_than_rows_stand_from_their_header_are_no_part_of_it(tables):
    plan = tables(
        "Kommunens mål\n\nMål: Fler i arbete\n\nIndikatorer 2022 2023 Mål 2024\nArbetslöshet, % 9,1 8,4 8,0\n"
        "Unga utan arbete, % 9,3 8,9 8,5\n"
    )
    assert plan.goals["title"].tolist() == ["Fler i arbete"]
    values = plan.indicator_values
    assert list(zip(values["kind"], values["year"], values["value"], strict=True))[:3] == [
        ("outcome", 2022, 9.1),
        ("outcome", 2023, 8.4),
        ("target", 2024, 8.0),
    ]


def test_parts_of_a_population_named_below_their_years_head_the_first_columns(tables):
    plan = tables(
        "Indikator 2022 2023 Mål 2024\nKvinnor Män Kvinnor Män\nNöjda, % 88 89 86 90 92\nTrygga, % 79 81 77 80 85\n"
    )
    values = plan.indicator_values
    found = zip(values["year"], values["group"].fillna(""), values["value"], strict=True)
    assert list(found)[:5] == [
        (2022, "women", 88),
        (2022, "men", 89),
        (2023, "women", 86),
        (2023, "men", 90),
        (2024, "", 92),
    ]


def test_a_lone_column_of_amounts_ends_at_the_header_of_the_next_table(tables):
    plan = tables(
        "Ramar\n\nBelopp i tkr 2024\nIngående ram 2023 143 900\nLöner 4 200\nUtgående ram 2024 148 100\n\n"
        "Enheter\nBudget 2023 Budget 2024\nHamnen 41 42\nFyren 12 13\n"
    )
    lines = plan.budget_lines
    assert list(zip(lines["label"], lines["amount_sek"], strict=True))[:3] == [
        ("Ingående ram 2023", 143_900_000),
        ("Löner", 4_200_000),
        ("Utgående ram 2024", 148_100_000),
    ]
    assert lines["label"].tolist()[3:] == ["Hamnen", "Hamnen", "Fyren", "Fyren"]


def test_a_head_without_a_year_may_close_a_header_of_years(tables):
    plan = tables("Nämnd, tkr\nBudget 2024\nPrognos 2024\nAvvikelse\nHamnen\n41\n43\n-2\nFyren\n12\n12\n0\n")
    lines = plan.budget_lines
    assert lines["amount_sek"].tolist() == [41_000, 43_000, -2_000, 12_000, 12_000, 0]


def test_names_of_parts_between_cells_on_lines_of_their_own_shift_no_figures(tables):
    plan = tables("Tkr\nBudget 2023\nBudget 2024\nPlan 2025\nTillgångar\nByggnader\n41\n43\n44\nMark\n12\n12\n13\n")
    lines = plan.budget_lines
    assert lines.groupby("label", sort=False)["amount_sek"].agg(list).to_dict() == {
        "Byggnader": [41_000, 43_000, 44_000],
        "Mark": [12_000, 12_000, 13_000],
    }
