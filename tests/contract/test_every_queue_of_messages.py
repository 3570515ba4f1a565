"""Every channel that keeps a queue of messages: each hints at what is read again, and is confirmed once it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from orderloom.adapters.kit.load import load_text
from orderloom.adapters.kit.notes import BadConnector
from orderloom.application.ports import HINT, Account, Page, Transient
from tests.support.connector_folders import Folder, caller, cursor, items, now, pull, pulled_channels, purchase, serve

QUEUED = [pytest.param(folder, id=folder.name) for folder in pulled_channels()
          if any(one.confirming for one in folder.plan.lists.values())]
GROUP = {"tmc_group": "shop-1"}


class Queue:
    """A shop with a queue, and the lists that its messages hint at."""

    def __init__(self, folder: Folder, simulator: Any, account: Account, http: httpx2.AsyncClient) -> None:
        self.folder, self.simulator, self.account, self.http = folder, simulator, account, http
        bought = purchase(folder)
        simulator.place(bought)
        self.key = str(bought["external_id"])

    async def pages(self, account: Account | None = None) -> list[Page]:
        return await pull(self.folder, account or self.account, self.http)


@pytest.fixture
async def queue(request: pytest.FixtureRequest) -> AsyncIterator[Queue]:
    folder: Folder = request.param
    simulator = folder.simulator(**GROUP)
    async with serve(simulator.app) as base, caller() as http:
        yield Queue(folder, simulator, folder.account(base, **GROUP), http)


@pytest.mark.parametrize("queue", QUEUED, indirect=True)
async def test_a_message_is_kept_what_it_is_about_read_again_and_then_confirmed(queue: Queue) -> None:
    claim = queue.simulator.ask_refund(queue.key, 0, datetime.now(UTC))
    ids = [queue.simulator.say(queue.key), queue.simulator.say(queue.key, claim),
           queue.simulator.say(queue.key, topic="taobao_item_ItemUpdate")]
    pages = await queue.pages()
    hints = [item for item in items(pages) if item.topic == HINT]
    assert [item.event_id for item in hints] == ids and all(b"content" in item.body for item in hints)
    again = [one for page in pages for one in page.missing]
    assert {one.id for one in again} == {queue.key, claim} and len(again) == 2
    for one in again:
        read = [page async for page in queue.folder.connector.reread(queue.account, one.what, [one.id], queue.http)]
        assert one.id.encode() in items(read)[0].body, one
    assert not queue.simulator.messages and not queue.simulator.rejected


@pytest.mark.parametrize("queue", QUEUED, indirect=True)
async def test_a_message_that_was_not_kept_comes_again(queue: Queue) -> None:
    queue.simulator.say(queue.key)
    async for page in queue.folder.connector.pull(queue.account, cursor(), now(), queue.http):
        if page.missing:
            break  # the process dies before the page is durable
    assert queue.simulator.messages
    queue.simulator.fault("lost_answer", 1, on="confirm")
    with pytest.raises(Transient):
        await queue.pages()
    pages = await queue.pages()
    assert not [one for page in pages for one in page.missing], "it was confirmed, only nobody heard so"


@pytest.mark.parametrize("queue", QUEUED, indirect=True)
async def test_a_queue_that_fails_costs_no_order_and_one_that_nobody_named_is_not_asked(queue: Queue) -> None:
    queue.simulator.say(queue.key)
    queue.simulator.fault("busy", 1, on="consume")
    found: list[Page] = []
    with pytest.raises(Transient):
        async for page in queue.folder.connector.pull(queue.account, cursor(), now(), queue.http):
            found.append(page)
    assert queue.key.encode() in items(found)[0].body and found[-1].cursor is not None
    unnamed = queue.folder.account(queue.account.base_url)
    assert not [one for page in await queue.pages(unnamed) for one in page.missing]
    assert queue.simulator.messages


def test_a_hint_at_a_list_that_there_is_not_is_told_at_its_line() -> None:
    said = (Path(QUEUED[0].values[0].path) / "connector.yaml").read_text("utf-8")
    line = next(n for n, one in enumerate(said.splitlines(), 1) if "{reread: trades" in one)
    with pytest.raises(BadConnector) as told:
        load_text(said.replace("{reread: trades", "{reread: traded"), "connector.yaml")
    assert f"connector.yaml:{line}" in str(told.value) and "trades" in str(told.value)


@pytest.mark.parametrize("queue", QUEUED, indirect=True)
async def test_a_queue_is_emptied_though_the_lists_cannot_be_read(queue: Queue) -> None:
    queue.simulator.say(queue.key)
    queue.simulator.fault("status_500", 1)
    found: list[Page] = []
    with pytest.raises(Transient):
        async for page in queue.folder.connector.pull(queue.account, cursor(), now(), queue.http):
            found.append(page)
    assert [item.topic for item in items(found)] == [HINT] and not queue.simulator.messages
