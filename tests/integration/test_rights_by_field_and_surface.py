"""Role by field by surface: whoever does not see a group of fields finds nothing of it in an answer, a stream, a
webhook or a file. Beside the shipped roles each group is hidden alone from one that may do everything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from orderloom.application.identity.roles import Roles
from orderloom.application.jobs.run_jobs import Runner
from orderloom.blueprint.roles import RolesFile, compile_roles
from orderloom.bootstrap.jobs import job_kinds
from orderloom.domain.rights import ADMIN, FIELD_WORDS, SCOPES, Role, hiding, including
from orderloom.domain.words import Words
from orderloom.rehearsal.server import serve
from tests.support.api_hub import World, a_world
from tests.support.rights import CANARIES, PRICED, fill, operations, place

BLIND = {f"blind-{group}": Role(
    f"blind-{group}", Words(group, group), ("*",), including(s for s in SCOPES if s != ADMIN), hiding([group]), ())
    for group in FIELD_WORDS}
ROLES = {**compile_roles(RolesFile()), **BLIND}
ALL = {kind: ["*"] for kind in ("warehouse", "channel", "shop", "region", "sku")}
ENDLESS = ("/events", "/api/v1/console/stream")
SECONDS_MAX = 30.0
OPEN = ("health", "ready", "session/ways")


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=0) as world:
        async def roles() -> Roles:
            return ROLES

        world.hub.ports.access.roles = roles
        world.app.state.desk.access.roles = roles
        yield world


def leaks(role: Role, surface: str, text: str) -> list[str]:
    """What a role that hides it finds all the same."""
    return [f"{role.name} · {group} · {surface}: …{text[max(0, found.start() - 60):found.end() + 20]}…"
            for group in sorted(role.hides) if (found := CANARIES[group].search(text))]


async def test_no_answer_stream_or_file_tells_what_a_role_does_not_see(world: World) -> None:
    given = await fill(world)
    found: list[str] = []
    async with await world.client("admin") as admin:
        admin.headers["X-Unmask-Reason"] = "looking"
        seen = "".join([text async for _, text in answers(admin, world, given)]) + "".join([
            text async for _, text in files(world, admin)])
        assert all(canary.search(seen) for canary in CANARIES.values()), "they are there to be found"
    async with serve(world.app) as port:
        for role in ROLES.values():
            if not role.hides:
                continue
            async with await world.user(role.name, limits=ALL) as client:
                if "pii:read" in role.scopes:
                    client.headers["X-Unmask-Reason"] = "looking"
                async for surface, text in answers(client, world, given):
                    found += leaks(role, surface, text)
                async for surface, text in files(world, client):
                    found += leaks(role, surface, text)
                if "events:read" in role.scopes:
                    found += leaks(role, "/events", await stream(port, client.headers["Authorization"]))
    assert not found, f"{len(found)}:\n" + "\n".join(found[:40])


async def answers(client: httpx2.AsyncClient, world: World, given: dict[str, str]) -> AsyncIterator[tuple[str, str]]:
    """What every reading operation says, and all that look ahead."""
    for one in operations(world.app):
        path = place(one.path, given)
        if one.method == "GET" and one.path not in ENDLESS and not one.path.endswith(OPEN):
            answer = await client.get(path, params={"sku": "M-001", "q": "M-001", "limit": 50})
            if answer.status_code >= 400:
                answer = await client.get(path)
            yield f"GET {one.path}", answer.text
    for part in ("mapping", "mapping/sample", "mapping/preview"):
        params = {"topic": "row", "sample": given["row"]}
        yield f"GET {part}", (await client.get(f"/api/v1/accounts/XLS/{part}", params=params)).text
    order = {"reason": "looking", "orders": [given["reference"]]}
    for path, body in (
        ("/api/v1/replays/preview", {"account": "XLS"}),
        ("/api/v1/orders/bulk/preview", {"verb": "cancel", **order}),
        ("/api/v1/orders/bulk/preview", {"verb": "hold", **order}),
        (f"/api/v1/orders/{given['reference']}/cancel/preview", {"reason": "looking"}),
        (f"/api/v1/orders/{given['reference']}/hold/preview", {"reason": "looking", "type": "manual"}),
        (f"/api/v1/orders/{given['reference']}/receiver/preview", {"receiver": {
            "name": "甲", "phone": "13000000000", "province": "浙江省", "city": "杭州市", "detail": "一号"}}),
    ):
        answer = await client.post(path, json=body)
        yield f"POST {path}", answer.text
    answer = await client.post("/api/v1/imports/XLS/preview", content=PRICED, params={"name": "a.csv"})
    yield "POST /api/v1/imports/XLS/preview", answer.text
    for q in ("3344", "17711223344"):
        for path in ("/api/v1/search", "/api/v1/orders"):
            answer = await client.get(path, params={"q": q})
            yield f"GET {path}?q=phone", answer.text.replace(given["reference"], "稀罕 found by phone")


async def files(world: World, client: httpx2.AsyncClient) -> AsyncIterator[tuple[str, str]]:
    """Every file that the caller can have made in the background."""
    begun = [(path, await client.post(path, json=body, params=params)) for path, body, params in (
        ("/api/v1/orders/export", {}, {}), ("/api/v1/tables/skus/export", None, {"form": "csv"}),
        ("/api/v1/tables/stock/export", None, {"form": "csv"}))]
    runner = Runner(world.hub, job_kinds(world.hub))
    while await runner.step():
        pass
    for path, answer in begun:
        assert answer.status_code in (202, 403), answer.text
        if answer.status_code == 202:
            made = await client.get(f"/api/v1/jobs/{answer.json()['job']}/file")
            assert made.status_code == 200, made.text
            yield f"file of {path}", made.text


async def stream(port: int, token: str) -> str:
    """All that the stream of facts tells from the beginning of the log on."""
    told = []
    async with asyncio.timeout(SECONDS_MAX), httpx2.AsyncClient() as client:
        url = f"http://127.0.0.1:{port}/events?after=0"
        async with client.stream("GET", url, headers={"Authorization": token}) as answer:
            assert answer.status_code == 200
            async for line in answer.aiter_lines():
                told.append(line)
                if line.startswith("data: ") and len(told) > 12:
                    return "\n".join(told)
    return ""


async def test_a_filter_or_sort_by_a_hidden_field_is_refused_in_bodies_too(world: World) -> None:
    given = await fill(world)
    many, as_of = {"verb": "hold", "reason": "x"}, {"as_of": "2099-01-01T00:00:00Z"}
    async with await world.user("blind-paid") as client:
        for path, body in (
            ("/api/v1/orders/bulk/preview", {**many, "filter": {**as_of, "query": {"amount_from": 1}}}),
            ("/api/v1/orders/export", {"query": {"amount_to": 5}}), ("/api/v1/orders/export", {"sort": "-amount"}),
        ):
            answer = await client.post(path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "hidden_field"), answer.text
        for params in ({"sort": "amount"}, {"amount_from": 1}):
            assert (await client.get("/api/v1/orders", params=params)).status_code == 403
        assert (await client.get("/api/v1/cases", params={"stake_min": 1})).status_code == 403
    async with await world.user("service") as client:
        assert (await client.get("/api/v1/orders", params={"sort": "-amount"})).status_code == 200
    async with await world.user("finance") as client:
        assert (await client.get("/api/v1/orders", params={"province": "青海省"})).status_code == 403
        assert (await client.get("/api/v1/orders", params={"q": "3344"})).json()["orders"] == []
        assert given["reference"] not in (await client.get("/api/v1/search", params={"q": "17711223344"})).text


async def test_a_shared_view_by_what_a_role_does_not_see_takes_no_other_view_with_it(world: World) -> None:
    await fill(world)
    async with await world.user("operations") as client:
        for name, query, sort in (
            ("big", {"amount_from": 1}, "-placed"), ("dear", {}, "-amount"), ("new", {}, "-placed"),
        ):
            made = await client.post("/api/v1/views", json={
                "name": name, "query": query, "sort": sort, "roles": ["warehouse", "service"]})
            assert made.status_code == 201, made.text
    for role, seen in (("warehouse", {"new"}), ("service", {"big", "dear", "new"})):
        async with await world.user(role, limits=ALL) as client:
            views = (await client.get("/api/v1/views")).json()["views"]
            assert {view["title"]["zh"] for view in views if view["origin"] == "shared"} == seen
            counted = await client.get("/api/v1/counts")
            assert counted.status_code == 200 and len(counted.json()["views"]) == len(views), counted.text


async def test_a_count_that_was_made_with_more_rights_is_not_told_with_less(world: World) -> None:
    await fill(world)
    async with await world.user("operations") as client, await world.client("admin") as admin:
        made = await client.post("/api/v1/views", json={"name": "big", "query": {"amount_from": 1}, "sort": "-placed"})
        mine = made.json()["id"]
        assert (await client.get("/api/v1/counts")).json()["views"][mine] > 0
        await admin.post("/api/v1/users/operations-user/role", json={"role": "warehouse"})
        limits = {"limits": {"warehouse": ["*"]}}
        assert (await admin.put("/api/v1/users/operations-user/limits", json=limits)).status_code == 200
        assert (await client.get("/api/v1/counts")).json()["views"][mine] is None


async def test_a_job_has_the_rights_that_its_asker_has_when_it_runs(world: World) -> None:
    await fill(world)
    runner = Runner(world.hub, job_kinds(world.hub))
    async with await world.user("operations") as client, await world.client("admin") as admin:
        async def ended(path: str, body: dict[str, object]) -> dict[str, object]:
            begun = await client.post(path, json=body)
            assert begun.status_code == 202, begun.text
            await admin.post("/api/v1/users/operations-user/role", json={"role": "management"})
            while await runner.step():
                pass
            job = (await admin.get(f"/api/v1/jobs/{begun.json()['job']}")).json()
            await admin.post("/api/v1/users/operations-user/role", json={"role": "operations"})
            return dict(job)

        for path, body in (("/api/v1/orders/export", {}), ("/api/v1/orders/bulk", {
                "verb": "hold", "reason": "x", "orders": world.order_ids})):
            job = await ended(path, body)
            assert (job["state"], job["done"]) == ("failed", 0) and "权限" in str(job["why"]), job
        made = (await client.post("/api/v1/orders/export", json={})).json()["job"]
        while await runner.step():
            pass
        assert (await client.get(f"/api/v1/jobs/{made}/file")).status_code == 200
        await admin.post("/api/v1/users/operations-user/role", json={"role": "service"})
        assert (await client.get(f"/api/v1/jobs/{made}/file")).json()["code"] == "hidden_field"
        await admin.put("/api/v1/users/operations-user/limits", json={"limits": {"shop": ["XLS"]}})
        await admin.post("/api/v1/users/operations-user/role", json={"role": "operations"})
        assert (await client.get(f"/api/v1/jobs/{made}/file")).json()["code"] == "limited_rows"


async def test_a_programs_token_with_a_role_sees_and_does_what_the_role_does(world: World) -> None:
    given = await fill(world)
    async with await world.client("admin") as admin:
        wish = {"name": "scanner", "role": "warehouse", "limits": {"warehouse": ["HZ"]}}
        lacking = await admin.post("/api/v1/tokens", json=wish | {"limits": {}})
        assert lacking.status_code == 422, lacking.text
        made = await admin.post("/api/v1/tokens", json=wish | {"limits": {"warehouse": ["*"]}})
        assert made.status_code == 201, made.text
        narrow = await admin.post("/api/v1/tokens", json={
            "name": "bi", "role": "service", "scopes": ["orders:read", "skus:write"]})
        shop = await admin.post("/api/v1/tokens", json={
            "name": "one shop", "scopes": ["orders:read"], "limits": {"shop": ["XLS"]}})
        listed = {t["name"]: t for t in (await admin.get("/api/v1/tokens")).json()["tokens"]}
        assert listed["scanner"]["role"] == "warehouse" and listed["one shop"]["limits"] == {"shop": ["XLS"]}
    async with await world.client() as client:
        client.headers["Authorization"] = f"Bearer {made.json()['token']}"
        found: list[str] = []
        async for surface, text in answers(client, world, given):
            found += leaks(ROLES["warehouse"], surface, text)
        assert not found, found[:10]
        me = (await client.get("/api/v1/me")).json()
        assert "stock:write" in me["scopes"] and set(me["hidden"]) == set(ROLES["warehouse"].hides)
        client.headers["Authorization"] = f"Bearer {narrow.json()['token']}"
        assert (await client.get("/api/v1/users")).status_code == 403, "the role has no admin"
        assert (await client.get("/api/v1/cases")).status_code == 403, "the scopes have none of it"
        assert (await client.post("/api/v1/skus", json={"skus": []})).status_code == 403, "the role has none of it"
        order = (await client.get(f"/api/v1/orders/{given['reference']}")).json()
        assert order["lines"][0]["price"] is None
        client.headers["Authorization"] = f"Bearer {shop.json()['token']}"
        assert (await client.get("/api/v1/orders")).json()["orders"] == []


async def test_a_subscriber_is_told_of_its_own_rows_alone(world: World) -> None:
    async with await world.client("admin") as admin:
        for code, extra in (("ALL", {}), ("XLSONLY", {"role": "operations", "limits": {"shop": ["XLS"]}}),
                            ("SHOP", {"limits": {"shop": ["SH01"]}})):
            made = await admin.post("/api/v1/subscribers", json={
                "code": code, "url": "http://127.0.0.1:9/x", "allow_private": True, **extra})
            assert made.status_code == 201, made.text
        deaf = await admin.post("/api/v1/subscribers", json={
            "code": "DEAF", "url": "http://127.0.0.1:9/x", "allow_private": True, "role": "picker", "limits": ALL})
        assert deaf.status_code == 422, "a role that may not listen is told nothing"
    await fill(world)
    told = dict(world.rows("select a.code, count(*) from delivery d join account a on a.id = d.account_id"
                           " where d.kind = 'event' group by 1"))
    assert told["ALL"] == told["SHOP"] > 0 and "XLSONLY" not in told, told
    bodies = "".join(row[0] for row in world.rows("select body from delivery where kind = 'event'"))
    for group, canary in CANARIES.items():
        assert not canary.search(bodies), f"{group}: events are thin"
    async with await world.client("accounts:write") as program:
        refused = await program.post("/api/v1/subscribers", json={
            "code": "MORE", "url": "https://example.com/x", "role": "administrator"})
        assert refused.status_code in (403, 422), refused.text


def test_the_words_for_rights_that_are_still_to_come_are_there() -> None:
    assert {"orders:lines", "orders:price"} <= set(SCOPES)
    for name in ("service", "warehouse", "picker", "purchaser", "supplier"):
        assert ROLES[name].scopes.isdisjoint(("orders:price", "orders:lines")), name
    assert {"orders:lines", "orders:price"} <= ROLES["operations"].scopes
