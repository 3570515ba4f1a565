"""Finds the connector folders: each is a `connector.yaml` that is compiled once, and what the hub may know of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from orderloom.adapters.absent import Manifests
from orderloom.adapters.kit.load import FILE, OLD, load_folder
from orderloom.adapters.kit.manifest import manifest_of
from orderloom.adapters.kit.notes import BadConnector, DeclarationMistake
from orderloom.adapters.kit.plan import ConnectorPlan
from orderloom.application.ports import Manifest, able

FAMILIES = ("channels", "systems", "carriers", "subscribers", "messengers")
ADAPTERS = Path(__file__).parent


def folders(*families: str) -> list[Path]:
    """The connector folders, of the given families or of all."""
    return sorted({file.parent for family in families or FAMILIES for name in (FILE, OLD)
                   for file in (ADAPTERS / family).glob(f"*/{name}")})


class Loaded(NamedTuple):
    """The connectors that can be used, by name, and the mistakes for which others cannot."""

    plans: Mapping[str, ConnectorPlan]
    mistakes: tuple[DeclarationMistake, ...]


def plans() -> Mapping[str, ConnectorPlan]:
    """Every connector that can be used, by name, compiled: one that is broken takes no other with it."""
    return _loaded().plans


def mistakes() -> tuple[DeclarationMistake, ...]:
    """Every mistake in every folder that cannot be used."""
    return _loaded().mistakes


@cache
def _loaded() -> Loaded:
    found: dict[str, ConnectorPlan] = {}
    mistakes: list[DeclarationMistake] = []
    for folder in folders():
        if folder.name in found:
            mistakes.append(DeclarationMistake(
                f"{folder.parent.name}/{folder.name}/{FILE}", 1, "name", "另一类连接器已用此名，账号按名称认连接器 / "
                "a connector of another family has this name, and accounts know it by its name"))
            continue
        try:
            found[folder.name] = load_folder(folder)
        except BadConnector as bad:
            mistakes += bad.mistakes
    return Loaded(found, tuple(mistakes))


@cache
def manifests() -> Mapping[str, Manifest]:
    """What the application knows of every connector that can be used, by name."""
    return Manifests({name: manifest_of(plan.said) for name, plan in plans().items()})


@cache
def follows(connector: str) -> tuple[str, ...] | None:
    """Whose parcels the connector's accounts can be asked to follow; None: anybody's."""
    known = manifests().get(connector)
    if known is not None and "watch" not in known.capabilities:
        return ()
    return tuple(known.carriers) or None if known is not None else None


@cache
def is_label_theirs(connector: str) -> bool:
    """Whether its platform supplies the label of each order."""
    known = manifests().get(connector)
    return known is not None and known.is_label_theirs


def exclusive(connector: str) -> list[str]:
    """Settings that no two accounts of the connector may have alike."""
    return manifests()[connector].exclusive


def capable(capability: str) -> list[str]:
    """Names of the connectors with a capability."""
    return able(manifests(), capability)


@cache
def takes_groups(connector: str) -> bool:
    """Whether a connector tells many figures of shown stock in one call."""
    return connector in plans() and plans()[connector].said.tell["stock"].per == "group"


def stock_takers() -> dict[str, bool]:
    """The connectors that are told of stock, by name: whether by the platform's own ids alone."""
    return {name: manifests()[name].needs_ids for name in capable("stock")}
