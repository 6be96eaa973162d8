"""Which messages the code and the notebooks use, and which of them a catalogue lacks.

`python -m compare.presentation.messages` lists, as catalogue entries, what the Swedish catalogue still needs.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from compare.presentation import comparability, labels
from compare.presentation.wording import catalogue_paths

# A message is a text constant given to `say` or `plural`, to one of these functions and methods as its first argument
# (alone or in a list), or to any call under one of these names.
_CALLS = frozenset(
    {"say", "Page", "title", "question", "heading", "paragraph", "method", "limits", "findings", "_words"}
)
_ROOMS = ("presentation", "reports")
_SECOND = frozenset(
    {
        "no_data",
        "table",
        "rate",
        "rates",
        "over_many",
        "together",
        "difference",
        "change",
        "extremes",
        "no_data_for",
        "_list",
    }
)
# The module constants that hold messages.
_CONSTANTS = frozenset({"METHOD", "LIMITS", "PARTS"})
_NAMES = frozenset(
    {
        "title",
        "caption",
        "value_label",
        "n_label",
        "before_label",
        "after_label",
        "note",
        "source",
        "heading",
        "subtitle",
        "question",
        "several",
        "middle",
    }
)


def used(root: Path) -> dict[str, set[str]]:
    """Each message under `root`: of the rooms that speak to readers, of label and warning files, of the notebooks.

    The values are the files that use it, relative to `root`.
    """
    found: dict[str, set[str]] = {}
    speaking = [path for room in _ROOMS for path in sorted((root / "compare" / room).rglob("*.py"))]
    for path in speaking:
        _add(found, in_code(path.read_text(encoding="utf-8")), path.relative_to(root))
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for cell in cells:
            if cell["cell_type"] == "code":
                _add(found, in_code(_plain("".join(cell["source"]))), path.relative_to(root))
    for path in sorted((root / "compare").rglob("*.py")):
        _add(found, told_in(path.read_text(encoding="utf-8")), path.relative_to(root))
    _add(found, labels.messages(), Path("labels.toml"))
    _add(found, comparability.messages(), Path("warnings.toml"))
    return found


def missing(root: Path, language: str) -> list[str]:
    """Messages in use that the catalogue of a language does not have, sorted."""
    return sorted(set(used(root)) - translated(language))


def translated(language: str) -> set[str]:
    """The message ids that the catalogues of a language translate; of a plural message both forms."""
    ids: set[str] = set()
    for path in catalogue_paths(language):
        with path.open("rb") as source:
            catalogue = read_po(source, locale=language)
        for message in catalogue:
            if message.id and not message.fuzzy and message.string and all(_forms(message.string)):
                ids.update(_forms(message.id))
    return ids


def in_code(source: str) -> list[str]:
    """The messages of Python source, in the order in which they stand.

    >>> in_code('page.heading("Goals"); say.plural("{n} goal", "{n} goals", 2); figure(title="Trees")')
    ['Goals', '{n} goal', '{n} goals', 'Trees']
    """
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    defaults = [text for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for text in _defaults(node)]
    found = [text for call in sorted(calls, key=lambda c: (c.lineno, c.col_offset)) for text in _of_call(call)]
    return list(dict.fromkeys([*found, *defaults, *_constants(tree)]))


def told_in(source: str) -> list[str]:
    """The sentences of problems in Python source: what is given to `compare.problems.told`.

    >>> told_in('told("row {row}", row=3); told("in both", swedish="i båda"); say("Goals")')
    ['row {row}']
    """
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    named = [call for call in calls if getattr(call.func, "id", "") == "told"]
    catalogued = [call for call in named if "swedish" not in [keyword.arg for keyword in call.keywords]]
    return list(dict.fromkeys(text for call in catalogued for text in _texts(call.args[0])))


def _constants(tree: ast.Module) -> Iterator[str]:
    """The sentences that a module holds as constants of the names that reports use."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and {getattr(t, "id", "") for t in node.targets} & _CONSTANTS:
            yield from _texts(node.value)


def _of_call(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name == "plural":
        yield from (text for argument in call.args[:2] for text in _texts(argument))
    if name in _CALLS and call.args:
        yield from _texts(call.args[0])
    if name in _SECOND and len(call.args) > 1:
        yield from _texts(call.args[1])
    if name == "no_data_for" and len(call.args) > 2:
        yield from _texts(call.args[2])
    if name == "table":
        yield from (text for keyword in call.keywords if keyword.arg == "columns" for text in _heads(keyword.value))
    for keyword in call.keywords:
        if keyword.arg in _NAMES:
            yield from _texts(keyword.value)


def _defaults(function: ast.FunctionDef) -> Iterator[str]:
    """Messages that stand as the default of a parameter."""
    arguments = function.args
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    positional = [*arguments.posonlyargs, *arguments.args]
    late = zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True)
    for argument, default in [*pairs, *late]:
        if argument.arg in _NAMES and default is not None:
            yield from _texts(default)


def _texts(node: ast.expr) -> Iterator[str]:
    """The text constants of an argument: itself, the parts of a list, both branches of a choice, by the row or not."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
        yield node.value
    elif isinstance(node, (ast.List, ast.Tuple)):
        yield from (text for item in node.elts for text in _texts(item))
    elif isinstance(node, ast.IfExp):
        yield from (text for branch in (node.body, node.orelse) for text in _texts(branch))
    elif isinstance(node, ast.Lambda):
        yield from _texts(node.body)
    elif isinstance(node, (ast.BoolOp, ast.Dict)):
        yield from (text for value in node.values for text in _texts(value))


def _heads(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Dict):
        yield from (text for value in node.values for text in _texts(value))


def _plain(source: str) -> str:
    """A notebook cell without the lines that are commands to the notebook."""
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())


def _forms(words: object) -> list[str]:
    return [str(word) for word in words] if isinstance(words, (list, tuple)) else [str(words)]


def _add(found: dict[str, set[str]], messages: Iterable[str], path: Path) -> None:
    for message in messages:
        found.setdefault(message, set()).add(str(path))


def main() -> None:
    """Print what the Swedish catalogue lacks, ready to be filled in."""
    for message in missing(Path(__file__).parents[2], "sv"):
        print(f'msgid {json.dumps(message, ensure_ascii=False)}\nmsgstr ""\n')


if __name__ == "__main__":
    main()
