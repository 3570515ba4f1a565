"""What a mapping knows while it reads one message: the body, the account, and the problems found so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType
from typing import Any

from orderloom.domain.draft import Problem
from orderloom.domain.shown import shown_of

Getter = Callable[[Any, "Scope"], Any]
"""Reads something from a node; None means that it is not there."""

NOTHING_SET: Mapping[str, Any] = MappingProxyType({})
"""The settings of an account of which none are told."""
PROBLEMS_MAX = 50
"""More problems than this in one message say nothing new."""


class Unfit(Exception):
    """A value cannot be what its field needs; caught by the field, which reports it."""

    def __init__(self, code: str, zh: str, en: str, key: str = "") -> None:
        super().__init__(en)
        self.code = code
        self.mend = f"{zh} / {en}"
        self.key = key


class Scope:
    """One message being read. `order` is the node of the current draft, `part` and `index` the element inside it."""

    __slots__ = (
        "account_code",
        "body",
        "currency",
        "dates",
        "flags",
        "headers",
        "index",
        "order",
        "part",
        "problems",
        "received_at",
        "settings",
        "topic",
        "zone",
        "zone_name",
    )

    def __init__(
        self, account_code: str, zone_name: str, zone: tzinfo, topic: str, headers: Mapping[str, str], at: datetime,
        settings: Mapping[str, Any] = NOTHING_SET,
    ) -> None:
        self.account_code = account_code
        self.zone_name = zone_name
        self.zone = zone
        self.topic = topic
        self.headers = headers
        self.received_at = at
        self.settings = settings
        """The account's own settings: what a form calls its fields."""
        self.dates = headers.get("dates", "")
        """`dmy` or `mdy`: what stands first in dates of which that cannot be told from themselves."""
        self.body: Any = None
        self.start(None)

    def start(self, node: Any) -> None:
        """Begin the draft of `node`, with no problems yet."""
        self.order = node
        self.currency = ""
        self.part = ""
        self.index = 0
        self.problems: list[Problem] = []
        self.flags: list[str] = []

    def flag(self, name: str) -> None:
        """Mark the draft, once per name."""
        if name not in self.flags:
            self.flags.append(name)

    def report(self, field: str, value: Any, unfit: Unfit) -> None:
        """Note a problem of `field`; the same status word of several fields is one problem."""
        known = {problem.key for problem in self.problems if problem.key}
        if len(self.problems) >= PROBLEMS_MAX or unfit.key in known:
            return
        place = f"{self.part}[{self.index}].{field}" if self.part else field
        self.problems.append(
            Problem(unfit.code, place, shown_of(place, value, unfit.code), unfit.mend, unfit.key)
        )


def nobody() -> Scope:
    """A scope in which nothing is known yet of the message: for what a mapping states once and for all."""
    scope = Scope("", "UTC", UTC, "", {}, None)  # type: ignore[arg-type]
    scope.currency = "CNY"
    return scope
