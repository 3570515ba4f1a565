"""Labels and couriers on PostgreSQL: written down before a carrier is asked, and what it answered, in the caller's
transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.ask_label import label_number
from orderloom.application.ask_pickup import pickup_number
from orderloom.application.book_pickup import Pickup
from orderloom.application.box_commands import AskLabel, AskPickup
from orderloom.application.buy_label import Label
from orderloom.application.deliver import Tried
from orderloom.application.find_unreported import ScannedLabel
from orderloom.application.meet_refusals import RefusedLabel
from orderloom.application.miss_labels import LateLabel
from orderloom.application.unbook_pickup import BookedCourier
from orderloom.application.void_label import Unwanted

Connection = AsyncConnection[Any]
ENDED = ("done", "parked")


async def book(connection: Connection, asked: AskLabel, order_id: str, by: str, at: datetime) -> Label | None:
    """Write the request down; the label that stands in its way when there is one."""
    of_box = {"work": asked.work_no, "box": asked.box, "purpose": asked.purpose}
    if asked.purpose == "out" and (row := await (await connection.execute(
            statement("labels", "standing_together"), of_box)).fetchone()):
        return Label(*row)
    number = label_number(asked.work_no, asked.box, asked.purpose, asked.round)
    booked = await (await connection.execute(statement("labels", "book"), {
        "number": number, "order": order_id, "work": asked.work_no, "box": asked.box, "purpose": asked.purpose,
        "account": asked.account_id, "carrier": asked.carrier, "by": by, "at": at,
        "station": asked.station,
    })).fetchone()
    if booked is not None:
        return None
    stands = await standing(connection, asked.work_no, asked.box, asked.purpose)
    assert stands is not None
    return stands


async def standing(connection: Connection, work: str, box: int, purpose: str) -> Label | None:
    """The label of a box that was not given back."""
    row = await (await connection.execute(statement("labels", "standing"), {
        "work": work, "box": box, "purpose": purpose})).fetchone()
    return Label(*row) if row else None


async def book_pickup(
    connection: Connection, asked: AskPickup, order_id: str, by: str, at: datetime,
) -> Pickup | None:
    """Write the request down; the booking that stands in its way when there is one."""
    number = pickup_number(asked)
    booked = await (await connection.execute(statement("labels", "pickup_book"), {
        "number": number, "order": order_id, "work": asked.work_no, "box": asked.box, "purpose": asked.purpose,
        "account": asked.account_id, "carrier": asked.carrier, "from": asked.from_at, "until": asked.until_at,
        "by": by, "at": at, "label": asked.number, "is_of_label": asked.is_of_label,
    })).fetchone()
    if booked is not None:
        return None
    row = await (await connection.execute(statement("labels", "pickup_standing"), {"number": number})).fetchone()
    assert row is not None
    return Pickup(*row)


async def give_back(connection: Connection, number: str, at: datetime) -> bool:
    """A label that was bought is being given back; False when it is not one."""
    return await (await connection.execute(
        statement("labels", "give_back"), {"number": number, "at": at})).fetchone() is not None


async def call_off(connection: Connection, number: str) -> bool:
    """A courier that was booked is being called off; False when it is not one."""
    return await (await connection.execute(statement("labels", "call_off"), {"number": number})).fetchone() is not None


async def finish(
    connection: Connection, sent: Sequence[Tried], at: datetime, seal: Callable[[bytes], bytes],
) -> None:
    """Write down what became of requests to carriers that ended."""
    ended = [s for s in sent if s.state in ENDED]
    if asked := [s for s in ended if s.leased.kind == "label"]:
        await connection.execute(statement("labels", "finish"), {
            "number": [str(s.leased.body["label_no"]) for s in asked], "at": at,
            "account": [s.leased.account_id for s in asked], "state": [_state(s, "bought") for s in asked],
            "waybill": [s.label.waybill if s.label else "" for s in asked],
            "print": [seal(s.label.print_data) if s.label and s.label.print_data else b"" for s in asked],
            "error": [_error(s) for s in asked],
        })
    if back := [s for s in ended if s.leased.kind == "label_cancel"]:
        await connection.execute(statement("labels", "given_back"), {
            "number": [str(s.leased.body["label_no"]) for s in back], "at": at,
            "state": [_undone(s, "bought") for s in back], "error": [_error(s) for s in back],
        })
    if couriers := [s for s in ended if s.leased.kind == "pickup"]:
        await connection.execute(statement("labels", "pickup_finish"), {
            "number": [str(s.leased.body["pickup_no"]) for s in couriers], "at": at,
            "account": [s.leased.account_id for s in couriers], "state": [_state(s, "booked") for s in couriers],
            "booking": [s.message if s.state == "done" else "" for s in couriers],
            "reference": [s.reference for s in couriers], "error": [_error(s) for s in couriers],
        })
    if off := [s for s in ended if s.leased.kind == "pickup_cancel"]:
        await connection.execute(statement("labels", "called_off"), {
            "number": [str(s.leased.body["pickup_no"]) for s in off], "at": at,
            "state": [_undone(s, "booked") for s in off], "error": [_error(s) for s in off],
        })


def _state(tried: Tried, good: str) -> str:
    """A no at the first try is a no; after a try without an answer the carrier may have done it all the same."""
    if tried.state == "done":
        return good
    return "refused" if tried.leased.attempt == 1 else "in_doubt"


def _undone(tried: Tried, before: str) -> str:
    """A no at the first try leaves it as it was; after a try without an answer it may be undone all the same."""
    if tried.state == "done":
        return "cancelled"
    return before if tried.leased.attempt == 1 else "cancelling"


def _error(tried: Tried) -> str:
    return f"{tried.error}: {tried.message}"[:500] if tried.error else ""


class Labels:
    """See the verbs `buy_label`, `void_label`, `book_pickup` and `unbook_pickup`; in a transaction of their own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def standing(self, work: str, box: int, purpose: str) -> tuple[Label | None, int]:
        """The label of a box that was not given back, and which the next one would be: 1, 2 …"""
        found = await standing(self._connection, work, box, purpose)
        row = await (await self._connection.execute(statement("labels", "round"), {
            "work": work, "box": box, "purpose": purpose})).fetchone()
        assert row is not None
        return found, int(row[0]) + 1

    async def unwanted(self, accounts: Sequence[int], limit: int) -> list[Unwanted]:
        """Labels of these accounts that were bought for work that does not go out."""
        rows = await (await self._connection.execute(statement("labels", "unwanted"), {
            "accounts": list(accounts), "limit": limit})).fetchall()
        return [Unwanted(Label(*row[:13]), row[13]) for row in rows]

    async def spare(self, numbers: Sequence[str]) -> None:
        """These stay bought."""
        await self._connection.execute(statement("labels", "spare"), {"numbers": list(numbers)})

    async def late(self, before: datetime, limit: int) -> list[LateLabel]:
        """Labels that were asked for before then and are not back."""
        rows = await (await self._connection.execute(statement("labels", "late"), {
            "before": before, "limit": limit})).fetchall()
        return [LateLabel(*row) for row in rows]

    async def told_late(self) -> list[str]:
        """Numbers of the labels of which a case is open."""
        return [row[0] for row in await (await self._connection.execute(statement("labels", "told_late"))).fetchall()]

    async def refused(self, limit: int) -> list[RefusedLabel]:
        """Those on their way out that are not met yet, of work that can go another way."""
        rows = await (await self._connection.execute(statement("labels", "refused"), {"limit": limit})).fetchall()
        return [RefusedLabel(*row) for row in rows]

    async def carriers_of(self, works: Sequence[str]) -> dict[str, str]:
        """By which carrier these works are to go."""
        return dict(await (await self._connection.execute(
            statement("labels", "carriers_of"), {"works": list(works)})).fetchall())

    async def met(self, numbers: Sequence[str]) -> None:
        """Nothing more is done about these refusals."""
        await self._connection.execute(statement("labels", "met"), {"numbers": list(numbers)})

    async def scanned(self, limit: int) -> list[ScannedLabel]:
        """Labels that their carrier has scanned, of works that are not out."""
        rows = await (await self._connection.execute(statement("labels", "scanned"), {"limit": limit})).fetchall()
        return [ScannedLabel(*row) for row in rows]

    async def told_scanned(self) -> list[str]:
        """Numbers of the labels of which such a case is open."""
        return [row[0] for row in await (await self._connection.execute(
            statement("labels", "told_scanned"))).fetchall()]

    async def untold(self, accounts: Sequence[int], since: datetime, before: datetime, limit: int) -> list[str]:
        """Orders of these accounts with a parcel that left in between and that the channel was not told of."""
        rows = await self._connection.execute(statement("labels", "untold"), {
            "accounts": list(accounts), "since": since, "before": before, "limit": limit})
        return [row[0] for row in await rows.fetchall()]

    async def attest(self, number: str, waybill: str, at: datetime) -> str | None:
        """A label in doubt counts as bought; its parked request, empty for none. None: it is not in doubt."""
        row = await (await self._connection.execute(statement("labels", "attest"), {
            "number": number, "waybill": waybill, "at": at})).fetchone()
        return row[0] if row else None

    async def last_pickup(self, work: str, box: int, purpose: str) -> tuple[BookedCourier | None, int]:
        """The courier of a box that was sent for last, before any that is off; and which the next one would be."""
        of_box = {"work": work, "box": box, "purpose": purpose}
        found = await (await self._connection.execute(statement("labels", "pickup_last"), of_box)).fetchone()
        row = await (await self._connection.execute(statement("labels", "pickup_round"), of_box)).fetchone()
        assert row is not None
        return _booked(found) if found else None, int(row[0]) + 1

    async def unwanted_pickups(self, accounts: Sequence[int], limit: int) -> list[BookedCourier]:
        """Couriers of these accounts that were booked for what does not go out."""
        rows = await (await self._connection.execute(statement("labels", "pickup_unwanted"), {
            "accounts": list(accounts), "limit": limit})).fetchall()
        return [_booked(row) for row in rows]

    async def spare_pickups(self, numbers: Sequence[str]) -> None:
        """These couriers come all the same."""
        await self._connection.execute(statement("labels", "pickup_spare"), {"numbers": list(numbers)})


def _booked(row: Sequence[Any]) -> BookedCourier:
    return BookedCourier(Pickup(*row[:14]), *row[14:])
