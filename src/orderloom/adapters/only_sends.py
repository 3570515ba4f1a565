"""What only takes messages - a mail server, a subscriber: nothing is received from it, and nothing can be read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import httpx2

from orderloom.application.ports import Account, Cursor, Inbound, Page, Verdict


class OnlySends:
    """The half of a connector that such a target has in common with all others of its kind."""

    def receive(self, request: Inbound, account: Account, at: datetime) -> Verdict:
        """Nothing is expected: what is posted is refused."""
        return Verdict((), status=404)

    async def pull(
        self, account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        """Nothing is to be had."""
        nothing: tuple[Page, ...] = ()
        for page in nothing:
            yield page
