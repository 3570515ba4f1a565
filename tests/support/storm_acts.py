"""What the storm sends, and how: signed and forged webhooks over HTTP, what a pull brought, files in the inbox."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import random
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode

import httpx2

from orderloom.adapters.channels.shopify.rehearsal import SHOP_DOMAIN
from orderloom.application.directory import Directory
from orderloom.application.ports import Item
from orderloom.rehearsal.platforms import CREDENTIALS
from orderloom.testing.mutations import mutated
from tests.support.stage import Stage
from tests.support.storm_files import Sheet

GROUP = 50
WORK_EVERY = 4
"""Groups between two rounds of the worker."""
TRIES_MAX = 40
BUSY_SECONDS = 0.1
OLD_SECONDS = 3_600
SECRET, SALT = CREDENTIALS["shopify"]["client_secret"], CREDENTIALS["kuaidi100"]["salt"]
BUSY, HEADER_TOO_LARGE = 503, 431
EVENT_HEADER = b"x-shopify-webhook-id"


class Letter(NamedTuple):
    """A message as it was landed, to be sent again with changes. `order` is its order's id, empty for a report."""

    account: str
    topic: str
    body: bytes
    context: tuple[tuple[str, str], ...]
    order: str


class Post(NamedTuple):
    """A request to the hub; `expected` are the answers that are right for it."""

    path: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    expected: tuple[int, ...]
    is_forged: bool = False


class Raw(NamedTuple):
    """Bytes that are no proper request."""

    sent: bytes


Act = Letter | Post | Raw | Sheet


def another(letter: Letter, number: int) -> Letter:
    """The same order under an id of its own."""
    key = re.sub(r"\d{7}$", f"{number:07d}", letter.order) if letter.order[-7:].isdigit() else f"F{number:06d}"
    return letter._replace(body=letter.body.replace(letter.order.encode(), key.encode()), order=key)


def act_of(letter: Letter, chance: random.Random) -> Act:
    """The way by which such a message comes: pushed to the door, or pulled."""
    if letter.account == "SH01":
        topic = letter.topic if "/" in letter.topic else "orders/updated"
        return Post("/webhooks/SH01", shopify_headers(letter.body, topic, f"{chance.getrandbits(64):x}"), letter.body,
                    (200,))
    if letter.account == "KD01":
        return pushed(letter.body)
    return letter


def shopify_headers(body: bytes, topic: str, event: str, secret: str = SECRET) -> tuple[tuple[bytes, bytes], ...]:
    """Headers of a webhook that whoever has this secret sends."""
    mac = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
    told = {"x-shopify-hmac-sha256": mac, "x-shopify-shop-domain": SHOP_DOMAIN, "x-shopify-topic": topic,
            EVENT_HEADER.decode(): event, "x-shopify-triggered-at": "2026-11-21T01:00:00Z",
            "content-type": "application/json"}
    return tuple((name.encode(), value.encode("latin-1", "replace")) for name, value in told.items())


def pushed(body: bytes) -> Post:
    """A carrier's push with its own signature."""
    form = (("content-type", "application/x-www-form-urlencoded"),)
    headers = tuple((name.encode(), value.encode()) for name, value in form)
    try:
        param = parse_qs(body.decode(), keep_blank_values=True, errors="strict")["param"][0]
    except (ValueError, KeyError):
        return Post("/webhooks/KD01", headers, body, (401,))
    sign = hashlib.md5((param + SALT).encode(), usedforsecurity=False).hexdigest().upper()
    signed = urlencode({"sign": sign, "param": param}).encode()
    return Post("/webhooks/KD01", headers, signed, (200, 401))


def damaged(letter: Letter, chance: random.Random, *, huge: bool) -> Act:
    """A message with one to three things wrong in it; of a pushed one sometimes in its headers, too."""
    body = letter.body
    if letter.account == "KD01" and chance.random() < 0.8:
        param = parse_qs(body.decode())["param"][0].encode()
        changed = mutated(param, chance.randrange, huge=huge)
        body = urlencode({"sign": "", "param": changed}).encode()
    else:
        for at in range(1 if huge else chance.randint(1, 3)):
            body = mutated(body, chance.randrange, huge=huge and at == 0)
    act = act_of(letter._replace(body=body), chance)
    if isinstance(act, Post) and letter.account == "SH01" and chance.random() < 0.2:
        at, value = chance.randrange(2, len(act.headers)), chance.choice(HEADER_VALUES)
        name = act.headers[at][0]
        if name == EVENT_HEADER:  # two under one id are the same event, whatever is in them
            value += b"%x" % chance.getrandbits(64)
        return act._replace(headers=(*act.headers[:at], (name, value), *act.headers[at + 1:]))
    return act


HEADER_VALUES = (b"", b"x" * 3_000, b"orders/nonsense", "订单".encode(), b"0001-01-01T00:00:00Z", b"\xff\xfe", b"-1")


def forged(canary: str, number: int, chance: random.Random) -> Act:
    """Something that no platform sent."""
    return chance.choice(FORGERIES)(f'{{"id":{number},"name":"{canary}"}}'.encode(), f"{canary}{number}", chance)


def _shopify(body: bytes, topic: str, secret: str, expected: tuple[int, ...], *more: tuple[bytes, bytes]) -> Post:
    headers = shopify_headers(body, topic, hashlib.sha256(body).hexdigest(), secret)
    kept = tuple(pair for pair in headers if pair[0] not in {name for name, _ in more})
    return Post("/webhooks/SH01", (*kept, *more), body, expected, is_forged=True)


def _posted(path: str, body: bytes, *expected: int, **headers: str) -> Post:
    told = tuple((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())
    return Post(path, told, body, expected, is_forged=True)


Forge = Callable[[bytes, str, random.Random], Act]
FORGERIES: tuple[Forge, ...] = (
    lambda body, mark, chance: _shopify(body, "orders/create", "guessed", (401,)),
    lambda body, mark, chance: _shopify(body, "t" * 3_000, "guessed", (401,)),
    lambda body, mark, chance: _shopify(body, "orders/create", "guessed", (401,), (b"x-shopify-hmac-sha256", b"")),
    lambda body, mark, chance: _shopify(body, "orders/create", "guessed", (401,),
                                        (b"x-shopify-hmac-sha256", "签名".encode())),
    lambda body, mark, chance: _shopify(body, "t" * 3_000, SECRET, (200, BUSY),
                                        (b"x-shopify-shop-domain", f"{mark}.example".encode())),
    lambda body, mark, chance: _shopify(body, "orders/create", "guessed", (HEADER_TOO_LARGE,),
                                        (b"x-big", b"h" * 40_000)),
    lambda body, mark, chance: _shopify(body, "orders/create", "guessed", (HEADER_TOO_LARGE,),
                                        *[(b"x-%d" % n, b"h") for n in range(150)]),
    lambda body, mark, chance: _posted(f"/webhooks/SH01/{'p' * 9_000}", body, HEADER_TOO_LARGE),
    lambda body, mark, chance: _posted(f"/webhooks/NOBODY{chance.randrange(9)}", body, 404),
    lambda body, mark, chance: _posted("/webhooks/%00%ff%F0%9F", body, 404),
    lambda body, mark, chance: _posted("/webhooks/KD01", urlencode({"param": body, "sign": mark}).encode(), 401),
    lambda body, mark, chance: _posted("/webhooks/KD01", b"param=%ff%00&sign=" + mark.encode(), 401),
    lambda body, mark, chance: _posted("/webhooks/TB01", body, 404),
    lambda body, mark, chance: _posted("/webhooks/AM01/x", body, 404),
    lambda body, mark, chance: _posted("/webhooks/FL01/upload?name=a.csv", body, 401, x_upload_token="guess"),
    lambda body, mark, chance: Raw(b"POST /webhooks/SH01 HTTP/1.1\r\nx: \x00\r\n\r\n" + body),
    lambda body, mark, chance: Raw(mark.encode() + b"\r\n\r\n" + body),
    lambda body, mark, chance: Raw(b"POST /webhooks/SH01 HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n"),
    lambda body, mark, chance: Raw(b"POST /webhooks/SH01 HTTP/1.1\r\nhost: localhost\r\n"
                                   b"transfer-encoding: chunked\r\n\r\nzz\r\n" + body),
)


def uploaded(sheet: Sheet, is_good: bool) -> Post:
    """A file sent to the door by a program that has the token; its name is in the address."""
    (name, body), *_ = sheet.files
    query = urlencode({"name": name})
    headers = ((b"x-upload-token", CREDENTIALS["files"]["upload_token"].encode()),)
    return Post(f"/webhooks/FL01/upload?{query}", headers, body, (200,) if is_good else (200, 400, 422))


class Done(NamedTuple):
    """What carrying messages through cost."""

    cpu_seconds: float
    transactions: int


class Sea:
    """Sends acts in small groups and lets the hub work in between."""

    def __init__(self, stage: Stage, directory: Directory, http: httpx2.AsyncClient, port: int, inbox: Path) -> None:
        self.stage, self.http, self.port, self.inbox = stage, http, port, inbox
        self._directory = directory
        self.answers: Counter[int] = Counter()
        self.wrong: list[str] = []
        """Requests whose answer is not one that is right for them."""
        self.taken: set[bytes] = set()
        """Digests of every body that was acknowledged."""
        self.told: list[str] = []

    async def carry(self, acts: Sequence[Act]) -> Done:
        """Send the acts and take them through the route; returns what that cost this process."""
        return await self.measured(self._carry(acts))

    async def carry_to_disk(self, acts: Sequence[Act]) -> Done:
        """Send the acts while nobody can work on them."""
        return await self.measured(*[self.send(acts[n : n + GROUP]) for n in range(0, len(acts), GROUP)])

    async def measured(self, *done: Awaitable[None]) -> Done:
        """Do one after the other; returns what it cost."""
        handler: Any = self.stage.hub.handler
        begun = Counted(handler._begin)
        handler._begin = begun
        started = time.process_time()
        for one in done:
            await one
        handler._begin = begun.begin
        return Done(time.process_time() - started, begun.count)

    async def _carry(self, acts: Sequence[Act]) -> None:
        for number, start in enumerate(range(0, len(acts), GROUP), 1):
            await self.send(acts[start : start + GROUP])
            if number % WORK_EVERY == 0:
                await self.work()
        await self.work()

    async def work(self) -> None:
        """Read the inbox until it is empty, and take everything that waits through the route."""
        while any(path.is_file() for path in self.inbox.iterdir()):
            await self.stage.pull()
        while await self.stage.hub.handler.handle_messages():
            pass

    async def send(self, acts: Sequence[Act]) -> None:
        """Send a group: files are put down, everything else goes at once."""
        for sheet in [act for act in acts if isinstance(act, Sheet)]:
            self._drop(sheet)
        await asyncio.gather(
            *[self._post(act) for act in acts if isinstance(act, Post)],
            *[self._say(act.sent) for act in acts if isinstance(act, Raw)],
            self._land([act for act in acts if isinstance(act, Letter)]),
        )

    async def _land(self, letters: Iterable[Letter]) -> None:
        by_account: dict[str, list[Item]] = {}
        for one in letters:
            by_account.setdefault(one.account, []).append(Item(one.topic, one.body, "", one.context))
        for code, items in by_account.items():
            account = self._directory.account_by_code(code)
            assert account is not None
            await self.stage.hub.lander.land(account, items, {"content-type": "application/json"}, self.stage.clock())
            self.taken.update(hashlib.sha256(item.body).digest() for item in items)

    async def _post(self, act: Post) -> None:
        for _ in range(TRIES_MAX):
            try:
                answer = await self.http.post(act.path, headers=list(act.headers), content=act.body)
            except httpx2.TransportError:  # refused while it was still being sent
                if HEADER_TOO_LARGE in act.expected:
                    self.answers[HEADER_TOO_LARGE] += 1
                    return
                continue
            if answer.status_code != BUSY or BUSY in act.expected:
                break
            await asyncio.sleep(BUSY_SECONDS)
        self.answers[answer.status_code] += 1
        self.told.append(answer.text)
        if answer.status_code not in act.expected:
            self.wrong.append(f"{act.path[:60]} {answer.status_code} instead of {act.expected}: {answer.text[:200]}")
        if answer.status_code == 200 and not act.is_forged:
            self.taken.add(hashlib.sha256(act.body).digest())

    async def _say(self, raw: bytes) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(raw)
        head = await reader.read(12)
        writer.close()
        self.answers[int(head[9:12] or b"400")] += 1
        if head[9:10] != b"4":
            self.wrong.append(f"{raw[:40]!r} was answered {head!r}")

    def _drop(self, sheet: Sheet) -> None:
        old = time.time() - OLD_SECONDS
        for name, body in sheet.files:
            path = self.inbox / os.fsdecode(name)
            draft = self.inbox / f"{len(self.told)}.part"
            draft.write_bytes(body)
            os.utime(draft, (old, old))
            draft.rename(path)


class Counted:
    """Counts the transactions of a handler."""

    def __init__(self, begin: Any) -> None:
        self.begin, self.count = begin, 0

    def __call__(self) -> Any:
        self.count += 1
        return self.begin()
