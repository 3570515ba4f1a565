"""Orders of every Chinese shop platform through the whole hub: pulled, pushed, shipped, told, delivered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orderloom.rehearsal import World
from orderloom.testing.proof import prove
from tests.route.test_rehearsed_world import QUICK, all_read, completed, world  # noqa: F401

SHOPS = ("taobao", "pinduoduo", "jd", "douyin", "wechat_shop", "xiaohongshu", "kuaishou", "youzan")
ORDERS = 64
SECONDS_MAX = 150
HERE = replace(QUICK, orders_max=ORDERS, has_all=True, pull_seconds=2.0, weights=dict.fromkeys(SHOPS, 1))


@pytest.mark.parametrize("world", [HERE], indirect=True)
async def test_every_order_of_every_chinese_shop_reaches_its_buyer_with_no_hand_on_it(world: World) -> None:  # noqa: F811
    async def all_there() -> bool:
        placed = {channel: len(ids) for channel, ids in world.placed.items() if ids}
        return sum(placed.values()) == ORDERS and await completed(world) == placed

    await world.until(all_there, SECONDS_MAX, "every order is completed")
    assert {channel for channel, ids in world.placed.items() if ids} == set(SHOPS)
    assert await prove(world.hub) == []
    assert await world.ask("select kind, subject, evidence from case_file where resolved_at is null") == []
    await world.until(lambda: all_read(world), SECONDS_MAX, "what came last is read, too")
    for channel in SHOPS:
        told = {key for key, parcels in world.platforms.channels[channel].shipments.items() if parcels}
        assert told == set(world.placed[channel]), channel
