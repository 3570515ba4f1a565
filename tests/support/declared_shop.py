"""A connector that a test declares in a few lines, and its platform, which answers what the test says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from orderloom.adapters.alone import OwnLimits, OwnTokens
from orderloom.adapters.kit.declared import declare
from orderloom.adapters.kit.load import load_text
from orderloom.adapters.kit.platform import Commons
from orderloom.application.ports import Account, Answer, Cursor, Inbound, Outgoing, Page, Rate, Trouble, Verdict

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
SINCE = AT - timedelta(hours=1)
SECRET = "only-we-know-this"
CALLS_MAX = 3_000
"""A walk that asks more often than this has no end."""
HEAD = """connector: 1
name: acme
family: channels
title: {zh: 示例, en: Acme}
zone: UTC
base_url: http://acme.example
credentials:
  key: {title: {zh: 密钥, en: Key}, secret: true}
rate: {per_second: 1000, burst: 1000}
calls:
  main: {method: POST, body: json, headers: {authorization: {bearer: $key}}}
answers:
  - {at: code, in: [0], means: good}
  - {at: code, in: [9], means: wrong_key, why: message}
  - {at: code, present: true, means: refused, why: message}
"""
Answers = Callable[[httpx2.Request], httpx2.Response]


def orders_by(pages: str, *, window: str = "", more: str = "") -> str:
    """A pull of one list with this way of paging; `window` and `more` are further keys of the window and the list."""
    return f"""pull:
  lists:
    orders:
      get: /orders
      window: {{from: since, to: until, as: unix_s, at_most: 1d, into: query{window}}}
      pages: {pages}
      cut: data.orders
      each: {{topic: order, id: id}}
{more}"""


def connector(declaration: str) -> Any:
    """What it declares, with tokens and a pace of its own."""
    return declare(load_text(HEAD + declaration, "acme.yaml"), Commons(OwnTokens(), OwnLimits(Rate(100_000, 100_000))))


def account(key: str = SECRET) -> Account:
    """An account of it."""
    return Account(1, "A", "channels", "acme", "UTC", "http://acme.example", {"key": key}, {})


async def pulled(declaration: str, answer: Answers, key: str = SECRET) -> tuple[list[Page], Exception | None]:
    """The pages of a pull of an hour, and what ended it. Fails when it does not end."""
    pages: list[Page] = []
    left = iter(range(CALLS_MAX))

    def counted(request: httpx2.Request) -> httpx2.Response:
        assert next(left, None) is not None, "it never ends"
        return answer(request)

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(counted)) as http:
        try:
            async for page in connector(declaration).pull(account(key), Cursor(SINCE), AT, http):
                pages.append(page)
        except Trouble as trouble:
            return pages, trouble
    return pages, None


async def told(
    declaration: str, kind: str, bodies: Sequence[Mapping[str, Any]], answer: Answers, attempt: int = 1,
) -> list[Answer | Trouble] | Answer | Trouble:
    """What becomes of telling one thing, or several in one call."""
    ours = connector(declaration)
    leaving = [Outgoing(f"d{n}", kind, "k", dict(body), attempt) for n, body in enumerate(bodies)]
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
        try:
            one, many = leaving[0], len(leaving) > 1
            found: list[Answer | Trouble] | Answer = await (
                ours.send_many(leaving, account(), http) if many else ours.send(one, account(), http))
        except Trouble as trouble:
            return trouble
    return found


def pushed(declaration: str, body: bytes, signature: str) -> Verdict:
    """What is made of a push that is signed so."""
    verdict: Verdict = connector(declaration).receive(Inbound("POST", "/A", {}, {"x-sign": signature}, body),
                                                      account(), AT)
    return verdict
