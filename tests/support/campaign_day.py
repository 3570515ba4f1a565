"""A process of a campaign's day: four senders who order and cancel, and a clerk who receives, transfers, recounts and
changes quotas all the while. What is done is written down before the next is begun: who was killed goes on there.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec

from orderloom.application import commands as c
from orderloom.application.keep_quotas import close_quota, resize_quota, tend_quotas
from orderloom.application.move_lines import MoveLine, Moves, book_moves, read_lines
from orderloom.application.ports import Raced
from orderloom.bootstrap import Hub, find_connectors, open_hub
from orderloom.domain.actor import connector
from orderloom.domain.draft import DraftLine
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.support.moves import CHANNEL, LI, SKUS, sealed

PROCESSES, SENDERS_PER_PROCESS = 4, 4
SENDERS = PROCESSES * SENDERS_PER_PROCESS
CAMPAIGNS = ("", "", "11.11", "11.11", "vip", "staff")
BASKETS: tuple[tuple[tuple[str, int], ...], ...] = (
    (("A", 1),), (("A", 1),), (("A", 2),), (("KIT", 1),), (("KIT", 1), ("B", 1)), (("PACK", 1),), (("C", 3), ("A", 1)),
)
HOUSES = ("HZ", "CD", "XA")
ACTS_MAX = 400
find_connectors()


def an_attempt(sender: int, number: int) -> c.RecordOrder:
    """The order that a sender places as this one; always the same."""
    dice = Random(sender * 100_003 + number)
    lines: list[DraftLine] = [a_line(sku, units, external_id=f"L{no}") for no, (sku, units)
                              in enumerate(dice.choice(BASKETS), 1)]
    campaign = dice.choice(CAMPAIGNS)
    draft = msgspec.structs.replace(a_draft(f"s{sender}-{number}", *lines, is_paid=dice.random() < 0.5),
                                    facts={"campaign": campaign} if campaign else {})
    return c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=draft, sealed=sealed(0),
                         received_at=STORY_BEGINS + timedelta(microseconds=number * SENDERS + sender))


async def send(hub: Hub, folder: Path, sender: int, attempts: int) -> None:
    """Order, and now and then cancel one of before."""
    note, dice = folder / f"sender-{sender}", Random(sender)
    done = int(note.read_text()) if note.exists() else 0
    for number in range(attempts):
        is_cancelling = dice.random() < 0.15
        if number < done:
            continue
        await hub.handle([an_attempt(sender, number)])
        if is_cancelling:
            async with hub.ports.reading() as connection:
                rows = await (await connection.execute(
                    "select id::text from orders where external_id = %(id)s", {"id": f"s{sender}-{number // 2}"},
                )).fetchall()
            if rows:
                await hub.handle([c.CancelOrder(actor=LI, order_id=str(rows[0][0]), reason="不要了")])
        _write(note, number + 1)


async def keep_house(hub: Hub, folder: Path, process: int, quotas: list[str], is_over: asyncio.Event) -> None:
    """A clerk's day. Nothing is lost in it: what goes away is moved or frozen, so that all can be reckoned up."""
    note = folder / f"clerk-{process}"
    begun = int(note.read_text()) if note.exists() else 0
    for number in range(begun, ACTS_MAX):
        if is_over.is_set():
            return
        dice = Random(process * 7_919 + number)
        with suppress(Raced):  # what lost every race is left; the next act is another
            await _act(hub, f"clerk/{process}/{number}", dice, quotas)
        _write(note, number + 1)
        await asyncio.sleep(0)


async def _act(hub: Hub, cause: str, dice: Random, quotas: list[str]) -> None:
    kind, sku, house = dice.randrange(8), dice.choice(("A", "B", "C")), dice.choice(HOUSES)
    if kind == 0:
        await tend_quotas(hub.ports.subjects, hub.now())
    elif kind == 1:
        await resize_quota(hub.ports.subjects, dice.choice(quotas), dice.randrange(0, 40), "调整", "li", hub.now())
    elif kind == 2 and dice.random() < 0.1:
        await close_quota(hub.ports.subjects, dice.choice(quotas), "提前结束", "li", hub.now())
    elif kind in (3, 4):
        to = dice.choice([other for other in HOUSES if other != house])
        await _book(hub, cause, "transfer", MoveLine(sku, house, dice.randrange(1, 6), to))
    elif kind == 5:
        await _book(hub, cause, "receive", MoveLine(sku, house, dice.randrange(1, 3)))
    elif kind == 6:
        await _book(hub, cause, "protect", MoveLine(sku, house, dice.randrange(0, 3)))
    else:
        await _book(hub, cause, "adjust", MoveLine(sku, house, 1))  # a recount finds one more


async def _book(hub: Hub, cause: str, act: str, line: MoveLine) -> None:
    asked = Moves(act, "清点", [line])  # type: ignore[arg-type]
    await book_moves(hub.handler.restock, read_lines(SKUS, await hub.directory(), asked), asked, cause, "li", hub.now)


def run(dsn: str, home: str, process: int, attempts: int, quotas: list[str]) -> None:
    """Run the process to the end of its senders."""
    asyncio.run(_run(dsn, Path(home), process, attempts, quotas))


async def _run(dsn: str, home: Path, process: int, attempts: int, quotas: list[str]) -> None:
    async with open_hub(Settings(home=home), dsn, connections_max=SENDERS_PER_PROCESS + 1) as hub:
        is_over = asyncio.Event()
        clerk = asyncio.create_task(keep_house(hub, home, process, quotas, is_over))
        await asyncio.gather(*[send(hub, home, sender, attempts // SENDERS) for sender in range(
            process * SENDERS_PER_PROCESS, (process + 1) * SENDERS_PER_PROCESS)])
        is_over.set()
        await clerk


def _write(note: Path, done: int) -> None:
    draft = note.with_suffix(".new")
    draft.write_text(str(done))
    draft.replace(note)
