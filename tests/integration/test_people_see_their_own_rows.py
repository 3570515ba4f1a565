"""Who is limited to a warehouse, a shop, a province or SKUs sees nothing of the others, and changes nothing of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import psycopg
import pytest

from orderloom.adapters.db.directory import bump
from orderloom.application.jobs.run_jobs import Runner
from orderloom.bootstrap.jobs import job_kinds
from orderloom.domain.draft import Receiver
from orderloom.testing.builders import a_line
from tests.support.api_hub import World, a_world
from tests.support.by_hand import move
from tests.support.rights import known, operations, place

THEIRS, OTHERS = "浙江省", "四川省"
ENDLESS = ("/events", "/api/v1/console/stream", "/live")


class Two:
    """A world of two warehouses: an order and stock in each, in two provinces."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.hz = self.cd = ""

    async def fill(self) -> None:
        """The order of HZ goes to Zhejiang and is of M-001, that of CD goes to Sichuan and is of M-002."""
        hub = self.world.hub
        async with hub.pool.connection() as connection, connection.transaction():
            await connection.execute(
                "insert into warehouse (code, name, province) values ('CD', '成都仓', '四川省')")
            await bump(connection)
        await move(hub, "M-002", "CD", "receive", "opening", "test", on_hand=77_003)
        self.hz = await self._order("M-001", THEIRS, "杭州市")
        self.cd = await self._order("M-002", OTHERS, "成都市")
        await self.world.publish()

    async def _order(self, sku: str, province: str, city: str) -> str:
        receiver = Receiver(name="王小明", phone="19912345678", country="CN", province=province, city=city,
                            district="", detail="一号", postcode="")
        [made] = await self.world.record(1, receiver=receiver, lines=(a_line(sku),))
        return self.world.rows(f"select number from orders where id = '{made}'")[0][0]


@pytest.fixture
async def two(home: Path, database: str) -> AsyncIterator[Two]:
    async with a_world(home, database, orders=0) as world:
        found = Two(world)
        await found.fill()
        yield found


async def _numbers(client: httpx2.AsyncClient) -> set[str]:
    answer = await client.get("/api/v1/orders")
    assert answer.status_code == 200, answer.text
    return {row["number"] for row in answer.json()["orders"]}


LIMITS = [("warehouse", "HZ"), ("region", "浙江"), ("sku", "M-001"), ("sku", "M-001*"), ("shop", "SH01")]


@pytest.mark.parametrize(("kind", "value"), LIMITS[:4])
async def test_orders_of_others_are_not_there(two: Two, kind: str, value: str) -> None:
    limits = {kind: [value], **({"warehouse": ["*"]} if kind != "warehouse" else {})}
    async with await two.world.user("operations", limits=_kept(limits)) as client:
        assert await _numbers(client) == {two.hz}
        for path in ("", "/trace"):
            assert (await client.get(f"/api/v1/orders/{two.cd}{path}")).status_code == 404
        held = await client.post(f"/api/v1/orders/{two.cd}/hold", json={"type": "manual", "reason": "x"})
        assert held.status_code == 404
        own = await client.post(f"/api/v1/orders/{two.hz}/hold", json={"type": "manual", "reason": "look"})
        assert own.status_code == 200, own.text
        found = await client.get("/api/v1/orders", params={"q": two.cd})
        assert found.json()["orders"] == []


async def test_nothing_that_is_read_speaks_of_another_warehouse(two: Two) -> None:
    given = known(two.world.dsn) | {"reference": two.hz}
    async with await two.world.user("warehouse", limits={"warehouse": ["HZ"]}) as client:
        told = []
        for one in operations(two.world.app):
            if one.method != "GET" or one.path in ENDLESS or one.is_open or one.path == "/api/v1/roles":
                continue
            for params in ({}, {"sku": "M-002"}, {"limit": 50, "q": "M-0"}):
                answer = await client.get(place(one.path, given), params=params)
                told += [(one.path, word) for word in (two.cd, "成都", '"CD"', "77003") if word in answer.text]
                assert answer.status_code < 500, (one.path, answer.text)
    assert not told, told


async def test_stock_of_another_warehouse_is_neither_seen_nor_moved(two: Two) -> None:
    async with await two.world.user("warehouse", limits={"warehouse": ["HZ"]}) as client:
        levels = (await client.get("/api/v1/stock")).json()["levels"]
        assert {level["warehouse"] for level in levels} == {"HZ"}
        wish = {"sku": "M-001", "kind": "receive", "reason": "came", "on_hand": 5}
        assert (await client.post("/api/v1/stock/movements", json=wish | {"warehouse": "CD"})).status_code == 404
        assert (await client.post("/api/v1/stock/movements", json=wish | {"warehouse": "HZ"})).status_code == 201


async def test_who_must_be_limited_and_is_not_sees_nothing(two: Two) -> None:
    async with await two.world.user("warehouse", limits={}) as client:
        assert await _numbers(client) == set()
        assert (await client.get("/api/v1/stock")).json()["levels"] == []
        words = (await client.get("/api/v1/words")).json()
        assert words["carriers"]["zhongtong"] == {"zh": "中通快递", "en": "ZTO Express"}
        assert (await client.get("/api/v1/me")).json()["missing_limits"] == ["warehouse"], "and is told why"
        columns = (await client.get("/api/v1/me")).json()["order_columns"]
        assert columns[:2] == ["number", "phase"] and "paid" not in columns, "a list begins with what the role needs"
    async with await two.world.client("admin") as admin:
        answer = await admin.put("/api/v1/users/warehouse-user/limits", json={"limits": {"warehouse": ["*"]}})
        assert answer.json() == {"name": "warehouse-user", "limits": {"warehouse": ["*"]}, "lacking": []}
        wrong = await admin.put("/api/v1/users/warehouse-user/limits", json={"limits": {"warehouse": ["XX"]}})
        assert wrong.status_code == 404


async def test_who_sees_some_rows_changes_nothing_that_is_about_all(two: Two) -> None:
    async with await two.world.user("operations", limits={"warehouse": ["HZ"]}) as client:
        for path, body in (("/api/v1/messages/replay", {}), ("/api/v1/deliveries/resend", {
                "account": "SH01", "since": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z",
                "states": ["done"]}), ("/api/v1/skus", {"skus": [{"code": "X"}]})):
            answer = await client.post(path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "limited_rows"), path


async def test_who_sees_some_rows_tags_and_finds_and_takes_those_along(two: Two) -> None:
    async with await two.world.user("warehouse", limits={"warehouse": ["HZ"]}) as client:
        tagged = await client.post("/api/v1/tags/apply", json={"orders": [two.hz], "add": ["急"]})
        assert tagged.status_code == 200, tagged.text
        both = await client.post("/api/v1/tags/apply", json={"orders": [two.hz, two.cd], "add": ["易碎"]})
        assert both.status_code == 404 and two.hz not in both.json()["detail"], both.text
        found = (await client.post("/api/v1/orders/by-numbers", json={"numbers": [two.hz, two.cd]})).json()
        assert [row["number"] for row in found["orders"]] == [two.hz] and found["missing"] == [two.cd]
        seen = await client.post("/api/v1/notes/mine/seen", json={"upto": "2026-01-01T00:00:00Z"})
        assert seen.status_code == 200, seen.text
        begun = await client.post("/api/v1/tables/stock/export", params={"form": "csv"})
        runner = Runner(two.world.hub, job_kinds(two.world.hub))
        while await runner.step():
            pass
        made = (await client.get(f"/api/v1/jobs/{begun.json()['job']}/file")).text
        assert "M-001,HZ" in made and "CD" not in made, made


async def test_what_others_orders_hold_is_no_leak_for_who_does_not_see_them(two: Two) -> None:
    async with await two.world.user("operations", limits={"region": [THEIRS]}) as client:
        assert (await client.get("/api/v1/stock/leaks")).json()["leaks"] == []
        page = (await client.get("/api/v1/stock/sku", params={"sku": "M-002"})).json()
        assert page["leaks"] == [], page["leaks"]


async def test_an_administrator_looks_as_a_role_sees_and_changes_nothing(two: Two) -> None:
    async with await two.world.client("admin") as client:
        seen = (await client.get(f"/api/v1/orders/{two.hz}", headers={"X-See-As": "service"})).json()
        assert seen["lines"][0]["price"] is None and seen["order"]["total"] == 10_000
        assert (await client.get("/api/v1/users", headers={"X-See-As": "service"})).status_code == 403
        held = await client.post(f"/api/v1/orders/{two.hz}/hold", headers={"X-See-As": "service"}, json={})
        assert held.status_code == 403
    async with await two.world.user("service") as client:
        assert (await client.get("/api/v1/orders", headers={"X-See-As": "finance"})).status_code == 403


async def test_what_hangs_on_orders_of_others_is_not_there_by_its_id_nor_by_a_place_in_the_list(two: Two) -> None:
    with psycopg.connect(two.world.dsn) as connection:
        connection.execute(
            "insert into case_file (id, kind, subject, order_id, account_id, evidence, owner, opened_at, seen_at)"
            " select gen_random_uuid(), 'deadline_missed', number, id, account_id, '{}', 'operations', now(), now()"
            " from orders")
        connection.execute(
            "insert into delivery (id, account_id, kind, order_id, order_key, body, state, due_at, created_at)"
            " select gen_random_uuid(), account_id, 'order', id, number, '', 'parked', now(), now() from orders")
    roots = {"cases": "case_file", "deliveries": "delivery"}
    ids = {number: {root: two.world.rows(f"select t.id::text from {table} t join orders o on o.id = t.order_id"
                                         f" where o.number = '{number}'")[0][0] for root, table in roots.items()}
           for number in (two.hz, two.cd)}
    async with await two.world.client("admin") as admin:
        first = (await admin.get("/api/v1/orders", params={"limit": 1})).json()
        assert [row["number"] for row in first["orders"]] == [two.cd] and first["next"]
    async with await two.world.user("operations", limits={"warehouse": ["HZ"]}) as client:
        own = await client.get(f"/api/v1/cases/{ids[two.hz]['cases']}")
        assert own.status_code == 200, own.text
        for root in roots:
            others = await client.get(f"/api/v1/{root}/{ids[two.cd][root]}")
            assert others.status_code == 404, others.text
            listed = (await client.get(f"/api/v1/{root}")).text
            assert two.hz in listed and two.cd not in listed
        work = await client.get(f"/api/v1/works/{two.cd}-1")
        assert work.status_code == 404
        after = await client.get("/api/v1/orders", params={"limit": 1, "cursor": first["next"]})
        assert [row["number"] for row in after.json()["orders"]] == [two.hz]
        assert two.cd not in (await client.get("/api/v1/orders", params={"limit": 50, "cursor": ""})).text


def _kept(limits: dict[str, list[str]]) -> dict[str, list[str]]:
    """As the administrator's endpoint keeps them."""
    return {kind: ["浙江省" if value == "浙江" else value for value in values] for kind, values in limits.items()}


async def test_a_shop_limits_what_has_no_order_too(two: Two) -> None:
    with psycopg.connect(two.world.dsn) as connection:
        connection.execute("update orders set account_id = (select id from account where code = 'XLS')"
                           f" where number = '{two.cd}'")
    async with await two.world.user("operations", limits={"shop": ["SH01"]}) as client:
        assert await _numbers(client) == {two.hz}
        accounts = {a["code"] for a in (await client.get("/api/v1/accounts")).json()["accounts"]}
        assert accounts == {"SH01"}


async def test_whoever_has_a_warehouse_moves_the_stock_of_their_own_alone(two: Two) -> None:
    def wish(warehouse: str, sku: str = "M-001", to: str = "") -> dict[str, object]:
        return {"act": "transfer" if to else "adjust", "reason": "盘点差异", "is_partial": False, "token": "",
                "lines": [{"sku": sku, "warehouse": warehouse, "quantity": 3, "to": to}]}

    wishes = [(wish("HZ"), True), (wish("CD", "M-002"), False), (wish("HZ", to="CD"), False)]
    async with await two.world.user("warehouse", {"warehouse": ["HZ"]}) as mine:
        for number, (body, is_theirs) in enumerate(wishes):
            seen = await mine.post("/api/v1/stock/moves/preview", json=body)
            assert seen.status_code == 200, seen.text
            assert seen.json()["counts"]["refused"] == (not is_theirs) and seen.json()["tells"] == {}
            done = await mine.post("/api/v1/stock/moves", json=body, headers={"Idempotency-Key": f"k{number}"})
            assert (done.status_code == 201) is is_theirs, done.text
    assert two.world.rows("select on_hand from stock_level order by 1") == [(1_003,), (77_003,)]


async def test_a_quota_and_its_history_are_seen_where_its_warehouse_is(two: Two) -> None:
    made = {}
    async with await two.world.client("stock:read", "stock:write") as client:
        for sku, house in (("M-001", "HZ"), ("M-002", "CD")):
            wish = {"lines": [{"sku": sku, "warehouse": house, "quantity": 3}], "campaign": "11.11", "reason": "双十一"}
            answer = await client.post("/api/v1/stock/quotas", json=wish, headers={"Idempotency-Key": house})
            assert answer.status_code == 201, answer.text
            made[house] = answer.json()["quotas"][0]["number"]
    async with await two.world.user("warehouse", limits={"warehouse": ["HZ"]}) as client:
        listed = (await client.get("/api/v1/stock/quotas")).json()["quotas"]
        assert [quota["number"] for quota in listed] == [made["HZ"]]
        own = (await client.get(f"/api/v1/stock/quotas/{made['HZ']}")).json()
        assert [fact["kind"] for fact in own["history"]] == ["quota_planned", "quota_opened"]
        assert (await client.get(f"/api/v1/stock/quotas/{made['CD']}")).status_code == 404
        ended = await client.post(f"/api/v1/stock/quotas/{made['CD']}/close", json={"reason": "x"})
        assert ended.status_code in (403, 404)
