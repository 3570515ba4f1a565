"""What each channel is shown of some SKUs: by the formula now, as last told, and why the two differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from orderloom.application.directory import Directory, KnownGoods, Sku
from orderloom.application.identity.sight import SIGHT
from orderloom.application.publish import Listing, Offered, by_place, shown, stream_of
from orderloom.application.queries.sql import Connection
from orderloom.domain.codes import can_be_stored
from orderloom.domain.inventory.shown import Available, Parts, free_of
from orderloom.domain.masters import HUB, master_of
from orderloom.statements import beside

SQL = beside(__file__)


class ShownStock(msgspec.Struct, frozen=True):
    """What an account shows of a SKU under a spelling, in listed units of `factor` base units. `told`: what was last
    pushed, null when nothing ever was; `now`: what the formula gives, null where nothing is to be told.

    `why` says why they differ: account_off, takes_no_stock, not_ours (another system is master of stock there),
    not_published, not_listed (the platform does not list it), looking (its listing is being looked up), no_ids (it
    takes ids alone, and nobody taught the shop's spelling with them), push_parked, push_waits (a push is queued or
    fails), not_yet (the publisher is about to look); empty when they do not.

    What follows is what the formula counts with: base units that are free, set aside for this place by open quotas and
    held by unpaid orders, and what the blueprint says for it (`cap`, `zero_below` null: not used)."""

    account: str
    channel: str
    listing: str
    factor: int
    told: int | None
    told_at: datetime | None
    now: int | None
    why: str
    attempts: int
    free: int
    share_percent: int
    buffer: int
    campaign: int
    unpaid: int
    cap: int | None
    zero_below: int | None
    campaign_percent: int
    unpaid_percent: int


class ListedStock(NamedTuple):
    """A spelling of a SKU at an account, and how it stands there."""

    account_id: int
    account: str
    connector: str
    is_on: bool
    alias: str
    sku_id: int
    factor: int
    is_published: bool
    has_ids: bool
    is_own: bool
    """Whether it is the account's own spelling."""
    state: str | None
    told: int | None
    told_at: datetime | None


class Shelves(NamedTuple):
    """All that the formula needs of some SKUs and their bundles."""

    listed: Sequence[ListedStock]
    goods: KnownGoods
    offered: Offered


async def read_shelves(connection: Connection, sku_ids: Sequence[int], directory: Directory) -> Shelves:
    """Where these SKUs are on sale, and what is free of them and of the parts of bundles among them."""
    given: dict[str, Any] = {"skus": list(sku_ids)}
    rows = await (await connection.execute(SQL["goods"], given)).fetchall()
    skus = {r[0]: Sku(r[0], r[1], tuple([(p, n) for p, n in r[3]]) if r[3] else ((r[0], 1),), {}, r[2]) for r in rows}
    parts = sorted({part for sku in skus.values() for part, _ in sku.components})
    rows = await (await connection.execute(SQL["free"], {"skus": parts})).fetchall()
    is_split = directory.blueprints[directory.blueprint_active].sourcing.may_split
    places = [] if is_split else await (await connection.execute(SQL["free_by_place"], {"skus": parts})).fetchall()
    offered = Offered({r[0]: Available(r[1], unpaid=r[2]) for r in rows}, await read_kept(connection, parts),
                      by_place(places))
    listed = [ListedStock(*row) for row in await (await connection.execute(SQL["listed"], given)).fetchall()]
    return Shelves(listed, KnownGoods(skus, {}), offered)


async def read_kept(connection: Connection, sku_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """What open quotas keep of these SKUs, by account (0: for all) and SKU."""
    rows = await (await connection.execute(SQL["kept"], {"skus": list(sku_ids)})).fetchall()
    return {(row[0], row[1]): row[2] for row in rows}


async def read_all_kept(connection: Connection) -> dict[tuple[int, int], int]:
    """The same of all SKUs."""
    rows = await (await connection.execute(SQL["kept_of_all"])).fetchall()
    return {(row[0], row[1]): row[2] for row in rows}


async def told_of(connection: Connection, account: str, listing: str) -> tuple[int, datetime] | None:
    """The figure that an account, switched on, was last told of a spelling, and when."""
    if not (can_be_stored(account) and can_be_stored(listing)):
        return None
    row = await (await connection.execute(SQL["told_of"], {"account": account, "listing": listing})).fetchone()
    return (row[0], row[1]) if row else None


async def with_bundles(connection: Connection, sku_ids: Sequence[int]) -> list[int]:
    """These SKUs and the bundles that contain them."""
    found = await (await connection.execute(SQL["bundles"], {"skus": list(sku_ids)})).fetchall()
    return sorted({*sku_ids, *[row[0] for row in found]})


def figure(one: ListedStock, shelves: Shelves, directory: Directory, takers: Mapping[str, bool],
           offered: Offered | None = None) -> tuple[int | None, str]:
    """What the account is to be shown, or why nothing is told. `offered` instead of what there is now."""
    account = directory.accounts.get(one.account_id)
    if account is None or not one.is_on:
        return None, "account_off"
    if one.connector not in takers:
        return None, "takes_no_stock"
    if master_of(account.settings, "stock") != HUB:
        return None, "not_ours"
    if not one.is_published:
        return None, "not_published"
    if one.state in ("absent", "looking") and not one.has_ids:
        return None, "not_listed" if one.state == "absent" else "looking"
    if takers[one.connector] and not (one.is_own or one.has_ids or one.state):
        return None, "no_ids"
    rows = SIGHT.get().rows
    if rows is not None and rows.warehouses is not None:
        return None, "partly_seen"  # it is made of all warehouses
    listing = Listing(one.account_id, one.alias, one.sku_id, one.factor, {})
    return shown(listing, shelves.offered if offered is None else offered, directory, shelves.goods), ""


async def shown_stock(
    connection: Connection, sku_id: int, directory: Directory, takers: Mapping[str, bool],
) -> list[ShownStock]:
    """Every place where a SKU is shown, or could be."""
    shelves = await read_shelves(connection, [sku_id], directory)
    keys = [(one.account_id, stream_of(one.alias)) for one in shelves.listed]
    pushes = await (await connection.execute(SQL["pushes"], {
        "account": [key[0] for key in keys], "stream": [key[1] for key in keys]})).fetchall()
    open_ = {(row[0], row[1]): (row[2], row[3]) for row in pushes}
    return [_view(one, shelves, directory, takers, open_.get((one.account_id, stream_of(one.alias))))
            for one in shelves.listed]


def _view(one: ListedStock, shelves: Shelves, directory: Directory, takers: Mapping[str, bool],
          push: tuple[str, int] | None) -> ShownStock:
    now, why = figure(one, shelves, directory, takers)
    if not why and push is not None:
        why = "push_parked" if push[0] == "parked" else "push_waits"
    elif not why and now != one.told:
        why = "not_yet"
    sku = shelves.goods.skus[one.sku_id]
    blueprint = directory.blueprints[directory.blueprint_active]
    rule = blueprint.publish.formula(one.connector, one.account, sku.code)
    free, campaign, unpaid = least(shelves.offered.parts(sku, one.account_id))
    return ShownStock(
        one.account, one.connector, one.alias, one.factor, one.told, one.told_at, now, why, push[1] if push else 0,
        free, rule.share_percent, rule.buffer, campaign, unpaid, rule.cap, rule.zero_below, rule.campaign_percent,
        rule.unpaid_percent)


def least(parts: Parts) -> tuple[int, int, int]:
    """Free, set aside and unpaid units as a page tells them: of a bundle, what the least component is enough for."""
    return (free_of(parts), min(one.campaign // n for one, n in parts), min(one.unpaid // n for one, n in parts))
