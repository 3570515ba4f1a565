"""Who saw whose personal data can be asked for: nothing is missing, and the list itself gives nobody away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.api_hub import World, a_world


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=2) as world:
        yield world


async def test_every_look_at_clear_text_is_told_page_by_page(world: World) -> None:
    first, second = world.order_ids
    async with await world.client("admin") as admin, await world.client("orders:read") as reader:
        for number, order_id in enumerate((first, second, first)):
            why = {"X-Unmask-Reason": f"asked by 13812345678, {number}"}
            assert (await admin.get(f"/api/v1/orders/{order_id}", headers=why)).status_code == 200
        assert (await reader.get("/api/v1/unmaskings")).json()["code"] == "no_scope"
        told, cursor = [], ""
        while True:
            page = (await admin.get("/api/v1/unmaskings", params={"limit": 2, "cursor": cursor})).json()
            told += page["unmaskings"]
            if (cursor := page["next"] or "") == "":
                break
        assert [one["reason"][-1] for one in told] == ["2", "1", "0"], "the newest first, none twice, none missing"
        assert {one["who"] for one in told} == {"token:test"} and "13812345678" not in str(told)
        number = told[0]["order"]
        of_one = (await admin.get("/api/v1/unmaskings", params={"order": number})).json()["unmaskings"]
        assert [one["reason"][-1] for one in of_one] == ["2", "0"]
        assert (await admin.get("/api/v1/unmaskings", params={"by": "user:nobody"})).json()["unmaskings"] == []
        assert (await admin.get("/api/v1/unmaskings", params={"cursor": "x"})).status_code == 422
