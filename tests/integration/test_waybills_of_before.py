"""Carriers report in capitals on parcels whose number somebody once typed otherwise: the parcel must move on."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from orderloom.application import commands as c
from orderloom.domain.draft import TrackEntry, TrackReport
from tests.support.api_hub import TEST, a_world


@pytest.mark.parametrize("kept", ["sf1001", "Sf 1001"])
async def test_a_parcel_kept_in_another_spelling_hears_its_carrier(kept: str, home: Path, database: str) -> None:
    async with a_world(home, database, orders=1) as world, await world.client("admin") as client:
        number = (await client.get("/api/v1/works")).json()["works"][0]["number"]
        await client.post(f"/api/v1/works/{number}/out", json={"waybill": "SF1001", "carrier": "顺丰"})
        with psycopg.connect(database) as connection:
            connection.execute("update parcel set waybill = %s", (kept,))
        report = TrackReport("shunfeng", "SF1001", (TrackEntry("103", "in_transit", world.hub.now(), "", ""),))
        account = (await world.hub.directory()).account_by_code("SH01")
        assert account is not None
        (told,) = await world.hub.handle([c.TrackParcel(actor=TEST, account_id=account.id, report=report)])
        assert told.order_id == world.order_ids[0], told
        order = (await client.get(f"/api/v1/orders/{told.order_id}")).json()
        assert [p["state"] for p in order["parcels"]] == ["in_transit"]
