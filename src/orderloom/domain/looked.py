"""What is only looked at, when somebody asks: a channel's offers and buyers' ratings. No command comes of it."""

from __future__ import annotations

from datetime import datetime

import msgspec


class ListingFigure(msgspec.Struct, frozen=True):
    """What a channel shows of a SKU. `listing` is the channel's own id of the offer, where a SKU may stand on several;
    figures of one SKU and offer, such as those of several places, are added up."""

    sku: str
    quantity: int
    listing: str = ""


class ListingReport(msgspec.Struct, frozen=True):
    """What a channel shows of its offers; it is looked at, and never taken for stock."""

    figures: tuple[ListingFigure, ...]


class Rating(msgspec.Struct, frozen=True):
    """How a buyer rated an order or one of its goods: stars, and none of the words."""

    external_id: str
    stars: int
    at: datetime
    order_external_id: str = ""
    sku: str = ""


class RatingReport(msgspec.Struct, frozen=True):
    """Ratings of buyers; they are looked at only."""

    ratings: tuple[Rating, ...]


Looked = ListingReport | RatingReport
