"""Receive goods at a floor: the ledger of stock and the dock's place hear of them in one transaction, then the orders
that wait are served."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Annotated, Protocol

import msgspec

from orderloom.application.change import Change
from orderloom.application.directory import Directory
from orderloom.application.floor.keep_places import PlaceCode, floor_house
from orderloom.application.move_lines import Key, book_whole
from orderloom.application.restock import Restock
from orderloom.domain.floor.place import FloorPlace, Lot, PlacedMoves, PlaceKind, PlaceLevel, PlaceMove, may_put
from orderloom.domain.inventory.level import Level, Movement, apply
from orderloom.domain.inventory.moves import bounds
from orderloom.domain.refusal import Refusal

LINES_MAX = 500
TAKES = (PlaceKind.DOCK, PlaceKind.RETURNS_BENCH)
"""Where goods may come in."""


class GoodsLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units of a SKU that came, of a lot where it has one."""

    sku: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
    lot: Annotated[str, msgspec.Meta(max_length=60, pattern=r"^(\S(.*\S)?)?$")] = ""
    expires_on: date | None = None


class GoodsWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Goods that came to a house that is run here; without a `place` they stand at its dock."""

    warehouse: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
    lines: Annotated[list[GoodsLine], msgspec.Meta(min_length=1, max_length=LINES_MAX)]
    place: PlaceCode | None = None


class GoodsReceived(msgspec.Struct, frozen=True):
    """They are on hand and stand there; `is_known`: they were before, by the same key."""

    warehouse: str
    place: str
    units: int
    is_known: bool = False


class DockRows(Protocol):
    """Places, lots and what lies where."""

    async def places(
        self, house: int, codes: Collection[str] = (), kinds: Collection[str] = (),
    ) -> list[FloorPlace]: ...
    async def lock(self, ids: Collection[int]) -> dict[int, FloorPlace]: ...
    async def levels(self, ids: Collection[int]) -> list[PlaceLevel]: ...
    async def keep_lot(self, sku_id: int, code: str, expires_on: date | None) -> Lot: ...
    async def move(self, placed: PlacedMoves) -> None: ...


class DockLedger(Protocol):
    """Stock levels, locked."""

    async def levels(self, keys: Sequence[Key]) -> dict[Key, Level]: ...


class DockWork(Protocol):
    """The transaction; what fails in `attempt` is undone alone."""

    @property
    def floor(self) -> DockRows: ...
    @property
    def ledger(self) -> DockLedger: ...
    def attempt(self) -> AbstractAsyncContextManager[object]: ...
    async def directory(self) -> Directory: ...
    async def done_before(self, key: str, by: str) -> tuple[bytes, str] | None: ...
    async def remember_call(self, key: str, by: str, digest: bytes, order_id: str, at: datetime) -> None: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


class GoodsCall(msgspec.Struct, frozen=True):
    """Who receives what; `skus`: ids by code of those whom whoever asks sees; the same `key` counts once. `id` names
    the receipt in both ledgers."""

    id: str
    wish: GoodsWish
    by: str
    skus: Mapping[str, int]
    key: str
    digest: bytes


async def receive_goods(restock: Restock, call: GoodsCall, now: Callable[[], datetime]) -> GoodsReceived | Refusal:
    """Book them, and serve who waits for the goods."""
    for no, line in enumerate(call.wish.lines, start=1):
        if line.sku not in call.skus:
            return Refusal("unknown_sku", {"sku": line.sku, "line": str(no)})

    async def act(work: DockWork) -> tuple[GoodsReceived | Refusal, bool]:
        done = await _receive(work, call, now())
        return done, isinstance(done, GoodsReceived) and not done.is_known

    return await book_whole(restock, [call.skus[line.sku] for line in call.wish.lines], act)


async def _receive(work: DockWork, call: GoodsCall, at: datetime) -> GoodsReceived | Refusal:
    wish, directory = call.wish, await work.directory()
    house = floor_house(directory, wish.warehouse)
    if isinstance(house, Refusal):
        return house
    places = await work.floor.places(house.id, [wish.place] if wish.place else [], [] if wish.place else TAKES[:1])
    if not places:
        return Refusal("no_such_place", {"place": wish.place or "DOCK"})
    if places[0].kind not in TAKES:
        return Refusal("not_a_dock", {"place": places[0].code})
    units = sum([line.quantity for line in wish.lines])
    if before := await work.done_before(call.key, call.by):
        is_same = before[0] == call.digest
        return GoodsReceived(house.code, places[0].code, units, True) if is_same else Refusal("call_key_used")
    levels = await work.ledger.levels(sorted({(call.skus[line.sku], house.id) for line in wish.lines}))
    change = Change()
    for no, line in enumerate(wish.lines, start=1):
        level = levels[call.skus[line.sku], house.id]
        one = Movement(level.sku_id, house.id, "receive", f"floor/{call.id}/{no}", wish.reason, call.by, at,
                       on_hand=line.quantity)
        if (refusal := bounds(level, one)) is not None:
            return refusal
        apply(level, one)
        change.movements.append(one)
    place = (await work.floor.lock([places[0].id]))[places[0].id]
    if (no_room := may_put(place, await work.floor.levels([place.id]), 0, 0, units)) is not None:
        return no_room
    moves = [PlaceMove("receive", house.id, call.skus[line.sku], await _lot(work, call, line), line.quantity,
                       to_id=place.id) for line in wish.lines]
    await work.save(change, at, call.by)
    await work.floor.move(PlacedMoves(f"floor/{call.id}", tuple(moves), call.by, at))
    await work.remember_call(call.key, call.by, call.digest, "", at)
    return GoodsReceived(house.code, place.code, units)


async def _lot(work: DockWork, call: GoodsCall, line: GoodsLine) -> int:
    return (await work.floor.keep_lot(call.skus[line.sku], line.lot, line.expires_on)).id if line.lot else 0
