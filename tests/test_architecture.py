"""One natural way through the package: a room imports only from rooms above it in the list."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest

import compare

PACKAGE = Path(compare.__file__).parent
# From what knows least to what knows most; README.md tells what lives in each.
ROOMS = (
    "problems",
    "contract",
    "checks",
    "datapackage",
    "source_cards",
    "whole_files",
    "vocabulary",
    "documents",
    "reading",
    "csv_rows",
    "plan_files",
    "reference",
    "magnitude",
    "linking",
    "storage",
    "snapshots",
    "measures",
    "presentation",
    "reports",
    "intake",
    "cli",
    "__main__",
)
# The package's front door names its rooms without importing them.
FRONT_DOOR = "__init__"


def _room(module: Path) -> str:
    return module.relative_to(PACKAGE).with_suffix("").parts[0]


def _imported(module: Path) -> Iterator[tuple[str, int]]:
    """Each room that the module imports from, wherever in it, with the line."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""] if node.module != "compare" else [f"compare.{one.name}" for one in node.names]
        elif isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        else:
            continue
        yield from ((name.split(".")[1], node.lineno) for name in names if name.startswith("compare."))


MODULES = sorted(PACKAGE.rglob("*.py"))


def test_every_room_has_its_place_in_the_list():
    assert {_room(module) for module in MODULES} - {FRONT_DOOR} <= set(ROOMS)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_rooms_above_its_own(module):
    room = _room(module)
    allowed = {room} if room == FRONT_DOOR else {*ROOMS[: ROOMS.index(room)], room}
    wrong = [f"line {line}: {other}" for other, line in _imported(module) if other not in allowed]
    assert not wrong, f"{room} stands above what it imports: {', '.join(wrong)}"


def test_documents_know_nothing_of_plans_and_measures_nothing_of_files():
    assert {other for module in MODULES if _room(module) == "documents" for other, _ in _imported(module)} <= {
        "documents",
        "problems",
    }
    assert not {other for module in MODULES if _room(module) == "measures" for other, _ in _imported(module)} & {
        "documents",
        "plan_files",
        "snapshots",
    }


def test_modules_import_by_full_names():
    relative = [
        f"{module.relative_to(PACKAGE)}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_every_library_that_is_imported_is_declared_and_the_other_way_round():
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = chain(project["dependencies"], *project["optional-dependencies"].values())
    trees = [ast.parse(module.read_text(encoding="utf-8")) for module in MODULES]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    libraries = {name.split(".")[0] for name in names} - {"compare"} - sys.stdlib_module_names
    distributions = packages_distributions()
    imported = {distributions[library][0].lower() for library in libraries}
    # Run as programs of their own, not imported.
    programs = {"jupyterlab", "jupyter-scheduler", "s3fs"}
    assert {re.match(r"[\w-]+", one)[0] for one in declared} == imported | programs
