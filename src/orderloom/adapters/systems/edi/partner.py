"""The hub's side of a trading partner: interchanges in by HTTP or a watched folder, notices out the same way."""

from __future__ import annotations

import asyncio
import hmac
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import httpx2
import msgspec

from orderloom.adapters.carrier_words import carrier_words
from orderloom.adapters.durable import sync_folder
from orderloom.adapters.kit.platform import Platform
from orderloom.adapters.systems.edi import edifact, orders, x12
from orderloom.adapters.systems.edi.interchange import Interchange, Message, NoInterchange
from orderloom.adapters.systems.edi.papers import NEVER_ACKNOWLEDGED, Partner, acknowledgement, notice
from orderloom.application.ports import (
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
FILES_MAX = 200
QUIET_SECONDS = 2.0
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
        return Got((Item("unreadable", raw),), b"", f"no interchange: {error}")
    us = partner_of(account)
    if (got.sender, got.receiver) != (us.other[1], us.own[1]):
        return Got((Item("unreadable", raw),), b"", "other_partner: the interchange is between others")
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
        return Verdict((Item("unreadable", request.body),), "token", 401, b"")
    got = take(request.body, account, at)
    if got.fault:
        return Verdict(got.items, got.fault, 422, b"", "text/plain")
    return Verdict(got.items, reply=got.reply, reply_type=TYPES[partner_of(account).standard])


async def pull(platform: Platform, cursor: Cursor, at: datetime) -> AsyncIterator[Page]:
    """The interchanges in the watched folder. A file is moved, and acknowledged in the outbox, once it is durable."""
    account = platform.account
    if not account.settings.get("inbox"):
        return
    inbox = _folder(account, "inbox")
    for path in await _quiet_files(inbox):
        raw = await asyncio.to_thread(path.read_bytes)
        got = take(raw, account, at)
        yield Page(got.items, (("file", path.name[:200]),), problem=got.fault)
        if got.reply and account.settings.get("outbox"):
            await asyncio.to_thread(_write, _folder(account, "outbox"), f"ack-{path.stem[:80]}.edi", got.reply)
        await asyncio.to_thread(_move, path, inbox / ("refused" if got.fault else "done"))
    yield Page((), cursor=Cursor(at))


async def send(outgoing: Outgoing, platform: Platform) -> Answer:
    """The ship notice, into the outbox or to the partner's address; the same delivery is the same interchange."""
    account = platform.account
    words = carrier_words(Path(__file__).parent)
    shipped = datetime.fromisoformat(str(outgoing.body["shipped_at"]))
    paper = notice(outgoing.body, partner_of(account), outgoing.id, words.of(str(outgoing.body.get("carrier") or "")),
                   shipped)  # fmt: skip
    if account.settings.get("outbox"):
        name = f"asn-{outgoing.id}.edi"
        await asyncio.to_thread(_write, _folder(account, "outbox"), name, paper)
        return Answer(said={"file": name})
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
            if account.settings.get(name):
                _folder(account, name)
    except Terminal as missing:
        return Probed(False, str(missing))
    return Probed(True, "正常 / well")


def _folder(account: Account, name: str) -> Path:
    folder = Path(str(account.settings.get(name) or ""))
    if not folder.is_absolute() or not folder.is_dir():
        raise Terminal(f"no_{name}", f"{name}: 不是已存在的绝对路径 / not an existing absolute path")
    return folder


async def _quiet_files(folder: Path) -> list[Path]:
    """Files that nobody writes on: the same before and after a while."""
    before = await asyncio.to_thread(_look, folder)
    if not before:
        return []
    await asyncio.sleep(QUIET_SECONDS)
    now = await asyncio.to_thread(_look, folder)
    return [path for path in sorted(now) if before.get(path) == now[path]][:FILES_MAX]


def _look(folder: Path) -> dict[Path, tuple[int, int]]:
    """Size and time of each file in the folder itself; hidden ones and those being written are left alone."""
    found: dict[Path, tuple[int, int]] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False) and not entry.name.startswith(".") and ".tmp" not in entry.name:
                state = entry.stat()
                found[Path(entry.path)] = (state.st_size, state.st_mtime_ns)
    return found


def _write(folder: Path, name: str, content: bytes) -> None:
    """Under its name only once it is whole and on disk."""
    partly = folder / f".{name}.tmp"
    try:
        with partly.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partly.replace(folder / name)
        sync_folder(folder)
    except OSError as error:
        raise Transient("outbox_unwritable", error.strerror or type(error).__name__) from error


def _move(path: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")
    path.replace(folder / f"{stamp}-{path.name}")
