"""Set merchant-fulfilled quantities through the Listings Items API: full values, one PATCH per SKU."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx2
import msgspec

from orderloom.adapters.channels.amazon.gateway import call
from orderloom.adapters.channels.amazon.shipping import MARKETPLACE_DEFAULT
from orderloom.application.ports import Account, Answer, Outgoing, Terminal, Transient

PRODUCT_TYPE_DEFAULT = "PRODUCT"
MERCHANT_CHANNEL = "DEFAULT"
ACCEPTED = ("ACCEPTED", "VALID")


class _Submission(msgspec.Struct, frozen=True, rename="camel"):
    status: str
    submission_id: str = ""


async def send(outgoing: Outgoing, account: Account, at: datetime, http: httpx2.AsyncClient) -> Answer:
    """Set every figure; one that the platform refuses does not keep the others back.

    Raises Terminal that names the refused SKUs, after all were tried, and Transient at once.
    """
    refused, raw = [], b""
    for figure in outgoing.body["figures"]:
        try:
            raw = await _set(figure, account, at, http)
        except Terminal as error:
            refused.append(f"{figure['sku_external']} ({error.code})")
    if refused:
        raise Terminal("stock_refused", ", ".join(refused), answer=raw)
    return Answer(raw, {"figures": str(len(outgoing.body["figures"]))})


async def _set(figure: Mapping[str, Any], account: Account, at: datetime, http: httpx2.AsyncClient) -> bytes:
    listing = figure.get("listing") or {}
    path = f"/listings/2021-08-01/items/{seller(account)}/{quote(str(figure['sku_external']), safe='')}"
    value = [{"fulfillment_channel_code": MERCHANT_CHANNEL, "quantity": int(figure["quantity"])}]
    body = {
        "productType": str(listing.get("product_type") or PRODUCT_TYPE_DEFAULT),
        "patches": [{"op": "replace", "path": "/attributes/fulfillment_availability", "value": value}],
    }
    ids: Any = listing.get("marketplace_id") or account.settings.get("marketplace_ids") or MARKETPLACE_DEFAULT
    query = {"marketplaceIds": ids if isinstance(ids, str) else ",".join(ids)}
    raw = await call("PATCH", path, account, at, http, query=query, body=body)
    try:
        status = msgspec.json.decode(raw, type=_Submission).status
    except msgspec.DecodeError as error:
        raise Transient("unreadable_answer", f"{path}: {error}", answer=raw) from error
    if status not in ACCEPTED:
        raise Terminal(status.lower(), path, answer=raw)
    return raw


def seller(account: Account) -> str:
    """The seller's id in the platform's addresses. Raises Terminal."""
    found = str(account.settings.get("seller_id") or account.credentials.get("seller_id") or "")
    if not found:
        raise Terminal("seller_id_missing", "the account's settings name no seller_id")
    return found
