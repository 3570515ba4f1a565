"""What can be told of the connectors that are there: what each does, how much Python it needs, what is not certain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from orderloom.adapters.kit.manifest import capabilities
from orderloom.adapters.kit.notes import BadConnector, DeclarationMistake
from orderloom.adapters.kit.plan import ConnectorPlan
from orderloom.blueprint.plain import BadFile, read
from orderloom.domain.words import Words

QUALITY = "quality.yaml"


class Quality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is not certain of a platform, and what it or the connector goes without, by what is missing and why."""

    unverified: list[str] = []
    without: dict[str, str] = {}
    risks: dict[str, str] = {}
    """Why nothing is lost there, or what comes of it, by the place that `connectors check` warns of."""


class ConnectorTold(msgspec.Struct, frozen=True):
    """A connector. `python_lines` are those of its client; a simulator's and the rehearsal's do not count."""

    name: str
    family: str
    title: Words
    capabilities: list[str]
    python_lines: int
    quality: Quality


def told(plan: ConnectorPlan) -> ConnectorTold:
    """What can be told of one. Raises BadConnector for a `quality.yaml` that cannot be read."""
    assert plan.folder is not None
    said = plan.said
    return ConnectorTold(said.name, said.family, said.title, capabilities(said), python_lines(plan),
                         quality_of(plan.folder))


def quality_of(folder: Path) -> Quality:
    """What the folder's `quality.yaml` says; nothing where there is none. Raises BadConnector."""
    file, place = folder / QUALITY, f"{folder.name}/{QUALITY}"
    if not file.is_file():
        return Quality()
    try:
        data, _ = read(file.read_text("utf-8", "surrogateescape"))
        if not isinstance(data, dict) or data.pop("quality", None) != 1:
            raise BadConnector([DeclarationMistake(place, 1, "", "首行应为 quality: 1 / the first line is quality: 1")])
        return msgspec.convert(data, Quality)
    except BadFile as error:
        raise BadConnector([DeclarationMistake(place, error.line, "", str(error))]) from error
    except msgspec.ValidationError as error:
        raise BadConnector([DeclarationMistake(place, 1, "", str(error))]) from error


def python_lines(plan: ConnectorPlan) -> int:
    """Lines, but for blank ones, of the modules that the declaration names and that they lead to in the folder."""
    assert plan.folder is not None
    reached: set[Path] = set()
    waiting = [plan.folder / f"{name}.py" for name in _named(plan)]
    while waiting:
        file = waiting.pop()
        if file.is_file() and file not in reached:
            reached.add(file)
            waiting += _neighbours(file)
    return sum(1 for file in reached for line in file.read_text("utf-8").splitlines() if line.strip())


def _named(plan: ConnectorPlan) -> Iterator[str]:
    said = plan.said
    blocks: list[object] = [said, said.pull, said.push, said.probe, said.listings, said.query, *said.tell.values()]
    if said.push is not None:
        blocks.extend(said.push.verify if isinstance(said.push.verify, list) else [said.push.verify])
    for block in blocks:
        if code := getattr(block, "code", ""):
            yield code


@cache
def _neighbours(file: Path) -> tuple[Path, ...]:
    """The modules of the same folder that a module imports."""
    prefix = f"orderloom.adapters.{file.parent.parent.name}.{file.parent.name}"
    found: list[str] = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(prefix):
            inner = (node.module or "").removeprefix(prefix).lstrip(".")
            found += [inner] if inner else [alias.name for alias in node.names]
    return tuple(file.parent / f"{name.partition('.')[0]}.py" for name in found)
