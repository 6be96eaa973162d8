"""What reports say of service areas: what could be placed, and what whole budgets can be compared on."""

from compare.contract import Tables, frame
from compare.measures import service_areas
from compare.presentation import amounts
from compare.presentation.findings import service_areas as found
from compare.presentation.page import Page


def plans(board=None, **units):
    """A budget for 2022 per municipality, named m0188 and so on: units with their thousand kronor."""
    documents, rows = [], []
    for name, own in units.items():
        code = name.removeprefix("m")
        common = {"document_id": f"{code}-plan-2022", "municipality_code": code}
        documents.append({**common, "kind": "goals_and_budget", "year": 2022, "title": "Plan", "board": board})
        for line, (label, amount) in enumerate([("Summa", sum(own.values())), *own.items()], start=1):
            rows.append(
                {**common, "budget_line_id": f"{code}-{line}", "plan_year": 2022, "year": 2022, "kind": "budget"}
                | {"table_title": "Driftbudget", "label": label, "category": "net", "line": line, "unit": "tkr"}
                | {"amount_sek": -1000 * amount, "parent_budget_line_id": f"{code}-1" if line > 1 else None}
            )
    return Tables(documents=frame("documents", documents), budget_lines=frame("budget_lines", rows))


def told(tables, language="en"):
    page = Page("Budgets", tables, language)
    rows = service_areas.unit_areas(tables)
    known = service_areas.known_shares(rows)
    known = known.assign(budget_of=amounts.whose(known, tables.documents, page.say))
    findings = found.findings(page, known, service_areas.costs(rows))
    return [finding.text.replace("\u00a0", " ") for finding in findings if finding is not None]


ONE = {"Grundskola": 50, "Kommunledning": 30, "Enhet 4": 20}
TWO = {"Skolnämnden": 90, "Kultur och fritid": 10}


def test_what_a_budget_goes_to_is_told_with_what_is_common_and_unknown():
    assert told(plans(m0188=ONE)) == [
        "Norrtälje, 2022: of the net cost for 2022 50% goes to education, 30% goes to what serves all areas, and 20% "
        "goes to units whose area is unknown."
    ]


def test_what_a_budget_has_nothing_of_is_not_told():
    (text, *_) = told(plans(m2380=TWO))
    assert text == "Östersund, 2022: of the net cost for 2022 90% goes to education and 10% goes to other areas."


def test_whole_budgets_are_compared_on_the_areas_that_both_show():
    texts = told(plans(m0188=ONE, m2380=TWO))
    assert texts[-1] == (
        "Of the areas that several whole budgets show by themselves the shares differ most in education: from 50% in "
        "Norrtälje to 90% in Östersund."
    )
    assert "utbildning: från 50 % i Norrtälje" in told(plans(m0188=ONE, m2380=TWO), "sv")[-1]


def test_budgets_of_committees_are_not_compared():
    tables = plans("nämnden", m0188=ONE, m2380=TWO)
    assert not any("differ most" in text for text in told(tables))
    assert found.compared(service_areas.costs(service_areas.unit_areas(tables))).empty


def test_areas_and_what_is_none_are_written_in_words():
    say = Page("Budgets", plans(m0188=ONE), "en").say
    rows = found.in_words(service_areas.unit_areas(plans(m0188={**ONE, **TWO})), say)
    assert rows["service_area"].tolist() == [
        "education",
        "common to all areas",
        "not told by the name",
        "education",
        "leisure + culture",
    ]


def test_many_budgets_of_equal_shares_have_one_share_and_not_a_span():
    budgets = {f"m{code}": ONE for code in ("0114", "0115", "0117", "0188", "2380", "1291")}
    assert told(plans(**budgets))[0] == (
        "In 6 budgets the share of the net cost that can be placed in service areas is 50%."
    )
    assert "from 50% to 100%" in told(plans(**{**budgets, "m1291": TWO}))[0]


def test_budgets_that_divide_alike_have_no_distance_and_lead_to_their_places():
    alike = {"Grundskola": 60, "Bibliotek": 20}
    rows = service_areas.unit_areas(
        plans(m0188=alike, m2380={"Grundskola": 30, "Bibliotek": 10}, m1291={"Grundskola": 10, "Bibliotek": 30})
    )
    found_ = found.distances(found.compared(service_areas.costs(rows)))
    assert found_["parts"].tolist() == [2, 2, 2]
    assert found_["distance"].round(6).tolist()[-1] == 0
    last = found_.iloc[-1]
    assert {last["municipality_code_1"], last["municipality_code_2"]} == {"0188", "2380"}
    assert sorted(last["record_ids"]) == ["0188-2", "0188-3", "2380-2", "2380-3"]
