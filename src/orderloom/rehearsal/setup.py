"""Makes the seller known to a hub as the seller would, by the product's own verbs: accounts, goods, spellings,
warehouses, opening stock. What the hub knows already stays as it is, so doing it again is harmless."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.outside import host_name
from orderloom.application.connect import form_of
from orderloom.application.keep_account import connect_account
from orderloom.application.keep_skus import keep_skus
from orderloom.application.keep_warehouse import WarehouseRow, keep_warehouse
from orderloom.application.ports import Account
from orderloom.application.receive_stock import receive_stock
from orderloom.application.sku_row import SkuRow
from orderloom.application.teach_alias import AliasRow, teach_aliases
from orderloom.bootstrap import Hub
from orderloom.domain.tariff import search
from orderloom.rehearsal.catalogue import BOX_UNITS, Assortment, Product
from orderloom.rehearsal.platforms import WAREHOUSES, AccountPlan, Platforms

TARIFF_ELSE = "392690"
"""Of what no name finds: articles of plastics."""
UNIT, BOX = "件", "箱"
CAPACITY = 1_000_000
"""Works a day of the seller's own warehouses."""
FURTHER = 50
"""More than there are further warehouses."""
BY = "world"
Arrival = tuple[str, str, int]
"""So many units of a SKU come to a warehouse."""
GOODS = "select code from sku where code = any (%s)"
SPELLINGS = "select s.alias from sku_alias s join account a on a.id = s.account_id where a.code = %s"
LEVELS = """
select s.code, w.code from stock_level l join sku s on s.id = l.sku_id join warehouse w on w.id = l.warehouse_id"""
SHELVES = """
select s.code, w.code, l.on_hand from stock_level l join sku s on s.id = l.sku_id
join warehouse w on w.id = l.warehouse_id"""


async def setup(hub: Hub, platforms: Platforms, catalogue: Assortment, base: str, hub_url: str, opening: int) -> None:
    """Bring the hub to know the world served at `base`; `opening` is the stock of an ordinary SKU per warehouse."""
    for plan in platforms.accounts(base, hub_url):
        await _connect(hub, plan)
    await _keep_goods(hub, catalogue, forgotten=platforms.forgotten)
    rows = [row for channel, code in platforms.codes.items()
            for row in await _spellings(hub, catalogue, platforms, channel, code)]
    if rows:  # at once: else a channel would be shown the stock of goods under names that are not its own
        await teach_aliases(hub.ports.catalogue, rows)
    await _put_up(hub, platforms)
    stocked = await _known(hub, LEVELS)
    await receive(hub, [one for one in _opening(catalogue, platforms, opening) if one[:2] not in stocked], "opening",
                  "opening stock of the rehearsal")
    await _shelve(hub, platforms)


async def receive(hub: Hub, arrivals: Sequence[Arrival], document: str, reason: str) -> None:
    """Goods arrive by a document, and whoever waits for them is served."""
    table = [(line, {"code": sku, "warehouse": house, "quantity": str(units)})
             for line, (sku, house, units) in enumerate(arrivals, start=1) if units]
    if not table:
        return
    taken = await receive_stock(hub.handler.restock, hub.ports.catalogue, await hub.directory(), table, document,
                                reason, BY, hub.now)
    assert not taken.mistakes, taken.mistakes[0].en


async def _connect(hub: Hub, plan: AccountPlan) -> None:
    """Where the world is served may have changed since the last time; what else was set in the hub stays."""
    form = form_of(hub.manifests[plan.connector])
    settings = dict(plan.settings)
    if plan.pull_seconds is not None:
        settings["interval_seconds"] = plan.pull_seconds
    if not plan.is_limited:
        settings["rate"] = {"per_second": 2_000, "burst": 2_000}
    host = host_name(plan.base_url)
    account = Account(0, plan.code, form.family, plan.connector, plan.zone, plan.base_url, plan.credentials, settings)
    await connect_account(
        hub.ports.accounts, hub.trial, form, account, plan.title, given={"base_url": plan.base_url},
        hosts=[host] if host else [], past=lambda _: None, is_forced=True)


async def _keep_goods(hub: Hub, catalogue: Assortment, *, forgotten: bool) -> None:
    known = await _known(hub, GOODS, list(catalogue.by_code))
    rows = [_row(product, "" if forgotten and product.code == catalogue.careless else _tariff(product))
            for product in catalogue.products if (product.code,) not in known]
    if rows:
        await keep_skus(hub.ports.catalogue, rows)


def _row(product: Product, tariff: str) -> SkuRow:
    units = {BOX: BOX_UNITS} if product.is_boxed else {}
    return SkuRow(product.code, product.name_zh, UNIT, units, dict(product.components), None, tariff, product.name_en)


def _tariff(product: Product) -> str:
    """The HS code that the goods' name finds first, as a careful seller would have it: parcels go abroad, too."""
    found = search(product.name_zh, 1) or search(product.name_en, 1)
    return found[0].code if found else TARIFF_ELSE


async def _spellings(
    hub: Hub, catalogue: Assortment, platforms: Platforms, channel: str, account: str
) -> list[AliasRow]:
    """What is to be taught of a channel, with its own ids. Boxes of goods are sold there, and their stock is not shown.
    """
    known, listings = await _known(hub, SPELLINGS, account), platforms.listings[channel]
    can_look_up = "listings" in hub.manifests[channel].capabilities
    rows = []
    for one in catalogue.known.get(channel, ()):
        if (one.text,) not in known:
            ids = listings.get(one.text, {})
            is_published = one.factor == 1 and (bool(ids) or can_look_up)
            rows.append(AliasRow(one.text, one.code, one.factor, account, ids, is_published))
    return rows


async def _put_up(hub: Hub, platforms: Platforms) -> None:
    own, known = {code for code, _, _ in WAREHOUSES}, {house.code for house in (await hub.directory()).warehouses}
    for number, (code, name, province, account) in enumerate(platforms.warehouses, start=1):
        # Further ones come first, each until its day is full: every system and carrier has its share to do.
        turn = (number + FURTHER, CAPACITY) if code in own else (number, platforms.share)
        if code not in known:
            await keep_warehouse(hub.ports.catalogue, WarehouseRow(code, name, "CN", province, account or "", *turn))


def _opening(catalogue: Assortment, platforms: Platforms, opening: int) -> list[Arrival]:
    return [
        (product.code, code, catalogue.stock_of(product, opening))
        for product in catalogue.products
        if not product.components
        for code, _, _, _ in platforms.warehouses
    ]


async def _shelve(hub: Hub, platforms: Platforms) -> None:
    """What the hub says is in a house lies on its shelves: a snapshot is to find what goes wrong, and nothing else."""
    floors = [system.floor for system in platforms.systems.values() if hasattr(system, "floor")]
    async with hub.pool.connection() as connection:
        for sku, house, units in await (await connection.execute(SHELVES.encode())).fetchall():
            for floor in floors:
                if house in floor.stock:
                    floor.stock[house].setdefault(sku, units)


async def _known(hub: Hub, query: str, *given: object) -> set[tuple[str, ...]]:
    async with hub.pool.connection() as connection:
        return set(await (await connection.execute(query.encode(), given or None)).fetchall())
