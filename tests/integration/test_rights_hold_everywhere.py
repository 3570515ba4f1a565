"""The permission matrix: every role at every operation. Fields by surface: `test_rights_by_field_and_surface.py`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orderloom.application.identity.access import LOGIN
from orderloom.blueprint.roles import RolesFile, compile_roles
from tests.support.api_hub import World, a_world
from tests.support.rights import PEOPLE, PRICED, Operation, fill, operations, place

ROLES = compile_roles(RolesFile())
OPEN = {("GET", "/health"), ("GET", "/ready"), ("POST", "/api/v1/login"), ("POST", "/api/v1/session"),
        ("DELETE", "/api/v1/session"), ("GET", "/api/v1/session/ways"),
        ("POST", "/api/v1/floor/devices/{device}/readings")}
ENDLESS = ("/events", "/api/v1/console/stream")
"""Streams: asked for one by one elsewhere."""
MORE = {("POST", "/api/v1/session/password"), ("GET", "/api/v1/imports/{run_id}/errors")}
"""They ask for more than a scope: a session, a reason."""


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=0) as world:
        yield world


async def test_every_operation_says_which_scope_it_needs(world: World) -> None:
    unguarded = {(one.method, one.path) for one in operations(world.app) if one.is_open}
    assert unguarded <= OPEN, f"guard them by needs(…), decides(…) or signed_in: {sorted(unguarded - OPEN)}"


async def test_each_role_is_let_in_where_its_scopes_say_and_nowhere_else(world: World) -> None:
    every = [one for one in operations(world.app) if not one.is_open and one.path not in ENDLESS]
    wrong = []
    for name, role in ROLES.items():
        async with await world.user(name) as client:
            for one in every:
                if one.method != "GET":  # some of them end the login that asks
                    made = await world.app.state.desk.access.make_token(LOGIN, role.may, f"{name}-user")
                    client.headers["Authorization"] = f"Bearer {made.token}"
                answer = await client.request(one.method, place(one.path, {}), content=b"")
                is_let_in = not one.of_people or not role.scopes.isdisjoint(one.of_people)
                was_refused = answer.status_code == 403 and answer.json()["code"] == "no_scope"
                if is_let_in == was_refused and (one.method, one.path) not in MORE:
                    wrong.append((name, one.method, one.path, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


async def test_nobody_reads_a_receiver_without_giving_a_reason(world: World) -> None:
    given = await fill(world)
    told = []
    for name in ROLES:
        async with await world.user(name, limits=ALL) as client:
            told += [(name, one.path) for one, text in await _texts(client, world, given) if PEOPLE.search(text)]
    assert told == []


async def _texts(client: object, world: World, given: dict[str, str]) -> list[tuple[Operation, str]]:
    """What every reading operation answers, and those that look ahead."""
    found = []
    for one in operations(world.app):
        if one.path in ENDLESS or one.is_open:
            continue
        if one.method == "GET":
            for params in ({"sku": "M-001", "q": "M-001", "limit": 50}, {}):
                answer = await client.get(place(one.path, given), params=params)
                found.append((one, answer.text))
        elif one.path == "/api/v1/replays/preview":
            answer = await client.post(one.path, json={"account": "XLS"})
            found.append((one, answer.text))
        elif one.path == "/api/v1/imports/{account_code}/preview":
            answer = await client.post(place(one.path, given), content=PRICED, params={"name": "a.csv"})
            found.append((one, answer.text))
    return found


ALL = {kind: ["*"] for kind in ("warehouse", "channel", "shop", "region", "sku")}
