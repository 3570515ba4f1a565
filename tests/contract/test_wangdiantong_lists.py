"""What left the warehouse is heard of, however its platform pages, counts or stumbles over the list."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx2
import msgspec
import pytest

from orderloom.adapters.kit import reading
from orderloom.application.ports import Account, Cursor, Page, Transient
from tests.support.connector_folders import Folder, folders

FOLDER = next(folder for folder in folders("systems") if folder.name == "wangdiantong")
CHINA = timezone(timedelta(hours=8))
START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
CREDENTIALS = {"sid": "s", "app_key": "k", "app_secret": "a:b"}


@pytest.fixture(autouse=True)
def _without_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "pause", lambda _: 0.0)


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)


class Platform:
    """Lists stock-outs, one a second from START on: `cap` a page at most, `spoilt` those that it cannot write."""

    def __init__(self, count: int, cap: int = 200, spoilt: tuple[int, ...] = (), *, counts: bool = True,
                 apart: int = 1) -> None:
        self.times = [START + timedelta(seconds=apart * n) for n in range(count)]
        self.cap, self.spoilt, self.counts = cap, spoilt, counts

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        [asked], paging = json.loads(request.content), request.url.params
        low, high = moment(asked["start_time"]), moment(asked["end_time"])
        found = [n for n, at in enumerate(self.times) if low <= at <= high]
        size = min(int(paging["page_size"]), self.cap)
        here = found[int(paging["page_no"]) * size:][:size]
        if set(here) & set(self.spoilt):
            return httpx2.Response(200, content=b'{"status":0,"data":{"order":[')
        data: dict[str, Any] = {"order": [{"no": n} for n in here] or None}
        told = {"total_count": len(found)} if self.counts and paging["calc_total"] == "1" else {}
        return httpx2.Response(200, json={"status": 0, "message": "", "data": data | told})

    async def pull(self, **settings: Any) -> list[Page]:
        given = {"shop_no": "S", "stock_pull": False, "overlap_seconds": 0, **settings}
        account = Account(1, "W", "systems", "wangdiantong", "Asia/Shanghai", "http://w.example", CREDENTIALS, given)
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(self.answer)) as http:
            at = START + timedelta(minutes=40)
            return [page async for page in FOLDER.connector.pull(account, Cursor(START), at, http)]


def heard(pages: list[Page]) -> set[int]:
    return {json.loads(item.body)["no"] for page in pages if not page.problem for item in page.items}


@pytest.mark.parametrize("number", [0, 7, 39])
async def test_one_stockout_that_the_platform_cannot_write_hides_no_other(number: int) -> None:
    pages = await Platform(40, spoilt=(number,), apart=20).pull(page_size=5)
    assert heard(pages) == set(range(40)) - {number} and any(page.problem for page in pages)
    assert [page.cursor.at for page in pages if page.cursor] == [START + timedelta(minutes=40)]


async def test_a_platform_that_gives_smaller_pages_than_asked_for_is_read_to_the_end() -> None:
    assert heard(await Platform(90, cap=20).pull(page_size=50)) == set(range(90))


async def test_a_full_page_that_no_count_stands_with_is_not_taken_for_all() -> None:
    assert heard(await Platform(90, counts=False).pull(page_size=10)) == set(range(90))


async def test_more_pages_than_are_read_in_a_row_are_read_in_shorter_times_and_none_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = FOLDER.plan.lists["stockouts"]
    few = msgspec.structs.replace(plan.said, pages=msgspec.structs.replace(plan.said.pages, at_most=3))
    lists = {**FOLDER.plan.lists, "stockouts": plan._replace(said=few)}
    monkeypatch.setattr(Folder, "plan", FOLDER.plan._replace(lists=lists))
    assert heard(await Platform(90).pull(page_size=10)) == set(range(90))
    with pytest.raises(Transient, match="too_many_pages"):
        await Platform(90, apart=0).pull(page_size=10)
