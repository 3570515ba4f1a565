"""Send the outbox: every target on its own, so that a slow one holds up nobody else. What comes of it is told to the
orders, and opens or ends cases.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any, Protocol

import msgspec

from orderloom.application.change import CaseOpened, Change
from orderloom.application.commands import HearAnswer
from orderloom.application.deliver import MESSAGE, OF_BOXES, STOCK, Leased, Tried, is_verdict, per_call, send_all
from orderloom.application.directory import Directory
from orderloom.application.handle import Handler, UnitOfWork
from orderloom.application.ports import Account, Manifest, PaceKeeper, Rate
from orderloom.application.sources.hub import OutwardHub
from orderloom.application.within import Within
from orderloom.domain.actor import clock

FLYING_MAX = 4
"""Groups of one target that are on their way at once."""
HEARD, HEARD_DONE = ("work", "work_cancel", "decision"), OF_BOXES
"""Kinds whose end their order hears of, and those of which it hears only that they were done."""
DELIVER = clock("deliver")


class Targets(Protocol):
    """For whom something waits."""

    async def targets(self, at: datetime) -> list[int]:
        """Their accounts."""


class LeasedDeliveries(Protocol):
    """What waits to be sent, in one transaction."""

    async def take(self, account_id: int, rate: Rate, at: datetime, per_call: int) -> list[Leased]:
        """Lease what the target's rate allows now."""


class SendingPorts(Protocol):
    """Where it waits."""

    @property
    def targets(self) -> Within[Targets]: ...
    @property
    def leasing(self) -> Within[LeasedDeliveries]: ...


class SendingHub(OutwardHub, Protocol):
    """What of the hub is needed to send."""

    @property
    def handler(self) -> Handler: ...
    @property
    def ports(self) -> SendingPorts: ...


class Deliverer:
    """Keeps one sending task per target."""

    def __init__(self, hub: SendingHub) -> None:
        self._hub = hub
        self._busy: dict[int, asyncio.Task[int]] = {}
        self._pausing: set[int] = set()
        """Targets whose last turn could send nothing: their rate does not allow it now."""

    async def step(self) -> int:
        """Start sending to every target that something waits for; returns how many were, but for those that pause."""
        async with self._hub.ports.targets() as outbox:
            waiting = await outbox.targets(self._hub.now())
        for account_id, task in list(self._busy.items()):
            if task.done():
                del self._busy[account_id]
                self._pausing.discard(account_id)
                if not task.result():
                    self._pausing.add(account_id)
        started = [a for a in waiting if a not in self._busy]
        for account_id in started:
            self._busy[account_id] = asyncio.create_task(self._target(account_id))
        return len([a for a in started if a not in self._pausing])

    async def drain(self) -> None:
        """Wait until what is being sent has ended."""
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _target(self, account_id: int) -> int:
        """Send until the target's bucket or queue is empty; returns how many were taken."""
        directory = await self._hub.directory()
        account = directory.accounts.get(account_id)
        if account is None or not account.is_active or account.is_watching \
                or account.connector not in self._hub.connectors:
            return 0  # what it is to be told waits until its connector is there again
        manifest = self._hub.manifests[account.connector]
        flying: set[asyncio.Task[None]] = set()
        taken = 0
        try:
            while leased := await self._take(account, rate_of(account, manifest)):
                taken += len(leased)
                flying.add(asyncio.create_task(self._send(leased, account, manifest)))
                if len(flying) >= FLYING_MAX:
                    done, flying = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
                    for task in done:
                        task.result()
        finally:
            await asyncio.gather(*flying)
        return taken

    async def _send(self, leased: Sequence[Leased], account: Account, manifest: Manifest) -> None:
        """Send a group and finish it, while the next group may be on its way."""
        connector = self._hub.connectors[account.connector]
        sent = await send_all(leased, account, connector, manifest, self._hub.outside.client(account), self._hub.now())
        if isinstance(connector, PaceKeeper) and connector.keeps_pace:
            sent = [msgspec.structs.replace(one, retry_after=0.0) for one in sent]  # the others need not wait with it
        await self._finish(sent, self._hub.now())

    async def _take(self, account: Account, rate: Rate) -> list[Leased]:
        calls = per_call(self._hub.connectors[account.connector], "work")
        async with self._hub.ports.leasing() as outbox:
            return await outbox.take(account.id, rate, self._hub.now(), calls)

    async def _finish(self, sent: Sequence[Tried], at: datetime) -> None:
        """Write down how the tries ended, with what it means for the orders, in one transaction."""
        directory = await self._hub.directory()

        async def beside(work: UnitOfWork, change: Change) -> None:
            await work.finish_deliveries(sent, at)
            opened, resolved = cases_of(sent, directory, at)
            change.cases += opened
            change.resolved += resolved

        await self._hub.handler.handle(commands_of(sent), beside)


def rate_of(account: Account, manifest: Manifest) -> Rate:
    """The account's own rate where it has one (a bigger contract with the platform), else the manifest's."""
    own = account.settings.get("rate")
    return Rate(float(own["per_second"]), float(own["burst"])) if isinstance(own, dict) else manifest.rate


def rates_of(account: Account, manifest: Manifest, api: str) -> tuple[Rate, Rate]:
    """What an account may do in all, and what of one API: its own settings first, else the manifest's.

    APIs are named as they are or by a pattern (`orders.*`), the first that fits.
    """
    whole, own = rate_of(account, manifest), account.settings.get("rates")
    if isinstance(own, dict) and (found := _named(api, own)) and isinstance(rate := own[found], dict):
        return whole, Rate(float(rate["per_second"]), float(rate["burst"]))
    found = _named(api, manifest.rates)
    return whole, manifest.rates[found] if found else whole


def _named(api: str, rates: Mapping[str, object]) -> str:
    return api if api in rates else next((name for name in rates if fnmatchcase(api, name)), "")


def commands_of(sent: Sequence[Tried]) -> list[HearAnswer]:
    """What the ends of deliveries mean for their orders."""
    return [
        HearAnswer(actor=DELIVER, order_id=s.leased.order_id, kind=s.leased.kind,
                       work_no=str(s.leased.body["application" if s.leased.kind == "decision" else "work_no"]),
                       error=s.error, message=s.message)
        for s in sent
        if s.leased.order_id and (s.leased.kind in HEARD or (s.leased.kind in HEARD_DONE and s.state == "done"))
        and (s.state == "done" or (s.state == "parked" and is_verdict(s.leased.attempt, s.error)))
    ]


def cases_of(
    sent: Sequence[Tried], directory: Directory, at: datetime,
) -> tuple[list[CaseOpened], list[tuple[str, str]]]:
    """Cases for what is parked, and those that a delivery that arrived puts right."""
    blueprint = directory.blueprints[directory.blueprint_active]
    opened: list[CaseOpened] = []
    resolved: list[tuple[str, str]] = []
    for s in sent:
        if s.leased.kind == MESSAGE:
            _of_message(s, directory, at, opened, resolved)
        elif s.state == "done":
            resolved += [("delivery_parked", s.leased.id), ("delivery_refused", s.leased.id)]
            if s.leased.kind == STOCK:
                resolved += [("figure_refused", _listing(s, figure, directory)) for figure in s.leased.body["figures"]
                             if figure["sku_external"] not in s.refused]
                opened += _of_refused(s, directory, at) if s.refused else []
        elif s.state == "parked":
            is_no = is_verdict(s.leased.attempt, s.error) or s.error == "oversize_field"
            kind = "delivery_refused" if is_no else "delivery_parked"
            rule = blueprint.case(kind)
            opened.append(CaseOpened(
                kind, s.leased.id,
                {"delivery": s.leased.id, "to": directory.accounts[s.leased.account_id].code, "kind": s.leased.kind,
                 "error": s.error, "message": s.message[:500], "attempts": s.leased.attempt},
                s.leased.order_id, s.leased.account_id, rule.owner, at + timedelta(seconds=rule.limit_seconds),
                f"target:{directory.accounts[s.leased.account_id].code}:{s.error}", rule.group_over,
            ))
    return opened, resolved


def _listing(s: Tried, figure: Mapping[str, Any], directory: Directory) -> str:
    """What a case about a figure is about."""
    return f"{directory.accounts[s.leased.account_id].code}:{figure['sku_external']}"


def _of_refused(s: Tried, directory: Directory, at: datetime) -> list[CaseOpened]:
    """A case for each figure that the channel refused, by listing; one that it takes closes the one before."""
    code = directory.accounts[s.leased.account_id].code
    rule = directory.blueprints[directory.blueprint_active].case("figure_refused")
    return [CaseOpened(
        "figure_refused", _listing(s, figure, directory),
        {"account": code, "listing": listing, "quantity": figure["quantity"], "error": s.error,
         "message": s.refused[listing][:500], "delivery": s.leased.id},
        None, s.leased.account_id, rule.owner, at + timedelta(seconds=rule.limit_seconds), f"target:{code}:{s.error}",
        rule.group_over)
        for figure in s.leased.body["figures"] if (listing := figure["sku_external"]) in s.refused]


def _of_message(
    s: Tried, directory: Directory, at: datetime, opened: list[CaseOpened], resolved: list[tuple[str, str]],
) -> None:
    """One case for a messenger and recipient, however many messages: each would be told of, by more messages."""
    code, to = directory.accounts[s.leased.account_id].code, str(s.leased.body.get("to", ""))
    if s.state == "done":
        resolved += [("messenger_unwell", code), ("messenger_unwell", f"{code}/{to}")]
    elif s.state == "parked":
        rule = directory.blueprints[directory.blueprint_active].case("messenger_unwell")
        opened.append(CaseOpened(
            "messenger_unwell", f"{code}/{to}", {"delivery": s.leased.id, "to": code, "recipient": to,
                                                 "error": s.error, "attempts": s.leased.attempt},
            None, s.leased.account_id, rule.owner, at + timedelta(seconds=rule.limit_seconds),
            f"target:{code}:{s.error}", rule.group_over))
