"""What people's work leaves beside stored orders: tags, fields, notes, parcels, cases, ship-by times, figures."""

from __future__ import annotations

import psycopg

from orderloom.adapters.db.figures import place_name
from orderloom.statements import beside

SQL = beside(__file__)
ZONE = "Asia/Shanghai"


def lay(connection: psycopg.Connection) -> None:
    """Put them beside every order that is stored, in one transaction."""
    for text in SQL.values():
        connection.execute(text, {"name": place_name(ZONE)} if "%(name)s" in text else None)
    connection.execute("drop table drawn, sent")
    connection.commit()
