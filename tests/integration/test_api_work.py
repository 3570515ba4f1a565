"""Stock, cases, messages, deliveries, aliases, subscribers and files over HTTP: what people do all day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from orderloom.adapters.db.directory import bump
from tests.support.api_hub import World, a_world, csv_file


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=3) as world:
        yield world


async def test_every_held_unit_leads_to_its_order(world: World) -> None:
    async with await world.client("stock:read") as client:
        level = (await client.get("/api/v1/stock", params={"sku": "M-001"})).json()["levels"][0]
        first = (await client.get("/api/v1/stock/holders", params={"sku": "M-001", "limit": 2})).json()
        rest = (await client.get("/api/v1/stock/holders", params={"sku": "M-001", "cursor": first["next"]})).json()
        unknown = await client.get("/api/v1/stock/holders", params={"sku": "NOPE"})
    holders = first["holders"] + rest["holders"]
    assert sum(h["quantity"] for h in holders) == level["allocated"] == 3
    assert sorted(h["order_id"] for h in holders) == sorted(world.order_ids)
    assert level["atp"] == 997 and unknown.status_code == 404


async def test_a_movement_sent_twice_with_one_key_counts_once(world: World) -> None:
    wish = {"sku": "M-001", "warehouse": "HZ", "kind": "receive", "reason": "delivery note 7", "on_hand": 5}
    async with await world.client("stock:read", "stock:write") as client:
        for _ in range(2):
            answer = await client.post("/api/v1/stock/movements", json=wish, headers={"Idempotency-Key": "note-7"})
            assert answer.status_code == 201, answer.text
            assert answer.json()["level"]["on_hand"] == 1_005
        one = (await client.get("/api/v1/stock/movements", params={"kind": "receive", "limit": 1})).json()
        two = (await client.get("/api/v1/stock/movements", params={"kind": "receive", "cursor": one["next"]})).json()
        counted = await client.post("/api/v1/stock/movements", json={
            "sku": "M-001", "warehouse": "HZ", "kind": "stocktake", "reason": "count", "counted": 2})
    assert [m["on_hand"] for m in one["movements"] + two["movements"]] == [5, 1_000] and two["next"] is None
    assert one["movements"][0]["actor"] == "token:test"
    assert counted.json()["level"] | {"on_hand": 2, "atp": -1, "is_oversold": True} == counted.json()["level"]


async def test_a_key_of_another_movement_is_refused_and_not_answered_as_booked(world: World) -> None:
    wish = {"sku": "M-001", "warehouse": "HZ", "kind": "receive", "reason": "delivery note 7", "on_hand": 5}
    key = {"Idempotency-Key": "note-7"}
    async with world.hub.pool.connection() as connection:
        await connection.execute("insert into sku (code) values ('M-007')")
        await bump(connection)
    async with await world.client("stock:read", "stock:write") as client:
        first = await client.post("/api/v1/stock/movements", json=wish, headers=key)
        others = [await client.post("/api/v1/stock/movements", json=wish | other, headers=key)
                  for other in ({"sku": "M-007"}, {"on_hand": 6}, {"kind": "return"})]
        again = await client.post("/api/v1/stock/movements", json=wish, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert [(o.status_code, o.json()["code"]) for o in others] == [(409, "key_used")] * 3, others[0].text
    assert "M-001" in others[0].json()["detail"]


async def test_a_movement_that_cannot_be_is_refused_with_the_reason(world: World) -> None:
    base = {"sku": "M-001", "warehouse": "HZ", "kind": "adjust", "reason": "x"}
    async with await world.client("stock:write") as client:
        nothing = await client.post("/api/v1/stock/movements", json=base)
        below = await client.post("/api/v1/stock/movements", json=base | {"safety": -1})
        nowhere = await client.post("/api/v1/stock/movements", json=base | {"warehouse": "MARS", "on_hand": 1})
        strange = await client.post("/api/v1/stock/movements", json=base | {"kind": "teleport"})
    assert [nothing.json()["code"], below.json()["code"]] == ["nothing_to_change", "below_zero"]
    assert nowhere.status_code == 404
    assert strange.status_code == 422 and strange.json()["detail"].startswith("kind：没有 'teleport'")


async def test_a_stock_table_is_booked_whole_or_not_at_all_and_never_twice(world: World) -> None:
    good = "编码,仓库,数量\nM-002,HZ,40\n".encode("gbk")
    async with await world.client("stock:read", "stock:write") as client:
        wrong = await client.post("/api/v1/stock/files", content=good + "M-009,HZ,1\nM-002,SZ,x\n".encode("gbk"))
        empty = await client.post("/api/v1/stock/files", content=b"")
        first = await client.post("/api/v1/stock/files", files={"file": ("a.csv", good, "text/csv")})
        again = await client.post("/api/v1/stock/files", content=good.replace(b"\n", b"\r\n"))
        more = await client.post("/api/v1/stock/files", content=good, params={"document": "RK-2"})
        level = (await client.get("/api/v1/stock", params={"sku": "M-002"})).json()["levels"][0]
    assert (wrong.status_code, empty.status_code) == (422, 422)
    assert set(wrong.json()["facts"]) == {"3:code", "4:warehouse", "4:quantity"}
    assert first.json() == {"rows": 1, "booked": 1, "known": 0}, first.text
    assert again.json() == {"rows": 1, "booked": 0, "known": 1}
    assert more.json()["booked"] == 1 and level["on_hand"] == 80


async def test_an_alias_lets_the_orders_that_waited_for_it_go_on(world: World) -> None:
    async with await world.client("admin") as client:
        taken = await client.post("/api/v1/files/XLS", params={"name": "a.csv"}, content=csv_file("MUG-NEW"))
        assert taken.status_code == 201 and taken.json()["orders"] == 1, taken.text
        await world.work()
        waiting = (await client.get("/api/v1/messages", params={"outcome": "parked"})).json()["messages"]
        assert [m["park_key"] for m in waiting] == ["sku:XLS:MUG-NEW"]
        cases = (await client.get("/api/v1/cases", params={"kind": "unknown_sku"})).json()["cases"]
        assert len(cases) == 1
        wish = {"account": "XLS", "alias": "MUG-NEW", "sku": "M-001", "factor": 2}
        added = await client.post("/api/v1/aliases", json=wish)
        assert added.status_code == 201 and added.json()["released"] == 1
        assert (await client.post("/api/v1/aliases", json=wish)).json()["is_new"] is False
        assert (await client.post("/api/v1/aliases", json=wish | {"factor": 3})).status_code == 409
        await world.work()
        assert (await client.get("/api/v1/cases", params={"kind": "unknown_sku"})).json()["cases"] == []
        found = (await client.get("/api/v1/orders", params={"account": "XLS"})).json()["orders"]
        assert [row["external_id"] for row in found] == ["OFF1"] and found[0]["units"] == 2
        assert (await client.get("/api/v1/aliases")).json()["aliases"][0] | wish == {
            **wish, "is_published": True}


async def test_the_same_file_twice_makes_no_second_order_and_a_broken_one_says_so(world: World) -> None:
    async with await world.client("orders:read", "orders:write") as client:
        part = {"file": ("订单.csv", csv_file("M-001"), "text/csv")}
        first = await client.post("/api/v1/files/XLS", files=part)
        again = await client.post("/api/v1/files/XLS", files=part)
        await world.work()
        broken = await client.post("/api/v1/files/XLS", files={"file": ("x.xlsx", b"\x00\x01nonsense", "x/y")})
        empty = await client.post("/api/v1/files/XLS", content=b"")
        nowhere = await client.post("/api/v1/files/NOPE", content=b"a,b\n1,2\n")
        channel = await client.post("/api/v1/files/SH01", content=b"a,b\n1,2\n")
        orders = (await client.get("/api/v1/orders", params={"account": "XLS"})).json()["orders"]
    assert (first.json()["orders"], first.json()["duplicates"]) == (1, 0), first.text
    assert (again.json()["orders"], again.json()["duplicates"], again.json()["is_known"]) == (1, 1, True)
    assert (broken.status_code, empty.status_code, nowhere.status_code, channel.status_code) == (422, 422, 404, 409)
    assert len(orders) == 1


async def test_a_messages_bytes_are_shown_only_for_a_reason(world: World) -> None:
    async with await world.client("admin") as client:
        await client.post("/api/v1/files/XLS", params={"name": "a.csv"}, content=csv_file("M-001"))
        await world.work()
        message = (await client.get("/api/v1/messages", params={"outcome": "normalised"})).json()["messages"][0]
        path = f"/api/v1/messages/{message['id']}"
        closed = (await client.get(path)).json()
        opened = (await client.get(path, headers={"X-Unmask-Reason": "mapping"})).json()
        listed = (await client.get("/api/v1/messages")).text
        replayed = await client.post(f"{path}/replay")
    assert closed["body"] is None and "王小明" in opened["body"] and "王小明" not in listed
    assert replayed.json()["ids"] == [message["id"]]
    with psycopg.connect(world.dsn) as connection:
        assert connection.execute("select count(*) from unmasking").fetchone() == (1,)


async def test_who_assigned_a_case_closed_it_and_opened_it_again_is_kept(world: World) -> None:
    async with await world.client("admin") as client:
        await client.post("/api/v1/files/XLS", params={"name": "a.csv"}, content=csv_file("MUG-NEW"))
        await world.work()
        case = (await client.get("/api/v1/cases")).json()["cases"][0]
        path = f"/api/v1/cases/{case['id']}"
        blank = await client.post(f"{path}/resolve", json={"resolution": " \t"})
        handed = (await client.post(f"{path}/assign", json={"owner": "warehouse"})).json()
        nobody = await client.post(f"{path}/assign", json={"owner": "king"})
        closed = (await client.post(f"{path}/resolve", json={"resolution": "alias added"})).json()
        again = await client.post(f"{path}/resolve", json={"resolution": "again"})
        left = (await client.get("/api/v1/cases")).json()["cases"]
        reopened = (await client.post(f"{path}/reopen", json={"reason": "it was another"})).json()
        twice = await client.post(f"{path}/reopen", json={"reason": "x"})
        await client.post(f"{path}/assign", json={"owner": "warehouse"})  # it is theirs already: nothing to write down
        shown = (await client.get(path)).json()
    told = [(e["by"], e["kind"], e["detail"]) for e in shown["history"]]
    assert told[:2] == [("token:test", "assigned", {"from": case["owner"], "to": "warehouse"}),
                        ("token:test", "resolved", {"resolution": "alias added"})]
    assert told[2][1] == "reopened" and told[2][2]["resolution"] == "alias added" and len(told) == 3
    assert reopened["resolved_at"] is None and (twice.status_code, twice.json()["code"]) == (409, "already_open")
    with psycopg.connect(world.dsn) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("update case_event set by = 'nobody'")
    assert handed["owner"] == "warehouse" and (nobody.status_code, blank.status_code) == (422, 422)
    assert closed["resolved_by"] == "token:test" and closed["resolution"] == "alias added"
    assert again.status_code == 409 and again.json()["code"] == "already_resolved"
    assert case["id"] not in [c["id"] for c in left]


async def test_cases_are_told_apart_by_how_grave_they_are(world: World) -> None:
    with psycopg.connect(world.dsn) as connection:
        for number, kind in enumerate(("parcel_lost", "stage_overdue", "of_an_older_blueprint")):
            connection.execute(
                "insert into case_file (id, kind, subject, evidence, owner, opened_at, seen_at)"
                " values (%s, %s, 's', '{}', 'service', now(), now())",
                (f"01920000-0000-7000-8000-00000000000{number}", kind))
    async with await world.client("cases:read") as client:
        known = {c["kind"]: c["severity"] for c in (await client.get("/api/v1/cases")).json()["cases"]}
        apart = {}
        for severity in ("low", "medium", "high", "critical"):
            page = (await client.get("/api/v1/cases", params={"severity": severity})).json()
            apart |= {c["kind"]: severity for c in page["cases"]}
        wrong = await client.get("/api/v1/cases", params={"severity": "grave"})
    assert known == apart and known["of_an_older_blueprint"] == "high" and len(known) == 3
    assert wrong.status_code == 422 and "critical" in wrong.json()["detail"]


async def test_a_parked_delivery_goes_again_and_a_waiting_one_is_left_alone(world: World) -> None:
    with psycopg.connect(world.dsn) as connection:
        for number, state in enumerate(("parked", "due")):
            connection.execute(
                "insert into delivery (id, account_id, kind, order_key, body, state, attempts, due_at, created_at)"
                " values (%s, 1, 'stock', 'k', '{}', %s, 5, now(), now())",
                (f"01920000-0000-7000-8000-00000000000{number}", state))
    async with await world.client("orders:read", "deliveries:write") as client:
        base = "/api/v1/deliveries/01920000-0000-7000-8000-00000000000"
        parked, due, none = [await client.post(f"{base}{n}/resend") for n in range(3)]
        shown = (await client.get(f"{base}0")).json()["delivery"]
        span = {"account": "SH01", "since": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z",
                "states": ["parked"]}
        ranged = (await client.post("/api/v1/deliveries/resend", json=span)).json()
    assert (parked.status_code, due.status_code, none.status_code) == (200, 409, 404)
    assert shown["state"] == "due" and shown["attempts"] == 0 and ranged["ids"] == []


async def test_no_answer_ever_carries_a_credential(world: World) -> None:
    async with await world.client("admin") as client:
        wish = {"code": "ERP", "url": "https://erp.example/hook"}
        made = await client.post("/api/v1/subscribers", json=wish)
        secret = made.json()["secret"]
        assert secret.startswith("whsec_")
        assert (await client.post("/api/v1/subscribers", json=wish)).status_code == 409
        texts = [(await client.get(f"/api/v1/{name}")).text for name in ("accounts", "status", "deliveries", "tokens")]
        account = (await world.hub.directory()).account_by_code("ERP")
        assert account is not None and account.credentials["secret"] == secret, "but the hub can sign with it"
        assert (await client.delete("/api/v1/subscribers/ERP")).status_code == 200
        assert (await client.delete("/api/v1/subscribers/ERP")).status_code == 404
    assert not any(secret in text or "shpss_for_tests" in text for text in texts)
    assert '"ERP"' in texts[0]


async def test_events_cannot_be_sent_inside_unless_an_administrator_says_so(world: World) -> None:
    wish = {"code": "ERP", "url": "http://127.0.0.1:9200/hook"}
    async with await world.client("accounts:write") as client:
        refused = await client.post("/api/v1/subscribers", json=wish)
        assert refused.status_code == 422 and "allow_private" in refused.json()["detail"]
        asked = await client.post("/api/v1/subscribers", json=wish | {"allow_private": True})
        assert asked.status_code == 403
    async with await world.client("admin") as admin:
        assert (await admin.post("/api/v1/subscribers", json=wish | {"allow_private": True})).status_code == 201
    account = (await world.hub.directory()).account_by_code("ERP")
    assert account is not None and account.settings == {"private_hosts": ["127.0.0.1"]}


async def test_what_a_target_answered_is_for_administrators_alone(world: World) -> None:
    delivery = "01920000-0000-7000-8000-000000000000"
    with psycopg.connect(world.dsn) as connection:
        connection.execute(
            "insert into delivery (id, account_id, kind, order_key, body, state, due_at, created_at, answer)"
            " values (%s, 1, 'stock', 'k', '{}', 'done', now(), now(), 'root:x:0:0')", (delivery,))
    async with await world.client("orders:read") as reader, await world.client("admin") as admin:
        place = f"/api/v1/deliveries/{delivery}"
        assert (await reader.get(place)).json()["answer"] is None
        assert (await admin.get(place)).json()["answer"] == "root:x:0:0"
