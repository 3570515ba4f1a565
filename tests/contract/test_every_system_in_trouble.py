"""Every WMS and ERP against its own simulator in trouble: work that would be lost or done twice, reports unread."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from orderloom.adapters.alone import WAIT_SECONDS_MAX
from orderloom.application.deliver import Leased, send_all
from orderloom.application.ports import Connector, Cursor, Page, Terminal, Transient
from orderloom.application.translate import translate
from orderloom.blueprint.duration import seconds
from orderloom.domain.draft import WorkReport
from tests.support.connector_folders import RECEIVED_AT, Folder, folders, now
from tests.support.house import NUMBER, TO, House, opened, work

NUMBERS = [f"SH01-261126-0K3F9QX2-{n}-1" for n in range(11, 18)]
TEN = [f"SH01-261126-0K3F9QX2-{n}-2" for n in range(10)]
PASSING = ["dropped", "half_body", "busy", "rate_limited", "status_500"]
SPOILT = ["bad_record", "null_object", "empty_page"]


def _signs_time(folder: Folder) -> bool:
    said = folder.plan.said
    asked = [*said.calls.values(), *([said.token] if said.token else [])]
    return any("$now" in str(one) and "sign" in str(one) for one in asked)


def _those(*needs: str) -> list[Any]:
    """Folders whose declaration says all of these: work, pulled (over HTTP), token, time, limit."""
    chosen = []
    for folder in folders("systems"):
        said = folder.plan.said
        if not (folder.path / "simulator.py").is_file():
            continue
        has = {"work": "work" in said.tell, "token": said.token is not None, "time": _signs_time(folder),
               "pulled": bool(said.pull and (said.pull.lists or said.pull.code) and "work" in said.tell),
               "limit": "work" in said.tell and any(one.means == "too_fast" for one in said.answers)}
        if all(has[need] for need in needs):
            chosen.append(pytest.param(folder, id=folder.name))
    return chosen


async def _send(house: House, connector: Connector, **changes: Any) -> Any:
    """One work through this connector, so that tokens and pace last from one call to the next."""
    leased = Leased("d", house.account.id, "work", "o", "k", work(**changes), 1, TO)
    [tried] = await send_all([leased], house.account, connector, house.folder.manifest, house.http, now())
    return tried


async def _pages(house: House, connector: Connector) -> list[Page]:
    since = house.at - timedelta(minutes=40)
    return [page async for page in connector.pull(house.account, Cursor(since), house.at, house.http)]


def _told(house: House, pages: list[Page]) -> set[str]:
    """Numbers of the works that are said to be out."""
    drafts = [d for page in pages if not page.problem for item in page.items for d in translate(
        house.account, item.topic, item.body, dict(item.context), RECEIVED_AT, house.folder.mappings())]
    return {d.work_no for d in drafts if isinstance(d, WorkReport) and d.said.milestone == "handed_over"}


async def _all_out(house: House) -> None:
    """Works that left the house, over more pages than one where the system has pages."""
    connector = house.folder.connector
    tried = await asyncio.gather(*[_send(house, connector, work_no=number) for number in NUMBERS])
    assert {one.state for one in tried} == {"done"}, house.simulator.rejected
    house.drive(12)


SMALL = {"page_size": 3}


@pytest.mark.parametrize("folder", _those("work", "time"))
async def test_a_clock_that_is_off_is_told_as_such_and_takes_no_work(folder: Folder) -> None:
    async with opened(folder) as house:
        house.simulator.skew(5 * 86_400)
        tried = await house.send("work", work())
        assert tried.error == "clock_skew" and not house.simulator.jobs, tried


@pytest.mark.parametrize("folder", _those("work", "token"))
async def test_a_token_that_ended_is_renewed_once_though_ten_works_ask(folder: Folder) -> None:
    async with opened(folder) as house:
        connector = folder.connector
        assert (await _send(house, connector)).state == "done"
        before = _asked_for_tokens(house)
        house.simulator.expire_tokens()
        tried = await asyncio.gather(*[_send(house, connector, work_no=number) for number in TEN])
        assert {one.state for one in tried} == {"done"}, tried
        assert _asked_for_tokens(house) - before == 1, "one asks, nine take what it got"
        assert len(house.simulator.jobs) == 11


def _asked_for_tokens(house: House) -> int:
    return sum(count for name, count in house.simulator.requests.items() if name in ("login", "token", "refresh"))


@pytest.mark.parametrize("folder", _those("limit"))
async def test_a_system_that_says_too_fast_is_left_alone_as_long_as_it_says(folder: Folder) -> None:
    async with opened(folder) as house:
        connector = folder.connector
        house.simulator.fault("rate_limited")
        tried = await _send(house, connector)
        rows = [one for one in folder.plan.said.answers if one.means == "too_fast" and isinstance(one.wait, str)]
        wait = max(min(seconds(one.wait) for one in rows if one.wait), 3)
        assert tried.state == "due" and tried.due_at >= now() + timedelta(seconds=wait - 2), tried
        asked = sum(house.simulator.requests.values())
        if wait > WAIT_SECONDS_MAX:  # a shorter one is waited for in the call itself
            again = await _send(house, connector)
            assert (again.state, again.is_counted) == ("due", False), "it costs no try"
            assert sum(house.simulator.requests.values()) == asked, "nobody is asked meanwhile"
        assert not house.simulator.jobs


@pytest.mark.parametrize("folder", _those("work"))
async def test_an_error_in_a_good_answer_is_no_yes(folder: Folder) -> None:
    async with opened(folder) as house:
        house.simulator.fault("busy")
        tried = await house.send("work", work())
        assert tried.state == "due" and not house.simulator.jobs, tried
        assert (await house.send("work", work(), 2)).state == "done" and list(house.simulator.jobs) == [NUMBER]


@pytest.mark.parametrize("folder", _those("pulled"))
@pytest.mark.parametrize("kind", PASSING)
async def test_trouble_that_passes_costs_no_report(folder: Folder, kind: str) -> None:
    async with opened(folder, **SMALL) as house:
        await _all_out(house)
        house.simulator.fault(kind)
        with pytest.raises(Transient):
            await _pages(house, folder.connector)
        assert _told(house, await _pages(house, folder.connector)) == set(NUMBERS)


@pytest.mark.parametrize("folder", _those("pulled"))
@pytest.mark.parametrize("kind", SPOILT)
async def test_a_spoilt_page_costs_at_most_what_is_spoilt(folder: Folder, kind: str) -> None:
    async with opened(folder, **SMALL) as house:
        await _all_out(house)
        house.simulator.fault(kind)
        try:
            first = _told(house, await _pages(house, folder.connector))
        except (Transient, Terminal):
            first = set()
        assert first <= set(NUMBERS)
        if kind != "empty_page" and first:
            assert len(first) >= len(NUMBERS) - 3, "the others of its page are read"
        assert _told(house, await _pages(house, folder.connector)) == set(NUMBERS), house.simulator.rejected


@pytest.mark.parametrize("folder", _those("work"))
async def test_an_answer_that_is_null_says_nothing_and_is_no_yes(folder: Folder) -> None:
    async with opened(folder) as house:
        write = house.simulator.write
        house.simulator.write = lambda content, asked: house.simulator.respond(b"null")
        tried = await house.send("work", work())
        house.simulator.write = write
        assert tried.state != "done", tried
        assert (await house.until_taken("work", work())).state == "done" and len(house.simulator.jobs) == 1
