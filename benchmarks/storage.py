"""What a stored order takes on disk, table by table with its indexes, and what of it age takes away."""

from __future__ import annotations

from typing import Any

import psycopg

from benchmarks import stored
from benchmarks.place import FURNISHED_MANY, Place
from benchmarks.result import Report, measured

KILOBYTES_MOST, KILOBYTES_AIM = 10.0, 9.0
SIZES = """
select relname, pg_total_relation_size(oid), pg_indexes_size(oid) from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace"""
BODIES = """
select coalesce(avg(pg_column_size(body)), 0)::float8 * (select count(*) from delivery) / (select count(*) from orders)
from delivery tablesample system (%s)"""
SAMPLED_LEAST = 20_000


def measure(place: Place, *, orders: int) -> Report:
    """Sizes beyond those of the same database with no order in it, at a tenth of the orders and at all of them."""
    stored.make(place, orders)
    stored.grow(place, orders)
    base = _sizes(place.dsn(FURNISHED_MANY))
    few, many = _per_order(place.dsn(stored.MADE), base), _per_order(place.dsn(stored.GROWN), base)
    kilobytes = sum(total for total, _ in many["tables"].values())
    return Report((
        measured("storage", kilobytes, "KB/order", floor=None, most=KILOBYTES_MOST),
    ), {"storage": {
        "orders": many["orders"], "kb_aim": KILOBYTES_AIM,
        "kb_by_table": {name: {"all": round(total, 3), "indexes": round(index, 3)}
                        for name, (total, index) in many["tables"].items()},
        "kb_indexes": round(sum(index for _, index in many["tables"].values()), 2),
        "kb_that_age_prunes": round(many["bodies"], 2), "kb_when_pruned": round(kilobytes - many["bodies"], 2),
        "kb_at_fewer": {"orders": few["orders"], "kb": round(sum(total for total, _ in few["tables"].values()), 2)},
    }}, _told(many, kilobytes))


LAID = frozenset(("tag", "order_tag", "order_field", "order_note", "order_ship_by", "parcel", "parcel_item",
                  "case_file", "figure_day", "figure_minute"))
"""What people's work and parcels leave beside orders (`desk_rows.py`): it is no part of what one order takes."""


def _sizes(dsn: str) -> dict[str, tuple[int, int]]:
    with psycopg.connect(dsn) as connection:
        return {name: (total, index) for name, total, index in connection.execute(SIZES).fetchall()}


def _per_order(dsn: str, base: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """KB (1,024 bytes) per order of each table that orders make grow, all and indexes alone, the largest first."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute("select count(*) from orders").fetchone()
        assert row is not None
        orders = int(row[0])
        share = 100.0 * min(1.0, SAMPLED_LEAST / orders)
        bodies = connection.execute(BODIES, (share,)).fetchone()
    assert bodies is not None
    sizes = _sizes(dsn)
    grown = {
        name: ((total - base[name][0]) / orders / 1024, (index - base[name][1]) / orders / 1024)
        for name, (total, index) in sizes.items() if total > base[name][0] and name not in LAID
    }
    tables = dict(sorted(grown.items(), key=lambda named: -named[1][0]))
    return {"orders": orders, "tables": tables, "bodies": float(bodies[0]) / 1024}


def _told(many: dict[str, Any], kilobytes: float) -> str:
    lines = [f"  {name:20}{total:8.2f} KB, of it indexes {index:6.2f}" for name, (total, index) in
             many["tables"].items() if total >= 0.005]
    bodies = many["bodies"]
    lines.append(f"  bodies of deliveries, which age prunes: {bodies:.2f} KB; without them {kilobytes - bodies:.2f}")
    return "\n".join(lines)
