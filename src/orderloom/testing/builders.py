"""Things that tests need and do not care about, each right in itself: purchases, receivers, drafts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from orderloom.domain.draft import DraftLine, OrderDraft, Receiver, Said
from orderloom.testing.clock import STORY_BEGINS


def a_receiver(**changes: Any) -> Receiver:
    """Somebody in Hangzhou; the phone is invented."""
    told: dict[str, Any] = {
        "name": "林清和", "phone": "19900012345", "country": "CN", "province": "浙江省", "city": "杭州市",
        "district": "余杭区", "detail": "文一西路100号1幢202室", "postcode": "311100",
    }  # fmt: skip
    return Receiver(**(told | changes))


def a_purchase(external_id: str, at: datetime = STORY_BEGINS, **changes: Any) -> dict[str, Any]:
    """What a buyer does at a channel, as every `Simulator.place` takes it: two lines, 199.00 to pay, paid at once."""
    told: dict[str, Any] = {
        "external_id": external_id, "placed_at": at, "paid_at": at, "buyer": "buyer-1", "note": "", "currency": "CNY",
        "receiver": {"name": "林清和", "phone": "19900012345", "country": "CN", "province": "浙江省", "city": "杭州市",
                     "district": "余杭区", "detail": "文一西路100号1幢202室", "postcode": "311100"},
        "lines": [{"sku": "M-001", "title": "马克杯", "quantity": 2, "price": 8_900, "discount": 800},
                  {"sku": "M-002", "title": "勺子", "quantity": 1, "price": 3_000, "discount": 0}],
        "freight": 1_000, "discount": 1_100, "tax": 0,
    }  # fmt: skip
    return told | changes


def a_line(sku: str = "M-001", quantity: int = 1, price: int = 10_000, **changes: Any) -> DraftLine:
    """One line without discount."""
    told: dict[str, Any] = {"external_id": sku, "sku_external": sku, "quantity": quantity, "price": price}
    return DraftLine(**(told | changes))


def a_draft(
    external_id: str, *lines: DraftLine, at: datetime = STORY_BEGINS, is_paid: bool = True, **changes: Any
) -> OrderDraft:
    """An order that adds up: without lines given, one piece of M-001 at 100.00."""
    chosen = lines or (a_line(),)
    total = sum(line.price * line.quantity - line.discount for line in chosen)
    told: dict[str, Any] = {
        "external_id": external_id, "revision": at, "placed_at": at, "currency": "CNY", "total": total,
        "lines": chosen, "receiver": a_receiver(), "payment": "paid" if is_paid else "unpaid",
        "paid": total if is_paid else 0, "paid_at": at if is_paid else None, "native": "paid" if is_paid else "new",
        "said": (Said("placed", "new", at),) + ((Said("paid", "paid", at),) if is_paid else ()),
    }  # fmt: skip
    return OrderDraft(**(told | changes))


def later(seconds: float, after: datetime = STORY_BEGINS) -> datetime:
    """An instant of the story."""
    return after + timedelta(seconds=seconds)
