"""Whoever asks to be forgotten is found nowhere any more, comes back by no replay or import, and the audit stays so."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import orjson
import psycopg
import pytest

from orderloom.application.jobs.run_jobs import Runner
from orderloom.application.verify import Report
from orderloom.bootstrap.auditing import verify_all
from orderloom.bootstrap.jobs import job_kinds
from tests.support.api_hub import World, a_world
from tests.support.audit_rows import ledger

NAME, PHONE, STREET = "鲍驹骦", "17711223344", "稀罕路7788号"
OTHER = ("葛麒麟", "18855667788", "平常街99号")
PERSON = re.compile(f"{NAME}|{PHONE}|{STREET}|177 1122 3344")
HEAD = ("订单号,下单时间,付款时间,订单状态,币种,订单金额,收货人,收货人手机,省份,城市,区县,详细地址,商家编码,商品名称,"
        "数量,单价,买家留言\n")


def row(no: str, name: str, phone: str, street: str, note: str, state: str = "已付款") -> str:
    return (f"{no},2026-11-20 10:00:00,2026-11-20 10:00:00,{state},CNY,100.00,{name},{phone},浙江省,杭州市,余杭区,"
            f"{street},M-001,马克杯,1,100.00,{note}\n")


FILE = HEAD + row("OFF7", NAME, PHONE, STREET, f"送到前打 {PHONE}，{NAME}收") + row("OFF8", *OTHER, "")


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=0) as world:
        yield world


async def take(world: World, text: str, name: str) -> None:
    async with await world.client("admin") as client:
        taken = await client.post("/api/v1/files/XLS", content=text.encode("utf-8-sig"), params={"name": name})
        assert taken.is_success, taken.text
    await world.work()


async def run_jobs(world: World) -> None:
    runner = Runner(world.hub, job_kinds(world.hub))
    while await runner.step():
        pass


def number_of(world: World, external: str) -> str:
    return str(world.rows(f"select number from orders where external_id = '{external}'")[0][0])


async def leave_traces(world: World, client: httpx2.AsyncClient, number: str) -> None:
    """All that people and systems write of an order, with the person in it; then the order ends."""
    for path, body in (
        (f"/api/v1/orders/{number}/notes", {"body": f"{NAME} 来电 {PHONE}，改期"}),
        (f"/api/v1/orders/{number}/hold", {"type": "manual", "reason": f"{NAME} 说先别发，住{STREET}"}),
    ):
        answer = await client.post(path, json=body)
        assert answer.is_success, answer.text
    found = (await client.get(f"/api/v1/orders/{number}")).json()
    hold = next(h["no"] for h in found["holds"])
    for path, body in (
        (f"/api/v1/orders/{number}/release", {"hold_no": hold, "reason": f"{NAME} 同意了"}),
        (f"/api/v1/orders/{number}/cancel", {"reason": f"{NAME}（{PHONE}）不要了"}),
    ):
        answer = await client.post(path, json=body)
        assert answer.is_success, answer.text
    begun = await client.post("/api/v1/orders/export", json={"query": {"q": PHONE}}, headers={"X-Unmask-Reason": "x x"})
    assert begun.status_code == 202, begun.text
    await run_jobs(world)
    with psycopg.connect(world.dsn) as connection:
        connection.execute(
            "insert into case_file (id, kind, subject, order_id, evidence, owner, opened_at, seen_at, resolved_at)"
            " select gen_random_uuid(), 'address_unsure', id::text, id, %s, 'service', now(), now(), now() from orders"
            " where number = %s", (orjson.dumps({"said": f"{NAME} {STREET}", "deep": [{"x": PHONE}]}).decode(), number))


def dump(world: World) -> str:
    """Every text of the database, and what every cipher text opens to."""
    told: list[str] = []
    vault = world.hub.vault
    with psycopg.connect(world.dsn) as connection:
        columns = connection.execute(
            "select table_name, column_name, data_type from information_schema.columns where table_schema = 'public'"
            " and data_type in ('text', 'bytea', 'jsonb', 'ARRAY')").fetchall()
        for table, column, kind in columns:
            for (value,) in connection.execute(f'select "{column}" from "{table}"').fetchall():
                told.append(_clear(vault, column, value) if kind == "bytea" else str(value))
    told += [b"".join(world.hub.job_files.read(path.stem.split(".")[0]) or ()).decode("utf-8", "replace")
             for path in (world.hub.settings.home / "jobs").glob("*") if path.is_file()]
    return "\n".join(told)


def _clear(vault: Any, column: str, value: bytes | None) -> str:
    if not value:
        return ""
    raw = bytes(value)
    if not column.endswith("_cipher"):
        return raw.decode("utf-8", "replace") + raw.hex()
    return vault.decrypt_voucher(raw).decode("utf-8", "replace")


async def verified(world: World) -> Report:
    async with ledger(world.dsn, world.hub.settings.home) as log:
        await log.seal()
        report = await log.verify()
    await verify_all(world.hub.settings, world.dsn, report, lambda *_: None)
    return report


async def erased(world: World, client: httpx2.AsyncClient, wish: dict[str, Any]) -> dict[str, Any]:
    seen = await client.post("/api/v1/erasures/preview", json=wish)
    assert seen.status_code == 200, seen.text
    begun = await client.post("/api/v1/erasures", json=wish | {
        "reason": "买家来信要求", "count": seen.json()["order_count"]})
    assert begun.status_code == 202, begun.text
    await run_jobs(world)
    return dict((await client.get(f"/api/v1/jobs/{begun.json()['job']}")).json())


async def test_a_person_who_was_erased_is_found_nowhere_and_the_audit_stays_true(world: World) -> None:
    await take(world, FILE, "seller.csv")
    number, other = number_of(world, "OFF7"), number_of(world, "OFF8")
    async with await world.client("admin") as client:
        waits = (await client.post("/api/v1/erasures/preview", json={"phone": "177 1122 3344"})).json()
        assert [(r["number"], r["why_not"]) for r in waits["rows"]] == [(number, "in_progress")]
        await leave_traces(world, client, number)
        assert PERSON.search(dump(world)), "they are there to be found"
        assert (await verified(world)).faults == []
        wish = {"phone": "177 1122 3344"}
        seen = (await client.post("/api/v1/erasures/preview", json=wish)).json()
        assert (seen["order_count"], seen["shared_vouchers"], seen["notes"], seen["export_files"]) == (1, 1, 1, 1), seen
        wrong = await client.post("/api/v1/erasures", json=wish | {"reason": "来信要求", "count": 2})
        assert (wrong.status_code, wrong.json()["code"]) == (409, "preview_stale")
        short = await client.post("/api/v1/erasures", json=wish | {"reason": "abc", "count": 1})
        assert short.status_code == 422
        job = await erased(world, client, wish)
        assert (job["state"], job["done"], job["refused"]) == ("done", 1, 0), job
        [told] = (await client.get("/api/v1/erasures")).json()["erasures"]
        assert (told["orders"], told["done"], told["notes"], told["by"]) == (1, 1, 1, "token:test") and told["ended_at"]
        shown = (await client.get(f"/api/v1/orders/{number}", headers={"X-Unmask-Reason": "look"})).json()
        assert shown["receiver"]["name"] == "" and shown["receiver"]["province"] == "浙江省"
        assert '"person_erased"' in (await client.get(f"/api/v1/orders/{number}/trace")).text
        whole = (await client.get(f"/api/v1/orders/{other}", headers={"X-Unmask-Reason": "look"})).json()
        assert whole["receiver"]["name"] == OTHER[0], "nobody else is touched"
    left = PERSON.search(everything := dump(world))
    assert left is None, everything[max(0, left.start() - 200):left.end() + 50]
    report = await verified(world)
    assert report.faults == [] and report.vouchers == 3


async def test_an_order_that_is_under_way_is_refused_with_the_reason(world: World) -> None:
    await take(world, FILE, "seller.csv")
    async with await world.client("admin") as client:
        wish = {"orders": [number_of(world, "OFF7")]}
        begun = await client.post("/api/v1/erasures", json=wish | {"reason": "来信要求", "count": 1})
        assert (begun.status_code, begun.json()["code"]) == (409, "preview_stale")
    async with await world.user("operations") as client:
        assert (await client.post("/api/v1/erasures/preview", json=wish)).status_code == 403


async def test_no_replay_and_no_later_file_brings_a_person_back(world: World) -> None:
    await take(world, FILE, "seller.csv")
    number = number_of(world, "OFF7")
    async with await world.client("admin") as client:
        await leave_traces(world, client, number)
        await erased(world, client, {"orders": [number]})
        for message, in world.rows("select id::text from message where erased_for is not null"):
            replayed = await client.post(f"/api/v1/messages/{message}/replay")
            assert replayed.status_code in (200, 409), replayed.text
        await world.work()
    later = HEAD + row("OFF7", NAME, PHONE, STREET + "2单元", f"{NAME}留言", "交易关闭")
    await take(world, FILE, "seller.csv")
    await take(world, later, "later.csv")
    async with world.hub.ports.erasing() as erasing:
        await erasing.arrived()
    found = dump(world)
    left = PERSON.search(found.replace("seller.csv", ""))
    assert left is None, found[max(0, left.start() - 200):left.end() + 50]
    assert (await verified(world)).faults == []


async def test_nobody_rewrites_the_log_by_calling_it_erasure(world: World) -> None:
    await take(world, FILE, "seller.csv")
    number = number_of(world, "OFF7")
    async with await world.client("admin") as client:
        await leave_traces(world, client, number)
        await erased(world, client, {"orders": [number]})
    with psycopg.connect(world.dsn) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("update order_event set facts = replace(facts, 'OFF7', 'OFF9')")
    with psycopg.connect(world.dsn) as connection:
        connection.execute("alter table order_event disable trigger user")
        connection.execute("update order_event e set facts = replace(e.facts, 'OFF7', 'OFF9') from orders o"
                           f" where o.id = e.order_id and o.number = '{number}' and e.kind = 'order_recorded'")
    assert [fault.why for fault in (await verified(world)).faults][:1] == ["changed"]
