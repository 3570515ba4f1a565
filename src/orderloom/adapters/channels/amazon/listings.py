"""Finds a seller's listings by SKU: their product type, without which no quantity can be patched, and marketplace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import httpx2
import msgspec

from orderloom.adapters.channels.amazon.gateway import call
from orderloom.adapters.channels.amazon.pull import marketplaces
from orderloom.adapters.channels.amazon.stocking import seller
from orderloom.application.ports import Account, Transient


class _Summary(msgspec.Struct, rename="camel"):
    marketplace_id: str
    product_type: str


class _Item(msgspec.Struct):
    sku: str
    summaries: list[_Summary] = []


class _Found(msgspec.Struct):
    items: list[_Item] = []


async def find(
    codes: Sequence[str], account: Account, at: datetime, http: httpx2.AsyncClient
) -> dict[str, dict[str, str]]:
    """`product_type` and `marketplace_id` of the codes that are listed, in the first marketplace that lists each.

    Raises Transient or Terminal.
    """
    found: dict[str, dict[str, str]] = {}
    for marketplace in marketplaces(account).split(","):
        left = [code for code in codes if code not in found and "," not in code]
        if left:
            found.update(await _in(marketplace, left, account, at, http))
    return found


async def _in(
    marketplace: str, codes: Sequence[str], account: Account, at: datetime, http: httpx2.AsyncClient
) -> dict[str, dict[str, str]]:
    path = f"/listings/2021-08-01/items/{seller(account)}"
    query = {"marketplaceIds": marketplace, "identifiers": ",".join(codes), "identifiersType": "SKU",
             "includedData": "summaries", "pageSize": "20"}
    raw = await call("GET", path, account, at, http, query=query)
    try:
        items = msgspec.json.decode(raw, type=_Found).items
    except msgspec.DecodeError as error:
        raise Transient("unreadable_answer", f"{path}: {error}", answer=raw) from error
    return {
        item.sku: {"product_type": item.summaries[0].product_type, "marketplace_id": marketplace}
        for item in items if item.sku in codes and item.summaries
    }
