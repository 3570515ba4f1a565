"""Puts the seller into a hub: accounts, goods, spellings, warehouses, opening stock. Doing it again is harmless."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from psycopg import AsyncConnection

from orderloom.adapters.db.directory import bump
from orderloom.adapters.manifests import manifests
from orderloom.adapters.outside import PRIVATE_HOSTS, host_name
from orderloom.adapters.vault import Vault
from orderloom.bootstrap import Hub
from orderloom.domain.tariff import search
from orderloom.rehearsal.catalogue import BOX_UNITS, Assortment, Product
from orderloom.rehearsal.platforms import WAREHOUSES, AccountPlan, Platforms

Connection = AsyncConnection[Any]

ACCOUNT = """
insert into account (code, family, connector, title, zone, base_url, credentials_cipher, settings)
values (%(code)s, %(family)s, %(connector)s, %(title)s, %(zone)s, %(base_url)s, %(credentials)s, %(settings)s::jsonb)
on conflict (code) do update set base_url = excluded.base_url, credentials_cipher = excluded.credentials_cipher,
    settings = account.settings || excluded.settings"""
CURSOR = """
insert into pull_cursor (account_id, at, due_at) select id, %(at)s, %(at)s from account where code = %(code)s
on conflict (account_id) do nothing"""
TARIFF_ELSE = "392690"
"""Of what no name finds: articles of plastics."""
SKUS = """
insert into sku (code, name, unit, hs_code)
select code, name, '件', hs_code from unnest(%s::text[], %s::text[], %s::text[]) as n (code, name, hs_code)
on conflict (code) do nothing"""
UNITS = """
insert into sku_unit (sku_id, unit, factor) select id, '箱', %s from sku where code = any (%s::text[])
on conflict do nothing"""
COMPONENTS = """
insert into sku_component (bundle_id, component_id, quantity)
select b.id, c.id, n.quantity from unnest(%s::text[], %s::text[], %s::integer[]) as n (bundle, part, quantity)
join sku b on b.code = n.bundle join sku c on c.code = n.part
on conflict do nothing"""
ALIASES = """
insert into sku_alias (account_id, alias, sku_id, factor, listing, is_published)
select a.id, n.alias, s.id, n.factor, n.listing::jsonb, n.factor = 1 and (n.listing <> '{}' or %s)
from unnest(%s::text[], %s::text[], %s::integer[], %s::text[]) as n (alias, code, factor, listing)
join sku s on s.code = n.code join account a on a.code = %s
on conflict (account_id, alias) do nothing"""
WAREHOUSE = """
insert into warehouse (code, name, country, province, account_id, priority, daily_capacity)
values (%s, %s, 'CN', %s, (select id from account where code = %s), %s, %s)
on conflict (code) do nothing"""
CAPACITY = 1_000_000
"""Works a day of the seller's own warehouses."""
FURTHER = 1_000
"""More than there are warehouses."""
RECEIVE = """
with wanted as (
    select s.id as sku_id, w.id as warehouse_id, n.quantity, n.cause
    from unnest(%(sku)s::text[], %(warehouse)s::text[], %(quantity)s::integer[], %(cause)s::text[])
        as n (sku, warehouse, quantity, cause)
    join sku s on s.code = n.sku join warehouse w on w.code = n.warehouse
), moved as (
    insert into stock_movement (sku_id, warehouse_id, kind, on_hand, cause, reason, actor, at)
    select sku_id, warehouse_id, 'receive', quantity, cause, %(reason)s, 'world', %(at)s from wanted
    on conflict (cause, kind) where order_id is null do nothing
    returning sku_id, warehouse_id, on_hand
)
insert into stock_level (sku_id, warehouse_id, on_hand)
select sku_id, warehouse_id, sum(on_hand) from moved group by sku_id, warehouse_id order by sku_id, warehouse_id
on conflict (sku_id, warehouse_id) do update set on_hand = stock_level.on_hand + excluded.on_hand"""


async def setup(hub: Hub, platforms: Platforms, catalogue: Assortment, base: str, hub_url: str, opening: int) -> None:
    """Bring the hub to know the world served at `base`; `opening` is the stock of an ordinary SKU per warehouse."""
    at = hub.now()
    async with hub.pool.connection() as connection, connection.transaction():
        for plan in platforms.accounts(base, hub_url):
            await _account(connection, plan, hub.vault, at)
        await _goods(connection, catalogue, forgotten=platforms.forgotten)
        for channel, code in platforms.codes.items():
            await _aliases(connection, catalogue, platforms, channel, code)
        own = {code for code, _, _ in WAREHOUSES}
        for number, (code, name, province, account) in enumerate(platforms.warehouses, start=1):
            # Further ones come first, each until its day is full: every system and carrier has its share to do.
            turn = (number + FURTHER, CAPACITY) if code in own else (number, platforms.share)
            await stand(connection, code, name, province, account, *turn)
        arrivals = _opening(catalogue, platforms, opening)
        await receive(connection, arrivals, "opening", "opening stock of the rehearsal", at)
        await bump(connection)


async def stand(
    connection: Connection, code: str, name: str, province: str, account: str | None, priority: int,
    capacity: int = CAPACITY
) -> None:
    """Put up a warehouse that the system of `account` serves, unless it stands; `capacity` is works a day."""
    await connection.execute(WAREHOUSE, (code, name, province, account, priority, capacity))


async def receive(
    connection: Connection, arrivals: Iterable[tuple[str, str, int]], cause: str, reason: str, at: datetime
) -> None:
    """Goods arrive: (SKU, warehouse, units) go through the ledger, each once per `cause`."""
    rows = list(arrivals)
    await connection.execute(RECEIVE, {
        "sku": [row[0] for row in rows], "warehouse": [row[1] for row in rows],
        "quantity": [row[2] for row in rows], "cause": [f"{cause}/{row[1]}/{row[0]}" for row in rows],
        "reason": reason, "at": at,
    })


async def _account(connection: Connection, plan: AccountPlan, vault: Vault, at: datetime) -> None:
    settings = dict(plan.settings)
    if plan.pull_seconds is not None:
        settings["interval_seconds"] = plan.pull_seconds
    if host := host_name(plan.base_url):
        settings[PRIVATE_HOSTS] = [host]
    if not plan.is_limited:
        settings["rate"] = {"per_second": 2_000, "burst": 2_000}
    assert plan.family, f"{plan.connector} is of no family"
    await connection.execute(ACCOUNT, {
        "code": plan.code, "family": plan.family, "connector": plan.connector, "title": plan.title, "zone": plan.zone,
        "base_url": plan.base_url, "credentials": vault.encrypt(orjson.dumps(dict(plan.credentials))),
        "settings": orjson.dumps(settings).decode(),
    })
    if plan.pull_seconds is not None:
        await connection.execute(CURSOR, {"code": plan.code, "at": at})


async def _goods(connection: Connection, catalogue: Assortment, *, forgotten: bool) -> None:
    products = catalogue.products
    names = [f"{product.name_zh} | {product.name_en}" for product in products]
    tariff = ["" if forgotten and product.code == catalogue.careless else _tariff(product) for product in products]
    await connection.execute(SKUS, ([product.code for product in products], names, tariff))
    await connection.execute(UNITS, (BOX_UNITS, [product.code for product in products if product.is_boxed]))
    parts = [(product.code, code, units) for product in products for code, units in product.components]
    await connection.execute(COMPONENTS, tuple([part[i] for part in parts] for i in range(3)))


def _tariff(product: Product) -> str:
    """The HS code that the goods' name finds first, as a careful seller would have it: parcels go abroad, too."""
    found = search(product.name_zh, 1) or search(product.name_en, 1)
    return found[0].code if found else TARIFF_ELSE


async def _aliases(
    connection: Connection, catalogue: Assortment, platforms: Platforms, channel: str, account: str
) -> None:
    spellings = catalogue.known.get(channel, ())
    listings = platforms.listings[channel]
    can_look_up = "listings" in manifests()[channel].capabilities
    await connection.execute(ALIASES, (
        can_look_up, [spelling.text for spelling in spellings], [spelling.code for spelling in spellings],
        [spelling.factor for spelling in spellings],
        [orjson.dumps(listings.get(spelling.text, {})).decode() for spelling in spellings], account,
    ))


def _opening(catalogue: Assortment, platforms: Platforms, opening: int) -> list[tuple[str, str, int]]:
    return [
        (product.code, code, catalogue.stock_of(product, opening))
        for product in catalogue.products
        if not product.components
        for code, _, _, _ in platforms.warehouses
    ]
