"""Reads single records after a list that only names them, and what belongs beside each: in batches, exact bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from orderloom.adapters.halving import NotTheAnswer
from orderloom.adapters.kit.cut import parsed, records
from orderloom.adapters.kit.paths import SELF, look, text
from orderloom.adapters.kit.plan import BesidePlan, DetailsPlan, ListPlan
from orderloom.adapters.kit.platform import Platform
from orderloom.application.ports import Item, Reread

KEPT_MAX = 5_000
READS_MAX = 2


class Record(NamedTuple):
    """A record of a list as it stands there, or as it was read by itself."""

    id: str
    body: bytes


class Found(NamedTuple):
    """What a page of a list became: messages to land, and what was asked for and not given."""

    items: tuple[Item, ...]
    missing: tuple[Reread, ...] = ()
    nameless: tuple[bytes, ...] = ()
    """Records that do not say who they are: nothing more can be asked of them."""


class Details:
    """Reads what lists name; what was read of an unchanged record is kept, so that an overlap costs no call."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str, bytes], bytes] = OrderedDict()

    async def complete(self, platform: Platform, plan: ListPlan, found: Sequence[bytes]) -> Found:
        """The messages for the records of a page. Raises Transient or Terminal."""
        each = plan.said.each
        listed = [Record(text(look(parsed(body), each.id)) if each.id else "", body) for body in found]
        if plan.then is None and not plan.also:
            return Found(tuple(Item(each.topic, one.body) for one in listed))
        nameless = tuple(one.body for one in listed if not one.id)
        listed = [one for one in listed if one.id]
        known = {one.body: body for one in listed if (body := self._look(platform, plan, one)) is not None}
        asked = [one for one in listed if one.body not in known]
        whole, missing = await self.read(platform, plan, plan.then, asked)
        for one in asked:
            if one.id in whole:
                known[one.body] = whole[one.id]
                self._keep(platform, plan, one, whole[one.id])
        topic = plan.then.said.topic or each.topic if plan.then else each.topic
        return Found(tuple(Item(topic, known[one.body]) for one in listed if one.body in known), missing,
                     nameless)

    async def read(
        self, platform: Platform, plan: ListPlan, then: DetailsPlan | None, asked: Sequence[Record]
    ) -> tuple[dict[str, bytes], tuple[Reread, ...]]:
        """By id the whole message, and the ids that were not given."""
        missing: tuple[Reread, ...] = ()
        if then is None:
            found = {one.id: one.body for one in asked}
        else:
            found = await _ask_all(platform, then, asked)
            left = [one for one in asked if one.id not in found]
            if left and then.said.missing == "keep":
                found |= {one.id: one.body for one in left}
                left = []
            missing = tuple(Reread(plan.name, one.id) for one in left) if then.said.missing == "again" else ()
        for name, beside in plan.also.items():
            found = await _with(platform, plan, name, beside, found)
        return found, missing

    def _key(self, platform: Platform, plan: ListPlan, one: Record) -> tuple[int, str, bytes] | None:
        """A record that does not say when it changed may have changed behind the same words."""
        if not plan.said.each.version or look(parsed(one.body), plan.said.each.version) is None:
            return None
        return (platform.account.id, plan.name, sha256(one.body).digest())

    def _look(self, platform: Platform, plan: ListPlan, one: Record) -> bytes | None:
        key = self._key(platform, plan, one)
        return None if key is None else self._kept.get(key)

    def _keep(self, platform: Platform, plan: ListPlan, one: Record, body: bytes) -> None:
        key = self._key(platform, plan, one)
        if key is not None:
            self._kept[key] = body
            if len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)


async def _ask_all(platform: Platform, plan: DetailsPlan, asked: Sequence[Record]) -> dict[str, bytes]:
    """By id the records that the platform gives; what it leaves out is asked for once more."""
    found: dict[str, bytes] = {}
    for _ in range(READS_MAX):
        left = [one for one in asked if one.id not in found]
        for start in range(0, len(left), plan.said.at_most):
            found |= await _ask(platform, plan, left[start:start + plan.said.at_most])
        if all(one.id in found for one in asked):
            break
    return found


async def _ask(platform: Platform, plan: DetailsPlan, asked: Sequence[Record]) -> dict[str, bytes]:
    names = _names(asked)
    wanted = {one.id for one in asked}
    try:
        answer = await platform.ask(plan.question, names, is_lenient=True)
        bodies = records(answer.heard.body, plan.said.cut or SELF)
    except NotTheAnswer:
        return {}
    if len(asked) == 1 and len(bodies) == 1 and not plan.said.id:
        return {asked[0].id: bodies[0]}
    return {key: body for body in bodies if (key := text(look(parsed(body), plan.said.id))) in wanted}


def _names(asked: Sequence[Record]) -> Mapping[str, Any]:
    return {"ids": [one.id for one in asked], "id": asked[0].id, "record": parsed(asked[0].body) or {},
            "records": [parsed(one.body) or {} for one in asked]}


async def _with(
    platform: Platform, plan: ListPlan, name: str, beside: BesidePlan, found: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Each message with what belongs beside it, as one block of exact bytes."""
    asked = [Record(key, body) for key, body in found.items()]
    besides = await _ask_all(platform, DetailsPlan(beside.said, beside.question), asked)
    whole = {}
    for key, body in found.items():
        if key not in besides:
            continue
        part = besides[key]
        if beside.said.take:
            taken = records(part, beside.said.take)
            part = b"[" + b",".join(taken) + b"]" if part_is_list(part, beside.said.take) else b"".join(taken)
        whole[key] = compose(plan.said.each.name, body, name, part)
    return whole


def part_is_list(part: bytes, path: str) -> bool:
    """Whether a list stands there."""
    return isinstance(look(parsed(part), path), list | None)


def compose(first: str, body: bytes, name: str, part: bytes) -> bytes:
    """`{"order": …, "items": …}`; a message that is such a block already gets one more."""
    key = msgspec.json.encode(name)
    opening = b'{"' + first.encode() + b'":'
    if body.startswith(opening) and body.endswith(b"}"):
        return body[:-1] + b"," + key + b":" + part + b"}"
    return opening + body + b"," + key + b":" + part + b"}"
