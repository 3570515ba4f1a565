"""Whoever ships by hand sends for a courier and calls it off from the command line, and hears why not in words."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path

import orjson
import psycopg
from test_cli_answers import Cli, cli

from orderloom.adapters.db.directory import bump
from orderloom.adapters.simulated.clock import CHINA
from tests.support.accounts import ACCOUNT
from tests.support.api_hub import a_world
from tests.support.cli_answers import Page
from tests.support.street import SENDER

__all__ = ["cli"]


async def _prepare(home: Path, database: str) -> str:
    """A work to do by hand, by its number, and a carrier's account that nobody answers at."""
    async with a_world(home, database, orders=1) as world:
        async with world.hub.pool.connection() as connection, connection.transaction():
            await connection.execute(ACCOUNT, {
                "code": "YT01", "family": "carriers", "connector": "kdniao", "title": "YT01", "zone": "Asia/Shanghai",
                "base_url": "http://127.0.0.1:9", "settings": orjson.dumps(SENDER).decode(),
                "credentials": world.hub.vault.encrypt(orjson.dumps({"business_id": "1", "api_key": "k"}))})
            await bump(connection)
        async with await world.client("admin") as client:
            return str((await client.get("/api/v1/works")).json()["works"][0]["number"])


def test_a_courier_is_called_off_by_its_work(home: Path, database: str, cli: Cli) -> None:
    work, page = asyncio.run(_prepare(home, database)), Page()
    code, out, err = cli("work", "unpickup", work)
    assert code == 1 and "没有可取消的取件" in out + err and "no courier to call off" in out + err, (out, err)
    start = (datetime.now(CHINA) + timedelta(days=1)).replace(hour=10, minute=0)
    span = ("--from", f"{start:%Y-%m-%dT%H:%M}", "--until", f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    asked = json.loads(cli("work", "pickup", work, "--carrier", "圆通", *span, "--json")[1])
    with psycopg.connect(database) as connection:
        connection.execute("update pickup set state = 'booked', booking = 'KDN1'")
        connection.execute("update delivery set state = 'done' where kind = 'pickup'")
    off = json.loads(cli("work", "unpickup", work, "--reason", "明天再寄", "--json")[1])
    for value, kind in ((asked, "work pickup"), (off, "work unpickup")):
        assert list(page.differences(value, page.commands[kind])) == [], value
    assert (asked["state"], off["state"], off["booking"], off["is_known"]) == ("asked", "cancelling", "KDN1", False)
    code, out, err = cli("work", "unpickup", work)
    assert code == 0 and "正在取消" in out + err and "（此前已申请）" in out + err, (out, err)
    with psycopg.connect(database) as connection:
        counted = connection.execute("select count(*) from delivery where kind = 'pickup_cancel'").fetchone()
    assert counted == (1,), "once"
