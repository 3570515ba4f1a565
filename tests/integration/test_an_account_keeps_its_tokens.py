"""What a platform grants is the account's: from its first trial on, through a change of keys, until new ones come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from orderloom.adapters.db.rotation import Rotation
from orderloom.adapters.trial import Trial
from orderloom.adapters.vault import Vault
from orderloom.application import keep_account
from orderloom.application.connect import form_of
from orderloom.application.keep_account import allow_hosts, connect_account, find_account, renew_account
from orderloom.application.ports import Account, Manifest, Probed
from orderloom.bootstrap import Hub, open_hub
from orderloom.settings import Settings
from tests.support.connector_folders import serve
from tests.support.token_platform import CLIENT, TokenPlatform, read_orders

FORM = form_of(Manifest("shopify", "channels", {"zh": "店", "en": "Shop"}, "UTC", []))
TYPED = {**CLIENT, "refresh_token": "refresh-0"}


class Acme:
    """A connector that is well when it can read orders."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def probe(self, account: Account, http: Any) -> Probed:
        """Read once."""
        await read_orders(self._hub.tokens, account, account.base_url, http)
        return Probed(True, "well")


class Desk:
    """A hub with one connector, and a person who connects accounts."""

    def __init__(self, hub: Hub, platform: TokenPlatform, base: str) -> None:
        self.hub, self.platform, self.base = hub, platform, base
        self.trial = Trial({"shopify": Acme(hub)}, hub.outside, hub.alone)  # type: ignore[dict-item]

    async def connect(self, **credentials: str) -> Account:
        asked = Account(0, "SH01", "channels", "shopify", "UTC", self.base, credentials, {})
        done = await connect_account(self.hub.ports.accounts, self.trial, FORM, asked, "", given={},
                                     hosts=["127.0.0.1"], past=lambda _: None, is_forced=False)
        assert done.health.is_well
        return await self.account()

    async def account(self) -> Account:
        return (await find_account(self.hub.ports.accounts, "SH01")).account


@asynccontextmanager
async def a_desk(database: str, home: Path) -> AsyncIterator[Desk]:
    platform = TokenPlatform()
    async with serve(platform.app) as base, open_hub(Settings(home=home), database, connections_max=4) as hub:
        yield Desk(hub, platform, base)


async def test_the_token_that_a_trial_uses_up_is_not_the_one_that_is_kept(database: str, home: Path) -> None:
    async with a_desk(database, home) as desk:
        account = await desk.connect(**TYPED)
        assert desk.platform.counts["asked"] == 1
        kept = await desk.hub.tokens.current(account)
        assert (kept["refresh_token"], account.credentials["refresh_token"]) == ("refresh-1", "refresh-0")
        assert set(await desk.hub.tokens.ends(account)) == {"access_token"}
        for _ in range(2):
            desk.platform.expire()
            assert (await keep_account.test_account(desk.hub.ports.accounts, desk.trial, "SH01")).is_well
        assert (desk.platform.counts["asked"], desk.platform.is_revoked) == (3, False)


async def test_connecting_it_again_to_change_something_else_goes_on_with_its_tokens(
    database: str, home: Path,
) -> None:
    async with a_desk(database, home) as desk:
        await desk.connect(**TYPED)
        await desk.connect()
        await allow_hosts(desk.hub.ports.accounts, desk.trial, "SH01", ["localhost"], [])
        assert (desk.platform.counts["asked"], desk.platform.is_revoked) == (1, False)
        assert (await desk.hub.tokens.current(await desk.account()))["access_token"] == "access-1"


@pytest.mark.parametrize("way", ["connect", "rotate"])
async def test_of_new_credentials_nothing_of_the_old_is_left(database: str, home: Path, way: str) -> None:
    async with a_desk(database, home) as desk:
        await desk.connect(**TYPED)
        desk.platform.access, desk.platform.refresh = "access-new", "refresh-new"
        given = {**TYPED, "refresh_token": "refresh-new", "access_token": "access-new"}
        if way == "connect":
            await desk.connect(**given)
        else:
            found = await find_account(desk.hub.ports.accounts, "SH01")
            await renew_account(desk.hub.ports.accounts, desk.trial, found, given, is_forced=False)
        assert await desk.hub.tokens.current(await desk.account()) == given
        assert desk.platform.counts["asked"] == 1
        async with await psycopg.AsyncConnection.connect(database) as connection:
            rows = await (await connection.execute("select tokens_cipher from account_token")).fetchall()
        assert [bytes(row[0]) for row in rows] == [b""]


async def test_a_change_of_keys_brings_tokens_under_the_new_one(database: str, home: Path) -> None:
    async with a_desk(database, home) as desk:
        account = await desk.connect(**TYPED)
        before = await desk.hub.tokens.current(account)
        newer = _with_key(desk.hub.vault, b"k" * 32)
        async with desk.hub.pool.connection() as connection:
            rotation = Rotation(connection, newer)
            assert (await rotation.outstanding())["account_token"] == 1
            async for ids in rotation.batches("account_token"):
                assert (await rotation.renew("account_token", ids)).count == 1
            assert (await rotation.outstanding())["account_token"] == 0
            assert (await rotation.under(2))["account_token"] == 1
            row = await (await connection.execute("select tokens_cipher from account_token")).fetchone()
        assert row
        assert {**account.credentials, **msgspec.json.decode(newer.decrypt(bytes(row[0])))} == before


def _with_key(vault: Vault, key: bytes) -> Vault:
    """The same keyring with one key more."""
    newer = Vault({2: key}, b"index")
    newer._ciphers |= vault._ciphers
    return newer
