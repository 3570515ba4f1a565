"""Raw messages under a person's hand: found, looked into without harm, replayed with a result each, let in by name."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orderloom.application.jobs.run_jobs import Runner
from orderloom.application.ports import Item
from orderloom.bootstrap.jobs import job_kinds
from orderloom.testing.proof import prove
from tests.support.api_hub import SAMPLES, World, a_world, csv_file

MESSAGES = "/api/v1/messages"
WHY = {b"X-Unmask-Reason": "核对来源".encode()}


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=0) as world:
        yield world


async def landed(world: World, body: bytes, *, topic: str = "orders/create", kind: str = "", quarantine: str = "",
                 account: str = "SH01", headers: dict[str, str] | None = None) -> str:
    """A message as it would have come; its id."""
    directory = await world.hub.directory()
    found = directory.account_by_code(account)
    assert found is not None
    headers = headers or ({"content-type": kind} if kind else {})
    await world.hub.lander.land(found, (Item(topic, body),), headers, world.hub.now(), quarantine)
    [(newest,)] = world.rows("select id::text from message order by id desc limit 1")
    return str(newest)


async def run_jobs(world: World) -> None:
    runner = Runner(world.hub, job_kinds(world.hub))
    while await runner.step():
        pass


async def look(client: Any, message: str, *, is_clear: bool = False) -> dict[str, Any]:
    answer = await client.get(f"{MESSAGES}/{message}/look", headers=WHY if is_clear else None)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_messages_are_found_by_topic_and_time(world: World) -> None:
    async with await world.client("messages:read") as client:
        one, other = await landed(world, b"{}"), await landed(world, b"[]", topic="refunds/create")

        async def found(**asked: str) -> list[str]:
            answer = await client.get(MESSAGES, params=asked)
            assert answer.status_code == 200, answer.text
            return [message["id"] for message in answer.json()["messages"]]

        assert await found(topic="refunds/create") == [other]
        assert await found(topic="orders/*") == [one]
        assert await found(topic="%") == [], "a pattern of the database's is no pattern here"
        now = datetime.now(UTC)
        assert await found(since=(now - timedelta(hours=1)).isoformat()) == [other, one]
        assert await found(until=(now - timedelta(hours=1)).isoformat()) == []
        assert (await client.get(MESSAGES, params={"since": "2026-01-01T00:00:00"})).status_code == 422


async def test_people_are_covered_until_somebody_says_why(world: World) -> None:
    body = ('{"order_no": "A-1", "receiver_name": "王小明", "receiver_mobile": "13812345678",'
            ' "extra": "{\\"buyer_nick\\": \\"小红花\\", \\"qty\\": 2}"}').encode()
    message = await landed(world, body, kind="application/json; charset=utf-8")
    async with await world.client("messages:read") as client:
        seen = await look(client, message)
        assert seen["is_masked"] and seen["raw"] is None and seen["kind"] == "json"
        assert "A-1" in seen["decoded"] and '"qty": 2' in seen["decoded"]
        assert not any(word in seen["decoded"] for word in ("王小明", "13812345678", "小红花"))
        assert (await client.get(f"{MESSAGES}/{message}/look", headers=WHY)).status_code == 403
        assert (await client.get(f"{MESSAGES}/{message}/file", headers=WHY)).status_code == 403
    async with await world.client("messages:read", "pii:read") as client:
        seen = await look(client, message, is_clear=True)
        assert seen["decoded"] == body.decode() and bytes.fromhex(seen["raw"]) == body and not seen["is_masked"]
        assert (await client.get(f"{MESSAGES}/{message}/file")).status_code == 422, "a reason is needed"
        file = await client.get(f"{MESSAGES}/{message}/file", headers=WHY)
        assert file.content == body and file.headers["content-type"] == "application/octet-stream"
        assert "attachment" in file.headers["content-disposition"]
    assert len(world.rows("select reason from unmasking where reason like '%核对来源%'")) == 2
    async with await world.user("service") as client:  # the bytes hold prices, which service does not see
        assert (await client.get(f"{MESSAGES}/{message}/look")).json()["code"] == "hidden_field"


def _zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", "a" * 5_000_000)
    return file.getvalue()


ODD = {
    "gbk": ("{\"title\": \"陶瓷马克杯\"}".encode("gb18030"), "", "json", "gb18030", "tried"),
    "liar": ("{\"title\": \"陶瓷马克杯蓝色礼盒\"}".encode(), "text/plain; charset=gbk", "json", "utf-8", "misdeclared"),
    "mark": ("{\"a\": 1}".encode("utf-8-sig"), "", "json", "utf-8", "mark"),
    "broken": (b'{"title": "\xe9\x99\xb6\xff\xfe\x80"}', "", "json", "mixed", "broken"),
    "binary": (bytes(range(256)) * 40, "", "binary", "", ""),
    "zip": (_zipped(), "application/zip", "zip", "", ""),
    "page": (b"<html><script>alert(1)</script></html>", "text/html", "xml", "utf-8", "fits"),
    "empty": (b"", "", "empty", "", ""),
}


@pytest.mark.parametrize("name", ODD)
async def test_whatever_came_can_be_looked_at(world: World, name: str) -> None:
    body, kind, shape, encoding, why = ODD[name]
    message = await landed(world, body, kind=kind, quarantine="signature")
    async with await world.client("admin") as client:
        seen = await look(client, message, is_clear=True)
        assert (seen["kind"], seen["encoding"], seen["why"], seen["size"]) == (shape, encoding, why, len(body))
        assert bytes.fromhex(seen["raw"]) == body[:4096]
        if name == "zip":
            assert seen["entries"] == [{"file": "orders.csv", "bytes": 5_000_000}] and seen["decoded"] is None


async def test_three_megabytes_are_cut_and_come_whole_as_a_file(world: World) -> None:
    body = b'{"lines": [' + b",".join(b'{"sku": "M-%06d"}' % n for n in range(160_000)) + b"]}"
    assert len(body) > 3_000_000
    message = await landed(world, body, quarantine="signature")
    async with await world.client("admin") as client:
        for is_clear in (False, True):
            seen = await look(client, message, is_clear=is_clear)
            assert seen["is_cut"] and len(seen["decoded"]) == 200_000 and seen["size"] == len(body)
        assert (await client.get(f"{MESSAGES}/{message}/file", headers=WHY)).content == body


async def parked(world: World, client: Any, number: int, sku: str) -> str:
    body = csv_file(sku).replace(b"OFF1", f"OFF-{number}".encode())
    assert (await client.post(f"/api/v1/files/XLS?name={number}.csv", content=body)).status_code == 201
    await world.work()
    return str((await client.get(MESSAGES)).json()["messages"][0]["id"])


async def test_a_chosen_set_is_replayed_with_a_result_for_each(world: World) -> None:
    async with await world.client("admin") as client:
        good, bad = await parked(world, client, 1, "NOPE-1"), await parked(world, client, 2, "NOPE-2")
        apart = await landed(world, b"{}", quarantine="signature")
        await client.post("/api/v1/aliases", json={"account": "XLS", "alias": "NOPE-1", "sku": "M-001"})
        none = "00000000-0000-7000-8000-000000000000"
        wish = {"messages": [good, bad, apart, none]}
        ahead = (await client.post(f"{MESSAGES}/bulk-replay/preview", json=wish)).json()
        assert ahead["messages"] == 2
        begun = await client.post(f"{MESSAGES}/bulk-replay", json=wish, headers={"Idempotency-Key": "k1"})
        again = await client.post(f"{MESSAGES}/bulk-replay", json=wish, headers={"Idempotency-Key": "k1"})
        assert begun.status_code == 202 and begun.json() == again.json()
        await run_jobs(world)
        job = begun.json()["job"]
        told = (await client.get(f"/api/v1/jobs/{job}/rows")).json()["rows"]
        assert [(row["ref"], row["result"], row["code"]) for row in told] == [
            (good, "done", ""), (bad, "refused", "unknown_sku"), (apart, "refused", "quarantined"),
            (none, "refused", "not_found")]
        assert told[0]["facts"]["order"]
        shown = (await client.get(f"{MESSAGES}/{good}")).json()
        assert shown["message"]["outcome"] == "normalised"
        assert "order_recorded" in [fact["kind"] for fact in shown["became"]["happened"]]
        waits = (await client.get(f"{MESSAGES}/{bad}")).json()
        assert [case["kind"] for case in waits["became"]["cases"]] == ["unknown_sku"]
        assert (await client.post(f"{MESSAGES}/bulk-replay", json={"messages": []})).status_code == 422
    async with await world.client("messages:read") as client:
        assert (await client.post(f"{MESSAGES}/bulk-replay", json=wish)).status_code == 403
    assert await prove(world.hub) == []


async def as_stored(world: World, message: str) -> tuple[str, dict[str, str], bytes]:
    """Topic, headers and bytes of a message."""
    [(topic, headers, cipher)] = world.rows(f"select topic, headers, body_cipher from message where id = '{message}'")
    return topic, json.loads(headers), world.hub.vault.decrypt_voucher(bytes(cipher))


async def test_only_an_administrator_lets_a_message_in_and_it_becomes_an_order(world: World) -> None:
    async with await world.client("admin") as client:
        topic, headers, body = await as_stored(world, await parked(world, client, 7, "M-001"))
        apart = await landed(world, body.replace(b"OFF-7", b"OFF-8"), topic=topic, headers=headers, account="XLS",
                             quarantine="signature")
        assert (await client.post(f"{MESSAGES}/{apart}/replay")).json()["code"] == "quarantined"
        ahead = (await client.post(f"{MESSAGES}/{apart}/preview")).json()
        assert ahead["outcomes"] == {"quarantined -> normalised": 1} and ahead["orders_new"] == 1
        assert world.rows("select count(*) from orders") == [(1,)], "a preview keeps nothing"
        for reason, status in (("ok", 422), ("    ", 422), ("电话核实过，是真的", 200)):
            done = await client.post(f"{MESSAGES}/{apart}/let-in", json={"reason": reason})
            assert done.status_code == status, done.text
        await world.work()
        seen = (await client.get(f"{MESSAGES}/{apart}")).json()["message"]
        assert seen["outcome"] == "normalised" and seen["order"]
        assert [(one["kind"], one["reason"]) for one in seen["history"]] == [("let_in", "电话核实过，是真的")]
        twice = await client.post(f"{MESSAGES}/{apart}/let-in", json={"reason": "再来一次"})
        assert (twice.status_code, twice.json()["code"]) == (409, "not_quarantined")
        assert (await client.get("/api/v1/accounting")).json()["is_balanced"]
    async with await world.client("messages:write", "messages:read") as client:
        assert (await client.post(f"{MESSAGES}/{apart}/let-in", json={"reason": "我不该能放行"})).status_code == 403
    assert await prove(world.hub) == []


async def test_a_test_order_that_is_let_in_counts_and_goes_on_counting_when_it_is_replayed(world: World) -> None:
    sample = json.loads((SAMPLES / "shopify/samples/edited_and_refunded.in.json").read_text("utf-8"))
    message = await landed(world, json.dumps({**sample, "test": True}).encode())
    async with await world.client("admin") as client:
        await world.work()
        seen = (await client.get(f"{MESSAGES}/{message}")).json()
        assert (seen["message"]["outcome"], seen["message"]["reason"]) == ("quarantined", "test_order")
        assert [case["kind"] for case in seen["became"]["cases"]] == ["test_order"]
        assert (await client.post(f"{MESSAGES}/{message}/let-in", json={"reason": "演示店的真单"})).status_code == 200
        await world.work()
        seen = (await client.get(f"{MESSAGES}/{message}")).json()["message"]
        assert seen["outcome"] == "parked" and seen["reason"] == "unknown_sku", "it is read as any other order"
        await client.post(f"{MESSAGES}/{message}/replay")
        await world.work()
        assert (await client.get(f"{MESSAGES}/{message}")).json()["message"]["outcome"] == "parked"
        assert world.rows("select count(*) from case_file where kind = 'test_order' and resolved_at is null") == [(0,)]
