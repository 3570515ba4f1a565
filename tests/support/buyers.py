"""A process of buyers for the oversell proof: four senders, each placing its share of orders for the one hot SKU.

A sender notes how far it got only after the hub has answered, so one that is killed sends its last batch again when it
is started anew, as a real sender does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from orderloom.application import commands as c
from orderloom.bootstrap import Hub, find_connectors, open_hub
from orderloom.domain.actor import connector
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.support.moves import CHANNEL, sealed

PROCESSES, SENDERS_PER_PROCESS = 4, 4
SENDERS = PROCESSES * SENDERS_PER_PROCESS
BATCH_MAX = 60
find_connectors()  # imported once by the fork server, so that a sender that is started anew is quick


def shares(attempts: int, sender: int) -> range:
    """The attempts of one sender: every sixteenth."""
    return range(sender, attempts, SENDERS)


def attempt(number: int) -> c.RecordOrder:
    """One buyer wants one piece; every second one has paid already."""
    draft = a_draft(f"buyer-{number}", a_line("A"), is_paid=number // SENDERS % 2 == 0)
    return c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=draft, sealed=sealed(0),
                         received_at=STORY_BEGINS + timedelta(microseconds=number))


def batches(numbers: range, seed: int) -> Iterator[range]:
    """The numbers in runs of random length, single orders among them; the same runs for the same seed."""
    dice, start = Random(seed), 0
    while start < len(numbers):
        end = start + dice.choice((1, 1, 5, 20, BATCH_MAX))
        yield numbers[start:end]
        start = end


async def send(hub: Hub, note: Path, numbers: range, seed: int) -> None:
    """Place every order that the note does not know to be placed."""
    done, sent = _read(note), 0
    for batch in batches(numbers, seed):
        sent += len(batch)
        if sent > done:
            await hub.handle([attempt(n) for n in batch])
            _write(note, sent)


def _read(note: Path) -> int:
    return int(note.read_text()) if note.exists() else 0


def _write(note: Path, sent: int) -> None:
    draft = note.with_suffix(".new")
    draft.write_text(str(sent))
    draft.replace(note)


def run(dsn: str, home: str, process: int, attempts: int) -> None:
    """Run the process's four senders to their end."""
    asyncio.run(_run(dsn, Path(home), process, attempts))


async def _run(dsn: str, home: Path, process: int, attempts: int) -> None:
    async with open_hub(Settings(home=home), dsn, connections_max=SENDERS_PER_PROCESS) as hub:
        await asyncio.gather(*[
            send(hub, home / f"sender-{sender}", shares(attempts, sender), sender)
            for sender in range(process * SENDERS_PER_PROCESS, (process + 1) * SENDERS_PER_PROCESS)
        ])

