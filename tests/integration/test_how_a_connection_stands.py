"""Of every connection is seen when its platform last pushed something genuine, and whether the clocks agree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from orderloom.adapters import outside
from orderloom.adapters.manifests import manifests
from orderloom.adapters.outside import Outside, ahead_of_us
from orderloom.application.ports import Account
from orderloom.application.queries.accounts import AccountView, list_accounts
from orderloom.application.sources.pulling import pull_step
from tests.integration.test_a_hint_is_read_again import Shop, a_shop
from tests.support.connector_folders import serve
from tests.support.source_hub import until


async def _view(shop: Shop) -> AccountView:
    async with shop.hub.pool.connection() as connection:
        return (await list_accounts(connection, manifests())).accounts[0]


async def test_the_last_genuine_push_is_seen_and_a_forged_one_is_none(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        await shop.hint("A-1", **{"x-forged": "yes"})
        assert (await _view(shop)).pushed_at is None
        await shop.hint("A-1")

        async def noted() -> bool:
            return (await _view(shop)).pushed_at is not None

        await until(noted, 5)
        first = (await _view(shop)).pushed_at
        shop.clock.moved = timedelta(hours=1)
        await shop.hint("A-2")
        await shop.door._transport.app.state.door.close()  # type: ignore[attr-defined]
        last = (await _view(shop)).pushed_at
        assert first and last and last - first >= timedelta(minutes=59)


@pytest.mark.parametrize("hours", [0, 3])
async def test_a_platform_whose_clock_differs_is_seen(
    database: str, home: Path, hours: int, monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def orders(_: Request) -> Response:
        return JSONResponse({"orders": []})

    class Behind(datetime):
        """Our clock, which is behind."""

        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) - timedelta(hours=hours)

    monkeypatch.setattr(outside, "datetime", Behind)
    async with serve(Starlette(routes=[Route("/{path:path}", orders)])) as base, a_shop(database, home) as shop:
        account = Account(0, "SH01", "channels", "shopify", "UTC", base, {}, {"private_hosts": ["127.0.0.1"]})

        async def pull(*_: Any) -> Any:
            await shop.hub.outside.client(account).get(base)
            return
            yield

        shop.acme.pull = pull  # type: ignore[attr-defined]
        await shop.rows(f"update account set base_url = '{base}' returning 1")
        await shop.rows("update cache_version set version = version + 1 returning 1")
        await pull_step(shop.hub)
        found = (await _view(shop)).clock_ahead_seconds
        assert found is not None and abs(found - 3_600 * hours) <= 2
        assert (found == 0) is (hours == 0)


def test_a_date_that_cannot_be_read_tells_nothing() -> None:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    assert [ahead_of_us(text, now) for text in ("", "yesterday", "Fri, 02 Jan 2026 00:00:01 GMT")] == [None, None, 0]
    assert ahead_of_us("Fri, 02 Jan 2026 00:01:00 GMT", now) == 60
    assert Outside().clock_ahead(msgspec.convert({
        "id": 1, "code": "A", "family": "channels", "connector": "x", "zone": "UTC", "base_url": "", "credentials": {},
        "settings": {}}, Account)) is None
