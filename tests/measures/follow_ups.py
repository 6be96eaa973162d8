"""Follow-ups of a few rows; the first have the shape of a real T1 and T3."""

from compare.contract import Tables, frame


def plans_of(*follow_ups, linked=True, plan_documents=()):
    """Follow-ups as (code, year, period, [status or {column: value}]); the n-th assignment of each is the same."""
    rows = {"documents": [], "assignments": [], "statuses": [], "links": []}
    first_of = {}
    for code, year, period, statuses in (*plan_documents, *follow_ups):
        document = f"{code}-{year}-{period}".lower()
        common = {"document_id": document, "municipality_code": code, "year": year}
        kind = "operational_plan" if period is None else "follow_up"
        rows["documents"].append({**common, "title": document, "kind": kind, "period": period, "reading": "machine"})
        for number, status in enumerate(statuses, start=1):
            said = status if isinstance(status, dict) else {"status": status}
            key = f"{document}/assignment-L{number:04}"
            of_assignment = {name: said[name] for name in ("kind", "committees", "office") if name in said}
            rows["assignments"].append(
                {**common, "assignment_id": key, "title": f"T{number}", "kind": "assignment", **of_assignment}
            )
            if period is not None:
                of_status = {k: v for k, v in said.items() if k in ("status", "basis", "qualified", "qualification")}
                rows["statuses"].append(
                    {
                        **common,
                        "status_id": f"{document}/status-L{number:04}",
                        "assignment_id": key,
                        "period": f"{year}-{period}" if period != "year" else str(year),
                        "line": number,
                        **of_status,
                    }
                )
            earlier = first_of.setdefault((code, year, number), key)
            if linked and earlier != key:
                rows["links"].append(
                    {
                        "from_table": "assignments",
                        "from_id": earlier,
                        "to_table": "assignments",
                        "to_id": key,
                        "relation": "same_assignment",
                    }
                )
    return Tables(**{name: frame(name, records) for name, records in rows.items()})


# One of 8 completed and 7 expected at T1; at T3 6 completed and 2 not; two assignments are shared by two committees.
T1 = ["expected", "expected", "expected", "completed", *["expected"] * 4]


T3 = [
    {"status": "completed", "committees": ["KS"], "qualified": True, "qualification": ["limited_by_resources"]},
    {"status": "completed", "committees": ["SAN"], "qualified": True, "qualification": ["limited_by_resources"]},
    {"status": "not_completed", "committees": ["KS"], "qualified": True, "qualification": ["partly_done"]},
    {"status": "completed", "committees": ["KS"], "qualified": False},
    {"status": "completed", "committees": ["MSN"], "qualified": True, "qualification": ["delayed"]},
    {"status": "completed", "committees": ["MSN", "TN"], "qualified": False},
    {"status": "completed", "committees": ["KS", "TN"], "qualified": False},
    {"status": "not_completed", "committees": ["TN"], "qualified": True, "qualification": ["double_negation"]},
]


TWO_FOLLOW_UPS = plans_of(("2380", 2022, "T1", T1), ("2380", 2022, "T3", T3))


def the(table, **wanted):
    """The one row with these values."""
    for name, value in wanted.items():
        table = table[table[name] == value]
    assert len(table) == 1, f"{len(table)} rows for {wanted}"
    return table.iloc[0]
