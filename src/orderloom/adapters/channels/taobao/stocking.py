"""Set the quantities that Taobao shows: full values, never differences, so that a repeated call changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
import msgspec

from orderloom.adapters.channels.taobao.gateway import as_utf8, call, must_answer
from orderloom.adapters.listed import apart, together
from orderloom.application.ports import Account, Answer, Outgoing, Terminal, Transient

API = "taobao.skus.quantity.update"
ITEM_API = "taobao.item.quantity.update"
FIND_API = "taobao.skus.custom.get"
FIND_ITEMS_API = "taobao.items.custom.get"
FIGURES_MAX = 20
FULL = "1"
"""`type` of the update: 1 sets, 2 adds."""
UNKNOWN = "unknown_listing"
LISTINGS_KEPT_MAX = 50_000

Listing = tuple[str, str]
"""(`num_iid`, `sku_id`): Taobao's own ids of an item and of one SKU of it; no `sku_id` for an item without SKUs."""

_known: dict[tuple[int, str], list[Listing]] = {}


async def send(outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
    """Send up to 20 figures, one call per item; the listing's ids are looked up by the seller's own code if absent.

    A figure that cannot be set does not keep the others back: they are sent first, then Terminal names it. Raises
    Transient at once; the whole delivery may be sent again.
    """
    figures = outgoing.body["figures"]
    if len(figures) > FIGURES_MAX:
        raise Terminal("too_many_figures", f"{API} takes {FIGURES_MAX} SKUs, not {len(figures)}")
    by_item: dict[str, list[str]] = defaultdict(list)
    refused: list[Terminal] = []
    for figure in figures:
        try:
            quantity = _quantity(figure)
            for num_iid, sku_id in await _listings(figure, account, http):
                by_item[num_iid].append(f"{sku_id}:{quantity}")
        except Terminal as error:
            refused.append(error)
    reply = b""
    for num_iid, quantities in by_item.items():
        try:
            reply = await _update(num_iid, quantities, account, http)
        except Terminal as error:
            refused.append(error)
    if refused:
        raise Terminal(refused[0].code, "; ".join(error.message for error in refused), answer=refused[0].answer)
    return Answer(reply, {"calls": str(len(by_item))})


async def _update(num_iid: str, quantities: Sequence[str], account: Account, http: httpx2.AsyncClient) -> bytes:
    """Set the figures of one item; of an item without SKUs there is one, its own."""
    told = {"num_iid": num_iid, "type": FULL}
    if quantities[0].startswith(":"):
        return await _told(ITEM_API, {**told, "quantity": quantities[-1][1:]}, account, http)
    reply = b""
    for start in range(0, len(quantities), FIGURES_MAX):
        parameters = {**told, "skuid_quantities": ";".join(quantities[start:start + FIGURES_MAX])}
        reply = await _told(API, parameters, account, http)
    return reply


async def _told(api: str, parameters: Mapping[str, str], account: Account, http: httpx2.AsyncClient) -> bytes:
    reply = await call(api, parameters, account, http)
    must_answer(api, reply)
    return reply.body


def _quantity(figure: Mapping[str, Any]) -> int:
    quantity = int(figure["quantity"])
    if quantity < 0:
        raise Terminal("negative_quantity", f"{figure['sku_external']}: {quantity}")
    return quantity


class _Sku(msgspec.Struct, frozen=True):
    num_iid: int
    sku_id: int


class _Skus(msgspec.Struct, frozen=True):
    sku: list[_Sku] = []


class _Found(msgspec.Struct, frozen=True):
    skus: _Skus = _Skus()


class _FoundEnvelope(msgspec.Struct, frozen=True):
    skus_custom_get_response: _Found


class _Item(msgspec.Struct, frozen=True):
    num_iid: int
    skus: _Skus = _Skus()


class _Items(msgspec.Struct, frozen=True):
    item: list[_Item] = []


class _FoundItems(msgspec.Struct, frozen=True):
    items: _Items = _Items()


class _ItemsEnvelope(msgspec.Struct, frozen=True):
    items_custom_get_response: _FoundItems


async def _listings(figure: Mapping[str, Any], account: Account, http: httpx2.AsyncClient) -> list[Listing]:
    known, sku = apart(figure.get("listing")), str(figure["sku_external"])
    if known[0].get("num_iid"):
        return [(str(one["num_iid"]), str(one.get("sku_id") or "")) for one in known]
    key = (account.id, sku)
    if key not in _known:
        if len(_known) >= LISTINGS_KEPT_MAX:
            _known.clear()
        _known[key] = await _find(sku, account, http)
    return _known[key]


async def find_listings(
    codes: Sequence[str], account: Account, http: httpx2.AsyncClient
) -> dict[str, dict[str, Any]]:
    """Taobao's own ids of the codes that are on sale. Raises Transient or Terminal."""
    found = {}
    for code in codes:
        try:
            listings = await _find(code, account, http)
        except Terminal as error:
            if error.code != UNKNOWN:
                raise
            continue
        found[code] = together([{"num_iid": item, **({"sku_id": sku} if sku else {})} for item, sku in listings])
    return found


async def _find(sku: str, account: Account, http: httpx2.AsyncClient) -> list[Listing]:
    """Every SKU, and every item without SKUs, that has this code of the seller's."""
    reply = await call(FIND_API, {"outer_id": sku, "fields": "sku_id,num_iid,outer_id"}, account, http)
    try:
        envelope = msgspec.json.decode(as_utf8(reply.body), type=_FoundEnvelope, strict=False)
    except msgspec.DecodeError as error:
        raise Transient("unreadable_answer", f"{FIND_API}: {error}", answer=reply.body) from error
    found = envelope.skus_custom_get_response.skus.sku
    listings = [(str(one.num_iid), str(one.sku_id)) for one in found] or await _items(sku, account, http)
    if not listings:
        raise Terminal(UNKNOWN, f"no listing of the shop has the code {sku}", answer=reply.body)
    return listings


async def _items(code: str, account: Account, http: httpx2.AsyncClient) -> list[Listing]:
    reply = await call(FIND_ITEMS_API, {"outer_id": code, "fields": "num_iid,outer_id,sku"}, account, http)
    try:
        envelope = msgspec.json.decode(as_utf8(reply.body), type=_ItemsEnvelope, strict=False)
    except msgspec.DecodeError as error:
        raise Transient("unreadable_answer", f"{FIND_ITEMS_API}: {error}", answer=reply.body) from error
    found = envelope.items_custom_get_response.items.item
    return [(str(item.num_iid), "") for item in found if not item.skus.sku]
