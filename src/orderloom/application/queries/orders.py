"""Which order somebody means: by number, id, or what its channel or its buyer calls it."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.application.queries.sql import UUID, Connection
from orderloom.statements import beside

SQL = beside(__file__)


class Ambiguous(LookupError):
    """A channel's own id that several orders have; `candidates` are their numbers with their accounts."""

    def __init__(self, reference: str, candidates: tuple[tuple[str, str], ...]) -> None:
        super().__init__(reference)
        self.reference, self.candidates = reference, candidates


async def find_order(connection: Connection, reference: str) -> str | None:
    """Id of the order with this number or id, else of the one that its channel or buyer calls so. Raises Ambiguous."""
    name, key = ("id_of_uuid", reference.lower()) if UUID.fullmatch(reference.lower()) else ("id_of", reference.upper())
    row = await (await connection.execute(SQL[name], {"ref": key})).fetchone()
    if row is not None:
        return str(row[0])
    found = await (await connection.execute(SQL["id_of_external"], {"ref": reference})).fetchall()
    if len(found) > 1:
        raise Ambiguous(reference, tuple([(number, account) for _, number, account in found]))
    return str(found[0][0]) if found else None


async def find_orders(connection: Connection, references: Sequence[str]) -> dict[str, str]:
    """Ids of the orders with these numbers or ids, by what they were called; those that are there."""
    ids = [r.lower() for r in references if UUID.fullmatch(r.lower())]
    found = await connection.execute(SQL["ids_of"], {"refs": [r.upper() for r in references], "ids": ids})
    known = {row[0]: row[1] for row in await found.fetchall()}
    return {r: known[key] for r in references for key in (r.upper(), r.lower()) if key in known}


async def find_by_all_names(connection: Connection, references: Sequence[str]) -> dict[str, list[str]]:
    """Ids of the orders with these numbers, else of all that channels or buyers call so or that a parcel of this
    waybill carries; those that are there."""
    found = {name: [id] for name, id in (await find_orders(connection, references)).items()}
    left = [r for r in references if r not in found]
    if left:
        rows = await connection.execute(SQL["ids_of_external"], {
            "refs": left, "hashed": [*left, *[f"#{r.lstrip('#')}" for r in left]]})
        called: dict[str, list[str]] = {}
        for name, id in await rows.fetchall():
            called.setdefault(name, []).append(id)
        rows = await connection.execute(SQL["ids_of_waybills"], {"waybills": [_plain(r) for r in left]})
        carried: dict[str, list[str]] = {}
        for waybill, id in await rows.fetchall():
            carried.setdefault(waybill, []).append(id)
        found |= {r: ids for r in left
                  if (ids := [*(called.get(r) or called.get(r.lstrip("#"), [])), *carried.get(_plain(r), [])])}
    return found


async def missing_of(connection: Connection, references: Sequence[str]) -> list[str]:
    """Those of these numbers that no order has which the caller sees."""
    known = await find_by_all_names(connection, references) if references else {}
    return [one for one in references if one not in known]


def _plain(waybill: str) -> str:
    return waybill.upper().replace(" ", "")


async def buyer_index(connection: Connection, order_id: str) -> bytes | None:
    """Blind index of the order's buyer, to be kept when only the receiver changes."""
    row = await (await connection.execute(SQL["buyer_index"], {"id": order_id})).fetchone()
    return None if row is None or row[0] is None else bytes(row[0])


async def stored_receiver(connection: Connection, order_id: str) -> tuple[bytes, bytes | None] | None:
    """Cipher text of the order's receiver and blind index of its buyer; None when there is no such order."""
    row = await (await connection.execute(SQL["stored_receiver"], {"id": order_id})).fetchone()
    return None if row is None else (bytes(row[0]), None if row[1] is None else bytes(row[1]))
