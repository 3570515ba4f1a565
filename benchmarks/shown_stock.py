"""200 shown-stock changes a second to ten shops that allow ten calls a second each: when does the last of them know?"""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import orjson
import psycopg

from benchmarks.hands import Hand, hands
from benchmarks.place import Place
from benchmarks.processes import free_port
from benchmarks.result import Report, measured, percentile
from benchmarks.seed import SHOPIFY, SKU_COUNT, sku_code
from orderloom.adapters.channels.shopify.rehearsal import SHOP_DOMAIN
from orderloom.adapters.outside import PRIVATE_HOSTS

SHOPS, PER_SECOND, CALLS_PER_SECOND = 10, 200, 10
P99_SECONDS_MOST = 15.0
SETTLE_SECONDS_MAX = 240.0
SHOP = """
insert into account (code, family, connector, title, zone, base_url, credentials_cipher, settings)
select %(code)s, family, connector, %(code)s, zone, %(url)s, credentials_cipher, %(settings)s::jsonb
from account where code = %(like)s"""
LISTED = """
insert into sku_alias (account_id, alias, sku_id, factor, listing)
select a.id, s.code, s.id, 1, jsonb_build_object('inventory_item_id', s.id::text, 'location_id', '1')
from account a, sku s where a.code like 'S_%%' and a.connector = 'shopify' and a.is_active and s.code like 'SKU-%%'"""
CHANGE = """
with level as (
    update stock_level set on_hand = on_hand - 1
    where sku_id = (select id from sku where code = %(sku)s)
        and warehouse_id = (select min(l.warehouse_id) from stock_level l join sku s on s.id = l.sku_id
            where s.code = %(sku)s)
    returning sku_id, warehouse_id
), moved as (
    insert into stock_movement (sku_id, warehouse_id, kind, on_hand, cause, reason, actor, at)
    select sku_id, warehouse_id, 'adjust', -1, %(cause)s, 'benchmark', 'bench', %(at)s from level returning sku_id
)
select m.sku_id, (select sum(free) - 1 from stock_level l where l.sku_id = m.sku_id) from moved m"""
OPEN = "select count(*) from delivery where kind = 'stock' and state <> 'done'"


def measure(place: Place, *, is_quick: bool) -> Report:
    """Changes for 30 seconds (--quick: 8); a change is known at a shop once it was told that figure or a later one."""
    count = PER_SECOND * (8 if is_quick else 30)
    seen = place.home / "shown.json"
    with place.database("bench_shown") as dsn:
        port = free_port()
        _connect_shops(dsn, port)
        shops = Hand("benchmarks.processes", role="shops", port=port, seen=str(seen))
        worker = Hand("benchmarks.processes", role="worker", home=str(place.home), dsn=dsn,
                      only=["publish_stock", "deliver", "fold_tally"])
        with hands([shops, worker]):
            _settle(dsn, SHOPS * SKU_COUNT)
            made, took = _change(dsn, count)
            _settle(dsn, 0)
            worker.end()
            shops.end()
    seconds = _last_of_all(made, seen)
    p50, p99 = (percentile(seconds, one) if seconds else float("inf") for one in (0.5, 0.99))
    is_right = len(seconds) == count
    return Report((measured("shown_stock", p99, "s", floor=None, most=P99_SECONDS_MOST, is_right=is_right),), {
        "shown_stock": {"changes": count, "known_everywhere": len(seconds), "per_second": round(count / took, 1),
                        "shops": SHOPS, "calls_per_second": CALLS_PER_SECOND, "p50_s": round(p50, 3),
                        "p99_s": round(p99, 3)},
    }, f"shown stock, last of {SHOPS} shops: p50 {p50:.2f} s, p99 {p99:.2f} s")


def _connect_shops(dsn: str, port: int) -> None:
    settings = {"shop_domain": SHOP_DOMAIN, PRIVATE_HOSTS: ["127.0.0.1"],
                "rate": {"per_second": CALLS_PER_SECOND, "burst": CALLS_PER_SECOND}}
    with psycopg.connect(dsn) as connection:
        for n in range(SHOPS):
            connection.execute(SHOP, {"code": f"S{n:02d}", "url": f"http://127.0.0.1:{port}/{n}", "like": SHOPIFY,
                                      "settings": orjson.dumps(settings).decode()})
        connection.execute("update account set is_active = false where family = 'channels' and code not like 'S0_'"
                           " or code = %s", (SHOPIFY,))
        connection.execute(LISTED)
        connection.execute("update cache_version set version = version + 1")


def _settle(dsn: str, told: int) -> None:
    """Wait until so many figures were told at least once and nothing is open."""
    end = time.monotonic() + SETTLE_SECONDS_MAX
    with psycopg.connect(dsn, autocommit=True) as connection:
        while time.monotonic() < end:
            known = connection.execute("select count(*) from stock_shown").fetchone()
            open_ = connection.execute(OPEN).fetchone()
            if known and open_ and known[0] >= told and open_[0] == 0:
                return
            time.sleep(0.5)


def _change(dsn: str, count: int) -> tuple[list[tuple[int, int, float]], float]:
    """(SKU, its figure, when) of changes at a steady rate, and how long all of them took."""
    made = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        began = time.monotonic()
        for n in range(count):
            while (wait := began + n / PER_SECOND - time.monotonic()) > 0:
                time.sleep(wait)
            row = connection.execute(CHANGE, {"sku": sku_code(n % SKU_COUNT), "cause": f"bench/{n}",
                                              "at": datetime.now(UTC)}).fetchone()
            assert row is not None
            made.append((int(row[0]), int(row[1]), time.monotonic()))
        return made, time.monotonic() - began


def _last_of_all(made: list[tuple[int, int, float]], seen: Path) -> list[float]:
    """Seconds until the last shop knew each change. Figures only fall, so one that is lower is a later one."""
    told: dict[int, dict[str, list[tuple[float, int]]]] = defaultdict(lambda: defaultdict(list))
    for shop, item, quantity, at in orjson.loads(seen.read_bytes()):
        told[int(item)][shop].append((at, quantity))
    found = []
    for sku, quantity, at in made:
        known = [min((when for when, figure in some if figure <= quantity and when >= at), default=None)
                 for some in told[sku].values()]
        if len(known) == SHOPS and None not in known:
            found.append(max(when for when in known if when is not None) - at)
    return found
