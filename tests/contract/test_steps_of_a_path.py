"""A value in a request's path stays a step of it: what would lead to another address is never sent."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from orderloom.application.ports import Answer, Terminal
from tests.support.declared_shop import orders_by, pulled, told

SHIPPED = """tell:
  shipment:
    post: /orders/{id}/ship
    path: {id: $shipment.external_id}
    fields: {external_id: 60}
"""
STEPS = """tell:
  shipment:
    post: /orders/{steps}
    path: {steps: [$shipment.external_id, parcels, $shipment.waybill]}
    fields: {external_id: 60, waybill: 60}
"""
ELSEWHERE = ("..", ".", "%2e%2e", "%2E.", "%252e%252e", "../..", "a/../..", "..%2f..", "..\\..", "1/..")


async def _asked(declaration: str, body: dict[str, Any]) -> tuple[Any, list[str]]:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.raw_path.decode())
        return httpx2.Response(200, json={"code": 0})

    return await told(declaration, "shipment", [body], answer), asked


@pytest.mark.parametrize("given", ELSEWHERE)
async def test_what_would_lead_to_another_address_is_a_persons_question_and_is_never_sent(given: str) -> None:
    for declaration in (SHIPPED, STEPS):
        found, asked = await _asked(declaration, {"external_id": given, "waybill": "SF1"})
        assert isinstance(found, Terminal) and found.code == "unwritable_request" and not asked


@pytest.mark.parametrize(("given", "path"), [
    ("A/B", "/orders/A%2FB/ship"), ("1.2", "/orders/1.2/ship"), ("...", "/orders/.../ship"),
    ("50%", "/orders/50%25/ship"), ("壹", "/orders/%E5%A3%B9/ship"),
])
async def test_any_other_value_is_one_step(given: str, path: str) -> None:
    found, asked = await _asked(SHIPPED, {"external_id": given})
    assert isinstance(found, Answer) and asked == [path]


@pytest.mark.parametrize("body", [{}, {"external_id": ""}, {"external_id": None}])
async def test_a_value_that_is_not_there_is_no_step(body: dict[str, Any]) -> None:
    found, asked = await _asked(SHIPPED, body)
    assert isinstance(found, Terminal) and not asked


async def test_a_record_with_such_an_id_costs_no_other() -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        if request.url.path == "/orders":
            return httpx2.Response(200, json={"code": 0, "data": {"orders": [{"id": ".."}, {"id": "7"}]}})
        return httpx2.Response(200, json={"code": 0, "data": {"id": "7"}})

    declaration = orders_by("{by: one}", more='      then: {get: "/orders/{id}", path: {id: $id}, cut: data}\n')
    pages, trouble = await pulled(declaration, answer)
    assert trouble is None and set(asked) == {"/orders", "/orders/7"}
    assert {item.body for page in pages if not page.problem for item in page.items} == {b'{"id":"7"}'}
