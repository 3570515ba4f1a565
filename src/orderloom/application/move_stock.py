"""Move stock on somebody's word: one line of the ledger, counted once, then who waits for the goods is served."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from orderloom.application.adjust import adjust_stock
from orderloom.application.change import Change
from orderloom.application.directory import Directory
from orderloom.application.restock import Restock, serve
from orderloom.application.within import Within
from orderloom.domain.inventory.level import Level
from orderloom.domain.refusal import Refusal

BOOKED_BEFORE = "booked_before"
"""The same call again: its cause is in the ledger, and it counts once."""


class BookedLine(NamedTuple):
    """What a cause was booked for."""

    sku: str
    warehouse: str
    kind: str
    on_hand: int
    safety: int
    frozen: int


class LevelLedger(Protocol):
    """Stock levels and the lines that made them."""

    async def level(self, sku_id: int, warehouse_id: int) -> Level:
        """Locked; made on first use."""
    async def past(self, cause: str) -> BookedLine | None: ...


class Codes(Protocol):
    """Which SKUs there are, in one transaction."""

    async def sku_ids(self, codes: Sequence[str]) -> dict[str, int]: ...
    async def codes(self) -> list[str]: ...


class MovingWork(Protocol):
    """The transaction of a booking."""

    @property
    def ledger(self) -> LevelLedger: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


class Moving(msgspec.Struct, frozen=True):
    """What is to be booked: by how many base units each bucket changes; for a stocktake `counted`, the units found.

    `cause` makes a repeated call count once.
    """

    sku: str
    warehouse: str
    kind: str
    reason: str
    actor: str
    cause: str
    on_hand: int = 0
    safety: int = 0
    frozen: int = 0
    counted: int | None = None


async def move_stock(
    restock: Restock, codes: Within[Codes], directory: Directory, asked: Moving, now: Callable[[], datetime],
) -> Level | Refusal:
    """The level afterwards. A loss may leave it oversold: it is shown, never clamped."""
    async with codes() as goods:
        sku_id = (await goods.sku_ids([asked.sku])).get(asked.sku)
    house = directory.stocked.get(asked.warehouse)
    if sku_id is None or house is None:
        return Refusal("unknown_sku" if sku_id is None else "unknown_warehouse",
                       {"sku": asked.sku, "warehouse": asked.warehouse})
    found: list[Level | Refusal] = []

    async def book(work: MovingWork) -> bool:
        found[:] = [await _book(work, sku_id, house, asked, now())]
        return isinstance(found[0], Level)

    await serve(restock, [sku_id], book)
    return found[0]


async def _book(work: MovingWork, sku_id: int, warehouse_id: int, asked: Moving, at: datetime) -> Level | Refusal:
    level = await work.ledger.level(sku_id, warehouse_id)
    if (past := await work.ledger.past(asked.cause)) is not None:
        return _again(past, asked)
    change = Change()
    delta = asked.on_hand if asked.counted is None else asked.counted - level.on_hand
    refusal = adjust_stock(change, level, asked.kind, asked.cause, asked.reason, asked.actor, at, on_hand=delta,
                           safety=asked.safety, frozen=asked.frozen)
    if refusal is None:
        await work.save(change, at, asked.actor)
    return refusal or level


def _again(past: BookedLine, asked: Moving) -> Refusal:
    """The cause is in the ledger: for the same line it is known, for another one its key is taken."""
    is_same = past[:3] == (asked.sku, asked.warehouse, asked.kind)
    if asked.counted is None:  # of a count the ledger holds the difference alone
        is_same = is_same and past[3:] == (asked.on_hand, asked.safety, asked.frozen)
    return Refusal(BOOKED_BEFORE if is_same else "key_used", {
        "cause": asked.cause, "sku": past.sku, "warehouse": past.warehouse, "kind": past.kind})
