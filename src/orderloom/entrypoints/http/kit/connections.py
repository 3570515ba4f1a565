"""Connections to the hub: how many there may be, how long each may take to say what it wants, and how much it may say.

uvicorn has no limits of its own here: a client that sends its header one byte an hour, or never reads its answer, holds
a connection for ever, and a thousand of them hold all. Here each phase of a request has its time, a header its size,
and when all seats are taken the one that has waited the longest without having said what it wants makes room: whoever
sends a whole request gets in.
"""

from __future__ import annotations

import asyncio
import resource
from collections import Counter
from ipaddress import ip_address
from typing import Any

import msgspec
import structlog
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

HEADER_SECONDS_MAX = 10.0
"""From the connection, or the first byte of a later request, to the end of its header."""
IDLE_SECONDS_MAX = 5
"""Between two requests."""
BODY_SECONDS = 30.0
BODY_BYTES_PER_SECOND_MIN = 10_000
"""A body may take so long, and longer only as it keeps coming at this pace."""
UNREAD_SECONDS_MAX = 30.0
"""How long a client may leave its answer unread."""
HEADERS_MAX = 100
HEAD_BYTES_MAX = 32_768
"""Address and header together."""
TARGET_BYTES_MAX = 8_192
CONNECTIONS_MAX = 4_096
FILES_RESERVED = 256
"""Open files that are not connections: the database's, the spool's, a burst of connections before they are judged."""
FILES_WANTED = 65_536
PEER_SHARE = 4
"""One peer may hold one in so many seats; loopback may hold all, for a reverse proxy brings everybody from there."""
BACKLOG = 128
TOLD = {
    400: ("unreadable_request", "请求不是合规的 HTTP | The request is no proper HTTP"),
    408: ("too_slow", "请求发送得太慢 | The request came too slowly"),
    431: ("header_too_large", f"请求头太大：最多 {HEADERS_MAX} 项、{HEAD_BYTES_MAX} 字节 | "
                              f"The header is too large: at most {HEADERS_MAX} fields, {HEAD_BYTES_MAX} bytes"),
    503: ("busy", "连接太多，请稍后再试 | Too many connections: try again soon"),
}
REASONS = {400: "Bad Request", 408: "Request Timeout", 431: "Header Too Large", 503: "Service Unavailable"}
log = structlog.get_logger()


class Seats:
    """The seats of one server, and who of them has not said yet what it wants."""

    def __init__(self, total_max: int) -> None:
        self._total_max, self._peer_max = total_max, max(1, total_max // PEER_SHARE)
        self._all: set[BoundedConnection] = set()
        self._waiting: dict[BoundedConnection, None] = {}
        self._by_peer: Counter[str] = Counter()
        self.put_out = 0

    def take(self, connection: BoundedConnection) -> bool:
        """Give a connection a seat, someone else's if need be; False when everybody in is being served."""
        peer = connection.peer
        if not _is_loopback(peer) and self._by_peer[peer] >= self._peer_max and not self._put_out(peer):
            return False
        if len(self._all) >= self._total_max and not self._put_out():
            return False
        self._all.add(connection)
        self._by_peer[peer] += 1
        self._waiting[connection] = None
        return True

    def give_back(self, connection: BoundedConnection) -> None:
        """The connection has ended."""
        self._waiting.pop(connection, None)
        if connection in self._all:
            self._all.remove(connection)
            self._by_peer[connection.peer] -= 1
            if not self._by_peer[connection.peer]:
                del self._by_peer[connection.peer]

    def waits(self, connection: BoundedConnection) -> None:
        """The connection has not said what it wants, from now on."""
        if connection in self._all:
            self._waiting.pop(connection, None)
            self._waiting[connection] = None

    def is_served(self, connection: BoundedConnection) -> None:
        """The whole request is there: it keeps its seat until it is answered."""
        self._waiting.pop(connection, None)

    def _put_out(self, peer: str = "") -> bool:
        """End who has waited the longest (of this peer)."""
        oldest = next((c for c in self._waiting if not peer or c.peer == peer), None)
        if oldest is None:
            return False
        self.put_out += 1
        self.give_back(oldest)
        oldest.end()
        return True


class BoundedConnection(HttpToolsProtocol):
    """One connection within the bounds above."""

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None, *, seats: Seats,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._seats = seats
        self._timer: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._head_bytes, self._fed, self._is_in_head = 0, 0, True
        self._body_begun, self._body_bytes = 0.0, 0
        self._refusal = 400

    @property
    def peer(self) -> str:
        """The other end's address."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a seat, or say that there is none."""
        super().connection_made(transport)
        if self._seats.take(self):
            self._set_timer(HEADER_SECONDS_MAX, self._too_slow)
        else:
            self.refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the seat back."""
        self._seats.give_back(self)
        for timer in (self._timer, self._unread):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless this connection is over. A field that never ends is told only when it ends: so count here."""
        if self.transport.is_closing():
            return
        was_in_head = self._is_in_head
        super().data_received(data)
        if was_in_head and self._is_in_head and not self.transport.is_closing():
            self._fed += len(data)
            if self._fed > HEAD_BYTES_MAX:
                self.refuse(431)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._head_bytes, self._fed, self._is_in_head = 0, 0, True
        self._wait()
        self._set_timer(HEADER_SECONDS_MAX, self._too_slow)

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        super().on_url(url)
        self._measure(len(url), is_too_much=len(self.url) > TARGET_BYTES_MAX)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the header."""
        super().on_header(name, value)
        self._measure(len(name) + len(value), is_too_much=len(self.headers) > HEADERS_MAX)

    def on_headers_complete(self) -> None:
        """The header is whole; the body has its own time."""
        self._is_in_head = False
        self._body_begun, self._body_bytes = self.loop.time(), 0
        self._set_timer(BODY_SECONDS, self._look_at_body)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole: from here on it is ours to be quick."""
        self._set_timer(None)
        self._seats.is_served(self)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Answered; what follows is the next request, or the end."""
        super().on_response_complete()
        if not self.flow.write_paused:
            self._wait()

    def pause_writing(self) -> None:
        """The client does not read what it asked for."""
        super().pause_writing()
        self._unread = self.loop.call_later(UNREAD_SECONDS_MAX, self.end)

    def resume_writing(self) -> None:
        """It reads again."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
        self._wait()

    def send_400_response(self, msg: str) -> None:
        """What uvicorn calls for a request that cannot be read."""
        self.refuse(self._refusal)

    def refuse(self, status: int) -> None:
        """Answer with a problem, and end."""
        code, detail = TOLD[status]
        body = msgspec.json.encode({
            "type": f"/problems/{code}", "title": detail, "status": status, "detail": detail, "instance": "",
            "code": code,
        })
        head = (f"HTTP/1.1 {status} {REASONS[status]}\r\ncontent-type: application/problem+json\r\n"
                f"content-length: {len(body)}\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
                "connection: close\r\n\r\n")
        self.transport.write(head.encode() + body)
        self.transport.close()

    def end(self) -> None:
        """Let go at once, whatever is under way."""
        self.transport.abort()

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        """It has not said what it wants next; while an answer is under way it need not."""
        if not self._is_answering:
            self._seats.waits(self)

    def _measure(self, size: int, *, is_too_much: bool) -> None:
        self._head_bytes += size
        if is_too_much or self._head_bytes > HEAD_BYTES_MAX:
            self._refusal = 431
            raise ValueError("the header is too large")  # ends the parsing, which ends in send_400_response

    def _set_timer(self, seconds: float | None, then: Any = None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self.loop.call_later(seconds, then)

    def _look_at_body(self) -> None:
        """End a body that stopped or drips; the pace counts from the beginning."""
        until = self._body_begun + BODY_SECONDS + self._body_bytes / BODY_BYTES_PER_SECOND_MIN
        left = until - self.loop.time()
        if left > 0:
            self._set_timer(left, self._look_at_body)
        else:
            self._too_slow()

    def _too_slow(self) -> None:
        if self.pipeline or (self._is_answering and self.cycle.response_started):
            self.end()
        else:
            self.refuse(408)


def raise_file_limit() -> int:
    """Let this process open as many files as the machine allows it (65,536 are enough); returns how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_WANTED if hard == resource.RLIM_INFINITY else min(hard, FILES_WANTED)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft if soft != resource.RLIM_INFINITY else FILES_WANTED
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError) as error:
        log.warning("file_limit_kept", limit=soft, why=str(error))
        return soft
    return wanted


def seats_for(files: int) -> int:
    """How many connections a process has room for that may open so many files."""
    return max(16, min(CONNECTIONS_MAX, files - FILES_RESERVED))


def _is_loopback(peer: str) -> bool:
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        return False
