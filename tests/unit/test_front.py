"""A page elsewhere that points its own name at this machine reads nothing from it; no answer is kept by a cache."""

from __future__ import annotations

import httpx2
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from orderloom.entrypoints.http.kit.front import Front
from orderloom.entrypoints.http.kit.guard import is_near
from orderloom.entrypoints.http.kit.problem import Problem, install
from orderloom.entrypoints.http.kit.wire import reply
from orderloom.settings import BadSetting, read_settings


def client(host: str | None) -> httpx2.AsyncClient:
    app = FastAPI()
    install(app)
    app.add_middleware(Front, hosts=("oms.example.com", "10.0.0.5"), door=reply({"a": 1}))

    async def kept() -> Response:
        return Response("x", headers={"Cache-Control": "no-cache"})

    async def told() -> Response:
        return reply({"a": 1})

    async def refused() -> Response:
        raise Problem("not_found", "x")

    async def broken() -> Response:
        raise RuntimeError("x")

    for path, endpoint in {"/health": told, "/api": told, "/page": kept, "/no": refused,
                           "/defect": broken}.items():
        app.add_api_route(path, endpoint)
    headers = {} if host is None else {"host": host}
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://localhost", headers=headers)


@pytest.mark.parametrize("host", [
    "localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "OMS.example.com", "oms.example.com.", "10.0.0.5:80",
])
async def test_a_known_name_is_answered(host: str) -> None:
    async with client(host) as http:
        assert (await http.get("/api")).status_code == 200


@pytest.mark.parametrize("host", [
    "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example:127", "", "10.0.0.6", "0.0.0.0",
    "oms.example.com:x", "oms.example.com@evil.example",
])
async def test_a_strange_name_is_told_what_to_do_and_webhooks_come_in_all_the_same(host: str) -> None:
    async with client(host) as http:
        refused = await http.get("/api")
        assert refused.status_code == 421 and refused.json()["code"] == "wrong_host"
        assert "ORDERLOOM_HOSTS" in refused.json()["detail"]
        assert (await http.get("/webhooks/SH01")).status_code == (await http.get("/health")).status_code == 200


@pytest.mark.parametrize("path", ["/api", "/no", "/nowhere", "/defect"])
async def test_no_cache_keeps_an_answer_and_no_browser_guesses_what_it_is(path: str) -> None:
    async with client("localhost") as http:
        answer = await http.get(path)
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]


async def test_what_says_itself_how_it_may_be_kept_is_believed() -> None:
    async with client("localhost") as http:
        assert (await http.get("/page")).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(("address", "headers", "near"), [
    ("127.0.0.1", {"host": "localhost:8000"}, True), ("::1", {"host": "[::1]:8000"}, True),
    ("127.0.0.1", {"host": "oms.example.com"}, False), ("192.0.2.1", {"host": "localhost"}, False),
    ("127.0.0.1", {"host": "localhost", "x-forwarded-for": "192.0.2.1"}, False),
    ("127.0.0.1", {"host": "localhost", "x-real-ip": "127.0.0.1"}, False),
])
def test_whoever_a_proxy_brings_does_not_sit_at_this_machine(address: str, headers: dict[str, str], near: bool) -> None:
    told = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert is_near(Request({"type": "http", "client": (address, 1), "headers": told})) is near


def test_a_mistyped_name_is_refused_when_the_hub_starts() -> None:
    assert read_settings({"ORDERLOOM_HOSTS": " OMS.example.com, [fd00::5] ,"}).hosts == ("oms.example.com", "fd00::5")
    with pytest.raises(BadSetting, match="ORDERLOOM_HOSTS"):
        read_settings({"ORDERLOOM_HOSTS": "https://oms.example.com"})
