"""Two codings of one document, compared record by record and field by field."""

from inspect import signature

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from compare.contract import Tables, frame, together
from compare.measures import reliability
from compare.problems import PlanError
from tests.measures.test_awkward_frames import documented

NO_PLANS = Tables()
DOCUMENT = {"document_id": "0001-plan-2022", "municipality_code": "0001", "title": "P", "kind": "other", "year": 2022}


def coding(goals=(), assignments=(), statuses=(), document="0001-plan-2022", **of_document):
    """One document's coding; records are given without what all of them share."""
    own = {"document_id": document, "municipality_code": "0001", "year": 2022}
    full = {"documents": [{**DOCUMENT, **own, **of_document}]}
    for name, rows in (("goals", goals), ("assignments", assignments), ("statuses", statuses)):
        full[name] = [{**own, **row} for row in rows]
    return Tables(**{name: frame(name, rows) for name, rows in full.items()})


def goal(key, line, title="G", **values):
    return {"goal_id": f"0001-plan-2022/{key}", "line": line, "title": title, **values}


def test_records_match_by_id_then_place_then_title():
    first = coding([goal("g1", 1), goal("g2", 2), goal("g3", 3, "Trygga skolor"), goal("g4", 4, "Ren luft")])
    second = coding([goal("g1", 9), goal("x", 2), goal("y", 30, "Skolor, trygga"), goal("z", 40, "God ekonomi")])
    found = reliability.match(first, second, "goals")
    assert found[["first_id", "second_id", "how"]].to_numpy().tolist() == [
        ["0001-plan-2022/g1", "0001-plan-2022/g1", "id"],
        ["0001-plan-2022/g2", "0001-plan-2022/x", "place"],
        ["0001-plan-2022/g3", "0001-plan-2022/y", "title"],
    ]


def test_the_best_titles_are_paired_together():
    first = coding([goal("a", 1, "Fler trygga skolor"), goal("b", 2, "Fler trygga skolor nu")])
    second = coding([goal("c", 11, "Fler trygga skolor nu"), goal("d", 12, "Fler trygga skolor")])
    found = reliability.match(first, second, "goals")
    assert found["second_id"].str[-1].tolist() == ["d", "c"]


def test_a_single_document_is_the_same_whatever_its_id():
    first, second = coding([goal("g1", 1)]), coding([goal("g9", 1)], document="0001-plan-22")
    assert len(reliability.match(first, second, "goals")) == 1


def test_titles_are_compared_within_their_document():
    def two(key, line):
        parts = [
            coding([{"goal_id": f"{document}/{key}", "line": line, "title": "Ren luft"}], document=document)
            for document in ("0001-plan-2022", "0001-plan-2023")
        ]
        return together(parts)

    found = reliability.match(two("g1", 1), two("x", 40), "goals")
    assert found[["first_id", "second_id", "how"]].to_numpy().tolist() == [
        [f"0001-plan-{year}/g1", f"0001-plan-{year}/x", "title"] for year in (2022, 2023)
    ]


def test_figures_of_one_line_are_told_apart_by_year_and_kind():
    def lines(ids, cells):
        own = {"document_id": "0001-plan-2022", "municipality_code": "0001", "plan_year": 2022, "line": 7}
        rows = [
            {**own, "budget_line_id": f"0001-plan-2022/{key}", "label": "Skola", "year": year, "kind": kind}
            for key, (year, kind) in zip(ids, cells, strict=True)
        ]
        return coding().replace(budget_lines=frame("budget_lines", rows))

    cells = [(2021, "outcome"), (2022, "budget"), (2022, "outcome"), (2023, "budget")]
    found = reliability.match(lines("abcd", cells), lines("zyxw", cells[::-1]), "budget_lines")
    assert found["second_id"].str[-1].tolist() == ["w", "x", "y", "z"]
    assert set(found["how"]) == {"place"}


def test_detection_has_wilsons_intervals():
    first, second = coding([goal(f"g{n}", n) for n in range(9)]), coding([goal(f"g{n}", n) for n in range(3, 7)])
    found = reliability.detection(first, second.replace(goals=second.goals.iloc[:3]), ["goals"], level=0.9).iloc[0]
    assert found[["precision_low", "precision_high"]].tolist() == pytest.approx(
        proportion_confint(3, 3, alpha=0.1, method="wilson")
    )
    assert found[["recall_low", "recall_high"]].tolist() == pytest.approx(
        proportion_confint(3, 9, alpha=0.1, method="wilson")
    )


def test_detection_is_precision_recall_and_f1():
    first = coding([goal(f"g{n}", n, f"titel {n}") for n in range(1, 9)])
    second = coding([goal(f"g{n}", n, f"titel {n}") for n in (1, 2, 3, 4, 5, 6)] + [goal("x", 99, "helt annat")] * 1)
    found = reliability.detection(first, second, ["goals", "actions"]).iloc[0]
    assert found[["first", "second", "matched", "by_id"]].tolist() == [8, 7, 6, 6]
    assert found[["precision", "recall", "f1"]].tolist() == pytest.approx([6 / 7, 6 / 8, 2 * 6 / 15])
    assert found["missed_ids"] == ["0001-plan-2022/g7", "0001-plan-2022/g8"]
    assert found["added_ids"] == ["0001-plan-2022/x"]


def test_a_table_that_one_coding_leaves_empty_is_not_hidden():
    found = reliability.detection(coding([goal("g1", 1)]), coding()).iloc[0]
    assert (found["recall"], found["f1"]) == (0, 0)
    assert np.isnan(found["precision"])


def statuses_of(*words):
    assignments = [
        {"assignment_id": f"0001-plan-2022/a{n}", "line": n, "title": "x", "kind": "assignment"}
        for n, _ in enumerate(words, 1)
    ]
    statuses = [
        {
            "status_id": f"0001-plan-2022/s{n}",
            "assignment_id": f"0001-plan-2022/a{n}",
            "line": n,
            "period": "2022-T3",
            **word,
        }
        for n, word in enumerate(words, 1)
    ]
    return coding(assignments=assignments, statuses=statuses)


def the(found, **wanted):
    for name, value in wanted.items():
        found = found[found[name] == value]
    assert len(found) == 1
    return found.iloc[0]


def test_statuses_are_compared_as_words_and_as_steps_towards_done():
    import krippendorff

    one = ["completed", "not_completed", "in_progress", "completed", "partly_completed"]
    two = ["completed", "not_completed", "in_progress", "partly_completed", "partly_completed"]
    found = reliability.agreement(*(statuses_of(*({"status": s} for s in words)) for words in (one, two)), ["statuses"])
    nominal, ordinal = (the(found, field="status", level=level) for level in ("nominal", "ordinal"))
    assert nominal[["n", "agreed", "agreement"]].tolist() == [5, 4, 0.8]
    ranks = [[reliability.STATUS_ORDER.index(s) for s in words] for words in (one, two)]
    for row, level in ((nominal, "nominal"), (ordinal, "ordinal")):
        assert row["alpha"] == pytest.approx(krippendorff.alpha(np.array(ranks), level_of_measurement=level))
        assert row["alpha_low"] <= row["alpha"] <= row["alpha_high"]
    assert nominal["record_ids"] == ["0001-plan-2022/s4"]


def test_days_are_compared_by_how_many_lie_between_them():
    import krippendorff

    one = ["2022-01-31", "2022-03-01", "2022-12-31", None]
    two = ["2022-01-31", "2022-03-04", "2022-12-30", "2022-05-05"]
    codings = [
        statuses_of(*({"status": "completed", "status_date": day and pd.Timestamp(day)} for day in days))
        for days in (one, two)
    ]
    found = the(reliability.agreement(*codings, ["statuses"]), field="status_date")
    assert found[["level", "n", "one_missing", "agreed"]].tolist() == ["interval", 3, 1, 1]
    days = [[(pd.Timestamp(day) - pd.Timestamp("2022-01-01")).days for day in coder[:3]] for coder in (one, two)]
    assert found["alpha"] == pytest.approx(krippendorff.alpha(np.array(days), level_of_measurement="interval"))


def test_neither_places_nor_confidence_nor_the_quoted_text_are_fields_to_agree_on():
    one = coding([goal("g1", 1, confidence=0.5, source_text="Ren luft", page=1)])
    two = coding([goal("g1", 2, confidence=0.9, source_text="Renare luft", page=2)])
    assert set(reliability.agreement(one, two, ["goals"])["field"]) == {"title", "year"}


def test_a_reading_is_right_by_what_the_reference_gives_and_not_the_other_way_round():
    reference = coding([goal("g1", 1, level=1), goal("g2", 2)])
    reading = coding([goal("g1", 1, confidence=0.9), goal("g2", 2, level=2, confidence=0.9)])
    found = reliability.calibration(reference, reading, ["goals"]).iloc[0]
    assert found[["bin_low", "bin_high", "n", "right"]].tolist() == [0.9, 1.0, 2, 1]


def test_empty_lists_are_no_value():
    one, two = (statuses_of({"status": "completed", "qualification": list_}) for list_ in ([], ["delayed"]))
    assert the(reliability.agreement(one, two, ["statuses"]), field="qualification")["one_missing"] == 1


def test_equal_values_without_variance_agree_fully_and_have_no_alpha():
    both = statuses_of({"status": "completed"}, {"status": "completed"})
    found = the(reliability.agreement(both, both, ["statuses"]), field="status", level="nominal")
    assert found[["agreement", "rating", "note"]].tolist() == [1.0, "undefined", "no_variance"]
    assert np.isnan(found["alpha"])


def test_what_only_one_gives_is_counted_and_shown():
    one = statuses_of({"status": "completed", "qualified": True}, {"status": "completed", "qualified": False})
    two = statuses_of({"status": "completed", "qualified": True}, {"status": "completed"})
    found = the(reliability.agreement(one, two, ["statuses"]), field="qualified")
    assert found[["n", "one_missing", "agreed", "note"]].tolist() == [1, 1, 1, "too_few"]
    assert found["record_ids"] == ["0001-plan-2022/s2"]


def test_lists_are_compared_as_sets_and_unused_fields_give_no_row():
    one = statuses_of({"status": "completed", "qualification": ["delayed", "partly_done"]})
    two = statuses_of({"status": "completed", "qualification": ["partly_done", "delayed"]})
    found = reliability.agreement(one, two, ["statuses"])
    assert the(found, field="qualification")["agreed"] == 1
    assert "comment" not in set(found["field"])


def test_references_agree_if_they_lead_to_the_same_record():
    first = coding([goal("g1", 1, "Ett"), goal("g2", 2, "Två", parent_goal_id="0001-plan-2022/g1")])
    second = coding([goal("top", 1, "Ett"), goal("g2", 2, "Två", parent_goal_id="0001-plan-2022/top")])
    assert the(reliability.agreement(first, second, ["goals"]), field="parent_goal_id")["agreed"] == 1
    astray = coding([goal("top", 1, "Ett"), goal("g2", 2, "Två", parent_goal_id="0001-plan-2022/g2")])
    assert the(reliability.agreement(first, astray, ["goals"]), field="parent_goal_id")["agreed"] == 0


def test_labels_are_not_compared_with_the_sources_words():
    first, second = coding([goal("g1", 1, "Etikett")], wording="labels"), coding([goal("g1", 1, "Källans ord")])
    assert "title" not in set(reliability.agreement(first, second, ["goals"])["field"])
    same = coding([goal("g1", 1, "KÄLLANS  ord")])
    assert the(reliability.agreement(same, second, ["goals"]), field="title")["agreed"] == 1


def test_calibration_holds_confidence_against_what_was_right():
    reference = coding([goal(f"g{n}", n, f"titel {n}", level=1) for n in range(1, 5)])
    read = [goal(f"g{n}", n, f"titel {n}", level=1, confidence=0.95) for n in (1, 2, 3)]
    wrong = [goal("g4", 4, "titel 4", level=2, confidence=0.95), goal("x", 50, "något annat", confidence=0.15)]
    found = reliability.calibration(reference, coding([*read, *wrong]), ["goals"])
    assert found[["n", "right", "rate"]].to_numpy().tolist() == [[1, 0, 0], [4, 3, 0.75]]
    assert found["ece"].tolist() == pytest.approx([(0.15 + 4 * 0.2) / 5] * 2)
    assert reliability.calibration(reference, reference).empty


@pytest.mark.parametrize("measure", ["detection", "agreement", "calibration", "review_yield"])
def test_without_codings_each_measure_is_empty_with_its_columns(measure):
    one = coding([goal("g1", 1, confidence=0.5)])
    empty, full = (getattr(reliability, measure)(tables, tables) for tables in (NO_PLANS, one))
    assert empty.empty
    assert list(empty.columns) == list(full.columns)
    assert isinstance(reliability.match(NO_PLANS, NO_PLANS, "goals"), pd.DataFrame)


@pytest.mark.parametrize("name", ["match", "detection", "agreement", "calibration", "review_yield"])
def test_a_result_has_the_columns_that_its_measure_tells_of(name):
    measure, one = getattr(reliability, name), coding([goal("g1", 1, confidence=0.5)])
    found = measure(one, one, "goals" if name == "match" else ["goals"])
    told = set(documented(measure)) - {*signature(measure).parameters, "compare"}
    assert told - set(found.columns) == set()


def test_without_a_choice_shares_from_a_twentieth_to_all_are_reviewed():
    one = coding([goal(f"g{n}", n, confidence=0.5) for n in range(1, 41)])
    found = reliability.review_yield(one, one, ["goals"])
    assert found["reviewed"].tolist() == [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1]
    assert found["rows"].tolist() == [2, 4, 8, 12, 20, 30, 40]


def test_a_reference_that_only_one_coding_has_differs_and_none_is_missing_in_both():
    first = coding([goal("g1", 1, "Ett"), goal("g2", 2, "Två", parent_goal_id="0001-plan-2022/g9")])
    second = coding([goal("g1", 1, "Ett"), goal("g2", 2, "Två", parent_goal_id="0001-plan-2022/g9")])
    found = the(reliability.agreement(first, second, ["goals"]), field="parent_goal_id")
    # What it leads to stands in neither coding, so that nobody can say that it is the same.
    assert found[["n", "agreed", "one_missing"]].tolist() == [1, 0, 0]
    without = coding([goal("g1", 1, "Ett"), goal("g2", 2, "Två")])
    assert the(reliability.agreement(without, second, ["goals"]), field="parent_goal_id")["one_missing"] == 1


def test_a_table_that_nobody_codes_is_refused():
    with pytest.raises(PlanError, match="not coded"):
        reliability.match(NO_PLANS, NO_PLANS, "findings")


def test_the_least_confident_rows_hold_the_most_errors():
    reference = coding([goal(f"g{n}", n, f"titel {n}") for n in range(1, 9)])
    sure = [goal(f"g{n}", n, f"titel {n}", confidence=0.9) for n in range(1, 9)]
    wrong = [goal("x", 50, "något annat", confidence=0.2), goal("y", 60, "något helt annat", confidence=0.9)]
    found = reliability.review_yield(reference, coding([*sure, *wrong]), ["goals"], shares=[0.1, 0.55, 1.0])
    # One of two errors is the single least confident row; the other lies anywhere among the nine equally sure ones.
    assert found["found"].tolist() == pytest.approx([1, 1.5, 2])
    assert found["share"].tolist() == pytest.approx([0.5, 0.75, 1])
    assert found["area"].tolist() == pytest.approx([0.1 * 0.25 + 0.9 * 0.75] * 3)


def test_a_confidence_that_orders_rows_finds_as_much_as_the_area_under_its_roc_says():
    from sklearn.metrics import roc_auc_score

    draw = np.random.default_rng(1)
    confidence = np.round(draw.random(40), 1)
    right = draw.random(40) < 0.2 + 0.7 * confidence
    reference = coding([goal(f"g{n}", n, f"titel {n}", level=1) for n in range(40)])
    rows = [
        goal(f"g{n}", n, f"titel {n}", level=1 if ok else 2, confidence=sure)
        for n, (ok, sure) in enumerate(zip(right, confidence, strict=True))
    ]
    found = reliability.review_yield(reference, coding(rows), ["goals"])
    errors = (~right).mean()
    # The area under the yield curve is that under the ROC curve, but for the share of errors themselves.
    expected = roc_auc_score(~right, -confidence) * (1 - errors) + errors / 2
    assert found["area"].iloc[0] == pytest.approx(expected)


def test_without_errors_there_is_nothing_to_find():
    sure = coding([goal("g1", 1, confidence=0.9), goal("g2", 2, confidence=0.8)])
    found = reliability.review_yield(sure, sure, ["goals"])
    assert found["errors"].eq(0).all()
    assert found[["share", "area"]].isna().all(axis=None)


def test_a_quotation_without_a_word_is_none():
    rows = [goal("dash", 1, source_text="-"), goal("words", 1, source_text="Ren luft")]
    found = reliability.quotes(coding(rows), {"0001-plan-2022": ["Ren luft"]}, ["goals"]).iloc[0]
    assert found[["n", "verified", "without"]].tolist() == [1, 1, 1]


def test_a_quotation_is_verified_word_for_word_at_its_place():
    lines = ["Mål och budget", "1. Trygga skolor i hela kom-", "munen", "2. Ren luft"]
    rows = [
        goal("over two lines", 2, line_end=3, source_text="Trygga skolor i hela kommunen"),
        goal("spaced", 4, source_text="Ren  luft"),
        goal("another place", 1, source_text="Ren luft"),
        goal("changed", 4, source_text="Renare luft"),
        goal("not quoted", 4),
    ]
    found = reliability.quotes(coding(rows), {"0001-plan-2022": lines}, ["goals"]).iloc[0]
    assert found[["n", "verified", "elsewhere", "nowhere", "without"]].tolist() == [4, 2, 1, 1, 1]
    assert found["rate"] == 0.5
    assert found["record_ids"] == ["0001-plan-2022/another place", "0001-plan-2022/changed"]
    unread = reliability.quotes(coding(rows), {}, ["goals"]).iloc[0]
    assert unread[["n", "without"]].tolist() == [0, 5]
    assert np.isnan(unread["rate"])
