"""The hub's side of a trading partner: interchanges in by HTTP or a watched folder, notices out the same way."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import httpx2
import msgspec

from orderloom.adapters.carrier_words import carrier_words
from orderloom.adapters.kit.dropped import DONE, REFUSED, folder_of, move, quiet_files, write_file
from orderloom.adapters.kit.platform import Platform
from orderloom.adapters.systems.edi import edifact, orders, x12
from orderloom.adapters.systems.edi.interchange import Interchange, Message, NoInterchange
from orderloom.adapters.systems.edi.papers import NEVER_ACKNOWLEDGED, Partner, acknowledgement, notice
from orderloom.application.ports import (
    UNREADABLE,
    Account,
    Answer,
    Cursor,
    Inbound,
    Item,
    Outgoing,
    Page,
    Probed,
    Terminal,
    Transient,
    Verdict,
)

ORDER_KINDS = ("850", "ORDERS")
SECONDS_MAX = 20.0
TYPES = {"x12": "application/edi-x12", "edifact": "application/edifact"}
NOT_AN_ORDER, NOT_TAKEN = {"x12": "5", "edifact": "12"}, {"x12": "1", "edifact": "2"}
"""Refusals in the standard's own codes: a message that lacks what it must have, a kind that is not taken here."""


class Got(NamedTuple):
    """An interchange as it is landed, and what is said of it; `fault` where it is to be kept apart."""

    items: tuple[Item, ...]
    reply: bytes
    fault: str = ""


def take(raw: bytes, account: Account, at: datetime) -> Got:
    """Read an interchange: an item for each message, known by its control numbers however often it comes."""
    try:
        got = edifact.read(raw) if raw.lstrip(b"\xef\xbb\xbf\r\n \t")[:3] in (b"UNA", b"UNB") else x12.read(raw)
    except NoInterchange as error:
        return Got((Item(UNREADABLE, raw),), b"", f"no interchange: {error}")
    us = partner_of(account)
    if (got.sender, got.receiver) != (us.other[1], us.own[1]):
        return Got((Item(UNREADABLE, raw),), b"", "other_partner: the interchange is between others")
    items: list[Item] = []
    refused: dict[str, str] = {}
    for message in got.messages:
        topic, body, code = _read(got, message, str(account.settings.get("currency") or "USD"))
        if code:
            refused[f"{message.group}/{message.number}"] = code
        key = f"{got.sender}/{got.receiver}/{got.number}/{message.group}/{message.number}"
        items.append(Item(topic, body, key))
    return Got(tuple(items), acknowledgement(got, refused, us, at))


def _read(got: Interchange, message: Message, currency: str) -> tuple[str, bytes, str]:
    """Topic, body and (where it is refused) the code of one message."""
    if message.kind in NEVER_ACKNOWLEDGED:
        return "acknowledgement", _json({"raw": message.text}), ""
    code = message.fault or ("" if message.kind in ORDER_KINDS else NOT_TAKEN[got.standard])
    if not code:
        try:
            return "order", _json(orders.order_of(got, message, currency)), ""
        except orders.NoOrder:
            code = NOT_AN_ORDER[got.standard]
    return "refused", _json({"kind": message.kind, "code": code, "raw": message.text}), code


def _json(value: object) -> bytes:
    return msgspec.json.encode(value)


def partner_of(account: Account) -> Partner:
    """Who is who, by the account's settings."""
    given = account.settings
    return Partner((str(given.get("own_qualifier") or "ZZ"), str(given.get("own_id") or "")),
                   (str(given.get("partner_qualifier") or "ZZ"), str(given.get("partner_id") or "")),
                   str(given.get("standard") or "x12"), bool(given.get("is_test")))  # fmt: skip


def receive(request: Inbound, account: Account, at: datetime) -> Verdict:
    """An interchange at the door: the token proves who sent it, the acknowledgement is the answer."""
    word = account.credentials.get("door_token", "")
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if request.method != "POST" or not word or not hmac.compare_digest(word.encode(), given.encode("utf-8", "replace")):
        return Verdict((Item(UNREADABLE, request.body),), "token", 401, b"")
    got = take(request.body, account, at)
    if got.fault:
        return Verdict(got.items, got.fault, 422, b"", "text/plain")
    return Verdict(got.items, reply=got.reply, reply_type=TYPES[partner_of(account).standard])


async def pull(platform: Platform, cursor: Cursor, at: datetime) -> AsyncIterator[Page]:
    """The interchanges in the watched folder. A file is moved, and acknowledged in the outbox, once it is durable."""
    account = platform.account
    inbox, outbox = folder_of(account, "inbox"), folder_of(account, "outbox")
    for path in await quiet_files(inbox) if inbox is not None else ():
        raw = await asyncio.to_thread(path.read_bytes)
        got = take(raw, account, at)
        yield Page(got.items, (("file", path.name[:200]),), problem=got.fault)
        if got.reply and outbox is not None:
            await write_file(outbox, f"ack-{path.stem[:80]}.edi", got.reply)
        assert inbox is not None
        await move(path, inbox / (REFUSED if got.fault else DONE))
    yield Page((), cursor=Cursor(at))


async def send(outgoing: Outgoing, platform: Platform) -> Answer:
    """The ship notice, into the outbox or to the partner's address; the same delivery is the same interchange."""
    account = platform.account
    words = carrier_words(Path(__file__).parent)
    shipped = datetime.fromisoformat(str(outgoing.body["shipped_at"]))
    paper = notice(outgoing.body, partner_of(account), outgoing.id, words.of(str(outgoing.body.get("carrier") or "")),
                   shipped)  # fmt: skip
    if (outbox := folder_of(account, "outbox")) is not None:
        return Answer(said={"file": await write_file(outbox, f"asn-{outgoing.id}.edi", paper)})
    headers = {"content-type": TYPES[partner_of(account).standard],
               "authorization": f"Bearer {account.credentials.get('partner_token', '')}"}  # fmt: skip
    try:
        answer = await platform.http.post(account.base_url, content=paper, headers=headers, timeout=SECONDS_MAX)
    except httpx2.TransportError as error:
        raise Transient("unreachable", type(error).__name__) from error
    if answer.status_code == 429 or answer.status_code >= 500:
        raise Transient(f"http_{answer.status_code}", "the partner is unwell")
    if answer.status_code >= 300:
        raise Terminal(f"http_{answer.status_code}", "对方拒收 / the partner refuses it")
    return Answer(answer.content[:2_000], {"state": "told"})


async def probe(platform: Platform) -> Probed:
    """Whether both parties are named and the folders are there."""
    account, us = platform.account, partner_of(platform.account)
    if not us.own[1] or not us.other[1]:
        return Probed(False, "请设置 own_id 与 partner_id / set own_id and partner_id")
    try:
        for name in ("inbox", "outbox"):
            folder_of(account, name)
    except Terminal as missing:
        return Probed(False, str(missing))
    return Probed(True, "正常 / well")
