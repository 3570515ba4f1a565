"""The simulated shop's fulfilment orders: an order split by where its goods lie, and what is fulfilled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orderloom.adapters.channels.shopify.simulated_order import LOCATION_ID, inventory_item_id

Told = Callable[[dict[str, Any], list[dict[str, Any]], Mapping[str, Any]], dict[str, Any]]
Wanted = Sequence[tuple[str, Sequence[tuple[str, int]]]]
"""(fulfilment order, [(its line, units)]); without lines all that is left of it."""


class Fulfilment:
    """Splits and fulfils. `held` are orders that are on hold; `told` writes down what was fulfilled."""

    def __init__(self, orders: Mapping[str, dict[str, Any]], settings: Mapping[str, Any], told: Told) -> None:
        self._orders, self._settings, self._told = orders, settings, told
        self.held: set[str] = set()

    def work(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        """The order's fulfilment orders: one per location (`settings.locations` maps a SKU to another one)."""
        places: dict[int, list[dict[str, Any]]] = {}
        for line in order["line_items"]:
            places.setdefault(self._settings.get("locations", {}).get(line["sku"], LOCATION_ID), []).append(line)
        work = []
        for index, (location, lines) in enumerate(sorted(places.items())):
            key = order["id"] * 10 + index
            is_done = not any(one["fulfillable_quantity"] for one in lines)
            status = "on_hold" if str(order["id"]) in self.held else "closed" if is_done else "open"
            work.append({"id": key, "order_id": order["id"], "assigned_location_id": location, "status": status,
                         "request_status": "unsubmitted", "line_items": [_line(key, one) for one in lines],
                         "fulfillment_holds": []})  # fmt: skip
        return work

    def create(self, wanted: Wanted, tracking: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Fulfil; returns the order and the fulfilment. Raises ValueError in the platform's words."""
        order = self._orders.get(str(int(wanted[0][0]) // 10)) if wanted else None
        if order is None:
            raise ValueError("Fulfillment order does not exist.")
        work = {str(one["id"]): one for one in self.work(order)}
        chosen = [work.get(key) for key, _ in wanted]
        if None in chosen or len({one["assigned_location_id"] for one in chosen if one}) != 1:
            raise ValueError("All fulfillment orders must be of one order and location")
        for one in chosen:
            if one and one["status"] != "open":
                raise ValueError(f"Fulfillment order is {one['status']}")
        taken = self._taken(order, wanted, work)
        made = self._told(order, [{**item, "quantity": units} for item, units in taken], tracking)
        for item, units in taken:
            item["fulfillable_quantity"] -= units
            item["fulfillment_status"] = "partial" if item["fulfillable_quantity"] else "fulfilled"
        is_open = any(line["fulfillable_quantity"] for line in order["line_items"])
        order["fulfillment_status"] = "partial" if is_open else "fulfilled"
        return order, made

    def _taken(
        self, order: dict[str, Any], wanted: Wanted, work: Mapping[str, dict[str, Any]]
    ) -> list[tuple[dict[str, Any], int]]:
        items = {str(line["id"]): line for line in order["line_items"]}
        taken = []
        for key, lines in wanted:
            rest = [(str(one["id"]), one["fulfillable_quantity"]) for one in work[key]["line_items"]]
            for line, units in lines or [one for one in rest if one[1]]:
                item = items.get(str(int(line) // 10))
                if item is None or not 0 < units <= item["fulfillable_quantity"]:
                    raise ValueError("Invalid fulfillment order line item quantity requested.")
                taken.append((item, units))
        if not taken:
            raise ValueError("Fulfillment order has nothing left to fulfill.")
        return taken


def _line(key: int, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": line["id"] * 10,
        "fulfillment_order_id": key,
        "line_item_id": line["id"],
        "quantity": line["quantity"],
        "inventory_item_id": inventory_item_id(line["sku"]),
        "fulfillable_quantity": line["fulfillable_quantity"],
    }
