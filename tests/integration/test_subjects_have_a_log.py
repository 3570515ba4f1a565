"""What happens beside orders is told once, in order, by the way that orders are written: else nobody could prove it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from orderloom.adapters.db import save
from orderloom.adapters.ids import new_id
from orderloom.application.change import Change
from orderloom.application.ports import Raced
from orderloom.application.queries.subjects import history_of
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.inventory.document_event import (
    DocumentCancelled,
    DocumentDrafted,
    DocumentLine,
    DocumentLinesStated,
)
from orderloom.domain.inventory.document_states import DocumentKind
from orderloom.domain.log import encode
from orderloom.domain.subject import LoggedKind, LoggedSubject
from orderloom.domain.subject_event import subject_event_of
from orderloom.settings import Settings
from orderloom.testing.clock import STORY_BEGINS
from tests.support.seller import rows, settle_in

KIND = LoggedKind.STOCK_DOCUMENT
LINES = DocumentLinesStated((DocumentLine(1, 1, 1, -(2**31)),))


def drafted(number: str) -> DocumentDrafted:
    return DocumentDrafted(number=number, kind=DocumentKind.RECEIPT, maker="user:li", reason="到货 \"' \\ 🎁")


async def open_one(hub: Hub, change: Change | None = None) -> LoggedSubject:
    """A subject with two events, written in a transaction of its own."""
    change = change or Change()
    async with hub.begin() as work:
        number = await work.subjects.next_number(KIND, STORY_BEGINS.date())
        one = LoggedSubject(new_id(), KIND, number, STORY_BEGINS)
        one = change.tell(one, drafted(number), STORY_BEGINS, "user:li")
        one = change.tell(one, LINES, STORY_BEGINS, "user:li")
        await work.save(change, STORY_BEGINS, "user:li")
    return one


@pytest.mark.parametrize("most", [save.ROWS_MAX, -1], ids=["in one statement", "by COPY"])
async def test_an_event_is_told_and_read_as_it_was(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch, most: int,
) -> None:
    monkeypatch.setattr(save, "ROWS_MAX", most)
    async with open_hub(Settings(home=home), database) as hub:
        await settle_in(hub)
        one = await open_one(hub)
        async with hub.begin() as work:
            found = (await work.subjects.lock([one.number, "D-20000101-0001"]))
            assert found == {one.number: one}
            change = Change()
            one = change.tell(one, DocumentCancelled("user:wang", "多余"), STORY_BEGINS, "user:wang")
            await work.save(change, STORY_BEGINS, "user:wang")
        assert await rows(hub, "select event_count, event_head from subject") == [(3, one.event_head)]
        async with hub.pool.connection() as connection:
            history = await history_of(connection, one.number)
            assert await history_of(connection, "D-1\x01") == []
        told = [(fact.seq, fact.kind, fact.at, fact.actor) for fact in history]
        assert told == [(1, "document_drafted", STORY_BEGINS, "user:li"),
                        (2, "document_lines_stated", STORY_BEGINS, "user:li"),
                        (3, "document_cancelled", STORY_BEGINS, "user:wang")]
        assert history[2].facts == {"by": "user:wang", "reason": "多余"}
        stored = [str(row[0]) for row in await rows(hub, "select facts from subject_event order by seq")]
        assert [encode(subject_event_of(text)) for text in stored] == stored
        assert subject_event_of(stored[1]) == LINES


async def test_of_two_who_go_on_with_the_same_log_the_second_is_told(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await settle_in(hub)
        one = await open_one(hub)
        for most in range(2):
            change = Change()
            change.tell(one, DocumentCancelled("user:wang", str(most)), STORY_BEGINS, "user:wang")
            if most == 0:
                async with hub.begin() as work:
                    await work.save(change, STORY_BEGINS, "user:wang")
                continue
            with pytest.raises(Raced):
                async with hub.begin() as work:
                    await work.save(change, STORY_BEGINS, "user:wang")
        assert await rows(hub, "select count(*)::int from subject_event") == [(3,)]


async def test_no_two_documents_of_a_day_have_one_number(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await settle_in(hub)
        made = await asyncio.gather(*[open_one(hub) for _ in range(12)])
        assert sorted(one.number for one in made) == [f"D-{STORY_BEGINS:%Y%m%d}-{n:04d}" for n in range(1, 13)]


async def test_what_is_not_written_takes_no_number_and_tells_nothing(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await settle_in(hub)
        with pytest.raises(ZeroDivisionError):
            async with hub.begin() as work:
                await work.subjects.next_number(KIND, STORY_BEGINS.date())
                raise ZeroDivisionError
        assert (await open_one(hub)).number.endswith("-0001")
        with pytest.raises(Exception, match="append-only"):
            await rows(hub, "update subject_event set actor = 'x' returning 1")
