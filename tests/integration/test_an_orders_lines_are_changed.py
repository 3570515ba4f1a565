"""Lines of an order are changed over HTTP: looked at first, by whoever may, and by nobody over somebody else's head."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orderloom.testing.proof import prove
from tests.support.api_hub import World, a_world


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=2) as world:
        yield world


def lines(*wishes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"lines": list(wishes), "reason": "the buyer rang", **more}


async def test_a_change_is_looked_at_with_its_money_and_stock_and_then_done_just_so(world: World) -> None:
    path = f"/api/v1/orders/{world.order_ids[0]}/lines"
    async with await world.user("operations") as client:
        shown = (await client.get(f"/api/v1/orders/{world.order_ids[0]}")).json()
        may = {one["verb"]: one for one in shown["offers"]}["lines"]
        assert may["is_allowed"] and may["needs_preview"]
        before = world.rows("select event_count, total from orders order by id")
        seen = (await client.post(f"{path}/preview", json=lines({"no": 1, "price": 9_000, "quantity": 1}))).json()
        assert world.rows("select event_count, total from orders order by id") == before
        money = {one["kind"]: (one["before"], one["after"]) for one in seen["money"]}
        assert money == {"total": (10_000, 9_000), "to_give_back": (0, 1_000)}
        gift = {"sku": "M-001", "quantity": 2, "price": 0}
        seen = (await client.post(f"{path}/preview", json=lines(gift))).json()
        assert [(one["sku"], one["before"] - one["after"]) for one in seen["stock"]] == [("M-001", 2)]
        done = await client.post(path, json=lines(gift, token=seen["token"]))
        assert done.status_code == 200, done.text
        after = (await client.get(f"/api/v1/orders/{world.order_ids[0]}")).json()
    assert [(one["sku"], one["ordered"], one["amount"]) for one in after["lines"]] == [
        ("M-001", 1, 10_000), ("M-001", 2, 0)]
    kinds = [one["kind"] for one in after["events"]]
    assert "action_taken" in kinds and "order_amended" in kinds
    assert await prove(world.hub) == []


async def test_nobody_changes_lines_or_prices_without_the_right(world: World) -> None:
    path = f"/api/v1/orders/{world.order_ids[0]}/lines"
    async with await world.user("service") as service, await world.client("orders:read", "orders:lines") as packer:
        assert (await service.post(path, json=lines({"no": 1, "quantity": 2}))).status_code == 403
        assert (await service.post(f"{path}/preview", json=lines({"no": 1, "price": 1}))).status_code == 403
        offers = {one["verb"]: one for one in (await service.get(path.removesuffix("/lines"))).json()["offers"]}
        assert offers["lines"]["why_not"]["code"] == "no_scope"
        dear = await packer.post(path, json=lines({"no": 1, "price": 1}))
        assert (dear.status_code, dear.json()["code"]) == (403, "no_scope") and "orders:price" in dear.text
        assert (await packer.post(path, json=lines({"sku": "M-001", "quantity": 1}))).status_code == 200
    async with await world.client("orders:read", "orders:price") as pricer:
        assert (await pricer.post(path, json=lines({"no": 1, "quantity": 2}))).status_code == 403
        assert (await pricer.post(path, json=lines({"no": 1, "price": 9_000}))).status_code == 200


async def test_the_slower_of_two_line_changes_is_told_and_nothing_is_lost(world: World) -> None:
    path = f"/api/v1/orders/{world.order_ids[0]}/lines"
    async with await world.user("operations") as client:
        tag = (await client.get(f"/api/v1/orders/{world.order_ids[0]}")).headers["ETag"]
        assert (await client.post(path, json=lines({"sku": "M-001", "quantity": 1}))).status_code == 200
        mine = lines({"no": 1, "quantity": 3, "price": 3_000})
        late = await client.post(path, json=mine, headers={"If-Match": tag})
        assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
        assert "order_amended" in [fact["kind"] for fact in late.json()["since"]]
        done = await client.post(path, json=mine, headers={"If-Match": f'"{late.json()["version"]}"'})
        assert done.status_code == 200, done.text
        refused = await client.post(path, json=lines({"no": 9, "quantity": 1}))
        assert (refused.status_code, refused.json()["code"]) == (409, "no_such_line")
    assert world.rows(f"select quantity_ordered from order_line where order_id = '{world.order_ids[0]}' "
                      "order by line_no") == [(3,), (1,)]
    assert await prove(world.hub) == []
