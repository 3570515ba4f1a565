"""Send ended deliveries again, under the same ids; what is still waiting, or was called back, is not sent twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from orderloom.application.within import Within


class EndedDeliveries(Protocol):
    """Where deliveries wait and are kept, in one transaction."""

    async def parked(self, account_id: int | None) -> list[str]: ...
    async def pruned(self, ids: Sequence[str]) -> list[str]:
        """Those whose text is not kept any more."""
    async def resend(self, ids: Sequence[str], at: datetime, by: str) -> list[str]: ...
    async def pruned_range(
        self, account_id: int, since: datetime, until: datetime, states: Sequence[str],
    ) -> int: ...
    async def ended_range(
        self, account_id: int, since: datetime, until: datetime, states: Sequence[str],
    ) -> list[str]: ...


class SentOnceMore(NamedTuple):
    """What will be sent again; `pruned` stand in the way, because their text is not kept any more: then none is."""

    ids: list[str]
    pruned: list[str]


async def resend(within: Within[EndedDeliveries], ids: Sequence[str], by: str, at: datetime) -> SentOnceMore:
    """These, together or not at all; those that still wait or were called back are passed over."""
    async with within() as deliveries:
        return await _resend(deliveries, ids, by, at)


async def resend_parked(
    within: Within[EndedDeliveries], account_id: int | None, by: str, at: datetime,
) -> SentOnceMore:
    """All that are parked, of one account or (None) of every one."""
    async with within() as deliveries:
        return await _resend(deliveries, await deliveries.parked(account_id), by, at)


async def resend_range(
    within: Within[EndedDeliveries], account_id: int, since: datetime, until: datetime, states: Sequence[str], by: str,
    at: datetime,
) -> tuple[list[str], int]:
    """All that an account was to get in a span of time and that ended in one of the states; and how many of them are
    not sent because their text is not kept any more."""
    async with within() as deliveries:
        ended = await deliveries.ended_range(account_id, since, until, states)
        return await deliveries.resend(ended, at, by), await deliveries.pruned_range(account_id, since, until, states)


async def _resend(deliveries: EndedDeliveries, ids: Sequence[str], by: str, at: datetime) -> SentOnceMore:
    if not ids:
        return SentOnceMore([], [])
    pruned = await deliveries.pruned(ids)
    return SentOnceMore([] if pruned else await deliveries.resend(ids, at, by), pruned)
