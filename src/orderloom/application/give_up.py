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
from orderloom.application.within import Within
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


class ParkedDeliveries(Protocol):
    """Where deliveries wait, in one transaction."""

    async def lock_deliveries(self, ids: Sequence[str]) -> list[Stuck]: ...
    async def parked_of_case(self, case_id: str, limit: int) -> list[str]: ...


class StuckDeliveries(Protocol):
    """The same in the transaction of the commands."""

    async def lock_deliveries(self, ids: Sequence[str]) -> list[Stuck]: ...
    async def give_up(self, ids: Sequence[str], reason: str, by: str, at: datetime) -> int: ...


Beside = Callable[[StuckDeliveries, Change], Awaitable[None]]
Carry = Callable[[Sequence[AnyCommand], Beside], Awaitable[object]]


class GivenUp(msgspec.Struct, frozen=True):
    """How many deliveries were given up, and how many cases ended with them. `is_more`: the case has others left."""

    deliveries: int
    cases_closed: int
    is_more: bool = False


async def give_up(
    carry: Carry, within: Within[ParkedDeliveries], ids: Sequence[str], reason: str, by: Actor, at: datetime,
) -> GivenUp:
    """Give these up, together or not at all; `carry` takes what their orders hear of it through the route.

    Raises NotKept when one of them is unknown or is not parked.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_LENGTH_MAX:
        raise NotKept("wrong_value", f"reason：写明原因，1 到 {REASON_LENGTH_MAX} 个字",
                      f"reason: say why, in 1 to {REASON_LENGTH_MAX} characters")
    wanted = sorted(set(ids))
    if not 0 < len(wanted) <= GIVE_UP_MAX:
        raise NotKept("wrong_value", f"一次放弃 1 到 {GIVE_UP_MAX} 条", f"from 1 to {GIVE_UP_MAX} deliveries at once")
    async with within() as outbox:
        seen = await outbox.lock_deliveries(wanted)
    _are_parked(wanted, seen)
    closed: list[int] = []

    async def beside(stuck: StuckDeliveries, change: Change) -> None:
        _are_parked(wanted, await stuck.lock_deliveries(wanted))
        closed.append(await stuck.give_up(wanted, reason, by.name, at))

    await carry([_answer(one, reason, by) for one in seen if _is_news(one)], beside)
    return GivenUp(len(wanted), closed[-1])


async def give_up_case(
    carry: Carry, within: Within[ParkedDeliveries], case_id: str, reason: str, by: Actor, at: datetime,
) -> GivenUp:
    """The same for all parked deliveries that a case is about, so many at once. Raises NotKept when there are none."""
    async with within() as outbox:
        found = await outbox.parked_of_case(case_id, GIVE_UP_MAX + 1)
    if not found:
        raise NotKept("nothing_to_give_up", f"异常单 {case_id} 没有搁置的推送；要关闭它用 orderloom case resolve",
                      f"case {case_id} has no parked deliveries; to close it use orderloom case resolve")
    done = await give_up(carry, within, found[:GIVE_UP_MAX], reason, by, at)
    return msgspec.structs.replace(done, is_more=len(found) > GIVE_UP_MAX)


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
