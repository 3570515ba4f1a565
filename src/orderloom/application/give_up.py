"""Give up parked deliveries that a person looked at and that are not to be sent: later ones of their order go out.

Nothing is deleted: what was to be sent, what the target said and who gave it up stay, and it can be sent again. An
order whose work, or recall of work, never arrived hears of it as of a refusal.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from orderloom.application.change import Change
from orderloom.application.commands import AnyCommand, HearAnswer
from orderloom.application.deliver import is_verdict
from orderloom.application.not_kept import NotKept
from orderloom.domain.actor import Actor

GIVE_UP_MAX = 1_000
REASON_LENGTH_MAX = 2_000
GIVEN_UP = "given_up"


class Stuck(NamedTuple):
    """A delivery as it stands; `error` is the code of its last one, `work_no` empty when it is about no work."""

    id: str
    state: str
    kind: str
    order_id: str | None
    work_no: str
    attempts: int
    error: str


class Outbox(Protocol):
    """Where deliveries wait; one transaction of the caller's."""

    async def hold_deliveries(self, ids: Sequence[str]) -> list[Stuck]: ...
    async def give_up(self, ids: Sequence[str], reason: str, by: str, at: datetime) -> int: ...


Beside = Callable[[Outbox, Change], Awaitable[None]]
Carry = Callable[[Sequence[AnyCommand], Beside], Awaitable[object]]


class GivenUp(msgspec.Struct, frozen=True):
    """How many deliveries were given up, and how many cases ended with them. `is_more`: the case has others left."""

    deliveries: int
    cases_closed: int
    is_more: bool = False


async def give_up(
    carry: Carry, seen: Sequence[Stuck], ids: Sequence[str], reason: str, by: Actor, at: datetime,
) -> GivenUp:
    """Give these up, together or not at all; `seen` are those of them that there are.

    Raises NotKept when one of them is unknown or is not parked.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_LENGTH_MAX:
        raise NotKept("wrong_value", f"reason：写明原因，1 到 {REASON_LENGTH_MAX} 个字",
                      f"reason: say why, in 1 to {REASON_LENGTH_MAX} characters")
    wanted = sorted(set(ids))
    if not 0 < len(wanted) <= GIVE_UP_MAX:
        raise NotKept("wrong_value", f"一次放弃 1 到 {GIVE_UP_MAX} 条", f"from 1 to {GIVE_UP_MAX} deliveries at once")
    _are_parked(wanted, seen)
    closed: list[int] = []

    async def beside(outbox: Outbox, change: Change) -> None:
        _are_parked(wanted, await outbox.hold_deliveries(wanted))
        closed.append(await outbox.give_up(wanted, reason, by.name, at))

    await carry([_answer(one, reason, by) for one in seen if _is_news(one)], beside)
    return GivenUp(len(wanted), closed[-1])


def _are_parked(wanted: Sequence[str], found: Sequence[Stuck]) -> None:
    if missing := sorted(set(wanted) - {one.id for one in found}):
        raise NotKept("not_found", f"没有推送 {missing[0]}", f"there is no delivery {missing[0]}")
    if odd := [one for one in found if one.state != "parked"]:
        raise NotKept("not_parked", f"推送 {odd[0].id} 不是搁置的（{odd[0].state}），只有搁置的推送可以放弃",
                      f"delivery {odd[0].id} is {odd[0].state}: only parked deliveries can be given up")


def _is_news(one: Stuck) -> bool:
    """Whether the order has not heard yet that it did not arrive: a target's no was told when it came."""
    return bool(one.order_id and one.work_no) and not is_verdict(one.attempts, one.error)


def _answer(one: Stuck, reason: str, by: Actor) -> HearAnswer:
    return HearAnswer(actor=by, order_id=one.order_id or "", kind=one.kind, work_no=one.work_no, error=GIVEN_UP,
                      message=reason[:500])
