"""What `make bench` measures is put up by the hub's own code, in its own tables: a change of either must not end it."""

from __future__ import annotations

import asyncio

from benchmarks.captured import capture
from benchmarks.place import Place, open_place
from benchmarks.seed import SHOPIFY, shopify_items
from orderloom.bootstrap import open_hub

SHOPIFY_ORDERS = 20


def test_the_seller_is_put_in_and_every_row_of_the_route_is_known() -> None:
    with open_place() as place:
        assert capture(place, "bench_taobao", 1).stat().st_size > 0
        with place.database("bench_shopify") as dsn:
            assert asyncio.run(_routed(place, dsn)) == SHOPIFY_ORDERS


async def _routed(place: Place, dsn: str) -> int:
    """How many orders of Shopify's form are allocated of those that came."""
    async with open_hub(place.settings("bench_shopify"), dsn) as hub:
        account = (await hub.directory()).account_by_code(SHOPIFY)
        assert account is not None
        await hub.lander.land(account, shopify_items(7_000_000_000_000, SHOPIFY_ORDERS, hub.now()), {}, hub.now())
        while await hub.handler.handle_messages():
            continue
        async with hub.pool.connection() as connection:
            counted = await connection.execute("select count(*) from orders where fulfilment = 'allocated'")
            return int((await counted.fetchone() or (0,))[0])
