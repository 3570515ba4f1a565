"""Home: is the shop running, what must I do now - today against yesterday, cases by age, slow systems, my own work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from orderloom.application.queries.accounting import Accounting
from orderloom.application.queries.live_shapes import Snapshot, StageCount
from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)
Step = Literal["shop", "skus", "stock", "warehouse", "order"]
STEPS: tuple[Step, ...] = ("shop", "skus", "stock", "warehouse", "order")
SYSTEMS_MAX = 6
"""The slowest systems that are named."""


class Amount(msgspec.Struct, frozen=True):
    """Worth in minor units of one currency, today until now and yesterday until the same time."""

    currency: str
    now: int
    before: int


class ShopToday(msgspec.Struct, frozen=True):
    """Orders of one shop by when they were placed; `amounts` is empty for who may not see them."""

    account: str
    channel: str
    orders: int
    before: int
    amounts: list[Amount]


class CasesByAge(msgspec.Struct, frozen=True):
    """Open cases of a kind. `ages`: younger than an hour, than four, than a day, and older."""

    kind: str
    owner: str
    count: int
    ages: list[int]
    overdue: int
    oldest_at: datetime


class MyWork(msgspec.Struct, frozen=True):
    """Open cases that wait for the caller; `due`: in the last quarter of their time."""

    waiting: int
    due: int
    overdue: int
    oldest_at: datetime | None
    next_due_at: datetime | None


class SlowSystem(msgspec.Struct, frozen=True):
    """How far an account is behind: `silent_seconds` since it was last read (null: it is not read), `waiting`
    deliveries and for how long the oldest has, `parked` ones, readings that `failed` in a row."""

    account: str
    family: str
    connector: str
    is_well: bool | None
    health: str
    silent_seconds: int | None
    failed: int
    waiting: int
    waiting_seconds: int
    parked: int


class Sentence(msgspec.Struct, frozen=True):
    """What the page says first. `lost`: messages are missing; `work`: somebody waits for the caller; `calm`: nobody.

    Today's `orders`; cases `waiting` for the caller, and `overdue`; messages that are `lost`, and those on disk.
    """

    code: Literal["lost", "work", "calm"]
    orders: int
    waiting: int
    overdue: int
    lost: int
    spooled: int


class Home(msgspec.Struct, frozen=True):
    """All of it, as of an instant. While the database is away the live numbers are the last known, the others empty.

    `route`, `accounting` and `phases` are of the whole hub: empty, null for who sees a part of its orders only.
    """

    at: datetime
    is_database_up: bool
    say: Sentence
    mine: MyWork
    route: list[StageCount]
    accounting: Accounting | None
    phases: dict[str, int]
    shops: list[ShopToday]
    cases: list[CasesByAge]
    systems: list[SlowSystem]


class Shared(msgspec.Struct, frozen=True):
    """The part of it that is the same for all with the same rights."""

    shops: list[ShopToday]
    cases: list[CasesByAge]
    systems: list[SlowSystem]


class GuideStep(msgspec.Struct, frozen=True):
    """A step to the first order, and whether what it makes is there."""

    name: Step
    is_done: bool


class Guide(msgspec.Struct, frozen=True):
    """The steps in their order; `is_through`: all are done."""

    steps: list[GuideStep]
    is_through: bool


NO_WORK = MyWork(0, 0, 0, None, None)
NOTHING_SHARED = Shared([], [], [])


async def read_shared(
    connection: Connection, at: datetime, zone: str, accounts: Sequence[int] | None = None, *, has_cases: bool = True,
) -> Shared:
    """Today by shop, open cases by age, slow systems; `accounts` None: all."""
    today = at.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = (today - timedelta(hours=12)).replace(hour=0)
    given = {"at": at, "today": today, "yesterday": yesterday, "then": yesterday + (at - today),
             "accounts": None if accounts is None else list(accounts)}
    shops = _shops(await _rows(connection, "channels", given))
    cases = [CasesByAge(r[0], r[1], r[2], list(r[3:7]), r[7], r[8])
             for r in (await _rows(connection, "cases", given) if has_cases else ())]
    return Shared(shops, cases, _slowest(await _rows(connection, "systems", given), at))


async def read_my_work(connection: Connection, person: str, roles: Sequence[str], at: datetime) -> MyWork:
    """What waits for a person, or for one of their roles."""
    (row,) = await _rows(connection, "mine", {"person": person, "roles": list(roles), "at": at})
    return MyWork(*row)


async def read_guide(connection: Connection) -> Guide:
    """Which steps to the first order are done, by what is there."""
    (done,) = await _rows(connection, "guide", {})
    return Guide([GuideStep(name, is_done) for name, is_done in zip(STEPS, done, strict=True)], all(done))


def home_of(now: Snapshot, shared: Shared, mine: MyWork, *, sees_all: bool) -> Home:
    """Home, of the live numbers and of what was read for the caller."""
    a = now.accounting
    orders = sum(shop.orders for shop in shared.shops)
    is_lost = sees_all and (not a.is_balanced or a.lost > 0)
    code: Literal["lost", "work", "calm"] = "lost" if is_lost else "work" if mine.waiting else "calm"
    lost, spooled = (a.lost, a.spooled) if sees_all else (0, 0)
    return Home(
        now.at, now.is_database_up, Sentence(code, orders, mine.waiting, mine.overdue, lost, spooled), mine,
        now.stages if sees_all else [], a if sees_all else None, now.phases if sees_all else {},
        shared.shops, shared.cases, shared.systems,
    )


def _shops(rows: Sequence[Sequence[Any]]) -> list[ShopToday]:
    """A shop for all its currencies, the busiest first."""
    found: dict[str, list[Sequence[Any]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    shops = [
        ShopToday(code, some[0][1], sum(r[3] for r in some), sum(r[4] for r in some),
                  [Amount(r[2], r[5], r[6]) for r in some])
        for code, some in found.items()
    ]
    return sorted(shops, key=lambda shop: (-shop.orders, -shop.before, shop.account))


def _slowest(rows: Sequence[Sequence[Any]], at: datetime) -> list[SlowSystem]:
    """Those in trouble first, then by how long something waits."""
    systems = [
        SlowSystem(r[0], r[1], r[2], r[3], r[4], None if r[5] is None else max(round((at - r[5]).total_seconds()), 0),
                   r[6], r[7], 0 if r[8] is None else max(round((at - r[8]).total_seconds()), 0), r[9])
        for r in rows
    ]
    return sorted(systems, key=_slowness)[:SYSTEMS_MAX]


def _slowness(s: SlowSystem) -> tuple[bool, bool, int, str]:
    return (s.is_well is not False, s.failed == 0 and s.parked == 0, -max(s.silent_seconds or 0, s.waiting_seconds),
            s.account)


async def _rows(connection: Connection, name: str, given: dict[str, Any]) -> Sequence[Sequence[Any]]:
    return await (await connection.execute(SQL[name], given)).fetchall()
