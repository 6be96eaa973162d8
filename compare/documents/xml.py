"""XML parts of office files, parsed without entities, network or unbounded depth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

from compare.problems import PlanError

# lxml gives its element class no public name.
Element = Any
MAX_DEPTH = 200


def parsed(content: bytes, path: Path, what: str) -> Element:
    """The root of an XML part; raises `PlanError` for damaged or malicious XML."""
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content:
        raise PlanError(f"{path}: {what} declares entities, which no office program writes; check where it comes from")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PlanError(f"{path}: {what} is damaged ({error}); open and save the file again") from error
    if too_deep(root):
        raise PlanError(f"{path}: {what} is nested more than {MAX_DEPTH} deep; check where the file comes from")
    return root


def too_deep(root: Element) -> bool:
    """Whether elements are nested deeper than office programs ever nest them."""
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def name(node: Element) -> str:
    """The element's name without its namespace; '' for comments and instructions."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(node: Element | None, wanted: str) -> str | None:
    """An attribute by its name without namespace."""
    if node is not None:
        for key, value in node.attrib.items():
            if str(key).rpartition("}")[2] == wanted:
                return str(value)
    return None


def child(node: Element | None, *names: str) -> Element | None:
    """The first descendant along these names, one level each."""
    for wanted in names:
        if node is None:
            return None
        node = next((one for one in node if name(one) == wanted), None)
    return node
