from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from PIL import Image

from compare.contract import STATUSES, frame
from compare.presentation import figures, style
from compare.presentation.wording import Wording
from compare.problems import PlanError
from compare.reference import municipalities

SV, EN = Wording("sv"), Wording("en")


def codes(number: int) -> list[str]:
    return municipalities().iloc[:number, 0].tolist()


def counts(number: int = 2) -> pd.DataFrame:
    rows = [
        {"municipality_code": code, "period": "2022-T3", "status": status, "n": 1 + (i + j) % 7}
        for i, code in enumerate(codes(number))
        for j, status in enumerate(("completed", "partly_completed", "not_completed", "unknown"))
    ]
    return pd.DataFrame(rows)


def rates(number: int = 2, n: int = 40) -> pd.DataFrame:
    rate = np.linspace(0.05, 0.95, number)
    return pd.DataFrame(
        {"municipality_code": codes(number), "rate": rate, "low": rate - 0.05, "high": rate + 0.05, "n": n}
    )


def amounts(number: int = 2) -> pd.DataFrame:
    rows = [
        {
            "municipality_code": code,
            "label": label,
            "year": year,
            "kind": kind,
            "amount_sek": 1_000_000 * (10 + i + year % 5),
        }
        for i, code in enumerate(codes(number))
        for label in ("Kommunstyrelsen", "Socialnämnden")
        for year, kind in ((2021, "outcome"), (2022, "budget"), (2023, "plan"))
    ]
    return pd.DataFrame(rows)


def goals(number: int = 2) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for code in codes(number):
        for top in range(3):
            at = {"document_id": "d", "municipality_code": code, "year": 2022}
            rows.append({**at, "goal_id": f"{code}-{top}", "level": 1, "title": f"Trygghet {top}"})
            rows += [
                {**at, "goal_id": f"{code}-{top}.{i}", "parent_goal_id": f"{code}-{top}", "level": 2, "title": "Öka"}
                for i in range(top + 1)
            ]
    return frame("goals", rows)


def shares(number: int = 2) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"municipality_code": code, "label": label, "theme": label, "share": share, "n": share * 10}
            for code in codes(number)
            for label, share in (("Skola", 0.6), ("Omsorg", 0.3), ("Kultur", 0.1))
        ]
    )


def changes(number: int = 2) -> pd.DataFrame:
    before = np.linspace(0.1, 0.6, number)
    return pd.DataFrame({"municipality_code": codes(number), "before": before, "after": before[::-1] + 0.1})


MOVES = pd.DataFrame(
    [("expected", "completed", 5), ("expected", "not_completed", 2), ("at_risk", "completed", 1)],
    columns=["from_status", "to_status", "n"],
)

DRAWN = {
    "status_bars": lambda n, say: figures.status_bars(counts(n), say),
    "intervals": lambda n, say: figures.intervals(rates(n), say),
    "funnel": lambda n, say: figures.funnel(rates(n), say),
    "lollipops": lambda n, say: figures.lollipops(rates(n), say),
    "years": lambda n, say: figures.years(amounts(n), say),
    "share_bars": lambda n, say: figures.share_bars(shares(n), say),
    "slopes": lambda n, say: figures.slopes(changes(n), say),
    "heat": lambda n, say: figures.heat(shares(n), say),
    "goal_trees": lambda n, say: figures.goal_trees(goals(n), say),
    "transitions": lambda n, say: figures.transitions(MOVES, say),
}


@pytest.mark.parametrize("number", [1, 2, 20, 290])
@pytest.mark.parametrize("name", DRAWN)
def test_each_figure_can_be_drawn_of_few_and_of_all_municipalities(name: str, number: int):
    figure = DRAWN[name](number, SV)
    assert figure.figure is not None
    assert figure.alt
    assert figure.caption
    assert not figure.data.empty
    width, height = figure.figure.get_size_inches()
    assert width <= 13
    assert height <= 16


def test_all_figures_together_are_drawn_with_letters_that_their_type_has(recwarn: pytest.WarningsRecorder):
    for draw in DRAWN.values():
        style.as_png(draw(2, SV).figure)
    assert [str(w.message) for w in recwarn if "Glyph" in str(w.message)] == []


def test_equal_data_give_equal_images():
    first, second = (figures.status_bars(counts(), SV).figure for _ in range(2))
    assert style.as_png(first) == style.as_png(second)


def test_a_figure_does_not_change_the_style_of_a_notebook():
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 33}):
        figures.status_bars(counts(), SV)
        assert mpl.rcParams["font.size"] == 33


def test_the_alternative_text_states_the_numbers_in_the_language():
    alt = figures.transitions(MOVES, EN).alt
    assert "Of 7 with the status 'expected to be completed' before: 5 completed and 2 not completed after." in alt
    assert "väntas bli genomfört" in figures.transitions(MOVES, SV).alt


def test_the_alternative_text_of_many_names_the_ends():
    alt = figures.intervals(rates(20), EN).alt
    assert "highest" in alt
    assert "95%" in alt
    assert "lowest" in alt


def test_a_municipality_without_a_rate_is_said_to_have_no_data():
    some = rates(2)
    some.loc[0, "rate"] = np.nan
    assert "no data" in figures.intervals(some, EN).alt


@pytest.mark.parametrize("name", [name for name in DRAWN if name != "transitions"])
def test_an_empty_frame_gives_a_sentence_and_no_axes(name: str):
    frames = {"status_bars": counts, "years": amounts, "share_bars": shares, "heat": shares, "goal_trees": goals}
    frames["slopes"] = changes
    empty = frames.get(name, rates)().iloc[:0]
    figure = getattr(figures, name)(empty, SV)
    assert figure.figure is None
    assert figure.alt == "Det finns inga data att rita för den här frågan."


def test_a_frame_without_a_column_is_refused_with_the_columns_it_has():
    with pytest.raises(PlanError, match=r"needs the column rate.*municipality_code"):
        figures.intervals(rates().drop(columns="rate"), SV)


def test_the_status_palette_covers_the_contract_and_can_be_read():
    assert set(style.STATUS_MARKS) == set(STATUSES)
    for status, mark in style.STATUS_MARKS.items():
        assert style.contrast(mark.fill, mark.ink) >= 4.5, status
    assert len({mark.symbol for mark in style.STATUS_MARKS.values()}) == len(STATUSES)


def test_good_and_bad_outcomes_differ_in_grey_or_by_hatch():
    marks = [style.STATUS_MARKS[name] for name in ("completed", "partly_completed", "not_completed", "unknown")]
    for i, first in enumerate(marks):
        for second in marks[i + 1 :]:
            assert style.contrast(first.fill, second.fill) >= 1.4 or first.hatch != second.hatch


def test_a_goal_that_is_its_own_parent_is_still_drawn():
    some = goals(1)
    some.loc[0, "parent_goal_id"] = some.loc[0, "goal_id"]
    assert figures.goal_trees(some, SV).figure is not None


def test_goals_that_are_each_others_parents_are_not_lost():
    some = goals(1)
    some.loc[0, ["parent_goal_id", "title"]] = [some.loc[1, "goal_id"], "Rund"]
    drawn = figures.goal_trees(some, SV).figure
    assert drawn is not None
    assert "Rund" in {text.get_text() for axes in drawn.axes for text in axes.texts}


def test_goal_trees_show_english_labels_where_the_coding_has_them():
    some = goals(1)
    some["title_en"] = "Safe at home"
    drawn = figures.goal_trees(some, EN).figure
    assert drawn is not None
    texts = {text.get_text() for axes in drawn.axes for text in axes.texts}
    assert "Safe at home" in texts


def test_lines_of_text_keep_to_the_width():
    assert style.wrap("Förvaltningsövergripande samverkan", 10) == ["Förvaltni…", "samverkan"]
    assert style.wrap("one two three four", 7, 2) == ["one two", "three…"]


def test_the_image_has_the_size_of_the_figure_and_keeps_its_colours():
    figure = figures.status_bars(counts(), SV).figure
    assert figure is not None
    with Image.open(io.BytesIO(style.as_png(figure))) as picture:
        assert picture.size == tuple(int(inches * style.RESOLUTION) for inches in figure.get_size_inches())
        pixels = picture.convert("RGB")
    assert pixels.getpixel((1, 1)) == (255, 255, 255)
    drawn = np.asarray(pixels).reshape(-1, 3).astype(int)
    fill = np.array([round(255 * channel) for channel in to_rgb(style.STATUS_MARKS["completed"].fill)])
    assert (np.abs(drawn - fill).max(axis=1) <= 16).mean() > 0.02


def test_what_a_no_break_space_joins_stays_on_one_line():
    assert style.wrap("Simrishamn (n\u00a0=\u00a019)", 16) == ["Simrishamn", "(n\u00a0=\u00a019)"]


@given(st.text(alphabet=st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=120), st.floats(0.4, 3))
def test_wrapped_text_is_never_wider_than_its_room(text: str, inches: float):
    lines = style.wrap_to(text, inches, 7.5, 3)
    assert len(lines) <= 3
    assert all(style.text_width(line, 7.5) <= inches for line in lines)


def test_many_plans_of_one_municipality_are_one_line_of_years_and_not_a_spread():
    rows = pd.DataFrame(
        [
            {"municipality_code": "0188", "budget_of": f"Norrtälje, {plan}", "plan_year": plan, "unit": unit}
            | {"year": plan + ahead, "kind": "budget" if not ahead else "plan", "cost": 1e6 * (plan - 2000)}
            for plan in range(2010, 2025)
            for unit in ("Skola", "Vård")
            for ahead in (0, 1, 2)
        ]
    )
    say = Wording("en")
    one = figures.years(rows, say, panels=["budget_of", "unit"], value="cost")
    assert one.name == "years"
    assert "latest plan" in one.caption
    titles = [axes.get_title(loc="left") for axes in one.figure.axes]
    assert titles == ["Skola", "Vård"]
    plan = one.figure.axes[0].lines[1]
    assert (
        dict(zip(plan.get_xdata(), plan.get_ydata(), strict=True))[2012] == 11
    )  # as the plan for 2011 says, not 2010's
    two, many = (pd.concat([rows.assign(municipality_code=f"900{n}") for n in range(of)]) for of in (2, 13))
    apart = figures.years(two, say, panels=["budget_of", "unit"], value="cost")
    assert [axes.get_title(loc="left") for axes in apart.figure.axes[:2]] == ["Skola\n9000", "Vård\n9000"]
    assert "median" in figures.years(many, say, panels=["budget_of", "unit"], value="cost").caption


def test_units_of_many_names_have_fans_of_those_that_most_share():
    rows = pd.DataFrame(
        [
            {"municipality_code": f"90{n:02}", "label": label, "year": year, "kind": "budget", "amount_sek": 1e6 + n}
            for n in range(30)
            for label in ("Skola", f"Enhet {n}")
            for year in (2021, 2022)
        ]
    )
    figure = figures.years(rows, Wording("en"))
    assert [axes.get_title(loc="left") for axes in figure.figure.axes] == ["Skola"]
    assert "Shown are the names that most groups share (1); 30 more" in figure.caption
    none = figures.years(rows[rows["label"] != "Skola"], Wording("en"))
    assert "most groups share" not in none.caption
    assert [axes.get_title(loc="left") for axes in none.figure.axes] == [""]


def test_panels_of_several_plans_begin_with_what_they_show_and_not_with_whose_it_is():
    whose = ["Exempelstad, barn- och utbildningsnämnden, 2025", "Provby, kommunstyrelsen, 2025"]
    rows = pd.DataFrame(
        {"budget_of": [w for w in whose for _ in range(2)], "unit": ["Skola", "Förskola"] * 2}
        | {"year": 2025, "kind": "budget", "cost": [1e6, 2e6, 3e6, 4e6]}
    )
    drawn = figures.years(rows, Wording("sv"), panels=["budget_of", "unit"], value="cost").figure
    titles = [title.split("\n") for axes in drawn.axes if (title := axes.get_title("left"))]
    assert [lines[0] for lines in titles] == ["Skola", "Förskola"] * 2
    assert titles[0][1].startswith("Exempelstad")


def test_names_of_panels_stay_in_their_column():
    names = [
        "Norrtälje, Kultur- och fritidsförvaltning",
        "Norrtälje, Äldreomsorg i hemmet",
        "Östersund, Gator och parker",
    ]
    rows = pd.DataFrame(
        [{"unit": name, "year": year, "kind": "budget", "amount_sek": 1e6} for name in names for year in (2021, 2022)]
    )
    figure = figures.years(rows, Wording("sv"), panels=["unit"]).figure
    figure.canvas.draw()
    for axes, after in zip(figure.axes, [*figure.axes[1:], None], strict=True):
        edge = figure.bbox.x1 if after is None else after.get_window_extent().x0
        assert axes._left_title.get_window_extent().x1 <= edge


def test_numbers_at_the_ends_of_lines_keep_clear_of_each_other():
    rows = pd.DataFrame(
        [
            {"municipality_code": "0188", "label": "Skola", "year": 2010 + n, "kind": kind, "amount_sek": 1e9 + n}
            for kind, last in (("outcome", 12), ("budget", 14), ("plan", 15))
            for n in range(last)
        ]
    )
    numbers = figures.years(rows, Wording("en")).figure.axes[0].texts
    assert sorted(round(number.xy[0]) for number in numbers) == [2010, 2024]


def test_a_funnel_of_groups_that_all_vary_says_what_they_are_judged_by_and_draws_it():
    alike = pd.DataFrame({"municipality_code": [f"9{n:03}" for n in range(60)], "n": 50, "rate": 0.5})
    varied = alike.assign(rate=np.linspace(0.1, 0.9, 60))
    plain, wider = (figures.funnel(rows, Wording("en")) for rows in (alike, varied))
    assert "broken curves" not in plain.caption
    assert "broken curves" in wider.caption
    curves = [
        len([line for line in each.figure.axes[0].lines if len(line.get_xdata()) > 60]) for each in (plain, wider)
    ]
    assert curves == [2, 4]


def test_rates_of_two_kinds_are_not_mixed_in_one_funnel():
    both = pd.concat([rates(60).assign(measure="strict"), rates(60).assign(measure="lenient", rate=1.0)])
    figure = figures.intervals(both, EN, colour="measure")
    assert figure.name == "funnel"
    assert set(figure.data["measure"]) == {"strict"}
    assert figure.caption.endswith("Shown are the rates of one kind: fully completed.")


def test_counts_of_different_things_spread_each_for_itself():
    parts = [rates(60).assign(attached=thing, n=n) for thing, n in (("assignments", 3), ("indicators", 1))]
    figure = figures.lollipops(pd.concat(parts), EN, rows=["municipality_code", "attached"], value="n")
    assert figure.name == "spread"
    assert "assignments: median 3" in figure.alt
    assert "indicators: median 1" in figure.alt


def test_statuses_of_very_many_spread_as_they_are_at_the_latest_follow_up():
    early = counts(60).assign(period="2022-T1", status="expected", n=1)
    figure = figures.status_bars(pd.concat([early, counts(60)]), EN)
    assert figure.name == "status-spread"
    assert "expected" not in figure.alt
    assert set(figure.data["period"]) == {"2022-T1", "2022-T3"}, "the data has them all"


def test_a_level_of_goals_is_as_wide_as_its_longest_word():
    word = "Sammanhållningsarbetsgrupper"
    figure = figures.goal_trees(goals(3).replace({"title": {"Trygghet 0": word}}), SV)
    assert word in [text.get_text() for text in figure.figure.axes[0].texts]


def test_ticks_of_percent_are_numbers_that_rounding_does_not_change():
    axes = style.canvas().subplots()
    axes.set_xlim(0, 0.21)
    assert any(abs(round(tick, 2) - tick) > 1e-9 for tick in axes.get_xticks()), "the library's own steps are 2.5%"
    style.plain_axis(axes)
    assert all(abs(round(tick, 2) - tick) < 1e-9 for tick in axes.get_xticks())
