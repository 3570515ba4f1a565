"""Reads a queue of messages that only hint: each is kept and what it is about read again, then it is confirmed.

A message is confirmed only when it is durable: the page that holds it was taken. One that is not confirmed comes again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from orderloom.adapters.halving import NotTheAnswer
from orderloom.adapters.kit.cut import parsed, records
from orderloom.adapters.kit.hearing import reread_of, with_content
from orderloom.adapters.kit.paths import look, text
from orderloom.adapters.kit.plan import ListPlan
from orderloom.adapters.kit.platform import Platform
from orderloom.adapters.kit.schema import HintsBlock
from orderloom.application.ports import HINT, UNREADABLE, Item, Page, Reread


async def read_queue(platform: Platform, plan: ListPlan) -> AsyncIterator[Page]:
    """What waits in the queue, batch by batch. Raises Transient or Terminal."""
    said = plan.said.hints
    assert said is not None and plan.confirming is not None
    for _ in range(said.at_most):
        answer = await platform.ask(plan.question, is_lenient=True)
        try:
            bodies = records(answer.heard.body, plan.said.cut)
        except NotTheAnswer as problem:
            yield Page((Item(UNREADABLE, answer.heard.body),), problem=f"{plan.question.name}: {problem}")
            return
        if not bodies:
            return
        messages = [(body, with_content(parsed(body), said.content)) for body in bodies]
        ids = [key for _, data in messages if (key := text(look(data, plan.said.each.id)))]
        yield Page(tuple(_item(plan, said, body, data) for body, data in messages),
                   missing=tuple(again for _, data in messages for again in _again(said, data)))
        await platform.ask(plan.confirming, {"ids": ids})


def _item(plan: ListPlan, said: HintsBlock, body: bytes, data: Any) -> Item:
    topic = said.topics.get(_kind(said, data), said.other)
    is_hint = bool(reread_of(topic, data)) or topic.ignore
    return Item(HINT if is_hint else topic.topic or plan.said.each.topic, body, text(look(data, plan.said.each.id)))


def _again(said: HintsBlock, data: Any) -> list[Reread]:
    return reread_of(said.topics.get(_kind(said, data), said.other), data)


def _kind(said: HintsBlock, data: Any) -> str:
    return text(look(data, said.kind))
