"""Keep quotas: plan, resize and close them on somebody's word, and open, fill and close them by the clock.

A quota sets aside what is free and no more; what it lacks comes when goods come, behind the orders that wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Protocol

import msgspec
import structlog
from msgspec.structs import replace

from orderloom.application.change import Change
from orderloom.application.directory import Directory, business_day
from orderloom.application.ports import Raced
from orderloom.domain.actor import clock
from orderloom.domain.inventory.level import Level, apply
from orderloom.domain.inventory.quota_event import QuotaPlanned
from orderloom.domain.inventory.quota_keeping import KeptQuota, QuotaState, QuotaStep, closed, due_step, resized
from orderloom.domain.refusal import Refusal
from orderloom.domain.subject import LoggedKind, LoggedSubject

LINES_MAX = 500
DUE_MAX = 200
"""Quotas that one step of the clock opens, fills or closes in a transaction."""
TRIES_MAX = 8
TEND = clock("tend_quotas")
log = structlog.get_logger()
Key = tuple[int, int]
"""(SKU id, warehouse id)"""
Decide = Callable[[KeptQuota, Level], QuotaStep | Refusal | None]


class QuotaLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many base units of a SKU in a warehouse."""

    sku: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    warehouse: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]


class QuotaWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units to be kept for orders of an account, with a campaign, of a customer: one at least, and all that are given
    have to fit. `draw_order` below 0: drawn before the general pool, else behind. `ends_at` null: until closed."""

    lines: Annotated[list[QuotaLine], msgspec.Meta(min_length=1, max_length=LINES_MAX)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
    account: Annotated[str, msgspec.Meta(max_length=200)] = ""
    campaign: Annotated[str, msgspec.Meta(max_length=100)] = ""
    customer: Annotated[str, msgspec.Meta(max_length=100)] = ""
    draw_order: Annotated[int, msgspec.Meta(ge=-1000, le=1000)] = -1
    may_fall_through: bool = True
    starts_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    ends_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    promised_on: date | None = None
    """A presale: nothing is set aside, goods that are not there are sold, to be sent on this day. It may be for all."""


class QuotaBook(Protocol):
    """Where quotas are kept."""

    async def add(self, quotas: Sequence[KeptQuota], call: str) -> None: ...
    async def places(self, numbers: Sequence[str]) -> dict[str, Key]: ...
    async def of_call(self, call: str) -> list[KeptQuota]: ...
    async def bundles(self, skus: Sequence[int]) -> set[int]: ...
    async def lock(self, numbers: Sequence[str]) -> list[KeptQuota]: ...
    async def due(self, at: datetime, limit: int) -> list[str]: ...
    async def write(self, quotas: Sequence[KeptQuota]) -> None: ...
    async def tell(self, skus: Sequence[int]) -> None: ...


class Numbers(Protocol):
    """Subjects: their numbers and locks."""

    async def next_number(self, kind: LoggedKind, day: date) -> str: ...
    async def lock(self, numbers: Sequence[str]) -> dict[str, LoggedSubject]: ...


class QuotaLevels(Protocol):
    """Stock levels, locked."""

    async def levels(self, keys: Sequence[Key]) -> dict[Key, Level]: ...


class QuotaWork(Protocol):
    """The transaction of a change of quotas."""

    @property
    def quotas(self) -> QuotaBook: ...
    @property
    def subjects(self) -> Numbers: ...
    @property
    def ledger(self) -> QuotaLevels: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...
    async def done_before(self, key: str, by: str) -> tuple[bytes, str] | None: ...
    async def remember_call(self, key: str, by: str, digest: bytes, order_id: str, at: datetime) -> None: ...


Begin = Callable[[], AbstractAsyncContextManager[QuotaWork]]


class NotPlanned(Exception):
    """Nothing is planned, and no number is drawn: `answer` says what there is, or why not."""

    quotes_nothing = True

    def __init__(self, answer: list[str] | Refusal) -> None:
        super().__init__("not_planned")
        self.answer = answer


async def plan_quotas(
    begin: Begin, wish: QuotaWish, skus: Mapping[str, int], directory: Directory, call: str, actor: str, at: datetime,
    new_id: Callable[[], str],
) -> list[str] | Refusal:
    """Numbers of the new quotas, open already when their time has come. `skus`: ids of the SKUs that whoever asks sees;
    the same `call` again makes no second ones."""
    planned = _read(wish, skus, directory, at)
    if isinstance(planned, Refusal):
        return planned
    day = business_day(at, directory.business_zone)
    try:
        async with begin() as work:
            numbers = [await work.subjects.next_number(LoggedKind.QUOTA, day) for _ in planned]
            made = [replace(one, id=new_id(), number=number) for one, number in zip(planned, numbers, strict=True)]
            digest = sha256(msgspec.json.encode(wish)).digest()
            if (answer := await _in_the_way(work, made, call, actor, digest)) is not None:
                raise NotPlanned(answer)
            await work.remember_call(call, actor, digest, "", at)
            change = Change()
            for quota in made:
                subject = LoggedSubject(quota.id, LoggedKind.QUOTA, quota.number, at)
                change.tell(subject, _planned(quota, wish.reason), at, actor)
            await work.quotas.add(made, call)
            await work.save(change, at, actor)
    except NotPlanned as known:
        return known.answer
    await _step_all(begin, numbers, lambda q, level: due_step(q, level, at), actor, at)
    return numbers


async def resize_quota(
    begin: Begin, number: str, quantity: int, reason: str, actor: str, at: datetime,
) -> KeptQuota | Refusal:
    """The quota with another quantity, as far as it is free."""
    return await _step_one(begin, number, lambda q, level: resized(q, quantity, reason, level), actor, at)


async def close_quota(begin: Begin, number: str, reason: str, actor: str, at: datetime) -> KeptQuota | Refusal:
    """The quota, over: closed before it is left as it is."""
    return await _step_one(
        begin, number, lambda q, _: None if q.state is QuotaState.CLOSED else closed(q, reason), actor, at)


async def tend_quotas(begin: Begin, at: datetime) -> int:
    """Open, fill and close what is due; returns how many there were."""
    async with begin() as work:
        due = await work.quotas.due(at, DUE_MAX)
    if due:
        await _step_all(begin, due, lambda q, level: due_step(q, level, at), TEND.name, at)
    return len(due)


async def _in_the_way(
    work: QuotaWork, made: Sequence[KeptQuota], call: str, actor: str, digest: bytes,
) -> list[str] | Refusal | None:
    """The quotas that the same call made before, or why these cannot be. Who asks holds the day's count of numbers: two
    equal calls at once come one after the other."""
    if known := await work.quotas.of_call(call):
        before = await work.done_before(call, actor)
        is_same = before is None or before[0] == digest
        return [quota.number for quota in known] if is_same else Refusal("call_key_used", {})
    bundles = await work.quotas.bundles([quota.sku_id for quota in made])
    place = next((n for n, quota in enumerate(made, 1) if quota.sku_id in bundles), 0)
    return Refusal("quota_of_bundle", {"line": str(place)}) if place else None


async def _step_one(begin: Begin, number: str, decide: Decide, actor: str, at: datetime) -> KeptQuota | Refusal:
    found = await _step_all(begin, [number], decide, actor, at)
    return found[0] if found else Refusal("no_such_quota", {"quota": number})


async def _step_all(
    begin: Begin, numbers: Sequence[str], decide: Decide, actor: str, at: datetime,
) -> list[KeptQuota | Refusal]:
    """Lock subjects, levels and quotas, in this order; decide each on what the ones before leave; write."""
    for _ in range(TRIES_MAX):
        try:
            return await _try_all(begin, numbers, decide, actor, at)
        except Raced as raced:
            log.info("raced", quotas=len(numbers), why=str(raced))
    raise Raced(f"{len(numbers)} quotas lost {TRIES_MAX} races in a row")


async def _try_all(
    begin: Begin, numbers: Sequence[str], decide: Decide, actor: str, at: datetime,
) -> list[KeptQuota | Refusal]:
    async with begin() as work:
        places = await work.quotas.places(numbers)
        subjects = await work.subjects.lock(sorted(places))
        levels = await work.ledger.levels(sorted(set(places.values())))
        quotas = sorted(await work.quotas.lock(sorted(places)), key=lambda q: (q.draw_order, q.id))
        change, written, found = Change(), list[KeptQuota](), list[KeptQuota | Refusal]()
        for quota in quotas:
            level = levels[quota.sku_id, quota.warehouse_id]
            step = decide(quota, level)
            if isinstance(step, QuotaStep):
                _take(change, subjects[quota.number], step, level, actor, at)
                written.append(step.after)
            found.append(step.after if isinstance(step, QuotaStep) else step or quota)
        if written:
            await work.quotas.write(written)
            await work.save(change, at, actor)
            await work.quotas.tell(sorted({quota.sku_id for quota in written}))
    return found


def _take(
    change: Change, subject: LoggedSubject, step: QuotaStep, level: Level, actor: str, at: datetime,
) -> None:
    after = change.tell(subject, step.event, at, actor)
    line = step.movement(f"{subject.number}/{after.event_count}", subject.number, actor, at)
    if line is not None:
        apply(level, line)
        change.movements.append(line)


def _read(wish: QuotaWish, skus: Mapping[str, int], directory: Directory, at: datetime) -> list[KeptQuota] | Refusal:
    """The quotas that are wished for, without id and number."""
    account = directory.account_by_code(wish.account) if wish.account else None
    if wish.account and account is None:
        return Refusal("unknown_account", {"account": wish.account})
    if not (wish.account or wish.campaign.strip() or wish.customer.strip() or wish.promised_on):
        return Refusal("quota_for_nobody", {})
    starts_at = wish.starts_at or at
    if wish.ends_at is not None and wish.ends_at <= max(starts_at, at):
        return Refusal("ends_before_it_starts", {"ends_at": wish.ends_at.isoformat()})
    houses = {w.code: w.id for w in directory.warehouses}
    found: dict[Key, KeptQuota] = {}
    for place, line in enumerate(wish.lines, 1):
        sku_id, house = skus.get(line.sku), houses.get(line.warehouse)
        if sku_id is None:
            return Refusal("unknown_sku", {"sku": line.sku, "line": str(place)})
        if house is None:
            return Refusal("unknown_warehouse", {"warehouse": line.warehouse, "line": str(place)})
        if (sku_id, house) in found:
            return Refusal("twice", {"line": str(place)})
        found[sku_id, house] = KeptQuota(
            "", "", sku_id, house, account.id if account else None, wish.campaign.strip(), wish.customer.strip(),
            line.quantity, 0, 0, wish.draw_order, wish.may_fall_through, starts_at, wish.ends_at, QuotaState.PLANNED,
            wish.promised_on is not None, wish.promised_on)
    return list(found.values())


def _planned(quota: KeptQuota, reason: str) -> QuotaPlanned:
    named = {name: getattr(quota, name) for name in QuotaPlanned.__struct_fields__ if name != "reason"}
    return QuotaPlanned(**named, reason=reason)
