"""How a copy of an order's rows differs from its original, said in SQL: what is new, and where a year has left it."""

from __future__ import annotations

from typing import NamedTuple

import psycopg
from psycopg import sql

from benchmarks.seed import SHOPS

TABLES = {
    "message": "id", "intake": "message_id", "orders": "id", "order_line": "order_id", "claim": "order_id",
    "hold": "subject_id", "stock_hold": "order_id", "work": "order_id", "work_line": "order_id",
    "money_entry": "order_id", "order_event": "order_id", "stock_movement": "order_id", "deadline": "subject_id",
    "delivery": "order_id",
}
"""What is copied, in the order in which the route writes it, and the column that names the order (or the message)."""
BESIDE = {"tally", "warehouse_load", "order_search", "search_term", "figure_day", "figure_minute",
          "watermark"}
"""What grows with orders and is not copied: sums, and what the publisher writes of the copies itself."""
COLUMNS = """
select table_name, column_name, udt_name from information_schema.columns
where table_schema = 'public' and table_name = any (%s) and is_identity = 'NO' and udt_name <> 'xid8'
order by ordinal_position"""
YEAR_MILLISECONDS = 365 * 24 * 3_600_000
TURN = """
create temp table turn on commit drop as
with first as (select min(received_at) - interval '1 minute' as at, count(*) as made from source.orders),
numbered as (
    select o.id as old_id, o.number as old_number, i.message_id as old_message, o.received_at as old_at,
        row_number() over (order by o.id) - 1 as nr, f.at, f.made
    from source.orders o join source.intake i on i.order_id = o.id cross join first f
), timed as (
    select *, date_trunc('milliseconds', at
        - make_interval(secs => {year} / 1000.0 / {turns} * ({turn} - nr::float8 / made))) as new_at,
        sha256(convert_to(old_id::text || '/{turn}', 'UTF8')) as chance
    from numbered
)
select t.*, {turn} as turn, old_at - new_at as earlier, a.id as account_id,
    get_byte(chance, 0) * 256 + get_byte(chance, 1) as draw,
    (hex || '7' || substr(encode(chance, 'hex'), 2, 3) || '8' || substr(encode(chance, 'hex'), 6, 15))::uuid as id,
    (hex || '7' || substr(encode(chance, 'hex'), 22, 3) || '8' || substr(encode(chance, 'hex'), 26, 15))::uuid
        as message_id,
    a.code || to_char(new_at, '-YYMMDD-') || upper(substr(encode(chance, 'hex'), 42, 10)) as number
from (select *, lpad(to_hex((extract(epoch from new_at) * 1000)::bigint), 12, '0') as hex from timed) t
join account a on a.code = ({shops}::text[])[width_bucket(
    (get_byte(chance, 5) * 256 + get_byte(chance, 6)) % 1000, array[0, 400, 600, 700, 780, 850, 900, 940, 970, 990])]"""
SAME_TURN = """
create temp table turn on commit drop as
select o.id as old_id, o.number as old_number, i.message_id as old_message, 0 as turn, 0 as draw,
    o.id, i.message_id, o.number
from source.orders o join source.intake i on i.order_id = o.id"""
SOLD = "turn.draw % 1000 < 900"
CALLED_OFF = "turn.draw % 1000 between 950 and 979"
CHANGED = {
    ("message", "account_id"): "turn.account_id", ("intake", "account_id"): "turn.account_id",
    ("orders", "account_id"): "turn.account_id",
    ("orders", "number"): "turn.number",
    ("orders", "external_id"): "(t.external_id::bigint - turn.turn * 1000000000::bigint)::text",
    ("orders", "stage"): """case when t.holds_active > 0 and turn.draw % 4 = 0 then t.stage
        when turn.draw % 1000 < 800 then 'completed' when turn.draw % 1000 < 900 then 'shipped'
        when turn.draw % 1000 < 950 then 'picking' when turn.draw % 1000 < 970 then 'cancelled'
        when turn.draw % 1000 < 980 then 'returned' else 'paid' end""",
    ("orders", "phase"): """case when t.holds_active > 0 and turn.draw % 4 = 0 then t.phase
        when turn.draw % 1000 < 800 then 'delivered' when turn.draw % 1000 < 900 then 'in_transit'
        when turn.draw % 1000 < 950 then 'ready' when turn.draw % 1000 < 970 then 'cancelled'
        when turn.draw % 1000 < 980 then 'returned' else 'ready' end""",
    ("orders", "payment"): """case when turn.draw % 500 = 0 then 'refunded' when turn.draw % 100 = 1 then 'unpaid'
        else 'paid' end""",
    ("orders", "holds_active"): "case when turn.draw % 4 = 0 then t.holds_active else 0 end",
    ("orders", "receiver_phone_index"): "case when t.receiver_phone_index is not null"
                                        " then substr(sha256(turn.chance), 1, 16) end",
    ("orders", "receiver_name_index"): "case when t.receiver_name_index is not null"
                                       " then substr(sha256(turn.chance), 9, 16) end",
    ("orders", "merge_key"): "substr(sha256(turn.chance), 17, 16)",
    ("orders", "receiver_phone_last4"): "case when t.receiver_phone_last4 <> ''"
                                        " then lpad(((get_byte(turn.chance, 3) * 256 + get_byte(turn.chance, 4)"
                                        ") % 10000)::text, 4, '0') else '' end",
    ("message", "id"): "turn.message_id",
    ("message", "digest"): "turn.chance",
    ("message", "event_id"): "'trade:' || encode(turn.chance, 'hex')",
    ("hold", "released_at"): "case when turn.draw % 4 > 0 then t.placed_at - turn.earlier + interval '1 hour' end",
    ("hold", "released_by"): "case when turn.draw % 4 > 0 then 'bench' end",
    ("stock_hold", "state"): f"case when {SOLD} then 'consumed' when {CALLED_OFF} then 'released' else t.state end",
    ("work", "number"): "replace(t.number, turn.old_number, turn.number)",
    ("work", "state"): f"case when {SOLD} then 'handed_over' when {CALLED_OFF} then 'cancelled' else t.state end",
    ("stock_movement", "cause"): "replace(replace(t.cause, turn.old_number, turn.number), turn.old_id::text,"
                                 " turn.id::text)",
    ("stock_movement", "reason"): "replace(t.reason, turn.old_number, turn.number)",
    ("deadline", "state"): f"case when {SOLD} or {CALLED_OFF} then 'moot' else t.state end",
    ("delivery", "id"): "gen_random_uuid()",
    ("delivery", "order_key"): "replace(t.order_key, turn.old_id::text, turn.id::text)",
    ("delivery", "body"): "replace(t.body, turn.old_number, turn.number)",
    ("delivery", "state"): "'done'", ("delivery", "attempts"): "1",
    ("delivery", "done_at"): "t.created_at - turn.earlier + interval '1 second'",
}
"""By table and column; beside these, ids are the copy's own and instants are earlier."""
MAPPED = {"id": "turn.id", "order_id": "turn.id", "subject_id": "turn.id", "message_id": "turn.message_id"}
QUEUED = {"outcome": "'pending'", "order_id": "null", "attempts": "0", "processed_at": "null"}
"""How a row of `intake` is when it is landed; the route's batch brings it to what it is in the end."""
FINISH = """
update intake i set outcome = s.outcome, order_id = turn.id, attempts = s.attempts,
    processed_at = i.landed_at + interval '8 milliseconds'
from turn join source.intake s on s.message_id = turn.old_message where i.message_id = turn.message_id"""


class Column(NamedTuple):
    """A column that is copied, with its type."""

    name: str
    kind: str


def take_turn(connection: psycopg.Connection, turn: int, turns: int) -> None:
    """Say what the orders of a turn are called; the last one, 0, is the originals' own."""
    shops = "array['" + "', '".join(SHOPS) + "']"
    text = TURN.format(turn=turn, turns=turns, year=YEAR_MILLISECONDS, shops=shops) if turn else SAME_TURN
    connection.execute(text.encode())
    connection.execute("analyze turn")


def insert(connection: psycopg.Connection, table: str, columns: list[Column], *, is_copy: bool) -> None:
    """Insert a turn's rows of a table, in the order of the orders."""
    values = [_value(table, column) if is_copy else f"t.{column.name}" for column in columns]
    if table == "intake":
        values = [QUEUED.get(column.name, value) for column, value in zip(columns, values, strict=True)]
    key = "old_message" if table in ("message", "intake") else "old_id"
    text = "insert into {t} ({c}) select {v} from source.{t} t join turn on turn.{k} = t.{o} order by turn.id"
    connection.execute(sql.SQL(text).format(
        t=sql.Identifier(table), c=sql.SQL(", ").join(sql.Identifier(column.name) for column in columns),
        v=sql.SQL(", ").join(sql.SQL(value) for value in values), k=sql.Identifier(key),
        o=sql.Identifier(TABLES[table]),
    ))
    if table == TABLES_LAST:
        connection.execute(FINISH)


def _value(table: str, column: Column) -> str:
    """What a copy has in a column."""
    if (table, column.name) in CHANGED:
        return CHANGED[table, column.name]
    if column.name in MAPPED and column.kind == "uuid":
        return f"case when t.{column.name} is not null then {MAPPED[column.name]} end"
    if column.kind == "timestamptz":
        return f"t.{column.name} - turn.earlier"
    return f"t.{column.name}"


TABLES_LAST = list(TABLES)[-1]
"""The route finishes its messages at the end of a batch."""
