"""Set the quantities that Taobao shows: full values, never differences, so that a repeated call changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
import msgspec

from orderloom.adapters.channels.taobao.gateway import call
from orderloom.application.ports import Account, Answer, Outgoing, Terminal, Transient

API = "taobao.skus.quantity.update"
FIND_API = "taobao.skus.custom.get"
FIGURES_MAX = 20
FULL = "1"
"""`type` of the update: 1 sets, 2 adds."""
UNKNOWN = "unknown_listing"
LISTINGS_KEPT_MAX = 50_000

Listing = tuple[str, str]
"""(`num_iid`, `sku_id`): Taobao's own ids of an item and of one SKU of it."""

_known: dict[tuple[int, str], Listing] = {}


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
            num_iid, sku_id = await _listing(figure, account, http)
            by_item[num_iid].append(f"{sku_id}:{_quantity(figure)}")
        except Terminal as error:
            refused.append(error)
    reply = b""
    for num_iid, quantities in by_item.items():
        parameters = {"num_iid": num_iid, "skuid_quantities": ";".join(quantities), "type": FULL}
        try:
            reply = (await call(API, parameters, account, http)).body
        except Terminal as error:
            refused.append(error)
    if refused:
        raise Terminal(refused[0].code, "; ".join(error.message for error in refused), answer=refused[0].answer)
    return Answer(reply, {"calls": str(len(by_item))})


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


async def _listing(figure: Mapping[str, Any], account: Account, http: httpx2.AsyncClient) -> Listing:
    listing, sku = figure.get("listing") or {}, str(figure["sku_external"])
    if listing.get("num_iid") and listing.get("sku_id"):
        return str(listing["num_iid"]), str(listing["sku_id"])
    key = (account.id, sku)
    if key not in _known:
        if len(_known) >= LISTINGS_KEPT_MAX:
            _known.clear()
        _known[key] = await _find(sku, account, http)
    return _known[key]


async def find_listings(
    codes: Sequence[str], account: Account, http: httpx2.AsyncClient
) -> dict[str, dict[str, str]]:
    """Taobao's own ids of the codes that are on sale. Raises Transient or Terminal."""
    found = {}
    for code in codes:
        try:
            num_iid, sku_id = await _find(code, account, http)
        except Terminal as error:
            if error.code != UNKNOWN:
                raise
            continue
        found[code] = {"num_iid": num_iid, "sku_id": sku_id}
    return found


async def _find(sku: str, account: Account, http: httpx2.AsyncClient) -> Listing:
    reply = await call(FIND_API, {"outer_id": sku, "fields": "sku_id,num_iid,outer_id"}, account, http)
    try:
        found = msgspec.json.decode(reply.body, type=_FoundEnvelope, strict=False).skus_custom_get_response.skus.sku
    except msgspec.DecodeError as error:
        raise Transient("unreadable_answer", f"{FIND_API}: {error}", answer=reply.body) from error
    if not found:
        raise Terminal(UNKNOWN, f"no listing of the shop has the code {sku}", answer=reply.body)
    return str(found[0].num_iid), str(found[0].sku_id)
