"""Notices and messages on PostgreSQL, in the caller's transaction: what is to be told, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import orjson
from psycopg import AsyncConnection

from orderloom.adapters.db.directory import Shelf
from orderloom.adapters.db.statements import statement
from orderloom.adapters.ids import new_id
from orderloom.adapters.vault import Vault
from orderloom.application.directory import Directory
from orderloom.application.notices import (
    DueNotice,
    EndingToken,
    LeavingMessage,
    Notice,
    Telling,
    UntoldCase,
    WaitingMessage,
)
from orderloom.application.notify import CLOSED
from orderloom.domain.notify.plan import HandedOver, HeldBack

Connection = AsyncConnection[Any]


async def open_notices(connection: Connection, notices: Sequence[Notice]) -> int:
    """Keep what rules tell of; returns how many are new."""
    if not notices:
        return 0
    rows = [{"id": new_id(), **msgspec.structs.asdict(n)} for n in notices]
    return (await connection.execute(statement("notices", "open"), {
        "notices": orjson.dumps(rows).decode()})).rowcount


async def acknowledge_case(connection: Connection, case_id: str, by: str, at: datetime) -> None:
    """Whoever takes a case has heard of it: nobody else is told."""
    await connection.execute(statement("notices", "acknowledge_case"), {"id": case_id, "by": by, "at": at})


class Notices:
    """See `application.notices.NoticeBook`, and the verbs `acknowledge` and `keep_recipients`."""

    def __init__(self, connection: Connection, shelf: Shelf, vault: Vault) -> None:
        self._connection, self._shelf, self._vault = connection, shelf, vault

    async def directory(self) -> Directory:
        """What is known, as this transaction sees it."""
        return await self._shelf.get(self._connection)

    async def untold_cases(self, limit: int, at: datetime) -> list[UntoldCase]:
        """Take cases that no rule was asked about."""
        return [UntoldCase(*row) for row in await self._rows("untold_cases", limit=limit, at=at)]

    async def open(self, notices: Sequence[Notice]) -> int:
        """Keep what rules tell of; returns how many are new."""
        return await open_notices(self._connection, notices)

    async def due(self, limit: int, at: datetime) -> list[DueNotice]:
        """Take notices of which a step is due."""
        return [DueNotice(*row) for row in await self._rows("due", limit=limit, at=at)]

    async def step(self, stepped: Sequence[tuple[str, int, datetime | None]]) -> None:
        """Write down which step comes next, and when."""
        if stepped:
            ids, steps, dues = zip(*stepped, strict=True)
            await self._run("step", id=_uuids(ids), step=list(steps), due_at=list(dues))

    async def end(self, ids: Sequence[str], why: str, at: datetime) -> None:
        """Tell no more of these."""
        if ids:
            await self._run("end", ids=_uuids(ids), why=why, at=at)

    async def end_closed(self, at: datetime) -> int:
        """Tell no more of cases that are closed."""
        return await self._run("end_closed", at=at, why=CLOSED)

    async def end_others(self, rule: str, subjects: Sequence[str], why: str, at: datetime) -> None:
        """Tell no more of what is no longer so."""
        await self._run("end_others", rule=rule, subjects=list(subjects), why=why, at=at)

    async def addresses(self) -> set[tuple[str, int]]:
        """Who was given an address at which account."""
        return {(row[0], row[1]) for row in await self._rows("addresses")}

    async def tell(self, told: Sequence[Telling], at: datetime) -> None:
        """Keep the messages of a step."""
        if told:
            rows = [{"id": new_id(), **one._asdict()} for one in told]
            await self._run("tell", told=orjson.dumps(rows).decode(), at=at)

    async def backlog(self) -> dict[str, int]:
        """Open cases by owner."""
        return {row[0]: int(row[1]) for row in await self._rows("backlog")}

    async def ending_tokens(self, until: datetime) -> list[EndingToken]:
        """Authorisations that end before then; tokens that renew themselves meanwhile are nobody's business."""
        return [EndingToken(*row) for row in await self._rows("ending_tokens", until=until)]

    async def silent(self, since: datetime) -> list[tuple[int, str]]:
        """Messengers that take nothing."""
        return [(row[0], row[1]) for row in await self._rows("silent", since=since)]

    async def waiting_accounts(self, at: datetime) -> list[int]:
        """Messengers for which something waits."""
        return [row[0] for row in await self._rows("waiting_accounts", at=at)]

    async def lock_account(self, account_id: int) -> bool:
        """Be the only one who hands over to it until the transaction ends."""
        return bool((await self._rows("lock_account", account=account_id))[0][0])

    async def waiting(self, account_id: int, limit: int, at: datetime) -> list[WaitingMessage]:
        """Messages whose turn it is."""
        return [WaitingMessage(*row) for row in await self._rows("waiting", account=account_id, limit=limit, at=at)]

    async def sent(self, account_id: int, since: datetime) -> dict[str, list[HandedOver]]:
        """What was handed over since, by recipient."""
        found: dict[str, list[HandedOver]] = {}
        for recipient, at, rules in await self._rows("sent", account=account_id, since=since):
            found.setdefault(recipient, []).append(HandedOver(at, frozenset(rules)))
        return found

    async def under_way(self, account_id: int) -> int:
        """Messages that the messenger has not taken yet."""
        return int((await self._rows("under_way", account=account_id))[0][0])

    async def hand_over(self, account_id: int, leaving: Sequence[LeavingMessage], at: datetime) -> list[str]:
        """Queue deliveries, and link the messages in them; returns the deliveries' ids."""
        if not leaving:
            return []
        ids = [UUID(new_id()) for _ in leaving]
        await self._run("queue", account=account_id, id=ids, at=at,
                        order_id=[UUID(x.order_id) if x.order_id else None for x in leaving],
                        body=[orjson.dumps(x.body).decode() for x in leaving])
        pairs = [(UUID(m), own) for x, own in zip(leaving, ids, strict=True) for m in x.messages]
        await self._run("handed_over", id=[m for m, _ in pairs], delivery=[d for _, d in pairs], at=at)
        return [str(own) for own in ids]

    async def hold_back(self, held: Sequence[HeldBack]) -> None:
        """Let these wait on."""
        if held:
            await self._run("held", id=_uuids([h.id for h in held]), until=[h.until for h in held],
                            why=[h.why for h in held])

    async def set_needless(self, ids: Sequence[str], at: datetime) -> None:
        """These need not be sent any more."""
        if ids:
            await self._run("needless", ids=_uuids(ids), at=at)

    async def acknowledge(self, message_id: str, by: str, at: datetime) -> int | None:
        """Somebody has heard of what a message told, and of what left with it; None when there is no such message."""
        if not await self._rows("is_told", id=message_id):
            return None
        return await self._run("acknowledge", id=message_id, by=by, at=at)

    async def keep_address(
        self, recipient: str, account_id: int, address: str, shown: str, by: str, at: datetime,
    ) -> None:
        """Keep where a recipient is reached, encrypted."""
        await self._run("keep_address", id=new_id(), recipient=recipient, account=account_id, shown=shown, by=by, at=at,
                        cipher=self._vault.encrypt(address.encode()))

    async def forget_address(self, recipient: str, account_id: int) -> bool:
        """Forget it; False when there was none."""
        return await self._run("forget_address", recipient=recipient, account=account_id) > 0

    async def _rows(self, name: str, /, **given: Any) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(statement("notices", name), given or None)).fetchall()

    async def _run(self, name: str, /, **given: Any) -> int:
        return (await self._connection.execute(statement("notices", name), given)).rowcount


def _uuids(ids: Sequence[str]) -> list[UUID]:
    return [UUID(i) for i in ids]
