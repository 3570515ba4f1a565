"""The names that a value may stand for while one call is made: credentials, settings, the moment, what is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from orderloom.adapters.kit.paths import look


class CallNames(NamedTuple):
    """Names with their values. `zone` is the platform's, `tables` the file's own, `at` the moment of the call."""

    names: Mapping[str, Any]
    at: datetime
    zone: ZoneInfo
    tables: Mapping[str, Mapping[str, Any]]

    def get(self, dotted: str) -> Any:
        """The value of `$dotted`, None where there is none."""
        root, _, rest = dotted.partition(".")
        found = self.names.get(root)
        return look(found, rest) if rest and found is not None else None if rest else found

    def also(self, **names: Any) -> CallNames:
        """With more names."""
        return self._replace(names={**self.names, **names})

    def beside(self, names: Mapping[str, Any]) -> CallNames:
        """With more names."""
        return self._replace(names={**self.names, **names})
