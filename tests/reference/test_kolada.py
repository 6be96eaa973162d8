"""The Kolada client follows every page, and refuses, drops or notes whatever would silently be wrong."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from compare.problems import PlanError
from compare.reference import kolada
from compare.reference.kolada import Kolada, NoAnswerError

MEANT = "data/kpi/N90001/municipality/0188/year/2023"


@pytest.fixture
def client(server):
    waits: list[float] = []
    with Kolada(server.address, wait=waits.append) as own:
        own.waits = waits
        yield own


def test_values_come_with_codes_as_text_and_missing_cells_as_missing(server, client):
    server.give("kpi/N90001", server.page(server.figure("N90001")))
    server.give(
        "data/kpi/N90001/municipality/0188,2380/year/2023",
        server.page(server.item("N90001", "0188", 2023, 41.5), server.item("N90001", "2380", 2023, None, count=0)),
    )
    answer = client.values(["N90001"], ["0188", "2380"], [2023])
    assert list(answer.frame["municipality_code"]) == ["0188", "2380"]
    assert answer.frame["municipality_code"].dtype == "str"
    assert answer.frame["value"].iloc[0] == 41.5
    assert answer.frame["value"].isna().iloc[1]
    assert answer.frame["group"].isna().all()
    assert answer.notes == ("cells without a value in Kolada, which stay missing: 1 of 2",)


def test_women_and_men_become_groups(server, client):
    parts = server.item("N90001", "0188", 2023, 3.0)
    parts["values"] += [dict(parts["values"][0], gender=sex, value=value) for sex, value in (("K", 1.0), ("M", 2.0))]
    server.give("kpi/N90001", server.page(server.figure("N90001")))
    server.give(MEANT, server.page(parts))
    frame = client.values(["N90001"], ["0188"], [2023]).frame
    assert dict(zip(frame["group"].fillna("all"), frame["value"], strict=True)) == {
        "all": 3.0,
        "men": 2.0,
        "women": 1.0,
    }


def test_withdrawn_values_are_left_out_with_a_note(server, client):
    server.give("kpi/N90001", server.page(server.figure("N90001")))
    gone = server.item("N90001", "0188", 2023, 5.0, isdeleted=True)
    server.give(MEANT, server.page(gone))
    answer = client.values(["N90001"], ["0188"], [2023])
    assert answer.frame.empty
    assert "values that Kolada has withdrawn and that were left out: 1" in answer.notes


def test_every_page_is_read(server, client):
    server.give("kpi/N90001", server.page(server.figure("N90001")))
    both = "data/kpi/N90001/municipality/0188/year/2022,2023"
    following = f"{server.address}/{both}?page=2"
    server.give(both, server.page(server.item("N90001", "0188", 2022, 1.0), next_url=following))
    server.give(f"{both}?page=2", server.page(server.item("N90001", "0188", 2023, 2.0)))
    assert list(client.values(["N90001"], ["0188"], [2022, 2023]).frame["value"]) == [1.0, 2.0]


def test_a_next_page_that_does_not_come_refuses_the_pages_before_it(server, client):
    server.give("kpi/N90001", server.page(server.figure("N90001")))
    server.give(MEANT, server.page(server.item("N90001", "0188", 2023, 1.0), next_url=f"/v3/{MEANT}?page=2"))
    server.give(f"{MEANT}?page=2", status=500)
    with pytest.raises(NoAnswerError, match=r"page=2: Kolada did not answer \(status 500"):
        client.values(["N90001"], ["0188"], [2023])


@pytest.mark.parametrize("stated", ["http://[::1", 2, ["/v3/municipality"]])
def test_a_next_page_without_a_usable_address_is_refused(server, client, stated):
    server.give("municipality", server.page(next_url=stated))
    with pytest.raises(PlanError, match=r"address that cannot be used|another form"):
        client.municipalities()


def test_a_next_page_on_another_server_is_not_followed(server, client):
    server.give("municipality", server.page(next_url="http://elsewhere.invalid/v3/municipality?page=2"))
    with pytest.raises(PlanError, match="on to another server"):
        client.municipalities()


def test_pages_that_lead_in_a_circle_end(server, client):
    server.give("municipality", server.page(next_url=f"{server.address}/municipality?per_page=5000"))
    with pytest.raises(PlanError, match="already read"):
        client.municipalities()


def test_a_full_page_without_a_next_one_is_refused_as_cut(server, client, monkeypatch):
    monkeypatch.setattr(kolada, "ITEMS_PER_PAGE", 2)
    server.give("kpi/N90001", server.page(server.figure("N90001")))
    server.give(MEANT, server.page(*(server.item("N90001", "0188", year, 1.0) for year in (2022, 2023))))
    with pytest.raises(PlanError, match=r"may have been cut; ask for fewer years"):
        client.values(["N90001"], ["0188"], [2023])


def test_a_page_that_holds_fewer_items_than_it_says_is_refused(server, client):
    server.give("municipality", server.page(count=312))
    with pytest.raises(PlanError, match="says 312 items and sent 0"):
        client.municipalities()


def test_at_most_25_ids_go_into_one_request(server, client):
    kpis = [f"N9{number:04}" for number in range(30)]
    for batch in (kpis[:25], kpis[25:]):
        server.give("kpi/" + ",".join(batch), server.page(*(server.figure(kpi) for kpi in batch)))
    assert len(client.key_figures(kpis)) == 30
    server.asked.clear()
    paths = list(kolada._data_paths(["N90001"], [f"{code:04}" for code in range(60)], list(range(1995, 2025))))
    assert len(paths) == 6
    assert all(len(part.split(",")) <= 25 for path in paths for part in path.split("/"))


def test_without_municipality_and_year_all_municipalities_are_asked_for(server, client):
    server.give("kpi/N90001", server.page(server.figure("N90001")))
    with pytest.raises(PlanError, match=r"refuses the question \(status 404\)") as refused:
        client.values(["N90001"])
    assert not isinstance(refused.value, NoAnswerError)
    assert server.asked[-1].startswith("data/kpi/N90001/municipality/0114,0115,")


def test_a_busy_server_is_asked_again_after_the_pause_it_wants(server, client):
    server.give("municipality", status=429, headers={"Retry-After": "7"})
    server.give("municipality", status=503)
    server.give("municipality", server.page({"id": "0188", "title": "Norrtälje", "type": "K"}))
    assert list(client.municipalities()["name"]) == ["Norrtälje"]
    assert client.waits == [7.0, 2.0]


def test_a_pause_is_never_longer_than_a_minute_and_may_be_a_date(server, client):
    server.give("municipality", status=429, headers={"Retry-After": "86400"})
    server.give("municipality", status=429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    server.give("municipality", status=429, headers={"Retry-After": "later"})
    server.give("municipality", status=429, headers={"Retry-After": "\u00b2"})
    server.give("municipality")
    client.municipalities()
    assert client.waits == [60.0, 2.0, 4.0, 8.0]


def test_a_pause_until_a_time_of_day_is_kept(server, client):
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    server.give("municipality", status=503, headers={"Retry-After": until})
    server.give("municipality")
    client.municipalities()
    assert 20 < client.waits[0] <= 40


def test_koladas_remark_on_a_value_is_kept_and_none_is_missing(server, client):
    server.give("kpi/N90001", server.page(server.figure("N90001")))
    items = [server.item("N90001", "0188", year, 1.0, status=said) for year, said in ((2021, "Prel"), (2022, ""))]
    server.give("data/kpi/N90001/municipality/0188/year/2021,2022", server.page(*items))
    remarks = client.values(["N90001"], ["0188"], [2021, 2022]).frame["status"]
    assert remarks.fillna("none").tolist() == ["Prel", "none"]


@pytest.mark.parametrize("status", [400, 404, 414, 422])
def test_a_question_that_is_refused_is_asked_once(server, client, status):
    server.give("municipality", status=status)
    with pytest.raises(PlanError, match=rf"refuses the question \(status {status}\)"):
        client.municipalities()
    assert len(server.asked) == 1


def test_a_server_that_stays_busy_is_given_up_with_its_reason(server, client):
    server.give("municipality", status=429)
    with pytest.raises(NoAnswerError, match=r"status 429, attempt 6.*local copies are unchanged"):
        client.municipalities()
    assert len(server.asked) == 6


def test_a_server_that_is_not_there_is_given_up(server):
    nobody = httpx.URL(server.address).copy_with(port=1)
    with Kolada(str(nobody), wait=lambda _: None) as client, pytest.raises(NoAnswerError, match="check the connection"):
        client.municipalities()


def test_a_closed_version_of_the_interface_is_not_asked_again(server, client):
    server.give("municipality", status=410)
    with pytest.raises(NoAnswerError, match="status 410, attempt 1"):
        client.municipalities()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<!doctype html><title>Logga in</title>", "is no JSON"),
        (b"", "is no JSON"),
        ('{"values": ["Norrtälje"]}'.encode("latin-1"), "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"[]", "another form than API v3"),
        (b'{"values": [], "count": 0}', "another form"),
        (b'{"values": [null], "next_url": null, "count": 1}', "another form"),
        (b'{"values": [{"id": 188, "title": "x", "type": "K"}], "next_url": null, "count": 1}', "another form"),
    ],
)
def test_an_answer_of_another_form_is_refused(server, client, body, said):
    server.give("municipality", body)
    with pytest.raises(PlanError, match=said):
        client.municipalities()


@pytest.mark.parametrize(
    "changed",
    [
        {"values": None},
        {"values": [None]},
        {"values": [{"gender": "T", "status": ""}]},
        {"values": [{"value": 1.0, "status": ""}]},
        *({"values": [{"gender": "T", "status": "", "value": value}]} for value in ("12,5", True, 1e400, float("nan"))),
        {"period": "2023-T1"},
        {"period": None},
        {"municipality": 188},
        {"kpi": None},
    ],
)
def test_a_value_of_another_form_is_refused_and_never_guessed_at(server, client, changed):
    server.give("kpi/N90001", server.page(server.figure("N90001")))
    server.give(MEANT, server.page(server.item("N90001", "0188", 2023, 1.0) | changed))
    with pytest.raises(PlanError, match="another form than API v3"):
        client.values(["N90001"], ["0188"], [2023])


def test_a_line_of_the_catalogue_without_its_fields_is_refused(server, client):
    server.give("kpi/N90001", server.page({"id": "N90001", "title": None, "is_divided_by_gender": False}))
    with pytest.raises(PlanError, match="another form than API v3"):
        client.key_figures(["N90001"])


@pytest.mark.parametrize("other", [("N90002", "0188", 2023), ("N90001", "2380", 2023), ("N90001", "0188", 2022)])
def test_an_answer_to_another_question_is_refused(server, client, other):
    server.give("kpi/N90001", server.page(server.figure("N90001")))
    server.give(MEANT, server.page(server.item(*other, 1.0)))
    with pytest.raises(PlanError, match="{} of {} in {}, which was not asked for".format(*other)):
        client.values(["N90001"], ["0188"], [2023])


def test_all_municipalities_of_a_year_may_answer_with_regions_and_groups(server, client):
    server.give("kpi/N90001", server.page(server.figure("N90001")))
    items = [server.item("N90001", code, 2023, 1.0) for code in ("0188", "0001", "G35840")]
    server.give("data/kpi/N90001/year/2023", server.page(*items))
    assert list(client.values(["N90001"], years=[2023]).frame["municipality_code"]) == ["0001", "0188", "G35840"]


def test_a_redirection_is_followed_on_the_same_server_only(server, client):
    server.give("municipality", status=302, headers={"Location": "/v3/municipality/?per_page=5000"})
    server.give("municipality/", server.page({"id": "0188", "title": "Norrtälje", "type": "K"}))
    assert list(client.municipalities()["name"]) == ["Norrtälje"]
    server.give("kpi", status=302, headers={"Location": "http://elsewhere.invalid/v3/kpi"})
    with pytest.raises(PlanError, match=r"on to another server \(elsewhere.invalid\), whose answers are not Kolada's"):
        client.key_figures()


def test_redirections_in_a_circle_end(server, client):
    server.give("municipality", status=301, headers={"Location": f"{server.address}/municipality"})
    with pytest.raises(NoAnswerError, match="status 301, attempt 6"):
        client.municipalities()


def test_a_server_that_is_slow_is_asked_again_and_given_up(server, client, monkeypatch):
    monkeypatch.setattr(client._client, "timeout", httpx.Timeout(0.05))
    server.give("municipality")
    server.seconds = 0.3
    with pytest.raises(NoAnswerError, match=r"timed out, attempt 6.*local copies are unchanged"):
        client.municipalities()
    assert len(client.waits) == 5


def test_an_answer_that_breaks_off_is_asked_for_again(server, client):
    server.give("municipality", b'{"values": [', headers={"Content-Length": "4000"})
    server.give("municipality", server.page({"id": "0188", "title": "Norrtälje", "type": "K"}))
    assert list(client.municipalities()["name"]) == ["Norrtälje"]
    assert len(client.waits) == 1


def test_a_misspelt_parameter_is_refused_before_it_is_sent(server, client):
    with pytest.raises(PlanError, match="knows no parameter 'titel'; did you mean 'title'"):
        list(client.items("kpi", titel="skola"))
    with pytest.raises(PlanError, match="Kolada has no 'kpis' here"):
        list(client.items("kpis"))
    assert server.asked == []


def test_a_key_figure_that_kolada_does_not_know_is_refused(server, client):
    server.give("kpi/N90001,N99999", server.page(server.figure("N90001")))
    with pytest.raises(PlanError, match="no key figure N99999; it may have been removed or renamed"):
        client.values(["N90001", "N99999"], ["0188"], [2023])


@pytest.mark.parametrize("kpi", ["n90001", "90001", "N9000", "N90001,N90002", 90001])
def test_what_is_no_id_of_a_key_figure_is_refused(server, client, kpi):
    with pytest.raises(PlanError, match="a letter and five digits"):
        client.values([kpi], ["0188"], [2023])
    assert server.asked == []


@pytest.mark.parametrize("code", ["188", 188, "9999", "Norrtälje"])
def test_an_unknown_municipality_is_refused_before_it_is_sent(server, client, code):
    with pytest.raises(PlanError, match=r"0188|1499"):
        client.values(["N90001"], [code], [2023])
    assert server.asked == []


def test_no_key_figure_at_all_is_refused(client):
    with pytest.raises(PlanError, match="no key figure was asked for"):
        client.values([], ["0188"])


def test_an_empty_answer_for_known_ids_is_said(server, client):
    server.give("kpi/N90001", server.page(server.figure("N90001")))
    server.give(MEANT)
    answer = client.values(["N90001"], ["0188"], [2023])
    assert answer.notes == ("N90001: Kolada has no row for what was asked",)


def test_a_municipality_or_year_without_a_row_is_named(server, client):
    server.give("kpi/N90001", server.page(server.figure("N90001")))
    server.give(
        "data/kpi/N90001/municipality/0188,2380/year/2022,2023", server.page(server.item("N90001", "0188", 2022, 1.0))
    )
    notes = client.values(["N90001"], ["0188", "2380"], [2022, 2023]).notes
    assert notes == (
        "N90001: Kolada has no row for the municipality 2380",
        "N90001: Kolada has no row for the year 2023",
    )


def test_two_values_for_one_cell_are_refused(server, client):
    server.give("kpi/N90001", server.page(server.figure("N90001")))
    twice = [server.item("N90001", "0188", 2023, value) for value in (1.0, 2.0)]
    server.give(MEANT, server.page(*twice))
    with pytest.raises(PlanError, match="two values of N90001 for 0188 in 2023"):
        client.values(["N90001"], ["0188"], [2023])


def test_recorded_the_answer_to_a_misspelt_parameter_looks_like_any_empty_answer(server, client, recorded):
    server.give("municipality", (recorded.parent / "empty_wrong_parameter.json").read_bytes())
    assert client.municipalities().empty


def test_recorded_the_register_of_kolada_has_our_290_municipalities(server, client, recorded):
    server.give("municipality", (recorded / "municipality.json").read_bytes())
    frame = client.municipalities()
    assert len(frame) == 312
    of_type_k = frame[frame["type"] == "K"]
    assert dict(zip(of_type_k["municipality_code"], of_type_k["name"], strict=True)) == kolada.register.names()


def test_recorded_inhabitants_agree_with_our_population(server, client, recorded):
    server.give("kpi/N01951", server.page(server.figure("N01951")))
    server.give("data/kpi/N01951/municipality/0580/year/2024", (recorded / "data-4d88b7.json").read_bytes())
    frame = client.values(["N01951"], ["0580"], [2024]).frame
    ours = kolada.register.population().query("municipality_code == '0580' and year == 2024")["population"]
    assert list(frame["group"].fillna("all")) == ["all", "men", "women"]
    assert frame["value"].iloc[0] == ours.iloc[0] == frame["value"].iloc[1:].sum()


def test_recorded_two_key_figures_over_two_years(server, client, recorded):
    server.give("kpi/N00003,N01951", server.page(server.figure("N00003"), server.figure("N01951")))
    path = "data/kpi/N00003,N01951/municipality/0580/year/2023,2024"
    server.give(path, (recorded / "data-e969c0.json").read_bytes())
    answer = client.values(["N00003", "N01951"], ["0580"], [2023, 2024])
    assert answer.notes == ()
    assert answer.frame.groupby("kpi").size().to_dict() == {"N00003": 2, "N01951": 6}


def test_recorded_a_search_in_the_catalogue(server, client, recorded):
    server.give("kpi", (recorded / "kpi-dd8aaf.json").read_bytes())
    frame = client.key_figures(title="Invånare")
    assert len(frame) == 521
    assert frame["title"].str.contains("nvånare").all()
    assert server.queries[-1]["title"] == ["Invånare"]


def test_recorded_an_empty_answer_of_kolada_is_said(server, client, recorded):
    server.give("kpi/N01951", server.page(server.figure("N01951")))
    server.give("data/kpi/N01951/municipality/0580/year/2060", (recorded / "data-2596ae.json").read_bytes())
    assert client.values(["N01951"], ["0580"], [2060]).notes == ("N01951: Kolada has no row for what was asked",)
