"""Discard parked messages that a person looked at and that are nothing to act on: junk, a test, a row of sums.

Nothing is deleted: the bytes, the reason for which it was parked and who decided stay, it stays counted (`discarded`),
and a replay takes it through the route again. A case ends when the last message that it is about is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within

DISCARD_MAX = 1_000
REASON_LENGTH_MAX = 2_000


class Stored(NamedTuple):
    """A message as it stood when it was locked: `reason` and `park_key` name the case that waits for it."""

    id: str
    outcome: str
    reason: str
    park_key: str


class Parked(Protocol):
    """Where messages wait, in one transaction."""

    async def of_case(self, case_id: str, limit: int) -> list[str]: ...
    async def lock(self, ids: Sequence[str]) -> list[Stored]: ...
    async def put_away(self, ids: Sequence[str], reason: str, by: str, at: datetime) -> None: ...
    async def close_cases(self, keys: Sequence[tuple[str, str]], reason: str, by: str, at: datetime) -> int: ...


class Discarded(msgspec.Struct, frozen=True):
    """How many messages were discarded, and how many cases ended with them. `is_more`: the case has others left."""

    messages: int
    cases_closed: int
    is_more: bool = False


async def discard(within: Within[Parked], ids: Sequence[str], reason: str, by: str, at: datetime) -> Discarded:
    """Discard these, together or not at all. Raises NotKept when one of them is unknown or is not parked."""
    async with within() as parked:
        return await put_away(parked, ids, reason, by, at)


async def put_away(parked: Parked, ids: Sequence[str], reason: str, by: str, at: datetime) -> Discarded:
    """The same inside a transaction that is open already."""
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_LENGTH_MAX:
        raise NotKept("wrong_value", f"reason：写明原因，1 到 {REASON_LENGTH_MAX} 个字",
                      f"reason: say why, in 1 to {REASON_LENGTH_MAX} characters")
    wanted = sorted(set(ids))
    if not 0 < len(wanted) <= DISCARD_MAX:
        raise NotKept("wrong_value", f"一次作废 1 到 {DISCARD_MAX} 条", f"from 1 to {DISCARD_MAX} messages at once")
    found = await parked.lock(wanted)
    if missing := sorted(set(wanted) - {one.id for one in found}):
        raise NotKept("not_found", f"没有消息 {missing[0]}", f"there is no message {missing[0]}")
    if odd := [one for one in found if one.outcome != "parked"]:
        raise NotKept("not_parked", f"消息 {odd[0].id} 不是搁置的（{odd[0].outcome}），只有搁置的消息可以作废",
                      f"message {odd[0].id} is {odd[0].outcome}: only parked messages can be discarded")
    await parked.put_away(wanted, reason, by, at)
    keys = sorted({(one.reason, one.park_key or one.id) for one in found})
    return Discarded(len(found), await parked.close_cases(keys, reason, by, at))


async def discard_case(within: Within[Parked], case_id: str, reason: str, by: str, at: datetime) -> Discarded:
    """Discard all parked messages that a case is about, so many at once. Raises NotKept when there are none."""
    async with within() as parked:
        found = await parked.of_case(case_id, DISCARD_MAX + 1)
        if not found:
            raise NotKept("nothing_to_discard", f"异常单 {case_id} 没有搁置的消息；要关闭它用 orderloom case resolve",
                          f"case {case_id} has no parked messages; to close it use orderloom case resolve")
        done = await put_away(parked, found[:DISCARD_MAX], reason, by, at)
    return msgspec.structs.replace(done, is_more=len(found) > DISCARD_MAX)
