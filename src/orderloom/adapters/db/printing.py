"""Printers and print jobs on PostgreSQL, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.print_papers import Printer, PrintJob, PrintWish

Connection = AsyncConnection[Any]


class Printing:
    """See `application.print_papers.PrintBook`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def keep_printer(self, printer: Printer, warehouse_id: int) -> None:
        """A printer, new or as it is now."""
        await self._run("keep", name=printer.name, warehouse=warehouse_id, station=printer.station, form=printer.form,
                        size=printer.size, is_automatic=printer.is_automatic, is_active=printer.is_active)

    async def automatic(self, warehouse_id: int, station: str) -> str:
        """The printer of a station that prints by itself; empty where there is none."""
        row = await self._run("automatic", warehouse=warehouse_id, station=station)
        return str(row[0]) if row else ""

    async def printer(self, name: str) -> Printer | None:
        """The printer with this name."""
        row = await self._run("printer", name=name)
        return Printer(*row) if row else None

    async def add(self, wish: PrintWish, by: str, at: datetime, again: PrintJob | None, reason: str) -> int:
        """A job that waits for its printer."""
        row = await self._run("add", printer=wish.printer, order=wish.order_id, paper=wish.paper,
                              about=list(wish.about), size=wish.size, again=again.id if again else None, reason=reason,
                              by=by, at=at)
        return int(row[0])

    async def over(self, printer: str, at: datetime) -> int:
        """Jobs whose lease ran out are unknown now, of one printer or (empty) of all."""
        done = await self._connection.execute(statement("printing", "over"), {"printer": printer, "at": at})
        return done.rowcount

    async def of_lease(self, lease: UUID) -> PrintJob | None:
        """The job that was taken with a lease."""
        row = await self._run("of_lease", lease=lease)
        return await self._one(row[0]) if row else None

    async def take(self, printer: str, lease: UUID, at: datetime, until: datetime) -> PrintJob | None:
        """The oldest that waits for a printer, leased now."""
        await self._run("asked", name=printer, at=at)
        row = await self._run("take", printer=printer, lease=lease, at=at, until=until)
        return await self._one(row[0]) if row else None

    async def lock(self, job: int) -> tuple[PrintJob, UUID | None] | None:
        """A job and the lease that it was taken with, locked."""
        row = await self._run("lock", job=job)
        return (await self._one(job), row[0]) if row else None

    async def end(self, job: int, state: str, error: str, by: str, at: datetime) -> None:
        """What became of a job."""
        await self._run("end", job=job, state=state, error=error, by=by, at=at)

    async def _one(self, job: int) -> PrintJob:
        return PrintJob(*await self._run("one", job=job))

    async def _run(self, query: str, **values: Any) -> Any:
        done = await self._connection.execute(statement("printing", query), values)
        return await done.fetchone() if done.description else None
