"""The order of the simulated shop as GraphQL shows it, made of its REST resource; applications after the sale too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from orderloom.adapters.channels.shopify.simulated_graph import Rows
from orderloom.adapters.channels.shopify.simulated_order import LOCATION_ID
from orderloom.adapters.simulated.book import ASKED, EXCHANGE, REFUNDED, REFUSED, WITHDRAWN, Claim

FULFILLED = {None: "UNFULFILLED", "partial": "PARTIALLY_FULFILLED", "fulfilled": "FULFILLED"}
RETURNS = {ASKED: "REQUESTED", REFUSED: "DECLINED", REFUNDED: "CLOSED", WITHDRAWN: "CANCELED"}
"""An application that goes on is OPEN."""
Resource = Mapping[str, Any]


def gid(kind: str, key: Any) -> str:
    """A globally unique id."""
    return f"gid://shopify/{kind}/{key}"


def number(id: str) -> str:
    """The number at the end of a globally unique id."""
    return id.rsplit("/", 1)[-1]


def utc(text: str | None) -> str | None:
    """An instant of REST as GraphQL gives it."""
    if not text:
        return None
    return datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def bag(amount: Any, order: Resource) -> dict[str, Any]:
    """An amount in both currencies; GraphQL leaves out a zero at the end, but for one."""
    worth = Decimal(str(amount or 0)).normalize()
    text = f"{worth:f}" if worth.as_tuple().exponent < 0 else f"{worth:.1f}"  # type: ignore[operator]
    money = [{"amount": text, "currencyCode": order[name]} for name in ("currency", "presentment_currency")]
    return {"shopMoney": money[0], "presentmentMoney": money[1]}


def order_of(order: Resource, work: Callable[[], list[dict[str, Any]]], claims: list[Claim]) -> dict[str, Any]:
    """The order, with all that hangs on it; `work` gives its fulfilment orders when they are asked for."""
    lines = {line["id"]: line_of(line, order) for line in order["line_items"]}
    back = sum((_back(one) for one in order["refunds"]), Decimal(0))
    goods = Decimal(order["current_total_price"]) - Decimal(_shipping(order, "current")) - Decimal(
        order["current_total_tax"]) - Decimal(order["total_tip_received"])
    sets = {
        "totalPriceSet": order["total_price"], "currentTotalPriceSet": order["current_total_price"],
        "subtotalPriceSet": order["subtotal_price"], "currentSubtotalPriceSet": goods,
        "totalShippingPriceSet": _shipping(order, "total"), "currentShippingPriceSet": _shipping(order, "current"),
        "totalTaxSet": order["total_tax"], "currentTotalTaxSet": order["current_total_tax"],
        "totalDiscountsSet": order["total_discounts"], "currentTotalDiscountsSet": order["current_total_discounts"],
        "totalOutstandingSet": order["total_outstanding"], "totalTipReceivedSet": order["total_tip_received"],
        "totalReceivedSet": Decimal(order["total_price"]) - Decimal(order["total_outstanding"]),
        "totalRefundedSet": back, "refundDiscrepancySet": 0,
    }  # fmt: skip
    return {
        "id": order["admin_graphql_api_id"], "legacyResourceId": str(order["id"]), "name": order["name"],
        **{name: order[name] for name in ("email", "phone", "note", "test")}, "tags": order["tags"].split(", ")
        if order["tags"] else [], "sourceName": order["source_name"],
        "createdAt": utc(order["created_at"]), "updatedAt": utc(order["updated_at"]),
        "processedAt": utc(order["processed_at"]), "cancelledAt": utc(order["cancelled_at"]),
        "closedAt": utc(order["closed_at"]), "closed": bool(order["closed_at"]),
        "cancelReason": (order["cancel_reason"] or "").upper() or None, "taxesIncluded": order["taxes_included"],
        "edited": any(line["current_quantity"] != line["quantity"] for line in order["line_items"]),
        "currencyCode": order["currency"], "presentmentCurrencyCode": order["presentment_currency"],
        "displayFinancialStatus": order["financial_status"].upper(),
        "displayFulfillmentStatus": FULFILLED[order["fulfillment_status"]], "returnStatus": return_status(claims),
        "paymentGatewayNames": order["payment_gateway_names"],
        "discountCodes": [one["code"] for one in order["discount_codes"]],
        **{name: bag(amount, order) for name, amount in sets.items()},
        "customer": _customer(order["customer"]), "shippingAddress": _address(order["shipping_address"], order["id"]),
        "shippingLines": Rows([_shipping_line(one, order) for one in order["shipping_lines"]]),
        "lineItems": Rows(list(lines.values())),
        "fulfillments": [fulfillment_of(one, lines) for one in order["fulfillments"]],
        "fulfillmentOrders": lambda **_: Rows([_work(one, order, lines) for one in work()]),
        "refunds": [_refund(one, order) for one in order["refunds"]],
        "returns": Rows([_return(one, order, lines) for one in claims]),
    }  # fmt: skip


def _shipping(order: Resource, which: str) -> str:
    found = order.get(f"{which}_shipping_price_set") or order["total_shipping_price_set"]
    return str(found["shop_money"]["amount"])


def _customer(customer: Resource | None) -> dict[str, Any] | None:
    if customer is None:
        return None
    name = " ".join(filter(None, (customer["first_name"], customer["last_name"])))
    return {"id": gid("Customer", customer["id"]), "firstName": customer["first_name"],
            "lastName": customer["last_name"], "displayName": name}  # fmt: skip


def _address(address: Resource | None, key: int) -> dict[str, Any] | None:
    if address is None:
        return None
    return {"id": gid("MailingAddress", key), "firstName": address["first_name"], "lastName": address["last_name"],
            "countryCodeV2": address["country_code"], **address}  # fmt: skip


def _shipping_line(line: Resource, order: Resource) -> dict[str, Any]:
    price = bag(line["price"], order)
    return {"id": gid("ShippingLine", line["id"]), "title": line["title"], "code": line.get("code") or line["title"],
            "source": "shopify", "isRemoved": False, "originalPriceSet": price, "discountedPriceSet": price,
            "currentDiscountedPriceSet": price, "discountAllocations": []}  # fmt: skip


def line_of(line: Resource, order: Resource) -> dict[str, Any]:
    """A line item."""
    whole = Decimal(line["price"]) * line["quantity"]
    cuts = [Decimal(one["amount"]) for one in line["discount_allocations"]]
    variant = line["variant_id"]
    return {
        "id": gid("LineItem", line["id"]), "name": line["name"], "title": line["title"], "sku": line["sku"],
        "quantity": line["quantity"], "currentQuantity": line["current_quantity"],
        "unfulfilledQuantity": line["fulfillable_quantity"],
        "nonFulfillableQuantity": line["quantity"] - line["current_quantity"],
        "refundableQuantity": line["current_quantity"], "requiresShipping": line["requires_shipping"],
        "isGiftCard": line["gift_card"], "taxable": True,
        "variant": {"id": gid("ProductVariant", variant), "legacyResourceId": str(variant)} if variant else None,
        "originalUnitPriceSet": bag(line["price"], order), "originalTotalSet": bag(whole, order),
        "discountedTotalSet": lambda **_: bag(whole - sum(cuts, Decimal(0)), order),
        "discountAllocations": [{"allocatedAmountSet": bag(cut, order)} for cut in cuts],
    }  # fmt: skip


def fulfillment_of(made: Resource, lines: Mapping[int, Any]) -> dict[str, Any]:
    """A fulfilment with its lines."""
    rows = [{"id": gid("FulfillmentLineItem", f"{made['id']}{one['id']}"), "lineItem": lines[one["id"]],
             "quantity": one["quantity"]} for one in made["line_items"]]  # fmt: skip
    return {
        "id": gid("Fulfillment", made["id"]), "legacyResourceId": str(made["id"]), "name": f"#{made['id']}-F1",
        "status": made["status"].upper(), "displayStatus": (made["shipment_status"] or "fulfilled").upper(),
        "createdAt": utc(made["created_at"]), "updatedAt": utc(made["updated_at"]),
        "totalQuantity": sum(row["quantity"] for row in rows),
        "trackingInfo": [{"company": made["tracking_company"], "number": one} for one in made["tracking_numbers"]],
        "fulfillmentLineItems": Rows(rows),
    }  # fmt: skip


def _work(work: Resource, order: Resource, lines: Mapping[int, Any]) -> dict[str, Any]:
    rows = [{"id": gid("FulfillmentOrderLineItem", one["id"]), "lineItem": lines[one["line_item_id"]],
             "inventoryItemId": gid("InventoryItem", one["inventory_item_id"]), "totalQuantity": one["quantity"],
             "remainingQuantity": one["fulfillable_quantity"]} for one in work["line_items"]]  # fmt: skip
    return {
        "id": gid("FulfillmentOrder", work["id"]), "orderId": order["admin_graphql_api_id"],
        "status": work["status"].upper(), "requestStatus": "UNSUBMITTED",
        "assignedLocation": {"name": "Depot", "location": location_of(work["assigned_location_id"])},
        "lineItems": Rows(rows),
    }  # fmt: skip


def location_of(key: int = LOCATION_ID) -> dict[str, Any]:
    """A place of the shop."""
    return {"id": gid("Location", key), "legacyResourceId": str(key), "name": f"Depot {key}", "isActive": True}


def _back(refund: Resource) -> Decimal:
    return sum((Decimal(one["amount"]) for one in refund["transactions"]), Decimal(0))


def _refund(refund: Resource, order: Resource) -> dict[str, Any]:
    at = utc(refund["created_at"])
    return {"id": gid("Refund", refund["id"]), "legacyResourceId": str(refund["id"]), "createdAt": at, "updatedAt": at,
            "note": refund.get("note"), "totalRefundedSet": bag(_back(refund), order)}  # fmt: skip


def return_status(claims: list[Claim]) -> str:
    """Of all applications for an order in one."""
    states = {RETURNS.get(one.state, "OPEN") for one in claims}
    for state, word in (("OPEN", "IN_PROGRESS"), ("REQUESTED", "RETURN_REQUESTED"), ("CLOSED", "RETURNED")):
        if state in states:
            return word
    return "RETURN_FAILED" if states else "NO_RETURN"


def _return(claim: Claim, order: Resource, lines: Mapping[int, Any]) -> dict[str, Any]:
    """An application. What nobody has fulfilled yet stands there as not verified."""
    state, line = RETURNS.get(claim.state, "OPEN"), list(lines.values())[claim.place]
    sent = next((row for one in order["fulfillments"] for row in fulfillment_of(one, lines)["fulfillmentLineItems"].rows
                 if row["lineItem"]["id"] == line["id"]), None)  # fmt: skip
    row: dict[str, Any] = {"id": gid("ReturnLineItem", claim.id), "quantity": claim.quantity,
                           "returnReason": "UNWANTED", "returnReasonNote": claim.reason}  # fmt: skip
    if sent is None:
        row |= {"__typename": "UnverifiedReturnLineItem", "lineItem": line}
    else:
        row |= {"__typename": "ReturnLineItem", "fulfillmentLineItem": sent,
                "withCodeDiscountedTotalPriceSet": line["discountedTotalSet"]()}
    closed = claim.changed_at.astimezone(UTC).isoformat(timespec="seconds") if state in ("CLOSED", "CANCELED") else None
    swaps = [{"id": gid("ExchangeLineItem", claim.id), "quantity": claim.quantity}] if claim.kind == EXCHANGE else []
    return {
        "id": gid("Return", claim.id), "name": f"{order['name']}-R{claim.place + 1}", "status": state,
        "createdAt": utc(claim.asked_at.isoformat()), "closedAt": utc(closed), "returnLineItems": Rows([row]),
        "exchangeLineItems": Rows(swaps),
        "refunds": Rows([_refund(one, order) for one in order["refunds"] if one.get("return_id") == claim.id]),
    }  # fmt: skip
