"""A request that does not fit is answered in both languages with its place: nobody has to read a library's English."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import pytest
from fastapi import FastAPI, Header, Query
from starlette.requests import Request
from starlette.testclient import TestClient

from orderloom.entrypoints.http.kit.problem import install
from orderloom.entrypoints.http.kit.wire import body_of


class Line(msgspec.Struct, forbid_unknown_fields=True):
    price: str
    quantity: Annotated[int, msgspec.Meta(ge=1)] = 1
    note: str | None = None


class Body(msgspec.Struct, forbid_unknown_fields=True):
    lines: Annotated[list[Line], msgspec.Meta(max_length=2)]
    payment: Literal["paid", "cod"] = "paid"
    code: Annotated[str, msgspec.Meta(pattern="^[A-Z]+$")] = "A"


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    install(app)

    @app.post("/")
    async def take(request: Request) -> dict[str, Any]:
        return {"n": len((await body_of(request, Body)).lines)}

    @app.get("/")
    async def look(limit: Annotated[int, Query(le=200)], key: Annotated[str, Header(min_length=8)]) -> None:
        return None

    return TestClient(app)


@pytest.mark.parametrize(("body", "place", "zh"), [
    ({}, "lines", "缺少必填字段 lines"), ({"lines": [], "surprise": 1}, "surprise", "没有 surprise 这个字段"),
    ({"lines": [{"price": 1.5}]}, "lines.0.price", "应为文字，得到数字"),
    ({"lines": [{}]}, "lines.0.price", "缺少必填字段 price"),
    ({"lines": [{"price": "1", "quantity": 0}]}, "lines.0.quantity", "应 >= 1"),
    ({"lines": [{"price": "1", "note": 5}]}, "lines.0.note", "应为文字或空，得到整数"),
    ({"lines": [{"price": "1"}] * 3}, "lines", "长度应 <= 2"),
    ({"lines": [], "payment": "perhaps"}, "payment", "'perhaps'"),
    ({"lines": [], "code": "a"}, "code", "格式应符合"), ([], "", "应为对象，得到列表"),
])  # fmt: skip
def test_a_body_that_does_not_fit_names_its_place_in_both_languages(
    client: TestClient, body: Any, place: str, zh: str,
) -> None:
    answer = client.post("/", json=body)
    told = answer.json()
    ours, _, theirs = told["detail"].partition(" | ")
    assert answer.status_code == 422 and told["code"] == "wrong_value"
    assert zh in ours and "Expected" not in ours and "send again" in theirs and "请" not in theirs
    assert list(told.get("facts", {})) == ([place] if place else [])


def test_a_parameter_that_does_not_fit_is_told_in_both_languages(client: TestClient) -> None:
    ours, _, theirs = client.get("/?limit=900", headers={"key": "short"}).json()["detail"].partition(" | ")
    assert "query.limit：应 <= 200" in ours and "header.key：至少 8 个字符" in ours and "should" not in ours
    assert "query.limit" in theirs and "8 characters" in theirs


@pytest.mark.parametrize("body", [{"lines": [], "payment": "x" * 100_000}, {"y" * 100_000: 1}])
def test_what_was_sent_is_not_sent_back_however_much_it_is(client: TestClient, body: dict[str, Any]) -> None:
    answer = client.post("/", json=body)
    assert answer.status_code == 422 and len(answer.content) < 3_000
