"""Sets available stock in Shopify by GraphQL; one figure that is refused does not keep the others from being set."""

from __future__ import annotations

import uuid
from typing import Any

import httpx2
import msgspec

from orderloom.adapters.channels.shopify.wire import RETRY_AFTER_DEFAULT, call, decode
from orderloom.adapters.listed import apart
from orderloom.application.ports import Account, Answer, Outgoing, Terminal, Transient

MUTATION = (
    "mutation($i:InventorySetQuantitiesInput!,$key:String!){inventorySetQuantities(input:$i) @idempotent(key:$key)"
    "{inventoryAdjustmentGroup{id} userErrors{field message code}}}"
)
AT_ONCE_MAX = 250
"""Quantities that Shopify takes in one call; a figure may have many listings."""
KEYS = uuid.UUID("6f1c9a52-0f5e-4a86-9a3e-5a0d1f1d7c11")


async def set_stock(outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
    """Set `figures[{sku_external quantity listing{inventory_item_id location_id others}}]`, at every listing of a SKU.

    Raises `Terminal("stock_refused")` naming the refused SKUs once all the others are set; `Transient` when throttled.
    """
    figures = [{**one, "listing": listing} for one in outgoing.body["figures"] for listing in apart(one.get("listing"))]
    refused = [f"{one['sku_external']}: no inventory_item_id/location_id" for one in figures if not _is_listed(one)]
    listed = [one for one in figures if _is_listed(one)]
    raw, count = b"", 0
    for start in range(0, len(listed), AT_ONCE_MAX):
        left = listed[start:start + AT_ONCE_MAX]
        while left:  # each round drops what was refused
            raw, errors = await _set(left, outgoing.id, account, http)
            if not errors:
                break
            refused += [f"{left[index]['sku_external']}: {words}" for index, words in errors.items()]
            left = [one for index, one in enumerate(left) if index not in errors]
        count += len(left)
    if refused:
        raise Terminal("stock_refused", "; ".join(refused), answer=raw)
    return Answer(raw, {"figures": str(count)})


def _is_listed(figure: dict[str, Any]) -> bool:
    listing = figure.get("listing") or {}
    return bool(listing.get("inventory_item_id") and listing.get("location_id"))


async def _set(
    figures: list[dict[str, Any]], delivery: str, account: Account, http: httpx2.AsyncClient
) -> tuple[bytes, dict[int, str]]:
    """Returns the answer and, by position, what is wrong with single figures. Other errors are raised."""
    quantities = [_quantity(one) for one in figures]
    variables = {
        # The key covers the content: after refused figures were dropped it is another request, not a repetition.
        "key": str(uuid.uuid5(KEYS, delivery + msgspec.json.encode(quantities).decode())),
        "i": {
            "name": "available",
            "reason": "correction",
            "referenceDocumentUri": f"orderloom://stock/{delivery}",
            "quantities": quantities,
        },
    }
    response = await call(http, account, "POST", "graphql.json", body={"query": MUTATION, "variables": variables})
    raise_errors(response.content)
    errors: dict[int, str] = {}
    done = (decode(response, "data") or {}).get("inventorySetQuantities")
    if not isinstance(done, dict):
        raise Transient("unreadable_answer", "inventorySetQuantities says nothing", answer=response.content)
    for error in done.get("userErrors") or ():
        errors[_position(error, len(figures), response.content)] = str(error.get("code") or error["message"])
    return response.content, errors


def _quantity(figure: dict[str, Any]) -> dict[str, Any]:
    return {
        "inventoryItemId": _gid("InventoryItem", figure["listing"]["inventory_item_id"]),
        "locationId": _gid("Location", figure["listing"]["location_id"]),
        "quantity": int(figure["quantity"]),
        # The hub is the source of truth for what is shown: null says explicitly that no comparison is wanted.
        "changeFromQuantity": None,
    }


def _gid(kind: str, value: Any) -> str:
    text = str(value)
    return text if text.startswith("gid://") else f"gid://shopify/{kind}/{text}"


def _position(error: dict[str, Any], count: int, answer: bytes) -> int:
    """The index in ["input", "quantities", "3", ...]; an error that names no figure concerns the whole request."""
    for part in error.get("field") or ():
        if str(part).isdecimal() and int(part) < count:
            return int(part)
    raise Terminal(str(error.get("code") or "user_error"), str(error.get("message")), answer=answer)


def raise_errors(answer: bytes) -> None:
    """GraphQL's own errors come with HTTP 200; THROTTLED says how long the cost bucket needs to refill."""
    try:
        document = msgspec.json.decode(answer, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Transient("unreadable_answer", str(error), answer=answer) from error
    errors = document.get("errors")
    if not errors:
        return
    codes = {(one.get("extensions") or {}).get("code", "") for one in errors if isinstance(one, dict)}
    words = str(errors[0].get("message", errors[0]) if isinstance(errors, list) else errors)
    if "THROTTLED" in codes:
        raise Transient("rate_limited", words, retry_after=_refill_seconds(document), answer=answer)
    if codes & {"INTERNAL_SERVER_ERROR", "TIMEOUT"}:
        raise Transient("server_error", words, answer=answer)
    raise Terminal("graphql_error", words, answer=answer)


def _refill_seconds(document: dict[str, Any]) -> float:
    cost = (document.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    if not status.get("restoreRate"):
        return RETRY_AFTER_DEFAULT
    short = cost.get("requestedQueryCost", 0) - status.get("currentlyAvailable", 0)
    return float(max(short / status["restoreRate"], 1.0))
