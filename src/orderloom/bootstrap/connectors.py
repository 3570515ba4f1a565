"""Finds the connector folders: what each of them can do, and how it is read."""

from __future__ import annotations

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


def find_mappings(*, is_quick: bool = True) -> Mappings:
    """The compiled mapping of every connector folder. Raises ValueError with every mistake in one that is broken."""
    found: dict[str, CompiledMapping] = {}
    known = plans()
    for folder in folders():
        if (folder / "mapping.yaml").is_file():
            loaded = load_folder(folder, is_quick=is_quick)
            if isinstance(loaded, tuple):
                raise ValueError("\n".join(map(str, loaded)))
            loaded.defaults = known[folder.name].defaults
            found[folder.name] = loaded
    return Mappings(found)
