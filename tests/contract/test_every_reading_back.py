"""Every folder that declares a reading: what was told is read back over all pages, and a bad record costs itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.types import Message, Receive, Scope, Send

from orderloom.adapters.alone import OwnLimits, OwnTokens
from orderloom.adapters.kit.declared import declare
from orderloom.adapters.kit.platform import Commons
from orderloom.adapters.systems.generic import spoken
from orderloom.application.compare_back import WhatTheySay
from orderloom.application.ports import Connector, Rate, ReadsBack
from orderloom.application.translate import translate
from tests.support.connector_folders import RECEIVED_AT, Folder, caller, folders, now, purchase, serve

LISTED = [pytest.param(one, id=one.name) for one in folders("channels") if "listings" in one.manifest.reads]
RATED = [pytest.param(one, id=one.name) for one in folders("channels") if "ratings" in one.manifest.reads]
SYSTEMS = [one for one in folders("systems") if one.manifest.reads]
STOCKED = [pytest.param(one, id=one.name) for one in SYSTEMS if "stock" in one.manifest.reads]
SENT = [pytest.param(one, id=one.name) for one in SYSTEMS
        if "outbound" in one.manifest.reads and one.name != "wangdiantong"]
"""Wangdiantong has a floor of its own; what it sent is read back in tests/route/test_a_warehouse_is_read_back.py."""
EXAMPLE = (Path(spoken.__file__).parent / "example.yaml").read_text("utf-8")
SETTINGS = {"shop_id": 10820686, "shop_no": "hub", "customer_id": "stub-cust-code", "declaration": EXAMPLE}
OFFERS, PAGE, VARIANTS = 25, 10, 130
"""Three pages, of a size that a test has time for; some platforms are asked once more for each offer."""


def in_small_pages(folder: Folder) -> Connector:
    """The folder's connector, which asks for small pages where a platform lets it."""
    plan = folder.plan
    reads = {name: one._replace(pages_values=dict.fromkeys(one.pages_values, lambda _: PAGE))
             for name, one in plan.reads.items()}  # fmt: skip
    return declare(plan._replace(reads=reads), Commons(OwnTokens(), OwnLimits(Rate(100_000, 100_000))))


class Spoiling:
    """Stands before a platform and changes the records that hold a text: nothing is where a number should be."""

    def __init__(self, app: Any) -> None:
        self._app, self.key = app, ""
        self.calls: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        said: list[Message] = []

        async def keep(message: Message) -> None:
            said.append(message)

        await self._app(scope, receive, keep)
        self.calls[scope["path"]] += 1
        body = b"".join(m.get("body", b"") for m in said if m["type"] == "http.response.body")
        if self.key and self.key.encode() in body:
            is_xml = body.startswith(b"<?xml")
            body = _spoilt_xml(body, self.key) if is_xml else json.dumps(_spoilt(json.loads(body), self.key)).encode()
        headers = [(k, v) for k, v in said[0]["headers"] if k != b"content-length"]
        await send({**said[0], "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})


def _spoilt_xml(body: bytes, key: str) -> bytes:
    head, mark, rest = body.partition(key.encode())
    return head + mark + rest.replace(b"<quantity>", b"<quantity>many", 1)


def _spoilt(tree: Any, key: str) -> Any:
    """The innermost block that holds the key, with every number in it a word."""
    if isinstance(tree, list):  # of some a record is a list
        return [_worded(one) if key in tree else _spoilt(one, key) for one in tree]
    if not isinstance(tree, dict) or key not in json.dumps(tree):
        return tree
    if key in [value for value in tree.values() if isinstance(value, str)]:
        return {name: _worded(value) for name, value in tree.items()}
    return {name: _spoilt(value, key) for name, value in tree.items()}


def _worded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _worded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_worded(one) for one in value]
    if isinstance(value, str) and value.endswith(".0000"):
        return "many"
    return "many" if isinstance(value, int | float) and not isinstance(value, bool) and value < 10**6 else value


class Shop:
    """A channel with its simulator, and an account there."""

    def __init__(self, folder: Folder, simulator: Any, door: Spoiling, base: str, http: httpx2.AsyncClient) -> None:
        self.folder, self.simulator, self.door = folder, simulator, door
        self._account, self._http = folder.account(base, **_settings(folder)), http

    async def read(self, what: str, codes: tuple[str, ...] = ()) -> tuple[WhatTheySay, int]:
        """What it says, and how many messages or records could not be read."""
        connector, told, bad = in_small_pages(self.folder), WhatTheySay(), 0
        assert isinstance(connector, ReadsBack)
        mappings = self.folder.mappings()
        async for page in connector.read(self._account, what, now() - timedelta(days=1), now(), self._http,
                                         codes):
            bad += bool(page.problem) + len(page.missing)
            for item in () if page.problem else page.items:
                headers = dict(page.headers) | dict(item.context)
                results = translate(self._account, item.topic, item.body, headers, RECEIVED_AT, mappings)
                assert not any(isinstance(one, tuple) for one in results) or self.door.key, results
                bad += sum(isinstance(one, tuple) for one in results)
                told.gather(results)
        return told, bad


def _settings(folder: Folder) -> dict[str, Any]:
    return {name: value for name, value in SETTINGS.items() if name in folder.manifest.settings}


@asynccontextmanager
async def opened(folder: Folder, prepare: Callable[[Any], None]) -> AsyncIterator[Shop]:
    simulator = folder.simulator(**_settings(folder))
    prepare(simulator)
    door = Spoiling(simulator.app)
    async with serve(door) as base, caller() as http:  # type: ignore[arg-type]
        yield Shop(folder, simulator, door, base, http)


def _shelf(simulator: Any) -> None:
    for n in range(OFFERS):
        simulator.list_sku(f"S-{n:03d}")
        simulator.stock[f"S-{n:03d}"] = n
    if hasattr(simulator, "list_variation"):
        simulator.list_variation("S-var")
        simulator.stock["S-var variation"] = 7


@pytest.mark.parametrize("folder", LISTED)
async def test_what_a_channel_shows_is_read_back_over_its_pages_and_a_bad_record_costs_itself(folder: Folder) -> None:
    async with opened(folder, _shelf) as shop:
        told, bad = await shop.read("listings")
        wanted = {f"S-{n:03d}": n for n in range(OFFERS)}
        wanted |= {"S-var": 7} if hasattr(shop.simulator, "list_variation") else {}
        assert Counter(one.sku for one in told.listings) == Counter(wanted.keys()), "each once"
        assert {one.sku: one.quantity for one in told.listings} == wanted and not bad
        assert len({one.listing for one in told.listings}) in (1, len(wanted))
        shop.door.key = "S-014"
        told, bad = await shop.read("listings")
        assert {one.sku for one in told.listings} == wanted.keys() - {"S-014"} and bad == 1


@pytest.mark.parametrize("folder", LISTED)
async def test_an_item_with_more_variants_than_a_page_holds_is_read_back_whole(folder: Folder) -> None:
    codes = {f"V-{n:03d}": n for n in range(1, VARIANTS + 1)}

    def of_one_item(simulator: Any) -> None:
        drawn = simulator.shelf.ids
        item, first = drawn("V-000")
        simulator.shelf.ids = lambda name: (item, str(int(first) + int(name[2:]))) if name in codes else drawn(name)
        for code in (*codes, "S-001"):
            simulator.shelf.put_up(code)
        simulator.stock.update(codes | {"S-001": 5})

    if not folder.simulator(**_settings(folder)).shelf.ids("V-000")[1].isdigit():
        return  # an offer there is an item of its own
    async with opened(folder, of_one_item) as shop:
        told, bad = await shop.read("listings")
        assert {one.sku: one.quantity for one in told.listings} == codes | {"S-001": 5} and not bad
        assert len(told.listings) == len(codes) + 1, "each once"


@pytest.mark.parametrize("folder", LISTED)
async def test_a_code_on_two_offers_is_told_of_both(folder: Folder) -> None:
    def twice(simulator: Any) -> None:
        simulator.list_again("M-001")
        simulator.stock.update({"M-001": 3, "M-001 again": 4})

    async with opened(folder, twice) as shop:
        told, _ = await shop.read("listings")
        if len(shop.simulator.shelf.offers("M-001")) == 1 or folder.name == "ebay":
            return  # there a code is an offer's own name
        assert sorted(one.quantity for one in told.listings) == [3, 4]
        assert len({one.listing for one in told.listings}) == 2


@pytest.mark.parametrize("folder", RATED)
async def test_stars_are_read_back_and_no_word_of_a_buyer(folder: Folder) -> None:
    def rated(simulator: Any) -> None:
        for n in range(1, 26):
            simulator.place(purchase(folder, n))
            simulator.rate(purchase(folder, n)["external_id"], 1 + n % 5, "很好", now() - timedelta(minutes=n))

    async with opened(folder, rated) as shop:
        told, bad = await shop.read("ratings")
        assert Counter(one.stars for one in told.ratings) == dict.fromkeys(range(1, 6), 5) and not bad
        assert len({one.external_id for one in told.ratings}) == 25
        assert not any("很好" in str(one) for one in told.ratings)


@pytest.mark.parametrize("folder", STOCKED)
async def test_what_lies_in_a_house_is_read_back_over_its_pages_and_a_bad_row_costs_itself(folder: Folder) -> None:
    codes = tuple(f"S-{n:03d}" for n in range(OFFERS))

    def stocked(simulator: Any) -> None:
        house = simulator.floor.warehouses[0]
        for n, code in enumerate(codes):
            simulator.floor.put(house, code, 10 + n, now() - timedelta(hours=2, minutes=7))

    async with opened(folder, stocked) as house:
        told, bad = await house.read("stock", (*codes, *(f"X-{n}" for n in range(60))))
        assert [(one.sku, one.quantity) for one in sorted(told.stock, key=lambda one: one.sku)] == [
            (code, 10 + n) for n, code in enumerate(codes)], house.simulator.rejected
        assert {one.meaning for one in told.stock} == {"physical"} and not bad
        house.door.key = "S-014"
        told, bad = await house.read("stock", codes)
        assert {one.sku for one in told.stock} == {*codes} - {"S-014"} and bad == 1


@pytest.mark.parametrize("folder", SENT)
async def test_what_a_house_sent_on_a_day_is_read_back_over_its_pages(folder: Folder) -> None:
    at = now().replace(microsecond=0) - timedelta(hours=3)

    def sent(simulator: Any) -> None:
        for n in range(OFFERS):
            key = f"W-{n:03d}"
            simulator.floor.accept(key, {"M-001": 1 + n % 3}, at, receiver={"province": "浙江省", "phone": "1"}, raw={
                "order_date": "2026-01-01 00:00:00",
                "items": [{"sku_id": "M-001", "qty": 1 + n % 3, "outer_oi_id": f"{key}-1"}]})  # fmt: skip
        for minute in range(1, 20):
            simulator.step(at + timedelta(minutes=minute))

    async with opened(folder, sent) as house:
        told, bad = await house.read("outbound")
        out = {one.work_no: one for one in told.works if one.said.milestone == "handed_over"}
        assert {key: sum(line.quantity for line in one.lines) for key, one in out.items()} == {
            f"W-{n:03d}": 1 + n % 3 for n in range(OFFERS)}, house.simulator.rejected  # fmt: skip
        assert all(one.waybill for one in out.values()) and not bad
