"""What lies where is a finer view of what is on hand: never two figures that disagree in silence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orderloom.testing.proof import prove
from tests.support.floor import Floor, a_floor


@pytest.fixture
async def floor(home: Path, database: str) -> AsyncIterator[Floor]:
    async with a_floor(home, database) as floor:
        yield floor


async def test_goods_that_are_received_stand_at_the_dock_and_what_lies_nowhere_is_told(floor: Floor) -> None:
    assert await floor.not_placed() == 1_000
    goods = {"warehouse": "HZ", "reason": "到货", "lines": [
        {"sku": "M-001", "quantity": 60, "lot": "L1", "expires_on": "2027-01-31"}, {"sku": "M-001", "quantity": 40}]}
    made = await floor.ask("POST", "/receive", goods, status=201)
    assert made == {"warehouse": "HZ", "place": "DOCK", "units": 100, "is_known": False}
    assert await floor.lies("DOCK") == {("M-001", "L1"): 60, ("M-001", ""): 40}
    assert await floor.not_placed() == 1_000
    assert floor.world.rows("select on_hand from stock_level") == [(1_100,)]
    counted = await floor.put("A-01-01", 1_005)
    assert (counted["was"], counted["units"], counted["not_placed"]) == (0, 1_005, -5)
    assert await floor.not_placed() == -5, "places hold more than the book, and everybody sees it"
    assert await prove(floor.world.hub) == []


async def test_the_same_receipt_counts_once(floor: Floor) -> None:
    goods = {"warehouse": "HZ", "reason": "到货", "lines": [{"sku": "M-001", "quantity": 5}]}
    for known in (False, True):
        answer = await floor.by.post("/api/v1/floor/receive", json=goods, headers={"Idempotency-Key": "one"})
        assert (answer.status_code, answer.json()["is_known"]) == (201, known)
    other = await floor.by.post("/api/v1/floor/receive", json=goods | {"reason": "y"},
                                headers={"Idempotency-Key": "one"})
    assert (other.status_code, other.json()["code"]) == (409, "call_key_used")
    assert floor.world.rows("select on_hand from stock_level") == [(1_005,)]


async def test_places_stand_in_the_order_of_the_walk_and_a_person_may_write_over_it(floor: Floor) -> None:
    page = await floor.ask("GET", "/places", warehouse="HZ", kind="pick")
    assert [one["code"] for one in page["places"]] == ["A-01-01", "A-01-02", "A-02-01", "B-01-01"]
    kept = await floor.ask("PUT", "/places", {"warehouse": "HZ", "places": [
        {"code": "B-01-01", "sequence": 1}, {"code": "A-10-01", "units_max": 5, "is_single": True}]})
    assert kept == {"warehouse": "HZ", "kept": 2, "made": 1}
    page = await floor.ask("GET", "/places", warehouse="HZ", kind="pick", limit=2)
    assert [one["code"] for one in page["places"]] == ["B-01-01", "A-01-01"]
    rest = await floor.ask("GET", "/places", warehouse="HZ", kind="pick", limit=9, cursor=page["next"])
    assert [one["code"] for one in rest["places"]] == ["A-01-02", "A-02-01", "A-10-01"]


WRONG = (
    ("/places", "PUT", {"warehouse": "NO", "places": [{"code": "A"}]}, 404, "unknown_warehouse"),
    ("/places", "PUT", {"warehouse": "HZ", "places": [{"code": "A"}, {"code": "A"}]}, 409, "place_twice"),
    ("/places", "PUT", {"warehouse": "HZ", "places": [{"code": "A", "units_max": -1}]}, 422, "wrong_value"),
    ("/places", "PUT", {"warehouse": "HZ", "places": [{"code": "A", "sequence": 2**63}]}, 422, "wrong_value"),
    ("/places", "PUT", {"warehouse": "HZ", "places": [{"code": "x" * 3_000_000}]}, 413, "too_large"),
    ("/house", "PUT", {"warehouse": "HZ", "is_floor": False}, 409, "floor_in_use"),
    ("/receive", "POST", {"warehouse": "HZ", "reason": "x", "lines": [{"sku": "?", "quantity": 1}]}, 404,
     "unknown_sku"),
    ("/receive", "POST", {"warehouse": "HZ", "reason": "x", "place": "A-01-01",
                          "lines": [{"sku": "M-001", "quantity": 1}]}, 409, "not_a_dock"),
    ("/places/count", "POST", {"warehouse": "HZ", "place": "Z", "sku": "M-001", "units": 1, "reason": "x"}, 404,
     "no_such_place"),
    ("/lots", "PUT", {"sku": "M-001", "lot": "L9", "is_blocked": True}, 404, "not_found"),
)


async def test_what_cannot_be_is_refused_and_says_why(floor: Floor) -> None:
    await floor.put("A-01-01", 3)
    for path, method, body, status, code in WRONG:
        assert (await floor.ask(method, path, body, status=status))["code"] == code
    assert floor.world.rows("select on_hand from stock_level") == [(1_000,)]
