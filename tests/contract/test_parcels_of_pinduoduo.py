"""An order at Pinduoduo has one main waybill: parcels that follow the first one are uploaded beside it, once each."""

from __future__ import annotations

import pytest

from orderloom.application.ports import Terminal, Transient
from tests.contract.test_every_channel_in_trouble import Shop
from tests.support.connector_folders import caller, folders, serve


async def test_parcels_after_the_first_are_told_beside_it_and_once() -> None:
    [folder] = [one for one in folders("channels") if one.name == "pinduoduo"]
    simulator = folder.simulator()
    async with serve(simulator.app) as base, caller() as http:
        shop = Shop(folder, simulator, folder.account(base), http)
        first = await shop.parcel()
        second = first | {"waybill": "SF1234567890124", "is_partial": True}
        await shop.tell("shipment", first | {"is_partial": True})
        simulator.fault("lost_answer", 1)
        try:
            await shop.tell("shipment", second)
        except Transient:
            await shop.tell("shipment", second, attempt=2)
        key = first["external_id"]
        assert [one["waybill"] for one in simulator.shipments[key]] == [first["waybill"]]
        assert [one["tracking_number"] for one in simulator.extra[key]] == [second["waybill"]]
        with pytest.raises(Terminal):                  # whose carrier it does not know
            await shop.tell("shipment", first | {"waybill": "SF1234567890125", "carrier": "yanwen"})
