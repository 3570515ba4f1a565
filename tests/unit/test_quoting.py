"""A price that is none hides no other price of the same carrier, and is never shown as one."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from orderloom.adapters.kit.quoting import quote
from orderloom.adapters.kit.schema import QuoteBlock
from orderloom.application.ports import Offer, Transient

SAID = msgspec.convert({"post": "/prices", "cut": "offers", "amount": "fee", "product": "code", "currency": "CNY"},
                       QuoteBlock, strict=False)


async def _offers(*fees: object) -> list[Offer]:
    body = json.dumps({"offers": [{"code": str(n), "fee": fee} for n, fee in enumerate(fees)]}).encode()

    async def ask(*_: object) -> Any:
        return SimpleNamespace(heard=SimpleNamespace(body=body), excerpt=b"")

    platform: Any = SimpleNamespace(ask=ask)
    question: Any = SimpleNamespace(name="POST /prices")
    return await quote(platform, SAID, question, {})


@pytest.mark.parametrize("nonsense", [0, -1, "-0.01", "free", "NaN", "1e99", 2**80, "9" * 5_000, [], {}])
async def test_what_is_no_price_stands_in_nobodys_way(nonsense: object) -> None:
    found = await _offers("12.50", nonsense, "8.00")
    assert [(one.product, one.amount) for one in found] == [("0", 1_250), ("2", 800)]


@pytest.mark.parametrize("nonsense", [0, -1, "free"])
async def test_a_carrier_that_names_no_price_at_all_is_asked_again_and_gives_nothing_away(nonsense: object) -> None:
    with pytest.raises(Transient) as told:
        await _offers(nonsense)
    assert told.value.code == "unreadable_answer"
    assert await _offers() == []
