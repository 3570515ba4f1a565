"""Statements that see only some rows: each gets, before it, tables of the same names with less in them.

`with orders as (select * from public.orders where …) select … from orders …` - the statement itself stays as it is, so
that every query of the product is narrowed, those written tomorrow too. The planner sees plain conditions
and takes the same indexes: what is seen by another table is asked for row by row (`exists`), for beside an `or` the
server would gather all of an `in` first, a million orders for the fifty of a page. Which rows of a table are seen
follows from its columns. Nothing can be changed so: such a
table is no target of an update. Statements must name tables bare, and make no table of their own that is called as one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import LiteralString

from msgspec.structs import replace

from orderloom.adapters.db.columns import DECLARED
from orderloom.application.identity.sight import Rows

HARMLESS = frozenset((
    "blueprint_version", "cache_version", "directory_change", "chore", "watermark", "publish_aside",
    "audit_checkpoint", "audit_check", "backup_run", "erasure", "app_user", "second_factor", "recovery_code",
    "api_token", "search_term", "job", "job_row", "saved_view", "tag", "category", "mentions_seen",
    "subject_number", "carrier_stop", "packing_material"))
"""Nothing of an order, of goods or of a shop is in them, or only what their reader made."""
CONFIG = frozenset((
    "mapping_version", "preparation", "pull_cursor", "pull_walk", "token_bucket", "sku_alias", "channel_listing",
    "pace", "account_token", "authorisation", "account_sign", "recipient_address", "stock_shown", "sale_wait",
    "sale_shown"))
"""What belongs to an account and tells of no order: limited by channel and shop alone."""
STOCK = frozenset(("stock_level", "stock_claim", "warehouse_load", "sku_unit", "sku_component", "sku_barcode",
                   "sku_event", "stock_quota", "stock_breaker", "place", "lot", "place_level", "place_movement", "wave",
                   "terminal", "scan", "supply", "printer", "floor_device", "device_reading"))
"""What belongs to warehouse and SKU: it is no province's, and of a shop's only where the row names one."""
PARENTS: Mapping[str, tuple[str, str, str]] = {
    "message": ("id", "intake", "message_id"), "message_event": ("message_id", "intake", "message_id"),
    "delivery_event": ("delivery_id", "delivery", "id"), "delivery_try": ("delivery_id", "delivery", "id"),
    "case_event": ("case_id", "case_file", "id"),
    "case_snooze": ("case_id", "case_file", "id"), "telling": ("notice_id", "notice", "id"),
    "parcel": ("id", "parcel_item", "parcel_id"), "label": ("work_no", "work", "number"),
    "pickup": ("work_no", "work", "number"), "hold": ("subject_id", "orders", "id"),
    "deadline": ("subject_id", "orders", "id"),
    "stock_document": ("id", "stock_document_line", "document_id"),
    "purchase_ticket": ("id", "purchase_line", "ticket_id"),
    "subject_event": ("subject_id", "subject", "id"),
}
"""Seen with a row of another table: own column, that table and its column."""
SUBJECTS = ("stock_document", "stock_quota", "wave", "purchase_ticket")
"""Tables of the things that have a log of their own, of which some people see a part."""
NULLABLE = frozenset(("intake", "delivery", "case_file", "case_member", "notice", "stock_movement"))
"""Rows that may be about no order. They are seen by whoever is limited by shop alone, when the shop is theirs."""
OF_WORK = frozenset(("work_line", "parcel_item", "wave_work", "pick_task"))
OF_WAREHOUSE = frozenset(("work", "stock_hold", "stock_movement", "print_job"))
"""Rows about an order that name their own warehouse: that is limit enough."""
_BEGUN = re.compile(r"(?:\s|--[^\n]*\n)*with\s+(recursive\s+)?", re.IGNORECASE)
"""A statement's own `with`, which a comment may stand before."""
_BARE = re.compile(r"[a-z_]+")


@lru_cache(2_000)
def narrowed(query: LiteralString, rows: Rows) -> LiteralString:
    """The statement with the tables that it names narrowed before it."""
    named = DECLARED.keys() & set(_BARE.findall(query))
    needed = [table for table in _ORDER if table in _with_sources(named, rows)]
    made = [f"{table} as not materialized (select * from public.{table} where {condition})"
            for table in needed if (condition := _conditions(rows)[table])]
    if not made:
        return query
    begun = _BEGUN.match(query)
    if begun is None:
        return f"with {', '.join(made)} {query}"
    return f"with {begun[1] or ''}{', '.join(made)}, {query[begun.end():]}"


def condition_of(table: str, rows: Rows) -> str:
    """Which rows of a table are seen; empty: all."""
    columns = DECLARED[table]
    if table in HARMLESS:
        return ""
    if table == "orders":
        return _all(_of_orders(rows))
    if table in ("warehouse", "sku", "account"):
        return _all(_own("id", table, rows))
    if table == "supplier":
        brings = "exists (select from public.supply y where y.supplier_id = supplier.id and y.sku_id in ({}))"
        return _all([*_own("id", table, rows),
                     *([brings.format(_skus(rows.skus))] if rows.skus is not None else [])])
    if table == "purchase_line":  # an old ticket stays its supplier's, whatever they bring today
        return _all([*_own("warehouse_id", "warehouse", rows), *_own("sku_id", "sku", replace(rows, suppliers=None)),
                     *_own("supplier_id", "supplier", rows)])
    if table == "subject":  # of one that has no rows of its own, a snapshot, who is limited sees nothing
        limited = any(condition_of(kind, rows) for kind in SUBJECTS)
        seen = " or ".join([f"exists (select from {kind} p where p.id = subject.id)" for kind in SUBJECTS])
        return f"({seen})" if limited else ""
    if table in PARENTS:
        column, parent, key = PARENTS[table]
        seen = f"exists (select from {parent} p where p.{key} = {table}.{column})"
        return seen if condition_of(parent, rows) else ""
    if table == "stock_document_line":  # who receives a transfer sees it as who sends it does
        houses = [f"({own} or {own.replace('warehouse_id', 'to_id')})"
                  for own in _own("warehouse_id", "warehouse", rows)]
        return _all([*houses, *_own("sku_id", "sku", rows)])
    if table in CONFIG:
        return _all(_own("account_id", "account", rows) + _own("sku_id", "sku", rows, columns))
    if table in STOCK:
        return _all([*_own("warehouse_id", "warehouse", rows, columns), *_own("sku_id", "sku", rows, columns),
                     *_own("supplier_id", "supplier", rows, columns), *_own("bundle_id", "sku", rows, columns),
                     *[f"(account_id is null or {own})" for own in _own("account_id", "account", rows, columns)]])
    if "order_id" in columns:
        return _all(_of_order(table, columns, rows))
    return _all(_derived(columns, rows))


def _of_orders(rows: Rows) -> list[str]:
    parts = _own("account_id", "account", rows)
    if rows.provinces is not None:
        parts.append(f"receiver_province in ({_texts(rows.provinces)})")
    if rows.warehouses is not None:
        own = f"w.warehouse_id = any('{{{_ids(rows.warehouses)}}}')"
        parts.append(f"exists (select from public.work w where w.order_id = orders.id and {own})")
    parts += [f"exists (select from public.order_line l where l.order_id = orders.id and l.sku_id in ({goods}))"
              for goods in _goods(rows)]
    return parts


def _of_order(table: str, columns: Mapping[str, str], rows: Rows) -> list[str]:
    """Rows about an order: the order's, and the row's own warehouse and SKU where it names them."""
    parts = [*_own("warehouse_id", "warehouse", rows, columns), *_own("sku_id", "sku", rows, columns)]
    is_by_others = rows.of_goods or (rows.accounts, rows.provinces) != (None, None)
    if is_by_others or (rows.warehouses is not None and table not in OF_WAREHOUSE):
        seen = f"exists (select from orders o where o.id = {table}.order_id)"
        if table in NULLABLE:
            seen = f"({seen} or (order_id is null and {_without_order(table, columns, rows)}))"
        parts.append(seen)
    if table in OF_WORK and rows.warehouses is not None:
        parts.append(f"(work_seq = 0 or exists (select from work w where w.order_id = {table}.order_id"
                     f" and w.work_seq = {table}.work_seq))")
    return parts


def _without_order(table: str, columns: Mapping[str, str], rows: Rows) -> str:
    if table == "stock_movement":
        return "true"
    if not rows.of_goods and (rows.provinces, rows.warehouses) == (None, None) and "account_id" in columns:
        return _all(_own("account_id", "account", rows)) or "true"
    return "false"


def _derived(columns: Mapping[str, str], rows: Rows) -> list[str]:
    """Sums and records over orders: seen only where every limit can be held against a column of theirs."""
    parts: list[str] = []
    for column, kind, limit in (
        ("account_id", "account", rows.accounts), ("warehouse_id", "warehouse", rows.warehouses),
        ("sku_id", "sku", rows.of_goods or None), ("province", "", rows.provinces),
    ):
        if limit is not None:
            parts += _own(column, kind, rows, columns) or ["false"]
    return parts


def _own(column: str, kind: str, rows: Rows, columns: Mapping[str, str] | None = None) -> list[str]:
    if columns is not None and column not in columns:
        return []
    limit = {"account": rows.accounts, "warehouse": rows.warehouses}.get(kind)
    if limit is not None:
        return [f"{column} = any('{{{_ids(limit)}}}')"]
    if kind == "supplier" and rows.suppliers is not None:
        return [f"{column} in (select id from public.supplier where code in ({_texts(rows.suppliers)}))"]
    return [f"{column} in ({goods})" for goods in _goods(rows)] if kind == "sku" else []


def _goods(rows: Rows) -> list[str]:
    """Ids of the SKUs that are seen, one query for each limit: those that are named, those that suppliers bring."""
    found = [_skus(rows.skus)] if rows.skus is not None else []
    if rows.suppliers is not None:
        found.append("select y.sku_id from public.supply y join public.supplier r on r.id = y.supplier_id"
                     f" where r.code in ({_texts(rows.suppliers)})")
    return found


def _ids(ids: tuple[int, ...]) -> str:
    return ",".join(str(int(one)) for one in ids)


def _skus(codes: tuple[str, ...]) -> str:
    """Ids of the SKUs with these codes; one that ends in * stands for all that begin so."""
    whole = [code for code in codes if not code.endswith("*")]
    parts = [f"code in ({_texts(tuple(whole))})"]
    parts += [f"starts_with(code, {_text(code[:-1])})" for code in codes if code.endswith("*")]
    return f"select id from public.sku where {' or '.join(parts)}"


def _texts(texts: tuple[str, ...]) -> str:
    return ", ".join(map(_text, texts)) or "null"


def _text(text: str) -> str:
    """A literal. A limit is kept only without what has a meaning in SQL, and here it is refused once more."""
    assert not re.search(r"['\\%{}\x00]", text), "no limit has such characters"
    return f"'{text}'"


def _all(parts: list[str]) -> str:
    return " and ".join(parts)


_FIRST = ("account", "warehouse", "sku", "orders", "work", "intake", "delivery", "case_file", "notice", "parcel_item",
          "stock_document_line", "stock_document", "stock_quota", "wave", "purchase_line", "purchase_ticket", "subject")
_ORDER = (*_FIRST, *sorted(DECLARED.keys() - set(_FIRST)))
"""Those that others are seen by stand before these."""


@lru_cache(500)
def _conditions(rows: Rows) -> dict[str, str]:
    return {table: condition_of(table, rows) for table in _ORDER}


def _with_sources(named: set[str], rows: Rows) -> set[str]:
    """The tables, and those by which they are seen."""
    found: set[str] = set()
    waiting = list(named)
    while waiting:
        if (table := waiting.pop()) not in found:
            found.add(table)
            waiting += DECLARED.keys() & set(_BARE.findall(re.sub(r"public\.\w+", "", _conditions(rows)[table])))
    return found
