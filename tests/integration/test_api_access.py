"""Who gets in and what they may: nobody without a token, nobody beyond its scopes, nobody by guessing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from orderloom.adapters.db.identity import ensure_administrator
from orderloom.adapters.passwords import Passwords
from orderloom.application.identity.roles import SCOPES
from tests.support.api_hub import World, a_world


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        yield world


OPEN = {("get", "/health"), ("get", "/ready"), ("post", "/api/v1/login"), ("post", "/api/v1/session"),
        ("get", "/api/v1/session/ways")}
SIGNED = {("post", "/api/v1/floor/devices/{device}/readings"): "device_not_proven"}
"""Operations that prove by signature who asks, with what they say to who does not."""


async def test_no_operation_of_the_api_answers_without_a_token(world: World) -> None:
    document = world.app.openapi()
    asked = 0
    async with await world.client() as client:
        for path, operations in document["paths"].items():
            for method in operations:
                if (method, path) in OPEN:
                    continue
                place = path
                for name in ("reference", "case_id", "message_id", "delivery_id", "token_id", "code", "account_code",
                             "name", "device"):
                    place = place.replace(f"{{{name}}}", "01920000-0000-7000-8000-000000000000")
                answer = await client.request(method, place, params={"sku": "M-001"})
                assert answer.status_code == 401, (method, path, answer.status_code)
                assert answer.json()["code"] == SIGNED.get((method, path), "no_token")
                asked += 1
    assert asked > 30


@pytest.mark.parametrize("scope", [s for s in SCOPES if s not in ("admin", "orders:write", "orders:cancel")])
async def test_no_scope_but_its_own_cancels_an_order(world: World, scope: str) -> None:
    async with await world.client(scope) as client:
        answer = await client.post(f"/api/v1/orders/{world.order_ids[0]}/cancel", json={"reason": "x"})
    assert answer.status_code == 403 and answer.json()["code"] == "no_scope"


async def test_the_first_password_must_be_replaced_before_anything_else(world: World) -> None:
    new = "a long new password"
    async with await world.client() as client:
        login = (await client.post("/api/v1/login", json={"name": "admin", "password": world.password})).json()
        assert login["must_change_password"]
        client.headers["Authorization"] = f"Bearer {login['token']}"
        assert (await client.get("/api/v1/tokens")).json()["code"] == "password_to_change"
        weak = await client.post("/api/v1/password", json={"old": world.password, "new": "short"})
        assert weak.status_code == 422
        changed = (await client.post("/api/v1/password", json={"old": world.password, "new": new})).json()
        assert (await client.get("/api/v1/tokens")).status_code == 401, "the login before the change has ended"
        client.headers["Authorization"] = f"Bearer {changed['token']}"
        assert (await client.get("/api/v1/tokens")).status_code == 200
        old = await client.post("/api/v1/login", json={"name": "admin", "password": world.password})
        assert old.status_code == 401


async def test_there_is_one_first_administrator_however_often_the_hub_starts(world: World) -> None:
    with psycopg.connect(world.dsn) as connection:
        assert ensure_administrator(connection) is None
        assert connection.execute("select count(*) from app_user").fetchone() == (1,)


async def test_guessing_a_password_is_slowed_down_and_unknown_names_look_the_same(world: World) -> None:
    async with await world.client() as client:
        async def tries(name: str) -> list[dict[str, Any]]:
            body = {"name": name, "password": "wrong"}
            return [(await client.post("/api/v1/login", json=body)).json() for _ in range(6)]

        known, unknown = await tries("admin"), await tries("nobody")
        right = await client.post("/api/v1/login", json={"name": "admin", "password": world.password})
    assert [a["code"] for a in known] == ["wrong_login"] * 5 + ["too_many_tries"]
    assert [a["code"] for a in unknown] == [a["code"] for a in known]
    assert known[:5] == unknown[:5], "the answers tell nothing about who exists"
    assert right.status_code == 429 and int(right.headers["Retry-After"]) > 0
    async with await world.client(address="127.0.0.2") as client:
        elsewhere = await client.post("/api/v1/login", json={"name": "admin", "password": world.password})
    assert elsewhere.status_code == 200, "guessing from one address does not lock the owner out at another"


async def test_a_revoked_token_is_worth_nothing_at_once(world: World) -> None:
    async with await world.client("admin") as admin:
        wish = {"name": "erp", "scopes": ["orders:read"], "days": 30}
        made = (await admin.post("/api/v1/tokens", json=wish)).json()
        async with await world.client() as client:
            client.headers["Authorization"] = f"Bearer {made['token']}"
            assert (await client.get("/api/v1/orders")).status_code == 200
            assert (await admin.delete(f"/api/v1/tokens/{made['id']}")).status_code == 200
            assert (await client.get("/api/v1/orders")).status_code == 401
        assert (await admin.delete(f"/api/v1/tokens/{made['id']}")).status_code == 404


async def test_the_database_holds_no_token_that_could_be_used(world: World) -> None:
    async with await world.client("admin") as admin:
        made = (await admin.post("/api/v1/tokens", json={"name": "erp", "scopes": ["orders:read"]})).json()
        listed = (await admin.get("/api/v1/tokens")).text
    secret = made["token"].split("_", 2)[2]
    with psycopg.connect(world.dsn) as connection:
        rows = connection.execute("select t::text from api_token t").fetchall()
    assert secret not in listed and not any(secret in row[0] for row in rows)


@pytest.mark.parametrize("token", [
    "", "olt_", "olt_x_y", "olt_01920000000070008000000000000000_guess", "x" * 5000, "olt_\u00e9_x",
])
async def test_a_token_that_is_none_is_refused_without_a_crash(world: World, token: str) -> None:
    async with await world.client() as client:
        client.headers["Authorization"] = f"Bearer {token}".encode("latin-1", "replace").decode("latin-1")
        answer = await client.get("/api/v1/orders")
    assert answer.status_code == 401


async def test_a_role_sees_what_it_needs_and_no_more(world: World) -> None:
    async with await world.client("admin") as admin:
        made = (await admin.post("/api/v1/users", json={"name": "仓库小李", "role": "warehouse"})).json()
        assert (await admin.post("/api/v1/users", json={"name": "仓库小李", "role": "finance"})).status_code == 409
        assert (await admin.post("/api/v1/users", json={"name": "x", "role": "king"})).status_code == 422
    async with await world.client() as client:
        login = (await client.post("/api/v1/login", json={"name": made["name"], "password": made["password"]})).json()
        client.headers["Authorization"] = f"Bearer {login['token']}"
        body = {"old": made["password"], "new": "warehouse password"}
        token = (await client.post("/api/v1/password", json=body)).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        assert (await client.get("/api/v1/stock")).status_code == 200
        assert (await client.get("/api/v1/messages")).status_code == 403
        unmask = {"X-Unmask-Reason": "curious"}
        assert (await client.get(f"/api/v1/orders/{world.order_ids[0]}", headers=unmask)).status_code == 403


async def a_user(world: World, admin: Any, name: str, role: str) -> tuple[str, str]:
    """A user who has chosen a password: password and token."""
    made = (await admin.post("/api/v1/users", json={"name": name, "role": role})).json()
    async with await world.client() as client:
        login = (await client.post("/api/v1/login", json={"name": name, "password": made["password"]})).json()
        client.headers["Authorization"] = f"Bearer {login['token']}"
        body = {"old": made["password"], "new": f"password of {name}"}
        return body["new"], (await client.post("/api/v1/password", json=body)).json()["token"]


async def test_a_disabled_user_is_out_at_once_with_every_token_they_made(world: World) -> None:
    async with await world.client("admin") as admin, await world.client() as client:
        password, token = await a_user(world, admin, "阿强", "administrator")
        client.headers["Authorization"] = f"Bearer {token}"
        erp = (await client.post("/api/v1/tokens", json={"name": "erp", "scopes": ["orders:read"]})).json()["token"]
        assert (await client.get("/api/v1/users")).status_code == 200
        assert (await admin.post("/api/v1/users/阿强/disable")).status_code == 200
        assert (await client.get("/api/v1/users")).status_code == 401, "the session ends"
        client.headers["Authorization"] = f"Bearer {erp}"
        assert (await client.get("/api/v1/orders")).status_code == 401, "the tokens that they made end"
        del client.headers["Authorization"]
        wish = {"name": "阿强", "password": password}
        refused = await client.post("/api/v1/login", json=wish)
        assert refused.json()["code"] == "wrong_login", "and says no more than a wrong password does"
        assert (await admin.post("/api/v1/users/阿强/enable")).status_code == 200
        assert (await client.post("/api/v1/login", json=wish)).status_code == 200
        client.headers["Authorization"] = f"Bearer {token}"
        assert (await client.get("/api/v1/users")).status_code == 401, "what has ended does not come back"


async def test_a_user_disabled_in_another_process_is_out_here_too(world: World) -> None:
    other = world.hub.ports_within().access
    async with await world.client("admin") as admin, await world.client() as client:
        _, token = await a_user(world, admin, "li", "finance")
        client.headers["Authorization"] = f"Bearer {token}"
        assert (await client.get("/api/v1/orders")).status_code == 200
        assert await other.disable("li") == "done"
        assert (await client.get("/api/v1/orders")).status_code == 401


async def test_the_last_administrator_cannot_shut_everybody_out(world: World) -> None:
    async with await world.client("admin") as admin:
        last = await admin.post("/api/v1/users/admin/disable")
        assert last.status_code == 409 and last.json()["code"] == "last_administrator"
        await a_user(world, admin, "second", "administrator")
        assert (await admin.post("/api/v1/users/admin/disable")).status_code == 200
        assert (await admin.post("/api/v1/users/nobody/disable")).status_code == 404
        users = {u["name"]: u["is_active"] for u in (await admin.get("/api/v1/users")).json()["users"]}
    assert users == {"admin": False, "second": True}


async def test_a_forgotten_password_is_replaced_and_old_logins_end(world: World) -> None:
    async with await world.client("admin") as admin, await world.client() as client:
        old, token = await a_user(world, admin, "li", "finance")
        fresh = (await admin.post("/api/v1/users/li/reset-password")).json()["password"]
        client.headers["Authorization"] = f"Bearer {token}"
        assert (await client.get("/api/v1/orders")).status_code == 401
        del client.headers["Authorization"]
        assert (await client.post("/api/v1/login", json={"name": "li", "password": old})).status_code == 401
        login = (await client.post("/api/v1/login", json={"name": "li", "password": fresh})).json()
        assert login["must_change_password"] and login["scopes"] == []


async def test_a_device_that_logged_in_before_gets_in_past_its_neighbours_guesses(world: World) -> None:
    async with await world.client("admin") as admin, await world.client() as client:
        password, token = await a_user(world, admin, "li", "finance")
        wrong, right = {"name": "li", "password": "wrong"}, {"name": "li", "password": password}
        for _ in range(6):
            locked = await client.post("/api/v1/login", json=wrong)
        assert locked.status_code == 429
        assert (await client.post("/api/v1/login", json=right)).status_code == 429, "this address waits"
        known = {"Authorization": f"Bearer {token}"}
        assert (await client.post("/api/v1/login", json=right, headers=known)).status_code == 200
        strange = {"Authorization": admin.headers["Authorization"]}
        assert (await client.post("/api/v1/login", json=right, headers=strange)).status_code == 429


async def test_a_guess_at_a_token_keeps_its_owner_out_of_nothing(world: World) -> None:
    async with await world.client("orders:read") as owner, await world.client() as client:
        token_id = owner.headers["Authorization"].split("_")[1]
        client.headers["Authorization"] = f"Bearer olt_{token_id}_guess"
        for _ in range(60):
            assert (await client.get("/api/v1/orders")).status_code == 401
        assert (await owner.get("/api/v1/orders")).status_code == 200


async def test_a_token_from_before_still_opens_and_is_kept_in_the_new_form(world: World) -> None:
    async with await world.client("orders:read") as owner:
        secret = owner.headers["Authorization"].split("_", 2)[2]
        with psycopg.connect(world.dsn) as connection:
            connection.execute("update api_token set secret_hash = %s where name = 'test'", (Passwords().hash(secret),))
        assert (await owner.get("/api/v1/orders")).status_code == 200
        with psycopg.connect(world.dsn) as connection:
            kept = connection.execute("select secret_hash from api_token where name = 'test'").fetchone()
    assert kept is not None and kept[0].startswith("sha256:")


async def test_logging_out_ends_the_login(world: World) -> None:
    async with await world.client("admin") as admin, await world.client() as client:
        _, token = await a_user(world, admin, "li", "finance")
        client.headers["Authorization"] = f"Bearer {token}"
        assert (await client.post("/api/v1/logout")).status_code == 200
        assert (await client.get("/api/v1/orders")).status_code == 401


async def test_a_login_says_in_which_roles_it_acts(world: World) -> None:
    async with await world.client("admin") as admin:
        _, token = await a_user(world, admin, "li", "warehouse")
        reader = (await admin.post("/api/v1/tokens", json={"name": "x", "scopes": ["orders:read"]})).json()["token"]
        access = world.app.state.desk.access
        assert (await access.caller(token)).roles == {"warehouse"}
        writer = (await admin.post("/api/v1/tokens", json={"name": "y", "scopes": ["orders:write"]})).json()["token"]
        assert (await access.caller(reader)).roles == frozenset()
        assert (await access.caller(writer)).roles == {"service", "operations"}
        assert (await access.caller(admin.headers["Authorization"].split()[1])).roles == set(await access.roles())
