"""Read connectors' manifests: what an account needs, how often it is read, how fast called, what may leave."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
import yaml

from orderloom.application.ports import Manifest, able

FAMILIES = ("channels", "systems", "carriers", "subscribers")
ADAPTERS = Path(__file__).parent


@cache
def manifests() -> Mapping[str, Manifest]:
    """Every connector's manifest by name. Raises msgspec.ValidationError naming the field of a broken one."""
    found: dict[str, Manifest] = {}
    for family in FAMILIES:
        for file in sorted((ADAPTERS / family).glob("*/manifest.yaml")):
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
            found[file.parent.name] = msgspec.convert(content, Manifest, strict=False)
    return found


@cache
def follows(connector: str) -> tuple[str, ...] | None:
    """Whose parcels the connector's accounts can be asked to follow; None: anybody's."""
    known = manifests().get(connector)
    if known is not None and "watch" not in known.capabilities:
        return ()
    return tuple(known.carriers) or None if known is not None else None


def exclusive(connector: str) -> list[str]:
    """Settings that no two accounts of the connector may have alike."""
    return manifests()[connector].exclusive


def capable(capability: str) -> list[str]:
    """Names of the connectors with a capability."""
    return able(manifests(), capability)
