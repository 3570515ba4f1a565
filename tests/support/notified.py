"""A hub that notifies: a clock that stands still, messengers, cases that open, and the worker's steps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from orderloom.adapters.db.directory import bump
from orderloom.application.batch import open_case
from orderloom.application.change import Change
from orderloom.application.keep_recipients import keep_recipient
from orderloom.application.notify import Notifier
from orderloom.application.publish_blueprint import publish_blueprint
from orderloom.application.queries.notifications import NotificationView, list_notifications
from orderloom.application.sending import Deliverer
from orderloom.blueprint.load import load_texts, read_folder
from orderloom.bootstrap import Hub, open_hub
from orderloom.carried import BLUEPRINT
from orderloom.settings import Settings
from orderloom.testing.clock import FrozenClock

ACCOUNT = """
insert into account (code, family, connector, zone, base_url, credentials_cipher, settings)
values (%s, 'messengers', %s, %s, %s, %s, %s::jsonb) returning id"""
ROUNDS_MAX = 200


class Notified:
    """The hub under test."""

    def __init__(self, hub: Hub, clock: FrozenClock) -> None:
        self.hub, self.clock = hub, clock
        self.notifier, self.deliverer = Notifier(hub), Deliverer(hub)

    async def messenger(
        self, code: str, connector: str, base_url: str, credentials: dict[str, str] | None = None, *,
        zone: str = "Asia/Shanghai", **settings: Any,
    ) -> int:
        """Connect an account that messages leave by."""
        chosen = {"private_hosts": ["127.0.0.1", "localhost"], **settings}
        async with self.hub.pool.connection() as connection:
            row = await (await connection.execute(ACCOUNT, (
                code, connector, zone, base_url, self.hub.vault.encrypt(orjson.dumps(credentials or {})),
                orjson.dumps(chosen).decode()))).fetchone()
            assert row is not None
            await bump(connection)
        return int(row[0])

    async def reach(self, recipient: str, account: str, address: str) -> None:
        """Give a recipient an address."""
        hub = self.hub
        await keep_recipient(hub.ports.notices, hub.manifests, recipient, account, address, "test", self.clock())

    async def cases(self, kind: str, subjects: Sequence[str]) -> None:
        """Open cases of a kind, each of another cause."""
        directory = await self.hub.directory()
        change = Change()
        for subject in subjects:
            open_case(change, directory.blueprints[directory.blueprint_active], self.clock(), kind, subject, {},
                      cause=subject)
        async with self.hub.ports.desk() as desk:
            await desk.save(change, self.clock(), "test")

    async def close(self, kind: str, *subjects: str) -> None:
        """Put cases right."""
        change = Change()
        change.resolved += [(kind, subject) for subject in subjects]
        async with self.hub.ports.desk() as desk:
            await desk.save(change, self.clock(), "test")

    async def work(self) -> int:
        """Notify and send until nothing is to be done at this instant; returns how many rounds it took."""
        for rounds in range(ROUNDS_MAX):
            done = await self.notifier.step()
            sent = await self.deliverer.step()
            await self.deliverer.drain()
            if not done and not sent:
                return rounds
        raise AssertionError(f"it does not come to rest within {ROUNDS_MAX} rounds")

    async def live(self, seconds: int, every: int = 60) -> None:
        """Let time pass, and work whenever so much of it has."""
        for _ in range(seconds // every):
            self.clock.forward(every)
            await self.work()

    async def told(self, **asked: Any) -> list[NotificationView]:
        """Who was told what, oldest first."""
        async with self.hub.ports.reading() as connection:
            page = await list_notifications(connection, limit=200, **asked)
        return page.notifications[::-1]

    async def ask(self, statement: str, *given: Any) -> list[tuple[Any, ...]]:
        """Rows of a statement."""
        async with self.hub.pool.connection() as connection:
            return await (await connection.execute(statement.encode(), given or None)).fetchall()


async def publish(hub: Hub, **replaced: str) -> None:
    """Publish the default blueprint with other files in place of its own."""
    texts = {**read_folder(BLUEPRINT), **replaced}
    await publish_blueprint(hub.ports.blueprints, load_texts("test", texts), "test", "test")


@asynccontextmanager
async def notified(home: Path, dsn: str, at: datetime | None = None, **replaced: str) -> AsyncIterator[Notified]:
    """An open hub with the default rules, or others (`notifications="rules: …"`)."""
    clock = FrozenClock(at) if at else FrozenClock()
    async with open_hub(Settings(home=home), dsn, clock=clock, connections_max=8) as hub:
        await publish(hub, **replaced)
        yield Notified(hub, clock)
