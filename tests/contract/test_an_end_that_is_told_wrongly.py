"""Where a list ends is the platform's word: a flag that is none, a total that its own page denies, a mark before it."""

from __future__ import annotations

import json
from codecs import BOM_UTF8, BOM_UTF16_LE
from typing import Any

import httpx2
import pytest

from orderloom.application.ports import Page, Transient
from tests.support.declared_shop import SINCE, orders_by, pulled

FLAGGED = orders_by("{by: number, in: page, into: query, more: data.more}")
TOKENS = orders_by("{by: token, in: t, into: query, next: data.next, more: data.more}")
NUMBERS = orders_by("{by: number, in: page, into: query, size: {n: 2}, total: data.total}")
COUNTED = orders_by("{by: number, in: page, into: query, size: {n: 2}, count: data.total}")
OFFSETS = orders_by("{by: offset, in: start, first: 0, into: query, size: {n: 2}, total: data.total}")
LAST_FIRST = orders_by("{by: number, in: page, into: query, size: {n: 2}, total: data.total, walk: last_to_first}")
LAST_COUNTED = orders_by("{by: number, in: page, into: query, size: {n: 2}, count: data.total, walk: last_to_first}")
LAST_OFFSET = orders_by(
    "{by: offset, in: start, first: 0, into: query, size: {n: 2}, total: data.total, walk: last_to_first}")
NO_FLAGS: list[Any] = ["T", 2, 1.0, None, [], {"a": 1}, "", "maybe"]
ALL = {1, 2, 3, 4, 5, 6}


def page(numbers: list[int], **said: Any) -> httpx2.Response:
    return httpx2.Response(200, json={"code": 0, "data": {"orders": [{"id": n} for n in numbers], **said}})


def of_two(request: httpx2.Request, **said: Any) -> httpx2.Response:
    """The page that is asked for, of six orders."""
    asked = request.url.params
    start = int(asked["start"]) if "start" in asked else 2 * (int(asked.get("page", asked.get("t", 1))) - 1)
    return page([n for n in (start + 1, start + 2) if n in ALL], **said)


def numbers(pages: list[Page]) -> set[int]:
    return {json.loads(item.body)["id"] for one in pages if not one.problem for item in one.items}


def has_moved(pages: list[Page]) -> bool:
    return any(one.cursor is not None and one.cursor.at > SINCE for one in pages)


@pytest.mark.parametrize("flag", NO_FLAGS)
async def test_a_flag_that_is_none_ends_no_list(flag: Any) -> None:
    pages, trouble = await pulled(FLAGGED, lambda r: of_two(r, more=flag))
    assert trouble is None and numbers(pages) == ALL and has_moved(pages)


async def test_a_flag_that_is_left_out_ends_no_list() -> None:
    pages, trouble = await pulled(FLAGGED, of_two)
    assert trouble is None and numbers(pages) == ALL


@pytest.mark.parametrize("flag", NO_FLAGS)
async def test_where_a_token_is_given_a_flag_that_is_none_ends_no_list(flag: Any) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        now = int(request.url.params.get("t", 1))
        return of_two(request, more=flag, next=str(now + 1) if now < 3 else "")

    pages, trouble = await pulled(TOKENS, answer)
    assert trouble is None and numbers(pages) == ALL and has_moved(pages)


async def test_a_token_that_stays_behind_the_last_page_ends_the_list_where_no_flag_can_be_read() -> None:
    pages, trouble = await pulled(TOKENS, lambda r: of_two(r, next=str(min(int(r.url.params.get("t", 1)) + 1, 4))))
    assert trouble is None and numbers(pages) == ALL and has_moved(pages)


@pytest.mark.parametrize(("flag", "is_more"), [("yes", True), ("Y", True), ("True", True), (1, True), ("1", True),
                                               ("no", False), ("N", False), ("False", False), (0, False)])
async def test_a_yes_or_no_is_understood_as_platforms_write_it(flag: Any, is_more: bool) -> None:
    calls: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        calls.append(request.url.params["page"])
        return of_two(request, more=flag if request.url.params["page"] == "1" else False)

    await pulled(FLAGGED, answer)
    assert ("2" in calls) is is_more


@pytest.mark.parametrize("total", [0, "0", 1])
@pytest.mark.parametrize("declaration", [NUMBERS, OFFSETS])
async def test_a_total_below_what_came_already_ends_no_list(declaration: str, total: Any) -> None:
    pages, trouble = await pulled(declaration, lambda r: of_two(r, total=total))
    assert trouble is None and numbers(pages) == ALL and has_moved(pages)


async def test_no_pages_at_all_is_no_word_to_believe_of_a_page_that_came() -> None:
    pages, trouble = await pulled(COUNTED, lambda r: of_two(r, total=0))
    assert trouble is None and numbers(pages) == ALL


async def test_a_total_that_shrinks_while_pages_are_walked_ends_no_list() -> None:
    pages, trouble = await pulled(NUMBERS, lambda r: of_two(r, total=6 if r.url.params["page"] == "1" else 3))
    assert trouble is None and numbers(pages) == ALL


@pytest.mark.parametrize("total", [0, 1, None, "many"])
@pytest.mark.parametrize("declaration", [LAST_FIRST, LAST_OFFSET])
async def test_of_how_many_pages_the_last_one_is_must_be_known(declaration: str, total: Any) -> None:
    pages, trouble = await pulled(declaration, lambda r: of_two(r, total=total))
    assert isinstance(trouble, Transient) and not has_moved(pages)


async def test_from_the_last_page_on_no_pages_are_none_either() -> None:
    pages, trouble = await pulled(LAST_COUNTED, lambda r: of_two(r, total=0))
    assert isinstance(trouble, Transient) and not has_moved(pages)


@pytest.mark.parametrize("declaration", [LAST_FIRST, LAST_OFFSET])
async def test_a_true_total_is_walked_from_its_last_page(declaration: str) -> None:
    pages, trouble = await pulled(declaration, lambda r: of_two(r, total=6))
    assert trouble is None and numbers(pages) == ALL and has_moved(pages)
    nothing, trouble = await pulled(declaration, lambda r: page([], total=0))
    assert trouble is None and not numbers(nothing) and has_moved(nothing)


@pytest.mark.parametrize(("mark", "charset"), [(BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le")])
async def test_a_byte_order_mark_before_an_answer_is_none_of_it(mark: bytes, charset: str) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        whole = json.loads(of_two(request, total=6).content)
        whole["data"]["note"] = "订单"
        return httpx2.Response(200, content=mark + json.dumps(whole, ensure_ascii=False).encode(charset))

    pages, trouble = await pulled(NUMBERS, answer)
    assert trouble is None and numbers(pages) == ALL and not any(one.problem for one in pages)
