"""The loss accounting: every message that was acknowledged is stored, on disk, or written off by a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from orderloom.application.ports import OnDisk
from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

NOTHING = OnDisk()
OUTCOMES = ("normalised", "parked", "quarantined", "pending", "discarded")
COUNTS = beside(__file__)["counts"]
"""One statement, hence one snapshot: taken apart, a busy hub would seem not to add up."""


class Accounting(msgspec.Struct, frozen=True):
    """Messages by what became of them; `received` counts those on disk (`spooled`) and those gone from it, too.

    `is_balanced`: received = stored + spooled + written_off: none that was acknowledged is missing, and stored =
    normalised + parked + quarantined + pending + discarded. `duplicates` were received and already stored. `lost` are
    missing: they were acknowledged and are gone from the disk; a person who closes their case writes them off.
    """

    received: int
    stored: int
    normalised: int
    parked: int
    quarantined: int
    pending: int
    duplicates: int
    spooled: int
    is_balanced: bool
    forged: int = 0
    """Refused as not genuine and counted, not kept: beyond what is kept of an account's in an hour."""
    discarded: int = 0
    """Parked ones that a person took out, with a reason."""
    lost: int = 0
    written_off: int = 0


EMPTY = Accounting(0, 0, 0, 0, 0, 0, 0, 0, True)


def accounting_of(counted: Iterable[Sequence[Any]], on_disk: OnDisk) -> Accounting:
    """The accounting of the rows of `COUNTS` and of what is on disk."""
    counts = {str(name): int(number) for name, number in counted}
    by_outcome = {outcome: counts.get(outcome, 0) for outcome in OUTCOMES}
    stored, received = sum(by_outcome.values()), counts.get("tally received", 0)
    return Accounting(
        received=received + on_disk.all, stored=stored, duplicates=counts.get("tally duplicates", 0),
        is_balanced=received == stored and not on_disk.lost, forged=counts.get("tally forged", 0), **by_outcome,
        **on_disk._asdict(),
    )


def with_disk(last: Accounting, on_disk: OnDisk) -> Accounting:
    """The last known figures with what is on disk now."""
    before = OnDisk(last.spooled, last.lost, last.written_off)
    return msgspec.structs.replace(
        last, received=last.received - before.all + on_disk.all,
        is_balanced=last.is_balanced and not on_disk.lost, **on_disk._asdict())


async def read_accounting(connection: Connection, on_disk: OnDisk = NOTHING) -> Accounting:
    """The accounting as of now."""
    return accounting_of(await (await connection.execute(COUNTS)).fetchall(), on_disk)
