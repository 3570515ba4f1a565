"""Who may write asks over HTTP what a channel shows, beside what the hub told it, a page at a time."""

from __future__ import annotations

from pathlib import Path

from tests.support.api_hub import a_world
from tests.support.connector_folders import folders, serve

PINDUODUO = next(folder for folder in folders("channels") if folder.name == "pinduoduo")


async def test_a_shop_is_read_back_a_page_at_a_time_and_a_wrong_wish_is_told(home: Path, database: str) -> None:
    simulator = PINDUODUO.simulator()
    for n in range(5):
        simulator.list_sku(f"S-{n}")
    async with (
        a_world(home, database, orders=1) as world, serve(simulator.app) as base, await world.client("admin") as client,
        await world.client("read") as reader,
    ):  # fmt: skip
        body = {"connector": "pinduoduo", "code": "PD01", "credentials": PINDUODUO.credentials(),
                "base_url": PINDUODUO.account(base).base_url, "allow_private": ["127.0.0.1"]}  # fmt: skip
        assert (await client.post("/api/v1/accounts", json=body)).status_code == 201
        seen, after = [], ""
        for _ in range(3):
            page = (await client.post("/api/v1/accounts/pd01/read",
                                      json={"what": "listings", "limit": 2, "after": after})).json()
            assert page["is_whole"] and page["counts"] == {"only_there": 5}
            seen += [row["about"] for row in page["rows"]]
            after = page["next"] or ""
        assert seen == [f"S-{n}" for n in range(5)] and page["next"] is None
        for wish, status in (({"what": "stock"}, 404), ({"what": "listings", "is_kept": True}, 409),
                             ({"what": "listings", "after": "?"}, 422), ({"what": "listings", "limit": 0}, 422),
                             ({"what": "listings", "day": "9999-12-31"}, 422),
                             ({"what": "listings", "day": "0001-01-01"}, 422),
                             ({"what": "listings", "limti": 3}, 422)):  # fmt: skip
            assert (await client.post("/api/v1/accounts/PD01/read", json=wish)).status_code == status, wish
        assert (await reader.post("/api/v1/accounts/PD01/read", json={"what": "listings"})).status_code == 403
