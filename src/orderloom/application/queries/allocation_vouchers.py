"""What an allocation voucher says of a work, as the hub knows it now."""

from __future__ import annotations

from datetime import datetime

from orderloom.application.queries.sql import Connection
from orderloom.domain.allocation_voucher import VALID_SECONDS, AllocationVoucher, VoucherLine
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import WorkState
from orderloom.statements import beside

SQL = beside(__file__)


async def voucher_of(connection: Connection, work: str, at: datetime) -> AllocationVoucher | Refusal:
    """The claims for whoever has the work in hand. Refused: no_such_work, work_cancelled, not_accepted."""
    row = await (await connection.execute(SQL["work"], {"work": work})).fetchone()
    if row is None:
        return Refusal("no_such_work", {"work": work[:80]})
    number, order, warehouse, by, wave, state, first_at, lines = row
    if not WorkState(state).is_forward:
        return Refusal("work_cancelled", {"work": number})
    if first_at is None:
        return Refusal("not_accepted", {"work": number, "warehouse": warehouse})
    now = int(at.timestamp())
    return AllocationVoucher(1, number, order, warehouse, by, wave, tuple([VoucherLine(*line) for line in lines or ()]),
                             int(first_at.timestamp()), now, now + VALID_SECONDS)
