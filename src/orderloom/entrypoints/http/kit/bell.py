"""Wakes every open event stream when the publisher says that there is news; one listening connection for all."""

from __future__ import annotations

import asyncio

AGAIN_SECONDS = 2.0
"""How long a stream waits at most before it looks by itself."""


class Bell:
    """`ring` is called on news; `wait` returns on the next ring or after `AGAIN_SECONDS`."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait."""
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, seconds: float = AGAIN_SECONDS) -> None:
        """Sleep until there may be news, or so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return
