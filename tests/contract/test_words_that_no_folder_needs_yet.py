"""What a `connector.yaml` may say though no platform that is there needs it: it works all the same for the next one."""

from __future__ import annotations

import gzip
import json

import httpx2
import pytest

from orderloom.adapters.alone import OwnLimits, OwnTokens
from orderloom.adapters.kit.declared import declare
from orderloom.adapters.kit.load import load_text
from orderloom.adapters.kit.platform import Commons
from orderloom.application.ports import Outgoing, Rate
from tests.support.declared_shop import HEAD, account

GOOD = httpx2.Response(200, json={"code": 0})
STOCK = """tell:
  stock:
    post: /stock
    as: own
    per: figure
    send: {{sku: $figure.sku_external, quantity: $figure.quantity}}
{more}    fields: {{figures.sku_external: 40, figures.quantity: null}}
"""
CREDENTIALS = """credentials:
  session: {title: {zh: 会话, en: Session}, secret: true, made_by: token}
"""
FIGURES = {"figures": [{"sku_external": "A-1", "quantity": 7}]}


async def _told(call: str, *, more: str = "", top: str = "", answer: httpx2.Response = GOOD) -> list[httpx2.Request]:
    """What is heard when stock is told by a call of its own kind."""
    heard: list[httpx2.Request] = []

    def hear(request: httpx2.Request) -> httpx2.Response:
        heard.append(request)
        return answer

    head = HEAD.replace("answers:\n", f"  own: {call}\nanswers:\n", 1).replace("credentials:\n", CREDENTIALS, 1)
    plan = load_text(head + STOCK.format(more=more) + top, "acme.yaml")
    commons = Commons(OwnTokens(), OwnLimits(Rate(100_000, 100_000)))
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(hear)) as http:
        await declare(plan, commons).send(Outgoing("d", "stock", "k", FIGURES, 1), account(), http)
    return heard


async def test_figures_are_told_as_one_block_by_their_codes() -> None:
    told = """tell:
  stock:
    post: /stock
    per: group
    send: {levels: {for: one, in: $group.figures, key: $one.sku_external, give: $one.quantity}}
    fields: {figures.sku_external: 40, figures.quantity: null}
"""
    heard: list[bytes] = []

    def hear(request: httpx2.Request) -> httpx2.Response:
        heard.append(request.content)
        return GOOD

    figures = [{"sku_external": "A-1", "quantity": 7}, {"sku_external": "B-2", "quantity": 0}]
    commons = Commons(OwnTokens(), OwnLimits(Rate(100_000, 100_000)))
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(hear)) as http:
        outgoing = Outgoing("d", "stock", "k", {"figures": figures}, 1)
        await declare(load_text(HEAD + told, "acme.yaml"), commons).send(outgoing, account(), http)
    assert [json.loads(one) for one in heard] == [{"levels": {"A-1": 7, "B-2": 0}}]


async def test_a_body_is_packed() -> None:
    (heard,) = await _told("{body: json, gzip: true}")
    assert heard.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(heard.content)) == {"sku": "A-1", "quantity": 7}


async def test_a_body_has_the_outermost_element_that_the_platform_wants() -> None:
    (heard,) = await _told("{body: xml}", more="    root: {inventory: {'@version': '2'}}\n")
    assert b'<inventory version="2">' in heard.content and b"<sku>A-1</sku>" in heard.content


async def test_a_body_is_written_in_the_order_of_its_names() -> None:
    (heard,) = await _told("{body: json, write: {json: sorted}}")
    assert heard.content.index(b'"quantity"') < heard.content.index(b'"sku"')


@pytest.mark.parametrize(("slowest", "waits"), [("5s", 5.0), ("45s", 45.0)])
async def test_a_platform_is_waited_for_as_long_as_it_needs(slowest: str, waits: float) -> None:
    (heard,) = await _told(f"{{body: json, slowest: {slowest}}}")
    assert heard.extensions["timeout"]["read"] == waits


async def test_a_session_that_stands_in_a_cookie_is_kept_and_shown() -> None:
    set_cookie = httpx2.Response(200, json={"code": 0}, headers={"set-cookie": "lang=zh; Path=/, sid=s-1; HttpOnly"})
    login, heard = await _told("{body: json, headers: {cookie: {text: ['sid=', $session]}}}", answer=set_cookie,
                               top="token: {post: /login, as: main, cookie: sid}\n")
    assert login.url.path == "/login" and heard.headers["cookie"] == "sid=s-1"
