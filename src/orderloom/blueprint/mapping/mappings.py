"""The mappings of all connectors, and those of accounts whose mapping was edited; what `translate` reads with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orderloom.blueprint.mapping.compiled import CompiledMapping
from orderloom.blueprint.mapping.override import BrokenMapping, OverriddenMapping, overridden
from orderloom.domain.override import Override

EDITED_MAX = 256
"""Edited mappings that a process keeps compiled."""


class Mappings:
    """The compiled mappings of all connectors, by connector name."""

    def __init__(self, by_connector: Mapping[str, CompiledMapping], *, is_quick: bool = True) -> None:
        self._by_connector, self._is_quick = by_connector, is_quick
        self._edited: dict[tuple[str, ...], OverriddenMapping | BrokenMapping] = {}

    @property
    def connectors(self) -> tuple[str, ...]:
        """Names of the connectors that have one."""
        return tuple(self._by_connector)

    def of(self, connector: str) -> CompiledMapping | None:
        """The connector's mapping, or None."""
        return self._by_connector.get(connector)

    def edited(self, connector: str, overrides: Sequence[Override]) -> OverriddenMapping | BrokenMapping:
        """The connector's mapping with these on top; compiled once, however many messages are read by it."""
        key = (connector, *[part for one in overrides for part in (one.topic, one.digest)])
        found = self._edited.get(key)
        if found is None:
            made = overridden(self.of(connector), overrides, connector, is_quick=self._is_quick)
            label = " ".join(one.label for one in overrides)
            found = made if isinstance(made, OverriddenMapping) else BrokenMapping(connector, label, map(str, made))
            if len(self._edited) >= EDITED_MAX:
                self._edited.pop(next(iter(self._edited)))
            self._edited[key] = found
        return found
