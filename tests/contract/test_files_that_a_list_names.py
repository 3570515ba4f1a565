"""Reports that a platform prepares: each file is fetched without our secrets, and read whatever is in it."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from orderloom.adapters.kit.dropped import BYTES_MAX
from orderloom.application.ports import Page, Transient
from tests.support.connector_folders import caller, cursor, folders, now, pull, purchase, serve

FOLDER = next(folder for folder in folders("channels") if folder.name == "amazon")
HEAD = b"Order ID\tAmazon RMA ID\tItem Name\r\n"
ROWS = HEAD + b'113-1\tD1RRMA\ta 5" nail\r\n113-1\tD1RRMA\t"open\r\n113-2\tD2RRMA\tcaf\xe9\r\n'


async def read(content: bytes, *, url: str = "https://files.example/x", status: int = 200, packing: str = "GZIP",
               kind: str = "text/plain;charset=Cp1252") -> tuple[list[Page], list[httpx2.Request]]:
    """The pages of the list of returns where one report is ready with this content."""
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        told: dict[str, dict[str, Any]] = {
            "/auth/o2/token": {"access_token": "secret-token", "expires_in": 3600},
            "/orders/v0/orders": {"payload": {"Orders": []}},
            "/reports/2021-06-30/schedules": {"reportSchedules": [{"reportScheduleId": "7"}]},
            "/reports/2021-06-30/reports": {"reports": [{"reportId": "R1", "reportDocumentId": "D/1",
                                                         "createdTime": "2026-03-01T09:00:00Z"}]},
            "/reports/2021-06-30/documents/D/1": {"url": url, "compressionAlgorithm": packing},
        }  # fmt: skip
        if request.url.path == "/x":
            return httpx2.Response(status, content=content, headers={"content-type": kind})
        return httpx2.Response(200, json=told[request.url.path])

    account = FOLDER.account("https://sandbox.example", restricted_data=False)
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
        return await pull(FOLDER, account, http), asked


async def test_rows_of_one_return_are_one_message_in_the_files_own_characters() -> None:
    pages, asked = await read(gzip.compress(ROWS))
    found = [item for page in pages for item in page.items]
    assert [item.topic for item in found] == ["return", "return"]
    assert "café" in found[1].body.decode() and found[0].body.count(b"D1RRMA") == 2
    assert dict(found[0].context) == {"columns": "Order ID,Amazon RMA ID,Item Name", "made": "2026-03-01T09:00:00Z"}
    [fetched] = [one for one in asked if one.url.path == "/x"]
    assert not any("secret-token" in value for value in fetched.headers.values()), "the address is the answer's word"


async def test_a_file_that_was_packed_in_parts_loses_none_of_its_rows() -> None:
    third = b"113-3\tD3RRMA\tlast\r\n"
    parts = gzip.compress(ROWS) + gzip.compress(third) + b"\0" * 100
    pages, _ = await read(parts, kind="text/plain;charset=undefined")
    assert [b"D3RRMA" in item.body for page in pages for item in page.items] == [False, False, True]


async def test_a_file_that_is_not_packed_after_all_is_read_as_it_is() -> None:
    pages, _ = await read(ROWS, kind="text/plain")
    assert len([item for page in pages for item in page.items]) == 2


@pytest.mark.parametrize("content", [
    pytest.param(gzip.compress(b"\0" * (BYTES_MAX + 10)), id="a bomb"),
    pytest.param(gzip.compress(ROWS)[:-9], id="cut short"), pytest.param(b"no,columns", id="no table"),
    pytest.param(gzip.compress(ROWS) + b"rest", id="more behind it"),
    pytest.param(gzip.compress(ROWS) * 2 + b"\x1f\x8b", id="a last part that is half"),
])
async def test_a_file_that_cannot_be_read_is_told_and_costs_nothing_else(content: bytes) -> None:
    pages, _ = await read(content)
    [spoilt] = [page for page in pages if page.problem]
    assert [item.topic for item in spoilt.items] == ["unreadable"] and len(spoilt.items[0].body) <= 1_000
    assert pages[-1].cursor is not None


@pytest.mark.parametrize("wrong", [{"url": "http://files.example/x"}, {"url": "file:///etc/passwd"}, {"url": ""},
                                   {"url": "https://["},
                                   {"status": 403}])
async def test_an_address_that_is_none_is_asked_again_later(wrong: dict[str, Any]) -> None:
    with pytest.raises(Transient):
        await read(gzip.compress(ROWS), **wrong)


async def test_a_report_is_ordered_once_and_what_it_says_newest_counts() -> None:
    simulator, bought = FOLDER.simulator(), purchase(FOLDER)
    simulator.place(bought)
    at = now() - timedelta(minutes=8)
    async with serve(simulator.app) as base, caller() as http:
        account = FOLDER.account(base)
        await pull(FOLDER, account, http)
        claim = simulator.ask_refund(bought["external_id"], 0, at)
        simulator.move_claim(claim, "refunded", at + timedelta(minutes=1))
        pages = await pull(FOLDER, account, http, cursor())
        made = [dict(item.context)["made"] for page in pages for item in page.items if item.topic == "return"]
        assert len(made) == 2 and made == sorted(made)
        assert simulator.requests["createReportSchedule"] == 1 and not simulator.rejected
