"""Whoever sends a whole request gets in, however many others hold connections without saying what they want."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import Response

from orderloom.entrypoints.http.app import configure
from orderloom.entrypoints.http.kit import connections as module
from orderloom.entrypoints.http.kit.connections import HEAD_BYTES_MAX, HEADERS_MAX, Seats
from orderloom.entrypoints.http.kit.problem import install
from orderloom.entrypoints.http.kit.wire import read_bytes

WAIT_SECONDS_MAX = 10.0
GOOD = b"POST /webhooks/X HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\nok"


def an_app() -> FastAPI:
    """An app with a door that reads the body, and a page that is bigger than any buffer."""
    app = FastAPI()
    install(app)

    async def door(request: Request) -> Response:
        return Response(await read_bytes(request, 1 << 20))

    async def big() -> Response:
        return Response(bytes(64 << 20))

    app.add_api_route("/webhooks/{code}", door, methods=["POST"])
    app.add_api_route("/big", big)
    return app


@asynccontextmanager
async def served(seats: Seats) -> AsyncIterator[int]:
    config = configure(an_app(), 0, "warning", seats)
    config.lifespan = "off"
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    try:
        await until(lambda: server.started)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = server.force_exit = True
        await task


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens by itself."""
    for _ in range(int(WAIT_SECONDS_MAX / 0.01)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def line(port: int, said: bytes = b"") -> Line:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    return reader, writer


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of a connection's next answer; 0 when it was ended without one."""
    try:
        async with asyncio.timeout(WAIT_SECONDS_MAX):
            head = await reader.readuntil(b"\r\n\r\n")
            size = next(int(f.split(b":")[1]) for f in head.lower().split(b"\r\n") if f.startswith(b"content-length"))
            return int(head.split()[1]), await reader.readexactly(size)
    except (asyncio.IncompleteReadError, ConnectionError):
        return 0, b""


async def test_a_genuine_webhook_gets_in_past_ten_times_as_many_idle_connections_as_there_are_places() -> None:
    seats = Seats(50)
    async with served(seats) as port:
        lines = [await line(port, said) for said in [b"", b"POST /webhooks/X HTTP/1.1\r\nx-drip:", GOOD[:-1]] * 170]
        for _ in range(20):
            reader, writer = await line(port, GOOD)
            assert await answer(reader) == (200, b"ok")
            writer.close()
        assert seats.put_out >= 400
        for _, writer in lines:
            writer.transport.abort()


async def test_a_thousand_idle_connections_keep_nobody_out_where_a_thousand_files_may_be_open() -> None:
    """The whole thing under `ulimit -n 1024`, in a process of its own."""
    program = textwrap.dedent("""
        import asyncio, resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
        import uvicorn
        from test_connections_are_bounded import an_app
        from orderloom.entrypoints.http.app import configure
        server = uvicorn.Server(configure(an_app(), 0, "warning"))
        async def main():
            task = asyncio.create_task(server.serve())
            while not server.started:
                await asyncio.sleep(0.01)
            print(server.servers[0].sockets[0].getsockname()[1], flush=True)
            await task
        import uvloop
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(main())
    """)
    environment = os.environ | {"PYTHONPATH": __file__.rpartition("/")[0]}
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env=environment, stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None
        port = int(await child.stdout.readline())
        lines = [await line(port) for _ in range(1_008)]
        for _ in range(5):
            reader, writer = await line(port, GOOD)
            assert await answer(reader) == (200, b"ok")
            writer.close()
        for _, writer in lines:
            writer.transport.abort()
    finally:
        child.terminate()
        await asyncio.wait_for(child.wait(), WAIT_SECONDS_MAX)


async def test_who_is_being_served_keeps_the_place_and_the_next_is_told_to_wait() -> None:
    async with served(Seats(2)) as port:
        lines = [await line(port, b"GET /big HTTP/1.1\r\nhost: localhost\r\n\r\n") for _ in range(2)]
        await asyncio.gather(*[reader.readuntil(b"\r\n\r\n") for reader, _ in lines])
        reader, _writer = await line(port, GOOD)
        status, told = await answer(reader)
        assert status == 503 and json.loads(told)["code"] == "busy"


@pytest.mark.parametrize(("said", "code"), [
    (b"", "too_slow"), (b"POST /webhooks/X HTTP/1.1\r\nx-drip:", "too_slow"), (GOOD[:-1], "too_slow"),
    (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n", "header_too_large"),
    (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * (HEADERS_MAX + 2), "header_too_large"),
    (b"GET / HTTP/1.1\r\na: " + b"b" * (HEAD_BYTES_MAX + 1) + b"\r\n", "header_too_large"),
    (b"\x16\x03\x01 not http at all\r\n\r\n", "unreadable_request"),
])
async def test_what_is_no_request_is_told_so_and_ends(monkeypatch: pytest.MonkeyPatch, said: bytes, code: str) -> None:
    monkeypatch.setattr(module, "HEADER_SECONDS_MAX", 0.3)
    monkeypatch.setattr(module, "BODY_SECONDS", 0.3)
    async with served(Seats(50)) as port:
        reader, _writer = await line(port, said)
        _, told = await answer(reader)
        assert json.loads(told)["code"] == code
        assert await asyncio.wait_for(reader.read(), WAIT_SECONDS_MAX) == b""


async def test_a_header_that_never_ends_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(Seats(50)) as port:
        reader, writer = await line(port, b"GET / HTTP/1.1\r\na: ")
        with pytest.raises(ConnectionError):
            for _ in range(100):
                writer.write(b"b" * 65_536)
                await writer.drain()
                await asyncio.sleep(0.01)
        assert reader.at_eof() or reader.exception() or (await answer(reader))[0] == 431


async def test_a_body_that_keeps_coming_may_take_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BODY_SECONDS", 0.3)
    monkeypatch.setattr(module, "BODY_BYTES_PER_SECOND_MIN", 1_000)
    async with served(Seats(50)) as port:
        reader, writer = await line(port, GOOD.replace(b"2\r\n\r\nok", b"2000\r\n\r\n"))
        for _ in range(10):
            writer.write(b"x" * 200)
            await asyncio.sleep(0.08)
        assert (await answer(reader))[0] == 200


async def test_a_client_that_never_reads_its_answer_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "UNREAD_SECONDS_MAX", 0.3)
    seats = Seats(50)
    async with served(seats) as port:
        _, writer = await line(port, b"GET /big HTTP/1.1\r\nhost: localhost\r\n\r\n")
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await until(lambda: bool(seats._all))
        await until(lambda: not seats._all)


async def test_a_client_that_hangs_up_in_the_middle_costs_no_page_in_the_log(capfd: Any) -> None:
    async with served(Seats(50)) as port:
        for _ in range(20):
            _, writer = await line(port, GOOD[:-1])
            await writer.drain()
            await asyncio.sleep(0.01)
            writer.transport.abort()
        reader, _writer = await line(port, GOOD)
        assert await answer(reader) == (200, b"ok")
    said = "".join(capfd.readouterr())
    assert "Traceback" not in said and len(said) < 500


async def test_two_requests_on_one_connection_are_both_answered() -> None:
    async with served(Seats(50)) as port:
        reader, writer = await line(port, GOOD)
        assert await answer(reader) == (200, b"ok")
        writer.write(GOOD + GOOD)
        assert [await answer(reader), await answer(reader)] == [(200, b"ok")] * 2


class Stranger:
    """What seats see of a connection from elsewhere."""

    def __init__(self, peer: str) -> None:
        self.peer, self.is_ended = peer, False

    def end(self) -> None:
        self.is_ended = True


def test_one_peer_takes_no_more_than_its_share() -> None:
    seats = Seats(40)
    neighbour = Stranger("192.0.2.2")
    assert seats.take(neighbour)  # type: ignore[arg-type]
    crowd = [Stranger("192.0.2.1") for _ in range(100)]
    assert all(seats.take(one) for one in crowd)  # type: ignore[arg-type]
    assert sum(one.is_ended for one in crowd) == 90 and not neighbour.is_ended
    for one in crowd[90:]:
        seats.is_served(one)  # type: ignore[arg-type]
    assert not seats.take(Stranger("192.0.2.1")), "all its seats are being served"  # type: ignore[arg-type]
