"""A hub with one work to do by hand, and carriers that send couriers, sell labels and name prices."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from orderloom.adapters.db.directory import bump
from orderloom.adapters.simulated.clock import CHINA
from tests.support.accounts import ACCOUNT
from tests.support.api_hub import World, a_world
from tests.support.connector_folders import folders, serve

SENDER = {"sender_name": "仓管", "sender_phone": "13900000000", "sender_province": "浙江省", "sender_city": "杭州市",
          "sender_district": "余杭区", "sender_detail": "仓库路1号", "private_hosts": ["127.0.0.1"]}
CODES = {"SF01": "sf_express", "KD01": "kuaidi100", "YT01": "kdniao"}


@dataclass
class Street:
    """A hub with one work to do by hand, and carriers."""

    world: World
    carriers: dict[str, Any]
    database: str
    number: str = ""

    def window(self, days: int = 0) -> dict[str, str]:
        start = (self.world.hub.now().astimezone(CHINA) + timedelta(days=1 + days)).replace(hour=10)
        return {"from_at": start.isoformat(), "until_at": (start + timedelta(hours=2)).isoformat()}


@pytest.fixture
async def street(home: Path, database: str) -> AsyncIterator[Street]:
    async with a_world(home, database, orders=1) as world, AsyncExitStack() as stack:
        found = {}
        for code, name in CODES.items():
            [folder] = [f for f in folders("carriers") if f.name == name]
            found[code] = folder.simulator(**{k: v for k, v in SENDER.items() if k in folder.manifest.settings})
            account = folder.account(await stack.enter_async_context(serve(found[code].app)))
            async with world.hub.pool.connection() as connection, connection.transaction():
                await connection.execute(ACCOUNT, {
                    "code": code, "family": "carriers", "connector": name, "title": code, "zone": "Asia/Shanghai",
                    "base_url": account.base_url,
                    "credentials": world.hub.vault.encrypt(orjson.dumps(dict(account.credentials))),
                    "settings": orjson.dumps({**account.settings, **SENDER}).decode()})
                await bump(connection)
        one = Street(world, found, database)
        async with await world.client("admin") as client:
            one.number = (await client.get("/api/v1/works")).json()["works"][0]["number"]
        yield one
