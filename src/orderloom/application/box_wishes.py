"""What a person wants of carriers for a box, from the wish to what is asked for: a label, its return, a courier, none.

Each is asked for once, however often it is wished for; whoever wishes it over HTTP or by command goes this way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from orderloom.application.ask_label import label_number
from orderloom.application.ask_pickup import pickup_number
from orderloom.application.book_pickup import Pickup, book_pickup, meant_pickup
from orderloom.application.buy_label import Label, LabelWish, buy_label, meant
from orderloom.application.commands import Outcome
from orderloom.application.directory import Directory
from orderloom.application.handle import Handler
from orderloom.application.ports import Manifest, able
from orderloom.application.unbook_pickup import BookedCourier, meant_off, unbook_pickup
from orderloom.application.void_label import meant_back, void_label
from orderloom.application.within import Within
from orderloom.domain.actor import Actor
from orderloom.domain.refusal import Refusal


class BoxShelf(Protocol):
    """Where labels and couriers of boxes are looked for, in a transaction of its own."""

    async def standing(self, work: str, box: int, purpose: str) -> tuple[Label | None, int]:
        """The label of a box that was not given back, and which the next one would be: 1, 2 …"""
    async def last_pickup(self, work: str, box: int, purpose: str) -> tuple[BookedCourier | None, int]:
        """The courier that was sent for last, and which the next one would be."""


class WishPorts(Protocol):
    """Where they are kept."""

    @property
    def labels(self) -> Within[BoxShelf]: ...


class WishingHub(Protocol):
    """What of the hub is needed."""

    @property
    def handler(self) -> Handler: ...
    @property
    def manifests(self) -> Mapping[str, Manifest]: ...
    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def ports(self) -> WishPorts: ...
    async def directory(self) -> Directory: ...


class Wished(NamedTuple):
    """What was asked for, by its number; `is_known`: it was asked for before."""

    number: str
    is_known: bool = False


class BoxMeant(NamedTuple):
    """A box of a work, on its way out or back."""

    work: str
    box: int
    purpose: str


async def wish_label(hub: WishingHub, number: str, wish: LabelWish, actor: Actor) -> Wished | Outcome:
    """Buy the label of a box; an Outcome says why not."""
    box = BoxMeant(number, wish.box, wish.purpose)
    _, round = await _standing(hub, box)
    accounts = (await hub.directory()).accounts.values()
    asked = meant(msgspec.structs.replace(wish, round=round), number, actor, accounts, hub.manifests)
    if isinstance(asked, Refusal):
        return _outcome(asked)
    found = await buy_label(hub.handler.handle, asked, hub.now())
    if isinstance(found, Outcome):
        return found
    mine = label_number(asked.work_no, asked.box, asked.purpose, asked.round)
    return Wished(found.number, is_known=True) if found is not None else Wished(mine)


async def wish_label_back(hub: WishingHub, box: BoxMeant, reason: str, actor: Actor) -> Wished | Outcome:
    """Give the label of a box back; an Outcome says why not."""
    bought, _ = await _standing(hub, box)
    takes_back = able(hub.manifests, "label_cancel")
    asked = meant_back(bought, box.work, reason, actor, await hub.directory(), takes_back)
    if isinstance(asked, Refusal):
        return _outcome(asked)
    refused = await void_label(hub.handler.handle, asked, hub.now())
    return refused if refused is not None else Wished(asked.number)


async def wish_courier(
    hub: WishingHub, number: str, wish: LabelWish, span: tuple[datetime, datetime], actor: Actor,
) -> Wished | Outcome:
    """Send for a courier for a box, in a span of time; an Outcome says why not."""
    box = BoxMeant(number, wish.box, wish.purpose)
    bought, _ = await _standing(hub, box)
    _, round = await _last_pickup(hub, box)
    accounts = (await hub.directory()).accounts.values()
    asked = meant_pickup(msgspec.structs.replace(wish, round=round), span, number, bought, actor, accounts,
                         hub.manifests)
    if isinstance(asked, Refusal):
        return _outcome(asked)
    found = await book_pickup(hub.handler.handle, asked, hub.now())
    if isinstance(found, Outcome):
        return found
    return Wished(found.number, is_known=True) if found is not None else Wished(pickup_number(asked))


async def wish_no_courier(hub: WishingHub, box: BoxMeant, reason: str, actor: Actor) -> Wished | Outcome:
    """Call the courier of a box off; an Outcome says why not."""
    booked, _ = await _last_pickup(hub, box)
    accounts = {account.code: account for account in (await hub.directory()).accounts.values()}
    asked = meant_off(booked, box.work, reason, actor, accounts, hub.manifests)
    if isinstance(asked, Refusal):
        return _outcome(asked)
    if isinstance(asked, Pickup):
        return Wished(asked.number, is_known=True)
    refused = await unbook_pickup(hub.handler.handle, asked)
    return refused if refused is not None else Wished(asked.number)


async def _standing(hub: WishingHub, box: BoxMeant) -> tuple[Label | None, int]:
    async with hub.ports.labels() as shelf:
        return await shelf.standing(*box)


async def _last_pickup(hub: WishingHub, box: BoxMeant) -> tuple[BookedCourier | None, int]:
    async with hub.ports.labels() as shelf:
        return await shelf.last_pickup(*box)


def _outcome(refusal: Refusal) -> Outcome:
    return Outcome(refusal=refusal.code, particulars=refusal.particulars)
