"""Read a platform back on demand: what it says of stock, of what went out, of ratings, beside what the hub knows.

Nothing is changed by looking. With `is_kept` what was read is landed too, and goes the way of everything that lands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import httpx2
import msgspec

from orderloom.application.directory import Directory
from orderloom.application.land import Lander
from orderloom.application.not_kept import NotKept, unknown
from orderloom.application.ports import Account, Connector, Item, Manifest, Page, ReadsBack, Terminal, Transient
from orderloom.application.sources.hub import WayOut
from orderloom.application.translate import translate
from orderloom.blueprint.mapping import Mappings
from orderloom.domain.draft import StockFigure, StockReport
from orderloom.domain.words import Words

ACCOUNT, LIST = Words("账号", "account"), Words("可读内容", "thing to read")
LOOK_BACK = timedelta(days=1)
FIGURES_MAX = 10_000
"""So many figures at most are told; all are counted."""


class ReadBack(msgspec.Struct, frozen=True):
    """What was read: how many messages, how many of them could not be read, what they say of stock, what was landed."""

    account: str
    what: str
    start: datetime
    end: datetime
    messages: int
    unreadable: int
    figures: list[StockFigure]
    figures_in_all: int
    landed: int


class ReadingHub(Protocol):
    """What of the hub is needed."""

    @property
    def connectors(self) -> Mapping[str, Connector]: ...
    @property
    def manifests(self) -> Mapping[str, Manifest]: ...
    @property
    def mappings(self) -> Mappings: ...
    @property
    def outside(self) -> WayOut: ...
    @property
    def lander(self) -> Lander: ...
    @property
    def now(self) -> Callable[[], datetime]: ...
    async def directory(self) -> Directory: ...


async def read_back(
    hub: ReadingHub, account_code: str, what: str, day: date | None = None, *, is_kept: bool = False
) -> ReadBack:
    """Read `what` of a day (of the account's zone; without one, of the last 24 hours).

    Raises NotKept: not_found, not_possible, and outside_failed when the platform does not give it.
    """
    directory = await hub.directory()
    account = directory.account_by_code(account_code)
    if account is None:
        raise unknown(ACCOUNT, account_code, [one.code for one in directory.accounts.values()])
    reader, known = hub.connectors[account.connector], hub.manifests[account.connector].reads
    if not isinstance(reader, ReadsBack) or not known:
        raise NotKept("not_possible", f"{account.connector} 没有可以读回的内容",
                      f"{account.connector} gives nothing back to read")
    if what not in known:
        raise unknown(LIST, what, known)
    start, end = _span(account, day, hub.now())
    found, unreadable, landed = list[StockFigure](), 0, 0
    messages = 0
    try:
        async for page in reader.read(account, what, start, end, _client(hub, account)):
            unreadable += bool(page.problem)
            items = () if page.problem else page.items
            messages += len(items)
            found += _figures(hub, account, items, page)
            if is_kept:
                ids = await hub.lander.land(account, page.items, dict(page.headers), hub.now())
                landed += sum(one is not None for one in ids)
    except (Transient, Terminal) as refused:
        raise NotKept("outside_failed", f"平台没有给出：{refused}",
                      f"the platform does not give it: {refused}") from refused
    return ReadBack(account.code, what, start, end, messages, unreadable, found[:FIGURES_MAX], len(found), landed)


def _client(hub: ReadingHub, account: Account) -> httpx2.AsyncClient:
    return hub.outside.client(account)


def _span(account: Account, day: date | None, now: datetime) -> tuple[datetime, datetime]:
    if day is None:
        return now - LOOK_BACK, now
    start = datetime.combine(day, time(), ZoneInfo(account.zone))
    return start, min(start + LOOK_BACK, now)


def _figures(hub: ReadingHub, account: Account, items: tuple[Item, ...], page: Page) -> list[StockFigure]:
    headers = dict(page.headers)
    drafts = [draft for item in items
              for draft in translate(account, item.topic, item.body, headers | dict(item.context), hub.now(),
                                     hub.mappings)]  # fmt: skip
    return [figure for draft in drafts if isinstance(draft, StockReport) for figure in draft.figures]
