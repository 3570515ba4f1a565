"""Move the stock of several SKUs on a person's word: looked at first, then booked together in one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Protocol, TypeVar

import msgspec

from orderloom.application.change import Change
from orderloom.application.directory import Directory
from orderloom.application.move_stock import BookedLine
from orderloom.application.restock import Restock, serve
from orderloom.domain.inventory.level import Level, Movement, apply
from orderloom.domain.inventory.moves import Act, StockWish, StockWord, movements
from orderloom.domain.refusal import Refusal

LINES_MAX = 500
Key = tuple[int, int]
"""(SKU id, warehouse id)"""
T = TypeVar("T")
W = TypeVar("W", bound="Attempting")


class MoveLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One SKU in one warehouse. `quantity`: see `domain/inventory/moves.py`; `to`: where a transfer goes."""

    sku: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    warehouse: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    quantity: Annotated[int, msgspec.Meta(ge=-1_000_000_000, le=1_000_000_000)]
    to: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Moves(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be done to some levels, and why. `is_partial`: lines that cannot be are left out instead of stopping
    all. `token`: of the preview that was seen; when on hand, safety or frozen units moved since, nothing is booked."""

    act: Act
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
    lines: Annotated[list[MoveLine], msgspec.Meta(min_length=1, max_length=LINES_MAX)]
    is_partial: bool = False
    token: Annotated[str, msgspec.Meta(max_length=64)] = ""


class Planned(msgspec.Struct, frozen=True):
    """What would be booked: the lines of the ledger, why lines cannot be (by their place, from 0), the levels touched
    before and after, and a token of what was looked at."""

    movements: tuple[Movement, ...]
    refused: dict[int, Refusal]
    before: dict[Key, Level]
    after: dict[Key, Level]
    token: str


class LinesBooked(msgspec.Struct, frozen=True):
    """So many lines are booked; `is_known`: they were before, under the same key. `refused`: those left out."""

    booked: int
    is_known: bool
    refused: dict[int, Refusal]


class MoveLedger(Protocol):
    """Stock levels and the lines that made them."""

    async def pasts(self, causes: Sequence[str]) -> dict[str, BookedLine]: ...
    async def levels(self, keys: Sequence[Key]) -> dict[Key, Level]:
        """Locked; made where there were none."""


class MoveWork(Protocol):
    """The transaction of a booking; what fails in `attempt` is undone alone."""

    @property
    def ledger(self) -> MoveLedger: ...
    def attempt(self) -> AbstractAsyncContextManager[object]: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


class NoLineBooked(Exception):
    """The levels that were made for it are not to stay."""


class Attempting(Protocol):
    """A transaction in which what fails is undone alone."""

    def attempt(self) -> AbstractAsyncContextManager[object]: ...


async def book_whole(
    restock: Restock, skus: Iterable[int], act: Callable[[W], Awaitable[tuple[T | Refusal, bool]]],
) -> T | Refusal:
    """Do an act whole - refused, nothing of it stays - and serve who waits for these SKUs when it says that some came.
    """
    found: list[T | Refusal] = []

    async def book(work: W) -> bool:
        try:
            async with work.attempt():
                done, is_gain = await act(work)
                found[:] = [done]
                if isinstance(done, Refusal):
                    raise NoLineBooked
        except NoLineBooked:
            return False
        return is_gain

    await serve(restock, sorted(set(skus)), book)
    return found[0]


class Wishes(msgspec.Struct, frozen=True):
    """The lines whose SKU and warehouses are known, by their place, and why the others cannot be."""

    found: dict[int, StockWish]
    refused: dict[int, Refusal]

    @property
    def keys(self) -> list[Key]:
        """The levels that are touched, in the one order of locks."""
        return sorted({key for w in self.found.values() for key in (
            (w.sku_id, w.warehouse_id), *([(w.sku_id, w.to)] if w.to else []))})


def read_lines(ids: Mapping[str, int], directory: Directory, asked: Moves) -> Wishes:
    """What the lines name; `ids` are the SKUs that whoever asks sees. The same SKU and warehouse twice is refused:
    nobody can say which was meant."""
    houses = directory.stocked
    wishes = Wishes({}, {})
    seen: dict[tuple[str, str], int] = {}
    for place, line in enumerate(asked.lines):
        sku_id, house = ids.get(line.sku), houses.get(line.warehouse)
        to = houses.get(line.to) if line.to else 0
        if sku_id is None:
            wishes.refused[place] = Refusal("unknown_sku", {"sku": line.sku})
        elif house is None or to is None:
            wishes.refused[place] = Refusal("unknown_warehouse", {"warehouse": line.to if house else line.warehouse})
        elif (line.sku, line.warehouse) in seen:
            wishes.refused[place] = Refusal("twice", {"line": str(seen[line.sku, line.warehouse] + 1)})
        else:
            seen[line.sku, line.warehouse] = place
            wishes.found[place] = StockWish(asked.act, sku_id, house, line.quantity, to)
    return wishes


def plan_moves(wishes: Wishes, levels: Mapping[Key, Level], causes: Mapping[int, str], said: StockWord) -> Planned:
    """Line by line, each on what the ones before leave."""
    now = {key: msgspec.structs.replace(levels.get(key) or Level(*key)) for key in wishes.keys}
    before = {key: msgspec.structs.replace(level) for key, level in now.items()}
    made: list[Movement] = []
    refused = dict(wishes.refused)
    for place, wish in wishes.found.items():
        line = movements(wish, now, msgspec.structs.replace(said, cause=causes.get(place, said.cause)))
        if isinstance(line, Refusal):
            refused[place] = line
            continue
        for one in line:
            apply(now[one.sku_id, one.warehouse_id], one)
            made.append(one)
    return Planned(tuple(made), refused, before, now, _token(before, refused))


async def book_moves(
    restock: Restock, wishes: Wishes, asked: Moves, key: str, actor: str, now: Callable[[], datetime],
) -> LinesBooked | Refusal:
    """Book them, and serve who waits for the goods. `key` makes a repeated call count once."""
    causes = {place: f"{key}/{place}" if len(asked.lines) > 1 else key for place in range(len(asked.lines))}
    found: list[LinesBooked | Refusal] = []

    async def book(work: MoveWork) -> bool:
        found[:] = [await _book(work, wishes, asked, causes, StockWord(key, asked.reason, actor, now()))]
        return isinstance(found[0], LinesBooked) and found[0].booked > 0 and not found[0].is_known

    await serve(restock, sorted({wish.sku_id for wish in wishes.found.values()}), book)
    return found[0]


async def _book(
    work: MoveWork, wishes: Wishes, asked: Moves, causes: Mapping[int, str], said: StockWord,
) -> LinesBooked | Refusal:
    answer: LinesBooked | Refusal = LinesBooked(0, False, wishes.refused)
    try:
        async with work.attempt():
            levels = await work.ledger.levels(wishes.keys)
            if past := await work.ledger.pasts(list(causes.values())):
                answer = _again(past, asked, causes)
                raise NoLineBooked
            plan = plan_moves(wishes, levels, causes, said)
            answer = _judged(plan, asked)
            if isinstance(answer, Refusal) or not plan.movements:
                raise NoLineBooked
            change = Change()
            change.movements.extend(plan.movements)
            await work.save(change, said.at, said.actor)
    except NoLineBooked:
        return answer
    return answer


def _judged(plan: Planned, asked: Moves) -> LinesBooked | Refusal:
    if asked.token and asked.token != plan.token:
        return Refusal("preview_stale", {"token": plan.token})
    if plan.refused and not asked.is_partial:
        if len(asked.lines) == 1:
            return plan.refused[0]
        return Refusal("rows_refused", {str(place + 1): no.code for place, no in sorted(plan.refused.items())[:100]})
    return LinesBooked(len(asked.lines) - len(plan.refused), False, plan.refused)


def _again(past: Mapping[str, BookedLine], asked: Moves, causes: Mapping[int, str]) -> LinesBooked | Refusal:
    """The key was used: for the same lines they are known, for others it is taken. Lines that are not in the ledger
    were refused then."""
    for place, line in enumerate(asked.lines):
        was = past.get(causes[place])
        if was is None:
            continue
        kind = "transfer_out" if asked.act == "transfer" else asked.act
        is_same = was[:3] == (line.sku, line.warehouse, kind)
        units = {"transfer": -was.on_hand, "freeze": was.frozen, "thaw": -was.frozen}.get(asked.act, was.on_hand)
        if asked.act not in ("stocktake", "protect"):  # of these the ledger holds the difference alone
            is_same = is_same and units == line.quantity
        if not is_same:
            return Refusal("key_used", {"cause": causes[place], "sku": was.sku, "warehouse": was.warehouse,
                                        "kind": was.kind})
    return LinesBooked(len(past), True, {})


def _token(before: Mapping[Key, Level], refused: Mapping[int, Refusal]) -> str:
    """What a person saw, but for what orders take meanwhile: that moves by itself all day."""
    seen = [(*key, one.on_hand, one.safety, one.frozen) for key, one in sorted(before.items())]
    return sha256(repr((seen, sorted(refused))).encode()).hexdigest()[:32]
