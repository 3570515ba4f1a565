"""A process with several senders of orders for one SKU; each lands pages of them, a worker beside them handles."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.hands import given, say, wait_for_go
from benchmarks.seed import HOT_SKU, TAOBAO, batches, taobao_items
from orderloom.application.ports import Account, Item
from orderloom.bootstrap import Hub, freeze_start, open_hub
from orderloom.settings import Settings

IDLE_SECONDS = 0.002


async def attempt(told: dict[str, Any]) -> None:
    """Send `count` orders of one unit from `senders` senders, in pages of `page`."""
    items = taobao_items(told["start"], told["count"], datetime.now(UTC), skus=[HOT_SKU])
    shares = [items[n::told["senders"]] for n in range(told["senders"])]
    async with open_hub(Settings(home=Path(told["home"]), dsn=told["dsn"]), told["dsn"]) as hub:
        account = (await hub.directory()).account_by_code(TAOBAO)
        assert account is not None
        await hub.handler.handle_messages(1)
        freeze_start()
        say(ready=True)
        wait_for_go()
        began = time.monotonic()
        landed = asyncio.Event()
        working = asyncio.create_task(_work(hub, landed))
        await asyncio.gather(*[_send(hub, account, share, told["page"]) for share in shares])
        landed.set()
        await working
        ended = time.monotonic()
    say(began=began, ended=ended, orders=len(items))


async def _send(hub: Hub, account: Account, items: list[Item], page: int) -> None:
    for group in batches(items, page):
        await hub.lander.land(account, group, {}, hub.now())


async def _work(hub: Hub, landed: asyncio.Event) -> None:
    """What a worker's loop does, until everything has landed and nothing waits."""
    while True:
        is_last = landed.is_set()
        if not await hub.handler.handle_messages():
            if is_last:
                return
            await asyncio.sleep(IDLE_SECONDS)


if __name__ == "__main__":
    asyncio.run(attempt(given()))
