"""What left and was never reported is found: a parcel that its carrier has, and a report that no channel got."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import psycopg

from orderloom.application.find_unreported import find_unreported
from orderloom.testing.proof import prove
from tests.integration.test_a_label_is_bought_once import SENDER, connect_carrier, sells_labels
from tests.support.api_hub import a_world

CASES = "select subject, resolved_at is null, owner from case_file where kind = 'shipped_unreported'"
SCANNED = """
insert into intake (message_id, account_id, outcome, park_key, landed_at)
select gen_random_uuid(), id, 'parked', 'waybill:SF7000000000', now() from account where code = 'SF01'"""


async def test_a_work_whose_label_its_carrier_has_scanned_is_a_case_until_it_is_out(home: Path, database: str) -> None:
    async with a_world(home, database, orders=1) as world, await world.client("admin") as client:
        await connect_carrier(world, "SF01", SENDER)
        sells_labels(world)
        number = str((await client.get("/api/v1/works")).json()["works"][0]["number"])
        await client.post(f"/api/v1/works/{number}/label", json={"account": "SF01"})
        await world.send()
        assert await find_unreported(world.hub) == 0 and world.rows(CASES) == []
        with psycopg.connect(database) as connection:
            connection.execute(SCANNED)
        assert [await find_unreported(world.hub) for _ in range(2)] == [1, 1]
        assert world.rows(CASES) == [(f"{number}-1", True, "warehouse")]
        assert (await client.post(f"/api/v1/works/{number}/out", json={})).is_success
        assert await find_unreported(world.hub) == 0
        assert world.rows(CASES) == [(f"{number}-1", False, "warehouse")]


async def test_a_channel_that_was_never_told_of_a_parcel_is_told_of_it_once(home: Path, database: str) -> None:
    async with a_world(home, database, orders=2) as world, await world.client("admin") as client:
        for work in (await client.get("/api/v1/works")).json()["works"]:
            out = {"carrier": "顺丰", "waybill": f"SF{work['number'][-6:]}123456"}
            assert (await client.post(f"/api/v1/works/{work['number']}/out", json=out)).is_success
        told = "select count(*)::int from delivery where kind = 'shipment'"
        assert world.rows(told) == [(2,)] and await find_unreported(world.hub) == 0
        later = world.hub.now() + timedelta(hours=1)
        world.hub.now = lambda: later  # type: ignore[method-assign]
        assert await find_unreported(world.hub) == 0, "both were told of"
        with psycopg.connect(database) as connection:
            connection.execute("delete from delivery where kind = 'shipment'")
            connection.execute("update parcel_item set told = '{}' where order_id = %s", (world.order_ids[0],))
            connection.execute("update parcel_item set told = '{}' where order_id = %s", (world.order_ids[1],))
            connection.execute("update order_line set external_id = 'gift:1' where order_id = %s",
                               (world.order_ids[1],))
        assert [await find_unreported(world.hub) for _ in range(2)] == [1, 0], "a gift by itself is nobody's news"
        assert world.rows(told) == [(1,)]
        wrong = [one for one in await prove(world.hub) if "parcels" not in one and "lines" not in one]
        assert wrong == []
