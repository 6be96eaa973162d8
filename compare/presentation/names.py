"""What things are called in English: the labels that codings hold beside the words of the documents.

Measures carry the words of the source. A page in English shows the coding's English label where there is one; it is
looked up here, by the id of the thing, so that no measure has to carry words it does not need.
"""

from __future__ import annotations

import pandas as pd

from compare.contract import TABLES, Tables


def with_english(rows: pd.DataFrame, plans: Tables, table: str, key: str = "unit_id") -> pd.DataFrame:
    """The rows with the English label of what their id names, beside its own words.

    `table` is where the ids of column `key` are found: for 'indicators' the rows get `name_en`, for 'assignments',
    'actions' and 'goals' `title_en`. It is null where the coding has none or the id is unknown.
    """
    label = "name_en" if table == "indicators" else "title_en"
    things = plans[table].drop_duplicates(str(TABLES[table].key)).set_index(str(TABLES[table].key))
    return rows.assign(**{label: things[label].reindex(rows[key]).array})
