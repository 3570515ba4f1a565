"""The simulated shop's stock: by GraphQL with keys of idempotency, by the older REST resource, and found by SKU."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from graphql import DirectiveNode, DocumentNode, FieldNode, OperationDefinitionNode, StringValueNode, VariableNode

from orderloom.adapters.channels.shopify.simulated_graph import GraphRefused, Rows
from orderloom.adapters.channels.shopify.simulated_order import LOCATION_ID, inventory_item_id
from orderloom.adapters.channels.shopify.simulated_resource import gid, location_of, number
from orderloom.adapters.simulated.shelf import Listing, Shelf

SKU = re.compile(r'sku:("(?:[^"\\]|\\.)*"|\S+)')
NAMES = frozenset({"available", "on_hand"})
READ = frozenset({*NAMES, "committed", "reserved", "incoming"})


def stock_ids(name: str) -> tuple[str, str]:
    """A variant's id, and the id under which its stock is kept."""
    return str(zlib.crc32(name.encode())), str(inventory_item_id(name))


class Stock:
    """What the shop shows of its shelf. `refusal` gives the words with which a SKU is refused, "" when it is not."""

    def __init__(self, shelf: Shelf, refusal: Callable[[str], str], now: Callable[[], datetime]) -> None:
        self._shelf, self._refusal, self._now = shelf, refusal, now
        self._keys: dict[str, str] = {}

    def ids(self, sku: str) -> dict[str, str]:
        """What a stock delivery's `listing` must hold."""
        return {"inventory_item_id": self._shelf.offers(sku)[0].variant, "location_id": str(LOCATION_ID)}

    def roots(self, variables: Mapping[str, Any], tree: DocumentNode) -> dict[str, Callable[..., Any]]:
        """The fields at the root of GraphQL that are about stock."""
        return {
            "productVariants": self._variants, "inventoryItems": self._items,
            "inventorySetQuantities": lambda input: self._set(input, _key(tree, variables)),
        }  # fmt: skip

    # REST

    def set_level(self, asked: Mapping[str, Any]) -> dict[str, Any] | None:
        """`inventory_levels/set`; None when there is no such item at that location."""
        offer = self._shelf.at("", str(asked.get("inventory_item_id")))
        if offer is None or int(asked.get("location_id") or 0) != LOCATION_ID:
            return None
        self._shelf.put(offer, int(asked["available"]))
        return self._level(offer)

    def levels(self, items: list[str]) -> list[dict[str, Any]]:
        """`inventory_levels` of these items."""
        return [self._level(offer) for item in items if (offer := self._shelf.at("", item))]

    def _level(self, offer: Listing) -> dict[str, Any]:
        return {"inventory_item_id": int(offer.variant), "location_id": LOCATION_ID,
                "available": self._shelf.stock.get(offer.name, 0)}  # fmt: skip

    # GraphQL

    def _variants(self, query: str | None = None, first: int = 0, after: str | None = None, **_: Any) -> Rows:
        """Variants whose SKU is named. As on the platform, a SKU is compared without regard to case."""
        named = {_unquoted(text).lower() for text in SKU.findall(query or "")}
        if query and not named:
            raise GraphRefused(f"Invalid search query: {query}")
        return Rows([{"id": gid("ProductVariant", one.item), "legacyResourceId": one.item, "sku": one.sku,
                      "title": one.name, "inventoryItem": self._item(one),
                      "inventoryQuantity": self._shelf.stock.get(one.name, 0)}
                     for one in self._shelf.all() if not query or one.sku.lower() in named])  # fmt: skip

    def _items(self, query: str | None = None, first: int = 0, after: str | None = None, **_: Any) -> Rows:
        if query:
            raise GraphRefused(f"Invalid search query: {query}")
        return Rows([self._item(one) for one in self._shelf.all()])

    def _item(self, offer: Listing) -> dict[str, Any]:
        def quantities(names: list[str]) -> list[dict[str, Any]]:
            if unknown := set(names) - READ:
                raise GraphRefused(f"Invalid quantity name: {min(unknown)}")
            units = self._shelf.stock.get(offer.name, 0)
            return [{"name": name, "quantity": units if name in NAMES else 0, "updatedAt": at} for name in names]

        at = self._now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        level = {"id": gid("InventoryLevel", f"{offer.variant}?at={LOCATION_ID}"), "location": location_of(),
                 "updatedAt": at, "quantities": quantities}  # fmt: skip
        return {"id": gid("InventoryItem", offer.variant), "sku": offer.sku, "tracked": True, "updatedAt": at,
                "inventoryLevels": Rows([level])}  # fmt: skip

    def _set(self, told: Mapping[str, Any], key: str) -> dict[str, Any]:
        if not key:
            raise GraphRefused("The @idempotent directive is required for this mutation but was not provided.")
        if told["name"] not in NAMES:
            raise GraphRefused(f"Invalid quantity name: {told['name']}")
        wanted = json.dumps(told, sort_keys=True)
        if self._keys.setdefault(key, wanted) != wanted:
            raise GraphRefused("Idempotency key was used with other parameters")
        errors = [error for index, one in enumerate(told["quantities"]) for error in self._wrong(index, one)]
        group = None
        if not errors:
            for one in told["quantities"]:
                offer = self._shelf.at("", number(one["inventoryItemId"]))
                assert offer is not None
                self._shelf.put(offer, one["quantity"])
            group = {"id": gid("InventoryAdjustmentGroup", 1), "createdAt": self._now().isoformat(),
                     "reason": told["reason"], "referenceDocumentUri": told.get("referenceDocumentUri")}
        return {"inventoryAdjustmentGroup": group, "userErrors": errors}

    def _wrong(self, index: int, told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        field, offer = ["input", "quantities", str(index)], self._shelf.at("", number(told["inventoryItemId"]))
        if "changeFromQuantity" not in told:
            yield {"field": field, "message": "changeFromQuantity is required", "code": "INVALID"}
        elif offer is None:
            yield {"field": field, "message": "Inventory item not found.", "code": "INVALID_INVENTORY_ITEM"}
        elif number(told["locationId"]) != str(LOCATION_ID):
            yield {"field": field, "message": "Location not found.", "code": "INVALID_LOCATION"}
        elif words := self._refusal(offer.sku):
            yield {"field": field, "message": words, "code": "INVALID"}


def _key(tree: DocumentNode, variables: Mapping[str, Any]) -> str:
    """The key of the directive @idempotent on a mutation's first field."""
    for operation in tree.definitions:
        if isinstance(operation, OperationDefinitionNode):
            for field in operation.selection_set.selections:
                if isinstance(field, FieldNode):
                    return next((_value(one, variables) for one in field.directives or ()
                                 if one.name.value == "idempotent"), "")
    return ""


def _value(directive: DirectiveNode, variables: Mapping[str, Any]) -> str:
    for argument in directive.arguments or ():
        if isinstance(argument.value, VariableNode):
            return str(variables.get(argument.value.name.value) or "")
        if isinstance(argument.value, StringValueNode):
            return argument.value.value
    return ""


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text
