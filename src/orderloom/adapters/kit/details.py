"""Reads single records after a list that only names them, and what belongs beside each: in batches, exact bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from orderloom.adapters.halving import NotTheAnswer
from orderloom.adapters.kit.cut import parsed, records
from orderloom.adapters.kit.links import next_in
from orderloom.adapters.kit.paths import SELF, look, text
from orderloom.adapters.kit.plan import BesidePlan, DetailsPlan, ListPlan
from orderloom.adapters.kit.platform import OURS, Platform
from orderloom.application.ports import Item, Reread, Terminal, Transient

KEPT_MAX = 20_000
READS_MAX = 2
AT_ONCE = 20
"""So many questions are asked before what they gave is given out: reading a page may take minutes."""
BESIDE_PAGES_MAX = 50
NAMELESS = "记录没有编号，无法读取详情 / a record without its number: its details cannot be asked for"
PARTLESS = "订单的一部分无法读取 / a part of the record could not be read"


class Record(NamedTuple):
    """A record of a list as it stands there, or as it was read by itself."""

    id: str
    body: bytes


class Found(NamedTuple):
    """What records of a list became: messages to land, and what was asked for and not given."""

    items: tuple[Item, ...]
    missing: tuple[Reread, ...] = ()
    problems: tuple[tuple[bytes, str], ...] = ()
    """Records that stand alone, and why."""
    stopped: Transient | None = None
    """Trouble that came when these were read already."""


class Whole(NamedTuple):
    """Records with all that belongs to them, by id: messages, those of which a part could not be read, and the rest."""

    whole: dict[str, bytes]
    lone: dict[str, bytes] = {}
    missing: tuple[Reread, ...] = ()


class Details:
    """Reads what lists name; what was read of an unchanged record is kept, so that an overlap costs no call."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str, bytes], bytes] = OrderedDict()
        self._once: OrderedDict[tuple[int, str, bytes], bytes] = OrderedDict()
        """Of final records what was read last: kept is what reads the same twice, no answer that was spoilt."""

    async def complete(
        self, platform: Platform, plan: ListPlan, found: Sequence[bytes], names: Mapping[str, Any],
    ) -> Found:
        """The messages for records of a page. Raises Transient or Terminal when nothing of them was read."""
        each = plan.said.each
        listed = [Record(text(look(parsed(body), each.id)) if each.id else "", body) for body in found]
        if plan.then is None and not plan.also:
            return Found(tuple(Item(each.topic, one.body) for one in listed))
        nameless = [one.body for one in listed if not one.id]
        listed = [one for one in listed if one.id]
        known = {one.body: body for one in listed if (body := self._look(platform, plan, one, names)) is not None}
        asked = [one for one in listed if one.body not in known]
        lone, missing, stopped = dict[bytes, bytes](), list[Reread](), None
        for start in range(0, len(asked), _at_most(plan)):
            some = asked[start:start + _at_most(plan)]
            try:
                read = await self.read(platform, plan, plan.then, some, names)
            except Transient as trouble:
                if not known:
                    raise
                stopped = trouble
                break
            missing += read.missing
            for one in some:
                if one.id in read.whole:
                    known[one.body] = read.whole[one.id]
                    self._keep(platform, plan, one, read.whole[one.id], names)
                elif one.id in read.lone:
                    lone[one.body] = read.lone[one.id]
        topic = plan.then.said.topic or each.topic if plan.then else each.topic
        items = [Item(topic, known[one.body]) for one in listed if one.body in known]
        problems = [*((body, NAMELESS) for body in nameless), *((body, PARTLESS) for body in lone.values())]
        alone = next((one.said.without for one in plan.also.values() if one.said.without), "")
        if alone:
            items += [Item(alone, body, context=(("problem", words),)) for body, words in problems]
            problems = []
        return Found(tuple(items), tuple(missing), tuple(problems), stopped)

    async def read(
        self, platform: Platform, plan: ListPlan, then: DetailsPlan | None, asked: Sequence[Record],
        names: Mapping[str, Any],
    ) -> Whole:
        """The whole messages by id. Raises Transient or Terminal."""
        missing: tuple[Reread, ...] = ()
        if then is None:
            found = {one.id: one.body for one in asked}
        else:
            found = await _ask_all(platform, then, asked, names)
            left = [one for one in asked if one.id not in found]
            if left and then.said.missing == "keep":
                found |= {one.id: one.body for one in left}
                left = []
            missing = tuple(Reread(plan.name, one.id) for one in left) if then.said.missing == "again" else ()
        lone: dict[str, bytes] = {}
        for name, beside in plan.also.items():
            found, without = await _with(platform, plan, name, beside, found, names)
            if beside.said.without or (plan.one is None and plan.then is None):
                lone |= without
            else:
                missing += tuple(Reread(plan.name, one) for one in without)
        return Whole(found, lone, missing)

    def _key(
        self, platform: Platform, plan: ListPlan, one: Record, names: Mapping[str, Any]
    ) -> tuple[int, str, bytes] | None:
        """A record that does not say when it changed may have changed behind the same words."""
        if plan.said.each.final:  # as what it is over stands in the question: what was done may be undone
            walk = msgspec.json.encode([names.get(name) for name in plan.said.loop])
            return (platform.account.id, plan.name, sha256(walk + one.body).digest())
        if not plan.said.each.version or look(parsed(one.body), plan.said.each.version) is None:
            return None
        return (platform.account.id, plan.name, sha256(one.body).digest())

    def _look(self, platform: Platform, plan: ListPlan, one: Record, names: Mapping[str, Any]) -> bytes | None:
        key = self._key(platform, plan, one, names)
        return None if key is None else self._kept.get(key)

    def _keep(
        self, platform: Platform, plan: ListPlan, one: Record, body: bytes, names: Mapping[str, Any]
    ) -> None:
        key = self._key(platform, plan, one, names)
        if key is None:
            return
        if plan.said.each.final and self._once.get(key) != (digest := sha256(body).digest()):
            _remember(self._once, key, digest)
        else:
            _remember(self._kept, key, body)


def _remember(kept: OrderedDict[tuple[int, str, bytes], bytes], key: tuple[int, str, bytes], body: bytes) -> None:
    kept[key] = body
    if len(kept) > KEPT_MAX:
        kept.popitem(last=False)


def in_parts(plan: ListPlan, found: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """The records of a page, so many at a time as are given out together."""
    step = AT_ONCE * _at_most(plan) if plan.then is not None or plan.also else max(len(found), 1)
    for start in range(0, len(found), step):
        yield found[start:start + step]


def _at_most(plan: ListPlan) -> int:
    """How many records one round of questions reads."""
    return max([plan.then.said.at_most] if plan.then else [one.said.at_most for one in plan.also.values()], default=1)


async def _ask_all(
    platform: Platform, plan: DetailsPlan | BesidePlan, asked: Sequence[Record], names: Mapping[str, Any],
) -> dict[str, bytes]:
    """By id the records that the platform gives; what it leaves out is asked for once more."""
    found: dict[str, bytes] = {}
    for _ in range(READS_MAX):
        left = [one for one in asked if one.id not in found]
        for start in range(0, len(left), plan.said.at_most):
            found |= await _ask(platform, plan, left[start:start + plan.said.at_most], names)
        if all(one.id in found for one in asked):
            break
    return found


async def _ask(
    platform: Platform, plan: DetailsPlan | BesidePlan, asked: Sequence[Record], names: Mapping[str, Any],
) -> dict[str, bytes]:
    wanted = {one.id for one in asked}
    try:
        answer = await platform.ask(plan.question, {**names, **_names(asked)}, is_lenient=True)
        bodies = records(answer.heard.body, plan.said.cut or SELF)
        if not plan.said.cut:  # all of it, be it a list
            bodies = (answer.heard.body,)
    except NotTheAnswer:
        return {}
    except Terminal as refused:
        await _must_be_of_the_record(platform, refused)
        return {}
    if len(asked) == 1 and len(bodies) == 1 and not plan.said.id:
        return {asked[0].id: _with_id(plan.said.keep_id, asked[0].id, bodies[0])}
    return {key: body for body in bodies if (key := text(look(parsed(body), plan.said.id))) in wanted}


def _with_id(name: str, id: str, body: bytes) -> bytes:
    """The record, or a message that says whose it is where the record does not."""
    return compose("id", msgspec.json.encode(id), name, body) if name else body


async def _must_be_of_the_record(platform: Platform, refused: Terminal) -> None:
    """Raise a refusal that is of the account: all others cost the record that was asked for, and not its neighbours."""
    if refused.code in (*OURS, "private_address"):
        raise refused
    await platform.must_be_authorised()


def _names(asked: Sequence[Record]) -> Mapping[str, Any]:
    return {"ids": [one.id for one in asked], "id": asked[0].id, "record": parsed(asked[0].body) or {},
            "records": [parsed(one.body) or {} for one in asked]}


async def _with(
    platform: Platform, plan: ListPlan, name: str, beside: BesidePlan, found: Mapping[str, bytes],
    names: Mapping[str, Any],
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Each message with what belongs beside it, as one block of exact bytes; and those beside which nothing is."""
    asked = [Record(key, body) for key, body in found.items() if _is_meant(beside, body)]
    if beside.said.next or beside.said.in_:
        besides = {one.id: await _pages(platform, beside, one, names) for one in asked}
    else:
        besides = {key: [part] for key, part in (await _ask_all(platform, beside, asked, names)).items()}
    whole, lone = dict[str, bytes](), dict[str, bytes]()
    for key, body in found.items():
        part = _taken(besides.get(key, []), beside.said.take) if _is_meant(beside, body) else b"[]"
        if part is None:
            lone[key] = body
        else:
            whole[key] = compose(plan.said.each.name, body, name, part)
    return whole, lone


def _is_meant(beside: BesidePlan, body: bytes) -> bool:
    only = beside.said.only
    return only is None or text(look(parsed(body), only.at)) in map(text, only.in_)


async def _pages(platform: Platform, plan: BesidePlan, one: Record, names: Mapping[str, Any]) -> list[bytes]:
    """The pages of what belongs beside a record; none when one of them cannot be read, or they do not end."""
    pages: list[bytes] = []
    token: Any = None
    for _ in range(BESIDE_PAGES_MAX):
        into = "query" if plan.question.method == "GET" else "send"
        extra = {} if token is None else {into: {plan.said.in_: token}}
        for _ in range(READS_MAX):
            try:
                answer = await platform.ask(plan.question, {**names, **_names([one])}, extra=extra, is_lenient=True)
            except Terminal as refused:
                await _must_be_of_the_record(platform, refused)
                return []
            if _taken([answer.heard.body], plan.said.take) is not None:
                break
        else:
            return []
        pages.append(answer.heard.body)
        token = look(answer.data, plan.said.next) if plan.said.next else next_in(answer.heard.headers, plan.said.in_)
        if token in ("", None):
            return pages
    return []


def _taken(pages: Sequence[bytes], path: str) -> bytes | None:
    """What stands at the path, that of several pages as one list; None where it cannot be read."""
    if not pages or not path:
        return pages[0] if pages else None
    try:
        taken = [one for page in pages for one in records(page, path)]
    except NotTheAnswer:
        return None
    if part_is_list(pages[0], path):
        return b"[" + b",".join(taken) + b"]"
    return taken[0] if len(taken) == 1 else None


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
