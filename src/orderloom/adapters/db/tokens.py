"""Tokens that end, kept in PostgreSQL, encrypted, apart from what a person typed in; renewed once for all processes.

Whoever renews leases the account's row, lets go of the database, asks the platform, and stores what it gave: nobody
uses a token that is not stored. The lease stands in the row and not in a session, so a database that restarts while the
platform is asked lets nobody ask a second time with a token that is good once. A holder that dies is followed by the
next when its lease ends. What the database cannot take at once lies encrypted on the disk until it can.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx2
import msgspec
import orjson
import structlog
from psycopg import AsyncConnection

from orderloom.adapters.alone import OwnTokens, together
from orderloom.adapters.db.statements import statement
from orderloom.adapters.ids import new_id
from orderloom.adapters.token_aside import TokenAside, Waiting
from orderloom.adapters.vault import Vault
from orderloom.application.ports import Account, Ask, Granted, StoreAway, Terminal, Transient, Trouble
from orderloom.domain.fault import kind_of

Connection = AsyncConnection[Any]
ASK_SECONDS_MAX = 30.0
LEASE_SECONDS = 60.0
"""Longer than the asking may take, with time to store what it gave."""
WAIT_SECONDS_MAX = 35.0
"""How long somebody waits for another's asking before told to come again; shorter than one delivery may take."""
STORE_SECONDS_MAX = 5.0
STORE_AGAIN_SECONDS_MAX = 600.0
"""How long a process tries to store what the disk keeps, too."""
LOOK_SECONDS_MIN, LOOK_SECONDS_MAX = 0.02, 0.25
SEEN_SECONDS = 2.0
"""How long a process takes what it has read for what is kept. An older token is refused, and then it looks."""
RECENT_SECONDS = 3.0
"""A platform that gave the same token once more just now would do so again."""
PAUSE_SECONDS, PAUSE_SECONDS_MAX = 2.0, 60.0
FINAL_PAUSE_SECONDS, FINAL_PAUSE_SECONDS_MAX = 60.0, 300.0
"""How long nobody asks after a failure, doubled with each in a row: one that may pass, and one for good."""
SHOWN_MAX = 500
log = structlog.get_logger()


class KeptTokens(NamedTuple):
    """What the row of an account says, by the credentials `of` which it came."""

    of_index: bytes
    granted: Granted
    generation: int = 0


class _LockedRow(NamedTuple):
    """A row that is locked: what is kept, whether another one asks, and what the last asking came to."""

    kept: KeptTokens
    is_asked: bool
    was_left: bool
    failure: Trouble | None
    is_just_renewed: bool
    typed_index: bytes


class _Turn(NamedTuple):
    """The account is leased: it is this one's turn to ask."""

    kept: KeptTokens
    lease: str


class SharedTokens:
    """See `application.ports.Tokens`. An account that is not kept yet (id 0) has its tokens in `alone`."""

    def __init__(
        self, connect: Callable[[], AbstractAsyncContextManager[Connection]], vault: Vault, alone: OwnTokens,
        aside: TokenAside, clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        """`connect` opens a connection in autocommit."""
        self._connect, self._vault, self._alone, self._aside = connect, vault, alone, aside
        self._clock, self._sleep = clock, sleep
        self._seen: dict[int, tuple[float, KeptTokens]] = {}
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks: set[asyncio.Task[Any]] = set()

    async def current(self, account: Account) -> Mapping[str, str]:
        """The account's credentials, the newest tokens among them. Raises StoreAway, KeyMissing."""
        if not account.id:
            return await self._alone.current(account)
        return {**account.credentials, **(await self._look(account)).values}

    async def ends(self, account: Account) -> Mapping[str, datetime]:
        """Until when the tokens are good, by name, where that is known. Raises the same."""
        return await self._alone.ends(account) if not account.id else dict((await self._look(account)).expires)

    async def renew(self, account: Account, stale: Mapping[str, str], ask: Ask) -> Mapping[str, str]:
        """See the port. Whoever is cancelled here cancels no asking: what the platform gives is stored.

        Raises what `ask` raises, Transient `token_busy`, `token_lost` or `credentials_changed`, StoreAway.
        """
        if not account.id:
            return await self._alone.renew(account, stale, ask)
        async with self._locks[account.id]:
            return await asyncio.shield(self._begin(self._renew(account, stale, ask)))

    async def keep(self, account: Account, granted: Granted) -> None:
        """Keep what a person's authorisation gave, in the place of everything kept before."""
        if not account.id:
            await self._alone.keep(account, granted)
            return
        of_index = fingerprint(self._vault, account.credentials)
        self._seen.pop(account.id, None)
        async with self._connect() as connection, connection.transaction():
            await forget(connection, account.id, of_index)
            locked = await self._locked(connection, account.id)
            if locked is None or locked.typed_index != of_index:
                raise Terminal("credentials_replaced", "账号的凭证已更换，请重新授权 | the account has other "
                               "credentials now: authorise it again")
            await store(connection, self._vault, account.id, of_index, granted)

    def waiting(self) -> int:
        """How many accounts' tokens are on the disk alone."""
        return self._aside.count()

    async def close(self) -> None:
        """Wait until what the platform is being asked for is stored."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _begin(self, doing: Any) -> asyncio.Task[Any]:
        task = asyncio.create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # whoever asked has it, unless they went away

    async def _look(self, account: Account) -> Granted:
        at, kept = self._seen.get(account.id, (0.0, None))
        if kept is None or self._clock() - at > SEEN_SECONDS:
            async with self._connect() as connection:
                row = await (await connection.execute(statement("tokens", "look"), {"account": account.id})).fetchone()
            kept = KeptTokens(bytes(row[0]), self._opened(*row[1:4])) if row else KeptTokens(b"", Granted({}))
            self._seen[account.id] = (self._clock(), kept)
        return kept.granted if kept.of_index == fingerprint(self._vault, account.credentials) else Granted({})

    async def _renew(self, account: Account, stale: Mapping[str, str], ask: Ask) -> Mapping[str, str]:
        until, pause, first = self._clock() + WAIT_SECONDS_MAX, LOOK_SECONDS_MIN, None
        of_index = fingerprint(self._vault, account.credentials)
        while True:
            async with self._connect() as connection, connection.transaction():
                locked = await self._lock(connection, account, of_index)
                if locked is None:
                    raise Terminal("no_account", "账号尚未保存 | the account is not kept")
                first = locked if first is None else first
                found = await self._turn(connection, account, locked, first, stale)
            if isinstance(found, _Turn):
                return await self._ask(account, found, ask)
            if found is not None:
                self._seen[account.id] = (self._clock(), locked.kept)
                return found
            if self._clock() > until:
                raise Transient("token_busy", "正在换新令牌，稍后自动继续 | the token is being renewed, "
                                "it goes on by itself", retry_after=LOOK_SECONDS_MAX)
            await self._sleep(pause)
            pause = min(pause * 1.5, LOOK_SECONDS_MAX)

    async def _turn(
        self, connection: Connection, account: Account, locked: _LockedRow, first: _LockedRow, stale: Mapping[str, str],
    ) -> _Turn | Mapping[str, str] | None:
        """The credentials when others than the stale ones are kept, the turn to ask when nobody does, else None.

        Raises what the last asking came to, while nobody is to ask again.
        """
        now = {**account.credentials, **locked.kept.granted.values}
        is_renewed = locked.kept.generation != first.kept.generation or locked.is_just_renewed
        if now != dict(stale) or is_renewed:
            return now
        if locked.is_asked:
            return None
        if locked.failure is not None:
            raise locked.failure
        if locked.was_left:
            log.warning("token_lease_ended", account=account.code)
        lease = new_id()
        await connection.execute(statement("tokens", "lease"), {
            "account": account.id, "lease": lease, "seconds": LEASE_SECONDS})
        return _Turn(locked.kept, lease)

    async def _lock(self, connection: Connection, account: Account, of_index: bytes) -> _LockedRow | None:
        """The account's row, locked and made on first use; None when there is no such account.

        Raises Transient `credentials_changed` when a person gave others than the caller knows of.
        """
        locked = await self._locked(connection, account.id)
        if locked is None:
            await connection.execute(statement("tokens", "ensure"), {"account": account.id, "of": of_index})
            locked = await self._locked(connection, account.id)
        if locked is None:
            return None
        if locked.typed_index != of_index:
            raise Transient("credentials_changed", "凭证刚刚更换，稍后自动继续 | other credentials were given just "
                            "now, it goes on by itself", retry_after=1.0)
        if locked.kept.of_index != of_index:
            await forget(connection, account.id, of_index)
            return await self._locked(connection, account.id)
        if (aside := self._aside.get(account.id)) is None:
            return locked
        if (aside.of_index, aside.generation) != (of_index, locked.kept.generation):
            self._aside.drop(account.id)  # it was stored, or something newer was
            return locked
        log.warning("token_taken_up", account=account.code)
        await self._store(connection, aside)
        return await self._locked(connection, account.id)

    async def _locked(self, connection: Connection, account_id: int) -> _LockedRow | None:
        row = await (await connection.execute(statement("tokens", "lock"), {
            "account": account_id, "recent": RECENT_SECONDS})).fetchone()
        return self._row(row) if row else None

    def _row(self, row: tuple[Any, ...]) -> _LockedRow:
        of_index, cipher, expires, lasts, generation, is_asked, was_left = row[:7]
        code, text, is_final, wait, is_new, typed = row[7:]
        failure: Trouble | None = None
        if wait > 0:
            failure = Terminal(code, text) if is_final else Transient(code, text, retry_after=wait)
        given = msgspec.json.decode(self._vault.decrypt(bytes(typed)), type=dict[str, str])
        kept = KeptTokens(bytes(of_index), self._opened(cipher, expires, lasts), generation)
        return _LockedRow(kept, is_asked, was_left, failure, bool(is_new), fingerprint(self._vault, given))

    def _opened(self, cipher: bytes, expires: Mapping[str, str], lasts: datetime | None) -> Granted:
        if not cipher:
            return Granted({})
        values = msgspec.json.decode(self._vault.decrypt(bytes(cipher)), type=dict[str, str])
        return Granted(values, {name: datetime.fromisoformat(at) for name, at in expires.items()}, lasts)

    async def _ask(self, account: Account, turn: _Turn, ask: Ask) -> Mapping[str, str]:
        """Ask the platform and store what it grants."""
        before, asked_with = turn.kept, {**account.credentials, **turn.kept.granted.values}
        try:
            async with asyncio.timeout(ASK_SECONDS_MAX):
                asked = await ask(asked_with)
        except Exception as failed:
            known = isinstance(failed, Trouble | httpx2.HTTPError | OSError | TimeoutError)
            if await self._failed(account, turn, failed if known else Transient("internal", kind_of(failed))):
                raise
            now = await self.current(account)
            if now == asked_with:
                raise
            return now  # somebody else has stored others meanwhile
        granted = together(before.granted, asked)
        waiting = Waiting(account.id, before.of_index, before.generation, dict(granted.values), dict(granted.expires),
                          granted.lasts, dict(granted.values) == dict(before.granted.values))
        if not await self._stored(account, waiting):
            log.warning("token_was_stored_meanwhile", account=account.code)
            return await self.current(account)
        log.info("token_renewed", account=account.code)
        self._seen[account.id] = (self._clock(), KeptTokens(before.of_index, granted, before.generation + 1))
        return {**account.credentials, **granted.values}

    async def _stored(self, account: Account, waiting: Waiting) -> bool:
        """Store it; on the disk while the database is away, and then again and again. Raises StoreAway."""
        until = self._clock() + STORE_SECONDS_MAX
        is_aside = False
        while True:
            try:
                return await self._put(waiting)
            except StoreAway:
                if not is_aside:
                    await asyncio.to_thread(self._aside.put, waiting)
                    is_aside = True
                    log.warning("token_aside", account=account.code)
                if self._clock() > until:
                    self._begin(self._store_later(waiting))
                    raise
                await self._sleep(LOOK_SECONDS_MAX)

    async def _store_later(self, waiting: Waiting) -> None:
        until = self._clock() + STORE_AGAIN_SECONDS_MAX
        while self._clock() < until:
            await self._sleep(LOOK_SECONDS_MAX)
            with suppress(StoreAway):
                await self._put(waiting)
                return

    async def _put(self, waiting: Waiting) -> bool:
        async with self._connect() as connection:
            is_stored = await self._store(connection, waiting)
        self._seen.pop(waiting.account_id, None)
        await asyncio.to_thread(self._aside.drop, waiting.account_id)
        return is_stored

    async def _store(self, connection: Connection, waiting: Waiting) -> bool:
        """Store it over what it came from; False when that is not what is kept any more."""
        done = await connection.execute(statement("tokens", "store"), {
            "account": waiting.account_id, "of": waiting.of_index, "generation": waiting.generation,
            "is_same": waiting.is_same, **_row(self._vault, Granted(waiting.values, waiting.expires, waiting.lasts)),
        })
        return done.rowcount > 0

    async def _failed(self, account: Account, turn: _Turn, failed: Exception) -> bool:
        """Write down why there is no new token; who waited for one is told the same. False when there is one now."""
        code, text = (failed.code, failed.message) if isinstance(failed, Trouble) else ("unreachable", kind_of(failed))
        is_final = isinstance(failed, Terminal)
        secrets = [*account.credentials.values(), *turn.kept.granted.values.values()]
        self._seen.pop(account.id, None)
        log.warning("token_not_renewed", account=account.code, code=code, is_final=is_final)
        try:
            async with self._connect() as connection:
                done = await connection.execute(statement("tokens", "fail"), {
                    "account": account.id, "lease": turn.lease, "generation": turn.kept.generation, "code": code,
                    "failure": shown(text, secrets), "is_final": is_final,
                    "wait": failed.retry_after if isinstance(failed, Transient) else 0.0,
                    "pause": FINAL_PAUSE_SECONDS if is_final else PAUSE_SECONDS,
                    "most": FINAL_PAUSE_SECONDS_MAX if is_final else PAUSE_SECONDS_MAX,
                })
        except StoreAway:
            return True  # the lease ends by itself, and then the platform says it again
        return done.rowcount > 0


def fingerprint(vault: Vault, credentials: Mapping[str, str]) -> bytes:
    """By what the credentials that a person gave are known again."""
    return vault.index("credentials", orjson.dumps(dict(credentials), option=orjson.OPT_SORT_KEYS).decode()) or b""


async def forget(connection: Connection, account_id: int, of_index: bytes) -> None:
    """Forget what came from credentials of before, in the caller's transaction."""
    await connection.execute(statement("tokens", "reset"), {"account": account_id, "of": of_index})


async def store(connection: Connection, vault: Vault, account_id: int, of_index: bytes, granted: Granted) -> None:
    """Keep tokens that came with new credentials, in the caller's transaction, after `forget`."""
    await connection.execute(statement("tokens", "begin"), {
        "account": account_id, "of": of_index, **_row(vault, granted)})


def _row(vault: Vault, granted: Granted) -> dict[str, Any]:
    expires = {name: at.astimezone(UTC).isoformat() for name, at in granted.expires.items()}
    return {"tokens": vault.encrypt(orjson.dumps(dict(granted.values))), "expires": orjson.dumps(expires).decode(),
            "lasts": granted.lasts}


def shown(text: str, secrets: list[str]) -> str:
    """What a platform said, without the credentials that it may quote."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        if len(secret) >= 6:
            text = text.replace(secret, "***")
    return text[:SHOWN_MAX]
