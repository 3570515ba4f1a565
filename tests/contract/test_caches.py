"""A cache that goes on showing what is sold: it is told what changed, and every failure of that is heard."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.connector_folders import Folder, folders
from tests.support.house import House, opened

FRONT = "https://stock.example.com"
ZONE = "023e105f4ecef8ad9ca31a8372d0c353"
PATHS = ["/shown/SH01/m-001.json", "/shown/SH01/%E6%9D%AF.json"]
CACHES = [folder for folder in folders("subscribers") if "purge" in folder.capabilities]


@pytest.fixture(params=CACHES, ids=lambda folder: folder.name)
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    folder: Folder = request.param
    async with opened(folder) as house:
        house.simulator.settings["zone_id"] = ZONE
        settings = {**house.account.settings, "zone_id": ZONE, "front_url": FRONT}
        house.account = folder.account(house.account.base_url.removesuffix("/"), **settings)
        house.simulator.kept = {FRONT + path: b"{}" for path in (*PATHS, "/shown/SH01/other.json")}
        yield house


async def test_what_changed_is_forgotten_and_nothing_else(house: House) -> None:
    tried = await house.send("purge", {"paths": PATHS})
    assert tried.state == "done", tried
    assert list(house.simulator.kept) == [f"{FRONT}/shown/SH01/other.json"] and not house.simulator.rejected


async def test_a_wrong_token_is_a_no_for_good(house: House) -> None:
    house.account = house.folder.account(house.account.base_url, credentials={"token": "another"}, zone_id=ZONE,
                                         front_url=FRONT)
    tried = await house.send("purge", {"paths": PATHS})
    assert tried.state == "parked" and len(house.simulator.kept) == 3, tried


@pytest.mark.parametrize("trouble", ["status_500", "dropped", "half_body", "busy", "rate_limited"])
async def test_what_may_pass_is_tried_again(house: House, trouble: str) -> None:
    house.simulator.fault(trouble)
    assert (await house.send("purge", {"paths": PATHS})).state == "due"
    assert (await house.until_taken("purge", {"paths": PATHS})).state == "done"


async def test_a_front_that_nobody_named_is_said_and_not_purged(house: House) -> None:
    house.account = house.folder.account(house.account.base_url, zone_id=ZONE)
    assert (await house.send("purge", {"paths": PATHS})).state == "parked"
