"""Tells Shopify what was shipped: fulfilment orders are looked up, then fulfilled per location with the waybill.

Before anything is created the order's fulfilments are read: what already carries the waybill is not fulfilled again,
so a call whose answer was lost can be repeated.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import httpx2

from orderloom.adapters.carrier_words import carrier_words
from orderloom.adapters.channels.shopify.wire import call, decode
from orderloom.application.ports import Account, Answer, Outgoing, Terminal
from orderloom.domain.carriers import canonical, name

OPEN = frozenset({"open", "in_progress", "scheduled", "incomplete"})
FAILED = frozenset({"cancelled", "error", "failure"})
"""Fulfilments that came to nothing: their lines are still to be fulfilled."""
LISTED_MAX = {"limit": "250"}
"""Fulfilments of an order that are read; Shopify gives fifty unless it is asked for more."""
EVERYTHING = 2**31 - 1
WORDS = carrier_words(Path(__file__).parent)


async def ship(outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
    """Create the fulfilments for a `shipment`. Answers with `fulfillment_id` (comma-separated when several locations).

    Raises `Terminal` when the order is on hold or has not enough left to fulfil, `Transient` when a retry may help.
    """
    body = outgoing.body
    order = str(body["external_id"])
    read = await call(http, account, "GET", f"orders/{order}/fulfillments.json", params=LISTED_MAX)
    done = decode(read, "fulfillments")
    ours = [one for one in done if _carries(one, body["waybill"])]
    wanted = _wanted(body) - _shipped(ours)
    if body.get("lines") and not wanted:
        return _answer(ours, b"")
    asked = await call(http, account, "GET", f"orders/{order}/fulfillment_orders.json")
    found = decode(asked, "fulfillment_orders")
    by_location = _choose(found, wanted, takes_rest=not body.get("lines"))
    if not by_location and ours:
        return _answer(ours, b"")
    _refuse_shortage(found, by_location, wanted)
    raw = b""
    for chosen in by_location.values():
        response = await call(http, account, "POST", "fulfillments.json", body=_fulfillment(chosen, body, account))
        raw = response.content
        ours.append(decode(response, "fulfillment"))
    return _answer(ours, raw)


def _carries(fulfillment: dict[str, Any], waybill: str) -> bool:
    numbers = fulfillment.get("tracking_numbers") or [fulfillment.get("tracking_number")]
    return fulfillment.get("status") not in FAILED and waybill in numbers


def _wanted(body: dict[str, Any]) -> Counter[str]:
    wanted: Counter[str] = Counter()
    for line in body.get("lines") or ():
        wanted[str(line["external_line_id"])] += int(line["quantity"])
    return wanted


def _shipped(fulfillments: list[dict[str, Any]]) -> Counter[str]:
    shipped: Counter[str] = Counter()
    for fulfillment in fulfillments:
        for line in fulfillment.get("line_items") or ():
            shipped[str(line["id"])] += int(line["quantity"])
    return shipped


def _choose(
    found: list[dict[str, Any]], wanted: Counter[str], *, takes_rest: bool
) -> dict[Any, dict[int, list[dict[str, int]]]]:
    """location → fulfilment order → its lines to fulfil. One call may only hold fulfilment orders of one location."""
    left = Counter(wanted)
    chosen: dict[Any, dict[int, list[dict[str, int]]]] = defaultdict(dict)
    for fulfillment_order in found:
        if fulfillment_order.get("status") not in OPEN:
            continue
        lines = []
        for line in fulfillment_order["line_items"]:
            key = str(line["line_item_id"])
            quantity = min(int(line["fulfillable_quantity"]), EVERYTHING if takes_rest else left[key])
            if quantity > 0:
                left[key] -= quantity
                lines.append({"id": line["id"], "quantity": quantity})
        if lines:
            chosen[fulfillment_order.get("assigned_location_id")][fulfillment_order["id"]] = lines
    return dict(chosen)


def _refuse_shortage(
    found: list[dict[str, Any]], by_location: dict[Any, dict[int, list[dict[str, int]]]], wanted: Counter[str]
) -> None:
    """All or nothing: a shipment that Shopify could only take in part is a person's question, not a half-told one."""
    chosen = sum(line["quantity"] for orders in by_location.values() for lines in orders.values() for line in lines)
    if by_location and chosen >= wanted.total():
        return
    held = [str(one["id"]) for one in found if one.get("status") == "on_hold"]
    if held:
        raise Terminal("fulfillment_on_hold", f"release fulfilment order {', '.join(held)} in Shopify first")
    raise Terminal("nothing_to_fulfill", f"{wanted.total() or 'all'} units asked, {chosen} left to fulfil")


def _fulfillment(
    chosen: dict[int, list[dict[str, int]]], body: dict[str, Any], account: Account
) -> dict[str, dict[str, Any]]:
    return {
        "fulfillment": {
            "line_items_by_fulfillment_order": [
                {"fulfillment_order_id": key, "fulfillment_order_line_items": lines} for key, lines in chosen.items()
            ],
            "tracking_info": {"number": body["waybill"], "company": _company(str(body["carrier"]), account)},
            "notify_customer": bool(account.settings.get("notify_customer", False)),
        }
    }


def _company(carrier: str, account: Account) -> str:
    """What the buyer is shown: the account's name for the carrier, else Shopify's, by which it links the parcel."""
    names = account.settings.get("carrier_names") or {}
    ours = canonical(carrier)
    told = names.get(carrier) or names.get(ours)
    return str(told or WORDS.words.get(ours) or name(ours, "en") or carrier)


def _answer(fulfillments: list[dict[str, Any]], raw: bytes) -> Answer:
    return Answer(raw, {"fulfillment_id": ",".join(str(one["id"]) for one in fulfillments)})
