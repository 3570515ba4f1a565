"""The ledger of planted causes: everything that was made to go wrong, and which case must come of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

LANDING = ("unreadable_body", "wrong_value", "wrong_money", "wrong_time", "unknown_value", "unknown_status",
           "missing_field", "bad_value", "amount_mismatch", "no_lines", "no_mapping", "no_receiver", "address_unsure",
           "pull_incomplete", "reread_failed", "cancel_too_late")  # fmt: skip
"""What may come of a list that was spoilt on its way. Work for nobody is called back, perhaps too late."""


class Cause(NamedTuple):
    """One thing planted. `kinds`: the cases that answer it, any of them; `about` is a name that the case bears (an
    order's id at its channel, an account, a work, a SKU). `is_due`: there must be one; else there may be one, as where
    two things race or a fault may pass without harm. With `since` and `until` only a case opened between them counts.
    """

    fault: str
    kinds: tuple[str, ...]
    connector: str
    about: str
    is_due: bool = True
    since: datetime | None = None
    until: datetime | None = None


class PlantedCauses:
    """Everything planted in one run. What is planted twice is one cause."""

    def __init__(self) -> None:
        self._causes: dict[tuple[object, ...], Cause] = {}
        self.excused: dict[str, dict[str, str]] = {}
        """Orders by channel that need not be known to the hub, and why."""

    @property
    def causes(self) -> list[Cause]:
        """In the order in which they were planted."""
        return list(self._causes.values())

    def plant(self, cause: Cause) -> None:
        """Note it. What is due once is due however often it is only possible."""
        key = (cause.fault, cause.kinds, cause.about, cause.since)
        before = self._causes.get(key)
        if before is None or cause.is_due > before.is_due:
            self._causes[key] = cause

    def plant_all(self, causes: Iterable[Cause]) -> None:
        """Note several."""
        for cause in causes:
            self.plant(cause)

    def excuse(self, channel: str, external_id: str, why: str) -> None:
        """The hub need not have this order."""
        self.excused.setdefault(channel, {})[external_id] = why
