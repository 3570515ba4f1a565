"""The base of a simulated messenger: it hears messages, and says when there were too many."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from orderloom.adapters.simulated.clock import Now
from orderloom.adapters.simulated.platform import Platform


class EarSimulator(Platform):
    """One robot, number or mailbox. `heard`: every message that was taken.

    Limits a minute are RATES of `(20 / 60, 20)` under the call's name.
    """

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        self.heard: list[dict[str, Any]] = []
        super().__init__(credentials, now, settings)

    def count(self, seconds: float, to: str = "") -> int:
        """How many messages were taken in the last seconds by the trade's clock, to one recipient or to all."""
        since = self.now() - timedelta(seconds=seconds)
        return sum(1 for one in self.heard if one["at"] > since and (not to or one["to"] == to))

    def hear(self, to: str, text: str, **more: Any) -> dict[str, Any]:
        """Take a message."""
        taken = {"to": to, "text": text, "at": self.now(), **more}
        self.heard.append(taken)
        return taken
