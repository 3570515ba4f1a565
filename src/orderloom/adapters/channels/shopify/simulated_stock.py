"""The simulated shop's stock: GraphQL with idempotency keys, the older REST resource, and listings found by SKU."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from orderloom.adapters.channels.shopify.simulated_order import LOCATION_ID, inventory_item_id

ITEM = "gid://shopify/InventoryItem/"
SKU = re.compile(r'sku:("(?:[^"\\]|\\.)*"|\S+)')
VARIANTS_MAX = 250


class Shelf:
    """What the shop sells and how much it shows of it: SKU to quantity in `stock`."""

    def __init__(self) -> None:
        self.stock: dict[str, int] = {}
        self._skus: dict[str, str] = {}
        self._keys: dict[str, str] = {}

    def put_up(self, sku: str) -> dict[str, str]:
        """Sell `sku`; returns the ids under which its stock is kept."""
        item = inventory_item_id(sku)
        self._skus[f"{ITEM}{item}"] = sku
        return {"inventory_item_id": str(item), "location_id": str(LOCATION_ID)}

    def put_up_again(self, sku: str) -> None:
        """Sell `sku` as one more variant, with stock of its own: shown in `stock` as `SKU again`."""
        self.put_up(sku)
        self._skus[f"{ITEM}{inventory_item_id(f'{sku} again')}"] = f"{sku} again"

    def set_level(self, asked: Mapping[str, Any]) -> dict[str, Any] | None:
        """REST `inventory_levels/set`; None when there is no such item at that location."""
        sku = self._skus.get(f"{ITEM}{asked.get('inventory_item_id')}")
        if sku is None or int(asked.get("location_id") or 0) != LOCATION_ID:
            return None
        self.stock[sku] = int(asked["available"])
        return {"inventory_item_id": int(asked["inventory_item_id"]), "location_id": LOCATION_ID,
                "available": self.stock[sku]}

    def levels(self, items: list[str]) -> list[dict[str, Any]]:
        """REST `inventory_levels` of these items."""
        found = [(item, self._skus[f"{ITEM}{item}"]) for item in items if f"{ITEM}{item}" in self._skus]
        return [{"inventory_item_id": int(item), "location_id": LOCATION_ID, "available": self.stock.get(sku, 0)}
                for item, sku in found]

    def graphql(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a GraphQL request: `inventorySetQuantities` or `productVariants` by SKU."""
        query, variables = str(asked.get("query")), asked.get("variables") or {}
        if "inventorySetQuantities" in query:
            return self._set(query, variables)
        if "productVariants" in query:
            return self._find(query, variables)
        return _errors("Field doesn't exist on type 'Mutation'")

    def _set(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        if "@idempotent" not in query or not variables.get("key"):
            return _errors("The @idempotent directive is required")
        wanted = json.dumps(variables["i"], sort_keys=True)
        if self._keys.setdefault(variables["key"], wanted) != wanted:
            return _errors("Idempotency key was used with other parameters")
        quantities = variables["i"]["quantities"]
        errors = [error for index, one in enumerate(quantities) for error in self._wrong(index, one)]
        if not errors:
            self.stock.update({self._skus[one["inventoryItemId"]]: one["quantity"] for one in quantities})
        group = None if errors else {"id": "gid://shopify/InventoryAdjustmentGroup/1"}
        return {"data": {"inventorySetQuantities": {"inventoryAdjustmentGroup": group, "userErrors": errors}}}

    def _wrong(self, index: int, quantity: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        field = ["input", "quantities", str(index)]
        if "changeFromQuantity" not in quantity:
            yield {"field": field, "message": "changeFromQuantity is required", "code": "INVALID"}
        elif quantity["inventoryItemId"] not in self._skus:
            yield {"field": field, "message": "Inventory item not found.", "code": "INVALID_INVENTORY_ITEM"}

    def _find(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Variants whose SKU is named. As on the platform, a SKU is compared without regard to case."""
        first = _argument(query, "first", variables)
        if not first.isdigit() or not 1 <= int(first) <= VARIANTS_MAX:
            return _errors("first must be between 1 and 250")
        named = {_unquoted(text).lower() for text in SKU.findall(_argument(query, "query", variables))}
        nodes = [
            {"sku": sku.removesuffix(" again"), "inventoryItem": {"id": item, "inventoryLevels": {"nodes": [
                {"location": {"id": f"gid://shopify/Location/{LOCATION_ID}", "isActive": True}}]}}}
            for item, sku in self._skus.items() if sku.removesuffix(" again").lower() in named
        ]
        return {"data": {"productVariants": {"nodes": nodes[: int(first)]}}}


def _argument(query: str, name: str, variables: Mapping[str, Any]) -> str:
    """An argument of `productVariants`: a variable, a number or a text."""
    found = re.search(rf'productVariants\([^)]*?\b{name}:\s*(?:\$(\w+)|(\d+)|"((?:[^"\\]|\\.)*)")', query)
    if not found:
        return ""
    variable, number, text = found.groups()
    return str(variables.get(variable, "")) if variable else number or re.sub(r"\\(.)", r"\1", text)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text


def _errors(message: str) -> dict[str, Any]:
    return {"errors": [{"message": message}]}
