"""Finds by SKU under which ids a shop keeps stock: the variant's inventory item, and a location that has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx2
import msgspec

from orderloom.adapters.channels.shopify.stock import raise_errors
from orderloom.adapters.channels.shopify.wire import call
from orderloom.adapters.listed import together
from orderloom.application.ports import Account, Transient

QUERY = (
    "query($q:String!,$first:Int!){productVariants(first:$first,query:$q,sortKey:ID){nodes{sku inventoryItem{id "
    "inventoryLevels(first:20){nodes{location{id isActive}}}}}}}"
)
VARIANTS_MAX = 250
"""Several variants may have one SKU, and SKUs are compared there without regard to case: more come than were named."""


class _Location(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    is_active: bool = True


class _Level(msgspec.Struct, frozen=True):
    location: _Location


class _Levels(msgspec.Struct, frozen=True):
    nodes: list[_Level] = []


class _Item(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    inventory_levels: _Levels = _Levels()


class _Variant(msgspec.Struct, frozen=True, rename="camel"):
    sku: str | None
    inventory_item: _Item | None = None


class _Variants(msgspec.Struct, frozen=True):
    nodes: list[_Variant]


class _Data(msgspec.Struct, frozen=True, rename="camel"):
    product_variants: _Variants


class _Answer(msgspec.Struct, frozen=True):
    data: _Data


async def find(codes: Sequence[str], account: Account, http: httpx2.AsyncClient) -> dict[str, dict[str, Any]]:
    """`inventory_item_id` and `location_id` of the codes that are on sale; further variants of one are its `others`.

    Raises Transient or Terminal.
    """
    body = {"query": QUERY, "variables": {"q": " OR ".join(f"sku:{_quoted(code)}" for code in codes),
                                          "first": VARIANTS_MAX}}
    response = await call(http, account, "POST", "graphql.json", body=body)
    raise_errors(response.content)
    try:
        variants = msgspec.json.decode(response.content, type=_Answer).data.product_variants.nodes
    except msgspec.DecodeError as error:
        raise Transient("unreadable_answer", f"productVariants: {error}", answer=response.content) from error
    wished: Any = account.settings.get("location_id") or ""
    found: dict[str, list[dict[str, str]]] = {}
    for variant in variants:
        sku, item, location = variant.sku, variant.inventory_item, _location(variant, str(wished))
        if sku and sku in codes and item and location:
            found.setdefault(sku, []).append({"inventory_item_id": _number(item.id), "location_id": location})
    return {sku: together(listings) for sku, listings in found.items()}


def _location(variant: _Variant, wished: str) -> str:
    levels = variant.inventory_item.inventory_levels.nodes if variant.inventory_item else []
    here = [_number(level.location.id) for level in levels if level.location.is_active]
    if wished:
        return _number(wished) if _number(wished) in here else ""
    return here[0] if here else ""


def _number(gid: str) -> str:
    return gid.rsplit("/", 1)[-1]


def _quoted(code: str) -> str:
    escaped = code.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
