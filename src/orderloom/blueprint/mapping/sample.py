"""The inverse of a mapping for path fields: a payload that reads back as given values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom.blueprint.mapping.documents import Document
from orderloom.blueprint.mapping.paths import Index, Key, Pick, parse_path

_PARTS = ("lines", "refunds", "shipments", "entries", "figures", "ratings")


def sample(document: Document, values: Mapping[str, Any]) -> Any:
    """A body for a JSON document: `values` by field name, with `receiver`, `facts` and lists of elements as blocks.

    `charges` is a list beside the document's own: the values of each part, which for a part with `each` are a list.
    Only fields that are read by a path can be written; a list of paths is written at its first. Raises `ValueError`
    for a field that is not read by a path, or a path with every-element or nested-JSON steps.
    """
    said = document.said
    node: dict[str, Any] = {}
    fields = said.get("fields", {})
    for name, value in values.items():
        if name in ("receiver", "facts"):
            for inner, one in value.items():
                node = _put(node, _path(said[name][inner], f"{name}.{inner}"), one)
        elif name == "charges":
            for part, one in zip(said["charges"], value, strict=True):
                node = _charge(node, part, one)
        elif name in _PARTS:
            node = _put(node, str(said[name]["each"]), [_element(said[name]["fields"], one) for one in value])
        else:
            node = _put(node, _path(fields[name], name), value)
    root = said.get("root") or ""
    root = root[0] if isinstance(root, list) else root
    return _put({}, root, node) if root and root != "$" else node


def _charge(node: Any, part: Mapping[str, Any], values: Any) -> Any:
    if part.get("each"):
        return _put(node, str(part["each"]), [_element(part["fields"], one) for one in values])
    for name, value in values.items():
        node = _put(node, _path(part["fields"][name], name), value)
    return node


def _element(fields: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    node: Any = {}
    for name, value in values.items():
        node = _put(node, _path(fields[name], name), value)
    return node


def _path(said: Any, name: str) -> str:
    if isinstance(said, dict) and "path" in said:
        said = said["path"]
    if isinstance(said, list) and said and isinstance(said[0], str):
        said = said[0]
    if not isinstance(said, str):
        raise ValueError(f"{name} is not read by a path")
    return said


def _put(node: Any, path: str, value: Any) -> Any:
    parsed = parse_path(path)
    if parsed.origin:
        raise ValueError(f"{path} does not lie in the node")
    return _set(node, list(parsed.steps), value)


def _set(node: Any, steps: list[Any], value: Any) -> Any:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, Key):
        held = dict(node) if isinstance(node, dict) else {}
        held[step.name] = _set(held.get(step.name), rest, value)
        return held
    elements = list(node) if isinstance(node, list) else []
    if isinstance(step, Index) and step.at >= 0:
        elements += [None] * (step.at + 1 - len(elements))
        elements[step.at] = _set(elements[step.at], rest, value)
        return elements
    if isinstance(step, Pick):
        at = next((n for n, one in enumerate(elements) if one.get(step.name) == step.value), len(elements))
        elements += [{step.name: step.value}] if at == len(elements) else []
        elements[at] = _set(elements[at], rest, value)
        return elements
    raise ValueError("this step cannot be written")
