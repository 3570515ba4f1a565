"""Whose orders a batch is about, and what those buyers have had: read where a rule asks, kept where it is given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.wire import texts_of
from orderloom.application import commands as c
from orderloom.application.batch import BatchView, Buyer, GiftHad
from orderloom.application.change import GiftOnce
from orderloom.application.ports import Raced

Connection = AsyncConnection[Any]
Known = tuple[str, bytes | None, bytes | None]
"""The order's id (empty: it is not there yet), the blind index of its buyer, and that of the telephone."""


async def load_buyers(connection: Connection, batch: Sequence[c.AnyCommand], world: BatchView) -> None:
    """Put into the world who the buyers are and what they had."""
    known: dict[tuple[int, str], Known] = {}
    for command in batch:
        if isinstance(command, c.RecordOrder):
            sealed = command.sealed
            key = sealed.buyer_index or sealed.phone_index or sealed.merge_key
            known[command.account_id, command.draft.external_id] = "", key, sealed.phone_index
    rows = await _rows(connection, "buyers", ids=texts_of(sorted(world.orders)))
    for account, external, order_id, key, phone in rows:
        _, key_now, phone_now = known.get((account, external), ("", None, None))
        known[account, external] = order_id, key or key_now, phone or phone_now
    asking = [(no, phone, order_id) for no, (order_id, _, phone) in enumerate(known.values()) if phone]
    nos, phones, ids = zip(*asking, strict=True) if asking else ((), (), ())
    before = dict(await _rows(connection, "before", no=list(nos), phone=list(phones), asking=list(ids)))
    world.buyers = {of: Buyer(key, before.get(no)) for no, (of, (_, key, _)) in enumerate(known.items())}
    buyers = sorted({buyer.key for buyer in world.buyers.values() if buyer.key})
    world.gifts = {(bytes(buyer), gift): GiftHad(order_id, stands)
                   for buyer, gift, order_id, stands in await _rows(connection, "had", buyers=buyers)}


async def keep_gifts(connection: Connection, gifts: Sequence[GiftOnce], at: datetime) -> None:
    """Write down what buyers get once, by the order that has it at the end of the batch. Raises Raced when another
    worker has given it meanwhile."""
    last: dict[tuple[bytes, str], GiftOnce] = {}
    for gift in gifts:
        first = last.get((gift.buyer, gift.gift))
        last[gift.buyer, gift.gift] = gift if first is None else replace(gift, instead_of=first.instead_of)
    gifts = list(last.values())
    if void := [gift for gift in gifts if gift.instead_of]:
        await connection.execute(statement("gifts", "void"), {
            "buyer": [g.buyer for g in void], "gift": [g.gift for g in void], "order": [g.instead_of for g in void]})
    done = await connection.execute(statement("gifts", "keep"), {
        "buyer": [g.buyer for g in gifts], "gift": [g.gift for g in gifts], "order": [g.order_id for g in gifts],
        "at": at})
    if done.rowcount != len(gifts):
        raise Raced("a gift was given meanwhile")


async def _rows(connection: Connection, name: str, **given: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement("gifts", name), given)).fetchall()
