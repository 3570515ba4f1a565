"""Asks a carrier what a parcel would cost: a read, by regions and weight alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom.adapters.halving import NotTheAnswer
from orderloom.adapters.kit.cut import parsed, records_in
from orderloom.adapters.kit.paths import look, text
from orderloom.adapters.kit.platform import Platform
from orderloom.adapters.kit.requests import Question
from orderloom.adapters.kit.schema import QuoteBlock
from orderloom.application.ports import Offer, Terminal, Transient
from orderloom.domain.money import parse


async def quote(platform: Platform, said: QuoteBlock, question: Question, parcel: Mapping[str, Any]) -> list[Offer]:
    """What the carrier offers; amounts in minor units. Raises Transient or Terminal."""
    lacking = [name for name in said.needs if not look(parcel, name.removeprefix("parcel."))]
    if lacking:
        words = ", ".join(name.removeprefix("parcel.") for name in lacking)
        raise Terminal("missing_field", f"{words}: 缺少，无法询价 / missing: there is no price without it")
    answer = await platform.ask(question, {"parcel": dict(parcel)})
    try:
        found = list(map(parsed, records_in(answer.heard.body, said.cut)))
    except NotTheAnswer as error:
        raise Transient("unreadable_answer", f"{question.name}: {error}", answer=answer.excerpt) from error
    priced = [record for record in found if text(look(record, said.amount))]
    offers = [offer for record in priced if (offer := _offer(said, record)) is not None]
    if priced and not offers:
        price = text(look(priced[0], said.amount))
        raise Transient("unreadable_answer", f"{question.name}: {price[:40]} 不是价格 / is no price")
    return offers


def _offer(said: QuoteBlock, record: Any) -> Offer | None:
    """None: what stands there is no price, and hides no other; nobody carries for nothing."""
    amount = parse(text(look(record, said.amount)), said.currency, is_rounded=True)
    if not isinstance(amount, int) or amount <= 0:
        return None
    product, title, arrives = (text(look(record, path))[:80] if path else ""
                               for path in (said.product, said.title, said.arrives))
    return Offer(product, title, amount, said.currency, arrives)
