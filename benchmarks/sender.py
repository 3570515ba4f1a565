"""A platform that calls webhooks, as light as can be: ready-made requests over keep-alive connections, in a process
of its own. It measures each request from the first byte sent to the whole answer read.

Arguments: `port`, `start`, `count`, `connections`, and `per_second` (0: as fast as answers come).
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from datetime import UTC, datetime
from typing import Any

from benchmarks.hands import given, say, wait_for_go
from benchmarks.seed import shopify_requests

HEAD_END, LENGTH = b"\r\n\r\n", b"content-length:"
WARM_UP = 50


class Run:
    """What is still to be sent, and what came of the rest."""

    def __init__(self, requests: list[tuple[str, bytes]], per_second: float) -> None:
        self.requests = deque(requests)
        self.per_second, self.total = per_second, len(requests)
        self.sent: dict[str, float] = {}
        self.seconds: list[float] = []
        self.refused = 0
        self.done = asyncio.Event()
        self.began = 0.0
        self.taken = 0


class Line(asyncio.Protocol):
    """One keep-alive connection: the next request leaves when the answer to the one before is whole.

    One that the server has closed because nothing came is opened again for the next request, as every client does.
    """

    def __init__(self, run: Run, port: int) -> None:
        self.run, self.port, self.buffer, self.began = run, port, b"", 0.0
        self.transport: asyncio.Transport | None = None
        self.request: bytes | None = None
        """What has no answer yet."""
        self.is_fresh = True
        self._opening: asyncio.Task[object] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self.request is not None:
            transport.write(self.request)

    def next(self) -> None:
        """Send what comes next, at its time when there is a rate."""
        run = self.run
        if not run.requests:
            return
        key, request = run.requests.popleft()
        due = run.began + run.taken / run.per_second if run.per_second else 0.0
        run.taken += 1
        wait = due - time.monotonic()
        if wait > 0:
            asyncio.get_running_loop().call_later(wait, self._send, key, request)
        else:
            self._send(key, request)

    def _send(self, key: str, request: bytes) -> None:
        self.began = self.run.sent[key] = time.monotonic()
        self.request = request
        if self.transport is None:
            self._open()
        else:
            self.transport.write(request)

    def _open(self) -> None:
        loop = asyncio.get_running_loop()
        self.is_fresh = True
        self._opening = loop.create_task(loop.create_connection(lambda: self, "127.0.0.1", self.port))

    def data_received(self, data: bytes) -> None:
        """Read an answer; when it is whole, go on."""
        self.buffer += data
        head, found, body = self.buffer.partition(HEAD_END)
        if not found:
            return
        at = head.lower().find(LENGTH)
        size = int(head[at + len(LENGTH):].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(body) < size:
            return
        self.buffer, self.request, self.is_fresh = b"", None, False
        run = self.run
        run.seconds.append(time.monotonic() - self.began)
        run.refused += not head.startswith(b"HTTP/1.1 200")
        if len(run.seconds) >= run.total:
            run.done.set()
        else:
            self.next()

    def connection_lost(self, error: Exception | None) -> None:
        """One that closes while a request is under way ends the run with what there is, unless it had been idle: then
        it was closed before the request came."""
        self.transport = None
        if self.request is None:
            return
        if self.is_fresh or self.buffer:
            self.run.refused += 1
            self.run.done.set()
        else:
            self._open()


async def send(told: dict[str, Any]) -> None:
    """Send everything, with some requests beforehand that nobody measures."""
    requests = list(shopify_requests(told["start"], told["count"] + WARM_UP, datetime.now(UTC), told["port"]))
    warm = Run(requests[:WARM_UP], 0.0)
    await _through(warm, 4, told["port"])
    run = Run(requests[WARM_UP:], told["per_second"])
    lines = await _lines(run, told["connections"], told["port"])
    say(ready=True)
    wait_for_go()
    run.began, computed = time.monotonic(), time.process_time()
    for line in lines:
        line.next()
    await run.done.wait()
    cpu = time.process_time() - computed
    say(began=run.began, ended=time.monotonic(), cpu=cpu, seconds=run.seconds, refused=run.refused + warm.refused,
        sent=run.sent if told.get("is_told_when") else {})


async def _through(run: Run, connections: int, port: int) -> None:
    for line in await _lines(run, connections, port):
        line.next()
    await run.done.wait()


async def _lines(run: Run, count: int, port: int) -> list[Line]:
    loop = asyncio.get_running_loop()
    return [(await loop.create_connection(lambda: Line(run, port), "127.0.0.1", port))[1] for _ in range(count)]


if __name__ == "__main__":
    asyncio.run(send(given()))
