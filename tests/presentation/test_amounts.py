from __future__ import annotations

import pandas as pd

from compare.presentation import amounts
from compare.presentation.wording import Wording


def test_a_caption_names_few_budgets_and_counts_many():
    few = pd.DataFrame({"budget_of": ["Exempelstad, 2022", "Provby, 2022", "Provby, 2022"]})
    many = pd.DataFrame({"budget_of": [f"Provby {n}, 2022" for n in range(19)]})
    assert amounts.named(few, Wording("en")) == "Exempelstad, 2022 and Provby, 2022"
    assert amounts.named(many, Wording("sv")) == "19 budgetar"


def test_each_row_is_the_budget_of_its_document():
    documents = pd.DataFrame(
        {
            "document_id": ["9001-goals-and-budget-2022", "9001-interim-report-2022-t2"],
            "municipality_code": "9001",
            "year": 2022,
            "board": [None, "Provnämnden"],
            "period": [None, "T2"],
        }
    )
    rows = pd.DataFrame({"document_id": documents["document_id"].tolist()[::-1]}, index=[7, 9])
    whose = amounts.whose(rows, documents, Wording("en"))
    assert whose.to_dict() == {7: "9001, Provnämnden, 2022, T2", 9: "9001, 2022"}
