"""Keeps connected accounts, their credentials encrypted; every change tells all processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import orjson
from psycopg import AsyncConnection

from orderloom.adapters.db.directory import NO_GOODS_MOVED, bump
from orderloom.adapters.db.publishing import tell_all_again
from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.tokens import fingerprint, forget, store
from orderloom.adapters.ids import new_id
from orderloom.adapters.vault import Vault
from orderloom.application.keep_account import StoredAccount
from orderloom.application.ports import Account, Granted, Probed

Connection = AsyncConnection[Any]


class AccountStore:
    """See the verbs `keep_account`, `switch_account` and `subscribe`; in the caller's transaction."""

    def __init__(self, connection: Connection, vault: Vault, at: datetime) -> None:
        self._connection, self._vault, self._at = connection, vault, at

    async def save(self, account: Account, title: str, *, is_new: bool = False) -> int | None:
        """Keep the account (its id does not matter); returns its id. A new one is on, a known one stays as it is.

        None, and nothing kept, when the code is another connector's; with `is_new`, anybody's.
        """
        before = await self.find(account.code)
        is_same = before is not None and dict(before.account.credentials) == dict(account.credentials)
        row = await (await self._connection.execute(statement("accounts", "save"), {
            "at": self._at, "is_same": is_same, "is_watching": account.is_watching,
            "code": account.code, "family": account.family, "connector": account.connector, "title": title,
            "zone": account.zone, "base_url": account.base_url,
            "credentials": self._vault.encrypt(orjson.dumps(dict(account.credentials))),
            "settings": orjson.dumps(dict(account.settings)).decode(), "is_new": is_new,
        })).fetchone()
        if row is None:
            return None
        await self._connection.execute(statement("accounts", "pull_from"), {"id": row[0], "at": self._at})
        await self._connection.execute(statement("tokens", "forget_others"), {
            "account": row[0], "of": fingerprint(self._vault, account.credentials)})
        await bump(self._connection, NO_GOODS_MOVED)
        return int(row[0])

    async def begin_tokens(self, account: Account, granted: Granted | None) -> None:
        """A person gave credentials: tokens of before are gone, what the trial was granted for these is kept."""
        of_index = fingerprint(self._vault, account.credentials)
        await forget(self._connection, account.id, of_index)
        if granted is not None:
            await store(self._connection, self._vault, account.id, of_index, granted)

    async def subscribe(self, code: str, title: str, url: str, secret: str, settings: Mapping[str, Any]) -> bool:
        """Keep a new subscriber, its secret encrypted; False when the code is taken."""
        done = await self._connection.execute(statement("accounts", "subscribe"), {
            "code": code, "title": title, "url": url,
            "credentials": self._sealed(secret), "settings": orjson.dumps(dict(settings)).decode(),
        })
        await bump(self._connection, NO_GOODS_MOVED)
        return done.rowcount > 0

    async def end_subscriber(self, code: str) -> bool:
        """Send it nothing more, and forget its secret; False when there is none."""
        return await self._change_subscriber("end_subscriber", code=code, at=self._at, credentials=self._sealed(""))

    async def change_subscriber(
        self, code: str, title: str | None, url: str | None, private_hosts: Sequence[str] | None,
    ) -> bool:
        """Change what is given; False when there is none."""
        hosts = None if private_hosts is None else list(private_hosts)
        return await self._change_subscriber("change_subscriber", code=code, title=title, url=url, hosts=hosts)

    async def renew_secret(self, code: str, secret: str) -> bool:
        """Sign with another secret from now on; False when there is none."""
        return await self._change_subscriber("renew_secret", code=code, at=self._at, credentials=self._sealed(secret))

    async def ping(self, code: str, body: Mapping[str, Any]) -> str | None:
        """Queue a trial event; its delivery's id, None when no such subscriber is on."""
        row = await (await self._connection.execute(statement("accounts", "ping"), {
            "code": code, "id": new_id(), "body": orjson.dumps(dict(body)).decode(), "at": self._at})).fetchone()
        return None if row is None else str(row[0])

    async def _change_subscriber(self, query: str, /, **given: Any) -> bool:
        done = await self._connection.execute(statement("accounts", query), given)
        await bump(self._connection, NO_GOODS_MOVED)
        return done.rowcount > 0

    def _sealed(self, secret: str) -> bytes:
        return self._vault.encrypt(orjson.dumps({"secret": secret}))

    async def backfill(self, account_id: int, since: datetime, *, is_all: bool) -> None:
        """Read the account's orders from `since` up to now, beside the live pull; finished ones too with `is_all`."""
        await self._connection.execute(statement("accounts", "backfill"), {
            "id": account_id, "since": since.replace(microsecond=0), "until": self._at.replace(microsecond=0),
            "scope": "all" if is_all else "open",
        })

    async def find(self, code: str) -> StoredAccount | None:
        """The account with this code, disabled ones included."""
        row = await (await self._connection.execute(statement("accounts", "find"), {"code": code})).fetchone()
        if row is None:
            return None
        credentials = msgspec.json.decode(self._vault.decrypt(row[6]), type=dict[str, str])
        account = Account(row[0], row[1], row[2], row[3], row[4], row[5], credentials, row[7], row[9],
                          is_watching=row[10])
        return StoredAccount(account, row[8], row[9])

    async def set_setting(self, code: str, name: str, value: Any) -> None:
        """Change one of its settings, and tell every process."""
        await self._connection.execute(statement("accounts", "set_setting"), {
            "code": code, "name": name, "value": orjson.dumps(value).decode()})
        await bump(self._connection, NO_GOODS_MOVED)

    async def end_stock(self, account_id: int) -> int:
        """See `application.set_masters.MasterStore`."""
        given = {"id": account_id, "at": self._at}
        return (await self._connection.execute(statement("accounts", "end_stock"), given)).rowcount

    async def tell_stock_anew(self, account_id: int) -> None:
        """See `application.set_masters.MasterStore`."""
        await self._connection.execute(statement("accounts", "forget_shown_stock"), {"id": account_id})
        await tell_all_again(self._connection)

    async def codes(self) -> list[str]:
        """Every account's code."""
        rows = await (await self._connection.execute(statement("accounts", "codes"))).fetchall()
        return [row[0] for row in rows]

    async def note_health(self, account_id: int, health: Probed) -> None:
        """Write down how a test went."""
        await self._connection.execute(statement("accounts", "note_health"), {
            "id": account_id, "health": health.message, "is_well": health.is_well, "at": self._at,
        })

    async def set_active(self, code: str, is_active: bool) -> int | None:
        """Switch an account on or off; its id, None when there is none."""
        given = {"code": code, "is_active": is_active}
        row = await (await self._connection.execute(statement("accounts", "set_active"), given)).fetchone()
        await bump(self._connection, NO_GOODS_MOVED)
        if is_active:  # what moved while it was off was told to the others
            await tell_all_again(self._connection)
        return None if row is None else int(row[0])

    async def set_watching(self, code: str, is_watching: bool) -> int | None:
        """Only watch an account, or go live with it; its id, None when there is none."""
        given = {"code": code, "is_watching": is_watching}
        row = await (await self._connection.execute(statement("accounts", "set_watching"), given)).fetchone()
        await bump(self._connection, NO_GOODS_MOVED)
        if not is_watching:
            await tell_all_again(self._connection)
        return None if row is None else int(row[0])

    async def drop_watched(self, account_id: int, by: str, reason: str) -> int:
        """Set aside for good what came while it was only watched; how many messages."""
        given = {"id": account_id, "at": self._at, "by": by, "reason": reason}
        return (await self._connection.execute(statement("accounts", "drop_watched"), given)).rowcount

    async def waiting(self, account_id: int) -> tuple[int, int]:
        """How many deliveries to it, and messages of it, wait."""
        row = await (await self._connection.execute(statement("accounts", "waiting"), {"id": account_id})).fetchone()
        assert row is not None
        return int(row[0]), int(row[1])

    async def release(self, account_id: int) -> int:
        """Let its messages go on that were parked because it was off."""
        keys = {"keys": [f"account:{account_id}"]}
        return (await self._connection.execute(statement("save", "requeue"), keys)).rowcount
