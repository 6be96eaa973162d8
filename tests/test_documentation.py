"""What the documentation shows works as it is shown: commands, places, and the examples in README and docstrings."""

import doctest
import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

import compare
from compare import cli, snapshots

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "compare"
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("*/README.md")), *sorted(ROOT.glob("*/*/README.md"))]
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8")]


def _name(module: Path) -> str:
    return ".".join(module.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("module", MODULES, ids=_name)
def test_the_examples_of_a_module_give_what_they_show(module):
    found = import_module(_name(module).removesuffix(".__init__"))
    assert doctest.testmod(found, optionflags=doctest.ELLIPSIS).failed == 0


def _shown(text: str) -> Iterator[str]:
    """Every command line of a text: in a block of its own, or in a sentence, where it may run on over a line's end."""
    for line in re.findall(r"^ *plancompare .*$", text, flags=re.MULTILINE):
        yield re.split(r"  +#", line)[0].strip()
    for words in re.findall(r"(?<!`)`([^`]+)`(?!`)", text):
        command = re.sub(r"^[A-Z_]+=\S+ ", "", " ".join(words.split()))
        if command.startswith("plancompare "):
            yield command


def _texts() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        yield page.relative_to(ROOT).as_posix(), page.read_text(encoding="utf-8")
    for name, command in cli.main.commands.items():
        yield f"plancompare {name} --help", command.help or ""


COMMANDS = sorted({(place, command) for place, text in _texts() for command in _shown(text)})


@pytest.mark.parametrize(("place", "command"), COMMANDS, ids=[command for _, command in COMMANDS])
def test_a_command_that_is_shown_exists_with_its_options(place, command):
    _, name, *arguments = shlex.split(command)
    if name == "COMMAND":  # stands for any
        name = "run"
    found = cli.main.commands[name]
    if isinstance(found, click.Group):
        found, arguments = found.commands[arguments[0]], arguments[1:]
    known = {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}
    used = {argument for argument in arguments if argument.startswith("-")} - {"--help"}
    assert used <= known, f"{place} shows {', '.join(used - known)}"


def test_commands_are_shown_at_all():
    assert len(COMMANDS) > 15


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_that_a_page_names_are_there(page):
    named = re.findall(
        r"(?:`|\]\()((?:[\w.-]+/)*[\w-]+\.(?:py|toml|csv|cff|md|png|ipynb))[`)]", page.read_text("utf-8")
    )
    made_by_users = {"document.toml", "my.csv"}
    missing = [
        name
        for name in named
        if name not in made_by_users and not ((ROOT / name).exists() or (page.parent / name).exists())
    ]
    assert missing == []


def test_the_python_example_of_the_readme_runs(tmp_path, monkeypatch):
    code = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(code) == 1
    snapshots.load(ROOT / "data" / "plans", tmp_path / "data" / "snapshots")
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(code[0], names)
    assert len(names["plans"].assignments) > 0


def test_every_room_of_the_front_door_opens():
    for room in compare._ROOMS:
        assert getattr(compare, room).__doc__
