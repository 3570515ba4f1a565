"""An instant that nothing can show is refused where it is said: kept, it would close the order to everybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.api_hub import a_world

FAR = ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59Z")


async def test_no_note_and_no_hold_of_a_far_year_closes_an_order(home: Path, database: str) -> None:
    async with a_world(home, database, orders=1) as world, await world.client("admin") as client:
        [(number,)] = world.rows("select number from orders")
        for far in FAR:
            for path, body, place in (
                (f"/api/v1/orders/{number}/notes", {"body": "x", "contacted_at": far}, "contacted_at"),
                (f"/api/v1/orders/{number}/hold", {"type": "manual", "reason": "x", "expires_at": far}, "expires_at"),
                ("/api/v1/views", {"name": "x", "query": {"placed_from": far}}, "query.placed_from"),
            ):
                answer = await client.post(path, json=body)
                assert (answer.status_code, answer.json()["code"]) == (422, "wrong_value"), answer.text
                assert answer.json()["detail"].startswith(f"{place}："), answer.text
        opened = await client.get(f"/api/v1/orders/{number}")
        assert opened.status_code == 200, opened.text


@pytest.mark.parametrize("far", FAR)
async def test_recovery_times_of_a_far_year_are_a_mistake_and_no_defect(home: Path, database: str, far: str) -> None:
    async with a_world(home, database, orders=0) as world, await world.client("admin") as client:
        answer = await client.get("/api/v1/cases/recovery", params={"until": far})
        assert (answer.status_code, answer.json()["code"]) == (422, "wrong_value"), answer.text
