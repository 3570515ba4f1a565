"""A target cannot fill our memory, hold our worker, lead us inside, or be read by who may not."""

from __future__ import annotations

import asyncio
import gzip
import socket
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest

from orderloom.adapters import outside as module
from orderloom.adapters.outside import ANSWER_BYTES_MAX, KEEP, Outside
from orderloom.adapters.subscribers.webhook.client import CONNECTOR as WEBHOOK
from orderloom.application.ports import Account, Outgoing, Terminal, Transient

MEGABYTE = 1 << 20
Writes = Callable[[asyncio.StreamWriter], Awaitable[None]]


def account(url: str = "", *hosts: str) -> Account:
    secret = {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
    return Account(1, "SUB1", "subscribers", "webhook", "UTC", url, secret, {"private_hosts": list(hosts)})


@asynccontextmanager
async def target(head: str, write: Writes) -> AsyncIterator[str]:
    """A server that answers every request with a head and whatever `write` does, until its client leaves."""
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"HTTP/1.1 {head}\r\n\r\n".encode())
            await write(writer)
            await writer.drain()
        except OSError:
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"


@asynccontextmanager
async def client(*hosts: str) -> AsyncIterator[httpx2.AsyncClient]:
    outside = Outside()
    try:
        yield outside.client(account("", *hosts))
    finally:
        await outside.close()


async def flood(writer: asyncio.StreamWriter) -> None:
    """700 MB, or as much as is read."""
    for _ in range(700):
        writer.write(bytes(MEGABYTE))
        await writer.drain()


async def test_a_target_that_answers_without_end_is_read_to_a_limit() -> None:
    async with target("200 OK\r\nconnection: close", flood) as url, client("127.0.0.1") as http:
        tracemalloc.start()
        try:
            with pytest.raises(Transient) as refused:
                await http.get(url)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert refused.value.code == "answer_too_large" and "16 MB" in refused.value.message
    assert peak < 4 * ANSWER_BYTES_MAX


async def test_a_small_answer_that_unpacks_to_a_huge_one_is_read_to_a_limit() -> None:
    bomb = gzip.compress(gzip.compress(bytes(200 * MEGABYTE), 9), 9)

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(bomb)

    for encoding in ("gzip, gzip", "gzip"):
        head = f"200 OK\r\ncontent-encoding: {encoding}\r\ncontent-length: {len(bomb)}\r\nconnection: close"
        async with target(head, write) as url, client("127.0.0.1") as http:
            if encoding == "gzip":
                assert len((await http.get(url)).content) < MEGABYTE
                continue
            with pytest.raises(Transient, match="answer_too_large"):
                await http.get(url)


async def test_a_packed_answer_of_an_honest_target_is_read_as_what_it_is() -> None:
    packed = gzip.compress('{"订单": 1}'.encode())

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(packed)

    head = f"200 OK\r\ncontent-encoding: gzip\r\ncontent-type: application/json\r\ncontent-length: {len(packed)}"
    async with target(head, write) as url, client("127.0.0.1") as http:
        assert (await http.get(url)).json() == {"订单": 1}


async def test_an_event_that_a_talkative_subscriber_took_counts_as_taken() -> None:
    async with target("200 OK\r\nconnection: close", flood) as url, client("127.0.0.1") as http:
        outgoing = Outgoing("1", "event", "k", {"x": 1}, 1)
        answer = await asyncio.wait_for(WEBHOOK.send(outgoing, account(url, "127.0.0.1"), http), 10)
    assert len(answer.raw) == 500


async def test_an_answer_that_drips_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REQUEST_SECONDS_MAX", 0.5)

    async def drip(writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with target("200 OK", drip) as url, client("127.0.0.1") as http:
        with pytest.raises(httpx2.ReadTimeout):
            await asyncio.wait_for(http.get(url), 10)


async def test_a_name_that_turns_inside_after_it_was_judged_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name answers a public address when it is looked up first, loopback ever after."""
    found = iter([[("203.119.1.1", 80)]])
    loop = asyncio.get_running_loop()

    async def look_up(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in next(found, [("127.0.0.1", port)])]

    monkeypatch.setattr(loop, "getaddrinfo", look_up)
    reached: list[str] = []

    async def connect(_: Any, host: str, *__: Any) -> Any:
        reached.append(host)
        raise OSError("not in a test")

    monkeypatch.setattr(module.AnyIOBackend, "connect_tcp", connect)
    async with client() as http:
        with pytest.raises(OSError, match="not in a test"):
            await http.get("http://rebind.example/hook")
        with pytest.raises(Terminal, match="private_address"):
            await http.get("http://rebind.example/hook")
    assert reached == ["203.119.1.1"], "what was judged is what is connected to"


async def test_a_redirect_inside_leads_nowhere() -> None:
    async def nothing(writer: asyncio.StreamWriter) -> None:
        return None

    head = "302 Found\r\nlocation: http://localhost:9/\r\ncontent-length: 0"
    async with target(head, nothing) as url, client("127.0.0.1") as http:
        assert (await http.get(url)).status_code == 302
        with pytest.raises(Terminal, match="private_address"):
            await http.get(url, follow_redirects=True)


async def test_one_accounts_leave_is_not_anothers() -> None:
    async def nothing(writer: asyncio.StreamWriter) -> None:
        return None

    outside = Outside()
    try:
        async with target("200 OK\r\ncontent-length: 0", nothing) as url:
            assert (await outside.client(account("", "127.0.0.1")).get(url)).status_code == 200
            with pytest.raises(Terminal, match="private_address"):
                await outside.client(account()).get(url)
    finally:
        await outside.close()


async def test_the_status_is_enough_where_only_the_status_counts() -> None:
    async with target("204 No Content", flood) as url, client("127.0.0.1") as http:
        assert (await http.post(url, extensions={KEEP: 10})).status_code == 204


async def test_a_session_of_one_account_speaks_for_no_other() -> None:
    async def hello(writer: asyncio.StreamWriter) -> None:
        writer.write(b"ok")

    head = "200 OK\r\nconnection: close\r\nset-cookie: session=of-one-account; Path=/"
    async with target(head, hello) as url, client("127.0.0.1") as http:
        answer = await http.get(url)
        assert answer.headers["set-cookie"] and not list(http.cookies.jar)
        assert "cookie" not in (await http.get(url)).request.headers
