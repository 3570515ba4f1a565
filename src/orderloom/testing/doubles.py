"""Outside worlds that fail: a connector and an HTTP transport with trouble built in, for tests of what happens then."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime

import httpx2

from orderloom.application.ports import (
    Account,
    Answer,
    Connector,
    Cursor,
    Inbound,
    Outgoing,
    Page,
    Probed,
    Trouble,
    Verdict,
)


class FailingConnector:
    """Wraps a real connector. `troubles` are raised one per call of `send` or `pull`, oldest first; then all is well.

    With `is_late` the real call is made first and its answer thrown away: a timeout after the target's success.
    """

    def __init__(self, real: Connector, *troubles: Trouble, is_late: bool = False) -> None:
        self.name = real.name
        self.sent: list[Outgoing] = []
        self.troubles = list(troubles)
        self._real, self._is_late = real, is_late

    def receive(self, request: Inbound, account: Account, at: datetime) -> Verdict:
        """As the real one does."""
        return self._real.receive(request, account, at)

    async def pull(
        self, account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        """The real pages, unless trouble is due."""
        self._fail()
        async for page in self._real.pull(account, cursor, at, http):
            yield page

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        """Note what was sent, fail if trouble is due, else send it for real."""
        self.sent.append(outgoing)
        if self.troubles and self._is_late:
            await self._real.send(outgoing, account, http)
        self._fail()
        return await self._real.send(outgoing, account, http)

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Probed:
        """As the real one does."""
        return await self._real.probe(account, http)

    def _fail(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)


class BreakingTransport(httpx2.AsyncBaseTransport):
    """Carries requests for real, but breaks the connection of those that `breaks` picks.

    With `is_late` the request is answered first and the answer is lost on the way back.
    """

    def __init__(self, breaks: Callable[[httpx2.Request], bool], *, is_late: bool = False) -> None:
        self.broken = 0
        self._breaks, self._is_late = breaks, is_late
        self._real = httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Carry or break one request."""
        if not self._breaks(request):
            return await self._real.handle_async_request(request)
        self.broken += 1
        if self._is_late:
            answer = await self._real.handle_async_request(request)
            await answer.aread()
        raise httpx2.ReadTimeout("the rehearsed line broke", request=request)

    async def aclose(self) -> None:
        """Close the real transport."""
        await self._real.aclose()
