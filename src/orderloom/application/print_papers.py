"""Print papers: each job is handed to one agent once, and never again by itself, for a second label is a second parcel.

    queued → leased → printed | failed (surely nothing came out) | unknown (a person says whether it came out)

A lease that runs out leaves the job unknown. Printing again is a job of its own, with a reason, and marked 补打.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec

from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within
from orderloom.domain.paper.code_label import CODE_LABEL_SIZES
from orderloom.domain.paper.label import LABEL_SIZES
from orderloom.domain.paper.listed_paper import LISTED_SIZES
from orderloom.domain.refusal import Refusal

LEASE_SECONDS = 120
PAPERS: dict[str, tuple[str, ...]] = {
    "label": LABEL_SIZES, "slip": LISTED_SIZES, "pick_list": LISTED_SIZES, "wave_sheet": LISTED_SIZES,
    "code_labels": CODE_LABEL_SIZES,
}
"""Papers that a printer may be given, and the sizes in which each comes."""
ENDS = ("printed", "failed", "unknown")
AGENT = "print-agent"


class Printer(msgspec.Struct, frozen=True):
    """A printer: where it stands, what it takes (`form`) and on which paper. `is_automatic`: labels that are bought at
    its station are printed on it. `asked_at`: when its agent last asked for work."""

    name: str
    warehouse: str
    station: str
    form: str
    size: str
    is_automatic: bool
    is_active: bool
    asked_at: datetime | None = None


class PrintWish(msgspec.Struct, frozen=True):
    """A paper to print: `about` is work, box and purpose of a label, a work of a slip, works, or codes."""

    printer: str
    paper: str
    about: tuple[str, ...]
    order_id: str | None = None
    size: str = ""
    """Empty: the printer's, where the paper comes in it, else the paper's first."""


class PrintJob(msgspec.Struct, frozen=True):
    """A job as it stands. `state` is queued, leased, printed, failed, unknown or cancelled."""

    id: int
    printer: str
    warehouse: str
    paper: str
    about: list[str]
    size: str
    state: str
    reprint_of: int | None
    reason: str
    error: str
    made_by: str
    made_at: datetime
    taken_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    order_id: str | None


class PrintBook(Protocol):
    """Where printers and jobs are kept, in one transaction."""

    async def keep_printer(self, printer: Printer, warehouse_id: int) -> None: ...
    async def automatic(self, warehouse_id: int, station: str) -> str:
        """The printer of a station that prints by itself; empty where there is none."""
    async def printer(self, name: str) -> Printer | None: ...
    async def add(self, wish: PrintWish, by: str, at: datetime, again: PrintJob | None, reason: str) -> int: ...
    async def over(self, printer: str, at: datetime) -> int:
        """Jobs of a printer whose lease ran out are unknown now; returns how many."""
    async def of_lease(self, lease: UUID) -> PrintJob | None: ...
    async def take(self, printer: str, lease: UUID, at: datetime, until: datetime) -> PrintJob | None:
        """The oldest that waits for a printer, leased now."""
    async def lock(self, job: int) -> tuple[PrintJob, UUID | None] | None: ...
    async def end(self, job: int, state: str, error: str, by: str, at: datetime) -> None: ...


async def keep_printer(within: Within[PrintBook], printer: Printer, warehouse_id: int) -> None:
    """Add a printer, or say anew what it is. Raises NotKept when its station has another that prints by itself."""
    async with within() as book:
        other = await book.automatic(warehouse_id, printer.station)
        if printer.is_automatic and printer.is_active and other not in ("", printer.name):
            raise NotKept("in_use", f"工位“{printer.station}”已有自动打印的打印机 {other}：先改它",
                          f'station "{printer.station}" has printer {other} that prints by itself: change that first')
        await book.keep_printer(printer, warehouse_id)


async def queue_print(within: Within[PrintBook], wish: PrintWish, by: str, at: datetime) -> int | Refusal:
    """Have a paper printed; the job's number."""
    async with within() as book:
        printer = await book.printer(wish.printer)
        if isinstance(fit := _fitting(printer, wish), Refusal):
            return fit
        return await book.add(fit, by, at, None, "")


async def lease_print(within: Within[PrintBook], printer: str, lease: UUID, at: datetime) -> PrintJob | None:
    """The next job of a printer, for this lease alone; asked again with the same lease it is the same job."""
    async with within() as book:
        if (mine := await book.of_lease(lease)) is not None:
            return mine if mine.state == "leased" else None
        await book.over(printer, at)
        return await book.take(printer, lease, at, at + timedelta(seconds=LEASE_SECONDS))


async def finish_print(
    within: Within[PrintBook], job: int, lease: UUID, result: str, error: str, at: datetime,
) -> bool | Refusal:
    """What became of a job, once for a lease; True: it was told before. A lease that is over may still be told of,
    until a person has said whether it came out."""
    assert result in ENDS
    async with within() as book:
        found = await book.lock(job)
        if found is None or found[1] != lease:
            return Refusal("lease_over", {"job": str(job)})
        stands = found[0]
        if stands.state == result and stands.ended_by in (AGENT, ""):
            return True
        if stands.state != "leased" and not (stands.state == "unknown" and stands.ended_by == ""):
            return Refusal("lease_over", {"job": str(job)})
        await book.end(job, result, error, AGENT, at)
        return False


async def answer_print(within: Within[PrintBook], job: int, came_out: bool, by: str, at: datetime) -> Refusal | None:
    """A person says whether a paper came out of which nobody knows."""
    async with within() as book:
        await book.over("", at)
        found = await book.lock(job)
        if found is None or found[0].state != "unknown":
            return Refusal("print_not_unknown", {"job": str(job), "state": found[0].state if found else "-"})
        await book.end(job, "printed" if came_out else "failed", "" if came_out else "not_out", by, at)
        return None


async def cancel_print(within: Within[PrintBook], job: int, by: str, at: datetime) -> Refusal | None:
    """Take a job back that no agent has taken yet."""
    async with within() as book:
        found = await book.lock(job)
        if found is None or found[0].state != "queued":
            return Refusal("print_not_queued", {"job": str(job), "state": found[0].state if found else "-"})
        await book.end(job, "cancelled", "", by, at)
        return None


async def reprint(
    within: Within[PrintBook], job: int, printer: str, reason: str, by: str, at: datetime,
) -> int | Refusal:
    """Print the paper of a job again, on the same printer or another; one that may still come out is ended first."""
    async with within() as book:
        found = await book.lock(job)
        if found is None or found[0].state in ("queued", "leased", "unknown"):
            return Refusal("print_not_over", {"job": str(job), "state": found[0].state if found else "-"})
        before = found[0]
        wish = PrintWish(printer or before.printer, before.paper, tuple(before.about), before.order_id)
        if isinstance(fit := _fitting(await book.printer(wish.printer), wish), Refusal):
            return fit
        return await book.add(fit, by, at, before, reason)


def _fitting(printer: Printer | None, wish: PrintWish) -> PrintWish | Refusal:
    """The wish with the size in which its paper comes on this printer."""
    if printer is None or not printer.is_active:
        return Refusal("no_printer", {"printer": wish.printer[:60]})
    known: Sequence[str] = PAPERS[wish.paper]
    if wish.size and wish.size not in known:
        return Refusal("wrong_size", {"size": wish.size[:20], "known": ", ".join(known)})
    return msgspec.structs.replace(wish, size=wish.size or (printer.size if printer.size in known else known[0]))
