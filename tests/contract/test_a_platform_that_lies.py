"""A platform that contradicts itself, answers in another shape or repeats our secrets: nothing is lost in silence."""

from __future__ import annotations

import asyncio
import hmac
import json
from typing import Any

import httpx2
import pytest

from orderloom.adapters.kit import reading
from orderloom.application.ports import Answer, Page, PartlyRead, Terminal, Transient
from tests.support.declared_shop import AT, SECRET, SINCE, Answers, orders_by, pulled, pushed, told

TOKENS = orders_by("{by: token, in: cur, into: query, next: data.next, more: data.more}")
LINKS = orders_by("{by: link, in: page, into: query}")
NUMBERS = orders_by("{by: number, in: page, into: query, size: {n: 2}, total: data.total}")
FLAGGED = orders_by("{by: number, in: page, into: query, more: data.more}")
LAST_FIRST = orders_by("{by: number, in: page, into: query, size: {n: 2}, count: data.count, walk: last_to_first}")
ALL_AT_ONCE = orders_by("{by: one}")
TWO = ALL_AT_ONCE + """    claims:
      get: /claims
      window: {from: since, to: until, as: unix_s, at_most: 1d, into: query}
      pages: {by: token, in: cur, into: query, next: data.next, sure: true}
      cut: data.orders
      each: {topic: claim, id: id}
"""
SHIPMENT = {"external_id": "1", "waybill": "SF1", "lines": []}
STOCK = {"figures": [{"sku_external": "S", "quantity": 1, "listing": {"id": "m"}}]}


def listed(numbers: list[int], **said: Any) -> httpx2.Response:
    return httpx2.Response(200, json={"code": 0, "data": {"orders": [{"id": n} for n in numbers], **said}})


def linked(link: str) -> Answers:
    def answer(_: httpx2.Request) -> httpx2.Response:
        found = listed([1])
        found.headers["link"] = link
        return found

    return answer


def page_of(request: httpx2.Request) -> int:
    return int(request.url.params["page"])


def numbers(pages: list[Page]) -> set[int]:
    return {json.loads(item.body)["id"] for page in pages if not page.problem for item in page.items}


def moved(pages: list[Page]) -> list[Page]:
    return [page for page in pages if page.cursor is not None and page.cursor.at > SINCE]


@pytest.mark.parametrize(("declaration", "answer"), [
    (TOKENS, lambda _: listed([1], more=True, next="")),
    (LINKS, linked('<http://acme.example/orders?p=2>; rel="next"')),
    (LINKS, linked('<http://acme.example/orders?page=2>; rel="next"')),
    (LINKS, linked('<http://[bad?page=2>; rel="next"')),
    (LAST_FIRST, lambda _: listed([1, 2], count=3)),
    (ALL_AT_ONCE, lambda _: httpx2.Response(200, json={"code": 0, "data": "system busy"})),
    (ALL_AT_ONCE, lambda _: httpx2.Response(200, json={"code": 0, "data": 5})),
], ids=["more without a token", "a link without its token", "a link to itself", "a link that is none",
        "one page for every number", "words in place of the list", "a number in place of the list"])  # fmt: skip
async def test_the_place_does_not_move_past_pages_that_could_not_be_asked_for(
    declaration: str, answer: Answers,
) -> None:
    pages, trouble = await pulled(declaration, answer)
    assert isinstance(trouble, Transient) and not moved(pages) and any(page.problem for page in pages)


@pytest.mark.parametrize("total", ["many", -1, 10**15, 4.5, [], "6 orders"])
async def test_a_total_that_is_no_number_ends_no_list(total: Any) -> None:
    pages, trouble = await pulled(NUMBERS, lambda r: listed(
        [2 * page_of(r), 2 * page_of(r) + 1] if page_of(r) < 4 else [], total=total))
    assert trouble is None and numbers(pages) == {2, 3, 4, 5, 6, 7} and moved(pages)


async def test_orders_behind_a_page_that_came_empty_are_read() -> None:
    pages, trouble = await pulled(FLAGGED, lambda r: listed(
        [] if page_of(r) == 2 else [page_of(r)], more=page_of(r) < 4))
    assert trouble is None and numbers(pages) == {1, 3, 4}


@pytest.mark.parametrize("note", ["\\ud83d", "\\ude00 \\\\ud83d", "\\ud83d,{]", "誠\\ud83d"])
@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
async def test_half_a_picture_in_a_note_costs_neither_the_order_nor_its_neighbours(note: str, charset: str) -> None:
    record = f'{{"id":2,"note":"{note}"}}'
    body = f'{{"code":0,"data":{{"orders":[{{"id":1}},{record},{{"id":3}}]}}}}'.encode(charset)
    pages, trouble = await pulled(ALL_AT_ONCE, lambda _: httpx2.Response(200, content=body))
    assert trouble is None and moved(pages) and not any(page.problem for page in pages)
    assert [item.body for item in pages[0].items] == [b'{"id":1}', record.encode(charset), b'{"id":3}']


@pytest.mark.parametrize(("declaration", "answer"), [
    (FLAGGED, lambda _: listed([], more=True)),
    (orders_by("{by: offset, in: from, first: 0, into: query, more: data.more}"), lambda _: listed([], more=True)),
    (orders_by("{by: offset, in: from, first: 0, into: query, total: data.total, walk: last_to_first}"),
     lambda r: listed([int(r.url.params["from"])], total=10**11 - 1)),
], ids=["empty pages", "an offset that stands still", "a total beyond all measure"])
async def test_a_list_that_says_it_never_ends_is_left(declaration: str, answer: Answers) -> None:
    pages, trouble = await pulled(declaration, answer)
    assert isinstance(trouble, Transient) and not moved(pages)


@pytest.mark.parametrize("numbers_told", [[], [1, 2]], ids=["empty pages", "the same records behind ever new tokens"])
async def test_a_list_whose_tokens_never_end_is_left_and_stops_no_other(numbers_told: list[int]) -> None:
    tokens = iter(range(1, 10_000))

    def answer(request: httpx2.Request) -> httpx2.Response:
        return listed(numbers_told, next=next(tokens)) if request.url.path == "/claims" else listed([7])

    pages, trouble = await pulled(TWO, answer)
    assert isinstance(trouble, PartlyRead) and trouble.lists == ["claims"] and trouble.code == "endless_pages"
    assert next(tokens) < 30 and 7 in numbers(pages)


async def test_a_list_that_takes_too_long_is_left_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE_SECONDS_MAX", 0.05)

    def answer(request: httpx2.Request) -> Any:
        return never() if request.url.path == "/claims" else listed([7])

    async def never() -> httpx2.Response:
        await asyncio.Event().wait()
        raise AssertionError

    pages, trouble = await pulled(TWO, answer)
    assert isinstance(trouble, PartlyRead) and trouble.code == "too_slow" and "claims" in str(trouble.first)
    assert 7 in numbers(pages) and [page for page in pages if page.cursor and "claims" in page.cursor.key]


async def test_the_place_does_not_go_back_to_a_year_that_the_platform_tells() -> None:
    declaration = orders_by("{by: one}", window=", told: data.told")
    pages, _ = await pulled(declaration, lambda _: listed([1], told=946684801))
    assert not moved(pages)
    pages, _ = await pulled(declaration, lambda _: listed([1], told=int(SINCE.timestamp()) + 60))
    assert [(page.cursor.at - SINCE).total_seconds() for page in moved(pages) if page.cursor] == [60]


@pytest.mark.parametrize("answer", [
    lambda _: httpx2.Response(200, headers={"content-encoding": "gzip"}, stream=httpx2.ByteStream(b"no gzip")),
    lambda _: httpx2.Response(400, content=b'{"error":' + b"[" * 900 + b"]" * 900 + b"}"),
    lambda _: httpx2.Response(200, json={"code": 9}, headers={"date": f"{AT:%a, %d %b %Y %H:%M:%S} -0000"}),
], ids=["spoilt gzip", "an error nested deep", "a date without a zone"])
async def test_what_is_no_sensible_answer_is_a_trouble_and_no_stumble(answer: Answers) -> None:
    pages, trouble = await pulled(ALL_AT_ONCE, answer)
    assert trouble is not None and not moved(pages)


async def test_a_key_that_a_refusal_repeats_is_not_written_down() -> None:
    _, trouble = await pulled(ALL_AT_ONCE, lambda r: httpx2.Response(
        200, json={"code": 7, "message": f"bad key {r.headers['authorization']}"}))
    assert isinstance(trouble, Terminal) and "bad key" in str(trouble)
    assert SECRET not in str(trouble) and SECRET.encode() not in trouble.answer


async def test_a_key_that_fits_into_no_header_is_told_of_and_not_written_down() -> None:
    def refused(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.LocalProtocolError(f"Illegal header value {request.headers['authorization']!r}")

    for key in (f"{SECRET}\nx", f"{SECRET}密"):
        _, trouble = await pulled(ALL_AT_ONCE, refused, key)
        assert isinstance(trouble, Terminal) and trouble.code == "unwritable_request" and SECRET not in str(trouble)


def with_token(declaration: str) -> str:
    return declaration + """token:
  post: /token
  send: {key: $key}
  keep: {key: access_token}
"""


@pytest.mark.parametrize("token", [{"a": 1}, [1], True, "a\nb", "x" * 3_000_000, None])
async def test_what_is_no_token_does_not_take_the_place_of_one_that_is_good(token: Any) -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers["authorization"])
        if request.url.path == "/token":
            return httpx2.Response(200, json={"code": 0, "access_token": token})
        return httpx2.Response(401, json={"error": "old"})

    _, trouble = await pulled(with_token(ALL_AT_ONCE), answer)
    assert isinstance(trouble, Transient) and set(seen) == {f"Bearer {SECRET}"}


async def test_items_on_several_pages_that_are_no_lists_are_not_put_together_into_no_json() -> None:
    declaration = orders_by("{by: one}", more="      also:\n        items: {get: /items, query: {id: $id}, "
                            "take: items, next: next, in: cur}\n")
    parts = iter([{"code": 0, "items": {"a": 1}, "next": "x"}, *[{"code": 0, "items": {"a": 1}}] * 9])
    pages, _ = await pulled(declaration, lambda r: listed([1]) if r.url.path == "/orders" else
                            httpx2.Response(200, json=next(parts)))
    assert pages[0].problem and pages[0].items[0].body == b'{"id":1}'


async def test_listings_in_another_shape_stumble_nobody() -> None:
    declaration = telling("stock", "    per: figure\n    send: {id: $figure.listing.id}\n") + (
        "listings: {get: /products, query: {sku: $code}, cut: items, inner: skus, sku: code, keep: {id: id}}\n")
    codes: list[dict[str, Any]] = [{"figures": [{"sku_external": "S", "quantity": 1}]}]
    found = await told(declaration, "stock", codes, saying(items=[{"skus": 5}, {"skus": {"code": "S", "id": 7}}]))
    assert isinstance(found, Answer)


def telling(kind: str, more: str) -> str:
    return f"tell:\n  {kind}:\n    post: /told\n    fields: {FIELDS[kind]}\n{more}"


FIELDS = {"work": "{work_no: 20}", "shipment": "{external_id: 20, waybill: 20, lines.external_line_id: 20}",
          "stock": "{figures.sku_external: 20, figures.quantity: null, figures.listing.id: 20}"}


PARTS = telling("stock", "    per: group\n    group: {by: listing.id}\n    send: {all: true}\n"
                "    parts: {bad: bad, good: ok, id: id, why: why, of: $figure.listing.id}\n")
BATCH = telling("work", "    at_once: 50\n    send: {all: $batch}\n    done: {at: success, is: true}\n"
                "    parts: {bad: bad, good: ok, id: id, why: why, of: $work.work_no}\n")
FIRST = telling("shipment", "    first: {t: {get: /first, take: t}}\n    send: {no: VALUE}\n")


def saying(**said: Any) -> Answers:
    return lambda _: httpx2.Response(200, json={"code": 0, **said})


@pytest.mark.parametrize("said", [{"bad": 5}, {"bad": True}, {"ok": 5}, {"ok": True}, {"ok": "m"}, {"bad": "all"}])
async def test_stock_of_which_an_answer_says_nothing_sensible_is_not_taken_for_told(said: dict[str, Any]) -> None:
    assert isinstance(await told(PARTS, "stock", [STOCK], saying(**said)), Terminal | Transient)


async def test_of_a_lone_refusal_that_is_no_list_it_is_heard_whose_it_is() -> None:
    refused = await told(PARTS, "stock", [STOCK], saying(ok=[], bad={"id": "m", "why": "gone"}))
    assert isinstance(refused, Terminal) and "S: gone" in str(refused)


async def test_none_of_several_counts_as_told_by_an_answer_that_does_not_name_it() -> None:
    works = [{"work_no": "A"}, {"work_no": "B"}]
    fates = await told(BATCH, "work", works, saying(success=True, ok=[{"id": "A"}]))
    assert isinstance(fates, list) and isinstance(fates[0], Answer) and isinstance(fates[1], Transient)
    assert isinstance(await told(BATCH, "work", works, saying(success=False, ok=[])), Terminal)
    assert isinstance(await told(BATCH, "work", works, saying()), Transient)


async def test_of_two_with_one_number_neither_is_taken_for_told_when_one_was_refused() -> None:
    works = [{"work_no": "A"}, {"work_no": "A"}]
    said = saying(success=True, ok=[{"id": "A"}], bad=[{"id": "A", "why": "no"}])
    unclear = await told(BATCH, "work", works, said)
    assert isinstance(unclear, Terminal) and unclear.code == "unattributed"


async def test_a_shipment_without_lines_is_not_called_told_where_each_line_is() -> None:
    by_line = telling("shipment", "    per: line\n    send: {id: $line.external_line_id}\n")
    assert isinstance(await told(by_line, "shipment", [SHIPMENT], saying()), Terminal)


@pytest.mark.parametrize("value", [
    "{for: x, in: $t, give: $x}", "{pick: $t, where: {name: x}, take: id}", "{minor: $t}", "{of: $t, as: local}",
])
@pytest.mark.parametrize("given", [5, True, "x", {"a": 1}, [1], 10**30, "0001-01-01T00:00:00+08:00",
                                   "9999-12-31T23:59:59-08:00"])
async def test_what_an_answer_gives_in_another_shape_stumbles_nobody(value: str, given: Any) -> None:
    found = await told(FIRST.replace("VALUE", value), "shipment", [SHIPMENT], saying(t=given))
    assert isinstance(found, Answer | Terminal | Transient)


def test_messages_beyond_what_one_push_may_hold_are_kept_and_not_called_received() -> None:
    declaration = """push:
  verify: {recipe: {of: [$raw_body], digest: hmac-sha256, key: [$key], as: hex}, found: {header: X-Sign}}
  items: "."
  kind: t
  topics: {o: {topic: order}}
"""
    for count, fault in ((1_000, ""), (1_001, "too_many_messages")):
        body = json.dumps([{"t": "o", "id": n} for n in range(count)]).encode()
        verdict = pushed(declaration, body, hmac.digest(SECRET.encode(), body, "sha256").hex())
        assert verdict.quarantine == fault
        assert not fault or [item.body for item in verdict.items] == [body]
