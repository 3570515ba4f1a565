"""Labels, slips and lists can be printed as they come from the hub, by whoever may; nobody else sees a receiver."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pypdfium2
import pytest

from orderloom.adapters.paper.zpl import from_zpl
from tests.integration.test_a_label_is_bought_once import SENDER, connect_carrier, sells_labels
from tests.support.api_hub import World, a_world
from tests.support.papers import barcodes

REASON = {"X-Unmask-Reason": "pack"}
EVERYWHERE = {"warehouse": ["*"]}


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=2) as world:
        await connect_carrier(world, "SF01", SENDER)
        yield world


async def test_the_bench_prints_the_label_of_a_carrier_that_gives_no_document(world: World) -> None:
    sells_labels(world)
    async with await world.user("warehouse", limits=EVERYWHERE) as client:
        number = (await client.get("/api/v1/works")).json()["works"][0]["number"]
        url = f"/api/v1/works/{number}/paper"
        wish = {"paper": "label", "form": "zpl", "size": "76x130"}
        assert (await client.get(url, params=wish, headers=REASON)).status_code == 404
        assert (await client.post(f"/api/v1/works/{number}/label", json={"account": "SF01"})).status_code == 200
        assert (await client.get(url, params=wish, headers=REASON)).json()["code"] == "label_not_there"
        await world.send(1)
        assert (await client.get(url, params=wish)).json()["code"] == "wrong_value", "a label names a person"
        for form in ("zpl", "zpl_hex"):
            answer = await client.get(url, params=wish | {"form": form}, headers=REASON)
            assert answer.status_code == 200 and answer.headers["content-type"] == "application/zpl"
            [picture] = from_zpl(answer.content)
            assert picture.size == (608, 1040) and "SF7000000000" in barcodes(picture)
        pdf = await client.get(url, params={"paper": "label", "size": "100x180"}, headers=REASON)
        assert pdf.headers["content-type"] == "application/pdf" and pdf.headers["cache-control"] == "no-store"
        with pypdfium2.PdfDocument(pdf.content) as pages:
            assert "SF7000000000" in barcodes(pages[0].render(scale=3).to_pil())
        refused = await client.get(url, params=wish | {"size": "1x1"}, headers=REASON)
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_size")
    async with await world.user("picker", limits=EVERYWHERE) as client:
        assert (await client.get(url, params=wish, headers=REASON)).status_code == 403
        assert (await client.get(url, params={"paper": "slip"})).status_code == 200
    async with world.hub.ports.reading_all() as connection:
        rows = await (await connection.execute("select reason from unmasking")).fetchall()
    assert {row[0] for row in rows} == {"pack"}


async def test_a_carriers_own_document_is_what_is_printed(world: World) -> None:
    seller = sells_labels(world)
    code = b"^XA^FO10,10^FDSF^FS^XZ"
    seller.prints = base64.b64encode(code).decode()
    async with await world.client("admin") as client:
        number = (await client.get("/api/v1/works")).json()["works"][0]["number"]
        await client.post(f"/api/v1/works/{number}/label", json={"account": "SF01"})
        await world.send(1)
        url = f"/api/v1/works/{number}/paper"
        answer = await client.get(url, params={"paper": "label", "form": "zpl"}, headers=REASON)
        assert answer.content == code
        other = await client.get(url, params={"paper": "label", "form": "pdf"}, headers=REASON)
        assert (other.status_code, other.json()["code"]) == (409, "not_possible")


async def test_lists_and_place_labels_are_printed_without_a_receiver(world: World) -> None:
    async with await world.user("picker", limits=EVERYWHERE) as client:
        works = [one["number"] for one in (await client.get("/api/v1/works")).json()["works"]]
        for params in ({}, {"number": works, "size": "100x150", "form": "zpl"},
                       {"number": works, "paper": "wave", "form": "png"}):
            answer = await client.get("/api/v1/works/pick-list/paper", params=params)
            assert answer.status_code == 200 and answer.content, answer.text
        unnamed = await client.get("/api/v1/works/pick-list/paper", params={"paper": "wave"})
        assert unnamed.status_code == 422
        missing = await client.get("/api/v1/works/pick-list/paper", params={"number": ["W1"], "paper": "wave"})
        assert missing.status_code == 404
        answer = await client.get("/api/v1/papers/code-labels", params={"code": ["A-01-03", "T12"], "form": "zpl"})
        assert [barcodes(one) for one in from_zpl(answer.content)] == [{"A-01-03"}, {"T12"}]
        wrong = await client.get("/api/v1/papers/code-labels", params={"code": "库位一"})
        assert wrong.json()["code"] == "code_no_barcode"
