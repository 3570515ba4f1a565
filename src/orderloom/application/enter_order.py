"""Take in an order that a person types, or types anew: checked field by field, then landed like every other message.

The voucher is what was typed and who typed it. An idempotency key is one order (or one correction of it): sent again it
changes nothing. What stands in the voucher becomes an order by the channel's mapping, on the route of all others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.entered_problems import NotEntered, problems_of, told_of
from orderloom.application.entered_shapes import EnteredOrder, EnteredReceiver
from orderloom.application.land import Lander
from orderloom.application.ports import Account, Item
from orderloom.application.translate import Readers, translate
from orderloom.application.within import Within
from orderloom.domain.draft import OrderDraft
from orderloom.domain.order import Order
from orderloom.domain.words import Words

CONNECTOR, TOPIC = "manual", "order.entered"
PLAIN = {"content-type": "application/json"}
ANYBODY = EnteredReceiver("-", "19900000000", "-", "浙江省", "杭州市", "西湖区")
"""Stands for a receiver that is not typed yet, so that the sums can be told before."""


class EntryVoucher(msgspec.Struct, frozen=True):
    """A voucher that landed before under a key: its id, the digest of its bytes."""

    message_id: str
    digest: bytes


class Entries(Protocol):
    """What is known of typed orders, in one transaction."""

    async def directory(self) -> Directory: ...
    async def landed(self, account_id: int, event_id: str) -> EntryVoucher | None: ...
    async def last_voucher(self, account_id: int, order_id: str) -> bytes | None: ...
    async def unknown_codes(self, account_id: int, codes: Sequence[str]) -> Mapping[str, Sequence[str]]: ...


class EntryPorts(Protocol):
    """Ports of the hub."""

    @property
    def entries(self) -> Within[Entries]: ...


class EnteringHub(Protocol):
    """What of the hub is needed."""

    @property
    def lander(self) -> Lander: ...
    @property
    def mappings(self) -> Readers: ...
    @property
    def now(self) -> Callable[[], datetime]: ...


class Entered(msgspec.Struct, frozen=True):
    """A typed order that is durable: its own id in the account, and the message that holds it. `is_new` is false for a
    key that came before."""

    account: str
    external_id: str
    message_id: str
    is_new: bool


async def enter_order(hub: EnteringHub, ports: EntryPorts, typed: EnteredOrder, key: str, by: str) -> Entered:
    """Land a new order. Raises NotEntered with a reason for each field that is wrong."""
    async with ports.entries() as entries:
        account = account_for(await entries.directory(), typed.account)
        unknown = await entries.unknown_codes(account.id, [line.sku for line in typed.lines])
    known = f"M{sha256(f'{account.id}/{key}'.encode()).hexdigest()[:12].upper()}"
    voucher = {"id": known, "status": "open", "entered_by": by, "order": _as_typed(typed)}
    return await _land(hub, ports, account, typed, voucher, key, unknown)


class EntryLook(msgspec.Struct, frozen=True):
    """What a typed order comes to by now, in minor units, by the formula of all orders; and what is still wrong."""

    currency: str
    total: int | None
    wrong: dict[str, Words]


async def look_at_entry(hub: EnteringHub, ports: EntryPorts, typed: EnteredOrder) -> EntryLook:
    """Read what is typed as it would be read when it is sent; nothing is kept. Raises NotEntered without an account."""
    async with ports.entries() as entries:
        account = account_for(await entries.directory(), typed.account)
        unknown = await entries.unknown_codes(account.id, [line.sku for line in typed.lines])
    wrong = problems_of(typed, unknown, hub.now())
    if any(field.startswith(("lines", "freight", "discount", "currency")) for field in wrong):
        return EntryLook(typed.currency, None, wrong)
    reachable = msgspec.structs.replace(typed, receiver=ANYBODY)
    body = msgspec.json.encode({"id": "M0", "status": "open", "entered_by": "", "order": _as_typed(reachable)})
    read = translate(account, TOPIC, body, PLAIN, hub.now(), hub.mappings)
    total = next((one.total for one in read if isinstance(one, OrderDraft)), None)
    return EntryLook(typed.currency, total, wrong or told_of(read))


async def correct_order(
    hub: EnteringHub, ports: EntryPorts, opened: Callable[[bytes], bytes], order: Order, typed: EnteredOrder, key: str,
    by: str,
) -> Entered:
    """Land an order anew, as it is to be from now on; without a receiver it keeps the one that was typed last.

    Raises NotEntered: `not_manual`, `too_late`, `wrong_value`.
    """
    async with ports.entries() as entries:
        account = (await entries.directory()).accounts[order.account_id]
        if (no := why_not_corrected(account, order)) is not None:
            raise no
        unknown = await entries.unknown_codes(account.id, [line.sku for line in typed.lines])
        if typed.receiver is None:
            cipher = await entries.last_voucher(account.id, order.id)
            typed = _with_receiver(typed, cipher and opened(cipher))
    voucher = {"id": order.external_id, "status": "open", "entered_by": by, "placed_at": order.placed_at.isoformat(),
               "order": _as_typed(typed)}
    return await _land(hub, ports, account, typed, voucher, key, unknown)


async def is_known_key(ports: EntryPorts, order: Order, key: str) -> bool:
    """Whether a correction came under this key before: sent again it is the same one, whatever happened since."""
    async with ports.entries() as entries:
        return await entries.landed(order.account_id, f"entry:{key}") is not None


def why_not_corrected(account: Account, order: Order) -> NotEntered | None:
    """What stands in the way of typing an order anew: `not_manual`, `too_late`; None when nothing does."""
    if account.connector != CONNECTOR:
        return NotEntered("not_manual", {"order": Words(
            f"订单来自 {account.code}，请在来源处修改", f"the order is of {account.code}: change it there")})
    if order.is_cancelled:
        return NotEntered("too_late", {"order": Words("订单已取消，请另建一单", "it is cancelled: enter a new one")})
    if order.parcels:
        return NotEntered("too_late", {"order": Words("已有包裹发出，请走售后", "a parcel of it is out already")})
    return None


def account_for(directory: Directory, code: str) -> Account:
    """The account of typed orders that is meant: the one that is named, or the only one. Raises NotEntered."""
    mine = [a for a in directory.accounts.values() if a.connector == CONNECTOR and a.is_active]
    found = [a for a in mine if code in ("", a.code)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(sorted(a.code for a in mine))
    if not known:
        raise NotEntered("wrong_value", {"account": Words(
            "还没有手工订单账号，请运行 orderloom connect manual --code PH01",
            "there is no account for manual orders yet: orderloom connect manual --code PH01")})
    raise NotEntered("wrong_value", {"account": Words(f"请写明账号：{known}", f"name one of the accounts: {known}")})


async def _land(
    hub: EnteringHub, ports: EntryPorts, account: Account, typed: EnteredOrder, voucher: Mapping[str, Any], key: str,
    unknown: Mapping[str, Sequence[str]],
) -> Entered:
    wrong = problems_of(typed, unknown, hub.now())
    body = msgspec.json.encode(voucher)
    if not wrong:
        wrong = told_of(translate(account, TOPIC, body, PLAIN, hub.now(), hub.mappings))
    if wrong:
        raise NotEntered("wrong_value", wrong)
    event = f"entry:{key}"
    [made] = await hub.lander.land(account, [Item(TOPIC, body, event)], PLAIN, hub.now())
    if made is not None:
        return Entered(account.code, str(voucher["id"]), made, True)
    async with ports.entries() as entries:
        before = await entries.landed(account.id, event)
    if before is None or before.digest != sha256(body).digest():
        raise NotEntered("key_used", {"key": Words("这个幂等键已用于另一份内容，请换一个",
                                                   "the key was used for something else: take another")})
    return Entered(account.code, str(voucher["id"]), before.message_id, False)


def _as_typed(typed: EnteredOrder) -> dict[str, Any]:
    """What was typed, without what was left out."""
    found: dict[str, Any] = msgspec.to_builtins(typed)
    found.pop("account", None)
    return {name: value for name, value in found.items() if value not in (None, "")}


def _with_receiver(typed: EnteredOrder, body: bytes | None) -> EnteredOrder:
    held = msgspec.json.decode(body)["order"].get("receiver") if body else None
    if held is None:
        return typed
    return msgspec.structs.replace(typed, receiver=msgspec.convert(held, EnteredOrder.Receiver))
