"""Nothing is booked twice: not an order's units under one cause, nor what a person or a file brings under one key."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest

ORDER, OTHER = UUID(int=7 << 80 | 7 << 76), UUID(int=8 << 80 | 7 << 76)
BOOK = """
insert into stock_movement (sku_id, warehouse_id, kind, on_hand, cause, reason, actor, at, order_id)
values (1, 1, %s, 1, %s, '', 'test', now(), %s)"""
EXPLAIN = "explain (format text) select 1 from stock_movement m where m.cause = 'by-hand/1' and m.order_id is null"


@pytest.mark.parametrize("kind, cause, order_id", [
    ("allocate", f"{ORDER}/1", ORDER), ("ship", f"{ORDER}/N-1-1/1/1/1", ORDER), ("allocate", "another form", ORDER),
    ("receive", "by-hand/1", None), ("stocktake", "file/a/1", None),
])  # fmt: skip
def test_the_same_cause_is_booked_once(database: str, kind: str, cause: str, order_id: UUID | None) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(BOOK, (kind, cause, order_id))
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(BOOK, (kind, cause, order_id))
        connection.execute(BOOK, ("release" if order_id else "adjust", cause, order_id))


def test_causes_of_different_orders_and_holds_are_different(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        for order_id in (ORDER, OTHER):
            for number in (1, 2, 12):
                connection.execute(BOOK, ("allocate", f"{order_id}/{number}", order_id))
        connection.execute(BOOK, ("allocate", "/1", None))


def test_a_key_is_looked_up_in_an_index(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("set enable_seqscan = off")
        plan = "\n".join([r[0] for r in connection.execute(EXPLAIN).fetchall()])
        assert "stock_movement_cause" in plan
