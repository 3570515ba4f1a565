"""What a person may do to stock - take in, correct, count, move, keep back, freeze - as lines of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from orderloom.domain.inventory.level import Level, Movement
from orderloom.domain.refusal import Refusal

Act = Literal["receive", "adjust", "stocktake", "transfer", "protect", "freeze", "thaw"]
UNITS_MAX = 2_000_000_000
"""Of one SKU in one warehouse; more is a slip of the hand."""


class StockWish(msgspec.Struct, frozen=True):
    """An act on the level of one SKU. `quantity`: units that come (`adjust`: come or go), are counted (`stocktake`),
    are never to be sold from now on (`protect`), or are moved or frozen. `to`: the warehouse of a transfer."""

    act: Act
    sku_id: int
    warehouse_id: int
    quantity: int
    to: int = 0


class StockWord(msgspec.Struct, frozen=True):
    """Under what cause, why, by whom and when it is written down."""

    cause: str
    reason: str
    actor: str
    at: datetime


def movements(
    wish: StockWish, levels: Mapping[tuple[int, int], Level], said: StockWord,
) -> tuple[Movement, ...] | Refusal:
    """The lines of the ledger that do it; the levels stay as they are. A loss may leave a level oversold - what is gone
    is gone -, a transfer may not: it could be left undone."""
    level = levels[wish.sku_id, wish.warehouse_id]
    if wish.act == "transfer":
        return _transfer(wish, level, levels.get((wish.sku_id, wish.to)), said)
    if wish.quantity < 0 and wish.act != "adjust":
        return Refusal("below_zero", {"quantity": str(wish.quantity)})
    change = _change(wish, level)
    if not any(change.values()):
        return Refusal("nothing_to_change", {"on_hand": str(level.on_hand)})
    line = _line(level, wish.act, said, change)
    return bounds(level, line) or (line,)


def bounds(level: Level, line: Movement) -> Refusal | None:
    """Why a line cannot be: a figure would fall below zero, or grow past what can be kept. A stocktake says what there
    is, whatever the books said before, and what comes is taken even where less than nothing lay."""
    after = {"on_hand": level.on_hand + line.on_hand, "safety": level.safety + line.safety,
             "frozen": level.frozen + line.frozen}
    low = {name: str(units) for name, units in after.items()
           if units < 0 and not (name == "on_hand" and (line.kind == "stocktake" or line.on_hand > 0))}
    if low:
        return Refusal("below_zero", low)
    if line.frozen > 0 and after["frozen"] > after["on_hand"]:
        return Refusal("below_zero", {"on_hand": str(after["on_hand"] - after["frozen"])})
    high = {name: str(units) for name, units in after.items() if units > UNITS_MAX}
    return Refusal("too_many", high) if high else None


def _change(wish: StockWish, level: Level) -> dict[str, int]:
    if wish.act == "stocktake":
        return {"on_hand": wish.quantity - level.on_hand}
    if wish.act == "protect":
        return {"safety": wish.quantity - level.safety}
    if wish.act in ("freeze", "thaw"):
        return {"frozen": wish.quantity if wish.act == "freeze" else -wish.quantity}
    return {"on_hand": wish.quantity}


def _transfer(wish: StockWish, level: Level, there: Level | None, said: StockWord) -> tuple[Movement, ...] | Refusal:
    if there is None or wish.to == wish.warehouse_id:
        return Refusal("same_place", {})
    if wish.quantity <= 0:
        return Refusal("nothing_to_change", {"quantity": str(wish.quantity)})
    movable = level.on_hand - level.frozen - level.reserved - level.allocated - level.set_aside
    if wish.quantity > movable:
        return Refusal("not_free", {"quantity": str(wish.quantity), "movable": str(max(movable, 0))})
    out = _line(level, "transfer_out", said, {"on_hand": -wish.quantity})
    come = _line(there, "transfer_in", said, {"on_hand": wish.quantity})
    return bounds(there, come) or (out, come)


def _line(level: Level, kind: str, said: StockWord, change: Mapping[str, int]) -> Movement:
    return Movement(
        level.sku_id, level.warehouse_id, kind, said.cause, said.reason, said.actor, said.at,
        on_hand=change.get("on_hand", 0), safety=change.get("safety", 0), frozen=change.get("frozen", 0))
