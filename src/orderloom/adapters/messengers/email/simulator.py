"""Simulates a mail server: SMTP (RFC 5321) on loopback, which takes every mail and gives it to nobody.

It is no HTTP platform: `listening` serves it. Without TLS and login, as a host of one's own network may be.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

from orderloom.adapters.simulated.clock import Now

LINE_MAX = 2_000
MAIL_LINES_MAX = 20_000
GREETING = "220 mail.rehearsal.example ESMTP"
BUSY = "451 4.3.0 try again later"


class Simulator:
    """One server. `heard`: every mail that was taken; `refuses`: what is answered to a recipient's address."""

    FAULTS = ("busy", "dropped")

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        self.now, self.settings = now, settings
        self.heard: list[dict[str, Any]] = []
        self.refuses: dict[str, str] = {}
        self.requests: Counter[str] = Counter()
        self.rejected: list[str] = []
        self.struck: list[tuple[str, str, datetime]] = []
        self._faults: list[str] = []

    def fault(self, kind: str, count: int = 1, on: str = "") -> None:
        """The next `count` mails meet it: `busy` (a passing no) or `dropped` (the line breaks before an answer)."""
        if kind not in self.FAULTS:
            raise ValueError(f"a mail server has no fault {kind}")
        self._faults += [kind] * count

    def refuse(self, key: str, words: str = "550 5.1.1 no such mailbox") -> None:
        """Refuse a recipient's address for good; "" lifts it."""
        self.refuses[key] = words

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """Serve on loopback while the block runs; gives the address."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LINE_MAX * 2)
        try:
            yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._session(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ValueError) as error:
            self.rejected.append(f"session: {type(error).__name__}")
        finally:
            writer.close()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        sender = ""
        to: list[str] = []
        await say(GREETING)
        while line := (await reader.readline()).decode("utf-8", "replace").rstrip("\r\n"):
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            self.requests[verb] += 1
            if verb in ("EHLO", "HELO"):
                await say("250 mail.rehearsal.example")
            elif verb == "MAIL":
                sender, to = _address(rest), []
                await say("250 2.1.0 ok" if sender else "501 5.1.7 bad sender")
            elif verb == "RCPT":
                words = "503 5.5.1 MAIL first" if not sender else self.refuses.get(_address(rest))
                if words:
                    self.rejected.append(f"RCPT: {words}")
                else:
                    to.append(_address(rest))
                await say(words or "250 2.1.5 ok")
            elif verb == "DATA" and to:
                await say("354 end with a dot")
                if not await self._take(await _data(reader), to, say):
                    return
                sender, to = "", []
            elif verb in ("RSET", "NOOP"):
                await say("250 2.0.0 ok")
            elif verb == "QUIT":
                await say("221 2.0.0 bye")
                return
            else:
                self.rejected.append(f"{verb}: not here")
                await say("503 5.5.1 not here")

    async def _take(self, raw: bytes, to: list[str], say: Any) -> bool:
        """One mail; false when the session ends by it."""
        fault = self._faults.pop(0) if self._faults else ""
        if fault:
            self.struck.append((fault, "DATA", self.now()))
        if fault == "dropped":
            return False
        if fault == "busy":
            await say(BUSY)
            return True
        mail = message_from_bytes(raw, policy=default)
        self.heard += [{"to": one, "text": f"{mail['Subject']}\n{mail.get_content()}", "at": self.now(),
                        "id": str(mail["Message-ID"])} for one in to]
        await say("250 2.0.0 taken")
        return True


def _address(rest: str) -> str:
    """What stands between the angle brackets."""
    return rest.partition("<")[2].partition(">")[0]


async def _data(reader: asyncio.StreamReader) -> bytes:
    """The mail up to the line with a dot alone."""
    lines: list[bytes] = []
    while (line := await reader.readuntil(b"\n")) != b".\r\n":
        lines.append(line[1:] if line.startswith(b".") else line)
        if len(lines) > MAIL_LINES_MAX:
            raise ValueError("too long")
    return b"".join(lines)
