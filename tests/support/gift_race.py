"""A process that records orders of one buyer: `python -m tests.support.gift_race HOME DSN NAME COUNT`."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from orderloom.application import commands as c
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.support.moves import CHANNEL, sealed

BUYER = b"one and the same"


def order_of(external: str, *, buyer: bytes | None = BUYER, phone: bytes | None = None, at: datetime = STORY_BEGINS,
             sku: str = "B") -> c.RecordOrder:
    """A paid order of one piece at 100.00."""
    return c.RecordOrder(
        actor=connector("TB01"), account_id=CHANNEL, received_at=at,
        draft=a_draft(external, a_line(sku, 1, external_id="L1"), at=at),
        sealed=replace(sealed(1), buyer_index=buyer, phone_index=phone),
    )


async def record(hub: Hub, name: str, count: int) -> None:
    """One order after another, each in a transaction of its own."""
    for number in range(count):
        await hub.handle([order_of(f"{name}{number}")])


async def _main(home: str, dsn: str, name: str, count: str) -> None:
    async with open_hub(Settings(home=Path(home)), dsn) as hub:
        await record(hub, name, int(count))


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
