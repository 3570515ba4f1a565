"""Finds the connector folders: what each of them can do, and how it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from orderloom.adapters.alone import OwnLimits, OwnTokens
from orderloom.adapters.kit.declared import declare
from orderloom.adapters.kit.platform import Commons
from orderloom.adapters.manifests import folders, plans
from orderloom.application.ports import Connector, Limits, Tokens
from orderloom.blueprint.mapping import CompiledMapping, Mappings, load_folder


def find_connectors(tokens: Tokens | None = None, limits: Limits | None = None) -> dict[str, Connector]:
    """Every connector by name, with tokens and limits that are the hub's; without, of this process alone.

    Raises BadConnector with every mistake in a declaration.
    """
    shared = Commons(tokens or OwnTokens(), limits or OwnLimits())
    found: dict[str, Connector] = {}
    for name, plan in plans().items():
        if plan.said.code:
            found[name] = plan.module(plan.said.code).CONNECTOR
        else:
            found[name] = declare(plan, shared)
    return found


def find_mappings(*, is_quick: bool = True, is_whole: bool = True) -> Mappings:
    """The mapping of every connector folder that has one; unless `is_whole`, each is compiled when it is asked for.

    Raises ValueError with every mistake in one that is broken.
    """
    found = _Folders(is_quick)
    return Mappings(dict(found) if is_whole else found)


class _Folders(Mapping[str, CompiledMapping]):
    """The mappings of the connector folders. Raises ValueError when one that is asked for is broken."""

    def __init__(self, is_quick: bool) -> None:
        self._is_quick = is_quick
        self._folders = {folder.name: folder for folder in folders() if (folder / "mapping.yaml").is_file()}

    def __getitem__(self, name: str) -> CompiledMapping:
        return _compiled(self._folders[name], is_quick=self._is_quick)

    def __iter__(self) -> Iterator[str]:
        return iter(self._folders)

    def __len__(self) -> int:
        return len(self._folders)


@cache
def _compiled(folder: Path, *, is_quick: bool) -> CompiledMapping:
    loaded = load_folder(folder, is_quick=is_quick)
    if isinstance(loaded, tuple):
        raise ValueError("\n".join(map(str, loaded)))
    loaded.defaults = plans()[folder.name].defaults
    return loaded
