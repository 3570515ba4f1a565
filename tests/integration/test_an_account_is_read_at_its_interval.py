"""An account that is due again before its last reading is quite through is read, not left till its lease ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orderloom.application.ports import Account, Cursor, Page
from orderloom.application.sources import pulling
from tests.support.source_hub import reading_from

WAIT_SECONDS_MAX = 30


class Source:
    """A platform without orders that counts how often it was read."""

    name = "taobao"
    reads = 0

    async def pull(self, account: Account, cursor: Cursor, at: Any, http: Any) -> AsyncIterator[Page]:
        self.reads += 1
        yield Page((), (), Cursor(at))


async def started(puller: pulling.Puller) -> None:
    """Step until a reading was started."""
    while not await puller.step():  # noqa: ASYNC110 - what frees the lease is in the database
        await asyncio.sleep(0.01)


async def test_a_reading_that_is_due_before_the_last_is_through_is_not_lost(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    through, source, resolve = asyncio.Event(), Source(), pulling.resolve

    async def slow(*args: Any) -> None:
        await through.wait()
        await resolve(*args)

    monkeypatch.setattr(pulling, "resolve", slow)
    async with reading_from(source, home, database) as hub:
        puller = pulling.Puller(hub)
        async with asyncio.timeout(WAIT_SECONDS_MAX):
            await started(puller)
            await started(puller)  # due again: the lease was given back, though the reading is not through
            through.set()
            await asyncio.gather(*puller._busy.values())
        assert source.reads == 2
