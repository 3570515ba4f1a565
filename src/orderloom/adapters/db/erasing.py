"""Takes a person out of all that is stored of their orders: rows are emptied, never taken away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.pruning import KEPT
from orderloom.adapters.db.refold import pairs
from orderloom.adapters.db.statements import statement
from orderloom.adapters.vault import KeyMissing, Vault
from orderloom.application.jobs.erase_people import ErasedHere, ErasurePlan
from orderloom.application.jobs.erase_texts import PersonTexts, facts_without, person_of
from orderloom.domain.draft import Receiver
from orderloom.domain.erased import ErasedText

Connection = AsyncConnection[Any]


class Erasures:
    """See `application.jobs.erase_people.Erasing`; in the caller's transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def plan(self, order_id: str) -> ErasurePlan | None:
        """Take the person out of what is found by their clear words, and say what is left to do."""
        rows = await self._rows("order", id=order_id)
        if not rows:
            return None
        number, version, is_erased, cipher, waiting = rows[0]
        try:
            receiver = self._vault.open_receiver(bytes(cipher))
        except (KeyMissing, msgspec.DecodeError):
            receiver = Receiver()
        left = Receiver(country=receiver.country, province=receiver.province, city=receiver.city)
        plan = ErasurePlan(order_id, number, version, is_erased, waiting, self._vault.seal(left, ""))
        if is_erased or waiting:
            return plan
        person = person_of(receiver)
        vouchers = [row[0] for row in await self._rows("vouchers", id=order_id)]
        texts = [(seq, clean) for seq, text in await self._rows("events", id=order_id)
                 if (clean := facts_without(text, person)) != text]
        await self._run("forget_plan", id=order_id)
        await self._run("keep_plan", id=order_id, seq=[seq for seq, _ in texts], facts=[text for _, text in texts])
        await self._words(order_id, vouchers, person)
        return msgspec.structs.replace(plan, vouchers=tuple(vouchers), texts=tuple(
            ErasedText(seq, sha256(text.encode()).hexdigest()) for seq, text in texts))

    async def finish(self, order_id: str, at: datetime) -> ErasedHere:
        """Empty what is the order's own, and put the rewritten facts in their places; twice is as once."""
        vouchers = [row[0] for row in await self._rows("vouchers", id=order_id)]
        texts = await self._run("rewrite", id=order_id)
        await self._run("forget_plan", id=order_id)
        await self._refold(order_id)
        await self._run("blank_corrections", vouchers=vouchers)
        await self._run("blank_samples", id=order_id)
        await self._run("blank_fields", id=order_id)
        return ErasedHere(
            vouchers=await self._run("blank_vouchers", id=order_id, vouchers=vouchers),
            labels=await self._run("blank_labels", id=order_id), notes=await self._run("blank_notes", id=order_id),
            deliveries=await self._run("blank_deliveries", id=order_id, at=at, kept=list(KEPT)), texts=texts)

    async def begun(self, erasure: str, by: str, reason: str, at: datetime, orders: int) -> None:
        """Write down that it was asked for."""
        await self._run("begun", erasure=erasure, by=by, reason=reason, at=at, orders=orders)

    async def counted(self, erasure: str, found: Sequence[ErasedHere], done: int, refused: int) -> None:
        """Add up what was emptied."""
        sums = {name: sum(getattr(one, name) for one in found) for name in ErasedHere.__struct_fields__}
        await self._run("counted", erasure=erasure, done=done, refused=refused, **sums)

    async def ended(self, erasure: str, at: datetime) -> None:
        """Write down that it is done."""
        await self._run("ended", erasure=erasure, at=at)

    async def exports(self) -> list[str]:
        """Forget the files of exports of orders; returns the jobs that had them."""
        return [row[0] for row in await self._rows("exports")]

    async def arrived(self) -> int:
        """Empty what came of erased orders since; how many messages."""
        return await self._run("arrived")

    async def _words(self, order_id: str, vouchers: Sequence[str], person: PersonTexts) -> None:
        """What people, carriers and systems wrote of the order, where no log proves it word by word."""
        for name, key in (("cases", "evidence"), ("notices", "told")):
            found = await self._rows(name, id=order_id, vouchers=list(vouchers))
            new = [(row_id, clean) for row_id, text in found if (clean := _nested(text, key, person)) != text]
            await self._run(f"put_{name}", id=[i for i, _ in new], new=[text for _, text in new])
        for at, code, location, text, parcel in await self._rows("scans", id=order_id):
            if (clean := person.free_of(text, "text")) != text:
                await self._run("put_scan", id=order_id, at=at, code=code, location=location, parcel=parcel, text=clean)
        for message, detail in await self._rows("intake_details", id=order_id, vouchers=list(vouchers)):
            if (clean := person.free_of(detail, "detail")) != detail:
                await self._run("put_intake_detail", message=message, detail=clean)
        for job, asked in await self._rows("jobs"):
            if (clean := person.without(asked)) != asked:
                await self._run("put_job", id=job, asked=clean)

    async def _refold(self, order_id: str) -> None:
        """What the log has of free text, as its rewritten facts say it now."""
        for _, folded in await pairs(self._connection, [order_id]):
            if isinstance(folded, str):
                continue
            await self._run("blank_order", id=order_id, facts=msgspec.json.encode(folded.facts).decode())
            await self._run("forget_gifts", id=order_id)
            for hold in folded.holds:
                await self._run("put_hold", id=order_id, no=hold.no, reason=hold.reason, released_by=hold.released_by)
            for no, sale in enumerate(folded.after_sales, 1):
                await self._run("put_after_sale", id=order_id, no=no, reason=sale.reason)

    async def _rows(self, name: str, **given: Any) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(statement("erase", name), given or None)).fetchall()

    async def _run(self, name: str, **given: Any) -> int:
        return (await self._connection.execute(statement("erase", name), given or None)).rowcount


def _nested(text: str, key: str, person: PersonTexts) -> str:
    told = msgspec.json.decode(text)
    clean = person.free_of(told, key)
    return text if clean == told else msgspec.json.encode(clean).decode()
