"""Finds the connector folders: what each of them can do, and how it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from orderloom.adapters.absent import Connectors
from orderloom.adapters.alone import OwnLimits, OwnTokens
from orderloom.adapters.kit.declared import declare
from orderloom.adapters.kit.platform import Commons
from orderloom.adapters.manifests import folders, mistakes, plans
from orderloom.application.ports import Limits, Tokens
from orderloom.blueprint.mapping import CompiledMapping, Mappings, load_folder


def find_connectors(tokens: Tokens | None = None, limits: Limits | None = None) -> Connectors:
    """Every connector that can be used by name, with tokens and limits that are the hub's; without, of this process
    alone."""
    shared = Commons(tokens or OwnTokens(), limits or OwnLimits())
    found = Connectors()
    for name, plan in plans().items():
        if plan.said.code:
            found[name] = plan.module(plan.said.code).CONNECTOR
        else:
            found[name] = declare(plan, shared)
    return found


def find_mappings(*, is_quick: bool = True, is_whole: bool = True) -> Mappings:
    """The mapping of every connector that has one; unless `is_whole`, each is compiled when it is asked for.

    One that is broken is left out: its messages are kept and wait (`no_mapping`).
    """
    found = _Folders(is_quick)
    if is_whole:
        return Mappings({name: mapping for name in found if (mapping := found.get(name)) is not None},
                        is_quick=is_quick)
    return Mappings(found, is_quick=is_quick)


def broken_folders(*, is_quick: bool = True) -> list[str]:
    """Every mistake for which a connector or a mapping is not used: file, line, place, reason."""
    found = [compiled_mapping(folder, is_quick=is_quick) for folder in _Folders(is_quick).paths]
    return [*map(str, mistakes()), *[one for told in found if isinstance(told, tuple) for one in told]]


class _Folders(Mapping[str, CompiledMapping]):
    """The mappings of the connector folders; one that is broken is none."""

    def __init__(self, is_quick: bool) -> None:
        self._is_quick = is_quick
        self._folders = {folder.name: folder for folder in folders()
                         if folder.name in plans() and (folder / "mapping.yaml").is_file()}

    @property
    def paths(self) -> list[Path]:
        """The folders."""
        return list(self._folders.values())

    def __getitem__(self, name: str) -> CompiledMapping:
        found = compiled_mapping(self._folders[name], is_quick=self._is_quick)
        if isinstance(found, tuple):
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._folders)

    def __len__(self) -> int:
        return len(self._folders)


@cache
def compiled_mapping(folder: Path, *, is_quick: bool) -> CompiledMapping | tuple[str, ...]:
    """The mapping of a folder, or its mistakes."""
    loaded = load_folder(folder, is_quick=is_quick)
    if isinstance(loaded, tuple):
        return tuple(map(str, loaded))
    loaded.defaults = plans()[folder.name].defaults
    return loaded
