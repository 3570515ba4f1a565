"""What the rehearsed Shopee tells of its items, their models and buyers' comments."""

from __future__ import annotations

from typing import Any, NamedTuple

from orderloom.adapters.simulated.book import Rating
from orderloom.adapters.simulated.clock import seconds
from orderloom.adapters.simulated.draw import long_number
from orderloom.adapters.simulated.shelf import Listing


class Comment(NamedTuple):
    """A rating with the platform's number."""

    id: str
    said: Rating


def ids(name: str) -> tuple[str, str]:
    """The platform's item and model of a name."""
    return str(long_number(f"item{name}", 10)), str(long_number(f"model{name}", 11))


def item(offer: Listing, units: int) -> dict[str, Any]:
    """An item; its own code and stock count where it has no models."""
    own = {} if offer.variant else _stock(units)
    return {"item_id": int(offer.item), "item_name": offer.name, "item_sku": "" if offer.variant else offer.sku,
            "has_model": bool(offer.variant), **own}  # fmt: skip


def model(offer: Listing, units: int) -> dict[str, Any]:
    """A model of an item."""
    return {"model_id": int(offer.variant), "model_sku": offer.sku, **_stock(units)}


def comment(row: Comment, sku: str) -> dict[str, Any]:
    """A buyer's comment on an item."""
    return {"comment_id": int(row.id), "order_sn": row.said.order_id, "rating_star": row.said.stars,
            "comment": row.said.words, "buyer_username": "b***r", "create_time": seconds(row.said.at),
            "item_id": int(ids(sku)[0])}  # fmt: skip


def _stock(units: int) -> dict[str, Any]:
    return {"stock_info_v2": {"seller_stock": [{"location_id": "", "stock": units}],
                              "summary_info": {"total_reserved_stock": 0, "total_available_stock": units}}}
