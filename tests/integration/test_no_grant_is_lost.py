"""A platform that takes each refresh token once: however many workers there are, and whatever fails, none is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from orderloom.adapters.db import tokens as module
from orderloom.application.ports import Granted, StoreAway, Terminal, Transient
from tests.support.source_hub import until
from tests.support.token_platform import asking
from tests.support.token_shop import Shop, a_shop

WORKERS, ROUNDS = 8, 100


async def test_eight_workers_lose_no_grant_in_a_hundred_rounds(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        workers = [(await shop.worker())[0] for _ in range(WORKERS)]
        for number in range(1, ROUNDS + 1):
            shop.platform.expire()
            await asyncio.gather(*[shop.read(worker) for worker in workers])
            assert shop.platform.counts["granted"] == shop.platform.counts["asked"] == number
        assert not shop.platform.is_revoked
        kept = await workers[0].current(shop.account)
        assert (kept["access_token"], kept["refresh_token"]) == (f"access-{ROUNDS}", f"refresh-{ROUNDS}")
        row = await shop.ask("select tokens_cipher from account_token")
        assert b"refresh-" not in bytes(row[0])


async def test_tokens_before_their_end_are_renewed_once_though_ten_tasks_ask(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        tokens, _ = await shop.worker()
        stale = await tokens.current(shop.account)
        assert await tokens.ends(shop.account) == {}
        ask = asking(shop.base, shop.http)
        found = await asyncio.gather(*[tokens.renew(shop.account, stale, ask) for _ in range(10)])
        assert shop.platform.counts["asked"] == 1
        assert all(one == found[0] for one in found)
        assert set(await tokens.ends(shop.account)) == {"access_token"}


async def test_a_platform_that_gives_the_same_token_again_is_asked_once(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        workers = [(await shop.worker())[0] for _ in range(3)]
        await shop.read(workers[0])
        shop.platform.gives_the_same = True
        stale = await workers[0].current(shop.account)
        ask = asking(shop.base, shop.http)
        await asyncio.gather(*[worker.renew(shop.account, stale, ask) for worker in workers for _ in range(3)])
        assert shop.platform.counts["asked"] == 2


async def test_who_is_cancelled_while_the_platform_answers_loses_nothing(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        tokens, _ = await shop.worker()
        shop.platform.slow.clear()
        asked = asyncio.create_task(shop.read(tokens))
        await until(_asked(shop, 1), 5)
        asked.cancel()
        shop.platform.slow.set()
        await tokens.close()
        await shop.read((await shop.worker())[0])
        assert (shop.platform.counts["asked"], shop.platform.is_revoked) == (1, False)


async def test_a_database_that_is_away_when_the_token_comes_costs_no_grant(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "STORE_SECONDS_MAX", 0.0)
    async with a_shop(database, home) as shop:
        (tokens, line), (other, _) = await shop.worker(), await shop.worker()
        shop.platform.slow.clear()
        asked = asyncio.create_task(shop.read(tokens))
        await until(_asked(shop, 1), 5)
        line.is_away = True
        shop.platform.slow.set()
        with pytest.raises(StoreAway):
            await asked
        assert b"refresh-" not in (home / "tokens" / f"{shop.account.id}.grant").read_bytes()
        await shop.read(other)  # the process that asked may be dead: another one finds it on the disk
        assert (shop.platform.counts["asked"], shop.platform.is_revoked) == (1, False)
        line.is_away = False
        await tokens.close()
        await shop.read(tokens)
        assert shop.platform.counts["asked"] == 1
        assert list((home / "tokens").iterdir()) == []


async def test_a_database_that_is_back_at_once_is_given_the_token_by_who_asked(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        tokens, line = await shop.worker()
        shop.platform.slow.clear()
        asked = asyncio.create_task(shop.read(tokens))
        await until(_asked(shop, 1), 5)
        line.is_away = True
        shop.platform.slow.set()
        await until(_is_there(home / "tokens" / f"{shop.account.id}.grant"), 5)
        line.is_away = False
        await asked
        assert list((home / "tokens").iterdir()) == []


async def test_when_the_one_who_asks_dies_the_next_one_asks_and_nobody_hangs(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS_MAX", 0.1)
    async with a_shop(database, home) as shop:
        tokens, _ = await shop.worker()
        await tokens.keep(shop.account, Granted({"refresh_token": "refresh-0"}))
        await shop.ask("update account_token set lease = 'dead', lease_until = clock_timestamp() + interval '1 second'")
        with pytest.raises(Transient) as told:
            await shop.read(tokens)
        assert (told.value.code, shop.platform.counts["asked"]) == ("token_busy", 0)
        monkeypatch.setattr(module, "WAIT_SECONDS_MAX", 5.0)
        await shop.read(tokens)
        assert shop.platform.counts["asked"] == 1


async def test_a_platform_that_is_slow_beyond_all_measure_is_given_up(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "ASK_SECONDS_MAX", 0.2)
    async with a_shop(database, home) as shop:
        workers = [(await shop.worker())[0] for _ in range(3)]
        shop.platform.slow.clear()
        ended = await asyncio.gather(*[shop.read(worker) for worker in workers], return_exceptions=True)
        assert all(isinstance(one, Transient | TimeoutError) for one in ended)
        assert shop.platform.counts["asked"] == 1
        shop.platform.slow.set()


@pytest.mark.parametrize(("is_away", "kind"), [(True, Transient), (False, Terminal)])
async def test_a_no_of_the_platform_is_asked_for_once_and_told_to_all(
    database: str, home: Path, is_away: bool, kind: type[Exception],
) -> None:
    async with a_shop(database, home) as shop:
        workers = [(await shop.worker())[0] for _ in range(WORKERS)]
        shop.platform.is_away, shop.platform.is_revoked = is_away, not is_away
        for _ in range(2):
            ended = await asyncio.gather(*[shop.read(worker) for worker in workers], return_exceptions=True)
            assert all(isinstance(one, kind) for one in ended)
            assert shop.platform.counts["asked"] == 1
        failure, is_final, failed_at = await shop.ask("select failure, is_final, failed_at from account_token")
        assert is_final is not is_away
        assert failed_at
        assert "refresh-0" not in failure, "a platform may quote the secret that it refuses"
        shop.platform.is_away = shop.platform.is_revoked = False
        await shop.ask("update account_token set ask_again_at = clock_timestamp()")
        await shop.read(workers[0])
        assert await shop.ask("select failures, failure, failed_at from account_token") == (0, "", None)


async def test_new_credentials_of_a_person_are_not_overwritten_by_a_renewal_of_the_old(
    database: str, home: Path,
) -> None:
    async with a_shop(database, home) as shop:
        tokens, _ = await shop.worker()
        await shop.read(tokens)
        shop.platform.expire()
        shop.platform.slow.clear()
        asked = asyncio.create_task(shop.read(tokens))
        await until(_asked(shop, 2), 5)
        renewed = await shop.gives_others(refresh_token="refresh-of-a-person")
        other, _ = await shop.worker()
        assert await other.current(renewed) == renewed.credentials
        await other.keep(renewed, Granted({"access_token": "access-of-a-person"}))
        shop.platform.slow.set()
        with pytest.raises(Transient) as told:
            await asked  # what it is given belongs to credentials that are no more
        assert told.value.code == "credentials_changed"
        assert (await other.current(renewed))["access_token"] == "access-of-a-person"
        assert shop.platform.counts["asked"] == 2


def _asked(shop: Shop, times: int) -> Any:
    async def reached() -> bool:
        return shop.platform.counts["asked"] == times

    return reached


def _is_there(file: Path) -> Any:
    async def there() -> bool:
        return await asyncio.to_thread(file.exists)

    return there
