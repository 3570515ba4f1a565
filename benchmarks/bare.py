"""The floor of the webhook benchmark: a bare ASGI application on the same server that reads a body and says yes."""

from __future__ import annotations

import asyncio
from typing import Any

import uvloop

from benchmarks.hands import given, say
from orderloom.rehearsal.server import serve

ANSWER = [(b"content-type", b"application/json"), (b"content-length", b"2")]


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Read the whole body, keep nothing."""
    while (await receive()).get("more_body"):
        continue
    await send({"type": "http.response.start", "status": 200, "headers": ANSWER})
    await send({"type": "http.response.body", "body": b"{}"})


async def echo(port: int) -> None:
    """Serve until told to stop."""
    async with serve(app, port):
        say(ready=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(echo(given()["port"]))
