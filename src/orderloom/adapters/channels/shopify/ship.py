"""Tells Shopify what was shipped: fulfilment orders are looked up, then fulfilled per location with the waybill.

Before anything is created the order's fulfilments are read: what already carries the waybill is not fulfilled again,
so a call whose answer was lost can be repeated.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from orderloom.adapters.kit.paths import look
from orderloom.adapters.kit.platform import GoodAnswer, Platform
from orderloom.application.ports import Account, Answer, Outgoing, Terminal, Transient
from orderloom.domain.carriers import canonical, name

OPEN = frozenset({"open", "in_progress", "scheduled", "incomplete"})
FAILED = frozenset({"cancelled", "error", "failure"})
"""Fulfilments that came to nothing: their lines are still to be fulfilled."""
EVERYTHING = 2**31 - 1
Chosen = dict[Any, dict[int, list[dict[str, int]]]]
"""location → fulfilment order → its lines to fulfil. One call may only hold fulfilment orders of one location."""


async def send(outgoing: Outgoing, platform: Platform) -> Answer:
    """Create the fulfilments for a `shipment`. Answers with `fulfillment_id` (comma-separated when several locations).

    Raises `Terminal` when the order is on hold or has not enough left to fulfil, `Transient` when a retry may help.
    """
    body = outgoing.body
    order = str(body["external_id"])
    done = _member(await platform.named("fulfillments", order=order), "fulfillments")
    ours = [one for one in done if _carries(one, body["waybill"])]
    wanted = _wanted(body) - _shipped(ours)
    if body.get("lines") and not wanted:
        return _answer(ours, b"")
    found = _member(await platform.named("fulfillment_orders", order=order), "fulfillment_orders")
    by_location = _choose(found, wanted, takes_rest=not body.get("lines"))
    if not by_location and ours:
        return _answer(ours, b"")
    _refuse_shortage(found, by_location, wanted)
    raw = b""
    for chosen in by_location.values():
        told = await platform.named("fulfil", fulfillment=fulfillment(chosen, body, platform))
        raw = told.heard.body
        ours.append(_member(told, "fulfillment"))
    return _answer(ours, raw)


def _member(told: GoodAnswer, name: str) -> Any:
    found = look(told.data, name)
    if found is None:
        raise Transient("unreadable_answer", f"no {name}", answer=told.excerpt)
    return found


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


def _choose(found: list[dict[str, Any]], wanted: Counter[str], *, takes_rest: bool) -> Chosen:
    left, chosen = Counter(wanted), defaultdict[Any, dict[int, list[dict[str, int]]]](dict)
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


def _refuse_shortage(found: list[dict[str, Any]], by_location: Chosen, wanted: Counter[str]) -> None:
    """All or nothing: a shipment that Shopify could only take in part is a person's question, not a half-told one."""
    chosen = sum(line["quantity"] for orders in by_location.values() for lines in orders.values() for line in lines)
    if by_location and chosen >= wanted.total():
        return
    held = [str(one["id"]) for one in found if one.get("status") == "on_hold"]
    if held:
        raise Terminal("fulfillment_on_hold", f"release fulfilment order {', '.join(held)} in Shopify first")
    raise Terminal("nothing_to_fulfill", f"{wanted.total() or 'all'} units asked, {chosen} left to fulfil")


def fulfillment(chosen: dict[int, list[dict[str, int]]], body: dict[str, Any], platform: Platform) -> dict[str, Any]:
    """What is posted for the fulfilment orders of one location."""
    words = platform.plan.tables["carriers"]
    return {
        "line_items_by_fulfillment_order": [
            {"fulfillment_order_id": key, "fulfillment_order_line_items": lines} for key, lines in chosen.items()
        ],
        "tracking_info": {"number": body["waybill"], "company": company(str(body["carrier"]), platform.account, words)},
        "notify_customer": bool(platform.account.settings.get("notify_customer", False)),
    }


def company(carrier: str, account: Account, words: Any) -> str:
    """What the buyer is shown: the account's name for the carrier, else Shopify's, by which it links the parcel."""
    names = account.settings.get("carrier_names") or {}
    ours = canonical(carrier)
    return str(names.get(carrier) or names.get(ours) or words.get(ours) or name(ours, "en") or carrier)


def _answer(fulfillments: list[dict[str, Any]], raw: bytes) -> Answer:
    return Answer(raw, {"fulfillment_id": ",".join(str(one["id"]) for one in fulfillments)})
