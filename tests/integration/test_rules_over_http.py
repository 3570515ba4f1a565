"""People see the rules in force as tables in words, and try them on an order before they trust them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orderloom.application.identity.roles import Roles
from orderloom.blueprint.roles import RolesFile, compile_roles
from orderloom.domain.rights import Role, hiding, including
from orderloom.domain.words import Words
from tests.support.api_hub import World, a_world


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=2) as world:
        yield world


async def _ask(world: World, scopes: str, **body: Any) -> Any:
    async with await world.client(scopes) as client:
        return await client.post("/api/v1/rules/try", json=body)


async def test_the_rules_in_force_are_told_as_tables_in_words(world: World) -> None:
    async with await world.client("orders:read") as client:
        found = (await client.get("/api/v1/rules")).json()
    [rule] = [one for one in found["rules"] if one["name"] == "gifts"]
    assert (rule["name"], rule["place"], rule["hit"], rule["is_on"]) == ("gifts", "review", "first", False)
    assert [column["title"]["zh"] for column in rule["when"]][:2] == ["币种", "货款"]
    festival, newcomer, _ = rule["rows"]
    assert festival["when"][1] == {"written": ">= 50000", "words": {"zh": "≥ 50000", "en": ">= 50000"}}
    assert festival["when"][3]["words"]["zh"] == "2026-11-11 00:00 ≤ 值 ＜ 2026-11-12 00:00"
    assert newcomer["when"][2]["words"] == {"zh": "不是 wholesale", "en": "not wholesale"}
    assert newcomer["when"][0] == {"written": "", "words": {"zh": "", "en": ""}}
    assert newcomer["then"] == ["GIFT-TEA", 1, True, 0] and rule["unknown_skus"] == ["GIFT-BOX", "GIFT-TEA"]
    assert {place["name"] for place in found["places"]} >= {"review", "merge"}


async def test_a_rule_is_tried_on_an_order_with_all_that_it_sees_and_nothing_is_kept(world: World) -> None:
    before = world.rows("select count(*) from order_event")
    number, total = world.rows("select number, total from orders order by id")[0]
    answer = await _ask(world, "orders:read", order=number)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    [tried] = [one for one in told["rules"] if one["rule"] == "gifts"]
    assert told["traits"]["total"] == total and told["traits"]["goods"] > 0 and told["traits"]["skus"]
    assert tried["rule"] == "gifts" and not tried["is_on"]
    assert tried["decision"]["rows"][0] == {"row": "newcomer", "outcome": {
        "gift": "GIFT-TEA", "units": 1, "once_per_buyer": True, "keep": 0, "waits": False}}
    assert tried["decision"]["traits"]["orders_before"] == 0
    assert world.rows("select count(*) from order_event") == before


@pytest.mark.parametrize("body, status, says", [
    ({"order": "no-such"}, 404, "no-such"), ({"order": "{n}", "rule": "gift"}, 404, "gifts"),
    ({"order": "{n}", "version": 99}, 404, "99"), ({"order": "{n}", "version": 0}, 422, "version"),
    ({"order": "{n}", "version": 2**63}, 422, "version"), ({"order": "", "rule": ""}, 422, "order"),
    ({"order": "\u0000"}, 422, ""), ({"order": "x" * 3_000}, 422, "order"),
    ({"order": "{n}", "rules": "x"}, 422, "rules"),
])
async def test_what_cannot_be_tried_says_why(world: World, body: dict[str, Any], status: int, says: str) -> None:
    number = world.rows("select number from orders order by id")[0][0]
    asked = {name: str(number) if value == "{n}" else value for name, value in body.items()}
    answer = await _ask(world, "orders:read", **asked)
    assert answer.status_code == status and says in answer.text, answer.text


async def test_amounts_and_places_are_hidden_from_who_may_not_see_them(world: World) -> None:
    async def roles() -> Roles:
        blind = Role("blind", Words("", ""), ("*",), including(["orders:read"]), hiding(["price", "receiver"]), ())
        return {**compile_roles(RolesFile()), "blind": blind}

    world.hub.ports.access.roles = world.app.state.desk.access.roles = roles
    number = world.rows("select number from orders order by id")[0][0]
    async with await world.user("blind") as client:
        told = (await client.post("/api/v1/rules/try", json={"order": number})).json()
    assert told["traits"]["total"] and told["traits"]["skus"]
    assert [told["traits"][name] for name in ("goods", "discount", "province", "city")] == [None] * 4
