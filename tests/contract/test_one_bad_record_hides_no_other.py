"""A record that nobody can read costs its source that one record: not its page, not its second, not the next pull."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orderloom.adapters.kit import reading
from orderloom.application.ports import Page, Transient
from tests.support.connector_folders import Folder, caller, cursor, folders, now, purchase, serve

FOLDERS = {folder.name: folder for folder in folders("channels")}
NEW = {"orders_version": "2026-01-01"}
RATES = {name: [1_000, 1_000] for name in ("getOrders", "getOrderItems", "searchOrders", "createRestrictedDataToken")}
SHOPS: dict[str, tuple[str, dict[str, Any], tuple[str, ...], str]] = {
    "taobao": ("taobao", {}, ("tid", "tid_str"), "modified"),
    "shopify": ("shopify", {"bucket_size": 1_000, "api": "rest"}, ("id",), "updated_at"),
    "amazon": ("amazon", {"rates": RATES}, ("AmazonOrderId",), "LastUpdateDate"),
    "amazon_2026": ("amazon", {"rates": RATES, **NEW}, ("orderId",), "lastUpdatedTime"),
}
"""Connector, settings, and the keys by which a record is known and dated."""
PIECE = "@@a piece@@"
Change = Callable[[Any, tuple[str, ...], str], Any]
READABLE: dict[str, Change] = {
    "nothing": lambda record, ids, at: None,
    "a number": lambda record, ids, at: 5,
    "a text": lambda record, ids, at: "x" * 3_000,
    "an empty list": lambda record, ids, at: [],
    "an empty object": lambda record, ids, at: {},
    "no id": lambda record, ids, at: {k: v for k, v in record.items() if k not in ids},
    "an id of nothing": lambda record, ids, at: record | dict.fromkeys(ids),
    "an id that is an object": lambda record, ids, at: record | {name: {"a": 1} for name in ids},
    "an id of three kilobytes": lambda record, ids, at: record | dict.fromkeys(ids, "x" * 3_000),
    "an id that is a way": lambda record, ids, at: record | dict.fromkeys(ids, "../../tokens"),
    "no time": lambda record, ids, at: record | {at: None},
    "a time that is a number": lambda record, ids, at: record | {at: 0},
    "the last year": lambda record, ids, at: record | {at: "9999-12-31T23:59:59Z"},
    "the first year": lambda record, ids, at: record | {at: "0001-01-01 00:00:00"},
}
UNREADABLE: dict[str, bytes] = {
    "no number": b'{"a":NaN}', "a comma too much": b'{"a":1,}', "cut": b'{"a":"', "a control sign": b'{"a":"\x01"}',
}


class Spoiling:
    """Stands before a platform and changes one record of whatever it lists."""

    def __init__(self, app: ASGIApp, key: str, change: Callable[[Any], Any], piece: bytes = b"") -> None:
        self._app, self._key, self._change, self._piece = app, key, change, piece
        self.spoilt = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the platform answer, and change the answer."""
        said: list[Message] = []

        async def keep(message: Message) -> None:
            said.append(message)

        await self._app(scope, receive, keep)
        body = self._spoil(b"".join(m.get("body", b"") for m in said if m["type"] == "http.response.body"))
        headers = [(k, v) for k, v in said[0]["headers"] if k != b"content-length"]
        await send({**said[0], "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})

    def _spoil(self, body: bytes) -> bytes:
        try:
            tree = json.loads(body)
        except ValueError:
            return body
        for records in lists(tree):
            for at, record in enumerate(records):
                if isinstance(record, dict) and self._key in json.dumps(record):
                    records[at] = self._change(record)
                    self.spoilt += 1
                    return json.dumps(tree).encode().replace(f'"{PIECE}"'.encode(), self._piece)
        return body


def lists(tree: Any) -> Iterator[list[Any]]:
    """Every list of a body, outer ones first."""
    if isinstance(tree, list):
        yield tree
    for node in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from lists(node)


async def pages_of(shop: str, change: Change, piece: bytes = b"", *, apart: int) -> tuple[list[Page], list[str]]:
    """What a pull gives of a shop with six orders, the third of which is spoilt; and the ids of the others."""
    name, settings, ids, at = SHOPS[shop]
    folder: Folder = FOLDERS[name]
    simulator = folder.simulator(**settings)
    bought = [purchase(folder, 2_345_671 + n, minutes_ago=20) for n in range(6)]
    for number, one in enumerate(bought):
        one["placed_at"] = one["paid_at"] = one["placed_at"] + timedelta(seconds=apart * number)
        simulator.place(one)
    keys = [str(one["external_id"]) for one in bought]
    spoiling = Spoiling(simulator.app, keys[2], lambda record: change(record, ids, at), piece)
    async with serve(spoiling) as base, caller() as http:  # type: ignore[arg-type]
        account = folder.account(base, **settings, overlap_seconds=0)
        pages = [page async for page in folder.connector.pull(account, cursor(), now(), http)]
    assert spoiling.spoilt
    return pages, keys[:2] + keys[3:]


def whole(pages: list[Page]) -> list[bytes]:
    """The records that came each for itself."""
    return [item.body for page in pages if not page.problem for item in page.items]


@pytest.mark.parametrize("shop", SHOPS)
@pytest.mark.parametrize("name", READABLE)
async def test_a_record_without_sense_is_landed_by_itself_and_those_of_its_second_come_through(
    shop: str, name: str,
) -> None:
    pages, others = await pages_of(shop, READABLE[name], apart=0)
    assert not [page.problem for page in pages if page.problem]
    came = whole(pages)
    assert len(came) == 6 and all(any(key.encode() in body for body in came) for key in others)
    assert pages[-1].cursor and pages[-1].cursor.at >= now() - timedelta(minutes=5)
    assert all(page.window is None or page.window.is_whole for page in pages), "read again and again for nothing"


@pytest.mark.parametrize("shop", SHOPS)
@pytest.mark.parametrize("name", UNREADABLE)
async def test_a_page_that_is_no_json_is_told_and_costs_no_order_of_another_second(
    shop: str, name: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "pause", lambda _: 0.0)
    pages, others = await pages_of(shop, lambda *_: PIECE, UNREADABLE[name], apart=60)
    assert [page for page in pages if page.problem and page.items]
    came = whole(pages)
    assert [key for key in others if not any(key.encode() in body for body in came)] == []
    assert pages[-1].cursor and pages[-1].cursor.at >= now() - timedelta(minutes=5), "the account would stand still"


@pytest.mark.parametrize("shop", SHOPS)
async def test_a_platform_that_answers_nothing_but_nonsense_is_down_and_no_time_is_given_up(
    shop: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "pause", lambda _: 0.0)
    name, settings, _, _ = SHOPS[shop]
    folder = FOLDERS[name]
    simulator = folder.simulator(**settings)
    pages: list[Page] = []

    async def away(scope: Scope, receive: Receive, send: Send) -> None:
        if "token" in scope["path"].lower():
            await simulator.app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": "<h1>系统维护中</h1>".encode()})

    async with serve(away) as base, caller() as http:  # type: ignore[arg-type]
        with pytest.raises(Transient):
            async for page in folder.connector.pull(folder.account(base, **settings), cursor(24), now(), http):
                pages.append(page)
    moved = [page.cursor.at for page in pages if page.cursor]
    assert max(moved, default=cursor(24).at) < now() - timedelta(hours=23)
