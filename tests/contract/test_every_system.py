"""Every declared WMS or ERP against its own simulator: work taken once, its end understood, stock read."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from orderloom.adapters.kit import dropped
from orderloom.application.ports import NOT_THERE, Account, Cursor, Inbound, Verdict
from orderloom.application.translate import translate
from orderloom.domain.draft import StockReport, WorkReport
from tests.support.connector_folders import RECEIVED_AT, Folder, folders, now, serve
from tests.support.house import EXAMPLE, NUMBER, opened, work

SYSTEMS = [f for f in folders("systems") if f.name != "wangdiantong"]
"""Wangdiantong has a file of its own."""
EVERY = [pytest.param(f, id=f.name) for f in SYSTEMS if "work" in f.capabilities]
PULLED = [pytest.param(f, id=f.name) for f in SYSTEMS if {"pull", "work"} <= f.capabilities and f.name != "oracle_ebs"]
RECALLING = [pytest.param(f, id=f.name) for f in SYSTEMS if "work_cancel" in f.capabilities]
STOCKED = [pytest.param(f, id=f.name) for f in SYSTEMS if "stock_report" in f.capabilities]
FAULTS = ["", "lost_answer", "done_then_500", "broken_body", "half_body", "status_500", "rate_limited"]
SECRETS = ("app_secret", "secret", "key", "password", "token")


@pytest.mark.parametrize("folder", EVERY)
@pytest.mark.parametrize("fault", FAULTS)
async def test_work_is_taken_once_whatever_becomes_of_the_answer(folder: Folder, fault: str) -> None:
    async with opened(folder) as house:
        if fault:
            house.simulator.fault(fault)
        tried = await house.until_taken("work", work())
        assert tried.state == "done", (tried, house.simulator.rejected)
        assert list(house.simulator.jobs) == [NUMBER]
        assert dict(house.simulator.jobs[NUMBER].wanted) == {"M-001": 2, "M-002": 1}
        again = await house.send("work", work(), 2)
        assert again.state == "done" and len(house.simulator.jobs) == 1


@pytest.mark.parametrize("folder", EVERY)
async def test_refused_work_says_why_and_a_wrong_key_is_no_fault_of_the_work(folder: Folder) -> None:
    async with opened(folder) as house:
        house.simulator.refuse(NUMBER, "商品未备案")
        tried = await house.send("work", work())
        assert tried.state == "parked" and "商品未备案" in tried.message, tried
        house.simulator.refuse(NUMBER, "")
        nobody = await house.send("work", work(lines=[]) | {"work_no": ""})
        assert nobody.state == "parked"
        name = next((n for n in SECRETS if n in house.account.credentials), None)
        assert name is not None
        wrong = {**house.account.credentials, name: "wrong"}
        house.account = Account(
            1, "T1", "systems", folder.name, "UTC", house.account.base_url, wrong, house.account.settings
        )
        tried = await house.send("work", work())
        assert (tried.state, not house.simulator.jobs) == ("parked", True) and tried.error in (
            "wrong_key",
            "not_allowed",
            "12",
        )


@pytest.mark.parametrize("folder", PULLED)
async def test_what_the_warehouse_did_is_read_step_by_step_to_the_door(folder: Folder) -> None:
    async with opened(folder) as house:
        since = house.at - timedelta(minutes=2)
        await house.send("work", work())
        seen: list[str] = []
        for _ in range(9):
            house.drive(1)
            for draft in await house.drafts(since):
                if isinstance(draft, WorkReport):
                    assert draft.work_no == NUMBER
                    seen.append(draft.said.milestone)
        assert seen[-1] == "handed_over", (seen, house.simulator.rejected)
        last = [d for d in await house.drafts(since) if isinstance(d, WorkReport)][-1]
        job = house.simulator.jobs[NUMBER]
        assert (last.waybill, last.carrier) == (job.waybill, job.carrier.code)
        assert {line.sku: line.quantity for line in last.lines} == {"M-001": 2, "M-002": 1}
        assert last.said.at == job.out_at.replace(microsecond=0)


@pytest.mark.parametrize("folder", RECALLING)
async def test_work_is_called_back_before_it_leaves_and_not_after(folder: Folder) -> None:
    async with opened(folder) as house:
        since = house.at - timedelta(minutes=2)
        await house.send("work", work())
        house.drive(2)
        body = {"work_no": NUMBER, "order_no": "x", "external_id": "y", "reason": "cancelled"}
        house.simulator.fault("lost_answer")
        tried = await house.until_taken("work_cancel", body)
        assert tried.state == "done", (tried, house.simulator.rejected)
        assert house.simulator.jobs[NUMBER].is_cancelled
        house.drive(1)
        told = [d.said.milestone for d in await house.drafts(since) if isinstance(d, WorkReport)]
        assert told == [] or told[-1] == "cancelled"
        await house.send("work", work(work_no="SH01-261126-0K3F9QX2-7-2"))
        house.drive()
        late = await house.send("work_cancel", body | {"work_no": "SH01-261126-0K3F9QX2-7-2"})
        assert late.state == "parked", "what has left is not called back"
        assert not house.simulator.jobs["SH01-261126-0K3F9QX2-7-2"].is_cancelled


@pytest.mark.parametrize("folder", RECALLING)
async def test_what_never_arrived_need_not_be_given_back(folder: Folder) -> None:
    async with opened(folder) as house:
        body = {"work_no": NUMBER, "order_no": "x", "external_id": "y", "reason": "cancelled"}
        tried = await house.send("work_cancel", body)
        assert tried.error in ("", NOT_THERE), tried
        assert tried.state == "done" or tried.error, "one answer that knows nothing of it may have been an empty page"
        tried = await house.until_taken("work_cancel", body)
        assert tried.state == "done", "that there is nothing to give back is no refusal, and nobody's case"


@pytest.mark.parametrize("folder", STOCKED)
async def test_what_lies_on_the_shelf_is_read(folder: Folder) -> None:
    async with opened(folder) as house:
        since = house.at - timedelta(minutes=2)
        for n in range(60):
            house.simulator.floor.put(
                house.simulator.floor.warehouses[0], f"S-{n:03d}", n, house.at - timedelta(seconds=5)
            )
        figures = [f for d in await house.drafts(since) if isinstance(d, StockReport) for f in d.figures]
        assert {f.sku: f.quantity for f in figures} == {f"S-{n:03d}": n for n in range(60)}
        assert {(f.warehouse, f.meaning) for f in figures} == {(house.simulator.floor.warehouses[0], "physical")}


@pytest.mark.parametrize("folder", EVERY)
async def test_an_account_is_tried_before_it_is_kept(folder: Folder) -> None:
    async with opened(folder) as house:
        probed = await folder.connector.probe(house.account, house.http)
        assert probed.is_well, (probed, house.simulator.rejected)


@pytest.mark.parametrize("folder", [pytest.param(f, id=f.name) for f in SYSTEMS if f.plan.said.token])
async def test_a_token_that_ended_is_renewed_and_the_work_is_taken(folder: Folder) -> None:
    async with opened(folder) as house:
        house.simulator.expire_tokens()
        tried = await house.send("work", work())
        assert tried.state == "done", (tried, house.simulator.rejected)


@pytest.mark.parametrize("folder", [pytest.param(f, id=f.name) for f in SYSTEMS if f.name == "qimen"])
async def test_what_the_warehouse_reports_is_believed_when_genuine_and_read_to_the_door(folder: Folder) -> None:
    async with opened(folder) as house:
        verdicts: list[Verdict] = []

        async def door(request: Request) -> Response:
            headers = {name.lower(): value for name, value in request.headers.items()}
            inbound = Inbound("POST", "/in", dict(request.query_params), headers, await request.body())
            verdicts.append(folder.connector.receive(inbound, house.account, now()))
            return Response(verdicts[-1].reply, verdicts[-1].status, media_type=verdicts[-1].reply_type)

        async with serve(Starlette(routes=[Route("/in", door, methods=["POST"])])) as hub:
            house.simulator.push_url = f"{hub}/in"
            await house.send("work", work())
            for _ in range(9):
                house.drive(1)
                await house.simulator.flush(house.http, duplicates=1)
        assert not house.simulator.pushes.lost and {v.quarantine for v in verdicts} == {""}
        drafts = [
            d
            for v in verdicts
            for item in v.items
            for d in translate(house.account, item.topic, item.body, {}, RECEIVED_AT, folder.mappings())
        ]
        told = [d for d in drafts if isinstance(d, WorkReport)]
        steps = [d.said.milestone for d in told[::2]]
        assert steps == ["allocated", "label_printed", "picked", "picked", "packed", "handed_over"]
        job = house.simulator.jobs[NUMBER]
        assert (told[-1].waybill, told[-1].carrier) == (job.waybill, job.carrier.code)
        assert {line.sku: line.quantity for line in told[-1].lines} == {"M-001": 2, "M-002": 1}
        forged = folder.connector.receive(
            Inbound("POST", "/in", {"method": "deliveryorder.confirm", "sign": "0" * 32}, {}, b"<request/>"),
            house.account,
            now(),
        )
        assert forged.quarantine == "signature" and b"failure" in forged.reply


async def test_interface_rows_are_dropped_once_and_the_shipping_report_is_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dropped, "QUIET_SECONDS", 0.0)
    [folder] = [f for f in SYSTEMS if f.name == "oracle_ebs"]
    inbox, outbox = tmp_path / "in", tmp_path / "out"
    inbox.mkdir(), outbox.mkdir()
    async with opened(folder, way="rows", inbox=str(inbox), outbox=str(outbox), sold_to_org_id="4429") as house:
        for attempt in (1, 2):
            tried = await house.send("work", work(), attempt)
            assert tried.state == "done", tried
        [file] = outbox.iterdir()
        rows = json.loads(file.read_text("utf-8"))
        assert [line["ORDERED_QUANTITY"] for line in rows["OE_LINES_IFACE_ALL"]] == [2, 1]
        assert [row["ADJUSTED_AMOUNT"] for row in rows["OE_PRICE_ADJS_IFACE_ALL"]] == [28.0]
        assert house.simulator.import_rows(outbox) == 1 and house.simulator.import_rows(outbox) == 0
        house.drive()
        (inbox / "report.csv").write_text(house.simulator.report(), "utf-8")
        (inbox / "broken.csv").write_text("no,such,columns\n1,2,3\n", "utf-8")
        pages = [p async for p in folder.connector.pull(house.account, Cursor(house.at), house.at, house.http)]
        assert sorted(p.problem for p in pages) == ["", "no column ORIG_SYS_DOCUMENT_REF"]
        [report] = [
            d
            for page in pages
            if not page.problem
            for item in page.items
            for d in translate(house.account, item.topic, item.body, dict(item.context), RECEIVED_AT, folder.mappings())
        ]
        assert isinstance(report, WorkReport)
        assert (report.work_no, report.said.milestone) == (NUMBER, "handed_over")
        assert {line.sku: line.quantity for line in report.lines} == {"M-001": 2, "M-002": 1}
        assert sorted(p.name for p in inbox.iterdir()) == ["done", "refused"]


@pytest.mark.parametrize(("old", "new", "why"), [
    ("work:\n", "work:\n  code: os\n", "code"), ("    body: json\n", "    body: json\n    base_url: /x\n", "base_url"),
    ("post: /orders", "post: http://169.254.169.254/latest", "address"),
    ("post: /orders", "post: //evil.example/x", "address"),
    ("$work.work_no\n", "$no_such_name\n", "no_such_name"), ("calls:\n", "token: {post: /t}\ncalls:\n", "token"),
    ("calls:\n", "x: &a [1]\ncalls:\n", "alias"), ("  post: /orders\n", "  psot: /orders\n", "psot"),
    ("calls:", "calls: [", "line"), (EXAMPLE, "", "declaration"), (EXAMPLE, "# x\n" * 9_000, "characters"),
])  # fmt: skip
async def test_a_declaration_reaches_nothing_but_its_own_system(old: str, new: str, why: str) -> None:
    [folder] = [f for f in SYSTEMS if f.name == "generic"]
    async with opened(folder, declaration=EXAMPLE.replace(old, new, 1)) as house:
        probed = await folder.connector.probe(house.account, house.http)
        assert not probed.is_well and why in probed.message, probed
        tried = await house.send("work", work())
        assert tried.state == "parked" and not house.simulator.requests, tried


async def test_a_word_that_the_declaration_lacks_waits_for_it_and_files_say_the_same_as_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dropped, "QUIET_SECONDS", 0.0)
    [folder] = [f for f in SYSTEMS if f.name == "generic"]
    inbox, outbox = tmp_path / "in", tmp_path / "out"
    inbox.mkdir(), outbox.mkdir()
    files = EXAMPLE.partition("reports:")[0].replace("  needs:", "  file: {text: [$work.work_no, .json]}\n  needs:") + (
        "files:\n  group: ORDER\n"
        "  names: {work_no: ORDER, status: STATE, at: AT, waybill: WAYBILL, sku: SKU, quantity: N}\n"
        "  words: {OUT: handed_over}\n"
    )
    async with opened(folder, declaration=files, inbox=str(inbox), outbox=str(outbox)) as house:
        assert (await house.send("work", work())).state == "done" and not house.simulator.requests
        assert json.loads((outbox / f"{NUMBER}.json").read_text("utf-8"))["ref"] == NUMBER
        (inbox / "report.csv").write_text(
            f"ORDER,STATE,AT,WAYBILL,SKU,N\n{NUMBER},OUT,2026-03-02T18:15:00Z,SF1,M-001,2\n{NUMBER},OUT,,SF1,M-002,1\n"
            "W-2,LOST,2026-03-02T18:15:00Z,,M-001,1\n",
            "utf-8",
        )
        pages = [p async for p in folder.connector.pull(house.account, Cursor(house.at), house.at, house.http)]
        drafts = [
            d
            for item in pages[0].items
            for d in translate(house.account, item.topic, item.body, dict(item.context), RECEIVED_AT, folder.mappings())
        ]
        assert isinstance(drafts[0], WorkReport) and drafts[0].waybill == "SF1"
        assert {line.sku: line.quantity for line in drafts[0].lines} == {"M-001": 2, "M-002": 1}
        assert [one.key for one in drafts[1]] == ["status:T1:LOST"]  # type: ignore[union-attr]
