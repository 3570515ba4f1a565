"""Give a label back to its carrier: when a person asks for it, and by itself when its work was cancelled.

A label that was asked for before the work was cancelled may be bought after it: it is marked in the transaction that
cancels, and given back as soon as it is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import structlog

from orderloom.application.ask_once import Carry, undo_once
from orderloom.application.box_commands import GiveLabelBack
from orderloom.application.buy_label import Label
from orderloom.application.commands import Outcome
from orderloom.application.directory import Directory
from orderloom.application.handle import Handler
from orderloom.application.ports import able
from orderloom.application.sources.hub import OutwardHub
from orderloom.application.within import Within
from orderloom.domain.actor import Actor, clock
from orderloom.domain.refusal import Refusal

UNWANTED_AT_ONCE_MAX = 100
VOIDER = clock("void_label")
log = structlog.get_logger()


class Unwanted(NamedTuple):
    """A label that was bought for work that does not go out."""

    label: Label
    account_id: int


class GivingBack(Protocol):
    """Where labels are kept, in the transaction of the command."""

    async def give_label_back(self, number: str, at: datetime) -> bool:
        """Write down that it is given back; False when it is not one that was bought."""


class LabelShelf(Protocol):
    """Where they are looked for, in a transaction of its own."""

    async def unwanted(self, accounts: Sequence[int], limit: int) -> list[Unwanted]: ...
    async def spare(self, numbers: Sequence[str]) -> None:
        """These stay bought."""


class VoidingPorts(Protocol):
    """Where labels are kept."""

    @property
    def labels(self) -> Within[LabelShelf]: ...


class VoidingHub(OutwardHub, Protocol):
    """What of the hub is needed."""

    @property
    def handler(self) -> Handler: ...
    @property
    def ports(self) -> VoidingPorts: ...


async def void_label(carry: Carry, command: GiveLabelBack, at: datetime) -> Outcome | None:
    """Ask the carrier to take it back; an Outcome says why not."""

    async def undo(book: GivingBack) -> bool:
        return await book.give_label_back(command.number, at)

    missing = Outcome(refusal="label_not_bought", particulars={"label": command.number})
    return await undo_once(carry, command, "label_cancel", undo, missing)


def meant_back(label: Label | None, number: str, reason: str, actor: Actor, directory: Directory,
               takes_back: Sequence[str]) -> GiveLabelBack | Refusal:
    """The request that a person means, or why it cannot be made."""
    account = directory.account_by_code(label.account) if label else None
    if label is None or account is None or label.state != "bought":
        return Refusal("label_not_bought", {"label": label.number if label else number})
    if account.connector not in takes_back:
        return Refusal("no_cancelling", {"account": account.code})
    return _command(Unwanted(label, account.id), reason, actor)


def _command(found: Unwanted, reason: str, actor: Actor) -> GiveLabelBack:
    label = found.label
    return GiveLabelBack(
        actor=actor, work_no=label.work, box=label.box, purpose=label.purpose, account_id=found.account_id,
        account=label.account, carrier=label.carrier, number=label.number, waybill=label.waybill, reason=reason)


class Voider:
    """Gives back what was bought for work that does not go out."""

    def __init__(self, hub: VoidingHub) -> None:
        self._hub = hub

    async def step(self) -> int:
        """Ask for all that are there; returns how many were."""
        takes_back = able(self._hub.manifests, "label_cancel")
        accounts = [a.id for a in (await self._hub.directory()).accounts.values()
                    if a.connector in takes_back and a.is_active]
        if not accounts:
            return 0
        async with self._hub.ports.labels() as shelf:
            found = await shelf.unwanted(accounts, UNWANTED_AT_ONCE_MAX)
        spared = []
        for one in found:
            asked = _command(one, "作业单已取消 / cancelled", VOIDER)
            refused = await void_label(self._hub.handler.handle, asked, self._hub.now())
            if refused is not None:
                log.info("label_kept", label=one.label.number, why=refused.refusal)
                spared.append(one.label.number)
        if spared:
            async with self._hub.ports.labels() as shelf:
                await shelf.spare(spared)
        return len(found)
