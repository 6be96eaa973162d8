"""Damaged documents: whatever happens to their lines, reading never fails and never invents a number."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compare.documents import open_document
from compare.problems import PlanError
from compare.reading import read
from compare.source_cards import SourceCard

LINES = """\
Verksamhetsplan 2024 för tekniska nämnden
Nämnden har fått tre uppdrag. Budgetramen är 181,6 miljoner kronor 2024.
Målområde 1: En växande kommun
Inriktningsmål 1.1: Fler bostäder
Uppdrag från KF (kvarstående): Ta fram en ny översiktsplan. Arbetet leds av planenheten.
Ramökning 2024 KS: 250 tkr
Åtgärder\tVad som ska ske för att åtgärden ska anses slutförd\tAnsvarig\tStartdatum\tSlutdatum
Hålla samråd\tSamråd har hållits\tPlanenheten\t2024-02-01\t31 maj
Skriva förslag\tFörslag finns\tPlanenheten\tPågår\tQ4 2024
Kommunstyrelsens initiativ: Bygg en modell (KS, TN)
Uppdraget bedöms bli genomfört under året.
Indikatorer till inriktningsmål 1.1
Indikator\tAnsvarig\tUtfall 2022\tMål 2024\tMål 2025
Antal bygglov ¹\tPlanenheten\t1 204\t1 300\tÖka
Trygga elever\tSkolan\tF 54 % P 61 %\tminst 65 %\t70–75
Handläggningstid\tPlanenheten\t10:52 min\t-\t9,5
Driftbudget, tkr\tUtfall\tBudget\t\tPlan
\t2022\t2023\t2024\t2025
Tekniska kontoret\t-100 000\t-110 000\t- 120 000\t(125 000)
- varav gata\t-60 000\t-65 000\t-70 000\t-72 000
Summa nämnd\t-100 000\t-110 000\t-120 000\t-125 000
Uppdrag\tNämnd\tStatus\tKommentar
Utred badhuset\tKS\tPågår\tKlart i maj.
Inför e-arkiv\tKS\t●\t
""".splitlines()

CARD = SourceCard(municipality_code="9999", year=2024)

edits = st.lists(
    st.one_of(
        st.tuples(st.just("drop"), st.integers(0, 60), st.just("")),
        st.tuples(st.just("repeat"), st.integers(0, 60), st.just("")),
        st.tuples(st.just("swap"), st.integers(0, 60), st.just("")),
        st.tuples(st.just("cut"), st.integers(0, 60), st.just("")),
        st.tuples(st.just("blank"), st.integers(0, 60), st.just("")),
        st.tuples(st.just("tab"), st.integers(0, 60), st.just("")),
        st.tuples(st.just("insert"), st.integers(0, 60), st.text("0123456789 %,.-–()\tåäöabcMål:\n²", max_size=14)),
    ),
    max_size=14,
)


def edited(changes: list[tuple[str, int, str]]) -> str:
    lines = list(LINES)
    for change, position, text in changes:
        if not lines:
            break
        at = position % len(lines)
        line = lines[at]
        if change == "drop":
            del lines[at]
        elif change == "repeat":
            lines.insert(at, line)
        elif change == "swap":
            lines[at], lines[at - 1] = lines[at - 1], line
        elif change == "cut":
            lines[at] = line[: position % (len(line) + 1)]
        elif change == "blank":
            lines.insert(at, "")
        elif change == "tab":
            lines[at] = line.replace("\t", " ", 1) if position % 2 else line.replace(" ", "\t", 1)
        else:
            middle = position % (len(line) + 1)
            lines[at] = line[:middle] + text + line[middle:]
    return "\n".join(lines) + "\nslut\n"


def digits(text: object) -> str:
    return re.sub(r"\D", "", str(text))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=edits)
def test_edited_documents_never_fail_and_never_give_numbers_of_their_own(tmp_path: Path, changes):
    text = edited(changes)
    path = tmp_path / "plan.txt"
    path.write_text(text, encoding="utf-8")
    try:
        tables = read(open_document(path), CARD)
    except PlanError:
        return
    lines = text.split("\n")
    for name in ("indicator_values", "budget_lines", "funding"):
        for row in tables[name].to_dict("records"):
            printed = " ".join(lines[row["line"] - 1 : row["line_end"]])
            number = row.get("value") if name == "indicator_values" else row["amount_sek"]
            if pd.isna(number) or ":" in str(row["text"]):
                continue
            plain = f"{abs(number):f}".rstrip("0").rstrip(".") if name == "indicator_values" else str(abs(number))
            stated = digits(plain).rstrip("0").lstrip("0")
            assert digits(row["text"]) in digits(printed), (name, row["text"], printed)
            assert stated in digits(row["text"]), (name, number, row["text"])
    years = {int(year) for year in re.findall(r"\d{4}", text)} | {2024}
    for row in tables.actions.to_dict("records"):
        for column in ("start", "end"):
            assert pd.isna(row[column]) or row[column].year in years or row[column].year - 2000 in range(100)
