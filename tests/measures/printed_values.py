"""Indicators with printed values, as plans of a few rows."""

from compare.contract import Tables, frame


def plans_of(*values, goals=(), statuses=(), linked=()):
    """Values as (indicator, kind, year, text or number, {column: value}); the plan year is 2022 unless told."""
    rows, own = [], {}
    for number, (name, kind, year, cell, *more) in enumerate(values):
        more = dict(more[0]) if more else {}
        plan_year = more.pop("plan_year", 2022)
        code = more.pop("municipality_code", "0001")
        of_document = {"document_id": f"{code}-{plan_year}", "municipality_code": code}
        key = f"{code}-{plan_year}/{name}"
        goal = {"goal_id": more.pop("goal_id")} if "goal_id" in more else {}
        own[key] = {"indicator_id": key, **of_document, "year": plan_year, "name": name, **goal}
        value, text = (None, cell) if isinstance(cell, str) else (cell, str(cell))
        rows.append(
            {
                "indicator_value_id": f"v{number}",
                "indicator_id": key,
                **of_document,
                "plan_year": plan_year,
                "year": year,
                "kind": kind,
                "value": value,
                "text": text,
                **more,
            }
        )
    links = [
        {"from_table": "indicators", "from_id": a, "to_table": "indicators", "to_id": b, "relation": "same_indicator"}
        for a, b in linked
    ]
    return Tables(
        indicators=frame("indicators", own.values()),
        indicator_values=frame("indicator_values", rows),
        links=frame("links", links),
        goals=frame("goals", goals),
        statuses=frame("statuses", statuses),
    )


def limit(text, value):
    """What a target cell that states a limit adds to its number."""
    return {"text": text, "value": value}
