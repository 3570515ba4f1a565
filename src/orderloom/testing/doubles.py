"""An outside world that fails: a connector with trouble built in, for tests of what happens then."""

from __future__ import annotations

from collections.abc import AsyncIterator
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
