"""How a routing decision is shown: every warehouse that was looked at, and what it passed or failed."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Looked(msgspec.Struct, frozen=True):
    """A warehouse that the routing decision looked at."""

    warehouse: str
    score: int
    distance_km: int
    verdict: str
    missing: dict[str, int]


class DecisionView(msgspec.Struct, frozen=True):
    """The latest routing decision: what was held or short, by which rule, and every warehouse looked at."""

    seq: int
    kind: str
    at: datetime
    rule: str
    candidates: list[Looked]
