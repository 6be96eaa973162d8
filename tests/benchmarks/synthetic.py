"""Plans that nobody has decided: a generator of clearly synthetic `Tables`, for measuring time and memory.

Municipality codes begin with 9 (no Swedish municipality's does) unless others are given, titles and labels say
'syntetisk', and documents carry the wording 'synthetic', so that every report says of itself what it rests on. Every
document is of the kind and size that real ones have: one plan a year with a goal tree, assignments, actions, indicators
with values, a budget with units, parts and a printed total, and a T1 and a T3 follow-up with statuses. Municipalities
differ in how much they plan, spend and complete. The same arguments give the same plans. Not for any statement about
municipalities.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from compare.contract import Tables

FIRST_YEAR = 2010
TOPICS = ("ekonomi", "trygghet", "skola", "klimat", "bostad", "vård", "kultur", "fritid", "företag", "trafik", "vatten")
VERBS = ("Öka", "Minska", "Stärka", "Utveckla", "Förbättra", "Säkerställa", "Främja", "Bygga")
CONSONANTS = ("b", "d", "fl", "g", "k", "kl", "l", "m", "n", "p", "pr", "r", "s", "st", "sk", "t", "tr", "v")
VOWELS = ("a", "e", "i", "o", "u", "y", "å", "ä", "ö", "al", "er", "ing", "or", "und")
WORDS = 6_000  # invented words in all, about as many as real goals use
UNITS = (
    "Syntetisk förskola",
    "Syntetisk grundskola",
    "Syntetisk äldreomsorg",
    "Syntetisk individ- och familjeomsorg",
    "Syntetisk kultur och fritid",
    "Syntetiska gator och parker",
    "Syntetisk räddningstjänst",
    "Syntetisk gemensam administration",
)
PARTS = 2
OFFICES = 3  # units whose cost and revenue are printed too
BUILDINGS = 4
TABLES = {
    "net": "Syntetisk driftbudget",
    "cost": "Syntetiska kostnader och intäkter",
    "revenue": "Syntetiska kostnader och intäkter",
    "investment": "Syntetiska investeringar",
}
LOOSE, UNFINISHED = 24, 13  # of 25 assignments these
# What did not succeed ends as one of these; how much succeeds is each municipality's own.
OUTCOMES = ("partly_completed", "partly_completed", "not_completed", "cancelled")
FORECASTS = ("partly_expected", "not_expected")


def plans(
    municipalities: int = 290,
    years: int = 15,
    goals: int = 24,
    assignments: int = 20,
    seed: int = 1,
    codes: Sequence[str] | None = None,
) -> Tables:
    """Synthetic plans of so many municipalities and years; goals and assignments are mean numbers per plan.

    `codes` are the municipalities' codes, where reports are to find them in the register, on maps and among peers.
    """
    random = np.random.default_rng(seed)
    codes = np.array(codes or [f"{9001 + i}" for i in range(municipalities)], dtype=object)
    place = pd.DataFrame({"municipality_code": np.repeat(codes, years)})
    place["year"] = np.tile(np.arange(FIRST_YEAR, FIRST_YEAR + years), municipalities)
    stem = place["municipality_code"] + "-synthetic-" + place["year"].astype(str)
    plan = place.assign(document_id=stem)
    interim, final = (place.assign(document_id=stem + f"-{period.lower()}") for period in ("T1", "T3"))
    documents = [
        plan.assign(kind="goals_and_budget"),
        interim.assign(kind="follow_up", period="T1"),
        final.assign(kind="follow_up", period="T3"),
    ]
    title = "Syntetiskt dokument, inget beslut"
    sizes = _sizes(len(codes), goals, random).repeat(years)
    tree = _goals(plan, sizes, random)
    tasks = _sizes(len(codes), assignments, random).repeat(years)
    tasks, statuses, links = _assignments(plan, interim, final, tasks, sizes, random)
    indicators, values = _indicators(plan, sizes, random)
    return Tables(
        documents=pd.concat(documents, ignore_index=True).assign(title=title, reading="machine", wording="synthetic"),
        goals=tree,
        assignments=tasks,
        actions=_actions(tasks[tasks["document_id"].isin(plan["document_id"])]),
        indicators=indicators,
        indicator_values=values,
        budget_lines=_budget(plan, interim, random),
        funding=_funding(tasks, random),
        statuses=pd.concat([statuses, _goal_statuses(tree, random)], ignore_index=True),
        links=pd.concat([links, _followed(indicators)], ignore_index=True),
    )


def _sizes(municipalities: int, mean: int, random: np.random.Generator) -> np.ndarray:
    """How many of something each municipality has in each of its plans: half of the mean to one and a half of it."""
    return random.integers(max(1, mean // 2), mean + mean // 2 + 1, municipalities)


def _repeated(plan: pd.DataFrame, times: np.ndarray | int) -> tuple[pd.DataFrame, np.ndarray]:
    """Each document so many times, and the number of each row within its document."""
    times = np.broadcast_to(times, len(plan))
    rows = plan.loc[plan.index.repeat(times), ["document_id", "municipality_code", "year"]].reset_index(drop=True)
    return rows, np.arange(len(rows)) - np.repeat(np.cumsum(times) - times, times)


def _titles(random: np.random.Generator, rows: pd.DataFrame, number: np.ndarray) -> pd.Series:
    """Titles of a verb, a topic and invented words, which a municipality keeps for a mandate period and changes in
    part.

    One in twenty is the same in many municipalities.
    """
    period = (rows["year"] - FIRST_YEAR) // 4
    own = pd.util.hash_array((rows["municipality_code"] + "-" + period.astype(str)).to_numpy(object)) % 100_003
    changed = np.where(random.random(len(rows)) < 0.05, random.integers(1, 99, len(rows)), 0)
    common = number % 20 == 19
    pick = np.where(common, number, own.astype(np.int64) * 31 + number * 7919 + changed)
    syllables = np.array([a + b for a in CONSONANTS for b in VOWELS], dtype=object)
    first, second, third = (
        syllables[pd.util.hash_array(np.arange(WORDS) + WORDS * i) % len(syllables)] for i in range(3)
    )
    invented = first + second + third
    words = [invented[pd.util.hash_array(pick + 1_000_003 * i) % WORDS] for i in range(3)]
    verb, topic = (np.array(w, dtype=object)[pick // k % len(w)] for w, k in ((VERBS, 1), (TOPICS, 8)))
    return pd.Series(verb + " " + topic + "en, syntetiskt " + words[0] + " och " + words[1] + " med " + words[2])


def _goals(plan: pd.DataFrame, sizes: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    rows, number = _repeated(plan, sizes)
    tops = np.maximum(1, sizes // 4).repeat(sizes)
    top = number < tops
    # The last goal of the highest level has none below it: a chain that is broken.
    parent = np.where(top, 0, (number - tops) % np.maximum(1, tops - 1))
    ids = rows["document_id"] + "/goal-" + pd.Series(number).astype(str)
    above = rows["document_id"] + "/goal-" + pd.Series(parent).astype(str)
    return rows.assign(
        goal_id=ids,
        parent_goal_id=above.where(~top, None),
        level=np.where(top, 1, 2),
        level_term=np.where(top, "målområde", "inriktningsmål"),
        number=np.where(top, (number + 1).astype(str), (parent + 1).astype(str)),
        title=_titles(random, rows, number),
        mentions=1,
        page=number // 4 + 1,
        line=number + 1,
    )


def _assignments(
    plan: pd.DataFrame,
    interim: pd.DataFrame,
    final: pd.DataFrame,
    sizes: np.ndarray,
    goals: np.ndarray,
    random: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """`sizes` is the number of assignments and `goals` that of goals of each plan.

    Each municipality has its own share of goals with assignments, and its own share of assignments that succeed.
    """
    parts, statuses = [], []
    aims = np.maximum(1, goals * _shares(plan, random)).astype(int).repeat(sizes)
    succeeding = _shares(plan, random).repeat(sizes)
    for document, period in ((plan, None), (interim, "T1"), (final, "T3")):
        rows, number = _repeated(document, sizes)
        rows["assignment_id"] = rows["document_id"] + "/assignment-" + pd.Series(number).astype(str)
        goal = plan["document_id"].repeat(sizes).reset_index(drop=True) + "/goal-"
        committee = np.array(["KS", "TN", "SN", "BUN"], dtype=object)[number % 4]
        lists = pd.Series([[c] if n % 5 else [c, "MSN"] for c, n in zip(committee, number, strict=True)], dtype=object)
        rows = rows.assign(
            goal_id=(goal + pd.Series(number % aims).astype(str)).where(number % 25 != LOOSE, None),
            kind=_kinds(number, period),
            title="Syntetiskt uppdrag " + pd.Series(number).astype(str),
            given_by="council",
            office=pd.Series(np.array(UNITS, dtype=object)[number % len(UNITS)]),
            committees=lists,
            carried_over=pd.array(random.random(len(rows)) < 0.2, dtype="boolean"),
            page=1,
            line=number + 100,
        )
        parts.append(rows)
        if period:
            failed = np.array(OUTCOMES if period == "T3" else FORECASTS, dtype=object)
            good = "completed" if period == "T3" else "expected"
            succeeded = random.random(len(rows)) < succeeding
            statuses.append(
                rows[["document_id", "municipality_code", "year", "assignment_id", "line"]].assign(
                    status_id=rows["assignment_id"] + "/status",
                    period=rows["year"].astype(str) + "-" + period,
                    basis="outcome" if period == "T3" else "forecast",
                    status=np.where(succeeded, good, failed[random.integers(0, len(failed), len(rows))]),
                    qualified=pd.array(random.random(len(rows)) < 0.1, dtype="boolean"),
                )
            )
    tie = {"from_table": "assignments", "to_table": "assignments", "relation": "same_assignment", "method": "synthetic"}
    first = parts[0]["assignment_id"]
    links = [pd.DataFrame({"from_id": first, "to_id": p["assignment_id"]}) for p in parts[1:]]
    # What a plan lists as unfinished stands again two rows before.
    again = np.flatnonzero(parts[0]["kind"] == "unfinished_assignment")
    links.append(pd.DataFrame({"from_id": first.iloc[again - 2].array, "to_id": first.iloc[again].array}))
    links = pd.concat(links)
    return pd.concat(parts, ignore_index=True), pd.concat(statuses, ignore_index=True), links.assign(**tie, score=1.0)


def _kinds(number: np.ndarray, period: str | None) -> np.ndarray:
    """What each assignment is; only plans list unfinished ones."""
    kinds = np.where(number % 3 == 0, "initiative", "assignment").astype(object)
    return kinds if period else np.where(number % 25 == UNFINISHED, "unfinished_assignment", kinds)


def _shares(plan: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    """A share of each municipality's own, the same in all its plans."""
    place, codes = pd.factorize(plan["municipality_code"])
    return random.uniform(0.35, 0.95, len(codes))[place]


def _actions(tasks: pd.DataFrame) -> pd.DataFrame:
    rows = tasks[["document_id", "municipality_code", "year", "assignment_id", "office", "line"]]
    month = np.where(rows["line"] % 2, "-03-31", "-12-31")
    return rows.assign(
        action_id=rows["assignment_id"] + "/action",
        title="Syntetisk åtgärd",
        end=pd.to_datetime(rows["year"].astype(str) + month),
    )


def _goal_statuses(goals: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """What the follow-up at the end of the year says of each goal of the highest level."""
    goals = goals[goals["level"] == 1].reset_index(drop=True)
    document = goals["document_id"] + "-t3"
    done = random.random(len(goals)) < 0.6
    return goals[["municipality_code", "year", "goal_id", "line"]].assign(
        document_id=document,
        status_id=document + "/status-goal-" + goals["line"].astype(str),
        period=goals["year"].astype(str) + "-T3",
        basis="outcome",
        status=np.where(done, "completed", "not_completed"),
    )


def _indicators(
    plan: pd.DataFrame, goals: np.ndarray, random: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Indicators on a share of the goals that is each municipality's own."""
    sizes = np.maximum(1, goals * _shares(plan, random) * 0.8).astype(int)
    rows, number = _repeated(plan, sizes)
    rows = rows.assign(
        indicator_id=rows["document_id"] + "/indicator-" + pd.Series(number).astype(str),
        goal_id=rows["document_id"] + "/goal-" + pd.Series(number).astype(str),
        name="Syntetiskt mått " + pd.Series(number).astype(str),
        unit="%",
        line=number + 300,
    )
    level = random.uniform(20, 80, len(rows))
    values = []
    for kind, shift, text in (("outcome", -2, ""), ("outcome", -1, ""), ("target", 0, "minst ")):
        number_now = np.round(level + random.normal(0, 5, len(rows)), 1)
        part = rows.drop(columns=["goal_id", "name"]).rename(columns={"year": "plan_year"})
        values.append(
            part.assign(
                indicator_value_id=part["indicator_id"] + f"/{kind}{shift}",
                year=part["plan_year"] + shift,
                kind=kind,
                value=number_now,
                text=text + pd.Series(number_now).astype(str),
            )
        )
    return rows, pd.concat(values, ignore_index=True)


def _followed(indicators: pd.DataFrame) -> pd.DataFrame:
    """Links from each indicator to the same one of the municipality's next plan."""
    rows = indicators[["municipality_code", "year", "name", "indicator_id"]]
    after = rows.assign(year=rows["year"] - 1)
    pairs = rows.merge(after, on=["municipality_code", "year", "name"], suffixes=("", "_after"))
    tie = {"from_table": "indicators", "to_table": "indicators", "relation": "same_indicator", "method": "synthetic"}
    ends = {"from_id": pairs["indicator_id"], "to_id": pairs["indicator_id_after"]}
    return pd.DataFrame(ends).assign(**tie, score=1.0)


def _budget(plan: pd.DataFrame, interim: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Per plan a table of units with parts and a printed total, costs negative, one of investments, and one of the
    units' costs and revenue; per follow-up in the year a forecast of the units and their total.
    """
    of_municipality, codes = pd.factorize(plan["municipality_code"])
    first = random.integers(5_000, 900_000, (len(codes), len(UNITS), PARTS))[of_municipality]
    since = (plan["year"] - FIRST_YEAR).to_numpy()[:, None, None]
    base = first * 1.03**since * random.uniform(0.96, 1.04, first.shape)
    unit_lines = 500 + np.arange(len(UNITS)) * (PARTS + 1)
    part_lines = unit_lines[:, None] + 1 + np.arange(PARTS)
    total_line = np.array([unit_lines[-1] + PARTS + 1])
    parts = [f"Del {number}" for number in range(part_lines.size)]
    buildings, all_buildings = 901 + np.arange(BUILDINGS), np.array([900])
    names = [f"Syntetiskt bygge {number}" for number in range(BUILDINGS)]
    tables = []
    for at, (kind, shift) in enumerate((("outcome", -2), ("budget", 0), ("plan", 1))):
        part_amounts = -(base * (1 + 0.03 * at)).astype(np.int64)
        unit_amounts = part_amounts.sum(axis=2)
        total = unit_amounts.sum(axis=1)[:, None]
        flat = part_amounts.reshape(len(plan), -1)
        tables += [
            _cells(plan, unit_amounts, UNITS, kind, shift, unit_lines, np.repeat(total_line, len(UNITS))),
            _cells(plan, flat, parts, kind, shift, part_lines.ravel(), np.repeat(unit_lines, PARTS)),
            _cells(plan, total, ["Summa"], kind, shift, total_line, None),
        ]
        if kind == "budget":
            for at_line, (category, word, part) in enumerate((("cost", "kostnad", 1.2), ("revenue", "intäkt", -0.2))):
                rows = [f"{unit}, {word}" for unit in UNITS[:OFFICES]]
                printed = (unit_amounts[:, :OFFICES] * part).astype(np.int64)
                on = 950 + at_line * OFFICES + np.arange(OFFICES)
                tables.append(_cells(plan, printed, rows, kind, shift, on, None, category))
            expected, above = (unit_amounts * 1.01).astype(np.int64), np.repeat(total_line, len(UNITS))
            tables += [
                _cells(interim, expected, UNITS, "forecast", 0, unit_lines, above),
                _cells(interim, expected.sum(axis=1)[:, None], ["Summa"], "forecast", 0, total_line, None),
            ]
        if kind != "outcome":
            built = -flat[:, :BUILDINGS]
            above = np.repeat(all_buildings, BUILDINGS)
            tables += [
                _cells(plan, built, names, kind, shift, buildings, above, "investment"),
                _cells(plan, built.sum(axis=1)[:, None], ["Summa"], kind, shift, all_buildings, None, "investment"),
            ]
    return pd.concat(tables, ignore_index=True).sort_values(["document_id", "line"], kind="stable", ignore_index=True)


def _cells(
    plan: pd.DataFrame,
    amounts: np.ndarray,
    labels: Sequence[str],
    kind: str,
    shift: int,
    lines: np.ndarray,
    parents: np.ndarray | None,
    category: str = "net",
) -> pd.DataFrame:
    """One column of one sort of row: amounts in thousands (a row per plan), the lines they stand on and add up to."""
    rows, number = _repeated(plan, len(lines))
    rows = rows.rename(columns={"year": "plan_year"})
    ids = rows["document_id"] + "/budget-L"
    above = None if parents is None else ids + pd.Series(parents[number]).astype(str) + f"-{kind}"
    return rows.assign(
        budget_line_id=ids + pd.Series(lines[number]).astype(str) + f"-{kind}",
        parent_budget_line_id=above,
        table_title=TABLES[category],
        label=np.array(labels, dtype=object)[number],
        category=category,
        kind=kind,
        year=rows["plan_year"] + shift,
        amount_sek=amounts.ravel() * 1000,
        unit="tkr",
        line=lines[number],
    )


def _funding(tasks: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    rows = tasks[random.random(len(tasks)) < 0.1]
    rows = rows[["document_id", "municipality_code", "year", "assignment_id"]].rename(columns={"year": "plan_year"})
    return rows.assign(
        funding_id=rows["assignment_id"] + "/funding",
        year=rows["plan_year"],
        amount_sek=random.integers(1, 500, len(rows)) * 10_000,
        nature="ramökning",
    )
