"""What stands in for a connector that is not there or cannot be used: its accounts wait, and stop nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import httpx2

from orderloom.application.ports import (
    NO_CONNECTOR,
    Account,
    Answer,
    Connector,
    Cursor,
    Inbound,
    Manifest,
    Outgoing,
    Page,
    Probed,
    Transient,
    Verdict,
)

CODE = "no_connector"
RETRY_SECONDS = 60.0


class Absent:
    """A connector in name alone: nothing is read, and whoever is told something is told it later."""

    def __init__(self, name: str) -> None:
        self.name = name

    def receive(self, request: Inbound, account: Account, at: datetime) -> Verdict:
        """Nobody can prove a push: the platform is to try again."""
        return Verdict((), status=503)

    async def pull(
        self, account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient,
    ) -> AsyncIterator[Page]:
        """Raises Transient."""
        raise self._why()
        yield  # pragma: no cover

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        """Raises Transient."""
        raise self._why()

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Probed:
        """Not well, and why."""
        return Probed(False, NO_CONNECTOR.format(name=self.name))

    def _why(self) -> Transient:
        return Transient(CODE, NO_CONNECTOR.format(name=self.name), retry_after=RETRY_SECONDS)


class Connectors(dict[str, Connector]):
    """Connectors by name; what is none is `Absent`. `in` and `get` know only those that are there."""

    def __missing__(self, name: str) -> Connector:
        return Absent(name)


class Manifests(dict[str, Manifest]):
    """Manifests by connector; one that is not there can do nothing."""

    def __missing__(self, name: str) -> Manifest:
        return Manifest(name=name, family="", title={"zh": name, "en": name}, zone="UTC", capabilities=[])
