"""Whether somebody who is limited to some rows sees what an address names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import LiteralString

from orderloom.application.queries.sql import Connection

SUBJECTS: Mapping[str, LiteralString] = {
    "case_id": "select from case_file where id = %(it)s::uuid",
    "message_id": "select from message where id = %(it)s::uuid",
    "delivery_id": "select from delivery where id = %(it)s::uuid",
    "document": "select from stock_document where number = %(it)s",
    "purchase": "select from purchase_ticket where number = %(it)s",
    "number": "select from work where number = %(it)s",
    "account_code": "select from account where code = %(it)s", "code": "select from account where code = %(it)s",
    "print_job": "select from print_job where id = %(it)s::bigint",
    "printer": "select from printer where name = %(it)s",
    "sku": "select from sku where code = %(it)s",
}
"""Path parameters by what must be seen of them."""


async def is_seen(connection: Connection, parameter: str, value: str) -> bool:
    """Whether the thing is among the rows of this connection; `parameter` is one of SUBJECTS."""
    return await (await connection.execute(SUBJECTS[parameter], {"it": value})).fetchone() is not None
