"""Public clients of tracking services at our simulators: they have a parcel followed, once, and read where it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.support.connector_folders import folders, now
from tests.support.witnessed import Host, Refusal, hosted, witness_of

FOLDERS = {folder.name: folder for folder in folders("carriers")}


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with hosted() as one:
        yield one


async def test_afterships_client_has_a_parcel_followed_and_reads_it(host: Host) -> None:
    async with witness_of(host, FOLDERS["aftership"], "aftership", "api_key", pace_seconds=60) as witness:
        for number in ("1Z1", "1Z2"):
            witness.simulator.hand_over("ups", number, now() - timedelta(days=1))
        witness.simulator.step(now())
        made = await witness.call("create", tracking_number="1Z1", slug="ups", order_id="SH01-1")
        assert made["tracking_number"] == "1Z1" and made["slug"] == "ups"
        with pytest.raises(Refusal, match="already exists"):
            await witness.call("create", tracking_number="1Z1", slug="ups")
        await witness.call("create", tracking_number="1Z2", slug="ups", order_id="SH01-2")
        found = (await witness.call("list", tracking_numbers="1Z1,1Z2"))["trackings"]
        assert [one["tracking_number"] for one in found] == ["1Z1", "1Z2"] and found[0]["checkpoints"]
        assert len((await witness.call("list", tracking_numbers="1Z1,1Z2", limit=1))["trackings"]) == 1
        assert not (await witness.call("list", tracking_numbers="1Z1", slug="dhl"))["trackings"]
        assert [one["tracking_number"] for one in (await witness.call("list", order_id="SH01-2"))["trackings"]] == [
            "1Z2"]
        witness.made_from["api_key"] = "another"
        with pytest.raises(Refusal, match="Invalid API key"):
            await witness.call("list", tracking_numbers="1Z1")
