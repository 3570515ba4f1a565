"""What every key of `connector.yaml` is, by the docstrings of its structs: told in the schema for editors and on pages.

A docstring of a block may be several lines in its source; that of a key says what it is, in what unit or shape.
"""

from __future__ import annotations

import ast
import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from orderloom.adapters.kit import schema as kit
from orderloom.adapters.kit.schema.pull import FinishedBlock
from orderloom.adapters.kit.schema.tell import OpenBlock

DOCS = Path(__file__).resolve().parents[1] / "docs"
SOURCES = Path(kit.__file__).parent
PAGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "connector-keys": ("The file, its accounts and calls", ("file", "account", "call")),
    "connector-keys-pull": ("What is read", ("pull",)),
    "connector-keys-push": ("What the platform sends", ("push",)),
    "connector-keys-tell": ("What the platform is told and asked", ("tell",)),
}
"""By page: its title, and the modules of the schema that it shows."""
ROOT_BLOCK, REFERENCE = "ConnectorBlock", "#/$defs/"
UNTYPED = {"FinishedBlock": ["pull.lists.NAME.open"]}
"""Where a block stands that is one of two forms of a key, and no type says so."""
PLACES_MAX = 4


class Block(NamedTuple):
    """A class of the schema: its module, what it is, the blocks whose keys it has too, and what its own keys are."""

    module: str
    is_: str
    above: tuple[str, ...]
    keys: dict[str, str]


def blocks() -> dict[str, Block]:
    """Every block by its class, in the order of the sources. A key that nothing is said of is "" there."""
    found: dict[str, Block] = {}
    for module in (one for _, modules in PAGES.values() for one in modules):
        for one in ast.parse((SOURCES / f"{module}.py").read_text("utf-8")).body:
            if isinstance(one, ast.ClassDef):
                above = tuple(base.id for base in one.bases if isinstance(base, ast.Name))
                found[one.name] = Block(module, _line(ast.get_docstring(one) or ""),
                                        tuple(name for name in above if name != "DeclaredBlock"), dict(_keys(one)))
    return found


def _keys(block: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """The keys as the file has them, each with the text below it."""
    for one, below in zip(block.body, [*block.body[1:], None], strict=True):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            is_told = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
            yield one.target.id.rstrip("_"), _line(str(below.value.value)) if is_told else ""  # type: ignore[union-attr]


def _line(text: str) -> str:
    return " ".join(text.split())


def keys_of(name: str, known: Mapping[str, Block]) -> dict[str, str]:
    """All keys of a block, those of the blocks above it too."""
    found: dict[str, str] = {}
    for above in known[name].above:
        found |= keys_of(above, known)
    return found | known[name].keys


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema for editors with a description of every key."""
    known = blocks()
    for name in known.keys() & schema["$defs"].keys():
        keys = keys_of(name, known)
        for key, said in schema["$defs"][name]["properties"].items():
            said["description"] = keys[key]
    return schema


def pages() -> dict[Path, str]:
    """The pages as Markdown, by file."""
    known = blocks()
    _, shapes = msgspec.json.schema_components([kit.ConnectorBlock, FinishedBlock, OpenBlock],
                                               ref_template=REFERENCE + "{name}")
    places = _places(shapes)
    found: dict[Path, str] = {}
    for page, (_, modules) in PAGES.items():
        lines = [*_head(page, known)]
        for name, block in known.items():
            if block.module in modules:
                lines += _section(name, known, shapes[name], places.get(name, []))
        found[DOCS / f"{page}.md"] = "\n".join(lines) + "\n"
    return found


def _head(page: str, known: Mapping[str, Block]) -> Iterator[str]:
    yield from (
        f"# Keys of connector.yaml: {PAGES[page][0][0].lower()}{PAGES[page][0][1:]}", "",
        "Generated from `adapters/kit/schema` by `python tools/connectors_page.py`; do not edit. What they are for, "
        "with examples: [connector.md](connector.md).",
        "NAME is a name (of your own, or one that the key tells), N a place in a list, a value what "
        "[connector.md](connector.md#values) calls one; what stands behind `=` counts where "
        "nothing is said.", "",
    )
    for other, (title, modules) in PAGES.items():
        if other != page:
            names = " ".join(name.removesuffix("Block") for name, one in known.items() if one.module in modules)
            yield f"- [{title}]({other}.md): {names}"


def _section(name: str, known: Mapping[str, Block], shape: Mapping[str, Any], places: Sequence[str]) -> Iterator[str]:
    block, needed = known[name], shape.get("required", ())
    yield from ("", f"## {name}", block.is_ + _where(places) + _also(block, known), "", "| key | takes | is |",
                "|---|---|---|")
    for key, said in block.keys.items():
        takes = _takes(shape["properties"][key], known)
        yield f"| `{key}` | {takes}{', required' if key in needed else ''} | {said.replace('|', chr(92) + '|')} |"


def _where(places: Sequence[str]) -> str:
    """Where it stands in the file, the nearest places first."""
    near = sorted(places, key=lambda one: (one.count("."), one))
    more = f" and {len(near) - PLACES_MAX} more" if len(near) > PLACES_MAX else ""
    return f" Stands at {', '.join(f'`{one}`' for one in near[:PLACES_MAX])}{more}." if near else ""


def _also(block: Block, known: Mapping[str, Block]) -> str:
    return f" Has the keys of {', '.join(_link(one, known) for one in block.above)} too." if block.above else ""


def _link(name: str, known: Mapping[str, Block]) -> str:
    page = next(page for page, (_, modules) in PAGES.items() if known[name].module in modules)
    return f"[{name}]({page}.md#{name.lower()})"


def _takes(said: Mapping[str, Any], known: Mapping[str, Block]) -> str:
    """What a key takes, and what counts without it."""
    default = said.get("default")
    shown = "" if default in ("", None, False) or default in ([], {}) or isinstance(default, dict) else (
        default if isinstance(default, str) else json.dumps(default))
    return _form(said, known) + (f" = `{shown}`" if shown else "")


def _form(said: Mapping[str, Any], known: Mapping[str, Block]) -> str:
    if "$ref" in said:
        name = said["$ref"].removeprefix(REFERENCE)
        return _link(name, known) if name in known else "`{zh: …, en: …}`"
    if "anyOf" in said:
        return " or ".join(_form(one, known) for one in said["anyOf"] if one.get("type") != "null")
    if "enum" in said:
        return " ".join(f"`{one}`" for one in said["enum"] if one != "")
    if "pattern" in said:
        return "time (`1h30m`)"
    if said.get("type") == "array":
        return f"list of {_form(said.get('items', {}), known)}"
    if said.get("type") == "object":
        return f"{{NAME: {_form(inner, known)}}}" if isinstance(inner := said.get("additionalProperties"), dict) else \
            "{NAME: value}"
    return {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}.get(
        said.get("type", ""), "value")


def _places(shapes: Mapping[str, Any]) -> dict[str, list[str]]:
    """Where each block stands in the file; a block that holds itself is not followed further."""
    found: dict[str, list[str]] = {name: list(places) for name, places in UNTYPED.items()}
    waiting: deque[tuple[str, str, tuple[str, ...]]] = deque([(ROOT_BLOCK, "", ())])
    while waiting:
        name, place, within = waiting.popleft()
        if place:
            found.setdefault(name, []).append(place)
        for key, said in shapes[name].get("properties", {}).items() if name not in within else ():
            waiting += ((inner, f"{place}.{at}".lstrip("."), (*within, name)) for inner, at in _inner(said, key))
    return found


def _inner(said: Any, at: str) -> Iterator[tuple[str, str]]:
    """The blocks that a key may hold, each with its place."""
    if not isinstance(said, dict):
        return
    if "$ref" in said:
        yield said["$ref"].removeprefix(REFERENCE), at
    for one in said.get("anyOf", ()):
        yield from _inner(one, at)
    yield from _inner(said.get("items"), f"{at}.N")
    yield from _inner(said.get("additionalProperties"), f"{at}.NAME")
